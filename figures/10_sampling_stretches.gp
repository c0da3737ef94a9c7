# All tokens end to end, in the order of their ids; the first numbers of the seed fall on them.
# data: stretches.dat drawn.dat left.dat
load "figures/style.gp"
n = rows("stretches.dat"); array S[n]; array P[n]; array NAME[n]
@READ file("stretches.dat") using (i = int($0) + 1, S[i] = $1, P[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
m = rows("drawn.dat"); array U[m]; array HIT[m]
@READ file("drawn.dat") using (i = int($0) + 1, U[i] = $1, HIT[i] = strcol(2), 0):(0) @INTO
array HOW[6]
@READ file("left.dat") using (HOW[int($0) + 1] = strcol(4), 0):(0) @INTO
W = 860; r = 27; top = 96; H = int(top + 60 + m * r + 24)
TITLE = "A number from 0 to 1 picks a token"
SUBTITLE = HOW[6] . ": " . plural(n, "token", "tokens") . " in the order of their ids, each as long as its probability; dots: the seed's first numbers"
@CANVAS
left = 60; room = W - left - 150.0
do for [i = 1:n] {
    if (P[i] * room >= 0.35) {
        X0 = left + S[i] * room; X1 = left + (S[i] + P[i]) * room; Y0 = top; Y1 = top + 34; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = P[i] * room < 4 ? 0.4 : 1
        @CELL
        size = shrink(NAME[i], P[i] * room - 4, 13, 10)
        if (wide(NAME[i], size) <= P[i] * room - 2) {
            set label NAME[i] at (X0 + X1) / 2, top + 17 center front font mono(size) tc rgb INK
        }
    }
}
THICK = 1
set label "0" at left, top - 12 center font sans(12) tc rgb SOFT
set label "1" at left + room, top - 12 center font sans(12) tc rgb SOFT
do for [i = 1:m] {
    y = top + 60 + (i - 1) * r; x = left + U[i] * room
    set arrow from left, y to left + room, y nohead lw 0.6 lc rgb FAINT back
    set arrow from x, y to x, top + 35 head filled size screen 0.006, 22 lw 1 lc rgb RULE front
    set object circle at x, y size 4 front fillcolor rgb INK fillstyle solid 1 noborder
    set label sprintf("%d.", i) at left - 12, y right font sans(12) tc rgb SOFT
    set label sprintf("u = %.4f", U[i]) at left + room + 10, y font sans(11) tc rgb SOFT
    set label fit(HIT[i], 60, 12) at left + room + 82, y font mono(12) tc rgb INK
}
@DONE
