# The weights of every head on the prompt, a triangle for each.
# data: tokens.dat facts.dat weights.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (T = int($1), H_ = int($3), 0):(0) @INTO
shown = H_ > 12 ? 12 : H_
across = shown > 6 ? 4 : shown > 4 ? 3 : shown > 2 ? 2 : shown
down = int(ceil(shown * 1.0 / across))
words_ = T <= 16 && across < 4           # room for the tokens' names
room = 0
do for [i = 1:n] { w = wide(LABEL[i], 11); room = w > room ? w : room }
room = words_ ? (room > 84 ? 84 : room) + 8 : 12
side = across == 1 ? 360 : across == 2 ? 296 : across == 3 ? 208 : 170
c = side * 1.0 / T; c = c > 46 ? 46 : c
side = c * T; side = side < 90 ? 90 : side
between = 26; left = 22; top = 72
W = int(left + across * (room + side + between)); W = W < 560 ? 560 : W
H = int(top + down * (side + 52) + 18)
TITLE = shown == 1 ? "One head" : sprintf("%d heads, %d ways to read the same text", shown, shown)
SUBTITLE = "row: the token that looks; column: the token it looks at; weights in per cent" \
    . (shown < H_ ? sprintf(" (the first %d of %d heads)", shown, H_) : "")
@CANVAS
ox(h) = left + (int(h) % across) * (room + side + between) + room
oy(h) = top + (int(h) / across) * (side + 52) + 30
do for [h = 0:shown - 1] {
    set label sprintf("head %d", h) at ox(h), oy(h) - 14 font bold(14) tc rgb BLOCK_TEXT
    if (words_) {
        do for [t = 0:T - 1] {
            set label fit(LABEL[t + 1], room - 6, 11) at ox(h) - 5, oy(h) + (t + 0.5) * c right font mono(11) tc rgb TOKEN_TEXT
        }
    }
    if (T > 1) {                         # the future, hatched
        do for [t = 0:T - 2] {
            X0 = ox(h) + (t + 1) * c; X1 = ox(h) + T * c; Y0 = oy(h) + t * c; Y1 = Y0 + c
            FILL = MASKED_FILL; LINE = MASKED_FILL
            @CELL
            @HATCHED
        }
    }
}
f = file("weights.dat")
tiny = c < 10                            # no lines between cells, and none drawn for next to nothing
LOOK = tiny ? "with boxxyerror fillstyle solid 1 noborder fillcolor rgb variable notitle" : CELLS
u(h, p) = h < shown && (!tiny || p >= 0.02) ? ox(h) : NaN
if (c >= 30) {
    plot f using (u($1, 1) + $3 * c):(oy($1) + $2 * c):(u($1, 1) + $3 * c):(u($1, 1) + ($3 + 1) * c):(oy($1) + $2 * c):(oy($1) + ($2 + 1) * c):(chance($4)) @CELLS, \
         f using (u($1, 1) + ($3 + 0.5) * c):(oy($1) + ($2 + 0.5) * c):(sprintf("%.0f", 100 * $4)):(ink(chance($4))) @INKS
} else {
    plot f using (u($1, $4) + $3 * c):(oy($1) + $2 * c):(u($1, $4) + $3 * c):(u($1, $4) + ($3 + 1) * c):(oy($1) + $2 * c):(oy($1) + ($2 + 1) * c):(chance($4)) @LOOK
}
