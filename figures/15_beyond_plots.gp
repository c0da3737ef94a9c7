# What stays hard: right summaries for each plot of the stories.
# data: plots.dat
load "figures/style.gp"
n = rows("plots.dat"); array NAME[n + 1]; array RIGHT_[n + 1]; array OF_[n + 1]
@READ file("plots.dat") using (i = int($0) + 1, NAME[i] = strcol(1), RIGHT_[i] = $2, OF_[i] = $3, 0):(0) @INTO
left = 120.0; right = 130.0; row = 28.0; top = 84.0
W = 860; H = int(top + n * row + 34); wide_ = W - left - right
TITLE = "Four of the twelve plots stay hard"
SUBTITLE = "summaries that are right in every token, for each plot; fine-tuned on 1,000 examples, all logged runs together"
@CANVAS
do for [i = 1:n] {
    y = top + (i - 0.5) * row; share = OF_[i] > 0 ? RIGHT_[i] / OF_[i] : 0
    set label NAME[i] at left - 12, y right font bold(13) tc rgb INK
    X0 = left; X1 = left + wide_; Y0 = y - 9; Y1 = y + 9; FILL = ROOM_FILL; LINE = ROOM_LINE
    @CELL
    if (share > 0) {
        X1 = left + share * wide_; FILL = SCORE_FILL; LINE = SCORE_LINE
        @CELL
    }
    set label sprintf("%s  (%d of %d)", percent(share), RIGHT_[i], OF_[i]) at left + wide_ + 12, y left font sans(12) tc rgb SCORE_TEXT
}
@DONE
