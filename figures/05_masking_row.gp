# One row of the weights: without the mask and with it.
# data: tokens.dat facts.dat row.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array OPEN[n + 1]; array RIGHT_[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("row.dat") using (i = int($0) + 1, RIGHT_[i] = $2, OPEN[i] = $3, 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
row = int(FACT[3]) + 1
largest = 1e-9
do for [i = 1:n] {
    largest = OPEN[i] > largest ? OPEN[i] : largest
    largest = RIGHT_[i] > largest ? RIGHT_[i] : largest
}
left = 110; each = (860 - left - 24.0) / n; each = each > 96 ? 96 : each
bar = each > 60 ? 44.0 : each * 0.76
size = 12; upright = 0
do for [i = 1:n] { upright = wide(LABEL[i], size) > each - 4 ? 1 : upright }
size = upright && each < 13 ? 10 : size
label_room = 22
if (upright) { do for [i = 1:n] { label_room = wide(LABEL[i], size) + 12 > label_room ? wide(LABEL[i], size) + 12 : label_room } }
label_room = label_room > 100 ? 100 : label_room
high = 112; top = 84
W = int(left + each * n + 24); W = W < 640 ? 640 : W
H = int(top + 2 * high + 34 + label_room + 12)
TITLE = "With the mask, the past gets everything"
SUBTITLE = sprintf("the weights of %s in head %d; framed: the token that asks", fit(LABEL[row], 130, 13), FACT[1])
@CANVAS
array NAME[2]; NAME[1] = "no mask"; NAME[2] = "masked"
do for [r = 1:2] {
    base = top + r * high + (r - 1) * 34
    set label NAME[r] at 20, base - high / 2 font bold(13) tc rgb INK
    set label (r == 1 ? "as in BERT" : "as in GPT-2") at 20, base - high / 2 + 20 font sans(12) tc rgb SOFT
    set arrow from left, base to left + n * each, base nohead lc rgb RULE lw 1
    if (r == 2 && row < n) {
        X0 = left + row * each; X1 = left + n * each; Y0 = base - high + 20; Y1 = base; FILL = MASKED_FILL; LINE = FAINT
        @CELL
        @HATCHED
    }
    do for [i = 1:n] {
        p = r == 1 ? OPEN[i] : RIGHT_[i]
        X0 = left + (i - 0.5) * each - bar / 2; X1 = X0 + bar; Y1 = base; Y0 = base - p / largest * (high - 20)
        FILL = SCORE_FILL; LINE = SCORE_LINE
        if (p > 0.001) {
            @CELL
        }
        if (each >= 34 && (r == 1 || i <= row)) {
            set label percent(p) at left + (i - 0.5) * each, Y0 - 9 center front font mono(11) tc rgb SCORE_TEXT
        }
        if (each >= 34 && r == 2 && i > row) {
            set label "0" at left + (i - 0.5) * each, base - 10 center front font mono(11) tc rgb MASKED_TEXT
        }
    }
}
w = upright ? 10 : wide(LABEL[row], size) / 2 + 6
X0 = left + (row - 0.5) * each - w; X1 = left + (row - 0.5) * each + w; Y0 = base + 3; Y1 = base + (upright ? label_room : 25)
@ASKING
do for [i = 1:n] {
    if (upright) {
        set label fit(LABEL[i], label_room - 10, size) at left + (i - 0.5) * each, base + 8 right rotate by 90 \
            font mono(size) tc rgb i == row ? TOKEN_TEXT : INK
    } else {
        set label LABEL[i] at left + (i - 0.5) * each, base + 14 center font (i == row ? monobold(size) : mono(size)) tc rgb i == row ? TOKEN_TEXT : INK
    }
}
@DONE
