#!/bin/sh
# Writes what chapter 15 reads beside the model: the French word that most often stands for each English one,
# and 300 sentences with the words that mean each other.
#   sh models/translator/words.sh        into models/translator/words.txt and links.txt
# Needs build/pairs.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
build/pairs --count 20000 --seed 3 --links | awk -F '\t' '
    BEGIN { plain["not"] = "ne pas"; plain["because"] = "parce que" }
    {
        at = index($1, " => ")
        prompt = substr($1, 1, at - 1)
        answer = substr($1, at + 4)
        n = split(prompt, all, /[ .,?]+/)
        for (i = 1; i <= n; i++) if (all[i] != "") seen[tolower(all[i])]
        links = split($2, link, " ")
        for (i = 1; i <= links; i++) {
            split(link[i], part, /[:-]/)
            n = split(tolower(substr(prompt, part[2] + 1, part[3] - part[2])), all, " ")
            french = substr(answer, part[4] + 1, part[5] - part[4])
            if (part[4] == 0) french = tolower(french)
            if (++count[all[1], french] > most[all[1]]) { most[all[1]] = count[all[1], french]; best[all[1]] = french }
        }
    }
    END { for (word in seen) print word "\t" (word in best ? best[word] : plain[word]) }' |
    sort > models/translator/words.txt.part
mv models/translator/words.txt.part models/translator/words.txt
build/pairs --count 300 --seed 4 --links |
    awk -F "\t" -v OFS="\t" '{
        gsub(/(animal|person|thing|building):/, "noun:", $2)
        gsub(/(after|before):/, "adjective:", $2)
        gsub(/(known|some|any):/, "article:", $2)
        print
    }' > models/translator/links.txt
