#!/bin/sh
# Draws the figures of a chapter from the data that its program wrote with --figures.
#   sh figures/draw.sh STEM DATA OUT        figures/STEM*.gp → OUT/STEM*.svg
#   sh figures/draw.sh --check STEM DATA    are figures/STEM*.svg drawn from these data?
# A script names its data in one line:  # data: tokens.dat words.dat other.dat?
# A file with a ? may be missing: what it shows is left out then. A committed figure that was
# drawn with it is not drawn again without it. Where another file is empty (a prompt of one letter
# has no merges), there is nothing to draw.
set -u
style=figures/style.gp
tool=build/00_book
check=
[ "${1:-}" = --check ] && check=yes && shift
stem=${1:?draw.sh: expected STEM DATA OUT} data=${2:?draw.sh: expected STEM DATA OUT} out=${3:-figures}

fail() { echo "$*" >&2; exit 1; }

[ -d "$data" ] || fail "$data: there are no data: expected a folder that the program wrote with --figures"
[ -x "$tool" ] || fail "$tool: is not built: make tool"
[ -n "$check" ] || command -v gnuplot > /dev/null 2>&1 || fail "gnuplot is not installed: make deps"

# For gnuplot, in single quotes.
quoted() { printf '%s' "$1" | sed "s/'/''/g"; }

# data_of SCRIPT: sets $have to what there is of its data, $missing to what may be missing and is,
# $empty to what is empty; false where something else is missing. Names of data hold no blanks.
data_of() {
    have= missing= empty=
    for name in $(sed -n 's/^# data: *//p' "$1"); do
        if [ -f "$data/${name%\?}" ]; then
            have="$have ${name%\?}"
            [ -s "$data/${name%\?}" ] || empty=$name
        elif [ "$name" != "${name%\?}" ]; then
            missing="$missing ${name%\?}"
        else
            echo "$1: $data/$name is missing" >&2
            return 1
        fi
    done
}

# with_data COMMAND…: the command, with the data's paths behind it.
with_data() {
    for name in $have; do set -- "$@" "$data/$name"; done
    "$@"
}

# drawn_with SVG NAME…: one of these data is in its stamp
drawn_with() {
    svg=$1
    shift
    for name; do grep -q "^data $name\$" "$svg" && return 0; done
    return 1
}

# What gnuplot writes, made ready for a page: fonts with their fallbacks, round corners, a fine
# border, no tool tips; and shorter. XML forbids ]]> in text, and two characters, shown as �.
noncharacters=$(printf '\357\277[\276\277]')
look="<style>.s,.b{font-family:'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif}"
look="$look .m,.n{font-family:Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace}"
look="$look .b,.n{font-weight:bold} g{stroke-linecap:round;stroke-linejoin:round}</style>"
finish() {
    LC_ALL=C sed -e 's/font-family="sans-serif"/class="s"/' -e 's/font-family="sans-serif:Bold"/class="b"/' \
        -e 's/font-family="monospace"/class="m"/' -e 's/font-family="monospace:Bold"/class="n"/' \
        -e "s/$noncharacters/�/g" -e 's/]]>/]]\&gt;/g' \
        -e 's| stroke-linecap="round" stroke-linejoin="round"||' \
        -e 's|\(<rect x="0" y="0" [^/]*\)/>|\1 rx="8" stroke="#d8d1c2" stroke-width="2"/>|' \
        -e "s|^<title>Gnuplot</title>|$look|" -e '/<desc>Produced by GNUPLOT/d' \
        -e 's|<title>gnuplot_plot_[^<]*</title>||' |
        LC_ALL=C awk '
            /^<g fill="none"/ { if (held != "") print held; held = $0; next }   # an empty group goes
            held != "" && /^<\/g>/ { held = ""; next }
            held != "" { print held; held = "" }
            { print }'
}

# draw SCRIPT SVG
draw() {
    script=$1 svg=$2
    part=$svg.part
    rm -f "$part"
    said=$(gnuplot -d -e "data = '$(quoted "$data")'; out = '$(quoted "$part")'" "$script" 2>&1 < /dev/null)
    status=$?
    # (In the C locale gnuplot complains that it has no degree sign. We need none.)
    said=$(printf '%s\n' "$said" | grep -v -e 'iconv failed to convert degree sign' -e '^ *$')
    if [ $status -ne 0 ] || [ -n "$said" ] || [ ! -s "$part" ]; then
        echo "$script: gnuplot did not draw it, or complained (its data: $data)" >&2
        printf '%s\n' "$said" | sed -n -e 's/^/    /' -e 1,8p >&2
        rm -f "$part"
        return 1
    fi
    finish < "$part" > "$part.2" && mv "$part.2" "$part" &&
        with_data "$tool" stamp "$part" "$style" "$script" -- && mv "$part" "$svg"
}

# checked SCRIPT SVG: one line where the figure is stale
checked() {
    script=$1 svg=$2
    [ -f "$svg" ] || { echo "$svg: is not drawn yet: make figures" >&2; return 1; }
    said=$(with_data "$tool" figures --check "$svg" "$style" "$script" -- 2>&1) && return 0
    if [ -n "$missing" ] && drawn_with "$svg" $missing; then
        case $said in
        *"version of its script"*) ;;
        *) echo "skipped: $svg: drawn with$missing too, which is not there (make vocab-gpt2)"; return 0 ;;
        esac
    fi
    printf '%s\n' "$said" | sed 1q >&2
    return 1
}

[ -n "$check" ] || mkdir -p "$out" || exit 1
result=0
for script in figures/"$stem"*.gp; do
    [ -f "$script" ] || fail "figures/$stem*.gp: there is no such script"
    svg=$out/$(basename "$script" .gp).svg
    data_of "$script" || { result=1; continue; }
    if [ -n "$check" ]; then
        checked "$script" "$svg" || result=1
    elif [ -n "$empty" ]; then
        echo "  $(basename "$script" .gp): nothing to draw for this prompt"
        [ "${out%/}" = figures ] || rm -f "$svg"
    elif [ "${out%/}" = figures ] && [ -n "$missing" ] && [ -f "$svg" ] && drawn_with "$svg" $missing; then
        echo "$svg: left as it was: it also shows$missing, which is not there (make vocab-gpt2)"
    else
        draw "$script" "$svg" || result=1
    fi
done
exit $result
