# What the model of tunes had learned by when.
# data: music_learned.dat
load "figures/style.gp"
f = file("music_learned.dat"); last = 1.0; first = 1e9
@READ f using (last = $1 > last ? $1 : last, first = $1 < first ? $1 : first, 0):(0) @INTO
W = 860; H = 440; LEFT = 70; RIGHT = 220; TOP = 76; BOTTOM = 62
TITLE = "Rhythm is learned first, then repeated bars; whole phrases and moved bars come last"
SUBTITLE = "loss on 100 tunes that were not in training, by kind of token; for all but free choices the limit is 0"
XLABEL = "steps (log scale)"; YLABEL = "loss, nats per token"
@CHART
set logscale x; set xrange [first:last]; set yrange [0:2.6]
set xtics (50, 100, 200, 400, 700, 1000, 1400, 2000, 3000)
array NAME[5] = ["● free choices", "■ bar 1 of a repeated phrase", "▲ bar 4 of a repeated phrase", "◆ a moved bar", "▼ known rhythm"]
array C[5] = [2, 4, 7, 8, 3]; array MARK[5] = [7, 5, 9, 13, 11]
array COLOUR[5] = ["#22212a", "#5b5863", "#5b5863", "#8d8798", "#8d8798"]
array AT[5]
@READ f using (AT[1] = $2, AT[2] = $4, AT[3] = $7, AT[4] = $8, AT[5] = $3, 0):(0) @INTO
# names at the upper end of a line where they are apart: in a legend, in the order of the lines
do for [i = 1:5] {
    set label NAME[i] at screen px(W - RIGHT + 14), screen py(TOP + 30 + 26 * i) left font bold(13) tc rgb INK front
}
plot for [i = 1:5] f using 1:(column(C[i])) with linespoints lw 1.8 pt MARK[i] ps 0.7 lc rgb COLOUR[i] notitle
