# Text, pre-tokens, tokens, ids: which piece comes from which.
# data: characters.dat words.dat tokens.dat
width = 900; height = 320
load "figures/style.gp"
eval bare
most = 64    # as many bytes as fit; the rest is left out
stats data . "/characters.dat" using 2 nooutput
n = int(STATS_max)
set xrange [-7.5:(n < 24 ? 24 : n < most ? n : most) + 0.5]
set yrange [0:9.4]
set title "From text to ids" . (n > most ? sprintf(" (the first %d of %d bytes)", most, n) : "")
set label 1 "characters" at -0.6, 8 right textcolor rgb c_faint
set label 2 "pre-tokens" at -0.6, 5.8 right textcolor rgb c_faint
set label 3 "tokens" at -0.6, 3.6 right textcolor rgb c_faint
set label 4 "ids" at -0.6, 1.2 right textcolor rgb c_faint
fits(from, to) = to <= most ? (from + to) / 2.0 : NaN
hex_byte(s) = strlen(s) == 4 && s[1:2] eq "\\x"
label(s, bytes) = hex_byte(s) && bytes < 3 ? s[3:4] : short(s, 1 + int(1.7 * bytes))
fill(class) = class == 1 ? hex(c_token) : class == 2 ? hex(c_value) : class == 3 ? hex(c_masked) : hex(c_attention)
plot data . "/words.dat" using ($1 <= most ? $1 + 0.08 : NaN):(7.4):(0):(-1.0) with vectors nohead lc rgb c_line, \
     data . "/words.dat" using ($2 <= most ? $2 - 0.08 : NaN):(7.4):(0):(-1.0) with vectors nohead lc rgb c_line, \
     data . "/tokens.dat" using ($1 <= most ? $1 + 0.08 : NaN):(5.2):(0):(-1.0) with vectors nohead lc rgb c_line, \
     data . "/tokens.dat" using ($2 <= most ? $2 - 0.08 : NaN):(5.2):(0):(-1.0) with vectors nohead lc rgb c_line, \
     data . "/tokens.dat" using (fits($1, $2)):(3.0):(0):(-0.55) with vectors nohead lc rgb c_line, \
     data . "/characters.dat" using (fits($1, $2)):(8):($1 + 0.06):($2 - 0.06):(7.4):(8.6):(fill($4)) \
         with boxxyerror lc rgb variable fs solid border rgb c_line, \
     data . "/characters.dat" using (fits($1, $2)):(8):(label(strcol(5), $2 - $1)) with labels font ",12" tc rgb c_text, \
     data . "/words.dat" using (fits($1, $2)):(5.8):($1 + 0.08):($2 - 0.08):(5.2):(6.4) \
         with boxxyerror fc rgb c_feed fs solid border rgb t_value, \
     data . "/words.dat" using (fits($1, $2)):(5.8):(label(strcol(5), $2 - $1)) with labels font ",12" tc rgb c_text, \
     data . "/tokens.dat" using (fits($1, $2)):(3.6):($1 + 0.08):($2 - 0.08):(3.0):(4.2) \
         with boxxyerror fc rgb c_token fs solid border rgb d_token, \
     data . "/tokens.dat" using (fits($1, $2)):(3.6):(hex_byte(strcol(4)) ? "" : label(strcol(4), $2 - $1)) with labels font ",11" tc rgb c_text, \
     data . "/tokens.dat" using (fits($1, $2)):(3.6):(hex_byte(strcol(4)) ? label(strcol(4), $2 - $1) : "") with labels font ",8" tc rgb c_text, \
     data . "/tokens.dat" using (fits($1, $2)):(1.2):(strcol(3)) with labels rotate by 90 font ",12" tc rgb t_token
