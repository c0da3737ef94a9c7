# A straight walk into the layer, and what comes out: curves, and straight lines between their ends.
# data: walk.dat
load "figures/style.gp"
n = rows("walk.dat"); steps = 41; curves = n / steps
array C[n + 1]; array Y[n + 1]; from = ""; to = ""
low = 1e9; high = -1e9
note(v) = (low = v < low ? v : low, high = v > high ? v : high, 0)
@READ file("walk.dat") using (i = int($0) + 1, C[i] = int($1), Y[i] = $3, note($3), note($4), from = strcol(5), to = strcol(6), 0):(0) @INTO
W = 860; H = 400; LEFT = 84; RIGHT = 130; TOP = 74; BOTTOM = 62
TITLE = "A straight walk in, a bent one out"
SUBTITLE = sprintf("from the row of %s to that of %s; dashed: straight lines between the same ends", \
    fit(from, 110, 13), fit(to, 130, 13))
XLABEL = "how far along the walk"; YLABEL = "the outputs that bend most"
@CHART
room = (high - low) * 0.08 + 0.01
set xrange [0:1]; set yrange [low - room:high + room]; set format x "%g"
array COLOUR[3] = [INK, SOFT, RULE]
array LETTER[3] = ["a", "b", "c"]
array AT[4]
do for [k = 1:curves] { AT[k] = Y[k * steps] }
least = (high - low + 2 * room) * 0.062
do for [again = 1:8] { do for [k = 1:curves] { do for [j = 1:curves] {
    if (j != k && abs(AT[k] - AT[j]) < least) {
        up = AT[k] > AT[j] || (AT[k] == AT[j] && k < j)
        AT[k] = AT[k] + (up ? 1 : -1) * (least - abs(AT[k] - AT[j])) / 2
    }
} } }
do for [k = 1:curves] {
    set label sprintf("%s: output %d", LETTER[k], C[k * steps]) at graph 1.012, first AT[k] font bold(13) tc rgb COLOUR[k] front
}
f = file("walk.dat")
plot for [k = 1:curves] f every ::(k - 1) * steps::k * steps - 1 using 2:4 with lines lw 1.4 dt (5, 4) lc rgb COLOUR[k] notitle, \
     for [k = 1:curves] f every ::(k - 1) * steps::k * steps - 1 using 2:3 with lines lw 2.6 lc rgb COLOUR[k] notitle
