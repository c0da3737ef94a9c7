# Makes a reader's workbook one that has the book's functions and the reader's in it: awk -f tests/workbook.awk FILE
# with the names of the chapter's exercises in $FUNCTIONS. The file is copied line by line. Where an exercise's function
# is defined, and where it calls itself, its name gets a capital letter: Hide_future. So all other calls go to the
# book's functions, and the compiler's messages have the reader's lines and columns. A table of the functions that are
# there comes at the end. $NAMES gets a script for sed that takes the capital letters out of messages again; $PLACES
# gets, for each function, the lines that are its own, with what is before it: "first last NAME".

# A line whose comments are spaces, and quotes and what is in them zeros.
function bare(text,    out, c, n) {
    sub(/\r$/, "", text)
    while (text != "") {
        if (in_comment) {
            n = index(text, "*/")
            in_comment = n == 0
            n = n ? n + 1 : length(text)
            out = out filled(substr(text, 1, n), " ")
        } else {
            if (!match(text, /["'\/]/)) return out text
            out = out substr(text, 1, RSTART - 1)
            text = substr(text, RSTART)
            c = substr(text, 1, 1)
            n = 1
            if (text ~ /^\/\//) return out
            if (text ~ /^\/\*/) {
                in_comment = 1
                out = out "  "
                n = 2
            } else if (c == "/")
                out = out c
            else {
                for (n = 2; n < length(text) && substr(text, n, 1) != c; n++)
                    if (substr(text, n, 1) == "\\") n++
                out = out filled(substr(text, 1, n), "0")
            }
        }
        text = substr(text, n + 1)
    }
    return out
}

function filled(text, with) {
    gsub(/./, with, text)
    return text
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

# Looks for a call or a definition of that function: sets RSTART to where its name begins.
function finds(text, f) {
    if (!match(text, "(^|[^A-Za-z0-9_])" f "[ \t]*\\(")) return 0
    if (substr(text, RSTART, length(f)) != f || substr(text, RSTART, length(f) + 1) !~ /[ \t(]$/) RSTART++
    return 1
}

# The exercise whose function begins on line i; "" if none does.
function begins(i,    k, text, before) {
    if (depth > 0 || code[i] !~ /^[ \t]*[A-Za-z_]/) return ""
    for (k = 1; k <= count; k++) {
        if (!finds(code[i], name[k])) continue
        text = substr(code[i], RSTART)
        before = substr(code[i], 1, RSTART - 1)
        if (before ~ /[{=]/ || gsub(/\(/, "", before) != gsub(/\)/, "", before)) continue
        for (; text !~ /[{;]/ && i < NR; text = text code[i]) i++
        return match(text, /[{;]/) && substr(text, RSTART, 1) == "{" ? name[k] : ""
    }
    return ""
}

function capital(f) { return toupper(substr(f, 1, 1)) substr(f, 2) }

BEGIN {
    count = split(ENVIRON["FUNCTIONS"], name, " ")
    path = ARGV[1]
    gsub(/[\\"]/, "\\\\&", path)
    if (ARGV[1] !~ /^\//) ARGV[1] = "./" ARGV[1] # a = in it is no assignment then
    for (k = 1; k <= count; k++) { # in quotes, as compilers write them, and in a sanitizer's list of calls
        print "s/\\([`\047]\\)" capital(name[k]) "\047/\\1" name[k] "\047/g" > ENVIRON["NAMES"]
        print "s/^\\( *[0-9]*  \\)" capital(name[k]) "  /\\1" name[k] "  /" > ENVIRON["NAMES"]
    }
}

{ raw[NR] = $0; code[NR] = bare($0) }

END {
    printf "#line 1 \"%s\"\n", path
    for (i = 1; i <= NR; i++) {
        if (code[i] ~ /^[ \t]*#/ || continued) {
            if (!continued) directive(code[i])
            continued = code[i] ~ /\\[ \t]*$/
        } else if (!dead[nested]) {
            if ((f = begins(i)) != "") found[inside = f] = 1
            depth += gsub(/[{]/, "{", code[i]) - gsub(/[}]/, "}", code[i])
            while (inside != "" && finds(code[i], inside)) {
                raw[i] = substr(raw[i], 1, RSTART - 1) capital(inside) substr(raw[i], RSTART + length(inside))
                code[i] = substr(code[i], 1, RSTART - 1) capital(inside) substr(code[i], RSTART + length(inside))
            }
            if (inside != "") sub(/NOT_WRITTEN_YET\(\)/, "not_written_yet(__FILE__, __LINE__, \"" inside "\")", raw[i])
            if (inside != "" && code[i] ~ /[}]/ && depth <= 0) {
                print first + 1, i, inside > ENVIRON["PLACES"]
                first = i
                inside = ""
            }
            if (depth < 0) depth = 0
        }
        print raw[i]
    }
    printf "#line %d \"%s\"\n", NR, path
    printf "const struct readers_function { const char *name; void (*function)(void); } readers_functions[] = {"
    for (k = 1; k <= count; k++)
        if (found[name[k]]) printf "{\"%s\", (void (*)(void))%s}, ", name[k], capital(name[k])
    print "{0, 0}};"
}
