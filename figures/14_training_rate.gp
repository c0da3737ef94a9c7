# The rate over a run, and how many texts a step looks at.
# data: rate.dat
load "figures/style.gp"
f = file("rate.dat"); peak = 0.0; steps = 0.0; batch = 0.0
@READ f using (peak = $2 > peak ? $2 : peak, steps = $1, batch = $3, 0):(0) @INTO
W = 860; H = 420; LEFT = 86; RIGHT = 86; TOP = 76; BOTTOM = 62
TITLE = "The learning rate warms up, then falls; the batch grows"
SUBTITLE = sprintf("a run of make train, first stage: the learning rate (line, left axis) peaks at %g; texts per step (area, right axis)", peak)
XLABEL = "step"; YLABEL = "learning rate"
@CHART
set xrange [0:steps]; set yrange [0:peak * 1.15]; set y2range [0:batch * 2.6]
set y2tics (int(batch / 4), int(batch / 2), int(batch)) textcolor rgb INK font "sans-serif,12"
set label "texts per step" at screen px(W - 18), screen py((TOP + H - BOTTOM) / 2) center rotate by 90 font sans(13) tc rgb SOFT
set label "warm-up" at steps * 0.035, peak * 1.06 font sans(12) tc rgb INK front
set label "half a cosine" at steps * 0.56, peak * 0.52 font sans(12) tc rgb INK front
plot f using 1:3 axes x1y2 with fillsteps fillstyle solid 1 fillcolor rgb ROOM_FILL notitle, \
     f using 1:3 axes x1y2 with steps lw 1.5 lc rgb ROOM_LINE notitle, \
     f using 1:2 with lines lw 3 lc rgb INK notitle
