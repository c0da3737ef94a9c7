# The generator's first numbers in bits, for two seeds that are neighbours.
# data: bits.dat
load "figures/style.gp"
n = rows("bits.dat") / 2
W = 860; cell = 11.6; top = 96; half = n * cell + 46; H = int(top + 2 * half - 6)
TITLE = "Neighbouring seeds, very different numbers"
SUBTITLE = "each line is a number in 64 bits, black is 1; left of the pink line: the 53 bits that make u"
@CANVAS
left = 84
f = file("bits.dat")
x(b) = left + b * cell + (b > 52 ? 8 : 0)
y(i) = i < n ? top + i * cell : top + half + (i - n) * cell
set label "seed" at 20, top - 14 font bold(12) tc rgb INK
set label "seed + 1" at 20, top + half - 14 font bold(12) tc rgb INK
do for [i = 1:n] {
    set label sprintf("%d.", i) at left - 10, y(i - 1) + cell / 2 right font sans(11) tc rgb SOFT
    set label sprintf("%d.", i) at left - 10, y(n + i - 1) + cell / 2 right font sans(11) tc rgb SOFT
}
do for [part = 0:1] {
    set arrow from left + 53 * cell + 4, top + part * half - 4 to left + 53 * cell + 4, top + part * half + n * cell + 4 nohead lw 2 lc rgb SCORE_LINE front
}
plot for [b = 0:63] f using (x(b)):(y($0)):(x(b)):(x(b) + cell):(y($0)):(y($0) + cell):(column(b + 1) > 0 ? 0x22212a : 0xffffff) @CELLS
