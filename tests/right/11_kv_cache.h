/* Right answers to the exercises of chapter 11, of other kinds than the book's: each must pass,
 * with any compiler. Those that are called …_as_hinted do what the hints say, to the letter. */
#ifndef KV_CACHE_RIGHT_H
#define KV_CACHE_RIGHT_H

/* ---- attend_kept -------------------------------------------------------------------- */

RIGHT_ANSWER void right_attend_kept_as_hinted(int H, int room, int D, int used,
                                              float context[restrict H * D],
                                              const float q[H * D],
                                              const float keys[H][room][D],
                                              const float values[H][room][D])
{
    float scores[used], weights[used];
    for (int h = 0; h < H; h++) {
        const float *query = &q[h * D];
        for (int s = 0; s < used; s++) {
            scores[s] = 0;
            for (int i = 0; i < D; i++)
                scores[s] += query[i] * keys[h][s][i];
            scores[s] /= sqrtf((float)D);
        }
        softmax(used, weights, scores);
        for (int i = 0; i < D; i++) {
            context[h * D + i] = 0;
            for (int s = 0; s < used; s++)
                context[h * D + i] += weights[s] * values[h][s][i];
        }
    }
}

RIGHT_ANSWER void right_attend_kept_in_double(int H, int room, int D, int used,
                                              float context[restrict H * D],
                                              const float q[H * D],
                                              const float keys[H][room][D],
                                              const float values[H][room][D])
{
    double *p = grab((size_t)used, sizeof *p);
    for (int h = 0; h < H; h++) {
        double largest = -INFINITY, all = 0;
        for (int s = 0; s < used; s++) {
            p[s] = 0;
            for (int i = 0; i < D; i++)
                p[s] += (double)q[h * D + i] * (double)keys[h][s][i] / sqrt(D);
            largest = fmax(largest, p[s]);
        }
        for (int s = 0; s < used; s++)
            all += p[s] = exp(p[s] - largest);
        for (int i = 0; i < D; i++) {
            double sum = 0;
            for (int s = 0; s < used; s++)
                sum += p[s] * (double)values[h][s][i];
            context[h * D + i] = (float)(sum / all);
        }
    }
    free(p);
}

/* In passing (chapter 4): one walk over the tokens, what was added so far shrinks when a larger
 * score comes. */
RIGHT_ANSWER void right_attend_kept_in_passing(int H, int room, int D, int used,
                                               float context[restrict H * D],
                                               const float q[H * D],
                                               const float keys[H][room][D],
                                               const float values[H][room][D])
{
    for (int h = 0; h < H; h++) {
        float largest = -INFINITY, all = 0, *sum = &context[h * D];
        for (int i = 0; i < D; i++)
            sum[i] = 0;
        for (int s = 0; s < used; s++) {
            float score = 0;
            for (int i = 0; i < D; i++)
                score += q[h * D + i] / sqrtf((float)D) * keys[h][s][i];
            if (score > largest) {
                const float shrink = expf(largest - score);
                all *= shrink;
                for (int i = 0; i < D; i++)
                    sum[i] *= shrink;
                largest = score;
            }
            const float share = expf(score - largest);
            all += share;
            for (int i = 0; i < D; i++)
                sum[i] += share * values[h][s][i];
        }
        for (int i = 0; i < D; i++)
            sum[i] /= all;
    }
}

/* All scores of all heads first; the queries are scaled, not the scores; pointers. */
RIGHT_ANSWER void right_attend_kept_all_heads(int H, int room, int D, int used,
                                              float context[restrict H * D],
                                              const float q[H * D],
                                              const float keys[H][room][D],
                                              const float values[H][room][D])
{
    float(*scores)[used] = grab((size_t)H, sizeof *scores);
    float(*weights)[used] = grab((size_t)H, sizeof *weights);
    const float scale = powf((float)D, -0.5f);
    for (int s = used - 1; s >= 0; s--)
        for (int c = 0; c < H * D; c++)
            scores[c / D][s] += q[c] * scale * keys[c / D][s][c % D];
    for (int h = 0; h < H; h++)
        softmax(used, weights[h], scores[h]);
    for (int c = 0; c < H * D; c++) {
        const float *value = &values[c / D][0][c % D];
        double sum = 0;
        for (int s = 0; s < used; s++, value += D)
            sum += (double)weights[c / D][s] * (double)*value;
        context[c] = (float)sum;
    }
    free(scores);
    free(weights);
}

/* ---- cached_block ------------------------------------------------------------------- */

RIGHT_ANSWER void right_cached_block_as_hinted(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    const int C = config->C, F = config->F, H = config->H, D = C / H;
    float norm[1][C], qkv[1][3 * C], context[1][C], out[1][C], mid[1][C];
    layer_norm(1, C, norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear(1, C, 3 * C, qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    keep_token(H, room, D, keys, values, place, qkv[0]);
    attend_kept(H, room, D, place + 1, context[0], qkv[0], keys, values);
    linear(1, C, C, out, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    add_rows(1, C, mid, x, out);
    float wide[1][F], bent[1][F], added[1][C];
    struct feed_forward mlp = {wide, bent, added};
    layer_norm(1, C, norm, mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(1, C, F, &mlp, norm, b);
    add_rows(1, C, x, mid, added);
}

/* On the heap; each half is added to x where it is; keys and values are put away by hand. */
RIGHT_ANSWER void right_cached_block_in_place(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    const int C = config->C, F = config->F, H = config->H, D = C / H;
    float(*norm)[C] = grab(1, sizeof *norm), (*context)[C] = grab(1, sizeof *context);
    float(*out)[C] = grab(1, sizeof *out), (*qkv)[3][H][D] = grab(1, sizeof *qkv);
    layer_norm(1, C, norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear(1, C, 3 * C, (void *)qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    for (int h = 0; h < H; h++) {
        memcpy(keys[h][place], qkv[0][1][h], sizeof keys[h][place]);
        memcpy(values[h][place], qkv[0][2][h], sizeof values[h][place]);
    }
    attend_kept(H, room, D, place + 1, context[0], (void *)qkv, keys, values);
    linear(1, C, C, out, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    for (int c = 0; c < C; c++)
        x[0][c] += out[0][c];
    struct feed_forward mlp = new_feed_forward(1, C, F);
    layer_norm(1, C, norm, x, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(1, C, F, &mlp, norm, b);
    const float *added = mlp.output;
    for (int c = 0; c < C; c++)
        x[0][c] = added[c] + x[0][c];
    free_feed_forward(&mlp);
    free(norm);
    free(context);
    free(out);
    free(qkv);
}

static inline void norm_in_double(int C, double to[C], const double x[C],
                                  const float *weight, const float *bias, float epsilon)
{
    double mean = 0, squares = 0;
    for (int c = 0; c < C; c++)
        mean += x[c] / C;
    for (int c = 0; c < C; c++)
        squares += (x[c] - mean) * (x[c] - mean) / C;
    for (int c = 0; c < C; c++)
        to[c] = (x[c] - mean) / sqrt(squares + (double)epsilon) * (double)weight[c] +
                (double)bias[c];
}

static inline void linear_in_double(int I, int O, double y[O], const double x[I],
                                    const float w[I][O], const float *bias)
{
    for (int o = 0; o < O; o++) {
        y[o] = (double)bias[o];
        for (int i = 0; i < I; i++)
            y[o] += x[i] * (double)w[i][o];
    }
}

/* Nothing of the book's but its kept keys and values: every step in double. */
RIGHT_ANSWER void right_cached_block_in_double(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    const int C = config->C, F = config->F, H = config->H, D = C / H;
    double norm[C], qkv[3][C], context[C], out[C], p[place + 1];
    double *row = grab((size_t)C, sizeof *row);
    double *wide = grab((size_t)F, sizeof *wide);
    for (int c = 0; c < C; c++)
        row[c] = (double)x[0][c];
    norm_in_double(C, norm, row, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear_in_double(C, 3 * C, qkv[0], norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    for (int h = 0; h < H; h++) {
        double largest = -INFINITY, all = 0;
        for (int i = 0; i < D; i++) {
            keys[h][place][i] = (float)qkv[1][h * D + i];
            values[h][place][i] = (float)qkv[2][h * D + i];
            context[h * D + i] = 0;
        }
        for (int s = 0; s <= place; s++) {
            p[s] = 0;
            for (int i = 0; i < D; i++)
                p[s] += qkv[0][h * D + i] * (double)keys[h][s][i];
            p[s] /= sqrt(D);
            largest = fmax(largest, p[s]);
        }
        for (int s = 0; s <= place; s++)
            all += p[s] = exp(p[s] - largest);
        for (int s = 0; s <= place; s++)
            for (int i = 0; i < D; i++)
                context[h * D + i] += p[s] / all * (double)values[h][s][i];
    }
    linear_in_double(C, C, out, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    for (int c = 0; c < C; c++)
        row[c] += out[c];
    norm_in_double(C, norm, row, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    linear_in_double(C, F, wide, norm, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int f = 0; f < F; f++)
        wide[f] = wide[f] / 2 *
                  (1 + tanh(0.7978845608028654 *
                            (wide[f] + 0.044715 * wide[f] * wide[f] * wide[f])));
    linear_in_double(F, C, out, wide, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    for (int c = 0; c < C; c++)
        x[0][c] = (float)(row[c] + out[c]);
    free(row);
    free(wide);
}

/* The queries in an array of their own, and memory that is used again. */
RIGHT_ANSWER void right_cached_block_own_query(
    const struct config *config, int room, int place, float x[restrict 1][config->C],
    float keys[config->H][room][config->C / config->H],
    float values[config->H][room][config->C / config->H], const struct block *b)
{
    const int C = config->C, H = config->H, D = C / H;
    float qkv[3 * C], query[C], row[C], norm[C];
    memset(query, 0, sizeof query);
    layer_norm(1, C, (void *)norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    linear(1, C, 3 * C, (void *)qkv, (void *)norm, b->attn_c_attn_weight,
           b->attn_c_attn_bias);
    keep_token(H, room, D, keys, values, place, qkv);
    for (int c = 0; c < C; c++)
        query[c] = qkv[c];
    attend_kept(H, room, D, 1 + place, norm, query, keys, values);
    linear(1, C, C, (void *)query, (void *)norm, b->attn_c_proj_weight,
           b->attn_c_proj_bias);
    for (int c = 0; c < C; c++)
        row[c] = x[0][c] + query[c];
    layer_norm(1, C, (void *)norm, (void *)row, b->ln_2_weight, b->ln_2_bias,
               config->epsilon);
    struct feed_forward mlp = new_feed_forward(1, C, config->F);
    feed_forward(1, C, config->F, &mlp, (void *)norm, b);
    add_rows(1, C, x, (void *)row, mlp.output);
    free_feed_forward(&mlp);
}

/* ---- read_token --------------------------------------------------------------------- */

RIGHT_ANSWER void right_read_token_as_hinted(const struct config *config,
                                             struct kv_cache *cache,
                                             float logits[restrict 1][config->V], int id,
                                             const struct weights *w)
{
    const int H = config->H, D = config->C / H, room = cache->room, place = cache->used;
    const int C = config->C;
    float(*keys)[H][room][D] = cache->keys;
    float(*values)[H][room][D] = cache->values;
    const float(*wpe)[config->C] = w->wpe;
    float x[1][C], norm[1][C];
    embed(1, C, x, &id, w->wte, &wpe[place]);
    for (int l = 0; l < config->L; l++)
        cached_block(config, room, place, x, keys[l], values[l], &w->h[l]);
    layer_norm(1, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(1, C, config->V, logits, norm, w->lm_head);
    cache->ids[place] = id;
    cache->used++;
}

/* The row by hand; the part of the cache by counting; on the heap. */
RIGHT_ANSWER void right_read_token_by_hand(const struct config *config,
                                           struct kv_cache *cache,
                                           float logits[restrict 1][config->V], int id,
                                           const struct weights *w)
{
    const int C = config->C;
    const size_t part = (size_t)cache->room * (size_t)C;
    const float *wte = w->wte, *wpe = w->wpe;
    float *keys = cache->keys, *values = cache->values;
    float *x = grab((size_t)C, sizeof *x), *norm = grab((size_t)C, sizeof *norm);
    for (int c = 0; c < C; c++)
        x[c] = wte[(size_t)id * (size_t)C + (size_t)c] + wpe[cache->used * C + c];
    for (int l = 0; l < config->L; l++, keys += part, values += part)
        cached_block(config, cache->room, cache->used, (void *)x, (void *)keys,
                     (void *)values, w->h + l);
    layer_norm(1, C, (void *)norm, (void *)x, w->ln_f_weight, w->ln_f_bias,
               config->epsilon);
    final_logits(1, C, config->V, logits, (void *)norm, w->lm_head);
    cache->ids[cache->used++] = id;
    free(x);
    free(norm);
}

/* The whole text is embedded, and its last row goes on. */
RIGHT_ANSWER void right_read_token_last_row(const struct config *config,
                                            struct kv_cache *cache,
                                            float logits[restrict 1][config->V], int id,
                                            const struct weights *w)
{
    const int C = config->C, H = config->H, D = C / H, room = cache->room;
    float(*keys)[H][room][D] = cache->keys, (*values)[H][room][D] = cache->values;
    cache->ids[cache->used++] = id;
    float(*rows)[C] = grab((size_t)cache->used, sizeof *rows);
    embed(cache->used, C, rows, cache->ids, w->wte, w->wpe);
    float(*x)[C] = &rows[cache->used - 1];
    for (int l = 0; l < config->L; l++)
        cached_block(config, room, cache->used - 1, x, keys[l], values[l], &w->h[l]);
    float norm[1][C];
    layer_norm(1, C, norm, (const float(*)[C])x, w->ln_f_weight, w->ln_f_bias,
               config->epsilon);
    final_logits(1, C, config->V, logits, norm, w->lm_head);
    free(rows);
}

/* Two rows of its own for embed; the top in double. */
RIGHT_ANSWER void right_read_token_top_in_double(const struct config *config,
                                                 struct kv_cache *cache,
                                                 float logits[restrict 1][config->V],
                                                 int id, const struct weights *w)
{
    const int C = config->C, H = config->H, D = C / H, room = cache->room;
    const int place = cache->used;
    float(*keys)[H][room][D] = cache->keys, (*values)[H][room][D] = cache->values;
    const float(*wte)[C] = w->wte, (*wpe)[C] = w->wpe, (*head)[C] = w->lm_head;
    float token[1][C], position[1][C], x[1][C];
    double row[C], norm[C];
    memcpy(token, wte[id], sizeof token);
    memcpy(position, wpe[place], sizeof position);
    add_rows(1, C, x, token, position);
    for (int l = 0; l < config->L; l++)
        cached_block(config, room, place, x, keys[l], values[l], &w->h[l]);
    for (int c = 0; c < C; c++)
        row[c] = (double)x[0][c];
    norm_in_double(C, norm, row, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    for (int v = 0; v < config->V; v++) {
        double sum = 0;
        for (int c = 0; c < C; c++)
            sum += norm[c] * (double)head[v][c];
        logits[0][v] = (float)sum;
    }
    cache->used = place + 1;
    cache->ids[place] = id;
}

/* ---- reusable ----------------------------------------------------------------------- */

RIGHT_ANSWER int right_reusable_as_hinted(int used, const int kept[], int T,
                                          const int ids[T])
{
    const int most = used < T - 1 ? used : T - 1;
    int n;
    for (n = 0; n < most; n++)
        if (kept[n] != ids[n])
            break;
    return n;
}

RIGHT_ANSWER int right_reusable_corrected(int used, const int kept[], int T,
                                          const int ids[T])
{
    int n = 0;
    while (n < used && n < T && kept[n] == ids[n])
        n++;
    return n == T ? T - 1 : n;
}

RIGHT_ANSWER int right_reusable_recursion(int used, const int kept[], int T,
                                          const int ids[T])
{
    if (used == 0 || T == 1 || kept[0] != ids[0])
        return 0;
    return 1 + right_reusable_recursion(used - 1, kept + 1, T - 1, ids + 1);
}

/* The longest beginning that is the same as a whole, from the longest down. */
RIGHT_ANSWER int right_reusable_whole_beginnings(int used, const int kept[], int T,
                                                 const int ids[T])
{
    int n = used < T ? used : T - 1;
    while (n > 0 && memcmp(kept, ids, (size_t)n * sizeof *ids) != 0)
        n--;
    return n;
}

/* ---- attend_portion ----------------------------------------------------------------- */

/* As hinted: the code that was handed out, and `used` another number for each token. */
RIGHT_ANSWER void right_attend_portion_as_hinted(int H, int room, int D, int before,
                                                 int n, float context[restrict n][H * D],
                                                 const float q[n][H * D],
                                                 const float keys[H][room][D],
                                                 const float values[H][room][D])
{
    float scores[before + n], weights[before + n];
    for (int i = 0; i < n; i++) {
        const int used = before + i + 1;
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
}

/* All scores, and a mask: -infinity for what comes later in the portion. */
RIGHT_ANSWER void right_attend_portion_masks(int H, int room, int D, int before, int n,
                                             float context[restrict n][H * D],
                                             const float q[n][H * D],
                                             const float keys[H][room][D],
                                             const float values[H][room][D])
{
    const int all = before + n;
    float *scores = grab((size_t)all, sizeof *scores),
          *weights = grab((size_t)all, sizeof *weights);
    for (int h = 0; h < H; h++)
        for (int i = 0; i < n; i++) {
            for (int s = 0; s < all; s++) {
                scores[s] = 0;
                for (int d = 0; d < D; d++)
                    scores[s] += q[i][h * D + d] * keys[h][s][d];
                scores[s] = s > before + i ? -INFINITY : scores[s] / sqrtf((float)D);
            }
            softmax(all, weights, scores);
            for (int d = 0; d < D; d++) {
                context[i][h * D + d] = 0;
                for (int s = 0; s < all; s++)
                    context[i][h * D + d] += weights[s] * values[h][s][d];
            }
        }
    free(scores);
    free(weights);
}

/* From the last token to the first, so `used` counts down. */
RIGHT_ANSWER void right_attend_portion_backwards(int H, int room, int D, int before,
                                                 int n, float context[restrict n][H * D],
                                                 const float q[n][H * D],
                                                 const float keys[H][room][D],
                                                 const float values[H][room][D])
{
    for (int used = before + n; used > before; used--)
        attend_kept(H, room, D, used, context[used - before - 1], q[used - before - 1],
                    keys, values);
}

RIGHT_ANSWER void right_attend_portion_in_double(int H, int room, int D, int before,
                                                 int n, float context[restrict n][H * D],
                                                 const float q[n][H * D],
                                                 const float keys[H][room][D],
                                                 const float values[H][room][D])
{
    for (int i = 0; i < n; i++)
        right_attend_kept_in_double(H, room, D, before + 1 + i, context[i], q[i], keys,
                                    values);
}

#endif
