# One place: the probabilities of the likeliest tokens, and the gradient of their logits.
# data: logits.dat
load "figures/style.gp"
n = rows("logits.dat")
array P[n + 1]; array G[n + 1]; array CAME[n + 1]; array LABEL[n + 1]
place = 0; most = 0; least = 0
@READ file("logits.dat") using (i = int($0) + 1, P[i] = $1, G[i] = $2, CAME[i] = $3, place = $4, LABEL[i] = strcol(5), most = $1 > most ? $1 : most, least = $2 < least ? $2 : least, 0):(0) @INTO
up = 90.0; base = 92 + up * most; mid = base + 46 + up * most; H = int(mid - up * least + 84); W = 860; left = 108; each = 730.0 / n
TITLE = "The token that came is pulled up, all others are pushed down"
SUBTITLE = sprintf("position %d, where the loss is largest: the likeliest tokens, their probabilities p, and the gradient of their logits", place)
@CANVAS
set label "p" at left - 20, base - 50 right font bold(13) tc rgb SCORE_TEXT
set label "p − came" at left - 20, mid + 10 right font bold(13) tc rgb INK
set label "gradient" at left - 20, mid + 28 right font sans(12) tc rgb SOFT
set arrow from left - 6, base to W - 20, base nohead lw 1 lc rgb RULE
set arrow from left - 6, mid to W - 20, mid nohead lw 1 lc rgb RULE
size = each > 56 ? 12 : 11
do for [i = 1:n] {
    x = left + (i - 0.5) * each
    X0 = x - each * 0.3; X1 = x + each * 0.3; Y1 = base; Y0 = base - up * P[i]
    if (Y1 - Y0 < 1) { Y0 = Y1 - 1 }
    FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 1
    @CELL
    set label sprintf("%.2f", P[i]) at x, Y0 - 9 center font mono(11) tc rgb INK front
    Y0 = G[i] > 0 ? mid - up * G[i] : mid; Y1 = G[i] > 0 ? mid : mid - up * G[i]
    FILL = sprintf("#%06x", signed(G[i] > 0 ? 0.15 + G[i] : -0.2 + G[i])); LINE = G[i] > 0 ? KEY_LINE : VALUE_LINE
    if (Y1 - Y0 < 1) { Y1 = Y0 + 1 }
    @CELL
    if (CAME[i] > 0) {
        set label sprintf("%.2f", G[i]) at x, Y1 + 9 center font mono(11) tc rgb INK front
        set label "came" at x, base + 14 center font bold(12) tc rgb TOKEN_TEXT front
    } else {
        set label sprintf("%.2f", G[i]) at x, Y1 + 9 center font mono(11) tc rgb INK front
    }
    X0 = x - each * 0.46; X1 = x + each * 0.46; Y0 = H - 52; Y1 = H - 28
    FILL = CAME[i] > 0 ? TOKEN_FILL : PLAIN_FILL; LINE = CAME[i] > 0 ? TOKEN_LINE : PLAIN_LINE
    @CHIP
    set label fit(LABEL[i], each * 0.88, size) at x, H - 40 center font mono(size) tc rgb INK front
}
@DONE
