/* 14_training.c: a walk through one step of training; train: a model from a text; eval: how
 * well it foresees a text. */
#include "14_training.h"

#include <signal.h>
#include <time.h>

/* ---- Chance ------------------------------------------------------------------------- */

/* The same 64 bits for the same seed and place, in any order and on any machine (the
 * finalizer of splitmix64; Steele, Lea and Flood 2014). */
static uint64_t chance(uint64_t seed, uint64_t place)
{
    uint64_t x = seed * 0xD1342543DE82EF95u + place * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* A whole number below n. */
static size_t chance_below(uint64_t seed, uint64_t place, size_t n)
{
    return (size_t)(chance(seed, place) % n);
}

/* A number from a normal distribution of deviation 1 (Box and Muller 1958). */
static float chance_normal(uint64_t seed, uint64_t place)
{
    const double a = ((double)(chance(seed, 2 * place) >> 11) + 0.5) / 9007199254740992.0,
                 b = (double)(chance(seed, 2 * place + 1) >> 11) / 9007199254740992.0;
    return (float)(sqrt(-2 * log(a)) * cos(6.28318530717959 * b));
}

/* ---- The text --------------------------------------------------------------------------- */

/* A text in tokens. Where it holds stories, each ended by <|endoftext|>, start says where each
 * begins: at the <|endoftext|> before it. */
struct text {
    int *ids;
    size_t count;
    size_t *start;
    size_t stories;
    uint64_t hash; /* of all ids: is it the same text as last time? */
};

static struct text read_text(const char *path, const struct vocabulary *v)
{
    struct bytes file = read_file(path);
    struct ids ids = {0};
    struct text text = {0};
    size_t capacity = 0;
    const size_t mark = strlen(END_OF_TEXT);
    for (size_t at = 0; at < file.size;) {
        const unsigned char *end = file.data + at;
        while ((end = memchr(end, '<', file.size - (size_t)(end - file.data))) &&
               strncmp((const char *)end, END_OF_TEXT, mark) != 0)
            end++;
        const size_t stop = end ? (size_t)(end - file.data) : file.size;
        if (v->end_of_text >= 0 && end) { /* what <|endoftext|> ends also follows one */
            text.start =
                grow(text.start, &capacity, text.stories + 1, sizeof *text.start);
            text.start[text.stories++] = ids.count;
            ids.id = grow(ids.id, &ids.capacity, ids.count + 1, sizeof *ids.id);
            ids.id[ids.count++] = v->end_of_text;
        }
        encode(v, file.data + at, stop - at, &ids);
        at = stop + (end ? mark : 0);
    }
    free(file.data);
    text.ids = ids.id;
    text.count = ids.count;
    text.hash = 14695981039346656037u;
    for (size_t i = 0; i < text.count; i++)
        text.hash = (text.hash ^ (uint64_t)(unsigned)text.ids[i]) * 1099511628211u;
    return text;
}

static void free_text(struct text *text)
{
    free(text->ids);
    free(text->start);
    *text = (struct text){0};
}

/* ---- Settings of a run, kept with it ------------------------------------------------------ */

struct run {
    const char *text, *held_out, *to, *from, *vocabulary, *stop;
    long steps, batch, layers, heads, channels, context, seed, save;
    double rate, copying, decay;
    bool resume;
};

static const struct run standard = {.held_out = NULL,
                                    .steps = 4000,
                                    .batch = 64,
                                    .layers = 6,
                                    .heads = 4,
                                    .channels = 128,
                                    .context = 128,
                                    .seed = 1,
                                    .save = 200,
                                    .rate = 3e-3,
                                    .copying = 0.25,
                                    .decay = 0.01};

/* What a run is made of, in the words of its state file: the same in all, or it is another
 * run. */
struct kept {
    const char *name;
    double value;
};

enum { KEPT = 12 };

static void kept_settings(struct kept all[KEPT], const struct run *r,
                          const struct config *config, const struct text *text)
{
    const struct kept now[KEPT] = {
        {"steps", (double)r->steps},     {"batch", (double)r->batch},
        {"seed", (double)r->seed},       {"rate", r->rate},
        {"copying", r->copying},         {"decay", r->decay},
        {"layers", config->L},           {"heads", config->H},
        {"channels", config->C},         {"context", config->positions},
        {"tokens", (double)text->count}, {"text", (double)(text->hash >> 12)}};
    memcpy(all, now, sizeof now);
}

static const char state_name[] = "training.safetensors";

/* Writes weights, means and the run's settings, whole or not at all. */
static void write_state(const struct run *r, const struct learner *l,
                        const struct text *text)
{
    struct kept all[KEPT];
    kept_settings(all, r, &l->config, text);
    char *path = format_text("%s/%s", r->to, state_name);
    char *beside = format_text("%s.%ld.part", path, (long)getpid());
    char *header = format_text("{\"__metadata__\":{\"step\":\"%ld\"", l->step);
    for (int i = 0; i < KEPT; i++) {
        char *longer =
            format_text("%s,\"%s\":\"%.17g\"", header, all[i].name, all[i].value);
        free(header);
        header = longer;
    }
    const float *const parts[] = {l->w, l->m, l->v};
    const char *const names[] = {"weights", "mean", "square"};
    for (int i = 0; i < 3; i++) {
        char *longer = format_text(
            "%s%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%zu],\"data_offsets\":[%zu,%zu]}",
            header, i ? "," : "},", names[i], l->count, 4 * (size_t)i * l->count,
            4 * (size_t)(i + 1) * l->count);
        free(header);
        header = longer;
    }
    char *closed = format_text("%s}", header);
    const size_t size = strlen(closed), padded_size = (size + 7) / 8 * 8;
    unsigned char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)padded_size >> (8 * i));
    FILE *file = fopen(beside, "wb");
    if (!file)
        die("%s: cannot be written: %s", path, strerror(errno));
    bool good = fwrite(length, 1, 8, file) == 8 &&
                fwrite(closed, 1, size, file) == size &&
                fwrite("       ", 1, padded_size - size, file) == padded_size - size;
    for (int i = 0; i < 3 && good; i++)
        good = write_floats(file, l->count, parts[i]);
    int why = errno;
    if (fclose(file) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(beside, path) != 0) {
        good = false;
        why = errno;
    }
    if (!good) {
        remove(beside);
        die("%s: cannot be written: %s (what was saved before is still there)", path,
            strerror(why));
    }
    free(closed);
    free(header);
    free(beside);
    free(path);
}

/* Reads them back. Dies where the file is another run's. */
static void read_state(const struct run *r, struct learner *l, const struct text *text)
{
    struct kept all[KEPT];
    kept_settings(all, r, &l->config, text);
    char *path = format_text("%s/%s", r->to, state_name);
    struct stored_file f = open_stored(path);
    const struct json_value *meta =
        json_member(&f.json, &f.json.values[0], "__metadata__");
    for (int i = -1; i < KEPT; i++) {
        const char *name = i < 0 ? "step" : all[i].name;
        const struct json_value *v = meta ? json_member(&f.json, meta, name) : NULL;
        if (!v || v->kind != JSON_STRING)
            die("%s: does not say \"%s\": is it the state of a training run?", path,
                name);
        const double value = strtod(v->string, NULL);
        if (i < 0) {
            if (!(value >= 0 && value <= (double)r->steps))
                die("%s: stands at step %.0f of %ld", path, value, r->steps);
            l->step = (long)value;
        } else if (value != all[i].value)
            die("%s: was begun with another %s%s (%.9g, now %.9g)", path,
                strcmp(name, "tokens") == 0 || strcmp(name, "text") == 0 ? "text: "
                                                                         : "--",
                name, value, all[i].value);
    }
    float *const parts[] = {l->w, l->m, l->v};
    const char *const names[] = {"weights", "mean", "square"};
    for (int i = 0; i < 3; i++) {
        const struct stored *s = find_stored(&f, names[i]);
        if (!s || strcmp(s->type, "F32") != 0 || s->rank != 1 || s->shape[0] != l->count)
            die("%s: expected a tensor '%s' of %zu floats", path, names[i], l->count);
        convert(l->count, parts[i], f.bytes + 8 + f.header + s->begin, s->type);
    }
    close_stored(&f);
    free(path);
}

/* ---- Training ----------------------------------------------------------------------------- */

/* A fresh model: matrices of deviation 1/√inputs, so that each layer hands on numbers of the
 * size that it got; the layers that write onto the residual rows a little less, since there
 * are 2L of them; gains 1, biases 0. */
static void fresh_weights(struct learner *l, uint64_t seed)
{
    const struct config *c = &l->config;
    float *w = l->w;
    for (int i = 0; i < tensor_count(c); i++) {
        const struct tensor_place p = tensor_place(c, i);
        const bool gain = strstr(p.name, "ln_") && strstr(p.name, "weight");
        float scale = 1 / sqrtf((float)(i < 2 ? c->C : p.shape[0]));
        if (strstr(p.name, "c_proj"))
            scale /= sqrtf(2 * (float)c->L);
        for (size_t n = 0; n < p.size; n++)
            w[n] = p.rank == 1 ? (gain ? 1 : 0)
                               : scale * chance_normal(seed, ((uint64_t)i << 40) + n);
        w += p.size;
    }
}

/* Row number `row` of a run: T + 1 tokens. Mostly from the beginning of a story on, and one in
 * eight from anywhere, so that the model learns to go on from a bare beginning as well. In the
 * first quarter of a run a share of the rows is a random piece, said over and over: nothing
 * can be learned from it but to look back and copy. */
static void fill_row(const struct run *r, const struct text *text, const struct config *c,
                     size_t train_stories, size_t train_count, long step, uint64_t row,
                     int to[c->positions + 1])
{
    const uint64_t seed = (uint64_t)r->seed * 2 + 1, place = row * 256;
    const int n = c->positions + 1;
    const bool early = step * 4 <= r->steps && !r->from;
    if (early && (double)chance_below(seed, place, 1000) < r->copying * 1000) {
        const size_t piece = 8 + chance_below(seed, place + 1, 41);
        for (int i = 0; i < n; i++)
            to[i] = (size_t)i < piece
                        ? (int)chance_below(seed, place + 2 + (uint64_t)i, (size_t)c->V)
                        : to[(size_t)i - piece];
        return;
    }
    size_t from = chance_below(seed, place + 1, train_count - (size_t)n + 1);
    if (train_stories && chance_below(seed, place + 2, 8) != 0)
        from = text->start[chance_below(seed, place + 3, train_stories)];
    if (from + (size_t)n > train_count)
        from = train_count - (size_t)n;
    memcpy(to, text->ids + from, (size_t)n * sizeof *to);
}

/* Few texts a step at first, when any will do; more when it comes to details. */
static long batch_at(const struct run *r, long step)
{
    const long size = step * 4 <= r->steps   ? r->batch / 4
                      : step * 2 <= r->steps ? r->batch / 2
                                             : r->batch;
    return size ? size : 1;
}

/* The number of rows before a step. */
static uint64_t rows_before(const struct run *r, long step)
{
    uint64_t rows = 0;
    for (long s = 1; s < step; s++)
        rows += (uint64_t)batch_at(r, s);
    return rows;
}

static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal)
{
    (void)signal;
    stop_asked = 1;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { TEXTS_AT_ONCE = 16 }; /* so many at a time, whatever the batch: it saves memory */

/* The loss of a text's stories from `first` to `end`, each by itself from its <|endoftext|> to
 * the next, as the sum of all tokens' losses. *tokens says how many these are. With `each`,
 * a line a token: story, token, loss. Stories that do not fit into the context are left out;
 * *left counts them. */
static double story_loss(const struct config *c, const struct weights *w,
                         const struct text *text, size_t first, size_t end, long *tokens,
                         long *left, FILE *each)
{
    const int V = c->V, T = c->positions;
    struct fast_pass p = new_fast_pass(TEXTS_AT_ONCE, T, c);
    int(*ids)[T] = grab(TEXTS_AT_ONCE, sizeof *ids), *targets[TEXTS_AT_ONCE];
    int lengths[TEXTS_AT_ONCE];
    float(*losses)[T] = grab(TEXTS_AT_ONCE, sizeof *losses);
    const float(*logits)[T][V] = p.logits;
    double sum = 0;
    *tokens = *left = 0;
    for (size_t s = first; s < end;) {
        int rows = 0;
        size_t numbers[TEXTS_AT_ONCE];
        for (; s < end && rows < TEXTS_AT_ONCE; s++) {
            const size_t from = text->start[s],
                         to = s + 1 < text->stories ? text->start[s + 1] : text->count;
            if (to - from > (size_t)T) {
                ++*left;
                continue;
            }
            memset(ids[rows], 0, sizeof ids[rows]);
            memcpy(ids[rows], text->ids + from, (to - from) * sizeof(int));
            targets[rows] = text->ids + from + 1;
            numbers[rows] = s;
            lengths[rows++] = (int)(to - from);
        }
        fast_forward(c, &p, ids[0], w);
        OMP(parallel for)
        for (int r = 0; r < rows; r++)
            for (int t = 0; t < lengths[r]; t++)
                /* the last target of all is the <|endoftext|> that ends the text */
                losses[r][t] = cross_entropy(
                    V, logits[r][t], t + 1 < lengths[r] ? targets[r][t] : ids[r][0]);
        for (int r = 0; r < rows; r++) {
            *tokens += lengths[r];
            for (int t = 0; t < lengths[r]; t++) {
                sum += (double)losses[r][t];
                if (each)
                    fprintf(each, "%zu\t%d\t%d\t%.6f\n", numbers[r] - first + 1, t,
                            t + 1 < lengths[r] ? targets[r][t] : ids[r][0],
                            (double)losses[r][t]);
            }
        }
    }
    free(ids);
    free(losses);
    free_fast_pass(&p, c);
    return sum;
}

/* One step: its rows forward and backward, some at a time; then AdamW. Returns the loss. */
static double train_step(const struct run *r, struct learner *l, const struct text *text,
                         size_t train_stories, size_t train_count, uint64_t first_row,
                         struct fast_pass *p, struct backward_work *k)
{
    const struct config *c = &l->config;
    const int T = c->positions;
    const long step = l->step + 1, batch = batch_at(r, step), count = batch * T;
    int row[T + 1];
    int *ids = grab((size_t)(p->B * T), sizeof *ids),
        *targets = grab((size_t)(p->B * T), sizeof *targets);
    float *losses = grab((size_t)(p->B * T), sizeof *losses);
    double sum = 0;
    memset(l->g, 0, l->count * sizeof *l->g);
    const int whole = p->B;
    for (long b = 0; b < batch; b += whole) {
        p->B = (int)(batch - b < whole ? batch - b : whole);
        for (int i = 0; i < p->B; i++) {
            fill_row(r, text, c, train_stories, train_count, step,
                     first_row + (uint64_t)(b + i), row);
            memcpy(ids + i * T, row, (size_t)T * sizeof *row);
            memcpy(targets + i * T, row + 1, (size_t)T * sizeof *row);
        }
        fast_forward(c, p, ids, &l->weights);
        losses_backward(c, p, losses, targets, count);
        fast_backward(c, &l->gradients, p, ids, &l->weights, k);
        for (int i = 0; i < p->B * T; i++)
            sum += (double)losses[i];
    }
    p->B = whole;
    free(ids);
    free(targets);
    free(losses);
    const double loss = sum / (double)count;
    if (!isfinite(loss))
        die("step %ld: the loss is no number any more: try a smaller --rate", step);
    clip(l->count, l->g, 1);
    const long warm = r->steps < 400 ? r->steps / 10 + 1 : 100;
    const struct adamw a = {.rate = rate_at(step, r->steps, warm, (float)r->rate),
                            .beta1 = 0.9f,
                            .beta2 = 0.98f,
                            .epsilon = 1e-8f,
                            .decay = (float)r->decay};
    learn(l, &a);
    return loss;
}

/* Puts a copy of a vocabulary's files beside the model. */
static void copy_vocabulary(const char *from, const char *to)
{
    const char *const names[] = {"vocab.json", "merges.txt"};
    for (int i = 0; i < 2; i++) {
        char *path = format_text("%s/%s", from, names[i]);
        char *copy = format_text("%s/%s", to, names[i]);
        struct bytes b = read_file(path);
        write_file(copy, b.data, b.size);
        free(b.data);
        free(path);
        free(copy);
    }
}

static void save_run(const struct run *r, const struct learner *l,
                     const struct text *text)
{
    write_state(r, l, text);
    write_checkpoint(r->to, &l->config, &l->weights);
}

/* The log of a run, a line a measurement; of an earlier try, only what is before `step` stays. */
static FILE *open_log(const char *folder, long step)
{
    char *path = format_text("%s/training.tsv", folder);
    struct bytes old =
        step > 0 && file_exists(path) ? read_file(path) : (struct bytes){0};
    FILE *log = fopen(path, "wb");
    if (!log)
        die("%s: cannot be written: %s", path, strerror(errno));
    fputs("# step\ttokens\tloss\theld-out loss\trate\tseconds\n", log);
    for (char *line = (char *)old.data, *end; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            break;
        if (*line != '#' && strtol(line, NULL, 10) <= step)
            fwrite(line, 1, (size_t)(end - line) + 1, log);
    }
    free(old.data);
    free(path);
    return log;
}

static void command_train(struct run *r, const char *model)
{
    if (!r->text)
        die("train: expected --text FILE, what to learn from");
    if (!r->to)
        die("train: expected --to DIR, the folder for the model");
    if (r->resume && r->from)
        die("train: --resume goes on with what is in %s, --from begins anew: one of the "
            "two",
            r->to);
    const char *words = r->vocabulary ? r->vocabulary : r->from ? r->from : model;
    struct vocabulary v = load_vocabulary(words);
    struct config c = {.positions = (int)r->context,
                       .V = v.size,
                       .C = (int)r->channels,
                       .H = (int)r->heads,
                       .L = (int)r->layers,
                       .F = 4 * (int)r->channels,
                       .epsilon = 1e-5f};
    struct checkpoint old = {0};
    if (r->from) {
        old = load_checkpoint(r->from);
        if (old.weights.lm_head != old.weights.wte)
            die("%s: its head is not tied to wte; this program trains only tied ones",
                r->from);
        if (old.config.V != v.size)
            die("%s: has %d tokens, the vocabulary in %s has %d", r->from, old.config.V,
                words, v.size);
        c = old.config;
        if (r->context < c.positions)
            c.positions = (int)r->context;
    }
    if (c.C % c.H != 0)
        die("--heads: %d heads cannot share %d channels", c.H, c.C);
    struct text text = read_text(r->text, &v);
    struct text held_out = r->held_out ? read_text(r->held_out, &v) : (struct text){0};
    if (text.count < (size_t)c.positions + 1)
        die("%s: has %zu tokens, expected %d at least: one row of the context", r->text,
            text.count, c.positions + 1);
    if (r->held_out && !held_out.stories)
        die("%s: has no stories: each must be ended by %s", r->held_out, END_OF_TEXT);

    struct learner l = new_learner(&c);
    if (r->resume)
        read_state(r, &l, &text);
    else if (r->from) {
        for (int i = 0; i < tensor_count(&c);
             i++) /* a shorter context takes fewer places */
            memcpy(get_tensor(&l.weights, &c, i),
                   get_tensor(&old.weights, &old.config, i),
                   tensor_place(&c, i).size * sizeof(float));
        free_checkpoint(&old);
    } else
        fresh_weights(&l, (uint64_t)r->seed * 2);
    make_folder(r->to);
    copy_vocabulary(words, r->to);
    printf(
        "%zu tokens of text, %zu stories; a model of %zu parameters (L %d, H %d, C %d, "
        "context %d); %d thread%s\n",
        text.count, text.stories, l.count, c.L, c.H, c.C, c.positions, thread_count(),
        thread_count() > 1 ? "s" : "");

    struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    const int at_once = r->batch < TEXTS_AT_ONCE ? (int)r->batch : TEXTS_AT_ONCE;
    struct fast_pass pass = new_fast_pass(at_once, c.positions, &c);
    struct backward_work work = new_backward_work(at_once * c.positions, &c);
    FILE *log = open_log(r->to, l.step);
    const bool terminal = isatty(STDOUT_FILENO);
    uint64_t row = rows_before(r, l.step + 1);
    const double begun = seconds();
    uint64_t begun_row = row, total = rows_before(r, r->steps + 1);
    double recent = 0;
    long recent_steps = 0, last_saved = l.step;
    while (l.step < r->steps && !stop_asked) {
        const double loss =
            train_step(r, &l, &text, text.stories, text.count, row, &pass, &work);
        row += (uint64_t)batch_at(r, l.step);
        recent += loss;
        recent_steps++;
        const bool last = l.step == r->steps;
        const bool measured = l.step % r->save == 0 || last || stop_asked;
        const bool told = l.step % 10 == 0 || measured || l.step == 1;
        if (told && (terminal || l.step % 50 == 0 || l.step == 1 || measured)) {
            const double spent = seconds() - begun;
            const double speed =
                (double)((row - begun_row) * (uint64_t)c.positions) / spent;
            const double wait = (double)((total - row) * (uint64_t)c.positions) / speed;
            printf("%sstep %ld of %ld  loss %.4f  %.0f tokens/s  %.0f min left%s",
                   terminal ? "\r" : "", l.step, r->steps, recent / (double)recent_steps,
                   speed, ceil(wait / 60), terminal ? "\033[K" : "");
            if (measured) {
                double other = NAN;
                if (held_out.stories) {
                    long tokens, left;
                    const size_t some = held_out.stories < 500 ? held_out.stories : 500;
                    other = story_loss(&c, &l.weights, &held_out, 0, some, &tokens, &left,
                                       NULL) /
                            (double)tokens;
                    printf("  held-out %.4f", other);
                }
                fprintf(log, "%ld\t%llu\t%.5f\t%.5f\t%.4g\t%.0f\n", l.step,
                        (unsigned long long)row * (unsigned long long)c.positions,
                        recent / (double)recent_steps, other,
                        (double)rate_at(l.step, r->steps, 100, (float)r->rate), spent);
                fflush(log);
                recent = 0;
                recent_steps = 0;
            }
            if (!terminal || measured)
                putchar('\n');
            fflush(stdout);
        }
        if (measured) {
            save_run(r, &l, &text);
            last_saved = l.step;
        }
    }
    if (last_saved < l.step || l.step == 0)
        save_run(r, &l, &text);
    if (fclose(log) != 0)
        die("%s/training.tsv: cannot be written: %s", r->to, strerror(errno));
    if (l.step < r->steps)
        printf("stopped after step %ld; the same command with --resume goes on\n",
               l.step);
    else
        printf("the model is in %s\n", r->to);
    free_backward_work(&work);
    free_fast_pass(&pass, &c);
    free_learner(&l);
    free_text(&text);
    free_text(&held_out);
    free_vocabulary(&v);
}

static void command_eval(const struct run *r, const char *model)
{
    if (!r->text)
        die("eval: expected --text FILE, stories that each end with %s", END_OF_TEXT);
    struct checkpoint m = load_checkpoint(model);
    struct vocabulary v = load_vocabulary(model);
    struct text text = read_text(r->text, &v);
    FILE *each = NULL;
    if (!text.stories)
        die("%s: has no stories: each must be ended by %s", r->text, END_OF_TEXT);
    if (r->to && !(each = fopen(r->to, "wb")))
        die("%s: cannot be written: %s", r->to, strerror(errno));
    long tokens, left;
    const double sum =
        story_loss(&m.config, &m.weights, &text, 0, text.stories, &tokens, &left, each);
    if (each && fclose(each) != 0)
        die("%s: cannot be written: %s", r->to, strerror(errno));
    const long stories = (long)text.stories - left;
    printf("stories   %ld%s\n", stories, left ? " (longer ones are left out)" : "");
    printf("tokens    %ld\n", tokens);
    printf("a token   %.5f nats\n", sum / (double)tokens);
    printf("a story   %.4f nats\n", sum / (double)stories);
    free_text(&text);
    free_vocabulary(&v);
    free_checkpoint(&m);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    struct run r = standard;
    const struct option own[] = {
        {"--text", "FILE", OPTION_TEXT, &r.text, 0, 0, "train, eval: the text"},
        {"--to", "DIR", OPTION_TEXT, &r.to, 0, 0, "train: where the model goes"},
        {"--from", "DIR", OPTION_TEXT, &r.from, 0, 0, "train: go on from this model"},
        {"--vocabulary", "DIR", OPTION_TEXT, &r.vocabulary, 0, 0,
         "train: the tokens (those of --model)"},
        {"--held-out", "FILE", OPTION_TEXT, &r.held_out, 0, 0,
         "train: stories to measure on"},
        {"--resume", NULL, OPTION_TEXT, &r.resume, 0, 0,
         "train: go on where it was stopped"},
        {"--steps", "N", OPTION_INTEGER, &r.steps, 1, 10000000, "how many steps"},
        {"--batch", "N", OPTION_INTEGER, &r.batch, 1, 4096, "texts a step, in the end"},
        {"--rate", "X", OPTION_REAL, &r.rate, 0, 1, "the highest rate"},
        {"--decay", "X", OPTION_REAL, &r.decay, 0, 10, "how fast weights shrink"},
        {"--copying", "X", OPTION_REAL, &r.copying, 0, 1,
         "share of rows to learn copying"},
        {"--layers", "N", OPTION_INTEGER, &r.layers, 1, 1024, "L"},
        {"--heads", "N", OPTION_INTEGER, &r.heads, 1, 1024, "H"},
        {"--channels", "N", OPTION_INTEGER, &r.channels, 1, 65536, "C"},
        {"--context", "N", OPTION_INTEGER, &r.context, 2, 65536, "T: tokens in a row"},
        {"--seed", "N", OPTION_INTEGER, &r.seed, 0, 1e9, "another seed, another model"},
        {"--save", "N", OPTION_INTEGER, &r.save, 1, 1e9,
         "measure and save every N steps"},
    };
    parse_options(argc, argv, "usage: 14_training [train | eval] [options]", &o, own,
                  sizeof own / sizeof *own);
    if (o.command && strcmp(o.command, "train") == 0)
        command_train(&r, o.model);
    else if (o.command && strcmp(o.command, "eval") == 0)
        command_eval(&r, o.model);
    else if (o.command)
        die("%s: unknown command, expected train or eval", o.command);
    finish_output();
    return 0;
}
