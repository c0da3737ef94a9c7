# The same, measured.
# measured: times.dat
load "figures/style.gp"
n = rows("times.dat"); array T[n + 1]; array A[n + 1]; array B[n + 1]
@READ file("times.dat") using (i = int($0) + 1, T[i] = $1, A[i] = $2, B[i] = $3, 0):(0) @INTO
ms(x) = x < 0.095 ? sprintf("%.3f ms", x) : x < 0.95 ? sprintf("%.2f ms", x) : x < 9.95 ? sprintf("%.1f ms", x) : sprintf("%.0f ms", x)
low = 1e9; high = 1e-9
do for [i = 1:n] { low = A[i] < low ? A[i] : low; low = B[i] < low ? B[i] : low; high = B[i] > high ? B[i] : high; high = A[i] > high ? A[i] : high }
W = 860; H = 420; LEFT = 96; RIGHT = 100; TOP = 74; BOTTOM = 62
TITLE = "Measured: with the cache, the time for a token hardly grows"
SUBTITLE = "milliseconds on the machine that drew this; both axes are logarithmic"
XLABEL = "tokens in the text, T"; YLABEL = "milliseconds"
@CHART
set logscale xy 2
set xrange [0.9:T[n] * 1.15]; set yrange [low * 0.5:high * 2.2]
set xtics 2; set ytics 4; set format y "%g"
set label "without the cache" at first T[n > 2 ? n - 1 : n] * 0.9, first B[n > 2 ? n - 1 : n] * 1.3 right font bold(13) tc rgb INK front
set label "with it" at first T[n > 2 ? n - 1 : n], first A[n > 2 ? n - 1 : n] * 1.6 center font bold(13) tc rgb STREAM_TEXT front
set label ms(B[n]) at first T[n] * 1.18, first B[n] font sans(13) tc rgb INK front
set label ms(A[n]) at first T[n] * 1.18, first A[n] font sans(13) tc rgb STREAM_TEXT front
plot file("times.dat") using 1:3 with linespoints pt 7 ps 0.7 lw 2.5 lc rgb INK notitle, \
     file("times.dat") using 1:2 with linespoints pt 5 ps 0.7 lw 4 lc rgb STREAM_LINE notitle
