# How far the form of GELU with erf is from the one with tanh.
# data: curve.dat
load "figures/style.gp"
W = 860; H = 330; LEFT = 100; RIGHT = 36; TOP = 74; BOTTOM = 62
TITLE = "How far erf is from tanh"
SUBTITLE = "GELU with erf minus GELU with tanh, the one that GPT-2 was trained with"
XLABEL = "a hidden unit, as c_fc gives it"; YLABEL = "difference"
high = 0; at = 0
peak(x, v) = (at = abs(v) > high ? abs(x) : at, high = abs(v) > high ? abs(v) : high, 0)
@READ file("curve.dat") using (peak($1, $4), 0):(0) @INTO
@CHART
set xrange [-5:5]; set yrange [-0.0006:0.0006]; set ytics 0.0002; set format y "%.4f"; set xtics 1
set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1 lc rgb RULE
set label sprintf("largest: %.5f, at −%.1f and %.1f", high, at, at) at first 0, first -high center font sans(13) tc rgb INK front
plot file("curve.dat") using 1:4 with lines lw 2.4 lc rgb FEED_TEXT notitle
