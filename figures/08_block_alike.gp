# How alike the rows of all tokens are above the last block: with the shortcuts, and without.
# data: alike.dat tokens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(7), 0):(0) @INTO
c = 300.0 / T; c = c > 44 ? 44 : c
names = T <= 32; size = c > 16 ? 12 : c > 12 ? 11 : 10
room = names ? 92 : 20
W = 860; side = c * T; top = 100; H = int(top + side + 30); H = H < 200 ? 200 : H
gap = (W - 20 - 2 * (room + side)) / 2.0; gap = gap > 40 ? 40 : gap
TITLE = T > 1 ? "Without shortcuts, all rows end up alike" : "One token has nothing to be like"
SUBTITLE = "above the last block, cosine of two rows: orange 1, the same direction; white 0; blue −1"
@CANVAS
x0(p) = 20 + room + (p - 1) * (side + room + gap)
do for [p = 1:2] {
    set label (p == 1 ? "with the shortcuts" : "without") at x0(p), top - 22 font bold(13) tc rgb INK
    if (names) {
        do for [i = 1:T] { set label fit(LABEL[i], room - 12, size) at x0(p) - 8, top + (i - 0.5) * c right font mono(size) tc rgb INK }
    }
}
show = c >= 30
LOOK_ = c >= 12 ? CELLS : "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
f = file("alike.dat")
plot for [p = 1:2] f using (x0(p) + $2 * c):(top + $1 * c):(x0(p) + $2 * c):(x0(p) + ($2 + 1) * c):(top + $1 * c):(top + ($1 + 1) * c):(signed(column(2 + p))) @LOOK_, \
     for [p = 1:(show ? 2 : 0)] f using (x0(p) + ($2 + 0.5) * c):(top + ($1 + 0.5) * c):(sprintf("%.2f", column(2 + p))):(ink(signed(column(2 + p)))) @INKS
