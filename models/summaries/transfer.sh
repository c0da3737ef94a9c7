#!/bin/sh
# Measures transfer: models/robots fine-tuned on N summaries, and beside it a model of the same shape trained
# from nothing on the same ones. Adds the runs that the log does not have yet:
#   sh models/summaries/transfer.sh LOG "N…" "SEED…" ["robots scratch"]
# A line for each plot, and one for all: model, examples, seed, plot, exactly right, of how many, seconds of
# one core.
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
            times > "$to.before"
            SCRATCH=$scratch N=$n SEED=$seed TO=$to sh models/task.sh train summaries > "$to.txt" || { cat "$to.txt"; exit 1; }
            times > "$to.after"
            seconds=$(cat "$to.before" "$to.after" | awk '
                NR % 2 == 0 { split($1, t, /[ms]/); was = now; now = 60 * t[1] + t[2] } END { printf "%.0f", now - was }')
            awk -v OFS='\t' -v run="$model	$n	$seed" -v seconds="$seconds" '
                / of [0-9]+$/ { print run, $1, $2, $4, seconds }
                /exactly right/ { print run, "all", $1, $3, seconds }' "$to.txt" >> "$log"
            rm -f "$to.before" "$to.after"
        done
    done
done
