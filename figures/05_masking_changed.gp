# The experiment: which rows change if a token changes.
# data: tokens.dat changed.dat
load "figures/style.gp"
all = rows("tokens.dat"); array LABEL[all + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
f = file("changed.dat")
n = int(sqrt(rows("changed.dat")) + 0.5)

across = n <= 16
c = n <= 10 ? 30.0 : across ? 320.0 / n : n <= 24 ? 22.0 : 600.0 / n
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
panel = n * c < 250 ? 250.0 : n * c
left = 20 + label_width + 8; top = 72 + 24 + label_width + 6
array PX[2]; array PY[2]; array NAME[2]
do for [p = 1:2] {
    PX[p] = across ? left + (p - 1) * (panel + 44) : left
    PY[p] = across ? top : top + (p - 1) * (n * c + label_width + 60)
}
NAME[1] = "GPT-2: masked"; NAME[2] = "BERT: no mask"
W = int(PX[2] + panel + 20); W = W < 640 ? 640 : W
H = int(PY[2] + n * c + 44)
TITLE = "With the mask, no token changes an earlier row"
SUBTITLE = "column: the token that is changed; row: does its context change?"
@CANVAS
array A[2 * n * n + 1]
@READ f using (A[int($1) * n + int($2) + 1] = $3, A[n * n + int($1) * n + int($2) + 1] = $4, 0):(0) @INTO
do for [p = 1:2] {
    set label NAME[p] at PX[p], PY[p] - label_width - 20 font bold(13) tc rgb INK
    do for [i = 1:n:each] {
        set label fit(LABEL[i], label_width + 1, size) at PX[p] + (i - 0.5) * c, PY[p] - 5 rotate by 90 font mono(size) tc rgb INK
        if (p == 1 || !across) {
            set label fit(LABEL[i], label_width + 1, size) at PX[p] - 6, PY[p] + (i - 0.5) * c right font mono(size) tc rgb INK
        }
    }
    do for [t = 0:n - 1] {                # runs of rows that did not change
        from = -1
        do for [j = 0:n] {
            same = j < n ? A[(p - 1) * n * n + t * n + (j < n ? j : 0) + 1] == 0 : 0
            if (same && from < 0) { from = j }
            if (!same && from >= 0) {
                X0 = PX[p] + from * c; X1 = PX[p] + j * c; Y0 = PY[p] + t * c; Y1 = Y0 + c; FILL = MASKED_FILL; LINE = FAINT
                @CELL
                @HATCHED
                from = -1
            }
        }
    }
}
Y0 = H - 30; Y1 = Y0 + 14; X0 = left; X1 = X0 + 22; FILL = SCORE_FILL; LINE = SCORE_LINE
@CELL
set label "×" at X0 + 11, Y0 + 7 center front font bold(12) tc rgb SCORE_TEXT
set label "changes" at X1 + 8, Y0 + 7 font sans(12) tc rgb INK
X0 = left + 150; X1 = X0 + 22; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label "masked, and the same bit for bit" . (n < all ? sprintf(" (the first %d of %d tokens)", n, all) : "") at X1 + 8, Y0 + 7 font sans(12) tc rgb INK
x(p, i) = PX[p] + i * c; y(p, i) = PY[p] + i * c
pale = int("0x" . SCORE_FILL[2:7]); dark = int("0x" . SCORE_TEXT[2:7])
plot f using ($3 > 0 ? x(1, $2) : NaN):(y(1, $1)):(x(1, $2)):(x(1, $2 + 1)):(y(1, $1)):(y(1, $1 + 1)):(pale) @CELLS, \
     f using ($4 > 0 ? x(2, $2) : NaN):(y(2, $1)):(x(2, $2)):(x(2, $2 + 1)):(y(2, $1)):(y(2, $1 + 1)):(pale) @CELLS, \
     f using ($3 > 0 && c >= 14 ? x(1, $2 + 0.5) : NaN):(y(1, $1 + 0.5)):("×"):(dark) @INKS, \
     f using ($4 > 0 && c >= 14 ? x(2, $2 + 0.5) : NaN):(y(2, $1 + 0.5)):("×"):(dark) @INKS
