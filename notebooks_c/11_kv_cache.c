/* The exercises of chapter 11: chapters/11_kv_cache.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-11     what is right, what is not, and what to do next
 *   make hint-11         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/11_kv_cache.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/11_kv_cache.h"

/* Exercise 1: one new token's attention over all that is kept.
 *
 * H, D           heads, and numbers per head; C = H * D
 * used           how many tokens are kept, the new one included: 1 to room
 * q [C]          the new token's queries, head after head
 * keys, values   [H, room, D]: of each head, the first `used` rows count; the other rows are
 *                left over from other texts
 * context [C]    to be written, head after head: what the heads of chapters 4 to 6 compute for
 *                the last of `used` tokens from its queries and all tokens' keys and values
 *
 * softmax (chapter 4) makes weights of scores: softmax(n, weights, scores).
 *
 * Examples, H = 1, used = 2. D = 1: q {0}, keys {{5}, {7}}, values {{8}, {2}}: both scores
 * are 0, both weights 0.5, so context is {5}. D = 4: q {2, 0, 0, 0}, keys {{ln 3, 0, 0, 0},
 * {0, 0, 0, 9}}: the weights are 3/4 and 1/4. */
void attend_kept(int H, int room, int D, int used, float context[restrict H * D],
                 const float q[H * D], const float keys[H][room][D],
                 const float values[H][room][D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: one block for one new token.
 *
 * config         config->C, H, F, epsilon; D = C / H
 * room           how many tokens the cache has room for
 * place          how many were read before this one, so its position: 0 to room - 1
 * x [1, C]       the token's row: the block's input, and at the end its output
 * keys, values   [H, room, D]: the block's own part of the cache. Rows 0 to place - 1 hold
 *                the tokens before; set the rows at `place`, and touch no other
 * b              the block's weights, as in transformer_block (chapter 8)
 *
 * The output is the row that transformer_block gives the last of place + 1 tokens. But the
 * other tokens' rows are not there any more, only their keys and values.
 *
 * Example: at position 0 there is one token to look at, so all its weights are 1, and its
 * heads give its own values. */
void cached_block(const struct config *config, int room, int place,
                  float x[restrict 1][config->C],
                  float keys[config->H][room][config->C / config->H],
                  float values[config->H][room][config->C / config->H],
                  const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: the whole model for one more token.
 *
 * config          config->C, H, L, V, epsilon; D = C / H
 * cache           what was read before: cache->used tokens, so that is this one's position;
 *                 there is room for it. cache->keys and cache->values are [L, H, room, D]. At
 *                 the end this token is in it too: its keys and values in every block's part,
 *                 its id in cache->ids, and cache->used is one more
 * id              the token
 * w               the weights, as in run_stack (chapter 9)
 * logits [1, V]   to be written: the last row of what run_stack would give for all the tokens
 *                 that are in the cache at the end
 *
 * Example: in an empty cache the token is at position 0, and its row at the bottom is that of
 * wte plus wpe[0]. Of two calls, the second finds cache->used = 1, and leaves 2. */
void read_token(const struct config *config, struct kv_cache *cache,
                float logits[restrict 1][config->V], int id, const struct weights *w)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: how much of the cache can stay when a different text is read?
 *
 * kept [used]   the tokens that the cache holds; used is 0 or more
 * ids [T]       the text that is wanted now; T is 1 or more
 * returns       how many of the first tokens need not be read again. A row depends on its own
 *               token and on all before it. In the end the logits after the last token of the
 *               text are wanted, and logits are not kept.
 *
 * Example: kept {5, 6, 7, 8}, ids {5, 6, 9, 8, 4} → 2: all the other rows are different,
 * even that of 8. */
int reusable(int used, const int kept[], int T, const int ids[T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: the attention of several new tokens at once.
 *
 * H, D            heads, and numbers per head; C = H * D
 * before, n       how many tokens were read before; how many are new now, 1 or more.
 *                 before + n is at most room
 * q [n, C]        the new tokens' queries, one row per token, head after head
 * keys, values    [H, room, D]: of each head, first the rows of the tokens before, then those
 *                 of the n new ones; the other rows are left over from other texts
 * context [n, C]  to be written: for each new token, what attend_kept (exercise 1) would give
 *                 it if the new tokens were read one by one
 *
 * Example, H = 1, D = 1, before = 1, n = 2: q {{0}, {0}}, keys {{5}, {7}, {1}}, values
 * {{8}, {2}, {11}}: context is {{5}, {7}}.
 *
 * Symptoms: in portions of one token every text comes out right. In larger ones only the
 * last row of context does, and a prompt that is cut into different portions gets
 * different logits. */
void attend_portion(int H, int room, int D, int before, int n,
                    float context[restrict n][H * D], const float q[n][H * D],
                    const float keys[H][room][D], const float values[H][room][D])
{
    const int used = before + n;
    float scores[used], weights[used];
    for (int i = 0; i < n; i++)
        for (int h = 0; h < H; h++) {
            for (int s = 0; s < used; s++) {
                float dot = 0;
                for (int d = 0; d < D; d++)
                    dot += q[i][h * D + d] * keys[h][s][d];
                scores[s] = dot / sqrtf((float)D);
            }
            softmax(used, weights, scores);
            for (int d = 0; d < D; d++) {
                float sum = 0;
                for (int s = 0; s < used; s++)
                    sum += weights[s] * values[h][s][d];
                context[i][h * D + d] = sum;
            }
        }
}
