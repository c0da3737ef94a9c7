/* Tests of chapter 13: what is printed is whole, the loop and its ends, the program on every
 * checkpoint, bad input, a terminal; and its exercises. */
#include "exercise.h"
#include "../src/13_gpt2.h"
#include "hash_weights.h"
#include "reference.h"

#define PROGRAM "13_gpt2"
#include "program.h"
#include "mistakes/13_gpt2.h"
#include "right/13_gpt2.h"

#include <sys/ioctl.h>
#include <termios.h>

/* ---- Exercises --------------------------------------------------------------------- */

/* Numbers by chance, always the same. */
static unsigned drawn(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

#define M "\xEF\xBF\xBD"

/* Broken text, and what it is as valid UTF-8. `cut`: the beginning of a character, which a byte
 * 80 to BF may go on with. */
static const struct piece_of_text {
    const char *in, *want;
    bool cut;
} pieces[] = {
    {"robot ", "robot ", false},
    {"\xC3\xAB", "\xC3\xAB", false},
    {"\xE5\xA5\xBD", "\xE5\xA5\xBD", false},
    {"\xF0\x9F\xA4\x96", "\xF0\x9F\xA4\x96", false},
    {"\xC3", M, true},
    {"\xE5\xA5", M, true},
    {"\xF0\x9F", M, true},
    {"\xF0\x9F\xA4", M, true},
    {"\xFF", M, false},
    {"\xC0", M, false},
    {"\x80", M, false},
    {"\xBF\x80", M M, false},
};

static void probe_mend(any_function f, struct outcome *o)
{
    enum { LONG = 5000 };
    static const struct {
        const char *what, *in, *want;
        size_t n, size;
    } all[] = {
        {"plain letters", "robot", "robot", 5, 5},
        {"ë, 好 and a robot's face", "\xC3\xAB\xE5\xA5\xBD\xF0\x9F\xA4\x96",
         "\xC3\xAB\xE5\xA5\xBD\xF0\x9F\xA4\x96", 9, 9},
        {"C3 41", "\xC3\x41", M "A", 2, 4},
        {"two bytes of three, then letters", "\xE5\xA5zcd", M "zcd", 5, 6},
        {"three bytes of four, then a good character", "\xF0\x9F\xA4\xC3\xAB",
         M "\xC3\xAB", 5, 5},
        /* pieces side by side stay several */
        {"bytes that begin nothing, FF FF 80, among letters", "a\xFF\xFF\x80z",
         "a" M M M "z", 5, 11},
        {"beginnings one after the other, C3 C3 E5 E5 A5 C3 AB",
         "\xC3\xC3\xE5\xE5\xA5\xC3\xAB", M M M M "\xC3\xAB", 7, 14},
        {"one byte too many, C3 AB AB", "\xC3\xAB\xAB", "\xC3\xAB" M, 3, 5},
        /* the end of the text */
        {"a character cut short at the end", "ab\xE5\xA5", "ab" M, 4, 5},
        {"the first byte of a character at the end", "ab\xF0", "ab" M, 3, 5},
        {"three bytes of four at the end", "\xF0\x9F\xA4", M, 3, 3},
        {"a single byte that begins nothing", "\x80", M, 1, 3},
        {"a single letter", "z", "z", 1, 1},
        /* where characters begin and end */
        {"forms that are too long, C0 80 and C1 BF", "\xC0\x80\xC1\xBF", M M M M, 4, 12},
        {"forms that are too long, E0 80 80 and E0 9F BF", "\xE0\x80\x80\xE0\x9F\xBF",
         M M M M M M, 6, 18},
        {"forms that are too long, F0 80 80 80 and F0 8F BF BF",
         "\xF0\x80\x80\x80\xF0\x8F\xBF\xBF", M M M M M M M M, 8, 24},
        {"half a pair, ED A0 80, and a character beyond the last, F4 90 80 80",
         "\xED\xA0\x80\xF4\x90\x80\x80", M M M M M M M, 7, 21},
        {"bytes that are never in UTF-8, F5 80 80 80 and FE", "\xF5\x80\x80\x80\xFE",
         M M M M M, 5, 15},
        {"the first and last character of two, three and four bytes",
         "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80"
         "\x80\xF4\x8F\xBF\xBF",
         "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80"
         "\x80\xF4\x8F\xBF\xBF",
         24, 24},
        {"a � that is in the text", "a" M "b", "a" M "b", 5, 5},
        /* it is no C string */
        {"a byte 00 inside", "a\0b", "a\0b", 3, 3},
        {"a byte 00 in the middle of a character, E5 00 A5", "\xE5\0\xA5", M "\0" M, 3,
         7},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const size_t n = all[i].n;
        situation(o, "%s", all[i].what);
        const unsigned char *in = given(o, "in", AXES({(int)n, NULL}), BYTES, all[i].in);
        unsigned char *out = written(o, "out", AXES({(int)(3 * n), NULL}), BYTES);
        const size_t got = TESTED(mend, f)(n, in, out);
        record_bytes(o, "out", (long)got, (long)(3 * n), out, (int)all[i].size,
                     all[i].want);
    }
    /* Longer than a fixed buffer, or than a byte can count. */
    char *text = grab(LONG + 8, 1), *want = grab(3 * LONG, 1);
    size_t n = 0, size = 0;
    unsigned state = 3;
    bool cut = false;
    while (n < LONG) {
        const struct piece_of_text *p =
            &pieces[drawn(&state, sizeof pieces / sizeof *pieces)];
        if (cut && ((unsigned char)*p->in & 0xC0) == 0x80)
            continue; /* it would go on with what was cut */
        memcpy(text + n, p->in, strlen(p->in));
        memcpy(want + size, p->want, strlen(p->want));
        n += strlen(p->in);
        size += strlen(p->want);
        cut = p->cut;
    }
    situation(o, "%zu bytes of all kinds", n);
    const unsigned char *in = given(o, "in", AXES({(int)n, NULL}), BYTES, text);
    unsigned char *out = written(o, "out", AXES({(int)(3 * n), NULL}), BYTES);
    const size_t got = TESTED(mend, f)(n, in, out);
    record_bytes(o, "out", (long)got, (long)(3 * n), out, (int)size, want);
    free(text);
    free(want);
}

/* One case of stop_place: what should come out is found by comparing at every place. */
static void try_stop_place(any_function f, struct outcome *o, size_t n, const char *text,
                           size_t m, const char *stop)
{
    long want = 0;
    while (want < (long)n &&
           memcmp(text + want, stop, m < n - (size_t)want ? m : n - (size_t)want) != 0)
        want++;
    const unsigned char *t = given(o, "text", AXES({(int)n, NULL}), BYTES, text),
                        *s = given(o, "stop", AXES({(int)m, NULL}), BYTES, stop);
    record_integer(o, "the place", (long)TESTED(stop_place, f)(n, t, m, s), want);
}

static void probe_stop_place(any_function f, struct outcome *o)
{
    static const struct {
        const char *text, *stop;
        size_t n, m;
    } all[] = {
        {"bend it", "end", 7, 3},
        {"see then", "end", 8, 3},
        {"engine", "end", 6, 3},
        {"robot", "end", 5, 3},
        {"the end, the end", "the end", 16, 7}, /* the first of two */
        {"lend a hen", "end", 10, 3}, /* whole, and begun once more at the end */
        {"aaab", "aab", 4, 3},        /* it begins inside what was the same */
        {"aaaa", "aab", 4, 3},
        {"ababac", "abac", 6, 4},
        {"aabaabaaab", "aabaaa", 10, 6},
        {"x", "x", 1, 1}, /* a single byte */
        {"x", "y", 1, 1},
        {"xxy", "y", 3, 1},
        {"no", "a much longer stop", 2, 18}, /* a stop longer than the text */
        {"a mu", "a much longer stop", 4, 18},
        {"so a much", "a much longer stop", 9, 18},
        {"the end", "the end.", 7, 8},
        {"the end.", "the end", 8, 7},
        {"the end", "the end", 7, 7},
        {"a\0bc", "bc", 4, 2}, /* bytes 0, which end no string here */
        {"ab\0cd", "b\0d", 5, 3},
        {"ab\0cd", "b\0c", 5, 3},
        {"ab\0", "\0\0", 3, 2},
        {"stop.\n\nNext", "\n\n", 11, 2},
        {"\xE5\xA5\xBE \xE5\xA5\xBD", "\xE5\xA5\xBD", 7, 3}, /* bytes above 7F */
        {"ab\xFF", "\xFF\xFE", 3, 2},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *text = visible((const unsigned char *)all[i].text, all[i].n),
             *stop = visible((const unsigned char *)all[i].stop, all[i].m);
        situation(o, "text \"%s\", stop \"%s\"", text, stop);
        try_stop_place(f, o, all[i].n, all[i].text, all[i].m, all[i].stop);
        free(text);
        free(stop);
    }
    enum { LONG = 3000 };
    char *text = grab(LONG, 1), *stop = grab(LONG, 1);
    unsigned state = 5;
    memset(text, 'a', LONG);
    memset(stop, 'a', LONG);
    /* Longer than a byte can count, or a fixed buffer. */
    stop[300] = text[2500] = 'b';
    situation(o, "3000 letters, all a but number 2500; the stop: 300 a and a b");
    try_stop_place(f, o, LONG, text, 301, stop);
    situation(o, "2400 letters a; the stop: 300 a and a b");
    try_stop_place(f, o, 2400, text, 301, stop);
    situation(o, "300 letters a; the stop: 300 a, a b and 1000 a");
    try_stop_place(f, o, 300, text, 1301, stop);
    for (int i = 0; i < LONG; i++)
        text[i] = "ab"[drawn(&state, 2)];
    memcpy(stop, text + LONG - 60, 60);
    stop[60] = 'c';
    situation(o, "3000 letters a and b; the stop: their last 60 and a c");
    try_stop_place(f, o, LONG, text, 61, stop);
    situation(o, "2999 letters a and b; the stop is not there");
    text[LONG - 2] = 'd';
    try_stop_place(f, o, LONG - 1, text, 61, stop);
    free(text);
    free(stop);
}

/* One case of forbid_repeats: is there, for a token, the run that it would end? */
static void try_forbid_repeats(any_function f, struct outcome *o, int V, int T,
                               const int *ids, int n, const float *logits)
{
    float *want = grab((size_t)V, sizeof *want);
    memcpy(want, logits, (size_t)V * sizeof *want);
    for (int end = n; end <= T; end++) {
        int same = 0; /* the run is ids[end - n] to ids[end - 1]; its last is the token */
        while (same < n - 1 && ids[end - n + same] == ids[T - n + 1 + same])
            same++;
        if (same == n - 1)
            want[ids[end - 1]] = -INFINITY;
    }
    const int *text = given(o, "ids", AXES({T, NULL}), INTS, ids);
    float *got = changed(o, "logits", AXES({V, NULL}), FLOATS, logits);
    TESTED(forbid_repeats, f)(V, got, T, text, n);
    record(o, "logits", AXES({V, NULL}), got, want);
    free(want);
}

static void probe_forbid_repeats(any_function f, struct outcome *o)
{
    enum { FEW = 10, V = 2503, T = 1201 };
    static const struct {
        int T, n, ids[12];
    } all[] = {
        {5, 3, {5, 6, 7, 5, 6}},
        {9, 3, {1, 2, 3, 1, 2, 4, 8, 1, 2}}, /* the run is there twice */
        {8, 4, {1, 2, 3, 4, 9, 1, 2, 3}},
        {7, 4, {2, 1, 3, 5, 1, 2, 3}}, /* the same tokens in another order */
        {6, 2, {3, 4, 3, 5, 6, 3}},
        {4, 1, {2, 2, 7, 0}}, /* no token before */
        {1, 1, {9}},
        {4, 2, {8, 8, 8, 8}}, /* runs that overlap, up to the last token */
        {5, 4, {8, 8, 8, 8, 8}},
        {4, 4, {8, 8, 8, 8}}, /* as long as the text */
        {5, 5, {3, 1, 1, 1, 1}},
        {5, 5, {1, 1, 1, 1, 3}},
        {5, 3, {6, 1, 9, 2, 1}}, /* half the run is there */
        {8, 3, {7, 2, 5, 9, 2, 7, 2, 5}},
        {8, 3, {0, 5, 4, 1, 0, 6, 1, 0}},
        {2, 3, {4, 4}}, /* shorter than n */
        {1, 4, {4}},
        {3, 4, {4, 4, 4}},
        {3, 100, {4, 4, 4}},
    };
    float logits[FEW];
    for (int v = 0; v < FEW; v++)
        logits[v] = (float)((v * 7 + 3) % 10) - 4.5f;
    logits[6] = -INFINITY; /* forbidden already */
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char list[60] = "";
        for (int t = 0; t < all[i].T; t++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%d",
                     t ? " " : "", all[i].ids[t]);
        situation(o, "ids {%s}, n = %d", list, all[i].n);
        try_forbid_repeats(f, o, FEW, all[i].T, all[i].ids, all[i].n, logits);
    }
    /* Longer than a fixed buffer; ids above 255, which agree in one byte. */
    int *ids = grab(T, sizeof *ids);
    float *many = grab(V, sizeof *many);
    unsigned state = 11;
    for (int v = 0; v < V; v++)
        many[v] = (float)drawn(&state, 4000) / 100 - 20;
    for (int t = 0; t < T; t++)
        ids[t] = (int)drawn(&state, 9) * 256 + (int)drawn(&state, 2) * 77;
    for (int n = 1; n <= 4; n++) {
        situation(o, "%d tokens of a vocabulary of %d, n = %d", T, V, n);
        try_forbid_repeats(f, o, V, T, ids, n, many);
    }
    for (int t = 0; t < 400; t++)
        ids[T - 400 + t] = ids[t + 100];
    situation(o, "%d tokens, the last 400 were there before, n = 301", T);
    try_forbid_repeats(f, o, V, T, ids, 301, many);
    situation(o, "%d tokens, the last 400 were there before, n = 402", T);
    try_forbid_repeats(f, o, V, T, ids, 402, many);
    ids[T - 1] = 5;
    situation(o, "%d tokens, of the last 301 all but one were there before, n = 301", T);
    try_forbid_repeats(f, o, V, T, ids, 301, many);
    free(ids);
    free(many);
}

/* A text in lines, as the task says it. */
static void wrap_as_said(size_t n, int width, char *text)
{
    for (size_t line = 0; line < n;) {
        size_t end = line, space = n;
        int count = 0;
        for (; end < n && text[end] != '\n'; end++) {
            if (text[end] == ' ' && (count <= width || space == n))
                space = end;
            count += ((unsigned char)text[end] & 0xC0) != 0x80;
        }
        if (count > width && space < n)
            text[end = space] = '\n';
        line = end + 1;
    }
}

static void try_wrap_text(any_function f, struct outcome *o, size_t n, int width,
                          const char *text)
{
    char *want = grab(n, 1);
    memcpy(want, text, n);
    wrap_as_said(n, width, want);
    unsigned char *got = changed(o, "text", AXES({(int)n, NULL}), BYTES, text);
    TESTED(wrap_text, f)(n, width, got);
    record_bytes(o, "text", (long)n, (long)n, got, (int)n, want);
    free(want);
}

static void probe_wrap_text(any_function f, struct outcome *o)
{
    static const struct {
        int width;
        const char *text;
    } all[] = {
        {12, "A robot must obey the orders given it"},
        {13, "A robot must obey the orders given it"},
        {5, "robot"}, /* it fits, to the last character or far */
        {11, "a red robot a red robot"},
        {100, "A robot must obey"},
        {7, "a red tin robot, a red tin robot"},    /* one character too many */
        {9, "die Öfen sind größer als süße Bären"}, /* characters of two bytes and more */
        {6, "ëëë ëëë ëëë ëë ë ëëëë ëë"},
        {5, "好好 好好 好 🤖🤖🤖 🤖 好 a 🤖🤖🤖🤖"},
        {4, "unbelievable"}, /* a word longer than a line: alone, first, amid, last */
        {4, "unbelievable at a go"},
        {4, "so unbelievable it is"},
        {4, "it is so unbelievable"},
        {4, "extraordinary unbelievable"},
        {4, "so\nunbelievable\nit is so"},
        {4, " unbelievable"},
        {4, " a\nunbelievable"},
        {10, "a unbelievable it is so it is"},
        {4, "a\tb c\td e\tf\tg h"},       /* a tab is a character, and no space */
        {8, "one two\nthree four\nfive"}, /* lines that are there already */
        {8, "one two \nthree fo\nfive six seven"},
        {5, "\n\nab cd ef\n\ngh\n"},
        {6, "a  b   c    d     e      f"}, /* several spaces */
        {4, "    abcd    abcd    "},
        {3, "          "},
        {4, "abcd "},
        {4, "abc  "},
        {1, "a b c dd e"}, /* the narrowest */
        {1, "a"},
        {1, " "},
        {1, "\n"},
        {2, "ab cd e fg h i jk"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *text = visible((const unsigned char *)all[i].text, strlen(all[i].text));
        situation(o, "width %d, \"%s\"", all[i].width, text);
        try_wrap_text(f, o, strlen(all[i].text), all[i].width, all[i].text);
        free(text);
    }
    /* Longer than a fixed buffer, or than a byte can count. */
    enum { LONG = 4000 };
    static const char *const words[] = {"a",  "robot", "größer", "unbelievable",
                                        "is", "the",   "好",     "🤖"};
    char *text = grab(LONG + 100, 1);
    size_t n = 0;
    unsigned state = 7;
    while (n < LONG)
        n += (size_t)sprintf(text + n, "%s%s", words[drawn(&state, 8)],
                             drawn(&state, 9)   ? " "
                             : drawn(&state, 3) ? "  "
                                                : "\n");
    for (int width = 7; width < 500; width *= 3) {
        situation(o, "width %d, a text of %zu bytes", width, n);
        try_wrap_text(f, o, n, width, text);
    }
    memset(text, 'x', 700);
    text[600] = ' ';
    situation(o, "width 300, a word of 600 letters and one of 99");
    try_wrap_text(f, o, 700, 300, text);
    free(text);
}

static const struct exercise exercises[] = {
    {EXERCISE(mend),
     {MISTAKE(wrong_mend_byte_by_byte), MISTAKE(wrong_mend_drops),
      MISTAKE(wrong_mend_as_it_is), MISTAKE(wrong_mend_question_mark),
      MISTAKE(wrong_mend_believes_the_first_byte), MISTAKE(wrong_mend_stops),
      MISTAKE(wrong_mend_waits), MISTAKE(wrong_mend_ascii), MISTAKE(wrong_mend_merges),
      MISTAKE(wrong_mend_up_to_the_next)},
     {RIGHT(right_mend_hints), RIGHT(right_mend_states), RIGHT(right_mend_longest),
      RIGHT(right_mend_recursive)}},
    {EXERCISE(stop_place),
     {MISTAKE(wrong_stop_place_whole_only), MISTAKE(wrong_stop_place_end_only),
      MISTAKE(wrong_stop_place_no_step_back), MISTAKE(wrong_stop_place_last),
      MISTAKE(wrong_stop_place_behind), MISTAKE(wrong_stop_place_one_byte),
      MISTAKE(wrong_stop_place_as_strings), MISTAKE(wrong_stop_place_none_is_zero)},
     {RIGHT(right_stop_place_hints), RIGHT(right_stop_place_two_searches),
      RIGHT(right_stop_place_one_pass), RIGHT(right_stop_place_backwards)}},
    {EXERCISE(forbid_repeats),
     {MISTAKE(wrong_forbid_repeats_n_before), MISTAKE(wrong_forbid_repeats_too_short),
      MISTAKE(wrong_forbid_repeats_everything),
      MISTAKE(wrong_forbid_repeats_first_of_run),
      MISTAKE(wrong_forbid_repeats_latest_only), MISTAKE(wrong_forbid_repeats_first_only),
      MISTAKE(wrong_forbid_repeats_zero), MISTAKE(wrong_forbid_repeats_any_order),
      MISTAKE(wrong_forbid_repeats_last_token_only), MISTAKE(wrong_forbid_repeats_bytes),
      MISTAKE(wrong_forbid_repeats_large), MISTAKE(wrong_forbid_repeats_not_the_last),
      MISTAKE(wrong_forbid_repeats_one_of_run)},
     {RIGHT(right_forbid_repeats_hints), RIGHT(right_forbid_repeats_every_token),
      RIGHT(right_forbid_repeats_backwards), RIGHT(right_forbid_repeats_first_of_run)}},
    {EXERCISE(wrap_text),
     {MISTAKE(wrong_wrap_text_as_handed_out), MISTAKE(wrong_wrap_text_from_one),
      MISTAKE(wrong_wrap_text_bytes_after), MISTAKE(wrong_wrap_text_one_more),
      MISTAKE(wrong_wrap_text_too_early), MISTAKE(wrong_wrap_text_too_late),
      MISTAKE(wrong_wrap_text_counts_bytes), MISTAKE(wrong_wrap_text_forgets_ends),
      MISTAKE(wrong_wrap_text_after_the_word), MISTAKE(wrong_wrap_text_cuts_words)},
     {RIGHT(right_wrap_text_two_counts), RIGHT(right_wrap_text_counts),
      RIGHT(right_wrap_text_by_lines), RIGHT(right_wrap_text_by_words),
      RIGHT(right_wrap_text_recursive)}},
};

/* ---- Helpers ----------------------------------------------------------------------- */

#define ODD "--model tests/reference/odd --ids '28 4 17 0 4 9 23' "

/* What the program prints, where all goes well and it only remarks why each text ended. */
static char *text_of(const char *arguments)
{
    ck_assert_msg(run_program(arguments) == 0, "13_gpt2 %s: %s", arguments,
                  (char *)errors.data);
    const char *line = errors.size ? (char *)errors.data : "";
    while (strncmp(line, "13_gpt2: stopped ", 17) == 0 ||
           strncmp(line, "13_gpt2: the model ended", 24) == 0)
        line = strchr(line, '\n') + 1;
    ck_assert_msg(*line == 0, "13_gpt2 %s: %s", arguments, line);
    return format_text("%s", (char *)output.data);
}

/* The program says this on standard error, with this status. */
static void expect_words(const char *arguments, int status, const char *says)
{
    const int got = run_program(arguments);
    ck_assert_msg(got == status && strstr((char *)errors.data, says),
                  "13_gpt2 %s: status %d, expected %d and '%s' in '%s'", arguments, got,
                  status, says, (char *)errors.data);
}

static bool is_valid(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        unsigned code;
        const int length = utf8_decode(s + i, n - i, &code);
        if (length <= 0)
            return false;
        i += (size_t)length;
    }
    return true;
}

/* What a voice has printed into its file. */
static struct bytes what_stands_in(FILE *file)
{
    rewind(file);
    struct bytes b = read_stream(file, "a voice");
    fseek(file, 0, SEEK_END);
    return b;
}

/* ---- The voice ------------------------------------------------------------------------ */

static uint32_t state = 1;
static unsigned any(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

/* Any bytes in any pieces: after each, what stands there is valid; in the end, nothing is
 * missing, and what waited was the beginning of a character and nothing else. */
START_TEST(every_flush_is_valid_utf8)
{
    static const char *const good[] = {"a",    "\n",     "ë",    "好",
                                       "🤖", " robot", "\xC3", "\xE5\xA5"};
    for (int round = 0; round < 60; round++) {
        unsigned char all[400];
        size_t n = 0;
        while (n < 300)
            if (round % 2 == 0 && any(5))
                n += strlen(strcpy((char *)all + n, good[any(8)]));
            else
                all[n++] = (unsigned char)any(256);
        unsigned char *whole = grab(n, 3);
        struct voice v = {.to = tmpfile()};
        for (size_t at = 0, size; at < n; at += size) {
            size = 1 + any(4);
            size = size < n - at ? size : n - at;
            speak(&v, size, all + at);
            struct bytes so_far = what_stands_in(v.to);
            ck_assert_msg(is_valid(so_far.data, so_far.size), "round %d, byte %zu", round,
                          at);
            ck_assert_uint_lt(v.count, 4);
            free(so_far.data);
        }
        fall_silent(&v);
        struct bytes end = what_stands_in(v.to);
        const size_t size = mend(n, all, whole);
        ck_assert_uint_eq(end.size, size);
        ck_assert(memcmp(end.data, whole, size) == 0);
        free(end.data);
        free(whole);
        fclose(v.to);
    }
}
END_TEST

/* However the text is cut: it ends before the first stop, and nothing of it is printed. */
START_TEST(a_stop_is_found_across_tokens)
{
    static const char text[] = "aab aaab 好 the engine, then the end. More of the end",
                      *const stops[] = {"the end", "aaab", "\xE5\xA5\xBD t",
                                        "e",       "of",   "nowhere"};
    for (size_t s = 0; s < sizeof stops / sizeof *stops; s++)
        for (size_t step = 1; step < 20; step++) {
            const struct texts one = {.all = (const char **)(uintptr_t)&stops[s],
                                      .count = 1};
            struct voice v = {.to = tmpfile(), .stops = &one};
            const char *found = strstr(text, stops[s]);
            const size_t n = strlen(text), want = found ? (size_t)(found - text) : n;
            for (size_t at = 0; at < n && !v.stopped; at += step)
                speak(&v, step < n - at ? step : n - at,
                      (const unsigned char *)text + at);
            ck_assert((v.stopped != NULL) == (found != NULL));
            fall_silent(&v);
            struct bytes got = what_stands_in(v.to);
            ck_assert_msg(got.size == want && memcmp(got.data, text, want) == 0,
                          "stop '%s' in steps of %zu: '%s'", stops[s], step, got.data);
            free(got.data);
            fclose(v.to);
        }
}
END_TEST

/* Of several stops the one that begins first ends the text, however it is cut; one that is not
 * finished when the text ends is part of it. */
START_TEST(the_first_of_several_stops_ends_a_text)
{
    static const struct {
        const char *stops[3];
        int count;
        const char *text, *want, *by;
    } all[] = {
        {{"end", "the"}, 2, "At the end", "At ", "the"},
        {{"the", "end"}, 2, "At an end, the", "At an ", "end"},
        {{"abcd", "bc"}, 2, "xabcd", "x", "abcd"},
        {{"abcd", "bc"}, 2, "xabce", "xa", "bc"},
        {{"abcd", "bc"}, 2, "xabc", "xa", "bc"},
        {{"abcd", "b"}, 2, "xabc", "xa", "b"},
        {{"abc", "ab"}, 2, "xabc", "x", NULL},
        {{"q", "\xE5\xA5\xBD", "w"}, 3, "a 好 w q", "a ", "\xE5\xA5\xBD"},
        {{"one", "two", "three"}, 3, "on tw thre", "on tw thre", NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t step = 1; step < 8; step++) {
            const struct texts stops = {.all = (const char **)(uintptr_t)all[i].stops,
                                        .count = (size_t)all[i].count};
            struct voice v = {.to = tmpfile(), .stops = &stops};
            const size_t n = strlen(all[i].text);
            for (size_t at = 0; at < n && !v.stopped; at += step)
                speak(&v, step < n - at ? step : n - at,
                      (const unsigned char *)all[i].text + at);
            fall_silent(&v);
            struct bytes got = what_stands_in(v.to);
            ck_assert_msg(strcmp((char *)got.data, all[i].want) == 0,
                          "case %zu in steps of %zu: '%s'", i, step, got.data);
            if (all[i].by)
                ck_assert_str_eq(v.stopped, all[i].by);
            free(got.data);
            fclose(v.to);
        }
}
END_TEST

/* ---- The loop --------------------------------------------------------------------------- */

static bool no_word(void *to, int id)
{
    (void)to;
    (void)id;
    return true;
}

/* The tokens that a wish gives; `anew` reads the whole text again for each. */
static int *wish_tokens(const char *model, bool teaching, bool anew, int T,
                        const int ids[T], struct wish wish, int *count)
{
    struct gpt2 g;
    uint64_t chance = 5;
    open_gpt2(&g, model, false, teaching, F32);
    begin_text(&g, T, ids);
    if (!anew)
        write_on(&g, &wish, &chance, no_word, NULL, count);
    else
        for (*count = 0; *count < wish.most && !is_full(&g); ++*count) {
            g.read = g.fast.used = g.cache.used = 0;
            const int id = choose_next(&g, catch_up(&g), &wish, &chance);
            g.ids[g.count++] = id;
            if (g.vocabulary.size && id == g.vocabulary.end_of_text) {
                ++*count;
                break;
            }
        }
    ck_assert_int_eq(g.count, T + *count);
    int *made = grab((size_t)*count, sizeof *made);
    memcpy(made, g.ids + T, (size_t)*count * sizeof *made);
    close_gpt2(&g);
    return made;
}

static void compare_readings(const char *model, int T, const int ids[T], int most)
{
    const struct wish wishes[] = {{{0, 0, 1, 1}, 0, most},
                                  {{0.8f, 5, 1, 1}, 0, most},
                                  {{1.5f, 0, 0.9f, 1.2f}, 0, most},
                                  {{0, 0, 1, 1}, 2, most}};
    for (size_t w = 0; w < sizeof wishes / sizeof *wishes; w++) {
        int n = 0, m = 0;
        int *want = wish_tokens(model, false, false, T, ids, wishes[w], &n);
        for (int kind = 1; kind < 4; kind++) {
            int *got = wish_tokens(model, kind & 1, kind & 2, T, ids, wishes[w], &m);
            ck_assert_msg(n == m && memcmp(got, want, (size_t)n * sizeof *got) == 0,
                          "%s, wish %zu: %s, %s: other tokens", model, w,
                          kind & 1 ? "the teaching pass" : "the fast pass",
                          kind & 2 ? "all read anew" : "with the cache");
            free(got);
        }
        free(want);
    }
}

static const int odd_ids[] = {28, 4, 17}, robot_ids[] = {32, 358, 451};

START_TEST(both_passes_with_the_cache_or_without_give_the_same_tokens)
{
    compare_readings("tests/reference/odd", 3, odd_ids, 20);
}
END_TEST

START_TEST(and_so_they_do_with_the_shipped_model)
{
    compare_readings("models/robots", 3, robot_ids, thorough() ? 40 : 16);
}
END_TEST

START_TEST(both_passes_give_the_same_logits)
{
    static const char *const models[] = {"tests/reference/odd", "models/robots"};
    for (int i = 0; i < (file_exists("models/robots/model.safetensors") ? 2 : 1); i++) {
        float *logits[2];
        int V = 0, T = 0;
        for (int teaching = 0; teaching < 2; teaching++) {
            struct gpt2 g;
            open_gpt2(&g, models[i], false, teaching, F32);
            V = g.model.config.V;
            T = smaller(g.model.config.positions, 40);
            int *ids = grab((size_t)T, sizeof *ids);
            for (int t = 0; t < T; t++)
                ids[t] = (t * 7 + 3) % V;
            logits[teaching] = grab((size_t)T * (size_t)V, sizeof(float));
            begin_text(&g, T, ids);
            read_tokens(&g, T - 3, logits[teaching]); /* at once, then one by one */
            read_tokens(&g, 3, logits[teaching] + (size_t)(T - 3) * (size_t)V);
            free(ids);
            close_gpt2(&g);
        }
        check_tensor("logits", AXES({T, NULL}, {V, NULL}), logits[0], logits[1]);
        free(logits[0]);
        free(logits[1]);
    }
}
END_TEST

/* A text that begins as the one before keeps what was read, and goes on in the same way. */
START_TEST(what_was_read_need_not_be_read_again)
{
    static const int second[] = {28, 4, 9, 2}, *const texts[] = {odd_ids, second, odd_ids,
                                                                 odd_ids};
    static const int lengths[] = {3, 4, 3, 2}, kept[] = {0, 2, 2, 1};
    for (int teaching = 0; teaching < 2; teaching++) {
        struct gpt2 g, fresh;
        open_gpt2(&g, "tests/reference/odd", false, teaching, F32);
        for (int i = 0; i < 4; i++) {
            begin_text(&g, lengths[i], texts[i]);
            ck_assert_int_eq(g.read, kept[i]);
            open_gpt2(&fresh, "tests/reference/odd", false, teaching, F32);
            begin_text(&fresh, lengths[i], texts[i]);
            check_tensor("logits", AXES({g.model.config.V, NULL}), catch_up(&g),
                         catch_up(&fresh));
            close_gpt2(&fresh);
        }
        close_gpt2(&g);
    }
}
END_TEST

START_TEST(no_run_is_written_twice)
{
    for (int n = 1; n <= 3; n++) {
        const struct wish wish = {{0, 0, 1, 1}, n, 8};
        int count = 0, text[11];
        int *made =
            wish_tokens("tests/reference/odd", false, false, 3, odd_ids, wish, &count);
        memcpy(text, odd_ids, 3 * sizeof *text);
        memcpy(text + 3, made, (size_t)count * sizeof *text);
        ck_assert_int_eq(count, 8);
        for (int t = 3; t < 11; t++)
            for (int s = n - 1; s < t; s++)
                ck_assert_msg(memcmp(text + s - n + 1, text + t - n + 1,
                                     (size_t)n * sizeof *text) != 0,
                              "n = %d: the run at %d stands at %d again", n, s, t);
        free(made);
    }
}
END_TEST

/* ---- The program ------------------------------------------------------------------------ */

/* Logits and greedy text of the program beside the reference's. */
static void check_model(const struct stored_file *want, const char *name,
                        const char *arguments, int V)
{
    char *ids_name = format_text("%s.ids", name),
         *logits = format_text("%s.logits", name),
         *greedy = format_text("%s.greedy", name);
    const int T = reference_length(want, ids_name, 0),
              n = reference_length(want, greedy, 0);
    int *wanted = reference_ints(want, greedy, AXES({n, NULL}));
    ck_assert_int_gt(n, 0);
    char *list = format_text("%s", "");
    for (int i = 0; i < n; i++)
        list = format_text("%s%s%d", list, i ? " " : "", wanted[i]);
    for (int teaching = 0; teaching < 2; teaching++) {
        const char *with = teaching ? "--teaching" : "";
        ck_assert_int_eq(
            run_program(format_text("%s %s --logits '%s'", arguments, with, inside("l"))),
            0);
        ck_assert_uint_eq(output.size, 0);
        struct bytes b = read_file(inside("l"));
        ck_assert_uint_eq(b.size, (size_t)T * (size_t)V * 4);
        check_reference(want, logits, AXES({T, NULL}, {V, NULL}), b.data);
        free(b.data);
        /* The reference stops where two tokens are too close: so the rest may differ. */
        ck_assert_int_eq(run_program(format_text("%s %s --greedy --print-ids "
                                                 "--max-tokens %d",
                                                 arguments, with, n)),
                         0);
        const char *got = (char *)output.data;
        ck_assert_msg(strncmp(list, got, strlen(got) - 1) == 0 &&
                          got[strlen(got) - 1] == '\n',
                      "%s %s: got %s, want %s", name, with, got, list);
    }
    free(wanted);
}

START_TEST(the_odd_checkpoint_equals_the_reference)
{
    struct stored_file want = open_reference("13_gpt2");
    check_model(&want, "odd", ODD, 29);
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_equals_the_reference)
{
    struct stored_file want = open_reference("13_gpt2");
    struct checkpoint m = load_checkpoint("models/robots");
    if (is_reference_model(&want, &m))
        check_model(&want, "robots", "--prompt 'A robot must obey the orders given it'",
                    m.config.V);
    else
        printf("skipped: models/robots is not the model of the reference: make "
               "reference\n");
    free_checkpoint(&m);
    close_stored(&want);
}
END_TEST

/* GPT-2 small's full shape and vocabulary; the weights are made by a hash. */
START_TEST(a_checkpoint_of_full_size_equals_the_reference)
{
    const struct config c = gpt2_small();
    struct stored_file want = open_reference("13_gpt2");
    char *at = inside("small");
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = hash_weights(&c, flat);
    write_checkpoint(at, &c, &w);
    free_weights(&w);
    free(flat);
    const int T = reference_length(&want, "small.ids", 0),
              n = reference_length(&want, "small.columns", 0),
              most = reference_length(&want, "small.greedy", 0);
    int *ids = reference_ints(&want, "small.ids", AXES({T, NULL})),
        *columns = reference_ints(&want, "small.columns", AXES({n, NULL})),
        *greedy = reference_ints(&want, "small.greedy", AXES({most, NULL}));
    struct gpt2 g;
    open_gpt2(&g, at, false, false, F32);
    begin_text(&g, T, ids);
    float(*all)[50257] = grab((size_t)T, sizeof *all),
    (*some)[n] = grab((size_t)T, sizeof *some);
    read_tokens(&g, T, all[0]);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < n; i++)
            some[t][i] = all[t][columns[i]];
    check_reference(&want, "small.logits", AXES({T, NULL}, {n, NULL}), some);
    const struct wish wish = {{0, 0, 1, 1}, 0, most};
    uint64_t chance = 1;
    int count = 0;
    write_on(&g, &wish, &chance, no_word, NULL, &count);
    ck_assert_int_eq(count, most);
    ck_assert(most > 0 && memcmp(g.ids + T, greedy, (size_t)most * sizeof *greedy) == 0);
    close_gpt2(&g);
    free(all);
    free(some);
    free(ids);
    free(columns);
    free(greedy);
    close_stored(&want);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_text)
{
    static const char *const how[] = {"", "--temperature 1.3 --top-k 0 --top-p 0.9",
                                      "--greedy"};
    for (int i = 0; i < 3; i++) {
        char *a = text_of(format_text("%s --threads 1", how[i])),
             *b = text_of(format_text("%s --threads 2", how[i])),
             *c = text_of(format_text("%s --threads 2 --teaching", how[i])),
             *d = text_of(i == 2 ? how[i] : format_text("%s --seed 2", how[i]));
        ck_assert_str_eq(a, b);
        ck_assert_str_eq(a, c);
        ck_assert((strcmp(a, d) == 0) == (i == 2));
        ck_assert(strncmp(a, "A robot must", 12) == 0 && strlen(a) > 20);
    }
}
END_TEST

/* --count: each text is what its seed alone writes. */
START_TEST(each_of_many_texts_has_its_own_seed)
{
    static const char *const how[] = {"", "--print-ids", "--teaching --stop ."};
    for (int i = 0; i < 3; i++) {
        char *all = text_of(format_text("%s --max-tokens 30 --seed 4 --count 3", how[i])),
             *at = all;
        for (int seed = 4; seed < 7; seed++) {
            char *one =
                text_of(format_text("%s --max-tokens 30 --seed %d", how[i], seed));
            ck_assert_msg(strncmp(at, one, strlen(one)) == 0, "seed %d: '%s' in '%s'",
                          seed, one, all);
            at += strlen(one);
        }
        ck_assert_str_eq(at, "");
    }
}
END_TEST

START_TEST(a_text_ends_before_the_stop)
{
    char *all = text_of("--prompt Rivet --max-tokens 60"),
         *stopped = text_of("--prompt Rivet --max-tokens 60 --stop '. '");
    char *end = strstr(all, ". ");
    ck_assert_msg(end, "a text of one sentence is no test: %s", all);
    strcpy(end, "\n");
    ck_assert_str_eq(stopped, all);
    /* In the prompt it stops nothing. */
    ck_assert(strlen(text_of("--prompt 'Rivet. It' --stop Rivet. --max-tokens 5")) > 10);
}
END_TEST

START_TEST(prompts_come_from_everywhere)
{
    write_file(inside("p"), "A robot must\n", 13);
    char *want = text_of("--prompt 'A robot must' --max-tokens 20");
    ck_assert_str_eq(want,
                     text_of(format_text("--file '%s' --max-tokens 20", inside("p"))));
    ck_assert_str_eq(want, text_of("--ids '32 358,451' --max-tokens 20"));
    ck_assert_int_eq(run_with("build/13_gpt2", "--file - --max-tokens 20", inside("p")),
                     0);
    ck_assert_str_eq(want, (char *)output.data);
    /* A token that is no text begins a story of its own, and is not printed. */
    ck_assert(strlen(text_of("--prompt '<|endoftext|>' --max-tokens 9")) > 9);
    ck_assert(!strchr(text_of("--prompt '<|endoftext|>' --max-tokens 9"), '<'));
    /* Without a vocabulary a text is ids. */
    ck_assert(strncmp(text_of(ODD "--max-tokens 2"), "28 4 17 0 4 9 23 ", 17) == 0);
    ck_assert_str_eq(text_of("--prompt 'A robot must' --max-tokens 0"), "A robot must\n");
}
END_TEST

static int count_ids(void)
{
    int count = output.size > 1;
    for (const char *p = (char *)output.data; *p; p++)
        count += *p == ' ';
    return count;
}

/* A model with room for 11 tokens writes a twelfth, and says that it ends there. */
START_TEST(a_full_context_is_told)
{
    static const char full[] =
        "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10' "
        "--greedy --print-ids ";
    for (int teaching = 0; teaching < 2; teaching++) {
        const char *with = teaching ? "--teaching" : "";
        expect_words(format_text(ODD "--greedy --print-ids --max-tokens 9 %s", with), 0,
                     "the context is full: the text is 12 tokens long");
        ck_assert_int_eq(count_ids(), 5);
        expect_words(format_text("%s %s", full, with), 0, "no room for more");
        ck_assert_int_eq(count_ids(), 1);
        expect_words(format_text("%s --max-tokens 1 %s", full, with), 0,
                     "stopped after 1 new token (--max-tokens)");
        ck_assert_int_eq(count_ids(), 1);
    }
    expect_words(
        "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10' --top 3 --trace "
        "--max-tokens 3",
        0, "12 tokens long");
    expect_words(
        "--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10 11'", 1,
        "--ids: has 12 tokens, the model in tests/reference/odd has room for 11");
}
END_TEST

/* Line by line, too: 128 tokens fill the shipped model; then one more, and no more. */
START_TEST(a_full_context_in_a_conversation)
{
    char line[1000] = "A";
    for (int i = 1; i < 127; i++)
        strcat(line, " a");
    strcat(line, " robot\n\n\n");
    write_file(inside("p"), line, strlen(line));
    ck_assert_int_eq(
        run_with("build/13_gpt2", "--interactive --max-tokens 5 --greedy", inside("p")),
        0);
    int told = 0;
    for (char *p = (char *)errors.data; (p = strstr(p, "129 tokens long")); p++)
        told++;
    ck_assert_int_eq(told, 3);
    strcpy(strchr(line, '\n'), "\n1\n1\n");
    write_file(inside("p"), line, strlen(line));
    ck_assert_int_eq(run_with("build/13_gpt2", "--interactive --top 2", inside("p")), 0);
    ck_assert(strstr((char *)errors.data, "129 tokens long") != NULL);
    ck_assert(strstr((char *)errors.data, "the text is full") != NULL);
}
END_TEST

START_TEST(why_a_text_ended_is_said)
{
    expect_words("--max-tokens 1", 0, "stopped after 1 new token (--max-tokens)\n");
    expect_words("--max-tokens 5", 0, "stopped after 5 new tokens (--max-tokens)\n");
    expect_words("--max-tokens 100", 0, "the model ended the text (<|endoftext|>)\n");
    expect_words("--prompt Rivet --stop umbr --stop '. ' --greedy", 0,
                 "stopped before 'umbr' (--stop)\n");
    expect_words("--max-tokens 5 --print-ids", 0, "stopped after 5 new tokens");
    ck_assert_int_eq(count_ids(), 5);
    expect_words("--max-tokens 0", 0, "");
    ck_assert_uint_eq(errors.size, 0);
    expect_words("--prompt 'A robot ' --max-tokens 2", 0, "the prompt ends with a space");
    expect_words("--greedy --seed 2 --max-tokens 2", 0, "change nothing");
}
END_TEST

/* A checkpoint in the test's folder, weights by a hash times scale; of one tensor (none: -1)
 * number 5 has another value. */
static char *altered_model(const char *name, int V, int positions, float scale, int place,
                           float value)
{
    const struct config c = {.positions = positions,
                             .V = V,
                             .C = 4,
                             .H = 2,
                             .L = 1,
                             .F = 16,
                             .epsilon = 1e-5f};
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = hash_weights(&c, flat);
    for (size_t i = 0; i < parameter_count(&c); i++)
        flat[i] *= scale;
    if (place >= 0)
        get_tensor(&w, &c, place)[5] = value;
    char *at = inside(name);
    write_checkpoint(at, &c, &w);
    free_weights(&w);
    free(flat);
    return at;
}

static char *small_model(const char *name, int V, int positions, float scale)
{
    return altered_model(name, V, positions, scale, -1, 0);
}

/* --weights: what is no kind, what cannot be a number of it, and what makes others 0. */
START_TEST(weights_that_do_not_fit_are_told)
{
    static const struct {
        const char *arguments, *says;
        int status, place; /* which tensor gets a value */
        float value;
    } all[] = {
        {"--weights int4", "--weights: 'int4' is not known, expected f32, bf16 or int8",
         1, -1, 0},
        {"--weights ''", "--weights: '' is not known", 1, -1, 0},
        {"--weights bf16 --teaching", "--teaching: reads floats", 1, -1, 0},
        {"--weights bf16", "'wte.weight' has 3.4e+38 at [1, 1], expected at most", 1, 0,
         3.4e38f},
        {"--weights int8", "'h.0.mlp.c_fc.weight' has -3.4e+38 at [0, 5]", 1, 10,
         -3.4e38f},
        {"--weights int8", "'h.0.attn.c_attn.weight' has nan at [0, 5]", 1, 4, NAN},
        {"--weights bf16", "'h.0.attn.c_attn.weight' has inf at [0, 5]", 1, 4, INFINITY},
        {"--weights int8", "in 1 groups of 128 weights one is more than 254 times", 0, 4,
         1000},
        {"--weights bf16", NULL, 0, 4, 1000},
        {"--weights int8", NULL, 0, -1, 0},
        {"--weights f32", NULL, 0, -1, 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *at = altered_model("model", 40, 12, 1, all[i].place, all[i].value);
        char *arguments = format_text(
            "--model '%s' --ids '1 2 3' --greedy --max-tokens 4 --print-ids %s", at,
            all[i].arguments);
        const int status = run_program(arguments);
        const char *said = (char *)errors.data;
        ck_assert_msg(status == all[i].status, "%s: status %d: %s", all[i].arguments,
                      status, said);
        ck_assert_msg(all[i].says ? strstr(said, all[i].says) != NULL
                                  : strstr(said, "groups") == NULL,
                      "%s: expected '%s' in '%s'", all[i].arguments,
                      all[i].says ? all[i].says : "", said);
        if (status)
            ck_assert_msg(strchr(said, '\n') == said + strlen(said) - 1, "%s", said);
        free(arguments);
    }
}
END_TEST

/* Finite weights whose logits are infinite or NaN: told, wherever logits are looked at. */
START_TEST(a_model_that_gives_no_numbers_is_told)
{
    char *at = small_model("m", 7, 9, 3e37f);
    static const char *const how[] = {
        "",         "--teaching",    "--top 3",
        "--trace",  "--logits %s/l", "--print-ids --max-tokens 1",
        "--greedy", "--figures %s/f"};
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        char *more = format_text("%s", how[i]), *hole = strstr(more, "%s");
        if (hole)
            more = format_text("%.*s%s%s", (int)(hole - more), more, folder, hole + 2);
        expect_words(format_text("--model '%s' --ids '1 2' %s", at, more), 1,
                     "the model gives no numbers after token ");
        ck_assert(strstr((char *)errors.data, at) &&
                  strchr((char *)errors.data, '\n')[1] == 0);
        ck_assert(strstr((char *)errors.data, "NaN is h.0.") ||
                  strstr((char *)errors.data, "NaN is embedding") ||
                  strstr((char *)errors.data, "NaN is logits"));
    }
}
END_TEST

/* Two tokens, one block, one token of prompt; all weights zero; nothing left to draw from. */
START_TEST(the_smallest_models_work)
{
    char *small = small_model("s", 2, 6, 1), *zero = small_model("z", 5, 6, 0);
    const char *const models[] = {small, zero};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(run_program(format_text("--model '%s' --ids 1 --top 3 --trace "
                                                 "--max-tokens 3 --figures '%s/f'",
                                                 models[i], folder)),
                         0);
        ck_assert_msg(!strstr((char *)output.data, "nan") && output.size > 200, "%s",
                      (char *)output.data);
        struct bytes b = read_file(inside("f/trace.dat"));
        ck_assert(!strstr((char *)b.data, "NaN") && !strstr((char *)b.data, "nan"));
        free(b.data);
    }
    expect_words(format_text("--model '%s' --ids '0' --no-repeat 1 --print-ids", small),
                 1, "--no-repeat forbids every token");
    ck_assert_str_eq((char *)output.data, "1\n");
}
END_TEST

START_TEST(tables_and_data)
{
    const char *all[] = {ODD "--top 3 --trace", ODD "--top 99",
                         "--model tests/reference/odd --ids 7 --trace --top 1",
                         ODD "--top 3 --max-tokens 2 --stats"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_int_eq(run_program(format_text("%s --figures '%s/f'", all[i], folder)),
                         0);
        ck_assert(output.size > 200);
        for (char *line = strtok((char *)output.data, "\n"); line;
             line = strtok(NULL, "\n"))
            ck_assert_msg(text_width(line) <= 80, "too broad: %s", line);
    }
    struct stored_file want = open_reference("13_gpt2");
    ck_assert_int_eq(run_program(format_text(ODD "--dump '%s/d'", folder)), 0);
    ck_assert_int_eq(check_dump(&want, "odd.", inside("d")), 1);
    /* A link stays one, and so does /dev/null: only a file is replaced. */
    ck_assert_int_eq(symlink("d", inside("link")), 0);
    struct stat info;
    for (int i = 0; i < 2; i++) {
        const char *what = i ? "logits" : "dump";
        ck_assert_int_eq(run_program(format_text(ODD "--%s '%s/link'", what, folder)), 0);
        ck_assert(lstat(inside("link"), &info) == 0 && S_ISLNK(info.st_mode));
    }
    close_stored(&want);
}
END_TEST

START_TEST(figures_of_short_and_long_prompts)
{
    char many[600] = "A";
    for (int i = 1; i < 60; i++)
        strcat(many, i % 2 ? " robot" : " must");
    ck_assert_int_eq(
        run_program(format_text("--prompt '%s' --figures '%s/f'", many, folder)), 0);
    ck_assert_int_eq(run_program(format_text("--prompt A --figures '%s/f'", folder)), 0);
}
END_TEST

START_TEST(wrong_options_are_named)
{
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {ODD "--temperature -1", "--temperature: -1"},
        {ODD "--temperature nan", "'nan' is not a number"},
        {ODD "--greedy --temperature 1", "--greedy"},
        {ODD "--temperature 0.5 --greedy", "--greedy"},
        {ODD "--file -", "only one of them"},
        {"--interactive --prompt x", "only one of them"},
        {ODD "--seed 18446744073709551616",
         "out of range, expected 0 to 9000000000000000"},
        {ODD "--max-tokens 1e3", "'1e3' is not a whole number"},
        {"--stop a --stop ''", "--stop: is empty"},
        {ODD "--top-p 1.1", "--top-p: 1.1"},
        {ODD "--top-k -1", "--top-k: -1"},
        {ODD "--max-tokens -1", "--max-tokens: -1"},
        {ODD "--max-tokens x", "'x'"},
        {ODD "--seed -1", "--seed: -1"},
        {ODD "--threads 0", "--threads: 0"},
        {ODD "--top 0", "--top: 0"},
        {ODD "--count 0", "--count: 0"},
        {ODD "--count 2 --greedy", "--count: the likeliest token is always taken"},
        {ODD "--count 2 --temperature 0", "--count: the likeliest token is always taken"},
        {ODD "--count 2 --top 3", "--count"},
        {"--count 2 --interactive", "--count"},
        {ODD "--logits ''", "--logits: is empty, expected FILE"},
        {"--model= --ids 1", "--model: is empty, expected DIR"},
        {ODD "--penalty 0.5", "--penalty: 0.5"},
        {ODD "--no-repeat -2", "--no-repeat: -2"},
        {ODD "--stop ''", "--stop: is empty"},
        {ODD "--prompt x", "only one of them"},
        {ODD "--interactive", "only one of them"},
        {ODD "--print-ids --top 3", "--print-ids"},
        {"--print-ids --stop .", "--print-ids"},
        {ODD "--stop .", "no vocabulary"},
        {"--interactive --logits l", "--interactive"},
        {"--interactive --top 3 --max-tokens 2", "--max-tokens"},
        {ODD "--max-tokens 0 --dump tests", "tests"},
        {ODD "--logits no/such/folder/l", "no/such/folder/l"},
        {ODD "--logits tests", "tests"},
        {ODD "more", "more"},
        {"--model tests/reference/odd --ids 29", "29"},
        {"--model tests/reference/odd --ids ''", "--ids: is empty"},
        {"--model tests/reference/odd --ids '1 -2'", "-2"},
        {"--model tests/reference/odd --ids '0 1 2 3 4 5 6 7 8 9 10 11'", "12 tokens"},
        {"--model tests/reference/odd --prompt robot", "vocab.json"},
        {"--model tests/reference/odd --interactive", "vocab.json"},
        {"--file no/such/file", "no/such/file"},
        {"--file /dev/null", "/dev/null: is empty"},
        {"--file /dev/zero", "/dev/zero: has more than"},
        {"--file tests", "tests: is a folder, expected a file"},
        {"--prompt ''", "--prompt: is empty"},
        {"--model no/such/model", "no/such/model"},
        {"--frobnicate", "--frobnicate"},
        {"--weights int3", "--weights"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(run_program(all[i].arguments) == 1, "%s", all[i].arguments);
        const char *line = (char *)errors.data, *end = strchr(line, '\n');
        ck_assert_msg(end && end[1] == 0 && strncmp(line, "13_gpt2: ", 9) == 0 &&
                          strstr(line, all[i].says) && output.size == 0,
                      "%s: expected '%s' in '%s'", all[i].arguments, all[i].says, line);
    }
    static const char *const inputs[][2] = {
        {"sh -c 'exec build/13_gpt2 --interactive <&-'", "standard input is closed"},
        {"sh -c 'exec build/13_gpt2 --interactive < tests'", "cannot be read: Is a"},
        {"sh -c 'exec build/13_gpt2 --file - <&-'", "standard input: cannot be read"},
        {"sh -c 'exec build/13_gpt2 --file - < tests'", "standard input: is a folder"}};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(run_with(inputs[i][0], "", "/dev/null"), 1);
        ck_assert_msg(strstr((char *)errors.data, inputs[i][1]) != NULL, "%s",
                      errors.data);
    }
    ck_assert_int_eq(run_program("--help"), 0);
    ck_assert(strstr((char *)output.data, "--no-repeat") != NULL);
}
END_TEST

/* Where nobody reads on, the program ends without a word, even where SIGPIPE is ignored. */
START_TEST(a_closed_pipe_ends_quietly)
{
    char *command =
        format_text("(%%s build/13_gpt2 --model tests/reference/odd --ids 28 "
                    "--max-tokens 0; echo $? > '%s/status') 2> '%s/err' | true",
                    folder, folder);
    for (int i = 0; i < 6; i++) { /* true may end before or after the first words */
        char *line = strdup(command), *hole = strstr(line, "%s");
        line = format_text("%.*s%s%s", (int)(hole - line), line,
                           i % 2 ? "trap '' PIPE;" : "sleep 0.1;", hole + 2);
        ck_assert_int_eq(system(line), 0);
        struct bytes status = read_file(inside("status")),
                     said = read_file(inside("err"));
        ck_assert_msg(strcmp((char *)status.data, "141\n") == 0 ||
                          strcmp((char *)status.data, "0\n") == 0,
                      "status %s", status.data);
        ck_assert_msg(said.size == 0, "%s", said.data);
        free(status.data);
        free(said.data);
    }
    free(command);
    if (access("/dev/full", W_OK) == 0)
        ck_assert_int_eq(
            WEXITSTATUS(system("build/13_gpt2 --model tests/reference/odd --ids 28 > "
                               "/dev/full 2> /dev/null")),
            1);
}
END_TEST

START_TEST(lines_from_a_pipe)
{
    static const char lines[] = "A robot must\n\n\xFF\n\nRivet";
    write_file(inside("p"), lines, sizeof lines - 1);
    ck_assert_int_eq(
        run_with("build/13_gpt2", "--interactive --max-tokens 6 --greedy", inside("p")),
        0);
    char *first = text_of("--prompt 'A robot must' --max-tokens 12 --greedy"), *second;
    ck_assert_int_eq(
        run_with("build/13_gpt2", "--interactive --max-tokens 6 --greedy", inside("p")),
        0);
    /* The first line, and the empty one that writes on: together the longer text. */
    second = strchr((char *)output.data, '\n');
    char *end = strchr(second + 1, '\n');
    char *joined = format_text("%.*s%.*s\n", (int)(second - (char *)output.data),
                               (char *)output.data, (int)(end - second - 1), second + 1);
    ck_assert_str_eq(joined, first);
    ck_assert(is_valid(output.data, output.size));
    ck_assert(strstr((char *)output.data, "\nRivet") != NULL);
    write_file(inside("p"), "\nA robot\n2\n77\n\r\n", 16);
    ck_assert_int_eq(run_with("build/13_gpt2", "--interactive --top 3", inside("p")), 0);
    ck_assert(strstr((char *)errors.data, "no text yet") != NULL);
    ck_assert(strstr((char *)errors.data, "77: is not in the table") != NULL);
    int tables = 0;
    for (char *p = (char *)output.data; (p = strstr(p, "all others")); p++)
        tables++;
    ck_assert_int_eq(tables, 3);
    /* A line that does not end: its start is told to be too long, and the next one is read. */
    enum { LONG = 3000000 };
    static char line[LONG + 8];
    memset(line, 'a', LONG);
    memcpy(line + LONG, "\nRivet\n", 7);
    write_file(inside("p"), line, LONG + 7);
    ck_assert_int_eq(
        run_with("build/13_gpt2", "--interactive --max-tokens 3", inside("p")), 0);
    ck_assert(strstr((char *)errors.data, "the start of this line: has ") != NULL);
    ck_assert_int_eq(strncmp((char *)output.data, "Rivet", 5), 0);
}
END_TEST

/* ---- A terminal ------------------------------------------------------------------------- */

/* The program on a terminal of its own. */
struct terminal {
    int master, slave; /* the slave is kept open, to look at its settings */
    struct termios was;
    pid_t child;
    char said[1 << 16];
    size_t count;
};

static struct terminal start_in_terminal(const char *program,
                                         const char *const *arguments)
{
    struct terminal t = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
    ck_assert(t.master >= 0 && grantpt(t.master) == 0 && unlockpt(t.master) == 0);
    const char *name = ptsname(t.master);
    t.slave = open(name, O_RDWR | O_NOCTTY);
    ck_assert_int_ge(t.slave, 0);
    ck_assert_int_eq(tcgetattr(t.slave, &t.was), 0);
    t.child = fork();
    if (t.child == 0) {
        setsid();
        const int tty =
            open(name, O_RDWR); /* the first one opened is the controlling one */
        dup2(tty, 0);
        dup2(tty, 1);
        dup2(tty, 2);
        close(t.master);
        unsetenv("NO_COLOR");
        setenv("TERM", "xterm", 1);
        setenv("TERM", "xterm", 1);
        execvp(program, (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    return t;
}

static struct terminal start_terminal(const char *const *arguments)
{
    return start_in_terminal("build/13_gpt2", arguments);
}

/* Reads until the text comes, from `from` on, or for twenty seconds. */
static bool wait_for(struct terminal *t, size_t from, const char *text)
{
    fcntl(t->master, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 2000; i++) {
        const ssize_t got =
            read(t->master, t->said + t->count, sizeof t->said - 1 - t->count);
        if (got > 0)
            t->count += (size_t)got;
        t->said[t->count] = 0;
        if (strstr(t->said + from, text))
            return true;
        if (got <= 0)
            nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    return false;
}

static void type(struct terminal *t, const char *keys)
{
    ck_assert_int_eq((int)write(t->master, keys, strlen(keys)), (int)strlen(keys));
}

/* Lets the program say all it has to, until it ends. The terminal must be as it was. */
static int drain_terminal(struct terminal *t)
{
    int status = -1;
    bool over = false;
    fcntl(t->master, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 3000 && !over; i++) {
        over = waitpid(t->child, &status, WNOHANG) != 0;
        const ssize_t got =
            read(t->master, t->said + t->count, sizeof t->said - 1 - t->count);
        if (got > 0)
            t->count += (size_t)got;
        else
            nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    ck_assert_msg(over, "the program does not end: %s", t->said);
    struct termios now;
    ck_assert_int_eq(tcgetattr(t->slave, &now), 0);
    ck_assert_msg(now.c_lflag == t->was.c_lflag && now.c_iflag == t->was.c_iflag,
                  "the terminal is not as it was");
    close(t->slave);
    close(t->master);
    return status;
}

static const char *const talk[] = {"13_gpt2", "--interactive", "--max-tokens", "0", NULL};

START_TEST(a_line_can_be_edited)
{
    static const struct {
        const char *keys, *line;
    } all[] = {
        {"A robot\r", "A robot"},
        {"obot\x01r\x05s\r", "robots"},              /* Ctrl-A, Ctrl-E */
        {"rxbot\033[D\033[D\033[D\x7Fo\r", "robot"}, /* left, backspace */
        {"arobot\033[H\033[3~\r", "robot"},          /* home, delete */
        {"n\xC3\xA9\xC3\xA9\x7F\033[D\xC3\xAA\033[C!\r", "n\xC3\xAA\xC3\xA9!"}, /* ê é */
        {"gone\x15kept\r", "kept"},                        /* Ctrl-U */
        {"two words\x17w\r", "two w"},                     /* Ctrl-W */
        {"cut here\033OH\033[C\033[C\033[C\x0B\r", "cut"}, /* Ctrl-K */
        {"\033[A\033[A\r", "two w"},                       /* two lines back */
        {"x\033[A\033[A\033[B\033[B\033[By\r", "y"},       /* and forth again */
        {"one two\033[1;5Dx\033[1;5D\033[1;5Dy\033[1;5Cz\r",
         "yonez xtwo"},                                      /* Ctrl-arrows */
        {"a b\033Odc\033[5D\033[1;2C\033[1;3Cd\r", "a cbd"}, /* other terminals' */
        {"\x1Bkept\r", "kept"},                              /* Escape, then letters */
        {"\x1B\x1B[Dx\x1BOh\r", "xOh"},
        {"\033[200~pasted\033[201~ text\033[?9x\r", "pasted text"},
        {"a\tb\r", "a\tb"},                       /* a tab is a character */
        {"xe\u0301y\033[D\033[D\033[3~\r", "xy"}, /* a letter and its mark */
        {"ก\u0E33\u0E49น\x7F\x7F\x7Fก\r", "ก"},   /* Thai */
    };
    struct terminal t = start_terminal(talk);
    ck_assert(wait_for(&t, 0, "> "));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const size_t from = t.count;
        char *want = format_text("\033[1m%s\033[0m\r\n\r> ", all[i].line);
        type(&t, all[i].keys);
        ck_assert_msg(wait_for(&t, from, want), "line %zu: '%s' is not in '%s'", i,
                      all[i].line, t.said + from);
        free(want);
    }
    type(&t, "\x04"); /* Ctrl-D */
    const int status = drain_terminal(&t);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* What is shown fits into the window, with wide characters too, and again after it got smaller. */
START_TEST(a_line_fits_the_window)
{
    struct winsize size = {.ws_row = 24, .ws_col = 20};
    struct terminal t = start_terminal(talk);
    ck_assert(wait_for(&t, 0, "> "));
    ck_assert_int_eq(ioctl(t.master, TIOCSWINSZ, &size), 0);
    ck_assert(wait_for(&t, 3, "\r> \033[K"));
    /* 16 columns have room: eight wide characters; the ninth pushes the first one out. */
    type(&t, "好好好好好好好好");
    ck_assert(wait_for(&t, 0, "\r> 好好好好好好好好\033[K\r\033[18C"));
    size_t from = t.count;
    type(&t, "⚡");
    ck_assert(wait_for(&t, from, "\r> 好好好好好好好⚡\033[K\r\033[18C"));
    from = t.count;
    type(&t, "x");
    ck_assert(wait_for(&t, from, "\r> 好好好好好好⚡x\033[K\r\033[17C"));
    from = t.count;
    size.ws_col =
        10; /* the cursor is in the second row now: the line is shown in the first */
    ck_assert_int_eq(ioctl(t.master, TIOCSWINSZ, &size), 0);
    ck_assert(wait_for(&t, from, "\033[1A\r\033[J\r> 好⚡x\033[K\r\033[7C"));
    from = t.count;
    type(&t, "\r");
    ck_assert(wait_for(&t, from, "\033[0m\r\n\r> "));
    type(&t, "\x04");
    const int status = drain_terminal(&t);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* Ctrl-Z stops the program, and the terminal is as it was; fg brings both back. */
START_TEST(ctrl_z_and_back)
{
    const char *const shell[] = {"sh", "-c",
                                 "set -m; build/13_gpt2 --interactive --max-tokens 0; "
                                 "stty -a | grep -o ' .\\?icanon'; "
                                 "echo now; fg; echo over",
                                 NULL};
    struct terminal t = start_in_terminal("sh", shell);
    ck_assert(wait_for(&t, 0, "\r> "));
    type(&t, "ab");
    ck_assert(wait_for(&t, 0, "\r> ab"));
    type(&t, "\x1A");
    ck_assert_msg(wait_for(&t, 0, "now"), "%s", t.said);
    ck_assert_msg(strstr(t.said, " icanon") != NULL, "%s", t.said);
    ck_assert_msg(wait_for(&t, (size_t)(strstr(t.said, "now") - t.said), "\r> ab"), "%s",
                  t.said);
    const size_t from = t.count;
    type(&t, "c\r");
    ck_assert_msg(wait_for(&t, from, "\033[1mabc\033[0m\r\n\r> "), "%s", t.said);
    type(&t, "\x04");
    ck_assert(wait_for(&t, from, "over"));
    drain_terminal(&t);
}
END_TEST

/* The hint for a line says what to type, not what to tell make; a last space is told once. */
START_TEST(hints_fit_a_conversation)
{
    struct terminal t = start_terminal(talk);
    ck_assert(wait_for(&t, 0, "> "));
    type(&t, "A xyzzy \r");
    ck_assert_msg(wait_for(&t, 0, "try \"A robot must"), "%s", t.said);
    ck_assert_msg(wait_for(&t, 0, "ends with a space"), "%s", t.said);
    ck_assert(wait_for(&t, 0, "\033[0m\r\n\r> "));
    const size_t from = t.count;
    type(&t, "Rivet \r");
    ck_assert(wait_for(&t, from, "\033[1mRivet \033[0m\r\n\r> "));
    type(&t, "\x04"); /* typed before the next line begins, it would be lost */
    drain_terminal(&t);
    ck_assert(!strstr(t.said, "PROMPT="));
    ck_assert(!strstr(t.said + from, "ends with a space"));
}
END_TEST

/* A terminal that can do nothing gets no codes. */
START_TEST(a_dumb_terminal_stays_plain)
{
    const char *const plain[] = {
        "env", "TERM=dumb", "build/13_gpt2", "--interactive", "--top", "2", NULL};
    struct terminal t = start_in_terminal("env", plain);
    ck_assert(wait_for(&t, 0, "> "));
    type(&t, "A robot\n");
    ck_assert(wait_for(&t, 0, "all others"));
    ck_assert(wait_for(&t, 0, "%\r\n> "));
    type(&t, "\x04");
    const int status = drain_terminal(&t);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_msg(!strchr(t.said, '\033'), "%s", t.said);
}
END_TEST

START_TEST(the_terminal_is_restored)
{
    /* Ctrl-C in the middle of a line; a signal; an error. */
    for (int how = 0; how < 3; how++) {
        struct terminal t = start_terminal(talk);
        ck_assert(wait_for(&t, 0, "> "));
        type(&t, "A rob");
        ck_assert(wait_for(&t, 0, "A rob"));
        struct termios now;
        tcgetattr(t.slave, &now);
        ck_assert(!(now.c_lflag & (tcflag_t)ICANON));
        if (how == 0) { /* the first takes the line back, the second ends */
            const size_t so_far = t.count;
            type(&t, "\x03");
            ck_assert(wait_for(&t, so_far, "\r> \033[K\r\033[2C"));
            type(&t, "\x03");
        } else
            kill(t.child, how == 1 ? SIGTERM : SIGINT);
        const int status = drain_terminal(&t);
        if (how == 1)
            ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
        else
            ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == (how == 2 ? 130 : 0));
    }
}
END_TEST

/* A text that takes long is stopped by Ctrl-C: whole characters, a word about it. */
START_TEST(ctrl_c_ends_a_text)
{
    const struct config c = {.positions = 4000,
                             .V = 300,
                             .C = 256,
                             .H = 4,
                             .L = 12,
                             .F = 1024,
                             .epsilon = 1e-5f};
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = hash_weights(&c, flat);
    char *at = inside("slow");
    write_checkpoint(at, &c, &w);
    free_weights(&w);
    free(flat);
    const char *const arguments[] = {
        "13_gpt2",      "--model", at,        "--ids", "1 2 3",
        "--max-tokens", "1000000", "--top-k", "0",     NULL};
    struct terminal t = start_terminal(arguments);
    ck_assert(wait_for(&t, 0, "1 2 3"));
    ck_assert(wait_for(&t, t.count, " "));
    type(&t, "\x03");
    const int status = drain_terminal(&t);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 130, "status %d", status);
    ck_assert_msg(strstr(t.said, "stopped after"), "%s", t.said);
}
END_TEST

static void add_tests(TCase *t)
{
    const char *model = "models/robots/model.safetensors", *how = "the model is not here";
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, every_flush_is_valid_utf8);
    tcase_add_test(t, a_stop_is_found_across_tokens);
    tcase_add_test(t, the_first_of_several_stops_ends_a_text);
    tcase_add_test(t, both_passes_with_the_cache_or_without_give_the_same_tokens);
    ADD_TEST_NEEDING(t, and_so_they_do_with_the_shipped_model, model, how);
    tcase_add_test(t, both_passes_give_the_same_logits);
    tcase_add_test(t, what_was_read_need_not_be_read_again);
    tcase_add_test(t, no_run_is_written_twice);
    tcase_add_test(t, the_odd_checkpoint_equals_the_reference);
    ADD_TEST_NEEDING(t, the_shipped_model_equals_the_reference, model, how);
    if (thorough())
        tcase_add_test(t, a_checkpoint_of_full_size_equals_the_reference);
    ADD_TEST_NEEDING(t, the_same_seed_gives_the_same_text, model, how);
    ADD_TEST_NEEDING(t, each_of_many_texts_has_its_own_seed, model, how);
    ADD_TEST_NEEDING(t, a_text_ends_before_the_stop, model, how);
    ADD_TEST_NEEDING(t, prompts_come_from_everywhere, model, how);
    tcase_add_test(t, a_full_context_is_told);
    ADD_TEST_NEEDING(t, a_full_context_in_a_conversation, model, how);
    ADD_TEST_NEEDING(t, why_a_text_ended_is_said, model, how);
    tcase_add_test(t, weights_that_do_not_fit_are_told);
    tcase_add_test(t, a_model_that_gives_no_numbers_is_told);
    tcase_add_test(t, the_smallest_models_work);
    tcase_add_test(t, tables_and_data);
    ADD_TEST_NEEDING(t, figures_of_short_and_long_prompts, model, how);
    ADD_TEST_NEEDING(t, wrong_options_are_named, model, how);
    tcase_add_test(t, a_closed_pipe_ends_quietly);
    ADD_TEST_NEEDING(t, lines_from_a_pipe, model, how);
    ADD_TEST_NEEDING(t, a_line_can_be_edited, model, how);
    ADD_TEST_NEEDING(t, a_line_fits_the_window, model, how);
    ADD_TEST_NEEDING(t, ctrl_z_and_back, model, how);
    ADD_TEST_NEEDING(t, a_dumb_terminal_stays_plain, model, how);
    ADD_TEST_NEEDING(t, hints_fit_a_conversation, model, how);
    ADD_TEST_NEEDING(t, the_terminal_is_restored, model, how);
    tcase_add_test(t, ctrl_c_ends_a_text);
}

BOOK_TESTS("13_gpt2", add_tests)
