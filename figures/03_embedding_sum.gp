# For each token its row of wte, the row of wpe for its place, and their sum, which enters the first block.
# data: tokens.dat rows.dat shape.dat
load "figures/style.gp"
n = rows("tokens.dat"); array ID[n + 1]; array LABEL[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, ID[i] = int($2), LABEL[i] = strcol(3), 0):(0) @INTO
@READ file("shape.dat") using (C = int($2), 0):(0) @INTO
most = 1e-9; columns_ = 0
shown = n < 8 ? n : 8
larger(v) = abs(v) > most ? abs(v) : most
@READ file("rows.dat") using (columns_ = $2 + 1 > columns_ ? int($2 + 1) : columns_, \
    $1 < shown ? (most = larger($3), most = larger($4), most = larger($5), 0) : 0, 0):(0) @INTO

left = 196; c = 21; r = 18; gap = 2; tall = 3 * (r + gap) + 18; top = 82
right = left + columns_ * c
x_block = right + (C > columns_ ? 78 : 40)
W = int(x_block + 62); W = W < 620 ? 620 : W
H = int(top + shown * tall + 34 + (n > shown ? 20 : 0))
TITLE = "What enters the first block: two rows added"
SUBTITLE = "token row + position row = x; blue is negative, orange positive" \
    . (C > columns_ ? sprintf("; the first %d of %d channels", columns_, C) : "")
@CANVAS
strip(k) = k * (r + gap)
do for [i = 1:shown] {
    y = top + (i - 1) * tall
    s = fit(LABEL[i], 96, 14)
    half = wide(s, 14) / 2 + 8; half = half < 16 ? 16 : half
    X0 = 20; X1 = 20 + 2 * half; Y0 = y + 2; Y1 = Y0 + 28; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label s at (X0 + X1) / 2, Y0 + 14 center front font mono(14) tc rgb TOKEN_TEXT
    set label sprintf("id %d, position %d", ID[i], i - 1) at 20, y + 46 font sans(12) tc rgb SOFT
    set label sprintf("wte[%d]", ID[i]) at left - 8, y + r / 2.0 right font mono(12) tc rgb INK
    set label sprintf("+ wpe[%d]", i - 1) at left - 8, y + strip(1) + r / 2.0 right font mono(12) tc rgb INK
    set label sprintf("= x[%d]", i - 1) at left - 8, y + strip(2) + r / 2.0 right font monobold(12) tc rgb INK
    if (C > columns_) {
        do for [k = 0:2] { set label "…" at right + 6, y + strip(k) + r / 2.0 front font sans(13) tc rgb SOFT }
    }
    set arrow from right + (C > columns_ ? 26 : 6), y + strip(2) + r / 2.0 to x_block - 3, y + strip(2) + r / 2.0 \
        head filled size screen 0.010, 20 front lw 1.4 lc rgb BLOCK_LINE
}
X0 = x_block; X1 = x_block + 42; Y0 = top; Y1 = top + shown * tall - 14; FILL = BLOCK_FILL; LINE = BLOCK_LINE; THICK = 2
ROUND = 8
@CHIP
set label "block 0" at x_block + 21, (Y0 + Y1) / 2 center rotate by 90 front font bold(14) tc rgb BLOCK_TEXT
y = top + shown * tall + 8
if (n > shown) {
    set label sprintf("… and %s more", plural(n - shown, "token", "tokens")) at 20, y font sans(13) tc rgb SOFT
    y = y + 20
}
do for [k = -10:10] {
    X0 = left + (k + 10) * 14; X1 = X0 + 14; Y0 = y - 6; Y1 = y + 6
    set object rectangle from X0, Y0 to X1, Y1 front fillcolor rgb signed(k / 10.0) fillstyle solid 1 noborder
}
set label sprintf("−%.2f", most) at left - 8, y right font sans(12) tc rgb SOFT
set label sprintf("%.2f", most) at left + 302, y font sans(12) tc rgb SOFT
FRAME = "set arrow from X0, Y0 to X1, Y0 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X0, Y1 to X1, Y1 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X0, Y0 to X0, Y1 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X1, Y0 to X1, Y1 nohead front lw 2.5 lc rgb LINE"
do for [i = 1:shown] {
    do for [k = 0:2] {
        Y0 = top + (i - 1) * tall + strip(k); Y1 = Y0 + r
        do for [j = 0:columns_] { set arrow from left + j * c, Y0 to left + j * c, Y1 nohead front lw 0.7 lc rgb FAINT }
        set arrow from left, Y0 to right, Y0 nohead front lw 0.7 lc rgb FAINT
        set arrow from left, Y1 to right, Y1 nohead front lw 0.7 lc rgb FAINT
    }
    X0 = left; X1 = right; LINE = STREAM_LINE
    @FRAME
}
SOLID = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"      # many cells: short files
f = file("rows.dat")
x(k) = left + k * c
y(t, k) = t < shown ? top + t * tall + strip(k) : NaN
plot f using (x($2)):(y($1, 0)):(x($2)):(x($2 + 1)):(y($1, 0)):(y($1, 0) + r):(signed($3 / most)) @SOLID, \
     f using (x($2)):(y($1, 1)):(x($2)):(x($2 + 1)):(y($1, 1)):(y($1, 1) + r):(signed($4 / most)) @SOLID, \
     f using (x($2)):(y($1, 2)):(x($2)):(x($2 + 1)):(y($1, 2)):(y($1, 2) + r):(signed($5 / most)) @SOLID
