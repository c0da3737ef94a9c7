/* bench_14.c: what `make bench-14` times: for each line on standard input, the seconds that one
 * round of the work took, on standard output.
 *
 *     bench_14 step L H C T B V     a training step: forward, backward, clipping, AdamW
 *     bench_14 product M K N        [M, K] times [K, N]
 *     bench_14 peak                 1e10 floating-point operations that wait for nothing, a thread
 */
#include "../src/14_training.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static float small(size_t i)
{
    return (float)((i * 2654435761u >> 8) % 1024) / 512 - 1;
}

static struct learner learner;
static struct fast_pass pass;
static struct backward_work work;
static int *ids, *targets;
static float *losses;

static void step(void)
{
    const struct config *c = &learner.config;
    const int R = pass.B * pass.T;
    memset(learner.g, 0, learner.count * sizeof *learner.g);
    fast_forward(c, &pass, ids, &learner.weights);
    losses_backward(c, &pass, losses, targets, R);
    fast_backward(c, &learner.gradients, &pass, ids, &learner.weights, &work);
    clip(learner.count, learner.g, 1);
    learn(&learner, &(struct adamw){1e-3f, 0.9f, 0.98f, 1e-8f, 0.01f});
}

static int M, K, N;
static float *a, *b, *c;

static void one_product(void)
{
    product(M, K, N, (void *)c, (void *)a, (void *)b, NULL);
}

/* Chains of multiply-adds that do not wait for each other: the most that the cores can do. */
static volatile float sink;
static void peak(void)
{
    enum { CHAINS = 12 };
    const long rounds = 10000000000 / (2 * CHAINS * LANES);
    OMP(parallel)
    {
        lanes s[CHAINS];
        const lanes x = spread(0.999f), y = spread(0.001f);
        for (int i = 0; i < CHAINS; i++)
            s[i] = spread((float)i);
        for (long r = 0; r < rounds; r++) {
#pragma GCC unroll 16
            for (int i = 0; i < CHAINS; i++)
                s[i] = s[i] * x + y;
        }
        for (int i = 0; i < CHAINS; i++)
            sink = s[i][0];
    }
}

int main(int argc, char **argv)
{
    void (*work_once)(void) = NULL;
    long n[6] = {0};
    for (int i = 2; i < argc && i < 8; i++)
        n[i - 2] = strtol(argv[i], NULL, 10);
    if (argc == 8 && strcmp(argv[1], "step") == 0) {
        const struct config config = {.positions = (int)n[3],
                                      .V = (int)n[5],
                                      .C = (int)n[2],
                                      .H = (int)n[1],
                                      .L = (int)n[0],
                                      .F = 4 * (int)n[2],
                                      .epsilon = 1e-5f};
        const int B = (int)n[4], T = (int)n[3], R = B * T;
        learner = new_learner(&config, true);
        for (size_t i = 0; i < learner.count; i++)
            learner.w[i] = small(i) * 0.05f;
        pass = new_fast_pass(B, T, &config);
        work = new_backward_work(R, &config);
        ids = grab((size_t)R, sizeof *ids);
        targets = grab((size_t)R, sizeof *targets);
        losses = grab((size_t)R, sizeof *losses);
        for (int i = 0; i < R; i++) {
            ids[i] = (i * 7919) % config.V;
            targets[i] = (i * 104729) % config.V;
        }
        work_once = step;
    } else if (argc == 5 && strcmp(argv[1], "product") == 0) {
        M = (int)n[0], K = (int)n[1], N = (int)n[2];
        a = grab((size_t)M * (size_t)K, sizeof *a);
        b = grab((size_t)K * (size_t)N, sizeof *b);
        c = grab((size_t)M * (size_t)N, sizeof *c);
        for (size_t i = 0; i < (size_t)M * (size_t)K; i++)
            a[i] = small(i);
        for (size_t i = 0; i < (size_t)K * (size_t)N; i++)
            b[i] = small(i + 7);
        work_once = one_product;
    } else if (argc == 2 && strcmp(argv[1], "peak") == 0)
        work_once = peak;
    else
        die("expected: bench_14 step L H C T B V | product M K N | peak");
    work_once();
    work_once();
    for (char line[16]; fgets(line, sizeof line, stdin);) {
        const double start = seconds();
        work_once();
        printf("%.9f\n", seconds() - start);
        fflush(stdout);
    }
    return 0;
}
