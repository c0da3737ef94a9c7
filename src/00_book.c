/* 00_book: the literate tool. It turns chapters into C and edits of that C back into
 * chapters, and checks that what the book says about its programs is true.
 * Chapter 0 of the book: chapters/00_book.md */
#include "00_book.h"

#include <glob.h>
#include <sys/wait.h>

#define NONE ((size_t)-1)

/* One line of a file: its text, and how it ended: "\n", "\r\n", or "" at the file's end. */
struct line {
    const char *text, *ending;
};

struct lines {
    struct line *at;
    size_t count, room;
};

/* Cuts a text into its lines, in place. */
static struct lines cut(char *text)
{
    struct lines l = {0};
    while (*text) {
        size_t size = strcspn(text, "\n");
        bool newline = text[size] == '\n';
        bool carriage = newline && size > 0 && text[size - 1] == '\r';
        l.at = grow(l.at, &l.room, l.count + 1, sizeof *l.at);
        l.at[l.count++] = (struct line){text, carriage ? "\r\n" : newline ? "\n" : ""};
        text[size - carriage] = '\0';
        text += size + newline;
    }
    return l;
}

/* What an info string can say about a block: its file or name, its part in an exercise, and
 * what a transcript needs to run. */
enum attribute { IN_FILE, NAMED, SOLVES, STUBS, BROKEN, HINTS, NEEDS, ATTRIBUTES };
static const char *const attributes[] = {"file",   "name", "exercise", "stub",
                                         "broken", "hint", "needs"};

/* A fenced block: its lines are those from `first` up to `end`, where the fence closes. */
struct block {
    size_t chapter, fence, first, end;
    size_t ticks;           /* how many backticks the fence has */
    char *language;         /* NULL if the fence names none */
    char *says[ATTRIBUTES]; /* NULL if it says nothing about that */
    size_t uses;            /* of a chunk's first block: how often it was referred to */
    bool open;              /* …: it is being expanded right now */
};

struct chapter {
    char *path, *stem; /* chapters/05_masking.md, 05_masking */
    struct lines lines;
    size_t first_block;
};

/* A line of a tangled file, and where it came from. */
struct made {
    const char *text;
    char *whole; /* the text with its indentation, which an empty line does not show */
    size_t indentation; /* how many spaces the references on the way put in front */
    size_t block, line; /* block is NONE if tangle added the line */
};

struct file {
    char *path;
    struct made *lines;
    size_t count, room;
};

struct book {
    struct chapter *chapters;
    struct block *blocks;
    struct file *files;
    size_t chapter_count, chapter_room, block_count, block_room, file_count, file_room;
    size_t errors;
};

/* Something is wrong in a chapter: says where, counts it, continues. */
static __attribute__((format(printf, 4, 5))) void
wrong(struct book *b, size_t chapter, size_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%zu: ", b->chapters[chapter].path, line + 1);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    b->errors++;
}

static size_t blanks(const char *text)
{
    return strspn(text, " \t");
}

/* Does this line open a fence? Then *ticks says with how many backticks. */
static bool opens(const char *text, size_t *ticks)
{
    text += blanks(text);
    *ticks = strspn(text, "`");
    return *ticks >= 3 && !strchr(text + *ticks, '`');
}

/* Does this line close a fence with this many backticks? */
static bool closes(const char *text, size_t ticks)
{
    text += blanks(text);
    size_t n = strspn(text, "`");
    return n >= ticks && text[n + blanks(text + n)] == '\0';
}

/* A line of a block as it is in the chapter, less the indentation of its fence. */
static const char *line_of(const struct book *b, const struct block *block, size_t line)
{
    const struct line *l = b->chapters[block->chapter].lines.at;
    size_t own = blanks(l[line].text), fence = blanks(l[block->fence].text);
    return l[line].text + (own < fence ? own : fence);
}

/* Reads an info string: c file=src/05_masking.h name="hide the future" */
static void read_info(struct book *b, struct block *block, const char *info)
{
    for (info += blanks(info); *info; info += blanks(info)) {
        size_t length = strcspn(info, " \t="), a = 0;
        if (info[length] != '=') {
            if (!block->language)
                block->language = format_text("%.*s", (int)length, info);
            info += length;
            continue;
        }
        while (a < ATTRIBUTES && (strncmp(attributes[a], info, length) != 0 ||
                                  attributes[a][length] != '\0'))
            a++;
        const char *value = info + length + 1;
        bool quoted = *value == '"';
        value += quoted;
        size_t size = strcspn(value, quoted ? "\"" : " \t");
        if (a == ATTRIBUTES || block->says[a] || size == 0)
            wrong(b, block->chapter, block->fence, "%.*s= %s", (int)length, info,
                  a == ATTRIBUTES  ? "is not an attribute of blocks"
                  : block->says[a] ? "is here twice"
                                   : "has no value");
        else
            block->says[a] = format_text("%.*s", (int)size, value);
        if (quoted && value[size] != '"')
            wrong(b, block->chapter, block->fence, "a \" is never closed");
        info = value + size + (quoted && value[size] == '"');
    }
    if (block->says[BROKEN] && block->says[STUBS])
        wrong(b, block->chapter, block->fence, "a block is stub= or broken=, not both");
    else if (block->says[BROKEN]) /* also a stub: its function is there, and wrong */
        block->says[STUBS] = block->says[BROKEN];
}

/* May tangle write this file? Only below src/ and notebooks_c/, and never the reader's own. */
static bool may_be_made(const char *path)
{
    size_t plain = strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_./-");
    bool inside = strncmp(path, "src/", 4) == 0 || strncmp(path, "notebooks_c/", 12) == 0;
    return inside && strncmp(path, "notebooks_c/mine/", 17) != 0 && !strstr(path, "..") &&
           !strstr(path, "//") && path[plain] == '\0' && path[plain - 1] != '/';
}

/* Do the attributes of a block go together? */
static void check_info(struct book *b, const struct block *block)
{
    char *const *says = block->says;
    const char *into = says[IN_FILE] ? says[IN_FILE] : "", *problem = NULL;
    bool console = block->language && strcmp(block->language, "console") == 0;
    if (says[IN_FILE] && says[NAMED])
        problem = "a block goes into a file or into a chunk: file= or name=, not both";
    else if (says[IN_FILE] && !may_be_made(into))
        problem = "file= must be a plain path below src/ or notebooks_c/";
    else if (says[SOLVES] && strncmp(into, "src/", 4) != 0)
        problem = "exercise= needs the file= in src/ that the solution goes into";
    else if (says[STUBS] && strncmp(into, "notebooks_c/", 12) != 0)
        problem = "stub= and broken= need the file= in notebooks_c/ that they go into";
    else if (says[HINTS] && (says[IN_FILE] || says[NAMED]))
        problem = "a hint goes into no file and no chunk";
    else if (says[NEEDS] && !console)
        problem = "needs= belongs to a console block";
    if (problem)
        wrong(b, block->chapter, block->fence, "%s", problem);
}

/* Adds a chapter to the book: its lines, and the blocks among them. Takes over the text. */
static void add_chapter(struct book *b, const char *path, struct bytes text)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t c = b->chapter_count++, nul = 0, line = 0;
    for (; text.data[nul] != '\0'; nul++)
        line += text.data[nul] == '\n';
    b->chapters = grow(b->chapters, &b->chapter_room, c + 1, sizeof *b->chapters);
    b->chapters[c] = (struct chapter){format_text("%s", path),
                                      format_text("%.*s", (int)strcspn(name, "."), name),
                                      cut((char *)text.data), b->block_count};
    if (nul != text.size)
        wrong(b, c, line, "a NUL byte: this is not text");
    const struct lines *l = &b->chapters[c].lines;
    for (size_t i = 0; i < l->count && nul == text.size; i++) {
        struct block block = {.chapter = c, .fence = i, .first = i + 1};
        if (!opens(l->at[i].text, &block.ticks))
            continue;
        do
            i++;
        while (i < l->count && !closes(l->at[i].text, block.ticks));
        block.end = i;
        if (i == l->count)
            wrong(b, c, block.fence, "this fence is never closed");
        const char *fence = l->at[block.fence].text;
        read_info(b, &block, fence + blanks(fence) + block.ticks);
        check_info(b, &block);
        b->blocks =
            grow(b->blocks, &b->block_room, b->block_count + 1, sizeof *b->blocks);
        b->blocks[b->block_count++] = block;
    }
}

/* The first block, at or after `from`, that says so; NONE if there is none. */
static size_t find(const struct book *b, size_t from, enum attribute a, const char *value,
                   size_t length)
{
    for (size_t i = from; i < b->block_count; i++) {
        const char *says = b->blocks[i].says[a];
        if (says && strncmp(says, value, length) == 0 && says[length] == '\0')
            return i;
    }
    return NONE;
}

/* The next block, at or after `from`, of a chunk of that chapter. */
static size_t find_chunk(const struct book *b, size_t chapter, size_t from,
                         const char *name, size_t length)
{
    size_t i = find(b, from, NAMED, name, length);
    return i != NONE && b->blocks[i].chapter == chapter ? i : NONE;
}

static struct file *file_named(struct book *b, const char *path)
{
    for (size_t i = 0; i < b->file_count; i++)
        if (strcmp(b->files[i].path, path) == 0)
            return &b->files[i];
    b->files = grow(b->files, &b->file_room, b->file_count + 1, sizeof *b->files);
    b->files[b->file_count] = (struct file){.path = format_text("%s", path)};
    return &b->files[b->file_count++];
}

/* Adds a line to a file. The indentation goes before it, unless it is empty. */
static void put(struct file *f, const char *indentation, const char *text, size_t block,
                size_t line)
{
    struct made m = {.whole = format_text("%s%s", indentation, text),
                     .indentation = strlen(indentation),
                     .block = block,
                     .line = line};
    m.text = *text ? m.whole : m.whole + m.indentation;
    f->lines = grow(f->lines, &f->room, f->count + 1, sizeof *f->lines);
    f->lines[f->count++] = m;
}

/* Adds the lines of a block to a file, and instead of each reference the chunk it names. */
static void expand(struct book *b, struct file *f, size_t index, const char *indentation,
                   int depth)
{
    const struct block *block = &b->blocks[index];
    for (size_t i = block->first; i < block->end; i++) {
        const char *text = line_of(b, block, i), *name;
        size_t start = 0, length = reference_name(text, &start);
        name = text + start;
        if (length == 0) {
            put(f, indentation, text, index, i);
            continue;
        }
        size_t chunk = find_chunk(b, block->chapter,
                                  b->chapters[block->chapter].first_block, name, length);
        const char *problem = chunk == NONE ? "no chunk of this chapter has that name"
                              : b->blocks[chunk].open ? "this chunk contains itself"
                              : b->blocks[chunk].uses ? "this chunk is used a second time"
                              : depth == 2000         ? "chunks are nested too deeply"
                                                      : NULL;
        if (problem) {
            wrong(b, block->chapter, i, "<<%.*s>>: %s", (int)length, name, problem);
            continue;
        }
        char *deeper = format_text("%s%.*s", indentation, (int)blanks(text), text);
        b->blocks[chunk].uses++;
        b->blocks[chunk].open = true;
        for (size_t part = chunk; part != NONE;
             part = find_chunk(b, block->chapter, part + 1, name, length))
            expand(b, f, part, deeper, depth + 1);
        b->blocks[chunk].open = false;
        free(deeper);
    }
}

/* The line of a stub where its function begins: after the comment. */
static size_t after_comment(const struct book *b, const struct block *stub)
{
    bool comment = false;
    size_t i = stub->first;
    for (; i < stub->end; i++) {
        const char *text = line_of(b, stub, i);
        comment = comment || strncmp(text, "/*", 2) == 0;
        if (!comment && *text)
            break;
        comment = comment && !strstr(text, "*/");
    }
    return i;
}

/* The prototype of an exercise: the head of its stub, up to the brace, and a semicolon. */
static void put_prototype(struct book *b, struct file *f, const struct block *solution)
{
    const char *name = solution->says[SOLVES];
    size_t index = find(b, 0, STUBS, name, strlen(name));
    if (index == NONE) {
        wrong(b, solution->chapter, solution->fence, "the exercise %s has no stub", name);
        return;
    }
    const struct block *stub = &b->blocks[index];
    for (size_t i = after_comment(b, stub); i < stub->end; i++) {
        const char *text = line_of(b, stub, i);
        size_t length = strcspn(text, "{");
        bool last =
            text[length] == '{' || (i + 1 < stub->end && *line_of(b, stub, i + 1) == '{');
        while (length > 0 && blanks(text + length - 1))
            length--;
        put(f, "", brief(format_text("%.*s%s", (int)length, text, last ? ";" : "")), NONE,
            i);
        if (last)
            return;
    }
    wrong(b, stub->chapter, stub->fence, "this stub has no function with a body");
}

/* Adds a block to the file it names: an empty line first, and around an exercise the lines
 * that let a reader's function replace the solution. */
static void add_to_file(struct book *b, size_t index)
{
    const struct block *block = &b->blocks[index];
    struct file *f = file_named(b, block->says[IN_FILE]);
    if (block->first == block->end)
        return;
    if (f->count > 0)
        put(f, "", "", NONE, block->first);
    if (block->says[SOLVES]) {
        put(f, "", brief(format_text("#ifdef MINE_%s", block->says[SOLVES])), NONE,
            block->first);
        put_prototype(b, f, block);
        put(f, "", "#else", NONE, block->first);
    }
    expand(b, f, index, "", 0);
    if (block->says[SOLVES])
        put(f, "", "#endif", NONE, block->end);
}

/* Tangles in memory. Errors in info strings have already been reported. */
static void tangle_book(struct book *b)
{
    for (size_t i = 0; i < b->block_count; i++)
        if (b->blocks[i].says[IN_FILE] && may_be_made(b->blocks[i].says[IN_FILE]))
            add_to_file(b, i);
}

/* Reads chapters, all of them or those named, and tangles them in memory. */
static void read_book(struct book *b, int count, char **names)
{
    glob_t all = {0};
    if (count == 0) {
        if (glob("chapters/*.md", 0, NULL, &all) != 0)
            die("chapters/: no chapter here (run this where the README is)");
        count = (int)all.gl_pathc;
        names = all.gl_pathv;
    }
    for (int i = 0; i < count; i++) {
        char *path = strchr(names[i], '/') ? format_text("%s", names[i])
                                           : format_text("chapters/%s.md", names[i]);
        for (size_t c = 0; c < b->chapter_count; c++)
            if (strcmp(b->chapters[c].path, path) == 0)
                die("%s: is here twice", path);
        add_chapter(b, path, read_file(path));
        free(path);
    }
    globfree(&all);
    if (!b->errors)
        tangle_book(b);
}

/* A text that grows at its end. */
static void append(struct bytes *text, size_t *room, const char *more)
{
    size_t length = strlen(more);
    text->data = grow(text->data, room, text->size + length + 1, 1);
    memcpy(text->data + text->size, more, length + 1);
    text->size += length;
}

static struct bytes text_of(const struct file *f)
{
    struct bytes text = {grab(1, 1), 0};
    size_t room = 1;
    for (size_t i = 0; i < f->count; i++) {
        append(&text, &room, f->lines[i].text);
        append(&text, &room, "\n");
    }
    return text;
}

/* What a command prints, and its exit status. */
static struct bytes output_of(const char *command, int *status)
{
    fflush(NULL);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        die("%s: cannot be run: %s", command, strerror(errno));
    struct bytes output = read_stream(pipe, command);
    int end = pclose(pipe);
    *status = WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end);
    return output;
}

static bool equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* Is a file on disk what the chapters make of it; and if not, which of the two has changed?
 * Without a base, an older version of both, nobody knows. */
enum state { SAME, MISSING, CHAPTER_CHANGED, FILE_CHANGED, BOTH_CHANGED, NO_BASE };

static enum state state_of(const struct file *f)
{
    if (!file_exists(f->path))
        return MISSING;
    struct bytes now = text_of(f), disk = read_file(f->path);
    enum state state = equal(now, disk) ? SAME : NO_BASE;
    /* The base: first what tangle last wrote, then what git has. */
    for (int git = 0; git < 2 && (state == NO_BASE || state == BOTH_CHANGED); git++) {
        int status = 0;
        const char *copy = brief(format_text("build/tangled/%s", f->path)),
                   *show = brief(format_text("git show HEAD:./%s 2>/dev/null", f->path));
        if (git || file_exists(copy)) {
            struct bytes base = git ? output_of(show, &status) : read_file(copy);
            if (status == 0 && equal(base, now))
                state = FILE_CHANGED;
            else if (status == 0)
                state = equal(base, disk) ? CHAPTER_CHANGED : BOTH_CHANGED;
            free(base.data);
        }
    }
    free(now.data);
    free(disk.data);
    return state;
}

/* The first line in which a tangled file differs from a text; NONE if they are the same. */
static size_t first_difference(const struct file *f, struct bytes text)
{
    struct bytes made = text_of(f);
    size_t line = 0, i = 0;
    for (; i < made.size && i < text.size && made.data[i] == text.data[i]; i++)
        line += made.data[i] == '\n';
    bool same = equal(made, text);
    free(made.data);
    return same ? NONE : line;
}

/* Says what to do if there is no base: the book came without git, and tangle has not run. */
static size_t tell_no_base(const struct file *f)
{
    struct bytes disk = read_file(f->path);
    fprintf(
        stderr,
        "%s:%zu: is not what its chapter makes, and there is no base to tell which of "
        "the "
        "two was changed (git has no committed version, and make tangle has not run "
        "here). If it was the chapter: delete the file, make tangle. If it was the file: "
        "move it away, make tangle, move it back, make untangle\n",
        f->path, first_difference(f, disk) + 1);
    free(disk.data);
    return 1;
}

/* Writes a file unless it is already the same; makes the folders on the way. */
static bool update(const char *path, struct bytes text)
{
    if (file_exists(path)) {
        struct bytes old = read_file(path);
        bool same = equal(old, text);
        free(old.data);
        if (same)
            return false;
    }
    make_folder(brief(format_text("%.*s", (int)(strrchr(path, '/') - path), path)));
    write_file(path, text.data, text.size);
    return true;
}

/* Writes a file, or only the copy that remembers what it was when it agreed with its chapter. */
static bool write_made(const struct file *f, bool copy)
{
    struct bytes text = text_of(f);
    bool written =
        update(brief(format_text("%s%s", copy ? "build/tangled/" : "", f->path)), text);
    free(text.data);
    return written;
}

/* Says which files in src/ and notebooks_c/ no chapter makes. Returns how many. */
static size_t report_strays(const struct book *b)
{
    size_t strays = 0;
    glob_t found = {0};
    glob("src/*", 0, NULL, &found);
    glob("notebooks_c/*", GLOB_APPEND, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t f = 0;
        while (f < b->file_count && strcmp(b->files[f].path, found.gl_pathv[i]) != 0)
            f++;
        if (f == b->file_count && file_exists(found.gl_pathv[i])) {
            fprintf(stderr, "%s: no chapter makes this file\n", found.gl_pathv[i]);
            strays++;
        }
    }
    globfree(&found);
    return strays;
}

static int tangle(struct book *b, int count, char **names)
{
    read_book(b, count, names);
    size_t refused = b->errors, written = 0;
    enum state *states = grab(b->file_count, sizeof *states);
    for (size_t i = 0; i < b->file_count && !b->errors; i++) {
        states[i] = state_of(&b->files[i]);
        refused += states[i] == NO_BASE ? tell_no_base(&b->files[i]) : 0;
        if (states[i] == FILE_CHANGED || states[i] == BOTH_CHANGED) {
            fprintf(stderr,
                    "%s: has edits that no chapter has: run make untangle first"
                    " (or delete it, and tangle makes it again)\n",
                    b->files[i].path);
            refused++;
        }
    }
    for (size_t i = 0; i < b->file_count && !refused; i++) {
        if (states[i] != SAME && write_made(&b->files[i], false)) {
            printf("%s: written\n", b->files[i].path);
            written++;
        }
        write_made(&b->files[i], true);
    }
    free(states);
    if (count == 0)
        report_strays(b);
    if (!refused && !written)
        printf("%zu files in src/ and notebooks_c/ say what the chapters say\n",
               b->file_count);
    return refused > 0;
}

/* How a line of an old text and one of a new text compare. WILD: the old line is a lone …,
 * which means any number of lines. */
enum likeness { DIFFERENT, ALIKE, WILD };
typedef enum likeness comparison(const char *was, const char *now);

static enum likeness same_text(const char *was, const char *now)
{
    return strcmp(was, now) == 0 ? ALIKE : DIFFERENT;
}

/* The same but for spaces, as when clang-format has moved a line; an empty line never is. */
static enum likeness same_but_blanks(const char *was, const char *now)
{
    if (!was[blanks(was)])
        return DIFFERENT;
    while (true) {
        was += blanks(was);
        now += blanks(now);
        if (*was != *now)
            return DIFFERENT;
        if (*was == '\0')
            return ALIKE;
        was++;
        now++;
    }
}

/* The shortest way from was[n] to now[m], as a string with a letter for each step:
 * k keep a line that both have, d drop an old one, a add a new one; and if the old line is
 * WILD, s swallow a new line, w go past it. The caller frees it. */
static char *align(const struct line *was, size_t n, const struct line *now, size_t m,
                   comparison *compare)
{
    char *script = grab(n + m + 1, 1), *step = script;
    size_t tail = 0;
    for (; n > 0 && m > 0 && compare(was->text, now->text) == ALIKE;
         was++, now++, n--, m--)
        *step++ = 'k';
    for (; n > 0 && m > 0 && compare(was[n - 1].text, now[m - 1].text) == ALIKE; n--, m--)
        tail++;
    if (n > 0 && m > 200000000 / n)
        die("%zu lines against %zu: too many to compare", n, m);
    char *best =
        grab((n + 1) * (m + 1), 1); /* best[i * (m + 1) + j]: the step to take there */
    size_t *cost =
        grab(m + 1, sizeof *cost); /* how many d and a still come, row by row */
    for (size_t i = n + 1; i-- > 0;)
        for (size_t j = m + 1, diagonal = 0; j-- > 0;) {
            size_t below = cost[j], right = j < m ? cost[j + 1] : 0;
            char letter;
            enum likeness like =
                i < n ? compare(was[i].text, j < m ? now[j].text : "") : DIFFERENT;
            if (i == n && j == m)
                letter = '\0', cost[j] = 0;
            else if (like == WILD && (j == m || below < right))
                letter = 'w', cost[j] = below;
            else if (like == WILD)
                letter = 's', cost[j] = right;
            else if (i < n && j < m && like == ALIKE)
                letter = 'k', cost[j] = diagonal;
            else if (j == m || (i < n && below <= right))
                letter = 'd', cost[j] = below + 1;
            else
                letter = 'a', cost[j] = right + 1;
            best[i * (m + 1) + j] = letter;
            diagonal = below;
        }
    for (size_t at = 0; best[at]; step++) {
        *step = best[at];
        at += (strchr("kdw", *step) ? m + 1 : 0) + (strchr("kas", *step) ? 1 : 0);
    }
    memset(step, 'k', tail);
    free(cost);
    free(best);
    return script;
}

/* A change to a chapter: `removed` lines, starting at `line`, are replaced by those in `added`. */
struct edit {
    size_t chapter, line, removed;
    struct lines added;
};

struct edits {
    struct edit *at; /* in the order of chapters and lines */
    size_t count, room;
};

static void add_edit(struct edits *e, struct edit edit)
{
    size_t i = e->count++;
    e->at = grow(e->at, &e->room, e->count, sizeof *e->at);
    for (; i > 0 &&
           (e->at[i - 1].chapter > edit.chapter ||
            (e->at[i - 1].chapter == edit.chapter && e->at[i - 1].line > edit.line));
         i--)
        e->at[i] = e->at[i - 1];
    e->at[i] = edit;
}

/* A line that goes into a block: after the indentation of its fence, ended as the fence is. */
static void add_line(const struct book *b, const struct block *block, struct edit *edit,
                     const char *text)
{
    const struct line *fence = &b->chapters[block->chapter].lines.at[block->fence];
    struct lines *l = &edit->added;
    int indentation = *text ? (int)blanks(fence->text) : 0;
    l->at = grow(l->at, &l->room, l->count + 1, sizeof *l->at);
    l->at[l->count++] = (struct line){
        format_text("%.*s%s", indentation, fence->text, text), fence->ending};
}

static void append_line(struct bytes *text, size_t *room, struct line line)
{
    append(text, room, line.text);
    append(text, room, line.ending);
}

/* The text of a chapter after the edits. */
static struct bytes edited(const struct book *b, size_t chapter, const struct edits *e)
{
    const struct lines *l = &b->chapters[chapter].lines;
    struct bytes text = {grab(1, 1), 0};
    size_t room = 1, i = 0;
    for (size_t k = 0; k < e->count; k++) {
        const struct edit *edit = &e->at[k];
        if (edit->chapter != chapter)
            continue;
        while (i < edit->line)
            append_line(&text, &room, l->at[i++]);
        for (size_t j = 0; j < edit->added.count; j++)
            append_line(&text, &room, edit->added.at[j]);
        i += edit->removed;
    }
    while (i < l->count)
        append_line(&text, &room, l->at[i++]);
    return text;
}

static void free_edits(struct edits *e)
{
    for (size_t i = 0; i < e->count; i++) {
        for (size_t j = 0; j < e->at[i].added.count; j++)
            free((char *)e->at[i].added.at[j].text);
        free(e->at[i].added.at);
    }
    free(e->at);
}

/* Lines [old, old_end) of a tangled file have become lines [new, new_end) on disk. */
struct hunk {
    size_t old, old_end, new, new_end;
};

/* What untangle works on: a tangled file, what is on disk, and the edits found so far. */
struct change {
    struct book *book;
    const struct file *file;
    struct lines was, now;
    struct edits *edits;
    size_t refused;
};

static void refuse(struct change *c, size_t line, const char *reason)
{
    fprintf(stderr, "%s:%zu: this edit cannot go into the chapter: %s\n", c->file->path,
            line + 1, reason);
    c->refused++;
}

/* Why a line cannot go beside another in its block; NULL if it can. */
static const char *misfit(const struct block *block, const struct made *beside,
                          const char *text)
{
    size_t start;
    if (*text == '\0')
        return NULL;
    if (strncmp(text, beside->whole, beside->indentation) != 0)
        return "it lacks the indentation that <<…>> gives its chunk";
    if (closes(text + beside->indentation, block->ticks))
        return "it would close the fence of its block";
    if (reference_name(text + beside->indentation, &start))
        return "it looks like a reference to a chunk";
    return NULL;
}

/* Puts the new lines of a hunk into the chapter, into the block that the made line `beside`
 * is from, instead of `removed` lines starting at `line`. Returns why not, or NULL. */
static const char *put_into_chapter(struct change *c, struct hunk h, size_t beside,
                                    size_t line, size_t removed)
{
    const struct made *m = &c->file->lines[beside];
    const struct block *block = &c->book->blocks[m->block];
    struct edit edit = {.chapter = block->chapter, .line = line, .removed = removed};
    for (size_t i = h.new; i < h.new_end; i++) {
        const char *reason = misfit(block, m, c->now.at[i].text);
        if (reason)
            return reason;
    }
    for (size_t i = h.new; i < h.new_end; i++) {
        const char *text = c->now.at[i].text;
        add_line(c->book, block, &edit, *text ? text + m->indentation : "");
    }
    add_edit(c->edits, edit);
    return NULL;
}

/* Moves a hunk up by a line if it only adds or only removes, and the text repeats itself so
 * that this makes no difference. */
static bool slide_up(const struct change *c, struct hunk *h)
{
    bool adds = h->old == h->old_end, removes = h->new == h->new_end;
    const char *last =
        adds ? c->now.at[h->new_end - 1].text : c->was.at[h->old_end - 1].text;
    if (adds == removes || h->old == 0 || h->new == 0 ||
        strcmp(c->was.at[h->old - 1].text, last) != 0 ||
        strcmp(c->now.at[h->new - 1].text, last) != 0)
        return false;
    *h = (struct hunk){h->old - 1, h->old_end - 1, h->new - 1, h->new_end - 1};
    return true;
}

/* Places lines that were put between two old ones: at the end of the block before them, or
 * else at the start of the one after them. */
static void place_insertion(struct change *c, struct hunk h)
{
    const struct made *m = c->file->lines;
    const char *reason = "both lines around it are made by tangle, not by a chapter";
    struct hunk at[2] = {h, h};
    while (at[0].old > 0 && m[at[0].old - 1].block == NONE && slide_up(c, &at[0])) {
    }
    for (int i = 0; i < 2; i++) {
        size_t k = at[i].old;
        if (k > 0 && m[k - 1].block != NONE &&
            !(reason = put_into_chapter(c, at[i], k - 1, m[k - 1].line + 1, 0)))
            return;
        if (k < c->file->count && m[k].block != NONE &&
            !(reason = put_into_chapter(c, at[i], k, m[k].line, 0)))
            return;
    }
    refuse(c, h.new, reason);
}

/* The old lines of a hunk that are from a chapter: first and last. false if they are not
 * neighbours in one block. first is NONE if tangle made them all. */
static bool in_one_block(const struct change *c, struct hunk h, size_t *first,
                         size_t *last)
{
    const struct made *m = c->file->lines;
    *first = NONE;
    for (size_t i = h.old; i < h.old_end; i++) {
        if (m[i].block == NONE)
            continue;
        if (*first != NONE &&
            (m[i].block != m[*last].block || m[i].line != m[*last].line + 1))
            return false;
        *first = *first == NONE ? i : *first;
        *last = i;
    }
    return true;
}

static bool place_pieces(struct change *c, struct hunk h, comparison *compare);

/* Puts one hunk where it belongs. Lines that tangle made are passed over: they follow from
 * others, and the proof at the end shows whether they do. */
static void place(struct change *c, struct hunk h)
{
    const struct made *m = c->file->lines;
    size_t first = 0, last = 0;
    if (h.old == h.old_end) {
        place_insertion(c, h);
        return;
    }
    bool one = in_one_block(c, h, &first, &last);
    for (struct hunk higher = h; !one && slide_up(c, &higher);)
        if ((one = in_one_block(c, higher, &first, &last)))
            h = higher;
    if (!one && !place_pieces(c, h, same_but_blanks))
        refuse(c, h.new, "it falls across two chunks; make it in two steps");
    if (!one || first == NONE)
        return;
    const char *reason =
        put_into_chapter(c, h, first, m[first].line, m[last].line - m[first].line + 1);
    if (reason)
        refuse(c, h.new, reason);
}

/* Cuts a hunk into pieces between the lines that are alike, and places each; lines that are
 * alike without being the same each go to their own block. false if nothing is alike. */
static bool place_pieces(struct change *c, struct hunk h, comparison *compare)
{
    char *script = align(c->was.at + h.old, h.old_end - h.old, c->now.at + h.new,
                         h.new_end - h.new, compare);
    bool alike = strchr(script, 'k') != NULL;
    struct hunk piece = {h.old, h.old, h.new, h.new};
    for (const char *step = script; alike && !c->refused; step++) {
        if (*step == 'd' || *step == 'a') {
            piece.old_end += *step == 'd';
            piece.new_end += *step == 'a';
            continue;
        }
        if (piece.old < piece.old_end || piece.new < piece.new_end)
            place(c, piece);
        if (*step == '\0')
            break;
        size_t i = piece.old_end, j = piece.new_end;
        if (strcmp(c->was.at[i].text, c->now.at[j].text) != 0)
            place(c, (struct hunk){i, i + 1, j, j + 1});
        piece = (struct hunk){i + 1, i + 1, j + 1, j + 1};
    }
    free(script);
    return alike;
}

/* Finds what was edited in a tangled file, and turns it into edits of the chapter. */
static void find_edits(struct change *c)
{
    struct bytes disk = read_file(c->file->path), made = text_of(c->file);
    bool text = strlen((char *)disk.data) == disk.size;
    c->now = cut((char *)disk.data);
    c->was = cut((char *)made.data);
    for (size_t i = 0; i < c->now.count && !c->refused; i++)
        if (!text || strcmp(c->now.at[i].ending, "\n") != 0)
            refuse(c, i,
                   text ? "each line must end in a newline, and in no carriage return"
                        : "the file holds a NUL byte");
    struct hunk whole = {0, c->was.count, 0, c->now.count};
    if (!c->refused && !place_pieces(c, whole, same_text))
        place(c, whole);
    free(c->was.at);
    free(c->now.at);
    free(disk.data);
    free(made.data);
}

/* The proof: do the edited chapters tangle to exactly what is on disk? A file whose chapter
 * alone has changed must stay as the chapter has it. Says where that is not so. */
static bool proven(const struct book *b, struct book *after, const enum state *states)
{
    for (size_t i = 0; i < b->file_count; i++) {
        const struct file *f = &b->files[i];
        bool edit = states[i] == FILE_CHANGED;
        struct bytes want = edit ? read_file(f->path) : text_of(f);
        size_t line = first_difference(file_named(after, f->path), want);
        free(want.data);
        if (line == NONE)
            continue;
        fprintf(stderr, "%s:%zu: %s\n", f->path, line + 1,
                edit ? "this edit cannot go into the chapter: tangle makes a line here"
                       " (a prototype follows its stub; an #ifdef, an empty line)"
                     : "would change too: edit the chapter instead");
        after->errors++;
    }
    return after->errors == 0;
}

static int untangle(struct book *b, int count, char **names)
{
    static struct book after;
    struct edits edits = {0};
    size_t refused = 0, written = 0;
    read_book(b, count, names);
    enum state *states = grab(b->file_count, sizeof *states);
    for (size_t i = 0; i < b->file_count && !b->errors; i++) {
        struct file *f = &b->files[i];
        struct change change = {.book = b, .file = f, .edits = &edits};
        states[i] = state_of(f);
        if (states[i] == MISSING || states[i] == CHAPTER_CHANGED)
            printf("%s: its chapter is newer: run make tangle\n", f->path);
        if (states[i] == FILE_CHANGED)
            find_edits(&change);
        refused += states[i] == NO_BASE ? tell_no_base(f) : 0;
        if (states[i] == BOTH_CHANGED) {
            struct bytes disk = read_file(f->path);
            refuse(&change, first_difference(f, disk),
                   "the chapter has changed too; put one of the two back first");
            free(disk.data);
        }
        refused += change.refused;
    }
    bool good = !refused && !b->errors;
    for (size_t c = 0; c < b->chapter_count && good; c++)
        add_chapter(&after, b->chapters[c].path, edited(b, c, &edits));
    if (good && !after.errors)
        tangle_book(&after);
    good = good && !after.errors && proven(b, &after, states);
    for (size_t c = 0; c < b->chapter_count && good; c++) {
        struct bytes text = edited(b, c, &edits);
        if (update(b->chapters[c].path, text)) {
            printf("%s: has the edits now\n", b->chapters[c].path);
            written++;
        }
        free(text.data);
    }
    for (size_t i = 0; i < b->file_count && good; i++)
        if (states[i] == SAME || states[i] == FILE_CHANGED)
            write_made(file_named(&after, b->files[i].path), true);
    if (!good)
        fprintf(stderr, "nothing was changed\n");
    else if (!written)
        printf("no edits to carry into a chapter\n");
    free(states);
    free_edits(&edits);
    return !good;
}

/* A chunk that no file uses is lost code, or part of a circle. */
static void check_chunks(struct book *b)
{
    struct file nowhere = {0};
    for (size_t i = 0; i < b->block_count; i++) {
        struct block *block = &b->blocks[i];
        size_t before = b->errors, c = block->chapter;
        const char *name = block->says[NAMED];
        if (!name || block->uses ||
            find_chunk(b, c, b->chapters[c].first_block, name, strlen(name)) != i)
            continue;
        block->open = true;
        for (size_t part = i; part != NONE;
             part = find_chunk(b, c, part + 1, name, strlen(name)))
            expand(b, &nowhere, part, "", 0);
        block->open = false;
        if (b->errors == before)
            wrong(b, c, block->fence, "the chunk \"%s\" is never used", name);
    }
    for (size_t i = 0; i < nowhere.count; i++)
        free(nowhere.lines[i].whole);
    free(nowhere.lines);
}

/* An exercise has one solution, one stub, and a hint at least. */
static void check_exercises(struct book *b)
{
    static const enum attribute parts[] = {SOLVES, STUBS, HINTS};
    static const char *const words[] = {"solution", "stub", "hint"};
    for (size_t i = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        for (int p = 0; p < 3; p++) {
            const char *name = block->says[parts[p]];
            for (int q = 0; q < 3 && name; q++) {
                size_t found = find(b, 0, parts[q], name, strlen(name));
                if (found == NONE)
                    wrong(b, block->chapter, block->fence, "the exercise %s has no %s",
                          name, words[q]);
                else if (p == q && p < 2 && found != i)
                    wrong(b, block->chapter, block->fence,
                          "the exercise %s has a second %s", name, words[p]);
            }
        }
    }
}

/* Every file is made by the chapter that has its name, and says what the chapter says. */
static void check_files(struct book *b)
{
    for (size_t i = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        const char *path = block->says[IN_FILE], *stem = b->chapters[block->chapter].stem;
        const char *name = path && strchr(path, '/') ? strrchr(path, '/') + 1 : "";
        if (path && (strncmp(name, stem, strlen(stem)) != 0 || name[strlen(stem)] != '.'))
            wrong(b, block->chapter, block->fence, "%s is not this chapter's to make",
                  path);
    }
    for (size_t i = 0; i < b->file_count; i++) {
        struct file *f = &b->files[i];
        struct bytes disk = {0};
        if (file_exists(f->path))
            disk = read_file(f->path);
        size_t line = disk.data ? first_difference(f, disk) : 0, near = line;
        free(disk.data);
        if (line == NONE || f->count == 0)
            continue;
        near = line < f->count ? line : f->count - 1;
        while (near > 0 && f->lines[near].block == NONE)
            near--;
        if (f->lines[near].block != NONE)
            wrong(b, b->blocks[f->lines[near].block].chapter, f->lines[near].line,
                  "%s:%zu says something else: make tangle, or make untangle", f->path,
                  line + 1);
    }
}

static int check(struct book *b, int count, char **names)
{
    size_t chunks = 0, exercises = 0, lines = 0;
    read_book(b, count, names);
    check_chunks(b);
    check_exercises(b);
    check_files(b);
    if (count == 0)
        b->errors += report_strays(b);
    for (size_t i = 0; i < b->block_count; i++) {
        chunks += b->blocks[i].uses > 0;
        exercises += b->blocks[i].says[STUBS] != NULL;
    }
    for (size_t i = 0; i < b->file_count; i++)
        lines += b->files[i].count;
    if (!b->errors)
        printf("%zu chapters, %zu blocks, %zu chunks, %zu exercises:"
               " they make the %zu files and %zu lines that are there\n",
               b->chapter_count, b->block_count, chunks, exercises, b->file_count, lines);
    return b->errors > 0;
}

/* The lines of a block, chunks and all. */
static struct file lines_of(struct book *b, size_t index)
{
    struct file f = {0};
    for (size_t i = 0; i < b->block_count; i++)
        b->blocks[i].uses = 0;
    expand(b, &f, index, "", 0);
    return f;
}

/* Prints the lines of a block; without `static inline` before that function. */
static void print_block(struct book *b, size_t index, const char *function)
{
    struct file f = lines_of(b, index);
    for (size_t i = 0; i < f.count; i++) {
        const char *text = f.lines[i].text;
        bool head = function && strncmp(text, "static inline ", 14) == 0 &&
                    strstr(text, function);
        puts(text + (head ? 14 : 0));
        free(f.lines[i].whole);
    }
    free(f.lines);
}

/* show hint|solution|stub FUNCTION, or show block NAME: what the chapters say there */
static int show(struct book *b, int count, char **names)
{
    static const struct {
        const char *word;
        enum attribute a;
    } parts[] = {
        {"hint", HINTS}, {"solution", SOLVES}, {"stub", STUBS}, {"block", NAMED}};
    size_t part = 0, n = 0;
    while (count == 2 && part < 4 && strcmp(parts[part].word, names[0]) != 0)
        part++;
    if (count != 2 || part == 4)
        die("show: expected hint, solution or stub and a function, or block and a name");
    read_book(b, 0, NULL);
    size_t length = strlen(names[1]);
    for (size_t i = 0; (i = find(b, i, parts[part].a, names[1], length)) != NONE; i++) {
        if (parts[part].a == HINTS)
            printf("%sHint %zu\n", n ? "\n" : "", n + 1);
        print_block(b, i, NULL);
        n++;
    }
    if (n == 0)
        die("show: no %s is called %s", parts[part].word, names[1]);
    return b->errors > 0;
}

/* workbook CHAPTER: the workbook with every solution in its stub's place */
static int workbook(struct book *b, int count, char **names)
{
    if (count != 1)
        die("workbook: expected a chapter's stem");
    read_book(b, 1, names);
    for (size_t i = 0, n = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        const char *name = block->says[STUBS], *path = block->says[IN_FILE];
        size_t solution = name ? find(b, 0, SOLVES, name, strlen(name)) : NONE;
        if (!path || strncmp(path, "notebooks_c/", 12) != 0)
            continue;
        printf("%s", n++ ? "\n" : "");
        for (size_t k = block->first; name && k < after_comment(b, block); k++)
            puts(line_of(b, block, k));
        print_block(b, solution == NONE ? i : solution, name);
    }
    return b->errors > 0;
}

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* C code without comments, and with a space only where it keeps two words, or + +, apart. */
static char *bare_code(const char *c)
{
    char *bare = grab(strlen(c) + 1, 1), *end = bare, quote = '\0';
    for (bool space = false; *c;) {
        if (*c == '\n')
            quote = '\0'; /* a lone apostrophe in a line of the preprocessor ends here */
        const char *close = strncmp(c, "/*", 2) == 0 ? strstr(c + 2, "*/") : NULL;
        size_t skip = quote                      ? 0
                      : strncmp(c, "//", 2) == 0 ? strcspn(c, "\n")
                      : close                    ? (size_t)(close + 2 - c)
                                                 : strspn(c, " \t\r\n\v\f");
        if (skip > 0) {
            c += skip;
            space = end > bare;
            continue;
        }
        if (space && ((is_word(end[-1]) && is_word(*c)) ||
                      (end[-1] == *c && (*c == '+' || *c == '-'))))
            *end++ = ' ';
        space = false;
        if (quote && *c == '\\' && c[1] && c[1] != '\n')
            *end++ = *c++;
        else if (quote ? *c == quote : *c == '"' || *c == '\'')
            quote = quote ? '\0' : *c;
        *end++ = *c++;
    }
    return bare;
}

/* Is the function of this block in that workbook as it was handed out? A reader may keep it
 * under #if 0: it is changed if another function with this head is there. */
static bool as_handed_out(struct book *b, size_t index, const char *workbook)
{
    struct file f = lines_of(b, index);
    struct bytes text = text_of(&f);
    char *bare = bare_code((char *)text.data);
    size_t head = strcspn(bare, "{"), size = strlen(bare);
    bool found = false, changed = false;
    char *start = format_text("%.*s{", (int)head, bare);
    for (const char *at = workbook; (at = strstr(at, start)); at++) {
        found = true;
        changed = changed || strncmp(at, bare, size) != 0;
    }
    for (size_t i = 0; i < f.count; i++)
        free(f.lines[i].whole);
    free(f.lines);
    free(text.data);
    free(bare);
    free(start);
    return found && !changed;
}

/* broken NN_stem: the exercises whose code is handed out broken; broken NN_stem FILE: those
 * whose code is still so in that workbook, whatever its layout and its comments */
static int broken(struct book *b, int count, char **names)
{
    if (count != 1 && count != 2)
        die("broken: expected a chapter's stem, and perhaps a workbook");
    read_book(b, 1, names);
    struct bytes file = count == 2 ? read_file(names[1]) : (struct bytes){0};
    char *workbook = file.data ? bare_code((char *)file.data) : NULL;
    for (size_t i = 0; i < b->block_count; i++)
        if (b->blocks[i].says[BROKEN] && (!workbook || as_handed_out(b, i, workbook)))
            puts(b->blocks[i].says[BROKEN]);
    free(workbook);
    free(file.data);
    return b->errors > 0;
}

/* exercises [NN_stem …]: all of them, in the order of their stubs */
static int exercises(struct book *b, int count, char **names)
{
    read_book(b, count, names);
    for (size_t i = 0; i < b->block_count; i++)
        if (b->blocks[i].says[STUBS])
            printf("%s %s\n", b->chapters[b->blocks[i].chapter].stem,
                   b->blocks[i].says[STUBS]);
    return b->errors > 0;
}

/* Replaces a text in a line wherever it appears; the line moves to memory of its own. */
static void replace(char **line, const char *was, const char *is)
{
    for (char *at = *line; (at = strstr(at, was));) {
        size_t before = (size_t)(at - *line);
        char *new = format_text("%.*s%s%s", (int)before, *line, is, at + strlen(was));
        free(*line);
        *line = new;
        at = new + before + strlen(is);
    }
}

/* One line of what gnuplot wrote, as a page wants it. XML forbids ]]> in text, and two
 * characters, which become �. The caller frees it. */
static char *finished_line(const char *text)
{
    static const char *const pairs[][2] = {
        {"<title>Gnuplot</title>",
         "<style>.s,.b{font-family:'Helvetica Neue',Helvetica,Arial,'Liberation "
         "Sans',sans-serif} .m,.n{font-family:Menlo,Consolas,'DejaVu Sans "
         "Mono','Liberation Mono',monospace} .b,.n{font-weight:bold} "
         "g{stroke-linecap:round;stroke-linejoin:round}</style>"},
        {"font-family=\"sans-serif\"", "class=\"s\""},
        {"font-family=\"sans-serif:Bold\"", "class=\"b\""},
        {"font-family=\"monospace\"", "class=\"m\""},
        {"font-family=\"monospace:Bold\"", "class=\"n\""},
        {" stroke-linecap=\"round\" stroke-linejoin=\"round\"", ""},
        {"\xef\xbf\xbe", "�"},
        {"\xef\xbf\xbf", "�"},
        {"]]>", "]]&gt;"}};
    char *line = format_text("%s", text), *at;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        replace(&line, pairs[i][0], pairs[i][1]);
    if (strstr(line, "<rect x=\"0\" y=\"0\" ")) /* the panel */
        replace(&line, "/>", " rx=\"8\" stroke=\"#d8d1c2\" stroke-width=\"2\"/>");
    if ((at = strstr(line, "<title>gnuplot_plot_")) && strstr(at, "</title>")) {
        const char *rest = strstr(at, "</title>") + strlen("</title>");
        memmove(at, rest, strlen(rest) + 1);
    }
    return line;
}

/* Makes a film of frames drawn one below the other: the window is as high as one frame, and a
 * style moves the rest past it, frame by frame; the last one is shown four times as long. On
 * paper, for readers who want nothing to move, and as film.svg#still, it is the last frame.
 * Changes one line. */
static void film_line(char **line, int film, int *width, int *height)
{
    const int frames = *height / film, last = (frames - 1) * film;
    if (sscanf(*line, " width=\"%d\" height=\"%d\"", width, height) == 2) {
        free(*line);
        *line = format_text(" width=\"%d\" height=\"%d\"", *width, film);
    } else if (strncmp(*line, " viewBox=", 9) == 0) {
        free(*line);
        *line = format_text(" viewBox=\"0 0 %d %d\"", *width, film);
    } else if (strcmp(*line, "</svg>") == 0)
        replace(line, "</svg>", "</g></svg>");
    else if (strstr(*line, "<rect x=\"0\" y=\"0\" ")) {
        replace(line, brief(format_text("height=\"%d\"", *height)),
                brief(format_text("height=\"%d\"", film)));
        char *more = format_text(
            "%s\n<style>@media screen and (prefers-reduced-motion:no-preference)"
            "{.film:not(:target){animation:film %.1fs infinite}} @keyframes film"
            "{0%%{transform:translateY(0);animation-timing-function:steps(%d)} "
            "%.2f%%,to{transform:translateY(-%dpx)}}</style>\n"
            "<g id=\"still\" class=\"film\" transform=\"translate(0,-%d)\">",
            *line, 1.2 * (frames + 3), frames > 1 ? frames - 1 : 1,
            100.0 * (frames - 1) / (frames + 3), last, last);
        free(*line);
        *line = more;
    }
}

/* The whole drawing. A group with nothing in it goes. */
static struct bytes finished(char *svg, int film)
{
    struct bytes out = {grab(1, 1), 0};
    struct lines l = cut(svg);
    size_t room = 1;
    int width = 0, height = 0;
    for (size_t i = 0; i < l.count; i++) {
        const char *text = l.at[i].text, *after = i + 1 < l.count ? l.at[i + 1].text : "";
        if (strstr(text, "<desc>Produced by GNUPLOT"))
            continue;
        if (strncmp(text, "<g fill=\"none\"", 14) == 0 &&
            strncmp(after, "</g>", 4) == 0) {
            i++;
            continue;
        }
        char *line = finished_line(text);
        if (film)
            film_line(&line, film, &width, &height);
        append(&out, &room, line);
        append(&out, &room, "\n");
        free(line);
        if (strcmp(text, "</svg>") == 0)
            break;
    }
    free(l.at);
    return out;
}

/* finish FIGURE.svg SCRIPT: makes what gnuplot drew ready for a page */
static int finish(struct book *b, int count, char **names)
{
    (void)b;
    if (count != 2)
        die("finish: expected FIGURE.svg SCRIPT");
    struct bytes svg = read_file(names[0]), script = read_file(names[1]);
    if (!strstr((char *)svg.data, "</svg>"))
        die("%s: is not an SVG: </svg> is missing", names[0]);
    /* A film is drawn as frames one below the other; "# film: 200": each is 200 high. */
    const char *film = strstr((char *)script.data, "# film: ");
    const int height = film ? atoi(film + strlen("# film: ")) : 0;
    struct bytes out = finished((char *)svg.data, height > 0 ? height : 0);
    write_file(names[0], out.data, out.size);
    free(out.data);
    free(svg.data);
    free(script.data);
    return 0;
}

/* The data of this chapter's figures: which block goes into which file, and the steps by which
 * align turns one list of lines into another. */
static void write_figures(const char *folder)
{
    static struct book b;
    static char *names[] = {"00_book"};
    read_book(&b, 1, names);
    FILE *flow = figure_open(folder, "00_book_flow");
    for (size_t i = 0; i < b.file_count; i++)
        for (size_t k = 0, run = 0, last = NONE; k < b.files[i].count; k++) {
            size_t block = b.files[i].lines[k].block;
            if (block != NONE && block != last)
                fprintf(flow, "%zu\t%zu\t%zu\t%s\t%s\n", block, i, run++, b.files[i].path,
                        b.blocks[block].says[NAMED] ? "chunk" : "file");
            last = block == NONE ? last : block;
        }
    figure_close(flow);
    char was[] = "dot = 0\nfor i < D\n  dot += q*k\nreturn dot\n",
         now[] = "dot = 0\nfor i < D\n  dot += q*k\ndot /= sqrt(D)\nreturn dot\n";
    struct lines old = cut(was), new = cut(now);
    char *script = align(old.at, old.count, new.at, new.count, same_text);
    FILE *steps = figure_open(folder, "00_book_align");
    for (size_t k = 0; k < old.count; k++)
        fprintf(steps, "old\t%zu\t%s\n", k, old.at[k].text);
    fprintf(steps, "\n\n");
    for (size_t k = 0; k < new.count; k++)
        fprintf(steps, "new\t%zu\t%s\n", k, new.at[k].text);
    fprintf(steps, "\n\n");
    size_t i = 0, j = 0;
    for (const char *step = script; *step; step++) {
        fprintf(steps, "%c\t%zu\t%zu\n", *step, i, j);
        i += *step != 'a';
        j += *step != 'd';
    }
    figure_close(steps);
    free(script);
    free(old.at);
    free(new.at);
}

static int walk(struct book *b, int count, char **names)
{
    read_book(b, count, names);
    printf("%sThe book as its own tool sees it%s\n\n", ink(INK_BOLD), ink(INK_PLAIN));
    printf("%-28s %6s %6s %6s %9s %7s\n", "chapter", "lines", "blocks", "code",
           "exercises", "figures");
    for (size_t c = 0; c < b->chapter_count; c++) {
        size_t blocks = 0, code = 0, tasks = 0, pictures = 0;
        const struct lines *l = &b->chapters[c].lines;
        for (size_t i = 0; i < l->count; i++)
            pictures += strncmp(l->at[i].text, "![", 2) == 0;
        for (size_t i = 0; i < b->block_count; i++)
            if (b->blocks[i].chapter == c) {
                const struct block *block = &b->blocks[i];
                blocks++;
                bool is_code = block->says[IN_FILE] || block->says[NAMED];
                code += is_code ? block->end - block->first : 0;
                tasks += block->says[SOLVES] != NULL;
            }
        printf("%s%-28s%s %6zu %6zu %6zu %9zu %7zu\n", ink(INK_TOKEN),
               b->chapters[c].stem, ink(INK_PLAIN), l->count, blocks, code, tasks,
               pictures);
    }
    printf("\nOut of these blocks tangle makes:\n");
    for (size_t i = 0; i < b->file_count; i++)
        printf("  %-32s %6zu lines\n", b->files[i].path, b->files[i].count);
    return b->errors > 0;
}

static const struct {
    const char *name;
    int (*run)(struct book *b, int count, char **names);
    const char *help;
} commands[] = {
    {"tangle", tangle, "[CHAPTER…]  write src/ and notebooks_c/ from the chapters"},
    {"untangle", untangle, "[CHAPTER…]  carry edits made there back into the chapters"},
    {"check", check,
     "[CHAPTER…]  do chapters and files agree, is every chunk used once?"},
    {"exercises", exercises, "[CHAPTER…]  list the exercises"},
    {"broken", broken, "CHAPTER [FILE]  list those to mend, or those not mended in FILE"},
    {"show", show, "hint|solution|stub FUNCTION, or block NAME"},
    {"workbook", workbook, "CHAPTER  print its workbook with the solutions in it"},
    {"finish", finish, "FIGURE.svg SCRIPT  what gnuplot drew, made ready for a page"},
};

int main(int argc, char **argv)
{
    static struct book book;
    const size_t count = sizeof commands / sizeof *commands;
    program_name = "00_book";
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        printf("The literate tool. Run it where the README is. Without a command: the "
               "book in"
               " numbers.\n\n");
        for (size_t i = 0; i < count; i++)
            printf("  00_book %s %s\n", commands[i].name, commands[i].help);
        return 0;
    }
    bool tour = argc < 2 || (argc == 3 && strcmp(argv[1], "--figures") == 0);
    size_t i = 0;
    while (i < count && !tour && strcmp(argv[1], commands[i].name) != 0)
        i++;
    if (i == count)
        die("%s: unknown %s (see 00_book --help)", argv[1],
            argv[1][0] == '-' ? "option" : "command");
    for (int a = 2; a < argc; a++)
        if (argv[a][0] == '-')
            die("%s: unknown option (see 00_book --help)", argv[a]);
    int status = tour ? walk(&book, 0, NULL) : commands[i].run(&book, argc - 2, argv + 2);
    if (argc == 3 && tour)
        write_figures(argv[2]);
    finish_output();
    return status;
}
