# A second text after the same prompt: what is kept, what is read.
# data: tokens.dat branch.dat facts.dat
load "figures/style.gp"
m = rows("tokens.dat"); array LABEL[m + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(2), 0):(0) @INTO
array FACT[1]
@READ file("facts.dat") using (FACT[1] = $5, 0):(0) @INTO
T = int(FACT[1])
k = rows("branch.dat"); array ONE[k + 1]; array TWO[k + 1]
@READ file("branch.dat") using (i = int($0) + 1, ONE[i] = strcol(2), TWO[i] = strcol(3), 0):(0) @INTO
W = 880; H = 250; from_ = T > 5 ? T - 4 : 1; most = 88
TITLE = "A second text keeps the rows of the prompt"
SUBTITLE = "two texts after one prompt; for the second, only the tokens in thick frames go up the stack"
@CANVAS
do for [p = 0:1] {
    y = p ? 190 : 116
    set label (p ? "then" : "first") at 20, y font bold(13) tc rgb INK
    x = 70.0
    if (from_ > 1) { set label "…" at x, y font mono(13) tc rgb SOFT; x = x + 20 }
    do for [j = from_:T + k] {
        s = fit(j <= T ? LABEL[j] : p ? TWO[j - T] : ONE[j - T], most, 13)
        wide_ = wide(s, 13) + 16
        if (x + wide_ < W - 40) {
            X0 = x; X1 = x + wide_; Y0 = y - 15; Y1 = y + 15
            FILL = j <= T ? TOKEN_FILL : SCORE_FILL; LINE = j <= T ? TOKEN_LINE : p ? INK : SCORE_LINE; THICK = j > T && p ? 2.5 : 1
            @CHIP
            set label s at (X0 + X1) / 2, y center front font mono(13) tc rgb (j <= T ? TOKEN_TEXT : SCORE_TEXT)
            if (j == T) { end_ = X1 }
            x = X1 + 4; last = 0
        } else {
            if (!last) { set label "…" at x + 2, y font mono(13) tc rgb SOFT; last = 1; x = W }
        }
    }
}
set arrow from end_ + 2, 84 to end_ + 2, 222 nohead lw 1.5 dt (4, 3) lc rgb RULE
set label plural(T, "row kept", "rows kept") at end_ - 8, 228 right font sans(12) tc rgb TOKEN_TEXT
set label "read, one by one" at end_ + 12, 228 font sans(12) tc rgb INK
@DONE
