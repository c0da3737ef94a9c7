# One row of weights, with the division by the root of D and without it.
# data: tokens.dat facts.dat asks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array P[n + 1]; array BARE[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (D = int($2), h = int($3), asks = int($5), 0):(0) @INTO
@READ file("asks.dat") using (i = int($1) + 1, P[i] = $3, BARE[i] = $4, 0):(0) @INTO
left = 60; u = 760.0 / n; u = u > 90 ? 90 : u
size = u < 12.5 ? 10 : 12
flat = 1; longest = 20
do for [i = 1:n] { w = wide(LABEL[i], 12); flat = w + 4 > u ? 0 : flat; longest = w > longest ? w : longest }
longest = longest > 100 ? 100 : longest
top = 108; tall = 220; base = top + tall
W = int(left + n * u + 30); W = W < 640 ? 640 : W
H = int(base + (flat ? 34 : longest + 24))
TITLE = "With √D and without"
SUBTITLE = "the weights of " . fit(LABEL[asks + 1], 120, 13) . sprintf(" in head %d of block 0", h)
@CANVAS
do for [k = 0:4] {
    y = base - k * tall / 4.0
    set arrow from left, y to W - 24, y nohead back lw 0.7 lc rgb k ? FAINT : RULE
    set label sprintf("%d %%", 25 * k) at left - 8, y right font sans(12) tc rgb SOFT
}
HATCH = "#b9b4c4"
do for [i = 1:n] {
    x = left + (i - 0.5) * u; half = u * 0.4 > 26 ? 26 : u * 0.4
    Y1 = base
    X0 = x - half; X1 = x; Y0 = base - tall * P[i]; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = u < 20 ? 0.6 : 1
    @CELL
    X0 = x; X1 = x + half; Y0 = base - tall * BARE[i]; FILL = "#ece9f0"; LINE = PLAIN_LINE
    if (BARE[i] > 0.002) {
        @CELL
        @HATCHED
    }
    if (u > 60) {
        set label sprintf("%.0f", 100 * P[i]) at x - half / 2, base - tall * P[i] - 9 center font sans(11) tc rgb SCORE_TEXT
        set label sprintf("%.0f", 100 * BARE[i]) at x + half / 2, base - tall * BARE[i] - 9 center font sans(11) tc rgb SOFT
    }
    if (flat) {
        set label LABEL[i] at x, base + 14 center font mono(size) tc rgb TOKEN_TEXT
    } else {
        set label fit(LABEL[i], 100, size) at x, base + 8 right rotate by 90 font mono(size) tc rgb TOKEN_TEXT
    }
}
Y0 = 64; Y1 = 82; X0 = left; X1 = X0 + 26; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 1
@CELL
set label sprintf("softmax of q·k / √%d", D) at X1 + 8, 73 font sans(13) tc rgb SCORE_TEXT
X0 = left + 250; X1 = X0 + 26; FILL = "#ece9f0"; LINE = PLAIN_LINE
@CELL
@HATCHED
set label "softmax of q·k, not divided" at X1 + 8, 73 font sans(13) tc rgb INK
@DONE
