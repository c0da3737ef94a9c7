# Where the last token looks, in each head: arcs back, as broad as the weight.
# data: tokens.dat facts.dat weights.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (T = int($1), H_ = int($3), 0):(0) @INTO
shown = H_ > 6 ? 6 : H_
from = T > 24 ? T - 24 : 0; k = T - from # of a long prompt the last 24 tokens
array P[shown * k + 1]; array EARLIER[shown + 1]
do for [i = 1:shown] { EARLIER[i] = 0 }
@READ file("weights.dat") using (h = int($1), t = int($2), s = int($3), \
    (h < shown && t == T - 1) ? (s >= from ? (P[h * k + s - from + 1] = $4) : (EARLIER[h + 1] = EARLIER[h + 1] + $4)) : 0, 0):(0) @INTO
left = 92; c = 760.0 / k; c = c > 92 ? 92 : c
longest = 20
do for [i = from + 1:T] { w = wide(LABEL[i], 12); longest = w > longest ? w : longest }
flat = longest + 6 <= c
longest = longest > 96 ? 96 : longest
high = k > 1 ? 74 : 30; r = high + 30
top = 78
W = int(left + k * c + 26); W = W < 520 ? 520 : W
H = int(top + shown * r + (flat ? 34 : longest + 16))
TITLE = "In each head, " . fit(LABEL[T], 160, 16) . " looks at different tokens"
SUBTITLE = "the thicker an arc, the more weight; numbers: weights of 5 % or more; framed: the token that asks" . (from ? "; the last 24 tokens" : "") \
    . (shown < H_ ? sprintf("; the first %d of %d heads", shown, H_) : "")
@CANVAS
x(i) = left + (i + 0.5) * c
y(h) = top + h * r + high
do for [h = 0:shown - 1] {
    set label sprintf("head %d", h) at left - 12, y(h) - 6 right font bold(13) tc rgb BLOCK_TEXT
    set arrow from left, y(h) to left + k * c, y(h) nohead back lw 1 lc rgb FAINT
    do for [i = 0:k - 1] {
        p = P[h * k + i + 1]
        fill_ = sprintf("#%06x", chance(p))
        set object circle at x(i), y(h) size 4.5 front fillcolor rgb fill_ fillstyle solid 1 border lc rgb SCORE_LINE
        if (p >= 0.0451) {
            set label sprintf("%.0f", 100 * p) at x(i), y(h) + 15 center front font sans(12) tc rgb SCORE_TEXT
        }
    }
    if (EARLIER[h + 1] >= 0.0451) {
        set label sprintf("earlier: %.0f", 100 * EARLIER[h + 1]) at left - 12, y(h) + 13 right font sans(12) tc rgb SCORE_TEXT
    }
}
w = flat ? wide(LABEL[T], 12) / 2 + 6 : 9
X0 = x(k - 1) - w; X1 = x(k - 1) + w; Y0 = top + shown * r + (flat ? 1 : 0); Y1 = top + shown * r + (flat ? 23 : longest + 8)
@ASKING
do for [i = 0:k - 1] {
    s = fit(LABEL[from + i + 1], 96, 12)
    if (flat) {
        set label s at x(i), top + shown * r + 12 center font mono(12) tc rgb TOKEN_TEXT
    } else {
        set label s at x(i), top + shown * r + 2 right rotate by 90 font mono(12) tc rgb TOKEN_TEXT
    }
}
lift(i) = 12 + (high - 14) * sqrt((k - 1.0 - i) / (k > 1 ? k - 1 : 1))
m = shown * k
plot for [j = 0:m - 1] [t = 0:1] '+' using (j % k < k - 1 && P[j + 1] >= 0.01 ? arc_x(x(j % k), x(k - 1), t) : NaN):(arc_y(y(int(j) / k), lift(j % k), t)) \
    with lines lw 0.4 + 7 * P[j + 1] lc rgb SCORE_LINE notitle
