# One step: the new token goes up alone, and finds the others' keys and values in each block.
# data: tokens.dat cells.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
array FACT[2]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $5, 0):(0) @INTO
L = int(FACT[1]); T = int(FACT[2])
at = n < T + 1 ? n : T + 1              # the token that is read: the first one written
l = L > 8 ? 8 : L; shown_ = at > 12 ? 12 : at; hidden_ = at - shown_
W = 860; r = 58; base = 96 + l * r; H = int(base + 82); x0 = 470.0; x1 = 760.0; d = 26.0
TITLE = "The new token goes up alone, and looks at what was kept"
SUBTITLE = "in each block its query meets all keys (k), and a sum of the values (v) comes back"
@CANVAS
mid = (x0 + x1) / 2
# The drawers end where the blocks begin.
end_ = x0 - 70; start_ = end_ - shown_ * d
do for [i = 1:l] {
    y = base - i * r
    X0 = x0; X1 = x1; Y0 = y; Y1 = y + r - 10; FILL = BLOCK_FILL; LINE = BLOCK_LINE; THICK = 1
    @CHIP
    X0 = x0 + 6; X1 = x1 - 6; Y0 = y + r - 10 - 20; Y1 = y + r - 14; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
    @CHIP
    set label "attention" at x0 + 16, (Y0 + Y1) / 2 front font sans(12) tc rgb ATTENTION_TEXT
    ya = (Y0 + Y1) / 2
    Y0 = y + 4; Y1 = y + 21; FILL = FEED_FILL; LINE = FEED_LINE
    @CHIP
    set label "feed-forward" at x0 + 16, (Y0 + Y1) / 2 front font sans(12) tc rgb FEED_TEXT
    set label sprintf("block %d%s", i - 1, i == l && l < L ? " …" : "") at x1 + 10, y + (r - 10) / 2 font sans(12) tc rgb BLOCK_TEXT
    do for [j = 1:shown_] {
        X0 = start_ + (j - 1) * d + 2; X1 = X0 + d - 4; THICK = j == shown_ ? 2.5 : 0.8
        Y0 = ya - 19; Y1 = ya - 1; FILL = KEY_FILL; LINE = KEY_LINE
        @CELL
        set label "k" at (X0 + X1) / 2, ya - 10 center front font sans(11) tc rgb KEY_TEXT
        Y0 = ya + 1; Y1 = ya + 19; FILL = VALUE_FILL; LINE = VALUE_LINE
        @CELL
        set label "v" at (X0 + X1) / 2, ya + 10 center front font sans(11) tc rgb VALUE_TEXT
    }
    set arrow from x0 + 2, ya - 7 to end_ + 6, ya - 7 head filled size screen 0.008, 20 lw 1.5 lc rgb QUERY_LINE front
    set arrow from end_ + 6, ya + 8 to x0 + 4, ya + 8 head filled size screen 0.008, 20 lw 1.5 lc rgb SCORE_LINE front
    if (i == l) {
        set label "query" at (x0 + end_) / 2, ya - 18 center font sans(11) tc rgb QUERY_TEXT
        set label "sum" at (x0 + end_) / 2, ya + 19 center font sans(11) tc rgb SCORE_TEXT
    }
}
set arrow from mid + 60, base + 6 to mid + 60, base - l * r - 14 head filled size screen 0.01, 20 lw 4 lc rgb STREAM_LINE front
do for [j = 1:shown_] {
    i = j + hidden_
    set label fit(LABEL[i], 64, 12) at start_ + (j - 0.5) * d, base + 2 right rotate by 90 font (i == at ? monobold(12) : mono(12)) tc rgb (i == at ? TOKEN_TEXT : SOFT)
}
if (hidden_ > 0) { set label sprintf("… %d more", hidden_) at start_ - 8, base - r / 2 right font sans(12) tc rgb SOFT }
s = fit(LABEL[at], 120, 13)
X0 = mid + 60 - wide(s, 13) / 2 - 10; X1 = mid + 60 + wide(s, 13) / 2 + 10; Y0 = base + 12; Y1 = base + 38; FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1.5
@CHIP
set label s at mid + 60, base + 25 center front font mono(13) tc rgb TOKEN_TEXT
set label sprintf("at position %d", at - 1) at mid + 60, base + 54 center font sans(12) tc rgb SOFT
@DONE
