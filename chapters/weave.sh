#!/bin/sh
# Weaves the book into a web site, build/book, of files alone: any host serves it, from any folder.
#   sh chapters/weave.sh
#   REPORT=https://… sh chapters/weave.sh    and each page ends with a link to report a mistake there
#   SITE=other sh chapters/weave.sh          into build/other
# The pages are made by the modules in chapters/site/, which pandoc runs.
set -eu
. chapters/lock.sh
trap unlock EXIT
trap 'exit 130' INT TERM HUP
command -v pandoc > /dev/null 2>&1 || { echo "book: pandoc is not installed: make deps-dev"; exit 1; }
lock build/book.lock
export LC_ALL=C.UTF-8
site=build/${SITE:-book}
new=$site.new pagefind=${PAGEFIND:-build/node/node_modules/.bin/pagefind}
rm -rf "$new"
mkdir -p "$new/site" "$new/figures"

# The files of the book: what git keeps or would; without git, what lies there.
if [ -d .git ] && command -v git > /dev/null 2>&1; then git ls-files -co --exclude-standard
else find . -type f ! -path './build/*' ! -path './.git/*' ! -path './notebooks_c/mine/*' ! -path './models/gpt2*' | sed 's:^\./::'
fi | LC_ALL=C sort -u | while read -r file; do [ ! -f "$file" ] || echo "$file"; done > build/book.files

cp chapters/site/*.css chapters/site/*.js chapters/site/*.svg "$new/site/"
# (A figure that is not committed yet is shown as make chapter-NN drew it.)
for figure in build/figures/*.svg figures/*.svg; do [ ! -f "$figure" ] || cp "$figure" "$new/figures/"; done
sed -n 's:/[^/]*$::p' build/book.files | sort -u | sed 's:^\.::' | (cd "$new" && xargs mkdir -p)

search=no
[ ! -x "$pagefind" ] || search=yes
parts=$(getconf _NPROCESSORS_ONLN 2> /dev/null) || parts=1
part=0 woven=
while [ $part -lt "$parts" ]; do
    BOOK_OUT=$new BOOK_FILES=build/book.files BOOK_REPORT=${REPORT:-} BOOK_SEARCH=$search BOOK_PART=$part/$parts \
        pandoc -f markdown -t plain --lua-filter chapters/site/weave.lua -o /dev/null /dev/null &
    woven="$woven $!"
    part=$((part + 1))
done
failed=
for process in $woven; do wait "$process" || failed=yes; done
[ -z "$failed" ] || exit 1
(cd "$new" && find . -depth -type d -exec rmdir {} \; 2> /dev/null) || :

if [ $search = yes ]; then
    "$pagefind" --site "$new" --output-subdir pagefind > build/book.log 2>&1 || { cat build/book.log; exit 1; }
else
    echo "book: without a search: npm's pagefind is not here (make deps-dev)"
fi
rm -rf "$site"
mv "$new" "$site"
echo "$site/index.html"
