/* The insides of the simulated broker, shared by its files. */
#ifndef PENSTOCK_GATEWAY_PARTIES_BROKER_PARTS_H
#define PENSTOCK_GATEWAY_PARTIES_BROKER_PARTS_H

#include <uv.h>

#include "codecs/base/digest.h"
#include "codecs/base/names.h"
#include "codecs/fix/session.h"
#include "gateway/net/connection.h"
#include "gateway/parties/broker.h"
#include "gateway/parties/journal.h"
#include "gateway/parties/runner.h"

/* --- broker_tally.c: what was asked for, and what was told of it --- */

/* What a request has reached, as bits: several may be true. */
enum request_mark {
    REQUEST_RECEIPT = 1 << 0,  /* DZ */
    REQUEST_ACCEPTED = 1 << 1, /* EA with 2823=1 */
    REQUEST_PENDING = 1 << 2,
    REQUEST_IN_DOUBT = 1 << 3,
    REQUEST_SETTLED = 1 << 4,
    REQUEST_REFUSED = 1 << 5,
};

#define REQUEST_FINAL (REQUEST_SETTLED | REQUEST_REFUSED)

struct request {
    struct slice id;
    unsigned marks;
    struct slice reason;                   /* RejectText; absent: none */
    int64_t sent_ns, receipt_ns, final_ns; /* steady; 0: not yet, or in an earlier life */
};

struct report {
    struct slice id;
    struct digest body; /* a repeat under the same id says the same */
};

struct tally {
    struct arena arena;
    struct request *requests;
    size_t request_count, request_room;
    struct names request_ids;
    struct report *reports;
    size_t report_count, report_room;
    struct names report_ids;
    size_t repeats, receipts, finals, deposits, deposits_accepted, deposits_refused, echoes,
        problems;
};

/* --- broker_line.c: the connection and its FIX session --- */

struct kept_message {
    uint64_t number;
    struct slice bytes;
};

/* Waits for the next logon, or for the end of what is being heard. */
struct queued_message {
    struct queued_message *next;
    struct slice msg_type, header, body; /* behind it */
};

struct broker_line {
    struct sockaddr_storage address;
    struct connection *connection; /* NULL: there is none */
    struct fix_session *session;   /* NULL: not connected */
    struct writer received;
    uint64_t next_in, next_out;
    struct kept_message *kept; /* application messages that were sent, for resends */
    size_t kept_count, kept_room;
    struct queued_message *queue, **queue_end;
    bool logged_on, draining;
    uv_timer_t tick, redial;
    unsigned logons, ends;
};

/* --- all of it --- */

enum deposit_answer {
    DEPOSITS_ACCEPT,
    DEPOSITS_REFUSE,
    DEPOSITS_DISPUTE,
    DEPOSITS_IGNORE,
};

struct broker {
    const struct broker_options *options;
    uv_loop_t loop;
    uv_timer_t pulse; /* load, script and patience look at the time */
    uv_signal_t terminate, interrupt;
    struct moment now;
    struct journal journal;
    struct arena kept; /* as long as the broker */
    struct broker_line line;
    struct tally tally;
    struct runner runner;
    enum deposit_answer deposits;
    struct slice deposit_reason, deposit_text;
    struct writer seen; /* application messages in, a line each, for expect-message */
    uint64_t load_sent;
    int64_t load_start_ns, progress_ns;
    bool ending, failed;
};

void broker_now(struct broker *broker);

void tally_init(struct tally *tally);
void tally_fini(struct tally *tally);
/* Made when it is not known yet. */
struct request *tally_request(struct tally *tally, struct slice id);
const struct request *tally_find(const struct tally *tally, struct slice id);
/* An application message of the gateway; live: it came now, not from the journal. */
void broker_hear(struct broker *broker, const struct fix_message *message, bool live);
bool broker_all_final(const struct broker *broker);
void broker_print_summary(const struct broker *broker);

bool broker_line_open(struct broker *broker, struct error *error);
void broker_line_close(struct broker *broker);
/* Sends, or keeps for the next logon.  header: "97=Y" with SOH, or absent. */
void broker_send(struct broker *broker, struct slice msg_type, struct slice header,
                 struct slice body);
void broker_drop(struct broker *broker); /* without a word */
void broker_logout(struct broker *broker);
/* A line of the journal, read at the start. */
void broker_remember(void *owner, struct slice word, struct slice rest);

void broker_withdraw(struct broker *broker, const struct broker_order *order);
void broker_answer(struct broker *broker, struct slice report_id, unsigned status);

step_function broker_step;

/* --- broker_show.c --- */
/* The message at the front of bytes, if there is a whole one. */
void broker_show(const struct broker *broker, bool from_us, struct slice bytes);
/* The message in bytes; fields are the caller's. */
bool broker_parse(const struct broker *broker, struct slice bytes, struct fix_field *fields,
                  size_t room, struct fix_message *message);

#endif
