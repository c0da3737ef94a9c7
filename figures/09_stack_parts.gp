# Who decided: what each part of the last row does for the answer's lead over the next best.
# data: parts.dat top.dat
load "figures/style.gp"
n = rows("parts.dat"); array KIND[n + 1]; array V[n + 1]; array NAME[n + 1]
@READ file("parts.dat") using (i = int($0) + 1, KIND[i] = int($1), V[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
k = rows("top.dat"); array TOKEN[k + 1]
@READ file("top.dat") using (TOKEN[int($0) + 1] = strcol(3), 0):(0) @INTO
most = 1e-9; total = 0
do for [i = 1:n] { total = total + V[i]; most = abs(V[i]) > most ? abs(V[i]) : most }
most = abs(total) > most ? abs(total) : most
r = n > 40 ? 13 : 24; top = 82
W = 860; H = int(top + (n + 1) * r + 34); left = 176; middle = left + (W - left - 80) / 2.0; room = (W - left - 180) / 2.0
second = k > 1 ? TOKEN[2] : TOKEN[1]
TITLE = "Which parts put " . fit(TOKEN[1], 120, 16) . " ahead"
SUBTITLE = "what each part of the last row adds to the lead of " . fit(TOKEN[1], 120, 13) . " (right) over " . fit(second, 120, 13) . " (left), in logits"
@CANVAS
set arrow from middle, top - 6 to middle, H - 20 nohead lw 1 lc rgb RULE back
do for [i = 1:n + 1] {
    y = top + (i - 0.5) * r + (i > n ? 8 : 0); v = i > n ? total : V[i]
    kind = i > n ? 4 : KIND[i]
    FILL = kind == 0 ? TOKEN_FILL : kind == 1 ? ATTENTION_FILL : kind == 2 ? FEED_FILL : kind == 3 ? PLAIN_FILL : SCORE_FILL
    LINE = kind == 0 ? TOKEN_LINE : kind == 1 ? ATTENTION_LINE : kind == 2 ? FEED_LINE : kind == 3 ? PLAIN_LINE : SCORE_LINE
    X0 = v < 0 ? middle + v / most * room : middle; X1 = v < 0 ? middle : middle + v / most * room; Y0 = y - r * 0.38; Y1 = y + r * 0.38; THICK = 1
    @CELL
    name = i > n ? "together" : NAME[i]
    size = r > 16 ? 12 : 9
    set label name at left - 12, y right font (i > n ? bold(size) : sans(size)) tc rgb INK
    if (v < 0) {
        set label sprintf("%+.2f", v) at X0 - 6, y right font sans(size) tc rgb INK
    } else {
        set label sprintf("%+.2f", v) at X1 + 6, y left font sans(size) tc rgb INK
    }
}
@DONE
