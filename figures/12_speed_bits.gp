# A weight of the model as a float, as BF16, and with its neighbours as a group of INT8.
# data: bits.dat values.dat group.dat scale.dat
load "figures/style.gp"
n = rows("bits.dat"); m = rows("group.dat"); m = m > 8 ? 8 : m
array K[n + 1]; array B[n + 1]; array V[n + 1]; array Q[m + 1]; array W_[m + 1]; array S_[m + 1]
@READ file("bits.dat") using (i = int($0) + 1, K[i] = int($1), B[i] = int($2), V[i] = int($3), 0):(0) @INTO
@READ file("values.dat") using (F32 = $1, B16 = $2, 0):(0) @INTO
@READ file("scale.dat") using (SCALE = $1, 0):(0) @INTO
@READ file("group.dat") every ::0::7 using (i = int($0) + 1, Q[i] = int($1), W_[i] = $2, S_[i] = $3, 0):(0) @INTO
W = 860; H = 388; left = 116.0; c = 21.0
TITLE = "BF16 cuts the fraction; INT8 counts in steps"
SUBTITLE = sprintf("the model's first weight of c_fc, in block 0: %.8f", F32)
@CANVAS
do for [i = 1:n] {
    bf = K[i] == 1; x = bf ? 15 - B[i] : 31 - B[i]
    X0 = left + x * c; X1 = X0 + c - 2; Y0 = bf ? 140 : 82; Y1 = Y0 + 26
    FILL = x == 0 ? SCORE_FILL : x < 9 ? TOKEN_FILL : VALUE_FILL; LINE = x == 0 ? SCORE_LINE : x < 9 ? TOKEN_LINE : VALUE_LINE
    @CELL
    set label sprintf("%d", V[i]) at (X0 + X1) / 2, Y0 + 13 center font mono(12) tc rgb INK front
}
set label "float" at left - 12, 95 right font bold(13) tc rgb INK
set label "BF16" at left - 12, 153 right font bold(13) tc rgb INK
set label "sign" at left + c / 2 - 1, 120 center font sans(11) tc rgb SCORE_TEXT
set label "exponent" at left + 5 * c, 120 center font sans(11) tc rgb TOKEN_TEXT
set label "fraction" at left + 20.5 * c, 120 center font sans(11) tc rgb VALUE_TEXT
set label sprintf("= %.8f", B16) at left + 16 * c + 10, 153 font mono(12) tc rgb INK
set label "INT8" at left - 12, 229 right font bold(13) tc rgb INK
set label sprintf("one scale for the group, %.8f, and a whole number for each weight:", SCALE) at left, 200 font sans(12) tc rgb SOFT
w = 84.0
set label "weight" at left - 12, 300 right font sans(12) tc rgb SOFT
set label "scale · number" at left - 12, 324 right font sans(12) tc rgb SOFT
do for [i = 1:m] {
    X0 = left + (i - 1) * w; X1 = X0 + w - 6; Y0 = 216; Y1 = 242; FILL = BLOCK_FILL; LINE = BLOCK_LINE
    @CELL
    set label sprintf("%d", Q[i]) at (X0 + X1) / 2, 229 center font monobold(13) tc rgb INK front
    set arrow from (X0 + X1) / 2, 246 to (X0 + X1) / 2, 286 head filled size screen 0.007, 20 lw 1.2 lc rgb RULE
    set label sprintf("%+.4f", W_[i]) at (X0 + X1) / 2, 300 center font mono(12) tc rgb SOFT
    set label sprintf("%+.4f", S_[i]) at (X0 + X1) / 2, 324 center font mono(12) tc rgb INK
}
set label sprintf("the first %d of the group's %d; the largest in size becomes 127 or −127", m, rows("group.dat")) at left, 362 font sans(12) tc rgb SOFT
@DONE
