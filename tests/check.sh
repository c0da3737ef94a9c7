#!/bin/sh
# make check: everything the book claims. A line for each claim; the log of what fails.
#   sh tests/check.sh            all
#   sh tests/check.sh NAME…      only these steps (the first word of each line)
set -u
CFLAGS="-std=c11 -O2 -g -Wall -Wextra"
export CFLAGS NO_COLOR=1 LC_ALL=C BOOK_THOROUGH=1
stems=$(ls chapters/[0-9][0-9]_*.md | sed 's:chapters/::; s:\.md$::')
tests=$(ls tests/test_*.c | sed 's:tests/::; s:\.c$::')
passed=0 failed=0 skipped=0
only=" $* "
mkdir -p build/check
started=$(date +%s)

# step NAME WHAT COMMAND…: runs it, tells how it went.
step() {
    name=$1 what=$2
    shift 2
    case $only in "  " | *" $name "*) ;; *) return ;; esac
    begun=$(date +%s)
    if "$@" > "build/check/$name.log" 2>&1; then
        passed=$((passed + 1)) word=ok
    else
        failed=$((failed + 1)) word=FAILED
    fi
    printf '%-7s %-12s %-54s %4d s\n' "$word" "$name" "$what" $(($(date +%s) - begun))
    [ "$word" = ok ] || sed 's/^/        /' "build/check/$name.log" | tail -40
    sed -n 's/^skipped: /        skipped: /p' "build/check/$name.log"
}

# skip NAME WHY
skip() {
    case $only in "  " | *" $1 "*) ;; *) return ;; esac
    skipped=$((skipped + 1))
    printf '%-7s %-12s %s\n' skipped "$1" "$2"
}

have() { command -v "$1" > /dev/null 2>&1; }

build_all() { make -j2 PARALLEL=yes programs $(for t in $tests; do echo "build/$t"; done); }

# Each program by itself, with nothing but a compiler; two at a time.
standalone() {
    ls models/robots/stories.c src/*.c | xargs -n 1 -P 2 sh -c '
        out=build/check/$(basename "$1" .c).$0
        $0 -O2 -Wall -Wextra -Werror -std=c11 "$1" -o "$out" -lm && $0 -O2 "$1" -o "$out" -lm' "$1"
}

# with COMPILER FLAGS NAME: all tests in a build folder of their own.
with() {
    rm -rf "build/check/$3" && mkdir -p "build/check/$3" &&
        git ls-files | grep -v '^figures/.*svg$' | tar cf - -T - | (cd "build/check/$3" && tar xf -) &&
        { [ ! -d models/gpt2 ] || cp -R models/gpt2 "build/check/$3/models/"; } &&
        make -C "build/check/$3" CC="$1" CFLAGS="-std=c11 $2 -Wall -Wextra -Werror" test
}

# No chapter's code leaves the style of the book.
format() { clang-format --dry-run -Werror src/*.[ch] notebooks_c/*.c tests/*.[ch] tests/mistakes/*.h models/robots/*.c; }

figures() {
    result=0
    for stem in $stems; do
        ls figures/"$stem"*.gp > /dev/null 2>&1 || continue
        rm -rf "build/check/data_$stem"
        "build/$stem" --figures "build/check/data_$stem" > /dev/null &&
            build/00_book figures --check "$stem" "build/check/data_$stem" || result=1
    done
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

step build       "every program and test builds"                   build_all
step alone-gcc   "each program by itself, gcc -Werror"             standalone gcc
if have clang; then
step alone-clang "each program by itself, clang -Werror"           standalone clang
else skip alone-clang "clang is not installed: make deps-dev"; fi
step chapters    "chapters and src/ agree; every line once"        build/00_book check
step glossary    "the glossary has the words of the chapters"     sh chapters/glossary.sh --check
if have clang-format; then
step format      "C is in the book's style"                        format
else skip format "clang-format is not installed: make deps-dev"; fi
step tests       "every test, gcc"                                 make test
if have clang; then
step tests-clang "every test, clang"                               with clang -O2 clang
else skip tests-clang "clang is not installed: make deps-dev"; fi
step sanitizers  "every test, address and undefined-behaviour"     with gcc "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" sanitizers
step transcripts "what the chapters show of a terminal"            build/00_book transcripts --check
step figures     "figures are drawn from these scripts and data"   figures
step exercises   "stubs, solutions and mistakes are told apart"    sh tests/prove.sh
step vocabulary  "the robots' vocabulary is learned again"         vocabulary
step card        "the robots' page says what is measured"          card
if sh tests/reference/torch.sh --there; then
step reference   "PyTorch computes the reference tensors again"    sh tests/reference/torch.sh --check
else skip reference "PyTorch is not installed: make deps-dev"; fi
step red         "one changed word turns a check red"              sh tests/red.sh
step clean       "what a reader runs changes no tracked file"      sh tests/clean.sh
if [ -d build/node/node_modules/tiktoken ]; then
step tokens      "tiktoken gives the same reference ids again"     tokens_again
step tiktoken    "every code point, and random texts, as tiktoken" node tests/tokens_against_tiktoken.mjs
step unicode     "the tables are those of Unicode 16.0"            tables_again
else skip tiktoken "tiktoken is not installed: make deps-dev"; fi

echo "$((($(date +%s) - started) / 60)) min $((($(date +%s) - started) % 60)) s"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
