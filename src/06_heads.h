/* 06_heads.h: many heads side by side: project, split, attend, merge, project.
 * Chapter 6 of the book: chapters/06_heads.md */
#ifndef HEADS_H
#define HEADS_H

#include "05_masking.h"

/* A linear layer: every row of x becomes a row of y, y[t] = x[t] · w + b.
 * x [T, I], w [I, O], b [O] → y [T, O] */
static inline void linear(int T, int I, int O, float y[restrict T][O],
                          const float x[T][I], const float w[I][O], const float b[O])
{
    for (int t = 0; t < T; t++) {
        for (int o = 0; o < O; o++)
            y[t][o] = b[o];
        for (int i = 0; i < I; i++)
            for (int o = 0; o < O; o++)
                y[t][o] += x[t][i] * w[i][o];
    }
}

#ifdef MINE_split_heads
void split_heads(int T, int H, int D, float q[restrict H][T][D],
                 float k[restrict H][T][D], float v[restrict H][T][D],
                 const float qkv[T][3 * H * D]);
#else
/* Cuts the rows of c_attn into the queries, keys and values of H heads. A row is the C
 * queries, then the C keys, then the C values; in each of the three, the first D numbers are
 * head 0's, the next D head 1's, and so on. qkv [T, 3C] → q, k, v [H, T, D], C = H * D */
static inline void split_heads(int T, int H, int D, float q[restrict H][T][D],
                               float k[restrict H][T][D], float v[restrict H][T][D],
                               const float qkv[T][3 * H * D])
{
    const int C = H * D;
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i < D; i++) {
                q[h][t][i] = qkv[t][h * D + i];
                k[h][t][i] = qkv[t][C + h * D + i];
                v[h][t][i] = qkv[t][2 * C + h * D + i];
            }
}
#endif

#ifdef MINE_merge_heads
void merge_heads(int T, int H, int D, float merged[restrict T][H * D],
                 const float context[H][T][D]);
#else
/* Puts the heads' results side by side again: head 0's D numbers first, then head 1's.
 * context [H, T, D] → merged [T, C], C = H * D */
static inline void merge_heads(int T, int H, int D, float merged[restrict T][H * D],
                               const float context[H][T][D])
{
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < D; i++)
                merged[t][h * D + i] = context[h][t][i];
}
#endif

/* Everything that masked attention with H heads computes on T tokens. Each tensor has its own
 * memory; a field is void * so that it passes as any shape without a cast. */
struct attention {
    void *qkv;          /* [T, 3C]: the rows after c_attn */
    void *q;            /* [H, T, D] */
    void *k;            /* [H, T, D] */
    void *v;            /* [H, T, D] */
    void *scores;       /* [H, T, T]: scaled, before the mask */
    void *masked;       /* [H, T, T]: the same with the future hidden */
    void *weights;      /* [H, T, T]: after the softmax */
    void *heads;        /* [H, T, D]: the context of each head */
    void *context;      /* [T, C]: the heads merged */
    void *output;       /* [T, C]: after c_proj */
    struct tensors own; /* all of these, if new_attention made them */
};

/* Adds the tensors of such a layer to a list, to be dumped and freed with it. */
static inline struct attention add_attention(struct tensors *list, int T, int H, int D)
{
    const int C = H * D;
    struct attention a = {0};
    a.qkv = new_tensor(list, "attn.c_attn", SHAPE(T, 3 * C));
    a.q = new_tensor(list, "attn.q", SHAPE(H, T, D));
    a.k = new_tensor(list, "attn.k", SHAPE(H, T, D));
    a.v = new_tensor(list, "attn.v", SHAPE(H, T, D));
    a.scores = new_tensor(list, "attn.scores", SHAPE(H, T, T));
    a.masked = new_tensor(list, "attn.masked", SHAPE(H, T, T));
    a.weights = new_tensor(list, "attn.weights", SHAPE(H, T, T));
    a.heads = new_tensor(list, "attn.heads", SHAPE(H, T, D));
    a.context = new_tensor(list, "attn.context", SHAPE(T, C));
    a.output = new_tensor(list, "attn.c_proj", SHAPE(T, C));
    return a;
}

/* Such a layer by itself, with its own list. */
static inline struct attention new_attention(int T, int H, int D)
{
    struct tensors own = {0};
    struct attention a = add_attention(&own, T, H, D);
    a.own = own;
    return a;
}

static inline void free_attention(struct attention *a)
{
    free_tensors(&a->own);
    *a = (struct attention){0};
}

#ifdef MINE_attend
void attend(int T, int C, int H, struct attention *a, const float x[T][C],
            const struct block *b);
#else
/* Masked attention with H heads, from c_attn to c_proj.
 * x [T, C], the block's weights → every tensor of *a */
static inline void attend(int T, int C, int H, struct attention *a, const float x[T][C],
                          const struct block *b)
{
    const int D = C / H;
    float(*q)[T][D] = a->q, (*k)[T][D] = a->k, (*v)[T][D] = a->v;
    float(*scores)[T][T] = a->scores, (*masked)[T][T] = a->masked;
    float(*weights)[T][T] = a->weights, (*heads)[T][D] = a->heads;

    linear(T, C, 3 * C, a->qkv, x, b->attn_c_attn_weight, b->attn_c_attn_bias);
    split_heads(T, H, D, q, k, v, a->qkv);
    for (int h = 0; h < H; h++) {
        attention_scores(T, D, scores[h], q[h], k[h]);
        memcpy(masked[h], scores[h], sizeof masked[h]);
        hide_future(T, masked[h]);
        softmax_rows(T, weights[h], masked[h]);
        weighted_sum(T, D, heads[h], weights[h], v[h]);
    }
    merge_heads(T, H, D, a->context, heads);
    linear(T, C, C, a->output, a->context, b->attn_c_proj_weight, b->attn_c_proj_bias);
}
#endif

#ifdef MINE_head_part
void head_part(int T, int H, int D, int h, float part[restrict T][H * D],
               const float context[T][H * D], const float w[H * D][H * D]);
#else
/* What head h alone adds to the layer's output: its D columns of the merged context, through
 * its D rows of c_proj. The parts of all heads, and the bias once, add up to the output.
 * context [T, C], w [C, C] → part [T, C] */
static inline void head_part(int T, int H, int D, int h, float part[restrict T][H * D],
                             const float context[T][H * D], const float w[H * D][H * D])
{
    const int C = H * D;
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            part[t][o] = 0;
            for (int i = h * D; i < (h + 1) * D; i++)
                part[t][o] += context[t][i] * w[i][o];
        }
}
#endif

#ifdef MINE_without_head
void without_head(int T, int H, int D, int h, float output[restrict T][H * D],
                  const float context[T][H * D], const float w[H * D][H * D],
                  const float bias[H * D]);
#else
/* The layer's output without head h: what all the other heads add, and the bias, once.
 * context [T, C], w [C, C], bias [C] → output [T, C] */
static inline void without_head(int T, int H, int D, int h,
                                float output[restrict T][H * D],
                                const float context[T][H * D],
                                const float w[H * D][H * D], const float bias[H * D])
{
    const int C = H * D;
    float(*part)[C] = grab((size_t)T, sizeof *part);
    for (int t = 0; t < T; t++)
        memcpy(output[t], bias, sizeof output[t]);
    for (int g = 0; g < H; g++) {
        if (g == h)
            continue;
        head_part(T, H, D, g, part, context, w);
        for (int t = 0; t < T; t++)
            for (int o = 0; o < C; o++)
                output[t][o] += part[t][o];
    }
    free(part);
}
#endif

#endif
