# The prompt cut by two vocabularies.
# data: cut.dat cut_other.dat?
width = 900; height = 240
load "figures/style.gp"
eval bare
most = 64    # as many columns as fit
both = int(system("test -f '" . data . "/cut_other.dat' && echo 1 || echo 0"))
other = data . (both ? "/cut_other.dat" : "/cut.dat")
stats data . "/cut.dat" using 2 name "cut" nooutput
stats other using 2 name "two" nooutput
set xrange [-0.6:(cut_max < 24 ? 24 : cut_max < most ? cut_max : most) + 0.5]
set yrange [both ? 0 : 3:7]
set title "The same text, cut by two vocabularies" . (cut_max > most ? sprintf(" (its first %d columns)", most) : "")
fits(from, to) = to <= most ? (from + to) / 2.0 : NaN
set label 1 sprintf("this vocabulary: %d token%s", cut_records, cut_records == 1 ? "" : "s") at 0, 6.3 left textcolor rgb t_token
set label 2 (both ? sprintf("the other one (GPT-2's): %d token%s", two_records, two_records == 1 ? "" : "s") : "") at 0, 2.8 left textcolor rgb t_value
plot data . "/cut.dat" using (fits($1, $2)):(5):($1 + 0.08):($2 - 0.08):(4.3):(5.7) with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/cut.dat" using (fits($1, $2)):(5):4 with labels font ",12" tc rgb c_text, \
     other using (both ? fits($1, $2) : NaN):(1.5):($1 + 0.08):($2 - 0.08):(0.8):(2.2) with boxxyerror fc rgb c_feed fs solid border rgb t_value, \
     other using (both ? fits($1, $2) : NaN):(1.5):4 with labels font ",12" tc rgb c_text
