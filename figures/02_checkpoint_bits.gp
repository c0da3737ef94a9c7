# One number in three formats, bit by bit.
# data: bits.dat
load "figures/style.gp"
array NAME[4]; array BITS[4]; array VALUE[4]
@READ file("bits.dat") using (i = int($0) + 1, NAME[i] = strcol(1), BITS[i] = strcol(2), VALUE[i] = strcol(3), 0):(0) @INTO
W = 880; H = 330; left = 76; cell = 20; gap = 7
TITLE = "One number in three formats: BF16 is the upper half of F32"
SUBTITLE = "F16 has fewer bits than BF16 for the exponent, and more for the fraction"
@CANVAS
do for [r = 1:3] {
    y = 88 + (r - 1) * 78; x = left + 0.0; part = 0; begun = x
    set label NAME[r] at 20, y + 14 font bold(14) tc rgb INK
    do for [k = 1:strlen(BITS[r]) + 1] {
        b = k > strlen(BITS[r]) ? " " : BITS[r][k:k]
        if (b eq " ") {
            name = part == 0 ? "sign" : part == 1 ? sprintf("exponent, %.0f bits", (x - begun) / cell) : \
                sprintf("fraction, %.0f bits", (x - begun) / cell)
            set label name at (begun + x) / 2, y + 40 center font sans(12) tc rgb \
                (INK)
            x = x + gap; begun = x; part = part + 1
        } else {
            X0 = x; X1 = x + cell - 1; Y0 = y; Y1 = y + 28; x = x + cell
            FILL = part == 0 ? FAINT : part == 1 ? ROOM_FILL : PLAIN_FILL
            LINE = RULE
            @CELL
            set label b at (X0 + X1) / 2, y + 14 center front font mono(13) tc rgb \
                (INK)
        }
    }
    set label VALUE[r] at W - 20, y + 14 right font monobold(13) tc rgb INK
}
@DONE
