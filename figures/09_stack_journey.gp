# The way up: tokens below, all blocks, the final norm, the likeliest next tokens above.
# data: tokens.dat rows.dat top.dat added.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
k = rows("top.dat"); array TOP_P[k + 1]; array TOP_LABEL[k + 1]
@READ file("top.dat") using (i = int($0) + 1, TOP_P[i] = $2, TOP_LABEL[i] = strcol(3), 0):(0) @INTO
L = rows("added.dat") / T
all = rows("rows.dat"); array V[all + 1]; C_ = 0
@READ file("rows.dat") using (V[int($0) + 1] = $4, C_ = int($3), 0):(0) @INTO
cells = all / (L + 2)
n = T > 8 ? 8 : T
r = L > 24 ? 14 : L > 12 ? 24 : 38; box = r - 12; box = box < 10 ? r - 4 : box
W = 860; top = 150; H = int(top + (L + 2) * r + (T > n ? 80 : 64)); base = H - (T > n ? 46 : 30)
left = 100; right = 506; step = (right - left) * 1.0 / n
TITLE = "The last token's row goes up through all blocks, and becomes a guess"
SUBTITLE = sprintf("read upward; a block is attention (cream), then feed-forward (blue); right: the last row, its first %d of %d numbers", cells, C_) \
    . (r > 16 ? "; ±: the darkest" : "")
@CANVAS
y(d) = base - 40 - d * r                # the middle of depth d: 0 embedding, l + 1 block l, L + 1 the final norm
column_(i) = left + (i - 0.5) * step
# Streams: behind the boxes.
do for [i = 1:n] {
    last = i == n
    X0 = column_(i) - (last ? 2.5 : 1); X1 = column_(i) + (last ? 2.5 : 1); Y0 = last ? y(L + 1) - box / 2.0 : y(L); Y1 = base - 10
    FILL = last ? STREAM_LINE : FAINT; LINE = FILL; THICK = 0.3
    @CELL
}
do for [d = 0:L + 1] {
    name = d == 0 ? "embedding" : d == L + 1 ? "final norm" : sprintf("block %d", d - 1)
    if (r > 16 || d == 0 || d > L - 1 || d % 4 == 1) {
        set label name at left - 12, y(d) right font sans(r > 16 ? 12 : 10) tc rgb INK front
    }
    X0 = left; X1 = right; THICK = 1
    if (d >= 1 && d <= L) {
        LINE = ATTENTION_LINE; FILL = ATTENTION_FILL; Y0 = y(d); Y1 = y(d) + box / 2.0
        @CELL
        LINE = FEED_LINE; FILL = FEED_FILL; Y0 = y(d) - box / 2.0; Y1 = y(d)
        @CELL
    } else {
        LINE = d == 0 ? TOKEN_LINE : PLAIN_LINE; FILL = PLAIN_FILL; Y0 = y(d) - box / 2.0 + 2; Y1 = y(d) + box / 2.0 - 2
        if (d == L + 1) { X0 = column_(n) - 40; X1 = column_(n) + 40; X1 = X1 > right ? right : X1; X0 = X0 < left ? left : X0 }
        @CELL
    }
    do for [i = 1:n] {
        if (d <= L || i == n) {
            set object circle at column_(i), y(d) size (i == n ? 4 : 2.5) front fillcolor rgb (i == n ? STREAM_LINE : RULE) fillstyle solid 1 noborder
        }
    }
    # The row: coloured on a scale of its own.
    largest = 1e-9
    do for [c = 1:cells] { v = abs(V[d * cells + c]); largest = v > largest ? v : largest }
    w = 15; LINE = FAINT; THICK = 0.6
    do for [c = 1:cells] {
        FILL = sprintf("#%06x", signed(V[d * cells + c] / largest))
        X0 = 540 + (c - 1) * w; X1 = X0 + w; Y0 = y(d) - (box > 20 ? 10 : box / 2.0 - 1); Y1 = y(d) + (box > 20 ? 10 : box / 2.0 - 1)
        @CELL
    }
    if (r > 16) { set label sprintf("±%.1f", largest) at 540 + cells * w + 8, y(d) font sans(11) tc rgb SOFT front }
}
# Tokens.
do for [i = 1:n] {
    token = LABEL[T - n + i]
    X0 = left + (i - 1) * step + 2; X1 = left + i * step - 2; Y0 = base - 10; Y1 = base + 16; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = i == n ? 2 : 1
    @CHIP
    size = shrink(token, step - 8, 12, 10)
    set label fit(token, step - 8, size) at column_(i), base + 3 center front font mono(size) tc rgb TOKEN_TEXT
}
if (T > n) { set label sprintf("the last %d of %d tokens", n, T) at left, base + 32 font sans(12) tc rgb SOFT }
# The answer.
shown = k > 4 ? 4 : k
set arrow from column_(n), y(L + 1) - box / 2.0 to column_(n), 122 head filled size screen 0.01, 20 lw 2 lc rgb STREAM_LINE front
set label "next token:" at 20, 98 font bold(13) tc rgb INK
x = 120
do for [i = 1:shown] {
    token = fit(TOP_LABEL[i], 100, 13)
    X0 = x; X1 = x + wide(token, 13) + 20; Y0 = 84; Y1 = 112; FILL = sprintf("#%06x", chance(TOP_P[i])); LINE = SCORE_LINE; THICK = i == 1 ? 2 : 1
    @CHIP
    set label token at (X0 + X1) / 2, 98 center front font mono(13) tc rgb ink(chance(TOP_P[i])) == 0 ? "#000000" : "#ffffff"
    p_ = TOP_P[i] < 0.0005 ? "<0.1 %" : sprintf("%.1f %%", 100 * TOP_P[i])
    set label p_ at X1 + 7, 98 font sans(12) tc rgb SCORE_TEXT
    x = X1 + 62
}
set label "…" at x, 98 font sans(13) tc rgb SOFT
@DONE
