/* bench_13.c: what `make bench-13` times, of the finished program's parts at GPT-2 small's shape.
 *
 *     bench_13 write DIR            a checkpoint of that shape, its weights made by a hash
 *     bench_13 decode DIR KIND T N  the prompt of T tokens is read, then N more one by one: these
 *                                   are timed
 *     bench_13 prefill DIR KIND T   T tokens, and the logits after the last
 *                                   (KIND: of weights, f32, bf16 or int8)
 *     bench_13 bandwidth            500 MB are read, and nothing else: GB a second at most
 *
 * For each line on standard input, the seconds that one round took, on standard output. */
#include "../src/13_gpt2.h"
#include "hash_weights.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct gpt2 g;
static int T, N;
static int *ids;

static double decode(void)
{
    g.read = 0;
    begin_text(&g, T, ids);
    catch_up(&g);
    const double start = seconds();
    for (int n = 0; n < N; n++) {
        g.ids[g.count++] = likeliest(g.model.config.V, g.logits);
        catch_up(&g);
    }
    return seconds() - start;
}

static double prefill(void)
{
    g.read = 0;
    begin_text(&g, T, ids);
    const double start = seconds();
    catch_up(&g);
    return seconds() - start;
}

/* Sums in many registers that wait for nothing but the memory, of which each thread reads
 * several places at once, each straight on: nothing was found to be faster. */
static float *memory;
static volatile float sink;
enum { FLOATS = 125000000 };

static double bandwidth(void)
{
    const double start = seconds();
    const int threads = thread_count();
    const size_t run = FLOATS / (size_t)threads / STREAMS / LANES * LANES;
    OMP(parallel for)
    for (int t = 0; t < threads; t++) {
        const float *const from = memory + (size_t)t * STREAMS * run;
        lanes s[STREAMS] = {{0}};
        for (size_t o = 0; o < run; o += LANES)
            for (size_t i = 0; i < STREAMS; i++)
                s[i] += load(from + i * run + o);
        for (int i = 1; i < STREAMS; i++)
            s[0] += s[i];
        sink = add_lanes(s[0]);
    }
    return seconds() - start;
}

static void write_model(const char *folder)
{
    const struct config c = gpt2_small();
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = hash_weights(&c, flat);
    write_checkpoint(folder, &c, &w);
    free_weights(&w);
    free(flat);
}

int main(int argc, char **argv)
{
    program_name = "bench_13";
    double (*round)(void) = NULL;
    if (argc == 3 && strcmp(argv[1], "write") == 0) {
        write_model(argv[2]);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "bandwidth") == 0) {
        memory = grab(FLOATS, sizeof *memory);
        OMP(parallel for)
        for (size_t i = 0; i < FLOATS; i++)
            memory[i] = 1;
        round = bandwidth;
    } else if (argc >= 5) {
        T = atoi(argv[4]);
        N = argc > 5 ? atoi(argv[5]) : 0;
        round = strcmp(argv[1], "decode") == 0 ? decode : prefill;
        open_gpt2(&g, argv[2], false, false, parse_kind(argv[3]));
        if (T < 1 || T + N > g.model.config.positions)
            die("%s: expected 1 to %d tokens", argv[4], g.model.config.positions);
        ids = grab((size_t)T, sizeof *ids);
        for (int t = 0; t < T; t++)
            ids[t] = (t * 7919) % g.model.config.V;
    } else
        die("expected: bench_13 write DIR | decode DIR KIND T N | prefill DIR KIND T | "
            "bandwidth");
    round();
    for (char line[16]; fgets(line, sizeof line, stdin);) {
        printf("%.9f\n", round());
        fflush(stdout);
    }
    return 0;
}
