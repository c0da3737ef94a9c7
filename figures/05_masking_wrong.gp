# One row, right and in four wrong ways.
# data: tokens.dat facts.dat row.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array P[5 * n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("row.dat") using (i = int($0) + 1, P[i] = $2, P[n + i] = $3, P[2 * n + i] = $4, P[3 * n + i] = $5, P[4 * n + i] = $6, 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
row = int(FACT[3]) + 1
array NAME[5]; array SAYS[5]
NAME[1] = "right";                SAYS[1] = "−∞ over the future"
NAME[2] = "no mask";              SAYS[2] = "the future gets a share"
NAME[3] = "0 for −∞";             SAYS[3] = "e⁰ = 1 gets a share too"
NAME[4] = "mask after softmax";   SAYS[4] = "the rest is too small"
NAME[5] = "itself hidden";        SAYS[5] = "the diagonal is gone"
left = 176; right = 108; each = (900 - left - right) / (1.0 * n); each = each > 72 ? 72 : each
bar = each > 44 ? 32.0 : each * 0.76
size = 12; upright = 0
do for [i = 1:n] { upright = wide(LABEL[i], size) > each - 4 ? 1 : upright }
size = upright && each < 13 ? 9 : size
room = 24
if (upright) { do for [i = 1:n] { room = wide(LABEL[i], size) + 14 > room ? wide(LABEL[i], size) + 14 : room } }
room = room > 100 ? 100 : room
high = 74; top = 78
largest = 1e-9
do for [i = 1:5 * n] { largest = P[i] > largest ? P[i] : largest }
W = int(left + each * n + right); W = W < 640 ? 640 : W
H = int(top + 5 * high + room + 10)
TITLE = "Four ways to get a row wrong"
SUBTITLE = sprintf("the weights of %s in head %d of block 0, in per cent; hatched: its future", fit(LABEL[row], 160, 13), FACT[1])
@CANVAS
if (row < n) {
    X0 = left + row * each; X1 = left + n * each; Y0 = top + 4; Y1 = top + 5 * high; FILL = MASKED_FILL; LINE = FAINT
    @CELL
    @HATCHED
}
set label "sum of the row" at left + n * each + right - 12, top - 8 right font sans(11) tc rgb SOFT
do for [k = 1:5] {
    base = top + k * high
    set label NAME[k] at 20, base - high / 2 - 4 font bold(13) tc rgb k == 1 ? TOKEN_TEXT : SCORE_TEXT
    set label SAYS[k] at 20, base - high / 2 + 14 font sans(11) tc rgb SOFT
    set arrow from left, base to left + n * each, base nohead lc rgb RULE lw 1 front
    total = 0
    do for [i = 1:n] {
        p = P[(k - 1) * n + i]; total = total + p
        X0 = left + (i - 0.5) * each - bar / 2; X1 = X0 + bar; Y1 = base; Y0 = base - p / largest * (high - 24)
        FILL = i <= row ? SCORE_FILL : "#f08cb4"; LINE = SCORE_LINE
        if (p > 0.0005) {
            @CELL
        }
        if (each >= 34 && (p > 0 || i <= row)) {
            set label sprintf("%.0f", 100 * p) at left + (i - 0.5) * each, Y0 - 8 center front font mono(10) tc rgb SCORE_TEXT
        }
    }
    set label sprintf("%.0f %%", 100 * total) at left + n * each + right - 12, base - high / 2 right \
        font monobold(13) tc rgb abs(total - 1) < 0.005 ? INK : SCORE_TEXT
}
do for [i = 1:n] {
    if (upright) {
        set label fit(LABEL[i], room - 12, size) at left + (i - 0.5) * each, top + 5 * high + 8 right rotate by 90 \
            font mono(size) tc rgb i == row ? TOKEN_TEXT : INK
    } else {
        set label LABEL[i] at left + (i - 0.5) * each, top + 5 * high + 14 center font (i == row ? monobold(size) : mono(size)) tc rgb i == row ? TOKEN_TEXT : INK
    }
}
@DONE
