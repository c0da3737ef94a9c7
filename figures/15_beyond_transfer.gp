# Exactly right summaries over the number of examples: from the robots' model, and from nothing.
# data: transfer.dat
load "figures/style.gp"
f = file("transfer.dat")
W = 860; H = 430; LEFT = 76; RIGHT = 150; TOP = 76; BOTTOM = 62
TITLE = "What the model knew already is worth thousands of examples"
SUBTITLE = "summaries that are right in every token, of 300 held-out stories; the mean of all runs, and the least and the most"
XLABEL = "examples to learn from (log scale)"; YLABEL = "exactly right, per cent"
@CHART
set logscale x; set xrange [22:14000]; set yrange [-3:105]
set xtics ("30" 30, "100" 100, "300" 300, "1,000" 1000, "3,000" 3000, "10,000" 10000); set ytics 0, 20, 100
set label "from models/robots" at graph 1.01, 0.78 left front font bold(12) tc rgb SCORE_TEXT
set label "from nothing (rings)" at graph 1.01, 0.06 left front font bold(12) tc rgb INK
plot f using 1:2:3:4 with yerrorbars lw 1.5 pt 7 ps 0.9 lc rgb SCORE_LINE notitle, \
     f using 1:2 with lines lw 2.5 lc rgb SCORE_LINE notitle, \
     f using 1:5 with linespoints lw 2 dt (5, 3) pt 6 ps 1 lc rgb INK notitle
