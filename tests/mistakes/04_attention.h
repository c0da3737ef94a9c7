/* The usual mistakes in the exercises of chapter 4. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef ATTENTION_MISTAKES_H
#define ATTENTION_MISTAKES_H

/* ---- attention_scores ---------------------------------------------------------------- */

static inline float plain_dot(int n, const float a[n], const float b[n])
{
    float dot = 0;
    for (int i = 0; i < n; i++)
        dot += a[i] * b[i];
    return dot;
}

SAYS(wrong_attention_scores_no_root,
     "the dot products are not divided by √D: then with a large D the scores are far "
     "apart, and the softmax gives one token everything.")
WRONG void wrong_attention_scores_no_root(int T, int D, float scores[restrict T][T],
                                          const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[s]);
}

SAYS(wrong_attention_scores_by_D,
     "the dot products are divided by D: it should be the root of D, sqrtf((float)D).")
WRONG void wrong_attention_scores_by_D(int T, int D, float scores[restrict T][T],
                                       const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[s]) / (float)D;
}

SAYS(wrong_attention_scores_root_of_T,
     "the dot products are divided by √T: the root is of D, how many numbers a key has; "
     "how many tokens there are does not matter.")
WRONG void wrong_attention_scores_root_of_T(int T, int D, float scores[restrict T][T],
                                            const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[s]) / sqrtf((float)T);
}

SAYS(wrong_attention_scores_times_root,
     "the dot products are multiplied by √D: they should be divided by it; the larger D "
     "is, the smaller the factor must be.")
WRONG void wrong_attention_scores_times_root(int T, int D, float scores[restrict T][T],
                                             const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[s]) * sqrtf((float)D);
}

SAYS(wrong_attention_scores_whole_root,
     "√D is cut to a whole number: a head may have 6 numbers, and √6 is 2.449 and not 2. "
     "Keep the root a float.")
WRONG void wrong_attention_scores_whole_root(int T, int D, float scores[restrict T][T],
                                             const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[s]) / (float)(int)sqrtf((float)D);
}

SAYS(wrong_attention_scores_transposed,
     "rows and columns are swapped: row t holds what token t asks, so scores[t][s] is "
     "the query of t with the key of s.")
WRONG void wrong_attention_scores_transposed(int T, int D, float scores[restrict T][T],
                                             const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[s], k[t]) / sqrtf((float)D);
}

SAYS(wrong_attention_scores_never_zero, "the sum continues from one pair of tokens to "
                                        "the next: it must be 0 again for each t and s.")
WRONG void wrong_attention_scores_never_zero(int T, int D, float scores[restrict T][T],
                                             const float q[T][D], const float k[T][D])
{
    float dot = 0;
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            dot += plain_dot(D, q[t], k[s]);
            scores[t][s] = dot / sqrtf((float)D);
        }
}

SAYS(wrong_attention_scores_zero_once_a_row,
     "the sum is 0 at the start of each row only: it must be 0 again for each t and s.")
WRONG void wrong_attention_scores_zero_once_a_row(int T, int D,
                                                  float scores[restrict T][T],
                                                  const float q[T][D],
                                                  const float k[T][D])
{
    for (int t = 0; t < T; t++) {
        float dot = 0;
        for (int s = 0; s < T; s++) {
            dot += plain_dot(D, q[t], k[s]);
            scores[t][s] = dot / sqrtf((float)D);
        }
    }
}

SAYS(wrong_attention_scores_last_product,
     "only the last of the D products counts: add them up, += and not =.")
WRONG void wrong_attention_scores_last_product(int T, int D, float scores[restrict T][T],
                                               const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = q[t][D - 1] * k[s][D - 1] / sqrtf((float)D);
}

SAYS(wrong_attention_scores_loses_the_last,
     "the last of the D products is left out: i runs from 0 to D - 1, so while i < D.")
WRONG void wrong_attention_scores_loses_the_last(int T, int D,
                                                 float scores[restrict T][T],
                                                 const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] =
                (plain_dot(D, q[t], k[s]) - q[t][D - 1] * k[s][D - 1]) / sqrtf((float)D);
}

SAYS(wrong_attention_scores_queries_only,
     "queries are multiplied with queries: it is the key of token s that answers the "
     "query of token t.")
WRONG void wrong_attention_scores_queries_only(int T, int D, float scores[restrict T][T],
                                               const float q[T][D], const float k[T][D])
{
    (void)k;
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], q[s]) / sqrtf((float)D);
}

SAYS(wrong_attention_scores_own_key, "every query meets the key of its own token: k[s] "
                                     "is the key of the token that is asked.")
WRONG void wrong_attention_scores_own_key(int T, int D, float scores[restrict T][T],
                                          const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = plain_dot(D, q[t], k[t]) / sqrtf((float)D);
}

SAYS(wrong_attention_scores_masked,
     "the scores of later tokens are minus infinity: that is the mask, which comes in "
     "chapter 5, in its own function. Here every token is asked.")
WRONG void wrong_attention_scores_masked(int T, int D, float scores[restrict T][T],
                                         const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] = s > t ? -INFINITY : plain_dot(D, q[t], k[s]) / sqrtf((float)D);
}

SAYS(wrong_attention_scores_cosine,
     "the dot products are divided by the lengths of both vectors: that is the cosine of "
     "chapter 3. A score keeps the lengths and is divided by √D.")
WRONG void wrong_attention_scores_cosine(int T, int D, float scores[restrict T][T],
                                         const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            const float lengths =
                sqrtf(plain_dot(D, q[t], q[t])) * sqrtf(plain_dot(D, k[s], k[s]));
            scores[t][s] = lengths > 0 ? plain_dot(D, q[t], k[s]) / lengths : 0;
        }
}

SAYS(wrong_attention_scores_softmaxed,
     "the scores have already gone through the softmax: that is a separate step. Leave "
     "the scores as they are.")
WRONG void wrong_attention_scores_softmaxed(int T, int D, float scores[restrict T][T],
                                            const float q[T][D], const float k[T][D])
{
    for (int t = 0; t < T; t++) {
        float largest = -INFINITY, sum = 0;
        for (int s = 0; s < T; s++) {
            scores[t][s] = plain_dot(D, q[t], k[s]) / sqrtf((float)D);
            largest = fmaxf(largest, scores[t][s]);
        }
        for (int s = 0; s < T; s++)
            sum += scores[t][s] = expf(scores[t][s] - largest);
        for (int s = 0; s < T; s++)
            scores[t][s] /= sum;
    }
}

/* ---- softmax ------------------------------------------------------------------------- */

/* Softmax with `off` taken off every score. */
static inline void softmax_off(int n, float p[restrict n], const float s[n], float off)
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i] = expf(s[i] - off);
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

static inline float most_of(int n, const float s[n])
{
    float most = s[0];
    for (int i = 1; i < n; i++)
        most = s[i] > most ? s[i] : most;
    return most;
}

SAYS(wrong_softmax_naive,
     "nothing is subtracted from the scores: e^89 is infinity, and infinity / infinity "
     "is not a number. Subtract the largest score first; no share changes.")
WRONG void wrong_softmax_naive(int n, float p[restrict n], const float s[n])
{
    softmax_off(n, p, s, 0);
}

SAYS(
    wrong_softmax_largest_from_0,
    "the search for the largest score starts at 0: if all scores are far below it, "
    "nothing is taken off, every power is 0, and 0 / 0 is not a number. Start with s[0].")
WRONG void wrong_softmax_largest_from_0(int n, float p[restrict n], const float s[n])
{
    softmax_off(n, p, s, fmaxf(0, most_of(n, s)));
}

SAYS(wrong_softmax_largest_from_low,
     "the search for the largest score starts at a number far below 0, and not at a "
     "score: if all scores are lower still, the largest is not found. Start with s[0].")
WRONG void wrong_softmax_largest_from_low(int n, float p[restrict n], const float s[n])
{
    softmax_off(n, p, s, fmaxf(-1e9f, most_of(n, s)));
}

SAYS(wrong_softmax_largest_by_size,
     "the largest score is looked for without its sign: -1000 is a small score and not a "
     "large one. Take no absolute value.")
WRONG void wrong_softmax_largest_by_size(int n, float p[restrict n], const float s[n])
{
    float most = fabsf(s[0]);
    for (int i = 1; i < n; i++)
        most = fmaxf(most, fabsf(s[i]));
    softmax_off(n, p, s, most);
}

SAYS(wrong_softmax_smallest_off,
     "the smallest score is subtracted: then all powers are 1 or more, and the large "
     "ones overflow. Subtract the largest, and none is above 1.")
WRONG void wrong_softmax_smallest_off(int n, float p[restrict n], const float s[n])
{
    float least = s[0];
    for (int i = 1; i < n; i++)
        least = s[i] < least ? s[i] : least;
    softmax_off(n, p, s, least);
}

SAYS(wrong_softmax_first_off,
     "the first score is subtracted: it need not be the largest, and if a later one is "
     "larger by 89, its power is infinity.")
WRONG void wrong_softmax_first_off(int n, float p[restrict n], const float s[n])
{
    softmax_off(n, p, s, s[0]);
}

SAYS(wrong_softmax_mean_off, "the mean of the scores is subtracted: if one score is far "
                             "above it, its power still overflows, and with a score of "
                             "minus infinity there is no mean. Subtract the largest.")
WRONG void wrong_softmax_mean_off(int n, float p[restrict n], const float s[n])
{
    float mean = 0;
    for (int i = 0; i < n; i++)
        mean += s[i] / (float)n;
    softmax_off(n, p, s, mean);
}

SAYS(wrong_softmax_largest_forgets_last,
     "the last score is not looked at in the search for the largest: i runs while i < n.")
WRONG void wrong_softmax_largest_forgets_last(int n, float p[restrict n],
                                              const float s[n])
{
    softmax_off(n, p, s, most_of(n > 1 ? n - 1 : n, s));
}

SAYS(wrong_softmax_not_divided,
     "the powers are not divided by their sum: shares must sum to 1.")
WRONG void wrong_softmax_not_divided(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    for (int i = 0; i < n; i++)
        p[i] = expf(s[i] - most);
}

SAYS(wrong_softmax_by_n,
     "the powers are divided by n: divide by their sum, and they sum to 1.")
WRONG void wrong_softmax_by_n(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    for (int i = 0; i < n; i++)
        p[i] = expf(s[i] - most) / (float)n;
}

SAYS(wrong_softmax_running_sum, "each power is divided by the sum of the powers up to "
                                "it: first sum up all, then divide, in a second loop.")
WRONG void wrong_softmax_running_sum(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    float sum = 0;
    for (int i = 0; i < n; i++) {
        p[i] = expf(s[i] - most);
        sum += p[i];
        p[i] /= sum;
    }
}

SAYS(wrong_softmax_base_2, "these are powers of 2: softmax takes powers of e, expf(x).")
WRONG void wrong_softmax_base_2(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i] = exp2f(s[i] - most);
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

SAYS(wrong_softmax_no_powers,
     "the scores themselves are divided by their sum: a negative score would have a "
     "negative share. Take e^score first.")
WRONG void wrong_softmax_no_powers(int n, float p[restrict n], const float s[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += s[i];
    for (int i = 0; i < n; i++)
        p[i] = s[i] / sum;
}

SAYS(wrong_softmax_upside_down, "the highest score gets the smallest share: it is "
                                "e^(score - largest), not e^(largest - score).")
WRONG void wrong_softmax_upside_down(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i] = expf(most - s[i]);
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

SAYS(wrong_softmax_hard, "the largest score gets everything and the others nothing: a "
                         "softmax is soft, and every score gets e^score over the sum.")
WRONG void wrong_softmax_hard(int n, float p[restrict n], const float s[n])
{
    int best = 0;
    for (int i = 0; i < n; i++) {
        p[i] = 0;
        best = s[i] > s[best] ? i : best;
    }
    p[best] = 1;
}

SAYS(wrong_softmax_logarithm, "the logarithms of the shares are returned: leave the "
                              "logarithm out, or raise e to it.")
WRONG void wrong_softmax_logarithm(int n, float p[restrict n], const float s[n])
{
    const float most = most_of(n, s);
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += expf(s[i] - most);
    for (int i = 0; i < n; i++)
        p[i] = s[i] - most - logf(sum);
}

/* ---- weighted_sum -------------------------------------------------------------------- */

SAYS(wrong_weighted_sum_transposed,
     "the weights are read by columns: weights[t][s] is what token t takes from token s, "
     "so the row belongs to the token that asks.")
WRONG void wrong_weighted_sum_transposed(int T, int D, float context[restrict T][D],
                                         const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < T; s++)
                context[t][i] += weights[s][t] * v[s][i];
        }
}

SAYS(wrong_weighted_sum_own_value, "every weight meets the value of the token that asks: "
                                   "it is v[s], the value of the token that is asked.")
WRONG void wrong_weighted_sum_own_value(int T, int D, float context[restrict T][D],
                                        const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < T; s++)
                context[t][i] += weights[t][s] * v[t][i];
        }
}

SAYS(
    wrong_weighted_sum_not_zeroed,
    "the sum is added to what was in context before: that may be anything. Start from 0.")
WRONG void wrong_weighted_sum_not_zeroed(int T, int D, float context[restrict T][D],
                                         const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            for (int s = 0; s < T; s++)
                context[t][i] += weights[t][s] * v[s][i];
}

SAYS(wrong_weighted_sum_zeroes_bytes, "T * D bytes of context are set to 0 and not T * D "
                                      "floats: memset counts bytes, and a "
                                      "float has 4.")
WRONG void wrong_weighted_sum_zeroes_bytes(int T, int D, float context[restrict T][D],
                                           const float weights[T][T], const float v[T][D])
{
    memset(context, 0, (size_t)T * (size_t)D);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            for (int s = 0; s < T; s++)
                context[t][i] += weights[t][s] * v[s][i];
}

SAYS(
    wrong_weighted_sum_never_zero,
    "the sum continues from one number to the next: it must be 0 again for each t and i.")
WRONG void wrong_weighted_sum_never_zero(int T, int D, float context[restrict T][D],
                                         const float weights[T][T], const float v[T][D])
{
    float sum = 0;
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            for (int s = 0; s < T; s++)
                sum += weights[t][s] * v[s][i];
            context[t][i] = sum;
        }
}

SAYS(wrong_weighted_sum_zero_once_a_row,
     "the sum is 0 at the start of each row only: it must be 0 again for each t and i.")
WRONG void wrong_weighted_sum_zero_once_a_row(int T, int D, float context[restrict T][D],
                                              const float weights[T][T],
                                              const float v[T][D])
{
    for (int t = 0; t < T; t++) {
        float sum = 0;
        for (int i = 0; i < D; i++) {
            for (int s = 0; s < T; s++)
                sum += weights[t][s] * v[s][i];
            context[t][i] = sum;
        }
    }
}

SAYS(wrong_weighted_sum_last_only,
     "only the last token's part is in context: add all parts up, += and not =.")
WRONG void wrong_weighted_sum_last_only(int T, int D, float context[restrict T][D],
                                        const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            context[t][i] = weights[t][T - 1] * v[T - 1][i];
}

SAYS(wrong_weighted_sum_mean, "the sum is divided by T: the weights of a row sum to 1 "
                              "already, so the sum is the mixture.")
WRONG void wrong_weighted_sum_mean(int T, int D, float context[restrict T][D],
                                   const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            float sum = 0;
            for (int s = 0; s < T; s++)
                sum += weights[t][s] * v[s][i];
            context[t][i] = sum / (float)T;
        }
}

SAYS(wrong_weighted_sum_unweighted, "the values are added up without their weights: "
                                    "multiply each with weights[t][s] first.")
WRONG void wrong_weighted_sum_unweighted(int T, int D, float context[restrict T][D],
                                         const float weights[T][T], const float v[T][D])
{
    (void)weights;
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < T; s++)
                context[t][i] += v[s][i];
        }
}

SAYS(wrong_weighted_sum_heaviest, "only the value of the token with the most weight is "
                                  "taken: every token contributes its part.")
WRONG void wrong_weighted_sum_heaviest(int T, int D, float context[restrict T][D],
                                       const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++) {
        int best = 0;
        for (int s = 0; s < T; s++)
            best = weights[t][s] > weights[t][best] ? s : best;
        for (int i = 0; i < D; i++)
            context[t][i] = v[best][i];
    }
}

SAYS(wrong_weighted_sum_past_only,
     "later tokens are left out: that is what the mask does, in chapter 5, and it "
     "changes the weights. Here every token contributes its part.")
WRONG void wrong_weighted_sum_past_only(int T, int D, float context[restrict T][D],
                                        const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s <= t; s++)
                context[t][i] += weights[t][s] * v[s][i];
        }
}

SAYS(wrong_weighted_sum_not_itself,
     "the token's own value is left out: a token asks itself too.")
WRONG void wrong_weighted_sum_not_itself(int T, int D, float context[restrict T][D],
                                         const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = 0;
            for (int s = 0; s < T; s++)
                context[t][i] += s == t ? 0 : weights[t][s] * v[s][i];
        }
}

SAYS(wrong_weighted_sum_adds_itself,
     "the token's own value is added on top of the sum: that comes later, with the "
     "residual connection of chapter 8, and it is the row x that is added there.")
WRONG void wrong_weighted_sum_adds_itself(int T, int D, float context[restrict T][D],
                                          const float weights[T][T], const float v[T][D])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++) {
            context[t][i] = v[t][i];
            for (int s = 0; s < T; s++)
                context[t][i] += weights[t][s] * v[s][i];
        }
}

/* ---- attend_in_passing --------------------------------------------------------------- */

/* The right function with things to switch off: what shrinks when a larger score comes. */
static inline void attend_switched(int T, int D, float context[restrict D],
                                   const float scores[T], const float v[T][D],
                                   float largest, bool shrink_sum, bool shrink_context,
                                   bool divide)
{
    float sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        if (scores[s] > largest) {
            const float shrink = expf(largest - scores[s]);
            largest = scores[s];
            sum *= shrink_sum ? shrink : 1;
            for (int i = 0; i < D && shrink_context; i++)
                context[i] *= shrink;
        }
        const float part = expf(scores[s] - largest);
        sum += part;
        for (int i = 0; i < D; i++)
            context[i] += part * v[s][i];
    }
    for (int i = 0; i < D && divide; i++)
        context[i] /= sum;
}

/* All parts measured against one number. */
static inline void attend_against(int T, int D, float context[restrict D],
                                  const float scores[T], const float v[T][D], float off)
{
    float sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        const float part = expf(scores[s] - off);
        sum += part;
        for (int i = 0; i < D; i++)
            context[i] += part * v[s][i];
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}

SAYS(wrong_attend_in_passing_never_shrinks,
     "when a larger score comes, nothing that was summed up before shrinks: it was "
     "measured against the old largest, and must be multiplied by e^(old - new).")
WRONG void wrong_attend_in_passing_never_shrinks(int T, int D, float context[restrict D],
                                                 const float scores[T],
                                                 const float v[T][D])
{
    attend_switched(T, D, context, scores, v, scores[0], false, false, true);
}

SAYS(wrong_attend_in_passing_sum_only,
     "when a larger score comes, the sum shrinks and context does not: both were "
     "measured against the old largest.")
WRONG void wrong_attend_in_passing_sum_only(int T, int D, float context[restrict D],
                                            const float scores[T], const float v[T][D])
{
    attend_switched(T, D, context, scores, v, scores[0], true, false, true);
}

SAYS(wrong_attend_in_passing_context_only,
     "when a larger score comes, context shrinks and the sum does not: both were "
     "measured against the old largest.")
WRONG void wrong_attend_in_passing_context_only(int T, int D, float context[restrict D],
                                                const float scores[T],
                                                const float v[T][D])
{
    attend_switched(T, D, context, scores, v, scores[0], false, true, true);
}

SAYS(
    wrong_attend_in_passing_not_divided,
    "the sums are not divided by the sum of the powers at the end: shares must sum to 1.")
WRONG void wrong_attend_in_passing_not_divided(int T, int D, float context[restrict D],
                                               const float scores[T], const float v[T][D])
{
    attend_switched(T, D, context, scores, v, scores[0], true, true, false);
}

SAYS(wrong_attend_in_passing_largest_from_0,
     "the largest so far starts at 0: if all scores are far below 0, every power is 0, "
     "and 0 / 0 is not a number. Start with scores[0].")
WRONG void wrong_attend_in_passing_largest_from_0(int T, int D, float context[restrict D],
                                                  const float scores[T],
                                                  const float v[T][D])
{
    attend_switched(T, D, context, scores, v, 0, true, true, true);
}

SAYS(wrong_attend_in_passing_naive, "nothing is subtracted from the scores: e^1000 is "
                                    "infinity, and infinity / infinity is not a number.")
WRONG void wrong_attend_in_passing_naive(int T, int D, float context[restrict D],
                                         const float scores[T], const float v[T][D])
{
    attend_against(T, D, context, scores, v, 0);
}

SAYS(wrong_attend_in_passing_first_off,
     "everything is measured against the first score: if a later one is larger by 89, "
     "its power is infinity. Keep the largest so far, and shrink the sums when it grows.")
WRONG void wrong_attend_in_passing_first_off(int T, int D, float context[restrict D],
                                             const float scores[T], const float v[T][D])
{
    attend_against(T, D, context, scores, v, scores[0]);
}

SAYS(wrong_attend_in_passing_wrong_way,
     "when a larger score comes, the sums grow: it is e^(old - new), which is less than "
     "1, not e^(new - old).")
WRONG void wrong_attend_in_passing_wrong_way(int T, int D, float context[restrict D],
                                             const float scores[T], const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        if (scores[s] > largest) {
            const float grow_by = expf(scores[s] - largest);
            largest = scores[s];
            sum *= grow_by;
            for (int i = 0; i < D; i++)
                context[i] *= grow_by;
        }
        const float part = expf(scores[s] - largest);
        sum += part;
        for (int i = 0; i < D; i++)
            context[i] += part * v[s][i];
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}

SAYS(wrong_attend_in_passing_too_late,
     "the new token's part is added first and then shrunk with all that was there "
     "before: shrink what was there before, then add.")
WRONG void wrong_attend_in_passing_too_late(int T, int D, float context[restrict D],
                                            const float scores[T], const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        const float new_largest = scores[s] > largest ? scores[s] : largest;
        const float part = expf(scores[s] - new_largest),
                    shrink = expf(largest - new_largest);
        sum = (sum + part) * shrink;
        for (int i = 0; i < D; i++)
            context[i] = (context[i] + part * v[s][i]) * shrink;
        largest = new_largest;
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}

SAYS(wrong_attend_in_passing_divides_each_time,
     "context is divided by the sum after every token: divide once, at the end.")
WRONG void wrong_attend_in_passing_divides_each_time(int T, int D,
                                                     float context[restrict D],
                                                     const float scores[T],
                                                     const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        const float new_largest = scores[s] > largest ? scores[s] : largest;
        const float part = expf(scores[s] - new_largest),
                    shrink = expf(largest - new_largest);
        sum = sum * shrink + part;
        for (int i = 0; i < D; i++)
            context[i] = (context[i] * shrink + part * v[s][i]) / sum;
        largest = new_largest;
    }
}

SAYS(
    wrong_attend_in_passing_sum_so_far,
    "each part is divided by the sum of the powers so far: the whole sum is known at the "
    "end, so divide context then.")
WRONG void wrong_attend_in_passing_sum_so_far(int T, int D, float context[restrict D],
                                              const float scores[T], const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < T; s++) {
        if (scores[s] > largest) {
            const float shrink = expf(largest - scores[s]);
            sum *= shrink;
            for (int i = 0; i < D; i++)
                context[i] *= shrink;
            largest = scores[s];
        }
        sum += expf(scores[s] - largest);
        for (int i = 0; i < D; i++)
            context[i] += expf(scores[s] - largest) * v[s][i] / sum;
    }
}
SAYS(wrong_attend_in_passing_not_zeroed, "the parts are added to what was in context "
                                         "before: that may be anything. Start from 0.")
WRONG void wrong_attend_in_passing_not_zeroed(int T, int D, float context[restrict D],
                                              const float scores[T], const float v[T][D])
{
    float largest = scores[0], sum = 0;
    for (int s = 0; s < T; s++) {
        const float new_largest = scores[s] > largest ? scores[s] : largest;
        const float part = expf(scores[s] - new_largest),
                    shrink = expf(largest - new_largest);
        sum = sum * shrink + part;
        for (int i = 0; i < D; i++)
            context[i] = context[i] * shrink + part * v[s][i];
        largest = new_largest;
    }
    for (int i = 0; i < D; i++)
        context[i] /= sum;
}

SAYS(wrong_attend_in_passing_unweighted, "all values have the same weight: multiply each "
                                         "with e^(score - largest) before adding it.")
WRONG void wrong_attend_in_passing_unweighted(int T, int D, float context[restrict D],
                                              const float scores[T], const float v[T][D])
{
    (void)scores;
    for (int i = 0; i < D; i++) {
        context[i] = 0;
        for (int s = 0; s < T; s++)
            context[i] += v[s][i] / (float)T;
    }
}

SAYS(wrong_attend_in_passing_hard, "only the value of the token with the largest score "
                                   "is taken: every token contributes its part.")
WRONG void wrong_attend_in_passing_hard(int T, int D, float context[restrict D],
                                        const float scores[T], const float v[T][D])
{
    int best = 0;
    for (int s = 0; s < T; s++)
        best = scores[s] > scores[best] ? s : best;
    for (int i = 0; i < D; i++)
        context[i] = v[best][i];
}

/* ---- attend_across ------------------------------------------------------------------- */

enum { SUM_KEPT = 1, LARGEST_KEPT = 2, NOTHING_OFF = 4, NO_ROOT = 8, NOT_DIVIDED = 16 };

/* The right function with things to switch on that are wrong. */
static inline void across_switched(int N, int T, int D, float context[restrict N][D],
                                   const float q[N][D], const float k[T][D],
                                   const float v[T][D], int how)
{
    float weight[T], largest = -INFINITY, sum = 0;
    for (int n = 0; n < N; n++) {
        sum = how & SUM_KEPT ? sum : 0;
        largest = how & LARGEST_KEPT ? largest : -INFINITY;
        for (int s = 0; s < T; s++) {
            weight[s] = plain_dot(D, q[n], k[s]) / (how & NO_ROOT ? 1 : sqrtf((float)D));
            largest = fmaxf(largest, weight[s]);
        }
        for (int s = 0; s < T; s++) {
            weight[s] = expf(weight[s] - (how & NOTHING_OFF ? 0 : largest));
            sum += weight[s];
        }
        for (int i = 0; i < D; i++) {
            context[n][i] = 0;
            for (int s = 0; s < T; s++)
                context[n][i] += weight[s] / (how & NOT_DIVIDED ? 1 : sum) * v[s][i];
        }
    }
}

SAYS(wrong_attend_across_as_handed_out,
     "the first query is right and those after it are not: the code that was handed out "
     "gives the same numbers.")
WRONG void wrong_attend_across_as_handed_out(int N, int T, int D,
                                             float context[restrict N][D],
                                             const float q[N][D], const float k[T][D],
                                             const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, SUM_KEPT | LARGEST_KEPT);
}

SAYS(wrong_attend_across_sum_kept,
     "the powers of earlier queries are still in the sum, so that all rows but the first "
     "are too small: the sum must be 0 again for each query.")
WRONG void wrong_attend_across_sum_kept(int N, int T, int D, float context[restrict N][D],
                                        const float q[N][D], const float k[T][D],
                                        const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, SUM_KEPT);
}

SAYS(
    wrong_attend_across_largest_kept,
    "the largest score of an earlier query is taken off: if it is far larger, all powers "
    "are 0, and 0 / 0 is not a number. Each query has a largest score of its own.")
WRONG void wrong_attend_across_largest_kept(int N, int T, int D,
                                            float context[restrict N][D],
                                            const float q[N][D], const float k[T][D],
                                            const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, LARGEST_KEPT);
}

SAYS(wrong_attend_across_nothing_off,
     "nothing is subtracted from the scores: e^89 is infinity, and infinity / infinity "
     "is not a number. Subtract the largest score of the query first.")
WRONG void wrong_attend_across_nothing_off(int N, int T, int D,
                                           float context[restrict N][D],
                                           const float q[N][D], const float k[T][D],
                                           const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, NOTHING_OFF);
}

SAYS(wrong_attend_across_no_root, "the dot products are not divided by √D.")
WRONG void wrong_attend_across_no_root(int N, int T, int D, float context[restrict N][D],
                                       const float q[N][D], const float k[T][D],
                                       const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, NO_ROOT);
}

SAYS(wrong_attend_across_not_divided,
     "the powers are not divided by their sum: the weights of a row must sum to 1.")
WRONG void wrong_attend_across_not_divided(int N, int T, int D,
                                           float context[restrict N][D],
                                           const float q[N][D], const float k[T][D],
                                           const float v[T][D])
{
    across_switched(N, T, D, context, q, k, v, NOT_DIVIDED);
}

SAYS(wrong_attend_across_first_query,
     "every row is that of the first query: row n belongs to query n.")
WRONG void wrong_attend_across_first_query(int N, int T, int D,
                                           float context[restrict N][D],
                                           const float q[N][D], const float k[T][D],
                                           const float v[T][D])
{
    for (int n = 0; n < N; n++)
        across_switched(1, T, D, context + n, q, k, v, 0);
}

SAYS(wrong_attend_across_first_row_only,
     "only row 0 is written: there is a row for each of the N queries.")
WRONG void wrong_attend_across_first_row_only(int N, int T, int D,
                                              float context[restrict N][D],
                                              const float q[N][D], const float k[T][D],
                                              const float v[T][D])
{
    across_switched(N > 1, T, D, context, q, k, v, 0);
    if (N == 1)
        across_switched(1, T, D, context, q, k, v, 0);
}

#endif
