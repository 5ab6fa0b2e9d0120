/* The insides of the engine, shared by its files and by nobody else.

   What happens outside comes in through engine_take() and ends, always within
   the same call, as rows in the gathering batch and as effects.  Work that
   needs something out of the store is parked with a waiter and run again from
   its start when the answer is there: so nothing may be changed before all that
   is needed has been asked for. */
#ifndef PENSTOCK_GATEWAY_ENGINE_MACHINE_H
#define PENSTOCK_GATEWAY_ENGINE_MACHINE_H

#include "codecs/base/bic.h"
#include "codecs/base/iban.h"
#include "codecs/base/names.h"
#include "codecs/fix/session.h"
#include "codecs/iso20022/parse.h"
#include "gateway/engine/alert.h"
#include "gateway/engine/archive.h"
#include "gateway/engine/deadlines.h"
#include "gateway/engine/effects.h"
#include "gateway/engine/judge.h"
#include "gateway/engine/keys.h"
#include "gateway/engine/limits.h"
#include "gateway/engine/random.h"
#include "gateway/engine/rate.h"
#include "gateway/engine/store_state.h"
#include "gateway/engine/throttle.h"
#include "routing/custody/custody.h"
#include "routing/custody/owned.h"
#include "routing/custody/table.h"

/* --- configuration.c: one version of it, kept while a session still uses it --- */

struct configuration {
    struct config *config;
    unsigned users;
    /* For the first look at a bank's document: the header's reader, and that of
       the first map that can read each message. */
    const struct shape_reader **readers;
    size_t reader_count, reader_room;
    struct iso_learned *learned;           /* of banks' documents */
    struct arena arena;                    /* for the next */
    const struct config_session **derived; /* sessions by templates */
    struct names derived_names;
    size_t derived_count, derived_room;
};

struct configuration *configuration_new(struct config *config);
struct configuration *configuration_use(struct configuration *configuration);
void configuration_drop(struct configuration *configuration);
/* The session of this name, also one by a template; NULL: it has none. */
const struct config_session *configuration_session(struct configuration *configuration,
                                                   struct slice name);
void configuration_record(struct engine *engine); /* in the store, by its hash */

/* --- instructions.c: those in memory --- */

struct waiter;

/* What the document that is being read says of an instruction. */
struct heard {
    unsigned outcome; /* as custody_outcome() */
    bool at_odds;     /* two outcomes */
    bool noted;       /* that the document is not valid */
};

struct entry {
    struct table_entry by_number;
    uint64_t number;
    struct instruction *instruction; /* NULL: the store has none of this number */
    struct deadline deadline;
    bool fetching, dirty, writing;
    bool fetched; /* had ended when the store told of it, or is not there */
    struct heard heard;
    struct entry *next_fetched, **fetched_place;
    unsigned pins;           /* waiters that need it in memory */
    struct waiter **waiters; /* those that wait for the fetch */
    size_t waiter_count, waiter_room;
};

struct entry_list {
    struct entry **at;
    size_t count, room;
};

/* Work that waits for answers of the store. */
struct waiter {
    unsigned open; /* answers that have not come yet */
    struct entry_list pinned;
    struct lookup *lookups;
    void (*resume)(struct engine *engine, void *owner); /* when open falls to 0 */
    void *owner;
};

struct entry *instructions_add(struct engine *engine, struct instruction *instruction);
/* The entry when it is in memory (its instruction is NULL when there is none);
   NULL: the waiter will be resumed.  The entry stays until waiter_done(). */
struct entry *instructions_want(struct engine *engine, uint64_t number, struct waiter *waiter);
/* What is in memory right now; NULL: not there. */
struct entry *instructions_find(struct engine *engine, uint64_t number);
void instructions_changed(struct engine *engine, struct entry *entry);
/* Puts changed ones into the batch; frees ended ones of the batch before. */
void instructions_write(struct engine *engine, struct batch *batch);
void instructions_committed(struct engine *engine);
void instructions_fini(struct engine *engine);
/* How many instructions carry this asker's id (INDEX_REQUEST) or UETR
   (INDEX_PAYMENT) or, at this channel, this InstrId (INDEX_ORDER), and one of
   them; false: it waits. */
bool instructions_with(struct engine *engine, enum index_kind kind, struct slice scope,
                       struct slice id, struct waiter *waiter, struct entry **found,
                       unsigned *count);
void instructions_arm(struct engine *engine);
/* The lowest number of an ended one that somebody works on; UINT64_MAX: none. */
uint64_t instructions_lowest_ended(const struct engine *engine);
void waiter_answered(struct engine *engine, struct waiter *waiter);
void waiter_done(struct engine *engine, struct waiter *waiter);
/* All that it waited for is gone. */
void waiter_forget(struct waiter *waiter);

/* May it still change by itself? */
bool instruction_live(const struct instruction *instruction);

/* --- transition.c: what happens to an instruction, recorded --- */

/* Why an instruction changes. */
struct cause {
    const char *what; /* as in struct event_row */
    struct slice who;
    struct slice text;
};

/* Takes it to the state with its money, event and log line; false: *error says
   why not, and nothing has changed. */
bool instruction_enter(struct engine *engine, struct entry *entry, enum instruction_state state,
                       const struct cause *cause, struct error *error);
void instruction_note(struct engine *engine, struct entry *entry, const struct cause *cause);
/* No final answer within what its channel allows: in doubt.  config: what it was
   decided under. */
void instruction_expect_answer(struct engine *engine, struct entry *entry,
                               const struct config *config);
void instruction_overdue(struct engine *engine, struct entry *entry);
/* A loaded one: its deadline is set, and a doubt is told again, for what told of
   it first may have been lost. */
void instruction_arm(struct engine *engine, struct entry *entry);
void movement_record(struct engine *engine, const struct movement *movement, uint64_t instruction,
                     unsigned sequence, struct slice who);

/* --- reads.c: questions to the store that are under way --- */

typedef void read_taker(struct engine *engine, void *owner, const struct answer *answer);

struct read {
    struct read *next;
    struct query query; /* session and id are owned */
    read_taker *take;
    void *owner;
    bool failed; /* to be asked again */
};

/* The answer knows all that has been recorded before. */
void reads_ask(struct engine *engine, const struct query *query, read_taker *take, void *owner);
/* The answer knows what was recorded up to this batch, and comes sooner. */
void reads_ask_behind(struct engine *engine, const struct query *query, uint64_t batch,
                      read_taker *take, void *owner);
void reads_answer(struct engine *engine, const struct input *input);
void reads_again(struct engine *engine);
/* The owner is gone, or wants no more answers of this kind (NULL: of any). */
void reads_forget(struct engine *engine, const void *owner, read_taker *take);
/* The lowest number of an instruction whose document is asked for; UINT64_MAX: none. */
uint64_t reads_lowest_document(const struct engine *engine);
void reads_fini(struct engine *engine);

struct broker_session;
struct wire; /* wire.h */

/* --- broker_session.c: a FIX session, with or without a connection --- */

struct parked_message {
    struct parked_message *next;
    uint64_t number, generation;
    bool possible_resend, over_rate;
    size_t size;
    char bytes[];
};

struct broker_session {
    struct slice name;
    struct configuration *configuration; /* whose dictionary the machine reads with */
    const struct config_session *config; /* in that configuration */
    struct fix_session *machine;
    struct wire *wire; /* NULL: nobody is connected */
    uint64_t generation;
    uint64_t reserved;                /* numbers below it are durably ours */
    uint64_t reserving;               /* when the batch under way is committed; 0: nothing new */
    uint64_t loaded_in, loaded_out;   /* as the store has it */
    uint64_t burnt, burnt_generation; /* before a rebuild, numbers below it may have been used */
    uint64_t first_out;               /* next_out when its connection began */
    bool dirty, pumping, ended;
    bool talks; /* what was sent last is no report on money */
    bool in_period, disabled;
    int64_t followed_ns; /* UTC until which its schedule was followed */
    /* Kept messages that no connection has had; when we reset the session, from the first
       report that the peer has not shown to have.  0: none. */
    uint64_t untold_first, untold_next;
    struct deadline schedule;
    bool initiates; /* the connection is one that we have dialled */
    bool dialling;  /* nobody knows yet whether there will be one */
    unsigned dial_count, dial_failures;
    struct deadline dial;
    const struct fix_fault *end_fault;
    struct parked_message *parked_first, *parked_last;
    unsigned parked_count;
    size_t parked_size;
    struct waiter waiter; /* of the first parked message */
    struct rate rate;     /* of its application messages */
    bool rate_told;       /* that the last one was over it */
    struct outgoing_message *outgoing_first, *outgoing_last;
    uint64_t replay_first, replay_last; /* what is left of the range */
    bool replay_tells;                  /* what no connection has had, too */
    bool replay_waits;                  /* until the peer has taken what was repeated */
    struct index echoes, older_echoes;  /* ClOrdIDs since the Logon */
    struct deadline deadline;
    struct broker_session *next_pumped;
    struct broker_session *next_dirty, *next_reserving;
};

/* --- dial.c: connections to brokers that we begin --- */

/* Of a session that is one of them, and has no connection; others are left alone. */
void dial_at_once(struct engine *engine, struct broker_session *session);
void dial_later(struct engine *engine, struct broker_session *session);
void dial_due(struct engine *engine, struct broker_session *session);
void dial_failed(struct engine *engine, const struct input *input);

/* --- schedule.c: when sessions are open --- */

/* Does what the schedule wants done by now. */
void schedule_follow(struct engine *engine, struct broker_session *session);
void schedules_follow(struct engine *engine);
/* The clock was set: all are to be looked at. */
void schedules_wake(struct engine *engine);
/* When its period ends, or the next one begins; 0: never. */
int64_t schedule_bound_ns(const struct engine *engine, const struct broker_session *session);
/* May a broker be connected now? */
bool session_open(const struct engine *engine, const struct broker_session *session);
/* Why not, and until when. */
const struct fix_fault *session_closed_fault(const struct broker_session *session);
struct slice session_closed_text(struct engine *engine, const struct broker_session *session);

struct broker_session *broker_session_named(const struct engine *engine, struct slice name);
struct broker_session *broker_session_add(struct engine *engine, struct slice name); /* a new one */
void broker_sessions_configure(struct engine *engine);
void broker_sessions_load(struct engine *engine, const struct session_row *row);
void broker_sessions_begin(struct engine *engine);
void broker_sessions_forget(struct engine *engine);
/* The store cannot write: says so to all that are connected.  What the store
   tells is then loaded. */
void broker_sessions_hang_up(struct engine *engine);
void broker_sessions_fini(struct engine *engine);
void broker_sessions_write(struct engine *engine, struct batch *batch);
void broker_sessions_committed(struct engine *engine);
void broker_sessions_dirty(struct engine *engine);
void broker_sessions_logout(struct engine *engine, struct slice text);
/* The store has caught up: what was parked meanwhile goes on, each session in
   its turn. */
void broker_sessions_resume(struct engine *engine);
bool broker_sessions_quiet(const struct engine *engine);

extern const struct error_kind broker_session_charset;

/* What a session's messages are decided under: the newest configuration, unless
   the session is no longer in it. */
struct session_terms {
    struct configuration *configuration;
    const struct config_session *session;
};

struct session_terms broker_session_terms(const struct engine *engine,
                                          const struct broker_session *session);

void broker_session_prepare(struct broker_session *session);
void broker_session_configure(struct engine *engine, struct broker_session *session);
void broker_session_restart(struct engine *engine, struct broker_session *session, uint64_t next_in,
                            uint64_t next_out);
void broker_session_logout(struct engine *engine, struct broker_session *session,
                           struct slice text);
uint64_t broker_session_burn(const struct engine *engine, struct broker_session *session);
void broker_session_forget_messages(struct broker_session *session);
void broker_session_attach(struct engine *engine, struct broker_session *session,
                           struct wire *wire);
void broker_session_detach(struct engine *engine, struct broker_session *session);
/* Can it take more messages now? */
bool broker_session_free(const struct broker_session *session);
bool broker_session_live(const struct broker_session *session);
/* Queues an application message in the version of the session's dictionary; its number
   comes when the machine is next pumped, at the latest at the end of this input.
   _answer, _echo: in the version of message; the body of an answer is UTF-8 and goes out in
   the session's charset. */
void broker_session_send(struct engine *engine, struct broker_session *session,
                         struct slice msg_type, struct slice header, struct slice body);
void broker_session_send_answer(struct engine *engine, struct broker_session *session,
                                const struct fix_message *message, struct slice msg_type,
                                struct slice header, struct slice body);
void broker_session_send_echo(struct engine *engine, struct broker_session *session,
                              const struct fix_message *message, struct slice header,
                              struct slice body);
/* A Reject, for versions without BusinessMessageReject. */
void broker_session_reject(struct engine *engine, struct broker_session *session, uint64_t number,
                           struct slice msg_type, struct slice header,
                           const struct fix_fault *fault);
/* Performs what the machine says and feeds it with what is queued. */
void broker_session_pump(struct engine *engine, struct broker_session *session);
void broker_session_tick(struct engine *engine, struct broker_session *session);
void broker_session_resume(struct engine *engine, struct broker_session *session);
/* While its connection is not read the peer's silence does not count. */
void broker_session_listen(struct engine *engine, struct broker_session *session, bool listens);
void broker_session_dirty(struct engine *engine, struct broker_session *session);
void broker_sessions_pump(struct engine *engine);

/* --- broker_numbers.c --- */

/* The batch that makes a session message's number ours; 0: it is ours already. */
uint64_t broker_session_reserve(struct engine *engine, struct broker_session *session,
                                uint64_t number);
/* A number for a message outside the session machine, and the batch that makes it ours. */
uint64_t broker_session_spend(struct engine *engine, struct broker_session *session,
                              uint64_t *batch);
/* By our configuration its numbers begin at 1 again now and then: what the peer has not
   by then it can't ask for. */
bool broker_session_resets(const struct broker_session *session);
/* Follows what the peer has shown that it has. */
void broker_session_proved(struct engine *engine, struct broker_session *session);
/* This message is kept, and no connection has had it. */
void broker_session_untold(struct broker_session *session, uint64_t number);
/* A connection has had all up to this one. */
void broker_session_told(struct engine *engine, struct broker_session *session, uint64_t last);
/* The machine counts from 1 again; what no connection has had goes along. */
void broker_session_begin_generation(struct engine *engine, struct broker_session *session);
/* Both sides begin at 1 again, while nobody is connected. */
void broker_session_reset(struct engine *engine, struct broker_session *session);

/* --- replay.c: what the peer asks for again --- */
void replay_begin(struct engine *engine, struct broker_session *session, uint64_t first,
                  uint64_t last);
void replay_forget(struct engine *engine, struct broker_session *session);
/* The peer has taken what was repeated. */
void replay_go_on(struct engine *engine, struct broker_session *session);

/* --- message.c: an application message of a broker --- */

struct delivery {
    struct broker_session *session;
    struct session_terms terms; /* message was read with their dictionary */
    const struct fix_message *message;
    uint64_t number;
    bool possible_resend;
    bool over_rate;                       /* more than the session may send */
    const struct config_channel *channel; /* that DeliverToCompID names; NULL: it names none */
};

/* The channel that DeliverToCompID (128) names, by name or BIC; NULL: it names
   none.  false: there is no such channel. */
bool message_channel(const struct config *config, const struct fix_message *message,
                     const struct config_channel **channel);

/* false: it waits for the store, and nothing has been done yet. */
bool message_take(struct engine *engine, struct delivery *delivery);

enum business_reason { /* BusinessRejectReason (380) */
                       BUSINESS_OTHER = 0,
                       BUSINESS_UNKNOWN_ID = 1,
                       BUSINESS_UNSUPPORTED = 3,
                       BUSINESS_FIELD_MISSING = 5,
                       BUSINESS_NO_DELIVERY = 7,
                       BUSINESS_THROTTLED = 8, /* FIX.5.0SP2 */
};

/* Further header fields of an answer to message: the third parties that it came by. */
struct slice message_answer_header(struct engine *engine, const struct fix_message *message,
                                   bool repeat);
void message_refuse(struct engine *engine, const struct delivery *delivery,
                    enum business_reason reason, struct slice id, struct slice text);

/* --- translate.c: maps at work --- */

struct translation {
    const struct map *map;
    struct surroundings around;
    struct record record;
};

/* The first map of this use and flow whose condition holds.  message NULL: one
   that reads facts only.  false: there is none. */
bool translation_find(struct engine *engine, struct translation *translation,
                      const struct config *config, enum map_use use,
                      const struct fix_message *message, const struct config_session *session,
                      struct slice flow, const struct facts *facts);
/* Prepares one that is known by name. */
void translation_with(struct engine *engine, struct translation *translation, const struct map *map,
                      const struct fix_message *message, const struct config_session *session,
                      const struct facts *facts);
bool translation_write(struct translation *translation, struct writer *writer, struct error *error);
struct slice translation_msg_type(const struct config_session *session, const struct map *map);
/* A broker's message as it was kept; false: the dictionary does not read it. */
const struct shape *message_shape(const struct fix_message *message);
bool message_read(const struct config_session *session, struct slice bytes, struct arena *arena,
                  struct fix_message *message);
/* A map failed on something that it should not: an alert. */
void map_failed(struct engine *engine, struct slice map, struct slice what,
                const struct error *error);

/* --- echo.c --- */
void echo_take(struct engine *engine, const struct delivery *delivery);

/* --- request.c: W1 --- */
bool request_take(struct engine *engine, const struct delivery *delivery,
                  const struct translation *translation, struct facts *facts);
/* An operator's word on a held one; false: it can't be decided again. */
bool request_release(struct engine *engine, struct entry *entry, const struct cause *cause);
void request_refuse(struct engine *engine, struct entry *entry, const struct cause *cause);

/* --- answer.c: EB --- */
bool answer_take(struct engine *engine, const struct delivery *delivery, struct facts *facts);

/* --- decision.c: what the rules and custody say, for both flows --- */

struct decision {
    enum rule_action action;
    const struct rule *rule; /* NULL: no rule, a check or custody */
    struct slice name;       /* of the rule, or "check", "custody" */
    struct refusal refusal;  /* REFUSE */
    const struct link *link; /* NULL: none was found */
};

/* facts has what a map has read; on return also the rest that is known.  When
   custody has nothing against it the instruction has the link's payee. */
void decision_make(struct engine *engine, const struct config *config,
                   struct instruction *instruction, struct facts *facts, const struct rule *after,
                   const struct surroundings *around, struct decision *decision);
const struct rule *rule_named(const struct config *config, struct slice name);
void refusal_set(struct refusal *refusal, struct slice code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- verdict.c --- */
/* "CODE words" */
void refusal_text(const struct refusal *refusal, char *text, size_t room);
void verdict_explain(struct verdict *verdict, struct slice text);
/* State, money, event and log; what is to be told is the caller's.  false: the
   state does not allow it; *error says so, nothing has changed. */
bool verdict_carry_out(struct engine *engine, struct entry *entry, const struct verdict *verdict,
                       struct slice code, const struct cause *cause, struct error *error);
void say_contradiction(struct engine *engine, const struct instruction *instruction,
                       const struct cause *cause);

/* --- report.c: DZ and EA --- */

struct report {
    int trans_type, request_status, payment_status; /* -1: left out */
    struct slice reject_text, text;
    struct slice time, settled_on; /* ISO; time absent: now */
};

extern const struct error_kind report_impossible;

/* message: the request, which the maps read; NULL: that of the instruction is
   read again. */
void report_receipt(struct engine *engine, const struct instruction *instruction,
                    const struct fix_message *message, bool repeat);
void report_send(struct engine *engine, struct instruction *instruction,
                 const struct fix_message *message, const struct report *report);
void report_verdict(struct engine *engine, struct instruction *instruction,
                    const struct fix_message *message, const struct verdict *verdict,
                    const struct facts *said);
void report_repeat(struct engine *engine, const struct instruction *instruction);

/* --- facts_fill.c --- */
void facts_begin(struct engine *engine, struct facts *facts);
/* What the header of a message of the session says. */
void facts_message(struct engine *engine, struct facts *facts, const struct config_session *session,
                   const struct fix_message *message);
void facts_session(struct facts *facts, const struct config_session *session);
void facts_channel(struct facts *facts, const struct config_channel *channel);
void facts_link(struct facts *facts, const struct link *link);
void facts_instruction(struct engine *engine, struct facts *facts,
                       const struct instruction *instruction);
void facts_report(struct engine *engine, struct facts *facts, const struct report *report,
                  struct slice id);
/* What the rules decide on, out of the instruction group. */
void facts_decision(struct facts *facts, const struct link *link);
/* Takes the instruction group over into the instruction. */
void instruction_take_facts(struct instruction *instruction, const struct facts *facts);
struct digest facts_content(const struct facts *facts);
struct slice time_text(struct engine *engine, int64_t utc_ns);
struct slice digest_text(struct engine *engine, const struct digest *digest);
struct date date_at(int64_t utc_ns, int offset_minutes);

/* --- document.c: what goes to a bank --- */

struct document {
    struct table_entry by_id;
    struct slice id, channel, definition, bytes; /* owned */
    uint64_t instruction;
    int64_t utc_ns;
    struct deadline deadline;
    struct document *next, *previous;
};

extern const struct error_kind document_without_map;

/* Writes header, document and envelope, and judges them by the channel's profile;
   NULL: *error says why.  Nothing is recorded yet. */
struct document *document_write(struct engine *engine, const struct config *config,
                                const struct config_channel *channel,
                                struct translation *translation, struct slice id,
                                uint64_t instruction, struct facts *facts, struct error *error);
struct document *document_of_row(const struct document_row *row);
void document_free(struct document *document);
/* Answers the bank about what it asked for; reason and text may be absent. */
void reply_send(struct engine *engine, struct instruction *instruction, struct slice code,
                struct slice reason, struct slice text);
/* An admi.002, or what rejection writes when it is given; returns its id, absent when
   it could not be written: of a rejection nothing is said then. */
struct slice refusal_document_send(struct engine *engine, const struct config_channel *channel,
                                   uint64_t number, struct translation *rejection,
                                   struct facts *facts);

/* --- outbox.c: documents that their channel has not taken yet --- */
/* Records it and offers it once that is durable.  Owns it from then on. */
void outbox_add(struct engine *engine, struct document *document);
struct document *outbox_find(const struct engine *engine, struct slice id);
void outbox_load(struct engine *engine, const struct document_row *row);
void outbox_offer(struct engine *engine, struct document *document);
void outbox_offer_all(struct engine *engine);
/* One that was taken before is offered again; the waiter waits until it is back. */
void outbox_again(struct engine *engine, struct slice id, struct waiter *waiter);
void outbox_took(struct engine *engine, const struct input *input);
void outbox_not_took(struct engine *engine, const struct input *input);
void outbox_fini(struct engine *engine);

/* --- inbox.c: what comes from a bank; filing.h has what becomes of it --- */
struct incoming;
struct inbox;

void inbox_take(struct engine *engine, const struct input *input);
void inbox_filed(struct incoming *incoming);
void inboxes_run(struct engine *engine);
void inboxes_forget(struct engine *engine);
void inboxes_fini(struct engine *engine);

/* --- deposit.c --- */
/* The broker's report is durable and on its way. */
void deposit_announced(struct engine *engine, uint64_t number);
/* No answer, or nobody to answer: in doubt, and the bank is told so. */
void deposit_doubt(struct engine *engine, struct entry *entry, const char *what, struct slice why);
bool deposit_release(struct engine *engine, struct entry *entry, const struct cause *cause);
void deposit_refuse(struct engine *engine, struct entry *entry, const struct cause *cause);

/* --- ids.c --- */
struct slice instruction_id_make(struct engine *engine, uint64_t number);
struct slice document_id_make(struct engine *engine, struct slice instruction_id, unsigned count);
struct slice report_id_make(struct engine *engine, struct slice instruction_id, unsigned count);
/* A new number and the id made of it. */
void instruction_name(struct engine *engine, struct instruction *instruction);
/* One that is only told about, in the name of an earlier one. */
void instruction_name_after(struct instruction *instruction, const struct instruction *earlier);
/* The number in an id of ours; false: it is not one, or not given yet. */
bool own_id_read(const struct engine *engine, struct slice id, uint64_t *number);

/* --- import.c --- */
enum import_what {
    IMPORT_LINKS,
    IMPORT_BALANCES,
};

/* All rows of the table or none: false: errors say why. */
bool import_take(struct engine *engine, enum import_what what, struct slice text, struct slice who,
                 struct error_list *errors, size_t *count);
/* A balance that is there can't be opened again. */
void balance_known(struct engine *engine, struct balance_key key);

/* --- operator.c --- */
struct operator_command;

void command_take(struct engine *engine, const struct input *input);
/* Commands that wait until nobody is connected to the session go on. */
void commands_go_on(struct engine *engine, const struct broker_session *session);
/* Those that wait are told why they get no answer. */
void commands_fini(struct engine *engine, struct slice why);

/* --- engine.c --- */

struct engine {
    struct configuration *configuration; /* the newest */
    struct slice identity;               /* owned */
    uint64_t epoch, last_number, last_ticket;
    struct random random;
    struct moment now, started;
    struct arena scratch; /* one decision */
    struct effects effects;
    struct batch *batch; /* what gathers; NULL: nothing yet */
    struct task_list gathering_tasks, committing_tasks;
    struct store_state store;
    struct deadlines deadlines;

    struct table wires; /* by link */
    struct wire *closed_wires;
    unsigned wires_before_logon, wires_waiting;
    bool place_free;          /* a session has lost its connection in this input */
    size_t size_before_logon; /* what these have sent */
    struct throttle throttle;
    struct broker_session **sessions;
    size_t session_count, session_room;
    struct names session_names;               /* to their places in sessions */
    struct broker_session *dirty, *reserving; /* those of the batch that gathers, or is under way */
    struct session_row *dormant; /* what the store has of sessions that are not configured */
    size_t dormant_count, dormant_room;
    size_t session_turn; /* whose parked messages go on first */
    struct broker_session *pumped;
    struct inbox *inboxes;
    struct operator_command *commands;
    struct archiving archiving;

    /* Discarded and loaded again when a commit fails. */
    struct table instructions; /* by number */
    struct entry_list changed, written;
    struct keys keys;
    struct index balances; /* INDEX_BALANCE */
    struct entry *fetched;
    struct book *book;
    struct table outbox; /* by id */
    struct document *outbox_first, *outbox_last;
    struct read *reads, **reads_last;
    struct deadline reads_deadline;

    bool begun, draining, stopped;
    bool numbers_exact; /* nobody will send any more: no numbers are reserved ahead */
};

void engine_effect(struct engine *engine, const struct effect *effect, bool durable);

/* SAY(engine, session_logon, { "session", name }, ...): a line of the log.
   SAY_DURABLE: once all that was recorded so far is durable. */
#define SAY(engine, identifier, ...)                                                               \
    engine_say(engine, &log_##identifier, false, (const struct log_pair[]){ __VA_ARGS__ },         \
               sizeof((const struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair))
#define SAY_DURABLE(engine, identifier, ...)                                                       \
    engine_say(engine, &log_##identifier, true, (const struct log_pair[]){ __VA_ARGS__ },          \
               sizeof((const struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair))

void engine_say(struct engine *engine, const struct log_event_kind *kind, bool durable,
                const struct log_pair *pairs, size_t count);

/* A text that lives as long as the scratch arena. */
#define SCRATCH(engine, ...) arena_format(&(engine)->scratch, __VA_ARGS__)

#endif
