# Every head of every block: how much of its weight goes to seven kinds of tokens.
# data: facts.dat map.dat champions.dat
load "figures/style.gp"
@READ file("facts.dat") using (H_ = int($3), 0):(0) @INTO
L = 0
@READ file("map.dat") using (L = int($2) + 1 > L ? int($2) + 1 : L, 0):(0) @INTO
array EVEN[7]; array BLOCK_[7]; array HEAD[7]; array SHARE[7]
@READ file("champions.dat") using (k = int($1) + 1, BLOCK_[k] = int($2), HEAD[k] = int($3), SHARE[k] = $4, EVEN[k] = $5, 0):(0) @INTO
array NAME[7] = ["itself", "before", "again", "ahead", "pronoun", "it", "quote"]
array WHAT[7] = ["the token itself", "the token before it", "a name, where it was before", \
    "the name that comes next", "she, he: who that is", "it: who or what that is", "the mark that opened it"]
side = 172
c = side * 1.0 / H_; c = c > 44 ? 44 : c
r = L > 12 ? 10 : L > 6 ? 17 : 30
left = 52; top = 84; between = 34
box = c * H_; box = box < 172 ? 172 : box
W = int(left + 4 * (box + between)); tall = L * r + 84
H = int(top + 2 * tall + 10)
numbers = c >= 30 && r >= 16
TITLE = L == 1 ? "Which head of block 0 does what" : "Names and quotations have their own heads"
SUBTITLE = "share of a head's weight on the tokens in question, " . (numbers ? "in per cent" : "white 0 to pink 100 %") \
    . "; framed: the most" . (L == 1 ? "; block 0 alone" : "")
@CANVAS
ox(k) = left + (int(k) % 4) * (box + between)
oy(k) = top + (int(k) / 4) * tall + 46
do for [k = 0:6] {
    set label NAME[k + 1] at ox(k), oy(k) - 36 font bold(14) tc rgb SCORE_TEXT
    set label WHAT[k + 1] at ox(k), oy(k) - 18 font sans(12) tc rgb SOFT
    set label sprintf("evenly: %.0f %%", 100 * EVEN[k + 1]) at ox(k) + box, oy(k) - 36 right font sans(12) tc rgb SOFT
    do for [l = 0:L - 1] {
        if (r >= 16 || l % 2 == 0) {
            set label sprintf("%d", l) at ox(k) - 6, oy(k) + (l + 0.5) * r right font sans(r < 16 ? 10 : 12) tc rgb INK
        }
    }
    do for [h = 0:H_ - 1] {
        if (c >= 14 || h % 5 == 0) {
            set label sprintf("%d", h) at ox(k) + (h + 0.5) * c, oy(k) + L * r + 13 center font sans(c < 20 ? 10 : 12) tc rgb INK
        }
    }
    X0 = ox(k) + HEAD[k + 1] * c; X1 = X0 + c; Y0 = oy(k) + BLOCK_[k + 1] * r; Y1 = Y0 + r; LINE = INK
    @MARKED
}
set label "row: the block" at ox(7), oy(7) + 8 font sans(13) tc rgb INK
set label "column: the head in it" at ox(7), oy(7) + 30 font sans(13) tc rgb INK
set label "evenly: the weight from a head" at ox(7), oy(7) + 60 font sans(13) tc rgb SOFT
set label "that does not choose" at ox(7), oy(7) + 78 font sans(13) tc rgb SOFT
f = file("map.dat")
u(b, k) = b < 0 ? NaN : ox(k)
if (numbers) {
    plot f using (u($2, $1) + $3 * c):(oy($1) + $2 * r):(u($2, $1) + $3 * c):(u($2, $1) + ($3 + 1) * c):(oy($1) + $2 * r):(oy($1) + ($2 + 1) * r):(chance($4)) @CELLS, \
         f using (u($2, $1) + ($3 + 0.5) * c):(oy($1) + ($2 + 0.5) * r):(sprintf("%.0f", 100 * $4)):(ink(chance($4))) @INKS
} else {
    plot f using (u($2, $1) + $3 * c):(oy($1) + $2 * r):(u($2, $1) + $3 * c):(u($2, $1) + ($3 + 1) * c):(oy($1) + $2 * r):(oy($1) + ($2 + 1) * r):(chance($4)) @CELLS
}
