#!/bin/sh
# Runs the test programs named, each whole, and adds up: sh tests/run.sh test_01_tokenizer …
# The last line counts the checks: "N passed, N failed, N skipped".
set -u
passed=0 failed=0 skipped=0
log=build/test.log
tests=$*
for test in $tests; do
    "build/$test" > "$log" 2>&1
    status=$?
    totals=$(sed -n 's/.*Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' "$log" | tail -1)
    set -- ${totals:-0 0 0}
    bad=$(($2 + $3))
    if [ $status -ne 0 ] && [ $bad -eq 0 ]; then bad=1; fi
    if [ -z "$totals" ] && [ $bad -eq 0 ]; then bad=1; echo "tests/$test.c: says nothing of its checks"; fi
    failed=$((failed + bad))
    [ "$1" -gt $(($2 + $3)) ] && passed=$((passed + $1 - $2 - $3))
    skipped=$((skipped + $(grep -c '^skipped: ' "$log")))
    if [ $bad -ne 0 ]; then
        echo "FAILED  tests/$test.c"
        cat "$log"
    else
        printf '%-8s%-34s%s\n' ok "tests/$test.c" "$1 checks"
        grep '^skipped: ' "$log"
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
