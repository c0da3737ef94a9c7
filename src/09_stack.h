/* 09_stack.h: the whole model: embedding, all blocks, the final norm, a score for every token.
 * Chapter 9 of the book: chapters/09_stack.md */
#ifndef STACK_H
#define STACK_H

#include "08_block.h"

/* All that the model computes from T tokens, step by step. */
struct stack {
    void *embedding;       /* [T][C] */
    struct block_steps *h; /* [L] */
    void *ln_f;            /* [T][C] */
    void *logits;          /* [T][V] */
    struct tensors own;    /* all of these, by name */
};

static inline struct stack new_stack(int T, const struct config *config)
{
    struct stack s = {.h = grab((size_t)config->L, sizeof *s.h)};
    s.embedding = new_tensor(&s.own, "embedding", SHAPE(T, config->C));
    for (int l = 0; l < config->L; l++)
        s.h[l] = add_block_steps(&s.own, l, T, config);
    *s.own.prefix = 0; /* the rest belongs to no block */
    s.ln_f = new_tensor(&s.own, "ln_f", SHAPE(T, config->C));
    s.logits = new_tensor(&s.own, "logits", SHAPE(T, config->V));
    return s;
}

static inline void free_stack(struct stack *s)
{
    free_tensors(&s->own);
    free(s->h);
    *s = (struct stack){0};
}

/* Ends the program if the logits at position t are not numbers: then some weights are so large
 * that sums of them overflow, and no token can be chosen. */
static inline void need_numbers(int V, const float logits[V], int t)
{
    for (int v = 0; v < V; v++)
        if (!isfinite(logits[v]))
            die("the model gives no numbers: at position %d the logit of token %d is %s, "
                "expected a number (are its weights too large?)",
                t, v, isnan(logits[v]) ? "not a number" : "infinite");
}

/* A probability in percent, in `width` columns, to print at once; a little is not written as 0. */
static inline const char *percent(double p, int width, int decimals)
{
    const double least = pow(10, -decimals);
    const bool little = 100 * p < least / 2 && p > 0;
    const char *number =
        brief(format_text(little ? "<%.*f" : "%.*f", decimals, little ? least : 100 * p));
    return brief(format_text("%*s %%", width, number));
}

#ifdef MINE_final_logits
void final_logits(int T, int C, int V, float logits[T][V], const float x[T][C],
                  const float head[V][C]);
#else
/* The score of every token of the vocabulary, at each position: how well the row there, x[t],
 * goes with the token's own vector, head[v]. x [T, C], head [V, C] → logits [T, V] */
static inline void final_logits(int T, int C, int V, float logits[restrict T][V],
                                const float x[T][C], const float head[V][C])
{
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V; v++) {
            float dot = 0;
            for (int c = 0; c < C; c++)
                dot += x[t][c] * head[v][c];
            logits[t][v] = dot;
        }
}
#endif

#ifdef MINE_run_stack
void run_stack(int T, const struct config *config, struct stack *s, const int ids[T],
               const struct weights *w);
#else
/* The whole model. ids [T] → s->logits [T, V], and all steps in between */
static inline void run_stack(int T, const struct config *config, struct stack *s,
                             const int ids[T], const struct weights *w)
{
    const int C = config->C;
    const void *x = s->embedding;
    embed(T, C, s->embedding, ids, w->wte, w->wpe);
    for (int l = 0; l < config->L; l++) {
        transformer_block(T, config, &s->h[l], x, &w->h[l]);
        x = s->h[l].output;
    }
    layer_norm(T, C, s->ln_f, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, C, config->V, s->logits, s->ln_f, w->lm_head);
}
#endif

#ifdef MINE_lens
void lens(int T, const struct config *config, float p[restrict T][config->V],
          const float x[T][config->C], const struct weights *w);
#else
/* The logit lens: what the model would say if it stopped at these rows. They go through the
 * final norm and the head, as if there were no block above them; then a softmax.
 * x [T, C], rows from anywhere in the stack → p [T, V], each row sums to 1 */
static inline void lens(int T, const struct config *config,
                        float p[restrict T][config->V], const float x[T][config->C],
                        const struct weights *w)
{
    const int C = config->C, V = config->V;
    float(*norm)[C] = grab((size_t)T, sizeof *norm);
    float(*logits)[V] = grab((size_t)T, sizeof *logits);
    layer_norm(T, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, C, V, logits, (const float(*)[C])norm, w->lm_head);
    for (int t = 0; t < T; t++)
        softmax(V, p[t], logits[t]);
    free(norm);
    free(logits);
}
#endif

#ifdef MINE_logit_part
float logit_part(int C, const float row[C], const float part[C], const float weight[C],
                 float epsilon, const float head[C]);
#else
/* How much of a token's logit one part of the last row contributes. The row is a sum of parts;
 * the final norm subtracts each part's own mean and divides all by the same spread, the whole
 * row's; so the logit is a sum too: over all parts, and once the norm's bias times head.
 * row, part, weight (the norm's), head (the token's row of lm_head) [C] → one number */
static inline float logit_part(int C, const float row[C], const float part[C],
                               const float weight[C], float epsilon, const float head[C])
{
    float row_mean = 0, part_mean = 0, squares = 0, sum = 0;
    for (int c = 0; c < C; c++) {
        row_mean += row[c] / (float)C;
        part_mean += part[c] / (float)C;
    }
    for (int c = 0; c < C; c++)
        squares += (row[c] - row_mean) * (row[c] - row_mean);
    const float spread = sqrtf(squares / (float)C + epsilon);
    for (int c = 0; c < C; c++)
        sum += (part[c] - part_mean) / spread * weight[c] * head[c];
    return sum;
}
#endif

#ifdef MINE_mean_surprise
float mean_surprise(int T, int V, const float logits[T][V], const int ids[T]);
#else
/* How much a text surprised the model: the mean of -ln p, over all its tokens but the first. Row
 * t - 1 is what it thought of token t before it saw it. logits [T, V], ids [T], T at least 2 */
static inline float mean_surprise(int T, int V, const float logits[T][V],
                                  const int ids[T])
{
    float *p = grab((size_t)V, sizeof *p);
    float sum = 0;
    for (int t = 1; t < T; t++) {
        softmax(V, p, logits[t - 1]);
        sum -= logf(p[ids[t]]);
    }
    free(p);
    return sum / (float)(T - 1);
}
#endif

#endif
