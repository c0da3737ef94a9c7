# One token's row after c_attn, and how it is cut: queries, keys, values, and these into heads.
# data: tokens.dat facts.dat row.dat
load "figures/style.gp"
n = rows("tokens.dat"); asks = ""
@READ file("tokens.dat") using (asks = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (C = int($2), H_ = int($3), D = int($4), 0):(0) @INTO
N = 3 * C; array V[N]
largest = 1e-9
@READ file("row.dat") using (V[int($1) + 1] = $2, largest = abs($2) > largest ? abs($2) : largest, 0):(0) @INTO
step = ceil(N / 384.0)                   # of a long row every step-th number is drawn
most = 8
shown = H_ > most ? most : H_
h_of(i) = shown < H_ && i == shown - 1 ? H_ - 1 : i
left = 84; broad = 768; c = broad * 1.0 / N
top = 112; thick = 34; below = top + thick + 62; r = shown > 4 ? 30 : 38
W = left + broad + 28; H = below + shown * r + 56
TITLE = "The row of " . fit(asks, 160, 16) . ", cut into heads"
SUBTITLE = sprintf("%d numbers; blue below 0, orange above, white 0", N) \
    . (step > 1 ? sprintf("; one of %d is drawn", step) : "")
@CANVAS
colour(v) = sprintf("#%06x", signed(v / largest))
piece = broad / 3.0 - 22                 # how broad a head's q, k or v is drawn below
do for [p = 0:2] {
    fill_ = word("#efcbed #ffdf9c #c3e3fa", p + 1); line_ = word("#a52fa8 #d67a00 #1f7fc2", p + 1)
    text_ = word("#74097a #7a4200 #0a4a7c", p + 1)
    X0 = left + p * C * c; X1 = X0 + C * c; Y0 = top - 26; Y1 = top - 2; FILL = fill_; LINE = line_
    @CELL
    set label sprintf("%s: columns %d to %d", word("queries keys values", p + 1), p * C, (p + 1) * C - 1) \
        at (X0 + X1) / 2, top - 14 center front font bold(13) tc rgb text_
    x = left + p * (broad / 3.0) + 11
    set arrow from left + (p + 0.5) * C * c, top + thick + 28 to x + piece / 2, below - 8 size screen 0.01, 20 filled lw 1.6 lc rgb line_
    do for [h = 0:H_ - 1] {
        if (D * c >= 12) {
            set label sprintf("%d", h) at left + (p * C + (h + 0.5) * D) * c, top + thick + 13 center font bold(12) tc rgb text_
        }
    }
    do for [i = 0:shown - 1] {
        h = h_of(i)
        X0 = x - 2; X1 = x + piece + 2; Y0 = below + i * r - 2; Y1 = Y0 + r - 8; FILL = fill_; LINE = line_
        @CELL
        do for [j = 0:D - 1:step] {
            X0 = x + j * piece / D; X1 = x + (j + step < D ? j + step : D) * piece / D
            Y0 = below + i * r; Y1 = Y0 + r - 12
            set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front \
                fillcolor rgb colour(V[p * C + h * D + j + 1]) fillstyle solid 1 noborder
        }
    }
}
do for [i = 0:N - 1:step] {
    X0 = left + i * c; X1 = left + (i + step < N ? i + step : N) * c
    set object rectangle from screen px(X0), screen py(top + thick) to screen px(X1), screen py(top) front \
        fillcolor rgb colour(V[i + 1]) fillstyle solid 1 noborder
}
do for [h = 0:3 * H_] {
    x = left + h * D * c
    set arrow from x, top to x, top + thick nohead front lw (h % H_ == 0 ? 2 : 0.7) lc rgb INK
}
if (D * c >= 12) {
    set label "of head" at 20, top + thick + 13 font sans(12) tc rgb SOFT
}
set label "its row" at 20, top + thick / 2.0 font bold(13) tc rgb INK
do for [i = 0:shown - 1] {
    set label sprintf("head %d", h_of(i)) at 20, below + i * r + (r - 12) / 2.0 font bold(13) tc rgb INK
}
set label (shown < H_ ? sprintf("%d heads are left out. ", H_ - shown) : "") \
    . sprintf("Head h gets the numbers h · %d to h · %d + %d of each part.", D, D, D - 1) at left, H - 24 font sans(13) tc rgb SOFT
@DONE
