/* 14_training: a walk through one step of training; train: a model from a text; eval: how well
 * it foresees a text. Chapter 14 of the book: chapters/14_training.md */
#include "03_embedding.h"
#include "14_training.h"

#include <signal.h>
#include <time.h>

/* ---- Chance ------------------------------------------------------------------------- */

/* The same 64 bits for the same seed and number, in any order and on any machine (the
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

/* A text in tokens. If it holds stories, each ended by <|endoftext|>, start says where each
 * begins: at the <|endoftext|> before it. If each is a prompt, a mark and an answer, and only
 * answers are to be learned, asked says of each token whether it counts. */
struct text {
    int *ids;
    bool *asked; /* [count], or NULL: all count */
    size_t count;
    size_t *start;
    size_t stories;
    uint64_t hash;                     /* of all ids: is it the same text as last time? */
    size_t train_count, train_stories; /* those to learn; the rest is held back */
};

/* The bytes of a text. Dies if it is not one. */
static struct bytes text_bytes(const char *path)
{
    struct bytes b = read_text_file(path);
    const unsigned char *zero = memchr(b.data, 0, b.size);
    if (!b.size)
        die("%s: is empty, expected a text", path);
    if (zero)
        die("%s: has a byte 0 at %td, expected a text in UTF-8", path, zero - b.data);
    return b;
}

/* The bytes that end a prompt: what follows them, up to <|endoftext|>, is the answer. */
static const char answer_mark[] = " =>";

/* Notes which of a text's tokens count, starting at token `from`: those of the answer, which begins
 * at token `answer`, and the <|endoftext|> before the prompt, which ends the answer before. */
static void note_asked(struct text *text, size_t *room, size_t from, size_t answer,
                       size_t count)
{
    text->asked = grow(text->asked, room, count, sizeof *text->asked);
    for (size_t i = from; i < count; i++)
        text->asked[i] = i == from || i >= answer;
}

/* With `answers`, only what follows each story's mark is to be learned. */
static struct text load_text(const char *path, const struct vocabulary *v, bool answers)
{
    struct bytes file = text_bytes(path);
    struct ids ids = {0};
    struct text text = {0};
    size_t capacity = 0, room = 0;
    const size_t mark = strlen(END_OF_TEXT);
    for (size_t at = 0; at < file.size;) {
        const size_t from = ids.count;
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
        if (answers) {
            size_t prompt = at;
            while (prompt < stop &&
                   strncmp((const char *)file.data + prompt, answer_mark, 3) != 0)
                prompt++;
            if (prompt == stop)
                die("%s: story %zu has no mark%s, expected a prompt, the mark and an "
                    "answer",
                    path, text.stories, answer_mark);
            prompt += strlen(answer_mark);
            encode(v, file.data + at, prompt - at, &ids);
            const size_t answer = ids.count;
            encode(v, file.data + prompt, stop - prompt, &ids);
            note_asked(&text, &room, from, answer, ids.count);
        } else
            encode(v, file.data + at, stop - at, &ids);
        at = stop + (end ? mark : 0);
    }
    free(file.data);
    text.ids = ids.id;
    text.count = text.train_count = ids.count;
    text.train_stories = text.stories;
    text.hash = 14695981039346656037u - answers;
    for (size_t i = 0; i < text.count; i++)
        text.hash = (text.hash ^ (uint64_t)(unsigned)text.ids[i]) * 1099511628211u;
    return text;
}

/* Holds back the last `held` tokens of a text: they are measured, never learned. */
static void hold_back(struct text *text, size_t held)
{
    text->train_count = text->count - held;
    while (text->train_stories &&
           text->start[text->train_stories - 1] >= text->train_count)
        text->train_stories--;
}

static void free_text(struct text *text)
{
    free(text->ids);
    free(text->asked);
    free(text->start);
    *text = (struct text){0};
}

/* ---- Settings of a run, kept with it ------------------------------------------------------ */

struct run {
    const char *text, *held_out, *to, *from, *vocabulary, *as, *weights;
    long steps, batch, layers, heads, channels, context, seed, save; /* -1: not given */
    double rate, copying, decay;
    bool resume, overwrite, answers;
};

/* A fresh model's plan. */
static const struct run standard = {.steps = 4500,
                                    .batch = 64,
                                    .layers = 6,
                                    .heads = 4,
                                    .channels = 128,
                                    .context = 128,
                                    .seed = 1,
                                    .rate = 3e-3,
                                    .copying = 0.25,
                                    .decay = 0.01};

/* Fine-tuning has its own: it is short, and the rate is a third; less for a broader model. */
static const struct run tuning = {.steps = 200, .batch = 16, .rate = -1};
static double tuning_rate(int C)
{
    return 1e-3 * 128 / C;
}

/* A setting: its name as an option and in a state file, where it is, and its usual value. */
struct setting {
    const char *name;
    long *whole;
    double *real; /* one of the two */
    double usual;
};

enum { SETTINGS = 10 };

static void list_settings(struct setting all[SETTINGS], struct run *r)
{
    const struct run *own = r->from ? &tuning : &standard;
    const struct setting now[SETTINGS] = {
        {"steps", &r->steps, NULL, (double)own->steps},
        {"batch", &r->batch, NULL, (double)own->batch},
        {"seed", &r->seed, NULL, (double)standard.seed},
        {"layers", &r->layers, NULL, (double)standard.layers},
        {"heads", &r->heads, NULL, (double)standard.heads},
        {"channels", &r->channels, NULL, (double)standard.channels},
        {"context", &r->context, NULL, (double)standard.context},
        {"rate", NULL, &r->rate, own->rate},
        {"copying", NULL, &r->copying, own->copying},
        {"decay", NULL, &r->decay, standard.decay}};
    memcpy(all, now, sizeof now);
}

static const char state_name[] = "training.safetensors";

/* A number that a state file keeps beside the tensors. */
static double kept_number(const struct stored_file *f, const char *name)
{
    const struct json_value *all =
        json_member(&f->json, &f->json.values[0], "__metadata__");
    const struct json_value *v = all ? json_member(&f->json, all, name) : NULL;
    if (!v || v->kind != JSON_STRING)
        die("%s: does not say \"%s\": is it the state of a training run?", f->path, name);
    return strtod(v->string, NULL);
}

/* Fills in the settings that were not given. A run that is resumed has those it was started with,
 * and refuses any others; `state` is NULL for a new one. */
static void settle(struct run *r, const struct stored_file *state)
{
    struct setting all[SETTINGS];
    list_settings(all, r);
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = &all[i];
        const double given = s->whole ? (double)*s->whole : *s->real;
        const double value = state ? kept_number(state, s->name) : s->usual;
        if (state && given >= 0 && given != value)
            die("%s: was started with --%s %.9g, not %.9g", state->path, s->name, value,
                given);
        if (given < 0 && s->whole)
            *s->whole = (long)value;
        else if (given < 0)
            *s->real = value;
    }
    if (r->save < 0) /* ten times in a run, or every 200 steps */
        r->save = r->steps < 10 ? 1 : r->steps < 2000 ? r->steps / 10 : 200;
}

static const char *const state_names[] = {"weights", "mean", "square"};

/* Writes weights, means and the run's settings, whole or not at all. */
static void write_state(struct run *r, const struct learner *l, const struct text *text)
{
    const char *path = brief(format_text("%s/%s", r->to, state_name));
    const float *const parts[] = {l->w, l->m, l->v};
    const struct config *c = &l->config;
    struct setting all[SETTINGS];
    struct header h = {0};
    list_settings(all, r);
    header_text(&h, brief(format_text("{\"__metadata__\":{\"step\":\"%ld\"", l->step)));
    for (int i = 0; i < SETTINGS; i++)
        header_text(
            &h, brief(format_text(",\"%s\":\"%.17g\"", all[i].name,
                                  all[i].whole ? (double)*all[i].whole : *all[i].real)));
    header_text(&h, brief(format_text(
                        ",\"hidden\":\"%d\",\"epsilon\":\"%.9g\",\"tied\":\"%d\","
                        "\"text\":\"%llu\",\"tokens\":\"%zu\",\"held back\":\"%zu\"}",
                        c->F, (double)c->epsilon, l->weights.lm_head == l->weights.wte,
                        (unsigned long long)(text->hash >> 12), text->count,
                        text->count - text->train_count)));
    for (int i = 0; i < 3; i++)
        header_tensor(&h, state_names[i], "F32", SHAPE((int)l->count));
    header_end(&h);
    struct file_made m = start_file(path);
    bool good = fwrite(h.text, 1, h.size, m.file) == h.size;
    for (int i = 0; i < 3 && good; i++)
        good = write_floats(m.file, l->count, parts[i]);
    finish_file(&m, good);
    free(h.text);
}

/* Reads weights and means back. Dies if the text is not the run's. */
static void read_state(const struct stored_file *f, struct learner *l,
                       const struct text *text, long steps)
{
    if (kept_number(f, "text") != (double)(text->hash >> 12) ||
        kept_number(f, "tokens") != (double)text->count)
        die("%s: was started with a different text or vocabulary", f->path);
    const double step = kept_number(f, "step");
    if (!(step >= 0 && step <= (double)steps && step == floor(step)))
        die("%s: is at step %.9g of %ld", f->path, step, steps);
    l->step = (long)step;
    float *const parts[] = {l->w, l->m, l->v};
    for (int i = 0; i < 3; i++) {
        const struct stored *s = find_stored(f, state_names[i]);
        if (!s || strcmp(s->type, "F32") != 0 || s->rank != 1 || s->shape[0] != l->count)
            die("%s: expected a tensor '%s' of %zu floats", f->path, state_names[i],
                l->count);
        convert(l->count, parts[i], f->bytes + 8 + f->header + s->begin, s->type);
    }
}

/* ---- Training ----------------------------------------------------------------------------- */

/* A fresh model: matrices of deviation 1/√inputs, so that each layer hands on numbers of the
 * size that it got; √(2L) times smaller for the layers that add to the residual stream, since
 * there are 2L of them; the norms' weights 1, biases 0. */
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

/* The weights of a different model of that shape; a shorter context has fewer positions. */
static void copy_weights(struct learner *l, const struct checkpoint *from)
{
    const struct config *c = &l->config;
    for (int i = 0; i < tensor_count(c); i++)
        memcpy(get_tensor(&l->weights, c, i),
               get_tensor(&from->weights, &from->config, i),
               tensor_place(c, i).size * sizeof(float));
    memcpy(l->weights.lm_head, from->weights.lm_head,
           tensor_place(c, 0).size * sizeof(float));
}

/* Does token number `at` count in the loss? Of a task (chapter 15) only the answer does. */
static bool is_asked(const struct text *text, size_t at)
{
    return !text->asked || text->asked[at];
}

/* Row number `row` of a run: T + 1 tokens, and which of them count. Most rows start where a
 * story does, and one in eight anywhere, so that the model also learns to continue a text
 * without <|endoftext|> in front. In the first quarter of a run some of the rows are random
 * pieces, each repeated: nothing can be learned from them but to look back and copy. */
static void fill_row(const struct run *r, const struct text *text, const struct config *c,
                     long step, uint64_t row, int to[c->positions + 1],
                     bool asked[c->positions + 1])
{
    const uint64_t seed = (uint64_t)r->seed * 2 + 1, place = row * 256;
    const int n = c->positions + 1;
    const bool early = step * 4 <= r->steps;
    if (early && (double)chance_below(seed, place, 1000) < r->copying * 1000) {
        const size_t piece = 8 + chance_below(seed, place + 1, 41);
        for (int i = 0; i < n; i++)
            to[i] = (size_t)i < piece
                        ? (int)chance_below(seed, place + 2 + (uint64_t)i, (size_t)c->V)
                        : to[(size_t)i - piece];
        memset(asked, 1, (size_t)n * sizeof *asked);
        return;
    }
    const size_t last = text->train_count - (size_t)n; /* where the last row begins */
    size_t from = chance_below(seed, place + 1, last + 1);
    if (text->train_stories && chance_below(seed, place + 2, 8) != 0)
        from = text->start[chance_below(seed, place + 3, text->train_stories)];
    if (from > last)
        from = last;
    memcpy(to, text->ids + from, (size_t)n * sizeof *to);
    for (int i = 0; i < n; i++)
        asked[i] = is_asked(text, from + (size_t)i);
}

/* Few texts per step at first, when any will do; more when the details matter. */
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

/* The steps until the rate has risen to its peak. */
static long warm_steps(const struct run *r)
{
    return r->steps < 400 ? r->steps / 10 + 1 : 100;
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

enum { TEXTS_AT_ONCE = 16 }; /* how many at a time, whatever the batch: it saves memory */

/* A piece of a text to measure on, read by itself. */
struct piece {
    size_t from;
    int length;
    size_t story; /* which story it belongs to, the first is 1; 0: before the first */
};

/* The text, starting at token `first`, in pieces of at most T tokens; each story begins one. At
 * most `most` of them. *count says how many. The caller frees them. */
static struct piece *cut_text(const struct text *text, size_t first, int T, size_t most,
                              size_t *count)
{
    /* A story's last token is followed by <|endoftext|>; any other text's by nothing. */
    const size_t end = text->stories ? text->count : text->count - 1;
    struct piece *all = NULL;
    size_t capacity = 0, n = 0, story = 0;
    for (size_t at = first; at < end && n < most; n++) {
        while (story < text->stories && text->start[story] <= at)
            story++;
        size_t next = story < text->stories ? text->start[story] : end;
        if (next - at > (size_t)T)
            next = at + (size_t)T;
        all = grow(all, &capacity, n + 1, sizeof *all);
        all[n] = (struct piece){at, (int)(next - at), story};
        at = next;
    }
    *count = n;
    return all;
}

/* The loss of these pieces, as the sum of all their tokens' losses; *tokens says how many these
 * are. With `each`, a line per token: story, the token's position, id, bytes, loss. */
static double pieces_loss(const struct config *c, const struct weights *w,
                          const struct text *text, size_t count,
                          const struct piece pieces[count], long *tokens, FILE *each,
                          const struct vocabulary *v)
{
    const int V = c->V, T = c->positions;
    struct fast_pass p = new_fast_pass(TEXTS_AT_ONCE, T, c);
    int(*ids)[T] = grab(TEXTS_AT_ONCE, sizeof *ids);
    int(*targets)[T] = grab(TEXTS_AT_ONCE, sizeof *targets);
    float(*losses)[T] = grab(TEXTS_AT_ONCE, sizeof *losses);
    const float(*logits)[T][V] = p.logits;
    double sum = 0;
    *tokens = 0;
    for (size_t done = 0; done < count; done += TEXTS_AT_ONCE) {
        const struct piece *some = pieces + done;
        const int rows =
            count - done < TEXTS_AT_ONCE ? (int)(count - done) : TEXTS_AT_ONCE;
        for (int r = 0; r < rows; r++) {
            memset(ids[r], 0, sizeof ids[r]);
            for (int t = 0; t < some[r].length; t++) {
                const size_t at = some[r].from + (size_t)t;
                ids[r][t] = text->ids[at];
                /* the last target of all is the <|endoftext|> that ends the text */
                const size_t next = at + 1 < text->count ? at + 1 : text->start[0];
                targets[r][t] = is_asked(text, next) ? text->ids[next] : -1;
            }
        }
        fast_forward(c, &p, ids[0], w);
        OMP(parallel for)
        for (int r = 0; r < rows; r++)
            for (int t = 0; t < some[r].length; t++)
                if (targets[r][t] >= 0)
                    losses[r][t] = cross_entropy(V, logits[r][t], targets[r][t]);
        for (int r = 0; r < rows; r++)
            for (int t = 0; t < some[r].length; t++) {
                const int id = targets[r][t];
                if (id < 0)
                    continue;
                ++*tokens;
                sum += (double)losses[r][t];
                if (each)
                    fprintf(each, "%zu\t%d\t%d\t%zu\t%.6f\n", some[r].story, t, id,
                            id == v->end_of_text ? 0 : token_bytes(v, id).size,
                            (double)losses[r][t]);
            }
    }
    free(ids);
    free(targets);
    free(losses);
    free_fast_pass(&p, c);
    return sum;
}

/* One step: its rows forward and backward, some at a time; then AdamW. Returns the loss. If the
 * loss or the gradient is no longer finite, nothing is learned, and the loss is NAN. */
static double train_step(const struct run *r, struct learner *l, const struct text *text,
                         uint64_t first_row, struct fast_pass *p, struct backward_work *k)
{
    const struct config *c = &l->config;
    const int T = c->positions;
    const long step = l->step + 1, batch = batch_at(r, step);
    int row[T + 1];
    bool asked[T + 1];
    int(*ids)[T] = grab((size_t)batch, sizeof *ids),
    (*targets)[T] = grab((size_t)batch, sizeof *targets);
    long count = 0; /* of targets that count */
    float *losses = grab((size_t)(p->B * T), sizeof *losses);
    double sum = 0;
    memset(l->g, 0, l->count * sizeof *l->g);
    for (long b = 0; b < batch; b++) {
        fill_row(r, text, c, step, first_row + (uint64_t)b, row, asked);
        memcpy(ids[b], row, sizeof ids[b]);
        for (int t = 0; t < T; t++) {
            targets[b][t] = asked[t + 1] ? row[t + 1] : -1;
            count += asked[t + 1];
        }
    }
    count = count ? count : 1; /* rows without an answer teach nothing */
    const int whole = p->B;
    for (long b = 0; b < batch; b += whole) {
        p->B = (int)(batch - b < whole ? batch - b : whole);
        fast_forward(c, p, ids[b], &l->weights);
        losses_backward(c, p, losses, targets[b], count);
        fast_backward(c, &l->gradients, p, ids[b], &l->weights, k);
        for (int i = 0; i < p->B * T; i++)
            sum += (double)losses[i];
    }
    p->B = whole;
    free(ids);
    free(targets);
    free(losses);
    if (!isfinite(sum) || !isfinite(clip(l->count, l->g, 1)))
        return NAN;
    const struct adamw a = {.rate =
                                rate_at(step, r->steps, warm_steps(r), (float)r->rate),
                            .beta1 = 0.9f,
                            .beta2 = 0.98f,
                            .epsilon = 1e-8f,
                            .decay = (float)r->decay};
    learn(l, &a);
    return sum / (double)count;
}

/* Everything a run works with. */
struct job {
    struct run *r;
    struct vocabulary v;
    struct text text, held_out; /* held_out: empty if the text's own end is held back */
    struct piece *pieces;       /* those to measure */
    size_t piece_count;
    struct learner l;
    struct fast_pass pass;
    struct backward_work work;
    char *log;          /* training.tsv */
    uint64_t row;       /* how many rows are learned */
    double since;       /* the losses since the log's last line, added up, and */
    long since_steps;   /* how many they are */
    double loss, other; /* of the last step; of the held-out text */
    long saved;         /* the step that is on disk; -1: none */
};

/* How to continue, or to begin again: in make's words, if make has started this. */
static char *advice(const struct run *r, const char *option, const char *variable)
{
    return r->as ? format_text("%s %s=yes", r->as, variable)
                 : format_text("the same command with %s", option);
}

/* A model that is there is never lost without a word, not even an unfinished one. */
static void check_place(const struct run *r)
{
    const char *state = brief(format_text("%s/%s", r->to, state_name)),
               *model = brief(format_text("%s/model.safetensors", r->to)),
               *done = brief(format_text("%s/done", r->to));
    const bool begun = file_exists(state);
    if (r->resume && !begun)
        die("%s: cannot be opened: there is no unfinished run to continue", state);
    if (!r->resume && !r->overwrite && (begun || file_exists(model))) {
        const bool unfinished = begun && !file_exists(done);
        char *again = advice(r, "--overwrite", "OVERWRITE"),
             *on = advice(r, "--resume", "RESUME");
        die("%s: has %s: %s%s%s puts a new one in its place", r->to,
            unfinished ? "an unfinished model" : "a model already", unfinished ? on : "",
            unfinished ? " continues it, " : "", again);
    }
}

/* Removes the files of an earlier run: state and mark first, so that a model without them is
 * whole. */
static void clear_place(const struct run *r)
{
    const char *const names[] = {state_name, "done", "training.tsv", "model.safetensors"};
    for (size_t i = r->resume ? 1 : 0; i < (r->resume ? 2 : 4); i++) {
        const char *path = brief(format_text("%s/%s", r->to, names[i]));
        if (remove(path) != 0 && errno != ENOENT)
            die("%s: cannot be removed: %s", path, strerror(errno));
    }
}

/* Puts a copy of a vocabulary's files beside the model. */
static void copy_vocabulary(const char *from, const char *to)
{
    const char *const names[] = {"vocab.json", "merges.txt"};
    for (int i = 0; i < 2; i++) {
        const char *path = brief(format_text("%s/%s", from, names[i]));
        const char *copy = brief(format_text("%s/%s", to, names[i]));
        struct bytes b = read_file(path);
        write_file(copy, b.data, b.size);
        free(b.data);
    }
}

/* The shape of the model in training: that of the one it continues from, or the settings'. */
static struct config job_config(struct run *r, const struct stored_file *state,
                                const struct checkpoint *old, int V)
{
    struct config c = {.positions = (int)r->context,
                       .V = V,
                       .C = (int)r->channels,
                       .H = (int)r->heads,
                       .L = (int)r->layers,
                       .F = 4 * (int)r->channels,
                       .epsilon = 1e-5f};
    if (state) {
        c.F = (int)kept_number(state, "hidden");
        c.epsilon = (float)kept_number(state, "epsilon");
    } else if (r->from) {
        c = old->config;
        if (r->context < c.positions)
            c.positions = (int)r->context;
        /* What is kept with the run is the shape that it has. */
        r->layers = c.L, r->heads = c.H, r->channels = c.C, r->context = c.positions;
    }
    if (c.C % c.H != 0)
        die("--heads: %d heads cannot share %d channels", c.H, c.C);
    if (r->rate < 0)
        r->rate = tuning_rate(c.C);
    return c;
}

/* Reads the text and decides what of it is measured: a file of its own, or a twentieth of the
 * text, its end, at least one row. */
static void open_texts(struct job *j, const struct config *c,
                       const struct stored_file *state)
{
    const struct run *r = j->r;
    const size_t row = (size_t)c->positions + 1, most = 500;
    j->text = load_text(r->text, &j->v, r->answers);
    size_t held = r->held_out ? 0 : j->text.count / 20;
    if (!r->held_out && held < row)
        held = row;
    if (state)
        held = (size_t)kept_number(state, "held back");
    if (j->text.count < held + row)
        die("%s: has %zu tokens, expected %zu at least: %s of %zu", r->text,
            j->text.count, held + row,
            held ? "one row to learn and one to measure," : "one row", row);
    hold_back(&j->text, held);
    if (r->held_out) {
        j->held_out = load_text(r->held_out, &j->v, r->answers);
        if (j->held_out.count < 2)
            die("%s: has %zu tokens, expected 2 at least", r->held_out,
                j->held_out.count);
        j->pieces = cut_text(&j->held_out, 0, c->positions, most, &j->piece_count);
    } else if (held)
        j->pieces =
            cut_text(&j->text, j->text.train_count, c->positions, most, &j->piece_count);
}

/* Everything that a run needs, read and checked; then its folder is cleared for it. */
static struct job open_job(struct run *r, const char *model)
{
    struct job j = {.r = r, .saved = -1, .loss = NAN, .other = NAN};
    struct stored_file file = {0}, *state = NULL;
    struct checkpoint old = {0};
    check_place(r);
    if (r->resume) {
        file = open_stored(brief(format_text("%s/%s", r->to, state_name)));
        state = &file;
    }
    settle(r, state);
    const char *words = r->vocabulary ? r->vocabulary
                        : state       ? r->to
                        : r->from     ? r->from
                                      : model;
    j.v = load_vocabulary(words);
    if (r->from && !state) {
        old = load_checkpoint(r->from);
        if (old.config.V != j.v.size)
            die("%s: has %d tokens, the vocabulary in %s has %d", r->from, old.config.V,
                words, j.v.size);
    }
    const struct config c = job_config(r, state, &old, j.v.size);
    open_texts(&j, &c, state);
    j.l = new_learner(&c, state ? kept_number(state, "tied") != 0
                                : old.weights.lm_head == old.weights.wte);
    if (state) {
        read_state(state, &j.l, &j.text, r->steps);
        j.saved = j.l.step;
        close_stored(state);
    } else if (r->from) {
        /* (The copy in memory outlives its file, if both are in one folder.) */
        copy_weights(&j.l, &old);
        free_checkpoint(&old);
    } else
        fresh_weights(&j.l, (uint64_t)r->seed * 2);
    make_folder(r->to);
    clear_place(r);
    copy_vocabulary(words, r->to);
    const int at_once = r->batch < TEXTS_AT_ONCE ? (int)r->batch : TEXTS_AT_ONCE;
    j.pass = new_fast_pass(at_once, c.positions, &c);
    j.work = new_backward_work(at_once * c.positions, &c);
    j.row = rows_before(r, j.l.step + 1);
    return j;
}

static void close_job(struct job *j)
{
    free_backward_work(&j->work);
    free_fast_pass(&j->pass, &j->l.config);
    free_learner(&j->l);
    free_text(&j->text);
    free_text(&j->held_out);
    free_vocabulary(&j->v);
    free(j->pieces);
    free(j->log);
}

/* The log of a run, a line per measurement. Of an earlier try only the lines before its state
 * stay. */
static void open_log(struct job *j)
{
    char *path = format_text("%s/training.tsv", j->r->to);
    struct bytes old =
        j->l.step > 0 && file_exists(path) ? read_file(path) : (struct bytes){0};
    j->log = format_text("# step\ttokens\tloss\theld-out loss\trate\tseconds\n%*s",
                         (int)old.size, "");
    char *to = strchr(j->log, '\n') + 1;
    for (char *line = (char *)old.data, *end; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            break;
        const size_t length = (size_t)(end - line) + 1;
        if (*line != '#' && strtol(line, NULL, 10) <= j->l.step) {
            memcpy(to, line, length);
            to += length;
        }
    }
    *to = 0;
    free(old.data);
    free(path);
}

/* Adds a line to the log, and writes it whole. */
static void write_log(struct job *j, double spent)
{
    const struct run *r = j->r;
    const unsigned long long tokens =
        (unsigned long long)j->row * (unsigned long long)j->l.config.positions;
    const char *path = brief(format_text("%s/training.tsv", r->to));
    char *longer = format_text(
        "%s%ld\t%llu\t%.5f\t%.5f\t%.4g\t%.0f\n", j->log, j->l.step, tokens,
        j->since / (double)j->since_steps, j->other,
        (double)rate_at(j->l.step, r->steps, warm_steps(r), (float)r->rate), spent);
    free(j->log);
    j->log = longer;
    write_file(path, longer, strlen(longer));
    j->since = 0;
    j->since_steps = 0;
}

/* Ends a run whose numbers are no longer finite, and says what is left of it. */
static _Noreturn void give_up(const struct job *j, long step)
{
    char *left = j->saved < 0 ? format_text("nothing was saved before")
                              : format_text("%s has step %ld", j->r->to, j->saved);
    die("step %ld: the loss is not a number any more: the rate %g is too high (%s)", step,
        j->r->rate, left);
}

/* Measures the held-out text, and saves, if the loss is still a number. */
static void measure_and_save(struct job *j, double spent)
{
    const struct config *c = &j->l.config;
    if (j->piece_count) {
        long tokens;
        const struct text *text = j->r->held_out ? &j->held_out : &j->text;
        const double sum = pieces_loss(c, &j->l.weights, text, j->piece_count, j->pieces,
                                       &tokens, NULL, &j->v);
        if (!isfinite(sum))
            give_up(j, j->l.step);
        j->other = sum / (double)tokens;
    }
    write_state(j->r, &j->l, &j->text);
    write_checkpoint(j->r->to, c, &j->l.weights);
    j->saved = j->l.step;
    if (j->since_steps)
        write_log(j, spent);
}

/* One line about the progress of the run; on a terminal, each overwrites the last. */
static void tell(const struct job *j, double spent, uint64_t begun_row, bool measured)
{
    const bool terminal = on_terminal();
    const double T = (double)j->l.config.positions,
                 speed = (double)(j->row - begun_row) * T / spent,
                 left = (double)(rows_before(j->r, j->r->steps + 1) - j->row) * T;
    printf("%sstep %ld of %ld  loss %.4f", terminal ? "\r" : "", j->l.step, j->r->steps,
           j->loss);
    if (isfinite(j->other))
        printf("  held-out %.4f", j->other);
    printf("  %.0f tokens/s  %.0f min left%s", speed, ceil(left / speed / 60),
           terminal ? "\033[K" : "");
    if (!terminal || measured)
        putchar('\n');
    fflush(stdout);
}

/* All steps that are left, or until somebody asks to stop. */
static void run_steps(struct job *j)
{
    const struct run *r = j->r;
    const bool terminal = on_terminal();
    const uint64_t begun_row = j->row;
    const long begun_step = j->l.step;
    const double begun = seconds();
    while (j->l.step < r->steps && !stop_asked) {
        j->loss = train_step(r, &j->l, &j->text, j->row, &j->pass, &j->work);
        if (!isfinite(j->loss))
            give_up(j, j->l.step + 1);
        const long step = j->l.step;
        j->row += (uint64_t)batch_at(r, step);
        j->since += j->loss;
        j->since_steps++;
        const bool measured = step % r->save == 0 || step == r->steps || stop_asked;
        if (measured)
            measure_and_save(j, seconds() - begun);
        if (measured || step == 1 || step % (terminal ? 10 : 50) == 0)
            tell(j, seconds() - begun, begun_row, measured);
    }
    /* (A run that is resumed without a step left may have been killed before it wrote its model.) */
    if (j->saved < j->l.step || begun_step == j->l.step)
        measure_and_save(j, seconds() - begun);
}

static void command_train(struct run *r, const char *model)
{
    if (!r->text)
        die("train: expected --text FILE, what to learn from");
    if (!r->to)
        die("train: expected --to DIR, the folder for the model");
    struct job j = open_job(r, model);
    const struct config *c = &j.l.config;
    printf("%zu tokens of text, %zu stories; a model of %zu parameters (L %d, H %d, C "
           "%d, context %d); %d thread%s\n",
           j.text.count, j.text.stories, j.l.count, c->L, c->H, c->C, c->positions,
           thread_count(), thread_count() > 1 ? "s" : "");
    if (j.text.train_count < j.text.count)
        printf("held out: the last %zu tokens, to measure on; loss: of each step's own "
               "rows\n",
               j.text.count - j.text.train_count);
    fflush(stdout);
    const struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    open_log(&j);
    run_steps(&j);
    if (j.l.step < r->steps) {
        char *on = advice(r, "--resume", "RESUME");
        printf("stopped after step %ld; to continue: %s\n", j.l.step, on);
        free(on);
    } else {
        write_file(brief(format_text("%s/done", r->to)), "", 0);
        printf("the model is in %s\n", r->to);
    }
    close_job(&j);
}

/* Checks that need no vocabulary: is there a text, and a place for the model? */
static void command_check(const struct run *r)
{
    if (!r->text || !r->to)
        die("check: expected --text FILE and --to DIR");
    check_place(r);
    struct bytes b = text_bytes(r->text);
    if (strstr((char *)b.data, "\r\n"))
        printf("%s: its lines end in \\r\\n, as on Windows; the model learns that, too "
               "(tr -d '\\r' removes it)\n",
               r->text);
    free(b.data);
}

static void command_eval(const struct run *r, const char *model)
{
    if (!r->text)
        die("eval: expected --text FILE, the text to measure on");
    struct checkpoint m = load_checkpoint(model);
    narrow(&m, parse_kind(r->weights));
    struct vocabulary v = open_vocabulary(model, &m.config, true);
    struct text text = load_text(r->text, &v, r->answers);
    if (text.count < 2)
        die("%s: has %zu tokens, expected 2 at least", r->text, text.count);
    size_t count, size = 0;
    struct piece *pieces = cut_text(&text, 0, m.config.positions, SIZE_MAX, &count);
    char *lines = NULL;
    FILE *each = r->to ? open_memstream(&lines, &size) : NULL;
    if (r->to && !each)
        die("out of memory");
    long tokens;
    const double sum =
        pieces_loss(&m.config, &m.weights, &text, count, pieces, &tokens, each, &v);
    if (each && fclose(each) != 0)
        die("out of memory");
    if (each)
        write_file(r->to, lines, size);
    if (text.stories)
        printf("stories   %zu%s\n", text.stories,
               count > text.stories ? " (longer than the context: in pieces)" : "");
    printf("tokens    %ld\n", tokens);
    printf("per token %.5f nats\n", sum / (double)tokens);
    if (text.stories)
        printf("per story %.4f nats\n", sum / (double)text.stories);
    free(lines);
    free(pieces);
    free_text(&text);
    free_vocabulary(&v);
    free_model(&m);
}

/* ---- The walk: one step of training on the prompt ------------------------------------------ */

/* The prompt as a text to learn: <|endoftext|> and all but its last token are read, and at each
 * position the next one is the target. */
struct lesson {
    struct reading reading;
    struct learner l;
    int T, *ids, *targets; /* [T] */
    char **read, **next;   /* [T]: their labels */
    float *losses;         /* [T] */
    struct fast_pass pass;
    struct backward_work work;
};

static struct lesson open_lesson(const struct options *o)
{
    struct lesson s = {.reading = open_reading(o)};
    const struct checkpoint *m = &s.reading.model;
    const int T = s.T = s.reading.prompt.count;
    s.l = new_learner(&m->config, m->weights.lm_head == m->weights.wte);
    copy_weights(&s.l, m);
    s.ids = grab((size_t)T, sizeof *s.ids);
    s.read = grab((size_t)T, sizeof *s.read);
    s.targets = s.reading.prompt.ids;
    s.next = s.reading.prompt.labels;
    const int end = s.reading.vocabulary.end_of_text;
    s.ids[0] = s.reading.vocabulary.size && end >= 0 ? end : m->config.V - 1;
    memcpy(s.ids + 1, s.targets, (size_t)(T - 1) * sizeof *s.ids);
    s.read[0] = token_label(&s.reading.vocabulary, s.ids[0]);
    for (int t = 1; t < T; t++)
        s.read[t] = s.next[t - 1];
    s.losses = grab((size_t)T, sizeof *s.losses);
    s.pass = new_fast_pass(1, T, &m->config);
    s.work = new_backward_work(T, &m->config);
    return s;
}

static void close_lesson(struct lesson *s)
{
    free_backward_work(&s->work);
    free_fast_pass(&s->pass, &s->l.config);
    free_learner(&s->l);
    free(s->read[0]);
    free(s->read);
    free(s->ids);
    free(s->losses);
    close_reading(&s->reading);
}

/* The mean loss with the present weights; s->pass keeps all that was computed. */
static double measure(struct lesson *s)
{
    const int V = s->l.config.V;
    const float(*logits)[V] = s->pass.logits;
    double sum = 0;
    fast_forward(&s->l.config, &s->pass, s->ids, &s->l.weights);
    for (int t = 0; t < s->T; t++) {
        s->losses[t] = cross_entropy(V, logits[t], s->targets[t]);
        sum += (double)s->losses[t];
    }
    return sum / s->T;
}

/* What the walk shows of the way back. */
struct journey {
    int place;              /* the one with the largest loss */
    float *p, *dlogits;     /* [V] there: probabilities, gradient of the logits */
    float *rows;            /* [L + 1]: the length of dx below each block */
    float *top, *mid;       /* [T][C]: dx above the last block, and inside it */
    float *norm_g, *norm_n; /* [C]: at that position, in the norm that takes out most */
    double norm_share;      /* how much of g's square is taken out there */
    char norm_name[24];
    float *by_head; /* [V]: the length of the head's gradient rows */
    float *g;       /* [count]: a copy of the gradient, before it is shortened */
    double length;  /* of the whole gradient */
    struct tensors made;
};

/* A norm's gradient at one row: g = dy weight, n, and how much of g is taken out, its mean and
 * its part along n. The norm in which that part is largest is kept in j. */
static void watch_norm(struct journey *j, const char *name, int block, int C,
                       const float dy[C], const float x[C], const float weight[C],
                       float epsilon)
{
    float g[C], n[C];
    double mean = 0, spread = 0, g_mean = 0, gn_mean = 0, squares = 0;
    for (int c = 0; c < C; c++)
        mean += (double)x[c] / C;
    for (int c = 0; c < C; c++)
        spread += ((double)x[c] - mean) * ((double)x[c] - mean) / C;
    for (int c = 0; c < C; c++) {
        g[c] = dy[c] * weight[c];
        n[c] = (float)(((double)x[c] - mean) / sqrt(spread + (double)epsilon));
        g_mean += (double)g[c] / C;
        gn_mean += (double)g[c] * (double)n[c] / C;
        squares += (double)g[c] * (double)g[c] / C;
    }
    const double share = (g_mean * g_mean + gn_mean * gn_mean) / squares;
    if (!(share > j->norm_share))
        return;
    j->norm_share = share;
    memcpy(j->norm_g, g, sizeof g);
    memcpy(j->norm_n, n, sizeof n);
    if (block < 0)
        snprintf(j->norm_name, sizeof j->norm_name, "%s", name);
    else
        snprintf(j->norm_name, sizeof j->norm_name, "h.%d.%s", block, name);
}

/* Forward and backward once, looking on. The gradient is in s->l.g then. */
static struct journey travel(struct lesson *s)
{
    const struct config *c = &s->l.config;
    const struct weights *w = &s->l.weights, *g = &s->l.gradients;
    const int T = s->T, C = c->C, V = c->V, L = c->L;
    const size_t rows = (size_t)T * (size_t)C;
    struct journey j = {0};
    j.p = new_tensor(&j.made, NULL, SHAPE(V));
    j.dlogits = new_tensor(&j.made, NULL, SHAPE(V));
    j.rows = new_tensor(&j.made, NULL, SHAPE(L + 1));
    j.top = new_tensor(&j.made, NULL, SHAPE(T, C));
    j.mid = new_tensor(&j.made, NULL, SHAPE(T, C));
    j.norm_g = new_tensor(&j.made, NULL, SHAPE(C));
    j.norm_n = new_tensor(&j.made, NULL, SHAPE(C));
    j.by_head = new_tensor(&j.made, NULL, SHAPE(V));
    j.g = new_tensor(&j.made, NULL, SHAPE((int)s->l.count));
    measure(s);
    for (int t = 0; t < T; t++)
        if (s->losses[t] > s->losses[j.place])
            j.place = t;
    float(*logits)[V] = s->pass.logits;
    const float most = largest_of(V, logits[j.place]);
    const float sum = exp_row(V, j.p, logits[j.place], most);
    for (int v = 0; v < V; v++)
        j.p[v] /= sum;
    memset(s->l.g, 0, s->l.count * sizeof *s->l.g);
    losses_backward(c, &s->pass, s->losses, s->targets, T);
    memcpy(j.dlogits, logits[j.place], (size_t)V * sizeof(float));

    head_backward(c, g, &s->pass, w, &s->work);
    const float(*dnorm)[C] = s->work.dnorm,
          (*last)[C] = L ? s->pass.h[L - 1].output : s->pass.embedding,
          (*head)[C] = g->lm_head;
    watch_norm(&j, "ln_f", -1, C, dnorm[j.place], last[j.place], w->ln_f_weight,
               c->epsilon);
    for (int v = 0; v < V; v++)
        j.by_head[v] = (float)row_length((size_t)C, head[v]);
    memcpy(j.top, s->work.dx, rows * sizeof(float));
    j.rows[L] = (float)row_length(rows, s->work.dx);
    for (int l = L - 1; l >= 0; l--) {
        const float(*mid)[C] = s->pass.h[l].mid,
              (*below)[C] = l ? s->pass.h[l - 1].output : s->pass.embedding;
        mlp_backward(c, l, g, &s->pass, w, &s->work);
        watch_norm(&j, "ln_2", l, C, dnorm[j.place], mid[j.place], w->h[l].ln_2_weight,
                   c->epsilon);
        if (l == L - 1)
            memcpy(j.mid, s->work.dx, rows * sizeof(float));
        attention_backward(c, l, g, &s->pass, w, &s->work);
        watch_norm(&j, "ln_1", l, C, dnorm[j.place], below[j.place], w->h[l].ln_1_weight,
                   c->epsilon);
        j.rows[l] = (float)row_length(rows, s->work.dx);
    }
    embed_backward(T, T, C, g->wte, g->wpe, s->ids, s->work.dx);
    memcpy(j.g, s->l.g, s->l.count * sizeof *j.g);
    j.length = length_of(s->l.count, s->l.g);
    return j;
}

/* Step 1: the loss at each position. */
static void walk_losses(const struct lesson *s, double loss)
{
    enum { LINES = 20 };
    const int T = s->T, top = T <= LINES ? T : LINES - 6;
    const int bottom = T <= LINES ? T : T - 5;
    heading("1. What comes next", "at each position; the loss there is -ln p(next)");
    printf("  position  reads           next            p(next)    loss\n");
    for (int t = 0; t < T; t++) {
        if (t == top && bottom > top)
            printf("  %8s\n", "…");
        if (t >= top && t < bottom)
            continue;
        printf("  %8d  %s  %s  %7.4f  %6.3f\n", t, field(s->read[t], 14, false),
               field(s->next[t], 14, false), exp(-(double)s->losses[t]), s->losses[t]);
    }
    printf("  mean loss %.4f nats per token; a model that knows nothing: ln %d = %.3f\n",
           loss, s->l.config.V, log((double)s->l.config.V));
}

/* The k likeliest tokens at the position, and after them the target, if it is not among
 * them. Returns how many. */
static int likeliest(const struct lesson *s, const struct journey *j, int k, int found[])
{
    const int V = s->l.config.V, target = s->targets[j->place], count = smaller(k, V);
    find_largest(V, count, found, j->p);
    for (int i = 0; i < count; i++)
        if (found[i] == target)
            return count;
    found[count] = target;
    return count + 1;
}

/* Step 2: the gradient of the logits at the position with the largest loss. */
static void walk_logits(const struct lesson *s, const struct journey *j)
{
    enum { SHOWN = 6 };
    int found[SHOWN + 1];
    const int count = likeliest(s, j, SHOWN, found), V = s->l.config.V;
    double others = 0, all = 0;
    heading("2. The first gradient", "where the loss is largest, position %d", j->place);
    printf("  token                 p     came  dlogit · %d\n", s->T);
    for (int i = 0; i < count; i++) {
        const bool came = found[i] == s->targets[j->place];
        printf("  %s %8.4f  %5d  %9.4f\n",
               token_field(&s->reading.vocabulary, found[i], 14), j->p[found[i]], came,
               (double)j->dlogits[found[i]] * s->T);
        others += (double)j->dlogits[found[i]] * s->T;
    }
    for (int v = 0; v < V; v++)
        all += (double)j->dlogits[v] * s->T;
    printf("  all others  %34.4f\n  together    %34.4f\n", all - others, fabs(all));
}

/* The length of one tensor's gradient, of two together: its matrix and its bias. */
static double both(const struct config *c, const struct weights *g, int i, int k)
{
    return hypot(row_length(tensor_place(c, i).size, get_tensor(g, c, i)),
                 row_length(tensor_place(c, k).size, get_tensor(g, c, k)));
}

/* Step 3: how long the gradient is, all the way down. */
static void walk_back(const struct lesson *s, const struct journey *j)
{
    const struct config *c = &s->l.config;
    const struct weights *g = &s->l.gradients;
    const int L = c->L, step = (L + 11) / 12, last = tensor_count(c) - 2;
    heading("3. The way back", "lengths: of the rows' gradient, and of each layer's");
    printf("  %-16s %7s   %7s %7s %7s %7s %7s %7s\n  %-16s %7.4f   ln_f %.4f\n", "",
           "rows", "ln_1", "c_attn", "c_proj", "ln_2", "c_fc", "c_proj",
           "above the blocks", j->rows[L], both(c, g, last, last + 1));
    for (int l = L - 1; l >= 0; l--) {
        if ((L - 1 - l) % step != 0 && l != 0)
            continue;
        const int first = 2 + BLOCK_TENSORS * l;
        printf("  below block %-4d %7.4f  ", l, (double)j->rows[l]);
        for (int i = 0; i < BLOCK_TENSORS; i += 2)
            printf(" %7.4f", both(c, g, first + i, first + i + 1));
        putchar('\n');
    }
    printf("  wte %.4f, wpe %.4f; all %zu parameters together %.4f\n",
           row_length(tensor_place(c, 0).size, g->wte),
           row_length(tensor_place(c, 1).size, g->wpe), s->l.count, j->length);
}

/* A weight to look at. */
struct watched {
    size_t at; /* among all weights */
    char *name;
};

/* The one with the largest gradient in any matrix of a block. */
static struct watched choose_weight(const struct lesson *s, const struct journey *j)
{
    const struct config *c = &s->l.config;
    struct tensor_place where = {.name = "no matrix", .shape = {1, 1}};
    size_t best = 0, within = 0;
    for (int i = c->L ? 2 : 0; i < tensor_count(c) - 2; i++) {
        const struct tensor_place p = tensor_place(c, i);
        const size_t start = (size_t)(get_tensor(&s->l.weights, c, i) - s->l.w);
        for (size_t n = 0; n < p.size && p.rank == 2; n++)
            if (where.rank == 0 || fabsf(j->g[start + n]) > fabsf(j->g[best])) {
                where = p;
                best = start + n;
                within = n;
            }
    }
    return (struct watched){best, format_text("%s[%zu, %zu]", where.name,
                                              within / (size_t)where.shape[1],
                                              within % (size_t)where.shape[1])};
}

/* The loss after that weight is moved. */
static double moved_loss(struct lesson *s, size_t at, double by)
{
    const float kept = s->l.w[at];
    s->l.w[at] = (float)((double)kept + by);
    const double loss = measure(s);
    s->l.w[at] = kept;
    return loss;
}

/* Step 4: the gradient, measured. */
static void walk_check(struct lesson *s, const struct journey *j,
                       const struct watched *one)
{
    static const double moves[] = {3, 1, 0.3, 0.1};
    heading("4. Is it true?", "a weight is moved both ways, and the loss measured");
    printf("  %s is %.4f, its gradient %.4f\n", one->name, (double)s->l.w[one->at],
           (double)j->g[one->at]);
    printf("  moved by   loss below   loss above   slope\n");
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        const double below = moved_loss(s, one->at, -moves[i]),
                     above = moved_loss(s, one->at, moves[i]);
        printf("  %8.2f   %10.4f   %10.4f  %7.4f\n", moves[i], below, above,
               (above - below) / (2 * moves[i]));
    }
}

static const struct adamw walk_adamw = {1e-3f, 0.9f, 0.98f, 1e-8f, 0.01f};
enum { WALK_STEPS = 20 };

/* Steps 5 and 6: what AdamW does with that gradient, and with twenty. */
static void walk_learning(struct lesson *s, const struct watched *one, double loss)
{
    const struct config *c = &s->l.config;
    const float before = s->l.w[one->at];
    heading("5. A step downhill", "what AdamW does to this weight; learning rate %g",
            (double)walk_adamw.rate);
    clip(s->l.count, s->l.g, 1);
    printf("  %-44s %10.6f\n", "its gradient, after clipping", (double)s->l.g[one->at]);
    learn(&s->l, &walk_adamw);
    printf("  %-44s %10.6f\n  %-44s %10.8f\n  %-44s %10.4f\n",
           "its running mean, m: a tenth of it", s->l.m[one->at],
           "the square's, v: a fiftieth of it", s->l.v[one->at],
           "both corrected for step 1; m / √v",
           (double)(s->l.m[one->at] / 0.1f / (sqrtf(s->l.v[one->at] / 0.02f) + 1e-8f)));
    printf("  %-44s %10.6f\n", "the weight before", (double)before);
    printf("  %-44s %10.6f\n", "and after", (double)s->l.w[one->at]);

    heading("6. Again and again", "the same prompt, %d steps", (int)WALK_STEPS);
    printf("  steps   loss    p of the whole prompt\n");
    printf("  %5d   %6.3f  %#.2g\n", 0, loss, exp(-loss * s->T));
    for (int step = 1; step <= WALK_STEPS; step++) {
        if (step > 1) {
            memset(s->l.g, 0, s->l.count * sizeof *s->l.g);
            losses_backward(c, &s->pass, s->losses, s->targets, s->T);
            fast_backward(c, &s->l.gradients, &s->pass, s->ids, &s->l.weights, &s->work);
            clip(s->l.count, s->l.g, 1);
            learn(&s->l, &walk_adamw);
        }
        const double now = measure(s);
        if (step == 1 || step == 2 || step == 5 || step == 10 || step == WALK_STEPS)
            printf("  %5d   %6.3f  %#.2g\n", step, now, exp(-now * s->T));
    }
}

/* ---- Data for figures, and the dump ---------------------------------------------------------- */

/* Lengths all the way down: above the blocks, then below each. */
static void figure_sizes(const char *folder, const struct lesson *s,
                         const struct journey *j)
{
    const struct config *c = &s->l.config;
    const struct weights *g = &s->l.gradients;
    FILE *f = figure_open(folder, "sizes");
    for (int l = c->L; l >= 0; l--) {
        const int first = 2 + BLOCK_TENSORS * l;
        figure_row(f, "%d %.5f +", l, j->rows[l]);
        for (int i = 0; i < BLOCK_TENSORS; i += 2)
            figure_row(f, i + 2 < BLOCK_TENSORS ? "%.5f +" : "%.5f",
                       l < c->L ? both(c, g, first + i, first + i + 1) : 0);
    }
    figure_close(f);
}

static void figure_logits(const char *folder, const struct lesson *s,
                          const struct journey *j)
{
    int found[13];
    const int count = likeliest(s, j, 12, found);
    FILE *f = figure_open(folder, "logits");
    for (int i = 0; i < count; i++)
        figure_row(f, "%.4f %.4f %d %d %s", j->p[found[i]],
                   (double)j->dlogits[found[i]] * s->T, found[i] == s->targets[j->place],
                   j->place, token_text(&s->reading.vocabulary, found[i]));
    figure_close(f);
}

/* The corner of a matrix, a line a number: its name, row, column, number. */
static void figure_corner(FILE *f, const char *name, int decimals, int rows, int columns,
                          const float x[rows][columns])
{
    enum { CORNER = 6 };
    for (int a = 0; a < rows && a < CORNER; a++)
        for (int b = 0; b < columns && b < CORNER; b++)
            figure_row(f, decimals == 4 ? "%s %d %d %.4f" : "%s %d %d %.6f", name, a, b,
                       x[a][b]);
}

/* The linear layer that feed-forward ends with, in the last block: its input, the gradient of
 * its output, and the two products; a corner of each. */
static void figure_linear(const char *folder, const struct lesson *s,
                          const struct journey *j)
{
    const int T = s->T, C = s->l.config.C, F = s->l.config.F, L = s->l.config.L;
    FILE *f = figure_open(folder, "linear");
    if (L > 0) {
        const float(*w)[C] = s->l.weights.h[L - 1].mlp_c_proj_weight;
        const float(*dy)[C] = (const float(*)[C])j->top;
        float(*dx)[F] = grab((size_t)T, sizeof *dx);
        product_with_rows(T, C, F, dx, dy, w);
        figure_corner(f, "x", 4, T, F, s->pass.h[L - 1].gelu);
        figure_corner(f, "dx", 6, T, F, (const float(*)[F])dx);
        figure_corner(f, "dy", 6, T, C, dy);
        figure_corner(f, "w", 6, F, C, w);
        figure_corner(f, "dw", 6, F, C, s->l.gradients.h[L - 1].mlp_c_proj_weight);
        free(dx);
    }
    figure_close(f);
}

static void figure_norm(const char *folder, const struct lesson *s,
                        const struct journey *j)
{
    const int C = s->l.config.C;
    double mean = 0, along = 0;
    for (int c = 0; c < C; c++) {
        mean += (double)j->norm_g[c] / C;
        along += (double)j->norm_g[c] * (double)j->norm_n[c] / C;
    }
    FILE *f = figure_open(folder, "norm");
    for (int c = 0; c < C && c < 64; c++) {
        const double g = (double)j->norm_g[c], part = (double)j->norm_n[c] * along;
        figure_row(f, "%.6f %.6f %.6f %.6f %.3f %d %d %s", g, mean, part, g - mean - part,
                   j->norm_share, C, j->place, j->norm_name);
    }
    figure_close(f);
}

/* A histogram: which x the last block's hidden units get. */
static void figure_gelu(const char *folder, const struct lesson *s)
{
    enum { BINS = 60 };
    const int L = s->l.config.L, F = s->l.config.F;
    long counts[BINS] = {0}, below = 0, all = 0;
    const float *x = L ? s->pass.h[L - 1].c_fc : NULL;
    for (size_t i = 0; x && i < (size_t)s->T * (size_t)F; i++, all++) {
        const int bin = (int)floor(((double)x[i] + 4) * BINS / 8);
        counts[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin]++;
        below += x[i] < -2;
    }
    FILE *f = figure_open(folder, "gelu");
    for (int b = 0; b < BINS && all; b++)
        figure_row(f, "%.3f %.3f %.3f", -4 + 8 * (b + 0.5) / BINS,
                   (double)counts[b] / (double)all, (double)below / (double)all);
    figure_close(f);
}

/* One head of the last block: its weights, and the gradients of weights and scores. The head
 * whose scores' gradient is the longest. */
static void figure_attention(const char *folder, const struct lesson *s,
                             const struct journey *j)
{
    const int T = s->T, C = s->l.config.C, H = s->l.config.H, D = C / H,
              L = s->l.config.L;
    const size_t square = (size_t)T * (size_t)T;
    FILE *f = figure_open(folder, "attention");
    struct tensors made = {0};
    if (L > 0) {
        const float(*weights)[T][T] = s->pass.h[L - 1].weights,
              (*qkv)[3 * C] = s->pass.h[L - 1].qkv;
        float(*dcontext)[C] = new_tensor(&made, NULL, SHAPE(T, C)),
        (*dweights)[T][T] = new_tensor(&made, NULL, SHAPE(H, T, T)),
        (*dscores)[T][T] = new_tensor(&made, NULL, SHAPE(H, T, T));
        const float(*c_proj)[C] = s->l.weights.h[L - 1].attn_c_proj_weight;
        product_with_rows(T, C, C, dcontext, (const float(*)[C])j->mid, c_proj);
        int best = 0;
        for (int h = 0; h < H; h++) {
            for (int t = 0; t < T; t++) {
                for (int i = 0; i <= t; i++)
                    for (int d = 0; d < D; d++)
                        dweights[h][t][i] +=
                            dcontext[t][h * D + d] * qkv[i][2 * C + h * D + d];
                softmax_backward(t + 1, dscores[h][t], dweights[h][t], weights[h][t]);
            }
            if (row_length(square, dscores[h][0]) > row_length(square, dscores[best][0]))
                best = h;
        }
        for (int t = 0; t < T; t++)
            for (int i = 0; i < T; i++)
                figure_row(f, "%d %d %.6f %.6f %.6f %d %d", t, i, weights[best][t][i],
                           dweights[best][t][i],
                           (double)dscores[best][t][i] / sqrt((double)D), best, L - 1);
    }
    free_tensors(&made);
    figure_close(f);
}

/* The rows of wte with the longest gradients: how much comes from the head, and how much from
 * the embedding. */
static void figure_embedding(const char *folder, const struct lesson *s,
                             const struct journey *j)
{
    enum { SHOWN = 14 };
    const int V = s->l.config.V, C = s->l.config.C, shown = smaller(SHOWN, V);
    const float(*dx)[C] = s->work.dx;
    float *row = grab((size_t)C, sizeof *row), *read = grab((size_t)V, sizeof *read),
          *both = grab((size_t)V, sizeof *both);
    int found[SHOWN];
    for (int v = 0; v < V; v++) {
        memset(row, 0, (size_t)C * sizeof *row);
        for (int t = 0; t < s->T; t++)
            for (int c = 0; c < C && s->ids[t] == v; c++)
                row[c] += dx[t][c];
        read[v] = (float)row_length((size_t)C, row);
        both[v] = j->by_head[v] + read[v];
    }
    find_largest(V, shown, found, both);
    FILE *f = figure_open(folder, "embedding");
    for (int i = 0; i < shown; i++) {
        int came = 0;
        for (int t = 0; t < s->T; t++)
            came += s->targets[t] == found[i];
        figure_row(f, "%.4f %.4f %d %d %s", j->by_head[found[i]], read[found[i]], came, V,
                   token_text(&s->reading.vocabulary, found[i]));
    }
    figure_close(f);
    free(row);
    free(read);
    free(both);
}

/* The loss along one weight, and the line that the gradient predicts. */
static void figure_check(const char *folder, struct lesson *s, const struct journey *j,
                         const struct watched *one, double loss)
{
    enum { SIDE = 20 };
    FILE *f = figure_open(folder, "check");
    for (int i = -SIDE; i <= SIDE; i++) {
        const double by = 3.0 * i / SIDE;
        figure_row(f, "%.5f %.5f %.5f %s", (double)s->l.w[one->at] + by,
                   moved_loss(s, one->at, by), loss + (double)j->g[one->at] * by,
                   one->name);
    }
    figure_close(f);
}

/* Gradients and steps of all weights, by size: the shares of the powers of ten. */
static void figure_adamw(const char *folder, const struct lesson *s, const float *before)
{
    enum { BINS = 64 }; /* four to a power of ten, from 1e-14 to 100 */
    double shares[2][BINS] = {{0}};
    size_t all = 0;
    for (size_t i = 0; i < s->l.count; i++) {
        const double x[2] = {fabs((double)s->l.g[i]),
                             fabs((double)s->l.w[i] - (double)before[i])};
        if (x[0] <= 0)
            continue;
        all++;
        for (int k = 0; k < 2; k++) {
            const int bin = (int)floor((log10(fmax(x[k], 1e-14)) + 14) * 4);
            shares[k][bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin]++;
        }
    }
    FILE *f = figure_open(folder, "adamw");
    for (int b = 0; b < BINS && all; b++)
        figure_row(f, "%.3f %.3f %.3f %.3f", -14 + (b + 0.5) / 4,
                   shares[0][b] / (double)all, shares[1][b] / (double)all,
                   walk_adamw.rate);
    figure_close(f);
}

/* The learning rate and the batch of a run, as in make train. */
static void figure_rate(const char *folder)
{
    FILE *f = figure_open(folder, "rate");
    for (long t = 1; t <= standard.steps; t += t < 100 || t == standard.steps ? 1 : 20)
        figure_row(
            f, "%ld %.6f %ld", t,
            rate_at(t, standard.steps, warm_steps(&standard), (float)standard.rate),
            batch_at(&standard, t));
    figure_close(f);
}

/* The log of the model's own training, if it is beside the model, and the limit of its language,
 * as make eval found it: eval.txt says "nats per token", the model's loss, the limit. */
static void figure_curve(const char *folder, const char *model)
{
    char *path = format_text("%s/training.tsv", model),
         *measured = format_text("%s/eval.txt", model);
    double limit = NAN, reached = NAN;
    if (file_exists(measured)) {
        struct bytes b = read_file(measured);
        const char *at = strstr((char *)b.data, "nats per token");
        if (!at || sscanf(at, "nats per token %lf %lf", &reached, &limit) != 2)
            limit = reached = NAN;
        free(b.data);
    }
    FILE *f = figure_open(folder, "curve");
    if (file_exists(path)) {
        struct bytes b = read_file(path);
        for (char *line = (char *)b.data; *line; line += strcspn(line, "\n")) {
            line += *line == '\n';
            double step, tokens, loss, other, rate;
            if (sscanf(line, "%lf %lf %lf %lf %lf", &step, &tokens, &loss, &other,
                       &rate) == 5)
                figure_row(f, "%.5f %.5f %.5f %.5f %.5f %.5f", step, tokens, loss, other,
                           limit, reached);
        }
        free(b.data);
    }
    figure_close(f);
    free(path);
    free(measured);
}

static void figure_tokens(const char *folder, const struct lesson *s)
{
    FILE *f = figure_open(folder, "tokens");
    for (int t = 0; t < s->T; t++)
        figure_row(f, "%.4f %s %s", s->losses[t], s->read[t], s->next[t]);
    figure_close(f);
}

static void write_dump(const char *path, const struct lesson *s)
{
    const struct config *c = &s->l.config;
    struct dump d = dump_open(path);
    dump_add(&d, "ids", "I32", 1, (const int[]){s->T}, s->ids);
    dump_add(&d, "targets", "I32", 1, (const int[]){s->T}, s->targets);
    dump_add(&d, "losses", "F32", 1, (const int[]){s->T}, s->losses);
    dump_add(&d, "dlogits", "F32", 2, (const int[]){s->T, c->V}, s->pass.logits);
    for (int i = 0; i < tensor_count(c); i++) {
        const struct tensor_place p = tensor_place(c, i);
        dump_add(&d, brief(format_text("grad.%s", p.name)), "F32", p.rank, p.shape,
                 get_tensor(&s->l.gradients, c, i));
    }
    if (s->l.gradients.lm_head != s->l.gradients.wte)
        dump_add(&d, "grad.lm_head.weight", "F32", 2, tensor_place(c, 0).shape,
                 s->l.gradients.lm_head);
    dump_close(&d);
}

static void walk(const struct options *o)
{
    struct lesson s = open_lesson(o);
    struct journey j = travel(&s);
    const struct watched one = choose_weight(&s, &j);
    double loss = 0;
    for (int t = 0; t < s.T; t++)
        loss += (double)s.losses[t] / s.T;
    walk_losses(&s, loss);
    walk_logits(&s, &j);
    walk_back(&s, &j);
    write_dump(o->dump, &s);
    if (o->figures) {
        figure_tokens(o->figures, &s);
        figure_sizes(o->figures, &s, &j);
        figure_logits(o->figures, &s, &j);
        figure_linear(o->figures, &s, &j);
        figure_norm(o->figures, &s, &j);
        figure_gelu(o->figures, &s);
        figure_attention(o->figures, &s, &j);
        figure_embedding(o->figures, &s, &j);
        figure_check(o->figures, &s, &j, &one, loss);
        figure_rate(o->figures);
        figure_curve(o->figures, o->model);
    }
    walk_check(&s, &j, &one);
    float *before = grab(s.l.count, sizeof *before);
    memcpy(before, s.l.w, s.l.count * sizeof *before);
    walk_learning(&s, &one, loss);
    if (o->figures)
        figure_adamw(o->figures, &s, before);
    free(before);
    free(one.name);
    free_tensors(&j.made);
    close_lesson(&s);
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct options o = {.prompt = "A robot must obey the orders given it"};
    struct run r = {.steps = -1,
                    .batch = -1,
                    .layers = -1,
                    .heads = -1,
                    .channels = -1,
                    .context = -1,
                    .seed = -1,
                    .save = -1,
                    .rate = -1,
                    .copying = -1,
                    .decay = -1};
    const struct option own[] = {
        {"--text", "FILE", OPTION_TEXT, &r.text, 0, 0, "train, eval: the text"},
        {"--to", "DIR", OPTION_TEXT, &r.to, 0, 0, "train: where the model goes"},
        {"--from", "DIR", OPTION_TEXT, &r.from, 0, 0, "train: continue from this model"},
        {"--vocabulary", "DIR", OPTION_TEXT, &r.vocabulary, 0, 0,
         "train: the tokens (those of --from or --model)"},
        {"--held-out", "FILE", OPTION_TEXT, &r.held_out, 0, 0,
         "train: what to measure on (the text's last 5 %)"},
        {"--resume", NULL, OPTION_TEXT, &r.resume, 0, 0,
         "train: continue a run that was stopped, as it was started"},
        {"--overwrite", NULL, OPTION_TEXT, &r.overwrite, 0, 0,
         "train: replace a model that is there already"},
        {"--as", "COMMAND", OPTION_TEXT, &r.as, 0, 0,
         "train: the make command that began this, for hints"},
        {"--answers", NULL, OPTION_TEXT, &r.answers, 0, 0,
         "learn, or measure, only what follows => in each story"},
        {"--steps", "N", OPTION_INTEGER, &r.steps, 1, 10000000, "how many steps"},
        {"--batch", "N", OPTION_INTEGER, &r.batch, 1, 4096, "texts per step, in the end"},
        {"--rate", "X", OPTION_REAL, &r.rate, 0, 1, "the highest rate"},
        {"--decay", "X", OPTION_REAL, &r.decay, 0, 10, "how fast weights shrink"},
        {"--copying", "X", OPTION_REAL, &r.copying, 0, 1,
         "share of rows to learn copying"},
        {"--layers", "N", OPTION_INTEGER, &r.layers, 1, 1024, "L"},
        {"--heads", "N", OPTION_INTEGER, &r.heads, 1, 1024, "H"},
        {"--channels", "N", OPTION_INTEGER, &r.channels, 1, 65536, "C"},
        {"--context", "N", OPTION_INTEGER, &r.context, 2, 65536, "T: tokens in a row"},
        {"--seed", "N", OPTION_INTEGER, &r.seed, 0, 1e9,
         "a different seed gives a different model"},
        {"--save", "N", OPTION_INTEGER, &r.save, 1, 1e9,
         "measure and save every N steps"},
        {"--weights", "KIND", OPTION_TEXT, &r.weights, 0, 0,
         "eval: how they are kept, f32, bf16 or int8 (f32)"},
    };
    parse_options(argc, argv, "usage: 14_training [train | check | eval] [options]", &o,
                  own, sizeof own / sizeof *own);
    if (o.command && strcmp(o.command, "train") == 0)
        command_train(&r, o.model);
    else if (o.command && strcmp(o.command, "check") == 0)
        command_check(&r);
    else if (o.command && strcmp(o.command, "eval") == 0)
        command_eval(&r, o.model);
    else if (o.command)
        die("%s: unknown command, expected train, check or eval", o.command);
    else
        walk(&o);
    finish_output();
    return 0;
}
