# A lookup: the id says which row of wte is copied.
# data: tokens.dat lookup.dat shape.dat
load "figures/style.gp"
n = rows("tokens.dat"); array ID[n + 1]; array LABEL[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, ID[i] = int($2), LABEL[i] = strcol(3), 0):(0) @INTO
@READ file("shape.dat") using (C = int($2), V = int($3), 0):(0) @INTO
cells = 9; first = 99; last = -99; most = 1e-9; broad = 0
array ROW[16]; array NAME[16]
@READ file("lookup.dat") using (first = $2 < first ? int($2) : first, last = $2 > last ? int($2) : last, \
    ROW[int($2) + 8] = int($1), NAME[int($2) + 8] = strcol(5), \
    broad = $3 + 1 > broad ? int($3 + 1) : broad, most = abs($4) > most ? abs($4) : most, 0):(0) @INTO
k = broad < cells ? broad : cells
t = n > 1 ? 2 : 1
id = ID[t]

left = 330; c = 52; r = 27; top = 116
W = int(left + k * c + (C > k ? 90 : 30)); W = W < 640 ? 640 : W
y(d) = top + (d - first + (first + id > 0 ? 1 : 0)) * r
down = y(last) + r + (last + id < V - 1 ? r : 0)
H = int(down + 16)
TITLE = "A lookup: the id says which row of wte is copied"
SUBTITLE = sprintf("wte [%d, %d]: a row for each token of the vocabulary", V, C)
@CANVAS
s = fit(LABEL[t], 120, 14)
half = wide(s, 14) / 2 + 9; half = half < 18 ? 18 : half
X0 = 24; X1 = 24 + 2 * half; Y0 = y(0) + r / 2.0 - 15; Y1 = Y0 + 30; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CHIP
set label s at (X0 + X1) / 2, y(0) + r / 2.0 center front font mono(14) tc rgb TOKEN_TEXT
set label sprintf("id %d", id) at 24, y(0) + r / 2.0 + 28 font sans(13) tc rgb SOFT
set arrow from X1 + 6, y(0) + r / 2.0 to left - 142, y(0) + r / 2.0 head filled size screen 0.012, 20 front lw 1.6 lc rgb TOKEN_LINE
do for [i = 0:k - 1] {
    set label sprintf("%d", i) at left + (i + 0.5) * c, top - 14 center font monobold(12) tc rgb SOFT
}
set label "channel" at left - 12, top - 14 right font bold(12) tc rgb SOFT
if (C > k) { set label sprintf("… %d", C - 1) at left + k * c + 10, top - 14 font monobold(12) tc rgb SOFT }
do for [d = first:last] {
    s = fit(NAME[d + 8], 78, 13)
    set label sprintf("%d", ROW[d + 8]) at left - 96, y(d) + r / 2.0 right font mono(13) tc rgb d ? SOFT : INK
    set label s at left - 88, y(d) + r / 2.0 font mono(13) tc rgb d ? SOFT : TOKEN_TEXT
    if (C > k) { set label "…" at left + k * c + 10, y(d) + r / 2.0 font sans(13) tc rgb SOFT }
}
if (first + id > 0) { set label "⋮" at left + k * c / 2.0, top + r / 2.0 center font sans(16) tc rgb SOFT }
if (last + id < V - 1) { set label "⋮" at left + k * c / 2.0, down - r / 2.0 center font sans(16) tc rgb SOFT }
X0 = left - 138; X1 = left + k * c + (C > k ? 34 : 4); Y0 = y(0) - 1; Y1 = Y0 + r + 2; LINE = TOKEN_LINE
@MARKED
f = file("lookup.dat")
x(i) = left + i * c
yy(i, d) = i < k ? y(d) : NaN
plot f using (x($3)):(yy($3, $2)):(x($3)):(x($3 + 1)):(yy($3, $2)):(yy($3, $2) + r):(signed($4 / most)) @CELLS, \
     f using (x($3) + c / 2.0):(yy($3, $2) + r / 2.0):(sprintf("%.2f", $4)):(ink(signed($4 / most))) @INKS
