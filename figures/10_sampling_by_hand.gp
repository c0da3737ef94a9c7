# Four tokens end to end, each as long as its probability, under eight settings.
# data: by_hand.dat
load "figures/style.gp"
n = rows("by_hand.dat"); array R[n]; array V[n]; array S[n]; array P[n]; array NAME[n]; array HOW[n]
@READ file("by_hand.dat") using (i = int($0) + 1, R[i] = int($1), V[i] = int($2), S[i] = $3, P[i] = $4, NAME[i] = strcol(5), HOW[i] = strcol(6), 0):(0) @INTO
W = 860; r = 40; top = 72; H = int(top + (n / 4) * r + 34)
TITLE = "The same u falls on must, or on robot: the setting decides"
SUBTITLE = "four tokens end to end, each as long as its probability; the pinker, the likelier"
@CANVAS
left = 160; room = 660.0
do for [i = 1:n] {
    y = top + R[i] * r
    if (V[i] == 0) { set label HOW[i] at left - 12, y + 14 right font sans(13) tc rgb INK }
    if (P[i] > 0) {
        X0 = left + S[i] * room; X1 = left + (S[i] + P[i]) * room; Y0 = y; Y1 = y + 28
        FILL = sprintf("#%06x", chance(0.75 * P[i])); LINE = SCORE_LINE
        @CELL
        short = X1 - X0 < 88
        set label (short ? sprintf("%s", NAME[i]) : sprintf("%s %.1f %%", NAME[i], 100 * P[i])) at (X0 + X1) / 2, y + 14 center front font mono(shrink(NAME[i], X1 - X0 - 2, 12, 10)) tc rgb (ink(chance(0.75 * P[i])) == 0 ? "#000000" : "#ffffff")
    }
}
u = 0.6
# Seen between the strips, so that it crosses no word.
do for [k = 0:n / 4] {
    set arrow from left + u * room, top + k * r - 11 to left + u * room, top + k * r - 1 nohead lw 2 lc rgb INK front
}
set label "u = 0.6" at left + u * room, top + (n / 4) * r + 10 center font bold(12) tc rgb INK
set label "0" at left, top + (n / 4) * r + 10 center font sans(12) tc rgb SOFT
set label "1" at left + room, top + (n / 4) * r + 10 center font sans(12) tc rgb SOFT
@DONE
