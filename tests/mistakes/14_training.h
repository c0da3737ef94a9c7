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

SAYS(
    wrong_cross_entropy_no_maximum,
    "the largest logit is not taken off before the exponential: large logits overflow to "
    "infinity, and if all are very negative, nothing is left to take the logarithm of.")
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

SAYS(wrong_cross_entropy_mean, "the loss is divided by V: it is the loss at one "
                               "position, whatever the size of the vocabulary.")
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

SAYS(wrong_cross_entropy_probability,
     "this is p, the probability itself: the loss is -ln p.")
WRONG float wrong_cross_entropy_probability(int V, const float logits[V], int target)
{
    return expf(logits[target] - log_of_sum(V, logits));
}

SAYS(wrong_cross_entropy_p_is_0,
     "the logarithm is taken of a p that has become 0: e^-400 is too small for a float, "
     "and "
     "the loss is infinite. Take the logarithm of the sum, not of the quotient.")
WRONG float wrong_cross_entropy_p_is_0(int V, const float logits[V], int target)
{
    const float largest = largest_logit(V, logits);
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += expf(logits[v] - largest);
    return -logf(expf(logits[target] - largest) / sum);
}

SAYS(wrong_cross_entropy_largest_from_0, "the largest logit is taken to be 0 if all are "
                                         "below: then e^(logit - 0) may become 0 "
                                         "for all of them. Begin with logits[0].")
WRONG float wrong_cross_entropy_largest_from_0(int V, const float logits[V], int target)
{
    const float largest = fmaxf(0, largest_logit(V, logits));
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += expf(logits[v] - largest);
    return logf(sum) + largest - logits[target];
}

SAYS(wrong_cross_entropy_others_only,
     "the target is left out of the sum: Σ e^logits has all tokens, the target too.")
WRONG float wrong_cross_entropy_others_only(int V, const float logits[V], int target)
{
    const float largest = largest_logit(V, logits);
    double sum = 0;
    for (int v = 0; v < V; v++)
        sum += v == target ? 0 : exp((double)(logits[v] - largest));
    return (float)log(sum) + largest - logits[target];
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
     "share is left out: the loss is a mean over all positions, so the gradient of each "
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

SAYS(wrong_cross_entropy_backward_no_maximum,
     "the largest logit is not taken off before the exponential: large logits overflow, "
     "and infinity divided by infinity is not a number.")
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

SAYS(wrong_cross_entropy_backward_adds,
     "the gradient is added to what dlogits held: it is to be set.")
WRONG void wrong_cross_entropy_backward_adds(int V, float dlogits[V],
                                             const float logits[V], int target,
                                             float share)
{
    float *p = grab((size_t)V, sizeof *p);
    probabilities(V, p, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] += (p[v] - (v == target)) * share;
    free(p);
}

SAYS(wrong_cross_entropy_backward_target_only,
     "only the target's number is set: all other logits have a gradient, too, p times "
     "share.")
WRONG void wrong_cross_entropy_backward_target_only(int V, float dlogits[V],
                                                    const float logits[V], int target,
                                                    float share)
{
    dlogits[target] = (expf(logits[target] - log_of_sum(V, logits)) - 1) * share;
}

SAYS(wrong_cross_entropy_backward_one_everywhere,
     "1 is taken off everywhere: it is taken off at the target alone.")
WRONG void wrong_cross_entropy_backward_one_everywhere(int V, float dlogits[V],
                                                       const float logits[V], int target,
                                                       float share)
{
    (void)target;
    probabilities(V, dlogits, logits);
    for (int v = 0; v < V; v++)
        dlogits[v] = (dlogits[v] - 1) * share;
}

SAYS(wrong_cross_entropy_backward_largest_from_0,
     "the largest logit is taken to be 0 if all are below: then e^(logit - 0) may become "
     "0 "
     "for all of them. Begin with logits[0].")
WRONG void wrong_cross_entropy_backward_largest_from_0(int V, float dlogits[V],
                                                       const float logits[V], int target,
                                                       float share)
{
    const float largest = fmaxf(0, largest_logit(V, logits));
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += dlogits[v] = expf(logits[v] - largest);
    for (int v = 0; v < V; v++)
        dlogits[v] = dlogits[v] / sum * share;
    dlogits[target] -= share;
}

SAYS(wrong_cross_entropy_backward_overwritten,
     "logits that have been overwritten are read again: dlogits may be the same array. "
     "With two arrays this is right.")
WRONG void wrong_cross_entropy_backward_overwritten(int V, float dlogits[V],
                                                    const float logits[V], int target,
                                                    float share)
{
    const float largest = largest_logit(V, logits);
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += dlogits[v] = expf(logits[v] - largest);
    for (int v = 0; v < V; v++)
        dlogits[v] = expf(logits[v] - largest) / sum * share;
    dlogits[target] -= share;
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
    NO_EPSILON = 2048,
    SUMS_KEPT = 4096,
    BIAS_OF_G = 8192,
    FIRST_ROW = 16384,
    MEAN_OF_DY = 32768,
    SPREAD_OF_DY = 65536
};

static inline void faulty_norm_backward(int R, int C, float dx[R][C], float dweight[C],
                                        float dbias[C], const float dy[R][C],
                                        const float x[R][C], const float weight[C],
                                        float epsilon, int fault)
{
    float g_mean = 0, gn_mean = 0;
    for (int r = 0; r < (fault & FIRST_ROW ? 1 : R); r++) {
        float mean = 0, spread = 0;
        if (!(fault & SUMS_KEPT))
            g_mean = gn_mean = 0;
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
            g_mean += (fault & MEAN_OF_DY ? dy[r][c] : g) * share;
            gn_mean += (fault & SPREAD_OF_DY ? dy[r][c] : g) * n * share;
            const float w = fault & WEIGHT_OF_X    ? dy[r][c] * x[r][c]
                            : fault & WEIGHT_TWICE ? g * n
                                                   : dy[r][c] * n;
            dweight[c] = fault & PUTS_WEIGHTS ? w : dweight[c] + w;
            const float b = fault & BIAS_OF_G ? g : dy[r][c];
            dbias[c] = fault & PUTS_WEIGHTS ? b : dbias[c] + b;
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

SAYS(wrong_layer_norm_backward_mean_of_dy,
     "the mean that is taken off is that of dy, without the weight: what reaches n is "
     "g = dy * weight, in all three places.")
WRONG void wrong_layer_norm_backward_mean_of_dy(int R, int C, float dx[R][C],
                                                float dweight[C], float dbias[C],
                                                const float dy[R][C], const float x[R][C],
                                                const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, MEAN_OF_DY);
}

SAYS(wrong_layer_norm_backward_spread_of_dy,
     "the part that goes through the deviation is made with dy, without the weight: what "
     "reaches n is g = dy * weight, in all three places.")
WRONG void wrong_layer_norm_backward_spread_of_dy(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, SPREAD_OF_DY);
}

SAYS(
    wrong_layer_norm_backward_means_of_dy,
    "both means are made with dy, without the weight: what reaches n is g = dy * weight, "
    "in all three places.")
WRONG void wrong_layer_norm_backward_means_of_dy(int R, int C, float dx[R][C],
                                                 float dweight[C], float dbias[C],
                                                 const float dy[R][C],
                                                 const float x[R][C],
                                                 const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon,
                         MEAN_OF_DY | SPREAD_OF_DY);
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

SAYS(wrong_layer_norm_backward_sums_kept, "the two sums over a row continue from row to "
                                          "row: each row has its own, which begin at 0.")
WRONG void wrong_layer_norm_backward_sums_kept(int R, int C, float dx[R][C],
                                               float dweight[C], float dbias[C],
                                               const float dy[R][C], const float x[R][C],
                                               const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, SUMS_KEPT);
}

SAYS(wrong_layer_norm_backward_bias_of_g, "dbias is made with g = dy * weight: the bias "
                                          "is added after the weight, so it gets dy.")
WRONG void wrong_layer_norm_backward_bias_of_g(int R, int C, float dx[R][C],
                                               float dweight[C], float dbias[C],
                                               const float dy[R][C], const float x[R][C],
                                               const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, BIAS_OF_G);
}

SAYS(wrong_layer_norm_backward_first_row,
     "only the first row is looked at: there are R of them.")
WRONG void wrong_layer_norm_backward_first_row(int R, int C, float dx[R][C],
                                               float dweight[C], float dbias[C],
                                               const float dy[R][C], const float x[R][C],
                                               const float weight[C], float epsilon)
{
    faulty_norm_backward(R, C, dx, dweight, dbias, dy, x, weight, epsilon, FIRST_ROW);
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
    EPSILON_EARLY = 32768,
    NO_POWER = 65536,
    NEXT_STEP = 131072,
    GROWS = 262144,
    REST_SQUARED = 524288,
    NOT_KEPT = 1048576
};

static inline void faulty_adamw(size_t n, float w[n], float m[n], float v[n],
                                const float g[n], long t, const struct adamw *a,
                                int fault)
{
    const float beta1 = fault & BETAS_SWAPPED ? a->beta2 : a->beta1,
                beta2 = fault & BETAS_SWAPPED ? a->beta1 : a->beta2,
                rest1 = fault & NO_REST ? 1 : 1 - beta1,
                rest2 = fault & NO_REST ? 1 : 1 - beta2;
    const double steps = fault & NO_POWER    ? 1
                         : fault & FROM_ZERO ? (double)t - 1
                         : fault & NEXT_STEP ? (double)t + 1
                                             : (double)t;
    const float unbias1 =
        fault & NO_CORRECTION ? 1 : (float)(1 / (1 - pow((double)beta1, steps)));
    const float unbias2 = fault & (NO_CORRECTION | ONLY_M)
                              ? 1
                              : (float)(1 / (1 - pow((double)beta2, steps)));
    for (size_t i = 0; i < n; i++) {
        const float d = fault & L2 ? g[i] + a->decay * w[i] : g[i], old_m = m[i],
                    old_v = v[i];
        m[i] = beta1 * m[i] + rest1 * d;
        v[i] = beta2 * v[i] + rest2 * (fault & NO_SQUARE      ? fabsf(d)
                                       : fault & REST_SQUARED ? rest2 * d * d
                                                              : d * d);
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
                             : fault & GROWS         ? -a->rate * a->decay
                                                     : a->rate * a->decay;
        w[i] = w[i] - shrink * (fault & DECAY_LAST ? w[i] - move : w[i]) - move;
        if (fault & NOT_KEPT) {
            m[i] = old_m;
            v[i] = old_v;
        }
        if (fault & KEEPS_CORRECTED) {
            m[i] *= unbias1;
            v[i] *= unbias2;
        }
    }
}

SAYS(wrong_adamw_step_no_correction,
     "the means are not corrected: m and v began at 0, so at first they are too small.")
WRONG void wrong_adamw_step_no_correction(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_CORRECTION);
}

SAYS(wrong_adamw_step_only_m_corrected, "only m is corrected: v began at 0 as well.")
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

SAYS(wrong_adamw_step_from_zero, "the powers are of t - 1: at step 1 that divides by 1 - "
                                 "beta^0 = 0. The first step is number 1.")
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

SAYS(wrong_adamw_step_epsilon_early,
     "epsilon is added to the root before v is corrected: correct v, take the root, then "
     "add epsilon.")
WRONG void wrong_adamw_step_epsilon_early(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, EPSILON_EARLY);
}

SAYS(wrong_adamw_step_keeps_corrected,
     "m and v are kept after they have been corrected: at the next step they are "
     "corrected again. What is kept are the means themselves.")
WRONG void wrong_adamw_step_keeps_corrected(size_t n, float w[n], float m[n], float v[n],
                                            const float g[n], long t,
                                            const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, KEEPS_CORRECTED);
}

SAYS(wrong_adamw_step_no_power, "the means are divided by 1 - beta at every step: that "
                                "is right for step 1 only. It is 1 - beta^t.")
WRONG void wrong_adamw_step_no_power(size_t n, float w[n], float m[n], float v[n],
                                     const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NO_POWER);
}

SAYS(wrong_adamw_step_next_step, "the powers are of t + 1: t is 1 at the first step.")
WRONG void wrong_adamw_step_next_step(size_t n, float w[n], float m[n], float v[n],
                                      const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NEXT_STEP);
}

SAYS(wrong_adamw_step_grows,
     "the weight grows by rate * decay of itself: it shrinks by that.")
WRONG void wrong_adamw_step_grows(size_t n, float w[n], float m[n], float v[n],
                                  const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, GROWS);
}

SAYS(wrong_adamw_step_rest_squared,
     "1 - beta2 is squared with the gradient: it multiplies the square.")
WRONG void wrong_adamw_step_rest_squared(size_t n, float w[n], float m[n], float v[n],
                                         const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, REST_SQUARED);
}

SAYS(wrong_adamw_step_not_kept,
     "m and v are as they were: the new means are to be kept there, for the next step.")
WRONG void wrong_adamw_step_not_kept(size_t n, float w[n], float m[n], float v[n],
                                     const float g[n], long t, const struct adamw *a)
{
    faulty_adamw(n, w, m, v, g, t, a, NOT_KEPT);
}

/* ---- attend_backward ------------------------------------------------------------------- */

/* The right one, with something wrong. */
enum attend_fault {
    RUNNING = 1,
    NO_AVERAGE = 2,
    PLAIN_AVERAGE = 4,
    NO_SCALE = 8,
    SCALE_D = 16,
    NO_WEIGHTS = 32,
    TURNED_DK = 64,
    TURNED_DV = 128,
    LAST_DK = 256,
    AVERAGE_KEPT = 512
};

static inline void faulty_attend(int T, int D, float dq[T][D], float dk[T][D],
                                 float dv[T][D], const float dcontext[T][D],
                                 const float weights[T][T], const float q[T][D],
                                 const float k[T][D], const float v[T][D], int fault)
{
    float *dweights = grab((size_t)T, sizeof *dweights),
          *running = grab((size_t)T, sizeof *running), average = 0;
    const float scale = fault & NO_SCALE  ? 1
                        : fault & SCALE_D ? 1 / (float)D
                                          : 1 / sqrtf((float)D);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            dq[t][i] = dk[t][i] = dv[t][i] = 0;
    for (int t = 0; t < T; t++) {
        average = fault & AVERAGE_KEPT ? average : 0;
        for (int s = 0; s <= t; s++) {
            dweights[s] = 0;
            for (int i = 0; i < D; i++) {
                dweights[s] += dcontext[t][i] * v[s][i];
                if (fault & TURNED_DV)
                    dv[t][i] += weights[t][s] * dcontext[s][i];
                else
                    dv[s][i] += weights[t][s] * dcontext[t][i];
            }
            average += dweights[s] *
                       (fault & PLAIN_AVERAGE ? 1 / (float)(t + 1) : weights[t][s]);
            running[s] = average;
        }
        for (int s = 0; s <= t; s++) {
            const float off = fault & NO_AVERAGE ? 0
                              : fault & RUNNING  ? running[s]
                                                 : average;
            const float dscore =
                (dweights[s] - off) * (fault & NO_WEIGHTS ? 1 : weights[t][s]) * scale;
            for (int i = 0; i < D; i++) {
                dq[t][i] += dscore * k[s][i];
                if (fault & TURNED_DK)
                    dk[t][i] += dscore * q[s][i];
                else
                    dk[s][i] = (fault & LAST_DK ? 0 : dk[s][i]) + dscore * q[t][i];
            }
        }
    }
    free(dweights);
    free(running);
}

SAYS(wrong_attend_backward_as_handed_out,
     "the function still does what the broken one does: dv is right, but the dscores of "
     "a row do not add up to 0.")
WRONG void wrong_attend_backward_as_handed_out(int T, int D, float dq[T][D],
                                               float dk[T][D], float dv[T][D],
                                               const float dcontext[T][D],
                                               const float weights[T][T],
                                               const float q[T][D], const float k[T][D],
                                               const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, RUNNING);
}

SAYS(wrong_attend_backward_no_average,
     "the average of the row is not taken off: dscores do not add up to 0, though moving "
     "all scores of a row together changes nothing.")
WRONG void wrong_attend_backward_no_average(int T, int D, float dq[T][D], float dk[T][D],
                                            float dv[T][D], const float dcontext[T][D],
                                            const float weights[T][T],
                                            const float q[T][D], const float k[T][D],
                                            const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, NO_AVERAGE);
}

SAYS(wrong_attend_backward_plain_average,
     "the average that is taken off counts every dweight the same: each counts as much "
     "as its weight.")
WRONG void wrong_attend_backward_plain_average(int T, int D, float dq[T][D],
                                               float dk[T][D], float dv[T][D],
                                               const float dcontext[T][D],
                                               const float weights[T][T],
                                               const float q[T][D], const float k[T][D],
                                               const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, PLAIN_AVERAGE);
}

SAYS(wrong_attend_backward_no_scale,
     "the dscores are not divided by √D: the scores were, so their gradient is, too.")
WRONG void wrong_attend_backward_no_scale(int T, int D, float dq[T][D], float dk[T][D],
                                          float dv[T][D], const float dcontext[T][D],
                                          const float weights[T][T], const float q[T][D],
                                          const float k[T][D], const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, NO_SCALE);
}

SAYS(wrong_attend_backward_scale_D,
     "the dscores are divided by D: it is √D, as on the way up.")
WRONG void wrong_attend_backward_scale_D(int T, int D, float dq[T][D], float dk[T][D],
                                         float dv[T][D], const float dcontext[T][D],
                                         const float weights[T][T], const float q[T][D],
                                         const float k[T][D], const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, SCALE_D);
}

SAYS(wrong_attend_backward_no_weights, "the dscores are the dweights less their average: "
                                       "each is multiplied by its weight, too.")
WRONG void wrong_attend_backward_no_weights(int T, int D, float dq[T][D], float dk[T][D],
                                            float dv[T][D], const float dcontext[T][D],
                                            const float weights[T][T],
                                            const float q[T][D], const float k[T][D],
                                            const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, NO_WEIGHTS);
}

SAYS(wrong_attend_backward_turned_dk, "what dscores[t][s] brings is added to dk[t] with "
                                      "q[s]: it belongs to dk[s], with q[t].")
WRONG void wrong_attend_backward_turned_dk(int T, int D, float dq[T][D], float dk[T][D],
                                           float dv[T][D], const float dcontext[T][D],
                                           const float weights[T][T], const float q[T][D],
                                           const float k[T][D], const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, TURNED_DK);
}

SAYS(wrong_attend_backward_turned_dv, "dv is weights · dcontext: token s takes from all "
                                      "t that looked at it, weightsᵀ · dcontext.")
WRONG void wrong_attend_backward_turned_dv(int T, int D, float dq[T][D], float dk[T][D],
                                           float dv[T][D], const float dcontext[T][D],
                                           const float weights[T][T], const float q[T][D],
                                           const float k[T][D], const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, TURNED_DV);
}

SAYS(wrong_attend_backward_last_dk, "only the last token that looked at s has a say in "
                                    "dk[s]: what all of them bring is added up.")
WRONG void wrong_attend_backward_last_dk(int T, int D, float dq[T][D], float dk[T][D],
                                         float dv[T][D], const float dcontext[T][D],
                                         const float weights[T][T], const float q[T][D],
                                         const float k[T][D], const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, LAST_DK);
}

SAYS(wrong_attend_backward_average_kept,
     "the average continues from row to row: each row has its own, which begins at 0.")
WRONG void wrong_attend_backward_average_kept(int T, int D, float dq[T][D],
                                              float dk[T][D], float dv[T][D],
                                              const float dcontext[T][D],
                                              const float weights[T][T],
                                              const float q[T][D], const float k[T][D],
                                              const float v[T][D])
{
    faulty_attend(T, D, dq, dk, dv, dcontext, weights, q, k, v, AVERAGE_KEPT);
}

#endif
