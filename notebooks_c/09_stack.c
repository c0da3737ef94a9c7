/* The exercises of chapter 9: chapters/09_stack.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-09     what is right, what is not, and what to do next
 *   make hint-09         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/09_stack.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/09_stack.h"

/* Exercise 1: a score for every token of the vocabulary.
 *
 * x [T, C]       the rows above the last block, already normalized
 * head [V, C]    a vector for each token of the vocabulary
 * logits [T, V]  set it: logits[t][v] says how well row t goes with token v, the product
 *                x[t]·head[v]
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
 *           w->ln_f_bias, w->lm_head. The head need not be wte
 * s         the steps; all of them are read later, so set them all:
 *             s->embedding [T, C]   the rows that enter block 0 (chapter 3)
 *             s->h[l]               the steps of block l (chapter 8); its rows come out
 *                                   in s->h[l].output [T, C]
 *             s->ln_f [T, C]        the rows at the top, after the final norm (chapter 7)
 *             s->logits [T, V]      after each token, the scores of the next (exercise 1)
 *
 * Example: if L is 1 and both halves of the block give 0, s->ln_f is the embedding,
 * normalized: {{1, 3}, {4, 2}} → {{-1, 1}, {1, -1}}, weights 1, biases and epsilon 0. */
void run_stack(int T, const struct config *config, struct stack *s, const int ids[T],
               const struct weights *w)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: what the model would say if it stopped here.
 *
 * x [T, C]   rows from anywhere in the stack, not yet normalized
 * w          only w->ln_f_weight, w->ln_f_bias and w->lm_head count here; the norm also
 *            needs config->epsilon
 * p [T, V]   set it: p[t][v] is the probability that token v comes after token t, if the
 *            last block's rows were x. Each row sums to 1
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

/* Exercise 4: how much of a logit does one part of the row contribute?
 *
 * The row above the last block is a sum of parts: the embedding, and what each half of each
 * block has added. It goes through the final norm (as in layer_norm, chapter 7) and the head,
 * and becomes a logit. Everything on the way treats a sum as it treats its parts, except for
 * one number: the spread by which the norm divides, √(variance + epsilon). It is always that
 * of the whole row.
 *
 * row, part [C]   the whole row, and one of its parts
 * weight [C]      the final norm's
 * head [C]        the token's row of lm_head
 * returns         what the part contributes: all parts together make the token's logit, but
 *                 for the norm's bias times head, which is not asked for here
 *
 * Example, C = 2, epsilon 0, weight {1, 1}, head {1, 0}: row {5, 1} becomes {1, -1}, so the
 * logit is 1. Part {4, 0} contributes 1, the rest, {1, 1}, contributes 0; a part that is half
 * the row, {2.5, 0.5}, contributes 0.5. */
float logit_part(int C, const float row[C], const float part[C], const float weight[C],
                 float epsilon, const float head[C])
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: how much did a text surprise the model?
 *
 * ids [T]        the text; T is 2 or more
 * logits [T, V]  what run_stack made of it; in each row at most 60 apart, so that no p is 0
 * returns        the mean surprise: the mean of -ln p over all tokens of the text but the
 *                first, p the probability that the model gave the token before it saw it
 *
 * Example, T = 3, V = 2: ids {0, 0, 1}, logits {{ln 3, 0}, {0, 0}, {0, 5}}. The tokens at
 * positions 1 and 2 had p = 3/4 and 1/2: (0.287682 + 0.693147) / 2 = 0.490415.
 *
 * Symptoms: for the chapter's prompt, which the model knows nearly by heart, it returns
 * 13.63. A guess among 1,024 tokens would have 6.93. */
float mean_surprise(int T, int V, const float logits[T][V], const int ids[T])
{
    float *p = grab((size_t)V, sizeof *p);
    float sum = 0;
    for (int t = 0; t < T; t++) {
        softmax(V, p, logits[t]);
        sum -= logf(p[ids[t]]);
    }
    free(p);
    return sum / (float)T;
}
