# All blocks of the model, with the shortcuts and without: do the rows stay different?
# data: depth.dat tokens.dat
load "figures/style.gp"
n = rows("depth.dat"); array O[n + 1]; array A[n + 1]; array B[n + 1]; array D[n + 1]
T = rows("tokens.dat")
@READ file("depth.dat") using (i = int($0) + 1, A[i] = $3, B[i] = $4, O[i] = $6, D[i] = $7, 0):(0) @INTO
W = 860; H = 400; LEFT = 70; RIGHT = 220; TOP = 74; BOTTOM = 62
TITLE = T > 1 ? "Without shortcuts, the rows of all tokens become alike" : "How much is the row like its embedding?"
SUBTITLE = "likeness (cosine), mean over the tokens; solid: the model as it is, dashed: without the shortcuts"
XLABEL = "blocks passed"; YLABEL = "cosine"
@CHART
low = 0
do for [i = 1:n] { do for [v in sprintf("%g %g", A[i], O[i])] { low = v + 0 < low ? v + 0 : low } }
set xrange [-0.1:n - 0.9]; set yrange [low - 0.05:1.06]
if (n <= 16) { set xtics 1 } else { set xtics 4 }
# Names at the right end, pushed apart where they would overlap.
array Y[4]; array NAME[4]; array COLOUR[4]; array ORDER[4]
Y[1] = B[n]; Y[2] = D[n]; Y[3] = A[n]; Y[4] = O[n]
NAME[1] = "two tokens' rows"; NAME[2] = "two tokens' rows, without"; NAME[3] = "a row and its embedding"; NAME[4] = "a row and its embedding, without"
COLOUR[1] = STREAM_TEXT; COLOUR[2] = STREAM_TEXT; COLOUR[3] = TOKEN_TEXT; COLOUR[4] = TOKEN_TEXT
first_ = T > 1 ? 1 : 3
if (T <= 1) { Y[1] = 9; Y[2] = 9 }
last_ = 1.03 + 0.075
do for [round = 1:4] {
    best = 0
    do for [k = first_:4] { if (Y[k] < 8 && (best == 0 || Y[k] > Y[best])) { best = k } }
    if (best == 0) { continue }
    y = Y[best] > last_ - 0.075 ? last_ - 0.075 : Y[best]
    set label NAME[best] at first n - 1 + (n - 1) * 0.02 + 0.03, first y left font sans(12) tc rgb COLOUR[best] front
    last_ = y; Y[best] = 9
}
f = file("depth.dat")
plot for [k = 1:2] f using 1:(column(k == 1 ? 3 : 6)) with linespoints lw 2.4 dt k pt 7 ps 0.4 lc rgb TOKEN_LINE notitle, \
     for [k = 1:(T > 1 ? 2 : 0)] f using 1:(column(k == 1 ? 4 : 7)) with linespoints lw 2.4 dt k pt 7 ps 0.4 lc rgb STREAM_LINE notitle
