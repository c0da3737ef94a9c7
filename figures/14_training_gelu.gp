# GELU and its slope; and where the hidden units of the prompt stand.
# data: gelu.dat
load "figures/style.gp"
W = 860; H = 420; LEFT = 70; RIGHT = 30; TOP = 76; BOTTOM = 62
share = 0.0
@READ file("gelu.dat") using (share = $3, 0):(0) @INTO
TITLE = "Far to the left the slope is near 0: little gradient gets through"
SUBTITLE = sprintf("grey bars: which x the last block's hidden units get for the prompt; %.0f %% of them are below −2, where the slope is small", 100 * share)
XLABEL = "x, what the unit gets (the outermost bars include everything beyond)"; YLABEL = "GELU, and its slope"
@CHART
set xrange [-4:4]; set yrange [-0.3:1.3]; set ytics 0.5; set xtics 1
gelu(x) = 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x ** 3)))
u(x) = 0.7978845608 * (x + 0.044715 * x ** 3)
du(x) = 0.7978845608 * (1 + 0.134145 * x ** 2)
slope(x) = 0.5 * (1 + tanh(u(x))) + 0.5 * x * (1 - tanh(u(x)) ** 2) * du(x)
most = 1e-9
@READ file("gelu.dat") using (most = $2 > most ? $2 : most, 0):(0) @INTO
set samples 200
set label "the slope (dashed) multiplies the gradient" at 3.95, 0.89 right font bold(13) tc rgb INK front
set label "GELU" at 0.92, 0.66 left font bold(13) tc rgb FEED_TEXT front
set label sprintf("the highest bar: %.0f %% of the units", 100 * most) at -3.8, 0.4 font sans(12) tc rgb SOFT front
set xzeroaxis lc rgb RULE lw 1
plot file("gelu.dat") using 1:(0.35 * $2 / most):(8.0 / 60 * 0.9) with boxes fillstyle solid 1 border lc rgb RULE fillcolor rgb FAINT notitle, \
     gelu(x) < 1.3 ? gelu(x) : NaN with lines lw 3 lc rgb FEED_LINE notitle, \
     slope(x) with lines lw 3 dt (8, 4) lc rgb INK notitle
