/* 07_feed_forward.h: the feed-forward layer: wider, bent, and narrow again, a row at a time.
 * Chapter 7 of the book: chapters/07_feed_forward.md */
#ifndef FEED_FORWARD_H
#define FEED_FORWARD_H

#include "06_heads.h"

#ifdef MINE_gelu
float gelu(float x);
#else
/* GELU as GPT-2 computes it, with tanh: ½x (1 + tanh(√(2/π) (x + 0.044715 x³))).
 * Large x pass unchanged, very negative ones become 0, and in between it bends softly.
 * (Hendrycks and Gimpel 2016, section 2) */
static inline float gelu(float x)
{
    const float root = 0.7978845608f; /* √(2/π) */
    return 0.5f * x * (1 + tanhf(root * (x + 0.044715f * x * x * x)));
}
#endif

/* The exact form that tanh approximates: x · Φ(x), where Φ(x) = ½ (1 + erf(x/√2)) is the share of a normal
 * distribution that lies below x. GPT-2 does not use it. */
static inline float gelu_erf(float x)
{
    return 0.5f * x * (1 + erff(x * 0.7071067812f)); /* 1/√2 */
}

/* All steps of the feed-forward layer on T rows. F is 4C in GPT-2. */
struct feed_forward {
    void *c_fc;   /* [T][F]: the hidden units */
    void *gelu;   /* [T][F]: after GELU */
    void *output; /* [T][C] */
};

/* Adds the tensors of such a layer to a list, to be dumped and freed with it. */
static inline struct feed_forward add_feed_forward(struct tensors *list, int T, int C,
                                                   int F)
{
    struct feed_forward f = {0};
    f.c_fc = new_tensor(list, "mlp.c_fc", SHAPE(T, F));
    f.gelu = new_tensor(list, "mlp.gelu", SHAPE(T, F));
    f.output = new_tensor(list, "mlp.c_proj", SHAPE(T, C));
    return f;
}

/* Such a layer by itself, which is not dumped. */
static inline struct feed_forward new_feed_forward(int T, int C, int F)
{
    const size_t t = (size_t)T, c = (size_t)C, f = (size_t)F, size = sizeof(float);
    return (struct feed_forward){grab(t, f * size), grab(t, f * size), grab(t, c * size)};
}

static inline void free_feed_forward(struct feed_forward *f)
{
    free(f->c_fc);
    free(f->gelu);
    free(f->output);
    *f = (struct feed_forward){0};
}

#ifdef MINE_feed_forward
void feed_forward(int T, int C, int F, struct feed_forward *f, const float x[T][C],
                  const struct block *b);
#else
/* The feed-forward layer: wider, bent, narrow again; each row by itself.
 * x [T, C] (normalized) → f->c_fc, f->gelu [T, F], f->output [T, C] */
static inline void feed_forward(int T, int C, int F, struct feed_forward *f,
                                const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu;
    linear(T, C, F, wide, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        for (int u = 0; u < F; u++)
            bent[t][u] = gelu(wide[t][u]);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}
#endif

#ifdef MINE_rms_norm
void rms_norm(int T, int C, float y[T][C], const float x[T][C], const float weight[C],
              float epsilon);
#else
/* RMS norm, which many newer models have in place of layer norm: each row divided by its root
 * mean square. No mean is subtracted, and there is no bias. (Zhang and Sennrich 2019)
 * x [T, C], weight [C] → y [T, C] */
static inline void rms_norm(int T, int C, float y[restrict T][C], const float x[T][C],
                            const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float squares = 0;
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        const float size = sqrtf(squares / (float)C + epsilon);
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / size * weight[c];
    }
}
#endif

#ifdef MINE_fold_norm
void fold_norm(int C, int F, float w[C][F], float b[F], const float weight[C],
               const float bias[C]);
#else
/* A norm's weight and bias move into the linear layer after it: from rows without them it then
 * makes what it made from rows with them. weight, bias [C] → w [C, F], b [F], changed */
static inline void fold_norm(int C, int F, float w[C][F], float b[F],
                             const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++)
        for (int c = 0; c < C; c++)
            b[u] += bias[c] * w[c][u];
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++)
            w[c][u] *= weight[c];
}
#endif

#endif
