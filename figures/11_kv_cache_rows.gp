# Which rows go up the stack for each token that is written.
# data: tokens.dat facts.dat branch.dat
load "figures/style.gp"
m = rows("tokens.dat"); array LABEL[m + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
array FACT[8]
@READ file("facts.dat") using (FACT[1] = $5, FACT[2] = $6, 0):(0) @INTO
k = rows("branch.dat"); array NEW[k + 1]
@READ file("branch.dat") using (NEW[int($0) + 1] = strcol(2), 0):(0) @INTO
T = int(FACT[1]); n = int(m - T + 1); n = n > 12 ? 12 : n; m = T + n - 1
W = 880; c = 380.0 / m; c = c > 26 ? 26 : c; h = 22.0
size = c >= 14 ? 12 : 9; each = c >= 11 ? 1 : int(11 / c) + 1
label_width = 20
do for [i = 1:m] { label_width = wide(LABEL[i], size) > label_width ? wide(LABEL[i], size) : label_width }
label_width = label_width > 90 ? 90 : label_width
left = 118; gap = left + m * c + 26; top = 92 + label_width; H = int(top + n * h + 56)
W = int(gap + m * c + 24); W = W < 640 ? 640 : W
TITLE = "With the cache, one row per token goes up the stack"
SUBTITLE = "a line for each token written, a column for each token of the text; filled: computed for this token"
@CANVAS
set label "without the cache" at left, 74 font bold(13) tc rgb INK
set label "with it" at gap, 74 font bold(13) tc rgb STREAM_TEXT
a = 0; b = 0
do for [p = 0:1] {
    x0 = p ? gap : left
    do for [i = 1:m:each] {
        set label fit(LABEL[i], label_width + 1, size) at x0 + (i - 0.5) * c, top - 6 rotate by 90 font mono(size) tc rgb (i > T ? SCORE_TEXT : TOKEN_TEXT)
    }
    do for [j = 1:n] {
        y = top + (j - 1) * h
        if (!p) { set label fit(NEW[j], 90, 12) at left - 8, y + h / 2 right font mono(12) tc rgb SCORE_TEXT }
        last = T + j - 1
        first_ = p && j > 1 ? last : 1
        if (first_ > 1) {
            X0 = x0; X1 = x0 + (first_ - 1) * c; Y0 = y + 2; Y1 = y + h - 2; FILL = ROOM_FILL; LINE = ROOM_LINE; THICK = 0.8
            @CELL
            if (j == 2) { set label "kept" at (X0 + X1) / 2, y + h / 2 center front font sans(11) tc rgb SOFT }
        }
        do for [i = first_:last] {
            X0 = x0 + (i - 1) * c; X1 = X0 + c; Y0 = y + 2; Y1 = y + h - 2; FILL = STREAM_FILL; LINE = STREAM_LINE; THICK = 0.8
            @CELL
        }
        a = a + (p ? 0 : last); b = b + (p ? last - first_ + 1 : 0)
    }
}
set label plural(a, "row", "rows") at left, top + n * h + 22 font bold(13) tc rgb STREAM_TEXT
set label plural(b, "row", "rows") at gap, top + n * h + 22 font bold(13) tc rgb STREAM_TEXT
@DONE
