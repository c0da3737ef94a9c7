#!/bin/sh
# Which flags make the programs from chapter 12 on fast, of those that this compiler knows:
#   sh chapters/fast.sh            prints them on one line
# Nothing here changes what a program computes but the last digits: no fast-math.
set -u
CC=${CC:-cc}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fast.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
printf '#include <math.h>\n#ifdef WITH_OPENMP\n#include <omp.h>\n#endif\nint main(void) { return 0; }\n' > "$scratch/t.c"

# try FLAG…: keeps the flags if a program with all kept so far still builds.
flags=
try() {
    $CC -Werror $flags "$@" "$scratch/t.c" -o "$scratch/t" -lm > /dev/null 2>&1 && flags="$flags $*"
}

try -O3
try -march=native || try -mcpu=native # this processor's own instructions
try -ffp-contract=fast                # a · b + c in one instruction, rounded once
try -fno-math-errno                   # sqrtf need not report an error
try -fno-var-tracking                 # a debugger is told less, and compiling takes less long
# Several threads. On macOS OpenMP comes apart from the compiler: brew install libomp
omp=/opt/homebrew/opt/libomp
[ -d $omp ] || omp=/usr/local/opt/libomp
try -fopenmp -DWITH_OPENMP || try -Xpreprocessor -fopenmp -DWITH_OPENMP -I$omp/include -L$omp/lib -lomp || true
echo $flags | sed 's/ -DWITH_OPENMP//'
