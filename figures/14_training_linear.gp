# A linear layer backward: one product up, two down. A corner of each matrix.
# data: linear.dat
load "figures/style.gp"
W = 860; H = 560; c = 20.0
TITLE = "One product up, two down"
SUBTITLE = "mlp.c_proj of the last block: the corner of each matrix, coloured on its own scale; blue below 0, orange above"
@CANVAS
f = file("linear.dat")
array NAME[5]; NAME[1] = "x"; NAME[2] = "w"; NAME[3] = "dy"; NAME[4] = "dw"; NAME[5] = "dx"
array MOST[5]
do for [k = 1:5] {
    most = 1e-30
    @READ f using (strcol(1) eq NAME[k] ? (most = abs($4) > most ? abs($4) : most, 0) : 0):(0) @INTO
    MOST[k] = most
}
# Three lines of three matrices: which, turned over or not, and what is written above.
array WHICH[9]; array TURNED[9]; array TEXT[9]
WHICH[1] = 1; TURNED[1] = 0; TEXT[1] = "x"
WHICH[2] = 2; TURNED[2] = 0; TEXT[2] = "w"
WHICH[3] = 0; TURNED[3] = 0; TEXT[3] = "y"
WHICH[4] = 1; TURNED[4] = 1; TEXT[4] = "xᵀ"
WHICH[5] = 3; TURNED[5] = 0; TEXT[5] = "dy"
WHICH[6] = 4; TURNED[6] = 0; TEXT[6] = "dw"
WHICH[7] = 3; TURNED[7] = 0; TEXT[7] = "dy"
WHICH[8] = 2; TURNED[8] = 1; TEXT[8] = "wᵀ"
WHICH[9] = 5; TURNED[9] = 0; TEXT[9] = "dx"
array HEAD[3]; HEAD[1] = "up"; HEAD[2] = "down: kept"; HEAD[3] = "down: handed on"
array MORE[3]; MORE[1] = "to the next layer"; MORE[2] = "to AdamW"; MORE[3] = "to the layer below"
x_(i) = 196.0 + ((i - 1) % 3) * 176
y_(i) = 92.0 + ((i - 1) / 3) * 156
do for [i = 1:9] {
    k = WHICH[i]
    set label TEXT[i] at x_(i) - 8, y_(i) + 9 right font monobold(15) tc rgb INK
    if (k > 0) {
        set label sprintf("±%.2g", MOST[k]) at x_(i) + 6 * c, y_(i) + 6 * c + 10 right font sans(11) tc rgb SOFT
    } else {
        X0 = x_(i); X1 = X0 + 6 * c; Y0 = y_(i); Y1 = Y0 + 6 * c; FILL = PLAIN_FILL; LINE = PLAIN_LINE; THICK = 1
        @CELL
        set label "plus b" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font sans(12) tc rgb SOFT
    }
    if (i % 3 > 0) { set label (i % 3 == 1 ? "·" : "=") at x_(i) + 6 * c + 17, y_(i) + 3 * c center font bold(18) tc rgb INK }
}
do for [r = 1:3] {
    y = y_(3 * r - 2)
    set label HEAD[r] at 20, y + 3 * c font bold(13) tc rgb INK
    set label MORE[r] at x_(3) + 6 * c + 14, y + 3 * c font sans(12) tc rgb SOFT
}
# A cell of matrix k in box i; turned: row and column change places.
cx(i, a, b) = x_(i) + (TURNED[i] ? a : b) * c
cy(i, a, b) = y_(i) + (TURNED[i] ? b : a) * c
ours(i, s) = WHICH[i] > 0 && s eq NAME[WHICH[i] > 0 ? WHICH[i] : 1]
plot for [i = 1:9] f using (ours(i, strcol(1)) ? cx(i, $2, $3) : NaN):(cy(i, $2, $3)):(cx(i, $2, $3)):(cx(i, $2, $3) + c):(cy(i, $2, $3)):(cy(i, $2, $3) + c):(signed($4 / MOST[WHICH[i] > 0 ? WHICH[i] : 1])) @CELLS
