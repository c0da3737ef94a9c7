/* 02_checkpoint.c: a model's weights laid out, and every parameter counted.
 * Chapter 2 of the book: chapters/02_checkpoint.md */
#include "02_checkpoint.h"

/* What a number is for. */
enum role { TOKENS, POSITIONS, ATTENTION, FEED_FORWARD, NORMS, ROLES };

static const char *const role_names[ROLES] = {"tokens (wte)", "positions (wpe)",
                                              "attention", "feed-forward", "layer norms"};

static enum role role_of(const char *tensor)
{
    return strncmp(tensor, "wte", 3) == 0   ? TOKENS
           : strncmp(tensor, "wpe", 3) == 0 ? POSITIONS
           : strstr(tensor, ".attn.")       ? ATTENTION
           : strstr(tensor, ".mlp.")        ? FEED_FORWARD
                                            : NORMS;
}

/* How many numbers there are of each role, added up tensor by tensor. */
static void count_roles(const struct config *c, size_t of[ROLES])
{
    memset(of, 0, ROLES * sizeof *of);
    for (int i = 0; i < tensor_count(c); i++) {
        struct tensor_place p = tensor_place(c, i);
        of[role_of(p.name)] += p.size;
    }
}

/* 124439808 → "124,439,808", to print at once. */
static const char *grouped(size_t n)
{
    char digits[24], text[32], *end = text;
    int length = snprintf(digits, sizeof digits, "%zu", n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = 0;
    return brief(format_text("%s", text));
}

/* "[128, 384]", or "[128]", to print at once. */
static const char *shape_text(const struct tensor_place *p)
{
    return brief(
        format_text(p->rank == 2 ? "[%d, %d]" : "[%d]", p->shape[0], p->shape[1]));
}

/* The four models that OpenAI published, and what the paper said of their size, in millions. */
static const struct published {
    const char *name;
    struct config config;
    int paper;
} published[] = {
    {"gpt2", {1024, 50257, 768, 12, 12, 4 * 768, 1e-5f}, 117},
    {"gpt2-medium", {1024, 50257, 1024, 16, 24, 4 * 1024, 1e-5f}, 345},
    {"gpt2-large", {1024, 50257, 1280, 20, 36, 4 * 1280, 1e-5f}, 762},
    {"gpt2-xl", {1024, 50257, 1600, 25, 48, 4 * 1600, 1e-5f}, 1542},
};

enum { PUBLISHED = sizeof published / sizeof *published, GPT1_VOCABULARY = 40478 };

static const struct config *published_config(const char *name)
{
    for (int i = 0; i < PUBLISHED; i++)
        if (strcmp(name, published[i].name) == 0)
            return &published[i].config;
    die("--size: '%s' is none of gpt2, gpt2-medium, gpt2-large, gpt2-xl", name);
}

/* The total in the table of "The Illustrated GPT-2": it counts the bias of c_fc as C numbers
 * instead of F, and leaves out the final layer norm. */
static size_t article_count(const struct config *c)
{
    const size_t C = (size_t)c->C, F = (size_t)c->F, L = (size_t)c->L;
    return parameter_count(c) - L * (F - C) - 2 * C;
}

/* A model's parameter count with a different vocabulary. */
static size_t count_with_vocabulary(const struct config *c, int V)
{
    struct config other = *c;
    other.V = V;
    return parameter_count(&other);
}

/* Which vocabularies give, rounded to millions, all four numbers of the paper? From *least to
 * *most. */
static void fitting_vocabularies(int *least, int *most)
{
    *least = *most = 0;
    for (int V = 1; V <= 60000; V++) {
        bool fits = true;
        for (int i = 0; i < PUBLISHED; i++) {
            size_t count = count_with_vocabulary(&published[i].config, V);
            fits = fits && (count + 500000) / 1000000 == (size_t)published[i].paper;
        }
        if (fits && !*least)
            *least = V;
        if (fits)
            *most = V;
    }
}

/* Step 1: the settings. */
static void walk_settings(const struct config *c)
{
    const struct {
        const char *key, *symbol;
        int value;
        const char *what;
    } rows[] = {
        {"n_positions", "", c->positions, "the longest prompt, in tokens"},
        {"vocab_size", "V", c->V, "how many tokens it knows"},
        {"n_embd", "C", c->C, "how many numbers a token is inside"},
        {"n_head", "H", c->H, "how many heads look around in each block"},
        {"n_layer", "L", c->L, "how many blocks"},
        {"n_inner", "F", c->F, "how wide the feed-forward layer is inside"},
    };
    heading("1. The settings", "config.json");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        printf("  %-12s %-2s %6d   %s\n", rows[i].key, rows[i].symbol, rows[i].value,
               rows[i].what);
    printf("  a head is D = C / H = %d numbers wide\n", c->C / c->H);
}

/* Step 2: the file and its three parts. */
static void walk_file(const struct checkpoint *m)
{
    const struct stored_file *f = &m->file;
    heading("2. The file", "model.safetensors, %s bytes", grouped(f->size));
    printf("  ");
    for (int i = 0; i < 8; i++)
        printf("%02x ", f->bytes[i]);
    printf("  8 bytes: the header is %s bytes long\n", grouped(f->header));
    size_t n = f->header < 200 ? f->header : 200;
    printf("  %s\n  the header: %zu tensors, each with type, shape and bytes\n  then %s "
           "bytes of numbers; %s\n",
           field(brief(visible(f->bytes + 8, n)), 72, false), f->count,
           grouped(f->size - 8 - f->header),
           m->converted ? "some are converted" : "they are used where they are");
}

static void print_tensor(const struct tensor_place *p)
{
    printf("  %-26s %-16s %13s\n", p->name, shape_text(p), grouped(p->size));
}

static void print_sum(const char *name, size_t sum)
{
    printf("  %s%-26s %-16s %13s%s\n", ink(INK_BOLD), name, "", grouped(sum),
           ink(INK_PLAIN));
}

/* Step 3: the tensors; only those of the first block, for all are alike. */
static void walk_table(const struct config *c)
{
    const int count = tensor_count(c);
    size_t block = 0, all = 0;
    heading("3. The weights", "%d tensors", count);
    for (int i = 0; i < count; i++) {
        struct tensor_place p = tensor_place(c, i);
        all += p.size;
        if (i >= 2 && i < 2 + BLOCK_TENSORS)
            block += p.size;
        if (i < 2 + BLOCK_TENSORS || i >= count - 2)
            print_tensor(&p);
        if (i != 1 + BLOCK_TENSORS)
            continue;
        print_sum("  one block", block);
        if (c->L > 1)
            print_sum(
                brief(format_text(
                    c->L > 2 ? "  h.1 to h.%d, the same" : "  h.%d, the same", c->L - 1)),
                (size_t)(c->L - 1) * block);
    }
    print_sum("all", all);
    if (all != parameter_count(c))
        printf("  but parameter_count says %s\n", grouped(parameter_count(c)));
}

/* Step 4: what the numbers are for. */
static void walk_roles(const struct config *c)
{
    size_t of[ROLES], all = parameter_count(c);
    count_roles(c, of);
    heading("4. Where the parameters are", "of %s", grouped(all));
    for (int k = 0; k < ROLES; k++) {
        double share = (double)of[k] / (double)all;
        printf("  %-16s %13s  %5.1f %%", role_names[k], grouped(of[k]), 100 * share);
        for (int i = 0; i < (int)(share * 40 + 0.5); i++)
            fputs(i ? "▪" : "  ▪", stdout);
        putchar('\n');
    }
}

/* Ends a line with a weight. (No trained one is as large as 1000, but any float may come.) */
static void print_weight(int width, int decimals, float x)
{
    printf(fabsf(x) < 1000 ? " %*.*f\n" : " %*.*e\n", width - 1, decimals, (double)x);
}

/* Step 5: numbers of the file, found by hand: the first of each token's row in wte. */
static void walk_numbers(const struct checkpoint *m, const struct prompt *p)
{
    enum { MOST = 6 };
    const struct stored_file *f = &m->file;
    const struct stored *wte = find_stored(f, "wte.weight");
    const float(*rows)[m->config.C] = m->weights.wte;
    heading("5. One number", "wte.weight[id][0], for the tokens of the prompt");
    printf("  %-12s %6s  %13s  %-12s %s\n", "token", "id", "byte", "is", wte->type);
    for (int t = 0; t < p->count && t < MOST; t++) {
        size_t at = element_place(f->header, wte->begin, wte->shape[1], wte->type_size,
                                  (size_t)p->ids[t], 0);
        printf("  %s%s%s %6d  %13s  ", ink(INK_TOKEN), field(p->labels[t], 12, false),
               ink(INK_PLAIN), p->ids[t], grouped(at));
        for (size_t i = 0; i < 4; i++)
            if (i < wte->type_size && at + i < f->size)
                printf("%02x ", f->bytes[at + i]);
            else
                printf("   ");
        print_weight(10, 5, rows[p->ids[t]][0]);
    }
    if (p->count > MOST)
        printf("  … %d more\n", p->count - MOST);
}

/* A number with no more than `digits` binary digits, and none below 2^last: to the nearest, of
 * two equally near to the even one. */
static float rounded(float x, int digits, int last)
{
    int exponent;
    frexpf(x, &exponent);
    int place = exponent - digits > last ? exponent - digits : last;
    return isfinite(x) ? ldexpf(rintf(ldexpf(x, -place)), place) : x;
}

/* The nearest numbers of two bytes. */
static float nearest_half(float x)
{
    float near = rounded(x, 11, -24);
    return fabsf(near) > 65504 ? copysignf(INFINITY, near) : near;
}

static float nearest_bfloat16(float x)
{
    return rounded(x, 8, -133);
}

/* The 16 bits that `read` reads as x; 0 if there are none. */
static uint16_t bits_of(float x, float (*read)(uint16_t))
{
    for (unsigned b = 0; b < 65536; b++)
        if (read((uint16_t)b) == x && signbit(read((uint16_t)b)) == signbit(x))
            return (uint16_t)b;
    return 0;
}

static const struct narrow {
    const char *name;
    int exponent_bits;
    float (*nearest)(float);
    float (*read)(uint16_t);
} narrow[] = {{"F16", 5, nearest_half, half_to_float},
              {"BF16", 8, nearest_bfloat16, bfloat16_to_float}};

/* The bits of a number as text: sign, exponent, fraction, with spaces between. */
static void bits_text(char *text, uint32_t bits, int width, int exponent_bits)
{
    for (int b = width - 1; b >= 0; b--) {
        *text++ = bits >> b & 1 ? '1' : '0';
        if (b == width - 1 || b == width - 1 - exponent_bits)
            *text++ = ' ';
    }
    *text = 0;
}

/* Step 6: one number in three formats, and what a matrix loses. */
static void walk_formats(const struct checkpoint *m, float x)
{
    const size_t C = (size_t)m->config.C;
    const float *w = m->weights.h[0].attn_c_attn_weight;
    uint32_t bits;
    char text[40];
    memcpy(&bits, &x, 4);
    bits_text(text, bits, 32, 8);
    heading("6. Half the bytes", "the first number of step 5 in three formats");
    printf("  F32   %-35s", text);
    print_weight(1, 8, x);
    for (int i = 0; i < 2; i++) {
        float near = narrow[i].nearest(x);
        bits_text(text, bits_of(near, narrow[i].read), 16, narrow[i].exponent_bits);
        printf("  %-5s %-35s", narrow[i].name, text);
        print_weight(1, 8, near);
    }
    for (int i = 0; i < 2; i++) {
        double sum = 0, most = 0;
        size_t n = 0;
        for (size_t k = 0; k < C * 3 * C; k++) {
            double off = fabs((double)narrow[i].nearest(w[k]) - (double)w[k]);
            if (w[k] == 0 || !isfinite(off))
                continue;
            sum += off / fabs((double)w[k]);
            most = fmax(most, off / fabs((double)w[k]));
            n++;
        }
        printf("  h.0.attn.c_attn.weight as %-4s: off by %.4f %% on average, %.4f %% at "
               "most\n",
               narrow[i].name, n ? 100 * sum / (double)n : 0, 100 * most);
    }
}

/* Step 7: the four sizes, two errors in that table, and the paper's 117M. */
static void walk_sizes(void)
{
    heading("7. The four sizes of GPT-2", "from their settings alone");
    printf("  %-12s %3s %3s %5s %14s %8s %13s\n", "", "L", "H", "C", "parameters",
           "paper", "with V 40,478");
    for (int i = 0; i < PUBLISHED; i++) {
        const struct config *c = &published[i].config;
        printf("  %-12s %3d %3d %5d %14s %7dM %13s\n", published[i].name, c->L, c->H,
               c->C, grouped(parameter_count(c)), published[i].paper,
               grouped(count_with_vocabulary(c, GPT1_VOCABULARY)));
    }
    const struct config *small = &published[0].config;
    const size_t C = (size_t)small->C, F = (size_t)small->F, L = (size_t)small->L;
    int least, most;
    fitting_vocabularies(&least, &most);
    printf("  The Illustrated GPT-2's table: %s\n", grouped(article_count(small)));
    printf("    its c_fc bias is %zu long, not %zu: + %zu x %s = %s\n", C, F, L,
           grouped(F - C), grouped(article_count(small) + L * (F - C)));
    printf("    it has no ln_f:                   + %s      = %s\n", grouped(2 * C),
           grouped(parameter_count(small)));
    printf("  The paper's four numbers: right for any vocabulary of %s to %s tokens\n",
           grouped((size_t)least), grouped((size_t)most));
}

/* What the numbers of a tensor are like. */
struct spread {
    double mean, deviation, least, most;
};

static struct spread measure(size_t n, const float *x)
{
    struct spread s = {0, 0, INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        s.mean += (double)x[i] / (double)n;
        s.least = fmin(s.least, (double)x[i]);
        s.most = fmax(s.most, (double)x[i]);
    }
    for (size_t i = 0; i < n; i++)
        s.deviation += ((double)x[i] - s.mean) * ((double)x[i] - s.mean) / (double)n;
    s.deviation = sqrt(s.deviation);
    return s;
}

/* tensors: a line for each. Without a model, m is NULL, only names and shapes. */
static void command_tensors(const struct config *c, const struct checkpoint *m)
{
    const int count = tensor_count(c);
    printf("%-26s %-15s %12s", "tensor", "shape", "numbers");
    printf(m ? " %5s %8s %8s\n" : "\n", "type", "mean", "spread");
    for (int i = 0; i < count; i++) {
        struct tensor_place p = tensor_place(c, i);
        printf("%-26s %-15s %12s", p.name, shape_text(&p), grouped(p.size));
        if (m) {
            struct spread s = measure(p.size, get_tensor(&m->weights, c, i));
            printf(" %5s %8.4f %8.4f", find_stored(&m->file, p.name)->type, s.mean,
                   s.deviation);
        }
        putchar('\n');
    }
    if (m && m->weights.lm_head != m->weights.wte)
        printf("lm_head.weight             besides: the head is not tied to wte\n");
    printf("%-26s %-15s %12s\n", "all", "", grouped(parameter_count(c)));
}

/* file.dat: the three parts of the file. Each line: what, which byte, a text. */
static void draw_file(const struct options *o, const struct checkpoint *m,
                      const struct prompt *p)
{
    enum { LINES = 4, NUMBERS = 6 };
    const struct stored_file *f = &m->file;
    FILE *file = figure_open(o->figures, "file");
    for (int i = 0; i < 8; i++)
        fprintf(file, "length\t%d\t%02x\n", i, f->bytes[i]);
    const unsigned char *text = f->bytes + 8, *end = text + f->header;
    for (int line = 0; line < LINES && text < end; line++) {
        const unsigned char *brace = memchr(text, '}', (size_t)(end - text));
        size_t n = brace ? (size_t)(brace - text) + 1 : (size_t)(end - text);
        n += text + n < end;
        figure_row(file, "header %d %s", line, brief(visible(text, n < 300 ? n : 300)));
        text += n;
    }
    const struct stored *wte = find_stored(f, "wte.weight");
    const int id = p->ids[0], some = m->config.C < NUMBERS ? m->config.C : NUMBERS;
    const float(*rows)[m->config.C] = m->weights.wte;
    for (int i = 0; i < some; i++) {
        size_t at = element_place(f->header, wte->begin, wte->shape[1], wte->type_size,
                                  (size_t)id, (size_t)i);
        fprintf(file, "number\t%zu\t", at);
        for (size_t b = 0; b < wte->type_size; b++)
            fprintf(file, "%s%02x", b ? " " : "", f->bytes[at + b]);
        fputc('\t', file);
        figure_row(file, "%.5f", rows[id][i]);
    }
    fprintf(file, "size\t%zu\t%zu\n", f->size, f->header);
    fprintf(file, "tensors\t%zu\t%s\n", f->count, wte->type);
    figure_row(file, "token %d %s", id, p->labels[0]);
    figure_close(file);
}

/* tensors.dat: name, rank, rows, columns, role; in the order of the forward pass. */
static void draw_tensors(const struct options *o, const struct checkpoint *m)
{
    FILE *file = figure_open(o->figures, "tensors");
    for (int i = 0; i < tensor_count(&m->config); i++) {
        struct tensor_place p = tensor_place(&m->config, i);
        struct spread s = measure(p.size, get_tensor(&m->weights, &m->config, i));
        figure_row(file, "%s %d %d %d %d %.6f %.6f", p.name, p.rank, p.shape[0],
                   p.shape[1], (int)role_of(p.name), s.mean, s.deviation);
    }
    figure_close(file);
}

/* sizes.dat: the model and the published ones: name, settings, and a count for each role. */
static void draw_sizes(const struct options *o, const struct config *own)
{
    FILE *file = figure_open(o->figures, "sizes");
    for (int i = -1; i < PUBLISHED; i++) {
        const struct config *c = i < 0 ? own : &published[i].config;
        size_t of[ROLES];
        count_roles(c, of);
        fprintf(file, "%s\t%d\t%d\t%d\t%d", i < 0 ? "this model" : published[i].name,
                c->L, c->H, c->C, i < 0 ? 0 : published[i].paper);
        for (int k = 0; k < ROLES; k++)
            fprintf(file, "\t%zu", of[k]);
        fprintf(file, "\n");
    }
    /* paper.dat: for vocabularies V, how far each count is from the paper's, in millions. */
    int least, most;
    file = figure_next(file, o->figures, "paper");
    for (int V = 36000; V <= 52000; V += 250) {
        figure_row(file, "%d +", V);
        for (int i = 0; i < PUBLISHED; i++)
            figure_row(file, i + 1 < PUBLISHED ? "%.6f +" : "%.6f",
                       (double)count_with_vocabulary(&published[i].config, V) / 1e6 -
                           published[i].paper);
    }
    fitting_vocabularies(&least, &most);
    file = figure_next(file, o->figures, "fitting");
    fprintf(file, "%d\t%d\t%d\t%d\n", least, most, GPT1_VOCABULARY,
            published[0].config.V);
    figure_close(file);
}

/* bits.dat: one number in three formats. rounding.dat: weights (log10), and how far two formats
 * move them, in percent. */
static void draw_formats(const struct options *o, const struct checkpoint *m, float x)
{
    enum { DOTS = 600 };
    uint32_t bits;
    char text[40];
    FILE *file = figure_open(o->figures, "bits");
    memcpy(&bits, &x, 4);
    bits_text(text, bits, 32, 8);
    figure_row(file, "F32 %s %.8f", text, x);
    for (int i = 0; i < 2; i++) {
        float near = narrow[i].nearest(x);
        bits_text(text, bits_of(near, narrow[i].read), 16, narrow[i].exponent_bits);
        figure_row(file, "%s %s %.8f", narrow[i].name, text, near);
    }
    file = figure_next(file, o->figures, "rounding");
    const size_t n = 3 * (size_t)m->config.C * (size_t)m->config.C;
    const float *w = m->weights.h[0].attn_c_attn_weight;
    for (size_t k = 0; k < n; k += n / DOTS + 1) {
        if (w[k] == 0 || !isfinite(w[k]))
            continue;
        double off[2];
        for (int i = 0; i < 2; i++)
            off[i] = 100 * ((double)narrow[i].nearest(w[k]) / (double)w[k] - 1);
        if (isfinite(off[0]))
            figure_row(file, "%.5f %.5f %.5f", log10(fabs((double)w[k])), off[0], off[1]);
    }
    figure_close(file);
}

/* matrix.dat: the upper left corner of c_attn. values.dat: for the matrices of block 0 and the
 * two tables, how many numbers fall where: tensor, middle of the bin, share. */
static void draw_values(const struct options *o, const struct checkpoint *m)
{
    enum { CORNER = 24, BINS = 61 };
    const struct config *c = &m->config;
    const float(*w)[3 * c->C] = m->weights.h[0].attn_c_attn_weight;
    FILE *file = figure_open(o->figures, "matrix");
    for (int row = 0; row < CORNER && row < c->C; row++)
        for (int column = 0; column < CORNER && column < 3 * c->C; column++)
            figure_row(file, "%d %d %.6f", row, column, w[row][column]);
    file = figure_next(file, o->figures, "values");
    for (int i = 0; i < 2 + BLOCK_TENSORS; i++) {
        struct tensor_place p = tensor_place(c, i);
        const float *x = get_tensor(&m->weights, c, i);
        struct spread s = measure(p.size, x);
        double bins[BINS] = {0}, half = 4 * s.deviation;
        if (p.rank != 2 || !(half > 0) || !isfinite(half))
            continue;
        for (size_t k = 0; k < p.size; k++) {
            double at = ((double)x[k] - s.mean + half) / (2 * half) * BINS;
            if (at >= 0 && at < BINS)
                bins[(int)at] += 1 / (double)p.size;
        }
        for (int b = 0; b < BINS; b++) {
            const double middle = s.mean - half + (b + 0.5) * 2 * half / BINS;
            figure_row(file, "%s %.6f %.6f %.6f", p.name, middle, bins[b] * BINS / 8,
                       s.deviation);
        }
    }
    figure_close(file);
}

static const char example[] = "A robot must obey the orders given it";

/* The prompt. If there is no vocabulary and nothing was asked for, the first rows of wte. */
static struct prompt some_tokens(const struct options *o, const struct config *c)
{
    struct options used = *o;
    struct vocabulary v = open_vocabulary(o->model, c, !o->ids && o->prompt != example);
    if (!v.size && !o->ids)
        used.ids = c->V < 3 ? "0" : "0 1 2";
    struct prompt p = read_prompt(&used, &v);
    for (int t = 0; t < p.count; t++)
        if (p.ids[t] >= c->V)
            die("--ids: %d is out of range, expected 0 to %d", p.ids[t], c->V - 1);
    tell_end_space(&used);
    free_vocabulary(&v);
    return p;
}

static const char usage[] =
    "usage: 02_checkpoint [option]...          a model's weights, counted\n"
    "       02_checkpoint tensors [option]...  every tensor, one per line";

/* A published size, by its shapes alone. */
static void walk_shapes(const struct config *c)
{
    walk_settings(c);
    walk_table(c);
    walk_roles(c);
}

static void walk(const struct options *o, const struct checkpoint *m)
{
    struct prompt p = some_tokens(o, &m->config);
    const float(*rows)[m->config.C] = m->weights.wte;
    const float x = rows[p.ids[0]][0];
    walk_settings(&m->config);
    walk_file(m);
    walk_table(&m->config);
    walk_roles(&m->config);
    walk_numbers(m, &p);
    walk_formats(m, x);
    walk_sizes();
    if (o->figures) {
        draw_file(o, m, &p);
        draw_tensors(o, m);
        draw_sizes(o, &m->config);
        draw_formats(o, m, x);
        draw_values(o, m);
    }
    free_prompt(&p);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = example};
    const char *size = NULL;
    const struct option own[] = {
        {"--size", "NAME", OPTION_TEXT, &size, 0, 0,
         "gpt2, gpt2-medium, gpt2-large, gpt2-xl: its shapes, without its weights"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    bool tensors = o.command && strcmp(o.command, "tensors") == 0;
    if (o.command && !tensors)
        die("%s: unknown command, expected tensors", o.command);
    if (size && (o.figures || o.dump))
        die("--size: there are no weights to %s", o.dump ? "dump" : "draw");
    if (size) {
        const struct config *c = published_config(size);
        if (tensors)
            command_tensors(c, NULL);
        else
            walk_shapes(c);
        finish_output();
        return 0;
    }
    struct checkpoint m = load_checkpoint(o.model);
    if (o.dump)
        write_safetensors(o.dump, "", &m.config, &m.weights);
    if (tensors)
        command_tensors(&m.config, &m);
    else
        walk(&o, &m);
    finish_output();
    free_checkpoint(&m);
    return 0;
}
