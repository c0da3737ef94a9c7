# For each kind of word: all heads' weights on the word that is meant, and what equal weights would give.
# data: heads.dat
load "figures/style.gp"
f = file("heads.dat"); n = rows("heads.dat")
kinds = 0; last = ""
array NAME[n + 1]; array EVEN[n + 1]; array BEST[n + 1]; array HEAD[n + 1]
@READ f using (strcol(1) eq last ? 0 : (kinds = kinds + 1, NAME[kinds] = strcol(1), EVEN[kinds] = $5, BEST[kinds] = -1, 0), last = strcol(1), \
    $4 > BEST[kinds] ? (BEST[kinds] = $4, HEAD[kinds] = sprintf("%d.%d", $2, $3), 0) : 0, 0):(0) @INTO
left = 140.0; right = 130.0; row = 34.0; top = 92.0
W = 860; H = int(top + kinds * row + 50); wide_ = W - left - right
TITLE = "Some heads have become a dictionary"
SUBTITLE = "how much of its weight each head puts on the word that is meant, when a word of that kind is written"
@CANVAS
k(name) = sum [i = 1:kinds] (NAME[i] eq name ? i : 0)
do for [i = 1:kinds] {
    y = top + (i - 0.5) * row
    set label NAME[i] at left - 12, y right font bold(13) tc rgb INK
    set arrow from left, y to left + wide_, y nohead lc rgb FAINT lw 1
    set arrow from left + EVEN[i] * wide_, y - 12 to left + EVEN[i] * wide_, y + 12 nohead lc rgb INK lw 1.5 dt (3, 2) front
    set label sprintf("head %s: %s", HEAD[i], percent(BEST[i])) at left + wide_ + 14, y left font sans(12) tc rgb SCORE_TEXT
}
do for [p = 0:4] { set label sprintf("%d %%", 25 * p) at left + 0.25 * p * wide_, top - 10 center font sans(11) tc rgb SOFT }
set label "a dot for each head; dashed: equal weights on all tokens" at left, top + kinds * row + 22 left font sans(12) tc rgb SOFT
plot f using (left + $4 * wide_):(top + (k(strcol(1)) - 0.5) * row) with points pt 7 ps 0.8 lc rgb SCORE_LINE notitle
