# One token at a time: a frame for each run of the model, one below the other; they are shown as a film.
# data: written.dat tokens.dat added.dat
# film: 210
load "figures/style.gp"
FRAME = 210
T = rows("tokens.dat"); m = rows("written.dat"); m = m > 12 ? 12 : m
L = rows("added.dat") / T
array P[m + 1]; array LABEL[T + rows("written.dat") + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(3), 0):(0) @INTO
@READ file("written.dat") using (i = int($0) + 1, LABEL[T + i] = strcol(3), i > m ? 0 : (P[i] = $2), 0):(0) @INTO
W = 860; H = FRAME * m
TITLE = ""; SUBTITLE = ""
@CANVAS
token(i) = fit(LABEL[i], 120, 13)
share(p) = p > 0.9995 ? ">99.9 %" : p < 0.0005 ? "<0.1 %" : sprintf("%.1f %%", 100 * p)
chip(i) = wide(token(i), 13) + 14
# What fits into two lines, from the end.
first = T + m; total = chip(first)
while (first > 1 && total + chip(first - 1) + 3 < 1400) { first = first - 1; total = total + chip(first) + 3 }
x0 = first > 1 ? 44 : 20
do for [run = 1:m] {
    top = (run - 1) * FRAME
    set label "One token at a time" at 20, top + 24 front font bold(16) tc rgb INK
    does = sprintf("run %d of the model: it reads %s, and the likeliest next one joins them", run, plural(T + run - 1, "token", "tokens"))
    set label does at 20, top + 45 front font sans(13) tc rgb SOFT
    # The text so far; what the model wrote has a thicker border, and what it says now is pink.
    if (first > 1) { set label "…" at 22, top + 78 front font mono(13) tc rgb SOFT }
    x = x0; y = top + 78; THICK = 1
    do for [i = first:T + run] {
        if (x + chip(i) > 840) { x = x0; y = y + 32 }
        new = i == T + run
        X0 = x; X1 = x + chip(i); Y0 = y - 13; Y1 = y + 13
        FILL = new ? SCORE_FILL : TOKEN_FILL; LINE = new ? SCORE_LINE : TOKEN_LINE; THICK = i > T ? 2 : 1
        @CELL
        set label token(i) at (X0 + X1) / 2, y center front font mono(13) tc rgb (new ? SCORE_TEXT : TOKEN_TEXT)
        x = X1 + 3
    }
    sx = (X0 + X1) / 2; sy = Y1
    # The model: a pile of blocks, and what it says.
    y = top + 172
    THICK = 1.3; LINE = BLOCK_LINE; FILL = BLOCK_FILL
    do for [k = 2:0:-1] { X0 = 150 + 5 * k; X1 = 330 + 5 * k; Y0 = y - 22 - 4 * k; Y1 = y + 22 - 4 * k; @CELL }
    set label sprintf("the model: %s", plural(L, "block", "blocks")) at 240, y center front font sans(13) tc rgb BLOCK_TEXT
    set arrow from 104, top + 140 to 104, y nohead lw 2 lc rgb TOKEN_LINE front
    set arrow from 104, y to 148, y head filled size screen 0.012, 20 lw 2 lc rgb TOKEN_LINE front
    set label "all of it" at 98, y right front font sans(11) tc rgb TOKEN_TEXT
    set arrow from 342, y to 388, y head filled size screen 0.012, 20 lw 2 lc rgb SCORE_LINE front
    X0 = 392; X1 = 392 + chip(T + run); Y0 = y - 14; Y1 = y + 14; FILL = SCORE_FILL; LINE = SCORE_LINE; THICK = 2
    @CELL
    set label token(T + run) at (X0 + X1) / 2, y center front font mono(13) tc rgb SCORE_TEXT
    # It becomes the end of the text.
    set arrow from (X0 + X1) / 2, Y0 to (X0 + X1) / 2, top + 132 nohead lw 2 lc rgb SCORE_LINE front
    set arrow from (X0 + X1) / 2, top + 132 to sx, top + 132 nohead lw 2 lc rgb SCORE_LINE front
    set arrow from sx, top + 132 to sx, sy + 1 head filled size screen 0.012, 20 lw 2 lc rgb SCORE_LINE front
    # Its share among all tokens.
    X0 = 540; X1 = 740; Y0 = y - 9; Y1 = y + 9; THICK = 1; FILL = PLAIN_FILL; LINE = SCORE_LINE
    @CELL
    FILL = SCORE_LINE; X1 = 540 + 200 * P[run]
    @CELL
    set label share(P[run]) at 750, y front font bold(13) tc rgb SCORE_TEXT
    set label "the likeliest token" at 540, y - 20 front font sans(11) tc rgb SCORE_TEXT
    set label "all others " . share(1 - P[run]) at 740, y + 20 right front font sans(11) tc rgb SOFT
}
@DONE
