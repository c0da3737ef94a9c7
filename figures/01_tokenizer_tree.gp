# The merges of one word as a tree: leaves are bytes, a node is a merge.
# data: tree.dat steps.dat
set datafile separator "\t"
set datafile commentschars ""
stats data . "/steps.dat" using 1 name "high" nooutput
stats data . "/steps.dat" using 3 name "size" nooutput
width = 820; height = 110 + 52 * (high_max + 1)
load "figures/style.gp"
eval bare
set xrange [-0.5:size_max + 0.5]
set yrange [-0.55:high_max + 0.55]
set title "The same merges as a tree; the number is the rank"
half(length) = 0.16 + 0.15 * length
plot data . "/tree.dat" using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb c_line lw 2, \
     data . "/tree.dat" using 1:2:($1 - half($6)):($1 + half($6)):($2 - 0.3):($2 + 0.3) with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/tree.dat" using 1:2:7 with labels font ",15" tc rgb c_text, \
     data . "/steps.dat" using ($4 == 1 ? ($2 + $3) / 2.0 + half($3 - $2) + 0.08 : NaN):1:(sprintf("%d", $5)) with labels left font ",12" tc rgb t_key
