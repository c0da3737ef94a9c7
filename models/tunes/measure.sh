#!/bin/sh
# The form of tunes, in per cent: sh models/tunes/measure.sh [MODEL] > models/tunes/form.tsv
# 300 tunes each: by the grammar; by the model, at several temperatures; by Markov chains of 8 and of 4
# tokens, which have read the training text; by a model with the weights that training begins with.
# Needs build/tunes, build/14_training and build/15_beyond; build/train/tunes.txt is made if it is not there.
set -eu
export LC_ALL=C
model=${1:-models/tunes}
text=build/train/tunes.txt
out=build/tunes.$$
mkdir -p $out build/train
trap 'rm -rf $out' EXIT
[ -s $text ] || { build/tunes write 200000 --seed 11 > $text.$$.part && mv $text.$$.part $text; }

# row NAME TEMPERATURE: what `tunes form` says of the tunes on standard input, as a line.
row() {
    cat > $out/tunes
    known=$(sed 's/<|endoftext|>/\
/g' $text | awk 'NR == FNR { if ($0 != "") tune[$0] = 1; next } $0 in tune { n++ } END { print n + 0 }' $out/tunes -)
    build/tunes form < $out/tunes | awk -v name="$1" -v temperature="$2" -v known="$known" '
        { for (i = 1; i <= NF; i++) if ($i == "of") { part[NR] = $(i - 1); all[NR] = $(i + 1) } }
        END {
            printf "%s\t%s\t%d", name, temperature, all[1]
            for (i = 1; i <= NR; i++) printf "\t%d\t%d", part[i], all[i]
            printf "\t%d\n", known
        }'
}

echo "# name	temperature	tunes	then parts and wholes: full bars, four phrases, form, again, AABA, last A, B, tonic, language	in the training text"
build/tunes write 300 --seed 5 --lines | row grammar 1
for temperature in 0.4 0.6 0.8 1 1.2 1.4; do
    build/15_beyond music --model "$model" --count 300 --seed 1 --temperature $temperature | row model $temperature
done
build/tunes chain 300 --order 8 --lines < $text | row chain8 1
build/tunes chain 300 --order 4 --lines < $text | row chain4 1
# (One step at a rate of next to nothing.)
build/14_training train --text $text --vocabulary models/tunes --to $out/untrained --layers 4 --heads 4 \
    --channels 128 --context 256 --batch 1 --steps 1 --rate 1e-9 > $out/log
build/15_beyond music --model $out/untrained --count 300 --seed 1 | row untrained 1
