/* The exercises of chapter 14: chapters/14_training.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-14     what is right, what is not, and what to do next
 *   make hint-14         a hint for the next function to write
 * The functions may call each other, and everything in ../src/14_training.h. */
#include "../src/14_training.h"

/* Exercise 1: the loss at one place.
 *
 * logits [V]  the scores of all V tokens
 * target      the token that came next, 0 to V - 1
 * returns     -ln p, where p is what softmax gives the target:
 *             ln Σ e^logits[v] - logits[target]
 *
 * Logits may be as large as 200 or as small as -200.
 *
 * Example: logits {0, 0} give both tokens p = 1/2; the loss is ln 2 = 0.6931 for either.
 * Logits {2, 0}: p of token 0 is e² / (e² + 1) = 0.8808; the loss is 0.1269 for target 0,
 * 2.1269 for target 1. */
float cross_entropy(int V, const float logits[V], int target)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the gradient of the loss at one place.
 *
 * logits [V]   the scores of all V tokens
 * target       the token that came next
 * share        what this place counts in the whole loss: 1 / number of places
 * dlogits [V]  to be set: (p[v] - 1 for the target, - 0 for all others) times share, where
 *              p is the softmax of the logits; may be the same array as logits
 *
 * Example: logits {0, 0}, target 1, share 1 → {0.5, -0.5}. Share 0.5 → {0.25, -0.25}. */
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
 * whatever its two numbers are, as long as the second is the larger: dx gets {0, 0}. dweight
 * gets dy * n = {-1, 0}, dbias {1, 0}. */
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
 * t      the number of the step, 1 and up
 * a      rate, beta1, beta2, epsilon, decay
 *
 * For each weight, in this order:
 *   m becomes beta1 m + (1 - beta1) g; v becomes beta2 v + (1 - beta2) g²
 *   put right: m' = m / (1 - beta1^t), v' = v / (1 - beta2^t)
 *   w becomes w - rate decay w - rate m' / (√v' + epsilon), with the old w on the right
 *
 * Example: n 1, w 1, g 0.5, t 1, rate 0.1, beta1 0.9, beta2 0.99, epsilon 0, decay 0. m is
 * 0.05, v 0.0025, m' 0.5, v' 0.25: w becomes 1 - 0.1 · 0.5 / 0.5 = 0.9. With decay 0.5 it
 * becomes 0.85. */
void adamw_step(size_t n, float w[n], float m[n], float v[n], const float g[n], long t,
                const struct adamw *a)
{
    NOT_WRITTEN_YET();
}
