# Registers, caches, memory, to a scale of factors of ten; and what of the three matrices is where.
# measured: caches.dat limits.dat
load "figures/style.gp"
n = rows("caches.dat"); array S[n + 1]; array U[n + 1]
@READ file("caches.dat") using (i = int($0) + 1, S[i] = $1, U[i] = $2, 0):(0) @INTO
array NAME[5] = ["registers", "first cache", "second cache", "third cache", "memory"]
array HOLDS[5] = ["a tile of sums", "a strip of w", "a block of rows of x", "strips of w", "x, w and y, whole"]
bytes(x) = x < 1000 ? sprintf("%.0f B", x) : x < 9.95e3 ? sprintf("%.1f kB", x / 1e3) : x < 9.995e5 ? sprintf("%.0f kB", x / 1e3) : x < 9.95e6 ? sprintf("%.1f MB", x / 1e6) : x < 9.995e8 ? sprintf("%.0f MB", x / 1e6) : sprintf("%.0f GB", x / 1e9)
left = 140.0; right = 24.0; top = 76.0; r = 56.0; W = 860; H = int(top + n * r + 40)
at(v) = left + (W - left - right) * log10(v / 100.0) / log10(2e10 / 100)
TITLE = "What is used most often is kept nearest"
SUBTITLE = "bytes, each line to the right a hundred times as many: how much room there is, and how much of it the product takes"
@CANVAS
do for [k = 2:10:2] {
    set arrow from at(10.0 ** k), top - 8 to at(10.0 ** k), H - 34 nohead lw 0.7 lc rgb FAINT back
    set label bytes(10.0 ** k) at at(10.0 ** k), H - 22 center font sans(11) tc rgb SOFT
}
do for [i = 1:n] {
    y = top + (i - 1) * r
    set label NAME[i] at left - 12, y + 13 right font bold(13) tc rgb INK
    set label (i == n ? "a few GB" : bytes(S[i])) at left - 12, y + 31 right font sans(12) tc rgb SOFT
    X0 = left; X1 = at(S[i]); Y0 = y; Y1 = y + 42; FILL = ROOM_FILL; LINE = ROOM_LINE
    @CELL
    X1 = at(U[i]); Y0 = y + 5; Y1 = y + 37
    FILL = i == 1 ? SCORE_FILL : i == 3 ? TOKEN_FILL : i == 5 ? STREAM_FILL : BLOCK_FILL
    LINE = i == 1 ? SCORE_LINE : i == 3 ? TOKEN_LINE : i == 5 ? STREAM_LINE : BLOCK_LINE
    @CELL
    said = sprintf("%s: %s", HOLDS[i], bytes(U[i]))
    if (X1 - X0 > 7.4 * strlen(said)) { set label said at X0 + 8, y + 21 font sans(12) tc rgb INK front
    } else { set label said at (X1 > at(S[i]) ? X1 : at(S[i])) + 8, y + 21 font sans(12) tc rgb INK front }
}
@DONE
