# The eight rungs, on two matrices, with the multiply-add peak.
# measured: ladder.dat limits.dat shapes.dat
load "figures/style.gp"
n = 8; array NAME[10]; array A[10]; array B[10]
@READ file("ladder.dat") using (i = int($0) + 1, NAME[i] = strcol(1), A[i] = $2, B[i] = $3, 0):(0) @INTO
@READ file("limits.dat") using (PEAK = $1, ALL = $2, THREADS = $5, LANES = $6, 0):(0) @INTO
array I[2]; array O[2]
@READ file("shapes.dat") using (i = int($0) + 1, I[i] = $2, O[i] = $3, 0):(0) @INTO
low = PEAK
do for [i = 1:n] { low = A[i] < low ? A[i] : low; low = B[i] < low ? B[i] : low }
low = 10 ** floor(log10(low) - 0.02); high = ALL * 1.25
left = 176.0; right = 126.0; top = 92.0; r = 44.0; W = 860; H = int(top + n * r + 44)
at(v) = left + (W - left - right) * log10(v / low) / log10(high / low)
said(v) = v < 0.995 ? sprintf("%.2f", v) : v < 9.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
near(x) = (x < at(PEAK) + 2 && x > at(PEAK) - 32) || (x < at(ALL) + 2 && x > at(ALL) - 32)   # a number there would lie on a line
TITLE = sprintf("Eight rungs make the same product %.0f times as fast", A[n] / A[1])
SUBTITLE = sprintf("GFLOP/s on the machine that drew this, %d floats in a register; each line to the right is ten times as fast", LANES)
@CANVAS
v = low
while (v < high) {
    set arrow from at(v), top - 6 to at(v), H - 34 nohead lw 0.7 lc rgb FAINT back
    set label sprintf("%g", v) at at(v), H - 22 center font sans(12) tc rgb SOFT
    v = v * 10
}
do for [i = 1:n] {
    y = top + (i - 1) * r
    set label sprintf("%d  %s", i, NAME[i]) at 20, y + 16 font bold(13) tc rgb INK
    X0 = left; X1 = at(A[i]) > left + 2 ? at(A[i]) : left + 2; Y0 = y; Y1 = y + 15; FILL = VALUE_FILL; LINE = VALUE_LINE
    @CELL
    if (near(X1)) { set label said(A[i]) at X1 - 6, y + 8 right font sans(12) tc rgb VALUE_TEXT front
    } else { set label said(A[i]) at X1 + 6, y + 8 left font sans(12) tc rgb VALUE_TEXT front }
    X1 = at(B[i]) > left + 2 ? at(B[i]) : left + 2; Y0 = y + 17; Y1 = y + 32; FILL = STREAM_FILL; LINE = STREAM_LINE
    @CELL
    if (near(X1)) { set label said(B[i]) at X1 - 6, y + 25 right font sans(12) tc rgb STREAM_TEXT front
    } else { set label said(B[i]) at X1 + 6, y + 25 left font sans(12) tc rgb STREAM_TEXT front }
}
set arrow from at(PEAK), top - 10 to at(PEAK), top + 7 * r - 6 nohead lw 2 lc rgb SCORE_LINE front
set label sprintf("peak: %.0f", PEAK) at at(PEAK) + 6, top + 8 left font bold(12) tc rgb SCORE_TEXT front
set arrow from at(ALL), top + 7 * r - 6 to at(ALL), H - 34 nohead lw 2 lc rgb SCORE_LINE front
set label sprintf("on %s: %.0f", plural(int(THREADS), "thread", "threads"), ALL) at at(ALL) + 6, top + 7 * r + 16 left font bold(12) tc rgb SCORE_TEXT front
X0 = left; Y0 = 62; X1 = left + 14; Y1 = 74; FILL = VALUE_FILL; LINE = VALUE_LINE
@CELL
set label sprintf("[%d, %d], GPT-2 small's c_fc", I[1], O[1]) at left + 20, 68 font sans(12) tc rgb VALUE_TEXT
X0 = left + 226; X1 = left + 240; FILL = STREAM_FILL; LINE = STREAM_LINE
@CELL
set label sprintf("[%d, %d], this model's", I[2], O[2]) at left + 246, 68 font sans(12) tc rgb STREAM_TEXT
@DONE
