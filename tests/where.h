/* where.h: in which part of a tensor the wrong numbers are, and in which cases. */
#ifndef WHERE_H
#define WHERE_H

#include "evidence.h"

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
    FACT(overflows, x > 88.73, "a number above 88.7", "no number above 88.7")            \
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
    if (facts[fact].holds) {
        for (size_t i = 0; i < x->size; i++)
            if (facts[fact].holds(x->values[i]))
                return true;
        return false;
    }
    double *sorted = grab(x->size + 1, sizeof *sorted);
    bool twice = false;
    memcpy(sorted, x->values, x->size * sizeof *sorted);
    qsort(sorted, x->size, sizeof *sorted, by_value);
    for (size_t i = 1; i < x->size && !twice; i++)
        twice = sorted[i] == sorted[i - 1];
    free(sorted);
    return twice;
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

/* Came a number out that is infinite, or none, in a wrong case? */
static inline bool any_infinite(const struct cases *c)
{
    for (size_t k = 0; k < c->count; k++)
        for (size_t i = 0; c->bad[k] && i < c->all[k]->r->got_size; i++)
            if (!isfinite(c->all[k]->r->got[i]))
                return true;
    return false;
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
                return format_text("%s holds %s%s", like->name, facts[f].says[same],
                                   same && facts[f].holds == fact_overflows &&
                                           any_infinite(c)
                                       ? ", whose e^x is infinite in a float"
                                       : "");
        }
    return NULL;
}

/* What is known of the cases between two sizes. */
static inline const char *between(double low, double high)
{
    return high - low > 1 ? "; nothing between is tried" : "";
}

/* "T is 129 or more": a quantity that is larger in each wrong case than in any right one, or
 * smaller, or has another remainder. Of several that are larger, the one that is so most. */
static inline char *shared_quantity(const struct cases *c)
{
    char *text = NULL;
    double widest = 0; /* the gap between right and wrong ones */
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
        if (!text && one && (least[1] > most[0] || most[1] < least[0]) &&
            (most[1] <= 1 || !alone))
            return format_text("%s is %s", like->name, spell(least[1]));
        if (least[1] > most[0] && (most[0] <= 1 || !alone)) {
            const double gap = most[0] <= 1 ? INFINITY : least[1] / most[0];
            if (gap > widest) {
                widest = gap;
                free(text);
                text = format_text("%s is %s or more (right up to %s%s)", like->name,
                                   spell(least[1]), spell(most[0]),
                                   between(most[0], least[1]));
            }
            continue;
        }
        if (text)
            continue;
        if (most[1] < least[0] && most[1] <= 8 && !one && !alone)
            return format_text("%s is %s or less (right from %s on%s)", like->name,
                               spell(most[1]), spell(least[0]),
                               between(most[1], least[0]));
        if ((odd || even || fours) && !one && !alone && most[1] + most[0] > 8)
            return format_text("%s is %s", like->name,
                               odd    ? "odd"
                               : even ? "even"
                                      : "not a multiple of 4");
    }
    return text;
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
    return n < (count == 1 ? 300 : 140);
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

#endif
