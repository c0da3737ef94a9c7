/* outcome.h: what comes out of a function under test: its arrays, between walls, and the record of
 * what it made of them beside what it should have. See exercise.h. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "tensors.h"

#include <fcntl.h>
#include <float.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

/* ---- What comes out of a function ------------------------------------------------- */

/* Any function at all; TESTED casts it back to the type of the one that it stands for. */
typedef void (*any_function)(void);
#define TESTED(function, f) ((__typeof__(&(function)))(f))

enum { MOST_AXES = 4, MOST_GUARDED = 32, SECONDS = 3, LEAST_UNITS = 16 };

/* What an array holds. */
enum measure { FLOATS, DOUBLES, INTS, BYTES, HALVES, COUNTS };

static inline size_t measure_size(enum measure m)
{
    static const size_t sizes[] = {sizeof(float),
                                   sizeof(double),
                                   sizeof(int),
                                   1,
                                   sizeof(uint16_t),
                                   sizeof(size_t),
                                   1};
    return sizes[m];
}

/* Element i of an array, as a number. */
static inline double element(enum measure m, const void *array, size_t i)
{
    return m == FLOATS    ? (double)((const float *)array)[i]
           : m == DOUBLES ? ((const double *)array)[i]
           : m == INTS    ? ((const int *)array)[i]
           : m == HALVES  ? ((const uint16_t *)array)[i]
           : m == COUNTS  ? (double)((const size_t *)array)[i]
                          : ((const unsigned char *)array)[i];
}

/* One tensor, or one number (rank 0), that came out, and what should have. */
struct recorded {
    char *name, *situation;
    int turn; /* of the probe: 0 or 1 */
    enum measure measure;
    bool exact; /* every difference counts */
    int rank;
    struct axis axes[MOST_AXES];
    size_t got_size, want_size; /* they may differ where the function says how many */
    double *got, *want;
    double units; /* how far both may be apart, see tolerance() */
};

/* What an array that the function was given held before the call. */
struct input {
    char *name, *situation;
    int turn;
    bool changes; /* the function may write to it */
    enum measure measure;
    int rank;
    struct axis axes[MOST_AXES];
    size_t size;
    double *values;
};

/* Memory for the function under test, between two walls. */
struct guarded {
    const char *name;
    int rank, lengths[MOST_AXES];
    size_t count, size;
    bool fixed; /* the function may read it only */
    unsigned char *map, *data;
    size_t map_size;
};

/* All that came out of a function, in the order in which it was recorded. */
struct outcome {
    struct recorded *all;
    size_t count, capacity;
    struct input *inputs;
    size_t input_count, input_capacity;
    int turn;
    char *situation; /* the one that the probe is in */
    char *damage;    /* NULL, or where the function wrote outside its arrays */
    struct guarded guarded[MOST_GUARDED];
    int guards;
};

static bool plain; /* no walls: the address sanitizer watches */

/* The bytes of memory that is to be written, in the probe's two turns: floats are NaN, then
 * 0.186; whole numbers -1, then 1044266558. */
static const int filling[2] = {0xFF, 0x3E};

enum { UNTOUCHED = 0xA5 };

static inline size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* The name of the element that is so many bytes after the start of an array (before it, where
 * negative): `table[4][0]`. The caller frees it. */
static inline char *place_in(const struct guarded *m, long bytes)
{
    const long size = (long)m->size;
    long at = bytes >= 0 ? bytes / size : -((size - 1 - bytes) / size), inner = 1;
    for (int a = 1; a < m->rank; a++)
        inner *= m->lengths[a];
    char *text = format_text("%s", m->name);
    for (int a = 0; a < m->rank || a == 0; a++) {
        long index = at / inner, rest = at % inner;
        if (rest < 0)
            index--, rest += inner;
        char *longer = format_text("%s[%ld]", text, index);
        free(text);
        text = longer;
        at = rest;
        if (a + 1 < m->rank)
            inner /= m->lengths[a + 1] ? m->lengths[a + 1] : 1;
    }
    return text;
}

/* How large an array is, as one would declare it: `4 by 2`. */
static inline char *extent_of(const struct guarded *m)
{
    char *text = format_text("%zu", m->rank > 1 ? (size_t)m->lengths[0] : m->count);
    for (int a = 1; a < m->rank; a++) {
        char *longer = format_text("%s by %d", text, m->lengths[a]);
        free(text);
        text = longer;
    }
    return text;
}

/* Has the function written beside an array, on the side without a wall? Then that is noted. */
static inline void check_guards(struct outcome *o)
{
    for (int g = 0; g < o->guards && !o->damage && !plain; g++) {
        const struct guarded *m = &o->guarded[g];
        const unsigned char *inside = m->map + page_size(),
                            *end = m->map + m->map_size - page_size();
        long hit = 0;
        bool found = false;
        for (const unsigned char *p = m->data; p-- > inside && !found;)
            if (*p != UNTOUCHED)
                found = true, hit = (long)(p - m->data);
        for (const unsigned char *p = m->data + m->count * m->size; p < end && !found;
             p++)
            if (*p != UNTOUCHED)
                found = true, hit = (long)(p - m->data);
        if (found) {
            char *place = place_in(m, hit), *extent = extent_of(m);
            o->damage = format_text("writes %s, outside its array of %s", place, extent);
            free(place);
            free(extent);
        }
    }
}

static inline void free_guarded(struct outcome *o)
{
    check_guards(o);
    for (int g = 0; g < o->guards; g++)
        if (plain)
            free(o->guarded[g].map);
        else
            munmap(o->guarded[g].map, o->guarded[g].map_size);
    o->guards = 0;
}

/* Leaves garbage on the stack, for what a function never sets. */
static __attribute__((noinline, unused)) void litter(int byte)
{
    unsigned char floor[1 << 14];
    memset(floor, byte, sizeof floor);
    __asm__ volatile("" : : "r"(floor) : "memory");
}

/* Says what the next calls are about; what was given out before is gone then. */
static inline __attribute__((format(printf, 2, 3))) void
situation(struct outcome *o, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    free_guarded(o);
    free(o->situation);
    o->situation = format_text("%s", text);
    litter(filling[o->turn]);
}

/* Memory of zeros with pages of its own; POSIX has no other way to it than a file. */
static inline unsigned char *map_pages(size_t size)
{
    static FILE *empty;
    static size_t longest;
    if (!empty)
        empty = tmpfile();
    if (!empty || (size > longest && ftruncate(fileno(empty), (off_t)size) != 0))
        return NULL;
    longest = size > longest ? size : longest;
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(empty), 0);
    return map == MAP_FAILED ? NULL : map;
}

/* Memory for an array between two walls: pages that cannot be touched, so that an element too
 * many is noticed, read or written. In the first turn it ends at a wall, in the second it
 * begins at one. What is at `from` is copied there, or it is filled with garbage. */
static inline void *wall_in(struct outcome *o, const char *name, int rank,
                            const int *lengths, size_t size, const void *from, bool fixed)
{
    const size_t page = page_size();
    size_t count = 1;
    for (int a = 0; a < rank; a++)
        count *= (size_t)lengths[a];
    const size_t bytes = count * size, inside = (bytes + page) / page * page;
    struct guarded m = {.name = name,
                        .rank = rank,
                        .count = count,
                        .size = size,
                        .fixed = fixed,
                        .map_size = inside + 2 * page};
    for (int a = 0; a < rank; a++)
        m.lengths[a] = lengths[a];
    m.map = plain ? malloc(bytes ? bytes : 1) : map_pages(m.map_size);
    if (o->guards == MOST_GUARDED || !m.map)
        ck_abort_msg("no memory for %s", name);
    m.data = plain ? m.map : m.map + page + (o->turn == 0 ? inside - bytes : 0);
    if (!plain)
        memset(m.map + page, UNTOUCHED, inside);
    if (!from)
        memset(m.data, filling[o->turn], bytes);
    else if (bytes)
        memcpy(m.data, from, bytes);
    if (!plain) {
        mprotect(m.map, page, PROT_NONE);
        mprotect(m.map + page, inside, fixed ? PROT_READ : PROT_READ | PROT_WRITE);
        mprotect(m.map + page + inside, page, PROT_NONE);
    }
    o->guarded[o->guards++] = m;
    return m.data;
}

/* Axes and labels that last; labels may be gone when they are asked for. */
static inline void keep_axes(int rank, const struct axis *from, struct axis *to)
{
    for (int a = 0; a < rank; a++) {
        char **labels = NULL;
        if (from[a].labels)
            labels = grab((size_t)from[a].length, sizeof *labels);
        for (int i = 0; labels && i < from[a].length; i++)
            labels[i] = format_text("%s", from[a].labels[i]);
        to[a] = (struct axis){from[a].length, labels};
    }
}

static inline void free_axes(int rank, const struct axis *axes)
{
    for (int a = 0; a < rank; a++) {
        for (int j = 0; axes[a].labels && j < axes[a].length; j++)
            free(axes[a].labels[j]);
        free((void *)(uintptr_t)axes[a].labels);
    }
}

static inline void *take(struct outcome *o, const char *name, int rank,
                         const struct axis *axes, enum measure m, const void *from,
                         bool fixed)
{
    int lengths[MOST_AXES] = {0};
    const size_t size = tensor_size(rank, axes);
    for (int a = 0; a < rank; a++)
        lengths[a] = axes[a].length;
    if (from) {
        o->inputs =
            grow(o->inputs, &o->input_capacity, o->input_count + 1, sizeof *o->inputs);
        struct input *in = &o->inputs[o->input_count++];
        *in = (struct input){.name = format_text("%s", name),
                             .situation =
                                 format_text("%s", o->situation ? o->situation : ""),
                             .turn = o->turn,
                             .changes = !fixed,
                             .measure = m,
                             .rank = rank,
                             .size = size,
                             .values = grab(size, sizeof(double))};
        keep_axes(rank, axes, in->axes);
        for (size_t i = 0; i < size; i++)
            in->values[i] = element(m, from, i);
    }
    return wall_in(o, name, rank, lengths, measure_size(m), from, fixed);
}

/* An array that the function reads and must not change: writing to it is a crash that is told.
 *     const float(*q)[D] = given(o, "q", AXES({T, words}, {D, NULL}), FLOATS, from); */
static inline const void *given(struct outcome *o, const char *name, int rank,
                                const struct axis *axes, enum measure m, const void *from)
{
    return take(o, name, rank, axes, m, from, true);
}

/* An array that the function changes in place. */
static inline void *changed(struct outcome *o, const char *name, int rank,
                            const struct axis *axes, enum measure m, const void *from)
{
    return take(o, name, rank, axes, m, from, false);
}

/* An array that the function writes; it holds garbage. */
static inline void *written(struct outcome *o, const char *name, int rank,
                            const struct axis *axes, enum measure m)
{
    return take(o, name, rank, axes, m, NULL, false);
}

/* The same for what is not numbers: `count` elements of `size` bytes, as garbage, or as they
 * are at `from`. */
static inline void *guarded(struct outcome *o, const char *name, size_t count,
                            size_t size)
{
    return wall_in(o, name, 1, (const int[]){(int)count}, size, NULL, false);
}

static inline void *guarded_copy(struct outcome *o, const char *name, size_t count,
                                 size_t size, const void *from)
{
    return wall_in(o, name, 1, (const int[]){(int)count}, size, from, false);
}

static inline struct recorded *new_record(struct outcome *o, const char *name,
                                          enum measure m, int rank,
                                          const struct axis *axes, size_t got_size,
                                          size_t want_size)
{
    o->all = grow(o->all, &o->capacity, o->count + 1, sizeof *o->all);
    struct recorded *r = &o->all[o->count++];
    *r = (struct recorded){.name = format_text("%s", name),
                           .situation =
                               format_text("%s", o->situation ? o->situation : ""),
                           .turn = o->turn,
                           .measure = m,
                           .exact = m != FLOATS && m != DOUBLES,
                           .rank = rank,
                           .got_size = got_size,
                           .want_size = want_size,
                           .got = grab(got_size, sizeof(double)),
                           .want = grab(want_size, sizeof(double)),
                           .units = LEAST_UNITS};
    keep_axes(rank, axes, r->axes);
    return r;
}

/* Records a tensor of floats beside what it should be. */
static inline void record(struct outcome *o, const char *name, int rank,
                          const struct axis *axes, const void *got, const void *want)
{
    size_t n = tensor_size(rank, axes);
    struct recorded *r = new_record(o, name, FLOATS, rank, axes, n, n);
    for (size_t i = 0; i < n; i++) {
        r->got[i] = element(FLOATS, got, i);
        r->want[i] = element(FLOATS, want, i);
    }
}

/* The same, to the last bit: a zero has its sign, and NaN is wanted where it should be. */
static inline void record_exactly(struct outcome *o, const char *name, int rank,
                                  const struct axis *axes, const void *got,
                                  const void *want)
{
    record(o, name, rank, axes, got, want);
    o->all[o->count - 1].exact = true;
}

/* Records a row of whole numbers, ints or bytes: got_n of them where there should be want_n.
 * Labels, if any, are for the want_n. What is at `got` is read only where got_n is 0 to `room`. */
static inline void record_row(struct outcome *o, const char *name, enum measure m,
                              long got_n, long room, const void *got, int want_n,
                              const void *want, char *const *labels)
{
    const struct axis axis = {want_n, labels};
    size_t n = got_n >= 0 && got_n <= room ? (size_t)got_n : 0;
    struct recorded *r = new_record(o, name, m, 1, &axis, n, (size_t)want_n);
    for (size_t i = 0; i < n; i++)
        r->got[i] = element(m, got, i);
    for (size_t i = 0; i < r->want_size; i++)
        r->want[i] = element(m, want, i);
}

static inline void record_ints(struct outcome *o, const char *name, long got_n, long room,
                               const int *got, int want_n, const int *want,
                               char *const *labels)
{
    record_row(o, name, INTS, got_n, room, got, want_n, want, labels);
}

static inline void record_bytes(struct outcome *o, const char *name, long got_n,
                                long room, const void *got, int want_n, const void *want)
{
    record_row(o, name, BYTES, got_n, room, got, want_n, want, NULL);
}

/* Records one whole number. */
static inline void record_integer(struct outcome *o, const char *name, long got,
                                  long want)
{
    struct recorded *r = new_record(o, name, INTS, 0, NULL, 1, 1);
    *r->got = (double)got;
    *r->want = (double)want;
}

/* Records one number. */
static inline void record_number(struct outcome *o, const char *name, double got,
                                 double want)
{
    struct recorded *r = new_record(o, name, FLOATS, 0, NULL, 1, 1);
    *r->got = got;
    *r->want = want;
}

static inline void free_outcome(struct outcome *o)
{
    free_guarded(o);
    for (size_t i = 0; i < o->count; i++) {
        free_axes(o->all[i].rank, o->all[i].axes);
        free(o->all[i].name);
        free(o->all[i].situation);
        free(o->all[i].got);
        free(o->all[i].want);
    }
    for (size_t i = 0; i < o->input_count; i++) {
        free_axes(o->inputs[i].rank, o->inputs[i].axes);
        free(o->inputs[i].name);
        free(o->inputs[i].situation);
        free(o->inputs[i].values);
    }
    free(o->all);
    free(o->inputs);
    free(o->situation);
    free(o->damage);
    *o = (struct outcome){0};
}

#endif
