#!/bin/sh
# make test-gpt2: is what runs here GPT-2? For a reader who has its weights, models/gpt2.
#   sh tests/gpt2.sh [MODEL [EXPECTED]]       measures, and compares with tests/reference/gpt2.expect
#   sh tests/gpt2.sh --compare GOT EXPECTED   compares what was measured before
# Expected is what others published of it: the tokens of a sentence, what it is known to go on with
# when it always takes the likeliest token, its loss on a few tokens, and the losses of ten steps of
# training. (No logits of it are published with enough digits by anybody that we could name.)
set -u
excerpt=tests/reference/gpt2_excerpt.txt

# compare GOT EXPECTED: a line for each name; status 1 where one differs or is missing.
compare() {
    LC_ALL=C awk -F'\t' '
        function failed(name, want, got) {
            bad = 1
            printf "FAILED  %s\n        want %s\n        got  %s\n", name, want, got
        }
        FNR == 1 { file++ }
        file == 1 { got[$1] = $2; next }
        /^#/ || / prompt$/ || $1 ~ / prompt$/ { next }
        { wanted[$1] = 1 }
        !($1 in got) { failed($1, $2, "nothing"); next }
        $3 == "" && got[$1] "" == $2 "" { print "ok      " $1; next }
        $3 != "" && got[$1] ~ /^[0-9]+[.][0-9]+$/ {
            apart = got[$1] - $2
            if (apart <= $3 + 0 && apart >= -$3) { print "ok      " $1 ": " got[$1]; next }
        }
        { failed($1, $2 ($3 != "" ? ", give or take " $3 : ""), got[$1]) }
        END {
            for (name in got) if (!(name in wanted)) failed(name, "nothing", got[name])
            exit bad
        }' "$1" "$2"
}

if [ "${1:-}" = --compare ]; then
    compare "$2" "$3"
    exit
fi

model=${1:-models/gpt2} expected=${2:-tests/reference/gpt2.expect}
if [ ! -f "$model/model.safetensors" ]; then
    echo "test-gpt2: $model/model.safetensors is not there: make model-gpt2 (548 MB)"
    exit 1
fi
mkdir -p build/gpt2
got=build/gpt2/got.$$
: > "$got" || exit 1
trap 'rm -f "$got"' EXIT
trap 'exit 130' INT TERM HUP

prompt() { awk -F'\t' -v name="$1 prompt" '$1 == name { print $2 }' "$expected"; }
tokens() { build/01_tokenizer encode --special --model "$model"; }
greedy() { build/13_gpt2 --model "$model" --greedy "$@"; }
put() { printf '%s\t%s\n' "$1" "$2" >> "$got"; }

turing=$(prompt turing) dog=$(prompt dog) hello=$(prompt hello)
echo "The tokens of three texts, and how it continues"
put "turing tokens" "$(printf '%s' "$turing" | tokens)"
put "turing text" "$(greedy --max-tokens 8 --prompt "$turing")"
put "turing ids" "$(greedy --max-tokens 8 --print-ids --prompt "$turing")"
put "turing ids, teaching pass" "$(greedy --max-tokens 8 --print-ids --teaching --prompt "$turing")"
put "dog tokens" "$(printf '%s' "$dog" | tokens)"
put "dog ids" "$(greedy --max-tokens 18 --print-ids --prompt "$dog")"
put "hello tokens" "$(printf '%s' "$hello" | tokens)"
put "hello loss" "$(build/gpt2_steps "$model" loss "$(printf '%s' "$hello" | tokens)")"
echo "Ten steps of training, which take a minute or two and 3 GB of memory"
ids=$(tokens < "$excerpt")
put "excerpt tokens" "$ids"
build/gpt2_steps "$model" steps "$ids" | awk '{ printf "step %d loss\t%s\n", NR, $1 }' >> "$got"
[ -z "${GPT2_GOT:-}" ] || cp "$got" "$GPT2_GOT"
compare "$got" "$expected"
