/* The usual mistakes in the exercises of chapter 8. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef BLOCK_MISTAKES_H
#define BLOCK_MISTAKES_H

/* ---- transformer_block -------------------------------------------------------------- */

/* The two norms, as most mistakes still have them. */
static inline void norm_1(int T, const struct config *config, void *y, const void *x,
                          const struct block *b)
{
    layer_norm(T, config->C, y, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
}

static inline void norm_2(int T, const struct config *config, void *y, const void *x,
                          const struct block *b)
{
    layer_norm(T, config->C, y, x, b->ln_2_weight, b->ln_2_bias, config->epsilon);
}

/* All T rows from one tensor to another. */
static inline void copy_rows(int T, int C, void *to, const void *from)
{
    memcpy(to, from, (size_t)T * (size_t)C * sizeof(float));
}

SAYS(wrong_transformer_block_no_first_shortcut,
     "s->mid is attention's output alone: x is lost. What attention computes is added to "
     "the rows: s->mid is x plus s->attention.output.")
WRONG void wrong_transformer_block_no_first_shortcut(int T, const struct config *config,
                                                     struct block_steps *s,
                                                     const float x[T][config->C],
                                                     const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    copy_rows(T, C, s->mid, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_no_second_shortcut,
     "s->output is feed-forward's output alone: it should be s->mid plus s->mlp.output.")
WRONG void wrong_transformer_block_no_second_shortcut(int T, const struct config *config,
                                                      struct block_steps *s,
                                                      const float x[T][config->C],
                                                      const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    copy_rows(T, C, s->output, s->mlp.output);
}

SAYS(wrong_transformer_block_no_shortcuts,
     "neither half is added: what each one computes replaces the rows. Both are added to "
     "what came in.")
WRONG void wrong_transformer_block_no_shortcuts(int T, const struct config *config,
                                                struct block_steps *s,
                                                const float x[T][config->C],
                                                const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    copy_rows(T, C, s->mid, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    copy_rows(T, C, s->output, s->mlp.output);
}

SAYS(wrong_transformer_block_adds_to_x,
     "feed-forward's output is added to x: then what attention found is lost on the way. "
     "It is added to s->mid, which has it already.")
WRONG void wrong_transformer_block_adds_to_x(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, x, s->mlp.output);
}

SAYS(wrong_transformer_block_adds_normalized,
     "the normalized rows are added to, s->ln_1 and s->ln_2: the norm is for what a half "
     "reads. The sums begin with the rows themselves, x and s->mid.")
WRONG void wrong_transformer_block_adds_normalized(int T, const struct config *config,
                                                   struct block_steps *s,
                                                   const float x[T][config->C],
                                                   const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, s->ln_1, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->ln_2, s->mlp.output);
}

SAYS(wrong_transformer_block_parallel,
     "feed-forward reads x, normalized, and not s->mid: then it does not hear what "
     "attention found. (GPT-J's blocks are built like this; GPT-2's are not.)")
WRONG void wrong_transformer_block_parallel(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, x, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_ln_1_again,
     "the second norm takes the first one's weights: s->ln_2 is s->mid, normalized with "
     "b->ln_2_weight and b->ln_2_bias.")
WRONG void wrong_transformer_block_ln_1_again(int T, const struct config *config,
                                              struct block_steps *s,
                                              const float x[T][config->C],
                                              const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_1(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_ln_2_twice,
     "the first norm takes the second one's weights: s->ln_1 is x, normalized with "
     "b->ln_1_weight and b->ln_1_bias.")
WRONG void wrong_transformer_block_ln_2_twice(int T, const struct config *config,
                                              struct block_steps *s,
                                              const float x[T][config->C],
                                              const struct block *b)
{
    const int C = config->C;
    norm_2(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_norms_swapped,
     "the norms are exchanged: ln_1 comes before attention, ln_2 before feed-forward.")
WRONG void wrong_transformer_block_norms_swapped(int T, const struct config *config,
                                                 struct block_steps *s,
                                                 const float x[T][config->C],
                                                 const struct block *b)
{
    const int C = config->C;
    norm_2(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_1(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_reads_x,
     "attention reads x as it is: it should read s->ln_1, the normalized rows.")
WRONG void wrong_transformer_block_reads_x(int T, const struct config *config,
                                           struct block_steps *s,
                                           const float x[T][config->C],
                                           const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_reads_mid,
     "feed-forward reads s->mid as it is: it should read s->ln_2, the normalized rows.")
WRONG void wrong_transformer_block_reads_mid(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_transformer_block_post_norm,
     "the norms come after the sums, as in the first Transformer: in GPT-2 they come "
     "before attention and before feed-forward, and the sums continue as they are.")
WRONG void wrong_transformer_block_post_norm(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_transformer_block_feed_forward_first,
     "feed-forward comes first and attention second: it is the other way round.")
WRONG void wrong_transformer_block_feed_forward_first(int T, const struct config *config,
                                                      struct block_steps *s,
                                                      const float x[T][config->C],
                                                      const struct block *b)
{
    const int C = config->C;
    norm_2(T, config, s->ln_2, x, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->mid, x, s->mlp.output);
    norm_1(T, config, s->ln_1, s->mid, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->output, s->mid, s->attention.output);
}

/* ---- post_norm_block ---------------------------------------------------------------- */

SAYS(wrong_post_norm_block_pre_norm,
     "the norms come before the halves, as in GPT-2's block: here they come after the "
     "sums, and attention reads x itself.")
WRONG void wrong_post_norm_block_pre_norm(int T, const struct config *config,
                                          struct block_steps *s,
                                          const float x[T][config->C],
                                          const struct block *b)
{
    const int C = config->C;
    norm_1(T, config, s->ln_1, x, b);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    norm_2(T, config, s->ln_2, s->mid, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
}

SAYS(wrong_post_norm_block_norm_then_add,
     "each half's output is normalized and then added: it is added first, and the sum is "
     "normalized.")
WRONG void wrong_post_norm_block_norm_then_add(int T, const struct config *config,
                                               struct block_steps *s,
                                               const float x[T][config->C],
                                               const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    norm_1(T, config, s->ln_1, s->attention.output, b);
    add_rows(T, C, s->mid, x, s->ln_1);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    norm_2(T, config, s->ln_2, s->mlp.output, b);
    add_rows(T, C, s->output, s->mid, s->ln_2);
}

SAYS(wrong_post_norm_block_sum_goes_on,
     "feed-forward's output is added to the sum before its norm, s->ln_1: after the "
     "norm, only the normalized rows continue, s->mid.")
WRONG void wrong_post_norm_block_sum_goes_on(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->ln_1, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_reads_the_sum,
     "feed-forward reads the sum before its norm, s->ln_1: it should read s->mid.")
WRONG void wrong_post_norm_block_reads_the_sum(int T, const struct config *config,
                                               struct block_steps *s,
                                               const float x[T][config->C],
                                               const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->ln_1, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_adds_to_x,
     "feed-forward's output is added to x: it should be added to s->mid.")
WRONG void wrong_post_norm_block_adds_to_x(int T, const struct config *config,
                                           struct block_steps *s,
                                           const float x[T][config->C],
                                           const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, x, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_no_shortcuts,
     "nothing is added: what each half computes is normalized and replaces the rows. "
     "First add it to the rows that the half has read.")
WRONG void wrong_post_norm_block_no_shortcuts(int T, const struct config *config,
                                              struct block_steps *s,
                                              const float x[T][config->C],
                                              const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    copy_rows(T, C, s->ln_1, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    copy_rows(T, C, s->ln_2, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_norms_swapped,
     "the norms are exchanged: ln_1 comes after the first sum, ln_2 after the second.")
WRONG void wrong_post_norm_block_norms_swapped(int T, const struct config *config,
                                               struct block_steps *s,
                                               const float x[T][config->C],
                                               const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_2(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    norm_1(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_ln_1_twice,
     "the second norm takes the first one's weights: s->output is s->ln_2, normalized "
     "with b->ln_2_weight and b->ln_2_bias.")
WRONG void wrong_post_norm_block_ln_1_twice(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    norm_1(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_ln_2_twice,
     "the first norm takes the second one's weights: s->mid is s->ln_1, normalized with "
     "b->ln_1_weight and b->ln_1_bias.")
WRONG void wrong_post_norm_block_ln_2_twice(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_2(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    norm_2(T, config, s->output, s->ln_2, b);
}

SAYS(wrong_post_norm_block_no_last_norm,
     "the last sum is not normalized: s->output is s->ln_2 after its norm.")
WRONG void wrong_post_norm_block_no_last_norm(int T, const struct config *config,
                                              struct block_steps *s,
                                              const float x[T][config->C],
                                              const struct block *b)
{
    const int C = config->C;
    attend(T, C, config->H, &s->attention, x, b);
    add_rows(T, C, s->ln_1, x, s->attention.output);
    norm_1(T, config, s->mid, s->ln_1, b);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    add_rows(T, C, s->ln_2, s->mid, s->mlp.output);
    copy_rows(T, C, s->output, s->ln_2);
}

/* ---- cross_attention ---------------------------------------------------------------- */

/* The sum that follows the weights in every mistake but one. */
static inline void sum_values(int T, int S, int D, float context[T][D],
                              const float weights[T][S], const float v[S][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < S; s++)
                context[t][i] += weights[t][s] * v[s][i];
        }
}

static inline float product(int D, const float a[D], const float b[D])
{
    float dot = 0;
    for (int i = 0; i < D; i++)
        dot += a[i] * b[i];
    return dot;
}

/* Weights from products that are divided by `by`. */
static inline void weigh(int T, int S, int D, float by, float weights[T][S],
                         const float q[T][D], const float k[S][D])
{
    float scores[S];
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < S; s++)
            scores[s] = product(D, q[t], k[s]) / by;
        softmax(S, weights[t], scores);
    }
}

SAYS(wrong_cross_attention_no_root, "the products are not divided by √D.")
WRONG void wrong_cross_attention_no_root(int T, int S, int D,
                                         float weights[restrict T][S],
                                         float context[restrict T][D],
                                         const float q[T][D], const float k[S][D],
                                         const float v[S][D])
{
    weigh(T, S, D, 1, weights, q, k);
    sum_values(T, S, D, context, weights, v);
}

SAYS(wrong_cross_attention_by_d, "the products are divided by D, not by its root.")
WRONG void wrong_cross_attention_by_d(int T, int S, int D, float weights[restrict T][S],
                                      float context[restrict T][D], const float q[T][D],
                                      const float k[S][D], const float v[S][D])
{
    weigh(T, S, D, (float)D, weights, q, k);
    sum_values(T, S, D, context, weights, v);
}

SAYS(wrong_cross_attention_root_of_s,
     "the products are divided by √S, the number of tokens: divide by √D, the width of a "
     "query.")
WRONG void wrong_cross_attention_root_of_s(int T, int S, int D,
                                           float weights[restrict T][S],
                                           float context[restrict T][D],
                                           const float q[T][D], const float k[S][D],
                                           const float v[S][D])
{
    weigh(T, S, D, sqrtf((float)S), weights, q, k);
    sum_values(T, S, D, context, weights, v);
}

SAYS(wrong_cross_attention_masked,
     "token t sees only the tokens up to t of the other text: nothing is hidden here. "
     "That "
     "text was there as a whole before the first word of this one.")
WRONG void wrong_cross_attention_masked(int T, int S, int D, float weights[restrict T][S],
                                        float context[restrict T][D], const float q[T][D],
                                        const float k[S][D], const float v[S][D])
{
    float scores[S];
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < S; s++)
            scores[s] = s <= t ? product(D, q[t], k[s]) / sqrtf((float)D) : -INFINITY;
        softmax(S, weights[t], scores);
    }
    sum_values(T, S, D, context, weights, v);
}

SAYS(wrong_cross_attention_down_the_columns,
     "the softmax goes down the columns: each of the T rows must sum to 1.")
WRONG void
wrong_cross_attention_down_the_columns(int T, int S, int D, float weights[restrict T][S],
                                       float context[restrict T][D], const float q[T][D],
                                       const float k[S][D], const float v[S][D])
{
    float scores[T], shares[T];
    for (int s = 0; s < S; s++) {
        for (int t = 0; t < T; t++)
            scores[t] = product(D, q[t], k[s]) / sqrtf((float)D);
        softmax(T, shares, scores);
        for (int t = 0; t < T; t++)
            weights[t][s] = shares[t];
    }
    sum_values(T, S, D, context, weights, v);
}

SAYS(wrong_cross_attention_no_softmax,
     "the scores themselves are the weights: they must go through a softmax, row by row.")
WRONG void wrong_cross_attention_no_softmax(int T, int S, int D,
                                            float weights[restrict T][S],
                                            float context[restrict T][D],
                                            const float q[T][D], const float k[S][D],
                                            const float v[S][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < S; s++)
            weights[t][s] = product(D, q[t], k[s]) / sqrtf((float)D);
    sum_values(T, S, D, context, weights, v);
}

SAYS(
    wrong_cross_attention_sums_keys,
    "the context is a sum of keys: the weights are made with the keys, the sum is of the "
    "values.")
WRONG void wrong_cross_attention_sums_keys(int T, int S, int D,
                                           float weights[restrict T][S],
                                           float context[restrict T][D],
                                           const float q[T][D], const float k[S][D],
                                           const float v[S][D])
{
    (void)v;
    weigh(T, S, D, sqrtf((float)D), weights, q, k);
    sum_values(T, S, D, context, weights, k);
}

SAYS(wrong_cross_attention_only_t,
     "only the first T tokens of the other text get a weight: it has S of them.")
WRONG void wrong_cross_attention_only_t(int T, int S, int D, float weights[restrict T][S],
                                        float context[restrict T][D], const float q[T][D],
                                        const float k[S][D], const float v[S][D])
{
    float scores[S];
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < S; s++)
            scores[s] = s < T ? product(D, q[t], k[s]) / sqrtf((float)D) : -INFINITY;
        softmax(S, weights[t], scores);
    }
    sum_values(T, S, D, context, weights, v);
}

/* ---- ablated_block ------------------------------------------------------------------ */

/* The block with these projections silent, with the weights only or their biases too. */
static inline void block_without(int T, const struct config *config,
                                 struct block_steps *s, const void *x,
                                 const struct block *b, bool attention, bool feed_forward,
                                 bool biases_too)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    float *zeros = grab(C * (C > F ? C : F), sizeof *zeros);
    struct block quiet = *b;
    if (attention)
        quiet.attn_c_proj_weight = zeros;
    if (attention && biases_too)
        quiet.attn_c_proj_bias = zeros;
    if (feed_forward)
        quiet.mlp_c_proj_weight = zeros;
    if (feed_forward && biases_too)
        quiet.mlp_c_proj_bias = zeros;
    transformer_block(T, config, s, x, &quiet);
    free(zeros);
}

SAYS(
    wrong_ablated_block_as_handed_out,
    "the function still does what it did when it was handed out: the first half that it "
    "leaves out is missing in all later calls, and the block's own weights have changed.")
WRONG void wrong_ablated_block_as_handed_out(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b, bool with_attention,
                                             bool with_feed_forward)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    if (!with_attention) {
        memset(b->attn_c_proj_weight, 0, C * C * sizeof(float));
        memset(b->attn_c_proj_bias, 0, C * sizeof(float));
    }
    if (!with_feed_forward) {
        memset(b->mlp_c_proj_weight, 0, F * C * sizeof(float));
        memset(b->mlp_c_proj_bias, 0, C * sizeof(float));
    }
    transformer_block(T, config, s, x, b);
}

SAYS(wrong_ablated_block_weights_only,
     "a half that is left out still adds its bias: both are 0, the weights and the bias "
     "of its c_proj.")
WRONG void wrong_ablated_block_weights_only(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b, bool with_attention,
                                            bool with_feed_forward)
{
    block_without(T, config, s, x, b, !with_attention, !with_feed_forward, false);
}

SAYS(wrong_ablated_block_the_other,
     "the half that is left out is the one that should stay: with attention alone, it is "
     "feed-forward that is there.")
WRONG void wrong_ablated_block_the_other(int T, const struct config *config,
                                         struct block_steps *s,
                                         const float x[T][config->C],
                                         const struct block *b, bool with_attention,
                                         bool with_feed_forward)
{
    block_without(T, config, s, x, b, !with_feed_forward, !with_attention, true);
}

SAYS(wrong_ablated_block_the_wrong_way_round,
     "a half is there when it should be left out, and left out when it should be there.")
WRONG void wrong_ablated_block_the_wrong_way_round(int T, const struct config *config,
                                                   struct block_steps *s,
                                                   const float x[T][config->C],
                                                   const struct block *b,
                                                   bool with_attention,
                                                   bool with_feed_forward)
{
    block_without(T, config, s, x, b, with_attention, with_feed_forward, true);
}

SAYS(wrong_ablated_block_nothing,
     "nothing is left out: all four calls give the whole block.")
WRONG void wrong_ablated_block_nothing(int T, const struct config *config,
                                       struct block_steps *s, const float x[T][config->C],
                                       const struct block *b, bool with_attention,
                                       bool with_feed_forward)
{
    (void)with_attention, (void)with_feed_forward;
    transformer_block(T, config, s, x, b);
}

SAYS(wrong_ablated_block_both_or_none, "both halves are left out as soon as one is.")
WRONG void wrong_ablated_block_both_or_none(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b, bool with_attention,
                                            bool with_feed_forward)
{
    const bool out = !with_attention || !with_feed_forward;
    block_without(T, config, s, x, b, out, out, true);
}

SAYS(wrong_ablated_block_rows_lost,
     "what goes past a half that is left out is lost: s->mid or s->output is what was "
     "there before. The rows continue, so s->mid is then x, and s->output is s->mid.")
WRONG void wrong_ablated_block_rows_lost(int T, const struct config *config,
                                         struct block_steps *s,
                                         const float x[T][config->C],
                                         const struct block *b, bool with_attention,
                                         bool with_feed_forward)
{
    const size_t size = (size_t)T * sizeof *x;
    void *mid = memcpy(grab(1, size), s->mid, size),
         *output = memcpy(grab(1, size), s->output, size);
    if (with_attention)
        block_without(T, config, s, x, b, false, true, true);
    else
        memcpy(s->mid, mid, size);
    if (with_feed_forward) {
        float(*rows)[config->C] = memcpy(grab(1, size), s->mid, size);
        block_without(T, config, s, rows, b, true, false, true);
        memcpy(s->mid, rows, size);
        free(rows);
    } else
        memcpy(s->output, output, size);
    free(mid);
    free(output);
}

SAYS(wrong_ablated_block_zeros,
     "a half that is left out leaves zeros: s->mid or s->output is 0 then. The rows "
     "continue, so s->mid is then x, and s->output is s->mid.")
WRONG void wrong_ablated_block_zeros(int T, const struct config *config,
                                     struct block_steps *s, const float x[T][config->C],
                                     const struct block *b, bool with_attention,
                                     bool with_feed_forward)
{
    const size_t size = (size_t)T * sizeof *x;
    float(*rows)[config->C] = grab(1, size);
    if (with_attention) {
        block_without(T, config, s, x, b, false, true, true);
        memcpy(rows, s->mid, size);
    }
    block_without(T, config, s, rows, b, true, !with_feed_forward, true);
    if (!with_feed_forward)
        memset(s->output, 0, size);
    free(rows);
}

SAYS(wrong_ablated_block_x_goes_out,
     "without feed-forward x itself goes out: what attention has added is lost. "
     "s->output is s->mid then.")
WRONG void wrong_ablated_block_x_goes_out(int T, const struct config *config,
                                          struct block_steps *s,
                                          const float x[T][config->C],
                                          const struct block *b, bool with_attention,
                                          bool with_feed_forward)
{
    block_without(T, config, s, x, b, !with_attention, !with_feed_forward, true);
    if (!with_feed_forward)
        memcpy(s->output, x, (size_t)T * sizeof *x);
}

SAYS(wrong_ablated_block_silent_c_attn,
     "attention is left out by zeros in c_attn: what it adds then is c_proj's bias and "
     "what c_proj makes of c_attn's. It is c_proj's weights and bias that must be 0.")
WRONG void wrong_ablated_block_silent_c_attn(int T, const struct config *config,
                                             struct block_steps *s,
                                             const float x[T][config->C],
                                             const struct block *b, bool with_attention,
                                             bool with_feed_forward)
{
    const size_t C = (size_t)config->C;
    float *zeros = grab(3 * C * C, sizeof *zeros);
    struct block quiet = *b;
    if (!with_attention)
        quiet.attn_c_attn_weight = zeros;
    block_without(T, config, s, x, &quiet, false, !with_feed_forward, true);
    free(zeros);
}

#endif
