/* Right answers to the exercises of chapter 4 that are not the book's: other ways to the same
 * numbers, as readers write them. Each must pass. */
#ifndef ATTENTION_RIGHT_H
#define ATTENTION_RIGHT_H

/* ---- attention_scores ---------------------------------------------------------------- */

RIGHT_ANSWER void right_attention_scores_in_double(int T, int D,
                                                   float scores[restrict T][T],
                                                   const float q[T][D],
                                                   const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            double dot = 0;
            for (int i = D - 1; i >= 0; i--)
                dot += (double)q[t][i] * (double)k[s][i];
            scores[t][s] = (float)(dot / sqrt(D));
        }
}

/* One of the D numbers after the other, for all pairs. */
RIGHT_ANSWER void right_attention_scores_number_by_number(int T, int D,
                                                          float scores[restrict T][T],
                                                          const float q[T][D],
                                                          const float k[T][D])
{
    memset(scores, 0, sizeof(float[T][T]));
    for (int i = 0; i < D; i++)
        for (int s = 0; s < T; s++)
            for (int t = 0; t < T; t++)
                scores[t][s] += q[t][i] * k[s][i];
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] /= powf((float)D, 0.5f);
}

/* The queries are divided by the root first. */
RIGHT_ANSWER void right_attention_scores_small_queries(int T, int D,
                                                       float scores[restrict T][T],
                                                       const float q[T][D],
                                                       const float k[T][D])
{
    float(*small)[D] = malloc(sizeof(float[T][D]));
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            small[t][i] = q[t][i] / sqrtf((float)D);
    for (int t = T - 1; t >= 0; t--)
        for (int s = T - 1; s >= 0; s--) {
            scores[t][s] = 0;
            for (int i = 0; i < D; i++)
                scores[t][s] += small[t][i] * k[s][i];
        }
    free(small);
}

static inline float pair_score(int D, const float *a, const float *b)
{
    float dot = 0;
    for (const float *end = a + D; a < end;)
        dot += *a++ * *b++;
    return dot;
}

RIGHT_ANSWER void right_attention_scores_by_a_helper(int T, int D,
                                                     float scores[restrict T][T],
                                                     const float q[T][D],
                                                     const float k[T][D])
{
    const float scale = 1 / sqrtf((float)D);
    for (int s = 0; s < T; s++)
        for (int t = 0; t < T; t++)
            scores[t][s] = scale * pair_score(D, q[t], k[s]);
}

/* ---- softmax ------------------------------------------------------------------------- */

/* As the hints say, with a search that starts below everything. */
RIGHT_ANSWER void right_softmax_by_the_hints(int n, float p[restrict n], const float s[n])
{
    float largest = -INFINITY;
    for (int i = 0; i < n; i++)
        largest = fmaxf(largest, s[i]);
    float sum = 0;
    for (int i = n - 1; i >= 0; i--)
        sum += p[i] = expf(s[i] - largest);
    for (int i = 0; i < n; i++)
        p[i] *= 1 / sum;
}

RIGHT_ANSWER void right_softmax_in_double(int n, float p[restrict n], const float s[n])
{
    double largest = (double)s[0], sum = 0;
    for (int i = 1; i < n; i++)
        largest = fmax(largest, (double)s[i]);
    double *power = malloc((size_t)n * sizeof *power);
    for (int i = 0; i < n; i++)
        sum += power[i] = exp((double)s[i] - largest);
    for (int i = 0; i < n; i++)
        p[i] = (float)(power[i] / sum);
    free(power);
}

/* By the logarithm of the sum. */
RIGHT_ANSWER void right_softmax_by_the_logarithm(int n, float p[restrict n],
                                                 const float s[n])
{
    double largest = (double)s[n - 1], sum = 0;
    for (int i = 0; i < n; i++)
        if ((double)s[i] > largest)
            largest = (double)s[i];
    for (int i = 0; i < n; i++)
        sum += exp((double)s[i] - largest);
    for (int i = 0; i < n; i++)
        p[i] = (float)exp((double)s[i] - largest - log(sum));
}

/* The largest and the sum in one pass, as in attend_in_passing. */
RIGHT_ANSWER void right_softmax_in_two_passes(int n, float p[restrict n],
                                              const float s[n])
{
    float largest = -INFINITY, sum = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] > largest) {
            sum *= expf(largest - s[i]);
            largest = s[i];
        }
        if (s[i] > -INFINITY)
            sum += expf(s[i] - largest);
    }
    for (int i = 0; i < n; i++)
        p[i] = expf(s[i] - largest) / sum;
}

static inline float sum_of_halves(int n, const float *x)
{
    return n == 1 ? x[0] : sum_of_halves(n / 2, x) + sum_of_halves(n - n / 2, x + n / 2);
}

/* The sum is made of two halves' sums, and so on. */
RIGHT_ANSWER void right_softmax_by_halves(int n, float p[restrict n], const float s[n])
{
    int best = 0;
    for (int i = 0; i < n; i++)
        best = s[i] >= s[best] ? i : best;
    for (int i = 0; i < n; i++)
        p[i] = expf(s[i] - s[best]);
    const float sum = sum_of_halves(n, p);
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

/* ---- weighted_sum -------------------------------------------------------------------- */

RIGHT_ANSWER void right_weighted_sum_in_double(int T, int D, float context[restrict T][D],
                                               const float weights[T][T],
                                               const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            double sum = 0;
            for (int s = T - 1; s >= 0; s--)
                sum += (double)weights[t][s] * (double)v[s][i];
            context[t][i] = (float)sum;
        }
}

/* Row by row: each value is added to all contexts before the next is looked at. */
RIGHT_ANSWER void right_weighted_sum_value_by_value(int T, int D,
                                                    float context[restrict T][D],
                                                    const float weights[T][T],
                                                    const float v[T][D])
{
    for (int t = 0; t < T; t++)
        memset(context[t], 0, sizeof context[t]);
    for (int s = 0; s < T; s++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i < D; i++)
                context[t][i] += weights[t][s] * v[s][i];
}

/* What has no weight is passed over. */
RIGHT_ANSWER void right_weighted_sum_passes_over_zeros(int T, int D,
                                                       float context[restrict T][D],
                                                       const float weights[T][T],
                                                       const float v[T][D])
{
    float *sum = malloc((size_t)D * sizeof *sum);
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < D; i++)
            sum[i] = 0;
        for (int s = 0; s < T; s++)
            if (weights[t][s] != 0)
                for (int i = 0; i < D; i++)
                    sum[i] = fmaf(weights[t][s], v[s][i], sum[i]);
        memcpy(context[t], sum, (size_t)D * sizeof *sum);
    }
    free(sum);
}

/* The first product is set and the others are added. */
RIGHT_ANSWER void right_weighted_sum_by_pointers(int T, int D,
                                                 float context[restrict T][D],
                                                 const float weights[T][T],
                                                 const float v[T][D])
{
    float *to = &context[0][0];
    for (const float *w = &weights[0][0], *end = w + T * T; w < end; w += T)
        for (int i = 0; i < D; i++, to++) {
            *to = w[0] * v[0][i];
            for (int s = 1; s < T; s++)
                *to += w[s] * v[s][i];
        }
}

/* ---- attend_in_passing --------------------------------------------------------------- */

/* Both factors at every step: one of them is 1. */
RIGHT_ANSWER void right_attend_in_passing_two_factors(int T, int D,
                                                      float context[restrict D],
                                                      const float scores[T],
                                                      const float v[T][D])
{
    float largest = -INFINITY, sum = 0;
    memset(context, 0, (size_t)D * sizeof *context);
    for (int s = 0; s < T; s++) {
        const float most = fmaxf(largest, scores[s]);
        const float old = expf(largest - most), new = expf(scores[s] - most);
        sum = sum * old + new;
        for (int i = 0; i < D; i++)
            context[i] = context[i] * old + v[s][i] * new;
        largest = most;
    }
    for (int i = 0; i < D; i++)
        context[i] = context[i] / sum;
}

/* The context is a mixture from the beginning, and moves towards each new value. */
RIGHT_ANSWER void right_attend_in_passing_moves(int T, int D, float context[restrict D],
                                                const float scores[T],
                                                const float v[T][D])
{
    double largest = (double)scores[0], sum = 0;
    double *mixture = calloc((size_t)D, sizeof *mixture);
    for (int s = 0; s < T; s++) {
        const double score = (double)scores[s];
        if (score > largest) {
            sum *= exp(largest - score);
            largest = score;
        }
        const double part = exp(score - largest);
        sum += part;
        for (int i = 0; i < D; i++)
            mixture[i] += ((double)v[s][i] - mixture[i]) * (part / sum);
    }
    for (int i = 0; i < D; i++)
        context[i] = (float)mixture[i];
    free(mixture);
}

/* Not in passing, but right. */
RIGHT_ANSWER void right_attend_in_passing_two_steps(int T, int D,
                                                    float context[restrict D],
                                                    const float scores[T],
                                                    const float v[T][D])
{
    float *p = malloc((size_t)T * sizeof *p);
    softmax(T, p, scores);
    for (int i = 0; i < D; i++) {
        context[i] = 0;
        for (int s = 0; s < T; s++)
            context[i] += p[s] * v[s][i];
    }
    free(p);
}

/* The first token is set, not added. */
RIGHT_ANSWER void right_attend_in_passing_first_set(int T, int D,
                                                    float context[restrict D],
                                                    const float scores[T],
                                                    const float v[T][D])
{
    float largest = scores[0], sum = 1;
    for (int i = 0; i < D; i++)
        context[i] = v[0][i];
    for (int s = 1; s < T; s++) {
        float part = 1;
        if (scores[s] <= largest)
            part = expf(scores[s] - largest);
        else {
            const float shrink = expf(largest - scores[s]);
            for (int i = 0; i < D; i++)
                context[i] *= shrink;
            sum *= shrink;
            largest = scores[s];
        }
        for (int i = 0; i < D; i++)
            context[i] += part * v[s][i];
        sum += part;
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}

/* ---- attend_across ------------------------------------------------------------------- */

/* As the hints say, with what they name set again before each query. */
RIGHT_ANSWER void right_attend_across_by_the_hints(int N, int T, int D,
                                                   float context[restrict N][D],
                                                   const float q[N][D],
                                                   const float k[T][D],
                                                   const float v[T][D])
{
    float weight[T], largest, sum;
    for (int n = 0; n < N; n++) {
        largest = -INFINITY;
        sum = 0;
        for (int s = 0; s < T; s++) {
            float dot = 0;
            for (int i = 0; i < D; i++)
                dot += q[n][i] * k[s][i];
            weight[s] = dot / sqrtf((float)D);
            largest = weight[s] > largest ? weight[s] : largest;
        }
        for (int s = 0; s < T; s++) {
            weight[s] = expf(weight[s] - largest);
            sum += weight[s];
        }
        for (int i = 0; i < D; i++) {
            context[n][i] = 0;
            for (int s = 0; s < T; s++)
                context[n][i] += weight[s] * v[s][i];
            context[n][i] /= sum;
        }
    }
}

/* With the functions of the chapter. */
RIGHT_ANSWER void right_attend_across_by_softmax(int N, int T, int D,
                                                 float context[restrict N][D],
                                                 const float q[N][D], const float k[T][D],
                                                 const float v[T][D])
{
    float *scores = malloc((size_t)T * sizeof *scores),
          *weights = malloc((size_t)T * sizeof *weights);
    for (int n = 0; n < N; n++) {
        for (int s = 0; s < T; s++)
            scores[s] = pair_score(D, q[n], k[s]) / sqrtf((float)D);
        softmax(T, weights, scores);
        for (int i = 0; i < D; i++)
            context[n][i] = 0;
        for (int s = 0; s < T; s++)
            for (int i = 0; i < D; i++)
                context[n][i] += weights[s] * v[s][i];
    }
    free(scores);
    free(weights);
}

RIGHT_ANSWER void right_attend_across_in_passing(int N, int T, int D,
                                                 float context[restrict N][D],
                                                 const float q[N][D], const float k[T][D],
                                                 const float v[T][D])
{
    for (int n = N - 1; n >= 0; n--) {
        float scores[T];
        for (int s = 0; s < T; s++)
            scores[s] = pair_score(D, q[n], k[s]) / sqrtf((float)D);
        attend_in_passing(T, D, context[n], scores, v);
    }
}

RIGHT_ANSWER void right_attend_across_in_double(int N, int T, int D,
                                                float context[restrict N][D],
                                                const float q[N][D], const float k[T][D],
                                                const float v[T][D])
{
    double *weight = malloc((size_t)T * sizeof *weight);
    for (int n = 0; n < N; n++) {
        double largest = -HUGE_VAL, sum = 0;
        for (int s = 0; s < T; s++) {
            weight[s] = 0;
            for (int i = 0; i < D; i++)
                weight[s] += (double)q[n][i] * (double)k[s][i];
            weight[s] /= sqrt(D);
            largest = fmax(largest, weight[s]);
        }
        for (int s = 0; s < T; s++)
            sum += weight[s] = exp(weight[s] - largest);
        for (int i = 0; i < D; i++) {
            double mixture = 0;
            for (int s = 0; s < T; s++)
                mixture += weight[s] / sum * (double)v[s][i];
            context[n][i] = (float)mixture;
        }
    }
    free(weight);
}

#endif
