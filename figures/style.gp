# The one look of all figures. A script starts with
#
#     load "figures/style.gp"
#
# and is run by figures/draw.sh, which sets `data` (the folder with the .dat files) and `out`.
#
# PIXELS. All helpers count pixels from the upper left corner. A figure says how large it is,
# sets TITLE and SUBTITLE, and begins with one of
#
#     W = 860; H = 300                   (whole numbers)
#     @CANVAS                            first coordinates are pixels; end with: @DONE
#     @CHART                             axes inside the margins LEFT, RIGHT, TOP, BOTTOM, with
#                                        XLABEL and YLABEL; end with a plot
#
# In a chart, screen px(x), screen py(y) is the place of a pixel. Objects, labels and arrows say
# `front` where they must lie on top of lines (order: back, plot, front; objects, labels, arrows).
#
# SHAPES. Set X0, Y0, X1, Y1 (left, upper, right, lower), FILL, LINE and THICK, then
#
#     @CELL        a rectangle                       @CHIP        the same with round corners
#     @HATCHED     hatches in HATCH over it (masked)  @MARKED      a thick outline in LINE
#     @DOTTED      wished for, but not there; left out
#     @ASKING      the token that asks              @OTHER       an outline: something beside ours
# and in an object of a script's own, `@OUTLINE lc rgb LINE` draws its border only.
#
# TEXT. sans(13), bold(13), mono(13), monobold(13) are fonts. Tokens and bytes are written in mono;
# wide(s, 13) estimates how many pixels a text in mono takes, fit(s, pixels, 13) cuts it with …
# and shrink(s, pixels, 13, 11) is the largest size from 13 down to 11 at which it fits.
# Nothing is "enhanced": a label may hold any character. But `plot … with labels` reads \ in
# strings: write what comes from a prompt with `set label` in a loop.
#
# THE SYSTEM. One mark has one meaning in the whole book, and no colour stands alone: write q, k, v,
# hatch what is masked, label the rest. A role has a pale ROLE_FILL, a strong ROLE_LINE and a dark
# ROLE_TEXT (contrast of the text on the fill and on the panel is 5.5 or more):
#
#     TOKEN      green           tokens, their ids, what is read and written
#     QUERY      violet          queries, and the token that asks
#     KEY        orange          keys
#     VALUE      blue            values
#     SCORE      pink            scores and attention weights
#     CONTEXT    teal            the context: values, weighted and summed, of a head or of all
#     STREAM     slate           the residual stream: x, from the embedding to the last norm
#     MASKED     light grey      what is hidden from a token; always with @HATCHED
#     ATTENTION  cream           the attention sublayer
#     FEED       pale blue       the feed-forward sublayer
#     BLOCK      violet outline  a transformer block
#     PLAIN      white           all that has no role
#
#     numbers with a sign        signed(v): blue below 0, white, orange above 0
#     probabilities, weights     chance(p): white to pink, and pinker is more
#     hatching                   masked, and nothing else
#     the token that asks        @ASKING: a thick violet frame
#     something beside ours      @OTHER: an outline (a different model, a way not taken)
#     free, saved, not used yet  ROOM_FILL, with its border in ROOM_LINE
#     wished for, cut, left out  @DOTTED
#     attention weights          in per cent: percent(p), which says <1 % rather than 0 %
#     text                       never under SMALLEST pixels
#
# Figures drawn before this was written down keep what they mean until they are drawn again.
#
# signed(v), v in −1…1, and chance(p), p in 0…1, give the colour of a cell as a number, and
# ink(colour) the colour of text on it, black or white, contrast 4.6 or more. So a heat map is
#
#     plot f using (x($2)):(y($1)):(x($2)):(x($2)+c):(y($1)):(y($1)+c):(chance($3)) @CELLS, \
#          f using (x($2)+c/2):(y($1)+c/2):(sprintf("%.2f", $3)):(ink(chance($3))) @INKS
# (a masked cell has NaN for its first x, and is drawn by @CELL and @HATCHED in a loop)
#
# ARCS. From pixel x0 to x1, standing on y, `high` pixels high, width and colour to taste:
#
#     plot for [i=1:n] [t=0:1] '+' using (arc_x(A[i], B[i], t)):(arc_y(Y, high(i), t)) \
#          with lines lw 0.5 + 6 * P[i] lc rgb SCORE_LINE notitle
#
# DATA. A script asks nothing of the system. rows("tokens.dat") is how many lines a file has, 0 if it
# is not there: draw.sh sets rows_tokens. To read columns into arrays (which have at least one element):
#
#     n = rows("tokens.dat"); array ID[n + 1]; array LABEL[n + 1]
#     @READ file("tokens.dat") using (i = int($0) + 1, ID[i] = $3, LABEL[i] = strcol(4), 0):(0) @INTO

set encoding utf8
set datafile separator "\t"
set datafile commentschars ""
set datafile missing
set loadpath

file(name) = data . "/" . name
rows_(stem) = exists(stem) ? value(stem) : 0
rows(name) = rows_("rows_" . name[1:strstrt(name, ".") - 1])
READ = "set table $none; plot"
INTO = "with table; unset table"

# ---- Colours -----------------------------------------------------------------------------

PANEL = "#fffdf8"; INK = "#22212a"; SOFT = "#5b5863"; FAINT = "#d8d1c2"; RULE = "#8d8798"
PLAIN_FILL     = "#ffffff"; PLAIN_LINE     = "#8d8798"; PLAIN_TEXT     = "#22212a"
QUERY_FILL     = "#efcbed"; QUERY_LINE     = "#a52fa8"; QUERY_TEXT     = "#74097a"
KEY_FILL       = "#ffdf9c"; KEY_LINE       = "#d67a00"; KEY_TEXT       = "#7a4200"
VALUE_FILL     = "#c3e3fa"; VALUE_LINE     = "#1f7fc2"; VALUE_TEXT     = "#0a4a7c"
SCORE_FILL     = "#ffc9de"; SCORE_LINE     = "#d6005f"; SCORE_TEXT     = "#990043"
MASKED_FILL    = "#f1f1f1"; MASKED_LINE    = "#8f8f8f"; MASKED_TEXT    = "#595959"
TOKEN_FILL     = "#def3d2"; TOKEN_LINE     = "#4f9a30"; TOKEN_TEXT     = "#24520e"
ATTENTION_FILL = "#ffefde"; ATTENTION_LINE = "#d2924c"; ATTENTION_TEXT = "#75460f"
FEED_FILL      = "#e4f1fe"; FEED_LINE      = "#6aa3da"; FEED_TEXT      = "#1c4b7a"
BLOCK_FILL     = "#fbf3fb"; BLOCK_LINE     = "#c45fc2"; BLOCK_TEXT     = "#74097a"
CONTEXT_FILL   = "#cdeee9"; CONTEXT_LINE   = "#148a80"; CONTEXT_TEXT   = "#0a514b"
STREAM_FILL    = "#e8e6f0"; STREAM_LINE    = "#5f5a7a"; STREAM_TEXT    = "#37334f"
ROOM_FILL      = "#f6f3ea"; ROOM_LINE      = "#b9b1a0"; SMALLEST       = 10

clip(v, low, high) = v < low ? low : v > high ? high : v
blend(v, a, b) = int(a + (b - a) * v + 0.5)
rgb3(v, r0, g0, b0, r1, g1, b1) = blend(v, r0, r1) * 65536 + blend(v, g0, g1) * 256 + blend(v, b0, b1)
# signed: blue #1465a8 – white – orange #c75300; chance: white → pink #d6005f
signed(v) = v < 0 ? rgb3(clip(-v, 0, 1), 255, 255, 255, 20, 101, 168) \
                  : rgb3(clip(v, 0, 1), 255, 255, 255, 199, 83, 0)
chance(p) = rgb3(clip(p, 0, 1), 255, 255, 255, 214, 0, 95)
light(c) = c / 255.0 <= 0.04045 ? c / 255.0 / 12.92 : ((c / 255.0 + 0.055) / 1.055) ** 2.4
luminance(c) = 0.2126 * light((c / 65536) % 256) + 0.7152 * light((c / 256) % 256) + 0.0722 * light(c % 256)
ink(c) = luminance(c) > 0.179 ? 0x000000 : 0xffffff

# ---- Text --------------------------------------------------------------------------------

sans(size)     = sprintf("sans-serif,%g", size)
bold(size)     = sprintf("sans-serif:Bold,%g", size)
mono(size)     = sprintf("monospace,%g", size)
monobold(size) = sprintf("monospace:Bold,%g", size)

# What takes one column in a font of fixed width, and what takes none; all else is taken for two.
NARROW = ' !"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~' \
    . "␣↵⇥…–—‘’“”„•·→←" \
    . "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ" \
    . "ĀāĂ㥹ĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıIJijĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŐőŒœŚśŞşŠšŤťŰűŹźŻżŽž" \
    . "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψωάέήίόύώ" \
    . "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяёЁєіїґ"
NOTHING = "\342\200\215\357\270\217\314\200\314\201\314\202\314\203\314\210"   # joiners and accents
columns_of(c) = strstrt(NARROW, c) > 0 ? 1 : strstrt(NOTHING, c) > 0 ? 0 : 2
columns(s) = strlen(s) == 0 ? 0 : (sum [k_ = 1:strlen(s)] columns_of(s[k_:k_]))
COLUMN = 0.605
wide(s, size) = columns(s) * COLUMN * size
cut_to(s, n) = columns(s) <= n || strlen(s) == 0 ? s : cut_to(s[1:strlen(s) - 1], n)
fit_columns(s, n) = strlen(s) < 2 || columns(s) <= n ? s : cut_to(s[1:n > 1 ? n : 1], n - 1) . "…"
fit(s, pixels, size) = fit_columns(s, int(pixels / (COLUMN * size) + 0.01))
shrink(s, pixels, size, least) = \
    size <= least || wide(s, size) <= pixels ? size : shrink(s, pixels, size - 0.5, least)
percent(p) = p > 0 && p < 0.005 ? "<1 %" : sprintf("%.0f %%", 100 * p)
plural(n, one, many) = sprintf("%d %s", n, n == 1 ? one : many)

# ---- Page --------------------------------------------------------------------------------

W = 860; H = 300; TITLE = ""; SUBTITLE = ""
LEFT = 70; RIGHT = 30; TOP = 70; BOTTOM = 60; XLABEL = ""; YLABEL = ""    # for a chart
px(x) = x * 1.0 / W
py(y) = 1 - y * 1.0 / H

PAGE = "set terminal svg size W, H font sans(13) background PANEL noenhanced linewidth 1; \
        set output out; set style fill solid 1 noborder; \
        set label 9001 TITLE at screen px(20), screen py(24) font bold(16) tc rgb INK front; \
        set label 9002 SUBTITLE at screen px(20), screen py(45) font sans(13) tc rgb SOFT front"
CANVAS = PAGE . "; unset border; unset tics; unset key; \
        set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; \
        set bmargin at screen 0; set xrange [0:W]; set yrange [H:0]"
DONE = "plot NaN notitle"
CHART = PAGE . "; set lmargin at screen px(LEFT); set rmargin at screen px(W - RIGHT); \
        set tmargin at screen py(TOP); set bmargin at screen py(H - BOTTOM); \
        set border 3 lc rgb RULE lw 1; set tics nomirror out scale 0.5 font \"sans-serif,12\" textcolor rgb INK; \
        set grid ytics lt 1 lc rgb FAINT lw 0.7; unset key; \
        set label 9003 XLABEL at screen px((LEFT + W - RIGHT) / 2), screen py(H - 20) center \
            font sans(13) tc rgb SOFT; \
        set label 9004 YLABEL at screen px(20), screen py((TOP + H - BOTTOM) / 2) center rotate by 90 \
            font sans(13) tc rgb SOFT"

# ---- Shapes ------------------------------------------------------------------------------

X0 = 0; Y0 = 0; X1 = 0; Y1 = 0; FILL = PLAIN_FILL; LINE = PLAIN_LINE; HATCH = "#cdcdcd"; ROUND = 4; THICK = 1
BOX_ = "set object rectangle from screen px(X0), screen py(Y1) to screen px(X1), screen py(Y0) front "
CELL = BOX_ . "fillcolor rgb FILL fillstyle solid 1 border lc rgb LINE lw THICK"
# (Not `fillstyle empty`: the first previews of gnuplot 6 lose the colour of its border.)
OUTLINE = "fillcolor rgb PANEL fillstyle transparent solid 0 border"
MARKED = BOX_ . OUTLINE . " lc rgb LINE lw 2.5"
HATCHED = BOX_ . "fillcolor rgb HATCH fillstyle transparent pattern 4 noborder"
ASKING = BOX_ . OUTLINE . " lc rgb QUERY_LINE lw 2.5"
OTHER = BOX_ . OUTLINE . " lc rgb LINE lw 1.5"
DOTTED = BOX_ . OUTLINE . " lc rgb LINE lw 1 dt (3, 3)"
dx_(i) = ROUND * (1 - cos(i * pi / 8))          # along a round corner, i in 0…4
at_(x, y) = sprintf("screen %s, screen %s", x, y)
corner_(x, sx, y, sy, a, b) = at_(sprintf("px(%s%sdx_(%d))", x, sx, a), sprintf("py(%s%sdx_(%d))", y, sy, b))
CHIP = "set object polygon from "
do for [i = 0:4] { CHIP = CHIP . corner_("X0", "+", "Y0", "+", 4 - i, i) . " to " }
do for [i = 0:4] { CHIP = CHIP . corner_("X0", "+", "Y1", "-", i, 4 - i) . " to " }
do for [i = 0:4] { CHIP = CHIP . corner_("X1", "-", "Y1", "-", 4 - i, i) . " to " }
do for [i = 0:4] { CHIP = CHIP . corner_("X1", "-", "Y0", "+", i, 4 - i) . " to " }
CHIP = CHIP . corner_("X0", "+", "Y0", "+", 4, 0) \
     . " front fillcolor rgb FILL fillstyle solid 1 border lc rgb LINE lw THICK"

# ---- Plots -------------------------------------------------------------------------------

CELLS = "with boxxyerror fillstyle solid 1 border lc rgb FAINT lc rgb variable notitle"
INKS  = "with labels center font mono(11) tc rgb variable notitle"
arc_x(x0, x1, t) = (x0 + x1) / 2.0 - (x1 - x0) / 2.0 * cos(pi * t)
arc_y(y, high, t) = y - high * sin(pi * t)
set samples 64
