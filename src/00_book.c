/* 00_book: the literate tool. It turns chapters into C and edits of that C back into
 * chapters, and checks that everything the book says about its programs is true.
 * Chapter 0 of the book: chapters/00_book.md */
#include "00_book.h"

#include <glob.h>
#include <sys/wait.h>

#define NONE ((size_t)-1)

/* One line of a file: its text, and how it ended: "\n", "\r\n", or "" at the file's end. */
struct line {
    const char *text;
    const char *ending;
};

struct lines {
    struct line *at;
    size_t count, room;
};

/* A chapter, cut into lines. */
struct chapter {
    char *path; /* chapters/05_masking.md */
    char *stem; /* 05_masking */
    struct lines lines;
};

/* A fenced block of a chapter, and what its info string says. A chunk is named by its first
 * block; blocks that extend it follow through `next`. */
struct block {
    size_t chapter;
    size_t fence, first,
        end;      /* lines: the opening fence, the first inside, the closing one */
    size_t ticks; /* how many backticks the fence has */
    char *language, *file, *name, *exercise, *stub, *hint, *needs; /* NULL: not there */
    size_t next;
    size_t uses;        /* of a chunk: how many references to it were followed */
    bool extends, open; /* extends an earlier block; is being expanded right now */
};

/* A line of a tangled file and where it came from. block is NONE where tangle added it. */
struct made {
    char *text;
    size_t block, line;
    size_t indentation; /* blanks that the references on the way put in front of it */
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

/* Something is wrong in a chapter: says where, counts it, goes on. Lines count from 0. */
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

/* Does this line close a fence of so many backticks? */
static bool closes(const char *text, size_t ticks)
{
    text += blanks(text);
    size_t n = strspn(text, "`");
    return n >= ticks && text[n + blanks(text + n)] == '\0';
}

/* A line of a block as it stands in the chapter, less the indentation of its fence. */
static const char *line_of(const struct book *b, const struct block *block, size_t line)
{
    const struct lines *l = &b->chapters[block->chapter].lines;
    size_t indentation = blanks(l->at[block->fence].text);
    size_t own = blanks(l->at[line].text);
    return l->at[line].text + (own < indentation ? own : indentation);
}

/* Where a block keeps the attribute of that name; NULL if no block has such an attribute. */
static char **attribute(struct block *block, const char *name, size_t length)
{
    const struct {
        const char *name;
        char **value;
    } known[] = {{"file", &block->file},         {"name", &block->name},
                 {"exercise", &block->exercise}, {"stub", &block->stub},
                 {"hint", &block->hint},         {"needs", &block->needs}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0)
            return known[i].value;
    return NULL;
}

/* Reads an info string: c file=src/05_masking.h name="hide the future" */
static void read_info(struct book *b, struct block *block, const char *info)
{
    for (info += blanks(info); *info; info += blanks(info)) {
        size_t length = strcspn(info, " \t=");
        if (info[length] != '=') {
            if (!block->language)
                block->language = format_text("%.*s", (int)length, info);
            info += length;
            continue;
        }
        const char *value = info + length + 1;
        bool quoted = *value == '"';
        value += quoted;
        size_t size = strcspn(value, quoted ? "\"" : " \t");
        char **place = attribute(block, info, length);
        if (!place || *place || size == 0)
            wrong(b, block->chapter, block->fence, "%.*s= %s", (int)length, info,
                  !place   ? "is no attribute that a block can have"
                  : *place ? "stands here twice"
                           : "has no value");
        else
            *place = format_text("%.*s", (int)size, value);
        if (quoted && value[size] != '"')
            wrong(b, block->chapter, block->fence, "a \" is never closed");
        info = value + size + (quoted && value[size] == '"');
    }
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
    const char *problem = NULL;
    bool console = block->language && strcmp(block->language, "console") == 0;
    if (block->file && block->name)
        problem = "a block goes into a file or into a chunk: file= or name=, not both";
    else if (block->file && !may_be_made(block->file))
        problem = "file= must be a plain path below src/ or notebooks_c/";
    else if (block->exercise && (!block->file || strncmp(block->file, "src/", 4) != 0))
        problem = "exercise= stands with the file= in src/ that the solution goes into";
    else if (block->stub &&
             (!block->file || strncmp(block->file, "notebooks_c/", 12) != 0))
        problem = "stub= stands with the file= in notebooks_c/ that the stub goes into";
    else if (block->hint && (block->file || block->name))
        problem = "a hint goes into no file and no chunk";
    else if (block->needs && !console)
        problem = "needs= belongs to a console block";
    if (problem)
        wrong(b, block->chapter, block->fence, "%s", problem);
}

/* The first block of the chunk with that name in a chapter; NONE if there is none. */
static size_t find_chunk(const struct book *b, size_t chapter, const char *name,
                         size_t length)
{
    for (size_t i = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        if (block->chapter == chapter && block->name && !block->extends &&
            strncmp(block->name, name, length) == 0 && block->name[length] == '\0')
            return i;
    }
    return NONE;
}

static void add_block(struct book *b, struct block block)
{
    if (block.name) {
        size_t last = find_chunk(b, block.chapter, block.name, strlen(block.name));
        block.extends = last != NONE;
        while (last != NONE && b->blocks[last].next != NONE)
            last = b->blocks[last].next;
        if (last != NONE)
            b->blocks[last].next = b->block_count;
    }
    b->blocks = grow(b->blocks, &b->block_room, b->block_count + 1, sizeof *b->blocks);
    b->blocks[b->block_count++] = block;
}

/* Adds a chapter to the book: its lines, and the blocks among them. Takes over the text. */
static void add_chapter(struct book *b, const char *path, struct bytes text)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t c = b->chapter_count++, nul = strlen((char *)text.data);
    b->chapters = grow(b->chapters, &b->chapter_room, c + 1, sizeof *b->chapters);
    b->chapters[c] =
        (struct chapter){.path = format_text("%s", path),
                         .stem = format_text("%.*s", (int)strcspn(name, "."), name),
                         .lines = cut((char *)text.data)};
    const struct lines *l = &b->chapters[c].lines;
    if (nul != text.size) {
        wrong(b, c, l->count ? l->count - 1 : 0, "a NUL byte: this is no text");
        return;
    }
    for (size_t i = 0; i < l->count; i++) {
        struct block block = {.chapter = c, .fence = i, .first = i + 1, .next = NONE};
        if (!opens(l->at[i].text, &block.ticks))
            continue;
        do
            i++;
        while (i < l->count && !closes(l->at[i].text, block.ticks));
        block.end = i;
        if (i == l->count) {
            wrong(b, c, block.fence, "this fence is never closed");
            return;
        }
        const char *fence = l->at[block.fence].text;
        read_info(b, &block, fence + blanks(fence) + block.ticks);
        check_info(b, &block);
        add_block(b, block);
    }
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
    if (*text == '\0')
        indentation = "";
    f->lines = grow(f->lines, &f->room, f->count + 1, sizeof *f->lines);
    f->lines[f->count++] = (struct made){format_text("%s%s", indentation, text), block,
                                         line, strlen(indentation)};
}

/* Adds the lines of a block to a file, and those of the chunks it refers to. */
static void expand(struct book *b, struct file *f, size_t index, const char *indentation,
                   int depth)
{
    const struct block *block = &b->blocks[index];
    for (size_t i = block->first; i < block->end; i++) {
        const char *text = line_of(b, block, i);
        size_t start = 0, length = reference_name(text, &start);
        if (length == 0) {
            put(f, indentation, text, index, i);
            continue;
        }
        size_t chunk = find_chunk(b, block->chapter, text + start, length);
        const char *problem = chunk == NONE ? "no chunk of this chapter has that name"
                              : b->blocks[chunk].open ? "this chunk contains itself"
                              : b->blocks[chunk].uses ? "this chunk is used a second time"
                              : depth == 2000         ? "chunks are nested too deeply"
                                                      : NULL;
        if (problem) {
            wrong(b, block->chapter, i, "<<%.*s>>: %s", (int)length, text + start,
                  problem);
            continue;
        }
        char *deeper = format_text("%s%.*s", indentation, (int)blanks(text), text);
        b->blocks[chunk].uses++;
        b->blocks[chunk].open = true;
        for (size_t part = chunk; part != NONE; part = b->blocks[part].next)
            expand(b, f, part, deeper, depth + 1);
        b->blocks[chunk].open = false;
        free(deeper);
    }
}

enum part { SOLUTION, STUB, HINT };

/* The n-th block of an exercise that is of that sort; NONE if there is none. */
static size_t find_part(const struct book *b, enum part part, const char *function,
                        size_t n)
{
    for (size_t i = 0; i < b->block_count; i++) {
        const struct block *block = &b->blocks[i];
        const char *name = part == SOLUTION ? block->exercise
                           : part == STUB   ? block->stub
                                            : block->hint;
        if (name && strcmp(name, function) == 0 && n-- == 0)
            return i;
    }
    return NONE;
}

/* The line of a stub where its function begins: behind the comment. */
static size_t after_comment(const struct book *b, const struct block *stub)
{
    bool comment = false;
    size_t i = stub->first;
    for (; i < stub->end; i++) {
        const char *text = line_of(b, stub, i);
        comment = comment || strncmp(text, "/*", 2) == 0;
        if (!comment && *text)
            break;
        if (strstr(text, "*/"))
            comment = false;
    }
    return i;
}

/* The prototype of an exercise: the head of its stub, up to the brace, and a semicolon. */
static void put_prototype(struct book *b, struct file *f, const struct block *solution)
{
    size_t index = find_part(b, STUB, solution->exercise, 0);
    if (index == NONE) {
        wrong(b, solution->chapter, solution->fence, "the exercise %s has no stub",
              solution->exercise);
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
        char *head = format_text("%.*s%s", (int)length, text, last ? ";" : "");
        put(f, "", head, NONE, i);
        free(head);
        if (last)
            return;
    }
    wrong(b, stub->chapter, stub->fence, "this stub has no function with a body");
}

/* Adds a block to the file its info string names. */
static void add_to_file(struct book *b, size_t index)
{
    const struct block *block = &b->blocks[index];
    struct file *f = file_named(b, block->file);
    if (block->first == block->end)
        return;
    if (f->count > 0)
        put(f, "", "", NONE, block->first);
    if (block->exercise) {
        char *condition = format_text("#ifdef MINE_%s", block->exercise);
        put(f, "", condition, NONE, block->first);
        free(condition);
        put_prototype(b, f, block);
        put(f, "", "#else", NONE, block->first);
    }
    expand(b, f, index, "", 0);
    if (block->exercise)
        put(f, "", "#endif", NONE, block->end);
}

static void tangle_book(struct book *b)
{
    for (size_t i = 0; i < b->block_count; i++)
        if (b->blocks[i].file && may_be_made(b->blocks[i].file))
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
        char *path =
            format_text(strchr(names[i], '/') ? "%s" : "chapters/%s.md", names[i]);
        add_chapter(b, path, read_file(path));
        free(path);
    }
    globfree(&all);
    tangle_book(b);
}

static struct bytes text_of(const struct file *f)
{
    struct bytes text = {grab(1, 1), 0};
    size_t room = 1;
    for (size_t i = 0; i < f->count; i++) {
        size_t length = strlen(f->lines[i].text);
        text.data = grow(text.data, &room, text.size + length + 2, 1);
        memcpy(text.data + text.size, f->lines[i].text, length);
        text.size += length;
        text.data[text.size++] = '\n';
    }
    text.data[text.size] = '\0';
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

/* Is a file on disk the same as what the chapters make of it; and if not, who changed? */
enum state { SAME, MISSING, CHAPTER_CHANGED, FILE_CHANGED, BOTH_CHANGED };

static bool equal(struct bytes a, struct bytes b)
{
    return a.data && b.data && a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static enum state state_of(const struct file *f)
{
    if (!file_exists(f->path))
        return MISSING;
    enum state state = BOTH_CHANGED;
    struct bytes now = text_of(f), disk = read_file(f->path), base = {0};
    if (equal(now, disk))
        state = SAME;
    /* First against what tangle last wrote, then against what git has. */
    for (int git = 0; git < 2 && state == BOTH_CHANGED; git++) {
        int status = 0;
        char *copy = format_text(
            git ? "git show HEAD:./%s 2>/dev/null" : "build/tangled/%s", f->path);
        if (git)
            base = output_of(copy, &status);
        else if (file_exists(copy))
            base = read_file(copy);
        if (status == 0 && equal(base, now))
            state = FILE_CHANGED;
        else if (status == 0 && equal(base, disk))
            state = CHAPTER_CHANGED;
        free(base.data);
        free(copy);
        base = (struct bytes){0};
    }
    free(now.data);
    free(disk.data);
    return state;
}

/* Writes a file where it is not the same already; makes the folders on the way. */
static bool update(const char *path, struct bytes text)
{
    if (file_exists(path)) {
        struct bytes old = read_file(path);
        bool same = equal(old, text);
        free(old.data);
        if (same)
            return false;
    }
    char *folder = format_text("%.*s", (int)(strrchr(path, '/') - path), path);
    make_folder(folder);
    free(folder);
    write_file(path, text.data, text.size);
    return true;
}

/* Keeps a copy of what a file was when it agreed with the chapters. */
static void remember(const struct file *f)
{
    struct bytes text = text_of(f);
    char *copy = format_text("build/tangled/%s", f->path);
    update(copy, text);
    free(copy);
    free(text.data);
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
    if (b->errors)
        return 1;
    enum state *states = grab(b->file_count, sizeof *states);
    size_t refused = 0, written = 0;
    for (size_t i = 0; i < b->file_count; i++) {
        states[i] = state_of(&b->files[i]);
        if (states[i] == FILE_CHANGED || states[i] == BOTH_CHANGED) {
            fprintf(stderr,
                    "%s: has edits that no chapter has: run make untangle first"
                    " (or delete it, and tangle makes it anew)\n",
                    b->files[i].path);
            refused++;
        }
    }
    for (size_t i = 0; i < b->file_count && !refused; i++) {
        if (states[i] != SAME) {
            struct bytes text = text_of(&b->files[i]);
            written += update(b->files[i].path, text);
            printf("%s: written\n", b->files[i].path);
            free(text.data);
        }
        remember(&b->files[i]);
    }
    free(states);
    if (count == 0)
        report_strays(b);
    if (!refused && !written)
        printf("%zu files in src/ and notebooks_c/ say what the chapters say\n",
               b->file_count);
    return refused > 0;
}

int main(int argc, char **argv)
{
    static struct book book;
    program_name = "00_book";
    if (argc > 1 && strcmp(argv[1], "tangle") == 0)
        return tangle(&book, argc - 2, argv + 2);
    die("usage: tangle");
}
