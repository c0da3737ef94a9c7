# How much each half of each block adds to each token's row.
# data: tokens.dat added.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
all = rows("added.dat"); L = all / T; most = 1e-9
array A[all + 1]; array F[all + 1]
@READ file("added.dat") using (i = int($0) + 1, A[i] = $3, F[i] = $4, 0):(0) @INTO
do for [i = 1:all] { most = A[i] > most ? A[i] : most; most = F[i] > most ? F[i] : most }
W = 860; left = 128; c = (W - left - 20.0 - L * 4) / (2 * L); c = c > 60 ? 60 : c
r = T > 30 ? 16 : 28; top = 118; H = int(top + T * r + 22)
TITLE = "How much each half of each block adds"
SUBTITLE = sprintf("the length of what attention (a) and feed-forward (f) add to each token's row; the pinkest: %.1f", most)
@CANVAS
x(l, half) = left + l * (2 * c + 4) + half * c
do for [l = 0:L - 1] {
    if (L <= 16 || l % 4 == 0) {
        set label (c > 30 ? sprintf("block %d", l) : sprintf("%d", l)) at x(l, 1), top - 34 center font bold(12) tc rgb INK
    }
    do for [h = 0:1] {
        X0 = x(l, h); X1 = X0 + c; Y0 = top - 22; Y1 = top - 4; FILL = h ? FEED_FILL : ATTENTION_FILL; LINE = h ? FEED_LINE : ATTENTION_LINE; THICK = 0.8
        @CELL
        if (c >= 10) { set label (h ? "f" : "a") at x(l, h) + c / 2, top - 13 center front font bold(12) tc rgb (h ? FEED_TEXT : ATTENTION_TEXT) }
    }
}
do for [t = 1:T] {
    size = T > 30 ? 10 : 12
    set label fit(LABEL[t], 100, size) at left - 10, top + (t - 0.5) * r right font mono(size) tc rgb INK
}
f = file("added.dat")
show = c >= 34 && r >= 24 ? 1 : -1
shade(v) = chance(0.85 * v / most)
plot for [h = 0:1] f using (x($2, h)):(top + $1 * r):(x($2, h)):(x($2, h) + c):(top + $1 * r):(top + ($1 + 1) * r):(shade(column(3 + h))) @CELLS, \
     for [h = 0:show] f using (x($2, h) + c / 2):(top + ($1 + 0.5) * r):(sprintf("%.1f", column(3 + h))):(ink(shade(column(3 + h)))) @INKS
