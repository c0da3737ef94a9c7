/* 12_speed.c: the same product by plain loops and by tiles; the same prompt by the teaching
 * pass and by the fast one. */
#include "09_stack.h"
#include "12_speed.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* x · w + b once by chapter 6's loops and once by tiles: how many multiply-adds a second. */
static void compare_products(int R, int I, int O, const float w[I][O], const float b[O])
{
    float(*x)[I] = grab((size_t)R, sizeof *x), (*slow)[O] = grab((size_t)R, sizeof *slow),
    (*fast)[O] = grab((size_t)R, sizeof *fast);
    for (int r = 0; r < R; r++)
        for (int i = 0; i < I; i++)
            x[r][i] = (float)((r * 31 + i * 17) % 64 - 32) / 32;
    double best[2] = {1e9, 1e9};
    for (int kind = 0; kind < 2; kind++)
        for (int round = 0; round < 5; round++) {
            const double start = seconds();
            if (kind == 0)
                linear(R, I, O, slow, x, w, b);
            else
                product(R, I, O, fast, x, w, b);
            const double spent = seconds() - start;
            best[kind] = spent < best[kind] ? spent : best[kind];
        }
    const double work = 1e-9 * R * I * O;
    printf("  plain loops   %8.1f billion multiply-adds a second\n", work / best[0]);
    printf("  tiles         %8.1f, %d thread%s: %.1f times as many\n", work / best[1],
           thread_count(), thread_count() > 1 ? "s" : "", best[0] / best[1]);
    printf("  both %s\n", first_disagreement((size_t)R * (size_t)O, fast[0], slow[0]) < 0
                              ? "agree"
                              : "DISAGREE");
    free(x);
    free(slow);
    free(fast);
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 12_speed [options]", &o, NULL, 0);
    struct reading r = open_reading(&o);
    const struct config *c = &r.model.config;
    const struct weights *w = &r.model.weights;
    /* The prompt over and over, until it fills the context: what takes time in earnest. */
    const int T = c->positions < 512 ? c->positions : 512;
    int *ids = grab((size_t)T, sizeof *ids);
    for (int t = 0; t < T; t++)
        ids[t] = r.prompt.ids[t % r.prompt.count];

    heading("1 One product", "[%d, %d] times c_fc of the first block, [%d, %d]", 512,
            c->C, c->C, c->F);
    compare_products(512, c->C, c->F, w->h[0].mlp_c_fc_weight, w->h[0].mlp_c_fc_bias);

    heading("2 The whole model",
            "the prompt again and again, %d tokens, from ids to logits", T);
    struct stack slow = new_stack(T, c);
    struct fast_pass fast = new_fast_pass(1, T, c);
    double best[2] = {1e9, 1e9};
    for (int kind = 0; kind < 2; kind++)
        for (int round = 0; round < 5; round++) {
            const double start = seconds();
            if (kind == 0)
                run_stack(T, c, &slow, ids, w);
            else
                fast_forward(c, &fast, ids, w);
            const double spent = seconds() - start;
            best[kind] = spent < best[kind] ? spent : best[kind];
        }
    printf("  teaching pass %8.2f ms\n  fast pass     %8.2f ms: %.1f times as fast\n",
           1e3 * best[0], 1e3 * best[1], best[0] / best[1]);
    const bool same =
        first_disagreement((size_t)T * (size_t)c->V, fast.logits, slow.logits) < 0;
    printf("  all %d logits %s\n", T * c->V, same ? "agree" : "DISAGREE");
    free_fast_pass(&fast, c);
    free_stack(&slow);
    free(ids);
    close_reading(&r);
    finish_output();
    return 0;
}
