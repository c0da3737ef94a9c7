/* 01_tokenizer.h: text to token ids and back, as GPT-2 does it, byte for byte.
 * Chapter 1 of the book: chapters/01_tokenizer.md */
#ifndef TOKENIZER_H
#define TOKENIZER_H

#include "00_book.h"

#ifdef MINE_printable
unsigned printable(int byte);
#else
/* The character that stands for a byte in vocab.json and merges.txt: itself if it is
 * visible, else the next free code point, 256 or more, in the order of the bytes.
 * (OpenAI's encoder.py, bytes_to_unicode) */
static inline unsigned printable(int byte)
{
    unsigned shifted = 256;
    for (int b = 0; b <= byte; b++) {
        bool visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
        if (b == byte)
            return visible ? (unsigned)b : shifted;
        if (!visible)
            shifted++;
    }
    return 0;
}
#endif

/* Spreads a key over a table's slots. */
static inline size_t mix(uint64_t key)
{
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key ^ key >> 32);
}

/* A table from pairs of tokens to numbers: the rank of a merge, or how often a pair
 * occurs. */
struct pair {
    int left, right;
    long value;
};

struct pairs {
    struct pair *slots; /* a slot whose left is -1 is free */
    size_t count, size; /* size is a power of two, or 0 */
};

/* The slot of a pair: its own, or the free one where it belongs. */
static inline struct pair *pair_slot(const struct pairs *p, int left, int right)
{
    size_t i = mix((uint64_t)(unsigned)left << 32 | (unsigned)right) & (p->size - 1);
    while (p->slots[i].left != -1 &&
           (p->slots[i].left != left || p->slots[i].right != right))
        i = (i + 1) & (p->size - 1);
    return &p->slots[i];
}

/* The value of a pair, which is put there with value 0 if it is new. */
static inline long *pair_value(struct pairs *p, int left, int right)
{
    if (2 * (p->count + 1) > p->size) {
        struct pairs larger = {NULL, p->count, p->size ? 2 * p->size : 64};
        larger.slots = grab(larger.size, sizeof *larger.slots);
        for (size_t i = 0; i < larger.size; i++)
            larger.slots[i].left = -1;
        for (size_t i = 0; i < p->size; i++)
            if (p->slots[i].left != -1)
                *pair_slot(&larger, p->slots[i].left, p->slots[i].right) = p->slots[i];
        free(p->slots);
        *p = larger;
    }
    struct pair *slot = pair_slot(p, left, right);
    if (slot->left == -1) {
        *slot = (struct pair){left, right, 0};
        p->count++;
    }
    return &slot->value;
}

/* A table of byte strings, numbered 0, 1, 2, … as they come. */
struct strings {
    unsigned char *text; /* string i is text[start[i]] to text[start[i + 1] - 1] */
    size_t *start;
    int count;
    int *slots; /* string number, or -1; size is a power of two, or 0 */
    size_t size, text_capacity, start_capacity;
};

/* The slot that holds the number of a string, or -1 if the string is not there. */
static inline int *string_slot(const struct strings *t, const unsigned char *s, size_t n)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ s[i]) * 1099511628211u;
    size_t i = mix(hash) & (t->size - 1);
    for (; t->slots[i] != -1; i = (i + 1) & (t->size - 1)) {
        size_t from = t->start[t->slots[i]];
        if (t->start[t->slots[i] + 1] - from == n && memcmp(t->text + from, s, n) == 0)
            break;
    }
    return &t->slots[i];
}

static inline int string_find(const struct strings *t, const unsigned char *s, size_t n)
{
    return t->size ? *string_slot(t, s, n) : -1;
}

/* The number of a string, which is added if it is new. */
static inline int string_number(struct strings *t, const unsigned char *s, size_t n)
{
    if (2 * ((size_t)t->count + 1) > t->size) {
        t->size = t->size ? 2 * t->size : 64;
        free(t->slots);
        t->slots = grab(t->size, sizeof *t->slots);
        memset(t->slots, -1, t->size * sizeof *t->slots);
        for (int i = 0; i < t->count; i++)
            *string_slot(t, t->text + t->start[i], t->start[i + 1] - t->start[i]) = i;
    }
    int *slot = string_slot(t, s, n);
    if (*slot == -1) {
        size_t from = t->count ? t->start[t->count] : 0;
        t->start =
            grow(t->start, &t->start_capacity, (size_t)t->count + 2, sizeof *t->start);
        t->text = grow(t->text, &t->text_capacity, from + n + 1, 1);
        memcpy(t->text + from, s, n);
        t->start[t->count] = from;
        t->start[t->count + 1] = from + n;
        *slot = t->count++;
    }
    return *slot;
}

static inline void strings_free(struct strings *t)
{
    free(t->text);
    free(t->start);
    free(t->slots);
    *t = (struct strings){0};
}

/* What a tokenizer knows: its tokens, and its merges in the order in which they were
 * learned. */
struct vocabulary {
    int size;            /* V: ids go from 0 to V - 1 */
    unsigned char *text; /* token t is text[start[t]] to text[start[t + 1] - 1] */
    size_t *start;       /* [V + 1] */
    int byte_id[256];    /* the id of each single byte */
    int merges;          /* M: how many merges */
    struct pairs ranks; /* (left id, right id) → rank, 0 to M - 1; low ranks come first */
    int *merged;        /* [M]: the id that the merge of each rank makes */
    int (*parts)[2];    /* [M]: and the two ids it joins */
    int end_of_text;    /* the id of <|endoftext|>, or -1 */
};

/* The bytes of token `id`, as they lie in the vocabulary. */
static inline struct bytes token_bytes(const struct vocabulary *v, int id)
{
    return (struct bytes){v->text + v->start[id], v->start[id + 1] - v->start[id]};
}

/* A token as it is printed: its bytes made visible; its id if the vocabulary is empty or
 * NULL, or does not have it. The caller frees it. */
static inline char *token_label(const struct vocabulary *v, int id)
{
    if (!v || id < 0 || id >= v->size)
        return format_text("%d", id);
    const struct bytes token = token_bytes(v, id);
    return visible(token.data, token.size);
}

/* The rank of the merge of two tokens; -1 if they do not merge. (Ranks from v->merges up do not
 * count: a figure pretends that only the first merges were learned.) */
static inline int pair_rank(const struct vocabulary *v, int left, int right)
{
    if (v->ranks.size == 0)
        return -1;
    const struct pair *slot = pair_slot(&v->ranks, left, right);
    return slot->left == -1 || slot->value >= v->merges ? -1 : (int)slot->value;
}

/* Undoes `printable`: n bytes of UTF-8 text from a vocabulary's file into the bytes they
 * stand for. Returns how many, or -1 if a character stands for no byte. `bytes` has
 * room for n. */
static inline long unprintable(const unsigned char *text, size_t n, unsigned char *bytes)
{
    static int byte_of[512]; /* 1 + byte, or 0 for none */
    if (!byte_of['!'])
        for (int b = 0; b < 256; b++)
            byte_of[printable(b)] = b + 1;
    long count = 0;
    for (size_t i = 0; i < n;) {
        unsigned code = 0;
        int length = utf8_decode(text + i, n - i, &code);
        if (length <= 0 || code >= 512 || !byte_of[code])
            return -1;
        bytes[count++] = (unsigned char)(byte_of[code] - 1);
        i += (size_t)length;
    }
    return count;
}

/* Which of OpenAI's models a folder is named after: "gpt2-xl"; NULL: none. */
static inline const char *published_model(const char *folder)
{
    static const char *const names[] = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"};
    size_t end = strlen(folder);
    while (end > 0 && folder[end - 1] == '/')
        end--;
    for (int i = 0; i < 4; i++) {
        const size_t n = strlen(names[i]);
        if (end >= n && memcmp(folder + end - n, names[i], n) == 0 &&
            (end == n || folder[end - n - 1] == '/'))
            return names[i];
    }
    return NULL;
}

/* Dies if a model's folder, in which `path` is looked for, is a file itself. */
static inline void check_folder(const char *folder, const char *path)
{
    struct stat info;
    if (stat(folder, &info) != 0 || !S_ISREG(info.st_mode))
        return;
    unsigned char front[64];
    FILE *file = fopen(folder, "rb");
    const char *is = mistaken_for(front, file ? fread(front, 1, sizeof front, file) : 0);
    die("%s: cannot be opened: %s is %s, expected the folder of a model", path, folder,
        is ? is : "a file");
}

/* Dies if one of a vocabulary's two files is not there. */
static inline void check_vocabulary_file(const char *folder, const char *path)
{
    if (access(path, F_OK) == 0)
        return;
    const char *name = published_model(folder);
    char *newer = format_text("%s/tokenizer.json", folder);
    die("%s: is not there%s (make %s%s fetches %s)", path,
        file_exists(newer) ? ", and tokenizer.json is not read here" : "",
        name && strcmp(name, "gpt2") != 0 ? "model-" : "vocab-", name ? name : "gpt2",
        name ? "it" : "GPT-2's");
}

/* Reads one member of vocab.json: n bytes of a token, and its id, below `count`. */
static inline int token_entry(const struct json *j, const struct json_value *m,
                              size_t count, unsigned char *bytes, size_t *n)
{
    const long size = unprintable((const unsigned char *)m->name, m->name_size, bytes);
    if (size < 0)
        die("%s:%u: token '%s' has a character that stands for no byte", j->path, m->line,
            m->name);
    if (size == 0)
        die("%s:%u: a token is empty", j->path, m->line);
    if (m->kind != JSON_NUMBER || m->number != floor(m->number) || m->number < 0 ||
        m->number >= (double)count)
        die("%s:%u: token '%s': expected an id from 0 to %zu", j->path, m->line, m->name,
            count - 1);
    *n = (size_t)size;
    return (int)m->number;
}

/* Lays the tokens' bytes in the order of their ids. token_of [V]: id → 1 + string number */
static inline void lay_tokens(struct vocabulary *v, const struct strings *tokens,
                              const int *token_of)
{
    v->start = grab((size_t)v->size + 1, sizeof *v->start);
    v->text = grab(tokens->start[tokens->count], 1);
    for (int id = 0; id < v->size; id++) {
        size_t from = tokens->start[token_of[id] - 1],
               n = tokens->start[token_of[id]] - from;
        memcpy(v->text + v->start[id], tokens->text + from, n);
        v->start[id + 1] = v->start[id] + n;
    }
}

/* Reads vocab.json: an object from tokens to ids. Fills v's tokens, and `ids`: string
 * number → id. */
static inline struct strings load_tokens(struct vocabulary *v, const char *path,
                                         int **ids)
{
    struct json j = json_parse(path, read_file(path));
    struct strings tokens = {0};
    size_t count = 0, room = 1, n;
    if (j.values[0].kind != JSON_OBJECT)
        die("%s: expected an object from tokens to ids", path);
    for (uint32_t i = j.values[0].first; i; i = j.values[i].next, count++)
        room += j.values[i].name_size;
    if (count == 0 || count > 10000000)
        die("%s: %zu tokens, expected 256 to 10000000", path, count);
    int *token_of = grab(count, sizeof *token_of);
    *ids = grab(count, sizeof **ids);
    unsigned char *bytes = grab(room, 1);
    for (uint32_t i = j.values[0].first; i; i = j.values[i].next) {
        const struct json_value *m = &j.values[i];
        const int id = token_entry(&j, m, count, bytes, &n);
        if (string_find(&tokens, bytes, n) >= 0)
            die("%s:%u: token '%s' is there twice", path, m->line, m->name);
        if (token_of[id])
            die("%s:%u: token '%s': id %d is taken", path, m->line, m->name, id);
        token_of[id] = string_number(&tokens, bytes, n) + 1;
        (*ids)[tokens.count - 1] = id;
    }
    v->size = (int)count;
    lay_tokens(v, &tokens, token_of);
    free(bytes);
    free(token_of);
    json_free(&j);
    for (int b = 0; b < 256; b++) {
        int number = string_find(&tokens, &(unsigned char){(unsigned char)b}, 1);
        if (number < 0)
            die("%s: has no token for byte 0x%02x", path, (unsigned)b);
        v->byte_id[b] = (*ids)[number];
    }
    int end = string_find(&tokens, (const unsigned char *)"<|endoftext|>", 13);
    v->end_of_text = end < 0 ? -1 : (*ids)[end];
    return tokens;
}

/* A line of merges.txt: the ids of its two parts and of the two joined, as vocab.json has
 * them. joined has room for n bytes. */
static inline void read_merge(const unsigned char *text, size_t n, const char *path,
                              int line, const struct strings *tokens, const int *ids,
                              unsigned char *joined, int of[3])
{
    const unsigned char *space = memchr(text, ' ', n);
    const size_t size = space ? (size_t)(space - text) : 0;
    if (size == 0 || size + 1 == n || memchr(space + 1, ' ', n - size - 1))
        die("%s:%d: '%.*s': expected two parts with a space between them", path, line,
            (int)n, text);
    const long a = unprintable(text, size, joined);
    const long b = a < 0 ? -1 : unprintable(space + 1, n - size - 1, joined + a);
    const unsigned char *const from[3] = {joined, joined + (a > 0 ? a : 0), joined};
    const long sizes[3] = {a, b, a + b};
    for (int i = 0; i < 3; i++) {
        const int number = b < 0 ? -1 : string_find(tokens, from[i], (size_t)sizes[i]);
        if (number < 0)
            die("%s:%d: '%.*s': vocab.json has no such token as %s", path, line, (int)n,
                text,
                i == 0   ? "the left part"
                : i == 1 ? "the right part"
                         : "the two joined");
        of[i] = ids[number];
    }
}

/* Dies if a token can never be made: it is not a byte, no merge makes it, and it is not special,
 * as <|endoftext|> is. made [V]: which are bytes, or made by a merge */
static inline void check_made(const struct vocabulary *v, const char *path,
                              const bool *made)
{
    int first = -1, others = -1;
    for (int id = v->size - 1; id >= 0; id--) {
        const struct bytes t = token_bytes(v, id);
        const bool special = t.size > 2 && t.data[0] == '<' && t.data[t.size - 1] == '>';
        if (made[id] || special)
            continue;
        first = id;
        others++;
    }
    if (first < 0)
        return;
    char *more = others ? format_text(", nor %d other%s", others, others > 1 ? "s" : "")
                        : format_text("%s", "");
    die("%s: no line makes token %d '%s' of vocab.json%s: it is cut short, or belongs "
        "to a different vocabulary",
        path, first, token_label(v, first), more);
}

/* Reads merges.txt: a line for each merge, the two parts with a space between, best rank
 * first. */
static inline void load_merges(struct vocabulary *v, const char *path,
                               const struct strings *tokens, const int *ids)
{
    struct bytes file = read_text_file(path);
    unsigned char *joined = grab(file.size, 1);
    bool *made = grab((size_t)v->size, sizeof *made);
    size_t capacity[2] = {0, 0};
    int line = 0, of[3];
    for (int b = 0; b < 256; b++)
        made[v->byte_id[b]] = true;
    for (size_t at = 0, end; at < file.size; at = end + 1) {
        const unsigned char *text = file.data + at;
        for (end = at; end < file.size && file.data[end] != '\n';)
            end++;
        size_t n = end - at;
        n -= n > 0 && text[n - 1] == '\r';
        line++;
        if (n == 0 || (line == 1 && n >= 8 && memcmp(text, "#version", 8) == 0))
            continue;
        read_merge(text, n, path, line, tokens, ids, joined, of);
        const size_t known = v->ranks.count;
        long *rank = pair_value(&v->ranks, of[0], of[1]);
        if (v->ranks.count == known)
            die("%s:%d: '%.*s' is there twice", path, line, (int)n, text);
        const size_t needed = (size_t)v->merges + 1;
        v->merged = grow(v->merged, &capacity[0], needed, sizeof *v->merged);
        v->parts = grow(v->parts, &capacity[1], needed, sizeof *v->parts);
        memcpy(v->parts[v->merges], of, sizeof *v->parts);
        v->merged[v->merges] = of[2];
        made[of[2]] = true;
        *rank = v->merges++;
    }
    free(joined);
    free(file.data);
    check_made(v, path, made);
    free(made);
}

/* Reads DIR/vocab.json and DIR/merges.txt. Dies, naming the file and line, if they are
 * missing, broken or contradict each other. */
static inline struct vocabulary load_vocabulary(const char *folder)
{
    struct vocabulary v = {0};
    int *ids;
    const char *vocab_path = brief(format_text("%s/vocab.json", folder));
    const char *merges_path = brief(format_text("%s/merges.txt", folder));
    check_folder(folder, vocab_path);
    check_vocabulary_file(folder, vocab_path);
    check_vocabulary_file(folder, merges_path);
    struct strings tokens = load_tokens(&v, vocab_path, &ids);
    load_merges(&v, merges_path, &tokens, ids);
    strings_free(&tokens);
    free(ids);
    return v;
}

static inline void free_vocabulary(struct vocabulary *v)
{
    free(v->text);
    free(v->start);
    free(v->ranks.slots);
    free(v->merged);
    free(v->parts);
    *v = (struct vocabulary){0};
}

/* clang-format off */
/* L, the letters: 141028 code points in 677 runs (Unicode 16.0) */
static const unsigned short letter_runs[] = {
    /*  0000 */ 65,26, 6,26, 47,1, 10,1, 4,1, 5,23, 1,31, 1,458, 4,12, 14,5, 7,1, 1,1,
    /*  02EF */ 129,5, 1,2, 2,4, 1,1, 6,1, 1,3, 1,1, 1,20, 1,83, 1,139, 8,166, 1,38, 2,1,
    /*  055A */ 6,41, 71,27, 4,4, 45,43, 35,2, 1,99, 1,1, 15,2, 7,2, 10,3, 2,1, 16,1,
    /*  0711 */ 1,30, 29,89, 11,1, 24,33, 9,2, 4,1, 5,22, 4,1, 9,1, 3,1, 23,25, 7,11,
    /*  086B */ 5,24, 1,6, 17,42, 58,54, 3,1, 18,1, 7,10, 15,16, 4,8, 2,2, 2,22, 1,7, 1,1,
    /*  09B3 */ 3,4, 3,1, 16,1, 13,2, 1,3, 14,2, 10,1, 8,6, 4,2, 2,22, 1,7, 1,2, 1,2, 1,2,
    /*  0A3A */ 31,4, 1,1, 19,3, 16,9, 1,3, 1,22, 1,7, 1,2, 1,5, 3,1, 18,1, 15,2, 23,1,
    /*  0AFA */ 11,8, 2,2, 2,22, 1,7, 1,2, 1,5, 3,1, 30,2, 1,3, 15,1, 17,1, 1,6, 3,3, 1,4,
    /*  0B96 */ 3,2, 1,1, 1,2, 3,2, 3,3, 3,12, 22,1, 52,8, 1,3, 1,23, 1,16, 3,1, 26,3,
    /*  0C5B */ 2,1, 2,2, 30,1, 4,8, 1,3, 1,23, 1,10, 1,5, 3,1, 31,2, 1,2, 15,2, 17,9,
    /*  0D0D */ 1,3, 1,41, 2,1, 16,1, 5,3, 8,3, 24,6, 5,18, 3,24, 1,9, 1,1, 2,7, 58,48,
    /*  0E31 */ 1,2, 12,7, 58,2, 1,1, 1,5, 1,24, 1,1, 1,10, 1,2, 9,1, 2,5, 1,1, 21,4,
    /*  0EE0 */ 32,1, 63,8, 1,36, 27,5, 115,43, 20,1, 16,6, 4,4, 3,1, 3,2, 7,3, 4,13,
    /*  1082 */ 12,1, 17,38, 1,1, 5,1, 2,43, 1,333, 1,4, 2,7, 1,1, 1,4, 2,41, 1,4, 2,33,
    /*  12B1 */ 1,4, 2,7, 1,1, 1,4, 2,15, 1,57, 1,4, 2,67, 37,16, 16,86, 2,6, 3,620, 2,17,
    /*  1680 */ 1,26, 5,75, 6,8, 7,18, 13,19, 14,18, 14,13, 1,3, 15,52, 35,1, 4,1, 67,89,
    /*  1879 */ 7,5, 2,34, 1,1, 5,70, 10,31, 49,30, 2,5, 11,44, 4,26, 54,23, 9,53, 82,1,
    /*  1AA8 */ 93,47, 17,8, 54,30, 13,2, 10,44, 26,36, 41,3, 10,36, 2,11, 5,43, 2,3,
    /*  1CC0 */ 41,4, 1,6, 1,2, 3,1, 5,192, 64,278, 2,6, 2,38, 2,6, 2,8, 1,1, 1,1, 1,1,
    /*  1F5E */ 1,31, 2,53, 1,7, 1,1, 3,3, 1,7, 3,4, 2,6, 4,13, 5,3, 1,7, 116,1, 13,1,
    /*  2080 */ 16,13, 101,1, 4,1, 2,10, 1,1, 3,5, 6,1, 1,1, 1,1, 1,4, 1,11, 2,4, 5,5,
    /*  214A */ 4,1, 52,2, 2683,229, 6,4, 3,2, 12,38, 1,1, 5,1, 2,56, 7,1, 16,23, 9,7,
    /*  2DA7 */ 1,7, 1,7, 1,7, 1,7, 1,7, 1,7, 1,7, 80,1, 469,2, 42,5, 5,2, 4,86, 6,3,
    /*  30A0 */ 1,90, 1,4, 5,43, 1,94, 17,32, 48,16, 512,6592, 64,22157, 67,46, 2,269,
    /*  A60D */ 3,16, 10,2, 20,47, 16,31, 2,70, 49,9, 2,103, 2,67, 2,2, 1,1, 1,8, 21,16,
    /*  A802 */ 1,3, 1,4, 1,23, 29,52, 14,50, 62,6, 3,1, 1,2, 11,28, 10,23, 25,29, 7,47,
    /*  A9B3 */ 28,1, 16,5, 1,10, 10,5, 1,41, 23,3, 1,8, 20,23, 3,1, 3,50, 1,1, 3,2, 2,5,
    /*  AABE */ 2,1, 1,1, 24,3, 2,11, 7,3, 12,6, 2,6, 2,6, 9,7, 1,7, 1,43, 1,14, 6,115,
    /*  ABE3 */ 29,11172, 12,23, 4,49, 8452,366, 2,106, 38,7, 12,5, 5,1, 1,10, 1,13, 1,5,
    /*  FB3D */ 1,1, 1,2, 1,2, 1,108, 33,363, 18,64, 2,54, 40,12, 116,5, 1,135, 36,26,
    /*  FF3B */ 6,26, 11,89, 3,6, 2,6, 2,6, 2,3, 35,12, 1,26, 1,19, 1,2, 1,15, 2,14,
    /* 1005E */ 34,123, 389,29, 3,49, 47,32, 13,20, 1,8, 6,38, 10,30, 2,36, 4,8, 48,158,
    /* 1049E */ 18,36, 4,36, 4,40, 8,52, 12,11, 1,15, 1,7, 1,2, 1,11, 1,15, 1,7, 1,2,
    /* 105BD */ 3,52, 12,311, 9,22, 10,8, 24,6, 1,42, 1,9, 69,6, 2,1, 1,44, 1,2, 3,1,
    /* 1083D */ 2,23, 10,23, 9,31, 65,19, 1,2, 10,22, 10,26, 70,56, 6,2, 64,1, 15,4, 1,3,
    /* 10A18 */ 1,29, 42,29, 3,29, 35,8, 1,28, 27,54, 10,22, 10,19, 13,18, 110,73, 55,51,
    /* 10CB3 */ 13,51, 13,36, 38,28, 9,23, 250,42, 6,2, 16,3, 59,29, 10,1, 8,22, 42,18,
    /* 10F82 */ 46,21, 27,23, 12,53, 57,2, 2,1, 13,45, 32,25, 26,36, 29,1, 2,1, 8,35, 3,1,
    /* 11177 */ 12,48, 14,4, 21,1, 1,1, 35,18, 1,25, 19,2, 63,7, 1,1, 1,4, 1,15, 1,10,
    /* 112A9 */ 7,47, 38,8, 2,2, 2,22, 1,7, 1,2, 1,5, 3,1, 18,1, 12,5, 30,10, 1,1, 2,1,
    /* 1138F */ 1,38, 1,1, 25,1, 1,1, 44,53, 18,4, 20,3, 30,48, 20,2, 1,1, 184,47, 41,4,
    /* 115DC */ 36,48, 20,1, 59,43, 13,1, 71,27, 37,7, 185,44, 116,64, 31,8, 2,1, 2,8,
    /* 11914 */ 1,2, 1,24, 15,1, 1,1, 94,8, 2,39, 16,1, 1,1, 28,1, 10,40, 7,1, 21,1,
    /* 11A51 */ 11,46, 19,1, 18,73, 199,33, 31,9, 1,37, 17,1, 49,30, 112,7, 1,2, 1,38,
    /* 11D31 */ 21,1, 25,6, 1,2, 1,32, 14,1, 327,19, 15,1, 1,13, 1,34, 124,1, 79,922,
    /* 1239A */ 230,196, 2636,97, 15,1072, 17,6, 25,3995, 5,583, 6841,30, 1762,569, 7,31,
    /* 16A5F */ 17,79, 17,30, 18,48, 16,4, 31,21, 5,19, 432,45, 211,64, 128,75, 5,1,
    /* 16F51 */ 66,13, 64,2, 1,1, 28,6136, 8,1238, 41,10, 8935,4, 1,7, 1,2, 1,291, 15,1,
    /* 1B133 */ 29,3, 2,1, 14,4, 8,396, 2308,107, 5,13, 3,9, 7,10, 5990,85, 1,71, 1,2,
    /* 1D4A0 */ 2,1, 2,2, 2,4, 1,12, 1,1, 1,7, 1,65, 1,4, 2,8, 1,7, 1,28, 1,4, 1,5, 1,1,
    /* 1D547 */ 3,7, 1,340, 2,25, 1,25, 1,31, 1,25, 1,31, 1,25, 1,31, 1,25, 1,31, 1,25,
    /* 1D7C3 */ 1,8, 1844,31, 6,6, 261,62, 146,45, 10,7, 16,1, 321,30, 18,44, 484,28,
    /* 1E4EC */ 228,30, 2,1, 495,7, 1,4, 1,2, 1,15, 1,197, 59,68, 7,1, 1204,4, 1,27, 1,2,
    /* 1EE23 */ 1,1, 2,1, 1,10, 1,4, 1,1, 1,1, 6,1, 4,1, 1,1, 1,1, 1,3, 1,2, 1,1, 2,1,
    /* 1EE58 */ 1,1, 1,1, 1,1, 1,1, 1,2, 1,1, 2,4, 1,7, 1,4, 1,4, 1,1, 1,10, 1,17, 5,3,
    /* 1EEA4 */ 1,5, 1,17, 4420,42720, 32,4154, 6,222, 2,5762, 14,7473, 15,622, 2466,542,
    /* 2FA1E */ 1506,4939, 5,4192,
};
/* N, the numbers: 1911 code points in 144 runs (Unicode 16.0) */
static const unsigned short number_runs[] = {
    /*  0000 */ 48,10, 120,2, 5,1, 2,3, 1441,10, 134,10, 198,10, 412,10, 118,10, 4,6,
    /*  09FA */ 108,10, 118,10, 118,10, 2,6, 110,13, 115,10, 8,7, 103,10, 104,7, 7,19,
    /*  0D79 */ 109,10, 96,10, 118,10, 70,20, 268,10, 70,10, 719,20, 881,3, 239,10, 6,10,
    /*  17FA */ 22,10, 300,10, 128,11, 165,10, 6,10, 182,10, 86,10, 134,10, 6,10, 1046,1,
    /*  2071 */ 3,6, 6,10, 198,51, 2,5, 726,60, 78,22, 630,30, 1385,1, 777,1, 25,9, 14,3,
    /*  303B */ 343,4, 138,10, 30,8, 1,15, 32,10, 39,15, 29536,10, 188,10, 320,6, 154,10,
    /*  A8DA */ 38,10, 198,10, 22,10, 86,10, 406,10, 21270,10, 493,45, 12,57, 17,2,
    /* 1018C */ 341,27, 36,4, 29,1, 8,1, 134,5, 202,10, 942,8, 25,7, 39,9, 75,5, 22,6,
    /* 1091C */ 160,2, 2,16, 2,46, 64,9, 52,2, 30,3, 75,5, 104,8, 24,8, 41,7, 330,6,
    /* 10D00 */ 48,10, 6,10, 278,31, 158,10, 42,4, 112,7, 134,30, 128,10, 60,10, 144,10,
    /* 111DA */ 7,20, 251,10, 342,10, 118,10, 374,10, 102,10, 6,20, 76,12, 420,19, 93,10,
    /* 1195A */ 662,10, 86,29, 227,10, 70,10, 422,10, 102,21, 1067,111, 15553,10, 2342,10,
    /* 16A6A */ 86,10, 134,10, 1,7, 526,10, 262,23, 24153,10, 1478,20, 12,20, 108,25,
    /* 1D379 */ 1109,50, 2368,10, 422,10, 502,10, 247,10, 716,9, 128,10, 791,59, 1,3, 1,4,
    /* 1ECB5 */ 76,45, 1,15, 962,13, 2787,10,
};
/* White_Space: 25 code points in 10 runs (Unicode 16.0) */
static const unsigned short space_runs[] = {
    /*  0000 */ 9,5, 18,1, 100,1, 26,1, 5599,1, 2431,11, 29,2, 5,1, 47,1, 4000,1,
};
/* clang-format on */

enum kind { OTHER, LETTER, NUMBER, SPACE };

/* Marks the runs of a class in the table: numbers in pairs, how many code points to the next run,
 * and how many are in it. */
static inline void mark_runs(unsigned char *table, enum kind kind, size_t n,
                             const unsigned short runs[n])
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        table += runs[i];
        memset(table, (int)kind, runs[i + 1]);
        table += runs[i + 1];
    }
}

/* The class of a code point below 0x110000. */
static inline enum kind kind_of(unsigned code)
{
    static unsigned char table[0x110000]; /* OTHER, until it is marked */
    if (table['A'] != LETTER) {
        mark_runs(table, NUMBER, sizeof number_runs / sizeof *number_runs, number_runs);
        mark_runs(table, SPACE, sizeof space_runs / sizeof *space_runs, space_runs);
        mark_runs(table, LETTER, sizeof letter_runs / sizeof *letter_runs, letter_runs);
    }
    return (enum kind)table[code];
}

/* The class of the character at s, and its length. A byte that is not valid UTF-8 is a
 * character by itself, of class OTHER. Length 0: s[n] ends inside a character, and more
 * of the text may follow. */
static inline enum kind kind_at(const unsigned char *s, size_t n, bool more,
                                size_t *length)
{
    unsigned code = 0;
    int bytes = utf8_decode(s, n, &code);
    if (bytes > 0)
        *length = (size_t)bytes;
    else
        *length = bytes == -1 && more ? 0 : 1;
    return bytes > 0 ? kind_of(code) : OTHER;
}

/* The length of the pre-token at the front of s[n], n > 0, by GPT-2's pattern
 *   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * 0: it cannot be told before more of the text is there (only if `more` says that more
 * may follow). */
static inline size_t next_pretoken(const unsigned char *s, size_t n, bool more)
{
    if (s[0] == '\'') {
        static const char *const endings[] = {"s", "t", "re", "ve", "m", "ll", "d"};
        for (int e = 0; e < 7; e++) {
            size_t length = strlen(endings[e]);
            if (n > length && memcmp(s + 1, endings[e], length) == 0)
                return 1 + length;
        }
        if (n < 3 && more)
            return 0;
    }
    size_t at = 0, last, length; /* last: where the run's last character begins */
    enum kind kind = kind_at(s, n, more, &length);
    if (s[0] == ' ' && n > 1) { /* one space belongs to what follows it */
        size_t second;
        enum kind following = kind_at(s + 1, n - 1, more, &second);
        if (following != SPACE) {
            at = 1;
            kind = following;
            length = second;
        }
    }
    do { /* the run of characters of one class */
        if (length == 0)
            return 0;
        last = at;
        at += length;
    } while (at < n && (kind_at(s + at, n - at, more, &length) == kind || length == 0));
    if (at == n && more)
        return 0;
    /* White space leaves its last character to what follows, if anything does. */
    return kind == SPACE && at < n && last > 0 ? last : at;
}

#ifdef MINE_first_lowest
int first_lowest(int n, const int ranks[n]);
#else
/* The index of the lowest rank, the first of them if several are lowest; -1 if no
 * pair merges. ranks [n]: the rank of each pair of neighbours, -1 if it has none */
static inline int first_lowest(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0 && (best < 0 || ranks[i] < ranks[best]))
            best = i;
    return best;
}
#endif

#ifdef MINE_merge_pair
int merge_pair(int n, int ids[n], int left, int right, int merged);
#else
/* Puts `merged` in place of each `left` that `right` follows, from left to right, in
 * place. ids [n] → ids [the result] */
static inline int merge_pair(int n, int ids[n], int left, int right, int merged)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = merged;
            i++;
        } else
            ids[kept++] = ids[i];
    return kept;
}
#endif

enum { SHORT_WORD = 32 };

/* One step: finds the pair of the lowest rank and merges it wherever it is.
 * ids [n], n ≤ SHORT_WORD → ids [the result]; *rank says which merge it was, -1: none was
 * left */
static inline int merge_step(const struct vocabulary *v, int n, int ids[n], int *rank)
{
    int ranks[SHORT_WORD];
    *rank = -1;
    if (n < 2)
        return n;
    for (int i = 0; i + 1 < n; i++)
        ranks[i] = pair_rank(v, ids[i], ids[i + 1]);
    int best = first_lowest(n - 1, ranks);
    *rank = best < 0 ? -1 : ranks[best];
    return best < 0 ? n : merge_pair(n, ids, ids[best], ids[best + 1], v->merged[*rank]);
}

/* Merges until no neighbours merge. ids [n], single bytes → ids [the result], tokens */
static inline int merge_word(const struct vocabulary *v, int n, int ids[n])
{
    int rank;
    do
        n = merge_step(v, n, ids, &rank);
    while (rank >= 0);
    return n;
}

/* A heap of numbers: the smallest is always item[0], and the items below i are at 2i + 1
 * and 2i + 2. */
struct heap {
    uint64_t *item;
    size_t count, capacity;
};

static inline void heap_push(struct heap *h, uint64_t item)
{
    h->item = grow(h->item, &h->capacity, h->count + 1, sizeof *h->item);
    size_t i = h->count++;
    for (; i > 0 && h->item[(i - 1) / 2] > item; i = (i - 1) / 2)
        h->item[i] = h->item[(i - 1) / 2];
    h->item[i] = item;
}

static inline uint64_t heap_pop(struct heap *h)
{
    uint64_t top = h->item[0], item = h->item[--h->count];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < h->count) {
        child += child + 1 < h->count && h->item[child + 1] < h->item[child];
        if (h->item[child] >= item)
            break;
        h->item[i] = h->item[child];
        i = child;
    }
    h->item[i] = item;
    return top;
}

/* The same as merge_word for a pre-token of any length, in n log n steps. A pair waits in
 * the heap as rank · 2³² + its index, so the lowest rank comes out first, and of equal ranks
 * the leftmost. */
static inline int merge_long_word(const struct vocabulary *v, int n, int ids[n])
{
    struct heap waiting = {0};
    int *next =
        grab((size_t)n + 1, sizeof *next); /* the index that follows; n at the end */
    int *before = grab((size_t)n + 1, sizeof *before);
    int *turn = grab((size_t)n, sizeof *turn);
    for (int i = 0; i < n; i++) {
        next[i] = i + 1;
        before[i + 1] = i;
        int rank = i + 1 < n ? pair_rank(v, ids[i], ids[i + 1]) : -1;
        if (rank >= 0)
            heap_push(&waiting, (uint64_t)rank << 32 | (unsigned)i);
    }
    while (waiting.count > 0) {
        /* All pairs of the lowest rank have their turn before the pairs that they make.
         */
        uint64_t rank = waiting.item[0] >> 32;
        int turns = 0;
        while (waiting.count > 0 && waiting.item[0] >> 32 == rank)
            turn[turns++] = (int)(heap_pop(&waiting) & 0xFFFFFFFF);
        for (int t = 0; t < turns; t++) {
            int i = turn[t], j = next[i];
            /* One of the two may have been merged away since the pair was put into the
             * heap. */
            if (ids[i] < 0 || j >= n || pair_rank(v, ids[i], ids[j]) != (int)rank)
                continue;
            ids[i] = v->merged[rank];
            ids[j] = -1;
            next[i] = next[j];
            before[next[i]] = i;
            int after = next[i] < n ? pair_rank(v, ids[i], ids[next[i]]) : -1;
            int ahead = i > 0 ? pair_rank(v, ids[before[i]], ids[i]) : -1;
            if (after >= 0)
                heap_push(&waiting, (uint64_t)after << 32 | (unsigned)i);
            if (ahead >= 0)
                heap_push(&waiting, (uint64_t)ahead << 32 | (unsigned)before[i]);
        }
    }
    int kept = 0;
    for (int i = 0; i < n; i = next[i])
        ids[kept++] = ids[i];
    free(waiting.item);
    free(next);
    free(before);
    free(turn);
    return kept;
}

/* Token ids, as many as come. */
struct ids {
    int *id;
    size_t count, capacity;
};

/* Words come again and again: the ids of recent ones, by a hash of their bytes. */
enum { CACHED_WORDS = 8192, CACHED_BYTES = 22, CACHED_IDS = 10 };

struct cache {
    struct cached_word {
        unsigned char size, count, text[CACHED_BYTES];
        int ids[CACHED_IDS];
    } words[CACHED_WORDS];
};

/* Appends the tokens of one pre-token s[n]. The cache may be NULL. */
static inline void encode_word(const struct vocabulary *v, struct cache *cache,
                               const unsigned char *s, size_t n, struct ids *out)
{
    struct cached_word *known = NULL;
    if (cache && n <= CACHED_BYTES) {
        uint64_t hash = n;
        for (size_t i = 0; i < n; i++)
            hash = (hash ^ s[i]) * 1099511628211u;
        known = &cache->words[mix(hash) % CACHED_WORDS];
    }
    out->id = grow(out->id, &out->capacity, out->count + n, sizeof *out->id);
    int *ids = out->id + out->count;
    if (known && known->size == n && memcmp(known->text, s, n) == 0) {
        memcpy(ids, known->ids, known->count * sizeof *ids);
        out->count += known->count;
        return;
    }
    if (n > INT_MAX - 1)
        die("a word of %zu bytes is too long, expected %d at most", n, INT_MAX - 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = v->byte_id[s[i]];
    int count =
        n <= SHORT_WORD ? merge_word(v, (int)n, ids) : merge_long_word(v, (int)n, ids);
    out->count += (size_t)count;
    if (known && count <= CACHED_IDS) {
        known->size = (unsigned char)n;
        known->count = (unsigned char)count;
        memcpy(known->text, s, n);
        memcpy(known->ids, ids, (size_t)count * sizeof *ids);
    }
}

/* Appends the tokens of the whole text s[n]. */
static inline void encode(const struct vocabulary *v, const unsigned char *s, size_t n,
                          struct ids *out)
{
    for (size_t done = 0, length; done < n; done += length) {
        length = next_pretoken(s + done, n - done, false);
        encode_word(v, NULL, s + done, length, out);
    }
}

#define END_OF_TEXT "<|endoftext|>"

/* A text that is read as it comes. It keeps a buffer, as long as the longest pre-token
 * needs. */
struct stream {
    FILE *file;
    const char *name;
    bool special;        /* <|endoftext|> is a token of its own */
    bool ended;          /* the file has no more */
    unsigned char *text; /* text[at] to text[size - 1] is not given out yet */
    size_t at, size, capacity;
    size_t
        special_at; /* where the next <|endoftext|> begins; SIZE_MAX: not in the buffer */
};

/* Whether a word of a stream is the special token: a pre-token never has these bytes, for `<|`
 * ends before a letter. */
static inline bool is_end_of_text(const unsigned char *s, size_t n)
{
    return n == strlen(END_OF_TEXT) && memcmp(s, END_OF_TEXT, n) == 0;
}

/* Makes room and reads on. */
static inline void stream_fill(struct stream *in)
{
    if (in->at > 0)
        memmove(in->text, in->text + in->at, in->size - in->at);
    in->size -= in->at;
    in->at = 0;
    if (2 * in->size >= in->capacity)
        in->text = grow(in->text, &in->capacity, in->size + 65536, 1);
    size_t got = fread(in->text + in->size, 1, in->capacity - in->size, in->file);
    in->ended = got < in->capacity - in->size;
    in->size += got;
    if (ferror(in->file))
        die("%s: cannot be read: %s", in->name, strerror(errno));
}

static inline void stream_find_special(struct stream *in)
{
    const size_t n = strlen(END_OF_TEXT);
    in->special_at = SIZE_MAX;
    for (size_t i = in->at; in->special && i + n <= in->size; i++) {
        const unsigned char *found = memchr(in->text + i, '<', in->size - n + 1 - i);
        if (!found)
            return;
        i = (size_t)(found - in->text);
        if (memcmp(found, END_OF_TEXT, n) == 0) {
            in->special_at = i;
            return;
        }
    }
}

/* A stream to read words from. The caller frees its text, and closes the file. */
static inline struct stream open_stream(FILE *file, const char *name, bool special)
{
    struct stream in = {.file = file, .name = name, .special = special};
    stream_fill(&in);
    stream_find_special(&in);
    return in;
}

/* The next pre-token of a stream, or <|endoftext|> if that is asked for. False at the
 * end. */
static inline bool next_word(struct stream *in, const unsigned char **s, size_t *n)
{
    const size_t special = strlen(END_OF_TEXT);
    while (true) {
        size_t end = in->size;
        bool more = !in->ended;
        if (in->special_at != SIZE_MAX) {
            end = in->special_at;
            more = false;
        } else if (in->special && more) /* the buffer may end inside an <|endoftext|> */
            end = end - in->at > special ? end - special : in->at;
        *s = in->text + in->at;
        *n = in->at == in->special_at ? special
             : in->at < end           ? next_pretoken(*s, end - in->at, more)
                                      : 0;
        in->at += *n;
        if (*n == special && in->at - *n == in->special_at)
            stream_find_special(in);
        if (*n > 0)
            return true;
        if (in->ended)
            return false;
        stream_fill(in);
        stream_find_special(in);
    }
}

#ifdef MINE_whole_characters
size_t whole_characters(size_t n, const unsigned char bytes[n]);
#else
/* How many of n bytes can be printed now: all except the beginning of a character whose
 * end has not come. Bytes that cannot be part of a character are not waited for. */
static inline size_t whole_characters(size_t n, const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned code;
        if (utf8_decode(bytes + n - back, back, &code) == -1)
            return n - back;
    }
    return n;
}
#endif

/* A vocabulary in the making: the different words of a text, as tokens, and how often
 * each occurs. */
struct training {
    struct strings words; /* the words' bytes */
    long *times;          /* how often each word occurs */
    int *ids;             /* word w begins at ids[words.start[w]], … */
    int *lengths;         /* … and has lengths[w] tokens */
    size_t times_capacity;
    int seen; /* how many different words so far */
    int byte_id[256];
    struct pairs counts;   /* (left, right) → how often they are neighbours */
    struct strings tokens; /* the tokens' bytes, the number of a token is its id */
};

/* Adds `times` to the count of each pair of neighbours in a word. */
static inline void count_pairs(struct pairs *counts, int n, const int ids[n], long times)
{
    for (int i = 0; i + 1 < n; i++)
        *pair_value(counts, ids[i], ids[i + 1]) += times;
}

/* The most common pair; of equally common ones the one with the lowest ids, so that the
 * same text always gives the same vocabulary. NULL if there is none. */
static inline const struct pair *most_common(const struct pairs *counts)
{
    const struct pair *best = NULL;
    for (size_t i = 0; i < counts->size; i++) {
        const struct pair *p = &counts->slots[i];
        if (p->left == -1 || p->value < 1)
            continue;
        if (!best || p->value > best->value ||
            (p->value == best->value &&
             (p->left < best->left || (p->left == best->left && p->right < best->right))))
            best = p;
    }
    return best;
}

/* How many tokens the text is now. */
static inline long count_tokens(const struct training *t)
{
    long tokens = 0;
    for (int w = 0; w < t->words.count; w++)
        tokens += t->lengths[w] * t->times[w];
    return tokens;
}

/* Learns one merge: joins the most common pair in every word and corrects the counts.
 * Returns false if no pair occurs twice; else sets *learned to the pair it joined. */
static inline bool learn_merge(struct training *t, struct pair *learned)
{
    const struct pair *best = most_common(&t->counts);
    if (!best || best->value < 2)
        return false;
    *learned = *best;
    size_t left = t->tokens.start[best->left + 1] - t->tokens.start[best->left];
    size_t right = t->tokens.start[best->right + 1] - t->tokens.start[best->right];
    unsigned char *joined = grab(left + right, 1);
    memcpy(joined, t->tokens.text + t->tokens.start[best->left], left);
    memcpy(joined + left, t->tokens.text + t->tokens.start[best->right], right);
    int merged = string_number(&t->tokens, joined, left + right);
    free(joined);
    for (int w = 0; w < t->words.count; w++) {
        int *ids = t->ids + t->words.start[w], n = t->lengths[w], i = 0;
        while (i + 1 < n && (ids[i] != learned->left || ids[i + 1] != learned->right))
            i++;
        if (i + 1 >= n)
            continue;
        count_pairs(&t->counts, n, ids, -t->times[w]);
        t->lengths[w] = merge_pair(n, ids, learned->left, learned->right, merged);
        count_pairs(&t->counts, t->lengths[w], ids, t->times[w]);
    }
    return true;
}

/* Reads a text and prepares to learn from it: its words, cut into bytes, and the 256
 * byte tokens. */
static inline struct training start_training(struct stream *text)
{
    struct training t = {0};
    const unsigned char *s;
    size_t n;
    while (next_word(text, &s, &n)) {
        if (is_end_of_text(s, n))
            continue;
        int w = string_number(&t.words, s, n);
        t.times = grow(t.times, &t.times_capacity, (size_t)w + 1, sizeof *t.times);
        t.times[w] =
            w == t.seen ? 1 : t.times[w] + 1; /* a new word has the next number */
        t.seen = t.words.count;
    }
    /* GPT-2 gives the first 256 ids to the bytes: the visible ones, then the others. */
    for (int pass = 0; pass < 2; pass++)
        for (int b = 0; b < 256; b++)
            if ((printable(b) >= 256) == pass) {
                unsigned char byte = (unsigned char)b;
                t.byte_id[b] = string_number(&t.tokens, &byte, 1);
            }
    t.ids = grab(t.words.count ? t.words.start[t.words.count] : 0, sizeof *t.ids);
    t.lengths = grab((size_t)t.words.count, sizeof *t.lengths);
    for (int w = 0; w < t.words.count; w++) {
        size_t from = t.words.start[w], to = t.words.start[w + 1];
        for (size_t i = from; i < to; i++)
            t.ids[i] = t.byte_id[t.words.text[i]];
        t.lengths[w] = (int)(to - from);
        count_pairs(&t.counts, t.lengths[w], t.ids + from, t.times[w]);
    }
    return t;
}

static inline void free_training(struct training *t)
{
    strings_free(&t->words);
    strings_free(&t->tokens);
    free(t->times);
    free(t->ids);
    free(t->lengths);
    free(t->counts.slots);
    *t = (struct training){0};
}

/* A prompt, ready for the later chapters. */
struct prompt {
    int count;     /* T: how many tokens */
    int *ids;      /* [T] */
    char **labels; /* [T]: each token as it is printed beside a matrix */
};

/* Reads ids from text: whole numbers with spaces or commas between them. */
static inline void parse_ids(const char *text, const char *name, struct ids *out)
{
    for (const char *p = text + strspn(text, " ,\t\n\r"); *p;
         p += strspn(p, " ,\t\n\r")) {
        char *end;
        errno = 0;
        long id = strtol(p, &end, 10);
        size_t length = strcspn(p, " ,\t\n\r");
        if (end != p + length || id < 0 || id > INT_MAX || errno)
            die("%s: '%.*s' is not a token id", name, (int)length, p);
        out->id = grow(out->id, &out->capacity, out->count + 1, sizeof *out->id);
        out->id[out->count++] = (int)id;
        p = end;
    }
}

/* A token, to print at once; and in a field of `width` columns. */
static inline const char *token_text(const struct vocabulary *v, int id)
{
    return brief(token_label(v, id));
}
static inline const char *token_field(const struct vocabulary *v, int id, int width)
{
    return field(token_text(v, id), width, false);
}

/* What --prompt or --ids asked for. v is NULL or empty if there is no vocabulary: then only
 * --ids will do, and the ids are the labels. */
static inline struct prompt read_prompt(const struct options *o,
                                        const struct vocabulary *v)
{
    struct ids all = {0};
    if (o->ids)
        parse_ids(o->ids, "--ids", &all);
    else
        encode(v, (const unsigned char *)o->prompt, strlen(o->prompt), &all);
    if (all.count == 0)
        die("%s: is empty, expected at least one token", o->ids ? "--ids" : "--prompt");
    if (all.count > INT_MAX / 2)
        die("%s: is too long", o->ids ? "--ids" : "--prompt");
    struct prompt p = {(int)all.count, all.id, grab(all.count, sizeof *p.labels)};
    for (int t = 0; t < p.count; t++)
        p.labels[t] = token_label(v, p.ids[t]);
    return p;
}

/* Tells a reader whose prompt ends with a space what that does to its tokens. */
static inline void tell_end_space(const struct options *o)
{
    const size_t n = o->ids ? 0 : strlen(o->prompt);
    if (n > 0 && o->prompt[n - 1] == ' ' && strspn(o->prompt, " ") < n)
        printf("The space at the end belongs to no word. Leave it out: each word "
               "comes with its own.\n");
}

static inline void free_prompt(struct prompt *p)
{
    for (int t = 0; t < p->count; t++)
        free(p->labels[t]);
    free(p->labels);
    free(p->ids);
    *p = (struct prompt){0};
}

#ifdef MINE_split_token
int split_token(int n, int ids[2 * n], int merged, int left, int right);
#else
/* Puts `left` and `right` in place of each `merged`, in place: the way back from merge_pair.
 * ids [n], with room for 2n → ids [the result] */
static inline int split_token(int n, int ids[2 * n], int merged, int left, int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            for (int k = n; k > i + 1; k--)
                ids[k] = ids[k - 1];
            ids[i] = left;
            ids[i + 1] = right;
            i++;
            n++;
        }
    return n;
}
#endif

#endif
