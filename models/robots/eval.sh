#!/bin/sh
# How near the model comes to the best there can be: make eval
#   sh models/robots/eval.sh [MODEL] [STORIES] [f32|bf16|int8]
# The loss of a model on stories that it has not seen, beside the limit: -ln P of the same
# stories, which the grammar knows exactly. Then the same for what each story already
# determines: there the limit is 0, and an average would hide a fact that was never learned.
# Needs build/stories, build/01_tokenizer and build/14_training (make programs).
set -eu
model=${1:-models/robots}
stories=${2:-10000}
weights=${3:-f32}
out=build/eval.$$ # of its own: two may run at once
mkdir -p $out
trap 'rm -rf $out' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C

build/stories generate --count "$stories" --seed 2 > $out/held-out.txt
sh models/train.sh --text > $out/names # the text that the model was trained on
text=$(cat $out/names)
tr '\n' ' ' < $out/held-out.txt | sed 's/<|endoftext|>/\
/g' > $out/held-out.lines
sed 's/<|endoftext|>/\
/g' "$text" | awk 'NR == FNR { held[$0] = 1; next } $0 in held && $0 != "" { n++ } END { print n + 0 }' \
    $out/held-out.lines - > $out/common
echo "held-out stories            $stories, of which $(cat $out/common) are in the training text"

build/14_training eval --model "$model" --weights "$weights" --text $out/held-out.txt --to $out/each.tsv > $out/loss
build/stories parse < $out/held-out.txt | awk '{ s -= $2 } END { printf "%.6f\n", s }' > $out/nats
awk '$1 == "tokens" { printf "tokens                      %d\n", $2 }' $out/loss
awk -v limit="$(cat $out/nats)" -v what=story -v digits=3 -v digits_each=3 -f models/limit.awk $out/loss

build/stories kinds < $out/held-out.txt > $out/kinds
awk -F'\t' -v kinds=$out/kinds -v stories="$stories" '
    # the pieces of story $1: which byte belongs to which, and which are certain
    function pieces(story,   f, i) {
        split("", piece); split("", sure)
        do {
            if (have != "") {
                split(have, f, "\t")
                if (f[1] + 0 > story) return
                for (i = f[2] + 0; i < (f[4] == "end" ? f[2] + 1 : f[3] + 0); i++) {
                    piece[i] = f[4] " " f[5]
                    sure[i] = f[6] + 0 == 0
                }
            }
        } while ((getline have < kinds) > 0)
        have = ""
    }
    $1 != story { story = $1; pieces(story); at = 0 }
    {
        n = $4 # bytes
        name = piece[at]
        certain = sure[at]
        for (i = at; i < at + n; i++) if (!sure[i]) certain = 0
        if (certain) {
            split(name, f, " ")
            group = f[1] == "text" ? "text" : name
            count[group]++; sum[group] += $5
        }
        at += n
    }
    END {
        for (g in count) if (count[g] >= stories / 100) printf "%.3f\t%d\t%s\n", sum[g] / count[g], count[g], g
    }' $out/each.tsv | sort -rn > $out/certain
echo
echo "What the story already determines (the limit is 0), the ten hardest kinds:"
echo "  nats per token   tokens   kind"
sed 10q $out/certain | awk -F'\t' '{ printf "  %-14s %8d   %s\n", $1, $2, $3 }'
