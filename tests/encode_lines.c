/* encode_lines --model DIR: 01_tokenizer's encode, many times: each line of standard input is a
 * text, in which \n, \t, \r, \\ and \xHH stand for bytes; its ids are a line of standard output. */
#define main tokenizer_main
#include "../src/01_tokenizer.c"
#undef main

/* Undoes the escapes of a line, in place. Returns how many bytes are left. */
static size_t unescape(char *line, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned byte;
        char next = i + 1 < n ? line[i + 1] : 0;
        if (line[i] != '\\') {
            line[kept++] = line[i];
            continue;
        }
        if (next == 'x' && i + 3 < n && sscanf(line + i + 2, "%2x", &byte) == 1) {
            line[kept++] = (char)byte;
            i += 3;
        } else if (next && strchr("ntr\\", next)) {
            line[kept++] = next == 'n'   ? '\n'
                           : next == 't' ? '\t'
                           : next == 'r' ? '\r'
                                         : '\\';
            i++;
        } else
            die("standard input: '%.*s': expected one of \\n \\t \\r \\\\ \\xHH",
                (int)(n - i), line + i);
    }
    return kept;
}

int main(int argc, char **argv)
{
    if (argc != 3 || strcmp(argv[1], "--model") != 0)
        return tokenizer_main(argc, argv);
    program_name = "encode_lines";
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    struct vocabulary v = load_vocabulary(argv[2]);
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n;
    while ((n = getline(&line, &capacity, stdin)) > 0) {
        size_t size = unescape(line, (size_t)n - (line[n - 1] == '\n'));
        FILE *text = size ? fmemopen(line, size, "rb") : fopen("/dev/null", "rb");
        if (!text)
            die("standard input: a line cannot be read: %s", strerror(errno));
        struct stream in = open_stream(text, "standard input", false);
        command_encode(&v, &in);
        free(in.text);
        fclose(text);
    }
    free(line);
    finish_output();
    free_vocabulary(&v);
    return 0;
}
