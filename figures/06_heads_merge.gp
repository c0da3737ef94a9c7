# The contexts of all heads for the last token, side by side, and what c_proj makes of them.
# data: tokens.dat facts.dat merged.dat
load "figures/style.gp"
asks = ""
@READ file("tokens.dat") using (asks = strcol(1), 0):(0) @INTO
@READ file("facts.dat") using (C = int($2), H_ = int($3), D = int($4), 0):(0) @INTO
array X[C]; array Y[C]; most_x = 1e-9; most_y = 1e-9
@READ file("merged.dat") using (i = int($1) + 1, X[i] = $2, Y[i] = $3, \
    most_x = abs($2) > most_x ? abs($2) : most_x, most_y = abs($3) > most_y ? abs($3) : most_y, 0):(0) @INTO
step = ceil(C / 256.0)
shown = H_ > 8 ? 8 : H_
h_of(i) = shown < H_ && i == shown - 1 ? H_ - 1 : i
left = 104; broad = 720; c = broad * 1.0 / C
top = 82; r = 30; merged = top + shown * r + 50; proj = merged + 66; out_ = proj + 66
W = left + broad + 26; H = out_ + 74
TITLE = "Each head has its own columns, until c_proj mixes them"
SUBTITLE = "the row of " . fit(asks, 160, 13) . "; blue below 0, orange above, white 0" . (step > 1 ? sprintf("; one number of %d is drawn", step) : "")
@CANVAS
tint(v, most) = sprintf("#%06x", signed(v / most))
CELL1 = "set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front fillcolor rgb FILL fillstyle solid 1 noborder"
piece = D * c; piece = piece < 120 ? 120 : piece > 300 ? 300 : piece
do for [i = 0:shown - 1] {
    h = h_of(i); x = left + (shown > 1 ? (broad - piece) * i / (shown - 1.0) : 0); y = top + i * r
    x = H_ <= 8 ? left + h * D * c : x
    piece_ = H_ <= 8 ? D * c : piece
    set label sprintf("head %d", h) at 20, y + 10 font bold(13) tc rgb CONTEXT_TEXT
    set arrow from 84, y + 10 to x - 3, y + 10 nohead back lw 0.7 dt (2, 4) lc rgb RULE
    do for [j = 0:D - 1:step] {
        X0 = x + j * piece_ / D; X1 = x + (j + step < D ? j + step : D) * piece_ / D; Y0 = y; Y1 = y + 20
        FILL = tint(X[h * D + j + 1], most_x)
        @CELL1
    }
    X0 = x; X1 = x + piece_; Y0 = y; Y1 = y + 20; LINE = CONTEXT_LINE
    set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front @OUTLINE lc rgb LINE lw 1
    set arrow from x + piece_ / 2, y + 21 to left + (h + 0.5) * D * c, merged - 3 size screen 0.008, 20 filled back lw 1 lc rgb CONTEXT_LINE
}
do for [p = 0:1] {
    y = p ? out_ : merged
    do for [j = 0:C - 1:step] {
        X0 = left + j * c; X1 = left + (j + step < C ? j + step : C) * c; Y0 = y; Y1 = y + 26
        FILL = p ? tint(Y[j + 1], most_y) : tint(X[j + 1], most_x)
        @CELL1
    }
    X0 = left; X1 = left + broad; Y0 = y; Y1 = y + 26
    set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front @OUTLINE \
        lc rgb (p ? ATTENTION_LINE : CONTEXT_LINE) lw 1.2
}
do for [h = 1:H_ - 1] {
    set arrow from left + h * D * c, merged to left + h * D * c, merged + 26 nohead front lw 1.5 lc rgb CONTEXT_LINE
}
set label "merged" at 20, merged + 13 font bold(13) tc rgb CONTEXT_TEXT
X0 = left + broad * 0.25; X1 = left + broad * 0.75; Y0 = proj - 6; Y1 = proj + 30; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
@CHIP
set label sprintf("times c_proj, %d × %d, plus its bias", C, C) at (X0 + X1) / 2, proj + 12 center front font bold(13) tc rgb ATTENTION_TEXT
set arrow from left + broad / 2, merged + 28 to left + broad / 2, proj - 8 size screen 0.008, 20 filled lw 1.4 lc rgb RULE
set arrow from left + broad / 2, proj + 32 to left + broad / 2, out_ - 3 size screen 0.008, 20 filled lw 1.4 lc rgb RULE
set label "output" at 20, out_ + 13 font bold(13) tc rgb ATTENTION_TEXT
set label "In the merged row every head has its own columns. In the output all heads are in every column." at left, H - 24 font sans(13) tc rgb SOFT
@DONE
