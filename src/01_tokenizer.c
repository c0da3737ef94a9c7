/* 01_tokenizer.c: a prompt's way from bytes to token ids; encode, decode and train as
 * pipes. Chapter 1 of the book: chapters/01_tokenizer.md */
#include "01_tokenizer.h"

static void print_tokens(const struct vocabulary *v, int n, const int ids[n])
{
    for (int i = 0; i < n; i++)
        printf(" %s%s%s", ink(INK_TOKEN), token_text(v, ids[i]), ink(INK_PLAIN));
    putchar('\n');
}

/* Step 1: the prompt as bytes. */
static void walk_bytes(const unsigned char *s, size_t n)
{
    enum { ROW = 16, ROWS = 6 };
    heading("1. Bytes", "%zu; in UTF-8 a character takes 1 to 4", n);
    for (size_t at = 0; at < n && at < ROW * ROWS; at += ROW) {
        size_t end = at + ROW < n ? at + ROW : n;
        printf("  ");
        for (size_t i = at; i < at + ROW; i++)
            if (i < end)
                printf("%02x ", s[i]);
            else
                printf("   ");
        printf(" %s%s%s\n", ink(INK_TOKEN), brief(visible(s + at, end - at)),
               ink(INK_PLAIN));
    }
    if (n > ROW * ROWS)
        printf("  … %zu more\n", n - ROW * ROWS);
}

/* The lines that a long list is printed on: 78 columns wide, and only so long a list. */
struct lines {
    int column, count;
};

/* Makes room for a piece of `width` columns, `gap` spaces after the one before. False once
 * all lines are full. */
static bool next_piece(struct lines *lines, int gap, int width)
{
    enum { COLUMNS = 78, LINES = 10 };
    if (lines->count == 0 || lines->column + gap + width > COLUMNS) {
        if (lines->count == LINES)
            return false;
        printf("%s  ", lines->count ? "\n" : "");
        lines->count++;
        lines->column = 2 + width;
    } else {
        printf("%*s", gap, "");
        lines->column += gap + width;
    }
    return true;
}

static void end_lines(int left_out)
{
    if (left_out)
        printf("\n  … %d more", left_out);
    printf("\n");
}

/* Step 2: the pre-tokens, cut by the pattern. Returns where the one that takes the most merges
 * begins, and its length. */
static struct bytes walk_words(const struct vocabulary *v, unsigned char *s, size_t n)
{
    struct bytes longest = {s, 0};
    struct lines lines = {0};
    int most = 0, words = 0, left_out = 0;
    for (size_t at = 0; at < n; at += next_pretoken(s + at, n - at, false))
        words++;
    heading("2. Pre-tokens", "%d; no token crosses a border", words);
    for (size_t at = 0, length; at < n; at += length) {
        length = next_pretoken(s + at, n - at, false);
        const char *text = brief(visible(s + at, length));
        int width = text_width(text) < 72 ? text_width(text) : 72;
        if (left_out || !next_piece(&lines, 0, width + 1))
            left_out++;
        else {
            printf("%s%s%s|", ink(INK_TOKEN), field(text, width, false), ink(INK_PLAIN));
        }
        struct ids ids = {0};
        encode_word(v, NULL, s + at, length, &ids);
        if (length <= SHORT_WORD && (int)(length - ids.count) > most) {
            most = (int)(length - ids.count);
            longest = (struct bytes){s + at, length};
        }
        free(ids.id);
    }
    end_lines(left_out);
    return longest;
}

/* Step 3: the merges of one pre-token, one line each. */
static void walk_merges(const struct vocabulary *v, const unsigned char *s, size_t size)
{
    int ids[SHORT_WORD] = {0}, n = (int)size, rank;
    char *word = visible(s, size);
    if (size == 0) {
        heading("3. Merges", "no pre-token of up to %d bytes takes any", SHORT_WORD);
        free(word);
        return;
    }
    heading("3. Merges", "of '%s', the pre-token that takes the most", word);
    free(word);
    for (int i = 0; i < n; i++)
        ids[i] = v->byte_id[s[i]];
    printf("  %-23s", "its bytes");
    print_tokens(v, n, ids);
    while (n = merge_step(v, n, ids, &rank), rank >= 0) {
        const char *what = brief(format_text("rank %d: %s + %s", rank,
                                             brief(token_label(v, v->parts[rank][0])),
                                             brief(token_label(v, v->parts[rank][1]))));
        printf("  %s", field(what, 23, false));
        print_tokens(v, n, ids);
    }
}

/* Step 4: the tokens and their ids, what the model will see. */
static void walk_ids(const struct prompt *p, size_t bytes)
{
    struct lines lines = {0};
    int t = 0;
    heading("4. Tokens and ids", "tokens: %d, bytes: %zu, bytes per token: %.2f",
            p->count, bytes, (double)bytes / p->count);
    for (; t < p->count; t++) {
        const char *text = brief(format_text("%s%s%s %d", ink(INK_TOKEN), p->labels[t],
                                             ink(INK_PLAIN), p->ids[t]));
        int digits = snprintf(NULL, 0, "%d", p->ids[t]);
        bool room = next_piece(&lines, 2, text_width(p->labels[t]) + 1 + digits);
        if (room)
            fputs(text, stdout);
        if (!room)
            break;
    }
    end_lines(p->count - t);
}

/* Step 5: what a vocabulary would learn first if the prompt were all the text there is. */
static void walk_training(const unsigned char *s, size_t n, FILE *data)
{
    enum { ROUNDS = 8 };
    FILE *file = fmemopen((void *)(uintptr_t)s, n, "rb");
    if (!file)
        die("the prompt cannot be read: %s", strerror(errno));
    struct stream text = open_stream(file, "the prompt", true);
    struct training t = start_training(&text);
    struct pair learned;
    heading("5. Learning merges",
            "the first %d, if this prompt were all the text there is", ROUNDS);
    int round = 0;
    for (; round < ROUNDS && learn_merge(&t, &learned); round++) {
        const char *left = brief(
            visible(t.tokens.text + t.tokens.start[learned.left],
                    t.tokens.start[learned.left + 1] - t.tokens.start[learned.left]));
        const char *right = brief(
            visible(t.tokens.text + t.tokens.start[learned.right],
                    t.tokens.start[learned.right + 1] - t.tokens.start[learned.right]));
        long tokens = count_tokens(&t);
        const char *what = brief(format_text("%s + %s", left, right));
        printf("  rank %d: %s %2ld times; now the prompt is %ld token%s\n", round,
               field(what, 20, false), learned.value, tokens, tokens == 1 ? "" : "s");
        if (data)
            figure_row(data, "%d %ld %ld %s", round, learned.value, tokens, what);
    }
    if (round < ROUNDS)
        printf("  no pair of neighbours occurs twice any more\n");
    fclose(file);
    free(text.text);
    free_training(&t);
}

/* Prints an id on the line that is being written. (By hand, for this is the inner
 * loop of `encode`.) */
static void print_id(int id, bool *first)
{
    char digits[16];
    int at = sizeof digits;
    do
        digits[--at] = (char)('0' + id % 10);
    while (id /= 10);
    if (!*first)
        digits[--at] = ' ';
    *first = false;
    fwrite(digits + at, 1, sizeof digits - (size_t)at, stdout);
}

/* encode: the text of a stream → ids on one line. */
static void command_encode(const struct vocabulary *v, struct stream *in)
{
    struct cache *cache = grab(1, sizeof *cache);
    struct ids out = {0};
    const unsigned char *word;
    size_t n;
    bool first = true;
    if (in->special && v->end_of_text < 0)
        die("--special: the vocabulary has no token %s", END_OF_TEXT);
    while (next_word(in, &word, &n)) {
        out.count = 0;
        if (is_end_of_text(word, n))
            print_id(v->end_of_text, &first);
        else
            encode_word(v, cache, word, n, &out);
        for (size_t i = 0; i < out.count; i++)
            print_id(out.id[i], &first);
    }
    putchar('\n');
    free(out.id);
    free(cache);
}

/* decode: ids on standard input → the bytes of their tokens, as they come. */
static void command_decode(const struct vocabulary *v)
{
    long id = -1;
    int c;
    do {
        c = getchar();
        if (c >= '0' && c <= '9') {
            id = (id < 0 ? 0 : id) * 10 + (c - '0');
            if (id >= v->size)
                die("standard input: id %ld is out of range, expected 0 to %d", id,
                    v->size - 1);
        } else if (c == EOF || (c && strchr(" ,\t\n\r", c))) {
            if (id >= 0)
                fwrite(v->text + v->start[id], 1, v->start[id + 1] - v->start[id],
                       stdout);
            id = -1;
        } else
            die("standard input: byte 0x%02x is not part of a token id", (unsigned)c);
    } while (c != EOF);
    if (ferror(stdin))
        die("standard input: cannot be read: %s", strerror(errno));
}

/* Writes a token as vocab.json and merges.txt do: a visible character for each byte. */
static void print_token(FILE *file, const struct strings *tokens, int id, bool json)
{
    for (size_t i = tokens->start[id]; i < tokens->start[id + 1]; i++) {
        unsigned char utf8[4];
        unsigned code = printable(tokens->text[i]);
        if (json && (code == '"' || code == '\\'))
            fputc('\\', file);
        fwrite(utf8, 1, (size_t)utf8_encode(code, utf8), file);
    }
}

/* train: a text → DIR/vocab.json and DIR/merges.txt with `size` tokens, <|endoftext|> the
 * last. */
static void command_train(struct stream *text, const char *folder, long size)
{
    struct training t = start_training(text);
    char *vocab = NULL, *merges = NULL;
    size_t vocab_size = 0, merges_size = 0;
    FILE *vocab_file = open_memstream(&vocab, &vocab_size);
    FILE *merges_file = open_memstream(&merges, &merges_size);
    struct pair learned;
    if (!vocab_file || !merges_file)
        die("out of memory");
    fputs("#version: 0.2\n", merges_file);
    while (t.tokens.count < size - 1 && learn_merge(&t, &learned)) {
        print_token(merges_file, &t.tokens, learned.left, false);
        fputc(' ', merges_file);
        print_token(merges_file, &t.tokens, learned.right, false);
        fputc('\n', merges_file);
    }
    for (int id = 0; id < t.tokens.count; id++) {
        fputs(id ? ", \"" : "{\"", vocab_file);
        print_token(vocab_file, &t.tokens, id, true);
        fprintf(vocab_file, "\": %d", id);
    }
    fprintf(vocab_file, ", \"%s\": %d}\n", END_OF_TEXT, t.tokens.count);
    if (fclose(vocab_file) != 0 || fclose(merges_file) != 0)
        die("out of memory");
    const char *vocab_path = brief(format_text("%s/vocab.json", folder));
    const char *merges_path = brief(format_text("%s/merges.txt", folder));
    make_folder(folder);
    write_file(vocab_path, vocab, vocab_size);
    write_file(merges_path, merges, merges_size);
    const int words = t.words.count, merges_learned = t.tokens.count - 256;
    char *shown = grab(strlen(folder) + 1, 4);
    write_visible(shown, (const unsigned char *)folder, strlen(folder), " ");
    printf("%d different word%s, %d merge%s learned, %d tokens: %s\n", words,
           words == 1 ? "" : "s", merges_learned, merges_learned == 1 ? "" : "s",
           t.tokens.count + 1, shown);
    free(shown);
    if (t.tokens.count < size - 1)
        printf(
            "No pair is left that occurs twice: the text is too short for %ld tokens.\n",
            size);
    free(vocab);
    free(merges);
    free_training(&t);
}

/* The byte table: which character stands for each byte, and whether it is borrowed. */
static void figure_bytes(const char *folder)
{
    FILE *f = figure_open(folder, "bytes");
    for (int b = 0; b < 256; b++) {
        unsigned char utf8[5] = {0};
        utf8_encode(printable(b), utf8);
        figure_row(f, "%d %d %d %s", b % 16, b / 16, printable(b) >= 256, (char *)utf8);
    }
    figure_close(f);
}

/* The prompt's characters with their classes, its pre-tokens, and its tokens: for each where it
 * begins and ends, in bytes; for characters and pre-tokens also in characters. */
static void figure_words(const char *folder, const struct vocabulary *v,
                         const unsigned char *s, size_t n)
{
    FILE *characters = figure_open(folder, "characters");
    FILE *words = figure_open(folder, "words");
    FILE *tokens = figure_open(folder, "tokens");
    int place = 0; /* characters so far */
    for (size_t at = 0, length; at < n; at += length) {
        struct ids ids = {0};
        int first = place;
        length = next_pretoken(s + at, n - at, false);
        for (size_t i = at, size; i < at + length; i += size) {
            enum kind kind = kind_at(s + i, n - i, false, &size);
            const char *label = brief(visible(s + i, size));
            figure_row(characters, "%zu %zu %d %d %s", i, i + size, place++, (int)kind,
                       label);
        }
        const char *word = brief(visible(s + at, length));
        figure_row(words, "%zu %zu %d %d %s", at, at + length, first, place, word);
        encode_word(v, NULL, s + at, length, &ids);
        for (size_t i = 0, from = at; i < ids.count; i++) {
            const size_t size = token_bytes(v, ids.id[i]).size;
            figure_row(tokens, "%zu %zu %d %s", from, from + size, ids.id[i],
                       token_text(v, ids.id[i]));
            from += size;
        }
        free(ids.id);
    }
    figure_close(characters);
    figure_close(words);
    figure_close(tokens);
}

/* One line of `steps`: the cells of a word's tokens. made: in which step each came to be */
static void figure_step(FILE *f, const struct vocabulary *v, int step, int rank, int n,
                        const int ids[n], const int made[n])
{
    for (int i = 0, from = 0; i < n; i++) {
        const int length = (int)token_bytes(v, ids[i]).size;
        figure_row(f, "%d %d %d %d %d %s", step, from, from + length,
                   step > 0 && made[i] == step, rank, token_text(v, ids[i]));
        from += length;
    }
}

/* The nodes of `tree` that end with a step, in which old [before] became ids [n]; after the last
 * one, whose rank is -1, all that are left. made [before] becomes that of ids. */
static void figure_nodes(FILE *f, const struct vocabulary *v, int step, int rank, int n,
                         const int ids[n], const int old[], int made[SHORT_WORD])
{
    int next[SHORT_WORD];
    for (int i = 0, j = 0, from = 0; i < n; i++) {
        const bool joined = ids[i] != old[j];
        const int parts = joined ? 2 : 1, to = from + (int)token_bytes(v, ids[i]).size;
        for (int k = 0; k < parts && (joined || rank < 0); k++) {
            const int length = (int)token_bytes(v, old[j + k]).size;
            const int left = k ? to - length : from;
            figure_row(f, "%.1f %d %.1f %d %d %d %s", left + length / 2.0, made[j + k],
                       (from + to) / 2.0, joined ? step + 1 : made[j + k],
                       joined ? rank : -1, length, token_text(v, old[j + k]));
        }
        next[i] = joined ? step + 1 : made[j];
        from = to;
        j += parts;
    }
    memcpy(made, next, (size_t)n * sizeof *made);
}

/* The merges of one pre-token. `steps`: the cells of each line; `tree`: each node, and
 * the node it is merged into. */
static void figure_merges(const char *folder, const struct vocabulary *v,
                          const unsigned char *s, size_t size)
{
    FILE *steps = figure_open(folder, "steps"), *tree = figure_open(folder, "tree");
    int ids[SHORT_WORD], old[SHORT_WORD], made[SHORT_WORD] = {0};
    int n = (int)size, rank = -1;
    for (int i = 0; i < n; i++)
        ids[i] = v->byte_id[s[i]];
    memcpy(old, ids, sizeof old);
    if (n > 1)
        merge_step(v, n, old, &rank);
    for (int step = 0; step > 0 || rank >= 0; step++) { /* no merge: nothing to draw */
        figure_step(steps, v, step, rank, n, ids, made);
        memcpy(old, ids, sizeof old);
        n = merge_step(v, n, ids, &rank);
        figure_nodes(tree, v, step, rank, n, ids, old, made);
        if (rank < 0)
            break;
    }
    figure_close(steps);
    figure_close(tree);
}

/* How many tokens have each length in bytes, the special one left out; those of 16 and
 * more together. */
static void figure_lengths(const char *folder, const char *name,
                           const struct vocabulary *v)
{
    int count[17] = {0};
    FILE *f = figure_open(folder, name);
    for (int id = 0; id < v->size; id++) {
        const size_t length = token_bytes(v, id).size;
        if (id != v->end_of_text)
            count[length < 16 ? length : 16]++;
    }
    for (int length = 1; length <= 16; length++)
        figure_row(f, "%d %d %.2f", length, count[length],
                   100.0 * count[length] / v->size);
    figure_close(f);
}

/* How many tokens the prompt would be with the first m merges alone, for each m. */
static void figure_growth(const char *folder, struct vocabulary *v,
                          const unsigned char *s, size_t n)
{
    FILE *f = figure_open(folder, "growth");
    const int all = v->merges, step = all / 64 > 0 ? all / 64 : 1;
    for (int m = 0; m >= 0; m = m == all ? -1 : m + step < all ? m + step : all) {
        struct ids ids = {0};
        v->merges = m;
        encode(v, s, n, &ids);
        fprintf(f, "%d\t%zu\n", m, ids.count);
        free(ids.id);
    }
    v->merges = all;
    figure_close(f);
}

/* Where a vocabulary cuts the prompt: for each token its columns and its label. */
static void figure_cut(const char *folder, const char *name, const struct vocabulary *v,
                       const unsigned char *s, size_t n)
{
    FILE *f = figure_open(folder, name);
    struct ids ids = {0};
    int column = 0;
    encode(v, s, n, &ids);
    for (size_t i = 0; i < ids.count; i++) {
        const char *label = brief(token_label(v, ids.id[i]));
        const int width = text_width(label);
        figure_row(f, "%d %d %d %s", column, column + width, ids.id[i], label);
        column += width;
    }
    free(ids.id);
    figure_close(f);
}

/* The prompt as bytes: the text given, or what the ids given stand for. */
static struct bytes prompt_bytes(const struct options *o, const struct vocabulary *v,
                                 const struct prompt *p)
{
    struct bytes b = {grab(1, 1), 0};
    size_t capacity = 1;
    for (int t = 0; t < p->count && o->ids; t++) {
        if (p->ids[t] >= v->size)
            die("--ids: %d is out of range, expected 0 to %d", p->ids[t], v->size - 1);
        const struct bytes token = token_bytes(v, p->ids[t]);
        b.data = grow(b.data, &capacity, b.size + token.size + 1, 1);
        memcpy(b.data + b.size, token.data, token.size);
        b.size += token.size;
    }
    if (!o->ids) {
        b.size = strlen(o->prompt);
        b.data = grow(b.data, &capacity, b.size + 1, 1);
        memcpy(b.data, o->prompt, b.size);
    }
    return b;
}

static void walk(const struct options *o, struct vocabulary *v, const char *other)
{
    struct prompt p = read_prompt(o, v);
    struct bytes text = prompt_bytes(o, v, &p);
    struct dump dump = dump_open(o->dump);
    FILE *training = o->figures ? figure_open(o->figures, "training") : NULL;
    const char *all = brief(visible(text.data, text.size));
    printf("%s\n", shortened(all, 234));
    tell_end_space(o);
    walk_bytes(text.data, text.size);
    struct bytes word = walk_words(v, text.data, text.size);
    walk_merges(v, word.data, word.size);
    walk_ids(&p, text.size);
    walk_training(text.data, text.size, training);
    dump_add(&dump, "ids", "I32", 1, &p.count, p.ids);
    dump_close(&dump);
    if (o->figures) {
        figure_close(training);
        figure_bytes(o->figures);
        figure_words(o->figures, v, text.data, text.size);
        figure_merges(o->figures, v, word.data, word.size);
        figure_lengths(o->figures, "lengths", v);
        figure_growth(o->figures, v, text.data, text.size);
        figure_cut(o->figures, "cut", v, text.data, text.size);
        const char *path = brief(format_text("%s/vocab.json", other));
        if (file_exists(path)) { /* without it, these figures show one vocabulary */
            struct vocabulary second = load_vocabulary(other);
            figure_lengths(o->figures, "lengths_other", &second);
            figure_cut(o->figures, "cut_other", &second, text.data, text.size);
            free_vocabulary(&second);
        }
    }
    free(text.data);
    free_prompt(&p);
}

static const char usage[] =
    "usage: 01_tokenizer [options]                the walk: bytes, pre-tokens, merges, "
    "ids\n"
    "       01_tokenizer encode [--special]       text on standard input -> ids\n"
    "       01_tokenizer decode                   ids on standard input -> text\n"
    "       01_tokenizer train --size N --to DIR  text on standard input -> a vocabulary";

int main(int argc, char **argv)
{
    struct options o = {.prompt =
                            "A robot must oil 12 rotors. It mustn't oil robots twice!"};
    const char *to = NULL, *other = "models/gpt2";
    bool special = false;
    long size = 1024;
    const struct option own[] = {
        {"--special", NULL, OPTION_TEXT, &special, 0, 0,
         "encode: <|endoftext|> is one token"},
        {"--size", "N", OPTION_INTEGER, &size, 257, 1000000,
         "train: how many tokens (1024)"},
        {"--to", "DIR", OPTION_TEXT, &to, 0, 0, "train: the folder to write to"},
        {"--other", "DIR", OPTION_TEXT, &other, 0, 0,
         "a second vocabulary (models/gpt2)"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    const char *command = o.command ? o.command : "";
    if (strcmp(command, "train") == 0) {
        if (!to)
            die("train: expected --to DIR, the folder to write to");
        struct stream in = open_stream(stdin, "standard input", true);
        refuse_mistaken(in.name, (struct bytes){in.text, in.size}, "plain text");
        command_train(&in, to, size);
        free(in.text);
        finish_output();
        return 0;
    }
    struct vocabulary v = load_vocabulary(o.model);
    if (strcmp(command, "encode") == 0) {
        struct stream in = open_stream(stdin, "standard input", special);
        const char *is = mistaken_for(in.text, in.size);
        if (is)
            remark("%s: is %s, and its bytes are taken as they are", in.name, is);
        command_encode(&v, &in);
        free(in.text);
    } else if (strcmp(command, "decode") == 0)
        command_decode(&v);
    else if (*command)
        die("%s: unknown command, expected encode, decode or train", command);
    else
        walk(&o, &v, other);
    finish_output();
    free_vocabulary(&v);
    return 0;
}
