# How alike two places are, by how far apart they stand: mean, least and most over all such pairs.
# data: distance.dat shape.dat
load "figures/style.gp"
n = rows("distance.dat")
low = 0; last = 1
@READ file("distance.dat") using (low = $3 < low ? $3 : low, last = $1 > last ? $1 : last, 0):(0) @INTO
W = 860; H = 400; LEFT = 76; RIGHT = 30; TOP = 76; BOTTOM = 62
TITLE = "The rows of near positions are similar, those of far ones are not"
SUBTITLE = "cosine of two rows of wpe, by how far apart the positions are: the mean; band: from the smallest to the largest"
XLABEL = "positions apart"; YLABEL = "cosine"
@CHART
set xrange [-0.01 * last:last * 1.01]; set yrange [low * 1.08:1.04]
if (last < 8) { set xtics 1 }
set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1 lc rgb RULE
f = file("distance.dat")
plot f using 1:3:4 with filledcurves fillcolor rgb FAINT notitle, \
     f using 1:2 with linespoints pt 7 ps (n < 20 ? 0.7 : 0.35) lw 2 lc rgb SOFT notitle
