/* The usual mistakes in the exercises of chapter 6. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef HEADS_MISTAKES_H
#define HEADS_MISTAKES_H

/* ---- split_heads ------------------------------------------------------------------- */

SAYS(wrong_split_heads_interleaved,
     "the heads take turns, number by number: but in GPT-2 the first D numbers of the "
     "queries are all head 0's, the next D head 1's.")
WRONG void wrong_split_heads_interleaved(int T, int H, int D, float q[restrict H][T][D],
                                         float k[restrict H][T][D],
                                         float v[restrict H][T][D],
                                         const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][part * C + i * H + h];
                }
}

SAYS(
    wrong_split_heads_by_head,
    "a row is read as query, key and value of head 0, then those of head 1: but it holds "
    "first the queries of all heads, then all keys, then all values.")
WRONG void wrong_split_heads_by_head(int T, int H, int D, float q[restrict H][T][D],
                                     float k[restrict H][T][D], float v[restrict H][T][D],
                                     const float qkv[T][3 * H * D])
{
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][h * 3 * D + part * D + i];
                }
}

SAYS(wrong_split_heads_keys_and_values,
     "keys and values are exchanged: the keys come first, starting at column C, and the "
     "values start at 2 * C.")
WRONG void wrong_split_heads_keys_and_values(int T, int H, int D,
                                             float q[restrict H][T][D],
                                             float k[restrict H][T][D],
                                             float v[restrict H][T][D],
                                             const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][(3 - part) % 3 * C + h * D + i];
                }
}

SAYS(wrong_split_heads_queries_and_keys,
     "queries and keys are exchanged: the queries are the first C columns.")
WRONG void wrong_split_heads_queries_and_keys(int T, int H, int D,
                                              float q[restrict H][T][D],
                                              float k[restrict H][T][D],
                                              float v[restrict H][T][D],
                                              const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][(part < 2 ? 1 - part : 2) * C + h * D + i];
                }
}

SAYS(wrong_split_heads_all_queries, "keys and values are taken from the columns of the "
                                    "queries: the keys begin C columns "
                                    "further on, the values 2 * C.")
WRONG void wrong_split_heads_all_queries(int T, int H, int D, float q[restrict H][T][D],
                                         float k[restrict H][T][D],
                                         float v[restrict H][T][D],
                                         const float qkv[T][3 * H * D])
{
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][h * D + i];
                }
}

SAYS(wrong_split_heads_one_head,
     "every head gets the numbers of head 0: those of head h begin at h * D.")
WRONG void wrong_split_heads_one_head(int T, int H, int D, float q[restrict H][T][D],
                                      float k[restrict H][T][D],
                                      float v[restrict H][T][D],
                                      const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][part * C + i];
                }
}

SAYS(wrong_split_heads_one_token,
     "every token gets the row of token 0: that of token t is qkv[t].")
WRONG void wrong_split_heads_one_token(int T, int H, int D, float q[restrict H][T][D],
                                       float k[restrict H][T][D],
                                       float v[restrict H][T][D],
                                       const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[0][part * C + h * D + i];
                }
}

SAYS(
    wrong_split_heads_h_times_h,
    "head h's numbers are looked for at h * H: each head has D of them, so they begin at "
    "h * D.")
WRONG void wrong_split_heads_h_times_h(int T, int H, int D, float q[restrict H][T][D],
                                       float k[restrict H][T][D],
                                       float v[restrict H][T][D],
                                       const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][part * C + h * H + i];
                }
}

SAYS(wrong_split_heads_next_head,
     "the keys begin D columns after the queries, and the values D columns after the "
     "keys: that is only the next head. All C queries come before the first key.")
WRONG void wrong_split_heads_next_head(int T, int H, int D, float q[restrict H][T][D],
                                       float k[restrict H][T][D],
                                       float v[restrict H][T][D],
                                       const float qkv[T][3 * H * D])
{
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][part * D + h * D + i];
                }
}

SAYS(wrong_split_heads_triples,
     "query, key and value take turns, number by number: but a row holds all queries, "
     "then all keys, then all values.")
WRONG void wrong_split_heads_triples(int T, int H, int D, float q[restrict H][T][D],
                                     float k[restrict H][T][D], float v[restrict H][T][D],
                                     const float qkv[T][3 * H * D])
{
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[t][3 * (h * D + i) + part];
                }
}

SAYS(wrong_split_heads_as_they_lie,
     "each part is copied as it lies, token after token, into a tensor that is ordered "
     "head after head: so heads get numbers of other tokens.")
WRONG void wrong_split_heads_as_they_lie(int T, int H, int D, float q[restrict H][T][D],
                                         float k[restrict H][T][D],
                                         float v[restrict H][T][D],
                                         const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[((h * T + t) * D + i) / C]
                             [part * C + ((h * T + t) * D + i) % C];
                }
}

SAYS(wrong_split_heads_thirds, "the first third of all of qkv is taken for the queries: "
                               "but each row has queries, keys "
                               "and values of its own.")
WRONG void wrong_split_heads_thirds(int T, int H, int D, float q[restrict H][T][D],
                                    float k[restrict H][T][D], float v[restrict H][T][D],
                                    const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int part = 0; part < 3; part++)
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++) {
                    float *to = part == 0   ? &q[h][t][i]
                                : part == 1 ? &k[h][t][i]
                                            : &v[h][t][i];
                    *to = qkv[(part * T * C + t * C + h * D + i) / (3 * C)]
                             [(part * T * C + t * C + h * D + i) % (3 * C)];
                }
}

SAYS(wrong_split_heads_memcpy,
     "qkv is cut into thirds as it lies, whole tokens at a time: but each row has "
     "queries, keys and values of its own.")
WRONG void wrong_split_heads_memcpy(int T, int H, int D, float q[restrict H][T][D],
                                    float k[restrict H][T][D], float v[restrict H][T][D],
                                    const float qkv[T][3 * H * D])
{
    const size_t third = sizeof(float[H][T][D]);
    memcpy(q, qkv, third);
    memcpy(k, &qkv[0][0] + H * T * D, third);
    memcpy(v, &qkv[0][0] + 2 * H * T * D, third);
}

/* ---- merge_heads ------------------------------------------------------------------- */

SAYS(wrong_merge_heads_as_they_lie,
     "the numbers are copied as they lie: but context is ordered head after head and "
     "merged token after token, so tokens get numbers of other tokens.")
WRONG void wrong_merge_heads_as_they_lie(int T, int H, int D,
                                         float merged[restrict T][H * D],
                                         const float context[H][T][D])
{
    memcpy(merged, context, (size_t)(T * H * D) * sizeof(float));
}

SAYS(wrong_merge_heads_interleaved,
     "the heads take turns, number by number: but head 0's D numbers come first, all of "
     "them, then head 1's.")
WRONG void wrong_merge_heads_interleaved(int T, int H, int D,
                                         float merged[restrict T][H * D],
                                         const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][i * H + h] = context[h][t][i];
}

SAYS(
    wrong_merge_heads_overwrites,
    "all heads are written to the same D columns, and the last one stays: head h's begin "
    "at h * D.")
WRONG void wrong_merge_heads_overwrites(int T, int H, int D,
                                        float merged[restrict T][H * D],
                                        const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][i] = context[h][t][i];
}

/* The sum over the heads, times a number, in every head's columns or in the first ones. */
static inline void add_heads(int T, int H, int D, float *merged, const float *context,
                             float times, bool everywhere)
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++) {
                float sum = 0;
                for (int other = 0; other < H; other++)
                    sum += context[(other * T + t) * D + i];
                merged[(t * H + h) * D + i] = h == 0 || everywhere ? sum * times : 0;
            }
}

SAYS(wrong_merge_heads_sum, "the heads are added up: but merging puts them side by side. "
                            "Adding is left to c_proj.")
WRONG void wrong_merge_heads_sum(int T, int H, int D, float merged[restrict T][H * D],
                                 const float context[H][T][D])
{
    add_heads(T, H, D, *merged, **context, 1, true);
}

SAYS(wrong_merge_heads_sum_at_the_front,
     "the heads are added up, in the first D columns: but merging puts them side by "
     "side, head h's starting at column h * D.")
WRONG void wrong_merge_heads_sum_at_the_front(int T, int H, int D,
                                              float merged[restrict T][H * D],
                                              const float context[H][T][D])
{
    add_heads(T, H, D, *merged, **context, 1, false);
}

SAYS(wrong_merge_heads_mean,
     "the heads are averaged: but merging puts them side by side, so that none is lost.")
WRONG void wrong_merge_heads_mean(int T, int H, int D, float merged[restrict T][H * D],
                                  const float context[H][T][D])
{
    add_heads(T, H, D, *merged, **context, 1 / (float)H, true);
}

SAYS(wrong_merge_heads_one_head,
     "head 0 is written to every head's columns: the numbers of head h are context[h].")
WRONG void wrong_merge_heads_one_head(int T, int H, int D,
                                      float merged[restrict T][H * D],
                                      const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][h * D + i] = context[0][t][i];
}

SAYS(wrong_merge_heads_one_token,
     "every row gets what the heads brought for token 0: row t is of token t.")
WRONG void wrong_merge_heads_one_token(int T, int H, int D,
                                       float merged[restrict T][H * D],
                                       const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][h * D + i] = context[h][0][i];
}

SAYS(
    wrong_merge_heads_backwards,
    "the heads come in a row in the wrong order, the last one first: head 0 comes first.")
WRONG void wrong_merge_heads_backwards(int T, int H, int D,
                                       float merged[restrict T][H * D],
                                       const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][(H - 1 - h) * D + i] = context[h][t][i];
}

SAYS(wrong_merge_heads_h_times_h,
     "head h's columns begin at h * H: each head has D numbers, so they begin at h * D.")
WRONG void wrong_merge_heads_h_times_h(int T, int H, int D,
                                       float merged[restrict T][H * D],
                                       const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][h * H + i] = context[h][t][i];
}

/* ---- attend ------------------------------------------------------------------------ */

/* What can be wrong in attend_with. */
enum flaw {
    NO_MASK = 1,
    MASK_IN_PLACE = 2,
    SCALED_TWICE = 4,
    SCALED_BY_ROOT_C = 8,
    NO_SCALE = 16,
    NO_FIRST_BIAS = 32,
    NO_LAST_BIAS = 64,
    NO_C_PROJ = 128,
    COLUMNS = 256,
    SUMS_KEYS = 512,
    RESIDUAL = 1024,
    NOT_MERGED = 2048,
    FIRST_HEAD = 4096,
    NO_MASKED = 8192,
    MASK_AFTER = 16384,
    PROJECTS_X = 32768,
    QUERIES_FOR_KEYS = 65536,
    FIRST_VALUES = 131072,
    FIRST_BIAS_AGAIN = 262144,
    BILLION = 524288,
    IGNORES_MASKED = 1048576,
};

/* y [T, O] = x [T, I] · w [I, O] + b, or without b where that is NULL */
static inline void any_linear(int T, int I, int O, float *y, const float *x,
                              const float *w, const float *b)
{
    for (int t = 0; t < T; t++)
        for (int o = 0; o < O; o++) {
            float sum = b ? b[o] : 0;
            for (int i = 0; i < I; i++)
                sum += x[t * I + i] * w[i * O + o];
            y[t * O + o] = sum;
        }
}

/* The whole layer with one thing wrong; it leans on none of the reader's functions. */
static inline void attend_with(int flaws, int T, int C, int H, struct attention *a,
                               const float *x, const struct block *b)
{
    const int D = C / H;
    float *qkv = a->qkv, *context = a->context, *output = a->output;
    any_linear(T, C, 3 * C, qkv, x, b->attn_c_attn_weight,
               flaws & NO_FIRST_BIAS ? NULL : b->attn_c_attn_bias);
    for (int h = 0; h < H; h++) {
        float *q = (float *)a->q + h * T * D, *k = (float *)a->k + h * T * D,
              *v = (float *)a->v + h * T * D, *heads = (float *)a->heads + h * T * D;
        const int first = flaws & FIRST_HEAD ? 0 : h;
        const bool swapped = flaws & QUERIES_FOR_KEYS;
        const float *asks = (float *)(swapped ? a->k : a->q) + first * T * D,
                    *answers = (float *)(swapped ? a->q : a->k) + first * T * D,
                    *gives = (float *)(flaws & SUMS_KEYS ? a->k : a->v) +
                             (flaws & FIRST_VALUES ? 0 : first) * T * D;
        float(*scores)[T] = (float(*)[T])((float *)a->scores + h * T * T),
        (*masked)[T] = (float(*)[T])((float *)a->masked + h * T * T),
        (*weights)[T] = (float(*)[T])((float *)a->weights + h * T * T);
        for (int t = 0; t < T; t++)
            for (int i = 0; i < D; i++) {
                q[t * D + i] = qkv[t * 3 * C + h * D + i];
                k[t * D + i] = qkv[t * 3 * C + C + h * D + i];
                v[t * D + i] = qkv[t * 3 * C + 2 * C + h * D + i];
            }
        const float scale = flaws & NO_SCALE           ? 1
                            : flaws & SCALED_BY_ROOT_C ? sqrtf((float)C)
                            : flaws & SCALED_TWICE     ? (float)D
                                                       : sqrtf((float)D);
        for (int t = 0; t < T; t++)
            for (int s = 0; s < T; s++) {
                float dot = 0;
                for (int i = 0; i < D; i++)
                    dot += asks[t * D + i] * answers[s * D + i];
                scores[t][s] = dot / scale;
                const float seen = s > t && !(flaws & NO_MASK) && !(flaws & MASK_AFTER)
                                       ? flaws & BILLION ? -1e9f : -INFINITY
                                       : scores[t][s];
                if (!(flaws & NO_MASKED))
                    masked[t][s] = seen;
                weights[t][s] = flaws & IGNORES_MASKED ? scores[t][s] : seen;
                if (flaws & MASK_IN_PLACE)
                    scores[t][s] = seen;
            }
        for (int r = 0; r < T; r++) {
            float largest = -INFINITY, sum = 0;
            for (int s = 0; s < T; s++)
                largest = fmaxf(largest, flaws & COLUMNS ? weights[s][r] : weights[r][s]);
            for (int s = 0; s < T; s++) {
                float *w = flaws & COLUMNS ? &weights[s][r] : &weights[r][s];
                sum += *w = expf(*w - largest);
            }
            for (int s = 0; s < T; s++)
                *(flaws & COLUMNS ? &weights[s][r] : &weights[r][s]) /= sum;
        }
        for (int t = 0; t < T; t++)
            for (int s = t + 1; s < T && flaws & MASK_AFTER; s++)
                weights[t][s] = 0;
        for (int t = 0; t < T; t++)
            for (int i = 0; i < D; i++) {
                float sum = 0;
                for (int s = 0; s < T; s++)
                    sum += weights[t][s] * gives[s * D + i];
                heads[t * D + i] = sum;
                if (!(flaws & NOT_MERGED))
                    context[t * C + h * D + i] = sum;
            }
    }
    if (flaws & NOT_MERGED)
        memcpy(context, a->heads, (size_t)(T * C) * sizeof(float));
    any_linear(T, C, C, output, flaws & PROJECTS_X ? x : context, b->attn_c_proj_weight,
               flaws & NO_LAST_BIAS       ? NULL
               : flaws & FIRST_BIAS_AGAIN ? b->attn_c_attn_bias
                                          : b->attn_c_proj_bias);
    for (int i = 0; i < T * C; i++) {
        if (flaws & NO_C_PROJ)
            output[i] = context[i];
        if (flaws & RESIDUAL)
            output[i] += x[i];
    }
}

SAYS(wrong_attend_no_mask,
     "the future is not hidden: GPT-2 guesses the next token, so no token may look at a "
     "later one. That is hide_future, before the softmax.")
WRONG void wrong_attend_no_mask(int T, int C, int H, struct attention *a,
                                const float x[T][C], const struct block *b)
{
    attend_with(NO_MASK, T, C, H, a, *x, b);
}

SAYS(wrong_attend_mask_in_place,
     "the future is hidden in a->scores itself: hide it in a copy, a->masked, and leave "
     "the scores as they were.")
WRONG void wrong_attend_mask_in_place(int T, int C, int H, struct attention *a,
                                      const float x[T][C], const struct block *b)
{
    attend_with(MASK_IN_PLACE, T, C, H, a, *x, b);
}

SAYS(wrong_attend_mask_after, "the future is hidden after the softmax: then a row's "
                              "weights do not sum to 1. Hide it "
                              "before, with minus infinity.")
WRONG void wrong_attend_mask_after(int T, int C, int H, struct attention *a,
                                   const float x[T][C], const struct block *b)
{
    attend_with(MASK_AFTER, T, C, H, a, *x, b);
}

SAYS(wrong_attend_masked_left_out,
     "a->masked is not written: every field is a step to look at, so keep the masked "
     "scores there.")
WRONG void wrong_attend_masked_left_out(int T, int C, int H, struct attention *a,
                                        const float x[T][C], const struct block *b)
{
    attend_with(NO_MASKED, T, C, H, a, *x, b);
}

SAYS(wrong_attend_scaled_twice,
     "the scores are divided by √D twice: attention_scores has done it already.")
WRONG void wrong_attend_scaled_twice(int T, int C, int H, struct attention *a,
                                     const float x[T][C], const struct block *b)
{
    attend_with(SCALED_TWICE, T, C, H, a, *x, b);
}

SAYS(wrong_attend_root_c,
     "the scores are divided by √C: a head's queries have D = C / H numbers, so by √D.")
WRONG void wrong_attend_root_c(int T, int C, int H, struct attention *a,
                               const float x[T][C], const struct block *b)
{
    attend_with(SCALED_BY_ROOT_C, T, C, H, a, *x, b);
}

SAYS(wrong_attend_no_scale,
     "the scores are not divided by √D. attention_scores does that, if it is called.")
WRONG void wrong_attend_no_scale(int T, int C, int H, struct attention *a,
                                 const float x[T][C], const struct block *b)
{
    attend_with(NO_SCALE, T, C, H, a, *x, b);
}

SAYS(wrong_attend_no_first_bias, "c_attn's bias is not added: b->attn_c_attn_bias.")
WRONG void wrong_attend_no_first_bias(int T, int C, int H, struct attention *a,
                                      const float x[T][C], const struct block *b)
{
    attend_with(NO_FIRST_BIAS, T, C, H, a, *x, b);
}

SAYS(wrong_attend_no_last_bias, "c_proj's bias is not added: b->attn_c_proj_bias.")
WRONG void wrong_attend_no_last_bias(int T, int C, int H, struct attention *a,
                                     const float x[T][C], const struct block *b)
{
    attend_with(NO_LAST_BIAS, T, C, H, a, *x, b);
}

SAYS(wrong_attend_no_c_proj,
     "the output is the merged heads: they must go through c_proj, the second linear "
     "layer.")
WRONG void wrong_attend_no_c_proj(int T, int C, int H, struct attention *a,
                                  const float x[T][C], const struct block *b)
{
    attend_with(NO_C_PROJ, T, C, H, a, *x, b);
}

SAYS(wrong_attend_columns,
     "the softmax goes down the columns: each row of the weights must sum to 1, for it "
     "is a token that shares out its attention.")
WRONG void wrong_attend_columns(int T, int C, int H, struct attention *a,
                                const float x[T][C], const struct block *b)
{
    attend_with(COLUMNS, T, C, H, a, *x, b);
}

SAYS(wrong_attend_sums_keys,
     "the weighted sum is of the keys: it should be of the values.")
WRONG void wrong_attend_sums_keys(int T, int C, int H, struct attention *a,
                                  const float x[T][C], const struct block *b)
{
    attend_with(SUMS_KEYS, T, C, H, a, *x, b);
}

SAYS(wrong_attend_residual,
     "x is added to the output: that is right, but not here. The block does it, in "
     "chapter 8.")
WRONG void wrong_attend_residual(int T, int C, int H, struct attention *a,
                                 const float x[T][C], const struct block *b)
{
    attend_with(RESIDUAL, T, C, H, a, *x, b);
}

SAYS(wrong_attend_not_merged, "the heads' tensor is copied to a->context as it lies: but "
                              "it is ordered head after head. "
                              "merge_heads puts it in order.")
WRONG void wrong_attend_not_merged(int T, int C, int H, struct attention *a,
                                   const float x[T][C], const struct block *b)
{
    attend_with(NOT_MERGED, T, C, H, a, *x, b);
}

SAYS(wrong_attend_first_head,
     "every head works with the queries, keys and values of head 0: those of head h are "
     "q[h], k[h] and v[h].")
WRONG void wrong_attend_first_head(int T, int C, int H, struct attention *a,
                                   const float x[T][C], const struct block *b)
{
    attend_with(FIRST_HEAD, T, C, H, a, *x, b);
}

SAYS(wrong_attend_projects_x,
     "c_proj is given x: it should be given the merged heads, a->context.")
WRONG void wrong_attend_projects_x(int T, int C, int H, struct attention *a,
                                   const float x[T][C], const struct block *b)
{
    attend_with(PROJECTS_X, T, C, H, a, *x, b);
}

SAYS(wrong_attend_queries_for_keys,
     "queries and keys are exchanged, or the rows and columns of the scores: in row t, "
     "token t asks, and column s is the token that it looks at.")
WRONG void wrong_attend_queries_for_keys(int T, int C, int H, struct attention *a,
                                         const float x[T][C], const struct block *b)
{
    attend_with(QUERIES_FOR_KEYS, T, C, H, a, *x, b);
}

SAYS(wrong_attend_first_values,
     "every head sums up the values of head 0: those of head h are v[h].")
WRONG void wrong_attend_first_values(int T, int C, int H, struct attention *a,
                                     const float x[T][C], const struct block *b)
{
    attend_with(FIRST_VALUES, T, C, H, a, *x, b);
}

SAYS(wrong_attend_first_bias_again, "the first C numbers of c_attn's bias are added at "
                                    "the end: the second layer's is b->attn_c_proj_bias.")
WRONG void wrong_attend_first_bias_again(int T, int C, int H, struct attention *a,
                                         const float x[T][C], const struct block *b)
{
    attend_with(FIRST_BIAS_AGAIN, T, C, H, a, *x, b);
}

SAYS(wrong_attend_billion,
     "the future is hidden with -1e9: it should be minus infinity, -INFINITY.")
WRONG void wrong_attend_billion(int T, int C, int H, struct attention *a,
                                const float x[T][C], const struct block *b)
{
    attend_with(BILLION, T, C, H, a, *x, b);
}

SAYS(wrong_attend_ignores_masked, "the softmax reads a->scores: the future is hidden in "
                                  "a->masked, but the weights are not made from that.")
WRONG void wrong_attend_ignores_masked(int T, int C, int H, struct attention *a,
                                       const float x[T][C], const struct block *b)
{
    attend_with(IGNORES_MASKED, T, C, H, a, *x, b);
}

/* ---- head_part --------------------------------------------------------------------- */

SAYS(wrong_head_part_all_heads,
     "all heads are summed up: the sum should run over the D numbers of head h alone.")
WRONG void wrong_head_part_all_heads(int T, int H, int D, int h,
                                     float part[restrict T][H * D],
                                     const float context[T][H * D],
                                     const float w[H * D][H * D])
{
    (void)h;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_all_others,
     "head h is left out, and all the others are summed up: it is the other way round.")
WRONG void wrong_head_part_all_others(int T, int H, int D, int h,
                                      float part[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i < h * D || i >= (h + 1) * D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_transposed,
     "the matrix is read the wrong way round: w[i][o] is what number i adds to output o.")
WRONG void wrong_head_part_transposed(int T, int H, int D, int h,
                                      float part[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i < (h + 1) * D)
                    part[t][o] += context[t][i] * w[o][i];
        }
}

SAYS(
    wrong_head_part_outputs,
    "head h's columns of the output are computed, from all heads: but every head adds to "
    "every output. It is the rows of w that belong to a head.")
WRONG void wrong_head_part_outputs(int T, int H, int D, int h,
                                   float part[restrict T][H * D],
                                   const float context[T][H * D],
                                   const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (o >= h * D && o < (h + 1) * D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_own_columns,
     "only head h's columns of the output are written: but every head adds to all C "
     "outputs.")
WRONG void wrong_head_part_own_columns(int T, int H, int D, int h,
                                       float part[restrict T][H * D],
                                       const float context[T][H * D],
                                       const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (o >= h * D && o < (h + 1) * D && i >= h * D && i < (h + 1) * D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_first_rows, "head h's numbers are multiplied with the first D rows "
                                 "of w: number i of a merged row goes with row i.")
WRONG void wrong_head_part_first_rows(int T, int H, int D, int h,
                                      float part[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i < (h + 1) * D)
                    part[t][o] += context[t][i] * w[i - h * D][o];
        }
}

SAYS(wrong_head_part_first_numbers, "head h's rows of w are multiplied with the first D "
                                    "numbers of the merged row, which are head 0's.")
WRONG void wrong_head_part_first_numbers(int T, int H, int D, int h,
                                         float part[restrict T][H * D],
                                         const float context[T][H * D],
                                         const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i < (h + 1) * D)
                    part[t][o] += context[t][i - h * D] * w[i][o];
        }
}

SAYS(wrong_head_part_first_head,
     "head 0's part is computed, whatever h is: head h's numbers begin at h * D.")
WRONG void wrong_head_part_first_head(int T, int H, int D, int h,
                                      float part[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D])
{
    (void)h;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i < D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_interleaved, "every H-th number is taken: but in a merged row the "
                                  "heads lie side by side, D numbers each.")
WRONG void wrong_head_part_interleaved(int T, int H, int D, int h,
                                       float part[restrict T][H * D],
                                       const float context[T][H * D],
                                       const float w[H * D][H * D])
{
    (void)h;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i % H == h)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_too_short,
     "the last of head h's numbers is left out: they go up to (h + 1) * D - 1, that one "
     "included.")
WRONG void wrong_head_part_too_short(int T, int H, int D, int h,
                                     float part[restrict T][H * D],
                                     const float context[T][H * D],
                                     const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i < (h + 1) * D - 1)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_too_long,
     "the first number of the next head is counted too: the sum ends before (h + 1) * D.")
WRONG void wrong_head_part_too_long(int T, int H, int D, int h,
                                    float part[restrict T][H * D],
                                    const float context[T][H * D],
                                    const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i <= (h + 1) * D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_up_to_h, "heads 0 to h are summed up together: begin at h * D.")
WRONG void wrong_head_part_up_to_h(int T, int H, int D, int h,
                                   float part[restrict T][H * D],
                                   const float context[T][H * D],
                                   const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i < (h + 1) * D)
                    part[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_head_part_one_token,
     "every row is made from token 0's: row t of part is from row t of context.")
WRONG void wrong_head_part_one_token(int T, int H, int D, int h,
                                     float part[restrict T][H * D],
                                     const float context[T][H * D],
                                     const float w[H * D][H * D])
{

    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++) {
            part[t][o] = 0;
            for (int i = 0; i < H * D; i++)
                if (i >= h * D && i < (h + 1) * D)
                    part[t][o] += context[0][i] * w[i][o];
        }
}

SAYS(wrong_head_part_not_emptied,
     "the sums are added to what is in part already: begin each with part[t][o] = 0.")
WRONG void wrong_head_part_not_emptied(int T, int H, int D, int h,
                                       float part[restrict T][H * D],
                                       const float context[T][H * D],
                                       const float w[H * D][H * D])
{
    for (int t = 0; t < T; t++)
        for (int o = 0; o < H * D; o++)
            for (int i = h * D; i < (h + 1) * D; i++)
                part[t][o] += context[t][i] * w[i][o];
}

/* ---- without_head ------------------------------------------------------------------ */

/* All heads but h, or head h alone, and the bias times a number. */
static inline void sum_without(int T, int C, int D, int h, bool only, float *output,
                               const float *context, const float *w, const float *bias,
                               float times)
{
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            float sum = bias[o] * times;
            for (int i = 0; i < C; i++)
                if ((i / D == h) == only)
                    sum += context[t * C + i] * w[i * C + o];
            output[t * C + o] = sum;
        }
}

SAYS(wrong_without_head_as_handed_out,
     "the function still does what it did when it was handed out: with two heads it is "
     "right, and with no other number of them.")
WRONG void wrong_without_head_as_handed_out(int T, int H, int D, int h,
                                            float output[restrict T][H * D],
                                            const float context[T][H * D],
                                            const float w[H * D][H * D],
                                            const float bias[H * D])
{
    sum_without(T, H * D, D, h, false, *output, *context, *w, bias, (float)(H - 1));
}

SAYS(wrong_without_head_one_more,
     "the bias comes out H times: it should be there once, however many heads there are.")
WRONG void wrong_without_head_one_more(int T, int H, int D, int h,
                                       float output[restrict T][H * D],
                                       const float context[T][H * D],
                                       const float w[H * D][H * D],
                                       const float bias[H * D])
{
    sum_without(T, H * D, D, h, false, *output, *context, *w, bias, (float)H);
}

SAYS(wrong_without_head_no_bias,
     "the bias is left out: the other heads are added up, and the bias, once.")
WRONG void wrong_without_head_no_bias(int T, int H, int D, int h,
                                      float output[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D],
                                      const float bias[H * D])
{
    sum_without(T, H * D, D, h, false, *output, *context, *w, bias, 0);
}

SAYS(wrong_without_head_bias_of_the_others,
     "with one head the bias is missing: the rest is right. When the only head is left "
     "out, the bias remains.")
WRONG void wrong_without_head_bias_of_the_others(int T, int H, int D, int h,
                                                 float output[restrict T][H * D],
                                                 const float context[T][H * D],
                                                 const float w[H * D][H * D],
                                                 const float bias[H * D])
{
    sum_without(T, H * D, D, h, false, *output, *context, *w, bias, H > 1);
}

SAYS(wrong_without_head_share_of_bias, "the bias comes out (H - 1) / H times: no share "
                                       "of it belongs to the head that is left out.")
WRONG void wrong_without_head_share_of_bias(int T, int H, int D, int h,
                                            float output[restrict T][H * D],
                                            const float context[T][H * D],
                                            const float w[H * D][H * D],
                                            const float bias[H * D])
{
    sum_without(T, H * D, D, h, false, *output, *context, *w, bias,
                (float)(H - 1) / (float)H);
}

SAYS(wrong_without_head_all_heads,
     "no head is left out: this is the whole layer's output.")
WRONG void wrong_without_head_all_heads(int T, int H, int D, int h,
                                        float output[restrict T][H * D],
                                        const float context[T][H * D],
                                        const float w[H * D][H * D],
                                        const float bias[H * D])
{
    (void)h;
    sum_without(T, H * D, D, -1, false, *output, *context, *w, bias, 1);
}

SAYS(wrong_without_head_only_that,
     "head h alone is added, and the bias: it is the one head that should be left out.")
WRONG void wrong_without_head_only_that(int T, int H, int D, int h,
                                        float output[restrict T][H * D],
                                        const float context[T][H * D],
                                        const float w[H * D][H * D],
                                        const float bias[H * D])
{
    sum_without(T, H * D, D, h, true, *output, *context, *w, bias, 1);
}

SAYS(wrong_without_head_up_to_h,
     "only the heads before head h are added, and the bias: those after it stay too.")
WRONG void wrong_without_head_up_to_h(int T, int H, int D, int h,
                                      float output[restrict T][H * D],
                                      const float context[T][H * D],
                                      const float w[H * D][H * D],
                                      const float bias[H * D])
{
    const int C = H * D;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            output[t][o] = bias[o];
            for (int i = 0; i < h * D; i++)
                output[t][o] += context[t][i] * w[i][o];
        }
}

SAYS(wrong_without_head_own_columns,
     "columns h * D to (h + 1) * D - 1 of the output are 0, and the others are those of "
     "the whole layer: but every head adds to all C outputs.")
WRONG void wrong_without_head_own_columns(int T, int H, int D, int h,
                                          float output[restrict T][H * D],
                                          const float context[T][H * D],
                                          const float w[H * D][H * D],
                                          const float bias[H * D])
{
    sum_without(T, H * D, D, -1, false, *output, *context, *w, bias, 1);
    for (int t = 0; t < T; t++)
        for (int i = h * D; i < (h + 1) * D; i++)
            output[t][i] = 0;
}

SAYS(wrong_without_head_last_part, "only the last part is in the output, and the bias: "
                                   "each part is added to those before it.")
WRONG void wrong_without_head_last_part(int T, int H, int D, int h,
                                        float output[restrict T][H * D],
                                        const float context[T][H * D],
                                        const float w[H * D][H * D],
                                        const float bias[H * D])
{
    const int last = h == H - 1 ? H - 2 : H - 1; /* -1: there is none */
    sum_without(T, H * D, D, last, true, *output, *context, *w, bias, 1);
    for (int t = 0; t < T && last < 0; t++)
        memcpy(output[t], bias, sizeof output[t]);
}

#endif
