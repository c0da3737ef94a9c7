#!/bin/sh
# Draws a chapter's figures from its program's data:
#     sh figures/draw.sh STEM DATA OUT             figures/STEM*.gp → OUT/*.svg
#     sh figures/draw.sh --check STEM DATA         are figures/STEM*.svg drawn from these?
# A script names its data in a line `# data: a.dat b.dat?`; what ends in ? may be missing: the
# figure is drawn without it, and not checked.
set -u
check=
[ "$1" = --check ] && check=yes && shift
stem=$1 data=$2 out=${3:-figures}
[ -n "$check" ] || command -v gnuplot > /dev/null 2>&1 ||
    { echo "$stem: gnuplot is not installed: make deps"; exit 1; }
mkdir -p "$out"
bad=0
for script in figures/"$stem"*.gp; do
    name=$(basename "$script" .gp)
    figure=$out/$name.svg
    set --
    missing=
    for file in $(sed -n 's/^# data: *//p' "$script"); do
        path=$data/${file%\?}
        if [ -s "$path" ]; then
            set -- "$@" "$path"
        elif [ -f "$path" ]; then
            # A prompt of one letter, say, has no merges to draw.
            [ -n "$check" ] || echo "  $name: nothing to draw for this prompt"
            continue 2
        elif [ "$file" = "${file%\?}" ]; then
            echo "$script: $path is not there"
            bad=1
            continue 2
        else
            missing=$path
        fi
    done
    if [ -n "$check" ]; then
        if [ -n "$missing" ]; then
            echo "skipped: $figure, for $missing is not there"
        else
            build/00_book figures --check "$figure" figures/style.gp "$script" -- "$@" || bad=1
        fi
        continue
    fi
    messages=$(gnuplot -e "data='$data'; out='$figure'" "$script" 2>&1)
    if [ $? -ne 0 ] || [ -n "$messages" ]; then
        echo "$script: $messages" | grep -v '^ *$' | sed 2q
        bad=1
        continue
    fi
    build/00_book stamp "$figure" figures/style.gp "$script" -- "$@" > /dev/null || bad=1
done
exit $bad
