/* The usual mistakes in the exercises of chapter 14. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef TRAINING_MISTAKES_H
#define TRAINING_MISTAKES_H

/* ---- cross_entropy ------------------------------------------------------------------ */

static inline float largest_logit(int V, const float logits[V])
{
    float largest = logits[0];
    for (int v = 1; v < V; v++)
        largest = logits[v] > largest ? logits[v] : largest;
    return largest;
}

/* ln Σ e^logits, done well. */
static inline float log_of_sum(int V, const float logits[V])
{
    const float largest = largest_logit(V, logits);
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += expf(logits[v] - largest);
    return logf(sum) + largest;
}

SAYS(wrong_cross_entropy_no_maximum,
     "the largest logit is not taken off before expf: large logits overflow to infinity, "
     "and where all are very negative, nothing is left to take the logarithm of.")
WRONG float wrong_cross_entropy_no_maximum(int V, const float logits[V], int target)
{
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += expf(logits[v]);
    return logf(sum) - logits[target];
}

SAYS(wrong_cross_entropy_maximum_lost,
     "the largest logit is taken off before expf, but not put back: ln Σ e^logits is "
     "logf(sum) + largest.")
WRONG float wrong_cross_entropy_maximum_lost(int V, const float logits[V], int target)
{
    return log_of_sum(V, logits) - largest_logit(V, logits) - logits[target];
}

SAYS(wrong_cross_entropy_sign,
     "the sign is wrong: this is ln p, which is below 0. The loss is -ln p.")
WRONG float wrong_cross_entropy_sign(int V, const float logits[V], int target)
{
    return logits[target] - log_of_sum(V, logits);
}

SAYS(
    wrong_cross_entropy_no_logarithm,
    "this is 1 - p, how far the probability is from 1. The loss is its logarithm, -ln p: "
    "it has no upper end.")
WRONG float wrong_cross_entropy_no_logarithm(int V, const float logits[V], int target)
{
    return 1 - expf(logits[target] - log_of_sum(V, logits));
}

SAYS(wrong_cross_entropy_bits,
     "this is the loss in bits, with a logarithm to base 2. Here it is in nats: logf.")
WRONG float wrong_cross_entropy_bits(int V, const float logits[V], int target)
{
    return (log_of_sum(V, logits) - logits[target]) * 1.44269504f;
}

SAYS(wrong_cross_entropy_likeliest, "this is the loss of the likeliest token. It is "
                                    "asked for the target's: what did come "
                                    "next, not what the model would have liked best.")
WRONG float wrong_cross_entropy_likeliest(int V, const float logits[V], int target)
{
    (void)target;
    return log_of_sum(V, logits) - largest_logit(V, logits);
}

SAYS(wrong_cross_entropy_only_the_logit,
     "this is the target's logit with its sign changed: the others, ln Σ e^logits, are "
     "left "
     "out. A logit by itself says nothing, only how far it is above the others.")
WRONG float wrong_cross_entropy_only_the_logit(int V, const float logits[V], int target)
{
    (void)V;
    return -logits[target];
}

SAYS(wrong_cross_entropy_mean, "the loss is divided by V. It is the loss of one place, "
                               "whatever the size of the vocabulary.")
WRONG float wrong_cross_entropy_mean(int V, const float logits[V], int target)
{
    return (log_of_sum(V, logits) - logits[target]) / (float)V;
}

SAYS(wrong_cross_entropy_softmax_twice, "softmax is applied twice: once to make "
                                        "probabilities of the logits, and once more to "
                                        "these. -ln of the first one's is the loss.")
WRONG float wrong_cross_entropy_softmax_twice(int V, const float logits[V], int target)
{
    const float all = log_of_sum(V, logits);
    float p[V];
    p[0] = 0;
    for (int v = 0; v < V; v++)
        p[v] = expf(logits[v] - all);
    return log_of_sum(V, p) - p[target];
}

/* ---- cross_entropy_backward --------------------------------------------------------- */

static inline void probabilities(int V, float p[V], const float logits[V])
{
    const float all = log_of_sum(V, logits);
    for (int v = 0; v < V; v++)
        p[v] = expf(logits[v] - all);
}

SAYS(wrong_cross_entropy_backward_no_target,
     "the target is missing: these are the probabilities times share. The target's logit "
     "should go up, so its gradient is (p - 1) times share.")
WRONG void wrong_cross_entropy_backward_no_target(int V, float dlogits[V],
                                                  const float logits[V], int target,
                                                  float share)
{
    (void)target;
    probabilities(V, dlogits, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] *= share;
}

SAYS(wrong_cross_entropy_backward_no_share,
     "share is left out: the loss is a mean over all places, so each place's gradient "
     "counts only that much.")
WRONG void wrong_cross_entropy_backward_no_share(int V, float dlogits[V],
                                                 const float logits[V], int target,
                                                 float share)
{
    (void)share;
    probabilities(V, dlogits, logits);
    dlogits[target] -= 1;
}

SAYS(wrong_cross_entropy_backward_share_of_p_only,
     "share multiplies the probabilities, but not the 1 that is taken off at the target: "
     "(p - 1) times share, not p times share, less 1.")
WRONG void wrong_cross_entropy_backward_share_of_p_only(int V, float dlogits[V],
                                                        const float logits[V], int target,
                                                        float share)
{
    probabilities(V, dlogits, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] *= share;
    dlogits[target] -= 1;
}

SAYS(wrong_cross_entropy_backward_sign,
     "the sign is wrong: this is the way downhill. The gradient says which way the loss "
     "grows, and the step goes against it later.")
WRONG void wrong_cross_entropy_backward_sign(int V, float dlogits[V],
                                             const float logits[V], int target,
                                             float share)
{
    probabilities(V, dlogits, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] *= -share;
    dlogits[target] += share;
}

SAYS(
    wrong_cross_entropy_backward_no_maximum,
    "the largest logit is not taken off before expf: large logits overflow, and infinity "
    "divided by infinity is no number.")
WRONG void wrong_cross_entropy_backward_no_maximum(int V, float dlogits[V],
                                                   const float logits[V], int target,
                                                   float share)
{
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += dlogits[v] = expf(logits[v]);
    for (int v = 0; v < V; v++)
        dlogits[v] = dlogits[v] / sum * share;
    dlogits[target] -= share;
}

SAYS(wrong_cross_entropy_backward_not_divided,
     "the exponentials are not divided by their sum: probabilities add up to 1, so the "
     "gradient adds up to 0.")
WRONG void wrong_cross_entropy_backward_not_divided(int V, float dlogits[V],
                                                    const float logits[V], int target,
                                                    float share)
{
    const float largest = largest_logit(V, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] = expf(logits[v] - largest) * share;
    dlogits[target] -= share;
}

SAYS(wrong_cross_entropy_backward_divided_by_V,
     "the gradient is divided by V as well. share is all that it is multiplied by.")
WRONG void wrong_cross_entropy_backward_divided_by_V(int V, float dlogits[V],
                                                     const float logits[V], int target,
                                                     float share)
{
    probabilities(V, dlogits, logits);
    dlogits[target] -= 1;
    for (int v = 0; v < V; v++)
        dlogits[v] *= share / (float)V;
}

SAYS(wrong_cross_entropy_backward_of_the_probability,
     "this is the gradient of -p, not of -ln p: all of it is multiplied by the target's "
     "probability. With it, a model that is quite wrong would hardly learn.")
WRONG void wrong_cross_entropy_backward_of_the_probability(int V, float dlogits[V],
                                                           const float logits[V],
                                                           int target, float share)
{
    probabilities(V, dlogits, logits);
    const float p = dlogits[target];
    dlogits[target] -= 1;
    for (int v = 0; v < V; v++)
        dlogits[v] *= p * share;
}

/* ---- layer_norm_backward ------------------------------------------------------------- */

/* The right one, with something wrong. */
enum norm_fault {
    NO_MEAN = 1,
    NO_SPREAD = 2,
    NO_WEIGHT = 4,
    PUTS_DX = 8,
    PUTS_WEIGHTS = 16,
    NO_DEVIATION = 32,
    SUMS = 64,
    WEIGHT_OF_X = 128,
    WEIGHT_TWICE = 256,
    ONE_LESS = 512,
    EPSILON_OUTSIDE = 1024,
    NO_EPSILON = 2048
};

static inline void faulty_norm_backward(int R, int C, float dx[R][C], float dweight[C],
                                        float dbias[C], const float dy[R][C],
                                        const float x[R][C], const float weight[C],
                                        float epsilon, int fault)
{
    for (int r = 0; r < R; r++) {
        float mean = 0, spread = 0, g_mean = 0, gn_mean = 0;
        for (int c = 0; c < C; c++)
            mean += x[r][c] / (float)C;
        for (int c = 0; c < C; c++)
            spread += (x[r][c] - mean) * (x[r][c] - mean) /
                      (float)(fault & ONE_LESS ? C - 1 : C);
        const float scale = fault & EPSILON_OUTSIDE ? 1 / (sqrtf(spread) + epsilon)
                            : fault & NO_EPSILON    ? 1 / sqrtf(spread)
                                                    : 1 / sqrtf(spread + epsilon);
        const float share = fault & SUMS ? 1 : 1 / (float)C;
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) * scale,
                        g = fault & NO_WEIGHT ? dy[r][c] : dy[r][c] * weight[c];
            g_mean += g * share;
            gn_mean += g * n * share;
            const float w = fault & WEIGHT_OF_X    ? dy[r][c] * x[r][c]
                            : fault & WEIGHT_TWICE ? g * n
                                                   : dy[r][c] * n;
            dweight[c] = fault & PUTS_WEIGHTS ? w : dweight[c] + w;
            dbias[c] = fault & PUTS_WEIGHTS ? dy[r][c] : dbias[c] + dy[r][c];
        }
        if (fault & NO_MEAN)
            g_mean = 0;
        if (fault & NO_SPREAD)
            gn_mean = 0;
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) * scale,
                        g = fault & NO_WEIGHT ? dy[r][c] : dy[r][c] * weight[c];
            const float d =
                (g - g_mean - n * gn_mean) * (fault & NO_DEVIATION ? 1 : scale);
            dx[r][c] = fault & PUTS_DX ? d : dx[r][c] + d;
        }
    }
}

SAYS(wrong_layer_norm_backward_no_mean,
     "the way through the mean is forgotten: every x of a row moves the row's mean, "
     "and that moves all its numbers. So mean(g) is taken off.")
WRONG void wrong_layer_norm_backward_no_mean(int R, int C, float dx[R][C],
                                             float dweight[C], float dbias[C],
                                             const float dy[R][C], const float x[R][C],
                                             const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, NO_MEAN);
}

SAYS(wrong_layer_norm_backward_no_spread,
     "the way through the deviation is forgotten: every x of a row moves its spread, "
     "and that stretches all its numbers. So n mean(g n) is taken off.")
WRONG void wrong_layer_norm_backward_no_spread(int R, int C, float dx[R][C],
                                               float dweight[C], float dbias[C],
                                               const float dy[R][C], const float x[R][C],
                                               const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, NO_SPREAD);
}

SAYS(wrong_layer_norm_backward_neither,
     "mean and deviation are treated as if they were constants: but they are made of "
     "the same x. mean(g) and n mean(g n) are taken off.")
WRONG void wrong_layer_norm_backward_neither(int R, int C, float dx[R][C],
                                             float dweight[C], float dbias[C],
                                             const float dy[R][C], const float x[R][C],
                                             const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon,
                         NO_MEAN | NO_SPREAD);
}

SAYS(wrong_layer_norm_backward_no_weight,
     "dx is made from dy without the weight: what reaches n is g = dy * weight.")
WRONG void wrong_layer_norm_backward_no_weight(int R, int C, float dx[R][C],
                                               float dweight[C], float dbias[C],
                                               const float dy[R][C], const float x[R][C],
                                               const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, NO_WEIGHT);
}

SAYS(wrong_layer_norm_backward_puts_dx,
     "dx is put there, not added: what came down the shortcut is lost.")
WRONG void wrong_layer_norm_backward_puts_dx(int R, int C, float dx[R][C],
                                             float dweight[C], float dbias[C],
                                             const float dy[R][C], const float x[R][C],
                                             const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, PUTS_DX);
}

SAYS(wrong_layer_norm_backward_puts_weights,
     "dweight and dbias are put there, not added: only the last row has a say. Every "
     "row of every text used the same weight, so their gradients add up.")
WRONG void wrong_layer_norm_backward_puts_weights(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, PUTS_WEIGHTS);
}

SAYS(wrong_layer_norm_backward_no_deviation,
     "dx is not divided by the deviation: the norm divided x by it on the way up.")
WRONG void wrong_layer_norm_backward_no_deviation(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, NO_DEVIATION);
}

SAYS(wrong_layer_norm_backward_sums,
     "the sums over a row are not divided by C: what is taken off are means.")
WRONG void wrong_layer_norm_backward_sums(int R, int C, float dx[R][C], float dweight[C],
                                          float dbias[C], const float dy[R][C],
                                          const float x[R][C], const float weight[C],
                                          float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, SUMS);
}

SAYS(wrong_layer_norm_backward_weight_of_x,
     "dweight is made with x: what the weight multiplied is n, the normalized x.")
WRONG void wrong_layer_norm_backward_weight_of_x(int R, int C, float dx[R][C],
                                                 float dweight[C], float dbias[C],
                                                 const float dy[R][C],
                                                 const float x[R][C],
                                                 const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, WEIGHT_OF_X);
}

SAYS(wrong_layer_norm_backward_weight_twice,
     "dweight is made with g, which has the weight in it already: it is dy * n.")
WRONG void wrong_layer_norm_backward_weight_twice(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, WEIGHT_TWICE);
}

SAYS(wrong_layer_norm_backward_one_less,
     "the variance is divided by C - 1: the norm divides by C.")
WRONG void wrong_layer_norm_backward_one_less(int R, int C, float dx[R][C],
                                              float dweight[C], float dbias[C],
                                              const float dy[R][C], const float x[R][C],
                                              const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, ONE_LESS);
}

SAYS(wrong_layer_norm_backward_epsilon_outside,
     "epsilon is added to the deviation: it is added to the variance, under the "
     "root.")
WRONG void wrong_layer_norm_backward_epsilon_outside(int R, int C, float dx[R][C],
                                                     float dweight[C], float dbias[C],
                                                     const float dy[R][C],
                                                     const float x[R][C],
                                                     const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon,
                         EPSILON_OUTSIDE);
}

SAYS(wrong_layer_norm_backward_no_epsilon,
     "epsilon is forgotten: the deviation is √(variance + epsilon).")
WRONG void wrong_layer_norm_backward_no_epsilon(int R, int C, float dx[R][C],
                                                float dweight[C], float dbias[C],
                                                const float dy[R][C], const float x[R][C],
                                                const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, NO_EPSILON);
}

/* ---- adamw_step ---------------------------------------------------------------------- */

enum adamw_fault {
    NO_CORRECTION = 1,
    ONLY_M = 2,
    L2 = 4,
    EPSILON_INSIDE = 8,
    NO_ROOT = 16,
    NO_SQUARE = 32,
    DECAY_WHOLE = 64,
    NO_DECAY = 128,
    BETAS_SWAPPED = 256,
    FROM_ZERO = 512,
    UPHILL = 1024,
    NO_REST = 2048,
    NO_MOMENTUM = 4096,
    KEEPS_CORRECTED = 8192,
    DECAY_LAST = 16384,
    EPSILON_EARLY = 32768
};

static inline void faulty_adamw(size_t n, float w[n], float m[n], float v[n],
                                const float g[n], long t, const struct adamw *a,
                                int fault)
{
    const float beta1 = fault & BETAS_SWAPPED ? a->beta2 : a->beta1,
                beta2 = fault & BETAS_SWAPPED ? a->beta1 : a->beta2,
                rest1 = fault & NO_REST ? 1 : 1 - beta1,
                rest2 = fault & NO_REST ? 1 : 1 - beta2;
    const double steps = (double)(fault & FROM_ZERO ? t - 1 : t);
    const float unbias1 =
        fault & NO_CORRECTION ? 1 : (float)(1 / (1 - pow((double)beta1, steps)));
    const float unbias2 = fault & (NO_CORRECTION | ONLY_M)
                              ? 1
                              : (float)(1 / (1 - pow((double)beta2, steps)));
    for (size_t i = 0; i < n; i++) {
        const float d = fault & L2 ? g[i] + a->decay * w[i] : g[i];
        m[i] = beta1 * m[i] + rest1 * d;
        v[i] = beta2 * v[i] + rest2 * (fault & NO_SQUARE ? fabsf(d) : d * d);
        const float mean = (fault & NO_MOMENTUM ? d : m[i]) *
                           (fault & NO_MOMENTUM ? 1 : unbias1),
                    square = v[i] * unbias2;
        const float below = fault & EPSILON_INSIDE ? sqrtf(square + a->epsilon)
                            : fault & NO_ROOT      ? square + a->epsilon
                            : fault & EPSILON_EARLY
                                ? (sqrtf(v[i]) + a->epsilon) * sqrtf(unbias2)
                                : sqrtf(square) + a->epsilon;
        const float move = a->rate * mean / below * (fault & UPHILL ? -1 : 1);
        const float shrink = fault & (L2 | NO_DECAY) ? 0
                             : fault & DECAY_WHOLE   ? a->decay
                                                     : a->rate * a->decay;
        w[i] = w[i] - shrink * (fault & DECAY_LAST ? w[i] - move : w[i]) - move;
        if (fault & KEEPS_CORRECTED) {
            m[i] *= unbias1;
            v[i] *= unbias2;
        }
    }
}

SAYS(wrong_adamw_step_no_correction,
     "the means are not put right: m and v begin at 0, so the first ones are too "
     "small. Divide them by 1 - beta1^t and 1 - beta2^t.")
WRONG void wrong_adamw_step_no_correction(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_CORRECTION);
}

SAYS(wrong_adamw_step_only_m_corrected,
     "only m is put right: v begins at 0 as well. Divide it by 1 - beta2^t.")
WRONG void wrong_adamw_step_only_m_corrected(size_t n, float w[n], float m[n], float v[n],
                                             const float g[n], long t,
                                             const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, ONLY_M);
}

SAYS(wrong_adamw_step_decay_in_the_gradient,
     "decay * w is added to the gradient: that is Adam with L2, where the decay is "
     "divided by √v like all the rest. In AdamW the weight shrinks by itself.")
WRONG void wrong_adamw_step_decay_in_the_gradient(size_t n, float w[n], float m[n],
                                                  float v[n], const float g[n], long t,
                                                  const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, L2);
}

SAYS(wrong_adamw_step_epsilon_inside,
     "epsilon is under the root: it is added to the root, √v + epsilon.")
WRONG void wrong_adamw_step_epsilon_inside(size_t n, float w[n], float m[n], float v[n],
                                           const float g[n], long t,
                                           const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, EPSILON_INSIDE);
}

SAYS(wrong_adamw_step_no_root,
     "the root is missing: the step is m / (√v + epsilon). m / v is the larger, the "
     "smaller the gradient is.")
WRONG void wrong_adamw_step_no_root(size_t n, float w[n], float m[n], float v[n],
                                    const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_ROOT);
}

SAYS(wrong_adamw_step_no_square,
     "v is a mean of |g|: it is the mean of the gradient's square.")
WRONG void wrong_adamw_step_no_square(size_t n, float w[n], float m[n], float v[n],
                                      const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_SQUARE);
}

SAYS(wrong_adamw_step_decay_whole,
     "the weight shrinks by decay at every step: it shrinks by rate * decay.")
WRONG void wrong_adamw_step_decay_whole(size_t n, float w[n], float m[n], float v[n],
                                        const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, DECAY_WHOLE);
}

SAYS(wrong_adamw_step_no_decay,
     "the weight does not shrink: this is Adam. AdamW takes rate * decay of the "
     "weight away at every step.")
WRONG void wrong_adamw_step_no_decay(size_t n, float w[n], float m[n], float v[n],
                                     const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_DECAY);
}

SAYS(wrong_adamw_step_betas_swapped, "the betas are swapped: beta1 is m's, beta2 is v's.")
WRONG void wrong_adamw_step_betas_swapped(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, BETAS_SWAPPED);
}

SAYS(wrong_adamw_step_from_zero,
     "the powers are of t - 1: at step 1 that divides by 1 - beta^0 = 0. Steps are "
     "counted from 1 on.")
WRONG void wrong_adamw_step_from_zero(size_t n, float w[n], float m[n], float v[n],
                                      const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, FROM_ZERO);
}

SAYS(wrong_adamw_step_uphill,
     "the step is added: it goes uphill. The gradient says where the loss grows.")
WRONG void wrong_adamw_step_uphill(size_t n, float w[n], float m[n], float v[n],
                                   const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, UPHILL);
}

SAYS(wrong_adamw_step_no_rest,
     "the new gradient counts whole: a running mean takes beta of the old and 1 - "
     "beta of the new.")
WRONG void wrong_adamw_step_no_rest(size_t n, float w[n], float m[n], float v[n],
                                    const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_REST);
}

SAYS(wrong_adamw_step_no_momentum,
     "the step is made with g: it is made with m, the running mean.")
WRONG void wrong_adamw_step_no_momentum(size_t n, float w[n], float m[n], float v[n],
                                        const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_MOMENTUM);
}

SAYS(wrong_adamw_step_decay_last,
     "the weight shrinks after it has moved: both are taken off the weight that came in.")
WRONG void wrong_adamw_step_decay_last(size_t n, float w[n], float m[n], float v[n],
                                       const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, DECAY_LAST);
}

SAYS(wrong_adamw_step_epsilon_early, "epsilon is added to the root before v is put "
                                     "right: put v right, take the root, then "
                                     "add epsilon.")
WRONG void wrong_adamw_step_epsilon_early(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, EPSILON_EARLY);
}

SAYS(wrong_adamw_step_keeps_corrected,
     "m and v are kept after they have been put right: at the next step they are "
     "put right again. What is kept are the means themselves.")
WRONG void wrong_adamw_step_keeps_corrected(size_t n, float w[n], float m[n], float v[n],
                                            const float g[n], long t,
                                            const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, KEEPS_CORRECTED);
}

#endif
