# One example as one sequence: what is read, the mark, what is written and learned.
# data: tokens.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]; array PART[n + 1]
@READ file("tokens.dat") using (i = int($0) + 1, PART[i] = $1, LABEL[i] = strcol(2), 0):(0) @INTO
W = 900; left = 24.0; right = W - 24.0; size = 13; row = 62; top = 84
array X[n + 1]; array Y[n + 1]; array WIDE[n + 1]
x = left; y = top
do for [i = 1:n] {
    WIDE[i] = wide(fit(LABEL[i], 160, size), size) + 14
    if (x + WIDE[i] > right) { x = left; y = y + row }
    X[i] = x; Y[i] = y; x = x + WIDE[i] + 5
}
H = int(y + row + 34)
TITLE = "A translation is one sequence"
SUBTITLE = "what is read, the mark, and what is written; a loss on the answer alone counts the framed tokens and the <|endoftext|> after them"
@CANVAS
do for [i = 1:n] {
    X0 = X[i]; X1 = X[i] + WIDE[i]; Y0 = Y[i]; Y1 = Y[i] + 28
    FILL = PART[i] == 1 ? QUERY_FILL : PART[i] == 2 ? SCORE_FILL : TOKEN_FILL
    LINE = PART[i] == 1 ? QUERY_LINE : PART[i] == 2 ? SCORE_LINE : TOKEN_LINE; THICK = PART[i] == 2 ? 2 : 1
    @CHIP
    set label fit(LABEL[i], 160, size) at (X0 + X1) / 2, (Y0 + Y1) / 2 center front font mono(size) \
        tc rgb PART[i] == 1 ? QUERY_TEXT : PART[i] == 2 ? SCORE_TEXT : TOKEN_TEXT
    if (i == 1 || PART[i] != PART[i - 1]) {
        set label PART[i] == 0 ? "prompt" : PART[i] == 1 ? "mark" : "answer" at X0, Y1 + 13 left front font bold(12) \
            tc rgb PART[i] == 1 ? QUERY_TEXT : PART[i] == 2 ? SCORE_TEXT : TOKEN_TEXT
    }
}
set label "green: read     violet: the mark     pink, framed: written, one token at a time" at left, H - 18 left font sans(12) tc rgb SOFT
@DONE
