# The last token's row on its way through the layer: wider, bent, narrow again.
# data: sizes.dat narrow.dat wide.dat
load "figures/style.gp"
PLAIN = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
array SIZE[3]; token = ""
@READ file("sizes.dat") using (SIZE[1] = int($1), SIZE[2] = int($2), SIZE[3] = int($3), token = strcol(4), 0):(0) @INTO
C = SIZE[1]; F = SIZE[2]
m = rows("narrow.dat"); n = rows("wide.dat")
array BIG[4] = [0.001, 0.001, 0.001, 0.001]
far(k, v) = (BIG[k] = abs(v) > BIG[k] ? abs(v) : BIG[k])
@READ file("narrow.dat") using (far(1, $1), far(4, $2), 0):(0) @INTO
@READ file("wide.dat") using (far(2, $1), far(3, $2), 0):(0) @INTO
W = 860; middle = W / 2.0; broad = 820.0; high = 26
narrow_ = broad * m / (F > n ? n : F); narrow_ = narrow_ > broad ? broad : narrow_
ci = narrow_ / m; cw = broad / n
left_i = middle - narrow_ / 2; left_w = middle - broad / 2
y_in = 104; y_wide = y_in + 118; y_bent = y_wide + 96; y_out = y_bent + 118
H = y_out + 100
TITLE = "A row becomes " . (F > C ? sprintf("%.3g times as wide", F * 1.0 / C) : "a row of units") . ", is bent, and becomes narrow again"
SUBTITLE = sprintf("the row of the last token, %s; each cell is a number%s", fit(token, 160, 13), \
    m < C || n < F ? sprintf(", the first %d and %d are drawn", m, n) : "")
@CANVAS
set object polygon from screen px(left_i), screen py(y_in + high + 2) to screen px(left_i + narrow_), screen py(y_in + high + 2) \
    to screen px(left_w + broad), screen py(y_wide - 2) to screen px(left_w), screen py(y_wide - 2) \
    to screen px(left_i), screen py(y_in + high + 2) back fillcolor rgb FEED_FILL fillstyle solid 1 border lc rgb FEED_LINE
set object polygon from screen px(left_w), screen py(y_bent + high + 2) to screen px(left_w + broad), screen py(y_bent + high + 2) \
    to screen px(left_i + narrow_), screen py(y_out - 2) to screen px(left_i), screen py(y_out - 2) \
    to screen px(left_w), screen py(y_bent + high + 2) back fillcolor rgb FEED_FILL fillstyle solid 1 border lc rgb FEED_LINE
X0 = left_w; X1 = left_w + broad; Y0 = y_wide + high + 2; Y1 = y_bent - 2; FILL = FEED_FILL; LINE = FEED_LINE
set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) back fillcolor rgb FEED_FILL fillstyle solid 1 border lc rgb FEED_LINE
set label sprintf("layer 1, c_fc: times a matrix %d × %d, plus %d biases", C, F, F) at middle, (y_in + high + y_wide) / 2.0 + 12 center front font bold(13) tc rgb FEED_TEXT
set label "GELU: negative units go to sleep" at middle, (y_wide + high + y_bent) / 2.0 center front font bold(13) tc rgb FEED_TEXT
set label sprintf("layer 2, c_proj: times a matrix %d × %d, plus %d biases", F, C, C) at middle, (y_bent + high + y_out) / 2.0 - 12 center front font bold(13) tc rgb FEED_TEXT
set label sprintf("ln_2: the row, normalized, %s (darkest ±%.1f)", plural(C, "number", "numbers"), BIG[1]) at middle, y_in - 14 center font sans(13) tc rgb STREAM_TEXT
set label sprintf("%d hidden units", F) at left_w + 14, (y_wide + high + y_bent) / 2.0 front font sans(13) tc rgb INK
set label sprintf("darkest ±%.1f before, ±%.1f after", BIG[2], BIG[3]) at left_w + broad - 14, (y_wide + high + y_bent) / 2.0 right front font sans(12) tc rgb SOFT
set label sprintf("what is added to the row, %s (darkest ±%.1f)", plural(C, "number", "numbers"), BIG[4]) at middle, y_out + high + 15 center font sans(13) tc rgb STREAM_TEXT
do for [k = 0:24] {
    X0 = 84 + k * 8; X1 = X0 + 8; Y0 = H - 30; Y1 = Y0 + 14
    FILL = sprintf("#%06x", signed((k - 12) / 12.0)); LINE = FILL
    @CELL
}
set label "negative" at 78, H - 23 right font sans(12) tc rgb INK
set label "positive" at 290, H - 23 font sans(12) tc rgb INK
f = file("narrow.dat"); g = file("wide.dat")
si(i) = left_i + i * ci; sw(i) = left_w + i * cw
plot f using (si($0)):(y_in):(si($0)):(si($0 + 1)):(y_in):(y_in + high):(signed($1 / BIG[1])) @PLAIN, \
     g using (sw($0)):(y_wide):(sw($0)):(sw($0 + 1)):(y_wide):(y_wide + high):(signed($1 / BIG[2])) @PLAIN, \
     g using (sw($0)):(y_bent):(sw($0)):(sw($0 + 1)):(y_bent):(y_bent + high):(signed($2 / BIG[3])) @PLAIN, \
     f using (si($0)):(y_out):(si($0)):(si($0 + 1)):(y_out):(y_out + high):(signed($2 / BIG[4])) @PLAIN
