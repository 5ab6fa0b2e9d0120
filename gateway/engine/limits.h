/* The engine's limits, each with a name: what may wait in memory, how long and
   how often it tries. */
#ifndef PENSTOCK_GATEWAY_ENGINE_LIMITS_H
#define PENSTOCK_GATEWAY_ENGINE_LIMITS_H

#define WIRES_BEFORE_LOGON_MAX 512
#define LOGON_SIZE_MAX         16384
#define SIZE_BEFORE_LOGON_MAX  1048576 /* of all connections without a Logon together */
#define LOGON_TIMEOUT_S        8
#define PLACE_WAIT_S           1 /* for a connection that has been lost, and the news have not come */
#define UNREAD_SIZE_MAX        1048576  /* what may still come when the connection is not read */
#define PARKED_MESSAGES_MAX    64       /* then the connection is not read any more */
#define PARKED_SIZE_MAX        1048576  /* the same in bytes */
#define GATHERED_ROWS_MAX      16384    /* then business waits until the store has caught up */
#define GATHERED_SIZE_MAX      16777216 /* the same in bytes of rows and of what waits for them */
#define REPLAY_ROWS            64       /* messages read from the store at a time */
#define NUMBERS_AHEAD          64       /* session numbers reserved with every batch */
#define NUMBERS_LEFT_MIN       32       /* fewer: a batch of its own */
#define ECHOES_REMEMBERED      500000   /* ClOrdIDs per logon, at least */
#define DOCUMENT_RETRY_S       5
#define STORE_RETRY_S          1
#define CLOCK_JUMP_S           5 /* one clock against the other, from one input to the next */
#define INSTRUCTION_LIST_MAX   200
#define KEYS_SEALED            262144 /* ids that go into one filter */
#define LOOKUP_NUMBERS         2      /* more instructions with one id say no more than two */
#define ARCHIVE_ROWS           50     /* instructions looked at in one turn of the store */
#define ARCHIVE_PAUSE_MS       50     /* the store's other work goes on in between */

/* A bound of a schedule that is further away is looked for again in half of the time. */
#define SCHEDULE_LOOK_S 60

#endif
