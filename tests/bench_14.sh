#!/bin/sh
# make bench-14: a training step and matrix products, ours beside PyTorch's at its best, in turn.
set -eu
python=$(sh tests/reference/torch.sh --python)
mkdir -p build
# shellcheck disable=SC2046 # words are wanted
${CC:-cc} -std=c11 -O2 $(cat build/fast) -Wall -Wextra tests/bench_14.c -o build/bench_14 -lm
exec "$python" tests/bench_14.py "$@"
