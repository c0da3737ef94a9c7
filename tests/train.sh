#!/bin/sh
# make train and make finetune as a reader uses them, in a copy of the book: a line for each test.
#   sh tests/train.sh            all
#   sh tests/train.sh NAME…      only these
set -u
copy=build/check/train
rm -rf "$copy" && mkdir -p "$copy"
git ls-files -co --exclude-standard | grep -v '^figures/' | while read -r f; do [ -f "$f" ] && echo "$f"; done |
    tar cf - -T - | (cd "$copy" && tar xf -)
cd "$copy" || exit 1
make build/01_tokenizer build/14_training build/stories > build.log 2>&1 || { cat build.log; exit 1; }
for i in 1 2 3 4 5 6 7 8 9; do
    echo "The lamp of keeper $i goes on at dusk and goes out at dawn, and $i ships pass by in the night."
done > sea.txt
failed=0 only=" $* "

# test_of NAME: runs the function NAME in an empty build/train.
test_of() {
    case $only in "  " | *" $1 "*) ;; *) return ;; esac
    rm -rf build/train build/elsewhere
    if (set -e; "$1") > "$1.log" 2>&1; then
        echo "ok $1"
    else
        failed=1
        echo "FAILED $1"
        tail -20 "$1.log"
    fi
}

small="VOCABULARY=270 STEPS=2"
train() { make train "$@" > out 2>&1 || { cat out; return 1; }; cat out; }
refused() { # refused WORDS WORD=VALUE…: make train fails and says so
    words=$1
    shift
    if make train "$@" > out 2>&1; then cat out; echo "not refused: $*"; return 1; fi
    cat out
    grep -F -e "$words" out
}
sum() { cksum < "build/train/$1"; }

a_changed_text_has_its_tokens_learned_again() {
    cp sea.txt my.txt
    train TEXT=my.txt $small
    before=$(sum my/merges.txt)
    tr a-y b-z < sea.txt > my.txt
    refused "has a model already" TEXT=my.txt $small
    train TEXT=my.txt $small OVERWRITE=yes
    [ "$before" != "$(sum my/merges.txt)" ]
}
texts_of_one_name_are_not_mixed_up() {
    mkdir -p a b
    cp sea.txt a/my.txt
    tr a-y b-z < sea.txt > b/my.txt
    train TEXT=a/my.txt $small
    before=$(sum my/merges.txt)
    refused "build/train/my: has a model already" TEXT=b/my.txt $small
    train TEXT=b/my.txt $small TO=build/train/other
    [ "$before" = "$(sum my/merges.txt)" ]
    [ "$before" != "$(sum other/merges.txt)" ]
}
another_vocabulary_is_learned() {
    train TEXT=sea.txt $small
    train TEXT=sea.txt VOCABULARY=290 STEPS=2 OVERWRITE=yes
    grep '"vocab_size": 290' build/train/sea/config.json
}
the_shipped_models_place_is_kept() {
    cp sea.txt robots.txt
    train TEXT=robots.txt $small
    [ ! -e build/train/robots ]
    [ -f build/train/my-robots/model.safetensors ]
    refused "is the book's own model" TEXT=sea.txt $small TO=models/robots OVERWRITE=yes
}
a_finished_model_is_not_overwritten() {
    train TEXT=sea.txt $small
    before=$(sum sea/model.safetensors)
    refused "make train TEXT=sea.txt STEPS=2 VOCABULARY=270 OVERWRITE=yes puts a new one" TEXT=sea.txt $small
    [ "$before" = "$(sum sea/model.safetensors)" ]
    # The shipped model's plan, with stories enough for a try.
    mkdir -p build/train
    for text in robots lessons held-out; do build/stories generate --count 60 --seed 5 > build/train/$text.txt; done
    mkdir -p build/train/robots
    echo precious > build/train/robots/model.safetensors
    refused "build/train/robots: has a model already: make train 'STAGES" STAGES="1 1 1" ||
        refused "build/train/robots: has a model already: make train STAGES='1 1 1' OVERWRITE=yes" STAGES="1 1 1"
    grep precious build/train/robots/model.safetensors
}
# interrupted WORD=VALUE…: a run that gets Ctrl-C after its first step
interrupted() {
    (trap - INT; exec sh models/train.sh > out 2>&1) &
    shell=$!
    tries=0
    until grep -q "^step 1 " out 2> /dev/null || [ $((tries += 1)) -gt 300 ]; do sleep 0.1; done
    program=$(ps -o pid=,ppid= -A | awk -v p=$shell '$2 == p { print $1 }')
    [ -z "$program" ] || kill -INT $program
    wait $shell
    cat out
}
what_goes_on_after_ctrl_c_is_printed() {
    cp sea.txt "the keeper's \$sea.txt"
    rm -f out
    (TEXT="the keeper's \$sea.txt" STEPS=4000 VOCABULARY=270; export TEXT STEPS VOCABULARY; interrupted)
    again=$(sed -n 's/^stopped after step .*; to continue: //p' out)
    echo "again: $again"
    [ "$again" = "make train TEXT='the keeper'\\''s \$sea.txt' STEPS=4000 VOCABULARY=270 RESUME=yes" ]
    refused "has an unfinished model" TEXT="the keeper's \$sea.txt"
    refused "unfinished is: make train TEXT=" RESUME=yes
    refused "was started with --steps 4000, not 3" TEXT="the keeper's \$sea.txt" STEPS=3 RESUME=yes
}
a_run_goes_on_with_its_own_settings() {
    train TEXT=sea.txt STEPS=5 VOCABULARY=270
    before=$(sum sea/model.safetensors)
    rm build/train/sea/done build/train/sea/model.safetensors
    train TEXT=sea.txt RESUME=yes
    [ "$before" = "$(sum sea/model.safetensors)" ]
}
a_part_of_the_text_is_held_back() {
    train TEXT=sea.txt $small
    grep "held out: the last" out
    grep "^step 2 of 2  loss [0-9.]*  held-out [0-9.]*  " out
    awk -F'\t' 'NR > 1 && !($4 > 0) { exit 1 }' build/train/sea/training.tsv
}
fine_tuning_goes_on_from_the_shipped_model() {
    make finetune TEXT=sea.txt STEPS=3 > out 2>&1
    cat out
    grep "held-out" out
    ! grep nan out
    cmp build/train/sea-tuned/merges.txt models/robots/merges.txt
    if make finetune > out 2>&1; then return 1; fi
    grep "make finetune: expected TEXT=FILE" out
}
what_a_text_is_not_is_told() {
    mkdir -p folder.txt
    : > empty.txt
    printf 'short' > short.txt
    printf '\377\376a\0b\0c\0d\0' > wide.txt
    head -c 2000 /dev/zero > zeros.txt
    sed "s/\$/$(printf '\r')/" sea.txt > windows.txt
    refused "folder.txt: is a folder" TEXT=folder.txt
    refused "empty.txt: is empty" TEXT=empty.txt
    refused "short.txt: has 5 tokens, expected 258 at least" TEXT=short.txt $small
    refused "wide.txt: " TEXT=wide.txt
    refused "zeros.txt: has a byte 0" TEXT=zeros.txt
    refused "nothing.txt: cannot be opened" TEXT=nothing.txt
    train TEXT=windows.txt $small
    grep "windows.txt: its lines end in" out
    [ -z "$(ls build/train | grep -v -e windows -e short)" ]
}
two_runs_do_not_share_a_folder() {
    train TEXT=sea.txt $small
    mkdir build/train/sea/lock
    sleep 30 &
    other=$!
    echo $other > build/train/sea/lock/process
    refused "is in use by a different run (process $other)" TEXT=sea.txt $small OVERWRITE=yes
    kill $other
    wait $other || :
    train TEXT=sea.txt $small OVERWRITE=yes # it was killed: nobody's lock
    [ ! -e build/train/sea/lock ]
}
texts_are_whole_and_what_they_are_made_of() {
    export LC_ALL=C
    sed 's/400000/40/; s/700000/70/; s/1000000/100/; s/40000 /40 /' models/train.sh > models/try.sh
    sh models/try.sh --text
    before=$(sum robots.txt)
    sed 's/tell 11 40/tell 11 50/' models/try.sh > models/more.sh
    sh models/more.sh --text
    [ "$before" != "$(sum robots.txt)" ]
    rm -r build/train
    if (trap '' XFSZ; ulimit -f 1; sh models/more.sh --text) > out 2>&1; then return 1; fi
    cat out
    [ -z "$(ls build/train)" ]
}

for name in $(sed -n 's/^\([a-z_]*\)() {$/\1/p' ../../../tests/train.sh); do
    case $name in test_of | train | refused | sum | interrupted) ;; *) test_of "$name" ;; esac
done
exit $failed
