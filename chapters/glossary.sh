#!/bin/sh
# Gathers the words of all chapters, from the tables at their ends, in chapters/glossary.md:
#   sh chapters/glossary.sh            writes it
#   sh chapters/glossary.sh --check    is it what the chapters say?
set -eu
export LC_ALL=C
glossary=chapters/glossary.md

gather() {
    cat <<'END'
# Glossary

The book's words, and the chapter that defines each. This page is made from the tables at the chapters' ends (`make glossary`).

| word | what it is | chapter |
|---|---|---|
END
    for chapter in chapters/[0-9][0-9]_*.md; do
        file=$(basename "$chapter")
        # What it is sorted by comes first: the word in small letters, without its marks, and the file.
        awk -v file="$file" '
            /^\| word \| what it is \|$/ { table = 1; next }
            table && /^\|-/ { next }
            !/^\|/ { table = 0 }
            table {
                key = tolower($0)
                gsub(/[`*|]/, "", key)
                sub(/^ */, "", key)
                print key "\t" file "\t" $0 "\t[" substr(file, 1, 2) + 0 "](" file ")"
            }' "$chapter"
    done | sort | awk -F'\t' '
        # The same in two chapters is one line.
        $1 == key { chapters = chapters ", " $4; next }
        NR > 1 { print line, chapters, "|" }
        { key = $1; line = $3; chapters = $4 }
        END { print line, chapters, "|" }'
}

if [ "${1:-}" = --check ]; then
    gather | diff "$glossary" - || { echo "$glossary is not what the chapters say: make glossary"; exit 1; }
else
    gather > "$glossary.$$" && mv "$glossary.$$" "$glossary" || { rm -f "$glossary.$$"; exit 1; }
    echo "$glossary: $(grep -c '^| .*\.md) |$' "$glossary") words"
fi
