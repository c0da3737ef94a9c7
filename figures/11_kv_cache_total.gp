# All work for a text, from nothing to the whole context.
# data: cost.dat
load "figures/style.gp"
n = rows("cost.dat"); array T[n + 1]; array A[n + 1]; array B[n + 1]
@READ file("cost.dat") using (i = int($0) + 1, T[i] = $1, A[i] = $4, B[i] = $5, 0):(0) @INTO
big(x) = x < 9.995e6 ? sprintf("%.2f million", x / 1e6) : x < 9.95e7 ? sprintf("%.1f million", x / 1e6) : \
    x < 9.995e8 ? sprintf("%.0f million", x / 1e6) : x < 9.95e10 ? sprintf("%.1f billion", x / 1e9) : sprintf("%.0f billion", x / 1e9)
power(k) = sprintf("10%s", substr("⁰¹²³⁴⁵⁶⁷⁸⁹", k + 1, k + 1))
W = 860; H = 420; LEFT = 100; RIGHT = 40; TOP = 74; BOTTOM = 62
TITLE = "Over a whole text the saving grows"
SUBTITLE = "multiply-adds for all of its tokens; each grid line is ten times the one below"
XLABEL = "tokens in the text"; YLABEL = "multiply-adds"
@CHART
set logscale x 2; set logscale y 10
low = 10 ** floor(log10(A[1])); high = 10 ** ceil(log10(B[n] * 1.5))
set xrange [0.95:T[n] * 1.5]; set yrange [low:high]
set xtics 2; set mxtics 1
set ytics (power(3) 1e3, power(4) 1e4, power(5) 1e5, power(6) 1e6, power(7) 1e7, power(8) 1e8, power(9) 1e9, "10¹⁰" 1e10, "10¹¹" 1e11, "10¹²" 1e12, "10¹³" 1e13, "10¹⁴" 1e14)
set label "without: " . big(B[n]) at first T[n] * 0.7, first B[n] * 1.3 right font bold(13) tc rgb INK front
set label "with the cache: " . big(A[n]) at first T[n], first A[n] * 0.12 right font bold(13) tc rgb STREAM_TEXT front
if (n > 1) {
    set arrow from first T[n] * 1.08, first A[n] to first T[n] * 1.08, first B[n] heads size screen 0.007, 25 lw 1.5 lc rgb INK front
    set label sprintf("× %.0f", B[n] / A[n]) at first T[n] * 1.13, first sqrt(A[n] * B[n]) font bold(13) tc rgb INK front
}
plot file("cost.dat") using 1:5 with linespoints pt 7 ps 0.3 lw 2.5 lc rgb INK notitle, \
     file("cost.dat") using 1:4 with linespoints pt 7 ps 0.3 lw 4 lc rgb STREAM_LINE notitle
