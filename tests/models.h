/* models.h: models of any shape, for tests of what a program does with them. Behind program.h and
 * chapter 2's header or a later one. */
#ifndef TEST_MODELS_H
#define TEST_MODELS_H

#include "hash_weights.h"

/* A model of that shape whose numbers are spread over -scale … scale (0: all are 0), written to
 * the test's folder. Returns its path. */
static inline char *made_model(struct config c, double scale)
{
    static int count;
    const size_t n = parameter_count(&c);
    float *flat = grab(n, sizeof *flat);
    uniform("models", n, scale, flat);
    struct weights w = lay_out_weights(&c, flat);
    char *path = format_text("%s/model_%d", folder, count++);
    write_checkpoint(path, &c, &w);
    free_weights(&w);
    free(flat);
    return path;
}

#endif
