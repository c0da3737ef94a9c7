# How far some weights move when they are kept in two bytes.
# data: rounding.dat
load "figures/style.gp"
W = 860; H = 430; LEFT = 100; RIGHT = 30; TOP = 104; BOTTOM = 62
TITLE = "Two bytes per number: F16 loses less than BF16"
SUBTITLE = "some weights of h.0.attn.c_attn, and how far the nearest number of each format is from them"
XLABEL = "size of the weight"; YLABEL = "off by, in % of the weight"
@CHART
f = file("rounding.dat")
set logscale x 10
set xrange [1e-4:]
set format x "%g"
set format y "%+.1f %%"
set yrange [-0.45:0.45]
set ytics 0.2
set arrow from graph 0, first 0 to graph 1, first 0 nohead lw 1 lc rgb RULE
set object circle at screen px(LEFT + 8), screen py(78) size screen 0.004 front fillcolor rgb INK fillstyle solid 1 noborder
set label "F16: 10 bits of fraction" at screen px(LEFT + 20), screen py(78) font sans(13) tc rgb INK
set label "×" at screen px(LEFT + 250), screen py(78) center font bold(15) tc rgb SOFT
set label "BF16: 7 bits of fraction" at screen px(LEFT + 262), screen py(78) font sans(13) tc rgb SOFT
plot f using (10**$1):3 with points pt 2 ps 0.5 lw 1.2 lc rgb SOFT notitle, \
     f using (10**$1):2 with points pt 7 ps 0.35 lc rgb INK notitle
