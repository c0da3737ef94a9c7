# One head's weights: a row for each token of the answer, a column for each token before it.
# data: tokens.dat looks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array PART[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, PART[i] = $1, LABEL[i] = strcol(2), 0):(0) @INTO
asked = 0
do for [i = 1:n] { asked = PART[i] == 2 ? asked : i }
m = n - asked
left = 120.0; c = 700.0 / n; c = c > 30 ? 30 : c; top = 170.0
W = int(left + n * c + 40); W = W < 640 ? 640 : W; H = int(top + m * c + 40)
TITLE = "The diagonal of a translation, with its crossings"
SUBTITLE = "one head's weights in per cent when each token at the left is written; pinker is more"
@CANVAS
do for [i = 1:n] {
    set label fit(LABEL[i], 86, 12) at left + (i - 0.5) * c, top - 8 left rotate by 90 font mono(12) tc rgb PART[i] == 2 ? SCORE_TEXT : TOKEN_TEXT
    if (i > asked) { set label fit(LABEL[i], 96, 12) at left - 8, top + (i - asked - 0.5) * c right font mono(12) tc rgb SCORE_TEXT }
}
do for [r = 1:m] {
    X0 = left + (asked + r - 1) * c; X1 = left + n * c; Y0 = top + (r - 1) * c; Y1 = Y0 + c; FILL = MASKED_FILL; LINE = FAINT
    @CELL
    @HATCHED
}
x(s) = left + s * c
y(t) = top + (t - asked) * c
plot file("looks.dat") using (x($2)):(y($1)):(x($2)):(x($2) + c):(y($1)):(y($1) + c):(chance($3)) @CELLS, \
     file("looks.dat") using (x($2) + c / 2):(y($1) + c / 2):($3 < 0.095 || c < 18 ? "" : sprintf("%.0f", 100 * $3)):(ink(chance($3))) @INKS
