/* gpt2_steps.c: the losses that make test-gpt2 compares with published ones.
 *
 *     gpt2_steps MODEL loss "50256 15496 …"    the mean loss of these tokens after the first
 *     gpt2_steps MODEL steps "50256 5962 …"    257 tokens, and ten steps of AdamW on them: the
 *                                              loss before each step, one per line
 *
 * Forward, backward and AdamW are chapter 14's. The settings are those of the published run, not
 * those of `make train`: beta2 is 0.999, every parameter decays, the gradient is not clipped, the
 * rate stays the same. */
#include "../src/14_training.h"

enum { STEPS = 10, ROWS = 4, PLACES = 64 };

/* The model's weights, copied to where they may be changed. */
static struct learner learner_from(const struct checkpoint *m)
{
    const struct config *c = &m->config;
    const bool tied = m->weights.lm_head == m->weights.wte;
    struct learner l = new_learner(c, tied);
    for (int i = 0; i < tensor_count(c); i++)
        memcpy(get_tensor(&l.weights, c, i), get_tensor(&m->weights, c, i),
               tensor_place(c, i).size * sizeof(float));
    if (!tied)
        memcpy(l.weights.lm_head, m->weights.lm_head,
               tensor_place(c, 0).size * sizeof(float));
    return l;
}

static double mean(int n, const float x[n])
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)x[i];
    return sum / n;
}

/* Each token after the first is predicted from all before it: n - 1 losses. */
static void print_loss(const struct checkpoint *m, int n, const int ids[n])
{
    const int T = n - 1, V = m->config.V;
    struct fast_pass p = new_fast_pass(1, T, &m->config);
    float losses[T];
    fast_forward(&m->config, &p, ids, &m->weights);
    const float(*logits)[V] = p.logits;
    for (int t = 0; t < T; t++)
        losses[t] = cross_entropy(V, logits[t], ids[t + 1]);
    printf("%.6f\n", mean(T, losses));
    free_fast_pass(&p, &m->config);
}

/* ids[r * PLACES + t] is read at place t of row r; the token to predict there is the next one,
 * which for the last place is the first of the next row. */
static void print_steps(const struct checkpoint *m, const int ids[ROWS * PLACES + 1])
{
    const struct config *c = &m->config;
    const struct adamw a = {
        .rate = 1e-4f, .beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 1e-8f, .decay = 0.01f};
    enum { R = ROWS * PLACES };
    struct learner l = learner_from(m);
    struct fast_pass p = new_fast_pass(ROWS, PLACES, c);
    struct backward_work work = new_backward_work(R, c);
    float losses[R];
    for (long step = 1; step <= STEPS; step++) {
        memset(l.g, 0, l.count * sizeof *l.g);
        fast_forward(c, &p, ids, &l.weights);
        losses_backward(c, &p, losses, ids + 1, R);
        fast_backward(c, &l.gradients, &p, ids, &l.weights, &work);
        adamw_step(l.count, l.w, l.m, l.v, l.g, step, &a);
        printf("%.6f\n", mean(R, losses));
        fflush(stdout);
    }
    free_backward_work(&work);
    free_fast_pass(&p, c);
    free_learner(&l);
}

int main(int argc, char **argv)
{
    const char *what = argc == 4 ? argv[2] : "";
    const bool steps = strcmp(what, "steps") == 0;
    if (!steps && strcmp(what, "loss") != 0)
        die("expected: gpt2_steps MODEL loss|steps IDS");
    struct checkpoint m = load_checkpoint(argv[1]);
    struct ids ids = {0};
    parse_ids(argv[3], "IDS", &ids);
    for (size_t i = 0; i < ids.count; i++)
        if (ids.id[i] >= m.config.V)
            die("IDS: %d is not a token of this model", ids.id[i]);
    if (steps && (ids.count != ROWS * PLACES + 1 || m.config.positions < PLACES))
        die("steps: %zu ids, expected %d, and a context of at least %d", ids.count,
            ROWS * PLACES + 1, PLACES);
    if (ids.count < 2 || (!steps && ids.count > (size_t)m.config.positions + 1))
        die("loss: %zu ids, expected 2 to %d", ids.count, m.config.positions + 1);
    if (steps)
        print_steps(&m, ids.id);
    else
        print_loss(&m, (int)ids.count, ids.id);
    free(ids.id);
    free_checkpoint(&m);
    finish_output();
    return 0;
}
