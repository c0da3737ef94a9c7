#!/bin/sh
# Trains a model: make train
#   STEPS=200          a first stage of so many steps alone (the shipped model: 4500, and two stages more)
#   TEXT=my.txt        on your own text instead of the robots' stories, with its own vocabulary
#   FROM=DIR           go on from a checkpoint, with its vocabulary
#   TO=DIR             where the model goes (build/train/robots, or a folder named after the text)
#   RESUME=yes         go on where this run was stopped
#   STAGES="4500 1200 1600"   so many steps in the three stages of the shipped model
#   sh models/train.sh --text    makes the shipped model's text if need be and prints its name
# Needs build/stories, build/01_tokenizer and build/14_training.
set -eu
export LC_ALL=C
# Threads that wait soon leave the core to others: on a busy machine this is many times as fast.
# (GCC's threads look out some microseconds first, which on a quiet machine makes up a tenth.)
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-3000}"
text=build/train/robots.txt
lessons=build/train/lessons.txt
held=build/train/held-out.txt

# Writes a text whole or not at all: make_text FILE COMMAND…
make_text() {
    [ -s "$1" ] && return
    file=$1
    shift
    mkdir -p build/train
    "$@" > "$file.part" && mv "$file.part" "$file"
}

tell() { build/stories generate --count "$2" --seed "$1"; }

# Stories in which an order names a place and the robot goes to it are rare, one in forty, and a model
# that sees only so few takes the place for chance. Here they are one in seven.
tell_lessons() {
    {
        build/stories generate --count 100000 --seed 13 --lines
        build/stories generate --count 700000 --seed 12 --lines | awk '
            match($0, / to the [a-z]+ and /) &&
            index($0, " the " substr($0, RSTART + 8, RLENGTH - 13) ",\"")'
    } | awk '{ printf "%d\t%s\n", (NR * 7919) % 1000003, $0 }' | sort -n | cut -f2- |
        awk '{ printf "%s<|endoftext|>", $0 }'
}

make_stories() {
    make_text $text tell 11 400000
    make_text $held tell 2 500
}

# The log of a model's stages as one.
join_logs() {
    echo "# step	tokens	loss	held-out loss	rate	seconds"
    awk -F'\t' -v OFS='\t' '
        FNR == 1 { steps += step; tokens += token; seconds += second }
        /^#/ { next }
        { step = $1; token = $2; second = $6; print $1 + steps, $2 + tokens, $3, $4, $5, $6 + seconds }' "$@"
}

if [ "${1:-}" = --text ]; then
    make_stories
    echo $text
    exit
fi

if [ -z "${TEXT:-}${FROM:-}${STEPS:-}" ]; then
    # The shipped model: all stories; with lessons; all stories once more, at an ebbing rate.
    to=${TO:-build/train/robots}
    make_stories
    make_text $lessons tell_lessons
    [ "${RESUME:-}" ] || rm -f "$to"/stage*/done
    plan=${STAGES:-4500 700 1600}
    for stage in 1 2 3; do
        steps=$(echo $plan | cut -d' ' -f$stage)
        folder=$to/stage$stage
        [ -f "$folder/done" ] && continue
        case $stage in
        1) from= text_now=$text; set -- --save 150 ;;
        2) from=$to/stage1 text_now=$lessons; set -- --rate 0.0015 --seed 3 --copying 0 ;;
        3) from=$to/stage2 text_now=$text; set -- --rate 0.0012 --seed 4 --copying 0 ;;
        esac
        [ "${RESUME:-}" ] && [ -f "$folder/training.safetensors" ] && set -- "$@" --resume
        [ "$from" ] && set -- "$@" --from "$from" || set -- "$@" --vocabulary models/robots
        echo "Stage $stage of 3"
        build/14_training train --text "$text_now" --steps $steps "$@" --held-out $held --to "$folder"
        # Stopped by Ctrl-C, it has said how to go on.
        [ "$(tail -n 1 "$folder/training.tsv" | cut -f1)" = $steps ] || exit 0
        : > "$folder/done"
    done
    cp "$to/stage3/model.safetensors" "$to/stage3/config.json" "$to/stage3/vocab.json" "$to/stage3/merges.txt" "$to"
    join_logs "$to"/stage[123]/training.tsv > "$to/training.tsv"
    echo "the model is in $to"
    exit
fi

set -- train
if [ -z "${TEXT:-}" ]; then
    make_stories
    to=${TO:-build/train/robots-short}
    set -- "$@" --text $text --held-out $held --steps "${STEPS:-1000}"
    [ -n "${FROM:-}" ] || set -- "$@" --vocabulary models/robots
else
    name=$(basename "$TEXT")
    to=${TO:-build/train/${name%.*}}
    [ -f "$TEXT" ] || { echo "$TEXT: cannot be opened: no such file"; exit 1; }
    [ -s "$TEXT" ] || { echo "$TEXT: is empty, expected a text to learn from"; exit 1; }
    if [ -z "${FROM:-}" ]; then
        [ -f "$to/merges.txt" ] || build/01_tokenizer train --size "${VOCABULARY:-1024}" --to "$to" < "$TEXT"
        set -- "$@" --vocabulary "$to"
    fi
    set -- "$@" --text "$TEXT" --steps "${STEPS:-2000}"
fi
[ -z "${FROM:-}" ] || set -- "$@" --from "$FROM"
[ -z "${RESUME:-}" ] || set -- "$@" --resume
exec build/14_training "$@" --to "$to"
