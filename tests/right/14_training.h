/* Right answers to the exercises of chapter 14, of other kinds than the book's. */
#ifndef TRAINING_RIGHT_H
#define TRAINING_RIGHT_H

/* ---- cross_entropy ------------------------------------------------------------------ */

/* The hints, followed to the letter. */
RIGHT_ANSWER float right_cross_entropy_hints(int V, const float logits[V], int target)
{
    float m = logits[0], sum = 0;
    for (int v = 1; v < V; v++)
        if (logits[v] > m)
            m = logits[v];
    for (int v = 0; v < V; v++)
        sum += expf(logits[v] - m);
    return logf(sum) + m - logits[target];
}

/* In double precision e^200 is a number, and so is e^-400. */
RIGHT_ANSWER float right_cross_entropy_double(int V, const float logits[V], int target)
{
    double sum = 0;
    for (int v = 0; v < V; v++)
        sum += exp((double)logits[v]);
    return (float)-log(exp((double)logits[target]) / sum);
}

/* In one pass: the sum is made smaller whenever a larger logit comes. */
RIGHT_ANSWER float right_cross_entropy_one_pass(int V, const float logits[V], int target)
{
    float largest = logits[0], sum = 1;
    for (int v = 1; v < V; v++)
        if (logits[v] > largest) {
            sum = sum * expf(largest - logits[v]) + 1;
            largest = logits[v];
        } else
            sum += expf(logits[v] - largest);
    return (largest - logits[target]) + logf(sum);
}

/* How far each logit is above the target's, added up backwards. */
RIGHT_ANSWER float right_cross_entropy_differences(int V, const float logits[V],
                                                   int target)
{
    double sum = 1;
    for (int v = V; v-- > 0;)
        if (v != target)
            sum += exp((double)logits[v] - (double)logits[target]);
    return (float)log(sum);
}

/* The logarithm of e^a + e^b, again and again. */
static inline double log_of_two(double a, double b)
{
    return a > b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b));
}

RIGHT_ANSWER float right_cross_entropy_two_by_two(int V, const float logits[V],
                                                  int target)
{
    double all = (double)logits[0];
    for (const float *l = logits + 1; l < logits + V; l++)
        all = log_of_two(all, (double)*l);
    return (float)(all - (double)logits[target]);
}

/* ---- cross_entropy_backward --------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER void right_cross_entropy_backward_hints(int V, float dlogits[V],
                                                     const float logits[V], int target,
                                                     float share)
{
    float largest = logits[0], sum = 0;
    for (int v = 0; v < V; v++)
        largest = fmaxf(largest, logits[v]);
    for (int v = 0; v < V; v++) {
        dlogits[v] = expf(logits[v] - largest);
        sum += dlogits[v];
    }
    for (int v = 0; v < V; v++)
        dlogits[v] = dlogits[v] / sum * share;
    dlogits[target] -= share;
}

/* In double precision, with no largest logit. */
RIGHT_ANSWER void right_cross_entropy_backward_double(int V, float dlogits[V],
                                                      const float logits[V], int target,
                                                      float share)
{
    double sum = 0;
    for (int v = 0; v < V; v++)
        sum += exp((double)logits[v]);
    for (int v = 0; v < V; v++) {
        const double p = exp((double)logits[v]) / sum;
        dlogits[v] = (float)((v == target ? p - 1 : p) * (double)share);
    }
}

/* p[v] = e^(logits[v] - ln Σ e^logits), in an array of its own. */
RIGHT_ANSWER void right_cross_entropy_backward_of_the_loss(int V, float dlogits[V],
                                                           const float logits[V],
                                                           int target, float share)
{
    float *p = grab((size_t)V, sizeof *p);
    const double all =
        (double)right_cross_entropy_hints(V, logits, target) + (double)logits[target];
    for (int v = 0; v < V; v++)
        p[v] = (float)exp((double)logits[v] - all);
    p[target] -= 1;
    for (int v = 0; v < V; v++)
        p[v] *= share;
    memcpy(dlogits, p, (size_t)V * sizeof *p);
    free(p);
}

/* The book's softmax, backwards and by pointers. */
RIGHT_ANSWER void right_cross_entropy_backward_softmax(int V, float dlogits[V],
                                                       const float logits[V], int target,
                                                       float share)
{
    float largest = -INFINITY;
    for (const float *l = logits + V; l-- > logits;)
        largest = *l > largest ? *l : largest;
    float sum = 0;
    for (int v = V - 1; v >= 0; v--)
        sum += dlogits[v] = expf(logits[v] - largest);
    for (float *d = dlogits + V; d-- > dlogits;)
        *d = (*d / sum - (float)(d - dlogits == target)) * share;
}

/* ---- layer_norm_backward ------------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER void right_layer_norm_backward_hints(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    for (int r = 0; r < R; r++) {
        float mean = 0, variance = 0, mean_g = 0, mean_gn = 0;
        for (int c = 0; c < C; c++)
            mean += x[r][c];
        mean /= (float)C;
        for (int c = 0; c < C; c++)
            variance += (x[r][c] - mean) * (x[r][c] - mean);
        variance /= (float)C;
        const float deviation = sqrtf(variance + epsilon);
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) / deviation, g = dy[r][c] * weight[c];
            dbias[c] += dy[r][c];
            dweight[c] += dy[r][c] * n;
            mean_g += g;
            mean_gn += g * n;
        }
        mean_g /= (float)C;
        mean_gn /= (float)C;
        for (int c = 0; c < C; c++) {
            const float n = (x[r][c] - mean) / deviation, g = dy[r][c] * weight[c];
            dx[r][c] += (g - mean_g - n * mean_gn) / deviation;
        }
    }
}

/* In double precision; the variance is the mean of the squares, less the square of the mean. */
RIGHT_ANSWER void right_layer_norm_backward_double(int R, int C, float dx[R][C],
                                                   float dweight[C], float dbias[C],
                                                   const float dy[R][C],
                                                   const float x[R][C],
                                                   const float weight[C], float epsilon)
{
    double *n = grab((size_t)C, sizeof *n), *g = grab((size_t)C, sizeof *g);
    for (int r = R - 1; r >= 0; r--) {
        double sum = 0, squares = 0, a = 0, b = 0;
        for (int c = 0; c < C; c++) {
            sum += (double)x[r][c];
            squares += (double)x[r][c] * (double)x[r][c];
        }
        const double mean = sum / C,
                     deviation = sqrt(squares / C - mean * mean + (double)epsilon);
        for (int c = 0; c < C; c++) {
            n[c] = ((double)x[r][c] - mean) / deviation;
            g[c] = (double)dy[r][c] * (double)weight[c];
            a += g[c];
            b += g[c] * n[c];
        }
        for (int c = 0; c < C; c++)
            dx[r][c] += (float)((g[c] - a / C - n[c] * b / C) / deviation);
        for (int c = 0; c < C; c++)
            dweight[c] += (float)((double)dy[r][c] * n[c]);
    }
    for (int c = 0; c < C; c++) {
        double all = 0;
        for (int r = 0; r < R; r++)
            all += (double)dy[r][c];
        dbias[c] += (float)all;
    }
    free(n);
    free(g);
}

/* Every x of a row on every n of it, the whole table of slopes:
 * dn[j]/dx[i] = ((i == j) - 1/C - n[i] n[j] / C) / deviation. */
RIGHT_ANSWER void right_layer_norm_backward_slopes(int R, int C, float dx[R][C],
                                                   float dweight[C], float dbias[C],
                                                   const float dy[R][C],
                                                   const float x[R][C],
                                                   const float weight[C], float epsilon)
{
    float *n = grab((size_t)C, sizeof *n);
    for (int r = 0; r < R; r++) {
        float mean = 0, variance = 0;
        for (int c = C; c-- > 0;)
            mean += x[r][c] / (float)C;
        for (int c = C; c-- > 0;)
            variance += powf(x[r][c] - mean, 2) / (float)C;
        const float one_over = 1.0f / sqrtf(variance + epsilon);
        for (int c = 0; c < C; c++)
            n[c] = (x[r][c] - mean) * one_over;
        for (int i = 0; i < C; i++) {
            double sum = 0;
            for (int j = 0; j < C; j++)
                sum += (double)(dy[r][j] * weight[j]) *
                       ((i == j) - (1 + (double)n[i] * (double)n[j]) / C);
            dx[r][i] += (float)sum * one_over;
            dweight[i] += n[i] * dy[r][i];
            dbias[i] += dy[r][i];
        }
    }
    free(n);
}

/* Pointers; the parts of dx are added one after the other: straight down, by the mean, by the
 * deviation. */
RIGHT_ANSWER void right_layer_norm_backward_parts(int R, int C, float dx[R][C],
                                                  float dweight[C], float dbias[C],
                                                  const float dy[R][C],
                                                  const float x[R][C],
                                                  const float weight[C], float epsilon)
{
    const double count = C;
    for (int r = 0; r < R; r++) {
        const float *row = x[r], *d = dy[r];
        double mean = 0, variance = 0, by_mean = 0, by_deviation = 0;
        for (int c = 0; c < C; c++)
            mean += (double)row[c] / count;
        for (int c = 0; c < C; c++)
            variance += ((double)row[c] - mean) * ((double)row[c] - mean) / count;
        const double deviation = sqrt(variance + (double)epsilon);
        for (int c = 0; c < C; c++) {
            const double g = (double)(d[c] * weight[c]);
            by_mean -= g / deviation;
            by_deviation -= g * ((double)row[c] - mean) / (deviation * deviation);
        }
        for (int c = 0; c < C; c++) {
            const double g = (double)(d[c] * weight[c]),
                         slope = ((double)row[c] - mean) / (count * deviation);
            dx[r][c] += (float)(g / deviation + by_mean / count + by_deviation * slope);
            dweight[c] += (float)((double)d[c] * ((double)row[c] - mean) / deviation);
            dbias[c] += d[c];
        }
    }
}

/* ---- adamw_step ---------------------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER void right_adamw_step_hints(size_t n, float w[n], float m[n], float v[n],
                                         const float g[n], long t, const struct adamw *a)
{
    const float c1 = (float)(1 - pow((double)a->beta1, (double)t));
    const float c2 = (float)(1 - pow((double)a->beta2, (double)t));
    for (size_t i = 0; i < n; i++) {
        m[i] = a->beta1 * m[i] + (1 - a->beta1) * g[i];
        v[i] = a->beta2 * v[i] + (1 - a->beta2) * g[i] * g[i];
        w[i] = w[i] * (1 - a->rate * a->decay) -
               a->rate * (m[i] / c1) / (sqrtf(v[i] / c2) + a->epsilon);
    }
}

/* In double precision, in the order of the task. */
RIGHT_ANSWER void right_adamw_step_double(size_t n, float w[n], float m[n], float v[n],
                                          const float g[n], long t, const struct adamw *a)
{
    const double beta1 = (double)a->beta1, beta2 = (double)a->beta2;
    for (size_t i = 0; i < n; i++) {
        const double d = (double)g[i], old = (double)w[i];
        const double mean = beta1 * (double)m[i] + (1 - beta1) * d,
                     square = beta2 * (double)v[i] + (1 - beta2) * d * d;
        const double put_right = mean / (1 - pow(beta1, (double)t)),
                     root = sqrt(square / (1 - pow(beta2, (double)t)));
        w[i] = (float)(old - (double)a->rate * (double)a->decay * old -
                       (double)a->rate * put_right / (root + (double)a->epsilon));
        m[i] = (float)mean;
        v[i] = (float)square;
    }
}

/* The means move a part of the way to the new number; the powers are multiplied out. */
RIGHT_ANSWER void right_adamw_step_part_of_the_way(size_t n, float w[n], float m[n],
                                                   float v[n], const float g[n], long t,
                                                   const struct adamw *a)
{
    double power1 = 1, power2 = 1;
    for (long k = 0; k < t; k++) {
        power1 *= (double)a->beta1;
        power2 *= (double)a->beta2;
    }
    for (size_t i = 0; i < n; i++)
        m[i] += (1 - a->beta1) * (g[i] - m[i]);
    for (size_t i = 0; i < n; i++)
        v[i] += (1 - a->beta2) * (g[i] * g[i] - v[i]);
    for (size_t i = 0; i < n; i++) {
        const double mean = (double)m[i] / (1 - power1),
                     square = (double)v[i] / (1 - power2);
        const float shrink = a->rate * a->decay * w[i];
        w[i] -= shrink;
        w[i] -= (float)((double)a->rate * mean / (sqrt(square) + (double)a->epsilon));
    }
}

/* Both corrections in the rate and the epsilon, as the paper on Adam proposes. */
RIGHT_ANSWER void right_adamw_step_in_the_rate(size_t n, float w[n], float m[n],
                                               float v[n], const float g[n], long t,
                                               const struct adamw *a)
{
    const double root = sqrt(1 - pow((double)a->beta2, (double)t));
    const float rate = (float)((double)a->rate * root /
                               (1 - pow((double)a->beta1, (double)t))),
                epsilon = (float)((double)a->epsilon * root);
    const float *end = w + n;
    for (; w < end; w++, m++, v++, g++) {
        *m = *m * a->beta1 + *g * (1 - a->beta1);
        *v = *v * a->beta2 + powf(*g, 2) * (1 - a->beta2);
        *w = *w - a->rate * a->decay * *w - rate * *m / (sqrtf(*v) + epsilon);
    }
}

/* ---- attend_backward ------------------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER void
right_attend_backward_hints(int T, int D, float dq[T][D], float dk[T][D], float dv[T][D],
                            const float dcontext[T][D], const float weights[T][T],
                            const float q[T][D], const float k[T][D], const float v[T][D])
{
    float dweights[T];
    for (int t = 0; t < T; t++) {
        float average = 0;
        for (int i = 0; i < D; i++)
            dq[t][i] = dk[t][i] = dv[t][i] = 0;
        for (int s = 0; s <= t; s++) {
            float dweight = 0;
            for (int i = 0; i < D; i++) {
                dweight += dcontext[t][i] * v[s][i];
                dv[s][i] += weights[t][s] * dcontext[t][i];
            }
            dweights[s] = dweight;
            average += weights[t][s] * dweight;
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
}

/* Matrix by matrix, with dscores in an array of its own and chapter 14's softmax_backward. */
RIGHT_ANSWER void right_attend_backward_matrices(int T, int D, float dq[T][D],
                                                 float dk[T][D], float dv[T][D],
                                                 const float dcontext[T][D],
                                                 const float weights[T][T],
                                                 const float q[T][D], const float k[T][D],
                                                 const float v[T][D])
{
    float(*d)[T] = grab((size_t)T, sizeof *d);
    const float scale = 1 / sqrtf((float)D);
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            for (int i = 0; i < D; i++)
                d[t][s] += dcontext[t][i] * v[s][i];
    for (int t = 0; t < T; t++)
        softmax_backward(T, d[t], d[t], weights[t]);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            float of_q = 0, of_k = 0, of_v = 0;
            for (int s = 0; s < T; s++) {
                of_q += d[t][s] * k[s][i];
                of_k += d[s][t] * q[s][i];
                of_v += weights[s][t] * dcontext[s][i];
            }
            dq[t][i] = of_q * scale;
            dk[t][i] = of_k * scale;
            dv[t][i] = of_v;
        }
    free(d);
}

/* In double precision. The average of a row is dcontext · context, made again from v. */
RIGHT_ANSWER void right_attend_backward_context(int T, int D, float dq[T][D],
                                                float dk[T][D], float dv[T][D],
                                                const float dcontext[T][D],
                                                const float weights[T][T],
                                                const float q[T][D], const float k[T][D],
                                                const float v[T][D])
{
    double *average = grab((size_t)T, sizeof *average);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            double context = 0;
            for (int s = 0; s <= t; s++)
                context += (double)weights[t][s] * (double)v[s][i];
            average[t] += context * (double)dcontext[t][i];
        }
    for (int s = T - 1; s >= 0; s--)
        for (int i = 0; i < D; i++)
            dq[s][i] = dk[s][i] = dv[s][i] = 0;
    for (int s = T - 1; s >= 0; s--)
        for (int t = T - 1; t >= s; t--) {
            double dot = 0;
            for (int i = 0; i < D; i++)
                dot += (double)dcontext[t][i] * (double)v[s][i];
            const float dscore =
                (float)((double)weights[t][s] * (dot - average[t]) / sqrt(D));
            for (int i = 0; i < D; i++) {
                dq[t][i] += dscore * k[s][i];
                dk[s][i] += dscore * q[t][i];
                dv[s][i] += weights[t][s] * dcontext[t][i];
            }
        }
    free(average);
}

/* Every weight on every score, p (1 - p) and -p p: the whole table of softmax's slopes. */
RIGHT_ANSWER void right_attend_backward_slopes(int T, int D, float dq[T][D],
                                               float dk[T][D], float dv[T][D],
                                               const float dcontext[T][D],
                                               const float weights[T][T],
                                               const float q[T][D], const float k[T][D],
                                               const float v[T][D])
{
    double *dweights = grab((size_t)T, sizeof *dweights);
    memset(dq, 0, (size_t)T * sizeof *dq);
    memset(dk, 0, (size_t)T * sizeof *dk);
    memset(dv, 0, (size_t)T * sizeof *dv);
    for (int t = 0; t < T; t++) {
        for (int s = 0; s <= t; s++) {
            dweights[s] = 0;
            for (int i = 0; i < D; i++)
                dweights[s] += (double)dcontext[t][i] * (double)v[s][i];
        }
        for (int s = 0; s <= t; s++) {
            double dscore = 0;
            for (int u = 0; u <= t; u++)
                dscore += dweights[u] * (double)weights[t][u] *
                          ((u == s) - (double)weights[t][s]);
            dscore /= sqrt((double)D);
            for (int i = 0; i < D; i++) {
                dq[t][i] += (float)(dscore * (double)k[s][i]);
                dk[s][i] += (float)(dscore * (double)q[t][i]);
                dv[s][i] += weights[t][s] * dcontext[t][i];
            }
        }
    }
    free(dweights);
}

#endif
