/* Right answers to the exercises of chapter 9, of other kinds than the book's: each must pass, with
 * any compiler. Those that are called …_as_hinted do what the hints say, to the letter. */
#ifndef STACK_RIGHT_H
#define STACK_RIGHT_H

/* ---- final_logits ------------------------------------------------------------------- */

RIGHT_ANSWER void right_final_logits_in_double(int T, int C, int V, float logits[T][V],
                                               const float x[T][C],
                                               const float head[V][C])
{
    for (int v = 0; v < V; v++)
        for (int t = T - 1; t >= 0; t--) {
            double sum = 0;
            for (int c = 0; c < C; c++)
                sum += (double)x[t][c] * (double)head[v][c];
            logits[t][v] = (float)sum;
        }
}

RIGHT_ANSWER void right_final_logits_column_by_column(int T, int C, int V,
                                                      float logits[T][V],
                                                      const float x[T][C],
                                                      const float head[V][C])
{
    memset(logits, 0, sizeof(float[T][V]));
    for (int c = 0; c < C; c++)
        for (int t = 0; t < T; t++)
            for (int v = 0; v < V; v++)
                logits[t][v] += x[t][c] * head[v][c];
}

RIGHT_ANSWER void right_final_logits_pointers(int T, int C, int V, float logits[T][V],
                                              const float x[T][C], const float head[V][C])
{
    float *to = &logits[0][0];
    for (const float *row = &x[0][0]; row < &x[0][0] + (size_t)T * (size_t)C; row += C)
        for (const float *token = &head[0][0];
             token < &head[0][0] + (size_t)V * (size_t)C; token += C) {
            *to = 0;
            for (const float *a = row, *b = token; a < row + C;)
                *to += *a++ * *b++;
            to++;
        }
}

static inline float halved_product(int n, const float *a, const float *b)
{
    if (n == 1)
        return a[0] * b[0];
    return halved_product(n / 2, a, b) + halved_product(n - n / 2, a + n / 2, b + n / 2);
}

RIGHT_ANSWER void right_final_logits_halves(int T, int C, int V, float logits[T][V],
                                            const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V; v++)
            logits[t][v] = halved_product(C, x[t], head[v]);
}

/* The head turned on its side, and then chapter 6's product, with a bias of 0. */
RIGHT_ANSWER void right_final_logits_linear(int T, int C, int V, float logits[T][V],
                                            const float x[T][C], const float head[V][C])
{
    float(*turned)[V] = grab((size_t)C, sizeof *turned);
    float *bias = grab((size_t)V, sizeof *bias);
    for (int v = 0; v < V; v++)
        for (int c = 0; c < C; c++)
            turned[c][v] = head[v][c];
    linear(T, C, V, logits, x, (const float(*)[V])turned, bias);
    free(turned);
    free(bias);
}

/* ---- run_stack ---------------------------------------------------------------------- */

RIGHT_ANSWER void right_run_stack_as_hinted(int T, const struct config *config,
                                            struct stack *s, const int ids[T],
                                            const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    const void *x = s->embedding;
    for (int l = 0; l < config->L; l++) {
        transformer_block(T, config, &s->h[l], x, &w->h[l]);
        x = s->h[l].output;
    }
    layer_norm(T, config->C, s->ln_f, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, config->C, config->V, s->logits, s->ln_f, w->lm_head);
}

/* Block 0 first, and then a loop from block 1. */
RIGHT_ANSWER void right_run_stack_by_index(int T, const struct config *config,
                                           struct stack *s, const int ids[T],
                                           const struct weights *w)
{
    const int L = config->L, C = config->C, V = config->V;
    const float(*head)[C] = w->lm_head;
    embed(T, C, s->embedding, ids, w->wte, w->wpe);
    if (L == 0)
        layer_norm(T, C, s->ln_f, s->embedding, w->ln_f_weight, w->ln_f_bias,
                   config->epsilon);
    else {
        transformer_block(T, config, &s->h[0], s->embedding, &w->h[0]);
        for (int l = 1; l < L; l++)
            transformer_block(T, config, &s->h[l], s->h[l - 1].output, &w->h[l]);
        layer_norm(T, C, s->ln_f, s->h[L - 1].output, w->ln_f_weight, w->ln_f_bias,
                   config->epsilon);
    }
    final_logits(T, C, V, s->logits, s->ln_f, head);
}

/* Rows that are carried along in memory of their own; the embedding and the top in double. */
RIGHT_ANSWER void right_run_stack_copies(int T, const struct config *config,
                                         struct stack *s, const int ids[T],
                                         const struct weights *w)
{
    const int C = config->C, V = config->V;
    const float(*wte)[C] = w->wte, (*wpe)[C] = w->wpe, (*head)[C] = w->lm_head;
    float(*x)[C] = grab((size_t)T, sizeof *x);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wpe[t][c] + wte[ids[t]][c];
    memcpy(s->embedding, x, (size_t)T * sizeof *x);
    struct block_steps *steps = s->h;
    for (const struct block *b = w->h; b < w->h + config->L; b++, steps++) {
        transformer_block(T, config, steps, (const float(*)[C])x, b);
        memcpy(x, steps->output, (size_t)T * sizeof *x);
    }
    float(*top)[C] = s->ln_f, (*logits)[V] = s->logits;
    for (int t = 0; t < T; t++) {
        double mean = 0, squares = 0;
        for (int c = 0; c < C; c++)
            mean += (double)x[t][c];
        mean /= C;
        for (int c = 0; c < C; c++)
            squares += ((double)x[t][c] - mean) * ((double)x[t][c] - mean);
        const double spread = sqrt(squares / C + (double)config->epsilon);
        for (int c = 0; c < C; c++)
            top[t][c] =
                (float)(((double)x[t][c] - mean) / spread * (double)w->ln_f_weight[c] +
                        (double)w->ln_f_bias[c]);
        for (int v = 0; v < V; v++) {
            double sum = 0;
            for (int c = 0; c < C; c++)
                sum += (double)top[t][c] * (double)head[v][c];
            logits[t][v] = (float)sum;
        }
    }
    free(x);
}

static inline const void *rows_after(int l, int T, const struct config *config,
                                     struct stack *s, const int ids[T],
                                     const struct weights *w)
{
    if (l < 0) {
        embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
        return s->embedding;
    }
    const void *below = rows_after(l - 1, T, config, s, ids, w);
    transformer_block(T, config, s->h + l, below, w->h + l);
    return s->h[l].output;
}

/* From the top: the block asks for what the one below it has made. */
RIGHT_ANSWER void right_run_stack_recursion(int T, const struct config *config,
                                            struct stack *s, const int ids[T],
                                            const struct weights *w)
{
    layer_norm(T, config->C, s->ln_f, rows_after(config->L - 1, T, config, s, ids, w),
               w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, config->C, config->V, s->logits, s->ln_f, w->lm_head);
}

/* ---- lens --------------------------------------------------------------------------- */

RIGHT_ANSWER void right_lens_as_hinted(int T, const struct config *config,
                                       float p[restrict T][config->V],
                                       const float x[T][config->C],
                                       const struct weights *w)
{
    void *norm = grab((size_t)T * (size_t)config->C, sizeof(float)),
         *logits = grab((size_t)T * (size_t)config->V, sizeof(float));
    layer_norm(T, config->C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, config->C, config->V, logits, norm, w->lm_head);
    const float(*row)[config->V] = logits;
    for (int t = 0; t < T; t++)
        softmax(config->V, p[t], row[t]);
    free(norm);
    free(logits);
}

/* One row at a time, from the last to the first. */
RIGHT_ANSWER void right_lens_row_by_row(int T, const struct config *config,
                                        float p[restrict T][config->V],
                                        const float x[T][config->C],
                                        const struct weights *w)
{
    const int C = config->C, V = config->V;
    float(*norm)[C] = grab(1, sizeof *norm), (*logits)[V] = grab(1, sizeof *logits);
    for (int t = T - 1; t >= 0; t--) {
        layer_norm(1, C, norm, &x[t], w->ln_f_weight, w->ln_f_bias, config->epsilon);
        final_logits(1, C, V, logits, (const float(*)[C])norm, w->lm_head);
        softmax(V, p[t], logits[0]);
    }
    free(norm);
    free(logits);
}

/* The logits are put where the probabilities go, and the softmax is done there, by hand. */
RIGHT_ANSWER void right_lens_in_place(int T, const struct config *config,
                                      float p[restrict T][config->V],
                                      const float x[T][config->C],
                                      const struct weights *w)
{
    const int C = config->C, V = config->V;
    float(*norm)[C] = grab((size_t)T, sizeof *norm);
    layer_norm(T, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, C, V, p, (const float(*)[C])norm, w->lm_head);
    free(norm);
    for (int t = 0; t < T; t++) {
        double sum = 0;
        float largest = -INFINITY;
        for (int v = 0; v < V; v++)
            largest = fmaxf(largest, p[t][v]);
        for (int v = 0; v < V; v++)
            sum += exp((double)(p[t][v] - largest));
        for (int v = 0; v < V; v++)
            p[t][v] = expf(p[t][v] - largest - (float)log(sum));
    }
}

RIGHT_ANSWER void right_lens_in_double(int T, const struct config *config,
                                       float p[restrict T][config->V],
                                       const float x[T][config->C],
                                       const struct weights *w)
{
    const int C = config->C, V = config->V;
    const float(*head)[C] = w->lm_head;
    double *row = grab((size_t)C, sizeof *row), *logits = grab((size_t)V, sizeof *logits);
    for (int t = 0; t < T; t++) {
        double mean = 0, variance = 0, sum = 0, largest = -INFINITY;
        for (int c = 0; c < C; c++)
            mean += (double)x[t][c] / C;
        for (int c = 0; c < C; c++)
            variance += pow((double)x[t][c] - mean, 2) / C;
        for (int c = 0; c < C; c++)
            row[c] = ((double)x[t][c] - mean) / sqrt(variance + (double)config->epsilon) *
                         (double)w->ln_f_weight[c] +
                     (double)w->ln_f_bias[c];
        for (int v = 0; v < V; v++) {
            logits[v] = 0;
            for (int c = 0; c < C; c++)
                logits[v] += row[c] * (double)head[v][c];
            largest = fmax(largest, logits[v]);
        }
        for (int v = 0; v < V; v++)
            sum += logits[v] = exp(logits[v] - largest);
        for (int v = 0; v < V; v++)
            p[t][v] = (float)(logits[v] / sum);
    }
    free(row);
    free(logits);
}

/* ---- logit_part --------------------------------------------------------------------- */

RIGHT_ANSWER float right_logit_part_in_double(int C, const float row[C],
                                              const float part[C], const float weight[C],
                                              float epsilon, const float head[C])
{
    double row_sum = 0, part_sum = 0, squares = 0, sum = 0;
    for (int c = 0; c < C; c++) {
        row_sum += (double)row[c];
        part_sum += (double)part[c];
    }
    for (int c = 0; c < C; c++)
        squares += pow((double)row[c] - row_sum / C, 2);
    for (int c = C - 1; c >= 0; c--)
        sum += (double)head[c] * (double)weight[c] * ((double)part[c] - part_sum / C);
    return (float)(sum / sqrt(squares / C + (double)epsilon));
}

static inline float mean_in_a_row(int n, const float *x)
{
    float sum = 0;
    for (const float *end = x + n; x < end; x++)
        sum += *x;
    return sum / (float)n;
}

/* As hinted: two means, one spread, and one loop that adds up. */
RIGHT_ANSWER float right_logit_part_as_hinted(int C, const float row[C],
                                              const float part[C], const float weight[C],
                                              float epsilon, const float head[C])
{
    const float row_mean = mean_in_a_row(C, row), part_mean = mean_in_a_row(C, part);
    float variance = 0, sum = 0;
    for (int c = 0; c < C; c++)
        variance += (row[c] - row_mean) * (row[c] - row_mean);
    variance /= (float)C;
    const float spread = sqrtf(variance + epsilon);
    for (int c = 0; c < C; c++)
        sum += (part[c] - part_mean) / spread * weight[c] * head[c];
    return sum;
}

/* One factor per channel, made first; the mean taken off the factors and not off the part. */
RIGHT_ANSWER float right_logit_part_factors(int C, const float row[C],
                                            const float part[C], const float weight[C],
                                            float epsilon, const float head[C])
{
    double *factor = grab((size_t)C, sizeof *factor), mean = 0, squares = 0, sum = 0;
    double middle = 0;
    for (int c = 0; c < C; c++) {
        factor[c] = (double)weight[c] * (double)head[c];
        mean += factor[c] / C;
        middle += (double)row[c] / C;
    }
    for (int c = 0; c < C; c++) {
        squares += ((double)row[c] - middle) * ((double)row[c] - middle) / C;
        sum += (double)part[c] * (factor[c] - mean);
    }
    free(factor);
    return (float)(sum / sqrt(squares + (double)epsilon));
}

/* The variance as the mean square less the square of the mean. */
RIGHT_ANSWER float right_logit_part_mean_square(int C, const float row[C],
                                                const float part[C],
                                                const float weight[C], float epsilon,
                                                const float head[C])
{
    long double sum = 0, squares = 0, ours = 0, with_head = 0, alone = 0;
    for (int c = 0; c < C; c++) {
        const long double f = (long double)weight[c] * (long double)head[c];
        sum += (long double)row[c];
        squares += (long double)row[c] * (long double)row[c];
        ours += (long double)part[c];
        with_head += (long double)part[c] * f;
        alone += f;
    }
    const long double variance = squares / C - sum / C * (sum / C);
    return (float)((with_head - ours / C * alone) /
                   sqrtl(variance + (long double)epsilon));
}

/* ---- mean_surprise ------------------------------------------------------------------ */

RIGHT_ANSWER float right_mean_surprise_as_hinted(int T, int V, const float logits[T][V],
                                                 const int ids[T])
{
    float *p = grab((size_t)V, sizeof *p);
    float sum = 0;
    for (int t = 0; t < T - 1; t++) {
        softmax(V, p, logits[t]);
        sum -= logf(p[ids[t + 1]]);
    }
    free(p);
    return sum / (float)(T - 1);
}

/* -ln p without p: the logarithm of the sum of powers, less the token's logit. */
RIGHT_ANSWER float right_mean_surprise_log_of_sum(int T, int V, const float logits[T][V],
                                                  const int ids[T])
{
    double all = 0;
    for (int t = T - 1; t > 0; t--) {
        const float *row = logits[t - 1];
        double sum = 0, largest = (double)row[0];
        for (int v = 1; v < V; v++)
            largest = fmax(largest, (double)row[v]);
        for (int v = 0; v < V; v++)
            sum += exp((double)row[v] - largest);
        all += log(sum) + largest - (double)row[ids[t]];
    }
    return (float)(all / (T - 1));
}

static inline float surprise_of(int V, const float logits[V], int id)
{
    float sum = 0;
    for (int v = 0; v < V; v++)
        sum += expf(logits[v] - logits[id]);
    return logf(sum);
}

/* A function for one token, and a mean that grows with each. */
RIGHT_ANSWER float right_mean_surprise_running(int T, int V, const float logits[T][V],
                                               const int ids[T])
{
    float mean = 0;
    for (int t = 1; t < T; t++)
        mean += (surprise_of(V, logits[t - 1], ids[t]) - mean) / (float)t;
    return mean;
}

/* All probabilities at once, and the logarithm in base 2. */
RIGHT_ANSWER float right_mean_surprise_base_2(int T, int V, const float logits[T][V],
                                              const int ids[T])
{
    float(*p)[V] = grab((size_t)T, sizeof *p);
    double bits = 0;
    for (int t = 0; t < T; t++)
        softmax(V, p[t], logits[t]);
    for (int t = 1; t < T; t++)
        bits -= log2((double)p[t - 1][ids[t]]);
    free(p);
    return (float)(bits * log(2) / (T - 1));
}

#endif
