# The map of the book: the whole model on this prompt, with the number of the chapter for each part.
# The strip at the head of a chapter, map.gp, is the same map, small.
# data: tokens.dat rows.dat top.dat added.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
k = rows("top.dat"); array P[k + 1]; array TOP_[k + 1]
@READ file("top.dat") using (i = int($0) + 1, P[i] = $2, TOP_[i] = strcol(3), 0):(0) @INTO
L = rows("added.dat") / T
all = rows("rows.dat"); array V[all + 1]
@READ file("rows.dat") using (V[int($0) + 1] = $4, 0):(0) @INTO
cells = all / (L + 2)
n = T > 8 ? 8 : T; r = 27; top = 150; end = top + n * r
W = 860; H = end + 112
TITLE = "The whole model, from a prompt to the next token"
SUBTITLE = "each token is a row, from left to right; the numbers are those of the chapters"
@CANVAS
y(i) = top + (i - 0.5) * r
# The stack: as many blocks as there are lie behind the first.
THICK = 1
do for [i = (L > 6 ? 6 : L):1:-1] {
    X0 = 222 + 5 * i; X1 = 578 + 5 * i; Y0 = 92 - 3 * i; Y1 = end + 16 - 3 * i; FILL = BLOCK_FILL; LINE = BLOCK_LINE
    @CHIP
}
X0 = 222; X1 = 578; Y0 = 92; Y1 = end + 16; FILL = BLOCK_FILL; LINE = BLOCK_LINE; THICK = 1.5
@CHIP
X0 = 234; X1 = 446; Y0 = 118; Y1 = end + 8; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE; THICK = 1
@CHIP
X0 = 456; X1 = 566; FILL = FEED_FILL; LINE = FEED_LINE
@CHIP
# Rows: the last one is drawn strong.
do for [i = 1:n] {
    last = i == n
    token = LABEL[T - n + i]; size = shrink(token, 84, 12, 10)
    X0 = 14; X1 = 106; Y0 = y(i) - 11; Y1 = y(i) + 11; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = last ? 2 : 1
    @CHIP
    set label fit(token, 84, size) at 60, y(i) center front font mono(size) tc rgb TOKEN_TEXT
    set arrow from 106, y(i) to (last ? 704 : 578 + 5 * (L > 6 ? 6 : L)), y(i) nohead lw (last ? 3 : 1.5) lc rgb STREAM_LINE front
    # Attention takes from the rows before; feed-forward works on each row by itself.
    do for [j = 1:i - 1] {
        set arrow from 256, y(j) to 256 + 24 + 20 * (i - 1), y(i) nohead lw (last ? 1.6 : 0.8) lc rgb (last ? ATTENTION_TEXT : ATTENTION_LINE) front
    }
    X0 = 484; X1 = 538; Y0 = y(i) - 8; Y1 = y(i) + 8; FILL = PLAIN_FILL; LINE = FEED_LINE; THICK = last ? 2 : 1
    @CHIP
}
# The last row's first numbers: as it enters, and as it leaves.
do for [e = 0:1] {
    d = e == 0 ? 0 : L + 1
    largest = 1e-9
    do for [c = 1:8] { v = abs(V[d * cells + c]); largest = v > largest ? v : largest }
    THICK = 0.6; LINE = STREAM_LINE
    do for [c = 1:8] {
        FILL = sprintf("#%06x", signed(V[d * cells + c] / largest))
        X0 = (e == 0 ? 122 : 618) + (c - 1) * 10; X1 = X0 + 10; Y0 = y(n) - 9; Y1 = y(n) + 9
        @CELL
    }
}
# What it says: the likeliest tokens.
shown = k > 4 ? 4 : k
do for [i = 1:shown] {
    yy = y(n) - 16 - (shown - i + 1) * 26 + 13
    size = shrink(TOP_[i], 66, 12, 10)
    set label fit(TOP_[i], 66, size) at 782, yy right front font mono(size) tc rgb TOKEN_TEXT
    X0 = 788; X1 = 846; Y0 = yy - 8; Y1 = yy + 8; FILL = PLAIN_FILL; LINE = SCORE_LINE; THICK = 0.8
    @CELL
    X1 = 788 + 58 * P[i]; FILL = SCORE_LINE
    @CELL
}
X0 = 708; X1 = 846; Y0 = y(n) - 13; Y1 = y(n) + 13; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 2
@CHIP
set label "next: " . fit(TOP_[1], 80, 12) at 777, y(n) center front font mono(12) tc rgb SCORE_TEXT
# And again: the new token is read with the others.
loop = end + 38
set arrow from 777, y(n) + 13 to 777, loop nohead lw 2 lc rgb SCORE_LINE front
set arrow from 777, loop to 376, loop nohead lw 2 lc rgb SCORE_LINE front
set arrow from 302, loop to 310, loop nohead lw 2 lc rgb SCORE_LINE front
set arrow from 134, loop to 108, loop head filled size screen 0.012, 20 lw 2 lc rgb SCORE_LINE front
X0 = 14; X1 = 106; Y0 = loop - 11; Y1 = loop + 11; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 2
@CHIP
size = shrink(TOP_[1], 84, 12, 10)
set label fit(TOP_[1], 84, size) at 60, loop center front font mono(size) tc rgb SCORE_TEXT
# Numbers and names of the parts.
array NAME_[15] = ["tokenizer", "checkpoint: all the numbers", "embedding", "attention", "masking", "heads", "feed-forward", \
                   "block", sprintf("stack: %s", plural(L, "block", "blocks")), "sampling", "cache: only the new row", \
                   "speed", "GPT-2: the program", "training: their source", "beyond language"]
back = 578 + 5 * (L > 6 ? 6 : L)
array AT_X[15] = [24, 24, 132, 246, 324, 398, 468, 236, back + 16, 718, 150, 324, 428, 230, 592]
array AT_Y[15] = [114, end + 86, 114, 130, 130, 130, 130, 106, 84, y(n) - 138, loop, loop, end + 86, end + 86, end + 86]
do for [b = 1:15] {
    bx = AT_X[b]; by = AT_Y[b]
    if (b == 11 || b == 12) {
        X0 = bx - 14; X1 = bx + (b == 11 ? 150 : 52); Y0 = by - 12; Y1 = by + 12; FILL = PANEL; LINE = SCORE_LINE; THICK = 1
        @CHIP
    }
    set object circle at bx, by size 9 front fillcolor rgb INK fillstyle solid 1 noborder
    set label sprintf("%d", b) at bx, by center front font bold(11) tc rgb PANEL
    set label NAME_[b] at bx + 14, by left front font sans(12) tc rgb INK
}
@DONE
