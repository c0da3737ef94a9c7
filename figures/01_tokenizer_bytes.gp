# The byte table: which character stands for each byte.
# data: bytes.dat
load "figures/style.gp"
c = 44; r = 27; left = 66; top = 100     # a cell, and where the table begins
n = 256; array MOVED[n]; array LABEL[n]
@READ file("bytes.dat") using (i = int($2 * 16 + $1) + 1, MOVED[i] = $3, LABEL[i] = strcol(4), 0):(0) @INTO
W = 792; H = top + 16 * r + 62
TITLE = "One visible character for each of the 256 bytes"
SUBTITLE = "Row: first hexadecimal digit of the byte. Column: the second. So 41 is A, and 20, the space, is Ġ."
@CANVAS
do for [i = 0:15] {
    set label sprintf("%X", i) at left + (i + 0.5) * c, top - 14 center font monobold(12) tc rgb SOFT
    set label sprintf("%X", i) at left - 16, top + (i + 0.5) * r center font monobold(12) tc rgb SOFT
}
do for [b = 0:255] {
    set label LABEL[b + 1] at left + (b % 16 + 0.5) * c, top + (b / 16 + 0.5) * r center front font mono(14) \
        tc rgb int(MOVED[b + 1]) ? INK : TOKEN_TEXT
}
LINE = RULE
do for [b = 0:255] {                     # a dotted frame around each run of borrowed characters
    moved = int(MOVED[b + 1])
    begins = moved && (b % 16 == 0 || !int(MOVED[b > 0 ? b : 1]))
    ends = moved && (b % 16 == 15 || !int(MOVED[b < 255 ? b + 2 : 256]))
    if (begins) { X0 = left + b % 16 * c }
    if (ends) {
        X1 = left + (b % 16 + 1) * c; Y0 = top + b / 16 * r; Y1 = Y0 + r
        @DOTTED
    }
}
LINE = INK
do for [b in "10 32"] {
    X0 = left + b % 16 * c + 1; X1 = X0 + c - 2; Y0 = top + b / 16 * r + 1; Y1 = Y0 + r - 2
    @MARKED
}
Y0 = top + 16 * r + 18; Y1 = Y0 + 20
X0 = left; X1 = X0 + 30; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
set label "shows itself (188 bytes)" at X1 + 10, Y0 + 10 font sans(13) tc rgb INK
X0 = left + 256; X1 = X0 + 30; LINE = RULE
@DOTTED
set label "borrows a character (68 bytes); thick: end of line, space" \
    at X1 + 10, Y0 + 10 font sans(13) tc rgb INK
number(colour) = int("0x" . colour[2:7])
f = file("bytes.dat")
x(k) = left + k * c; y(k) = top + k * r
plot f using (x($1)):(y($2)):(x($1)):(x($1 + 1)):(y($2)):(y($2 + 1)):(number(int($3) ? PLAIN_FILL : TOKEN_FILL)) @CELLS
