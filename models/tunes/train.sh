#!/bin/sh
# Trains models/tunes again: make train-tunes
#   RESUME=yes       continue where this run was stopped
#   OVERWRITE=yes    begin again
#   TO=DIR           where the model goes (build/train/tunes)
#   STAGES="1400 500 600 2500"   how many steps the four stages have
# Needs build/tunes, build/14_training and build/15_beyond.
set -eu
export LC_ALL=C
to=${TO:-build/train/tunes} typed="make train-tunes"
text=build/train/tunes.txt
held=build/train/tunes-held-out.txt
fail() {
    echo "$typed: $*" >&2
    exit 1
}
set -f
set -- ${STAGES:-1400 500 600 2500}
set +f
[ $# = 4 ] || fail "STAGES=\"$STAGES\": expected the steps of four stages"
if [ -z "${RESUME:-}${OVERWRITE:-}" ]; then
    [ ! -f "$to/model.safetensors" ] || fail "$to: has a model already: OVERWRITE=yes puts a new one in its place"
    [ ! -d "$to/stage1" ] || fail "$to: has an unfinished model: RESUME=yes continues it, OVERWRITE=yes begins again"
fi
[ -n "${RESUME:-}" ] || rm -rf "$to"/stage? "$to/learned.tsv" "$to/learned.all" "$to/model.safetensors"
rm -f "$to/failed"

# The texts, whole or not at all: 200,000 tunes to learn from, 100 others to measure on.
mkdir -p build/train "$to"
for file in $text $held; do
    [ ! -s $file ] || continue
    case $file in $text) count=200000 seed=11 ;; *) count=100 seed=2 ;; esac
    build/tunes write $count --seed $seed > $file.$$.part && mv $file.$$.part $file
done

# What the model in $1 has learned, in nats per token, for each kind of token that `tunes kinds` counts.
# Training continues meanwhile: the loss, which the log has too, tells which step the model is from.
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

# stage NUMBER STEPS RATE OPTION…; in the first one it is measured what is learned when.
. models/stages.sh
stage() {
    folder=$to/stage$1 number=$1 steps=$2 rate=$3
    shift 3
    {
        train_stage "$folder" "$steps" --text $text --held-out $held --rate "$rate" --seed "$number" \
            --context 256 --batch 32 --copying 0 --save 50 "$@" || : > "$to/failed"
    } |
        while read -r line; do
            echo "$line"
            case $number$line in 1step\ *[05]0\ of*) measure "$folder" ;; esac
        done
    [ ! -f "$to/failed" ] || exit 1
    finished "$folder"
}
trap : INT TERM # the program that trains saves and says how to continue
stage 1 "$1" 0.003 --vocabulary models/tunes --layers 4 --heads 4 --channels 128
stage 2 "$2" 0.0012 --from "$to/stage1"
stage 3 "$3" 0.0012 --from "$to/stage2"
stage 4 "$4" 0.0015 --from "$to/stage3"
join_logs "$to"/stage?/training.tsv > "$to/training.tsv"
build/15_beyond halve --model "$to/stage4" --to "$to/half"
cp models/tunes/vocab.json models/tunes/merges.txt "$to/"
mv "$to/half/config.json" "$to/half/model.safetensors" "$to/"
rmdir "$to/half"
echo "the model is in $to"
