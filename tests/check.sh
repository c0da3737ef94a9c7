#!/bin/sh
# make check: what the book claims. A line for each claim; the log of what fails.
#   sh tests/check.sh [--all] [NAME…]     all steps, or only these (the second word of each line)
# --all, which is make check-all: the slow ones too. As many steps run side by side as there are cores
# (CHECK_LANES), the longest first; each keeps to one core, JOBS=1.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL STEP
CFLAGS="-std=c11 -O2 -g -Wall -Wextra"
export CFLAGS NO_COLOR=1 LC_ALL=C
stems=$(ls chapters/[0-9][0-9]_*.md | sed 's:chapters/::; s:\.md$::')
tests=$(ls tests/test_*.c | sed 's:tests/::; s:\.c$::')
all=
[ "${1:-}" = --all ] && all=yes && shift
# Tests that change bytes at random do so more often then.
[ -z "$all" ] || export BOOK_THOROUGH=1
only=" $* "
cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null) || cores=1
lanes=${CHECK_LANES:-$cores}
[ $# -ne 1 ] || lanes=1
export JOBS=$((lanes > 1 ? 1 : cores))
results=build/check/results
rm -rf $results && mkdir -p $results
lane=0
started=$(date +%s)

# ---- Steps ---------------------------------------------------------------------------------

# claim NAME: whether this step is wanted, and no other lane has it.
claim() {
    case $only in "  " | *" $1 "*) mkdir "$results/$1" 2> /dev/null ;; *) return 1 ;; esac
}

# step NAME WHAT COMMAND…: runs it, tells how it went, how long it took, and how long it had a core.
step() {
    claim "$1" || return 0
    name=$1 what=$2 word=FAILED
    shift 2
    begun=$(date +%s)
    times > $results/before.$lane
    "$@" > "build/check/$name.log" 2>&1 && word=ok
    times > $results/after.$lane
    seconds=$(($(date +%s) - begun))
    work=$(awk '{ for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); s += (FILENAME == ARGV[1] ? -1 : 1) * (60 * t[1] + t[2]) } }
        END { printf "%.0f", s }' $results/before.$lane $results/after.$lane)
    echo "$word $seconds $work" > "$results/$name/how"
    {
        printf '%-7s %-14s %-56s %4d s, work %4d s\n' "$word" "$name" "$what" "$seconds" "$work"
        [ "$word" = ok ] || sed 's/^/        /' "build/check/$name.log" | tail -40
        sed -n 's/^skipped: /        skipped: /p' "build/check/$name.log"
    } > "$results/$name/said"
    cat "$results/$name/said"
}

# skip NAME WHY
skip() {
    claim "$1" || return 0
    echo "skipped 0 0" > "$results/$1/how"
    printf '%-7s %-14s %s\n' skipped "$1" "$2"
}

have() { command -v "$1" > /dev/null 2>&1; }

# ---- What they do ----------------------------------------------------------------------------

build_all() {
    # shellcheck disable=SC2046,SC2086 # words are wanted
    # (The later chapters take longest to compile: they come first.)
    make -j"$cores" PARALLEL=yes $(binaries $tests $stems book_checks stories pairs tunes gpt2_steps encode_lines | sed 's:.*/\(test_\)*\(.*\):\2 &:' | sort -r | sed 's/.* //') && ! grep 'warning: ' build/check/build.log
}

# Each program by itself, with nothing but a compiler: in the book's dialect, and in the compiler's own.
standalone() {
    ls models/*/*.c src/*.c | xargs -n 1 -P "$JOBS" sh -c '
        out=build/check/$(basename "$1" .c).$0
        $0 -O0 -Wall -Wextra -Werror -std=c11 "$1" -o "$out" -lm && $0 -O0 "$1" -o "$out" -lm' "$1"
}

# copy NAME: the book once more, in build/check/NAME.
copy() {
    rm -rf "build/check/$1" && mkdir -p "build/check/$1/build" &&
        git ls-files -co --exclude-standard | while read -r f; do [ -f "$f" ] && echo "$f"; done |
        tar cf - -T - | (cd "build/check/$1" && tar xf -) &&
        { [ ! -d models/gpt2 ] || { mkdir -p "build/check/$1/models/gpt2" &&
            cp models/gpt2/vocab.json models/gpt2/merges.txt "build/check/$1/models/gpt2/"; }; }
}

# built NAME COMPILER FLAGS [TARGET…]: a copy, built with these flags.
built() {
    copy "$1" || return 1
    folder=build/check/$1 compiler=$2 flags="-std=c11 $3 -Wall -Wextra -Werror"
    shift 3
    make -C "$folder" -j"$JOBS" PARALLEL=yes CC="$compiler" CFLAGS="$flags" TEST_LEVEL=-O1 "$@"
}

binaries() { for name; do echo "build/$name"; done; }

# with NAME COMPILER FLAGS: all tests in a build folder of their own.
with() {
    # shellcheck disable=SC2046,SC2086 # words are wanted
    built "$1" "$2" "$3" programs $(binaries $tests) && (cd "build/check/$1" && sh tests/run.sh $tests)
}

# All tests once more, their programs too, watched by the sanitizers. Where little is computed, compiling for
# speed takes longer than it saves.
sanitized() {
    light= heavy="stories pairs"
    for stem in $stems; do
        case $stem in 10_* | 12_* | 13_* | 14_* | 15_*) heavy="$heavy $stem" ;; *) light="$light $stem" ;; esac
    done
    light_tests= heavy_tests=
    for test in $tests; do
        case " $heavy " in *" ${test#test_} "*) heavy_tests="$heavy_tests $test" ;; *) light_tests="$light_tests $test" ;; esac
    done
    flags="-g1 -fsanitize=address,undefined -fno-sanitize-recover=all"
    # shellcheck disable=SC2046,SC2086
    built sanitizers gcc "$flags" MORE=-O0 $(binaries $light $light_tests) &&
        make -C build/check/sanitizers -j"$JOBS" PARALLEL=yes CC=gcc CFLAGS="-std=c11 $flags -Wall -Wextra -Werror" \
            MORE="-O1 -fopenmp -ffp-contract=fast" $(binaries $heavy $heavy_tests) &&
        (unset BOOK_THOROUGH && cd build/check/sanitizers && sh tests/run.sh $tests)
}

# numbers: transcripts and figures' data, in the folder that is the current one; of all chapters, or of those
# in $some.
some=
numbers() {
    result=0
    # shellcheck disable=SC2086 # words are wanted
    build/book_checks transcripts --check $some || result=1
    figures || result=1
    return $result
}

# No chapter's code leaves the style of the book.
format() { clang-format --dry-run -Werror src/*.[ch] notebooks_c/*.c tests/*.[ch] tests/mistakes/*.h $(ls tests/right/*.h) models/*/*.[ch]; }

figures() {
    result=0
    for stem in ${some:-$stems}; do
        ls figures/"$stem"*.gp > /dev/null 2>&1 || continue
        rm -rf "build/check/data_$stem"
        "build/$stem" --figures "build/check/data_$stem" > /dev/null &&
            build/book_checks figures --check "$stem" "build/check/data_$stem" || result=1
    done
    return $result
}

chapters_agree() {
    result=0
    build/00_book check || result=1
    sh tests/prose.sh links || result=1
    return $result
}

vocabulary() {
    rm -rf build/check/robots
    sh models/robots/vocabulary.sh build/check/robots && for f in vocab.json merges.txt; do
        cmp "build/check/robots/$f" "models/robots/$f" || return 1
    done
}

# The model's page: each of its transcripts is run again.
card() {
    rm -rf build/check/card && mkdir -p build/check/card
    awk '/^```console/ { n++; inside = 1; next } /^```/ { inside = 0 }
         inside && /^\$ / { print substr($0, 3) > ("build/check/card/" n ".sh"); next }
         inside { print > ("build/check/card/" n ".want") }' models/robots/README.md
    for block in build/check/card/*.sh; do
        sh "$block" > "${block%.sh}.got" 2>&1
        diff "${block%.sh}.want" "${block%.sh}.got" || { cat "$block"; return 1; }
    done
}

tokens_again() { node tests/reference/make_tokens.mjs > build/check/tokens.txt && cmp build/check/tokens.txt tests/reference/01_tokenizer.txt; }
tables_again() {
    sed -n '/clang-format off/,/clang-format on/p' src/01_tokenizer.h > build/check/tables.h &&
        node tests/reference/make_unicode.mjs > build/check/tables_again.h &&
        cmp build/check/tables.h build/check/tables_again.h &&
        sed -n '/clang-format off/,/clang-format on/p' src/00_book.h > build/check/widths.h &&
        node tests/reference/make_unicode.mjs widths > build/check/widths_again.h &&
        cmp build/check/widths.h build/check/widths_again.h
}

# The workflow files are valid, do nothing but make what can be made at home, and hold the README's two commands.
workflow() {
    validate="node build/node/node_modules/@action-validator/cli/cli.mjs"
    for file in .github/workflows/*.yml; do
        $validate "$file" || return 1
        sed 's/ runs-on:/ run-on:/' "$file" > build/check/workflow.yml
        if $validate build/check/workflow.yml > /dev/null 2>&1; then
            echo "$file: a misspelt key is valid"
            return 1
        fi
        if grep 'run: ' "$file" | grep -v 'run: make [-a-z0-9 ]*\( CC=\${{ matrix.cc }}\| REPORT=\${{.*\)*$'; then
            echo "$file: these are not make targets alone"
            return 1
        fi
    done
    file=.github/workflows/checks.yml
    sed -n 's/^    \(make deps [-a-z0-9]*\) .*/\1/p' README.md | while read -r command; do
        grep -q "run: $command" $file || { echo "$file: does not run the README's: $command"; return 1; }
    done
}

# under NAME EMULATOR…: every program in build/check/NAME/build is run by this emulator from now on, and
# keeps its name, which is in its messages.
under() {
    folder=build/check/$1/build
    shift
    mkdir -p "$folder/foreign" || return 1
    for program in $stems book_checks stories pairs tunes; do
        mv "$folder/$program" "$folder/foreign/$program" &&
            printf '#!/bin/sh\nexec %s "${0%%/*}/foreign/%s" "$@"\n' "$*" "$program" > "$folder/$program" &&
            chmod +x "$folder/$program" || return 1
    done
}

# foreign NAME COMPILER FLAGS EMULATOR…: built for another machine, and run by an emulator, if one is named:
# then the chapters that compute little, all but the last five; and no program starts itself again.
foreign() {
    name=$1
    built "$1" "$2" "$3" programs || return 1
    shift 3
    [ $# -eq 0 ] || under "$name" "$@" || return 1
    (
        cd "build/check/$name" || exit 1
        if [ $# -gt 0 ]; then
            export OMP_WAIT_POLICY=passive
            some=$(echo "$stems" | tr ' ' '\n' | grep '^0')
        fi
        numbers
    )
}

# No compiler warns: of any program at any level that the Makefile uses, of any test at the one that tests have.
warnings() {
    files="src/*.c models/*/*.c tests/book_checks.c tests/encode_lines.c tests/gpt2_steps.c" checked=
    # shellcheck disable=SC2046 # words are wanted
    echo '#include <check.h>' | $1 $(pkg-config --cflags check 2> /dev/null) -E - > /dev/null 2>&1 && checked="tests/test_*.c"
    fast=$(CC=$1 CFLAGS='' NATIVE=no sh chapters/fast.sh 2> /dev/null)
    for level in -O1 -O3 -O2; do
        [ $level != -O2 ] || files="$files $checked"
        for file in $files; do
            # shellcheck disable=SC2046,SC2086 # words are wanted
            $1 -std=c11 $fast $level -Wall -Wextra -Werror -I. $(pkg-config --cflags check 2> /dev/null) \
                -c "$file" -o build/check/warnings.$1.o || return 1
        done
    done
}

# Which processor another build is for: an older one of this machine's family.
older() {
    case $(uname -m) in
    x86_64) if grep -q avx2 /proc/cpuinfo 2> /dev/null && grep -q fma /proc/cpuinfo; then echo haswell; else echo nehalem; fi ;;
    esac
}

# ---- The steps, the longest first --------------------------------------------------------------

steps() {
    march=$(older)
    if [ -n "$all" ]; then more_steps; fi
    step exercises   "workbooks are graded as they should be"          sh tests/prove.sh
    step clean       "what a reader runs changes no tracked file"      sh tests/clean.sh
    if [ -z "$march" ]; then skip portable "not an x86-64 processor"
    else
    step portable    "transcripts and figures: gcc -O3 -march=$march"  foreign portable gcc "-O3 -march=$march"
    if have clang; then
    step portable-clang "transcripts and figures: clang -O1 -march=nehalem" foreign portable-clang clang "-O1 -march=nehalem"
    else skip portable-clang "clang is not installed: make deps-dev"; fi; fi
    step tests       "every test, gcc"                                 make test
    if have clang; then
    step alone-clang "each program by itself, clang -Werror"           standalone clang
    else skip alone-clang "clang is not installed: make deps-dev"; fi
    step alone-gcc   "each program by itself, gcc -Werror"             standalone gcc
    step transcripts "what the chapters show of a terminal"            build/book_checks transcripts --check
    step figures     "figures are drawn from these scripts and data"   figures
    step red         "one changed word turns a check red"              sh tests/red.sh
    if sh tests/reference/torch.sh --there; then
    step reference   "PyTorch computes the reference tensors again"    sh tests/reference/torch.sh --check
    else skip reference "PyTorch is not installed: make deps-dev"; fi
    [ ! -f tests/shell.sh ] ||
    step shell       "scripts: other shells, awks, users and folders"  sh tests/shell.sh
    if have gnuplot; then
    step pictures    "figures of prompts that are hard to draw"        sh tests/pictures.sh
    else skip pictures "gnuplot is not installed: make deps"; fi
    if [ -d build/node/node_modules/tiktoken ]; then
    step midi        "mido reads the notes of the MIDI files"          /usr/bin/python3 tests/midi.py
    step tokens      "tiktoken gives the same reference ids again"     tokens_again
    step unicode     "the tables are those of Unicode 16.0"            tables_again
    else skip tokens "tiktoken is not installed: make deps-dev"; fi
    step vocabulary  "the robots' vocabulary is learned again"         vocabulary
    step gpt2        "make test-gpt2: its tokens; a wrong digit fails" sh tests/gpt2_proof.sh quick
    if [ -d build/node/node_modules/@action-validator/cli ]; then
    step workflow    "the workflow files are valid, and only make"      workflow
    else skip workflow "action-validator is not installed: make deps-dev"; fi
    step chapters    "chapters and src/ agree; every line once; links" chapters_agree
    step prose       "no chapter has too many words"                   sh tests/prose.sh
    if /usr/bin/python3 -c 'import clang.cindex; clang.cindex.Index.create()' 2> /dev/null; then
    step mutants     "a sample of changes of solutions is noticed"     /usr/bin/python3 tests/mutants.py --check
    else skip mutants "Python's libclang is not installed: make deps-dev"; fi
    step glossary    "the glossary has the words of the chapters"      sh chapters/glossary.sh --check
    if have clang-format; then
    step format      "C is in the book's style"                        format
    else skip format "clang-format is not installed: make deps-dev"; fi
}

# make check-all
more_steps() {
    if ! have pandoc || ! have node || [ ! -d build/node/node_modules/puppeteer-core ]; then skip site "pandoc or npm's puppeteer-core is not here: make deps-dev"
    else
    step site        "the site, in Chromium and Firefox"               make check-site; fi
    step card        "the robots' page says what is measured"          card
    [ ! -f tests/train.sh ] ||
    step train       "make train, finetune and eval"                   sh tests/train.sh
    if [ -d build/node/node_modules/tiktoken ]; then
    step tiktoken    "every code point, and random texts, as tiktoken" node tests/tokens_against_tiktoken.mjs
    else skip tiktoken "tiktoken is not installed: make deps-dev"; fi
    step sanitizers  "every test, address and undefined-behaviour"     sanitized
    if have gnuplot; then
    step pictures-all "figures of all hard prompts, and of a zero model" env PICTURES=all sh tests/pictures.sh
    else skip pictures-all "gnuplot is not installed: make deps"; fi
    step platforms   "13_gpt2: the same text for each kind of processor" sh tests/platforms.sh
    if ! have qemu-aarch64 || ! have aarch64-linux-gnu-gcc; then skip aarch64 "qemu-user and an aarch64 compiler are not installed: make deps-dev"
    else
    step aarch64     "transcripts and figures: aarch64, under qemu"    foreign aarch64 aarch64-linux-gnu-gcc "-O2 -march=armv8-a -static" qemu-aarch64; fi
    if [ -z "$march" ]; then skip nehalem "not an x86-64 processor"
    elif ! have qemu-x86_64; then skip nehalem "qemu-user is not installed: make deps-dev"
    else
    step nehalem     "transcripts and figures: x86-64, under qemu"     foreign nehalem gcc "-O2 -march=nehalem -static" qemu-x86_64 -cpu Nehalem; fi
    if ! sh tests/reference/torch.sh --there; then skip standin "PyTorch is not installed: make deps-dev"
    elif [ ! -f models/gpt2/vocab.json ]; then skip standin "GPT-2's vocabulary is not there: make vocab-gpt2"
    else
    step standin     "make test-gpt2, whole, on a stand-in"            sh tests/gpt2_proof.sh standin; fi
    if have clang; then
    step tests-clang "every test, clang -O2 for this processor"        with tests-clang clang "-O2 -g1"
    [ -z "$march" ] ||
    step tests-old   "every test, clang -O1 -march=nehalem"            with tests-old clang "-O1 -g1 -march=nehalem"
    else skip tests-clang "clang is not installed: make deps-dev"; fi
    if have musl-gcc; then
    step musl        "transcripts and figures: musl"                   foreign musl musl-gcc "-O2 -march=${march:-native}"
    else skip musl "musl is not installed: make deps-dev"; fi
    for compiler in gcc clang; do
        have $compiler || { skip numbers-$compiler "$compiler is not installed: make deps-dev"; continue; }
        for level in 1 3; do
            for model in nehalem $march native; do
                # Each two of compiler, level and processor meet once: two of these builds are above, and four are left out.
                case "$compiler $level $model" in
                "clang 1 nehalem" | "gcc 3 $march") continue ;;
                "gcc 1 native" | "gcc 3 nehalem" | "clang 1 $march" | "clang 3 native") [ -z "$march" ] || continue ;;
                esac
                [ -n "$march" ] || [ $model = native ] || continue
                step "$compiler-O$level-$model" "transcripts and figures: $compiler -O$level -march=$model" \
                    foreign "$compiler-O$level-$model" $compiler "-O$level -march=$model"
            done
        done
    done
    for compiler in gcc-10 gcc-11 gcc-12 gcc-13 gcc-14 clang-14 clang-15 clang-16 clang-17 clang-18 clang-19 aarch64-linux-gnu-gcc; do
        have $compiler || continue
        step "warns-$compiler" "no warning from $compiler, -O1 to -O3"  warnings $compiler
    done
}

# ---- All of them -------------------------------------------------------------------------------

JOBS=$cores step build "every program and test builds, no warning" build_all
running=
while [ $lane -lt $lanes ]; do
    lane=$((lane + 1))
    steps &
    running="$running $!"
done
# shellcheck disable=SC2086 # words are wanted
trap 'kill $running 2> /dev/null; exit 130' INT TERM HUP
# shellcheck disable=SC2086
wait $running

passed=0 failed=0 skipped=0 left=
for how in $results/*/how; do
    [ -f "$how" ] || continue
    read -r word rest < "$how"
    name=$(basename "$(dirname "$how")")
    case $word in
    ok) passed=$((passed + 1)) ;;
    skipped) skipped=$((skipped + 1)) left="$left $name" ;;
    *) failed=$((failed + 1)) ;;
    esac
done
for name in "$@"; do
    [ -d "$results/$name" ] || { echo "$name: there is no such step"; failed=$((failed + 1)); }
done
if [ $passed -gt 3 ]; then
    printf 'The slowest:'
    for how in $results/*/how; do echo "$(cut -d ' ' -f 2 "$how") $(basename "$(dirname "$how")")"; done |
        sort -rn | awk 'NR <= 6 { printf "%s %s %d s", (NR > 1 ? "," : ""), $2, $1 } END { print "" }'
fi
echo "$((($(date +%s) - started) / 60)) min $((($(date +%s) - started) % 60)) s, $lanes side by side"
echo "$passed passed, $failed failed, $skipped skipped${left:+ ($(echo $left))}"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
