#!/bin/sh
# Which flags make the programs from chapter 12 on fast, of those that this compiler knows and
# whose programs run here:
#   sh chapters/fast.sh            prints them on one line
# NATIVE=no leaves out what only this processor is sure to have: for any of its family.
# Nothing here changes what a program computes but the last digits: no fast-math.
set -u
CC=${CC:-cc}
CFLAGS=${CFLAGS:-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fast.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
cat > "$scratch/t.c" <<'END'
#ifdef WITH_OPENMP
#include <omp.h>
int main(void) { return omp_get_max_threads() < 1; }
#else
int main(void) { return 0; }
#endif
END

# try FLAG…: keeps the flags if a program with all kept so far still builds, and runs.
flags=
try() {
    $CC $CFLAGS -Werror $flags "$@" "$scratch/t.c" -o "$scratch/t" -lm > /dev/null 2>&1 &&
        runs && flags="$flags $*"
}
runs() { "$scratch/t" > /dev/null 2>&1; }

level=-O3
case " $CFLAGS " in *" -O"[01g]" "*) level= ;; esac # the reader has chosen one
try $level || { # Not even that: built for another machine, maybe.
    runs() { :; }
    try $level
}
case ${NATIVE:-yes}:$CFLAGS in
yes:*-march=* | yes:*-mcpu=*) ;; # the reader has chosen a processor
yes:*) try -march=native || try -mcpu=native ;; # this processor's own instructions
no:*) ;;
*) echo "NATIVE=$NATIVE: expected yes or no" >&2; exit 1 ;;
esac
try -ffp-contract=fast                # a · b + c in one instruction, rounded once
try -fno-math-errno                   # sqrtf need not report an error
try -fno-var-tracking                 # a debugger is told less, and compiling takes less long
# Several threads. On macOS OpenMP comes apart from the compiler.
omp=/opt/homebrew/opt/libomp
[ -d $omp ] || omp=/usr/local/opt/libomp
try -fopenmp -DWITH_OPENMP || try -Xpreprocessor -fopenmp -DWITH_OPENMP -I$omp/include -L$omp/lib -lomp || {
    install="the compiler's OpenMP library"
    [ "$(uname)" != Darwin ] || install="it with: brew install libomp"
    echo "The programs from chapter 12 on will run on one core: $CC has no OpenMP here. Install $install" >&2
}
printf '%s\n' "$flags" | sed -e 's/ -DWITH_OPENMP//' -e 's/^ *//'
