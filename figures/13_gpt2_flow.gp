# The loop: read the prompt, choose, say, read the new token.
# data: text.dat top.dat
load "figures/style.gp"
n = rows("text.dat"); array NEW[n + 1]; array LABEL[n + 1]; T = 0
@READ file("text.dat") using (i = int($0) + 1, NEW[i] = int($2), LABEL[i] = strcol(6), T = NEW[i] ? T : i, 0):(0) @INTO
k = rows("top.dat"); array P[k + 1]; array NAME[k + 1]
@READ file("top.dat") using (i = int($0) + 1, P[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
W = 860; H = 470
TITLE = "Each token that is said is read in turn"
SUBTITLE = "the first round of the loop, with this prompt's numbers"
@CANVAS
# The prompt.
set label "the prompt" at 20, 88 font bold(13) tc rgb INK
shown = T > 6 ? 6 : T; x = 112
if (T > shown) { set label "…" at x, 88 font sans(13) tc rgb SOFT; x = x + 16 }
do for [i = T - shown + 1:T] {
    token = fit(LABEL[i], 96, 13); X0 = x; X1 = x + wide(token, 13) + 14; Y0 = 75; Y1 = 101; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label token at (X0 + X1) / 2, 88 center front font mono(13) tc rgb TOKEN_TEXT
    x = X1 + 4
}
# Boxes.
array BX[6] = [40, 40, 40, 330, 620, 620]; array BY[6] = [132, 212, 292, 132, 132, 292]; array BH[6] = [56, 56, 56, 56, 56, 56]
array B1[6] = ["read all of it at once", "keys and values", "read the new token, alone", "logits: one per token", "choose", "the voice"]
array B2[6] = ["chapter 12", sprintf("chapter 11: kept, %s", plural(T, "token", "tokens")), "chapters 11 and 12", "chapter 9", "chapter 10", "whole characters, no stop string"]
do for [b = 1:6] {
    X0 = BX[b]; X1 = X0 + 200; Y0 = BY[b]; Y1 = Y0 + BH[b]
    FILL = b == 2 ? KEY_FILL : b == 6 ? PLAIN_FILL : PLAIN_FILL; LINE = b == 2 ? KEY_LINE : b == 6 ? INK : PLAIN_LINE
    @CHIP
    set label B1[b] at X0 + 100, Y0 + 20 center front font bold(13) tc rgb INK
    set label B2[b] at X0 + 100, Y0 + 39 center front font sans(12) tc rgb SOFT
}
HEAD = "head filled size screen 0.01, 20 lw 2 lc rgb INK front"
set arrow from 140, 104 to 140, 130 @HEAD
set arrow from 140, 188 to 140, 210 @HEAD
set arrow from 110, 290 to 110, 270 @HEAD
set arrow from 170, 270 to 170, 290 @HEAD
set arrow from 240, 160 to 328, 160 @HEAD
set arrow from 530, 160 to 618, 160 @HEAD
set arrow from 240, 310 to 286, 310 nohead lw 2 lc rgb INK front
set arrow from 286, 310 to 286, 174 nohead lw 2 lc rgb INK front
set arrow from 286, 174 to 328, 174 @HEAD
# The likeliest.
do for [i = 1:(k > 4 ? 4 : k)] {
    y = 204 + i * 22; token = fit(NAME[i], 84, 12)
    set label token at 430, y right front font mono(12) tc rgb TOKEN_TEXT
    X0 = 436; X1 = X0 + 90 * P[i] + 1; Y0 = y - 7; Y1 = y + 7; FILL = SCORE_FILL; LINE = SCORE_LINE
    @CELL
    set label sprintf("%.1f %%", 100 * P[i]) at X1 + 5, y front font sans(11) tc rgb SCORE_TEXT
}
# The new token, and the text.
if (n > T) {
    token = fit(LABEL[T + 1], 150, 14); X0 = 720 - wide(token, 14) / 2 - 10; X1 = 720 + wide(token, 14) / 2 + 10; Y0 = 222; Y1 = 252; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 2
    @CHIP
    THICK = 1
    set label token at 720, 237 center front font mono(14) tc rgb SCORE_TEXT
    set arrow from 720, 188 to 720, 220 @HEAD
    set arrow from 720, 252 to 720, 290 @HEAD
    set arrow from X0, 237 to 580, 237 nohead lw 2 lc rgb SCORE_LINE front
    set arrow from 580, 237 to 580, 334 nohead lw 2 lc rgb SCORE_LINE front
    set arrow from 580, 334 to 242, 334 head filled size screen 0.01, 20 lw 2 lc rgb SCORE_LINE front
    set label "and back" at 410, 324 center front font sans(12) tc rgb SCORE_TEXT
    set arrow from 720, 348 to 720, 392 @HEAD
}
set label "the text" at 20, 412 font bold(13) tc rgb INK
x = 112; last = 0; from = T > 4 ? T - 3 : 1
if (from > 1) { set label "…" at x, 412 font sans(13) tc rgb SOFT; x = x + 16 }
do for [i = from:n] {
    token = fit(LABEL[i], 120, 13)
    if (x + wide(token, 13) + 40 < W && !last) {
        X0 = x; X1 = x + wide(token, 13) + 14; Y0 = 399; Y1 = 425; FILL = i > T ? SCORE_FILL : TOKEN_FILL; LINE = i > T ? SCORE_LINE : TOKEN_LINE
        @CHIP
        set label token at (X0 + X1) / 2, 412 center front font mono(13) tc rgb (i > T ? SCORE_TEXT : TOKEN_TEXT)
        x = X1 + 4
    } else {
        last = 1
    }
}
if (last) { set label "…" at x + 4, 412 font sans(13) tc rgb SOFT }
set label "green: given; pink: written" at 112, 444 font sans(12) tc rgb SOFT
@DONE
