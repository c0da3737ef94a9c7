# The shipped model and the four of GPT-2: their weights, and a full cache beside them.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array K[n + 1]; array L_[n + 1]; array C_[n + 1]; array N[n + 1]; array CACHE[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, K[i] = int($1), L_[i] = int($2), C_[i] = int($3), N[i] = $4, CACHE[i] = $5, 0):(0) @INTO
names(k) = k < 0 ? "this model" : word("small medium large XL", k + 1)
W = 860; r = 58; top = 84; H = top + n * r + 14; left = 170; room = 460.0
TITLE = "The same program, five sizes"
SUBTITLE = "megabytes of the weights (solid), and of the keys and values of a full context (hatched)"
@CANVAS
most = 1
do for [i = 1:n] { most = N[i] * 4 > most ? N[i] * 4 : most }
mega(b) = b < 1e7 ? sprintf("%.1f MB", b / 1e6) : sprintf("%.0f MB", b / 1e6)
do for [i = 1:n] {
    y = top + (i - 0.5) * r
    set label names(K[i]) at left - 12, y - 8 right font bold(13) tc rgb INK
    set label sprintf("L %d, C %d", L_[i], C_[i]) at left - 12, y + 9 right font sans(12) tc rgb SOFT
    X0 = left; X1 = left + room * N[i] * 4 / most + 1; Y0 = y - 20; Y1 = y + 1; FILL = FEED_FILL; LINE = FEED_LINE
    @CELL
    set label sprintf("%s, %.1f million numbers", mega(N[i] * 4), N[i] / 1e6) at X1 + 8, y - 10 font sans(12) tc rgb FEED_TEXT
    X1 = left + room * CACHE[i] / most + 1; Y0 = y + 3; Y1 = y + 17; FILL = KEY_FILL; LINE = KEY_LINE; HATCH = KEY_LINE
    @CELL
    @HATCHED
    set label mega(CACHE[i]) at X1 + 8, y + 10 font sans(12) tc rgb KEY_TEXT
}
@DONE
