# The tensors of a model, drawn to scale: the tables, one block and the last layer norm.
# data: tensors.dat sizes.dat
load "figures/style.gp"
n = rows("tensors.dat"); array NAME[n + 1]; array R[n + 1]; array K[n + 1]
@READ file("tensors.dat") using (i = int($0) + 1, NAME[i] = strcol(1), R[i] = int($3), K[i] = int($4), 0):(0) @INTO
V = R[1]; C = K[1]; P = R[2]; F = K[11]; blocks = (n - 4) / 12
grouped(n) = n < 1000 ? sprintf("%d", n) : grouped(n / 1000) . sprintf(",%03d", n % 1000)
c = 46.0; s = c / C; most = 372.0; thin = 6
tall(rows) = rows * s < most ? (rows * s < thin ? thin : rows * s) : most
f = F * s < 40 ? 40 : F * s > 230 ? 230 : F * s
W = 880; H = 536
TITLE = "Nearly all of a model's weights are in its matrices"
SUBTITLE = "matrices are drawn to scale, rows down and columns across; vectors, the strips, are drawn too thick"
@CANVAS
top = 104
shape1(a) = sprintf("[%s]", grouped(a))
shape2(a, b) = sprintf("[%s, %s]", grouped(a), grouped(b))

# The tables.
X0 = 30; X1 = X0 + c; Y0 = top; Y1 = top + tall(V); FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
if (V * s > most) {
    set label "⋮" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(22) tc rgb TOKEN_TEXT
}
set label "wte" at (X0 + X1) / 2, top - 28 center font monobold(13) tc rgb TOKEN_TEXT
set label shape2(V, C) at 20, top - 11 font mono(11) tc rgb TOKEN_TEXT
set label "a row for" at X1 + 8, top + (P * s > 90 ? 90 : tall(P)) + 24 font sans(12) tc rgb SOFT
set label "each token" at X1 + 8, top + (P * s > 90 ? 90 : tall(P)) + 40 font sans(12) tc rgb SOFT
X0 = 140; X1 = X0 + c; Y0 = top; Y1 = top + (tall(P) > 90 ? 90 : tall(P)); FILL = PLAIN_FILL; LINE = TOKEN_LINE
@CELL
if (P * s > 90) { set label "⋮" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(16) tc rgb TOKEN_TEXT }
set label "wpe" at (X0 + X1) / 2, top - 28 center font monobold(13) tc rgb TOKEN_TEXT
set label shape2(P, C) at 134, top - 11 font mono(11) tc rgb TOKEN_TEXT
set label "a row for" at X1 + 8, top + 16 font sans(12) tc rgb SOFT
set label "each position" at X1 + 8, top + 32 font sans(12) tc rgb SOFT

# The blocks, one behind the other.
bx = 290; by = top - 30; bw = W - bx - 40; bh = 398
do for [k = 0:(blocks > 3 ? 2 : blocks - 1)] {
    d = ((blocks > 3 ? 2 : blocks - 1) - k) * 7
    X0 = bx + d; X1 = bx + bw + d; Y0 = by + d; Y1 = by + bh + d; FILL = BLOCK_FILL; LINE = BLOCK_LINE
    @CELL
}
set label blocks == 1 ? "one block, h.0" : sprintf("block h.0, and %d more like it", blocks - 1) \
    at bx + 16, by + 18 front font bold(13) tc rgb BLOCK_TEXT

# A strip with its name: a vector.
y = by + 50; x = bx + 20
FILL = PLAIN_FILL; LINE = PLAIN_LINE
X0 = x; X1 = x + c; Y0 = y - 8; Y1 = Y0 + thin
@CELL
Y0 = y + 2; Y1 = Y0 + thin
@CELL
set label "ln_1: weight and bias " . shape1(C) at x + c + 10, y front font mono(12) tc rgb INK
y2 = y + 24; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
X0 = x; X1 = x + 3 * c; Y0 = y2; Y1 = y2 + c
@CELL
Y0 = y2 + c + 4; Y1 = Y0 + thin
@CELL
do for [k = 1:2] {
    set arrow from x + k * c, y2 to x + k * c, y2 + c nohead front lw 1 dt (2, 2) lc rgb ATTENTION_LINE
}
do for [k = 0:2] {
    set label word("q k v", k + 1) at x + (k + 0.5) * c, y2 + c / 2 center front font monobold(14) tc rgb ATTENTION_TEXT
}
set label "attn.c_attn" at x + 3 * c + 10, y2 + 14 front font monobold(12) tc rgb ATTENTION_TEXT
set label shape2(C, 3 * C) at x + 3 * c + 10, y2 + 31 front font mono(12) tc rgb ATTENTION_TEXT
set label "bias " . shape1(3 * C) at x + 3 * c + 10, y2 + 52 front font mono(12) tc rgb ATTENTION_TEXT
x3 = x + 3 * c + 150
X0 = x3; X1 = x3 + c; Y0 = y2; Y1 = y2 + c
@CELL
Y0 = y2 + c + 4; Y1 = Y0 + thin
@CELL
set label "attn.c_proj" at x3 + c + 10, y2 + 14 front font monobold(12) tc rgb ATTENTION_TEXT
set label shape2(C, C) at x3 + c + 10, y2 + 31 front font mono(12) tc rgb ATTENTION_TEXT
set label "bias " . shape1(C) at x3 + c + 10, y2 + 52 front font mono(12) tc rgb ATTENTION_TEXT

y = y2 + c + 40
FILL = PLAIN_FILL; LINE = PLAIN_LINE
X0 = x; X1 = x + c; Y0 = y - 8; Y1 = Y0 + thin
@CELL
Y0 = y + 2; Y1 = Y0 + thin
@CELL
set label "ln_2: weight and bias " . shape1(C) at x + c + 10, y front font mono(12) tc rgb INK
y2 = y + 24; FILL = FEED_FILL; LINE = FEED_LINE
X0 = x; X1 = x + f; Y0 = y2; Y1 = y2 + c
@CELL
Y0 = y2 + c + 4; Y1 = Y0 + thin
@CELL
set label "mlp.c_fc" at x, y2 + c + 28 front font monobold(12) tc rgb FEED_TEXT
set label shape2(C, F) at x, y2 + c + 45 front font mono(12) tc rgb FEED_TEXT
set label "bias " . shape1(F) at x, y2 + c + 62 front font mono(12) tc rgb FEED_TEXT
X0 = x3; X1 = x3 + c; Y0 = y2 - 20; Y1 = Y0 + (f > 190 ? 190 : f)
@CELL
if (f > 190) { set label "⋮" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(16) tc rgb FEED_TEXT }
set label "mlp.c_proj" at x3 + c + 10, y2 + 14 front font monobold(12) tc rgb FEED_TEXT
set label shape2(F, C) at x3 + c + 10, y2 + 31 front font mono(12) tc rgb FEED_TEXT
set label "bias " . shape1(C) at x3 + c + 10, y2 + 52 front font mono(12) tc rgb FEED_TEXT
Y0 = Y1 + 4; Y1 = Y0 + thin
@CELL

# What comes last.
y = H - 24
X0 = bx; X1 = bx + c; Y0 = y - 8; Y1 = Y0 + thin; FILL = PLAIN_FILL; LINE = PLAIN_LINE
@CELL
Y0 = y + 2; Y1 = Y0 + thin
@CELL
set label "ln_f: weight and bias " . shape1(C) . ", once, after the last block" at bx + c + 10, y font mono(12) tc rgb INK
@DONE
