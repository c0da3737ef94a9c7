/* Tests of chapter 14: the loss, the way back through every layer, AdamW, the program that
 * trains, and the exercises. */
#include "exercise.h"
#include "../src/09_stack.h"
#include "../src/14_training.h"
#include "reference.h"
#include "mistakes/14_training.h"
#include "right/14_training.h"

/* ---- Exercises --------------------------------------------------------------------- */

static char *const tokens[] = {"A", "␣robot", "␣must", "␣obey", "␣orders", "␣given"};

/* Some numbers, always the same, between -scale and scale. */
static float some(unsigned *state, float scale)
{
    *state = *state * 1664525u + 1013904223u;
    return ((float)(*state >> 8) / 8388608 - 1) * scale;
}

static float *some_floats(size_t n, unsigned *state, float scale, float middle)
{
    float *x = grab(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = some(state, scale) + middle;
    return x;
}

/* n numbers in double precision as floats, to record beside what came out. */
static float *as_floats(size_t n, const double *x)
{
    float *y = grab(n, sizeof *y);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)x[i];
    return y;
}

static double log_of_all(int V, const float *logits)
{
    double largest = (double)logits[0], sum = 0;
    for (int v = 1; v < V; v++)
        largest = fmax(largest, (double)logits[v]);
    for (int v = 0; v < V; v++)
        sum += exp((double)logits[v] - largest);
    return log(sum) + largest;
}

/* Places of both exercises about the loss. Without logits: V numbers by chance. */
static const struct {
    const char *about;
    int V, target;
    float share, spread, logits[6];
} places[] = {
    {"two logits 0", 2, 1, 1, 0, {0, 0}},
    {"the chapter's example: 4 tokens", 4, 2, 0.25f, 0, {2, 1, 0, -1}},
    {"6 tokens, the target is the likeliest", 6, 4, 0.1f, 0, {-1, 0.5f, 2, -3, 2.5f, 1}},
    {"5 tokens, the target is the first", 5, 0, 0.5f, 0, {0.5f, 1.5f, -2, 0, 1}},
    {"3 tokens, the target is the last", 3, 2, 2, 0, {0.5f, 1.5f, -1}},
    {"6 tokens that are equally likely", 6, 3, 0.5f, 0, {7, 7, 7, 7, 7, 7}},
    /* e^89 is infinite in a float, e^-104 is 0 */
    {"large logits", 4, 3, 0.25f, 0, {180, 199, 200, 100}},
    {"very negative logits", 3, 1, 1, 0, {-120, -200, -150}},
    {"all logits next to -200", 3, 1, 1, 0, {-197, -200, -198.5f}},
    {"logits as far apart as can be", 3, 0, 0.5f, 0, {-200, 200, 150}},
    {"the likeliest is the last", 4, 1, 0.5f, 0, {-150, -170, -160, -20}},
    /* more than a fixed buffer; not by 4, 8 or 16 */
    {"2003 tokens", 2003, 1999, 0.125f, 5, {0}},
    {"257 tokens, logits up to 200", 257, 255, 1, 200, {0}},
    {"50257 tokens", 50257, 50256, 0.001f, 8, {0}},
    {"3 tokens again", 3, 0, 0.25f, 0, {-1, 0.5f, 1}},
};

enum { PLACES = sizeof places / sizeof *places };

static float *logits_of(size_t place)
{
    unsigned state = 3;
    float *logits = some_floats((size_t)places[place].V, &state, places[place].spread, 0);
    if (places[place].spread == 0)
        memcpy(logits, places[place].logits, (size_t)places[place].V * sizeof *logits);
    else /* the smallest: its loss is large, so that no rounding of the largest shows */
        logits[places[place].target] = -places[place].spread;
    return logits;
}

static void probe_cross_entropy(any_function f, struct outcome *o)
{
    for (size_t i = 0; i < PLACES; i++) {
        const int V = places[i].V, target = places[i].target;
        float *from = logits_of(i);
        situation(o, "%s, the target is token %d", places[i].about, target);
        const float *logits = given(o, "logits", AXES({V, NULL}), FLOATS, from);
        const float loss = TESTED(cross_entropy, f)(V, logits, target);
        record_number(o, "loss", (double)loss,
                      log_of_all(V, from) - (double)from[target]);
        free(from);
    }
}

static void probe_cross_entropy_backward(any_function f, struct outcome *o)
{
    for (size_t i = 0; i < 2 * PLACES; i++) {
        const size_t k = i / 2;
        const int V = places[k].V, target = places[k].target;
        const float share = places[k].share;
        const bool same = i % 2 == 1; /* the logits are read while they are overwritten */
        float *from = logits_of(k), *want = grab((size_t)V, sizeof *want);
        const double all = log_of_all(V, from);
        situation(o, "%s, the target is token %d, share %g%s", places[k].about, target,
                  (double)share, same ? ", dlogits and logits are one array" : "");
        for (int v = 0; v < V; v++)
            want[v] =
                (float)((exp((double)from[v] - all) - (v == target)) * (double)share);
        float *dlogits = same ? changed(o, "logits", AXES({V, NULL}), FLOATS, from)
                              : written(o, "dlogits", AXES({V, NULL}), FLOATS);
        const float *logits =
            same ? dlogits : given(o, "logits", AXES({V, NULL}), FLOATS, from);
        TESTED(cross_entropy_backward, f)(V, dlogits, logits, target, share);
        record(o, "dlogits", AXES({V, V <= 6 ? tokens : NULL}), dlogits, want);
        free(from);
        free(want);
    }
}

/* What layer_norm_backward adds, in double precision. */
static void norm_gradient(int R, int C, double *dx, double *dweight, double *dbias,
                          const float *dy, const float *x, const float *weight,
                          double epsilon)
{
    for (int r = 0; r < R; r++) {
        const float *row = x + r * C, *d = dy + r * C;
        double mean = 0, spread = 0, g_mean = 0, gn_mean = 0;
        for (int c = 0; c < C; c++)
            mean += (double)row[c] / C;
        for (int c = 0; c < C; c++)
            spread += ((double)row[c] - mean) * ((double)row[c] - mean) / C;
        const double deviation = sqrt(spread + epsilon);
        for (int c = 0; c < C; c++) {
            const double n = ((double)row[c] - mean) / deviation;
            g_mean += (double)d[c] * (double)weight[c] / C;
            gn_mean += (double)d[c] * (double)weight[c] * n / C;
            dweight[c] += (double)d[c] * n;
            dbias[c] += (double)d[c];
        }
        for (int c = 0; c < C; c++) {
            const double n = ((double)row[c] - mean) / deviation;
            dx[r * C + c] +=
                ((double)d[c] * (double)weight[c] - g_mean - n * gn_mean) / deviation;
        }
    }
}

/* One case: dx, dweight and dbias begin with `start`. */
static void try_layer_norm_backward(any_function f, struct outcome *o, int R, int C,
                                    const float *start, const float *dy, const float *x,
                                    const float *weight, float epsilon)
{
    const size_t n = (size_t)R * (size_t)C;
    double *want[3];
    for (int k = 0; k < 3; k++) {
        want[k] = grab(n, sizeof(double));
        for (size_t i = 0; i < n; i++)
            want[k][i] = (double)start[i];
    }
    norm_gradient(R, C, want[0], want[1], want[2], dy, x, weight, (double)epsilon);
    float(*dx)[C] = changed(o, "dx", AXES({R, NULL}, {C, NULL}), FLOATS, start);
    float *dweight = changed(o, "dweight", AXES({C, NULL}), FLOATS, start),
          *dbias = changed(o, "dbias", AXES({C, NULL}), FLOATS, start);
    const float(*dy_)[C] = given(o, "dy", AXES({R, NULL}, {C, NULL}), FLOATS, dy),
          (*x_)[C] = given(o, "x", AXES({R, NULL}, {C, NULL}), FLOATS, x);
    const float *w = given(o, "weight", AXES({C, NULL}), FLOATS, weight);
    TESTED(layer_norm_backward, f)(R, C, dx, dweight, dbias, dy_, x_, w, epsilon);
    float *wanted[3];
    for (int k = 0; k < 3; k++) {
        wanted[k] = as_floats(k ? (size_t)C : n, want[k]);
        free(want[k]);
    }
    record(o, "dx", AXES({R, NULL}, {C, NULL}), dx, wanted[0]);
    record(o, "dweight", AXES({C, NULL}), dweight, wanted[1]);
    record(o, "dbias", AXES({C, NULL}), dbias, wanted[2]);
    for (int k = 0; k < 3; k++)
        free(wanted[k]);
}

static void probe_layer_norm_backward(any_function f, struct outcome *o)
{
    static const struct {
        int R, C;
        float epsilon, before; /* what is in dx, dweight and dbias already, up to this */
        float middle;          /* of x */
    } all[] = {
        {1, 3, 0.5f, 0, 1},     {3, 4, 0.25f, 1, 1},       {4, 6, 1e-5f, 2, 1},
        {5, 1, 0.5f, 1, 1},    /* one channel: nothing gets through */
        {3, 131, 1e-5f, 1, 1}, /* more than a fixed buffer; not by 4 or 8 */
        {2, 1031, 1e-5f, 1, 1}, {301, 3, 0.125f, 0.5f, 1}, /* many rows: all have a say in dweight and dbias */
        {3, 7, 1e-5f, 1, 300}, /* far from 0: the mean of squares less a square is nothing */
        {2, 3, 0.5f, 1, 1},    /* smaller again */
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const int R = all[i].R, C = all[i].C;
        const size_t n = (size_t)R * (size_t)C, row = (size_t)C;
        unsigned state =
            7 + (unsigned)i + (all[i].middle > 1); /* as its error was measured */
        float *dy = some_floats(n, &state, 2, 0),
              *x = some_floats(n, &state, 2, all[i].middle),
              *start = some_floats(n, &state, all[i].before, 0),
              *weight = some_floats(row, &state, 1.5f, 0.5f);
        situation(o, "R %d, C %d, epsilon %g, %s%s", R, C, (double)all[i].epsilon,
                  all[i].middle > 1 ? "x about 300, " : "",
                  all[i].before > 0 ? "dx, dweight and dbias hold something already"
                                    : "dx, dweight and dbias are 0");
        try_layer_norm_backward(f, o, R, C, start, dy, x, weight, all[i].epsilon);
        free(dy);
        free(x);
        free(start);
        free(weight);
    }
    static const float dy[] = {1, 0, -2, 3, 0.5f, 1}, start[] = {3, 4, -1, 0.5f, 2, -3},
                       ones[] = {1, 1, 1};
    situation(o, "the task's example, but dx is {3, 4} already");
    try_layer_norm_backward(f, o, 1, 2, start, dy, (const float[]){1, 3}, ones, 0);
    situation(o, "R 2, C 3, all numbers of x in a row are the same, epsilon 0.25");
    try_layer_norm_backward(f, o, 2, 3, start, dy, (const float[]){2, 2, 2, -1, -1, -1},
                            ones, 0.25f);
    situation(o, "R 2, C 3, dy is 0");
    try_layer_norm_backward(f, o, 2, 3, start, (const float[6]){0},
                            (const float[]){2, 1, 4, -1, 0, 1}, ones, 1e-5f);
    situation(o, "R 2, C 3, weight {0, -2, 1}");
    try_layer_norm_backward(f, o, 2, 3, start, dy, (const float[]){2, 1, 4, -1, 0, 1},
                            (const float[]){0, -2, 1}, 1e-5f);
    /* So many numbers that a copy of them has no room on the stack: only that is looked at. */
    const int R = 520, C = 512;
    unsigned state = 5;
    float *many = some_floats((size_t)R * (size_t)C, &state, 2, 1);
    situation(o, "R %d, C %d", R, C);
    float(*dx)[C] = changed(o, "dx", AXES({R, NULL}, {C, NULL}), FLOATS, many),
    *dweight = changed(o, "dweight", AXES({C, NULL}), FLOATS, many),
    *dbias = changed(o, "dbias", AXES({C, NULL}), FLOATS, many);
    const float(*above)[C] = given(o, "dy", AXES({R, NULL}, {C, NULL}), FLOATS, many),
          (*x)[C] = given(o, "x", AXES({R, NULL}, {C, NULL}), FLOATS, many),
          *weight = given(o, "weight", AXES({C, NULL}), FLOATS, many);
    TESTED(layer_norm_backward, f)(R, C, dx, dweight, dbias, above, x, weight, 1e-5f);
    free(many);
}

/* One case: a step from these w, m and v, which become what they should. */
static void try_adamw_step(any_function f, struct outcome *o, int n, float *w, float *m,
                           float *v, const float *g, long t, const struct adamw *a)
{
    const double beta1 = (double)a->beta1, beta2 = (double)a->beta2;
    double *want[3];
    for (int k = 0; k < 3; k++)
        want[k] = grab((size_t)n, sizeof(double));
    for (int i = 0; i < n; i++) {
        const double d = (double)g[i], old = (double)w[i];
        want[1][i] = beta1 * (double)m[i] + (1 - beta1) * d;
        want[2][i] = beta2 * (double)v[i] + (1 - beta2) * d * d;
        want[0][i] =
            old - (double)a->rate * (double)a->decay * old -
            (double)a->rate * (want[1][i] / (1 - pow(beta1, (double)t))) /
                (sqrt(want[2][i] / (1 - pow(beta2, (double)t))) + (double)a->epsilon);
    }
    float *got[3] = {changed(o, "w", AXES({n, NULL}), FLOATS, w),
                     changed(o, "m", AXES({n, NULL}), FLOATS, m),
                     changed(o, "v", AXES({n, NULL}), FLOATS, v)};
    const float *gradient = given(o, "g", AXES({n, NULL}), FLOATS, g);
    const struct adamw *settings = guarded_copy(o, "a", 1, sizeof *a, a);
    TESTED(adamw_step, f)((size_t)n, got[0], got[1], got[2], gradient, t, settings);
    static const char *const names[] = {"w", "m", "v"};
    float *const kept[3] = {w, m, v};
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < n; i++)
            kept[k][i] = (float)want[k][i];
        record(o, names[k], AXES({n, NULL}), got[k], kept[k]);
        free(want[k]);
    }
}

static void probe_adamw_step(any_function f, struct outcome *o)
{
    static const struct adamw settings[] = {{0.1f, 0.9f, 0.5f, 0.25f, 0.5f},
                                            {0.05f, 0.5f, 0.9f, 1e-8f, 0.2f}};
    static const float gradients[3][4] = {
        {1, -0.5f, 2, 0.25f}, {-0.5f, -1, 1, 0.75f}, {2, 0.5f, -1, 0.25f}};
    /* The first steps, from nothing: each from where the right one before it led. */
    for (int k = 0; k < 2; k++) {
        float w[4] = {1, -2, 0.5f, 3}, m[4] = {0}, v[4] = {0};
        for (int t = 1; t <= 3; t++) {
            const struct adamw *a = &settings[k];
            situation(o, "step %d, rate %g, beta1 %g, beta2 %g, epsilon %g, decay %g", t,
                      (double)a->rate, (double)a->beta1, (double)a->beta2,
                      (double)a->epsilon, (double)a->decay);
            try_adamw_step(f, o, 4, w, m, v, gradients[t - 1], t, a);
        }
    }
    static const struct {
        const char *about;
        int n;
        long t;
        struct adamw a;
        float w, m, v, g; /* as large as this */
    } all[] = {
        {"the task's example", 1, 1, {0.1f, 0.9f, 0.99f, 0, 0}, 1, 0, 0, 0.5f},
        {"the task's example, decay 0.5",
         1,
         1,
         {0.1f, 0.9f, 0.99f, 0, 0.5f},
         1,
         0,
         0,
         0.5f},
        /* a late step: both corrections are nearly 1, the powers nearly 0 */
        {"step 7", 5, 7, {0.1f, 0.9f, 0.98f, 1e-8f, 0.1f}, 2, 1, 1, 1},
        {"step 300", 131, 300, {0.01f, 0.9f, 0.99f, 1e-8f, 0.1f}, 1, 1, 1, 1},
        {"step 100000", 3, 100000, {0.1f, 0.9f, 0.999f, 1e-8f, 0.1f}, 1, 1, 1, 1},
        {"step 1 after a later one", 4, 1, {0.1f, 0.8f, 0.95f, 0.5f, 0.1f}, 1, 0, 0, 2},
        /* nothing to divide but epsilon */
        {"no gradient yet", 3, 2, {0.1f, 0.9f, 0.99f, 0.25f, 0.5f}, 1, 0, 0, 0},
        {"no gradient now", 3, 4, {0.1f, 0.9f, 0.99f, 0.25f, 0.5f}, 1, 1, 1, 0},
        {"tiny gradients", 3, 1, {0.1f, 0.9f, 0.99f, 0.001f, 0}, 1, 0, 0, 0.0004f},
        {"large gradients", 3, 2, {0.1f, 0.9f, 0.99f, 0.5f, 0.5f}, 1, 20, 400, 3000},
        {"beta1 0: the gradient itself", 3, 3, {0.1f, 0, 0.5f, 0.25f, 0.5f}, 1, 1, 1, 1},
        /* more than a fixed buffer; not by 4 or 8 */
        {"2003 weights", 2003, 2, {0.01f, 0.75f, 0.875f, 1e-8f, 0.5f}, 1, 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const size_t n = (size_t)all[i].n;
        unsigned state = 5 + (unsigned)i;
        float *w = some_floats(n, &state, all[i].w, 0),
              *m = some_floats(n, &state, all[i].m, 0),
              *v = some_floats(n, &state, all[i].v / 2, all[i].v / 2),
              *g = some_floats(n, &state, all[i].g, 0);
        if (n == 1)
            *w = all[i].w, *g = all[i].g;
        situation(o, "%s", all[i].about);
        try_adamw_step(f, o, all[i].n, w, m, v, g, all[i].t, &all[i].a);
        free(w);
        free(m);
        free(v);
        free(g);
    }
}

/* One case: the weights are what softmax gives for q and k. */
static void try_attend_backward(any_function f, struct outcome *o, int T, int D,
                                const float *dcontext, const float *q, const float *k,
                                const float *v)
{
    const size_t n = (size_t)T * (size_t)D, square = (size_t)T * (size_t)T;
    double *dq = grab(n, sizeof *dq), *dk = grab(n, sizeof *dk),
           *dv = grab(n, sizeof *dv), *dweights = grab((size_t)T, sizeof *dweights);
    float *weights = grab(square, sizeof *weights);
    for (int t = 0; t < T; t++) {
        float *row = weights + (size_t)t * (size_t)T;
        double sum = 0, average = 0, largest = -INFINITY;
        for (int s = 0; s <= t; s++) {
            dweights[s] = 0;
            for (int i = 0; i < D; i++)
                dweights[s] += (double)q[t * D + i] * (double)k[s * D + i] / sqrt(D);
            largest = fmax(largest, dweights[s]);
        }
        for (int s = 0; s <= t; s++)
            sum += exp(dweights[s] - largest);
        for (int s = 0; s <= t; s++) {
            row[s] = (float)(exp(dweights[s] - largest) / sum);
            dweights[s] = 0;
            for (int i = 0; i < D; i++) {
                dweights[s] += (double)dcontext[t * D + i] * (double)v[s * D + i];
                dv[s * D + i] += (double)row[s] * (double)dcontext[t * D + i];
            }
            average += (double)row[s] * dweights[s];
        }
        for (int s = 0; s <= t; s++)
            for (int i = 0; i < D; i++) {
                const double d = (double)row[s] * (dweights[s] - average) / sqrt(D);
                dq[t * D + i] += d * (double)k[s * D + i];
                dk[s * D + i] += d * (double)q[t * D + i];
            }
    }
#define ROWS AXES({T, NULL}, {D, NULL})
    float(*got[3])[D] = {written(o, "dq", ROWS, FLOATS), written(o, "dk", ROWS, FLOATS),
                         written(o, "dv", ROWS, FLOATS)};
    const float(*dc_)[D] = given(o, "dcontext", ROWS, FLOATS, dcontext),
          (*w_)[T] = given(o, "weights", AXES({T, NULL}, {T, NULL}), FLOATS, weights),
          (*q_)[D] = given(o, "q", ROWS, FLOATS, q),
          (*k_)[D] = given(o, "k", ROWS, FLOATS, k),
          (*v_)[D] = given(o, "v", ROWS, FLOATS, v);
    TESTED(attend_backward, f)(T, D, got[0], got[1], got[2], dc_, w_, q_, k_, v_);
    static const char *const names[] = {"dq", "dk", "dv"};
    double *const want[3] = {dq, dk, dv};
    for (int i = 0; i < 3; i++) {
        float *wanted = as_floats(n, want[i]);
        record(o, names[i], ROWS, got[i], wanted);
        free(wanted);
        free(want[i]);
    }
#undef ROWS
    free(dweights);
    free(weights);
}

static void probe_attend_backward(any_function f, struct outcome *o)
{
    static const struct {
        int T, D;
        const char *about;
        float
            wide; /* how large q and k are: the larger, the more one weight has it all */
    } all[] = {
        {2, 1, "", 1},
        {3, 2, "", 1},
        {5, 3, "", 1},
        {9, 8, "", 2},
        {4, 5, ", each token looks mostly at one", 7},
        {523, 2, "", 1}, /* more than a fixed buffer; not by 4 or 8 */
        {7, 131, "", 0.5f},
        {3, 3, ", smaller again", 1},
    };
    static const float q[] = {0, 0, 0, 2}, k[] = {1, 1, 3, 1}, v[] = {1, 0, 3, 0},
                       d[] = {0, 0, 1, 0};
    situation(o, "the task's example");
    try_attend_backward(f, o, 2, 2, d, q, k, v);
    situation(o, "1 token, D 2"); /* only v has a say; whole numbers, so that 0 is 0 */
    try_attend_backward(f, o, 1, 2, k, k, v, k);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const size_t n = (size_t)all[i].T * (size_t)all[i].D;
        unsigned state = 9 + (unsigned)i;
        float *x[4];
        for (int j = 0; j < 4; j++)
            x[j] = some_floats(n, &state, j == 1 || j == 2 ? all[i].wide : 1, 0);
        situation(o, "%d tokens, D %d%s", all[i].T, all[i].D, all[i].about);
        try_attend_backward(f, o, all[i].T, all[i].D, x[0], x[1], x[2], x[3]);
        if (all[i].T == 5) { /* what is masked has no say: the loss is the last token's */
            memset(x[0], 0, (n - (size_t)all[i].D) * sizeof(float));
            situation(o, "%d tokens, D %d, dcontext is 0 but for the last", all[i].T,
                      all[i].D);
            try_attend_backward(f, o, all[i].T, all[i].D, x[0], x[1], x[2], x[3]);
        }
        for (int j = 0; j < 4; j++)
            free(x[j]);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(cross_entropy),
     {MISTAKE(wrong_cross_entropy_no_maximum), MISTAKE(wrong_cross_entropy_maximum_lost),
      MISTAKE(wrong_cross_entropy_sign), MISTAKE(wrong_cross_entropy_no_logarithm),
      MISTAKE(wrong_cross_entropy_bits), MISTAKE(wrong_cross_entropy_likeliest),
      MISTAKE(wrong_cross_entropy_only_the_logit), MISTAKE(wrong_cross_entropy_mean),
      MISTAKE(wrong_cross_entropy_softmax_twice),
      MISTAKE(wrong_cross_entropy_probability), MISTAKE(wrong_cross_entropy_p_is_0),
      MISTAKE(wrong_cross_entropy_largest_from_0),
      MISTAKE(wrong_cross_entropy_others_only)},
     {RIGHT(right_cross_entropy_hints), RIGHT(right_cross_entropy_double),
      RIGHT(right_cross_entropy_one_pass), RIGHT(right_cross_entropy_differences),
      RIGHT(right_cross_entropy_two_by_two)}},
    {EXERCISE(cross_entropy_backward),
     {MISTAKE(wrong_cross_entropy_backward_no_target),
      MISTAKE(wrong_cross_entropy_backward_no_share),
      MISTAKE(wrong_cross_entropy_backward_share_of_p_only),
      MISTAKE(wrong_cross_entropy_backward_sign),
      MISTAKE(wrong_cross_entropy_backward_no_maximum),
      MISTAKE(wrong_cross_entropy_backward_not_divided),
      MISTAKE(wrong_cross_entropy_backward_divided_by_V),
      MISTAKE(wrong_cross_entropy_backward_of_the_probability),
      MISTAKE(wrong_cross_entropy_backward_adds),
      MISTAKE(wrong_cross_entropy_backward_target_only),
      MISTAKE(wrong_cross_entropy_backward_one_everywhere),
      MISTAKE(wrong_cross_entropy_backward_largest_from_0),
      MISTAKE(wrong_cross_entropy_backward_overwritten)},
     {RIGHT(right_cross_entropy_backward_hints),
      RIGHT(right_cross_entropy_backward_double),
      RIGHT(right_cross_entropy_backward_of_the_loss),
      RIGHT(right_cross_entropy_backward_softmax)}},
    {EXERCISE(layer_norm_backward),
     {MISTAKE(wrong_layer_norm_backward_no_mean),
      MISTAKE(wrong_layer_norm_backward_no_spread),
      MISTAKE(wrong_layer_norm_backward_neither),
      MISTAKE(wrong_layer_norm_backward_no_weight),
      MISTAKE(wrong_layer_norm_backward_mean_of_dy),
      MISTAKE(wrong_layer_norm_backward_spread_of_dy),
      MISTAKE(wrong_layer_norm_backward_means_of_dy),
      MISTAKE(wrong_layer_norm_backward_puts_dx),
      MISTAKE(wrong_layer_norm_backward_puts_weights),
      MISTAKE(wrong_layer_norm_backward_no_deviation),
      MISTAKE(wrong_layer_norm_backward_sums),
      MISTAKE(wrong_layer_norm_backward_weight_of_x),
      MISTAKE(wrong_layer_norm_backward_weight_twice),
      MISTAKE(wrong_layer_norm_backward_one_less),
      MISTAKE(wrong_layer_norm_backward_epsilon_outside),
      MISTAKE(wrong_layer_norm_backward_no_epsilon),
      MISTAKE(wrong_layer_norm_backward_sums_kept),
      MISTAKE(wrong_layer_norm_backward_bias_of_g),
      MISTAKE(wrong_layer_norm_backward_first_row)},
     {RIGHT(right_layer_norm_backward_hints), RIGHT(right_layer_norm_backward_double),
      RIGHT(right_layer_norm_backward_slopes), RIGHT(right_layer_norm_backward_parts)}},
    {EXERCISE(adamw_step),
     {MISTAKE(wrong_adamw_step_no_correction),
      MISTAKE(wrong_adamw_step_only_m_corrected),
      MISTAKE(wrong_adamw_step_decay_in_the_gradient),
      MISTAKE(wrong_adamw_step_epsilon_inside),
      MISTAKE(wrong_adamw_step_no_root),
      MISTAKE(wrong_adamw_step_no_square),
      MISTAKE(wrong_adamw_step_decay_whole),
      MISTAKE(wrong_adamw_step_no_decay),
      MISTAKE(wrong_adamw_step_betas_swapped),
      MISTAKE(wrong_adamw_step_from_zero),
      MISTAKE(wrong_adamw_step_uphill),
      MISTAKE(wrong_adamw_step_no_rest),
      MISTAKE(wrong_adamw_step_no_momentum),
      MISTAKE(wrong_adamw_step_decay_last),
      MISTAKE(wrong_adamw_step_epsilon_early),
      MISTAKE(wrong_adamw_step_keeps_corrected),
      MISTAKE(wrong_adamw_step_no_power),
      MISTAKE(wrong_adamw_step_next_step),
      MISTAKE(wrong_adamw_step_grows),
      MISTAKE(wrong_adamw_step_rest_squared),
      MISTAKE(wrong_adamw_step_not_kept)},
     {RIGHT(right_adamw_step_hints), RIGHT(right_adamw_step_double),
      RIGHT(right_adamw_step_part_of_the_way), RIGHT(right_adamw_step_in_the_rate)}},
    {EXERCISE(attend_backward),
     {MISTAKE(wrong_attend_backward_as_handed_out),
      MISTAKE(wrong_attend_backward_no_average),
      MISTAKE(wrong_attend_backward_plain_average),
      MISTAKE(wrong_attend_backward_no_scale), MISTAKE(wrong_attend_backward_scale_D),
      MISTAKE(wrong_attend_backward_no_weights), MISTAKE(wrong_attend_backward_turned_dk),
      MISTAKE(wrong_attend_backward_turned_dv), MISTAKE(wrong_attend_backward_last_dk),
      MISTAKE(wrong_attend_backward_average_kept)},
     {RIGHT(right_attend_backward_hints), RIGHT(right_attend_backward_matrices),
      RIGHT(right_attend_backward_context), RIGHT(right_attend_backward_slopes)}},
};

/* ---- The reference ------------------------------------------------------------------ */

/* Fails where n floats are further from a reference in double precision than 1e-4 of its
 * largest number, or than `more`. */
static void check_doubles(const struct stored_file *f, const char *name, int rank,
                          const struct axis *axes, const float *got, double more)
{
    double *want = reference_doubles(f, name, rank, axes);
    const size_t n = tensor_size(rank, axes);
    const double allowed = fmax(1e-4 * largest_finite(n, want), more);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(fabs((double)got[i] - want[i]) <= allowed,
                      "%s[%zu]: got %.8g, want %.8g", name, i, (double)got[i], want[i]);
    free(want);
}

static double option_of(const struct stored_file *f, const char *name)
{
    char *full = format_text("option.%s", name);
    double *number = reference_doubles(f, full, AXES({1, NULL})), value = *number;
    free(number);
    free(full);
    return value;
}

static struct adamw reference_adamw(const struct stored_file *f)
{
    return (struct adamw){(float)option_of(f, "lr"), (float)option_of(f, "beta1"),
                          (float)option_of(f, "beta2"), (float)option_of(f, "eps"),
                          (float)option_of(f, "weight_decay")};
}

START_TEST(the_loss_by_hand)
{
    const float logits[4] = {2, 1, 0, -1};
    float dlogits[4];
    ck_assert_float_eq_tol(cross_entropy(4, logits, 2), 2.4402f, 1e-4f);
    cross_entropy_backward(4, dlogits, logits, 2, 1);
    const float want[4] = {0.6439f, 0.2369f, -0.9129f, 0.0321f};
    for (int v = 0; v < 4; v++)
        ck_assert_float_eq_tol(dlogits[v], want[v], 1e-4f);
    /* x = (1, -1), half the gradient downhill: each logit moves by its own gradient. */
    const float x[1][2] = {{1, -1}}, w[2][4] = {{0}};
    float dx[1][2], dw[2][4] = {{0}}, db[4] = {0}, moved[4];
    linear_backward(1, 2, 4, dx, dw, db, (const float(*)[4])dlogits, x, w);
    for (int v = 0; v < 4; v++)
        moved[v] = logits[v] - 0.5f * dw[0][v] + 0.5f * dw[1][v];
    ck_assert_float_eq_tol(moved[2], 0.913f, 1e-3f);
    ck_assert_float_eq_tol(cross_entropy(4, moved, 2), 1.270f, 1e-3f);
    ck_assert_float_eq_tol(cross_entropy(1024, (float[1024]){0}, 5), 6.93147f, 1e-4f);
}
END_TEST

START_TEST(the_loss_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    enum { T = 5, V = 9 };
    const float(*logits)[V] = (void *)reference_floats(&want, "cross_entropy.logits",
                                                       AXES({T, NULL}, {V, NULL}));
    const int *targets = reference_ints(&want, "cross_entropy.targets", AXES({T, NULL}));
    float loss = 0, dlogits[T][V];
    for (int t = 0; t < T; t++) {
        loss += cross_entropy(V, logits[t], targets[t]) / T;
        cross_entropy_backward(V, dlogits[t], logits[t], targets[t], 1.0f / T);
    }
    check_doubles(&want, "cross_entropy.out", AXES({1, NULL}), &loss, 0);
    check_doubles(&want, "cross_entropy.dlogits", AXES({T, NULL}, {V, NULL}), dlogits[0],
                  0);
    close_stored(&want);
}
END_TEST

START_TEST(every_layer_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    enum { T = 5, C = 6, F = 7, H = 2, D = 3, V = 9 };
    {
        const float(*x)[C] =
            (void *)reference_floats(&want, "layer_norm.x", AXES({T, NULL}, {C, NULL}));
        const float(*dy)[C] = (void *)reference_floats(&want, "layer_norm.dout",
                                                       AXES({T, NULL}, {C, NULL}));
        const float *w = reference_floats(&want, "layer_norm.weight", AXES({C, NULL}));
        float dx[T][C] = {{0}}, dw[C] = {0}, db[C] = {0};
        layer_norm_backward(T, C, dx, dw, db, dy, x, w, 1e-5f);
        check_doubles(&want, "layer_norm.dx", AXES({T, NULL}, {C, NULL}), dx[0], 0);
        check_doubles(&want, "layer_norm.dweight", AXES({C, NULL}), dw, 0);
        check_doubles(&want, "layer_norm.dbias", AXES({C, NULL}), db, 0);
        memset(dx, 0, sizeof dx);
        memset(dw, 0, sizeof dw);
        memset(db, 0, sizeof db);
        norm_rows_backward(T, C, dx, dw, db, dy, x, w, 1e-5f);
        check_doubles(&want, "layer_norm.dx", AXES({T, NULL}, {C, NULL}), dx[0], 0);
        check_doubles(&want, "layer_norm.dweight", AXES({C, NULL}), dw, 0);
        check_doubles(&want, "layer_norm.dbias", AXES({C, NULL}), db, 0);
    }
    {
        const float(*x)[C] =
            (void *)reference_floats(&want, "linear.x", AXES({T, NULL}, {C, NULL}));
        const float(*w)[F] =
            (void *)reference_floats(&want, "linear.w", AXES({C, NULL}, {F, NULL}));
        const float(*dy)[F] =
            (void *)reference_floats(&want, "linear.dout", AXES({T, NULL}, {F, NULL}));
        float dx[T][C], dw[C][F] = {{0}}, db[F] = {0};
        linear_backward(T, C, F, dx, dw, db, dy, x, w);
        check_doubles(&want, "linear.dx", AXES({T, NULL}, {C, NULL}), dx[0], 0);
        check_doubles(&want, "linear.dw", AXES({C, NULL}, {F, NULL}), dw[0], 0);
        check_doubles(&want, "linear.db", AXES({F, NULL}), db, 0);
    }
    {
        const float *x = reference_floats(&want, "gelu.x", AXES({33, NULL})),
                    *dy = reference_floats(&want, "gelu.dout", AXES({33, NULL}));
        float dx[33];
        gelu_backward(33, dx, dy, x);
        check_doubles(&want, "gelu.dx", AXES({33, NULL}), dx, 0);
        memcpy(dx, dy, sizeof dx); /* in place */
        gelu_backward(33, dx, dx, x);
        check_doubles(&want, "gelu.dx", AXES({33, NULL}), dx, 0);
    }
    {
        const float(*p)[6] =
            (void *)reference_floats(&want, "softmax.out", AXES({4, NULL}, {6, NULL}));
        const float(*dp)[6] =
            (void *)reference_floats(&want, "softmax.dout", AXES({4, NULL}, {6, NULL}));
        float ds[4][6];
        for (int r = 0; r < 4; r++)
            softmax_backward(6, ds[r], dp[r], p[r]);
        check_doubles(&want, "softmax.dx", AXES({4, NULL}, {6, NULL}), ds[0], 0);
    }
    {
        const struct axis axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
        const char *const names[] = {"attention.q", "attention.k", "attention.v"};
        float qkv[1][T][3 * C], dqkv[1][T][3 * C], weights[1][H][T][T], context[1][T][C];
        float dcontext[1][T][C], got[H][T][D];
        for (int i = 0; i < 3; i++) {
            const float(*part)[T][D] = (void *)reference_floats(&want, names[i], 3, axes);
            for (int h = 0; h < H; h++)
                for (int t = 0; t < T; t++)
                    for (int d = 0; d < D; d++)
                        qkv[0][t][i * C + h * D + d] = part[h][t][d];
        }
        const float(*dout)[T][D] =
            (void *)reference_floats(&want, "attention.dout", 3, axes);
        attend_all(1, T, C, H, weights, context, qkv);
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int d = 0; d < D; d++) {
                    dcontext[0][t][h * D + d] = dout[h][t][d];
                    got[h][t][d] = context[0][t][h * D + d];
                }
        check_reference(&want, "attention.out", 3, axes, got);
        attend_all_backward(1, T, C, H, dqkv, dcontext, weights, qkv);
        const char *const gradients[] = {"attention.dq", "attention.dk", "attention.dv"};
        for (int i = 0; i < 3; i++) {
            for (int h = 0; h < H; h++)
                for (int t = 0; t < T; t++)
                    for (int d = 0; d < D; d++)
                        got[h][t][d] = dqkv[0][t][i * C + h * D + d];
            check_doubles(&want, gradients[i], 3, axes, got[0][0], 0);
        }
    }
    {
        const int *ids = reference_ints(&want, "embedding.ids", AXES({T, NULL}));
        const float(*dx)[C] =
            (void *)reference_floats(&want, "embedding.dout", AXES({T, NULL}, {C, NULL}));
        float dwte[V][C] = {{0}}, dwpe[8][C] = {{0}};
        embed_backward(T, T, C, dwte, dwpe, ids, dx);
        check_doubles(&want, "embedding.dwte", AXES({V, NULL}, {C, NULL}), dwte[0], 0);
        check_doubles(&want, "embedding.dwpe", AXES({8, NULL}, {C, NULL}), dwpe[0], 0);
    }
    close_stored(&want);
}
END_TEST

START_TEST(adamw_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    const struct adamw shrinks = reference_adamw(&want);
    struct adamw plain = shrinks;
    plain.decay = 0;
    const struct axis axes[] = {{4, NULL}, {3, NULL}};
    float *w = reference_floats(&want, "adamw.w", 2, axes),
          *w2 = reference_floats(&want, "adamw.w", 2, axes);
    float m[12] = {0}, v[12] = {0}, m2[12] = {0}, v2[12] = {0};
    for (int t = 1; t <= 3; t++) {
        const float *g = reference_floats(&want, format_text("adamw.g%d", t), 2, axes);
        adamw_step(12, w, m, v, g, t, &shrinks);
        adamw_step(12, w2, m2, v2, g, t, &plain);
        check_doubles(&want, format_text("adamw.step%d", t), 2, axes, w, 0);
        check_doubles(&want, format_text("adamw.plain%d", t), 2, axes, w2, 0);
        check_doubles(&want, format_text("adamw.m%d", t), 2, axes, m, 0);
        check_doubles(&want, format_text("adamw.v%d", t), 2, axes, v, 0);
    }
    close_stored(&want);
}
END_TEST

START_TEST(clipping_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    float g[17], *a = reference_floats(&want, "clip.a", AXES({3, NULL}, {4, NULL})),
                 *b = reference_floats(&want, "clip.b", AXES({5, NULL}));
    memcpy(g, a, 12 * sizeof *g);
    memcpy(g + 12, b, 5 * sizeof *g);
    const float length = (float)clip(17, g, option_of(&want, "max_norm"));
    check_doubles(&want, "clip.norm", AXES({1, NULL}), &length, 0);
    float *a_out = reference_floats(&want, "clip.a_out", AXES({3, NULL}, {4, NULL})),
          *b_out = reference_floats(&want, "clip.b_out", AXES({5, NULL}));
    check_tensor("clip.a_out", AXES({12, NULL}), g, a_out);
    check_tensor("clip.b_out", AXES({5, NULL}), g + 12, b_out);
    float small[3] = {0.1f, -0.2f, 0.3f}, kept[3];
    memcpy(kept, small, sizeof small);
    clip(3, small, 1); /* what is short enough stays as it is */
    ck_assert_int_eq(memcmp(kept, small, sizeof small), 0);
    close_stored(&want);
}
END_TEST

/* The tiny model of the reference, and its texts. */
struct toy {
    struct stored_file want;
    struct config config;
    struct learner l;
    int B, T, *ids, *targets;
    float *losses;
    struct fast_pass pass;
    struct backward_work work;
};

static struct toy open_toy(void)
{
    struct toy toy = {.want = open_reference("14_training")};
    int *c = reference_ints(&toy.want, "config", AXES({6, NULL}));
    double *epsilon = reference_doubles(&toy.want, "epsilon", AXES({1, NULL}));
    toy.config = (struct config){c[0], c[1], c[2], c[3], c[4], c[5], (float)*epsilon};
    toy.l = new_learner(&toy.config, true);
    for (int i = 0; i < tensor_count(&toy.config); i++) {
        const struct tensor_place p = tensor_place(&toy.config, i);
        char *name = format_text("weights.%s", p.name);
        const struct axis axes[] = {{p.shape[0], NULL}, {p.shape[1], NULL}};
        float *numbers = reference_floats(&toy.want, name, p.rank, axes);
        memcpy(get_tensor(&toy.l.weights, &toy.config, i), numbers,
               p.size * sizeof(float));
        free(numbers);
        free(name);
    }
    toy.B = reference_length(&toy.want, "inputs", 0);
    toy.T = reference_length(&toy.want, "inputs", 1);
    const struct axis axes[] = {{toy.B, NULL}, {toy.T, NULL}};
    toy.ids = reference_ints(&toy.want, "inputs", 2, axes);
    toy.targets = reference_ints(&toy.want, "targets", 2, axes);
    toy.losses = grab((size_t)(toy.B * toy.T), sizeof(float));
    toy.pass = new_fast_pass(toy.B, toy.T, &toy.config);
    toy.work = new_backward_work(toy.B * toy.T, &toy.config);
    free(epsilon);
    free(c);
    return toy;
}

static void close_toy(struct toy *toy)
{
    close_stored(&toy->want);
    free_learner(&toy->l);
    free(toy->ids);
    free(toy->targets);
    free(toy->losses);
    free_fast_pass(&toy->pass, &toy->config);
    free_backward_work(&toy->work);
}

static double toy_loss(struct toy *toy)
{
    const int R = toy->B * toy->T, V = toy->config.V;
    fast_forward(&toy->config, &toy->pass, toy->ids, &toy->l.weights);
    const float(*logits)[V] = toy->pass.logits;
    double sum = 0;
    for (int r = 0; r < R; r++)
        sum += (double)cross_entropy(V, logits[r], toy->targets[r]);
    return sum / R;
}

/* Forward and backward; returns the loss. */
static double toy_gradient(struct toy *toy)
{
    const int R = toy->B * toy->T;
    double sum = 0;
    memset(toy->l.g, 0, toy->l.count * sizeof(float));
    fast_forward(&toy->config, &toy->pass, toy->ids, &toy->l.weights);
    losses_backward(&toy->config, &toy->pass, toy->losses, toy->targets, R);
    fast_backward(&toy->config, &toy->l.gradients, &toy->pass, toy->ids, &toy->l.weights,
                  &toy->work);
    for (int r = 0; r < R; r++)
        sum += (double)toy->losses[r];
    return sum / R;
}

static void check_parameters(struct toy *toy, const char *prefix,
                             const struct weights *got, double more)
{
    for (int i = 0; i < tensor_count(&toy->config); i++) {
        const struct tensor_place p = tensor_place(&toy->config, i);
        const struct axis axes[] = {{p.shape[0], NULL}, {p.shape[1], NULL}};
        char *name = format_text("%s.%s", prefix, p.name);
        float *numbers = get_tensor(got, &toy->config, i);
        /* What rounding leaves where the gradient of a key's bias is 0, AdamW makes large. */
        const bool keys = more > 0 && strstr(p.name, "c_attn.bias");
        if (strncmp(prefix, "grad", 4) == 0 && strstr(p.name, "c_attn.bias"))
            check_doubles(&toy->want, name, p.rank, axes, numbers, 1e-7);
        else
            check_doubles(&toy->want, name, p.rank, axes, numbers, keys ? more : 0);
        free(name);
    }
}

START_TEST(every_gradient_equals_the_reference)
{
    struct toy toy = open_toy();
    const float loss = (float)toy_gradient(&toy);
    check_doubles(&toy.want, "loss", AXES({1, NULL}), &loss, 0);
    check_parameters(&toy, "grad", &toy.l.gradients, 0);
    close_toy(&toy);
}
END_TEST

START_TEST(every_step_of_the_way_back_equals_the_reference)
{
    struct toy toy = open_toy();
    const struct config *c = &toy.config;
    const int B = toy.B, T = toy.T, C = c->C;
    const struct axis rows[] = {{B, NULL}, {T, NULL}, {C, NULL}};
    const struct axis logits[] = {{B, NULL}, {T, NULL}, {c->V, NULL}};
    const struct weights *w = &toy.l.weights, *g = &toy.l.gradients;
    fast_forward(c, &toy.pass, toy.ids, w);
    check_reference(&toy.want, "activation.logits", 3, logits, toy.pass.logits);
    losses_backward(c, &toy.pass, toy.losses, toy.targets, B * T);
    check_reference(&toy.want, "dactivation.logits", 3, logits, toy.pass.logits);
    head_backward(c, g, &toy.pass, w, &toy.work);
    check_reference(&toy.want, "dactivation.ln_f", 3, rows, toy.work.dnorm);
    for (int l = c->L - 1; l >= 0; l--) {
        char *name = format_text("dactivation.h.%d.output", l);
        check_reference(&toy.want, name, 3, rows, toy.work.dx);
        mlp_backward(c, l, g, &toy.pass, w, &toy.work);
        free(name);
        name = format_text("dactivation.h.%d.ln_2", l);
        check_reference(&toy.want, name, 3, rows, toy.work.dnorm);
        free(name);
        name = format_text("dactivation.h.%d.mid", l);
        check_reference(&toy.want, name, 3, rows, toy.work.dx);
        free(name);
        attention_backward(c, l, g, &toy.pass, w, &toy.work);
        name = format_text("dactivation.h.%d.ln_1", l);
        check_reference(&toy.want, name, 3, rows, toy.work.dnorm);
        free(name);
    }
    check_reference(&toy.want, "dactivation.embedding", 3, rows, toy.work.dx);
    close_toy(&toy);
}
END_TEST

/* A target of -1 counts for nothing; gradients of two halves of a batch add up to the whole. */
START_TEST(gradients_add_up)
{
    struct toy toy = open_toy();
    const struct config *c = &toy.config;
    toy_gradient(&toy);
    float *whole = grab(toy.l.count, sizeof *whole);
    memcpy(whole, toy.l.g, toy.l.count * sizeof *whole);
    memset(toy.l.g, 0, toy.l.count * sizeof *whole);
    const int R = toy.B * toy.T;
    for (int part = 0; part < 2; part++) {
        int *targets = grab((size_t)R, sizeof *targets);
        for (int r = 0; r < R; r++)
            targets[r] = r % 2 == part ? toy.targets[r] : -1;
        fast_forward(c, &toy.pass, toy.ids, &toy.l.weights);
        losses_backward(c, &toy.pass, toy.losses, targets, R);
        for (int r = 0; r < R; r++)
            ck_assert_msg((toy.losses[r] > 0) == (r % 2 == part), "place %d", r);
        fast_backward(c, &toy.l.gradients, &toy.pass, toy.ids, &toy.l.weights, &toy.work);
        free(targets);
    }
    check_tensor("gradient", AXES({(int)toy.l.count, NULL}), toy.l.g, whole);
    free(whole);
    close_toy(&toy);
}
END_TEST

/* Each weight moved a little to both sides, and the loss measured. */
START_TEST(gradients_are_slopes)
{
    struct toy toy = open_toy();
    toy_gradient(&toy);
    for (int i = 0; i < tensor_count(&toy.config); i++) {
        const struct tensor_place p = tensor_place(&toy.config, i);
        float *w = get_tensor(&toy.l.weights, &toy.config, i),
              *g = get_tensor(&toy.l.gradients, &toy.config, i);
        float largest = 0;
        for (size_t n = 0; n < p.size; n++)
            largest = fmaxf(largest, fabsf(g[n]));
        for (size_t n = 0; n < p.size; n += p.size / 5 + 1) {
            const float kept = w[n];
            w[n] = kept + 0.01f;
            const double above = toy_loss(&toy);
            w[n] = kept - 0.01f;
            const double below = toy_loss(&toy);
            w[n] = kept;
            const double slope = (above - below) / 0.02;
            ck_assert_msg(fabs(slope - (double)g[n]) <= 0.01 * (double)largest + 1e-4,
                          "%s[%zu]: gradient %g, slope %g", p.name, n, (double)g[n],
                          slope);
        }
    }
    close_toy(&toy);
}
END_TEST

START_TEST(three_steps_equal_the_reference)
{
    struct toy toy = open_toy();
    const struct adamw a = reference_adamw(&toy.want);
    float losses[4], norms[3];
    for (int step = 1; step <= 3; step++) {
        losses[step - 1] = (float)toy_gradient(&toy);
        norms[step - 1] =
            (float)clip(toy.l.count, toy.l.g, option_of(&toy.want, "max_norm"));
        learn(&toy.l, &a);
        ck_assert_int_eq(toy.l.step, step);
        if (step != 2)
            check_parameters(&toy, step == 1 ? "step1" : "step3", &toy.l.weights,
                             2 * step * (double)a.rate);
    }
    losses[3] = (float)toy_loss(&toy);
    check_doubles(&toy.want, "losses", AXES({4, NULL}), losses, 0);
    check_doubles(&toy.want, "norms", AXES({3, NULL}), norms, 0);
    close_toy(&toy);
}
END_TEST

START_TEST(one_batch_is_learned_by_heart)
{
    struct toy toy = open_toy();
    const struct adamw a = {1e-2f, 0.9f, 0.98f, 1e-8f, 0};
    double loss = 0;
    for (int step = 0; step < 300; step++) {
        loss = toy_gradient(&toy);
        clip(toy.l.count, toy.l.g, 1);
        learn(&toy.l, &a);
    }
    ck_assert_msg(loss < 0.01, "after 300 steps the loss is %g", loss);
    close_toy(&toy);
}
END_TEST

/* The two forward passes of the book give the same logits. */
static void compare_passes(const struct checkpoint *m, int most)
{
    const struct config *c = &m->config;
    const int V = c->V;
    for (int T = 1; T <= most; T += T < 8 ? 3 : 17) {
        enum { B = 3 };
        int *ids = grab((size_t)(B * T), sizeof *ids);
        for (int i = 0; i < B * T; i++)
            ids[i] = (i * 7919 + 13 * T) % V;
        struct fast_pass p = new_fast_pass(B, T, c);
        struct stack s = new_stack(T, c);
        fast_forward(c, &p, ids, &m->weights);
        for (int b = 0; b < B; b++) {
            run_stack(T, c, &s, ids + b * T, &m->weights);
            check_tensor("logits", AXES({T, NULL}, {V, NULL}),
                         (float *)p.logits + (size_t)(b * T) * (size_t)V, s.logits);
            for (int l = 0; l < c->L; l++)
                check_tensor("output", AXES({T, NULL}, {c->C, NULL}),
                             (float *)p.h[l].output + (size_t)(b * T) * (size_t)c->C,
                             s.h[l].output);
        }
        free_stack(&s);
        free_fast_pass(&p, c);
        free(ids);
    }
}

START_TEST(the_fast_pass_equals_the_teaching_pass)
{
    struct checkpoint m = load_checkpoint("tests/reference/odd");
    compare_passes(&m, m.config.positions);
    free_checkpoint(&m);
}
END_TEST

START_TEST(the_fast_pass_equals_the_teaching_pass_on_the_shipped_model)
{
    struct checkpoint m = load_checkpoint("models/robots");
    compare_passes(&m, 60);
    free_checkpoint(&m);
}
END_TEST

START_TEST(the_rate_rises_and_falls)
{
    ck_assert_float_eq_tol(rate_at(1, 4000, 100, 3e-3f), 3e-5f, 1e-9f);
    ck_assert_float_eq_tol(rate_at(100, 4000, 100, 3e-3f), 3e-3f, 1e-9f);
    ck_assert_float_eq_tol(rate_at(2050, 4000, 100, 3e-3f), 1.5e-3f, 1e-5f);
    ck_assert(rate_at(4000, 4000, 100, 3e-3f) > 0 &&
              rate_at(4000, 4000, 100, 3e-3f) < 1e-6f);
    for (long t = 2; t <= 4000; t++)
        ck_assert((rate_at(t, 4000, 100, 1) > rate_at(t - 1, 4000, 100, 1)) ==
                  (t <= 100));
}
END_TEST

/* ---- The program -------------------------------------------------------------------- */

static char folder[] = "/tmp/test_14_XXXXXX";

static void open_folder(void)
{
    setenv("OMP_WAIT_POLICY", "passive", 0); /* threads must not wait in circles */
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    if (!mkdtemp(folder))
        ck_abort_msg("%s: cannot be made: %s", folder, strerror(errno));
}

static void close_folder(void)
{
    char *command = format_text("rm -rf '%s'", folder);
    if (system(command) != 0)
        ck_abort_msg("%s: cannot be removed", folder);
    free(command);
}

static char *inside(const char *name)
{
    return format_text("%s/%s", folder, name);
}

static struct bytes output, errors;

/* Runs a command of the shell in which $P is the program and $D the test's own folder. */
static int run_command(const char *command)
{
    setenv("P", "build/14_training", 1);
    setenv("D", folder, 1);
    char *all = format_text("{ %s\n} > '%s/out' 2> '%s/err' < /dev/null", command, folder,
                            folder);
    const int status = system(all);
    free(all);
    free(output.data);
    free(errors.data);
    output = read_file(inside("out"));
    errors = read_file(inside("err"));
    ck_assert_msg(WIFEXITED(status) && !strstr((char *)errors.data, "Sanitizer") &&
                      !strstr((char *)errors.data, "runtime error"),
                  "%s: crashed: %.2000s", command, (char *)errors.data);
    return WEXITSTATUS(status);
}

static void must_run(const char *command)
{
    ck_assert_msg(run_command(command) == 0, "%s: %.1000s", command, (char *)errors.data);
}

/* The command fails with one line, in which `says` stands. */
static void must_fail(const char *command, const char *says)
{
    ck_assert_msg(run_command(command) == 1, "%s: status 0", command);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(end && end[1] == 0 && strncmp(line, "14_training: ", 13) == 0 &&
                      strstr(line, says),
                  "%s: expected '%s' in '%s'", command, says, line);
}

static bool same_files(const char *one, const char *other)
{
    struct bytes a = read_file(inside(one)), b = read_file(inside(other));
    const bool same = a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
    free(a.data);
    free(b.data);
    return same;
}

static bool same_models(const char *one, const char *other)
{
    return same_files(format_text("%s/model.safetensors", one),
                      format_text("%s/model.safetensors", other)) &&
           same_files(format_text("%s/training.safetensors", one),
                      format_text("%s/training.safetensors", other));
}

#define SMALL "--layers 2 --heads 3 --channels 24 --batch 8 --vocabulary models/robots "
#define TINY SMALL "--context 24 --text $D/text "

static void write_stories(void)
{
    must_run("build/stories generate --count 60 --seed 5 > $D/text");
}

START_TEST(any_number_of_threads_trains_the_same_model)
{
    write_stories();
    must_run("OMP_NUM_THREADS=1 $P train " TINY "--steps 3 --to $D/one");
    must_run("OMP_NUM_THREADS=2 $P train " TINY "--steps 3 --to $D/two");
    ck_assert(same_models("one", "two"));
    must_run("OMP_NUM_THREADS=2 $P train " TINY
             "--steps 3 --seed 2 --to $D/two --overwrite");
    ck_assert(!same_models("one", "two"));
}
END_TEST

/* Starts a run, waits for its third line about a step, sends it a signal; its status. */
static int interrupted_run(const char *arguments, int signal_number)
{
    int ends[2];
    ck_assert(pipe(ends) == 0);
    setenv("P", "build/14_training", 1);
    setenv("D", folder, 1);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        char *command = format_text("exec $P train %s", arguments);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    char line[500], last[500] = "";
    bool sent = false;
    int steps = 0;
    while (fgets(line, sizeof line, from)) {
        strcpy(last, line);
        if (!sent && strncmp(line, "step ", 5) == 0 && ++steps == 3)
            sent = kill(child, signal_number) == 0;
    }
    fclose(from);
    int status = 0;
    waitpid(child, &status, 0);
    ck_assert_msg(sent, "%s: no step was told: %s", arguments, last);
    if (signal_number == SIGINT)
        ck_assert_msg(WIFEXITED(status) && strstr(last, "to continue: "),
                      "%s: was not stopped: %s", arguments, last);
    return status;
}

START_TEST(a_run_that_was_stopped_goes_on_as_if_it_had_not_been)
{
    write_stories();
    must_run("$P train " TINY "--steps 300 --save 20 --to $D/whole");
    ck_assert_int_eq(interrupted_run(TINY "--steps 300 --save 20 --to $D/parts", SIGINT),
                     0);
    ck_assert(!same_models("whole", "parts"));
    must_run("$P train " TINY "--steps 300 --save 20 --to $D/parts --resume");
    ck_assert(same_models("whole", "parts"));
    /* The log has each measurement once. */
    struct bytes log = read_file(inside("parts/training.tsv"));
    long steps = 0;
    for (char *line = (char *)log.data; (line = strchr(line, '\n')) && line[1]; line++) {
        const long step = strtol(line + 1, NULL, 10);
        ck_assert_msg(step > steps, "training.tsv: step %ld after %ld", step, steps);
        steps = step;
    }
    ck_assert_int_eq(steps, 300);
}
END_TEST

START_TEST(a_run_that_was_killed_goes_on_from_its_last_checkpoint)
{
    write_stories();
    must_run("$P train " TINY "--steps 200 --save 15 --to $D/whole");
    for (int i = 0; i < 2; i++)
        interrupted_run(format_text(TINY "--steps 200 --save 15 --to $D/parts %s",
                                    i ? "--resume" : ""),
                        SIGKILL);
    struct checkpoint m = load_checkpoint(inside("parts"));
    ck_assert_int_eq(m.config.C, 24);
    free_checkpoint(&m);
    must_run("$P train " TINY "--steps 200 --save 15 --to $D/parts --resume");
    ck_assert(same_models("whole", "parts"));
}
END_TEST

START_TEST(a_full_disk_leaves_the_last_checkpoint_as_it_was)
{
    write_stories();
    must_run("$P train " TINY "--steps 20 --save 10 --to $D/whole");
    interrupted_run(TINY "--steps 20000 --save 10 --to $D/full", SIGINT);
    must_run("cp -r $D/full $D/kept");
    must_fail("trap '' XFSZ; (ulimit -f 200; exec $P train " TINY
              "--steps 20000 --save 10 --to $D/full --resume)",
              "training.safetensors: cannot be written");
    ck_assert(same_models("full", "kept"));
    ck_assert(same_files("full/config.json", "kept/config.json"));
    must_run("test -z \"$(find $D/full -name '*.part')\"");
    must_fail("trap '' XFSZ; (ulimit -f 1; exec $P train " TINY "--steps 5 --to $D/no)",
              "cannot be written");
    must_run("$P train " SMALL "--text $D/text --context 110 --steps 1 --to $D/wide");
    must_fail("$P eval --model $D/wide --text $D/text --to /dev/full",
              "/dev/full: cannot be written");
}
END_TEST

START_TEST(a_run_goes_on_from_any_checkpoint)
{
    write_stories();
    must_run("$P train " TINY "--steps 4 --to $D/first");
    must_run("$P train " TINY "--steps 4 --from $D/first --to $D/second");
    must_run("$P train " TINY "--steps 4 --from $D/first --to $D/second --resume");
    ck_assert(!same_files("first/model.safetensors", "second/model.safetensors"));
    must_run("$P train " SMALL
             "--text $D/text --steps 4 --context 9 --from $D/first --to $D/third");
    struct checkpoint m = load_checkpoint(inside("third"));
    ck_assert_int_eq(m.config.positions, 9);
    free_checkpoint(&m);
    /* The shape of the model is not said, and is not the usual one. */
    must_run("$P train --text $D/text --steps 4 --from $D/first --to $D/fourth");
    must_run("$P train --text $D/text --steps 4 --from $D/first --to $D/fourth --resume");
    must_fail("$P train " TINY "--steps 2 --from tests/reference/odd --to $D/odd",
              "has 29 tokens");
    must_run("$P train " SMALL "--text $D/text --context 110 --steps 4 --to $D/wide");
    must_run("$P eval --model $D/wide --text $D/text --to $D/each");
    ck_assert(strstr((char *)output.data, "nats") != NULL);
    struct bytes each = read_file(inside("each"));
    ck_assert(each.size > 1000);
}
END_TEST

/* A head of its own is trained too, and written. */
START_TEST(a_head_that_is_not_wte_learns_too)
{
    struct checkpoint m = load_checkpoint("tests/reference/odd");
    ck_assert(m.weights.lm_head != m.weights.wte);
    const struct config *c = &m.config;
    struct learner l = new_learner(c, false);
    for (int i = 0; i < tensor_count(c); i++)
        memcpy(get_tensor(&l.weights, c, i), get_tensor(&m.weights, c, i),
               tensor_place(c, i).size * sizeof(float));
    memcpy(l.weights.lm_head, m.weights.lm_head, tensor_place(c, 0).size * sizeof(float));
    enum { T = 7 };
    const int ids[T] = {28, 4, 17, 0, 4, 9, 23}, targets[T] = {4, 17, 0, 4, 9, 23, 28};
    float losses[T];
    struct fast_pass p = new_fast_pass(1, T, c);
    struct backward_work work = new_backward_work(T, c);
    const struct adamw a = {1e-2f, 0.9f, 0.98f, 1e-8f, 0};
    double loss = 0;
    for (int step = 0; step < 200; step++) {
        memset(l.g, 0, l.count * sizeof(float));
        fast_forward(c, &p, ids, &l.weights);
        losses_backward(c, &p, losses, targets, T);
        fast_backward(c, &l.gradients, &p, ids, &l.weights, &work);
        learn(&l, &a);
        loss = 0;
        for (int t = 0; t < T; t++)
            loss += (double)losses[t] / T;
    }
    ck_assert_msg(loss < 0.01, "after 200 steps the loss is %g", loss);
    const float *head = l.weights.lm_head, *old = m.weights.lm_head;
    ck_assert(memcmp(head, old, tensor_place(c, 0).size * sizeof(float)) != 0);
    write_checkpoint(inside("odd"), c, &l.weights);
    struct checkpoint again = load_checkpoint(inside("odd"));
    ck_assert_int_eq(memcmp(again.weights.lm_head, l.weights.lm_head,
                            tensor_place(c, 0).size * sizeof(float)),
                     0);
    free_checkpoint(&again);
    free_backward_work(&work);
    free_fast_pass(&p, c);
    free_learner(&l);
    free_checkpoint(&m);
}
END_TEST

START_TEST(training_lowers_the_loss)
{
    write_stories();
    must_run("$P train " SMALL
             "--text $D/text --context 110 --steps 60 --save 20 --rate 0.01 "
             "--held-out $D/text --to $D/m");
    struct bytes log = read_file(inside("m/training.tsv"));
    double first, last;
    char *line = strchr((char *)log.data, '\n') + 1;
    ck_assert_int_eq(sscanf(line, "%*f %*f %*f %lf", &first), 1);
    line = strchr(strchr(line, '\n') + 1, '\n') + 1;
    ck_assert_int_eq(sscanf(line, "%*f %*f %*f %lf", &last), 1);
    ck_assert_msg(first < 6.9 && last < first - 0.2, "loss %g, then %g", first, last);
    /* The reader's own text has no <|endoftext|> in it. */
    must_run("tr -d '<|>' < $D/text > $D/own");
    must_run("$P train " SMALL "--context 24 --text $D/own --steps 3 --to $D/own_model");
    ck_assert(strstr((char *)output.data, " 0 stories") != NULL);
}
END_TEST

/* The end of the reader's own text is measured and never learned. */
START_TEST(the_end_of_a_text_is_held_back)
{
    write_stories();
    /* As many tokens, the last ones in another order. */
    must_run("tr -d '<|>' < $D/text > $D/own; cp $D/own $D/changed; "
             "echo ' robot must obey the orders given it by a child' >> $D/own; "
             "echo ' child robot must obey it the orders given by a' >> $D/changed");
    must_run("$P train " SMALL
             "--context 24 --text $D/own --steps 6 --save 2 --to $D/one");
    ck_assert_ptr_nonnull(strstr((char *)output.data, "held out: the last "));
    ck_assert_ptr_nonnull(strstr((char *)output.data, "step 6 of 6  loss "));
    ck_assert_ptr_nonnull(strstr((char *)output.data, "  held-out "));
    must_run("$P train " SMALL
             "--context 24 --text $D/changed --steps 6 --save 2 --to $D/two");
    ck_assert_msg(same_files("one/model.safetensors", "two/model.safetensors"),
                  "the last tokens of a text were learned");
    double one = 0, two = 0;
    must_run("tail -n 1 $D/one/training.tsv; tail -n 1 $D/two/training.tsv");
    ck_assert_int_eq(sscanf((char *)output.data,
                            "%*f %*f %*f %lf %*f %*f %*f %*f %*f %lf", &one, &two),
                     2);
    ck_assert_msg(one > 0 && two > 0 && fabs(one - two) > 1e-3,
                  "held-out loss %g, of another end %g", one, two);
    /* Stories that are longer than the context are measured in pieces. */
    must_run("$P train " TINY "--held-out $D/text --steps 2 --to $D/three");
    ck_assert_ptr_null(strstr((char *)output.data, "nan"));
    must_run("$P eval --model $D/three --text $D/text; "
             "$P eval --model $D/three --text $D/own");
    ck_assert_ptr_nonnull(strstr((char *)output.data, "in pieces"));
}
END_TEST

/* With --answers the loss is that of what follows each mark, <|endoftext|> too; the log, the
 * gradient and what is held out count nothing else. */
START_TEST(only_answers_are_learned)
{
    must_run("for i in 1 2 3 4 5 6 7 8; do printf 'A robot must obey. => A "
             "robot.<|endoftext|>'; "
             "done > $D/pairs; printf 'A robot.<|endoftext|>' > $D/unmarked");
    long all = 0, answers = 0;
    must_run("$P eval --model models/robots --text $D/pairs");
    ck_assert_int_eq(sscanf(strstr((char *)output.data, "tokens"), "tokens %ld", &all),
                     1);
    must_run("$P eval --answers --model models/robots --text $D/pairs");
    ck_assert_int_eq(
        sscanf(strstr((char *)output.data, "tokens"), "tokens %ld", &answers), 1);
    ck_assert_int_eq(answers, 8 * 4); /* ␣A ␣robot . <|endoftext|> */
    ck_assert_int_gt(all, 2 * answers);
    /* Trained on answers, a model foresees them, and still nothing else. */
    must_run("$P train --vocabulary models/robots --layers 1 --heads 1 --channels 8 "
             "--context 20 --batch 4 --copying 0 --decay 0 --text $D/pairs --held-out "
             "$D/pairs --steps 30 --rate 0.01 --answers --to $D/masked");
    double masked = 0, whole = 0;
    must_run("$P eval --answers --model $D/masked --text $D/pairs");
    ck_assert_int_eq(
        sscanf(strstr((char *)output.data, "per token"), "per token %lf", &masked), 1);
    must_run("$P eval --model $D/masked --text $D/pairs");
    ck_assert_int_eq(
        sscanf(strstr((char *)output.data, "per token"), "per token %lf", &whole), 1);
    const double prompts =
        (whole * (double)all - masked * (double)answers) / (double)(all - answers);
    ck_assert_msg(
        masked < 4.5 && prompts > 5.5,
        "answers %g nats per token, prompts %g: prompts were learned, or answers "
        "were not",
        masked, prompts);
    must_fail("$P train --answers --text $D/unmarked --to $D/x",
              "unmarked: story 1 has no mark =>");
    must_fail("$P train --resume --text $D/pairs --held-out $D/pairs --to $D/masked",
              "different text");
}
END_TEST

/* What is printed is the loss of the step itself, not a mean over many. */
START_TEST(the_loss_that_is_printed_is_the_last_one)
{
    write_stories();
    double first, second, third, mean;
    must_run("$P train " TINY "--steps 40 --save 1 --rate 0.01 --to $D/each | "
             "sed -n 's/^step 40 .*loss \\([0-9.]*\\).*/\\1/p'; cut -f3 "
             "$D/each/training.tsv | tail -n 1");
    ck_assert_int_eq(sscanf((char *)output.data, "%lf %lf", &first, &second), 2);
    must_run("$P train " TINY "--steps 40 --save 40 --rate 0.01 --to $D/once | "
             "sed -n 's/^step 40 .*loss \\([0-9.]*\\).*/\\1/p'; cut -f3 "
             "$D/once/training.tsv | tail -n 1");
    ck_assert_int_eq(sscanf((char *)output.data, "%lf %lf", &third, &mean), 2);
    ck_assert_msg(fabs(first - second) < 1e-4 && first == third,
                  "printed %g and %g, logged %g", first, third, second);
    ck_assert_msg(mean > first + 0.05, "the log's mean is %g, the last loss %g", mean,
                  first);
}
END_TEST

/* A run goes on with its own settings; they need not be said again. */
START_TEST(a_run_goes_on_with_the_settings_it_was_begun_with)
{
    write_stories();
    must_run("$P train " TINY "--steps 60 --save 50 --rate 0.002 --seed 5 --to $D/whole");
    ck_assert_int_eq(interrupted_run(TINY "--steps 60 --save 1 --rate 0.002 --seed 5 "
                                          "--to $D/parts --as make",
                                     SIGINT),
                     0);
    must_run("$P train --text $D/text --to $D/parts --resume");
    must_run("$P train --text $D/text --to $D/parts --resume --steps 60");
    ck_assert(same_files("whole/model.safetensors", "parts/model.safetensors"));
}
END_TEST

/* Where the rate is too high, the step is named, and what was saved before is still there. */
START_TEST(a_run_that_runs_away_keeps_its_last_good_state)
{
    write_stories();
    must_fail("$P train " TINY "--rate 1 --decay 10 --steps 300 --save 7 --to $D/far",
              "the loss is not a number any more: the rate 1 is too high");
    long step = 0, kept = 0;
    ck_assert_int_eq(sscanf((char *)errors.data, "14_training: step %ld:", &step), 1);
    const char *has = strstr((char *)errors.data, "has step ");
    ck_assert(has && sscanf(has, "has step %ld", &kept) == 1);
    ck_assert_msg(kept > 0 && kept < step && kept % 7 == 0, "%s", (char *)errors.data);
    struct checkpoint m = load_checkpoint(inside("far"));
    for (int i = 0; i < tensor_count(&m.config); i++) {
        const float *x = get_tensor(&m.weights, &m.config, i);
        for (size_t n = 0; n < tensor_place(&m.config, i).size; n++)
            ck_assert_msg(isfinite(x[n]), "%s[%zu] is %g",
                          tensor_place(&m.config, i).name, n, (double)x[n]);
    }
    free_checkpoint(&m);
}
END_TEST

/* Fine-tuning has a smaller rate than a fresh model, the smaller the broader the model. */
START_TEST(fine_tuning_has_a_rate_of_its_own)
{
    write_stories();
    must_run("$P train " TINY "--steps 3 --to $D/old");
    must_run("$P train --text $D/text --from $D/old --steps 2 --to $D/new; "
             "head -c 600 $D/new/training.safetensors | tr ',' '\\n' | "
             "grep -a -e rate -e copying -e batch");
    /* 24 channels: 0.001 · 128 / 24 */
    ck_assert_ptr_nonnull(strstr((char *)output.data, "\"rate\":\"0.00533333"));
    ck_assert_ptr_nonnull(strstr((char *)output.data, "\"batch\":\"16\""));
    ck_assert_ptr_nonnull(strstr((char *)output.data, "\"copying\":\"0\""));
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    write_stories();
    must_run(
        ": > $D/empty; printf 'A robot.' > $D/short; printf A > $D/one; mkdir $D/dir; "
        "head -c 3000 /dev/zero > $D/zeros; $P train " TINY
        "--steps 3 --to $D/run; cp -r $D/run $D/cut; cp -r $D/run $D/noise; "
        "cp -r $D/run $D/gone; rm $D/gone/training.safetensors; "
        "head -c 40000 $D/run/training.safetensors > $D/cut/training.safetensors; "
        "head -c 40000 /dev/zero > $D/noise/training.safetensors; "
        "cp -r $D/run $D/alien; cp $D/run/model.safetensors "
        "$D/alien/training.safetensors; build/stories generate --count 60 --seed 6 > "
        "$D/other");
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"train --to $D/x", "--text"},
        {"train --text $D/text", "--to"},
        {"train --text $D/empty --to $D/x", "empty: is empty"},
        {"train --text $D/zeros --to $D/x", "zeros: has a byte 0 at 0"},
        {"train --text $D/short --to $D/x", "short: has 3 tokens, expected 258 at least"},
        {"train " SMALL "--context 24 --held-out $D/text --text $D/short --to $D/x",
         "short: has 3 tokens, expected 25 at least"},
        {"train --text $D/missing --to $D/x", "missing: cannot be opened"},
        {"train --text $D/dir --to $D/x", "dir: is a folder"},
        {"train --text $D/text --to /dev/null/x", "/dev/null/x: this folder"},
        {"train --text $D/text --to $D/text", "text: this folder cannot be made"},
        {"train --text $D/text --to $D/x --heads 5", "--heads: 5 heads"},
        {"train --text $D/text --to $D/x --held-out $D/one", "one: has 1 tokens"},
        {"train --text $D/text --to $D/x --from $D/dir", "dir/"},
        {"train --text $D/text --to $D/x --from $D/text", "text/"},
        {"train --text $D/text --to $D/x --vocabulary $D/dir", "vocab.json"},
        {"train --text $D/text --to $D/x --steps 0", "--steps: 0 is out of range"},
        {"train --text $D/text --to $D/x --rate 2", "--rate: 2 is out of range"},
        {"train --text $D/text --to $D/x --rate nan", "--rate"},
        {"train --text $D/text --to $D/x --context 1", "--context: 1 is out of range"},
        {"train " TINY "--to $D/dir --resume", "training.safetensors"},
        {"train " TINY "--to $D/gone --resume --steps 3", "training.safetensors"},
        {"train " TINY "--to $D/cut --resume --steps 3", "training.safetensors"},
        {"train " TINY "--to $D/noise --resume --steps 3", "training.safetensors"},
        {"train " TINY "--to $D/alien --resume --steps 3", "does not say \"steps\""},
        {"train " TINY "--to $D/run --resume --steps 4", "--steps 3, not 4"},
        {"train " TINY "--to $D/run --resume --steps 3 --seed 2", "--seed 1, not 2"},
        {"train --text $D/text --to $D/run --resume --steps 3 --layers 1",
         "--layers 2, not 1"},
        {"train --to $D/run --resume --steps 3 --text $D/other", "a different text"},
        {"train " TINY "--to $D/run --steps 3",
         "has a model already: the same command with"},
        {"train " TINY "--to $D/run --steps 3 --as make",
         "make OVERWRITE=yes puts a new"},
        {"check --text $D/text --to $D/run", "has a model already"},
        {"check --text $D/dir --to $D/x", "dir: is a folder"},
        {"eval", "--text"},
        {"eval --text $D/text --model $D/dir", "config.json"},
        {"eval --text $D/zeros --model $D/run", "has a byte 0"},
        {"eval --text $D/empty --model $D/run", "is empty"},
        {"eval --text $D/one --model $D/run", "has 1 tokens, expected 2"},
        {"eval --text $D/text --model $D/run --to no/such/folder/x", "no/such/folder"},
        {"learn", "learn: unknown command"},
        {"--model tests/reference/odd --ids 29", "29"},
        {"--model tests/reference/odd --ids ''", "--ids"},
        {"--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10 11'", "12 tokens"},
        {"--model no/such/model", "no/such/model"},
        {"--frobnicate", "--frobnicate"},
        {"--model tests/reference/odd --ids 1 --dump no/such/folder/d", "no/such/folder"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        must_fail(format_text("$P %s", all[i].arguments), all[i].says);
}
END_TEST

/* ---- The walk ------------------------------------------------------------------------ */

static void check_columns(const char *arguments)
{
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_msg(text_width(line) <= 80 || line == (char *)output.data,
                      "14_training %s: too broad: %s", arguments, line);
}

START_TEST(the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    must_run("$P --model tests/reference/odd --ids '4 17 0 4 9 23' --dump $D/d");
    ck_assert_int_eq(check_dump(&want, "odd.", inside("d")), 2 + 2 * 12 + 4 + 1);
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_equals_the_reference)
{
    struct stored_file want = open_reference("14_training");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m)) {
        must_run("$P --dump $D/d");
        ck_assert_int_ge(check_dump(&want, "robots.", inside("d")), 2);
    } else
        printf("skipped: models/robots is not the model of the reference: make "
               "reference\n");
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

START_TEST(the_walk_takes_any_prompt)
{
    const char *all[] = {"--model tests/reference/odd --ids 7",
                         "--model tests/reference/odd --ids '28, 4'",
                         "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10'"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        must_run(format_text("$P %s --figures $D/f", all[i]));
        ck_assert(output.size > 1000 && errors.size == 0);
        check_columns(all[i]);
    }
    must_run("$P --help");
    ck_assert(strstr((char *)output.data, "--resume") != NULL);
}
END_TEST

START_TEST(the_walk_takes_long_prompts_of_the_shipped_model)
{
    char many[600] = "A";
    for (int i = 1; i < 60; i++)
        strcat(many, i % 2 ? " robot" : " must");
    must_run(format_text("$P --prompt '%s' --figures $D/f", many));
    check_columns(many);
    must_run("$P --prompt A --figures $D/f");
    check_columns("A");
    must_run("$P --prompt ' Dr. \"語🤖\\é' --figures $D/f");
    check_columns("strange");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, the_loss_by_hand);
    tcase_add_test(t, the_loss_equals_the_reference);
    tcase_add_test(t, every_layer_equals_the_reference);
    tcase_add_test(t, adamw_equals_the_reference);
    tcase_add_test(t, clipping_equals_the_reference);
    tcase_add_test(t, every_gradient_equals_the_reference);
    tcase_add_test(t, every_step_of_the_way_back_equals_the_reference);
    tcase_add_test(t, gradients_add_up);
    tcase_add_test(t, gradients_are_slopes);
    tcase_add_test(t, three_steps_equal_the_reference);
    tcase_add_test(t, one_batch_is_learned_by_heart);
    tcase_add_test(t, the_fast_pass_equals_the_teaching_pass);
    ADD_TEST_NEEDING(t, the_fast_pass_equals_the_teaching_pass_on_the_shipped_model,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_rate_rises_and_falls);
    tcase_add_test(t, any_number_of_threads_trains_the_same_model);
    tcase_add_test(t, a_run_that_was_stopped_goes_on_as_if_it_had_not_been);
    tcase_add_test(t, a_run_that_was_killed_goes_on_from_its_last_checkpoint);
    tcase_add_test(t, a_full_disk_leaves_the_last_checkpoint_as_it_was);
    tcase_add_test(t, a_run_goes_on_from_any_checkpoint);
    tcase_add_test(t, a_head_that_is_not_wte_learns_too);
    tcase_add_test(t, training_lowers_the_loss);
    tcase_add_test(t, the_end_of_a_text_is_held_back);
    tcase_add_test(t, only_answers_are_learned);
    tcase_add_test(t, the_loss_that_is_printed_is_the_last_one);
    tcase_add_test(t, a_run_goes_on_with_the_settings_it_was_begun_with);
    tcase_add_test(t, a_run_that_runs_away_keeps_its_last_good_state);
    tcase_add_test(t, fine_tuning_has_a_rate_of_its_own);
    tcase_add_test(t, what_is_wrong_is_named);
    tcase_add_test(t, the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_shipped_model_equals_the_reference,
                     "models/robots/model.safetensors", "the model is not here");
    tcase_add_test(t, the_walk_takes_any_prompt);
    ADD_TEST_NEEDING(t, the_walk_takes_long_prompts_of_the_shipped_model,
                     "models/robots/model.safetensors", "the model is not here");
}

BOOK_TESTS("14_training", add_tests)
