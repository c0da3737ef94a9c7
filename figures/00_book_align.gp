# The grid on which align looks for the shortest way, and the way it found.
# data: 00_book_align.dat
load "figures/style.gp"
f = file("00_book_align.dat")
stats f index 0 using 2 name "o" nooutput
stats f index 1 using 2 name "n" nooutput
wide_ = 112; high_ = 52
x(j) = 190 + wide_ * j
y(i) = 110 + high_ * i
W = int(x(n_max + 1) + 40); H = int(y(o_max + 1) + 30)
TITLE = "From four lines to five: keep as many as possible"
SUBTITLE = "→ add a new line, ↓ drop an old one, ↘ keep a line that both have"
@CANVAS
do for [i = 0:o_max + 1] { set arrow 10 + i from x(0), y(i) to x(n_max + 1), y(i) nohead lc rgb RULE lw 0.7 back }
do for [j = 0:n_max + 1] { set arrow 30 + j from x(j), y(0) to x(j), y(o_max + 1) nohead lc rgb RULE lw 0.7 back }
set label 1 "old" at x(0) - 12, y(0) - 16 right font bold(13) tc rgb INK
set label 2 "new" at x(0) + 4, y(0) - 38 font bold(13) tc rgb INK
is(s, letter) = s eq letter
dx(s) = is(s, "d") ? 0 : wide_
dy(s) = is(s, "a") ? 0 : high_
TOKEN = int("0x" . TOKEN_FILL[2:7])
plot f index 2 using (is(strcol(1), "k") ? x($3) : NaN):(y($2)):(x($3) + 1):(x($3 + 1) - 1):(y($2) + 1):(y($2 + 1) - 1):(TOKEN) @CELLS, \
     f index 0 using (x(0) - 12):(y($2 + 0.5)):3 with labels right font mono(12) tc rgb INK notitle, \
     f index 1 using (x($2 + 0.5)):(y(0) - 16):3 with labels center font mono(11) tc rgb INK notitle, \
     f index 2 using (x($3)):(y($2)):(dx(strcol(1))):(dy(strcol(1))) with vectors lw 3 lc rgb INK notitle, \
     f index 2 using (x($3) + dx(strcol(1)) * 0.5 + 24):(y($2) + dy(strcol(1)) * 0.5 - 12):(is(strcol(1), "k") ? "keep" : is(strcol(1), "a") ? "add" : "drop") \
         with labels center font sans(13) tc rgb INK notitle
