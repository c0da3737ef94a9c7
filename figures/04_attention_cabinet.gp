# The filing cabinet: a slip with the query, and a folder for each token, pulled out by its weight.
# data: tokens.dat facts.dat rows.dat asks.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array SCORE[n + 1]; array P[n + 1]; array SHOWN[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (D = int($2), h = int($3), asks = int($5), 0):(0) @INTO
@READ file("asks.dat") using (i = int($1) + 1, SCORE[i] = $2, P[i] = $3, 0):(0) @INTO
numbers = D < 8 ? D : 8
m = rows("rows.dat"); array Q[8]; array K[8 * n + 8]; array V[8 * n + 8]
mq = 1e-9; mk = 1e-9; mv = 1e-9
larger(a, b) = a > b ? a : b
@READ file("rows.dat") using (i = int($2), j = i < numbers ? 8 * int($1) + i + 1 : 8 * n + 8, K[j] = $4, V[j] = $5, \
    Q[int($1) == asks && i < numbers ? i + 1 : 8] = int($1) == asks && i < numbers ? $3 : Q[8], \
    mq = i < numbers ? larger(mq, abs($3)) : mq, mk = i < numbers ? larger(mk, abs($4)) : mk, \
    mv = i < numbers ? larger(mv, abs($5)) : mv, 0):(0) @INTO

# All folders, or of many those with the most weight.
most = 12; shown = n < most ? n : most
do for [i = 1:n] { SHOWN[i] = n <= most }
if (n > most) {
    do for [k = 1:most] {
        best = 0
        do for [i = 1:n] { if (!SHOWN[i] && (best == 0 || P[i] > P[best])) { best = i } }
        SHOWN[best] = 1
    }
}
r = 40; top = 104; c = 13
W = 860; H = top + shown * r + (n > most ? 44 : 18)
H = H < 250 ? 250 : H
top_ = 1
do for [i = 1:n] { top_ = P[i] > P[top_] ? i : top_ }
TITLE = fit(LABEL[asks + 1], 120, 16) . " takes most from the folder of " . fit(LABEL[top_], 120, 16)
SUBTITLE = "the query of " . fit(LABEL[asks + 1], 120, 13) . sprintf(" against every key; head %d of block 0, ", h) \
    . (numbers < D ? sprintf("the first %d numbers of %d", numbers, D) : plural(D, "number", "numbers"))
@CANVAS
set label "folder" at 216, top - 18 font bold(12) tc rgb SOFT
set label "k, its key" at 318, top - 18 font bold(12) tc rgb KEY_TEXT
set label "score" at 474, top - 18 right font bold(12) tc rgb SCORE_TEXT
set label "weight" at 538, top - 18 right font bold(12) tc rgb SCORE_TEXT
set label "v, its value, pulled out by its weight" at 564, top - 18 font bold(12) tc rgb VALUE_TEXT

# The slip.
X0 = 20; X1 = 180; Y0 = top; Y1 = top + 96; FILL = QUERY_FILL; LINE = QUERY_LINE
@CHIP
set label "q, the query of" at 32, top + 20 front font sans(13) tc rgb QUERY_TEXT
size = shrink(LABEL[asks + 1], 136, 17, 11)
set label fit(LABEL[asks + 1], 136, size) at 32, top + 45 front font monobold(size) tc rgb QUERY_TEXT
do for [i = 1:numbers] {
    X0 = 32 + (i - 1) * (c + 4); X1 = X0 + c + 4; Y0 = top + 64; Y1 = Y0 + 20; LINE = QUERY_LINE; THICK = 0.7
    FILL = sprintf("#%06x", signed(Q[i] / mq))
    @CELL
}
row = 0
do for [i = 1:n] {
    if (!SHOWN[i]) { continue }
    y = top + row * r; row = row + 1
    # The drawer: pulled out by up to 150 pixels.
    pull = 150 * P[i]
    X0 = 552; X1 = 568 + pull + 10 + numbers * c; Y0 = y + 3; Y1 = y + r - 7; FILL = VALUE_FILL; LINE = VALUE_LINE; THICK = 1
    @CHIP
    do for [j = 1:numbers] {
        X0 = 568 + pull + (j - 1) * c; X1 = X0 + c; Y0 = y + 8; Y1 = y + r - 12; THICK = 0.7
        FILL = sprintf("#%06x", signed(V[8 * (i - 1) + j] / mv))
        @CELL
    }
    # The front of the folder.
    X0 = 206; X1 = 556; Y0 = y; Y1 = y + r - 4; FILL = "#fff6e0"; LINE = KEY_LINE; THICK = 1
    @CHIP
    size = shrink(LABEL[i], 94, 14, 11)
    set label fit(LABEL[i], 94, size) at 216, y + 18 front font mono(size) tc rgb TOKEN_TEXT
    do for [j = 1:numbers] {
        X0 = 318 + (j - 1) * c; X1 = X0 + c; Y0 = y + 8; Y1 = y + r - 12; THICK = 0.7
        FILL = sprintf("#%06x", signed(K[8 * (i - 1) + j] / mk))
        @CELL
    }
    # (The data are rounded already: -4.4450 may have been -4.44499, which is -4.44.)
    set label sprintf("%.2f", SCORE[i] - sgn(SCORE[i]) * 1e-5) at 474, y + 18 right front font sans(13) tc rgb SCORE_TEXT
    set label sprintf("%.1f %%", 100 * P[i]) at 542, y + 18 right front font bold(13) tc rgb SCORE_TEXT
}
set arrow from 181, top + 48 to 203, top + 48 front size 8, 20 lw 1.5 lc rgb QUERY_LINE
if (n > most) {
    rest = 1
    do for [i = 1:n] { rest = SHOWN[i] ? rest - P[i] : rest }
    set label sprintf("… and %s more, together %.1f %%", plural(n - most, "folder", "folders"), 100 * rest) at 216, H - 24 font sans(13) tc rgb SOFT
}
@DONE
