# The map of the book, small, with one part lit: the strip at the head of each chapter. A script says which:
#
#     PART = 5
#     load "figures/style.gp"
#     load "figures/map.gp"
#
# The large map, on the default prompt, is 09_stack_map.gp: the parts come in the same order there.
W = 860; H = 92
@CANVAS
# The parts by number: name, left end and width, upper and lower end. 8 and 9 hold others.
array NAME_[15] = ["tokenizer", "checkpoint", "embedding", "attention", "masking", "heads", "feed-forward", \
                   "block", "stack", "sampling", "cache", "speed", "GPT-2", "training", "beyond"]
array FROM_[15] = [14, 14, 118, 240, 326, 399, 461, 226, 216, 732, 732, 614, 496, 132, 378]
array WIDE_[15] = [94, 104, 94, 82, 69, 58, 98, 345, 476, 114, 114, 104, 104, 104, 104]
array UPPER_[15] = [20, 66, 20, 26, 26, 26, 26, 8, 4, 20, 66, 66, 66, 66, 66]
array LOWER_[15] = [44, 86, 44, 50, 50, 50, 50, 56, 60, 44, 86, 86, 86, 86, 86]
array TEXT_[15] = [0, 0, 0, 0, 0, 0, 0, 226, 574, 0, 0, 0, 0, 0, 0]     # where the names of 8 and 9 begin
set arrow from 108, 32 to 216, 32 nohead lw 2 lc rgb RULE
set arrow from 692, 32 to 730, 32 head filled size screen 0.008, 20 lw 2 lc rgb RULE front
do for [k in "9 8 1 3 4 5 6 7 10 2 14 15 13 12 11"] {
    k = int(k)
    lit = k == PART
    X0 = FROM_[k]; X1 = X0 + WIDE_[k]; Y0 = UPPER_[k]; Y1 = LOWER_[k]
    FILL = lit ? INK : k == 9 ? ROOM_FILL : PLAIN_FILL; LINE = lit ? INK : ROOM_LINE
    @CHIP
    x = (TEXT_[k] > 0 ? TEXT_[k] : X0) + 8; y = k == 8 ? 17 : (Y0 + Y1) / 2.0
    set label sprintf("%d", k) at x, y left front font bold(11) tc rgb (lit ? PANEL : SOFT)
    set label NAME_[k] at x + (k > 9 ? 17 : 10), y left front font (lit ? bold(11) : sans(11)) tc rgb (lit ? PANEL : SOFT)
}
set label "× L" at 652, 32 left front font sans(11) tc rgb (PART == 9 ? PANEL : SOFT)
@DONE
