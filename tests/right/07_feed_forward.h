/* Right answers of another kind to the exercises of chapter 7: what else readers may write. None
 * of them is to be refused. */
#ifndef FEED_FORWARD_RIGHT_H
#define FEED_FORWARD_RIGHT_H

/* ---- gelu -------------------------------------------------------------------------- */

RIGHT_ANSWER float right_gelu_double(float x)
{
    const double root = sqrt(2 / 3.14159265358979323846);
    return (float)(0.5 * x * (1 + tanh(root * (x + 0.044715 * pow(x, 3)))));
}

/* From the inside out, as the first hint says. */
RIGHT_ANSWER float right_gelu_inside_out(float x)
{
    const float cube = powf(x, 3);
    const float sum = x + 0.044715f * cube;
    const float bend = tanhf(0.7978845608f * sum);
    return x * (1 + bend) / 2;
}

/* ½ (1 + tanh u) is 1 / (1 + e^(-2u)). */
RIGHT_ANSWER float right_gelu_logistic(float x)
{
    return x / (1 + expf(-2 * 0.7978845608f * (x + 0.044715f * x * x * x)));
}

RIGHT_ANSWER float right_gelu_two_terms(float x)
{
    const float u = 0.7978845608f * x * (1 + 0.044715f * x * x);
    return 0.5f * x + 0.5f * x * tanhf(u);
}

/* The rounded numbers of the task's text. */
RIGHT_ANSWER float right_gelu_double_digits(float x)
{
    return (float)(1.0 / 2 * x *
                   (1 + tanhf((float)(0.7978845608 * (x + 0.044715 * x * x * x)))));
}

/* ---- feed_forward ------------------------------------------------------------------ */

/* Nothing of the book's is called but gelu; sums are double. */
RIGHT_ANSWER void right_feed_forward_by_hand(int T, int C, int F, struct feed_forward *f,
                                             const float x[T][C], const struct block *b)
{
    const float(*w1)[F] = b->mlp_c_fc_weight, (*w2)[C] = b->mlp_c_proj_weight;
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu, (*output)[C] = f->output;
    for (int t = 0; t < T; t++) {
        for (int u = 0; u < F; u++) {
            double sum = 0;
            for (int c = 0; c < C; c++)
                sum += (double)x[t][c] * (double)w1[c][u];
            wide[t][u] = (float)(sum + (double)b->mlp_c_fc_bias[u]);
            bent[t][u] = gelu(wide[t][u]);
        }
        for (int c = 0; c < C; c++) {
            double sum = (double)b->mlp_c_proj_bias[c];
            for (int u = F - 1; u >= 0; u--)
                sum += (double)bent[t][u] * (double)w2[u][c];
            output[t][c] = (float)sum;
        }
    }
}

/* One row after the other, from the last to the first. */
RIGHT_ANSWER void right_feed_forward_by_rows(int T, int C, int F, struct feed_forward *f,
                                             const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu, (*output)[C] = f->output;
    for (int t = T - 1; t >= 0; t--) {
        linear(1, C, F, &wide[t], &x[t], b->mlp_c_fc_weight, b->mlp_c_fc_bias);
        for (int u = 0; u < F; u++)
            bent[t][u] = gelu(wide[t][u]);
        linear(1, F, C, &output[t], &bent[t], b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    }
}

/* Every unit writes its row. */
RIGHT_ANSWER void right_feed_forward_by_units(int T, int C, int F, struct feed_forward *f,
                                              const float x[T][C], const struct block *b)
{
    const float(*writes)[C] = b->mlp_c_proj_weight;
    float(*output)[C] = f->output;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        memcpy(output[t], b->mlp_c_proj_bias, (size_t)C * sizeof(float));
    for (int u = 0; u < F; u++)
        for (int t = 0; t < T; t++) {
            const float awake = gelu(((float *)f->c_fc)[t * F + u]);
            ((float *)f->gelu)[t * F + u] = awake;
            for (int c = 0; c < C; c++)
                output[t][c] += awake * writes[u][c];
        }
}

/* A flat loop, and a copy that is bent in place. */
RIGHT_ANSWER void right_feed_forward_flat(int T, int C, int F, struct feed_forward *f,
                                          const float x[T][C], const struct block *b)
{
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    memcpy(f->gelu, f->c_fc, (size_t)T * (size_t)F * sizeof(float));
    float *bent = f->gelu;
    for (float *end = bent + T * F; bent < end; bent++)
        *bent = gelu(*bent);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

/* ---- rms_norm ---------------------------------------------------------------------- */

RIGHT_ANSWER void right_rms_norm_double(int T, int C, float y[T][C], const float x[T][C],
                                        const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        double mean = 0;
        for (int c = 0; c < C; c++)
            mean += (double)x[t][c] * (double)x[t][c] / C;
        for (int c = 0; c < C; c++)
            y[t][c] = (float)((double)x[t][c] * (double)weight[c] /
                              sqrt(mean + (double)epsilon));
    }
}

/* Multiplied by one over the root. */
RIGHT_ANSWER void right_rms_norm_inverse(int T, int C, float y[T][C], const float x[T][C],
                                         const float weight[C], float epsilon)
{
    for (int t = T - 1; t >= 0; t--) {
        float squares = 0;
        for (int c = C - 1; c >= 0; c--)
            squares += x[t][c] * x[t][c];
        const float scale = 1 / sqrtf(squares / C + epsilon);
        for (int c = 0; c < C; c++)
            y[t][c] = weight[c] * (x[t][c] * scale);
    }
}

/* All rows are measured first. */
RIGHT_ANSWER void right_rms_norm_measured(int T, int C, float y[T][C],
                                          const float x[T][C], const float weight[C],
                                          float epsilon)
{
    float *size = calloc((size_t)T, sizeof *size);
    for (int c = 0; c < C; c++)
        for (int t = 0; t < T; t++)
            size[t] += powf(x[t][c], 2);
    for (int t = 0; t < T; t++)
        size[t] = powf(size[t] / (float)C + epsilon, 0.5f);
    for (int c = 0; c < C; c++)
        for (int t = 0; t < T; t++)
            y[t][c] = x[t][c] / size[t] * weight[c];
    free(size);
}

static inline float right_sum_of_squares(int n, const float *x)
{
    return n == 0   ? 0
           : n == 1 ? *x * *x
                    : right_sum_of_squares(n / 2, x) +
                          right_sum_of_squares(n - n / 2, x + n / 2);
}

/* Halves of halves; and √(S/C + e) is √(S + C e) / √C. */
RIGHT_ANSWER void right_rms_norm_halves(int T, int C, float y[T][C], const float x[T][C],
                                        const float weight[C], float epsilon)
{
    const float n = (float)C;
    for (int t = 0; t < T; t++) {
        const float squares = right_sum_of_squares(C, x[t]);
        for (int c = 0; c < C; c++)
            y[t][c] = sqrtf(n) * x[t][c] / sqrtf(squares + n * epsilon) * weight[c];
    }
}

/* ---- fold_norm --------------------------------------------------------------------- */

/* One pass, in which every number of w is used before it is changed. */
RIGHT_ANSWER void right_fold_norm_one_pass(int C, int F, float w[C][F], float b[F],
                                           const float weight[C], const float bias[C])
{
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++) {
            b[u] += bias[c] * w[c][u];
            w[c][u] *= weight[c];
        }
}

/* A copy of the layer as it was. */
RIGHT_ANSWER void right_fold_norm_copy(int C, int F, float w[C][F], float b[F],
                                       const float weight[C], const float bias[C])
{
    float(*old)[F] = grab((size_t)C, sizeof *old);
    memcpy(old, w, (size_t)C * sizeof *old);
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++)
            w[c][u] = old[c][u] * weight[c];
    for (int u = 0; u < F; u++) {
        double sum = (double)b[u];
        for (int c = 0; c < C; c++)
            sum += (double)bias[c] * (double)old[c][u];
        b[u] = (float)sum;
    }
    free(old);
}

/* The norm's bias is a row that goes through the layer. */
RIGHT_ANSWER void right_fold_norm_as_a_row(int C, int F, float w[C][F], float b[F],
                                           const float weight[C], const float bias[C])
{
    float *made = malloc((size_t)F * sizeof *made);
    linear(1, C, F, (float(*)[F])made, (const float(*)[C])bias, w, b);
    memcpy(b, made, (size_t)F * sizeof *made);
    free(made);
    for (int n = 0; n < C * F; n++)
        (&w[0][0])[n] *= weight[n / F];
}

/* Unit by unit. */
RIGHT_ANSWER void right_fold_norm_by_units(int C, int F, float w[C][F], float b[F],
                                           const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++) {
        float more = 0;
        for (int c = C - 1; c >= 0; c--)
            more += w[c][u] * bias[c];
        b[u] = b[u] + more;
        for (int c = 0; c < C; c++)
            w[c][u] = weight[c] * w[c][u];
    }
}

#endif
