#!/bin/sh
# What models/robots/README.md says of the language, measured: the grammar's own figures, and
# what a story is in tokens.  Needs build/stories and build/01_tokenizer (make programs).
set -eu
stories=10000
build/stories stats
nats=$(build/stories generate --count $stories --lines | build/stories parse | awk '{ s -= $2 } END { print s }')
build/stories generate --count $stories | build/01_tokenizer encode --special | tr ' ' '\n' |
    awk -v nats="$nats" -v stories=$stories -v end=1023 '
        { n++; tokens++ }
        $1 == end { if (n > most) most = n; n = 0 }
        END {
            printf "tokens per story            %.2f (%d at most)\n", tokens / stories, most
            printf "entropy per token           %.4f nats\n", nats / tokens
        }'
