#!/bin/sh
# Trains models/tunes again: make train-tunes
#   RESUME=yes       go on where this run was stopped
#   OVERWRITE=yes    begin again
#   TO=DIR           where the model goes (build/train/tunes)
# Needs build/tunes, build/14_training and build/15_beyond.
set -eu
export LC_ALL=C
to=${TO:-build/train/tunes}
text=build/train/tunes.txt
held=build/train/tunes-held-out.txt
fail() {
    echo "make train-tunes: $*" >&2
    exit 1
}
if [ -z "${RESUME:-}${OVERWRITE:-}" ]; then
    [ ! -f "$to/model.safetensors" ] || fail "$to: has a model already: OVERWRITE=yes puts a new one in its place"
    [ ! -d "$to/stage1" ] || fail "$to: has an unfinished model: RESUME=yes goes on with it, OVERWRITE=yes begins again"
fi
[ -n "${RESUME:-}" ] || rm -rf "$to/stage1" "$to/stage2" "$to/stage3" "$to/learned.tsv" "$to/learned.all" "$to/model.safetensors"

# The texts, whole or not at all: 200,000 tunes to learn from, 100 others to measure on.
mkdir -p build/train "$to"
for file in $text $held; do
    [ ! -s $file ] || continue
    case $file in $text) count=200000 seed=11 ;; *) count=100 seed=2 ;; esac
    build/tunes write $count --seed $seed > $file.$$.part && mv $file.$$.part $file
done

# What the model in $1 has learned, in nats a token, for each kind of token that `tunes kinds` counts.
# Training goes on meanwhile: which step the model is of, its loss tells, which the log has too.
measure() {
    build/14_training eval --model "$1" --text $held --to "$to/each.tsv" > "$to/measured"
    build/tunes kinds < $held | tr ' ' '\n' | paste - "$to/each.tsv" | awk -v log_="$1/training.tsv" '
        { count[$1]++; sum[$1] += $6; all += $6 }
        END {
            while ((getline line < log_) > 0) {
                split(line, field, "\t")
                off = field[4] - all / NR
                if (field[1] + 0 && off * off < 1e-8) step = field[1]
            }
            if (!step) exit
            printf "%d", step
            for (k = 0; k < 8; k++) printf "\t%.4f", sum[k] / count[k]
            print ""
        }' >> "$to/learned.all"
    sort -n -u "$to/learned.all" > "$to/learned.tsv"
    rm -f "$to/each.tsv" "$to/measured"
}

# train NAME STEPS RATE SEED OPTION…: one run, or what is left of it.
train() {
    folder=$to/$1 steps=$2 rate=$3 seed=$4
    shift 4
    [ ! -f "$folder/done" ] || return 0
    [ ! -f "$folder/training.safetensors" ] || set -- "$@" --resume
    build/14_training train --text $text --held-out $held --to "$folder" --steps "$steps" --rate "$rate" \
        --seed "$seed" --context 256 --batch 32 --copying 0 --save 50 --as "make train-tunes" "$@" |
        while read -r line; do
            echo "$line"
            case $line in step\ *[05]0\ of*) [ "${folder##*/}" != stage1 ] || measure "$folder" ;; esac
        done
    [ -f "$folder/done" ] || exit 0 # stopped by Ctrl-C, it has said how to go on
}
trap : INT TERM # the program that trains saves and says how to go on
train stage1 1400 0.003 1 --vocabulary models/tunes --layers 4 --heads 4 --channels 128
train stage2 500 0.0012 2 --from "$to/stage1"
train stage3 600 0.0012 3 --from "$to/stage2"
build/15_beyond halve --model "$to/stage3" --to "$to/half"
cp models/tunes/vocab.json models/tunes/merges.txt "$to/"
mv "$to/half/config.json" "$to/half/model.safetensors" "$to/"
rmdir "$to/half"
echo "the model is in $to"
