/* Tests of the sentences in which the grader explains a difference: tests/explain.h. A line of a
 * table says what comes out of a wrong function, and what is to be said of it; next to it, what
 * comes out of one that is nearly as wrong, of which that must not be said. */
#include "exercise.h"

/* The call of a function under test: x and y are given, out is to be written. */
struct call {
    int turn, number, T, D;
    const float *x, *y, *want;
    float *out;
};

/* Something wrong: sets what comes out, which is what should, or leaves what was there. */
struct wrong {
    const char *name;
    void (*f)(const struct call *c);
    const char *says; /* a part of what is said; after a "!" what must not be */
};

static const struct wrong *tried; /* by the probe that runs */

/* A function of T rows and D columns. */
static void probe_rows(any_function f, struct outcome *o)
{
    static const int sizes[][2] = {{2, 3}, {3, 4}, {4, 4}, {5, 8}, {1, 6}};
    (void)f;
    for (int n = 0; n < 5; n++) {
        const int T = sizes[n][0], D = sizes[n][1];
        float x[40], y[40], want[40];
        for (int i = 0; i < T * D; i++) {
            x[i] = sinf((float)(7 * i + n)) * 3 - 0.5f * (float)(i % 3);
            y[i] = cosf((float)(3 * i + n)) * 2;
            want[i] = x[i] * y[i] + 0.25f * (float)(i + 1);
        }
        situation(o, "T = %d, D = %d", T, D);
        struct call c = {o->turn, n, T, D, NULL, NULL, want, NULL};
        c.x = given(o, "x", AXES({T, NULL}, {D, NULL}), FLOATS, x);
        c.y = given(o, "y", AXES({T, NULL}, {D, NULL}), FLOATS, y);
        c.out = written(o, "out", AXES({T, NULL}, {D, NULL}), FLOATS);
        tried->f(&c);
        record(o, "out", AXES({T, NULL}, {D, NULL}), c.out, want);
    }
}

/* What is said of it. */
static char *said_of(void (*probe)(any_function f, struct outcome *o),
                     const struct wrong *w)
{
    const struct exercise e = {.name = "explained", .probe = probe};
    struct outcome o;
    tried = w;
    run_probe(&e, NULL, &o);
    ck_assert_msg(!o.damage, "%s: %s", w->name, o.damage);
    char *text = explain(&e, &o);
    free_outcome(&o);
    return text;
}

static void check_said(void (*probe)(any_function f, struct outcome *o),
                       const struct wrong *w)
{
    char *text = said_of(probe, w);
    const bool not = w->says[0] == '!', found = text && strstr(text, w->says + not );
    ck_assert_msg(text && *text, "%s: nothing is said", w->name);
    ck_assert_msg(found != not, "%s: expected %s: %s\nit says: %s", w->name,
                  not ? "not" : "it", w->says + not, text);
    free(text);
}

/* Each sets element i of c->out; t and d are its row and column. */
#define ROWS(name, value)                                                                \
    static void name(const struct call *c)                                               \
    {                                                                                    \
        for (int t = 0; t < c->T; t++)                                                   \
            for (int d = 0; d < c->D; d++) {                                             \
                const int i = t * c->D + d;                                              \
                const float w = c->want[i], x = c->x[i], was = c->out[i];                \
                (void)x, (void)was, (void)w;                                             \
                c->out[i] = value;                                                       \
            }                                                                            \
    }

ROWS(twice, 2 * w)
ROWS(root_of_d, w *sqrtf((float)c->D))
ROWS(by_d, w / (float)c->D)
ROWS(odd_factor, w * 1.37f)
ROWS(factor_per_case, w *(2.3f + sinf((float)c->number)))
ROWS(factor_per_row, w *(2.3f + sinf((float)(t + c->number))))
ROWS(random_factor, w *(2.3f + sinf((float)i)))
ROWS(one_more, w + 1)
ROWS(uneven_more, w + 1 + 0.2f * (float)(i % 2))
ROWS(negated, -w)
ROWS(nearly_negated, i % 3 ? -w : w + 1)
ROWS(square, w *w)
ROWS(to_power_e, expf(w))
ROWS(one_minus, 1 - w)
ROWS(absolute, fabsf(w))
ROWS(cut_off, truncf(w))
ROWS(slightly_more, w + 0.0003f)
ROWS(two_thirds_zero, i % 3 ? 0 : w + 1)
ROWS(half_zero, i % 2 ? 0 : w + 1 + 0.1f * (float)(i % 3))
ROWS(rounded_early, roundf(w * 1000) / 1000)
ROWS(rounded_late, roundf(w * 4) / 4)
ROWS(backwards, c->want[t * c->D + c->D - 1 - d])
ROWS(exchanged, c->want[i % c->T * c->D + i / c->T])
ROWS(next_column, c->want[t * c->D + (d + 1) % c->D])
ROWS(row_before, t ? c->want[i - c->D] : 7)
ROWS(first_row, c->want[d])
ROWS(halves, c->want[c->D % 2 ? i : t * c->D + d % 2 * (c->D / 2) + d / 2])
ROWS(shuffled, c->want[t * c->D + (d * 5 + t + 1) % c->D])
ROWS(nothing, was)
ROWS(added, was + w)
ROWS(row_0_only, t == 0 ? w : was)
ROWS(without_diagonal, t == d ? 0 : w)
ROWS(above_is_nan, d > t ? NAN : w)
ROWS(zero, 0)
ROWS(always_7, 7.5f)
ROWS(input, x)
ROWS(without_input, w - x)
ROWS(without_factor, w / c->y[i])
ROWS(y_for_x, w - x + c->y[i])
ROWS(z_for_x, w - x + 0.5f * c->y[i] + 0.1f * (float)(i % 7))
ROWS(running_sum, (d ? c->out[i - 1] : 0) + w)
ROWS(overflowing, expf(40 * w))
ROWS(sum_of_both, x + c->y[i])
ROWS(whole_numbers, floorf(w) + 2)
ROWS(last_column_bad, d == c->D - 1 ? w + (float)(t + 2) : w)
ROWS(wide_is_wrong, c->D > 4 ? w + 1 + sinf((float)i) : w)
ROWS(second_time, c->turn ? w + 1 + sinf((float)i) : w)
ROWS(unset_is_added, w *(1 + was))
ROWS(probability, 1 / (1 + expf(-w)))
ROWS(noise, w + 3 + sinf((float)(i * i)))
ROWS(infinite, d == 1 ? 1 / 0.0f : w)

static const struct wrong rows[] = {
    {"twice", twice, "Every number of out is 2 times the right one."},
    {"odd_factor", odd_factor, "1.37 times the right one"},
    {"odd_factor", odd_factor, "!D times"},
    {"root_of_d", root_of_d, "√D times the right one"},
    {"by_d", by_d, "the right one divided by D"},
    {"factor_per_case", factor_per_case, "the same within each case"},
    {"factor_per_row", factor_per_row, "the same within each row"},
    {"factor_per_row", factor_per_row, "!within each case"},
    {"random_factor", random_factor, "!times"},
    {"one_more", one_more, "1 too large"},
    {"uneven_more", uneven_more, "!1 too large"},
    {"uneven_more", uneven_more, "Every wrong number is too large, by 1 to 1.2."},
    {"negated", negated, "the right one with its sign turned"},
    {"nearly_negated", nearly_negated,
     "!Every wrong number of out is the right one with its sign"},
    {"square", square, "the square of the right one"},
    {"to_power_e", to_power_e, "e to the power of the right one"},
    {"one_minus", one_minus, "1 minus the right one"},
    {"absolute", absolute, "!minus"},
    {"cut_off", cut_off, "comes after the point cut off"},
    {"rounded_early", rounded_early, "Nearly right"},
    {"slightly_more", slightly_more, "0.0003 too large"},
    {"two_thirds_zero", two_thirds_zero,
     "More than half of the wrong numbers of out are each 0."},
    {"half_zero", half_zero, "!each 0"},
    {"rounded_late", rounded_late, "!Nearly right"},
    {"backwards", backwards, "the columns come in reverse order"},
    {"exchanged", exchanged, "rows and columns are exchanged"},
    {"shuffled", shuffled, "!exchanged"},
    {"shuffled", shuffled, "out has the right numbers, in a different order."},
    {"next_column", next_column, "belongs one column later"},
    {"row_before", row_before, "belongs one row earlier"},
    {"first_row", first_row, "belongs in the first row"},
    {"halves", halves, "parts that should"},
    {"nothing", nothing, "what was in memory before the call: it is never set"},
    {"added", added, "added to, but never set"},
    {"row_0_only", row_0_only, "out is wrong only from row 1 on. "},
    {"row_0_only", row_0_only, "it is never set"},
    {"row_0_only", row_0_only, "only when T is 2 or more (right up to 1)"},
    {"without_diagonal", without_diagonal,
     "only on the diagonal. Every wrong number of out is 0."},
    {"above_is_nan", above_is_nan,
     "only above the diagonal. Every wrong number of out is nan."},
    {"infinite", infinite, "only in column 1. Every wrong number of out is inf."},
    {"zero", zero, "Every number of out is 0."},
    {"always_7", always_7, "Every wrong number of out is 7.5."},
    {"input", input, "the one in x, as given"},
    {"without_input", without_input,
     "the right one minus x, as if that were left out of a sum"},
    {"without_factor", without_factor, "divided by y, as if that factor were left out"},
    {"sum_of_both", sum_of_both, "x plus y"},
    {"y_for_x", y_for_x, "the right one with y in place of x in a sum"},
    {"z_for_x", z_for_x, "!in place of"},
    {"running_sum", running_sum, "plus those of all columns before it"},
    {"overflowing", overflowing, "Some of the wrong numbers are infinite."},
    {"whole", whole_numbers, "is a whole number and should not be"},
    {"last_column_bad", last_column_bad, "only in the last column"},
    {"wide_is_wrong", wide_is_wrong,
     "out is wrong only when D is 6 or more (right up to 4; nothing between is tried)."},
    {"second_time", second_time, "The first calls come out right"},
    {"unset_is_added", unset_is_added, "depends on what was in memory before the call"},
    {"probability", probability, "they are from 0 to 1, as probabilities are"},
    {"noise", noise, "!probabilities"},
    {"noise", noise, "!memory"},
    {"noise", noise, "!only"},
    {"noise", noise, "Every wrong number is too large, by 2"},
};

START_TEST(rows_are_explained)
{
    check_said(probe_rows, &rows[_i]);
}
END_TEST

/* Shares: rows that sum to 1. */
static void probe_shares(any_function f, struct outcome *o)
{
    (void)f;
    for (int T = 3; T < 6; T++) {
        float want[25], e[25];
        for (int t = 0; t < T; t++) {
            float sum = 0;
            for (int d = 0; d < T; d++)
                sum += e[t * T + d] = expf(sinf((float)(3 * t + 5 * d * d)));
            for (int d = 0; d < T; d++)
                want[t * T + d] = e[t * T + d] / sum;
        }
        situation(o, "%d tokens", T);
        struct call c = {o->turn, T, T, T, NULL, NULL, want, NULL};
        c.x = given(o, "x", AXES({T, NULL}, {T, NULL}), FLOATS, e);
        c.out = written(o, "out", AXES({T, NULL}, {T, NULL}), FLOATS);
        tried->f(&c);
        record(o, "out", AXES({T, NULL}, {T, NULL}), c.out, want);
    }
}

static float column_sum(const struct call *c, int d)
{
    float sum = 0;
    for (int t = 0; t < c->T; t++)
        sum += c->x[t * c->D + d];
    return sum;
}

ROWS(over_columns, x / column_sum(c, d))
ROWS(other_shares, (w * w + 0.01f * (float)d) / 3)
ROWS(flatter, 0.5f * w + 0.5f / (float)c->D)

static const struct wrong shares[] = {
    {"over_columns", over_columns, "Each column of out sums to 1; each row should."},
    {"other_shares", other_shares,
     "The numbers of each row should sum to 1; the sums are"},
    {"other_shares", other_shares, "!Each column"},
    {"flatter", flatter, "sum to 1, as they should, but are not the right ones"},
};

START_TEST(shares_are_explained)
{
    check_said(probe_shares, &shares[_i]);
}
END_TEST

/* A mask: what is above the diagonal becomes -inf, in place. */
static void probe_mask(any_function f, struct outcome *o)
{
    (void)f;
    for (int T = 2; T < 6; T++) {
        float x[25], want[25];
        for (int i = 0; i < T * T; i++) {
            x[i] = sinf((float)(i * i + T));
            want[i] = i % T > i / T ? -INFINITY : x[i];
        }
        situation(o, "%d tokens", T);
        struct call c = {o->turn, T, T, T, x, NULL, want, NULL};
        c.out = changed(o, "scores", AXES({T, NULL}, {T, NULL}), FLOATS, x);
        tried->f(&c);
        record(o, "scores", AXES({T, NULL}, {T, NULL}), c.out, want);
    }
}

ROWS(untouched, was)
ROWS(itself_too, d >= t ? -INFINITY : w)
ROWS(one_late, d > t + 1 ? -INFINITY : x)
ROWS(other_way, d < t ? -INFINITY : x)
ROWS(very_low, d > t ? -1e9f : x)
ROWS(first_only, d == 0 && t == 0 ? -INFINITY : t == 0 && d == 1 ? x : w)

static const struct wrong masks[] = {
    {"untouched", untouched, "is what was there before the call and should be -inf."},
    {"untouched", untouched, "scores is wrong only above the diagonal."},
    {"itself_too", itself_too,
     "only on the diagonal. Every wrong number of scores is -inf and should not be."},
    {"one_late", one_late, "is what was there before the call and should be -inf."},
    {"other_way", other_way,
     "As many numbers of scores are -inf as should be, but not the right ones."},
    {"other_way", other_way, "only off the diagonal"},
    {"very_low", very_low, "is -1000000000 and should be -inf"},
    {"first_only", first_only, "!above the diagonal"},
};

START_TEST(masks_are_explained)
{
    check_said(probe_mask, &masks[_i]);
}
END_TEST

/* A function of n whole numbers that returns an index: the first of the lowest, -1 for none
 * that is not negative. The call's T is n, D what is right; x holds the numbers. */
static int answered;

static void probe_index(any_function f, struct outcome *o)
{
    static const int all[][5] = {{4, 2, 2, 9, 2},      {5, 1, 3, 1, 7}, {6, 6, 8, 6, 9},
                                 {-1, -1, -1, -1, -1}, {3, 2, 1, 5, 4}, {0, 4, 0, 1, 1}};
    (void)f;
    for (int n = 0; n < 6; n++) {
        float x[5];
        int want = -1;
        for (int i = 0; i < 5; i++) {
            x[i] = (float)all[n][i];
            if (x[i] >= 0 && (want < 0 || x[i] < x[want]))
                want = i;
        }
        situation(o, "list %c", 'a' + n);
        given(o, "ranks", AXES({5, NULL}), INTS, all[n]);
        const struct call c = {o->turn, n, 5, want, x, NULL, NULL, NULL};
        tried->f(&c);
        record_integer(o, "the index", answered, want);
    }
}

#define ANSWER(name, value)                                                              \
    static void name(const struct call *c)                                               \
    {                                                                                    \
        (void)c, answered = value;                                                       \
    }
static int last_lowest(const struct call *c)
{
    int found = c->D;
    for (int i = 0; i < c->T; i++)
        if (c->D >= 0 && c->x[i] == c->x[c->D])
            found = i;
    return found;
}
ANSWER(counted_from_1, c->D + 1)
ANSWER(value_itself, c->D < 0 ? -1 : (int)c->x[c->D])
ANSWER(last_of_equals, last_lowest(c))
ANSWER(zero_for_none, c->D < 0 ? 0 : c->D)
ANSWER(always_2, 2)
static int answer_before(const struct call *c)
{
    static int kept = 77;
    const int before = kept;
    kept = c->D;
    return before;
}
ANSWER(kept_for_later, answer_before(c))
ANSWER(any, c->D + 1 + c->number % 3)

static const struct wrong indices[] = {
    {"counted_from_1", counted_from_1, "Each time, the index is 1 too large."},
    {"value_itself", value_itself,
     "what ranks has at the right index, not the index itself"},
    {"last_of_equals", last_of_equals,
     "a different index, at which ranks has the same number"},
    {"zero_for_none", zero_for_none, "the only one in which the right answer is -1"},
    {"zero_for_none", zero_for_none, "!same number"},
    {"always_2", always_2, "Each time, the index is 2."},
    {"kept_for_later", kept_for_later, "the one that was right in the call before"},
    {"any", any, "The index is too large, by 1 to 3."},
};

START_TEST(indices_are_explained)
{
    check_said(probe_index, &indices[_i]);
}
END_TEST

/* A number of bytes that does not fit into 32 bits; in c->y is what is asked for. */
static long counted;

static void probe_count(any_function f, struct outcome *o)
{
    static const long sizes[] = {24, 1000, 5400000000, 12884901889, 81604378624};
    (void)f;
    for (int n = 0; n < 5; n++) {
        situation(o, "%ld rows", sizes[n]);
        counted = 3 * sizes[n];
        tried->f(NULL);
        record_integer(o, "the size", counted, 3 * sizes[n]);
    }
}

#define COUNTED(name, value)                                                             \
    static void name(const struct call *c)                                               \
    {                                                                                    \
        (void)c, counted = value;                                                        \
    }
COUNTED(as_unsigned, (long)(unsigned)counted)
COUNTED(as_int, (long)(int)(unsigned)counted)
COUNTED(as_float, (long)(float)counted)
COUNTED(part_in_int, counted > 4294967296
                         ? counted - (counted / 7 / 4294967296 + 1) * 4294967296
                         : counted)
COUNTED(two_less, counted > 5000 ? counted - 4294967298 : counted)

static const struct wrong counts[] = {
    {"as_unsigned", as_unsigned, "what 32 bits keep of the right one"},
    {"as_unsigned", as_unsigned, "(right up to 1000"},
    {"as_int", as_int, "what an int keeps of the right one"},
    {"as_float", as_float, "rounded to a float"},
    {"part_in_int", part_in_int, "a multiple of 2^32"},
    {"two_less", two_less, "!2^32"},
};

START_TEST(counts_are_explained)
{
    check_said(probe_count, &counts[_i]);
}
END_TEST

/* A function of several steps. */
static void probe_steps(any_function f, struct outcome *o)
{
    static const char *const names[] = {"s->ln_1", "s->ln_2", "s->h[0]", "s->h[1]",
                                        "s->end"};
    (void)f;
    situation(o, "3 rows");
    for (int n = 0; n < 5; n++) {
        float want[6], got[6];
        for (int i = 0; i < 6; i++) {
            want[i] = sinf((float)(i + 10 * n));
            got[i] = n >= tried->name[0] - '0' ? 3 * want[i] : want[i];
        }
        record(o, names[n], AXES({3, NULL}, {2, NULL}), got, want);
    }
}

static const struct wrong steps[] = {
    {"0", NULL, "s->ln_1 is the first that is wrong. Every number of s->ln_1 is 3 times"},
    {"1", NULL, "s->ln_1 is right; s->ln_2 is the first that is wrong."},
    {"3", NULL,
     "s->ln_1, s->ln_2 and s->h[0] are right; s->h[1] is the first that is wrong."},
    {"4", NULL, "s->ln_1, s->ln_2, s->h[0] and s->h[1] are right; s->end is wrong."},
};

START_TEST(steps_are_explained)
{
    check_said(probe_steps, &steps[_i]);
}
END_TEST

/* A function that makes a row of bytes, as long as it says, and another number before. */
static void probe_bytes(any_function f, struct outcome *o)
{
    static const char *const all[] = {"abc\0defg", "xy\0\xc3\xabzw", "pq\xe5\xa5\xbd\0r"};
    static const int sizes[] = {8, 7, 7};
    (void)f;
    for (int n = 0; n < 3; n++) {
        unsigned char want[8], got[16] = {0};
        int length = sizes[n];
        memcpy(want, all[n], 8);
        memcpy(got, want, 8);
        situation(o, "text %d", n + 1);
        given(o, "text", AXES({length, NULL}), BYTES, want);
        if (strcmp(tried->name, "too_many") == 0)
            length++;
        else if (strcmp(tried->name, "too_few") == 0)
            length -= 1 + n;
        else if (strcmp(tried->name, "first_missing") == 0)
            memmove(got, got + 1, (size_t)--length);
        else
            length = tried->name[0] == 'c' ? length - 1 - 2 * (n == 2) - (n == 1) + 1
                                           : (int)strlen(all[n]);
        record_integer(o, "how many", sizes[n] + (tried->f != NULL), sizes[n]);
        if (tried->name[0] == 'c' || tried->name[0] == 'z')
            record_integer(o, "the length", length, sizes[n]);
        else
            record_bytes(o, "out", length, 16, got, sizes[n], want);
    }
}

static const struct wrong bytes[] = {
    {"too_many", NULL,
     "How many is right; out is wrong. out has 1 byte too many; the others are right."},
    {"too_few", NULL, "out has 1 to 3 bytes too few; the others are right."},
    {"first_missing", NULL, "The first element of out is missing"},
    {"zero_ends", NULL, "the right one if text ended at its first 0 byte"},
};

START_TEST(bytes_are_explained)
{
    check_said(probe_bytes, &bytes[_i]);
}
END_TEST

/* A function that makes a row of ids, -1 where there is none. */
static void probe_ids(any_function f, struct outcome *o)
{
    static const int want[2][6] = {{5, -1, 70, 8, -1}, {3, 44, -1, 9, 12, -1}};
    static const struct {
        const char *name;
        int got[2][6];
    } made[] = {
        {"others", {{5, -1, 60, 8, -1}, {3, 41, -1, 9, 13, -1}}},
        {"exchanged", {{5, -1, 8, 70, -1}, {3, 41, -1, 9, 13, -1}}},
        {"none", {{5, -1, -1, 8, -1}, {3, -1, -1, 9, 12, -1}}},
        {"elsewhere", {{5, 17, -1, 8, -1}, {3, -1, 23, 9, 12, -1}}},
    };
    (void)f;
    for (size_t m = 0; m < sizeof made / sizeof *made; m++)
        for (int n = 0; n < 2 && strcmp(made[m].name, tried->name) == 0; n++) {
            situation(o, "text %d", n + 1);
            record_ints(o, "ids", 5 + n, 5 + n, made[m].got[n], 5 + n, want[n], NULL);
        }
}

static const struct wrong ids[] = {
    {"others", NULL, "In the first wrong case ids lacks 70 and has 60 instead."},
    {"exchanged", NULL,
     "In the first wrong case ids has the right numbers, in a different order."},
    {"none", NULL, "Every wrong number of ids is -1."},
    {"elsewhere", NULL, "As many numbers of ids are -1 as should be, but not the right"},
};

START_TEST(ids_are_explained)
{
    check_said(probe_ids, &ids[_i]);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, rows_are_explained, 0, COUNT(rows));
    tcase_add_loop_test(t, shares_are_explained, 0, COUNT(shares));
    tcase_add_loop_test(t, masks_are_explained, 0, COUNT(masks));
    tcase_add_loop_test(t, counts_are_explained, 0, COUNT(counts));
    tcase_add_loop_test(t, steps_are_explained, 0, COUNT(steps));
    tcase_add_loop_test(t, indices_are_explained, 0, COUNT(indices));
    tcase_add_loop_test(t, bytes_are_explained, 0, COUNT(bytes));
    tcase_add_loop_test(t, ids_are_explained, 0, COUNT(ids));
}

int main(int argc, char **argv)
{
    return run_tests(argc, argv, "explain", add_tests);
}
