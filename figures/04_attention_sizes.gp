# Random queries and keys: the largest of eight weights, over the head size.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array D[n + 1]; array BARE[n + 1]; array ROOT[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, D[i] = int($1), BARE[i] = $2, ROOT[i] = $3, 0):(0) @INTO
W = 860; H = 400; LEFT = 76; RIGHT = 40; TOP = 70; BOTTOM = 62
TITLE = "Without √D, a large D gives one token nearly everything"
SUBTITLE = "the largest of 8 weights, mean over 200 random queries"
XLABEL = "D, numbers in a query and a key"; YLABEL = "largest weight"
@CHART
set logscale x 2
set xrange [3.6:1150]; set yrange [0:105]
set format x "%.0f"; set format y "%g %%"
set xtics (4, 8, 16, 32, 64, 128, 256, 512, 1024)
set label "softmax of q·k" at first 40, first 100 * BARE[4] + 15 right font bold(13) tc rgb INK front
set label "softmax of q·k / √D" at first 40, first 100 * ROOT[4] - 7 font bold(13) tc rgb SCORE_TEXT front
set arrow from first 3.6, first 12.5 to first 1150, first 12.5 nohead lw 1 dt (4, 4) lc rgb RULE
set label "1 of 8: all alike" at first 1100, first 8 right font sans(12) tc rgb SOFT front
f = file("sizes.dat")
plot f using 1:(100 * $2) with linespoints lw 2.2 pt 5 ps 0.7 lc rgb RULE notitle, \
     f using 1:(100 * $3) with linespoints lw 2.2 pt 7 ps 0.7 lc rgb SCORE_LINE notitle
