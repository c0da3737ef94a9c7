# Reads the table that `stories kinds` prints, and writes for each story one sentence that says what
# happened: story => summary. The pieces of the story, and what the grammar calls them, decide it: one
# template for each of the twelve plots.
BEGIN { FS = "\t"; split("order fetch lost repair law lesson recital delivery swap count watch race", n, " "); for (i in n) plots[n[i]] }

function trim(s) { gsub(/^ +| +$/, "", s); return s }
function an(s) { return (s ~ /^[aeiou]/ ? "an " : "a ") s }

$4 != "end" {
    count++
    kind[count] = $4
    name[count] = $5
    text[count] = trim($7)
    story = story $7
    if (!plot && $5 in plots) plot = $5
    named[$5]
    if ($5 == "quality" || $5 == "q=quality") quality = text[count]
    variable = $5
    sub(/=.*/, "", variable)
    if ($4 == "value" && !(variable in value)) {
        value[variable] = text[count]
        at[variable] = count
        if ($5 ~ /=thing$/) what[variable] = quality " " text[count]
    }
    if ($4 == "attribute" && !($5 in said)) {
        said[$5] = text[count]
        when[$5] = count
    }
    next
}

{
    if (!plot) plot = "brought_it" in named ? "fetch" : "search" in named ? "lost" : "mending" in named ? "repair" : "order"
    r = value["r"]; p = "p" in value ? value["p"] : ""; thing = what["t"]; summary = ""
    if (plot == "order") summary = r " " said["v.past"] " the " thing " for " p "."
    else if (plot == "fetch") summary = r " " said["b.past"] " " p " the " value["q"] " " value["t"] "."
    else if (plot == "lost") summary = p " lost the " thing ", and " r " found it."
    else if (plot == "repair") summary = r " mended the " thing " for " p ", because it " said["t.fault"] "."
    else if (plot == "law") {
        if ("v" in value && p) summary = r " " said["v.past"] " the " thing " for " p "."
        else if ("v" in value) {
            first = said["v.past"] " the " thing
            second = said["e.past"]
            summary = r " " (when["v.past"] < when["e.past"] ? first " and then " second : second " and then " first) "."
        } else if (index(story, "hid the")) summary = r " hid the " value["o"] "."
        else summary = r " " said["r.moved"] " around the " ("o" in value ? value["o"] : value["t"]) "."
    } else if (plot == "lesson") summary = p " taught " r " the " tolower(value["o"]) " rule."
    else if (plot == "recital") summary = r " told " p " the " value["o"] " rule."
    else if (plot == "delivery") summary = r " took the " thing " from " p " to " value["p2"] "."
    else if (plot == "swap") summary = "Now " r " has the " what["t2"] ", and " value["r2"] " the " thing "."
    else if (plot == "count") {
        taken = 0
        for (i = 1; i <= count; i++)
            if (kind[i] == "again" && name[i] ~ /^t[1-4]$/) things[++taken] = text[i]
        kept = ""
        for (i = 2; i <= taken; i++) kept = kept (i == 2 ? "" : i == taken ? " and " : ", ") "the " things[i]
        summary = r " took the " things[1] ", and " p " kept " kept "."
    } else if (plot == "watch") {
        for (i = count; i; i--) if (name[i] == "room") room = text[i]
        summary = r " guarded the " room " and met " an(text[at["o"] - 1]) " " value["o"] "."
    } else {
        for (i = count; i; i--) if (name[i] == "place") place = text[i]
        for (i = 1; !(name[i] == "winner" && text[i] ~ /won/); i++);
        split("r r2 r3", racers, " ")
        won = kind[i - 1] == "again" ? name[i - 1] : ""
        winner = won ? value[won] : an(text[i - 2]) " " text[i - 1]
        losers = ""
        for (j = 1; j <= 3; j++)
            if (racers[j] != won) {
                between = losers == "" ? "" : won == "" && j == 2 ? ", " : " and "
                losers = losers between value[racers[j]]
            }
        summary = toupper(substr(winner, 1, 1)) substr(winner, 2) " beat " losers " to the " place "."
    }
    print story " => " summary (PLOT ? "\t" plot : "")
    count = 0; plot = story = quality = ""
    split("", value); split("", what); split("", said); split("", when); split("", named); split("", at); split("", things)
}
