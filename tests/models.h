/* models.h: models of any shape, for tests of what a program does with them. Behind program.h and
 * chapter 2's header or a later one. */
#ifndef TEST_MODELS_H
#define TEST_MODELS_H

#include "hash_weights.h"

/* A model of that shape whose numbers are spread over -scale … scale (0: all are 0), written to
 * the test's folder. Returns its path. */
static inline char *made_model(struct config c, double scale)
{
    static int count;
    const size_t n = parameter_count(&c);
    float *flat = grab(n, sizeof *flat);
    uniform("models", n, scale, flat);
    struct weights w = lay_out_weights(&c, flat);
    char *path = format_text("%s/model_%d", folder, count++);
    write_checkpoint(path, &c, &w);
    free_weights(&w);
    free(flat);
    return path;
}

/* One token, the smallest shapes, a model of zeros: numbers or a sentence, never a nan. */
START_TEST(degenerate_input_prints_numbers)
{
    const struct config shapes[] = {{4, 2, 1, 1, 1, 1, 1e-5f}, {4, 5, 4, 2, 2, 3, 1e-5f}};
    for (size_t i = 0; i < 2; i++)
        for (int zero = 0; zero < 2; zero++) {
            char *model = made_model(shapes[i], zero ? 0 : 0.5);
            const char *ids[] = {"0", "1 0", "0 1 0 1"};
            for (size_t k = 0; k < 3; k++) {
                char *arguments = format_text("--model '%s' --ids '%s' --figures '%s/f'",
                                              model, ids[k], folder);
                ck_assert_msg(run_program(arguments) == 0, "%s: %s", arguments,
                              (char *)errors.data);
                const char *text = (char *)output.data;
                ck_assert_msg(!strstr(text, "nan") && !strstr(text, " inf"), "%s: %s",
                              arguments, text);
                ck_assert_msg(!strstr(text, " 1 tokens") && !strstr(text, " 1 blocks"),
                              "%s: %s", arguments, text);
            }
        }
}
END_TEST

#endif
