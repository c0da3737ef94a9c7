# One head: its weights, the gradient of the weights, the gradient of the scores.
# data: attention.dat tokens.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
f = file("attention.dat"); head = 0; block = 0; big = 1e-30; small = 1e-30
@READ f using (big = abs($4) > big && $2 <= $1 ? abs($4) : big, small = abs($5) > small ? abs($5) : small, head = $6, block = $7, 0):(0) @INTO
across = n <= 10
c = n <= 8 ? 28.0 : n <= 10 ? 23.0 : n <= 24 ? 24.0 : 640.0 / n
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
panel = n * c < 190 ? 190.0 : n * c
left = 20 + label_width + 8; top = 78 + 44
array PX[3]; array PY[3]; array NAME[3]; array MORE[3]
do for [p = 1:3] {
    PX[p] = across ? left + (p - 1) * (panel + 24) : left
    PY[p] = across ? top : top + (p - 1) * (n * c + 70)
}
NAME[1] = "weights"; NAME[2] = "gradient of the weights"; NAME[3] = "gradient of the scores"
MORE[1] = "as in chapter 5"; MORE[2] = sprintf("dcontext · vᵀ, ±%.2g", big); MORE[3] = "weight · (that − average) / √D, " . (small > 1e-20 ? sprintf("±%.2g", small) : "all 0")
W = int(PX[3] + panel + 44); W = W < 640 ? 640 : W
H = int(PY[3] + n * c + 46)
TITLE = "Where the model was right, no score needs to change"
SUBTITLE = sprintf("head %d of block %d; rows look, columns are looked at; weights pink, gradients blue below 0 and orange above", head, block)
@CANVAS
do for [p = 1:3] {
    set label NAME[p] at PX[p], PY[p] - 30 font bold(13) tc rgb SCORE_TEXT
    set label MORE[p] at PX[p], PY[p] - 12 font sans(11) tc rgb SOFT
    do for [i = 1:n:each] {
        if (p == 1 || !across) {
            set label fit(LABEL[i], label_width + 1, size) at PX[p] - 6, PY[p] + (i - 0.5) * c right font mono(size) tc rgb INK
        }
    }
    do for [i = 1:n - 1] {
        X0 = PX[p] + i * c; X1 = PX[p] + n * c; Y0 = PY[p] + (i - 1) * c; Y1 = Y0 + c
        FILL = MASKED_FILL; LINE = FAINT
        @CELL
        @HATCHED
    }
}
X0 = left; X1 = left + 22; Y0 = H - 30; Y1 = H - 16; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label "the future: no weight, no gradient" at X1 + 8, H - 23 font sans(12) tc rgb INK
x(p, i) = PX[p] + i * c; y(p, i) = PY[p] + i * c
seen(t, s) = s <= t
plot f using (seen($1, $2) ? x(1, $2) : NaN):(y(1, $1)):(x(1, $2)):(x(1, $2 + 1)):(y(1, $1)):(y(1, $1 + 1)):(chance($3)) @CELLS, \
     f using (seen($1, $2) ? x(2, $2) : NaN):(y(2, $1)):(x(2, $2)):(x(2, $2 + 1)):(y(2, $1)):(y(2, $1 + 1)):(signed($4 / big)) @CELLS, \
     f using (seen($1, $2) ? x(3, $2) : NaN):(y(3, $1)):(x(3, $2)):(x(3, $2 + 1)):(y(3, $1)):(y(3, $1 + 1)):(signed($5 / small)) @CELLS
