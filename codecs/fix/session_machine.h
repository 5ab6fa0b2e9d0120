/* The inside of a session, for the session files only:

   session.c           feed, next, tick: what goes in and out
   session_checks.c    what is wrong with a message, in the order of the checks
   session_rules.c     state x kind of message -> rule
   session_sequence.c  numbers: gaps, replays, resets
   session_held.c      messages from behind a gap, until their turn comes
   session_refuse.c    what is answered to a fault
   session_expected.c  NextExpectedMsgSeqNum, which takes the place of a ResendRequest
   session_proof.c     what the peer has shown that it has
   session_admin.c     composes what is sent
   session_version.c   which application version a message of FIXT has
   session_oversize.c  a message that is longer than allowed
   session_events.c    the queue between the machine and its caller
   session_peek.c      whose Logon it is, before there is a session */
#ifndef PENSTOCK_CODECS_FIX_SESSION_MACHINE_H
#define PENSTOCK_CODECS_FIX_SESSION_MACHINE_H

#include "codecs/base/names.h"
#include "codecs/base/writer.h"
#include "codecs/fix/session.h"

enum {
    TAG_BEGIN_SEQ_NO = 7,
    TAG_END_SEQ_NO = 16,
    TAG_MSG_SEQ_NUM = 34,
    TAG_MSG_TYPE = 35,
    TAG_NEW_SEQ_NO = 36,
    TAG_POSS_DUP_FLAG = 43,
    TAG_REF_SEQ_NUM = 45,
    TAG_SENDING_TIME = 52,
    TAG_TEXT = 58,
    TAG_POSS_RESEND = 97,
    TAG_ENCRYPT_METHOD = 98,
    TAG_HEART_BT_INT = 108,
    TAG_TEST_REQ_ID = 112,
    TAG_ORIG_SENDING_TIME = 122,
    TAG_GAP_FILL_FLAG = 123,
    TAG_RESET_SEQ_NUM_FLAG = 141,
    TAG_LAST_MSG_SEQ_NUM_PROCESSED = 369,
    TAG_REF_TAG_ID = 371,
    TAG_REF_MSG_TYPE = 372,
    TAG_SESSION_REJECT_REASON = 373,
    TAG_MAX_MESSAGE_SIZE = 383,
    TAG_NO_MSG_TYPES = 384,
    TAG_MSG_DIRECTION = 385,
    TAG_USERNAME = 553,
    TAG_PASSWORD = 554,
    TAG_NEXT_EXPECTED_MSG_SEQ_NUM = 789,
    TAG_APPL_VER_ID = 1128,
    TAG_REF_APPL_VER_ID = 1130,
    TAG_DEFAULT_APPL_VER_ID = 1137,
    TAG_SESSION_STATUS = 1409,
    TAG_DEFAULT_VER_INDICATOR = 1410,
};

#define NEVER INT64_MAX

/* Numbers have at most 18 digits, so that counting never runs over. */
#define FIX_NUMBER_MAX 999999999999999999u

enum fix_state {
    FIX_IDLE,       /* an acceptor that waits for a Logon */
    FIX_LOGON_SENT, /* an initiator that waits for the answer */
    FIX_ACTIVE,
    FIX_LOGOUT_SENT, /* waits for the peer's Logout */
    FIX_ENDED,
    FIX_STATE_COUNT,
};

enum fix_kind {
    FIX_HEARTBEAT,
    FIX_TEST_REQUEST,
    FIX_RESEND_REQUEST,
    FIX_REJECT,
    FIX_SEQUENCE_RESET,
    FIX_LOGOUT,
    FIX_LOGON,
    FIX_APPLICATION,
    FIX_KIND_COUNT,
};

/* A message on its way through checks and rules. */
struct fix_incoming {
    const struct fix_message *message;
    const struct fix_frame *frame;
    bool version_unknown; /* it names an application version that is not spoken here */
    enum fix_kind kind;
    struct fix_finding finding; /* the parser's, answered when the body is looked at */
    uint64_t number;            /* MsgSeqNum (34) */
    int64_t came_ns;            /* UTC: it may have been held since */
    bool held;                  /* it has been */
    bool numbered;              /* it has one */
    bool possible_duplicate;    /* 43=Y */
    bool resets; /* SequenceReset in reset mode, Logon with 141=Y: its number is not compared */
};

/* What is missing of the peer's messages. */
struct fix_gap {
    uint64_t asked_until; /* a resend is under way that covers this number; 0: none is */
    uint64_t last;        /* the highest number that came too early; below next_in: no gap */
    int64_t ask_ns;       /* ask again at this steady time */
};

/* Bytes of a message whose turn has not come yet. */
struct fix_held_message {
    struct fix_held_message *next;
    uint64_t number;
    int64_t came_ns;        /* UTC */
    struct fix_frame frame; /* in bytes; empty: it was acted upon when it came */
    char bytes[];
};

struct fix_held {
    struct fix_held_message *first, *last; /* by number, none below next_in */
    struct fix_held_message *taken;        /* the one that is being delivered */
    size_t count, size;
    uint64_t taken_until; /* a replay brings copies of these */
    bool full;            /* there was no room, and the log knows */
};

/* What the peer has shown that it has. */
struct fix_proof {
    uint64_t proved;  /* all up to this number */
    uint64_t needed;  /* the last one that it should show */
    uint64_t asked;   /* of a TestRequest for it that was not answered; 0: none */
    int64_t since_ns; /* since when something is needed; NEVER: nothing is */
};

/* The range that the peer asked for, and the one that it asked for meanwhile. */
struct fix_replay {
    bool active, again;
    uint64_t next, last;
    uint64_t again_first, again_last;
};

/* A message that is longer than allowed: what is needed to refuse it at its end. */
struct fix_oversize {
    uint64_t left;      /* bytes of it that have not come yet; 0: none is under way */
    struct writer head; /* the fields of its header */
    unsigned sum;       /* of the bytes before CheckSum */
    char end[8];        /* the last bytes: SOH, "10=ddd", SOH */
};

/* What a FIXT session speaks; all is NULL and empty in another. */
struct fix_spoken {
    const struct fix_application *ours, *theirs; /* what the Logons told in 1137 */
    struct names types;                          /* MsgTypes with another default, to its row */
};

struct fix_queued {
    struct fix_event event;
    size_t at, size; /* SEND: where its bytes are in the queue's writer */
};

struct fix_events {
    struct fix_queued *queued;
    size_t first, count, room;
    struct writer bytes;
};

struct fix_session {
    struct fix_session_options options;
    const struct fix_dictionary *dictionary; /* for what names no version */
    struct fix_spoken spoken;
    enum fix_state state;
    struct moment now; /* of the call that is under way */
    uint64_t next_in, next_out;
    unsigned heartbeat_s;
    size_t peer_size_max; /* its MaxMessageSize (383) */
    int64_t started_ns, heard_ns, written_ns, logout_ns;
    int64_t deaf_ns; /* since when the peer is not listened to; NEVER: it is */
    int64_t test_ns; /* when the TestRequest that is not answered left; NEVER: none */
    bool unwritten;  /* a number behind our Logon was kept and not written */
    struct fix_gap gap;
    struct fix_held held;
    struct fix_proof proof;
    struct fix_replay replay;
    bool garbled; /* the last bytes were noise, and the log knows */
    bool mends;   /* not all is checked that a message is validated for */
    struct fix_oversize oversize;
    struct fix_events events;
    struct fix_message message; /* the one taken last */
    size_t fields_room;
};

/* session.c */
/* fault: NULL, or what is wrong with a message beside what it says. */
void fix_take_message(struct fix_session *session, const struct fix_frame *frame,
                      const struct fix_fault *fault);
void fix_take_garbled(struct fix_session *session, const struct fix_fault *fault);

/* session_version.c */
void fix_version_init(struct fix_session *session);
void fix_version_fini(struct fix_session *session);
/* The dictionary for a message; NULL: it names a version that is not spoken here. */
const struct fix_dictionary *fix_version_of(const struct fix_session *session,
                                            const struct fix_message *message);
/* A Logon of FIXT names a version that is spoken here. */
bool fix_version_acceptable(const struct fix_session *session, const struct fix_message *logon);
/* Takes what a Logon says: its default, and the types that have another. */
void fix_version_take(struct fix_session *session, const struct fix_message *logon);

/* session_oversize.c */
/* false: bytes do not start with a header that can be answered. */
bool fix_oversize_begin(struct fix_session *session, struct slice bytes, uint64_t announced);
/* Takes bytes of it, and refuses it with the last one.  Returns how many. */
size_t fix_oversize_take(struct fix_session *session, struct slice bytes);

/* session_peek.c: takes "tag=value" and SOH from the front; false: there is none. */
bool fix_take_field(struct slice *rest, struct slice *tag, struct slice *value);

/* session_events.c */
void fix_events_init(struct fix_events *events);
void fix_events_fini(struct fix_events *events);
void fix_events_add(struct fix_events *events, const struct fix_event *event);
/* bytes are the last that were written into events->bytes. */
void fix_events_add_send(struct fix_events *events, const struct fix_event *event,
                         struct slice bytes);
bool fix_events_take(struct fix_events *events, struct fix_event *event);
/* Gives the bytes of taken events back; does nothing while events wait. */
void fix_events_reset(struct fix_events *events);

/* session_checks.c: false: the message was refused, ignored or asked for again. */
bool fix_checks_pass(struct fix_session *session, const struct fix_incoming *incoming);

/* session_rules.c */
enum fix_kind fix_kind_of(struct slice msg_type);
bool fix_rules_allow(const struct fix_session *session, enum fix_kind kind);
/* Logged on, and a Logout of ours at most on its way. */
bool fix_rules_open(const struct fix_session *session);
void fix_rules_act(struct fix_session *session, const struct fix_incoming *incoming);

/* session_refuse.c: answers a fault as its row in faults.def says.  Returns false. */
bool fix_refuse(struct fix_session *session, const struct fix_incoming *incoming,
                const struct fix_fault *fault, uint32_t tag);
/* As fix_refuse() of a fault whose answer is LOGOUT, with a text of its own. */
bool fix_refuse_saying(struct fix_session *session, const struct fix_incoming *incoming,
                       const struct fix_fault *fault, struct slice text);
/* For the log. */
void fix_note(struct fix_session *session, const struct fix_fault *fault, uint32_t tag,
              uint64_t number);
void fix_end(struct fix_session *session, const struct fix_fault *fault);

/* session_sequence.c */
/* Uses up the message's number when it is the expected one. */
void fix_sequence_count(struct fix_session *session, const struct fix_incoming *incoming);
void fix_sequence_jump(struct fix_session *session, const struct fix_incoming *incoming,
                       uint64_t next_in);
/* The next number is used up already. */
void fix_sequence_pass(struct fix_session *session);
/* A message's turn has not come: it is held, and what is missing is asked for. */
void fix_sequence_early(struct fix_session *session, const struct fix_incoming *incoming);
/* The same of one that was acted upon. */
void fix_sequence_spend(struct fix_session *session, const struct fix_incoming *incoming);
void fix_sequence_ask(struct fix_session *session);
/* Asks on when a chunk of what is missing has come. */
void fix_sequence_next_chunk(struct fix_session *session);
void fix_sequence_replay(struct fix_session *session, uint64_t first, uint64_t last);
/* One kept message of the replay; absent: there are no more. */
void fix_sequence_repeat(struct fix_session *session, uint64_t number, struct slice kept);
void fix_sequence_reset(struct fix_session *session);

/* session_expected.c */
/* Our Logon says 789. */
bool fix_expected_told(const struct fix_session *session);
/* So does the peer's. */
bool fix_expected_agreed(const struct fix_session *session, const struct fix_message *logon);
/* false: it is refused, since it expects more than there is. */
bool fix_expected_is_possible(struct fix_session *session, const struct fix_incoming *logon);
/* Replays what the peer lacks, when that begins below this number; false: it has not said. */
bool fix_expected_obey(struct fix_session *session, const struct fix_incoming *logon,
                       uint64_t lacks_below);

/* session_proof.c */
/* The message with this number is on its way. */
void fix_proof_need(struct fix_session *session, uint64_t number);
/* The peer has all up to this number. */
void fix_proof_take(struct fix_session *session, uint64_t number);
/* Asks for it with a TestRequest. */
void fix_proof_ask(struct fix_session *session);
void fix_proof_answer(struct fix_session *session, struct slice test_req_id);
/* The peer asks for this number again. */
void fix_proof_lacks(struct fix_session *session, uint64_t number);
int64_t fix_proof_due(const struct fix_session *session);

/* session_held.c: what finds no room is dropped */
void fix_held_add(struct fix_session *session, const struct fix_incoming *incoming);
/* Of a message that was acted upon when it came only the number has to wait. */
void fix_held_spend(struct fix_session *session, uint64_t number);
/* 0: none is held. */
uint64_t fix_held_first(const struct fix_session *session);
/* The turn of the first one has come. */
bool fix_held_due(const struct fix_session *session);
/* That one; good until the release. */
const struct fix_held_message *fix_held_take(struct fix_session *session);
void fix_held_release(struct fix_session *session);
void fix_held_drop_below(struct fix_session *session, uint64_t number);
void fix_held_forget(struct fix_session *session);

/* session_admin.c */
void fix_admin_logon(struct fix_session *session, bool reset);
/* The version's Logon has this field. */
bool fix_admin_logon_has(const struct fix_session *session, uint32_t tag);
void fix_admin_heartbeat(struct fix_session *session, struct slice test_req_id);
void fix_admin_test_request(struct fix_session *session, struct slice test_req_id);
/* last: 0 for all that there are. */
void fix_admin_resend_request(struct fix_session *session, uint64_t last);
void fix_admin_reject(struct fix_session *session, uint64_t number, struct slice msg_type,
                      struct slice header, const struct fix_finding *finding);
/* fault: why; NULL: nothing is wrong. */
void fix_admin_logout(struct fix_session *session, const struct fix_fault *fault,
                      struct slice text);
void fix_admin_gap_fill(struct fix_session *session, uint64_t number, uint64_t next);
void fix_admin_application(struct fix_session *session, struct slice msg_type, struct slice header,
                           struct slice body);
/* kept: a message of this session as it was sent.  fits: the peer takes it as it would
   be repeated now. */
bool fix_admin_repeat_fits(struct fix_session *session, uint64_t number, struct slice kept);
void fix_admin_repeat(struct fix_session *session, uint64_t number, struct slice kept);
/* EndSeqNo (16) that means all there are, in what we ask for. */
uint64_t fix_admin_end_of_all(const struct fix_session *session);

#endif
