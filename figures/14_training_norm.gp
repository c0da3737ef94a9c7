# Layer norm backward at one row: what reaches it, what is taken out, and what is left.
# data: norm.dat
load "figures/style.gp"
all = rows("norm.dat"); n = all > 32 ? 32 : all
array V[4 * n + 1]; C_ = 0; share = 0.0; place = 0; name = ""; most = 1e-30
do for [k = 0:3] {
    @READ file("norm.dat") every ::0::n - 1 using (V[k * n + int($0) + 1] = column(k + 1), share = $5, C_ = int($6), place = int($7), name = strcol(8), 0):(0) @INTO
}
do for [i = 1:4 * n] { most = abs(V[i]) > most ? abs(V[i]) : most }
W = 860; H = 344; left = 222; c = 530.0 / (n < 8 ? 8 : n); c = c > 30 ? 30 : c
TITLE = "Two parts of the gradient are taken out; the rest passes"
SUBTITLE = sprintf("%s at position %d: its first %d of %d numbers, all strips on one scale; blue below 0, orange above", name, place, n, C_)
@CANVAS
array NAME[4]; NAME[1] = "g, what reaches n"; NAME[2] = "− its mean"; NAME[3] = "− its part along n"; NAME[4] = "= what is left"
do for [k = 0:3] {
    y = 84 + k * 56 + (k == 3 ? 12 : 0)
    set label NAME[k + 1] at left - 14, y + 13 right font sans(13) tc rgb INK
    do for [i = 1:n] {
        FILL = sprintf("#%06x", signed(V[k * n + i] / most)); LINE = FAINT; THICK = 0.7
        X0 = left + (i - 1) * c; X1 = X0 + c; Y0 = y; Y1 = y + 26
        @CELL
    }
}
set arrow from left - 170, 84 + 3 * 56 to left + n * c, 84 + 3 * 56 nohead lw 1.2 lc rgb RULE
do for [i = 0:8] {                        # the scale
    FILL = sprintf("#%06x", signed(i / 4.0 - 1)); LINE = FAINT; THICK = 0.7
    X0 = left + i * 18; X1 = X0 + 18; Y0 = H - 26; Y1 = H - 14
    @CELL
}
set label sprintf("%.2g", -most) at left - 8, H - 20 right font sans(11) tc rgb SOFT
set label sprintf("%.2g", most) at left + 9 * 18 + 8, H - 20 left font sans(11) tc rgb SOFT
set label sprintf("taken out: %.0f %% of the sum of squares", 100 * share) at left + n * c, H - 20 right font bold(12) tc rgb INK
@DONE
