# The cache: a strip of slots for each head of each block.
# data: facts.dat
load "figures/style.gp"
array FACT[6]
@READ file("facts.dat") using (FACT[1] = $1, FACT[2] = $2, FACT[3] = $3, FACT[4] = $4, FACT[5] = $5, FACT[6] = $6, 0):(0) @INTO
L = int(FACT[1]); heads = int(FACT[2]); D = int(FACT[3]); room = int(FACT[4])
used = int(FACT[5] + FACT[6] - (FACT[6] > 0 ? 1 : 0))
l = L > 12 ? 12 : L; h = heads > 8 ? 8 : heads
W = 860; left = 96; top = 108; r = l > 8 ? 26 : 34; w = (W - left - 30.0) / h; H = int(top + l * r + 64)
TITLE = "The cache has a strip for each head of each block, filled from the left"
SUBTITLE = sprintf("[L, H, room, D] = [%d, %d, %d, %d], twice: keys above, values below in each strip; %d of %d slots filled", L, heads, room, D, used, room)
@CANVAS
do for [j = 1:h] { set label sprintf("head %d%s", j - 1, j == h && h < heads ? " …" : "") at left + (j - 0.5) * w, top - 14 center font sans(12) tc rgb INK }
do for [i = 1:l] {
    y = top + (l - i) * r
    set label sprintf("block %d%s", i - 1, i == l && l < L ? " …" : "") at left - 10, y + r / 2 - 2 right font sans(12) tc rgb BLOCK_TEXT
    do for [j = 1:h] {
        x = left + (j - 1) * w; wide_ = w - 10
        X0 = x; X1 = x + wide_; Y0 = y; Y1 = y + r - 6; FILL = ROOM_FILL; LINE = ROOM_LINE; THICK = 1
        @CELL
        part = wide_ * used / room; part = part < 3 ? 3 : part
        X1 = x + part; Y1 = y + (r - 6) / 2; FILL = KEY_FILL; LINE = KEY_LINE
        @CELL
        Y0 = Y1; Y1 = y + r - 6; FILL = VALUE_FILL; LINE = VALUE_LINE
        @CELL
    }
}
y = top + l * r + 16
X0 = left; X1 = X0 + 16; Y0 = y; Y1 = y + 16; FILL = KEY_FILL; LINE = KEY_LINE
@CELL
set label sprintf("k: keys, %d numbers per slot", D) at X1 + 8, y + 8 font sans(12) tc rgb KEY_TEXT
X0 = left + 230; X1 = X0 + 16; FILL = VALUE_FILL; LINE = VALUE_LINE
@CELL
set label "v: values, as many" at X1 + 8, y + 8 font sans(12) tc rgb VALUE_TEXT
X0 = left + 430; X1 = X0 + 22; FILL = ROOM_FILL; LINE = ROOM_LINE
@CELL
set label "free: for tokens to come" at X1 + 8, y + 8 font sans(12) tc rgb SOFT
@DONE
