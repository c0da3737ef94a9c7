# How many tokens the prompt is with the first m merges alone.
# data: growth.dat
load "figures/style.gp"
n = rows("growth.dat"); array M[n + 1]; array T[n + 1]
@READ file("growth.dat") using (i = int($0) + 1, M[i] = int($1), T[i] = int($2), 0):(0) @INTO
grouped(n) = n < 1000 ? sprintf("%d", n) : sprintf("%d,%03d", n / 1000, n % 1000)
W = 860; H = 380; LEFT = 76; RIGHT = 36; TOP = 74; BOTTOM = 66
TITLE = "The more merges, the fewer tokens"
SUBTITLE = "tokens of the prompt when only the first merges of the vocabulary are used"
XLABEL = "merges used"; YLABEL = "tokens"
@CHART
high = T[1] * 1.12 + 0.5
set yrange [0:high]
set xrange [-0.01 * M[n]:M[n] * 1.02 + 1]
if (T[1] < 8) { set ytics 1 }
set format x "%.0f"
set label plural(T[1], "byte", "bytes") . ": no merge yet" at first M[1] + M[n] * 0.012, first T[1] + high * 0.045 \
    font sans(13) tc rgb INK front
set label plural(T[n], "token", "tokens") . " with all " . grouped(M[n]) . " merges" at first M[n], first T[n] + high * (T[n] > 0.12 * high ? -0.07 : 0.07) right \
    font sans(13) tc rgb INK front
f = file("growth.dat")
plot f using 1:2 with filledcurves y1=0 fillcolor rgb TOKEN_FILL notitle, \
     f using 1:2 with lines lw 2.2 lc rgb TOKEN_LINE notitle, \
     f every ::n - 1 using 1:2 with points pt 7 ps 0.6 lc rgb TOKEN_LINE notitle
