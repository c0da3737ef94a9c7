# All probabilities, the largest first, on logarithmic scales.
# data: sorted.dat top.dat
load "figures/style.gp"
n = rows("sorted.dat"); array R[n + 1]; array P[n + 1]
@READ file("sorted.dat") using (i = int($0) + 1, R[i] = $1, P[i] = 10 ** $2, 0):(0) @INTO
k = rows("top.dat"); array NAME[k + 1]
@READ file("top.dat") using (NAME[int($0) + 1] = strcol(3), 0):(0) @INTO
W = 860; H = 400; LEFT = 100; RIGHT = 36; TOP = 74; BOTTOM = 62
TITLE = "A few tokens have nearly everything, most have next to nothing"
SUBTITLE = "all probabilities down to a billionth, the likeliest first; both axes in powers of ten"
XLABEL = "rank"; YLABEL = "probability"
@CHART
low = 1e-9
do for [i = 1:n] { low = P[i] > 1e-9 && P[i] < 1 ? P[i] : low }
set logscale xy
set xrange [0.9:R[n] * 1.3]; set yrange [low * 0.5:1.6]
set ytics ("1" 1, "10⁻²" 0.01, "10⁻⁴" 1e-4, "10⁻⁶" 1e-6, "10⁻⁸" 1e-8, "" 1e-10)
do for [i = 1:(k < 3 ? k : 3)] {
    set label fit(NAME[i], 120, 12) at first R[i] * 1.06, first P[i] * (i == 1 ? 1 : i == 2 ? 3 : 0.3) font mono(12) tc rgb INK front
}
plot file("sorted.dat") using 1:($2 > -9 ? 10 ** $2 : NaN) with linespoints pt 7 ps 0.35 lw 1.6 lc rgb SCORE_LINE notitle
