# The limit that memory sets: all weights must come from it once per token.
# data: sizes.dat
load "figures/style.gp"
n = rows("sizes.dat"); array K[n + 1]; array N[n + 1]; array CACHE[n + 1]
@READ file("sizes.dat") using (i = int($0) + 1, K[i] = int($1), N[i] = 4.0 * $4, CACHE[i] = $5, 0):(0) @INTO
names(k) = word("small medium large XL", k + 1)
mega(b) = b < 1e9 ? sprintf("%.0f MB", b / 1e6) : sprintf("%.2f GB", b / 1e9)
slow = 9.99; fast = 2000.0; mine = 40.0
W = 860; H = 440; LEFT = 86; RIGHT = 190; TOP = 76; BOTTOM = 62
TITLE = "At 40 GB per second, memory limits GPT-2 small to 80 tokens per second"
SUBTITLE = "tokens per second at most, if every weight (four bytes each) is fetched for every token"
XLABEL = "memory bandwidth, GB per second"; YLABEL = "tokens per second"
@CHART
set logscale xy
set xrange [slow:fast]; set yrange [1:6000]; set samples 50
set xtics (10, 20, 40, 100, 200, 400, 1000, 2000); set ytics (1, 10, 100, 1000)
set label "a laptop" at 40, 1.5 center font sans(12) tc rgb SOFT front
set label "a graphics card" at 1000, 1.5 center font sans(12) tc rgb SOFT front
do for [i = 1:n] {
    if (K[i] >= 0) {
        set label names(K[i]) . ", " . mega(N[i]) at fast * 1.06, fast * 1e9 / N[i] font bold(12) tc rgb STREAM_TEXT front
    }
    if (K[i] == 0) {
        set object circle at mine, mine * 1e9 / N[i] size screen 0.006 front fillcolor rgb INK fillstyle solid noborder
        set label sprintf("%.0f per second", mine * 1e9 / N[i]) at mine * 0.93, mine * 1e9 / N[i] * 1.25 right font bold(12) tc rgb INK front
    }
}
# The shipped model (-1) fits into a processor's own cache: what memory gives is no limit for it.
plot for [i = 1:n] '+' using 1:(K[i] < 0 ? NaN : $1 * 1e9 / N[i]) with lines lw 2.5 lc rgb STREAM_LINE notitle
