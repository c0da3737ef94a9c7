# A corner of a matrix of the model.
# data: matrix.dat
load "figures/style.gp"
f = file("matrix.dat")
stats f using 1 name "R" nooutput
stats f using 2 name "C" nooutput
stats f using (abs($3)) name "V" nooutput
rows_ = int(R_max) + 1; columns_ = int(C_max) + 1
c = 24; r = 18; left = 76; top = 96
largest = V_max > 0 ? V_max : 1
W = left + columns_ * c + 150; W = W < 520 ? 520 : W; H = top + rows_ * r + 40
TITLE = "A corner of h.0.attn.c_attn.weight: no visible pattern"
SUBTITLE = sprintf("its first %s and %s", plural(rows_, "row", "rows"), plural(columns_, "column", "columns"))
@CANVAS
step = rows_ > 8 ? 4 : 1
do for [i = 0:columns_ - 1:step] { set label sprintf("%d", i) at left + (i + 0.5) * c, top - 14 center font mono(11) tc rgb SOFT }
do for [i = 0:rows_ - 1:step] { set label sprintf("%d", i) at left - 10, top + (i + 0.5) * r right font mono(11) tc rgb SOFT }
set label "in" at 20, top + rows_ * r / 2 font bold(13) tc rgb INK
set label "out" at left + columns_ * c / 2, top + rows_ * r + 18 center font bold(13) tc rgb INK
x0 = left + columns_ * c + 30
set label sprintf("%+.2f", largest) at x0 + 32, top + 8 font mono(11) tc rgb INK
set label "0" at x0 + 32, top + 74 font mono(11) tc rgb INK
set label sprintf("%+.2f", -largest) at x0 + 32, top + 140 font mono(11) tc rgb INK
do for [k = 0:10] {
    v = 1 - k / 5.0
    X0 = x0; X1 = x0 + 24; Y0 = top + k * 13.4; Y1 = Y0 + 13.4; FILL = sprintf("#%06x", signed(v)); LINE = FAINT
    @CELL
}
x(k) = left + k * c; y(k) = top + k * r
plot f using (x($2)):(y($1)):(x($2)):(x($2 + 1)):(y($1)):(y($1 + 1)):(signed($3 / largest)) @CELLS
