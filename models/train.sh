#!/bin/sh
# Trains a model: make train
#   STEPS=200          a first stage of that many steps alone (the shipped model: 4500, and two stages more)
#   TEXT=my.txt        on your own text instead of the robots' stories, with its own vocabulary
#   VOCABULARY=1024    how many tokens that has
#   FROM=DIR           continue from a checkpoint, with its vocabulary
#   TO=DIR             where the model goes (build/train/robots, or a folder named after the text)
#   RESUME=yes         continue where this run was stopped
#   OVERWRITE=yes      put the model in the place of one that is there
#   STAGES="4500 700 1600"    how many steps the three stages of the shipped model have
#   ROUNDS=4           the second stage at most that many times, until what it is there for is learned
# Fine-tunes one: make finetune TEXT=my.txt
#   FROM=models/robots, STEPS=200, TO=build/train/my-tuned: other choices
#   sh models/train.sh --text    makes the shipped model's text if need be and prints its name
# Needs build/stories, build/01_tokenizer and build/14_training.
set -eu
export LC_ALL=C
text=build/train/robots.txt
lessons=build/train/lessons.txt
held=build/train/held-out.txt
command=train
[ "${1:-}" != finetune ] || command=finetune

fail() {
    echo "make $command: $*" >&2
    exit 1
}

# ---- Files, whole or not at all, and what they were made of ----------------------------------

# whole FILE COMMAND…: what the command prints becomes the file, when all of it is there.
whole() {
    whole_file=$1
    shift
    mkdir -p "${whole_file%/*}"
    rm -f "$whole_file.$$.failed"
    if "$@" > "$whole_file.$$.part" && [ ! -f "$whole_file.$$.failed" ]; then
        mv "$whole_file.$$.part" "$whole_file"
    else
        rm -f "$whole_file.$$.part" "$whole_file.$$.failed"
        fail "$whole_file: cannot be written"
    fi
}

# In the middle of a pipe nobody asks how a command ended: this one leaves a note for `whole`.
noted() { "$@" || : > "$whole_file.$$.failed"; }

# make_text FILE COMMAND…: the text, unless it is there and made of the same.
make_text() {
    made="$(cksum < models/robots/stories.grammar) $(shift; echo "$*")"
    if [ -s "$1" ]; then
        [ -f "$1.made-of" ] || { echo "$1: taken as it is" >&2; return; }
        [ "$(cat "$1.made-of")" != "$made" ] || return 0
    fi
    rm -f "$1.made-of"
    whole "$@"
    whole "$1.made-of" echo "$made"
}

# ---- The robots' texts ------------------------------------------------------------------------

tell() { build/stories generate --count "$2" --seed "$1"; }

# What must be said can be so rare that a model takes it for chance. An order names a place, and the
# robot goes to it: one story in forty; here almost one in three. What was carried is needed, and it
# is "an umbrella": one in nine hundred; here one in fifty.
tell_lessons() {
    {
        noted build/stories generate --count 40000 --seed 13 --lines
        noted build/stories generate --count 700000 --seed 12 --lines | noted awk '
            match($0, / to the [a-z]+ and /) &&
            index($0, " the " substr($0, RSTART + 8, RLENGTH - 13) ",\"")'
        noted build/stories generate --count 1000000 --seed 14 --lines | grep "I need an [a-z]* when "
    } | noted awk '{ printf "%d\t%s\n", (NR * 7919) % 1000003, $0 }' | noted sort -n | cut -f2- |
        awk '{ printf "%s<|endoftext|>", $0 }'
}

make_stories() {
    make_text $text tell 11 400000
    make_text $held tell 2 500
}

if [ "${1:-}" = --text ]; then
    make_stories
    echo $text
    exit
fi

# ---- What the reader asked for, and where it goes ---------------------------------------------

# A word as the reader's shell reads it.
quoted() {
    case $1 in
    *[!A-Za-z0-9_./+:@%,-]*) printf "'%s'" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf %s "$1" ;;
    esac
}

# The command that the reader typed, for hints that complete it.
typed="make $command"
for word in TEXT FROM TO STEPS STAGES ROUNDS VOCABULARY; do
    eval "value=\${$word:-}"
    [ -z "$value" ] || typed="$typed $word=$(quoted "$value")"
done

[ -z "${RESUME:-}" ] || [ -z "${OVERWRITE:-}" ] || fail "RESUME continues and OVERWRITE begins again: choose one"
if [ "$command" = finetune ]; then
    [ -n "${TEXT:-}" ] || fail "expected TEXT=FILE, what to learn"
    FROM=${FROM:-models/robots}
fi
if [ -n "${TEXT:-}" ]; then
    name=${TEXT##*/}
    [ -z "${name%.*}" ] || name=${name%.*}
    case $name in robots | robots-short) name=my-$name ;; esac # the places of the shipped model's
    [ "$command" = train ] || name=$name-tuned
elif [ -n "${FROM:-}${STEPS:-}" ]; then
    name=robots-short
else
    name=robots
fi
to=${TO:-build/train/$name}
[ ! -f "$to/stories.grammar" ] || fail "TO=$to: is the book's own model, expected a different folder"

# One run at a time. What a killed run left is nobody's.
lock() {
    mkdir -p "$to" || exit 1
    if ! mkdir "$to/lock" 2> /dev/null; then
        [ -s "$to/lock/process" ] || sleep 1 # it may be about to say who it is
        owner=$(cat "$to/lock/process" 2> /dev/null) || owner=
        [ -z "$owner" ] || ! kill -0 "$owner" 2> /dev/null ||
            fail "$to: is in use by a different run (process $owner)"
        rm -rf "$to/lock"
        mkdir "$to/lock" 2> /dev/null || fail "$to: is in use by a different run"
    fi
    trap 'rm -rf "$to/lock"; rmdir "$to" 2> /dev/null || :' EXIT
    trap : INT TERM # the program that trains saves and says how to continue
    echo $$ > "$to/lock/process"
}

lock

# ---- The shipped model: all stories; with lessons; all stories once more ----------------------

. models/stages.sh

# What the model in folder $1 finds hardest of what a story determines, and its kind:
# "2.743 nats per token, again f". (The limit is 0, or next to it.)
measure_hardest() {
    sh models/robots/eval.sh "$1" 1000 > "$1/measured" &&
        awk '/ten hardest/ { getline; getline; $2 = "nats per token,"; print; exit }' "$1/measured"
}

# Trains one stage, or what is left of it: stage NAME STEPS OPTION…
stage() {
    folder=$to/$1 steps=$2
    logs="$logs $1/training.tsv"
    shift 2
    train_stage "$folder" "$steps" --save 200 --held-out $held "$@"
    finished "$folder"
}

train_stages() {
    begun=$(cat "$to/plan" 2> /dev/null) || begun=
    if [ -n "${RESUME:-}" ]; then
        [ -n "$begun" ] || fail "$to: nothing was begun there that could continue$(begun_elsewhere)"
        plan="${STAGES:-${begun% *}} ${ROUNDS:-${begun##* }}"
        [ "$plan" = "$begun" ] || fail "$to: was started with STAGES=\"${begun% *}\" ROUNDS=${begun##* }"
    else
        plan="${STAGES:-4500 700 1600} ${ROUNDS:-4}"
        over="$typed OVERWRITE=yes replaces it with a new one"
        if [ -z "${OVERWRITE:-}" ]; then
            [ ! -f "$to/model.safetensors" ] || fail "$to: has a model already: $over"
            [ -z "$begun" ] || fail "$to: has an unfinished model: $typed RESUME=yes continues it, $over"
        fi
    fi
    set -f
    set -- $plan
    set +f
    [ $# = 4 ] || fail "STAGES=\"${plan% *}\": expected the steps of three stages"
    first=$1 second=$2 third=$3 rounds=$4 logs=
    case $rounds in [1-9]) ;; *) fail "ROUNDS=$rounds: expected 1 to 9" ;; esac
    make_stories
    make_text $lessons tell_lessons
    # What an earlier run left must not be taken for this one's.
    [ -n "${RESUME:-}" ] || rm -rf "$to"/stage1 "$to"/stage2.? "$to"/stage3 "$to/model.safetensors"
    whole "$to/plan" echo "$plan"
    echo "Stage 1 of 3"
    stage stage1 "$first" --text $text --vocabulary models/robots
    # When a model learns its lessons is chance. One that did not gets them again.
    last=stage1 round=0
    while [ $((round += 1)) -le "$rounds" ]; do
        echo "Stage 2 of 3, round $round"
        stage stage2.$round "$second" --text $lessons --from "$to/$last" \
            --batch 64 --rate 0.0015 --seed $((round + 2)) --copying 0
        last=stage2.$round
        [ -s "$to/$last/hardest" ] || whole "$to/$last/hardest" measure_hardest "$to/$last"
        hard=$(cat "$to/$last/hardest")
        echo "hardest of what a story determines: $hard"
        case $hard in 0.[01]*) break ;; esac
    done
    echo "Stage 3 of 3"
    stage stage3 "$third" --text $text --from "$to/$last" \
        --batch 64 --rate 0.0012 --seed 4 --copying 0
    (cd "$to" && join_logs $logs) > "$to/stage3/whole.tsv"
    whole "$to/training.tsv" cat "$to/stage3/whole.tsv"
    for file in config.json vocab.json merges.txt model.safetensors; do
        whole "$to/$file" cat "$to/stage3/$file"
    done
    echo "the model is in $to"
}

# ---- One run -------------------------------------------------------------------------------------

# What waits to be continued in other folders, for the reader who has forgotten how it was called.
begun_elsewhere() {
    for other in build/train/*/command; do
        [ ! -f "$other" ] || [ ! -f "${other%/*}/training.safetensors" ] || [ -f "${other%/*}/done" ] ||
            printf '; unfinished is: %s RESUME=yes' "$(cat "$other")"
    done
}

# The tokens of the reader's own text, learned unless they are there and learned from the same.
learn_words() {
    made="$(cksum < "$TEXT") ${VOCABULARY:-1024}"
    [ "$(cat "$to/words/made-of" 2> /dev/null)" != "$made" ] || return 0
    rm -f "$to/words/made-of"
    build/01_tokenizer train --size "${VOCABULARY:-1024}" --to "$to/words" < "$TEXT"
    whole "$to/words/made-of" echo "$made"
}

if [ -z "${TEXT:-}${FROM:-}${STEPS:-}" ]; then
    train_stages
    exit
fi

set -- --to "$to" --as "$typed"
[ -z "${RESUME:-}" ] || set -- "$@" --resume
[ -z "${OVERWRITE:-}" ] || set -- "$@" --overwrite
if [ -n "${TEXT:-}" ]; then
    set -- "$@" --text "$TEXT"
    build/14_training check "$@"
    steps=2000
else
    make_stories
    set -- "$@" --text $text --held-out $held
    steps=1000
fi
if [ -n "${FROM:-}" ]; then
    set -- "$@" --from "$FROM"
    steps= # the program's own for fine-tuning
elif [ -z "${TEXT:-}" ]; then
    set -- "$@" --vocabulary models/robots
elif [ -z "${RESUME:-}" ] || [ -n "${VOCABULARY:-}" ]; then
    learn_words
    set -- "$@" --vocabulary "$to/words"
fi
# A run that continues has the steps it was started with.
[ -z "${RESUME:-}" ] || steps=
steps=${STEPS:-$steps}
[ -z "$steps" ] || set -- "$@" --steps "$steps"
[ -n "${RESUME:-}" ] || whole "$to/command" echo "$typed"
build/14_training train "$@"
