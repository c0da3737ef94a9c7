# Queries, keys and values of one head: three heat maps, a row for each token.
# data: tokens.dat facts.dat rows.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (D = int($2), h = int($3), 0):(0) @INTO
shown = D > 64 ? 64 : D
array MOST[3]
do for [i = 1:3] { MOST[i] = 1e-9 }
larger(a, b) = a > b ? a : b
@READ file("rows.dat") using (MOST[1] = larger(MOST[1], abs($3)), MOST[2] = larger(MOST[2], abs($4)), \
    MOST[3] = larger(MOST[3], abs($5)), 0):(0) @INTO
r = 330.0 / n; r = r > 26 ? 26 : r < 6 ? 6 : r
each = r < 12 ? ceil(12 / r) : 1; size = r < 12 ? 10 : 12
room = 30
do for [i = 1:n] { w = wide(LABEL[i], size) + 8; room = w > room ? w : room }
room = room > 100 ? 100 : room
W = 860; left = 20 + room; gap = 20
broad = (W - left - 24 - 2 * gap) / 3.0; c = broad / shown
top = 100; H = int(top + n * r + 24)
TITLE = "Each token has three vectors"
SUBTITLE = sprintf("head %d of block 0; %s of each; blue is negative, orange positive", h, \
    shown < D ? sprintf("the first %d of %d numbers", shown, D) : plural(D, "number", "numbers"))
@CANVAS
array NAME[3] = ["q", "k", "v"]
array SAYS[3] = ["query: what it looks for", "key: what it can be found by", "value: what it passes on"]
array FILLS[3] = [QUERY_FILL, KEY_FILL, VALUE_FILL]
array LINES[3] = [QUERY_LINE, KEY_LINE, VALUE_LINE]
array TEXTS[3] = [QUERY_TEXT, KEY_TEXT, VALUE_TEXT]
do for [m = 1:3] {
    X0 = left + (m - 1) * (broad + gap); Y0 = 66; X1 = X0 + 24; Y1 = 88; FILL = FILLS[m]; LINE = LINES[m]
    @CHIP
    set label NAME[m] at (X0 + X1) / 2.0, 77 center front font monobold(13) tc rgb TEXTS[m]
    set label SAYS[m] at X1 + 8, 77 font sans(13) tc rgb TEXTS[m]
    X1 = X0 + broad; Y0 = top; Y1 = top + n * r; THICK = 1.5
    set object rectangle from X0, Y0 to X1, Y1 front @OUTLINE lc rgb LINE lw 1.5
}
do for [i = 0:n - 1] {
    if (i % each == 0) {
        set label fit(LABEL[i + 1], room - 6, size) at left - 6, top + (i + 0.5) * r right font mono(size) tc rgb TOKEN_TEXT
    }
}
f = file("rows.dat")
x(m, i) = left + (m - 1) * (broad + gap) + i * c; y(t) = top + t * r
PLAIN_CELLS = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
plot for [m = 1:3] f using (x(m, $2)):(y($1)):(x(m, $2)):(x(m, $2 + 1)):(y($1)):(y($1 + 1)): \
    (signed(column(2 + m) / MOST[m])) @PLAIN_CELLS
