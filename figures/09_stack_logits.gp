# From the last row to logits: its product with each token's own vector.
# data: rows.dat heads.dat
load "figures/style.gp"
n = rows("heads.dat"); array V[n + 1]; array LOGIT[n + 1]; array P[n + 1]; array NAME[n + 1]; tokens = 0
@READ file("heads.dat") using (i = int($0) + 1, V[i] = $3, LOGIT[i] = $4, P[i] = $5, NAME[i] = strcol(6), tokens = int($1) + 1, 0):(0) @INTO
cells = n / tokens
all = rows("rows.dat"); array R[all + 1]; C_ = 0
@READ file("rows.dat") using (R[int($0) + 1] = $4, C_ = int($3), 0):(0) @INTO
W = 860; left = 150; c = 26; r = 50; top = 150; H = int(top + tokens * r + 30)
TITLE = "A logit is large if the row resembles the token's own vector"
SUBTITLE = sprintf("the first %d of %d columns; blue below 0, orange above; a logit is the sum of the products of all %d pairs", cells, C_, C_)
@CANVAS
big = 1e-9; small = 1e-9
do for [i = 1:cells] { v = abs(R[all - cells + i]); big = v > big ? v : big }
do for [i = 1:n] { v = abs(V[i]); small = v > small ? v : small }
LINE = FAINT; THICK = 0.7
set label "the row, ln_f" at left - 14, 94 right font bold(13) tc rgb STREAM_TEXT
do for [i = 1:cells] {
    FILL = sprintf("#%06x", signed(R[all - cells + i] / big))
    X0 = left + (i - 1) * c; X1 = X0 + c; Y0 = 80; Y1 = 108
    @CELL
}
x = left + cells * c
set label "logit" at x + 74, 128 center font bold(13) tc rgb INK
set label "probability" at x + 190, 128 center font bold(13) tc rgb SCORE_TEXT
set label "times each token's row of lm_head:" at left, 128 font sans(12) tc rgb SOFT
do for [k = 0:tokens - 1] {
    y = top + (k + 0.5) * r - 8; i = k * cells + 1
    token = fit(NAME[i], 108, 13)
    X0 = left - 14 - wide(token, 13) - 16; X1 = left - 14; Y0 = y - 13; Y1 = y + 13; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
    @CHIP
    set label token at (X0 + X1) / 2, y center front font mono(13) tc rgb TOKEN_TEXT
    LINE = FAINT; THICK = 0.7
    do for [j = 1:cells] {
        FILL = sprintf("#%06x", signed(V[k * cells + j] / small))
        X0 = left + (j - 1) * c; X1 = X0 + c; Y0 = y - 12; Y1 = y + 12
        @CELL
    }
    set arrow from x + 10, y to x + 40, y head filled size screen 0.008, 20 lw 1.5 lc rgb RULE
    set label sprintf("%.2f", LOGIT[i]) at x + 74, y center font mono(13) tc rgb INK
    set arrow from x + 108, y to x + 138, y head filled size screen 0.008, 20 lw 1.5 lc rgb RULE
    p_ = P[i] >= 0.00005 ? sprintf("%.2f %%", 100 * P[i]) : "<0.01 %"
    set label p_ at x + 190, y center font mono(13) tc rgb SCORE_TEXT
    if (k == tokens - 2 && tokens > 1) {
        set label "⋮   and so on, down to tokens that do not fit at all; one from the middle of the list:" at left, y + 25 font sans(11) tc rgb SOFT
    }
}
@DONE
