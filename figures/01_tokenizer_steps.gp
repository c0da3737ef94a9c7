# One pre-token, merge by merge: a row for each step, the new token marked.
# data: steps.dat
load "figures/style.gp"
n = rows("steps.dat")
array STEP[n + 1]; array A[n + 1]; array B[n + 1]; array NEW[n + 1]; array RANK[n + 1]; array LABEL[n + 1]
@READ file("steps.dat") using (i = int($0) + 1, STEP[i] = int($1), A[i] = int($2), B[i] = int($3), \
    NEW[i] = int($4), RANK[i] = int($5), LABEL[i] = strcol(6), 0):(0) @INTO
steps = STEP[n]; bytes = B[n]

# c: how broad a byte is drawn
left = 214; c = 30; size = 14
do for [i = 1:n] { c = B[i] - A[i] == 1 && wide(LABEL[i], size) + 10 > c ? wide(LABEL[i], size) + 10 : c }
if (c * bytes > 900 - left - 24) { c = (900 - left - 24.0) / bytes }
c = bytes * c < 402 ? 402.0 / bytes > 67 ? 67 : 402.0 / bytes : c
W = int(left + c * bytes + 24); W = W < 640 ? 640 : W
r = steps > 12 ? 32 : 40; top = 74
H = top + (steps + 1) * r + 8
array AT[steps + 1]; array LEFT_[steps + 1]; array RIGHT_[steps + 1]; array ROW_RANK[steps + 1]
do for [s = 1:steps + 1] { AT[s] = -1; LEFT_[s] = ""; RIGHT_[s] = ""; ROW_RANK[s] = -1 }
do for [i = 1:n] {                       # what was joined: the two pieces above the new one
    if (NEW[i] && AT[STEP[i] + 1] < 0) {
        s = STEP[i] + 1
        AT[s] = A[i]; ROW_RANK[s] = RANK[i]
        do for [j = 1:n] {
            if (STEP[j] == STEP[i] - 1 && A[j] == A[i]) { LEFT_[s] = LABEL[j] }
            if (STEP[j] == STEP[i] - 1 && B[j] == B[i]) { RIGHT_[s] = LABEL[j] }
        }
    }
}
word = ""
do for [i = 1:n] { if (STEP[i] == 0) { word = word . LABEL[i] } }
pieces = 0
do for [i = 1:n] { if (STEP[i] == steps) { pieces = pieces + 1 } }
TITLE = "The merges of " . fit(strstrt(word, "\\x") ? "one pre-token" : word, 400, 16)
SUBTITLE = sprintf("from %s to %s in %s; the new token of each step is green", plural(bytes, "byte", "bytes"), \
    plural(pieces, "token", "tokens"), plural(steps, "step", "steps"))
@CANVAS
do for [s = 0:steps] {
    y = top + s * r + r / 2.0 - 4
    if (s == 0) {
        set label "its bytes" at 20, y font sans(13) tc rgb INK
    } else {
        set label sprintf("rank %d", ROW_RANK[s + 1]) at 20, y font bold(13) tc rgb INK
        set label fit(LEFT_[s + 1] . " + " . RIGHT_[s + 1], 94, 13) at 108, y font mono(13) tc rgb SOFT
    }
}
do for [i = 1:n] {
    X0 = left + A[i] * c + 1; X1 = left + B[i] * c - 2
    Y0 = top + STEP[i] * r; Y1 = Y0 + r - 9
    FILL = NEW[i] ? TOKEN_FILL : STEP[i] == steps ? "#f2faed" : PLAIN_FILL
    LINE = NEW[i] ? TOKEN_LINE : PLAIN_LINE; THICK = NEW[i] ? 2.5 : 1
    @CHIP
    s = LABEL[i]
    s = wide(s, size) > X1 - X0 && strlen(s) == 4 && s[1:2] eq "\\x" ? s[3:4] : s
    small = shrink(s, X1 - X0, size, 11)
    set label fit(s, X1 - X0 + 1, small) at (X0 + X1) / 2.0, (Y0 + Y1) / 2.0 center front \
        font mono(small) tc rgb NEW[i] ? TOKEN_TEXT : INK
}
@DONE
