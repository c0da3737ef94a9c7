# Text → pre-tokens → tokens → ids: four bands of chips, one under the other.
# data: characters.dat words.dat tokens.dat
load "figures/style.gp"
n = rows("characters.dat"); array AT[n + 1]; array CHARACTER[n + 1]
@READ file("characters.dat") using (i = int($0) + 1, AT[i] = int($1), CHARACTER[i] = strcol(5), 0):(0) @INTO
m = rows("words.dat"); array TO[m + 1]
@READ file("words.dat") using (TO[int($0) + 1] = int($2), 0):(0) @INTO
k = rows("tokens.dat"); array A[k + 1]; array B[k + 1]; array ID[k + 1]; array LABEL[k + 1]
@READ file("tokens.dat") using (i = int($0) + 1, A[i] = int($1), B[i] = int($2), \
    ID[i] = sprintf("%d", $3), LABEL[i] = strcol(4), 0):(0) @INTO

# How broad each token's chip must be, which pre-token it is part of, which characters begin in it.
W = 860; left = 112; right = 22; broad = W - left - right; between = 14; inside = 4; most = 7
max(a, b) = a > b ? a : b
array BROAD[k + 1]; array WORD[k + 1]; array FIRST[k + 2]
w = 1; c = 1
do for [i = 1:k] {
    LABEL[i] = fit(LABEL[i], 180, 13)
    BROAD[i] = max(wide(LABEL[i], 13) + 14, max(wide(ID[i], 12) + 10, 24))
    while (w < m && A[i] >= TO[w]) { w = w + 1 }
    WORD[i] = w
    while (c <= n && AT[c] < A[i]) { c = c + 1 }
    FIRST[i] = c
}
FIRST[k + 1] = n + 1
characters_(a, b) = a > b ? "" : a == b ? CHARACTER[a] : characters_(a, (a + b) / 2) . characters_((a + b) / 2 + 1, b)

# Segments: the tokens S[j] to T[j] of one pre-token that stand in one row. First with rows as long
# as there is room, then with shorter ones as long as there are no more of them: so they get alike.
array S[k + 1]; array T[k + 1]; array ROW[k + 1]; array X[k + 1]; array LONG[k + 1]
fitting = broad; settled = 0
do for [pass = 0:60] {
    limit = settled ? fitting : broad - 10 * pass
    segments = 0; row = 0; x = 0; i = 1
    while (i <= k) {
        last = i; long = BROAD[i]
        while (last < k && WORD[last + 1] == WORD[i]) {
            last = last + 1; long = long + inside + BROAD[last]
        }
        if (x > 0 && x + long > limit) { x = 0; row = row + 1 }
        while (x + long > limit && last > i) {
            long = long - inside - BROAD[last]; last = last - 1
        }
        segments = segments + 1; S[segments] = i; T[segments] = last
        ROW[segments] = row; X[segments] = x; LONG[segments] = long
        x = x + long + between; i = last + 1
    }
    if (pass == 0) { rows_ = row }
    if (settled || rows_ == 0) { break }
    if (row > rows_) { settled = 1 } else { fitting = limit }
}
shown = row < most ? row + 1 : most
spread = 460
do for [j = 1:segments] { spread = max(spread, X[j] + LONG[j]) }
W = int(left + spread + right)

top = 72; tall = 196
y_text = 0; y_word = 50; y_token = 96; y_id = 142; chip = 28
H = top + shown * tall + (row >= most ? 14 : -14)
TITLE = "From text to ids"
SUBTITLE = sprintf("%s → %s → %s → %s", plural(n, "character", "characters"), plural(m, "pre-token", "pre-tokens"), \
    plural(k, "token", "tokens"), plural(k, "number", "numbers"))
@CANVAS

do for [r = 0:shown - 1] {
    y = top + r * tall
    set label "text" at 20, y + y_text + 14 font bold(13) tc rgb INK
    set label "pre-tokens" at 20, y + y_word + 14 font bold(13) tc rgb INK
    set label "tokens" at 20, y + y_token + 14 font bold(13) tc rgb TOKEN_TEXT
    set label "ids" at 20, y + y_id + 14 font bold(13) tc rgb INK
    if (r > 0) {
        set arrow from 20, y - 20 to W - 20, y - 20 nohead lw 1 lc rgb FAINT
    }

    # The text, unstretched, above the middle of its row.
    strip = 0; spread = 0
    do for [j = 1:segments] {
        if (ROW[j] == r) {
            strip = strip + wide(characters_(FIRST[S[j]], FIRST[T[j] + 1] - 1), 15)
            spread = X[j] + LONG[j]
        }
    }
    squeeze = strip > broad ? broad / strip : 1.0
    x = left + (spread - strip * squeeze) / 2.0
    x = x < left ? left : x
    X0 = x - 5; X1 = x + strip * squeeze + 5; Y0 = y + y_text; Y1 = Y0 + chip
    FILL = PLAIN_FILL; LINE = PLAIN_LINE
    @CHIP
    do for [j = 1:segments] {
        if (ROW[j] != r) { continue }
        s = characters_(FIRST[S[j]], FIRST[T[j] + 1] - 1)
        step = wide(s, 15) * squeeze
        set label s at x + step / 2, y + y_text + 14 center front font mono(15 * squeeze) tc rgb INK
        x0 = left + X[j]; x1 = x0 + LONG[j]
        set object polygon from x, y + y_text + chip to x + step, y + y_text + chip to x1, y + y_word to x0, y + y_word \
            to x, y + y_text + chip behind fillcolor rgb (j % 2 ? "#efece6" : "#f8f5ee") fillstyle solid 1 noborder
        set arrow from x, y + y_text + chip to x0, y + y_word nohead back lw 0.8 lc rgb RULE
        set arrow from x + step, y + y_text + chip to x1, y + y_word nohead back lw 0.8 lc rgb RULE
        x = x + step

        X0 = x0; X1 = x1; Y0 = y + y_word; Y1 = Y0 + chip; FILL = j % 2 ? "#efece6" : "#f8f5ee"; LINE = PLAIN_LINE
        @CHIP
        s = fit((S[j] > 1 && WORD[S[j] - 1] == WORD[S[j]] ? "…" : "") . s, X1 - X0 - 4, 13) \
            . (T[j] < k && WORD[T[j] + 1] == WORD[T[j]] ? "…" : "")
        set label s at (X0 + X1) / 2, Y0 + 14 center front font mono(13) tc rgb INK
        xt = x0
        do for [i = S[j]:T[j]] {
            X0 = xt; X1 = xt + BROAD[i]; xt = X1 + inside; middle = (X0 + X1) / 2
            set arrow from middle, y + y_word + chip to middle, y + y_token nohead back lw 0.8 lc rgb RULE
            set arrow from middle, y + y_token + chip to middle, y + y_id nohead back lw 0.8 lc rgb RULE
            Y0 = y + y_token; Y1 = Y0 + chip; FILL = TOKEN_FILL; LINE = TOKEN_LINE
            @CHIP
            set label LABEL[i] at middle, Y0 + 14 center front font mono(13) tc rgb TOKEN_TEXT
            Y0 = y + y_id + 2; Y1 = Y0 + chip - 4; FILL = PLAIN_FILL; LINE = TOKEN_LINE
            @CELL
            set label ID[i] at middle, y + y_id + 14 center front font mono(12) tc rgb INK
        }
        seen = T[j]
    }
}
if (seen < k) {
    set label sprintf("… and %s more", plural(k - seen, "token", "tokens")) at W - 22, H - 20 right font sans(13) tc rgb SOFT
}
@DONE
