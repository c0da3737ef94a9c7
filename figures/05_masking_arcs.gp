# Where one token looks, in arcs: without the mask to both sides, with it to the left.
# data: tokens.dat matrix.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array OPEN[n + 1]; array RIGHT_[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
row = int(FACT[3]) + 1
@READ file("matrix.dat") using ($1 == row - 1 ? (i = int($2) + 1, RIGHT_[i] = $4, OPEN[i] = $5, 0) : 0):(0) @INTO
each = 820.0 / n; each = each > 100 ? 100 : each; left = 20
size = 13; upright = 0
do for [i = 1:n] { upright = wide(LABEL[i], size) > each - 8 ? 1 : upright }
size = upright ? (each < 15 ? 10 : 12) : size
room = 30
if (upright) { do for [i = 1:n] { room = wide(LABEL[i], size) + 14 > room ? wide(LABEL[i], size) + 14 : room } }
room = room > 100 ? 100 : room
W = int(2 * left + n * each); W = W < 640 ? 640 : W
high = 150; top = 66
H = int(top + 2 * (22 + high + room) + 30)
TITLE = "With the mask, " . fit(LABEL[row], 200, 16) . " only looks back"
SUBTITLE = sprintf("head %d of block 0; the thicker an arc, the more weight; the ring is the weight on itself", FACT[1])
@CANVAS
array BASE[2]; array NAME[2]
NAME[1] = "without the mask, as in BERT: to both sides"; NAME[2] = "with the mask, as in GPT-2: back only"
at(i) = left + (i - 0.5) * each
do for [p = 1:2] {
    BASE[p] = top + p * (22 + high) + (p - 1) * (room + 16)
    set label NAME[p] at left, BASE[p] - high - 10 font bold(13) tc rgb SCORE_TEXT
    do for [i = 1:n] {
        hidden = p == 2 && i > row
        X0 = at(i) - each / 2 + (each > 20 ? 3 : 1); X1 = at(i) + each / 2 - (each > 20 ? 3 : 1); Y0 = BASE[p] + 4; Y1 = Y0 + room - 8
        FILL = hidden ? MASKED_FILL : TOKEN_FILL; LINE = hidden ? MASKED_LINE : TOKEN_LINE
        @CHIP
        if (hidden) {
            @HATCHED
        }
        if (i == row) {
            @ASKING
        }
        ink_ = hidden ? MASKED_TEXT : TOKEN_TEXT
        if (upright) {
            set label fit(LABEL[i], room - 12, size) at at(i), Y0 + 4 right rotate by 90 front font mono(size) tc rgb ink_
        } else {
            set label LABEL[i] at at(i), (Y0 + Y1) / 2 center front font mono(size) tc rgb ink_
        }
    }
}
# A weight in percent over the foot of its arc, where there is room.
do for [p = 1:2] {
    do for [i = 1:n] {
        w = p == 1 ? OPEN[i] : RIGHT_[i]
        if (each >= 44 && (p == 1 || i <= row)) {
            set label percent(w) at at(i), BASE[p] - 8 center front font sans(11) tc rgb SCORE_TEXT
        }
    }
}
span = row - 1 > n - row ? row - 1 : n - row; span = span < 1 ? 1 : span
weight(p, i) = p == 1 ? OPEN[i] : RIGHT_[i]
foot(p) = BASE[p] - (each >= 44 ? 20 : 2)
tall(i) = (high - 34) * (0.25 + 0.75 * abs(i - row) / span)
plot for [p = 1:2] for [i = 1:n] [t = 0:1] '+' using \
         (i == row || weight(p, i) < 0.005 ? NaN : arc_x(at(row), at(i), t)):(arc_y(foot(p), tall(i), t)) \
         with lines lw 0.6 + 13 * weight(p, i) lc rgb SCORE_LINE notitle, \
     for [p = 1:2] [t = 0:1] '+' using (weight(p, row) < 0.005 ? NaN : at(row) + 9 * cos(2 * pi * t)):(foot(p) - 9 + 9 * sin(2 * pi * t)) \
         with lines lw 0.6 + 6 * weight(p, row) lc rgb SCORE_LINE notitle
