/* One FIX session, without I/O.

   Fed with bytes and with the time, a session answers with events: messages
   to send, messages to deliver, ranges to replay, and at last one end.  It owns
   no socket, timer, file or clock, so that a test plays a trading week of it in
   a millisecond.  One thread at a time may use a session.

   What is durable is the caller's business: a session only counts.  next_in and
   next_out are read after each call; an EVENT_SEND must not reach the wire
   before its number is durable (DESIGN: application messages wait for the
   commit of all they depend on, session messages use numbers reserved ahead). */
#ifndef PENSTOCK_CODECS_FIX_SESSION_H
#define PENSTOCK_CODECS_FIX_SESSION_H

#include "codecs/base/moment.h"
#include "codecs/fix/message_mend.h"
#include "codecs/fix/route.h"

enum fix_role {
    FIX_ACCEPTOR,
    FIX_INITIATOR,
};

/* An application version that a FIXT session may speak. */
struct fix_application {
    struct slice appl_ver_id; /* "9" in ApplVerID (1128) and DefaultApplVerID (1137) */
    const struct fix_dictionary *dictionary; /* on the session's transport */
};

/* What both sides have agreed on beside the standard. */
struct fix_agreement {
    struct slice test_req_id; /* 112 of our own TestRequests */
    bool
        last_processed; /* LastMsgSeqNumProcessed (369) in what we send, where the version has it */
    bool
        session_status; /* Logouts for a fault say SessionStatus (1409), where the version has it */
    bool next_expected; /* Logons say NextExpectedMsgSeqNum (789), where the version has it */
    size_t resend_chunk; /* a ResendRequest asks for so many messages at most; 0: for all */
    size_t gap_messages_max, gap_size_max; /* what is kept from behind a gap, until it closes */
    enum moment_precision sending_time_precision; /* versions before FIX.4.2 know seconds only */
    struct fix_validation validation;
};

/* Nothing beside the standard. */
extern const struct fix_agreement fix_agreement_standard;

struct fix_session_options {
    enum fix_role role;
    const struct fix_dictionary *dictionary; /* outlives the session */
    /* FIXT: the versions that the peer may choose from, dictionary's first; else none. */
    const struct fix_application *applications;
    size_t application_count;
    struct fix_sides sides;                /* outlive the session */
    unsigned heartbeat_s;                  /* initiator: what it asks for; acceptor: not used */
    unsigned heartbeat_max_s;              /* acceptor: refuse a Logon that asks for more */
    unsigned logon_timeout_s;              /* a connection without Logon is closed after this */
    unsigned latency_max_s;                /* SendingTime tolerance; 0: not checked */
    size_t message_size_max;               /* longer ones are refused; an acceptor tells it (383)
                                              to a peer that tells its own */
    bool reset_on_logon;                   /* initiator: ask for 141=Y; acceptor: a Logon begins
                                              both sequences at 1, whether it asks or not */
    bool wants_proof;                      /* ask the peer to show that it has what matters */
    struct slice username, password;       /* initiator: of its Logon; absent: it has none */
    const struct fix_agreement *agreement; /* outlives the session; NULL: the standard */
};

enum fix_event_kind {
    FIX_EVENT_SEND,    /* a message under a new number, or repeated */
    FIX_EVENT_DELIVER, /* an application message: in order, and once */
    FIX_EVENT_REPLAY,  /* the peer asks again for first..last: call fix_session_replay() */
    FIX_EVENT_RESET,   /* both sequences start at 1 again; to be durable before what follows */
    FIX_EVENT_LOGON,   /* the session is logged on; again after a reset within it */
    FIX_EVENT_FAULT,   /* something was refused or ignored: for the log */
    FIX_EVENT_END,     /* close the connection once all that was sent is written */
};

struct fix_event {
    enum fix_event_kind kind;
    union {
        struct {
            uint64_t number;
            struct slice bytes;
            bool application; /* keep the bytes under the number, for a resend */
            bool repeat;      /* 43=Y, or a gap fill in a replay: the number is an old one */
            bool keep_only;   /* keep it, do not write it: the peer asks for it after its Logon */
            bool too_long;    /* with keep_only: the peer takes none of this size, and gets a gap
                                 fill for it unless it takes longer ones when it asks */
        } send;
        struct {
            const struct fix_message *message;
            uint64_t number;
            bool possible_resend; /* 97=Y */
        } deliver;
        struct {
            uint64_t first, last; /* last is at most next_out - 1 */
        } replay;
        struct {
            const struct fix_fault *fault;
            uint32_t tag;    /* 0: none */
            uint64_t number; /* 0: none */
        } fault;
        struct {
            const struct fix_fault *fault;
        } end;
    };
};

struct fix_session;

/* A session waits for a Logon (acceptor) or sends one (initiator, at once).
   A new connection needs a new session, with the numbers of the last one. */
struct fix_session *fix_session_new(const struct fix_session_options *options, uint64_t next_in,
                                    uint64_t next_out, struct moment now);
void fix_session_free(struct fix_session *session);

/* Takes at most one message from the front of bytes and returns its size (or
   that of the noise before it, or of a part of a message that is longer than
   allowed); 0: there is not yet a whole one.  Drain
   fix_session_next() after each call, and after each call catch up.  After the
   END all bytes are taken and nothing comes of them.

   The other functions may be called between two events of one feed: a DELIVER
   may be answered by a send, a REPLAY by the replay. */
size_t fix_session_feed(struct fix_session *session, struct slice bytes, struct moment now);

/* Takes one message that came from behind a gap and was kept, when its turn has come,
   as if it came now; false: there is none.  Drain fix_session_next() after each
   call.  The next feed comes after a false: until then the caller takes its time. */
bool fix_session_catch_up(struct fix_session *session, struct moment now);

/* The next thing to do, in order; false: nothing now.  What an event points
   to stays good until the next call on this session; a delivered message, whose
   values are in the bytes that were fed, until the next feed or catching up. */
bool fix_session_next(struct fix_session *session, struct fix_event *event);

/* Call fix_session_tick() at this steady time, or before. */
int64_t fix_session_deadline_ns(const struct fix_session *session);
void fix_session_tick(struct fix_session *session, struct moment now);

/* While the caller does not read from the peer, its silence proves nothing: the
   times that the peer is given stand still.  Heartbeats go out all the same. */
void fix_session_listen(struct fix_session *session, bool listens, struct moment now);

/* Sends an application message: body as tag=value fields with SOH, without
   header.  header holds further header fields in the same form (97=Y), or is
   absent.  Works in every state: before the logon is done the message is
   numbered and an event tells its bytes, so that it is kept and resent when
   the peer asks.  Returns its number. */
uint64_t fix_session_send(struct fix_session *session, struct slice msg_type, struct slice header,
                          struct slice body, struct moment now);

/* Answers a REPLAY: for each kept message of the range, in order, one call with
   the bytes as they were sent, whatever number they have; numbers between them are gap-filled.  The
   last call has bytes absent and number = last: it fills the rest of the range.

   All messages of the range must be at hand, those too that are not committed
   yet: one that is missing is lost to the peer.  There is one REPLAY at a time;
   after a RESET or the END calls for the one before are ignored. */
void fix_session_replay(struct fix_session *session, uint64_t number, struct slice bytes,
                        struct moment now);

/* Refuses a delivered message at session level (a Reject with this reason), with
   these further header fields. */
void fix_session_reject(struct fix_session *session, uint64_t number, struct slice msg_type,
                        struct slice header, const struct fix_finding *finding, struct moment now);

/* Starts a Logout with this text; END follows the peer's answer, or its silence. */
void fix_session_logout(struct fix_session *session, struct slice text, struct moment now);

/* Refuses the peer before its Logon was fed: a Logout with the fault's text, and the END. */
void fix_session_refuse(struct fix_session *session, const struct fix_fault *fault,
                        struct moment now);

/* The body of a Logout, also for one outside any session: of this session's
   dictionary and agreement.  fault: why; NULL: nothing is wrong, or there is no
   session, and no dictionary, that could know the number of the reason. */
void fix_logout_compose(struct fix_compose *compose, const struct fix_dictionary *dictionary,
                        const struct fix_agreement *agreement, const struct fix_fault *fault,
                        struct slice text);

/* Leaves out so many numbers, for messages that are kept under them already: the
   peer misses them at the next message, and asks for them. */
void fix_session_skip(struct fix_session *session, uint64_t count);

/* What messages of the peer are read with when they name no version: of a FIXT
   session what its Logon has chosen, else the session's dictionary. */
const struct fix_dictionary *fix_session_dictionary(const struct fix_session *session);
/* ApplVerID (1128) that a message written with dictionary names when the peer
   may choose: it may choose otherwise before the message leaves.  Absent: it
   goes without saying. */
struct slice fix_session_appl_ver_id(const struct fix_session *session,
                                     const struct fix_dictionary *dictionary);

uint64_t fix_session_next_in(const struct fix_session *session);
uint64_t fix_session_next_out(const struct fix_session *session);
bool fix_session_logged_on(const struct fix_session *session);
/* Our message with this number matters: when a proof is wanted the peer is asked to show
   that it has it. */
void fix_session_prove(struct fix_session *session, uint64_t number);
/* The peer has shown that it has all of ours up to this number, since the session began
   or was reset. */
uint64_t fix_session_proved(const struct fix_session *session);

/* Names of a Logon, to find whose session a new connection is, when bytes start
   with a whole message; garbled: no Logon will come of them. */
struct fix_logon_names {
    struct slice begin_string, msg_type;
    struct fix_sides sides;                        /* as the peer names them */
    struct slice username, password, new_password; /* absent: it has none */
};
enum fix_frame_verdict fix_logon_peek(struct slice bytes, size_t size_max,
                                      struct fix_logon_names *names);

#endif
