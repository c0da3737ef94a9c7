# Error against speed for the three kinds of weights.
# measured: kinds.dat limits.dat
load "figures/style.gp"
n = rows("kinds.dat"); array NAME[n + 1]; array BITS[n + 1]; array MS[n + 1]; array E[n + 1]
@READ file("kinds.dat") using (i = int($0) + 1, NAME[i] = strcol(1), BITS[i] = $2, MS[i] = $3, E[i] = $4, 0):(0) @INTO
most = 1.0
do for [i = 1:n] { most = MS[1] / MS[i] > most ? MS[1] / MS[i] : most }
W = 860; H = 340; LEFT = 124; RIGHT = 60; TOP = 74; BOTTOM = 62
TITLE = "Fewer bits are faster, and less exact"
SUBTITLE = "error of one of the model's products, compared with double; speed of one row with [768, 50257], on the machine that drew this"
XLABEL = "times as fast as float weights"; YLABEL = "error, relative to the result"
@CHART
set logscale y 10
set xrange [0:most + 0.7]; set yrange [1e-9:1]
set ytics ("0.00000001" 1e-8, "0.000001" 1e-6, "0.0001" 1e-4, "0.01" 1e-2, "1" 1)
set xtics 0.5
do for [i = 1:n] {
    set label sprintf("%s: %.1f times, error %.2g", NAME[i], MS[1] / MS[i], E[i]) at first MS[1] / MS[i], first E[i] * 4 center font bold(13) tc rgb INK front
    set label sprintf("%.4g bits per weight", BITS[i]) at first MS[1] / MS[i], first E[i] / 4 center font sans(12) tc rgb SOFT front
}
plot file("kinds.dat") using (MS[1] / $3):4 with points pt 7 ps 1.2 lc rgb BLOCK_LINE notitle
