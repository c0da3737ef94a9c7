# One token through the model: what each part takes, by chapter 11's functions and by this chapter's.
# measured: parts.dat
load "figures/style.gp"
n = rows("parts.dat"); array NAME[n + 1]; array A[n + 1]; array B[n + 1]
@READ file("parts.dat") using (i = int($0) + 1, NAME[i] = strcol(1), A[i] = $2, B[i] = $3, 0):(0) @INTO
most = 1; a = 0; b = 0
do for [i = 1:n] { most = A[i] > most ? A[i] : most; most = B[i] > most ? B[i] : most; a = a + A[i]; b = b + B[i] }
left = 130.0; right = 120.0; top = 72.0; r = 40.0; W = 860; H = int(top + n * r + 20)
us(x) = x < 9.95 ? sprintf("%.1f", x) : sprintf("%.0f", x)
TITLE = sprintf("A token takes %s µs instead of %s", us(b), us(a))
SUBTITLE = "microseconds for one token, alone, all blocks together, on the machine that drew this"
@CANVAS
do for [i = 1:n] {
    y = top + (i - 1) * r
    feed = strstrt("c_fc GELU mlp c_proj", NAME[i]) > 0 && NAME[i] ne "c_proj"
    looks = strstrt("c_attn attention", NAME[i]) > 0 || NAME[i] eq "c_proj"
    set label NAME[i] at left - 10, y + 15 right font bold(13) tc rgb INK
    X0 = left; X1 = left + (W - left - right) * A[i] / most; X1 = X1 < left + 2 ? left + 2 : X1; Y0 = y; Y1 = y + 14; FILL = ROOM_FILL; LINE = ROOM_LINE
    @CELL
    set label us(A[i]) . (i == 1 ? "  chapter 11" : "") at X1 + 6, y + 7 font sans(12) tc rgb SOFT front
    X1 = left + (W - left - right) * B[i] / most; X1 = X1 < left + 2 ? left + 2 : X1; Y0 = y + 15; Y1 = y + 29
    FILL = feed ? FEED_FILL : looks ? ATTENTION_FILL : BLOCK_FILL; LINE = feed ? FEED_LINE : looks ? ATTENTION_LINE : BLOCK_LINE
    @CELL
    set label us(B[i]) . (i == 1 ? "  here" : "") at X1 + 6, y + 22 font sans(12) tc rgb INK front
}
@DONE
