/* 00_book.h: what every program of the book shares, and nothing about GPT-2.
 * Errors, memory, files, UTF-8, options, printing, data for figures, dumps, JSON.
 * Chapter 0 of the book: chapters/00_book.md */
#ifndef BOOK_H
#define BOOK_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- UTF-8 ----------------------------------------------------------------------- */

/* Reads the character at the front of s[n].
 * Returns its length, 1 to 4, and sets *code; 0 if the bytes are not valid UTF-8 (RFC 3629);
 * -1 if they are the beginning of a character that n cuts short. */
static inline int utf8_decode(const unsigned char *s, size_t n, unsigned *code)
{
    if (n == 0)
        return -1;
    if (s[0] < 0x80) {
        *code = s[0];
        return 1;
    }
    int length = s[0] < 0xC2   ? 0
                 : s[0] < 0xE0 ? 2
                 : s[0] < 0xF0 ? 3
                 : s[0] < 0xF5 ? 4
                               : 0;
    if (length == 0)
        return 0;
    unsigned c = s[0] & (0x7Fu >> length);
    for (int i = 1; i < length; i++) {
        if ((size_t)i == n)
            return -1;
        /* The second byte rules out overlong forms, surrogates and numbers too large. */
        unsigned low = 0x80, high = 0xBF;
        if (i == 1 && s[0] == 0xE0)
            low = 0xA0;
        if (i == 1 && s[0] == 0xED)
            high = 0x9F;
        if (i == 1 && s[0] == 0xF0)
            low = 0x90;
        if (i == 1 && s[0] == 0xF4)
            high = 0x8F;
        if (s[i] < low || s[i] > high)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    *code = c;
    return length;
}

/* Writes a character as UTF-8 into s, which has room for 4 bytes. Returns its length. */
static inline int utf8_encode(unsigned code, unsigned char *s)
{
    if (code < 0x80) {
        s[0] = (unsigned char)code;
        return 1;
    }
    int length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--) {
        s[i] = (unsigned char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    s[0] = (unsigned char)((0xF00 >> length) | code);
    return length;
}

/* Characters that no font draws: controls, joiners, marks of direction and order. */
static inline bool is_hidden(unsigned code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB) || (code & 0xFFFE) == 0xFFFE ||
           (code >= 0xE0000 && code <= 0xE007F);
}

/* Writes n bytes so that they can be printed on one line: a space as the text given, a line's
 * end as ↵, a tab as ⇥, any other byte without a picture as \x1b and so on. There is room for
 * 4n + 1 bytes in text. Returns how many were written, the 0 at the end not counted. */
static inline size_t write_visible(char *text, const unsigned char *s, size_t n,
                                   const char *space)
{
    char *end = text;
    for (size_t i = 0; i < n;) {
        unsigned code = 0;
        int length = utf8_decode(s + i, n - i, &code);
        const char *picture = s[i] == ' '    ? space
                              : s[i] == '\n' ? "↵"
                              : s[i] == '\t' ? "⇥"
                                             : NULL;
        size_t next = i + (length > 0 ? (size_t)length : 1);
        if (picture)
            end += sprintf(end, "%s", picture);
        else if (length <= 0 || is_hidden(code))
            for (; i < next; i++)
                end += sprintf(end, "\\x%02x", s[i]);
        else {
            memcpy(end, s + i, (size_t)length);
            end += length;
        }
        i = next;
    }
    *end = 0;
    return (size_t)(end - text);
}

/* ---- Errors ---------------------------------------------------------------------- */

static const char *program_name = "book"; /* set by parse_options */

/* Prints one line on standard error: which program, and its message. It is valid UTF-8
 * without control characters, whatever bytes were put in, and never longer than 500 bytes: the
 * middle of a longer one is left out. */
static inline void tell_arguments(const char *format, va_list arguments)
{
    enum { MOST = 490, FRONT = 300 };
    static char few[1000], shown_few[4 * sizeof few]; /* if memory has run out */
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t name = strlen(program_name), n = name + 2 + (size_t)(length > 0 ? length : 0);
    char *raw = malloc(n + 1), *text = malloc(4 * n + 1);
    const bool room = raw && text;
    if (!room && n > sizeof few - 1)
        n = sizeof few - 1;
    char *line = room ? raw : few, *shown = room ? text : shown_few;
    name = (size_t)snprintf(line, n + 1, "%.200s: ", program_name);
    vsnprintf(line + name, n + 1 - name, format, arguments);
    n = write_visible(shown, (unsigned char *)line, strlen(line), " ");
    size_t front = n, back = n;
    if (n > MOST) {
        const char *begin = shown;
        for (front = FRONT; (begin[front] & 0xC0) == 0x80;)
            front--;
        for (back = n - (MOST - FRONT - 5); (begin[back] & 0xC0) == 0x80;)
            back++;
    }
    fprintf(stderr, "%.*s%s%s\n", (int)front, shown, n > MOST ? " … " : "", shown + back);
    free(raw);
    free(text);
}

/* A remark that does not end the program. */
static inline __attribute__((format(printf, 1, 2))) void remark(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell_arguments(format, arguments);
    va_end(arguments);
}

/* Ends the program with one line: which program, which file, what is wrong. Status 1. */
static inline _Noreturn __attribute__((format(printf, 1, 2))) void die(const char *format,
                                                                       ...)
{
    va_list arguments;
    fflush(stdout);
    va_start(arguments, format);
    tell_arguments(format, arguments);
    va_end(arguments);
    exit(1);
}

/* The body of an exercise that is not written yet. The grader decides what happens then. */
_Noreturn void not_written_yet(const char *file, int line, const char *function);
#define NOT_WRITTEN_YET() not_written_yet(__FILE__, __LINE__, __func__)

/* ---- Memory ---------------------------------------------------------------------- */

/* count zeroed elements of size bytes; never NULL, and never a product that overflowed. */
static inline void *grab(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        die("out of memory: no room for %zu elements of %zu bytes", count, size);
    return memory;
}

/* The array p, moved if necessary so that it has room for `needed` elements of size bytes.
 * It at least doubles each time, so adding n elements one by one costs O(n). */
static inline void *grow(void *p, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return p;
    size_t wanted = *capacity > SIZE_MAX / 4 ? needed : 2 * *capacity;
    if (wanted < needed)
        wanted = needed;
    if (wanted < 16)
        wanted = 16;
    void *moved = wanted > SIZE_MAX / size ? NULL : realloc(p, wanted * size);
    if (!moved)
        die("out of memory: no room for %zu elements of %zu bytes", wanted, size);
    *capacity = wanted;
    return moved;
}

/* Like sprintf, into memory of its own. The caller frees it. */
static inline __attribute__((format(printf, 1, 2))) char *format_text(const char *format,
                                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = grab((size_t)length + 1, 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* A text to print at once: it is freed by itself, 64 such texts later. Takes over its memory. */
static inline const char *brief(char *text)
{
    static char *kept[64];
    static unsigned turn;
    char **place = &kept[turn++ % 64];
    free(*place);
    return *place = text;
}

/* ---- Files ----------------------------------------------------------------------- */

struct bytes {
    unsigned char *data; /* data[size] is 0, so that text can be read as a string */
    size_t size;
};

/* All that is left to read in a stream. */
static inline struct bytes read_stream(FILE *stream, const char *name)
{
    struct bytes b = {grab(1, 1), 0};
    size_t capacity = 1, got;
    do {
        b.data = grow(b.data, &capacity, b.size + 65537, 1);
        got = fread(b.data + b.size, 1, capacity - 1 - b.size, stream);
        b.size += got;
    } while (got > 0);
    if (ferror(stream))
        die("%s: cannot be read: %s", name, strerror(errno));
    b.data[b.size] = 0;
    return b;
}

/* A whole file. Dies if it is missing, a folder, or cannot be read. */
static inline struct bytes read_file(const char *path)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file)
        die("%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode))
        die("%s: is a folder, expected a file", path);
    struct bytes b = read_stream(file, path);
    fclose(file);
    return b;
}

/* What a file is, by its first n bytes, and what to do, if it is of a kind that is often mistaken
 * for the right one; NULL: none of them. */
static inline const char *mistaken_for(const unsigned char *s, size_t n)
{
    static const struct {
        const char *begins;
        size_t size;
        const char *is;
    } known[] = {
        {"version https://git-lfs", 23,
         "a Git LFS pointer, not the file itself (git lfs pull fetches it)"},
        {"<!doctype", 9, "a web page, perhaps a failed download (fetch the file again)"},
        {"<html", 5, "a web page, perhaps a failed download (fetch the file again)"},
        {"<?xml", 5, "a web page, perhaps a failed download (fetch the file again)"},
        {"\x1f\x8b", 2, "compressed (gunzip unpacks it)"},
        {"BZh", 3, "compressed (bunzip2 unpacks it)"},
        {"\xfd\x37zXZ", 5, "compressed (unxz unpacks it)"},
        {"\x28\xb5\x2f\xfd", 4, "compressed (unzstd unpacks it)"},
        {"PK\3\4", 4,
         "a ZIP file, as PyTorch's .bin and .pt, NumPy's .npz and .docx are"},
        {"\x80\2", 2, "a Python pickle, as PyTorch's old .bin and .pt are"},
        {"GGUF", 4, "a GGUF file, llama.cpp's format"},
        {"\x93NUMPY", 6, "a NumPy array"},
        {"\x89HDF", 4, "an HDF5 file, as TensorFlow's .h5 are"},
        {"%PDF-", 5, "a PDF file"},
        {"{\\rtf", 5, "an RTF document"},
        {"\xff\xfe", 2, "text in UTF-16 (save it as UTF-8)"},
        {"\xfe\xff", 2, "text in UTF-16 (save it as UTF-8)"},
        {"\xef\xbb\xbf", 3, "text with a byte-order mark (save it as UTF-8 without one)"},
    };
    size_t at = 0; /* a web page may begin with white space, and says HTML or html */
    while (at < n && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r'))
        at++;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const bool tag = known[i].begins[0] == '<';
        const unsigned char *from = tag ? s + at : s;
        size_t left = tag ? n - at : n, k = 0;
        while (k < known[i].size && k < left &&
               (from[k] == (unsigned char)known[i].begins[k] ||
                (tag && from[k] >= 'A' && (from[k] | 32) == known[i].begins[k])))
            k++;
        if (k == known[i].size)
            return known[i].is;
    }
    /* UTF-16 without a mark: every second byte of Latin text is 0. */
    bool odd = n >= 8, even = n >= 8;
    for (size_t i = 0; i < 8 && (odd || even); i++) {
        odd = odd && (s[i] == 0) == (i % 2 == 1);
        even = even && (s[i] == 0) == (i % 2 == 0);
    }
    return odd || even ? "text in UTF-16 (save it as UTF-8)" : NULL;
}

/* Dies if a file's first bytes say that it is not the kind of file that was expected. */
static inline void refuse_mistaken(const char *path, struct bytes b, const char *expected)
{
    const char *is = mistaken_for(b.data, b.size);
    if (is)
        die("%s: is %s, expected %s", path, is, expected);
}

/* A whole file of text, hopefully in UTF-8. */
static inline struct bytes read_text_file(const char *path)
{
    struct bytes b = read_file(path);
    refuse_mistaken(path, b, "plain text");
    return b;
}

static inline bool file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

/* Makes a folder and those above it. */
static inline void make_folder(const char *path)
{
    char *copy = format_text("%s", path);
    for (char *p = copy + (*copy != 0); *p; p++)
        if (*p == '/') {
            *p = 0;
            mkdir(copy, 0777);
            *p = '/';
        }
    struct stat info;
    if (mkdir(copy, 0777) != 0 && (stat(copy, &info) != 0 || !S_ISDIR(info.st_mode)))
        die("%s: this folder cannot be made: %s", path,
            errno == EEXIST ? "it is not a folder" : strerror(errno));
    free(copy);
}

/* A file that is being written: under a different name first, and then renamed, so it is there
 * whole or not at all. Anything but a plain file (/dev/null, a link) is written to directly. */
struct file_made {
    const char *path;
    char *beside; /* NULL: it is written directly */
    FILE *file;
};

static inline struct file_made start_file(const char *path)
{
    struct stat info;
    const bool device = lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
    struct file_made m = {.path = path};
    if (!device)
        m.beside = format_text("%s.%ld.part", path, (long)getpid());
    m.file = fopen(device ? path : m.beside, "wb");
    if (!m.file)
        die("%s: cannot be written: %s", path, strerror(errno));
    return m;
}

/* Renames it; `good` says that everything was written so far. */
static inline void finish_file(struct file_made *m, bool good)
{
    int why = errno;
    if (fclose(m->file) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && m->beside && rename(m->beside, m->path) != 0) {
        good = false;
        why = errno;
    }
    if (!good && m->beside)
        remove(m->beside);
    if (!good)
        die("%s: cannot be written: %s%s", m->path, strerror(why),
            m->beside && file_exists(m->path) ? " (what was saved before is still there)"
                                              : "");
    free(m->beside);
}

static inline void write_file(const char *path, const void *data, size_t size)
{
    struct file_made m = start_file(path);
    finish_file(&m, fwrite(data, 1, size, m.file) == size);
}

/* Flushes what has been printed. A full disk must not look like success. If nobody reads any
 * more (| head), the program ends silently, with the status of one that SIGPIPE ended. */
static inline void flush_output(FILE *to)
{
    if (fflush(to) == 0 && !ferror(to))
        return;
    if (errno == EPIPE)
        exit(141);
    die("standard output: cannot be written: %s", strerror(errno));
}

/* Called last. */
static inline void finish_output(void)
{
    flush_output(stdout);
}

/* ---- Printing -------------------------------------------------------------------- */

enum ink {
    INK_PLAIN,
    INK_BOLD,
    INK_DIM,
    INK_GOOD,
    INK_BAD,
    INK_QUERY,
    INK_KEY,
    INK_VALUE,
    INK_SCORE,
    INK_TOKEN
};

/* Is standard output a terminal that knows codes for colours and for moving about? */
static inline bool on_terminal(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

/* The terminal's code for a colour of the book; "" elsewhere and under NO_COLOR. With BOOK_INK
 * set, what is printed goes to a file first, and to a terminal in the end. */
static inline const char *ink(enum ink colour)
{
    static int coloured = -1;
    static const char *const codes[] = {
        "\033[0m",        "\033[1m",        "\033[2m",        "\033[32m",
        "\033[31m",       "\033[38;5;134m", "\033[38;5;208m", "\033[38;5;33m",
        "\033[38;5;198m", "\033[38;5;71m"};
    if (coloured < 0) {
        const char *none = getenv("NO_COLOR");
        coloured = (on_terminal() || getenv("BOOK_INK")) && !(none && *none);
    }
    return coloured ? codes[colour] : "";
}

/* clang-format off */
/* Characters that take no column: 334 runs (Unicode 16.0) */
static const unsigned short narrow_runs[] = {
    /*  0000 */ 768,112, 275,7, 263,45, 1,1, 1,2, 1,2, 1,1, 56,6, 10,11, 1,1, 46,21, 16,1,
    /*  0671 */ 101,8, 1,6, 2,2, 1,4, 33,1, 1,1, 30,27, 91,11, 58,9, 9,1, 24,4, 1,9, 1,3,
    /*  0828 */ 1,5, 43,3, 52,16, 42,57, 55,1, 1,1, 4,8, 4,1, 3,7, 10,2, 29,1, 58,1, 4,4,
    /*  09C5 */ 8,1, 20,2, 26,5, 57,1, 4,17, 30,2, 3,1, 11,2, 57,1, 4,8, 4,1, 20,2, 22,8,
    /*  0B02 */ 58,1, 2,1, 1,4, 8,10, 11,2, 30,1, 61,1, 12,1, 50,1, 3,1, 55,1, 1,3, 5,17,
    /*  0C57 */ 11,2, 29,1, 58,1, 2,1, 6,1, 5,2, 20,2, 28,2, 57,2, 4,4, 8,1, 20,2, 29,1,
    /*  0D82 */ 72,1, 7,5, 90,1, 2,7, 12,8, 98,1, 2,9, 11,7, 73,2, 27,1, 1,1, 1,1, 55,14,
    /*  0F7F */ 1,5, 1,2, 5,48, 9,1, 102,4, 1,6, 1,2, 2,2, 25,2, 4,3, 16,4, 13,1, 2,2,
    /*  1087 */ 6,1, 15,1, 194,160, 349,3, 946,3, 29,2, 30,2, 30,2, 64,2, 1,7, 8,1, 2,11,
    /*  17D4 */ 9,1, 45,5, 117,2, 34,1, 118,3, 4,2, 9,1, 6,3, 219,2, 2,1, 58,1, 1,9, 1,1,
    /*  1A63 */ 2,8, 6,13, 48,84, 48,1, 1,5, 1,1, 5,1, 40,9, 12,2, 32,4, 2,2, 1,3, 56,1,
    /*  1BE7 */ 1,2, 3,1, 1,3, 58,8, 2,2, 152,3, 1,13, 1,7, 4,1, 6,1, 3,2, 198,64, 523,5,
    /*  2010 */ 26,5, 49,16, 96,33, 3070,3, 141,1, 96,32, 554,4, 107,2, 30164,4, 1,10,
    /*  A67E */ 32,2, 80,2, 272,1, 3,1, 4,1, 25,2, 5,1, 151,2, 26,18, 13,1, 38,8, 25,11,
    /*  A952 */ 46,3, 48,1, 2,4, 2,2, 39,1, 67,6, 2,2, 2,2, 12,1, 8,1, 47,1, 51,1, 1,3,
    /*  AAB5 */ 2,2, 5,2, 1,1, 42,2, 8,1, 238,1, 2,1, 4,1, 11202,76, 8994,1, 737,16,
    /*  FE10 */ 16,16, 207,1, 249,3, 513,1, 226,1, 149,5, 1670,15, 40,8, 165,2, 573,4,
    /* 10D28 */ 65,5, 317,2, 79,4, 70,11, 49,4, 123,1, 54,15, 41,1, 2,2, 10,3, 49,4, 2,2,
    /* 110BB */ 2,1, 4,12, 50,3, 36,5, 1,8, 62,1, 12,2, 52,9, 10,4, 2,1, 95,3, 2,1, 1,2,
    /* 11238 */ 6,1, 2,1, 157,1, 3,8, 21,2, 57,2, 3,1, 37,15, 70,6, 13,1, 1,1, 1,1, 14,2,
    /* 113E3 */ 85,8, 2,3, 1,1, 23,1, 84,6, 1,1, 4,2, 1,2, 238,4, 6,2, 1,2, 27,2, 85,8,
    /* 1163B */ 2,1, 1,2, 106,1, 1,1, 2,6, 1,1, 101,1, 1,1, 2,4, 1,5, 259,9, 1,2, 256,2,
    /* 1193D */ 1,1, 4,1, 144,8, 4,1, 32,10, 40,6, 2,4, 8,1, 9,6, 2,3, 46,13, 1,2, 406,14,
    /* 11C3E */ 1,1, 82,22, 2,7, 1,2, 1,2, 122,21, 1,1, 72,2, 3,1, 1,1, 347,2, 11,2, 52,5,
    /* 11F3B */ 5,1, 1,1, 23,1, 5333,17, 6,15, 11464,12, 3,3, 2496,5, 59,7, 1048,1, 63,4,
    /* 16F93 */ 81,1, 19640,2, 1,4, 4700,71, 544,3, 9,16, 2,7, 30,4, 148,3, 1979,55, 4,50,
    /* 1DA6D */ 8,1, 14,1, 22,21, 1360,43, 100,1, 160,7, 375,1, 61,4, 508,4, 254,2, 736,7,
    /* 1E8D7 */ 109,7,
};
/* Characters that take two columns: 85 runs (Unicode 16.0) */
static const unsigned short wide_runs[] = {
    /*  0000 */ 4352,96, 4538,2, 13,2, 190,4, 3,1, 2,1, 521,2, 21,2, 26,8, 16,12, 43,1,
    /*  2680 */ 10,6, 3,1, 13,1, 8,2, 17,2, 5,2, 8,1, 5,1, 21,1, 7,2, 1,1, 4,1, 2,1, 7,1,
    /*  2706 */ 4,2, 28,1, 35,1, 1,1, 4,3, 1,1, 61,3, 24,1, 14,1, 859,2, 51,1, 4,1,
    /*  2B56 */ 810,426, 4,17, 2,86, 4,429, 8,29303, 1177,29, 643,11172, 8540,512, 784,10,
    /*  FE1A */ 22,60, 149,96, 127,7, 28665,4, 12,17164, 8196,119, 7309,1, 202,1, 190,1,
    /* 1F18F */ 2,10, 101,289, 12,9, 1,70, 1,22, 12,43, 4,5, 12,17, 3,1, 3,71, 1,1, 1,187,
    /* 1F4FD */ 2,63, 13,4, 1,24, 18,1, 26,2, 13,1, 86,85, 48,70, 6,1, 3,3, 2,11, 11,2,
    /* 1F6ED */ 7,9, 227,17, 283,47, 1,10, 1,185, 112,137,
};
/* clang-format on */

/* Is a code point in one of the runs? They alternate: how many are not, how many are. */
static inline bool in_runs(unsigned code, size_t n, const unsigned short runs[n])
{
    for (size_t i = 0; i < n; code -= runs[i++])
        if (code < runs[i])
            return i % 2;
    return false;
}

/* How many columns a character takes on a terminal: 0 (a mark on the one before), 1 or 2. */
static inline int code_width(unsigned c)
{
    if (c < 0x300)
        return 1;
    if (c >= 0x20000) /* ideographs; tags and selectors, which nothing draws */
        return c <= 0x3FFFD ? 2 : c < 0xE0000 || c >= 0xE1000;
    if (in_runs(c, sizeof narrow_runs / sizeof *narrow_runs, narrow_runs))
        return 0;
    return in_runs(c, sizeof wide_runs / sizeof *wide_runs, wide_runs) ? 2 : 1;
}

/* The columns that a valid UTF-8 string takes. */
static inline int text_width(const char *text)
{
    int width = 0;
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        unsigned code = 0;
        int length = utf8_decode((const unsigned char *)text + i, n - i, &code);
        i += length > 0 ? (size_t)length : 1;
        width += length > 0 ? code_width(code) : 1;
    }
    return width;
}

/* Bytes made visible on one line: ␣ for a space, ↵ for a line's end, ⇥ for a tab, \x1b and
 * so on for any other byte without a picture. The caller frees it. */
static inline char *visible(const unsigned char *s, size_t n)
{
    char *text = grab(n + 1, 4);
    write_visible(text, s, n, "␣");
    return text;
}

/* A step of the walk: its name, and a remark. */
static inline __attribute__((format(printf, 2, 3))) void heading(const char *name,
                                                                 const char *remark, ...)
{
    va_list arguments;
    printf("\n%s%s%s  ", ink(INK_BOLD), name, ink(INK_PLAIN));
    va_start(arguments, remark);
    vprintf(remark, arguments);
    va_end(arguments);
    putchar('\n');
}

/* Text in a field of `width` columns, to print at once: cut with … if it is longer, filled with
 * spaces if it is shorter; on the left or the right. */
static inline const char *field(const char *text, int width, bool right)
{
    const int all = text_width(text), room = all < width ? width - all : 0;
    const size_t n = strlen(text);
    char *shown = grab(n + (size_t)room + sizeof "…", 1), *end = shown;
    int used = right ? sprintf(end, "%*s", room, "") : 0;
    end += used;
    for (size_t i = 0; i < n;) {
        unsigned code = 0;
        int length = utf8_decode((const unsigned char *)text + i, n - i, &code);
        length = length > 0 ? length : 1;
        if (all > width && used + code_width(code) > width - 1) {
            end += sprintf(end, "…");
            used++;
            break;
        }
        memcpy(end, text + i, (size_t)length);
        end += length;
        used += code_width(code);
        i += (size_t)length;
    }
    sprintf(end, "%*s", used < width ? width - used : 0, "");
    return brief(shown);
}

/* Text, cut with … if it is longer than `width` columns. */
static inline const char *shortened(const char *text, int width)
{
    return field(text, text_width(text) < width ? text_width(text) : width, false);
}

/* A matrix [rows, columns] with a label for each row and column (either may be NULL), as much
 * of it as 80 columns and 24 lines hold: the middle is left out if it does not fit. */
static inline void print_matrix(const char *name, int rows, int columns,
                                const float x[rows][columns], char *const *row_labels,
                                char *const *column_labels)
{
    enum { LABEL = 12, CELL = 8, FIT = (80 - 2 - LABEL) / CELL, LINES = 20 };
    int left = columns <= FIT ? columns : FIT - 3,
        right = columns <= FIT ? columns : columns - 2;
    int top = rows <= LINES ? rows : LINES - 4, bottom = rows <= LINES ? rows : rows - 3;
    printf("%s%s%s [%d, %d]\n", ink(INK_BOLD), name, ink(INK_PLAIN), rows, columns);
    if (column_labels) {
        printf("%*s", 2 + LABEL, "");
        for (int c = 0; c < columns; c++)
            if (c < left || c >= right)
                printf(" %s", field(column_labels[c], CELL - 1, true));
            else if (c == left)
                printf("%*s", CELL + 2, "…");
        putchar('\n');
    }
    for (int r = 0; r < rows; r++) {
        if (r >= top && r < bottom) {
            if (r == top)
                printf("  %s\n", "…");
            continue;
        }
        printf("  %s", field(row_labels ? row_labels[r] : "", LABEL, false));
        for (int c = 0; c < columns; c++)
            if (c < left || c >= right)
                printf("%*.*f", CELL, fabsf(x[r][c]) < 1000 ? 2 : 0, x[r][c]);
            else if (c == left)
                printf("%*s", CELL + 2, "…");
        putchar('\n');
    }
}

/* ---- Options --------------------------------------------------------------------- */

/* What every chapter's program is told. */
struct options {
    const char *model;   /* checkpoint folder */
    const char *prompt;  /* text; NULL if --ids is given */
    const char *ids;     /* token ids, as text; or NULL */
    const char *dump;    /* safetensors file to write; or NULL */
    const char *figures; /* folder for the figures' data; or NULL */
    const char *command; /* the first word that is not an option; or NULL */
};

/* The values of an option that can be given several times. */
struct texts {
    const char **all;
    size_t count, capacity;
};

/* An option of a program's own. Before the command line is read, its value is the default. */
struct option {
    const char *name; /* "--size" */
    const char
        *argument; /* "N": what the help calls its value; NULL for a switch (a bool) */
    enum { OPTION_TEXT, OPTION_INTEGER, OPTION_REAL, OPTION_TEXTS } kind;
    void *value; /* to a const char *, long, double, struct texts; bool: a switch */
    double least, most; /* the range of a number, both included */
    const char *help;
};

static inline void print_help(const char *usage, const struct option *all, size_t count)
{
    printf("%s\n\n", usage);
    for (size_t i = 0; i < count; i++) {
        char *left =
            format_text("%s %s", all[i].name, all[i].argument ? all[i].argument : "");
        printf("  %-18s  %s\n", left, all[i].help);
        free(left);
    }
    printf("  %-18s  %s\n", "--help", "this page");
    finish_output();
    exit(0);
}

static inline void set_option(const struct option *o, const char *text)
{
    if (o->kind == OPTION_TEXT) {
        if (!*text &&
            (strcmp(o->argument, "DIR") == 0 || strcmp(o->argument, "FILE") == 0))
            die("%s: is empty, expected %s", o->name, o->argument);
        *(const char **)o->value = text;
        return;
    }
    if (o->kind == OPTION_TEXTS) {
        struct texts *t = o->value;
        t->all = grow(t->all, &t->capacity, t->count + 1, sizeof *t->all);
        t->all[t->count++] = text;
        return;
    }
    const bool whole = o->kind == OPTION_INTEGER;
    const char *digits = whole ? "+-0123456789" : "+-.0123456789eE";
    char *end = NULL, *shown = visible((const unsigned char *)text, strlen(text));
    errno = 0;
    const double number = whole ? (double)strtol(text, &end, 10) : strtod(text, &end);
    /* strtol and strtod take more than that: spaces, nan, inf, 0x10 */
    if (end == text || *end || text[strspn(text, digits)])
        die("%s: '%s' is not a %s", o->name, shown, whole ? "whole number" : "number");
    if (!(number >= o->least && number <= o->most) || (whole && errno == ERANGE))
        die("%s: %s is out of range, expected %.16g to %.16g", o->name, shown, o->least,
            o->most);
    free(shown);
    if (whole)
        *(long *)o->value = (long)number;
    else
        *(double *)o->value = number;
}

/* The numbers in an option's text, spaces, commas or semicolons between them, each from least
 * to most, `room` of them at most. Dies on anything else, and if there are none. Returns how
 * many. */
static inline int read_numbers(const char *option, const char *text, float least,
                               float most, int room, float numbers[restrict room])
{
    static const char between[] = " ,;\t\n";
    int count = 0;
    for (const char *p = text; *(p += strspn(p, between));) {
        const size_t length = strcspn(p, between);
        char *end, *shown = visible((const unsigned char *)p, length < 20 ? length : 20);
        const float number = strtof(p, &end);
        if (end != p + length || isnan(number))
            die("%s: '%s' is not a number", option, shown);
        if (!(number >= least && number <= most))
            die("%s: %s is out of range, expected %g to %g", option, shown, (double)least,
                (double)most);
        if (count == room)
            die("%s: more than %d numbers", option, room);
        numbers[count++] = number;
        p = end;
        free(shown);
    }
    if (count == 0)
        die("%s: is empty, expected numbers such as \"1 2 3\"", option);
    return count;
}

/* Reads the command line into *o, which the caller has filled with the chapter's defaults, and
 * into the values of the program's own options. If one is given twice, the last one counts.
 * Dies on what it does not know. */
static inline void parse_options(int argc, char **argv, const char *usage,
                                 struct options *o, const struct option *own,
                                 size_t own_count)
{
    const struct option shared[] = {
        {"--model", "DIR", OPTION_TEXT, &o->model, 0, 0,
         "checkpoint folder (models/robots)"},
        {"--prompt", "TEXT", OPTION_TEXT, &o->prompt, 0, 0, "the prompt"},
        {"--ids", "\"15 2 7\"", OPTION_TEXT, &o->ids, 0, 0,
         "token ids instead of a prompt"},
        {"--dump", "FILE", OPTION_TEXT, &o->dump, 0, 0,
         "write the tensors (safetensors)"},
        {"--figures", "DIR", OPTION_TEXT, &o->figures, 0, 0, "write the figures' data"},
    };
    const size_t shared_count = sizeof shared / sizeof *shared,
                 count = shared_count + own_count;
    struct option *all = grab(count, sizeof *all);
    memcpy(all, shared, sizeof shared);
    if (own_count)
        memcpy(all + shared_count, own, own_count * sizeof *own);
    program_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    if (!o->model)
        o->model = "models/robots";
    for (int a = 1; a < argc; a++) {
        const char *word = argv[a], *equals = strchr(word, '=');
        size_t length = equals ? (size_t)(equals - word) : strlen(word);
        size_t i = 0;
        if (strcmp(word, "--help") == 0)
            print_help(usage, all, count);
        if (word[0] != '-' && !o->command) {
            o->command = word;
            continue;
        }
        while (i < count &&
               (strlen(all[i].name) != length || strncmp(word, all[i].name, length) != 0))
            i++;
        if (i == count)
            die("%s: unknown %s (see %s --help)", word,
                word[0] == '-' ? "option" : "argument", program_name);
        if (!all[i].argument) {
            if (equals)
                die("%s: takes no value", all[i].name);
            *(bool *)all[i].value = true;
            continue;
        }
        if (!equals && a + 1 == argc)
            die("%s: expected %s after it", all[i].name, all[i].argument);
        set_option(&all[i], equals ? equals + 1 : argv[++a]);
    }
    free(all);
}

/* ---- Data for figures ------------------------------------------------------------ */

/* Opens DIR/NAME.dat to write: fields separated by tabs, one row per line, blocks by two empty
 * lines, as gnuplot likes them. */
static inline FILE *figure_open(const char *folder, const char *name)
{
    char *path = format_text("%s/%s.dat", folder, name);
    make_folder(folder);
    FILE *file = fopen(path, "wb");
    if (!file)
        die("%s: cannot be written: %s", path, strerror(errno));
    free(path);
    return file;
}

static inline void figure_close(FILE *file)
{
    bool good = !ferror(file);
    if (fclose(file) != 0 || !good)
        die("a figure's data: cannot be written: %s", strerror(errno));
}

/* The same, after the file before it is closed. */
static inline FILE *figure_next(FILE *file, const char *folder, const char *name)
{
    figure_close(file);
    return figure_open(folder, name);
}

/* Writes a row of a figure's data, or the beginning of one, if `fields` ends in +. They are those
 * of printf, with spaces between them for tabs. A %s may hold anything: to gnuplot, " begins a
 * string and \ an escape, so \042 is a ". Numbers have no more decimals than the rounding of
 * what computed them leaves certain, so that every compiler and processor writes the same text,
 * but for one in the last place. What goes on a logarithmic axis is written as its log10.
 * Nothing is ever -0.   figure_row(file, "%d %.3f %s", t, x[t], labels[t]) */
static inline __attribute__((format(printf, 2, 3))) void
figure_row(FILE *file, const char *fields, ...)
{
    va_list values;
    va_start(values, fields);
    for (const char *at = fields; *at && *at != '+';) {
        char one[16], text[400]; /* room for the largest double */
        const size_t length = strcspn(at, " ");
        snprintf(one, sizeof one, "%.*s", (int)length, at);
        if (*at != '%')
            fputs(one, file);
        else if (at[length - 1] == 's') {
            for (const char *s = va_arg(values, const char *); *s; s++)
                if (*s == '"')
                    fputs("\\042", file);
                else
                    fprintf(file, *s == '\\' ? "\\\\" : "%c", *s);
        } else if (at[length - 1] == 'f') {
            const double x = va_arg(values, double);
            snprintf(text, sizeof text, one, x);
            const bool zero = text[strspn(text, "-0.")] == 0;
            fputs(isnan(x) ? "NaN" : text + (zero && *text == '-'), file);
        } else if (at[1] == 'z')
            fprintf(file, one, va_arg(values, size_t));
        else if (at[1] == 'l')
            fprintf(file, one, va_arg(values, long));
        else
            fprintf(file, one, va_arg(values, int));
        at += length + (at[length] == ' ');
        fputc(*at ? '\t' : '\n', file);
    }
    va_end(values);
}

/* Writes DIR/NAME.dat: n labels, one per line. */
static inline void figure_labels(const char *folder, const char *name, int n,
                                 char *const *labels)
{
    FILE *file = figure_open(folder, name);
    for (int i = 0; i < n; i++)
        figure_row(file, "%s", labels[i]);
    figure_close(file);
}

/* ---- Dumps: tensors for other programs ------------------------------------------- */

/* The front of a safetensors file: 8 bytes with the header's length
 * (little-endian), then the header (JSON: type, shape and bytes of each tensor). The numbers
 * come after it. {0} is an empty one. */
struct header {
    char *text;
    size_t size, capacity, numbers; /* numbers: the bytes of all tensors so far */
};

static inline void header_text(struct header *h, const char *text)
{
    const size_t n = strlen(text), from = h->size ? h->size : 8;
    h->text = grow(h->text, &h->capacity, from + n + 1, 1);
    memcpy(h->text + from, text, n + 1);
    h->size = from + n;
}

/* Adds a tensor of 4-byte numbers, floats ("F32") or integers ("I32"), or of 2-byte ones ("F16").
 * Returns its bytes. */
static inline size_t header_tensor(struct header *h, const char *name, const char *type,
                                   int rank, const int *shape)
{
    size_t size = strcmp(type, "F16") == 0 ? 2 : 4, used = 0;
    char dimensions[200] = "";
    for (int i = 0; i < rank; i++) {
        size *= (size_t)shape[i];
        used += (size_t)snprintf(dimensions + used, sizeof dimensions - used, "%s%d",
                                 i ? "," : "", shape[i]);
    }
    char *entry = format_text(
        "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
        h->size ? "," : "{", name, type, dimensions, h->numbers, h->numbers + size);
    header_text(h, entry);
    free(entry);
    h->numbers += size;
    return size;
}

/* Closes the header: text[size] is the front of the file. */
static inline void header_end(struct header *h)
{
    header_text(h, h->size ? "}" : "{}");
    while (h->size % 8)
        header_text(h, " ");
    for (int i = 0; i < 8; i++)
        h->text[i] = (char)((h->size - 8) >> (8 * i));
}

/* A safetensors file that is being written: what a program computed. */
struct dump {
    const char *path; /* NULL: nothing is dumped, and every call below does nothing */
    struct header header;
    unsigned char *data;
    size_t capacity;
};

static inline struct dump dump_open(const char *path)
{
    return (struct dump){.path = path};
}

/* Adds a tensor of the given rank and shape: floats ("F32") or 32-bit integers ("I32"). */
static inline void dump_add(struct dump *d, const char *name, const char *type, int rank,
                            const int *shape, const void *values)
{
    if (!d->path)
        return;
    const size_t at = d->header.numbers,
                 size = header_tensor(&d->header, name, type, rank, shape);
    d->data = grow(d->data, &d->capacity, at + size + 1, 1);
    if (size)
        memcpy(d->data + at, values, size);
}

static inline void dump_close(struct dump *d)
{
    if (!d->path)
        return;
    struct header *h = &d->header;
    header_end(h);
    struct file_made m = start_file(d->path);
    bool good = fwrite(h->text, 1, h->size, m.file) == h->size;
    if (h->numbers)
        good = fwrite(d->data, 1, h->numbers, m.file) == h->numbers && good;
    finish_file(&m, good);
    free(h->text);
    free(d->data);
    *d = (struct dump){0};
}

/* ---- Tensors by name -------------------------------------------------------------- */

/* A tensor: its name, its shape, and memory of its own for its numbers. */
struct tensor {
    char *name; /* NULL: freed with the others, but not dumped */
    int rank, shape[4];
    float *values;
};

/* The tensors of one computation, in the order in which they were made. {0} is an empty list. */
struct tensors {
    struct tensor *all;
    size_t count, capacity;
    char prefix[24]; /* goes in front of the names of later tensors: "h.0." */
};

/* The rank and the shape of a tensor: SHAPE(H, T, D) */
#define SHAPE(...)                                                                       \
    (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)), (const int[])               \
    {                                                                                    \
        __VA_ARGS__                                                                      \
    }

/* From now on the names of new tensors begin with "h.L.", L the number of a block. */
static inline void tensors_of_block(struct tensors *list, int l)
{
    snprintf(list->prefix, sizeof list->prefix, "h.%d.", l);
}

/* Makes a tensor of that shape, all zeros, and adds it to the list, which frees it. As a void *
 * it passes as an array of its shape without a cast.
 * float(*q)[T][D] = new_tensor(&list, "attn.q", SHAPE(H, T, D)); */
static inline void *new_tensor(struct tensors *list, const char *name, int rank,
                               const int shape[rank])
{
    struct tensor t = {.rank = rank};
    size_t count = 1;
    for (int i = 0; i < rank; i++) {
        t.shape[i] = shape[i];
        count *= (size_t)shape[i];
    }
    t.name = name ? format_text("%s%s", list->prefix, name) : NULL;
    t.values = grab(count, sizeof(float));
    list->all = grow(list->all, &list->capacity, list->count + 1, sizeof t);
    list->all[list->count++] = t;
    return t.values;
}

/* Dumps all that have a name, except those whose names end in a word of leave_out: words with
 * spaces between them, or NULL. */
static inline void dump_tensors(struct dump *d, const struct tensors *list,
                                const char *leave_out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct tensor *t = &list->all[i];
        bool wanted = t->name != NULL;
        for (const char *word = leave_out; wanted && word && *word;) {
            const size_t length = strcspn(word, " "), name = strlen(t->name);
            wanted = name < length || memcmp(t->name + name - length, word, length) != 0;
            word += length + strspn(word + length, " ");
        }
        if (wanted)
            dump_add(d, t->name, "F32", t->rank, t->shape, t->values);
    }
}

static inline void free_tensors(struct tensors *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->all[i].name);
        free(list->all[i].values);
    }
    free(list->all);
    *list = (struct tensors){0};
}

/* ---- JSON ------------------------------------------------------------------------ */

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A value. Strings are in the document's own text, escapes already undone, a 0 after them. (It
 * is small, for a header may hold millions.) */
struct json_value {
    enum json_kind kind;
    uint32_t line;
    const char *name; /* in an object: the member's name */
    uint32_t name_size, string_size;
    uint32_t next; /* the next member or element; 0: none */
    union {
        const char *string;
        double number;
        uint32_t first; /* of an object or an array: the first in it; 0: none */
    };
};

struct json {
    const char *path;
    unsigned char *text;
    size_t size, at;
    uint32_t line;
    struct json_value *values; /* values[0] is the whole document */
    size_t count, capacity;
};

static inline _Noreturn void json_fail(const struct json *j, const char *expected)
{
    if (j->at >= j->size)
        die("%s:%u: ends too early, expected %s", j->path, j->line, expected);
    unsigned char c = j->text[j->at];
    if (c > ' ' && c < 0x7F)
        die("%s:%u: expected %s, found '%c'", j->path, j->line, expected, c);
    die("%s:%u: expected %s, found byte 0x%02x", j->path, j->line, expected, c);
}

static inline void json_blanks(struct json *j)
{
    while (j->at < j->size && strchr(" \t\r\n", j->text[j->at]) && j->text[j->at])
        j->line += j->text[j->at++] == '\n';
}

static inline void json_expect(struct json *j, char c, const char *expected)
{
    json_blanks(j);
    if (j->at >= j->size || j->text[j->at] != (unsigned char)c)
        json_fail(j, expected);
    j->at++;
}

static inline unsigned json_hex(struct json *j)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        unsigned char c = j->at < j->size ? j->text[j->at] : 0;
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            json_fail(j, "four hexadecimal digits after \\u");
        code = code * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return code;
}

/* A string, rewritten in place: what an escape means is never longer than the escape. */
static inline const char *json_string(struct json *j, uint32_t *size)
{
    json_expect(j, '"', "a string");
    unsigned char *start = j->text + j->at, *end = start;
    while (true) {
        if (j->at >= j->size || j->text[j->at] < 0x20)
            json_fail(j, "the end of a string");
        unsigned char c = j->text[j->at];
        if (c == '"')
            break;
        if (c != '\\') {
            unsigned code;
            int length = utf8_decode(j->text + j->at, j->size - j->at, &code);
            if (length <= 0)
                json_fail(j, "valid UTF-8");
            memmove(end, j->text + j->at, (size_t)length);
            end += length;
            j->at += (size_t)length;
            continue;
        }
        j->at++;
        const char *plain = "\"\\/bfnrt", *meant = "\"\\/\b\f\n\r\t";
        unsigned char escape = j->at < j->size ? j->text[j->at] : 0;
        const char *found = escape ? strchr(plain, escape) : NULL;
        if (found) {
            *end++ = (unsigned char)meant[found - plain];
            j->at++;
        } else if (escape == 'u') {
            j->at++;
            unsigned code = json_hex(j);
            if (code >= 0xD800 && code < 0xDC00 && j->at + 1 < j->size &&
                j->text[j->at] == '\\' && j->text[j->at + 1] == 'u') {
                j->at += 2;
                unsigned low = json_hex(j);
                if (low < 0xDC00 || low > 0xDFFF)
                    json_fail(j, "the second half of a surrogate pair before this");
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            } else if (code >= 0xD800 && code <= 0xDFFF)
                json_fail(j, "both halves of a surrogate pair before this");
            end += utf8_encode(code, end);
        } else
            json_fail(j, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
    }
    j->at++;
    *end = 0;
    *size = (uint32_t)(end - start);
    return (const char *)start;
}

static inline double json_number(struct json *j)
{
    size_t i = j->at;
    const unsigned char *s = j->text; /* s[size] is 0 */
    i += s[i] == '-';
    if (s[i] == '0')
        i++;
    else if (s[i] >= '1' && s[i] <= '9')
        while (s[i] >= '0' && s[i] <= '9')
            i++;
    else
        json_fail(j, "a value");
    if (s[i] == '.') {
        if (s[++i] < '0' || s[i] > '9')
            json_fail(j, "digits on both sides of the point");
        while (s[i] >= '0' && s[i] <= '9')
            i++;
    }
    if (s[i] == 'e' || s[i] == 'E') {
        i++;
        i += s[i] == '+' || s[i] == '-';
        if (s[i] < '0' || s[i] > '9')
            json_fail(j, "digits in the exponent");
        while (s[i] >= '0' && s[i] <= '9')
            i++;
    }
    double number = strtod((const char *)s + j->at, NULL);
    j->at = i;
    return number;
}

/* One more value, empty. There is a limit: 100 MB of "0," must not become gigabytes. */
static inline uint32_t json_new_value(struct json *j)
{
    enum { MOST_VALUES = 12000000 };
    if (j->count == MOST_VALUES)
        die("%s: has more than %d values", j->path, MOST_VALUES);
    j->values = grow(j->values, &j->capacity, j->count + 1, sizeof *j->values);
    j->values[j->count] = (struct json_value){0};
    return (uint32_t)j->count++;
}

/* Parses one value into values[index]. Depth is bounded: hostile nesting must not eat the
 * stack. */
static inline void json_value_at(struct json *j, size_t index, int depth)
{
    if (depth > 64)
        die("%s:%u: nested more than 64 deep", j->path, j->line);
    json_blanks(j);
    struct json_value v = j->values[index];
    v.line = j->line;
    unsigned char c = j->at < j->size ? j->text[j->at] : 0;
    static const char *const words[] = {"null", "false", "true"};
    if (c == '{' || c == '[') {
        const char *close = c == '{' ? "}" : "]";
        const char *expected = c == '{' ? "',' or '}'" : "',' or ']'";
        uint32_t last = 0;
        v.kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
        v.first = 0;
        j->at++;
        json_blanks(j);
        while (last || j->at >= j->size || j->text[j->at] != (unsigned char)*close) {
            const uint32_t member = json_new_value(j);
            if (v.kind == JSON_OBJECT) {
                struct json_value *m = &j->values[member];
                m->name = json_string(j, &m->name_size);
                json_expect(j, ':', "':' after a name");
            }
            json_value_at(j, member, depth + 1);
            if (last)
                j->values[last].next = member;
            else
                v.first = member;
            last = member;
            json_blanks(j);
            if (j->at < j->size && j->text[j->at] == (unsigned char)*close)
                break;
            json_expect(j, ',', expected);
        }
        j->at++;
    } else if (c == '"') {
        v.kind = JSON_STRING;
        v.string = json_string(j, &v.string_size);
    } else {
        v.kind = JSON_NUMBER;
        for (int w = 0; w < 3; w++)
            if (strncmp((const char *)j->text + j->at, words[w], strlen(words[w])) == 0) {
                v.kind = (enum json_kind)w;
                j->at += strlen(words[w]);
                break;
            }
        if (v.kind == JSON_NUMBER)
            v.number = json_number(j);
    }
    j->values[index] = v;
}

/* Parses a document that was read from path. Takes over its bytes. Dies naming file and line. */
static inline struct json json_parse(const char *path, struct bytes document)
{
    struct json j = {
        .path = path, .text = document.data, .size = document.size, .line = 1};
    refuse_mistaken(path, document, "JSON");
    if (document.size == 0)
        die("%s: is empty, expected JSON", path);
    if (document.size >= UINT32_MAX)
        die("%s: is %zu bytes long, expected less than 4 GB", path, document.size);
    json_value_at(&j, json_new_value(&j), 0);
    json_blanks(&j);
    if (j.at < j.size)
        json_fail(&j, "the end of the document");
    return j;
}

/* The member of an object by its name; NULL if there is none. */
static inline const struct json_value *
json_member(const struct json *j, const struct json_value *object, const char *name)
{
    for (uint32_t i = object->kind == JSON_OBJECT ? object->first : 0; i;
         i = j->values[i].next)
        if (j->values[i].name_size == strlen(name) &&
            memcmp(j->values[i].name, name, j->values[i].name_size) == 0)
            return &j->values[i];
    return NULL;
}

static inline void json_free(struct json *j)
{
    free(j->values);
    free(j->text);
    *j = (struct json){0};
}

/* ---- Agreement, and what the tool asks of a line ----------------------------------- */

#ifdef MINE_first_disagreement
long first_disagreement(size_t n, const float got[n], const float want[n]);
#else
/* Where two tensors of n numbers disagree first; -1 if they agree: |got - want| is at most
 * 1e-4 of the largest finite |want|, equal infinities agree, NaN agrees with nothing. */
static inline long first_disagreement(size_t n, const float got[n], const float want[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(want[i]))
            largest = fmax(largest, fabs((double)want[i]));
    for (size_t i = 0; i < n; i++) {
        double difference = fabs((double)got[i] - (double)want[i]);
        bool near = isfinite(want[i]) && difference <= 1e-4 * largest;
        if (!(got[i] == want[i] || near))
            return (long)i;
    }
    return -1;
}
#endif

#ifdef MINE_reference_name
size_t reference_name(const char *line, size_t *start);
#else
/* Is a line of a block a reference, <<name>>, with nothing but spaces around it? Returns the
 * length of the name and where in the line it starts; 0 for an ordinary line of code. */
static inline size_t reference_name(const char *line, size_t *start)
{
    size_t first = strspn(line, " \t"), end = strlen(line);
    while (end > first && (line[end - 1] == ' ' || line[end - 1] == '\t'))
        end--;
    if (end - first < 5 || strncmp(line + first, "<<", 2) != 0 ||
        strncmp(line + end - 2, ">>", 2) != 0)
        return 0;
    *start = first + 2;
    return end - first - 4;
}
#endif

#ifdef MINE_lines_kept
int lines_kept(int n, int m, const int before[n], const int after[m]);
#else
/* How many lines can be kept on the way from before [n] to after [m], in order? kept[j] is the
 * number for the first j lines of after, and for the lines of before up to line i. */
static inline int lines_kept(int n, int m, const int before[n], const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = 0, diagonal = 0; j < m; j++) {
            const int above = kept[j + 1];
            if (before[i] == after[j])
                kept[j + 1] = diagonal + 1;
            else if (kept[j] > above)
                kept[j + 1] = kept[j];
            diagonal = above;
        }
    int most = kept[m];
    free(kept);
    return most;
}
#endif

#endif
