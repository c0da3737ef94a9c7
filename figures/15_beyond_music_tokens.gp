# The first two bars of a tune, token by token.
# data: music_tokens.dat
load "figures/style.gp"
n = rows("music_tokens.dat"); array T[n + 1]
@READ file("music_tokens.dat") using (T[int($0) + 1] = strcol(1), 0):(0) @INTO
LOW = "abcdefghijklmnopqrstuvwxyz"; HIGH = "ABCDEFGHIJKLMNOPQRSTUVWX"; DIGIT = "123456789"
KEYS = "C C# D D# E F F# G G# A A# B"
name(p) = word(KEYS, p % 12 + 1)
# up to the third chord
shown = 0; chords = 0; was = 0
do for [i = 1:n] {
    now = strstrt(HIGH, T[i]) > 0
    chords = chords + (now && !was); was = now
    if (chords < 3 && shown < 32) { shown = i }
}
W = 860; H = 250
TITLE = "A tune is a sequence of tokens like any other"
SUBTITLE = "its first two bars: chords are three capital letters, and each note is a letter and its length in eighths"
@CANVAS
step = (W - 40.0) / (shown > 1 ? shown : 1); step = step > 34 ? 34 : step; x0 = 20
ROUND = 3
bar = 0; from = 0; melody = 0
do for [i = 1:shown] {
    token = T[i]; x = x0 + (i - 1) * step
    h = strstrt(HIGH, token); m = strstrt(LOW, token); d = strstrt(DIGIT, token)
    X0 = x + 1; X1 = x + step - 1; Y0 = 92; Y1 = 122
    FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CHIP
    set label token at x + step / 2, 107 center font monobold(15) tc rgb TOKEN_TEXT front
    if (h > 0) { set label name(32 + h) at x + step / 2, 140 center font sans(12) tc rgb INK front }
    if (m > 0) { set label name(56 + m) at x + step / 2, 140 center font bold(12) tc rgb INK front; melody = 1 }
    if (d > 0 && i > 1) {
        set label (melody ? token . "/8" : "rest") at x + step / 2, 140 center font sans(11) tc rgb SOFT front
        melody = 0
    }
}
set label "metre" at x0 + step / 2, 78 center font sans(12) tc rgb SOFT front
set label "A" at x0 + step * 1.5, 140 center font bold(12) tc rgb INK front
set arrow from x0 + step * 1.5, 164 to x0 + step * 1.5, 152 lw 1.2 lc rgb RULE head size 6, 20 filled front
set label "a phrase begins" at x0 + 2, 176 left font sans(12) tc rgb SOFT front
# brackets: chords and melody
a = 1
while (a <= shown) {
    k = strstrt(HIGH, T[a]) > 0 ? 1 : strstrt(LOW, T[a]) > 0 ? 2 : 0
    b = a
    if (k > 0) {
        while (b < shown && (k == 1 ? strstrt(HIGH, T[b + 1]) > 0 : strstrt(LOW . DIGIT, T[b + 1]) > 0)) { b = b + 1 }
        l = x0 + (a - 1) * step + 3; r = x0 + b * step - 3
        set arrow from l, 82 to r, 82 nohead lw 1.5 lc rgb RULE front
        set label (k == 1 ? "harp" : "flute") at (l + r) / 2, 72 center font sans(12) tc rgb SOFT front
    }
    a = b + 1
}
set label "Small letters go up by a semitone: a is the A below middle C, m the A above it. Capitals are two octaves lower: A is a low A." at 20, 206 left font sans(12) tc rgb INK front
set label "A digit after a letter is that note's length; a digit after a digit is a rest. A bar is full when its digits add up to 8, or to 6." at 20, 226 left font sans(12) tc rgb INK front
@DONE
