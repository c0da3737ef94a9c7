/* 15_beyond.h: a task as one sequence, a prompt, a mark, an answer: what is learned of it, and
 * when an answer is right. Chapter 15 of the book: chapters/15_beyond.md */
#ifndef BEYOND_H
#define BEYOND_H

#include "13_gpt2.h"

#ifdef MINE_ask
int ask(int n, const int prompt[n], int m, const int mark[m], int end,
        int ids[restrict 1 + n + m]);
#else
/* What the model reads before it answers: <|endoftext|>, the prompt, the mark.
 * prompt [n], mark [m] → ids [1 + n + m]; returns 1 + n + m */
static inline int ask(int n, const int prompt[n], int m, const int mark[m], int end,
                      int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + 1 + n, mark, (size_t)m * sizeof *ids);
    return 1 + n + m;
}
#endif

#ifdef MINE_mask_prompts
void mask_prompts(int T, int targets[restrict T], const int ids[T + 1], int m,
                  const int mark[m], int end);
#else
/* The targets of a row of examples, each prompt, mark, answer, <|endoftext|>. What follows the
 * mark is wanted, up to and with the <|endoftext|>; the targets of all else are -1.
 * ids [T + 1], mark [m] → targets [T]: targets[t] is ids[t + 1] or -1 */
static inline void mask_prompts(int T, int targets[restrict T], const int ids[T + 1],
                                int m, const int mark[m], int end)
{
    bool answer = false;
    for (int t = 0; t < T; t++) {
        if (ids[t] == end)
            answer = false;
        else if (t + 1 >= m &&
                 memcmp(ids + t + 1 - m, mark, (size_t)m * sizeof *ids) == 0)
            answer = true;
        targets[t] = answer ? ids[t + 1] : -1;
    }
}
#endif

#ifdef MINE_first_wrong
int first_wrong(int T, int V, const float logits[T][V], const int targets[T]);
#else
/* Where a greedy answer leaves the right one: the first position whose likeliest token, the
 * first of equals, is not the one that is wanted; T if there is none. Positions with a target
 * of -1 do not count. logits [T, V], targets [T] */
static inline int first_wrong(int T, int V, const float logits[T][V],
                              const int targets[T])
{
    for (int t = 0; t < T; t++)
        if (targets[t] >= 0 && likeliest(V, logits[t]) != targets[t])
            return t;
    return T;
}
#endif

#endif
