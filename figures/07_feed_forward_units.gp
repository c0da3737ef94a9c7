# Which hidden units wake for which tokens of the prompt.
# data: units.dat rows.dat
load "figures/style.gp"
n = rows("units.dat"); T = rows("rows.dat"); array LABEL[T + 1]
@READ file("rows.dat") using (i = int($0) + 1, LABEL[i] = strcol(11), 0):(0) @INTO
columns_ = 0; big = 0.1; array UNIT[n + 1]
@READ file("units.dat") using (columns_ = int($2) + 1 > columns_ ? int($2) + 1 : columns_, UNIT[int($2) + 1] = int($3), \
    big = $4 > big ? $4 : big, 0):(0) @INTO
most = 60; shown = T > most ? most : T
left = 130; c = 700.0 / columns_; c = c > 40 ? 40 : c; r = shown > 24 ? 13 : 24; size = shown > 24 ? 11 : 14
top = 116; W = 860; H = top + shown * r + 64
TITLE = "Who wakes whom"
SUBTITLE = sprintf("%s that stand out in the prompt, by the token for which they do%s", plural(columns_, "unit", "units"), \
    shown < T ? sprintf("; %d of %d tokens", shown, T) : "")
@CANVAS
do for [k = 1:columns_] {
    set label sprintf("%d", UNIT[k]) at left + (k - 0.5) * c, top - 8 left rotate by 90 font sans(11) tc rgb SOFT
}
set label "unit" at left - 10, top - 20 right font bold(12) tc rgb SOFT
do for [i = 1:shown] {
    set label fit(LABEL[i], left - 24, size) at left - 8, top + (i - 0.5) * r right font mono(size) tc rgb TOKEN_TEXT
}
do for [k = 0:20] {
    X0 = left + 60 + k * 8; X1 = X0 + 8; Y0 = H - 40; Y1 = Y0 + 14
    FILL = sprintf("#%06x", signed(k / 20.0)); LINE = FILL
    @CELL
}
set label "asleep: 0" at left + 54, H - 33 right font sans(12) tc rgb INK
set label sprintf("awake: %.1f", big) at left + 60 + 21 * 8 + 6, H - 33 font sans(12) tc rgb INK
f = file("units.dat")
x(k) = left + k * c
y(t) = top + t * r
plot f using ($1 < shown ? x($2) : NaN):(y($1)):(x($2)):(x($2)+c):(y($1)):(y($1)+r):(signed($4 > 0 ? $4/big : 0)) @CELLS
