# How long the vector is that each head adds, for each token.
# data: tokens.dat facts.dat length.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (T = int($1), H_ = int($3), 0):(0) @INTO
most = 1e-9
@READ file("length.dat") using (most = $3 > most ? $3 : most, 0):(0) @INTO
left = 92; c = 740.0 / T; c = c > 76 ? 76 : c
r = H_ > 12 ? 22 : 34; bare = c < 30
longest = 20
do for [i = 1:n] { w = wide(LABEL[i], 12); longest = w > longest ? w : longest }
flat = longest + 6 <= c
longest = longest > 96 ? 96 : longest
each = c < 12 ? int(ceil(12 / c)) : 1
top = 70 + (flat ? 18 : longest + 6)
W = int(left + T * c + 26); W = W < 520 ? 520 : W
H = int(top + H_ * r + 24)
TITLE = "The heads add different amounts"
SUBTITLE = "the length of what each head adds to a token's row" . (bare ? sprintf("; white 0 to orange %.1f", most) : "")
@CANVAS
do for [i = 0:T - 1:each] {
    s = fit(LABEL[i + 1], 96, 12)
    if (flat) {
        set label s at left + (i + 0.5) * c, top - 11 center font mono(12) tc rgb TOKEN_TEXT
    } else {
        set label s at left + (i + 0.5) * c, top - 6 left rotate by 90 font mono(12) tc rgb TOKEN_TEXT
    }
}
do for [h = 0:H_ - 1] {
    set label sprintf("head %d", h) at left - 10, top + (h + 0.5) * r right font sans(13) tc rgb INK
}
f = file("length.dat")
v(l) = l / most * 0.75
if (bare) {
    plot f using (left + $1 * c):(top + $2 * r):(left + $1 * c):(left + ($1 + 1) * c):(top + $2 * r):(top + ($2 + 1) * r):(signed(v($3))) @CELLS
} else {
    plot f using (left + $1 * c):(top + $2 * r):(left + $1 * c):(left + ($1 + 1) * c):(top + $2 * r):(top + ($2 + 1) * r):(signed(v($3))) @CELLS, \
         f using (left + ($1 + 0.5) * c):(top + ($2 + 0.5) * r):(sprintf(c < 40 ? "%.1f" : "%.2f", $3)):(ink(signed(v($3)))) @INKS
}
