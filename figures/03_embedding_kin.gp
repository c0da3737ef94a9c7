# Some words, each with its two nearest: how similar all their rows are.
# data: kin.dat
load "figures/style.gp"
array NAME[40]
m = 0
@READ file("kin.dat") using (m = $1 + 1 > m ? int($1 + 1) : m, NAME[int($1) + 1] = strcol(4), 0):(0) @INTO
of = m % 4 ? m : 4                       # in the data, a word and its neighbours
each = of == 4 ? 3 : m                   # drawn of these
words_ = of == 4 ? m / 4 : 1; words_ = words_ > 5 ? 5 : words_
n = words_ * each
kept(i) = int(i) % of < each && int(i) / of < words_
at(i) = int(i) / of * each + int(i) % of
left = 110; c = 36; top = 156
W = left + n * c + 90; W = W < 620 ? 620 : W
H = top + n * c + 60
TITLE = "A word and its two nearest: are these near each other, too?"
SUBTITLE = "cosine of each pair of rows; a word in bold, followed by its nearest"
@CANVAS
do for [i = 1:n] {
    head = (i - 1) % each == 0
    size = 12
    s = fit(NAME[(i - 1) / each * of + (i - 1) % each + 1], 88, size)
    set label s at left - 8, top + (i - 0.5) * c right font (head ? monobold(size) : mono(size)) tc rgb head ? TOKEN_TEXT : INK
    set label s at left + (i - 0.5) * c, top - 8 left rotate by 55 font (head ? monobold(size) : mono(size)) \
        tc rgb head ? TOKEN_TEXT : INK
}
y = top + n * c + 30
do for [i = -10:10] {
    set object rectangle from left + (i + 10) * 14, y - 6 to left + 14 + (i + 10) * 14, y + 6 front \
        fillcolor rgb signed(i / 10.0) fillstyle solid 1 noborder
}
set label "−1" at left - 8, y right font sans(12) tc rgb SOFT
set label "1: the same direction" at left + 302, y font sans(12) tc rgb SOFT
do for [i = 0:n] { set arrow from left + i * c, top to left + i * c, top + n * c nohead front lw 0.7 lc rgb FAINT }
do for [i = 0:n] { set arrow from left, top + i * c to left + n * c, top + i * c nohead front lw 0.7 lc rgb FAINT }
FRAME = "set arrow from X0, Y0 to X1, Y0 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X0, Y1 to X1, Y1 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X0, Y0 to X0, Y1 nohead front lw 2.5 lc rgb LINE; \
    set arrow from X1, Y0 to X1, Y1 nohead front lw 2.5 lc rgb LINE"
LINE = TOKEN_LINE
do for [i = 0:n - 1:each] {
    X0 = left + i * c; Y0 = top + i * c; X1 = X0 + each * c; Y1 = Y0 + each * c
    @FRAME
}
SOLID = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"      # many cells: short files
f = file("kin.dat")
x(i) = left + i * c; y(i) = top + i * c
short(v) = v > 0.995 ? "1" : v < -0.995 ? "−1" : (v <= -0.005 ? "−" : "") . sprintf("%.2f", abs(v))[2:4]
# Numbers inside the frames, and wherever else two rows are similar.
said(i, j, v) = kept(i) && kept(j) && (int(i) / of == int(j) / of || abs(v) >= 0.3)
plot f using (kept($1) && kept($2) ? x(at($2)) : NaN):(y(at($1))):(x(at($2))):(x(at($2) + 1)):(y(at($1))):(y(at($1) + 1)):(signed($3)) @SOLID, \
     f using (said($1, $2, $3) ? x(at($2)) + c / 2.0 : NaN):(y(at($1)) + c / 2.0):(short($3)):(ink(signed($3))) with labels center font mono(11) tc rgb variable notitle
