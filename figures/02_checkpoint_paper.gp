# How far the counts are from the paper's four numbers, for every size of the vocabulary.
# data: paper.dat fitting.dat
load "figures/style.gp"
@READ file("fitting.dat") using (least = int($1), most = int($2), older = int($3), newer = int($4), 0):(0) @INTO
grouped(n) = n < 1000 ? sprintf("%d", n) : grouped(n / 1000) . sprintf(",%03d", n % 1000)
W = 860; H = 430; LEFT = 76; RIGHT = 128; TOP = 78; BOTTOM = 62
TITLE = "Only a narrow range of vocabulary sizes fits all four numbers"
SUBTITLE = "parameters with a vocabulary of this size, minus what the paper says, in millions"
XLABEL = "tokens in the vocabulary"; YLABEL = "millions more than in the paper"
@CHART
set xrange [36000:52000]; set yrange [-8:18]
set xtics ("36,000" 36000, "40,000" 40000, "44,000" 44000, "48,000" 48000, "52,000" 52000)
set object rectangle from least, graph 0 to most, graph 1 behind fillcolor rgb TOKEN_FILL fillstyle solid 1 border lc rgb TOKEN_LINE
set arrow from graph 0, first 0 to graph 1, first 0 nohead lw 1.2 lc rgb RULE
set arrow from newer, graph 0 to newer, graph 1 nohead lw 1.2 dt (4, 3) lc rgb SOFT
set label sprintf("%s to %s:", grouped(least), grouped(most)) at most + 250, 13.8 font bold(13) tc rgb TOKEN_TEXT
set label "all four agree, rounded" at most + 250, 12.5 font sans(13) tc rgb TOKEN_TEXT
set label sprintf("(the first GPT had %s)", grouped(older)) at most + 250, 11.2 font sans(13) tc rgb TOKEN_TEXT
set label grouped(newer) . "," at newer - 200, -4.6 right font bold(13) tc rgb SCORE_TEXT
set label "GPT-2's own" at newer - 200, -5.9 right font sans(13) tc rgb SCORE_TEXT
f = file("paper.dat")
ends = 0
@READ f using (E1 = $2, E2 = $3, E3 = $4, E4 = $5, 0):(0) @INTO
set label "gpt2" at 52150, E1 font sans(12) tc rgb INK
set label "gpt2-medium" at 52150, E2 font sans(12) tc rgb INK
set label "gpt2-large" at 52150, E3 font sans(12) tc rgb INK
set label "gpt2-xl" at 52150, E4 font sans(12) tc rgb INK
plot f using 1:2 with lines lw 2 lc rgb INK notitle, f using 1:3 with lines lw 2 dt (8, 4) lc rgb INK notitle, \
     f using 1:4 with lines lw 2 dt (3, 3) lc rgb INK notitle, f using 1:5 with lines lw 2 dt (8, 3, 2, 3) lc rgb INK notitle
