# One distribution under six settings: what is left, and how much of it.
# data: settings.dat left.dat tokens.dat
load "figures/style.gp"
n = rows("settings.dat"); array P[6 * n]; array NAME[n]
do for [c = 1:6] {
    @READ file("settings.dat") using (i = int($0) + 1, P[(c - 1) * n + i] = column(c + 1), NAME[i] = strcol(8), 0):(0) @INTO
}
array LEFT_[6]; array HOW[6]
@READ file("left.dat") using (i = int($0) + 1, LEFT_[i] = int($1), HOW[i] = strcol(4), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
text = ""
do for [t = (T > 12 ? T - 11 : 1):T] { text = text . LABEL[t] }
W = 860; r = 21; high = 52 + n * r; H = int(70 + 2 * high + 8)
TITLE = "Temperature bends the distribution; top-k and top-p cut it"
SUBTITLE = "the next token after " . (T > 12 ? "…" : "") . fit(text, 420, 13) . "; every panel adds up to 100 %"
@CANVAS
largest = 0.05
do for [c = 1:6] { do for [i = 1:n - 1] { v = P[(c - 1) * n + i]; largest = v > largest ? v : largest } }
usual = HOW[6] eq "temperature 1, top-k 40"    # on top of the first panel, it could not be told from it
do for [c = 1:(usual ? 5 : 6)] {
    left = 20 + ((c - 1) % 3) * 280; top = 70 + ((c - 1) / 3) * high
    title_ = c == 6 ? "yours: " . HOW[c] : HOW[c]
    set label fit(title_, 300, 13) at left, top + 12 font bold(13) tc rgb SCORE_TEXT
    set label plural(LEFT_[c], "token is left", "tokens are left") at left, top + 29 font sans(12) tc rgb SOFT
    do for [i = 1:n] {
        v = P[(c - 1) * n + i]; y = top + 52 + (i - 1) * r
        cut = v <= 0
        set label fit(NAME[i], 84, 12) at left + 86, y right font (i < n ? mono(12) : sans(12)) tc rgb (cut ? MASKED_TEXT : INK)
        Y0 = y - 8; Y1 = y + 8; X0 = left + 92
        if (cut) {
            set label "cut" at X0 + 2, y font sans(11) tc rgb MASKED_TEXT
        } else {
            share = v / largest
            X1 = X0 + (share > 1 ? 1 : share) * 118 + 1; FILL = i < n ? SCORE_FILL : ROOM_FILL; LINE = i < n ? SCORE_LINE : ROOM_LINE
            @CELL
            set label sprintf(v < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * v) at X1 + 5, y font sans(12) tc rgb SCORE_TEXT
        }
    }
}
if (usual) {
    left = 20 + 2 * 280; top = 70 + high
    set label "yours" at left, top + 12 font bold(13) tc rgb SCORE_TEXT
    set label sprintf("as the first panel, cut to %d tokens:", LEFT_[6]) at left, top + 34 font sans(12) tc rgb SOFT
    set label HOW[6] at left, top + 52 font sans(12) tc rgb SOFT
    set label "try --temperature 0.7 --top-p 0.9" at left, top + 80 font mono(11) tc rgb INK
}
@DONE
