# The weights of one head without the mask (BERT) and with it (GPT-2).
# data: tokens.dat matrix.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
f = file("matrix.dat")

across = n <= 16
c = n <= 8 ? 42.0 : across ? 340.0 / n : n <= 24 ? 26.0 : 640.0 / n    # a cell
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1            # every so many labels
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
panel = n * c < 270 ? 270.0 : n * c
left = 20 + label_width + 8; top = 66 + 40 + label_width + 6
array PX[2]; array PY[2]; array NAME[2]; array SAYS[2]
do for [p = 1:2] {
    PX[p] = across ? left + (p - 1) * (panel + 34) : left
    PY[p] = across ? top : top + (p - 1) * (n * c + label_width + 78)
}
NAME[1] = "BERT: self-attention"; SAYS[1] = "a token looks in both directions"
NAME[2] = "GPT-2: masked self-attention"; SAYS[2] = "a token looks back, and at itself"
W = int(PX[2] + panel + 20); W = W < 640 ? 640 : W
H = int(PY[2] + n * c + 44)
TITLE = "BERT looks both ways, GPT-2 looks back"
SUBTITLE = sprintf("weights of head %d of block 0; in per cent", FACT[1])
@CANVAS
do for [p = 1:2] {
    set label NAME[p] at PX[p], PY[p] - label_width - 38 font bold(13) tc rgb SCORE_TEXT
    set label SAYS[p] at PX[p], PY[p] - label_width - 20 font sans(12) tc rgb SOFT
    do for [i = 1:n:each] {
        set label fit(LABEL[i], label_width + 1, size) at PX[p] + (i - 0.5) * c, PY[p] - 5 rotate by 90 font mono(size) tc rgb INK
        if (p == 1 || !across) {
            set label fit(LABEL[i], label_width + 1, size) at PX[p] - 6, PY[p] + (i - 0.5) * c right font mono(size) tc rgb INK
        }
    }
}
do for [i = 1:n - 1] {                    # the future of token i - 1
    X0 = PX[2] + i * c; X1 = PX[2] + n * c; Y0 = PY[2] + (i - 1) * c; Y1 = Y0 + c; FILL = MASKED_FILL; LINE = FAINT
    @CELL
    @HATCHED
}
do for [p = 1:2] {                        # the diagonal: each token itself
    do for [i = 1:n] {
        X0 = PX[p] + (i - 1) * c; X1 = X0 + c; Y0 = PY[p] + (i - 1) * c; Y1 = Y0 + c; LINE = TOKEN_LINE
        if (c >= 14) {
            @MARKED
        }
    }
}
Y0 = H - 30; Y1 = Y0 + 14; X0 = left; X1 = X0 + 22; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
@HATCHED
set label "masked: the future" at X1 + 8, Y0 + 7 font sans(12) tc rgb INK
if (c >= 14) {
    X0 = left + 180; X1 = X0 + 18; LINE = TOKEN_LINE
    @MARKED
    set label "the token itself" at X1 + 8, Y0 + 7 font sans(12) tc rgb INK
}
x(p, i) = PX[p] + i * c; y(p, i) = PY[p] + i * c
seen(t, s) = s <= t
NUMBERS = "with labels center font mono(11) tc rgb variable notitle"
plot f using (x(1, $2)):(y(1, $1)):(x(1, $2)):(x(1, $2 + 1)):(y(1, $1)):(y(1, $1 + 1)):(chance($5)) @CELLS, \
     f using (seen($1, $2) ? x(2, $2) : NaN):(y(2, $1)):(x(2, $2)):(x(2, $2 + 1)):(y(2, $1)):(y(2, $1 + 1)):(chance($4)) @CELLS, \
     f using (c >= 32 ? x(1, $2 + 0.5) : NaN):(y(1, $1 + 0.5)):(sprintf("%.0f", 100 * $5)):(ink(chance($5))) @NUMBERS, \
     f using (c >= 32 && seen($1, $2) ? x(2, $2 + 0.5) : NaN):(y(2, $1 + 0.5)):(sprintf("%.0f", 100 * $4)):(ink(chance($4))) @NUMBERS
