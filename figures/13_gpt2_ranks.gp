# How probable each new token was, beside the likeliest at its position.
# data: text.dat
load "figures/style.gp"
n = rows("text.dat"); array NEW[n + 1]; array P[n + 1]; array BEST[n + 1]; array RANK[n + 1]; array LABEL[n + 1]; m = 0; T = 0
@READ file("text.dat") using (i = int($0) + 1, NEW[i] = int($2), P[i] = $3, BEST[i] = $4, RANK[i] = int($5), LABEL[i] = strcol(6), m = m + NEW[i], 0):(0) @INTO
T = n - m; whole = m; m = m > 36 ? 36 : m
W = 860; H = 400; LEFT = 66; RIGHT = 20; TOP = 84; BOTTOM = 92
TITLE = "Where the bars are short, chance chose"
SUBTITLE = (whole > m ? sprintf("the first %d of %d new tokens; ", m, whole) : "") . "bars: their probability; lines: that of the likeliest token, with the rank of the one taken"
YLABEL = "probability"
@CHART
set xrange [0.3:(m > 0 ? m : 1) + 0.7]; set yrange [0:1.12]; set ytics 0.2; unset xtics
size = 11
step = (W - LEFT - RIGHT) * 1.0 / (m > 0 ? m : 1)
do for [k = 1:m] {
    i = T + k
    set object rectangle from k - 0.36, 0 to k + 0.36, P[i] back fillcolor rgb SCORE_FILL fillstyle solid 1 border lc rgb SCORE_LINE lw 1
    if (RANK[i] > 1) {
        set arrow from k - 0.42, BEST[i] to k + 0.42, BEST[i] nohead lw 2 lc rgb SCORE_TEXT front
        set label sprintf("%d", RANK[i]) at k, BEST[i] + 0.045 center font sans(size) tc rgb SCORE_TEXT front
    }
    set label fit(LABEL[i], 76, size) at first k, screen py(H - BOTTOM + 8) right rotate by 90 font mono(size) tc rgb TOKEN_TEXT
}
plot NaN notitle
