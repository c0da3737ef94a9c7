# The loss as one weight is moved, and the line that the gradient foretells.
# data: check.dat
load "figures/style.gp"
f = file("check.dat"); n = rows("check.dat"); mid = int((n - 1) / 2)
low = 1e30; high = -1e30; wx = 0.0; wy = 0.0; first = 0.0; last = 0.0; name = ""
@READ f using (low = $2 < low ? $2 : low, high = $2 > high ? $2 : high, int($0) == mid ? (wx = $1, wy = $2) : 0, name = strcol(4), 0):(0) @INTO
slope = 0.0; x0 = 0.0; y0 = 0.0
@READ f every ::0::0 using (x0 = $1, y0 = $3, 0):(0) @INTO
slope = (wy - y0) / (wx - x0)
W = 860; H = 400; LEFT = 86; RIGHT = 30; TOP = 76; BOTTOM = 62
TITLE = "The gradient is the slope of the loss at the weight"
SUBTITLE = "the prompt's loss as " . name . " is moved by up to 3 to either side"
XLABEL = "the weight"; YLABEL = "loss"
@CHART
pad = (high - low) * 0.25 + 1e-6
set xrange [x0:2 * wx - x0]; set yrange [low - pad:high + pad]
set label sprintf("the weight now, %.3f", wx) at first wx, first wy offset screen 0, screen 0.125 center font sans(12) tc rgb INK front
set arrow from first wx, first wy + (high - low) * 0.2 to first wx, first wy + (high - low) * 0.05 head lw 1 lc rgb SOFT front
set label "measured" at graph 0.03, graph 0.46 left font bold(13) tc rgb SCORE_TEXT front
set label sprintf("dashed: through this point, slope %.4f, from the backward pass", slope) at graph 0.97, graph 0.08 right font bold(13) tc rgb INK front
plot f using 1:2 with lines lw 3 lc rgb SCORE_LINE notitle, \
     f using 1:3 with lines lw 2 dt (6, 4) lc rgb INK notitle, \
     f every ::mid::mid using 1:2 with points pt 7 ps 1.2 lc rgb INK notitle
