#!/bin/sh
# Proves the exercises, as a reader meets them: sh tests/prove.sh [NN_stem…]
# Every stub compiles and is reported as not written, with its file and line; the solutions
# pass; every mistake, compiled in place of the solution, is called by its name; what
# crashes, never ends, ends the program, is missing or does not compile is told so.
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
# that the grader's first line holds.
new_case() {
    folder=$all/$stem/$1
    mkdir -p "$folder"
    : > "$folder/want"
    echo "$folder" >> $all/cases
    workbook=$folder/$stem.c
}

# with FUNCTION BODY: the solutions, but for one function whose body is BODY.
with() {
    {
        echo "#include \"../src/$stem.h\""
        echo "#define $1(...) right_$1(__VA_ARGS__)"
        echo "#include \"../$all/$stem/solutions.c\""
        echo "#undef $1"
        $tool show stub "$1" | BODY=$2 awk '/NOT_WRITTEN_YET/ && !done { print ENVIRON["BODY"]; done = 1; next } { print }'
    } > "$workbook"
}

cases_of() {
    stem=$1
    mkdir -p "$all/$stem"
    functions=$($tool exercises "$stem" | sed 's/^[^ ]* //')
    mistakes=tests/mistakes/$stem.h
    $tool workbook "$stem" > "$all/$stem/solutions.c" || exit 1
    first=$(echo "$functions" | sed 1q)

    new_case stubs
    cp "notebooks_c/$stem.c" "$workbook"
    for f in $functions; do
        awk -v f="$f" -v file="$workbook" '
            index($0, " " f "(") && $0 !~ /^ *\*/ && $0 !~ /^\/\*/ { inside = 1 }
            inside && /NOT_WRITTEN_YET\(\)/ { print f " unwritten " file ":" NR; exit }' "$workbook" >> "$folder/want"
    done
    [ "$(grep -c . "$folder/want")" -eq "$(echo "$functions" | grep -c .)" ] || echo "$stem: a stub has no NOT_WRITTEN_YET()" >> $all/bad

    new_case solutions
    cp "$all/$stem/solutions.c" "$workbook"
    new_case solutions_say
    cp "$all/$stem/solutions.c" "$workbook"
    echo "are right. Next: " > "$folder/says"

    for f in $functions; do
        names=$(sed -n "s/^WRONG .*[ *]\(wrong_${f}_[A-Za-z0-9_]*\)(.*/\1/p" "$mistakes")
        for g in $functions; do # what is wrong_f_g_… belongs to f_g, where there is such a one
            case $g in "${f}"_*) names=$(echo "$names" | grep -v "^wrong_${g}_") ;; esac
        done
        [ "$(echo "$names" | grep -c .)" -ge 3 ] || echo "$stem: fewer than three mistakes for $f in $mistakes" >> $all/bad
        for m in $names; do
            new_case "$m"
            {
                echo "#include \"../src/$stem.h\""
                echo "#define $f(...) right_$f(__VA_ARGS__)"
                echo "#include \"../$all/$stem/solutions.c\""
                echo "#undef $f"
                echo "#define SAYS(mistake, text)"
                echo "#define WRONG"
                echo "#define $m $f"
                echo "#include \"../$mistakes\""
            } > "$workbook"
            echo "$f wrong $m" > "$folder/want"
        done
        new_case "crash_$f"
        with "$f" '    *(volatile int *)(size_t)(sizeof(int)) = 1; abort();'
        echo "$f crash SIGSEGV" > "$folder/want"
    done

    new_case endless
    with "$first" '    for (volatile int i = 0;;) i++;'
    echo "$first timeout -" > "$folder/want"
    new_case abort
    with "$first" '    abort();'
    echo "$first crash SIGABRT" > "$folder/want"
    new_case exit
    with "$first" '    exit(0);'
    echo "$first crash exit" > "$folder/want"
    new_case exit_talking
    with "$first" '    for (int i = 0; i < 3; i++) { puts("right\twrong\t"); fputs("Checks: 1\n", stderr); } NOT_WRITTEN_YET();'
    echo "$first unwritten $workbook:$(grep -n NOT_WRITTEN_YET "$workbook" | sed 's/:.*//')" > "$folder/want"
    new_case no_compile
    with "$first" '    this is not C'
    echo "$workbook does not compile" > "$folder/says"
    new_case missing
    sed "s/^[a-z].* \**$first(/static inline int unused_one(int unused_argument); &/; s/\([ *]\)$first(/\1another_name(/" "$all/$stem/solutions.c" > "$workbook"
    echo "$first missing -" > "$folder/want"
    new_case twice
    { cat "$all/$stem/solutions.c"; echo "int main(void) { return 0; }"; } > "$workbook"
    echo "$workbook cannot be linked" > "$folder/says"

    # Walls around arrays: the frame's own, shown on one function that is given one.
    if [ "$stem" = 01_tokenizer ]; then
        for i in n n+1 -1 -8 1000000 -100000; do
            new_case "outside_$(echo "$i" | tr '+-' 'pm')"
            with merge_pair "    ids[$i] = 7; return right_merge_pair(n, ids, left, right, merged);"
            echo "merge_pair crash outside" > "$folder/want"
        done
        # Far away from any array there is nothing, or something else.
        sed -i.bak 's/.*/merge_pair crash/' "$all/$stem/outside_1000000/want" "$all/$stem/outside_m100000/want"
        new_case outside_read
        with merge_pair '    volatile int seen = ids[n]; (void)seen; return right_merge_pair(n, ids, left, right, merged);'
        echo "merge_pair crash outside" > "$folder/want"
        new_case deep
        with merge_pair '    volatile int deep[64] = {n}; return n < 0 ? 0 : deep[0] + merge_pair(n + deep[1], ids, left, right, merged) + 1;'
        echo "merge_pair crash SIGSEGV" > "$folder/want"
        new_case calls_unwritten
        with merge_pair '    return unwritten_helper(n);'
        sed -i.bak "s:^#undef.*:&\nstatic int unwritten_helper(int n) { (void)n; NOT_WRITTEN_YET(); }:" "$workbook"
        if ! grep -q '^static int unwritten' "$workbook"; then # a sed that does not know \n
            awk '{ print } /^#undef/ { print "static int unwritten_helper(int n) { (void)n; NOT_WRITTEN_YET(); }" }' "$workbook.bak" > "$workbook"
        fi
        echo "merge_pair unwritten $workbook:$(grep -n 'unwritten_helper(int n)' "$workbook" | sed 's/:.*//')" > "$folder/want"
    fi
}

# run FOLDER: grades it; $folder/verdict is empty where all is as it should be.
run() {
    folder=$1
    stem=$(basename "$(dirname "$folder")")
    option=--summary
    [ -f "$folder/says" ] && option=
    mkdir -p "$folder/build/$stem"
    [ -f "$all/$stem/tests.o" ] && cp -p "$all/$stem/tests.o" "$all/$stem/tests.how" "$folder/build/$stem/"
    EXERCISE_MINE=$folder EXERCISE_BUILD=$folder/build sh tests/exercise.sh grade $option "$stem" > "$folder/got" 2> "$folder/errors"
    status=$?
    should=1
    {
        if [ -f "$folder/says" ]; then
            grep -q "are right" "$folder/says" && should=0
            sed 1q "$folder/got" | grep -qF "$(cat "$folder/says")" || echo "the first line should say '$(cat "$folder/says")': $(sed 1q "$folder/got")"
        else
            [ -s "$folder/want" ] || should=0
            grep -v '^[^ ]* right -$' "$folder/got" > "$folder/not_right"
            while read -r line; do
                grep -q "^$line" "$folder/not_right" || echo "should say '$line'"
            done < "$folder/want"
            [ "$(grep -c . "$folder/not_right")" -eq "$(grep -c . "$folder/want")" ] || echo "should find $(grep -c . "$folder/want") wrong"
            [ "$(grep -c . "$folder/got")" -eq "$($tool exercises "$stem" | grep -c .)" ] || echo "should say a line a function"
        fi
        [ $status -eq $should ] || echo "status $status, should be $should"
        [ -s "$folder/errors" ] && sed 's/^/on stderr: /' "$folder/errors"
    } > "$folder/verdict"
    [ -s "$folder/verdict" ] && { echo "it said:"; sed 20q "$folder/got"; } | sed 's/^/    /' >> "$folder/verdict"
    rm -rf "$folder/build"
}

: > $all/bad
: > $all/cases
[ $# -gt 0 ] || set -- $(ls notebooks_c/[0-9][0-9]_*.c | sed 's:.*/::; s/\.c$//')
for stem in "$@"; do
    if ! grep -q BOOK_TESTS "tests/test_$stem.c" 2> /dev/null; then
        echo "$stem: tests/test_$stem.c has no grader" >> $all/bad
        continue
    fi
    cases_of "$stem"
    # The chapter's tests, compiled once for all cases.
    mkdir -p "$all/$stem/once"
    cp "$all/$stem/solutions.c" "$all/$stem/once/$stem.c"
    EXERCISE_MINE=$all/$stem/once EXERCISE_BUILD=$all/$stem/once sh tests/exercise.sh grade --summary "$stem" > "$all/$stem/once/got" 2>&1
    cp -p "$all/$stem/once/$stem/tests.o" "$all/$stem/once/$stem/tests.how" "$all/$stem/" 2> /dev/null ||
        { echo "$stem:"; cat "$all/$stem/once/got"; } >> $all/bad
done

# Each workbook begins with the chapter's header. GCC reads it once for all of them: it takes ../src/NN_stem.h.gch
# in place of ../src/NN_stem.h, seen from the case's folder. Another compiler does not look there.
precompiled() {
    mkdir -p "$all/$1/src"
    # shellcheck disable=SC2046,SC2086 # words are wanted
    $CC $CFLAGS -Wall -Wextra -Wno-unused-parameter $($tool exercises "$1" | sed 's/^[^ ]* /-DMINE_/') \
        -x c-header "src/$1.h" -o "$all/$1/src/$1.h.gch" 2> /dev/null || rm -rf "$all/$1/src"
}

# One hint more at a call, and none where all is right, which is no error.
hints_of() {
    stem=$1
    for what in stubs solutions; do
        place=$all/$stem/hints_$what
        mkdir -p "$place"
        cp "$all/$stem/$what/$stem.c" "$place/$stem.c"
        for call in 1 2; do
            EXERCISE_MINE=$place EXERCISE_BUILD=$place sh tests/exercise.sh hint "$stem" > "$place/said$call" 2>&1 ||
                echo "$stem: hint $call for $what: status $?" >> $all/bad
        done
    done
    place=$all/$stem/hints_stubs
    grep -q 'Hint 1$' "$place/said1" && ! grep -q '^Hint 2$' "$place/said1" || echo "$stem: the first hint should be one" >> $all/bad
    first=$($tool exercises "$stem" | sed 's/^[^ ]* //; 1q')
    if [ "$($tool show hint "$first" | grep -c '^Hint [0-9]*$')" -gt 1 ]; then
        grep -q '^Hint 2$' "$place/said2" || echo "$stem: the second call should give hint 2" >> $all/bad
    fi
    grep -q "are right" "$all/$stem/hints_solutions/said1" || echo "$stem: a hint where all is right" >> $all/bad
}
for stem in "$@"; do
    precompiled "$stem"
    [ ! -f "$all/$stem/tests.o" ] || hints_of "$stem"
done

jobs=${JOBS:-2}
worker() { awk -v w="$1" -v n="$jobs" 'NR % n == w' $all/cases | while read -r case; do run "$case"; done; }
w=1
while [ $w -lt "$jobs" ]; do
    worker $w &
    w=$((w + 1))
done
worker 0
wait

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
echo "exercises: $count cases ($(grep -c '/wrong_' $all/cases) mistakes), $failed failed"
[ $failed -eq 0 ]
