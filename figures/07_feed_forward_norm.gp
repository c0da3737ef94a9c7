# Each token's row before layer norm and after it: mean, spread, lowest and highest number.
# data: rows.dat
load "figures/style.gp"
n = rows("rows.dat")
array M[2 * n + 2]; array S[2 * n + 2]; array LOW[2 * n + 2]; array TOP_[2 * n + 2]; array LABEL[n + 1]
@READ file("rows.dat") using (i = int($0) + 1, M[i] = $1, M[n+i] = $2, S[i] = $3, S[n+i] = $4, \
    LOW[i] = $7, LOW[n+i] = $8, TOP_[i] = $9, TOP_[n+i] = $10, LABEL[i] = strcol(11), 0):(0) @INTO
most = 60; shown = n > most ? most : n
r = shown > 24 ? 15 : 27; thin = shown > 24 ? 3 : 7
top = 104; W = 860; H = top + shown * r + 74
size = shown > 24 ? 11 : 14; left = 130; gap = 40; broad = (W - left - 24 - gap) / 2.0
far = 0.1
do for [i = 1:shown] { do for [k = 0:1] {
    far = -LOW[k*n+i] > far ? -LOW[k*n+i] : far
    far = TOP_[k*n+i] > far ? TOP_[k*n+i] : far
} }
far = far * 1.05
x(k, v) = left + k * (broad + gap) + (v + far) / (2 * far) * broad
TITLE = "Layer norm puts every row on one scale"
SUBTITLE = "bar: from mean minus spread to mean plus spread; line: from the lowest number to the highest" \
    . (shown < n ? sprintf("; %d of %d tokens", shown, n) : "")
@CANVAS
do for [k = 0:1] {
    set label (k ? "after: mean 0, spread 1" : "before: h.0.mid") at x(k, -far), top - 24 font bold(13) tc rgb k ? FEED_TEXT : INK
    set arrow from x(k, -far), top + shown * r + 4 to x(k, far), top + shown * r + 4 nohead front lw 1 lc rgb RULE
    step = far > 40 ? 20 : far > 16 ? 8 : far > 8 ? 4 : far > 4 ? 2 : far > 1.6 ? 1 : 0.5
    do for [j = -int(far / step):int(far / step)] {
        v = j * step
        set arrow from x(k, v), top - 6 to x(k, v), top + shown * r + 8 nohead back lw j == 0 ? 1.2 : 0.7 \
            lc rgb j == 0 ? RULE : FAINT
        set label sprintf("%g", v) at x(k, v), top + shown * r + 20 center font sans(12) tc rgb INK
    }
}
set label "value of a number in the row" at (left + W - 24) / 2, H - 20 center font sans(13) tc rgb SOFT
do for [i = 1:shown] {
    y = top + (i - 0.5) * r
    set label fit(LABEL[i], left - 30, size) at left - 10, y right font mono(size) tc rgb TOKEN_TEXT
    do for [k = 0:1] {
        j = k * n + i
        set arrow from x(k, LOW[j]), y to x(k, TOP_[j]), y nohead front lw 1.3 lc rgb k ? FEED_LINE : PLAIN_LINE
        X0 = x(k, M[j] - S[j]); X1 = x(k, M[j] + S[j]); Y0 = y - thin; Y1 = y + thin
        FILL = k ? FEED_FILL : PLAIN_FILL; LINE = k ? FEED_LINE : PLAIN_LINE
        @CELL
        X0 = x(k, M[j]) - 1.5; X1 = X0 + 3; FILL = k ? FEED_TEXT : INK; LINE = FILL
        @CELL
    }
}
@DONE
