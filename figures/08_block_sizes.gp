# How long each token's row is when it comes in, what each half adds, and how long it goes out.
# data: tokens.dat
load "figures/style.gp"
T = rows("tokens.dat"); array LABEL[T + 1]; array P[4 * T + 1]
most = 0
@READ file("tokens.dat") using (i = int($0), P[4 * i + 1] = $1, P[4 * i + 2] = $2, P[4 * i + 3] = $3, P[4 * i + 4] = $4, LABEL[i + 1] = strcol(7), 0):(0) @INTO
do for [i = 1:4 * T] { most = P[i] > most ? P[i] : most }
most = most > 0 ? most : 1 # a model of zeros
W = 860; H = 400; LEFT = 66; RIGHT = 24; TOP = 96; BOTTOM = T > 10 ? 118 : 58
TITLE = "Each half adds to a token's row"
SUBTITLE = "lengths: of the row, of what each half adds, and of the sum"
YLABEL = "length"
@CHART
set xrange [-0.6:T - 0.4]; set yrange [0:most * 1.1]
unset xtics
array NAME[4]; NAME[1] = "i  comes in"; NAME[2] = "a  attention adds"; NAME[3] = "f  feed-forward adds"; NAME[4] = "o  goes out"
array COLOUR[4]; COLOUR[1] = "#b9b4c0"; COLOUR[2] = ATTENTION_LINE; COLOUR[3] = FEED_LINE; COLOUR[4] = STREAM_LINE
do for [k = 1:4] {
    X0 = LEFT + 8 + (k - 1) * 180; X1 = X0 + 16; Y0 = 64; Y1 = 80; FILL = COLOUR[k]; LINE = INK; THICK = 0.6
    @CELL
    set label NAME[k] at screen px(X1 + 8), screen py(72) font sans(12) tc rgb INK
}
at(i) = LEFT + (i - 0.4) * (W - LEFT - RIGHT) / T
space = (W - LEFT - RIGHT) * 1.0 / T
do for [i = 1:T] {
    if (T > 10) {
        set label fit(LABEL[i], 92, 12) at screen px(at(i) - space * 0.1), screen py(H - BOTTOM + 10) right rotate by 90 font mono(T > 40 ? 10 : 12) tc rgb INK
    } else {
        set label fit(LABEL[i], space - 4, 12) at screen px(at(i) - space * 0.1), screen py(H - BOTTOM + 18) center font mono(12) tc rgb INK
    }
}
wide_ = 0.2
if (T <= 12) {
    do for [i = 1:T] {
        do for [k = 1:4] {
            set label ("iafo")[k:k] at first i - 1 + (k - 2.5) * wide_, first P[4 * (i - 1) + k] + most * 0.03 center font sans(11) tc rgb SOFT front
        }
    }
}
f = file("tokens.dat")
plot for [k = 1:4] f using ($0 + (k - 2.5) * wide_):(column(k)):(wide_ * 0.9) with boxes fillstyle solid 1 noborder lc rgb COLOUR[k] notitle
