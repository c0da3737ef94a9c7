# How long each token's row is, how long what the layer adds to it, and how many units are awake.
# data: tokens.dat
load "figures/style.gp"
n = rows("tokens.dat"); array AWAKE[n + 1]; array ROW[n + 1]; array ADDED[n + 1]; array LABEL[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, AWAKE[i] = $1, ROW[i] = $2, ADDED[i] = $3, LABEL[i] = strcol(4), 0):(0) @INTO
most = 60; shown = n > most ? most : n
r = shown > 24 ? 17 : 34; bar = shown > 24 ? 6 : 12; size = shown > 24 ? 11 : 14
top = 100; W = 860; H = top + shown * r + 16; left = 130; right = 120
longest = 0.1
do for [i = 1:shown] { longest = ROW[i] > longest ? ROW[i] : longest; longest = ADDED[i] > longest ? ADDED[i] : longest }
unit = (W - left - right - 50) / longest
TITLE = "The layer adds far more than was there"
SUBTITLE = "the length of each token's row, and of what the layer adds to it" \
    . (shown < n ? sprintf("; %d of %d tokens", shown, n) : "")
@CANVAS
X0 = left; X1 = X0 + 22; Y0 = top - 30; Y1 = Y0 + 14; FILL = PLAIN_FILL; LINE = PLAIN_LINE
@CELL
set label "above: the row, h.0.mid" at X1 + 8, Y0 + 7 font sans(13) tc rgb INK
X0 = left + 220; X1 = X0 + 22; FILL = FEED_FILL; LINE = FEED_LINE
@CELL
set label "below: added, h.0.mlp.c_proj" at X1 + 8, Y0 + 7 font sans(13) tc rgb FEED_TEXT
set label "units awake" at W - 24, top - 23 right font bold(13) tc rgb SOFT
do for [i = 1:shown] {
    y = top + (i - 0.5) * r
    set label fit(LABEL[i], left - 24, size) at left - 8, y right font mono(size) tc rgb TOKEN_TEXT
    X0 = left; X1 = left + ROW[i] * unit; Y0 = y - bar; Y1 = y; FILL = PLAIN_FILL; LINE = PLAIN_LINE
    @CELL
    set label sprintf("%.1f", ROW[i]) at X1 + 6, y - bar / 2.0 font sans(shown > 24 ? 9 : 11) tc rgb INK
    X1 = left + ADDED[i] * unit; Y0 = y; Y1 = y + bar; FILL = FEED_FILL; LINE = FEED_LINE
    @CELL
    set label sprintf("%.1f", ADDED[i]) at X1 + 6, y + bar / 2.0 font sans(shown > 24 ? 9 : 11) tc rgb FEED_TEXT
    set label sprintf("%.0f %%", AWAKE[i]) at W - 24, y right font sans(size) tc rgb INK
}
@DONE
