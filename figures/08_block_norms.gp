# Where the norm stands: beside the stream, or across it.
# data: strips.dat tokens.dat
load "figures/style.gp"
n = rows("strips.dat"); n = n > 10 ? 10 : n
array V[n * 5 + 1]
column_of(k) = k == 0 ? 5 : k == 1 ? 8 : k == 2 ? 11 : k == 3 ? 12 : 13
do for [k = 0:4] {
    @READ file("strips.dat") every ::0::n - 1 using (V[k * n + int($0) + 1] = column(column_of(k)), 0):(0) @INTO
}
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(7), 0):(0) @INTO
W = 860; H = 468; cell = 9; wide_ = 14; half = cell * n / 2.0
TITLE = "GPT-2 keeps the norms off the stream; the first Transformer did not"
SUBTITLE = "cells: the row of the last token, " . fit(LABEL[T], 200, 13) . ", on its way; each row is coloured on its own scale"
@CANVAS
do for [way = 0:1] {
    y = way ? 336 : 134; low = y + 82
    set label (way ? "post-norm: the first Transformer, BERT" : "pre-norm: GPT-2") at 100, y - 58 font bold(14) tc rgb BLOCK_TEXT
    set arrow from 20, y to W - 16, y head filled size screen 0.012, 20 lw 5 lc rgb STREAM_LINE back
    do for [h = 0:1] {
        x = 96 + h * 372; e = x + 208
        set arrow from x, y to x, low nohead lw 2 lc rgb RULE back
        set arrow from x, low to e, low nohead lw 2 lc rgb RULE back
        set arrow from e, low to e, y + 11 head filled size screen 0.01, 20 lw 2 lc rgb RULE back
        set object circle at x, y size 4 front fillcolor rgb STREAM_LINE fillstyle solid 1 noborder
        set object circle at e, y size 11 front fillcolor rgb "#ffffff" fillstyle solid 1 border lc rgb STREAM_LINE lw 2
        set label "+" at e, y center front font bold(16) tc rgb BLOCK_TEXT
        Y0 = low - 18; Y1 = low + 18; THICK = 1
        X0 = x + 84; X1 = x + 190; FILL = h ? FEED_FILL : ATTENTION_FILL; LINE = h ? FEED_LINE : ATTENTION_LINE
        @CHIP
        set label (h ? "feed-forward" : "attention") at (X0 + X1) / 2, low center front font bold(13) tc rgb h ? FEED_TEXT : ATTENTION_TEXT
        FILL = PLAIN_FILL; LINE = INK; THICK = 1.3
        if (way) { X0 = e + 30; X1 = e + 84; Y0 = y - 16; Y1 = y + 16 } else { X0 = x + 16; X1 = x + 70 }
        @CHIP
        set label "norm" at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font bold(12) tc rgb INK
    }
    # x, mid, output
    array AT[3]; AT[1] = 62; AT[2] = way ? 428 : 386; AT[3] = 806
    array NAME[3]; NAME[1] = "x"; NAME[2] = "mid"; NAME[3] = "output"
    do for [k = 1:3] {
        which = k == 1 ? 0 : way ? k + 1 : k - 1
        largest = 1e-9
        do for [i = 1:n] { v = abs(V[which * n + i]); largest = v > largest ? v : largest }
        LINE = RULE; THICK = 0.7
        do for [i = 1:n] {
            FILL = sprintf("#%06x", signed(V[which * n + i] / largest))
            X0 = AT[k] - wide_ / 2; X1 = AT[k] + wide_ / 2; Y0 = y - half + (i - 1) * cell; Y1 = Y0 + cell
            @CELL
        }
        set label sprintf("±%.2f", largest) at AT[k], y + half + 11 center font sans(11) tc rgb SOFT front
        set label NAME[k] at AT[k], y - half - 10 center font mono(11) tc rgb INK front
    }
}
@DONE
