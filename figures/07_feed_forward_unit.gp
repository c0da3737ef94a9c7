# One hidden unit: the row, the unit's column of c_fc, their products, and what they add up to.
# data: unit.dat
load "figures/style.gp"
PLAIN = "with boxxyerror fillstyle solid 1 noborder lc rgb variable notitle"
n = rows("unit.dat"); array IN[2]; unit = 0; C = 0; bias = 0; before = 0; after = 0; token = ""
big_x = 1e-6; big_w = 1e-6; big_p = 1e-6; low = 0; top_sum = 0; sum_ = 0
note(x, w) = (big_x = abs(x) > big_x ? abs(x) : big_x, big_w = abs(w) > big_w ? abs(w) : big_w, big_p = abs(x * w) > big_p ? abs(x * w) : big_p, \
    sum_ = sum_ + x * w, low = sum_ < low ? sum_ : low, top_sum = sum_ > top_sum ? sum_ : top_sum, 0)
@READ file("unit.dat") using (note($1, $2), unit = int($3), C = int($4), bias = $5, before = $6, after = $7, \
    token = strcol(8), 0):(0) @INTO
left = 190; W = 860; c = 640.0 / n; c = c > 40 ? 40 : c
high = 20; top = 82; r = 44; y_sum = top + 3 * r + 16; tall = 130; H = y_sum + tall + 66
whole = n == C
TITLE = "One hidden unit asks the row one question"
SUBTITLE = sprintf("unit %d, which the last token, %s, wakes most%s", unit, fit(token, 160, 13), \
    whole ? "" : sprintf("; the first %d of %d numbers", n, C))
@CANVAS
set label "the row, h.0.ln_2" at 20, top + 10 font sans(13) tc rgb INK
set label "times its column" at 20, top + r + 3 font sans(13) tc rgb INK
set label "of c_fc" at 20, top + r + 19 font sans(13) tc rgb INK
set label "products" at 20, top + 2 * r + 10 font sans(13) tc rgb INK
set label "added up from" at 20, y_sum + tall / 2 - 9 font sans(13) tc rgb INK
set label "left to right" at 20, y_sum + tall / 2 + 9 font sans(13) tc rgb INK
span = top_sum - low; span = span > 0 ? span : 1
ys(v) = y_sum + 8 + (top_sum - v) / span * (tall - 16)
set arrow from left, ys(0) to left + n * c, ys(0) nohead back lw 1 lc rgb RULE
set label "0" at left - 8, ys(0) right font sans(12) tc rgb SOFT
set label sprintf("%.2f", sum_) at left + n * c - 4, ys(sum_) - 14 right font bold(13) tc rgb FEED_TEXT
if (whole) {
    set label sprintf("sum %.2f, plus bias %.2f, is %.2f; GELU makes it %.2f", sum_, bias, before, after) \
        at left, H - 26 font bold(13) tc rgb INK
} else {
    set label sprintf("with all %d numbers, and the bias %.2f, it is %.2f; GELU makes it %.2f", C, bias, before, after) \
        at left, H - 26 font bold(13) tc rgb INK
}
f = file("unit.dat")
x(i) = left + i * c
running = 0
plot f using (x($0)):(top):(x($0)):(x($0)+c):(top):(top+high):(signed($1/big_x)) @PLAIN, \
     f using (x($0)):(top):(x($0)):(x($0)+c):(top+r):(top+r+high):(signed($2/big_w)) @PLAIN, \
     f using (x($0)):(top):(x($0)):(x($0)+c):(top+2*r):(top+2*r+high):(signed($1*$2/big_p)) @PLAIN, \
     f using (x($0)+c):(running = (int($0) == 0 ? 0 : running) + $1*$2, ys(running)) with lines lw 2 lc rgb FEED_LINE notitle
