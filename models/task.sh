#!/bin/sh
# Trains a model on a task: make train-NAME. A task is a folder, models/NAME, with
#   examples.sh   prints examples: sh examples.sh COUNT SEED; a line each, "prompt => answer", and perhaps
#                 a tab and what kind of example it is
#   settings      how it is trained: examples=, tests=, vocabulary= (how many tokens to learn; 1024), fresh=
#                 (options of build/14_training train), and if it continues a model: from=, tuned=
# The reader's words:
#   N=300         from that many examples (else what settings says)
#   SEED=2        other examples, and another model (1)
#   STEPS=3000    that many steps (else what settings says)
#   TO=DIR        where the model goes (build/train/NAME)
#   OVERWRITE=yes, RESUME=yes   as with make train
# make finetune N=300 trains models/summaries twice: from the model that it continues, and from nothing.
# Needs build/01_tokenizer, build/14_training and build/15_beyond.
set -eu
export LC_ALL=C
command=$1 name=$2
folder=models/$name
typed="make train-$name"
[ "$command" = train ] || typed="make finetune N=${N:-}"
fail() {
    echo "$typed: $*" >&2
    exit 1
}
if [ "$command" = finetune ]; then
    echo "From models/robots"
    TO=build/train/$name OVERWRITE=yes RESUME= sh "$0" train "$name"
    echo "From nothing"
    SCRATCH=yes TO=build/train/$name-scratch OVERWRITE=yes RESUME= sh "$0" train "$name"
    exit
fi
[ -f "$folder/examples.sh" ] && [ -f "$folder/settings" ] ||
    fail "$folder: has no examples.sh and settings: there is no such task"
from= tuned= vocabulary=1024
. "$folder/settings"
[ -z "${SCRATCH:-}" ] || words=$from from=
count=${N:-$examples} seed=${SEED:-1}
case $count$seed in *[!0-9]*) fail "N=$count SEED=$seed: expected whole numbers" ;; esac
to=${TO:-build/train/$name}
mkdir -p "$to"

# What is measured is never learned: the tests are those of seed 2, the examples of an odd one, without the
# tests' prompts.
sh "$folder/examples.sh" $((tests + tests / 4)) 2 > "$to/test.all"
awk -F ' => ' -v n="$tests" '!seen[$1]++ && ++kept <= n' "$to/test.all" > "$to/test.txt"
rm -f "$to/test.all"
sh "$folder/examples.sh" "$count" $((2 * seed - 1)) | awk -F ' => ' '
    NR == FNR { test[$1]; next }
    !($1 in test) { sub(/\t.*/, ""); printf "%s<|endoftext|>", $0 }' "$to/test.txt" - > "$to/examples.txt"

set -- train --text "$to/examples.txt" --seed "$seed" --to "$to" --as "$typed"
# Of many examples the last ones can be spared, to measure the loss on; of few they cannot.
if [ "$count" -le 20000 ]; then
    awk 'NR <= 16 { sub(/\t.*/, ""); printf "%s<|endoftext|>", $0 }' "$to/test.txt" > "$to/held-out.txt"
    set -- "$@" --held-out "$to/held-out.txt"
fi
[ -z "${RESUME:-}" ] || set -- "$@" --resume
[ -z "${OVERWRITE:-}" ] || set -- "$@" --overwrite
if [ -n "$from" ]; then
    set -- "$@" --from "$from" $tuned
elif [ -n "${words:-}" ]; then
    set -- "$@" --vocabulary "$words" $fresh
else
    [ -s "$to/words/merges.txt" ] && [ -n "${RESUME:-}" ] ||
        build/01_tokenizer train --size "$vocabulary" --to "$to/words" < "$to/examples.txt"
    set -- "$@" --vocabulary "$to/words" $fresh
fi
[ -z "${STEPS:-}" ] || set -- "$@" --steps "$STEPS"
build/14_training "$@"
[ -f "$to/done" ] || exit 0 # stopped by Ctrl-C, it has said how to continue
build/15_beyond exact --model "$to" --text "$to/test.txt"
