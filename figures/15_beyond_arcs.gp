# Which token of the prompt a head looks at when it writes each token of the answer, as lines.
# data: tokens.dat looks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array PART[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, PART[i] = $1, LABEL[i] = strcol(2), 0):(0) @INTO
k = rows("looks.dat"); array TO_[k + 1]; array FROM_[k + 1]; array WEIGHT[k + 1]
@READ file("looks.dat") using (i = int($0) + 1, TO_[i] = $1 + 1, FROM_[i] = $2 + 1, WEIGHT[i] = $3, 0):(0) @INTO
asked = 0
do for [i = 1:n] { asked = PART[i] == 2 ? asked : i }
W = 900; size = 12; upper = 190; lower = 400
m = n - asked
a = (W - 40.0) / asked; b = (W - 40.0) / (m > 0 ? m : 1)
a = a > 90 ? 90 : a; b = b > 90 ? 90 : b
up(i) = 20 + (W - 40 - a * asked) / 2 + (i - 0.5) * a
down(i) = 20 + (W - 40 - b * m) / 2 + (i - asked - 0.5) * b
H = 516
TITLE = "For a French noun or adjective, this head looks back at the English one"
SUBTITLE = "the head that finds nouns best; a line for each weight of 25 % or more, thicker for more; grey: at the first token, with nothing to find"
@CANVAS
set label "read" at 20, upper - 98 left font bold(13) tc rgb TOKEN_TEXT
set label "written" at 20, lower + 94 left font bold(13) tc rgb SCORE_TEXT
do for [i = 1:n] {
    last = i > asked
    x = last ? down(i) : up(i); c = last ? b : a
    X0 = x - c / 2 + 2; X1 = x + c / 2 - 2
    Y0 = last ? lower : upper - 84; Y1 = last ? lower + 84 : upper
    FILL = last ? SCORE_FILL : PART[i] == 1 ? QUERY_FILL : TOKEN_FILL
    LINE = last ? SCORE_LINE : PART[i] == 1 ? QUERY_LINE : TOKEN_LINE
    @CHIP
    set label fit(LABEL[i], 78, size) at x, last ? Y0 + 5 : Y1 - 5 left rotate by (last ? -90 : 90) front font mono(size) tc rgb last ? SCORE_TEXT : TOKEN_TEXT
}
do for [i = 1:k] {
    if (FROM_[i] <= asked && WEIGHT[i] >= 0.25) {
        set arrow from up(FROM_[i]), upper + 3 to down(TO_[i]), lower - 3 nohead lw 0.5 + 6 * WEIGHT[i] lc rgb FROM_[i] == 1 ? FAINT : SCORE_LINE
    }
}
@DONE
