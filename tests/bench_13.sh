#!/bin/sh
# make bench-13: the finished program at GPT-2 small's shape, beside PyTorch at its best and
# beside the limits of the machine, all in turn.
set -eu
python=$(sh tests/reference/torch.sh --python)
mkdir -p build
for n in 13 14; do
    # shellcheck disable=SC2046 # words are wanted
    ${CC:-cc} -std=c11 -O2 $(cat build/fast) -Wall -Wextra tests/bench_$n.c -o build/bench_$n -lm
done
[ -f build/bench_small/config.json ] || build/bench_13 write build/bench_small # 498 MB
exec "$python" tests/bench_13.py "$@"
