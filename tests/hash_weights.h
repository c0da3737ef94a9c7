/* hash_weights.h: weights that nobody needs to store: an integer hash makes them, here and in
 * tests/reference/make_reference.py (hash32, uniform, hash_weights). */
#ifndef HASH_WEIGHTS_H
#define HASH_WEIGHTS_H

#include "../src/02_checkpoint.h"

/* Mixes a 32-bit integer thoroughly. */
static inline uint32_t hash32(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    return x ^ x >> 16;
}

/* The checksum of a text (zlib's crc32): where its numbers begin. */
static inline uint32_t checksum(const char *text)
{
    uint32_t c = 0xFFFFFFFFu;
    for (; *text; text++) {
        c ^= (unsigned char)*text;
        for (int bit = 0; bit < 8; bit++)
            c = c >> 1 ^ (c & 1 ? 0xEDB88320u : 0);
    }
    return ~c;
}

/* n numbers spread evenly over -scale … scale. */
static inline void uniform(const char *seed, size_t n, double scale, float *x)
{
    const uint32_t start = checksum(seed);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)((hash32((uint32_t)i * 0x9E3779B1u + start) / 2147483648.0 - 1) *
                       scale);
}

/* GPT-2 small's shape. */
static inline struct config gpt2_small(void)
{
    return (struct config){.positions = 1024,
                           .V = 50257,
                           .C = 768,
                           .H = 12,
                           .L = 12,
                           .F = 3072,
                           .epsilon = 1e-5f};
}

/* The weights of a model of that shape; flat [parameter_count] holds them. */
static inline struct weights hash_weights(const struct config *c, float *flat)
{
    static const struct {
        const char *name;
        double scale;
    } matrices[] = {{"wte.weight", 0.2},          {"wpe.weight", 0.1},
                    {"attn.c_attn.weight", 0.08}, {"attn.c_proj.weight", 0.06},
                    {"mlp.c_fc.weight", 0.06},    {"mlp.c_proj.weight", 0.03}};
    struct weights w = lay_out_weights(c, flat);
    for (int i = 0; i < tensor_count(c); i++) {
        const struct tensor_place p = tensor_place(c, i);
        char *seed = format_text("13.%s", p.name);
        const char *kind =
            strncmp(p.name, "h.", 2) == 0 ? strchr(p.name + 2, '.') + 1 : p.name;
        double scale = 0.2;
        for (size_t k = 0; k < sizeof matrices / sizeof *matrices; k++)
            if (strcmp(kind, matrices[k].name) == 0)
                scale = matrices[k].scale;
        float *x = get_tensor(&w, c, i);
        uniform(seed, p.size, scale, x);
        if (strncmp(kind, "ln", 2) == 0 && strstr(kind, "weight"))
            for (size_t n = 0; n < p.size; n++)
                x[n] = 1 + x[n];
        free(seed);
    }
    return w;
}

#endif
