/* 15_beyond.h: a task as one sequence, a prompt, a mark, an answer: which part is learned, and
 * when an answer is right. Chapter 15 of the book: chapters/15_beyond.md */
#ifndef BEYOND_H
#define BEYOND_H

#include "13_gpt2.h"

#ifdef MINE_ask
int ask(int n, const int prompt[n], int m, const int mark[m], int end,
        int ids[restrict 1 + n + m]);
#else
/* What the model reads before it answers: <|endoftext|>, the prompt, the mark.
 * prompt [n], mark [m] → ids [1 + n + m]; returns 1 + n + m */
static inline int ask(int n, const int prompt[n], int m, const int mark[m], int end,
                      int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + 1 + n, mark, (size_t)m * sizeof *ids);
    return 1 + n + m;
}
#endif

#ifdef MINE_mask_prompts
void mask_prompts(int T, int targets[restrict T], const int ids[T + 1], int m,
                  const int mark[m], int end);
#else
/* The targets of a row of examples, each prompt, mark, answer, <|endoftext|>. What follows the
 * mark is wanted, up to and including the <|endoftext|>; the targets of all else are -1.
 * ids [T + 1], mark [m] → targets [T]: targets[t] is ids[t + 1] or -1 */
static inline void mask_prompts(int T, int targets[restrict T], const int ids[T + 1],
                                int m, const int mark[m], int end)
{
    bool answer = false;
    for (int t = 0; t < T; t++) {
        if (ids[t] == end)
            answer = false;
        else if (t + 1 >= m &&
                 memcmp(ids + t + 1 - m, mark, (size_t)m * sizeof *ids) == 0)
            answer = true;
        targets[t] = answer ? ids[t + 1] : -1;
    }
}
#endif

#ifdef MINE_first_wrong
int first_wrong(int T, int V, const float logits[T][V], const int targets[T]);
#else
/* Where a greedy answer leaves the right one: the first position whose likeliest token is not
 * the one that is wanted; T if there is none. Of equally likely tokens the first counts.
 * Positions with a target of -1 do not count. logits [T, V], targets [T] */
static inline int first_wrong(int T, int V, const float logits[T][V],
                              const int targets[T])
{
    for (int t = 0; t < T; t++)
        if (targets[t] >= 0 && likeliest(V, logits[t]) != targets[t])
            return t;
    return T;
}
#endif

/* ---- Music: from tokens to notes ------------------------------------------------------- */

/* A note of a tune. Times are in eighths from the tune's beginning. */
struct note {
    int pitch; /* by MIDI's count: 60 is middle C, 61 the key after it */
    int start, length;
    bool harp; /* the left hand's; else the melody's */
};

/* A tune as it is played. */
struct score {
    int metre; /* 4, 3 or 6: what the first token says */
    int note_count, bar_count, phrase_count, length;
    struct note *notes;
    int *bars;       /* [bar_count]: when each bar begins, */
    int *bar_tokens; /* and with which token */
    int *phrases;    /* [phrase_count]: when each phrase begins */
    char *marks;     /* and its token */
    int strange;     /* tokens that mean nothing here */
};

/* The notes of a tune's tokens: n characters. Capitals are the harp's notes, A = 33; they sound
 * until the next chord. Small letters are the melody's, a = 57; the digit after one is its
 * length, and a digit after a digit is a rest. Whatever is written makes some score: a model
 * makes mistakes, and they should be heard. */
static inline struct score read_score(int n, const char tokens[n])
{
    const size_t most = (size_t)n + 1;
    struct score s = {.notes = grab(most, sizeof *s.notes),
                      .bars = grab(most, sizeof *s.bars),
                      .bar_tokens = grab(most, sizeof *s.bar_tokens),
                      .phrases = grab(most, sizeof *s.phrases),
                      .marks = grab(most, 1)};
    int chord = 0,
        melody = -1; /* the chord's first note; the note that has no length yet */
    bool in_chord = false;
    for (int t = 0; t < n; t++) {
        const char c = tokens[t];
        if (t == 0 && (c == '4' || c == '3' || c == '6'))
            s.metre = c - '0';
        else if (c >= 'A' && c <= 'X') {
            if (!in_chord) { /* a bar begins, and the chord before it ends */
                for (int i = chord; i < s.note_count; i++)
                    if (s.notes[i].harp)
                        s.notes[i].length = s.length - s.notes[i].start;
                chord = s.note_count;
                s.bar_tokens[s.bar_count] = t;
                s.bars[s.bar_count++] = s.length;
            }
            in_chord = true;
            s.notes[s.note_count++] = (struct note){33 + c - 'A', s.length, 0, true};
        } else if (c >= 'a' && c <= 'z') {
            melody = s.note_count;
            s.notes[s.note_count++] = (struct note){57 + c - 'a', s.length, 0, false};
        } else if (c >= '1' && c <= '9') {
            if (melody >= 0)
                s.notes[melody].length = c - '0';
            melody = -1;
            in_chord = false;
            s.length += c - '0';
        } else if (c && strchr("()[]{", c)) {
            s.marks[s.phrase_count] = c;
            s.phrases[s.phrase_count++] = s.length;
        } else
            s.strange++;
    }
    for (int i = chord; i < s.note_count; i++)
        if (s.notes[i].harp)
            s.notes[i].length = s.length - s.notes[i].start;
    return s;
}

static inline void free_score(struct score *s)
{
    free(s->notes);
    free(s->bars);
    free(s->bar_tokens);
    free(s->phrases);
    free(s->marks);
    *s = (struct score){0};
}

#ifdef MINE_note_event
int note_event(unsigned char bytes[restrict 7], unsigned wait, bool begins, int channel,
               int pitch, int velocity);
#else
/* One event of a MIDI file: after `wait` ticks a note begins or ends. The wait comes first, in
 * pieces of seven bits, the highest first; each byte but the last has its top bit set, and
 * pieces that are all zero at the front are left out. Then 0x90 (a note begins) or 0x80 (it
 * ends) plus the channel; the pitch; how hard the key is struck. Returns how many bytes it is.
 * wait below 2^28, channel 0 to 15, pitch and velocity 0 to 127
 * (Standard MIDI Files 1.0: "variable-length quantity", "MTrk event") */
static inline int note_event(unsigned char bytes[restrict 7], unsigned wait, bool begins,
                             int channel, int pitch, int velocity)
{
    int n = 0;
    for (int shift = 21; shift > 0; shift -= 7)
        if (wait >> shift)
            bytes[n++] = (unsigned char)(0x80 | (wait >> shift & 0x7F));
    bytes[n++] = wait & 0x7F;
    bytes[n++] = (unsigned char)((begins ? 0x90 : 0x80) + channel);
    bytes[n++] = (unsigned char)pitch;
    bytes[n++] = (unsigned char)velocity;
    return n;
}
#endif

enum { TICKS = 240 }; /* in an eighth */

/* A note's beginning, or its end. */
struct moment {
    int time; /* in eighths */
    bool begins;
    int channel, pitch, velocity;
};

/* The earlier first; at the same time ends come before beginnings, so that a note can come
 * again at once. */
static inline int by_time(const void *one, const void *other)
{
    const struct moment *a = one, *b = other;
    const int fields[][2] = {{a->time, b->time},
                             {a->begins, b->begins},
                             {a->channel, b->channel},
                             {a->pitch, b->pitch}};
    for (int i = 0; i < 4; i++)
        if (fields[i][0] != fields[i][1])
            return fields[i][0] < fields[i][1] ? -1 : 1;
    return 0;
}

/* How long a quarter lasts, in microseconds. */
static inline int quarter_of(const struct score *s)
{
    return s->metre == 6 ? 400000 : s->metre == 3 ? 480000 : 500000;
}

/* Writes a tune as a MIDI file: a header of 14 bytes; one track, its length, its events. */
static inline void write_midi(const char *path, const struct score *s)
{
    struct moment *all = grab(2 * (size_t)s->note_count + 1, sizeof *all);
    int count = 0, bar = 0, now = 0;
    for (int i = 0; i < s->note_count; i++) {
        const struct note *note = &s->notes[i];
        while (bar + 1 < s->bar_count && s->bars[bar + 1] <= note->start)
            bar++;
        const bool first = s->bar_count && note->start == s->bars[bar];
        const int velocity = note->harp ? 70 : first ? 104 : 90;
        if (note->length == 0) /* no digit came after it */
            continue;
        all[count++] =
            (struct moment){note->start, true, note->harp, note->pitch, velocity};
        all[count++] = (struct moment){note->start + note->length, false, note->harp,
                                       note->pitch, 0};
    }
    qsort(all, (size_t)count, sizeof *all, by_time);

    const int q = quarter_of(s), eighths = s->metre == 6;
    const unsigned char begin[] = {0,
                                   0xFF,
                                   0x51, /* the tempo: microseconds in a quarter */
                                   3,
                                   (unsigned char)(q >> 16),
                                   (unsigned char)(q >> 8),
                                   (unsigned char)q,
                                   0,
                                   0xFF,
                                   0x58, /* the metre */
                                   4,
                                   (unsigned char)(s->metre ? s->metre : 4),
                                   (unsigned char)(2 + eighths),
                                   24,
                                   8,
                                   0,
                                   0xC0,
                                   73, /* channel 0 is a flute, */
                                   0,
                                   0xC1,
                                   46}; /* channel 1 a harp */
    static const unsigned char end[] = {0, 0xFF, 0x2F, 0};
    unsigned char *track = grab((size_t)count * 7 + sizeof begin + sizeof end, 1);
    size_t n = sizeof begin;
    memcpy(track, begin, n);
    for (int i = 0; i < count; i++) {
        const struct moment *m = &all[i];
        n += (size_t)note_event(track + n, (unsigned)((m->time - now) * TICKS), m->begins,
                                m->channel, m->pitch, m->velocity);
        now = m->time;
    }
    memcpy(track + n, end, sizeof end);
    n += sizeof end;
    const unsigned char head[] = {'M',
                                  'T',
                                  'h',
                                  'd',
                                  0,
                                  0,
                                  0,
                                  6,
                                  0,
                                  0,
                                  0,
                                  1,
                                  2 * TICKS >> 8,
                                  2 * TICKS & 0xFF, /* ticks in a quarter */
                                  'M',
                                  'T',
                                  'r',
                                  'k',
                                  (unsigned char)(n >> 24),
                                  (unsigned char)(n >> 16),
                                  (unsigned char)(n >> 8),
                                  (unsigned char)n};
    struct file_made m = start_file(path);
    finish_file(&m, fwrite(head, 1, sizeof head, m.file) == sizeof head &&
                        fwrite(track, 1, n, m.file) == n);
    free(track);
    free(all);
}

/* ---- Music: from notes to sound -------------------------------------------------------- */

enum { SAMPLES = 22050 }; /* in a second */

/* Adds a note to a sound: sines at one, two, three and four times its pitch's frequency, each
 * fainter and dying away sooner than the one before. A harp's string is plucked; the flute is
 * held for the note's length and swells a little. sound [n], from sample `first` on */
static inline void sound_note(size_t n, float sound[n], size_t first, double seconds,
                              const struct note *note)
{
    static const double loud[2][4] = {{1, 0.4, 0.15, 0.05}, {0.6, 0.35, 0.2, 0.1}};
    const double pi = acos(-1), frequency = 440 * pow(2, (note->pitch - 69) / 12.0),
                 fade = note->harp ? 2.0 : 0.8,        /* e-fold times a second */
        rise = note->harp ? 0.004 : 0.03, fall = 0.08; /* seconds */
    for (size_t i = 0; first + i < n; i++) {
        const double t = (double)i / SAMPLES;
        if (t > seconds + 8 * fall)
            break;
        double height = t < rise ? t / rise : 1, sum = 0;
        if (t > seconds) /* released */
            height *= exp(-(t - seconds) / fall);
        for (int k = 1; k <= 4; k++)
            sum += loud[note->harp][k - 1] * exp(-fade * k * t) *
                   sin(2 * pi * k * frequency * t);
        sound[first + i] += (float)(height * sum);
    }
}

/* Writes a tune as a WAV file: a header of 44 bytes, then samples of 16 bits, one channel. */
static inline void write_wav(const char *path, const struct score *s)
{
    const double eighth = quarter_of(s) / 2e6; /* seconds */
    const size_t n = (size_t)((s->length * eighth + 1) * SAMPLES), bytes = 2 * n;
    float *sound = grab(n, sizeof *sound), most = 0;
    for (int i = 0; i < s->note_count; i++) {
        const struct note *note = &s->notes[i];
        if (note->length)
            sound_note(n, sound, (size_t)(note->start * eighth * SAMPLES),
                       note->length * eighth, note);
    }
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, fabsf(sound[i]));
    unsigned char *file = grab(44 + bytes, 1);
    const struct {
        int at, size;
        size_t value;
    } numbers[] = {{4, 4, 36 + bytes}, {16, 4, 16},      {20, 2, 1},
                   {22, 2, 1},         {24, 4, SAMPLES}, {28, 4, 2 * SAMPLES},
                   {32, 2, 2},         {34, 2, 16},      {40, 4, bytes}};
    memcpy(file, "RIFF....WAVEfmt ", 16);
    memcpy(file + 36, "data", 4);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (int k = 0; k < numbers[i].size; k++) /* the lowest byte first */
            file[numbers[i].at + k] = (unsigned char)(numbers[i].value >> 8 * k);
    for (size_t i = 0; i < n; i++) {
        const int value = (int)lrintf(most > 0 ? 30000 * sound[i] / most : 0);
        file[44 + 2 * i] = (unsigned char)value;
        file[45 + 2 * i] = (unsigned char)(value >> 8);
    }
    write_file(path, file, 44 + bytes);
    free(file);
    free(sound);
}

#endif
