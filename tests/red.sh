#!/bin/sh
# Do the checks turn red? In a copy of the book, changes one word at a time and demands that
# the check for it fails; first, that it passes without the change.
set -u
copy=build/check/red
rm -rf "$copy" && mkdir -p "$copy/build"
git ls-files -co --exclude-standard | while read -r f; do [ -f "$f" ] && echo "$f"; done |
    tar cf - -T - | (cd "$copy" && tar xf -)
for binary in 00_book book_checks 01_tokenizer stories; do cp "build/$binary" "$copy/build/"; done
[ -d models/gpt2 ] && cp -R models/gpt2 "$copy/models/"
cd "$copy" || exit 1
bad=0 count=0

figures() {
    "build/01_tokenizer" --figures build/data > /dev/null && build/book_checks figures --check 01_tokenizer build/data
}

# The numbers alone: a changed one makes a figure stale, too.
same_numbers() { ! figures 2>&1 | grep ': want: '; }

# red WHAT FILE OLD NEW CHECK…: OLD, a text on one line of FILE, becomes NEW.
red() {
    what=$1 file=$2 old=$3 new=$4
    shift 4
    count=$((count + 1))
    cp "$file" build/kept
    OLD=$old NEW=$new awk 'BEGIN { old = ENVIRON["OLD"]; new = ENVIRON["NEW"] }
        !done && (at = index($0, old)) {
            $0 = substr($0, 1, at - 1) new substr($0, at + length(old)); done = 1 }
        { print }
        END { exit !done }' build/kept > "$file" || { echo "$what: '$old' is not in $file"; bad=1; }
    if "$@" > build/log 2>&1; then
        echo "$what: nothing turned red ($file: '$old' → '$new')"
        bad=1
    else
        echo "red: $what"
    fi
    cp build/kept "$file"
}

green() {
    "$@" > build/log 2>&1 || { echo "not green to begin with: $*"; cat build/log; bad=1; }
}

green build/00_book check
green build/book_checks transcripts --check 01_tokenizer
red "a word in a chapter's code" chapters/01_tokenizer.md "int kept = 0;" "int left_over = 0;" build/00_book check
red "a word in src/" src/01_tokenizer.h "int kept = 0;" "int left_over = 0;" build/00_book check
red "a comment in src/" src/01_tokenizer.c "way from bytes" "road from bytes" build/00_book check
red "a word in a workbook" notebooks_c/01_tokenizer.c "which pair merges next" "what pair merges next" build/00_book check
red "a word in a transcript" chapters/01_tokenizer.md "its bytes   " "the bytes   " build/book_checks transcripts --check 01_tokenizer
red "a number in a transcript" chapters/01_tokenizer.md "tokens: 24, bytes: 56" "tokens: 24, bytes: 57" build/book_checks transcripts --check 01_tokenizer
green sh tests/prose.sh links
red "a chapter that is not linked" chapters/05_masking.md "[chapter 4](04_attention.md)" "chapter 4" sh tests/prose.sh links
red "a link that leads nowhere" README.md "(chapters/05_masking.md)" "(chapters/05_mask.md)" sh tests/prose.sh links
green figures
script=$(ls figures/01_tokenizer_*.gp | sed 1q)
red "a figure's script" "$script" "TITLE = " "TITLE  = " figures
red "the figures' style" figures/style.gp "set " "set  " figures
number=$(awk -F '\t' '{ print $3; exit }' figures/01_tokenizer/lengths.dat)
red "a number in a figure's data" figures/01_tokenizer/lengths.dat "$number" \
    "$(echo "$number" | awk '{ printf "%.2f", $1 + 0.02 }')" same_numbers
# The proof of the exercises: right answers are right, each mistake is called by its name.
exercises() {
    # shellcheck disable=SC2046 # words are wanted
    ${CC:-cc} -std=c11 -O0 -w -I. tests/test_01_tokenizer.c -o build/proof \
        $(pkg-config --cflags --libs check 2> /dev/null || echo -lcheck) -lm && CK_RUN_CASE=exercises build/proof
}
green exercises
mistakes=$(sed -n 's/.*MISTAKE(\(wrong_merge_pair_[a-z_]*\)).*/\1/p' tests/test_01_tokenizer.c)
red "two mistakes that cannot be told apart" tests/test_01_tokenizer.c "$(echo "$mistakes" | sed -n 1p))" "$(echo "$mistakes" | sed -n 2p))" exercises
answer=$(sed -n 's/.*RIGHT(\(right_merge_pair_[a-z_]*\)).*/\1/p' tests/test_01_tokenizer.c | sed 1q)
red "a right answer that is wrong" tests/test_01_tokenizer.c "RIGHT($answer)" "RIGHT($(echo "$mistakes" | sed -n 1p))" exercises
green sh tests/prove.sh 01_tokenizer

echo "$count changes, $([ $bad -eq 0 ] && echo "each turned its check red" || echo "NOT all turned red")"
exit $bad
