/* The insides of the simulated bank, shared by its files. */
#ifndef PENSTOCK_GATEWAY_PARTIES_BANK_PARTS_H
#define PENSTOCK_GATEWAY_PARTIES_BANK_PARTS_H

#include <uv.h>

#include "codecs/base/digest.h"
#include "codecs/base/moment.h"
#include "codecs/base/names.h"
#include "codecs/iso20022/parse.h"
#include "gateway/parties/bank.h"
#include "gateway/parties/journal.h"
#include "gateway/parties/runner.h"

/* --- bank_read.c: what a document says --- */

/* What the bank reads out of documents.  READ(identifier, path) per message. */
enum order_value {
    ORDER_MSG_ID,
    ORDER_INSTR_ID,
    ORDER_END_TO_END_ID,
    ORDER_TX_ID,
    ORDER_UETR,
    ORDER_AMOUNT,
    ORDER_CURRENCY,
    ORDER_VALUE_COUNT
};

enum reply_value { REPLY_END_TO_END_ID, REPLY_STATUS, REPLY_REASON, REPLY_VALUE_COUNT };

enum header_value { HEADER_ID, HEADER_DEFINITION, HEADER_VALUE_COUNT };

#define BANK_READER_COUNT 4

enum bank_message {
    BANK_HEADER,
    BANK_ORDER,   /* pacs.008 */
    BANK_REPLY,   /* pacs.002, for a deposit of ours */
    BANK_REFUSAL, /* admi.002 */
    BANK_MESSAGE_COUNT
};

struct bank_readers {
    const struct shape *shapes[BANK_MESSAGE_COUNT];
    struct shape_reader *at[BANK_MESSAGE_COUNT];
    struct iso_parse_options options;
};

bool bank_readers_init(struct bank_readers *readers, const struct iso_catalogue *catalogue,
                       struct error_list *errors);
void bank_readers_fini(struct bank_readers *readers);

/* NULL: not valid, *why says so.  *parser owns what the outcome lends. */
const struct iso_outcome *bank_read(const struct bank_readers *readers, struct slice bytes,
                                    struct iso_parser **parser, struct error *why);

/* --- bank_write.c: documents of the bank --- */

struct bank_field {
    const char *path;
    struct slice value; /* absent: left out */
};

struct bank;

/* Header, document and envelope into in/, by rename. */
void bank_write(struct bank *bank, const char *definition, struct slice id,
                const struct bank_field *fields, size_t count);
void bank_write_status(struct bank *bank, struct slice id, const struct slice *order,
                       struct slice status, struct slice reason, struct slice text);
void bank_write_refusal(struct bank *bank, struct slice id, struct slice refused,
                        struct slice reason, struct slice text);
/* Any bytes at all. */
void bank_write_file(struct bank *bank, const char *name, struct slice bytes);

/* --- bank_answer.c: what it says to an order, and when --- */

struct bank_rule {
    struct slice amount; /* exact text, or ".12" for the cents; absent: any */
    struct slice statuses;
    struct slice reason, text;
    uint64_t delay_ms;
};

struct answer_due {
    struct answer_due *next;
    uint64_t due_ms;
    struct slice id; /* of the document that is answered */
    unsigned number; /* of the answer, from 1 */
    struct slice order[ORDER_VALUE_COUNT];
    struct bank_rule rule;
    struct slice statuses; /* those that are still to be given */
};

/* answered: how many answers were given in an earlier life. */
void bank_answer(struct bank *bank, struct slice id, const struct iso_part *order,
                 unsigned answered);
void bank_answers_go(struct bank *bank);
void bank_due_free(struct answer_due *due);

/* --- all of it --- */

/* A document of the gateway that was taken. */
struct taken {
    struct slice id;
    struct digest digest;
    unsigned answered;
    bool finished; /* all answers were given */
};

/* A deposit that the bank announced. */
struct announced {
    struct slice id;
    struct slice status, reason; /* the last that it was told; absent: nothing yet */
};

struct bank {
    const struct bank_options *options;
    uv_loop_t loop;
    uv_timer_t pulse;
    uv_fs_event_t watch;
    uv_signal_t terminate, interrupt;
    struct moment now;
    struct journal journal;
    struct arena arena; /* as long as the bank */
    struct bank_readers readers;
    struct runner runner;
    struct bank_rule *rules; /* the script's, newest last */
    size_t rule_count, rule_room;
    struct answer_due *due; /* by time */
    struct taken *taken;
    size_t taken_count, taken_room;
    struct names taken_ids;
    struct announced *announced;
    size_t announced_count, announced_room;
    struct names announced_ids;
    size_t orders, repeats, differing, invalid, refusals, answers;
    const char *out, *in, *taken_folder;
    bool ending;
};

/* Lives as long as the bank. */
const char *bank_path(struct bank *bank, const char *folder, const char *name);

/* --- bank_take.c --- */
void bank_look(struct bank *bank);
/* What was taken in an earlier life is answered to its end. */
void bank_resume(struct bank *bank);
journal_reader bank_remember;

/* --- bank_script.c --- */
step_function bank_step;
void bank_note_announced(struct bank *bank, struct slice id);

/* --- outline.c: a document as indented lines of names and values --- */
void outline_write(struct slice document, struct writer *writer);

#endif
