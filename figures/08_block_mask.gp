# The block without its mask, an encoder's: how much each token's row changes.
# data: tokens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]; array P[T + 1]
most = 1
@READ file("tokens.dat") using (i = int($0) + 1, P[i] = $6, LABEL[i] = strcol(7), 0):(0) @INTO
do for [i = 1:T] { most = P[i] > most ? P[i] : most }
W = 860; H = 350; LEFT = 66; RIGHT = 24; TOP = 74; BOTTOM = T > 10 ? 118 : 58
TITLE = "Without the mask, every row but the last changes"
SUBTITLE = "how far each token's row ends from where it ends with the mask, in % of its length; the last one already saw everything"
YLABEL = "% of its length"
@CHART
set xrange [-0.6:T - 0.4]; set yrange [0:most * 1.15]
unset xtics
space = (W - LEFT - RIGHT) * 1.0 / T
at(i) = LEFT + (i - 0.4) * space - space * 0.1
do for [i = 1:T] {
    if (T > 10) {
        set label fit(LABEL[i], 92, 12) at screen px(at(i)), screen py(H - BOTTOM + 10) right rotate by 90 font mono(T > 40 ? 10 : 12) tc rgb INK
    } else {
        set label fit(LABEL[i], space - 4, 12) at screen px(at(i)), screen py(H - BOTTOM + 18) center font mono(12) tc rgb INK
    }
    if (T <= 24) { set label sprintf("%.0f", P[i]) at first i - 1, first P[i] + most * 0.05 center font sans(12) tc rgb INK front }
}
plot file("tokens.dat") using 0:6:(0.62) with boxes fillstyle solid 1 border lc rgb SCORE_LINE fillcolor rgb SCORE_FILL notitle
