/* exact.h: the model in double precision, token by token, in the test's own plain code: what
 * should come out of the exercises of chapters 9 and 11. Made-up inputs, too. After chapter 9's
 * header. */
#ifndef EXACT_H
#define EXACT_H

/* A number from -1 to 1, a multiple of 1/256: always the same for the same i and seed. */
static inline float some_number(size_t i, unsigned seed)
{
    uint32_t z = ((uint32_t)i + 1) * 2654435761u ^ (seed + 1) * 2246822519u;
    z = (z ^ z >> 15) * 2246822519u;
    z = (z ^ z >> 13) * 3266489917u;
    return (float)((int)((z ^ z >> 16) % 513) - 256) / 256;
}

/* n of them, times `scale`, plus `shift`, on the heap. */
static inline float *some_numbers(size_t n, unsigned seed, float scale, float shift)
{
    float *x = grab(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = some_number(i, seed) * scale + shift;
    return x;
}

/* A model with made-up weights, whose head is not wte. Of very large matrices only some numbers are
 * not 0, to save time. */
struct made_up {
    struct config config;
    size_t count;
    float *flat, *head;
};

static inline struct made_up make_up(struct config config, unsigned seed)
{
    struct made_up m = {.config = config, .count = parameter_count(&config)};
    m.flat = grab(m.count, sizeof *m.flat);
    m.head = some_numbers((size_t)config.V * (size_t)config.C, seed + 99, 1, 0);
    struct weights w = lay_out_weights(&config, m.flat);
    for (int i = 0; i < tensor_count(&config); i++) {
        const struct tensor_place p = tensor_place(&config, i);
        float *to = get_tensor(&w, &config, i);
        const bool norm = strstr(p.name, "ln_") && strstr(p.name, "weight");
        const float scale = p.rank == 2 && strncmp(p.name, "w", 1) != 0
                                ? 1.5f / sqrtf((float)p.shape[0])
                                : 0.5f;
        for (size_t k = 0; k<p.size; k += p.size> 1000000 ? 1033 : 1)
            to[k] = some_number(k, seed + (unsigned)i) * scale + (norm ? 1.25f : 0);
    }
    free_weights(&w);
    return m;
}

static inline void free_made_up(struct made_up *m)
{
    free(m->flat);
    free(m->head);
}

static inline void exact_norm(int C, double to[C], const double x[C], const float *weight,
                              const float *bias, float epsilon)
{
    double mean = 0, squares = 0;
    for (int c = 0; c < C; c++)
        mean += x[c];
    mean /= C;
    for (int c = 0; c < C; c++)
        squares += (x[c] - mean) * (x[c] - mean);
    for (int c = 0; c < C; c++)
        to[c] = (x[c] - mean) / sqrt(squares / C + (double)epsilon) * (double)weight[c] +
                (double)bias[c];
}

static inline void exact_linear(int I, int O, double y[O], const double x[I],
                                const float w[I][O], const float *bias)
{
    for (int o = 0; o < O; o++)
        y[o] = (double)bias[o];
    for (int i = 0; i < I; i++)
        for (int o = 0; o < O; o++)
            y[o] += x[i] * (double)w[i][o];
}

/* One head's attention of one query over `used` tokens. */
static inline void exact_look(int D, int used, double context[D], const double q[D],
                              const double keys[used][D], const double values[used][D])
{
    double *p = grab((size_t)used, sizeof *p), largest = -INFINITY, all = 0;
    for (int s = 0; s < used; s++) {
        for (int i = 0; i < D; i++)
            p[s] += q[i] * keys[s][i];
        p[s] /= sqrt(D);
        largest = p[s] > largest ? p[s] : largest;
    }
    for (int s = 0; s < used; s++)
        all += p[s] = exp(p[s] - largest);
    for (int i = 0; i < D; i++)
        context[i] = 0;
    for (int s = 0; s < used; s++)
        for (int i = 0; i < D; i++)
            context[i] += p[s] / all * values[s][i];
    free(p);
}

/* One block for the token at position t: x [C] is what comes in and goes out; its keys and
 * values, [H, room, D], come beside those of the tokens before. */
static inline void exact_block(const struct config *config, int room, int t,
                               double x[config->C], double *keys, double *values,
                               const struct block *b)
{
    const int C = config->C, H = config->H, D = C / H, F = config->F;
    double norm[C], qkv[3 * C], context[C], told[C], wide[F];
    exact_norm(C, norm, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    exact_linear(C, 3 * C, qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
    for (int h = 0; h < H; h++) {
        double(*k)[D] = (void *)(keys + h * room * D), (*v)[D];
        v = (void *)(values + h * room * D);
        for (int i = 0; i < D; i++) {
            k[t][i] = qkv[C + h * D + i];
            v[t][i] = qkv[2 * C + h * D + i];
        }
        exact_look(D, t + 1, context + h * D, qkv + h * D, (const double(*)[D])k,
                   (const double(*)[D])v);
    }
    exact_linear(C, C, told, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
    for (int c = 0; c < C; c++)
        x[c] += told[c];
    exact_norm(C, norm, x, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    exact_linear(C, F, wide, norm, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int f = 0; f < F; f++)
        wide[f] *= (1 + tanh(sqrt(2 / 3.141592653589793) *
                             (wide[f] + 0.044715 * pow(wide[f], 3)))) /
                   2;
    exact_linear(F, C, told, wide, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    for (int c = 0; c < C; c++)
        x[c] += told[c];
}

/* What the whole model should make of T tokens, rounded to float once. */
struct exact {
    float *embedding, *output, *ln_f, *logits; /* [T, C], [L, T, C], [T, C], [T, V] */
    float *keys, *values;                      /* [L, H, T, D] */
};

static inline struct exact exact_stack(int T, const struct config *config,
                                       const int ids[T], const struct weights *w)
{
    const int C = config->C, V = config->V, L = config->L;
    const size_t rows = (size_t)T * (size_t)C, all = (size_t)L * rows;
    const float(*wte)[C] = w->wte, (*wpe)[C] = w->wpe, (*head)[C] = w->lm_head;
    struct exact e = {.embedding = grab(rows, sizeof(float)),
                      .output = grab(all, sizeof(float)),
                      .ln_f = grab(rows, sizeof(float)),
                      .logits = grab((size_t)T * (size_t)V, sizeof(float)),
                      .keys = grab(all, sizeof(float)),
                      .values = grab(all, sizeof(float))};
    double *keys = grab(all, sizeof *keys), *values = grab(all, sizeof *values);
    double x[C], norm[C];
    for (int t = 0; t < T; t++) {
        for (int c = 0; c < C; c++) {
            x[c] = (double)wte[ids[t]][c] + (double)wpe[t][c];
            e.embedding[t * C + c] = (float)x[c];
        }
        for (int l = 0; l < L; l++) {
            exact_block(config, T, t, x, keys + (size_t)l * rows,
                        values + (size_t)l * rows, &w->h[l]);
            for (int c = 0; c < C; c++)
                e.output[(l * T + t) * C + c] = (float)x[c];
        }
        exact_norm(C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
        for (int c = 0; c < C; c++)
            e.ln_f[t * C + c] = (float)norm[c];
        for (int v = 0; v < V; v++) {
            double sum = 0;
            for (int c = 0; c < C; c++)
                sum += norm[c] * (double)head[v][c];
            e.logits[t * V + v] = (float)sum;
        }
    }
    for (size_t i = 0; i < all; i++) {
        e.keys[i] = (float)keys[i];
        e.values[i] = (float)values[i];
    }
    free(keys);
    free(values);
    return e;
}

static inline void free_exact(struct exact *e)
{
    free(e->embedding);
    free(e->output);
    free(e->ln_f);
    free(e->logits);
    free(e->keys);
    free(e->values);
}

#endif
