# Exactly right translations over the number of pairs that the model was trained on: mean, least and most.
# data: pairs.dat
load "figures/style.gp"
f = file("pairs.dat")
W = 860; H = 400; LEFT = 76; RIGHT = 40; TOP = 76; BOTTOM = 62
TITLE = "Ten thousand pairs are enough for most of the grammar"
SUBTITLE = "translations that are right in every token, of 2,000 sentences not in training; 2,000 steps each; with 200,000 pairs: 6,000, three models"
XLABEL = "pairs in the training text (log scale)"; YLABEL = "exactly right, per cent"
@CHART
set logscale x; set xrange [700:300000]; set yrange [0:112]
set xtics ("1,000" 1000, "3,000" 3000, "10,000" 10000, "30,000" 30000, "100,000" 100000, "200,000" 200000)
set ytics 0, 20, 100
plot f using 1:2 with linespoints lw 2.5 pt 7 ps 0.9 lc rgb SCORE_LINE notitle, \
     f using 1:2:(sprintf($2 > 99.9 ? "%.2f" : "%.1f", $2)) with labels offset 0, 0.9 center font sans(12) tc rgb SCORE_TEXT notitle
