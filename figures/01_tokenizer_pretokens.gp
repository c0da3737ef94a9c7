# The classes of the prompt's characters, and the cuts between pre-tokens, in rows.
# data: characters.dat words.dat
characters = data . "/characters.dat"
set datafile separator "\t"
set datafile commentschars ""
stats characters using 3 nooutput
n = int(STATS_max) + 1
row = 32                                   # characters a row
most = row * 8
rows = ceil((n < most ? n : most) / (row * 1.0))
width = 900; height = 74 + 60 * rows
load "figures/style.gp"
eval bare
set bmargin 0.5
set xrange [-0.5:row + 0.5]
set yrange [-rows * 2 - 0.1:0.3]
set title "Letters L, numbers N, white space S, all else O: a line is a cut" . (n > most ? sprintf(" (%d of %d characters)", most, n) : "")
fill(class) = class == 1 ? hex(c_token) : class == 2 ? hex(c_value) : class == 3 ? hex(c_masked) : hex(c_key)
x(i) = int(i) % row
y(i) = -2 * int(i / row)
in(i) = i < most
plot characters using (in($3) ? x($3) + 0.5 : NaN):(y($3) - 0.9):(x($3) + 0.05):(x($3) + 0.95):(y($3) - 1.6):(y($3) - 0.2):(fill($4)) \
         with boxxyerror lc rgb variable fs solid border rgb c_line, \
     characters using (in($3) ? x($3) + 0.5 : NaN):(y($3) - 0.65):(strlen(strcol(5)) == 4 ? strcol(5)[3:4] : strcol(5)) with labels font ",15" tc rgb c_text, \
     characters using (in($3) ? x($3) + 0.5 : NaN):(y($3) - 1.3):(word("O L N S", int($4) + 1)) with labels font ",10" tc rgb c_text, \
     data . "/words.dat" using (in($3) ? x($3) : NaN):(y($3) - 0.05):(0):(-1.7) with vectors nohead lc rgb c_score lw 2.5
