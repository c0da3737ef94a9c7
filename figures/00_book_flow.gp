# Which block of the chapter goes into which file.
# data: 00_book_flow.dat
load "figures/style.gp"
f = file("00_book_flow.dat")
stats f using ($2 == 0 ? $3 : NaN) name "h" nooutput
stats f using ($2 == 1 ? $3 : NaN) name "c" nooutput
stats f using ($2 == 2 ? $3 : NaN) name "w" nooutput
stats f using 1 name "b" nooutput
row = 10.0
right(k, run) = 82 + row * (run + (k == 0 ? 0 : k == 1 ? h_max + 5 : h_max + c_max + 10))
W = 860; H = int(right(2, w_max) + 34)
left(block) = 82 + (block - b_min) * (H - 116.0) / (b_max - b_min)
TITLE = "Most blocks of this page go into the files in order"
SUBTITLE = "left: its code blocks, from top to bottom; right: the three files, in the order of their lines; black: chunks"
@CANVAS
hex(s) = int("0x" . s[2:7])
colour(k, kind) = kind eq "chunk" ? hex(INK) : hex(RULE)
set label 1 "chapters/00_book.md" at 190, (left(b_min) + left(b_max)) / 2 right font mono(13) tc rgb INK
set label 3 "src/00_book.h" at 640, right(0, h_max / 2) font mono(13) tc rgb INK
set label 4 "src/00_book.c" at 640, right(1, 2) font mono(13) tc rgb INK
set label 5 "notebooks_c/00_book.c" at 640, right(2, w_max / 2) font mono(13) tc rgb INK
plot f using (235):(left($1)):(365):(right($2, $3) - left($1)):(colour($2, strcol(5))) \
         with vectors nohead lc rgb variable lw 1.4 notitle, \
     f using (220):(left($1)):(205):(235):(left($1) - 3.5):(left($1) + 3.5):(colour($2, strcol(5))) @CELLS, \
     f using (615):(right($2, $3)):(600):(630):(right($2, $3) - 4):(right($2, $3) + 4):(colour($2, strcol(5))) @CELLS, \
     f using (strcol(5) eq "chunk" ? 640 : NaN):(right($2, $3)):("a chunk") with labels left font sans(12) tc rgb INK notitle
