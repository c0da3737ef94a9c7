# A map of the tokens: along the two directions in which their rows spread most. Six words and their
# neighbours have a mark each, and some of them a name, which is left out if it would cover anything.
# data: map.dat neighbours.dat
load "figures/style.gp"
n = rows("map.dat")
low_x = 1e9; high_x = -1e9; low_y = 1e9; high_y = -1e9; k = 0
array GROUP[90]; array X[90]; array Y[90]; array NAME[90]
@READ file("map.dat") using (low_x = $3 < low_x ? $3 : low_x, high_x = $3 > high_x ? $3 : high_x, \
    low_y = $4 < low_y ? $4 : low_y, high_y = $4 > high_y ? $4 : high_y, \
    $1 >= 0 && $1 < 6 ? (k = k + 1, GROUP[k] = int($1) + 1, X[k] = $3, Y[k] = $4, NAME[k] = strcol(5), 0) : 0, 0):(0) @INTO
W = 860; H = 640; left = 30; right = 30; top = 104; bottom = 30
wide_x = high_x > low_x ? high_x - low_x : 1; wide_y = high_y > low_y ? high_y - low_y : 1
x(v) = left + 40 + (v - low_x) / wide_x * (W - left - right - 110)
y(v) = H - bottom - 20 - (v - low_y) / wide_y * (H - top - bottom - 40)
TITLE = "A map of the tokens: neighbours lie together"
SUBTITLE = "along the two directions in which the rows of wte spread most; each shape: a word and its nearest"
@CANVAS
X0 = left - 8; X1 = W - right + 8; Y0 = top - 8; Y1 = H - bottom + 8; LINE = FAINT
set object rectangle from X0, Y1 to X1, Y0 back @OUTLINE lc rgb FAINT lw 1
array POINT[6] = [7, 5, 9, 13, 11, 15]
groups = 0
do for [i = 1:k] { groups = GROUP[i] > groups ? GROUP[i] : groups }
array ROOM_X0[96]; array ROOM_X1[96]; array ROOM_Y[96]
taken = 0
seen = 0
at = 24
do for [i = 1:k] {
    g = GROUP[i]
    if (g != seen) {                     # the word itself comes first: into the legend
        seen = g
        s = fit(NAME[i], 96, 13)
        set label "" at at + 6, 74 point pt POINT[g] ps 0.9 lc rgb INK front
        set label s at at + 16, 74 font monobold(13) tc rgb INK front
        at = at + 34 + wide(s, 13)
    }
    member = i > 1 && GROUP[i - 1] == g ? member + 1 : 1
    if (member > 3) { continue }
    s = fit(NAME[i], 90, 12)
    broad = wide(s, 12); placed = 0
    do for [j = 1:i - 1] { if (X[j] == X[i] && Y[j] == Y[i]) { placed = 1 } }
    do for [try = 0:5] {
        if (placed) { break }
        x0 = try % 2 == 0 ? x(X[i]) + 7 : x(X[i]) - 7 - broad
        yy = y(Y[i]) + (try / 2 == 0 ? 0 : try / 2 == 1 ? -11 : 11)
        free_ = x0 > left - 4 && x0 + broad < W - right + 4 && yy > top && yy < H - bottom
        do for [j = 1:k] {
            if (abs(y(Y[j]) - yy) < 9 && x0 < x(X[j]) + 5 && x(X[j]) - 5 < x0 + broad) { free_ = 0 }
        }
        do for [j = 1:taken] {
            if (abs(ROOM_Y[j] - yy) < 12.5 && x0 < ROOM_X1[j] + 3 && ROOM_X0[j] < x0 + broad + 3) { free_ = 0 }
        }
        if (free_ && taken < 95) {
            placed = 1; taken = taken + 1
            ROOM_X0[taken] = x0; ROOM_X1[taken] = x0 + broad; ROOM_Y[taken] = yy
            X0 = x0 - 2; X1 = x0 + broad + 2; Y0 = yy - 8; Y1 = yy + 7; FILL = PANEL; LINE = PANEL; THICK = 0
            @CELL
            set label s at x0, yy font mono(12) tc rgb INK front
        }
    }
}
set label "" at W - 250, 74 point pt 1 ps 0.7 lc rgb "#9a94a5" front
set label "single byte" at W - 240, 74 font sans(12) tc rgb SOFT
set label "" at W - 140, 74 point pt 7 ps 0.4 lc rgb "#8d8798" front
set label "any other token" at W - 130, 74 font sans(12) tc rgb SOFT
f = file("map.dat")
plot f using ($1 < 0 && strcol(2) eq "byte" ? x($3) : NaN):(y($4)) with points pt 1 ps 0.5 lw 0.8 lc rgb "#9a94a5" notitle, \
     f using ($1 < 0 && strcol(2) ne "byte" ? x($3) : NaN):(y($4)) with points pt 7 ps 0.28 lc rgb "#9a94a5" notitle, \
     for [g = 1:groups] f using ($1 == g - 1 ? x($3) : NaN):(y($4)) with points pt POINT[g] ps 0.75 lc rgb INK notitle
