/* The exercises of chapter 6: chapters/06_heads.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-06     what is right, what is not, and what to do next
 *   make hint-06         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/06_heads.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/06_heads.h"

/* Exercise 1: one wide row per token becomes a query, a key and a value per head.
 *
 * T, H, D  tokens, heads, the size of a head; C = H * D
 * qkv      [T, 3C]: row t holds token t's C queries, then its C keys, then its C values.
 *          In each of the three the first D numbers are head 0's, the next D head 1's, …
 * q, k, v  [H, T, D], to be written: q[h][t] is the query of token t in head h
 *
 * Example: T = 1, H = 2, D = 2, and qkv is {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}. Then
 * q[0][0] is {1, 2}, q[1][0] is {3, 4}, k[0][0] is {5, 6}, and v[1][0] is {11, 12}. */
void split_heads(int T, int H, int D, float q[restrict H][T][D],
                 float k[restrict H][T][D], float v[restrict H][T][D],
                 const float qkv[T][3 * H * D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: the way back. The heads' results are put side by side.
 *
 * T, H, D  tokens, heads, the size of a head
 * context  [H, T, D]: context[h][t] is the result of head h for token t
 * merged   [T, H * D], to be written: in row t first the D numbers of head 0, then the D of
 *          head 1, and so on
 *
 * Example: T = 2, H = 2, D = 1. context {{{1}, {2}}, {{3}, {4}}} becomes
 * {{1, 3}, {2, 4}}. */
void merge_heads(int T, int H, int D, float merged[restrict T][H * D],
                 const float context[H][T][D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: the whole layer, masked attention with H heads.
 *
 * T, C, H  tokens, channels, heads; a head's size is D = C / H
 * x        [T, C]: the rows that come in
 * b        the block's weights: b->attn_c_attn_weight [C, 3C], b->attn_c_attn_bias [3C],
 *          b->attn_c_proj_weight [C, C], b->attn_c_proj_bias [C]
 * a        the results. Memory for every field is there; set them all:
 *            a->qkv [T, 3C]              the rows after c_attn
 *            a->q, a->k, a->v [H, T, D]  the same, split into heads
 *            a->scores [H, T, T]         each head's scores, scaled, before the mask
 *            a->masked [H, T, T]         the same with the future hidden: minus infinity
 *            a->weights [H, T, T]        after the softmax
 *            a->heads [H, T, D]          the context of each head
 *            a->context [T, C]           the heads merged
 *            a->output [T, C]            the rows after c_proj
 *
 * Every step is a function that you know. In alphabetical order:
 *   attention_scores(T, D, scores, q, k), hide_future(T, scores), linear(T, I, O, y, x, w, b),
 *   merge_heads(T, H, D, merged, context), softmax_rows(T, weights, scores),
 *   split_heads(T, H, D, q, k, v, qkv), weighted_sum(T, D, context, weights, v)
 *
 * Example: one token alone looks at itself, with weight 1 in every head. So a->context is its
 * values, the last C numbers of its row of a->qkv. */
void attend(int T, int C, int H, struct attention *a, const float x[T][C],
            const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: what one head alone adds to the layer's output.
 *
 * c_proj multiplies the merged row by a matrix. The row is the heads side by side, so the
 * product is a sum with a part for each head. The bias is added once.
 *
 * T, H, D  tokens, heads, the size of a head; C = H * D
 * h        which head, 0 to H - 1
 * context  [T, C]: the merged rows
 * w        [C, C]: c_proj's weights; row i says what number i of a merged row adds to each
 *          of the C outputs
 * part     [T, C], to be written: what head h adds, without the bias
 *
 * Example: T = 1, H = 2, D = 1, context {{2, 3}}, w {{1, 10}, {100, 1000}}. Head 0 adds
 * {{2, 20}}, head 1 {{300, 3000}}. */
void head_part(int T, int H, int D, int h, float part[restrict T][H * D],
               const float context[T][H * D], const float w[H * D][H * D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: the layer's output as it would be without one head.
 *
 * T, H, D  tokens, heads, the size of a head; C = H * D
 * h        the head that is left out, 0 to H - 1
 * context  [T, C]: the merged rows
 * w, bias  [C, C] and [C]: c_proj's weights and its bias
 * output   [T, C], to be written: what the other heads add, and the bias
 *
 * Example: T = 1, H = 2, D = 1, context {{2, 3}}, w {{1, 10}, {100, 1000}}, bias {5, 6}.
 * Without head 0 the output is {{305, 3006}}, without head 1 {{7, 26}}.
 *
 * Symptoms: the example comes out right, and so does every layer of two heads. With four
 * heads, as in this book's model, hardly a number is right. With one head all are 0. */
void without_head(int T, int H, int D, int h, float output[restrict T][H * D],
                  const float context[T][H * D], const float w[H * D][H * D],
                  const float bias[H * D])
{
    const int C = H * D;
    float(*part)[C] = grab((size_t)T, sizeof *part);
    memset(output, 0, (size_t)T * sizeof *output);
    for (int g = 0; g < H; g++) {
        if (g == h)
            continue;
        head_part(T, H, D, g, part, context, w);
        for (int t = 0; t < T; t++)
            for (int o = 0; o < C; o++)
                output[t][o] += part[t][o] + bias[o];
    }
    free(part);
}
