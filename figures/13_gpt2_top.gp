# The likeliest next tokens behind the prompt.
# data: top.dat text.dat
load "figures/style.gp"
n = rows("top.dat"); array P[n + 1]; array NAME[n + 1]
@READ file("top.dat") using (i = int($0) + 1, P[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
m = rows("text.dat"); array LABEL[m + 1]; T = 0
@READ file("text.dat") using (i = int($0) + 1, LABEL[i] = strcol(6), T = int($2) ? T : i, 0):(0) @INTO
before(t, room) = t < 1 ? "" : wide(LABEL[t], 13) > room ? "…" : before(t - 1, room - wide(LABEL[t], 13)) . LABEL[t]
W = 860; r = 28; top = 100; H = int(top + (n + 1) * r + 16); left = 180; room = W - left - 110
TITLE = "What comes next?"
SUBTITLE = "the likeliest tokens behind the prompt"
@CANVAS
set label before(T, 600) at 20, 76 font mono(13) tc rgb TOKEN_TEXT
rest = 1
do for [i = 1:n] {
    y = top + (i - 0.5) * r; rest = rest - P[i]
    token = fit(NAME[i], 130, 12)
    X0 = left - 8 - wide(token, 12) - 14; X1 = left - 8; Y0 = y - 11; Y1 = y + 11; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label token at (X0 + X1) / 2, y center front font mono(12) tc rgb TOKEN_TEXT
    X0 = left; X1 = left + P[i] * room + 1; Y0 = y - 9; Y1 = y + 9; FILL = SCORE_LINE; LINE = SCORE_LINE
    @CELL
    set label sprintf("%.2f %%", 100 * P[i]) at X1 + 8, y font sans(12) tc rgb SCORE_TEXT
}
rest = rest < 0 ? 0 : rest
y = top + (n + 0.5) * r
set label "all others" at left - 8, y right font sans(12) tc rgb SOFT
X0 = left; X1 = left + rest * room + 1; Y0 = y - 9; Y1 = y + 9; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label sprintf("%.2f %%", 100 * rest) at X1 + 8, y font sans(12) tc rgb SOFT
@DONE
