# The text, token by token: the prompt, then each new token on the colour of its probability.
# data: text.dat
load "figures/style.gp"
n = rows("text.dat"); array NEW[n + 1]; array P[n + 1]; array LABEL[n + 1]
@READ file("text.dat") using (i = int($0) + 1, NEW[i] = int($2), P[i] = $3, LABEL[i] = strcol(6), 0):(0) @INTO
W = 860; left = 20; right = W - 20; r = 34
# Where each token goes: lines are as full as they can be.
array X[n + 1]; array ROW[n + 1]; x = left; row = 0
width(i) = wide(fit(LABEL[i], 300, 13), 13) + 14
do for [i = 1:n] {
    if (x > left && x + width(i) > right) { x = left; row = row + 1 }
    X[i] = x; ROW[i] = row; x = x + width(i) + 3
}
H = 78 + (row + 1) * r + 44
TITLE = "Most tokens were nearly certain; the pale ones decided the story"
SUBTITLE = "green: the prompt; new tokens: the pinker, the more probable when they were chosen"
@CANVAS
do for [i = 1:n] {
    X0 = X[i]; X1 = X[i] + width(i); Y0 = 70 + ROW[i] * r; Y1 = Y0 + 26
    c = chance(P[i]); dark = NEW[i] && ink(c) != 0
    FILL = NEW[i] ? sprintf("#%06x", c) : TOKEN_FILL; LINE = NEW[i] ? SCORE_LINE : TOKEN_LINE
    @CHIP
    set label fit(LABEL[i], 300, 13) at (X0 + X1) / 2, Y0 + 13 center front font mono(13) tc rgb (NEW[i] ? (dark ? "#ffffff" : "#000000") : TOKEN_TEXT)
}
# The scale.
do for [k = 0:10] {
    X0 = left + k * 34; X1 = X0 + 34; Y0 = H - 32; Y1 = H - 14; c = chance(k / 10.0); FILL = sprintf("#%06x", c); LINE = FAINT
    @CELL
    set label sprintf("%d %%", 10 * k) at (X0 + X1) / 2, H - 23 center front font sans(10) tc rgb (ink(c) != 0 ? "#ffffff" : "#000000")
}
@DONE
