# A linear layer backward: two products. A corner of each matrix.
# data: linear.dat
load "figures/style.gp"
W = 860; H = 506; c = 25.0
TITLE = "A linear layer, forward and back: one product up, two down"
SUBTITLE = "mlp.c_proj of the last block: a corner of each matrix, coloured on its own scale; blue below 0, orange above"
@CANVAS
array NAME[5]; NAME[1] = "x"; NAME[2] = "w"; NAME[3] = "dy"; NAME[4] = "dw"; NAME[5] = "dx"
array WHAT[5]; WHAT[1] = "what it read"; WHAT[2] = "its weights"; WHAT[3] = "what comes back"
WHAT[4] = "dw = xᵀ · dy"; WHAT[5] = "dx = dy · wᵀ"
array PX[5]; array PY[5]; array MOST[5]; array NR[5]; array NC[5]
PX[1] = 60;  PY[1] = 116; PX[2] = 330; PY[2] = 116; PX[3] = 610; PY[3] = 116; PX[4] = 330; PY[4] = 318; PX[5] = 60; PY[5] = 318
f = file("linear.dat")
do for [k = 1:5] {
    most = 1e-30; nr = 0; nc = 0
    @READ f using (strcol(1) eq NAME[k] ? (most = abs($4) > most ? abs($4) : most, nr = $2 + 1 > nr ? $2 + 1 : nr, nc = $3 + 1 > nc ? $3 + 1 : nc, 0) : 0):(0) @INTO
    MOST[k] = most; NR[k] = nr; NC[k] = nc
    set label NAME[k] at PX[k], PY[k] - 26 font monobold(14) tc rgb k > 2 ? SCORE_TEXT : INK
    set label WHAT[k] at PX[k] + 34, PY[k] - 26 font sans(12) tc rgb SOFT
    set label sprintf("±%.2g", MOST[k]) at PX[k] + nc * c + 8, PY[k] + nr * c - 8 font sans(11) tc rgb SOFT
    if ((k == 1 || k == 3 || k == 5) && nr > 3) { set label "row by row" at PX[k] - 12, PY[k] + nr * c / 2 center rotate by 90 font sans(11) tc rgb SOFT }
}
set label "·" at 250, PY[1] + 75 center font bold(22) tc rgb INK
set label "+ b = y" at 520, PY[2] + 75 center font bold(14) tc rgb INK
set arrow from PX[3] + 60, PY[3] + 6 * c + 12 to PX[4] + 6 * c + 60, PY[4] + 60 head filled size screen 0.012, 20 lw 2 lc rgb SCORE_LINE
set arrow from PX[1] + 150, PY[1] + 6 * c + 10 to PX[4] - 30, PY[4] + 30 head filled size screen 0.012, 20 lw 2 lc rgb RULE
set label "each layer keeps dw for AdamW," at PX[4] + 6 * c + 66, PY[4] + 96 font sans(12) tc rgb INK
set label "and hands dx down" at PX[4] + 6 * c + 66, PY[4] + 114 font sans(12) tc rgb INK
find(s) = s eq "x" ? 1 : s eq "w" ? 2 : s eq "dy" ? 3 : s eq "dw" ? 4 : 5
at_x(s, j) = PX[find(s)] + j * c
at_y(s, i) = PY[find(s)] + i * c
plot f using (at_x(strcol(1), $3)):(at_y(strcol(1), $2)):(at_x(strcol(1), $3)):(at_x(strcol(1), $3) + c):(at_y(strcol(1), $2)):(at_y(strcol(1), $2) + c):(signed($4 / MOST[find(strcol(1))])) @CELLS
