# A tile of the first block's c_attn: its sums after one input, after eight, and after all.
# data: tile.dat words.dat
load "figures/style.gp"
n = rows("tile.dat"); m = rows("words.dat")
array K[n + 1]; array R[n + 1]; array O[n + 1]; array V[n + 1]; array WORD[m + 1]
@READ file("tile.dat") using (i = int($0) + 1, K[i] = $1, R[i] = $2, O[i] = $3, V[i] = $4, 0):(0) @INTO
@READ file("words.dat") using (i = int($0) + 1, WORD[i] = strcol(1), 0):(0) @INTO
most = 1e-9; wide = 1
do for [i = 1:n] { most = abs(V[i]) > most ? abs(V[i]) : most; wide = O[i] + 1 > wide ? O[i] + 1 : wide }
part = m * wide; c = 13.0; gap = 46.0; left = 110.0; top = 112.0
W = 860; H = int(top + m * 22 + 70)
TITLE = "The sums of a tile grow together"
SUBTITLE = sprintf("%s of x times %d columns of w, in %d registers: after each input, every sum has one more product", plural(m, "row", "rows"), wide, int(m * ceil(wide / 8.0)))
@CANVAS
do for [r = 1:m] { set label fit(WORD[r], 80, 12) at left - 10, top + (r - 1) * 22 + 11 right font mono(12) tc rgb TOKEN_TEXT }
do for [s = 0:2] {
    x = left + s * (wide * c + gap)
    set label sprintf("after %s", plural(int(K[s * part + 1]), "input", "inputs")) at x, top - 16 font bold(13) tc rgb INK
    if (s < 2) { set arrow from x + wide * c + 10, top + m * 11 to x + wide * c + gap - 10, top + m * 11 head filled size screen 0.009, 20 lw 2 lc rgb RULE front }
    do for [i = s * part + 1:(s + 1) * part] {
        X0 = x + O[i] * c; X1 = X0 + c; Y0 = top + R[i] * 22; Y1 = Y0 + 22
        FILL = sprintf("#%06x", signed(V[i] / most)); LINE = FAINT
        @CELL
    }
    do for [g = 0:(wide - 1) / 8] {
        X0 = x + g * 8 * c; X1 = x + (g * 8 + 8 < wide ? g * 8 + 8 : wide) * c; Y0 = top; Y1 = top + m * 22; LINE = INK
        set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front @OUTLINE lc rgb LINE lw 1.5
        if (X1 - X0 > 90) { set label sprintf("register %d", g + 1) at (X0 + X1) / 2, top + m * 22 + 13 center font sans(11) tc rgb SOFT }
    }
}
set label sprintf("blue below 0, orange above; the largest in size: %.2f; eight floats in each register", most) at left, H - 20 font sans(12) tc rgb SOFT
@DONE
