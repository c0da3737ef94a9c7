# The logit lens: behind each token and at each depth, the likeliest next token.
# data: tokens.dat lens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
all = rows("lens.dat"); D = all / T; array P[all + 1]; array BEST[all + 1]
@READ file("lens.dat") using (i = int($0) + 1, P[i] = $3, BEST[i] = strcol(4), 0):(0) @INTO
n = D > 9 ? 9 : D
W = 860; left = 128; w = (W - left - 20.0) / n; w = w > 120 ? 120 : w
r = T > 30 ? 20 : 28; size0 = T > 30 ? 11 : 13; top = 106; H = int(top + T * r + 24)
TITLE = "Read to the right: what was read turns into what comes next"
SUBTITLE = "the likeliest next token after each token, if the model stopped there; pinker is more certain; dark frame: it does come next"
@CANVAS
depth(i) = n > 1 ? int((i - 1) * (D - 1) / (n - 1)) : 0
set label "token" at left - 12, top - 16 right font bold(12) tc rgb INK
do for [i = 1:n] {
    d = depth(i)
    set label (d == 0 ? "embedding" : d == D - 1 ? sprintf("block %d (top)", d - 1) : sprintf("block %d", d - 1)) at left + (i - 0.5) * w, top - 16 center font (d == D - 1 ? bold(12) : sans(12)) tc rgb INK
}
do for [t = 1:T] {
    y = top + (t - 1) * r
    X0 = 20; X1 = left - 8; Y0 = y + 2; Y1 = y + r - 2; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
    @CHIP
    size = shrink(LABEL[t], 92, size0, 10)
    set label fit(LABEL[t], 92, size) at (X0 + X1) / 2, y + r / 2.0 center front font mono(size) tc rgb TOKEN_TEXT
    do for [i = 1:n] {
        k = (t - 1) * D + depth(i) + 1
        X0 = left + (i - 1) * w + 1; X1 = X0 + w - 2; Y0 = y + 1; Y1 = y + r - 1
        FILL = sprintf("#%06x", chance(P[k])); LINE = FAINT; THICK = 0.7
        @CELL
        if (t < T && BEST[k] eq LABEL[t + 1]) {
            LINE = INK; X0 = X0 + 1; X1 = X1 - 1; Y0 = Y0 + 1; Y1 = Y1 - 1
            @MARKED
        }
        size = shrink(BEST[k], w - 12, size0, 10)
        set label fit(BEST[k], w - 10, size) at left + (i - 0.5) * w, y + r / 2.0 center front font mono(size) tc rgb (ink(chance(P[k])) == 0 ? "#000000" : "#ffffff")
    }
}
@DONE
