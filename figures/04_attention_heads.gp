# The row of the token that asks, in every head of the block.
# data: tokens.dat facts.dat heads.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (h = int($3), heads = int($4), asks = int($5), 0):(0) @INTO
heaviest = 1e-9
@READ file("heads.dat") using (heaviest = $3 > heaviest ? $3 : heaviest, 0):(0) @INTO
left = 92; c = 740.0 / n; c = c > 76 ? 76 : c
r = heads > 12 ? 22 : 32
size = c < 12 ? 10 : 12; each = c < 12 ? ceil(12 / c) : 1
bare = c < 22                            # no room for numbers
full = bare ? heaviest : 1               # the weight that is drawn in full pink
flat = 1; longest = 20
do for [i = 1:n] { w = wide(LABEL[i], 12); flat = w + 6 > c ? 0 : flat; longest = w > longest ? w : longest }
longest = longest > 100 ? 100 : longest
room = flat ? 18 : longest + 6
top = 66 + room
W = int(left + n * c + 26); W = W < 560 ? 560 : W
H = int(top + heads * r + 22)
TITLE = heads > 1 ? "Each head divides its attention differently" : "One head"
SUBTITLE = "the weights that " . fit(LABEL[asks + 1], 120, 13) . " gives, " . (bare ? sprintf("white 0 to pink %.0f %%", 100 * full) : "in per cent") \
    . sprintf("; framed: head %d, shown above", h)
@CANVAS
do for [i = 0:n - 1] {
    if (i % each == 0) {
        s = fit(LABEL[i + 1], 100, size)
        if (flat) {
            set label s at left + (i + 0.5) * c, top - 11 center font mono(size) tc rgb TOKEN_TEXT
        } else {
            set label s at left + (i + 0.5) * c, top - 6 left rotate by 90 font mono(size) tc rgb TOKEN_TEXT
        }
    }
}
do for [i = 0:heads - 1] {
    set label sprintf("head %d", i) at left - 10, top + (i + 0.5) * r right font sans(13) tc rgb INK
}
X0 = left; X1 = left + n * c; Y0 = top + h * r; Y1 = Y0 + r; 
@ASKING
f = file("heads.dat")
x(s) = left + s * c; y(i) = top + i * r
number(t) = bare ? "" : t
plot f using (x($2)):(y($1)):(x($2)):(x($2 + 1)):(y($1)):(y($1 + 1)):(chance($3 / full)) @CELLS, \
     f using (x($2 + 0.5)):(y($1 + 0.5)):(number(sprintf("%.0f", 100 * $3))):(ink(chance($3 / full))) @INKS
