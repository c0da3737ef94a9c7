#!/bin/sh
# Runs a chapter:  sh chapters/run.sh NN_stem                 program, test, figures, what next
#                  sh chapters/run.sh --program FILE NN_stem …   only the program FILE, with more options
#                  sh chapters/run.sh --figures NN_stem       the book's own figures, and their data
# The reader's words come as PROMPT, MODEL, IDS, where they were said.
set -u
. chapters/lock.sh
what=all program=
case $1 in
--program) what=program program=$2; shift 2 ;;
--figures) what=figures; shift ;;
esac
stem=$1
shift
number=${stem%%_*}
[ -n "$program" ] || program=build/$stem
chapter=chapters/$stem.md
bold= plain=
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] &&
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')

say() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '%s\n' "chapter $number: $*"; exit 1; }

# (make drops spaces at the front, so a prompt of spaces alone is empty as well.)
empty() { echo "$1 is empty: this is the chapter's own ${2:-prompt}"; }
if [ "$what" != figures ]; then
    [ -n "${PROMPT-said}" ] || empty PROMPT
    [ -n "${IDS-said}" ] || empty IDS
    [ -n "${MODEL-said}" ] || empty MODEL model
fi

# run OPTION…: the program with the reader's prompt; the tool of chapter 0 takes none.
run() {
    if [ "$what" != figures ] && [ "$number" != 00 ]; then
        [ -n "${MODEL:-}" ] && set -- "$@" --model "$MODEL"
        [ -n "${PROMPT:-}" ] && set -- "$@" --prompt "$PROMPT"
        [ -n "${IDS:-}" ] && set -- "$@" --ids "$IDS"
    fi
    "$program" "$@"
}

# draw DIR: the figures whose data the program wrote.
draw() { sh figures/draw.sh "$stem" "build/figures/$stem" "$1"; }

[ "$what" = program ] && { run "$@"; exit; }

# Two runs of a chapter at once would draw from each other's data: the second waits.
testing=
trap 'unlock; [ -z "$testing" ] || kill "$testing" 2> /dev/null' EXIT # Ctrl-C does not reach what runs beside
trap 'exit 130' INT TERM HUP
lock "build/chapter-$number.lock"

if [ "$what" = figures ]; then
    ls figures/"$stem"*.gp > /dev/null 2>&1 || exit 0
    rm -rf "build/figures/$stem"
    run --figures "build/figures/$stem" > /dev/null || fail "$program failed on the book's own prompt"
    build/book_checks figures "$stem" "build/figures/$stem" && sh figures/draw.sh "$stem" "figures/$stem" figures
    exit
fi

# The program and its test are compiled side by side, by a make that gets these words and no others.
build() {
    MAKEFLAGS= ${MAKE:-make} -s --no-print-directory PARALLEL=yes ${CC+"CC=$CC"} ${CFLAGS+"CFLAGS=$CFLAGS"} \
        ${LDLIBS+"LDLIBS=$LDLIBS"} ${NATIVE+"NATIVE=$NATIVE"} "$@"
}
check=
echo '#include <check.h>' | ${CC:-cc} -E - > /dev/null 2>&1 && check=yes
build -j2 "build/$stem" ${check:+"build/test_$stem"} build/00_book || {
    # A test that does not compile is told in its place.
    build -q "build/$stem" || exit 1
    check=broken
}

# The test runs while the program does, and is shown after it; where times are measured, after it too.
# What it passed with is noted: the programs, and what tests read.
log=build/test_$stem.log
now() {
    cat "build/test_$stem" "build/$stem" build/00_book build/stories "$chapter" tests/reference/*/* \
        "tests/reference/$stem".* models/robots/* models/translator/* chapters/*.sh tests/*.sh models/*.sh 2> /dev/null | cksum
    ls -ln models/gpt2* 2> /dev/null
}
passed_before() { [ "$(now)" = "$(cat "build/test_$stem.passed" 2> /dev/null)" ]; }

say "$(sed -n 's/^# //p' "$chapter" | sed 1q)"
rm -rf "build/figures/$stem"
if [ "$check" = yes ] && { [ "$number" -lt 11 ] || [ "$number" -eq 15 ]; } && ! passed_before; then
    BOOK_BRIEF=1 "build/test_$stem" > "$log" 2>&1 &
    testing=$!
fi
run --figures "build/figures/$stem" || fail "src/$stem.c stopped: see the line above"

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
        if [ "$testing" ]; then wait "$testing"; else BOOK_BRIEF=1 "build/test_$stem" > "$log" 2>&1; fi
        passed=$?
        testing=
        cat "$log"
        [ $passed -eq 0 ] ||
            fail "a test of src/$stem.h fails: the lines above name it (git diff src shows what changed)"
        now > "build/test_$stem.passed"
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
    page=$(sh figures/page.sh "$stem") || fail "no page of pictures was written"
    count=$(ls build/figures/"$stem"*.svg 2> /dev/null | wc -l)
    echo "  $((count)) drawn: $page (make show-$number opens it)"
else
    echo "  left out: gnuplot is not installed (make deps)"
fi

echo
say "Next"
echo "  read      $chapter"
[ -f "notebooks_c/$stem.c" ] && echo "  write     make exercise-$number"
[ "$number" != 00 ] && echo "  try       make chapter-$number PROMPT=\"your own words\""
next=$(ls chapters/[0-9][0-9]_*.md | sed -n "/$stem/{n;p;}")
[ -n "$next" ] && next=$(basename "$next") && echo "  continue  make chapter-${next%%_*}"
exit 0
