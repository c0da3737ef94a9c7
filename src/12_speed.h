/* 12_speed.h: the same mathematics near the machine's limit: matrix products in tiles, all
 * cores, and a forward pass that keeps what training needs.
 * Chapter 12 of the book: chapters/12_speed.md */
#ifndef SPEED_H
#define SPEED_H

#include "02_checkpoint.h"

#include <signal.h>

/* What the compiler does with several cores goes through this macro, and only through it:
 * OMP(parallel for) is `#pragma omp parallel for`, or nothing where there is no OpenMP. */
#ifdef _OPENMP
#include <omp.h>
#define OMP_PRAGMA(text) _Pragma(#text)
#define OMP(...) OMP_PRAGMA(omp __VA_ARGS__)
#else
#define OMP(...)
#endif

/* How many threads may work at once. */
static inline int thread_count(void)
{
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

/* Is so much work (numbers to be fetched and used, about) worth sharing? Threads that wait for
 * each other cost some microseconds, and much more where other programs want the cores too. */
static inline bool worth_sharing(size_t work)
{
    return work > 200000;
}

/* The newest instructions that the compiler may have used: not every x86 processor has them. */
#if defined __AVX512F__
#define NEEDED "avx512f"
#elif defined __AVX2__
#define NEEDED "avx2"
#elif defined __AVX__
#define NEEDED "avx"
#elif defined __SSE4_2__
#define NEEDED "sse4.2"
#endif

static void wrong_processor(int number)
{
    static const char text[] = "this program was built for a different processor; "
                               "to build it for any: make NATIVE=no programs\n";
    (void)number;
    _exit(write(STDERR_FILENO, text, sizeof text - 1) < 0 ? 2 : 1);
}

/* Runs before main. What NEEDED does not cover ends in the signal. */
__attribute__((constructor)) static void check_processor(void)
{
    signal(SIGILL, wrong_processor);
#ifdef NEEDED
    __builtin_cpu_init();
    if (!__builtin_cpu_supports(NEEDED))
        wrong_processor(SIGILL);
#endif
}

/* Called first in main: threads that wait soon leave the core to others. How long they try is
 * read from the environment, by GCC's library before main: so the program is started again,
 * once. If that fails, it continues as it is. */
static inline void calm_threads(char **argv)
{
#ifdef _OPENMP
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT"))
        return;
    setenv("OMP_WAIT_POLICY", "passive", 1);
    setenv("GOMP_SPINCOUNT", "3000", 1);
    if (strchr(argv[0], '/'))
        execv(argv[0], argv);
#else
    (void)argv;
#endif
}

/* ---- The climb: one product, rung by rung --------------------------------------------- */

/* What every rung computes: y = x · w. x [R, I], w [I, O] → y [R, O] */
typedef void rung(int R, int I, int O, float y[restrict R][O], const float x[R][I],
                  const float w[I][O]);

/* Rung 1: output outside, input inside. Down a column of w, each number lies O floats after the
 * one before. */
static inline void output_outside(int R, int I, int O, float y[restrict R][O],
                                  const float x[R][I], const float w[I][O])
{
    for (int r = 0; r < R; r++)
        for (int o = 0; o < O; o++) {
            float sum = 0;
            for (int i = 0; i < I; i++)
                sum += x[r][i] * w[i][o];
            y[r][o] = sum;
        }
}

/* Keeps the compiler from making vectors of a loop. It adds no instruction. */
#define ONE_AT_A_TIME __asm__ volatile("")

/* Rung 2: input outside, output inside, as in chapter 6: w is read as it lies in memory. */
static inline void input_outside(int R, int I, int O, float y[restrict R][O],
                                 const float x[R][I], const float w[I][O])
{
    for (int r = 0; r < R; r++) {
        for (int o = 0; o < O; o++)
            y[r][o] = 0;
        for (int i = 0; i < I; i++)
            for (int o = 0; o < O; o++) {
                y[r][o] += x[r][i] * w[i][o];
                ONE_AT_A_TIME;
            }
    }
}

/* How many floats one register holds: as many as the compiler may use. It says so in bytes: a
 * register's are what it aligns memory to, at most. 4 (SSE, NEON, WebAssembly), 8 (AVX) or 16
 * (AVX-512) */
enum { LANES = __BIGGEST_ALIGNMENT__ < 16 ? 4 : __BIGGEST_ALIGNMENT__ / 4 };
/* A tile of a product: as many registers of sums as there are, less those that hold what is
 * multiplied. Where a register holds 16 floats there are 32 of them, else 16. */
enum { TILE_ROWS = LANES == 16 ? 12 : 6, TILE_COLUMNS = 2 * LANES };

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t int_lanes __attribute__((vector_size(4 * LANES)));
typedef float lanes_anywhere
    __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t int_lanes_anywhere
    __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

static inline lanes load(const float *p)
{
    return *(const lanes_anywhere *)p;
}

/* The same for words of 32 bits, whatever they mean. */
static inline int_lanes load_words(const int32_t *p)
{
    return *(const int_lanes_anywhere *)p;
}

static inline void store(float *p, lanes x)
{
    *(lanes_anywhere *)p = x;
}

/* The same number in every lane. */
static inline lanes spread(float x)
{
    return x - (lanes){0};
}

/* Two registers, shuffled: x[first], y[first], x[first + 1], y[first + 1], … */
static inline __attribute__((always_inline)) lanes shuffle(lanes x, lanes y, int first)
{
#ifdef __clang__
    lanes both = x;
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        both[i] = i % 2 ? y[first + i / 2] : x[first + i / 2];
    return both;
#else
    int_lanes from; /* x's floats are counted from 0, y's from LANES */
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        from[i] = first + i / 2 + i % 2 * LANES;
    return __builtin_shuffle(x, y, from);
#endif
}

/* The lanes of x added up, halves first. */
static inline float add_lanes(lanes x)
{
    float s[LANES];
    store(s, x);
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            s[i] += s[i + half];
    return s[0];
}

static inline int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* n rounded up to a multiple of m */
static inline int round_up(int n, int m)
{
    return (n + m - 1) / m * m;
}

/* Rung 3: rung 2 with LANES outputs at a time. load and store move LANES floats into a register
 * and out of it; spread puts one number into every lane. */
static inline void in_vectors(int R, int I, int O, float y[restrict R][O],
                              const float x[R][I], const float w[I][O])
{
    const int whole = O / LANES * LANES;
    for (int r = 0; r < R; r++) {
        for (int o = 0; o < O; o++)
            y[r][o] = 0;
        for (int i = 0; i < I; i++) {
            const lanes v = spread(x[r][i]);
            for (int o = 0; o < whole; o += LANES)
                store(&y[r][o], load(&y[r][o]) + v * load(&w[i][o]));
            for (int o = whole; o < O; o++)
                y[r][o] += x[r][i] * w[i][o];
        }
    }
}

/* The outputs that whole tiles leave over: the rows from `rows` on, the columns from `columns`
 * on. */
static inline void left_over(int R, int I, int O, float y[restrict R][O],
                             const float x[R][I], const float w[I][O], int rows,
                             int columns)
{
    in_vectors(R - rows, I, O, y + rows, x + rows, w);
    for (int r = 0; r < rows; r++)
        for (int o = columns; o < O; o++) {
            y[r][o] = 0;
            for (int i = 0; i < I; i++)
                y[r][o] += x[r][i] * w[i][o];
        }
}

/* The work of multiply_adds, for a number of sums that the compiler knows. */
static inline __attribute__((always_inline)) float chains(int sums, long rounds)
{
    enum { MOST = 12 };
    lanes sum[MOST];
    const lanes x = spread(0.999f), y = spread(0.001f);
    for (int i = 0; i < MOST; i++)
        sum[i] = spread((float)i);
    for (long n = 0; n < rounds; n++) {
#pragma GCC unroll 16
        for (int i = 0; i < sums; i++)
            sum[i] = sum[i] * x + y;
    }
    float all = 0;
    for (int i = 0; i < sums; i++)
        all += sum[i][0];
    return all;
}

/* Multiply-adds in registers alone: sum = sum · x + y in every lane, `rounds` times, of 1, 2, 3,
 * 4, 6, 8, 10 or 12 sums in turn. Returns something of them, so that they are computed. */
static inline float multiply_adds(int sums, long rounds)
{
    return sums == 1    ? chains(1, rounds)
           : sums == 2  ? chains(2, rounds)
           : sums == 3  ? chains(3, rounds)
           : sums == 4  ? chains(4, rounds)
           : sums == 6  ? chains(6, rounds)
           : sums == 8  ? chains(8, rounds)
           : sums == 10 ? chains(10, rounds)
                        : chains(12, rounds);
}

/* Rung 4: DOZEN rows at once, each with a sum in a register. Each vector of w is loaded once
 * for all of them, and no sum waits for itself. */
enum { DOZEN = 12 };

static inline void dozen_sums(int R, int I, int O, float y[restrict R][O],
                              const float x[R][I], const float w[I][O])
{
    const int rows = R / DOZEN * DOZEN, columns = O / LANES * LANES;
    for (int o = 0; o < columns; o += LANES)
        for (int r = 0; r < rows; r += DOZEN) {
            lanes sum[DOZEN] = {{0}};
            for (int i = 0; i < I; i++) {
                const lanes v = load(&w[i][o]);
#pragma GCC unroll 16
                for (int j = 0; j < DOZEN; j++)
                    sum[j] += spread(x[r + j][i]) * v;
            }
#pragma GCC unroll 16
            for (int j = 0; j < DOZEN; j++)
                store(&y[r + j][o], sum[j]);
        }
    left_over(R, I, O, y, x, w, rows, columns);
}

#ifdef MINE_dot_in_sums
float dot_in_sums(int n, const float x[n], const float y[n]);
#else
/* x · y as eight sums that do not wait for each other: sum s takes the products s, s + 8, … 
 * x, y [n] → Σ x[i] y[i] */
static inline float dot_in_sums(int n, const float x[n], const float y[n])
{
    enum { AT_ONCE = 8 };
    float sum[AT_ONCE] = {0};
    int i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE)
        for (int s = 0; s < AT_ONCE; s++)
            sum[s] += x[i + s] * y[i + s];
    for (int s = 0; i < n; i++, s++)
        sum[s] += x[i] * y[i];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
           ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}
#endif

/* ---- Matrix products ----------------------------------------------------------------- */

/* Adds up one tile of a product in registers: sum[i][j] = Σ over k < K of a(i, k) b(k, j).
 * a(i, k) is a[i * a_row + k * a_k]; the rows of b are b_k apart, and a row's floats side by
 * side. Each b is loaded once for TILE_ROWS rows, each a once for TILE_COLUMNS columns. */
static inline __attribute__((always_inline)) void
tile_sum(int K, lanes sum[restrict TILE_ROWS][2], const float *a, size_t a_row,
         size_t a_k, const float *b, size_t b_k)
{
    lanes s[TILE_ROWS][2];
#pragma GCC unroll 16
    for (int i = 0; i < TILE_ROWS; i++)
        s[i][0] = s[i][1] = (lanes){0};
    for (int k = 0; k < K; k++) {
        const lanes left = load(b), right = load(b + LANES);
#pragma GCC unroll 16
        for (int i = 0; i < TILE_ROWS; i++) {
            const lanes x = spread(a[(size_t)i * a_row]);
            s[i][0] += x * left;
            s[i][1] += x * right;
        }
        a += a_k;
        b += b_k;
    }
#pragma GCC unroll 16
    for (int i = 0; i < TILE_ROWS; i++) {
        sum[i][0] = s[i][0];
        sum[i][1] = s[i][1];
    }
}

/* What is done with a finished sum: it is put down, with a bias added; or added to what is
 * there. */
enum finish { PUT, ADD };

/* Brings a tile of c into the nearest cache before it is needed. */
static inline void fetch_tile(const float *c, size_t c_row, int high)
{
    for (int i = 0; i < high; i++) {
        __builtin_prefetch(c + (size_t)i * c_row, 1);
        __builtin_prefetch(c + (size_t)i * c_row + TILE_COLUMNS - 1, 1);
    }
}

/* Finishes a tile of c, of which high rows and wide columns are there: puts the sums down, bias
 * (or NULL) added, or adds them to what is there. */
static inline __attribute__((always_inline)) void
finish_tile(float *c, size_t c_row, int high, int wide, lanes sum[TILE_ROWS][2],
            const float *bias, enum finish finish)
{
    if (high < TILE_ROWS || wide < TILE_COLUMNS) {
        for (int i = 0; i < high; i++)
            for (int j = 0; j < wide; j++) {
                float *const to = c + (size_t)i * c_row + j;
                *to = sum[i][j / LANES][j % LANES] + (finish == ADD ? *to
                                                      : bias        ? bias[j]
                                                                    : 0);
            }
        return;
    }
    const lanes left = bias ? load(bias) : (lanes){0},
                right = bias ? load(bias + LANES) : (lanes){0};
#pragma GCC unroll 16
    for (int i = 0; i < TILE_ROWS; i++) {
        float *const to = c + (size_t)i * c_row;
        store(to, sum[i][0] + (finish == ADD ? load(to) : left));
        store(to + LANES, sum[i][1] + (finish == ADD ? load(to + LANES) : right));
    }
}

/* Rung 5: tile after tile; x and w stay where they are. */
static inline void in_tiles(int R, int I, int O, float y[restrict R][O],
                            const float x[R][I], const float w[I][O])
{
    const int rows = R / TILE_ROWS * TILE_ROWS, columns = O / TILE_COLUMNS * TILE_COLUMNS;
    for (int o = 0; o < columns; o += TILE_COLUMNS)
        for (int r = 0; r < rows; r += TILE_ROWS) {
            lanes sum[TILE_ROWS][2];
            tile_sum(I, sum, x[r], (size_t)I, 1, &w[0][o], (size_t)O);
            finish_tile(&y[r][o], (size_t)O, TILE_ROWS, TILE_COLUMNS, sum, NULL, PUT);
        }
    left_over(R, I, O, y, x, w, rows, columns);
}

#ifdef MINE_tile_of_product
void tile_of_product(int R, int I, int O, int top, int left, float y[restrict R][O],
                     const float x[R][I], const float w[I][O]);
#else
/* A tile of y = x · w, four rows by four columns, whose upper left corner is y[top][left]; at
 * y's edges it is cut off, and nothing else of y is touched. x [R, I], w [I, O] → y [R, O] */
static inline void tile_of_product(int R, int I, int O, int top, int left,
                                   float y[restrict R][O], const float x[R][I],
                                   const float w[I][O])
{
    enum { SIDE = 4 };
    const int high = smaller(R - top, SIDE), wide = smaller(O - left, SIDE);
    float sum[SIDE][SIDE] = {{0}};
    for (int i = 0; i < I; i++)
        for (int r = 0; r < high; r++)
            for (int o = 0; o < wide; o++)
                sum[r][o] += x[top + r][i] * w[i][left + o];
    for (int r = 0; r < high; r++)
        for (int o = 0; o < wide; o++)
            y[top + r][left + o] = sum[r][o];
}
#endif

/* How much of the three matrices is worked on at a time: DEPTH · TILE_COLUMNS floats of w stay
 * in the nearest cache, BLOCK_ROWS · DEPTH of x in the second, DEPTH · BLOCK_COLUMNS of w in
 * the third. Rung 6 needs only DEPTH; the next rungs use all three. */
enum { DEPTH = 256, BLOCK_ROWS = 96 / TILE_ROWS * TILE_ROWS, BLOCK_COLUMNS = 2048 };

/* Rung 6: a block is DEPTH rows of a few strips of w; all tiles of x use it before the next.
 * The sums of the first DEPTH inputs are put into y, those of the next are added. */
static inline void in_blocks(int R, int I, int O, float y[restrict R][O],
                             const float x[R][I], const float w[I][O])
{
    enum { STRIPS = 256 / TILE_COLUMNS * TILE_COLUMNS };
    const int rows = R / TILE_ROWS * TILE_ROWS, columns = O / TILE_COLUMNS * TILE_COLUMNS;
    for (int i = 0; i < I; i += DEPTH)
        for (int from = 0; from < columns; from += STRIPS)
            for (int r = 0; r < rows; r += TILE_ROWS)
                for (int o = from; o < smaller(from + STRIPS, columns);
                     o += TILE_COLUMNS) {
                    lanes sum[TILE_ROWS][2];
                    tile_sum(smaller(DEPTH, I - i), sum, &x[r][i], (size_t)I, 1, &w[i][o],
                             (size_t)O);
                    finish_tile(&y[r][o], (size_t)O, TILE_ROWS, TILE_COLUMNS, sum, NULL,
                                i ? ADD : PUT);
                }
    left_over(R, I, O, y, x, w, rows, columns);
}

/* A matrix that lies in memory in whatever way: element (i, j) is at[i * row + j * column].
 * Transposed, row and column change places and nothing moves. */
struct view {
    const float *at;
    size_t row, column;
    const struct packed
        *packed; /* or NULL: then it is not floats, but weights of fewer bits */
};

/* How the numbers of a matrix of weights are kept. */
enum weight_kind { F32, BF16, INT8 };

/* Weights of fewer bits lie in panels, each of PANEL columns of a matrix: row after row, so
 * that a panel is read straight through. An INT8 panel begins with its rows' scales. */
enum { PANEL = 128 };

struct packed {
    enum weight_kind kind;
    int K, N;     /* a matrix [K, N]; what the last panel has more than N columns is 0 */
    size_t panel; /* how many words of 32 bits a panel takes */
    int32_t *words;
};

/* How many weights share a word of 32 bits. */
static inline int per_word(enum weight_kind kind)
{
    return kind == INT8 ? 4 : kind == BF16 ? 2 : 1;
}

/* The scales [K] that an INT8 panel begins with, rounded up to whole lines of the cache. */
static inline float *panel_scales(const struct packed *w, int p)
{
    return (float *)(w->words + (size_t)p * w->panel);
}

/* The rows of a panel, [K][PANEL / per_word]. */
static inline int32_t *panel_rows(const struct packed *w, int p)
{
    return w->words + (size_t)p * w->panel + (w->kind == INT8 ? round_up(w->K, 16) : 0);
}

/* The weights number j in each word, as floats. For INT8 2^24 times as large, still without
 * scale, and with a 256th of number j - 1 added. */
static inline __attribute__((always_inline)) lanes unpack(enum weight_kind kind,
                                                          int_lanes words, int j)
{
    if (kind == INT8)
        return __builtin_convertvector(words << (24 - 8 * j), lanes);
    if (kind == BF16)
        words = j ? words & ~0xFFFF : words << 16;
    return (lanes)words;
}

/* The rows k0 to k0 + depth - 1 of TILE_COLUMNS columns of w, from `column` on, as floats. */
static inline __attribute__((always_inline)) void
unpack_strip(enum weight_kind kind, int k0, int depth, int column, float *restrict to,
             const struct packed *w)
{
    const int per = per_word(kind), row = PANEL / per, c = column % PANEL;
    const float *const scales = panel_scales(w, column / PANEL);
    const int32_t *words = panel_rows(w, column / PANEL) + (size_t)k0 * (size_t)row +
                           c / (per * LANES) * LANES;
    for (int k = k0; k < k0 + depth; k++, words += row, to += TILE_COLUMNS)
        for (int r = 0; r < TILE_COLUMNS / LANES; r++) {
            const int j = c / LANES % per + r;
            lanes x = unpack(kind, load_words(words), j);
            if (kind == INT8 && j > 0)
                x -= unpack(kind, load_words(words), j - 1) / 256;
            store(to + r * LANES, kind == INT8 ? x * (scales[k] * 0x1p-24f) : x);
        }
}

/* Turns a square over: the first LANES floats of `count` <= LANES rows that are `row` apart
 * become LANES rows of `count` floats, to_row apart. The floats after those, up to LANES, are
 * overwritten too. */
static inline __attribute__((always_inline)) void
turn(int count, float *to, size_t to_row, const float *from, size_t row)
{
    lanes x[LANES], y[LANES];
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        x[i] = i < count ? load(from + (size_t)i * row) : (lanes){0};
#pragma GCC unroll 4
    for (int rounds = LANES; rounds > 1; rounds /= 2) {
#pragma GCC unroll 16
        for (int i = 0; i < LANES / 2; i++) {
            y[2 * i] = shuffle(x[i], x[i + LANES / 2], 0);
            y[2 * i + 1] = shuffle(x[i], x[i + LANES / 2], LANES / 2);
        }
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++)
            x[i] = y[i];
    }
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        store(to + (size_t)i * to_row, x[i]);
}

/* Copies K steps of a strip that is `width` numbers wide: `there` of them come from `from`,
 * where a step is `along` floats from the next and a number `across` floats; zeros after them. Up to
 * LANES floats after the strip may be overwritten. */
static inline __attribute__((always_inline)) void pack(int K, int width, int there,
                                                       float *restrict to,
                                                       const float *from, size_t along,
                                                       size_t across)
{
    int k = 0;
    if (there == width && across == 1)
        for (; k < K; k++)
            memcpy(to + k * width, from + (size_t)k * along, (size_t)width * sizeof *to);
    else if (there == width && along == 1)
        for (; k + LANES <= K; k += LANES)
            for (int i = (width - 1) / LANES * LANES; i >= 0; i -= LANES)
                turn(smaller(width - i, LANES), to + k * width + i, (size_t)width,
                     from + (size_t)i * across + k, across);
    for (; k < K; k++)
        for (int i = 0; i < width; i++)
            to[k * width + i] =
                i < there ? from[(size_t)k * along + (size_t)i * across] : 0;
}

/* The rows `from` to `end` of n columns of b: TILE_COLUMNS columns side by side make a panel,
 * and panels are `size` floats apart. `to` is the place of row 0. */
static inline void pack_columns(int from, int end, int n, float *restrict to, size_t size,
                                struct view b)
{
    for (int j = 0; j < n; j += TILE_COLUMNS, to += size)
        pack(end - from, TILE_COLUMNS, smaller(n - j, TILE_COLUMNS),
             to + from * TILE_COLUMNS, b.at + (size_t)from * b.row + (size_t)j * b.column,
             b.row, b.column);
}

/* `count` rows of K columns of a: the numbers of TILE_ROWS rows side by side, tile after tile. */
static inline void pack_rows(int K, int count, float *restrict to, struct view a)
{
    for (int i = 0; i < count; i += TILE_ROWS)
        pack(K, TILE_ROWS, smaller(count - i, TILE_ROWS), to + i * K,
             a.at + (size_t)i * a.row, a.column, a.row);
}

enum { PACKED_ROWS = 8 };     /* how many rows of b are packed at a time */
enum { WORTH_PACKING = 256 }; /* columns of b at which packing rows of a begins to pay */

/* Brings part of a panel nearer: rows i to i + TILE_ROWS - 1 of `rows` have their share of it.
 * While a panel is used, the next one comes on its way, and nobody waits. */
static inline void fetch_share(const float *panel, size_t size, int i, int rows)
{
    enum { LINE = 64 / sizeof(float) };
    const size_t share = (size * TILE_ROWS + (size_t)rows - 1) / (size_t)rows,
                 from = (size_t)(i / TILE_ROWS) * share;
    for (size_t k = 0; k < share; k += LINE)
        __builtin_prefetch(panel + from + k, 0, 2);
}

/* c = a · b, or c += a · b; a [M, K], b [K, N], c [M, N] with rows c_row floats apart, bias [N]
 * or NULL. Every sum is added up in the same order for any number of threads. */
static inline void multiply(int M, int N, int K, float *c, size_t c_row, struct view a,
                            struct view b, const float *bias, enum finish finish)
{
    static float *packed; /* columns of b, kept from call to call */
    static size_t capacity;
    const int threads = thread_count();
    /* Pieces of K and blocks of rows are as equal as can be, and as many for every thread. */
    const int pieces = (K + DEPTH - 1) / DEPTH, piece = (K + pieces - 1) / pieces;
    const int tiles = (M + TILE_ROWS - 1) / TILE_ROWS, most = BLOCK_ROWS / TILE_ROWS;
    const int blocks = smaller(round_up((tiles + most - 1) / most, threads), tiles);
    /* Where there are few rows, the columns are shared out too. */
    const int parts = blocks >= threads ? 1 : threads;
    const int widest = round_up(smaller(N, BLOCK_COLUMNS), TILE_COLUMNS);
    packed = grow(packed, &capacity, (size_t)widest * (size_t)piece + 16, sizeof *packed);
    /* No register is filled from two lines of the cache: a line is 64 bytes. */
    float *const columns = packed + (64 - (uintptr_t)packed % 64) % 64 / sizeof *packed;

    OMP(parallel if (worth_sharing((size_t)M * (size_t)N * (size_t)K / 16)))
    for (int n0 = 0; n0 < N; n0 += BLOCK_COLUMNS) {
        const int n = smaller(N - n0, BLOCK_COLUMNS);
        const int panels = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
        for (int k0 = 0; k0 < K; k0 += piece) {
            const int depth = smaller(K - k0, piece);
            const size_t panel = (size_t)depth * TILE_COLUMNS;
            const struct view strip = {b.at + (size_t)k0 * b.row + (size_t)n0 * b.column,
                                       b.row, b.column, NULL};
            /* b is read as it lies: some rows after others, or some columns. */
            if (b.packed) {
                OMP(for schedule(static))
                for (int p = 0; p < panels; p++) {
                    const int j = n0 + p * TILE_COLUMNS;
                    float *const to = columns + (size_t)p * panel;
                    if (b.packed->kind == BF16)
                        unpack_strip(BF16, k0, depth, j, to, b.packed);
                    else
                        unpack_strip(INT8, k0, depth, j, to, b.packed);
                }
            } else if (b.column == 1) {
                OMP(for schedule(static))
                for (int k = 0; k < depth; k += PACKED_ROWS)
                    pack_columns(k, smaller(k + PACKED_ROWS, depth), n, columns, panel,
                                 strip);
            } else {
                OMP(for schedule(static))
                for (int p = 0; p < panels; p++)
                    pack_columns(
                        0, depth, smaller(n - p * TILE_COLUMNS, TILE_COLUMNS),
                        columns + (size_t)p * panel, panel,
                        (struct view){strip.at + (size_t)p * TILE_COLUMNS * b.column,
                                      b.row, b.column, NULL});
            }
            OMP(for schedule(dynamic))
            for (int task = 0; task < blocks * parts; task++) {
                _Alignas(64) float rows[BLOCK_ROWS * DEPTH + LANES];
                const int block = task / parts, part = task % parts;
                const int first = (int)((long)block * tiles / blocks) * TILE_ROWS,
                          end = smaller(
                              (int)((long)(block + 1) * tiles / blocks) * TILE_ROWS, M);
                /* Rows whose floats lie side by side can stay where they are, but for a last
                 * tile that is not full; where they are used often, packing them pays. */
                const bool stay = a.column == 1 && N < WORTH_PACKING;
                const int whole =
                    stay ? first + (end - first) / TILE_ROWS * TILE_ROWS : first;
                pack_rows(
                    depth, end - whole, rows,
                    (struct view){a.at + (size_t)whole * a.row + (size_t)k0 * a.column,
                                  a.row, a.column, NULL});
                for (int p = panels * part / parts; p < panels * (part + 1) / parts; p++)
                    for (int i = first; i < end; i += TILE_ROWS) {
                        const int j = n0 + p * TILE_COLUMNS;
                        const int high = smaller(end - i, TILE_ROWS),
                                  wide = smaller(N - j, TILE_COLUMNS);
                        float *const to = c + (size_t)i * c_row + j;
                        const float *const panel_b = columns + (size_t)p * panel;
                        lanes sum[TILE_ROWS][2];
                        fetch_tile(to, c_row, high);
                        fetch_share(panel_b + panel, panel, i - first, end - first);
                        if (i < whole)
                            tile_sum(depth, sum, a.at + (size_t)i * a.row + k0, a.row, 1,
                                     panel_b, TILE_COLUMNS);
                        else
                            tile_sum(depth, sum, rows + (i - whole) * depth, 1, TILE_ROWS,
                                     panel_b, TILE_COLUMNS);
                        if (finish == ADD || k0 > 0)
                            finish_tile(to, c_row, high, wide, sum, NULL, ADD);
                        else
                            finish_tile(to, c_row, high, wide, sum,
                                        bias ? bias + j : NULL, PUT);
                    }
            }
        }
    }
}

/* sum[c] += Σ over i < count of v[i] · w(i, c): as many columns as fit in `words` words; row i
 * is i · step words after w. A word of kind F32 is one float, and unpack leaves it as it is;
 * the other kinds follow in "Fewer bits". */
static inline __attribute__((always_inline)) void
add_weighted(enum weight_kind kind, int count, int words, float *restrict sum,
             const float *v, const int32_t *w, size_t step)
{
    const int per = per_word(kind);
    int c = 0;
    for (; c + LANES <= words; c += LANES) {
        lanes s[4];
#pragma GCC unroll 4
        for (int j = 0; j < per; j++)
            s[j] = load(sum + c * per + j * LANES);
#pragma GCC unroll 8
        for (int i = 0; i < count; i++) {
            const int_lanes x = load_words(w + (size_t)i * step + c);
#pragma GCC unroll 4
            for (int j = 0; j < per; j++)
                s[j] += v[i] * unpack(kind, x, j);
        }
#pragma GCC unroll 4
        for (int j = 0; j < per; j++)
            store(sum + c * per + j * LANES, s[j]);
    }
    for (; c < words; c++) /* floats: only their rows may be of any length */
        for (int i = 0; i < count; i++)
            sum[c] += v[i] * ((const float *)w)[(size_t)i * step + (size_t)c];
}

/* sum = Σ over k < K of x[k] · row k of w. Memory is fastest if several places are read at
 * once, each straight through. So w's rows are cut into STREAMS runs, of which the first rows are
 * added up together, then the second ones, and so on. scales [K]: of INT8's rows */
enum { STREAMS = 8 };

/* What row k is multiplied by. (unpack, in rung 7, makes INT8 numbers 2^24 times as large
 * and adds to each a 256th of the one before it in its word.) */
static inline float scaled(enum weight_kind kind, const float *x, const float *scales,
                           int k)
{
    return kind == INT8 ? x[k] * (scales[k] * 0x1p-24f) : x[k];
}

static inline __attribute__((always_inline)) void
sum_rows(enum weight_kind kind, int K, int words, float *restrict sum, const float *x,
         const float *scales, const int32_t *w, size_t step)
{
    const int n = K / STREAMS;
    memset(sum, 0, (size_t)words * (size_t)per_word(kind) * sizeof *sum);
    for (int k = 0; k < n; k++) {
        float v[STREAMS];
        for (int i = 0; i < STREAMS; i++)
            v[i] = scaled(kind, x, scales, k + i * n);
        add_weighted(kind, STREAMS, words, sum, v, w + (size_t)k * step,
                     (size_t)n * step);
    }
    for (int k = n * STREAMS; k < K; k++) {
        const float v = scaled(kind, x, scales, k);
        add_weighted(kind, 1, words, sum, &v, w + (size_t)k * step, 0);
    }
    for (int c = 0; kind == INT8 && c < words; c += LANES)
        for (int j = 3; j > 0; j--) { /* take that 256th off again */
            float *const s = sum + c * 4 + j * LANES;
            store(s, load(s) - load(s - LANES) / 256);
        }
}

/* One row: y = x · w + b. Each number of w is used once, so that the speed is the memory's.
 * The threads share PARTS of w's rows; the parts' sums are added in order, whoever made them.
 * x [I], w [I, O], b [O] or NULL → y [O] */
enum { PARTS = 8 };

static inline void row_product(int I, int O, float *restrict y, const float *x,
                               const float w[I][O], const float *b)
{
    static float *room; /* [PARTS][O], kept from call to call */
    static size_t capacity;
    room = grow(room, &capacity, PARTS * (size_t)O, sizeof *room);
    float *const sums = room;
    OMP(parallel for schedule(static) if (worth_sharing((size_t)I * (size_t)O)))
    for (int part = 0; part < PARTS; part++) {
        const int first = I * part / PARTS, end = I * (part + 1) / PARTS;
        sum_rows(F32, end - first, O, sums + (size_t)part * (size_t)O, x + first, NULL,
                 (const int32_t *)w + (size_t)first * (size_t)O, (size_t)O);
    }
    for (int o = 0; o < O; o++)
        y[o] = b ? b[o] : 0;
    for (int part = 0; part < PARTS; part++)
        for (int o = 0; o < O; o++)
            y[o] += sums[(size_t)part * (size_t)O + (size_t)o];
}

/* The same with weights of fewer bits. The threads share w's panels. x [K] → y [N] */
static inline void packed_row_product(float *restrict y, const float *x,
                                      const struct packed *w, const float *b)
{
    const int words = PANEL / per_word(w->kind), panels = (w->N + PANEL - 1) / PANEL;
    OMP(parallel for schedule(static) if (worth_sharing((size_t)w->K * (size_t)w->N)))
    for (int p = 0; p < panels; p++) {
        const int32_t *const rows = panel_rows(w, p);
        float sum[PANEL];
        if (w->kind == BF16)
            sum_rows(BF16, w->K, words, sum, x, NULL, rows, (size_t)words);
        else
            sum_rows(INT8, w->K, words, sum, x, panel_scales(w, p), rows, (size_t)words);
        for (int j = p * PANEL, i = 0; i < PANEL && j < w->N; i++, j++)
            y[j] = sum[i] + (b ? b[j] : 0);
    }
}

/* Reads n floats from memory and adds them up, as fast as it goes: each thread's part in
 * STREAMS runs at once. What does not fill a run is left out. */
static inline float read_memory(size_t n, const float x[n])
{
    const size_t part = n / PARTS, run = part / STREAMS / LANES * LANES;
    float all = 0;
    OMP(parallel for schedule(static) reduction(+ : all))
    for (int p = 0; p < PARTS; p++) {
        lanes sum[STREAMS] = {{0}};
        for (size_t i = 0; i < run; i += LANES)
#pragma GCC unroll 8
            for (size_t s = 0; s < STREAMS; s++)
                sum[s] += load(x + (size_t)p * part + s * run + i);
        for (int s = 0; s < STREAMS; s++)
            all += add_lanes(sum[s]);
    }
    return all;
}

/* x [I] with `count` rows of w that are `step` rows apart: y[r · step] = x · w[r · step] */
static inline __attribute__((always_inline)) void
dots(int count, int I, int step, float *restrict y, const float *x, const float w[][I])
{
    lanes sum[STREAMS] = {{0}};
    int i = 0;
    for (; i + LANES <= I; i += LANES) {
        const lanes v = load(x + i);
#pragma GCC unroll 8
        for (int r = 0; r < count; r++)
            sum[r] += v * load(w[r * step] + i);
    }
    for (int r = 0; r < count; r++) {
        float rest = 0;
        for (int j = i; j < I; j++)
            rest += x[j] * w[r * step][j];
        y[r * step] = add_lanes(sum[r]) + rest;
    }
}

/* One row with each row of w: y[o] = x · w[o]; w is read in runs, as above.
 * x [I], w [O, I] → y [O] */
static inline void row_with_rows(int I, int O, float *restrict y, const float *x,
                                 const float w[O][I])
{
    OMP(parallel for schedule(static) if (worth_sharing((size_t)I * (size_t)O)))
    for (int part = 0; part < PARTS; part++) {
        const int first = (int)((long)O * part / PARTS),
                  end = (int)((long)O * (part + 1) / PARTS), n = (end - first) / STREAMS;
        for (int o = first; o < first + n; o++)
            dots(STREAMS, I, n, y + o, x, w + o);
        for (int o = first + n * STREAMS; o < end; o++)
            dots(1, I, 1, y + o, x, w + o);
    }
}

/* Up to so many rows go one by one: a tile would be mostly empty, and packing not worth it. */
enum { FEW_ROWS = 2 };

/* y = x · w + b. x [R, I], w [I, O], b [O] or NULL → y [R, O] */
static inline void product(int R, int I, int O, float y[restrict R][O],
                           const float x[R][I], const float w[I][O], const float *b)
{
    for (int r = 0; r < R && R <= FEW_ROWS; r++)
        row_product(I, O, y[r], x[r], w, b);
    if (R > FEW_ROWS)
        multiply(R, O, I, y[0], (size_t)O, (struct view){x[0], (size_t)I, 1, NULL},
                 (struct view){w[0], (size_t)O, 1, NULL}, b, PUT);
}

/* y = x · wᵀ: each row of x with each row of w. x [R, I], w [O, I] → y [R, O] */
static inline void product_with_rows(int R, int I, int O, float y[restrict R][O],
                                     const float x[R][I], const float w[O][I])
{
    for (int r = 0; r < R && R <= FEW_ROWS; r++)
        row_with_rows(I, O, y[r], x[r], w);
    if (R > FEW_ROWS)
        multiply(R, O, I, y[0], (size_t)O, (struct view){x[0], (size_t)I, 1, NULL},
                 (struct view){w[0], 1, (size_t)I, NULL}, NULL, PUT);
}

/* y = x · w + b, where w is floats [I, O], or a struct packed. x [R, I] → y [R, O] */
static inline void product_of(enum weight_kind kind, int R, int I, int O,
                              float y[restrict R][O], const float x[R][I], const void *w,
                              const float *b)
{
    if (kind == F32) {
        product(R, I, O, y, x, w, b);
        return;
    }
    for (int r = 0; r < R && R <= FEW_ROWS; r++)
        packed_row_product(y[r], x[r], w, b);
    if (R > FEW_ROWS)
        multiply(R, O, I, y[0], (size_t)O, (struct view){x[0], (size_t)I, 1, NULL},
                 (struct view){NULL, 0, 0, w}, b, PUT);
}

/* logits = x · headᵀ, where the head is floats [V, C], or a struct packed of [C, V].
 * x [R, C] → logits [R, V] */
static inline void head_product(enum weight_kind kind, int R, int C, int V,
                                float logits[restrict R][V], const float x[R][C],
                                const void *head)
{
    if (kind == F32)
        product_with_rows(R, C, V, logits, x, head);
    else
        product_of(kind, R, C, V, logits, x, head, NULL);
}

/* w += xᵀ · y: of each row, every number of x with every number of y, summed over the rows.
 * x [R, I], y [R, O] → w [I, O], added to what is there */
static inline void add_product_of_columns(int R, int I, int O, float w[restrict I][O],
                                          const float x[R][I], const float y[R][O])
{
    multiply(I, O, R, w[0], (size_t)O, (struct view){x[0], 1, (size_t)I, NULL},
             (struct view){y[0], (size_t)O, 1, NULL}, NULL, ADD);
}

/* ---- Fewer bits ----------------------------------------------------------------------- */

#ifdef MINE_to_bfloat16
uint16_t to_bfloat16(float x);
#else
/* The BF16 number nearest to x, of two that are equally near the one whose last bit is 0. What
 * is too large for BF16 becomes infinite; NaN stays NaN. */
static inline uint16_t to_bfloat16(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    /* Just above one half of the last bit that stays carries; one half does if that bit is 1. */
    const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return (uint16_t)(x == x ? rounded : bits >> 16 | 0x40);
}
#endif

#ifdef MINE_quantize_group
float quantize_group(int n, int8_t q[restrict n], const float w[n]);
#else
/* n weights as whole numbers from -127 to 127 and one scale: w[i] is about scale · q[i]. The
 * largest becomes 127 or -127; of two that are equally near, the even one is taken. w [n],
 * finite → q [n], returns the scale */
static inline float quantize_group(int n, int8_t q[restrict n], const float w[n])
{
    float largest = 0;
    for (int i = 0; i < n; i++)
        largest = fabsf(w[i]) > largest ? fabsf(w[i]) : largest;
    const float scale = largest / 127;
    for (int i = 0; i < n; i++) {
        /* Among the tiniest numbers a scale has few bits, and 127 may be exceeded. */
        const float x = scale > 0 ? rintf(w[i] / scale) : 0;
        q[i] = (int8_t)(x > 127 ? 127 : x < -127 ? -127 : x);
    }
    return scale;
}
#endif

/* What was seen while a matrix was packed. */
struct packing {
    bool huge;      /* a number is too large */
    size_t flushed; /* how many groups have one number that makes all others 0 */
};

/* The largest float that does not become infinite as a BF16 number. */
#define MOST_BF16 3.3895313e38f

/* PANEL numbers into the words of one row. */
static inline void pack_row(enum weight_kind kind, const float row[PANEL], int32_t *words,
                            float *scale, struct packing *seen)
{
    const int per = per_word(kind);
    uint32_t bits[PANEL];
    int8_t q[PANEL] = {0};
    int numbers = 0, kept = 0;
    for (int c = 0; c < PANEL; c++)
        seen->huge |= !(fabsf(row[c]) <= MOST_BF16);
    if (kind == INT8)
        *scale = quantize_group(PANEL, q, row);
    for (int c = 0; c < PANEL; c++) {
        bits[c] = kind == INT8 ? (uint32_t)q[c] : to_bfloat16(row[c]);
        numbers += row[c] != 0;
        kept += kind == BF16 || q[c] != 0;
    }
    seen->flushed += numbers > 1 && kept == 1;
    memset(words, 0, PANEL / (size_t)per * sizeof *words);
    for (int c = 0; c < PANEL; c++) {
        const int word = c / (per * LANES) * LANES + c % LANES, j = c / LANES % per;
        words[word] = (int32_t)((uint32_t)words[word] + (bits[c] << (32 / per * j)));
    }
}

/* A matrix of floats, w [K, N], in panels of fewer bits. */
static inline struct packed *pack_matrix(enum weight_kind kind, int K, int N,
                                         struct view w, struct packing *seen)
{
    const int panels = (N + PANEL - 1) / PANEL, words = PANEL / per_word(kind);
    struct packed *p = grab(1, sizeof *p);
    *p = (struct packed){.kind = kind, .K = K, .N = N};
    p->panel = (size_t)K * (size_t)words + (kind == INT8 ? (size_t)round_up(K, 16) : 0);
    const size_t size = (size_t)panels * p->panel * sizeof *p->words;
    p->words = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!p->words)
        die("out of memory");
    bool huge = false;
    size_t flushed = 0;
    OMP(parallel for schedule(static) reduction(|| : huge) reduction(+ : flushed))
    for (int i = 0; i < panels; i++) {
        const int there = smaller(PANEL, N - i * PANEL);
        struct packing own = {0};
        for (int k = 0; k < K; k++) {
            float row[PANEL] = {0};
            for (int c = 0; c < there; c++)
                row[c] = w.at[(size_t)k * w.row + (size_t)(i * PANEL + c) * w.column];
            pack_row(kind, row, panel_rows(p, i) + (size_t)k * (size_t)words,
                     panel_scales(p, i) + k, &own);
        }
        huge = huge || own.huge;
        flushed += own.flushed;
    }
    seen->huge |= huge;
    seen->flushed += flushed;
    return p;
}

static inline void free_packed(struct packed *p)
{
    free(p->words);
    free(p);
}

/* The number (k, j) of a packed matrix. */
static inline float packed_number(const struct packed *w, int k, int j)
{
    const int per = per_word(w->kind), p = j / PANEL, c = j % PANEL;
    const int32_t *const row = panel_rows(w, p) + (size_t)k * (size_t)(PANEL / per);
    const int low = 32 / per * (c / LANES % per); /* how many bits are below it */
    uint32_t word = (uint32_t)row[c / (per * LANES) * LANES + c % LANES];
    if (w->kind == BF16)
        return bfloat16_to_float((uint16_t)(word >> low));
    word += low ? 1u << (low - 1) : 0; /* digits below may be negative */
    return panel_scales(w, p)[k] * (float)(int8_t)(word >> low);
}

/* The row of a token at the bottom of the model: of wte, floats [V, C] or packed [C, V]. */
static inline void token_row(const struct weights *w, int C, int id,
                             float row[restrict C])
{
    if (w->kind == F32)
        memcpy(row, (const float *)w->wte + (size_t)id * (size_t)C,
               (size_t)C * sizeof *row);
    else
        for (int c = 0; c < C; c++)
            row[c] = packed_number(w->wte, c, id);
}

/* Is tensor i of a model a matrix that x is multiplied by? (wpe is not.) */
static inline bool is_packed(const struct config *c, int i)
{
    return i != 1 && tensor_place(c, i).rank == 2;
}

/* One tensor of a model, packed. Dies if one of its numbers is too large. */
static inline struct packed *pack_tensor(const struct checkpoint *m,
                                         enum weight_kind kind, const char *name,
                                         struct tensor_place t, bool turned,
                                         const float *x, struct packing *seen)
{
    const int rows = t.shape[0], columns = t.shape[1];
    struct packed *p = pack_matrix(kind, turned ? columns : rows, turned ? rows : columns,
                                   (struct view){x, turned ? 1 : (size_t)columns,
                                                 turned ? (size_t)columns : 1, NULL},
                                   seen);
    for (size_t i = 0; seen->huge && i < t.size; i++)
        if (!(fabsf(x[i]) <= MOST_BF16))
            die("%s: tensor '%s' has %g at [%zu, %zu], expected at most %g: too large "
                "for "
                "--weights %s",
                m->file.path, name, (double)x[i], i / (size_t)columns,
                i % (size_t)columns, (double)MOST_BF16, kind == BF16 ? "bf16" : "int8");
    return p;
}

/* What has been read of a tensor in a mapped file need not stay in memory. Mapped again, it is
 * only an address until it is read. (Linux's C libraries ignore POSIX_MADV_DONTNEED.) */
static inline void let_go_of(const struct stored_file *f, const float *x, size_t n)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)x,
                    begin = (uintptr_t)f->bytes, first = (at + page - 1) / page * page,
                    end = (at + n * sizeof *x) / page * page;
    if (at < begin || at >= begin + f->size || first >= end)
        return;
    const int descriptor = open(f->path, O_RDONLY);
    if (descriptor >= 0) {
        mmap((void *)first, end - first, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor,
             (off_t)(first - begin));
        close(descriptor);
    }
}

/* Puts a model's matrices into fewer bits, and lets its file go: from now on only this
 * chapter's passes can use it. wpe, the norms and the biases stay floats. */
static inline void narrow(struct checkpoint *m, enum weight_kind kind)
{
    const struct config *const c = &m->config;
    struct weights *const w = &m->weights;
    const int count = tensor_count(c);
    if (kind == F32)
        return;
    size_t floats = 0;
    for (int i = 0; i < count; i++)
        floats += is_packed(c, i) ? 0 : tensor_place(c, i).size;
    float *const kept = grab(floats, sizeof *kept), *next = kept;
    const float *const head = w->lm_head != w->wte ? w->lm_head : NULL;
    struct packing seen = {0};
    /* All numbers were looked at when the file was opened. From now on, one tensor at a time is
     * in memory. */
    let_go_of(&m->file, (const float *)(void *)m->file.bytes,
              m->file.size / sizeof *kept);
    for (int i = 0; i < count; i++) {
        const struct tensor_place t = tensor_place(c, i);
        const float *const x = get_tensor(w, c, i);
        if (is_packed(c, i))
            set_tensor(w, c, i,
                       (void *)pack_tensor(m, kind, t.name, t, i == 0, x, &seen));
        else {
            memcpy(next, x, t.size * sizeof *x);
            set_tensor(w, c, i, next);
            next += t.size;
        }
        let_go_of(&m->file, x, t.size);
    }
    if (head)
        w->lm_head =
            pack_tensor(m, kind, "lm_head.weight", tensor_place(c, 0), true, head, &seen);
    if (seen.flushed)
        remark("%s: in %zu groups of %d weights one is more than 254 times as large as "
               "the others, which --weights int8 makes 0",
               m->file.path, seen.flushed, PANEL);
    w->kind = (int)kind;
    free(m->converted);
    m->converted = kept;
    close_stored(&m->file);
}

/* What --weights says: "f32", "bf16" or "int8"; f32 if it is not given. */
static inline enum weight_kind parse_kind(const char *word)
{
    static const char *const words[] = {"f32", "bf16", "int8"};
    for (int kind = F32; word && kind <= INT8; kind++)
        if (strcmp(word, words[kind]) == 0)
            return (enum weight_kind)kind;
    if (word)
        die("--weights: '%s' is not known, expected f32, bf16 or int8", word);
    return F32;
}

/* Frees a model, narrow or not. */
static inline void free_model(struct checkpoint *m)
{
    const struct weights *const w = &m->weights;
    if (w->kind != F32) {
        if (w->lm_head != w->wte)
            free_packed(w->lm_head);
        for (int i = 0; i < tensor_count(&m->config); i++)
            if (is_packed(&m->config, i))
                free_packed((void *)get_tensor(w, &m->config, i));
    }
    free_checkpoint(m);
}

/* ---- Exponentials --------------------------------------------------------------------- */

/* e^x in every lane, to about one unit in the last place; x below -87 gives almost 0.
 * e^x = 2^n · e^r with whole n and |r| <= ln 2 / 2, and e^r is a short polynomial (Taylor's,
 * whose next term is below 1e-8). */
static inline lanes exp_lanes(lanes x)
{
    const lanes low = spread(-87), high = spread(88);
    /* A comparison sets all 32 bits of a lane in which it is true, and none in the others. */
    const int_lanes below = x<low, above = x> high;
    x = (lanes)(((int_lanes)x & ~below & ~above) | ((int_lanes)low & below) |
                ((int_lanes)high & above));
    /* Adding 1.5 · 2^23 leaves no room for a fraction: the float is rounded to a whole number,
     * which is then also in its lowest bits. */
    const lanes shift = spread(12582912.0f), moved = x * 1.44269504f + shift;
    const lanes n = moved - shift;
    const lanes r = (x - n * 0.693359375f) - n * -2.12194440e-4f; /* ln 2 in two parts */
    lanes p = spread(1.0f / 5040);
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return (lanes)((int_lanes)p + ((int_lanes)moved << 23)); /* n onto the exponent */
}

/* The same for what is left of a row: n < LANES floats in the first lanes. */
static inline lanes load_some(int n, const float *p)
{
    lanes x = {0};
    for (int i = 0; i < n; i++)
        x[i] = p[i];
    return x;
}

static inline void store_some(int n, float *p, lanes x)
{
    for (int i = 0; i < n; i++)
        p[i] = x[i];
}

/* y[i] = e^(x[i] - shift); returns their sum. x [n] → y [n], which may be x, or NULL if only the
 * sum is wanted */
static inline float exp_row(int n, float *y, const float *x, float shift)
{
    lanes sum = {0};
    float rest = 0;
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
        const lanes e = exp_lanes(load(x + i) - shift);
        if (y)
            store(y + i, e);
        sum += e;
    }
    if (i < n) {
        const lanes e = exp_lanes(load_some(n - i, x + i) - shift);
        if (y)
            store_some(n - i, y + i, e);
        for (int j = 0; j < n - i; j++)
            rest += e[j];
    }
    return add_lanes(sum) + rest;
}

static inline float largest_of(int n, const float x[n])
{
    lanes most = spread(x[0]);
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
        const lanes v = load(x + i);
        const int_lanes more = v > most;
        most = (lanes)(((int_lanes)v & more) | ((int_lanes)most & ~more));
    }
    float largest = x[0];
    for (int lane = 0; lane < LANES; lane++)
        largest = most[lane] > largest ? most[lane] : largest;
    for (; i < n; i++)
        largest = x[i] > largest ? x[i] : largest;
    return largest;
}

/* GELU as x · σ(2u), which is ½x (1 + tanh u), u = √(2/π) (x + 0.044715 x³).
 * σ is what the backward pass needs again. */
static inline lanes gelu_sigma(lanes x)
{
    const lanes u = 0.7978845608f * (x + 0.044715f * x * x * x);
    return 1.0f / (1.0f + exp_lanes(-2.0f * u));
}

/* y = GELU(x), n numbers */
static inline void gelu_row(int n, float *y, const float *x)
{
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
        const lanes v = load(x + i);
        store(y + i, v * gelu_sigma(v));
    }
    if (i < n) {
        const lanes v = load_some(n - i, x + i);
        store_some(n - i, y + i, v * gelu_sigma(v));
    }
}

/* ---- Rows ----------------------------------------------------------------------------- */

/* Layer normalization, as chapter 4 has it; sums in several lanes at once.
 * x [R, C], weight, bias [C] → y [R, C] */
static inline void norm_rows(int R, int C, float y[restrict R][C], const float x[R][C],
                             const float weight[C], const float bias[C], float epsilon)
{
    OMP(parallel for if (worth_sharing((size_t)R * (size_t)C * 8)))
    for (int r = 0; r < R; r++) {
        float sum = 0, squares = 0;
        OMP(simd reduction(+ : sum))
        for (int c = 0; c < C; c++)
            sum += x[r][c];
        const float mean = sum / (float)C;
        OMP(simd reduction(+ : squares))
        for (int c = 0; c < C; c++)
            squares += (x[r][c] - mean) * (x[r][c] - mean);
        const float scale = 1 / sqrtf(squares / (float)C + epsilon);
        for (int c = 0; c < C; c++)
            y[r][c] = (x[r][c] - mean) * scale * weight[c] + bias[c];
    }
}

/* ---- Attention ------------------------------------------------------------------------ */

/* One head's rows out of a wide matrix, with zeros around: count rows of D floats, which lie
 * step apart, become rows of `wide` floats; `high` rows in all. */
static inline void gather(int count, int D, int high, int wide, float *restrict to,
                          const float *from, size_t step)
{
    for (int t = 0; t < high; t++, to += wide) {
        const int n = t < count ? D : 0;
        for (int d = 0; d < n; d++)
            to[d] = from[(size_t)t * step + (size_t)d];
        for (int d = n; d < wide; d++)
            to[d] = 0;
    }
}

/* The same, transposed: `wide` rows (D of them not zero) of `high` floats. */
static inline void gather_columns(int count, int D, int high, int wide,
                                  float *restrict to, const float *from, size_t step)
{
    memset(to, 0, (size_t)high * (size_t)wide * sizeof *to);
    for (int t = 0; t < count; t++)
        for (int d = 0; d < D; d++)
            to[(size_t)d * (size_t)high + (size_t)t] = from[(size_t)t * step + (size_t)d];
}

/* A whole tile of a product into c, whose rows are c_row floats apart. */
static inline void small_tile(int K, float *c, size_t c_row, const float *a, size_t a_row,
                              size_t a_k, const float *b, size_t b_k)
{
    lanes sum[TILE_ROWS][2];
    tile_sum(K, sum, a, a_row, a_k, b, b_k);
    for (int i = 0; i < TILE_ROWS; i++, c += c_row) {
        store(c, sum[i][0]);
        store(c + LANES, sum[i][1]);
    }
}

/* The sizes of one head's matrices once they are filled up to whole tiles: T rows (which are
 * also columns, of scores), D columns. */
struct padded {
    int T, D;
};

static inline struct padded padded(int T, int D)
{
    return (struct padded){round_up(T, TILE_ROWS * LANES), round_up(D, TILE_COLUMNS)};
}

/* How many floats of work attend_head needs. */
static inline size_t head_room(int T, int D)
{
    const struct padded P = padded(T, D);
    return 4 * (size_t)P.T * (size_t)P.D + TILE_ROWS * (size_t)P.T;
}

/* Rows of floats that lie `step` apart. */
struct rows {
    const float *at;
    size_t step;
};

/* Masked attention of one head: n queries, the last n of T tokens, with T keys and values; what
 * chapters 4 to 6 do in steps. q [n, D], k, v [T, D] → context [n, D] and, unless weights is
 * NULL, weights [n, T]; rows of context are `step` apart. work holds head_room(T, D) floats. */
static inline void attend_head(int n, int T, int D, float *context, size_t step,
                               float *weights, struct rows q, struct rows k,
                               struct rows v, float *work)
{
    const struct padded P = padded(T, D);
    const size_t area = (size_t)P.T * (size_t)P.D, wide = (size_t)P.D, row = (size_t)P.T;
    float *const queries = work, *const keys = queries + area,
                 *const values = keys + area, *const sums = values + area,
                 *const s = sums + area;
    gather(n, D, round_up(n, TILE_ROWS), P.D, queries, q.at, q.step);
    gather_columns(T, D, P.T, P.D, keys, k.at, k.step);
    gather(T, D, P.T, P.D, values, v.at, v.step);
    const float scale = 1 / sqrtf((float)D);
    for (int t0 = 0; t0 < n; t0 += TILE_ROWS) {
        const int rows = smaller(TILE_ROWS, n - t0), seen = T - n + t0 + rows;
        float *const tile = s; /* [TILE_ROWS][P.T]: these tokens' scores, then weights */
        for (int s0 = 0; s0 < seen; s0 += TILE_COLUMNS)
            small_tile(D, tile + s0, row, queries + (size_t)t0 * wide, wide, 1, keys + s0,
                       row);
        for (int i = 0; i < TILE_ROWS; i++) {
            float *const w = tile + (size_t)i * row;
            const int past =
                i < rows ? T - n + t0 + i + 1 : 0; /* nothing after it is seen */
            for (int j = 0; j < past; j++)
                w[j] *= scale;
            const float total = past ? exp_row(past, w, w, largest_of(past, w)) : 1;
            for (int j = 0; j < past; j++)
                w[j] /= total;
            for (int j = past; j < seen; j++)
                w[j] = 0;
            if (weights && i < rows) {
                float *const to = weights + (size_t)(t0 + i) * (size_t)T;
                memcpy(to, w, (size_t)past * sizeof *w);
                memset(to + past, 0, (size_t)(T - past) * sizeof *w);
            }
        }
        for (int d = 0; d < D; d += TILE_COLUMNS)
            small_tile(seen, sums + (size_t)t0 * wide + d, wide, tile, row, 1, values + d,
                       wide);
    }
    for (int t = 0; t < n; t++)
        memcpy(context + (size_t)t * step, sums + (size_t)t * wide,
               (size_t)D * sizeof *sums);
}

/* The same for a single query, without tiles: keys and values are read where they lie.
 * weights [T] is room for the weights. */
static inline void attend_one(int T, int D, float *context, float *weights,
                              const float *q, struct rows k, struct rows v)
{
    const float scale = 1 / sqrtf((float)D);
    for (int s = 0; s < T; s++) {
        const float *const key = k.at + (size_t)s * k.step;
        float sum = 0;
        OMP(simd reduction(+ : sum))
        for (int d = 0; d < D; d++)
            sum += q[d] * key[d];
        weights[s] = sum * scale;
    }
    const float total = exp_row(T, weights, weights, largest_of(T, weights));
    memset(context, 0, (size_t)D * sizeof *context);
    for (int s = 0; s < T; s++) {
        const float *const value = v.at + (size_t)s * v.step;
        const float share = weights[s] / total;
        for (int d = 0; d < D; d++)
            context[d] += share * value[d];
    }
}

/* ---- The forward pass ----------------------------------------------------------------- */

/* What a pass through B texts of T tokens each leaves behind, R = B · T rows: all that the
 * teaching pass computes but the scores. The backward pass reads it. */
struct fast_block {
    void *ln_1;    /* [R][C] */
    void *qkv;     /* [R][3C] */
    void *weights; /* [B][H][T][T] */
    void *context; /* [R][C] */
    void *mid;     /* [R][C] */
    void *ln_2;    /* [R][C] */
    void *c_fc;    /* [R][F] */
    void *gelu;    /* [R][F] */
    void *output;  /* [R][C] */
};

struct fast_pass {
    int B, T;
    void *embedding; /* [R][C] */
    struct fast_block *h;
    void *ln_f;   /* [R][C] */
    void *logits; /* [R][V] */
};

static inline struct fast_pass new_fast_pass(int B, int T, const struct config *config)
{
    const size_t R = (size_t)B * (size_t)T, row = (size_t)config->C * sizeof(float),
                 F = (size_t)config->F * sizeof(float);
    struct fast_pass p = {.B = B,
                          .T = T,
                          .embedding = grab(R, row),
                          .h = grab((size_t)config->L, sizeof *p.h),
                          .ln_f = grab(R, row),
                          .logits = grab(R, (size_t)config->V * sizeof(float))};
    for (int l = 0; l < config->L; l++)
        p.h[l] = (struct fast_block){
            .ln_1 = grab(R, row),
            .qkv = grab(R, 3 * row),
            .weights = grab(R, (size_t)config->H * (size_t)T * sizeof(float)),
            .context = grab(R, row),
            .mid = grab(R, row),
            .ln_2 = grab(R, row),
            .c_fc = grab(R, F),
            .gelu = grab(R, F),
            .output = grab(R, row)};
    return p;
}

static inline void free_fast_pass(struct fast_pass *p, const struct config *config)
{
    for (int l = 0; l < config->L; l++) {
        struct fast_block *h = &p->h[l];
        void *const all[] = {h->ln_1, h->qkv,  h->weights, h->context, h->mid,
                             h->ln_2, h->c_fc, h->gelu,    h->output};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            free(all[i]);
    }
    free(p->embedding);
    free(p->h);
    free(p->ln_f);
    free(p->logits);
    *p = (struct fast_pass){0};
}

/* Attention of all heads of all texts. qkv [R, 3C] → weights [B, H, T, T], context [R, C] */
static inline void attend_all(int B, int T, int C, int H,
                              float weights[restrict B][H][T][T],
                              float context[restrict B][T][C],
                              const float qkv[B][T][3 * C])
{
    const int D = C / H;
    OMP(parallel if (worth_sharing((size_t)B * (size_t)T * (size_t)T * (size_t)C)))
    {
        float *work = grab(head_room(T, D), sizeof *work);
        OMP(for schedule(dynamic))
        for (int i = 0; i < B * H; i++) {
            const int b = i / H, h = i % H;
            const float *const q = &qkv[b][0][h * D];
            const size_t step = 3 * (size_t)C;
            attend_head(T, T, D, &context[b][0][h * D], (size_t)C, weights[b][h][0],
                        (struct rows){q, step}, (struct rows){q + C, step},
                        (struct rows){q + 2 * C, step}, work);
        }
        free(work);
    }
}

/* sum += x, n numbers */
static inline void add_all(size_t n, float *restrict sum, const float *x)
{
    OMP(parallel for simd if (worth_sharing(n)))
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

/* The whole model for B texts of T tokens each. ids [B, T] → every tensor of *p */
static inline void fast_forward(const struct config *config, struct fast_pass *p,
                                const int *ids, const struct weights *w)
{
    const int B = p->B, T = p->T, R = B * T, C = config->C, F = config->F;
    const size_t row = (size_t)C;
    const enum weight_kind kind = (enum weight_kind)w->kind;
    const float(*wpe)[C] = w->wpe;
    float(*x)[C] = p->embedding;
    OMP(parallel for if (worth_sharing((size_t)R * row)))
    for (int r = 0; r < R; r++) {
        token_row(w, C, ids[r], x[r]);
        for (int c = 0; c < C; c++)
            x[r][c] += wpe[r % T][c];
    }
    for (int l = 0; l < config->L; l++) {
        struct fast_block *h = &p->h[l];
        const struct block *b = &w->h[l];
        norm_rows(R, C, h->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
        product_of(kind, R, C, 3 * C, h->qkv, h->ln_1, b->attn_c_attn_weight,
                   b->attn_c_attn_bias);
        attend_all(B, T, C, config->H, h->weights, h->context, h->qkv);
        product_of(kind, R, C, C, h->mid, h->context, b->attn_c_proj_weight,
                   b->attn_c_proj_bias);
        add_all((size_t)R * row, h->mid, x[0]);
        norm_rows(R, C, h->ln_2, h->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
        product_of(kind, R, C, F, h->c_fc, h->ln_2, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
        float(*gelu)[F] = h->gelu;
        const float(*c_fc)[F] = h->c_fc;
        OMP(parallel for if (worth_sharing((size_t)R * (size_t)F * 4)))
        for (int r = 0; r < R; r++)
            gelu_row(F, gelu[r], c_fc[r]);
        product_of(kind, R, F, C, h->output, h->gelu, b->mlp_c_proj_weight,
                   b->mlp_c_proj_bias);
        add_all((size_t)R * row, h->output, h->mid);
        x = h->output;
    }
    norm_rows(R, C, p->ln_f, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    head_product(kind, R, C, config->V, p->logits, p->ln_f, w->lm_head);
}

/* ---- Reading on: with a cache --------------------------------------------------------- */

/* A model that has read some tokens, and what is kept of them: chapter 11's keys and values. */
struct fast_reader {
    const struct config *config;
    const struct weights *weights;
    int room, used; /* how many tokens there is room for, and how many have been read */
    float **keys, **values;                          /* [L]: [H][room][D] */
    float *x, *norm, *qkv, *context, *wide, *logits; /* of the rows being read */
    float *one; /* [H][room]: a single query's weights */
};

/* How many rows go through the model at a time: enough to make weights worth fetching. */
enum { READ_AT_ONCE = 512 };

static inline struct fast_reader new_fast_reader(const struct config *config,
                                                 const struct weights *weights, int room)
{
    const size_t rows = (size_t)smaller(room, READ_AT_ONCE), C = (size_t)config->C,
                 L = (size_t)config->L, F = (size_t)config->F, size = sizeof(float);
    struct fast_reader r = {.config = config,
                            .weights = weights,
                            .room = room,
                            .keys = grab(L, sizeof *r.keys),
                            .values = grab(L, sizeof *r.values),
                            .x = grab(rows, C * size),
                            .norm = grab(rows, C * size),
                            .qkv = grab(rows, 3 * C * size),
                            .context = grab(rows, C * size),
                            .wide = grab(rows, F * size),
                            .logits = grab((size_t)config->V, size),
                            .one = grab((size_t)config->H * (size_t)room, size)};
    for (size_t l = 0; l < L; l++) {
        r.keys[l] = grab((size_t)room, C * size);
        r.values[l] = grab((size_t)room, C * size);
    }
    return r;
}

static inline void free_fast_reader(struct fast_reader *r)
{
    for (int l = 0; l < r->config->L; l++) {
        free(r->keys[l]);
        free(r->values[l]);
    }
    float *const all[] = {r->x, r->norm, r->qkv, r->context, r->wide, r->logits, r->one};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    free(r->keys);
    free(r->values);
    *r = (struct fast_reader){0};
}

/* Puts the keys and values of n new tokens away, then lets the tokens look at all there are.
 * qkv [n, 3C] → context [n, C] */
static inline void attend_cached(int n, int C, int H, int room, int used,
                                 float keys[H][room][C / H], float values[H][room][C / H],
                                 float context[restrict n][C], const float qkv[n][3 * C],
                                 float one[H][room])
{
    const int D = C / H, T = used + n;
    const size_t row = (size_t)D * sizeof(float);
    OMP(parallel if (worth_sharing((size_t)(n > 1 ? n / 2 : 4) * (size_t)T * (size_t)C)))
    {
        float *const work = n > 1 ? grab(head_room(T, D), sizeof *work) : NULL;
        OMP(for schedule(dynamic))
        for (int h = 0; h < H; h++) {
            for (int t = 0; t < n; t++) {
                memcpy(keys[h][used + t], &qkv[t][C + h * D], row);
                memcpy(values[h][used + t], &qkv[t][2 * C + h * D], row);
            }
            const struct rows k = {keys[h][0], (size_t)D}, v = {values[h][0], (size_t)D};
            const float *const q = &qkv[0][h * D];
            if (n == 1)
                attend_one(T, D, &context[0][h * D], one[h], q, k, v);
            else
                attend_head(n, T, D, &context[0][h * D], (size_t)C, NULL,
                            (struct rows){q, 3 * (size_t)C}, k, v, work);
        }
        free(work);
    }
}

/* Reads n more tokens; r->used + n must not be more than r->room. Returns the logits [V] after
 * the last of them, which stay r's. With `all`, [n, V], the logits after each go there. */
static inline const float *fast_read(struct fast_reader *r, int n, const int ids[n],
                                     float *all)
{
    const struct config *c = r->config;
    const struct weights *w = r->weights;
    const int C = c->C, F = c->F, V = c->V;
    const enum weight_kind kind = (enum weight_kind)w->kind;
    const float(*wpe)[C] = w->wpe;
    for (int done = 0, rows; done < n; done += rows) {
        rows = smaller(n - done, READ_AT_ONCE);
        float(*x)[C] = (void *)r->x, (*norm)[C] = (void *)r->norm;
        const size_t size = (size_t)rows * (size_t)C;
        OMP(parallel for if (worth_sharing(size)))
        for (int t = 0; t < rows; t++) {
            token_row(w, C, ids[done + t], x[t]);
            for (int i = 0; i < C; i++)
                x[t][i] += wpe[r->used + t][i];
        }
        for (int l = 0; l < c->L; l++) {
            const struct block *b = &w->h[l];
            norm_rows(rows, C, norm, x, b->ln_1_weight, b->ln_1_bias, c->epsilon);
            product_of(kind, rows, C, 3 * C, (void *)r->qkv, norm, b->attn_c_attn_weight,
                       b->attn_c_attn_bias);
            attend_cached(rows, C, c->H, r->room, r->used, (void *)r->keys[l],
                          (void *)r->values[l], (void *)r->context, (void *)r->qkv,
                          (void *)r->one);
            product_of(kind, rows, C, C, norm, (void *)r->context, b->attn_c_proj_weight,
                       b->attn_c_proj_bias);
            add_all(size, x[0], norm[0]);
            norm_rows(rows, C, norm, x, b->ln_2_weight, b->ln_2_bias, c->epsilon);
            float(*wide)[F] = (void *)r->wide;
            product_of(kind, rows, C, F, wide, norm, b->mlp_c_fc_weight,
                       b->mlp_c_fc_bias);
            OMP(parallel for if (worth_sharing((size_t)rows * (size_t)F * 4)))
            for (int t = 0; t < rows; t++)
                gelu_row(F, wide[t], wide[t]);
            product_of(kind, rows, F, C, norm, wide, b->mlp_c_proj_weight,
                       b->mlp_c_proj_bias);
            add_all(size, x[0], norm[0]);
        }
        r->used += rows;
        const int first =
            all ? 0 : rows - 1; /* who wants only the last row gets only it */
        norm_rows(rows - first, C, norm, x + first, w->ln_f_weight, w->ln_f_bias,
                  c->epsilon);
        if (all)
            head_product(kind, rows, C, V, (void *)(all + (size_t)done * (size_t)V), norm,
                         w->lm_head);
        if (all)
            memcpy(r->logits, all + (size_t)(done + rows - 1) * (size_t)V,
                   (size_t)V * sizeof *all);
        else if (done + rows == n)
            head_product(kind, 1, C, V, (void *)r->logits, norm, w->lm_head);
    }
    return r->logits;
}

#ifdef MINE_add_part
void add_part(int part, int parts, int stage, int I, int O, float y[restrict O],
              float scratch[restrict parts][O], const float x[I], const float w[I][O]);
#else
/* A part of y += x · w, for inputs I * part / parts up to the next part's. Stage 0 adds them up
 * in the part's own row of scratch, stage 1 adds that to y; parts in any order, or interleaved.
 * x [I], w [I, O], scratch [parts, O], y [O] */
static inline void add_part(int part, int parts, int stage, int I, int O,
                            float y[restrict O], float scratch[restrict parts][O],
                            const float x[I], const float w[I][O])
{
    float *sum = scratch[part];
    if (stage == 0) {
        for (int o = 0; o < O; o++)
            sum[o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            for (int o = 0; o < O; o++)
                sum[o] += x[i] * w[i][o];
    } else {
        for (int o = 0; o < O; o++)
            y[o] += sum[o];
    }
}
#endif

#endif
