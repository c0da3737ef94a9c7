#!/bin/sh
# Trains a model: make train
#   STEPS=200          how many steps (the shipped model's number where it is not given)
#   TEXT=my.txt        on your own text instead of the robots' stories, with its own vocabulary
#   FROM=DIR           go on from a checkpoint, with its vocabulary
#   TO=DIR             where the model goes (build/train/robots, or a folder named after the text)
#   RESUME=yes         go on where this run was stopped
#   sh models/train.sh --text    makes the shipped model's text if need be and prints its name
# Needs build/stories, build/01_tokenizer and build/14_training.
set -eu
stories=400000 # and a seed that no other text of the book has
text=build/train/robots.txt
held=build/train/held-out.txt

# story_text FILE SEED COUNT: written whole or not at all
story_text() {
    [ -s "$1" ] && return
    mkdir -p build/train
    build/stories generate --count "$3" --seed "$2" > "$1.part" && mv "$1.part" "$1"
}

if [ "${1:-}" = --text ]; then
    story_text $text 11 $stories
    echo $text
    exit
fi

set -- train
if [ -z "${TEXT:-}" ]; then
    story_text $text 11 $stories
    story_text $held 2 500
    to=${TO:-build/train/robots}
    set -- "$@" --text $text --held-out $held --steps "${STEPS:-4500}"
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
