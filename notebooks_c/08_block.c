/* The exercises of chapter 8: chapters/08_block.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-08     what is right, what is not, and what to do next
 *   make hint-08         a hint for the next function to write
 * The functions may call each other, and everything in ../src/08_block.h. */
#include "../src/08_block.h"

/* Exercise 1: GPT-2's block.
 *
 * config    config->C, config->H (heads), config->F and config->epsilon
 * x [T, C]  the rows that come in
 * b         the block's weights
 * s         the steps; set them all:
 *             s->ln_1 [T, C]       x, normalized with b->ln_1_weight, b->ln_1_bias
 *             s->attention         what attend makes of s->ln_1; its last step is
 *                                  s->attention.output [T, C]
 *             s->mid [T, C]        x plus that
 *             s->ln_2 [T, C]       s->mid, normalized with b->ln_2_weight, b->ln_2_bias
 *             s->mlp               what feed_forward makes of s->ln_2; its last step is
 *                                  s->mlp.output [T, C]
 *             s->output [T, C]     s->mid plus that
 *
 * Call layer_norm, attend, add_rows and feed_forward: see their comments in src/.
 *
 * Example: where all weights of attn_c_proj and mlp_c_proj and their biases are 0, both halves
 * give 0, and what comes out is x: {{1, 2}, {3, 4}} → {{1, 2}, {3, 4}}. */
void transformer_block(int T, const struct config *config, struct block_steps *s,
                       const float x[T][config->C], const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the block with its norms behind the sums.
 *
 * The arguments are those of transformer_block. The steps:
 *   s->attention       what attend makes of x itself, not normalized
 *   s->ln_1 [T, C]     the sum: x plus s->attention.output
 *   s->mid [T, C]      that sum, normalized with b->ln_1_weight and b->ln_1_bias
 *   s->mlp             what feed_forward makes of s->mid
 *   s->ln_2 [T, C]     the sum: s->mid plus s->mlp.output
 *   s->output [T, C]   that sum, normalized with b->ln_2_weight and b->ln_2_bias
 *
 * Example: where both halves give 0, the norms have weights 1 and biases 0, and epsilon is 0,
 * what comes out is x, normalized: {{1, 2}, {3, 4}} → {{-1, 1}, {-1, 1}}. */
void post_norm_block(int T, const struct config *config, struct block_steps *s,
                     const float x[T][config->C], const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: one head that looks from one text into another.
 *
 * q [T, D]        the queries of the text that is being written
 * k, v [S, D]     the keys and values of the text that was read; all of it may be seen
 * weights [T, S]  set it: the softmax, row by row, of q[t]·k[s] / √D
 * context [T, D]  set it: context[t] is the sum over s of weights[t][s] v[s]
 *
 * softmax (chapter 4) turns one row of scores into weights: softmax(S, weights[t], scores).
 *
 * Example, T = 1, S = 3, D = 1: q {{0}}, k {{1}, {2}, {3}}, v {{3}, {6}, {9}}: all scores are
 * 0, so weights {{1/3, 1/3, 1/3}} and context {{6}}. */
void cross_attention(int T, int S, int D, float weights[restrict T][S],
                     float context[restrict T][D], const float q[T][D],
                     const float k[S][D], const float v[S][D])
{
    NOT_WRITTEN_YET();
}
