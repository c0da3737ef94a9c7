# What a step computes, and what it finds: the first tokens, one after the other.
# data: tokens.dat cells.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
array FACT[3]
@READ file("facts.dat") using (FACT[1] = $3, FACT[2] = $7, FACT[3] = $8, 0):(0) @INTO
D = int(FACT[1]); cells = D < 6 ? D : 6
all = rows("cells.dat"); per = int(all / n)
array Q[all + 1]; array K[all + 1]; array V[all + 1]
@READ file("cells.dat") using (i = int($0) + 1, Q[i] = $3, K[i] = $4, V[i] = $5, 0):(0) @INTO
s = n < 4 ? n : 4
largest = 1e-9
do for [i = 1:s * per] {
    largest = abs(Q[i]) > largest ? abs(Q[i]) : largest; largest = abs(K[i]) > largest ? abs(K[i]) : largest
    largest = abs(V[i]) > largest ? abs(V[i]) : largest
}
W = 880; c = 19.0; r = 25; gap = 30; top = 112
array Y[s + 1]; Y[1] = top
do for [i = 1:s] { Y[i + 1 > s ? s + 1 : i + 1] = Y[i] + i * r + gap }
H = int(Y[s + 1] + 14)
xt = 120; xk = 330; xv = xk + cells * c + 170; xq = 22
TITLE = "Each step computes one query, one key and one value"
SUBTITLE = sprintf("head %d of block %d, the first %d of %d numbers: blue below 0, orange above; a thick frame: computed in this step", FACT[3], FACT[2], cells, D)
@CANVAS
set label "reads" at xq, 84 font bold(13) tc rgb TOKEN_TEXT
set label "query" at xt, 84 font bold(13) tc rgb QUERY_TEXT
set label "keys" at xk, 84 font bold(13) tc rgb KEY_TEXT
set label "values" at xv, 84 font bold(13) tc rgb VALUE_TEXT
do for [i = 1:s] {
    y = Y[i] + (i - 1) * r
    if (i > 1) { set arrow from 20, Y[i] - gap / 2 to W - 20, Y[i] - gap / 2 nohead lw 1 lc rgb FAINT }
    X0 = xq; X1 = xq + wide(fit(LABEL[i], 74, 13), 13) + 14; Y0 = y; Y1 = y + r - 4; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
    @CHIP
    set label fit(LABEL[i], 74, 13) at (X0 + X1) / 2, y + (r - 4) / 2 center front font mono(13) tc rgb TOKEN_TEXT
    do for [j = 1:i] {
        yj = Y[i] + (j - 1) * r
        do for [d = 1:cells] {
            at = (j - 1) * per + d
            if (j == i) {
                X0 = xt + (d - 1) * c; X1 = X0 + c; Y0 = yj; Y1 = yj + r - 4; FILL = sprintf("#%06x", signed(Q[at] / largest)); LINE = FAINT
                @CELL
            }
            X0 = xk + (d - 1) * c; X1 = X0 + c; Y0 = yj; Y1 = yj + r - 4; FILL = sprintf("#%06x", signed(K[at] / largest)); LINE = FAINT
            @CELL
            X0 = xv + (d - 1) * c; X1 = X0 + c; FILL = sprintf("#%06x", signed(V[at] / largest)); LINE = FAINT
            @CELL
        }
        set label fit(LABEL[j], 84, 12) at xk + cells * c + 10, yj + (r - 4) / 2 font mono(12) tc rgb (j == i ? TOKEN_TEXT : SOFT)
        if (j < i) { set label "kept" at xv + cells * c + 10, yj + (r - 4) / 2 font sans(12) tc rgb SOFT }
        set arrow from xt + cells * c + 4, y + (r - 4) / 2 to xk - 6, yj + (r - 4) / 2 head filled size screen 0.008, 20 lw 1.2 lc rgb QUERY_LINE
    }
    Y0 = y - 1; Y1 = y + r - 3
    X0 = xt - 1; X1 = xt + cells * c + 1; LINE = QUERY_LINE
    @MARKED
    X0 = xk - 1; X1 = xk + cells * c + 1; LINE = KEY_LINE
    @MARKED
    X0 = xv - 1; X1 = xv + cells * c + 1; LINE = VALUE_LINE
    @MARKED
    set label "new" at xv + cells * c + 10, y + (r - 4) / 2 font bold(12) tc rgb VALUE_TEXT
}
@DONE
