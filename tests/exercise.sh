#!/bin/sh
# The exercises of the book, as make's exercise-NN, hint-NN, … call it:
#   sh tests/exercise.sh grade|hint|solution|reset|diff|watch NN_stem
#   sh tests/exercise.sh progress | mine
# FUNCTION=name chooses another function for hint and solution than the next one to write.
# grade --summary NN_stem prints a line a function: its name, what it is, and why.
set -u
. chapters/lock.sh
CC=${CC:-cc}
CFLAGS=${CFLAGS:--std=c11 -O2 -g}
MINE=${EXERCISE_MINE:-notebooks_c/mine}    # the readers' own files
BUILD=${EXERCISE_BUILD:-build/exercise}
TOOL=build/00_book
# What the address sanitizer finds, it says in short lines.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}print_legend=0:stack_trace_format='    %n  %f  %S'"

command=${1:-}
[ $# -gt 0 ] && shift
summary=
[ "${1:-}" = --summary ] && summary=--summary && shift
stem=${1:-}

# Status 1, from grade alone, says that a function is not right yet, or that the workbook does
# not compile; 2, that something is in the way.
fail() { printf '%s\n' "$*"; exit 2; }
trap unlock EXIT
trap 'exit 130' INT TERM HUP

# use STEM: sets what the other functions speak of. Two graders at once would take each other's
# files: the second waits.
use() {
    unlock
    stem=$1
    number=${stem%%_*}
    pristine=notebooks_c/$stem.c
    file=$MINE/$stem.c
    out=$BUILD/$stem
    functions=$($TOOL exercises "$stem" 2> /dev/null | sed 's/^[^ ]* //')
    mkdir -p "$out"
    lock "$out/lock"
    sources=$({ echo "$CC $CFLAGS"; cat src/*.h tests/*.h tests/*.txt tests/*.awk tests/*/"$stem".* "tests/test_$stem.c"; } 2> /dev/null | cksum)
}

# copy: a pristine workbook beside the reader's; whole, or not at all and told.
copy() {
    part=$file.part
    mkdir -p "$MINE" && cp "$pristine" "$part" && cmp -s "$pristine" "$part" && return
    rm -f "$part"
    fail "chapter $number: $file cannot be written"
}

# The first time, hands out the workbook. Nothing here ever writes over a file in mine/.
hand_out() {
    handed=
    [ -e "$file" ] && return
    copy
    mv "$part" "$file" || fail "chapter $number: $file cannot be written"
    handed=yes
}

# flags NAME…: -DMINE_name for each.
flags() { for f in $*; do printf '%s ' "-DMINE_$f"; done; }

# What Check's own file asks for.
check_flags() { pkg-config --cflags --libs check 2> /dev/null || echo "-lcheck"; }

have_check() {
    echo '#include <check.h>' | $CC $(check_flags) -E - > /dev/null 2>&1
}

# compile NAME OPTION…: the workbook, in $out/NAME.o; what the compiler says goes to $out/NAME.messages. The book's
# functions are in it as well, and the reader's have other names, see tests/workbook.awk.
compile() {
    name=$1
    shift
    LC_ALL=C $CC $CFLAGS $WARNINGS "$@" -iquote "$MINE" -Inotebooks_c \
        -c "$out/workbook.c" -o "$out/$name.o" 2> "$out/$name.said"
    compiled=$?
    sed -f "$out/names" "$out/$name.said" > "$out/$name.messages"
    return $compiled
}

# sanitizer NAME: can this compiler link and run programs with -fsanitize=NAME? Found out once.
sanitizer() {
    known=build/sanitizers.$({ echo "$CC $CFLAGS"; $CC --version; } 2> /dev/null | cksum | sed 's/ .*//')
    if [ ! -f "$known" ]; then
        echo 'int main(void) { return 0; }' > "$known.$$.c"
        for s in address undefined; do
            $CC $CFLAGS -fsanitize=$s "$known.$$.c" -o "$known.$$.x" 2> /dev/null && "./$known.$$.x" 2> /dev/null && echo $s
        done > "$known.$$"
        mv -f "$known.$$" "$known"
        rm -f "$known.$$".[cx]
    fi
    grep -q "^$1$" "$known"
}

WARNINGS="-Wall -Wextra -Wno-unused-parameter"
# What C does not define ends the function: all but what is as the reader means it on every machine of today
# (the row after a matrix's row, a sign bit shifted in, a number where its bytes happen to lie): that is only said.
UNDEFINED="-fsanitize=undefined -fno-sanitize-recover=all -fsanitize-recover=bounds,shift-base,alignment,vla-bound"

# Compiles the workbook and the chapter's tests. Returns 1 where it is the workbook that is
# in the way, else 2, with the reason in $out/problem.
build() {
    rm -f "$out/problem"
    : > "$out/places"
    FUNCTIONS=$(echo $functions) PLACES=$out/places NAMES=$out/names awk -f tests/workbook.awk "$file" > "$out/workbook.c"
    there=$(sed -n '$s/.*readers_functions\[\] = //p' "$out/workbook.c")
    missing=$(for f in $functions; do case $there in *"\"$f\""*) ;; *) printf '%s ' "$f" ;; esac; done)
    mend=$(echo $($TOOL broken "$stem" "$file" 2> /dev/null))
    rm -f "$out/undefined.o"
    ! sanitizer undefined || compile undefined -w -O1 -g0 $UNDEFINED &
    compile workbook || compile workbook -w # the errors alone
    good=$compiled
    wait
    if [ $good -ne 0 ]; then
        { echo "chapter $number: $file does not compile:"; echo; cat "$out/workbook.messages"; } > "$out/problem"
        return 1
    fi
    compile_tests || return 2
    { [ -f "$out/undefined.o" ] && link grader undefined; } || link grader workbook && return
    { echo "chapter $number: $file cannot be linked with its tests:"; echo; cat "$out/messages"; } > "$out/problem"
    return 1
}

# compile_tests: the chapter's tests, anew only when what they are made of has changed.
compile_tests() {
    [ -f "$out/tests.o" ] && [ "$(cat "$out/tests.how" 2> /dev/null)" = "$sources" ] && return
    rm -f "$out/tests.how"
    quick= # what is compiled once for a few calls need not be fast
    case $CFLAGS in *-O[23]*) quick=-O1 ;; esac
    # shellcheck disable=SC2046,SC2086 # words are wanted
    if ! $CC $CFLAGS $quick -w -I. -DGRADER $(check_flags | sed 's/-l[^ ]*//g') \
        -c "tests/test_$stem.c" -o "$out/tests.o" 2> "$out/messages"; then
        { echo "chapter $number: tests/test_$stem.c does not compile:"; echo; cat "$out/messages"; } > "$out/problem"
        return 1
    fi
    echo "$sources" > "$out/tests.how"
}

# link PROGRAM OBJECT: the grader, of the chapter's tests and the workbook's OBJECT.
link() {
    sanitized=
    [ "$2" = workbook ] || sanitized=-fsanitize=$2
    libraries=$(check_flags)
    for more in "" "-lsubunit -lm -lrt -lpthread" "-lsubunit -lm -lpthread" "-lm -lpthread"; do
        LC_ALL=C $CC $CFLAGS $sanitized "$out/tests.o" "$out/$2.o" $libraries $more -lm -o "$out/$1" 2> "$out/linked" && return
    done
    sed -f "$out/names" "$out/linked" > "$out/messages"
    return 1
}

# run_grader PROGRAM OPTION…: what it prints is in $out/PROGRAM.says, the summary in $out/PROGRAM.new.
run_grader() {
    program=$1
    shift
    rm -f "$out/$program.new"
    [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && export BOOK_INK=yes # the colours of the terminal that it comes to
    "$out/$program" --grade "$@" --record "$out/$program.new" --file "$file" --next "$(next_step)" \
        --missing "$missing" --mend "$mend" > "$out/$program.said"
    graded_as=$?
    unset BOOK_INK
    sed -f "$out/names" "$out/$program.said" > "$out/$program.says"
    return $graded_as
}

# written_right SUMMARY: is something written, and is all of it right?
written_right() { awk '$2 == "right" { right++ } $2 !~ /^(right|unwritten|missing|mend)$/ { other++ } END { exit !right || other }' "$1"; }

# run_graders OPTION…: once more where all that is written is right, or malloc has ended it, under the address sanitizer.
run_graders() {
    told=grader
    run_grader grader "$@"
    found=$?
    if [ $found -le 1 ] && { written_right "$out/grader.new" || grep -q ' crash SIGABRT$' "$out/grader.new"; } &&
        sanitizer address &&
        # Without builtins: a compiler that knows malloc and free leaves out what is freed twice.
        compile address -w -g -O1 -fsanitize=address -fno-builtin && link grader_address address; then
        run_grader grader_address --plain "$@"
        if grep -q ' crash sanitizer$' "$out/grader_address.new" 2> /dev/null; then # (it is slow, and what takes long is no matter)
            told=grader_address found=1
        fi
    fi
    rm -f "$out/summary.new"
    [ ! -f "$out/$told.new" ] || mv "$out/$told.new" "$out/summary.new"
    return $found
}

# What comes after this chapter.
next_step() {
    next=$(ls chapters/[0-9][0-9]_*.md | sed -n "/\/$stem\.md/{n;p;}" | sed 's:.*/::; s/_.*//')
    if [ "$number" -gt 13 ]; then
        echo "what to do with them: the end of the exercises in chapters/$stem.md"
    elif [ -n "$next" ]; then
        echo "make chapter-$next"
    else
        echo 'make mine PROMPT="A robot must"'
    fi
}

ready() {
    [ -f "$pristine" ] || fail "chapter $number: has no exercises"
    [ -f "$out/tests.o" ] || have_check || fail "chapter $number: Check is not installed: make deps"
    grep -q BOOK_TESTS "tests/test_$stem.c" 2> /dev/null || fail "chapter $number: its exercises have no grader yet"
}

# The compiler's warnings about function $1, and about what is between it and the exercise before it.
warnings_about() {
    awk -v file="$file" -v wanted="$1" '
        FILENAME == ARGV[1] { if ($3 == wanted) { from = $1; to = $2 } next }
        / [Ii]n function |^In file included|warnings? generated/ { show = 0; next }
        /^[^ ].*: note: / { if (show) print; next }
        index($0, file ":") == 1 { split(substr($0, length(file) + 2), place, ":"); show = place[1] + 0 >= from + 0 && place[1] + 0 <= to + 0 }
        index($0, file ":") != 1 && /^[^ ].*:[0-9]+:/ { show = 0 }
        show' "$out/places" "$out/workbook.messages"
}

# What the compiler says of the first function that is not right, and of those that are.
all_warnings() {
    first=$(not_right_ones | sed 1q)
    for f in $first $(right_ones); do
        warnings_about "$f" > "$out/messages"
        [ -s "$out/messages" ] || continue
        echo
        if [ "$f" = "$first" ]; then echo "The compiler warns:"; else echo "$f: right, but the compiler warns:"; fi
        cat "$out/messages"
    done
}

# grade: the grader's own words, and what the compiler had to say of the function in question.
grade() {
    hand_out
    graded=$(what_is_there)
    build
    status=$?
    if [ $status -ne 0 ]; then
        cat "$out/problem"
    else
        run_graders $summary
        status=$?
        cat "$out/$told.says"
        keep_summary
        [ -n "$summary" ] || [ ! -f "$out/summary.of" ] || all_warnings
    fi
    if [ -z "$summary" ] && [ -n "$handed" ]; then
        echo
        echo "This workbook is yours now: $file"
    fi
    return $status
}

# What a summary is of: this workbook, these tests, this compiler. (Not their dates: a workbook may
# be put back with its own.)
what_is_there() { echo "$(cksum < "$file") $sources"; }

# A new summary, if it is whole, counts from now on; hints are forgotten that were given for what
# is right now.
keep_summary() {
    rm -f "$out/summary.of"
    [ "$(grep -c . "$out/summary.new" 2> /dev/null)" = "$(echo "$functions" | grep -c .)" ] || return 0
    mv "$out/summary.new" "$out/summary"
    echo "$graded" > "$out/summary.of"
    cp "$out/summary" "$out/summary.last"
    [ -f "$out/hints" ] || return 0
    for f in $(right_ones); do
        sed "/^$f /d" "$out/hints" > "$out/hints.new" && mv "$out/hints.new" "$out/hints"
    done
}

# The grades as lines "function grade why" in $out/summary, made anew only when needed.
# Returns 1 where the workbook does not compile; $out/summary.last is from when it did.
summarise() {
    graded=$(what_is_there)
    [ -f "$out/summary" ] && [ "$(cat "$out/summary.of" 2> /dev/null)" = "$graded" ] && return
    rm -f "$out/summary"
    build || return 1
    run_graders --summary
    keep_summary
    [ -f "$out/summary" ]
}

right_ones() { sed -n 's/^\([^ ]*\) right .*/\1/p' "$out/summary"; }
# First those that are written: of the first of these the grader speaks.
not_right_ones() {
    awk '$2 == "right" { next }
         $2 ~ /^(unwritten|mend|missing)$/ { rest = rest $1 "\n"; next }
         { print $1 }
         END { printf "%s", rest }' "${1:-$out/summary}"
}

# The function that hint and solution speak of: none, where all are right.
choose() {
    chosen=${FUNCTION:-}
    if [ -n "$chosen" ]; then
        for f in $functions; do [ "$f" != "$chosen" ] || return 0; done
        fail "chapter $number: has no exercise $chosen; its exercises: $(echo $functions)"
    fi
    if [ -f "$file" ] && have_check && summarise; then
        chosen=$(not_right_ones | sed 1q)
    elif [ -f "$file" ] && [ -f "$out/summary.last" ]; then
        chosen=$(not_right_ones "$out/summary.last" | sed 1q)
        [ -n "$chosen" ] || chosen=$(echo $functions | sed 's/ .*//')
    else
        chosen=$(echo $functions | sed 's/ .*//')
    fi
}

# One hint more at each call: $out/hints says how many were given, a line "function number"
# each.
hint() {
    $TOOL show hint "$chosen" > "$out/messages" || exit 2
    most=$(grep -c '^Hint [0-9]*$' "$out/messages")
    given=$(sed -n "s/^$chosen //p" "$out/hints" 2> /dev/null)
    given=$((${given:-0} + 1))
    [ $most -gt 0 ] || most=1
    [ $given -le $most ] || given=$most
    {
        [ ! -f "$out/hints" ] || grep -v "^$chosen " "$out/hints"
        echo "$chosen $given"
    } > "$out/hints.new"
    [ ! -s "$out/hints.new" ] || mv "$out/hints.new" "$out/hints"
    awk -v most=$given '/^Hint [0-9]+$/ && $2 > most { exit } { print }' "$out/messages" |
        sed -e "1s/^/$chosen: /" -e '${/^$/d;}'
    echo
    again=${FUNCTION:+ FUNCTION=$chosen}
    if [ $given -lt $most ]; then
        echo "Another hint: make hint-$number$again, again"
    else
        echo "There are no more hints; the answer: make solution-$number$again"
    fi
}

# bar K N
bar() {
    i=0
    while [ $i -lt $2 ]; do
        [ $i -lt $1 ] && printf '#' || printf '.'
        i=$((i + 1))
    done
}

# All chapters that have a workbook.
workbooks() { ls notebooks_c/[0-9][0-9]_*.c 2> /dev/null | sed 's:.*/::; s/\.c$//'; }

progress() {
    have_check || fail "Check is not installed: make deps"
    total=0 done_all=0
    for s in $(workbooks); do
        use "$s"
        n=$(echo "$functions" | grep -c .)
        right=0
        if [ ! -f "$file" ]; then
            what="not started: make exercise-$number"
        elif ! grep -q BOOK_TESTS "tests/test_$s.c" 2> /dev/null; then
            what="no grader yet"
        elif summarise; then
            right=$(right_ones | grep -c .)
            what="$right of $n functions right"
            [ "$right" -eq "$n" ] && what="done"
        else
            what="does not compile: make exercise-$number"
        fi
        total=$((total + n)) done_all=$((done_all + right))
        printf '  %-18s %-8s %s\n' "$s" "$(bar "$right" "$n")" "$what"
    done
    echo "$done_all of $total functions are yours"
}

# Prints what the compiler needs to put the reader's right functions in place of the book's.
# mine [NN]: of the chapters up to NN; the finished program is number 13.
mine() {
    have_check || { echo "Check is not installed: make deps" >&2; exit 2; }
    all_flags= objects= yours= chapters=
    for s in $(workbooks); do
        use "$s"
        [ "$number" -le "${1:-99}" ] || continue
        [ -f "$file" ] && grep -q BOOK_TESTS "tests/test_$s.c" || continue
        if ! summarise; then
            echo "$file does not compile, so the book's functions are taken: make exercise-$number" >&2
            continue
        fi
        right=$(right_ones | tr '\n' ' ')
        [ -n "$right" ] || continue
        all_flags="$all_flags$(flags "$right")" yours="$yours$right" chapters="$chapters $s"
    done
    if [ -z "$yours" ]; then
        echo "No function is yours yet, so this is all the book's: make exercise-01" >&2
        return
    fi
    # An unfinished function gets another name, so the book's stays in its place.
    for s in $chapters; do
        use "$s"
        {
            echo "#include \"src/$s.h\""
            for f in $functions; do
                case " $yours" in *" $f "*) ;; *) echo "#define $f(...) unfinished_$f(__VA_ARGS__)" ;; esac
            done
            echo "#include \"$file\""
        } > "$out/mine.c"
        $CC $CFLAGS -w -I. -Inotebooks_c $all_flags -c "$out/mine.c" -o "$out/mine.part" >&2 &&
            mv -f "$out/mine.part" "$out/mine.o" || exit 2
        objects="$objects $out/mine.o"
    done
    cat > "$out/unfinished.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
void not_written_yet(const char *file, int line, const char *function)
{
    fprintf(stderr, "%s:%d: %s is not written yet\n", file, line, function);
    exit(1);
}
END
    $CC $CFLAGS -w -c "$out/unfinished.c" -o "$out/unfinished.part" >&2 &&
        mv -f "$out/unfinished.part" "$BUILD/unfinished.o" || exit 2
    echo "Your functions in place of the book's: $(echo $yours)" >&2
    echo "$all_flags$objects $BUILD/unfinished.o"
}

if [ "$command" != progress ] && [ "$command" != mine ]; then
    [ -n "$stem" ] || fail "usage: sh tests/exercise.sh grade|hint|solution|reset|diff|watch NN_stem, or progress, or mine"
    use "$stem"
fi
case $command in
grade)
    ready
    grade ;;
hint | solution)
    [ -f "$pristine" ] || fail "chapter $number: has no exercises"
    choose
    if [ -z "$chosen" ]; then
        echo "chapter $number: all functions are right. (make $command-$number FUNCTION=$(echo $functions | sed 's/ .*//') shows it all the same.)"
    elif [ "$command" = hint ]; then
        hint
    else
        $TOOL show solution "$chosen" || exit 2
    fi ;;
reset)
    [ -f "$pristine" ] || fail "chapter $number: has no exercises"
    if [ ! -e "$file" ]; then
        hand_out
        echo "chapter $number: a fresh workbook: $file"
        exit
    fi
    if cmp -s "$pristine" "$file"; then
        echo "chapter $number: $file is a fresh workbook already"
        exit
    fi
    n=1
    while [ -e "$file.$n" ]; do n=$((n + 1)); done
    rm -f "$out/hints"
    copy
    mv "$file" "$file.$n" && mv "$part" "$file" || fail "chapter $number: $file cannot be written"
    echo "chapter $number: a fresh workbook: $file; the old one is kept: $file.$n" ;;
diff)
    [ -f "$pristine" ] || fail "chapter $number: has no exercises"
    if [ ! -f "$file" ]; then
        echo "chapter $number: there is no $file yet: make exercise-$number"
        exit
    fi
    $TOOL workbook "$stem" > "$out/solutions.c" || exit 2
    tr -d '\r' < "$file" > "$out/yours.c" # an editor may end lines as Windows does
    if cmp -s "$out/yours.c" "$out/solutions.c"; then
        echo "chapter $number: $file says what the book says"
    else
        echo "chapter $number: - yours, + the book's"
        diff -u "$out/yours.c" "$out/solutions.c" | sed 1,2d
    fi
    exit 0 ;;
watch)
    ready
    hand_out
    trap 'echo; exit 0' INT TERM
    seen=
    unlock
    while :; do
        there=$(cksum "$file" 2> /dev/null)
        if [ -n "$there" ] && [ "$there" != "$seen" ]; then
            seen=$there
            [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && printf '\033[H\033[2J'
            use "$stem"
            grade
            unlock
            echo
            echo "Watching $file; Ctrl-C ends this."
        fi
        sleep 1
    done ;;
progress) progress ;;
mine) mine "$stem" ;;
*) fail "$command: unknown command" ;;
esac
