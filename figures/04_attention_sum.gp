# The weighted sum: values, weights, values times weights, and their sum.
# data: tokens.dat facts.dat rows.dat asks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array P[n + 1]; array SHOWN[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (D = int($2), h = int($3), asks = int($5), 0):(0) @INTO
@READ file("asks.dat") using (P[int($1) + 1] = $3, 0):(0) @INTO
cols = D < 16 ? D : 16
array V[16 * n + 16]; array CONTEXT[17]; array REST[16]
larger(a, b) = a > b ? a : b
high = 1e-9
@READ file("rows.dat") using (i = int($2), V[i < cols ? 16 * int($1) + i + 1 : 16 * n + 16] = $5, \
    CONTEXT[int($1) == asks && i < cols ? i + 1 : 17] = $6, high = i < cols ? larger(high, abs($5)) : high, 0):(0) @INTO
most = 12
do for [i = 1:n] { SHOWN[i] = n <= most }
if (n > most) {
    do for [k = 1:most] {
        best = 0
        do for [i = 1:n] { if (!SHOWN[i] && (best == 0 || P[i] > P[best])) { best = i } }
        SHOWN[best] = 1
    }
}
rest = 0
do for [j = 1:cols] { REST[j] = 0 }
do for [i = 1:n] { if (!SHOWN[i]) { rest = rest + P[i]; do for [j = 1:cols] { REST[j] = REST[j] + P[i] * V[16 * (i - 1) + j] } } }
lines_ = n <= most ? n : most + 1
r = 30; top = 98; c = 16; left = 130; right = 524
W = 820; H = top + (lines_ + 1) * r + 36
TITLE = "The context is mostly the value with the largest weight"
SUBTITLE = fit(LABEL[asks + 1], 120, 13) . sprintf(" asks, in head %d of block 0; ", h) \
    . (cols < D ? sprintf("the first %d of %d numbers", cols, D) : plural(D, "number", "numbers"))
@CANVAS
set label "v, the value" at left, top - 16 font bold(13) tc rgb VALUE_TEXT
set label "weight" at 470, top - 16 right font bold(13) tc rgb SCORE_TEXT
set label "weight times value" at right, top - 16 font bold(13) tc rgb INK
row = 0
do for [i = 1:n + 1] {
    if (i <= n) { if (!SHOWN[i]) { continue } }
    if (i == n + 1 && n <= most) { continue }
    y = top + row * r; row = row + 1
    p = i <= n ? P[i] : rest
    size = i <= n ? shrink(LABEL[i], left - 34, 13, 11) : 13
    if (i <= n) {
        set label fit(LABEL[i], left - 32, size) at 20, y + 12 font mono(size) tc rgb TOKEN_TEXT
        set label "×" at 406, y + 12 center font sans(13) tc rgb SOFT
    } else {
        set label sprintf("… and %d more", n - most) at 20, y + 12 font sans(13) tc rgb SOFT
    }
    set label sprintf("%.1f %%", 100 * p) at 474, y + 12 right font bold(13) tc rgb SCORE_TEXT
    set label "=" at 498, y + 12 center font sans(13) tc rgb SOFT
    do for [j = 1:cols] {
        Y0 = y + 1; Y1 = y + r - 7; LINE = FAINT
        if (i <= n) {
            X0 = left + (j - 1) * c; X1 = X0 + c; FILL = sprintf("#%06x", signed(V[16 * (i - 1) + j] / high))
            @CELL
        }
        X0 = right + (j - 1) * c; X1 = X0 + c
        FILL = sprintf("#%06x", signed((i <= n ? p * V[16 * (i - 1) + j] : REST[j]) / high))
        @CELL
    }
}
y = top + row * r + 10
set arrow from right - 4, y - 6 to right + cols * c + 4, y - 6 nohead lw 1.5 lc rgb INK
set label "context, the sum" at 474, y + 12 right font bold(13) tc rgb CONTEXT_TEXT
do for [j = 1:cols] {
    X0 = right + (j - 1) * c; X1 = X0 + c; Y0 = y + 1; Y1 = y + r - 7; FILL = sprintf("#%06x", signed(CONTEXT[j] / high)); LINE = FAINT
    @CELL
}
X0 = right; X1 = right + cols * c; LINE = CONTEXT_LINE
@MARKED
@DONE
