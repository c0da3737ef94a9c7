#!/bin/sh
# make bench-12: the ladder of chapter 12 and the three kinds of weights, beside what this machine can do at the most; its
# limits are measured in the same run; and what a build for vectors of 128 bits does (SSE, NEON, a page). (make bench-13 also has PyTorch beside them.)
set -eu
mkdir -p build
for n in 13 14; do
    # shellcheck disable=SC2046 # words are wanted
    ${CC:-cc} -std=c11 -O2 $(cat build/fast) -Wall -Wextra tests/bench_$n.c -o build/bench_$n -lm
done
[ -f build/bench_small/config.json ] || build/bench_13 write build/bench_small # 498 MB
build/12_speed | sed '/^4/,$d'
/usr/bin/python3 tests/bench_13.py kinds "$@"
# NATIVE=no: what every processor of this family has; on x86-64 and ARM that is 128 bits.
for n in 12_speed 13_gpt2; do
    # shellcheck disable=SC2046 # words are wanted
    ${CC:-cc} -std=c11 $(NATIVE=no sh chapters/fast.sh) src/$n.c -o "build/narrow_${n%%_*}" -lm
done
printf '\nBuilt for any processor of this family\n'
build/narrow_12 | sed '/^3/,$d; /^A/d; /^ *$/d'
printf '\nThe fast pass beside the teaching pass, both built so: tokens/s\n'
exec /usr/bin/python3 tests/bench_13.py narrow build/narrow_13
