# Top-p: the sum of the likeliest, and where it reaches 0.9.
# data: sum.dat tokens.dat
load "figures/style.gp"
all = rows("sum.dat"); n = all > 24 ? 24 : all; array P[all]; array S[all]; array NAME[all]
@READ file("sum.dat") using (i = int($0) + 1, P[i] = $1, S[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
k = 1
while (k < all && S[k] < 0.9) { k = k + 1 }
W = 860; H = 420; LEFT = 70; RIGHT = 30; TOP = 74; BOTTOM = 96
TITLE = "Top-p keeps as many tokens as it takes"
SUBTITLE = S[k] >= 0.9 ? sprintf("the likeliest first; bars: each by itself; the line: their sum, which reaches 0.9 with the %d%s. The white bars are cut", k, k == 1 ? "st" : k == 2 ? "nd" : k == 3 ? "rd" : "th") \
                       : "the likeliest first; bars: each by itself; the line: their sum, which does not reach 0.9 among those shown"
YLABEL = "probability"
@CHART
unset xtics
set xrange [0.4:n + 0.6]; set yrange [0:1.06]; set ytics 0.2
space = (W - LEFT - RIGHT) / (n + 0.2)
do for [i = 1:n] {
    set label fit(NAME[i], 84, 12) at first i, screen py(H - BOTTOM + 8) right rotate by 55 font mono(12) tc rgb (i <= k ? INK : MASKED_TEXT)
}
set arrow from 0.4, 0.9 to n + 0.6, 0.9 nohead lw 1.5 dt (5, 4) lc rgb INK front
set label "top-p 0.9" at graph 0.995, first (S[n] > 0.9 ? 0.86 : 0.94) right font bold(12) tc rgb INK front
if (k <= n) {
    set object circle at k, S[k] size screen 0.007 front fillcolor rgb SCORE_LINE fillstyle solid 1 noborder
    set label sprintf("%.3f", S[k]) at first k + 0.6, first 0.86 font bold(12) tc rgb SCORE_TEXT front
}
f = file("sum.dat")
# Boxes of the other kind lie outside the picture: a plot of nothing would be an error.
plot f every ::0::(n - 1) using ($0 < k ? $0 + 1 : -9):1:(0.7) with boxes fillstyle solid 1 border lc rgb SCORE_LINE fillcolor rgb SCORE_FILL notitle, \
     f every ::0::(n - 1) using ($0 < k ? -9 : $0 + 1):1:(0.7) with boxes fillstyle solid 1 border lc rgb MASKED_LINE dt (3, 3) fillcolor rgb PLAIN_FILL notitle, \
     f every ::0::(n - 1) using ($0 + 1):2 with linespoints pt 7 ps 0.4 lw 2 lc rgb SCORE_LINE notitle
