#!/bin/sh
# Finds a python3 that has PyTorch and numpy, and runs make_reference.py with it.
#   sh tests/reference/torch.sh [--check] […]     see make_reference.py --help
#   sh tests/reference/torch.sh --there           only says by its status whether there is one
#   sh tests/reference/torch.sh --python          prints which one
for python in /usr/bin/python3 python3; do
    # (Asked whether they are there, not to load them, which takes seconds.)
    "$python" -c 'import importlib.util as u, sys
sys.exit(not (u.find_spec("numpy") and u.find_spec("torch")))' 2> /dev/null || continue
    [ "${1:-}" = --there ] && exit 0
    [ "${1:-}" = --python ] && echo "$python" && exit 0
    exec "$python" "$(dirname "$0")/make_reference.py" "$@"
done
[ "${1:-}" = --there ] || echo "this needs PyTorch and numpy, and no python3 here has both: make deps-dev" >&2
exit 1
