/* toy.h: the whole model of a few numbers in the reference of a chapter, PROGRAM (defined in front).
 * Behind reference.h and chapter 9's header. */
#ifndef TEST_TOY_H
#define TEST_TOY_H

/* The toy of the reference. Its head is not tied to wte. */
struct toy {
    struct stored_file want;
    struct config config;
    struct weights weights;
    int T, *ids;
    float *flat, *head;
};

static inline struct toy open_toy(void)
{
    struct toy toy = {.want = open_reference(PROGRAM)};
    int *c = reference_ints(&toy.want, "toy.config", AXES({6, NULL}));
    double *epsilon = reference_doubles(&toy.want, "toy.epsilon", AXES({1, NULL}));
    toy.config = (struct config){c[0], c[1], c[2], c[3], c[4], c[5], (float)*epsilon};
    toy.T = reference_length(&toy.want, "toy.ids", 0);
    toy.ids = reference_ints(&toy.want, "toy.ids", AXES({toy.T, NULL}));
    toy.flat = grab(parameter_count(&toy.config), sizeof *toy.flat);
    toy.weights = lay_out_weights(&toy.config, toy.flat);
    for (int i = 0; i < tensor_count(&toy.config); i++) {
        struct tensor_place p = tensor_place(&toy.config, i);
        char *name = format_text("toy.weights.%s", p.name);
        const struct axis axes[] = {{p.shape[0], NULL}, {p.shape[1], NULL}};
        float *numbers = reference_floats(&toy.want, name, p.rank, axes);
        memcpy(get_tensor(&toy.weights, &toy.config, i), numbers, p.size * sizeof(float));
        free(numbers);
        free(name);
    }
    toy.head = reference_floats(&toy.want, "toy.weights.lm_head.weight",
                                AXES({toy.config.V, NULL}, {toy.config.C, NULL}));
    toy.weights.lm_head = toy.head;
    free(epsilon);
    free(c);
    return toy;
}

static inline void close_toy(struct toy *toy)
{
    close_stored(&toy->want);
    free_weights(&toy->weights);
    free(toy->flat);
    free(toy->ids);
    free(toy->head);
}

#endif
