# Every token with every token: scores, and the weights that the softmax makes of them.
# data: tokens.dat facts.dat matrix.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (D = int($2), h = int($3), asks = int($5), 0):(0) @INTO
most = 1e-9; heaviest = 1e-9
@READ file("matrix.dat") using (most = abs($3) > most ? abs($3) : most, heaviest = $4 > heaviest ? $4 : heaviest, 0):(0) @INTO

c = 320.0 / n; c = c > 44 ? 44 : c
each = c < 12 ? ceil(12 / c) : 1                     # every how many tokens a label
size = c < 12 ? 10 : 12
bare = c < 26                                        # no room for numbers
full = bare ? heaviest : 1                           # the weight that is drawn in full pink
room = 30
do for [i = 1:n] { w = wide(LABEL[i], size) + 8; room = w > room ? w : room }
room = room > 96 ? 96 : room
left1 = 20 + room; left2 = left1 + n * c + 30 + room; top = 92 + room
left2 = left2 < 340 ? 340 : left2
W = int(left2 + n * c + 26); W = W < 640 ? 640 : W
H = int(top + n * c + 24); H = H < 190 ? 190 : H
TITLE = "Scores of any size become weights that sum to 100 %"
SUBTITLE = sprintf("head %d of block 0; a row asks, a column is asked; the framed row is that of ", h) . fit(LABEL[asks + 1], 120, 13)
@CANVAS
set label "scores, q·k / √" . sprintf("%d", D) at left1, 76 font bold(13) tc rgb INK
set label (bare ? sprintf("weights: white 0, pink %.0f %%", 100 * full) : "weights, in per cent") at left2, 76 font bold(13) tc rgb SCORE_TEXT
do for [i = 0:n - 1] {
    if (i % each == 0 || i == asks) {
        if (abs(i - asks) * c < 11 && i != asks) { continue }
        s = fit(LABEL[i + 1], room - 6, size)
        do for [x in sprintf("%g %g", left1, left2)] {
            x = real(x)
            set label s at x - 6, top + (i + 0.5) * c right font mono(size) tc rgb TOKEN_TEXT
            set label s at x + (i + 0.5) * c, top - 6 left rotate by 90 font mono(size) tc rgb TOKEN_TEXT
        }
    }
}
if (c < 12) {
    do for [x in sprintf("%g %g", left1, left2)] {
        x = real(x)
        set object rectangle from x, top to x + n * c, top + n * c front @OUTLINE lc rgb RULE lw 1
    }
}
do for [x in sprintf("%g %g", left1, left2)] {
    X0 = real(x); X1 = X0 + n * c; Y0 = top + asks * c; Y1 = Y0 + c
    @ASKING
}
f = file("matrix.dat")
x1(s) = left1 + s * c; x2(s) = left2 + s * c; y(t) = top + t * c
number(t) = bare ? "" : t
small = c < 36 ? 10 : 11
LABELS = "with labels center font mono(small) tc rgb variable notitle"
BOXES = c < 12 ? "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle" : CELLS
plot f using (x1($2)):(y($1)):(x1($2)):(x1($2 + 1)):(y($1)):(y($1 + 1)):(signed($3 / most)) @BOXES, \
     f using (x2($2)):(y($1)):(x2($2)):(x2($2 + 1)):(y($1)):(y($1 + 1)):(chance($4 / full)) @BOXES, \
     f using (x1($2 + 0.5)):(y($1 + 0.5)):(number(sprintf("%.1f", $3))):(ink(signed($3 / most))) @LABELS, \
     f using (x2($2 + 0.5)):(y($1 + 0.5)):(number(sprintf("%.0f", 100 * $4))):(ink(chance($4 / full))) @LABELS
