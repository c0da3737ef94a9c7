/* The usual mistakes in the exercises of chapter 11. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef KV_CACHE_MISTAKES_H
#define KV_CACHE_MISTAKES_H

/* ---- keep_token ---------------------------------------------------------------------- */

/* Most mistakes are a wrong place, or a wrong part of the row. */
static inline void put_token(int H, int room, int D, float keys[H][room][D],
                             float values[H][room][D], int place, const float *qkv,
                             int first_key, int first_value)
{
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            keys[h][place][i] = qkv[first_key + h * D + i];
            values[h][place][i] = qkv[first_value + h * D + i];
        }
}

SAYS(wrong_keep_token_slot_0,
     "every token is put at place 0, over the one before it: it belongs at `place`.")
WRONG void wrong_keep_token_slot_0(int H, int room, int D,
                                   float keys[restrict H][room][D],
                                   float values[restrict H][room][D], int place,
                                   const float qkv[3 * H * D])
{
    (void)place;
    put_token(H, room, D, keys, values, 0, qkv, H * D, 2 * H * D);
}

SAYS(wrong_keep_token_one_early,
     "the token is put one place too early, over the one before it: places begin at 0.")
WRONG void wrong_keep_token_one_early(int H, int room, int D,
                                      float keys[restrict H][room][D],
                                      float values[restrict H][room][D], int place,
                                      const float qkv[3 * H * D])
{
    put_token(H, room, D, keys, values, place ? place - 1 : 0, qkv, H * D, 2 * H * D);
}

SAYS(
    wrong_keep_token_at_the_end,
    "the places are counted from the end of the room: the first token stands at place 0.")
WRONG void wrong_keep_token_at_the_end(int H, int room, int D,
                                       float keys[restrict H][room][D],
                                       float values[restrict H][room][D], int place,
                                       const float qkv[3 * H * D])
{
    put_token(H, room, D, keys, values, room - 1 - place, qkv, H * D, 2 * H * D);
}

SAYS(wrong_keep_token_queries, "the queries are kept as keys, and the keys as values: a "
                               "row of c_attn begins with the "
                               "queries, and these are not kept.")
WRONG void wrong_keep_token_queries(int H, int room, int D,
                                    float keys[restrict H][room][D],
                                    float values[restrict H][room][D], int place,
                                    const float qkv[3 * H * D])
{
    put_token(H, room, D, keys, values, place, qkv, 0, H * D);
}

SAYS(wrong_keep_token_swapped,
     "keys and values are exchanged: the keys come first in a row of c_attn.")
WRONG void wrong_keep_token_swapped(int H, int room, int D,
                                    float keys[restrict H][room][D],
                                    float values[restrict H][room][D], int place,
                                    const float qkv[3 * H * D])
{
    put_token(H, room, D, keys, values, place, qkv, 2 * H * D, H * D);
}

SAYS(wrong_keep_token_no_values, "the values are not kept: both are needed later.")
WRONG void wrong_keep_token_no_values(int H, int room, int D,
                                      float keys[restrict H][room][D],
                                      float values[restrict H][room][D], int place,
                                      const float qkv[3 * H * D])
{
    (void)values;
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++)
            keys[h][place][i] = qkv[H * D + h * D + i];
}

SAYS(wrong_keep_token_interleaved,
     "the heads are taken as if they were interleaved, number i of head h at i * H + h: "
     "head 0 has the first D numbers, head 1 the next D.")
WRONG void wrong_keep_token_interleaved(int H, int room, int D,
                                        float keys[restrict H][room][D],
                                        float values[restrict H][room][D], int place,
                                        const float qkv[3 * H * D])
{
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            keys[h][place][i] = qkv[H * D + i * H + h];
            values[h][place][i] = qkv[2 * H * D + i * H + h];
        }
}

SAYS(wrong_keep_token_head_by_head,
     "the row is read as query, key, value of head 0, then of head 1, and so on: it is "
     "the "
     "queries of all heads, then all keys, then all values.")
WRONG void wrong_keep_token_head_by_head(int H, int room, int D,
                                         float keys[restrict H][room][D],
                                         float values[restrict H][room][D], int place,
                                         const float qkv[3 * H * D])
{
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            keys[h][place][i] = qkv[3 * h * D + D + i];
            values[h][place][i] = qkv[3 * h * D + 2 * D + i];
        }
}

SAYS(
    wrong_keep_token_places_first,
    "the cache is written as if it were [room, H, D], place after place: it is [H, room, "
    "D], head after head.")
WRONG void wrong_keep_token_places_first(int H, int room, int D,
                                         float keys[restrict H][room][D],
                                         float values[restrict H][room][D], int place,
                                         const float qkv[3 * H * D])
{
    for (int i = 0; i < H * D; i++) {
        (&keys[0][0][0])[place * H * D + i] = qkv[H * D + i];
        (&values[0][0][0])[place * H * D + i] = qkv[2 * H * D + i];
    }
}

SAYS(wrong_keep_token_first_head_only,
     "only head 0 is kept: every head has keys and values of its own.")
WRONG void wrong_keep_token_first_head_only(int H, int room, int D,
                                            float keys[restrict H][room][D],
                                            float values[restrict H][room][D], int place,
                                            const float qkv[3 * H * D])
{
    for (int i = 0; i < D; i++) {
        keys[0][place][i] = qkv[H * D + i];
        values[0][place][i] = qkv[2 * H * D + i];
    }
}

/* ---- attend_kept --------------------------------------------------------------------- */

/* One head, as it should be, on the tokens from `first` to `end` - 1. */
static inline void look_at(int room, int D, int first, int end, float *context,
                           const float *q, const float keys[room][D],
                           const float values[room][D], float root)
{
    const int n = end - first;
    float scores[n], weights[n];
    for (int s = 0; s < n; s++) {
        scores[s] = 0;
        for (int i = 0; i < D; i++)
            scores[s] += q[i] * keys[first + s][i] / root;
    }
    softmax(n, weights, scores);
    for (int i = 0; i < D; i++) {
        context[i] = 0;
        for (int s = 0; s < n; s++)
            context[i] += weights[s] * values[first + s][i];
    }
}

SAYS(wrong_attend_kept_room, "it looks at all the room there is, also at places that no "
                             "token has filled: only the "
                             "first `used` count.")
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
        look_at(room, D, 0, used > 1 ? used - 1 : 1, context + h * D, q + h * D, keys[h],
                values[h], sqrtf((float)D));
}

SAYS(wrong_attend_kept_not_the_first,
     "place 0 is left out: tokens are counted from 0 to used - 1.")
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

SAYS(wrong_attend_kept_last_head_over_all, "what the heads bring is written to the same "
                                           "D numbers, so only the last head is left: "
                                           "head h's go to context[h * D] and on.")
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

SAYS(wrong_read_token_place_0,
     "the token gets the row of wpe for place 0, as if it were the first: it stands at "
     "cache->used.")
WRONG void wrong_read_token_place_0(const struct config *config, struct kv_cache *cache,
                                    float logits[restrict 1][config->V], int id,
                                    const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w, (struct reading_mistake){.position = 0});
}

SAYS(wrong_read_token_next_place, "the row of wpe is one too far: with `used` tokens "
                                  "before it, a token stands at place "
                                  "`used`, for places begin at 0.")
WRONG void wrong_read_token_next_place(const struct config *config,
                                       struct kv_cache *cache,
                                       float logits[restrict 1][config->V], int id,
                                       const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used + 1});
}

SAYS(wrong_read_token_place_before,
     "the row of wpe is that of the token before: this one stands at cache->used.")
WRONG void wrong_read_token_place_before(const struct config *config,
                                         struct kv_cache *cache,
                                         float logits[restrict 1][config->V], int id,
                                         const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used ? cache->used - 1 : 0});
}

SAYS(wrong_read_token_no_position,
     "the row of wpe is left out: the token's place, cache->used, is part of its row.")
WRONG void wrong_read_token_no_position(const struct config *config,
                                        struct kv_cache *cache,
                                        float logits[restrict 1][config->V], int id,
                                        const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w, (struct reading_mistake){.position = -1});
}

SAYS(wrong_read_token_not_counted,
     "cache->used does not grow, so each token takes the place of the one before it.")
WRONG void wrong_read_token_not_counted(const struct config *config,
                                        struct kv_cache *cache,
                                        float logits[restrict 1][config->V], int id,
                                        const struct weights *w)
{
    read_wrongly(config, cache, logits, id, w,
                 (struct reading_mistake){.position = cache->used, .stays = 1});
}

SAYS(wrong_read_token_counted_by_blocks, "cache->used grows in every block: all L blocks "
                                         "put a token at the same place, and it "
                                         "grows once, at the end.")
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
                                     "it is: the final norm, ln_f, stands "
                                     "before them.")
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
WRONG int wrong_reusable_last_too(int used, const int kept[used], int T, const int ids[T])
{
    int n = 0;
    while (n < used && n < T && kept[n] == ids[n])
        n++;
    return n;
}

SAYS(wrong_reusable_not_its_own_last,
     "the last token that the cache holds is never kept: it is the text's last one that "
     "must be read again.")
WRONG int wrong_reusable_not_its_own_last(int used, const int kept[used], int T,
                                          const int ids[T])
{
    int n = 0;
    while (n < used - 1 && n < T - 1 && kept[n] == ids[n])
        n++;
    return n;
}

SAYS(wrong_reusable_one_less, "one token too few is kept where the texts differ: only "
                              "where the whole text is there "
                              "already must its last token be read again.")
WRONG int wrong_reusable_one_less(int used, const int kept[used], int T, const int ids[T])
{
    int n = 0;
    while (n < used && n < T && kept[n] == ids[n])
        n++;
    return n ? n - 1 : 0;
}

SAYS(wrong_reusable_all_matches,
     "all places are counted at which the tokens are the same: behind the first "
     "difference "
     "none can stay, for a row depends on all tokens before it.")
WRONG int wrong_reusable_all_matches(int used, const int kept[used], int T,
                                     const int ids[T])
{
    int n = 0;
    for (int t = 0; t < used && t < T - 1; t++)
        n += kept[t] == ids[t];
    return n;
}

SAYS(
    wrong_reusable_index_of_last_match,
    "this is the index of the last token that is the same, not how many there are: it is "
    "one too low, and -1 where there is none.")
WRONG int wrong_reusable_index_of_last_match(int used, const int kept[used], int T,
                                             const int ids[T])
{
    int n = 0;
    while (n < used && n < T - 1 && kept[n] == ids[n])
        n++;
    return n - 1;
}

SAYS(
    wrong_reusable_all_or_nothing,
    "all is thrown away unless the whole cache is the beginning of the text: what is the "
    "same at the front can stay.")
WRONG int wrong_reusable_all_or_nothing(int used, const int kept[used], int T,
                                        const int ids[T])
{
    int n = 0;
    while (n < used && n < T - 1 && kept[n] == ids[n])
        n++;
    return n == used || n == T - 1 ? n : 0;
}

#endif
