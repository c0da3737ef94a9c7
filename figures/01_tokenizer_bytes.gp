# The character that stands for each byte in a vocabulary's files.
# data: bytes.dat
width = 720; height = 560
load "figures/style.gp"
set border 0
unset key
set xrange [-0.5:15.5]; set yrange [15.5:-0.5]
set xtics 1 format "_%X" scale 0
set ytics 1 format "%X_" scale 0
set title "The character that stands for each byte (hatched: borrowed)"
plot data . "/bytes.dat" using 1:2:($1 - 0.46):($1 + 0.46):($2 - 0.44):($2 + 0.44) with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/bytes.dat" using ($3 == 1 ? $1 : NaN):2:($1 - 0.46):($1 + 0.46):($2 - 0.44):($2 + 0.44) with boxxyerror fc rgb c_attention fs solid border rgb t_key, \
     data . "/bytes.dat" using ($3 == 1 ? $1 : NaN):2:($1 - 0.46):($1 + 0.46):($2 - 0.44):($2 + 0.44) with boxxyerror fc rgb c_key fs transparent pattern 4 border rgb t_key, \
     data . "/bytes.dat" using 1:2:4 with labels font ",14" tc rgb c_text
