# Three scores, the same number added to all: the largest share by the formula, and with the largest taken off.
# data: overflow.dat
load "figures/style.gp"
n = rows("overflow.dat"); array A[n + 1]; array BAD[n + 1]
@READ file("overflow.dat") using (i = int($0) + 1, A[i] = int($1), BAD[i] = strcol(2) eq "NaN", 0):(0) @INTO
low = A[1]; high = A[n]
do for [i = 1:n] { if (BAD[i] && A[i] < 0) { low = A[i] } }
do for [i = n:1:-1] { if (BAD[i] && A[i] > 0) { high = A[i] } }
W = 860; H = 390; LEFT = 76; RIGHT = 30; TOP = 70; BOTTOM = 62
TITLE = "The formula breaks down; with the largest score subtracted it does not"
SUBTITLE = "three scores, a, a + 1, a + 2: the share of the last must be the same for every a"
XLABEL = "a"; YLABEL = "share of a + 2"
@CHART
set xrange [A[1]:A[n]]; set yrange [0:1]
set xtics 25
u = (W - LEFT - RIGHT) * 1.0 / (A[n] - A[1])
at(a) = LEFT + (a - A[1]) * u
Y0 = TOP; Y1 = H - BOTTOM
X0 = LEFT; X1 = at(low)
set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) back fillcolor rgb ROOM_FILL fillstyle solid 1 noborder
set label "0 / 0: nan" at screen px((X0 + X1) / 2), screen py(TOP + 26) center font bold(12) tc rgb SOFT front
X0 = at(high); X1 = W - RIGHT
set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) back fillcolor rgb ROOM_FILL fillstyle solid 1 noborder
set label "∞ / ∞: nan" at screen px((X0 + X1) / 2), screen py(TOP + 26) center font bold(12) tc rgb SOFT front
set label "largest subtracted (line): the same everywhere" at screen px((LEFT + W - RIGHT) / 2), screen py(TOP + 62) center font bold(13) tc rgb SCORE_TEXT front
set label "by the formula (circles): not a number at either end" at screen px((LEFT + W - RIGHT) / 2), screen py(TOP + 134) center \
    font bold(13) tc rgb INK front
f = file("overflow.dat")
plot f using 1:3 with lines lw 3 lc rgb SCORE_LINE notitle, \
     f using 1:(strcol(2) eq "NaN" ? NaN : $2) every 4 with points pt 6 ps 0.7 lw 1.4 lc rgb INK notitle
