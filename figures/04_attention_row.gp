# A row times a matrix: each number of the row says how much of its row of the matrix is taken; all are added up.
# data: toy.dat toy_tokens.dat
load "figures/style.gp"
array NUMBER[4 * 16 + 1]
at_index(s) = s eq "x" ? 0 : s eq "wq" ? 1 : s eq "bias" ? 2 : s eq "q" ? 3 : -1
@READ file("toy.dat") using (m = at_index(strcol(1)), NUMBER[m < 0 ? 65 : 16 * m + 4 * int($2) + int($3) + 1] = $4, 0):(0) @INTO
@READ file("toy_tokens.dat") using (NAME_ = int($0) == 2 ? strcol(1) : int($0) == 0 ? "" : NAME_, 0):(0) @INTO
number(m, i, j) = NUMBER[16 * m + 4 * i + j + 1]
minus(s) = s[1:1] eq "-" ? "−" . s[2:] : s
says(v) = minus(sprintf("%g", v))
c = 46; r = 34; t = 2                    # the row of "it"
W = 790; H = 366
left1 = 108; left2 = 270; left3 = 560; top = 110
TITLE = "A row times a matrix is a mixture of the matrix's rows"
SUBTITLE = "the query of \"" . NAME_ . "\": each channel of x says how many times its row of Wq is added"
@CANVAS
set label "x" at left1 + c / 2.0, top - 16 center font bold(13) tc rgb STREAM_TEXT
set label "Wq, the query's matrix" at left2, top - 16 font bold(13) tc rgb QUERY_TEXT
set label "times" at left1 + c + 58, top - 16 center font sans(13) tc rgb SOFT
set label "number × row" at left3, top - 16 font bold(13) tc rgb INK
array CHANNEL[4] = ["thing", "action", "pronoun", "position"]
THICK = 0.8
do for [i = 0:3] {
    y = top + i * (r + 4)
    v = number(0, t, i)
    set label CHANNEL[i + 1] at left1 - 10, y + r / 2.0 right font sans(13) tc rgb INK
    X0 = left1; X1 = X0 + c; Y0 = y; Y1 = y + r; FILL = STREAM_FILL; LINE = STREAM_LINE
    @CELL
    set label says(v) at X0 + c / 2.0, y + r / 2.0 center front font monobold(14) tc rgb STREAM_TEXT
    set label "×" at left1 + c + 58, y + r / 2.0 center font sans(15) tc rgb SOFT
    set label "=" at left3 - 52, y + r / 2.0 center font sans(15) tc rgb SOFT
    do for [j = 0:3] {
        X0 = left2 + j * c; X1 = X0 + c; FILL = v == 0 ? PLAIN_FILL : QUERY_FILL; LINE = QUERY_LINE
        @CELL
        set label says(number(1, i, j)) at X0 + c / 2.0, y + r / 2.0 center front font mono(14) tc rgb QUERY_TEXT
        X0 = left3 + j * c; X1 = X0 + c; FILL = PLAIN_FILL; LINE = FAINT
        @CELL
        set label says(v * number(1, i, j)) at X0 + c / 2.0, y + r / 2.0 center front font mono(14) tc rgb v == 0 ? SOFT : INK
    }
}
y = top + 4 * (r + 4)
set label "and the bias" at left3 - 16, y + r / 2.0 right font sans(13) tc rgb SOFT
do for [j = 0:3] {
    X0 = left3 + j * c; X1 = X0 + c; Y0 = y; Y1 = y + r; FILL = PLAIN_FILL; LINE = FAINT
    @CELL
    set label says(number(2, 0, j)) at X0 + c / 2.0, y + r / 2.0 center front font mono(14) tc rgb INK
}
y = y + r + 14
set arrow from left3 - 6, y - 6 to left3 + 4 * c + 6, y - 6 nohead lw 1.5 lc rgb INK
set label "q, the sum" at left3 - 16, y + r / 2.0 right font bold(13) tc rgb QUERY_TEXT
do for [j = 0:3] {
    X0 = left3 + j * c; X1 = X0 + c; Y0 = y; Y1 = y + r; FILL = QUERY_FILL; LINE = QUERY_LINE
    @CELL
    set label says(number(3, t, j)) at X0 + c / 2.0, y + r / 2.0 center front font monobold(14) tc rgb QUERY_TEXT
}
@DONE
