# What each head adds to the output of the last token, and the bias: their sum is the output.
# data: tokens.dat facts.dat merged.dat
load "figures/style.gp"
asks = ""
@READ file("tokens.dat") using (asks = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (C = int($2), H_ = int($3), 0):(0) @INTO
most = 1e-9
@READ file("merged.dat") using (most = abs($3) > most ? abs($3) : most, 0):(0) @INTO
drawn = C < 40 ? C : 40                  # the first numbers alone
shown = H_ > 12 ? 12 : H_
c = 720.0 / drawn; c = c > 46 ? 46 : c
left = 118; r = shown > 6 ? 26 : 34; top = 82
W = int(left + drawn * c + 26); W = W < 520 ? 520 : W
others = shown < H_                      # a row for all the heads that have none of their own
bias = shown + others; sum_ = bias + 1   # and the rows of these two
H = int(top + (sum_ + 1) * r + 62)
TITLE = "The output of " . fit(asks, 160, 16) . " is a sum over the heads"
SUBTITLE = (drawn < C ? sprintf("its first %d numbers of %d; ", drawn, C) : "") . "blue below 0, orange above, white 0"
@CANVAS
do for [h = 0:shown - 1] {
    set label sprintf("%s head %d", h ? "+" : " ", h) at left - 12, top + (h + 0.5) * r right font bold(13) tc rgb CONTEXT_TEXT
}
if (others) {
    set label sprintf("+ %d more", H_ - shown) at left - 12, top + (shown + 0.5) * r right font bold(13) tc rgb CONTEXT_TEXT
}
set label "+ bias" at left - 12, top + (bias + 0.5) * r right font bold(13) tc rgb ATTENTION_TEXT
set label "= output" at left - 12, top + (sum_ + 0.5) * r + 12 right font bold(13) tc rgb ATTENTION_TEXT
set arrow from left, top + sum_ * r + 4 to left + drawn * c, top + sum_ * r + 4 nohead lw 1.5 lc rgb INK
set label "Each column is added up from top to bottom. Every head writes in every column." at 20, H - 24 font sans(13) tc rgb SOFT
f = file("merged.dat")
x(i) = i < drawn ? left + i * c : NaN
y(k) = top + k * r + (k == sum_ ? 12 : 0)
rest(i) = i == 5 ? column(3) - column(4) : rest(i - 1) - column(i - 1)
shade(k) = k < shown ? column(5 + k) : k == sum_ ? column(3) : k == bias ? column(4) : rest(5 + shown)
plot for [k = 0:sum_] f using (x($1)):(y(k)):(x($1)):(x($1) + c):(y(k)):(y(k) + r - 6):(signed(shade(k) / most)) @CELLS
