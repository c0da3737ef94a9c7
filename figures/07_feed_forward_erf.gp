# How far GELU with tanh is from the exact one, with two numbers in front of x³.
# data: curve.dat
load "figures/style.gp"
W = 860; H = 350; LEFT = 100; RIGHT = 36; TOP = 74; BOTTOM = 62
TITLE = "0.044715 keeps the error below 0.0005 everywhere"
SUBTITLE = "GELU with tanh minus the exact GELU with erf"
XLABEL = "x, a hidden unit before the bend"; YLABEL = "difference"
low = 0; high = 0
note(v) = (low = v < low ? v : low, high = v > high ? v : high, 0)
@READ file("curve.dat") using (note($4), note($5), 0):(0) @INTO
@CHART
set xrange [-5:5]; set yrange [-0.0009:0.0009]; set ytics 0.0003; set format y "%.4f"; set xtics 1
set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1 lc rgb RULE
set label "solid: 0.044715, the number in use" at first 0, first 0.00067 center font bold(13) tc rgb FEED_TEXT front
set label "dashed: 2/(3π) − 1/6 = 0.04554, exact near 0" at first 0, first -0.00067 center font sans(13) tc rgb INK front
plot file("curve.dat") using 1:5 with lines lw 2 dt (6, 4) lc rgb RULE notitle, \
     file("curve.dat") using 1:4 with lines lw 2.4 lc rgb FEED_TEXT notitle
