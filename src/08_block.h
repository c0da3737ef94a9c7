/* 08_block.h: one block: attention, then feed-forward, each added to the stream of rows.
 * Chapter 8 of the book: chapters/08_block.md */
#ifndef BLOCK_H
#define BLOCK_H

#include "07_feed_forward.h"

/* sum = x + y, number by number. x, y [T, C] → sum [T, C] */
static inline void add_rows(int T, int C, float sum[restrict T][C], const float x[T][C],
                            const float y[T][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            sum[t][c] = x[t][c] + y[t][c];
}

/* All steps of a block on T rows. */
struct block_steps {
    void *ln_1; /* [T][C]: what attention reads */
    struct attention attention;
    void *mid;  /* [T][C]: the rows after attention has been added */
    void *ln_2; /* [T][C]: what feed-forward reads */
    struct feed_forward mlp;
    void *output;       /* [T][C]: the rows after feed-forward has been added */
    struct tensors own; /* all of these, if new_block_steps made them */
};

/* Adds the tensors of block l to a list, to be dumped and freed with it: h.l.ln_1 to h.l.output. */
static inline struct block_steps add_block_steps(struct tensors *list, int l, int T,
                                                 const struct config *config)
{
    const int C = config->C, H = config->H, F = config->F;
    struct block_steps s = {0};
    tensors_of_block(list, l);
    s.ln_1 = new_tensor(list, "ln_1", SHAPE(T, C));
    s.attention = add_attention(list, T, H, C / H);
    s.mid = new_tensor(list, "mid", SHAPE(T, C));
    s.ln_2 = new_tensor(list, "ln_2", SHAPE(T, C));
    s.mlp = add_feed_forward(list, T, C, F);
    s.output = new_tensor(list, "output", SHAPE(T, C));
    return s;
}

/* A block by itself, with its own list. */
static inline struct block_steps new_block_steps(int T, const struct config *config)
{
    struct tensors own = {0};
    struct block_steps s = add_block_steps(&own, 0, T, config);
    s.own = own;
    return s;
}

static inline void free_block_steps(struct block_steps *s)
{
    free_tensors(&s->own);
    *s = (struct block_steps){0};
}

#ifdef MINE_transformer_block
void transformer_block(int T, const struct config *config, struct block_steps *s,
                       const float x[T][config->C], const struct block *b);
#else
/* GPT-2's block. What each half computes is added to the rows; the norm comes before the half
 * and not on the stream (pre-norm). x [T, C] → s->output [T, C], and all steps between */
static inline void transformer_block(int T, const struct config *config,
                                     struct block_steps *s, const float x[T][config->C],
                                     const struct block *b)
{
    const int C = config->C;
    layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);

    layer_norm(T, C, s->ln_2, s->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}
#endif

#ifdef MINE_post_norm_block
void post_norm_block(int T, const struct config *config, struct block_steps *s,
                     const float x[T][config->C], const struct block *b);
#else
/* The block of the first Transformer and of BERT: each half reads the rows as they are, and the
 * norm comes after the sum, on the stream (post-norm; Vaswani et al. 2017, 3.1). s->ln_1 and
 * s->ln_2 are the two sums. x [T, C] → s->output [T, C], and all steps between */
static inline void post_norm_block(int T, const struct config *config,
                                   struct block_steps *s, const float x[T][config->C],
                                   const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    layer_norm(T, C, s->mid, s->ln_1, b->ln_1_weight, b->ln_1_bias, config->epsilon);

    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    layer_norm(T, C, s->output, s->ln_2, b->ln_2_weight, b->ln_2_bias, config->epsilon);
}
#endif

#ifdef MINE_cross_attention
void cross_attention(int T, int S, int D, float weights[restrict T][S],
                     float context[restrict T][D], const float q[T][D],
                     const float k[S][D], const float v[S][D]);
#else
/* The decoder's second attention, which GPT-2 does not have: one head, whose queries come from
 * T tokens of the text that is written, and whose keys and values come from S tokens of the
 * text that was read. Nothing is hidden: all of that text is there.
 * q [T, D], k, v [S, D] → weights [T, S], context [T, D] */
static inline void cross_attention(int T, int S, int D, float weights[restrict T][S],
                                   float context[restrict T][D], const float q[T][D],
                                   const float k[S][D], const float v[S][D])
{
    float scores[S];
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < S; s++) {
            float dot = 0;
            for (int i = 0; i < D; i++)
                dot += q[t][i] * k[s][i];
            scores[s] = dot / sqrtf((float)D);
        }
        softmax(S, weights[t], scores);
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < S; s++)
                context[t][i] += weights[t][s] * v[s][i];
        }
    }
}
#endif

#ifdef MINE_ablated_block
void ablated_block(int T, const struct config *config, struct block_steps *s,
                   const float x[T][config->C], const struct block *b,
                   bool with_attention, bool with_feed_forward);
#else
/* The block with one half left out, or both: a half that projects with zeros adds nothing.
 * x [T, C] → s->mid, s->output [T, C], and all steps of the halves that are there */
static inline void ablated_block(int T, const struct config *config,
                                 struct block_steps *s, const float x[T][config->C],
                                 const struct block *b, bool with_attention,
                                 bool with_feed_forward)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    float *zeros = grab(C * (C > F ? C : F), sizeof *zeros);
    struct block quiet = *b;
    if (!with_attention)
        quiet.attn_c_proj_weight = quiet.attn_c_proj_bias = zeros;
    if (!with_feed_forward)
        quiet.mlp_c_proj_weight = quiet.mlp_c_proj_bias = zeros;
    transformer_block(T, config, s, x, &quiet);
    free(zeros);
}
#endif

#endif
