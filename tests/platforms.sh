#!/bin/sh
# The same model on every kind of processor: the finished program, built for each, writes the same text after ten prompts,
# greedily, and the logits of the prompts' tokens are within 1e-5 of their range. What this machine can neither run nor
# emulate is told and left out.
set -u
out=build/platforms
rm -rf $out && mkdir -p $out
bad=0 first=

cat > $out/prompts <<'END'
A robot must
A robot must obey the orders given it
Late one quiet evening, Glint gave her the blue barrel, because it
Only Moth could find it in the stable, because it
Nora called Rivet, and it
The old sailor said that
Once there was a robot who
Please hide the
"Where is the lamp?" asked
In the morning
END

# on NAME RUNNER COMPILER…: builds the program with that compiler and its flags, runs it by RUNNER (or nothing), and compares.
on() {
    name=$1 runner=$2
    shift 2
    if ! "$@" -std=c11 -ffp-contract=fast src/13_gpt2.c -o $out/$name -lm 2> $out/$name.said; then
        echo "$name: does not compile"
        sed 5q $out/$name.said
        bad=1
        return
    fi
    n=0
    while read -r prompt; do
        n=$((n + 1))
        # shellcheck disable=SC2086 # words are wanted
        OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive $runner $out/$name --prompt "$prompt" --greedy --max-tokens 40 \
            --logits $out/$name.$n.logits > $out/$name.$n.text 2> $out/$name.said < /dev/null ||
            { echo "$name: '$prompt': $(cat $out/$name.said)"; bad=1; return; }
        [ -z "$first" ] || cmp -s $out/$first.$n.text $out/$name.$n.text ||
            { echo "$name: '$prompt' continues differently than on $first"; bad=1; }
    done < $out/prompts
    [ -n "$first" ] || first=$name
    /usr/bin/python3 - $out/$first $out/$name $n <<'END' || bad=1
import struct, sys
first, name, worst = sys.argv[1], sys.argv[2], 0.0
for n in range(1, int(sys.argv[3]) + 1):
    a, b = (open(f"{path}.{n}.logits", "rb").read() for path in (first, name))
    assert len(a) == len(b) > 0, f"{name}: {len(b)} bytes of logits, expected {len(a)}"
    a, b = (struct.unpack(f"<{len(x) // 4}f", x) for x in (a, b))
    worst = max(worst, max(abs(x - y) for x, y in zip(a, b)) / (max(a) - min(a)))
print(f"{name.split('/')[-1]}: logits at most {worst:.1e} of their range apart")
sys.exit(not worst <= 1e-5)
END
}

have() { command -v "$1" > /dev/null 2>&1; }
can() { grep -q " $1 " /proc/cpuinfo 2> /dev/null; }
# x86 NAME RUNNER LEVEL: with both compilers; at this level of the family, with several threads and with one.
x86() {
    for compiler in gcc clang; do
        have $compiler || { echo "$compiler: is not installed"; continue; }
        on $compiler-$1-openmp "$2" $compiler -O2 -march=$3 -fopenmp
        on $compiler-$1 "$2" $compiler -O2 -march=$3 -Wno-unknown-pragmas
    done
}

case $(uname -m) in
x86_64)
    if can avx2; then x86 avx2 "" haswell; elif have qemu-x86_64; then x86 avx2 "qemu-x86_64 -cpu max" haswell; fi
    x86 sse2 "" x86-64
    if can avx512f; then x86 avx512 "" skylake-avx512; else echo "avx512: neither this processor nor qemu has it"; fi
    ;;
*) on native "" "${CC:-cc}" -O2 ;;
esac
if have aarch64-linux-gnu-gcc && have qemu-aarch64; then
    on gcc-aarch64 qemu-aarch64 aarch64-linux-gnu-gcc -O2 -static
    on gcc-aarch64-openmp qemu-aarch64 aarch64-linux-gnu-gcc -O2 -static -fopenmp
else
    echo "aarch64: its compiler and qemu are not installed: make deps-dev"
fi
exit $bad
