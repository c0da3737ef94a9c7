# The table of places, wpe: a row for each place, as far as the picture holds it.
# data: table.dat shape.dat
load "figures/style.gp"
@READ file("shape.dat") using (C = int($2), P = int($4), 0):(0) @INTO
n = 0; k = 0; most = 1e-9
array PLACE[40]
@READ file("table.dat") using (n = $1 + 1 > n ? int($1 + 1) : n, k = $2 + 1 > k ? int($2 + 1) : k, \
    PLACE[int($1) + 1] = int($3), most = abs($4) > most ? abs($4) : most, 0):(0) @INTO
left = 84; c = 15; r = 14; top = 96
W = left + k * c + 40; W = W < 560 ? 560 : W
H = top + n * r + 58
TITLE = "The table of positions: down many columns, the colour changes slowly"
SUBTITLE = sprintf("wpe [%d, %d]: ", P, C) . (n < P ? sprintf("%d of the rows, evenly spread", n) : "all rows") \
    . (k < C ? sprintf("; the first %d channels", k) : "")
@CANVAS
do for [i = 0:k - 1] {
    if (i % 8 == 0) { set label sprintf("%d", i) at left + (i + 0.5) * c, top - 12 center font sans(12) tc rgb SOFT }
}
set label "channel" at left - 10, top - 12 right font sans(12) tc rgb SOFT
do for [i = 0:n - 1] {
    if (i % 4 == 0 || i == n - 1) {
        set label sprintf(i ? "%d" : "position %d", PLACE[i + 1]) at left - 10, top + (i + 0.5) * r right font sans(12) tc rgb INK
    }
}
y = top + n * r + 28
do for [i = -10:10] {
    set object rectangle from left + 60 + (i + 10) * 14, y - 6 to left + 74 + (i + 10) * 14, y + 6 front \
        fillcolor rgb signed(i / 10.0) fillstyle solid 1 noborder
}
set label sprintf("−%.2f", most) at left + 52, y right font sans(12) tc rgb SOFT
set label sprintf("%.2f", most) at left + 362, y font sans(12) tc rgb SOFT
do for [i = 0:k] { set arrow from left + i * c, top to left + i * c, top + n * r nohead front lw 0.7 lc rgb FAINT }
do for [i = 0:n] { set arrow from left, top + i * r to left + k * c, top + i * r nohead front lw 0.7 lc rgb FAINT }
SOLID = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"      # many cells: short files
f = file("table.dat")
x(i) = left + i * c; y(i) = top + i * r
plot f using (x($2)):(y($1)):(x($2)):(x($2 + 1)):(y($1)):(y($1 + 1)):(signed($4 / most)) @SOLID
