#!/bin/sh
# Prints COUNT examples, "English => French", a line each; another SEED, other examples:
#   sh models/translator/examples.sh COUNT SEED
exec build/pairs --count "$1" --seed "$2"
