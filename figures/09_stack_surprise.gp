# Reading: how likely each token of the prompt was, after those before it.
# data: tokens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]; array P[T + 1]; array PLACE[T + 1]
@READ file("tokens.dat") using (i = int($0) + 1, P[i] = $1, PLACE[i] = int($2), LABEL[i] = strcol(3), 0):(0) @INTO
W = 860; H = 360; LEFT = 66; RIGHT = 24; TOP = 74; BOTTOM = T > 10 ? 118 : 76
TITLE = "Did it see that coming?"
SUBTITLE = "the probability of each token of the prompt, after those before it" . (T > 24 ? "" : "; #1: it was the likeliest")
YLABEL = "probability"
@CHART
set xrange [-0.6:T - 0.4]; set yrange [0:1.15]; set ytics 0.2
unset xtics
space = (W - LEFT - RIGHT) * 1.0 / T
at(i) = LEFT + (i - 0.4) * (W - LEFT - RIGHT) / (T + 0.2)
do for [i = 1:T] {
    if (T > 10) {
        set label fit(LABEL[i], 92, 12) at screen px(at(i)), screen py(H - BOTTOM + 10) right rotate by 90 font mono(T > 40 ? 10 : 12) tc rgb INK
    } else {
        set label fit(LABEL[i], space - 4, 12) at screen px(at(i)), screen py(H - BOTTOM + 18) center font mono(12) tc rgb INK
    }
    if (T <= 24) {
        set label (i == 1 ? "given" : sprintf("#%d", PLACE[i])) at first i - 1, first P[i] + 0.05 center font sans(12) tc rgb (i == 1 ? SOFT : SCORE_TEXT) front
    }
}
plot file("tokens.dat") using 0:1:(0.62) with boxes fillstyle solid 1 border lc rgb SCORE_LINE fillcolor rgb SCORE_FILL notitle
