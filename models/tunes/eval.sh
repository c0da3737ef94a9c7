#!/bin/sh
# How near the model comes to the best there can be: sh models/tunes/eval.sh [MODEL]
# The loss on 2,000 tunes that are not in training, and the limit: -ln P of the same tunes.
# Needs build/tunes and build/14_training.
set -eu
export LC_ALL=C
model=${1:-models/tunes}
out=build/tunes-eval.$$
mkdir -p $out
trap 'rm -rf $out' EXIT
build/tunes write 2000 --seed 3 > $out/tunes
build/tunes surprise < $out/tunes | awk '
    { for (i = 1; i <= NF; i++) sum += $i }
    END { print sum }' > $out/limit
build/14_training eval --model "$model" --text $out/tunes > $out/loss
awk '$1 == "stories" { printf "tunes                       %d\n", $2 }' $out/loss
awk -v limit="$(cat $out/limit)" -v what=tune -v digits=4 -v digits_each=2 -f models/limit.awk $out/loss
