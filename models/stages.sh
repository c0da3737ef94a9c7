# Training in stages, for the scripts that read this: each stage is a folder, and begins with the model of
# the one before. $typed is what the reader typed, for hints that complete it.

# train_stage FOLDER STEPS OPTION…: trains one stage, or what is left of it.
train_stage() {
    folder=$1 steps=$2
    shift 2
    [ ! -f "$folder/done" ] || return 0
    [ ! -f "$folder/training.safetensors" ] || set -- "$@" --resume
    build/14_training train --steps "$steps" --to "$folder" --as "$typed" "$@"
}

# finished FOLDER: a stage that was stopped by Ctrl-C has said how to continue.
finished() { [ -f "$1/done" ] || exit 0; }

# join_logs LOG…: the logs of stages as one.
join_logs() {
    echo "# step	tokens	loss	held-out loss	rate	seconds"
    awk -F'\t' -v OFS='\t' '
        FNR == 1 { steps += step; tokens += token; seconds += second }
        /^#/ { next }
        { step = $1; token = $2; second = $6; print $1 + steps, $2 + tokens, $3, $4, $5, $6 + seconds }' "$@"
}
