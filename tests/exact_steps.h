/* exact_steps.h: the steps of a block in double precision, for what the probes of chapters 6 to 8 want.
 * After exercise.h and the chapter's header. Tensors lie row by row; the caller frees them. */
#ifndef EXACT_STEPS_H
#define EXACT_STEPS_H

/* Numbers between -size and size, the same on every machine and from every call. */
static inline float *some_floats(size_t n, unsigned seed, float size)
{
    float *x = grab(n, sizeof *x);
    uint32_t state = 2463534242u + seed * 7919;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        x[i] = ((float)(state >> 8) / (1 << 23) - 1) * size;
    }
    return x;
}

/* One of a block's tensors, which the function must not change. (A block's pointers are not to
 * const.) */
static inline void *given_weight(struct outcome *o, const char *name, int rank,
                                 const struct axis *axes, const float *from)
{
    return (void *)(uintptr_t)given(o, name, rank, axes, FLOATS, from);
}

static inline double *exact_copy(size_t n, const float *x)
{
    double *copy = grab(n, sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = (double)x[i];
    return copy;
}

/* Records floats beside doubles. */
static inline void record_beside(struct outcome *o, const char *name, int rank,
                                 const struct axis *axes, const void *got,
                                 const double *want)
{
    const size_t n = tensor_size(rank, axes);
    float *rounded = grab(n, sizeof *rounded);
    for (size_t i = 0; i < n; i++)
        rounded[i] = (float)want[i];
    record(o, name, rank, axes, got, rounded);
    free(rounded);
}

static inline double *exact_sum(size_t n, const double *x, const double *y)
{
    double *sum = grab(n, sizeof *sum);
    for (size_t i = 0; i < n; i++)
        sum[i] = x[i] + y[i];
    return sum;
}

/* x [T, I], w [I, O], b [O] → [T, O] */
static inline double *exact_linear(int T, int I, int O, const double *x, const float *w,
                                   const float *b)
{
    double *y = grab((size_t)T * (size_t)O, sizeof *y);
    for (int t = 0; t < T; t++)
        for (int o = 0; o < O; o++) {
            double sum = (double)b[o];
            for (int i = 0; i < I; i++)
                sum += x[t * I + i] * (double)w[i * O + o];
            y[t * O + o] = sum;
        }
    return y;
}

/* x [T, C] → [T, C] */
static inline double *exact_norm(int T, int C, const double *x, const float *weight,
                                 const float *bias, double epsilon)
{
    double *y = grab((size_t)T * (size_t)C, sizeof *y);
    for (int t = 0; t < T; t++) {
        double sum = 0, squares = 0;
        for (int c = 0; c < C; c++)
            sum += x[t * C + c];
        for (int c = 0; c < C; c++)
            squares += (x[t * C + c] - sum / C) * (x[t * C + c] - sum / C);
        for (int c = 0; c < C; c++)
            y[t * C + c] = (x[t * C + c] - sum / C) / sqrt(squares / C + epsilon) *
                               (double)weight[c] +
                           (double)bias[c];
    }
    return y;
}

/* What attention computes: the fields of struct attention. */
struct exact_attention {
    double *qkv, *q, *k, *v, *scores, *masked, *weights, *heads, *context, *output;
};

/* x [T, C] → all steps of a layer with H heads */
static inline struct exact_attention exact_attend(int T, int C, int H, const double *x,
                                                  const struct block *b)
{
    const int D = C / H;
    const size_t rows = (size_t)T * (size_t)C, square = (size_t)H * (size_t)T * (size_t)T;
    struct exact_attention a = {
        .qkv = exact_linear(T, C, 3 * C, x, b->attn_c_attn_weight, b->attn_c_attn_bias),
        .q = grab(rows, 8),
        .k = grab(rows, 8),
        .v = grab(rows, 8),
        .scores = grab(square, 8),
        .masked = grab(square, 8),
        .weights = grab(square, 8),
        .heads = grab(rows, 8),
        .context = grab(rows, 8),
    };
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i < D; i++) {
                const int at = (h * T + t) * D + i, from = t * 3 * C + h * D + i;
                a.q[at] = a.qkv[from];
                a.k[at] = a.qkv[from + C];
                a.v[at] = a.qkv[from + 2 * C];
            }
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++) {
            double largest = -INFINITY, sum = 0;
            double *scores = a.scores + (h * T + t) * T,
                   *weights = a.weights + (h * T + t) * T;
            for (int s = 0; s < T; s++) {
                for (int i = 0; i < D; i++)
                    scores[s] += a.q[(h * T + t) * D + i] * a.k[(h * T + s) * D + i];
                scores[s] /= sqrt(D);
                a.masked[(h * T + t) * T + s] = s > t ? -INFINITY : scores[s];
                if (s <= t)
                    largest = fmax(largest, scores[s]);
            }
            for (int s = 0; s <= t; s++)
                sum += weights[s] = exp(scores[s] - largest);
            for (int s = 0; s <= t; s++)
                weights[s] /= sum;
            for (int i = 0; i < D; i++) {
                double found = 0;
                for (int s = 0; s <= t; s++)
                    found += weights[s] * a.v[(h * T + s) * D + i];
                a.heads[(h * T + t) * D + i] = a.context[t * C + h * D + i] = found;
            }
        }
    a.output =
        exact_linear(T, C, C, a.context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    return a;
}

static inline void free_exact_attention(struct exact_attention *a)
{
    double *all[] = {a->qkv,    a->q,       a->k,     a->v,       a->scores,
                     a->masked, a->weights, a->heads, a->context, a->output};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static inline double exact_gelu(double x)
{
    return 0.5 * x *
           (1 + tanh(sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
}

struct exact_feed_forward {
    double *c_fc, *gelu, *output;
};

static inline struct exact_feed_forward
exact_feed_forward(int T, int C, int F, const double *x, const struct block *b)
{
    const size_t n = (size_t)T * (size_t)F;
    struct exact_feed_forward f = {
        exact_linear(T, C, F, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias), grab(n, 8), NULL};
    for (size_t i = 0; i < n; i++)
        f.gelu[i] = exact_gelu(f.c_fc[i]);
    f.output = exact_linear(T, F, C, f.gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    return f;
}

static inline void free_exact_feed_forward(struct exact_feed_forward *f)
{
    free(f->c_fc);
    free(f->gelu);
    free(f->output);
}

#endif
