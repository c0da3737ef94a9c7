# What the parameters of each model are for, in shares of the whole.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array NAME[n + 1]; array ALL[n + 1]; array OF[5 * n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, NAME[i] = strcol(1), ALL[i] = $6 + $7 + $8 + $9 + $10, \
    OF[5 * i - 4] = $6, OF[5 * i - 3] = $7, OF[5 * i - 2] = $8, OF[5 * i - 1] = $9, OF[5 * i] = $10, 0):(0) @INTO
grouped(n) = n < 1000 ? sprintf("%d", n) : grouped(n / 1000) . sprintf(",%03d", n % 1000)
W = 860; left = 128; broad = 590.0; bar = 40; step = 54; top = 116; H = top + n * step + 16
TITLE = "The larger the GPT-2, the larger the share of its blocks"
SUBTITLE = "each part's share of all parameters"
@CANVAS
array FILLS[5]; array LINES[5]; array TEXTS[5]
FILLS[1] = TOKEN_FILL;     LINES[1] = TOKEN_LINE;     TEXTS[1] = TOKEN_TEXT
FILLS[2] = PLAIN_FILL;     LINES[2] = TOKEN_LINE;     TEXTS[2] = TOKEN_TEXT
FILLS[3] = ATTENTION_FILL; LINES[3] = ATTENTION_LINE; TEXTS[3] = ATTENTION_TEXT
FILLS[4] = FEED_FILL;      LINES[4] = FEED_LINE;      TEXTS[4] = FEED_TEXT
FILLS[5] = PLAIN_FILL;     LINES[5] = PLAIN_LINE;     TEXTS[5] = PLAIN_TEXT
x = left
do for [k = 1:5] {
    X0 = x; X1 = x + 26; Y0 = 68; Y1 = 86; FILL = FILLS[k]; LINE = LINES[k]
    @CELL
    what = word("tokens positions attention feed-forward layer\302\240norms", k)
    set label what at X1 + 7, 77 font sans(13) tc rgb INK
    x = X1 + 7 + 7.2 * strlen(what) + 22
}
do for [i = 1:n] {
    y = top + (i - 1) * step
    set label NAME[i] at left - 12, y + bar / 2 right font bold(13) tc rgb INK
    x = left + 0.0
    do for [k = 1:5] {
        share = OF[5 * (i - 1) + k] / ALL[i]
        X0 = x; X1 = x + share * broad; Y0 = y; Y1 = y + bar; FILL = FILLS[k]; LINE = LINES[k]; x = X1
        @CELL
        if (k == 2 && X1 - X0 > 1.5) {
        }
        if (X1 - X0 > 28) {
            set label sprintf("%.0f %%", 100 * share) at (X0 + X1) / 2, y + bar / 2 center front font sans(X1 - X0 > 40 ? 13 : 11) tc rgb TEXTS[k]
        }
    }
    set label grouped(int(ALL[i])) at left + broad + 12, y + bar / 2 font mono(12) tc rgb INK
}
@DONE
