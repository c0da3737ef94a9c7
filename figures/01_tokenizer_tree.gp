# The merges of one pre-token as a tree over its bytes; the lower, the earlier.
# data: tree.dat
load "figures/style.gp"
n = rows("tree.dat")
array X[n + 1]; array Y[n + 1]; array PX[n + 1]; array PY[n + 1]; array RANK[n + 1]; array LONG[n + 1]; array LABEL[n + 1]
@READ file("tree.dat") using (i = int($0) + 1, X[i] = $1, Y[i] = int($2), PX[i] = $3, PY[i] = int($4), \
    RANK[i] = int($5), LONG[i] = int($6), LABEL[i] = strcol(7), 0):(0) @INTO
steps = 0; bytes = 0; roots = 0; c = 56; size = 14
do for [i = 1:n] {
    steps = PY[i] > steps ? PY[i] : steps
    bytes = X[i] + LONG[i] / 2.0 > bytes ? int(X[i] + LONG[i] / 2.0 + 0.1) : bytes
    roots = RANK[i] < 0 ? roots + 1 : roots
}
left = 124; c = 640.0 / bytes; c = c > 72 ? 72 : c < 23 ? 23 : c
W = int(left + c * bytes + 24); W = W < 560 ? 560 : W
r = steps > 14 ? 34 : 44; top = 76
H = top + (steps + 1) * r + 4
x(v) = left + v * c
y(h) = top + (steps - h) * r + 16
TITLE = "The same merges as a tree"
SUBTITLE = "bytes below, " . (roots == 1 ? "the finished token" : sprintf("%d finished tokens", roots)) \
    . " green; the lower a merge, the earlier it was made"
@CANVAS
array RANK_AT[steps + 1]
do for [s = 1:steps + 1] { RANK_AT[s] = -1 }
do for [i = 1:n] { if (RANK[i] >= 0) { RANK_AT[PY[i]] = RANK[i] } }
do for [s = 1:steps] {
    if (RANK_AT[s] >= 0) {
        set label sprintf("rank %d", RANK_AT[s]) at 20, y(s) font bold(13) tc rgb INK
        set arrow from 108, y(s) to W - 20, y(s) nohead back lw 0.7 dt (2, 4) lc rgb RULE
    }
}
set label "bytes" at 20, y(0) font sans(13) tc rgb INK
do for [i = 1:n] {
    if (RANK[i] >= 0) {
        set arrow from x(X[i]), y(Y[i]) to x(X[i]), y(PY[i]) nohead back lw 2 lc rgb TOKEN_LINE
        set arrow from x(X[i]), y(PY[i]) to x(PX[i]), y(PY[i]) nohead back lw 2 lc rgb TOKEN_LINE
    }
    s = LABEL[i]
    s = Y[i] == 0 && wide(s, size) > c - 6 && strlen(s) == 4 && s[1:2] eq "\\x" ? s[3:4] : s
    room = LONG[i] * c - 4
    small = shrink(s, room - 8, size, 11)
    s = fit(s, room - 2 > 24 || Y[i] > 0 ? (room > 40 ? room - 4 : 40) : room, small)
    half = wide(s, small) / 2 + 6
    half = half < 12 ? 12 : half
    half = Y[i] == 0 && half > c / 2 - 1 ? c / 2 - 1 : half
    X0 = x(X[i]) - half; X1 = x(X[i]) + half; Y0 = y(Y[i]) - 13; Y1 = y(Y[i]) + 13
    FILL = RANK[i] < 0 ? TOKEN_FILL : PLAIN_FILL
    LINE = RANK[i] < 0 || Y[i] > 0 ? TOKEN_LINE : PLAIN_LINE; THICK = RANK[i] < 0 ? 2.5 : 1
    @CHIP
    set label s at x(X[i]), y(Y[i]) center front font mono(small) tc rgb RANK[i] < 0 ? TOKEN_TEXT : INK
}
@DONE
