/* 11_kv_cache.h: keys and values are kept, and a new token goes up the stack alone.
 * Chapter 11 of the book: chapters/11_kv_cache.md */
#ifndef KV_CACHE_H
#define KV_CACHE_H

#include "09_stack.h"

/* The memory of every token that was read: its key and its value, in each head of each block.
 * Slots used, used + 1, … are free: their contents mean nothing. */
struct kv_cache {
    int room, used; /* for how many tokens there is room; how many were read */
    int *ids;       /* [room]: the tokens themselves */
    void *keys;     /* [L][H][room][D] */
    void *values;   /* [L][H][room][D] */
};

static inline struct kv_cache new_kv_cache(int room, const struct config *config)
{
    const size_t rows = (size_t)config->L * (size_t)room, c = (size_t)config->C;
    return (struct kv_cache){.room = room,
                             .ids = grab((size_t)room, sizeof(int)),
                             .keys = grab(rows, c * sizeof(float)),
                             .values = grab(rows, c * sizeof(float))};
}

static inline void free_kv_cache(struct kv_cache *cache)
{
    free(cache->ids);
    free(cache->keys);
    free(cache->values);
    *cache = (struct kv_cache){0};
}

/* Keeps a token's keys and values in slot `place`. qkv [3C], C = H * D, is a row of c_attn:
 * the queries, the keys, the values, each of them head after head.
 * → keys[h][place], values[h][place], [D] each, for every head h; nothing else is touched */
static inline void keep_token(int H, int room, int D, float keys[restrict H][room][D],
                              float values[restrict H][room][D], int place,
                              const float qkv[3 * H * D])
{
    const int C = H * D;
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            keys[h][place][i] = qkv[C + h * D + i];
            values[h][place][i] = qkv[2 * C + h * D + i];
        }
}

#ifdef MINE_attend_kept
void attend_kept(int H, int room, int D, int used, float context[restrict H * D],
                 const float q[H * D], const float keys[H][room][D],
                 const float values[H][room][D]);
#else
/* One token's attention over all that is kept, itself included: with each head, the scores of
 * its query, their softmax, the sum of the values. used counts the tokens, with the new one.
 * q [C], keys, values [H, room, D] → context [C], head after head, C = H * D */
static inline void attend_kept(int H, int room, int D, int used,
                               float context[restrict H * D], const float q[H * D],
                               const float keys[H][room][D],
                               const float values[H][room][D])
{
    float scores[used], weights[used];
    for (int h = 0; h < H; h++) {
        for (int s = 0; s < used; s++) {
            float dot = 0;
            for (int i = 0; i < D; i++)
                dot += q[h * D + i] * keys[h][s][i];
            scores[s] = dot / sqrtf((float)D);
        }
        softmax(used, weights, scores);
        for (int i = 0; i < D; i++) {
            float sum = 0;
            for (int s = 0; s < used; s++)
                sum += weights[s] * values[h][s][i];
            context[h * D + i] = sum;
        }
    }
}
#endif

#ifdef MINE_cached_block
void cached_block(const struct config *config, int room, int place,
                  float x[restrict 1][config->C],
                  float keys[config->H][room][config->C / config->H],
                  float values[config->H][room][config->C / config->H],
                  const struct block *b);
#else
/* One block for one new token, which is at position `place`. x [1, C] is its input, and then
 * its output; keys, values [H, room, D] are the block's own part of the cache. */
static inline void cached_block(const struct config *config, int room, int place,
                                float x[restrict 1][config->C],
                                float keys[config->H][room][config->C / config->H],
                                float values[config->H][room][config->C / config->H],
                                const struct block *b)
{
    const int C = config->C, H = config->H, D = C / H, F = config->F;
    float norm[1][C], qkv[1][3 * C], context[1][C], told[1][C], mid[1][C];
    layer_norm(1, C, norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear(1, C, 3 * C, qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    keep_token(H, room, D, keys, values, place, qkv[0]);
    attend_kept(H, room, D, place + 1, context[0], qkv[0], keys, values);
    linear(1, C, C, told, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    add_rows(1, C, mid, x, told);

    float wide[1][F], bent[1][F], added[1][C];
    struct feed_forward mlp = {wide, bent, added};
    layer_norm(1, C, norm, mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(1, C, F, &mlp, norm, b);
    add_rows(1, C, x, mid, added);
}
#endif

#ifdef MINE_read_token
void read_token(const struct config *config, struct kv_cache *cache,
                float logits[restrict 1][config->V], int id, const struct weights *w);
#else
/* The whole model for one more token. It follows those that the cache holds, so its position is
 * cache->used, which must be below cache->room; then it is in the cache too.
 * id → logits [1, V], how well each token would come next */
static inline void read_token(const struct config *config, struct kv_cache *cache,
                              float logits[restrict 1][config->V], int id,
                              const struct weights *w)
{
    const int C = config->C, H = config->H, D = C / H;
    const int room = cache->room, place = cache->used;
    float(*keys)[H][room][D] = cache->keys, (*values)[H][room][D] = cache->values;
    const float(*wpe)[C] = w->wpe;
    float x[1][C], norm[1][C];
    embed(1, C, x, &id, w->wte, &wpe[place]); /* a table that begins at its position */
    for (int l = 0; l < config->L; l++)
        cached_block(config, room, place, x, keys[l], values[l], &w->h[l]);
    layer_norm(1, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(1, C, config->V, logits, norm, w->lm_head);
    cache->ids[place] = id;
    cache->used = place + 1;
}
#endif

/* Keeps the keys and values that run_stack computed for the T tokens of a prompt: the next token
 * can then be read alone. s->h[l].attention.k, .v [H, T, D] → the cache; T is at most cache->room */
static inline void keep_all(int T, const struct config *config, struct kv_cache *cache,
                            const int ids[T], const struct stack *s)
{
    const int H = config->H, D = config->C / H, room = cache->room;
    float(*keys)[H][room][D] = cache->keys, (*values)[H][room][D] = cache->values;
    for (int l = 0; l < config->L; l++) {
        const float(*k)[T][D] = s->h[l].attention.k, (*v)[T][D] = s->h[l].attention.v;
        for (int h = 0; h < H; h++) {
            memcpy(keys[l][h], k[h], sizeof k[h]);
            memcpy(values[l][h], v[h], sizeof v[h]);
        }
    }
    memcpy(cache->ids, ids, (size_t)T * sizeof *ids);
    cache->used = T;
}

/* Multiply-adds of one row through all matrices of the blocks: c_attn, c_proj; c_fc, c_proj. */
static inline double block_work(const struct config *config)
{
    const double C = config->C, F = config->F;
    return config->L * (C * 3 * C + C * C + C * F + F * C);
}

/* Those of one query's attention over n tokens, in all blocks: the scores, and the sum. */
static inline double attention_work(const struct config *config, int n)
{
    return config->L * 2.0 * config->C * n;
}

/* Those of one row's logits. */
static inline double head_work(const struct config *config)
{
    return (double)config->C * config->V;
}

/* The T-th token, read alone. */
static inline double step_work(const struct config *config, int T)
{
    return block_work(config) + attention_work(config, T) + head_work(config);
}

/* T tokens from the start, as run_stack does it: all rows, all logits, all T * T scores. */
static inline double run_work(const struct config *config, int T)
{
    return T * step_work(config, T);
}

/* The bytes of the keys and values of `tokens` tokens. */
static inline double cache_bytes(const struct config *config, int tokens)
{
    return 2.0 * config->L * config->C * tokens * sizeof(float);
}

#ifdef MINE_reusable
int reusable(int used, const int kept[], int T, const int ids[T]);
#else
/* How many of the tokens that the cache holds can stay when a text of T tokens is to be read:
 * those at the front that are the same. The text's last token is never among them: it must be
 * read, for its logits are wanted, and logits are not kept.
 * kept [used], ids [T] → 0 to T - 1 */
static inline int reusable(int used, const int kept[], int T, const int ids[T])
{
    int n = 0;
    while (n < used && n < T - 1 && kept[n] == ids[n])
        n++;
    return n;
}
#endif

#ifdef MINE_attend_portion
void attend_portion(int H, int room, int D, int before, int n,
                    float context[restrict n][H * D], const float q[n][H * D],
                    const float keys[H][room][D], const float values[H][room][D]);
#else
/* The attention of n new tokens, each over those before it and itself: later tokens of the
 * portion are kept already, but must not be seen. q [n, C], keys, values [H, room, D], of which
 * before + n rows count → context [n, C], C = H * D */
static inline void attend_portion(int H, int room, int D, int before, int n,
                                  float context[restrict n][H * D],
                                  const float q[n][H * D], const float keys[H][room][D],
                                  const float values[H][room][D])
{
    for (int i = 0; i < n; i++)
        attend_kept(H, room, D, before + i + 1, context[i], q[i], keys, values);
}
#endif

#endif
