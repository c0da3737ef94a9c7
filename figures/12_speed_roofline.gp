# The roofline of the machine that drew it: rungs, and GPT-2 small's layers.
# measured: ladder.dat limits.dat layers.dat shapes.dat
load "figures/style.gp"
array A[10]
@READ file("ladder.dat") using (i = int($0) + 1, A[i] = $2, 0):(0) @INTO
@READ file("limits.dat") using (PEAK = $2, BAND = $4, THREADS = $5, 0):(0) @INTO
n = rows("layers.dat"); array NAME[n + 1]; array R[n + 1]; array X[n + 1]; array G[n + 1]
@READ file("layers.dat") using (i = int($0) + 1, NAME[i] = strcol(1), R[i] = $2, X[i] = $3, G[i] = $4, 0):(0) @INTO
@READ file("shapes.dat") every ::0::0 using (SR = $1, SI = $2, SO = $3, 0):(0) @INTO
XR = 2 * SR * SI * SO / 4 / (SR * SI + SI * SO + SR * SO)
low = A[1] < 1 ? 0.05 : 0.5
W = 860; H = 470; LEFT = 84; RIGHT = 40; TOP = 74; BOTTOM = 62
TITLE = "One row is limited by memory, many rows by the peak"
SUBTITLE = sprintf("the limits of the machine that drew this, %s (rungs 1 to 7: one); a matrix still in a cache can be above the slope", plural(int(THREADS), "thread", "threads"))
XLABEL = "operations per byte that must come from memory (each matrix once)"; YLABEL = "GFLOP/s"
@CHART
set logscale xy 10
set xrange [0.2:1000]; set yrange [low:PEAK * 3]
set format x "%g"; set format y "%g"
limit(x) = x * BAND < PEAK ? x * BAND : PEAK
knee = PEAK / BAND
set label sprintf("the peak: %.0f GFLOP/s", PEAK) at first 900, first PEAK * 1.45 right font bold(13) tc rgb SCORE_TEXT front
set label sprintf("memory: %.0f GB/s", BAND) at first 0.24, first 0.24 * BAND / 2.2 font bold(13) tc rgb SCORE_TEXT front
# Names beside the dots, in the dots' order, so far apart that they can be read.
slot(v) = 10 ** (log10(low) + v * (log10(PEAK * 3) - log10(low)))
array AT[n + 8]
do for [i = 1:8] { AT[i] = log10(A[i] / low) / log10(PEAK * 3 / low) }
do for [i = 2:8] { AT[i] = AT[i] < AT[i - 1] + 0.045 ? AT[i - 1] + 0.045 : AT[i] }
do for [i = 1:8] {
    set label sprintf("%d", i) at first XR * 2.1, first slot(AT[i]) left font bold(12) tc rgb VALUE_TEXT front
    set arrow from first XR * 2, first slot(AT[i]) to first XR * 1.1, first A[i] nohead lw 0.8 lc rgb VALUE_LINE front
}
set label "rungs" at first XR * 2.1, first slot(AT[1] - 0.06) left font sans(12) tc rgb VALUE_TEXT front
do for [many = 0:1] {
    least = 0.0; placed = -1.0; lowest = 1.0
    # From the slowest up: the next is the slowest that is faster than the last.
    do for [k = 1:n] {
        next = 0
        do for [i = 1:n] {
            if ((R[i] > 1) == many && G[i] > least && (next == 0 || G[i] < G[next > 0 ? next : 1])) { next = i }
        }
        if (next > 0) {
            least = G[next]
            v = log10(G[next] / low) / log10(PEAK * 3 / low) - (many ? 0.16 : 0.1)
            placed = v < placed + 0.05 ? placed + 0.05 : v
            lowest = placed < lowest ? placed : lowest
            if (many) {
                set label NAME[next] at first 34, first slot(placed) right font sans(12) tc rgb STREAM_TEXT front
                set arrow from first 36, first slot(placed) to first X[next] * 0.93, first G[next] nohead lw 0.8 lc rgb STREAM_LINE front
            } else {
                set label NAME[next] at first 1.6, first slot(placed) left font sans(12) tc rgb STREAM_TEXT front
                set arrow from first 1.5, first slot(placed) to first X[next] * 1.08, first G[next] nohead lw 0.8 lc rgb STREAM_LINE front
            }
        }
    }
    if (many) {
        set label sprintf("%d rows", int(SR)) at first 34, first slot(lowest - 0.06) right font bold(12) tc rgb STREAM_TEXT front
    } else {
        set label "one row" at first 1.6, first slot(lowest - 0.06) left font bold(12) tc rgb STREAM_TEXT front
    }
}
set samples 400
plot limit(x) with lines lw 3 lc rgb SCORE_LINE notitle, \
     for [i = 1:8] '+' using (XR):(A[i]) every ::0::0 with points pt 7 ps 1.1 lc rgb VALUE_LINE notitle, \
     for [i = 1:n] '+' using (X[i]):(G[i]) every ::0::0 with points pt 5 ps 1.0 lc rgb STREAM_LINE notitle
