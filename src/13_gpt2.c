/* 13_gpt2: GPT-2 continues a prompt, a file, or line after line.
 * Chapter 13 of the book: chapters/13_gpt2.md */
#include "13_gpt2.h"

#include <fcntl.h>
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

/* The most memory the program has had, in megabytes, including the parts of mapped files that it
 * read. */
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
static char *prompt_fault(const struct gpt2 *g, const struct ids *p, const char *from)
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
                           p->count, g->folder, c->positions);
    for (size_t i = 0; i < p->count; i++)
        if (p->id[i] >= c->V)
            return format_text(
                "%s: token id %d is out of range, the model in %s has ids 0 to %d", from,
                p->id[i], g->folder, c->V - 1);
    return NULL;
}

/* A prompt that ends with a space, told once. */
static void tell_last_space(const unsigned char *s, size_t n)
{
    static bool told;
    if (n > 0 && s[n - 1] == ' ' && !told)
        fprintf(stderr,
                "%s: the prompt ends with a space: leave it out, for each word's token "
                "begins with its own\n",
                program_name);
    told |= n > 0 && s[n - 1] == ' ';
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

/* A prompt from a file; - is standard input. The end of its last line is left out. Some files
 * have no end (/dev/zero), so no more is read than the model has room for. */
static struct bytes read_prompt_file(const char *path, const struct gpt2 *g)
{
    const bool piped = strcmp(path, "-") == 0;
    const char *name = piped ? "standard input" : path;
    const size_t most = longest_prompt(g) + 2;
    FILE *file = piped ? stdin : fopen(path, "rb");
    struct stat info;
    if (!file)
        die("%s: cannot be opened: %s", name, strerror(errno));
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode))
        die("%s: is a folder, expected a file", name);
    struct bytes b = {grab(most + 1, 1), 0};
    b.size = fread(b.data, 1, most + 1, file);
    if (interrupted)
        exit(130);
    if (ferror(file))
        die("%s: cannot be read: %s", name, strerror(errno));
    if (b.size > most)
        die("%s: has more than %zu bytes, the model in %s has room for %d tokens", name,
            most, g->folder, g->model.config.positions);
    if (!piped)
        fclose(file);
    refuse_mistaken(name, b, "plain text");
    if (b.size && b.data[b.size - 1] == '\n')
        b.size -= b.size > 1 && b.data[b.size - 2] == '\r' ? 2 : 1;
    return b;
}

/* Where the new tokens go: to a voice, as text or as ids. */
struct writer {
    const struct gpt2 *g;
    struct voice voice;
    bool as_ids;
    int said;
};

/* Says one token. False: the text should end here. */
static bool say_token(void *to, int id)
{
    struct writer *w = to;
    const struct vocabulary *v = &w->g->vocabulary;
    if (w->as_ids || v->size == 0) {
        const char *text = brief(format_text("%s%d", w->said++ ? " " : "", id));
        speak(&w->voice, strlen(text), (unsigned char *)text);
    } else if (id < v->size && id != v->end_of_text)
        speak(&w->voice, v->start[id + 1] - v->start[id], v->text + v->start[id]);
    return !w->voice.stopped;
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
    char *last = token_label(&g->vocabulary, g->ids[g->count - 1]);
    heading("Next", "the %d likeliest token%s after %s", n, n == 1 ? "" : "s", last);
    for (int k = 0; k < n; k++) {
        const double p = (double)best[k].p;
        rest -= p;
        printf("  %3d  %s %s%s%s", k + 1, token_field(&g->vocabulary, best[k].id, 16),
               percent(p, 6, 2), p * 45 >= 0.5 ? "  " : "", ink(INK_SCORE));
        for (int i = 0; i < (int)(p * 45 + 0.5); i++)
            fputs("█", stdout);
        printf("%s\n", ink(INK_PLAIN));
    }
    printf("       %-16s %s\n", "all others", percent(fmax(0, rest), 6, 2));
    free(last);
    free(best);
}

/* What the model would say at one depth, after the last token. */
struct depth {
    int id;        /* the likeliest token */
    float p;       /* how likely it is */
    int rank;      /* the rank of the model's answer, 1 for the first */
    double row[3]; /* lengths: of the row; of what attention and feed-forward added */
};

/* The length of the difference. after [n], before [n] */
static double added_length(int n, const float after[n], const float before[n])
{
    float added[n];
    for (int i = 0; i < n; i++)
        added[i] = after[i] - before[i];
    return row_length(n, added);
}

/* Chapter 9's journey, of the last token alone, by the fast pass, which can keep its steps.
 * → depths [L + 1]: the embedding, and after each block */
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
        head_product((enum weight_kind)w->kind, 1, C, V, (void *)logits, norm,
                     w->lm_head);
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
            all[d].row[1] = added_length(C, mid[T - 1], below[T - 1]);
            all[d].row[2] = added_length(C, x[T - 1], mid[T - 1]);
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
    char *last = token_label(&g->vocabulary, g->ids[g->count - 1]),
         *answer = token_label(&g->vocabulary, all[L].id);
    heading("The way up", "of the last token, %s; its answer is %s", last, answer);
    printf("  %-8s %9s %10s %13s   if it stopped there  rank of the\n  %-9s %8s %10s "
           "%13s   it would say              answer\n",
           "", "the row's", "attention", "feed-forward", "", "length", "adds", "adds");
    for (int d = 0; d <= L; d++) {
        printf("  %-9s %8.2f",
               brief(d ? format_text("block %d", d - 1) : format_text("embedding")),
               all[d].row[0]);
        if (d)
            printf(" %10.2f %13.2f   ", all[d].row[1], all[d].row[2]);
        else
            printf("%28s", "");
        fputs(token_field(&g->vocabulary, all[d].id, 16), stdout);
        printf(" %5.1f %%  %6d\n", 100 * (double)all[d].p, all[d].rank);
    }
    free(last);
    free(answer);
    free(all);
}

/* --logits: those after each token, [T, V], raw; and --dump, as a tensor with a name. */
static void write_logits(struct gpt2 *g, const char *path, const char *dump)
{
    const int V = g->model.config.V, T = g->count - g->read;
    const size_t size = (size_t)T * (size_t)V;
    struct tensors list = {0};
    float *all = new_tensor(&list, "logits", SHAPE(T, V));
    read_tokens(g, T, all);
    struct dump d = dump_open(dump);
    dump_tensors(&d, &list, NULL);
    dump_close(&d);
    unsigned char *bytes = (unsigned char *)all; /* little-endian on every machine */
    for (size_t i = 0; i < size; i++) {
        uint32_t bits;
        memcpy(&bits, &all[i], 4);
        for (size_t b = 0; b < 4; b++)
            bytes[4 * i + b] = (unsigned char)(bits >> (8 * b));
    }
    if (path)
        write_file(path, bytes, 4 * size);
    free_tensors(&list);
}

/* ---- A line to edit --------------------------------------------------------------- */

static struct termios before; /* the terminal, as it was */
static volatile sig_atomic_t raw;
static volatile sig_atomic_t moved; /* a new width, or back from Ctrl-Z */

static void restore_terminal(void)
{
    if (raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    raw = 0;
}

/* After this, each key comes as it is typed, and nothing else happens to it. */
static void take_keys(void)
{
    if (!raw)
        tcgetattr(STDIN_FILENO, &before);
    struct termios now = before;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    now.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    raw = 1;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
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

static void on_move(int number)
{
    (void)number;
    moved = 1;
}

/* Ctrl-C ends a text, not the program in the middle of a character; and whatever ends the
 * program, even a closed pipe, the terminal is restored. */
static void watch_signals(void)
{
    static const int ends[] = {SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    struct sigaction act = {.sa_handler = on_interrupt}, old;
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    act.sa_handler = on_end;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(ends[i], &act, NULL);
    act.sa_handler = on_move;
    act.sa_flags = SA_RESTART;
    sigaction(SIGWINCH, &act, NULL);
    sigaction(SIGCONT, &act, NULL);
    atexit(restore_terminal);
}

/* The line that is being written: its bytes, and the place of the cursor. */
struct line {
    char *text;
    size_t size, at, capacity;
};

/* The character at byte i: how many bytes it has, and how many columns. Broken bytes are shown
 * as one character each. */
static size_t character_at(const struct line *l, size_t i, int *columns)
{
    unsigned code;
    const int length = utf8_decode((unsigned char *)l->text + i, l->size - i, &code);
    *columns = length > 0 ? code_width(code) : 1;
    return length > 0 ? (size_t)length : 1;
}

/* The byte after the character at byte i and the marks on it. */
static size_t step_right(const struct line *l, size_t i)
{
    int columns = 0;
    if (i < l->size)
        i += character_at(l, i, &columns);
    for (size_t length; i < l->size; i += length) {
        length = character_at(l, i, &columns);
        if (columns > 0)
            break;
    }
    return i;
}

static size_t step_left(const struct line *l, size_t i)
{
    for (int columns = 0; i > 0 && columns == 0;) {
        size_t length = i < 4 ? i : 4; /* the character that ends at i */
        while (length > 1 && character_at(l, i - length, &columns) != length)
            length--;
        i -= length;
        character_at(l, i, &columns);
    }
    return i;
}

static size_t word_left(const struct line *l, size_t i)
{
    while (i > 0 && l->text[i - 1] == ' ')
        i--;
    while (i > 0 && l->text[i - 1] != ' ')
        i--;
    return i;
}

static size_t word_right(const struct line *l, size_t i)
{
    while (i < l->size && l->text[i] == ' ')
        i++;
    while (i < l->size && l->text[i] != ' ')
        i++;
    return i;
}

static void cut(struct line *l, size_t from, size_t to)
{
    memmove(l->text + from, l->text + to, l->size - to);
    l->size -= to - from;
    l->at = from;
}

static void put_in(struct line *l, char c)
{
    l->text = grow(l->text, &l->capacity, l->size + 2, 1);
    memmove(l->text + l->at + 1, l->text + l->at, l->size - l->at);
    l->text[l->at++] = c;
    l->size++;
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
    int width = 0, columns;
    for (; from < to; width += columns)
        from += character_at(l, from, &columns);
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
    return wide <= 0 ? 80 : wide < 8 ? 8 : wide;
}

/* Shows the line, as much of it as one row holds, and the cursor in it. → its column */
static int show_line(const struct line *l)
{
    const int room = screen_width() - 4;
    size_t from = l->at, to = l->at;
    while (from > 0 && columns_between(l, step_left(l, from), l->at) <= room)
        from = step_left(l, from);
    while (to < l->size && columns_between(l, from, step_right(l, to)) <= room)
        to = step_right(l, to);
    const int column = 2 + columns_between(l, from, l->at);
    printf("\r> ");
    for (int columns; from < to;) {
        const char *const c = l->text + from;
        const size_t n = character_at(l, from, &columns);
        if (*c == '\t')
            fputs("⇥", stdout);
        else if (n == 1 ? (unsigned char)*c >= 0x7F
                        : (n == 2 && memcmp(c, "\xC2\xA0", 2) < 0))
            fputs("\xEF\xBF\xBD",
                  stdout); /* no character, or one that commands the terminal */
        else
            fwrite(c, 1, n, stdout);
        from += n;
    }
    printf("\033[K\r\033[%dC", column);
    fflush(stdout);
    return column;
}

/* What next_key returns besides bytes. */
enum { NO_KEY = -1, KEY_MOVED = 256, KEY_WORD_LEFT, KEY_WORD_RIGHT };

static int kept[2], kept_count; /* keys that were read too far */

static void keep_key(int c)
{
    if (c >= 0)
        kept[kept_count++] = c;
}

/* The next byte typed, within a tenth of a second if it is part of a key that sends several.
 * NO_KEY: there is none, or Ctrl-C. It looks ten times per second: a signal that came just
 * before the waiting began would not end it. */
static int next_key(bool at_once)
{
    if (kept_count > 0) {
        const int c = kept[0];
        kept[0] = kept[--kept_count];
        return c;
    }
    for (int ready = 0; ready <= 0;) {
        if (interrupted)
            return NO_KEY;
        if (moved && !at_once) {
            moved = 0;
            return KEY_MOVED;
        }
        struct timeval tenth = {.tv_usec = 100000};
        fd_set keys;
        FD_ZERO(&keys);
        FD_SET(STDIN_FILENO, &keys);
        ready = select(STDIN_FILENO + 1, &keys, NULL, NULL, &tenth);
        if ((ready == 0 && at_once) || (ready < 0 && errno != EINTR))
            return NO_KEY;
    }
    unsigned char c;
    return read(STDIN_FILENO, &c, 1) == 1 ? c : NO_KEY;
}

/* The key that Escape begins: an arrow or a key like it, as the control character that does the
 * same; 0: an unknown one. A key that follows by chance is kept. */
static int escaped_key(void)
{
    const int lead = next_key(true);
    if (lead != '[' && lead != 'O') {
        keep_key(lead);
        return 0;
    }
    int c = next_key(true), number[2] = {0, 0}, second = 0;
    if (c < 0 || (lead == 'O' && !strchr("ABCDFHPQRScd", c))) {
        keep_key(lead);
        keep_key(c);
        return 0;
    }
    for (; c >= 0x20 && c < 0x40; c = next_key(true))
        if (c == ';')
            second = 1;
        else if (c >= '0' && c <= '9')
            number[second] = (number[second] * 10 + c - '0') % 1000;
    const bool by_words = number[second] > 2; /* 2 is Shift, 3 Alt, 5 Ctrl */
    switch (c) {
    case 'A':
        return 16;
    case 'B':
        return 14;
    case 'C':
        return by_words ? KEY_WORD_RIGHT : 6;
    case 'D':
        return by_words ? KEY_WORD_LEFT : 2;
    case 'c':
        return KEY_WORD_RIGHT;
    case 'd':
        return KEY_WORD_LEFT;
    case 'H':
        return 1;
    case 'F':
        return 5;
    case '~':
        return *number == 1 || *number == 7   ? 1
               : *number == 4 || *number == 8 ? 5
               : *number == 3                 ? 4
                                              : 0;
    default:
        return 0;
    }
}

/* Earlier lines. */
static char **history;
static size_t history_count, history_capacity;

/* Does to the line what a key means. *shown: which earlier line is shown */
static void edit(struct line *l, int c, size_t *shown)
{
    const size_t at = l->at;
    if (c == 1)
        l->at = 0;
    else if (c == 5)
        l->at = l->size;
    else if (c == 2)
        l->at = step_left(l, at);
    else if (c == 6)
        l->at = step_right(l, at);
    else if (c == KEY_WORD_LEFT)
        l->at = word_left(l, at);
    else if (c == KEY_WORD_RIGHT)
        l->at = word_right(l, at);
    else if (c == 3)
        set_line(l, ""); /* Ctrl-C takes the line back, Ctrl-D a character */
    else if (c == 4)
        cut(l, at, step_right(l, at));
    else if (c == 8 || c == 127)
        cut(l, step_left(l, at), at);
    else if (c == 11)
        cut(l, at, l->size);
    else if (c == 21)
        cut(l, 0, at);
    else if (c == 23)
        cut(l, word_left(l, at), at);
    else if ((c == 16 && *shown > 0) || (c == 14 && *shown < history_count)) {
        *shown = c == 16 ? *shown - 1 : *shown + 1;
        set_line(l, *shown < history_count ? history[*shown] : "");
    } else if ((c >= ' ' && c < 256) || c == '\t')
        put_in(l, (char)c);
}

/* Lets the user write a line. The caller frees it; NULL: that was all. */
static char *edit_line(void)
{
    struct line l = {0};
    size_t shown = history_count;
    int c = 0, column;
    set_line(&l, "");
    take_keys();
    while (true) {
        column = show_line(&l);
        c = next_key(false);
        /* Ctrl-C and Ctrl-D end this only if the line is empty. */
        if (c < 0 || c == '\r' || c == '\n' || ((c == 3 || c == 4) && l.size == 0))
            break;
        if (c == 27)
            c = escaped_key();
        if (c == 26) { /* Ctrl-Z: the shell takes over, and gives back */
            putchar('\n');
            fflush(stdout);
            restore_terminal();
            raise(SIGTSTP);
            take_keys();
        } else if (c == KEY_MOVED) { /* a narrow window breaks the row that was shown */
            if (column / screen_width() > 0)
                printf("\033[%dA", column / screen_width());
            printf("\r\033[J");
            take_keys();
        } else
            edit(&l, c, &shown);
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

/* A line from a pipe or a file; bytes beyond `most` are dropped. */
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
    if (ferror(stdin) && !interrupted)
        die("standard input: cannot be read: %s", strerror(errno));
    if (c == EOF && size == 0) {
        free(text);
        return NULL;
    }
    text = grow(text, &capacity, size + 1, 1);
    size -= size > 0 && text[size - 1] == '\r';
    text[size] = 0;
    return text;
}

/* A line from a person: edited, if the terminal can do what that takes. */
static char *asked_line(size_t most)
{
    if (on_terminal())
        return edit_line();
    printf("> ");
    fflush(stdout);
    return plain_line(most);
}

/* Everything that was asked for; -1 if it was not given. */
struct job {
    struct options o;
    const char *file, *logits, *weights;
    struct texts stops;
    double temperature, top_p, penalty;
    long top_k, seed, most, no_repeat, threads, top, texts;
    bool interactive, greedy, teaching, trace, stats, print_ids, quiet;
    struct wish wish; /* made of these */
    uint64_t chance;
};

/* One token of the text, as the model saw it before it was chosen. */
struct choice {
    float p, best; /* its probability, and the likeliest token's */
    int rank;      /* 1 for the likeliest */
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

/* A text, token by token through a voice: the token, the bytes printed, the bytes held back. */
static void figure_voice(const char *folder, const char *name, const struct gpt2 *g,
                         const char *text, const struct texts *stops)
{
    FILE *f = figure_open(folder, name), *printed = tmpfile();
    struct voice voice = {.to = printed, .stops = stops};
    struct ids ids = {0};
    if (g->vocabulary.size && printed)
        encode(&g->vocabulary, (const unsigned char *)text, strlen(text), &ids);
    for (size_t t = 0; t < ids.count && !voice.stopped; t++) {
        const struct bytes token = token_bytes(&g->vocabulary, ids.id[t]);
        unsigned char come[1000];
        const long begin = ftell(printed);
        speak(&voice, token.size, token.data);
        const long end = ftell(printed);
        fseek(printed, begin, SEEK_SET);
        const size_t n = fread(come, 1, (size_t)(end - begin) % sizeof come, printed);
        fseek(printed, end, SEEK_SET);
        const char *said = brief(visible(come, n)),
                   *held = brief(visible(voice.held, voice.count));
        figure_row(f, "%s %s %s %d", token_text(&g->vocabulary, ids.id[t]), said, held,
                   voice.stopped != NULL);
    }
    fall_silent(&voice);
    free(ids.id);
    if (printed)
        fclose(printed);
    figure_close(f);
}

/* The sizes of GPT-2: how many numbers, and the bytes of the cache for a full context. */
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
        figure_row(f, "%d %d %d %zu %.0f", i, c.L, c.C, parameter_count(&c),
                   cache_bytes(&c, c.positions));
    }
    figure_close(f);
}

/* The likeliest tokens after the prompt; and the last token's way up. */
static void figure_prompt(const char *folder, struct gpt2 *g)
{
    const int V = g->model.config.V, top = V < 10 ? V : 10;
    struct candidate *best = grab((size_t)top, sizeof *best);
    likeliest_tokens(V, catch_up(g), top, best);
    FILE *f = figure_open(folder, "top");
    for (int k = 0; k < top; k++)
        figure_row(f, "%d %.5f %s", k, best[k].p, token_text(&g->vocabulary, best[k].id));
    figure_close(f);
    free(best);
    struct depth *depths = travel(g);
    f = figure_open(folder, "trace");
    for (int d = 0; d <= g->model.config.L; d++) {
        const double *row = depths[d].row;
        figure_row(f, "%d %.2f %.2f %.2f %.3f %d %s", d, row[0], row[1], row[2],
                   depths[d].p, depths[d].rank, token_text(&g->vocabulary, depths[d].id));
    }
    figure_close(f);
    free(depths);
}

/* The text is written once more, 120 tokens of it at most, and watched. T: of the prompt */
static void figure_text(struct gpt2 *g, const struct job *job, int T)
{
    struct recorder r = {g, grab((size_t)g->model.config.positions + 1, sizeof *r.all)};
    struct wish wish = job->wish;
    uint64_t chance = (uint64_t)job->seed;
    int count;
    wish.most = wish.most < 120 ? wish.most : 120;
    write_on(g, &wish, &chance, note_choice, &r, &count);
    FILE *f = figure_open(job->o.figures, "text");
    for (int t = 0; t < g->count; t++)
        figure_row(f, "%d %d %.4f %.4f %d %s", t, t >= T, r.all[t].p, r.all[t].best,
                   r.all[t].rank, token_text(&g->vocabulary, g->ids[t]));
    figure_close(f);
    free(r.all);
}

/* The data of all pictures, for a prompt of T tokens. */
static void write_figures(struct gpt2 *g, const struct job *job, int T, const int ids[T])
{
    const char *const folder = job->o.figures, *the_end = "the end";
    const struct texts stops = {.all = &the_end, .count = 1};
    g->read = 0;
    begin_text(g, T, ids);
    figure_prompt(folder, g);
    figure_text(g, job, T);
    figure_voice(folder, "flush", g, "Zoë says: 好 🤖!", NULL);
    figure_voice(folder, "stop", g, "It was the engine. In the end, that is all.",
                 &stops);
    figure_sizes(folder, &g->model.config);
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

/* Says why a text ended. That is not part of the text, so it goes to standard error. */
static void tell_end(const struct gpt2 *g, enum last_word why, int count,
                     const char *stop)
{
    const bool dim = isatty(STDERR_FILENO);
    const char *visible_stop =
        brief(visible((const unsigned char *)stop, stop ? strlen(stop) : 0));
    fprintf(stderr, "%s%s: ", dim ? ink(INK_DIM) : "", program_name);
    switch (why) {
    case ALL_WRITTEN:
    case INTERRUPTED:
        fprintf(stderr, "stopped after %d new token%s (%s)", count, count == 1 ? "" : "s",
                why == INTERRUPTED ? "Ctrl-C" : "--max-tokens");
        break;
    case TEXT_OVER:
        fprintf(stderr, "the model ended the text (%s)", END_OF_TEXT);
        break;
    case STOP_SAID:
        fprintf(stderr, "stopped before '%s' (--stop)", visible_stop);
        break;
    case NO_ROOM:
        fprintf(stderr,
                "the context is full: the text is %d tokens long, and the model has "
                "no room for more",
                g->count);
        break;
    case NOTHING_LEFT:
        fprintf(stderr,
                "--no-repeat forbids every token: nothing is left to choose from");
        break;
    }
    fprintf(stderr, "%s\n", dim ? ink(INK_PLAIN) : "");
}

/* How fast it was. */
static void print_stats(int read, double reading, int written, double writing)
{
    fprintf(stderr,
            "%s: read %d token%s in %.3f s (%.0f per second), wrote %d in %.3f s (%.0f "
            "per second); %d thread%s; memory %.0f MB\n",
            program_name, read, read == 1 ? "" : "s", reading, read / fmax(reading, 1e-9),
            written, writing, written / fmax(writing, 1e-9), thread_count(),
            thread_count() == 1 ? "" : "s", peak_memory());
}

/* Continues the text, and says it. *count new tokens */
static enum last_word write_text(struct gpt2 *g, struct job *job, int *count)
{
    struct writer w = {.g = g, .voice = {.to = stdout}, .as_ids = job->print_ids};
    if (!job->print_ids && !job->quiet)
        say_prompt(&w);
    if (job->wish.most > 0)
        w.voice.stops = &job->stops;
    enum last_word why = write_on(g, &job->wish, &job->chance, say_token, &w, count);
    fall_silent(&w.voice);
    if (w.voice.stopped)
        why = STOP_SAID;
    if (w.voice.line_open || (job->print_ids && *count == 0))
        putchar('\n');
    finish_output();
    if (job->wish.most > 0)
        tell_end(g, why, *count, w.voice.stopped);
    return why;
}

/* Reads the text that g holds, shows what was asked for, and continues the text. */
static enum last_word run_job(struct gpt2 *g, struct job *job)
{
    const double start = seconds();
    const int prompt = g->count - g->read;
    int count = 0;
    if (is_full(g)) {
        tell_end(g, NO_ROOM, 0, NULL);
        return NO_ROOM;
    }
    if (job->logits || job->o.dump)
        write_logits(g, job->logits, job->o.dump);
    catch_up(g);
    const double read = seconds();
    if (job->top > 0)
        print_top(g, (int)job->top);
    if (job->trace)
        print_trace(g);
    const bool shown = job->top > 0 || job->trace;
    if (job->wish.most == 0 && (shown || job->logits || job->o.dump))
        return ALL_WRITTEN;
    if (shown)
        putchar('\n');
    const double begin = seconds();
    const enum last_word why = write_text(g, job, &count);
    if (job->stats)
        print_stats(prompt, read - start, count, seconds() - begin);
    return why;
}

/* --interactive --top: a number takes that token of the table, an empty line the first. → the
 * fault, or NULL */
static char *take_choice(struct gpt2 *g, const struct job *job, const char *line)
{
    const int top = (int)job->top;
    const long number = *line ? strtol(line, NULL, 10) : 1;
    if (is_full(g))
        return format_text("the text is full");
    if (number < 1 || number > top)
        return format_text("%s: is not in the table, expected 1 to %d", line, top);
    struct candidate *best = grab((size_t)top, sizeof *best);
    likeliest_tokens(g->model.config.V, catch_up(g), top, best);
    g->ids[g->count++] = best[number - 1].id;
    free(best);
    return NULL;
}

/* A line begins a new text. → the fault, or NULL */
static char *take_line(struct gpt2 *g, const char *line, size_t most, bool person)
{
    const size_t n = strlen(line);
    const unsigned char *const text = (const unsigned char *)line;
    struct ids ids = {0};
    encode_text(&g->vocabulary, text, n, &ids);
    char *fault =
        prompt_fault(g, &ids, n < most ? "this line" : "the start of this line");
    if (!fault) {
        begin_text(g, (int)ids.count, ids.id);
        if (person)
            tell_strange_words(g->folder, text, n, "");
        tell_last_space(text, n);
    }
    free(ids.id);
    return fault;
}

/* Line by line. An empty line continues the text; with --top, a number takes that token.
 * Ctrl-C ends a text; if the lines come from a pipe, it ends everything. */
static void converse(struct gpt2 *g, struct job *job)
{
    const bool person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    const size_t most = longest_prompt(g) + 2; /* a longer line is cut, and refused */
    if (person)
        printf("Write the beginning of a text. An empty line continues it%s.\nCtrl-C "
               "stops a "
               "text, Ctrl-D ends the program.\n",
               job->top > 0 ? " with the\nlikeliest token, a number with that one" : "");
    for (char *line; (line = person ? asked_line(most) : plain_line(most)); free(line)) {
        char *fault = NULL;
        if (person)
            interrupted = 0;
        job->quiet = *line == 0 && job->top <= 0;
        if (job->top > 0 && g->count && line[strspn(line, "-0123456789")] == 0)
            fault = take_choice(g, job, line);
        else if (*line)
            fault = take_line(g, line, most, person);
        else if (g->count == 0)
            fault = format_text("there is no text yet to continue");
        if (fault) {
            fprintf(stderr, "%s: %s\n", program_name, fault);
            free(fault);
            continue;
        }
        if (job->top > 0) { /* the text so far, and its possible next tokens */
            struct writer w = {.g = g, .voice = {.to = stdout}};
            say_prompt(&w);
            fall_silent(&w.voice);
            putchar('\n');
        }
        run_job(g, job);
        finish_output();
        if (person)
            interrupted = 0;
        if (interrupted) {
            free(line);
            break;
        }
    }
}

/* One prompt: --ids, --file or --prompt. Each text that continues it has a seed of its own, so
 * any one of them can be repeated. */
static enum last_word answer(struct gpt2 *g, struct job *job)
{
    const char *from = job->o.ids                    ? "--ids"
                       : !job->file                  ? "--prompt"
                       : strcmp(job->file, "-") == 0 ? "standard input"
                                                     : job->file;
    const char *prompt = job->o.prompt ? job->o.prompt : "A robot must";
    struct ids ids = {0};
    struct bytes text = {0};
    if (job->o.ids)
        parse_ids(job->o.ids, from, &ids);
    else {
        text = job->file ? read_prompt_file(job->file, g)
                         : (struct bytes){(unsigned char *)format_text("%s", prompt),
                                          strlen(prompt)};
        encode_text(&g->vocabulary, text.data, text.size, &ids);
    }
    char *fault = prompt_fault(g, &ids, from);
    if (fault)
        die("%s", fault);
    if (!job->o.ids && isatty(STDOUT_FILENO) && !job->print_ids)
        tell_strange_words(g->folder, text.data, text.size, "PROMPT=");
    tell_last_space(text.data, text.size);
    enum last_word why = ALL_WRITTEN;
    for (long n = 0; n < job->texts && !interrupted && why != NOTHING_LEFT; n++) {
        job->chance = (uint64_t)(job->seed + n);
        begin_text(g, (int)ids.count, ids.id);
        why = run_job(g, job);
    }
    if (job->o.figures && why != INTERRUPTED)
        write_figures(g, job, (int)ids.count, ids.id);
    free(ids.id);
    free(text.data);
    return why;
}

static void read_options(int argc, char **argv, struct job *job)
{
    const struct option own[] = {
        {"--file", "FILE", OPTION_TEXT, &job->file, 0, 0,
         "the prompt is in a file; - is stdin"},
        {"--interactive", NULL, OPTION_TEXT, &job->interactive, 0, 0,
         "prompts line by line"},
        {"--max-tokens", "N", OPTION_INTEGER, &job->most, 0, 1e9,
         "how many tokens to write (200)"},
        {"--temperature", "X", OPTION_REAL, &job->temperature, 0, 100,
         "below 1 careful, above 1 wild; 0: greedy (0.8)"},
        {"--top-k", "N", OPTION_INTEGER, &job->top_k, 0, 1e9,
         "choose among the N likeliest; 0: all (40)"},
        {"--top-p", "X", OPTION_REAL, &job->top_p, 0, 1,
         "choose among the likeliest that have X together (1)"},
        {"--penalty", "X", OPTION_REAL, &job->penalty, 1, 100,
         "make tokens already in the text less likely (1)"},
        {"--no-repeat", "N", OPTION_INTEGER, &job->no_repeat, 0, 1e9,
         "never the same N tokens twice (0: no rule)"},
        {"--greedy", NULL, OPTION_TEXT, &job->greedy, 0, 0, "always the likeliest token"},
        {"--seed", "N", OPTION_INTEGER, &job->seed, 0, 9e15,
         "seed of the random numbers (1)"},
        {"--count", "N", OPTION_INTEGER, &job->texts, 1, 1e9,
         "how many texts; each has the next seed (1)"},
        {"--stop", "TEXT", OPTION_TEXTS, &job->stops, 0, 0,
         "end the text before this; can be given several times"},
        {"--threads", "N", OPTION_INTEGER, &job->threads, 1, 1024,
         "how many (all cores)"},
        {"--top", "N", OPTION_INTEGER, &job->top, 1, 1e9,
         "a table of the N likeliest next tokens"},
        {"--trace", NULL, OPTION_TEXT, &job->trace, 0, 0,
         "the last token's way up, as in chapter 9"},
        {"--stats", NULL, OPTION_TEXT, &job->stats, 0, 0, "how fast, how much memory"},
        {"--print-ids", NULL, OPTION_TEXT, &job->print_ids, 0, 0,
         "print the new tokens' ids, and nothing else"},
        {"--logits", "FILE", OPTION_TEXT, &job->logits, 0, 0,
         "write the prompt's logits, [T, V] raw floats"},
        {"--weights", "KIND", OPTION_TEXT, &job->weights, 0, 0,
         "how they are kept: f32, bf16 or int8 (f32)"},
        {"--teaching", NULL, OPTION_TEXT, &job->teaching, 0, 0,
         "read with chapters 3 to 11, not chapter 12"},
    };
    parse_options(argc, argv, "usage: 13_gpt2 [options]", &job->o, own,
                  sizeof own / sizeof *own);
}

/* Refuses options that contradict each other, and tells the user of those without an effect. */
static void refuse_contradictions(const struct job *job)
{
    const struct options *const o = &job->o;
    if (o->command)
        die("%s: unknown argument (see %s --help)", o->command, program_name);
    if ((o->prompt != NULL) + (o->ids != NULL) + (job->file != NULL) + job->interactive >
        1)
        die("--prompt, --ids, --file and --interactive: only one of them can be given");
    for (size_t i = 0; i < job->stops.count; i++)
        if (!*job->stops.all[i])
            die("--stop: is empty, expected the text to stop before");
    if (job->greedy && job->temperature > 0)
        die("--greedy: always takes the likeliest token, so it cannot be given with "
            "--temperature");
    if (job->print_ids && (job->top > 0 || job->trace))
        die("--print-ids: prints nothing else, so it cannot be given with --top or "
            "--trace");
    if (job->teaching && parse_kind(job->weights) != F32)
        die("--teaching: reads floats, so it cannot be given with --weights %s",
            job->weights);
    if (job->print_ids && job->stops.count)
        die("--print-ids: prints no text, so it cannot be given with --stop");
    if (job->interactive && (job->logits || o->dump || o->figures))
        die("--interactive: has many prompts, so it cannot be given with --logits, "
            "--dump or --figures");
    if (job->texts > 1 && (job->interactive || job->top > 0 || job->trace ||
                           job->logits || o->dump || o->figures))
        die("--count: writes several texts, so it cannot be given with --interactive, "
            "--top, --trace, --logits, --dump or --figures");
    if (job->texts > 1 && (job->greedy || job->temperature == 0))
        die("--count: the likeliest token is always taken, so all texts would be the "
            "same");
    if (job->interactive && job->top > 0 && job->most > 0)
        die("--interactive --top: you choose the tokens, so --max-tokens cannot be "
            "given");
    if (job->interactive && fcntl(STDIN_FILENO, F_GETFD) < 0)
        die("--interactive: standard input is closed, expected lines to read");
    if ((job->greedy || job->temperature == 0) &&
        (job->top_k >= 0 || job->top_p >= 0 || job->seed >= 0))
        fprintf(stderr,
                "%s: the likeliest token is always taken: --top-k, --top-p and --seed "
                "change nothing\n",
                program_name);
}

/* Options that were not given get their usual values, and the wish is made of them all. */
static void fill_in(struct job *job, int V)
{
    enum { USUAL = 200 };
    const bool looks =
        job->top > 0 || (job->trace && !job->interactive) || job->logits || job->o.dump;
    if (job->most < 0)
        job->most = looks && !job->o.figures ? 0 : USUAL;
    if (job->o.figures && !job->print_ids) { /* the chapter's own run shows it all */
        job->trace = true;
        job->top = job->top > 0 ? job->top : 10;
    }
    job->top = job->top < V ? job->top : V;
    job->seed = job->seed < 0 ? 1 : job->seed;
    job->chance = (uint64_t)job->seed;
    job->wish = (struct wish){.how = {job->greedy            ? 0
                                      : job->temperature < 0 ? 0.8F
                                                             : (float)job->temperature,
                                      job->top_k < 0 ? 40 : (int)job->top_k,
                                      job->top_p < 0 ? 1 : (float)job->top_p,
                                      (float)job->penalty},
                              .no_repeat = (int)job->no_repeat,
                              .most = (int)job->most};
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct job job = {.temperature = -1,
                      .top_p = -1,
                      .penalty = 1,
                      .top_k = -1,
                      .seed = -1,
                      .most = -1,
                      .top = -1,
                      .texts = 1};
    struct gpt2 g;
    read_options(argc, argv, &job);
    refuse_contradictions(&job);
    watch_signals();
#ifdef _OPENMP
    if (job.threads)
        omp_set_num_threads((int)job.threads);
#endif
    const double start = seconds();
    open_gpt2(&g, job.o.model, !job.o.ids, job.teaching, parse_kind(job.weights));
    if (job.stats)
        fprintf(stderr, "%s: opened %s in %.3f s%s\n", program_name, g.folder,
                seconds() - start, job.teaching ? "; the teaching pass reads" : "");
    if (job.stops.count && !g.vocabulary.size)
        die("--stop: the model in %s has no vocabulary, so there is no text", g.folder);
    fill_in(&job, g.model.config.V);
    enum last_word why = ALL_WRITTEN;
    if (job.interactive)
        converse(&g, &job);
    else
        why = answer(&g, &job);
    close_gpt2(&g);
    free(job.stops.all);
    finish_output();
    return interrupted ? 130 : why == NOTHING_LEFT ? 1 : 0;
}
