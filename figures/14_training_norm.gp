# Layer norm backward at one row: what reaches it, less its mean, less its part along the row.
# data: norm.dat
load "figures/style.gp"
all = rows("norm.dat"); n = all > 32 ? 32 : all
array V[4 * n + 1]; C_ = 0
do for [k = 0:3] {
    @READ file("norm.dat") every ::0::n - 1 using (V[k * n + int($0) + 1] = column(k + 1), C_ = int($6), 0):(0) @INTO
}
W = 860; H = 330; left = 190; c = 580.0 / (n < 8 ? 8 : n); c = c > 30 ? 30 : c
TITLE = "Layer norm backward: what cannot matter is taken out"
SUBTITLE = sprintf("the final norm, one row: its first %d of %d numbers; each strip on its own scale; blue below 0, orange above", n, C_)
@CANVAS
array MOST[4]
do for [k = 0:3] {
    MOST[k + 1] = 1e-30
    do for [i = 1:n] { MOST[k + 1] = abs(V[k * n + i]) > MOST[k + 1] ? abs(V[k * n + i]) : MOST[k + 1] }
}
array NAME[4]; NAME[1] = "g = dy · weight"; NAME[2] = "− its mean"; NAME[3] = "− n · mean(g n)"; NAME[4] = "÷ deviation = dx"
do for [k = 0:3] {
    y = 92 + k * 56 + (k == 3 ? 12 : 0)
    set label NAME[k + 1] at left - 14, y + 13 right font mono(12) tc rgb INK
    do for [i = 1:n] {
        v = V[k * n + i] / MOST[k + 1]
        FILL = sprintf("#%06x", signed(v)); LINE = FAINT; THICK = 0.7
        X0 = left + (i - 1) * c; X1 = X0 + c; Y0 = y; Y1 = y + 26
        @CELL
    }
    set label sprintf("±%.2g", MOST[k + 1]) at left + n * c + 6, y + 13 font sans(11) tc rgb SOFT
}
set arrow from left - 150, 92 + 3 * 56 to left + n * c, 92 + 3 * 56 nohead lw 1.2 lc rgb RULE
@DONE
