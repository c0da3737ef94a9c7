/* The exercises of chapter 14: chapters/14_training.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-14     what is right, what is not, and what to do next
 *   make hint-14         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/14_training.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/14_training.h"

/* Exercise 1: the loss at one position.
 *
 * logits [V]  the scores of all V tokens
 * target      the token that came next, 0 to V - 1
 * returns     -ln p, where p is the probability that softmax gives the target
 *
 * Logits may be as large as 200 and as small as -200.
 *
 * Example: logits {0, 0} give both tokens p = 1/2; the loss is ln 2 = 0.6931 for either.
 * Logits {2, 0}: p of token 0 is e² / (e² + 1) = 0.8808; the loss is 0.1269 for target 0,
 * 2.1269 for target 1. */
float cross_entropy(int V, const float logits[V], int target)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the gradient of the loss at one position.
 *
 * logits [V]   the scores of all V tokens, between -200 and 200
 * target       the token that came next, 0 to V - 1
 * share        how much this position counts in the whole loss: 1 / number of positions
 * dlogits [V]  to be set: for each logit, how fast share times the loss (exercise 1) grows
 *              with it. It may be the same array as logits.
 *
 * Example: logits {0, 0}, target 1, share 1 → {0.5, -0.5}: if the other's logit grows, the
 * loss grows half as fast; if the target's does, the loss falls. Share 0.5 → {0.25, -0.25}.
 * Logits {2, 1, 0, -1}, target 2, share 1 → {0.644, 0.237, -0.913, 0.032}. */
void cross_entropy_backward(int V, float dlogits[V], const float logits[V], int target,
                            float share)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: layer norm, backward.
 *
 * Forward, each of the R rows by itself: mean and variance of its C numbers (the variance
 * divided by C); deviation = √(variance + epsilon); n[c] = (x[c] - mean) / deviation;
 * y[c] = n[c] * weight[c] + bias[c].
 *
 * dy [R, C]    the gradient of y
 * x [R, C]     what the norm read
 * weight [C]
 * dx [R, C]    the gradient of x is added to what is there
 * dweight [C]  the gradients of weight and bias, from all rows, are added to what is there
 * dbias [C]
 *
 * Example: R 1, C 2, x {1, 3}, epsilon 0, weight {1, 1}, dy {1, 0}. The row's n is {-1, 1},
 * whatever its two numbers are, as long as the second is larger: dx gets {0, 0}. dweight
 * gets {-1, 0}, dbias {1, 0}. */
void layer_norm_backward(int R, int C, float dx[R][C], float dweight[C], float dbias[C],
                         const float dy[R][C], const float x[R][C], const float weight[C],
                         float epsilon)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: a step of AdamW.
 *
 * w [n]  the weights
 * m [n]  the running means of the gradients, 0 before step 1
 * v [n]  the running means of their squares, 0 before step 1
 * g [n]  the gradients
 * t      the number of the step; the first is 1
 * a      rate, beta1, beta2, epsilon, decay
 *
 * A running mean keeps the fraction beta of what it was; the rest comes from the new number.
 * beta1 is for the gradient, beta2 for its square.
 * The means began at 0, so they are too small. The number that corrects them by division
 * depends on beta and t alone: it is such that after t steps with the same gradient g they
 * would be g and g². This is for the step only: m and v are kept uncorrected.
 * The weight moves against the mean, by rate times (mean / (root of the mean square +
 * epsilon)), both corrected; and it loses rate · decay times what it was before.
 *
 * Example: n 1, w 1, g 0.5, t 1, rate 0.1, beta1 0.9, beta2 0.99, epsilon 0, decay 0. m
 * becomes 0.05, v 0.0025; corrected they are 0.5 and 0.25: w becomes 0.9. With decay 0.5 it
 * becomes 0.85. The same g again, t 2: m becomes 0.095, v 0.004975, corrected 0.5 and 0.25. */
void adamw_step(size_t n, float w[n], float m[n], float v[n], const float g[n], long t,
                const struct adamw *a)
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: attention of one head, backward.
 *
 * Forward, for each token t of T (1 to 1024): scores[s] = q[t] · k[s] / √D for s = 0 to t;
 * weights[t] is their softmax, 0 for the future; context[t] is the sum of weights[t][s] * v[s].
 *
 * dcontext [T, D]       the gradient of the context
 * weights [T, T]        the output of the softmax
 * q, k, v [T, D]        the inputs
 * dq, dk, dv [T, D]     to be set: the gradients of q, k and v
 *
 * Example: T 2, D 2, q {{0, 0}, {0, 2}}, k {{1, 1}, {3, 1}}, v {{1, 0}, {3, 0}}, weights
 * {{1, 0}, {0.5, 0.5}}, dcontext {{0, 0}, {1, 0}}: dq is {{0, 0}, {0.707, 0}}, dk
 * {{0, -0.707}, {0, 0.707}}, dv {{0.5, 0}, {0.5, 0}}.
 *
 * Symptoms: with one token all is right. For the example dv is right, but dq[1] is
 * {1.237, 0.530}, and dk[0] is {0, 0.354}. */
void attend_backward(int T, int D, float dq[T][D], float dk[T][D], float dv[T][D],
                     const float dcontext[T][D], const float weights[T][T],
                     const float q[T][D], const float k[T][D], const float v[T][D])
{
    for (int t = 0; t < T; t++) {
        float average = 0; /* of the row's dweights, each counted by its weight */
        for (int i = 0; i < D; i++)
            dq[t][i] = dk[t][i] = dv[t][i] = 0;
        for (int s = 0; s <= t; s++) {
            float dweight = 0;
            for (int i = 0; i < D; i++) {
                dweight += dcontext[t][i] * v[s][i];
                dv[s][i] += weights[t][s] * dcontext[t][i];
            }
            average += weights[t][s] * dweight;
            const float dscore = weights[t][s] * (dweight - average) / sqrtf((float)D);
            for (int i = 0; i < D; i++) {
                dq[t][i] += dscore * k[s][i];
                dk[s][i] += dscore * q[t][i];
            }
        }
    }
}
