# Each habit of some size, in the head that has it most, at a typical position of the stories.
# data: champions.dat look.dat
load "figures/style.gp"
array BLOCK_[7]; array HEAD[7]; array SHARE[7]; array EVEN[7]
@READ file("champions.dat") using (k = int($1) + 1, BLOCK_[k] = int($2), HEAD[k] = int($3), SHARE[k] = $4, EVEN[k] = $5, 0):(0) @INTO
m = rows("look.dat"); array K[m + 1]; array AT[m + 1]; array P[m + 1]; array WANTED[m + 1]; array LABEL[m + 1]
@READ file("look.dat") using (i = int($0) + 1, K[i] = int($1), AT[i] = int($2), P[i] = $3, WANTED[i] = int($4), LABEL[i] = strcol(5), 0):(0) @INTO
array NAME[7] = ["itself", "before", "again", "ahead", "pronoun", "it", "quote"]
array LAST[7]; array ROW[7]; array SUM_[7]; shown = 0
do for [k = 1:7] { LAST[k] = -1; ROW[k] = -1; SUM_[k] = 0 }
do for [i = 1:m] {
    k = K[i] + 1
    if (SHARE[k] < 0.2) { continue }
    if (ROW[k] < 0) { ROW[k] = shown; shown = shown + 1 }
    if (AT[i] < 10) { LAST[k] = AT[i] > LAST[k] ? AT[i] : LAST[k]; SUM_[k] = SUM_[k] + P[i] }
}
left = 100; c = 67; r = 74; top = 88
W = left + 11 * c + 23; H = top + shown * r + 56
TITLE = shown == 1 ? "One head that finds what it looks for" \
    : word("No Two Three Four Five Six Seven", shown < 2 ? 1 : shown) . " heads that find what they look for"
SUBTITLE = "each at one position of a story; weights of 3 % or more, in per cent"
@CANVAS
do for [k = 1:7] {
    if (ROW[k] < 0) { continue }
    y = top + ROW[k] * r
    set label NAME[k] at 20, y + 15 font bold(14) tc rgb SCORE_TEXT
    set label sprintf("head %d.%d", BLOCK_[k], HEAD[k]) at 20, y + 34 font sans(12) tc rgb SOFT
    if (SUM_[k] < 0.985) {
        set label sprintf("%.0f %% before that", 100 * (1 - SUM_[k])) at left, y - 7 font sans(11) tc rgb SOFT
    }
}
do for [i = 1:m] {
    k = K[i] + 1
    if (ROW[k] < 0) { continue }
    y = top + ROW[k] * r; asks = AT[i] == LAST[k]
    x = AT[i] < 10 ? left + AT[i] * c : left + (LAST[k] + 1) * c + 12
    X0 = x + 1; X1 = x + c - 2; Y0 = y; Y1 = y + 28
    FILL = AT[i] < 10 ? sprintf("#%06x", chance(P[i])) : PANEL
    LINE = asks ? QUERY_LINE : WANTED[i] ? TOKEN_LINE : FAINT
    THICK = asks || WANTED[i] ? 2.5 : 1
    if (AT[i] < 10) {
        @CHIP
        if (P[i] >= 0.025) { set label sprintf("%.0f", 100 * P[i]) at x + c / 2.0, y + 40 center front font sans(11) tc rgb SCORE_TEXT }
    }
    size = shrink(LABEL[i], c - 8, 13, 11)
    set label fit(LABEL[i], c - 6, size) at x + c / 2.0, y + 14 center front font mono(size) \
        tc rgb (AT[i] < 10 ? (ink(chance(P[i])) == 0 ? INK : "#ffffff") : SOFT)
}
THICK = 2.5
X0 = 20; X1 = 48; Y0 = H - 38; Y1 = H - 18; FILL = PLAIN_FILL; LINE = QUERY_LINE
@CHIP
set label "the token that looks" at 58, H - 28 font sans(13) tc rgb INK
X0 = 230; X1 = 258; LINE = TOKEN_LINE
@CHIP
set label "what it should find" at 268, H - 28 font sans(13) tc rgb INK
set label "at the end: the next token" at W - 20, H - 28 right font sans(13) tc rgb SOFT
@DONE
