#!/bin/sh
# A page of a chapter's pictures, in the order of the chapter, each with its caption:
#   sh figures/page.sh STEM          writes build/figures/STEM.html, and prints its path
#   sh figures/page.sh --open STEM   shows it in the browser, or prints its path
# What was drawn for the reader's prompt lies beside the page; what was not is the book's own.
set -u
open=
[ "${1:-}" = --open ] && open=yes && shift
stem=${1:?page.sh: expected STEM}
chapter=chapters/$stem.md
page=build/figures/$stem.html

if [ "$open" ]; then
    [ -f "$page" ] || { echo "show-${stem%%_*}: there are no pictures yet: make chapter-${stem%%_*}"; exit 1; }
    for opener in xdg-open open wslview; do
        command -v $opener > /dev/null 2>&1 || continue
        $opener "$page" > /dev/null 2>&1 && exit 0
    done
    echo "open this page in a browser: $PWD/$page"
    exit 0
fi

escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'; }
title=$(sed -n 's/^# //p' "$chapter" | sed 1q | escape)
prompt=${IDS:-${PROMPT:-}}
prompt=$(printf %s "${prompt:-the prompt of the chapter}" | escape)

{
    cat <<END
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title: pictures</title>
<style>
:root { color-scheme: light dark }
body { max-width: 860px; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
figure { margin: 2.5rem 0 }
img { max-width: 100%; height: auto }
figcaption { margin-top: .5rem }
</style>
<h1>$title</h1>
<p>$prompt</p>
END
    # Each picture is a line ![what there is to see](../figures/NAME.svg), and often a caption in italics
    # follows. Then come those of this program that other chapters show.
    show='/^```/ { fence = !fence } fence { next }
        /^!\[.*\]\(\.\.\/figures\/.*\.svg\)$/ {
            name = $0; sub(/.*\.\.\/figures\//, "", name); sub(/\)$/, "", name)
            alt = $0; sub(/^!\[/, "", alt); sub(/\]\(\.\.\/figures\/.*/, "", alt)
            if (picture) print picture "\t"
            picture = index(name, only) == 1 ? name "\t" alt : ""; next
        }
        picture && /^\*.*\*$/ { sub(/^\*/, ""); sub(/\*$/, ""); print picture "\t" $0; picture = ""; next }
        picture && NF { print picture "\t"; picture = "" }
        END { if (picture) print picture "\t" }'
    {
        awk "$show" "$chapter"
        for other in chapters/[0-9][0-9]_*.md; do
            [ "$other" = "$chapter" ] || awk -v only="$stem" "$show" "$other"
        done
    } | tr -d '`' | escape | while IFS='	' read -r name alt caption; do
        source=$name
        [ -f "build/figures/$name" ] || source=../../figures/$name
        [ -f "build/figures/$name" ] || [ -f "figures/$name" ] || continue
        printf '<figure><a href="%s"><img src="%s" alt="%s"></a>\n<figcaption>%s</figcaption></figure>\n' \
            "$source" "$source" "$alt" "${caption:-$alt}"
    done
    echo '</html>'
} > "$page.$$" && mv "$page.$$" "$page" || { rm -f "$page.$$"; exit 1; }
echo "$page"
