# The block drawn as a stream with two branches; the last token's row at each step.
# data: strips.dat tokens.dat
load "figures/style.gp"
n = rows("strips.dat"); n = n > 12 ? 12 : n
array V[n * 9 + 1]
C_ = 0; F_ = 0; H_ = 0; number = 0
do for [k = 0:8] {
    @READ file("strips.dat") every ::0::n - 1 using (V[k * n + int($0) + 1] = column(5 + k), number = int($1), C_ = int($2), F_ = int($3), H_ = int($4), 0):(0) @INTO
}
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(7), 0):(0) @INTO
# One scale for rows and what is added to them, one for what has been normalized.
raw = 1e-9; norm = 1e-9
do for [i = 1:n] {
    do for [k in "0 2 3 5 6"] { v = abs(V[int(k) * n + i]); raw = v > raw ? v : raw }
    do for [k in "1 4"] { v = abs(V[int(k) * n + i]); norm = v > norm ? v : norm }
}
W = 860; H = 452; cell = 11; wide_ = 16
ys = 158; yb = 334; half = cell * n / 2.0
TITLE = sprintf("In block %d, two halves add to a stream of rows", number)
SUBTITLE = "the cells are the row of the last token, " . fit(LABEL[T], 200, 13) . sprintf(": its first %d of %d numbers; blue below 0, orange above", n, C_)
@CANVAS
# The stream, and the branches.
set arrow from 20, ys to W - 16, ys head filled size screen 0.012, 20 lw 5 lc rgb STREAM_LINE back
X(i) = i == 1 ? 102 : 470
do for [h = 1:2] {
    x = X(h)
    set arrow from x, ys to x, yb nohead lw 2 lc rgb RULE back
    set arrow from x, yb to x + 296, yb nohead lw 2 lc rgb RULE back
    set arrow from x + 296, yb to x + 296, ys + 12 head filled size screen 0.01, 20 lw 2 lc rgb RULE back
    set object circle at x, ys size 4 front fillcolor rgb STREAM_LINE fillstyle solid 1 noborder
    set object circle at x + 296, ys size 12 front fillcolor rgb "#ffffff" fillstyle solid 1 border lc rgb STREAM_LINE lw 2
    set label "+" at x + 296, ys center front font bold(17) tc rgb STREAM_TEXT
    X0 = x + 16; X1 = x + 64; Y0 = yb - 24; Y1 = yb + 24; FILL = PLAIN_FILL; LINE = PLAIN_LINE; THICK = 1
    @CHIP
    set label "norm" at x + 40, yb - 8 center front font bold(12) tc rgb INK
    set label sprintf("ln_%d", h) at x + 40, yb + 9 center front font mono(11) tc rgb SOFT
    X0 = x + 112; X1 = x + 230; Y0 = yb - 32; Y1 = yb + 32
    FILL = h == 1 ? ATTENTION_FILL : FEED_FILL; LINE = h == 1 ? ATTENTION_LINE : FEED_LINE
    @CHIP
    ink_ = h == 1 ? ATTENTION_TEXT : FEED_TEXT
    set label (h == 1 ? "masked" : "feed-forward") at x + 171, yb - 18 center front font bold(13) tc rgb ink_
    set label (h == 1 ? "self-attention" : "row by row") at x + 171, yb front center font h == 1 ? bold(13) : sans(12) tc rgb ink_
    set label (h == 1 ? plural(H_, "head", "heads") . ", all rows" : sprintf("%d, %d, %d", C_, F_, C_)) at x + 171, yb + 19 center front \
        font sans(12) tc rgb ink_
    set label "reads" at x - 8, ys + half + 18 right font sans(12) tc rgb SOFT
    set label "adds" at x + 288, ys + half + 18 right font sans(12) tc rgb SOFT
}
# The rows: on the stream x, mid, output; on the branches what a half reads and what it adds.
array PX[7]; array PY[7]; array NAME[7]
PX[1] = 62;  PY[1] = ys; NAME[1] = "x"
PX[2] = X(1) + 88;  PY[2] = yb; NAME[2] = "ln_1"
PX[3] = X(1) + 256; PY[3] = yb; NAME[3] = "attn.c_proj"
PX[4] = 434; PY[4] = ys; NAME[4] = "mid"
PX[5] = X(2) + 88;  PY[5] = yb; NAME[5] = "ln_2"
PX[6] = X(2) + 256; PY[6] = yb; NAME[6] = "mlp.c_proj"
PX[7] = 806; PY[7] = ys; NAME[7] = "output"
LINE = RULE; THICK = 0.7
do for [k = 1:7] {
    do for [i = 1:n] {
        v = V[(k - 1) * n + i] / (k == 2 || k == 5 ? norm : raw)
        FILL = sprintf("#%06x", signed(v))
        X0 = PX[k] - wide_ / 2; X1 = PX[k] + wide_ / 2; Y0 = PY[k] - half + (i - 1) * cell; Y1 = Y0 + cell
        @CELL
    }
    set label NAME[k] at PX[k], PY[k] - half - 10 center front font mono(11) tc rgb INK
}
set label "what a half reads is normalized (its colours have their own scale); what flows along the thick line never is" at 20, H - 18 font sans(12) tc rgb SOFT
@DONE
