# What must not be done twice at once, for scripts to read in:  . chapters/lock.sh
#   lock FILE    waits until no other process holds this lock, and says so when it has to
#   unlock       gives it up; a script calls this when it ends, however it ends
held=

lock() {
    mkdir -p "$(dirname "$1")" || exit 1
    waited=0
    until (set -C && echo $$ > "$1") 2> /dev/null; do
        owner=$(cat "$1" 2> /dev/null) || :
        if [ -n "$owner" ] && ! kill -0 "$owner" 2> /dev/null; then
            rm -f "$1" # its process ended without giving it up
            continue
        fi
        # No process in it after two seconds: the disk is full, and what follows will say so.
        [ -z "$owner" ] && [ $waited -ge 2 ] && rm -f "$1" && return
        [ $waited -eq 0 ] && [ -n "$owner" ] &&
            echo "the same is being done by process $owner: waiting until it has finished" >&2
        waited=$((waited + 1))
        if [ $waited -gt 600 ]; then
            echo "process $owner has not finished in ten minutes; if it is not a make: rm $1" >&2
            exit 1
        fi
        sleep 1
    done
    held=$1
}

unlock() {
    [ -z "$held" ] || rm -f "$held"
    held=
}
