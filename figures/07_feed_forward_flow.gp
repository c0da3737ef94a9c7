# The last token's row on its way through the layer: wider, bent, narrow again.
# data: sizes.dat narrow.dat wide.dat
load "figures/style.gp"
PLAIN = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
array SIZE[3]; token = ""
@READ file("sizes.dat") using (SIZE[1] = int($1), SIZE[2] = int($2), SIZE[3] = int($3), token = strcol(4), 0):(0) @INTO
C = SIZE[1]; F = SIZE[2]; broad = SIZE[3]
shown = rows("wide.dat"); lines = (shown + broad - 1) / broad
array BIG[4] = [0.001, 0.001, 0.001, 0.001]
far(k, v) = (BIG[k] = abs(v) > BIG[k] ? abs(v) : BIG[k])
@READ file("narrow.dat") using (far(1, $1), far(4, $2), 0):(0) @INTO
@READ file("wide.dat") using (far(2, $1), far(3, $2), 0):(0) @INTO
c = 768.0 / broad; c = c > 36 ? 36 : c; high = 13; left = 46
wide_ = broad * c; right = left + (wide_ > 460 ? wide_ : 460)
W = 860
y_in = 104; y_1 = y_in + 34; y_wide = y_1 + 84; y_gelu = y_wide + lines * high + 16
y_bent = y_gelu + 84; y_2 = y_bent + lines * high + 16; y_out = y_2 + 84
H = y_out + 74
TITLE = "Through the layer: wider, bent, narrow again"
SUBTITLE = sprintf("the row of the last token, %s; each cell is a number%s", fit(token, 160, 13), \
    broad < C || shown < F ? sprintf(", the first %d and %d are drawn", broad, shown) : "")
@CANVAS
# three boxes, with arrows in and out
do for [k = 1:3] {
    X0 = left; X1 = left + 560; Y0 = (k == 1 ? y_1 : k == 2 ? y_gelu : y_2); Y1 = Y0 + 36
    FILL = FEED_FILL; LINE = FEED_LINE
    set arrow from left + 20, Y0 - 14 to left + 20, Y0 head size 6, 25 filled front lw 1.5 lc rgb FEED_LINE
    set arrow from left + 20, Y1 to left + 20, Y1 + 14 head size 6, 25 filled front lw 1.5 lc rgb FEED_LINE
    @CHIP
    s = k == 1 ? sprintf("layer 1, c_fc: times a matrix %d × %d, plus %d biases", C, F, F) \
      : k == 2 ? "GELU: what is negative goes to sleep" \
      : sprintf("layer 2, c_proj: times a matrix %d × %d, plus %d biases", F, C, C)
    set label s at X0 + 36, (Y0 + Y1) / 2 front font bold(13) tc rgb FEED_TEXT
}
set label sprintf("h.0.ln_2: the row, normalized, %s", plural(C, "number", "numbers")) at left, y_in - 14 font sans(13) tc rgb INK
set label sprintf("h.0.mlp.c_fc: %d hidden units, in %s", F, plural(lines, "line", "lines")) at left, y_wide - 14 font sans(13) tc rgb INK
set label "h.0.mlp.gelu: the same units, after the bend" at left, y_bent - 14 font sans(13) tc rgb INK
set label sprintf("h.0.mlp.c_proj: what is added to the row, %s", plural(C, "number", "numbers")) at left, y_out - 14 font sans(13) tc rgb INK
# the scale: each strip has its own
do for [k = 1:4] {
    set label sprintf("darkest: ±%.1f", BIG[k]) at right, (k == 1 ? y_in : k == 2 ? y_wide : k == 3 ? y_bent : y_out) - 14 right \
        font sans(12) tc rgb SOFT
}
do for [k = 0:24] {
    X0 = left + 62 + k * 8; X1 = X0 + 8; Y0 = H - 34; Y1 = Y0 + 14
    FILL = sprintf("#%06x", signed((k - 12) / 12.0)); LINE = FILL
    @CELL
}
set label "negative" at left + 56, H - 27 right font sans(12) tc rgb INK
set label "positive" at left + 62 + 25 * 8 + 6, H - 27 font sans(12) tc rgb INK
f = file("narrow.dat"); g = file("wide.dat")
sx(i) = left + (int(i) % broad) * c
sy(y, i) = y + (int(i) / broad) * high
plot f using (sx($0)):(y_in):(sx($0)):(sx($0)+c):(y_in):(y_in+high):(signed($1/BIG[1])) @PLAIN, \
     g using (sx($0)):(sy(y_wide,$0)):(sx($0)):(sx($0)+c):(sy(y_wide,$0)):(sy(y_wide,$0)+high):(signed($1/BIG[2])) @PLAIN, \
     g using (sx($0)):(sy(y_bent,$0)):(sx($0)):(sx($0)+c):(sy(y_bent,$0)):(sy(y_bent,$0)+high):(signed($2/BIG[3])) @PLAIN, \
     f using (sx($0)):(y_out):(sx($0)):(sx($0)+c):(y_out):(y_out+high):(signed($2/BIG[4])) @PLAIN
