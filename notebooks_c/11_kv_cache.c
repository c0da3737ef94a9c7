/* The exercises of chapter 11: chapters/11_kv_cache.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-11     what is right, what is not, and what to do next
 *   make hint-11         a hint for the next function to write
 * The functions may call each other, and everything in ../src/11_kv_cache.h. */
#include "../src/11_kv_cache.h"

/* Exercise 1: one new token's attention over all that is kept.
 *
 * H, D           heads, and numbers a head; C = H * D
 * used           how many tokens are kept, the new one included: 1 to room
 * q [C]          the new token's queries, head after head
 * keys, values   [H, room, D]: of each head, [used, D] that count; what stands in the places
 *                from used on is left from other texts
 * context [C]    to be written, head after head: the sum over s of weights[s] *
 *                values[h][s], where weights is the softmax over the used scores,
 *                scores[s] = q of head h · keys[h][s] / √D
 *
 * softmax (chapter 4) makes weights of scores: softmax(n, weights, scores).
 *
 * Example, H = 1, D = 1, used = 2: q {0}, keys {{5}, {7}}, values {{8}, {2}}: both scores
 * are 0, both weights 0.5, so context is {5}. */
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
 * place          how many were read before this one, so where it stands: 0 to room - 1
 * x [1, C]       the token's row as it comes in; at the end, as it goes out
 * keys, values   [H, room, D]: the block's own part of the cache. Places 0 to place - 1 hold
 *                the tokens before; set those at `place`, and touch no other
 * b              the block's weights, as in transformer_block (chapter 8)
 *
 * The steps are those of transformer_block with T = 1, but for attention: linear with c_attn
 * makes the row qkv [1, 3C]; keep_token(H, room, D, keys, values, place, qkv[0]) puts its
 * keys and values away; attend_kept (exercise 1) makes the context [C] of its queries, which
 * are the first C numbers of qkv; linear with c_proj.
 *
 * Example: at place 0 there is one token to look at, so all its weights are 1, and the
 * context is the last C numbers of qkv. */
void cached_block(const struct config *config, int room, int place,
                  float x[restrict 1][config->C],
                  float keys[config->H][room][config->C / config->H],
                  float values[config->H][room][config->C / config->H],
                  const struct block *b)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: the whole model for one token more.
 *
 * config          config->C, H, L, V, epsilon; D = C / H
 * cache           cache->used tokens have been read, so this one stands at that place; there
 *                 is room for it. cache->keys and cache->values are [L, H, room, D]
 * id              the token
 * w               the weights, as in run_stack (chapter 9)
 * logits [1, V]   to be written
 *
 * The token's row is its row of wte plus the row of wpe for its place. It goes through the L
 * blocks: cached_block(config, room, place, x, keys, values, &w->h[l]) takes the row x [1, C]
 * and the block's own keys and values [H, room, D], and leaves in x what goes out. Then the
 * final norm, and final_logits. At the end the token is in the cache: its id in cache->ids,
 * and cache->used is one more.
 *
 * Example: in an empty cache the token stands at place 0. Of two calls, the second finds
 * cache->used = 1, adds wpe[1], and leaves cache->used = 2. */
void read_token(const struct config *config, struct kv_cache *cache,
                float logits[restrict 1][config->V], int id, const struct weights *w)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: how much of what is kept can stay when another text is read?
 *
 * kept [used]   the tokens that the cache holds; used is 0 or more
 * ids [T]       the text that is wanted now; T is 1 or more
 * returns       how many of the first tokens need not be read again. A row depends on its own
 *               token and on all before it. When all is read, the logits behind the last
 *               token of the text are wanted, and logits are not kept.
 *
 * Example: kept {5, 6, 7, 8}, ids {5, 6, 9, 8, 4} → 2: of the rest every row is another one,
 * also that of 8. */
int reusable(int used, const int kept[], int T, const int ids[T])
{
    NOT_WRITTEN_YET();
}
