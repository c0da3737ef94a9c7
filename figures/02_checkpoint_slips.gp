# From the total of the article's table to the number of parameters there are.
# data: slips.dat
load "figures/style.gp"
@READ file("slips.dat") using (start = int($1), bias = int($2), norm = int($3), 0):(0) @INTO
grouped(n) = n < 1000 ? sprintf("%d", n) : grouped(n / 1000) . sprintf(",%03d", n % 1000)
W = 860; H = 312; left = 246; right = W - 120
low = start - 0.25 * (bias + norm); high = start + 1.04 * (bias + norm)
x(v) = left + (v - low) / (high - low) * (right - left)
TITLE = "Two slips in a table"
SUBTITLE = "GPT-2, the smallest; the axis begins far from 0, at " . grouped(int(low))
@CANVAS
y = 78; step = 56; bar = 34
set label "the article's table" at left - 14, y + bar / 2 right font sans(13) tc rgb INK
X0 = left; X1 = x(start); Y0 = y; Y1 = y + bar; FILL = MASKED_FILL; LINE = MASKED_LINE
@CELL
set label grouped(start) at X1 + 10, y + bar / 2 font mono(13) tc rgb INK
y = y + step
set label "12 biases of c_fc, too short" at left - 14, y + bar / 2 right font sans(13) tc rgb INK
X0 = x(start); X1 = x(start + bias); Y0 = y; Y1 = y + bar; FILL = FEED_FILL; LINE = FEED_LINE
@CELL
set label "+ " . grouped(bias) at (X0 + X1) / 2, y + bar / 2 center front font mono(13) tc rgb FEED_TEXT
y = y + step
set label "ln_f, left out" at left - 14, y + bar / 2 right font sans(13) tc rgb INK
X0 = x(start + bias); X1 = x(start + bias + norm); Y0 = y; Y1 = y + bar; FILL = PLAIN_FILL; LINE = PLAIN_LINE
@CELL
set label "+ " . grouped(norm) at X0 - 10, y + bar / 2 right front font mono(13) tc rgb INK
y = y + step
set label "the parameters of the model" at left - 14, y + bar / 2 right font bold(13) tc rgb INK
X0 = left; X1 = x(start + bias + norm); Y0 = y; Y1 = y + bar; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
set label grouped(start + bias + norm) at X1 + 10, y + bar / 2 font monobold(13) tc rgb TOKEN_TEXT
do for [k = 0:2] {
    v = k == 0 ? start : k == 1 ? start + bias : start + bias + norm
    set arrow from x(v), 78 + k * step + bar to x(v), 78 + (k + 1) * step nohead back lw 1 dt (3, 3) lc rgb RULE
}
@DONE
