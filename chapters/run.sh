#!/bin/sh
# Runs a chapter:  sh chapters/run.sh NN_stem                 program, test, figures, what next
#                  sh chapters/run.sh --program NN_stem …     only the program, with more options
#                  sh chapters/run.sh --figures NN_stem       the book's own figures, and their data
# The reader's words come as PROMPT_TEXT, MODEL_TEXT, IDS_TEXT; PROGRAM is the binary.
set -u
what=all
case $1 in
--program | --figures) what=${1#--}; shift ;;
esac
stem=$1
shift
number=${stem%%_*}
program=${PROGRAM:-build/$stem}
chapter=chapters/$stem.md
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] && bold=$(printf '\033[1m') plain=$(printf '\033[0m') || bold= plain=

say() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }
fail() { echo "chapter $number: $*"; exit 1; }

# make drops blanks in front of PROMPT, so a prompt of blanks alone comes out empty.
if [ "${PROMPT_ORIGIN:-}" = "command line" ] && [ -z "${PROMPT_TEXT:-}" ]; then
    echo "PROMPT is empty: this is the chapter's own prompt"
fi

# run OPTION…: the program with the reader's prompt; the tool of chapter 0 takes none.
run() {
    if [ "$what" != figures ] && [ "$number" != 00 ]; then
        [ -n "${MODEL_TEXT:-}" ] && set -- "$@" --model "$MODEL_TEXT"
        [ -n "${PROMPT_TEXT:-}" ] && set -- "$@" --prompt "$PROMPT_TEXT"
        [ -n "${IDS_TEXT:-}" ] && set -- "$@" --ids "$IDS_TEXT"
    fi
    "$program" "$@"
}

# draw DIR: the figures whose data the program wrote.
draw() { sh figures/draw.sh "$stem" "build/figures/$stem" "$1"; }

case $what in
program) run "$@"; exit ;;
figures)
    ls figures/"$stem"*.gp > /dev/null 2>&1 || exit 0
    rm -rf "build/figures/$stem"
    run --figures "build/figures/$stem" > /dev/null || fail "$program failed on the book's own prompt"
    build/00_book figures "$stem" "build/figures/$stem" && sh figures/draw.sh "$stem" "figures/$stem" figures
    exit ;;
esac

# The program and its test are compiled side by side.
build() { ${MAKE:-make} -s --no-print-directory PARALLEL=yes -j2 build/00_book "build/$stem" "$@"; }
check=
echo '#include <check.h>' | ${CC:-cc} -E - > /dev/null 2>&1 && check=yes
build ${check:+"build/test_$stem" build/stories} || {
    # A test that does not compile is told in its place.
    ${MAKE:-make} -q "build/$stem" || exit 1
    check=broken
}

# The test runs while the program does, and is shown after it; where times are measured, after it too.
log=build/test_$stem.log
testing=
passed_before() { [ "build/test_$stem.passed" -nt "build/test_$stem" ] && [ "build/test_$stem.passed" -nt "build/$stem" ]; }

say "$(sed -n 's/^# //p' "$chapter" | sed 1q)"
rm -rf "build/figures/$stem"
if [ "$check" = yes ] && [ "$number" -lt 11 ] && ! passed_before; then
    "build/test_$stem" > "$log" 2>&1 &
    testing=$!
    trap 'kill "$testing" 2> /dev/null; exit 130' INT # Ctrl-C does not reach what runs beside
fi
run --figures "build/figures/$stem" || {
    [ "$testing" ] && kill "$testing" && wait "$testing" 2> /dev/null
    fail "src/$stem.c stopped: see the line above"
}

echo
say "Test: tests/test_$stem.c"
# Meanwhile the figures are drawn.
drawing=
if ls figures/"$stem"*.gp > /dev/null 2>&1 && command -v gnuplot > /dev/null 2>&1; then
    draw build/figures > "build/figures/$stem.log" 2>&1 &
    drawing=$!
fi
if [ "$check" ]; then
    [ $check = yes ] || fail "tests/test_$stem.c does not compile"
    if [ -z "$testing" ] && passed_before; then
        echo "  passed before, and nothing has changed since (make test runs it again)"
    else
        if [ "$testing" ]; then wait "$testing"; else "build/test_$stem" > "$log" 2>&1; fi
        passed=$?
        cat "$log"
        [ $passed -eq 0 ] ||
            fail "a test of src/$stem.h fails: the lines above name it (git diff src shows what changed)"
        touch "build/test_$stem.passed"
    fi
else
    echo "  left out: Check, the test library, is not installed (make deps)"
fi

echo
say "Figures"
if ! ls figures/"$stem"*.gp > /dev/null 2>&1; then
    echo "  none"
elif [ "$drawing" ]; then
    wait "$drawing" || { cat "build/figures/$stem.log"; fail "a figure was not drawn: figures/$stem*.gp"; }
    ls build/figures/"$stem"*.svg | sed 's/^/  /'
else
    echo "  left out: gnuplot is not installed (make deps)"
fi

echo
say "Next"
echo "  read      $chapter"
[ -f "notebooks_c/$stem.c" ] && echo "  write     make exercise-$number"
[ "$number" != 00 ] && echo "  try       make chapter-$number PROMPT=\"your own words\""
next=$(ls chapters/[0-9][0-9]_*.md | sed -n "/$stem/{n;p;}")
[ -n "$next" ] && next=$(basename "$next") && echo "  go on     make chapter-${next%%_*}"
exit 0
