/* 13_gpt2.h: the finished GPT-2: text that streams out whole, and the loop that writes it.
 * Chapter 13 of the book: chapters/13_gpt2.md */
#ifndef GPT2_H
#define GPT2_H

#include "10_sampling.h"
#include "11_kv_cache.h"
#include "12_speed.h"

#include <signal.h>

#ifdef MINE_mend
size_t mend(size_t n, const unsigned char in[n], unsigned char out[3 * n]);
#else
/* Bytes as valid UTF-8. Characters stay; each broken piece becomes one �: a byte that begins no
 * character, or the beginning of a character that is not continued.
 * in [n] → out, which has room for 3n bytes; returns how many there are */
static inline size_t mend(size_t n, const unsigned char in[n],
                          unsigned char out[restrict 3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : 1;
        if (whole > 0)
            memcpy(out + count, in + i, length);
        else {
            while (i + length < n && utf8_decode(in + i, length + 1, &code) == -1)
                length++;
            memcpy(out + count, "\xEF\xBF\xBD", 3);
        }
        count += whole > 0 ? length : 3;
    }
    return count;
}
#endif

#ifdef MINE_stop_place
size_t stop_place(size_t n, const unsigned char text[n], size_t m,
                  const unsigned char stop[m]);
#else
/* Where a stop string begins in a text, whole or only its beginning: the first byte from
 * which both are the same until one of them ends. text [n], stop [m], m 1 or more → 0 to
 * n - 1; n if there is none */
static inline size_t stop_place(size_t n, const unsigned char text[n], size_t m,
                                const unsigned char stop[m])
{
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        while (same < m && i + same < n && text[i + same] == stop[same])
            same++;
        if (same == m || i + same == n)
            return i;
    }
    return n;
}
#endif

/* Where the text goes. Its bytes are held back as long as they may still become part of a
 * character, or of a stop string. */
struct voice {
    FILE *to;
    const struct texts
        *stops; /* the text ends before the first of them; NULL: nothing stops it */
    const char *stopped; /* the stop that has come */
    bool line_open;      /* the last byte did not end a line */
    unsigned char *held;
    size_t count, capacity;
};

/* Prints the first n of the held bytes, as valid UTF-8. */
static inline void let_go(struct voice *v, size_t n)
{
    if (n > 0) {
        unsigned char *text = grab(n, 3);
        const size_t size = mend(n, v->held, text);
        fwrite(text, 1, size, v->to);
        v->line_open = text[size - 1] != '\n';
        free(text);
        v->count -= n;
        memmove(v->held, v->held + n, v->count);
    }
    flush_output(v->to);
}

/* Where the first stop begins in the held bytes; their number if none does. If more bytes may
 * come, the beginning of a stop counts too. A whole one is noted. */
static inline size_t first_stop(struct voice *v, bool more)
{
    size_t first = v->count;
    for (size_t i = 0; v->stops && v->count && i < v->stops->count; i++) {
        const char *stop = v->stops->all[i];
        const size_t m = strlen(stop);
        const size_t place =
            stop_place(v->count, v->held, m, (const unsigned char *)stop);
        const bool whole = place + m <= v->count;
        if ((whole || more) && (place < first || (place == first && whole))) {
            first = place;
            v->stopped = whole ? stop : NULL;
        }
    }
    return first;
}

/* n more bytes have come: prints what can be printed now. */
static inline void speak(struct voice *v, size_t n, const unsigned char *bytes)
{
    v->held = grow(v->held, &v->capacity, v->count + n + 1, 1);
    if (n)
        memcpy(v->held + v->count, bytes, n);
    v->count += n;
    const size_t place = first_stop(v, true);
    if (v->stopped) {
        v->count = place; /* the stop, and all after it, is never printed */
        let_go(v, place);
    } else
        let_go(v, place ? whole_characters(place, v->held) : 0);
}

/* Nothing more will come: all held bytes are let go, up to a stop. */
static inline void fall_silent(struct voice *v)
{
    if (!v->stopped)
        v->count = first_stop(v, false);
    let_go(v, v->count);
    free(v->held);
    v->held = NULL;
    v->capacity = 0;
}

#ifdef MINE_wrap_text
void wrap_text(size_t n, int width, unsigned char text[n]);
#else
/* Breaks a text into lines of at most `width` characters, at spaces: some become '\n'. A word
 * that is longer stays whole. text [n], valid UTF-8, changed in place */
static inline void wrap_text(size_t n, int width, unsigned char text[n])
{
    size_t space = n; /* the last one in this line; n: it has none yet */
    int line = 0;     /* how many characters it has */
    for (size_t i = 0; i < n; i++) {
        line += (text[i] & 0xC0) != 0x80; /* the first byte of a character */
        if (text[i] == ' ')
            space = i;
        if (text[i] == '\n') {
            space = n;
            line = 0;
        }
        if (line > width && space < n) {
            text[space] = '\n';
            i = space;
            space = n;
            line = 0;
        }
    }
}
#endif

/* GPT-2 at work on one text. */
struct gpt2 {
    const char *folder;
    struct checkpoint model;
    struct vocabulary vocabulary; /* size 0: there is none, and tokens are only ids */
    bool teaching;                /* chapters 3 to 11 read the text, not chapter 12 */
    struct fast_reader fast;
    struct kv_cache cache;
    int *ids, count, read; /* [positions + 1]: the text, and how much of it was read */
    float *logits;         /* [V]: what comes next, after what was read */
};

/* Opens the model in a folder; its vocabulary too, if it has one or needs one. */
static inline void open_gpt2(struct gpt2 *g, const char *folder, bool needs_vocabulary,
                             bool teaching, enum weight_kind kind)
{
    *g = (struct gpt2){
        .folder = folder, .model = load_checkpoint(folder), .teaching = teaching};
    const struct config *c = &g->model.config;
    narrow(&g->model, kind);
    g->vocabulary = open_vocabulary(folder, c, needs_vocabulary);
    g->ids = grab((size_t)c->positions + 1, sizeof *g->ids);
    g->logits = grab((size_t)c->V, sizeof *g->logits);
    if (teaching)
        g->cache = new_kv_cache(c->positions, c);
    else
        g->fast = new_fast_reader(c, &g->model.weights, c->positions);
}

static inline void close_gpt2(struct gpt2 *g)
{
    if (g->teaching)
        free_kv_cache(&g->cache);
    else
        free_fast_reader(&g->fast);
    free(g->ids);
    free(g->logits);
    if (g->vocabulary.size)
        free_vocabulary(&g->vocabulary);
    free_model(&g->model);
}

static inline bool are_finite(size_t n, const float *x)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

/* The logits after token t are infinite or not numbers: ends the program, and names the first
 * tensor in which that is so. */
static inline _Noreturn void no_numbers(const struct gpt2 *g, int t)
{
    const struct config *c = &g->model.config;
    const size_t size = (size_t)(t + 1) * (size_t)c->C;
    struct fast_pass pass = new_fast_pass(1, t + 1, c);
    fast_forward(c, &pass, g->ids, &g->model.weights);
    char *name = NULL, *token = token_label(&g->vocabulary, g->ids[t]);
    if (!are_finite(size, pass.embedding))
        name = format_text("embedding");
    for (int l = 0; l < c->L && !name; l++)
        if (!are_finite(size, pass.h[l].mid))
            name = format_text("h.%d.mid", l);
        else if (!are_finite(size, pass.h[l].output))
            name = format_text("h.%d.output", l);
    die("%s: the model gives no numbers after token %d, %s: the first tensor with an "
        "infinity or a NaN is %s",
        g->folder, t, token, name ? name : "logits");
}

/* A new text: T tokens, T at most `positions`. The beginning that it shares with the old one need
 * not be read again. */
static inline void begin_text(struct gpt2 *g, int T, const int ids[T])
{
    g->read = g->read ? reusable(g->read, g->ids, T, ids) : 0;
    g->fast.used = g->cache.used = g->read;
    memcpy(g->ids, ids, (size_t)T * sizeof *ids);
    g->count = T;
}

/* Reads n tokens of the text with the functions of chapters 3 to 11: a prompt at once, the rest
 * token by token. With `all`, [n, V], the logits after each go there. */
static inline void read_slowly(struct gpt2 *g, int n, float *all)
{
    const struct config *c = &g->model.config;
    const struct weights *w = &g->model.weights;
    const size_t V = (size_t)c->V, row = V * sizeof(float);
    const int *ids = g->ids + g->read;
    if (g->read == 0) {
        struct stack s = new_stack(n, c);
        run_stack(n, c, &s, ids, w);
        keep_all(n, c, &g->cache, ids, &s);
        memcpy(g->logits, (float *)s.logits + (size_t)(n - 1) * V, row);
        if (all)
            memcpy(all, s.logits, (size_t)n * row);
        free_stack(&s);
        return;
    }
    for (int t = 0; t < n; t++) {
        read_token(c, &g->cache, (void *)g->logits, ids[t], w);
        if (all)
            memcpy(all + (size_t)t * V, g->logits, row);
    }
}

/* Reads the next n tokens of the text. Dies if the model gives no numbers. */
static inline void read_tokens(struct gpt2 *g, int n, float *all)
{
    const size_t V = (size_t)g->model.config.V;
    if (g->teaching)
        read_slowly(g, n, all);
    else
        memcpy(g->logits, fast_read(&g->fast, n, g->ids + g->read, all),
               V * sizeof *g->logits);
    for (int t = all ? 0 : n - 1; t < n; t++)
        if (!are_finite(V, all ? all + (size_t)t * V : g->logits))
            no_numbers(g, g->read + t);
    g->read += n;
}

/* Does the text have one token more than the model has room for? That one cannot be read. */
static inline bool is_full(const struct gpt2 *g)
{
    return g->count > g->model.config.positions;
}

/* Reads what has not been read yet → the logits [V] after the last token. */
static inline const float *catch_up(struct gpt2 *g)
{
    if (g->read < g->count)
        read_tokens(g, g->count - g->read, NULL);
    return g->logits;
}

#ifdef MINE_forbid_repeats
void forbid_repeats(int V, float logits[V], int T, const int ids[T], int n);
#else
/* Forbids each token that would make the last n tokens of the text a run that it already has:
 * wherever its last n - 1 tokens occur, the token that followed them gets -infinity.
 * logits [V], ids [T], n 1 or more */
static inline void forbid_repeats(int V, float logits[V], int T, const int ids[T], int n)
{
    const int before = n - 1; /* how many tokens must be the same */
    (void)V;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t]] = -INFINITY;
}
#endif

/* What is wanted of a text. */
struct wish {
    struct sampling how; /* chapter 10's settings */
    int no_repeat;       /* no run of this many tokens twice; 0: no such rule */
    int most;            /* how many new tokens */
};

/* Why a text ends. */
enum last_word { ALL_WRITTEN, TEXT_OVER, NO_ROOM, STOP_SAID, NOTHING_LEFT, INTERRUPTED };

/* Set by Ctrl-C. */
static volatile sig_atomic_t interrupted;

/* Chooses the next token as the wish says; -1 if every token is forbidden. *state belongs to
 * the random numbers. */
static inline int choose_next(const struct gpt2 *g, const float *logits,
                              const struct wish *wish, uint64_t *state)
{
    const int V = g->model.config.V;
    float *row = grab((size_t)V, sizeof *row);
    memcpy(row, logits, (size_t)V * sizeof *row);
    if (wish->how.penalty > 1)
        fade_repeats(V, row, g->count, g->ids, wish->how.penalty);
    if (wish->no_repeat)
        forbid_repeats(V, row, g->count, g->ids, wish->no_repeat);
    const bool none = row[likeliest(V, row)] == -INFINITY;
    const int id = none ? -1 : choose_token(V, row, &wish->how, state);
    free(row);
    return id;
}

/* Writes: reads the tokens not read yet, chooses the next, says it, and repeats. `say` returns
 * false if the text should end with this token. → why it ended, and *count new tokens */
static inline enum last_word write_on(struct gpt2 *g, const struct wish *wish,
                                      uint64_t *state, bool (*say)(void *to, int id),
                                      void *to, int *count)
{
    const int end = g->vocabulary.size ? g->vocabulary.end_of_text : -1;
    for (*count = 0; *count < wish->most; ++*count) {
        if (is_full(g))
            return NO_ROOM;
        const float *logits = catch_up(g);
        if (interrupted)
            return INTERRUPTED;
        const int id = choose_next(g, logits, wish, state);
        if (id < 0)
            return NOTHING_LEFT;
        g->ids[g->count++] = id;
        const bool go_on = say(to, id);
        if (id == end || !go_on) {
            ++*count;
            return id == end ? TEXT_OVER : STOP_SAID;
        }
    }
    return ALL_WRITTEN;
}

/* The n likeliest of V tokens, and how likely they are. → best [n], the likeliest first */
static inline void likeliest_tokens(int V, const float logits[V], int n,
                                    struct candidate best[n])
{
    float *p = grab((size_t)V, sizeof *p);
    struct candidate *all = grab((size_t)V, sizeof *all);
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){p[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    memcpy(best, all, (size_t)n * sizeof *best);
    free(p);
    free(all);
}

#endif
