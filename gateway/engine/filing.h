/* A document of a bank on its way: parsed, known or not, read through maps, taken or
   refused.  Internal to the engine. */
#ifndef PENSTOCK_GATEWAY_ENGINE_FILING_H
#define PENSTOCK_GATEWAY_ENGINE_FILING_H

#include "gateway/engine/machine.h"

struct parse {
    struct parse *next;
    struct iso_parse_options options;
    const struct shape_reader *own; /* its one reader; NULL: those of the first look */
    struct iso_parser *parser;
    const struct iso_outcome *outcome;
    char *source; /* name of the file */
};

/* What the store knows of an earlier document with the same id. */
struct known {
    bool asked, found;
    bool clash; /* the id was used for other content: this one goes by its digest */
    struct digest content;
    struct slice verdict, answer; /* owned */
};

struct inbox;

struct incoming {
    struct incoming *next;
    struct inbox *inbox;
    struct slice name, bytes; /* owned */
    struct digest digest;
    struct waiter waiter;
    struct configuration *configuration; /* what it was parsed under */
    struct parse *parses;
    struct known known;
    struct slice refusal; /* owned; absent: it was taken */
    bool decided;
    bool done; /* told to be filed, once that is durable */
};

/* One channel's documents, in order. */
struct inbox {
    struct slice channel; /* owned */
    struct incoming *first, *last;
    struct inbox *next;
};

/* What becomes of a document. */
struct filing {
    const struct config_channel *channel;
    struct facts facts; /* the moment, the channel, the header */
    struct slice id, definition;
    uint64_t number;
    bool repeat;           /* it came before, with the same content */
    struct writer refusal; /* empty: it is taken */
    struct slice answer;   /* id of our document that answers it */
    struct slice why;      /* what the log says instead of the refusal; absent: that */
};

/* --- inbox_refusal.c --- */
void filing_refuse(struct filing *filing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Tells the bank, by the refusal of the message as such; text: the refusal so far. */
void filing_refuse_message(struct engine *engine, struct filing *filing, const char *reason);
/* Of one that is not valid the log has all findings, without values. */
void filing_tell_log(struct engine *engine, struct filing *filing,
                     const struct error_list *findings);
/* false: it waits, and nothing has been done. */
bool filing_refuse_clash(struct engine *engine, struct incoming *incoming, struct filing *filing);
bool filing_refuse_invalid(struct engine *engine, struct incoming *incoming, struct filing *filing,
                           const struct error_list *findings);
/* Refuses what is not from the channel's bank or not to one of us, and copies. */
void filing_check_header(struct engine *engine, struct filing *filing);
/* Does the header say that it may have been sent before? */
bool filing_is_repeat(const struct filing *filing);

/* --- reading.c: a document through one map --- */

struct reading {
    struct incoming *incoming;
    struct filing *filing;
    const struct map *map;
    const struct iso_part *part; /* a record for each transaction */
};

const struct parse *parse_first(struct engine *engine, struct incoming *incoming);
void parses_free(struct incoming *incoming);
void filing_read_header(struct engine *engine, struct filing *filing, const struct parse *parse);
/* Finds the map that reads it; false: there is none. */
bool reading_choose(struct engine *engine, struct reading *reading);
/* The map that rejects the request in a document that is not valid, as far as it was
   read; false: there is none, or nothing of it. */
bool reading_rejection(struct engine *engine, struct incoming *incoming,
                       const struct filing *filing, const struct facts *facts,
                       struct translation *translation);
/* Can all records be read? */
bool reading_check(struct engine *engine, const struct reading *reading, struct error *error);
bool reading_facts(struct engine *engine, const struct reading *reading, size_t record,
                   struct facts *facts, struct error *error);
/* Writes one record for a broker, through another map of the same message. */
bool reading_write(struct engine *engine, const struct reading *reading, const struct map *map,
                   size_t record, const struct facts *facts, enum charset charset,
                   struct writer *writer, struct error *error);

/* --- status.c, deposit.c: false: it waits for the store, and nothing was done --- */
bool status_take(struct engine *engine, const struct reading *reading);
/* Finds what it speaks of; once that is true, status_refused() may tell of each of them
   that a word about it was refused. */
bool status_look(struct engine *engine, const struct reading *reading);
void status_refused(struct engine *engine, const struct reading *reading);
bool deposit_take(struct engine *engine, const struct reading *reading);
/* all_new: each transfer has a name, and none of them came before, nor any other in a
   message with this MsgId. */
bool deposit_look(struct engine *engine, const struct reading *reading, bool *all_new);

#endif
