# The same text, cut by two vocabularies.
# data: cut.dat cut_other.dat?
load "figures/style.gp"
n = rows("cut.dat"); array A[n + 1]; array B[n + 1]; array LABEL[n + 1]
@READ file("cut.dat") using (i = int($0) + 1, A[i] = int($1), B[i] = int($2), LABEL[i] = strcol(4), 0):(0) @INTO
m = rows("cut_other.dat"); array A2[m + 1]; array B2[m + 1]; array LABEL2[m + 1]
if (m) {
    @READ file("cut_other.dat") using (i = int($0) + 1, A2[i] = int($1), B2[i] = int($2), LABEL2[i] = strcol(4), 0):(0) @INTO
}
columns_ = B[n]; columns2 = m ? B2[m] : columns_
both = columns_ > columns2 ? columns_ : columns2

# Lines of at most `most` columns. They end where both vocabularies cut, so that one can stand below
# the other; where their columns differ (bytes shown as \xe3 take four) each has lines of its own.
same = m > 0 && columns_ == columns2
size = 15; most = 60; left = 20
c = (900 - 2.0 * left) / (both < most ? both : most)
c = c > 16 ? 16 : c
array CUTS[both + 2]; array CUTS2[both + 2]; array LINE_OF[both + 2]; array START[both + 2]
array LINE_OF2[both + 2]; array START2[both + 2]
do for [i = 1:both + 2] { CUTS[i] = 0; CUTS2[i] = 0; LINE_OF[i] = 1; LINE_OF2[i] = 1 }
do for [i = 1:n] { CUTS[A[i] + 1] = 1 }
do for [i = 1:m] { CUTS2[A2[i] + 1] = 1 }
if (same) { do for [i = 1:both + 2] { CUTS[i] = CUTS[i] * CUTS2[i] } }
START[1] = 0; START2[1] = 0
lines = 1; good = 0
do for [i = 1:columns_] {
    if (i > 1 && CUTS[i]) { good = i - 1 }
    if (i - START[lines] > most) { lines = lines + 1; START[lines] = good > START[lines - 1] ? good : i - 1 }
}
lines2 = 1; good = 0
do for [i = 1:columns2] {
    if (i > 1 && CUTS2[i]) { good = i - 1 }
    if (i - START2[lines2] > most) { lines2 = lines2 + 1; START2[lines2] = good > START2[lines2 - 1] ? good : i - 1 }
}
if (same) { lines2 = lines; do for [l = 1:lines] { START2[l] = START[l] } }
do for [l = 1:lines] { do for [i = START[l] + 1:columns_] { LINE_OF[i] = l } }
if (m) { do for [l = 1:lines2] { do for [i = START2[l] + 1:columns2] { LINE_OF2[i] = l } } }

shown = lines > 7 ? 7 : lines; shown2 = lines2 > 7 ? 7 : lines2
top = 82; r = same ? 84 : 40; high = 30
top2 = same ? top + 35 : top + shown * r + 14
W = int(2 * left + c * (lines > 1 || lines2 > 1 ? most : both)); W = W < 620 ? 620 : W
H = (m ? top2 + (shown2 - 1) * r : top + (shown - 1) * r) + high + 22
TITLE = m ? sprintf("The same text: %s here, %d with GPT-2's vocabulary", plural(n, "token", "tokens"), m) : "The text, cut into tokens"
SUBTITLE = ""
@CANVAS
more(l, all) = l < all ? sprintf(" (%d of %d lines)", l, all) : ""
X0 = left; X1 = X0 + 24; Y0 = 46; Y1 = 66; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CHIP
set label (m ? "above: " : "") . "this vocabulary, " . plural(n, "token", "tokens") . more(shown, lines) at X1 + 9, 56 \
    font sans(13) tc rgb INK
if (m) {
    X0 = left + 330; X1 = X0 + 24; FILL = PLAIN_FILL; LINE = TOKEN_LINE; THICK = 1.5
    @CHIP
    set label "below: GPT-2's, " . plural(m, "token", "tokens") . more(shown2, lines2) at X1 + 9, 56 font sans(13) tc rgb INK
}
do for [i = 1:n] {
    a = A[i]; b = B[i] > A[i] ? B[i] : A[i] + 1; l = LINE_OF[a + 1]
    if (l > shown) { continue }
    X0 = left + (a - START[l]) * c + 1; X1 = X0 + (b - a) * c - 2; X1 = X1 > W - 6 ? W - 6 : X1
    Y0 = top + (l - 1) * r; Y1 = Y0 + high; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    s = b - a > most ? fit(LABEL[i], X1 - X0, size) : LABEL[i]
    set label s at (X0 + X1) / 2, Y0 + 15 center front font mono(size) tc rgb TOKEN_TEXT
}
do for [i = 1:m] {
    a = A2[i]; b = B2[i] > A2[i] ? B2[i] : A2[i] + 1; l = LINE_OF2[a + 1]
    if (l > shown2) { continue }
    X0 = left + (a - START2[l]) * c + 1; X1 = X0 + (b - a) * c - 2; X1 = X1 > W - 6 ? W - 6 : X1
    Y0 = top2 + (l - 1) * r; Y1 = Y0 + high; FILL = PLAIN_FILL; LINE = TOKEN_LINE; THICK = 1.5
    @CHIP
    s = b - a > most ? fit(LABEL2[i], X1 - X0, size) : LABEL2[i]
    set label s at (X0 + X1) / 2, Y0 + 15 center front font mono(size) tc rgb TOKEN_TEXT
}
@DONE
