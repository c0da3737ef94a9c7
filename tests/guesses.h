/* guesses.h: what may have come out of a wrong function, each a guess that predicts numbers; and
 * which guess is right about the wrong numbers of all cases: what(). */
#ifndef GUESSES_H
#define GUESSES_H

#include "evidence.h"

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
    MAP(turned_2,                                                                        \
        x >= 0 && x < 65536 ? (double)((uint16_t)x >> 8 | ((uint16_t)x & 255) << 8) : x, \
        "the right one with its two bytes exchanged")                                    \
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
            const double byte = from->values[b];
            const bool goes_on = byte >= 0x80 && byte < 0xC0; /* a character */
            if (choice % INDEXINGS == TO_ZERO && byte == 0)
                break;
            count += choice % INDEXINGS == TO_ZERO || !goes_on;
        }
        p[i] = choice % INDEXINGS >= CHARACTERS     ? count
               : choice % INDEXINGS == AT && inside ? from->values[(size_t)w]
               : choice % INDEXINGS == TIE && both && !from->bytes &&
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

enum { GUESSES = sizeof guesses / sizeof *guesses };

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
        const bool right = s->bad[i] && agree(r, p[i], want, s->fine * s->largest),
                   near = !right && within(got, p[i], allowed),
                   sure = right || !within(p[i], want, 2 * allowed) ||
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

enum { ALL_CHOICES = INT_MAX };

/* "every wrong number of x is …", NULL where no guess is right: of a share less than all, only the
 * first choices of the first guess are tried. */
static inline char *what(const struct evidence *v, double share, int choices)
{
    double *p = grab(v->most + 1, sizeof *p), x = 0, wanted = 0;
    char *text = NULL, *says = NULL;
    struct match m = {.every = false};
    for (size_t g = 0; g < (choices == ALL_CHOICES ? GUESSES : 1) && !says; g++)
        for (int c = 0; c < guesses[g].choices && c < choices && !says; c++)
            if (is_right(v, &guesses[g], c, share, p, &m))
                says = guesses[g].say(v, c);
    if (!says && choices == ALL_CHOICES && all_same(v, false, &x)) {
        says = format_text("%s", spell_as(v->wrong[0]->r, x));
        m = (struct match){.every = false};
    }
    const bool constant =
        says && !strstr(says, "right one") && all_same(v, true, &wanted);
    const char *how = share < 0.9 && m.hits < m.told
                          ? "more than half of the wrong numbers of"
                      : m.hits < m.told      ? "nearly every wrong number of"
                      : m.every && !constant ? "every number of"
                                             : "every wrong number of";
    if (says && v->wrong[0]->r->rank == 0)
        text =
            format_text("%s%s is %s", one_case(v) ? "" : "each time, ", v->subject, says);
    else if (says)
        text = format_text("%s %s %s %s", how, v->name,
                           strncmp(how, "more", 4) == 0 ? "are each" : "is", says);
    if (constant)
        say(&text, " and should be %s", spell_as(v->wrong[0]->r, wanted));
    else if (says && strcmp(says, "-inf") == 0)
        say(&text, " and should not be");
    free(says);
    free(p);
    return text;
}

#endif
