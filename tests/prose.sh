#!/bin/sh
# What the chapters say between their blocks of code:
#   sh tests/prose.sh            the words that a reader meets, and the lines of C folded away, per chapter
#   sh tests/prose.sh links      every "chapter N" is a link, every link leads somewhere, and each chapter
#                                ends with the ways to the one before it and the one after it
set -u
export LC_ALL=C
chapters=$(ls chapters/[0-9][0-9]_*.md)
bad=0

# The limits of open prose, in words: what is outside code, transcripts and folds, and the texts of pictures
# too. Chapters not named: 3000.
LIMITS="04:3300 14:3300"

# open_prose FILE [yes]: its lines, each after its number, without code, transcripts, arithmetic and comments;
# without folds too, unless "yes".
open_prose() {
    awk -v folds="${2:-no}" '
        { line = $0; sub(/^ */, "", line) }
        fence {
            ticks = match(line, /^```+ *$/) ? RLENGTH : 0
            if (ticks >= fence) fence = 0
            next
        }
        match(line, /^```+/) { fence = RLENGTH; next }
        /^<details>/ { folded++ }
        /^<\/details>/ { folded--; next }
        folded && folds == "no" { next }
        /^<summary>/ || /^<!--/ || /^    / { next }
        { print FNR ":" $0 }' "$1"
}

counts() {
    all_words=0 all_code=0 over=
    printf '%-16s %10s %8s %20s\n' chapter "open words" limit "folded lines of C"
    for chapter in $chapters; do
        stem=$(basename "$chapter" .md)
        limit=$(echo "$LIMITS" | tr ' ' '\n' | sed -n "s/^${stem%%_*}://p" | sed 1q)
        limit=${limit:-3000}
        words=$(open_prose "$chapter" | sed -e 's/^[0-9]*://' -e 's/\](\([^)]*\))//g' -e 's/|[-:|]*$//' |
            tr '|' ' ' | wc -w)
        code=$(awk '/^<details>/ { folded++ } /^<\/details>/ { folded-- }
            fence && /^ *```+ *$/ { fence = 0; next }
            !fence && /^ *```+/ { fence = 1; c = /^ *```+c / || /^ *```+c$/; next }
            fence && c && folded { n++ }
            END { print n + 0 }' "$chapter")
        printf '%-16s %10d %8d %20d\n' "$stem" "$words" "$limit" "$code"
        all_words=$((all_words + words)) all_code=$((all_code + code))
        [ "$words" -le "$limit" ] || over="$over $stem"
    done
    printf '%-16s %10d %8s %20d\n' "all" "$all_words" "" "$all_code"
    [ -z "$over" ] || { echo "over the limit:$over"; bad=1; }
}

# anchors FILE: the names that GitHub gives to its headings.
anchors() {
    awk '/^ *```/ { fence = !fence } !fence && /^#+ / { sub(/^#+ /, ""); print }' "$1" |
        tr 'A-Z' 'a-z' | sed -e 's/[^-a-z0-9_ ]//g' -e 's/ /-/g'
}

# links FILE: those that lead nowhere.
links() {
    folder=$(dirname "$1")
    open_prose "$1" yes | sed -e 's/`[^`]*`//g' | awk '{
            number = $0; sub(/:.*/, "", number)
            while (match($0, /\]\([^) ]*\)/)) {
                print number "\t" substr($0, RSTART + 2, RLENGTH - 3)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' | while IFS='	' read -r line target; do
        case $target in
        https://*) continue ;;
        *#*) file=${target%%#*} anchor=${target#*#} ;;
        *) file=$target anchor= ;;
        esac
        path=${file:+$folder/$file}
        path=${path:-$1}
        # (A figure is drawn from its script.)
        if [ ! -e "$path" ] && [ ! -f "${path%.svg}.gp" ]; then
            echo "$1:$line: the link leads nowhere: $target"
        elif [ -n "$anchor" ] && ! anchors "$path" | grep -qxF -e "$anchor"; then
            echo "$1:$line: no heading of that name: $target"
        fi
    done
}

# plain FILE: every "chapter N" that is not a link, but for a chapter's own number, and those of none.
plain() {
    own=$(basename "$1" | sed -n 's/^\([0-9][0-9]\)_.*/\1/p')
    open_prose "$1" yes | awk -v own="${own:-none}" -v chapters="$chapters" '
        BEGIN { n = split(chapters, path); for (i = 1; i <= n; i++) { sub(/.*\//, "", path[i]); there[substr(path[i], 1, 2) + 0] = 1 } }
        {
            number = $0; sub(/:.*/, "", number); sub(/^[0-9]*:/, "")
            if (/^#/) next
            whole = $0
            gsub(/`[^`]*`/, "")
            gsub(/!?\[[^]]*\]\([^)]*\)/, "")
            $0 = last tolower($0)
            last = /chapters? *$/ ? "chapter " : ""
            while (match($0, /chapters? [0-9]+/)) {
                k = substr($0, RSTART, RLENGTH); sub(/.* /, "", k)
                if (there[k + 0] && k + 0 != own) print number ": chapter " k + 0 " is no link: " whole
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' | sed "s:^:$1\::"
}

title() { sed -n 's/^# //p' "$1" | sed 1q; }

# ways FILE BEFORE AFTER: its last line.
ways() {
    want=
    [ -z "$2" ] || want="← [$(title "$2")]($(basename "$2")) · "
    want="$want[all chapters](../README.md#the-chapters)"
    [ -z "$3" ] || want="$want · [$(title "$3")]($(basename "$3")) →"
    [ "$(tail -n 1 "$1")" = "$want" ] || { echo "$1: the last line should be:"; echo "$want"; }
}

all_links() {
    for file in $chapters chapters/glossary.md README.md .github/CONTRIBUTING.md models/robots/README.md; do
        links "$file"
        plain "$file"
    done
    before=
    # shellcheck disable=SC2086 # words are wanted
    set -- $chapters
    while [ $# -gt 0 ]; do
        ways "$1" "$before" "${2:-}"
        before=$1
        shift
    done
}

case ${1:-} in
links)
    all_links > build/links.$$
    [ ! -s build/links.$$ ] || { cat build/links.$$; bad=1; }
    rm -f build/links.$$
    ;;
*) counts ;;
esac
exit $bad
