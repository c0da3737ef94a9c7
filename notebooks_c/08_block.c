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
