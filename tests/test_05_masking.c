/* Tests of chapter 5: the mask, what it is for, the program's walk, and the exercises. */
#include "exercise.h"
#include "reference.h"
#include "../src/05_masking.h"

#define PROGRAM "05_masking"
#include "program.h"
#include "mistakes/05_masking.h"
#include "numbers.h"
#include "right/05_masking.h"

/* ---- Exercises --------------------------------------------------------------------- */

enum { WORDS = 6 };
static char *const words[WORDS] = {"A", "␣robot", "␣must", "␣obey", "␣the", "␣orders"};

/* An axis of T tokens, with their words if there are so few. */
#define TOKENS(T)                                                                        \
    {                                                                                    \
        T, (T) <= WORDS ? words : NULL                                                   \
    }

/* What the scores of a case are. */
enum scores { ORDINARY, COUNTED, HIDDEN, EXTREME };

/* T by T scores, without a pattern; COUNTED: 1, 2, 3, …; HIDDEN: every third is minus infinity
 * already; EXTREME: as large and small as a float can be. The caller frees them. */
static float *some_scores(int T, enum scores kind)
{
    float *scores = some_numbers(T * T, (unsigned)T);
    for (int i = 0; i < T * T; i++)
        scores[i] = kind == COUNTED                ? (float)(i + 1)
                    : kind == HIDDEN && i % 3 == 1 ? -INFINITY
                    : kind == EXTREME              ? (i % 2 ? 3e38f : -3e38f)
                                                   : scores[i];
    return scores;
}

/* Records scores that were changed in place: minus infinity in what is hidden, and all others as
 * they were, to the last bit. */
static void record_scores(struct outcome *o, int T, const float (*scores)[T], float *was,
                          bool (*hidden)(int t, int s, int number), int number)
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (hidden(t, s, number))
                was[t * T + s] = -INFINITY;
    record_exactly(o, "scores", AXES(TOKENS(T), TOKENS(T)), scores, was);
}

static bool is_future(int t, int s, int none)
{
    (void)none;
    return s > t;
}

static void probe_hide_future(any_function f, struct outcome *o)
{
    static const struct {
        int T;
        enum scores kind;
        const char *says;
    } cases[] = {
        {2, COUNTED, "2 tokens, the example"},
        {1, ORDINARY, "one token alone"},
        {4, ORDINARY, "4 tokens"},
        {WORDS, ORDINARY, "6 tokens"},
        {5, HIDDEN, "5 tokens, some scores are -inf already"}, /* -inf times 0 is nan */
        {3, EXTREME, "3 tokens, scores of 3e38 and -3e38"},    /* no sum can hide them */
        {131, ORDINARY, "131 tokens"},                  /* more than 128, an odd number */
        {3, ORDINARY, "3 tokens, after a longer text"}, /* what is kept from a call */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T;
        float *some = some_scores(T, cases[c].kind);
        situation(o, "%s", cases[c].says);
        void *scores = changed(o, "scores", AXES(TOKENS(T), TOKENS(T)), FLOATS, some);
        TESTED(hide_future, f)(T, scores);
        record_scores(o, T, scores, some, is_future, 0);
        free(some);
    }
}

/* The weights of token t, in double precision, from the first t + 1 scores. */
static void past_weights(int T, int t, const float *row, float *want)
{
    double largest = (double)row[0], sum = 0;
    for (int s = 1; s <= t; s++)
        largest = fmax(largest, (double)row[s]);
    for (int s = 0; s <= t; s++)
        sum += exp((double)row[s] - largest);
    for (int s = 0; s < T; s++)
        want[s] = s <= t ? (float)(exp((double)row[s] - largest) / sum) : 0;
}

static void probe_softmax_past(any_function f, struct outcome *o)
{
    static const struct {
        const char *says;
        int T;
        float future,
            more;    /* what is above the diagonal, if not 0; what is added to the rest */
        bool hidden; /* some of the past is minus infinity */
    } cases[] = {
        {"2 tokens, the example", 2, 900, 0, false},
        {"one token alone", 1, 0, 0, false},
        {"4 tokens, ordinary scores everywhere", 4, 0, 0, false},
        {"6 tokens, all scores 100 more", WORDS, 0, 100, false},
        {"6 tokens, all scores 1000 less", WORDS, 0, -1000, false},
        {"5 tokens, all scores 60 less", 5, 0, -60, false}, /* powers are not yet 0 */
        {"4 tokens, the future's scores are inf", 4, INFINITY, 0, false},
        {"4 tokens, the future's scores are NaN", 4, NAN, 0, false},
        {"4 tokens, the future's scores are -inf", 4, -INFINITY, 0, false},
        {"4 tokens, the future's scores are 1e30", 4, 1e30f, 0, false},
        {"4 tokens, the future's scores are -1e30", 4, -1e30f, 0, false},
        {"4 tokens, the past's scores are as low as can be", 4, 0, -INFINITY, false},
        {"6 tokens, some of the past is hidden already", WORDS, 0, 0, true},
        {"131 tokens", 131, 0, 0, false}, /* more than 128, an odd number */
        {"3 tokens, after a longer text", 3, 0, 0, false}, /* what is kept from a call */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T;
        float *want = grab((size_t)(T * T), sizeof *want),
              *some = some_scores(T, ORDINARY);
        for (int t = 0; t < T; t++) {
            for (int s = 0; s < T; s++) {
                some[t * T + s] = c == 0
                                      ? (float)(5 - 3 * t)
                                      : fmaxf(some[t * T + s] + cases[c].more, -FLT_MAX);
                if (s > t && !(cases[c].future == 0))
                    some[t * T + s] = cases[c].future;
                if (s < t && (s + t) % 3 && cases[c].hidden)
                    some[t * T + s] = -INFINITY;
            }
            past_weights(T, t, some + t * T, want + t * T);
        }
        situation(o, "%s", cases[c].says);
        const void *scores = given(o, "scores", AXES(TOKENS(T), TOKENS(T)), FLOATS, some);
        float(*weights)[T] = written(o, "weights", AXES(TOKENS(T), TOKENS(T)), FLOATS);
        TESTED(softmax_past, f)(T, weights, scores);
        record(o, "weights", AXES(TOKENS(T), TOKENS(T)), weights, want);
        int leaks = 0;
        for (int t = 0; t < T; t++)
            for (int s = t + 1; s < T; s++)
                leaks += weights[t][s] != 0;
        record_integer(o, "weights of later tokens that are not 0", leaks, 0);
        free(want);
        free(some);
    }
}

static bool is_distant(int t, int s, int window)
{
    return t - s >= window;
}

static void probe_hide_distant(any_function f, struct outcome *o)
{
    static const struct {
        int T, window;
        enum scores kind;
        const char *says;
    } cases[] = {
        {2, 1, COUNTED, ", the example"},
        {2, 2, COUNTED, ", the example"},
        {WORDS, 2, ORDINARY, ""},
        {WORDS, 4, ORDINARY, ""},
        {4, 3, ORDINARY, ""},
        {4, 1, ORDINARY, ""},       /* itself alone */
        {1, 1, ORDINARY, ""},       /* one token */
        {5, 5, ORDINARY, ""},       /* as long as the text */
        {5, 6, ORDINARY, ""},       /* longer than the text */
        {4, 1000000, ORDINARY, ""}, /* much longer */
        {5, 2, HIDDEN, ", some scores are -inf already"},
        {4, 2, EXTREME, ", scores of 3e38 and -3e38"},
        {131, 2, ORDINARY, ""},                    /* more than 128, an odd number */
        {67, 40, ORDINARY, ""},                    /* a long window */
        {3, 2, ORDINARY, ", after a longer text"}, /* what is kept from a call */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T, window = cases[c].window;
        float *some = some_scores(T, cases[c].kind);
        situation(o, "%d token%s, window %d%s", T, T == 1 ? "" : "s", window,
                  cases[c].says);
        void *scores = changed(o, "scores", AXES(TOKENS(T), TOKENS(T)), FLOATS, some);
        TESTED(hide_distant, f)(T, window, scores);
        record_scores(o, T, scores, some, is_distant, window);
        free(some);
    }
}

static bool is_answer_ahead(int t, int s, int prompt)
{
    return s > t && s >= prompt;
}

static void probe_hide_answer(any_function f, struct outcome *o)
{
    static const struct {
        int T, prompt;
        enum scores kind;
        const char *says;
    } cases[] = {
        {3, 2, COUNTED, ", the example"},
        {WORDS, 3, ORDINARY, ""},
        {WORDS, 0, ORDINARY, ""},     /* no prompt: the mask of exercise 1 */
        {WORDS, 1, ORDINARY, ""},     /* the same again */
        {WORDS, WORDS, ORDINARY, ""}, /* no answer: nothing is hidden */
        {5, 4, ORDINARY, ""},         /* an answer of one token */
        {1, 0, ORDINARY, ""},         /* one token, of either kind */
        {1, 1, ORDINARY, ""},
        {5, 2, HIDDEN, ", some scores are -inf already"},
        {4, 2, EXTREME, ", scores of 3e38 and -3e38"},
        {131, 70, ORDINARY, ""},                   /* more than 128, an odd number */
        {67, 5, ORDINARY, ""},                     /* a long answer */
        {4, 2, ORDINARY, ", after a longer text"}, /* what is kept from a call */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int T = cases[c].T, prompt = cases[c].prompt;
        float *some = some_scores(T, cases[c].kind);
        situation(o, "%d token%s, %d of the prompt%s", T, T == 1 ? "" : "s", prompt,
                  cases[c].says);
        void *scores = changed(o, "scores", AXES(TOKENS(T), TOKENS(T)), FLOATS, some);
        TESTED(hide_answer, f)(T, prompt, scores);
        record_scores(o, T, scores, some, is_answer_ahead, prompt);
        free(some);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(hide_future),
     {
         MISTAKE(wrong_hide_future_itself),
         MISTAKE(wrong_hide_future_sees_the_next),
         MISTAKE(wrong_hide_future_zero),
         MISTAKE(wrong_hide_future_ten_billion),
         MISTAKE(wrong_hide_future_billion),
         MISTAKE(wrong_hide_future_lowest_float),
         MISTAKE(wrong_hide_future_plus_infinity),
         MISTAKE(wrong_hide_future_past),
         MISTAKE(wrong_hide_future_past_and_itself),
         MISTAKE(wrong_hide_future_all_others),
         MISTAKE(wrong_hide_future_last_column),
         MISTAKE(wrong_hide_future_next_only),
         MISTAKE(wrong_hide_future_product),
     },
     {
         RIGHT(right_hide_future_whole_square),
         RIGHT(right_hide_future_backwards),
         RIGHT(right_hide_future_chosen),
         RIGHT(right_hide_future_copied),
         RIGHT(right_hide_future_added),
     }},
    {EXERCISE(softmax_past),
     {
         MISTAKE(wrong_softmax_past_no_mask),
         MISTAKE(wrong_softmax_past_not_itself),
         MISTAKE(wrong_softmax_past_sees_the_next),
         MISTAKE(wrong_softmax_past_mask_after),
         MISTAKE(wrong_softmax_past_zero),
         MISTAKE(wrong_softmax_past_zero_after),
         MISTAKE(wrong_softmax_past_not_set),
         MISTAKE(wrong_softmax_past_largest_of_all),
         MISTAKE(wrong_softmax_past_no_largest),
         MISTAKE(wrong_softmax_past_largest_from_0),
         MISTAKE(wrong_softmax_past_other_triangle),
         MISTAKE(wrong_softmax_past_columns),
     },
     {
         RIGHT(right_softmax_past_masked_copy),
         RIGHT(right_softmax_past_own_powers),
         RIGHT(right_softmax_past_in_double),
         RIGHT(right_softmax_past_row_by_row),
     }},
    {EXERCISE(hide_distant),
     {
         MISTAKE(wrong_hide_distant_one_more),
         MISTAKE(wrong_hide_distant_one_less),
         MISTAKE(wrong_hide_distant_future_too),
         MISTAKE(wrong_hide_distant_far_future),
         MISTAKE(wrong_hide_distant_both_sides),
         MISTAKE(wrong_hide_distant_near),
         MISTAKE(wrong_hide_distant_zero),
         MISTAKE(wrong_hide_distant_one_only),
         MISTAKE(wrong_hide_distant_from_the_end),
         MISTAKE(wrong_hide_distant_pieces),
         MISTAKE(wrong_hide_distant_first),
     },
     {
         RIGHT(right_hide_distant_whole_square),
         RIGHT(right_hide_distant_column_by_column),
         RIGHT(right_hide_distant_backwards),
         RIGHT(right_hide_distant_marks),
     }},
    {EXERCISE(hide_answer),
     {
         MISTAKE(wrong_hide_answer_as_handed_out),
         MISTAKE(wrong_hide_answer_hide_future),
         MISTAKE(wrong_hide_answer_prompt_only),
         MISTAKE(wrong_hide_answer_prompt_one_longer),
         MISTAKE(wrong_hide_answer_prompt_one_shorter),
         MISTAKE(wrong_hide_answer_not_itself),
         MISTAKE(wrong_hide_answer_sees_the_next),
         MISTAKE(wrong_hide_answer_zero),
         MISTAKE(wrong_hide_answer_prompt_rows_only),
     },
     {
         RIGHT(right_hide_answer_by_the_hints),
         RIGHT(right_hide_answer_whole_square),
         RIGHT(right_hide_answer_column_by_column),
         RIGHT(right_hide_answer_put_back),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* The same numbers on every machine. */
static unsigned long random_state = 5;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

/* Spread evenly from -size to size. */
static float some_number(float size)
{
    return ((float)pick(1 << 16) / 32768 - 1) * size;
}

static void fill(size_t n, float *x, float size)
{
    for (size_t i = 0; i < n; i++)
        x[i] = some_number(size);
}

static void expect_success(const char *arguments)
{
    int status = run_program(arguments);
    ck_assert_msg(status == 0 && errors.size == 0, "05_masking %s: status %d: %s",
                  arguments, status, (char *)errors.data);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *says)
{
    int status = run_program(arguments);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(status == 1, "05_masking %s: status %d, expected 1: %s", arguments,
                  status, line);
    ck_assert_msg(end && end[1] == 0, "05_masking %s: expected one line: '%s'", arguments,
                  line);
    ck_assert_msg(strncmp(line, "05_masking: ", 12) == 0 && strstr(line, says),
                  "05_masking %s: expected '%s' in '%s'", arguments, says, line);
}

static void expect_output(const char *says)
{
    ck_assert_msg(strstr((char *)output.data, says) != NULL, "expected '%s' in:\n%.3000s",
                  says, (char *)output.data);
}

/* A model's folder inside the test's own: weights at random, or those of a reference file. */
static void make_model(const struct config *c, const struct stored_file *from)
{
    float *flat = grab(parameter_count(c), sizeof *flat);
    fill(parameter_count(c), flat, 0.8f);
    struct weights w = lay_out_weights(c, flat);
    for (int i = 0; i < tensor_count(c) && from; i++) {
        const struct tensor_place p = tensor_place(c, i);
        char *name = format_text("toy.weights.%s", p.name);
        float *numbers =
            p.rank == 2 ? reference_floats(from, name,
                                           AXES({p.shape[0], NULL}, {p.shape[1], NULL}))
                        : reference_floats(from, name, AXES({p.shape[0], NULL}));
        memcpy(get_tensor(&w, c, i), numbers, 4 * p.size);
        free(numbers);
        free(name);
    }
    write_checkpoint(inside("model"), c, &w);
    free_weights(&w);
    free(flat);
}

static const struct config small_config = {64, 50, 8, 2, 1, 8, 1e-5f};

/* " --ids '3 1 4'": T tokens below V. */
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

/* ---- The mask ------------------------------------------------------------------------ */

START_TEST(four_tokens_by_hand)
{
    /* The logarithms of 2 1 4 5, 1 3 1 2, … : see the chapter. */
    static const float power[4][4] = {
        {2, 3, 1, 4}, {1, 3, 2, 1}, {2, 2, 1, 3}, {1, 4, 2, 1}};
    static const float want[4][4] = {{1, 0, 0, 0},
                                     {0.25f, 0.75f, 0, 0},
                                     {0.4f, 0.4f, 0.2f, 0},
                                     {0.125f, 0.5f, 0.25f, 0.125f}};
    float scores[4][4], weights[4][4], past[4][4];
    for (int t = 0; t < 4; t++)
        for (int s = 0; s < 4; s++)
            scores[t][s] = logf(power[t][s]);
    softmax_past(4, past, (const float(*)[4])scores);
    hide_future(4, scores);
    softmax_rows(4, weights, (const float(*)[4])scores);
    check_tensor("weights", AXES({4, words}, {4, words}), weights, want);
    check_tensor("weights of softmax_past", AXES({4, words}, {4, words}), past, want);

    /* A mask after the softmax that divides by the new sum: 0 / 0 if the future is 200 higher. */
    const float high[2][2] = {{0, 200}, {0, 0}};
    float late[2][2], right[2][2];
    softmax_rows(2, late, high);
    ck_assert(late[0][0] == 0 && isnan(late[0][0] / late[0][0]));
    softmax_past(2, right, high);
    ck_assert(right[0][0] == 1);
}
END_TEST

START_TEST(rows_sum_to_1_and_shares_keep_their_ratio)
{
    for (int T = 1; T <= 40; T++) {
        float(*scores)[T] = grab((size_t)(T * T), 4),
        (*open)[T] = grab((size_t)(T * T), 4), (*weights)[T] = grab((size_t)(T * T), 4);
        fill((size_t)(T * T), *scores, 6);
        softmax_rows(T, open, (const float(*)[T])scores);
        hide_future(T, scores);
        softmax_rows(T, weights, (const float(*)[T])scores);
        for (int t = 0; t < T; t++) {
            double sum = 0, kept = 0;
            for (int s = 0; s < T; s++) {
                sum += (double)weights[t][s];
                kept += s <= t ? (double)open[t][s] : 0;
                ck_assert(s <= t ? weights[t][s] > 0 : weights[t][s] == 0);
            }
            ck_assert(fabs(sum - 1) < 1e-5);
            for (int s = 0; s <= t; s++)
                ck_assert(fabs((double)weights[t][s] - (double)open[t][s] / kept) < 1e-5);
        }
        free(scores);
        free(open);
        free(weights);
    }
}
END_TEST

/* Ways to turn scores into weights: right ones, and those that the chapter warns of. */
typedef void (*masking)(int T, float weights[restrict T][T], const float scores[T][T]);

static void with_number(int T, float weights[restrict T][T], const float scores[T][T],
                        float number)
{
    float(*masked)[T] = grab((size_t)(T * T), 4);
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_from(T, masked, 1, number);
    softmax_rows(T, weights, (const float(*)[T])masked);
    free(masked);
}

static void masked_right(int T, float weights[restrict T][T], const float scores[T][T])
{
    float(*masked)[T] = grab((size_t)(T * T), 4);
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    softmax_rows(T, weights, (const float(*)[T])masked);
    free(masked);
}

static void masked_window(int T, float weights[restrict T][T], const float scores[T][T])
{
    float(*masked)[T] = grab((size_t)(T * T), 4);
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    hide_distant(T, 3, masked);
    softmax_rows(T, weights, (const float(*)[T])masked);
    free(masked);
}

static void masked_ten_billion(int T, float weights[restrict T][T],
                               const float scores[T][T])
{
    with_number(T, weights, scores, -1e10f);
}

static void masked_ten(int T, float weights[restrict T][T], const float scores[T][T])
{
    with_number(T, weights, scores, -10);
}

static const struct {
    const char *name;
    masking f;
    bool tight; /* nothing comes through */
} maskings[] = {
    {"hide_future", masked_right, true},
    {"softmax_past", softmax_past, true},
    {"-1e10", masked_ten_billion, true},
    {"a window", masked_window, true},
    {"no mask", wrong_softmax_past_no_mask, false},
    {"0 for -inf", wrong_softmax_past_zero, false},
    {"-10 for -inf", masked_ten, false},
    {"the mask after the softmax", wrong_softmax_past_mask_after, false},
    {"the next token visible", wrong_softmax_past_sees_the_next, false},
    {"the other triangle", wrong_softmax_past_other_triangle, false},
    {"softmax by columns", wrong_softmax_past_columns, false},
};
enum { MASKINGS = sizeof maskings / sizeof *maskings };

/* One head on T tokens, each with its query, key and value. */
static void run_head(int T, int D, masking f, const float *q, const float *k,
                     const float *v, float *context)
{
    float(*scores)[T] = grab((size_t)(T * T), 4),
    (*weights)[T] = grab((size_t)(T * T), 4);
    attention_scores(T, D, scores, (const float(*)[D])q, (const float(*)[D])k);
    f(T, weights, (const float(*)[T])scores);
    weighted_sum(T, D, (float(*)[D])context, (const float(*)[T])weights,
                 (const float(*)[D])v);
    free(scores);
    free(weights);
}

START_TEST(no_later_token_changes_an_earlier_row)
{
    enum { D = 5, MOST_T = 24 };
    int leaks[MASKINGS] = {0};
    for (int round = 0; round < 60; round++) {
        const int T = 2 + (int)pick(MOST_T - 1), t = (int)pick((unsigned)T - 1);
        float q[MOST_T * D], k[MOST_T * D], v[MOST_T * D], was[MOST_T * D],
            is[MOST_T * D];
        for (int m = 0; m < MASKINGS; m++) {
            fill((size_t)(T * D), q, 1.5f);
            fill((size_t)(T * D), k, 1.5f);
            fill((size_t)(T * D), v, 1.5f);
            run_head(T, D, maskings[m].f, q, k, v, was);
            for (int i = (t + 1) * D; i < T * D;
                 i++) { /* all later tokens are others now */
                q[i] = some_number(3);
                k[i] = some_number(3);
                v[i] = some_number(3);
            }
            run_head(T, D, maskings[m].f, q, k, v, is);
            const bool same = memcmp(was, is, (size_t)((t + 1) * D) * 4) == 0;
            leaks[m] += !same;
            ck_assert_msg(same || !maskings[m].tight,
                          "%s: a change after token %d of %d changed a row before",
                          maskings[m].name, t, T);
            ck_assert(memcmp(was + (t + 1) * D, is + (t + 1) * D,
                             (size_t)((T - t - 1) * D) * 4) != 0);
        }
    }
    for (int m = 0; m < MASKINGS; m++)
        ck_assert_msg(maskings[m].tight == (leaks[m] == 0), "%s: %d leaks in 60 rounds",
                      maskings[m].name, leaks[m]);
}
END_TEST

START_TEST(a_text_cut_off_gives_the_same_rows)
{
    enum { D = 6, T = 17 };
    float q[T * D], k[T * D], v[T * D], whole[T * D], part[T * D];
    fill(T * D, q, 1.5f);
    fill(T * D, k, 1.5f);
    fill(T * D, v, 1.5f);
    for (int m = 0; m < MASKINGS; m++) {
        int same = 0, rows = 0;
        run_head(T, D, maskings[m].f, q, k, v, whole);
        for (int n = 1; n < T; n++) {
            run_head(n, D, maskings[m].f, q, k, v, part);
            for (int t = 0; t < n; t++, rows++)
                same += memcmp(whole + t * D, part + t * D, D * 4) == 0;
        }
        ck_assert_msg((same == rows) == maskings[m].tight, "%s: %d of %d rows the same",
                      maskings[m].name, same, rows);
    }
}
END_TEST

START_TEST(other_ways_give_the_same_weights_bit_for_bit)
{
    for (int T = 1; T <= 33; T += 4) {
        float(*scores)[T] = grab((size_t)(T * T), 4),
        (*want)[T] = grab((size_t)(T * T), 4), (*got)[T] = grab((size_t)(T * T), 4);
        for (int round = 0; round < 20; round++) {
            fill((size_t)(T * T), *scores, (float)(1 + round * round));
            masked_right(T, want, (const float(*)[T])scores);
            softmax_past(T, got, (const float(*)[T])scores);
            ck_assert(memcmp(got, want, sizeof(float[T][T])) == 0);
            masked_ten_billion(T, got, (const float(*)[T])scores);
            ck_assert(memcmp(got, want, sizeof(float[T][T])) == 0);
            hide_future(T, scores); /* twice is once, in either order with a window */
            hide_distant(T, T, scores);
            hide_future(T, scores);
            softmax_rows(T, got, (const float(*)[T])scores);
            ck_assert(memcmp(got, want, sizeof(float[T][T])) == 0);
        }
        free(scores);
        free(want);
        free(got);
    }
}
END_TEST

START_TEST(a_window_counts_its_tokens)
{
    for (int T = 1; T <= 12; T++)
        for (int window = 1; window <= T + 2; window++) {
            float(*scores)[T] = grab((size_t)(T * T), 4);
            fill((size_t)(T * T), *scores, 2);
            hide_distant(T, window, scores);
            hide_future(T, scores);
            for (int t = 0; t < T; t++) {
                int seen = 0;
                for (int s = 0; s < T; s++)
                    seen += isfinite(scores[t][s]);
                ck_assert_int_eq(seen, t + 1 < window ? t + 1 : window);
                ck_assert(isfinite(scores[t][t]));
            }
            free(scores);
        }
}
END_TEST

/* ---- Against PyTorch ----------------------------------------------------------------- */

/* Runs the program on a model, and holds what it dumps against the reference tensors. */
static void agree_with_reference(const char *model, const char *prefix)
{
    struct stored_file want = open_reference("05_masking");
    char *name = format_text("%sids", prefix), *ids = format_text("%s", "");
    const int T = reference_length(&want, name, 0);
    const int *given = reference_ints(&want, name, AXES({T, NULL}));
    for (int t = 0; t < T; t++)
        ids = format_text("%s %d", ids, given[t]);
    expect_success(
        format_text("--model '%s' --ids '%s' --dump '%s/dump'", model, ids, folder));
    ck_assert_int_eq(check_dump(&want, prefix, inside("dump")), 6);
    close_stored(&want);
}

START_TEST(the_toy_agrees_with_pytorch)
{
    struct stored_file want = open_reference("05_masking");
    const int *sizes = reference_ints(&want, "toy.config", AXES({6, NULL}));
    const struct config c = {sizes[0], sizes[1], sizes[2], sizes[3],
                             sizes[4], sizes[5], 1e-5f};
    make_model(&c, &want);
    close_stored(&want);
    agree_with_reference(inside("model"), "toy.");
}
END_TEST

START_TEST(the_odd_checkpoint_agrees_with_pytorch)
{
    agree_with_reference("tests/reference/odd", "odd.");
}
END_TEST

START_TEST(the_shipped_model_agrees_with_pytorch)
{
    struct stored_file want = open_reference("05_masking");
    struct checkpoint m = load_checkpoint("models/robots");
    const bool same = is_reference_model(&want, &m);
    free_checkpoint(&m);
    close_stored(&want);
    ck_assert_msg(same, "models/robots is not the model of %s: make reference",
                  "tests/reference/05_masking.safetensors");
    agree_with_reference("models/robots", "robots.");
}
END_TEST

/* ---- The walk ------------------------------------------------------------------------ */

START_TEST(the_walk_takes_1_to_60_tokens)
{
    make_model(&small_config, NULL);
    for (int T = 1; T <= 60; T += T < 12 ? 1 : 8) {
        char *arguments = format_text("--model '%s/model' --ids '%s' --dump '%s/d' "
                                      "--figures '%s/f' --head 1",
                                      folder, some_ids(T, 50), folder, folder);
        expect_success(arguments);
        char *line = strchr((char *)output.data, '\n') + 1; /* below the prompt */
        for (char *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            ck_assert(end != NULL);
            *end = 0;
            ck_assert_msg(text_width(line) <= 80 && !strstr(line, "nan"),
                          "%d tokens: '%s'", T, line);
            *end = '\n';
        }
        /* From the experiment: the text cut off early gives the same rows. */
        if (T > 1)
            expect_output(format_text("  GPT-2 %d, BERT", T * (T - 1) / 2));
        else {
            expect_output("2. Hide the future  one token has none\n");
            expect_output("\n  one token has no future: no mask changes anything\n");
        }
        if (T == 2)
            expect_output("Cut off after 1 token: 1 row; as in the whole text");
    }
    expect_success(
        format_text("--model '%s/model' --ids '%s'", folder, some_ids(64, 50)));
    expect_success("--help");
    expect_output("--window");
    expect_success("");
    expect_output(
        "the same, and each row divided by its new sum          0.000000     1.000000\n");
}
END_TEST

/* The size of a file of the figures' data. */
static size_t data_size(const char *name)
{
    struct bytes b = read_file(format_text("%s/f/%s.dat", folder, name));
    free(b.data);
    return b.size;
}

START_TEST(a_tiny_model_and_one_of_zeros_have_their_sentences)
{
    const struct config tiny = {4, 1, 1, 1, 1, 4, 1e-5f},
                        small = {4, 3, 4, 2, 1, 4, 1e-5f};
    make_model(&tiny, NULL);
    expect_success(format_text("--model '%s/model' --ids '0 0' --window 1", folder));
    expect_output("  the vocabulary has no other token\n");
    expect_output("7. A window  a token sees itself alone\n");
    expect_success(
        format_text("--model '%s/model' --ids 0 --figures '%s/f'", folder, folder));
    ck_assert(data_size("matrix") > 0);
    ck_assert(data_size("changed") == 0 && data_size("leak") == 0 &&
              data_size("row") == 0);

    float *zeros = grab(parameter_count(&small), sizeof *zeros);
    struct weights w = lay_out_weights(&small, zeros);
    write_checkpoint(inside("zeros"), &small, &w);
    expect_success(
        format_text("--model '%s/zeros' --ids '0 1 2' --figures '%s/f'", folder, folder));
    ck_assert(strstr((char *)output.data, "nan") == NULL);
    expect_output("  2               0.33    0.33    0.33\n");
    ck_assert(data_size("changed") > 0 && data_size("leak") > 0 && data_size("row") > 0);
    free_weights(&w);
    free(zeros);
}
END_TEST

/* A share that shrinks by e each step must not lose its last digits, nor be written as 0. */
START_TEST(what_leaks_is_written_as_a_power_of_ten)
{
    make_model(&small_config, NULL);
    expect_success(
        format_text("--model '%s/model' --ids '1 2 3' --figures '%s/f'", folder, folder));
    struct bytes b = read_file(format_text("%s/f/leak.dat", folder));
    double before = 1;
    int lines = 0;
    for (char *line = (char *)b.data, *end; (end = strchr(line, '\n')); line = end + 1) {
        int number;
        double power;
        ck_assert_int_eq(sscanf(line, "%d\t%lf", &number, &power), 2);
        ck_assert_int_eq(number, -2 * lines);
        if (lines > 10 && lines < 40) /* each step of -2 takes 2 / ln 10 = 0.8686 */
            ck_assert_msg(fabs(before - power - 0.8686) < 0.0004, "%s", line);
        before = power;
        lines++;
    }
    ck_assert(lines > 40 && lines < 61);
}
END_TEST

START_TEST(the_experiment_finds_a_triangle)
{
    enum { T = 8 };
    make_model(&small_config, NULL);
    expect_success(format_text("--model '%s/model' --ids '%s'", folder, some_ids(T, 50)));
    char *text = strstr((char *)output.data, "5. Change a token");
    ck_assert(text != NULL);
    for (int line = 0; line < 2; line++)
        text = strchr(text, '\n') + 1;
    for (int t = 0; t < T; t++) {
        char *want = format_text("%s", "");
        for (int j = 0; j < T; j++)
            want = format_text("%s%s", want, j <= t ? "x" : "·");
        want = format_text("%s   xxxxxxxx\n", want);
        char *end = strchr(text, '\n') + 1,
             *line = format_text("%.*s", (int)(end - text), text);
        ck_assert_msg(strstr(line, want) != NULL, "expected '%s' in '%s'", want, line);
        text = end;
    }
}
END_TEST

START_TEST(the_readers_own_scores_are_masked)
{
    expect_success(
        "--scores '0.69 1.10 0 1.39  0 1.10 0.69 0  0.69 0.69 0 1.10  0 1.39 0.69 0'");
    expect_output("0.25    0.75    0.00    0.00\n");
    expect_output("0.40    0.40    0.20    0.00\n");
    expect_output("0.12    0.50    0.25    0.12\n");
    expect_success("--scores 5");
    expect_output("1.00\n");
    expect_success("--scores '1,2;3,4'");
    expect_output("    3.00    4.00\n");
    expect_success("--scores '1e30 -1e30 -1e30 1e30'");
    ck_assert(strstr((char *)output.data, "nan") == NULL);
}
END_TEST

START_TEST(wrong_options_are_named)
{
    make_model(&small_config, NULL);
    char *many = format_text("--scores '%s'", some_ids(3601, 9));
    const struct {
        const char *arguments, *says;
    } all[] = {
        {"--frobnicate", "--frobnicate"},
        {"mask", "mask: unknown"},
        {"--prompt", "--prompt"},
        {"--ids ''", "--ids"},
        {"--ids 'x'", "'x'"},
        {"--ids '1 -2'", "'-2'"},
        {"--ids '50'", "50"},
        {"--ids 99999999999999999999", "99999999999999999999"},
        {"--head -1 --ids 1", "--head"},
        {"--head 2 --ids 1", "heads 0 to 1"},
        {"--head one --ids 1", "--head: 'one' is not a whole number"},
        {"--head", "--head"},
        {"--window 0 --ids 1", "--window"},
        {"--window -3 --ids 1", "--window"},
        {"--window 1.5 --ids 1", "--window"},
        {"--window 99999999999999999999 --ids 1", "--window"},
        {"--scores ''", "--scores"},
        {"--scores ' , '", "--scores: is empty"},
        {"--scores '1 2'", "--scores: 2 numbers, expected a square"},
        {"--scores '1 2 3 x'", "'x' is not a number"},
        {"--scores '1 2 3 4x'", "'4x' is not a number"},
        {"--scores '1 2 3 nan'", "'nan' is not a number"},
        {"--scores '1 2 3 inf'", "inf is out of range"},
        {"--scores '1 2 3 1e99'", "1e99 is out of range"},
        {"--scores '\x01'", "'\\x01' is not a number"},
        {"--scores 'a\nb'", "'a' is not a number"},
        {"--dump /no/such/folder/d --ids 1", "/no/such/folder/d"},
        {"--figures /dev/null/f --ids 1", "/dev/null/f"},
        {"--model /no/such/model", "/no/such/model"},
        {many, "--scores: more than 3600 numbers"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_error(format_text("--model '%s/model' %s", folder, all[i].arguments),
                     all[i].says);
    expect_error(format_text("--model '%s/model' --ids '%s'", folder, some_ids(65, 50)),
                 "65 tokens");
    expect_error(format_text("--model '%s/model' --prompt robot", folder), "/vocab.json");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, four_tokens_by_hand);
    tcase_add_test(t, rows_sum_to_1_and_shares_keep_their_ratio);
    tcase_add_test(t, no_later_token_changes_an_earlier_row);
    tcase_add_test(t, a_text_cut_off_gives_the_same_rows);
    tcase_add_test(t, other_ways_give_the_same_weights_bit_for_bit);
    tcase_add_test(t, a_window_counts_its_tokens);
    tcase_add_test(t, the_toy_agrees_with_pytorch);
    tcase_add_test(t, the_odd_checkpoint_agrees_with_pytorch);
    ADD_TEST_NEEDING(t, the_shipped_model_agrees_with_pytorch,
                     "models/robots/model.safetensors", "it is not shipped yet");
    tcase_add_test(t, the_walk_takes_1_to_60_tokens);
    tcase_add_test(t, a_tiny_model_and_one_of_zeros_have_their_sentences);
    tcase_add_test(t, what_leaks_is_written_as_a_power_of_ten);
    tcase_add_test(t, the_experiment_finds_a_triangle);
    tcase_add_test(t, the_readers_own_scores_are_masked);
    tcase_add_test(t, wrong_options_are_named);
}

BOOK_TESTS("05_masking", add_tests)
