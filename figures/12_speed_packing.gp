# Packing: a small matrix as it lies in memory, and its strips one after the other.
# data: packed.dat
load "figures/style.gp"
n = rows("packed.dat"); array P[n + 1]
@READ file("packed.dat") using (i = int($0) + 1, P[i] = $2, 0):(0) @INTO
columns_ = 10; rows_n = 5; strip = 4; c = 26.0; left = 60.0
W = 860; H = 352
TITLE = "A strip is copied once, then read straight through"
SUBTITLE = "each number says where that element lay in w; strips of four columns, the last filled up with 0"
@CANVAS
array F[3] = [VALUE_FILL, KEY_FILL, TOKEN_FILL]; array L[3] = [VALUE_LINE, KEY_LINE, TOKEN_LINE]; array T[3] = [VALUE_TEXT, KEY_TEXT, TOKEN_TEXT]
x0 = 262.0
set label "w [5, 10]: row after row" at x0, 76 font bold(13) tc rgb INK
do for [r = 0:rows_n - 1] { do for [o = 0:columns_ - 1] {
    k = o / strip + 1
    X0 = x0 + o * c; X1 = X0 + c; Y0 = 88 + r * 24; Y1 = Y0 + 24; FILL = F[k]; LINE = L[k]
    @CELL
    set label sprintf("%d", r * columns_ + o + 1) at (X0 + X1) / 2, (Y0 + Y1) / 2 center font mono(11) tc rgb T[k] front
} }
do for [k = 0:2] { set arrow from x0 + k * 4 * c + (k < 2 ? 2 : 1) * c, 212 to 20 + 13 + k * 278 + 121, 246 head filled size screen 0.009, 20 lw 1.5 lc rgb L[k + 1] front }
do for [i = 1:n] {
    k = (i - 1) / (strip * rows_n) + 1; j = (i - 1) % (strip * rows_n)
    row = j / 10
    X0 = 20 + (k - 1) * 278 + (j % 10) * 26; X1 = X0 + 26; Y0 = 254 + row * 30; Y1 = Y0 + 24
    FILL = P[i] == 0 ? ROOM_FILL : F[k]; LINE = P[i] == 0 ? ROOM_LINE : L[k]
    @CELL
    set label sprintf("%d", P[i]) at (X0 + X1) / 2, (Y0 + Y1) / 2 center font mono(11) tc rgb (P[i] == 0 ? SOFT : T[k]) front
}
set label "packed: strip after strip, row below row; each is one run of 20 numbers, shown on two lines" at 20, 334 font bold(13) tc rgb INK
@DONE
