/* Tests of chapter 8: the block, its program, and its exercises. */
#include "exercise.h"
#include "../src/08_block.h"
#include "reference.h"

#define PROGRAM "08_block"
#include "program.h"
#include "models.h"
#include "mistakes/08_block.h"

static char *const four[] = {"A", "␣robot", "␣must", "␣obey"};

/* ---- A block by hand ---------------------------------------------------------------- */

/* The block of the chapter's table: two columns, one head that looks at all it sees alike
 * (queries and keys are 0) and says twice their average, and a layer of two hidden units that
 * are wide awake or fast asleep. */
static const struct config by_hand = {
    .positions = 8, .V = 4, .C = 2, .H = 1, .L = 1, .F = 2, .epsilon = 1e-9f};

static struct block hand_block(void)
{
    static float one[] = {1, 1}, zero[6], c_attn[2][6] = {{[4] = 2}, {[5] = 2}};
    static float c_proj[2][2] = {{1, 0}, {0, 1}}, c_fc[2][2] = {{10, 0}, {0, 10}};
    static float narrow[2][2] = {{0, 0.3f}, {0.2f, 0}};
    return (struct block){one, zero, c_attn, zero, c_proj, zero,
                          one, zero, c_fc,   zero, narrow, zero};
}

static const float hand_x[4][2] = {{3, 1}, {4, 2}, {2, 0}, {1, 4}};
static const float hand_mid[4][2] = {{5, -1}, {6, 0}, {4, -2}, {2, 3}};
static const float hand_output[4][2] = {{5, 2}, {6, 3}, {4, 1}, {4, 3}};

/* ---- Exercises --------------------------------------------------------------------- */

/* The toy of the reference: its first block, what comes into it, and what the steps are. */
struct toy {
    struct stored_file want;
    struct config config;
    struct weights weights;
    int T, *ids;
    float *flat, *x;
};

static struct toy open_toy(const char *stem)
{
    struct toy toy = {.want = open_reference(stem)};
    int *c = reference_ints(&toy.want, "toy.config", AXES({6, NULL}));
    double *epsilon = reference_doubles(&toy.want, "toy.epsilon", AXES({1, NULL}));
    toy.config = (struct config){c[0], c[1], c[2], c[3], c[4], c[5], (float)*epsilon};
    toy.T = reference_length(&toy.want, "toy.ids", 0);
    toy.ids = reference_ints(&toy.want, "toy.ids", AXES({toy.T, NULL}));
    toy.flat = grab(parameter_count(&toy.config), sizeof *toy.flat);
    toy.weights = lay_out_weights(&toy.config, toy.flat);
    for (int i = 0; i < tensor_count(&toy.config); i++) {
        struct tensor_place p = tensor_place(&toy.config, i);
        char *name = format_text("toy.weights.%s", p.name);
        const struct axis axes[] = {{p.shape[0], NULL}, {p.shape[1], NULL}};
        float *numbers = reference_floats(&toy.want, name, p.rank, axes);
        memcpy(get_tensor(&toy.weights, &toy.config, i), numbers, p.size * sizeof(float));
        free(numbers);
        free(name);
    }
    toy.x = reference_floats(&toy.want, "toy.embedding",
                             AXES({toy.T, NULL}, {toy.config.C, NULL}));
    free(epsilon);
    free(c);
    return toy;
}

static void close_toy(struct toy *toy)
{
    close_stored(&toy->want);
    free_weights(&toy->weights);
    free(toy->flat);
    free(toy->ids);
    free(toy->x);
}

/* Steps whose rows lie between walls. */
static struct block_steps guarded_steps(struct outcome *o, int T, const struct config *c)
{
    struct block_steps s = new_block_steps(T, c);
    const size_t n = (size_t)T * (size_t)c->C;
    s.ln_1 = guarded(o, "s->ln_1", n, sizeof(float));
    s.mid = guarded(o, "s->mid", n, sizeof(float));
    s.ln_2 = guarded(o, "s->ln_2", n, sizeof(float));
    s.output = guarded(o, "s->output", n, sizeof(float));
    memset(s.attention.output, 0xFF, n * sizeof(float));
    memset(s.mlp.output, 0xFF, n * sizeof(float));
    return s;
}

/* One step beside the reference's. */
static void record_step(struct outcome *o, const struct toy *toy, const char *name,
                        const char *wanted, const void *got)
{
    const struct axis axes[] = {{toy->T, NULL}, {toy->config.C, NULL}};
    float *want = reference_floats(&toy->want, wanted, 2, axes);
    record(o, name, 2, axes, got, want);
    free(want);
}

static void probe_transformer_block(any_function f, struct outcome *o)
{
    struct toy toy = open_toy("08_block");
    const int T = toy.T, C = toy.config.C;
    situation(o, "%d tokens, C %d, H %d, F %d, random weights", T, C, toy.config.H,
              toy.config.F);
    const float(*x)[C] = guarded_copy(o, "x", (size_t)T * (size_t)C, 4, toy.x);
    struct block_steps s = guarded_steps(o, T, &toy.config);
    TESTED(transformer_block, f)(T, &toy.config, &s, x, &toy.weights.h[0]);
    record_step(o, &toy, "s->ln_1", "toy.h.0.ln_1", s.ln_1);
    record_step(o, &toy, "s->attention.output", "toy.h.0.attn.c_proj",
                s.attention.output);
    record_step(o, &toy, "s->mid", "toy.h.0.mid", s.mid);
    record_step(o, &toy, "s->ln_2", "toy.h.0.ln_2", s.ln_2);
    record_step(o, &toy, "s->mlp.output", "toy.h.0.mlp.c_proj", s.mlp.output);
    record_step(o, &toy, "s->output", "toy.h.0.output", s.output);
    free_block_steps(&s);
    close_toy(&toy);

    situation(o, "the chapter's table by hand: 4 tokens, C 2");
    const struct block b = hand_block();
    const float(*rows)[2] = guarded_copy(o, "x", 8, 4, hand_x);
    s = guarded_steps(o, 4, &by_hand);
    TESTED(transformer_block, f)(4, &by_hand, &s, rows, &b);
    record(o, "s->mid", AXES({4, four}, {2, NULL}), s.mid, hand_mid);
    record(o, "s->output", AXES({4, four}, {2, NULL}), s.output, hand_output);
    free_block_steps(&s);
}

static void probe_post_norm_block(any_function f, struct outcome *o)
{
    struct toy toy = open_toy("08_block");
    const int T = toy.T, C = toy.config.C;
    situation(o, "%d tokens, C %d, H %d, F %d, random weights", T, C, toy.config.H,
              toy.config.F);
    const float(*x)[C] = guarded_copy(o, "x", (size_t)T * (size_t)C, 4, toy.x);
    struct block_steps s = guarded_steps(o, T, &toy.config);
    TESTED(post_norm_block, f)(T, &toy.config, &s, x, &toy.weights.h[0]);
    record_step(o, &toy, "s->mid", "toy.post.mid", s.mid);
    record_step(o, &toy, "s->output", "toy.post.output", s.output);
    free_block_steps(&s);
    close_toy(&toy);
}

/* The same in double precision, from the formula. */
static void cross_by_formula(int T, int S, int D, float weights[T][S],
                             float context[T][D], const float q[T][D],
                             const float k[S][D], const float v[S][D])
{
    for (int t = 0; t < T; t++) {
        double power[S], sum = 0;
        for (int s = 0; s < S; s++) {
            double dot = 0;
            for (int i = 0; i < D; i++)
                dot += (double)q[t][i] * (double)k[s][i];
            sum += power[s] = exp(dot / sqrt(D));
        }
        for (int s = 0; s < S; s++)
            weights[t][s] = (float)(power[s] / sum);
        for (int i = 0; i < D; i++) {
            double c = 0;
            for (int s = 0; s < S; s++)
                c += power[s] / sum * (double)v[s][i];
            context[t][i] = (float)c;
        }
    }
}

static void probe_cross_attention(any_function f, struct outcome *o)
{
    static const int sizes[][3] = {{1, 3, 1}, {4, 6, 3}, {5, 2, 4}, {3, 3, 2}, {2, 1, 3}};
    static char *const read[] = {"Un", "␣robot", "␣doit", "␣obéir", "␣aux", "␣ordres"};
    static char *const written[] = {"A", "␣robot", "␣must", "␣obey", "␣orders"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int T = sizes[i][0], S = sizes[i][1], D = sizes[i][2];
        float given_q[T][D], given_k[S][D], given_v[S][D];
        for (int n = 0; n < T * D; n++)
            given_q[n / D][n % D] = i == 0 ? 0 : (float)((n * 5 + 3) % 7 - 3);
        for (int n = 0; n < S * D; n++) {
            given_k[n / D][n % D] = i == 0 ? (float)n + 1 : (float)((n * 3 + 1) % 5) / 2;
            given_v[n / D][n % D] = i == 0 ? 3 * (float)n + 3 : (float)((n * 7) % 11);
        }
        float want[T][S], want_context[T][D];
        cross_by_formula(T, S, D, want, want_context, (const float(*)[D])given_q,
                         (const float(*)[D])given_k, (const float(*)[D])given_v);
        situation(o, "%d tokens look at %d, D %d", T, S, D);
        const float(*q)[D] = guarded_copy(o, "q", (size_t)(T * D), 4, given_q);
        const float(*k)[D] = guarded_copy(o, "k", (size_t)(S * D), 4, given_k);
        const float(*v)[D] = guarded_copy(o, "v", (size_t)(S * D), 4, given_v);
        float(*weights)[S] = guarded(o, "weights", (size_t)(T * S), 4);
        float(*context)[D] = guarded(o, "context", (size_t)(T * D), 4);
        TESTED(cross_attention, f)(T, S, D, weights, context, q, k, v);
        record(o, "weights", AXES({T, written}, {S, read}), weights, want);
        record(o, "context", AXES({T, written}, {D, NULL}), context, want_context);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(transformer_block),
     {
         MISTAKE(wrong_transformer_block_no_first_shortcut),
         MISTAKE(wrong_transformer_block_no_second_shortcut),
         MISTAKE(wrong_transformer_block_no_shortcuts),
         MISTAKE(wrong_transformer_block_adds_to_x),
         MISTAKE(wrong_transformer_block_adds_normalized),
         MISTAKE(wrong_transformer_block_parallel),
         MISTAKE(wrong_transformer_block_ln_1_again),
         MISTAKE(wrong_transformer_block_norms_swapped),
         MISTAKE(wrong_transformer_block_reads_x),
         MISTAKE(wrong_transformer_block_reads_mid),
         MISTAKE(wrong_transformer_block_post_norm),
         MISTAKE(wrong_transformer_block_feed_forward_first),
     },
     {{0}}},
    {EXERCISE(post_norm_block),
     {
         MISTAKE(wrong_post_norm_block_pre_norm),
         MISTAKE(wrong_post_norm_block_norm_then_add),
         MISTAKE(wrong_post_norm_block_sum_goes_on),
         MISTAKE(wrong_post_norm_block_reads_the_sum),
         MISTAKE(wrong_post_norm_block_adds_to_x),
         MISTAKE(wrong_post_norm_block_no_shortcuts),
         MISTAKE(wrong_post_norm_block_norms_swapped),
         MISTAKE(wrong_post_norm_block_no_last_norm),
     },
     {{0}}},
    {EXERCISE(cross_attention),
     {
         MISTAKE(wrong_cross_attention_no_root),
         MISTAKE(wrong_cross_attention_by_d),
         MISTAKE(wrong_cross_attention_root_of_s),
         MISTAKE(wrong_cross_attention_masked),
         MISTAKE(wrong_cross_attention_down_the_columns),
         MISTAKE(wrong_cross_attention_no_softmax),
         MISTAKE(wrong_cross_attention_sums_keys),
         MISTAKE(wrong_cross_attention_only_t),
     },
     {{0}}},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* No line of the program's output takes more than 80 columns. */
static void check_columns(const char *arguments)
{
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_msg(text_width(line) <= 80 || line == (char *)output.data,
                      "08_block %s: too broad: %s", arguments, line);
}

/* ---- The block --------------------------------------------------------------------- */

START_TEST(the_table_by_hand)
{
    const struct block b = hand_block();
    struct block_steps s = new_block_steps(4, &by_hand);
    transformer_block(4, &by_hand, &s, hand_x, &b);
    check_tensor("mid", AXES({4, four}, {2, NULL}), s.mid, hand_mid);
    check_tensor("output", AXES({4, four}, {2, NULL}), s.output, hand_output);
    post_norm_block(4, &by_hand, &s, hand_x, &b);
    /* Two columns, normalized: nothing but a sign is left. */
    const float(*y)[2] = s.output;
    for (int t = 0; t < 3; t++)
        ck_assert_msg(fabsf(y[t][0] + 1) < 1e-4f && fabsf(y[t][1] - 1) < 1e-4f,
                      "row %d: %g, %g", t, (double)y[t][0], (double)y[t][1]);
    free_block_steps(&s);
}
END_TEST

START_TEST(every_step_equals_the_reference)
{
    struct toy toy = open_toy("08_block");
    const int T = toy.T, C = toy.config.C;
    const struct axis rows[] = {{T, NULL}, {C, NULL}};
    struct block_steps s = new_block_steps(T, &toy.config);
    float(*x)[C] = grab((size_t)T, sizeof *x);
    embed(T, C, x, toy.ids, toy.weights.wte, toy.weights.wpe);
    check_reference(&toy.want, "toy.embedding", 2, rows, x);
    transformer_block(T, &toy.config, &s, x, &toy.weights.h[0]);
    check_reference(&toy.want, "toy.h.0.ln_1", 2, rows, s.ln_1);
    check_reference(&toy.want, "toy.h.0.attn.c_proj", 2, rows, s.attention.output);
    check_reference(&toy.want, "toy.h.0.mid", 2, rows, s.mid);
    check_reference(&toy.want, "toy.h.0.ln_2", 2, rows, s.ln_2);
    check_reference(&toy.want, "toy.h.0.mlp.c_proj", 2, rows, s.mlp.output);
    check_reference(&toy.want, "toy.h.0.output", 2, rows, s.output);
    post_norm_block(T, &toy.config, &s, x, &toy.weights.h[0]);
    check_reference(&toy.want, "toy.post.mid", 2, rows, s.mid);
    check_reference(&toy.want, "toy.post.output", 2, rows, s.output);
    free_block_steps(&s);
    free(x);
    close_toy(&toy);
}
END_TEST

START_TEST(cross_attention_equals_the_reference)
{
    enum { T = 4, S = 6, D = 3 };
    struct stored_file want = open_reference("08_block");
    void *q = reference_floats(&want, "toy.cross.q", AXES({T, NULL}, {D, NULL}));
    void *k = reference_floats(&want, "toy.cross.k", AXES({S, NULL}, {D, NULL}));
    void *v = reference_floats(&want, "toy.cross.v", AXES({S, NULL}, {D, NULL}));
    float(*weights)[S] = grab(T, sizeof *weights),
    (*context)[D] = grab(T, sizeof *context);
    cross_attention(T, S, D, weights, context, q, k, v);
    check_reference(&want, "toy.cross.weights", AXES({T, NULL}, {S, NULL}), weights);
    check_reference(&want, "toy.cross.context", AXES({T, NULL}, {D, NULL}), context);
    free(q);
    free(k);
    free(v);
    free(weights);
    free(context);
    close_stored(&want);
}
END_TEST

START_TEST(halves_that_are_silent_change_nothing)
{
    struct toy toy = open_toy("08_block");
    const int T = toy.T, C = toy.config.C;
    const size_t square = (size_t)C * (size_t)C, wide = (size_t)C * (size_t)toy.config.F;
    struct block b = toy.weights.h[0];
    memset(b.attn_c_proj_weight, 0, square * sizeof(float));
    memset(b.attn_c_proj_bias, 0, (size_t)C * sizeof(float));
    memset(b.mlp_c_proj_weight, 0, wide * sizeof(float));
    memset(b.mlp_c_proj_bias, 0, (size_t)C * sizeof(float));
    struct block_steps s = new_block_steps(T, &toy.config);
    const float(*x)[C] = (const float(*)[C])toy.x;
    transformer_block(T, &toy.config, &s, x, &b);
    ck_assert_int_eq(memcmp(s.output, x, (size_t)T * sizeof *x), 0);
    free_block_steps(&s);
    close_toy(&toy);
}
END_TEST

/* Both blocks, post-norm or not: a later token changes no earlier row, not by a bit. */
START_TEST(nothing_leaks_from_the_future)
{
    struct toy toy = open_toy("08_block");
    const int T = toy.T, C = toy.config.C;
    struct block_steps a = new_block_steps(T, &toy.config),
                       b = new_block_steps(T, &toy.config);
    float(*x)[C] = (float(*)[C])toy.x, (*y)[C] = grab((size_t)T, sizeof *y);
    for (int changed = 0; changed < T; changed++) {
        memcpy(y, x, (size_t)T * sizeof *x);
        for (int c = 0; c < C; c++)
            y[changed][c] += (float)(c % 3) - 1.5f;
        for (int post = 0; post < 2; post++) {
            (post ? post_norm_block : transformer_block)(
                T, &toy.config, &a, (const float(*)[C])x, &toy.weights.h[0]);
            (post ? post_norm_block : transformer_block)(
                T, &toy.config, &b, (const float(*)[C])y, &toy.weights.h[0]);
            const float(*left)[C] = a.output, (*right)[C] = b.output;
            for (int t = 0; t < T; t++)
                ck_assert_msg((memcmp(left[t], right[t], sizeof left[t]) == 0) ==
                                  (t < changed),
                              "token %d changed, row %d", changed, t);
        }
    }
    free(y);
    free_block_steps(&a);
    free_block_steps(&b);
    close_toy(&toy);
}
END_TEST

/* ---- The program -------------------------------------------------------------------- */

START_TEST(the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("08_block");
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
    struct stored_file want = open_reference("08_block");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m)) {
        ck_assert_int_eq(run_program(format_text("--dump '%s/d'", folder)), 0);
        ck_assert_int_eq(check_dump(&want, "robots.", inside("d")), 7);
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
                         "--model tests/reference/odd --ids '28, 4' --block 1",
                         "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(format_text("%s --figures '%s/f'", all[i], folder)) ==
                          0,
                      "%s: %s", all[i], (char *)errors.data);
        ck_assert(output.size > 500 && errors.size == 0);
        check_columns(all[i]);
    }
    ck_assert_int_eq(run_program("--help"), 0);
    ck_assert(strstr((char *)output.data, "--block") != NULL);
}
END_TEST

START_TEST(the_walk_takes_long_prompts_of_the_shipped_model)
{
    char many[600] = "A";
    for (int i = 1; i < 60; i++)
        strcat(many, i % 2 ? " robot" : " must");
    ck_assert_int_eq(
        run_program(format_text("--prompt '%s' --figures '%s/f'", many, folder)), 0);
    check_columns(many);
    ck_assert_int_eq(run_program(format_text("--prompt A --figures '%s/f'", folder)), 0);
    check_columns("A");
}
END_TEST

/* Without the mask, the last token of the first block sees what it saw before. */
START_TEST(the_last_row_never_misses_the_mask)
{
    ck_assert_int_eq(
        run_program(format_text("--model tests/reference/odd --ids '28 4 17 0' "
                                "--figures '%s/f'",
                                folder)),
        0);
    struct bytes b = read_file(inside("f/tokens.dat"));
    char *line = (char *)b.data;
    for (int t = 0; t < 4; t++, line = strchr(line, '\n') + 1) {
        double apart;
        ck_assert_int_eq(sscanf(line, "%*f %*f %*f %*f %*f %lf", &apart), 1);
        ck_assert_msg(t < 3 ? apart > 0 : apart == 0, "token %d: %g %%", t, apart);
    }
    free(b.data);
}
END_TEST

START_TEST(wrong_options_are_named)
{
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"--model tests/reference/odd --ids 1 --block 2", "--block: 2"},
        {"--model tests/reference/odd --ids 1 --block -1", "--block: -1"},
        {"--model tests/reference/odd --ids 1 --block x", "'x'"},
        {"--model tests/reference/odd --ids 29", "29"},
        {"--model tests/reference/odd --ids ''", "--ids"},
        {"--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10 11'", "12 tokens"},
        {"--model no/such/model", "no/such/model"},
        {"--frobnicate", "--frobnicate"},
        {"--model tests/reference/odd --ids 1 --dump no/such/folder/d", "no/such/folder"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(all[i].arguments) == 1, "%s", all[i].arguments);
        const char *line = (char *)errors.data, *end = strchr(line, '\n');
        ck_assert_msg(end && end[1] == 0 && strncmp(line, "08_block: ", 10) == 0 &&
                          strstr(line, all[i].says),
                      "%s: expected '%s' in '%s'", all[i].arguments, all[i].says, line);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, the_table_by_hand);
    tcase_add_test(t, every_step_equals_the_reference);
    tcase_add_test(t, cross_attention_equals_the_reference);
    tcase_add_test(t, halves_that_are_silent_change_nothing);
    tcase_add_test(t, nothing_leaks_from_the_future);
    tcase_add_test(t, the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_shipped_model_equals_the_reference,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_walk_takes_any_prompt);
    ADD_TEST_NEEDING(t, the_walk_takes_long_prompts_of_the_shipped_model,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_last_row_never_misses_the_mask);
    tcase_add_test(t, wrong_options_are_named);
    tcase_add_test(t, degenerate_input_prints_numbers);
}

BOOK_TESTS("08_block", add_tests)
