#!/bin/sh
# make bench-14: a training step and matrix products, ours beside PyTorch's at its best, in turn.
set -eu
python=
for p in /usr/bin/python3 python3; do
    "$p" -c 'import torch' 2> /dev/null && { python=$p; break; }
done
[ "$python" ] || { echo "bench-14: PyTorch is not installed: make deps-dev"; exit 1; }
mkdir -p build
# shellcheck disable=SC2046 # words are wanted
${CC:-cc} -std=c11 -O2 $(cat build/fast) -Wall -Wextra tests/bench_14.c -o build/bench_14 -lm
exec "$python" tests/bench_14.py "$@"
