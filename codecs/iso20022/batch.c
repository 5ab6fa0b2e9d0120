/* Feeds a parser in small pieces and stops it whenever a batch is full. */
#include "codecs/iso20022/batch.h"

#include "codecs/iso20022/parser.h"

#include <assert.h>
#include <stdlib.h>

struct iso_batches {
    struct iso_parse_options options;
    struct iso_gather gather;
    struct iso_parser *parser;
    struct slice bytes; /* not yet fed */
    bool last;          /* nothing comes behind them */
    bool ended;         /* the parser knows */
    bool lent;          /* the batch was handed out */
    uint64_t next;      /* the number of the next record */
};

bool iso_batches_can_read(const struct shape_reader *reader, struct error *error)
{
    return reader->behind.at == NULL ||
           error_at(error, &shape_bad_path, PLACE_NONE,
                    "%.*s: it comes behind what is read one by one", SLICE_ARG(reader->behind));
}

struct iso_batches *iso_batches_new(const struct iso_batch_options *options, const char *source)
{
    assert(options->parse.reader_count == 1 && options->first > 0);
    const struct shape_reader *reader = options->parse.readers[0];
    assert(reader->behind.at == NULL);
    struct iso_batches *batches = memory_take(sizeof *batches);
    *batches = (struct iso_batches){ .options = options->parse,
                                     .bytes = SLICE(""),
                                     .next = options->first };
    iso_gather_init(&batches->gather, reader, options->first, options->count_max,
                    options->parse.memory_max);
    batches->parser = iso_parser_new(&batches->options, source);
    batches->parser->gather = &batches->gather;
    return batches;
}

void iso_batches_free(struct iso_batches *batches)
{
    if (batches == NULL)
        return;
    iso_parser_free(batches->parser);
    iso_gather_fini(&batches->gather);
    free(batches);
}

void iso_batches_feed(struct iso_batches *batches, struct slice bytes, bool last)
{
    assert(!batches->last &&
           (batches->bytes.size == 0 || iso_batches_findings(batches)->count > 0));
    batches->bytes = bytes;
    batches->last = last;
}

/* false: there is nothing that could be fed. */
static bool push_piece(struct iso_batches *batches)
{
    struct slice piece = batches->bytes;
    if (batches->ended || (piece.size == 0 && !batches->last))
        return false;
    if (piece.size > ISO_PIECE_SIZE_MAX)
        piece.size = ISO_PIECE_SIZE_MAX;
    batches->bytes = slice_after(batches->bytes, piece.size);
    batches->ended = batches->last && batches->bytes.size == 0;
    return iso_parser_push(batches->parser, piece, batches->ended);
}

static void fill(struct iso_batches *batches)
{
    while (!iso_gather_full(&batches->gather)) {
        if (!iso_parser_step(batches->parser) && !push_piece(batches))
            break;
    }
}

static bool is_done(const struct iso_batches *batches)
{
    return batches->ended && !iso_gather_full(&batches->gather);
}

bool iso_batches_next(struct iso_batches *batches, struct iso_batch *batch)
{
    struct iso_gather *gather = &batches->gather;
    if (batches->lent)
        iso_gather_reset(gather);
    batches->lent = false;
    fill(batches);
    if (is_done(batches))
        iso_parser_finish(batches->parser);
    bool due = iso_gather_full(gather) || (is_done(batches) && gather->count > 0);
    if (!due || iso_batches_findings(batches)->count > 0)
        return false;
    *batch = (struct iso_batch){ batches->next, gather->records, gather->count };
    batches->next += gather->count;
    batches->lent = true;
    return true;
}

const struct error_list *iso_batches_findings(const struct iso_batches *batches)
{
    return &batches->parser->outcome.errors;
}
