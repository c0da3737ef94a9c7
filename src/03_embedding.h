/* 03_embedding.h: ids become rows of numbers: what a token is, plus where it is.
 * Chapter 3 of the book: chapters/03_embedding.md */
#ifndef EMBEDDING_H
#define EMBEDDING_H

#include "02_checkpoint.h"

#ifdef MINE_embed
void embed(int T, int C, float x[restrict T][C], const int ids[T], const float wte[][C],
           const float wpe[][C]);
#else
/* What enters the first block: for each token its row of wte, which says what it is, plus
 * a row of wpe, which says where it is: token t is at position t.
 * ids [T], wte [V, C], wpe [positions, C] → x [T, C] */
static inline void embed(int T, int C, float x[restrict T][C], const int ids[T],
                         const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] + wpe[t][c];
}
#endif

#ifdef MINE_cosine
float cosine(int n, const float a[n], const float b[n]);
#else
/* How nearly two rows point the same way: a·b / (|a| |b|), from -1 to 1; 0 if a row is all
 * zeros and points nowhere. a, b [n] */
static inline float cosine(int n, const float a[n], const float b[n])
{
    float dot = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        dot += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? dot / (sqrtf(aa) * sqrtf(bb)) : 0;
}
#endif

#ifdef MINE_nearest
void nearest(int V, int C, int k, int found[restrict k], const float table[][C], int id);
#else
/* The k tokens whose rows point most like the row of token `id`: the nearest first, the lower
 * id first if two are equally near, and without the token itself; k is less than V.
 * table [V, C] → found [k] */
static inline void nearest(int V, int C, int k, int found[restrict k],
                           const float table[][C], int id)
{
    float likeness[k]; /* of those found so far, the best first */
    int count = 0;
    for (int other = 0; other < V; other++) {
        const float c = cosine(C, table[id], table[other]);
        if (other == id || (count == k && !(c > likeness[k - 1])))
            continue;
        int at = count < k ? count++ : k - 1;
        for (; at > 0 && c > likeness[at - 1]; at--) {
            likeness[at] = likeness[at - 1];
            found[at] = found[at - 1];
        }
        likeness[at] = c;
        found[at] = other;
    }
}
#endif

/* The length of a row: the root of the sum of its squares. */
static inline double row_length(size_t n, const float row[n])
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (double)row[i] * (double)row[i];
    return sqrt(squares);
}

/* Where the k largest of n numbers are: the largest first, of equal ones the first; k is at
 * most n. x [n] → found [k] */
static inline void find_largest(int n, int k, int found[restrict k], const float x[n])
{
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (count == k && !(x[i] > x[found[k - 1]]))
            continue;
        int at = count < k ? count++ : k - 1;
        for (; at > 0 && x[i] > x[found[at - 1]]; at--)
            found[at] = found[at - 1];
        found[at] = i;
    }
}

/* A model, and a prompt for it. */
struct reading {
    struct checkpoint model;
    struct vocabulary
        vocabulary; /* size 0: there is none, and the prompt came as --ids */
    struct prompt prompt;
    char *text; /* the prompt's bytes made visible; with --ids alone, the ids */
};

/* Is this byte part of a word? */
static inline bool in_word(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The number of the word s[n] in a table, capital or not; with `add`, it is put there. -1: it is
 * not there. */
static inline int word_number(struct strings *words, const unsigned char *s, size_t n,
                              bool add)
{
    unsigned char small[64];
    if (n > sizeof small)
        return -1;
    for (size_t i = 0; i < n; i++)
        small[i] = s[i] >= 'A' && s[i] <= 'Z' ? (unsigned char)(s[i] | 32) : s[i];
    return add ? string_number(words, small, n) : string_find(words, small, n);
}

/* All words that a grammar of models/robots/stories.c can say, and a few more. */
static inline struct strings grammar_words(const char *path)
{
    struct bytes b = read_file(path);
    struct strings words = {0};
    int closed = 0; /* inside <…> or {…} are the names of rules */
    bool skipped = false;
    for (size_t i = 0; i < b.size; i++) {
        const unsigned char c = b.data[i];
        if (i == 0 || b.data[i - 1] == '\n') {
            skipped = c != ' '; /* a comment, or the name of a rule */
            closed = 0;
        }
        closed += (c == '<' || c == '{') - (c == '>' || c == '}');
        if (skipped || closed > 0 || !in_word(c))
            continue;
        size_t n = 1;
        while (in_word(b.data[i + n]))
            n++;
        word_number(&words, b.data + i, n, true);
        i += n - 1;
    }
    free(b.data);
    return words;
}

/* Does the grammar say this word? It makes some with an ending: wash, washed, Rivet's. */
static inline bool is_known(struct strings *words, const unsigned char *s, size_t n)
{
    if (n > 2 && s[n - 2] == '\'' && s[n - 1] == 's')
        n -= 2;
    return word_number(words, s, n, false) >= 0 ||
           (n == 2 && (s[0] | 32) == 'a' && s[1] == 'n') ||
           (n > 2 && s[n - 2] == 'e' && s[n - 1] == 'd' &&
            word_number(words, s, n - 2, false) >= 0);
}

/* How long is the word at the front of s[n]? 0: none is there. An apostrophe may be in it. */
static inline size_t word_length(const unsigned char *s, size_t n)
{
    size_t i = 0;
    while (i < n &&
           (in_word(s[i]) || (i > 0 && s[i] == '\'' && i + 1 < n && in_word(s[i + 1]))))
        i++;
    return i;
}

/* Names the words of a text that the model never met, if it is known what it met. `how`: what
 * comes before a better prompt, PROMPT= for make; "" if a line is typed. */
static inline void tell_strange_words(const char *model, const unsigned char *s, size_t n,
                                      const char *how)
{
    static const char said[] = "This model never met:";
    char *path = format_text("%s/stories.grammar", model);
    struct strings words = {0}, told = {0};
    int column = (int)strlen(said), named = 0;
    if (file_exists(path))
        words = grammar_words(path);
    for (size_t i = 0, length; i < n && words.count; i += length ? length : 1) {
        length = word_length(s + i, n - i);
        if (length == 0 || is_known(&words, s + i, length) ||
            word_number(&told, s + i, length, false) >= 0)
            continue;
        const char *word = brief(visible(s + i, length));
        const int width = text_width(word);
        fputs(named++ ? "," : said, stdout);
        if (column + 2 + width > 78)
            column = printf("\n ") - 1;
        printf(" %s", field(word, width < 76 ? width : 76, false));
        column += 2 + width;
        word_number(&told, s + i, length, true);
    }
    if (named)
        printf("\nIt knows a small world; try %s\"A robot must obey the orders given "
               "it\".\nGPT-2 knows more: make model-gpt2, then MODEL=models/gpt2\n",
               how);
    strings_free(&told);
    strings_free(&words);
    free(path);
}

/* Opens the model and the prompt that the options name, and prints the prompt. Dies if they do
 * not fit together. */
static inline struct reading open_reading(const struct options *o)
{
    struct reading r = {.model = load_checkpoint(o->model)};
    const struct config *config = &r.model.config;
    r.vocabulary = open_vocabulary(o->model, config, !o->ids);
    r.prompt = read_prompt(o, r.vocabulary.size ? &r.vocabulary : NULL);
    const char *from = o->ids ? "--ids" : "--prompt";
    if (r.prompt.count > config->positions)
        die("%s: has %d tokens, the model in %s has room for %d", from, r.prompt.count,
            o->model, config->positions);
    struct bytes text = {grab(1, 1), 0};
    size_t capacity = 1;
    for (int t = 0; t < r.prompt.count; t++) {
        const int id = r.prompt.ids[t];
        if (id >= config->V)
            die("%s: token id %d is out of range, the model in %s has ids 0 to %d", from,
                id, o->model, config->V - 1);
        const unsigned char *s = (const unsigned char *)r.prompt.labels[t];
        size_t n = strlen(r.prompt.labels[t]);
        if (id < r.vocabulary.size) {
            const struct bytes token = token_bytes(&r.vocabulary, id);
            s = token.data;
            n = token.size;
        }
        text.data = grow(text.data, &capacity, text.size + n + 2, 1);
        if (!r.vocabulary.size && t)
            text.data[text.size++] = ' ';
        memcpy(text.data + text.size, s, n);
        text.size += n;
    }
    r.text = visible(text.data, text.size);
    fputs(shortened(r.text, 234), stdout);
    putchar('\n');
    tell_end_space(o);
    if (r.vocabulary.size)
        tell_strange_words(o->model, text.data, text.size, "PROMPT=");
    free(text.data);
    return r;
}

static inline void close_reading(struct reading *r)
{
    free(r->text);
    free_prompt(&r->prompt);
    if (r->vocabulary.size)
        free_vocabulary(&r->vocabulary);
    free_checkpoint(&r->model);
}

#ifdef MINE_centre_rows
void centre_rows(int V, int C, float table[V][C]);
#else
/* Subtracts the mean of all rows from every row, so that each column sums to 0.
 * table [V, C], changed in place */
static inline void centre_rows(int V, int C, float table[V][C])
{
    for (int c = 0; c < C; c++) {
        float sum = 0;
        for (int id = 0; id < V; id++)
            sum += table[id][c];
        const float mean = sum / (float)V;
        for (int id = 0; id < V; id++)
            table[id][c] -= mean;
    }
}
#endif

#endif
