#!/bin/sh
# Runs the test programs named, each whole, as many at a time as there are cores, and adds up:
#     sh tests/run.sh test_01_tokenizer …
# The last line counts the checks: "N passed, N failed, N skipped".
set -u

# run.sh --one TEST: one of them; what it counted goes to build/tests/TEST.count.
if [ "$1" = --one ]; then
    test=$2
    log=build/tests/$test.log
    "build/$test" > "$log" 2>&1
    status=$?
    totals=$(sed -n 's/.*Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' "$log" | tail -1)
    set -- ${totals:-0 0 0}
    bad=$(($2 + $3))
    if [ $status -ne 0 ] && [ $bad -eq 0 ]; then bad=1; fi
    if [ -z "$totals" ] && [ $bad -eq 0 ]; then
        bad=1
        echo "tests/$test.c: says nothing of its checks" >> "$log"
    fi
    good=0
    skips=$(grep '^skipped: ' "$log")
    [ "$1" -gt $(($2 + $3)) ] && good=$(($1 - $2 - $3))
    echo "$good $bad $(grep -c '^skipped: ' "$log")" > "build/tests/$test.count"
    # One write, so that no other test's words come between.
    if [ $bad -ne 0 ]; then
        printf 'FAILED  tests/%s.c\n%s\n' "$test" "$(cat "$log")"
    else
        printf '%-8s%-34s%s\n' ok "tests/$test.c" "$1 checks${skips:+
$skips}"
    fi
    exit 0
fi

. chapters/lock.sh
trap unlock EXIT
trap 'exit 130' INT TERM HUP
lock build/tests.lock
rm -rf build/tests && mkdir -p build/tests
# Threads that wait leave the core to the test beside them.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
cores=${JOBS:-$(getconf _NPROCESSORS_ONLN 2> /dev/null)} || cores=1
printf '%s\n' "$@" | xargs -n 1 -P "$cores" sh "$0" --one

passed=0 failed=0 skipped=0
for test in "$@"; do
    read -r good bad left < "build/tests/$test.count" || { good=0 bad=1 left=0; echo "FAILED  tests/$test.c was cut off"; }
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
