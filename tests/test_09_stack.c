/* Tests of chapter 9: the whole model, its program, and its exercises. */
#include "exercise.h"
#include "../src/09_stack.h"
#include "reference.h"

#define PROGRAM "09_stack"
#include "program.h"
#include "models.h"
#include "toy.h"
#include "exact.h"
#include "mistakes/09_stack.h"
#include "right/09_stack.h"

/* ---- Exercises --------------------------------------------------------------------- */

static void probe_final_logits(any_function f, struct outcome *o)
{
    /* one of everything; a fixed buffer of so many tokens, positions or columns; lengths that
     * no tile fits; another size each time; numbers of great size; last, rows of zeros */
    static const int sizes[][3] = {{1, 2, 3},    {3, 4, 6}, {2, 5, 2},    {1, 1, 1},
                                   {1031, 1, 2}, {4, 3, 3}, {2, 131, 67}, {1, 3, 3001},
                                   {137, 7, 5},  {3, 5, 4}, {2, 3, 4}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int T = sizes[i][0], C = sizes[i][1], V = sizes[i][2];
        const size_t left = sizeof sizes / sizeof *sizes - 1 - i;
        const bool last = left == 0, large = left == 1;
        float *some_x = some_numbers((size_t)(T * C), 1, large ? 1e12f : 2, 0.25f);
        float *some_head = some_numbers((size_t)(V * C), 2, large ? 1e12f : 1, -0.125f);
        float *want = grab((size_t)(T * V), sizeof *want);
        for (int c = 0; c < T * C && last; c++)
            some_x[c] = c % 2 ? 0 : -0.0f;
        for (int t = 0; t < T; t++)
            for (int v = 0; v < V; v++) {
                double sum = 0;
                for (int c = 0; c < C; c++)
                    sum += (double)some_x[t * C + c] * (double)some_head[v * C + c];
                want[t * V + v] = (float)sum;
            }
        situation(o, "%d position%s, %d column%s, %d token%s in the vocabulary%s", T,
                  T == 1 ? "" : "s", C, C == 1 ? "" : "s", V, V == 1 ? "" : "s",
                  large  ? "; numbers of about 1e12"
                  : last ? "; x is all zeros"
                         : "");
        const float(*x)[C] = given(o, "x", AXES({T, NULL}, {C, NULL}), FLOATS, some_x),
              (*head)[C] =
                  given(o, "head", AXES({V, NULL}, {C, NULL}), FLOATS, some_head);
        float(*logits)[V] = written(o, "logits", AXES({T, NULL}, {V, NULL}), FLOATS);
        TESTED(final_logits, f)(T, C, V, logits, x, head);
        record(o, "logits", AXES({T, NULL}, {V, NULL}), logits, want);
        free(some_x);
        free(some_head);
        free(want);
    }
}

/* A tensor of the toy beside the reference's, [T, columns]. */
static void record_step(struct outcome *o, const struct toy *toy, const char *name,
                        const char *wanted, int columns, const void *got)
{
    const struct axis axes[] = {{toy->T, NULL}, {columns, NULL}};
    float *want = reference_floats(&toy->want, wanted, 2, axes);
    record(o, name, 2, axes, got, want);
    free(want);
}

/* A made-up model between walls: its weights can only be read. Free its h. */
static struct weights given_weights(struct outcome *o, const struct made_up *m)
{
    const void *flat =
        given(o, "the weights", AXES({(int)m->count, NULL}), FLOATS, m->flat);
    struct weights w = lay_out_weights(&m->config, (void *)(uintptr_t)flat);
    w.lm_head = (void *)(uintptr_t)given(
        o, "w->lm_head", AXES({m->config.V, NULL}, {m->config.C, NULL}), FLOATS, m->head);
    return w;
}

/* The steps that the function has to set, between walls. */
static struct stack walled_stack(struct outcome *o, int T, const struct config *config)
{
    const int C = config->C, V = config->V;
    struct stack s = new_stack(T, config);
    s.embedding = written(o, "s->embedding", AXES({T, NULL}, {C, NULL}), FLOATS);
    s.ln_f = written(o, "s->ln_f", AXES({T, NULL}, {C, NULL}), FLOATS);
    s.logits = written(o, "s->logits", AXES({T, NULL}, {V, NULL}), FLOATS);
    return s;
}

static void probe_run_stack(any_function f, struct outcome *o)
{
    /* three blocks, by PyTorch */
    struct toy toy = open_toy();
    const int T = toy.T, C = toy.config.C, V = toy.config.V, L = toy.config.L;
    situation(o, "%d tokens, %d blocks, C %d, V %d, random weights", T, L, C, V);
    const int *ids = given(o, "ids", AXES({T, NULL}), INTS, toy.ids);
    struct stack s = walled_stack(o, T, &toy.config);
    TESTED(run_stack, f)(T, &toy.config, &s, ids, &toy.weights);
    record_step(o, &toy, "s->embedding", "toy.embedding", C, s.embedding);
    for (int l = 0; l < L; l++) {
        char *got = format_text("s->h[%d].output", l),
             *want = format_text("toy.h.%d.output", l);
        record_step(o, &toy, got, want, C, s.h[l].output);
        free(got);
        free(want);
    }
    record_step(o, &toy, "s->ln_f", "toy.ln_f", C, s.ln_f);
    record_step(o, &toy, "s->logits", "toy.logits", V, s.logits);
    free_stack(&s);
    close_toy(&toy);

    /* more tokens than 128; a large vocabulary and wide rows, of odd lengths; one of
     * everything, after larger ones; a model of five blocks; one of more blocks than 128 */
    static const struct {
        int T;
        struct config config;
    } all[] = {{131, {140, 5, 6, 3, 2, 7, 1e-5f}},
               {2, {2, 2053, 132, 4, 1, 139, 1e-3f}},
               {1, {3, 3, 2, 1, 1, 1, 0.5f}},
               {5, {9, 7, 4, 2, 5, 16, 1e-5f}},
               {1, {2, 5, 4, 2, 131, 3, 1e-3f}}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct config config = all[i].config;
        const int n = all[i].T;
        struct made_up m = make_up(config, 7 + (unsigned)i);
        int *some_ids = grab((size_t)n, sizeof *some_ids);
        for (int t = 0; t < n; t++)
            some_ids[t] = (t * 7 + 1) % config.V;
        situation(o, "%d token%s, %d block%s, C %d, H %d, F %d, V %d", n,
                  n == 1 ? "" : "s", config.L, config.L == 1 ? "" : "s", config.C,
                  config.H, config.F, config.V);
        ids = given(o, "ids", AXES({n, NULL}), INTS, some_ids);
        struct weights w = given_weights(o, &m);
        s = walled_stack(o, n, &config);
        TESTED(run_stack, f)(n, &config, &s, ids, &w);
        struct exact e = exact_stack(n, &config, some_ids, &w);
        const struct axis rows[] = {{n, NULL}, {config.C, NULL}};
        record(o, "s->embedding", 2, rows, s.embedding, e.embedding);
        for (int l = 0; l < config.L; l++) {
            char *name = format_text("s->h[%d].output", l);
            record(o, name, 2, rows, s.h[l].output, e.output + l * n * config.C);
            free(name);
        }
        record(o, "s->ln_f", 2, rows, s.ln_f, e.ln_f);
        record(o, "s->logits", AXES({n, NULL}, {config.V, NULL}), s.logits, e.logits);
        free_exact(&e);
        free_stack(&s);
        free(some_ids);
        free(w.h);
        free_made_up(&m);
    }
}

static void probe_lens(any_function f, struct outcome *o)
{
    /* the bottom and the top of a model, by PyTorch */
    struct toy toy = open_toy();
    const int T = toy.T, C = toy.config.C, V = toy.config.V;
    for (int depth = 0; depth <= toy.config.L; depth += toy.config.L) {
        char *rows = depth ? format_text("toy.h.%d.output", depth - 1)
                           : format_text("toy.embedding");
        char *want = format_text("toy.lens.%d", depth);
        float *some_x = reference_floats(&toy.want, rows, AXES({T, NULL}, {C, NULL}));
        situation(o, "the rows %s of a model with random weights", rows + 4);
        const float(*x)[C] = given(o, "x", AXES({T, NULL}, {C, NULL}), FLOATS, some_x);
        float(*p)[V] = written(o, "p", AXES({T, NULL}, {V, NULL}), FLOATS);
        TESTED(lens, f)(T, &toy.config, p, x, &toy.weights);
        record_step(o, &toy, "p", want, V, p);
        free(some_x);
        free(want);
        free(rows);
    }
    close_toy(&toy);

    /* more positions than 1,024; a large vocabulary and wide rows; rows far from 0, and logits
     * too large to take e to them; fewer tokens in the vocabulary than positions; rows of which
     * all numbers are equal, where epsilon keeps the spread from 0 */
    static const struct {
        int T, C, V;
        float size, shift, head;
        const char *text;
    } all[] = {{1031, 2, 3, 1, 0, 1, ""},
               {2, 131, 2053, 3, 0, 1, ""},
               {3, 7, 5, 20, 60, 60, "; numbers from 40 to 80, logits of some hundreds"},
               {9, 4, 2, 0.01f, 0, 1, "; small numbers"},
               {2, 3, 4, 0, 2.5f, 1, "; all numbers are 2.5"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const int n = all[i].T, c = all[i].C, v = all[i].V;
        const struct config config = {2000, v, c, 1, 1, 4 * c, 1e-3f};
        struct made_up m = make_up(config, 30 + (unsigned)i);
        for (size_t k = 0; k < (size_t)v * (size_t)c; k++)
            m.head[k] *= all[i].head;
        float *some_x = some_numbers((size_t)n * (size_t)c, 3, all[i].size, all[i].shift);
        float *want = grab((size_t)n * (size_t)v, sizeof *want);
        situation(o, "%d position%s, C %d, V %d%s", n, n == 1 ? "" : "s", c, v,
                  all[i].text);
        const float(*x)[c] = given(o, "x", AXES({n, NULL}, {c, NULL}), FLOATS, some_x);
        struct weights w = given_weights(o, &m);
        float(*p)[v] = written(o, "p", AXES({n, NULL}, {v, NULL}), FLOATS);
        TESTED(lens, f)(n, &config, p, x, &w);
        double *row = grab((size_t)c, sizeof *row), *q = grab((size_t)v, sizeof *q);
        for (int t = 0; t < n; t++) {
            double largest = -INFINITY, sum = 0;
            for (int k = 0; k < c; k++)
                row[k] = (double)some_x[t * c + k];
            exact_norm(c, row, row, w.ln_f_weight, w.ln_f_bias, config.epsilon);
            for (int u = 0; u < v; u++) {
                q[u] = 0;
                for (int k = 0; k < c; k++)
                    q[u] += row[k] * (double)m.head[u * c + k];
                largest = q[u] > largest ? q[u] : largest;
            }
            for (int u = 0; u < v; u++)
                sum += exp(q[u] - largest);
            for (int u = 0; u < v; u++)
                want[t * v + u] = (float)(exp(q[u] - largest) / sum);
        }
        record(o, "p", AXES({n, NULL}, {v, NULL}), p, want);
        free(row);
        free(q);
        free(some_x);
        free(want);
        free(w.h);
        free_made_up(&m);
    }
}

/* What one part of a row contributes, in double. */
static double exact_part(int C, const float *row, const float *part, const float *weight,
                         float epsilon, const float *head)
{
    double mean[2] = {0}, squares = 0, sum = 0;
    for (int c = 0; c < C; c++) {
        mean[0] += (double)row[c] / C;
        mean[1] += (double)part[c] / C;
    }
    for (int c = 0; c < C; c++)
        squares += pow((double)row[c] - mean[0], 2) / C;
    for (int c = 0; c < C; c++)
        sum += ((double)part[c] - mean[1]) / sqrt(squares + (double)epsilon) *
               (double)weight[c] * (double)head[c];
    return sum;
}

static void probe_logit_part(any_function f, struct outcome *o)
{
    static const float one[] = {1, 1}, some_head[] = {1, 0}, some_row[] = {5, 1},
                       parts[][2] = {{4, 0}, {1, 1}, {2.5f, 0.5f}, {5, 1}, {0, 0}};
    static const float expected[] = {1, 0, 0.5f, 1, 0};
    static const char *const names[] = {"of part {4, 0}", "of part {1, 1}",
                                        "of part {2.5, 0.5}", "of the whole row",
                                        "of part {0, 0}"};
    situation(o, "row {5, 1}, weight {1, 1}, head {1, 0}, epsilon 0");
    const float *row = given(o, "row", AXES({2, NULL}), FLOATS, some_row);
    const float *weight = given(o, "weight", AXES({2, NULL}), FLOATS, one);
    const float *head = given(o, "head", AXES({2, NULL}), FLOATS, some_head);
    for (int i = 0; i < 5; i++) {
        const float *part = given(o, "part", AXES({2, NULL}), FLOATS, parts[i]);
        record_number(o, names[i],
                      (double)TESTED(logit_part, f)(2, row, part, weight, 0, head),
                      (double)expected[i]);
    }
    /* GPT-2's width and more; odd and prime widths, the small ones after the large; no
     * epsilon; one so large that it hides the variance; a row far from 0, one very near it; a
     * part far larger than the row, as when another part takes it back; negative sums */
    static const struct {
        int C;
        float epsilon, row_size, row_shift, part_size, sign;
        const char *text;
    } all[] = {{1031, 1e-5f, 2, 0, 1, 1, ""},
               {3, 0.5f, 2, 0, 1, -1, ""},
               {768, 0.125f, 2, 0, 1, 1, ""},
               {7, 0, 2, 0, 1, -1, ""},
               {67, 50, 2, 0, 1, 1, ""},
               {131, 1e-5f, 2, 8, 1, -1, "; the row's numbers are around 8"},
               {6, 0, 1e-18f, 0, 1, 1, "; the row's numbers are about 1e-18"},
               {5, 0.5f, 2, 0, 1000, 1, "; the part is a thousand times the row"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const int C = all[i].C;
        const size_t n = (size_t)C;
        float *r = some_numbers(n, 41, all[i].row_size, all[i].row_shift),
              *p = some_numbers(n, 42, all[i].part_size, 0.5f * all[i].part_size),
              *w = some_numbers(n, 43, 2, 0.5f), *h = some_numbers(n, 44, 0.5f, 0);
        for (size_t c = 0; c < n; c++) /* so that the sum does not come out near 0 */
            h[c] = (h[c] + p[c] / all[i].part_size) * all[i].sign * copysignf(1, w[c]);
        situation(o, "%d columns, epsilon %g%s", C, (double)all[i].epsilon, all[i].text);
        row = given(o, "row", AXES({C, NULL}), FLOATS, r);
        weight = given(o, "weight", AXES({C, NULL}), FLOATS, w);
        head = given(o, "head", AXES({C, NULL}), FLOATS, h);
        const float *part = given(o, "part", AXES({C, NULL}), FLOATS, p);
        record_number(
            o, "of the part",
            (double)TESTED(logit_part, f)(C, row, part, weight, all[i].epsilon, head),
            exact_part(C, r, p, w, all[i].epsilon, h));
        free(r);
        free(p);
        free(w);
        free(h);
    }
}

static void probe_mean_surprise(any_function f, struct outcome *o)
{
    static const float by_hand[] = {1.0986123f, 0, 0, 0, 0, 5};
    /* the example; two tokens are the fewest; more than 1,024 of them; a large vocabulary;
     * short ones after long ones; logits as far apart as they may be, so that p is tiny; and
     * so far from 0 that e to them is infinite, or 0; a vocabulary of one token, which is no
     * surprise; a text that the model expected */
    static const struct {
        int T, V;
        float size, shift;
        const char *text;
    } all[] = {{3, 2, 0, 0, ": the example of the task"},
               {2, 5, 2, 0, ""},
               {1031, 3, 2, 0, ""},
               {2, 2, 1, 0, ""},
               {5, 3001, 3, 0, ""},
               {7, 11, 30, 0, "; logits from -30 to 30"},
               {4, 3, 30, 170, "; logits from 140 to 200"},
               {6, 5, 30, -170, "; logits from -200 to -140"},
               {131, 7, 0, 1.5f, "; all logits are 1.5"},
               {4, 1, 2, 0, ""},
               {9, 4, 1, 0, "; each token was the likeliest"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const int T = all[i].T, V = all[i].V;
        float *some = some_numbers((size_t)T * (size_t)V, 50 + (unsigned)i, all[i].size,
                                   all[i].shift);
        int *some_ids = grab((size_t)T, sizeof *some_ids);
        for (int t = 0; t < T; t++)
            some_ids[t] = (t * t + 3 * t + 1) % V;
        if (i == 0) {
            memcpy(some, by_hand, sizeof by_hand);
            some_ids[0] = some_ids[1] = 0;
            some_ids[2] = 1;
        }
        for (int t = 1; t < T && i + 1 == sizeof all / sizeof *all; t++)
            some[(t - 1) * V + some_ids[t]] = 2.5f;
        double want = 0;
        for (int t = 1; t < T; t++) {
            const float *row = some + (t - 1) * V;
            double sum = 0;
            for (int v = 0; v < V; v++)
                sum += exp((double)row[v] - (double)row[some_ids[t]]);
            want += log(sum) / (T - 1);
        }
        situation(o, "%d tokens, %d in the vocabulary%s", T, V, all[i].text);
        const float(*logits)[V] =
            given(o, "logits", AXES({T, NULL}, {V, NULL}), FLOATS, some);
        const int *ids = given(o, "ids", AXES({T, NULL}), INTS, some_ids);
        record_number(o, "the mean surprise",
                      (double)TESTED(mean_surprise, f)(T, V, logits, ids), want);
        free(some);
        free(some_ids);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(final_logits),
     {
         MISTAKE(wrong_final_logits_root),
         MISTAKE(wrong_final_logits_softmax),
         MISTAKE(wrong_final_logits_cosine),
         MISTAKE(wrong_final_logits_columns),
         MISTAKE(wrong_final_logits_never_reset),
         MISTAKE(wrong_final_logits_last_only),
     },
     {
         RIGHT(right_final_logits_in_double),
         RIGHT(right_final_logits_column_by_column),
         RIGHT(right_final_logits_pointers),
         RIGHT(right_final_logits_halves),
         RIGHT(right_final_logits_linear),
     }},
    {EXERCISE(run_stack),
     {
         MISTAKE(wrong_run_stack_no_final_norm),
         MISTAKE(wrong_run_stack_logits_before_norm),
         MISTAKE(wrong_run_stack_all_read_the_embedding),
         MISTAKE(wrong_run_stack_one_blocks_weights),
         MISTAKE(wrong_run_stack_from_the_top),
         MISTAKE(wrong_run_stack_one_too_few),
         MISTAKE(wrong_run_stack_wte_for_head),
         MISTAKE(wrong_run_stack_no_positions),
         MISTAKE(wrong_run_stack_reads_mid),
     },
     {
         RIGHT(right_run_stack_as_hinted),
         RIGHT(right_run_stack_by_index),
         RIGHT(right_run_stack_copies),
         RIGHT(right_run_stack_recursion),
     }},
    {EXERCISE(lens),
     {
         MISTAKE(wrong_lens_no_norm),
         MISTAKE(wrong_lens_no_softmax),
         MISTAKE(wrong_lens_over_places),
         MISTAKE(wrong_lens_wte),
         MISTAKE(wrong_lens_plain_norm),
         MISTAKE(wrong_lens_last_row),
         MISTAKE(wrong_lens_t_numbers),
     },
     {
         RIGHT(right_lens_as_hinted),
         RIGHT(right_lens_row_by_row),
         RIGHT(right_lens_in_place),
         RIGHT(right_lens_in_double),
     }},
    {EXERCISE(logit_part),
     {
         MISTAKE(wrong_logit_part_no_mean),
         MISTAKE(wrong_logit_part_rows_mean),
         MISTAKE(wrong_logit_part_own_spread),
         MISTAKE(wrong_logit_part_no_spread),
         MISTAKE(wrong_logit_part_variance),
         MISTAKE(wrong_logit_part_no_epsilon),
         MISTAKE(wrong_logit_part_epsilon_outside),
         MISTAKE(wrong_logit_part_one_less),
         MISTAKE(wrong_logit_part_no_weight),
         MISTAKE(wrong_logit_part_whole_row),
     },
     {
         RIGHT(right_logit_part_in_double),
         RIGHT(right_logit_part_as_hinted),
         RIGHT(right_logit_part_factors),
         RIGHT(right_logit_part_mean_square),
     }},
    {EXERCISE(mean_surprise),
     {
         MISTAKE(wrong_mean_surprise_as_handed_out),
         MISTAKE(wrong_mean_surprise_same_row),
         MISTAKE(wrong_mean_surprise_backwards),
         MISTAKE(wrong_mean_surprise_by_t),
         MISTAKE(wrong_mean_surprise_last_left_out),
         MISTAKE(wrong_mean_surprise_sum),
         MISTAKE(wrong_mean_surprise_sign),
         MISTAKE(wrong_mean_surprise_base_2),
         MISTAKE(wrong_mean_surprise_base_10),
         MISTAKE(wrong_mean_surprise_of_the_mean),
         MISTAKE(wrong_mean_surprise_probability),
         MISTAKE(wrong_mean_surprise_last_only),
     },
     {
         RIGHT(right_mean_surprise_as_hinted),
         RIGHT(right_mean_surprise_log_of_sum),
         RIGHT(right_mean_surprise_running),
         RIGHT(right_mean_surprise_base_2),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* No line of the program's output takes more than 80 columns. */
static void check_columns(const char *arguments)
{
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_msg(text_width(line) <= 80 || line == (char *)output.data,
                      "09_stack %s: too broad: %s", arguments, line);
}

/* ---- The model ---------------------------------------------------------------------- */

START_TEST(every_block_and_the_logits_equal_the_reference)
{
    struct toy toy = open_toy();
    const int T = toy.T;
    const struct axis rows[] = {{T, NULL}, {toy.config.C, NULL}};
    struct stack s = new_stack(T, &toy.config);
    run_stack(T, &toy.config, &s, toy.ids, &toy.weights);
    check_reference(&toy.want, "toy.embedding", 2, rows, s.embedding);
    check_reference(&toy.want, "toy.h.0.output", 2, rows, s.h[0].output);
    check_reference(&toy.want, "toy.h.1.output", 2, rows, s.h[1].output);
    check_reference(&toy.want, "toy.h.2.output", 2, rows, s.h[2].output);
    check_reference(&toy.want, "toy.ln_f", 2, rows, s.ln_f);
    check_reference(&toy.want, "toy.logits", AXES({T, NULL}, {toy.config.V, NULL}),
                    s.logits);
    free_stack(&s);
    close_toy(&toy);
}
END_TEST

/* The chapter's table: the top of the stack, four rows of three, a vocabulary of four. */
START_TEST(the_table_by_hand)
{
    const struct config c = {
        .positions = 4, .V = 4, .C = 3, .H = 1, .L = 1, .F = 12, .epsilon = 1e-9f};
    static float weight[] = {1.41421356f, 1.41421356f, 1.41421356f}, bias[3];
    static float head[4][3] = {{1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    static const float x[4][3] = {{4, 1, 1}, {2, 8, 2}, {0, 0, 3}, {5, 5, 2}};
    static const float want[4][4] = {
        {0, 2, -1, -1}, {0, -1, 2, -1}, {0, -1, -1, 2}, {0, 1, 1, -2}};
    static const int percent[4][4] = {
        {11, 81, 4, 4}, {11, 4, 81, 4}, {11, 4, 4, 81}, {15, 41, 41, 2}};
    const struct weights w = {.ln_f_weight = weight, .ln_f_bias = bias, .lm_head = head};
    float norm[4][3], logits[4][4], p[4][4];
    layer_norm(4, 3, norm, x, weight, bias, c.epsilon);
    final_logits(4, 3, 4, logits, (const float(*)[3])norm, (const float(*)[3])head);
    check_tensor("logits", AXES({4, NULL}, {4, NULL}), logits, want);
    lens(4, &c, p, x, &w);
    for (int t = 0; t < 4; t++)
        for (int v = 0; v < 4; v++)
            ck_assert_int_eq((int)(100 * p[t][v] + 0.5f), percent[t][v]);
}
END_TEST

START_TEST(the_lens_equals_the_reference_at_every_depth)
{
    struct toy toy = open_toy();
    const int T = toy.T, C = toy.config.C, V = toy.config.V;
    struct stack s = new_stack(T, &toy.config);
    float(*p)[V] = grab((size_t)T, sizeof *p);
    run_stack(T, &toy.config, &s, toy.ids, &toy.weights);
    for (int depth = 0; depth <= toy.config.L; depth++) {
        const float(*x)[C] = depth ? s.h[depth - 1].output : s.embedding;
        char *name = format_text("toy.lens.%d", depth);
        lens(T, &toy.config, p, x, &toy.weights);
        check_reference(&toy.want, name, AXES({T, NULL}, {V, NULL}), p);
        free(name);
    }
    free(p);
    free_stack(&s);
    close_toy(&toy);
}
END_TEST

/* The embedding, and what each half has added, in the order of the way up; then the bias. */
START_TEST(the_parts_sum_up_to_the_logit)
{
    struct toy toy = open_toy();
    enum { TOKEN = 7 };
    const int T = toy.T, C = toy.config.C, V = toy.config.V, n = 2 * toy.config.L + 1;
    struct stack s = new_stack(T, &toy.config);
    run_stack(T, &toy.config, &s, toy.ids, &toy.weights);
    const float(*head)[C] = toy.weights.lm_head, (*logits)[V] = s.logits;
    const float(*row)[C] = s.h[toy.config.L - 1].output;
    float *parts = grab((size_t)n, sizeof *parts);
    double sum = 0;
    for (int i = 0; i < n; i++) {
        const float(*part)[C] = s.embedding;
        if (i)
            part =
                i % 2 ? s.h[(i - 1) / 2].attention.output : s.h[(i - 1) / 2].mlp.output;
        parts[i] = logit_part(C, row[T - 1], part[T - 1], toy.weights.ln_f_weight,
                              toy.config.epsilon, head[TOKEN]);
        sum += (double)parts[i];
    }
    check_reference(&toy.want, "toy.parts", AXES({n, NULL}), parts);
    for (int c = 0; c < C; c++)
        sum += (double)toy.weights.ln_f_bias[c] * (double)head[TOKEN][c];
    ck_assert_msg(fabs(sum - (double)logits[T - 1][TOKEN]) < 1e-3, "%g, %g", sum,
                  (double)logits[T - 1][TOKEN]);
    free(parts);
    free_stack(&s);
    close_toy(&toy);
}
END_TEST

START_TEST(nothing_leaks_from_the_future)
{
    struct toy toy = open_toy();
    const int T = toy.T, V = toy.config.V;
    struct stack a = new_stack(T, &toy.config), b = new_stack(T, &toy.config);
    run_stack(T, &toy.config, &a, toy.ids, &toy.weights);
    for (int changed = 0; changed < T; changed++) {
        toy.ids[changed] = (toy.ids[changed] + 1) % V;
        run_stack(T, &toy.config, &b, toy.ids, &toy.weights);
        toy.ids[changed] = (toy.ids[changed] + V - 1) % V;
        const float(*left)[V] = a.logits, (*right)[V] = b.logits;
        for (int t = 0; t < T; t++)
            ck_assert_msg((memcmp(left[t], right[t], sizeof left[t]) == 0) ==
                              (t < changed),
                          "token %d changed, row %d", changed, t);
    }
    free_stack(&a);
    free_stack(&b);
    close_toy(&toy);
}
END_TEST

/* Always the likeliest token: the same text as the reference's. */
static void check_greedy(const struct stored_file *want, const char *model,
                         const struct config *config, const struct weights *w)
{
    char *ids_name = format_text("%s.ids", model),
         *name = format_text("%s.greedy", model);
    const int V = config->V, T = reference_length(want, ids_name, 0),
              n = reference_length(want, name, 0);
    int *given = reference_ints(want, ids_name, AXES({T, NULL}));
    int *wanted = reference_ints(want, name, AXES({n, NULL}));
    int *ids = grab((size_t)T + (size_t)n, sizeof *ids);
    memcpy(ids, given, (size_t)T * sizeof *ids);
    ck_assert_msg(n > 0, "%s: the reference has written nothing", model);
    for (int i = 0; i < n; i++) {
        struct stack s = new_stack(T + i, config);
        run_stack(T + i, config, &s, ids, w);
        const float(*logits)[V] = s.logits;
        int best = 0;
        for (int v = 1; v < V; v++)
            if (logits[T + i - 1][v] > logits[T + i - 1][best])
                best = v;
        ck_assert_msg(best == wanted[i], "%s: new token %d is %d, want %d", model, i,
                      best, wanted[i]);
        ids[T + i] = best;
        free_stack(&s);
    }
    free(ids_name);
    free(name);
    free(given);
    free(wanted);
    free(ids);
}

START_TEST(greedy_text_is_the_references)
{
    struct toy toy = open_toy();
    check_greedy(&toy.want, "toy", &toy.config, &toy.weights);
    struct checkpoint odd = load_checkpoint("tests/reference/odd");
    check_greedy(&toy.want, "odd", &odd.config, &odd.weights);
    free_checkpoint(&odd);
    close_toy(&toy);
}
END_TEST

/* ---- The program -------------------------------------------------------------------- */

START_TEST(the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("09_stack");
    ck_assert_int_eq(
        run_program(format_text("--model tests/reference/odd --ids '28 4 17 0 "
                                "4 9 23' --dump '%s/d'",
                                folder)),
        0);
    ck_assert_int_eq(check_dump(&want, "odd.", inside("d")), 5);
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_equals_the_reference)
{
    struct stored_file want = open_reference("09_stack");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m)) {
        ck_assert_int_eq(run_program(format_text("--dump '%s/d'", folder)), 0);
        ck_assert_int_eq(check_dump(&want, "robots.", inside("d")), 3 + m.config.L);
        check_greedy(&want, "robots", &m.config, &m.weights);
    } else
        printf("skipped: models/robots is not the model of the reference: make "
               "reference\n");
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

START_TEST(the_walk_takes_any_prompt)
{
    const char *all[] = {"--model tests/reference/odd --ids 7",
                         "--model tests/reference/odd --ids '28, 4' --next 0",
                         "--model tests/reference/odd --ids '28, 4' --next 100",
                         "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(format_text("%s --figures '%s/f'", all[i], folder)) ==
                          0,
                      "%s: %s", all[i], (char *)errors.data);
        ck_assert(output.size > 500 && errors.size == 0);
        check_columns(all[i]);
    }
    ck_assert_int_eq(run_program("--help"), 0);
    ck_assert(strstr((char *)output.data, "--next") != NULL);
}
END_TEST

START_TEST(the_walk_takes_long_prompts_of_the_shipped_model)
{
    char many[600] = "A";
    for (int i = 1; i < 60; i++)
        strcat(many, i % 2 ? " robot" : " must");
    ck_assert_int_eq(
        run_program(format_text("--prompt '%s' --next 2 --figures '%s/f'", many, folder)),
        0);
    check_columns(many);
    ck_assert_int_eq(run_program(format_text("--prompt A --figures '%s/f'", folder)), 0);
    check_columns("A");
}
END_TEST

START_TEST(wrong_options_are_named)
{
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"--model tests/reference/odd --ids 1 --next -1", "--next: -1"},
        {"--model tests/reference/odd --ids 1 --next x", "'x'"},
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
        ck_assert_msg(end && end[1] == 0 && strncmp(line, "09_stack: ", 10) == 0 &&
                          strstr(line, all[i].says),
                      "%s: expected '%s' in '%s'", all[i].arguments, all[i].says, line);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, every_block_and_the_logits_equal_the_reference);
    tcase_add_test(t, the_table_by_hand);
    tcase_add_test(t, the_lens_equals_the_reference_at_every_depth);
    tcase_add_test(t, the_parts_sum_up_to_the_logit);
    tcase_add_test(t, nothing_leaks_from_the_future);
    tcase_add_test(t, greedy_text_is_the_references);
    tcase_add_test(t, the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_shipped_model_equals_the_reference,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_walk_takes_any_prompt);
    ADD_TEST_NEEDING(t, the_walk_takes_long_prompts_of_the_shipped_model,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, wrong_options_are_named);
    tcase_add_test(t, degenerate_input_prints_numbers);
}

BOOK_TESTS("09_stack", add_tests)
