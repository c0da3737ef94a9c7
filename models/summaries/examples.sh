#!/bin/sh
# Prints COUNT examples, "story => summary", a line each, and after a tab the story's plot; another SEED,
# other examples:
#   sh models/summaries/examples.sh COUNT SEED
build/stories generate --count "$1" --seed "$2" --lines | build/stories kinds |
    awk -v PLOT=1 -f models/summaries/summaries.awk
