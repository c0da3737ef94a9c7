# How the shares change with the temperature: bands that fill 0 to 1.
# data: temperature.dat settings.dat
load "figures/style.gp"
n = rows("settings.dat") - 1; k = n > 5 ? 5 : n; array NAME[7]
@READ file("settings.dat") using (i = int($0) + 1, i <= k ? (NAME[i] = strcol(8)) : 0, 0):(0) @INTO
NAME[k + 1] = "all others"
f = file("temperature.dat")
W = 860; H = 420; LEFT = 70; RIGHT = 190; TOP = 74; BOTTOM = 60
TITLE = "A low temperature favours the likeliest token, a high one all others"
SUBTITLE = "how the five likeliest tokens and all others share a probability of 1; the pinker, the likelier"
XLABEL = "temperature"; YLABEL = "probability, added up"
@CHART
set xrange [0.1:3]; set yrange [0:1]; set xtics (0.1, 0.5, 1, 1.5, 2, 2.5, 3); set ytics 0.2
array FILLS[6] = [chance(0.72), chance(0.52), chance(0.36), chance(0.22), chance(0.1), 0]
array LINES[6] = [SCORE_LINE, SCORE_LINE, SCORE_LINE, SCORE_LINE, SCORE_LINE, ROOM_LINE]
array END[7]; array PART[7]
@READ f using (PART[1] = $2, PART[2] = k > 1 ? column(3) : 0, PART[3] = k > 2 ? column(4) : 0, PART[4] = k > 3 ? column(5) : 0, PART[5] = k > 4 ? column(6) : 0, LASTC = column(k + 2), 0):(0) @INTO
PART[k + 1] = LASTC
below = 0.0; at = -1.0
array MIDDLE[7]
do for [i = 1:k + 1] { MIDDLE[i] = below + PART[i] / 2; below = below + PART[i] }
do for [i = 1:k + 1] {
    y = MIDDLE[i] < at + 0.075 ? at + 0.075 : MIDDLE[i]
    y = y > 1 - 0.075 * (k + 1 - i) ? 1 - 0.075 * (k + 1 - i) : y
    at = y
    set arrow from screen px(W - RIGHT + 2), first MIDDLE[i] to screen px(W - RIGHT + 26), first y nohead lw 1 lc rgb (i > k ? ROOM_LINE : LINES[i]) front
    set label fit(NAME[i], 150, 13) at screen px(W - RIGHT + 32), first y font (i > k ? sans(13) : mono(13)) tc rgb INK front
}
set arrow from 1, 0 to 1, 1 nohead lw 1.5 dt (4, 3) lc rgb INK front
set label "as the model says" at 1.03, 0.04 font sans(12) tc rgb INK front
low(i) = i <= 1 ? 0 : (sum [c = 2:i] column(c))
plot for [i = 1:k] f using 1:(low(i)):(low(i + 1)) with filledcurves fillstyle solid 1 border lc rgb LINES[i] fillcolor rgb FILLS[i] notitle, \
     f using 1:(low(k + 1)):(1) with filledcurves fillstyle solid 1 border lc rgb ROOM_LINE fillcolor rgb ROOM_FILL notitle
