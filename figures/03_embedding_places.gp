# How alike the places are: the cosine of each pair of rows of wpe.
# data: places.dat shape.dat
load "figures/style.gp"
@READ file("shape.dat") using (P = int($4), 0):(0) @INTO
n = 0
array PLACE[40]
@READ file("places.dat") using (n = $1 + 1 > n ? int($1 + 1) : n, PLACE[int($1) + 1] = int($3), 0):(0) @INTO
left = 84; top = 104; c = n < 8 ? 40 : 15
W = left + n * c + 40; W = W < 580 ? 580 : W
H = top + n * c + 58
TITLE = "Similar rows for near positions: dark along the diagonal"
SUBTITLE = "cosine of the rows of wpe" . (n < P ? sprintf(", %d of %d positions, evenly spread", n, P) : "")
@CANVAS
do for [i = 0:n - 1] {
    if (i % 4 == 0 || i == n - 1) {
        set label sprintf("%d", PLACE[i + 1]) at left - 8, top + (i + 0.5) * c right font sans(12) tc rgb INK
        set label sprintf("%d", PLACE[i + 1]) at left + (i + 0.5) * c, top - 12 center font sans(12) tc rgb INK
    }
}
set label "position" at left - 8, top - 32 right font sans(12) tc rgb SOFT
y = top + n * c + 28
do for [i = -10:10] {
    set object rectangle from left + (i + 10) * 14, y - 6 to left + 14 + (i + 10) * 14, y + 6 front \
        fillcolor rgb signed(i / 10.0) fillstyle solid 1 noborder
}
set label "−1" at left - 8, y right font sans(12) tc rgb SOFT
set label "1: the same direction" at left + 302, y font sans(12) tc rgb SOFT
do for [i = 0:n] { set arrow from left + i * c, top to left + i * c, top + n * c nohead front lw 0.7 lc rgb FAINT }
do for [i = 0:n] { set arrow from left, top + i * c to left + n * c, top + i * c nohead front lw 0.7 lc rgb FAINT }
SOLID = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"      # many cells: short files
f = file("places.dat")
x(i) = left + i * c; y(i) = top + i * c
plot f using (x($2)):(y($1)):(x($2)):(x($2 + 1)):(y($1)):(y($1 + 1)):(signed($5)) @SOLID
