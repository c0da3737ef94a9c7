# How long the tokens of a vocabulary are, in percent of all.
# data: lengths.dat lengths_other.dat?
width = 820; height = 380
load "figures/style.gp"
set style fill solid 1 border rgb c_line
set boxwidth 0.4
set xrange [0.3:16.7]; set yrange [0:*]
set xtics 1
set xtics add ("16+" 16)
set xlabel "bytes of a token"; set ylabel "% of the tokens"
set grid ytics ls 1
set title "How long tokens are"
two = int(system("test -f '" . data . "/lengths_other.dat' && echo 1 || echo 0"))
if (two) {
    plot data . "/lengths.dat" using ($1 - 0.2):3 with boxes fc rgb d_token title "this vocabulary", \
         data . "/lengths_other.dat" using ($1 + 0.2):3 with boxes fc rgb t_value fs pattern 4 border rgb t_value title "the other one (GPT-2's)"
} else {
    plot data . "/lengths.dat" using 1:3 with boxes fc rgb d_token title "this vocabulary"
}
