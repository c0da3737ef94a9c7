# The merges of one word, a row for each: what is left after each step.
# data: steps.dat
set datafile separator "\t"
set datafile commentschars ""
stats data . "/steps.dat" using 1 name "step" nooutput
stats data . "/steps.dat" using 3 name "size" nooutput
rows = int(step_max) + 1
width = 820; height = 70 + 44 * rows
load "figures/style.gp"
eval bare
set xrange [-0.34 * size_max - 1:size_max + 0.2]
set yrange [rows - 0.4:-0.6]
set title "One word, merge by merge: the hatched piece is new"
plot data . "/steps.dat" using (($2 + $3) / 2.0):1:($2 + 0.05):($3 - 0.05):($1 - 0.38):($1 + 0.38) with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/steps.dat" using ($4 == 1 ? ($2 + $3) / 2.0 : NaN):1:($2 + 0.05):($3 - 0.05):($1 - 0.38):($1 + 0.38) with boxxyerror fc rgb c_key fs solid 0.45 border rgb t_key, \
     data . "/steps.dat" using ($4 == 1 ? ($2 + $3) / 2.0 : NaN):1:($2 + 0.05):($3 - 0.05):($1 - 0.38):($1 + 0.38) with boxxyerror fc rgb t_key fs transparent pattern 5 border rgb t_key, \
     data . "/steps.dat" using (($2 + $3) / 2.0):1:6 with labels font ",15" tc rgb c_text, \
     data . "/steps.dat" using ($2 == 0 ? -0.3 : NaN):1:($1 == 0 ? "its bytes" : sprintf("merge of rank %d", $5)) with labels right font ",13" tc rgb c_faint
