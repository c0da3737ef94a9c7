# The rows go up, their gradient comes down; lengths at each block, and of each layer's weights.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat")
array NUMBER[n]; array DX[n]; array G[6 * n]
do for [k = 0:5] {
    @READ file("sizes.dat") using (i = int($0) + 1, NUMBER[i] = $1, DX[i] = $2, G[k * n + i] = column(3 + k), 0):(0) @INTO
}
# Above the blocks first; then below each. More than 12 blocks: the topmost 12.
shown = n > 13 ? 13 : n
most = 1e-30; grads = 1e-30
do for [i = 1:shown] {
    most = DX[i] > most ? DX[i] : most
    do for [k = 0:5] { grads = G[k * n + i] > grads ? G[k * n + i] : grads }
}
W = 860; high = 46; top = 118; H = int(top + shown * high + 62)
TITLE = "The gradient comes down the shortcuts; each layer keeps its share"
SUBTITLE = "lengths: of the rows' gradient (beside the arrow), and of what each layer keeps for its weights (right, own scale)"
@CANVAS
up = 70; down = 300; wide_ = 160.0; gx = 478; gw = 60
y(i) = top + (i - 0.5) * high
set arrow from up, H - 46 to up, top - 24 head filled size screen 0.012, 20 lw 5 lc rgb STREAM_LINE back
set label "rows, up" at up, H - 30 center font sans(12) tc rgb STREAM_TEXT
set arrow from down, top - 24 to down, H - 46 head filled size screen 0.012, 20 lw 5 lc rgb INK back
set label "gradient, down" at down, H - 30 center font sans(12) tc rgb INK
X0 = up - 20; X1 = down + 20; Y0 = top - 44; Y1 = top - 18; FILL = SCORE_FILL; LINE = SCORE_LINE
@CHIP
set label "ln_f, logits, loss" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(13) tc rgb SCORE_TEXT
array NAME[6]; NAME[1] = "ln_1"; NAME[2] = "c_attn"; NAME[3] = "c_proj"; NAME[4] = "ln_2"; NAME[5] = "c_fc"; NAME[6] = "c_proj"
do for [k = 1:6] { set label NAME[k] at gx + (k - 0.5) * gw, top - 12 center font mono(11) tc rgb k == 1 || k == 4 ? INK : k < 4 ? ATTENTION_TEXT : FEED_TEXT }
set label "kept by" at gx - 8, top - 12 right font sans(12) tc rgb SOFT
do for [i = 1:shown] {
    X0 = down + 12; X1 = X0 + wide_ * DX[i] / most; Y0 = y(i) + high / 2.0 - 22; Y1 = Y0 + 15
    Y0 = y(i) - 8 + (i == 1 ? 0 : 0); Y1 = Y0 + 16
    if (X1 - X0 < 1) { X1 = X0 + 1 }
    FILL = PLAIN_FILL; LINE = INK; THICK = 1
    @CELL
    if (DX[i] / most > 0.6) {
        set label sprintf("%.3g", DX[i]) at X0 + 6, y(i) front font mono(11) tc rgb INK
    } else {
        set label sprintf("%.3g", DX[i]) at X1 + 6, y(i) front font mono(11) tc rgb INK
    }
    if (i > 1) {
        X0 = up - 20; X1 = down - 14; Y0 = y(i) - high / 2.0 + 2 - high / 2.0 + 10; Y1 = Y0 + 22
        FILL = BLOCK_FILL; LINE = BLOCK_LINE
        @CHIP
        set label sprintf("block %d", NUMBER[i]) at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(12) tc rgb BLOCK_TEXT
        do for [k = 0:5] {
            g = G[k * n + i]
            X0 = gx + k * gw + 4; X1 = X0 + (gw - 10) * g / grads; Y0 = y(i) - high / 2.0 + 2 - high / 2.0 + 10; Y1 = Y0 + 8
            if (X1 - X0 < 1) { X1 = X0 + 1 }
            FILL = k == 0 || k == 3 ? PLAIN_FILL : k < 3 ? ATTENTION_FILL : FEED_FILL
            LINE = k == 0 || k == 3 ? PLAIN_LINE : k < 3 ? ATTENTION_LINE : FEED_LINE
            @CELL
            set label sprintf("%.2g", g) at X0, Y1 + 8 front font mono(10) tc rgb SOFT
        }
    }
}
X0 = up - 20; X1 = down + 20; Y0 = H - 46 + 2; Y1 = Y0
@DONE
