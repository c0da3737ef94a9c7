# How large gradients are, and how large AdamW's steps.
# data: adamw.dat
load "figures/style.gp"
f = file("adamw.dat")
rate = 1e-3; most = 1e-9; low = 0
@READ f using (rate = $4, most = $2 > most ? $2 : most, most = $3 > most ? $3 : most, 0):(0) @INTO
W = 860; H = 400; LEFT = 84; RIGHT = 30; TOP = 76; BOTTOM = 62
TITLE = "Gradients of all sizes, steps of much the same size"
SUBTITLE = "all weights after twenty steps on the prompt: by the size of their last gradient, and by how far they have moved"
XLABEL = "size, in powers of ten: −3 is 0.001"; YLABEL = "share of the weights"
@CHART
set xrange [-13:1]; set yrange [0:most * 1.2]; set xtics 1; set format y "%.2f"
set arrow from log10(20 * rate), graph 0 to log10(20 * rate), graph 0.95 nohead dt (4, 3) lw 1.5 lc rgb INK front
set label "20 · rate" at log10(20 * rate) - 0.1, graph 0.92 right font sans(12) tc rgb INK front
set label "gradients" at first -7.7, first most * 0.33 center font bold(13) tc rgb INK front
set label "distances moved" at first -2.9, first most * 0.8 right font bold(13) tc rgb STREAM_TEXT front
plot f using 1:2:(0.25 * 0.95) with boxes fillstyle solid 1 border lc rgb PLAIN_LINE fillcolor rgb PLAIN_FILL notitle, \
     f using 1:3:(0.25 * 0.95) with boxes fillstyle transparent solid 0.85 border lc rgb STREAM_LINE fillcolor rgb STREAM_FILL notitle
