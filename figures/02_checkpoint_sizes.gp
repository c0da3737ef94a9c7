# The model and the four of GPT-2: how many blocks, how wide.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array NAME[n + 1]; array L[n + 1]; array HEADS[n + 1]; array C[n + 1]; array ALL[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, NAME[i] = strcol(1), L[i] = int($2), HEADS[i] = int($3), C[i] = int($4), \
    ALL[i] = $6 + $7 + $8 + $9 + $10, 0):(0) @INTO
deep = 1; broad = 1
do for [i = 1:n] {
    deep = L[i] > deep ? L[i] : deep
    broad = C[i] > broad ? C[i] : broad
}
million(x) = x < 9.95e6 ? sprintf("%.1f million", x / 1e6) : x < 9.995e8 ? sprintf("%.0f million", x / 1e6) : \
    sprintf("%.2f billion", x / 1e9)
bytes(x) = x < 9.95e8 ? sprintf("%.0f MB", x / 1e6) : sprintf("%.1f GB", x / 1e9)
W = 880; H = 560; base = 420; high = 330.0; left = 96
TITLE = "The sizes of GPT-2: more blocks, and wider ones"
SUBTITLE = "each slab is a block, and its width is C"
@CANVAS
slot = (W - left - 24) / n
each = high / deep
do for [i = 1:n] {
    x = left + (i - 0.5) * slot
    half = 0.5 * C[i] / broad * (slot - 14); half = half < 3 ? 3 : half
    FILL = BLOCK_FILL; LINE = BLOCK_LINE
    thick = each > 12 ? 12 : each
    do for [k = 1:L[i]] {
        X0 = x - half; X1 = x + half; Y1 = base - (k - 1) * thick; Y0 = Y1 - thick + (thick > 4 ? 1.5 : 0.5)
        @CELL
    }
    set label NAME[i] at x, base + 22 center font bold(13) tc rgb INK
    set label sprintf("%d", L[i]) at x, base + 44 center font mono(13) tc rgb BLOCK_TEXT
    set label sprintf("%d × %d", HEADS[i], C[i] / HEADS[i]) at x, base + 64 center font mono(13) tc rgb INK
    set label sprintf("%d", C[i]) at x, base + 84 center font mono(13) tc rgb INK
    set label million(ALL[i]) at x, base + 104 center font sans(13) tc rgb INK
    set label bytes(4 * ALL[i]) at x, base + 124 center font sans(13) tc rgb SOFT
}
set label "blocks, L" at 20, base + 44 font sans(12) tc rgb BLOCK_TEXT
set label "heads × D" at 20, base + 64 font sans(12) tc rgb INK
set label "width, C" at 20, base + 84 font sans(12) tc rgb INK
set label "parameters" at 20, base + 104 font sans(12) tc rgb INK
set label "size in F32" at 20, base + 124 font sans(12) tc rgb SOFT
set arrow from 20, base + 8 to W - 20, base + 8 nohead lw 1 lc rgb FAINT
@DONE
