#!/bin/sh
# Is make test-gpt2 right, although GPT-2's weights are not here?
#   sh tests/gpt2_proof.sh quick      its tokens, by tiktoken and by chapter 1; a changed digit fails
#   sh tests/gpt2_proof.sh standin    all of it on a stand-in, whose values PyTorch works out
set -u
expected=tests/reference/gpt2.expect
out=build/gpt2
mkdir -p $out

# changed FILE N: the file, with one digit of line N changed by 5, in the place of its tolerance's
# own first digit; where there is none, the last character.
changed() {
    LC_ALL=C awk -F'\t' -v OFS='\t' -v line="$2" '
        NR == line {
            at = $3 == "" ? length($2) : index($2, ".")
            for (off = $3 + 0; $3 != "" && off < 0.999; off *= 10) at++
            old = substr($2, at, 1)
            new = old ~ /[0-9]/ ? (old + 5) % 10 : old == "x" ? "y" : "x"
            $2 = substr($2, 1, at - 1) new substr($2, at + 1)
        }
        { print }' "$1"
}

# red GOT EXPECTED: what was measured passes, and does not when a digit of a line is another.
red() {
    result=0 lines=0
    sh tests/gpt2.sh --compare "$1" "$2" > $out/said || { echo "what was measured does not pass:"; cat $out/said; result=1; }
    for n in $(grep -n -v -e '^#' -e '^[^	]* prompt	' "$2" | sed 's/:.*//'); do
        lines=$((lines + 1))
        name=$(sed -n "${n}s/	.*//p" "$2")
        changed "$2" "$n" > $out/changed
        sh tests/gpt2.sh --compare "$1" $out/changed > $out/said && result=1 && echo "$name: a changed digit passes"
        [ "$(grep -c '^FAILED' $out/said)" -eq 1 ] && grep -q -e "^FAILED  $name\$" $out/said ||
            { echo "$name: a changed digit: $(grep '^FAILED' $out/said)"; result=1; }
        grep -v -e "^$name	" "$1" > $out/changed # not measured at all
        sh tests/gpt2.sh --compare $out/changed "$2" > $out/said && result=1 && echo "$name: passes where it is missing"
        awk -F'\t' -v OFS='\t' -v name="$name" '$1 == name { $2 = "nan" } { print }' "$1" > $out/changed
        sh tests/gpt2.sh --compare $out/changed "$2" > $out/said && result=1 && echo "$name: nan passes"
    done
    { cat "$1"; printf 'step 11 loss\t0.1\n'; } > $out/changed
    sh tests/gpt2.sh --compare $out/changed "$2" > $out/said && result=1 && echo "a line that nobody expects passes"
    echo "$lines lines, $([ $result -eq 0 ] && echo "each fails when one digit changes" || echo "NOT all fail when one digit changes")"
    return $result
}

quick() {
    result=0
    grep -v -e '^#' -e '^[^	]* prompt	' $expected | cut -f 1,2 > $out/as_expected
    red $out/as_expected $expected || result=1
    if [ -f models/gpt2/vocab.json ]; then
        for name in turing dog hello excerpt; do
            text=$(awk -F'\t' -v name="$name prompt" '$1 == name { print $2 }' $expected)
            if [ $name = excerpt ]; then cat tests/reference/gpt2_excerpt.txt; else printf '%s' "$text"; fi |
                build/01_tokenizer encode --special --model models/gpt2 > $out/tokens
            [ "$(cat $out/tokens)" = "$(sed -n "s/^$name tokens	//p" $expected)" ] ||
                { echo "$name: chapter 1 has other tokens: $(cat $out/tokens)"; result=1; }
        done
    else echo "skipped: chapter 1's tokens: models/gpt2/vocab.json is not there: make vocab-gpt2"; fi
    if [ -d build/node/node_modules/tiktoken ]; then
        node tests/gpt2_tokens.mjs || result=1
    else echo "skipped: tiktoken's tokens: it is not installed: make deps-dev"; fi
    return $result
}

standin() {
    MAKEFLAGS='' ${MAKE:-make} -s build/gpt2_steps || return 1
    for f in vocab.json merges.txt; do
        [ -f models/gpt2/$f ] || { echo "models/gpt2/$f is not there: make vocab-gpt2"; return 1; }
    done
    rm -rf $out/standin && mkdir -p $out/standin && cp models/gpt2/vocab.json models/gpt2/merges.txt $out/standin/ &&
        "$(sh tests/reference/torch.sh --python)" tests/reference/make_standin.py $out/standin &&
        GPT2_GOT=$out/measured sh tests/gpt2.sh $out/standin $out/standin/expect &&
        red $out/measured $out/standin/expect
    result=$?
    rm -rf $out/standin # half a gigabyte
    return $result
}

case ${1:-} in
quick | standin) "$1" ;;
*) echo "usage: sh tests/gpt2_proof.sh quick|standin"; exit 2 ;;
esac
