/* 15_beyond: a translation, where the model looks for it, a summary; exact: how many answers
 * are right in every token. Chapter 15 of the book: chapters/15_beyond.md */
#include "15_beyond.h"

static const char mark_text[] = " =>";

/* A model that answers, and what it makes of the mark. */
struct answerer {
    const char *folder;
    struct checkpoint model;
    struct vocabulary v;
    struct ids mark;
};

static struct answerer open_answerer(const char *folder)
{
    struct answerer a = {.folder = folder, .model = load_checkpoint(folder)};
    a.v = open_vocabulary(folder, &a.model.config, true);
    encode(&a.v, (const unsigned char *)mark_text, strlen(mark_text), &a.mark);
    if (a.v.end_of_text < 0)
        die("%s: has no <|endoftext|>, with which answers end", folder);
    return a;
}

static void close_answerer(struct answerer *a)
{
    free(a->mark.id);
    free_vocabulary(&a->v);
    free_checkpoint(&a->model);
}

/* Writes on after ids [T], the likeliest token each time, up to <|endoftext|> or the end of the
 * context. ids has room for `positions`; returns how many tokens there are then, the
 * <|endoftext|> not counted. */
static int write_answer(const struct answerer *a, int T, int *ids)
{
    const struct config *c = &a->model.config;
    struct fast_reader r = new_fast_reader(c, &a->model.weights, c->positions);
    const float *logits = fast_read(&r, T, ids, NULL);
    for (int id; (id = likeliest(c->V, logits)) != a->v.end_of_text;) {
        ids[T++] = id;
        if (T == c->positions)
            break;
        logits = fast_read(&r, 1, &id, NULL);
    }
    free_fast_reader(&r);
    return T;
}

/* English words and the French one that most often stands for each; words.txt beside the model.
 * Without that file count is 0. */
struct dictionary {
    struct strings english;
    char **french;
    struct bytes file;
};

static struct dictionary open_dictionary(const char *folder)
{
    struct dictionary d = {0};
    char *path = format_text("%s/words.txt", folder);
    size_t room = 0;
    if (file_exists(path))
        d.file = read_text_file(path);
    for (char *line = (char *)d.file.data, *next; line && *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        char *tab = strchr(line, '\t');
        if (!tab || tab == line)
            die("%s: expected a word, a tab and a word in each line, found '%s'", path,
                line);
        const int count = d.english.count,
                  n = string_number(&d.english, (unsigned char *)line,
                                    (size_t)(tab - line));
        if (n < count)
            die("%s: has '%.*s' twice", path, (int)(tab - line), line);
        d.french = grow(d.french, &room, (size_t)n + 1, sizeof *d.french);
        d.french[n] = tab + 1;
    }
    free(path);
    return d;
}

static void close_dictionary(struct dictionary *d)
{
    strings_free(&d->english);
    free(d->french);
    free(d->file.data);
}

/* The number of the word s[n] in the dictionary, or -1. */
static int dictionary_word(struct dictionary *d, const char *s, size_t n)
{
    return word_number(&d->english, (const unsigned char *)s, n, false);
}

static size_t word_here(const char *s)
{
    return word_length((const unsigned char *)s, strlen(s));
}

/* The sentence with each word replaced by the dictionary's. The caller frees it. */
static char *word_by_word(struct dictionary *d, const char *text)
{
    char *all = NULL;
    size_t size = 0, n;
    FILE *to = open_memstream(&all, &size);
    if (!to)
        die("out of memory");
    for (bool first = true; *text; text += n ? n : 1) {
        n = word_here(text);
        const int word = n ? dictionary_word(d, text, n) : -1;
        if (word >= 0 && *d->french[word]) {
            fprintf(to, "%s%s", first ? "" : " ", d->french[word]);
            first = false;
        } else if (!n && *text != ' ')
            fputc(*text, to);
    }
    if (fclose(to) != 0)
        die("out of memory");
    if (*all >= 'a' && *all <= 'z')
        *all = (char)(*all - 'a' + 'A');
    return all;
}

/* Names the words of a prompt that the dictionary does not have: the model never met them. */
static void tell_unknown(struct dictionary *d, const char *text)
{
    int named = 0;
    for (size_t n; d->english.count && *text; text += n ? n : 1) {
        n = word_here(text);
        if (n && dictionary_word(d, text, n) < 0)
            printf("%s %s", named++ ? "," : "This model never met:",
                   brief(visible((const unsigned char *)text, n < 40 ? n : 40)));
    }
    if (named)
        printf("\nIt knows %d English words; try PROMPT=\"Do the quiet horses not sell "
               "your red birds?\"\n",
               d->english.count);
}

/* Is the answer of this example what the dictionary makes of its prompt? */
static bool is_word_by_word(struct dictionary *d, const char *line)
{
    const char *mark = strstr(line, mark_text);
    char *prompt = format_text("%.*s", (int)(mark - line), line),
         *words = word_by_word(d, prompt);
    const bool same = strcmp(words, mark + strlen(mark_text) + 1) == 0;
    free(prompt);
    free(words);
    return same;
}

/* Examples from a file, and how many of each kind were answered right. */
struct kinds {
    struct strings names;
    long *all, *right;
    size_t count, room, room_right;
};

/* An example in tokens, <|endoftext|> at both ends; what is wanted of it. */
struct example {
    char *line;
    struct ids ids;
    int *targets, kind;
};

static struct example read_example(const struct answerer *a, const char *path,
                                   long number, char *line, struct kinds *kinds)
{
    const int T = a->model.config.positions;
    struct example e = {.line = line};
    char *tab = strchr(line, '\t'), *mark = strstr(line, mark_text);
    if (!mark)
        die("%s:%ld: has no mark%s, expected prompt%s answer", path, number, mark_text,
            mark_text);
    if (tab)
        *tab++ = '\0';
    const char *kind = tab ? tab : "";
    e.kind = string_number(&kinds->names, (const unsigned char *)kind, strlen(kind));
    const size_t count = (size_t)e.kind + 1;
    if (count > kinds->count) { /* a kind that is new */
        kinds->all = grow(kinds->all, &kinds->room, count, sizeof *kinds->all);
        kinds->right =
            grow(kinds->right, &kinds->room_right, count, sizeof *kinds->right);
        kinds->all[kinds->count] = kinds->right[kinds->count] = 0;
        kinds->count = count;
    }
    e.ids.id = grow(NULL, &e.ids.capacity, 2, sizeof *e.ids.id);
    e.ids.id[e.ids.count++] = a->v.end_of_text;
    encode(&a->v, (const unsigned char *)line, strlen(line), &e.ids);
    e.ids.id = grow(e.ids.id, &e.ids.capacity, (size_t)T + 2, sizeof *e.ids.id);
    if (e.ids.count > (size_t)T)
        die("%s:%ld: has %zu tokens, the model in %s has room for %d", path, number,
            e.ids.count, a->folder, T);
    while (e.ids.count <= (size_t)T) /* the rest of the row is filled up */
        e.ids.id[e.ids.count++] = a->v.end_of_text;
    e.targets = grab((size_t)T, sizeof *e.targets);
    mask_prompts(T, e.targets, e.ids.id, (int)a->mark.count, a->mark.id,
                 a->v.end_of_text);
    return e;
}

enum { AT_ONCE = 16 };

/* How many answers of a file are right in every token; shows the first `show` that are not. */
static void command_exact(const char *folder, const char *path, long show)
{
    if (!path)
        die("exact: expected --text FILE, a line for each example: prompt%s answer",
            mark_text);
    struct answerer a = open_answerer(folder);
    const struct config *c = &a.model.config;
    const int T = c->positions, V = c->V;
    struct bytes b = read_text_file(path);
    struct kinds kinds = {0};
    struct dictionary d = open_dictionary(folder);
    long by_word = 0;
    struct fast_pass p = new_fast_pass(AT_ONCE, T, c);
    const float(*logits)[T][V] = p.logits;
    int(*ids)[T] = grab(AT_ONCE, sizeof *ids);
    long all = 0, right = 0;
    for (char *line = (char *)b.data, *next; *line;) {
        struct example some[AT_ONCE];
        int n = 0;
        for (; n < AT_ONCE && *line; n++, line = next) {
            next = line + strcspn(line, "\n");
            if (*next)
                *next++ = '\0';
            some[n] = read_example(&a, path, all + n + 1, line, &kinds);
            memcpy(ids[n], some[n].ids.id, sizeof ids[n]);
        }
        fast_forward(c, &p, ids[0], &a.model.weights);
        for (int i = 0; i < n; i++) {
            const int at = first_wrong(T, V, logits[i], some[i].targets);
            kinds.all[some[i].kind]++;
            kinds.right[some[i].kind] += at == T;
            right += at == T;
            by_word += d.english.count && is_word_by_word(&d, some[i].line);
            if (at < T && show-- > 0)
                printf("%s\n  wrote %s, not %s\n", some[i].line,
                       brief(token_label(&a.v, likeliest(V, logits[i][at]))),
                       brief(token_label(&a.v, some[i].targets[at])));
            free(some[i].ids.id);
            free(some[i].targets);
        }
        all += n;
    }
    for (int k = 0; k < kinds.names.count && kinds.names.count > 1; k++) {
        const size_t *start = kinds.names.start + k;
        const char *name =
            brief(visible(kinds.names.text + start[0], start[1] - start[0]));
        printf("  %s %4ld of %ld\n", field(name, 12, false), kinds.right[k],
               kinds.all[k]);
    }
    printf("%ld of %ld exactly right\n", right, all);
    if (d.english.count)
        printf("%ld of %ld word by word\n", by_word, all);
    close_dictionary(&d);
    strings_free(&kinds.names);
    free(kinds.all);
    free(kinds.right);
    free(ids);
    free(b.data);
    free_fast_pass(&p, c);
    close_answerer(&a);
}

/* A figure's data; without --figures there are none. */
static FILE *open_data(const char *folder, const char *name)
{
    return folder ? figure_open(folder, name) : NULL;
}

static void close_data(FILE *f)
{
    if (f)
        figure_close(f);
}

/* The prompt with its mark, and the answer: *T tokens, `asked` of them read, the rest written.
 * The caller frees them. */
static int *answer_prompt(const struct answerer *a, const struct options *o, int *asked,
                          int *T)
{
    struct prompt prompt = read_prompt(o, &a->v);
    const int room = a->model.config.positions, n = prompt.count, m = (int)a->mark.count;
    int *ids = grab((size_t)(room + n + m + 1), sizeof *ids);
    for (int t = 0; t < n; t++)
        if (prompt.ids[t] >= a->model.config.V)
            die("--ids: token id %d is out of range, the model in %s has ids 0 to %d",
                prompt.ids[t], a->folder, a->model.config.V - 1);
    *asked = ask(n, prompt.ids, m, a->mark.id, a->v.end_of_text, ids);
    if (*asked >= room)
        die("%s: has %d tokens, the model in %s has room for %d with the answer",
            o->ids ? "--ids" : "--prompt", n, a->folder, room);
    *T = write_answer(a, *asked, ids);
    free_prompt(&prompt);
    return ids;
}

/* Prints tokens as text, without the space at the front. */
static void print_tokens(const struct vocabulary *v, int n, const int ids[n])
{
    struct bytes all = {grab(1, 1), 0};
    size_t room = 1;
    for (int t = 0; t < n; t++) {
        const struct bytes b = token_bytes(v, ids[t]);
        all.data = grow(all.data, &room, all.size + b.size + 1, 1);
        memcpy(all.data + all.size, b.data, b.size);
        all.size += b.size;
    }
    const size_t space = all.size && all.data[0] == ' ';
    unsigned char text[4 * all.size + 1];
    text[write_visible((char *)text, all.data + space, all.size - space, " ")] = '\0';
    puts((char *)text);
    free(all.data);
}

/* Only the answer: of any model that was taught prompts and answers. */
static void command_answer(const struct options *o)
{
    struct answerer a = open_answerer(o->model);
    int asked, T, *ids = answer_prompt(&a, o, &asked, &T);
    print_tokens(&a.v, T - asked, ids + asked);
    free(ids);
    close_answerer(&a);
}

/* The nearest F16 number, as bits; half_to_float of chapter 2 reads it back. */
static uint16_t float_to_half(float x)
{
    const uint16_t sign = signbit(x) ? 0x8000 : 0;
    const float size = fabsf(x);
    int exponent;
    if (!(size < 65520)) /* too large, or not a number */
        return sign | (isnan(x) ? 0x7e00 : 0x7c00);
    frexpf(size, &exponent);
    const int place = exponent - 11 > -24 ? exponent - 11 : -24;
    return (uint16_t)(sign + lrintf(ldexpf(size, -place)) + (place + 24) * 1024);
}

/* Copies a model folder, its weights in F16: half the size, and no answer changed. */
static void command_halve(const char *from, const char *to)
{
    if (!to)
        die("halve: expected --to DIR, where the copy goes");
    struct checkpoint m = load_checkpoint(from);
    const struct config *c = &m.config;
    const int count = tensor_count(c), all = count + (m.weights.lm_head != m.weights.wte);
    struct header h = {0};
    write_checkpoint(to, c,
                     &m.weights); /* its config.json; the weights are written anew */
    header_text(&h, "{\"__metadata__\":{\"format\":\"pt\"}");
    for (int i = 0; i < all; i++) {
        const struct tensor_place p = tensor_place(c, i % count);
        header_tensor(&h,
                      brief(i < count ? format_text("transformer.%s", p.name)
                                      : format_text("lm_head.weight")),
                      "F16", p.rank, p.shape);
    }
    header_end(&h);
    char *path = format_text("%s/model.safetensors", to);
    struct file_made file = start_file(path);
    bool good = fwrite(h.text, 1, h.size, file.file) == h.size;
    for (int i = 0; i < all && good; i++) {
        const float *x = i < count ? get_tensor(&m.weights, c, i) : m.weights.lm_head;
        for (size_t n = 0; n < tensor_place(c, i % count).size && good; n++) {
            const uint16_t bits = float_to_half(x[n]);
            good =
                putc(bits & 255, file.file) != EOF && putc(bits >> 8, file.file) != EOF;
        }
    }
    finish_file(&file, good);
    free(h.text);
    free(path);
    path = format_text("%s/config.json", to);
    struct bytes b = read_text_file(path);
    char *type = strstr((char *)b.data, "\"float32\"");
    if (type)
        memcpy(type, "\"float16\"", 9);
    write_file(path, b.data, b.size);
    free(b.data);
    free(path);
    free_checkpoint(&m);
}

/* A line of `pairs --links`: an example in tokens, and which of its words mean each other. */
struct link {
    int kind, from, to; /* tokens of ids: the source's, from ≤ t < to */
    int asks;           /* the position from which the answer's word is written */
};

struct linked {
    struct ids ids; /* <|endoftext|> in front */
    struct link *links;
    size_t count, room;
};

/* The tokens that bytes from..to of a text are in; ids has <|endoftext|> in front. */
static void tokens_at(const struct answerer *a, const struct ids *ids, int from, int to,
                      int *first, int *end)
{
    int at = 0;
    *first = *end = 0;
    for (int t = 1; t < (int)ids->count; t++) {
        const int next = at + (int)token_bytes(&a->v, ids->id[t]).size;
        if (next > from && at < to) {
            *first = *end ? *first : t;
            *end = t + 1;
        }
        at = next;
    }
}

static struct linked read_links(const struct answerer *a, const char *path, long number,
                                char *line, struct strings *kinds)
{
    struct linked l = {0};
    char *tab = strchr(line, '\t'), *mark = strstr(line, mark_text);
    if (!tab || !mark || mark > tab)
        die("%s:%ld: expected prompt%s answer, a tab, and links kind:from-to:from-to",
            path, number, mark_text);
    *tab++ = '\0';
    const int answer = (int)(mark - line) + (int)strlen(mark_text) + 1;
    l.ids.id = grow(NULL, &l.ids.capacity, 1, sizeof *l.ids.id);
    l.ids.id[l.ids.count++] = a->v.end_of_text;
    encode(&a->v, (const unsigned char *)line, strlen(line), &l.ids);
    if (l.ids.count > (size_t)a->model.config.positions)
        die("%s:%ld: has %zu tokens, the model in %s has room for %d", path, number,
            l.ids.count, a->folder, a->model.config.positions);
    for (char *word = strtok(tab, " "); word; word = strtok(NULL, " ")) {
        int b[4], used = 0, end;
        struct link k;
        char kind[24];
        if (sscanf(word, "%20[a-z-]:%d-%d:%d-%d%n", kind, b, b + 1, b + 2, b + 3,
                   &used) != 5 ||
            word[used])
            die("%s:%ld: '%s' is not a link kind:from-to:from-to", path, number, word);
        tokens_at(a, &l.ids, b[0], b[1], &k.from, &k.to);
        tokens_at(a, &l.ids, answer + b[2], answer + b[3], &k.asks, &end);
        if (!end || !k.to || k.asks < 1)
            die("%s:%ld: '%s' is outside its sentence", path, number, word);
        k.asks--;
        k.kind = string_number(kinds, (unsigned char *)kind, strlen(kind));
        l.links = grow(l.links, &l.room, l.count + 1, sizeof *l.links);
        l.links[l.count++] = k;
    }
    return l;
}

/* Where the heads look when a word of the answer is written: for each kind of word and each
 * head, the share of its weight on the word that it means. */
struct looks {
    struct strings kinds;
    int L, H;
    double *weight; /* [kinds][L][H] */
    double *evenly; /* [kinds]: the share that equal weights would give */
    long *asked;    /* [kinds] */
};

static double *look(const struct looks *k, int kind, int l, int h)
{
    return &k->weight[((size_t)kind * (size_t)k->L + (size_t)l) * (size_t)k->H +
                      (size_t)h];
}

/* Measures the sentences of a file of links. */
static struct looks measure_looks(const struct answerer *a, const char *path)
{
    enum { KINDS = 32 };
    const struct config *c = &a->model.config;
    const int L = c->L, H = c->H;
    struct looks k = {.L = L, .H = H};
    k.weight = grab(KINDS * (size_t)L * (size_t)H, sizeof *k.weight);
    k.evenly = grab(KINDS, sizeof *k.evenly);
    k.asked = grab(KINDS, sizeof *k.asked);
    struct bytes b = read_text_file(path);
    long number = 0;
    for (char *line = (char *)b.data, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        struct linked s = read_links(a, path, ++number, line, &k.kinds);
        if (k.kinds.count > KINDS)
            die("%s:%ld: more than %d kinds of links", path, number, KINDS);
        const int T = (int)s.ids.count;
        struct fast_pass p = new_fast_pass(1, T, c);
        fast_forward(c, &p, s.ids.id, &a->model.weights);
        for (size_t i = 0; i < s.count; i++) {
            const struct link *m = &s.links[i];
            k.asked[m->kind]++;
            k.evenly[m->kind] += (double)(m->to - m->from) / (m->asks + 1);
            for (int l = 0; l < L; l++) {
                const float(*weights)[T][T] = p.h[l].weights;
                for (int h = 0; h < H; h++)
                    for (int t = m->from; t < m->to; t++)
                        *look(&k, m->kind, l, h) += (double)weights[h][m->asks][t];
            }
        }
        free_fast_pass(&p, c);
        free(s.ids.id);
        free(s.links);
    }
    for (int n = 0; n < k.kinds.count; n++) {
        k.evenly[n] /= (double)k.asked[n];
        for (int h = 0; h < L * H; h++)
            *look(&k, n, 0, h) /= (double)k.asked[n];
    }
    free(b.data);
    return k;
}

/* The head that looks most at the source of a kind of word: its number, l * H + h. */
static int best_head(const struct looks *k, int kind)
{
    int best = 0;
    for (int h = 0; h < k->L * k->H; h++)
        if (*look(k, kind, 0, h) > *look(k, kind, 0, best))
            best = h;
    return best;
}

static void free_looks(struct looks *k)
{
    strings_free(&k->kinds);
    free(k->weight);
    free(k->evenly);
    free(k->asked);
}

/* For each word of the answer, the position of the prompt at which a head looks most. */
static void walk_looks(const struct answerer *a, const struct looks *k, int asked, int T,
                       const int ids[T], const char *figures)
{
    const struct config *c = &a->model.config;
    const int noun = string_find(&k->kinds, (const unsigned char *)"noun", 4),
              best = best_head(k, noun < 0 ? 0 : noun), l = best / c->H, h = best % c->H;
    struct fast_pass p = new_fast_pass(1, T, c);
    fast_forward(c, &p, ids, &a->model.weights);
    const float(*weights)[T][T] = p.h[l].weights;
    heading("3. Where it looks", "head %d.%d, when it writes each token", l, h);
    FILE *f = open_data(figures, "looks");
    for (int t = asked - 1; t + 1 < T; t++) {
        int most = 0;
        for (int s = 0; s <= t; s++) {
            if (weights[h][t][s] > weights[h][t][most])
                most = s;
            if (f)
                figure_row(f, "%d %d %.4f", t + 1, s, weights[h][t][s]);
        }
        printf("  %s %3.0f %%  %s\n", token_field(&a->v, ids[t + 1], 16),
               100 * (double)weights[h][t][most], token_text(&a->v, ids[most]));
    }
    close_data(f);
    printf("\n  mean over %s\n  kind             head  weight  evenly  asked\n",
           "300 sentences, on the word that is meant");
    f = open_data(figures, "heads");
    for (int n = 0; n < k->kinds.count; n++) {
        const int head = best_head(k, n);
        char *name = visible(k->kinds.text + k->kinds.start[n],
                             k->kinds.start[n + 1] - k->kinds.start[n]);
        printf("  %-16s  %d.%d   %3.0f %%   %3.0f %%  %5ld\n", name, head / c->H,
               head % c->H, 100 * *look(k, n, 0, head), 100 * k->evenly[n], k->asked[n]);
        for (int i = 0; i < c->L * c->H && f; i++)
            figure_row(f, "%s %d %d %.4f %.4f", name, i / c->H, i % c->H,
                       *look(k, n, 0, i), k->evenly[n]);
        free(name);
    }
    close_data(f);
    free_fast_pass(&p, c);
}

/* Copies a log beside the figures' data, without its comments; prints it, where there is one. */
static void copy_log(const char *path, const char *figures, const char *name)
{
    FILE *f = open_data(figures, name);
    struct bytes b = file_exists(path) ? read_text_file(path) : (struct bytes){0};
    for (char *line = (char *)b.data, *next; line && *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        if (f && *line != '#')
            fprintf(f, "%s\n", line);
    }
    close_data(f);
    free(b.data);
}

/* A line of a log: of `of` answers of one kind, or of all, how many were exactly right. */
struct logged {
    char model[24], kind[24];
    long examples, seed;
    double right, of;
};

struct runs {
    struct logged *all;
    size_t count, room;
};

/* Reads a log: model, examples, seed, kind, right, of. What does not look like this is passed
 * over, and a log that is not there has no lines. The caller frees runs.all. */
static struct runs read_log(const char *path)
{
    struct runs runs = {0};
    struct bytes b = file_exists(path) ? read_text_file(path) : (struct bytes){0};
    for (char *line = (char *)b.data; line && *line; line += strcspn(line, "\n")) {
        struct logged r = {.of = 0};
        line += *line == '\n';
        if (sscanf(line, "%20s %ld %ld %20s %lf %lf", r.model, &r.examples, &r.seed,
                   r.kind, &r.right, &r.of) != 6 ||
            *line == '#' || !(r.of >= 1))
            continue;
        runs.all = grow(runs.all, &runs.room, runs.count + 1, sizeof *runs.all);
        runs.all[runs.count++] = r;
    }
    free(b.data);
    return runs;
}

/* How many runs of `model` with `examples` there are, and their exactly right answers in per
 * cent: mean, least and most. */
static int found_in(const struct runs *runs, const char *model, long examples,
                    double found[3])
{
    int n = 0;
    found[0] = 0;
    for (size_t i = 0; i < runs->count; i++) {
        const struct logged *r = &runs->all[i];
        if (strcmp(r->model, model) != 0 || r->examples != examples ||
            strcmp(r->kind, "all") != 0)
            continue;
        const double x = 100 * r->right / r->of;
        found[0] += x;
        found[1] = n ? fmin(found[1], x) : x;
        found[2] = n ? fmax(found[2], x) : x;
        n++;
    }
    found[0] /= n ? n : 1;
    return n;
}

/* The plots of the stories, and how many summaries of each were right, in all logged runs with
 * 1,000 examples together; the hardest first. */
struct plot {
    char name[24];
    double right, of;
};

static int harder_first(const void *left, const void *right)
{
    const struct plot *a = left, *b = right;
    const double x = a->right / a->of - b->right / b->of;
    return x < 0 ? -1 : x > 0 ? 1 : strcmp(a->name, b->name);
}

static int plots_in(const struct runs *runs, int most, struct plot all[most])
{
    int count = 0;
    for (size_t i = 0; i < runs->count; i++) {
        const struct logged *r = &runs->all[i];
        if (strcmp(r->model, "robots") != 0 || r->examples != 1000 ||
            strcmp(r->kind, "all") == 0)
            continue;
        int k = 0;
        while (k < count && strcmp(all[k].name, r->kind) != 0)
            k++;
        if (k == most)
            continue;
        if (k == count)
            memcpy(all[count++].name, r->kind, sizeof all->name);
        all[k].right += r->right;
        all[k].of += r->of;
    }
    qsort(all, (size_t)count, sizeof *all, harder_first);
    return count;
}

static const char pairs_log[] = "models/translator/pairs.tsv",
                  transfer_log[] = "models/summaries/transfer.tsv",
                  story_file[] = "models/summaries/story.txt",
                  tuned[] = "build/train/summaries";

/* The numbers of examples that are looked for in the logs. */
static const long sizes[] = {30, 100, 300, 1000, 3000, 10000, 30000, 100000, 200000};

static void walk_pairs(const char *figures)
{
    struct runs runs = read_log(pairs_log);
    FILE *f = open_data(figures, "pairs");
    heading("4. How many pairs", "trained on N of them; exactly right of 2,000 others");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double x[3];
        const int n = found_in(&runs, "pairs", sizes[i], x);
        if (n == 0)
            continue;
        printf("  %7ld  %6.2f %%", sizes[i], x[0]);
        if (n > 1)
            printf("   (%d runs, from %.2f to %.2f)", n, x[1], x[2]);
        putchar('\n');
        if (f) {
            fprintf(f, "%ld\t", sizes[i]);
            figure_row(f, "%.2f %.2f %.2f", x[0], x[1], x[2]);
        }
    }
    close_data(f);
    free(runs.all);
}

static void walk_summary(const char *figures)
{
    struct bytes b =
        file_exists(story_file) ? read_text_file(story_file) : (struct bytes){0};
    char *mark = b.data ? strstr((char *)b.data, mark_text) : NULL;
    struct runs runs = read_log(transfer_log);
    heading("5. A summary", "by models/robots, fine-tuned on 1,000 summaries");
    if (mark) {
        *mark = '\0';
        const char *wrapped = brief(format_text("%s", (char *)b.data));
        wrap_text(strlen(wrapped), 78, (unsigned char *)wrapped);
        printf("%s\n  => %s", wrapped, mark + strlen(mark_text) + 1);
    }
    FILE *f = open_data(figures, "transfer");
    printf("\n  summaries  from models/robots   from scratch\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double x[3], y[3];
        if (!found_in(&runs, "robots", sizes[i], x))
            continue;
        printf("  %9ld  %13.0f %%", sizes[i], x[0]);
        if (f) {
            fprintf(f, "%ld\t", sizes[i]);
            figure_row(f, "%.2f %.2f %.2f +", x[0], x[1], x[2]);
        }
        const bool both = found_in(&runs, "scratch", sizes[i], y);
        if (both)
            printf("  %13.0f %%", y[0]);
        putchar('\n');
        if (f && both)
            figure_row(f, "%.2f %.2f %.2f", y[0], y[1], y[2]);
        else if (f)
            putc('\n', f);
    }
    close_data(f);
    struct plot plots[24] = {{.of = 0}};
    const int count = plots_in(&runs, 24, plots);
    free(runs.all);
    f = open_data(figures, "plots");
    for (int k = 0; k < count; k++) {
        if (k < 3)
            printf("%s %s (%.0f %%)", k ? "," : "\n  hardest with 1,000:", plots[k].name,
                   100 * plots[k].right / plots[k].of);
        if (f)
            fprintf(f, "%s\t%.0f\t%.0f\n", plots[k].name, plots[k].right, plots[k].of);
    }
    close_data(f);
    if (count)
        putchar('\n');
    const char *done = brief(format_text("%s/done", tuned));
    if (mark && file_exists(done)) {
        const struct options o = {.model = tuned, .prompt = (char *)b.data};
        printf("\n  yours:  ");
        command_answer(&o);
    }
    printf("\n  %s build/15_beyond answer --model %s --prompt \"your story\"\n",
           file_exists(done) ? "Try"
                             : "For a story of your own: make finetune N=300, then",
           tuned);
    free(b.data);
}

static const char translator[] = "models/translator";

static void walk(const struct options *o)
{
    struct answerer a = open_answerer(o->model);
    struct dictionary d = open_dictionary(o->model);
    int asked, T, *ids = answer_prompt(&a, o, &asked, &T);
    heading("1. One sequence", "%d tokens are read, the last is the mark; %d are written",
            asked, T - asked);
    printf("  read   ");
    print_tokens(&a.v, asked, ids);
    printf("  wrote  ");
    print_tokens(&a.v, T - asked, ids + asked);
    FILE *f = open_data(o->figures, "tokens");
    for (int t = 0; t < T && f; t++)
        figure_row(f, "%d %s",
                   t < asked - (int)a.mark.count ? 0
                   : t < asked                   ? 1
                                                 : 2,
                   token_text(&a.v, ids[t]));
    close_data(f);
    if (!o->ids)
        tell_unknown(&d, o->prompt);
    if (d.english.count && !o->ids) {
        char *words = word_by_word(&d, o->prompt);
        heading("2. Word by word",
                "each replaced by the one that most often stands for it");
        printf("  %s\n", words);
        free(words);
    }
    const char *links = brief(format_text("%s/links.txt", o->model));
    if (file_exists(links)) {
        struct looks k = measure_looks(&a, links);
        walk_looks(&a, &k, asked, T, ids, o->figures);
        free_looks(&k);
    } else { /* nothing to draw */
        close_data(open_data(o->figures, "looks"));
        close_data(open_data(o->figures, "heads"));
    }
    walk_pairs(o->figures);
    walk_summary(o->figures);
    free(ids);
    close_dictionary(&d);
    close_answerer(&a);
}

/* ---- Music ------------------------------------------------------------------------------- */

/* What the reader wants of a tune. */
struct music {
    long seed, count;
    double temperature;
    const char *midi, *wav; /* files to write; or NULL */
};

/* A tune: its tokens as characters, and as ids with <|endoftext|> in front. */
struct tune {
    int n, prompt; /* tokens, and how many of them were the prompt */
    int *ids;      /* [1 + n] */
    char *tokens;  /* [n] */
    bool ended;    /* by the model; else its context was full */
    struct score score;
};

/* Writes a tune on from the prompt's notes. */
static struct tune write_tune(const struct checkpoint *m, const struct vocabulary *v,
                              const char *notes, const struct music *how)
{
    const struct config *c = &m->config;
    const struct sampling sampling = {
        .temperature = (float)how->temperature, .top_p = 1, .penalty = 1};
    uint64_t state = (uint64_t)how->seed;
    struct ids prompt = {0};
    encode(v, (const unsigned char *)notes, strlen(notes), &prompt);
    struct tune t = {.ids = grab((size_t)c->positions + prompt.count + 1, sizeof(int)),
                     .tokens = grab((size_t)c->positions + prompt.count + 1, 1),
                     .prompt = (int)prompt.count};
    if (prompt.count + 1 >= (size_t)c->positions)
        die("--prompt: has %zu notes and lengths, the model has room for %d tokens",
            prompt.count, c->positions - 1);
    t.ids[0] = v->end_of_text;
    if (prompt.count)
        memcpy(t.ids + 1, prompt.id, prompt.count * sizeof(int));
    t.n = t.prompt;
    struct fast_reader r = new_fast_reader(c, &m->weights, c->positions);
    const float *logits = fast_read(&r, 1 + t.n, t.ids, NULL);
    while (!t.ended && t.n + 1 < c->positions) {
        need_numbers(c->V, logits, t.n);
        const int id = choose_token(c->V, logits, &sampling, &state);
        t.ended = id == v->end_of_text;
        if (t.ended)
            break;
        t.ids[++t.n] = id;
        if (t.n + 1 < c->positions)
            logits = fast_read(&r, 1, &id, NULL);
    }
    free_fast_reader(&r);
    free(prompt.id);
    for (int i = 0; i < t.n; i++) {
        const struct bytes b = token_bytes(v, t.ids[1 + i]);
        t.tokens[i] = b.size == 1 ? (char)b.data[0] : '?';
    }
    t.score = read_score(t.n, t.tokens);
    return t;
}

static void free_tune(struct tune *t)
{
    free(t->ids);
    free(t->tokens);
    free_score(&t->score);
}

/* "F#4"; the harp's chords have no number. */
static const char *const key_names[] = {"C",  "C#", "D",  "D#", "E",  "F",
                                        "F#", "G",  "G#", "A",  "A#", "B"};

/* What a phrase is to the ear. */
static const char *phrase_name(char mark)
{
    static const struct {
        char mark;
        const char *name;
    } all[] = {{'(', "A"}, {')', "A'"}, {'[', "B"}, {']', "B'"}, {'{', "C"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].mark == mark)
            return all[i].name;
    return "";
}

/* A chord's name, from the notes that begin with a bar: its lowest, and m if the third above it is
 * a small one. */
static char *chord_name(const struct score *s, int bar)
{
    int root = -1, minor = 0;
    for (int i = 0; i < s->note_count; i++)
        if (s->notes[i].harp && s->notes[i].start == s->bars[bar]) {
            if (root < 0)
                root = s->notes[i].pitch;
            minor |= (s->notes[i].pitch - root) % 12 == 3;
        }
    return format_text("%s%s", root < 0 ? "" : key_names[root % 12], minor ? "m" : "");
}

enum { ROLL_COLUMNS = 72 };

/* A piano roll of the bars first … end - 1: a line for each pitch, the highest first, and a
 * column for each eighth. */
static void print_roll(const struct score *s, int first, int end)
{
    const int from = s->bars[first], to = end < s->bar_count ? s->bars[end] : s->length;
    int low = 128, high = 0;
    for (int i = 0; i < s->note_count; i++)
        if (!s->notes[i].harp) {
            low = s->notes[i].pitch < low ? s->notes[i].pitch : low;
            high = s->notes[i].pitch > high ? s->notes[i].pitch : high;
        }
    printf("      ");
    for (int b = first; b < end; b++) {
        const char *name = "";
        for (int p = 0; p < s->phrase_count; p++)
            if (s->phrases[p] == s->bars[b])
                name = phrase_name(s->marks[p]);
        printf("|%-*s", (b + 1 < s->bar_count ? s->bars[b + 1] : s->length) - s->bars[b],
               name);
    }
    printf("|\n");
    for (int pitch = high; pitch >= low; pitch--) {
        bool used = false;
        for (int i = 0; i < s->note_count; i++)
            used = used || (!s->notes[i].harp && s->notes[i].pitch == pitch);
        if (!used)
            continue;
        printf("  %2s%d ", key_names[pitch % 12], pitch / 12 - 1);
        for (int t = from, b = first; t < to; t++) {
            const char *cell = " ";
            if (b < end && s->bars[b] == t) {
                putchar('|');
                b++;
            }
            for (int i = 0; i < s->note_count; i++) {
                const struct note *n = &s->notes[i];
                if (!n->harp && n->pitch == pitch && t >= n->start &&
                    t < n->start + n->length)
                    cell = t == n->start ? "●" : "━";
            }
            printf("%s%s%s", ink(INK_TOKEN), cell, ink(INK_PLAIN));
        }
        printf("|\n");
    }
    printf("      ");
    for (int b = first; b < end; b++) {
        char *name = chord_name(s, b);
        printf("|%-*s", (b + 1 < s->bar_count ? s->bars[b + 1] : s->length) - s->bars[b],
               name);
        free(name);
    }
    printf("|\n");
}

/* The tokens, a phrase a line, a space between bars. */
static void print_tune(const struct tune *t)
{
    const struct score *s = &t->score;
    printf("  ");
    for (int i = 0, b = 0; i < t->n; i++) {
        const bool mark = strchr("()[]{", t->tokens[i]);
        if (mark)
            printf("\n  ");
        if (b < s->bar_count && s->bar_tokens[b] == i) {
            putchar(' ');
            b++;
        }
        putchar(t->tokens[i] >= ' ' && t->tokens[i] <= '~' ? t->tokens[i] : '?');
    }
    printf("%s\n", t->ended ? "" : " …");
}

/* ---- the look back ---- */

/* The bar before `bar` that is the same token by token, the latest; -1 if there is none. */
static int same_bar(const struct tune *t, int bar, int *length)
{
    const struct score *s = &t->score;
    const int at = s->bar_tokens[bar];
    *length = 0;
    while (at + *length < t->n && !strchr("()[]{", t->tokens[at + *length]) &&
           (bar + 1 == s->bar_count || at + *length < s->bar_tokens[bar + 1]))
        ++*length;
    for (int b = bar - 1; b >= 0; b--)
        if (memcmp(t->tokens + s->bar_tokens[b], t->tokens + at, (size_t)*length) == 0)
            return b;
    return -1;
}

/* Shares of each head's weight, from the tokens of a bar that is played again to the bar before
 * that is the same: looks [L, H, bars], 0 for other bars; and the mean over those tokens. */
static double look_back(const struct checkpoint *m, const struct tune *t, int L, int H,
                        float looks[L][H][t->score.bar_count], double mean[L][H],
                        int *asked)
{
    const int T = 1 + t->n;
    double evenly = 0;
    struct fast_pass p = new_fast_pass(1, T, &m->config);
    fast_forward(&m->config, &p, t->ids, &m->weights);
    *asked = 0;
    for (int b = 0; b < t->score.bar_count; b++) {
        int n;
        const int before = same_bar(t, b, &n);
        if (before < 0)
            continue;
        const int from = 1 + t->score.bar_tokens[b], to = 1 + t->score.bar_tokens[before];
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < L; l++)
                for (int h = 0; h < H; h++) {
                    const float(*weights)[T][T] = p.h[l].weights;
                    float sum = 0;
                    for (int k = 0; k < n; k++)
                        sum += weights[h][from + i][to + k];
                    looks[l][h][b] += sum / (float)n;
                    mean[l][h] += (double)sum;
                }
            evenly += (double)n / (from + i + 1);
            ++*asked;
        }
    }
    for (int l = 0; l < L && *asked; l++)
        for (int h = 0; h < H; h++)
            mean[l][h] /= *asked;
    free_fast_pass(&p, &m->config);
    return *asked ? evenly / *asked : 0;
}

/* The head that looks back most, and its looks as arcs for the figure. */
static void tell_looks(const struct checkpoint *m, const struct tune *t,
                       const char *figures)
{
    const int L = m->config.L, H = m->config.H, bars = t->score.bar_count;
    float(*looks)[H][bars ? bars : 1] = grab((size_t)(L * H), sizeof **looks);
    double(*mean)[H] = grab((size_t)L, sizeof *mean);
    int asked, best[2] = {0, 0};
    const double evenly = look_back(m, t, L, H, (void *)looks, mean, &asked);
    for (int l = 0; l < L; l++)
        for (int h = 0; h < H; h++)
            if (mean[l][h] > mean[best[0]][best[1]]) {
                best[0] = l;
                best[1] = h;
            }
    if (asked)
        printf("  head %d.%d: in a bar that was played before, %.0f %% of its weight is "
               "on that "
               "bar;\n  spread evenly it would be %.0f %% (%d tokens asked)\n",
               best[0], best[1], 100 * mean[best[0]][best[1]], 100 * evenly, asked);
    if (figures) {
        FILE *file = figure_open(figures, "music_looks");
        for (int b = 0, n; b < bars; b++) {
            const int before = same_bar(t, b, &n);
            if (before < 0)
                continue;
            figure_row(file, "%d %d %.2f", t->score.bars[b], t->score.bars[before],
                       looks[best[0]][best[1]][b]);
        }
        figure_close(file);
    }
    free(looks);
    free(mean);
}

/* ---- what is written to files ---- */

static void write_music_figures(const struct tune *t, const char *figures)
{
    const struct score *s = &t->score;
    FILE *file = figure_open(figures, "music_notes");
    for (int i = 0; i < s->note_count; i++)
        fprintf(file, "%d\t%d\t%d\t%d\n", s->notes[i].start, s->notes[i].length,
                s->notes[i].pitch, s->notes[i].harp);
    file = figure_next(file, figures, "music_phrases");
    for (int p = 0; p < s->phrase_count; p++)
        fprintf(file, "%d\t%d\t%s\n", s->phrases[p],
                p + 1 < s->phrase_count ? s->phrases[p + 1] : s->length,
                phrase_name(s->marks[p]));
    file = figure_next(file, figures, "music_tokens");
    for (int i = 0; i < t->n; i++)
        fprintf(file, "%c\n", t->tokens[i]);
    figure_close(file);
}

/* What the model has learned by when, and how well its tunes keep their form, as logged. */
static void copy_music_logs(const char *figures)
{
    copy_log("models/tunes/learned.tsv", figures, "music_learned");
    copy_log("models/tunes/form.tsv", figures, "music_form");
}

/* A tune on the terminal, and in files. */
static void tell_music(const struct options *o, const struct music *how,
                       const char *notes)
{
    struct checkpoint m = load_checkpoint(o->model);
    struct vocabulary v = open_vocabulary(o->model, &m.config, true);
    if (v.end_of_text < 0)
        die("%s: has no <|endoftext|>, with which a tune begins", o->model);
    const size_t known = strspn(notes, "()[]{123456789ABCDEFGHIJKLMNOPQRSTUVWX"
                                       "abcdefghijklmnopqrstuvwxyz");
    if (notes[known]) {
        char *shown = visible((const unsigned char *)notes + known, 1);
        die("--prompt: '%s' is not a token of music: expected ( ) [ ] {, 1 to 9, A to X, "
            "a to z",
            shown);
    }
    for (long i = 0; i < how->count && how->count > 1; i++) {
        struct music one = *how;
        one.seed += i;
        struct tune t = write_tune(&m, &v, notes, &one);
        for (int k = 0; k < t.n; k++)
            putchar(t.tokens[k] > ' ' && t.tokens[k] <= '~' ? t.tokens[k] : '?');
        puts(t.ended ? "" : "?"); /* a tune without an end is none */
        free_tune(&t);
    }
    if (how->count > 1) {
        free_vocabulary(&v);
        free_checkpoint(&m);
        return;
    }
    struct tune t = write_tune(&m, &v, notes, how);
    const struct score *s = &t.score;
    printf("  %d tokens%s\n", t.n,
           t.ended ? "" : ": the context is full, and the tune has no end");
    print_tune(&t);
    putchar('\n');
    for (int first = 0, end; first < s->bar_count; first = end) {
        int wide = 0;
        for (end = first; end < s->bar_count && end < first + 8; end++) {
            wide += 1 + (end + 1 < s->bar_count ? s->bars[end + 1] : s->length) -
                    s->bars[end];
            if (wide > ROLL_COLUMNS && end > first)
                break;
        }
        print_roll(s, first, end);
    }
    putchar('\n');
    tell_looks(&m, &t, o->figures);
    if (s->strange)
        printf("  %d of its tokens mean nothing in a tune\n", s->strange);
    if (o->figures)
        write_music_figures(&t, o->figures);
    if (how->midi) {
        write_midi(how->midi, s);
        printf("  written: %s\n", how->midi);
    }
    if (how->wav) {
        write_wav(how->wav, s);
        printf("  written: %s, %.0f seconds\n", how->wav,
               s->length * quarter_of(s) / 2e6 + 1);
    }
    free_tune(&t);
    free_vocabulary(&v);
    free_checkpoint(&m);
}

static void walk_music(const struct music *how, const char *figures)
{
    const struct options o = {.model = "models/tunes", .figures = figures};
    if (!file_exists("models/tunes/model.safetensors"))
        return;
    heading("6. A tune", "seed %ld, temperature %g", how->seed, how->temperature);
    tell_music(&o, how, "");
    if (figures)
        copy_music_logs(figures);
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct options o = {.model = translator,
                        .prompt = "Do the quiet horses not sell your red birds?"};
    const char *text = NULL, *to = NULL, *const sentence = o.prompt;
    long show = 0;
    struct music music = {.seed = 7, .count = 1, .temperature = 1};
    const struct option own[] = {
        {"--text", "FILE", OPTION_TEXT, &text, 0, 0, "exact: the examples"},
        {"--show", "N", OPTION_INTEGER, &show, 0, 1000000,
         "exact: show N answers that are wrong"},
        {"--to", "DIR", OPTION_TEXT, &to, 0, 0, "halve: where the copy goes"},
        {"--seed", "N", OPTION_INTEGER, &music.seed, 0, 1e15,
         "music: another seed, another tune"},
        {"--temperature", "X", OPTION_REAL, &music.temperature, 0, 100,
         "music: how freely to choose (0: the likeliest)"},
        {"--count", "N", OPTION_INTEGER, &music.count, 1, 1000000,
         "music: only the tokens of N tunes, a line each"},
        {"--midi", "FILE", OPTION_TEXT, &music.midi, 0, 0, "music: write it as MIDI"},
        {"--wav", "FILE", OPTION_TEXT, &music.wav, 0, 0, "music: write it as sound"},
    };
    parse_options(
        argc, argv,
        "usage: 15_beyond [options]          a translation, and a summary\n"
        "       15_beyond [options] answer   only the answer to the prompt\n"
        "       15_beyond [options] exact    how many answers are right\n"
        "       15_beyond [options] music    a tune; --prompt: its first notes\n"
        "       15_beyond [options] halve    a copy of a model in 16-bit floats",
        &o, own, sizeof own / sizeof *own);
    if (!o.command)
        walk(&o), walk_music(&music, o.figures);
    else if (strcmp(o.command, "answer") == 0)
        command_answer(&o);
    else if (strcmp(o.command, "exact") == 0)
        command_exact(o.model, text, show);
    else if (strcmp(o.command, "halve") == 0)
        command_halve(o.model, to);
    else if (strcmp(o.command, "music") == 0) {
        if (o.model == translator)
            o.model = "models/tunes";
        tell_music(&o, &music, o.prompt == sentence ? "" : o.prompt);
    } else
        die("%s: unknown command, expected answer, exact, music or halve", o.command);
    finish_output();
    return 0;
}
