# The look of the book's figures. A script begins with the size it wants and this file:
#
#     width = 860; height = 320
#     load "figures/style.gp"
#
# and is called by figures/draw.sh with `data` (the folder of the program's .dat files) and
# `out` (the SVG to write). Colours name roles, and never stand alone: every cell also carries a
# letter, a label or a hatching.

set encoding utf8
set datafile separator "\t"
set datafile commentschars ""
set terminal svg size width,height background "#fffdf8" noenhanced \
    font "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif,13" rounded dashlength 1
set output out

# ---- Colours, by role ---------------------------------------------------------------

c_text   = "#26221c"; c_faint  = "#6b655b"; c_line   = "#b9b2a4"; c_grid = "#e9e3d6"
c_query  = "#e39de0"; t_query  = "#8a0f8f"
c_key    = "#ffcc17"; t_key    = "#a34e00"
c_value  = "#96d5fd"; t_value  = "#00619b"
c_score  = "#f4006c"; c_output = "#ff97bc"
c_token  = "#def3d2"; t_token  = "#2f6b1c"; d_token = "#7fbf62"
c_masked = "#f1f1f1"
c_attention = "#ffefde"; c_feed = "#e4f1fe"; c_block = "#d56ed3"
set palette defined (-1 "#2f7fc1", 0 "#ffffff", 1 "#e98a15")   # signed values
hex(s) = int("0x" . s[2:7])                                    # "#rrggbb" as a number

# ---- Lines, text, grid --------------------------------------------------------------

set title font ",15" textcolor rgb c_text noenhanced
set xlabel textcolor rgb c_faint noenhanced
set ylabel textcolor rgb c_faint noenhanced
set xtics textcolor rgb c_faint nomirror scale 0.5 noenhanced
set ytics textcolor rgb c_faint nomirror scale 0.5 noenhanced
set border 3 linecolor rgb c_line
set key textcolor rgb c_text noenhanced
set style fill solid 1.0 border rgb c_line
set style line 1 linecolor rgb c_grid linewidth 1
set object 9999 rectangle from screen 0.001,0.002 to screen 0.999,0.998 behind \
    fillstyle empty border rgb c_line

# For pictures made of boxes alone: no axes.
bare = "unset border; unset xtics; unset ytics; unset key; set margins 1, 1, 1, 3"

# A string that is cut with … where it is longer than n characters.
short(s, n) = strlen(s) > n ? s[1:n-1] . "…" : s
