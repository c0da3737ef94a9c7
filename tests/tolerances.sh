#!/bin/sh
# How far a right answer may be off: sh tests/tolerances.sh [NN_stem…]
# Compiles the tests of the chapters (all of them, if none is named) with each compiler and level that
# is here, and writes for each recorded tensor twice the worst error of the right answers into
# tests/tolerances.txt, in units in the last place of its largest number, where that is more than 16.
#   exercise TAB situation TAB name TAB units
set -u
file=tests/tolerances.txt
work=build/tolerances
mkdir -p $work
[ $# -gt 0 ] || set -- $(ls notebooks_c/[0-9][0-9]_*.c | sed 's:.*/::; s/\.c$//')
check=$(pkg-config --cflags --libs check 2> /dev/null || echo "-lcheck")
for stem in "$@"; do
    : > "$work/$stem.errors"
    for how in "gcc -O0" "gcc -O2" "gcc -O3 -march=haswell -ffp-contract=fast" "gcc -O2 -march=nehalem" \
        "clang -O0" "clang -O2" "clang -O3 -march=haswell -ffp-contract=fast"; do
        command -v "${how%% *}" > /dev/null 2>&1 || continue
        # shellcheck disable=SC2086 # words are wanted
        $how -std=c11 -w -I. "tests/test_$stem.c" -o "$work/$stem" $check -lsubunit -lm -lrt -lpthread &&
            "$work/$stem" --errors >> "$work/$stem.errors" || echo "$stem: not with $how"
    done
    [ -s "$work/$stem.errors" ] || continue
    # What is in the file of this chapter's exercises goes; what was measured comes.
    build/00_book exercises "$stem" | sed 's/^[^ ]* //' > "$work/names"
    awk -F '\t' 'FILENAME == ARGV[1] { mine[$1] = 1; next } !($1 in mine)' "$work/names" $file > "$work/new"
    awk -F '\t' '{ key = $1 "\t" $2 "\t" $3; if ($4 > worst[key]) worst[key] = $4 }
        END { for (key in worst) if (2 * worst[key] > 16) printf "%s\t%d\n", key, 2 * worst[key] + 1 }' "$work/$stem.errors" >> "$work/new"
    LC_ALL=C sort "$work/new" > $file
done
