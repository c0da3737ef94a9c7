/* The usual mistakes in the exercises of chapter 9. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef STACK_MISTAKES_H
#define STACK_MISTAKES_H

/* ---- final_logits ------------------------------------------------------------------- */

static inline float row_product(int C, const float a[C], const float b[C])
{
    float dot = 0;
    for (int c = 0; c < C; c++)
        dot += a[c] * b[c];
    return dot;
}

SAYS(wrong_final_logits_root,
     "the products are divided by √C: that is done to attention's scores, not to logits.")
WRONG void wrong_final_logits_root(int T, int C, int V, float logits[T][V],
                                   const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V; v++)
            logits[t][v] = row_product(C, x[t], head[v]) / sqrtf((float)C);
}

SAYS(wrong_final_logits_softmax,
     "the logits have gone through a softmax: they should be the products themselves.")
WRONG void wrong_final_logits_softmax(int T, int C, int V, float logits[T][V],
                                      const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++) {
        float row[V];
        for (int v = 0; v < V; v++)
            row[v] = row_product(C, x[t], head[v]);
        softmax(V, logits[t], row);
    }
}

SAYS(
    wrong_final_logits_cosine,
    "the products are divided by the lengths of both rows: that is the cosine of chapter "
    "3. A logit is the product itself.")
WRONG void wrong_final_logits_cosine(int T, int C, int V, float logits[T][V],
                                     const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V; v++)
            logits[t][v] = cosine(C, x[t], head[v]);
}

SAYS(wrong_final_logits_columns, "head is read as if it were [C, V], as the other "
                                 "matrices are: it is [V, C], a row for "
                                 "each token.")
WRONG void wrong_final_logits_columns(int T, int C, int V, float logits[T][V],
                                      const float x[T][C], const float head[V][C])
{
    const float *flat = &head[0][0];
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V; v++) {
            logits[t][v] = 0;
            for (int c = 0; c < C; c++)
                logits[t][v] += x[t][c] * flat[c * V + v];
        }
}

SAYS(wrong_final_logits_never_reset,
     "the sum goes on from one token of the vocabulary to the next: begin at 0 for each.")
WRONG void wrong_final_logits_never_reset(int T, int C, int V, float logits[T][V],
                                          const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++) {
        float dot = 0;
        for (int v = 0; v < V; v++) {
            dot += row_product(C, x[t], head[v]);
            logits[t][v] = dot;
        }
    }
}

SAYS(wrong_final_logits_last_only,
     "only the last position has logits: each of the T positions gets a row of them.")
WRONG void wrong_final_logits_last_only(int T, int C, int V, float logits[T][V],
                                        const float x[T][C], const float head[V][C])
{
    for (int v = 0; v < V; v++)
        logits[T - 1][v] = row_product(C, x[T - 1], head[v]);
}

/* ---- run_stack ---------------------------------------------------------------------- */

/* The end of the stack, as most mistakes still have it. */
static inline void end_stack(int T, const struct config *config, struct stack *s,
                             const void *x, const struct weights *w)
{
    layer_norm(T, config->C, s->ln_f, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, config->C, config->V, s->logits, s->ln_f, w->lm_head);
}

/* The blocks from the embedding up, block l with the weights of block order(l). */
static inline const void *climb_stack(int T, const struct config *config, struct stack *s,
                                      const struct weights *w, int blocks, int first,
                                      int step)
{
    const void *x = s->embedding;
    for (int l = 0; l < blocks; l++) {
        transformer_block(T, config, &s->h[l], x, &w->h[first + step * l]);
        x = s->h[l].output;
    }
    return x;
}

SAYS(wrong_run_stack_no_final_norm,
     "the last block's rows reach the head as they are, and s->ln_f holds them: the "
     "final norm comes between.")
WRONG void wrong_run_stack_no_final_norm(int T, const struct config *config,
                                         struct stack *s, const int ids[T],
                                         const struct weights *w)
{
    const int C = config->C;
    embed(T, C, s->embedding, ids, w->wte, w->wpe);
    const void *x = climb_stack(T, config, s, w, config->L, 0, 1);
    memcpy(s->ln_f, x, (size_t)T * (size_t)C * sizeof(float));
    final_logits(T, C, config->V, s->logits, s->ln_f, w->lm_head);
}

SAYS(wrong_run_stack_logits_before_norm,
     "s->ln_f is right, but the logits are made from the rows before it: the head reads "
     "s->ln_f.")
WRONG void wrong_run_stack_logits_before_norm(int T, const struct config *config,
                                              struct stack *s, const int ids[T],
                                              const struct weights *w)
{
    const int C = config->C;
    embed(T, C, s->embedding, ids, w->wte, w->wpe);
    const void *x = climb_stack(T, config, s, w, config->L, 0, 1);
    end_stack(T, config, s, x, w);
    final_logits(T, C, config->V, s->logits, x, w->lm_head);
}

SAYS(wrong_run_stack_all_read_the_embedding,
     "every block reads the embedding: block l reads what block l - 1 has left, "
     "s->h[l - 1].output.")
WRONG void wrong_run_stack_all_read_the_embedding(int T, const struct config *config,
                                                  struct stack *s, const int ids[T],
                                                  const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    for (int l = 0; l < config->L; l++)
        transformer_block(T, config, &s->h[l], s->embedding, &w->h[l]);
    end_stack(T, config, s, s->h[config->L - 1].output, w);
}

SAYS(wrong_run_stack_one_blocks_weights,
     "every block has the weights of block 0: block l has its own, w->h[l].")
WRONG void wrong_run_stack_one_blocks_weights(int T, const struct config *config,
                                              struct stack *s, const int ids[T],
                                              const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    end_stack(T, config, s, climb_stack(T, config, s, w, config->L, 0, 0), w);
}

SAYS(wrong_run_stack_from_the_top,
     "the blocks' weights are used from the last to the first: w->h[0] comes first.")
WRONG void wrong_run_stack_from_the_top(int T, const struct config *config,
                                        struct stack *s, const int ids[T],
                                        const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    end_stack(T, config, s, climb_stack(T, config, s, w, config->L, config->L - 1, -1),
              w);
}

SAYS(wrong_run_stack_one_too_few,
     "the last block is left out: there are L of them, 0 to L - 1.")
WRONG void wrong_run_stack_one_too_few(int T, const struct config *config,
                                       struct stack *s, const int ids[T],
                                       const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    end_stack(T, config, s, climb_stack(T, config, s, w, config->L - 1, 0, 1), w);
}

SAYS(
    wrong_run_stack_wte_for_head,
    "the logits are made with w->wte: most models have tied the head to it, but this one "
    "has a head of its own. w->lm_head is right for both.")
WRONG void wrong_run_stack_wte_for_head(int T, const struct config *config,
                                        struct stack *s, const int ids[T],
                                        const struct weights *w)
{
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    end_stack(T, config, s, climb_stack(T, config, s, w, config->L, 0, 1), w);
    final_logits(T, config->C, config->V, s->logits, s->ln_f, w->wte);
}

SAYS(wrong_run_stack_no_positions,
     "the positions are left out: what enters block 0 is the token's row of wte plus the "
     "position's row of wpe.")
WRONG void wrong_run_stack_no_positions(int T, const struct config *config,
                                        struct stack *s, const int ids[T],
                                        const struct weights *w)
{
    const int C = config->C;
    const float(*wte)[C] = w->wte;
    float(*x)[C] = s->embedding;
    for (int t = 0; t < T; t++)
        memcpy(x[t], wte[ids[t]], sizeof x[t]);
    end_stack(T, config, s, climb_stack(T, config, s, w, config->L, 0, 1), w);
}

SAYS(wrong_run_stack_reads_mid, "each block reads s->h[l - 1].mid, what the block below "
                                "had half-way: it should read s->h[l - 1].output.")
WRONG void wrong_run_stack_reads_mid(int T, const struct config *config, struct stack *s,
                                     const int ids[T], const struct weights *w)
{
    const void *x = s->embedding;
    embed(T, config->C, s->embedding, ids, w->wte, w->wpe);
    for (int l = 0; l < config->L; l++) {
        transformer_block(T, config, &s->h[l], x, &w->h[l]);
        x = s->h[l].mid;
    }
    end_stack(T, config, s, x, w);
}

/* ---- lens --------------------------------------------------------------------------- */

enum lens_slip {
    LENS_NO_NORM,
    LENS_NO_SOFTMAX,
    LENS_OVER_PLACES,
    LENS_WTE,
    LENS_PLAIN_NORM,
    LENS_LAST_ROW,
    LENS_T_NUMBERS
};

static inline void slipped_lens(int T, const struct config *config, float p[T][config->V],
                                const float x[T][config->C], const struct weights *w,
                                enum lens_slip slip)
{
    const int C = config->C, V = config->V;
    float norm[T][C], logits[T][V], one[C], zero[C];
    for (int c = 0; c < C; c++) {
        one[c] = 1;
        zero[c] = 0;
    }
    layer_norm(T, C, norm, x, slip == LENS_PLAIN_NORM ? one : w->ln_f_weight,
               slip == LENS_PLAIN_NORM ? zero : w->ln_f_bias, config->epsilon);
    if (slip == LENS_NO_NORM)
        memcpy(norm, x, sizeof norm);
    final_logits(T, C, V, logits, (const float(*)[C])norm,
                 slip == LENS_WTE ? w->wte : w->lm_head);
    for (int t = 0; t < T; t++)
        softmax(slip == LENS_T_NUMBERS && T < V ? T : V, p[t],
                logits[slip == LENS_LAST_ROW ? T - 1 : t]);
    for (int v = 0; v < V && slip == LENS_OVER_PLACES; v++) {
        float column[T], share[T];
        column[0] = 0; /* T is at least 1, which a compiler cannot see */
        for (int t = 0; t < T; t++)
            column[t] = logits[t][v];
        softmax(T, share, column);
        for (int t = 0; t < T; t++)
            p[t][v] = share[t];
    }
    if (slip == LENS_NO_SOFTMAX)
        memcpy(p, logits, sizeof logits);
}

SAYS(wrong_lens_no_norm,
     "the rows go to the head as they are: they go through the final norm, ln_f, first.")
WRONG void wrong_lens_no_norm(int T, const struct config *config,
                              float p[restrict T][config->V], const float x[T][config->C],
                              const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_NO_NORM);
}

SAYS(wrong_lens_no_softmax,
     "these are the logits: a softmax of each row makes probabilities of them.")
WRONG void wrong_lens_no_softmax(int T, const struct config *config,
                                 float p[restrict T][config->V],
                                 const float x[T][config->C], const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_NO_SOFTMAX);
}

SAYS(wrong_lens_over_places, "the softmax runs over the positions: it should run along "
                             "each row, over the vocabulary, so that each row sums to 1.")
WRONG void wrong_lens_over_places(int T, const struct config *config,
                                  float p[restrict T][config->V],
                                  const float x[T][config->C], const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_OVER_PLACES);
}

SAYS(wrong_lens_wte,
     "the logits are made with w->wte: this model has a head of its own. w->lm_head is "
     "right for all.")
WRONG void wrong_lens_wte(int T, const struct config *config,
                          float p[restrict T][config->V], const float x[T][config->C],
                          const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_WTE);
}

SAYS(wrong_lens_plain_norm,
     "the norm's weight and bias are left out: w->ln_f_weight and w->ln_f_bias.")
WRONG void wrong_lens_plain_norm(int T, const struct config *config,
                                 float p[restrict T][config->V],
                                 const float x[T][config->C], const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_PLAIN_NORM);
}

SAYS(wrong_lens_last_row, "every position has the probabilities of the last one: row t "
                          "of p belongs to row t of x.")
WRONG void wrong_lens_last_row(int T, const struct config *config,
                               float p[restrict T][config->V],
                               const float x[T][config->C], const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_LAST_ROW);
}

SAYS(wrong_lens_t_numbers,
     "the softmax goes along only the first T numbers of each row: a "
     "row has V of them, one for "
     "each token of the vocabulary.")
WRONG void wrong_lens_t_numbers(int T, const struct config *config,
                                float p[restrict T][config->V],
                                const float x[T][config->C], const struct weights *w)
{
    slipped_lens(T, config, p, x, w, LENS_T_NUMBERS);
}

/* ---- logit_part --------------------------------------------------------------------- */

static inline float mean_of(int n, const float x[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum / (float)n;
}

/* The mean square around the mean; the sum is divided by `by`. */
static inline float variance_of(int n, const float x[n], float by)
{
    const float mean = mean_of(n, x);
    float squares = 0;
    for (int i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return squares / by;
}

/* The sum, with all that may be wrong in it given. */
static inline float part_sum(int C, const float part[C], float mean, float spread,
                             const float *weight, const float head[C])
{
    float sum = 0;
    for (int c = 0; c < C; c++)
        sum += (part[c] - mean) / spread * (weight ? weight[c] : 1) * head[c];
    return sum;
}

SAYS(wrong_logit_part_no_mean, "the part's own mean is not subtracted.")
WRONG float wrong_logit_part_no_mean(int C, const float row[C], const float part[C],
                                     const float weight[C], float epsilon,
                                     const float head[C])
{
    const float spread = sqrtf(variance_of(C, row, (float)C) + epsilon);
    return part_sum(C, part, 0, spread, weight, head);
}

SAYS(wrong_logit_part_rows_mean,
     "the whole row's mean is subtracted from the part: subtract the part's own. Then "
     "the parts' means sum up to the row's.")
WRONG float wrong_logit_part_rows_mean(int C, const float row[C], const float part[C],
                                       const float weight[C], float epsilon,
                                       const float head[C])
{
    const float spread = sqrtf(variance_of(C, row, (float)C) + epsilon);
    return part_sum(C, part, mean_of(C, row), spread, weight, head);
}

SAYS(
    wrong_logit_part_own_spread,
    "the part is divided by its own spread: the norm divides the whole row, and so every "
    "part, by the spread of the row.")
WRONG float wrong_logit_part_own_spread(int C, const float row[C], const float part[C],
                                        const float weight[C], float epsilon,
                                        const float head[C])
{
    (void)row;
    const float spread = sqrtf(variance_of(C, part, (float)C) + epsilon);
    return part_sum(C, part, mean_of(C, part), spread, weight, head);
}

SAYS(wrong_logit_part_no_spread, "nothing is divided by the spread of the row.")
WRONG float wrong_logit_part_no_spread(int C, const float row[C], const float part[C],
                                       const float weight[C], float epsilon,
                                       const float head[C])
{
    (void)row;
    (void)epsilon;
    return part_sum(C, part, mean_of(C, part), 1, weight, head);
}

SAYS(wrong_logit_part_variance,
     "the part is divided by the variance: the spread is its square root.")
WRONG float wrong_logit_part_variance(int C, const float row[C], const float part[C],
                                      const float weight[C], float epsilon,
                                      const float head[C])
{
    const float spread = variance_of(C, row, (float)C) + epsilon;
    return part_sum(C, part, mean_of(C, part), spread, weight, head);
}

SAYS(wrong_logit_part_no_epsilon, "epsilon is left out of the spread.")
WRONG float wrong_logit_part_no_epsilon(int C, const float row[C], const float part[C],
                                        const float weight[C], float epsilon,
                                        const float head[C])
{
    (void)epsilon;
    const float spread = sqrtf(variance_of(C, row, (float)C));
    return part_sum(C, part, mean_of(C, part), spread, weight, head);
}

SAYS(wrong_logit_part_epsilon_outside,
     "epsilon is added after the root: it belongs under it, beside the variance.")
WRONG float wrong_logit_part_epsilon_outside(int C, const float row[C],
                                             const float part[C], const float weight[C],
                                             float epsilon, const float head[C])
{
    const float spread = sqrtf(variance_of(C, row, (float)C)) + epsilon;
    return part_sum(C, part, mean_of(C, part), spread, weight, head);
}

SAYS(wrong_logit_part_one_less,
     "the variance is divided by C - 1: a layer norm divides by C.")
WRONG float wrong_logit_part_one_less(int C, const float row[C], const float part[C],
                                      const float weight[C], float epsilon,
                                      const float head[C])
{
    const float spread = sqrtf(variance_of(C, row, (float)(C - 1)) + epsilon);
    return part_sum(C, part, mean_of(C, part), spread, weight, head);
}

SAYS(wrong_logit_part_no_weight, "the norm's weight is left out.")
WRONG float wrong_logit_part_no_weight(int C, const float row[C], const float part[C],
                                       const float weight[C], float epsilon,
                                       const float head[C])
{
    (void)weight;
    const float spread = sqrtf(variance_of(C, row, (float)C) + epsilon);
    return part_sum(C, part, mean_of(C, part), spread, NULL, head);
}

SAYS(wrong_logit_part_whole_row,
     "the whole row is taken for the part: only what the part contributes is asked for.")
WRONG float wrong_logit_part_whole_row(int C, const float row[C], const float part[C],
                                       const float weight[C], float epsilon,
                                       const float head[C])
{
    (void)part;
    const float spread = sqrtf(variance_of(C, row, (float)C) + epsilon);
    return part_sum(C, row, mean_of(C, row), spread, weight, head);
}

/* ---- mean_surprise ------------------------------------------------------------------ */

/* The mean of what logits[t + row] say about ids[t + token], over t from `first` to `end` - 1,
 * divided by `by`. */
static inline float surprise_sum(int V, const float logits[][V], const int *ids, int row,
                                 int token, int first, int end, float by)
{
    float *p = grab((size_t)V, sizeof *p), sum = 0;
    for (int t = first; t < end; t++) {
        softmax(V, p, logits[t + row]);
        sum -= logf(p[ids[t + token]]);
    }
    free(p);
    return sum / by;
}

SAYS(
    wrong_mean_surprise_as_handed_out,
    "nothing is mended: the number is what the function returned when it was handed out.")
WRONG float wrong_mean_surprise_as_handed_out(int T, int V, const float logits[T][V],
                                              const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 0, 0, T, (float)T);
}

SAYS(wrong_mean_surprise_same_row,
     "row t of the logits is compared with token t, which the model had read by then: "
     "what "
     "it thought of the token before it saw it is the row before.")
WRONG float wrong_mean_surprise_same_row(int T, int V, const float logits[T][V],
                                         const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 0, 1, T, (float)(T - 1));
}

SAYS(
    wrong_mean_surprise_backwards,
    "row t of the logits is compared with token t - 1: the row is about what comes next, "
    "token t + 1.")
WRONG float wrong_mean_surprise_backwards(int T, int V, const float logits[T][V],
                                          const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, -1, 1, T, (float)(T - 1));
}

SAYS(wrong_mean_surprise_by_t, "the sum is divided by T: the first token has no "
                               "surprise, so there are T - 1 numbers.")
WRONG float wrong_mean_surprise_by_t(int T, int V, const float logits[T][V],
                                     const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 1, 0, T - 1, (float)T);
}

SAYS(wrong_mean_surprise_last_left_out,
     "the last token of the text is left out: it has been expected, too.")
WRONG float wrong_mean_surprise_last_left_out(int T, int V, const float logits[T][V],
                                              const int ids[T])
{
    return T > 2 ? surprise_sum(V, logits, ids, 0, 1, 0, T - 2, (float)(T - 2)) : 0;
}

SAYS(wrong_mean_surprise_sum, "the surprises are summed up: their mean is asked for.")
WRONG float wrong_mean_surprise_sum(int T, int V, const float logits[T][V],
                                    const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 1, 0, T - 1, 1);
}

SAYS(wrong_mean_surprise_sign, "the sign is turned: -ln p is positive, as p is below 1.")
WRONG float wrong_mean_surprise_sign(int T, int V, const float logits[T][V],
                                     const int ids[T])
{
    return -surprise_sum(V, logits, ids, 0, 1, 0, T - 1, (float)(T - 1));
}

SAYS(wrong_mean_surprise_base_2,
     "the logarithm is to base 2: ln is the natural one, logf.")
WRONG float wrong_mean_surprise_base_2(int T, int V, const float logits[T][V],
                                       const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 1, 0, T - 1, (float)(T - 1)) / 0.6931472f;
}

SAYS(wrong_mean_surprise_base_10,
     "the logarithm is to base 10: ln is the natural one, logf.")
WRONG float wrong_mean_surprise_base_10(int T, int V, const float logits[T][V],
                                        const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 1, 0, T - 1, (float)(T - 1)) / 2.3025851f;
}

SAYS(wrong_mean_surprise_of_the_mean, "the mean is taken of the probabilities, and then "
                                      "the logarithm of that: take -ln p of "
                                      "each token first, then the mean.")
WRONG float wrong_mean_surprise_of_the_mean(int T, int V, const float logits[T][V],
                                            const int ids[T])
{
    float *p = grab((size_t)V, sizeof *p), sum = 0;
    for (int t = 1; t < T; t++) {
        softmax(V, p, logits[t - 1]);
        sum += p[ids[t]];
    }
    free(p);
    return -logf(sum / (float)(T - 1));
}

SAYS(wrong_mean_surprise_probability,
     "the mean of the probabilities is returned: the surprise is -ln p.")
WRONG float wrong_mean_surprise_probability(int T, int V, const float logits[T][V],
                                            const int ids[T])
{
    float *p = grab((size_t)V, sizeof *p), sum = 0;
    for (int t = 1; t < T; t++) {
        softmax(V, p, logits[t - 1]);
        sum += p[ids[t]];
    }
    free(p);
    return sum / (float)(T - 1);
}

SAYS(wrong_mean_surprise_last_only,
     "only the last token's surprise is returned: the mean of all is asked for.")
WRONG float wrong_mean_surprise_last_only(int T, int V, const float logits[T][V],
                                          const int ids[T])
{
    return surprise_sum(V, logits, ids, 0, 1, T - 2, T - 1, 1);
}

#endif
