#!/bin/sh
# make bench-01: how fast chapter 1's program encodes, beside tiktoken, on the same text in the same
# minutes; how much memory it takes; and whether its worst cases stay near-linear.
#     sh tests/bench_01.sh [MB [ROUNDS]]      (52 MB, 5 rounds)
# Everything it makes goes to build/bench.
set -eu
cd "$(dirname "$0")/.."
fail() { printf 'tests/bench_01.sh: %s\n' "$*" >&2; exit 1; }

[ -x build/01_tokenizer ] || fail "build/01_tokenizer is not built: make bench-01 builds it"
[ -f models/gpt2/vocab.json ] || fail "models/gpt2/vocab.json is not there: make vocab-gpt2"
command -v node >/dev/null 2>&1 || fail "node is not installed: make deps-dev"
[ -d build/node/node_modules/tiktoken ] || fail "tiktoken is not in build/node: make deps-dev"
mkdir -p build/bench

# A program that runs another, and then says how long it took and how much memory it had at most.
cat >build/bench/peak.c <<'C'
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    struct timeval begun, ended;
    struct rusage used;
    int status = 0;
    gettimeofday(&begun, 0);
    pid_t child = argc > 1 ? fork() : -1;
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        return 1;
    gettimeofday(&ended, 0);
    getrusage(RUSAGE_CHILDREN, &used);
#ifdef __APPLE__
    used.ru_maxrss /= 1024;
#endif
    fprintf(stderr, "%.6f %ld\n",
            ended.tv_sec - begun.tv_sec + 1e-6 * (ended.tv_usec - begun.tv_usec), used.ru_maxrss);
    return 0;
}
C
"${CC:-cc}" -D_DEFAULT_SOURCE -O2 build/bench/peak.c -o build/bench/peak
cp build/01_tokenizer build/bench/01_tokenizer # so that a build meanwhile changes nothing
exec node tests/bench_01.mjs "${1:-52}" "${2:-5}"
