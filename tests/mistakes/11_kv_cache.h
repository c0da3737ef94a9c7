/* The usual mistakes in the exercises of chapter 11. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef KV_CACHE_MISTAKES_H
#define KV_CACHE_MISTAKES_H

/* ---- attend_kept --------------------------------------------------------------------- */

/* One head, as it should be, on the tokens from `first` to `end` - 1. (The sum over no tokens
 * is 0.) */
static inline void look_at(int room, int D, int first, int end, float *context,
                           const float *q, const float keys[room][D],
                           const float values[room][D], float root)
{
    const int n = end - first;
    float scores[n + 1], weights[n + 1];
    scores[0] = 0;
    for (int s = 0; s < n; s++) {
        scores[s] = 0;
        for (int i = 0; i < D; i++)
            scores[s] += q[i] * keys[first + s][i] / root;
    }
    if (n > 0)
        softmax(n, weights, scores);
    for (int i = 0; i < D; i++) {
        context[i] = 0;
        for (int s = 0; s < n; s++)
            context[i] += weights[s] * values[first + s][i];
    }
}

SAYS(wrong_attend_kept_room, "all of the room is looked at, including rows that no token "
                             "has filled: only the first `used` count.")
WRONG void wrong_attend_kept_room(int H, int room, int D, int used,
                                  float context[restrict H * D], const float q[H * D],
                                  const float keys[H][room][D],
                                  const float values[H][room][D])
{
    (void)used;
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, room, context + h * D, q + h * D, keys[h], values[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_not_itself,
     "the new token does not look at itself: its own key and value are among the `used`.")
WRONG void wrong_attend_kept_not_itself(int H, int room, int D, int used,
                                        float context[restrict H * D],
                                        const float q[H * D],
                                        const float keys[H][room][D],
                                        const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used - 1, context + h * D, q + h * D, keys[h], values[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_not_the_first,
     "position 0 is left out: tokens are counted from 0 to used - 1.")
WRONG void wrong_attend_kept_not_the_first(int H, int room, int D, int used,
                                           float context[restrict H * D],
                                           const float q[H * D],
                                           const float keys[H][room][D],
                                           const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, used > 1, used, context + h * D, q + h * D, keys[h], values[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_no_root, "the scores are not divided by √D.")
WRONG void wrong_attend_kept_no_root(int H, int room, int D, int used,
                                     float context[restrict H * D], const float q[H * D],
                                     const float keys[H][room][D],
                                     const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context + h * D, q + h * D, keys[h], values[h], 1);
}

SAYS(wrong_attend_kept_root_of_c,
     "the scores are divided by √C: it is the root of D, the length of one head's key.")
WRONG void wrong_attend_kept_root_of_c(int H, int room, int D, int used,
                                       float context[restrict H * D],
                                       const float q[H * D], const float keys[H][room][D],
                                       const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context + h * D, q + h * D, keys[h], values[h],
                sqrtf((float)(H * D)));
}

SAYS(wrong_attend_kept_one_query,
     "every head asks with head 0's query: head h's begins at q[h * D].")
WRONG void wrong_attend_kept_one_query(int H, int room, int D, int used,
                                       float context[restrict H * D],
                                       const float q[H * D], const float keys[H][room][D],
                                       const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context + h * D, q, keys[h], values[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_interleaved,
     "the query's heads are read as if they were interleaved, q[i * H + h]: the D "
     "numbers of head h lie side by side, at q[h * D + i].")
WRONG void wrong_attend_kept_interleaved(int H, int room, int D, int used,
                                         float context[restrict H * D],
                                         const float q[H * D],
                                         const float keys[H][room][D],
                                         const float values[H][room][D])
{
    for (int h = 0; h < H; h++) {
        float query[D];
        for (int i = 0; i < D; i++)
            query[i] = q[i * H + h];
        look_at(room, D, 0, used, context + h * D, query, keys[h], values[h],
                sqrtf((float)D));
    }
}

SAYS(wrong_attend_kept_one_heads_keys,
     "every head looks at head 0's keys and values: head h has its own, keys[h] and "
     "values[h].")
WRONG void wrong_attend_kept_one_heads_keys(int H, int room, int D, int used,
                                            float context[restrict H * D],
                                            const float q[H * D],
                                            const float keys[H][room][D],
                                            const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context + h * D, q + h * D, keys[0], values[0],
                sqrtf((float)D));
}

SAYS(
    wrong_attend_kept_sums_keys,
    "the sum is over the keys: these are for the scores, and the values are for the sum.")
WRONG void wrong_attend_kept_sums_keys(int H, int room, int D, int used,
                                       float context[restrict H * D],
                                       const float q[H * D], const float keys[H][room][D],
                                       const float values[H][room][D])
{
    (void)values;
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context + h * D, q + h * D, keys[h], keys[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_no_softmax,
     "the values are weighted with the scores: a softmax makes weights of them first.")
WRONG void wrong_attend_kept_no_softmax(int H, int room, int D, int used,
                                        float context[restrict H * D],
                                        const float q[H * D],
                                        const float keys[H][room][D],
                                        const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            context[h * D + i] = 0;
            for (int s = 0; s < used; s++) {
                float dot = 0;
                for (int j = 0; j < D; j++)
                    dot += q[h * D + j] * keys[h][s][j];
                context[h * D + i] += dot / sqrtf((float)D) * values[h][s][i];
            }
        }
}

SAYS(wrong_attend_kept_last_head_over_all,
     "what the heads give is written to the same D numbers, so only the last head is "
     "left: head h's begin at context[h * D].")
WRONG void wrong_attend_kept_last_head_over_all(int H, int room, int D, int used,
                                                float context[restrict H * D],
                                                const float q[H * D],
                                                const float keys[H][room][D],
                                                const float values[H][room][D])
{
    for (int h = 0; h < H; h++)
        look_at(room, D, 0, used, context, q + h * D, keys[h], values[h],
                sqrtf((float)D));
}

SAYS(wrong_attend_kept_never_reset,
     "a sum goes on from one number to the next: begin at 0 for each of the D numbers.")
WRONG void wrong_attend_kept_never_reset(int H, int room, int D, int used,
                                         float context[restrict H * D],
                                         const float q[H * D],
                                         const float keys[H][room][D],
                                         const float values[H][room][D])
{
    for (int h = 0; h < H; h++) {
        look_at(room, D, 0, used, context + h * D, q + h * D, keys[h], values[h],
                sqrtf((float)D));
        for (int i = 1; i < D; i++)
            context[h * D + i] += context[h * D + i - 1];
    }
}

/* ---- cached_block -------------------------------------------------------------------- */

/* The right one, with what can go wrong as arguments. */
struct block_mistake {
    int at_0, early;      /* kept at place 0; one place too early */
    int looks_first;      /* attends before it keeps */
    int fewer, all;       /* looks at so many tokens fewer; at all the room */
    int swapped;          /* values where keys belong */
    int no_ln_1, no_ln_2; /* norms left out */
    int ln_1_twice;       /* ln_1 where ln_2 belongs */
    int no_c_proj;        /* the context is added as it is */
    int no_sum;           /* 1, 2: that half takes the place of the row */
    int half;             /* no feed-forward */
};

static inline void go_wrongly(const struct config *config, int room, int place,
                              float *row, void *keys, void *values, const struct block *b,
                              struct block_mistake how)
{
    const int C = config->C, H = config->H, D = C / H, F = config->F;
    float norm[1][C], qkv[1][3 * C], context[1][C], told[1][C], mid[1][C], x[1][C];
    memcpy(x, row, sizeof x);
    if (how.no_ln_1)
        memcpy(norm, x, sizeof norm);
    else
        layer_norm(1, C, norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear(1, C, 3 * C, qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    const int at = how.at_0 ? 0 : how.early && place ? place - 1 : place;
    int used = how.all ? room : place + 1 - how.fewer;
    used = used > room ? room : used;
    memset(context, 0, sizeof context); /* the sum over no tokens */
    if (how.looks_first)
        attend_kept(H, room, D, used, context[0], qkv[0], keys, values);
    keep_token(H, room, D, how.swapped ? values : keys, how.swapped ? keys : values, at,
               qkv[0]);
    if (!how.looks_first && used > 0)
        attend_kept(H, room, D, used, context[0], qkv[0], keys, values);
    if (how.no_c_proj)
        memcpy(told, context, sizeof told);
    else
        linear(1, C, C, told, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    if (how.no_sum == 1)
        memcpy(mid, told, sizeof mid);
    else
        add_rows(1, C, mid, x, told);

    float wide[1][F], bent[1][F], added[1][C];
    struct feed_forward mlp = {wide, bent, added};
    if (how.no_ln_2)
        memcpy(norm, mid, sizeof norm);
    else if (how.ln_1_twice)
        layer_norm(1, C, norm, mid, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    else
        layer_norm(1, C, norm, mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(1, C, F, &mlp, norm, b);
    if (how.no_sum == 2)
        memcpy(x, added, sizeof x);
    else if (how.half)
        memcpy(x, mid, sizeof x);
    else
        add_rows(1, C, x, mid, added);
    memcpy(row, x, sizeof x);
}

SAYS(wrong_cached_block_place_0,
     "the token is kept at position 0, over the first one: it belongs at `place`.")
WRONG void wrong_cached_block_place_0(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.at_0 = 1});
}

SAYS(wrong_cached_block_one_early, "the token is kept one position too early, over the "
                                   "one before it: positions begin at 0.")
WRONG void wrong_cached_block_one_early(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.early = 1});
}

SAYS(wrong_cached_block_looks_first,
     "attention comes before the token is kept, so it finds at the token's own position "
     "what was left there: keep first, then attend.")
WRONG void wrong_cached_block_looks_first(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.looks_first = 1});
}

SAYS(wrong_cached_block_not_itself, "attention looks at `place` tokens, and the new one "
                                    "is not among them: with it there are place + 1.")
WRONG void wrong_cached_block_not_itself(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.fewer = 1});
}

SAYS(wrong_cached_block_one_too_many,
     "attention looks one position too far, at a row that no token has filled: there are "
     "place + 1 tokens.")
WRONG void wrong_cached_block_one_too_many(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.fewer = -1});
}

SAYS(wrong_cached_block_room,
     "attention looks at all of the room: there are place + 1 tokens.")
WRONG void wrong_cached_block_room(const struct config *config, int room, int place,
                                   float x[restrict 1][config->C],
                                   float keys[config->H][room][config->C / config->H],
                                   float values[config->H][room][config->C / config->H],
                                   const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.all = 1});
}

SAYS(wrong_cached_block_swapped, "keys and values are exchanged in the cache.")
WRONG void wrong_cached_block_swapped(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.swapped = 1});
}

SAYS(wrong_cached_block_no_ln_1,
     "the first norm is left out: c_attn reads the row after ln_1.")
WRONG void wrong_cached_block_no_ln_1(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.no_ln_1 = 1});
}

SAYS(wrong_cached_block_no_ln_2,
     "the second norm is left out: feed-forward reads the row after ln_2.")
WRONG void wrong_cached_block_no_ln_2(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.no_ln_2 = 1});
}

SAYS(wrong_cached_block_ln_1_twice,
     "the second norm has the weights of the first: it is ln_2.")
WRONG void wrong_cached_block_ln_1_twice(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.ln_1_twice = 1});
}

SAYS(wrong_cached_block_no_c_proj,
     "c_proj is left out: the heads' context goes through it before it is added.")
WRONG void wrong_cached_block_no_c_proj(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.no_c_proj = 1});
}

SAYS(wrong_cached_block_no_first_sum,
     "what attention gives replaces the row: it should be added to it.")
WRONG void wrong_cached_block_no_first_sum(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.no_sum = 1});
}

SAYS(wrong_cached_block_no_second_sum,
     "what feed-forward gives replaces the row: it should be added to it.")
WRONG void wrong_cached_block_no_second_sum(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.no_sum = 2});
}

SAYS(wrong_cached_block_no_feed_forward, "the feed-forward half is left out.")
WRONG void wrong_cached_block_no_feed_forward(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    go_wrongly(config, room, place, x[0], keys, values, b,
               (struct block_mistake){.half = 1});
}

/* ---- read_token ---------------------------------------------------------------------- */

/* The right one, with what can go wrong as arguments. */
struct reading_mistake {
    int position;          /* the row of wpe; -1: none */
    int stays;             /* used is left as it was */
    int one_cache;         /* every block has block 0's part of the cache */
    int one_block;         /* every block has block 0's weights */
    int each_block_counts; /* used grows in every block */
    int no_norm;           /* no final norm */
    int wte_head;          /* the head is wte */
    int no_id;             /* the id is not noted */
};

static inline void read_wrongly(const struct config *config, struct kv_cache *cache,
                                void *logits, int id, const struct weights *w,
                                struct reading_mistake how)
{
    const int C = config->C, H = config->H, D = C / H, room = cache->room;
    float(*keys)[H][room][D] = cache->keys, (*values)[H][room][D] = cache->values;
    const float(*wte)[C] = w->wte, (*wpe)[C] = w->wpe;
    const int place = cache->used;
    int at = place;
    float x[1][C], norm[1][C];
    for (int c = 0; c < C; c++)
        x[0][c] = wte[id][c] + (how.position < 0 ? 0 : wpe[how.position][c]);
    for (int l = 0; l < config->L; l++) {
        const int part = how.one_cache ? 0 : l;
        cached_block(config, room, at, x, keys[part], values[part],
                     &w->h[how.one_block ? 0 : l]);
        if (how.each_block_counts && at + 1 < room)
            at++;
    }
    if (how.no_norm)
        memcpy(norm, x, sizeof norm);
    else
        layer_norm(1, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(1, C, config->V, logits, norm, how.wte_head ? w->wte : w->lm_head);
    if (!how.no_id)
        cache->ids[place] = id;
    cache->used = how.stays ? place : how.each_block_counts ? at : place + 1;
}

SAYS(wrong_read_token_place_0, "the token gets the row of wpe for position 0, as if it "
                               "were the first: its position is cache->used.")
WRONG void wrong_read_token_place_0(const struct config *config, struct kv_cache *cache,
                                    float logits[restrict 1][config->V], int id,
                                    const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w, (struct reading_mistake){.position = 0});
}

SAYS(wrong_read_token_next_place,
     "the row of wpe is one too far: with `used` tokens before it, a token is at "
     "position `used`, for positions begin at 0.")
WRONG void wrong_read_token_next_place(const struct config *config,
                                       struct kv_cache *cache,
                                       float logits[restrict 1][config->V], int id,
                                       const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used + 1});
}

SAYS(wrong_read_token_place_before,
     "the row of wpe is that of the token before: this one's position is cache->used.")
WRONG void wrong_read_token_place_before(const struct config *config,
                                         struct kv_cache *cache,
                                         float logits[restrict 1][config->V], int id,
                                         const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used ? cache->used - 1 : 0});
}

SAYS(wrong_read_token_no_position,
     "the row of wpe is left out: the token's position, cache->used, is part of its row.")
WRONG void wrong_read_token_no_position(const struct config *config,
                                        struct kv_cache *cache,
                                        float logits[restrict 1][config->V], int id,
                                        const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w, (struct reading_mistake){.position = -1});
}

SAYS(wrong_read_token_not_counted,
     "cache->used does not grow, so each token overwrites the one before it.")
WRONG void wrong_read_token_not_counted(const struct config *config,
                                        struct kv_cache *cache,
                                        float logits[restrict 1][config->V], int id,
                                        const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .stays = 1});
}

SAYS(wrong_read_token_counted_by_blocks,
     "cache->used grows in every block: all L blocks put a token at the same position, "
     "and it grows once, at the end.")
WRONG void wrong_read_token_counted_by_blocks(const struct config *config,
                                              struct kv_cache *cache,
                                              float logits[restrict 1][config->V], int id,
                                              const struct weights *w)
{
    read_wrongly(
        config, cache, logits, id, w,
        (struct reading_mistake){.position = cache->used, .each_block_counts = 1});
}

SAYS(
    wrong_read_token_one_cache,
    "every block writes to block 0's part of the cache: block l has its own, keys[l] and "
    "values[l].")
WRONG void wrong_read_token_one_cache(const struct config *config, struct kv_cache *cache,
                                      float logits[restrict 1][config->V], int id,
                                      const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .one_cache = 1});
}

SAYS(wrong_read_token_one_blocks_weights,
     "every block has the weights of block 0: block l has its own, w->h[l].")
WRONG void wrong_read_token_one_blocks_weights(const struct config *config,
                                               struct kv_cache *cache,
                                               float logits[restrict 1][config->V],
                                               int id, const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .one_block = 1});
}

SAYS(wrong_read_token_no_final_norm, "the logits are made from the last block's row as "
                                     "it is: the final norm, ln_f, comes before them.")
WRONG void wrong_read_token_no_final_norm(const struct config *config,
                                          struct kv_cache *cache,
                                          float logits[restrict 1][config->V], int id,
                                          const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .no_norm = 1});
}

SAYS(wrong_read_token_wte_for_head,
     "the logits are made with wte: the head is w->lm_head, which need not be the same.")
WRONG void wrong_read_token_wte_for_head(const struct config *config,
                                         struct kv_cache *cache,
                                         float logits[restrict 1][config->V], int id,
                                         const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .wte_head = 1});
}

SAYS(wrong_read_token_no_id,
     "cache->ids does not say which token was read: set cache->ids[place].")
WRONG void wrong_read_token_no_id(const struct config *config, struct kv_cache *cache,
                                  float logits[restrict 1][config->V], int id,
                                  const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .no_id = 1});
}

/* ---- reusable ------------------------------------------------------------------------ */

SAYS(wrong_reusable_last_too, "the last token of the text is kept as well: it must be "
                              "read, or there are no logits.")
WRONG int wrong_reusable_last_too(int used, const int kept[], int T, const int ids[T])
{
    int n = 0;
    while (n < used && n < T && kept[n] == ids[n])
        n++;
    return n;
}

SAYS(wrong_reusable_not_its_own_last,
     "the last token that the cache holds is never kept: it is the text's last one that "
     "must be read again.")
WRONG int wrong_reusable_not_its_own_last(int used, const int kept[], int T,
                                          const int ids[T])
{
    int n = 0;
    while (n < used - 1 && n < T - 1 && kept[n] == ids[n])
        n++;
    return n;
}

SAYS(wrong_reusable_one_less,
     "one token too few is kept when the texts differ: only if the whole text is there "
     "already must its last token be read again.")
WRONG int wrong_reusable_one_less(int used, const int kept[], int T, const int ids[T])
{
    int n = 0;
    while (n < used && n < T && kept[n] == ids[n])
        n++;
    return n ? n - 1 : 0;
}

SAYS(wrong_reusable_all_matches,
     "all positions are counted at which the tokens are the same: after the first "
     "difference none can stay, for a row depends on all tokens before it.")
WRONG int wrong_reusable_all_matches(int used, const int kept[], int T, const int ids[T])
{
    int n = 0;
    for (int t = 0; t < used && t < T - 1; t++)
        n += kept[t] == ids[t];
    return n;
}

SAYS(wrong_reusable_index_of_last_match,
     "the index of the last token that is the same is returned, not how many there are: "
     "it is one too low, and -1 if there is none.")
WRONG int wrong_reusable_index_of_last_match(int used, const int kept[], int T,
                                             const int ids[T])
{
    int n = 0;
    while (n < used && n < T - 1 && kept[n] == ids[n])
        n++;
    return n - 1;
}

SAYS(wrong_reusable_all_or_nothing,
     "everything is thrown away unless the whole cache is the beginning of the text: "
     "what is the same at the front can stay.")
WRONG int wrong_reusable_all_or_nothing(int used, const int kept[], int T,
                                        const int ids[T])
{
    int n = 0;
    while (n < used && n < T - 1 && kept[n] == ids[n])
        n++;
    return n == used || n == T - 1 ? n : 0;
}

/* ---- attend_portion ------------------------------------------------------------------ */

/* Each new token looks at the tokens from first[i] to end[i] - 1. */
static inline void look_at_portion(int H, int room, int D, int n, float *context,
                                   const float *q, const float keys[H][room][D],
                                   const float values[H][room][D], const int first[n],
                                   const int end[n])
{
    for (int i = 0; i < n; i++)
        for (int h = 0; h < H; h++)
            look_at(room, D, first[i], end[i], context + (i * H + h) * D,
                    q + (i * H + h) * D, keys[h], values[h], sqrtf((float)D));
}

SAYS(wrong_attend_portion_as_handed_out,
     "nothing is mended: these are the numbers that the function gave when it was handed "
     "out.")
WRONG void wrong_attend_portion_as_handed_out(int H, int room, int D, int before, int n,
                                              float context[restrict n][H * D],
                                              const float q[n][H * D],
                                              const float keys[H][room][D],
                                              const float values[H][room][D])
{
    for (int i = 0; i < n; i++)
        attend_kept(H, room, D, before + n, context[i], q[i], keys, values);
}

SAYS(wrong_attend_portion_not_itself,
     "each new token looks only at those before it: it should see itself as well.")
WRONG void wrong_attend_portion_not_itself(int H, int room, int D, int before, int n,
                                           float context[restrict n][H * D],
                                           const float q[n][H * D],
                                           const float keys[H][room][D],
                                           const float values[H][room][D])
{
    memset(context, 0, (size_t)n * sizeof *context); /* the sum over no tokens */
    for (int i = before ? 0 : 1; i < n; i++)
        attend_kept(H, room, D, before + i, context[i], q[i], keys, values);
}

SAYS(wrong_attend_portion_one_too_far,
     "each new token also sees the one that comes after it.")
WRONG void wrong_attend_portion_one_too_far(int H, int room, int D, int before, int n,
                                            float context[restrict n][H * D],
                                            const float q[n][H * D],
                                            const float keys[H][room][D],
                                            const float values[H][room][D])
{
    for (int i = 0; i < n; i++) {
        const int used = before + i + 2;
        attend_kept(H, room, D, used < room ? used : room, context[i], q[i], keys,
                    values);
    }
}

SAYS(wrong_attend_portion_as_the_first, "every new token looks at as many tokens as the "
                                        "first one may: each of them may see one "
                                        "more than the one before it.")
WRONG void wrong_attend_portion_as_the_first(int H, int room, int D, int before, int n,
                                             float context[restrict n][H * D],
                                             const float q[n][H * D],
                                             const float keys[H][room][D],
                                             const float values[H][room][D])
{
    for (int i = 0; i < n; i++)
        attend_kept(H, room, D, before + 1, context[i], q[i], keys, values);
}

SAYS(wrong_attend_portion_before_forgotten,
     "token i of the portion looks at the first i + 1 tokens of the cache: `before` "
     "tokens "
     "were there already, so it is before + i + 1.")
WRONG void wrong_attend_portion_before_forgotten(int H, int room, int D, int before,
                                                 int n, float context[restrict n][H * D],
                                                 const float q[n][H * D],
                                                 const float keys[H][room][D],
                                                 const float values[H][room][D])
{
    (void)before;
    for (int i = 0; i < n; i++)
        attend_kept(H, room, D, i + 1, context[i], q[i], keys, values);
}

SAYS(wrong_attend_portion_only_itself_and_before,
     "a new token sees those that were read before, and itself, but not the new tokens "
     "between.")
WRONG void wrong_attend_portion_only_itself_and_before(
    int H, int room, int D, int before, int n, float context[restrict n][H * D],
    const float q[n][H * D], const float keys[H][room][D], const float values[H][room][D])
{
    float scores[before + n], weights[before + n];
    for (int i = 0; i < n; i++)
        for (int h = 0; h < H; h++) {
            for (int s = 0; s < before + n; s++) {
                float dot = 0;
                for (int d = 0; d < D; d++)
                    dot += q[i][h * D + d] * keys[h][s][d];
                scores[s] =
                    s < before || s == before + i ? dot / sqrtf((float)D) : -INFINITY;
            }
            softmax(before + n, weights, scores);
            for (int d = 0; d < D; d++) {
                context[i][h * D + d] = 0;
                for (int s = 0; s < before + n; s++)
                    context[i][h * D + d] += weights[s] * values[h][s][d];
            }
        }
}

SAYS(wrong_attend_portion_portion_only,
     "the new tokens look only at each other: the `before` tokens that are kept count as "
     "well.")
WRONG void wrong_attend_portion_portion_only(int H, int room, int D, int before, int n,
                                             float context[restrict n][H * D],
                                             const float q[n][H * D],
                                             const float keys[H][room][D],
                                             const float values[H][room][D])
{
    int first[n], end[n];
    for (int i = 0; i < n; i++)
        first[i] = before, end[i] = before + i + 1;
    look_at_portion(H, room, D, n, context[0], q[0], keys, values, first, end);
}

SAYS(wrong_attend_portion_from_itself_on,
     "each new token sees itself and those that come after it: it should be itself and "
     "those before.")
WRONG void wrong_attend_portion_from_itself_on(int H, int room, int D, int before, int n,
                                               float context[restrict n][H * D],
                                               const float q[n][H * D],
                                               const float keys[H][room][D],
                                               const float values[H][room][D])
{
    int first[n], end[n];
    for (int i = 0; i < n; i++)
        first[i] = before + i, end[i] = before + n;
    look_at_portion(H, room, D, n, context[0], q[0], keys, values, first, end);
}

/* The scores of what comes later are `masked`, or, with `after`, the weights are 0. */
static inline void mask_wrongly(int H, int room, int D, int before, int n, float *context,
                                const float *q, const float keys[H][room][D],
                                const float values[H][room][D], float masked, bool after)
{
    const int all = before + n;
    float scores[all], weights[all];
    for (int i = 0; i < n; i++)
        for (int h = 0; h < H; h++) {
            const float *query = q + (i * H + h) * D;
            for (int s = 0; s < all; s++) {
                float dot = 0;
                for (int d = 0; d < D; d++)
                    dot += query[d] * keys[h][s][d];
                scores[s] = s > before + i && !after ? masked : dot / sqrtf((float)D);
            }
            softmax(all, weights, scores);
            for (int s = before + i + 1; s < all && after; s++)
                weights[s] = 0;
            for (int d = 0; d < D; d++) {
                float sum = 0;
                for (int s = 0; s < all; s++)
                    sum += weights[s] * values[h][s][d];
                context[(i * H + h) * D + d] = sum;
            }
        }
}

SAYS(wrong_attend_portion_mask_after,
     "the weights of what comes later are set to 0 after the softmax, so the others sum "
     "to "
     "less than 1: leave the later scores out of the softmax.")
WRONG void wrong_attend_portion_mask_after(int H, int room, int D, int before, int n,
                                           float context[restrict n][H * D],
                                           const float q[n][H * D],
                                           const float keys[H][room][D],
                                           const float values[H][room][D])
{
    mask_wrongly(H, room, D, before, n, context[0], q[0], keys, values, 0, true);
}

SAYS(wrong_attend_portion_mask_0, "the scores of what comes later are 0: e^0 is 1, so "
                                  "they have weights like any other. "
                                  "-INFINITY has the weight 0.")
WRONG void wrong_attend_portion_mask_0(int H, int room, int D, int before, int n,
                                       float context[restrict n][H * D],
                                       const float q[n][H * D],
                                       const float keys[H][room][D],
                                       const float values[H][room][D])
{
    mask_wrongly(H, room, D, before, n, context[0], q[0], keys, values, 0, false);
}

#endif
