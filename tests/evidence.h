/* evidence.h: what explain.h looks at: the wrong numbers, and what there was around them. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <ctype.h>

enum { MOST_SOURCES = 96, MOST_LISTED = 3, MOST_NAMED = 6 };

/* How a source takes part: it came out itself, or the right number with it added, … */
enum way { ALONE, PLUS, MINUS, TIMES, DIVIDED, WAYS };
enum {
    BY_ITSELF = 1 << ALONE,
    IN_SUMS = 1 << PLUS | 1 << MINUS,
    IN_PRODUCTS = 1 << TIMES | 1 << DIVIDED
};

/* A number, or an array of them, from which what came out may be made. */
enum origin { MEMORY, CONSTANT, QUANTITY, FORMULA, PLACE, GIVEN, RECORD, BEFORE };
struct source {
    enum origin origin;
    unsigned ways;
    char name[80];
    size_t size; /* 0: one number */
    bool bytes;
    double value, *made; /* `made`: to be freed */
    const double *values;
};

/* A record, and what there was in its case. */
struct seen {
    const struct recorded *r;
    size_t n;             /* elements of got and want, of the shorter */
    bool *bad;            /* of each element: is it wrong? */
    size_t bads;          /* how many are */
    double largest, fine; /* number that should be; the tolerance, as a part of it */
    size_t sources;
    struct source source[MOST_SOURCES];
};

/* The records of one name: all of them, in the order of the cases, and the wrong ones, the
 * smallest first. */
struct evidence {
    const struct outcome *o;
    const char *name, *subject; /* `subject`: as a sentence says it */
    size_t count, wrongs, most; /* `most`: elements of the largest */
    struct seen *all, **wrong;
    const struct seen *lead; /* the wrong one with most around it, for names */
};

/* Runs through the wrong numbers: i of s->r. */
#define EACH_WRONG(v, s, i)                                                              \
    for (size_t i##_of = 0; i##_of < (v)->wrongs; i##_of++)                              \
        for (const struct seen *s = (v)->wrong[i##_of]; s; s = NULL)                     \
            for (size_t i = 0; i < s->n; i++)                                            \
                if (s->bad[i])

/* Adds to a text. */
static inline __attribute__((format(printf, 2, 3))) void say(char **text,
                                                             const char *format, ...)
{
    char more[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(more, sizeof more, format, arguments);
    va_end(arguments);
    char *longer = format_text("%s%s", *text, more);
    free(*text);
    *text = longer;
}

/* A number as a sentence shows it. */
static inline const char *spell(double x)
{
    static char texts[4][32];
    static int next;
    char *text = texts[next++ % 4];
    snprintf(text, sizeof *texts,
             isnan(x)                                        ? "nan"
             : isinf(x) || (fabs(x) < 1e16 && x == floor(x)) ? "%.0f"
                                                             : "%.3g",
             x);
    return text;
}

/* The same, a byte as the task has it: in hexadecimal. */
static inline const char *spell_as(const struct recorded *r, double x)
{
    static char text[8];
    if (r->measure != BYTES || !(x >= 0 && x < 256))
        return spell(x);
    snprintf(text, sizeof text, "%02X", (unsigned)x);
    return text;
}

static inline bool within(double a, double b, double allowed)
{
    return a == b || (isnan(a) && isnan(b)) || (isfinite(b) && fabs(a - b) <= allowed);
}

/* Are two names the same but for a number: `x of token 3` and `x of token 4`, `h[0].x` and
 * `h[1].x`, but not `ln_1` and `ln_2`? They are explained together. */
static inline bool same_name(const char *a, const char *b)
{
    for (char before = 0; *a == *b || (strchr("[ ", before) && before);
         before = *a++, b++) {
        if (before == '[' || before == ' ') {
            a += strspn(a, "0123456789");
            b += strspn(b, "0123456789");
        }
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
    return false;
}

static inline size_t columns_of(const struct recorded *r)
{
    return r->rank ? (size_t)r->axes[r->rank - 1].length : 1;
}

static inline struct source *add_source(struct seen *s, enum origin origin, unsigned ways,
                                        double value, const char *format,
                                        const char *name)
{
    static struct source spare;
    struct source *to = s->sources < MOST_SOURCES ? &s->source[s->sources++] : &spare;
    *to = (struct source){.origin = origin, .ways = ways, .value = value};
    snprintf(to->name, sizeof to->name, format, name);
    return to;
}

static inline struct source *add_array(struct seen *s, enum origin origin, unsigned ways,
                                       const char *name, size_t size,
                                       const double *values)
{
    struct source *to = add_source(s, origin, ways, 0, "%s", name);
    to->size = size;
    to->values = values;
    return to;
}

static inline const struct source *source_of(const struct seen *s,
                                             const struct source *like)
{
    for (size_t i = 0; i < s->sources; i++)
        if (s->source[i].origin == like->origin &&
            strcmp(s->source[i].name, like->name) == 0)
            return &s->source[i];
    return NULL;
}

/* A number that a case names, "T = 3", or that an axis has as its length. */
static inline void add_quantity(struct seen *s, const char *name, double x)
{
    struct source named = {.origin = QUANTITY};
    snprintf(named.name, sizeof named.name, "%s", name);
    if (source_of(s, &named))
        return;
    add_source(s, QUANTITY, BY_ITSELF | IN_SUMS | IN_PRODUCTS, x, "%s", name);
    if (x > 1 && x == floor(x)) {
        add_source(s, FORMULA, IN_PRODUCTS, sqrt(x), "√%s", name);
        add_source(s, FORMULA, IN_PRODUCTS, x * x, "the square of %s", name);
        add_source(s, FORMULA, IN_PRODUCTS, x / (x - 1), "n / (n - 1), with n for %s,",
                   name);
    }
    add_source(s, PLACE, BY_ITSELF, x - 1, "%s less 1", name);
    add_source(s, PLACE, BY_ITSELF, x + 1, "%s plus 1", name);
}

/* The numbers in the words of a case, outside of quotes and braces: "T = 3", "window 3", which
 * come after a name, and "3 tokens". */
static inline void add_quantities(struct seen *s)
{
    const char *text = s->r->situation;
    char name[40];
    for (const char *p = text; *p;) {
        const char *close = *p == '{'   ? strrchr(p, '}')
                            : *p == '"' ? strchr(p + 1, '"')
                                        : NULL;
        char *end = (char *)(uintptr_t)(close ? close + 1 : p + 1);
        if (!close && (p == text || strchr(" (=", p[-1])) &&
            isdigit((unsigned char)p[*p == '-'])) {
            const double x = strtod(p, &end);
            const char *last = p;
            while (last > text && strchr(" =", last[-1]))
                last--;
            const char *word = last;
            while (word > text && isalpha((unsigned char)word[-1]))
                word--;
            int n = (int)(last - word), after = 0;
            while (*end == ' ' && isalpha((unsigned char)end[1 + after]))
                after++;
            const bool named = n > 0 && n < 20 && strncmp(word, "the ", 4) != 0,
                       counted = after > 0 && after < 20 && (end[after] == 's' || x == 1);
            if (named)
                snprintf(name, sizeof name, "%.*s", n, word);
            else
                snprintf(name, sizeof name, "the number of %.*s%s", after, end + 1,
                         end[after] == 's' ? "" : "s");
            if (named || counted)
                add_quantity(s, name, x);
        }
        p = end;
    }
    if (s->r->rank == 1 || s->r->rank == 2)
        add_quantity(s, s->r->rank == 1 ? "the number of elements" : "the number of rows",
                     s->r->axes[0].length);
    if (s->r->rank == 2)
        add_quantity(s, "the number of columns", s->r->axes[1].length);
}

static const struct {
    double value;
    unsigned ways;
    const char *name;
} constants[] = {
    {0, BY_ITSELF, "0"},
    {1, BY_ITSELF, "1"},
    {-1, BY_ITSELF, "-1"},
    {INFINITY, BY_ITSELF, "inf"},
    {-INFINITY, BY_ITSELF, "-inf"},
    {NAN, BY_ITSELF, "nan"},
    {2, IN_PRODUCTS, "2"},
    {3, IN_PRODUCTS, "3"},
    {4, IN_PRODUCTS, "4"},
    {8, IN_PRODUCTS, "8"},
    {10, IN_PRODUCTS, "10"},
    {100, IN_PRODUCTS, "100"},
    {256, IN_PRODUCTS, "256"},
    {1.4142135623730951, IN_PRODUCTS, "√2"},
    {2.7182818284590452, IN_PRODUCTS, "e"},
    {3.1415926535897932, IN_PRODUCTS, "π"},
    {0.69314718055994531, IN_PRODUCTS, "ln 2"},
    {2.302585092994046, IN_PRODUCTS, "ln 10"},
};

/* An input that has more rows than what comes out, its first rows, and, with ids, the rows that
 * the ids choose. */
static inline void add_chosen(struct seen *s, const struct input *table)
{
    const size_t n = s->r->want_size, columns = columns_of(s->r);
    if (table->rank != 2 || s->r->rank != 2 || (size_t)table->axes[1].length != columns ||
        n == 0)
        return;
    char name[80];
    if (table->size > n) {
        snprintf(name, sizeof name, "the first rows of %.30s", table->name);
        add_array(s, GIVEN, BY_ITSELF | IN_SUMS | IN_PRODUCTS, name, n, table->values);
    }
    for (size_t i = 0; i < s->sources; i++) {
        const struct source *ids = &s->source[i];
        bool good = ids->origin == GIVEN && ids->size == n / columns;
        for (size_t t = 0; good && t < ids->size; t++)
            good = ids->values[t] >= 0 && ids->values[t] < table->axes[0].length &&
                   ids->values[t] == floor(ids->values[t]);
        if (!good || s->sources == MOST_SOURCES)
            continue;
        double *rows = grab(n, sizeof *rows);
        for (size_t k = 0; k < n; k++)
            rows[k] =
                table->values[(size_t)ids->values[k / columns] * columns + k % columns];
        snprintf(name, sizeof name, "the rows of %.20s at %.20s", table->name, ids->name);
        add_array(s, GIVEN, BY_ITSELF | IN_SUMS | IN_PRODUCTS, name, n, rows)->made =
            rows;
    }
}

/* Looks at a record: which elements are wrong, and what there was in its case. */
static inline struct seen see(const struct outcome *o, const struct recorded *r,
                              const struct recorded *before)
{
    const unsigned all = BY_ITSELF | IN_SUMS | IN_PRODUCTS;
    const size_t both = r->got_size < r->want_size ? r->got_size : r->want_size;
    const size_t n = r->got_size + r->want_size - both;
    const double allowed = tolerance(r), largest = largest_finite(r->want_size, r->want);
    struct seen s = {.r = r, .n = both, .bad = grab(n + 1, sizeof *s.bad)};
    unsigned char memory[8];
    s.largest = largest;
    s.fine = largest > 0 ? allowed / largest : 0;
    for (size_t i = 0; i < n; i++) {
        s.bad[i] = i >= both || !agree(r, r->got[i], r->want[i], allowed);
        s.bads += s.bad[i];
    }
    memset(memory, filling[r->turn], sizeof memory);
    if (!plain) /* one turn cannot tell what is never set from a nan that was computed */
        add_source(&s, MEMORY, BY_ITSELF | 1 << PLUS, element(r->measure, memory, 0),
                   "%s", "what was in memory before the call");
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        add_source(&s, CONSTANT, constants[i].ways, constants[i].value, "%s",
                   constants[i].name);
    for (size_t i = 0; i < o->input_count; i++) {
        const struct input *in = &o->inputs[i];
        if (in->turn != r->turn || strcmp(in->situation, r->situation) != 0)
            continue;
        add_array(&s, GIVEN, all, in->name, in->size, in->values)->bytes =
            in->measure == BYTES;
        add_chosen(&s, in);
    }
    for (size_t i = 0; i < o->count; i++)
        if (&o->all[i] != r && o->all[i].turn == r->turn &&
            strcmp(o->all[i].situation, r->situation) == 0)
            add_array(&s, RECORD, all, o->all[i].name, o->all[i].want_size,
                      o->all[i].want);
    if (before) {
        add_array(&s, BEFORE, BY_ITSELF, "the one that was right in the call before",
                  before->want_size, before->want);
        add_array(&s, BEFORE, 1 << PLUS, "what came out of the call before",
                  before->got_size, before->got);
    }
    add_quantities(&s);
    return s;
}

static inline int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline int by_size(const void *a, const void *b)
{
    const struct seen *x = *(struct seen *const *)a, *y = *(struct seen *const *)b;
    const size_t n = x->r->want_size, m = y->r->want_size;
    return n != m ? (n > m) - (n < m) : (x > y) - (x < y);
}

static inline struct evidence evidence_of(const struct outcome *o, const char *name)
{
    struct evidence v = {.o = o, .name = name, .most = 1};
    v.subject = strchr(name, ' ') && strncmp(name, "the ", 4) != 0 ? "it" : name;
    v.all = grab(o->count + 1, sizeof *v.all);
    v.wrong = grab(o->count + 1, sizeof *v.wrong);
    for (size_t i = 0; i < o->count; i++)
        if (same_name(o->all[i].name, name)) {
            v.all[v.count] = see(o, &o->all[i], v.count ? v.all[v.count - 1].r : NULL);
            v.count++;
        }
    for (size_t i = 0; i < v.count; i++) {
        if (v.all[i].bads > 0)
            v.wrong[v.wrongs++] = &v.all[i];
        if (v.all[i].r->want_size > v.most)
            v.most = v.all[i].r->want_size;
    }
    qsort(v.wrong, v.wrongs, sizeof *v.wrong, by_size);
    for (size_t w = 0; w < v.wrongs; w++)
        if (!v.lead || v.wrong[w]->sources > v.lead->sources)
            v.lead = v.wrong[w];
    return v;
}

static inline void free_evidence(struct evidence *v)
{
    for (size_t i = 0; i < v->count; i++) {
        for (size_t k = 0; k < v->all[i].sources; k++)
            free(v->all[i].source[k].made);
        free(v->all[i].bad);
    }
    free(v->all);
    free(v->wrong);
}

/* Is one number wrong, in one case? */
static inline bool one_case(const struct evidence *v)
{
    for (size_t w = 0; w < v->wrongs; w++)
        if (v->wrong[w]->r->rank > 0 ||
            strcmp(v->wrong[w]->r->situation, v->wrong[0]->r->situation) != 0)
            return false;
    return true;
}

#endif
