# The toy by hand, every number: rows, queries, keys, values, scores, weights, sums.
# data: toy.dat toy_tokens.dat
load "figures/style.gp"
array LABEL[5]; array NAME[7] = ["x", "q", "k", "v", "scores", "weights", "context"]
array NUMBER[8 * 16]
@READ file("toy_tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
index_(s) = s eq "x" ? 0 : s eq "q" ? 1 : s eq "k" ? 2 : s eq "v" ? 3 : s eq "scores" ? 4 : s eq "weights" ? 5 : s eq "context" ? 6 : 7
@READ file("toy.dat") using (NUMBER[16 * index_(strcol(1)) + 4 * int($2) + int($3) + 1] = $4, 0):(0) @INTO
c = 36; r = 28; W = 880; H = 520
array AT_X[7] = [82, 282, 282, 282, 494, 704, 704]
array AT_Y[7] = [220, 86, 236, 386, 161, 161, 386]
array FILLS[7] = [STREAM_FILL, QUERY_FILL, KEY_FILL, VALUE_FILL, "", "", CONTEXT_FILL]
array LINES[7] = [STREAM_LINE, QUERY_LINE, KEY_LINE, VALUE_LINE, PLAIN_LINE, SCORE_LINE, CONTEXT_LINE]
array TEXTS[7] = [STREAM_TEXT, QUERY_TEXT, KEY_TEXT, VALUE_TEXT, INK, SCORE_TEXT, CONTEXT_TEXT]
array SAYS[7] = ["x: the rows", "q: queries", "k: keys", "v: values", "scores: q·k / 2", "weights, in per cent", "context: the sums"]
TITLE = "\"it\" finds \"robot\": one head by hand"
SUBTITLE = "robot says it obeys: four tokens, four channels, D = 4; the row of \"it\" is framed"
@CANVAS
do for [m = 1:7] {
    x0 = AT_X[m]; y0 = AT_Y[m]
    set label SAYS[m] at x0, y0 - (m == 5 || m == 6 ? 34 : 14) font bold(13) tc rgb TEXTS[m]
    do for [i = 0:3] {
        do for [j = 0:3] {
            v = NUMBER[16 * (m - 1) + 4 * i + j + 1]
            X0 = x0 + j * c; X1 = X0 + c; Y0 = y0 + i * r; Y1 = Y0 + r; LINE = LINES[m]; THICK = 0.8
            colour = m == 5 ? signed(v / 2.4) : chance(v)
            FILL = m == 5 || m == 6 ? sprintf("#%06x", colour) : FILLS[m]
            @CELL
            s = m <= 5 ? sprintf("%g", v) : m == 6 ? sprintf("%.0f", 100 * v) : sprintf("%.2f", v)
            s = s[1:1] eq "-" ? "−" . s[2:] : s
            if (m == 5 || m == 6) {
                set label s at X0 + c / 2.0, Y0 + r / 2.0 center front font mono(12) tc rgb ink(colour)
            } else {
                set label s at X0 + c / 2.0, Y0 + r / 2.0 center front font mono(m == 7 ? 11 : 12) tc rgb TEXTS[m]
            }
        }
        if (m == 1 || m == 5 || m == 6 || m == 7) {
            set label LABEL[i + 1] at x0 - 7, y0 + (i + 0.5) * r right font mono(12) tc rgb TOKEN_TEXT
        }
        if (m == 5 || m == 6) {
            set label LABEL[i + 1] at x0 + (i + 0.5) * c, y0 - 11 center font mono(11) tc rgb TOKEN_TEXT
        }
    }
    X0 = x0 - 1; X1 = x0 + 4 * c + 1; Y0 = y0 + 2 * r; Y1 = Y0 + r
    @ASKING
}
FLOW = "front size 9, 20 lw 1.6 lc rgb RULE"
set arrow from 232, 266 to 276, 150 @FLOW
set arrow from 232, 276 to 276, 290 @FLOW
set arrow from 232, 286 to 276, 432 @FLOW
set label "× Wq + b" at 250, 196 right font bold(13) tc rgb QUERY_TEXT
set label "× Wk" at 253, 268 center font bold(13) tc rgb KEY_TEXT
set label "× Wv" at 250, 366 right font bold(13) tc rgb VALUE_TEXT
set arrow from 430, 146 to 448, 200 @FLOW
set arrow from 430, 290 to 448, 236 @FLOW
set arrow from 642, 217 to 658, 217 @FLOW
set arrow from 776, 278 to 776, 364 @FLOW
set arrow from 430, 442 to 652, 442 @FLOW
@DONE
