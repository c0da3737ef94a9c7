/* Tests of chapter 10: how a token is chosen, its program, and its exercises. */
#include "exercise.h"
#include "../src/10_sampling.h"
#include "reference.h"

#define PROGRAM "10_sampling"
#include "program.h"
#include "toy.h"
#include "exact.h"
#include "models.h"
#include "mistakes/10_sampling.h"
#include "right/10_sampling.h"

/* ---- Exercises --------------------------------------------------------------------- */

/* Logits for the probes; those without numbers here are made up. What each guards against:
 * a sum or a search that begins at 0 (negative ones, one token), ties, -0, tokens that were cut
 * before, buffers of a fixed size, lengths that no tile fits, e to a large number, and what is
 * kept from a longer call before. */
enum { MOST_V = 3001 };
static const struct made_logits {
    const char *name;
    int V;
    float scale, shift, logits[9];
} givens[] = {
    {"all different", 6, 0, 0, {0.5f, 3, -1.25f, 2, -3, 1.25f}},
    {"close together", MOST_V, 1.125f, 0, {0}},
    {"as far apart as 400", 515, 200, 0, {0}},
    {"three that are equal", 7, 0, 0, {1, -2, 2.5f, 1, 4, -0.5f, 1}},
    {"two that are largest", 8, 0, 0, {-1, 3.5f, 0.25f, 2, 3.5f, -2.5f, 0.25f, 1.5f}},
    {"all equal", 5, 0, 0, {-0.75f, -0.75f, -0.75f, -0.75f, -0.75f}},
    {"a single token", 1, 0, 0, {2}},
    {"negative ones", 9, 0, 0, {-5, -1, -3, -1, -2.5f, -4, -2, -1, -6}},
    {"around 150", 131, 4, 150, {0}},
    {"around -150", 67, 4, -150, {0}},
    {"0 and -0 among them", 6, 0, 0, {-1, -0.0f, 1.5f, 0, -2, -0.0f}},
    {"two of them cut before", 5, 0, 0, {1, -INFINITY, 2.5f, -INFINITY, -1.5f}},
    {"all of them 2", 47, 0, 2, {0}}, /* 1/47 rounded, times 47, is below 1 */
    {"two, the last is largest", 2, 0, 0, {-2, 0.5f}},
};
enum { GIVENS = sizeof givens / sizeof *givens };

/* Logits `i` of the list, V of them, on the heap. */
static float *some_logits(size_t i)
{
    const struct made_logits *g = &givens[i];
    float *x = some_numbers((size_t)g->V, (unsigned)i, g->scale, g->shift);
    for (int v = 0; v < g->V && g->V <= 9; v++)
        x[v] = g->logits[v];
    return x;
}

static const char *plural(int V)
{
    return V == 1 ? "" : "s";
}

static void probe_temper(any_function f, struct outcome *o)
{
    /* low, high, none, and a number that has no exact inverse; so low and so high that the
     * results reach 1e30 and 1e-30 */
    static const float temperatures[] = {0.5f, 2, 1, 0.8f, 7, 1e-28f, 1e30f};
    for (size_t i = 0; i < GIVENS; i++)
        for (size_t k = 0; k < sizeof temperatures / sizeof *temperatures; k++) {
            const int V = givens[i].V;
            const float temperature = temperatures[k];
            if (V > 9 && k != i % 4)
                continue; /* a long one once is enough */
            float *x = some_logits(i), *want = grab((size_t)V, sizeof *want);
            for (int v = 0; v < V; v++)
                want[v] = (float)((double)x[v] / (double)temperature);
            situation(o, "%d logit%s, %s; temperature %g", V, plural(V), givens[i].name,
                      (double)temperature);
            float *logits = changed(o, "logits", AXES({V, NULL}), FLOATS, x);
            TESTED(temper, f)(V, logits, temperature);
            record(o, "logits", AXES({V, NULL}), logits, want);
            free(x);
            free(want);
        }
}

/* The tokens in the order of their logits, the largest first, then the lowest id. */
static struct candidate *in_order(int V, const float x[V])
{
    struct candidate *all = grab((size_t)V, sizeof *all);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){x[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    return all;
}

static void probe_keep_top_k(any_function f, struct outcome *o)
{
    /* every k of a short list, and more than there are; a few of a long one */
    for (size_t i = 0; i < GIVENS; i++)
        for (int n = 1; n <= 10; n++) {
            const int V = givens[i].V;
            const int k = V <= 9 ? n : n == 1 ? 40 : n == 2 ? V - 2 : n == 3 ? V : 0;
            if (k < 1 || (V <= 9 && n > V + 1))
                continue;
            const int many = n == V + 1 ? INT_MAX : k;
            float *x = some_logits(i), *want = grab((size_t)V, sizeof *want);
            struct candidate *sorted = in_order(V, x);
            for (int v = 0; v < V; v++)
                want[v] = many >= V || x[v] >= sorted[many - 1].p ? x[v] : -INFINITY;
            situation(o, "%d logit%s, %s; k %d", V, plural(V), givens[i].name, many);
            float *logits = changed(o, "logits", AXES({V, NULL}), FLOATS, x);
            TESTED(keep_top_k, f)(V, logits, many);
            record_exactly(o, "logits", AXES({V, NULL}), logits, want);
            free(x);
            free(want);
            free(sorted);
        }
}

static void probe_keep_top_p(any_function f, struct outcome *o)
{
    static const float shares[] = {0.7f, 0.3f, 0.85f, 0, 0.95f, 0.5f, 1};
    for (size_t i = 0; i < GIVENS; i++)
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
            const int V = givens[i].V;
            const float top_p = shares[k];
            if (V > 9 && (top_p == 1 || (V > 200 && k != 0 && k != 3)))
                continue; /* what is added up last is then a matter of rounding */
            float *x = some_logits(i), *want = grab((size_t)V, sizeof *want);
            struct candidate *sorted = in_order(V, x);
            double all = 0, before = 0;
            for (int v = 0; v < V; v++)
                all += exp((double)x[v] - (double)sorted[0].p);
            for (int n = 0; n < V; n++) {
                if (fabs(before - (double)top_p) < 1e-4 && n > 0 && top_p < 1)
                    ck_abort_msg("%s, top_p %g: a sum comes too near", givens[i].name,
                                 (double)top_p);
                want[sorted[n].id] =
                    n == 0 || before < (double)top_p ? sorted[n].p : -INFINITY;
                before += exp((double)sorted[n].p - (double)sorted[0].p) / all;
            }
            situation(o, "%d logit%s, %s; top_p %g", V, plural(V), givens[i].name,
                      (double)top_p);
            float *logits = changed(o, "logits", AXES({V, NULL}), FLOATS, x);
            TESTED(keep_top_p, f)(V, logits, top_p);
            record_exactly(o, "logits", AXES({V, NULL}), logits, want);
            free(x);
            free(want);
            free(sorted);
        }
}

static void probe_fade_repeats(any_function f, struct outcome *o)
{
    /* ids that come again, at once or later; all the same; the first and the last token of the
     * vocabulary; more ids than tokens; a long text before short ones; no penalty, a large one */
    static const int texts[][5] = {
        {2, 0, 2, 0, 2}, {0, 3, 1, 3, 4}, {4, 4, 1, 0, 1}, {3, 3, 3, 3, 3}};
    static const float penalties[] = {2, 1.25f, 1, 30};
    for (size_t i = 0; i < GIVENS; i++)
        for (int text = 0; text < 4; text++)
            for (int n = 0; n < 3; n++) {
                const int V = givens[i].V, T = V > 9 ? 1031 : 1 + 2 * n;
                const float penalty = penalties[text];
                if (V > 9 && (n || text == 2 || (V > 200 && text)))
                    continue;
                float *x = some_logits(i), *want = some_logits(i);
                int *text_ids = grab((size_t)T, sizeof *text_ids);
                for (int t = 0; t < T; t++) {
                    const int v = text_ids[t] =
                        V > 9 ? (t * t * 7 + V - 1) % V : texts[text][t] % V;
                    want[v] = (float)(x[v] > 0 ? (double)x[v] / (double)penalty
                                               : (double)x[v] * (double)penalty);
                }
                situation(o, "%d logit%s, %s; %d id%s; penalty %g", V, plural(V),
                          givens[i].name, T, plural(T), (double)penalty);
                float *logits = changed(o, "logits", AXES({V, NULL}), FLOATS, x);
                const int *ids = given(o, "ids", AXES({T, NULL}), INTS, text_ids);
                TESTED(fade_repeats, f)(V, logits, T, ids, penalty);
                record(o, "logits", AXES({V, NULL}), logits, want);
                free(x);
                free(want);
                free(text_ids);
            }
}

static void probe_keep_min_p(any_function f, struct outcome *o)
{
    /* all stay; only the likeliest and its equals; shares that lie between any two */
    static const float shares[] = {0.4f, 0, 0.03f, 1, 0.7f};
    const float by_hand[2][3] = {{logf(4), 0, logf(2)},
                                 {logf(4) - 10, -10, logf(2) - 10}};
    for (size_t i = 0; i < GIVENS + 2; i++)
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
            const bool example = i >= GIVENS;
            const int V = example ? 3 : givens[i].V;
            const float min_p = shares[k];
            float *x = example ? grab(3, sizeof *x) : some_logits(i);
            if (example)
                memcpy(x, by_hand[i - GIVENS], 3 * sizeof *x);
            float *want = grab((size_t)V, sizeof *want), largest = x[0];
            for (int v = 1; v < V; v++)
                largest = x[v] > largest ? x[v] : largest;
            for (int v = 0; v < V; v++) {
                const double share = exp((double)x[v] - (double)largest);
                if (fabs(share - (double)min_p) < 1e-4 * (double)min_p && share < 1)
                    ck_abort_msg("case %zu, min_p %g: a share comes too near", i,
                                 (double)min_p);
                want[v] = share >= (double)min_p ? x[v] : -INFINITY;
            }
            situation(o, "%d logit%s, %s; min_p %g", V, plural(V),
                      i == GIVENS  ? "the example of the task"
                      : i > GIVENS ? "those of the task less 10"
                                   : givens[i].name,
                      (double)min_p);
            float *logits = changed(o, "logits", AXES({V, NULL}), FLOATS, x);
            TESTED(keep_min_p, f)(V, logits, min_p);
            record_exactly(o, "logits", AXES({V, NULL}), logits, want);
            free(x);
            free(want);
        }
}

static const struct exercise exercises[] = {
    {EXERCISE(temper),
     {
         MISTAKE(wrong_temper_multiplies),
         MISTAKE(wrong_temper_softmax),
         MISTAKE(wrong_temper_after_softmax),
         MISTAKE(wrong_temper_subtracts),
         MISTAKE(wrong_temper_positive_only),
         MISTAKE(wrong_temper_last_left_out),
         MISTAKE(wrong_temper_squared),
     },
     {
         RIGHT(right_temper_in_double),
         RIGHT(right_temper_inverse),
         RIGHT(right_temper_pointer),
         RIGHT(right_temper_copy),
     }},
    {EXERCISE(keep_top_k),
     {
         MISTAKE(wrong_keep_top_k_exactly_k),
         MISTAKE(wrong_keep_top_k_kth_cut),
         MISTAKE(wrong_keep_top_k_one_more),
         MISTAKE(wrong_keep_top_k_one_less),
         MISTAKE(wrong_keep_top_k_zero),
         MISTAKE(wrong_keep_top_k_finite),
         MISTAKE(wrong_keep_top_k_smallest),
         MISTAKE(wrong_keep_top_k_different),
         MISTAKE(wrong_keep_top_k_no_copy),
     },
     {
         RIGHT(right_keep_top_k_as_hinted),
         RIGHT(right_keep_top_k_counts),
         RIGHT(right_keep_top_k_sorts),
         RIGHT(right_keep_top_k_podium),
     }},
    {EXERCISE(keep_top_p),
     {
         MISTAKE(wrong_keep_top_p_without_crossing),
         MISTAKE(wrong_keep_top_p_nothing_left),
         MISTAKE(wrong_keep_top_p_one_more),
         MISTAKE(wrong_keep_top_p_zero),
         MISTAKE(wrong_keep_top_p_unsorted),
         MISTAKE(wrong_keep_top_p_from_below),
         MISTAKE(wrong_keep_top_p_each),
         MISTAKE(wrong_keep_top_p_ties_stay),
         MISTAKE(wrong_keep_top_p_higher_id),
         MISTAKE(wrong_keep_top_p_probabilities),
         MISTAKE(wrong_keep_top_p_shares),
         MISTAKE(wrong_keep_top_p_min_p),
         MISTAKE(wrong_keep_top_p_rare),
         MISTAKE(wrong_keep_top_p_rest),
     },
     {
         RIGHT(right_keep_top_p_as_hinted),
         RIGHT(right_keep_top_p_sorts),
         RIGHT(right_keep_top_p_before),
         RIGHT(right_keep_top_p_from_the_end),
     }},
    {EXERCISE(fade_repeats),
     {
         MISTAKE(wrong_fade_repeats_divides_all),
         MISTAKE(wrong_fade_repeats_upside_down),
         MISTAKE(wrong_fade_repeats_each_time),
         MISTAKE(wrong_fade_repeats_subtracts),
         MISTAKE(wrong_fade_repeats_subtracts_logarithm),
         MISTAKE(wrong_fade_repeats_forbids),
         MISTAKE(wrong_fade_repeats_others),
         MISTAKE(wrong_fade_repeats_places),
         MISTAKE(wrong_fade_repeats_last_only),
         MISTAKE(wrong_fade_repeats_last_left_out),
     },
     {
         RIGHT(right_fade_repeats_as_hinted),
         RIGHT(right_fade_repeats_by_token),
         RIGHT(right_fade_repeats_the_smaller),
         RIGHT(right_fade_repeats_from_a_copy),
     }},
    {EXERCISE(keep_min_p),
     {
         MISTAKE(wrong_keep_min_p_as_handed_out),
         MISTAKE(wrong_keep_min_p_absolute),
         MISTAKE(wrong_keep_min_p_equal_cut),
         MISTAKE(wrong_keep_min_p_zero),
         MISTAKE(wrong_keep_min_p_probabilities),
         MISTAKE(wrong_keep_min_p_upside_down),
         MISTAKE(wrong_keep_min_p_largest_so_far),
         MISTAKE(wrong_keep_min_p_subtracts),
         MISTAKE(wrong_keep_min_p_overflows),
         MISTAKE(wrong_keep_min_p_rest),
         MISTAKE(wrong_keep_min_p_share_below),
     },
     {
         RIGHT(right_keep_min_p_as_hinted),
         RIGHT(right_keep_min_p_difference),
         RIGHT(right_keep_min_p_quotient),
         RIGHT(right_keep_min_p_sorts),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* No line of the program's output takes more than 80 columns. */
static void check_columns(const char *arguments)
{
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_msg(text_width(line) <= 80 || line == (char *)output.data,
                      "10_sampling %s: too broad: %s", arguments, line);
}

/* ---- Choosing ----------------------------------------------------------------------- */

enum { ROWS = 6, KINDS = 12, TOY_V = 13 };

/* Each row of the reference's logits, each setting: its name, and what should come out. */
struct settings {
    float (*rows)[TOY_V], (*settings)[3], (*p)[KINDS][TOY_V];
};

static struct settings open_settings(const struct stored_file *want)
{
    return (struct settings){
        reference_bytes(want, "toy.rows", "F32", AXES({ROWS, NULL}, {TOY_V, NULL})),
        reference_bytes(want, "toy.settings", "F32", AXES({KINDS, NULL}, {3, NULL})),
        reference_bytes(want, "toy.p", "F32",
                        AXES({ROWS, NULL}, {KINDS, NULL}, {TOY_V, NULL}))};
}

static struct sampling setting_of(const float numbers[3])
{
    return (struct sampling){numbers[0], (int)numbers[1], numbers[2], 1};
}

START_TEST(every_setting_equals_the_reference)
{
    struct stored_file want = open_reference("10_sampling");
    struct settings s = open_settings(&want);
    for (int r = 0; r < ROWS; r++)
        for (int k = 0; k < KINDS; k++) {
            const struct sampling how = setting_of(s.settings[k]);
            float p[TOY_V];
            char *name =
                format_text("p, row %d, temperature %g, top-k %d, top-p %g", r,
                            (double)how.temperature, how.top_k, (double)how.top_p);
            probabilities(TOY_V, p, s.rows[r], &how);
            check_tensor(name, AXES({TOY_V, NULL}), p, s.p[r][k]);
            for (int v = 0; v < TOY_V; v++)
                ck_assert_msg((p[v] > 0) == (s.p[r][k][v] > 0), "%s: token %d", name, v);
            free(name);
        }
    int *seen = reference_ints(&want, "toy.seen", AXES({6, NULL}));
    for (int r = 0; r < ROWS; r++)
        fade_repeats(TOY_V, s.rows[r], 6, seen, 1.25f);
    check_reference(&want, "toy.faded", AXES({ROWS, NULL}, {TOY_V, NULL}), s.rows);
    close_stored(&want);
}
END_TEST

/* The chapter's table: four tokens, 1/2, 1/4, 1/8, 1/8. */
START_TEST(the_table_by_hand)
{
    static const struct {
        struct sampling how;
        int percent[4];
    } all[] = {
        {{1, 0, 1, 1}, {50, 25, 13, 13}},  {{0, 0, 1, 1}, {100, 0, 0, 0}},
        {{0.5f, 0, 1, 1}, {73, 18, 5, 5}}, {{2, 0, 1, 1}, {37, 26, 18, 18}},
        {{1, 2, 1, 1}, {67, 33, 0, 0}},    {{1, 3, 1, 1}, {50, 25, 13, 13}},
        {{1, 0, 0.7f, 1}, {67, 33, 0, 0}}, {{1, 0, 0.8f, 1}, {57, 29, 14, 0}},
        {{1, 0, 0.4f, 1}, {100, 0, 0, 0}},
    };
    const float logits[] = {logf(8), logf(4), logf(2), logf(2)};
    float p[4];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        probabilities(4, p, logits, &all[i].how);
        for (int v = 0; v < 4; v++)
            ck_assert_msg((int)(100 * (double)p[v] + 0.5001) == all[i].percent[v],
                          "line %zu, token %d: %g", i, v, (double)p[v]);
    }
    const float quarters[] = {0.5f, 0.25f, 0.125f, 0.125f};
    ck_assert_int_eq(draw(4, quarters, 0), 0);
    ck_assert_int_eq(draw(4, quarters, 0.4999), 0);
    ck_assert_int_eq(draw(4, quarters, 0.5), 1);
    ck_assert_int_eq(draw(4, quarters, 0.6), 1);
    ck_assert_int_eq(draw(4, quarters, 0.8), 2);
    ck_assert_int_eq(draw(4, quarters, 0.9), 3);
    ck_assert_int_eq(draw(4, quarters, 1 - 0x1p-53), 3);
}
END_TEST

START_TEST(extremes_end_well)
{
    enum { V = 5 };
    const float logits[V] = {1, 5, -2, 5, 4}, far[V] = {-300, 300, 0, 299, -3e38f};
    const struct sampling all[] = {
        {0, 0, 1, 1},   {1e-30f, 0, 1, 1},   {1e-5f, 0, 1, 1},
        {100, 0, 1, 1}, {1, 1000, 1, 1},     {1, 1, 1, 1},
        {1, 0, 0, 1},   {1e-5f, 3, 0.5f, 1}, {100, 2, 1e-9f, 1}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (int which = 0; which < 2; which++) {
            float p[V], sum = 0;
            probabilities(V, p, which ? far : logits, &all[i]);
            for (int v = 0; v < V; v++) {
                ck_assert_msg(p[v] >= 0 && p[v] <= 1, "setting %zu, token %d: %g", i, v,
                              (double)p[v]);
                sum += p[v];
            }
            ck_assert_msg(fabsf(sum - 1) < 1e-5f, "setting %zu: %g", i, (double)sum);
        }
    /* equal ones: greedy and top-p take the first, top-k 1 both */
    float p[V];
    probabilities(V, p, logits, &all[0]);
    ck_assert(p[1] == 1 && p[3] == 0);
    probabilities(V, p, logits, &all[6]);
    ck_assert(p[1] == 1 && p[3] == 0);
    probabilities(V, p, logits, &all[5]);
    ck_assert(p[1] == 0.5f && p[3] == 0.5f);
    /* never a token with the probability 0, even where rounding leaves the sum short of 1 */
    const float rare[4] = {0, 0.3f, 0.6999f, 0};
    ck_assert_int_eq(draw(4, rare, 0), 1);
    ck_assert_int_eq(draw(4, rare, 0.99999), 2);
    ck_assert_int_eq(likeliest(V, logits), 1);
}
END_TEST

/* The probabilities of equal logits are 1 / V rounded, and V times that can be below 1. */
START_TEST(the_likeliest_always_stays)
{
    static const int sizes[] = {1, 2, 3, 41, 47, 1000, 1024, 50257, 50304};
    static const float shares[] = {0, 1e-45f, 1e-9f, 1e-7f, 1e-5f};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int V = sizes[i];
        float *logits = grab((size_t)V, sizeof *logits);
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++)
            for (int high = 0; high < 2; high++) {
                int kept = 0;
                for (int v = 0; v < V; v++)
                    logits[v] = high && v == V / 2 ? 2.5f : 2;
                keep_top_p(V, logits, shares[k]);
                for (int v = 0; v < V; v++)
                    kept += logits[v] > -INFINITY;
                ck_assert_msg(kept >= 1 && logits[high ? V / 2 : 0] > -INFINITY,
                              "%d equal logits, top_p %g: %d are kept", V,
                              (double)shares[k], kept);
            }
        free(logits);
    }
}
END_TEST

/* A model whose sums overflow says so; nothing is drawn from what is not a number. */
START_TEST(what_is_not_a_number_is_told)
{
    struct sampling how[] = {
        {1, 0, 1, 1}, {1, 2, 1, 1}, {1, 0, 0.5f, 1}, {0.01f, 0, 1, 1}};
    const float large[3] = {1, 3e38f, 2};
    float p[3];
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        how[i].temperature = 1e-5f;
        probabilities(3, p, large, &how[i]);
        ck_assert(p[0] == 0 && p[1] == 1 && p[2] == 0);
    }
    char *model = made_model((struct config){8, 9, 4, 2, 2, 5, 1e-5f}, 1e30);
    const char *all[] = {"", "--greedy", "--top-k 1", "--top-p 0 --temperature 2"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_int_eq(
            run_program(format_text("--model '%s' --ids '1 2 3' %s", model, all[i])), 1);
        const char *line = (char *)errors.data;
        ck_assert_msg(strstr(line, "the model gives no numbers: at position 2") &&
                          strchr(line, '\n') == line + strlen(line) - 1,
                      "%s: '%s'", all[i], line);
    }
}
END_TEST

START_TEST(nothing_left_ends_the_program)
{
    const float none[3] = {-INFINITY, -INFINITY, -INFINITY};
    uint64_t state = 1;
    ck_assert_ptr_nonnull(
        freopen("/dev/null", "w", stderr)); /* a reader need not see its message */
    choose_token(3, none, &(struct sampling){1, 0, 1, 1}, &state);
}
END_TEST

START_TEST(the_kth_largest_is_found)
{
    uint64_t state = 5;
    for (int n = 1; n < 200; n += 1 + n / 9) {
        float x[n], sorted[n];
        for (int kind = 0; kind < 4; kind++)
            for (int k = 1; k <= n; k += 1 + n / 20) {
                for (int i = 0; i < n; i++)
                    sorted[i] = x[i] = kind == 0   ? (float)(next_number(&state) % 1000)
                                       : kind == 1 ? (float)(next_number(&state) % 3)
                                       : kind == 2 ? (float)i
                                                   : (float)-i;
                for (int i = 1; i < n; i++) /* insertion, the largest first */
                    for (int j = i; j > 0 && sorted[j] > sorted[j - 1]; j--) {
                        const float kept = sorted[j];
                        sorted[j] = sorted[j - 1];
                        sorted[j - 1] = kept;
                    }
                const float got = kth_largest(n, x, k);
                ck_assert_msg(got == sorted[k - 1], "n %d, k %d, kind %d: %g, want %g", n,
                              k, kind, (double)got, (double)sorted[k - 1]);
            }
    }
}
END_TEST

/* ---- Chance ------------------------------------------------------------------------- */

START_TEST(chance_is_splitmix64)
{
    /* what its authors' own program prints for seed 1234567 */
    static const uint64_t known[] = {6457827717110365317u, 3203168211198807973u,
                                     9817491932198370423u, 4593380528125082431u,
                                     16408922859458223821u};
    uint64_t state = 1234567;
    for (size_t i = 0; i < 5; i++)
        ck_assert(next_number(&state) == known[i]);
    struct stored_file want = open_reference("10_sampling");
    static const uint64_t seeds[] = {0, 1, ((uint64_t)1 << 62) + 3};
    for (size_t s = 0; s < 3; s++) {
        char *name = format_text("toy.chance.%llu", (unsigned long long)seeds[s]);
        double *chances = reference_doubles(&want, name, AXES({20, NULL}));
        state = seeds[s];
        for (int i = 0; i < 20; i++)
            ck_assert_msg(next_chance(&state) == chances[i], "%s, number %d", name, i);
        free(chances);
        free(name);
    }
    close_stored(&want);
}
END_TEST

/* How far counts are from what probabilities lead one to expect: the sum of (seen -
 * expected)² / expected over all tokens that are expected five times or more, and all the
 * others together. *kinds is how many those are. */
static double chi_squared(int V, const float p[V], const int seen[V], int draws,
                          int *kinds)
{
    double sum = 0, rare = 0, rare_seen = 0;
    *kinds = 0;
    for (int v = 0; v < V; v++) {
        const double expected = (double)p[v] * draws;
        if (expected < 5) {
            rare += expected;
            rare_seen += seen[v];
            continue;
        }
        sum += (seen[v] - expected) * (seen[v] - expected) / expected;
        ++*kinds;
    }
    if (rare >= 5) {
        sum += (rare_seen - rare) * (rare_seen - rare) / rare;
        ++*kinds;
    }
    return sum;
}

/* What chi-squared with so many degrees of freedom exceeds as seldom as a normal number
 * exceeds z (Wilson and Hilferty 1931). */
static double chi_squared_at(int freedom, double z)
{
    const double n = 2.0 / 9 / freedom;
    return freedom * pow(fmax(0, 1 - n + z * sqrt(n)), 3);
}

START_TEST(draws_follow_the_references_probabilities)
{
    enum { DRAWS = 20000 };
    struct stored_file want = open_reference("10_sampling");
    struct settings s = open_settings(&want);
    double all = 0;
    int freedom = 0;
    for (int r = 0; r < ROWS; r++)
        for (int k = 0; k < KINDS; k++) {
            const struct sampling how = setting_of(s.settings[k]);
            int seen[TOY_V] = {0}, kinds;
            uint64_t state = (uint64_t)(100 * r + k);
            for (int i = 0; i < DRAWS; i++)
                seen[choose_token(TOY_V, s.rows[r], &how, &state)]++;
            for (int v = 0; v < TOY_V; v++)
                ck_assert_msg(s.p[r][k][v] > 0 || seen[v] == 0,
                              "row %d, setting %d: token %d was cut, and drawn", r, k, v);
            const double x = chi_squared(TOY_V, s.p[r][k], seen, DRAWS, &kinds);
            if (kinds < 2)
                continue;
            ck_assert_msg(x <= chi_squared_at(kinds - 1, 4), "row %d, setting %d: %g", r,
                          k, x);
            all += x;
            freedom += kinds - 1;
        }
    /* All together: neither too far from the probabilities, nor too near them for chance. */
    ck_assert_msg(all <= chi_squared_at(freedom, 3) && all >= chi_squared_at(freedom, -3),
                  "chi-squared %g of %d", all, freedom);
    /* And a small lie is found out: as if token 0 were a tenth likelier. */
    int seen[TOY_V] = {0}, kinds;
    float lie[TOY_V];
    uint64_t state = 1;
    const struct sampling plain = {1, 0, 1, 1};
    memcpy(lie, s.rows[3], sizeof lie); /* all are equal in this row */
    lie[0] += logf(1.1f);
    for (int i = 0; i < 10 * DRAWS; i++)
        seen[choose_token(TOY_V, lie, &plain, &state)]++;
    const double x = chi_squared(TOY_V, s.p[3][0], seen, 10 * DRAWS, &kinds);
    ck_assert_msg(x > chi_squared_at(kinds - 1, 4), "the lie passes: %g", x);
    close_stored(&want);
}
END_TEST

/* ---- Texts -------------------------------------------------------------------------- */

/* What the reference has written, with the same settings and seeds. */
static void check_texts(const struct stored_file *want, const char *model,
                        const struct config *config, const struct weights *w)
{
    static const struct sampling all[] = {
        {1, 0, 1, 1}, {1, 40, 1, 1}, {1.5f, 4, 0.6f, 1}, {1, 0, 1, 1.5f}, {0, 0, 1, 2}};
    char *ids_name = format_text("%s.ids", model);
    const int T = reference_length(want, ids_name, 0);
    int *given = reference_ints(want, ids_name, AXES({T, NULL}));
    for (int i = 0; i < 5; i++) {
        char *name = format_text("%s.text.%d", model, i);
        const int n = reference_length(want, name, 0);
        int *wanted = reference_ints(want, name, AXES({n, NULL}));
        int *ids = grab((size_t)(T + n), sizeof *ids), count;
        uint64_t state = 7 + (uint64_t)i;
        memcpy(ids, given, (size_t)T * sizeof *ids);
        generate(T, n, ids, -1, config, w, &all[i], &state, NULL, NULL, &count);
        ck_assert_int_eq(count, n);
        for (int t = 0; t < n; t++)
            ck_assert_msg(ids[T + t] == wanted[t], "%s: new token %d is %d, want %d",
                          name, t, ids[T + t], wanted[t]);
        free(ids);
        free(wanted);
        free(name);
    }
    free(given);
    free(ids_name);
}

START_TEST(texts_are_the_references)
{
    struct toy toy = open_toy();
    check_texts(&toy.want, "toy", &toy.config, &toy.weights);
    struct checkpoint odd = load_checkpoint("tests/reference/odd");
    check_texts(&toy.want, "odd", &odd.config, &odd.weights);
    free_checkpoint(&odd);
    close_toy(&toy);
}
END_TEST

/* What generate tells of each token. */
struct heard {
    int count, ids[64], V;
};

static void hear(void *to, int id, const float *logits)
{
    struct heard *h = to;
    ck_assert(logits[id] > -INFINITY && id < h->V);
    h->ids[h->count++] = id;
}

START_TEST(a_text_ends_where_it_should)
{
    struct toy toy = open_toy();
    const int T = toy.T, room = toy.config.positions;
    const struct sampling how = {1, 0, 1, 1};
    int ids[64], free_text[64], count;
    uint64_t state = 3;
    struct heard h = {.V = toy.config.V};
    memcpy(ids, toy.ids, (size_t)T * sizeof *ids);
    enum ending why = generate(T, 8, ids, -1, &toy.config, &toy.weights, &how, &state,
                               hear, &h, &count);
    ck_assert(why == ENOUGH && count == 8 && h.count == 8);
    ck_assert(memcmp(h.ids, ids + T, 8 * sizeof *ids) == 0);
    memcpy(free_text, ids, sizeof ids);
    /* no room for more */
    state = 3;
    h.count = 0;
    why = generate(T, 64 - T, ids, -1, &toy.config, &toy.weights, &how, &state, hear, &h,
                   &count);
    ck_assert(why == ROOM_ENDED && count == room - T && h.count == count);
    ck_assert(memcmp(ids, free_text, (size_t)(T + 8) * sizeof *ids) == 0);
    /* a full context: not one more */
    why = generate(room, 5, ids, -1, &toy.config, &toy.weights, &how, &state, NULL, NULL,
                   &count);
    ck_assert(why == ROOM_ENDED && count == 0);
    /* the end of the text is the sixth token, if it is none of the first five */
    int at = 5;
    const int end = free_text[T + at];
    for (int t = 0; t < at; t++)
        if (free_text[T + t] == end)
            at = t;
    state = 3;
    h.count = 0;
    why = generate(T, 8, ids, end, &toy.config, &toy.weights, &how, &state, hear, &h,
                   &count);
    ck_assert(why == TEXT_ENDED && count == at && h.count == at);
    /* nothing wanted, nothing written, no chance used */
    const uint64_t before = state;
    why = generate(T, 0, ids, -1, &toy.config, &toy.weights, &how, &state, NULL, NULL,
                   &count);
    ck_assert(why == ENOUGH && count == 0 && state == before);
    close_toy(&toy);
}
END_TEST

/* ---- The program -------------------------------------------------------------------- */

START_TEST(the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("10_sampling");
    ck_assert_int_eq(
        run_program(format_text("--model tests/reference/odd --ids '28 4 17 0 "
                                "4 9 23' --dump '%s/d'",
                                folder)),
        0);
    ck_assert_int_eq(check_dump(&want, "odd.", inside("d")), 7);
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_equals_the_reference)
{
    struct stored_file want = open_reference("10_sampling");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m)) {
        ck_assert_int_eq(run_program(format_text("--next 1 --dump '%s/d'", folder)), 0);
        ck_assert_int_eq(check_dump(&want, "robots.", inside("d")), 7);
        check_texts(&want, "robots", &m.config, &m.weights);
    } else
        printf("skipped: models/robots is not the model of the reference: make "
               "reference\n");
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

START_TEST(the_same_seed_writes_the_same)
{
    const char *odd = "--model tests/reference/odd --ids '28, 4' --seed";
    ck_assert_int_eq(run_program(format_text("%s 5", odd)), 0);
    char *first = format_text("%s", (char *)output.data);
    ck_assert_int_eq(run_program(format_text("%s 5", odd)), 0);
    ck_assert_str_eq(first, (char *)output.data);
    ck_assert_int_eq(run_program(format_text("%s 6", odd)), 0);
    ck_assert_str_ne(first, (char *)output.data);
    free(first);
}
END_TEST

START_TEST(the_walk_takes_any_prompt)
{
    const char *all[] = {
        "--model tests/reference/odd --ids 7",
        "--model tests/reference/odd --ids '28, 4' --next 0",
        "--model tests/reference/odd --ids '28, 4' --next 100 --penalty 2 --greedy",
        "--model tests/reference/odd --ids '28, 4' --temperature 0",
        "--model tests/reference/odd --ids '28, 4' --temperature 1e-300 --seed 0",
        "--model tests/reference/odd --ids '28, 4' --top-k 1000000000 --top-p 0",
        "--model tests/reference/odd --ids '28, 4' --top-k 0 --top-p 0.001",
        "--model tests/reference/odd --ids '28, 4' --temperature 100 --top-k 1",
        "--model tests/reference/odd --ids '28, 4' --seed 9000000000000000",
        "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(format_text("%s --figures '%s/f'", all[i], folder)) ==
                          0,
                      "%s: %s", all[i], (char *)errors.data);
        ck_assert(output.size > 500 && errors.size == 0);
        ck_assert_msg(!strstr((char *)output.data, "nan"), "%s: %s", all[i],
                      (char *)output.data);
        check_columns(all[i]);
    }
    ck_assert_int_eq(run_program("--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 "
                                 "10'"),
                     0);
    ck_assert(strstr((char *)output.data, "room for 11 tokens") != NULL);
    ck_assert_int_eq(run_program("--help"), 0);
    ck_assert(strstr((char *)output.data, "--top-k") != NULL);
}
END_TEST

START_TEST(the_walk_takes_long_prompts_of_the_shipped_model)
{
    char many[600] = "A";
    for (int i = 1; i < 60; i++)
        strcat(many, i % 2 ? " robot" : " must");
    ck_assert_int_eq(
        run_program(format_text("--prompt '%s' --next 1 --figures '%s/f'", many, folder)),
        0);
    check_columns(many);
    ck_assert_int_eq(
        run_program(format_text("--prompt A --next 2 --figures '%s/f'", folder)), 0);
    check_columns("A");
}
END_TEST

START_TEST(wrong_options_are_named)
{
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"--model tests/reference/odd --ids 1 --temperature -1", "--temperature: -1"},
        {"--model tests/reference/odd --ids 1 --temperature nan", "'nan'"},
        {"--model tests/reference/odd --ids 1 --temperature 101", "--temperature: 101"},
        {"--model tests/reference/odd --ids 1 --top-k 1.5", "'1.5'"},
        {"--model tests/reference/odd --ids 1 --top-k -1", "--top-k: -1"},
        {"--model tests/reference/odd --ids 1 --top-p 1.1", "--top-p: 1.1"},
        {"--model tests/reference/odd --ids 1 --top-p x", "'x'"},
        {"--model tests/reference/odd --ids 1 --penalty 0.5", "--penalty: 0.5"},
        {"--model tests/reference/odd --ids 1 --seed -1", "--seed: -1"},
        {"--model tests/reference/odd --ids 1 --seed 99999999999999999999", "--seed"},
        {"--model tests/reference/odd --ids 1 --greedy=1", "--greedy"},
        {"--model tests/reference/odd --ids 1 --next -1", "--next: -1"},
        {"--model tests/reference/odd --ids 29", "29"},
        {"--model tests/reference/odd --ids ''", "--ids"},
        {"--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10 11'", "12 tokens"},
        {"--model tests/reference/odd --prompt robot", "vocab.json"},
        {"--model no/such/model", "no/such/model"},
        {"--frobnicate", "--frobnicate"},
        {"--model tests/reference/odd --ids 1 --dump no/such/folder/d", "no/such/folder"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(all[i].arguments) == 1, "%s", all[i].arguments);
        const char *line = (char *)errors.data, *end = strchr(line, '\n');
        ck_assert_msg(end && end[1] == 0 && strncmp(line, "10_sampling: ", 13) == 0 &&
                          strstr(line, all[i].says),
                      "%s: expected '%s' in '%s'", all[i].arguments, all[i].says, line);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, every_setting_equals_the_reference);
    tcase_add_test(t, the_table_by_hand);
    tcase_add_test(t, extremes_end_well);
    tcase_add_test(t, the_likeliest_always_stays);
    tcase_add_test(t, what_is_not_a_number_is_told);
    tcase_add_exit_test(t, nothing_left_ends_the_program, 1);
    tcase_add_test(t, the_kth_largest_is_found);
    tcase_add_test(t, chance_is_splitmix64);
    tcase_add_test(t, draws_follow_the_references_probabilities);
    tcase_add_test(t, texts_are_the_references);
    tcase_add_test(t, a_text_ends_where_it_should);
    tcase_add_test(t, the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_shipped_model_equals_the_reference,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_same_seed_writes_the_same);
    tcase_add_test(t, the_walk_takes_any_prompt);
    ADD_TEST_NEEDING(t, the_walk_takes_long_prompts_of_the_shipped_model,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, wrong_options_are_named);
    tcase_add_test(t, degenerate_input_prints_numbers);
}

BOOK_TESTS("10_sampling", add_tests)
