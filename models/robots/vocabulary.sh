#!/bin/sh
# Learns the shipped vocabulary again, from 20,000 of the robots' stories, into the folder
# given:  sh models/robots/vocabulary.sh build/robots
# Needs build/stories and build/01_tokenizer (make programs).
set -eu
build/stories generate --count 20000 --seed 1 |
    build/01_tokenizer train --size 1024 --to "$1"
