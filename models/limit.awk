# A model's loss beside the least that any model can have, from what `14_training eval` prints:
#   awk -v limit=NATS -v what=story -v digits=3 -v digits_each=3 -f models/limit.awk
# limit: -ln P of all texts together; what: the name of one of them
$1 == "stories" { texts = $2 }
$1 == "tokens" { tokens = $2 }
$2 == "story" { loss = $3 * texts }
END {
    printf "%-28smodel    limit    between\n", ""
    row("nats per token", tokens, "%." digits "f")
    row("nats per " what, texts, "%." digits_each "f")
}
function row(name, n, form) {
    printf "%-28s%-9s%-9s%s\n", name, sprintf(form, loss / n), sprintf(form, limit / n), sprintf(form, (loss - limit) / n)
}
