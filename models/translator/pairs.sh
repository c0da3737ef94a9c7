#!/bin/sh
# Measures how many pairs translation needs: trained on N of them, 2,000 steps each (of 200,000: 6,000, as the
# shipped model), and tried on the same 2,000 sentences. Adds the runs that the log does not have yet:
#   sh models/translator/pairs.sh LOG "N…" "SEED…"
# A line for each run: pairs, N, seed, all, exactly right, of how many
set -eu
export OMP_NUM_THREADS=1 STEPS
log=$1
mkdir -p build/train
touch "$log"
for seed in $3; do
    for n in $2; do
        grep -q "^pairs	$n	$seed	" "$log" && continue
        STEPS=2000
        [ "$n" != 200000 ] || STEPS=6000
        to=build/train/pairs
        rm -rf "$to"
        N=$n SEED=$seed TO=$to sh models/task.sh train translator > "$to.txt" || { cat "$to.txt"; exit 1; }
        awk -v OFS='\t' -v run="pairs	$n	$seed" '/exactly right/ { print run, "all", $1, $3 }' "$to.txt" >> "$log"
    done
done
