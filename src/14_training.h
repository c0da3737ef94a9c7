/* 14_training.h: how the weights are found: the loss, its gradient all the way back, and a
 * step downhill. Chapter 14 of the book: chapters/14_training.md */
#ifndef TRAINING_H
#define TRAINING_H

#include "12_speed.h"

/* ---- The loss ------------------------------------------------------------------------- */

#ifdef MINE_cross_entropy
float cross_entropy(int V, const float logits[V], int target);
#else
/* How surprised the model is by the token that came next, in nats: minus the logarithm of the
 * probability that softmax gives the target. logits [V] → -ln p[target] =
 * ln Σ e^logits[v] - logits[target]. The largest logit is taken off first. */
static inline float cross_entropy(int V, const float logits[V], int target)
{
    const float largest = largest_of(V, logits);
    const float sum = exp_row(V, NULL, logits, largest);
    return logf(sum) + largest - logits[target];
}
#endif

#ifdef MINE_cross_entropy_backward
void cross_entropy_backward(int V, float dlogits[V], const float logits[V], int target,
                            float share);
#else
/* Which way each logit should go: its probability, less 1 for the target. Multiplied by
 * `share`, how much this position counts in the loss. logits [V] → dlogits [V], which may be the
 * same array */
static inline void cross_entropy_backward(int V, float dlogits[V], const float logits[V],
                                          int target, float share)
{
    const float largest = largest_of(V, logits);
    const float sum = exp_row(V, dlogits, logits, largest);
    for (int v = 0; v < V; v++)
        dlogits[v] = dlogits[v] / sum * share;
    dlogits[target] -= share;
}
#endif

/* ---- Backward, layer by layer --------------------------------------------------------- */

/* Each function is given the gradient of its layer's output, d(out), and the layer's input; it
 * gives the gradient of the input. Gradients of weights are added to what is there: every row
 * of every text has a say. */

#ifdef MINE_layer_norm_backward
void layer_norm_backward(int R, int C, float dx[R][C], float dweight[C], float dbias[C],
                         const float dy[R][C], const float x[R][C], const float weight[C],
                         float epsilon);
#else
/* Layer norm, y = (x - mean) / deviation * weight + bias.
 * dy, x [R, C], weight [C] → dx [R, C], dweight, dbias [C]; all three added to what is there.
 * With n = (x - mean) / deviation and g = dy * weight, a row's dx is
 * (g - mean(g) - n mean(g n)) / deviation: the parts that would only move or stretch the row
 * are taken out, since the norm does not let them through. */
static inline void layer_norm_backward(int R, int C, float dx[restrict R][C],
                                       float dweight[restrict C], float dbias[restrict C],
                                       const float dy[R][C], const float x[R][C],
                                       const float weight[C], float epsilon)
{
    for (int r = 0; r < R; r++) {
        float sum = 0, squares = 0, g_sum = 0, gn_sum = 0;
        OMP(simd reduction(+ : sum))
        for (int c = 0; c < C; c++)
            sum += x[r][c];
        const float mean = sum / (float)C;
        OMP(simd reduction(+ : squares))
        for (int c = 0; c < C; c++)
            squares += (x[r][c] - mean) * (x[r][c] - mean);
        const float scale = 1 / sqrtf(squares / (float)C + epsilon);
        OMP(simd reduction(+ : g_sum, gn_sum))
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) * scale, g = dy[r][c] * weight[c];
            g_sum += g;
            gn_sum += g * n;
            dweight[c] += dy[r][c] * n;
            dbias[c] += dy[r][c];
        }
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) * scale, g = dy[r][c] * weight[c];
            dx[r][c] += (g - g_sum / (float)C - n * gn_sum / (float)C) * scale;
        }
    }
}
#endif

/* The same for all rows, on all cores. A piece of the rows adds up its own dweight and dbias,
 * and these are added in the order of the pieces: the same sum for any number of threads. */
static inline void norm_rows_backward(int R, int C, float dx[restrict R][C],
                                      float *dweight, float *dbias, const float dy[R][C],
                                      const float x[R][C], const float weight[C],
                                      float epsilon)
{
    enum { PIECES = 32 };
    float(*sums)[2][C] = grab(PIECES, sizeof *sums);
    OMP(parallel for schedule(dynamic))
    for (int p = 0; p < PIECES; p++) {
        const int first = (int)((long)R * p / PIECES),
                  end = (int)((long)R * (p + 1) / PIECES);
        if (end > first)
            layer_norm_backward(end - first, C, dx + first, sums[p][0], sums[p][1],
                                dy + first, x + first, weight, epsilon);
    }
    for (int p = 0; p < PIECES; p++)
        for (int c = 0; c < C; c++) {
            dweight[c] += sums[p][0][c];
            dbias[c] += sums[p][1][c];
        }
    free(sums);
}

/* Linear, y = x · w + b. dy [R, O], x [R, I], w [I, O] → dx [R, I] = dy · wᵀ,
 * dw [I, O] += xᵀ · dy, db [O] += the sum of dy's rows */
static inline void linear_backward(int R, int I, int O, float dx[restrict R][I],
                                   float dw[restrict I][O], float db[restrict O],
                                   const float dy[R][O], const float x[R][I],
                                   const float w[I][O])
{
    enum { STRIP = 128 };
    product_with_rows(R, O, I, dx, dy, w);
    add_product_of_columns(R, I, O, dw, x, dy);
    OMP(parallel for)
    for (int o = 0; o < O; o += STRIP) {
        const int wide = smaller(STRIP, O - o);
        float sum[STRIP] = {0};
        for (int r = 0; r < R; r++)
            for (int i = 0; i < wide; i++)
                sum[i] += dy[r][o + i];
        for (int i = 0; i < wide; i++)
            db[o + i] += sum[i];
    }
}

/* GELU, n numbers: dx = dy * GELU'(x); dx may be dy. y = x σ(2u) with σ(z) = 1 / (1 + e^-z)
 * and u = √(2/π) (x + 0.044715 x³), so y' = σ + 2 x σ (1 - σ) u'. */
static inline void gelu_backward(int n, float *dx, const float *dy, const float *x)
{
    for (int i = 0; i < n; i += LANES) {
        const int some = smaller(n - i, LANES);
        const lanes v = some == LANES ? load(x + i) : load_some(some, x + i);
        const lanes d = some == LANES ? load(dy + i) : load_some(some, dy + i);
        const lanes s = gelu_sigma(v);
        const lanes du = 0.7978845608f * (1.0f + 0.134145f * v * v);
        const lanes dv = d * (s + 2.0f * v * s * (1.0f - s) * du);
        if (some == LANES)
            store(dx + i, dv);
        else
            store_some(some, dx + i, dv);
    }
}

/* Softmax, one row: p [n] its output, dp [n] → ds [n], which may be dp:
 * ds = p * (dp - Σ dp p). A score that goes up takes from all others. */
static inline void softmax_backward(int n, float ds[n], const float dp[n],
                                    const float p[n])
{
    float dot = 0;
    OMP(simd reduction(+ : dot))
    for (int i = 0; i < n; i++)
        dot += dp[i] * p[i];
    for (int i = 0; i < n; i++)
        ds[i] = p[i] * (dp[i] - dot);
}

#ifdef MINE_attend_backward
void attend_backward(int T, int D, float dq[T][D], float dk[T][D], float dv[T][D],
                     const float dcontext[T][D], const float weights[T][T],
                     const float q[T][D], const float k[T][D], const float v[T][D]);
#else
/* Attention of one head, backward, in plain loops. dcontext, q, k, v [T, D], weights [T, T], 0
 * for the future → dq, dk, dv [T, D] */
static inline void attend_backward(int T, int D, float dq[T][D], float dk[T][D],
                                   float dv[T][D], const float dcontext[T][D],
                                   const float weights[T][T], const float q[T][D],
                                   const float k[T][D], const float v[T][D])
{
    float *dweights = grab((size_t)T, sizeof *dweights);
    for (int t = 0; t < T; t++) {
        float average = 0;
        for (int i = 0; i < D; i++)
            dq[t][i] = dk[t][i] = dv[t][i] = 0;
        for (int s = 0; s <= t; s++) {
            dweights[s] = 0;
            for (int i = 0; i < D; i++) {
                dweights[s] += dcontext[t][i] * v[s][i];
                dv[s][i] += weights[t][s] * dcontext[t][i];
            }
            average += weights[t][s] * dweights[s];
        }
        for (int s = 0; s <= t; s++) {
            const float dscore =
                weights[t][s] * (dweights[s] - average) / sqrtf((float)D);
            for (int i = 0; i < D; i++) {
                dq[t][i] += dscore * k[s][i];
                dk[s][i] += dscore * q[t][i];
            }
        }
    }
    free(dweights);
}
#endif

/* Attention of one head of one text, backward. weights [T, T] and qkv as attend_head read and
 * wrote them, dcontext the gradient of its part of the context → dqkv, laid out as qkv.
 *     dv = weightsᵀ · dcontext      dweights = dcontext · vᵀ
 *     dscores = softmax_backward(dweights) / √D
 *     dq = dscores · k              dk = dscoresᵀ · q */
static inline void attend_head_backward(int T, int D, int C, float *dqkv,
                                        const float *dcontext, const float weights[T][T],
                                        const float *qkv, float *work)
{
    const struct padded P = padded(T, D);
    const size_t area = (size_t)P.T * (size_t)P.D, square = (size_t)P.T * (size_t)P.T,
                 wide = (size_t)P.D, row = (size_t)P.T, step = 3 * (size_t)C;
    float *const q = work, *const k = q + area, *const v = k + area, *const d = v + area,
                 *const dq = d + area, *const dk = dq + area, *const dv = dk + area,
                 *const w = dv + area, *const s = w + square;
    gather(T, D, P.T, P.D, q, qkv, step);
    gather(T, D, P.T, P.D, k, qkv + C, step);
    gather_columns(T, D, P.T, P.D, v, qkv + 2 * C, step);
    gather(T, D, P.T, P.D, d, dcontext, (size_t)C);
    gather(T, T, P.T, P.T, w, weights[0], (size_t)T);
    const float scale = 1 / sqrtf((float)D);
    for (int t0 = 0; t0 < T; t0 += TILE_ROWS) {
        const int end = smaller(t0 + TILE_ROWS, T);
        float *const rows = s + (size_t)t0 * row;
        for (int s0 = 0; s0 < end; s0 += TILE_COLUMNS)
            small_tile(D, rows + s0, row, d + (size_t)t0 * wide, wide, 1, v + s0, row);
        for (int t = t0; t < t0 + TILE_ROWS; t++) {
            float *const ds = s + (size_t)t * row;
            const int seen = t < T ? t + 1 : 0;
            if (seen)
                softmax_backward(seen, ds, ds, w + (size_t)t * row);
            for (int i = 0; i < seen; i++)
                ds[i] *= scale;
            for (int i = seen; i < t0 + TILE_ROWS; i++)
                ds[i] = 0;
        }
        for (int c = 0; c < D; c += TILE_COLUMNS)
            small_tile(end, dq + (size_t)t0 * wide + c, wide, rows, row, 1, k + c, wide);
    }
    /* Token s gets back what it gave, from itself and from all tokens after it. */
    for (int s0 = 0; s0 < T; s0 += TILE_ROWS) {
        const size_t from = (size_t)s0 * row + (size_t)s0, at = (size_t)s0 * wide;
        for (int c = 0; c < D; c += TILE_COLUMNS) {
            small_tile(T - s0, dk + at + c, wide, s + from, 1, row, q + at + c, wide);
            small_tile(T - s0, dv + at + c, wide, w + from, 1, row, d + at + c, wide);
        }
    }
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            const size_t to = (size_t)t * step + (size_t)i,
                         from = (size_t)t * wide + (size_t)i;
            dqkv[to] = dq[from];
            dqkv[to + (size_t)C] = dk[from];
            dqkv[to + 2 * (size_t)C] = dv[from];
        }
}

/* How many floats of work attend_head_backward needs. */
static inline size_t head_backward_work(int T, int D)
{
    const struct padded P = padded(T, D);
    const size_t t = (size_t)P.T, d = (size_t)P.D;
    return 7 * t * d + 2 * t * t;
}

/* All heads of all texts. dcontext [R, C], weights [B, H, T, T], qkv [R, 3C] → dqkv [R, 3C] */
static inline void attend_all_backward(int B, int T, int C, int H,
                                       float dqkv[restrict B][T][3 * C],
                                       const float dcontext[B][T][C],
                                       const float weights[B][H][T][T],
                                       const float qkv[B][T][3 * C])
{
    const int D = C / H;
    OMP(parallel)
    {
        float *work = grab(head_backward_work(T, D), sizeof *work);
        OMP(for schedule(dynamic))
        for (int i = 0; i < B * H; i++) {
            const int b = i / H, h = i % H;
            attend_head_backward(T, D, C, &dqkv[b][0][h * D], &dcontext[b][0][h * D],
                                 weights[b][h], &qkv[b][0][h * D], work);
        }
        free(work);
    }
}

/* Embedding: a token's row of wte gets the gradients of all positions that hold the token, a
 * position's row of wpe those of all texts. ids [R], dx [R, C] → dwte, dwpe, added to what is there */
static inline void embed_backward(int R, int T, int C, float dwte[][C], float dwpe[][C],
                                  const int ids[R], const float dx[R][C])
{
    enum { STRIP = 32 };
    OMP(parallel for)
    for (int first = 0; first < C; first += STRIP)
        for (int r = 0; r < R; r++)
            for (int c = first; c < smaller(first + STRIP, C); c++) {
                dwte[ids[r]][c] += dx[r][c];
                dwpe[r % T][c] += dx[r][c];
            }
}

/* ---- The whole model, backward -------------------------------------------------------- */

/* Room for gradients on their way back: of the rows (dx) and of what a layer reads. */
struct backward_work {
    void *dx, *dnorm; /* [R][C] */
    void *wide;       /* [R][max(3C, F)] */
};

static inline struct backward_work new_backward_work(int R, const struct config *config)
{
    const size_t rows = (size_t)R, C = (size_t)config->C, F = (size_t)config->F;
    return (struct backward_work){grab(rows, C * sizeof(float)),
                                  grab(rows, C * sizeof(float)),
                                  grab(rows, (F > 3 * C ? F : 3 * C) * sizeof(float))};
}

static inline void free_backward_work(struct backward_work *k)
{
    free(k->dx);
    free(k->dnorm);
    free(k->wide);
    *k = (struct backward_work){0};
}

/* Puts the loss at each position into losses [R], and the gradient of their mean over `count`
 * positions into p->logits, in place of the logits. A target of -1 counts for nothing. */
static inline void losses_backward(const struct config *config, struct fast_pass *p,
                                   float *losses, const int *targets, long count)
{
    const int R = p->B * p->T, V = config->V;
    float(*logits)[V] = p->logits;
    const float share = 1 / (float)count;
    OMP(parallel for)
    for (int r = 0; r < R; r++) {
        losses[r] = 0;
        if (targets[r] < 0) {
            memset(logits[r], 0, sizeof logits[r]);
            continue;
        }
        losses[r] = cross_entropy(V, logits[r], targets[r]);
        cross_entropy_backward(V, logits[r], logits[r], targets[r], share);
    }
}

/* logits = ln_f · headᵀ. From the logits' gradient, which is in p->logits, back to the gradient
 * of the last block's output: k->dx. */
static inline void head_backward(const struct config *config, const struct weights *g,
                                 const struct fast_pass *p, const struct weights *w,
                                 struct backward_work *k)
{
    const int R = p->B * p->T, C = config->C, V = config->V, L = config->L;
    const float(*dlogits)[V] = p->logits, (*head)[C] = w->lm_head;
    product(R, V, C, k->dnorm, dlogits, head, NULL);
    add_product_of_columns(R, V, C, g->lm_head, dlogits, p->ln_f);
    memset(k->dx, 0, (size_t)R * (size_t)C * sizeof(float));
    norm_rows_backward(R, C, k->dx, g->ln_f_weight, g->ln_f_bias, k->dnorm,
                       L ? p->h[L - 1].output : p->embedding, w->ln_f_weight,
                       config->epsilon);
}

/* The second half of block l, output = mid + mlp. k->dx, the gradient of the output, is that of
 * mid too; what comes through the layer is added to it. */
static inline void mlp_backward(const struct config *config, int l,
                                const struct weights *g, const struct fast_pass *p,
                                const struct weights *w, struct backward_work *k)
{
    const int R = p->B * p->T, C = config->C, F = config->F;
    const struct fast_block *h = &p->h[l];
    const struct block *b = &w->h[l], *d = &g->h[l];
    float(*wide)[F] = k->wide;
    const float(*c_fc)[F] = h->c_fc;
    linear_backward(R, F, C, wide, d->mlp_c_proj_weight, d->mlp_c_proj_bias, k->dx,
                    h->gelu, b->mlp_c_proj_weight);
    OMP(parallel for)
    for (int r = 0; r < R; r++)
        gelu_backward(F, wide[r], wide[r], c_fc[r]);
    linear_backward(R, C, F, k->dnorm, d->mlp_c_fc_weight, d->mlp_c_fc_bias, wide,
                    h->ln_2, b->mlp_c_fc_weight);
    norm_rows_backward(R, C, k->dx, d->ln_2_weight, d->ln_2_bias, k->dnorm, h->mid,
                       b->ln_2_weight, config->epsilon);
}

/* The first half, mid = x + attention: the same once more. */
static inline void attention_backward(const struct config *config, int l,
                                      const struct weights *g, const struct fast_pass *p,
                                      const struct weights *w, struct backward_work *k)
{
    const int B = p->B, T = p->T, R = B * T, C = config->C;
    const struct fast_block *h = &p->h[l];
    const struct block *b = &w->h[l], *d = &g->h[l];
    linear_backward(R, C, C, k->dnorm, d->attn_c_proj_weight, d->attn_c_proj_bias, k->dx,
                    h->context, b->attn_c_proj_weight);
    attend_all_backward(B, T, C, config->H, k->wide, k->dnorm, h->weights, h->qkv);
    linear_backward(R, C, 3 * C, k->dnorm, d->attn_c_attn_weight, d->attn_c_attn_bias,
                    k->wide, h->ln_1, b->attn_c_attn_weight);
    norm_rows_backward(R, C, k->dx, d->ln_1_weight, d->ln_1_bias, k->dnorm,
                       l ? p->h[l - 1].output : p->embedding, b->ln_1_weight,
                       config->epsilon);
}

/* From the logits' gradient, which is in p->logits, back to every parameter's: added to what g
 * holds. p is what fast_forward left for ids [B, T]. If the head is wte, both add to the same
 * rows. */
static inline void fast_backward(const struct config *config, const struct weights *g,
                                 const struct fast_pass *p, const int *ids,
                                 const struct weights *w, struct backward_work *k)
{
    head_backward(config, g, p, w, k);
    for (int l = config->L - 1; l >= 0; l--) {
        mlp_backward(config, l, g, p, w, k);
        attention_backward(config, l, g, p, w, k);
    }
    embed_backward(p->B * p->T, p->T, config->C, g->wte, g->wpe, ids, k->dx);
}

/* ---- A step downhill ------------------------------------------------------------------ */

struct adamw {
    float rate;         /* how far a step goes */
    float beta1, beta2; /* how slowly the two means forget */
    float epsilon;
    float decay; /* each step, a weight loses rate * decay times its value */
};

#ifdef MINE_adamw_step
void adamw_step(size_t n, float w[n], float m[n], float v[n], const float g[n], long t,
                const struct adamw *a);
#else
/* AdamW (Loshchilov and Hutter 2019), step number t, the first is 1: m is a running mean of the
 * gradient, v of its square, both too small at first and corrected; each weight moves by
 * m/√v, about one `rate` whatever the size of its gradient, and shrinks a little by itself.
 * w, m, v [n] changed in place, g [n] */
static inline void adamw_step(size_t n, float w[restrict n], float m[restrict n],
                              float v[restrict n], const float g[restrict n], long t,
                              const struct adamw *a)
{
    const float unbias1 = (float)(1 / (1 - pow((double)a->beta1, (double)t)));
    const float unbias2 = (float)(1 / (1 - pow((double)a->beta2, (double)t)));
    const float rate = a->rate, keep = 1 - a->rate * a->decay, beta1 = a->beta1,
                beta2 = a->beta2, epsilon = a->epsilon;
    OMP(parallel for simd)
    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] = w[i] * keep - rate * (m[i] * unbias1) / (sqrtf(v[i] * unbias2) + epsilon);
    }
}
#endif

/* The length of a vector of n numbers; pieces are added in order, for any number of threads. */
static inline double length_of(size_t n, const float *x)
{
    enum { PIECE = 1 << 16 };
    const size_t pieces = (n + PIECE - 1) / PIECE;
    double *sums = grab(pieces, sizeof *sums), sum = 0;
    OMP(parallel for)
    for (size_t p = 0; p < pieces; p++) {
        const size_t end = (p + 1) * PIECE < n ? (p + 1) * PIECE : n;
        float some = 0;
        OMP(simd reduction(+ : some))
        for (size_t i = p * PIECE; i < end; i++)
            some += x[i] * x[i];
        sums[p] = (double)some;
    }
    for (size_t p = 0; p < pieces; p++)
        sum += sums[p];
    free(sums);
    return sqrt(sum);
}

/* Shortens a gradient of n numbers to the length `most`, if it is longer. Returns how long it
 * was. */
static inline double clip(size_t n, float *g, double most)
{
    const double length = length_of(n, g);
    if (!(length <= most)) {
        const float scale = (float)(most / length);
        OMP(parallel for simd)
        for (size_t i = 0; i < n; i++)
            g[i] *= scale;
    }
    return length;
}

/* The learning rate of step t of `steps` (the first is 1): up in a straight line for `warm`
 * steps, then down along half a cosine to nothing. */
static inline float rate_at(long t, long steps, long warm, float peak)
{
    if (t <= warm)
        return peak * (float)t / (float)warm;
    const double through = (double)(t - warm) / (double)(steps - warm + 1);
    return (float)((double)peak * 0.5 * (1 + cos(3.14159265358979 * through)));
}

/* ---- A training run's memory ---------------------------------------------------------- */

/* A model in training: the weights, their gradients and AdamW's two means, four flat arrays of
 * `count` floats in the order of chapter 2; after them the head, if it is not wte. */
struct learner {
    struct config config;
    size_t count;
    float *w, *g, *m, *v;
    struct weights weights, gradients;
    long step; /* how many are done */
};

static inline struct learner new_learner(const struct config *config, bool tied)
{
    const size_t all = parameter_count(config),
                 n = all + (tied ? 0 : tensor_place(config, 0).size);
    struct learner l = {.config = *config,
                        .count = n,
                        .w = grab(n, sizeof(float)),
                        .g = grab(n, sizeof(float)),
                        .m = grab(n, sizeof(float)),
                        .v = grab(n, sizeof(float))};
    l.weights = lay_out_weights(config, l.w);
    l.gradients = lay_out_weights(config, l.g);
    if (!tied) {
        l.weights.lm_head = l.w + all;
        l.gradients.lm_head = l.g + all;
    }
    return l;
}

static inline void free_learner(struct learner *l)
{
    free_weights(&l->weights);
    free_weights(&l->gradients);
    free(l->w);
    free(l->g);
    free(l->m);
    free(l->v);
    *l = (struct learner){0};
}

/* One step of AdamW on every tensor. Matrices and embeddings shrink; the norms' weights and all
 * biases do not. */
static inline void learn(struct learner *l, const struct adamw *a)
{
    const int tensors = tensor_count(&l->config);
    const bool tied = l->weights.lm_head == l->weights.wte;
    float *w = l->w, *g = l->g, *m = l->m, *v = l->v;
    l->step++;
    for (int i = 0; i < tensors + !tied; i++) {
        const struct tensor_place place = tensor_place(&l->config, i < tensors ? i : 0);
        struct adamw own = *a;
        if (place.rank == 1)
            own.decay = 0;
        adamw_step(place.size, w, m, v, g, l->step, &own);
        w += place.size, g += place.size, m += place.size, v += place.size;
    }
}

#endif
