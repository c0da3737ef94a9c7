# How long the tokens of this vocabulary are, and those of GPT-2's.
# data: lengths.dat lengths_other.dat?
load "figures/style.gp"
array MINE[16]; array OTHERS[16]
both = rows("lengths_other.dat") > 0
do for [i = 1:16] { OTHERS[i] = 0 }
mine = 1; others = 1                     # the special token is not in the counts
@READ file("lengths.dat") using (MINE[int($1)] = $3, mine = mine + int($2), 0):(0) @INTO
if (both) {
    @READ file("lengths_other.dat") using (OTHERS[int($1)] = $3, others = others + int($2), 0):(0) @INTO
}
grouped(n) = n < 1000 ? sprintf("%d", n) : sprintf("%d,%03d", n / 1000, n % 1000)
W = 860; H = 420; LEFT = 66; RIGHT = 24; TOP = 108; BOTTOM = 60
long = 0; do for [i = 1:16] { long = long + i * (OTHERS[i] - MINE[i]) }
TITLE = both && long > 0 ? "GPT-2's tokens are longer" : "How long tokens are"
SUBTITLE = "share of the vocabulary, by the number of bytes in a token; those of 16 bytes and more together"
XLABEL = "bytes in a token"
@CHART
highest = 0
do for [i = 1:16] {
    highest = MINE[i] > highest ? MINE[i] : highest
    highest = OTHERS[i] > highest ? OTHERS[i] : highest
}
set xrange [0.4:16.6]; set yrange [0:highest * 1.1]
set format y "%g %%"
set xtics 1, 1, 15 scale 0
set xtics add ("16+" 16)
half = both ? 0.4 : 0.28
do for [i = 1:16] {
    x = LEFT + (i - 0.4) / 16.2 * (W - LEFT - RIGHT); u = (W - LEFT - RIGHT) / 16.2
    base = H - BOTTOM; up(v) = base - v / (highest * 1.1) * (base - TOP)
    Y1 = base
    if (MINE[i] > 0) {
        X0 = x - half * u; X1 = both ? x - 1 : x + half * u; Y0 = up(MINE[i]); FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CELL
    }
    if (OTHERS[i] > 0) {
        X0 = x + 1; X1 = x + half * u; Y0 = up(OTHERS[i]); FILL = PLAIN_FILL; LINE = TOKEN_LINE
        @CELL
    }
}
Y0 = 66; Y1 = 84; X0 = LEFT; X1 = X0 + 28; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
set label "this vocabulary: " . grouped(mine) . " tokens" at screen px(X1 + 9), screen py(75) font sans(13) tc rgb INK
if (both) {
    X0 = LEFT + 290; X1 = X0 + 28; FILL = PLAIN_FILL; LINE = TOKEN_LINE
    @CELL
    set label "GPT-2's: " . grouped(others) . " tokens" at screen px(X1 + 9), screen py(75) font sans(13) tc rgb INK
}
plot NaN notitle
