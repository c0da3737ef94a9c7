/* The exercises of chapter 8: chapters/08_block.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-08     what is right, what is not, and what to do next
 *   make hint-08         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/08_block.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/08_block.h"

/* Exercise 1: GPT-2's block.
 *
 * config    config->C, config->H (heads), config->F and config->epsilon
 * x [T, C]  the rows that come in
 * b         the block's weights; its two norms are b->ln_1_weight, b->ln_1_bias and
 *           b->ln_2_weight, b->ln_2_bias
 * s         the steps. Memory for all of them is there; set them all:
 *             s->ln_1 [T, C]     what attention reads
 *             s->attention       what attend makes of it; s->attention.output [T, C] is added
 *             s->mid [T, C]      the rows after attention has been added
 *             s->ln_2 [T, C]     what feed-forward reads
 *             s->mlp             what feed_forward makes of it; s->mlp.output [T, C] is added
 *             s->output [T, C]   the rows that go out
 *
 * What to call: layer_norm (chapter 4), attend (6), feed_forward (7), add_rows (8).
 *
 * Example: if all weights of attn_c_proj and mlp_c_proj and their biases are 0, both halves
 * give 0, and what comes out is x: {{1, 2}, {3, 4}} → {{1, 2}, {3, 4}}. */
void transformer_block(int T, const struct config *config, struct block_steps *s,
                       const float x[T][config->C], const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the block with its norms after the sums: post-norm.
 *
 * The arguments are those of transformer_block, and again set all steps. Both halves now read
 * the rows as they are on the stream, and the norms are on the stream itself. So these steps
 * have a new meaning:
 *   s->ln_1 [T, C]     the rows after attention has been added, before the first norm
 *   s->mid [T, C]      the same rows after that norm
 *   s->ln_2 [T, C]     the rows after feed-forward has been added, before the second norm
 *   s->output [T, C]   the same rows after that norm: the rows that go out
 * The first norm has b->ln_1_weight and b->ln_1_bias, the second those of ln_2.
 *
 * Example: if both halves give 0, the norms have weights 1 and biases 0, and epsilon is 0,
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

/* Exercise 4, to mend: GPT-2's block with one half left out, or both, or none.
 *
 * with_attention, with_feed_forward   is that half there? If not, it adds nothing
 * T, config, s, x, b                  those of transformer_block
 *
 * Set s->mid and s->output in any case; the other steps are looked at only if their half is
 * there.
 *
 * Example: with both halves it does what transformer_block does. With neither, s->mid and
 * s->output are x: {{1, 2}, {3, 4}} becomes {{1, 2}, {3, 4}}.
 *
 * Symptoms: the first call, without attention, was right. The next, without either half, was
 * right too. Then a call with both halves gave x again. */
void ablated_block(int T, const struct config *config, struct block_steps *s,
                   const float x[T][config->C], const struct block *b,
                   bool with_attention, bool with_feed_forward)
{
    const size_t C = (size_t)config->C, F = (size_t)config->F;
    struct block quiet = *b;
    if (!with_attention) {
        memset(quiet.attn_c_proj_weight, 0, C * C * sizeof(float));
        memset(quiet.attn_c_proj_bias, 0, C * sizeof(float));
    }
    if (!with_feed_forward) {
        memset(quiet.mlp_c_proj_weight, 0, F * C * sizeof(float));
        memset(quiet.mlp_c_proj_bias, 0, C * sizeof(float));
    }
    transformer_block(T, config, s, x, &quiet);
}
