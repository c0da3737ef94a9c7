# The whole layer as boxes with shapes: c_attn, split, every head by itself, merge, c_proj.
# data: facts.dat
load "figures/style.gp"
@READ file("facts.dat") using (T = int($1), C = int($2), H_ = int($3), D = int($4), 0):(0) @INTO
shown = H_ > 4 ? 3 : H_                  # heads that are drawn; of many the first two and the last
tall = 66; gap = 12
W = 900; top = 112
all = shown * tall + (shown - 1) * gap + (H_ > shown ? 14 : 0)
all = all < 160 ? 160 : all
H = int(top + all + 74)
TITLE = "One matrix in, heads side by side, one matrix out"
SUBTITLE = sprintf("%s of C = %d; %s of D = %d", plural(T, "token", "tokens"), C, plural(H_, "head", "heads"), D)
@CANVAS
middle = top + all / 2.0
number(i) = shown < H_ && i == shown - 1 ? H_ - 1 : i
at(i) = top + (all - (shown * tall + (shown - 1) * gap + (H_ > shown ? 14 : 0))) / 2.0 + i * (tall + gap) \
    + (H_ > shown && i == shown - 1 ? 14 : 0)
array NAME[9] = ["x", "c_attn", "q  k  v", "", "", "", "merged", "c_proj", "output"]
do for [s in "1 2 3 4 5"] {
    k = int(s); x = k == 1 ? 148 : k == 2 ? 295 : k == 3 ? 440 : k == 4 ? 633 : 762
    set label word("1.|c_attn 2.|split 3.|attend 4.|merge 5.|c_proj", k)[1:2] . " " \
        . word("c_attn split attend merge c_proj", k) at x, top - 34 center font bold(13) tc rgb SOFT
}
# x, c_attn
X0 = 24; X1 = 80; Y0 = middle - 44; Y1 = middle + 44; FILL = STREAM_FILL; LINE = STREAM_LINE
@CHIP
set label "x" at 52, middle - 8 center front font bold(15) tc rgb STREAM_TEXT
set label sprintf("%d × %d", T, C) at 52, middle + 14 center front font sans(12) tc rgb STREAM_TEXT
X0 = 104; X1 = 192; Y0 = middle - 60; Y1 = middle + 60; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
@CHIP
set label "c_attn" at 148, middle - 8 center front font monobold(14) tc rgb ATTENTION_TEXT
set label sprintf("%d × %d", C, 3 * C) at 148, middle + 14 center front font sans(12) tc rgb ATTENTION_TEXT
# q, k, v side by side
do for [p = 0:2] {
    X0 = 216 + p * 26; X1 = X0 + 26; Y0 = middle - 44; Y1 = middle + 44
    FILL = word("#efcbed #ffdf9c #c3e3fa", p + 1); LINE = word("#a52fa8 #d67a00 #1f7fc2", p + 1)
    @CELL
    set label word("q k v", p + 1) at X0 + 13, middle center front font bold(15) tc rgb word("#74097a #7a4200 #0a4a7c", p + 1)
}
set label sprintf("%d × %d", T, 3 * C) at 255, middle + 60 center font sans(12) tc rgb INK
# the heads
do for [i = 0:shown - 1] {
    y = at(i)
    X0 = 334; X1 = 560; Y0 = y; Y1 = y + tall; FILL = BLOCK_FILL; LINE = BLOCK_LINE
    @CHIP
    set label sprintf("head %d", number(i)) at 344, y + 16 front font bold(13) tc rgb BLOCK_TEXT
    do for [p = 0:2] {
        X0 = 346 + p * 19; X1 = X0 + 17; Y0 = y + 30; Y1 = y + 56
        FILL = word("#efcbed #ffdf9c #c3e3fa", p + 1); LINE = word("#a52fa8 #d67a00 #1f7fc2", p + 1)
        @CELL
        set label word("q k v", p + 1) at X0 + 8.5, y + 43 center front font sans(12) tc rgb word("#74097a #7a4200 #0a4a7c", p + 1)
    }
    set arrow from 406, y + 43 to 422, y + 43 size screen 0.008, 20 filled front lw 1.2 lc rgb RULE
    X0 = 426; X1 = 490; Y0 = y + 26; Y1 = y + 60; FILL = SCORE_FILL; LINE = SCORE_LINE
    @CELL
    set label "weights" at 458, y + 36 center front font sans(12) tc rgb SCORE_TEXT
    set label sprintf("%d × %d", T, T) at 458, y + 51 center front font sans(11) tc rgb SCORE_TEXT
    set arrow from 492, y + 43 to 506, y + 43 size screen 0.008, 20 filled front lw 1.2 lc rgb RULE
    X0 = 510; X1 = 552; Y0 = y + 26; Y1 = y + 60; FILL = CONTEXT_FILL; LINE = CONTEXT_LINE
    @CELL
    set label "sum" at 531, y + 36 center front font sans(12) tc rgb CONTEXT_TEXT
    set label sprintf("%d × %d", T, D) at 531, y + 51 center front font sans(11) tc rgb CONTEXT_TEXT
    set arrow from 296, middle to 332, y + tall / 2.0 size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
    set arrow from 562, y + tall / 2.0 to 598, middle size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
}
if (H_ > shown) {
    set label sprintf("… %d more", H_ - shown) at 447, at(shown - 1) - 13 center font sans(12) tc rgb SOFT
}
# merged: each head's columns side by side
set label (H_ == 1 ? "head" : "heads") at 633, middle - 56 center font sans(12) tc rgb CONTEXT_TEXT
do for [i = 0:shown - 1] {
    w = 62.0 / shown
    X0 = 602 + i * w; X1 = X0 + w; Y0 = middle - 44; Y1 = middle + 44; FILL = CONTEXT_FILL; LINE = CONTEXT_LINE
    @CELL
    set label sprintf("%d", number(i)) at X0 + w / 2, middle center front font sans(12) tc rgb CONTEXT_TEXT
}
set label sprintf("%d × %d", T, C) at 633, middle + 60 center font sans(12) tc rgb INK
X0 = 718; X1 = 806; Y0 = middle - 52; Y1 = middle + 52; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
@CHIP
set label "c_proj" at 762, middle - 8 center front font monobold(14) tc rgb ATTENTION_TEXT
set label sprintf("%d × %d", C, C) at 762, middle + 14 center front font sans(12) tc rgb ATTENTION_TEXT
X0 = 830; X1 = 886; Y0 = middle - 44; Y1 = middle + 44; FILL = ATTENTION_FILL; LINE = ATTENTION_LINE
@CHIP
set label "output" at 858, middle - 8 center front font bold(13) tc rgb ATTENTION_TEXT
set label sprintf("%d × %d", T, C) at 858, middle + 14 center front font sans(12) tc rgb ATTENTION_TEXT
set arrow from 82, middle to 101, middle size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
set arrow from 194, middle to 213, middle size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
set arrow from 667, middle to 714, middle size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
set arrow from 808, middle to 827, middle size screen 0.008, 20 filled front lw 1.4 lc rgb RULE
set label "Each head sees only its own q, k and v. The heads' sums are mixed only at the end, by c_proj." at 24, H - 24 \
    font sans(13) tc rgb SOFT
@DONE
