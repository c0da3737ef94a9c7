# The last token's row, step by step through layer norm: a bar for each of its numbers.
# data: steps.dat sizes.dat
load "figures/style.gp"
n = rows("steps.dat"); array LARGEST[4]; token = ""
do for [k = 1:4] { LARGEST[k] = 0 }
@READ file("sizes.dat") using (token = strcol(4), 0):(0) @INTO
far = 0.1
larger(v) = (far = abs(v) > far ? abs(v) : far)
@READ file("steps.dat") using (larger($2), larger($4), larger($5), 0):(0) @INTO
left = 230; top = 74; r = 100; W = 860; H = top + 3 * r + 40
broad = W - left - 30; c = broad * 1.0 / n
TITLE = "Layer norm puts the row on a fixed scale, then adjusts each column"
SUBTITLE = sprintf("the %d numbers of the last token's row, %s, on one scale", n, fit(token, 160, 13))
@CANVAS
array NAME[3] = ["1 as it comes in", "2 minus mean, over spread", "3 times weight, plus bias"]
array MORE[3] = ["h.0.mid", "mean 0, spread 1", "h.0.ln_2"]
array COLUMN[3] = [2, 4, 5]
y(k, v) = top + (k - 0.5) * r - v / far * (r / 2.0 - 13)
do for [k = 1:3] {
    set label NAME[k] at 20, y(k, 0) - 9 font bold(13) tc rgb INK
    set label MORE[k] at 20, y(k, 0) + 10 font sans(13) tc rgb SOFT
    set arrow from left, y(k, 0) to left + broad, y(k, 0) nohead back lw 1 lc rgb RULE
    set label sprintf("%.1f", far) at left - 8, y(k, far) right font sans(11) tc rgb SOFT
    set label sprintf("−%.1f", far) at left - 8, y(k, -far) right font sans(11) tc rgb SOFT
}
set label sprintf("number 0 to %d of the row", n - 1) at left + broad / 2, H - 20 center font sans(13) tc rgb SOFT
f = file("steps.dat")
BARS = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
in = c > 4 ? 0.15 * c : 0
plot for [k = 1:3] f using (left+$1*c):(y(k,0)):(left+$1*c+in):(left+($1+1)*c-in):(y(k,0)):(y(k,column(COLUMN[k]))): \
    (column(COLUMN[k]) < 0 ? 0x1465a8 : 0xc75300) @BARS
