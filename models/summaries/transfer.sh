#!/bin/sh
# Measures transfer: models/robots fine-tuned on N summaries, and beside it a model of the same shape trained
# from nothing on the same ones. Adds the runs that the log does not have yet:
#   sh models/summaries/transfer.sh LOG "N…" "SEED…" ["robots scratch"]
# A line for each plot, and one for all: model, examples, seed, plot, exactly right, of how many
set -eu
export OMP_NUM_THREADS=1
log=$1
touch "$log"
for seed in $3; do
    for n in $2; do
        for model in ${4:-robots scratch}; do
            grep -q "^$model	$n	$seed	" "$log" && continue
            to=$log.$model
            rm -rf "$to"
            scratch=
            [ $model = robots ] || scratch=yes
            SCRATCH=$scratch N=$n SEED=$seed TO=$to sh models/task.sh train summaries > "$to.txt" || { cat "$to.txt"; exit 1; }
            awk -v OFS='\t' -v run="$model	$n	$seed" '
                / of [0-9]+$/ { print run, $1, $2, $4 }
                /exactly right/ { print run, "all", $1, $3 }' "$to.txt" >> "$log"
        done
    done
done
