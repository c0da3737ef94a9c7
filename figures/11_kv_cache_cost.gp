# What the next token costs, counted: with the cache and without.
# data: cost.dat
load "figures/style.gp"
n = rows("cost.dat"); array T[n + 1]; array A[n + 1]; array B[n + 1]
@READ file("cost.dat") using (i = int($0) + 1, T[i] = $1, A[i] = $2, B[i] = $3, 0):(0) @INTO
big(x) = x < 9.995e5 ? sprintf("%.0f thousand", x / 1e3) : x < 9.995e6 ? sprintf("%.2f million", x / 1e6) : \
    x < 9.95e7 ? sprintf("%.1f million", x / 1e6) : x < 9.995e8 ? sprintf("%.0f million", x / 1e6) : \
    x < 9.95e10 ? sprintf("%.1f billion", x / 1e9) : sprintf("%.0f billion", x / 1e9)
unit = B[n] >= 1e9 ? 1e9 : B[n] >= 1e6 ? 1e6 : 1e3
W = 860; H = 420; LEFT = 90; RIGHT = 40; TOP = 74; BOTTOM = 62
TITLE = "With the cache, a token costs nearly the same early and late"
SUBTITLE = "multiply-adds to get the logits after T tokens, counted; the area between is saved"
XLABEL = "tokens in the text, T"; YLABEL = unit == 1e9 ? "billion multiply-adds" : unit == 1e6 ? "million multiply-adds" : "thousand multiply-adds"
@CHART
set xrange [0:T[n] * 1.02]; set yrange [0:B[n] / unit * 1.08]
set label "without the cache: " . big(B[n]) at first T[n] * 0.9, first B[n] / unit * 0.99 right font bold(13) tc rgb INK front
set label "with it (thick): " . big(A[n]) at first T[n] * 0.97, first A[n] / unit + B[n] / unit * 0.06 right font bold(13) tc rgb STREAM_TEXT front
plot file("cost.dat") using 1:($2 / unit):($3 / unit) with filledcurves fillstyle solid 1 lc rgb ROOM_FILL notitle, \
     file("cost.dat") using 1:($3 / unit) with lines lw 2.5 lc rgb INK notitle, \
     file("cost.dat") using 1:($2 / unit) with lines lw 5 lc rgb STREAM_LINE notitle
