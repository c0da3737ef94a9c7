# Encoder, decoder and decoder-only block, and what each token sees in them.
# data: tokens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(7), 0):(0) @INTO
n = T > 4 ? 4 : T
W = 860; H = 520; column_ = 262; left = 24; base = 436
TITLE = "GPT-2's block is the decoder's, without the middle part"
SUBTITLE = "read upward; small squares show which row sees which column; pink: its own text, orange: the other text, hatched: hidden"
@CANVAS
array NAME[3]; NAME[1] = "encoder's block"; NAME[2] = "decoder's block"; NAME[3] = "decoder-only block"
array WHO[3]; WHO[1] = "first Transformer (reads), BERT"; WHO[2] = "first Transformer (writes)"; WHO[3] = "GPT-2, and this book"
array TOP[3]; TOP[1] = 160; TOP[2] = 76; TOP[3] = 160
do for [k = 1:3] {
    x = left + (k - 1) * (column_ + 12)
    X0 = x; X1 = x + column_; Y0 = 68; Y1 = base - 34; FILL = BLOCK_FILL; LINE = BLOCK_LINE; THICK = 1.5
    @CHIP
    THICK = 1
    set label NAME[k] at x + column_ / 2, H - 44 center font bold(14) tc rgb BLOCK_TEXT
    set label WHO[k] at x + column_ / 2, H - 24 center font sans(12) tc rgb SOFT
    # The tokens below, the stream, and its end.
    step = (column_ - 8.0) / n
    do for [i = 1:n] {
        X0 = x + 4 + (i - 1) * step + 2; X1 = x + 4 + i * step - 2; Y0 = base - 12; Y1 = base + 14
        FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CHIP
        size = shrink(LABEL[i], step - 8, 12, 10)
        set label fit(LABEL[i], step - 8, size) at (X0 + X1) / 2, base + 1 center front font mono(size) tc rgb TOKEN_TEXT
    }
    X0 = x + 16.5; X1 = x + 19.5; Y0 = 66; Y1 = base - 12; FILL = STREAM_LINE; LINE = STREAM_LINE; THICK = 0.5
    @CELL
    THICK = 1
    set arrow from x + 18, 68 to x + 18, 56 head filled size screen 0.009, 20 lw 3 lc rgb STREAM_LINE front
    # Its layers, from below: kind 1 sees all, 2 is masked, 3 looks into the other text, 4 is feed-forward.
    layers = k == 1 ? "1 4" : k == 2 ? "2 3 4" : "2 0 4"
    y = base - 54
    do for [layer in layers] {
        kind = int(layer)
        Y1 = y; Y0 = y - 88; X0 = x + 36; X1 = x + column_ - 10
        if (k == 1 && kind == 4) { Y1 = y - 100; Y0 = Y1 - 88 }
        middle = (Y0 + Y1) / 2; y = Y0 - 12
        if (kind == 0) {
            LINE = PLAIN_LINE
            @DOTTED
            set label "nothing: there is no" at (X0 + X1) / 2, middle - 9 center front font sans(12) tc rgb SOFT
            set label "other text to look into" at (X0 + X1) / 2, middle + 9 center front font sans(12) tc rgb SOFT
            continue
        }
        FILL = kind == 4 ? FEED_FILL : ATTENTION_FILL; LINE = kind == 4 ? FEED_LINE : ATTENTION_LINE
        @CHIP
        ink_ = kind == 4 ? FEED_TEXT : ATTENTION_TEXT
        set arrow from x + 18, Y1 - 12 to X0, Y1 - 12 nohead lw 1.5 lc rgb RULE front
        set arrow from X0, Y0 + 14 to x + 27, Y0 + 14 nohead lw 1.5 lc rgb RULE front
        set object circle at x + 18, Y0 + 14 size 9 front fillcolor rgb "#ffffff" fillstyle solid 1 border lc rgb STREAM_LINE lw 1.5
        set label "+" at x + 18, Y0 + 14 center front font bold(14) tc rgb BLOCK_TEXT
        one = kind == 1 ? "self-attention" : kind == 2 ? "masked" : kind == 3 ? "encoder–decoder" : "feed-forward"
        two = kind == 1 ? "all see all" : kind == 2 ? "self-attention" : kind == 3 ? "attention, T × S" : "row by row"
        set label one at X0 + 14, middle - 9 left front font bold(13) tc rgb ink_
        set label two at X0 + 14, middle + 9 left front font kind == 1 || kind == 4 ? sans(12) : bold(13) tc rgb ink_
        # What sees what: a row looks, a column is looked at.
        if (kind < 4) {
            # The other text has a length of its own: here one token more.
            wide_ = kind == 3 ? n + 1 : n
            c = (kind == 3 ? 44.0 : 52.0) / n; gx = X1 - 12 - wide_ * c; gy = middle - 26
            do for [r = 0:n - 1] {
                do for [s = 0:wide_ - 1] {
                    X0 = gx + s * c; X1 = X0 + c; Y0 = gy + r * c; Y1 = Y0 + c
                    sees = kind != 2 || s <= r
                    FILL = sees ? (kind == 3 ? KEY_FILL : SCORE_FILL) : MASKED_FILL; LINE = sees ? (kind == 3 ? KEY_LINE : SCORE_LINE) : MASKED_LINE; THICK = 0.7
                    @CELL
                    if (!sees) {
                        @HATCHED
                    }
                }
            }
            THICK = 1
        }
    }
}
@DONE
