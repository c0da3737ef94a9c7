# The weights of the same head with a window: the future and the distant past are hidden.
# data: tokens.dat matrix.dat facts.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
array FACT[4]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, 0):(0) @INTO
f = file("matrix.dat"); window = int(FACT[4])
c = n <= 8 ? 42.0 : n <= 16 ? 360.0 / n : n <= 24 ? 26.0 : 640.0 / n
size = c >= 14 ? 12 : 10; each = c >= 10 ? 1 : int(10 / c) + 1
label_width = 20
do for [i = 1:n] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 96 ? 96 : label_width
left = 20 + label_width + 8; top = 66 + label_width + 6
key = left + n * c + 34                   # a key on the right, or below where the matrix is broad
beside = n <= 16
W = int(beside ? key + 290 : left + n * c + 20); W = W < 640 ? 640 : W
H = int(top + n * c + (beside ? 24 : 84)); H = beside && H < top + 110 ? top + 110 : H
TITLE = "With a window, a token sees " . (window > 1 ? sprintf("itself and %d before it", window - 1) : "only itself")
SUBTITLE = sprintf("weights of head %d of block 0, in per cent: each row still sums to 100", FACT[1])
@CANVAS
do for [i = 1:n:each] {
    set label fit(LABEL[i], label_width + 1, size) at left + (i - 0.5) * c, top - 5 rotate by 90 font mono(size) tc rgb INK
    set label fit(LABEL[i], label_width + 1, size) at left - 6, top + (i - 0.5) * c right font mono(size) tc rgb INK
}
do for [i = 1:n] {
    Y0 = top + (i - 1) * c; Y1 = Y0 + c; LINE = FAINT
    if (i < n) {
        X0 = left + i * c; X1 = left + n * c; FILL = MASKED_FILL
        @CELL
        @HATCHED
    }
    if (i > window) {
        X0 = left; X1 = left + (i - window) * c; FILL = MASKED_FILL
        @CELL
        @HATCHED
    }
}
array NAME[3]; NAME[1] = "what a token sees"; NAME[2] = "above the diagonal: the future"; NAME[3] = "below the band: too far back"
do for [k = 1:3] {
    X0 = beside ? key : left; X1 = X0 + 26; Y0 = beside ? top + (k - 1) * 34 : top + n * c + 10 + (k - 1) * 22; Y1 = Y0 + 18
    FILL = k == 1 ? SCORE_FILL : MASKED_FILL; LINE = k == 1 ? SCORE_LINE : MASKED_LINE
    @CELL
    if (k > 1) {
        @HATCHED
    }
    set label NAME[k] at X1 + 10, Y0 + 9 font sans(13) tc rgb INK
}
x(i) = left + i * c; y(i) = top + i * c
seen(t, s) = s <= t && s > t - window
plot f using (seen($1, $2) ? x($2) : NaN):(y($1)):(x($2)):(x($2 + 1)):(y($1)):(y($1 + 1)):(chance($6)) @CELLS, \
     f using (c >= 32 && seen($1, $2) ? x($2 + 0.5) : NaN):(y($1 + 0.5)):(sprintf("%.0f", 100 * $6)):(ink(chance($6))) @INKS
