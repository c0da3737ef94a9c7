# The block with one thing changed: how far the rows end from where they should.
# data: changes.dat
load "figures/style.gp"
n = rows("changes.dat"); array MEAN[n + 1]; array FIRST[n + 1]; array LAST[n + 1]; array NAME[n + 1]
@READ file("changes.dat") using (i = int($0) + 1, MEAN[i] = $1, FIRST[i] = $2, LAST[i] = $3, NAME[i] = strcol(4), 0):(0) @INTO
most = 1
do for [i = 1:n] { do for [v in sprintf("%g %g %g", MEAN[i], FIRST[i], LAST[i])] { most = v + 0 > most ? v + 0 : most } }
W = 860; r = 44; top = 84; H = top + n * r + 24; left = 344; room = W - left - 60.0
TITLE = "What each change does to the rows"
SUBTITLE = "how far a row ends from where it should, in % of its length; bar and number: the mean of all tokens"
@CANVAS
x(v) = left + v / most * room
set object circle at left + 8, 66 size 5 front fillcolor rgb "#ffffff" fillstyle solid 1 border lc rgb INK lw 1.5
set label "first token" at left + 20, 66 font sans(12) tc rgb INK
set object circle at left + 118, 66 size 5 front fillcolor rgb INK fillstyle solid 1 border lc rgb INK lw 1.5
set label "last token" at left + 130, 66 font sans(12) tc rgb INK
do for [i = 1:n] {
    y = top + (i - 0.5) * r
    colon = strstrt(NAME[i], ":"); comma = strstrt(NAME[i], ", but")
    cut_ = colon ? colon : comma ? comma : 0
    if (cut_) {
        set label NAME[i][1:cut_] at left - 12, y - 8 right font sans(13) tc rgb INK
        set label NAME[i][cut_ + 2:*] at left - 12, y + 8 right font sans(13) tc rgb INK
    } else {
        set label NAME[i] at left - 12, y right font sans(13) tc rgb INK
    }
    X0 = left; X1 = x(MEAN[i]); Y0 = y - 11; Y1 = y + 11; FILL = "#b9b4c0"; LINE = RULE; THICK = 0.5
    @CELL
    set label sprintf("%.0f", MEAN[i]) at W - 20, y right font bold(13) tc rgb INK
    set object circle at x(FIRST[i]), y size 5 front fillcolor rgb "#ffffff" fillstyle solid 1 border lc rgb INK lw 1.5
    set object circle at x(LAST[i]), y size 5 front fillcolor rgb INK fillstyle solid 1 border lc rgb "#ffffff" lw 1
}
@DONE
