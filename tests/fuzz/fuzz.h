/* What the fuzz targets share. */
#ifndef PENSTOCK_TESTS_FUZZ_FUZZ_H
#define PENSTOCK_TESTS_FUZZ_FUZZ_H

#include "codecs/base/slice.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What must hold for every input, in every build. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The target: plays one input and aborts when something does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file of the repository, named from its root; freed with fuzz_free_file(). */
struct slice fuzz_read_file(const char *name);
void fuzz_free_file(struct slice bytes);

/* Does libxml2's verdict depend on where the document is cut?  In front of the root element
   its push parser takes "<!-->" and "<!--->" for whole comments. */
bool fuzz_cut_counts(struct slice xml);

/* FIX.4.4, FIX.4.2, and FIX.5.0SP2 on FIXT.1.1, with the messages of client money;
   read once, and kept. */
const struct fix_dictionary *fuzz_fix44(void);
const struct fix_dictionary *fuzz_fix42(void);
const struct fix_dictionary *fuzz_fixt(void);

#endif
