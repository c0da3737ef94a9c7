# How many tokens top-p 0.9 keeps, position by position; top-k 40 always keeps 40.
# data: texts.dat names.dat
load "figures/style.gp"
all = rows("texts.dat"); array N[all + 1]; array K[all + 1]; array NAME[all + 1]
@READ file("texts.dat") using (i = int($0) + 1, N[i] = int($1), K[i] = int($5), NAME[i] = strcol(6), 0):(0) @INTO
array COUNT[8]; array HOW[8]
@READ file("names.dat") using (i = int($0) + 1, COUNT[i] = int($2), HOW[i] = strcol(3), 0):(0) @INTO
which = COUNT[6] > 0 ? 5 : COUNT[2] > 0 ? 1 : 0
start = 0
do for [i = 1:all] { start = N[i] < which ? i : start }
n = COUNT[which + 1] > 40 ? 40 : COUNT[which + 1]
W = 860; H = 400; LEFT = 70; RIGHT = 24; TOP = 74; BOTTOM = 92
TITLE = "At many positions one token is enough, at others it takes many"
SUBTITLE = "how many tokens it takes to have 0.9 of the probability, along a text (" . HOW[which + 1] . ")"
YLABEL = "tokens (log scale)"
@CHART
unset xtics
most = 50
do for [i = 1:n] { most = K[start + i] > most ? K[start + i] : most }
set logscale y
set xrange [0.4:(n > 0 ? n : 1) + 0.6]; set yrange [0.7:most * 1.7]
set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20000)
do for [i = 1:n] {
    set label fit(NAME[start + i], 80, 11) at first i, screen py(H - BOTTOM + 8) right rotate by 60 font mono(11) tc rgb INK
    set object rectangle from first i - 0.38, first 0.7 to first i + 0.38, first K[start + i] front fillcolor rgb SCORE_FILL fillstyle solid 1 border lc rgb SCORE_LINE lw 1
    set label sprintf("%d", K[start + i]) at first i, first K[start + i] * 1.17 center front font sans(11) tc rgb SCORE_TEXT
}
set arrow from 0.4, 40 to n + 0.6, 40 nohead lw 1.5 dt (5, 4) lc rgb INK back
set label "top-k 40" at n + 0.5, 47 right font bold(12) tc rgb INK
@DONE
