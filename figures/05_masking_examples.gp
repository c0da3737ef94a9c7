# A text of n tokens is n exercises: what each row sees, and what it has to guess.
# data: tokens.dat
load "figures/style.gp"
n = rows("tokens.dat"); array LABEL[n + 1]
@READ file("tokens.dat") using (LABEL[int($0) + 1] = strcol(1), 0):(0) @INTO
shown = n > 10 ? 10 : n
size = 12; room = 44
do for [i = 1:shown] { room = wide(LABEL[i], size) + 16 > room ? wide(LABEL[i], size) + 16 : room }
most = 640.0 / shown; room = room > most ? most : room
left = 60; r = 32; top = 104
goal = left + shown * room + 46; goal_width = 96
W = int(goal + goal_width + 20); W = W < 640 ? 640 : W
H = int(top + shown * r + (shown < n ? 34 : 14))
TITLE = n > 1 ? sprintf("One text holds %s", plural(n - 1, "guess with its answer", "guesses with their answers")) : "One token, one guess"
SUBTITLE = "each row sees the green tokens, and has to guess the one on the right; hatched: masked"
@CANVAS
set label "row" at 20, top - 18 font bold(12) tc rgb SOFT
set label "sees" at left, top - 18 font bold(12) tc rgb TOKEN_TEXT
set label "has to guess" at goal, top - 18 font bold(12) tc rgb SCORE_TEXT
do for [t = 1:shown] {
    y = top + (t - 1) * r
    set label sprintf("%d", t - 1) at 28, y + 12 center font mono(size) tc rgb SOFT
    do for [i = 1:shown] {
        X0 = left + (i - 1) * room + 2; X1 = X0 + room - 4; Y0 = y; Y1 = y + 25
        FILL = i <= t ? TOKEN_FILL : MASKED_FILL; LINE = i <= t ? TOKEN_LINE : MASKED_LINE
        @CHIP
        if (i > t) {
            @HATCHED
        } else {
            set label fit(LABEL[i], room - 8, size) at (X0 + X1) / 2, y + 12.5 center front font mono(size) tc rgb TOKEN_TEXT
        }
    }
    set arrow from left + shown * room + 8, y + 12.5 to goal - 8, y + 12.5 size 7, 25 filled lc rgb RULE lw 1.2
    X0 = goal; X1 = goal + goal_width; Y0 = y; Y1 = y + 25; FILL = t < n ? SCORE_FILL : PANEL; LINE = t < n ? SCORE_LINE : RULE
    @CHIP
    set label t < n ? fit(LABEL[t + 1], goal_width - 8, size) : "what is next" at (X0 + X1) / 2, y + 12.5 center front \
        font (t < n ? mono(size) : sans(size)) tc rgb t < n ? SCORE_TEXT : SOFT
}
if (shown < n) {
    set label sprintf("… and so on for all %d tokens", n) at left, top + shown * r + 10 font sans(12) tc rgb SOFT
}
@DONE
