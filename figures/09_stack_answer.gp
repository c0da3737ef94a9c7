# The answer on its way up: how likely it was at each depth, and what was likeliest there.
# data: answer.dat top.dat tokens.dat
load "figures/style.gp"
n = rows("answer.dat"); array RANK[n + 1]; array P[n + 1]; array Q[n + 1]; array BEST[n + 1]
@READ file("answer.dat") using (i = int($0) + 1, RANK[i] = int($2), P[i] = $3, Q[i] = $4, BEST[i] = strcol(5), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
W = 860; H = 400; LEFT = 70; RIGHT = 24; TOP = 100; BOTTOM = 92
TITLE = "Where the answer, " . fit(BEST[n], 200, 16) . ", becomes the likeliest"
SUBTITLE = "after the last token, " . fit(LABEL[T], 160, 13) . ": at each height its probability (pink) and that of the likeliest there (white, named)"
YLABEL = "probability"
@CHART
set xrange [-0.6:n - 0.4]; set yrange [0:1.12]; set ytics 0.2
unset xtics
space = (W - LEFT - RIGHT) * 1.0 / n
at(i) = LEFT + (i - 0.4) * (W - LEFT - RIGHT) / (n + 0.2)
each = n > 30 ? 4 : n > 14 ? 2 : 1
do for [i = 1:n] {
    if ((n - i) % each == 0) {
        set label (i == 1 ? "embed" : space > 50 ? sprintf("block %d", i - 2) : sprintf("%d", i - 2)) at screen px(at(i)), screen py(H - BOTTOM + 16) center font sans(12) tc rgb INK
        set label sprintf(space > 50 ? "rank %d" : "%d", RANK[i]) at screen px(at(i)), screen py(H - BOTTOM + 36) center font sans(12) tc rgb SCORE_TEXT
        size = shrink(BEST[i], space * each - 4, 13, 10)
        set label fit(BEST[i], space * each - 2, size) at screen px(at(i)), first Q[i] + 0.05 center font mono(size) tc rgb INK front
    }
}
f = file("answer.dat")
plot f using 0:4:(0.7) with boxes fillstyle solid 1 border lc rgb PLAIN_LINE fillcolor rgb PLAIN_FILL notitle, \
     f using 0:3:(0.5) with boxes fillstyle solid 1 border lc rgb SCORE_LINE fillcolor rgb SCORE_FILL notitle
