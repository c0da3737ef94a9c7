# A voice at work, token by token: what comes, what is printed, what is held back.
# data: flush.dat
load "figures/style.gp"
n = rows("flush.dat"); array COME[n + 1]; array SAID[n + 1]; array HELD[n + 1]; array STOP[n + 1]
@READ file("flush.dat") using (i = int($0) + 1, COME[i] = strcol(1), SAID[i] = strcol(2), HELD[i] = strcol(3), STOP[i] = int($4), 0):(0) @INTO
r = 30; W = 860; top = 108; H = top + n * r + 18
TITLE = "Only whole characters are printed"
SUBTITLE = "this vocabulary spells ë, 好 and 🤖 byte by byte (\\x…); the bytes wait until the character is whole"
@CANVAS
set label "comes" at 60, 84 font bold(13) tc rgb TOKEN_TEXT
set label "is printed" at 300, 84 font bold(13) tc rgb INK
set label "is held back" at 560, 84 font bold(13) tc rgb SOFT
do for [i = 1:n] {
    y = top + (i - 0.5) * r; Y0 = y - 12; Y1 = y + 12
    token = fit(COME[i], 180, 13)
    X0 = 60; X1 = X0 + wide(token, 13) + 16; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label token at (X0 + X1) / 2, y center front font mono(13) tc rgb TOKEN_TEXT
    if (strlen(SAID[i])) {
        token = fit(SAID[i], 220, 13)
        X0 = 300; X1 = X0 + wide(token, 13) + 16; FILL = PLAIN_FILL; LINE = INK
        @CELL
        set label token at (X0 + X1) / 2, y center front font mono(13) tc rgb INK
        set arrow from 210, y to 290, y head filled size screen 0.008, 20 lw 1 lc rgb RULE
    }
    if (strlen(HELD[i])) {
        token = fit(HELD[i], 260, 13)
        X0 = 560; X1 = X0 + wide(token, 13) + 16; FILL = ROOM_FILL; LINE = ROOM_LINE
        @CELL
        set label token at (X0 + X1) / 2, y center front font mono(13) tc rgb SOFT
    }
    if (STOP[i]) {
        set label "the stop is whole: the text has ended" at 300, y font sans(13) tc rgb SCORE_TEXT
    }
}
@DONE
