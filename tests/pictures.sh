#!/bin/sh
# Are all figures drawn, whatever the prompt and the model? Each chapter's program gets prompts
# that are hard to draw; its figures must be drawn, or "nothing to draw" be said, without complaint.
#   sh tests/pictures.sh                 a few prompts
#   PICTURES=all sh tests/pictures.sh    all of them, and a model of zeros in every chapter
#   sh tests/pictures.sh NN_stem         one chapter's (after a whole run: the model of zeros is there)
set -u
work=build/check/pictures${PICTURES:+-$PICTURES}
bad=0

# picture STEM OPTION…: the program's figures for these options. (Chapter 4 shows a nan on purpose.)
picture() {
    stem=$1
    shift
    data=$work/$stem/data out=$work/$stem/out log=$work/$stem/log
    rm -rf "$work/$stem" && mkdir -p "$work/$stem" || exit 1
    if ! "build/$stem" "$@" --figures "$data" > "$log" 2>&1; then
        echo "$stem $*: stopped: $(tail -n 1 "$log")"
    elif [ "$stem" != 04_attention ] && grep -qiw nan "$log"; then
        echo "$stem $*: prints: $(grep -iw nan "$log" | sed 1q)"
    elif ! sh figures/draw.sh "$stem" "$data" "$out" > "$log" 2>&1; then
        echo "$stem $*:"
        sed -e 's/^/    /' -e 6q "$log"
    else
        ls "$out" | sed 's/.*/drawn/' >> "$work/drawn"
        return 0
    fi
    bad=1
}

# With a stem: its pictures.
newline='
'
if [ $# -gt 0 ]; then
    picture "$1" --prompt 'a'
    picture "$1" --prompt "\"'\\ %s%%{}@^_\$(x) \`#\`&<b>]]>$newline$newline  שלום 🤖"
    [ "${PICTURES:-}" = all ] || exit $bad
    for prompt in '"' '\' '\n\t"\"' "''" '{/Symbol a}_2^3' '%g @ | & ~ #' "$newline" 'مرحبا بالعالم' \
        '👩‍🚀⚡🤖 é ﷽' ' ' 'Nora Nora Nora Nora Nora' '<|endoftext|>'; do
        picture "$1" --prompt "$prompt"
    done
    picture "$1" --prompt 'A robot must obey' --model "$work/zeros"
    picture "$1" --prompt 'a' --model "$work/zeros"
    many=100
    [ "$1" != 15_beyond ] || many=40 # the translator reads no more than 64, with its answer
    picture "$1" --ids "$(awk -v n=$many 'BEGIN { for (i = 0; i < n; i++) printf "%d ", i * 17 % 1024 }')"
    exit $bad
fi
rm -rf "$work" && mkdir -p "$work/zeros" || exit 1

# A model of the robots' shape, all zeros.
model=models/robots/model.safetensors
head=$(($(od -A n -t u4 -N 4 "$model" | tr -d ' ') + 8))
cp models/robots/config.json models/robots/vocab.json models/robots/merges.txt "$work/zeros/"
{ head -c "$head" "$model"; head -c $(($(wc -c < "$model") - head)) /dev/zero; } > "$work/zeros/model.safetensors"

# gnuplot may get functions of its own by the names of ours, as join in gnuplot 6: these it has.
builtins=' abs acos acosh airy arg asin asinh atan atan2 atanh besi0 besi1 besin besj0 besj1 besjn
besy0 besy1 besyn boxwidth cbrt cdawson ceil cerf column columnhead conj cos cosh erf erfc erfi exist
exists exp expint faddeeva floor gamma gprintf hsv2rgb ibeta igamma imag index int inverf invibeta
invigamma invnorm join lambertw lgamma lnGamma log log10 norm palette rand real rgbcolor round sgn
sin sinh split sprintf sqrt strcol strftime stringcolumn strlen strptime strstrt substr sum system tan
tanh time timecolumn tm_hour tm_mday tm_min tm_mon tm_sec tm_wday tm_week tm_yday tm_year trim uigamma
valid value voigt weekdate_cdc weekdate_iso word words zeta '
for name in $(sed -n 's/^ *\([A-Za-z_][A-Za-z_0-9]*\)([A-Za-z_0-9, ]*) *= *[^= ].*/\1/p' figures/*.gp | sort -u); do
    case " $(echo $builtins) " in
    *" $name "*) echo "figures/*.gp: $name is a function of some gnuplot's own: give ours another name"; bad=1 ;;
    esac
done

# Whatever draws them elsewhere has no shell.
grep -n 'system *(' figures/*.gp && { echo "a script asks the system"; bad=1; }

# An older gnuplot is told in a line which version is needed.
mkdir -p "$work/bin" "$work/none"
for version in 4.6 5.0 5.1; do
    printf '#!/bin/sh\necho "gnuplot %s patchlevel 7"\n' "$version" > "$work/bin/gnuplot"
    chmod +x "$work/bin/gnuplot"
    said=$(PATH=$work/bin:$PATH sh figures/draw.sh 05_masking "$work/none" "$work/none" 2>&1)
    [ "$said" = "gnuplot $version patchlevel 7 is too old: the figures need gnuplot 5.2 or newer" ] || {
        echo "gnuplot $version: draw.sh says: $said"
        bad=1
    }
done

# gnuplot is told where the data are, and how many rows each file has; from an empty file nothing is drawn.
mkdir -p "$work/it's"
printf '# data: a.dat   no.dat?\nplot\n# measured: t.dat\n#data: x.dat\n' > "$work/told.gp"
printf '1\n\n2\n' > "$work/it's/a.dat"
echo 1 > "$work/it's/t.dat"
printf '#!/bin/sh\n[ "$1" = --version ] && echo gnuplot 5.4 || echo "$3"\n' > "$work/bin/gnuplot"
# told TEXT: among what draw.sh says.
told() {
    said=$(PATH=$work/bin:$PATH sh figures/draw.sh "../$work/told" "$work/it's" "$work/none" 2>&1)
    case $said in *"$1"*) ;; *) echo "draw.sh says: $said"; bad=1 ;; esac
}
told "
    data = '$work/it''s'; out = '$work/none/told.svg."
told ".part'; rows_a = 3; rows_t = 1"
: > "$work/it's/no.dat"
told "told: nothing to draw for this prompt"
rm "$work/it's/t.dat"
told "told.gp: $work/it's/t.dat is missing"

ls figures/0[1-9]_*.gp figures/[1-9]*.gp | sed 's:figures/::; s:_.*::' | sort -u | while read -r number; do
    ls chapters/"$number"_*.md | sed 's:chapters/::; s:\.md$::'
done | xargs -n 1 -P "${JOBS:-2}" sh tests/pictures.sh || bad=1
picture 01_tokenizer --prompt "$(awk 'BEGIN { for (i = 0; i < 250; i++) printf "word %d ", i }')"
picture 05_masking --model "$work/zeros"
picture 14_training --prompt 'A robot' --model "$work/zeros"
echo "$(grep -c . "$work/drawn") figures of hard prompts, $([ $bad -eq 0 ] && echo "all drawn" || echo "NOT all drawn")"
exit $bad
