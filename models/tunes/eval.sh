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
build/14_training eval --model "$model" --text $out/tunes | awk -v limit="$(cat $out/limit)" '
    $1 == "tokens" { tokens = $2 }
    $2 == "token" { token = $3 }
    $1 == "stories" { n = $2 }
    END {
        printf "tunes                       %d\n", n
        printf "                            model    limit    between\n"
        printf "nats a token                %.4f   %.4f   %.4f\n", token, limit / tokens, token - limit / tokens
        printf "nats a tune                 %.2f    %.2f    %.2f\n", token * tokens / n, limit / n, (token * tokens - limit) / n
    }'
