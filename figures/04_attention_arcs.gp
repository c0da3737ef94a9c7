# The prompt in a line, and arcs from the token that asks: their width is the weight.
# data: tokens.dat facts.dat asks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array P[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (h = int($3), asks = int($5), 0):(0) @INTO
@READ file("asks.dat") using (P[int($1) + 1] = $3, 0):(0) @INTO
W = 860; need = 0; longest = 0
do for [i = 1:n] {
    w = wide(LABEL[i], 14) + 16; w = w < 52 ? 52 : w
    longest = w > longest ? w : longest; need = need + w + 8
}
flat = need <= W - 40                    # else the tokens stand upright
array X[n + 1]; array BROAD[n + 1]
at = flat ? 20 + (W - 40 - need) / 2.0 + 4 : 0
step = flat ? 0 : (W - 50.0) / n; step = step > 40 ? 40 : step
size = flat ? 14 : step < 13 ? 10 : 11
do for [i = 1:n] {
    BROAD[i] = wide(LABEL[i], 14) + 16; BROAD[i] = BROAD[i] < 52 ? 52 : BROAD[i]
    X[i] = flat ? at + BROAD[i] / 2 : 25 + (i - 0.5) * step
    at = at + BROAD[i] + 8
}
farthest = 1
do for [i = 1:n] { d = abs(X[i] - X[asks + 1]); farthest = d > farthest ? d : farthest }
tall = n == 1 ? 10.0 : 200.0; floor_ = 76 + tall + 26
room = flat ? 30 : (longest * size / 14.0 > 100 ? 100 : longest * size / 14.0)
H = int(floor_ + room + 46)
best = 1
do for [i = 1:n] { best = P[i] > P[best] ? i : best }
TITLE = fit(LABEL[asks + 1], 120, 16) . " looks most at " . fit(LABEL[best], 120, 16)
SUBTITLE = sprintf("head %d of block 0; the thicker an arc, the more weight; framed: the token that asks", h)
@CANVAS
do for [i = 1:n] {
    me = i == asks + 1
    if (flat) {
        X0 = X[i] - BROAD[i] / 2; X1 = X[i] + BROAD[i] / 2; Y0 = floor_ + 4; Y1 = Y0 + 28
        FILL = TOKEN_FILL; LINE = TOKEN_LINE; THICK = 1
        @CHIP
        if (me) {
            @ASKING
        }
        set label LABEL[i] at X[i], Y0 + 14 center front font mono(14) tc rgb TOKEN_TEXT
    } else {
        set label fit(LABEL[i], room, size) at X[i], floor_ + 8 right rotate by 90 font mono(size) tc rgb me ? QUERY_TEXT : TOKEN_TEXT
    }
    if (step == 0 || step >= 24 || P[i] > 0.06) {
        set label (flat ? percent(P[i]) : sprintf("%.0f", 100 * P[i])) at X[i], floor_ + room + 22 center font bold(12) tc rgb SCORE_TEXT
    }
}
high(i) = tall * abs(X[i] - X[asks + 1]) / farthest
loop = P[asks + 1]
X0 = X[asks + 1]
set object circle at X0, floor_ - 9 size 9 front @OUTLINE lc rgb chance(0.25 + 0.75 * loop) lw 0.8 + 9 * loop
plot for [i = 1:n] [t=0:1] '+' using (arc_x(X[asks + 1], X[i], t)):(i == asks + 1 ? NaN : arc_y(floor_, high(i), t)) \
    with lines lw 0.8 + 12 * P[i] lc rgb chance(0.25 + 0.75 * P[i]) notitle
