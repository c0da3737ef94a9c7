#!/bin/sh
# What readers say to make, and where they say it: text of any kind, odd places, two at once.
#   sh tests/shell.sh            all, in a copy of the book
#   sh tests/shell.sh NAME…      only these
# OTHER_MAKE=FILE tries another make with the same texts.
set -u
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES MFLAGS PROMPT MODEL IDS FUNCTION
export NO_COLOR=1
here=$PWD
top="$PWD/build/check/shell 100%"
copy="$top/book"

# ---- The copy: tracked files, and the programs that are built -------------------------------

rm -rf "$top" && mkdir -p "$copy/build" || exit 1
make -s tool build/05_masking build/test_05_masking build/13_gpt2 build/stories || exit 1
git ls-files -co --exclude-standard | grep -v '^figures/.*svg$' | while read -r f; do [ -f "$f" ] && echo "$f"; done |
    tar cf - -T - | (cd "$copy" && tar xf -)
cp -p build/how build/fast build/00_book* build/05_masking* build/test_05_masking build/test_05_masking.d build/13_gpt2* \
    build/stories* "$copy/build/"
cd "$copy" || exit 1

# A test fails with a line that says why.
wrong() { printf '%s\n' "$*" >> "$top/why"; }
skip() { printf '%s\n' "$*" > "$top/skipped"; }
have() { command -v "$1" > /dev/null 2>&1; }
same() { # same WHAT GOT WANT
    [ "$2" = "$3" ] || wrong "$1: got [$2], want [$3]"
}

# stand_in FILE: in place of a program, a script that tells what it was started with.
stand_in() {
    [ -f "$1.kept" ] || mv "$1" "$1.kept"
    printf '#!/bin/sh\nfor a; do printf "[%%s]" "$a"; done\n' > "$1" && chmod +x "$1"
}
put_back() { [ ! -f "$1.kept" ] || mv -f "$1.kept" "$1"; }

# ---- Text arrives as it is -------------------------------------------------------------------

texts() {
    cat <<'END'
I paid $(5
A robot $(shell touch ran) and ${shell touch ran}
`touch ran` $(touch ran) $$ $x ${x $
it's "quoted" \ \n and back\
# % * ? [a-z] ~ ! { } ; & | < > ^
-n
--help
a=b := c += d, e
ünïcødé 日本 🙂
$(PROMPT) $(error no) )$(
trailing  
END
}

prompt_arrives() {
    stand_in build/13_gpt2
    for m in make ${OTHER_MAKE:-}; do
        rm -f ran
        texts > "$top/texts"
        while IFS= read -r text; do
            same "$m PROMPT=" "$("$m" -s generate PROMPT="$text" 2>&1)" "[--prompt][$text]"
        done < "$top/texts"
        text='one $(line
and `another`'
        same "$m, all" "$("$m" -s generate MODEL="$text" PROMPT="$text" IDS="$text" 2>&1)" \
            "[--model][$text][--prompt][$text][--ids][$text]"
        [ ! -e ran ] || wrong "$m: the shell was started"
    done
    put_back build/13_gpt2
}

# The other words, which scripts read: there when they were said, and not else.
words_arrive() {
    cp models/train.sh "$top/train.sh"
    names="TEXT FROM TO STEPS STAGES ROUNDS RESUME VOCABULARY OVERWRITE MODEL"
    echo 'for n in '"$names"'; do eval "[ -z \"\${$n+said}\" ] || printf \"%s=[%s]\" $n \"\$$n\""; done' > models/train.sh
    for f in build/01_tokenizer build/14_training; do [ -f $f ] || { echo > $f && chmod +x $f; }; done
    touch build/*
    text='a $(shell touch ran) "b'\'' \n'
    for n in $names; do
        same "$n" "$(make -s train "$n=$text" 2>&1)" "$n=[$text]"
    done
    same "none" "$(make -s train 2>&1)" ""
    same "of the environment" "$(TEXT=a FROM=b TO=c STEPS=1 STAGES=1 ROUNDS=2 RESUME=yes VOCABULARY=3 OVERWRITE=yes MODEL=d make -s train 2>&1)" ""
    cp "$top/train.sh" models/train.sh
    rm -f build/01_tokenizer build/14_training
    make -s hint-05 FUNCTION="$text" > "$top/said" 2>&1
    grep -qF "has no exercise $text" "$top/said" || wrong "FUNCTION=: $(cat "$top/said")"
    [ ! -e ran ] || wrong "the shell was started"
}

# What a goal is called is text too.
goals_are_text() {
    for goal in 'chapter-$(touch ran)' 'exercise-`touch ran`' "diff-'; touch ran; '" 'hint-";touch ran;"'; do
        make -s "$goal" > "$top/said" 2>&1 && wrong "$goal: status 0"
        [ ! -e ran ] || wrong "$goal was run"
        rm -f ran
    done
    make -s chapter-99 > "$top/said" 2>&1
    grep -q 'chapter-99: there is no chapter 99; the chapters are: 00 01' "$top/said" || wrong "$(cat "$top/said")"
}

# Only what stands on the command line counts.
environment_is_not_meant() {
    stand_in build/13_gpt2
    same generate "$(PROMPT='%n@%m $(5' MODEL=x IDS=1 PROGRAM=/bin/false TEXT=x MAKE=false make -s generate 2>&1)" ""
    put_back build/13_gpt2
    PROMPT=zsh PROGRAM=/bin/false MODEL_TEXT=none MODEL=none EXERCISE_MINE=/none EXERCISE_BUILD=/none FUNCTION=none MAKE=false \
        make -s hint-05 > "$top/said" 2>&1 || wrong "hint-05: $(cat "$top/said")"
    grep -q '^hide_future: ' "$top/said" || wrong "hint-05: $(cat "$top/said")"
}

unknown_words_are_told() {
    stand_in build/13_gpt2
    for word in prompt Model PROMTP; do
        make -s generate $word='$(x' > "$top/out" 2> "$top/said" || wrong "$word=: status $?"
        same "$word=: lines" "$(grep -c "$word= is ignored" "$top/said")" 1
    done
    make -s generate PROMPT=x CC=cc 2>&1 | grep ignored && wrong "PROMPT= is told"
    make -s generate PROMPT= > "$top/said" 2>&1
    grep -q 'PROMPT is empty' "$top/said" || wrong "an empty PROMPT is not told: $(cat "$top/said")"
    put_back build/13_gpt2
}

help_fits() {
    make > "$top/said" 2>&1 || wrong "make: status $?"
    for word in NATIVE=no OVERWRITE=yes 'front of PROMPT='; do
        grep -qF "$word" "$top/said" || wrong "make says nothing of $word"
    done
    sed 's/…/./g; s/·/./g' "$top/said" | awk 'length($0) > 80' > "$top/wide"
    [ ! -s "$top/wide" ] || wrong "wider than 80: $(cat "$top/wide")"
}

# ---- Odd places ------------------------------------------------------------------------------

# git of a user who wants Windows' line ends.
line_ends_at_checkout() {
    have git || { skip "git is not installed"; return; }
    rm -rf "$top/crlf" && mkdir "$top/origin" && cp -R Makefile .git* chapters src tests models notebooks_c "$top/origin" &&
        (cd "$top/origin" && git init -q . && git add -A && git -c user.name=check -c user.email=check@localhost commit -qm book) &&
        git -c core.autocrlf=true clone -q "$top/origin" "$top/crlf" || wrong "git does not clone"
    same "a script" "$(cd "$top/crlf" && tr -d '\r' < chapters/help.sh | cksum)" "$(cksum < chapters/help.sh)"
    (cd "$top/crlf" && make -s > /dev/null 2> "$top/said") || wrong "make: $(cat "$top/said")"
    cmp models/robots/model.safetensors "$top/crlf/models/robots/model.safetensors" || wrong "the model has changed"
    for f in Makefile chapters/run.sh src/05_masking.h models/robots/merges.txt; do
        cmp "$f" "$top/crlf/$f" || wrong "$f has changed"
    done
    rm -rf "$top/origin" "$top/crlf"
}

crlf_workbook() {
    mkdir -p notebooks_c/mine
    build/00_book workbook 05_masking | awk '{ printf "%s\r\n", $0 }' > notebooks_c/mine/05_masking.c
    make -s exercise-05 > "$top/said" 2>&1
    grep -q 'functions are right' "$top/said" || wrong "$(cat "$top/said")"
    make -s diff-05 > "$top/said" 2>&1
    grep -q 'says what the book says' "$top/said" || wrong "diff-05: $(sed 5q "$top/said")"
    rm -rf notebooks_c/mine
}

# Shells that may be called sh.
shells() {
    for shell in dash bash 'busybox sh'; do
        set -- $shell
        have "$1" || continue
        rm -rf "$top/bin" notebooks_c/mine && mkdir "$top/bin" && ln -s "$(command -v "$1")" "$top/bin/sh"
        PATH="$top/bin:$PATH" make -s exercise-05 > "$top/said" 2>&1 || wrong "$shell: exercise: $(cat "$top/said")"
        grep -q '^chapter 05: write hide_future' "$top/said" || wrong "$shell: exercise: $(cat "$top/said")"
        PATH="$top/bin:$PATH" make -s hint-05 > "$top/said" 2>&1 || wrong "$shell: hint: $(cat "$top/said")"
        PATH="$top/bin:$PATH" make -s help > "$top/said" 2>&1 || wrong "$shell: help: $(cat "$top/said")"
        (PATH="$top/bin:$PATH" sh chapters/fast.sh) > "$top/fast" 2>&1
        cmp -s build/fast "$top/fast" || wrong "$shell: fast.sh: $(cat "$top/fast")"
    done
    rm -rf notebooks_c/mine
}

# with_terminal TERM COMMAND: what it prints on such a terminal.
with_terminal() { TERM=$1 NO_COLOR= script -qec "$2" /dev/null < /dev/null; }
dumb_terminal() {
    [ "$(script -qec 'echo yes' /dev/null 2> /dev/null < /dev/null | tr -d '\r')" = yes ] || { skip "no script -qec here"; return; }
    escape=$(printf '\033')
    with_terminal xterm build/05_masking | grep -q "$escape" || wrong "no colours on a terminal"
    with_terminal dumb build/05_masking | grep "$escape" && wrong "05_masking: escapes on a dumb terminal"
    with_terminal dumb "make -s chapter-05" | grep "$escape" && wrong "chapter-05: escapes on a dumb terminal"
    make -s exercise-05 > /dev/null 2>&1
    with_terminal dumb "timeout 6 make -s watch-05" > "$top/said"
    grep -q 'Watching' "$top/said" || wrong "watch-05: $(cat "$top/said")"
    grep "$escape" "$top/said" && wrong "watch-05: escapes on a dumb terminal"
    rm -rf notebooks_c/mine
}

# Built for this processor, started on a lesser one; and built for any.
lesser_processor() {
    have qemu-x86_64 && [ "$(uname -m)" = x86_64 ] || { skip "no qemu-x86_64 for this processor"; return; }
    cc -march=native -dM -E - < /dev/null 2> /dev/null | grep -q __AVX__ || { skip "this processor has no AVX"; return; }
    qemu-x86_64 -cpu Nehalem build/13_gpt2 --help > "$top/said" 2>&1
    same "status" $? 1
    grep -q 'built for a different processor.*make NATIVE=no' "$top/said" || wrong "$(cat "$top/said")"
    cp -p build/how build/fast "$top"
    make -s NATIVE=no build/fast
    grep native build/fast && wrong "NATIVE=no: $(cat build/fast)"
    cp -p "$top/how" "$top/fast" build
    cc $(NATIVE=no sh chapters/fast.sh) -O0 src/13_gpt2.c -o "$top/any" -lm
    (cd "$top" && OMP_WAIT_POLICY=passive qemu-x86_64 -cpu Nehalem ./any --help) > "$top/said" 2>&1 || wrong "NATIVE=no: $(cat "$top/said")"
}

# A compiler whose OpenMP links, and does not start.
flags_are_tried() {
    cat > "$top/cc" <<'END'
#!/bin/sh
cc "$@" || exit
case " $* " in *" -fopenmp "*) while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\nexit 127\n' > "$2" ;; esac
END
    chmod +x "$top/cc"
    mkdir -p "$top/bin" && cp "$top/cc" "$top/bin/a_cc"
    said=$(PATH="$top/bin:$PATH" CC=a_cc sh chapters/fast.sh 2> "$top/said")
    case " $said " in *openmp*) wrong "kept: $said" ;; *" -O3 "*) ;; *) wrong "kept: $said" ;; esac
    same "lines told" "$(grep -c 'run on one core' "$top/said")" 1
}

# Threads that wait do not spin, however a program is started.
threads_are_calm() {
    grep -q fopenmp build/fast && [ -d /proc/self ] || { skip "no OpenMP, or no /proc"; return; }
    unset OMP_WAIT_POLICY GOMP_SPINCOUNT
    mkfifo "$top/pipe"
    build/13_gpt2 --interactive < "$top/pipe" > /dev/null 2>&1 &
    exec 3> "$top/pipe"
    for i in 1 2 3 4 5; do
        tr '\0' '\n' < /proc/$!/environ | grep -q '^OMP_WAIT_POLICY=passive' && break
        [ $i -lt 5 ] || wrong "its threads spin"
        sleep 1
    done
    exec 3>&-
    wait
    rm -f "$top/pipe"
}

# ---- Two at once -----------------------------------------------------------------------------

# at_once COMMAND: twice at the same time; both must succeed.
at_once() {
    sh -c "$1" > "$top/first" 2>&1 &
    sh -c "$1" > "$top/second" 2>&1 || wrong "$1, one of two: $(tail -n 5 "$top/second")"
    wait $! || wrong "$1, one of two: $(tail -n 5 "$top/first")"
    for lock in build/*.lock build/*/*/lock; do [ ! -e "$lock" ] || wrong "$lock is left"; done
    for part in build/part* build/*/part*; do [ ! -e "$part" ] || wrong "$part is left"; done
}

chapters_at_once() {
    rm -f build/05_masking build/test_05_masking.passed
    at_once "make -s chapter-05"
    grep -q '05_masking_arcs.svg' "$top/first" || have gnuplot && ls build/figures/05_masking_arcs.svg > /dev/null || wrong "no figure"
    at_once "sh tests/run.sh test_05_masking"
    grep -q '^[1-9][0-9]* passed, 0 failed' "$top/first" || wrong "$(cat "$top/first")"
    [ ! -d models/gpt2 ] || wrong "a model came"
}

exercises_at_once() {
    rm -rf build/exercise notebooks_c/mine
    at_once "make -s exercise-05"
    cat "$top/first" "$top/second" | grep -c '^chapter 05: write hide_future' | grep -qx 2 || wrong "$(cat "$top/first" "$top/second")"
    at_once "make -s progress"
    for f in first second; do grep -v 'waiting until' "$top/$f" > "$top/$f.said"; done
    cmp -s "$top/first.said" "$top/second.said" || wrong "$(diff "$top/first.said" "$top/second.said")"
    rm -rf notebooks_c/mine
}

# A process that ended without a word leaves its lock.
lock_is_left() {
    mkdir -p build/exercise/05_masking
    sh -c 'echo $$' > build/exercise/05_masking/lock
    make -s hint-05 > "$top/said" 2>&1 || wrong "$(cat "$top/said")"
    [ ! -e build/exercise/05_masking/lock ] || wrong "the lock is there still"
}

# Downloads from a server that is slow: half a file, and later the rest.
downloads_at_once() {
    [ -f "$here/models/gpt2/merges.txt" ] && have gzip || { skip "GPT-2's vocabulary is not there: make vocab-gpt2"; return; }
    mkdir -p "$top/bin"
    cat > "$top/bin/curl" <<'END'
#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" != -o ] || to=$2; shift; done
from=${1#http://localhost}
come=$(wc -c < "$to" 2> /dev/null || echo 0)
half=$(($(wc -c < "$from") / 2))
[ "$come" -gt 0 ] || { head -c $half "$from" >> "$to"; come=$half; }
sleep 1
tail -c +$((come + 1)) "$from" >> "$to"
END
    chmod +x "$top/bin/curl"
    GPT2_SOURCE=http://localhost$here/models PATH="$top/bin:$PATH"
    export GPT2_SOURCE PATH
    at_once "make -s vocab-gpt2"
    cmp "$here/models/gpt2/merges.txt" models/gpt2/merges.txt || wrong "merges.txt is not what was sent"
    cmp "$here/models/gpt2/vocab.json" models/gpt2/vocab.json || wrong "vocab.json is not what was sent"
    ls -a models/gpt2 | grep -v -x -e . -e .. -e vocab.json -e merges.txt && wrong "more is left in models/gpt2"
    rm -rf models/gpt2
}

parallel_make() {
    make -s -j8 chapter-05 > "$top/said" 2>&1 || wrong "make -j8 chapter-05: $(tail -n 5 "$top/said")"
    grep -i 'jobserver\|warning' "$top/said" && wrong "make -j8 chapter-05: $(grep -i 'jobserver\|warning' "$top/said")"
    printf 'echo installed > installed\n' > "$top/deps.sh"
    cp .ci/deps.sh "$top/kept.sh"
    cp "$top/deps.sh" .ci/deps.sh
    make -s -j8 deps hint-05 > "$top/said" 2>&1 || wrong "make -j8 deps hint-05: $(cat "$top/said")"
    [ -f installed ] || wrong "make -j8 deps: nothing installed"
    cp "$top/kept.sh" .ci/deps.sh
}

# ---- What is kept ----------------------------------------------------------------------------

# An older workbook, put back with its date, is graded as it is.
workbook_put_back() {
    mkdir -p notebooks_c/mine
    cp notebooks_c/05_masking.c notebooks_c/mine/05_masking.c
    touch -t 202001010000 notebooks_c/mine/05_masking.c
    cp -p notebooks_c/mine/05_masking.c "$top/older.c"
    build/00_book workbook 05_masking > notebooks_c/mine/05_masking.c
    make -s progress | grep -q '05_masking .*done' || wrong "the solutions are not right"
    cp -p "$top/older.c" notebooks_c/mine/05_masking.c
    make -s progress > "$top/said"
    grep -q '05_masking .* 0 of [0-9]* functions right' "$top/said" || wrong "$(grep 05_masking "$top/said")"
    # So are tests that are put back with their date.
    cp -p tests/test_05_masking.c "$top/test.c"
    sed 's/^BOOK_TESTS/#error changed\n&/' "$top/test.c" > tests/test_05_masking.c
    touch -t 202001010000 tests/test_05_masking.c
    make -s exercise-05 > "$top/said" 2>&1
    grep -q 'test_05_masking.c does not compile' "$top/said" || wrong "a changed test is not compiled: $(sed 1q "$top/said")"
    cp -p "$top/test.c" tests/test_05_masking.c
    rm -rf notebooks_c/mine
}

# Other flags: the programs are built with them.
flags_change() {
    rm build/stories
    make -s build/stories
    cp -p build/stories "$top/stories"
    make -s build/stories CFLAGS='-std=c11 -O0 -DOTHER="it'\''s"' LDLIBS=-lm
    cmp -s build/stories "$top/stories" && wrong "CFLAGS= builds nothing"
    make -s build/stories
    cmp -s build/stories "$top/stories" || wrong "the usual flags build something else"
    make -q build/stories || wrong "built again and again"
}

# A disk that is full when a workbook is handed out (here: no file may be so large).
full_disk() {
    rm -rf notebooks_c/mine
    (ulimit -f 1 && make -s exercise-05) > "$top/said" 2>&1 && grep -q 'write hide_future' "$top/said" && wrong "the limit has no effect"
    [ ! -e notebooks_c/mine/05_masking.c ] || wrong "half a workbook is there"
    mkdir -p notebooks_c/mine
    echo mine > notebooks_c/mine/05_masking.c
    (ulimit -f 1 && make -s reset-05) > "$top/said" 2>&1 && wrong "reset: the limit has no effect"
    same "after reset" "$(cat notebooks_c/mine/05_masking.c)" mine
    rm -rf notebooks_c/mine
    make -s exercise-05 > "$top/said" 2>&1
    cmp notebooks_c/05_masking.c notebooks_c/mine/05_masking.c || wrong "$(cat "$top/said")"
    rm -rf notebooks_c/mine
}

# A function that prints for ever, without an end of line.
endless_printing() {
    mkdir -p notebooks_c/mine
    build/00_book workbook 05_masking | sed 's/^\(static inline \)*void hide_future(.*/&\n/' |
        awk '/hide_future\(/ { inside = 1 } { print }
             inside && /^{/ { print "    extern int printf(const char *, ...); for (;;) printf(\"for ever \");"; inside = 0 }' \
        > notebooks_c/mine/05_masking.c
    begun=$(date +%s)
    make -s exercise-05 > "$top/said" 2>&1
    spent=$(($(date +%s) - begun))
    grep -q 'hide_future does not end' "$top/said" || wrong "$(cat "$top/said")"
    grep -q '^  for ever for ever' "$top/said" || wrong "not shown: $(cat "$top/said")"
    [ $spent -lt 20 ] || wrong "told after $spent s" # 5 s where nothing else runs
    rm -rf notebooks_c/mine
}

# ---- All of them -----------------------------------------------------------------------------

[ $# -gt 0 ] || set -- $(sed -n 's/^\([a-z_]*\)() {$/\1/p' "$here/tests/shell.sh" |
    grep -v -x -e wrong -e skip -e same -e stand_in -e put_back -e texts -e with_terminal -e at_once)
failed=0
for name; do
    rm -f "$top/why" "$top/skipped"
    begun=$(date +%s)
    ("$name") > "$top/log" 2>&1
    [ -z "${TIMES:-}" ] || printf '%4d s ' $(($(date +%s) - begun))
    if [ -f "$top/why" ]; then
        echo "FAILED $name"
        sed 's/^/    /' "$top/why"
        failed=1
    elif [ -f "$top/skipped" ]; then
        echo "skipped: $name: $(cat "$top/skipped")"
    else
        echo "ok $name"
    fi
done
[ $failed -eq 1 ] || rm -rf "$top"
exit $failed
