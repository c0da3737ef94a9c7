# Writing on: the new token is appended, and the model runs again.
# data: written.dat tokens.dat
load "figures/style.gp"
m = rows("written.dat"); array P[m + 1]; array NEW[m + 1]
@READ file("written.dat") using (i = int($0) + 1, P[i] = $2, NEW[i] = strcol(3), 0):(0) @INTO
T = rows("tokens.dat"); array LABEL[T + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
n = m > 7 ? 7 : m; before = T > 3 ? 3 : T
W = 860; r = 46; top = 84; H = int(top + n * r + 16); left = T > before ? 108 : 84
TITLE = "Each run reads one more token"
SUBTITLE = "each line is one run of the model: the tokens it reads (green), and the likeliest next one (pink), which the next run reads too"
@CANVAS
most = 96
do for [i = 1:n] {
    y = top + (i - 0.5) * r
    set label sprintf("run %d", i) at 20, y font bold(13) tc rgb INK
    if (T > before) { set label "…" at left - 14, y center font mono(13) tc rgb SOFT }
    # As many of the last tokens as there is room for.
    count = before + i - 1; room = W - left - 190.0; from_ = 1; total = 0
    do for [j = 1:count] {
        s = j <= before ? LABEL[T - before + j] : NEW[j - before]
        total = total + wide(fit(s, most, 13), 13) + 20
    }
    do for [j = 1:count] {
        if (total > room) {
            s = j <= before ? LABEL[T - before + j] : NEW[j - before]
            total = total - wide(fit(s, most, 13), 13) - 20; from_ = j + 1
        }
    }
    x = left
    do for [j = from_:count + 1] {
        s = j <= before ? LABEL[T - before + j] : NEW[j - before]
        s = fit(s, most, 13)
        if (j == count + 1) {
            set arrow from x + 2, y to x + 40, y head filled size screen 0.009, 20 lw 2.5 lc rgb SCORE_LINE
            x = x + 48
        }
        X0 = x; X1 = x + wide(s, 13) + 16; Y0 = y - 14; Y1 = y + 14
        FILL = j == count + 1 ? SCORE_FILL : TOKEN_FILL; LINE = j == count + 1 ? SCORE_LINE : TOKEN_LINE; THICK = j > before ? 1.8 : 1
        @CHIP
        set label s at (X0 + X1) / 2, y center front font mono(13) tc rgb (j == count + 1 ? SCORE_TEXT : TOKEN_TEXT)
        x = X1 + 4
    }
    set label sprintf("%.1f %%", 100 * P[i]) at x + 4, y font sans(12) tc rgb SCORE_TEXT
}
@DONE
