# How far back the heads of block 0 look, on average over the stories.
# data: facts.dat back.dat
load "figures/style.gp"
@READ file("facts.dat") using (H_ = int($3), 0):(0) @INTO
shown = H_ > 6 ? 6 : H_
far = 16; array P[(H_ + 1) * far]; most = 1e-9
@READ file("back.dat") using (h = int($1), d = int($2), P[h * far + d + 1] = $3, most = $3 > most ? $3 : most, 0):(0) @INTO
W = 860; H = 440; LEFT = 76; RIGHT = 120; TOP = 74; BOTTOM = 62
TITLE = "All heads of block 0 lean towards the last few tokens"
SUBTITLE = "weight in per cent, mean over eight stories" . (shown < H_ ? sprintf("; the first %d heads", shown) : "")
XLABEL = "tokens back (0: the token itself)"; YLABEL = "weight"
@CHART
array COLOUR[6] = ["#22212a", "#5b5863", "#8d8798", "#22212a", "#5b5863", "#8d8798"]
high = most * 1.12
set xrange [-0.3:far - 0.7]; set yrange [0:100 * high]
set xtics 0, 1, far - 1
set format y "%g %%"
f = file("back.dat")
# names at the right, moved apart where the lines end together
array AT[shown + 1]; array WHO[shown + 1]
high = 100 * high
MARKS = "● ■ ▲ ▼ ◆ ○"
do for [i = 0:shown] { h = i < shown ? i : H_; AT[i + 1] = 100 * P[h * far + far]; WHO[i + 1] = h }
do for [a = 1:shown] { do for [b = a + 1:shown + 1] { if (AT[b] > AT[a]) {
    t = AT[a]; AT[a] = AT[b]; AT[b] = t; t = WHO[a]; WHO[a] = WHO[b]; WHO[b] = t } } }
unit = high / (H - TOP - BOTTOM)         # one pixel
do for [i = shown:1:-1] { if (AT[i] < AT[i + 1] + 17 * unit) { AT[i] = AT[i + 1] + 17 * unit } }
do for [i = 1:shown + 1] {
    h = WHO[i]
    set label (h == H_ ? "evenly (dashed)" : sprintf("%s head %d", word(MARKS, h % 6 + 1), h)) at screen px(W - RIGHT + 12), first AT[i] + 8 * unit \
        font bold(13) tc rgb (h == H_ ? SOFT : COLOUR[h % 6 + 1]) front
}
plot f using ($1 == H_ ? $2 : NaN):(100 * $3) with filledcurves y1=0 fillcolor rgb ROOM_FILL notitle, \
     for [h = 0:shown - 1] f using ($1 == h ? $2 : NaN):(100 * $3) with linespoints lw 1.6 pt (word("7 5 9 11 13 6", h % 6 + 1) + 0) ps 0.8 lc rgb COLOUR[h % 6 + 1] notitle, \
     f using ($1 == H_ ? $2 : NaN):(100 * $3) with lines lw 2 dt (6, 4) lc rgb SOFT notitle
