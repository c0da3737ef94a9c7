#!/bin/sh
# Weaves the chapters into a web site, build/book:  sh chapters/weave.sh NN_stem …
set -eu
. chapters/lock.sh
trap unlock EXIT
trap 'exit 130' INT TERM HUP
out=build/book
command -v pandoc > /dev/null 2>&1 || { echo "book: pandoc is not installed: make deps-dev"; exit 1; }
lock build/book.lock
rm -rf "$out"
mkdir -p "$out/figures" "$out/chapters"
cp figures/*.svg "$out/figures/" 2> /dev/null || true
cp figures/book.css "$out/"

title() { sed -n 's/^# //p' "$1" | sed 1q; }

# plain_fences: leaves the language alone on each fence, for pandoc; what a longer fence shows stays.
plain_fences() {
    awk '{
        line = $0
        sub(/^ */, "", line)
        ticks = match(line, /^```+[^`]*$/) ? match(line, /[^`]|$/) - 1 : 0
        info = substr(line, ticks + 1)
        if (!fence && ticks) {
            fence = ticks
            sub(/ .*/, "", info)
            $0 = substr($0, 1, length($0) - length(line)) substr(line, 1, ticks) info
        } else if (fence && ticks >= fence && info ~ /^ *$/)
            fence = 0
        print
    }'
}

# weave SOURCE TARGET TITLE ROOT [pandoc's options]: links to other pages' sources become links
# to the pages; links to files that are no pages stay as they are, and point into the tree.
weave() {
    source=$1 target=$2 heading=$3 root=$4
    shift 4
    sed -e 's:](\(chapters/\)*\([0-9][0-9]_[a-z0-9_]*\)\.md:](\1\2.html:g' \
        -e 's:](\(chapters/\)*glossary\.md:](\1glossary.html:g' "$source" | plain_fences |
        pandoc -f gfm -t html5 --standalone --template figures/book.html --toc --toc-depth=2 \
            --metadata pagetitle="$heading" --variable root="$root" "$@" -o "$target"
}

weave README.md "$out/index.html" "GPT-2 as a book of C programs" "" 
before= before_title=
while [ $# -gt 0 ]; do
    stem=$1
    shift
    set -- "$@"
    next=${1:-} options=
    heading=$(title "chapters/$stem.md")
    weave "chapters/$stem.md" "$out/chapters/$stem.html" "$heading" "../" \
        ${before:+--variable prev="$before.html"} ${before:+--variable prevtitle="$before_title"} \
        ${next:+--variable next="$next.html"} \
        ${next:+--variable nexttitle="$(title "chapters/$next.md")"}
    before=$stem before_title=$heading
done
weave chapters/glossary.md "$out/chapters/glossary.html" Glossary "../"
echo "$out/index.html"
