/* 04_attention.h: one attention head, without a mask: queries, keys, values; scores;
 * softmax; the weighted sum. Chapter 4 of the book: chapters/04_attention.md */
#ifndef ATTENTION_H
#define ATTENTION_H

#include "03_embedding.h"

/* Layer normalization: each row gets mean 0 and variance 1; then each column is multiplied by
 * its weight and its bias is added. epsilon prevents a division by zero in a row of equal
 * numbers. (Chapter 7 says why.) x [T, C], weight, bias [C] → y [T, C] */
static inline void layer_norm(int T, int C, float y[restrict T][C], const float x[T][C],
                              const float weight[C], const float bias[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float sum = 0, squares = 0;
        for (int c = 0; c < C; c++)
            sum += x[t][c];
        const float mean = sum / (float)C;
        for (int c = 0; c < C; c++)
            squares += (x[t][c] - mean) * (x[t][c] - mean);
        const float deviation = sqrtf(squares / (float)C + epsilon);
        for (int c = 0; c < C; c++)
            y[t][c] = (x[t][c] - mean) / deviation * weight[c] + bias[c];
    }
}

/* One head's queries, keys or values: D columns of a linear layer, starting at `first`.
 * x [T, C], w [C, columns], bias [columns] → out [T, D],
 * out[t][d] = x[t] · (column first + d of w) + bias[first + d] */
static inline void project(int T, int C, int D, float out[restrict T][D],
                           const float x[T][C], int columns, const float w[C][columns],
                           const float bias[columns], int first)
{
    for (int t = 0; t < T; t++)
        for (int d = 0; d < D; d++) {
            float sum = bias[first + d];
            for (int c = 0; c < C; c++)
                sum += x[t][c] * w[c][first + d];
            out[t][d] = sum;
        }
}

#ifdef MINE_attention_scores
void attention_scores(int T, int D, float scores[restrict T][T], const float q[T][D],
                      const float k[T][D]);
#else
/* How much the query of token t wants the key of token s.
 * q, k [T, D] → scores [T, T], scores[t][s] = q[t]·k[s] / √D (Vaswani et al. 2017, eq. 1) */
static inline void attention_scores(int T, int D, float scores[restrict T][T],
                                    const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            float dot = 0;
            for (int i = 0; i < D; i++)
                dot += q[t][i] * k[s][i];
            scores[t][s] = dot / sqrtf((float)D);
        }
}
#endif

#ifdef MINE_softmax
void softmax(int n, float p[restrict n], const float s[n]);
#else
/* Turns scores into shares: all positive, sum 1; a score that is 1 higher gets e times the share.
 * s [n] → p [n], p[i] = e^s[i] / Σ e^s[j]. The largest score is subtracted first, which
 * changes no share and keeps e^s finite. A score of -infinity gets the share 0. */
static inline void softmax(int n, float p[restrict n], const float s[n])
{
    float largest = s[0], sum = 0;
    for (int i = 1; i < n; i++)
        if (s[i] > largest)
            largest = s[i];
    for (int i = 0; i < n; i++) {
        p[i] = expf(s[i] - largest);
        sum += p[i];
    }
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}
#endif

/* Each token divides up its attention: softmax along each row.
 * scores [T, T] → weights [T, T], each row sums to 1 */
static inline void softmax_rows(int T, float weights[restrict T][T],
                                const float scores[T][T])
{
    for (int t = 0; t < T; t++)
        softmax(T, weights[t], scores[t]);
}

#ifdef MINE_weighted_sum
void weighted_sum(int T, int D, float context[restrict T][D], const float weights[T][T],
                  const float v[T][D]);
#else
/* The context of each token: the sum of all values, each multiplied by its weight.
 * weights [T, T], v [T, D] → context [T, D], context[t] = Σ over s of weights[t][s] v[s] */
static inline void weighted_sum(int T, int D, float context[restrict T][D],
                                const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            float sum = 0;
            for (int s = 0; s < T; s++)
                sum += weights[t][s] * v[s][i];
            context[t][i] = sum;
        }
}
#endif

#ifdef MINE_attend_in_passing
void attend_in_passing(int T, int D, float context[restrict D], const float scores[T],
                       const float v[T][D]);
#else
/* One token's softmax and weighted sum in one pass: scores and values arrive one by one, and no
 * weight is kept. scores [T], finite; v [T, D] → context [D] */
static inline void attend_in_passing(int T, int D, float context[restrict D],
                                     const float scores[T], const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        if (scores[s] > largest) {
            const float shrink = expf(largest - scores[s]);
            largest = scores[s];
            sum *= shrink;
            for (int i = 0; i < D; i++)
                context[i] *= shrink;
        }
        const float part = expf(scores[s] - largest);
        sum += part;
        for (int i = 0; i < D; i++)
            context[i] += part * v[s][i];
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}
#endif

#ifdef MINE_attend_across
void attend_across(int N, int T, int D, float context[restrict N][D], const float q[N][D],
                   const float k[T][D], const float v[T][D]);
#else
/* The tokens of one text look at those of a different one: each query has its own softmax.
 * q [N, D] of the first, k, v [T, D] of the second → context [N, D] */
static inline void attend_across(int N, int T, int D, float context[restrict N][D],
                                 const float q[N][D], const float k[T][D],
                                 const float v[T][D])
{
    for (int n = 0; n < N; n++) {
        float weight[T], largest = -INFINITY, sum = 0;
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
                context[n][i] += weight[s] / sum * v[s][i];
        }
    }
}
#endif

#endif
