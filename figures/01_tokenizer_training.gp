# The first merges, learned from the prompt alone: how often each pair occurred.
# data: training.dat
load "figures/style.gp"
n = rows("training.dat"); array TIMES[n + 1]; array TOKENS[n + 1]; array LABEL[n + 1]
@READ file("training.dat") using (i = int($0) + 1, TIMES[i] = int($2), TOKENS[i] = int($3), LABEL[i] = strcol(4), 0):(0) @INTO
top = 96; r = 34; left = 216; right = 190
W = 760; H = top + n * r + 8
longest = 1; room = 60
do for [i = 1:n] { longest = TIMES[i] > longest ? TIMES[i] : longest }
unit = (W - left - right) * 1.0 / longest
unit = unit > 110 ? 110 : unit
TITLE = "Learning merges: each round, the most common pair becomes a token"
SUBTITLE = "learned from the prompt alone; the bar says how often the pair occurs"
@CANVAS
set label "merge" at 78, top - 18 font bold(13) tc rgb SOFT
set label "occurrences" at left, top - 18 font bold(13) tc rgb SOFT
set label "tokens after it" at W - 24, top - 18 right font bold(13) tc rgb SOFT
do for [i = 1:n] {
    y = top + (i - 0.5) * r
    set label sprintf("rank %d", i - 1) at 20, y font sans(13) tc rgb SOFT
    size = shrink(LABEL[i], left - 90, 15, 11)
    set label fit(LABEL[i], left - 90, size) at 78, y font mono(size) tc rgb TOKEN_TEXT
    X0 = left; X1 = left + TIMES[i] * unit; Y0 = y - 11; Y1 = y + 11; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CELL
    if (TIMES[i] <= 12) {
        do for [k = 1:TIMES[i] - 1] {
            set arrow from left + k * unit, Y0 to left + k * unit, Y1 nohead front lw 1 lc rgb TOKEN_LINE
        }
    }
    set label sprintf("%d", TIMES[i]) at X1 + 8, y font bold(14) tc rgb INK
    set label sprintf("%d", TOKENS[i]) at W - 24, y right font sans(14) tc rgb INK
}
@DONE
