/* Tests of chapter 11: the key/value cache, its program, and its exercises. */
#include "exercise.h"
#include "../src/11_kv_cache.h"
#include "reference.h"

#define PROGRAM "11_kv_cache"
#include "program.h"
#include "models.h"
#include "toy.h"
#include "mistakes/11_kv_cache.h"

/* ---- Exercises --------------------------------------------------------------------- */

static void probe_attend_kept(any_function f, struct outcome *o)
{
    static const int all[][4] = {{1, 1, 4, 2}, {1, 1, 8, 4}, {3, 2, 5, 1},
                                 {2, 3, 6, 4}, {2, 4, 4, 4}, {4, 3, 9, 6}};
    static const float shown[2][3] = {{0, 5, 7}, {0.6931472f, 0, 0}},
                       keys_by_hand[] = {0, 0, 1, 2}, values_by_hand[] = {8, 2, 4, 0};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        const int H = all[n][0], D = all[n][1], room = all[n][2], used = all[n][3];
        const int C = H * D;
        const size_t size = (size_t)(H * room * D);
        float given_q[C], k[H][room][D], v[H][room][D], want[C];
        for (int i = 0; i < C; i++)
            given_q[i] = n == 0   ? shown[0][0]
                         : n == 1 ? shown[1][0]
                                  : (float)((i * 7 + 3) % 5) / 2 - 0.75f;
        for (size_t i = 0; i < size; i++) {
            (&k[0][0][0])[i] = (float)((i * 5 + 2) % 7) / 2 - 1;
            (&v[0][0][0])[i] = (float)((i * 11 + 4) % 13) - 4;
        }
        if (n == 0) {
            k[0][0][0] = 5;
            k[0][1][0] = 7;
            v[0][0][0] = 8;
            v[0][1][0] = 2;
        } else if (n == 1) {
            memcpy(k, keys_by_hand, sizeof keys_by_hand);
            memcpy(v, values_by_hand, sizeof values_by_hand);
        }
        for (int h = 0; h < H; h++) {
            double p[used], sum = 0;
            for (int s = 0; s < used; s++) {
                p[s] = 0;
                for (int i = 0; i < D; i++)
                    p[s] += (double)given_q[h * D + i] * (double)k[h][s][i];
                p[s] = exp(p[s] / sqrt(D));
                sum += p[s];
            }
            for (int i = 0; i < D; i++) {
                double total = 0;
                for (int s = 0; s < used; s++)
                    total += p[s] / sum * (double)v[h][s][i];
                want[h * D + i] = (float)total;
            }
        }
        situation(o, "%d head%s of %d number%s, room for %d, %d used", H,
                  H == 1 ? "" : "s", D, D == 1 ? "" : "s", room, used);
        const float *q = guarded_copy(o, "q", (size_t)C, 4, given_q);
        const float(*keys)[room][D] = guarded_copy(o, "keys", size, 4, k);
        const float(*values)[room][D] = guarded_copy(o, "values", size, 4, v);
        float *context = guarded(o, "context", (size_t)C, 4);
        TESTED(attend_kept, f)(H, room, D, used, context, q, keys, values);
        record(o, "context", AXES({C, NULL}), context, want);
    }
}

/* Block 0 of the toy, token after token, in a cache that holds other texts' rows. */
static void probe_cached_block(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    enum { ROOM = 8 };
    const int T = toy.T, C = toy.config.C, H = toy.config.H, D = C / H;
    const size_t size = (size_t)(ROOM * C);
    const struct axis rows[] = {{T, NULL}, {C, NULL}},
                      axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
    float *given = reference_floats(&toy.want, "toy.embedding", 2, rows);
    float(*want)[C] = reference_bytes(&toy.want, "toy.h.0.output", "F32", 2, rows);
    float left[ROOM * C];
    for (size_t i = 0; i < size; i++)
        left[i] = (float)((i * 5 + 3) % 9) / 2 - 2;
    situation(o, "%d tokens, one by one, room for %d; C %d, H %d, random weights", T,
              ROOM, C, H);
    float(*keys)[ROOM][D] = guarded_copy(o, "keys", size, 4, left);
    float(*values)[ROOM][D] = guarded_copy(o, "values", size, 4, left);
    float(*x)[C] = guarded(o, "x", (size_t)C, 4);
    for (int t = 0; t < T; t++) {
        char *name = format_text("x of token %d", t);
        memcpy(x, given + t * C, sizeof *x);
        TESTED(cached_block, f)(&toy.config, ROOM, t, x, keys, values, &toy.weights.h[0]);
        record(o, name, AXES({C, NULL}), x, want[t]);
        free(name);
    }
    for (int which = 0; which < 2; which++) {
        float(*all)[ROOM][D] = guarded_copy(o, "left", size, 4, left);
        float *kept = reference_floats(
            &toy.want, which ? "toy.h.0.attn.v" : "toy.h.0.attn.k", 3, axes);
        for (int h = 0; h < H; h++)
            memcpy(all[h], kept + h * T * D, (size_t)(T * D) * sizeof(float));
        record(o, which ? "values" : "keys", AXES({H, NULL}, {ROOM, NULL}, {D, NULL}),
               which ? values : keys, all);
        free(kept);
    }
    free(given);
    free(want);
    close_toy(&toy);
}

static void probe_read_token(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    enum { ROOM = 8 };
    const int T = toy.T, C = toy.config.C, V = toy.config.V, L = toy.config.L,
              H = toy.config.H, D = C / H;
    const size_t size = (size_t)(L * ROOM * C);
    float *left = grab(size, sizeof *left);
    for (size_t i = 0; i < size; i++)
        left[i] = (float)(i % 9) - 4;
    situation(o, "%d tokens, one by one; %d blocks, C %d, V %d, random weights", T, L, C,
              V);
    struct kv_cache cache = {.room = ROOM,
                             .ids = guarded(o, "cache->ids", ROOM, sizeof(int)),
                             .keys = guarded_copy(o, "cache->keys", size, 4, left),
                             .values = guarded_copy(o, "cache->values", size, 4, left)};
    float(*logits)[V] = guarded(o, "logits", (size_t)V, 4);
    float(*want)[V] =
        reference_bytes(&toy.want, "toy.logits", "F32", AXES({T, NULL}, {V, NULL}));
    for (int t = 0; t < T; t++) {
        char *name = format_text("logits behind token %d", t);
        TESTED(read_token, f)(&toy.config, &cache, logits, toy.ids[t], &toy.weights);
        record(o, name, AXES({V, NULL}), logits, want[t]);
        record_integer(o, "cache->used", cache.used, t + 1);
        free(name);
        if (cache.used < 0 || cache.used >= ROOM)
            cache.used = ROOM - 1;
    }
    record_ints(o, "cache->ids", T, T, cache.ids, T, toy.ids, NULL);
    for (int l = 0; l < L; l++)
        for (int which = 0; which < 2; which++) {
            const float(*kept)[H][ROOM][D] = which ? cache.values : cache.keys;
            char *name = format_text("toy.h.%d.attn.%c", l, which ? 'v' : 'k');
            const struct axis axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
            float *rows = reference_floats(&toy.want, name, 3, axes);
            float(*got)[T][D] = grab((size_t)H, sizeof *got);
            for (int h = 0; h < H; h++)
                memcpy(got[h], kept[l][h], sizeof got[h]);
            record(o, name + 4, 3, axes, got, rows);
            free(got);
            free(rows);
            free(name);
        }
    free(left);
    free(want);
    close_toy(&toy);
}

static void probe_reusable(any_function f, struct outcome *o)
{
    static const struct {
        int used, kept[5], T, ids[6], want;
    } all[] = {
        {4, {5, 6, 7, 8}, 5, {5, 6, 9, 8, 4}, 2},
        {3, {5, 6, 7}, 5, {5, 6, 7, 8, 9}, 3},
        {3, {5, 6, 7}, 3, {5, 6, 7}, 2},
        {5, {5, 6, 7, 8, 9}, 3, {5, 6, 7}, 2},
        {3, {5, 6, 7}, 4, {4, 6, 7, 7}, 0},
        {0, {0}, 2, {5, 6}, 0},
        {1, {5}, 1, {5}, 0},
        {5, {5, 5, 5, 5, 5}, 6, {5, 5, 5, 5, 6, 5}, 4},
    };
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        char texts[2][60] = {"", ""};
        for (int which = 0; which < 2; which++)
            for (int i = 0; i < (which ? all[n].T : all[n].used); i++)
                snprintf(texts[which] + strlen(texts[which]), 20, "%s%d", i ? ", " : "",
                         which ? all[n].ids[i] : all[n].kept[i]);
        situation(o, "kept {%s}, ids {%s}", texts[0], texts[1]);
        const int *kept =
            guarded_copy(o, "kept", (size_t)all[n].used, sizeof(int), all[n].kept);
        const int *ids =
            guarded_copy(o, "ids", (size_t)all[n].T, sizeof(int), all[n].ids);
        record_integer(o, "what it returns",
                       TESTED(reusable, f)(all[n].used, kept, all[n].T, ids),
                       all[n].want);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(attend_kept),
     {
         MISTAKE(wrong_attend_kept_room),
         MISTAKE(wrong_attend_kept_not_itself),
         MISTAKE(wrong_attend_kept_not_the_first),
         MISTAKE(wrong_attend_kept_no_root),
         MISTAKE(wrong_attend_kept_root_of_c),
         MISTAKE(wrong_attend_kept_one_query),
         MISTAKE(wrong_attend_kept_interleaved),
         MISTAKE(wrong_attend_kept_one_heads_keys),
         MISTAKE(wrong_attend_kept_sums_keys),
         MISTAKE(wrong_attend_kept_no_softmax),
         MISTAKE(wrong_attend_kept_last_head_over_all),
         MISTAKE(wrong_attend_kept_never_reset),
     },
     {{0}}},
    {EXERCISE(cached_block),
     {
         MISTAKE(wrong_cached_block_place_0),
         MISTAKE(wrong_cached_block_one_early),
         MISTAKE(wrong_cached_block_looks_first),
         MISTAKE(wrong_cached_block_not_itself),
         MISTAKE(wrong_cached_block_one_too_many),
         MISTAKE(wrong_cached_block_room),
         MISTAKE(wrong_cached_block_swapped),
         MISTAKE(wrong_cached_block_no_ln_1),
         MISTAKE(wrong_cached_block_no_ln_2),
         MISTAKE(wrong_cached_block_ln_1_twice),
         MISTAKE(wrong_cached_block_no_c_proj),
         MISTAKE(wrong_cached_block_no_first_sum),
         MISTAKE(wrong_cached_block_no_second_sum),
         MISTAKE(wrong_cached_block_no_feed_forward),
     },
     {{0}}},
    {EXERCISE(read_token),
     {
         MISTAKE(wrong_read_token_place_0),
         MISTAKE(wrong_read_token_next_place),
         MISTAKE(wrong_read_token_place_before),
         MISTAKE(wrong_read_token_no_position),
         MISTAKE(wrong_read_token_not_counted),
         MISTAKE(wrong_read_token_counted_by_blocks),
         MISTAKE(wrong_read_token_one_cache),
         MISTAKE(wrong_read_token_one_blocks_weights),
         MISTAKE(wrong_read_token_no_final_norm),
         MISTAKE(wrong_read_token_wte_for_head),
         MISTAKE(wrong_read_token_no_id),
     },
     {{0}}},
    {EXERCISE(reusable),
     {
         MISTAKE(wrong_reusable_last_too),
         MISTAKE(wrong_reusable_not_its_own_last),
         MISTAKE(wrong_reusable_one_less),
         MISTAKE(wrong_reusable_all_matches),
         MISTAKE(wrong_reusable_index_of_last_match),
         MISTAKE(wrong_reusable_all_or_nothing),
     },
     {{0}}},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* No line of the program's output takes more than 80 columns. */
static void check_columns(const char *arguments)
{
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_msg(text_width(line) <= 80 || line == (char *)output.data,
                      "11_kv_cache %s: too broad: %s", arguments, line);
}

/* A cache whose places all hold NaN: what is read before it is written shows. */
static struct kv_cache new_spoilt_cache(int room, const struct config *config)
{
    struct kv_cache cache = new_kv_cache(room, config);
    const size_t size = (size_t)config->L * (size_t)room * (size_t)config->C;
    memset(cache.keys, 0xFF, size * sizeof(float));
    memset(cache.values, 0xFF, size * sizeof(float));
    return cache;
}

/* ---- The cache ----------------------------------------------------------------------- */

START_TEST(tokens_one_by_one_equal_the_reference)
{
    struct toy toy = open_toy();
    const int T = toy.T, V = toy.config.V;
    struct kv_cache cache = new_spoilt_cache(T, &toy.config);
    float(*logits)[V] = grab((size_t)T, sizeof *logits);
    for (int t = 0; t < T; t++)
        read_token(&toy.config, &cache, &logits[t], toy.ids[t], &toy.weights);
    check_reference(&toy.want, "toy.logits", AXES({T, NULL}, {V, NULL}), logits);
    for (int l = 0; l < toy.config.L; l++) { /* room is T, so the shapes are the same */
        const int H = toy.config.H, D = toy.config.C / H;
        const float(*keys)[H][T][D] = cache.keys, (*values)[H][T][D] = cache.values;
        const struct axis axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
        char *k = format_text("toy.h.%d.attn.k", l),
             *v = format_text("toy.h.%d.attn.v", l);
        check_reference(&toy.want, k, 3, axes, keys[l]);
        check_reference(&toy.want, v, 3, axes, values[l]);
        free(k);
        free(v);
    }
    free(logits);
    free_kv_cache(&cache);
    close_toy(&toy);
}
END_TEST

/* The first n tokens as a whole, the others one by one; for each n, and for each room. The
 * sums are the same ones in the same order, so the logits are too, to the last bit, unless the
 * compiler may fuse multiplications with additions. */
START_TEST(a_prompt_can_be_read_in_any_portions)
{
    struct toy toy = open_toy();
    const int T = toy.T, V = toy.config.V;
    struct stack whole = new_stack(T, &toy.config);
    run_stack(T, &toy.config, &whole, toy.ids, &toy.weights);
    const float(*want)[V] = whole.logits;
    float(*logits)[V] = grab(1, sizeof *logits);
    for (int n = 0; n < T; n++)
        for (int room = T; room <= T + 3; room++) {
            struct kv_cache cache = new_spoilt_cache(room, &toy.config);
            if (n) {
                struct stack s = new_stack(n, &toy.config);
                run_stack(n, &toy.config, &s, toy.ids, &toy.weights);
                keep_all(n, &toy.config, &cache, toy.ids, &s);
                free_stack(&s);
            }
            for (int t = n; t < T; t++) {
                read_token(&toy.config, &cache, logits, toy.ids[t], &toy.weights);
                check_tensor("logits", AXES({V, NULL}), logits, want[t]);
#ifndef FP_FAST_FMAF
                ck_assert_msg(memcmp(logits, want[t], sizeof want[t]) == 0,
                              "%d at once, room %d, token %d: not to the last bit", n,
                              room, t);
#endif
            }
            ck_assert_int_eq(cache.used, T);
            ck_assert(memcmp(cache.ids, toy.ids, (size_t)T * sizeof *toy.ids) == 0);
            free_kv_cache(&cache);
        }
    free(logits);
    free_stack(&whole);
    close_toy(&toy);
}
END_TEST

/* Texts that begin alike, one after the other in one cache. */
START_TEST(going_back_is_as_good_as_starting_again)
{
    struct toy toy = open_toy();
    static const int texts[][6] = {{3, 1, 4, 1, 12, 5},
                                   {3, 1, 4, 2, 12, 5},
                                   {3, 1, 4, 2, 12, 5},
                                   {0, 1, 4, 2, 12, 5}};
    static const int reads[] = {6, 3, 1, 6};
    const int T = 6, V = toy.config.V;
    struct kv_cache cache = new_spoilt_cache(T + 1, &toy.config);
    float(*logits)[V] = grab(1, sizeof *logits);
    struct stack s = new_stack(T, &toy.config);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const int n = reusable(cache.used, cache.ids, T, texts[i]);
        ck_assert_int_eq(T - n, reads[i]);
        cache.used = n;
        for (int t = n; t < T; t++)
            read_token(&toy.config, &cache, logits, texts[i][t], &toy.weights);
        run_stack(T, &toy.config, &s, texts[i], &toy.weights);
        const float(*want)[V] = s.logits;
        check_tensor("logits", AXES({V, NULL}), logits, want[T - 1]);
    }
    free(logits);
    free_kv_cache(&cache);
    free_stack(&s);
    close_toy(&toy);
}
END_TEST

/* The chapter's table, and what it says of the mistakes. */
START_TEST(the_table_by_hand)
{
    static const float keys[1][8][1] = {{{0}, {0}, {1}, {2}}},
                       values[1][8][1] = {{{8}, {2}, {4}, {0}}};
    static const float q[] = {0.69314718f}, want[] = {8, 5, 4.5f, 2.25f};
    float context[1];
    for (int used = 1; used <= 4; used++) {
        attend_kept(1, 8, 1, used, context, q, keys, values);
        ck_assert_msg(fabsf(context[0] - want[used - 1]) < 1e-5f, "%d: %g", used,
                      (double)context[0]);
    }
    wrong_attend_kept_room(1, 8, 1, 4, context, q, keys, values);
    ck_assert(fabsf(context[0] - 1.5f) < 1e-5f);
    wrong_attend_kept_not_itself(1, 8, 1, 4, context, q, keys, values);
    ck_assert(fabsf(context[0] - 4.5f) < 1e-5f);
}
END_TEST

/* One more multiply-add for each turn of each innermost loop of run_stack, and of a step. */
START_TEST(the_work_is_what_the_loops_do)
{
    const struct config c = {
        .positions = 16, .V = 13, .C = 12, .H = 3, .L = 2, .F = 20, .epsilon = 1e-5f};
    const int D = c.C / c.H;
    for (int T = 1; T <= c.positions; T++) {
        long rows = 0, step = 0;
        for (int t = 0; t < T; t++) {
            for (int l = 0; l < c.L; l++) {
                for (int i = 0; i < c.C; i++)
                    rows += 3 * c.C + c.C + c.F;
                for (int i = 0; i < c.F; i++)
                    rows += c.C;
                for (int h = 0; h < c.H; h++)
                    for (int s = 0; s < T; s++) /* the masked ones too */
                        rows += D + D;
            }
            for (int v = 0; v < c.V; v++)
                rows += c.C;
        }
        for (int l = 0; l < c.L; l++) {
            step += 3 * c.C * c.C + c.C * c.C + c.C * c.F + c.F * c.C;
            for (int h = 0; h < c.H; h++)
                for (int s = 0; s < T; s++)
                    step += D + D;
        }
        step += c.V * c.C;
        ck_assert_msg(run_work(&c, T) == (double)rows, "run_work(%d)", T);
        ck_assert_msg(step_work(&c, T) == (double)step, "step_work(%d)", T);
    }
    const struct config small = {1024, 50257, 768, 12, 12, 3072, 1e-5f};
    ck_assert(cache_bytes(&small, 1) == 73728 && cache_bytes(&small, 1024) == 75497472);
}
END_TEST

/* Always the likeliest token, one at a time: the same text as the reference's, which runs its
 * model anew for each. */
static void check_greedy(const struct stored_file *want, const char *model,
                         const struct config *config, const struct weights *w)
{
    char *ids_name = format_text("%s.ids", model),
         *name = format_text("%s.greedy", model);
    const int V = config->V, T = reference_length(want, ids_name, 0),
              n = reference_length(want, name, 0);
    int *ids = reference_ints(want, ids_name, AXES({T, NULL}));
    int *wanted = reference_ints(want, name, AXES({n, NULL}));
    struct kv_cache cache = new_spoilt_cache(T + n, config);
    float(*logits)[V] = grab(1, sizeof *logits);
    ck_assert_msg(n > 0, "%s: the reference has written nothing", model);
    for (int t = 0; t < T; t++)
        read_token(config, &cache, logits, ids[t], w);
    for (int i = 0; i < n; i++) {
        int best = 0;
        for (int v = 1; v < V; v++)
            if (logits[0][v] > logits[0][best])
                best = v;
        ck_assert_msg(best == wanted[i], "%s: new token %d is %d, want %d", model, i,
                      best, wanted[i]);
        read_token(config, &cache, logits, best, w);
    }
    free(ids_name);
    free(name);
    free(ids);
    free(wanted);
    free(logits);
    free_kv_cache(&cache);
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
    struct stored_file want = open_reference("11_kv_cache");
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
    struct stored_file want = open_reference("11_kv_cache");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m)) {
        ck_assert_int_eq(run_program(format_text("--dump '%s/d'", folder)), 0);
        ck_assert_int_eq(check_dump(&want, "robots.", inside("d")), 5);
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
                         "--model tests/reference/odd --ids '28, 4' --next 1",
                         "--model tests/reference/odd --ids '28, 4' --next 100",
                         "--model tests/reference/odd --ids '28 4' --block 1 --head 2",
                         "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(format_text("%s --figures '%s/f'", all[i], folder)) ==
                          0,
                      "%s: %s", all[i], (char *)errors.data);
        ck_assert(output.size > 500 && errors.size == 0);
        ck_assert_msg(!strstr((char *)output.data, "came out as another"), "%s", all[i]);
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
        {"--model tests/reference/odd --ids 1 --block 2", "--block: 2"},
        {"--model tests/reference/odd --ids 1 --head 3", "--head: 3"},
        {"--model tests/reference/odd --ids 1 --head -1", "--head: -1"},
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
        ck_assert_msg(end && end[1] == 0 && strncmp(line, "11_kv_cache: ", 13) == 0 &&
                          strstr(line, all[i].says),
                      "%s: expected '%s' in '%s'", all[i].arguments, all[i].says, line);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, tokens_one_by_one_equal_the_reference);
    tcase_add_test(t, a_prompt_can_be_read_in_any_portions);
    tcase_add_test(t, going_back_is_as_good_as_starting_again);
    tcase_add_test(t, the_table_by_hand);
    tcase_add_test(t, the_work_is_what_the_loops_do);
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

BOOK_TESTS("11_kv_cache", add_tests)
