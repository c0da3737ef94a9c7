/* Tests of chapter 2: opening a checkpoint, its program, and its exercises. */
#include "exercise.h"
#include "../src/02_checkpoint.h"
#include "mistakes/02_checkpoint.h"
#include "right/02_checkpoint.h"
#include "message.h"
#include "reference.h"

#include <float.h>

/* ---- Exercises --------------------------------------------------------------------- */

static void probe_parameter_count(any_function f, struct outcome *o)
{
    static const struct {
        const char *what;
        struct config c;
        size_t want; /* added up by hand, or by tests/reference/make_reference.py */
    } cases[] = {
        {"the example", {2, 3, 2, 1, 1, 8, 1e-5f}, 88},
        {"the example with two blocks", {2, 3, 2, 1, 2, 8, 1e-5f}, 162},
        {"the four tokens of the chapter", {4, 4, 2, 1, 1, 8, 1e-5f}, 94},
        {"GPT-2, the smallest", {1024, 50257, 768, 12, 12, 3072, 1e-5f}, 124439808},
        {"models/robots", {128, 1024, 128, 4, 6, 512, 1e-5f}, 1337344},
        /* F is not 4C, and no two numbers are the same */
        {"an odd one", {11, 29, 15, 3, 2, 37, 1e-5f}, 4994},
        {"one of everything", {1, 1, 1, 1, 1, 1, 1e-5f}, 20},
        {"three blocks", {5, 7, 4, 2, 3, 9, 1e-5f}, 599},
        {"another epsilon", {5, 7, 4, 2, 3, 9, 0.5f}, 599},
        {"narrow inside", {3, 5, 8, 2, 2, 1, 1e-5f}, 770},
        {"GPT-3", {2048, 50257, 12288, 96, 96, 49152, 1e-5f}, 174604259328},
        /* each product alone is more than 32 bits hold */
        {"large in everything",
         {70003, 90001, 70000, 7, 307, 280009, 1e-5f},
         18063466612763},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct config c = cases[i].c;
        situation(o, "%s: V %d, positions %d, C %d, H %d, F %d, L %d", cases[i].what, c.V,
                  c.positions, c.C, c.H, c.F, c.L);
        const struct config *given_c =
            given(o, "c", AXES({(int)sizeof c, NULL}), BYTES, &c);
        record_integer(o, "the count", (long)TESTED(parameter_count, f)(given_c),
                       (long)cases[i].want);
    }
}

/* A float with this sign, that is `size` · 2^power: what the bits of a number mean, in double. */
static float number_of(bool negative, double size, int power)
{
    double number = ldexp(size, power);
    return (float)(negative ? -number : number);
}

/* The number that `bits` stand for in a format with so many bits of exponent and fraction. */
static float number_of_bits(unsigned bits, int exponent_bits, int fraction_bits)
{
    const int most = (1 << exponent_bits) - 1, bias = most / 2;
    const int e = (int)(bits >> fraction_bits) & most;
    const int fraction = (int)bits & ((1 << fraction_bits) - 1);
    const bool negative = bits >> 15;
    if (e == most)
        return fraction ? NAN : negative ? -INFINITY : INFINITY;
    return e == 0 ? number_of(negative, fraction, 1 - bias - fraction_bits)
                  : number_of(negative, (1 << fraction_bits) + fraction,
                              e - bias - fraction_bits);
}

/* Some numbers by themselves, then all 65,536: what `f` makes of them. A row for each sign and
 * exponent. */
static void probe_format(float (*f)(uint16_t), struct outcome *o, size_t count,
                         const unsigned *some, int exponent_bits, int fraction_bits)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned bits = some[i];
        situation(o, "bits 0x%04X: sign %u, exponent %u, fraction %u", bits, bits >> 15,
                  bits >> fraction_bits & ((1u << exponent_bits) - 1),
                  bits & ((1u << fraction_bits) - 1));
        const float got = f((uint16_t)bits),
                    want = number_of_bits(bits, exponent_bits, fraction_bits);
        record_exactly(o, "the number", 0, NULL, &got, &want);
    }
    static float got[65536], want[65536];
    const int rows = 2 << exponent_bits, columns = 1 << fraction_bits;
    char **labels = grab((size_t)rows, sizeof *labels);
    for (int r = 0; r < rows; r++)
        labels[r] = format_text("sign %d, exponent %d", r >> exponent_bits,
                                r & ((1 << exponent_bits) - 1));
    situation(o, "all 65,536 numbers");
    for (unsigned b = 0; b < 65536; b++) {
        got[b] = f((uint16_t)b);
        want[b] = number_of_bits(b, exponent_bits, fraction_bits);
    }
    record_exactly(o, "numbers", AXES({rows, labels}, {columns, NULL}), got, want);
    for (int r = 0; r < rows; r++)
        free(labels[r]);
    free(labels);
}

static void probe_bfloat16_to_float(any_function f, struct outcome *o)
{
    static const unsigned some[] = {0x3F80, 0xC040, 0x0000, 0x4049, 0xBDCD, 0x4000,
                                    0x477F, 0x7F80, 0xFF80, 0x7FC0, 0x0040, 0x7F7F,
                                    0x8000, 0xFF81, 0x0001, 0x0080};
    probe_format(TESTED(bfloat16_to_float, f), o, sizeof some / sizeof *some, some, 8, 7);
}

static void probe_half_to_float(any_function f, struct outcome *o)
{
    static const unsigned some[] = {0x3C00, 0xC100, 0x0000, 0x3C01, 0x3555, 0x7BFF,
                                    0x0400, 0x0001, 0x0002, 0x03FF, 0x83FF, 0xFBFF,
                                    0x7C00, 0xFC00, 0x7E00, 0x7C01, 0xFE00, 0x8000};
    probe_format(TESTED(half_to_float, f), o, sizeof some / sizeof *some, some, 5, 10);
}

static void probe_element_place(any_function f, struct outcome *o)
{
    static const struct {
        size_t header, begin, columns, size, row, column, want;
    } cases[] = {
        {80, 16, 2, 4, 0, 0, 104},
        {80, 0, 2, 4, 2, 0, 104},
        {80, 16, 2, 4, 0, 1, 108},
        {80, 16, 2, 4, 1, 0, 112},
        {6432, 0, 128, 4, 358, 0, 189736},
        {2880, 1000, 15, 2, 4, 9, 4026},
        {64, 96, 7, 8, 3, 5, 376},
        /* nothing before it; one column; one byte; more rows than columns */
        {2, 0, 1, 1, 0, 0, 10},
        {2, 0, 1, 1, 5, 0, 15},
        {100, 3, 3, 1, 7, 2, 134},
        {100, 10, 1, 8, 6, 0, 166},
        /* offsets that are no multiple of a number's size */
        {117, 1003, 11, 4, 2, 3, 1228},
        /* more bytes than 32 bits hold: in the end, in begin, and in each product */
        {14208, 4000000000, 12288, 4, 50000, 77, 6457614524},
        {14208, 5000000000, 12288, 2, 3, 77, 5000088098},
        {5000000001, 7, 3, 4, 2, 1, 5000000044},
        {14208, 0, 12288, 1, 400000, 77, 4915214293},
        {14208, 0, 100003, 8, 60000, 99999, 48002254208},
        {14208, 16, 5000000000, 4, 1, 4999999999, 40000014228},
        {14208, 16, 2, 4, 5000000000, 1, 40000014236},
        {14208, 16, 3, 5000000000, 1, 1, 20000014232},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        situation(o, "header %zu, begin %zu, columns %zu, size %zu: element [%zu][%zu]",
                  cases[i].header, cases[i].begin, cases[i].columns, cases[i].size,
                  cases[i].row, cases[i].column);
        record_integer(o, "the byte",
                       (long)TESTED(element_place, f)(cases[i].header, cases[i].begin,
                                                      cases[i].columns, cases[i].size,
                                                      cases[i].row, cases[i].column),
                       (long)cases[i].want);
    }
}

/* The tensors that `count` bytes belong to, from the byte `first` on. */
static void tensor_case(any_function f, struct outcome *o, int n, const size_t *from,
                        size_t length, size_t first, int count)
{
    const size_t *begins = given(o, "begins", AXES({n, NULL}), COUNTS, from);
    int *got = grab((size_t)count, sizeof *got),
        *want = grab((size_t)count, sizeof *want);
    char **labels = grab((size_t)count, sizeof *labels);
    for (int i = 0; i < count; i++) {
        const size_t byte = first + (size_t)i;
        labels[i] = format_text("byte %zu", byte);
        got[i] = TESTED(tensor_at, f)(n, begins, length, byte);
        want[i] = -1;
        for (int t = 0; t < n && byte < length; t++)
            if (from[t] <= byte)
                want[i] = t;
    }
    record_ints(o, "the tensor", count, count, got, count, want, labels);
    for (int i = 0; i < count; i++)
        free(labels[i]);
    free(labels);
    free(got);
    free(want);
}

static void probe_tensor_at(any_function f, struct outcome *o)
{
    enum { LONG = 1301 };
    static const struct {
        int n;
        size_t begins[8], length;
    } cases[] = {
        {3, {0, 16, 40}, 48},
        /* one tensor, and tensors of one byte */
        {1, {0}, 5},
        {1, {0}, 1},
        {2, {0, 1}, 2},
        {2, {0, 7}, 30},
        {4, {0, 1, 2, 3}, 4},
        {8, {0, 1, 2, 3, 4, 5, 6, 7}, 8},
        /* a large one first, in the middle, last; halves that are not equal */
        {5, {0, 50, 51, 52, 53}, 54},
        {5, {0, 1, 50, 52, 53}, 54},
        {6, {0, 1, 2, 3, 4, 5}, 54},
        {7, {0, 3, 8, 9, 20, 31, 33}, 40},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char *row = format_text("%s", "{0");
        for (int i = 1; i < cases[c].n; i++) {
            char *longer = format_text("%s, %zu", row, cases[c].begins[i]);
            free(row);
            row = longer;
        }
        situation(o, "begins %s}, length %zu", row, cases[c].length);
        free(row);
        tensor_case(f, o, cases[c].n, cases[c].begins, cases[c].length, 0,
                    (int)cases[c].length + 3);
    }
    /* many tensors; more bytes than 32 bits hold */
    static size_t begins[LONG];
    const size_t sizes[] = {3, 5000000};
    for (int s = 0; s < 2; s++) {
        for (int i = 1; i < LONG; i++)
            begins[i] = begins[i - 1] + sizes[s] + (size_t)(i % 5);
        const size_t length = begins[LONG - 1] + 4, middle = begins[LONG - 301];
        situation(o, "%d tensors, length %zu: the first bytes", (int)LONG, length);
        tensor_case(f, o, LONG, begins, length, 0, 60);
        situation(o, "%d tensors, length %zu: the last bytes", (int)LONG, length);
        tensor_case(f, o, LONG, begins, length, length - 40, 60);
        situation(o, "%d tensors, length %zu: bytes around where tensor %d begins",
                  (int)LONG, length, (int)LONG - 301);
        tensor_case(f, o, LONG, begins, length, middle - 30, 60);
        situation(o, "%d tensors, length %zu: bytes far after the end", (int)LONG,
                  length);
        tensor_case(f, o, LONG, begins, length, length + 5000000000, 3);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(parameter_count),
     {
         MISTAKE(wrong_parameter_count_c_fc_bias),
         MISTAKE(wrong_parameter_count_no_ln_f),
         MISTAKE(wrong_parameter_count_article),
         MISTAKE(wrong_parameter_count_head),
         MISTAKE(wrong_parameter_count_no_biases),
         MISTAKE(wrong_parameter_count_no_positions),
         MISTAKE(wrong_parameter_count_one_block),
         MISTAKE(wrong_parameter_count_all_times_L),
         MISTAKE(wrong_parameter_count_one_norm),
         MISTAKE(wrong_parameter_count_norm_without_bias),
         MISTAKE(wrong_parameter_count_four_times),
         MISTAKE(wrong_parameter_count_c_attn),
         MISTAKE(wrong_parameter_count_heads),
         MISTAKE(wrong_parameter_count_no_way_back),
         MISTAKE(wrong_parameter_count_int),
         MISTAKE(wrong_parameter_count_ln_f_in_blocks),
         MISTAKE(wrong_parameter_count_third_norm),
         MISTAKE(wrong_parameter_count_c_proj_bias),
     },
     {
         RIGHT(right_parameter_count_every_tensor),
         RIGHT(right_parameter_count_formula),
         RIGHT(right_parameter_count_helpers),
         RIGHT(right_parameter_count_double),
         RIGHT(right_parameter_count_hints),
     }},
    {EXERCISE(bfloat16_to_float),
     {
         MISTAKE(wrong_bfloat16_to_float_converted),
         MISTAKE(wrong_bfloat16_to_float_converted_int),
         MISTAKE(wrong_bfloat16_to_float_bits),
         MISTAKE(wrong_bfloat16_to_float_lower_half),
         MISTAKE(wrong_bfloat16_to_float_half),
         MISTAKE(wrong_bfloat16_to_float_bytes),
         MISTAKE(wrong_bfloat16_to_float_no_sign),
         MISTAKE(wrong_bfloat16_to_float_no_zero),
         MISTAKE(wrong_bfloat16_to_float_no_one),
         MISTAKE(wrong_bfloat16_to_float_zero_without_sign),
         MISTAKE(wrong_bfloat16_to_float_nothing_set_apart),
         MISTAKE(wrong_bfloat16_to_float_times_65536),
     },
     {
         RIGHT(right_bfloat16_to_float_union),
         RIGHT(right_bfloat16_to_float_computed),
         RIGHT(right_bfloat16_to_float_parts),
         RIGHT(right_bfloat16_to_float_hints),
     }},
    {EXERCISE(half_to_float),
     {
         MISTAKE(wrong_half_to_float_no_one),
         MISTAKE(wrong_half_to_float_no_zero),
         MISTAKE(wrong_half_to_float_small_are_0),
         MISTAKE(wrong_half_to_float_small_halved),
         MISTAKE(wrong_half_to_float_no_infinity),
         MISTAKE(wrong_half_to_float_no_nan),
         MISTAKE(wrong_half_to_float_moved),
         MISTAKE(wrong_half_to_float_upper_half),
         MISTAKE(wrong_half_to_float_bits),
         MISTAKE(wrong_half_to_float_no_sign),
         MISTAKE(wrong_half_to_float_sign_of_normal),
         MISTAKE(wrong_half_to_float_bias),
         MISTAKE(wrong_half_to_float_fraction),
         MISTAKE(wrong_half_to_float_zero_without_sign),
         MISTAKE(wrong_half_to_float_infinity_without_sign),
         MISTAKE(wrong_half_to_float_integer_division),
         MISTAKE(wrong_half_to_float_all_integer_division),
         MISTAKE(wrong_half_to_float_one_for_all_small),
         MISTAKE(wrong_half_to_float_power),
         MISTAKE(wrong_half_to_float_four_bits),
     },
     {
         RIGHT(right_half_to_float_moved),
         RIGHT(right_half_to_float_doubled),
         RIGHT(right_half_to_float_pow),
         RIGHT(right_half_to_float_scaled),
         RIGHT(right_half_to_float_hints),
     }},
    {EXERCISE(element_place),
     {
         MISTAKE(wrong_element_place_no_length),
         MISTAKE(wrong_element_place_no_header),
         MISTAKE(wrong_element_place_offset_only),
         MISTAKE(wrong_element_place_no_begin),
         MISTAKE(wrong_element_place_columns_first),
         MISTAKE(wrong_element_place_numbers),
         MISTAKE(wrong_element_place_column_in_bytes),
         MISTAKE(wrong_element_place_row_in_numbers),
         MISTAKE(wrong_element_place_four_bytes),
         MISTAKE(wrong_element_place_row_is_one),
         MISTAKE(wrong_element_place_begin_in_numbers),
         MISTAKE(wrong_element_place_end),
         MISTAKE(wrong_element_place_int),
         MISTAKE(wrong_element_place_product_int),
         MISTAKE(wrong_element_place_from_1),
     },
     {
         RIGHT(right_element_place_steps),
         RIGHT(right_element_place_row_length),
         RIGHT(right_element_place_long),
         RIGHT(right_element_place_hints),
     }},
    {EXERCISE(tensor_at),
     {
         MISTAKE(wrong_tensor_at_as_handed_out),
         MISTAKE(wrong_tensor_at_next),
         MISTAKE(wrong_tensor_at_high),
         MISTAKE(wrong_tensor_at_first_byte),
         MISTAKE(wrong_tensor_at_no_end),
         MISTAKE(wrong_tensor_at_end_included),
         MISTAKE(wrong_tensor_at_begins_only),
         MISTAKE(wrong_tensor_at_last_unknown),
         MISTAKE(wrong_tensor_at_int),
         MISTAKE(wrong_tensor_at_at_or_after),
         MISTAKE(wrong_tensor_at_first_of_the_last),
         MISTAKE(wrong_tensor_at_past_the_middle),
     },
     {
         RIGHT(right_tensor_at_one_by_one),
         RIGHT(right_tensor_at_both_ends),
         RIGHT(right_tensor_at_last_by_itself),
         RIGHT(right_tensor_at_backwards),
         RIGHT(right_tensor_at_hints),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define ODD "tests/reference/odd"
#define ROBOTS "models/robots"

static char *folder; /* of the running test; gone when it ends */

static void open_folder(void)
{
    const char *place = getenv("TMPDIR");
    folder = format_text("%s/book_02_XXXXXX", place && *place ? place : "/tmp");
    ck_assert_msg(mkdtemp(folder), "%s: cannot be made", folder);
}

static void close_folder(void)
{
    ck_assert_int_eq(system(format_text("rm -rf '%s'", folder)), 0);
}

/* A path in the test's folder. */
static __attribute__((format(printf, 1, 2))) char *inside(const char *format, ...)
{
    char name[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    return format_text("%s/%s", folder, name);
}

/* The same numbers on every machine. */
static unsigned long random_state;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

/* A run of the program: its status and what it printed. */
static struct bytes output, errors;

static __attribute__((format(printf, 1, 2))) int run_program(const char *format, ...)
{
    char arguments[2000];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    char *command = format_text("build/02_checkpoint %s > '%s/out' 2> '%s/err'",
                                arguments, folder, folder);
    int status = system(command);
    free(command);
    free(output.data);
    free(errors.data);
    output = read_file(inside("out"));
    errors = read_file(inside("err"));
    ck_assert_msg(WIFEXITED(status) && !strstr((char *)errors.data, "Sanitizer") &&
                      !strstr((char *)errors.data, "runtime error"),
                  "02_checkpoint %s crashed: %.2000s", arguments, (char *)errors.data);
    return WEXITSTATUS(status);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *says)
{
    int status = run_program("%s", arguments);
    const char *line = (char *)errors.data;
    ck_assert_msg(status == 1, "02_checkpoint %s: status %d, expected 1: %s", arguments,
                  status, line);
    check_message(errors, arguments);
    ck_assert_msg(strncmp(line, "02_checkpoint: ", 15) == 0 && strstr(line, says),
                  "02_checkpoint %s: expected '%s' in '%s'", arguments, says, line);
}

/* The sum of all weights: reads every one of them. */
static double sum_of(const struct checkpoint *m)
{
    double sum = 0;
    for (int i = 0; i < tensor_count(&m->config); i++) {
        const float *x = get_tensor(&m->weights, &m->config, i);
        for (size_t k = 0; k < tensor_place(&m->config, i).size; k++)
            sum += (double)x[k];
    }
    const float *head = m->weights.lm_head;
    for (size_t k = 0; k < tensor_place(&m->config, 0).size; k++)
        sum += (double)head[k];
    return sum;
}

/* Opens the model in the folder `name` in a child with little time and memory, and reads all of
 * its weights. Returns its status: 0, or 1 where it said one line, which stands in `errors`
 * then. Anything else fails the test. */
static int load_in_child(const char *name)
{
    char *path = inside("%s", name);
    fflush(stdout);
    pid_t child = fork();
    ck_assert(child >= 0);
    if (child == 0) {
        const struct rlimit memory = {(rlim_t)1 << 30, (rlim_t)1 << 30},
                            time = {SANITIZED ? 30 : 10, SANITIZED ? 30 : 10};
        setrlimit(RLIMIT_CPU, &time); /* (an alarm rings on a busy machine, too) */
        if (!SANITIZED) /* the sanitizer keeps shadows of all memory there might be */
            setrlimit(RLIMIT_AS, &memory);
        FILE *said = freopen(inside("err"), "w", stderr);
        struct checkpoint m = load_checkpoint(path);
        volatile double sum = sum_of(&m);
        (void)sum;
        free_checkpoint(&m);
        _exit(said ? 0 : 2);
    }
    int status;
    waitpid(child, &status, 0);
    free(errors.data);
    errors = read_file(inside("err"));
    const char *line = (char *)errors.data;
    ck_assert_msg(WIFEXITED(status), "%s: killed by signal %d: %.500s", path,
                  WTERMSIG(status), line);
    if (WEXITSTATUS(status) == 0)
        ck_assert_msg(errors.size == 0, "%s: opened, and said %s", path, line);
    else
        check_message(errors, path);
    ck_assert_msg(WEXITSTATUS(status) < 2, "%s: status %d, and said %s", path,
                  WEXITSTATUS(status), line);
    free(path);
    return WEXITSTATUS(status);
}

/* The model in the folder `name` must be refused, with a line that names FILE in it and
 * holds `says`. `why` tells in which case. */
static void expect_refused(const char *name, const char *file, const char *says,
                           const char *why)
{
    char *place = format_text("%s/%s", name, file);
    ck_assert_msg(load_in_child(name) == 1, "%s: %s was opened", why, place);
    ck_assert_msg(strstr((char *)errors.data, place), "%s: expected %s in: %s", why,
                  place, (char *)errors.data);
    ck_assert_msg(strstr((char *)errors.data, says), "%s: expected '%s' in: %s", why,
                  says, (char *)errors.data);
    free(place);
}

/* A safetensors file: the header's length, the header, the numbers. */
static void put_safetensors(const char *name, const char *header, size_t header_size,
                            const void *data, size_t size)
{
    unsigned char *all = grab(8 + header_size + size, 1);
    for (int i = 0; i < 8; i++)
        all[i] = (unsigned char)(header_size >> (8 * i));
    memcpy(all + 8, header, header_size);
    if (size)
        memcpy(all + 8 + header_size, data, size);
    write_file(inside("%s", name), all, 8 + header_size + size);
    free(all);
}

static void put(const char *name, const char *text)
{
    write_file(inside("%s", name), text, strlen(text));
}

/* A small model of its own for each call, its weights 1, 2, 3, … eighths; and its folder. */
struct small {
    struct config config;
    float *flat;
    struct weights weights;
};

static struct small small_model(struct config c)
{
    struct small s = {c, NULL, {0}};
    size_t n = parameter_count(&c);
    s.flat = grab(n, sizeof *s.flat);
    for (size_t i = 0; i < n; i++)
        s.flat[i] = (float)(i + 1) / 8;
    s.weights = lay_out_weights(&c, s.flat);
    return s;
}

static void free_small(struct small *s)
{
    if (s->weights.lm_head != s->weights.wte)
        free(s->weights.lm_head);
    free_weights(&s->weights);
    free(s->flat);
}

static const struct config tiny = {2, 3, 2, 1, 1, 8, 1e-5f};

/* Writes a good tiny model into the folder `v` of the test's. */
static void good_model(void)
{
    struct small s = small_model(tiny);
    write_checkpoint(inside("v"), &s.config, &s.weights);
    free_small(&s);
}

static void *copy_bytes(const void *from, size_t size)
{
    return memcpy(grab(size, 1), from, size);
}

/* ---- Numbers of sixteen bits -------------------------------------------------------- */

START_TEST(sixteen_bits_are_those_of_numpy)
{
    struct stored_file f = open_reference("02_checkpoint");
    const char *const names[2] = {"half", "bfloat16"};
    for (int i = 0; i < 2; i++) {
        char *bits_name = format_text("toy.%s.bits", names[i]),
             *name = format_text("toy.%s", names[i]);
        const int n = reference_length(&f, name, 0);
        int *bits = reference_ints(&f, bits_name, AXES({n, NULL}));
        float *want = reference_floats(&f, name, AXES({n, NULL}));
        ck_assert(n > 2000);
        for (int k = 0; k < n; k++) {
            uint16_t b = (uint16_t)bits[k];
            float got = i ? bfloat16_to_float(b) : half_to_float(b);
            ck_assert_msg(memcmp(&got, &want[k], 4) == 0, "%s 0x%04X: got %a, want %a",
                          names[i], b, (double)got, (double)want[k]);
        }
        free(bits);
        free(want);
        free(name);
        free(bits_name);
    }
    close_stored(&f);
}
END_TEST

START_TEST(every_sixteen_bits)
{
    /* Each number is larger than the one before; behind infinity is no number. */
    float (*const read[2])(uint16_t) = {half_to_float, bfloat16_to_float};
    const unsigned infinity[2] = {0x7C00, 0x7F80};
    for (int i = 0; i < 2; i++)
        for (unsigned b = 0; b < 0x8000; b++) {
            float plus = read[i]((uint16_t)b), minus = read[i]((uint16_t)(b | 0x8000));
            if (b > infinity[i]) {
                ck_assert_msg(isnan(plus) && isnan(minus), "0x%04X", b);
                continue;
            }
            ck_assert_msg(minus == -plus && signbit(minus) && !signbit(plus), "0x%04X",
                          b);
            ck_assert_msg(b == 0 ? plus == 0 : plus > read[i]((uint16_t)(b - 1)),
                          "0x%04X", b);
            ck_assert(isinf(plus) == (b == infinity[i]));
        }
}
END_TEST

START_TEST(converting_a_row_is_converting_each)
{
    static const char *const types[] = {"F32", "F16", "BF16"};
    for (int t = 0; t < 3; t++)
        for (int shift = 0; shift < 2; shift++) { /* at an even and at an odd place */
            const size_t n = 300, size = t == 0 ? 4 : 2;
            unsigned char *bytes = grab(n * size + (size_t)shift, 1);
            float *to = grab(n, sizeof *to);
            random_state = 7;
            for (size_t i = 0; i < n * size; i++)
                bytes[(size_t)shift + i] = (unsigned char)pick(256);
            convert(n, to, bytes + shift, types[t]);
            for (size_t i = 0; i < n; i++) {
                const unsigned char *at = bytes + (size_t)shift + i * size;
                uint16_t b = (uint16_t)(at[0] | at[1] << 8);
                float want = t == 1 ? half_to_float(b) : bfloat16_to_float(b);
                if (t == 0)
                    memcpy(&want, at, 4); /* this test runs on little-endian machines */
                ck_assert(memcmp(&to[i], &want, 4) == 0 || (isnan(to[i]) && isnan(want)));
            }
            free(bytes);
            free(to);
        }
}
END_TEST

/* ---- Counting and laying out --------------------------------------------------------- */

START_TEST(parameters_are_counted_as_in_the_reference)
{
    struct stored_file f = open_reference("02_checkpoint");
    const int n = reference_length(&f, "toy.counts", 0);
    int *sizes = reference_ints(&f, "toy.sizes", AXES({n, NULL}, {6, NULL}));
    int64_t *counts = reference_bytes(&f, "toy.counts", "I64", AXES({n, NULL}));
    for (int i = 0; i < n; i++) {
        const int *s = sizes + 6 * i;
        struct config c = {s[0], s[1], s[2], s[3], s[4], s[5], 1e-5f};
        size_t sum = 0;
        for (int k = 0; k < tensor_count(&c); k++)
            sum += tensor_place(&c, k).size;
        ck_assert_uint_eq(sum, (size_t)counts[i]);
        ck_assert_uint_eq(parameter_count(&c), (size_t)counts[i]);
    }
    free(sizes);
    free(counts);
    close_stored(&f);
}
END_TEST

START_TEST(weights_lie_one_after_the_other)
{
    static const struct config sizes[] = {{2, 3, 2, 1, 1, 8, 1e-5f},
                                          {5, 7, 6, 3, 4, 9, 1e-5f}};
    for (int k = 0; k < 2; k++) {
        struct small s = small_model(sizes[k]);
        const float *next = s.flat;
        for (int i = 0; i < tensor_count(&s.config); i++) {
            ck_assert_ptr_eq(get_tensor(&s.weights, &s.config, i), next);
            next += tensor_place(&s.config, i).size;
        }
        ck_assert_uint_eq((size_t)(next - s.flat), parameter_count(&s.config));
        ck_assert_ptr_eq(s.weights.lm_head, s.weights.wte);
        free_small(&s);
    }
    /* By name, once each: what a pointer is called is where its tensor is. */
    struct small s = small_model(sizes[1]);
    const struct config *c = &s.config;
    const struct block *b = &s.weights.h[2];
    const struct {
        const char *name;
        const void *at;
    } all[] = {
        {"wte.weight", s.weights.wte},
        {"wpe.weight", s.weights.wpe},
        {"h.2.ln_1.weight", b->ln_1_weight},
        {"h.2.ln_1.bias", b->ln_1_bias},
        {"h.2.attn.c_attn.weight", b->attn_c_attn_weight},
        {"h.2.attn.c_attn.bias", b->attn_c_attn_bias},
        {"h.2.attn.c_proj.weight", b->attn_c_proj_weight},
        {"h.2.attn.c_proj.bias", b->attn_c_proj_bias},
        {"h.2.ln_2.weight", b->ln_2_weight},
        {"h.2.ln_2.bias", b->ln_2_bias},
        {"h.2.mlp.c_fc.weight", b->mlp_c_fc_weight},
        {"h.2.mlp.c_fc.bias", b->mlp_c_fc_bias},
        {"h.2.mlp.c_proj.weight", b->mlp_c_proj_weight},
        {"h.2.mlp.c_proj.bias", b->mlp_c_proj_bias},
        {"ln_f.weight", s.weights.ln_f_weight},
        {"ln_f.bias", s.weights.ln_f_bias},
    };
    int found = 0;
    for (int i = 0; i < tensor_count(c); i++)
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            if (strcmp(tensor_place(c, i).name, all[k].name) == 0) {
                ck_assert_ptr_eq(get_tensor(&s.weights, c, i), all[k].at);
                found++;
            }
    ck_assert_int_eq(found, sizeof all / sizeof *all);
    free_small(&s);
}
END_TEST

/* ---- Opening --------------------------------------------------------------------------- */

/* The numbers that Python put into a file, bit for bit. */
static void expect_numbers(const struct stored_file *want, const struct checkpoint *m)
{
    for (int i = 0; i <= tensor_count(&m->config); i++) {
        struct tensor_place p =
            tensor_place(&m->config, i < tensor_count(&m->config) ? i : 0);
        const bool head = i == tensor_count(&m->config);
        char *name = format_text("odd.%s", head ? "lm_head.weight" : p.name);
        float *numbers =
            p.rank == 2 ? reference_floats(want, name,
                                           AXES({p.shape[0], NULL}, {p.shape[1], NULL}))
                        : reference_floats(want, name, AXES({p.shape[0], NULL}));
        const float *got =
            head ? m->weights.lm_head : get_tensor(&m->weights, &m->config, i);
        ck_assert_msg(memcmp(got, numbers, p.size * sizeof *got) == 0,
                      "%s: other numbers", name);
        free(numbers);
        free(name);
    }
}

START_TEST(the_odd_checkpoint)
{
    struct stored_file want = open_reference("02_checkpoint");
    struct checkpoint m = load_checkpoint(ODD);
    const struct config c = m.config;
    ck_assert(c.positions == 11 && c.V == 29 && c.C == 15 && c.H == 3 && c.L == 2 &&
              c.F == 37 && c.epsilon == 0.01f);
    ck_assert_ptr_ne(m.weights.lm_head, m.weights.wte);
    expect_numbers(&want, &m);
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_is_used_where_it_lies)
{
    struct stored_file want = open_reference("02_checkpoint");
    struct checkpoint m = load_checkpoint(ROBOTS);
    const int n = tensor_count(&m.config);
    ck_assert_ptr_null(m.converted);
    for (int i = 0; i < n; i++) {
        const unsigned char *at = (void *)get_tensor(&m.weights, &m.config, i);
        ck_assert(at > m.file.bytes && at < m.file.bytes + m.file.size);
    }
    ck_assert_ptr_eq(m.weights.lm_head, m.weights.wte);
    if (!is_reference_model(&want, &m)) {
        printf("skipped: the sums of %s: it is not the model of the references\n",
               ROBOTS);
        return;
    }
    double *sums = reference_doubles(&want, "robots.sums", AXES({n, NULL}, {2, NULL}));
    for (int i = 0; i < n; i++) {
        struct tensor_place p = tensor_place(&m.config, i);
        const float *x = get_tensor(&m.weights, &m.config, i);
        double sum = 0, squares = 0;
        for (size_t k = 0; k < p.size; k++) {
            sum += (double)x[k];
            squares += (double)x[k] * (double)x[k];
        }
        const double most = 1e-9 * sqrt(sums[2 * i + 1] * (double)p.size);
        ck_assert_msg(fabs(sum - sums[2 * i]) <= most &&
                          fabs(squares - sums[2 * i + 1]) <= 1e-9 * squares,
                      "%s: other numbers", p.name);
    }
    free(sums);
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

START_TEST(a_number_is_where_element_place_says)
{
    const char *const models[] = {ODD, ROBOTS};
    for (int k = 0; k < 2; k++) {
        struct checkpoint m = load_checkpoint(models[k]);
        for (int i = 0; i < tensor_count(&m.config); i++) {
            struct tensor_place p = tensor_place(&m.config, i);
            const struct stored *s = find_stored(&m.file, p.name);
            const float *x = get_tensor(&m.weights, &m.config, i);
            random_state = (unsigned long)i;
            for (int try = 0; try < 9; try++) {
                size_t row = pick((unsigned)p.shape[0]),
                       column = pick((unsigned)p.shape[1]), columns = (size_t)p.shape[1];
                size_t at = element_place(m.file.header, s->begin, columns, s->type_size,
                                          row, column);
                float got;
                convert(1, &got, m.file.bytes + at, s->type);
                ck_assert(memcmp(&got, &x[row * columns + column], 4) == 0);
            }
        }
        free_checkpoint(&m);
    }
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
    static const struct config sizes[] = {{2, 3, 2, 1, 1, 8, 1e-5f},
                                          {5, 7, 6, 3, 4, 9, 0.1f},
                                          {1, 1, 1, 1, 1, 1, 0},
                                          {3, 2, 4, 4, 12, 16, 1e-12f},
                                          {9, 300, 8, 2, 1, 7, 1.0f / 3}};
    for (size_t k = 0; k < 2 * sizeof sizes / sizeof *sizes; k++) {
        const bool untied = k % 2;
        struct small s = small_model(sizes[k / 2]);
        const size_t table = (size_t)s.config.V * (size_t)s.config.C;
        s.flat[0] = -0.0f;
        s.flat[1 % parameter_count(&s.config)] = 0x1p-149f;
        if (untied) {
            s.weights.lm_head = copy_bytes(s.weights.wte, table * 4);
            *(float *)s.weights.lm_head = 77;
        }
        write_checkpoint(inside("w/%zu", k), &s.config, &s.weights);
        struct checkpoint m = load_checkpoint(inside("w/%zu", k));
        ck_assert(m.config.positions == s.config.positions && m.config.V == s.config.V &&
                  m.config.C == s.config.C && m.config.H == s.config.H &&
                  m.config.L == s.config.L && m.config.F == s.config.F &&
                  m.config.epsilon == s.config.epsilon);
        for (int i = 0; i < tensor_count(&s.config); i++)
            ck_assert(memcmp(get_tensor(&m.weights, &s.config, i),
                             get_tensor(&s.weights, &s.config, i),
                             4 * tensor_place(&s.config, i).size) == 0);
        ck_assert(memcmp(m.weights.lm_head, s.weights.lm_head, 4 * table) == 0);
        ck_assert((m.weights.lm_head != m.weights.wte) == untied);
        free_checkpoint(&m);
        free_small(&s);
    }
    /* Into a folder that is a file, or where nothing can be written. */
    struct small s = small_model(tiny);
    put("file", "x");
    fflush(stdout);
    for (int way = 0; way < 2; way++) {
        pid_t child = fork();
        if (child == 0) {
            FILE *said = freopen(inside("err"), "w", stderr);
            if (way == 0)
                write_checkpoint(inside("file/m"), &s.config, &s.weights);
            else
                write_safetensors("/dev/full/m", "", &s.config, &s.weights);
            _exit(said ? 0 : 2);
        }
        int status;
        waitpid(child, &status, 0);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        struct bytes said = read_file(inside("err"));
        ck_assert(strstr((char *)said.data, way ? "/dev/full/m" : "file/m"));
        free(said.data);
    }
    free_small(&s);
}
END_TEST

/* ---- config.json ----------------------------------------------------------------------- */

/* What is read from this text as config.json. */
static struct config config_of(const char *text)
{
    make_folder(inside("c"));
    put("c/config.json", text);
    return read_config(inside("c"));
}

START_TEST(settings_are_read)
{
    struct config c = config_of("{}"); /* all as in the smallest GPT-2 */
    ck_assert(c.positions == 1024 && c.V == 50257 && c.C == 768 && c.H == 12 &&
              c.L == 12 && c.F == 3072 && c.epsilon == 1e-5f);
    c = config_of("{\"n_positions\": 3, \"vocab_size\": 5, \"n_embd\": 6, \"n_head\": 2, "
                  "\"n_layer\": 7, \"n_inner\": 8, \"layer_norm_epsilon\": 1e-6}");
    ck_assert(c.positions == 3 && c.V == 5 && c.C == 6 && c.H == 2 && c.L == 7 &&
              c.F == 8 && c.epsilon == 1e-6f);
    c = config_of("{\"max_position_embeddings\": 3, \"hidden_size\": 6, "
                  "\"num_attention_heads\": 2, \"num_hidden_layers\": 7}");
    ck_assert(c.positions == 3 && c.C == 6 && c.H == 2 && c.L == 7 && c.F == 24);
    c = config_of(
        "\n {\"n_head\" : 6.0,\t\"n_inner\":null, \"n_embd\": 6e0, "
        "\"hidden_size\": 6, \"tie_word_embeddings\": true,\r\n"
        "\"activation_function\": \"gelu_pytorch_tanh\", \"model_type\":\"gpt2\","
        "\"scale_attn_weights\": true, \"reorder_and_upcast_attn\": true, "
        "\"pruned_heads\": {}, \"quantization_config\": null, "
        "\"attn_pdrop\": 0.1, \"task_specific_params\": {\"a\": [1, {}]}, "
        "\"x\": 1, \"x\": 2} ");
    ck_assert(c.H == 6 && c.C == 6 && c.F == 24);
}
END_TEST

START_TEST(what_is_not_gpt2_is_refused)
{
    good_model();
    static const struct {
        const char *settings, *says;
    } all[] = {
        {"\"n_head\": 0", "whole number from 1"},
        {"\"n_head\": -1", "whole number from 1"},
        {"\"n_head\": 1.5", "whole number"},
        {"\"n_head\": 1e300", "whole number"},
        {"\"n_head\": 1e999", "whole number"},
        {"\"n_head\": \"1\"", "whole number"},
        {"\"n_head\": [1]", "whole number"},
        {"\"n_head\": true", "whole number"},
        {"\"n_head\": {}", "whole number"},
        {"\"n_head\": null", "whole number from 1"},
        {"\"n_head\": 3", "3 heads cannot share a width of 2"},
        {"\"n_head\": 4", "4 heads cannot share a width of 2"},
        {"\"n_head\": 4294967297", "whole number"},
        {"\"n_head\": 1, \"n_head\": 1", "twice"},
        {"\"n_head\": 1, \"num_attention_heads\": 2", "disagree"},
        {"\"n_layer\": 0", "whole number from 1"},
        {"\"n_layer\": 1000000", "whole number from 1 to 1024"},
        {"\"n_embd\": 0", "whole number from 1"},
        {"\"n_embd\": 2147483648", "whole number"},
        {"\"n_positions\": 18446744073709551617", "whole number"},
        {"\"vocab_size\": -5", "whole number"},
        {"\"vocab_size\": 3000000000", "whole number"},
        {"\"n_inner\": 0", "whole number"},
        {"\"n_inner\": false", "whole number"},
        {"\"layer_norm_epsilon\": -1e-5", "from 0 to 1"},
        {"\"layer_norm_epsilon\": 2", "from 0 to 1"},
        {"\"layer_norm_epsilon\": \"1e-5\"", "from 0 to 1"},
        {"\"model_type\": \"gpt_neo\"", "expected \"gpt2\""},
        {"\"model_type\": 2", "expected \"gpt2\""},
        {"\"model_type\": \"gpt2\\u0000\"", "expected \"gpt2\""},
        {"\"activation_function\": \"gelu\"", "gelu_new"},
        {"\"activation_function\": \"relu\"", "gelu_new"},
        {"\"scale_attn_weights\": false", "does not compute"},
        {"\"scale_attn_weights\": 0", "true or false"},
        {"\"scale_attn_by_inverse_layer_idx\": true", "does not compute"},
        {"\"add_cross_attention\": true", "does not compute"},
        {"\"tie_word_embeddings\": 1", "true or false"},
        {"\"pruned_heads\": {\"0\": [0]}", "does not compute"},
        {"\"pruned_heads\": true", "does not compute"},
        {"\"quantization_config\": {\"load_in_8bit\": true}", "does not compute"},
        {"\"n_layer\": null", "\"n_layer\": expected a whole number from 1 to 1024"},
        {"\"n_embd\": null", "\"n_embd\": expected a whole number"},
        {"\"vocab_size\": null", "\"vocab_size\": expected a whole number"},
        {"\"layer_norm_epsilon\": null", "expected a number from 0 to 1"},
        {"\"activation_function\": null", "gelu_new"},
        {"\"scale_attn_weights\": null", "true or false"},
        {"\"tie_word_embeddings\": false", "lm_head.weight"},
    };
    static const char *const rest[][2] = {
        {"n_positions", "2"}, {"vocab_size", "3"}, {"n_embd", "2"},
        {"n_head", "1"},      {"n_layer", "1"},    {"n_inner", "8"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *text = format_text("{%s", all[i].settings);
        for (size_t k = 0; k < sizeof rest / sizeof *rest; k++) {
            char *quoted = format_text("\"%s\"", rest[k][0]);
            if (!strstr(text, quoted)) {
                char *more = format_text("%s, %s: %s", text, quoted, rest[k][1]);
                free(text);
                text = more;
            }
            free(quoted);
        }
        char *whole = format_text("%s}", text);
        put("v/config.json", whole);
        /* That the head is not there is said of the file where it should be. */
        const bool head = strstr(all[i].says, "lm_head") != NULL;
        expect_refused("v", head ? "model.safetensors" : "config.json", all[i].says,
                       all[i].settings);
        free(whole);
        free(text);
    }
}
END_TEST

/* ---- Broken files ------------------------------------------------------------------------ */

/* Writes model.safetensors of the good model again, with `new` in place of the first `old` in
 * the header, and its length as it is then. */
static void change_header(const char *old, const char *new)
{
    good_model();
    struct bytes good = read_file(inside("v/model.safetensors"));
    size_t header = 0;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | good.data[i];
    char *text = format_text("%.*s", (int)header, (char *)good.data + 8),
         *at = strstr(text, old);
    ck_assert_msg(at, "the header does not say %s: %s", old, text);
    char *changed =
        format_text("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    put_safetensors("v/model.safetensors", changed, strlen(changed),
                    good.data + 8 + header, good.size - 8 - header);
    free(changed);
    free(text);
    free(good.data);
}

START_TEST(a_header_that_lies_is_refused)
{
    static const struct {
        const char *old, *new, *says;
    } all[] = {
        /* places */
        {"[0,24]", "[0,20]", "do not fit its 20 bytes"},
        {"[0,24]", "[0,28]", "do not fit its 28 bytes"},
        {"[0,24]", "[4,28]", "starting at byte 0"},
        {"[0,24]", "[24,0]", "not in the file"},
        {"[0,24]", "[0,24000]", "not in the file"},
        {"[0,24]", "[-24,0]", "two data_offsets"},
        {"[0,24]", "[0.5,24.5]", "two data_offsets"},
        {"[0,24]", "[18446744073709551600,24]", "two data_offsets"},
        {"[0,24]", "[9007199254740968,9007199254740992]", "not in the file"},
        {"[0,24]", "[0,1e400]", "two data_offsets"},
        {"[0,24]", "[0]", "two data_offsets"},
        {"[0,24]", "[0,24,48]", "two data_offsets"},
        {"[0,24]", "[]", "two data_offsets"},
        {"[0,24]", "24", "two data_offsets"},
        {"[0,24]", "\"0,24\"", "two data_offsets"},
        {"[24,40]", "[0,16]", "overlap"},
        {"[24,40]", "[20,36]", "overlap"},
        {"[24,40]", "[28,44]", "belong to no tensor"},
        {"[40,48]", "[336,344]", "starting at byte 40"},
        {"[344,352]", "[336,344]", "overlap"},
        /* shapes and types */
        {"[3,2]", "[2,3]", "has shape [2, 3], config.json says [3, 2]"},
        {"[3,2]", "[6]", "has shape [6], config.json says [3, 2]"},
        {"[3,2]", "[3,2,1]", "has shape [3, 2, 1], config.json says [3, 2]"},
        {"[3,2]", "[3,1]", "do not fit"},
        {"[3,2]", "[]", "1 number (F32) does not fit"},
        {"[3,2]", "[0,2]", "do not fit"},
        {"[3,2]", "[-3,-2]", "whole numbers"},
        {"[3,2]", "[1.5,4]", "whole numbers"},
        {"[3,2]", "[\"3\",2]", "whole numbers"},
        {"[3,2]", "[4294967296,4294967296]", "larger than the file"},
        {"[3,2]", "[9007199254740992,2048]", "larger than the file"},
        {"[3,2]", "[9007199254740993,2]", "larger than the file"},
        {"[3,2]", "[1,1,1,1,1,1,1,3,2]", "whole numbers"},
        {"[3,2]", "{}", "whole numbers"},
        {"\"F32\"", "\"F16\"", "do not fit"},
        {"\"F32\"", "\"I32\"", "expected F32, F16 or BF16"},
        {"\"F32\"", "\"U32\"", "expected F32, F16 or BF16"},
        {"\"F32\"", "\"F8_E4M3\"", "dtype is unknown"},
        {"\"F32\"", "\"f32\"", "dtype is unknown"},
        {"\"F32\"", "\"F32\\u0000\"", "dtype is unknown"},
        {"\"F32\"", "32", "dtype is unknown"},
        {"\"F32\"", "null", "dtype is unknown"},
        /* members */
        {"\"dtype\":\"F32\",", "", "dtype, shape and data_offsets"},
        {"\"shape\":[3,2],", "", "dtype, shape and data_offsets"},
        {"\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"dtype\":\"F32\"", "each once"},
        {"\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"stride\":[1,1]", "each once"},
        {"{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}", "7", "dtype"},
        {"{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}", "[1,2,3]",
         "dtype"},
        /* names */
        {"transformer.wte.weight", "wte.wait", "'wte.weight' is missing"},
        {"transformer.wte.weight", "transformer.transformer.wte.weight", "is missing"},
        {"transformer.wte.weight", "", "is missing"},
        {"transformer.wte.weight", "wte.weight\\u0000", "is missing"},
        {"transformer.wpe.weight", "transformer.wte.weight", "is there twice"},
        {"transformer.wpe.weight", "wte.weight", "is there twice"},
        {"transformer.h.0.ln_1.bias", "transformer.h.1.ln_1.bias", "is missing"},
        {"transformer.h.0.ln_1.bias", "transformer.h.00.ln_1.bias", "is missing"},
        {"transformer.ln_f.bias", "\\u001b[31m\\n", "'ln_f.bias' is missing"},
        {"\"transformer.wte.weight\"",
         "\"\\u001b[31m\\nx\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
         "\"transformer.wte.weight\"",
         "'\\x1b[31m↵x' is not part"},
        /* JSON */
        {"{\"__metadata__\"", "\"__metadata__\"", "does not begin with '{'"},
        {"{\"__metadata__\"", " {\"__metadata__\"", "does not begin with '{'"},
        {"{\"__metadata__\"", "{{\"__metadata__\"", ":1: expected"},
        {"{\"__metadata__\"", "{\"__metadata__", ":1: expected"},
        {"{\"__metadata__\":{", "{\"__metadata__\":[", ":1: expected"},
        {"[344,352]}}", "[344,352]}", ":1: ends too early"},
        {"[344,352]}}", "[344,352]},}", ":1: expected"},
        {"[344,352]}}", "[344,352]}}}", ":1: expected"},
        {"[344,352]}}", "[344,352", ":1: ends too early"},
        {"[0,24]", "[0,,24]", ":1: expected"},
        {"[0,24]", "[0,024]", ":1: expected"},
        {"[0,24]", "[0,0x18]", ":1: expected"},
        {"[0,24]", "[0,NaN]", ":1: expected"},
        {"transformer.wte", "transformer.\xFF\xFEwte", "UTF-8"},
        {"transformer.wte", "transformer.\nwte", "the end of a string"},
        {"transformer.wte", "transformer.\\ud800wte", "surrogate"},
        {"transformer.wte", "transformer.\\x", "expected one of"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        change_header(all[i].old, all[i].new);
        char *why = format_text("%s → %s", all[i].old, all[i].new);
        expect_refused("v", "model.safetensors", all[i].says, why);
        free(why);
    }
}
END_TEST

START_TEST(what_is_allowed_is_not_refused)
{
    static const struct {
        const char *old, *new;
    } all[] = {
        {"{\"__metadata__\":{\"format\":\"pt\"},", "{"},
        {"{\"__metadata__\":", "{\"__metadata__\":{\"x\":\"\\ud83e\\udd16\"},\"y\":"
                               "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
                               "\"__metadata__\":"},
        {"transformer.wte.weight", "wte.weight"},
        {"transformer.wte.weight", "wte\\u002eweight"},
        {"\"shape\":[3,2],\"data_offsets\":[0,24]",
         " \"data_offsets\" : [ 0 , 2.4e1 ] ,\n\t\"shape\":[3.0,2]"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        change_header(all[i].old, all[i].new);
        /* The second has a tensor that is nobody's: that is all there is to say. */
        if (i == 1)
            expect_refused("v", "model.safetensors", "'y' is not part", all[i].new);
        else
            ck_assert_msg(load_in_child("v") == 0, "%s: %s", all[i].new,
                          (char *)errors.data);
    }
    good_model();
    ck_assert_int_eq(load_in_child("v"), 0);
}
END_TEST

START_TEST(settings_and_weights_must_agree)
{
    static const struct {
        const char *old, *new, *says;
    } all[] = {
        {"\"n_embd\": 2", "\"n_embd\": 4",
         "'wte.weight' has shape [3, 2], config.json says [3, 4]"},
        {"\"vocab_size\": 3", "\"vocab_size\": 50257",
         "'wte.weight' has shape [3, 2], config.json says [50257, 2]"},
        {"\"n_positions\": 2", "\"n_positions\": 3",
         "'wpe.weight' has shape [2, 2], config.json says [3, 2]"},
        {"\"n_inner\": null", "\"n_inner\": 7",
         "'h.0.mlp.c_fc.weight' has shape [2, 8], config.json says [2, 7]"},
        {"\"n_layer\": 1", "\"n_layer\": 2", "'h.1.ln_1.weight' is missing"},
        {"\"n_layer\": 1", "\"n_layer\": 1024", "'h.1.ln_1.weight' is missing"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        good_model();
        struct bytes good = read_file(inside("v/config.json"));
        char *at = strstr((char *)good.data, all[i].old);
        ck_assert_msg(at, "config.json does not say %s", all[i].old);
        char *changed =
            format_text("%.*s%s%s", (int)(at - (char *)good.data), (char *)good.data,
                        all[i].new, at + strlen(all[i].old));
        put("v/config.json", changed);
        expect_refused("v", "model.safetensors", all[i].says, all[i].new);
        free(changed);
        free(good.data);
    }
    /* Two blocks in the file, one in the settings. */
    struct config c = tiny;
    c.L = 2;
    struct small s = small_model(c);
    write_checkpoint(inside("two"), &s.config, &s.weights);
    struct bytes one = read_file(inside("v/config.json"));
    good_model();
    free(one.data);
    one = read_file(inside("v/config.json"));
    write_file(inside("two/config.json"), one.data, one.size);
    expect_refused("two", "model.safetensors", "is not part of a GPT-2", "two blocks");
    free(one.data);
    free_small(&s);
    /* A head that is not wte, where the settings say that it is. */
    s = small_model(tiny);
    s.weights.lm_head = copy_bytes(s.weights.wte, 24);
    *(float *)s.weights.lm_head = 77;
    write_checkpoint(inside("head"), &s.config, &s.weights);
    ck_assert_int_eq(load_in_child("head"), 0);
    put("head/config.json",
        "{\"n_positions\":2,\"vocab_size\":3,\"n_embd\":2,\"n_head\":1,\"n_layer\":1}");
    ck_assert_int_eq(load_in_child("head"), 0);
    put("head/config.json",
        "{\"n_positions\":2,\"vocab_size\":3,\"n_embd\":2,\"n_head\":1,\"n_layer\":1,"
        "\"tie_word_embeddings\":true}");
    expect_refused("head", "model.safetensors", "is not 'wte.weight'", "another head");
    free_small(&s);
}
END_TEST

START_TEST(files_that_are_none)
{
    static const struct {
        const char *file, *says;
        size_t size;
        const char *bytes;
    } all[] = {
        {"config.json", "is empty", 0, ""},
        {"config.json", "expected a value", 1, "x"},
        {"config.json", "expected an object", 2, "[]"},
        {"config.json", "expected an object", 4, "null"},
        {"config.json", "", 1, "\0"},
        {"config.json", ":1: ", 13, "{\"n_head\": 1"},
        {"config.json", ":3: ", 6, "{\n\n,}\n"},
        {"model.safetensors", "is empty", 0, ""},
        {"model.safetensors", "is too short", 7, "\1\0\0\0\0\0\0"},
        {"model.safetensors", "does not begin with '{'", 8, "\0\0\0\0\0\0\0\0"},
        {"model.safetensors", "its header should be 1 bytes long, but 0 are left", 8,
         "\1\0\0\0\0\0\0\0"},
        {"model.safetensors", "its header should be 18446744073709551615", 9,
         "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF{"},
        {"model.safetensors", "its header should be 18446744073709551608", 10,
         "\xF8\xFF\xFF\xFF\xFF\xFF\xFF\xFF{}"},
        {"model.safetensors", "its header should be 9223372036854775808", 10,
         "\0\0\0\0\0\0\0\x80{}"},
        {"model.safetensors", "its header should be 3 bytes long, but 2 are left", 10,
         "\3\0\0\0\0\0\0\0{}"},
        {"model.safetensors", "is missing", 10, "\2\0\0\0\0\0\0\0{}"},
        {"model.safetensors", "starting at byte 0", 11, "\2\0\0\0\0\0\0\0{}\0"},
        {"model.safetensors", "does not begin with '{'", 10, "\2\0\0\0\0\0\0\0[]"},
        {"model.safetensors", "ends too early", 9, "\1\0\0\0\0\0\0\0{"},
        {"model.safetensors", "is a Git LFS pointer", 60,
         "version https://git-lfs.github.com/spec/v1\noid sha256:1234567"},
        {"model.safetensors", "is a Python pickle", 30,
         "\x80\2}q\0(X\1\0\0\0PK\3\4PK\3\4PK\3\4PK\3\4ab"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        good_model();
        write_file(inside("v/%s", all[i].file), all[i].bytes, all[i].size);
        char *why = format_text("%s, case %zu", all[i].file, i);
        expect_refused("v", all[i].file, all[i].says, why);
        free(why);
    }
    static const char *const files[] = {"config.json", "model.safetensors"};
    for (int i = 0; i < 2; i++) {
        good_model();
        char *path = inside("v/%s", files[i]);
        remove(path);
        expect_refused("v", files[i], "cannot be opened", "no file");
        make_folder(path);
        expect_refused("v", files[i], "is a folder", "a folder");
        rmdir(path);
        ck_assert_int_eq(mkfifo(path, 0600), 0);
        expect_refused("v", files[i], "not an ordinary file", "a pipe");
        remove(path);
        ck_assert_int_eq(symlink("/dev/zero", path), 0);
        expect_refused("v", files[i], "not an ordinary file", "a device");
        remove(path);
        ck_assert_int_eq(symlink(files[i], path), 0);
        expect_refused("v", files[i], "cannot be opened", "a link to itself");
        remove(path);
        free(path);
    }
    expect_refused("nowhere", "config.json", "cannot be opened", "no folder");
    put("file", "x");
    expect_refused("file", "config.json", "cannot be opened", "a file");
}
END_TEST

/* A header of n bytes: `front`, then `again` as often as it fits, then `behind`. */
static char *long_text(size_t n, const char *front, const char *again, const char *behind)
{
    char *text = grab(n + 1, 1), *end = text + strlen(strcpy(text, front));
    const size_t piece = strlen(again);
    while ((size_t)(end - text) + piece + strlen(behind) <= n) {
        memcpy(end, again, piece);
        end += piece;
    }
    strcpy(end, behind);
    return text;
}

/* Seconds that processors worked for this test and its children. (On a busy machine a clock runs
 * on while they wait.) */
static double worked(void)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        const struct timeval t = i == 0   ? own.ru_utime
                                 : i == 1 ? own.ru_stime
                                 : i == 2 ? children.ru_utime
                                          : children.ru_stime;
        sum += (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
    }
    return sum;
}

START_TEST(time_and_memory_are_bounded)
{
    good_model();
    static const struct {
        const char *front, *again, *behind, *says;
    } all[] = {
        {"{\"a\":", "[", "", "nested more than 64 deep"},
        {"{\"a\":", "{\"a\":", "", "nested more than 64 deep"},
        {"{\"a\":[", "0,", "0]}", ""},
        {"{\"a\":[", "[],", "[]]}", ""},
        {"{\"a\":{", "\"a\":0,", "\"a\":0}}", ""},
        {"{\"a\":0", ",\"a\":0", "}", ""},
        {"{\"a\":\"", "\\u0041", "\"}", ""},
        {"{\"a\":\"", "x", "", "ends too early"},
        {"{\"a\":", "1", "", ""},
        {"{", " ", "", "ends too early"},
        {"{\"z\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
         ",\"z\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", "}", "twice"},
    };
    double from = worked();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *text = long_text(thorough() ? 1 << 22 : (1 << 20) + 4096, all[i].front,
                               all[i].again, all[i].behind);
        put_safetensors("v/model.safetensors", text, strlen(text), "", 0);
        expect_refused("v", "model.safetensors", all[i].says, all[i].again);
        text[(1 << 20) - strlen(all[i].behind)] = 0;
        char *shorter = format_text("%s%s", text, all[i].behind);
        put("v/config.json", shorter);
        load_in_child("v"); /* refused or not, but soon */
        free(shorter);
        free(text);
        good_model();
    }
    ck_assert_double_le(worked() - from, SANITIZED ? 60 : 20);

    /* A header may be 100,000,000 bytes long, as the format says. One that fills them with
     * nothing takes seconds, not minutes, and no gigabytes; a longer one is not looked at. */
    from = worked();
    char *text = long_text(25000000, "{\"a\":[", "0,", "0]}");
    put_safetensors("v/model.safetensors", text, strlen(text), "", 0);
    expect_refused("v", "model.safetensors", "has more than 12000000 values",
                   "many values");
    FILE *longest = fopen(inside("v/model.safetensors"), "wb");
    fwrite("\x01\xE1\xF5\x05\0\0\0\0{", 1, 9, longest);
    ck_assert_int_eq(ftruncate(fileno(longest), 200000000), 0);
    fclose(longest);
    expect_refused("v", "model.safetensors", "its header is 100000001 bytes long",
                   "a long header");
    ck_assert_double_le(worked() - from, SANITIZED ? 60 : 20);
    text[(1 << 20) + 1] = 0;
    put("v/config.json", text);
    expect_refused("v", "config.json", "is 1048577 bytes long", "long settings");
    free(text);
    good_model();

    /* A file with a hole of many gigabytes, which all should be header. */
    FILE *file = fopen(inside("v/model.safetensors"), "wb");
    fwrite("\0\0\0\0\x8\0\0\0{", 1, 9, file);
    bool large = ftruncate(fileno(file), (off_t)1 << 36) == 0;
    fclose(file);
    if (large) { /* in little memory it cannot even be mapped, which is as good */
        expect_refused("v", "model.safetensors", "", "a hole");
        ck_assert(SANITIZED || strstr((char *)errors.data, "mapped") ||
                  strstr((char *)errors.data, "header is 34359738368 bytes"));
    }
    struct rusage
        usage; /* the largest of all children; in kilobytes, on a Mac in bytes */
    getrusage(RUSAGE_CHILDREN, &usage);
    ck_assert_msg(SANITIZED || usage.ru_maxrss < 800000 || usage.ru_maxrss > 10000000,
                  "%ld kB", usage.ru_maxrss);
}
END_TEST

START_TEST(a_long_header_is_read)
{
    /* A good model with 20 MB of remarks, in front of the tensors. */
    good_model();
    struct bytes good = read_file(inside("v/model.safetensors"));
    const size_t header = good.data[0] | (size_t)good.data[1] << 8, more = 20000000;
    char *text = long_text(more, "{\"__metadata__\":{\"x\":\"", "y", "\"},");
    const char *front = strstr((char *)good.data + 8, "\"transformer.wte");
    const size_t left = header - (size_t)(front - ((char *)good.data + 8));
    char *whole = grab(more + left, 1);
    const size_t size = strlen(text);
    memcpy(whole, text, size);
    memcpy(whole + size, front, left);
    put_safetensors("v/model.safetensors", whole, size + left, good.data + 8 + header,
                    good.size - 8 - header);
    ck_assert_msg(load_in_child("v") == 0, "%s", (char *)errors.data);
    free(whole);
    free(text);
    free(good.data);
}
END_TEST

/* Writes v/model.safetensors: the tensors of a model, one after the other, of a type whose
 * numbers are `bytes` long each. */
static void put_tensors(const struct config *c, const char *type, size_t bytes,
                        const unsigned char *numbers)
{
    char *text = format_text("{");
    size_t at = 0;
    for (int i = 0; i < tensor_count(c); i++) {
        const struct tensor_place p = tensor_place(c, i);
        char shape[40];
        snprintf(shape, sizeof shape, p.rank == 2 ? "%d,%d" : "%d", p.shape[0],
                 p.shape[1]);
        char *longer = format_text(
            "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}%s",
            text, p.name, type, shape, at, at + p.size * bytes,
            i + 1 < tensor_count(c) ? "," : "}");
        free(text);
        text = longer;
        at += p.size * bytes;
    }
    put_safetensors("v/model.safetensors", text, strlen(text), numbers, at);
    free(text);
}

START_TEST(weights_that_are_not_numbers_are_named)
{
    static const struct {
        const char *type;
        size_t bytes;
        uint32_t bits[4], largest;
    } all[] = {{"F32", 4, {0x7FC00000, 0xFF800001, 0x7F800000, 0xFF800000}, 0x7F7FFFFF},
               {"F16", 2, {0x7E00, 0xFC01, 0x7C00, 0xFC00}, 0x7BFF},
               {"BF16", 2, {0x7FC0, 0xFF81, 0x7F80, 0xFF80}, 0x7F7F}};
    struct config c = tiny;
    c.V = 2050; /* wte has more numbers than are looked at in one go */
    struct small s = small_model(c);
    const size_t n = parameter_count(&c);
    const struct {
        size_t place;
        const char *says;
    } wrong[4] = {{0, "'wte.weight' has nan at [0, 0]"},
                  {4097, "'wte.weight' has nan at [2048, 1]"},
                  {4099, "'wte.weight' has inf at [2049, 1]"},
                  {n - 1, "'ln_f.bias' has inf at [1]"}};
    write_checkpoint(inside("v"), &s.config, &s.weights);
    for (int t = 0; t < 3; t++)
        for (int k = 0; k <= 4; k++) {
            const size_t bytes = all[t].bytes;
            unsigned char *numbers = grab(n, bytes);
            const uint32_t bits = k < 4 ? all[t].bits[k] : all[t].largest;
            for (size_t b = 0; b < bytes; b++)
                numbers[wrong[k % 4].place * bytes + b] = (unsigned char)(bits >> 8 * b);
            put_tensors(&c, all[t].type, bytes, numbers);
            if (k < 4)
                expect_refused("v", "model.safetensors", wrong[k].says, all[t].type);
            else
                ck_assert_msg(load_in_child("v") == 0, "%s", (char *)errors.data);
            free(numbers);
        }
    free_small(&s);
}
END_TEST

/* What often lies where config.json or the weights should be: it is said what it is. */
START_TEST(what_was_found_is_named)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } all[] = {
        {"version https://git-lfs.github.com/spec/v1\noid sha256:1", 52, "Git LFS"},
        {"<!DOCTYPE html>\n<html><head><title>404</title>", 45, "a web page"},
        {"\n <HTML lang=\"en\">\n<title>404</title>", 37, "a web page"},
        {"<?xml version=\"1.0\"?><Error>AccessDenied</Error>", 48, "a web page"},
        {"PK\3\4\0\0\x8\x8\0\0 archive/data.pkl", 26, "a ZIP file"},
        {"\x80\2\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.\x80\2M\xe9\3.", 21,
         "a Python pickle"},
        {"\x1f\x8b\x8\0\0\0\0\0\0\3\1\2", 12, "gunzip"},
        {"BZh91AY&SY\1\2", 12, "bunzip2"},
        {"\xfd\x37zXZ\0\0\4", 8, "unxz"},
        {"\x28\xb5\x2f\xfd\0\0\0\0\0", 9, "unzstd"},
        {"GGUF\3\0\0\0\0\0", 10, "a GGUF file"},
        {"\x93NUMPY\1\0v\0{'descr'", 18, "a NumPy array"},
        {"\x89HDF\r\n\x1a\n\0\0", 10, "an HDF5 file"},
        {"\xff\xfe{\0\"\0n\0\"\0}\0", 12, "UTF-16"},
        {"\xfe\xff\0{\0\"\0n\0\"\0}", 12, "UTF-16"},
        {"{\0\"\0n\0\"\0:\0001\0}\0", 14, "UTF-16"},
        {"\0{\0\"\0n\0\"\0:\0001\0}", 14, "UTF-16"},
        {"\xef\xbb\xbf{\"n_layer\": 1}", 17, "byte-order mark"},
        {"{\\rtf1\\ansi {\"n_layer\": 1}}", 27, "RTF"},
        {"%PDF-1.7\n%abc", 13, "a PDF file"},
    };
    static const char *const files[] = {"config.json", "model.safetensors"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (int f = 0; f < 2; f++) {
            good_model();
            write_file(inside("v/%s", files[f]), all[i].bytes, all[i].size);
            expect_refused("v", files[f], all[i].says, all[i].says);
        }
    /* A header of 640 bytes begins as a pickle does, and is none. */
    good_model();
    struct bytes good = read_file(inside("v/model.safetensors"));
    const size_t header = good.data[0] | (size_t)good.data[1] << 8;
    static const size_t sizes[] = {0x0A80, 0x8b1f, 0xfeff, 0xfffe};
    for (size_t i = 0; i < 4; i++) {
        char *longer = grab(sizes[i], 1);
        memcpy(memset(longer, ' ', sizes[i]), good.data + 8, header);
        put_safetensors("v/model.safetensors", longer, sizes[i], good.data + 8 + header,
                        good.size - 8 - header);
        ck_assert_msg(load_in_child("v") == 0, "%s", (char *)errors.data);
        free(longer);
    }
    free(good.data);
}
END_TEST

START_TEST(what_is_there_instead_of_the_weights_is_named)
{
    static const struct {
        const char *file, *says;
    } all[] = {
        {"pytorch_model.bin", "save_pretrained turns it into one"},
        {"model.ckpt.h5", "save_pretrained turns it into one"},
        {"model.pt", "save_pretrained turns it into one"},
        {"gpt2.Q4_0.gguf", "llama.cpp's format"},
        {"weights.npz", "NumPy's format"},
        {"model.safetensors.index.json", "in several files"},
        {"pytorch_model.bin.index.json", "in several files"},
        {"other.safetensors", "rename it"},
    };
    static const char *const wanted[] = {"model.safetensors", "config.json"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (int f = 0; f < 2; f++) {
            good_model();
            remove(inside("v/model.safetensors"));
            remove(inside("v/%s", wanted[f]));
            put(format_text("v/%s", all[i].file), "x");
            expect_refused("v", wanted[f], all[i].says, all[i].file);
            ck_assert_msg(strstr((char *)errors.data, all[i].file), "%s",
                          (char *)errors.data);
            remove(inside("v/%s", all[i].file));
            /* The file itself, given as the model. */
            put(all[i].file, "GGUF and so on");
            expect_refused(all[i].file, "config.json", "is a GGUF file", all[i].file);
        }
    /* OpenAI's own: what fetches them. */
    static const char *const names[] = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"};
    for (int i = 0; i < 4; i++) {
        char *says = format_text("(make model-%s fetches models/%s)", names[i], names[i]);
        expect_refused(names[i], "config.json", says, "no folder");
        good_model();
        ck_assert_int_eq(rename(inside("v"), inside("%s", names[i])), 0);
        remove(inside("%s/model.safetensors", names[i]));
        expect_refused(names[i], "model.safetensors", says, "no weights");
        free(says);
    }
}
END_TEST

START_TEST(a_file_cut_anywhere_is_refused)
{
    const char *const models[] = {ODD, NULL};
    for (int k = 0; k < 2; k++) {
        good_model();
        if (models[k]) {
            struct bytes config = read_file(ODD "/config.json");
            write_file(inside("v/config.json"), config.data, config.size);
            free(config.data);
        }
        struct bytes good = models[k] ? read_file(ODD "/model.safetensors")
                                      : read_file(inside("v/model.safetensors"));
        const size_t header = good.data[0] | (size_t)good.data[1] << 8;
        const size_t step = thorough() ? 7 : 61;
        for (size_t n = 0, more; n < good.size; n += more) {
            const bool border = n < 16 || (n > header && n < header + 16);
            more = border || good.size - n <= step ? 1 : step;
            write_file(inside("v/model.safetensors"), good.data, n);
            char *why = format_text("%zu of %zu bytes", n, good.size);
            expect_refused("v", "model.safetensors", "", why);
            free(why);
        }
        /* And one that is longer than it should be. */
        unsigned char *longer = grab(good.size + 1, 1);
        memcpy(longer, good.data, good.size);
        write_file(inside("v/model.safetensors"), longer, good.size + 1);
        expect_refused("v", "model.safetensors", "belong to no tensor", "a byte more");
        free(longer);
        write_file(inside("v/model.safetensors"), good.data, good.size);
        ck_assert_int_eq(load_in_child("v"), 0);
        free(good.data);
        struct bytes config = read_file(inside("v/config.json"));
        const size_t last =
            (size_t)((unsigned char *)strrchr((char *)config.data, '}') - config.data);
        for (size_t n = 0; n <= last; n += thorough() ? 1 : 11) {
            write_file(inside("v/config.json"), config.data, n);
            expect_refused("v", "config.json", "", "settings cut short");
        }
        free(config.data);
    }
}
END_TEST

START_TEST(bytes_changed_at_random)
{
    make_folder(inside("v"));
    struct bytes config = read_file(ODD "/config.json"),
                 good = read_file(ODD "/model.safetensors");
    const size_t header = 8 + (good.data[0] | (size_t)good.data[1] << 8);
    static const char useful[] = "{}[]\":,0123456789-.eE\\ \n";
    int opened = 0, refused = 0;
    random_state = 2;
    for (int round = 0; round < (thorough() ? 6000 : 300); round++) {
        unsigned char *bytes = copy_bytes(good.data, good.size),
                      *settings = copy_bytes(config.data, config.size);
        for (unsigned k = 0, n = 1 + pick(4); k < n; k++) {
            const unsigned byte =
                pick(2) ? (unsigned char)useful[pick(sizeof useful - 1)] : pick(256);
            if (pick(6) == 0)
                settings[pick((unsigned)config.size)] = (unsigned char)byte;
            else
                bytes[pick(pick(8) ? (unsigned)header : (unsigned)good.size)] =
                    (unsigned char)byte;
        }
        write_file(inside("v/config.json"), settings, config.size);
        write_file(inside("v/model.safetensors"), bytes, good.size);
        if (load_in_child("v") == 0)
            opened++;
        else {
            refused++;
            ck_assert_msg(strstr((char *)errors.data, "/v/model.safetensors") ||
                              strstr((char *)errors.data, "/v/config.json"),
                          "%s", (char *)errors.data);
        }
        free(bytes);
        free(settings);
    }
    ck_assert_msg(refused > 10 * opened / 2 && opened > 0, "%d opened, %d refused",
                  opened, refused);
    free(config.data);
    free(good.data);
}
END_TEST

/* ---- The program -------------------------------------------------------------------------- */

/* No line of the walk is wider than 80 columns. */
static void expect_narrow(const char *why)
{
    char *text = (char *)output.data;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        ck_assert_msg(text_width(line) <= 80, "%s: %d columns: %s", why, text_width(line),
                      line);
        if (next)
            next[-1] = '\n';
    }
}

START_TEST(the_walk_takes_any_prompt)
{
    static const char *const prompts[] = {
        "A",
        " ",
        "\n\n",
        "é🤖\xFF\x01",
        "$(touch x) \\\"",
        "A robot must obey the orders given it by human beings except where such orders "
        "would conflict with the First Law and the robot must protect its own existence "
        "as long as such protection does not conflict with the First or Second Laws of "
        "the workshop and of the sleepy parrot",
    };
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        put("prompt", prompts[i]);
        ck_assert_msg(run_program("--figures '%s/f' --prompt \"$(cat '%s/prompt'; printf "
                                  ".)\"",
                                  folder, folder) == 0,
                      "%s: %s", prompts[i], (char *)errors.data);
        ck_assert(output.size > 2000 && errors.size == 0);
        expect_narrow(prompts[i]);
    }
    ck_assert_int_eq(
        run_program("--model " ODD " --ids '28, 0 4' --figures '%s/f'", folder), 0);
    expect_narrow("the odd one");
    ck_assert(strstr((char *)output.data, "4,994"));
    ck_assert(strstr((char *)output.data, "some are converted"));
    ck_assert_int_eq(run_program("--model " ODD), 0);
    ck_assert_int_eq(run_program("tensors --model " ODD), 0);
    ck_assert(strstr((char *)output.data, "lm_head.weight"));
    ck_assert_int_eq(run_program("--help"), 0);
    ck_assert(strstr((char *)output.data, "--size"));
    /* One of everything, all zeros; and as large as a number can be. */
    struct small s = small_model((struct config){1, 1, 1, 1, 1, 1, 1e-5f});
    for (int huge = 0; huge < 2; huge++) {
        for (size_t k = 0; k < parameter_count(&s.config); k++)
            s.flat[k] = huge ? k % 2 ? FLT_MAX : -FLT_MAX : 0;
        write_checkpoint(inside("one"), &s.config, &s.weights);
        ck_assert_int_eq(run_program("--model '%s/one' --figures '%s/f'", folder, folder),
                         0);
        expect_narrow("the smallest");
        ck_assert_int_eq(run_program("tensors --model '%s/one'", folder), 0);
    }
    free_small(&s);
}
END_TEST

START_TEST(the_four_sizes_are_counted)
{
    static const struct {
        const char *name, *count;
    } all[] = {{"gpt2", "124,439,808"},
               {"gpt2-medium", "354,823,168"},
               {"gpt2-large", "774,030,080"},
               {"gpt2-xl", "1,557,611,200"}};
    ck_assert_int_eq(run_program("%s", ""), 0);
    for (int i = 0; i < 4; i++)
        ck_assert(strstr((char *)output.data, all[i].count));
    ck_assert(strstr((char *)output.data, "124,410,624"));
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(run_program("--size %s", all[i].name), 0);
        ck_assert(strstr((char *)output.data, all[i].count));
        expect_narrow(all[i].name);
        ck_assert_int_eq(run_program("tensors --size %s", all[i].name), 0);
        ck_assert(strstr((char *)output.data, all[i].count));
    }
}
END_TEST

START_TEST(the_dump_is_the_reference)
{
    struct stored_file want = open_reference("02_checkpoint");
    ck_assert_int_eq(run_program("--model " ODD " --ids 0 --dump '%s/d'", folder), 0);
    ck_assert_int_eq(check_dump(&want, "odd.", inside("d")), 29);
    /* A dump of a model in F32 is its own file once more, in the order of the forward pass. */
    ck_assert_int_eq(run_program("--model " ROBOTS " --dump '%s/d'", folder), 0);
    struct stored_file dump = open_stored(inside("d"));
    struct checkpoint m = load_checkpoint(ROBOTS);
    ck_assert_int_eq((int)dump.count, tensor_count(&m.config));
    for (int i = 0; i < tensor_count(&m.config); i++) {
        struct tensor_place p = tensor_place(&m.config, i);
        const struct stored *s = find_stored(&dump, p.name);
        ck_assert(s && memcmp(dump.bytes + 8 + dump.header + s->begin,
                              get_tensor(&m.weights, &m.config, i), 4 * p.size) == 0);
    }
    free_checkpoint(&m);
    close_stored(&dump);
    close_stored(&want);
}
END_TEST

/* A vocabulary beside a model that has fewer tokens, and beside one that has more. */
START_TEST(more_tokens_than_the_model_has)
{
    struct bytes vocab = read_file(ROBOTS "/vocab.json"),
                 merges = read_file(ROBOTS "/merges.txt");
    for (int more = -2; more <= 2; more += 2) {
        struct config c = tiny;
        c.V = 1024 + more;
        c.positions = 64;
        struct small s = small_model(c);
        write_checkpoint(inside("v"), &s.config, &s.weights);
        write_file(inside("v/vocab.json"), vocab.data, vocab.size);
        write_file(inside("v/merges.txt"), merges.data, merges.size);
        const char *run = format_text("--model '%s/v' --prompt robot", folder);
        if (more < 0)
            expect_error(run, "/v/vocab.json: has 1024 tokens, but the model has vectors "
                              "for 1022");
        else
            ck_assert_msg(run_program("%s", run) == 0, "%s", (char *)errors.data);
        if (more > 0)
            ck_assert(strstr((char *)errors.data, "those starting at 1024 have no text"));
        else if (more == 0)
            ck_assert_int_eq((int)errors.size, 0);
        free_small(&s);
    }
    free(vocab.data);
    free(merges.data);
}
END_TEST

START_TEST(wrong_options_and_models_are_named)
{
    good_model();
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"--frobnicate", "--frobnicate"},
        {"weigh", "weigh"},
        {"--size", "--size"},
        {"--size gpt3", "'gpt3'"},
        {"--size gpt2 --figures x", "--size"},
        {"--size gpt2 --dump x", "--size"},
        {"--prompt ''", "--prompt: is empty"},
        {"--ids ''", "--ids"},
        {"--ids 1.5", "1.5"},
        {"--ids -1", "'-1'"},
        {"--ids 1024", "--ids: 1024 is out of range"},
        {"--model " ODD " --ids 29", "--ids: 29 is out of range, expected 0 to 28"},
        {"--model " ODD " --prompt robot", "odd/vocab.json"},
        {"--model no/such/model", "no/such/model/config.json"},
        {"--model ''", "--model: is empty, expected DIR"},
        {"--model README.md", "README.md/config.json"},
        {"--dump no/such/folder/d", "no/such/folder/d"},
        {"--figures README.md", "README.md"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_error(all[i].arguments, all[i].says);
    /* A vocabulary that knows more tokens than the model. */
    ck_assert_int_eq(
        system(format_text("cp " ROBOTS "/vocab.json " ROBOTS "/merges.txt '%s/v/'",
                           folder)),
        0);
    expect_error(format_text("--model '%s/v'", folder), "/v/vocab.json");
    change_header("[0,24]", "[4,28]");
    expect_error(format_text("--model '%s/v' --ids 0", folder), "/v/model.safetensors");
    struct stat info;
    if (stat("/dev/full", &info) == 0) {
        ck_assert_int_eq(system("build/02_checkpoint 2>&1 > /dev/full | grep -q "
                                "'^02_checkpoint: standard output: '"),
                         0);
        ck_assert_int_eq(run_program("--dump /dev/full/d"), 1);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, sixteen_bits_are_those_of_numpy);
    tcase_add_test(t, every_sixteen_bits);
    tcase_add_test(t, converting_a_row_is_converting_each);
    tcase_add_test(t, parameters_are_counted_as_in_the_reference);
    tcase_add_test(t, weights_lie_one_after_the_other);
    tcase_add_test(t, the_odd_checkpoint);
    tcase_add_test(t, what_is_written_is_read_again);
    tcase_add_test(t, settings_are_read);
    tcase_add_test(t, what_is_not_gpt2_is_refused);
    tcase_add_test(t, a_header_that_lies_is_refused);
    tcase_add_test(t, what_is_allowed_is_not_refused);
    tcase_add_test(t, settings_and_weights_must_agree);
    tcase_add_test(t, files_that_are_none);
    tcase_add_test(t, time_and_memory_are_bounded);
    tcase_add_test(t, a_long_header_is_read);
    tcase_add_test(t, weights_that_are_not_numbers_are_named);
    tcase_add_test(t, what_was_found_is_named);
    tcase_add_test(t, what_is_there_instead_of_the_weights_is_named);
    tcase_add_test(t, more_tokens_than_the_model_has);
    tcase_add_test(t, a_file_cut_anywhere_is_refused);
    tcase_add_test(t, bytes_changed_at_random);
    tcase_add_test(t, the_four_sizes_are_counted);
    tcase_add_test(t, the_shipped_model_is_used_where_it_lies);
    tcase_add_test(t, a_number_is_where_element_place_says);
    tcase_add_test(t, the_walk_takes_any_prompt);
    tcase_add_test(t, the_dump_is_the_reference);
    tcase_add_test(t, wrong_options_and_models_are_named);
}

BOOK_TESTS("02_checkpoint", add_tests)
