# The ten likeliest next tokens: after the last token, and where the model was least certain.
# data: top.dat open.dat tokens.dat
load "figures/style.gp"
n = rows("top.dat"); array P[2 * n + 1]; array NAME[2 * n + 1]; open_ = 0
@READ file("top.dat") using (i = int($0) + 1, P[i] = $2, NAME[i] = strcol(3), 0):(0) @INTO
@READ file("open.dat") using (i = n + int($0) + 1, P[i] = $2, NAME[i] = strcol(3), open_ = int($1), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
# The last few tokens up to position t, as many as there is room for.
before(t, room) = t < 1 ? "" : wide(LABEL[t], 12) > room ? "…" : before(t - 1, room - wide(LABEL[t], 12)) . LABEL[t]
panels = T > 1 && open_ < T - 1 ? 2 : 1
W = 860; r = 28; top = 104; H = int(top + (n + 1) * r + 16); each = (W - 20.0) / panels
TITLE = panels == 2 ? "What comes next, and where the model was least certain" : "What comes next"
SUBTITLE = panels == 2 ? "left: after the whole prompt; right: after the token that left the model least certain" : "after the whole prompt"
little(p) = p < 0.00005 ? "<0.01 %" : sprintf("%.2f %%", 100 * p)
@CANVAS
do for [p = 1:panels] {
    t = p == 1 ? T : open_ + 1
    x = 20 + (p - 1) * each; left = x + 132; room = each - 132 - 84
    set label before(t, each - 60) at x, 82 font mono(12) tc rgb TOKEN_TEXT
    rest = 1
    do for [i = 1:n] {
        y = top + (i - 0.5) * r; k = (p - 1) * n + i; rest = rest - P[k]
        token = fit(NAME[k], 108, 12)
        X0 = left - 8 - wide(token, 12) - 14; X1 = left - 8; Y0 = y - 11; Y1 = y + 11; FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CHIP
        set label token at (X0 + X1) / 2, y center front font mono(12) tc rgb TOKEN_TEXT
        X0 = left; X1 = left + P[k] * room + 1; Y0 = y - 9; Y1 = y + 9; FILL = SCORE_FILL; LINE = SCORE_LINE
        @CELL
        set label little(P[k]) at X1 + 8, y font sans(12) tc rgb SCORE_TEXT
    }
    rest = rest < 0 ? 0 : rest
    y = top + (n + 0.5) * r
    set label "all others" at left - 8, y right font sans(12) tc rgb SOFT
    X0 = left; X1 = left + rest * room + 1; Y0 = y - 9; Y1 = y + 9; FILL = ROOM_FILL; LINE = ROOM_LINE
    @CELL
    set label little(rest) at X1 + 8, y font sans(12) tc rgb SOFT
}
@DONE
