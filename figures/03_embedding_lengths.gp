# How long the rows are: a point for each token, and for each position.
# data: lengths.dat lengths_places.dat shape.dat
load "figures/style.gp"
@READ file("shape.dat") using (C = int($2), V = int($3), P = int($4), 0):(0) @INTO
most = 0; tokens = 0; positions = 0
@READ file("lengths.dat") using (most = $3 > most ? $3 : most, tokens = tokens + $3, 0):(0) @INTO
@READ file("lengths_places.dat") using (most = $2 > most ? $2 : most, positions = positions + $2, 0):(0) @INTO
longer = tokens / rows("lengths.dat") > positions / rows("lengths_places.dat")
most = most > 0 ? most * 1.06 : 1
W = 860; H = 420; LEFT = 66; RIGHT = 250; TOP = 104; BOTTOM = 60
TITLE = longer ? "The rows of tokens are longer than those of positions" : "The rows of positions are longer than those of tokens"
SUBTITLE = "left: tokens; right: positions; the longer row weighs more in the sum"
XLABEL = "id"; YLABEL = "length of the row of wte"
@CHART
set multiplot
set yrange [0:most]; set xrange [-0.01 * V:1.01 * V]
if (V < 6) { set xtics 1 }
array NAME[3] = ["single byte", "begins with a space", "any other token"]
array KIND[3] = ["byte", "word", "part"]
array DOT[3] = [RULE, TOKEN_LINE, INK]
array SHAPE[3] = [1, 7, 8]
do for [i = 1:3] {
    x = LEFT + 10 + (i - 1) * 170
    set label 100 + i "" at screen px(x), screen py(80) point pt SHAPE[i] ps 0.7 lc rgb DOT[i] front
    set label 110 + i NAME[i] at screen px(x + 12), screen py(80) font sans(13) tc rgb INK front
}
f = file("lengths.dat")
plot for [i = 1:3] f using 1:(strcol(2) eq KIND[i] ? $3 : NaN) with points pt SHAPE[i] ps 0.45 lc rgb DOT[i] notitle
unset label
set lmargin at screen px(W - RIGHT + 62); set rmargin at screen px(W - 24)
set xrange [-0.02 * P:1.02 * P]; set xtics autofreq
if (P < 6) { set xtics 1 } else { if (P >= 100) { set xtics P >= 1000 ? 500 : 50 } }
set label "position" at screen px(W - RIGHT / 2 + 20), screen py(H - 20) center font sans(13) tc rgb SOFT
set label "length of the row of wpe" at screen px(W - RIGHT + 16), screen py((TOP + H - BOTTOM) / 2) center rotate by 90 font sans(13) tc rgb SOFT
plot file("lengths_places.dat") using 1:2 with linespoints pt 7 ps 0.4 lw 1.2 lc rgb SOFT notitle
unset multiplot
