/* explain.h: what comes out of a wrong function, in words.
 *
 *     char *text = explain(e, &o);    "Every number of scores is √D times the right one …"
 *
 * The grader asks it when it knows neither the mistake nor a change that gives the same numbers.
 * A guess, one line of the table `guesses`, predicts what came out from what should have, and
 * from what was given. The first guess that is right about the wrong numbers of every wrong case
 * is told, with the region in which they are and with what the wrong cases share. So a sentence
 * says what comes out, and it is true of all cases; the cause is left to the reader.
 *
 * exercise.h includes this file. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <ctype.h>

/* ---- What is looked at --------------------------------------------------------------- */

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
    char name[64];
    size_t size; /* 0: one number */
    double value, *values;
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

static inline void add_array(struct seen *s, enum origin origin, unsigned ways,
                             const char *name, size_t size, const double *values)
{
    struct source *to = add_source(s, origin, ways, 0, "%s", name);
    to->size = size;
    to->values = grab(size + 1, sizeof *values);
    memcpy(to->values, values, size * sizeof *values);
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
    const struct source like = {.origin = QUANTITY};
    struct source named = like;
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
    const struct outcome *o = NULL;
    (void)o;
    const size_t n = s->r->want_size, columns = columns_of(s->r);
    if (table->rank != 2 || s->r->rank != 2 || (size_t)table->axes[1].length != columns ||
        n == 0)
        return;
    char name[64];
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
        add_array(s, GIVEN, BY_ITSELF | IN_SUMS | IN_PRODUCTS, name, n, rows);
        free(rows);
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
    add_source(&s, MEMORY, BY_ITSELF | 1 << PLUS, element(r->measure, memory, 0), "%s",
               "what was in memory before the call");
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        add_source(&s, CONSTANT, constants[i].ways, constants[i].value, "%s",
                   constants[i].name);
    for (size_t i = 0; i < o->input_count; i++) {
        const struct input *in = &o->inputs[i];
        if (in->turn != r->turn || strcmp(in->situation, r->situation) != 0)
            continue;
        add_array(&s, GIVEN, all, in->name, in->size, in->values);
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
            free(v->all[i].source[k].values);
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

/* ---- Guesses: what may have come out ------------------------------------------------- */

/* A predictor fills p with what would come out, an element each, or SILENT where it does not
 * say. `choice` is one of its variants. False: that variant does not apply here. */
#define SILENT (-1.2345678e300)

/* A source for each element: one for all, one for each, one for each column or row. What was
 * there before may be longer. */
static inline bool lay_out(const struct evidence *v, const struct seen *s,
                           const struct source *from, double *p)
{
    const size_t n = s->r->want_size, columns = columns_of(s->r);
    if (!from || n == 0)
        return false;
    const size_t size = from->size;
    const bool whole = size == n || (size > n && strcmp(from->name, v->name) == 0);
    if (!whole && size > 0 &&
        (s->r->rank < 2 || (size != columns && size != n / columns)))
        return false;
    for (size_t i = 0; i < n; i++)
        p[i] = size == 0 ? from->value
                         : from->values[whole             ? i
                                        : size == columns ? i % columns
                                                          : i / columns];
    return true;
}

static inline bool predict_source(const struct evidence *v, const struct seen *s,
                                  int choice, double *p)
{
    const struct source *like = &v->lead->source[choice / WAYS];
    if (choice / WAYS >= (int)v->lead->sources || !(like->ways & 1u << choice % WAYS) ||
        !lay_out(v, s, source_of(s, like), p))
        return false;
    for (size_t i = 0; i < s->r->want_size; i++) {
        const double w = s->r->want[i], x = p[i];
        p[i] = (const double[]){x, w + x, w - x, w * x, w / x}[choice % WAYS];
    }
    return true;
}

/* "D", "D or T": all quantities that are the same in the wrong cases. */
static inline char *name_of(const struct evidence *v, const struct source *x, bool alone)
{
    if (x->origin == GIVEN && strcmp(x->name, v->name) == 0)
        return format_text("what was there before the call");
    char *text =
        format_text(!alone                              ? "%s"
                    : x->origin == RECORD               ? "the one that belongs in %s"
                    : x->origin == GIVEN && x->size > 1 ? "the one in %s, as given"
                                                        : "%s",
                    x->name);
    for (size_t i = 0; i < v->lead->sources && x->origin == QUANTITY; i++) {
        const struct source *other = &v->lead->source[i];
        bool same = other->origin == QUANTITY && other != x;
        for (size_t w = 0; same && w < v->wrongs; w++) {
            const struct source *a = source_of(v->wrong[w], x),
                                *b = source_of(v->wrong[w], other);
            same = a && b && a->value == b->value;
        }
        if (same)
            say(&text, " or %s", other->name);
    }
    return text;
}

static inline char *say_source(const struct evidence *v, int choice)
{
    const struct source *x = &v->lead->source[choice / WAYS];
    const bool array = x->origin == GIVEN || x->origin == RECORD;
    static const char *const ways[] = {"%s", "the right one plus %s",
                                       "the right one minus %s", "%s times the right one",
                                       "the right one divided by %s"};
    char *name = name_of(v, x, choice % WAYS == ALONE),
         *text = format_text(ways[choice % WAYS], name);
    if (x->origin == MEMORY)
        say(&text, choice % WAYS == ALONE ? ": it is never set"
                                          : ": it is added to, but never set");
    else if (array && choice % WAYS == MINUS)
        say(&text, ", as if that were left out of a sum");
    else if (array && choice % WAYS == DIVIDED)
        say(&text, ", as if that factor were left out");
    else if (x->origin == FORMULA || (x->origin == QUANTITY && choice % WAYS != ALONE))
        say(&text, " (%s the first time)", spell(x->value));
    free(name);
    return text;
}

/* Two arrays: their sum, difference or product, or one in place of the other in a sum or as a
 * factor of the right one. */
enum {
    PAIRS = MOST_SOURCES * MOST_SOURCES,
    SUM = 0,
    INSTEAD_ADDED,
    INSTEAD_FACTOR,
    DIFFERENCE,
    PRODUCT,
    PAIR_WAYS
};

static inline bool predict_pair(const struct evidence *v, const struct seen *s,
                                int choice, double *p)
{
    const struct source *all = v->lead->source, *a = &all[choice % PAIRS / MOST_SOURCES],
                        *b = &all[choice % MOST_SOURCES];
    const int way = choice / PAIRS;
    if (a->size == 0 || b->size == 0 || ((way == SUM || way == PRODUCT) ? a > b : a == b))
        return false;
    double *q = grab(s->r->want_size + 1, sizeof *q);
    const bool good =
        lay_out(v, s, source_of(s, a), p) && lay_out(v, s, source_of(s, b), q);
    for (size_t i = 0; good && i < s->r->want_size; i++) {
        const double w = s->r->want[i], x = p[i], y = q[i];
        p[i] = (const double[]){x + y, w + x - y, w * x / y, x - y, x * y}[way];
    }
    free(q);
    return good;
}

static inline char *say_pair(const struct evidence *v, int choice)
{
    static const char *const says[] = {
        "%s plus %s", "the right one with %s in place of %s in a sum",
        "the right one with %s in place of %s as a factor", "%s minus %s", "%s times %s"};
    const struct source *all = v->lead->source;
    char *a = name_of(v, &all[choice % PAIRS / MOST_SOURCES], false),
         *b = name_of(v, &all[choice % MOST_SOURCES], false);
    char *text = format_text(says[choice / PAIRS], a, b);
    free(a);
    free(b);
    return text;
}

/* The right number, changed. */
#define MAPS(MAP)                                                                        \
    MAP(negated, -x, "the right one with its sign turned")                               \
    MAP(absolute, fabs(x), "the right one without its sign")                             \
    MAP(not_negative, x < 0 ? 0 : x, "0 where it should be negative")                    \
    MAP(not_infinite, isinf(x) ? 0 : x, "0 where it should be infinite")                 \
    MAP(rest_of_one, 1 - x, "1 minus the right one")                                     \
    MAP(reciprocal, 1 / x, "1 divided by the right one")                                 \
    MAP(squared, x *x, "the square of the right one")                                    \
    MAP(root, sqrt(x), "the square root of the right one")                               \
    MAP(power, exp(x), "e to the power of the right one")                                \
    MAP(logarithm, log(x), "the logarithm of the right one")                             \
    MAP(minus_logarithm, -log(x), "minus the logarithm of the right one")                \
    MAP(minus_power, exp(-x), "e to the power of minus the right one")                   \
    MAP(cut, trunc(x), "the right one with what comes after the point cut off")          \
    MAP(down, floor(x), "the right one rounded down to a whole number")                  \
    MAP(whole, round(x), "the right one rounded to a whole number")                      \
    MAP(in_int, fabs(x) < 9e18 ? (double)(int32_t)(uint32_t)(int64_t)x : x,              \
        "what an int keeps of the right one, its lowest 32 bits")                        \
    MAP(in_bits, fabs(x) < 9e18 ? (double)(uint32_t)(int64_t)x : x,                      \
        "what 32 bits keep of the right one, its lowest")                                \
    MAP(in_byte, fabs(x) < 9e18 ? (double)(unsigned char)(int64_t)x : x,                 \
        "the lowest byte of the right one")                                              \
    MAP(in_float, (double)(float)x, "the right one rounded to a float, which has 24 bits")

#define MAP_FUNCTION(name, value, says)                                                  \
    static double map_##name(double x)                                                   \
    {                                                                                    \
        return value;                                                                    \
    }
#define MAP_LINE(name, value, says) {map_##name, says},
MAPS(MAP_FUNCTION)
static const struct {
    double (*f)(double);
    const char *says;
} maps[] = {MAPS(MAP_LINE)};

static inline bool predict_map(const struct evidence *v, const struct seen *s, int choice,
                               double *p)
{
    (void)v;
    for (size_t i = 0; i < s->r->want_size; i++)
        p[i] = maps[choice].f(s->r->want[i]);
    return true;
}

static inline char *say_map(const struct evidence *v, int choice)
{
    (void)v;
    return format_text("%s", maps[choice].says);
}

/* A right number, from another position. */
enum move {
    EXCHANGED,
    BACKWARDS,
    ROLLED,
    ROLLED_BACK,
    SHIFTED,
    SHIFTED_BACK,
    ALL_FIRST,
    ALL_LAST,
    COMBED,
    COMBED_BACK,
    MOVES,
    MOST_PARTS = 16
};

static inline void indices_of(const struct recorded *r, size_t i, int at[MOST_AXES])
{
    for (int a = r->rank - 1; a >= 0; a--) {
        at[a] = (int)(i % (size_t)r->axes[a].length);
        i /= (size_t)r->axes[a].length;
    }
}

/* Where in `want` the number comes from that is found at i; -1: nowhere. `b` is the other axis,
 * or how many parts are combed. */
static inline long moved(const struct recorded *r, enum move move, int a, int b, size_t i)
{
    int at[MOST_AXES] = {0}, length = r->axes[a].length, *x = &at[a];
    struct recorded laid = *r;
    if (move == EXCHANGED) {
        laid.axes[a] = r->axes[b];
        laid.axes[b] = r->axes[a];
    }
    indices_of(&laid, i, at);
    const int was = *x, part = move >= COMBED ? length / b : 1;
    *x = move == EXCHANGED      ? at[b]
         : move == BACKWARDS    ? length - 1 - was
         : move == ROLLED       ? (was + length - 1) % length
         : move == ROLLED_BACK  ? (was + 1) % length
         : move == SHIFTED      ? was - 1
         : move == SHIFTED_BACK ? was + 1
         : move == ALL_FIRST    ? 0
         : move == ALL_LAST     ? length - 1
         : move == COMBED       ? was % part * b + was / part
                                : was % b * part + was / b;
    if (move == EXCHANGED)
        at[b] = was;
    long from = 0;
    for (int k = 0; k < r->rank; k++)
        from = at[k] < 0 || at[k] >= r->axes[k].length || from < 0
                   ? -1
                   : from * r->axes[k].length + at[k];
    return from;
}

static inline bool predict_moved(const struct evidence *v, const struct seen *s,
                                 int choice, double *p)
{
    (void)v;
    const struct recorded *r = s->r;
    const enum move move = (enum move)(choice % MOVES);
    const int a = choice / MOVES % MOST_AXES, b = choice / MOVES / MOST_AXES;
    if (a >= r->rank ||
        (move == EXCHANGED ? b <= a || b >= r->rank
         : move >= COMBED  ? b < 2 || r->axes[a].length % b || r->axes[a].length == b
                           : b > 0))
        return false;
    for (size_t i = 0; i < r->want_size; i++) {
        const long from = moved(r, move, a, b, i);
        p[i] = from < 0 ? SILENT : r->want[from];
    }
    return true;
}

/* What an axis runs over. */
static inline const char *noun(const struct recorded *r, int axis)
{
    static const char *const nouns[] = {"column", "row", "part", "part"};
    static char label[32];
    const struct axis *x = &r->axes[axis];
    if (x->labels && x->length && sscanf(x->labels[0], "%30[a-z] 0", label) == 1 &&
        strstr(x->labels[0], " 0"))
        return label;
    return r->rank == 1 ? "element" : nouns[r->rank - 1 - axis];
}

static inline char *say_moved(const struct evidence *v, int choice)
{
    static const char *const says[MOVES] = {
        "the one of another position: %ss and %ss are exchanged",
        "the one of another position: the %ss come in reverse order",
        "the one that belongs one %s earlier, or in the last for the first",
        "the one that belongs one %s later, or in the first for the last",
        "the one that belongs one %s earlier",
        "the one that belongs one %s later",
        "the one that belongs in the first %s",
        "the one that belongs in the last %s",
        "the one of another position: the %ss of parts that should follow each other "
        "take turns",
        "the one of another position: the %ss of parts that should take turns follow "
        "each other"};
    const struct recorded *r = v->wrong[0]->r;
    const int a = choice / MOVES % MOST_AXES, b = choice / MOVES / MOST_AXES;
    return format_text(says[choice % MOVES], noun(r, a), noun(r, b < r->rank ? b : a));
}

/* Sums along an axis: of an element and those before it; or of all. */
static inline bool predict_sums(const struct evidence *v, const struct seen *s,
                                int choice, double *p)
{
    (void)v;
    const struct recorded *r = s->r;
    const int a = choice / 2;
    if (a >= r->rank)
        return false;
    for (size_t i = 0; i < r->want_size; i++) {
        const long from = moved(r, SHIFTED, a, 0, i);
        p[i] = r->want[i] + (from < 0 ? 0 : p[from]);
    }
    for (size_t i = r->want_size; choice % 2 && i-- > 0;) {
        const long from = moved(r, SHIFTED_BACK, a, 0, i);
        p[i] = from < 0 ? p[i] : p[from];
    }
    return true;
}

static inline char *say_sums(const struct evidence *v, int choice)
{
    return format_text(choice % 2
                           ? "the sum of the right ones of all %ss"
                           : "the right one plus those of all %ss before it: a sum is "
                             "not set back to 0",
                       noun(v->wrong[0]->r, choice / 2));
}

/* A factor or an offset, read from one wrong number, which is then silent: the same for all
 * cases, in each record, each row or each column. */
enum { OF_ALL, OF_RECORD, OF_ROW, OF_COLUMN, FITS };

static inline size_t group_of(const struct recorded *r, int of, size_t i)
{
    return of == OF_ROW ? i / columns_of(r) : of == OF_COLUMN ? i % columns_of(r) : 0;
}

/* Of each group, the wrong number that says most: the largest. */
static inline size_t *best_of(const struct seen *s, int of, size_t groups)
{
    const struct recorded *r = s->r;
    size_t *best = grab(groups + 1, sizeof *best);
    for (size_t g = 0; g < groups; g++)
        best[g] = s->n;
    for (size_t i = 0; i < s->n; i++) {
        size_t *b = &best[group_of(r, of, i)];
        if (s->bad[i] && isfinite(r->got[i]) && isfinite(r->want[i]) && r->want[i] != 0 &&
            (*b == s->n || fabs(r->want[i]) > fabs(r->want[*b])))
            *b = i;
    }
    return best;
}

static inline bool predict_fitted(const struct evidence *v, const struct seen *s,
                                  int choice, double *p)
{
    const int of = choice % FITS;
    const bool offset = choice >= FITS;
    const struct seen *from = of == OF_ALL ? v->wrong[0] : s;
    if (s->n == 0 || (of > OF_RECORD && s->r->rank < 2))
        return false;
    size_t *best = best_of(from, of, group_of(s->r, of, s->n - 1) + 1);
    for (size_t i = 0; i < s->n; i++) {
        const size_t b = best[group_of(s->r, of, i)];
        const bool found = b < from->n;
        const double got = found ? from->r->got[b] : 0,
                     want = found ? from->r->want[b] : 1;
        p[i] = !found || (from == s && i == b) ? SILENT
               : offset                        ? s->r->want[i] + got - want
                                               : s->r->want[i] * got / want;
    }
    free(best);
    return true;
}

static inline char *say_fitted(const struct evidence *v, int choice)
{
    static const char *const of[FITS] = {"", "case", "row", "column"};
    const struct seen *s = v->wrong[0];
    size_t *best = best_of(s, OF_ALL, 1);
    const double got = *best < s->n ? s->r->got[*best] : 0,
                 want = *best < s->n ? s->r->want[*best] : 1;
    free(best);
    if (choice == FITS)
        return format_text("%s too %s", spell(fabs(got - want)),
                           got > want ? "large" : "small");
    if (choice == 0)
        return format_text("%s times the right one", spell(got / want));
    return format_text(
        choice < FITS ? "the right one times a factor that is the same within each %s"
                      : "the right one plus an amount that is the same within each %s",
        of[choice % FITS]);
}

/* Whole numbers: what an array has at the right index; a different index at which it has the
 * same; bytes counted as characters, or up to the first 0. */
enum { AT, TIE, CHARACTERS, TO_ZERO, INDEXINGS };

static inline bool predict_index(const struct evidence *v, const struct seen *s,
                                 int choice, double *p)
{
    const struct source *like = &v->lead->source[choice / INDEXINGS];
    const struct source *from = like->origin == GIVEN ? source_of(s, like) : NULL;
    const struct recorded *r = s->r;
    if (choice / INDEXINGS >= (int)v->lead->sources || !from || !r->exact)
        return false;
    for (size_t i = 0; i < r->want_size; i++) {
        const double w = r->want[i], g = r->got[i], n = (double)from->size;
        const bool inside = w >= 0 && w < n, both = inside && g >= 0 && g < n;
        double count = 0;
        for (size_t b = 0; choice % INDEXINGS >= CHARACTERS && b < from->size && b < w;
             b++) {
            if (choice % INDEXINGS == TO_ZERO && from->values[b] == 0)
                break;
            count +=
                choice % INDEXINGS == TO_ZERO || ((int)from->values[b] & 0xC0) != 0x80;
        }
        p[i] = choice % INDEXINGS >= CHARACTERS     ? count
               : choice % INDEXINGS == AT && inside ? from->values[(size_t)w]
               : choice % INDEXINGS == TIE && both &&
                       from->values[(size_t)w] == from->values[(size_t)g]
                   ? g
                   : w;
    }
    return true;
}

static inline char *say_index(const struct evidence *v, int choice)
{
    static const char *const says[] = {
        "what %s has at the right index, not the index itself",
        "a different index, at which %s has the same number",
        "the right one counted in characters of %s, not in bytes",
        "the right one if %s ended at its first 0 byte"};
    return format_text(says[choice % INDEXINGS],
                       v->lead->source[choice / INDEXINGS].name);
}

/* ---- Which guess is right ------------------------------------------------------------ */

static const struct guess {
    bool (*predict)(const struct evidence *v, const struct seen *s, int choice,
                    double *p);
    char *(*say)(const struct evidence *v, int choice);
    int choices;
    size_t needs;  /* so many wrong numbers must be as predicted before it is believed */
    bool may_miss; /* a few cases may lack what it needs */
} guesses[] = {
    {predict_source, say_source, WAYS *MOST_SOURCES, 1, true},
    {predict_map, say_map, sizeof maps / sizeof *maps, 2, false},
    {predict_index, say_index, INDEXINGS *MOST_SOURCES, 2, false},
    {predict_moved, say_moved, MOVES *MOST_AXES *MOST_PARTS, 3, false},
    {predict_fitted, say_fitted, 1, 3, false},
    {predict_fitted, say_fitted, FITS + 1, 4, false},
    {predict_sums, say_sums, 2 * MOST_AXES, 4, false},
    {predict_pair, say_pair, PAIR_WAYS *PAIRS, 4, true},
    {predict_fitted, say_fitted, 2 * FITS, 4, false},
};

/* How well a guess does: wrong numbers, those that it speaks of, those as predicted. */
struct match {
    size_t wrong, told, open, hits, numbers[2]; /* `numbers`: hits in each turn */
    bool every; /* the right numbers are as predicted too */
};

static inline void compare(const struct seen *s, double *p, struct match *m)
{
    const struct recorded *r = s->r;
    double largest = 0;
    for (size_t i = 0; i < r->want_size; i++)
        if (r->measure == FLOATS && fabs(p[i]) > (double)FLT_MAX && p[i] != SILENT)
            p[i] = copysign(INFINITY, p[i]);
    for (size_t i = 0; i < r->want_size; i++)
        if (isfinite(p[i]) && p[i] != SILENT && fabs(p[i]) > largest)
            largest = fabs(p[i]);
    const double allowed = 16 * s->fine * largest + (s->fine > 0) * (double)FLT_MIN;
    *m = (struct match){.every = true};
    for (size_t i = 0; i < r->want_size; i++) {
        /* Of small numbers next to large ones, those count that are as predicted to five digits
         * and should be quite different. */
        const double want = r->want[i], got = r->got[i];
        const bool near = within(got, p[i], allowed),
                   sure = p[i] == want || !within(p[i], want, 2 * allowed) ||
                          (within(got, p[i], 2e-5 * fabs(p[i])) &&
                           !within(p[i], want, 0.01 * fabs(want)));
        m->wrong += s->bad[i];
        if (s->bad[i] && near && !sure && p[i] != SILENT)
            m->open++;
        if (p[i] == SILENT || (s->bad[i] && near && !sure))
            continue;
        m->every = m->every && near;
        m->told += s->bad[i];
        m->hits += s->bad[i] && near;
        m->numbers[r->turn] += s->bad[i] && near;
    }
}

/* Is a guess right about `share` of the wrong numbers of each wrong record? */
static inline bool is_right(const struct evidence *v, const struct guess *g, int choice,
                            double share, double *p, struct match *all)
{
    size_t missing = 0;
    *all = (struct match){.every = true};
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct seen *s = v->wrong[w];
        struct match m;
        if (s->r->got_size != s->r->want_size)
            return false;
        if (!g->predict(v, s, choice, p)) { /* a case may record less than others */
            missing += s->bads;
            if (!g->may_miss)
                return false;
            continue;
        }
        compare(s, p, &m);
        if ((double)m.hits < share * (double)m.told)
            return false;
        all->wrong += m.wrong;
        all->told += m.told;
        all->open += m.open;
        all->hits += m.hits;
        all->numbers[0] += m.numbers[0];
        all->numbers[1] += m.numbers[1];
        all->every = all->every && m.every;
    }
    size_t needs = g->needs;
    if (one_case(v) && g->predict == predict_source &&
        v->lead->source[choice / WAYS].origin == CONSTANT)
        return false;                   /* the difference itself, which is shown */
    if (g->predict == predict_source) { /* of some, one is enough; of others a chance */
        const enum origin origin = v->lead->source[choice / WAYS].origin;
        needs = origin <= CONSTANT && choice % WAYS == ALONE ? 1
                : origin == GIVEN || origin == RECORD        ? 2
                                                             : 3;
    }
    all->wrong += missing;
    all->every = all->every && !missing;
    return 2 * (all->told + all->open) >= all->wrong && 5 * missing <= all->wrong &&
           (all->numbers[0] >= needs || all->numbers[1] >= needs);
}

/* Should all wrong numbers be one and the same, or did they come out so? */
static inline bool all_same(const struct evidence *v, bool wanted, double *x)
{
    size_t count = 0;
    EACH_WRONG(v, s, i)
    {
        const double y = wanted ? s->r->want[i] : s->r->got[i];
        if (count++ && !within(y, *x, 0))
            return false;
        *x = y;
    }
    return count > 2;
}

/* "every wrong number of x is …", NULL where no guess is right. */
static inline char *what(const struct evidence *v, double share)
{
    double *p = grab(v->most + 1, sizeof *p), x, wanted;
    char *text = NULL, *says = NULL;
    struct match m = {.every = false};
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses && !says; g++)
        for (int c = 0; c < guesses[g].choices && !says; c++)
            if ((share > 0.9 || c < WAYS * MOST_SOURCES) &&
                is_right(v, &guesses[g], c, share, p, &m))
                says = guesses[g].say(v, c);
    if (!says && all_same(v, false, &x)) {
        says = format_text("%s", spell(x));
        m = (struct match){.every = false};
    }
    const char *how = share < 0.9 && m.hits < m.told
                          ? "more than half of the wrong numbers of"
                      : m.hits < m.told ? "nearly every wrong number of"
                      : m.every         ? "every number of"
                                        : "every wrong number of";
    if (says && v->wrong[0]->r->rank == 0)
        text =
            format_text("%s%s is %s", one_case(v) ? "" : "each time, ", v->subject, says);
    else if (says)
        text = format_text("%s %s %s %s", how, v->name,
                           strncmp(how, "more", 4) == 0 ? "are each" : "is", says);
    if (says && !strstr(says, "right one") && all_same(v, true, &wanted))
        say(&text, " and should be %s", spell(wanted));
    else if (says && strcmp(says, "-inf") == 0)
        say(&text, " and should not be");
    free(says);
    free(p);
    return text;
}

/* ---- Where: the region of the wrong numbers ------------------------------------------ */

/* Which elements are spoken of: all wrong ones, or those that are nan, or infinite. */
typedef bool (*picker)(const struct seen *s, size_t i);

static inline bool pick_wrong(const struct seen *s, size_t i)
{
    return s->bad[i];
}

static inline bool pick_nan(const struct seen *s, size_t i)
{
    return s->bad[i] && i < s->r->got_size && isnan(s->r->got[i]);
}

static inline bool pick_infinite(const struct seen *s, size_t i)
{
    return s->bad[i] && i < s->r->got_size && isinf(s->r->got[i]);
}

/* Regions of an axis with index x, and of the next with index y. lo and hi are the least and the
 * largest x that are picked; %1$s is what the axis runs over. */
#define REGIONS(REGION)                                                                  \
    REGION(x == lo && lo == hi, "in %1$s %2$d")                                          \
    REGION(x == last, "in the last %1$s")                                                \
    REGION(lo > 0 && x >= lo, "from %1$s %2$d on")                                       \
    REGION(x < last, "in the %1$ss before the last")                                     \
    REGION(x >= lo && x <= hi, "from %1$s %2$d to %3$d")                                 \
    REGION(x % 2 == 0, "in every second %1$s, starting with %1$s 0")                     \
    REGION(x % 2 == 1, "in every second %1$s, starting with %1$s 1")                     \
    REGION(y == x, "on the diagonal")                                                    \
    REGION(y < x, "below the diagonal")                                                  \
    REGION(y > x, "above the diagonal")                                                  \
    REGION(y <= x, "on the diagonal and below it")                                       \
    REGION(y >= x, "on the diagonal and above it")                                       \
    REGION(y != x, "off the diagonal")
enum { FIRST_OF_TWO = 7 }; /* regions from here on need two axes */

#define REGION_TEST(holds, says)                                                         \
    if (region-- == 0)                                                                   \
        return holds;
#define REGION_TEXT(holds, says) says,
static const char *const region_texts[] = {REGIONS(REGION_TEXT)};
enum { REGION_COUNT = sizeof region_texts / sizeof *region_texts };

static inline bool in_region(int region, int x, int y, int last, int lo, int hi)
{
    REGIONS(REGION_TEST)
    return false;
}

/* "x is wrong only in row 2": the smallest region that holds all that is picked, and little
 * else; NULL where none is smaller than the whole. Of long tensors, some elements that are not
 * picked are looked at. */
static inline char *where(const struct evidence *v, picker pick, const char *verb)
{
    const int rank = v->wrong[0]->r->rank;
    double best = 0.8;
    char *text = NULL;
    for (size_t w = 0; w < v->wrongs; w++)
        if (v->wrong[w]->r->got_size != v->wrong[w]->r->want_size)
            return NULL;
    for (int a = 0; a < rank; a++) {
        int lo = INT_MAX, hi = -1, longest = 0, at[MOST_AXES + 1] = {0};
        size_t in[REGION_COUNT] = {0}, picked = 0;
        bool holds[REGION_COUNT], smaller[REGION_COUNT] = {false};
        EACH_WRONG(v, s, i)
        if (pick(s, i)) {
            indices_of(s->r, i, at);
            lo = at[a] < lo ? at[a] : lo;
            hi = at[a] > hi ? at[a] : hi;
            picked++;
        }
        for (int k = 0; k < REGION_COUNT; k++)
            holds[k] = picked && (k < FIRST_OF_TWO || a + 2 == rank);
        for (size_t w = 0; w < v->wrongs; w++) {
            const struct seen *s = v->wrong[w];
            const int last = s->r->axes[a].length - 1;
            const size_t step = 1 + s->n / 8192;
            size_t out[REGION_COUNT] = {0};
            longest = last > longest ? last : longest;
            for (size_t i = 0; i < s->n; i++) {
                const bool is = pick(s, i);
                if (!is && i % step)
                    continue;
                indices_of(s->r, i, at);
                for (int k = 0; k < REGION_COUNT; k++) {
                    if (!holds[k])
                        continue;
                    const bool inside = in_region(k, at[a], at[a + 1], last, lo, hi);
                    holds[k] = inside || !is;
                    in[k] += !inside ? 0 : is ? 1 : step;
                    out[k] += inside ? 0 : step;
                }
            }
            for (int k = 0; k < REGION_COUNT; k++)
                smaller[k] = smaller[k] || 8 * out[k] >= s->n;
        }
        for (int k = 0; k < REGION_COUNT; k++) {
            if (!holds[k] || !smaller[k] ||
                (double)picked <= best * (double)in[k] + 1e-9 ||
                (k > 0 && longest < 2 && rank == 1))
                continue;
            best = (double)picked / (double)in[k];
            free(text);
            text = format_text("%s %s only ", v->name, verb);
            if (k == 0 && a == 0)
                say(&text, "in %s[%d]", v->name, lo);
            else
                say(&text, region_texts[k], noun(v->wrong[0]->r, a), lo, hi);
            say(&text, "%s", rank > 2 && a > 0 ? " of each part" : "");
        }
    }
    return text;
}

/* ---- In which cases ------------------------------------------------------------------ */

/* What may be true of an element of an input, and of any or all of them. */
#define FACTS(FACT)                                                                      \
    FACT(is_nan, isnan(x), "a nan", "no nan")                                            \
    FACT(is_infinite, isinf(x), "an infinity", "no infinity")                            \
    FACT(is_minus_zero, x == 0 && signbit(x), "a -0", "no -0")                           \
    FACT(overflows, x > 88.73, "a number above 88.7, whose e^x is infinite in a float",  \
         "no number above 88.7")                                                         \
    FACT(underflows, x < -103.98, "a number below -104, whose e^x is 0 in a float",      \
         "no number below -104")                                                         \
    FACT(is_zero, x == 0, "a 0", "no 0")                                                 \
    FACT(is_negative, x < 0, "a negative number", "no negative number")                  \
    FACT(is_positive, x > 0, "a positive number", "no positive number")
enum { RARE_FACTS = 6 };

#define FACT_FUNCTION(name, holds, yes, no)                                              \
    static bool fact_##name(double x)                                                    \
    {                                                                                    \
        return holds;                                                                    \
    }
#define FACT_LINE(name, holds, yes, no) {fact_##name, {no, yes}},
FACTS(FACT_FUNCTION)
static const struct {
    bool (*holds)(double);
    const char *says[2];
} facts[] = {
    FACTS(FACT_LINE){NULL, {"no number twice", "a number more than once"}},
};
enum { FACT_COUNT = sizeof facts / sizeof *facts };

static inline bool has(const struct source *x, int fact)
{
    for (size_t i = 0; i < x->size && i < 4096; i++) {
        if (facts[fact].holds && facts[fact].holds(x->values[i]))
            return true;
        for (size_t j = 0; j < i && i < 256 && !facts[fact].holds; j++)
            if (x->values[i] == x->values[j])
                return true;
    }
    return false;
}

/* The cases, each once, with what came of both turns. */
struct cases {
    size_t count, wrong;
    const struct seen **all;
    bool *bad;
};

static inline struct cases cases_of(const struct evidence *v, picker pick)
{
    struct cases c = {.all = grab(v->count + 1, sizeof *c.all),
                      .bad = grab(v->count + 1, sizeof *c.bad)};
    for (size_t k = 0; k < v->count; k++) {
        const struct recorded *r = v->all[k].r;
        size_t at = 0;
        while (at < c.count && strcmp(c.all[at]->r->situation, r->situation) != 0)
            at++;
        if (at == c.count)
            c.all[c.count++] = &v->all[k];
        for (size_t i = 0; i < r->got_size || i < r->want_size; i++)
            c.bad[at] = c.bad[at] || pick(&v->all[k], i);
    }
    for (size_t k = 0; k < c.count; k++)
        c.wrong += c.bad[k];
    return c;
}

/* "x holds a 0": true of all wrong cases and of no right one; or the other way round. `rare`:
 * only what no case is likely to have by chance. */
static inline char *shared_fact(const struct cases *c, bool rare)
{
    for (int f = 0; f < (rare ? RARE_FACTS : FACT_COUNT); f++)
        for (size_t n = 0; n < c->all[0]->sources; n++) {
            const struct source *like = &c->all[0]->source[n];
            bool same = like->origin == GIVEN, opposite = same;
            for (size_t k = 0; k < c->count && (same || opposite); k++) {
                const struct source *x = source_of(c->all[k], like);
                same = same && x && has(x, f) == c->bad[k];
                opposite = opposite && x && has(x, f) != c->bad[k];
            }
            if (same || opposite)
                return format_text("%s holds %s", like->name, facts[f].says[same]);
        }
    return NULL;
}

/* "T is 129 or more": a quantity that is larger in each wrong case than in any right one, or
 * smaller, or has another remainder. */
static inline char *shared_quantity(const struct cases *c)
{
    for (size_t n = 0; n < c->all[0]->sources; n++) {
        const struct source *like = &c->all[0]->source[n];
        double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
        bool good = like->origin == QUANTITY, odd = good, even = good, fours = good;
        for (size_t k = 0; k < c->count && good; k++) {
            const struct source *x = source_of(c->all[k], like);
            const bool bad = c->bad[k];
            good = x != NULL;
            if (!good)
                continue;
            least[bad] = x->value < least[bad] ? x->value : least[bad];
            most[bad] = x->value > most[bad] ? x->value : most[bad];
            const bool is_even = fmod(x->value, 2) == 0, is_four = fmod(x->value, 4) == 0;
            odd = odd && is_even != bad;
            even = even && is_even == bad;
            fours = fours && is_four != bad;
        }
        if (!good || strcmp(like->name, "bits") == 0)
            continue;
        const bool one = least[1] == most[1], alone = least[0] == most[0];
        if (one && (least[1] > most[0] || most[1] < least[0]) && (most[1] <= 1 || !alone))
            return format_text("%s is %s", like->name, spell(least[1]));
        if (least[1] > most[0] && (most[0] <= 1 || !alone))
            return format_text("%s is %s or more (right up to %s)", like->name,
                               spell(least[1]), spell(most[0]));
        if (most[1] < least[0] && most[1] <= 8 && !one && !alone)
            return format_text("%s is %s or less (right from %s on)", like->name,
                               spell(most[1]), spell(least[0]));
        if ((odd || even || fours) && !one && !alone && most[1] + most[0] > 8)
            return format_text("%s is %s", like->name,
                               odd    ? "odd"
                               : even ? "even"
                                      : "not a multiple of 4");
    }
    return NULL;
}

/* "the right answer is negative": of single numbers. */
static inline char *shared_answer(const struct cases *c)
{
    static const char *const answers[] = {"nan",      "infinite", "-1",    "0",
                                          "negative", "not -1",   "not 0", "positive"};
    enum { ANSWERS = sizeof answers / sizeof *answers };
    for (int a = 0; a < ANSWERS && c->all[0]->r->rank == 0; a++) {
        bool good = true;
        for (size_t k = 0; k < c->count && good; k++) {
            const double w = *c->all[k]->r->want;
            const bool is[ANSWERS] = {isnan(w), isinf(w), w == -1, w == 0,
                                      w<0, w != -1, w != 0, w> 0};
            good = is[a] == c->bad[k];
        }
        if (good)
            return format_text("the right answer is %s", answers[a]);
    }
    return NULL;
}

/* Are the names of the wrong cases, or of the right ones, short enough for a sentence? */
static inline bool names_fit(const struct cases *c, bool bad)
{
    size_t n = 0, count = 0;
    for (size_t k = 0; k < c->count; k++)
        if (c->bad[k] == bad) {
            n += strlen(c->all[k]->r->situation);
            count++;
        }
    return count == 1 || n < 140;
}

/* "x is wrong only when …": what the wrong cases share, or which they are where they are few.
 * NULL where all are wrong, or nothing is seen. */
static inline char *which_cases(const struct evidence *v, picker pick, const char *verb)
{
    struct cases c = cases_of(v, pick);
    const size_t right = c.count - c.wrong, few = c.wrong <= right ? c.wrong : right;
    char *text = NULL, *fact = NULL;
    if (few > 0)
        fact = shared_answer(&c);
    if (few > 0 && !fact && c.wrong > 1)
        fact = shared_quantity(&c);
    const bool listed = !fact && few <= MOST_LISTED && names_fit(&c, c.wrong == few);
    if (few > 0 && !fact)
        fact = shared_fact(&c, few <= MOST_LISTED);
    if (few > 0 && fact && !listed && c.wrong > 1) {
        text = format_text("%s %s only when %s", v->subject, verb, fact);
    } else if (few > 0 && (listed || few == 1)) {
        const bool bad = c.wrong == few;
        size_t said = 0;
        text = format_text("%s %s %s", v->subject, verb,
                           bad ? "only in the case" : "in every case but");
        if (bad && few > 1)
            say(&text, "s");
        for (size_t k = 0; k < c.count; k++)
            if (c.bad[k] == bad) {
                say(&text, "%s '%s'",
                    said == 0        ? ""
                    : said + 1 < few ? ","
                                     : " and",
                    c.all[k]->r->situation);
                said++;
            }
        if (fact && bad)
            say(&text, ", %s in which %s", few == 1 ? "the only one" : "the only ones",
                fact);
    }
    free(fact);
    free(c.all);
    free(c.bad);
    return text;
}

/* ---- Where no guess is right --------------------------------------------------------- */

/* What differs between the two turns, in which memory holds something else. */
static inline char *say_turns(const struct evidence *v)
{
    const size_t half = v->count / 2;
    size_t wrong[2] = {0, 0}, differ = 0, nans = 0;
    for (size_t k = 0; k < half; k++) {
        const struct seen *s = &v->all[k], *t = &v->all[k + half];
        wrong[0] += s->bads;
        wrong[1] += t->bads;
        if (s->r->turn != 0 || t->r->turn != 1 || s->r->got_size != t->r->got_size)
            return NULL;
        for (size_t i = 0; i < s->r->got_size; i++) {
            const double a = s->r->got[i], b = t->r->got[i];
            differ += !within(a, b, 16 * s->fine * fmax(fabs(a), fabs(b)));
            nans += isnan(a) && !isnan(b);
        }
    }
    if (half == 0 || v->count % 2 || differ == 0)
        return NULL;
    if (wrong[0] == 0)
        return format_text(
            "the first calls come out right; when they are made again, with "
            "other garbage in memory, they do not. Something is kept from call "
            "to call, or used before it is set");
    if (nans == differ || wrong[1] == 0)
        return format_text(
            "what comes out depends on what was in memory before the call: "
            "something is used before it is set, or outside of its array");
    return format_text(
        "the same call does not give the same numbers twice: something is kept "
        "from call to call, or used before it is set");
}

/* Numbers that are nan or infinite. */
static inline char *say_not_finite(const struct evidence *v)
{
    static const picker pickers[] = {pick_nan, pick_infinite};
    static const char *const words[] = {"nan", "infinite"};
    for (int n = 0; n < 2; n++) {
        size_t picked = 0, wrong = 0;
        EACH_WRONG(v, s, i)
        {
            picked += pickers[n](s, i);
            wrong++;
        }
        if (picked == 0)
            continue;
        char *verb = format_text("comes out as %s", words[n]), *text,
             *place = where(v, pickers[n], verb),
             *cases = which_cases(v, pickers[n], verb);
        text =
            place || cases    ? format_text("%s%s%s", place ? place : "",
                                         place && cases ? ". " : "", cases ? cases : "")
            : picked == wrong ? format_text("every wrong number is %s", words[n])
                              : format_text("some of the wrong numbers are %s", words[n]);
        free(verb);
        free(place);
        free(cases);
        return text;
    }
    return NULL;
}

/* -inf where there should be a number, and a number where there should be -inf. */
static inline char *say_infinities(const struct evidence *v)
{
    long least = LONG_MAX, most = LONG_MIN;
    size_t other = v->wrong[0]->r->rank == 0;
    bool some = false;
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct seen *s = v->wrong[w];
        long by = 0;
        for (size_t i = 0; i < s->n; i++) {
            const double got = s->r->got[i], want = s->r->want[i];
            const bool cut = got == -INFINITY && isfinite(want),
                       kept = want == -INFINITY && isfinite(got);
            by += kept - cut;
            some = some || kept || cut;
            other += s->bad[i] && !cut && !kept;
        }
        least = by < least ? by : least;
        most = by > most ? by : most;
    }
    if (other > 0 || !some)
        return NULL;
    if (least == 0 && most == 0)
        return format_text(
            "as many numbers of %s are -inf as should be, but not the right ones",
            v->name);
    if (least < 0 && most > 0)
        return format_text(
            "too many numbers of %s are -inf in some cases, too few in others", v->name);
    char *count = least == most ? format_text("%ld", labs(most))
                                : format_text("%ld to %ld", most > 0 ? least : -most,
                                              most > 0 ? most : -least);
    char *text = format_text("%s %s of %s %s -inf than should be", count,
                             most > 0 ? "fewer" : "more", v->name,
                             strcmp(count, "1") == 0 ? "is" : "are");
    free(count);
    return text;
}

/* Too many elements, or too few. */
static inline char *say_sizes(const struct evidence *v)
{
    bool prefix = true, late = true;
    long least = LONG_MAX, most = LONG_MIN;
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct recorded *r = v->wrong[w]->r;
        const long by = (long)r->got_size - (long)r->want_size;
        least = by < least ? by : least;
        most = by > most ? by : most;
        late = late && by == -1;
        for (size_t i = 0; i < r->got_size && i < r->want_size; i++) {
            prefix = prefix && !v->wrong[w]->bad[i];
            late = late && r->got[i] == r->want[i + 1];
        }
    }
    if (least == 0 && most == 0)
        return NULL;
    if (late && !prefix)
        return format_text("the first element of %s is missing; the others are right",
                           v->name);
    const char *what = v->wrong[0]->r->measure == BYTES ? "byte" : "element";
    char *text;
    if (least < 0 && most > 0)
        text = format_text("%s has too many %ss in some cases, too few in others",
                           v->name, what);
    else if (least == most)
        text = format_text("%s has %ld %s%s too %s", v->name, labs(most), what,
                           labs(most) == 1 ? "" : "s", most > 0 ? "many" : "few");
    else if (least == 0 || most == 0)
        text = format_text("%s has up to %ld %ss too %s", v->name,
                           most > 0 ? most : -least, what, most > 0 ? "many" : "few");
    else
        text =
            format_text("%s has %ld to %ld %ss too %s", v->name, most > 0 ? least : -most,
                        most > 0 ? most : -least, what, most > 0 ? "many" : "few");
    say(&text, prefix ? "; the others are right" : "");
    return text;
}

/* Rows that should sum to 1, or that do and should not. */
static inline char *say_shares(const struct evidence *v, bool told)
{
    double least = INFINITY, most = -INFINITY;
    bool columns_do = true;
    size_t rows = 0, should = 0;
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct recorded *r = v->wrong[w]->r;
        const size_t columns = columns_of(r);
        if (r->rank == 0 || r->exact || r->got_size != r->want_size)
            return NULL;
        columns_do = columns_do && r->rank == 2 && columns > 1;
        for (size_t k = 0; k < r->want_size; k += columns) {
            double want = 0, got = 0;
            for (size_t i = k; i < k + columns; i++) {
                want += r->want[i];
                got += r->got[i];
                if (r->got[i] < 0 || !isfinite(r->got[i]))
                    return NULL;
            }
            rows++;
            should += fabs(want - 1) < 1e-4;
            least = got < least ? got : least;
            most = got > most ? got : most;
        }
        for (size_t c = 0; c < columns && columns_do; c++) {
            double sum = 0;
            for (size_t i = c; i < r->want_size; i += columns)
                sum += r->got[i];
            columns_do = fabs(sum - 1) < 1e-3;
        }
    }
    const char *whose =
        v->wrong[0]->r->rank == 1 ? "the numbers" : "the numbers of each row";
    const bool sum_to_one = fabs(least - 1) < 1e-3 && fabs(most - 1) < 1e-3;
    if (!isfinite(least) || should != rows || (told && sum_to_one))
        return sum_to_one && should == 0 && !told
                   ? format_text("%s sum to 1, and should not", whose)
                   : NULL;
    if (sum_to_one)
        return format_text("%s sum to 1, as they should, but are not the right ones",
                           whose);
    if (columns_do)
        return format_text("each column of %s sums to 1; each row should", v->name);
    return format_text("%s should sum to 1; the sums are %s to %s", whose, spell(least),
                       spell(most));
}

static inline int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The same numbers, in another order. */
static inline char *say_order(const struct evidence *v)
{
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct recorded *r = v->wrong[w]->r;
        const size_t n = r->want_size;
        bool same = r->got_size == n && r->rank > 0;
        double *a = grab(n + 1, sizeof *a), *b = grab(n + 1, sizeof *b);
        for (size_t i = 0; i < n && same; i++) {
            a[i] = r->got[i];
            b[i] = r->want[i];
            same = !isnan(a[i]);
        }
        qsort(a, same ? n : 0, sizeof *a, by_value);
        qsort(b, same ? n : 0, sizeof *b, by_value);
        for (size_t i = 0; i < n && same; i++)
            same = within(a[i], b[i], 2 * tolerance(r));
        free(a);
        free(b);
        if (!same)
            return NULL;
    }
    return format_text("%s has the right numbers, in another order", v->name);
}

/* By how much the wrong numbers are wrong, in which direction, and what they look like. With
 * `nearly`, only that they are nearly right. */
static inline char *say_amount(const struct evidence *v, bool nearly)
{
    size_t above = 0, all = 0, farther = 0, integers = 0, should = 0, shares = 0,
           infinite = 0;
    double least = INFINITY, most = 0, part = 0;
    bool words = true;
    EACH_WRONG(v, s, i)
    {
        const double got = s->r->got[i], want = s->r->want[i], by = fabs(got - want);
        if (!isfinite(by)) {
            infinite++;
            continue;
        }
        all++;
        above += got > want;
        farther += fabs(got) > fabs(want);
        integers += got == floor(got);
        should += want == floor(want);
        shares += got >= 0 && got <= 1 && (want < 0 || want > 1);
        words = words && fmod(by, 4294967296) == 0;
        least = by < least ? by : least;
        most = by > most ? by : most;
        part = s->largest > 0 && by / s->largest > part ? by / s->largest : part;
    }
    const bool one = v->wrong[0]->r->rank == 0, exact = v->wrong[0]->r->exact;
    if (all == 0 || (one_case(v) && !words))
        return NULL;
    if (!exact && part > 0 && part < 2e-3 && !infinite)
        return format_text(
            "nearly right: off by at most %s %% of the largest number, as after "
            "rounding, with an approximation, or with a constant of too few "
            "digits",
            spell(100 * part));
    if (nearly)
        return NULL;
    const char *who = one ? v->subject : "every wrong number";
    if (!exact && all > 3 && integers == all && 2 * should < all)
        return format_text("%s is a whole number and should not be, as in an int", who);
    char *range = format_text(within(least, most, 1e-6 * most) ? "%s" : "%s to %s",
                              spell(least), spell(most)),
         *text;
    if (above == all || above == 0)
        text = format_text("%s is too %s, by %s", who, above ? "large" : "small", range);
    else if (!exact && (farther == all || farther == 0))
        text = format_text("%s is too %s 0, by %s", who, farther ? "far from" : "near",
                           range);
    else
        text =
            format_text(one ? "%s is off by %s, sometimes too large, sometimes too small"
                            : "%s off by %s, some too large, some too small",
                        one ? v->subject : "the wrong numbers are", range);
    if (one && exact && words)
        say(&text, ", a multiple of 2^32, as after an overflow of 32 bits");
    if (!exact && !one && all > 5 && 2 * shares > all && above < all)
        say(&text, "; most are between 0 and 1, as probabilities are");
    if (infinite)
        say(&text, "; %zu more %s infinite, or should be", infinite,
            infinite == 1 ? "is" : "are");
    free(range);
    return text;
}

/* ---- All of it ----------------------------------------------------------------------- */

/* "q and k are right; v is wrong": NULL where a function makes one thing only. */
static inline char *say_names(const struct outcome *o, const char *wrong)
{
    const char **good = grab(o->count + 1, sizeof *good);
    size_t count = 0, names = 1, first;
    for (size_t i = 0; i < o->count; i++) {
        bool known = strcmp(o->all[i].name, wrong) == 0, right = true;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(o->all[k].name, o->all[i].name) == 0;
        for (size_t k = i; k < o->count && right && !known; k++)
            right = strcmp(o->all[k].name, o->all[i].name) != 0 ||
                    count_wrong(&o->all[k], &first) == 0;
        names += !known;
        if (right && !known && strncmp(o->all[i].name, wrong, strlen(wrong)) != 0)
            good[count++] = o->all[i].name;
    }
    char *text = names == 1 ? NULL : format_text("%s", "");
    for (size_t i = 0; i < count && i < MOST_NAMED; i++)
        say(&text, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", good[i]);
    if (count > MOST_NAMED)
        say(&text, " and %zu more", count - MOST_NAMED);
    if (count > 0)
        say(&text, " %s right; ", count == 1 ? "is" : "are");
    if (names > 1)
        say(&text, count + 1 == names ? "%s is wrong" : "%s is the first that is wrong",
            wrong);
    free((void *)good);
    return text;
}

/* Adds a sentence, if there is one, and frees it. It begins with a capital letter, unless with
 * the name of an array. */
static inline bool add_sentence(const struct evidence *v, char **text, char *sentence)
{
    if (!sentence || !*sentence)
        return false;
    bool name = false;
    for (size_t i = 0; i < v->o->count && !name; i++) {
        const char *s = v->o->all[i].name;
        name = strncmp(sentence, s, strlen(s)) == 0 && !strchr(s, ' ');
    }
    if (!name)
        *sentence = (char)toupper((unsigned char)*sentence);
    say(text, "%s%s.", **text ? " " : "", sentence);
    free(sentence);
    return true;
}

/* What is wrong with an outcome, in a few sentences; NULL where nothing is. To be freed. */
static inline char *explain(const struct exercise *e, const struct outcome *o)
{
    (void)e;
    const char *name = NULL;
    size_t first;
    for (size_t i = 0; i < o->count && !name; i++)
        if (count_wrong(&o->all[i], &first) > 0)
            name = o->all[i].name;
    if (!name)
        return NULL;
    struct evidence v = evidence_of(o, name);
    char *text = format_text("%s", "");
    add_sentence(&v, &text, say_names(o, name));
    add_sentence(&v, &text, where(&v, pick_wrong, "is wrong"));
    bool told = add_sentence(&v, &text, what(&v, 0.95)) ||
                add_sentence(&v, &text, say_amount(&v, true)) ||
                add_sentence(&v, &text, say_infinities(&v)) ||
                add_sentence(&v, &text, say_turns(&v)) ||
                add_sentence(&v, &text, say_order(&v)),
         cases = !told && add_sentence(&v, &text, say_not_finite(&v));
    told = told || cases || add_sentence(&v, &text, say_sizes(&v)) ||
           add_sentence(&v, &text, what(&v, 0.5));
    if (!add_sentence(&v, &text, say_shares(&v, told)) && !told)
        add_sentence(&v, &text, say_amount(&v, false));
    if (!cases)
        add_sentence(&v, &text, which_cases(&v, pick_wrong, "is wrong"));
    free_evidence(&v);
    return text;
}

#endif
