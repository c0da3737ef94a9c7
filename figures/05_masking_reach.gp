# How far the last token sees through a stack of blocks whose attention has a window.
# data: tokens.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
window = int(FACT[4])
from = n > 12 ? n - 12 : 0; shown = n - from       # the last tokens of a long prompt
blocks = window > 1 ? int(ceil((shown - 1.0) / (window - 1))) : 1
blocks = blocks < 1 ? 1 : blocks > 4 ? 4 : blocks
size = 12; each = 60
do for [i = 1:shown] { each = wide(LABEL[from + i], size) + 22 > each ? wide(LABEL[from + i], size) + 22 : each }
each = each > 720.0 / shown ? 720.0 / shown : each
left = 116; r = 66; top = 78
W = int(left + shown * each + 20); W = W < 640 ? 640 : W
H = int(top + blocks * r + 44)
TITLE = "Block by block, a token reaches beyond its window"
SUBTITLE = sprintf("with a window of %d: what %s can know of", window, fit(LABEL[n], 140, 13))
@CANVAS
at(i) = left + (i - 0.5) * each
reach(b) = b * (window - 1)               # how far back the last token sees through b blocks
do for [b = 0:blocks] {                   # b blocks below the top row
    y = top + b * r
    set label b == blocks ? "tokens" : sprintf("after block %d", blocks - 1 - b) at 20, y + 13 font sans(12) tc rgb SOFT
    do for [i = 1:shown] {
        known = shown - i <= reach(b)
        X0 = at(i) - each / 2 + 4; X1 = at(i) + each / 2 - 4; Y0 = y; Y1 = y + 26
        FILL = !known ? PLAIN_FILL : b == blocks ? TOKEN_FILL : ATTENTION_FILL
        LINE = !known ? FAINT : b == blocks ? TOKEN_LINE : ATTENTION_LINE
        @CHIP
        set label fit(LABEL[from + i], each - 12, size) at at(i), y + 13 center front font mono(size) \
            tc rgb !known ? MASKED_TEXT : b == blocks ? TOKEN_TEXT : ATTENTION_TEXT
        if (known && b < blocks) {
            do for [k = 0:window - 1] {
                if (i - k >= 1) {
                    set arrow from at(i - k), y + r to at(i), y + 27 size 6, 20 filled lc rgb SCORE_LINE lw 0.9
                }
            }
        }
    }
}
@DONE
