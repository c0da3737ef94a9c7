# A thousand draws: how often each token came, beside how often it should.
# data: draws.dat left.dat
load "figures/style.gp"
n = rows("draws.dat") - 1; array E[n + 1]; array S[n + 1]; array NAME[n + 1]
@READ file("draws.dat") using (i = int($0) + 1, E[i] = $1, S[i] = int($2), NAME[i] = strcol(3), 0):(0) @INTO
array HOW[6]
@READ file("left.dat") using (HOW[int($0) + 1] = strcol(4), 0):(0) @INTO
W = 860; H = 420; LEFT = 70; RIGHT = 30; TOP = 98; BOTTOM = 84
TITLE = "A thousand draws: each token comes about as often as it should"
SUBTITLE = HOW[6] . (S[n + 1] > 1 ? sprintf("; chi-squared %.1f, and chance gives about %d", E[n + 1], S[n + 1] - 1) : "")
YLABEL = "draws"
@CHART
set label "bars: drawn; dots: expected, with one standard deviation up and down: two bars in three should end within it" at screen px(20), screen py(66) font sans(13) tc rgb SOFT
unset xtics
most = 1; drawn = 0.0
do for [i = 1:n] { drawn = drawn + S[i] }
do for [i = 1:n] { most = E[i] > most ? E[i] : most; most = S[i] > most ? S[i] : most }
set xrange [0.4:(n < 5 ? 5 : n) + 0.6]; set yrange [0:most * 1.12]
do for [i = 1:n] {
    set label fit(NAME[i], 80, 12) at first i, screen py(H - BOTTOM + 8) right rotate by (n > 4 ? 40 : 0) font (NAME[i] eq "all others" ? sans(12) : mono(12)) tc rgb INK
}
f = file("draws.dat")
plot f every ::0::(n - 1) using ($0 + 1):2:(0.7) with boxes fillstyle solid 1 border lc rgb SCORE_LINE fillcolor rgb SCORE_FILL notitle, \
     f every ::0::(n - 1) using ($0 + 1):1:(sqrt($1 * (1 - $1 / drawn))) with yerrorbars pt 7 ps 0.5 lw 2 lc rgb INK notitle
