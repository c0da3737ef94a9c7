# How many tokens the prompt is with the first so many merges alone.
# data: growth.dat
width = 820; height = 360
load "figures/style.gp"
set yrange [0:*]
set xlabel "merges used, in the order of their ranks"; set ylabel "tokens of the prompt"
set grid ytics ls 1
unset key
set title "What merges buy"
stats data . "/growth.dat" using 1:2 name "g" nooutput
set xrange [0:g_max_x * 1.05]
plot data . "/growth.dat" using 1:2 with fillsteps fc rgb c_token fs solid 0.6 noborder, \
     data . "/growth.dat" using 1:2 with steps lc rgb t_token lw 2.5, \
     data . "/growth.dat" using ($1 == 0 || $1 == g_max_x ? $1 : NaN):2:(sprintf("%d", $2)) with labels left offset 0.6, 0.7 tc rgb c_text
