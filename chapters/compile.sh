#!/bin/sh
# Compiles one program:  sh chapters/compile.sh TARGET COMPILER FLAG…
# It is made in a folder of its own and moved into place when it is whole, and so is the list of
# what it was made of, TARGET.d: another make beside this one finds the old program or the new one.
target=$1
shift
folder=$(dirname "$target") name=$(basename "$target")
part=$folder/part.$$
trap 'rm -rf "$part"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$part" && "$@" -MMD -MP -MT "$target" -MF "$part/$name.d" -o "$part/$name" &&
    rm -rf "$target.dSYM" && mv -f "$part"/* "$folder"
