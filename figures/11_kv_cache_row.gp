# One head's weights: the prompt's rows, and below them a row for each step.
# data: tokens.dat weights.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
array FACT[3]
@READ file("facts.dat") using (FACT[1] = $5, FACT[2] = $7, FACT[3] = $8, 0):(0) @INTO
T = int(FACT[1])
c = n <= 20 ? 26.0 : 620.0 / n
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
left = 30 + label_width; top = 74 + label_width
W = int(left + n * c + 190); W = W < 640 ? 640 : W; H = int(top + (n * c < 60 ? 60 : n * c) + 24)
TITLE = "Each step adds one row to the triangle"
SUBTITLE = sprintf("weights of head %d in block %d, in per cent: rows look, columns are looked at; hatched: the future", FACT[3], FACT[2])
@CANVAS
do for [i = 1:n:each] {
    set label fit(LABEL[i], label_width + 1, size) at left + (i - 0.5) * c, top - 6 rotate by 90 font mono(size) tc rgb INK
    set label fit(LABEL[i], label_width + 1, size) at left - 8, top + (i - 0.5) * c right font mono(size) tc rgb (i > T ? SCORE_TEXT : INK)
}
do for [i = 1:n - 1] {
    X0 = left + i * c; X1 = left + n * c; Y0 = top + (i - 1) * c; Y1 = Y0 + c; FILL = MASKED_FILL; LINE = FAINT; THICK = 1
    @CELL
    @HATCHED
}
LINE = QUERY_LINE
if (c >= 14) {
    do for [i = T + 1:n] {
        X0 = left; X1 = left + i * c; Y0 = top + (i - 1) * c + 1; Y1 = Y0 + c - 2
        @MARKED
    }
} else {
    if (n > T) {
        X0 = left; X1 = left + n * c; Y0 = top + T * c; Y1 = top + n * c
        @MARKED
    }
}
x = left + n * c + 14
set label "the prompt, as chapter 9" at x, top + T * c / 2 - 8 font sans(12) tc rgb SOFT
set label "reads it: with a mask" at x, top + T * c / 2 + 8 font sans(12) tc rgb SOFT
if (n > T) {
    set label "outlined: one step each," at x, top + (T + n) * c / 2 - 8 font sans(12) tc rgb QUERY_TEXT
    set label "with no mask" at x, top + (T + n) * c / 2 + 8 font sans(12) tc rgb QUERY_TEXT
}
set arrow from left - label_width, top + T * c to left + n * c, top + T * c nohead lw 1.2 dt (4, 3) lc rgb RULE front
f = file("weights.dat")
plot f using (left + $2 * c):(top + $1 * c):(left + $2 * c):(left + ($2 + 1) * c):(top + $1 * c):(top + ($1 + 1) * c):(chance($3)) @CELLS, \
     f using (c >= 20 ? left + ($2 + 0.5) * c : NaN):(top + ($1 + 0.5) * c):(sprintf("%.0f", 100 * $3)):(ink(chance($3))) with labels center font mono(10) tc rgb variable notitle
