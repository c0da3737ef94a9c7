#!/bin/sh
# make test-gpt2: is what runs here GPT-2? For a reader who has its weights, models/gpt2.
# Held against what is published about it: the tokens of a sentence, and what it is known to
# go on with when it always takes the likeliest token. (No logits of it are published with
# enough digits by anybody that we could name.)
set -u
model=${1:-models/gpt2}
if [ ! -f "$model/model.safetensors" ]; then
    echo "test-gpt2: $model/model.safetensors is not there: make model-gpt2 (548 MB)"
    exit 1
fi
failed=0

# expect WHAT WANTED GOT
expect() {
    if [ "$2" = "$3" ]; then
        echo "ok      $1"
    else
        failed=1
        printf 'FAILED  %s\n        want %s\n        got  %s\n' "$1" "$2" "$3"
    fi
}

turing="Alan Turing theorized that computers would one day become"
expect "the tokens of '$turing'" "36235 39141 18765 1143 326 9061 561 530 1110 1716" \
    "$(printf '%s' "$turing" | build/01_tokenizer encode --model "$model")"
expect "what it goes on with" "$turing the most powerful machines on the planet." \
    "$(build/13_gpt2 --model "$model" --greedy --max-tokens 8 --prompt "$turing")"
expect "the same, as tokens" "262 749 3665 8217 319 262 5440 13" \
    "$(build/13_gpt2 --model "$model" --greedy --max-tokens 8 --print-ids --prompt "$turing")"
expect "the same, by the teaching pass" "262 749 3665 8217 319 262 5440 13" \
    "$(build/13_gpt2 --model "$model" --greedy --max-tokens 8 --print-ids --teaching --prompt "$turing")"
expect "what it goes on with behind 'The dog'" \
    "373 1043 287 257 2214 1474 262 16246 286 2688 290 2688 27262 13 198 198 464 3290" \
    "$(build/13_gpt2 --model "$model" --greedy --max-tokens 18 --print-ids --prompt "The dog")"
exit $failed
