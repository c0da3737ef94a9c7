# What comes out is a sum: the last token's row, and what each half adds to it.
# data: strips.dat tokens.dat
load "figures/style.gp"
n = rows("strips.dat"); n = n > 32 ? 32 : n
array V[n * 4 + 1]
C_ = 0
column_of(k) = k == 0 ? 5 : k == 1 ? 7 : k == 2 ? 10 : 11
do for [k = 0:3] {
    @READ file("strips.dat") every ::0::n - 1 using (V[k * n + int($0) + 1] = column(column_of(k)), C_ = int($2), 0):(0) @INTO
}
T = rows("tokens.dat"); array LABEL[T + 1]; array LONG[4]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(7), LONG[1] = $1, LONG[2] = $2, LONG[3] = $3, LONG[4] = $4, 0):(0) @INTO
raw = 1e-9
do for [i = 1:4 * n] { raw = abs(V[i]) > raw ? abs(V[i]) : raw }
W = 860; H = 292; left = 178; c = (W - left - 100.0) / n; c = c > 24 ? 24 : c; r = 50; top = 76
TITLE = "Out = in + attention + feed-forward"
SUBTITLE = sprintf("the first %d of %d columns of the row of the last token, ", n, C_) . fit(LABEL[T], 200, 13) . sprintf("; darkest: %.2f", raw)
@CANVAS
array NAME[4]; NAME[1] = "what comes in"; NAME[2] = "+ attention"; NAME[3] = "+ feed-forward"; NAME[4] = "= what goes out"
LINE = FAINT; THICK = 0.7
do for [k = 1:4] {
    y = top + (k - 1) * r + (k == 4 ? 12 : 0)
    set label NAME[k] at left - 14, y + 15 right font bold(13) tc rgb (k == 2 ? ATTENTION_TEXT : k == 3 ? FEED_TEXT : k == 4 ? BLOCK_TEXT : INK)
    do for [i = 1:n] {
        FILL = sprintf("#%06x", signed(V[(k - 1) * n + i] / raw))
        X0 = left + (i - 1) * c; X1 = X0 + c; Y0 = y; Y1 = y + 30
        @CELL
    }
    set label sprintf("length %.1f", LONG[k]) at left + n * c + 12, y + 15 font sans(12) tc rgb SOFT
}
set arrow from left, top + 3 * r - 4 to left + n * c, top + 3 * r - 4 nohead lw 1.5 lc rgb INK
@DONE
