# The form of tunes, beside the language's own and simpler ways to write.
# data: music_form.dat
load "figures/style.gp"
f = file("music_form.dat"); n = rows("music_form.dat")
array WHO[n + 1]; array TEMP[n + 1]; array V[6 * (n + 1)]
share(a, b) = b > 0 ? 1.0 * a / b : 0
@READ f using (i = int($0), WHO[i + 1] = strcol(1), TEMP[i + 1] = $2, V[6 * i + 1] = share($4, $5), \
    V[6 * i + 2] = share($6, $7), V[6 * i + 3] = share($10, $5), V[6 * i + 4] = share($14, $15), \
    V[6 * i + 5] = share($18, $19), V[6 * i + 6] = share($20, $21), 0):(0) @INTO
who(s) = s eq "grammar" ? "the grammar itself" : s eq "model" ? "the model" : s eq "chain8" ? "Markov chain, 8 tokens" : \
    s eq "chain4" ? "Markov chain, 4 tokens" : "the model, untrained"
array HEAD[6] = ["all bars\nare full", "four phrases\nof four bars", "what comes\nagain is the same", "of AABA: A three\ntimes, two endings", \
    "ends on\nthe tonic", "wholly in\nthe language"]
W = 860; H = 340
TITLE = "Form asks for a memory longer than a few tokens"
SUBTITLE = "300 tunes each, at temperature 1; the share with each feature"
@CANVAS
left = 190; wide = 108.0; top = 112; high = 38
do for [c = 1:6] {
    set label HEAD[c] at left + (c - 0.5) * wide, 80 center font sans(11.5) tc rgb SOFT front
}
r = 0
do for [i = 1:n] {
    if (TEMP[i] == 1) {
        set label who(WHO[i]) at left - 12, top + (r + 0.5) * high right font (WHO[i] eq "model" ? bold(13) : sans(13)) tc rgb INK front
        do for [c = 1:6] {
            v = V[6 * (i - 1) + c]
            X0 = left + (c - 1) * wide + 1; X1 = left + c * wide - 1; Y0 = top + r * high + 1; Y1 = top + (r + 1) * high - 1
            FILL = sprintf("#%06x", chance(v)); LINE = FAINT
            @CELL
            set label percent(v) at (X0 + X1) / 2, (Y0 + Y1) / 2 center font bold(13) tc rgb sprintf("#%06x", ink(chance(v))) front
        }
        r = r + 1
    }
}
@DONE
