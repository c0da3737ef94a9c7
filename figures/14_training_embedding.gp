# Each row of wte is pulled from two sides: by the head and, if its token was read, by the embedding.
# data: embedding.dat
load "figures/style.gp"
n = rows("embedding.dat"); f = file("embedding.dat") # columns 2 and 3 are powers of ten
most = 1e-30; named = 0
@READ f using (most = 10**$2 > most ? 10**$2 : most, most = 10**$3 > most ? 10**$3 : most, named = named + ($4 + $5 > 0), 0):(0) @INTO
array ID[named + 1]; array HEAD[named + 1]; array EMB[named + 1]; array LABEL[named + 1]; array WANTED[named + 1]
k = 0
@READ f using ($4 + $5 > 0 ? (k = k + 1, ID[k] = $1, HEAD[k] = 10**$2, EMB[k] = 10**$3, WANTED[k] = $5, LABEL[k] = strcol(6), 0) : 0):(0) @INTO
W = 860; H = 470; LEFT = 86; RIGHT = 30; TOP = 76; BOTTOM = 62
TITLE = "Every row of wte is pulled, a few of them hard"
SUBTITLE = "grey: by the head; pink: the same, tokens that came; green, dashed: by the embedding, tokens that were read"
XLABEL = "token id"; YLABEL = "length of the row's gradient"
@CHART
floor_ = 10.0 ** floor(log10(most) - 6)
set logscale y; set yrange [floor_:most * 2000]
set format y "10^{%T}"; set format y "%.0e"
apart = n * (named > 30 ? 0.0135 : 0.02); at = -n; size = named > 30 ? 9 : 11
do for [i = 1:named] {                    # labels side by side, in the order of the ids
    at = ID[i] > at + apart ? ID[i] : at + apart
    high = HEAD[i] > EMB[i] ? HEAD[i] : EMB[i]
    set label fit(LABEL[i], 96, size) at at, most * 14 rotate by 60 left font mono(size) tc rgb TOKEN_TEXT front
    set arrow from ID[i], (high > floor_ ? high : floor_) to at, most * 9 nohead lw 0.7 lc rgb TOKEN_LINE
}
right_ = at > n * 1.01 ? at * 1.06 : n * 1.08
set xrange [-n * 0.01:right_]
plot f using 1:(10**$2 > floor_ ? 10**$2 : NaN) with impulses lw 0.6 lc rgb RULE notitle, \
     f using ($5 > 0 ? $1 : NaN):(10**$2) with impulses lw 3 lc rgb SCORE_LINE notitle, \
     f using ($4 > 0 && $3 > -20 ? $1 + n * 0.004 : NaN):(10**$3) with impulses lw 3 dt (3, 2) lc rgb TOKEN_LINE notitle, \
     f using ($5 > 0 ? $1 : NaN):(10**$2) with points pt 7 ps 0.5 lc rgb SCORE_LINE notitle, \
     f using ($4 > 0 && $3 > -20 ? $1 + n * 0.004 : NaN):(10**$3) with points pt 6 ps 0.6 lc rgb TOKEN_LINE notitle
