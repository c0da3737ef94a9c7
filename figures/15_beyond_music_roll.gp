# A tune that the model wrote, and where one head looks when it plays a bar again.
# data: music_notes.dat music_phrases.dat music_looks.dat
load "figures/style.gp"
n = rows("music_notes.dat"); p = rows("music_phrases.dat"); k = rows("music_looks.dat")
array S[n + 1]; array D[n + 1]; array P[n + 1]; array H_[n + 1]
@READ file("music_notes.dat") using (i = int($0) + 1, S[i] = $1, D[i] = $2, P[i] = $3, H_[i] = $4, 0):(0) @INTO
array A[p + 1]; array B[p + 1]; array N[p + 1]
@READ file("music_phrases.dat") using (i = int($0) + 1, A[i] = $1, B[i] = $2, N[i] = strcol(3), 0):(0) @INTO
array F[k + 1]; array G[k + 1]; array Q[k + 1]
if (k > 0) { @READ file("music_looks.dat") using (i = int($0) + 1, F[i] = $1, G[i] = $2, Q[i] = $3, 0):(0) @INTO
}
last = 1; low = 127; high = 0
do for [i = 1:n] {
    last = S[i] + D[i] > last ? S[i] + D[i] : last
    if (H_[i] == 0) { low = P[i] < low ? P[i] : low; high = P[i] > high ? P[i] : high }
}
W = 860; H = 470
TITLE = "When a bar comes again, this head looks back at the earlier one"
SUBTITLE = "a tune by the model: flute in green, harp below; arcs: from a bar back to where it was first played, with the head's weight on it"
@CANVAS
left = 56; wide = (W - left - 20.0) / last
x(t) = left + t * wide
top = 250; unit = 130.0 / (high - low + 1)
y(q) = top + (high - q) * unit
base = top + 152; harp = 44.0 / 24
do for [i = 1:p] {
    X0 = x(A[i]); X1 = x(B[i]); Y0 = top - 30; Y1 = base + 50
    FILL = i % 2 ? PLAIN_FILL : ROOM_FILL; LINE = ROOM_LINE
    @CELL
    set label N[i] at x(A[i]) + 8, top - 17 left font bold(15) tc rgb INK front
}
do for [i = 1:n] {
    if (D[i] > 0) {
        X0 = x(S[i]) + 0.7; X1 = x(S[i] + D[i]) - 0.7
        FILL = TOKEN_FILL; LINE = TOKEN_LINE
        if (H_[i] == 0) { Y0 = y(P[i]); Y1 = y(P[i]) + (unit > 4 ? unit : 4); FILL = TOKEN_LINE }
        if (H_[i] == 1) { Y0 = base + (56 - P[i]) * harp; Y1 = Y0 + 3.5 }
        @CELL
    }
}
set label "flute" at left - 8, top + 60 right font sans(12) tc rgb SOFT front
set label "harp" at left - 8, base + 22 right font sans(12) tc rgb SOFT front
set label "phrase" at left - 8, top - 17 right font sans(12) tc rgb SOFT front
tall(i) = 30 + 125.0 * (F[i] - G[i]) / last
do for [i = 1:k] {
    set label percent(Q[i]) at (x(F[i]) + x(G[i])) / 2, top - 40 - tall(i) + (i % 2 ? -2 : -14) center font sans(10) tc rgb SCORE_TEXT front
}
plot for [i = 1:k] [t = 0:1] '+' using (arc_x(x(G[i]) + 4, x(F[i]) + 4, t)):(arc_y(top - 32, tall(i), t)) \
    with lines lw 0.5 + 4 * Q[i] lc rgb SCORE_LINE notitle, NaN notitle
