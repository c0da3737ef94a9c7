/* The exercises of chapter 9: chapters/09_stack.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-09     what is right, what is not, and what to do next
 *   make hint-09         a hint for the next function to write
 * The functions may call each other, and everything in ../src/09_stack.h. */
#include "../src/09_stack.h"

/* Exercise 1: a score for every token of the vocabulary.
 *
 * x [T, C]       the rows above the last block, already normalized
 * head [V, C]    a vector for each token of the vocabulary
 * logits [T, V]  set it: logits[t][v] is the product x[t]·head[v], the sum over c of
 *                x[t][c] head[v][c]
 *
 * Example, T = 1, C = 2, V = 3: x {{1, 2}}, head {{1, 0}, {0, 1}, {1, 1}} → logits
 * {{1, 2, 3}}. */
void final_logits(int T, int C, int V, float logits[T][V], const float x[T][C],
                  const float head[V][C])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the whole model, from ids to logits.
 *
 * config    config->C, config->L (blocks), config->V, config->epsilon
 * ids [T]   the prompt's tokens
 * w         the weights: w->wte, w->wpe, w->h[0] to w->h[L - 1], w->ln_f_weight,
 *           w->ln_f_bias, w->lm_head
 * s         the steps; set them all:
 *             s->embedding [T, C]   what embed (chapter 3) gives
 *             s->h[l]               what transformer_block (chapter 8) makes of it with
 *                                   w->h[l]; block 0 reads s->embedding, each other one
 *                                   reads s->h[l - 1].output
 *             s->ln_f [T, C]        the last block's output, normalized with ln_f
 *             s->logits [T, V]      final_logits of that, with w->lm_head
 *
 * Example: where L is 1 and both halves of the block give 0, s->ln_f is the embedding,
 * normalized: {{1, 3}, {4, 2}} → {{-1, 1}, {1, -1}}, weights 1, biases and epsilon 0. */
void run_stack(int T, const struct config *config, struct stack *s, const int ids[T],
               const struct weights *w)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: what the model would say if it stopped here.
 *
 * x [T, C]   rows from anywhere in the stack, as they are
 * w          w->ln_f_weight, w->ln_f_bias, w->lm_head; config->epsilon is the norm's
 * p [T, V]   set it: the rows normalized with ln_f, then the logits with lm_head, then the
 *            softmax of each row, over the vocabulary
 *
 * grab((size_t)T * (size_t)C, sizeof(float)) gives memory; free it at the end.
 *
 * Example, T = 1, C = 2, V = 2, weights 1, biases and epsilon 0: x {{5, 3}}, normalized
 * {{1, -1}}, lm_head {{1, 0}, {0, 1}}: logits {{1, -1}}, p {{0.880797, 0.119203}}. */
void lens(int T, const struct config *config, float p[restrict T][config->V],
          const float x[T][config->C], const struct weights *w)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: how much of a logit does one part of the row bring?
 *
 * The row above the last block is a sum of parts: the embedding, and what each half of each
 * block has added. The final norm takes the row's mean off and divides by the row's spread,
 * √(variance + epsilon). Then the logit is a sum over the parts of
 *
 *     Σ over c of (part[c] - mean of part) / spread of the ROW · weight[c] · head[c]
 *
 * and once the norm's bias times head, which is not asked for here.
 *
 * row, part [C]   the whole row, and one of its parts
 * weight [C]      the final norm's
 * head [C]        the token's row of lm_head
 *
 * Example, C = 2, epsilon 0, weight {1, 1}, head {1, 0}: row {5, 1} has mean 3 and spread 2.
 * Part {4, 0} has mean 2, so it brings (4 - 2) / 2 = 1; the rest, {1, 1}, brings 0. */
float logit_part(int C, const float row[C], const float part[C], const float weight[C],
                 float epsilon, const float head[C])
{
    NOT_WRITTEN_YET();
}
