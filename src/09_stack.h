/* 09_stack.h: the whole model: embedding, all blocks, the final norm, a score for every token.
 * Chapter 9 of the book: chapters/09_stack.md */
#ifndef STACK_H
#define STACK_H

#include "08_block.h"

/* What the model makes of T tokens, step by step. */
struct stack {
    void *embedding;       /* [T][C] */
    struct block_steps *h; /* [L] */
    void *ln_f;            /* [T][C] */
    void *logits;          /* [T][V] */
};

static inline struct stack new_stack(int T, const struct config *config)
{
    const size_t t = (size_t)T, row = (size_t)config->C * sizeof(float);
    struct stack s = {.embedding = grab(t, row),
                      .h = grab((size_t)config->L, sizeof *s.h),
                      .ln_f = grab(t, row),
                      .logits = grab(t, (size_t)config->V * sizeof(float))};
    for (int l = 0; l < config->L; l++)
        s.h[l] = new_block_steps(T, config);
    return s;
}

static inline void free_stack(struct stack *s, const struct config *config)
{
    for (int l = 0; l < config->L; l++)
        free_block_steps(&s->h[l]);
    free(s->embedding);
    free(s->h);
    free(s->ln_f);
    free(s->logits);
    *s = (struct stack){0};
}

#ifdef MINE_final_logits
void final_logits(int T, int C, int V, float logits[T][V], const float x[T][C],
                  const float head[V][C]);
#else
/* The score of every token of the vocabulary, at each place: how well the row there, x[t], goes
 * with the token's own vector, head[v]. x [T, C], head [V, C] → logits [T, V] */
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

/* The whole model. ids [T] → s->logits [T, V], and all steps between */
static inline void run_stack(int T, const struct config *config, struct stack *s,
                             const int ids[T], const struct weights *w)
{
    const int C = config->C;
    embed(T, C, s->embedding, ids, w->wte, w->wpe);
    for (int l = 0; l < config->L; l++)
        transformer_block(T, config, &s->h[l], l == 0 ? s->embedding : s->h[l - 1].output,
                          &w->h[l]);
    const void *last = config->L ? s->h[config->L - 1].output : s->embedding;
    layer_norm(T, C, s->ln_f, last, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    final_logits(T, C, config->V, s->logits, s->ln_f, w->lm_head);
}

#endif
