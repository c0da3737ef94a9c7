/* Right answers of another kind to the exercises of chapter 8: what else readers may write. None
 * of them is to be refused. */
#ifndef BLOCK_RIGHT_H
#define BLOCK_RIGHT_H

/* A layer norm of one's own, in double precision. */
static inline void right_norm(int T, int C, float *y, const float *x, const float *weight,
                              const float *bias, float epsilon)
{
    for (int t = 0; t < T; t++, x += C, y += C) {
        double mean = 0, squares = 0;
        for (int c = 0; c < C; c++)
            mean += (double)x[c] / C;
        for (int c = 0; c < C; c++)
            squares += pow((double)x[c] - mean, 2) / C;
        for (int c = 0; c < C; c++)
            y[c] = (float)(((double)x[c] - mean) / sqrt(squares + (double)epsilon) *
                               (double)weight[c] +
                           (double)bias[c]);
    }
}

/* What a half has computed is added to rows that are there already. */
static inline void right_add_to(int n, float *rows, const float *half)
{
    while (n-- > 0)
        *rows++ += *half++;
}

/* ---- transformer_block -------------------------------------------------------------- */

/* Copies, to which is added; norms of one's own. */
RIGHT_ANSWER void right_transformer_block_copies(int T, const struct config *config,
                                                 struct block_steps *s,
                                                 const float x[T][config->C],
                                                 const struct block *b)
{
    const int C = config->C;
    const size_t size = (size_t)T * (size_t)C * sizeof(float);
    right_norm(T, C, s->ln_1, *x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    memcpy(s->mid, x, size);
    right_add_to(T * C, s->mid, s->attention.output);
    right_norm(T, C, s->ln_2, s->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    memcpy(s->output, s->mid, size);
    right_add_to(T * C, s->output, s->mlp.output);
}

/* The sums by hand, the other way round, row by row. */
RIGHT_ANSWER void right_transformer_block_by_hand(int T, const struct config *config,
                                                  struct block_steps *s,
                                                  const float x[T][config->C],
                                                  const struct block *b)
{
    const int C = config->C, H = config->H, F = config->F;
    float(*mid)[C] = s->mid, (*ln_2)[C] = s->ln_2, (*output)[C] = s->output;
    const float(*found)[C] = s->attention.output, (*made)[C] = s->mlp.output;
    layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    attend(T, C, H, &s->attention, s->ln_1, b);
    for (int t = 0; t < T; t++) {
        for (int c = 0; c < C; c++)
            mid[t][c] = found[t][c] + x[t][c];
        layer_norm(1, C, &ln_2[t], &mid[t], b->ln_2_weight, b->ln_2_bias,
                   config->epsilon);
    }
    feed_forward(T, C, F, &s->mlp, ln_2, b);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            output[t][c] = made[t][c] + mid[t][c];
}

/* Both sums from the parts: out = in + attention + feed-forward. */
RIGHT_ANSWER void right_transformer_block_three_parts(int T, const struct config *config,
                                                      struct block_steps *s,
                                                      const float x[T][config->C],
                                                      const struct block *b)
{
    const int C = config->C;
    layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    add_rows(T, C, s->mid, s->attention.output, x);
    layer_norm(T, C, s->ln_2, s->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    float(*both)[C] = grab((size_t)T, sizeof *both);
    add_rows(T, C, both, s->attention.output, s->mlp.output);
    add_rows(T, C, s->output, x, both);
    free(both);
}

/* ---- post_norm_block ---------------------------------------------------------------- */

RIGHT_ANSWER void right_post_norm_block_copies(int T, const struct config *config,
                                               struct block_steps *s,
                                               const float x[T][config->C],
                                               const struct block *b)
{
    const int C = config->C;
    const size_t size = (size_t)T * (size_t)C * sizeof(float);
    attend(T, C, config->H, &s->attention, x, b);
    memcpy(s->ln_1, x, size);
    right_add_to(T * C, s->ln_1, s->attention.output);
    right_norm(T, C, s->mid, s->ln_1, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    memcpy(s->ln_2, s->mid, size);
    right_add_to(T * C, s->ln_2, s->mlp.output);
    right_norm(T, C, s->output, s->ln_2, b->ln_2_weight, b->ln_2_bias, config->epsilon);
}

RIGHT_ANSWER void right_post_norm_block_by_hand(int T, const struct config *config,
                                                struct block_steps *s,
                                                const float x[T][config->C],
                                                const struct block *b)
{
    const int C = config->C;
    const float *found = s->attention.output, *made = s->mlp.output, *from = *x;
    float *first = s->ln_1, *mid = s->mid, *second = s->ln_2;
    attend(T, C, config->H, &s->attention, x, b);
    for (int n = T * C - 1; n >= 0; n--)
        first[n] = found[n] + from[n];
    layer_norm(T, C, s->mid, s->ln_1, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->mid, b);
    for (int n = 0; n < T * C; n++)
        second[n] = made[n] + mid[n];
    layer_norm(T, C, s->output, s->ln_2, b->ln_2_weight, b->ln_2_bias, config->epsilon);
}

/* The second half row by row. */
RIGHT_ANSWER void right_post_norm_block_by_rows(int T, const struct config *config,
                                                struct block_steps *s,
                                                const float x[T][config->C],
                                                const struct block *b)
{
    const int C = config->C;
    float(*sum)[C] = s->ln_1, (*mid)[C] = s->mid, (*last)[C] = s->ln_2,
    (*out)[C] = s->output;
    attend(T, C, config->H, &s->attention, x, b);
    for (int t = 0; t < T; t++) {
        add_rows(1, C, &sum[t], &x[t], (float(*)[C])s->attention.output + t);
        layer_norm(1, C, &mid[t], &sum[t], b->ln_1_weight, b->ln_1_bias, config->epsilon);
    }
    feed_forward(T, C, config->F, &s->mlp, mid, b);
    for (int t = 0; t < T; t++) {
        add_rows(1, C, &last[t], &mid[t], (float(*)[C])s->mlp.output + t);
        layer_norm(1, C, &out[t], &last[t], b->ln_2_weight, b->ln_2_bias,
                   config->epsilon);
    }
}

/* ---- cross_attention ---------------------------------------------------------------- */

RIGHT_ANSWER void right_cross_attention_double(int T, int S, int D,
                                               float weights[restrict T][S],
                                               float context[restrict T][D],
                                               const float q[T][D], const float k[S][D],
                                               const float v[S][D])
{
    double *power = grab((size_t)S, sizeof *power);
    for (int t = 0; t < T; t++) {
        double largest = -HUGE_VAL, sum = 0;
        for (int s = 0; s < S; s++) {
            power[s] = 0;
            for (int i = 0; i < D; i++)
                power[s] += (double)q[t][i] * (double)k[s][i];
            power[s] /= sqrt(D);
            largest = fmax(largest, power[s]);
        }
        for (int s = 0; s < S; s++)
            sum += power[s] = exp(power[s] - largest);
        for (int s = 0; s < S; s++)
            weights[t][s] = (float)(power[s] / sum);
        for (int i = 0; i < D; i++) {
            double found = 0;
            for (int s = 0; s < S; s++)
                found += power[s] * (double)v[s][i];
            context[t][i] = (float)(found / sum);
        }
    }
    free(power);
}

/* Scores are kept in weights, and turned into weights in place. */
RIGHT_ANSWER void right_cross_attention_in_place(int T, int S, int D,
                                                 float weights[restrict T][S],
                                                 float context[restrict T][D],
                                                 const float q[T][D], const float k[S][D],
                                                 const float v[S][D])
{
    const float root = 1 / sqrtf((float)D);
    memset(context, 0, sizeof(float[T][D]));
    for (int s = 0; s < S; s++)
        for (int t = 0; t < T; t++) {
            weights[t][s] = 0;
            for (int i = 0; i < D; i++)
                weights[t][s] += q[t][i] * root * k[s][i];
        }
    for (int t = 0; t < T; t++) {
        float most = weights[t][0], sum = 0;
        for (int s = 1; s < S; s++)
            most = fmaxf(most, weights[t][s]);
        for (int s = 0; s < S; s++)
            sum += weights[t][s] = expf(weights[t][s] - most);
        for (int s = 0; s < S; s++) {
            weights[t][s] /= sum;
            for (int i = 0; i < D; i++)
                context[t][i] += weights[t][s] * v[s][i];
        }
    }
}

/* As the second hint says, with the scores on the heap, a step at a time for all tokens. */
RIGHT_ANSWER void right_cross_attention_steps(int T, int S, int D,
                                              float weights[restrict T][S],
                                              float context[restrict T][D],
                                              const float q[T][D], const float k[S][D],
                                              const float v[S][D])
{
    float(*scores)[S] = malloc((size_t)T * sizeof *scores);
    for (int t = 0; t < T; t++)
        for (int s = 0; s < S; s++) {
            double dot = 0;
            for (int i = D - 1; i >= 0; i--)
                dot += (double)(q[t][i] * k[s][i]);
            scores[t][s] = (float)dot / sqrtf((float)D);
        }
    for (int t = 0; t < T; t++)
        softmax(S, weights[t], scores[t]);
    for (int i = 0; i < D; i++)
        for (int t = 0; t < T; t++) {
            float sum = 0;
            for (int s = S - 1; s >= 0; s--)
                sum += weights[t][s] * v[s][i];
            context[t][i] = sum;
        }
    free(scores);
}

/* ---- ablated_block ------------------------------------------------------------------ */

/* The block's own six calls, of which some are not made. */
RIGHT_ANSWER void right_ablated_block_calls(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b, bool with_attention,
                                            bool with_feed_forward)
{
    const int C = config->C;
    if (with_attention) {
        layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
        attend(T, C, config->H, &s->attention, s->ln_1, b);
        add_rows(T, C, s->mid, x, s->attention.output);
    } else
        memcpy(s->mid, x, (size_t)T * sizeof *x);
    if (with_feed_forward) {
        layer_norm(T, C, s->ln_2, s->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
        feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
        add_rows(T, C, s->output, s->mid, s->mlp.output);
    } else
        memcpy(s->output, s->mid, (size_t)T * sizeof *x);
}

/* Memory of zeros for each, as the second hint says. */
RIGHT_ANSWER void right_ablated_block_zeros(int T, const struct config *config,
                                            struct block_steps *s,
                                            const float x[T][config->C],
                                            const struct block *b, bool with_attention,
                                            bool with_feed_forward)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    struct block quiet = *b;
    if (!with_attention) {
        quiet.attn_c_proj_weight = grab(C * C, sizeof(float));
        quiet.attn_c_proj_bias = grab(C, sizeof(float));
    }
    if (!with_feed_forward) {
        quiet.mlp_c_proj_weight = grab(F * C, sizeof(float));
        quiet.mlp_c_proj_bias = grab(C, sizeof(float));
    }
    transformer_block(T, config, s, x, &quiet);
    if (!with_attention) {
        free(quiet.attn_c_proj_weight);
        free(quiet.attn_c_proj_bias);
    }
    if (!with_feed_forward) {
        free(quiet.mlp_c_proj_weight);
        free(quiet.mlp_c_proj_bias);
    }
}

/* Silences n numbers, and gives back what they were. */
static inline float *right_silence(size_t n, float *numbers)
{
    float *kept = grab(n, sizeof *kept);
    memcpy(kept, numbers, n * sizeof *kept);
    memset(numbers, 0, n * sizeof *kept);
    return kept;
}

static inline void right_restore(size_t n, float *numbers, float *kept)
{
    memcpy(numbers, kept, n * sizeof *kept);
    free(kept);
}

/* The model is changed, and put back as it was. */
RIGHT_ANSWER void right_ablated_block_restores(int T, const struct config *config,
                                               struct block_steps *s,
                                               const float x[T][config->C],
                                               const struct block *b, bool with_attention,
                                               bool with_feed_forward)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    float *kept[4] = {0};
    if (!with_attention) {
        kept[0] = right_silence(C * C, b->attn_c_proj_weight);
        kept[1] = right_silence(C, b->attn_c_proj_bias);
    }
    if (!with_feed_forward) {
        kept[2] = right_silence(F * C, b->mlp_c_proj_weight);
        kept[3] = right_silence(C, b->mlp_c_proj_bias);
    }
    transformer_block(T, config, s, x, b);
    if (!with_attention) {
        right_restore(C * C, b->attn_c_proj_weight, kept[0]);
        right_restore(C, b->attn_c_proj_bias, kept[1]);
    }
    if (!with_feed_forward) {
        right_restore(F * C, b->mlp_c_proj_weight, kept[2]);
        right_restore(C, b->mlp_c_proj_bias, kept[3]);
    }
}

#endif
