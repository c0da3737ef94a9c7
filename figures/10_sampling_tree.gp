# The four texts as branches: where they part.
# data: texts.dat names.dat tokens.dat
load "figures/style.gp"
all = rows("texts.dat"); array NAME[all + 1]; array N[all + 1]; array PLACE[all + 1]
@READ file("texts.dat") using (i = int($0) + 1, N[i] = int($1), PLACE[i] = int($2), NAME[i] = strcol(6), 0):(0) @INTO
array COUNT[8]; array HOW[8]
@READ file("names.dat") using (i = int($0) + 1, COUNT[i] = int($2), HOW[i] = strcol(3), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
text = ""
do for [t = (T > 6 ? T - 5 : 1):T] { text = text . LABEL[t] }
deep = 9
array CELL_[4 * deep]
do for [i = 1:4 * deep] { CELL_[i] = "" }
do for [i = 1:all] { if (N[i] < 4 && PLACE[i] < deep) { CELL_[N[i] * deep + PLACE[i] + 1] = NAME[i] } }
# same_(n, m, j): do texts n and m agree in their first j tokens?
same_(n, m, j) = j < 1 ? 1 : CELL_[n * deep + j] eq CELL_[m * deep + j] && same_(n, m, j - 1)
owner(n, j) = n > 0 && same_(n, 0, j) ? 0 : n > 1 && same_(n, 1, j) ? 1 : n > 2 && same_(n, 2, j) ? 2 : n
last = strlen(HOW[2]) > 0 ? 3 : 0
W = 860; top = 84; r = 62; H = int(top + (last + 1) * r + 4)
TITLE = "One prompt, four texts"
SUBTITLE = "behind " . (T > 6 ? "…" : "") . fit(text, 300, 13) . (last == 3 && owner(1, 1) == 1 && owner(2, 1) == 2 && owner(3, 1) == 3 ? ": all part at the first token" : ": where two texts go on alike, they share their tokens")
@CANVAS
left = 20; step = (W - 40.0) / deep
y(n) = top + n * r + 30
do for [n = 0:3] {
    if (strlen(HOW[n + 1]) > 0) {
        set label HOW[n + 1] at W - 20, y(n) - 24 right font bold(11) tc rgb SCORE_TEXT front
    }
    do for [j = 1:deep] {
        if (strlen(CELL_[n * deep + j]) > 0 && owner(n, j) == n) {
            x = left + (j - 1) * step
            if (j > 1) {
                from_ = owner(n, j - 1)
                set arrow from x - 8, y(from_) to x + 4, y(n) nohead lw 1.6 lc rgb RULE back
            }
            if (j == 1 && n > 0) { set arrow from x + 2, y(0) to x + 2, y(n) nohead lw 1.6 lc rgb RULE back }
            X0 = x + 4; X1 = x + step - 8; Y0 = y(n) - 13; Y1 = y(n) + 13; FILL = n == 0 ? TOKEN_FILL : SCORE_FILL; LINE = n == 0 ? TOKEN_LINE : SCORE_LINE
            @CHIP
            size = shrink(CELL_[n * deep + j], step - 18, 13, 9)
            set label fit(CELL_[n * deep + j], step - 14, size) at (X0 + X1) / 2, y(n) center front font mono(size) tc rgb INK
        }
    }
}
@DONE
