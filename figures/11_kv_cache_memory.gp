# What the cache takes beside the weights, for the whole context.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array NAME[n + 1]; array ROOM[n + 1]; array CACHE[n + 1]; array FILE[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, NAME[i] = strcol(1), ROOM[i] = int($2), CACHE[i] = $3, FILE[i] = $4, 0):(0) @INTO
bytes(x) = x < 9.995e5 ? sprintf("%.0f kB", x / 1e3) : x < 9.95e6 ? sprintf("%.1f MB", x / 1e6) : x < 9.995e8 ? sprintf("%.0f MB", x / 1e6) : sprintf("%.2f GB", x / 1e9)
most = 1
do for [i = 1:n] { most = FILE[i] > most ? FILE[i] : most; most = CACHE[i] > most ? CACHE[i] : most }
top = 84; r = 62; W = 860; H = int(top + n * r + 14); left = 150.0; right = 110.0
TITLE = "For one text, the cache is much smaller than the weights"
SUBTITLE = "the weights (w), and keys and values of the whole context (c), four bytes per number"
@CANVAS
do for [i = 1:n] {
    y = top + (i - 1) * r
    set label NAME[i] at 20, y + 14 font bold(13) tc rgb INK
    set label sprintf("%d tokens", ROOM[i]) at 20, y + 34 font sans(12) tc rgb SOFT
    X0 = left; X1 = left + (FILE[i] / most * (W - left - right) > 2 ? FILE[i] / most * (W - left - right) : 2); Y0 = y; Y1 = y + 22; FILL = PLAIN_FILL; LINE = PLAIN_LINE; THICK = 1
    @CELL
    set label "w  " . bytes(FILE[i]) at X1 + 8, y + 11 font sans(13) tc rgb INK
    half = CACHE[i] / most * (W - left - right) / 2; half = half < 1 ? 1 : half
    X1 = left + half; Y0 = y + 24; Y1 = y + 42; FILL = KEY_FILL; LINE = KEY_LINE
    @CELL
    X0 = left + half; X1 = left + 2 * half; FILL = VALUE_FILL; LINE = VALUE_LINE
    @CELL
    set label sprintf("c  %s, half keys and half values", bytes(CACHE[i])) at X1 + 8, y + 33 font sans(13) tc rgb KEY_TEXT
}
@DONE
