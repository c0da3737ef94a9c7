# The shipped model's training: the loss over the tokens that it has seen, and the limit.
# data: curve.dat
load "figures/style.gp"
f = file("curve.dat"); limit = 0.0; reached = 0.0; tokens = 0.0
@READ f using (limit = $5 == $5 ? $5 : 0, tokens = $2, reached = $6, 0):(0) @INTO
limit = limit > 0 ? limit : 0.937
W = 860; H = 440; LEFT = 70; RIGHT = 40; TOP = 76; BOTTOM = 62
TITLE = "The loss falls toward the entropy of the language"
SUBTITLE = sprintf("the shipped model: after all three stages %.3f nats per token on 10,000 held-out stories; the limit is %.3f", reached, limit)
XLABEL = "tokens seen, millions"; YLABEL = "loss, nats per token (log scale)"
@CHART
set logscale y; set yrange [limit * 0.84:5]; set xrange [0:tokens / 1e6 * 1.02]
set ytics (0.9, 1, 1.2, 1.5, 2, 3, 4, 5)
set arrow from 0, limit to tokens / 1e6 * 1.02, limit nohead dt (8, 4) lw 2 lc rgb INK front
set label "the limit: what the grammar itself leaves to chance" at graph 0.98, first limit * 0.92 right font sans(12) tc rgb INK front
set label "training rows (thin), a quarter of them random pieces at first" at first tokens / 1e6 * 0.075, first 2.9 left font bold(13) tc rgb INK front
set label "held-out stories (thick)" at first tokens / 1e6 * 0.09, first 1.12 left font bold(13) tc rgb SCORE_TEXT front
plot f using ($2 / 1e6):3 with lines lw 1.5 lc rgb INK notitle, \
     f using ($2 / 1e6):4 with lines lw 3 lc rgb SCORE_LINE notitle
