/* 10_sampling.h: from logits to a token, and from tokens to a text: greedy, temperature,
 * top-k, top-p, random numbers. Chapter 10 of the book: chapters/10_sampling.md */
#ifndef SAMPLING_H
#define SAMPLING_H

#include "09_stack.h"

/* The likeliest token; of equally likely ones the first. logits [V] → an id */
static inline int likeliest(int V, const float logits[V])
{
    int best = 0;
    for (int v = 1; v < V; v++)
        if (logits[v] > logits[best])
            best = v;
    return best;
}

#ifdef MINE_temper
void temper(int V, float logits[V], float temperature);
#else
/* Temperature: below 1 the likely become likelier, above 1 the unlikely do.
 * logits [V], each divided by the temperature, which is above 0 */
static inline void temper(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        logits[v] /= temperature;
}
#endif

/* The k-th largest of n numbers, k from 1 to n; their order is lost. The larger ones go to the
 * left, the smaller to the right, and the loop continues in the part that holds index k - 1:
 * about 3n steps on average. (Hoare's quickselect, 1961.) */
static inline float kth_largest(int n, float x[n], int k)
{
    int left = 0, right = n - 1;
    while (left < right) {
        const float middle = x[left + (right - left) / 2];
        int i = left, j = right;
        while (i <= j) {
            while (x[i] > middle)
                i++;
            while (x[j] < middle)
                j--;
            if (i > j)
                break;
            const float kept = x[i];
            x[i++] = x[j];
            x[j--] = kept;
        }
        if (k - 1 <= j)
            right = j;
        else if (k - 1 >= i)
            left = i;
        else
            break;
    }
    return x[k - 1];
}

#ifdef MINE_keep_top_k
void keep_top_k(int V, float logits[V], int k);
#else
/* Keeps the k largest logits, and all that are equal to the k-th: the others become -infinity.
 * logits [V], k at least 1; if k is V or more, all stay */
static inline void keep_top_k(int V, float logits[V], int k)
{
    if (k >= V)
        return;
    float *copy = grab((size_t)V, sizeof *copy);
    memcpy(copy, logits, (size_t)V * sizeof *copy);
    const float least = kth_largest(V, copy, k);
    free(copy);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}
#endif

/* A token and its probability. */
struct candidate {
    float p;
    int id;
};

/* For qsort: the likelier first; of equally likely ones the one with the lower id. */
static inline int likelier_first(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return a->p != b->p ? (a->p < b->p) - (a->p > b->p)
                        : (a->id > b->id) - (a->id < b->id);
}

#ifdef MINE_keep_top_p
void keep_top_p(int V, float logits[V], float top_p);
#else
/* Keeps the likeliest tokens until together they have the probability top_p or more: the
 * token that gets there still stays, the others' logits become -infinity. The likeliest always
 * stays; of equally likely ones the lower id comes first. logits [V], top_p from 0 to 1 */
static inline void keep_top_p(int V, float logits[V], float top_p)
{
    float *p = grab((size_t)V, sizeof *p);
    struct candidate *sorted = grab((size_t)V, sizeof *sorted);
    softmax(V, p, logits);
    const int best = likeliest(V, p);
    int n = 0;
    for (int v = 0; v < V; v++) /* the others below (1 - top_p) / V are not needed */
        if (v == best || p[v] * (float)V >= 1 - top_p)
            sorted[n++] = (struct candidate){p[v], v};
    qsort(sorted, (size_t)n, sizeof *sorted, likelier_first);
    double sum = 0;
    int kept = 0;
    while (kept < n && (kept == 0 || sum < (double)top_p))
        sum += (double)sorted[kept++].p;
    for (int v = 0; v < V; v++)
        p[v] = -INFINITY;
    for (int i = 0; i < kept; i++)
        p[sorted[i].id] = logits[sorted[i].id];
    memcpy(logits, p, (size_t)V * sizeof *logits);
    free(sorted);
    free(p);
}
#endif

/* How the next token is chosen. */
struct sampling {
    float temperature; /* 1: as the model says; 0: always the likeliest token (greedy) */
    int top_k;         /* how many tokens may be chosen; 0: all */
    float top_p;       /* how much probability they have together; 1: all of it */
    float penalty;     /* for tokens that are already in the text; 1: none */
};

/* The probabilities from which the next token is drawn. logits [V] → p [V], sum 1 */
static inline void probabilities(int V, float p[restrict V], const float logits[V],
                                 const struct sampling *how)
{
    const int best = likeliest(V, logits);
    if (!(how->temperature >= 1e-6f) || logits[best] / how->temperature == INFINITY) {
        memset(p, 0, (size_t)V * sizeof *p); /* as good as 0: nothing else is left */
        p[best] = 1;
        return;
    }
    float *left = grab((size_t)V, sizeof *left);
    memcpy(left, logits, (size_t)V * sizeof *left);
    temper(V, left, how->temperature);
    if (how->top_k > 0)
        keep_top_k(V, left, how->top_k);
    if (how->top_p < 1)
        keep_top_p(V, left, how->top_p);
    softmax(V, p, left);
    free(left);
}

/* The next in a sequence of 64-bit numbers that look random, and are the same for the same
 * seed. (splitmix64: Steele, Lea, Flood 2014) */
static inline uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u; /* 2^64 / 1.618…, the golden ratio */
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* A number from 0 up to, but not including, 1: the upper 53 bits, all that a double can hold. */
static inline double next_chance(uint64_t *state)
{
    return (double)(next_number(state) >> 11) * 0x1p-53;
}

/* The token on whose stretch the number u falls, when all tokens are laid end to end, each as
 * long as its probability. p [V], u from 0 up to 1 → an id, never one with probability 0 */
static inline int draw(int V, const float p[V], double u)
{
    double end = 0;
    int last = 0;
    for (int v = 0; v < V; v++) {
        if (!(p[v] > 0))
            continue;
        end += (double)p[v];
        last = v;
        if (u < end)
            return v;
    }
    return last; /* rounding: all stretches together were a little shorter than 1 */
}

/* Chooses the next token. logits [V] → an id. *state moves on if chance was needed. */
static inline int choose_token(int V, const float logits[V], const struct sampling *how,
                               uint64_t *state)
{
    float *p = grab((size_t)V, sizeof *p);
    probabilities(V, p, logits, how);
    const int id =
        how->temperature > 0 ? draw(V, p, next_chance(state)) : likeliest(V, p);
    if (!(p[id] > 0))
        die("no token is left to choose from: none has a probability above 0");
    free(p);
    return id;
}

#ifdef MINE_fade_repeats
void fade_repeats(int V, float logits[V], int T, const int ids[T], float penalty);
#else
/* Makes each token that is among the ids less likely, once, however often it is there: its
 * logit is divided by the penalty if it is positive, multiplied if it is negative.
 * logits [V], ids [T], penalty at least 1 */
static inline void fade_repeats(int V, float logits[V], int T, const int ids[T],
                                float penalty)
{
    bool *seen = grab((size_t)V, sizeof *seen);
    for (int t = 0; t < T; t++) {
        if (!seen[ids[t]])
            logits[ids[t]] *= logits[ids[t]] > 0 ? 1 / penalty : penalty;
        seen[ids[t]] = true;
    }
    free(seen);
}
#endif

/* Runs the whole model on T tokens and chooses the next. logits [V]: what the model said */
static inline int next_token(int T, const int ids[T], const struct config *config,
                             const struct weights *w, const struct sampling *how,
                             uint64_t *state, float logits[restrict config->V])
{
    const int V = config->V;
    struct stack s = new_stack(T, config);
    run_stack(T, config, &s, ids, w);
    const float(*all)[V] = s.logits;
    memcpy(logits, all[T - 1], sizeof all[T - 1]);
    free_stack(&s);
    need_numbers(V, logits, T - 1);
    if (how->penalty > 1)
        fade_repeats(V, logits, T, ids, how->penalty);
    return choose_token(V, logits, how, state);
}

/* Why a text ends. */
enum ending { ENOUGH, TEXT_ENDED, ROOM_ENDED };

/* Continues the T tokens in ids with up to `most` new ones, each passed to `say` as it comes.
 * Ends early at the token `end` (which is not kept; -1: there is none), and when the model
 * has no room for more. ids [T + most] → *count new ones */
static inline enum ending generate(int T, int most, int ids[T + most], int end,
                                   const struct config *config, const struct weights *w,
                                   const struct sampling *how, uint64_t *state,
                                   void (*say)(void *to, int id, const float *logits),
                                   void *to, int *count)
{
    enum ending why = ENOUGH;
    float *logits = grab((size_t)config->V, sizeof *logits);
    for (*count = 0; *count < most && why == ENOUGH;) {
        const int now = T + *count;
        if (now == config->positions) {
            why = ROOM_ENDED;
            break;
        }
        ids[now] = next_token(now, ids, config, w, how, state, logits);
        if (ids[now] == end)
            why = TEXT_ENDED;
        else if (++*count && say)
            say(to, ids[now], logits);
    }
    free(logits);
    return why;
}

#ifdef MINE_keep_min_p
void keep_min_p(int V, float logits[V], float min_p);
#else
/* Keeps the tokens whose probability is at least min_p times that of the likeliest; the others'
 * logits become -infinity. logits [V], min_p from 0 to 1 */
static inline void keep_min_p(int V, float logits[V], float min_p)
{
    float *p = grab((size_t)V, sizeof *p);
    softmax(V, p, logits);
    const float least = min_p * p[likeliest(V, p)];
    for (int v = 0; v < V; v++)
        if (p[v] < least)
            logits[v] = -INFINITY;
    free(p);
}
#endif

#endif
