# The last token's way up: what it would say at each depth, and what each half adds.
# data: trace.dat text.dat
load "figures/style.gp"
n = rows("trace.dat"); L = n - 1
array LONG[n + 1]; array ATT[n + 1]; array FF[n + 1]; array P[n + 1]; array RANK[n + 1]; array NAME[n + 1]
@READ file("trace.dat") using (i = int($0) + 1, LONG[i] = $2, ATT[i] = $3, FF[i] = $4, P[i] = $5, RANK[i] = int($6), NAME[i] = strcol(7), 0):(0) @INTO
m = rows("text.dat"); LAST = ""
@READ file("text.dat") using (int($2) ? 0 : (LAST = strcol(6), 0)):(0) @INTO
r = n > 14 ? 22 : 34; W = 860; top = 104; H = int(top + n * r + 20)
TITLE = "How the last token's answer forms on the way up"
SUBTITLE = sprintf("the last token is %s, its answer %s; read upward", fit(LAST, 160, 13), fit(NAME[n], 160, 13))
@CANVAS
big = 1e-9
do for [i = 1:n] { big = ATT[i] > big ? ATT[i] : big; big = FF[i] > big ? FF[i] : big }
set label "it would say" at 120, 82 font bold(12) tc rgb INK
set label "rank of the answer" at 372, 82 center font bold(12) tc rgb INK
set label "attention adds" at 450, 82 font bold(12) tc rgb ATTENTION_TEXT
set label "feed-forward adds" at 650, 82 font bold(12) tc rgb FEED_TEXT
do for [i = 1:n] {
    y = top + (n - i + 0.5) * r; d = i - 1
    name = d ? sprintf("block %d", d - 1) : "embedding"
    set label name at 104, y right font sans(12) tc rgb INK
    c = chance(P[i]); token = fit(NAME[i], 130, 12)
    X0 = 120; X1 = X0 + wide(token, 12) + 16; Y0 = y - (r > 30 ? 13 : 10); Y1 = y + (r > 30 ? 13 : 10); FILL = sprintf("#%06x", c); LINE = SCORE_LINE; ROUND = 4
    @CHIP
    set label token at (X0 + X1) / 2, y center front font mono(12) tc rgb (ink(c) != 0 ? "#ffffff" : "#000000")
    set label sprintf("%.1f %%", 100 * P[i]) at X1 + 8, y font sans(12) tc rgb SCORE_TEXT
    set label sprintf("%d", RANK[i]) at 372, y center font sans(12) tc rgb INK
    if (d) {
        X0 = 450; X1 = X0 + 130 * ATT[i] / big + 1; Y0 = y - 9; Y1 = y + 9; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
        @CELL
        set label sprintf("%.1f", ATT[i]) at X1 + 6, y font sans(11) tc rgb ATTENTION_TEXT
        X0 = 650; X1 = X0 + 130 * FF[i] / big + 1; FILL = FEED_FILL; LINE = FEED_LINE
        @CELL
        set label sprintf("%.1f", FF[i]) at X1 + 6, y font sans(11) tc rgb FEED_TEXT
    }
}
@DONE
