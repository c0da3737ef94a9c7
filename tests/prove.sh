#!/bin/sh
# Proves the exercises, as a reader meets them: sh tests/prove.sh [NN_stem…]
# Every stub compiles and is reported as not written, every broken function as one to mend, with file and line; the
# solutions pass; what crashes, never ends, ends the program, is missing or does not compile is told so, and what
# the compiler and its sanitizers find. (That mistakes are called by their names, each chapter's test proves.)
set -u
CC=${CC:-cc}
CFLAGS=${PROVE_CFLAGS:--std=c11 -O0}
export CC CFLAGS NO_COLOR=1
all=build/prove
tool=build/00_book
[ -x $tool ] || { echo "$tool is not built: make tool"; exit 1; }
rm -rf $all && mkdir -p $all
unset FUNCTION

# A case is a folder build/prove/NN_stem/NAME with a workbook, and what the grader should say:
# `want`, a line "function grade why" for each function that is not right; or `says`, words
# that the grader's first line holds, and `shows`, lines that it also prints, or `hides`, words that it does not.
new_case() {
    folder=$all/$stem/$1
    mkdir -p "$folder"
    : > "$folder/want"
    printf '%s\n' "$folder" >> $all/cases
    workbook=$folder/$stem.c
}

# with FUNCTION BODY: the solutions, but for one function whose body is BODY, which may call the right one: right_FUNCTION.
with() {
    BODY=$2 awk -v f="$1" '
        index($0, f "(") && /^[A-Za-z_]/ && !/;[ \t]*$/ { inside = 1 }
        inside { whole = whole $0 "\n" }
        inside && !within { head = head $0 "\n" }
        inside && /^[{]/ { within = 1 }
        !inside { print }
        inside && /^[}]/ {
            if (index(ENVIRON["BODY"], "right_" f "(")) { gsub(f "\\(", "right_&", whole); print whole }
            printf "%s%s\n}\n", head, ENVIRON["BODY"]
            inside = within = 0
        }' "$all/$stem/solutions.c" > "$workbook"
}

# lines_of FUNCTION: "file:line", where it begins in the workbook.
line_of() { grep -n "^[A-Za-z_].*[ *]$1(" "$workbook" | sed "s|:.*||; s|^|$workbook:|; 1q"; }

# sanitizer NAME: does the compiler have it?
sanitizer() {
    echo 'int main(void) { return 0; }' > $all/empty.c
    $CC $CFLAGS "-fsanitize=$1" $all/empty.c -o $all/empty 2> /dev/null && $all/empty
}

cases_of() {
    stem=$1
    mkdir -p "$all/$stem"
    functions=$($tool exercises "$stem" | sed 's/^[^ ]* //')
    broken=$(echo $($tool broken "$stem"))
    $tool workbook "$stem" > "$all/$stem/solutions.c" || exit 1
    first=$(echo "$functions" | sed 1q)

    new_case stubs
    cp "notebooks_c/$stem.c" "$workbook"
    for f in $functions; do
        case " $broken " in
        *" $f "*) echo "$f mend $(line_of "$f")" ;;
        *) awk -v f="$f" -v file="$workbook" '
            index($0, " " f "(") && $0 !~ /^ *\*/ && $0 !~ /^\/\*/ { inside = 1 }
            inside && /NOT_WRITTEN_YET\(\)/ { print f " unwritten " file ":" NR; exit }' "$workbook" ;;
        esac >> "$folder/want"
    done
    [ "$(grep -c . "$folder/want")" -eq "$(echo "$functions" | grep -c .)" ] || echo "$stem: a stub has no NOT_WRITTEN_YET()" >> $all/bad

    # A function crashes; one that calls it is graded with the book's, and is right.
    crashing=$first
    for f in $functions; do
        ! grep -q "^  .*[^A-Za-z_]$f(.*;" "$all/$stem/solutions.c" || crashing=$f
    done
    new_case "crash_$crashing"
    with "$crashing" '    *(volatile int *)(size_t)(sizeof(int)) = 1; abort();'
    echo "$crashing crash SIGSEGV" > "$folder/want"

    # Broken code is not mended by a comment, and not right after any change.
    for f in $broken; do
        for change in '/* mine */' '(void)0;'; do
            new_case "broken_$f$(echo "$change" | tr -dc 'm0')"
            with "$f" "$($tool show stub "$f" | awk -v change="$change" 'inside && /^[}]/ { exit } inside; /^[{]/ { inside = 1; print "    " change }')"
            case $change in
            /*) echo "$f mend $(line_of "$f")" ;;
            *) echo "$f (wrong|crash)" ;;
            esac > "$folder/want"
        done
    done

    # What is the frame's own is shown on one chapter's functions.
    [ "$stem" != 01_tokenizer ] || cases_of_the_frame
}

cases_of_the_frame() {
    right='return right_merge_pair(n, ids, left, right, merged);'
    new_case endless
    with merge_pair '    for (volatile unsigned i = 0;;) i++;'
    echo "merge_pair timeout -" > "$folder/want"
    new_case abort
    with merge_pair '    abort();'
    echo "merge_pair crash SIGABRT" > "$folder/want"
    new_case exit
    with merge_pair '    exit(0);'
    echo "merge_pair crash exit" > "$folder/want"
    new_case exit_talking
    with merge_pair '    for (int i = 0; i < 3; i++) { puts("right\twrong\t"); fputs("Checks: 1\n", stderr); } NOT_WRITTEN_YET();'
    echo "merge_pair unwritten $workbook:$(grep -n NOT_WRITTEN_YET "$workbook" | sed 's/.*\* NOT_.*//; s/:.*//; /^$/d')" > "$folder/want"
    new_case printing
    with merge_pair '    printf("left is %d\n", left); return 0;'
    echo "merge_pair is not right yet" > "$folder/says"
    printf '%s\n' "It printed:" "left is 1" > "$folder/shows"
    new_case missing
    sed "s/^[a-z].* \**merge_pair(/static inline int unused_one(int unused_argument); &/; s/\([ *]\)merge_pair(/\1another_name(/" "$all/$stem/solutions.c" > "$workbook"
    echo "merge_pair missing -" > "$folder/want"
    new_case no_compile
    with merge_pair '    return readers;
    this is not C'
    echo "$workbook does not compile" > "$folder/says"
    echo "$workbook:$(grep -n 'this is not C' "$workbook" | sed 's/:.*//'):.*error:" > "$folder/shows"
    new_case twice
    { cat "$all/$stem/solutions.c"; echo "int main(void) { return 0; }"; } > "$workbook"
    echo "$workbook cannot be linked" > "$folder/says"
    new_case no_such_helper
    with merge_pair "    int no_such_helper(int n); ids[0] += no_such_helper(n); $right"
    echo "$workbook cannot be linked" > "$folder/says"
    echo "no_such_helper" > "$folder/shows"

    # How a workbook may be written.
    new_case crlf
    awk '{ printf "%s\r\n", $0 }' "$all/$stem/solutions.c" > "$workbook"
    new_case 'a "space" = \here'
    cp "$all/$stem/solutions.c" "$workbook"
    new_case layout
    {
        echo "/* int merge_pair(int n) { */ // whole_characters("
        sed -n '/#include/p' "$all/$stem/solutions.c"
        echo '#include "helper.h"'
        echo "#if 0"
        echo "int merge_pair(int n) { does not work"
        echo "#endif"
        echo "int merge_pair(int n, int ids[n],"
        echo "               int left, int right, int merged);"
        echo "static inline int first_lowest(int n, const int ranks[n]);"
        echo "static const char quotes[] = {'\"', '{', '\\'', '}'}, *brace = \"}\\\"{\"; // {"
        echo "static int helper(int n) { return quotes[0] && *brace ? merge_pair(1, (int[]){n}, 0, 0, 0) : n; }"
        sed '/#include/d; s/^int first_lowest(/int\n  first_lowest (/; s/^    int kept = 0;/#if 1\n    if (helper(1) == 1) {\n#else\n    {\n#endif\n        ;}\n    int kept = 0;/; s/^size_t whole_/static &/' "$all/$stem/solutions.c"
    } > "$workbook"
    echo "/* the reader's own */" > "$folder/helper.h"
    echo "are right. Next: " > "$folder/says"
    echo "warns:" > "$folder/hides"

    # Walls around arrays, a function of the reader's own that is not written, too deep a recursion.
    for i in n n+1 -1 -8 1000000 -100000; do
        new_case "outside_$(echo "$i" | tr '+-' 'pm')"
        with merge_pair "    ids[$i] = 7; $right"
        case $i in
        *0000*) echo "merge_pair crash" ;; # far away from any array there is nothing, or something else
        *) echo "merge_pair crash outside" ;;
        esac > "$folder/want"
    done
    new_case outside_read
    with merge_pair "    volatile int seen = ids[n]; (void)seen; $right"
    echo "merge_pair crash outside" > "$folder/want"
    new_case deep
    with merge_pair '    volatile int deep[64] = {n}; return n < 0 ? 0 : deep[0] + merge_pair(n + deep[1], ids, left, right, merged) + 1;'
    echo "merge_pair crash SIGSEGV" > "$folder/want"
    new_case calls_unwritten
    with merge_pair '    return unwritten_helper(n);'
    { sed -n '1,/^#include/p' "$workbook"; echo "static int unwritten_helper(int n) { (void)n; NOT_WRITTEN_YET(); }"; sed '1,/^#include/d' "$workbook"; } > "$workbook.new"
    mv "$workbook.new" "$workbook"
    echo "merge_pair unwritten $workbook:$(grep -n 'unwritten_helper(int n)' "$workbook" | sed 's/:.*//')" > "$folder/want"

    # What it calls is the book's: it is right although that is wrong.
    new_case calls_wrong
    with merge_pair "    int lowest = first_lowest(n, ids); if (lowest < -1 || lowest >= n) abort(); $right"
    sed 's/^    int best = -1;/    int best = -7;/' "$workbook" > "$workbook.new"
    mv "$workbook.new" "$workbook"
    echo "first_lowest wrong" > "$folder/want"

    # The compiler and its sanitizers.
    new_case warning
    with merge_pair "    int unused_one; $right"
    echo "are right. Next: " > "$folder/says"
    echo "merge_pair: right, but the compiler warns:
$workbook:$(grep -n 'unused_one' "$workbook" | sed 's/:.*//'):.*unused_one" > "$folder/shows"
    echo "first_lowest: right, but" > "$folder/hides"
    new_case overflow
    with merge_pair "    volatile int big = INT_MAX; big = big + n; $right"
    ! sanitizer undefined || echo "merge_pair crash sanitizer" > "$folder/want"
    new_case heap
    with merge_pair "    volatile int size = 3, at = 3; volatile char *mine = malloc((size_t)size); mine[at] = 1; free((void *)mine); $right"
    ! sanitizer address || echo "merge_pair crash sanitizer" > "$folder/want"
    new_case heap_of_bytes # malloc ends it, and would end the handler
    with merge_pair "    int *mine = malloc((size_t)n); for (int i = 0; i < n; i++) mine[i] = ids[i]; free(malloc(1)); free(mine); $right"
    ! sanitizer address || echo "merge_pair crash sanitizer" > "$folder/want"
}

# run FOLDER: grades it; $folder/verdict is empty where all is as it should be.
run() {
    folder=$1
    stem=$(basename "$(dirname "$folder")")
    option=--summary
    [ -f "$folder/says" ] && option=
    mkdir -p "$folder/build/$stem"
    touch "$folder/shows" "$folder/hides"
    [ -f "$all/$stem/tests.o" ] && cp -p "$all/$stem/tests.o" "$all/$stem/tests.how" "$folder/build/$stem/"
    EXERCISE_MINE=$folder EXERCISE_BUILD=$folder/build sh tests/exercise.sh grade $option "$stem" > "$folder/got" 2> "$folder/errors"
    status=$?
    should=1
    {
        if [ -f "$folder/says" ]; then
            grep -q "are right" "$folder/says" && should=0
            while read -r line; do
                grep -q -e "$line" "$folder/got" || echo "should show '$line'"
            done < "$folder/shows"
            ! grep -F -f "$folder/hides" "$folder/got" || echo "should not say this"
            sed 1q "$folder/got" | grep -qF "$(cat "$folder/says")" || echo "the first line should say '$(cat "$folder/says")': $(sed 1q "$folder/got")"
        else
            [ -s "$folder/want" ] || should=0
            grep -v '^[^ ]* right -$' "$folder/got" > "$folder/not_right"
            while read -r line; do
                grep -qE "^$line( |$)" "$folder/not_right" || echo "should say '$line'"
            done < "$folder/want"
            [ "$(grep -c . "$folder/not_right")" -eq "$(grep -c . "$folder/want")" ] || echo "should find $(grep -c . "$folder/want") wrong"
            [ "$(grep -c . "$folder/got")" -eq "$($tool exercises "$stem" | grep -c .)" ] || echo "should say a line a function"
        fi
        ! grep -E "[\`'][A-Z]($($tool exercises "$stem" | sed 's/^[^ ]* .//' | tr '\n' '|')-)'" "$folder/got" || echo "should be the reader's name"
        [ $status -eq $should ] || echo "status $status, should be $should"
        [ -s "$folder/errors" ] && sed 's/^/on stderr: /' "$folder/errors"
    } > "$folder/verdict"
    [ -s "$folder/verdict" ] && { echo "it said:"; sed 20q "$folder/got"; } | sed 's/^/    /' >> "$folder/verdict"
    rm -rf "$folder/build"
}

: > $all/bad
: > $all/cases
# chapter STEM: its cases, its tests compiled once for all of them, its solutions graded, and its hints.
chapter() {
    stem=$1
    if ! grep -q BOOK_TESTS "tests/test_$stem.c" 2> /dev/null; then
        echo "$stem: tests/test_$stem.c has no grader" >> $all/bad
        return
    fi
    cases_of "$stem"
    once=$all/$stem/once
    mkdir -p "$once"
    cp "$all/$stem/solutions.c" "$once/$stem.c"
    EXERCISE_MINE=$once EXERCISE_BUILD=$once sh tests/exercise.sh grade "$stem" > "$once/got" 2>&1
    if ! sed 1q "$once/got" | grep -q ": all .* functions are right. Next: " || grep -q warns: "$once/got" ||
        [ "$(cat "$once/$stem/summary")" != "$(echo "$functions" | sed 's/$/ right -/')" ]; then
        { echo "$stem: its solutions are not all right, or the compiler warns:"; cat "$once/got"; } >> $all/bad
    fi
    cp -p "$once/$stem/tests.o" "$once/$stem/tests.how" "$all/$stem/" 2> /dev/null
    [ ! -f "$all/$stem/tests.o" ] || hints_of "$stem"
}

# One hint more at a call, and none where all is right, which is no error.
hints_of() {
    stem=$1
    place=$all/$stem/hints
    mkdir -p "$place"
    cp "notebooks_c/$stem.c" "$place/$stem.c"
    for call in 1 2; do
        EXERCISE_MINE=$place EXERCISE_BUILD=$place sh tests/exercise.sh hint "$stem" > "$place/said$call" 2>&1 ||
            echo "$stem: hint $call for stubs: status $?" >> $all/bad
    done
    grep -q 'Hint 1$' "$place/said1" && ! grep -q '^Hint 2$' "$place/said1" || echo "$stem: the first hint should be one" >> $all/bad
    first=$($tool exercises "$stem" | sed 's/^[^ ]* //; 1q')
    if [ "$($tool show hint "$first" | grep -c '^Hint [0-9]*$')" -gt 1 ]; then
        grep -q '^Hint 2$' "$place/said2" || echo "$stem: the second call should give hint 2" >> $all/bad
    fi
    EXERCISE_MINE=$once EXERCISE_BUILD=$once sh tests/exercise.sh hint "$stem" > "$place/said_right" 2>&1 ||
        echo "$stem: hint for solutions: status $?" >> $all/bad
    grep -q "are right" "$place/said_right" || echo "$stem: a hint where all is right" >> $all/bad
}

# each COMMAND LIST: the command for each line of a file, several at a time.
each() {
    worker() {
        number=0
        while read -r line; do
            number=$((number + 1))
            ! mkdir "$all/taken_$1_$number" 2> /dev/null || "$1" "$line"
        done < "$2"
    }
    w=1
    while [ $w -lt "${JOBS:-2}" ]; do
        worker "$1" "$2" &
        w=$((w + 1))
    done
    worker "$1" "$2"
    wait
}

[ $# -gt 0 ] || set -- $(ls notebooks_c/[0-9][0-9]_*.c | sed 's:.*/::; s/\.c$//')
printf '%s\n' "$@" > $all/chapters
each chapter $all/chapters
each run $all/cases

failed=0 count=0
while read -r case; do
    count=$((count + 1))
    [ -f "$case/verdict" ] && [ ! -s "$case/verdict" ] && continue
    failed=$((failed + 1))
    echo "FAILED  ${case#$all/}"
    sed 's/^/    /' "$case/verdict"
done < $all/cases
if [ -s $all/bad ]; then
    failed=$((failed + $(grep -c . $all/bad)))
    cat $all/bad
fi
echo "exercises: $count cases, $failed failed"
[ $failed -eq 0 ]
