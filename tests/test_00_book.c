/* Tests of chapter 0: the literate tool, run as a reader runs it, in folders of its own, with
 * the commands that only authors need; and the chapter's exercises. */
#include "exercise.h"
#include "mistakes/00_book.h"
#include "right/00_book.h"
#include "message.h"

#ifndef TOOL
#define TOOL "build/book_checks" /* the tool of build/00_book, with a few commands more */
#endif

static char *tool, *folder,
    *output; /* the binary, the test's folder, what it last printed */

/* ---- A folder with a book in it --------------------------------------------------- */

/* Keeps hold of a text until the test ends, so that no test has to free it. */
static char *keep(void *text)
{
    static void **kept;
    static size_t count, room;
    kept = grow(kept, &room, count + 1, sizeof *kept);
    return kept[count++] = text;
}

static void open_folder(void)
{
    if (!tool)
        tool = TOOL[0] == '/' ? TOOL
                              : keep(format_text("%s/%s", keep(getcwd(NULL, 0)), TOOL));
    ck_assert_msg(file_exists(tool), "%s: the tool is not built", tool);
    const char *place = getenv("TMPDIR");
    static int number;
    folder = keep(format_text("%s/book_test_%ld_%d", place && *place ? place : "/tmp",
                              (long)getpid(), number++));
    char *inside = keep(format_text("%s/book/chapters", folder));
    make_folder(inside);
    *strrchr(inside, '/') = '\0';
    ck_assert_int_eq(chdir(inside), 0);
}

static void close_folder(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(keep(format_text("rm -rf '%s'", folder))), 0);
}

static void put(const char *path, const char *text)
{
    char *parent = format_text("%s", path), *slash = strrchr(parent, '/');
    if (slash) {
        *slash = '\0';
        make_folder(parent);
    }
    write_file(path, text, strlen(text));
    free(parent);
}

static char *get(const char *path)
{
    return keep(read_file(path).data);
}

static void expect_file(const char *path, const char *want)
{
    ck_assert_msg(file_exists(path), "%s is not there", path);
    ck_assert_str_eq(get(path), want);
}

/* Runs a command of the tool; its output goes to `output`, its status comes back. */
static __attribute__((format(printf, 1, 2))) int run(const char *format, ...)
{
    char words[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    char *command = format_text("'%s' %s >../output 2>&1 </dev/null", tool, words);
    int status = system(command);
    free(command);
    output = get("../output");
    ck_assert_msg(!strstr(output, "Sanitizer"), "%s", output);
    ck_assert_msg(WIFEXITED(status), "00_book %s crashed: %s", words, output);
    return WEXITSTATUS(status);
}

static void expect_run(int status, const char *words, const char *says)
{
    int got = run("%s", words);
    ck_assert_msg(got == status, "00_book %s: status %d, printed %s", words, got, output);
    ck_assert_msg(strstr(output, says), "00_book %s: expected '%s' in: %s", words, says,
                  output);
}

static void shell(const char *command)
{
    ck_assert_msg(system(command) == 0, "%s", command);
}

/* Everything that must not change when the tool refuses: all files but the build folder. */
static char *snapshot(void)
{
    shell("find . -path ./build -prune -o -path ./.git -prune -o -type f -print | "
          "LC_ALL=C sort |"
          " while read -r f; do echo \"== $f\"; cat \"$f\"; done >../snapshot");
    return get("../snapshot");
}

static void expect_refusal(const char *words, const char *says)
{
    char *before = snapshot();
    expect_run(1, words, says);
    ck_assert_str_eq(snapshot(), before);
}

/* Replaces the only place where a file says `old`. */
static void edit(const char *path, const char *old, const char *new)
{
    char *text = get(path), *at = strstr(text, old);
    ck_assert_msg(at && !strstr(at + 1, old), "%s should say '%s' once:\n%s", path, old,
                  text);
    put(path,
        keep(format_text("%.*s%s%s", (int)(at - text), text, new, at + strlen(old))));
}

/* An edit of src/ goes into the chapter, and comes out of it again. */
static void expect_round_trip(void)
{
    expect_run(0, "untangle", "");
    char *after = snapshot();
    expect_run(0, "tangle", "say what the chapters say");
    ck_assert_str_eq(snapshot(), after);
    shell("rm -r src");
    expect_run(0, "tangle", "written");
    ck_assert_str_eq(snapshot(), after);
    expect_run(0, "untangle", "no edits");
}

static const char book[] = "# A chapter\n"
                           "\n"
                           "```c file=src/01_a.c\n"
                           "int main(void)\n"
                           "{\n"
                           "    <<say>>\n"
                           "    if (1) {\n"
                           "        <<more>>\n"
                           "    }\n"
                           "}\n"
                           "```\n"
                           "\n"
                           "- in a list:\n"
                           "\n"
                           "  ```c name=\"say\"\n"
                           "  int x = 1;\n"
                           "\n"
                           "  x++;\n"
                           "  ```\n"
                           "\n"
                           "```c name=\"more\"\n"
                           "x--;\n"
                           "```\n"
                           "\n"
                           "Some words.\n"
                           "\n"
                           "```c name=\"more\"\n"
                           "x = 7;\n"
                           "```\n"
                           "\n"
                           "```c file=src/01_a.c\n"
                           "int after;\n"
                           "```\n";

static const char made[] = "int main(void)\n"
                           "{\n"
                           "    int x = 1;\n"
                           "\n"
                           "    x++;\n"
                           "    if (1) {\n"
                           "        x--;\n"
                           "        x = 7;\n"
                           "    }\n"
                           "}\n"
                           "\n"
                           "int after;\n";

static void write_book(void)
{
    put("chapters/01_a.md", book);
    expect_run(0, "tangle", "src/01_a.c: written");
    expect_file("src/01_a.c", made);
}

static const char lesson[] =
    "```c file=src/01_a.h\n#ifndef A\n#define A\n```\n"
    "```c file=src/01_a.h exercise=twice\n/* Two times x. */\nstatic inline int "
    "twice(int x)\n"
    "{\n    <<double it>>\n}\n```\n"
    "```c name=\"double it\"\nreturn 2 * x;\n```\n"
    "```c file=src/01_a.h\n#endif\n```\n"
    "```c file=notebooks_c/01_a.c\n#include \"../src/01_a.h\"\n```\n"
    "```c file=notebooks_c/01_a.c stub=twice\n/* Task: two times x.\n *\n * twice(2) is "
    "4 */\n"
    "int twice(int x)\n{\n    NOT_WRITTEN_YET();\n}\n```\n"
    "```text hint=twice\nAdd x to itself.\n```\n"
    "```text hint=twice\nOr use *.\n```\n";

/* ---- tangle ------------------------------------------------------------------------ */

START_TEST(tangle_writes_what_the_chapter_says)
{
    write_book();
    expect_run(0, "tangle", "say what the chapters say");
    expect_run(0, "check", "1 chapters, 5 blocks, 2 chunks");
    expect_file("build/tangled/src/01_a.c", made);
}
END_TEST

START_TEST(tangle_makes_exercises_replaceable)
{
    put("chapters/01_a.md", lesson);
    expect_run(0, "tangle", "");
    expect_file("src/01_a.h",
                "#ifndef A\n#define A\n\n"
                "#ifdef MINE_twice\nint twice(int x);\n#else\n/* Two times x. */\n"
                "static inline int twice(int x)\n{\n    return 2 * x;\n}\n#endif\n"
                "\n#endif\n");
    expect_file("notebooks_c/01_a.c",
                "#include \"../src/01_a.h\"\n\n/* Task: two times x.\n *\n"
                " * twice(2) is 4 */\nint twice(int x)\n{\n"
                "    NOT_WRITTEN_YET();\n}\n");
    expect_run(0, "check", "1 exercises");
    expect_run(0, "exercises", "01_a twice\n");
    expect_run(0, "exercises 01_a", "01_a twice\n");
    expect_run(0, "show hint twice", "Hint 1\nAdd x to itself.\n\nHint 2\nOr use *.\n");
    expect_run(0, "show stub twice", "NOT_WRITTEN_YET");
    expect_run(0, "show solution twice", "static inline int twice(int x)");
    expect_run(
        0, "workbook 01_a",
        "#include \"../src/01_a.h\"\n\n/* Task: two times x.\n *\n * twice(2) is 4 */\n"
        "/* Two times x. */\nint twice(int x)\n{\n    return 2 * x;\n}\n");
    expect_run(0, "show block 'double it'", "return 2 * x;\n");
    expect_run(1, "show hint thrice", "thrice");
    expect_run(1, "show joke twice", "expected hint");
}
END_TEST

/* Is `half` still as it was handed out, in a workbook with this text? */
static bool to_mend(const char *text)
{
    put("notebooks_c/mine/01_a.c", text);
    expect_run(0, "broken 01_a notebooks_c/mine/01_a.c", "");
    ck_assert_msg(*output == 0 || strcmp(output, "half\n") == 0, "%s", output);
    return *output != 0;
}

START_TEST(broken_code_is_known_until_it_is_changed)
{
    static const char code[] =
        "int half(int x)\n{\n    /* Round up? */\n    int y = x - -x; // twice\n"
        "    return y / 2 + (*\"\\\"// a  b\" == 'b');\n}\n";
    char *chapter = keep(format_text(
        "%s```c file=src/01_a.h exercise=half\nstatic inline int half(int x)\n{\n"
        "    return x / 2;\n}\n```\n"
        "```c file=notebooks_c/01_a.c broken=half\n/* Half of x. */\n%s```\n"
        "```text hint=half\nDivide.\n```\n",
        lesson, code));
    put("chapters/01_a.md", chapter);
    expect_run(0, "tangle", "");
    expect_run(0, "check", "2 exercises");
    expect_run(0, "exercises", "01_a twice\n01_a half\n");
    expect_run(0, "broken 01_a", "half\n");
    expect_run(0, "show stub half", "int y = x - -x;");
    expect_run(0, "show solution half", "return x / 2;");
    expect_run(0, "workbook 01_a",
               "/* Half of x. */\nint half(int x)\n{\n    return x / 2;");
    ck_assert(strstr(get("src/01_a.h"), "#ifdef MINE_half\nint half(int x);\n#else\n"));
    char *workbook = get("notebooks_c/01_a.c");
    ck_assert(strstr(workbook, code));
    edit("notebooks_c/01_a.c", "Round up?", "Round down?");
    expect_run(0, "untangle", "");
    edit("chapters/01_a.md", "Round down?", "Round up?");
    expect_run(0, "tangle", "");

    ck_assert(to_mend(workbook));
    ck_assert(to_mend(code));
    ck_assert(to_mend("int half(int x) {\r\n\tint y=x - /* - */ -x;\r\n"
                      "  return y/2+( * \"\\\"// a  b\"\n\n=='b') ;} int other;"));
    const struct {
        const char *old, *new;
        bool mended;
    } changes[] = {
        {"x - -x", "x--x", true},
        {"x - -x", "(x - -x)", true},
        {"int y", "inty", true},
        {"a  b", "a b", true},
        {"'b'", "' b'", true},
        {"// twice", "// \"twice, isn't it?\" /*", false},
        {"// twice", "+ 1;", true},
        {"Round up?", "\" '", false},
        {"y / 2", "y / 3", true},
        {"half", "halve", true},
        {"int half(int x)\n", "int half ( int\n x )", false},
        {"return", "y++; return", true},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        put("changed.c", code);
        edit("changed.c", changes[i].old, changes[i].new);
        ck_assert_msg(to_mend(get("changed.c")) != changes[i].mended, "%s for %s",
                      changes[i].new, changes[i].old);
    }
    /* The reader's own, with the old one kept. */
    ck_assert(!to_mend(keep(format_text(
        "#if 0\nit doesn't work:\n%s#endif\nint half(int x)\n{\n    return x / 2;\n}\n",
        code))));
    ck_assert(!to_mend(keep(format_text("/*\n%s*/", "int half(int x) { return x; }"))));
    ck_assert(!to_mend(""));
    ck_assert(!to_mend("/* never closed"));
    expect_run(1, "broken", "expected a chapter's stem");
    expect_run(1, "broken 01_a no_such_file", "cannot be opened");
}
END_TEST

START_TEST(tangle_reads_every_kind_of_fence)
{
    put("chapters/01_a.md", "````text\n```c file=src/01_no.c\nnot code\n```\n````\n"
                            "``` not `a` fence\n"
                            "1. one\n   - two\n\n         ```c file=src/01_a.c\n"
                            "         int a;\n             int b;\n       int c;\n"
                            "            ```\n"
                            "\t~~~~\n````c file=\"src/01_a.c\"\n```\n`````\n");
    expect_run(0, "tangle", "");
    expect_file("src/01_a.c", "int a;\n    int b;\nint c;\n\n```\n");
    ck_assert(!file_exists("src/01_no.c"));
}
END_TEST

START_TEST(tangle_reads_crlf_and_a_missing_last_newline)
{
    put("chapters/01_a.md",
        "Words\r\n\r\n```c file=src/01_a.c\r\nint a;\r\n\r\nint b;\r\n```");
    expect_run(0, "tangle", "");
    expect_file("src/01_a.c", "int a;\n\nint b;\n");
    expect_run(0, "check", "");
}
END_TEST

START_TEST(tangle_names_the_line_of_what_is_wrong)
{
    const struct {
        const char *chapter, *says;
    } all[] = {
        {"a\n\n```c file=src/01_a.c\nint a;\n",
         "chapters/01_a.md:3: this fence is never closed"},
        {"```c file=src/01_a.c\n<<x>>\n```\n", "chapters/01_a.md:2: <<x>>: no chunk"},
        {"```c file=src/01_a.c\n<<x>>\n<<x>>\n```\n```c name=x\nint x;\n```\n",
         "chapters/01_a.md:3: <<x>>: this chunk is used a second time"},
        {"```c file=src/01_a.c\n<<x>>\n```\n```c name=x\n<<y>>\n```\n```c "
         "name=y\n<<x>>\n```\n",
         "chapters/01_a.md:8: <<x>>: this chunk contains itself"},
        {"```c file=src/../01_a.c\nint a;\n```\n", "chapters/01_a.md:1: file= must be"},
        {"```c file=/tmp/01_a.c\nint a;\n```\n", "chapters/01_a.md:1: file= must be"},
        {"```c file=tests/01_a.c\nint a;\n```\n", "chapters/01_a.md:1: file= must be"},
        {"```c file=notebooks_c/mine/01_a.c\nint a;\n```\n",
         "chapters/01_a.md:1: file= must be"},
        {"```c file=src/01_a.c;true\nint a;\n```\n", "chapters/01_a.md:1: file= must be"},
        {"```c file=src/\nint a;\n```\n", "chapters/01_a.md:1: file= must be"},
        {"```c flie=src/01_a.c\nint a;\n```\n",
         "chapters/01_a.md:1: flie= is not an attribute"},
        {"```c file=\nint a;\n```\n", "chapters/01_a.md:1: file= has no value"},
        {"```c name=\"x\nint a;\n```\n", "chapters/01_a.md:1: a \" is never closed"},
        {"```c name=x name=y\nint a;\n```\n", "chapters/01_a.md:1: name= is here twice"},
        {"```c name=x file=src/01_a.c\nint a;\n```\n",
         "chapters/01_a.md:1: a block goes"},
        {"```c exercise=f\nint a;\n```\n", "chapters/01_a.md:1: exercise= needs"},
        {"```c file=src/01_a.h stub=f\nint a;\n```\n",
         "chapters/01_a.md:1: stub= and broken= need"},
        {"```c file=src/01_a.h broken=f\nint a;\n```\n",
         "chapters/01_a.md:1: stub= and broken= need"},
        {"```c file=notebooks_c/01_a.c broken=f stub=f\nint a;\n```\n",
         "chapters/01_a.md:1: a block is stub= or broken=, not both"},
        {"```c needs=x\nint a;\n```\n", "chapters/01_a.md:1: needs= belongs"},
        {"```c file=src/01_a.h exercise=f\nint a;\n```\n",
         "chapters/01_a.md:1: the exercise f"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        put("chapters/01_a.md", all[i].chapter);
        expect_refusal("tangle", all[i].says);
        expect_refusal("check", all[i].says);
        expect_refusal("untangle", all[i].says);
    }
    ck_assert(!file_exists("src/01_a.c") && !file_exists("01_a.c"));
}
END_TEST

START_TEST(tangle_never_throws_an_edit_away)
{
    write_book();
    put("chapters/02_b.md", "```c file=src/02_b.c\nint b;\n```\n");
    edit("src/01_a.c", "x = 7", "x = 8");
    expect_refusal("tangle", "src/01_a.c: has edits that no chapter has");
    ck_assert(!file_exists("src/02_b.c"));
    edit("chapters/01_a.md", "x--", "x -= 1");
    expect_refusal("tangle", "src/01_a.c: has edits that no chapter has");
    remove("src/01_a.c");
    expect_run(0, "tangle", "src/02_b.c: written");
    edit("chapters/02_b.md", "int b", "int c");
    expect_run(0, "tangle", "src/02_b.c: written");
    expect_file("src/02_b.c", "int c;\n");
}
END_TEST

START_TEST(tangle_only_touches_what_changes)
{
    struct stat before, after;
    write_book();
    shell("touch -t 200001010000 src/01_a.c");
    stat("src/01_a.c", &before);
    put("chapters/02_b.md", "```c file=src/02_b.c\nint b;\n```\n");
    put("src/03_old.c", "int old;\n");
    expect_run(0, "tangle", "src/03_old.c: no chapter makes this file");
    stat("src/01_a.c", &after);
    ck_assert(before.st_mtime == after.st_mtime && file_exists("src/03_old.c"));
    expect_run(1, "check", "src/03_old.c: no chapter makes this file");
}
END_TEST

START_TEST(tangle_trusts_what_git_has)
{
    if (system("git --version >/dev/null 2>&1") != 0)
        return;
    write_book();
    shell("git init -q . && git add src chapters &&"
          " git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -qm a");
    shell("rm -r build");
    edit("chapters/01_a.md", "x = 7", "x = 8");
    expect_run(0, "untangle", "its chapter is newer: run make tangle");
    expect_run(0, "tangle", "src/01_a.c: written");
    shell("rm -r build");
    edit("chapters/01_a.md", "x = 8", "x = 9");
    expect_refusal("tangle", "src/01_a.c: has edits");
    expect_refusal("untangle", "src/01_a.c");
    edit("chapters/01_a.md", "x = 9", "x = 7");
    expect_run(0, "untangle", "chapters/01_a.md: has the edits now");
    ck_assert(strstr(get("chapters/01_a.md"), "x = 8") != NULL);
    /* An edit and its undoing both go into the chapter. */
    edit("src/01_a.c", "x = 8", "x = 7");
    expect_run(0, "untangle", "has the edits now");
    expect_file("chapters/01_a.md", book);
}
END_TEST

START_TEST(two_thousand_chunks)
{
    for (int nested = 0; nested < 2; nested++) {
        FILE *chapter = fopen("chapters/01_a.md", "w");
        fprintf(chapter, "```c file=src/01_a.c\n");
        for (int i = 0; i < (nested ? 1 : 2000); i++)
            fprintf(chapter, "<<chunk %d>>\n", i);
        fprintf(chapter, "```\n");
        for (int i = 0; i < 2000; i++) {
            fprintf(chapter, "\n```c name=\"chunk %d\"\nint x%d;\n", i, i);
            if (nested && i < 1999)
                fprintf(chapter, "<<chunk %d>>\n", i + 1);
            fprintf(chapter, "```\n");
        }
        fclose(chapter);
        shell("rm -rf src build");
        expect_run(0, "tangle", "written");
        expect_run(0, "check", "2000 chunks");
        char *text = get("src/01_a.c");
        ck_assert(strncmp(text, "int x0;\nint x1;\n", 16) == 0 &&
                  strstr(text, "\nint x1999;\n"));
        edit("src/01_a.c", "int x1000;", "long y;");
        expect_round_trip();
    }
}
END_TEST

START_TEST(hostile_chapters)
{
    FILE *chapter = fopen("chapters/01_a.md", "w");
    fprintf(chapter, "a\n```c file=src/01_a.c\nint a;\n%c\n```\n", 0);
    fclose(chapter);
    expect_refusal("tangle", "chapters/01_a.md:4: a NUL byte");
    expect_refusal("transcripts", "chapters/01_a.md:4: a NUL byte");
    chapter = fopen("chapters/01_a.md", "w");
    fprintf(chapter, "```c file=src/01_a.c\n");
    for (int i = 0; i < 3000000; i++)
        fputc('0' + i % 10, chapter);
    fprintf(chapter, "\n\xff\xfe\x80\n```\n");
    fclose(chapter);
    expect_run(0, "tangle", "written");
    expect_run(0, "check", "");
    unsigned seed = 1;
    for (int round = 0; round < 30; round++) {
        static const char bits[] = "``````\n\n\n \t<<a>>=\"file=src/01_a.c name=a\xff";
        chapter = fopen("chapters/02_b.md", "w");
        for (int i = 0; i < 400; i++) {
            seed = seed * 1664525 + 1013904223;
            fputc(bits[(seed >> 8) % (sizeof bits - 1)], chapter);
        }
        fclose(chapter);
        run("tangle 02_b");
        run("check 02_b");
        run("untangle 02_b");
    }
}
END_TEST

/* ---- untangle ---------------------------------------------------------------------- */

START_TEST(untangle_carries_edits_back)
{
    write_book();
    edit("src/01_a.c", "int x = 1;", "int x = 2;");
    edit("src/01_a.c", "        x = 7;\n", "        x = 7;\n\n        x = 8;\n");
    edit("src/01_a.c", "int after", "long after");
    expect_round_trip();
    char *chapter = get("chapters/01_a.md");
    ck_assert(strstr(chapter, "\n  int x = 2;\n\n  x++;\n") != NULL);
    ck_assert(strstr(chapter, "\nx = 7;\n\nx = 8;\n```") != NULL);
    ck_assert(strstr(chapter, "\nlong after;\n") != NULL);
}
END_TEST

START_TEST(untangle_puts_lines_between_blocks)
{
    const struct {
        const char *old, *new, *says;
    } all[] = {
        /* a function between two blocks: to the end of the earlier one */
        {"int after", "int between;\n\nint after", "}\n\nint between;\n```\n"},
        {"}\n\nint after", "}\nint between;\n\nint after", "}\nint between;\n```\n"},
        {"\nint after", "\nint between;\nint after", "int between;\nint after;\n"},
        {"int after;\n", "int after;\nint end;\n", "int after;\nint end;\n```\n"},
        {"int main", "int first;\n\nint main", "01_a.c\nint first;\n\nint main"},
        /* at the edges of chunks the indentation decides */
        {"    x++;\n", "    x++;\n    y();\n", "  x++;\n  y();\n  ```\n"},
        {"    x++;\n", "    x++;\n  y();\n", "    <<say>>\n  y();\n    if (1) {"},
        {"    int x = 1;\n", "    y();\n    int x = 1;\n", "{\n    y();\n    <<say>>\n"},
        {"        x--;\n", "        x--;\n        y();\n", "x--;\ny();\n```"},
        {"    int x = 1;\n\n    x++;\n", "", "```c name=\"say\"\n  ```\n"},
        {"\nint after;\n", "", "```c file=src/01_a.c\n```\n"},
        {"    int x = 1;\n\n    x++;\n", "    int x = 1;\n\n\n\n    x++;\n",
         "1;\n\n\n\n  x++"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        shell("rm -rf src build");
        write_book();
        edit("src/01_a.c", all[i].old, all[i].new);
        expect_round_trip();
        ck_assert_msg(strstr(get("chapters/01_a.md"), all[i].says),
                      "%zu: expected %s in\n%s", i, all[i].says, get("chapters/01_a.md"));
    }
}
END_TEST

START_TEST(untangle_refuses_what_has_no_place)
{
    const struct {
        const char *old, *new, *says;
    } all[] = {
        {"    x++;\n    if (1) {\n", "    y();\n", "src/01_a.c:5: this edit cannot go"},
        {"    x++;\n    if (1) {\n", "    y();\n    if (2) {\n",
         "falls across two chunks"},
        {"        x--;\n        x = 7;\n", "", "falls across two chunks"},
        {"    int x = 1;\n", "int x = 1;\n", "lacks the indentation"},
        {"    x++;\n", "    ```\n", "would close the fence"},
        {"    x++;\n", "    <<other>>\n", "looks like a reference"},
        {"}\n\nint after", "}\nint after", "src/01_a.c:11"},
        {"}\n\nint after", "}\n\n\nint after", ""},
        {"int after;\n", "int after;", "each line must end in a newline"},
        {"x++;\n", "x++;\r\n", "each line must end in a newline"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        shell("rm -rf src build");
        write_book();
        edit("src/01_a.c", all[i].old, all[i].new);
        if (*all[i].says)
            expect_refusal("untangle", all[i].says);
        else
            expect_round_trip();
    }
    write_file("src/01_a.c", "int\0main;\n", 10);
    expect_refusal("untangle", "NUL byte");
    put("src/01_a.c", "");
    expect_refusal("untangle", "falls across two chunks");
    put("chapters/02_b.md", "```c file=src/02_b.c\nint b;\n```\n");
    put("src/01_a.c", made);
    expect_run(0, "tangle", "");
    put("src/02_b.c", "int c;\nint d;\n");
    expect_round_trip();
    put("src/02_b.c", "");
    expect_round_trip();
    expect_file("chapters/02_b.md", "```c file=src/02_b.c\n```\n");
}
END_TEST

START_TEST(untangle_refuses_when_both_changed)
{
    write_book();
    edit("src/01_a.c", "x = 7", "x = 8");
    edit("chapters/01_a.md", "x--", "x -= 1");
    expect_refusal("untangle",
                   "src/01_a.c:7: this edit cannot go into the chapter: the chapter");
    expect_refusal("tangle", "src/01_a.c: has edits");
    edit("chapters/01_a.md", "x -= 1", "x--");
    edit("chapters/01_a.md", "Some words", "Other words");
    expect_round_trip();
    shell("rm -r build"); /* no git here: nothing says which of the two is the newer */
    edit("src/01_a.c", "x = 8", "x = 9");
    expect_refusal("untangle",
                   "src/01_a.c:8: is not what its chapter makes, and there is");
    expect_refusal("tangle", "src/01_a.c:8: is not what its chapter makes, and there is");
}
END_TEST

/* Without a base (a ZIP of the book; a repository without a commit, or without that file; no git)
 * nobody knows which of the two was changed. What the message says to do works. */
START_TEST(untangle_without_a_base)
{
    static const char *const places[] = {
        "true", "git init -q .",
        "git init -q . && git add chapters && git -c user.name=a -c user.email=a@b "
        "-c commit.gpgsign=false commit -qm a",
        "mkdir ../bin; printf '#!/bin/sh\\nexit 127\\n' > ../bin/git; chmod +x "
        "../bin/git"};
    char *path = keep(format_text("%s", getenv("PATH")));
    for (size_t i = 0; i < 4; i++) {
        shell("rm -rf src chapters build .git");
        write_book();
        shell("rm -r build");
        shell(places[i]);
        if (i == 3)
            setenv("PATH", keep(format_text("../bin:%s", path)), 1);
        edit("src/01_a.c", "x = 7", "x = 8");
        expect_refusal("untangle",
                       "src/01_a.c:8: is not what its chapter makes, and there is "
                       "no base");
        expect_refusal("tangle", "there is no base");
        shell("mv src/01_a.c ..");
        expect_run(0, "tangle", "src/01_a.c: written");
        shell("mv ../01_a.c src");
        expect_run(0, "untangle", "chapters/01_a.md: has the edits now");
        ck_assert(strstr(get("chapters/01_a.md"), "x = 8") != NULL);
        setenv("PATH", path, 1);
    }
}
END_TEST

START_TEST(untangle_is_all_or_nothing)
{
    write_book();
    put("chapters/02_b.md", "```c file=src/02_b.c\nint b;\n```\n");
    expect_run(0, "tangle", "");
    edit("src/01_a.c", "x = 7", "x = 8");
    edit("src/02_b.c", "int b", "```");
    put("src/02_b.c", "```\n");
    expect_refusal("untangle", "src/02_b.c:1");
    put("src/02_b.c", "int c;\n");
    edit("chapters/02_b.md", "int b", "int d");
    expect_refusal("untangle", "src/02_b.c:1");
    put("src/02_b.c",
        "int b;\n"); /* only the chapter has changed: that is not untangle's */
    expect_run(0, "untangle", "src/02_b.c: its chapter is newer: run make tangle");
    ck_assert(strstr(get("chapters/01_a.md"), "x = 8") != NULL);
    expect_file("src/02_b.c", "int b;\n");
    expect_run(0, "tangle", "src/02_b.c: written");
}
END_TEST

START_TEST(untangle_keeps_crlf_and_fences_in_lists)
{
    put("chapters/01_a.md",
        "Words\r\n\r\n```c file=src/01_a.c\r\nint a;\r\n\r\nint b;\r\n"
        "```\r\nend");
    expect_run(0, "tangle", "");
    edit("src/01_a.c", "int b;\n", "int c;\n\nint d;\n");
    expect_round_trip();
    expect_file("chapters/01_a.md",
                "Words\r\n\r\n```c file=src/01_a.c\r\nint a;\r\n\r\nint c;"
                "\r\n\r\nint d;\r\n```\r\nend");
    put("chapters/01_a.md", "- l\n\n\t```c file=src/01_a.c\n\tint a;\n\t\tint b;\n\t```");
    shell("rm -r src");
    expect_run(0, "tangle", "");
    edit("src/01_a.c", "int a;\n\tint b;\n", "int a;\n\tint b;\n\n\tint c;\n");
    expect_round_trip();
    expect_file(
        "chapters/01_a.md",
        "- l\n\n\t```c file=src/01_a.c\n\tint a;\n\t\tint b;\n\n\t\tint c;\n\t```");
}
END_TEST

START_TEST(untangle_knows_what_tangle_made)
{
    put("chapters/01_a.md", lesson);
    expect_run(0, "tangle", "");
    edit("src/01_a.h", "int twice(int x);", "int twice(long x);");
    expect_refusal("untangle", "src/01_a.h:5: this edit cannot go");
    edit("notebooks_c/01_a.c", "int twice(int x)", "int twice(long x)");
    edit("src/01_a.h", "static inline int twice(int x)",
         "static inline int twice(long x)");
    expect_run(0, "untangle", "has the edits now");
    expect_run(0, "check", "");
    ck_assert(strstr(get("chapters/01_a.md"), "\nint twice(long x)\n{\n    NOT") != NULL);
    edit("notebooks_c/01_a.c", "int twice(long x)", "int twice(short x)");
    expect_refusal("untangle", "src/01_a.h:5: would change too");
    edit("notebooks_c/01_a.c", "int twice(short x)", "int twice(long x)");
    edit("src/01_a.h", "return 2 * x", "return x + x");
    edit("src/01_a.h", "/* Two times x. */\n", "/* Two times x, in one line. */\n");
    expect_run(0, "untangle", "has the edits now");
    expect_run(0, "check", "");
    edit("src/01_a.h", "#ifdef MINE_twice", "#ifdef YOURS_twice");
    expect_refusal("untangle", "src/01_a.h:4: this edit cannot go");
}
END_TEST

/* As clang-format does: other blanks within and before many lines, and no change besides. */
START_TEST(untangle_survives_a_formatter)
{
    write_book();
    put("src/01_a.c", "int main(void) {\n    int  x = 1;\n\n    x ++;\n    if ( 1 ) {\n"
                      "          x --;\n        x  =  7;\n    }\n}\n\nint  after;\n");
    expect_round_trip();
    char *chapter = get("chapters/01_a.md");
    ck_assert(strstr(chapter, "int main(void) {\n    <<say>>\n    if ( 1 ) {") != NULL);
    ck_assert(strstr(chapter, "\n  x--;\n") == NULL &&
              strstr(chapter, "\n  x --;\n") != NULL);
    ck_assert(strstr(chapter, "\nx  =  7;\n") != NULL);
}
END_TEST

START_TEST(untangle_clang_format)
{
    if (system("clang-format --version >/dev/null 2>&1") != 0)
        return;
    FILE *chapter = fopen("chapters/01_a.md", "w");
    for (int i = 0; i < 200; i++)
        fprintf(chapter,
                "```c file=src/01_a.c\nint f%d(int a,int b)\n{\n        if(a){\n"
                "            <<body %d>>\n        }\n  return b ;\n}\n```\n\nText.\n\n"
                "```c name=\"body %d\"\na=b+%d;\n/* w */ b =a;\n```\n\n",
                i, i, i, i);
    fclose(chapter);
    expect_run(0, "tangle", "");
    shell("sed 's/^            /\t/; s/if(a){/if (a) {/; s/a=b+/a = b + /; s/b =a/b = a/;"
          " s/return b ;/return b;/; s/int a,int b/int a, int b/; s/^\t/            /'"
          " src/01_a.c >src/new && mv src/new src/01_a.c");
    char *formatted = get("src/01_a.c");
    expect_round_trip();
    expect_file("src/01_a.c", formatted);
    /* What the formatter does to the indentation of a chunk's place cannot be carried. */
    shell("clang-format -i src/01_a.c");
    expect_refusal("untangle", "lacks the indentation");
}
END_TEST

static unsigned random_seed = 20;

static unsigned pick(unsigned n)
{
    random_seed = random_seed * 1664525 + 1013904223;
    return (random_seed >> 10) % n;
}

/* Random edits of lines: either nothing changes at all, or the chapter makes the edited file. */
START_TEST(untangle_random_edits)
{
    static const char *const fresh[] = {
        "",        "    new();", "int f(void);", "        deep();", "}",      "    ```",
        "<<say>>", "    x++;",   "#endif",       "static int y",    "x = 7;", "\ttab"};
    static const char *const chapters[] = {book, lesson};
    int carried = 0, refused = 0;
    const int rounds = thorough() ? 240 : 60;
    for (int round = 0; round < rounds; round++) {
        const char *path = round % 2 ? "src/01_a.h" : "src/01_a.c";
        shell("rm -rf src build notebooks_c");
        put("chapters/01_a.md", chapters[round % 2]);
        expect_run(0, "tangle", "");
        const char *lines[400];
        char *text = get(path);
        size_t n = 0;
        for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            lines[n++] = line;
        }
        for (unsigned k = 1 + pick(3); k > 0; k--) {
            size_t at = pick((unsigned)n);
            unsigned how = pick(4);
            if (how == 0 && n > 2) { /* delete */
                memmove(lines + at, lines + at + 1, (n - at - 1) * sizeof *lines);
                n--;
            } else if (how == 1) /* replace */
                lines[at] = fresh[pick(sizeof fresh / sizeof *fresh)];
            else { /* insert, or repeat */
                memmove(lines + at + 1, lines + at, (n - at) * sizeof *lines);
                lines[at] =
                    how == 2 ? fresh[pick(sizeof fresh / sizeof *fresh)] : lines[at + 1];
                n++;
            }
        }
        FILE *file = fopen(path, "w");
        for (size_t i = 0; i < n; i++)
            fprintf(file, "%s\n", lines[i]);
        fclose(file);
        char *before = snapshot(), *now = get(path);
        if (run("untangle") != 0) {
            refused++;
            ck_assert_str_eq(snapshot(), before);
            ck_assert_msg(strncmp(output, path, strlen(path)) == 0, "%s", output);
            continue;
        }
        carried++;
        expect_file(path, now);
        remove(path);
        expect_run(0, "tangle", "");
        expect_file(path, now);
    }
    ck_assert_msg(carried > rounds / 4 && refused > rounds / 8, "%d carried, %d refused",
                  carried, refused);
}
END_TEST

/* ---- check ------------------------------------------------------------------------- */

START_TEST(check_names_what_is_wrong)
{
    const struct {
        const char *chapter, *says;
    } all[] = {
        {"```c name=lost\nint x;\n```\n",
         "chapters/01_a.md:1: the chunk \"lost\" is never used"},
        {"```c name=x\n<<y>>\n```\n```c name=y\n<<x>>\n```\n",
         "this chunk contains itself"},
        {"```c file=src/02_b.c\nint b;\n```\n",
         "chapters/01_a.md:1: src/02_b.c is not this"},
        {"```c file=notebooks_c/01_a.c stub=f\nint f(void)\n{\n}\n```\n",
         "chapters/01_a.md:1: the exercise f has no solution"},
        {"```text hint=f\nthink\n```\n",
         "chapters/01_a.md:1: the exercise f has no solution"},
        {"```c file=src/01_a.h exercise=f\nstatic inline int f(void)\n{\n}\n```\n"
         "```c file=notebooks_c/01_a.c stub=f\nint f(void)\n{\n}\n```\n",
         "chapters/01_a.md:1: the exercise f has no hint"},
        {"```c file=src/01_a.h exercise=f\nstatic inline int f(void)\n{\n}\n```\n"
         "```c file=notebooks_c/01_a.c stub=f\nint f(void)\n{\n}\n```\n"
         "```c file=notebooks_c/01_a.c broken=f\nint f(void)\n{\n}\n```\n"
         "```text hint=f\nthink\n```\n",
         "chapters/01_a.md:11: the exercise f has a second stub"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        shell("rm -rf src build notebooks_c");
        put("chapters/01_a.md", all[i].chapter);
        run("tangle");
        expect_refusal("check", all[i].says);
    }
}
END_TEST

START_TEST(check_sees_one_changed_word)
{
    write_book();
    expect_run(0, "check", "12 lines");
    edit("src/01_a.c", "x++", "x--");
    expect_refusal("check", "chapters/01_a.md:18: src/01_a.c:5 says something else");
    put("src/01_a.c", made);
    edit("src/01_a.c", "int after;\n", "int after;\nint more;\n");
    expect_refusal("check", "src/01_a.c:13 says something else");
    edit("src/01_a.c", "int more;\n", "");
    expect_run(0, "check", "");
    edit("chapters/01_a.md", "int after", "int before");
    expect_refusal("check", "chapters/01_a.md:32: src/01_a.c:12 says something else");
    remove("src/01_a.c");
    expect_refusal("check", "src/01_a.c:1 says something else");
}
END_TEST

/* ---- transcripts ------------------------------------------------------------------- */

START_TEST(transcripts_compare)
{
    const struct {
        const char *shown, *printed;
        bool same;
    } all[] = {
        {"hello", "hello", true},
        {"hello", "hallo", false},
        {"7", "8", false},
        {"x 1.23 y", "x 1.24 y", true},
        {"x 1.23 y", "x 1.25 y", false},
        {"x  9.99", "x 10.00", true},
        {"x 0.00 b", "x -0.00 b", true},
        {"-0.01", "0.00", true},
        {"-0.01", "0.01", false},
        {"1.0", "1.00", false},
        {"1.0", "1", false},
        {"0.12", "0.1201", true},
        {"1.5e-05", "1.6e-05", true},
        {"1.5e-05", "1.5e-06", false},
        {"9.9e-05", "1.0e-04", true},
        {"1e-05 a", "2e-05 a", true},
        {"v1.2.3", "v1.3.3", false},
        {"1.5x 2.50", "1.6x 2.49", true},
        {"a … b 1.5", "a some words b 1.6", true},
        {"a … b … c", "a b b b d c b b c", true},
        {"a…", "a", true},
        {"a … b", "a c", false},
        {"nan 1.0", "1.0 1.0", false},
        {"1.5  2.5", "1.5 2.5", true},
        {"a  b", "a b", false},
        {"", "x", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        put("text", keep(format_text("%s\n", all[i].printed)));
        put("chapters/01_a.md",
            keep(format_text("```console\n$ cat text\n%s\n```\n", all[i].shown)));
        ck_assert_msg((run("transcripts --check") == 0) == all[i].same, "'%s' '%s': %s",
                      all[i].shown, all[i].printed, output);
        /* Rewriting changes nothing exactly where checking is content. */
        char *before = get("chapters/01_a.md");
        expect_run(0, "transcripts", "");
        ck_assert_int_eq(strcmp(before, get("chapters/01_a.md")) == 0, all[i].same);
        expect_run(0, "transcripts --check", "0 no longer true");
    }
}
END_TEST

START_TEST(transcripts_compare_lines)
{
    const struct {
        const char *shown, *printed, *rewritten;
    } all[] = {
        {"1\n2\n3\n", "1\n2\n3\n", "1\n2\n3\n"},
        {"1\n…\n3\n", "1\n2\n2\n3\n4\n3\n", "1\n…\n3\n"},
        {"…\n", "1\n2\n", "…\n"},
        {"…\n", "", "…\n"},
        {"a\n…\nc\n", "a\nb\nd\n", "a\n…\n"},
        {"a …\nb\nc\n", "a 1\nx\nc\n", "a …\nx\nc\n"},
        {"a\nb\n", "a\n\nb\n", "a\n\nb\n"},
        {"a\nb\n", "", ""},
        {"", "a\nb\n", "a\nb\n"},
        {"1.5\n…\n2.5\n", "1.4\n2.6\n", "1.5\n…\n2.5\n"},
        {"a\n…\nb\n…\nc\n", "a\nb\nb\nc\nd\nc\n", "a\n…\nb\n…\nc\n"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *frame = "Words.\n\n```console\n$ cat text\n%s$ true\n```\nMore.\n";
        put("text", all[i].printed);
        put("chapters/01_a.md", keep(format_text(frame, all[i].shown)));
        bool same = strcmp(all[i].shown, all[i].rewritten) == 0;
        ck_assert_msg((run("transcripts --check") == 0) == same, "%zu: %s", i, output);
        expect_run(0, "transcripts", "2 commands");
        expect_file("chapters/01_a.md", keep(format_text(frame, all[i].rewritten)));
    }
}
END_TEST

START_TEST(transcripts_run_commands)
{
    put("chapters/01_a.md",
        "```console\n$ echo a; echo b >&2; \\\n> echo c\na\nb\nc\n"
        "$ sh -c 'exit 3'\n(status 3)\n$ printf x; exit 2\nx\n(status 2)\n"
        "$ echo $NO_COLOR $COLUMNS $LC_ALL\n1 80 C\n$ cat\n```\n"
        "- l\n\n  ```console needs=no/such/file\n  $ echo\n  wrong\n  ```\n\n"
        "  ```console\r\n  $ echo x\r\n  y\r\n  ```\r\n");
    expect_run(1, "transcripts --check",
               "chapters/01_a.md:25: `echo x` prints something else\n"
               "    shown: y\n    now:   x\n");
    expect_run(1, "transcripts --check",
               "chapters/01_a.md:18: skipped: needs no/such/file");
    expect_run(0, "transcripts",
               "6 commands in transcripts, 1 rewritten, 1 blocks skipped");
    expect_run(0, "transcripts --check 01_a", "0 no longer true");
    ck_assert(strstr(get("chapters/01_a.md"), "  $ echo x\r\n  x\r\n  ```\r\n") != NULL);
    ck_assert(strstr(get("chapters/01_a.md"), "  wrong\n") != NULL);
    put("chapters/01_a.md", "```console\n$ printf '\\140\\140\\140'\n```\n");
    expect_refusal("transcripts", "chapters/01_a.md:2");
    put("chapters/01_a.md", "```console\n$ head -c 3 /dev/zero; echo\n```\n");
    expect_run(0, "transcripts", "");
    expect_file("chapters/01_a.md",
                "```console\n$ head -c 3 /dev/zero; echo\n???\n```\n");
    expect_run(1, "transcripts --chekc", "--chekc: unknown option");
}
END_TEST

/* ---- figures ----------------------------------------------------------------------- */

/* What gnuplot drew becomes a page's figure, and says what it was drawn from. */
START_TEST(figures_are_finished)
{
    put("chapters/01_a.md", "");
    put("figures/style.gp", "style\n");
    put("a.gp", "# data: a.dat b.dat?\nplot\n");
    put("d/a.dat", "1\n2\n");
    put("a.svg",
        "<?xml version=\"1.0\"?>\n<title>Gnuplot</title>\n<desc>Produced by GNUPLOT "
        "5</desc>\n"
        "<rect x=\"0\" y=\"0\" width=\"9\" height=\"9\" fill=\"#fffdf8\"/>\n"
        "<g fill=\"none\" color=\"black\">\n</g>\n"
        "<g id=\"x\" ><title>gnuplot_plot_1</title>\n"
        "<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n"
        "<tspan font-family=\"monospace\" >a]]>\xef\xbf\xbf"
        "b</tspan>\n</g>\n"
        "<tspan font-family=\"monospace:Bold\" /><tspan "
        "font-family=\"sans-serif:Bold\" /><tspan font-family=\"sans-serif\" />\n"
        "</g>\n</svg>\n\n");
    const char *check = "stamp --check a.svg a.gp d";
    expect_run(1, check, "a.svg: drawn by another version of its script: make figures");
    expect_run(0, "finish a.svg a.gp", "");
    expect_run(1, check, "a.svg: drawn by another version of its script: make figures");
    expect_run(0, "stamp a.svg a.gp d", "");
    expect_run(0, check, "");
    char *svg = get("a.svg");
    ck_assert_msg(strstr(svg, "<?xml version=\"1.0\"?>\n<style>") == svg, "%s", svg);
    ck_assert_str_eq(
        strstr(svg, "</style>\n"),
        keep(format_text("</style>\n<rect x=\"0\" y=\"0\" width=\"9\" height=\"9\" "
                         "fill=\"#fffdf8\" rx=\"8\" stroke=\"#d8d1c2\" "
                         "stroke-width=\"2\"/>\n"
                         "<g id=\"x\" >\n<g fill=\"none\">\n"
                         "<tspan class=\"m\" >a]]&gt;�b</tspan>\n</g>\n"
                         "<tspan class=\"n\" /><tspan class=\"b\" /><tspan class=\"s\" "
                         "/>\n</g>\n</svg>\n%s",
                         strstr(svg, "<!-- drawn by"))));
    /* A checkout with \r\n is the same. */
    shell("for f in a.svg a.gp d/a.dat figures/style.gp; do"
          " cp $f ../kept; awk '{ printf \"%s\\r\\n\", $0 }' ../kept > $f; done");
    expect_run(0, check, "");
    shell("for f in a.svg a.gp d/a.dat figures/style.gp; do"
          " cp $f ../kept; tr -d '\\r' < ../kept > $f; done");
    expect_run(0, check, "");
    put("d/a.dat", "1\n3\n");
    expect_run(1, check, "a.svg: drawn from other numbers: make figures");
    put("d/a.dat", "1\n2\n");
    put("d/b.dat", "1\n");
    expect_run(1, check, "a.svg: drawn from other numbers: make figures");
    shell("rm d/b.dat");
    expect_run(0, check, "");
    put("a.gp", "# data: a.dat b.dat?\nsplot\n");
    expect_run(1, check, "a.svg: drawn by another version of its script: make figures");
    put("a.gp", "# data: a.dat b.dat?\nplot\n");
    put("figures/style.gp", "other style\n");
    expect_run(1, check, "make figures");
    /* What a script loads counts as the script does. */
    put("figures/other.gp", "other\n");
    put("a.gp", "load \"figures/style.gp\"\nload \"figures/other.gp\"\n");
    expect_run(0, "finish a.svg a.gp", "");
    expect_run(0, "stamp a.svg a.gp d", "");
    expect_run(0, check, "");
    put("figures/other.gp", "changed\n");
    expect_run(1, check, "a.svg: drawn by another version of its script: make figures");
    /* Three frames, each 7 high, are a window of 7 that ends with the last one. */
    put("a.gp", "# film: 7\nplot\n");
    put("film.svg", "<svg\n width=\"9\" height=\"21\"\n viewBox=\"0 0 9 21\"\n>\n<g>\n"
                    "<rect x=\"0\" y=\"0\" width=\"9\" height=\"21\" fill=\"#fffdf8\"/>\n"
                    "</g>\n</svg>\n");
    expect_run(0, "finish film.svg a.gp", "");
    svg = get("film.svg");
    ck_assert_msg(
        strstr(svg, " width=\"9\" height=\"7\"\n viewBox=\"0 0 9 7\"\n>") &&
            strstr(svg, "<rect x=\"0\" y=\"0\" width=\"9\" height=\"7\"") &&
            strstr(svg, "steps(2)} 33.33%,to{transform:translateY(-14px)}") &&
            strstr(svg, "<g id=\"still\" class=\"film\" transform=\"translate(0,-14)\">\n"
                        "</g>\n</g></svg>\n"),
        "%s", svg);
    put("b.svg", "no drawing");
    expect_run(1, "finish b.svg a.gp", "b.svg: is not an SVG");
    expect_run(1, "stamp b.svg a.gp d", "b.svg: is not an SVG");
    expect_run(1, "finish no.svg a.gp", "no.svg");
    expect_run(1, "finish a.svg", "expected");
    expect_run(1, "stamp a.svg a.gp", "expected");
}
END_TEST

/* The committed data of figures: the same text, a number one in its last place away. */
START_TEST(figure_data_are_compared)
{
    const char *check = "figures --check 01_a new", *kept = "figures/01_a/a.dat",
               *svg = "<svg>\n</svg>\n";
    put("chapters/01_a.md", "");
    put("figures/style.gp", "style\n");
    put("figures/01_a_x.gp", "# data: a.dat gpt2.dat?\n# measured: time.dat\n");
    put("figures/01_a_x.svg", svg);
    put("new/a.dat", "robot\t1.25\t-2.50\t7\n… yes\t0.1\n");
    put("new/time.dat", "0.5\n");
    expect_run(1, check, "figures/01_a/a.dat: is missing: make figures");
    expect_run(0, "figures 01_a new", "");
    expect_file(kept, get("new/a.dat"));
    expect_run(1, check, "figures/01_a_x.svg: drawn by another version");
    expect_run(0, "stamp figures/01_a_x.svg figures/01_a_x.gp figures/01_a", "");
    ck_assert_int_eq(run("%s", check), 0);
    ck_assert_str_eq(output, "");
    /* One in the last place is rounding, and what is measured is not compared. */
    put("new/time.dat", "0.9\n");
    put("new/a.dat", "robot\t1.26\t-2.49\t7\n… yes\t0.2\n");
    ck_assert_int_eq(run("%s", check), 0);
    static const char *const wrong[] = {
        "robot\t1.27\t-2.49\t7\n… yes\t0.2\n", "robot\t1.25\t-2.52\t7\n… yes\t0.2\n",
        "robot\t1.25\t-2.50\t8\n… yes\t0.1\n", "Robot\t1.25\t-2.50\t7\n… yes\t0.1\n",
        "robot\t1.250\t-2.50\t7\n… yes\t0.1\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put("new/a.dat", wrong[i]);
        expect_run(1, check, "figures/01_a/a.dat:1: want: robot\t1.25\t-2.50\t7\n");
        expect_run(1, check, "\nnew/a.dat:1: got:  ");
    }
    put("new/a.dat", "robot\t1.25\t-2.50\t7\nno yes\t0.1\n");
    expect_run(1, check, "a.dat:2: want: … yes\t0.1\nnew/a.dat:2: got:  no yes\t0.1\n");
    put("new/a.dat", "robot\t1.25\t-2.50\t7\n");
    expect_run(1, check, "a.dat:2: got:  (no more)");
    /* make figures takes over what differs by more, and nothing else. */
    put("new/a.dat", "robot\t1.26\t-2.49\t7\n… yes\t0.2\n");
    put("figures/01_a/old.dat", "1\n");
    put("figures/01_a/gpt2.dat", "1\n");
    expect_run(1, check, "skipped: figures/01_a/gpt2.dat: needs GPT-2's vocabulary");
    expect_run(1, check, "figures/01_a/old.dat: is left over");
    expect_run(0, "figures 01_a new", "");
    ck_assert(!file_exists("figures/01_a/old.dat") &&
              file_exists("figures/01_a/gpt2.dat"));
    expect_file(kept, "robot\t1.25\t-2.50\t7\n… yes\t0.1\n");
    put("new/a.dat", "robot\t1.27\t-2.49\t7\n… yes\t0.2\n");
    expect_run(0, "figures 01_a new", "");
    expect_file(kept, get("new/a.dat"));
    expect_run(1, check, "figures/01_a_x.svg: drawn from other numbers");
    shell("rm figures/01_a_x.svg");
    expect_run(1, check, "figures/01_a_x.svg: is not drawn yet");
    expect_run(1, "figures --check 02_b new", "there is no such script");
    expect_run(1, "figures --check", "expected");
}
END_TEST

/* A label is one field to gnuplot, whatever it holds. */
START_TEST(figure_labels_hold_any_text)
{
    FILE *file = figure_open(folder, "labels");
    figure_row(file, "%s +", "\"a\" \\n");
    figure_row(file, "%s", "%s@{}'#\xf0\x9f\x98\x80");
    figure_close(file);
    ck_assert_str_eq(get(keep(format_text("%s/labels.dat", folder))),
                     "\\042a\\042 \\\\n\t%s@{}'#\xf0\x9f\x98\x80\n");
}
END_TEST

/* One place writes the numbers of figures: as many decimals as were asked for, no -0. */
START_TEST(figure_data_have_fixed_decimals)
{
    FILE *file = figure_open(folder, "numbers");
    figure_row(file, "%.2f %.2f %.2f %.2f %.3f +", -0.001, 0.5, -1.005e3, 1e-30, NAN);
    figure_row(file, "%.3f %.0f %.0f", -INFINITY, -0.0, 1e300);
    file = figure_next(file, folder, "kinds");
    figure_row(file, "%d %zu %ld name %02x", -1, (size_t)2, 3L, 10);
    figure_close(file);
    expect_file(keep(format_text("%s/kinds.dat", folder)), "-1\t2\t3\tname\t0a\n");
    char *text = get(keep(format_text("%s/numbers.dat", folder)));
    const char *start = "0.00\t0.50\t-1005.00\t0.00\tNaN\t-inf\t0\t1000000";
    ck_assert_msg(strncmp(text, start, strlen(start)) == 0, "%s", text);
    ck_assert_int_eq(text[strlen(text) - 1], '\n');
}
END_TEST

/* A tensor is made once, with its name and shape, and dumped under that name. */
START_TEST(tensors_are_made_dumped_and_freed_once)
{
    struct tensors list = {0};
    float(*x)[3] = new_tensor(&list, "x", SHAPE(2, 3));
    tensors_of_block(&list, 7);
    float(*q)[2][4] = new_tensor(&list, "attn.q", SHAPE(3, 2, 4));
    float *unnamed = new_tensor(&list, NULL, SHAPE(5));
    new_tensor(&list, "attn.masked", SHAPE(1));
    ck_assert_int_eq(list.count, 4);
    x[1][2] = 1.5f;
    q[2][1][3] = -2;
    unnamed[4] = 9;
    char *path = keep(format_text("%s/list.safetensors", folder));
    struct dump d = dump_open(path);
    dump_tensors(&d, &list, "attn.heads attn.masked");
    dump_close(&d);
    const struct bytes file = read_file(path);
    const char *header =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
        "\"h.7.attn.q\":{\"dtype\":\"F32\",\"shape\":[3,2,4],"
        "\"data_offsets\":[24,120]}}";
    ck_assert_msg(strncmp((char *)file.data + 8, header, strlen(header)) == 0, "%s",
                  (char *)file.data + 8);
    float last[2];
    memcpy(&last[0], file.data + file.size - 96 - 4, 4);
    memcpy(&last[1], file.data + file.size - 4, 4);
    ck_assert_float_eq(last[0], 1.5f);
    ck_assert_float_eq(last[1], -2);
    free_tensors(&list);
    ck_assert_int_eq(list.count, 0);
    ck_assert_ptr_null(list.all);
}
END_TEST

/* What a program says that takes these options, up to NULL, and its status. */
static int status_of_options(const char *const *words)
{
    char *said = keep(format_text("%s/said", folder));
    const pid_t child = fork();
    if (child == 0) {
        struct options o = {0};
        struct texts several = {0};
        long number = 7;
        double real = 0.5;
        bool is_switch = false;
        const struct option own[] = {
            {"--number", "N", OPTION_INTEGER, &number, 0, 9e15, "a whole number"},
            {"--real", "X", OPTION_REAL, &real, -1, 1.5, "a number"},
            {"--word", "TEXT", OPTION_TEXTS, &several, 0, 0, "any of these"},
            {"--switch", NULL, OPTION_TEXT, &is_switch, 0, 0, "on"}};
        int count = 0;
        char *argv[20] = {keep(format_text("prog"))};
        while (words[count]) {
            argv[count + 1] = keep(format_text("%s", words[count]));
            count++;
        }
        if (!freopen(said, "wb", stderr))
            _exit(9);
        parse_options(count + 1, argv, "usage", &o, own, 4);
        fprintf(stderr, "%ld %g %d", number, real, is_switch);
        for (size_t i = 0; i < several.count; i++)
            fprintf(stderr, " %s", several.all[i]);
        fclose(stderr);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    output = keep(read_file(said).data);
    return WEXITSTATUS(status);
}

START_TEST(options_are_taken_or_refused)
{
    static const struct {
        const char *words[7], *says;
    } good[] = {
        {{"--number", "12"}, "12 0.5 0"},
        {{"--number=+5", "--real=-1e-1"}, "5 -0.1 0"},
        {{"--real", ".25", "--switch", "--switch"}, "7 0.25 1"},
        {{"--number", "9000000000000000"}, "9000000000000000 0.5 0"},
        {{"--word", "one", "--word=two", "--word", ""}, "7 0.5 0 one two "},
        {{"--real", "1e-400"}, "7 0 0"},
        {{"--number", "1", "--number", "2"}, "2 0.5 0"},
    };
    static const struct {
        const char *words[7], *says;
    } bad[] = {
        {{"--number", "1e3"}, "--number: '1e3' is not a whole number"},
        {{"--number", "0x10"}, "'0x10' is not a whole number"},
        {{"--number", " 5"}, "'␣5' is not a whole number"},
        {{"--number", "5 "}, "'5␣' is not a whole number"},
        {{"--number", ""}, "'' is not a whole number"},
        {{"--number", "-"}, "'-' is not a whole number"},
        {{"--number", "2.0"}, "'2.0' is not a whole number"},
        {{"--number", "5\n6"}, "'5↵6' is not a whole number"},
        {{"--number", "18446744073709551616"},
         "18446744073709551616 is out of range, expected 0 to 9000000000000000"},
        {{"--number", "-99999999999999999999"}, "is out of range, expected 0 to 9"},
        {{"--number", "-1"}, "--number: -1 is out of range"},
        {{"--real", "inf"}, "'inf' is not a number"},
        {{"--real", "nan"}, "'nan' is not a number"},
        {{"--real", "0x1p0"}, "'0x1p0' is not a number"},
        {{"--real", "1,5"}, "'1,5' is not a number"},
        {{"--real", "1e400"}, "1e400 is out of range, expected -1 to 1.5"},
        {{"--real", ""}, "'' is not a number"},
        {{"--switch=yes"}, "--switch: takes no value"},
        {{"--number"}, "--number: expected N after it"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(status_of_options(good[i].words) == 0, "%s", output);
        ck_assert_str_eq(output, good[i].says);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(status_of_options(bad[i].words) == 1, "%zu: %s", i, output);
        ck_assert_msg(strncmp(output, "prog: ", 6) == 0 && strstr(output, bad[i].says) &&
                          strchr(output, '\n')[1] == 0,
                      "expected '%s' in '%s'", bad[i].says, output);
    }
}
END_TEST

/* Where nobody reads on, a program ends quietly, even if it was told to ignore the signal. */
START_TEST(a_closed_pipe_is_no_error)
{
    char *said = keep(format_text("%s/said", folder));
    const pid_t child = fork();
    if (child == 0) {
        int ends[2];
        signal(SIGPIPE, SIG_IGN);
        if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0 ||
            !freopen(said, "wb", stderr))
            _exit(9);
        close(ends[0]);
        puts("into nothing");
        finish_output();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), 141);
    ck_assert_uint_eq(read_file(said).size, 0);
}
END_TEST

START_TEST(columns_of_a_terminal)
{
    static const struct {
        const char *text;
        int columns;
    } all[] = {
        {"robot", 5},
        {"⚡", 2},
        {"🤖", 2},
        {"好", 2},
        {"ｆｕｌｌ", 8},
        {"ﾊﾝｶｸ", 4},
        {"한국", 4},
        {"é", 1},
        {"e\u0301", 1},
        {"ที่", 1},
        {"กำลัง", 4},
        {"हिन्दी", 5},
        {"שָׁלוֹם", 4},
        {"a\u200Bb", 2},
        {"⌚", 2},
        {"☰", 2},
        {"→", 1},
        {"█", 1},
        {"𠀀", 2},
        {"\U000E0041", 0},
        {"\u2764\uFE0F", 1},
        {"\u1112\u1161\u11AB", 2},
        {"𝄞", 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ck_assert_msg(text_width(all[i].text) == all[i].columns, "%s: %d, expected %d",
                      all[i].text, text_width(all[i].text), all[i].columns);
}
END_TEST

START_TEST(bad_commands)
{
    expect_run(1, "tangle", "chapters/: no chapter here");
    put("chapters/01_a.md", "Words\n");
    expect_run(0, "--help", "untangle");
    expect_run(1, "--frobnicate", "--frobnicate: unknown option");
    expect_run(1, "entangle", "entangle: unknown command");
    expect_run(1, "tangle --all", "--all: unknown option");
    expect_run(1, "tangle 09_no", "chapters/09_no.md: cannot be opened");
    expect_run(1, "tangle chapters/", "folder");
    expect_run(1, "workbook", "expected");
    expect_run(1, "tangle 01_a chapters/01_a.md", "chapters/01_a.md: is here twice");
    put("chapters/00_book.md", "Words\n");
    expect_run(0, "--figures data", "01_a");
    ck_assert(file_exists("data/00_book_align.dat") &&
              file_exists("data/00_book_flow.dat"));
    remove("chapters/00_book.md");
    expect_run(0, "", "01_a");
}
END_TEST

/* ---- Exercises --------------------------------------------------------------------- */

/* Two rows of n numbers that agree, of a size of `scale`; the caller frees them. */
static float *agreeing_row(int n, float scale)
{
    float *row = grab((size_t)n, sizeof *row);
    for (int i = 0; i < n; i++)
        row[i] = scale * (float)(i % 7 - 3) / 4;
    return row;
}

static void agreement_case(any_function f, struct outcome *o, const char *about, int n,
                           const float *got, const float *want, long first)
{
    situation(o, "%s (n = %d)", about, n);
    const float *g = given(o, "got", AXES({n, NULL}), FLOATS, got),
                *w = given(o, "want", AXES({n, NULL}), FLOATS, want);
    record_integer(o, "the index", TESTED(first_disagreement, f)((size_t)n, g, w), first);
}

static void probe_first_disagreement(any_function f, struct outcome *o)
{
    static const struct {
        int n;
        float got[4], want[4];
        long first;
        const char *about;
    } cases[] = {
        {3, {1, 2, 3}, {1, 2, 3}, -1, "the same numbers"},
        /* how much is allowed: just below and just above, on either side */
        {2, {100.009F, 0.009F}, {100, 0}, -1, "1e-4 of 100 is allowed everywhere"},
        {2, {99.991F, -0.0095F}, {100, 0}, -1, "1e-4 of 100 is allowed below, too"},
        {2, {100.0107F, 0}, {100, 0}, 0, "a little more than 1e-4 of 100"},
        {2, {100, -0.0107F}, {100, 0}, 1, "a little more than 1e-4 of 100 below"},
        {3, {1, 5, 9}, {1, 2, 3}, 1, "two that disagree"},
        {2, {1, -5}, {1, 2}, 1, "far below"},
        {2, {-5, 5}, {5, 5}, 0, "the sign is another"},
        /* NaN agrees with nothing, and does not spoil the measure for the others */
        {2, {1, NAN}, {1, 2}, 1, "NaN in got"},
        {2, {1, 2}, {NAN, 2}, 0, "NaN in want"},
        {1, {NAN}, {NAN}, 0, "NaN in both"},
        {3, {1, NAN, 3}, {1, NAN, 3}, 1, "NaN in both, between numbers"},
        {3, {1, NAN, 4}, {1, NAN, 3}, 1, "NaN in both, before a difference"},
        {2, {1.00005F, 1}, {1, NAN}, 1, "NaN in want after a small difference"},
        {2, {1.5F, 1}, {1, NAN}, 0, "NaN in want after a large difference"},
        {3, {100.009F, NAN, 7}, {100, 0, 7}, 1, "NaN in got after a small difference"},
        /* infinities: equal or not, and no measure */
        {3, {-INFINITY, INFINITY, 1}, {-INFINITY, INFINITY, 1}, -1, "equal infinities"},
        {1, {INFINITY}, {-INFINITY}, 0, "unequal infinities"},
        {2, {1, -INFINITY}, {1, INFINITY}, 1, "unequal infinities at the end"},
        {3,
         {2, INFINITY, 4},
         {2, -INFINITY, 3},
         1,
         "unequal infinities before a difference"},
        {2, {1, INFINITY}, {1, 1}, 1, "an infinity for a number"},
        {2, {1, 1}, {1, -INFINITY}, 1, "a number for an infinity"},
        {2, {3e38F, 1}, {INFINITY, 1}, 0, "a large number for an infinity"},
        {2, {-INFINITY, 2.001F}, {-INFINITY, 2}, 1, "an infinity beside a difference"},
        {3, {INFINITY, 1.5F, 1}, {INFINITY, 1, 1}, 1, "an infinity before a difference"},
        {2, {NAN, 1}, {INFINITY, 1}, 0, "NaN for an infinity"},
        {2, {1.005F, INFINITY}, {1, 100}, 1, "an infinity where the largest should be"},
        {2, {1.5F, 5}, {1, INFINITY}, 0, "a difference, and a number for an infinity"},
        /* the measure: |want|, the largest, wherever it is; not got */
        {2, {-100, 1.005F}, {-100, 1}, -1, "a large negative number"},
        {3, {1.005F, 100, 1.005F}, {1, 100, 1}, -1, "the largest in the middle"},
        {3, {1.005F, 1.005F, -100}, {1, 1, -100}, -1, "the largest at the end"},
        {3, {1, 1.0005F, 100}, {1, 1, 1}, 1, "a huge number in got"},
        {3, {0.001F, 0.0005F, 0.0004F}, {0.001F, 0.0005F, 0.0005F}, 2, "a sum of 0.002"},
        {4, {5.00045F, 5, 5, 5}, {5, 5, 5, 5}, -1, "the largest several times"},
        {4, {5.0018F, 5, 5, 5}, {5, 5, 5, 5}, 0, "all as large as the largest"},
        {2, {1e-6F, 2e-6F}, {1e-6F, 1e-6F}, 1, "small numbers"},
        {2, {1.00009e-6F, 1e-6F}, {1e-6F, 1e-6F}, -1, "small numbers, almost the same"},
        {2, {3e38F, -3.0002e38F}, {3e38F, -3e38F}, -1, "numbers near the largest float"},
        {2, {3e38F, -3e38F}, {3e38F, 3e38F}, 1, "a difference that no float can hold"},
        {2, {0, 1e-30F}, {0, 0}, 1, "nothing but zeros in want"},
        {2, {0, 1e-42F}, {0, 0}, 1, "nothing but zeros in want, and almost in got"},
        {2, {-0.0F, 0}, {0, -0.0F}, -1, "zeros of either sign"},
        {3, {1, 1, 1.00009F}, {0, 1, 1}, 0, "the first alone"},
        {0, {0}, {0}, -1, "no numbers"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        agreement_case(f, o, cases[c].about, cases[c].n, cases[c].got, cases[c].want,
                       cases[c].first);
    /* long rows: the last element, a measure far away, a sum in place of a maximum */
    enum { LONG = 2053 };
    float *want = agreeing_row(LONG, 4), *got = agreeing_row(LONG, 4);
    agreement_case(f, o, "a long row", LONG, got, want, -1);
    got[LONG - 1] += 0.01F;
    agreement_case(f, o, "the last of a long row", LONG, got, want, LONG - 1);
    got[1031] -= 0.01F;
    agreement_case(f, o, "two of a long row", LONG, got, want, 1031);
    want[2051] = got[2051] = -200;
    agreement_case(f, o, "a large number in a long row", LONG, got, want, -1);
    got[LONG - 1] = NAN;
    agreement_case(f, o, "NaN in a long row", LONG, got, want, LONG - 1);
    free(got);
    free(want);
}

static void probe_reference_name(any_function f, struct outcome *o)
{
    /* what does not fit into an array of 1,024 */
    char name[1301], spaces[1201], *lines[3];
    memset(name, 'n', sizeof name - 1);
    memset(spaces, ' ', sizeof spaces - 1);
    name[sizeof name - 1] = spaces[sizeof spaces - 1] = 0;
    lines[0] = format_text("  <<%s>>", name);
    lines[1] = format_text("%s<<a>>%s", spaces, spaces);
    lines[2] = format_text("<<a>>%s;", spaces);
    const struct {
        const char *line;
        size_t length, start;
    } cases[] = {
        {"<<a>>", 1, 2},
        {"    <<hide the future>>", 15, 6},
        /* spaces and tabs around it, and nothing else */
        {"<<name>>  ", 4, 2},
        {"\t<<name>>\t", 4, 3},
        {" \t <<name>> \t ", 4, 5},
        {"<<a>>\r", 0, 99},
        {"\v<<a>>", 0, 99},
        {"<<a>>\f ", 0, 99},
        {"<<a>>\x01", 0, 99},
        {"<<a>>é", 0, 99},
        {"é<<a>>", 0, 99},
        /* ordinary lines */
        {"x += 1;", 0, 99},
        {"", 0, 99},
        {"   ", 0, 99},
        {"\t", 0, 99},
        /* something is missing */
        {"<<>>", 0, 99},
        {"  <<>>  ", 0, 99},
        {"<", 0, 99},
        {"<<", 0, 99},
        {"<<a", 0, 99},
        {"<<a>", 0, 99},
        {"<a>>", 0, 99},
        {" <a>> ", 0, 99},
        {"a>>", 0, 99},
        {"a<a>>", 0, 99},
        {"<<a>a", 0, 99},
        {">>", 0, 99},
        {"<<>", 0, 99},
        {"<>>", 0, 99},
        {"< <a>>", 0, 99},
        {"<<a> >", 0, 99},
        {"<<   ", 0, 99},
        {"   >>", 0, 99},
        {">>a<<", 0, 99},
        {"[[a]]", 0, 99},
        {"<<a]]", 0, 99},
        /* something before or after it */
        {"<<a>>;", 0, 99},
        {"<<a>> /* no */", 0, 99},
        {"x <<a>>", 0, 99},
        {"1 << 2 >> 1", 0, 99},
        /* names of one character, and with anything in them */
        {"<<shift >> by one>>", 15, 2},
        {"<<a>> <<b>>", 7, 2},
        {"<<a >> b>> ", 6, 2},
        {"  << padded >>", 8, 4},
        {"<<< >>", 2, 2},
        {"<< >>", 1, 2},
        {"<<\t>> ", 1, 2},
        {"<<<a>>>", 3, 2},
        {"<<<<a>>>>", 5, 2},
        {"<<>>>", 1, 2},
        {"<<>>>>", 2, 2},
        {"<<<>>", 1, 2},
        {"<<größe>>", 7, 2},
        {"<<ab>>", 2, 2},
        {lines[0], sizeof name - 1, 4},
        {lines[1], 1, sizeof spaces + 1},
        {lines[2], 0, 99},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *text = cases[c].line;
        const int n = (int)strlen(text) + 1;
        const size_t untouched = 99;
        if (n < 100) {
            char *seen = visible((const unsigned char *)text, strlen(text));
            situation(o, "the line \"%s\"", seen);
            free(seen);
        } else
            situation(o, "a line of %d bytes, with %s", n - 1,
                      text == lines[0]   ? "a long name"
                      : text == lines[1] ? "many spaces around <<a>>"
                                         : "something after <<a>> and many spaces");
        const char *line = given(o, "line", AXES({n, NULL}), BYTES, text);
        size_t *start = changed(o, "start", AXES({1, NULL}), COUNTS, &untouched);
        size_t length = TESTED(reference_name, f)(line, start);
        record_integer(o, "the length", (long)length, (long)cases[c].length);
        record_integer(o, "*start", (long)*start, (long)cases[c].start);
    }
    for (int l = 0; l < 3; l++)
        free(lines[l]);
}

/* The whole grid, from the end: most[i][j] is the answer for the lines from i and j on. */
static int most_lines_kept(int n, int m, const int *before, const int *after)
{
    int(*most)[m + 1] = grab((size_t)n + 1, sizeof *most);
    for (int i = n; i-- > 0;)
        for (int j = m; j-- > 0;)
            most[i][j] = before[i] == after[j]             ? most[i + 1][j + 1] + 1
                         : most[i + 1][j] > most[i][j + 1] ? most[i + 1][j]
                                                           : most[i][j + 1];
    int all = most[0][0];
    free(most);
    return all;
}

static void probe_lines_kept(any_function f, struct outcome *o)
{
    enum { LONG = 2003 };
    static const struct {
        int n, m, before[8], after[8];
    } cases[] = {
        {3, 3, {7, 8, 9}, {7, 9, 8}},
        {1, 2, {7}, {8, 9}},
        /* a line is kept once, on either side */
        {1, 1, {5}, {5}},
        {1, 2, {5}, {5, 5}},
        {1, 3, {5}, {5, 5, 5}},
        {3, 1, {5, 5, 5}, {5}},
        {2, 3, {5, 5}, {5, 5, 5}},
        {3, 5, {1, 2, 5}, {1, 2, 5, 5, 5}},
        {4, 2, {5, 1, 5, 2}, {5, 5}},
        {4, 6, {1, 5, 2, 5}, {5, 1, 5, 5, 2, 5}},
        /* the order, and what is lost by taking the first line that is found */
        {2, 2, {1, 2}, {2, 1}},
        {4, 4, {1, 2, 3, 4}, {2, 3, 4, 1}},
        {4, 4, {2, 3, 4, 1}, {1, 2, 3, 4}},
        {4, 4, {1, 2, 3, 4}, {4, 3, 2, 1}},
        {5, 5, {9, 1, 2, 3, 4}, {1, 2, 3, 4, 9}},
        /* other lines between kept ones */
        {3, 6, {1, 2, 3}, {9, 1, 8, 2, 7, 3}},
        {6, 3, {9, 1, 8, 2, 7, 3}, {1, 2, 3}},
        {7, 6, {1, 2, 3, 2, 4, 1, 2}, {2, 4, 3, 1, 2, 1}},
        /* each row of the grid begins at 0 */
        {2, 2, {1, 2}, {2, 9}},
        {3, 3, {4, 4, 7}, {7, 4, 4}},
        {3, 2, {1, 6, 6}, {6, 1}},
        /* numbers of any size */
        {3, 3, {INT_MAX, INT_MIN, -1}, {-1, INT_MAX, INT_MIN}},
        {3, 3, {-1, 0, 1}, {0, 1, -1}},
    };
    static const struct {
        const char *about;
        int n, m, kinds;
    } large[] = {
        {"three different lines", 257, 131, 3},
        {"all lines the same", 61, 149, 1},
        {"forty different lines", 131, 257, 40},
        {"a long file and a short one", 3, LONG, 4},
        {"a short file and a long one", LONG, 5, 7},
        {"hardly a line that differs", 401, 397, 1}, /* more kept than a byte can count */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int n = cases[c].n, m = cases[c].m;
        char *rows[] = {row_text(n, cases[c].before), row_text(m, cases[c].after)};
        situation(o, "before %s, after %s", rows[0], rows[1]);
        free(rows[0]);
        free(rows[1]);
        const int *before = given(o, "before", AXES({n, NULL}), INTS, cases[c].before),
                  *after = given(o, "after", AXES({m, NULL}), INTS, cases[c].after);
        record_integer(o, "lines kept", TESTED(lines_kept, f)(n, m, before, after),
                       most_lines_kept(n, m, before, after));
    }
    for (size_t c = 0; c < sizeof large / sizeof *large; c++) {
        static int rows[2][LONG];
        const int n = large[c].n, m = large[c].m;
        random_seed = (unsigned)c + 1;
        for (int i = 0; i < LONG; i++)
            for (int k = 0; k < 2; k++)
                rows[k][i] = (int)pick((unsigned)large[c].kinds);
        situation(o, "%s: %d and %d lines", large[c].about, n, m);
        const int *before = given(o, "before", AXES({n, NULL}), INTS, rows[0]),
                  *after = given(o, "after", AXES({m, NULL}), INTS, rows[1]);
        record_integer(o, "lines kept", TESTED(lines_kept, f)(n, m, before, after),
                       most_lines_kept(n, m, before, after));
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(first_disagreement),
     {
         MISTAKE(wrong_first_disagreement_nan_passes),
         MISTAKE(wrong_first_disagreement_infinity),
         MISTAKE(wrong_first_disagreement_itself),
         MISTAKE(wrong_first_disagreement_signed),
         MISTAKE(wrong_first_disagreement_infinite_scale),
         MISTAKE(wrong_first_disagreement_absolute),
         MISTAKE(wrong_first_disagreement_largest_signed),
         MISTAKE(wrong_first_disagreement_got_scale),
         MISTAKE(wrong_first_disagreement_last),
         MISTAKE(wrong_first_disagreement_zero_for_none),
         MISTAKE(wrong_first_disagreement_any_infinities),
         MISTAKE(wrong_first_disagreement_nan_and_nan),
         MISTAKE(wrong_first_disagreement_so_far),
         MISTAKE(wrong_first_disagreement_mean),
         MISTAKE(wrong_first_disagreement_count),
         MISTAKE(wrong_first_disagreement_thousandth),
     },
     {
         RIGHT(right_first_disagreement_backwards),
         RIGHT(right_first_disagreement_case_by_case),
         RIGHT(right_first_disagreement_pointers),
         RIGHT(right_first_disagreement_hints),
     }},
    {EXERCISE(reference_name),
     {
         MISTAKE(wrong_reference_name_no_indentation),
         MISTAKE(wrong_reference_name_no_blanks_behind),
         MISTAKE(wrong_reference_name_no_tabs),
         MISTAKE(wrong_reference_name_empty),
         MISTAKE(wrong_reference_name_something_behind),
         MISTAKE(wrong_reference_name_first_end),
         MISTAKE(wrong_reference_name_anywhere),
         MISTAKE(wrong_reference_name_start),
         MISTAKE(wrong_reference_name_brackets),
         MISTAKE(wrong_reference_name_trimmed),
         MISTAKE(wrong_reference_name_white_space),
         MISTAKE(wrong_reference_name_start_always),
         MISTAKE(wrong_reference_name_both_anywhere),
     },
     {
         RIGHT(right_reference_name_forward),
         RIGHT(right_reference_name_copy),
         RIGHT(right_reference_name_states),
         RIGHT(right_reference_name_hints),
     }},
    {EXERCISE(lines_kept),
     {
         MISTAKE(wrong_lines_kept_as_handed_out),
         MISTAKE(wrong_lines_kept_backwards),
         MISTAKE(wrong_lines_kept_above),
         MISTAKE(wrong_lines_kept_diagonal_not_reset),
         MISTAKE(wrong_lines_kept_any_order),
         MISTAKE(wrong_lines_kept_first_found),
         MISTAKE(wrong_lines_kept_in_one_piece),
         MISTAKE(wrong_lines_kept_at_most_n),
         MISTAKE(wrong_lines_kept_once_a_row),
         MISTAKE(wrong_lines_kept_last_row),
         MISTAKE(wrong_lines_kept_not_from_the_left),
     },
     {
         RIGHT(right_lines_kept_two_rows),
         RIGHT(right_lines_kept_from_the_back),
         RIGHT(right_lines_kept_by_cost),
         RIGHT(right_lines_kept_earliest_ends),
         RIGHT(right_lines_kept_hints),
     }},
};

/* What `die` says of a text, put into a message between the other two. */
static struct bytes said_of(const char *before, const char *text, const char *after)
{
    fflush(stdout);
    pid_t child = fork();
    ck_assert(child >= 0);
    if (child == 0) {
        if (freopen("../said", "w", stderr))
            die("%s%s%s", before, text, after);
        _exit(2);
    }
    int status;
    waitpid(child, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    struct bytes said = read_file("../said");
    keep(said.data);
    return said;
}

START_TEST(messages_are_one_clean_line)
{
    static const struct {
        const char *text, *shown;
    } all[] = {
        {"a b", "<a b>"},
        {"\033[31m", "<\\x1b[31m>"},
        {"\n\t\r", "<↵⇥\\x0d>"},
        {"\xff\xc3", "<\\xff\\xc3>"},
        {"\xe2\x80\xae", "<\\xe2\\x80\\xae>"},
        {"\xc2\x9b", "<\\xc2\\x9b>"},
        {"\xed\xa0\x80", "<\\xed\\xa0\\x80>"},
        {"é 東 🤖", "<é 東 🤖>"},
        {"%s%n", "<%s%n>"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct bytes said = said_of("<", all[i].text, ">");
        check_message(said, all[i].text);
        ck_assert_msg(strstr((char *)said.data, all[i].shown), "expected %s in %s",
                      all[i].shown, (char *)said.data);
    }
    /* However long it is, its beginning and its end are there, and whole characters. */
    static const char *const pieces[] = {"a", "é", "東", "🤖", "\033", "\xff", "ab\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t n = 20; n < 200000; n = n < 600 ? n + 1 : 3 * n) {
            char *text = grab(n + 4, 1);
            for (size_t at = 0; at + strlen(pieces[i]) <= n; at += strlen(pieces[i]))
                strcpy(text + at, pieces[i]);
            struct bytes said = said_of("the file: ", text, ": what is wrong");
            check_message(said, pieces[i]);
            ck_assert(strstr((char *)said.data, "the file: ") &&
                      strstr((char *)said.data, ": what is wrong\n"));
            free(text);
            n += n > 40 && n < 460 ? 30 : !thorough() && n < 600 ? 4 : 0;
        }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, tangle_writes_what_the_chapter_says);
    tcase_add_test(t, tangle_makes_exercises_replaceable);
    tcase_add_test(t, broken_code_is_known_until_it_is_changed);
    tcase_add_test(t, tangle_reads_every_kind_of_fence);
    tcase_add_test(t, tangle_reads_crlf_and_a_missing_last_newline);
    tcase_add_test(t, tangle_names_the_line_of_what_is_wrong);
    tcase_add_test(t, tangle_never_throws_an_edit_away);
    tcase_add_test(t, tangle_only_touches_what_changes);
    tcase_add_test(t, tangle_trusts_what_git_has);
    tcase_add_test(t, two_thousand_chunks);
    tcase_add_test(t, hostile_chapters);
    tcase_add_test(t, untangle_carries_edits_back);
    tcase_add_test(t, untangle_puts_lines_between_blocks);
    tcase_add_test(t, untangle_refuses_what_has_no_place);
    tcase_add_test(t, untangle_refuses_when_both_changed);
    tcase_add_test(t, untangle_without_a_base);
    tcase_add_test(t, untangle_is_all_or_nothing);
    tcase_add_test(t, untangle_keeps_crlf_and_fences_in_lists);
    tcase_add_test(t, untangle_knows_what_tangle_made);
    tcase_add_test(t, untangle_survives_a_formatter);
    tcase_add_test(t, untangle_clang_format);
    tcase_add_test(t, untangle_random_edits);
    tcase_add_test(t, check_names_what_is_wrong);
    tcase_add_test(t, check_sees_one_changed_word);
    tcase_add_test(t, transcripts_compare);
    tcase_add_test(t, transcripts_compare_lines);
    tcase_add_test(t, transcripts_run_commands);
    tcase_add_test(t, figures_are_finished);
    tcase_add_test(t, figure_data_are_compared);
    tcase_add_test(t, figure_labels_hold_any_text);
    tcase_add_test(t, figure_data_have_fixed_decimals);
    tcase_add_test(t, tensors_are_made_dumped_and_freed_once);
    tcase_add_test(t, options_are_taken_or_refused);
    tcase_add_test(t, a_closed_pipe_is_no_error);
    tcase_add_test(t, columns_of_a_terminal);
    tcase_add_test(t, bad_commands);
    tcase_add_test(t, messages_are_one_clean_line);
}

BOOK_TESTS("00_book", add_tests)
