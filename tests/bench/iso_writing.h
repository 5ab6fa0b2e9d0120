/* What writing a pacs.008 with its header costs, beside xmlTextWriter. */
#ifndef PENSTOCK_TESTS_BENCH_ISO_WRITING_H
#define PENSTOCK_TESTS_BENCH_ISO_WRITING_H

#include "codecs/iso20022/catalogue.h"

/* Prints the lines of the table. */
void iso_writing_measure(const struct iso_catalogue *catalogue, unsigned round_ms);

#endif
