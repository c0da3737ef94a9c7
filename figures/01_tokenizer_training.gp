# The first merges that the prompt alone would teach.
# data: training.dat
width = 720; height = 340
load "figures/style.gp"
unset key; unset xtics; set border 2
stats data . "/training.dat" using 2 name "times" nooutput
set xrange [0:times_max * 1.75]
set yrange [7.6:-0.6]; 
set ytics scale 0
set title "The first merges, learned from the prompt alone"
plot data . "/training.dat" using ($2 / 2.0):1:(0):2:($1 - 0.36):($1 + 0.36):ytic(short(strcol(4), 18)) with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/training.dat" using 2:1:(sprintf("%d times: the prompt is %d tokens now", $2, $3)) with labels left offset 0.6, 0 font ",12" tc rgb c_text
