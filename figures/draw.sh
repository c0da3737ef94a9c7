#!/bin/sh
# Draws the figures of a chapter from the data that its program wrote with --figures.
#   sh figures/draw.sh STEM DATA OUT        figures/STEM*.gp → OUT/STEM*.svg
# A script names its data: # data: tokens.dat words.dat other.dat? (which may be missing: what it
# shows is left out then), # measured: times.dat (other numbers on every run). Where a file is
# empty (a prompt of one letter has no merges), there is nothing to draw. Chapter 0's program
# makes what gnuplot draws ready for a page; the book's own figures also note what they were drawn from.
set -u
tool=build/00_book checks=build/book_checks
stem=${1:?draw.sh: expected STEM DATA OUT} data=${2:?draw.sh: expected STEM DATA OUT}
out=${3:?draw.sh: expected STEM DATA OUT}

fail() { echo "$*" >&2; exit 1; }

[ -d "$data" ] || fail "$data: there are no data: expected a folder that the program wrote with --figures"
[ -x "$tool" ] || fail "$tool: is not built: make tool"
command -v gnuplot > /dev/null 2>&1 || fail "gnuplot is not installed: make deps"
version=$(gnuplot --version 2>&1)
case $version in
"gnuplot "[0-4].* | "gnuplot 5."[01]\ *) fail "$version is too old: the figures need gnuplot 5.2 or newer" ;;
esac

# A text between '' for gnuplot.
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"; }

# variables SCRIPT OUT: what gnuplot is told before a script: where the data are, where the drawing goes, how
# many rows each file has (rows_tokens). Nothing if a file is empty.
variables() {
    set -f
    told="data = $(quoted "$data"); out = $(quoted "$2")" empty=
    for name in $(sed -n -e 's/^# data://p' -e 's/^# measured://p' "$1" | tr -d '\r'); do
        file=$data/${name%\?}
        if [ -f "$file" ]; then
            [ -s "$file" ] || empty=yes
            rows=$(wc -l < "$file")
            told="$told; rows_${name%%.*} = $((rows))"
        else
            case $name in *\?) ;; *) fail "$1: $file is missing" ;; esac
        fi
    done
    [ "$empty" ] || printf '%s\n' "$told"
}

# draw SCRIPT SVG
draw() {
    script=$1 svg=$2
    part=$svg.$$.part
    told=$(variables "$script" "$part") || return 1
    if [ -z "$told" ]; then
        echo "  $(basename "$script" .gp): nothing to draw for this prompt"
        rm -f "$svg"
        return 0
    fi
    said=$(gnuplot -d -e "$told" "$script" 2>&1 < /dev/null)
    status=$?
    # (In the C locale gnuplot complains that it has no degree sign. We need none.)
    said=$(printf '%s\n' "$said" | grep -v -e 'iconv failed to convert degree sign' -e '^ *$')
    if [ $status -ne 0 ] || [ -n "$said" ] || [ ! -s "$part" ]; then
        echo "$script: gnuplot did not draw it, or complained (its data: $data; $version)" >&2
        printf '%s\n' "$said" | sed -n -e 's/^/    /' -e 1,8p >&2
        rm -f "$part"
        return 1
    fi
    "$tool" finish "$part" "$script" && { [ ! "$ours" ] || "$checks" stamp "$part" "$script" "$data"; } &&
        mv "$part" "$svg"
}

mkdir -p "$out" || exit 1
ours=
[ "${out%/}" != figures ] || ours=yes
result=0
for script in figures/"$stem"*.gp; do
    [ -f "$script" ] || fail "figures/$stem*.gp: there is no such script"
    svg=$out/$(basename "$script" .gp).svg
    # A committed figure that is drawn from these very scripts and data stays as it is.
    [ "$ours" ] && "$checks" stamp --check "$svg" "$script" "$data" > /dev/null 2>&1 && continue
    draw "$script" "$svg" || result=1
done
exit $result
