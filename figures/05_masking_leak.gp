# What the future gets, against the number that is written in place of minus infinity. leak.dat has
# log10 of it, 0, -2, -4, … down to -120, as long as there is anything left.
# data: leak.dat facts.dat
load "figures/style.gp"
n = rows("leak.dat"); array NUMBER[n + 1]; array SHARE[n + 1]
@READ file("leak.dat") using (i = int($0) + 1, NUMBER[i] = $1, SHARE[i] = 10**$2, 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
zero = NUMBER[n] - 2                     # the first number with which nothing is left
W = 860; H = 400; LEFT = 96; RIGHT = 36; TOP = 74; BOTTOM = 66
TITLE = "A mask of −10 leaks; just below −100 nothing is left"
SUBTITLE = sprintf("the share of a row's weight that goes to its future, on average; head %d of block 0", FACT[1])
XLABEL = "the number written over the scores of the future, in place of −∞"
YLABEL = "what the future gets"
@CHART
low = 1e-50
set logscale y
set yrange [low:1e6]
set xrange [2:-122]
set ytics 1e-50, 1e10, 1 format "1e%T"
set ytics add ("1" 1)
set mytics 1
set xtics -120, 20, 0 format "%.0f"
if (zero > -122) {
    X0 = LEFT + (2 - zero) * (W - LEFT - RIGHT) / 124.0; X1 = W - RIGHT; Y0 = TOP; Y1 = H - BOTTOM; FILL = MASKED_FILL; LINE = FAINT
    set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) behind fillcolor rgb FILL fillstyle solid 1 noborder
    set label "exactly 0:" at screen px((X0 + X1) / 2), screen py(TOP + 44) center font bold(12) tc rgb MASKED_TEXT front
    set label "hidden" at screen px((X0 + X1) / 2), screen py(TOP + 62) center font sans(12) tc rgb MASKED_TEXT front
}
set label sprintf("0: the future gets %.2g of the weight", SHARE[1]) at first -2, first SHARE[1] * 3e3 font sans(12) tc rgb INK front
k = 6
if (n >= k) { set label sprintf("−10: still %.6f", SHARE[k]) at first NUMBER[k] - 2.5, first SHARE[k] * 20 font sans(12) tc rgb INK front }
f = file("leak.dat")
plot f using 1:(10**$2) with lines lw 2.2 lc rgb SCORE_LINE notitle, \
     f using (int($1) % 10 == 0 ? $1 : NaN):(10**$2) with points pt 7 ps 0.6 lc rgb SCORE_LINE notitle
