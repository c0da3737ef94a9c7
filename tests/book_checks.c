/* The tool of chapter 0 with the commands that only authors need: are transcripts, and the data
 * of figures, what the programs print and write today?
 *   book_checks transcripts [--check] [CHAPTER…]        runs the console blocks again
 *   book_checks figures [--check] NN_stem DATA          the data that its figures show
 *   book_checks stamp [--check] FIGURE.svg SCRIPT DATA  what a figure was drawn from
 * Without --check what is no longer true is written again. */
#define main book_main
#include "../src/00_book.c"
#undef main

/* Takes --check out of a list of arguments; dies on any other option. */
static bool take_check(int *count, char **names)
{
    int kept = 0, all = *count;
    for (int i = 0; i < all; i++)
        if (strcmp(names[i], "--check") != 0) {
            if (names[i][0] == '-')
                die("%s: unknown option (see book_checks --help)", names[i]);
            names[kept++] = names[i];
        }
    *count = kept;
    return kept < all;
}

/* ---- Transcripts ------------------------------------------------------------------- */

/* A number in a transcript that is not a whole number: where its text ends, its value, and
 * what one in its last printed place is worth. */
struct number {
    const char *end;
    double value, place;
    int decimals; /* -1: neither a point nor an exponent */
};

static bool read_number(const char *line, const char *at, struct number *n)
{
    const char *p = at + (*at == '-' || *at == '+'), *digits = p;
    if (at > line && (strchr("._", at[-1]) || (at[-1] >= '0' && at[-1] <= '9') ||
                      ((at[-1] | 32) >= 'a' && (at[-1] | 32) <= 'z')))
        return false;
    long exponent = 0;
    n->decimals = -1;
    p += strspn(p, "0123456789");
    if (p == digits)
        return false;
    if (*p == '.') {
        n->decimals = (int)strspn(p + 1, "0123456789");
        p += 1 + n->decimals;
    }
    if ((*p | 32) == 'e' &&
        strspn(p + 1 + (p[1] == '-' || p[1] == '+'), "0123456789") > 0) {
        char *end;
        exponent = strtol(p + 1, &end, 10);
        p = end;
        n->decimals = n->decimals < 0 ? 0 : n->decimals;
    }
    n->end = p;
    n->value = strtod(at, NULL);
    n->place = pow(10, (double)exponent - (n->decimals > 0 ? n->decimals : 0));
    return true;
}

/* Are there numbers in both texts, spaces before them aside, that differ by no more than one in
 * the last printed place? Then both pointers move past them. */
static bool close_numbers(const char *shown_line, const char **shown,
                          const char *got_line, const char **got)
{
    struct number a, b;
    if (!read_number(shown_line, *shown + blanks(*shown), &a) ||
        !read_number(got_line, *got + blanks(*got), &b) ||
        (a.decimals < 0 && b.decimals < 0))
        return false;
    double difference = fabs(a.value - b.value), place = fmin(a.place, b.place);
    if (!(difference <= 1.000001 * place) ||
        (difference == 0 && a.decimals != b.decimals))
        return false;
    *shown = a.end;
    *got = b.end;
    return true;
}

/* Are two lines the same text, each number within one of its last place? With `dots`, a … in
 * the first means any text. */
static bool close_lines(const char *shown_line, const char *got_line, bool dots)
{
    const char *shown = shown_line, *got = got_line, *after = NULL, *from = NULL;
    while (*shown || *got) {
        if (dots && strncmp(shown, "…", strlen("…")) == 0) {
            after = shown += strlen("…");
            from = got;
        } else if (close_numbers(shown_line, &shown, got_line, &got)) {
        } else if (*shown && *shown == *got) {
            shown++;
            got++;
        } else if (after && *from) {
            shown = after;
            got = ++from;
        } else
            return false;
    }
    return true;
}

static enum likeness same_transcript(const char *shown, const char *got)
{
    return strcmp(shown, "…") == 0         ? WILD
           : close_lines(shown, got, true) ? ALIKE
                                           : DIFFERENT;
}

/* One command of a console block: its text, and the lines [first, end) it has printed. */
struct command {
    char *text;
    size_t line, first, end;
};

/* The next command of a block at or after *line. A \ at a line's end continues at "> ". */
static bool next_command(const struct book *b, const struct block *block, size_t *line,
                         struct command *c)
{
    size_t i = *line;
    while (i < block->end && strncmp(line_of(b, block, i), "$ ", 2) != 0)
        i++;
    if (i == block->end)
        return false;
    c->line = i;
    c->text = format_text("%s", line_of(b, block, i) + 2);
    for (i++; i < block->end && c->text[0] && c->text[strlen(c->text) - 1] == '\\' &&
              strncmp(line_of(b, block, i), "> ", 2) == 0;
         i++) {
        char *longer = format_text("%s\n%s", c->text, line_of(b, block, i) + 2);
        free(c->text);
        c->text = longer;
    }
    c->first = i;
    while (i < block->end && strncmp(line_of(b, block, i), "$ ", 2) != 0)
        i++;
    c->end = *line = i;
    return true;
}

/* Runs a command as a reader would, but plainly: no colour, 80 columns, both streams in one.
 * A status other than 0 is shown in a last line of its own. */
static struct bytes run_command(const char *text)
{
    int status = 0;
    char *shell = format_text("{ %s\n} 2>&1 </dev/null", text);
    struct bytes output = output_of(shell, &status);
    size_t room = output.size + 1;
    for (size_t i = 0; i < output.size; i++)
        if (!output.data[i])
            output.data[i] = '?';
    if (status != 0) {
        char *last = format_text(
            "%s(status %d)\n",
            output.size && output.data[output.size - 1] != '\n' ? "\n" : "", status);
        append(&output, &room, last);
        free(last);
    }
    free(shell);
    return output;
}

/* Compares one command's output with what the chapter shows, and writes down the edit that
 * would make it true. */
static void rerun(struct book *b, const struct block *block, const struct command *c,
                  bool tell, struct edits *edits)
{
    struct bytes output = run_command(c->text);
    struct lines got = cut((char *)output.data), shown = {0};
    for (size_t i = c->first; i < c->end; i++) {
        shown.at = grow(shown.at, &shown.room, shown.count + 1, sizeof *shown.at);
        shown.at[shown.count++].text = line_of(b, block, i);
    }
    char *script = align(shown.at, shown.count, got.at, got.count, same_transcript);
    size_t first = strcspn(script, "da"), i = 0, j = 0;
    struct edit edit = {block->chapter, c->first, c->end - c->first, {0}};
    for (const char *step = script; *step && script[first]; step++) {
        if (step == script + first && tell) {
            bool more = strchr(step, 'a') != NULL && j < got.count;
            wrong(b, block->chapter, i < shown.count ? c->first + i : c->end - 1,
                  "`%s` prints something else\n    shown: %s\n    now:   %s", c->text,
                  i < shown.count ? shown.at[i].text : "(no more)",
                  more ? got.at[j].text : "(no more)");
        }
        if (strchr("kw", *step) || *step == 'a') {
            const char *text = *step == 'a' ? got.at[j].text : shown.at[i].text;
            if (closes(text, block->ticks) || strncmp(text, "$ ", 2) == 0)
                wrong(b, block->chapter, c->line,
                      "`%s` prints what no transcript can hold: %s", c->text, text);
            add_line(b, block, &edit, text);
        }
        i += strchr("kdw", *step) != NULL;
        j += strchr("kas", *step) != NULL;
    }
    if (script[first])
        add_edit(edits, edit);
    free(script);
    free(shown.at);
    free(got.at);
    free(output.data);
}

static int transcripts(struct book *b, int count, char **names)
{
    bool only_check = take_check(&count, names);
    struct edits edits = {0};
    size_t commands = 0, skipped = 0;
    read_book(b, count, names);
    if (b->errors)
        return 1;
    setenv("NO_COLOR", "1", 1);
    setenv("COLUMNS", "80", 1);
    setenv("LC_ALL", "C", 1);
    for (size_t i = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        struct command command;
        size_t line = block->first;
        if (!block->language || strcmp(block->language, "console") != 0)
            continue;
        if (block->says[NEEDS] && !file_exists(block->says[NEEDS])) {
            printf("%s:%zu: skipped: needs %s\n", b->chapters[block->chapter].path,
                   block->fence + 1, block->says[NEEDS]);
            skipped++;
            continue;
        }
        for (; next_command(b, block, &line, &command); commands++) {
            rerun(b, block, &command, only_check, &edits);
            free(command.text);
        }
    }
    for (size_t c = 0; c < b->chapter_count && !only_check && !b->errors; c++) {
        struct bytes text = edited(b, c, &edits);
        if (update(b->chapters[c].path, text))
            printf("%s: its transcripts are true again\n", b->chapters[c].path);
        free(text.data);
    }
    printf("%zu commands in transcripts, %zu %s, %zu blocks skipped\n", commands,
           edits.count, only_check ? "no longer true" : "rewritten", skipped);
    free_edits(&edits);
    return b->errors > 0;
}

/* ---- Figures ----------------------------------------------------------------------- */

/* A file that a script reads. */
struct source {
    char *name;
    bool optional, measured;
};

struct sources {
    struct source *at;
    size_t count, room;
};

/* Adds the files that a script names. */
static void add_sources(struct sources *s, const char *script)
{
    struct bytes text = read_file(script);
    struct lines l = cut((char *)text.data);
    for (size_t i = 0; i < l.count; i++) {
        const char *line = l.at[i].text, *name;
        bool measured = strncmp(line, "# measured:", 11) == 0;
        if (!measured && strncmp(line, "# data:", 7) != 0)
            continue;
        for (name = strchr(line, ':') + 1; *(name += blanks(name));) {
            int length = (int)strcspn(name, " \t");
            bool optional = name[length - 1] == '?';
            s->at = grow(s->at, &s->room, s->count + 1, sizeof *s->at);
            s->at[s->count++] = (struct source){
                format_text("%.*s", length - optional, name), optional, measured};
            name += length;
        }
    }
    free(l.at);
    free(text.data);
}

static void free_sources(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->at[i].name);
    free(s->at);
}

/* FNV-1a: a hash that is a few lines long and good enough to notice a change. */
static uint64_t hash_more(uint64_t hash, const char *path)
{
    struct bytes text = read_file(path);
    for (size_t k = 0; k < text.size; k++)
        if (text.data[k] != '\r') /* some checkouts end lines in \r\n */
            hash = (hash ^ text.data[k]) * 0x100000001b3;
    free(text.data);
    return hash;
}

#define HASH_START 0xcbf29ce484222325

/* A hash of the scripts that draw a figure: the style, its own, and what else it loads. */
static uint64_t hash_scripts(const char *script)
{
    uint64_t hash = hash_more(hash_more(HASH_START, "figures/style.gp"), script);
    struct bytes text = read_file(script);
    struct lines l = cut((char *)text.data);
    for (size_t i = 0; i < l.count; i++) {
        const char *name = l.at[i].text + strlen("load \"");
        if (strncmp(l.at[i].text, "load \"figures/", 14) == 0 &&
            strcmp(name, "figures/style.gp\"") != 0) {
            char *path = format_text("%.*s", (int)strcspn(name, "\""), name);
            hash = hash_more(hash, path);
            free(path);
        }
    }
    free(l.at);
    free(text.data);
    return hash;
}

/* What a figure ends with: hashes of the scripts that drew it and of the data it shows. */
static char *stamp_of(const char *script, const char *data)
{
    struct sources s = {0};
    uint64_t drawn_by = hash_scripts(script), from = HASH_START;
    add_sources(&s, script);
    for (size_t i = 0; i < s.count; i++) {
        char *path = format_text("%s/%s", data, s.at[i].name);
        if (file_exists(path) || !s.at[i].optional)
            from = hash_more(from, path);
        free(path);
    }
    free_sources(&s);
    return format_text("<!-- drawn by %016llx from %016llx -->",
                       (unsigned long long)drawn_by, (unsigned long long)from);
}

/* stamp [--check] FIGURE.svg SCRIPT DATA: notes in a finished figure what it was drawn from; or
 * asks whether it was drawn from these. */
static int stamp(struct book *b, int count, char **names)
{
    (void)b;
    const bool only_check = take_check(&count, names);
    if (count != 3)
        die("stamp: expected FIGURE.svg SCRIPT DATA");
    struct bytes svg = read_file(names[0]);
    char *end = strstr((char *)svg.data, "</svg>"), *want = stamp_of(names[1], names[2]);
    if (!end)
        die("%s: is not an SVG: </svg> is missing", names[0]);
    const bool same = strstr(end, want) != NULL;
    const char *has = strstr(end, "<!--");
    if (only_check && !same)
        fprintf(stderr, "%s: drawn %s: make figures\n", names[0],
                has && strncmp(has, want, 30) == 0 ? "from other numbers"
                                                   : "by another version of its script");
    if (!only_check) {
        char *text = format_text("%.*s</svg>\n%s\n", (int)(end - (char *)svg.data),
                                 (char *)svg.data, want);
        write_file(names[0], text, strlen(text));
        free(text);
    }
    free(svg.data);
    free(want);
    return only_check && !same;
}

/* The first line in which two files of data differ, counted from 1; 0: they are the same text,
 * each number within one of its last place. Says so, if asked to. */
static size_t other_data(const char *kept_path, const char *new_path, bool tell)
{
    struct bytes kept_text = read_file(kept_path), new_text = read_file(new_path);
    struct lines kept = cut((char *)kept_text.data), now = cut((char *)new_text.data);
    size_t i = 0;
    while (i < kept.count && i < now.count &&
           close_lines(kept.at[i].text, now.at[i].text, false))
        i++;
    bool same = i == kept.count && i == now.count;
    if (!same && tell)
        fprintf(stderr, "%s:%zu: want: %s\n%s:%zu: got:  %s\n", kept_path, i + 1,
                i < kept.count ? kept.at[i].text : "(no more)", new_path, i + 1,
                i < now.count ? now.at[i].text : "(no more)");
    free(kept.at);
    free(now.at);
    free(kept_text.data);
    free(new_text.data);
    return same ? 0 : i + 1;
}

/* Compares one file of data. Returns what is wrong with the kept one, or NULL. */
static const char *data_problem(const char *kept, const char *new, struct source says,
                                bool tell)
{
    if (!file_exists(kept))
        return "is missing";
    if (!file_exists(new) && says.optional) {
        printf("skipped: %s: needs GPT-2's vocabulary (make vocab-gpt2)\n", kept);
        return NULL;
    }
    if (!file_exists(new))
        return "is left over: its program does not write it";
    if ((says.measured && tell) || !other_data(kept, new, tell))
        return NULL;
    return "its program writes other data";
}

/* Compares one file of data, or puts the new one in its place if they differ. */
static bool settle_data(const char *kept, const char *new, const struct sources *s,
                        bool only_check)
{
    struct source says = {0};
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->at[i].name, strrchr(kept, '/') + 1) == 0)
            says = s->at[i];
    const char *problem = data_problem(kept, new, says, only_check);
    if (problem && only_check)
        fprintf(stderr, "%s: %s: make figures\n", kept, problem);
    else if (problem && !file_exists(new))
        remove(kept);
    else if (problem) {
        struct bytes data = read_file(new);
        update(kept, data);
        free(data.data);
    }
    return !problem || !only_check;
}

/* figures [--check] NN_stem DATA: are the data in figures/NN_stem what the program has just
 * written to the folder DATA, and the figures drawn from them? */
static int figures(struct book *b, int count, char **names)
{
    glob_t scripts = {0}, data = {0};
    struct sources s = {0};
    bool only_check = take_check(&count, names), good = true;
    (void)b;
    if (count != 2)
        die("figures: expected NN_stem DATA");
    char *kept_folder = format_text("figures/%s", names[0]),
         *pattern = format_text("%s*.gp", kept_folder),
         *kept_data = format_text("%s/*.dat", kept_folder),
         *new_data = format_text("%s/*.dat", names[1]);
    if (glob(pattern, 0, NULL, &scripts) != 0)
        die("%s: there is no such script", pattern);
    for (size_t i = 0; i < scripts.gl_pathc; i++)
        add_sources(&s, scripts.gl_pathv[i]);
    glob(kept_data, 0, NULL, &data);
    size_t kept_count = data.gl_pathc;
    glob(new_data, kept_count ? GLOB_APPEND : 0, NULL, &data);
    for (size_t i = 0; i < data.gl_pathc; i++) {
        const char *name = strrchr(data.gl_pathv[i], '/') + 1;
        char *kept = format_text("%s/%s", kept_folder, name),
             *new = format_text("%s/%s", names[1], name);
        if (i < kept_count || !file_exists(kept))
            good = settle_data(kept, new, &s, only_check) && good;
        free(kept);
        free(new);
    }
    for (size_t i = 0; i < scripts.gl_pathc && only_check; i++) {
        char *script = scripts.gl_pathv[i];
        char *svg = format_text("%.*s.svg", (int)strlen(script) - 3, script);
        if (file_exists(svg))
            good =
                stamp(b, 4, (char *[]){"--check", svg, script, kept_folder}) == 0 && good;
        else {
            fprintf(stderr, "%s: is not drawn yet: make figures\n", svg);
            good = false;
        }
        free(svg);
    }
    globfree(&scripts);
    globfree(&data);
    free_sources(&s);
    free(kept_folder);
    free(pattern);
    free(kept_data);
    free(new_data);
    return !good;
}

int main(int argc, char **argv)
{
    static struct book book;
    static const struct {
        const char *name;
        int (*run)(struct book *b, int count, char **names);
    } more[] = {{"transcripts", transcripts}, {"figures", figures}, {"stamp", stamp}};
    program_name = "book_checks";
    for (size_t i = 0; i < sizeof more / sizeof *more && argc > 1; i++)
        if (strcmp(argv[1], more[i].name) == 0) {
            const int status = more[i].run(&book, argc - 2, argv + 2);
            finish_output();
            return status;
        }
    return book_main(argc, argv);
}
