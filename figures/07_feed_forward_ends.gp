# Hidden units from both ends: the tokens that wake one, and the tokens that it writes.
# data: ends.dat
load "figures/style.gp"
n = rows("ends.dat")
array U[n + 1]; array UNIT[n + 1]; array K[n + 1]; array AVERAGE[n + 1]; array SHARE[n + 1]; array WOKEN[n + 1]
array WAKES[n + 1]; array WRITES[n + 1]
@READ file("ends.dat") using (i = int($0) + 1, U[i] = int($1), UNIT[i] = int($2), K[i] = int($3), AVERAGE[i] = $4, SHARE[i] = $5, \
    WOKEN[i] = $6, WAKES[i] = strcol(8), WRITES[i] = strcol(9), 0):(0) @INTO
count = U[n] + 1
W = 900; top = 96; r = 84; H = top + count * r + 8
middle = W / 2; half = 82; size = 13; chip = 94; gap = 6
TITLE = "Words wake a unit, and the unit writes towards other words"
SUBTITLE = "left: the words that wake it most; right: those in whose direction it writes"
@CANVAS
set label "its column of c_fc" at middle - half - 24, top - 18 right font bold(13) tc rgb SOFT
set label "the unit" at middle, top - 18 center font bold(13) tc rgb SOFT
set label "its row of c_proj" at middle + half + 24, top - 18 font bold(13) tc rgb SOFT
do for [i = 1:n] {
    y = top + U[i] * r
    if (K[i] == 0) {
        X0 = middle - half; X1 = middle + half; Y0 = y + 4; Y1 = y + 66; FILL = FEED_FILL; LINE = FEED_LINE
        @CHIP
        set label sprintf("unit %d", UNIT[i]) at middle, y + 22 center front font bold(14) tc rgb FEED_TEXT
        set label sprintf("up to %.1f, average %.1f", WOKEN[i], AVERAGE[i]) at middle, y + 39 center front font sans(12) tc rgb INK
        set label sprintf("awake for %.0f %% of the words", SHARE[i]) at middle, y + 55 center front font sans(12) tc rgb SOFT
        set arrow from X0 - 22, y + 35 to X0 - 2, y + 35 head size 7, 25 filled front lw 1.6 lc rgb FEED_LINE
        set arrow from X1 + 2, y + 35 to X1 + 22, y + 35 head size 7, 25 filled front lw 1.6 lc rgb FEED_LINE
    }
    column_ = K[i] % 3; Y0 = y + 5 + (K[i] / 3) * 33; Y1 = Y0 + 27
    do for [side = 0:1] {
        X0 = side ? middle + half + 26 + column_ * (chip + gap) : middle - half - 26 - (3 - column_) * (chip + gap) + gap
        X1 = X0 + chip; FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CHIP
        s = side ? WRITES[i] : WAKES[i]
        small = shrink(s, chip - 8, size, 11)
        set label fit(s, chip - 6, small) at (X0 + X1) / 2.0, (Y0 + Y1) / 2.0 center front font mono(small) tc rgb TOKEN_TEXT
    }
}
@DONE
