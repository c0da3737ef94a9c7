# Why a dozen sums: latency and throughput; and what was measured for 1 to 12.
# measured: sums.dat limits.dat
load "figures/style.gp"
n = rows("sums.dat"); array S[n + 1]; array G[n + 1]
@READ file("sums.dat") using (i = int($0) + 1, S[i] = $1, G[i] = $2, 0):(0) @INTO
W = 860; H = 392
TITLE = "One sum waits for itself; many keep the processor busy"
SUBTITLE = "a multiply-add takes 4 steps, and 2 can begin in each (as in many processors); right: measured where this was drawn"
@CANVAS
step = 34.0; left = 66.0
do for [t = 0:12] {
    set arrow from left + t * step, 84 to left + t * step, 350 nohead lw 0.6 lc rgb FAINT back
    if (t % 4 == 0) { set label sprintf("%d", t) at left + t * step, 362 center font sans(11) tc rgb SOFT }
}
set label "step" at left - 8, 362 right font sans(11) tc rgb SOFT
set label "1 sum" at left - 10, 98 right font bold(12) tc rgb INK
do for [k = 0:2] {
    X0 = left + k * 4 * step + 1; X1 = left + (k + 1) * 4 * step - 1; Y0 = 89; Y1 = 107; FILL = SCORE_FILL; LINE = SCORE_LINE
    @CELL
    set label "multiply-add" at (X0 + X1) / 2, 98 center font sans(11) tc rgb SCORE_TEXT front
}
set label "8 sums" at left - 10, 142 right font bold(12) tc rgb INK
do for [s = 0:7] {
    first = int(s / 2)
    do for [k = 0:2] {
        a = first + 4 * k; b = a + 4 > 12 ? 12 : a + 4
        if (a < 12) {
            X0 = left + a * step + 1; X1 = left + b * step - 1; Y0 = 131 + s * 27; Y1 = Y0 + 19; FILL = VALUE_FILL; LINE = VALUE_LINE
            @CELL
        }
    }
}
left2 = 570.0; base = 340.0; high = 230.0; most = 1
do for [i = 1:n] { most = G[i] > most ? G[i] : most }
set label "GFLOP/s, measured" at left2, 92 font bold(12) tc rgb INK
do for [i = 1:n] {
    X0 = left2 + (i - 1) * 33; X1 = X0 + 24; Y1 = base; Y0 = base - high * G[i] / most; FILL = VALUE_FILL; LINE = VALUE_LINE
    @CELL
    set label sprintf(G[i] < 9.95 ? "%.1f" : "%.0f", G[i]) at X0 + 12, Y0 - 9 center font sans(11) tc rgb VALUE_TEXT front
    set label sprintf("%d", S[i]) at X0 + 12, base + 12 center font sans(12) tc rgb INK
}
set label "sums at once" at left2 + n * 33 / 2.0, base + 34 center font sans(12) tc rgb SOFT
@DONE
