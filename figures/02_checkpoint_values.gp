# How the numbers of the two tables and of block 0's matrices are spread, beside a normal distribution.
# data: values.dat
load "figures/style.gp"
f = file("values.dat")
n = rows("values.dat"); array TENSOR[13]; array SPREAD[13]; array MEAN[13]; count = 0; last = ""
@READ f using (count = strcol(1) eq last ? count : count + 1, last = strcol(1), TENSOR[count] = last, SPREAD[count] = $4, \
    MEAN[count] = int($0) % 61 == 30 ? $2 : MEAN[count], 0):(0) @INTO
across = 3; wide_ = 262; tall = 158; left = 30; top = 74
W = 860; H = top + ((count + across - 1) / across) * (tall + 26) - 6
TITLE = "Most weights still look like random numbers"
SUBTITLE = "filled: how many weights have this value; line: a normal distribution of the same spread"
@CANVAS
x0(k) = left + ((k - 1) % across) * (wide_ + 12); y0(k) = top + ((k - 1) / across) * (tall + 26)
bell(z) = exp(-z * z / 2) / sqrt(2 * pi)
highest = 0.62
place(v) = abs(v) < 0.005 ? "0" : sprintf("%+.2f", v)
base(k) = y0(k) + tall - 26
do for [k = 1:count] {
    set label TENSOR[k] at x0(k), y0(k) + 8 font monobold(11) tc rgb INK
    set label sprintf("spread %.3f", SPREAD[k]) at x0(k) + wide_ - 4, y0(k) + 24 right font sans(11) tc rgb SOFT
    set arrow from x0(k), base(k) to x0(k) + wide_, base(k) nohead lw 1 lc rgb RULE
    do for [j = -2:2:2] {
        at = x0(k) + (j + 4) / 8.0 * wide_
        set arrow from at, base(k) to at, base(k) + 4 nohead lw 1 lc rgb RULE
        set label place(MEAN[k] + j * SPREAD[k]) at at, base(k) + 13 center font mono(10) tc rgb SOFT
    }
}
up(v, k) = base(k) - (v > highest ? highest : v) / highest * (tall - 44)
colour(k) = strstrt(TENSOR[k], "wte") ? TOKEN_LINE : strstrt(TENSOR[k], "wpe") ? TOKEN_TEXT : \
    strstrt(TENSOR[k], "attn") ? ATTENTION_LINE : FEED_LINE
bin(i) = int(i) % 61
plot for [k = 1:count] f using (strcol(1) eq TENSOR[k] ? x0(k) + (bin($0) + 0.5) / 61.0 * wide_ : NaN):(base(k)):(up($3, k)) \
         with filledcurves lc rgb colour(k) fillstyle solid 0.45 notitle, \
     for [k = 1:count] [t = 0:1] '+' using (x0(k) + t * wide_):(up(bell(8 * t - 4), k)) with lines lw 1.5 lc rgb INK notitle
