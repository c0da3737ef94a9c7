/* Tests of chapter 8: the block, its program, and its exercises. */
#include "exercise.h"
#include "../src/08_block.h"
#include "reference.h"

#define PROGRAM "08_block"
#include "program.h"
#include "models.h"
#include "exact_steps.h"
#include "mistakes/08_block.h"
#include "right/08_block.h"

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

/* A block's memory for one call, its weights and what comes in, between walls. */
struct walled {
    struct block b;
    struct block_steps room, s; /* s is handed over, and may be changed */
    const void *x;
};

/* One tensor of a block: of a few rows it has labels. */
#define ROWS(T, columns) AXES({T, (T) <= 4 ? four : NULL}, {columns, NULL})

static void *weight_between_walls(struct outcome *o, bool writable, const char *name,
                                  int rank, const struct axis *axes, const float *from)
{
    return writable ? changed(o, name, rank, axes, FLOATS, from)
                    : given_weight(o, name, rank, axes, from);
}

static struct walled wall_block(struct outcome *o, int T, const struct config *config,
                                const struct block *b, const void *x, bool writable)
{
    const int C = config->C, F = config->F, H = config->H, D = C / H;
    struct walled w = {
        .b = {weight_between_walls(o, writable, "b->ln_1_weight", AXES({C, NULL}),
                                   b->ln_1_weight),
              weight_between_walls(o, writable, "b->ln_1_bias", AXES({C, NULL}),
                                   b->ln_1_bias),
              weight_between_walls(o, writable, "b->attn_c_attn_weight",
                                   AXES({C, NULL}, {3 * C, NULL}), b->attn_c_attn_weight),
              weight_between_walls(o, writable, "b->attn_c_attn_bias",
                                   AXES({3 * C, NULL}), b->attn_c_attn_bias),
              weight_between_walls(o, writable, "b->attn_c_proj_weight",
                                   AXES({C, NULL}, {C, NULL}), b->attn_c_proj_weight),
              weight_between_walls(o, writable, "b->attn_c_proj_bias", AXES({C, NULL}),
                                   b->attn_c_proj_bias),
              weight_between_walls(o, writable, "b->ln_2_weight", AXES({C, NULL}),
                                   b->ln_2_weight),
              weight_between_walls(o, writable, "b->ln_2_bias", AXES({C, NULL}),
                                   b->ln_2_bias),
              weight_between_walls(o, writable, "b->mlp_c_fc_weight",
                                   AXES({C, NULL}, {F, NULL}), b->mlp_c_fc_weight),
              weight_between_walls(o, writable, "b->mlp_c_fc_bias", AXES({F, NULL}),
                                   b->mlp_c_fc_bias),
              weight_between_walls(o, writable, "b->mlp_c_proj_weight",
                                   AXES({F, NULL}, {C, NULL}), b->mlp_c_proj_weight),
              weight_between_walls(o, writable, "b->mlp_c_proj_bias", AXES({C, NULL}),
                                   b->mlp_c_proj_bias)},
        .room =
            {.ln_1 = written(o, "s->ln_1", ROWS(T, C), FLOATS),
             .attention =
                 {.qkv = written(o, "s->attention.qkv", ROWS(T, 3 * C), FLOATS),
                  .q = written(o, "s->attention.q", AXES({H, NULL}, {T, NULL}, {D, NULL}),
                               FLOATS),
                  .k = written(o, "s->attention.k", AXES({H, NULL}, {T, NULL}, {D, NULL}),
                               FLOATS),
                  .v = written(o, "s->attention.v", AXES({H, NULL}, {T, NULL}, {D, NULL}),
                               FLOATS),
                  .scores = written(o, "s->attention.scores",
                                    AXES({H, NULL}, {T, NULL}, {T, NULL}), FLOATS),
                  .masked = written(o, "s->attention.masked",
                                    AXES({H, NULL}, {T, NULL}, {T, NULL}), FLOATS),
                  .weights = written(o, "s->attention.weights",
                                     AXES({H, NULL}, {T, NULL}, {T, NULL}), FLOATS),
                  .heads = written(o, "s->attention.heads",
                                   AXES({H, NULL}, {T, NULL}, {D, NULL}), FLOATS),
                  .context = written(o, "s->attention.context", ROWS(T, C), FLOATS),
                  .output = written(o, "s->attention.output", ROWS(T, C), FLOATS)},
             .mid = written(o, "s->mid", ROWS(T, C), FLOATS),
             .ln_2 = written(o, "s->ln_2", ROWS(T, C), FLOATS),
             .mlp = {written(o, "s->mlp.c_fc", ROWS(T, F), FLOATS),
                     written(o, "s->mlp.gelu", ROWS(T, F), FLOATS),
                     written(o, "s->mlp.output", ROWS(T, C), FLOATS)},
             .output = written(o, "s->output", ROWS(T, C), FLOATS)},
        .x = given(o, "x", ROWS(T, C), FLOATS, x),
    };
    w.s = w.room;
    return w;
}

/* What a block's steps should be: those of attention and feed-forward are their outputs. */
struct wanted_steps {
    double *ln_1, *attention, *mid, *ln_2, *mlp, *output;
};

static double *exact_attention_output(int T, const struct config *config, const double *x,
                                      const struct block *b)
{
    struct exact_attention a = exact_attend(T, config->C, config->H, x, b);
    double *output = a.output;
    a.output = NULL;
    free_exact_attention(&a);
    return output;
}

static double *exact_mlp_output(int T, const struct config *config, const double *x,
                                const struct block *b)
{
    struct exact_feed_forward f = exact_feed_forward(T, config->C, config->F, x, b);
    double *output = f.output;
    f.output = NULL;
    free_exact_feed_forward(&f);
    return output;
}

/* GPT-2's block, with or without its halves, which then add nothing. */
static struct wanted_steps want_block(int T, const struct config *config,
                                      const float *from, const struct block *b,
                                      bool attention, bool feed_forward)
{
    const int C = config->C;
    const size_t n = (size_t)T * (size_t)C;
    const double epsilon = (double)config->epsilon;
    double *x = exact_copy(n, from);
    struct wanted_steps w = {
        .ln_1 = exact_norm(T, C, x, b->ln_1_weight, b->ln_1_bias, epsilon)};
    w.attention = attention ? exact_attention_output(T, config, w.ln_1, b)
                            : grab(n, sizeof(double));
    w.mid = exact_sum(n, x, w.attention);
    w.ln_2 = exact_norm(T, C, w.mid, b->ln_2_weight, b->ln_2_bias, epsilon);
    w.mlp =
        feed_forward ? exact_mlp_output(T, config, w.ln_2, b) : grab(n, sizeof(double));
    w.output = exact_sum(n, w.mid, w.mlp);
    free(x);
    return w;
}

/* The block with its norms after the sums. */
static struct wanted_steps want_post_norm(int T, const struct config *config,
                                          const float *from, const struct block *b)
{
    const int C = config->C;
    const size_t n = (size_t)T * (size_t)C;
    const double epsilon = (double)config->epsilon;
    double *x = exact_copy(n, from);
    struct wanted_steps w = {.attention = exact_attention_output(T, config, x, b)};
    w.ln_1 = exact_sum(n, x, w.attention);
    w.mid = exact_norm(T, C, w.ln_1, b->ln_1_weight, b->ln_1_bias, epsilon);
    w.mlp = exact_mlp_output(T, config, w.mid, b);
    w.ln_2 = exact_sum(n, w.mid, w.mlp);
    w.output = exact_norm(T, C, w.ln_2, b->ln_2_weight, b->ln_2_bias, epsilon);
    free(x);
    return w;
}

static void free_wanted(struct wanted_steps *w)
{
    double *all[] = {w->ln_1, w->attention, w->mid, w->ln_2, w->mlp, w->output};
    for (int i = 0; i < 6; i++)
        free(all[i]);
}

/* One of both blocks on some rows. */
static void probe_block(any_function f, struct outcome *o, bool post, int T,
                        const struct config *config, const struct block *b,
                        const float *x)
{
    const int C = config->C;
    struct walled w = wall_block(o, T, config, b, x, false);
    struct wanted_steps want =
        post ? want_post_norm(T, config, x, b) : want_block(T, config, x, b, true, true);
    if (post)
        TESTED(post_norm_block, f)(T, config, &w.s, w.x, &w.b);
    else
        TESTED(transformer_block, f)(T, config, &w.s, w.x, &w.b);
    record_beside(o, "s->ln_1", ROWS(T, C), w.room.ln_1, want.ln_1);
    record_beside(o, "s->attention.output", ROWS(T, C), w.room.attention.output,
                  want.attention);
    record_beside(o, "s->mid", ROWS(T, C), w.room.mid, want.mid);
    record_beside(o, "s->ln_2", ROWS(T, C), w.room.ln_2, want.ln_2);
    record_beside(o, "s->mlp.output", ROWS(T, C), w.room.mlp.output, want.mlp);
    record_beside(o, "s->output", ROWS(T, C), w.room.output, want.output);
    free_wanted(&want);
}

/* A block of random numbers. The weights of its norms are around 1. */
static struct block random_block(const struct config *config, unsigned seed)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    struct block b = {
        some_floats(C, seed, 0.5f),          some_floats(C, seed + 1, 0.5f),
        some_floats(3 * C * C, seed + 2, 1), some_floats(3 * C, seed + 3, 0.5f),
        some_floats(C * C, seed + 4, 1),     some_floats(C, seed + 5, 0.5f),
        some_floats(C, seed + 6, 0.5f),      some_floats(C, seed + 7, 0.5f),
        some_floats(C * F, seed + 8, 1),     some_floats(F, seed + 9, 0.5f),
        some_floats(F * C, seed + 10, 1),    some_floats(C, seed + 11, 0.5f)};
    for (size_t c = 0; c < C; c++) {
        b.ln_1_weight[c] += 1;
        b.ln_2_weight[c] += 1.25f;
    }
    return b;
}

static void free_block(struct block *b)
{
    free(b->ln_1_weight);
    free(b->ln_1_bias);
    free(b->attn_c_attn_weight);
    free(b->attn_c_attn_bias);
    free(b->attn_c_proj_weight);
    free(b->attn_c_proj_bias);
    free(b->ln_2_weight);
    free(b->ln_2_bias);
    free(b->mlp_c_fc_weight);
    free(b->mlp_c_fc_bias);
    free(b->mlp_c_proj_weight);
    free(b->mlp_c_proj_bias);
}

/* Both blocks, on many sizes. */
static void probe_blocks(any_function f, struct outcome *o, bool post)
{
    static const struct {
        int T, C, H, F;
        float epsilon, size; /* size: of the numbers in x */
        const char *what;
    } cases[] = {
        {3, 4, 2, 7, 1e-5f, 2, ""},                /* the usual */
        {1, 6, 3, 8, 1e-5f, 2, ""},                /* one token */
        {4, 6, 1, 6, 0.5f, 1, ", epsilon 0.5"},    /* the config's epsilon, not 1e-5 */
        {3, 4, 2, 8, 1e-5f, 0, ", all of x is 0"}, /* rows that have no spread */
        {4, 4, 2, 8, 1e-5f, 300,
         ", rows of some hundreds"},    /* what is added is small beside x */
        {2, 132, 3, 131, 1e-5f, 2, ""}, /* long rows: fixed buffers */
        {131, 4, 2, 5, 1e-5f, 2, ""},   /* many tokens, and a prime: fixed buffers */
        {2, 4, 2, 9, 1e-5f, 2, ""},     /* small again: what was kept */
    };
    if (!post) { /* (Post-norm leaves two equal numbers, in which only rounding would count.) */
        const struct block b = hand_block();
        situation(o, "the chapter's table by hand: 4 tokens, C 2");
        probe_block(f, o, post, 4, &by_hand, &b, *hand_x);
    }
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int T = cases[i].T;
        const struct config config = {.positions = T,
                                      .V = 4,
                                      .C = cases[i].C,
                                      .H = cases[i].H,
                                      .L = 1,
                                      .F = cases[i].F,
                                      .epsilon = cases[i].epsilon};
        struct block b = random_block(&config, 800 + 20 * i);
        float *x = some_floats((size_t)(T * config.C), 815 + 20 * i, cases[i].size);
        situation(o, "%d tokens, C %d, H %d, F %d%s", T, config.C, config.H, config.F,
                  cases[i].what);
        probe_block(f, o, post, T, &config, &b, x);
        if (i ==
            0) { /* the example: halves that add nothing; the same sizes, other weights */
            memset(b.attn_c_proj_weight, 0, sizeof(float[4][4]));
            memset(b.attn_c_proj_bias, 0, sizeof(float[4]));
            memset(b.mlp_c_proj_weight, 0, sizeof(float[7][4]));
            memset(b.mlp_c_proj_bias, 0, sizeof(float[4]));
            situation(o, "both halves add 0");
            probe_block(f, o, post, T, &config, &b, x);
        }
        free(x);
        free_block(&b);
    }
}

static void probe_transformer_block(any_function f, struct outcome *o)
{
    probe_blocks(f, o, false);
}

static void probe_post_norm_block(any_function f, struct outcome *o)
{
    probe_blocks(f, o, true);
}

/* cross_attention on given numbers. */
static void probe_cross(any_function f, struct outcome *o, int T, int S, int D,
                        const char *what, const float *from_q, const float *from_k,
                        const float *from_v)
{
    static char *const read[] = {"Un", "␣robot", "␣doit", "␣obéir", "␣aux", "␣ordres"};
    static char *const text[] = {"A", "␣robot", "␣must", "␣obey", "␣orders"};
    const struct axis asking = {T, T <= 5 ? text : NULL},
                      looked_at = {S, S <= 6 ? read : NULL};
    double *want = grab((size_t)T * (size_t)S, sizeof *want),
           *found = grab((size_t)T * (size_t)D, sizeof *found);
    for (int t = 0; t < T; t++) {
        double largest = -INFINITY, sum = 0, *row = want + t * S;
        for (int s = 0; s < S; s++) {
            for (int i = 0; i < D; i++)
                row[s] += (double)from_q[t * D + i] * (double)from_k[s * D + i] / sqrt(D);
            largest = fmax(largest, row[s]);
        }
        for (int s = 0; s < S; s++)
            sum += row[s] = exp(row[s] - largest);
        for (int s = 0; s < S; s++) {
            row[s] /= sum;
            for (int i = 0; i < D; i++)
                found[t * D + i] += row[s] * (double)from_v[s * D + i];
        }
    }
    situation(o, "%d token%s at %d, D %d%s", T, T == 1 ? " looks" : "s look", S, D, what);
    const float(*q)[D] =
        given(o, "q", 2, (const struct axis[]){asking, {D, NULL}}, FLOATS, from_q);
    const float(*k)[D] =
        given(o, "k", 2, (const struct axis[]){looked_at, {D, NULL}}, FLOATS, from_k);
    const float(*v)[D] =
        given(o, "v", 2, (const struct axis[]){looked_at, {D, NULL}}, FLOATS, from_v);
    float(*weights)[S] =
        written(o, "weights", 2, (const struct axis[]){asking, looked_at}, FLOATS);
    float(*context)[D] =
        written(o, "context", 2, (const struct axis[]){asking, {D, NULL}}, FLOATS);
    TESTED(cross_attention, f)(T, S, D, weights, context, q, k, v);
    record_beside(o, "weights", 2, (const struct axis[]){asking, looked_at}, weights,
                  want);
    record_beside(o, "context", 2, (const struct axis[]){asking, {D, NULL}}, context,
                  found);
    free(want);
    free(found);
}

static void probe_cross_attention(any_function f, struct outcome *o)
{
    static const struct {
        int T, S, D;
        float size; /* of queries and keys */
        const char *what;
    } cases[] = {
        {4, 6, 3, 1.5f, ""},                   /* more to look at than tokens */
        {5, 2, 4, 1.5f, ""},                   /* fewer: nothing is read past the end */
        {3, 3, 2, 1.5f, ""},                   /* as many: still nothing is hidden */
        {2, 1, 3, 1.5f, ""},                   /* one token gets all the weight */
        {3, 4, 1, 1.5f, ""},                   /* D = 1: √D is 1 */
        {4, 5, 6, 20, ", scores of hundreds"}, /* a softmax that overflows */
        {1, 4, 3, 0, ", all scores are 0"},    /* even weights */
        {2, 1031, 3, 1, ""},   /* a long text was read, a prime: fixed buffers */
        {1033, 2, 2, 1, ""},   /* a long text is written: fixed buffers */
        {2, 3, 131, 0.4f, ""}, /* long queries: fixed buffers */
        {2, 3, 4, 1.5f, ""},   /* small again: what was kept */
    };
    probe_cross(f, o, 1, 3, 1, ", the example", (const float[]){0},
                (const float[]){1, 2, 3}, (const float[]){3, 6, 9});
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int T = cases[i].T, S = cases[i].S, D = cases[i].D;
        float *q = some_floats((size_t)(T * D), 880 + 3 * i, cases[i].size),
              *k = some_floats((size_t)(S * D), 881 + 3 * i, cases[i].size),
              *v = some_floats((size_t)(S * D), 882 + 3 * i, 3);
        probe_cross(f, o, T, S, D, cases[i].what, q, k, v);
        free(q);
        free(k);
        free(v);
    }
}

/* Four calls on the same memory, one after the other: what one leaves behind, the next one finds. */
static void probe_ablated_block(any_function f, struct outcome *o)
{
    static const struct {
        bool attention, feed_forward;
        const char *mid, *output;
    } calls[] = {
        {false, true, "call 1, without attention: s->mid",
         "call 1, without attention: s->output"},
        {false, false, "call 2, without both: s->mid", "call 2, without both: s->output"},
        {true, true, "call 3, with both: s->mid", "call 3, with both: s->output"},
        {true, false, "call 4, without feed-forward: s->mid",
         "call 4, without feed-forward: s->output"},
    };
    static const struct {
        int T, C, H, F;
    } cases[] = {
        {3, 4, 2, 7},   /* the usual: more units than channels */
        {1, 6, 3, 5},   /* one token; one unit less than channels: room for zeros */
        {2, 6, 2, 4},   /* fewer units than channels: room for zeros */
        {1, 257, 1, 3}, /* rows longer than a byte can say: fixed buffers */
        {2, 2, 1, 259}, /* the same of the units */
        {131, 4, 2, 5}, /* many tokens, and a prime: fixed buffers */
        {2, 4, 2, 9},   /* small again: what was kept */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int T = cases[i].T, C = cases[i].C, F = cases[i].F;
        const struct config config = {.positions = T,
                                      .V = 4,
                                      .C = C,
                                      .H = cases[i].H,
                                      .L = 1,
                                      .F = F,
                                      .epsilon = 1e-5f};
        struct block b = random_block(&config, 900 + 20 * i);
        float *x = some_floats((size_t)(T * C), 915 + 20 * i, 2);
        situation(o, "%d token%s, C %d, H %d, F %d, four calls", T, T == 1 ? "" : "s", C,
                  config.H, F);
        struct walled w = wall_block(o, T, &config, &b, x, true);
        for (int n = 0; n < 4; n++) {
            w.s = w.room;
            TESTED(ablated_block, f)
            (T, &config, &w.s, w.x, &w.b, calls[n].attention, calls[n].feed_forward);
            struct wanted_steps want =
                want_block(T, &config, x, &b, calls[n].attention, calls[n].feed_forward);
            record_beside(o, calls[n].mid, ROWS(T, C), w.room.mid, want.mid);
            record_beside(o, calls[n].output, ROWS(T, C), w.room.output, want.output);
            free_wanted(&want);
        }
        record(o, "b->attn_c_proj_weight", AXES({C, NULL}, {C, NULL}),
               w.b.attn_c_proj_weight, b.attn_c_proj_weight);
        record(o, "b->attn_c_proj_bias", AXES({C, NULL}), w.b.attn_c_proj_bias,
               b.attn_c_proj_bias);
        record(o, "b->mlp_c_proj_weight", AXES({F, NULL}, {C, NULL}),
               w.b.mlp_c_proj_weight, b.mlp_c_proj_weight);
        record(o, "b->mlp_c_proj_bias", AXES({C, NULL}), w.b.mlp_c_proj_bias,
               b.mlp_c_proj_bias);
        free(x);
        free_block(&b);
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
         MISTAKE(wrong_transformer_block_ln_2_twice),
         MISTAKE(wrong_transformer_block_norms_swapped),
         MISTAKE(wrong_transformer_block_reads_x),
         MISTAKE(wrong_transformer_block_reads_mid),
         MISTAKE(wrong_transformer_block_post_norm),
         MISTAKE(wrong_transformer_block_feed_forward_first),
     },
     {
         RIGHT(right_transformer_block_copies),
         RIGHT(right_transformer_block_by_hand),
         RIGHT(right_transformer_block_three_parts),
     }},
    {EXERCISE(post_norm_block),
     {
         MISTAKE(wrong_post_norm_block_pre_norm),
         MISTAKE(wrong_post_norm_block_norm_then_add),
         MISTAKE(wrong_post_norm_block_sum_goes_on),
         MISTAKE(wrong_post_norm_block_reads_the_sum),
         MISTAKE(wrong_post_norm_block_adds_to_x),
         MISTAKE(wrong_post_norm_block_no_shortcuts),
         MISTAKE(wrong_post_norm_block_ln_1_twice),
         MISTAKE(wrong_post_norm_block_ln_2_twice),
         MISTAKE(wrong_post_norm_block_norms_swapped),
         MISTAKE(wrong_post_norm_block_no_last_norm),
     },
     {
         RIGHT(right_post_norm_block_copies),
         RIGHT(right_post_norm_block_by_hand),
         RIGHT(right_post_norm_block_by_rows),
     }},
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
     {
         RIGHT(right_cross_attention_double),
         RIGHT(right_cross_attention_in_place),
         RIGHT(right_cross_attention_steps),
     }},
    {EXERCISE(ablated_block),
     {
         MISTAKE(wrong_ablated_block_as_handed_out),
         MISTAKE(wrong_ablated_block_weights_only),
         MISTAKE(wrong_ablated_block_the_other),
         MISTAKE(wrong_ablated_block_the_wrong_way_round),
         MISTAKE(wrong_ablated_block_nothing),
         MISTAKE(wrong_ablated_block_both_or_none),
         MISTAKE(wrong_ablated_block_rows_lost),
         MISTAKE(wrong_ablated_block_zeros),
         MISTAKE(wrong_ablated_block_x_goes_out),
         MISTAKE(wrong_ablated_block_silent_c_attn),
     },
     {
         RIGHT(right_ablated_block_calls),
         RIGHT(right_ablated_block_zeros),
         RIGHT(right_ablated_block_restores),
     }},
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
                                "4 9 23' --block 0 --dump '%s/d'",
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
        ck_assert_int_eq(run_program(format_text("--block 0 --dump '%s/d'", folder)), 0);
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

/* What the whole model costs is what PyTorch's logits say, and every part can be taken out. */
START_TEST(parts_can_be_taken_out)
{
    static const int ids[] = {28, 4, 17, 0, 4, 9, 23};
    struct stored_file want = open_reference("09_stack");
    const int T = reference_length(&want, "odd.logits", 0),
              V = reference_length(&want, "odd.logits", 1);
    ck_assert_int_eq(T, 7);
    float *logits = reference_floats(&want, "odd.logits", AXES({T, NULL}, {V, NULL}));
    double nats = 0;
    for (int t = 0; t + 1 < T; t++) {
        double sum = 0;
        for (int v = 0; v < V; v++)
            sum += exp((double)logits[t * V + v]);
        nats += (log(sum) - (double)logits[t * V + ids[t + 1]]) / (T - 1);
    }
    ck_assert_int_eq(
        run_program("--model tests/reference/odd --ids '28 4 17 0 4 9 23' ablate"), 0);
    const char *line = strstr((char *)output.data, "nothing");
    double got, more;
    ck_assert(line && sscanf(line, "nothing %lf %lf", &got, &more) == 2);
    ck_assert_msg(fabs(got - nats) < 0.006 && more == 0, "%g, expected %g", got, nats);
    static const char *const parts[] = {
        "(costs most)",  "attention of block 1", "feed-forward of block 1",
        "all attention", "all feed-forward",     "all shortcuts",
        "the positions",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr((char *)output.data, parts[i]) != NULL, "%s", parts[i]);
    ck_assert(strstr((char *)output.data, "nan") == NULL);
    check_columns("ablate");
    free(logits);
    close_stored(&want);
}
END_TEST

/* PyTorch in double precision, on the same weights: 1.5049 and 4.4291 above the last block, 5.0509
 * and 0.0036 at block 0. */
START_TEST(without_shortcuts_no_gradient_reaches_the_bottom)
{
    ck_assert_int_eq(run_program("gradient"), 0);
    const char *line = strstr((char *)output.data, "above the last block");
    double with, without;
    ck_assert(line && sscanf(line, "above the last block %lf %lf", &with, &without) == 2);
    ck_assert_msg(fabs(with - 1.5049) < 0.02 && fabs(without - 4.4291) < 0.04, "%g, %g",
                  with, without);
    line = strstr((char *)output.data, "reaches block 0");
    ck_assert(line && sscanf(line, "reaches block 0 %lf %lf", &with, &without) == 2);
    ck_assert_msg(fabs(with - 5.0509) < 0.05 && without < 0.02, "%g, %g", with, without);
    check_columns("gradient");
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
        {"frobnicate", "frobnicate: unknown command"},
        {"--model tests/reference/odd --ids 1 ablate", "the prompt is one token"},
        {"--model tests/reference/odd --ids 1 gradient", "the prompt is one token"},
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
    tcase_add_test(t, parts_can_be_taken_out);
    ADD_TEST_NEEDING(t, without_shortcuts_no_gradient_reaches_the_bottom,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, degenerate_input_prints_numbers);
}

BOOK_TESTS("08_block", add_tests)
