# Inference and training side by side: one token per pass, or all positions in one pass with a loss each.
# data: tokens.dat
load "figures/style.gp"
all = rows("tokens.dat"); n = all > 8 ? 8 : all
array LOSS[n + 1]; array READS[n + 1]; array NEXT[n + 1]; most = 1e-30
@READ file("tokens.dat") every ::0::n - 1 using (i = int($0) + 1, LOSS[i] = $1, READS[i] = strcol(2), NEXT[i] = strcol(3), most = $1 > most ? $1 : most, 0):(0) @INTO
W = 860; H = 470; left = 112; c = 82.0; wide_ = 74.0; high = 24.0
TITLE = "A model writes one token per pass; it learns from all positions in one"
SUBTITLE = all > n ? sprintf("the first %d of the prompt's %d tokens", n, all) : "the same tokens, twice"
@CANVAS
token_size = 11
set label "Inference" at 20, 80 font bold(14) tc rgb INK
set label "the weights stay; what was drawn is read in the next pass" at 112, 80 font sans(12) tc rgb SOFT
passes = n < 3 ? n : 3
do for [k = 1:passes] {
    y = 98 + (k - 1) * 36
    set label sprintf("pass %d", k) at left - 14, y + 12 right font sans(12) tc rgb SOFT
    do for [i = 1:k] {
        X0 = left + (i - 1) * c; X1 = X0 + wide_; Y0 = y; Y1 = y + high; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
        @CHIP
        set label fit(READS[i], wide_ - 6, token_size) at (X0 + X1) / 2, y + 12 center front font mono(token_size) tc rgb INK
    }
    x = left + k * c
    set arrow from x - 4, y + 12 to x + 26, y + 12 head filled size screen 0.008, 20 lw 1.5 lc rgb SCORE_LINE
    X0 = x + 32; X1 = X0 + wide_; Y0 = y; Y1 = y + high; FILL = SCORE_FILL; LINE = SCORE_LINE
    @CHIP
    set label fit(NEXT[k], wide_ - 6, token_size) at (X0 + X1) / 2, y + 12 center front font mono(token_size) tc rgb INK
    set label (k == 1 ? "drawn" : "") at X1 + 8, y + 12 font sans(12) tc rgb SCORE_TEXT
}
set label "…" at left + wide_ / 2, 98 + passes * 36 + 4 center font sans(14) tc rgb SOFT
set arrow from 20, 226 to W - 20, 226 nohead lw 1 lc rgb FAINT
set label "Training" at 20, 250 font bold(14) tc rgb INK
set label "the text is given: each prediction is compared with the token that came" at 112, 250 font sans(12) tc rgb SOFT
set label "reads" at left - 14, 284 right font sans(12) tc rgb SOFT
set label "one pass" at left - 14, 308 right font sans(12) tc rgb SOFT
set label "target" at left - 14, 332 right font sans(12) tc rgb SOFT
set label "loss" at left - 14, 396 right font sans(12) tc rgb SOFT
do for [i = 1:n] {
    X0 = left + (i - 1) * c; X1 = X0 + wide_; Y0 = 272; Y1 = Y0 + high; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
    @CHIP
    set label fit(READS[i], wide_ - 6, token_size) at (X0 + X1) / 2, 284 center front font mono(token_size) tc rgb INK
    set arrow from (X0 + X1) / 2, 298 to (X0 + X1) / 2, 318 head filled size screen 0.008, 20 lw 1.5 lc rgb SCORE_LINE
    Y0 = 320; Y1 = Y0 + high
    @CHIP
    set label fit(NEXT[i], wide_ - 6, token_size) at (X0 + X1) / 2, 332 center front font mono(token_size) tc rgb INK
    Y1 = 418; Y0 = 418 - 50 * LOSS[i] / most; Y0 = Y1 - Y0 < 1 ? Y1 - 1 : Y0; FILL = SCORE_FILL; LINE = SCORE_LINE
    X0 = X0 + 20; X1 = X1 - 20
    @CELL
    set label sprintf("%.2f", LOSS[i]) at (X0 + X1) / 2, Y0 - 9 center front font mono(11) tc rgb INK
}
set arrow from left, 418 to left + (n - 1) * c + wide_, 418 nohead lw 1 lc rgb RULE
set arrow from left + (n - 1) * c + wide_, 440 to left, 440 head filled size screen 0.008, 20 lw 1.5 lc rgb INK
set label "then the gradient of their mean goes back through all layers, and the weights move" at left, 456 font sans(12) tc rgb INK
@DONE
