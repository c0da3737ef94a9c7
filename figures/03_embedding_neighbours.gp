# Some words' nearest neighbours, as bars; what chance gives, as a line.
# data: neighbours.dat shape.dat
load "figures/style.gp"
m = rows("neighbours.dat"); array GROUP[m + 1]; array COSINE[m + 1]; array WORD[m + 1]; array NEAR[m + 1]
@READ file("neighbours.dat") using (i = int($0) + 1, GROUP[i] = int($1), COSINE[i] = $3, WORD[i] = strcol(4), \
    NEAR[i] = strcol(5), 0):(0) @INTO
@READ file("shape.dat") using (V = int($3), by_chance = $5, 0):(0) @INTO
groups = GROUP[m] + 1; each = m / groups
groups = groups > 8 ? 8 : groups
r = 25; tall = each * r + 48; top = 98; panel = 412; bar = 196
down = (groups + 1) / 2
W = groups > 1 ? 24 + 2 * panel : 640
H = top + down * tall + 2
TITLE = "Nearest neighbours: a bar far beyond the dashed line is more than chance"
SUBTITLE = sprintf("cosine of the rows of wte; dashed: %.2f, what the nearest of %d random rows has", by_chance, V - 1)
@CANVAS
do for [i = 1:m] {
    if (GROUP[i] >= groups) { continue }
    g = GROUP[i]; k = (i - 1) % each
    x = 24 + (g % 2) * panel; y = top + g / 2 * tall
    if (k == 0) {
        s = fit(WORD[i], 150, 14)
        half = wide(s, 14) / 2 + 8; half = half < 18 ? 18 : half
        X0 = x; X1 = x + 2 * half; Y0 = y - 16; Y1 = y + 11; FILL = TOKEN_FILL; LINE = TOKEN_LINE
        @CHIP
        set label s at (X0 + X1) / 2, y - 2 center front font monobold(14) tc rgb TOKEN_TEXT
        xc = x + 104 + bar * by_chance
        set arrow from xc, y + 15 to xc, y + 19 + each * r nohead front lw 1.4 dt (4, 3) lc rgb SOFT
    }
    yy = y + 18 + (k + 0.5) * r
    set label fit(NEAR[i], 92, 13) at x + 96, yy right font mono(13) tc rgb INK
    X0 = x + 104; X1 = X0 + bar * (COSINE[i] > 0 ? COSINE[i] : 0) + 0.5; Y0 = yy - 9; Y1 = yy + 9; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CELL
    set label sprintf("%.2f", COSINE[i]) at (X1 > xc + 2 ? X1 : xc + 2) + 7, yy front font sans(12) tc rgb INK
}
@DONE
