/* 13_gpt2: GPT-2 writes on: a prompt, a file, or line by line.
 * Chapter 13 of the book: chapters/13_gpt2.md */
#include "13_gpt2.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The most memory the program has had, in megabytes, what it saw of mapped files included. */
static double peak_memory(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
#ifdef __APPLE__
    return (double)use.ru_maxrss / 1e6;
#else
    return (double)use.ru_maxrss * 1024 / 1e6;
#endif
}

/* Appends the tokens of a text. <|endoftext|> in it is that token. */
static void encode_text(const struct vocabulary *v, const unsigned char *s, size_t n,
                        struct ids *out)
{
    const size_t special = strlen(END_OF_TEXT);
    size_t from = 0;
    for (size_t i = 0; i <= n; i++) {
        const bool found =
            v->end_of_text >= 0 && i + special <= n && is_end_of_text(s + i, special);
        if (i < n && !found)
            continue;
        if (i > from)
            encode(v, s + from, i - from, out);
        if (found) {
            out->id = grow(out->id, &out->capacity, out->count + 1, sizeof *out->id);
            out->id[out->count++] = v->end_of_text;
            from = i + special;
            i = from - 1;
        }
    }
}

/* What is wrong with a prompt, or NULL. The caller frees it. */
static char *prompt_fault(const struct gpt2 *g, const struct ids *p, const char *from,
                          const char *folder)
{
    const struct config *c = &g->model.config;
    if (p->count == 0)
        return g->vocabulary.size && g->vocabulary.end_of_text >= 0
                   ? format_text("%s: is empty, expected one token at least (%s, id %d, "
                                 "lets the model begin)",
                                 from, END_OF_TEXT, g->vocabulary.end_of_text)
                   : format_text("%s: is empty, expected one token at least", from);
    if (p->count > (size_t)c->positions)
        return format_text("%s: has %zu tokens, the model in %s has room for %d", from,
                           p->count, folder, c->positions);
    for (size_t i = 0; i < p->count; i++)
        if (p->id[i] >= c->V)
            return format_text(
                "%s: token id %d is out of range, the model in %s has ids 0 to %d", from,
                p->id[i], folder, c->V - 1);
    return NULL;
}

/* No text of more bytes can have room in the context. */
static size_t longest_prompt(const struct gpt2 *g)
{
    const struct vocabulary *v = &g->vocabulary;
    size_t longest = 1;
    for (int id = 0; id < v->size; id++)
        if (v->start[id + 1] - v->start[id] > longest)
            longest = v->start[id + 1] - v->start[id];
    return (size_t)g->model.config.positions * longest;
}

/* A prompt from a file; NULL is standard input. The end of its last line is left out. A file
 * has no end sometimes (/dev/zero), so no more is read than the model has room for. */
static struct bytes read_prompt_file(const char *path, const struct gpt2 *g,
                                     const char *folder)
{
    const char *name = path ? path : "standard input";
    const size_t most = longest_prompt(g) + 2;
    FILE *file = path ? fopen(path, "rb") : stdin;
    if (!file)
        die("%s: cannot be opened: %s", name, strerror(errno));
    struct bytes b = {grab(most + 1, 1), 0};
    b.size = fread(b.data, 1, most + 1, file);
    if (interrupted)
        exit(130);
    if (ferror(file))
        die("%s: cannot be read: %s", name, strerror(errno));
    if (b.size > most)
        die("%s: has more than %zu bytes, the model in %s has room for %d tokens", name,
            most, folder, g->model.config.positions);
    if (path)
        fclose(file);
    if (b.size && b.data[b.size - 1] == '\n')
        b.size -= b.size > 1 && b.data[b.size - 2] == '\r' ? 2 : 1;
    return b;
}

/* Where the new tokens go: to a voice, or as ids. */
struct writer {
    const struct gpt2 *g;
    struct voice voice;
    bool as_ids;
    int said;
};

/* Says one token. False: the text is to end here. */
static bool say_token(void *to, int id)
{
    struct writer *w = to;
    const struct vocabulary *v = &w->g->vocabulary;
    if (w->as_ids || v->size == 0) {
        char *text = format_text("%s%d", w->said++ ? " " : "", id);
        speak(&w->voice, strlen(text), (unsigned char *)text);
        free(text);
    } else if (id < v->size && id != v->end_of_text)
        speak(&w->voice, v->start[id + 1] - v->start[id], v->text + v->start[id]);
    return !w->voice.stopped;
}

/* A token as it is printed. The caller frees it. */
static char *token_name(const struct gpt2 *g, int id)
{
    return id < g->vocabulary.size ? token_label(&g->vocabulary, id)
                                   : format_text("%d", id);
}

static void print_name(const struct gpt2 *g, int id, int width)
{
    char *name = token_name(g, id);
    print_field(name, width, false);
    free(name);
}

/* --top: the n likeliest next tokens. */
static void print_top(struct gpt2 *g, int n)
{
    const int V = g->model.config.V;
    const float *logits = catch_up(g);
    n = n < V ? n : V;
    struct candidate *best = grab((size_t)n, sizeof *best);
    likeliest_tokens(V, logits, n, best);
    double rest = 1;
    char *last = token_name(g, g->ids[g->count - 1]);
    heading("Next", "the %d likeliest tokens behind %s", n, last);
    for (int k = 0; k < n; k++) {
        const double p = (double)best[k].p;
        rest -= p;
        printf("  %3d  ", k + 1);
        print_name(g, best[k].id, 16);
        printf(" %6.2f %%%s%s", 100 * p, p * 45 >= 0.5 ? "  " : "", ink(INK_SCORE));
        for (int i = 0; i < (int)(p * 45 + 0.5); i++)
            fputs("█", stdout);
        printf("%s\n", ink(INK_PLAIN));
    }
    printf("       %-16s %6.2f %%\n", "all others", 100 * fmax(0, rest));
    free(last);
    free(best);
}

/* What the model would say at one depth, behind the last token. */
struct depth {
    int id;       /* the likeliest token */
    float p;      /* how likely it is */
    int rank;     /* the place of the model's answer, 1 for the first */
    float row[3]; /* how long: the row; what attention added; what feed-forward did */
};

static float difference_length(int n, const float x[n], const float y[n])
{
    double squares = 0;
    for (int i = 0; i < n; i++)
        squares += (double)(x[i] - y[i]) * (double)(x[i] - y[i]);
    return (float)sqrt(squares);
}

/* Chapter 9's journey, of the last token alone, by the fast pass, which can keep its steps.
 * → depths [L + 1]: the embedding, and behind each block */
static struct depth *travel(const struct gpt2 *g)
{
    const struct config *c = &g->model.config;
    const struct weights *w = &g->model.weights;
    const int T = g->count, C = c->C, V = c->V, L = c->L;
    struct fast_pass pass = new_fast_pass(1, T, c);
    struct depth *all = grab((size_t)L + 1, sizeof *all);
    float(*norm)[C] = grab(1, sizeof *norm), *logits = grab((size_t)V, sizeof *logits);
    float *p = grab((size_t)V, sizeof *p);
    fast_forward(c, &pass, g->ids, w);
    int answer = 0;
    for (int d = L; d >= 0; d--) {
        const float(*x)[C] = d ? pass.h[d - 1].output : pass.embedding;
        const float(*below)[C] = d > 1 ? pass.h[d - 2].output : pass.embedding;
        norm_rows(1, C, norm, x + T - 1, w->ln_f_weight, w->ln_f_bias, c->epsilon);
        row_with_rows(C, V, logits, norm[0], w->lm_head);
        softmax(V, p, logits);
        all[d].id = likeliest(V, p);
        all[d].p = p[all[d].id];
        if (d == L)
            answer = all[d].id;
        all[d].rank = 1;
        for (int v = 0; v < V; v++)
            all[d].rank += p[v] > p[answer] || (p[v] == p[answer] && v < answer);
        all[d].row[0] = row_length(C, x[T - 1]);
        if (d) {
            const float(*mid)[C] = pass.h[d - 1].mid;
            all[d].row[1] = difference_length(C, mid[T - 1], below[T - 1]);
            all[d].row[2] = difference_length(C, x[T - 1], mid[T - 1]);
        }
    }
    free(norm);
    free(logits);
    free(p);
    free_fast_pass(&pass, c);
    return all;
}

/* --trace */
static void print_trace(const struct gpt2 *g)
{
    const int L = g->model.config.L;
    struct depth *all = travel(g);
    char *last = token_name(g, g->ids[g->count - 1]), *answer = token_name(g, all[L].id);
    heading("The way up", "of the last token, %s; its answer is %s", last, answer);
    printf("  %-9s %8s %10s %13s   if it stopped there  rank of the\n", "", "the row",
           "attention", "feed-forward");
    printf("  %-9s %8s %10s %13s   it would say              answer\n", "", "is long",
           "adds", "adds");
    for (int d = 0; d <= L; d++) {
        char *name = d ? format_text("block %d", d - 1) : format_text("embedding");
        printf("  %-9s %8.2f", name, (double)all[d].row[0]);
        if (d)
            printf(" %10.2f %13.2f   ", (double)all[d].row[1], (double)all[d].row[2]);
        else
            printf("%28s", "");
        print_name(g, all[d].id, 16);
        printf(" %5.1f %%  %6d\n", 100 * (double)all[d].p, all[d].rank);
        free(name);
    }
    free(last);
    free(answer);
    free(all);
}

/* --logits: those behind each token, [T, V], raw; and --dump, as a tensor with a name. */
static void write_logits(struct gpt2 *g, const char *path, const char *dump)
{
    const int V = g->model.config.V, T = g->count - g->read;
    float *all = grab((size_t)T * (size_t)V, sizeof *all);
    read_tokens(g, T, all);
    if (path) {
        struct stat info;
        const bool place = lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
        char *part = place ? format_text("%s", path)
                           : format_text("%s.%ld.part", path, (long)getpid());
        FILE *file = fopen(part, "wb");
        bool good = file && write_floats(file, (size_t)T * (size_t)V, all);
        good = file && fclose(file) == 0 && good && (place || rename(part, path) == 0);
        if (!good) {
            const int why = errno;
            if (file && !place)
                remove(part);
            die("%s: cannot be written: %s", path, strerror(why));
        }
        free(part);
    }
    struct dump d = dump_open(dump);
    dump_add(&d, "logits", "F32", 2, (const int[]){T, V}, all);
    dump_close(&d);
    free(all);
}

/* ---- A line to edit --------------------------------------------------------------- */

static struct termios before; /* the terminal, as it was */
static volatile sig_atomic_t raw;

static void restore_terminal(void)
{
    if (raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    raw = 0;
}

static void on_interrupt(int number)
{
    (void)number;
    if (interrupted) { /* asked twice: at once */
        restore_terminal();
        _exit(130);
    }
    interrupted = 1;
}

static void on_end(int number)
{
    restore_terminal();
    signal(number, SIG_DFL);
    raise(number);
}

/* Ctrl-C ends a text, not the program in the middle of a character; a closed pipe is an error
 * like any other; and whatever ends the program, the terminal is as it was. */
static void watch_signals(void)
{
    struct sigaction act = {.sa_handler = on_interrupt};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    act.sa_handler = on_end;
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    sigaction(SIGQUIT, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    atexit(restore_terminal);
}

/* The line that is being written: its bytes, and the place of the cursor. */
struct line {
    char *text;
    size_t size, at, capacity;
};

static bool in_character(const struct line *l, size_t i)
{
    return i < l->size && ((unsigned char)l->text[i] & 0xC0) == 0x80;
}

static size_t step_left(const struct line *l, size_t i)
{
    i -= i > 0;
    while (i > 0 && in_character(l, i))
        i--;
    return i;
}

static size_t step_right(const struct line *l, size_t i)
{
    i += i < l->size;
    while (in_character(l, i))
        i++;
    return i;
}

static void cut(struct line *l, size_t from, size_t to)
{
    memmove(l->text + from, l->text + to, l->size - to);
    l->size -= to - from;
    l->at = from;
}

static void set_line(struct line *l, const char *text)
{
    l->size = l->at = strlen(text);
    l->text = grow(l->text, &l->capacity, l->size + 1, 1);
    memcpy(l->text, text, l->size);
}

/* The columns from byte `from` to byte `to`. */
static int columns_between(const struct line *l, size_t from, size_t to)
{
    int width = 0;
    while (from < to) {
        unsigned code;
        const int length = utf8_decode((unsigned char *)l->text + from, to - from, &code);
        width += length > 0 ? code_width(code) : 1;
        from += length > 0 ? (size_t)length : 1;
    }
    return width;
}

/* The columns of the terminal. */
static int screen_width(void)
{
    struct winsize size;
    const char *told = getenv("COLUMNS");
    int wide = told ? atoi(told) : 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        wide = size.ws_col;
    return wide >= 10 ? wide : 80;
}

/* Shows the line, as much of it as one row holds, and the cursor in it. */
static void show_line(const struct line *l)
{
    const int room = screen_width() - 4;
    size_t from = l->at, to = l->at;
    while (from > 0 && columns_between(l, step_left(l, from), l->at) <= room)
        from = step_left(l, from);
    while (to < l->size && columns_between(l, from, step_right(l, to)) <= room)
        to = step_right(l, to);
    printf("\r> ");
    if (to > from) {
        unsigned char *text = grab(to - from, 3);
        fwrite(text, 1, mend(to - from, (unsigned char *)l->text + from, text), stdout);
        free(text);
    }
    printf("\033[K\r\033[%dC", 2 + columns_between(l, from, l->at));
    fflush(stdout);
}

/* The next byte typed; -1: there is none, or Ctrl-C. It looks up ten times a second: a signal
 * that came just before the waiting began would not end it. */
static int next_key(void)
{
    int ready = 0;
    while (ready == 0 && !interrupted) {
        struct timeval tenth = {.tv_usec = 100000};
        fd_set keys;
        FD_ZERO(&keys);
        FD_SET(STDIN_FILENO, &keys);
        ready = select(STDIN_FILENO + 1, &keys, NULL, NULL, &tenth);
        if (ready < 0 && errno == EINTR)
            ready = 0;
    }
    unsigned char c;
    return ready > 0 && read(STDIN_FILENO, &c, 1) == 1 ? c : -1;
}

/* An arrow or a key like it, behind Escape, as the control character that does the same. */
static int escaped_key(void)
{
    int c = next_key();
    if (c != '[' && c != 'O')
        return 0;
    c = next_key();
    int number = 0;
    for (; (c >= '0' && c <= '9') || c == ';'; c = next_key())
        number = c == ';' ? number : (number * 10 + c - '0') % 1000;
    if (c == '~')
        return number == 1 || number == 7   ? 1
               : number == 4 || number == 8 ? 5
               : number == 3                ? 4
                                            : 0;
    const char *keys = "ABCDHF", *found = c > 0 ? strchr(keys, c) : NULL;
    static const char means[] = {16, 14, 6, 2, 1, 5};
    return found ? means[found - keys] : 0;
}

/* Earlier lines. */
static char **history;
static size_t history_count, history_capacity;

/* Lets the user write a line. The caller frees it; NULL: that was all. */
static char *edit_line(void)
{
    struct line l = {0};
    size_t shown = history_count;
    set_line(&l, "");
    tcgetattr(STDIN_FILENO, &before);
    struct termios now = before;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    now.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    raw = 1;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
    int c = 0;
    while (true) {
        show_line(&l);
        c = next_key();
        /* Ctrl-C and Ctrl-D end this only where the line is empty. */
        if (c < 0 || c == '\r' || c == '\n' || ((c == 3 || c == 4) && l.size == 0))
            break;
        if (c == 27)
            c = escaped_key();
        const size_t at = l.at;
        if (c == 1)
            l.at = 0;
        else if (c == 5)
            l.at = l.size;
        else if (c == 2)
            l.at = step_left(&l, at);
        else if (c == 6)
            l.at = step_right(&l, at);
        else if (c == 3)
            set_line(&l, ""); /* Ctrl-C takes the line back, Ctrl-D a character */
        else if (c == 4)
            cut(&l, at, step_right(&l, at));
        else if (c == 8 || c == 127)
            cut(&l, step_left(&l, at), at);
        else if (c == 11)
            cut(&l, at, l.size);
        else if (c == 21)
            cut(&l, 0, at);
        else if (c == 23) {
            size_t from = at;
            while (from > 0 && l.text[from - 1] == ' ')
                from--;
            while (from > 0 && l.text[from - 1] != ' ')
                from--;
            cut(&l, from, at);
        } else if ((c == 16 && shown > 0) || (c == 14 && shown < history_count)) {
            shown = c == 16 ? shown - 1 : shown + 1;
            set_line(&l, shown < history_count ? history[shown] : "");
        } else if (c >= ' ') {
            l.text = grow(l.text, &l.capacity, l.size + 2, 1);
            memmove(l.text + at + 1, l.text + at, l.size - at);
            l.text[at] = (char)c;
            l.size++;
            l.at++;
        }
    }
    restore_terminal();
    putchar('\n');
    l.text[l.size] = 0;
    if (c != '\r' && c != '\n') {
        free(l.text);
        return NULL;
    }
    if (l.size > 0) {
        history = grow(history, &history_capacity, history_count + 1, sizeof *history);
        history[history_count++] = format_text("%s", l.text);
    }
    return l.text;
}

/* A line from a pipe or a file; what is beyond `most` bytes of it is dropped. */
static char *plain_line(size_t most)
{
    char *text = NULL;
    size_t size = 0, capacity = 0;
    int c;
    while ((c = getchar()) != EOF && c != '\n')
        if (size < most) {
            text = grow(text, &capacity, size + 2, 1);
            text[size++] = (char)c;
        }
    if (c == EOF && size == 0) {
        free(text);
        return NULL;
    }
    text = grow(text, &capacity, size + 1, 1);
    size -= size > 0 && text[size - 1] == '\r';
    text[size] = 0;
    return text;
}

/* All that was asked for. */
struct job {
    const char *folder, *stop, *logits, *dump, *figures;
    struct wish wish;
    uint64_t chance;
    int top;
    bool trace, stats, print_ids, quiet;
};

/* One token of the text, as the model saw it before it was chosen. */
struct choice {
    float p, best; /* its probability, and the likeliest token's */
    int rank;      /* its place, 1 for the likeliest */
};

struct recorder {
    const struct gpt2 *g;
    struct choice *all; /* [positions] */
};

/* Notes what the model thought of a token before it was chosen. */
static bool note_choice(void *to, int id)
{
    struct recorder *r = to;
    const int V = r->g->model.config.V;
    struct choice *c = &r->all[r->g->count - 1];
    float *p = grab((size_t)V, sizeof *p);
    softmax(V, p, r->g->logits);
    *c = (struct choice){p[id], p[likeliest(V, p)], 1};
    for (int v = 0; v < V; v++)
        c->rank += p[v] > p[id] || (p[v] == p[id] && v < id);
    free(p);
    return true;
}

static void figure_name(FILE *f, const struct gpt2 *g, int id, char end)
{
    char *name = token_name(g, id);
    figure_label(f, name, end);
    free(name);
}

/* A text, token by token through a voice: what comes, what is printed, what is held back. */
static void figure_voice(const char *folder, const char *name, const struct gpt2 *g,
                         const char *text, const char *stop)
{
    FILE *f = figure_open(folder, name), *printed = tmpfile();
    struct voice voice = {.to = printed, .stop = stop};
    struct ids ids = {0};
    if (g->vocabulary.size && printed)
        encode(&g->vocabulary, (const unsigned char *)text, strlen(text), &ids);
    for (size_t t = 0; t < ids.count && !voice.stopped; t++) {
        const int id = ids.id[t];
        const size_t from = g->vocabulary.start[id], to = g->vocabulary.start[id + 1];
        unsigned char come[1000];
        const long begin = ftell(printed);
        speak(&voice, to - from, g->vocabulary.text + from);
        const long end = ftell(printed);
        fseek(printed, begin, SEEK_SET);
        const size_t n = fread(come, 1, (size_t)(end - begin) % sizeof come, printed);
        fseek(printed, end, SEEK_SET);
        char *said = visible(come, n), *held = visible(voice.held, voice.count);
        figure_name(f, g, id, '\t');
        figure_label(f, said, '\t');
        figure_label(f, held, '\t');
        fprintf(f, "%d\n", voice.stopped);
        free(said);
        free(held);
    }
    fall_silent(&voice);
    free(ids.id);
    if (printed)
        fclose(printed);
    figure_close(f);
}

/* What each size of GPT-2 takes: numbers in all, bytes of the cache for a full context. */
static void figure_sizes(const char *folder, const struct config *own)
{
    static const int sizes[][2] = {{12, 12}, {24, 16}, {36, 20}, {48, 25}};
    FILE *f = figure_open(folder, "sizes");
    for (int i = -1; i < 4; i++) {
        struct config c = *own;
        if (i >= 0)
            c = (struct config){.positions = 1024,
                                .V = 50257,
                                .C = 64 * sizes[i][1],
                                .H = sizes[i][1],
                                .L = sizes[i][0],
                                .F = 256 * sizes[i][1]};
        fprintf(f, "%d\t%d\t%d\t%zu\t%.0f\n", i, c.L, c.C, parameter_count(&c),
                cache_bytes(&c, c.positions));
    }
    figure_close(f);
}

/* The data of all pictures. The text is written once more, and watched. */
static void write_figures(struct gpt2 *g, const struct job *job, int T, const int ids[T])
{
    const struct config *c = &g->model.config;
    const int top = c->V < 10 ? c->V : 10;
    struct candidate *best = grab((size_t)top, sizeof *best);
    g->read = 0;
    begin_text(g, T, ids);
    likeliest_tokens(c->V, catch_up(g), top, best);
    FILE *f = figure_open(job->figures, "top");
    for (int k = 0; k < top; k++) {
        fprintf(f, "%d\t%.5f\t", k, (double)best[k].p);
        figure_name(f, g, best[k].id, '\n');
    }
    figure_close(f);
    free(best);
    struct depth *depths = travel(g);
    f = figure_open(job->figures, "trace");
    for (int d = 0; d <= c->L; d++) {
        fprintf(f, "%d\t%.4g\t%.4g\t%.4g\t%.3f\t%d\t", d, (double)depths[d].row[0],
                (double)depths[d].row[1], (double)depths[d].row[2], (double)depths[d].p,
                depths[d].rank);
        figure_name(f, g, depths[d].id, '\n');
    }
    figure_close(f);
    free(depths);
    struct recorder r = {g, grab((size_t)c->positions, sizeof *r.all)};
    struct wish wish = job->wish;
    uint64_t chance = job->chance;
    int count;
    wish.most = wish.most < 120 ? wish.most : 120;
    write_on(g, &wish, &chance, note_choice, &r, &count);
    f = figure_open(job->figures, "text");
    for (int t = 0; t < g->count; t++) {
        fprintf(f, "%d\t%d\t%.5f\t%.5f\t%d\t", t, t >= T, (double)r.all[t].p,
                (double)r.all[t].best, r.all[t].rank);
        figure_name(f, g, g->ids[t], '\n');
    }
    figure_close(f);
    free(r.all);
    figure_voice(job->figures, "flush", g, "Zoë says: 好 🤖!", NULL);
    figure_voice(job->figures, "stop", g, "It was the engine. In the end, that is all.",
                 "the end");
    figure_sizes(job->figures, c);
}

/* Says the text so far: bold on a terminal. */
static void say_prompt(struct writer *w)
{
    printf("%s", ink(INK_BOLD));
    for (int t = 0; t < w->g->count; t++)
        say_token(w, w->g->ids[t]);
    let_go(&w->voice, w->voice.count);
    printf("%s", ink(INK_PLAIN));
}

/* Why a text ended, where that is not plain. */
static void tell_end(const struct gpt2 *g, enum last_word why, int count)
{
    if (why == NO_ROOM)
        fprintf(stderr,
                "%s: the text is %d tokens long now, and the model has no room for "
                "more\n",
                program_name, g->count);
    if (why == INTERRUPTED)
        fprintf(stderr, "%s: stopped after %d new token%s\n", program_name, count,
                count == 1 ? "" : "s");
}

/* Reads the text that g holds, shows what was asked for, and writes on. */
static enum last_word run_job(struct gpt2 *g, struct job *job)
{
    struct writer w = {.g = g, .voice = {.to = stdout}, .as_ids = job->print_ids};
    const double start = seconds();
    const int prompt = g->count - g->read;
    if (job->logits || job->dump)
        write_logits(g, job->logits, job->dump);
    catch_up(g);
    const double read = seconds();
    if (job->top)
        print_top(g, job->top);
    if (job->trace)
        print_trace(g);
    if (job->wish.most == 0 && (job->top || job->trace || job->logits || job->dump))
        return ALL_WRITTEN;
    if (job->top || job->trace)
        putchar('\n');
    if (!job->print_ids && !job->quiet)
        say_prompt(&w);
    if (job->wish.most > 0)
        w.voice.stop = job->stop;
    int count = 0;
    const double begin = seconds();
    const enum last_word why =
        write_on(g, &job->wish, &job->chance, say_token, &w, &count);
    fall_silent(&w.voice);
    if (w.voice.line_open || (job->print_ids && count == 0))
        putchar('\n');
    finish_output();
    const double end = seconds();
    tell_end(g, why, count);
    if (job->stats)
        fprintf(stderr,
                "%s: read %d token%s in %.3f s (%.0f a second), wrote %d in %.3f s (%.0f "
                "a second); %d thread%s; memory %.0f MB\n",
                program_name, prompt, prompt == 1 ? "" : "s", read - start,
                prompt / fmax(read - start, 1e-9), count, end - begin,
                count / fmax(end - begin, 1e-9), thread_count(),
                thread_count() == 1 ? "" : "s", peak_memory());
    return why;
}

/* Line by line. An empty line goes on with the text; with --top, a number takes that token.
 * Ctrl-C ends a text; where the lines come from a pipe, it ends all. */
static void converse(struct gpt2 *g, struct job *job)
{
    const bool terminal = isatty(STDIN_FILENO) && on_terminal();
    const size_t most = longest_prompt(g) + 2; /* more is too long, and is told so */
    if (terminal)
        printf(
            "Write the beginning of a text. An empty line writes on%s.\nCtrl-C stops a "
            "text, Ctrl-D ends this.\n",
            job->top ? " with the\nlikeliest token, a number with that one" : "");
    for (char *line; (line = terminal ? edit_line() : plain_line(most)); free(line)) {
        char *end = NULL, *fault = NULL;
        const long number = strtol(line, &end, 10);
        if (terminal)
            interrupted = 0;
        job->quiet = *line == 0 && !job->top;
        if (job->top && g->count && *end == 0) {
            struct candidate *best = grab((size_t)job->top, sizeof *best);
            const long n = *line ? number : 1;
            likeliest_tokens(g->model.config.V, catch_up(g), job->top, best);
            if (n < 1 || n > job->top)
                fault = format_text("%s: is not in the table, expected 1 to %d", line,
                                    job->top);
            else if (g->count == g->model.config.positions)
                fault = format_text("the text is full");
            else
                g->ids[g->count++] = best[n - 1].id;
            free(best);
        } else if (*line) {
            struct ids ids = {0};
            encode_text(&g->vocabulary, (unsigned char *)line, strlen(line), &ids);
            fault = prompt_fault(
                g, &ids, strlen(line) < most ? "this line" : "the start of this line",
                job->folder);
            if (!fault)
                begin_text(g, (int)ids.count, ids.id);
            if (!fault && terminal)
                tell_strange_words(job->folder, (unsigned char *)line, strlen(line));
            free(ids.id);
        } else if (g->count == 0)
            fault = format_text("there is no text yet to go on with");
        if (fault) {
            fprintf(stderr, "%s: %s\n", program_name, fault);
            free(fault);
            continue;
        }
        if (job->top) { /* the text so far, and what could be next */
            struct writer w = {.g = g, .voice = {.to = stdout}};
            say_prompt(&w);
            fall_silent(&w.voice);
            putchar('\n');
        }
        run_job(g, job);
        finish_output();
        if (terminal)
            interrupted = 0;
        if (interrupted) {
            free(line);
            break;
        }
    }
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    enum { USUAL = 200 };
    struct options o = {0};
    struct job job = {0};
    const char *file = NULL;
    double temperature = 0.8, top_p = 1, penalty = 1;
    long top_k = 40, seed = 1, most = -1, no_repeat = 0, threads = 0, top = 0;
    bool interactive = false, greedy = false, teaching = false;
    const struct option own[] = {
        {"--file", "F", OPTION_TEXT, &file, 0, 0, "the prompt is in a file; - is stdin"},
        {"--interactive", NULL, OPTION_TEXT, &interactive, 0, 0, "prompts line by line"},
        {"--max-tokens", "N", OPTION_INTEGER, &most, 0, 1e9,
         "how many tokens to write (200)"},
        {"--temperature", "X", OPTION_REAL, &temperature, 0, 100,
         "below 1 careful, above 1 wild; 0: greedy (0.8)"},
        {"--top-k", "N", OPTION_INTEGER, &top_k, 0, 1e9,
         "choose among the N likeliest; 0: all (40)"},
        {"--top-p", "X", OPTION_REAL, &top_p, 0, 1,
         "choose among those that have X together (1)"},
        {"--penalty", "X", OPTION_REAL, &penalty, 1, 100,
         "make tokens less likely that were there (1)"},
        {"--no-repeat", "N", OPTION_INTEGER, &no_repeat, 0, 1e9,
         "never the same N tokens twice (0: no rule)"},
        {"--greedy", NULL, OPTION_TEXT, &greedy, 0, 0, "always the likeliest token"},
        {"--seed", "N", OPTION_INTEGER, &seed, 0, 9e15, "where chance begins (1)"},
        {"--stop", "TEXT", OPTION_TEXT, &job.stop, 0, 0, "end the text before this"},
        {"--threads", "N", OPTION_INTEGER, &threads, 1, 1024, "how many (all cores)"},
        {"--top", "N", OPTION_INTEGER, &top, 1, 1e9,
         "a table of the N likeliest next tokens"},
        {"--trace", NULL, OPTION_TEXT, &job.trace, 0, 0,
         "the last token's way up, as in chapter 9"},
        {"--stats", NULL, OPTION_TEXT, &job.stats, 0, 0, "how fast, how much memory"},
        {"--print-ids", NULL, OPTION_TEXT, &job.print_ids, 0, 0,
         "print the new tokens' ids, and nothing else"},
        {"--logits", "FILE", OPTION_TEXT, &job.logits, 0, 0,
         "write the prompt's logits, [T, V] raw floats"},
        {"--teaching", NULL, OPTION_TEXT, &teaching, 0, 0,
         "read with chapters 3 to 11, not chapter 12"},
    };
    parse_options(argc, argv, "usage: 13_gpt2 [options]", &o, own,
                  sizeof own / sizeof *own);
    if (o.command)
        die("%s: unknown argument (see %s --help)", o.command, program_name);
    if ((o.prompt != NULL) + (o.ids != NULL) + (file != NULL) + interactive > 1)
        die("--prompt, --ids, --file and --interactive: only one of them can be given");
    if (job.stop && !*job.stop)
        die("--stop: is empty, expected the text to stop before");
    if (job.print_ids && (top || job.trace))
        die("--print-ids: prints nothing else, so not --top or --trace");
    if (job.print_ids && job.stop)
        die("--print-ids: prints no text, so there is none to --stop before");
    if (interactive && (job.logits || o.dump || o.figures))
        die("--interactive: has many prompts, so not --logits, --dump or --figures");
    if (interactive && top && most > 0)
        die("--interactive --top: you choose the tokens, so not --max-tokens");
    watch_signals();
#ifdef _OPENMP
    if (threads)
        omp_set_num_threads((int)threads);
#endif
    const double start = seconds();
    struct gpt2 g;
    open_gpt2(&g, o.model, !o.ids, teaching);
    if (job.stats)
        fprintf(stderr, "%s: opened %s in %.3f s%s\n", program_name, o.model,
                seconds() - start, teaching ? "; the teaching pass reads" : "");
    if (job.stop && !g.vocabulary.size)
        die("--stop: the model in %s has no vocabulary, so there is no text", o.model);
    if (o.figures) { /* the chapter's own run shows it all */
        job.trace = !job.print_ids;
        top = job.print_ids || top ? top : 10;
        most = most < 0 ? USUAL : most;
    }
    if (most < 0)
        most = top || (job.trace && !interactive) || job.logits || o.dump ? 0 : USUAL;
    job.folder = o.model;
    job.dump = o.dump;
    job.figures = o.figures;
    job.top = (int)(top < g.model.config.V ? top : g.model.config.V);
    job.chance = (uint64_t)seed;
    job.wish = (struct wish){.how = {greedy ? 0 : (float)temperature, (int)top_k,
                                     (float)top_p, (float)penalty},
                             .no_repeat = (int)no_repeat,
                             .most = (int)most};
    if (interactive) {
        converse(&g, &job);
        if (interrupted) {
            close_gpt2(&g);
            return 130;
        }
    } else {
        const bool piped = file && strcmp(file, "-") == 0;
        const char *from = o.ids   ? "--ids"
                           : piped ? "standard input"
                           : file  ? file
                                   : "--prompt";
        struct ids ids = {0};
        struct bytes text = {0};
        if (o.ids)
            parse_ids(o.ids, "--ids", &ids);
        else {
            const char *prompt = o.prompt ? o.prompt : "A robot must";
            text = file ? read_prompt_file(piped ? NULL : file, &g, o.model)
                        : (struct bytes){(unsigned char *)format_text("%s", prompt),
                                         strlen(prompt)};
            encode_text(&g.vocabulary, text.data, text.size, &ids);
        }
        char *fault = prompt_fault(&g, &ids, from, o.model);
        if (fault)
            die("%s", fault);
        if (!o.ids && isatty(STDOUT_FILENO) && !job.print_ids)
            tell_strange_words(o.model, text.data, text.size);
        begin_text(&g, (int)ids.count, ids.id);
        const struct job again = job;
        if (run_job(&g, &job) == INTERRUPTED) {
            close_gpt2(&g);
            return 130;
        }
        if (o.figures)
            write_figures(&g, &again, (int)ids.count, ids.id);
        free(ids.id);
        free(text.data);
    }
    close_gpt2(&g);
    finish_output();
    return 0;
}
