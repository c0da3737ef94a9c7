/* explain.h: what comes out of a wrong function, in words.
 *
 *     char *text = explain(e, &o);    "Every number of scores is √D times the right one …"
 *
 * The grader asks it when it knows neither the mistake nor a change that gives the same numbers.
 * A guess, one line of the table in guesses.h, predicts what came out from what should have, and
 * from what was given. The first guess that is right about the wrong numbers of every wrong case
 * is told, with the region in which they are and with what the wrong cases share. So a sentence
 * says what comes out, and it is true of all cases; the cause is left to the reader.
 *
 * exercise.h includes this file. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "guesses.h"
#include "where.h"

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
        return format_text("the first calls come out right; when they are made again, "
                           "with other garbage in "
                           "memory, they do not. Something is kept from call to call, "
                           "used before it is set, "
                           "or used outside of its array");
    if (nans == differ || wrong[1] == 0)
        return format_text(
            "what comes out depends on what was in memory before the call: "
            "something is never set, used before it is set, or used outside of its "
            "array");
    return format_text(
        "the same call does not give the same numbers twice: something is "
        "kept from call to call, never set, used before it is set, or used "
        "outside of its array");
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

/* -inf where there should be a number, and a number where there should be -inf; of whole numbers,
 * -1, which says that there is none. */
static inline char *say_none(const struct evidence *v)
{
    long least = LONG_MAX, most = LONG_MIN;
    size_t other = v->wrong[0]->r->rank == 0;
    bool some = false;
    const bool whole = v->wrong[0]->r->measure == INTS;
    const double none = whole ? -1 : -(double)INFINITY;
    const char *const word = whole ? "-1" : "-inf";
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct seen *s = v->wrong[w];
        long by = 0;
        for (size_t i = 0; i < s->n; i++) {
            const double got = s->r->got[i], want = s->r->want[i];
            const bool cut = got == none && isfinite(want) && want != none,
                       kept = want == none && isfinite(got) && got != none;
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
            "as many numbers of %s are %s as should be, but not the right ones", v->name,
            word);
    if (least < 0 && most > 0)
        return format_text(
            "too many numbers of %s are %s in some cases, too few in others", v->name,
            word);
    char *count = least == most ? format_text("%ld", labs(most))
                                : format_text("%ld to %ld", most > 0 ? least : -most,
                                              most > 0 ? most : -least);
    char *text = format_text("%s has %s %s too %s", v->name, count, word,
                             most > 0 ? "few" : "many");
    free(count);
    return text;
}

/* Ids and bytes, of which it says nothing by how much they are wrong: which are missing the first
 * time, and which take their place. */
static inline char *say_members(const struct evidence *v)
{
    const struct seen *first = v->wrong[0]; /* (they are in order of size there) */
    for (size_t w = 1; w < v->wrongs; w++)
        first = v->wrong[w] < first ? v->wrong[w] : first;
    const struct recorded *r = first->r;
    const size_t size[] = {r->want_size, r->got_size};
    const double *const values[] = {r->want, r->got};
    enum { LONGEST = 4096 };
    if (r->rank != 1 || (r->measure != INTS && r->measure != BYTES) ||
        size[0] != size[1] || size[0] > LONGEST)
        return NULL;
    char *lists[2], number[40];
    for (int side = 0; side < 2; side++) {
        size_t count = 0;
        lists[side] = format_text("%s", "");
        for (size_t i = 0; i < size[side]; i++) {
            const double x = values[side][i];
            size_t here = 0, there = 0;
            for (size_t k = 0; k <= i; k++)
                here += values[side][k] == x;
            for (size_t k = 0; k < size[!side]; k++)
                there += values[!side][k] == x;
            if (here <= there || count++ >= MOST_NAMED)
                continue;
            print_number(number, sizeof number, r, x);
            say(&lists[side], "%s%s", count > 1 ? ", " : "", number);
        }
        if (count > MOST_NAMED)
            say(&lists[side], " and %zu more", count - MOST_NAMED);
    }
    char *text =
        *lists[0] ? format_text("in the first wrong case %s lacks %s and has %s instead",
                                v->name, lists[0], lists[1])
                  : format_text("in the first wrong case %s has the right numbers, in a "
                                "different order",
                                v->name);
    free(lists[0]);
    free(lists[1]);
    return text;
}

/* Too many elements, or too few. */
static inline char *say_sizes(const struct evidence *v)
{
    bool prefix = true, late = true, nothing = true;
    long least = LONG_MAX, most = LONG_MIN;
    for (size_t w = 0; w < v->wrongs; w++) {
        const struct recorded *r = v->wrong[w]->r;
        const long by = (long)r->got_size - (long)r->want_size;
        least = by < least ? by : least;
        most = by > most ? by : most;
        late = late && by == -1;
        nothing = nothing && r->got_size == 0;
        for (size_t i = 0; i < r->got_size && i < r->want_size; i++) {
            prefix = prefix && !v->wrong[w]->bad[i];
            late = late && r->got[i] == r->want[i + 1];
        }
    }
    if (least == 0 && most == 0)
        return NULL;
    if (nothing)
        return format_text(
            "nothing of %s can be read: how many there are comes out as 0, or as "
            "a number that cannot be",
            v->name);
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

/* The same numbers, in a different order. */
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
    return format_text("%s has the right numbers, in a different order", v->name);
}

/* By how much the wrong numbers are wrong, in which direction, and what they look like. With
 * `nearly`, only that they are nearly right. */
static inline char *say_amount(const struct evidence *v, bool nearly)
{
    size_t above = 0, all = 0, farther = 0, integers = 0, should = 0, shares = 0,
           infinite = 0, outside = 0;
    double least = INFINITY, most = 0, part = 0, wanted;
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
        shares += got >= 0 && got <= 1;
        outside += want < 0 || want > 1;
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
    if (one && !one_case(v) && all_same(v, true, &wanted))
        text = format_text("%s should be %s each time and is off by %s", who,
                           spell(wanted), range);
    else if (above == all || above == 0)
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
    if (!exact && !one && all > 5 && shares == all && integers < all && 3 * outside > all)
        say(&text, "; they are from 0 to 1, as probabilities are");
    if (infinite)
        say(&text, "; %zu more %s infinite or nan, or should be", infinite,
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
        const size_t n = strlen(wrong); /* p[1] and "p of …" are parts of p */
        known = known || (strncmp(o->all[i].name, wrong, n) == 0 &&
                          (o->all[i].name[n] == '[' || o->all[i].name[n] == ' '));
        names += !known;
        if (right && !known)
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
    static const char *const words[] = {"the ", "what ", "how ", "of ", "is ", "it "};
    bool name = false;
    for (size_t i = 0; i < v->o->count && !name; i++)
        name = strncmp(sentence, v->o->all[i].name, strlen(v->o->all[i].name)) == 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && name; i++)
        name = strncmp(sentence, words[i], strlen(words[i])) != 0;
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
    bool told = add_sentence(&v, &text, what(&v, 0.95, ALL_CHOICES)) ||
                add_sentence(&v, &text, say_amount(&v, true)) ||
                add_sentence(&v, &text, say_none(&v)) ||
                (!plain && add_sentence(&v, &text, what(&v, 0.6, WAYS))) || /* memory's */
                add_sentence(&v, &text, say_turns(&v)) ||
                add_sentence(&v, &text, say_order(&v)),
         cases = !told && add_sentence(&v, &text, say_not_finite(&v));
    told = told || cases || add_sentence(&v, &text, say_sizes(&v)) ||
           add_sentence(&v, &text, what(&v, 0.6, WAYS * MOST_SOURCES));
    if (!add_sentence(&v, &text, say_shares(&v, told)) && !told &&
        !add_sentence(&v, &text, say_members(&v)))
        add_sentence(&v, &text, say_amount(&v, false));
    if (!cases)
        add_sentence(&v, &text, which_cases(&v, pick_wrong, "is wrong"));
    free_evidence(&v);
    return text;
}

#endif
