# GELU beside ReLU, and where the hidden units of the prompt lie.
# data: curve.dat bins.dat
load "figures/style.gp"
most = 0.1
@READ file("bins.dat") using (most = $2 > most ? $2 : most, 0):(0) @INTO
W = 860; H = 430; LEFT = 76; RIGHT = 76; TOP = 74; BOTTOM = 62
TITLE = "GELU passes large units and puts negative ones to sleep"
SUBTITLE = "lines: the output (left scale); bars: how many of the prompt's hidden units are there (right scale)"
XLABEL = "x, a hidden unit before the bend"; YLABEL = "output"
@CHART
set border 11
set xrange [-4.5:4.5]; set yrange [-0.75:4.5]; set y2range [0:most * 3.8]
set xtics 1; set ytics 0, 1; set y2tics nomirror textcolor rgb INK font "sans-serif,12"; set format y2 "%g %%"
set label 9005 "share of the units" at screen px(W - 20), screen py((TOP + H - BOTTOM) / 2) center rotate by 90 \
    font sans(13) tc rgb SOFT
set arrow from first 0, graph 0 to first 0, graph 1 nohead back lw 1 lc rgb RULE
set label "asleep" at first -4.3, first 0.90 font bold(14) tc rgb FEED_TEXT front
set label "what is very negative becomes 0" at first -4.3, first 0.62 font sans(13) tc rgb INK front
set label "awake" at first 2.55, first 3.75 right font bold(14) tc rgb FEED_TEXT front
set label "what is large passes as it is" at first 2.55, first 3.47 right font sans(13) tc rgb INK front
set label "GELU" at first 3.62, first 3.3 font bold(13) tc rgb FEED_TEXT front
set label "ReLU, dashed" at first 1.72, first 2.12 right font sans(13) tc rgb SOFT front
set label "lowest: −0.17 at −0.75" at first -4.3, first 0.34 font sans(13) tc rgb INK front
set boxwidth 0.19
f = file("curve.dat")
plot file("bins.dat") using 1:2 axes x1y2 with boxes fillcolor rgb FEED_FILL fillstyle solid 1 border lc rgb FEED_LINE notitle, \
     f using 1:3 with lines lw 1.6 dt (6, 4) lc rgb SOFT notitle, \
     f using 1:2 with lines lw 2.8 lc rgb FEED_TEXT notitle
