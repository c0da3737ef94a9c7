/* The exercises of chapter 7: chapters/07_feed_forward.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-07     what is right, what is not, and what to do next
 *   make hint-07         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/07_feed_forward.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/07_feed_forward.h"

/* Exercise 1: GELU of one number, in the form that GPT-2 uses:
 *
 *     ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))
 *
 * √(2/π) is 0.7978845608. tanhf is in <math.h>, which is already included.
 *
 * Example: gelu(1) is 0.841192. gelu(-1) is -0.158808. gelu(0) is 0. */
float gelu(float x)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the feed-forward layer, each row by itself.
 *
 * x [T, C]                  the rows, already normalized
 * b->mlp_c_fc_weight        [C, F], b->mlp_c_fc_bias [F]: makes a row wider
 * b->mlp_c_proj_weight      [F, C], b->mlp_c_proj_bias [C]: makes it narrow again
 * f->c_fc   [T, F]          set it to the result of the first layer
 * f->gelu   [T, F]          set it to gelu of each of these numbers
 * f->output [T, C]          set it to the result of the second layer
 *
 * linear(T, I, O, y, x, w, b) of chapter 6 multiplies by a matrix and adds a bias. To index a
 * tensor that is kept as void *, give it its shape: float(*wide)[F] = f->c_fc;
 *
 * Example, T = 1, C = 1, F = 2: x {{1}}, first weights {{1, -1}} and biases {0, 0}, second
 * weights {{1}, {1}} and bias {3}: c_fc {{1, -1}}, gelu {{0.841192, -0.158808}}, output
 * {{3.682384}}. */
void feed_forward(int T, int C, int F, struct feed_forward *f, const float x[T][C],
                  const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: RMS norm, a simpler layer norm. Each row is divided by its root mean square:
 *
 *     y[t][c] = x[t][c] / √(mean of x[t][·]² + epsilon) · weight[c]
 *
 * x [T, C]   the rows; weight [C]
 * y [T, C]   set it
 *
 * Example, epsilon 0, weight {1, 10}: x {{3, 3}, {-1, 7}} → y {{1, 10}, {-0.2, 14}}.
 * (The mean square of the second row is (1 + 49) / 2 = 25.) */
void rms_norm(int T, int C, float y[T][C], const float x[T][C], const float weight[C],
              float epsilon)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4, to mend: a norm's weight and bias move into the layer after it.
 *
 * C, F          channels, hidden units
 * w, b          [C, F] and [F]: the layer's weights and biases, to be changed
 * weight, bias  [C]: the norm's
 *
 * Before, the layer read rows that were normalized, then multiplied by weight, with bias added.
 * Afterwards it reads rows that were only normalized, and must give the same results as before.
 *
 * Example: C = 1, F = 2, weight {5}, bias {7}, w {{2, 3}}, b {10, 20}. The layer read {5r + 7}
 * and gave {2 (5r + 7) + 10, 3 (5r + 7) + 20}. So w becomes {{10, 15}}, b {24, 41}.
 *
 * Symptoms: if all numbers of bias are 0, the layer gives the same as before. With the
 * norms of this book's model every unit is off, each by the same amount for all tokens. */
void fold_norm(int C, int F, float w[C][F], float b[F], const float weight[C],
               const float bias[C])
{
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++)
            w[c][u] *= weight[c];
    for (int u = 0; u < F; u++)
        for (int c = 0; c < C; c++)
            b[u] += bias[c] * w[c][u];
}
