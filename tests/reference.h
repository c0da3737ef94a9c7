/* reference.h: what tests/reference/NN_stem.safetensors holds, and whether a program's tensors
 * are the same. For a chapter's test, after exercise.h:
 *
 *     struct stored_file want = open_reference("05_masking");
 *     int *ids = reference_ints(&want, "toy.ids", AXES({T, NULL}));
 *     check_reference(&want, "toy.h.0.attn.scores", AXES({H, NULL}, {T, tokens}, {T, tokens}), got);
 *     check_dump(&want, "odd.", "dump.safetensors");     every odd. tensor that is in both
 *     if (!is_reference_model(&want, &m)) …              models/robots is another than robots. is of
 *     close_stored(&want);
 *
 * What the first two give is the caller's to free. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "tensors.h"

#include "../src/02_checkpoint.h"

/* As ck_assert_msg, but it works outside of a test, too: where tests/mutants.h runs a probe. */
#define need(condition, ...)                                                             \
    do {                                                                                 \
        if (!(condition))                                                                \
            ck_abort_msg(__VA_ARGS__);                                                   \
    } while (0)

static inline struct stored_file open_reference(const char *stem)
{
    char *path = format_text("tests/reference/%s.safetensors", stem);
    struct stored_file f = open_stored(path);
    free(path);
    return f;
}

/* The tensor of that name, which must have that type and shape: its bytes, by themselves. */
static inline void *reference_bytes(const struct stored_file *f, const char *name,
                                    const char *type, int rank, const struct axis *axes)
{
    const struct stored *s = find_stored(f, name);
    need(s, "%s: there is no %s (make reference)", f->path, name);
    need(strcmp(s->type, type) == 0, "%s: %s is %s, not %s", f->path, name, s->type,
         type);
    need(s->rank == rank, "%s: %s has rank %d, not %d", f->path, name, s->rank, rank);
    for (int a = 0; a < rank; a++)
        need(s->shape[a] == (size_t)axes[a].length, "%s: axis %d of %s is %zu, not %d",
             f->path, a, name, s->shape[a], axes[a].length);
    void *copy = grab(s->end - s->begin, 1);
    memcpy(copy, f->bytes + 8 + f->header + s->begin, s->end - s->begin);
    return copy;
}

static inline float *reference_floats(const struct stored_file *f, const char *name,
                                      int rank, const struct axis *axes)
{
    return reference_bytes(f, name, "F32", rank, axes);
}

static inline int *reference_ints(const struct stored_file *f, const char *name, int rank,
                                  const struct axis *axes)
{
    return reference_bytes(f, name, "I32", rank, axes);
}

static inline double *reference_doubles(const struct stored_file *f, const char *name,
                                        int rank, const struct axis *axes)
{
    return reference_bytes(f, name, "F64", rank, axes);
}

/* How long an axis of a tensor is. */
static inline int reference_length(const struct stored_file *f, const char *name,
                                   int axis)
{
    const struct stored *s = find_stored(f, name);
    need(s && axis < s->rank, "%s: there is no %s, or it has no axis %d", f->path, name,
         axis);
    return (int)s->shape[axis];
}

/* Fails the running test where the reference disagrees with what was computed. */
static inline void check_reference(const struct stored_file *f, const char *name,
                                   int rank, const struct axis *axes, const void *got)
{
    float *want = reference_floats(f, name, rank, axes);
    check_tensor(name, rank, axes, got, want);
    free(want);
}

/* Holds a program's --dump against the reference: every tensor of floats that is there as
 * PREFIX + name must be in the dump, the shape the same, the numbers in agreement. The model's
 * own (weights, config) do not count. Returns how many were compared. */
static inline int check_dump(const struct stored_file *f, const char *prefix,
                             const char *path)
{
    struct stored_file dump = open_stored(path);
    const size_t n = strlen(prefix);
    int compared = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct stored *s = &f->all[i];
        char *name = format_text("%.*s", (int)s->name_size, s->name);
        if (strncmp(name, prefix, n) == 0 && strcmp(s->type, "F32") == 0 &&
            strncmp(name + n, "weights.", 8) != 0 && strcmp(name, "robots.wte") != 0) {
            struct axis axes[8];
            for (int a = 0; a < s->rank; a++)
                axes[a] = (struct axis){(int)s->shape[a], NULL};
            float *got = reference_floats(&dump, name + n, s->rank, axes);
            check_reference(f, name, s->rank, axes, got);
            free(got);
            compared++;
        }
        free(name);
    }
    close_stored(&dump);
    return compared;
}

/* Is the model the one that the robots. tensors were computed with? */
static inline bool is_reference_model(const struct stored_file *f,
                                      const struct checkpoint *m)
{
    float *want = reference_floats(f, "robots.wte", AXES({16, NULL}));
    const float *wte = m->weights.wte;
    const size_t size = (size_t)m->config.V * (size_t)m->config.C;
    bool same = true;
    for (size_t i = 0; i < 16; i++)
        same = same && wte[i * (size / 16)] == want[i];
    free(want);
    return same;
}

#endif
