# Makes a reader's workbook one with the book's and the reader's functions in it: awk -f tests/workbook.awk FILE,
# with the names of the exercises in $FUNCTIONS. The file is copied line by line. Where an exercise's function
# begins, its name is defined as readers_NAME, up to its closing brace: so the reader's function is called that and
# calls itself, and what it calls of the other exercises is the book's. A #line after each added line keeps the compiler's
# messages at the reader's lines. A table of the functions that are there comes at the end. Which lines belong to
# which function, with what is before it, goes to $PLACES: "first last NAME".

# A line without its comments and without what is in quotes.
function bare(text,    out, c) {
    sub(/\r$/, "", text)
    while (text != "") {
        if (in_comment) {
            if ((c = index(text, "*/")) == 0) return out
            text = substr(text, c + 2)
            in_comment = 0
        }
        if (!match(text, /["'\/]/)) return out text
        out = out substr(text, 1, RSTART - 1)
        c = substr(text, RSTART, 1)
        text = substr(text, RSTART + 1)
        if (c == "/" && text ~ /^\//) return out
        if (c == "/" && text ~ /^\*/) {
            text = substr(text, 2)
            in_comment = 1
            out = out " "
        } else if (c == "/")
            out = out c
        else {
            while (text != "" && substr(text, 1, 1) != c) text = substr(text, substr(text, 1, 1) == "\\" ? 3 : 2)
            text = substr(text, 2)
            out = out "0"
        }
    }
    return out
}

# Follows #if and its kin: of alternatives, each begins at the depth of the first; #if 0 is no code.
function directive(text) {
    if (text ~ /^[ \t]*#[ \t]*if/) {
        depth_at[++nested] = depth
        dead[nested] = dead[nested - 1] || text ~ /^[ \t]*#[ \t]*if[ \t]+0[ \t]*$/
    } else if (text ~ /^[ \t]*#[ \t]*el/ && nested > 0) {
        depth = depth_at[nested]
        dead[nested] = dead[nested - 1]
    } else if (text ~ /^[ \t]*#[ \t]*endif/ && nested > 0)
        nested--
}

# The exercise whose function begins on line i; "" if none does.
function begins(i,    k, text, before) {
    if (depth > 0 || code[i] !~ /^[A-Za-z_]/) return ""
    for (k = 1; k <= count; k++) {
        if (!match(code[i], "(^|[^A-Za-z0-9_])" name[k] "[ \t]*\\(")) continue
        before = substr(code[i], 1, RSTART)
        if (before ~ /[{=]/ || gsub(/\(/, "", before) != gsub(/\)/, "", before)) continue
        for (text = substr(code[i], RSTART + RLENGTH); text !~ /[{;]/ && i < NR; text = text code[i]) i++
        return match(text, /[{;]/) && substr(text, RSTART, 1) == "{" ? name[k] : ""
    }
    return ""
}

function place(i) { printf "#line %d \"%s\"\n", i, path }

BEGIN {
    count = split(ENVIRON["FUNCTIONS"], name, " ")
    path = ARGV[1]
    gsub(/[\\"]/, "\\\\&", path)
    if (ARGV[1] !~ /^\//) ARGV[1] = "./" ARGV[1] # a = in it is no assignment then
}

{ raw[NR] = $0; code[NR] = bare($0) }

END {
    place(1)
    for (i = 1; i <= NR; i++) {
        if (code[i] ~ /^[ \t]*#/ || continued) {
            if (!continued) directive(code[i])
            continued = code[i] ~ /\\[ \t]*$/
        } else if (!dead[nested]) {
            if ((f = begins(i)) != "") {
                printf "#define %s readers_%s\n", f, f
                place(i)
                inside = f
                found[f] = 1
            }
            depth += gsub(/[{]/, "{", code[i]) - gsub(/[}]/, "}", code[i])
        }
        print raw[i]
        if (inside != "" && code[i] ~ /[}]/ && depth <= 0) {
            print "#undef " inside
            place(i + 1)
            print first + 1, i, inside > ENVIRON["PLACES"]
            first = i
            inside = ""
        }
        if (depth < 0) depth = 0
    }
    place(NR)
    printf "const struct readers_function { const char *name; void (*function)(void); } readers_functions[] = {"
    for (k = 1; k <= count; k++)
        if (found[name[k]]) printf "{\"%s\", (void (*)(void))readers_%s}, ", name[k], name[k]
    print "{0, 0}};"
}
