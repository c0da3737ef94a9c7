# Scores, the future hidden, softmax by rows: side by side, or one below the other for long prompts.
# data: tokens.dat matrix.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
f = file("matrix.dat")
largest = 1e-9
@READ f using (largest = abs($3) > largest ? abs($3) : largest, 0):(0) @INTO

across = n <= 10
c = n <= 8 ? 30.0 : n <= 10 ? 24.0 : n <= 24 ? 24.0 : 640.0 / n       # a cell
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1           # every so many labels
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
panel = n * c < 150 ? 150.0 : n * c
left = 20 + label_width + 8; top = 78 + 22 + label_width + 6
array PX[3]; array PY[3]; array NAME[3]
do for [p = 1:3] {
    PX[p] = across ? left + (p - 1) * (panel + 26) : left
    PY[p] = across ? top : top + (p - 1) * (n * c + label_width + 58)
}
NAME[1] = "1  Score every pair"; NAME[2] = "2  Hide the future"; NAME[3] = "3  Softmax, row by row"
W = int(PX[3] + panel + 20); W = W < 640 ? 640 : W
H = int(PY[3] + n * c + 44)
TITLE = "−∞ before the softmax becomes 0 after it"
SUBTITLE = sprintf("head %d of block 0; a row looks, a column is looked at", FACT[1])
@CANVAS
do for [p = 1:3] {
    set label NAME[p] at PX[p], PY[p] - label_width - 20 font bold(13) tc rgb p == 2 ? MASKED_TEXT : SCORE_TEXT
    do for [i = 1:n:each] {
        set label fit(LABEL[i], label_width + 1, size) at PX[p] + (i - 0.5) * c, PY[p] - 5 rotate by 90 font mono(size) tc rgb INK
        if (p == 1 || !across) {
            set label fit(LABEL[i], label_width + 1, size) at PX[p] - 6, PY[p] + (i - 0.5) * c right font mono(size) tc rgb INK
        }
    }
    do for [i = 1:n - 1] {                # the future of token i - 1
        if (p > 1) {
            X0 = PX[p] + i * c; X1 = PX[p] + n * c; Y0 = PY[p] + (i - 1) * c; Y1 = Y0 + c
            FILL = MASKED_FILL; LINE = FAINT
            @CELL
            HATCH = "#dedede"
            @HATCHED
            if (across) {
                do for [j = i + 1:n] {
                    set label p == 2 ? "−∞" : "0" at PX[p] + (j - 0.5) * c, PY[p] + (i - 0.5) * c center front \
                        font bold(p == 2 ? 14 : 12) tc rgb INK
                }
            }
        }
    }
}
Y0 = H - 30; Y1 = Y0 + 14; X0 = left; X1 = X0 + 22; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label "the future" at X1 + 8, Y0 + 7 font sans(12) tc rgb INK
set label "scores: blue below 0, orange above; weights in per cent" at X1 + 90, Y0 + 7 font sans(12) tc rgb SOFT
x(p, i) = PX[p] + i * c; y(p, i) = PY[p] + i * c
seen(t, s) = s <= t
short(v) = abs(v) < 0.05 ? "0.0" : sprintf("%.1f", v)
NUMBERS = "with labels center font mono(10) tc rgb variable notitle"
plot f using (x(1, $2)):(y(1, $1)):(x(1, $2)):(x(1, $2 + 1)):(y(1, $1)):(y(1, $1 + 1)):(signed($3 / largest)) @CELLS, \
     f using (seen($1, $2) ? x(2, $2) : NaN):(y(2, $1)):(x(2, $2)):(x(2, $2 + 1)):(y(2, $1)):(y(2, $1 + 1)):(signed($3 / largest)) @CELLS, \
     f using (seen($1, $2) ? x(3, $2) : NaN):(y(3, $1)):(x(3, $2)):(x(3, $2 + 1)):(y(3, $1)):(y(3, $1 + 1)):(chance($4)) @CELLS, \
     f using (across ? x(1, $2 + 0.5) : NaN):(y(1, $1 + 0.5)):(short($3)):(ink(signed($3 / largest))) @NUMBERS, \
     f using (across && seen($1, $2) ? x(2, $2 + 0.5) : NaN):(y(2, $1 + 0.5)):(short($3)):(ink(signed($3 / largest))) @NUMBERS, \
     f using (across && seen($1, $2) ? x(3, $2 + 0.5) : NaN):(y(3, $1 + 0.5)):(sprintf("%.0f", 100 * $4)):(ink(chance($4))) @NUMBERS
