# The ten likeliest next tokens.
# data: top.dat tokens.dat
load "figures/style.gp"
n = rows("top.dat"); array P[n + 1]; array NAME[n + 1]
@READ file("top.dat") using (i = int($0) + 1, P[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
text = ""
do for [t = (T > 12 ? T - 11 : 1):T] { text = text . LABEL[t] }
W = 860; r = 30; top = 74; H = int(top + (n + 1) * r + 16); left = 160; room = W - left - 100.0
TITLE = "What comes next?"
SUBTITLE = "behind " . (T > 12 ? "…" : "") . fit(text, 640, 13)
@CANVAS
rest = 1
do for [i = 1:n] {
    y = top + (i - 0.5) * r; rest = rest - P[i]
    token = fit(NAME[i], 116, 13)
    X0 = left - 12 - wide(token, 13) - 16; X1 = left - 12; Y0 = y - 12; Y1 = y + 12; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label token at (X0 + X1) / 2, y center front font mono(13) tc rgb TOKEN_TEXT
    X0 = left; X1 = left + P[i] * room + 1; Y0 = y - 10; Y1 = y + 10; FILL = SCORE_LINE; LINE = SCORE_LINE
    @CELL
    set label sprintf("%.2f %%", 100 * P[i]) at X1 + 8, y font sans(13) tc rgb SCORE_TEXT
}
rest = rest < 0 ? 0 : rest
y = top + (n + 0.5) * r
set label "all others" at left - 12, y right font sans(13) tc rgb SOFT
X0 = left; X1 = left + rest * room + 1; Y0 = y - 10; Y1 = y + 10; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label sprintf("%.2f %%", 100 * rest) at X1 + 8, y font sans(13) tc rgb SOFT
@DONE
