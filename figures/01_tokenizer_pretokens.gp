# The prompt's characters with their classes, and the cuts between its pre-tokens.
# data: characters.dat words.dat
load "figures/style.gp"
n = rows("characters.dat"); array CLASS[n + 1]; array LABEL[n + 1]
@READ file("characters.dat") using (i = int($0) + 1, CLASS[i] = int($4), LABEL[i] = strcol(5), 0):(0) @INTO
m = rows("words.dat"); array FROM[m + 1]; array TO[m + 1]
@READ file("words.dat") using (i = int($0) + 1, FROM[i] = int($3), TO[i] = int($4), 0):(0) @INTO

array LETTER[4] = ["O", "L", "N", "S"]
array NAME[4] = ["other", "letter", "number", "white space"]
array FILLS[4] = [ROOM_FILL, TOKEN_FILL, "#b9dfa4", PLAIN_FILL]
array LINES[4] = [ROOM_LINE, TOKEN_LINE, TOKEN_LINE, PLAIN_LINE]
array INKS_[4] = [INK, TOKEN_TEXT, TOKEN_TEXT, INK]

# A place for every character: rows of at most `broad` pixels, broken at cuts where that can be.
W = 860; left = 24; top = 74; broad = W - 2 * left; gap = 12; c = 20; r = 50; most = 14
do for [i = 1:n] { c = wide(LABEL[i], 14) + 6 > c ? wide(LABEL[i], 14) + 6 : c }
array X[n + 1]; array Y[n + 1]
x = 0; row = 0
do for [w = 1:m] {
    if (x > 0 && x + (TO[w] - FROM[w]) * c > broad) { x = 0; row = row + 1 }
    do for [i = FROM[w] + 1:TO[w]] {
        if (x + c > broad) { x = 0; row = row + 1 }
        X[i] = left + x; Y[i] = row; x = x + c
    }
    x = x + gap
}
shown = row < most ? row + 1 : most
H = top + shown * r + 48
TITLE = "A pre-token is a run of one class, often after a space; endings like 't are exceptions"
SUBTITLE = plural(n, "character", "characters") . ", " . plural(m, "pre-token", "pre-tokens") \
    . "; thick lines are the cuts, which no token ever crosses"
@CANVAS
hidden = 0
do for [i = 1:n] {
    if (Y[i] >= shown) { hidden = hidden + 1; continue }
    k = CLASS[i] + 1
    X0 = X[i]; X1 = X0 + c; Y0 = top + Y[i] * r; Y1 = Y0 + 40; FILL = FILLS[k]; LINE = LINES[k]
    @CELL
    set label LABEL[i] at X0 + c / 2.0, Y0 + 13 center front font mono(15) tc rgb INKS_[k]
    set label LETTER[k] at X0 + c / 2.0, Y0 + 30 center front font sans(11) tc rgb INKS_[k]
}
do for [w = 2:m] {
    i = FROM[w] + 1
    if (Y[i] < shown) {
        x = X[i] > left ? X[i] - gap / 2.0 : left - 8
        y = top + Y[i] * r
        set arrow from x, y - 4 to x, y + 44 nohead front lw 3 lc rgb INK
    }
}
Y0 = H - 40; Y1 = Y0 + 22; x = left
do for [k in "2 3 1 4"] {
    k = int(k); X0 = x; X1 = X0 + 22; FILL = FILLS[k]; LINE = LINES[k]
    @CELL
    set label LETTER[k] at X0 + 11, Y0 + 11 center front font sans(12) tc rgb INKS_[k]
    set label NAME[k] at X1 + 8, Y0 + 11 font sans(13) tc rgb INK
    x = x + 100
}
set arrow from x + 40, Y0 - 1 to x + 40, Y1 + 1 nohead lw 3 lc rgb INK
set label "cut" at x + 50, Y0 + 11 font sans(13) tc rgb INK
if (hidden) {
    set label sprintf("… and %s more", plural(hidden, "character", "characters")) at W - left, Y0 + 11 right \
        font sans(13) tc rgb SOFT
}
@DONE
