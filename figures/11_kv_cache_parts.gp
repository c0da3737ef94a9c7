# Where the work of one step goes.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array NAME[n + 1]; array ROOM[n + 1]; array BLOCKS[n + 1]; array ATT[n + 1]; array HEAD[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, NAME[i] = strcol(1), ROOM[i] = int($2), BLOCKS[i] = $5, ATT[i] = $6, HEAD[i] = $7, 0):(0) @INTO
top = 112; r = 44; W = 860; H = int(top + n * 2 * r * 0.72 + n * 12 + 10); left = 240.0; right = 76.0; full = W - left - right
TITLE = "Most of a step's work is in the blocks' matrices"
SUBTITLE = "shares of the multiply-adds for one token, early in a text and at the end of the context"
@CANVAS
array WHAT[3]; WHAT[1] = "m  the blocks' matrices"; WHAT[2] = "a  attention"; WHAT[3] = "h  the head: logits"
array F[3]; F[1] = FEED_FILL; F[2] = ATTENTION_FILL; F[3] = PLAIN_FILL
array L[3]; L[1] = FEED_LINE; L[2] = ATTENTION_LINE; L[3] = PLAIN_LINE
array C[3]; C[1] = FEED_TEXT; C[2] = ATTENTION_TEXT; C[3] = INK
do for [k = 1:3] {
    X0 = left + (k - 1) * 200; X1 = X0 + 16; Y0 = 70; Y1 = 86; FILL = F[k]; LINE = L[k]; THICK = 1
    @CELL
    set label WHAT[k] at X1 + 6, 78 font sans(12) tc rgb C[k]
}
array PART[3]
do for [i = 1:n] {
    do for [late = 0:1] {
        at = late ? ROOM[i] : ROOM[i] < 32 ? 1 : ROOM[i] / 32
        y = top + (i - 1) * (2 * r * 0.72 + 12) + late * r * 0.68
        if (!late) { set label NAME[i] at 20, y + r * 0.62 font bold(13) tc rgb INK }
        set label sprintf("T = %d", at) at left - 10, y + 13 right font mono(12) tc rgb SOFT
        PART[1] = BLOCKS[i]; PART[2] = ATT[i] * at / ROOM[i]; PART[3] = HEAD[i]
        all = PART[1] + PART[2] + PART[3]; x = left
        do for [k = 1:3] {
            X0 = x; X1 = x + PART[k] / all * full; Y0 = y; Y1 = y + 26; FILL = F[k]; LINE = L[k]; x = X1
            @CELL
            s = sprintf("%s %.0f %%", ("mah")[k:k], 100 * PART[k] / all)
            if (X1 - X0 > 46) {
                set label s at (X0 + X1) / 2, y + 13 center front font sans(12) tc rgb C[k]
            } else {
                if (k == 3) { set label s at X1 + 8, y + 13 front font sans(12) tc rgb C[k] }
            }
        }
    }
}
@DONE
