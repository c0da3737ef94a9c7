# How the form of tunes depends on the temperature.
# data: music_form.dat
load "figures/style.gp"
f = file("music_form.dat")
W = 860; H = 400; LEFT = 76; RIGHT = 210; TOP = 76; BOTTOM = 62
TITLE = "Cooler tunes keep to the rules; warmer ones lose their form before their bars"
SUBTITLE = "300 tunes at each temperature, with nothing else changed"
XLABEL = "temperature"; YLABEL = "of 300 tunes"
@CHART
set xrange [0.35:1.45]; set yrange [0:104]; set xtics 0.4, 0.2, 1.4; set format y "%g %%"
array NAME[4] = ["● all bars are full", "◆ ends on the tonic", "■ what comes again is the same", "▲ wholly in the language"]
array COLOUR[4] = ["#22212a", "#8d8798", "#5b5863", "#22212a"]
do for [i = 1:4] {
    set label NAME[i] at screen px(W - RIGHT + 8), screen py(TOP + 30 + 26 * i) left font bold(12) tc rgb INK front
}
plot f using (strcol(1) eq "model" ? $2 : NaN):(100.0 * $4 / $5) with linespoints lw 1.8 pt 7 ps 0.8 lc rgb COLOUR[1] notitle, \
     f using (strcol(1) eq "model" ? $2 : NaN):(100.0 * $18 / $19) with linespoints lw 1.8 pt 13 ps 0.9 lc rgb COLOUR[2] notitle, \
     f using (strcol(1) eq "model" ? $2 : NaN):(100.0 * $10 / $5) with linespoints lw 1.8 pt 5 ps 0.8 lc rgb COLOUR[3] notitle, \
     f using (strcol(1) eq "model" ? $2 : NaN):(100.0 * $20 / $21) with linespoints lw 1.8 dt 2 pt 9 ps 0.9 lc rgb COLOUR[4] notitle
