#!/bin/sh
# make bench-12: the ladder of chapter 12 and the three kinds of weights, beside what this machine can do at the most; its
# limits are measured in the same run. (make bench-13 also has PyTorch beside them.)
set -eu
mkdir -p build
for n in 13 14; do
    # shellcheck disable=SC2046 # words are wanted
    ${CC:-cc} -std=c11 -O2 $(cat build/fast) -Wall -Wextra tests/bench_$n.c -o build/bench_$n -lm
done
[ -f build/bench_small/config.json ] || build/bench_13 write build/bench_small # 498 MB
build/12_speed | sed '/^4/,$d'
exec /usr/bin/python3 tests/bench_13.py kinds "$@"
