#!/bin/sh
# What a reader runs changes no tracked file: in a copy of the book, runs a chapter with a
# prompt and every exercise command, and asks git what has changed. BOOK_THOROUGH=1 does so with every
# chapter, otherwise three must do.
set -eu
copy=build/check/clean
rm -rf "$copy" && mkdir -p "$copy"
git ls-files -co --exclude-standard | while read -r f; do [ -f "$f" ] && echo "$f"; done |
    tar cf - -T - | (cd "$copy" && tar xf -)
# What is built already need not be built again: make sees by its time whether it is older than its sources.
mkdir -p "$copy/build"
for f in build/*; do [ ! -f "$f" ] || cp -p "$f" "$copy/build/"; done
cd "$copy"
git init -q . && git add -A && git -c user.name=check -c user.email=check@localhost commit -qm copy
quiet() { echo "make $*"; make "$@" > ../clean_run.log 2>&1 || { cat ../clean_run.log; exit 1; }; }
quiet
quiet tool programs
[ "${BOOK_THOROUGH:-}" ] || set -- chapters/01_*.md chapters/05_*.md chapters/13_*.md
[ $# -gt 0 ] || set -- chapters/[0-9][0-9]_*.md
for chapter; do
    number=$(basename "$chapter" .md | sed 's/_.*//')
    quiet "chapter-$number" PROMPT="A robot may not \$HOME \"quote\" it's \`own\` owner; 5 × 7"
    [ -f "notebooks_c/$(basename "$chapter" .md).c" ] || continue
    for command in exercise hint solution diff reset; do quiet "$command-$number"; done
done
quiet progress
quiet mine PROMPT="A robot must"
quiet generate PROMPT="A robot must"
quiet train TEXT=chapters/05_masking.md VOCABULARY=300 STEPS=2
if [ "${BOOK_THOROUGH:-}" ]; then
    # The shipped model's stages, on texts as good as none, so that the second is done as often as may be;
    # then each of them resumed at its end.
    for text in robots lessons held-out; do build/stories generate --count 60 --seed 5 > build/train/$text.txt; done
    quiet train STAGES="3 2 2" ROUNDS=2
    cp build/train/robots/model.safetensors ../clean_model
    rm build/train/robots/stage*/done build/train/robots/model.safetensors
    quiet train STAGES="3 2 2" ROUNDS=2 RESUME=yes
    cmp ../clean_model build/train/robots/model.safetensors
    rounds=$(cut -f1 build/train/robots/training.tsv | tr '\n' ' ')
    [ "$rounds" = "# step 3 5 7 9 " ] || { echo "two rounds of the second stage expected, steps $rounds"; exit 1; }
fi
changed=$(git status --porcelain)
[ -z "$changed" ] || { echo "changed: $changed"; exit 1; }
echo "nothing changed"
