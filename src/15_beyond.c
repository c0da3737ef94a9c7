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

/* Examples from a file, and how many of each kind were answered right. */
struct kinds {
    struct strings names;
    long *all, *right;
    size_t room, room_right;
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
    kinds->all = grow(kinds->all, &kinds->room, count, sizeof *kinds->all);
    kinds->right = grow(kinds->right, &kinds->room_right, count, sizeof *kinds->right);
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
            if (at < T && show-- > 0) {
                char *want = token_label(&a.v, some[i].targets[at]),
                     *got = token_label(&a.v, likeliest(V, logits[i][at]));
                printf("%s\n  wrote %s, not %s\n", some[i].line, got, want);
                free(want);
                free(got);
            }
            free(some[i].ids.id);
            free(some[i].targets);
        }
        all += n;
    }
    for (int k = 0; k < kinds.names.count && kinds.names.count > 1; k++) {
        const size_t *start = kinds.names.start + k;
        char *name = visible(kinds.names.text + start[0], start[1] - start[0]);
        fputs("  ", stdout);
        print_field(name, 12, false);
        printf(" %4ld of %ld\n", kinds.right[k], kinds.all[k]);
        free(name);
    }
    printf("%ld of %ld exactly right\n", right, all);
    strings_free(&kinds.names);
    free(kinds.all);
    free(kinds.right);
    free(ids);
    free(b.data);
    free_fast_pass(&p, c);
    close_answerer(&a);
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
        die("--prompt: has %d tokens, the model in %s has room for %d with the answer", n,
            a->folder, room);
    *T = write_answer(a, *asked, ids);
    free_prompt(&prompt);
    return ids;
}

/* Prints tokens as text. */
static void print_tokens(const struct vocabulary *v, int n, const int ids[n])
{
    for (int t = 0; t < n; t++) {
        const struct bytes b = token_bytes(v, ids[t]);
        char *text = visible(b.data, b.size);
        fputs(text + (t == 0 && *text == ' '), stdout);
        free(text);
    }
    putchar('\n');
}

/* Only the answer: any model that was taught prompts and answers. */
static void command_answer(const struct options *o)
{
    struct answerer a = open_answerer(o->model);
    int asked, T, *ids = answer_prompt(&a, o, &asked, &T);
    print_tokens(&a.v, T - asked, ids + asked);
    free(ids);
    close_answerer(&a);
}

static void walk(const struct options *o)
{
    struct answerer a = open_answerer(o->model);
    int asked, T, *ids = answer_prompt(&a, o, &asked, &T);
    heading("1. One sequence", "what was read, the mark, what was written");
    printf("  read     ");
    print_tokens(&a.v, asked - 1, ids + 1);
    printf("  wrote    ");
    print_tokens(&a.v, T - asked, ids + asked);
    free(ids);
    close_answerer(&a);
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct options o = {.model = "models/translator",
                        .prompt = "The old owl does not see the white cats."};
    const char *text = NULL;
    long show = 0;
    const struct option own[] = {
        {"--text", "FILE", OPTION_TEXT, &text, 0, 0, "exact: the examples"},
        {"--show", "N", OPTION_INTEGER, &show, 0, 1000000,
         "exact: show N answers that are wrong"},
    };
    parse_options(argc, argv,
                  "usage: 15_beyond [options]          a translation, and a summary\n"
                  "       15_beyond [options] answer   only the answer to the prompt\n"
                  "       15_beyond [options] exact    how many answers are right",
                  &o, own, sizeof own / sizeof *own);
    if (!o.command)
        walk(&o);
    else if (strcmp(o.command, "answer") == 0)
        command_answer(&o);
    else if (strcmp(o.command, "exact") == 0)
        command_exact(o.model, text, show);
    else
        die("%s: unknown command, expected answer or exact", o.command);
    finish_output();
    return 0;
}
