#!/bin/sh
# What `make` alone prints. The list of chapters is read from the chapters.
cat <<'END'
GPT-2 as a book of C programs. Start with: make chapter-01

  make chapter-01             build, run, test and draw a chapter
  make chapter-01 PROMPT="…"  the same on your own prompt (also MODEL=, IDS=)
  make show-01                its pictures, in the browser
  make exercise-01            hand out its exercises the first time; grade them
  make hint-01                also solution-01, reset-01, diff-01, watch-01
  make progress               which exercises are done
  make mine PROMPT="…"        run the last program with your own functions
  make generate PROMPT="…"    the finished program (chapter 13)
  make train TEXT=my.txt      train a model on your text; else on the book's
                              (OVERWRITE=yes replaces a finished one)
  make finetune TEXT=my.txt   train the book's model (or FROM=DIR) further
  make finetune N=300         on 300 summaries (chapter 15)
  make train-translator       the translator; train-NAME: a task, models/NAME
  make eval                   the book's model beside the limit of its language
  make test                   every test of every chapter
  make figures                draw every figure of the book again
  make book                   the book as a web site, in build/book
  make serve                  the same, shown on this machine (PORT=8000)
  make deps                   install what is missing to run, test and draw
  make vocab-gpt2             fetch GPT-2's vocabulary
  make model-gpt2             fetch GPT-2 (also -medium, -large, -xl)
  make test-gpt2              is it GPT-2? compares it with published numbers

  make NATIVE=no programs     build for any processor of this family

  What you say reaches the programs as it is, but spaces at the front of PROMPT=
  are lost; build/13_gpt2 --file FILE keeps them. Names are in capitals.

  make check, make deps-dev   for contributors: prove the book; what that needs
  make check-all              the slow checks too
  make check-site             the site, in two browsers
  make tangle, make untangle  chapters to src/, and edits of src/ to chapters
  make transcripts            run the commands in the chapters again
  make mutants                is every small change of a solution noticed?
  make glossary               gather the words of the chapters again

Chapters:
END
for chapter in chapters/[0-9][0-9]_*.md; do
    title=$(sed -n 's/^# //p' "$chapter" | sed 1q)
    printf '  %-24s %s\n' "$(basename "$chapter" .md)" "$title"
done
