# Exactly right translations over the number of pairs that the model was trained on.
# data: pairs.dat
load "figures/style.gp"
f = file("pairs.dat")
W = 860; H = 400; LEFT = 76; RIGHT = 40; TOP = 76; BOTTOM = 62
TITLE = "A few thousand pairs are enough to learn the grammar"
SUBTITLE = "translations that are right in every token, of 2,000 sentences not in training; 2,000 steps each; with 200,000 pairs: 6,000, three models"
XLABEL = "pairs in the training text (log scale)"; YLABEL = "exactly right, per cent"
@CHART
set logscale x; set xrange [700:300000]; set yrange [0:105]
set xtics ("1,000" 1000, "3,000" 3000, "10,000" 10000, "30,000" 30000, "100,000" 100000, "200,000" 200000)
set ytics 0, 20, 100
set table $MEAN
plot f using (strcol(1) eq "pairs" ? $2 : NaN):(100 * $5 / $6) smooth unique
unset table
plot $MEAN using 1:2 with lines lw 2.5 lc rgb SCORE_LINE notitle, \
     f using (strcol(1) eq "pairs" ? $2 : NaN):(100 * $5 / $6) with points pt 7 ps 0.9 lc rgb SCORE_LINE notitle, \
     $MEAN using 1:($2 - 6):(sprintf("%.1f", $2)) with labels left offset 0.5, 0 font sans(12) tc rgb SCORE_TEXT notitle
