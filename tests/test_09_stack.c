/* Tests of chapter 9: the whole model, its program, and its exercises. */
#include "exercise.h"
#include "../src/09_stack.h"
#include "reference.h"

#define PROGRAM "09_stack"
#include "program.h"
#include "models.h"
#include "toy.h"
#include "mistakes/09_stack.h"

/* ---- Exercises --------------------------------------------------------------------- */

static void probe_final_logits(any_function f, struct outcome *o)
{
    static const int sizes[][3] = {{1, 2, 3}, {3, 4, 6}, {2, 5, 2}, {4, 3, 3}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int T = sizes[i][0], C = sizes[i][1], V = sizes[i][2];
        float given_x[T][C], given_head[V][C], want[T][V];
        for (int n = 0; n < T * C; n++)
            given_x[n / C][n % C] = (float)((n * 5 + 1) % 7 - 2);
        for (int n = 0; n < V * C; n++)
            given_head[n / C][n % C] = (float)((n * 3 + 2) % 5) / 2 - 0.25f;
        for (int t = 0; t < T; t++)
            for (int v = 0; v < V; v++) {
                double sum = 0;
                for (int c = 0; c < C; c++)
                    sum += (double)given_x[t][c] * (double)given_head[v][c];
                want[t][v] = (float)sum;
            }
        situation(o, "%d places, %d columns, %d tokens in the vocabulary", T, C, V);
        const float(*x)[C] = guarded_copy(o, "x", (size_t)(T * C), 4, given_x);
        const float(*head)[C] = guarded_copy(o, "head", (size_t)(V * C), 4, given_head);
        float(*logits)[V] = guarded(o, "logits", (size_t)(T * V), 4);
        TESTED(final_logits, f)(T, C, V, logits, x, head);
        record(o, "logits", AXES({T, NULL}, {V, NULL}), logits, want);
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

static void probe_run_stack(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    const int T = toy.T, C = toy.config.C, V = toy.config.V, L = toy.config.L;
    situation(o, "%d tokens, %d blocks, C %d, V %d, random weights", T, L, C, V);
    const int *ids = guarded_copy(o, "ids", (size_t)T, sizeof *ids, toy.ids);
    struct stack s = new_stack(T, &toy.config);
    s.embedding = guarded(o, "s->embedding", (size_t)(T * C), 4);
    s.ln_f = guarded(o, "s->ln_f", (size_t)(T * C), 4);
    s.logits = guarded(o, "s->logits", (size_t)(T * V), 4);
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
}

static void probe_lens(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    const int T = toy.T, C = toy.config.C, V = toy.config.V;
    for (int depth = 0; depth <= toy.config.L; depth++) {
        char *rows = depth ? format_text("toy.h.%d.output", depth - 1)
                           : format_text("toy.embedding");
        char *want = format_text("toy.lens.%d", depth);
        float *given = reference_floats(&toy.want, rows, AXES({T, NULL}, {C, NULL}));
        situation(o, "the rows %s of a model with random weights", rows + 4);
        const float(*x)[C] = guarded_copy(o, "x", (size_t)(T * C), 4, given);
        float(*p)[V] = guarded(o, "p", (size_t)(T * V), 4);
        TESTED(lens, f)(T, &toy.config, p, x, &toy.weights);
        record_step(o, &toy, "p", want, V, p);
        free(given);
        free(want);
        free(rows);
    }
    close_toy(&toy);
}

static void probe_logit_part(any_function f, struct outcome *o)
{
    static const float one[] = {1, 1}, head[] = {1, 0}, row[] = {5, 1}, part[] = {4, 0},
                       rest[] = {1, 1};
    situation(o, "row {5, 1}, weight {1, 1}, head {1, 0}, epsilon 0");
    const float *r = guarded_copy(o, "row", 2, 4, row);
    const float *w = guarded_copy(o, "weight", 2, 4, one);
    const float *h = guarded_copy(o, "head", 2, 4, head);
    const float *p = guarded_copy(o, "part", 2, 4, part);
    record_number(o, "of part {4, 0}", (double)TESTED(logit_part, f)(2, r, p, w, 0, h),
                  1);
    p = guarded_copy(o, "part", 2, 4, rest);
    record_number(o, "of part {1, 1}", (double)TESTED(logit_part, f)(2, r, p, w, 0, h),
                  0);
    for (int C = 3; C <= 7; C += 2) {
        float given[4][C];
        double mean[2] = {0}, squares = 0, want = 0;
        for (int c = 0; c < C; c++) {
            given[0][c] = (float)((c * 5 + C) % 7) - 1; /* row */
            given[1][c] = (float)((c * 3 + 1) % 5) / 2; /* part */
            given[2][c] = 0.5f + (float)(c % 3);        /* weight */
            given[3][c] = (float)((c * 4 + 2) % 5) - 1; /* head */
            mean[0] += (double)given[0][c] / C;
            mean[1] += (double)given[1][c] / C;
        }
        for (int c = 0; c < C; c++)
            squares += pow((double)given[0][c] - mean[0], 2) / C;
        for (int c = 0; c < C; c++)
            want += ((double)given[1][c] - mean[1]) / sqrt(squares + 0.5) *
                    (double)given[2][c] * (double)given[3][c];
        situation(o, "%d columns, epsilon 0.5", C);
        const size_t n = (size_t)C;
        record_number(
            o, "of the part",
            (double)TESTED(logit_part, f)(C, guarded_copy(o, "row", n, 4, given[0]),
                                          guarded_copy(o, "part", n, 4, given[1]),
                                          guarded_copy(o, "weight", n, 4, given[2]), 0.5f,
                                          guarded_copy(o, "head", n, 4, given[3])),
            want);
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
     {{0}}},
    {EXERCISE(run_stack),
     {
         MISTAKE(wrong_run_stack_no_final_norm),
         MISTAKE(wrong_run_stack_all_read_the_embedding),
         MISTAKE(wrong_run_stack_one_blocks_weights),
         MISTAKE(wrong_run_stack_from_the_top),
         MISTAKE(wrong_run_stack_one_too_few),
         MISTAKE(wrong_run_stack_wte_for_head),
         MISTAKE(wrong_run_stack_no_positions),
         MISTAKE(wrong_run_stack_reads_mid),
     },
     {{0}}},
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
     {{0}}},
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
     {{0}}},
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
        printf("skipped: models/robots is another model than the reference is of: make "
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
