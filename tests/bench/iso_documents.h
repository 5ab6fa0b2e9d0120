/* Made-up pacs.008 for the benchmarks: any number of transactions, with the
   Business Application Header where it is asked for. */
#ifndef PENSTOCK_TESTS_BENCH_ISO_DOCUMENTS_H
#define PENSTOCK_TESTS_BENCH_ISO_DOCUMENTS_H

#include "codecs/base/writer.h"

/* A valid pacs.008.001.08; indented: each element on a line of its own. */
void iso_document_write(struct writer *writer, unsigned transaction_count, bool indented);

#endif
