#!/bin/sh
# Trains a model: make train
#   STEPS=200          a first stage of so many steps alone (the shipped model: 4500, and two stages more)
#   TEXT=my.txt        on your own text instead of the robots' stories, with its own vocabulary
#   FROM=DIR           go on from a checkpoint, with its vocabulary
#   TO=DIR             where the model goes (build/train/robots, or a folder named after the text)
#   RESUME=yes         go on where this run was stopped
#   STAGES="4500 700 1600"    so many steps in the three stages of the shipped model
#   ROUNDS=4           the second stage at most so many times, until what it is there for is learned
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

# What must be said can be so rare that a model takes it for chance. An order names a place, and the
# robot goes to it: one story in forty; here almost one in three. What was carried is needed, and it
# is "an umbrella": one in nine hundred; here one in fifty.
tell_lessons() {
    {
        build/stories generate --count 40000 --seed 13 --lines
        build/stories generate --count 700000 --seed 12 --lines | awk '
            match($0, / to the [a-z]+ and /) &&
            index($0, " the " substr($0, RSTART + 8, RLENGTH - 13) ",\"")'
        build/stories generate --count 1000000 --seed 14 --lines | grep "I need an [a-z]* when "
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

# What the model in folder $1 finds hardest of what a story determines, its kind behind it:
# "2.743 nats a token, again f". (The limit is 0, or next to it.)
hardest() {
    if [ ! -s "$1/hardest" ]; then
        sh models/robots/eval.sh "$1" 1000 > build/train/measured
        awk '/ten hardest/ { getline; getline; $2 = "nats a token,"; print; exit }' build/train/measured > "$1/hardest"
    fi
    cat "$1/hardest"
}

# Trains one stage, or what is left of it: train_stage NAME STEPS OPTION…
train_stage() {
    folder=$to/$1
    steps=$2
    logs="$logs $folder/training.tsv"
    shift 2
    [ -f "$folder/done" ] && return
    [ "${RESUME:-}" ] && [ -f "$folder/training.safetensors" ] && set -- "$@" --resume
    build/14_training train --steps "$steps" "$@" --held-out $held --to "$folder"
    # Stopped by Ctrl-C, it has said how to go on.
    [ "$(tail -n 1 "$folder/training.tsv" | cut -f1)" = "$steps" ] || exit 0
    : > "$folder/done"
}

if [ -z "${TEXT:-}${FROM:-}${STEPS:-}" ]; then
    # The shipped model: all stories; with lessons; all stories once more, at an ebbing rate.
    to=${TO:-build/train/robots}
    make_stories
    make_text $lessons tell_lessons
    # What an earlier run left must not be taken for this one's.
    [ "${RESUME:-}" ] || rm -f "$to"/stage*/done "$to"/stage*/hardest "$to"/stage[23]*/training.safetensors
    set -- ${STAGES:-4500 700 1600}
    [ $# = 3 ] || { echo "STAGES=\"$STAGES\": expected the steps of three stages"; exit 1; }
    first=$1 second=$2 third=$3 logs= rounds=${ROUNDS:-4}
    case $rounds in [1-9]) ;; *) echo "ROUNDS=$rounds: expected 1 to 9"; exit 1 ;; esac
    echo "Stage 1 of 3"
    train_stage stage1 "$first" --text $text --vocabulary models/robots --save 150
    # When a model learns its lessons is chance. One that did not gets them again.
    last=stage1 round=0
    while [ $((round += 1)) -le "$rounds" ]; do
        echo "Stage 2 of 3, round $round"
        train_stage stage2.$round "$second" --text $lessons --from "$to/$last" \
            --rate 0.0015 --seed $((round + 2)) --copying 0
        last=stage2.$round
        hard=$(hardest "$to/$last")
        echo "hardest of what a story determines: $hard"
        case $hard in 0.[01]*) break ;; esac
    done
    echo "Stage 3 of 3"
    train_stage stage3 "$third" --text $text --from "$to/$last" \
        --rate 0.0012 --seed 4 --copying 0
    cp "$to/stage3/model.safetensors" "$to/stage3/config.json" "$to/stage3/vocab.json" "$to/stage3/merges.txt" "$to"
    join_logs $logs > "$to/training.tsv"
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
