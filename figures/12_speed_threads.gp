# Which thread worked on which block of rows, and when.
# measured: threads.dat limits.dat
load "figures/style.gp"
@READ file("limits.dat") using (THREADS = $5, 0):(0) @INTO
n = rows("threads.dat"); array WHO[n + 1]; array A[n + 1]; array B[n + 1]
@READ file("threads.dat") using (i = int($0) + 1, WHO[i] = $2, A[i] = $3, B[i] = $4, 0):(0) @INTO
m = int(THREADS) > 16 ? 16 : int(THREADS)
last = 1e-9; array BUSY[m + 1]; array END[m + 1]
do for [k = 1:m] { BUSY[k] = 0; END[k] = 0 }
do for [i = 1:n] { last = B[i] > last ? B[i] : last; k = int(WHO[i]) + 1; if (k <= m) { BUSY[k] = BUSY[k] + B[i] - A[i]; END[k] = B[i] > END[k] ? B[i] : END[k] } }
r = m > 8 ? 26.0 : 44.0; top = 76.0; left = 96.0; right = 80.0; W = 860; H = int(top + m * r + 48)
at(t) = left + (W - left - right) * t / last
TITLE = m > 1 ? "A thread that is done takes the next block" : "One thread does all the blocks"
SUBTITLE = sprintf("rung 6 in %d blocks of up to 24 rows (rung 8's are larger), over time, on the machine that drew this; per cent: time at work", n)
@CANVAS
do for [k = 1:m] {
    y = top + (k - 1) * r
    set label sprintf("thread %d", k - 1) at left - 10, y + r / 2 - 4 right font bold(12) tc rgb INK
    X0 = left; X1 = at(last); Y0 = y; Y1 = y + r - 8; FILL = ROOM_FILL; LINE = ROOM_LINE
    @CELL
    set label sprintf("%.0f %%", 100 * BUSY[k] / last) at at(last) + 8, y + r / 2 - 4 font sans(12) tc rgb INK
}
do for [i = 1:n] {
    k = int(WHO[i]) + 1
    if (k <= m) {
        X0 = at(A[i]); X1 = at(B[i]); Y0 = top + (k - 1) * r; Y1 = Y0 + r - 8; FILL = VALUE_FILL; LINE = VALUE_LINE
        @CELL
        if (X1 - X0 > 16) { set label sprintf("%d", i - 1) at (X0 + X1) / 2, (Y0 + Y1) / 2 center font sans(11) tc rgb INK front }
    }
}
do for [q = 0:4] { set label sprintf("%.0f", last * q / 4) at at(last * q / 4.0), H - 30 center font sans(11) tc rgb SOFT }
set label "milliseconds" at (left + at(last)) / 2, H - 12 center font sans(12) tc rgb SOFT
@DONE
