/* 05_masking.h: no token sees what comes after it: minus infinity before the softmax.
 * Chapter 5 of the book: chapters/05_masking.md */
#ifndef MASKING_H
#define MASKING_H

#include "04_attention.h"

#ifdef MINE_hide_future
void hide_future(int T, float scores[T][T]);
#else
/* Hides from every token what comes after it: the scores become minus infinity, and the
 * softmax makes that a weight of 0.
 * scores [T, T], changed in place: scores[t][s] becomes -inf if s > t */
static inline void hide_future(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            scores[t][s] = -INFINITY;
}
#endif

#ifdef MINE_softmax_past
void softmax_past(int T, float weights[restrict T][T], const float scores[T][T]);
#else
/* The weights of masked attention without a mask: each row's softmax reads no further than the
 * token itself. scores [T, T], above the diagonal anything → weights [T, T] */
static inline void softmax_past(int T, float weights[restrict T][T],
                                const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        softmax(t + 1, weights[t], scores[t]);
        for (int s = t + 1; s < T; s++)
            weights[t][s] = 0;
    }
}
#endif

#ifdef MINE_hide_distant
void hide_distant(int T, int window, float scores[T][T]);
#else
/* Hides what is too long ago: token t sees itself and the window - 1 tokens before it.
 * scores [T, T], changed in place: -inf if s <= t - window; window is 1 or more */
static inline void hide_distant(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t - window; s++)
            scores[t][s] = -INFINITY;
}
#endif

#ifdef MINE_hide_answer
void hide_answer(int T, int prompt, float scores[T][T]);
#else
/* Hides what is still to be written: all tokens see the prompt, the first `prompt` tokens, and
 * a token of the answer is seen by itself and by those after it.
 * scores [T, T], changed in place: -inf if s > t and s >= prompt */
static inline void hide_answer(int T, int prompt, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = t < prompt ? prompt : t + 1; s < T; s++)
            scores[t][s] = -INFINITY;
}
#endif

#endif
