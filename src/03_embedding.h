/* 03_embedding.h: ids become rows of numbers: what a token is, plus where it stands.
 * Chapter 3 of the book: chapters/03_embedding.md */
#ifndef EMBEDDING_H
#define EMBEDDING_H

#include "02_checkpoint.h"

/* What enters the first block: for each token its row of wte, which says what it is, plus
 * a row of wpe, which says where it stands: token t stands at place t.
 * ids [T], wte [V, C], wpe [positions, C] → x [T, C] */
static inline void embed(int T, int C, float x[restrict T][C], const int ids[T],
                         const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] + wpe[t][c];
}

/* How much two rows point the same way: a·b / (|a| |b|), from -1 to 1; 0 where a row is all
 * zeros and points nowhere. a, b [n] */
static inline float cosine(int n, const float a[n], const float b[n])
{
    float dot = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        dot += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? dot / (sqrtf(aa) * sqrtf(bb)) : 0;
}

#endif
