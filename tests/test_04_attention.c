/* Tests of chapter 4: one attention head, step by step, its walk, and its exercises. */
#include "exercise.h"
#include "reference.h"
#include "../src/04_attention.h"

#define PROGRAM "04_attention"
#include "program.h"
#include "mistakes/04_attention.h"
#include "numbers.h"
#include "right/04_attention.h"

/* ---- Exercises --------------------------------------------------------------------- */

enum { WORDS = 6 };
static char *const words[WORDS] = {"A", "␣robot", "␣must", "␣obey", "␣the", "␣orders"};

/* An axis of T tokens, with their words if there are so few. */
#define TOKENS(T)                                                                        \
    {                                                                                    \
        T, (T) <= WORDS ? words : NULL                                                   \
    }

static void probe_attention_scores(any_function f, struct outcome *o)
{
    static const struct {
        int T, D;
        float size;
        const char *says;
    } cases[] = {
        {2, 4, 1, ", the example"},
        {3, 2, 1, ""}, /* T is not D: rows and columns, and whose root it is */
        {1, 3, 1, ""}, /* a token alone, and a root that is not whole */
        {4, 6, 1, ""},
        {WORDS, 9, 1, ""},
        {4, 4, 1, ""}, /* T is D */
        {5, 1, 1, ""}, /* one number each */
        {3, 7, 250, ", large numbers"},
        {2, 5, 0, ", all numbers 0"},      /* nothing to divide by */
        {131, 3, 1, ""},                   /* more than 128 tokens, an odd number */
        {3, 131, 1, ""},                   /* more than 128 numbers */
        {2, 1031, 1, ""},                  /* more than 1,024 */
        {2, 3, 1, ", after a longer one"}, /* what is kept from a call */
    };
    static const float q_example[] = {1, 0, 2, 0, 0, 1, 0, 0},
                       k_example[] = {2, 0, 1, 0, 4, 6, 0, 0};
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T, D = cases[c].D;
        float *some_q = some_numbers(T * D, c), *some_k = some_numbers(T * D, c + 50),
              *want = grab((size_t)(T * T), sizeof *want);
        for (int i = 0; i < T * D; i++) {
            some_q[i] = c == 0 ? q_example[i] : some_q[i] * cases[c].size;
            some_k[i] = c == 0 ? k_example[i] : some_k[i] * cases[c].size;
        }
        for (int t = 0; t < T; t++)
            for (int s = 0; s < T; s++) {
                double dot = 0;
                for (int i = 0; i < D; i++)
                    dot += (double)some_q[t * D + i] * (double)some_k[s * D + i];
                want[t * T + s] = (float)(dot / sqrt(D));
            }
        situation(o, "%d token%s, D = %d%s", T, T == 1 ? "" : "s", D, cases[c].says);
        const void *q = given(o, "q", AXES(TOKENS(T), {D, NULL}), FLOATS, some_q),
                   *k = given(o, "k", AXES(TOKENS(T), {D, NULL}), FLOATS, some_k);
        void *scores = written(o, "scores", AXES(TOKENS(T), TOKENS(T)), FLOATS);
        TESTED(attention_scores, f)(T, D, scores, q, k);
        record(o, "scores", AXES(TOKENS(T), TOKENS(T)), scores, want);
        free(some_q);
        free(some_k);
        free(want);
    }
}

/* The softmax of n scores, in place of them, in double precision. */
static void shares(int n, double *p)
{
    double largest = -HUGE_VAL, sum = 0;
    for (int i = 0; i < n; i++)
        largest = fmax(largest, p[i]);
    for (int i = 0; i < n; i++)
        sum += p[i] = exp(p[i] - largest);
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

static double *doubles_of(int n, const float *x)
{
    double *copy = grab((size_t)n, sizeof *copy);
    for (int i = 0; i < n; i++)
        copy[i] = (double)x[i];
    return copy;
}

/* The sum of all p[s] times row s of v. */
static void mixture(int T, int D, float *context, const double *p, const float *v)
{
    for (int i = 0; i < D; i++) {
        double sum = 0;
        for (int s = 0; s < T; s++)
            sum += p[s] * (double)v[s * D + i];
        context[i] = (float)sum;
    }
}

static void probe_softmax_of(any_function f, struct outcome *o, int n, const float *some)
{
    double *p_want = doubles_of(n, some);
    float *want = grab((size_t)n, sizeof *want);
    shares(n, p_want);
    for (int i = 0; i < n; i++)
        want[i] = (float)p_want[i];
    const float *s = given(o, "s", AXES({n, NULL}), FLOATS, some);
    float *p = written(o, "p", AXES({n, NULL}), FLOATS);
    TESTED(softmax, f)(n, p, s);
    record(o, "p", AXES({n, NULL}), p, want);
    /* Small shares are not 0, and the share of minus infinity is. */
    int leaks = 0, hidden = 0;
    for (int i = 0; i < n; i++) {
        char name[20];
        snprintf(name, sizeof name, "p[%d]", i);
        if (n <= WORDS && p_want[i] > 1e-30 && p_want[i] < 1e-3)
            record_number(o, name, (double)p[i], p_want[i]);
        hidden += isinf(some[i]);
        leaks += isinf(some[i]) && p[i] != 0;
    }
    if (hidden)
        record_integer(o, "how many scores of minus infinity get a share", leaks, 0);
    free(p_want);
    free(want);
}

static void probe_softmax(any_function f, struct outcome *o)
{
    static const struct {
        const char *says;
        int n;
        float s[WORDS];
    } cases[] = {
        {"scores {0, 0}", 2, {0, 0}},
        {"scores {1000, 1000}", 2, {1000, 1000}},
        {"scores {0, 1.0986}", 2, {0, 1.0986f}},
        {"scores {1, 2, -1, 0.5}", 4, {1, 2, -1, 0.5f}},
        {"scores {3}, one alone", 1, {3}},
        /* nothing but what is far below 0 */
        {"scores {-1000, -1002, -1001}", 3, {-1000, -1002, -1001}},
        {"scores {-95, -96.5, -94}", 3, {-95, -96.5f, -94}}, /* powers are not yet 0 */
        {"scores {-60, -61, -58}", 3, {-60, -61, -58}},
        {"scores {-700}, one alone", 1, {-700}},
        /* the largest first, in the middle, last */
        {"scores {150, 0, 149}", 3, {150, 0, 149}},
        {"scores {0, 150, 149}", 3, {0, 150, 149}},
        {"scores {1, 2, 120}", 3, {1, 2, 120}},
        /* minus infinity first, last, nearly everywhere */
        {"scores {-inf, 1, 2.5}", 3, {-INFINITY, 1, 2.5f}},
        {"scores {2, -inf, 1, -inf}", 4, {2, -INFINITY, 1, -INFINITY}},
        {"scores {-inf, -inf, -300, -inf}", 4, {-INFINITY, -INFINITY, -300, -INFINITY}},
        {"scores {0, -20, -40}", 3, {0, -20, -40}}, /* small shares */
        {"scores {-200, -90, 0, 1}", 4, {-200, -90, 0, 1}},
        {"scores {0.5, -0.25, 0.75, 2, 1.5, -3}", 6, {0.5f, -0.25f, 0.75f, 2, 1.5f, -3}},
        /* as large and small as a float can be */
        {"scores {3e38, -3e38, 0}", 3, {3e38f, -3e38f, 0}},
        {"scores {0, 3e38, -3e38}", 3, {0, 3e38f, -3e38f}},
        /* a search for the largest that begins at any number but the lowest misses these */
        {"scores {-3e38, -3e38}", 2, {-3e38f, -3e38f}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        situation(o, "%s", cases[c].says);
        probe_softmax_of(f, o, cases[c].n, cases[c].s);
    }
    /* More than 128, 1,024 and 2,000 scores, a vocabulary's, and a few after them for what is kept
     * from a call. */
    static const int sizes[] = {131, 1031, 2003, 50257, 5};
    for (unsigned c = 0; c < sizeof sizes / sizeof *sizes; c++) {
        float *some = some_numbers(sizes[c], c);
        situation(o, "%d scores from -4 to 4", sizes[c]);
        probe_softmax_of(f, o, sizes[c], some);
        free(some);
    }
}

static void probe_weighted_sum(any_function f, struct outcome *o)
{
    static const struct {
        int T, D;
        float size;
        const char *says;
    } cases[] = {
        {2, 3, 1, ", the example"},
        {2, 3, 1, ", a small weight of large values"}, /* it is not nothing */
        {1, 2, 1, ""},                                 /* a token alone */
        {3, 4, 1, ""},                                 /* T is not D */
        {4, 2, 1, ""},
        {WORDS, 5, 1, ""},
        {3, 1, 1, ""}, /* one number each */
        {4, 4, 1, ""}, /* T is D */
        {3, 3, 1000, ", large values"},
        {3, 2, 0, ", all values 0"},
        {131, 3, 1, ""},                   /* more than 128 tokens, an odd number */
        {2, 131, 1, ""},                   /* more than 128 numbers */
        {3, 1031, 1, ""},                  /* more than 1,024 */
        {3, 5, 1, ", after a longer one"}, /* what is kept from a call */
    };
    static const float w_example[][4] = {{1, 0, 0.25f, 0.75f},
                                         {1, 0x1p-20f, 0x1p-20f, 1}},
                       v_example[][6] = {{4, 0, 8, 0, 4, 8},
                                         {4, 1, 8, 3e6f, 4e6f, -5e6f}};
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T, D = cases[c].D;
        float *w = some_numbers(T * T, c), *some_v = some_numbers(T * D, c + 50),
              *want = grab((size_t)(T * D), sizeof *want);
        for (int t = 0; t < T; t++) {
            double *p = doubles_of(T, w + t * T);
            shares(T, p);
            for (int s = 0; s < T; s++)
                w[t * T + s] = c < 2 ? w_example[c][t * T + s] : (float)p[s];
            free(p);
        }
        for (int i = 0; i < T * D; i++)
            some_v[i] = c < 2 ? v_example[c][i] : some_v[i] * cases[c].size;
        for (int t = 0; t < T; t++) {
            double *p = doubles_of(T, w + t * T);
            mixture(T, D, want + t * D, p, some_v);
            free(p);
        }
        situation(o, "%d token%s, D = %d%s", T, T == 1 ? "" : "s", D, cases[c].says);
        const void *weights = given(o, "weights", AXES(TOKENS(T), TOKENS(T)), FLOATS, w),
                   *v = given(o, "v", AXES(TOKENS(T), {D, NULL}), FLOATS, some_v);
        void *context = written(o, "context", AXES(TOKENS(T), {D, NULL}), FLOATS);
        TESTED(weighted_sum, f)(T, D, context, weights, v);
        record(o, "context", AXES(TOKENS(T), {D, NULL}), context, want);
        free(w);
        free(some_v);
        free(want);
    }
}

static void probe_attend_in_passing_of(any_function f, struct outcome *o, int T, int D,
                                       const float *some_scores, const float *some_v)
{
    float *want = grab((size_t)D, sizeof *want);
    double *p = doubles_of(T, some_scores);
    shares(T, p);
    mixture(T, D, want, p, some_v);
    free(p);
    const float *scores = given(o, "scores", AXES(TOKENS(T)), FLOATS, some_scores);
    const void *v = given(o, "v", AXES(TOKENS(T), {D, NULL}), FLOATS, some_v);
    float *context = written(o, "context", AXES({D, NULL}), FLOATS);
    TESTED(attend_in_passing, f)(T, D, context, scores, v);
    record(o, "context", AXES({D, NULL}), context, want);
    free(want);
}

static void probe_attend_in_passing(any_function f, struct outcome *o)
{
    static const struct {
        const char *says;
        int T, D;
        float scores[WORDS];
    } cases[] = {
        {"the example", 2, 2, {1000, 1000}},
        {"scores {0, -25}, and a large value", 2, 2, {0, -25}}, /* a small share counts */
        {"scores {-200, 0.5, -300, 0}", 4, 2, {-200, 0.5f, -300, 0}}, /* up and down */
        {"one token alone", 1, 3, {-2}},
        {"scores {2, 1, 0.5, -1}, falling",
         4,
         2,
         {2, 1, 0.5f, -1}}, /* never a larger one */
        {"scores {-1, 0, 1.5, 2}, rising",
         4,
         3,
         {-1, 0, 1.5f, 2}}, /* always a larger one */
        {"scores {0.5, 1.5, -1, 2, 0, 1}", 6, 2, {0.5f, 1.5f, -1, 2, 0, 1}},
        {"scores {1, 1, 1, 1, 1}", 5, 4, {1, 1, 1, 1, 1}},         /* equal ones */
        {"scores {-999, -1000, -998}", 3, 2, {-999, -1000, -998}}, /* far below 0 */
        {"scores {-60, -58, -61}", 3, 3, {-60, -58, -61}},
        {"scores {0, 150, 149}", 3, 2, {0, 150, 149}}, /* far apart */
        {"scores {999, 1, 1000}", 3, 4, {999, 1, 1000}},
        {"scores {-1000, 1000, -1000, 999}", 4, 1, {-1000, 1000, -1000, 999}},
    };
    static const float v_example[][4] = {{4, 0, 0, 8}, {4, 1, 3e12f, -5e12f}};
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        float *v = some_numbers(cases[c].T * cases[c].D, c + 2);
        if (c < 2)
            memcpy(v, v_example[c], sizeof v_example[c]);
        situation(o, "%s", cases[c].says);
        probe_attend_in_passing_of(f, o, cases[c].T, cases[c].D, cases[c].scores, v);
        free(v);
    }
    static const struct {
        int T, D;
        float step; /* the scores rise by so much from token to token */
        const char *says;
    } longer[] = {
        {131, 3, 0, ""}, /* more than 128 tokens */
        {1031, 1, 0.015625f,
         ", rising scores"},               /* more than 1,024, all sums shrink again and
                                                      again */
        {3, 131, 0, ""},                   /* more than 128 numbers */
        {2, 1031, 0, ""},                  /* more than 1,024 */
        {3, 2, 0, ", after a longer one"}, /* what is kept from a call */
    };
    for (unsigned c = 0; c < sizeof longer / sizeof *longer; c++) {
        const int T = longer[c].T, D = longer[c].D;
        float *scores = some_numbers(T, c), *v = some_numbers(T * D, c + 50);
        for (int t = 0; t < T; t++)
            scores[t] += longer[c].step * (float)t;
        situation(o, "%d tokens, D = %d%s", T, D, longer[c].says);
        probe_attend_in_passing_of(f, o, T, D, scores, v);
        free(scores);
        free(v);
    }
    /* What is kept must not grow with T: here it would not fit. Only the first tokens count. */
    const int T = 300001;
    float *scores = some_numbers(T, 9), *v = some_numbers(T, 59);
    for (int t = 40; t < T; t++)
        scores[t] = -500;
    situation(o, "%d tokens, D = 1, all but 40 with scores of -500", T);
    probe_attend_in_passing_of(f, o, T, 1, scores, v);
    free(scores);
    free(v);
}

static void probe_attend_across(any_function f, struct outcome *o)
{
    static const struct {
        int N, T, D;
        float first, others; /* how large the first query is, and the others */
        const char *says;
    } cases[] = {
        /* less than 0: all scores are far below 0 */
        {2, 2, 1, 0, 0, ", the example"},
        {2, 2, 1, 0, 0, ", the example with its queries exchanged"},
        {2, 2, 1, 0, 0, ", a small weight of a large value"}, /* it is not nothing */
        {1, 3, 2, 1, 1, ""},                                  /* one query */
        {3, 1, 4, 1, 1, ""}, /* one key: all weight is its own */
        {5, 3, 6, 1, 1, ""}, /* more queries than keys, a root that is not whole */
        {2, 6, 3, 1, 1, ""}, /* more keys than queries */
        {4, 5, 1, 1, 1, ""}, /* one number each */
        {3, 4, 2, 0, 0, ", all queries 0"},            /* equal shares */
        {3, 4, 4, 32, 1, ", far larger scores first"}, /* what is kept from a query */
        {4, 3, 1, 64, 1, ", far larger scores first"},
        {3, 4, 4, 1, 32, ", far larger scores last"},
        {2, 3, 1, -100, -90, ", all scores far below 0"},
        {3, 4, 4, -24, -20, ", all scores far below 0"},
        {131, 3, 3, 1, 1, ""},                   /* more than 128 queries */
        {3, 1031, 2, 1, 1, ""},                  /* more than 1,024 keys */
        {2, 3, 131, 0.5f, 0.5f, ""},             /* more than 128 numbers */
        {2, 4, 3, 1, 1, ", after a longer one"}, /* what is kept from a call */
    };
    static const float q_example[][2] = {{1, 0}, {0, 1}, {1, 0.5f}},
                       k_example[][2] = {{0, 1.0986f}, {0, 1.0986f}, {0, -25}},
                       v_example[][2] = {{0, 4}, {0, 4}, {4, 3e12f}};
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int N = cases[c].N, T = cases[c].T, D = cases[c].D;
        const bool down = cases[c].first < 0;
        float *some_q = some_numbers(N * D, c), *some_k = some_numbers(T * D, c + 50),
              *some_v = some_numbers(T * D, c + 100),
              *want = grab((size_t)(N * D), sizeof *want);
        double *p = grab((size_t)T, sizeof *p);
        for (int i = 0; i < N * D; i++)
            some_q[i] = c < 3 ? q_example[c][i]
                              : (down ? fabsf(some_q[i]) : some_q[i]) *
                                    (i < D ? cases[c].first : cases[c].others);
        for (int i = 0; i < T * D; i++) {
            some_k[i] = c < 3 ? k_example[c][i] : down ? fabsf(some_k[i]) : some_k[i];
            some_v[i] = c < 3 ? v_example[c][i] : some_v[i];
        }
        for (int n = 0; n < N; n++) {
            for (int s = 0; s < T; s++) {
                double dot = 0;
                for (int i = 0; i < D; i++)
                    dot += (double)some_q[n * D + i] * (double)some_k[s * D + i];
                p[s] = dot / sqrt(D);
            }
            shares(T, p);
            mixture(T, D, want + n * D, p, some_v);
        }
        situation(o, "N = %d, T = %d, D = %d%s", N, T, D, cases[c].says);
        const void *q = given(o, "q", AXES({N, NULL}, {D, NULL}), FLOATS, some_q),
                   *k = given(o, "k", AXES(TOKENS(T), {D, NULL}), FLOATS, some_k),
                   *v = given(o, "v", AXES(TOKENS(T), {D, NULL}), FLOATS, some_v);
        void *context = written(o, "context", AXES({N, NULL}, {D, NULL}), FLOATS);
        TESTED(attend_across, f)(N, T, D, context, q, k, v);
        record(o, "context", AXES({N, NULL}, {D, NULL}), context, want);
        free(some_q);
        free(some_k);
        free(some_v);
        free(want);
        free(p);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(attention_scores),
     {
         MISTAKE(wrong_attention_scores_no_root),
         MISTAKE(wrong_attention_scores_by_D),
         MISTAKE(wrong_attention_scores_root_of_T),
         MISTAKE(wrong_attention_scores_times_root),
         MISTAKE(wrong_attention_scores_whole_root),
         MISTAKE(wrong_attention_scores_transposed),
         MISTAKE(wrong_attention_scores_never_zero),
         MISTAKE(wrong_attention_scores_zero_once_a_row),
         MISTAKE(wrong_attention_scores_last_product),
         MISTAKE(wrong_attention_scores_loses_the_last),
         MISTAKE(wrong_attention_scores_queries_only),
         MISTAKE(wrong_attention_scores_own_key),
         MISTAKE(wrong_attention_scores_masked),
         MISTAKE(wrong_attention_scores_cosine),
         MISTAKE(wrong_attention_scores_softmaxed),
     },
     {
         RIGHT(right_attention_scores_in_double),
         RIGHT(right_attention_scores_number_by_number),
         RIGHT(right_attention_scores_small_queries),
         RIGHT(right_attention_scores_by_a_helper),
     }},
    {EXERCISE(softmax),
     {
         MISTAKE(wrong_softmax_naive),
         MISTAKE(wrong_softmax_largest_from_0),
         MISTAKE(wrong_softmax_largest_from_low),
         MISTAKE(wrong_softmax_largest_by_size),
         MISTAKE(wrong_softmax_smallest_off),
         MISTAKE(wrong_softmax_first_off),
         MISTAKE(wrong_softmax_mean_off),
         MISTAKE(wrong_softmax_largest_forgets_last),
         MISTAKE(wrong_softmax_not_divided),
         MISTAKE(wrong_softmax_by_n),
         MISTAKE(wrong_softmax_running_sum),
         MISTAKE(wrong_softmax_base_2),
         MISTAKE(wrong_softmax_no_powers),
         MISTAKE(wrong_softmax_upside_down),
         MISTAKE(wrong_softmax_hard),
         MISTAKE(wrong_softmax_logarithm),
     },
     {
         RIGHT(right_softmax_by_the_hints),
         RIGHT(right_softmax_in_double),
         RIGHT(right_softmax_by_the_logarithm),
         RIGHT(right_softmax_in_two_passes),
         RIGHT(right_softmax_by_halves),
     }},
    {EXERCISE(weighted_sum),
     {
         MISTAKE(wrong_weighted_sum_transposed),
         MISTAKE(wrong_weighted_sum_own_value),
         MISTAKE(wrong_weighted_sum_not_zeroed),
         MISTAKE(wrong_weighted_sum_zeroes_bytes),
         MISTAKE(wrong_weighted_sum_never_zero),
         MISTAKE(wrong_weighted_sum_zero_once_a_row),
         MISTAKE(wrong_weighted_sum_last_only),
         MISTAKE(wrong_weighted_sum_mean),
         MISTAKE(wrong_weighted_sum_unweighted),
         MISTAKE(wrong_weighted_sum_heaviest),
         MISTAKE(wrong_weighted_sum_past_only),
         MISTAKE(wrong_weighted_sum_not_itself),
         MISTAKE(wrong_weighted_sum_adds_itself),
     },
     {
         RIGHT(right_weighted_sum_in_double),
         RIGHT(right_weighted_sum_value_by_value),
         RIGHT(right_weighted_sum_passes_over_zeros),
         RIGHT(right_weighted_sum_by_pointers),
     }},
    {EXERCISE(attend_in_passing),
     {
         MISTAKE(wrong_attend_in_passing_never_shrinks),
         MISTAKE(wrong_attend_in_passing_sum_only),
         MISTAKE(wrong_attend_in_passing_context_only),
         MISTAKE(wrong_attend_in_passing_not_divided),
         MISTAKE(wrong_attend_in_passing_largest_from_0),
         MISTAKE(wrong_attend_in_passing_naive),
         MISTAKE(wrong_attend_in_passing_first_off),
         MISTAKE(wrong_attend_in_passing_wrong_way),
         MISTAKE(wrong_attend_in_passing_too_late),
         MISTAKE(wrong_attend_in_passing_divides_each_time),
         MISTAKE(wrong_attend_in_passing_sum_so_far),
         MISTAKE(wrong_attend_in_passing_not_zeroed),
         MISTAKE(wrong_attend_in_passing_unweighted),
         MISTAKE(wrong_attend_in_passing_hard),
     },
     {
         RIGHT(right_attend_in_passing_two_factors),
         RIGHT(right_attend_in_passing_moves),
         RIGHT(right_attend_in_passing_two_steps),
         RIGHT(right_attend_in_passing_first_set),
     }},
    {EXERCISE(attend_across),
     {
         MISTAKE(wrong_attend_across_as_handed_out),
         MISTAKE(wrong_attend_across_sum_kept),
         MISTAKE(wrong_attend_across_largest_kept),
         MISTAKE(wrong_attend_across_nothing_off),
         MISTAKE(wrong_attend_across_no_root),
         MISTAKE(wrong_attend_across_not_divided),
         MISTAKE(wrong_attend_across_first_query),
         MISTAKE(wrong_attend_across_first_row_only),
     },
     {
         RIGHT(right_attend_across_by_the_hints),
         RIGHT(right_attend_across_by_softmax),
         RIGHT(right_attend_across_in_passing),
         RIGHT(right_attend_across_in_double),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* The same numbers on every machine. */
static unsigned long random_state = 4;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

/* Fills x with numbers spread evenly from -size to size. */
static void fill(size_t n, float *x, float size)
{
    for (size_t i = 0; i < n; i++)
        x[i] = ((float)pick(1 << 16) / 32768 - 1) * size;
}

static float *some_floats(int n, float size)
{
    float *x = grab((size_t)n, sizeof *x);
    fill((size_t)n, x, size);
    return x;
}

static void expect_success(const char *arguments)
{
    int status = run_program(arguments);
    ck_assert_msg(status == 0 && errors.size == 0, "04_attention %s: status %d: %s",
                  arguments, status, (char *)errors.data);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *says)
{
    int status = run_program(arguments);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(status == 1, "04_attention %s: status %d, expected 1: %s", arguments,
                  status, line);
    ck_assert_msg(end && end[1] == 0, "04_attention %s: expected one line: '%s'",
                  arguments, line);
    ck_assert_msg(strncmp(line, "04_attention: ", 14) == 0 && strstr(line, says),
                  "04_attention %s: expected '%s' in '%s'", arguments, says, line);
}

static void expect_output(const char *says)
{
    ck_assert_msg(strstr((char *)output.data, says) != NULL, "expected '%s' in:\n%s",
                  says, (char *)output.data);
}

/* No line of the walk is longer than a terminal; the prompt itself may be. */
static void expect_narrow(const char *arguments)
{
    int number = 0;
    for (char *line = (char *)output.data, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        const size_t n = strlen(line);
        ck_assert_msg(number++ < 5 || text_width(line) <= 80,
                      "04_attention %s: a line of %d columns: %s", arguments,
                      text_width(line), line);
        ck_assert_msg(n == 0 || line[n - 1] != ' ',
                      "04_attention %s: a blank ends a line: '%s'", arguments, line);
    }
}

/* " 3 1 4": T token ids below V. */
static char *some_ids(int T, int V)
{
    char *text = format_text("%s", "");
    for (int t = 0; t < T; t++) {
        char *longer = format_text("%s%s%d", text, t ? " " : "", (7 * t + t * t + 3) % V);
        free(text);
        text = longer;
    }
    return text;
}

/* A model with random weights of that size in the test's folder. */
static char *model_of(struct config c, float size)
{
    float *flat = some_floats((int)parameter_count(&c), size);
    struct weights w = lay_out_weights(&c, flat);
    write_checkpoint(inside("model"), &c, &w);
    free_weights(&w);
    free(flat);
    return inside("model");
}

static char *random_model(struct config c)
{
    return model_of(c, 0.8f);
}

/* ---- Against PyTorch --------------------------------------------------------------- */

START_TEST(every_step_equals_the_reference)
{
    struct stored_file want = open_reference("04_attention");
    int *sizes = reference_ints(&want, "toy.config", AXES({6, NULL}));
    const int C = sizes[2], H = sizes[3], D = C / H,
              T = reference_length(&want, "toy.ids", 0);
    int *ids = reference_ints(&want, "toy.ids", AXES({T, NULL}));
    double *epsilon = reference_doubles(&want, "toy.epsilon", AXES({1, NULL}));
    float *wte = reference_floats(&want, "toy.weights.wte.weight",
                                  AXES({sizes[1], NULL}, {C, NULL})),
          *wpe = reference_floats(&want, "toy.weights.wpe.weight",
                                  AXES({sizes[0], NULL}, {C, NULL})),
          *gain = reference_floats(&want, "toy.weights.h.0.ln_1.weight", AXES({C, NULL})),
          *shift = reference_floats(&want, "toy.weights.h.0.ln_1.bias", AXES({C, NULL})),
          *w = reference_floats(&want, "toy.weights.h.0.attn.c_attn.weight",
                                AXES({C, NULL}, {3 * C, NULL})),
          *bias = reference_floats(&want, "toy.weights.h.0.attn.c_attn.bias",
                                   AXES({3 * C, NULL}));
    float(*x)[C] = grab((size_t)(T * C), 4), (*ln_1)[C] = grab((size_t)(T * C), 4);
    embed(T, C, x, ids, (const float(*)[C])wte, (const float(*)[C])wpe);
    check_reference(&want, "toy.embedding", AXES({T, NULL}, {C, NULL}), x);
    layer_norm(T, C, ln_1, (const float(*)[C])x, gain, shift, (float)*epsilon);
    check_reference(&want, "toy.h.0.ln_1", AXES({T, NULL}, {C, NULL}), ln_1);

    const size_t wide = (size_t)(H * T * D), square = (size_t)(H * T * T);
    float(*q)[T][D] = grab(wide, 4), (*k)[T][D] = grab(wide, 4),
    (*v)[T][D] = grab(wide, 4);
    float(*scores)[T][T] = grab(square, 4), (*weights)[T][T] = grab(square, 4);
    float(*heads)[T][D] = grab(wide, 4), (*passing)[T][D] = grab(wide, 4);
    for (int h = 0; h < H; h++) {
        const float(*rows)[C] = (const float(*)[C])ln_1;
        const float(*all)[3 * C] = (const float(*)[3 * C]) w;
        project(T, C, D, q[h], rows, 3 * C, all, bias, h * D);
        project(T, C, D, k[h], rows, 3 * C, all, bias, C + h * D);
        project(T, C, D, v[h], rows, 3 * C, all, bias, 2 * C + h * D);
        attention_scores(T, D, scores[h], (const float(*)[D])q[h],
                         (const float(*)[D])k[h]);
        softmax_rows(T, weights[h], (const float(*)[T])scores[h]);
        weighted_sum(T, D, heads[h], (const float(*)[T])weights[h],
                     (const float(*)[D])v[h]);
        for (int t = 0; t < T; t++)
            attend_in_passing(T, D, passing[h][t], scores[h][t], (const float(*)[D])v[h]);
    }
    check_reference(&want, "toy.h.0.attn.q", AXES({H, NULL}, {T, NULL}, {D, NULL}), q);
    check_reference(&want, "toy.h.0.attn.k", AXES({H, NULL}, {T, NULL}, {D, NULL}), k);
    check_reference(&want, "toy.h.0.attn.v", AXES({H, NULL}, {T, NULL}, {D, NULL}), v);
    check_reference(&want, "toy.h.0.attn.scores", AXES({H, NULL}, {T, NULL}, {T, NULL}),
                    scores);
    check_reference(&want, "toy.open.h.0.attn.weights",
                    AXES({H, NULL}, {T, NULL}, {T, NULL}), weights);
    check_reference(&want, "toy.open.h.0.attn.heads",
                    AXES({H, NULL}, {T, NULL}, {D, NULL}), heads);
    check_reference(&want, "toy.open.h.0.attn.heads",
                    AXES({H, NULL}, {T, NULL}, {D, NULL}), passing);
    close_stored(&want);
}
END_TEST

START_TEST(the_softmax_equals_the_reference)
{
    struct stored_file want = open_reference("04_attention");
    const int rows = reference_length(&want, "toy.softmax.scores", 0),
              n = reference_length(&want, "toy.softmax.scores", 1);
    float(*scores)[n] = (float(*)[n])reference_floats(&want, "toy.softmax.scores",
                                                      AXES({rows, NULL}, {n, NULL}));
    float(*p)[n] = grab((size_t)(rows * n), 4);
    float *shares_want =
        reference_floats(&want, "toy.softmax.shares", AXES({rows, NULL}, {n, NULL}));
    for (int r = 0; r < rows; r++) {
        softmax(n, p[r], scores[r]);
        check_tensor(format_text("the shares of row %d", r), AXES({n, NULL}), p[r],
                     shares_want + r * n);
    }
    close_stored(&want);
}
END_TEST

START_TEST(the_walk_on_the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("04_attention");
    const int T = reference_length(&want, "odd.ids", 0);
    int *ids = reference_ints(&want, "odd.ids", AXES({T, NULL}));
    char *text = format_text("%s", "");
    for (int t = 0; t < T; t++)
        text = format_text("%s %d", text, ids[t]);
    expect_success(format_text("--model tests/reference/odd --ids '%s' --dump '%s'", text,
                               inside("dump")));
    ck_assert_int_eq(check_dump(&want, "odd.", inside("dump")), 8);
    close_stored(&want);
}
END_TEST

START_TEST(the_walk_on_the_shipped_model_equals_the_reference)
{
    struct stored_file want = open_reference("04_attention");
    struct checkpoint m = load_checkpoint("models/robots");
    if (!is_reference_model(&want, &m))
        printf("skipped: models/robots is another model than that of the reference (make "
               "reference)\n");
    else {
        expect_success(format_text("--dump '%s'", inside("dump")));
        ck_assert_int_eq(check_dump(&want, "robots.", inside("dump")), 8);
    }
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

/* ---- What must hold for any numbers ------------------------------------------------ */

START_TEST(shares_are_positive_and_sum_to_1)
{
    static const float sizes[] = {0, 1e-30f, 0.5f, 5, 80, 1e4f, 1e30f};
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
        for (int n = 1; n <= 130; n += n < 8 ? 1 : 61) {
            float *s = some_floats(n, sizes[size]), *p = grab((size_t)n, sizeof *p);
            softmax(n, p, s);
            double sum = 0;
            int best = 0;
            for (int i = 0; i < n; i++) {
                ck_assert(p[i] >= 0 && p[i] <= 1);
                sum += (double)p[i];
                best = s[i] > s[best] ? i : best;
            }
            ck_assert(fabs(sum - 1) <= 1e-5);
            for (int i = 0; i < n; i++)
                ck_assert(p[i] <= p[best]);
            free(s);
            free(p);
        }
}
END_TEST

START_TEST(adding_to_all_scores_changes_no_share)
{
    static const float shifts[] = {-4096, -128, -1, 64, 512, 8192};
    enum { N = 9 };
    float s[N], moved[N], p[N], q[N];
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
        for (int j = 0; j < N; j++) { /* sixteenths, so that the sums are exact */
            s[j] = (float)((int)pick(160) - 80) / 16;
            moved[j] = s[j] + shifts[i];
        }
        softmax(N, p, s);
        softmax(N, q, moved);
        ck_assert(memcmp(p, q, sizeof p) == 0);
    }
}
END_TEST

START_TEST(minus_infinity_gets_nothing)
{
    const float s[] = {-INFINITY, 3, -INFINITY, 3, -INFINITY};
    float p[5];
    softmax(5, p, s);
    const float want[] = {0, 0.5f, 0, 0.5f, 0};
    for (int i = 0; i < 5; i++)
        ck_assert(p[i] == want[i]);
}
END_TEST

/* One head on rows of D numbers that are query, key and value in one: 3 D a row. */
static void run_head(int T, int D, float context[T][D], const float rows[T][3 * D])
{
    float(*q)[D] = grab((size_t)(T * D), 4), (*k)[D] = grab((size_t)(T * D), 4),
    (*v)[D] = grab((size_t)(T * D), 4), (*scores)[T] = grab((size_t)(T * T), 4),
    (*weights)[T] = grab((size_t)(T * T), 4);
    for (int t = 0; t < T; t++) {
        memcpy(q[t], rows[t], sizeof q[t]);
        memcpy(k[t], rows[t] + D, sizeof k[t]);
        memcpy(v[t], rows[t] + 2 * D, sizeof v[t]);
    }
    attention_scores(T, D, scores, (const float(*)[D])q, (const float(*)[D])k);
    softmax_rows(T, weights, (const float(*)[T])scores);
    weighted_sum(T, D, context, (const float(*)[T])weights, (const float(*)[D])v);
    free(q);
    free(k);
    free(v);
    free(scores);
    free(weights);
}

START_TEST(rows_in_another_order_give_the_same_sums_in_that_order)
{
    enum { T = 11, D = 5 };
    float rows[T][3 * D], shuffled[T][3 * D], context[T][D], other[T][D], want[T][D];
    fill(sizeof rows / 4, *rows, 2);
    run_head(T, D, context, (const float(*)[3 * D]) rows);
    for (int round = 0; round < 20; round++) {
        int order[T];
        for (int t = 0; t < T; t++) {
            const int at = (int)pick((unsigned)t + 1);
            order[t] = order[at];
            order[at] = t;
        }
        for (int t = 0; t < T; t++) {
            memcpy(shuffled[t], rows[order[t]], sizeof shuffled[t]);
            memcpy(want[t], context[order[t]], sizeof want[t]);
        }
        run_head(T, D, other, (const float(*)[3 * D]) shuffled);
        check_tensor("context", AXES({T, NULL}, {D, NULL}), other, want);
    }
}
END_TEST

START_TEST(equal_keys_give_the_mean_of_the_values)
{
    enum { T = 7, D = 3 };
    float rows[T][3 * D], context[T][D], want[T][D];
    fill(sizeof rows / 4, *rows, 2);
    for (int t = 0; t < T; t++)
        memcpy(rows[t] + D, rows[0] + D, D * sizeof(float));
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            double sum = 0;
            for (int s = 0; s < T; s++)
                sum += (double)rows[s][2 * D + i] / T;
            want[t][i] = (float)sum;
        }
    run_head(T, D, context, (const float(*)[3 * D]) rows);
    check_tensor("context", AXES({T, NULL}, {D, NULL}), context, want);
}
END_TEST

START_TEST(one_pass_gives_what_three_give)
{
    static const float sizes[] = {0, 1, 30, 500, 1e6f};
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
        for (int T = 1; T <= 40; T += 3) {
            enum { D = 4 };
            float *scores = some_floats(T, sizes[size]), *p = grab((size_t)T, 4);
            float(*v)[D] = (float(*)[D])some_floats(T * D, 3), once[D], want[D];
            softmax(T, p, scores);
            for (int i = 0; i < D; i++) {
                want[i] = 0;
                for (int s = 0; s < T; s++)
                    want[i] += p[s] * v[s][i];
            }
            attend_in_passing(T, D, once, scores, (const float(*)[D])v);
            check_tensor("context", AXES({D, NULL}), once, want);
            free(scores);
            free(p);
            free(v);
        }
}
END_TEST

START_TEST(a_normalized_row_has_mean_0_and_spread_1)
{
    enum { T = 3, C = 40 };
    float x[T][C], y[T][C], one[C], zero[C];
    fill(C, x[0], 5);
    for (int c = 0; c < C; c++) {
        x[1][c] = 1000 * x[0][c] + 7000; /* the same row on another scale */
        x[2][c] = 3;                     /* no spread at all */
        one[c] = 1;
        zero[c] = 0;
    }
    layer_norm(T, C, y, (const float(*)[C])x, one, zero, 1e-5f);
    double sum = 0, squares = 0;
    for (int c = 0; c < C; c++) {
        sum += (double)y[0][c];
        squares += (double)y[0][c] * (double)y[0][c];
        ck_assert(fabsf(y[0][c] - y[1][c]) < 1e-3f);
        ck_assert(y[2][c] == 0);
    }
    ck_assert(fabs(sum / C) < 1e-5 && fabs(squares / C - 1) < 1e-4);
}
END_TEST

/* ---- The program --------------------------------------------------------------------- */

START_TEST(the_toy_gives_the_numbers_of_the_chapter)
{
    expect_success("toy");
    expect_output("q [4, 4]\n"
                  "  robot           0.00    2.00    0.00    1.00\n"
                  "  says            2.00    0.00    2.00    1.00\n"
                  "  it              2.00    1.00   -2.00    1.00\n");
    expect_output("  it              2.00    0.50   -2.00   -1.00\n");
    expect_output("  it              0.77    0.17    0.01    0.04\n");
    expect_output("  it              3.10    0.77    1.59   -0.36\n");
    /* What "it" would get if the keys were the values. */
    static const float k[4][4] = {{2, 0, 0, 0},
                                  {0, 2, 0, -1},
                                  {1, 0, 2, -2},
                                  {0, 1, 0, -3}},
                       scores[4] = {2, 0.5f, -2, -1},
                       want[4] = {1.56f, 0.38f, 0.03f, -0.32f};
    float context[4];
    attend_in_passing(4, 4, context, scores, k);
    for (int i = 0; i < 4; i++)
        ck_assert_msg(fabsf(context[i] - want[i]) < 0.005f, "%d: %g", i,
                      (double)context[i]);
}
END_TEST

START_TEST(the_walk_takes_1_to_60_tokens)
{
    static const int lengths[] = {1, 2, 3, 8, 20, 21, 60};
    char *model = random_model((struct config){64, 50, 12, 3, 1, 8, 1e-5f});
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *ids = some_ids(lengths[i], 50);
        char *arguments =
            format_text("--model '%s' --ids '%s' --figures '%s' --dump '%s'", model, ids,
                        inside("data"), inside("dump"));
        expect_success(arguments);
        expect_output("10. Two checks");
        expect_output("in one pass                                 0.0000\n");
        expect_output("and back again         0.0000\n");
        expect_output(lengths[i] == 1 ? " at 1 token\n" : " tokens\n");
        expect_narrow(arguments);
        free(arguments);
        free(ids);
    }
}
END_TEST

START_TEST(the_walk_takes_any_shape_of_head)
{
    static const struct config shapes[] = {
        {4, 5, 1, 1, 1, 1, 1e-5f},   {4, 5, 2, 2, 1, 3, 1e-5f},
        {4, 5, 7, 1, 2, 3, 1e-5f},   {4, 5, 70, 1, 1, 3, 1e-5f},
        {4, 5, 26, 13, 1, 3, 1e-5f},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char *arguments = format_text("--model '%s' --ids '4 0 2' --figures '%s'",
                                      random_model(shapes[i]), inside("data"));
        expect_success(arguments);
        expect_output("10. Two checks");
        expect_output(shapes[i].C == shapes[i].H ? "D = 1 number each" : " numbers each");
        expect_narrow(arguments);
    }
}
END_TEST

START_TEST(a_model_of_zeros_looks_evenly)
{
    char *model = model_of((struct config){9, 5, 6, 2, 2, 3, 1e-5f}, 0);
    expect_success(format_text("--model '%s' --ids '0 1 2 3' --figures '%s'", model,
                               inside("data")));
    expect_output("looks at 4.0\n");
    ck_assert(!strstr(strstr((char *)output.data, "5. The filing"), "inf"));
    const char *experiments = strstr((char *)output.data, "9. Why the largest is");
    const char *number = strstr((char *)output.data, "nan");
    ck_assert(number == NULL || number > experiments); /* there it belongs */
}
END_TEST

START_TEST(the_token_that_asks_can_be_chosen)
{
    expect_success("--prompt 'The robot said it was it.'");
    expect_output("5. The filing cabinet  ␣it asks");
    expect_success("--prompt 'A dog' --token 0 --head 1");
    expect_output("5. The filing cabinet  A asks, in head 1 of block 0");
    expect_success("--prompt 'A robot must obey'");
    expect_output("5. The filing cabinet  ␣obey asks");
}
END_TEST

START_TEST(shares_of_the_readers_own_scores)
{
    expect_success("--softmax '1, 2 3'");
    expect_output("             1            0.090                0.090\n");
    expect_output("             3            0.665                0.665\n");
    expect_success("--softmax '1 2 89'");
    expect_output("            89              nan                1.000\n");
    expect_success("--softmax '-inf 5'");
    expect_output("          -inf            0.000                0.000\n");
}
END_TEST

START_TEST(wrong_options_are_named)
{
    expect_error("--head 99",
                 "--head: 99 is out of range, the model in models/robots has");
    expect_error("--head -1", "--head");
    expect_error("--head x", "--head");
    expect_error("--token 8", "--token: 8 is out of range, the prompt has tokens 0 to 7");
    expect_error("--token 1.5", "--token");
    expect_error("--softmax ''", "--softmax: is empty");
    expect_error("--softmax '1 x'", "--softmax: 'x' is not a number");
    expect_error("--softmax '1 2e'", "--softmax: '2e' is not a number");
    expect_error("--softmax 'nan'", "--softmax: 'nan' is not a number");
    expect_error("--softmax 'inf'",
                 "--softmax: inf is out of range, expected -inf to 1e+30");
    expect_error("--softmax '-inf -inf'", "--softmax: all scores are -inf");
    expect_error("--softmax \"$(seq -s' ' 1 65)\"", "--softmax: more than 64 numbers");
    expect_error("today", "today: unknown command, expected toy");
    expect_error("toy twice", "twice: unknown argument");
    expect_error("--prompt ''", "--prompt");
    expect_error("--ids ''", "--ids");
    expect_error("--ids '1 2000'", "--ids");
    expect_error("--ids 'one'", "--ids");
    expect_error("--model nowhere", "nowhere");
    expect_error("--model models", "models");
    expect_error("--figures /dev/null/x", "/dev/null/x");
    expect_error("--dump /dev/null/x", "/dev/null/x");
    expect_error("--colour", "--colour: unknown option");
    expect_error("--token", "--token: expected N");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, every_step_equals_the_reference);
    tcase_add_test(t, the_softmax_equals_the_reference);
    tcase_add_test(t, the_walk_on_the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_walk_on_the_shipped_model_equals_the_reference,
                     "models/robots/model.safetensors", "the shipped model");
    tcase_add_test(t, shares_are_positive_and_sum_to_1);
    tcase_add_test(t, adding_to_all_scores_changes_no_share);
    tcase_add_test(t, minus_infinity_gets_nothing);
    tcase_add_test(t, rows_in_another_order_give_the_same_sums_in_that_order);
    tcase_add_test(t, equal_keys_give_the_mean_of_the_values);
    tcase_add_test(t, one_pass_gives_what_three_give);
    tcase_add_test(t, a_normalized_row_has_mean_0_and_spread_1);
    tcase_add_test(t, the_toy_gives_the_numbers_of_the_chapter);
    tcase_add_test(t, the_walk_takes_1_to_60_tokens);
    tcase_add_test(t, the_walk_takes_any_shape_of_head);
    tcase_add_test(t, a_model_of_zeros_looks_evenly);
    tcase_add_test(t, the_token_that_asks_can_be_chosen);
    tcase_add_test(t, shares_of_the_readers_own_scores);
    tcase_add_test(t, wrong_options_are_named);
}

BOOK_TESTS("04_attention", add_tests)
