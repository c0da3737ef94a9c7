/* Right answers of another kind to the exercises of chapter 6: what else readers may write. None
 * of them is to be refused. */
#ifndef HEADS_RIGHT_H
#define HEADS_RIGHT_H

/* ---- split_heads ------------------------------------------------------------------- */

/* D numbers at a time. */
RIGHT_ANSWER void right_split_heads_pieces(int T, int H, int D, float q[restrict H][T][D],
                                           float k[restrict H][T][D],
                                           float v[restrict H][T][D],
                                           const float qkv[T][3 * H * D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            memcpy(q[h][t], &qkv[t][h * D], (size_t)D * sizeof(float));
            memcpy(k[h][t], &qkv[t][(H + h) * D], (size_t)D * sizeof(float));
            memcpy(v[h][t], &qkv[t][(2 * H + h) * D], (size_t)D * sizeof(float));
        }
}

/* Every column says where it goes. */
RIGHT_ANSWER void right_split_heads_columns(int T, int H, int D,
                                            float q[restrict H][T][D],
                                            float k[restrict H][T][D],
                                            float v[restrict H][T][D],
                                            const float qkv[T][3 * H * D])
{
    for (int t = T - 1; t >= 0; t--)
        for (int column = 0; column < 3 * H * D; column++) {
            const int part = column / (H * D), h = column % (H * D) / D, i = column % D;
            (part == 0 ? q : part == 1 ? k : v)[h][t][i] = qkv[t][column];
        }
}

/* A pointer that walks along qkv. */
RIGHT_ANSWER void right_split_heads_walk(int T, int H, int D, float q[restrict H][T][D],
                                         float k[restrict H][T][D],
                                         float v[restrict H][T][D],
                                         const float qkv[T][3 * H * D])
{
    const float *from = &qkv[0][0];
    for (int t = 0; t < T; t++)
        for (int part = 0; part < 3; part++)
            for (int h = 0; h < H; h++) {
                float *to = part == 0 ? q[h][t] : part == 1 ? k[h][t] : v[h][t];
                for (int i = 0; i < D; i++)
                    *to++ = *from++;
            }
}

static inline void right_split_one(int T, int H, int D, float *out, int first,
                                   const float *qkv)
{
    for (int n = 0; n < H * T * D; n++)
        out[n] = qkv[n / D % T * 3 * H * D + first + n / D / T * D + n % D];
}

/* One part after the other, flat. */
RIGHT_ANSWER void right_split_heads_flat(int T, int H, int D, float q[restrict H][T][D],
                                         float k[restrict H][T][D],
                                         float v[restrict H][T][D],
                                         const float qkv[T][3 * H * D])
{
    right_split_one(T, H, D, **q, 0, *qkv);
    right_split_one(T, H, D, **k, H * D, *qkv);
    right_split_one(T, H, D, **v, 2 * H * D, *qkv);
}

/* ---- merge_heads ------------------------------------------------------------------- */

RIGHT_ANSWER void right_merge_heads_pieces(int T, int H, int D,
                                           float merged[restrict T][H * D],
                                           const float context[H][T][D])
{
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            memcpy(merged[t] + h * D, context[h][t], sizeof context[h][t]);
}

RIGHT_ANSWER void right_merge_heads_columns(int T, int H, int D,
                                            float merged[restrict T][H * D],
                                            const float context[H][T][D])
{
    for (int column = 0; column < H * D; column++)
        for (int t = 0; t < T; t++)
            merged[t][column] = context[column / D][t][column % D];
}

RIGHT_ANSWER void right_merge_heads_walk(int T, int H, int D,
                                         float merged[restrict T][H * D],
                                         const float context[H][T][D])
{
    float *to = &merged[0][0];
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            const float *from = context[h][t];
            for (int left = D; left > 0; left--)
                *to++ = *from++;
        }
}

/* ---- attend ------------------------------------------------------------------------ */

/* Nothing of the book's is called; sums are double. */
RIGHT_ANSWER void right_attend_by_hand(int T, int C, int H, struct attention *a,
                                       const float x[T][C], const struct block *b)
{
    const int D = C / H;
    const float(*w)[3 * C] = b->attn_c_attn_weight, (*out)[C] = b->attn_c_proj_weight;
    float(*qkv)[3 * C] = a->qkv, (*q)[T][D] = a->q, (*k)[T][D] = a->k, (*v)[T][D] = a->v;
    float(*scores)[T][T] = a->scores, (*masked)[T][T] = a->masked;
    float(*weights)[T][T] = a->weights, (*heads)[T][D] = a->heads;
    float(*context)[C] = a->context, (*output)[C] = a->output;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < 3 * C; o++) {
            double sum = (double)b->attn_c_attn_bias[o];
            for (int i = 0; i < C; i++)
                sum += (double)x[t][i] * (double)w[i][o];
            qkv[t][o] = (float)sum;
            const int h = o % C / D, i = o % D;
            (o < C ? q : o < 2 * C ? k : v)[h][t][i] = (float)sum;
        }
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            double largest = -HUGE_VAL, sum = 0;
            for (int s = 0; s < T; s++) {
                double dot = 0;
                for (int i = 0; i < D; i++)
                    dot += (double)q[h][t][i] * (double)k[h][s][i];
                scores[h][t][s] = (float)(dot / sqrt(D));
                masked[h][t][s] = s <= t ? scores[h][t][s] : -INFINITY;
                if (s <= t && (double)scores[h][t][s] > largest)
                    largest = (double)scores[h][t][s];
            }
            for (int s = 0; s <= t; s++)
                sum += exp((double)scores[h][t][s] - largest);
            for (int s = 0; s < T; s++)
                weights[h][t][s] =
                    s > t ? 0 : (float)(exp((double)scores[h][t][s] - largest) / sum);
            for (int i = 0; i < D; i++) {
                double found = 0;
                for (int s = 0; s <= t; s++)
                    found += (double)weights[h][t][s] * (double)v[h][s][i];
                heads[h][t][i] = context[t][h * D + i] = (float)found;
            }
        }
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            double sum = 0;
            for (int i = 0; i < C; i++)
                sum += (double)context[t][i] * (double)out[i][o];
            output[t][o] = (float)(sum + (double)b->attn_c_proj_bias[o]);
        }
}

/* One step for all heads, then the next; the mask is made by hand. */
RIGHT_ANSWER void right_attend_step_by_step(int T, int C, int H, struct attention *a,
                                            const float x[T][C], const struct block *b)
{
    const int D = C / H;
    const size_t square = (size_t)T * (size_t)T;
    linear(T, C, 3 * C, a->qkv, x, b->attn_c_attn_weight, b->attn_c_attn_bias);
    split_heads(T, H, D, a->q, a->k, a->v, a->qkv);
    for (int h = 0; h < H; h++)
        attention_scores(T, D, (float(*)[T])((float *)a->scores + (size_t)h * square),
                         (const float(*)[D])((float *)a->q + h * T * D),
                         (const float(*)[D])((float *)a->k + h * T * D));
    memcpy(a->masked, a->scores, (size_t)H * square * sizeof(float));
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int s = t + 1; s < T; s++)
                ((float *)a->masked)[(size_t)h * square + (size_t)(t * T + s)] =
                    -INFINITY;
    softmax_rows(T, a->weights, a->masked); /* head 0, then the others */
    for (int row = T; row < H * T; row++)
        softmax(T, (float *)a->weights + row * T, (float *)a->masked + row * T);
    for (int h = H - 1; h >= 0; h--)
        weighted_sum(T, D, (float(*)[D])((float *)a->heads + h * T * D),
                     (const float(*)[T])((float *)a->weights + (size_t)h * square),
                     (const float(*)[D])((float *)a->v + h * T * D));
    merge_heads(T, H, D, a->context, a->heads);
    linear(T, C, C, a->output, a->context, b->attn_c_proj_weight, b->attn_c_proj_bias);
}

/* Row by row, and no minus infinity in a softmax: only what may be seen takes part. */
RIGHT_ANSWER void right_attend_past_only(int T, int C, int H, struct attention *a,
                                         const float x[T][C], const struct block *b)
{
    const int D = C / H;
    float(*q)[T][D] = a->q, (*k)[T][D] = a->k, (*v)[T][D] = a->v;
    float(*scores)[T][T] = a->scores, (*masked)[T][T] = a->masked;
    float(*weights)[T][T] = a->weights, (*heads)[T][D] = a->heads;
    linear(T, C, 3 * C, a->qkv, x, b->attn_c_attn_weight, b->attn_c_attn_bias);
    split_heads(T, H, D, q, k, v, a->qkv);
    for (int h = 0; h < H; h++)
        attention_scores(T, D, scores[h], q[h], k[h]);
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            for (int s = 0; s < T; s++) {
                masked[h][t][s] = s <= t ? scores[h][t][s] : -INFINITY;
                weights[h][t][s] = 0;
            }
            softmax(t + 1, weights[h][t], scores[h][t]);
            memset(heads[h][t], 0, sizeof heads[h][t]);
            for (int s = t; s >= 0; s--)
                for (int i = 0; i < D; i++)
                    heads[h][t][i] += weights[h][t][s] * v[h][s][i];
        }
    merge_heads(T, H, D, a->context, heads);
    linear(T, C, C, a->output, a->context, b->attn_c_proj_weight, b->attn_c_proj_bias);
}

/* The output as the sum of what each head adds, and the bias. */
RIGHT_ANSWER void right_attend_sum_of_parts(int T, int C, int H, struct attention *a,
                                            const float x[T][C], const struct block *b)
{
    const int D = C / H;
    float(*q)[T][D] = a->q, (*k)[T][D] = a->k, (*v)[T][D] = a->v;
    float(*scores)[T][T] = a->scores, (*masked)[T][T] = a->masked;
    float(*weights)[T][T] = a->weights, (*heads)[T][D] = a->heads;
    float(*output)[C] = a->output, (*part)[C] = malloc((size_t)T * sizeof *part);
    linear(T, C, 3 * C, a->qkv, x, b->attn_c_attn_weight, b->attn_c_attn_bias);
    split_heads(T, H, D, q, k, v, a->qkv);
    for (int h = 0; h < H; h++) {
        attention_scores(T, D, scores[h], q[h], k[h]);
        for (int t = 0; t < T; t++)
            for (int s = 0; s < T; s++)
                masked[h][t][s] = scores[h][t][s] + (s > t ? -INFINITY : 0);
        softmax_past(T, weights[h], scores[h]);
        weighted_sum(T, D, heads[h], weights[h], v[h]);
    }
    merge_heads(T, H, D, a->context, heads);
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++)
            output[t][o] = b->attn_c_proj_bias[o];
    for (int h = 0; h < H; h++) {
        head_part(T, H, D, h, part, a->context, b->attn_c_proj_weight);
        for (int t = 0; t < T; t++)
            for (int o = 0; o < C; o++)
                output[t][o] += part[t][o];
    }
    free(part);
}

/* ---- head_part --------------------------------------------------------------------- */

RIGHT_ANSWER void right_head_part_double(int T, int H, int D, int h,
                                         float part[restrict T][H * D],
                                         const float context[T][H * D],
                                         const float w[H * D][H * D])
{
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            double sum = 0;
            for (int i = D; i-- > 0;)
                sum += (double)context[t][h * D + i] * (double)w[h * D + i][o];
            part[t][o] = (float)sum;
        }
}

/* One input at a time, as linear does. */
RIGHT_ANSWER void right_head_part_inputs_first(int T, int H, int D, int h,
                                               float part[restrict T][H * D],
                                               const float context[T][H * D],
                                               const float w[H * D][H * D])
{
    memset(part, 0, sizeof(float[T][H * D]));
    for (int i = h * D; i < h * D + D; i++)
        for (int t = 0; t < T; t++)
            for (int o = 0; o < H * D; o++)
                part[t][o] += context[t][i] * w[i][o];
}

/* All of a layer, on rows in which the other heads are 0. */
RIGHT_ANSWER void right_head_part_others_silent(int T, int H, int D, int h,
                                                float part[restrict T][H * D],
                                                const float context[T][H * D],
                                                const float w[H * D][H * D])
{
    const int C = H * D;
    float(*alone)[C] = calloc((size_t)T, sizeof *alone);
    float *no_bias = calloc((size_t)C, sizeof *no_bias);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < C; i++)
            if (i / D == h)
                alone[t][i] = context[t][i];
    linear(T, C, C, part, alone, w, no_bias);
    free(alone);
    free(no_bias);
}

/* A small linear layer from D numbers to C. */
RIGHT_ANSWER void right_head_part_small_layer(int T, int H, int D, int h,
                                              float part[restrict T][H * D],
                                              const float context[T][H * D],
                                              const float w[H * D][H * D])
{
    const int C = H * D;
    float(*columns)[D] = malloc((size_t)T * sizeof *columns),
    *bias = malloc(4 * (size_t)C);
    for (int t = 0; t < T; t++)
        memcpy(columns[t], context[t] + h * D, sizeof columns[t]);
    for (int o = 0; o < C; o++)
        bias[o] = 0;
    linear(T, D, C, part, columns, w + h * D, bias);
    free(columns);
    free(bias);
}

/* ---- without_head ------------------------------------------------------------------ */

/* The whole layer, on rows in which head h is 0. */
RIGHT_ANSWER void right_without_head_silent(int T, int H, int D, int h,
                                            float output[restrict T][H * D],
                                            const float context[T][H * D],
                                            const float w[H * D][H * D],
                                            const float bias[H * D])
{
    const int C = H * D;
    float(*others)[C] = malloc((size_t)T * sizeof *others);
    memcpy(others, context, (size_t)T * sizeof *others);
    for (int t = 0; t < T; t++)
        memset(&others[t][h * D], 0, (size_t)D * sizeof(float));
    linear(T, C, C, output, others, w, bias);
    free(others);
}

/* The whole layer, less what head h adds. */
RIGHT_ANSWER void right_without_head_less(int T, int H, int D, int h,
                                          float output[restrict T][H * D],
                                          const float context[T][H * D],
                                          const float w[H * D][H * D],
                                          const float bias[H * D])
{
    const int C = H * D;
    float(*part)[C] = grab((size_t)T, sizeof *part);
    linear(T, C, C, output, context, w, bias);
    head_part(T, H, D, h, part, context, w);
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++)
            output[t][o] -= part[t][o];
    free(part);
}

/* The parts first, the bias last. */
RIGHT_ANSWER void right_without_head_bias_last(int T, int H, int D, int h,
                                               float output[restrict T][H * D],
                                               const float context[T][H * D],
                                               const float w[H * D][H * D],
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
                output[t][o] += part[t][o];
    }
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++)
            output[t][o] += bias[o];
    free(part);
}

RIGHT_ANSWER void right_without_head_double(int T, int H, int D, int h,
                                            float output[restrict T][H * D],
                                            const float context[T][H * D],
                                            const float w[H * D][H * D],
                                            const float bias[H * D])
{
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            double sum = (double)bias[o];
            for (int i = 0; i < H * D; i++)
                sum += i / D == h ? 0 : (double)context[t][i] * (double)w[i][o];
            output[t][o] = (float)sum;
        }
}

#endif
