# The rows of wte with the longest gradients: what comes from the head, what from the embedding.
# data: embedding.dat
load "figures/style.gp"
n = rows("embedding.dat")
array HEAD[n + 1]; array EMB[n + 1]; array CAME[n + 1]; array LABEL[n + 1]
most = 1e-30; V_ = 0
@READ file("embedding.dat") using (i = int($0) + 1, HEAD[i] = $1, EMB[i] = $2, CAME[i] = int($3), V_ = int($4), LABEL[i] = strcol(5), most = $1 > most ? $1 : most, most = $2 > most ? $2 : most, 0):(0) @INTO
W = 860; each = 26; top = 92; H = top + n * each + 46; left = 176; wide_ = 560.0
TITLE = "Tokens that came, and tokens expected instead, get the longest gradients"
SUBTITLE = sprintf("the %d of wte's %d rows with the longest gradients; sorted by the sum of both lengths", n, V_)
@CANVAS
do for [i = 1:n] {
    y = top + (i - 1) * each
    X0 = left - 110; X1 = left - 10; Y0 = y; Y1 = y + 21
    FILL = CAME[i] > 0 ? TOKEN_FILL : PLAIN_FILL; LINE = CAME[i] > 0 ? TOKEN_LINE : PLAIN_LINE; THICK = 1
    @CHIP
    set label fit(LABEL[i], 92, 12) at left - 60, y + 10.5 center front font mono(12) tc rgb INK
    if (CAME[i] > 0) { set label "came" at left - 118, y + 10.5 right font bold(11) tc rgb TOKEN_TEXT }
    X0 = left; X1 = left + wide_ * HEAD[i] / most; X1 = X1 < X0 + 1 ? X0 + 1 : X1; Y0 = y; Y1 = y + 12
    FILL = SCORE_FILL; LINE = SCORE_LINE
    @CELL
    set label sprintf("%.2f", HEAD[i]) at X1 + 6, y + 6 left font mono(11) tc rgb INK
    if (EMB[i] > 0) {
        X1 = left + wide_ * EMB[i] / most; X1 = X1 < X0 + 1 ? X0 + 1 : X1; Y0 = y + 13; Y1 = y + 21
        FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CELL
        set label sprintf("%.2f", EMB[i]) at X1 + 6, y + 18 left font mono(10) tc rgb TOKEN_TEXT
    }
}
X0 = left; X1 = X0 + 22; Y0 = H - 28; Y1 = H - 16; FILL = SCORE_FILL; LINE = SCORE_LINE
@CELL
set label "from the head: as what might have come" at X1 + 8, H - 22 left font sans(12) tc rgb INK
X0 = left + 320; X1 = X0 + 22; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
set label "from the embedding: as what was read" at X1 + 8, H - 22 left font sans(12) tc rgb INK
@DONE
