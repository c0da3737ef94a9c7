/* Tests of chapter 11: the key/value cache, its program, and its exercises. */
#include "exercise.h"
#include "../src/11_kv_cache.h"
#include "reference.h"

#define PROGRAM "11_kv_cache"
#include "program.h"
#include "models.h"
#include "toy.h"
#include "exact.h"
#include "mistakes/11_kv_cache.h"
#include "right/11_kv_cache.h"

/* ---- Exercises --------------------------------------------------------------------- */

/* What attend_kept should give: some queries, keys and values of other magnitudes, in double. */
static void exact_attention(int H, int room, int D, int used, float *context,
                            const float *q, const float *keys, const float *values)
{
    double *k = grab((size_t)(used * D), sizeof *k),
           *v = grab((size_t)(used * D), sizeof *v);
    double query[D], sum[D];
    for (int h = 0; h < H; h++) {
        for (int i = 0; i < used * D; i++) {
            k[i] = (double)keys[h * room * D + i];
            v[i] = (double)values[h * room * D + i];
        }
        for (int i = 0; i < D; i++)
            query[i] = (double)q[h * D + i];
        exact_look(D, used, sum, query, (const double(*)[D])(void *)k,
                   (const double(*)[D])(void *)v);
        for (int i = 0; i < D; i++)
            context[h * D + i] = (float)sum[i];
    }
    free(k);
    free(v);
}

/* Keys or values, [H, room, D]: of each head the first `used` rows, then what is left from
 * other texts, which would be noticed. */
static float *some_rows(int H, int room, int D, int used, unsigned seed, float scale,
                        float shift)
{
    float *x = some_numbers((size_t)(H * room * D), seed, scale, shift);
    for (int h = 0; h < H; h++)
        for (int i = used * D; i < room * D; i++)
            x[h * room * D + i] *= 50;
    return x;
}

static const char *plural(int n)
{
    return n == 1 ? "" : "s";
}

static void probe_attend_kept(any_function f, struct outcome *o)
{
    /* the examples of the task and the chapter; one token; all of the room; more tokens than
     * 1,024; GPT-2's heads and a wide one of odd length; more heads than 128; smaller ones after
     * those; scores too large for e to them, and all far below 0; all scores equal; sums that
     * do not begin at 0 */
    static const struct {
        int H, D, room, used;
        float q, keys, shift; /* how large the queries and the keys are */
        const char *text;
    } all[] = {{1, 1, 4, 2, 0, 0, 0, ": the task's first example"},
               {1, 4, 3, 2, 0, 0, 0, ": the task's second example"},
               {1, 1, 8, 4, 0, 0, 0, ": the chapter's table"},
               {3, 2, 5, 1, 1, 1, 0, ""},
               {2, 3, 1040, 1031, 2, 1, 0, ""},
               {2, 3, 6, 4, 2, 1, 0, ""},
               {12, 64, 7, 5, 0.5f, 1, 0, ""},
               {1, 131, 3, 3, 0.5f, 1, 0, ""},
               {2, 4, 4, 4, 2, 1, 0, ""},
               {4, 3, 9, 6, 2, 1, 0, ""},
               {2, 1, 5, 3, 2, 20, 60, "; scores of a hundred and more"},
               {1, 2, 6, 5, 2, 20, -60, "; scores far from 0"},
               {131, 1, 3, 2, 2, 1, 0, ""},
               {3, 2, 9, 7, 0, 1, 0, "; all scores are 0"},
               {2, 3, 5, 3, 1, 1, 0, "; all values are 0"}};
    static const float example_q[4] = {2, 0, 0, 0},
                       example_keys[] = {1.0986123f, 0, 0, 0, 0, 0, 0, 9, 3, 3, 3, 3},
                       table_keys[] = {0, 0, 1, 2}, table_values[] = {8, 2, 4, 0};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        const int H = all[n].H, D = all[n].D, room = all[n].room, used = all[n].used;
        const int C = H * D;
        float *some_q =
            some_numbers((size_t)C, 60 + (unsigned)n, all[n].q, all[n].shift > 0);
        float *some_keys = some_rows(H, room, D, used, 61, all[n].keys, all[n].shift);
        const bool zeros = n + 1 == sizeof all / sizeof *all;
        float *some_values =
            some_rows(H, room, D, used, 62, zeros ? 0 : 4, zeros ? 0 : 1);
        float *want = grab((size_t)C, sizeof *want);
        if (n == 0) {
            some_keys[0] = 5;
            some_keys[1] = 7;
            some_values[0] = 8;
            some_values[1] = 2;
        } else if (n == 1) {
            memcpy(some_q, example_q, sizeof example_q);
            memcpy(some_keys, example_keys, sizeof example_keys);
        } else if (n == 2) {
            some_q[0] = 0.6931472f;
            memset(some_keys, 0, (size_t)room * sizeof *some_keys);
            memset(some_values, 0, (size_t)room * sizeof *some_values);
            memcpy(some_keys, table_keys, sizeof table_keys);
            memcpy(some_values, table_values, sizeof table_values);
        }
        exact_attention(H, room, D, used, want, some_q, some_keys, some_values);
        situation(o, "%d head%s of %d number%s, room for %d, %d used%s", H, plural(H), D,
                  plural(D), room, used, all[n].text);
        const struct axis axes[] = {{H, NULL}, {room, NULL}, {D, NULL}};
        const float *q = given(o, "q", AXES({C, NULL}), FLOATS, some_q);
        const float(*keys)[room][D] = given(o, "keys", 3, axes, FLOATS, some_keys),
              (*values)[room][D] = given(o, "values", 3, axes, FLOATS, some_values);
        float *context = written(o, "context", AXES({C, NULL}), FLOATS);
        TESTED(attend_kept, f)(H, room, D, used, context, q, keys, values);
        record(o, "context", AXES({C, NULL}), context, want);
        free(some_q);
        free(some_keys);
        free(some_values);
        free(want);
    }
}

/* Block 0 of the toy, token after token, in a cache that holds other texts' rows. */
static void cached_block_of_the_toy(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    enum { ROOM = 8 };
    const int T = toy.T, C = toy.config.C, H = toy.config.H, D = C / H;
    const struct axis rows[] = {{T, NULL}, {C, NULL}},
                      axes[] = {{H, NULL}, {T, NULL}, {D, NULL}},
                      all[] = {{H, NULL}, {ROOM, NULL}, {D, NULL}};
    float *some_x = reference_floats(&toy.want, "toy.embedding", 2, rows);
    float(*want)[C] = reference_bytes(&toy.want, "toy.h.0.output", "F32", 2, rows);
    float *left = some_numbers((size_t)(ROOM * C), 70, 2, 0);
    situation(o, "%d tokens, one by one, room for %d; C %d, H %d, random weights", T,
              ROOM, C, H);
    float(*keys)[ROOM][D] = changed(o, "keys", 3, all, FLOATS, left);
    float(*values)[ROOM][D] = changed(o, "values", 3, all, FLOATS, left);
    for (int t = 0; t < T; t++) {
        char *name = format_text("x of token %d", t);
        float(*x)[C] = changed(o, "x", AXES({1, NULL}, {C, NULL}), FLOATS,
                               some_x + (size_t)t * (size_t)C);
        TESTED(cached_block, f)(&toy.config, ROOM, t, x, keys, values, &toy.weights.h[0]);
        record(o, name, AXES({C, NULL}), x, want[t]);
        free(name);
    }
    for (int which = 0; which < 2; which++) {
        float *kept = reference_floats(
            &toy.want, which ? "toy.h.0.attn.v" : "toy.h.0.attn.k", 3, axes);
        for (int h = 0; h < H; h++)
            memcpy(left + h * ROOM * D, kept + h * T * D,
                   (size_t)(T * D) * sizeof(float));
        record(o, which ? "values" : "keys", 3, all, which ? values : keys, left);
        free(kept);
    }
    free(some_x);
    free(left);
    free(want);
    close_toy(&toy);
}

/* A block's or a model's weights between walls, which can only be read, unless they are very
 * many. Free its h. */
static struct weights given_weights(struct outcome *o, const struct made_up *m)
{
    const void *flat =
        m->count > 1000000
            ? m->flat
            : given(o, "the weights", AXES({(int)m->count, NULL}), FLOATS, m->flat);
    struct weights w = lay_out_weights(&m->config, (void *)(uintptr_t)flat);
    w.lm_head = (void *)(uintptr_t)given(
        o, "w->lm_head", AXES({m->config.V, NULL}, {m->config.C, NULL}), FLOATS, m->head);
    return w;
}

static void to_doubles(size_t n, double *to, const float *from)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (double)from[i];
}

static void to_floats(size_t n, float *to, const double *from)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (float)from[i];
}

static void probe_cached_block(any_function f, struct outcome *o)
{
    cached_block_of_the_toy(f, o);
    /* more channels than 1,024; room for one, and more hidden units than 1,024; more tokens than
     * 1,024 kept; wide rows of odd length; the last free position; setting back: a position is written again, and the order of calls
     * is not that of the positions */
    static const struct {
        struct config config;
        int room, places[4], calls;
    } all[] = {{{9, 2, 1031, 1, 1, 1, 1e-5f}, 2, {1}, 1},
               {{9, 2, 2, 1, 1, 1031, 0.5f}, 1, {0}, 1},
               {{9, 2, 6, 2, 1, 7, 1e-5f}, 1037, {1030}, 1},
               {{9, 2, 132, 4, 1, 139, 1e-5f}, 3, {2}, 1},
               {{9, 2, 6, 3, 1, 5, 0.1f}, 5, {4, 1, 2, 1}, 4}};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        const struct config config = all[n].config;
        const int C = config.C, H = config.H, D = C / H, room = all[n].room;
        const size_t size = (size_t)(room * C);
        struct made_up m = make_up(config, 80 + (unsigned)n);
        float *some_keys = some_numbers(size, 81, 1, 0);
        float *some_values = some_numbers(size, 82, 2, 0.5f);
        double *k = grab(size, sizeof *k), *v = grab(size, sizeof *v), row[C];
        float want[C];
        to_doubles(size, k, some_keys);
        to_doubles(size, v, some_values);
        situation(o, "%d call%s, the first at position %d, room for %d; C %d, H %d, F %d",
                  all[n].calls, plural(all[n].calls), all[n].places[0], room, C, H,
                  config.F);
        const struct axis axes[] = {{H, NULL}, {room, NULL}, {D, NULL}};
        struct weights w = given_weights(o, &m);
        float(*keys)[room][D] = changed(o, "keys", 3, axes, FLOATS, some_keys);
        float(*values)[room][D] = changed(o, "values", 3, axes, FLOATS, some_values);
        for (int call = 0; call < all[n].calls; call++) {
            const int place = all[n].places[call];
            char *name = format_text("x of call %d, at position %d", call + 1, place);
            float *some_x = some_numbers((size_t)C, 90 + (unsigned)call, 2, 0.25f);
            to_doubles((size_t)C, row, some_x);
            float(*x)[C] = changed(o, "x", AXES({1, NULL}, {C, NULL}), FLOATS, some_x);
            TESTED(cached_block, f)(&config, room, place, x, keys, values, w.h);
            exact_block(&config, room, place, row, k, v, w.h);
            to_floats((size_t)C, want, row);
            record(o, name, AXES({C, NULL}), x, want);
            free(some_x);
            free(name);
        }
        to_floats(size, some_keys, k);
        to_floats(size, some_values, v);
        record(o, "keys", 3, axes, keys, some_keys);
        record(o, "values", 3, axes, values, some_values);
        free(k);
        free(v);
        free(some_keys);
        free(some_values);
        free(w.h);
        free_made_up(&m);
    }
}

/* The whole toy, token after token. */
static void read_token_of_the_toy(any_function f, struct outcome *o)
{
    struct toy toy = open_toy();
    enum { ROOM = 8 };
    const int T = toy.T, C = toy.config.C, V = toy.config.V, L = toy.config.L,
              H = toy.config.H, D = C / H;
    const struct axis all[] = {{L, NULL}, {H, NULL}, {ROOM, NULL}, {D, NULL}};
    float *left = some_numbers((size_t)(L * ROOM * C), 71, 4, 0);
    situation(o, "%d tokens, one by one; %d blocks, C %d, V %d, random weights", T, L, C,
              V);
    struct kv_cache cache = {.room = ROOM,
                             .ids = written(o, "cache->ids", AXES({ROOM, NULL}), INTS),
                             .keys = changed(o, "cache->keys", 4, all, FLOATS, left),
                             .values = changed(o, "cache->values", 4, all, FLOATS, left)};
    float(*logits)[V] = written(o, "logits", AXES({1, NULL}, {V, NULL}), FLOATS);
    float(*want)[V] =
        reference_bytes(&toy.want, "toy.logits", "F32", AXES({T, NULL}, {V, NULL}));
    for (int t = 0; t < T; t++) {
        char *name = format_text("logits after token %d", t);
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
            char *label =
                format_text("cache->%s of block %d", which ? "values" : "keys", l);
            const struct axis axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
            float *rows = reference_floats(&toy.want, name, 3, axes);
            float(*got)[T][D] = grab((size_t)H, sizeof *got);
            for (int h = 0; h < H; h++)
                memcpy(got[h], kept[l][h], sizeof got[h]);
            record(o, label, 3, axes, got, rows);
            free(got);
            free(rows);
            free(name);
            free(label);
        }
    free(left);
    free(want);
    close_toy(&toy);
}

static void probe_read_token(any_function f, struct outcome *o)
{
    read_token_of_the_toy(f, o);
    /* more channels than 1,024; more blocks than 128, no room left; more than 1,024 tokens read; a large vocabulary and wide
     * rows; setting back, and on: `used` is what counts, not the calls */
    static const struct {
        struct config config;
        int room, used[4], calls;
    } all[] = {{{2, 2, 1031, 1, 1, 1, 1e-5f}, 2, {1}, 1},
               {{1, 2, 4, 2, 131, 1, 0.5f}, 1, {0}, 1},
               {{1040, 5, 6, 1, 2, 7, 1e-5f}, 1033, {1030}, 1},
               {{3, 2053, 132, 4, 1, 139, 1e-5f}, 3, {1}, 1},
               {{9, 7, 6, 3, 4, 5, 0.1f}, 6, {3, 4, 2, 0}, 4}};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        const struct config config = all[n].config;
        const int C = config.C, H = config.H, D = C / H, L = config.L, V = config.V;
        const int room = all[n].room;
        const size_t part = (size_t)(room * C), size = (size_t)L * part;
        struct made_up m = make_up(config, 100 + (unsigned)n);
        float *some_keys = some_numbers(size, 101, 1, 0);
        float *some_values = some_numbers(size, 102, 2, 0.5f);
        double *k = grab(size, sizeof *k), *v = grab(size, sizeof *v), row[C], norm[C];
        float *want = grab((size_t)V, sizeof *want);
        int *some_ids = grab((size_t)room, sizeof *some_ids);
        for (int i = 0; i < room; i++)
            some_ids[i] = (i * 3 + 1) % V;
        to_doubles(size, k, some_keys);
        to_doubles(size, v, some_values);
        situation(o, "%d call%s, the first at position %d, room for %d; L %d, C %d, V %d",
                  all[n].calls, plural(all[n].calls), all[n].used[0], room, L, C, V);
        const struct axis axes[] = {{L, NULL}, {H, NULL}, {room, NULL}, {D, NULL}};
        struct weights w = given_weights(o, &m);
        const float(*wte)[C] = w.wte, (*wpe)[C] = w.wpe, (*head)[C] = w.lm_head;
        struct kv_cache cache = {
            .room = room,
            .ids = changed(o, "cache->ids", AXES({room, NULL}), INTS, some_ids),
            .keys = changed(o, "cache->keys", 4, axes, FLOATS, some_keys),
            .values = changed(o, "cache->values", 4, axes, FLOATS, some_values)};
        for (int call = 0; call < all[n].calls; call++) {
            const int place = all[n].used[call], id = (V - 1) * (call + 1) % V;
            char *name =
                format_text("logits of call %d, at position %d", call + 1, place);
            float(*logits)[V] = written(o, "logits", AXES({1, NULL}, {V, NULL}), FLOATS);
            cache.used = place;
            TESTED(read_token, f)(&config, &cache, logits, id, &w);
            for (int c = 0; c < C; c++)
                row[c] = (double)wte[id][c] + (double)wpe[place][c];
            for (int l = 0; l < L; l++)
                exact_block(&config, room, place, row, k + (size_t)l * part,
                            v + (size_t)l * part, &w.h[l]);
            exact_norm(C, norm, row, w.ln_f_weight, w.ln_f_bias, config.epsilon);
            for (int u = 0; u < V; u++) {
                double sum = 0;
                for (int c = 0; c < C; c++)
                    sum += norm[c] * (double)head[u][c];
                want[u] = (float)sum;
            }
            some_ids[place] = id;
            record(o, name, AXES({V, NULL}), logits, want);
            record_integer(o, "cache->used", cache.used, place + 1);
            free(name);
        }
        to_floats(size, some_keys, k);
        to_floats(size, some_values, v);
        record_ints(o, "cache->ids", room, room, cache.ids, room, some_ids, NULL);
        record(o, "cache->keys", 4, axes, cache.keys, some_keys);
        record(o, "cache->values", 4, axes, cache.values, some_values);
        record_integer(o, "cache->room", cache.room, room);
        free(k);
        free(v);
        free(some_keys);
        free(some_values);
        free(some_ids);
        free(want);
        free(w.h);
        free_made_up(&m);
    }
}

static void probe_reusable(any_function f, struct outcome *o)
{
    static const struct {
        int used, kept[5], T, ids[6], want;
    } all[] = {
        {4, {5, 6, 7, 8}, 5, {5, 6, 9, 8, 4}, 2}, /* the same again after a difference */
        {3, {5, 6, 7}, 5, {5, 6, 7, 8, 9}, 3},    /* all of the cache, and more text */
        {3, {5, 6, 7}, 3, {5, 6, 7}, 2},          /* just the same text */
        {5, {5, 6, 7, 8, 9}, 3, {5, 6, 7}, 2},    /* a text that is a beginning */
        {3, {5, 6, 7}, 4, {4, 6, 7, 7}, 0},       /* the first one differs */
        {0, {0}, 2, {5, 6}, 0},                   /* nothing is kept */
        {0, {0}, 1, {5}, 0},
        {1, {5}, 1, {5}, 0}, /* one token */
        {1, {5}, 1, {6}, 0},
        {5, {5, 6, 7, 8, 9}, 1, {5}, 0},
        {1, {5}, 5, {5, 6, 7, 8, 9}, 1},
        {5, {5, 5, 5, 5, 5}, 6, {5, 5, 5, 5, 6, 5}, 4}, /* the same token often */
        {4, {5, 6, 7, 8}, 4, {5, 6, 7, 9}, 3},          /* only the last one differs */
        {4, {0, 0, 0, 1}, 5, {0, 0, 0, 0, 0}, 3}, /* token 0 is one like any other */
        {2, {50256, 1025}, 3, {50256, 1, 2}, 1},  /* the lowest byte is the same */
    };
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        char texts[2][60] = {"", ""};
        for (int which = 0; which < 2; which++)
            for (int i = 0; i < (which ? all[n].T : all[n].used); i++)
                snprintf(texts[which] + strlen(texts[which]), 20, "%s%d", i ? ", " : "",
                         which ? all[n].ids[i] : all[n].kept[i]);
        situation(o, "kept {%s}, ids {%s}", texts[0], texts[1]);
        const int *kept = given(o, "kept", AXES({all[n].used, NULL}), INTS, all[n].kept);
        const int *ids = given(o, "ids", AXES({all[n].T, NULL}), INTS, all[n].ids);
        record_integer(o, "what it returns",
                       TESTED(reusable, f)(all[n].used, kept, all[n].T, ids),
                       all[n].want);
    }
    /* long ones, which differ at a position beyond 1,024, or nowhere; then a short one again */
    static const int long_ones[][3] = {
        {1031, 1040, 1029}, {1031, 1031, 2000}, {1040, 1031, 2000}, {3, 4, 1}};
    for (size_t n = 0; n < sizeof long_ones / sizeof *long_ones; n++) {
        const int used = long_ones[n][0], T = long_ones[n][1], other = long_ones[n][2];
        const int least = used < T - 1 ? used : T - 1;
        int *some = grab(1040, sizeof *some);
        for (int i = 0; i < 1040; i++)
            some[i] = i % 300;
        if (other < T)
            situation(o, "%d kept, %d ids, ids[%d] is a different one", used, T, other);
        else
            situation(o, "%d kept, %d ids, the same as far as they go", used, T);
        const int *kept = given(o, "kept", AXES({used, NULL}), INTS, some);
        if (other < 1040)
            some[other] = 999;
        const int *ids = given(o, "ids", AXES({T, NULL}), INTS, some);
        record_integer(o, "what it returns", TESTED(reusable, f)(used, kept, T, ids),
                       least < other ? least : other);
        free(some);
    }
}

static void probe_attend_portion(any_function f, struct outcome *o)
{
    /* the example; portions of one; nothing before; the room just full; more tokens than 128
     * and 1,024; GPT-2's heads and a wide one; short ones after long ones; large scores */
    static const struct {
        int H, D, room, before, n;
        float q, keys, shift;
        const char *text;
    } all[] = {{1, 1, 3, 1, 2, 0, 1, 0, ": the example of the task"},
               {2, 3, 7, 2, 3, 2, 1, 0, ""},
               {1, 4, 5, 4, 1, 2, 1, 0, ""},
               {2, 2, 140, 0, 131, 2, 1, 0, ""},
               {1, 2, 1040, 1028, 5, 2, 1, 0, ""},
               {3, 1, 6, 0, 1, 2, 1, 0, ""},
               {12, 64, 5, 1, 3, 0.5f, 1, 0, ""},
               {1, 131, 4, 2, 2, 0.5f, 1, 0, ""},
               {2, 1, 9, 3, 4, 2, 20, 60, "; scores of a hundred and more"},
               {1, 2, 7, 1, 5, 2, 20, -60, "; scores far from 0"},
               {2, 2, 8, 0, 6, 2, 1, 0, ""}};
    static const float example_keys[] = {5, 7, 1}, example_values[] = {8, 2, 11};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        const int H = all[c].H, D = all[c].D, room = all[c].room;
        const int before = all[c].before, n = all[c].n, C = H * D;
        float *some_q =
            some_numbers((size_t)(n * C), 110 + (unsigned)c, all[c].q, all[c].shift > 0);
        float *some_keys =
            some_rows(H, room, D, before + n, 111, all[c].keys, all[c].shift);
        float *some_values = some_rows(H, room, D, before + n, 112, 4, 1);
        float *want = grab((size_t)(n * C), sizeof *want);
        if (c == 0) {
            memcpy(some_keys, example_keys, sizeof example_keys);
            memcpy(some_values, example_values, sizeof example_values);
        }
        for (int i = 0; i < n; i++)
            exact_attention(H, room, D, before + i + 1, want + i * C, some_q + i * C,
                            some_keys, some_values);
        situation(o, "%d head%s of %d number%s, room for %d; %d token%s before, %d new%s",
                  H, plural(H), D, plural(D), room, before, plural(before), n,
                  all[c].text);
        const struct axis axes[] = {{H, NULL}, {room, NULL}, {D, NULL}};
        const float(*q)[C] = given(o, "q", AXES({n, NULL}, {C, NULL}), FLOATS, some_q);
        const float(*keys)[room][D] = given(o, "keys", 3, axes, FLOATS, some_keys),
              (*values)[room][D] = given(o, "values", 3, axes, FLOATS, some_values);
        float(*context)[C] = written(o, "context", AXES({n, NULL}, {C, NULL}), FLOATS);
        TESTED(attend_portion, f)(H, room, D, before, n, context, q, keys, values);
        record(o, "context", AXES({n, NULL}, {C, NULL}), context, want);
        free(some_q);
        free(some_keys);
        free(some_values);
        free(want);
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
     {
         RIGHT(right_attend_kept_as_hinted),
         RIGHT(right_attend_kept_in_double),
         RIGHT(right_attend_kept_in_passing),
         RIGHT(right_attend_kept_all_heads),
     }},
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
     {
         RIGHT(right_cached_block_as_hinted),
         RIGHT(right_cached_block_in_place),
         RIGHT(right_cached_block_in_double),
         RIGHT(right_cached_block_own_query),
     }},
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
     {
         RIGHT(right_read_token_as_hinted),
         RIGHT(right_read_token_by_hand),
         RIGHT(right_read_token_last_row),
         RIGHT(right_read_token_top_in_double),
     }},
    {EXERCISE(reusable),
     {
         MISTAKE(wrong_reusable_last_too),
         MISTAKE(wrong_reusable_not_its_own_last),
         MISTAKE(wrong_reusable_one_less),
         MISTAKE(wrong_reusable_all_matches),
         MISTAKE(wrong_reusable_index_of_last_match),
         MISTAKE(wrong_reusable_all_or_nothing),
     },
     {
         RIGHT(right_reusable_as_hinted),
         RIGHT(right_reusable_corrected),
         RIGHT(right_reusable_recursion),
         RIGHT(right_reusable_whole_beginnings),
     }},
    {EXERCISE(attend_portion),
     {
         MISTAKE(wrong_attend_portion_as_handed_out),
         MISTAKE(wrong_attend_portion_not_itself),
         MISTAKE(wrong_attend_portion_one_too_far),
         MISTAKE(wrong_attend_portion_as_the_first),
         MISTAKE(wrong_attend_portion_before_forgotten),
         MISTAKE(wrong_attend_portion_only_itself_and_before),
         MISTAKE(wrong_attend_portion_portion_only),
         MISTAKE(wrong_attend_portion_from_itself_on),
         MISTAKE(wrong_attend_portion_mask_after),
         MISTAKE(wrong_attend_portion_mask_0),
     },
     {
         RIGHT(right_attend_portion_as_hinted),
         RIGHT(right_attend_portion_masks),
         RIGHT(right_attend_portion_backwards),
         RIGHT(right_attend_portion_in_double),
     }},
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
                         "--model tests/reference/odd --ids '28, 4' --next 1",
                         "--model tests/reference/odd --ids '28, 4' --next 100",
                         "--model tests/reference/odd --ids '28 4' --block 1 --head 2",
                         "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(format_text("%s --figures '%s/f'", all[i], folder)) ==
                          0,
                      "%s: %s", all[i], (char *)errors.data);
        ck_assert(output.size > 500 && errors.size == 0);
        ck_assert_msg(!strstr((char *)output.data, "a different one without"), "%s",
                      all[i]);
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
