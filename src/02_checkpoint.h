/* 02_checkpoint.h: a model's folder, opened and checked: config.json and model.safetensors.
 * Chapter 2 of the book: chapters/02_checkpoint.md */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "00_book.h"
#include "01_tokenizer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>

_Static_assert(sizeof(size_t) >= 8, "the book's programs need a 64-bit machine");

/* What shapes a GPT-2. In the comments: the names in config.json. */
struct config {
    int positions;  /* n_positions: the longest prompt, in tokens */
    int V, C, H, L; /* vocab_size, n_embd, n_head, n_layer */
    int F;          /* n_inner, or 4 * C: how wide the feed-forward layer is inside */
    float epsilon;  /* layer_norm_epsilon */
};                  /* D, the width of a head, is C / H */

#ifdef MINE_parameter_count
size_t parameter_count(const struct config *c);
#else
/* How many numbers were learned, altogether. The head at the end is wte again, and is not
 * counted twice. */
static inline size_t parameter_count(const struct config *c)
{
    const size_t V = (size_t)c->V, C = (size_t)c->C, F = (size_t)c->F;
    size_t norm = C + C;                                  /* weight, bias */
    size_t attention = (C * 3 * C + 3 * C) + (C * C + C); /* c_attn, c_proj */
    size_t feed_forward = (C * F + F) + (F * C + C);      /* c_fc, c_proj */
    size_t block = norm + attention + norm + feed_forward;
    return V * C + (size_t)c->positions * C + (size_t)c->L * block + norm;
}
#endif

/* One tensor of a model: a matrix (rank 2), or a vector (rank 1) with shape[1] = 1. */
struct tensor_place {
    char name[64]; /* "h.0.attn.c_attn.weight" */
    int rank, shape[2];
    size_t size; /* how many numbers */
};

enum { BLOCK_TENSORS = 12 };

static inline int tensor_count(const struct config *c)
{
    return 2 + BLOCK_TENSORS * c->L + 2;
}

/* Tensor i of a model, 0 to tensor_count - 1, in the order of the forward pass. */
static inline struct tensor_place tensor_place(const struct config *c, int i)
{
    const int C = c->C, F = c->F, last = tensor_count(c) - 2;
    const struct {
        const char *name;
        int rank, rows, columns;
    } block[BLOCK_TENSORS] = {
        {"ln_1.weight", 1, C, 1},
        {"ln_1.bias", 1, C, 1},
        {"attn.c_attn.weight", 2, C, 3 * C},
        {"attn.c_attn.bias", 1, 3 * C, 1},
        {"attn.c_proj.weight", 2, C, C},
        {"attn.c_proj.bias", 1, C, 1},
        {"ln_2.weight", 1, C, 1},
        {"ln_2.bias", 1, C, 1},
        {"mlp.c_fc.weight", 2, C, F},
        {"mlp.c_fc.bias", 1, F, 1},
        {"mlp.c_proj.weight", 2, F, C},
        {"mlp.c_proj.bias", 1, C, 1},
    };
    struct tensor_place p = {.rank = 2, .shape = {c->V, C}};
    if (i == 0)
        strcpy(p.name, "wte.weight");
    else if (i == 1) {
        strcpy(p.name, "wpe.weight");
        p.shape[0] = c->positions;
    } else if (i < last) {
        const int layer = (i - 2) / BLOCK_TENSORS, k = (i - 2) % BLOCK_TENSORS;
        snprintf(p.name, sizeof p.name, "h.%d.%s", layer, block[k].name);
        p.rank = block[k].rank;
        p.shape[0] = block[k].rows;
        p.shape[1] = block[k].columns;
    } else {
        strcpy(p.name, i == last ? "ln_f.weight" : "ln_f.bias");
        p.rank = 1;
        p.shape[0] = C;
        p.shape[1] = 1;
    }
    p.size = (size_t)p.shape[0] * (size_t)p.shape[1];
    return p;
}

/* The weights of one block. A matrix is [in][out], as GPT-2 keeps it: y = x · w + b. It is a
 * void *, so that it passes as `const float w[][C]` without a cast; a vector is a float *. */
struct block {
    float *ln_1_weight, *ln_1_bias; /* [C] */
    void *attn_c_attn_weight;       /* [C][3C]: queries, keys and values side by side */
    float *attn_c_attn_bias;        /* [3C] */
    void *attn_c_proj_weight;       /* [C][C] */
    float *attn_c_proj_bias;        /* [C] */
    float *ln_2_weight, *ln_2_bias; /* [C] */
    void *mlp_c_fc_weight;          /* [C][F] */
    float *mlp_c_fc_bias;           /* [F] */
    void *mlp_c_proj_weight;        /* [F][C] */
    float *mlp_c_proj_bias;         /* [C] */
};

struct weights {
    void *wte;                      /* [V][C]: a row for each token */
    void *wpe;                      /* [positions][C]: a row for each position */
    struct block *h;                /* [L] */
    float *ln_f_weight, *ln_f_bias; /* [C] */
    void *lm_head;                  /* [V][C]; wte itself if the head is tied to it */
    int kind; /* 0: all numbers are floats. Chapter 12 has matrices of fewer bits, too */
};

/* Where the pointer to tensor i of a model is in its weights. */
static inline void *tensor_pointer(const struct weights *w, const struct config *c, int i)
{
    static const size_t in_block[BLOCK_TENSORS] = {
        offsetof(struct block, ln_1_weight),
        offsetof(struct block, ln_1_bias),
        offsetof(struct block, attn_c_attn_weight),
        offsetof(struct block, attn_c_attn_bias),
        offsetof(struct block, attn_c_proj_weight),
        offsetof(struct block, attn_c_proj_bias),
        offsetof(struct block, ln_2_weight),
        offsetof(struct block, ln_2_bias),
        offsetof(struct block, mlp_c_fc_weight),
        offsetof(struct block, mlp_c_fc_bias),
        offsetof(struct block, mlp_c_proj_weight),
        offsetof(struct block, mlp_c_proj_bias),
    };
    const int last = tensor_count(c) - 2;
    if (i >= 2 && i < last)
        return (char *)&w->h[(i - 2) / BLOCK_TENSORS] + in_block[(i - 2) % BLOCK_TENSORS];
    const void *at = i == 0      ? (const void *)&w->wte
                     : i == 1    ? (const void *)&w->wpe
                     : i == last ? (const void *)&w->ln_f_weight
                                 : (const void *)&w->ln_f_bias;
    return (void *)(uintptr_t)at;
}

/* Lets the pointer to tensor i be `data`. The head is tied to wte. */
static inline void set_tensor(struct weights *w, const struct config *c, int i,
                              float *data)
{
    memcpy(tensor_pointer(w, c, i), &data, sizeof data);
    if (i == 0)
        w->lm_head = data;
}

/* The numbers of tensor i. */
static inline float *get_tensor(const struct weights *w, const struct config *c, int i)
{
    float *data;
    memcpy(&data, tensor_pointer(w, c, i), sizeof data);
    return data;
}

static inline void free_weights(struct weights *w)
{
    free(w->h);
    *w = (struct weights){0};
}

/* The weights as pointers into one array of parameter_count floats, tensor after tensor. The
 * array stays the caller's; free_weights frees only the list of blocks. */
static inline struct weights lay_out_weights(const struct config *c, float *flat)
{
    struct weights w = {.h = grab((size_t)c->L, sizeof *w.h)};
    for (int i = 0; i < tensor_count(c); i++) {
        set_tensor(&w, c, i, flat);
        flat += tensor_place(c, i).size;
    }
    return w;
}

#ifdef MINE_bfloat16_to_float
float bfloat16_to_float(uint16_t bits);
#else
/* A BF16 number: the upper half of a float's 32 bits. */
static inline float bfloat16_to_float(uint16_t bits)
{
    uint32_t all = (uint32_t)bits << 16;
    float number;
    memcpy(&number, &all, sizeof number);
    return number;
}
#endif

#ifdef MINE_half_to_float
float half_to_float(uint16_t bits);
#else
/* An F16 number: 1 bit for the sign, 5 for the exponent, 10 for the fraction (IEEE 754 binary16). */
static inline float half_to_float(uint16_t bits)
{
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float size = exponent == 31  ? (fraction ? NAN : INFINITY)
                 : exponent == 0 ? ldexpf((float)fraction, -24)
                                 : ldexpf((float)(1024 + fraction), exponent - 25);
    return bits >> 15 ? -size : size;
}
#endif

#ifdef MINE_element_place
size_t element_place(size_t header, size_t begin, size_t columns, size_t size, size_t row,
                     size_t column);
#else
/* The byte of the file at which element [row][column] of a tensor begins. header is how long
 * the header is, begin the first of the tensor's data_offsets, size the bytes of a number. */
static inline size_t element_place(size_t header, size_t begin, size_t columns,
                                   size_t size, size_t row, size_t column)
{
    return 8 + header + begin + (row * columns + column) * size;
}
#endif

/* Dies if config.json or model.safetensors is not in a model's folder, and says what is there
 * instead, and what to do. */
static inline void check_model_file(const char *folder, const char *path)
{
    static const char save[] = "transformers' save_pretrained turns it into one";
    static const char parts[] = "the weights are in several files: transformers' "
                                "save_pretrained puts them into one";
    const struct {
        const char *end, *advice;
    } others[] = {{".index.json", parts},
                  {".safetensors", "rename it if it is the model"},
                  {".bin", save},
                  {".pt", save},
                  {".pth", save},
                  {".ckpt", save},
                  {".h5", save},
                  {".msgpack", save},
                  {".gguf", "that is llama.cpp's format"},
                  {".npz", "that is NumPy's format"},
                  {".onnx", "that is ONNX's format"}};
    if (access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
        return;
    const char *name = published_model(folder);
    if (name)
        die("%s: cannot be opened: there is no such file (make model-%s fetches "
            "models/%s)",
            path, name, name);
    DIR *list = opendir(folder);
    for (size_t i = 0; list && i < sizeof others / sizeof *others; i++) {
        rewinddir(list);
        for (struct dirent *e; (e = readdir(list));) {
            const size_t n = strlen(e->d_name), end = strlen(others[i].end);
            if (n > end && strcmp(e->d_name + n - end, others[i].end) == 0 &&
                strcmp(e->d_name, "model.safetensors") != 0)
                die("%s: cannot be opened: there is no such file, only %s (%s)", path,
                    e->d_name, others[i].advice);
        }
    }
    die("%s: cannot be opened: there is no such file, expected a folder with config.json "
        "and model.safetensors",
        path);
}

/* Dies if a path is not an ordinary file: a pipe or a device might never end. */
static inline void check_ordinary(const char *path, struct stat *info)
{
    if (stat(path, info) != 0)
        die("%s: cannot be opened: %s", path, strerror(errno));
    if (S_ISDIR(info->st_mode))
        die("%s: is a folder, expected a file", path);
    if (!S_ISREG(info->st_mode))
        die("%s: is not an ordinary file", path);
}

/* Reads a whole file of no more than `most` bytes. */
static inline struct bytes read_small_file(const char *path, size_t most)
{
    struct stat info;
    check_ordinary(path, &info);
    if ((uintmax_t)info.st_size > most)
        die("%s: is %ju bytes long, expected %zu at most", path, (uintmax_t)info.st_size,
            most);
    return read_file(path);
}

/* What config.json says of a setting; NULL if it says nothing. */
static inline const struct json_value *setting(const struct json *j, const char *name)
{
    const struct json_value *found = json_member(j, &j->values[0], name);
    if (!found)
        return NULL;
    for (uint32_t i = found->next; i; i = j->values[i].next)
        if (j->values[i].name_size == strlen(name) &&
            memcmp(j->values[i].name, name, strlen(name)) == 0)
            die("%s:%u: \"%s\" is there twice", j->path, j->values[i].line, name);
    return found;
}

/* A whole number from 1 to most, under either of two names. */
static inline int whole_setting(const struct json *j, const char *name, const char *alias,
                                int otherwise, int most)
{
    const struct json_value *both[2] = {setting(j, name),
                                        alias ? setting(j, alias) : NULL};
    for (int i = 0; i < 2; i++) {
        const struct json_value *v = both[i];
        if (v && !(v->kind == JSON_NUMBER && v->number >= 1 && v->number <= most &&
                   v->number == floor(v->number)))
            die("%s:%u: \"%s\": expected a whole number from 1 to %d", j->path, v->line,
                i ? alias : name, most);
    }
    if (both[0] && both[1] && both[0]->number != both[1]->number)
        die("%s:%u: \"%s\" and \"%s\" disagree", j->path, both[1]->line, name, alias);
    const struct json_value *v = both[0] ? both[0] : both[1];
    return v ? (int)v->number : otherwise;
}

/* True or false. */
static inline bool true_setting(const struct json *j, const char *name, bool otherwise)
{
    const struct json_value *v = setting(j, name);
    if (v && v->kind != JSON_TRUE && v->kind != JSON_FALSE)
        die("%s:%u: \"%s\": expected true or false", j->path, v->line, name);
    return v ? v->kind == JSON_TRUE : otherwise;
}

/* Dies if a setting says something: it is not null, and not an empty list or object. */
static inline void no_setting(const struct json *j, const char *name)
{
    const struct json_value *v = setting(j, name);
    const bool holds = v && (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY);
    if (v && v->kind != JSON_NULL && !(holds && v->first == 0))
        die("%s:%u: \"%s\": this book's GPT-2 does not compute that", j->path, v->line,
            name);
}

/* Dies if a setting is there and is not one of two words. */
static inline void word_setting(const struct json *j, const char *name, const char *one,
                                const char *other)
{
    const struct json_value *v = setting(j, name);
    if (v && !(v->kind == JSON_STRING && v->string_size == strlen(v->string) &&
               (strcmp(v->string, one) == 0 || strcmp(v->string, other) == 0)))
        die("%s:%u: \"%s\": expected \"%s\"%s%s%s: nothing else is GPT-2 as this book "
            "computes it",
            j->path, v->line, name, one, other != one ? " or \"" : "",
            other != one ? other : "", other != one ? "\"" : "");
}

/* Is the head wte again? If config.json does not say, the file of weights decides. */
enum head { HEAD_UNSAID, HEAD_TIED, HEAD_UNTIED };

/* Reads config.json. A missing setting is as in the smallest GPT-2. */
static inline struct config read_settings(const char *folder, enum head *head)
{
    enum { MOST_BYTES = 1 << 20 };
    char *path = format_text("%s/config.json", folder);
    check_folder(folder, path);
    check_model_file(folder, path);
    struct json j = json_parse(path, read_small_file(path, MOST_BYTES));
    if (j.values[0].kind != JSON_OBJECT)
        die("%s: expected an object of settings", path);
    struct config c = {
        .positions =
            whole_setting(&j, "n_positions", "max_position_embeddings", 1024, 1 << 20),
        .V = whole_setting(&j, "vocab_size", NULL, 50257, 10000000),
        .C = whole_setting(&j, "n_embd", "hidden_size", 768, 1 << 16),
        .H = whole_setting(&j, "n_head", "num_attention_heads", 12, 1 << 16),
        .L = whole_setting(&j, "n_layer", "num_hidden_layers", 12, 1024),
    };
    const struct json_value *inner = setting(&j, "n_inner"); /* null in GPT-2's own */
    c.F = inner && inner->kind == JSON_NULL
              ? 4 * c.C
              : whole_setting(&j, "n_inner", NULL, 4 * c.C, 1 << 20);
    if (c.C % c.H != 0)
        die("%s: %d heads cannot share a width of %d: \"n_embd\" must be a multiple of "
            "\"n_head\"",
            path, c.H, c.C);
    const struct json_value *epsilon = setting(&j, "layer_norm_epsilon");
    if (epsilon &&
        !(epsilon->kind == JSON_NUMBER && epsilon->number >= 0 && epsilon->number <= 1))
        die("%s:%u: \"layer_norm_epsilon\": expected a number from 0 to 1", path,
            epsilon->line);
    c.epsilon = epsilon ? (float)epsilon->number : 1e-5f;
    word_setting(&j, "model_type", "gpt2", "gpt2");
    word_setting(&j, "activation_function", "gelu_new", "gelu_pytorch_tanh");
    no_setting(&j, "pruned_heads");
    no_setting(&j, "quantization_config");
    static const struct {
        const char *name;
        bool wanted;
    } fixed[] = {{"scale_attn_weights", true},
                 {"scale_attn_by_inverse_layer_idx", false},
                 {"add_cross_attention", false}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (true_setting(&j, fixed[i].name, fixed[i].wanted) != fixed[i].wanted)
            die("%s:%u: \"%s\" is %s: this book's GPT-2 does not compute that", path,
                setting(&j, fixed[i].name)->line, fixed[i].name,
                fixed[i].wanted ? "false" : "true");
    /* This one asks for scores in float32. Here they always are. */
    true_setting(&j, "reorder_and_upcast_attn", false);
    *head = !setting(&j, "tie_word_embeddings")             ? HEAD_UNSAID
            : true_setting(&j, "tie_word_embeddings", true) ? HEAD_TIED
                                                            : HEAD_UNTIED;
    json_free(&j);
    free(path);
    return c;
}

static inline struct config read_config(const char *folder)
{
    enum head head;
    return read_settings(folder, &head);
}

/* A tensor as the header of a file describes it. */
struct stored {
    const char *name; /* without "transformer." in front */
    size_t name_size;
    char type[8];     /* "F32" */
    size_t type_size; /* the bytes of one number */
    int rank;
    size_t shape[8];
    size_t begin, end; /* its bytes, counted from where the numbers begin */
    bool used;
};

/* A safetensors file: 8 bytes with the header's length, the header, the numbers. */
struct stored_file {
    char *path;
    unsigned char *bytes; /* mapped: read-only */
    size_t size, header;  /* how long the file is, and its header */
    struct stored *all;   /* [count], sorted by name */
    size_t count;
    struct json json; /* where the names are kept */
};

/* A name from a file, made fit for one line. It is about to be printed, and then the program ends:
 * nobody frees it. */
static inline char *shown(const char *name, size_t size)
{
    return visible((const unsigned char *)name, size < 60 ? size : 60);
}

/* A whole number that is exact as a double; SIZE_MAX if it is not one. */
static inline size_t whole_number(const struct json_value *v)
{
    bool whole = v->kind == JSON_NUMBER && v->number >= 0 &&
                 v->number <= 9007199254740992.0 && v->number == floor(v->number);
    return whole ? (size_t)v->number : SIZE_MAX;
}

/* Reads the list of whole numbers v into list[most]; returns how many, or -1. */
static inline int whole_numbers(const struct json *j, const struct json_value *v,
                                int most, size_t list[most])
{
    int n = 0;
    if (v->kind != JSON_ARRAY)
        return -1;
    for (uint32_t i = v->first; i; i = j->values[i].next, n++)
        if (n == most || (list[n] = whole_number(&j->values[i])) == SIZE_MAX)
            return -1;
    return n;
}

/* Ends the program: what is wrong with a tensor of a file. */
static inline _Noreturn __attribute__((format(printf, 3, 4))) void
die_of(const struct stored_file *f, const struct stored *s, const char *format, ...)
{
    char wrong[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(wrong, sizeof wrong, format, arguments);
    va_end(arguments);
    die("%s: tensor '%s'%s", f->path, shown(s->name, s->name_size), wrong);
}

/* The type of a tensor's numbers, and the bytes of one. */
static inline void read_type(const struct stored_file *f, struct stored *s,
                             const struct json_value *type)
{
    static const struct {
        const char *name;
        size_t size;
    } types[] = {{"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F64", 8}, {"BOOL", 1},
                 {"U8", 1},  {"I8", 1},  {"I16", 2},  {"U16", 2}, {"I32", 4},
                 {"U32", 4}, {"I64", 8}, {"U64", 8}};
    for (size_t i = 0; i < sizeof types / sizeof *types && type->kind == JSON_STRING; i++)
        if (type->string_size == strlen(types[i].name) &&
            memcmp(type->string, types[i].name, type->string_size) == 0) {
            strcpy(s->type, types[i].name);
            s->type_size = types[i].size;
        }
    if (!s->type_size)
        die_of(f, s, ": its dtype is unknown, expected F32, F16 or BF16");
}

/* Its shape and its bytes: they must agree with each other, and be in the file. */
static inline void read_place(const struct stored_file *f, struct stored *s,
                              const struct json_value *shape,
                              const struct json_value *offsets)
{
    const size_t data = f->size - 8 - f->header;
    size_t place[2], count = 1;
    s->rank = whole_numbers(&f->json, shape, 8, s->shape);
    if (s->rank < 0)
        die_of(f, s, ": expected a shape of up to 8 whole numbers");
    if (whole_numbers(&f->json, offsets, 2, place) != 2)
        die_of(f, s, ": expected two data_offsets");
    s->begin = place[0];
    s->end = place[1];
    if (s->begin > s->end || s->end > data)
        die_of(f, s,
               ": its bytes %zu to %zu are not in the file, whose numbers are %zu bytes",
               s->begin, s->end, data);
    for (int i = 0; i < s->rank; i++) {
        if (s->shape[i] && count > data / s->shape[i])
            die_of(f, s, ": its shape is larger than the file's %zu bytes", data);
        count *= s->shape[i];
    }
    if (count > data / s->type_size || count * s->type_size != s->end - s->begin)
        die_of(f, s, ": %zu number%s (%s) do%s not fit its %zu bytes", count,
               count == 1 ? "" : "s", s->type, count == 1 ? "es" : "", s->end - s->begin);
}

/* Reads one tensor of the header. */
static inline struct stored read_stored(const struct stored_file *f,
                                        const struct json_value *m)
{
    static const char prefix[] = "transformer.";
    const size_t prefix_size = sizeof prefix - 1;
    struct stored s = {.name = m->name, .name_size = m->name_size};
    int members = 0;
    for (uint32_t i = m->kind == JSON_OBJECT ? m->first : 0; i && members < 4;
         i = f->json.values[i].next)
        members++;
    const struct json_value *type = json_member(&f->json, m, "dtype"),
                            *shape = json_member(&f->json, m, "shape"),
                            *offsets = json_member(&f->json, m, "data_offsets");
    if (!type || !shape || !offsets || members != 3)
        die_of(f, &s, ": expected dtype, shape and data_offsets, each once");
    read_type(f, &s, type);
    read_place(f, &s, shape, offsets);
    if (s.name_size > prefix_size && memcmp(s.name, prefix, prefix_size) == 0) {
        s.name += prefix_size;
        s.name_size -= prefix_size;
    }
    return s;
}

static inline int by_place(const void *one, const void *other)
{
    const struct stored *a = one, *b = other;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

static inline int by_name(const void *one, const void *other)
{
    const struct stored *a = one, *b = other;
    size_t n = a->name_size < b->name_size ? a->name_size : b->name_size;
    int order = memcmp(a->name, b->name, n);
    return order ? order : (a->name_size > b->name_size) - (a->name_size < b->name_size);
}

/* Maps a file into memory, and finds out how long its header is. */
static inline struct stored_file map_stored(const char *path)
{
    enum { MOST_HEADER = 100000000 }; /* the format's own limit */
    struct stored_file f = {.path = format_text("%s", path)};
    struct stat info;
    check_ordinary(path, &info);
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &info) != 0)
        die("%s: cannot be opened: %s", path, strerror(errno));
    if (info.st_size == 0)
        die("%s: is empty, expected a safetensors file", path);
    f.size = (size_t)info.st_size;
    void *bytes = mmap(NULL, f.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        die("%s: cannot be mapped into memory: %s", path, strerror(errno));
    close(descriptor);
    f.bytes = bytes;

    if (f.size < 9 || f.bytes[8] != '{')
        refuse_mistaken(path, (struct bytes){f.bytes, f.size}, "a safetensors file");
    if (f.size < 8)
        die("%s: is too short, expected a safetensors file", path);
    uint64_t header = 0;
    for (int i = 0; i < 8; i++)
        header |= (uint64_t)f.bytes[i] << (8 * i);
    if (header > f.size - 8)
        die("%s: its header should be %ju bytes long, but %zu are left in the file", path,
            (uintmax_t)header, f.size - 8);
    if (header > MOST_HEADER)
        die("%s: its header is %ju bytes long, expected %d at most", path,
            (uintmax_t)header, MOST_HEADER);
    f.header = (size_t)header;
    if (f.header == 0 || f.bytes[8] != '{')
        die("%s: its header does not begin with '{': is this a safetensors file?", path);
    return f;
}

/* Dies if the tensors do not fill the file, one after the other, or two have one name. Leaves
 * them sorted by name. */
static inline void check_tensors(const struct stored_file *f)
{
    size_t covered = 0;
    if (f->count)
        qsort(f->all, f->count, sizeof *f->all, by_place);
    for (size_t i = 0; i < f->count && f->all[i].begin <= covered; i++) {
        if (f->all[i].begin < covered)
            die_of(f, &f->all[i - 1], " and '%s' overlap",
                   shown(f->all[i].name, f->all[i].name_size));
        covered = f->all[i].end;
    }
    if (covered != f->size - 8 - f->header)
        die("%s: starting at byte %zu, some numbers belong to no tensor", f->path,
            covered);
    if (f->count)
        qsort(f->all, f->count, sizeof *f->all, by_name);
    for (size_t i = 1; i < f->count; i++)
        if (by_name(&f->all[i - 1], &f->all[i]) == 0)
            die_of(f, &f->all[i], " is there twice");
}

/* Maps a file into memory and reads its header. */
static inline struct stored_file open_stored(const char *path)
{
    struct stored_file f = map_stored(path);
    struct bytes text = {grab(f.header + 1, 1), f.header};
    memcpy(text.data, f.bytes + 8, f.header);
    f.json = json_parse(f.path, text);
    size_t room = 0;
    for (uint32_t i = f.json.values[0].first; i; i = f.json.values[i].next)
        room++;
    f.all = grab(room, sizeof *f.all);
    for (uint32_t i = f.json.values[0].first; i; i = f.json.values[i].next) {
        const struct json_value *m = &f.json.values[i];
        if (m->name_size != 12 || memcmp(m->name, "__metadata__", 12) != 0)
            f.all[f.count++] = read_stored(&f, m);
    }
    check_tensors(&f);
    return f;
}

static inline void close_stored(struct stored_file *f)
{
    if (f->bytes)
        munmap(f->bytes, f->size);
    free(f->all);
    free(f->path);
    json_free(&f->json);
    *f = (struct stored_file){0};
}

/* The tensor of that name; NULL if there is none. */
static inline struct stored *find_stored(const struct stored_file *f, const char *name)
{
    const struct stored wanted = {.name = name, .name_size = strlen(name)};
    return f->count ? bsearch(&wanted, f->all, f->count, sizeof *f->all, by_name) : NULL;
}

/* The tensor of that name, which must be there, in one of three types, with this shape. */
static inline struct stored *need_stored(const struct stored_file *f,
                                         const struct tensor_place *p)
{
    struct stored *s = find_stored(f, p->name);
    if (!s)
        die("%s: tensor '%s' is missing: config.json asks for it", f->path, p->name);
    if (strcmp(s->type, "F32") != 0 && strcmp(s->type, "F16") != 0 &&
        strcmp(s->type, "BF16") != 0)
        die("%s: tensor '%s' is %s, expected F32, F16 or BF16", f->path, p->name,
            s->type);
    bool same = s->rank == p->rank;
    for (int i = 0; i < p->rank && same; i++)
        same = s->shape[i] == (size_t)p->shape[i];
    if (!same) {
        char has[200] = "", wants[40];
        size_t used = 0;
        for (int i = 0; i < s->rank; i++)
            used += (size_t)snprintf(has + used, sizeof has - used, "%s%zu",
                                     i ? ", " : "", s->shape[i]);
        snprintf(wants, sizeof wants, p->rank == 2 ? "%d, %d" : "%d", p->shape[0],
                 p->shape[1]);
        die("%s: tensor '%s' has shape [%s], config.json says [%s]", f->path, p->name,
            has, wants);
    }
    s->used = true;
    return s;
}

/* Masks that old programs wrote beside the weights: h.N.attn.bias, h.N.attn.masked_bias. */
static inline bool is_buffer(const struct stored *s)
{
    size_t digits = 0;
    if (s->name_size < 3 || memcmp(s->name, "h.", 2) != 0)
        return false;
    while (2 + digits < s->name_size && s->name[2 + digits] >= '0' &&
           s->name[2 + digits] <= '9')
        digits++;
    const char *rest = s->name + 2 + digits;
    const size_t size = s->name_size - 2 - digits;
    return digits > 0 && ((size == 10 && memcmp(rest, ".attn.bias", 10) == 0) ||
                          (size == 17 && memcmp(rest, ".attn.masked_bias", 17) == 0));
}

/* Can the numbers be used where they are? They must be floats, in this machine's order of
 * bytes, at an address that is a multiple of 4. */
static inline bool usable_in_place(const struct stored_file *f, const struct stored *s)
{
    const uint16_t one = 1;
    const unsigned char *at = f->bytes + 8 + f->header + s->begin;
    return strcmp(s->type, "F32") == 0 && *(const unsigned char *)&one == 1 &&
           (uintptr_t)at % sizeof(float) == 0;
}

/* n numbers of a type, little-endian, from bytes → to [n] */
static inline void convert(size_t n, float to[restrict n], const unsigned char *bytes,
                           const char *type)
{
    if (strcmp(type, "F32") == 0) {
        for (size_t i = 0; i < n; i++, bytes += 4) {
            uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
                            (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
            memcpy(&to[i], &bits, 4);
        }
        return;
    }
    /* There are only 65,536 numbers of two bytes. */
    bool half = strcmp(type, "F16") == 0;
    float *table = grab(65536, sizeof *table);
    for (unsigned b = 0; b < 65536; b++)
        table[b] = half ? half_to_float((uint16_t)b) : bfloat16_to_float((uint16_t)b);
    for (size_t i = 0; i < n; i++, bytes += 2)
        to[i] = table[bytes[0] | (unsigned)bytes[1] << 8];
    free(table);
}

/* Every tensor of the model in its file: found[i] is tensor i, and found[tensor_count] a head
 * of its own, or NULL. Dies if one is missing, or there is one too many. The caller frees
 * the list. */
static inline struct stored **find_tensors(const struct stored_file *f,
                                           const struct config *c, enum head head)
{
    const int count = tensor_count(c);
    struct stored **found = grab((size_t)count + 1, sizeof *found);
    struct tensor_place place = tensor_place(c, 0);
    strcpy(place.name, "lm_head.weight");
    if (find_stored(f, "lm_head.weight"))
        found[count] = need_stored(f, &place);
    else if (head == HEAD_UNTIED)
        die("%s: tensor 'lm_head.weight' is missing: config.json says "
            "\"tie_word_embeddings\": false",
            f->path);
    for (int i = 0; i < count; i++) {
        place = tensor_place(c, i);
        found[i] = need_stored(f, &place);
    }
    for (size_t i = 0; i < f->count; i++)
        if (!f->all[i].used && !is_buffer(&f->all[i]))
            die_of(f, &f->all[i], " is not part of a GPT-2 of this config.json");
    return found;
}

/* How many numbers a stored tensor has. */
static inline size_t stored_size(const struct stored *s)
{
    return (s->end - s->begin) / s->type_size;
}

/* A model, opened. Its weights may be in the file itself, so nobody writes to them. */
struct checkpoint {
    struct config config;
    struct weights weights;
    struct stored_file file; /* mapped */
    float *converted;        /* what could not be used in place; or NULL */
};

/* Dies if one of n weights is infinite or not a number: then all the scores would be, too. (Only
 * in those are all 8 bits of the exponent 1, so adding 1 to it carries into the bit of the
 * sign.) */
static inline void check_numbers(const char *path, const char *name, size_t n,
                                 const float x[n], size_t columns)
{
    uint32_t carried = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        carried |= (bits & 0x7F800000) + 0x00800000;
    }
    for (size_t i = 0; carried >> 31 && i < n; i++)
        if (!isfinite(x[i])) {
            char *at = columns > 1 ? format_text("%zu, %zu", i / columns, i % columns)
                                   : format_text("%zu", i);
            die("%s: tensor '%s' has %s at [%s], expected a number", path, name,
                isnan(x[i]) ? "nan" : "inf", at);
        }
}

/* A pointer for each tensor: into the file, or to its converted numbers. */
static inline void place_weights(struct checkpoint *m, struct stored *const *found,
                                 enum head head)
{
    const struct config *c = &m->config;
    const struct stored_file *f = &m->file;
    const int count = tensor_count(c);
    float *next = m->converted;
    m->weights.h = grab((size_t)c->L, sizeof *m->weights.h);
    for (int i = 0; i <= count; i++) {
        if (!found[i])
            continue;
        const struct tensor_place place = tensor_place(c, i < count ? i : 0);
        const unsigned char *at = f->bytes + 8 + f->header + found[i]->begin;
        float *numbers = (float *)(uintptr_t)at;
        if (!usable_in_place(f, found[i])) {
            numbers = next;
            next += place.size;
            convert(place.size, numbers, at, found[i]->type);
        }
        check_numbers(f->path, i < count ? place.name : "lm_head.weight", place.size,
                      numbers, (size_t)place.shape[1]);
        if (i < count)
            set_tensor(&m->weights, c, i, numbers); /* wte is the head, too */
        else if (head != HEAD_TIED)
            m->weights.lm_head = numbers; /* unless the file has its own */
        else if (memcmp(numbers, m->weights.wte, 4 * place.size) != 0)
            die("%s: 'lm_head.weight' is not 'wte.weight', but config.json says "
                "\"tie_word_embeddings\": true",
                f->path);
    }
}

/* Opens a model's folder. If anything is wrong, dies and names the file and the fault. */
static inline struct checkpoint load_checkpoint(const char *folder)
{
    enum head head;
    struct checkpoint m = {.config = read_settings(folder, &head)};
    char *path = format_text("%s/model.safetensors", folder);
    check_model_file(folder, path);
    m.file = open_stored(path);
    struct stored **found = find_tensors(&m.file, &m.config, head);
    size_t floats = 0; /* that must be converted */
    for (int i = 0; i <= tensor_count(&m.config); i++)
        if (found[i] && !usable_in_place(&m.file, found[i]))
            floats += stored_size(found[i]);
    m.converted = floats ? grab(floats, sizeof *m.converted) : NULL;
    place_weights(&m, found, head);
    free(found);
    free(path);
    return m;
}

/* The vocabulary of a model, checked against it. If `needed` is false, it may be missing: its
 * size is then 0. If the model's V is larger (some models pad it), a remark says so. */
static inline struct vocabulary open_vocabulary(const char *folder,
                                                const struct config *c, bool needed)
{
    const char *path = brief(format_text("%s/vocab.json", folder));
    struct vocabulary v = {0};
    if (needed || file_exists(path))
        v = load_vocabulary(folder);
    if (v.size > c->V)
        die("%s: has %d tokens, but the model has vectors for %d: it belongs to a "
            "different model",
            path, v.size, c->V);
    if (v.size && v.size < c->V)
        remark("%s: has %d tokens, and the model %d: those starting at %d have no text",
               path, v.size, c->V, v.size);
    return v;
}

static inline void free_checkpoint(struct checkpoint *m)
{
    free_weights(&m->weights);
    free(m->converted);
    close_stored(&m->file);
    *m = (struct checkpoint){0};
}

/* Writes n floats, little-endian. False if that fails. */
static inline bool write_floats(FILE *file, size_t n, const float *x)
{
    unsigned char bytes[4 * 4096];
    for (size_t done = 0; done < n;) {
        size_t some = n - done < 4096 ? n - done : 4096;
        for (size_t i = 0; i < some; i++) {
            uint32_t bits;
            memcpy(&bits, &x[done + i], 4);
            for (int b = 0; b < 4; b++)
                bytes[4 * i + (size_t)b] = (unsigned char)(bits >> (8 * b));
        }
        if (fwrite(bytes, 4, some, file) != some)
            return false;
        done += some;
    }
    return true;
}

/* Writes the weights as one safetensors file (F32), `prefix` in front of their names, whole or
 * not at all. Nothing is gathered in memory first: a model may be large. */
static inline void write_safetensors(const char *path, const char *prefix,
                                     const struct config *c, const struct weights *w)
{
    const int count = tensor_count(c), all = count + (w->lm_head != w->wte);
    struct header h = {0};
    header_text(&h, "{\"__metadata__\":{\"format\":\"pt\"}");
    for (int i = 0; i < all; i++) {
        struct tensor_place p = tensor_place(c, i % count);
        header_tensor(&h,
                      brief(i < count ? format_text("%s%s", prefix, p.name)
                                      : format_text("lm_head.weight")),
                      "F32", p.rank, p.shape);
    }
    header_end(&h);
    struct file_made m = start_file(path);
    bool good = fwrite(h.text, 1, h.size, m.file) == h.size;
    for (int i = 0; i < all && good; i++)
        good = write_floats(m.file, tensor_place(c, i % count).size,
                            i < count ? get_tensor(w, c, i) : w->lm_head);
    finish_file(&m, good);
    free(h.text);
}

/* Writes a Hugging Face folder, config.json and model.safetensors (F32), each whole or not at
 * all, as `transformers` reads it. The first and last token of a text are <|endoftext|>, which
 * has the last id, as in every vocabulary of this book. */
static inline void write_checkpoint(const char *folder, const struct config *c,
                                    const struct weights *w)
{
    make_folder(folder);
    char *path = format_text("%s/model.safetensors", folder), epsilon[40], inner[40];
    write_safetensors(path, "transformer.", c, w);
    free(path);
    for (int digits = 1; digits <= 9;
         digits++) { /* as few as give the same float again */
        snprintf(epsilon, sizeof epsilon, "%.*g", digits, (double)c->epsilon);
        if (strtof(epsilon, NULL) == c->epsilon)
            break;
    }
    snprintf(inner, sizeof inner, "%d", c->F);
    const char *text = brief(format_text(
        "{\n  \"activation_function\": \"gelu_new\",\n"
        "  \"architectures\": [\"GPT2LMHeadModel\"],\n"
        "  \"bos_token_id\": %d,\n  \"eos_token_id\": %d,\n"
        "  \"layer_norm_epsilon\": %s,\n  \"model_type\": \"gpt2\",\n"
        "  \"n_embd\": %d,\n  \"n_head\": %d,\n  \"n_inner\": %s,\n  \"n_layer\": %d,\n"
        "  \"n_positions\": %d,\n  \"tie_word_embeddings\": %s,\n"
        "  \"torch_dtype\": \"float32\",\n  \"vocab_size\": %d\n}\n",
        c->V - 1, c->V - 1, epsilon, c->C, c->H, c->F == 4 * c->C ? "null" : inner, c->L,
        c->positions, w->lm_head == w->wte ? "true" : "false", c->V));
    path = format_text("%s/config.json", folder);
    write_file(path, text, strlen(text));
    free(path);
}

#ifdef MINE_tensor_at
int tensor_at(int n, const size_t begins[n], size_t length, size_t byte);
#else
/* Which of n tensors a byte belongs to, -1 for none. begins [n]: where each begins, in ascending
 * order, the first at 0; length: where the last one ends. */
static inline int tensor_at(int n, const size_t begins[n], size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
    int low = 0, high = n; /* it is one of low to high - 1 */
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (begins[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}
#endif

#endif
