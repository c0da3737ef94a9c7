# Exactly right translations over the number of pairs that the model was trained on.
# data: pairs.dat
load "figures/style.gp"
f = file("pairs.dat"); n = rows("pairs.dat"); kinds = 0
array N[n + 1]; array SUM[n + 1]; array RUNS[n + 1]
find(x) = sum [i = 1:kinds] (N[i] == x ? i : 0)
@READ f using (k = find($2), k == 0 ? (kinds = kinds + 1, k = kinds, N[k] = $2, SUM[k] = 0, RUNS[k] = 0, 0) : 0, \
    SUM[k] = SUM[k] + 100.0 * $5 / $6, RUNS[k] = RUNS[k] + 1, 0):(0) @INTO
W = 860; H = 400; LEFT = 76; RIGHT = 40; TOP = 76; BOTTOM = 62
TITLE = "A few thousand pairs are enough to learn the grammar"
SUBTITLE = "translations that are right in every token, of 2,000 sentences not in training; 2,000 steps each; with 200,000 pairs: 6,000, three models"
XLABEL = "pairs in the training text (log scale)"; YLABEL = "exactly right, per cent"
@CHART
set logscale x; set xrange [700:300000]; set yrange [0:105]
set xtics ("1,000" 1000, "3,000" 3000, "10,000" 10000, "30,000" 30000, "100,000" 100000, "200,000" 200000)
set ytics 0, 20, 100
do for [i = 1:kinds] { set label sprintf("%.1f", SUM[i] / RUNS[i]) at N[i], SUM[i] / RUNS[i] offset 0.8, -1 left font sans(12) tc rgb SCORE_TEXT front }
plot f using 2:(100.0 * $5 / $6) smooth unique with lines lw 2.5 lc rgb SCORE_LINE notitle, \
     f using 2:(100.0 * $5 / $6) with points pt 7 ps 0.9 lc rgb SCORE_LINE notitle
