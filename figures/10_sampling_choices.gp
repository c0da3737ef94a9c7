# Texts, token by token: was the likeliest token taken, or a different one?
# data: texts.dat names.dat tokens.dat
load "figures/style.gp"
all = rows("texts.dat"); array N[all + 1]; array RANK[all + 1]; array P[all + 1]; array NAME[all + 1]
@READ file("texts.dat") using (i = int($0) + 1, N[i] = int($1), P[i] = $3, RANK[i] = int($4), NAME[i] = strcol(6), 0):(0) @INTO
array COUNT[8]; array HOW[8]
@READ file("names.dat") using (i = int($0) + 1, COUNT[i] = int($2), HOW[i] = strcol(3), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
W = 860; left = 20; right = 840; line = 34; size = 12
# Where each chip stands: first all places, then the height of the page.
array X[all + 1]; array Y[all + 1]
y = 112; k = 1
array TOP_[8]
last = strlen(HOW[2]) > 0 ? 3 : 0
do for [n = 0:last] {
    TOP_[n + 1] = y
    y = y + 26; x = left
    do for [j = 1:(COUNT[n + 1] > 24 ? 24 : COUNT[n + 1])] {
        while (k <= all && N[k] < n) { k = k + 1 }
        w = wide(fit(NAME[k], 160, size), size) + 12
        if (x + w > right) { x = left; y = y + line }
        X[k] = x; Y[k] = y; x = x + w + 4; k = k + 1
    }
    y = y + line + 12
}
H = int(y - 4)
TITLE = "Most tokens are nearly certain; only a few are choices"
text = ""
do for [t = (T > 12 ? T - 11 : 1):T] { text = text . LABEL[t] }
SUBTITLE = "after " . (T > 12 ? "…" : "") . fit(text, 300, 13) . ": the pinker, the likelier the model found the token"
@CANVAS
set label "thick frame: not the likeliest token; the number is its rank" at 20, 66 font sans(13) tc rgb SOFT
k = 1
do for [n = 0:last] {
    set label HOW[n + 1] at left, TOP_[n + 1] - 4 font bold(13) tc rgb SCORE_TEXT
    do for [j = 1:(COUNT[n + 1] > 24 ? 24 : COUNT[n + 1])] {
        while (k <= all && N[k] < n) { k = k + 1 }
        token = fit(NAME[k], 160, size)
        X0 = X[k]; X1 = X[k] + wide(token, size) + 12; Y0 = Y[k] - 11; Y1 = Y[k] + 11
        first_ = RANK[k] == 1
        shade = chance(0.75 * P[k])
        FILL = sprintf("#%06x", shade); LINE = first_ ? RULE : INK; THICK = first_ ? 0.7 : 2
        @CHIP
        set label token at (X0 + X1) / 2, Y[k] center front font mono(size) tc rgb (ink(shade) == 0 ? "#000000" : "#ffffff")
        if (!first_) { set label sprintf("%d", RANK[k]) at X1 - 1, Y[k] - 18 right front font bold(10) tc rgb INK }
        k = k + 1
    }
}
@DONE
