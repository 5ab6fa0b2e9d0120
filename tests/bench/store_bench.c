/* What the store takes: commits alone, without a gateway around them, of the
   rows that whole withdrawals make, in batches of 1, 10, 100 and 1000.  In
   front of each round stands a durable write on the same disk: 4 KiB appended
   and synced.

       penstock-bench-store [FOLDER] [MILLISECONDS [STORE IDS]]

   STORE is one that is there already, and goes on with what is in it; IDS of its
   requests are "sequential" or "random". */
#include "gateway/store/store.h"

#include "instructions.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 5,
    SESSIONS = 10,
    STAGES = 4, /* asked, taken by the channel, pending, settled */
    BLOCK_SIZE = 4096,
    BLOCK_COUNT = 100,
    SIZE_MOST = 1000,
};

struct bench {
    const char *path, *scratch;
    bool is_kept, random; /* the store was there before; ids of its requests */
    struct store *store;
    uint64_t batch, generation;            /* of the sessions: one for each opening */
    uint64_t last;                         /* number that was given */
    uint64_t under_way[STAGES][SIZE_MOST]; /* instructions that go to each stage; 0: none */
    uint64_t numbers[SESSIONS];            /* the next message of each session */
    struct arena arena;
    int64_t now_ns;
    struct instruction_counters counters;
};

struct round {
    int64_t count, commits, ns, write_ns, instructions;
};

static void fail(const char *what, const struct error *error)
{
    fprintf(stderr, "penstock-bench-store: %s: %s\n", what, error == NULL ? "" : error->detail);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return SECONDS_NS(now.tv_sec) + now.tv_nsec;
}

/* ------------------------------------------------------------ the rows of a withdrawal */

static struct slice text(struct bench *bench, const char *before, uint64_t number,
                         const char *behind)
{
    return arena_format(&bench->arena, "%s%" PRIu64 "%s", before, number, behind);
}

static struct slice filler(struct bench *bench, size_t size)
{
    char *bytes = arena_take(&bench->arena, size);
    memset(bytes, 'x', size);
    return (struct slice){ bytes, size };
}

static struct balance_key key_of(struct bench *bench, uint64_t number)
{
    return (struct balance_key){ .account = text(bench, "CMA-EUR-", number % SESSIONS, ""),
                                 .client = text(bench, "C-", number % SESSIONS, ""),
                                 .currency = SLICE("EUR") };
}

static struct slice session_of(struct bench *bench, uint64_t number)
{
    return text(bench, "s", number % SESSIONS, "");
}

static void add_message(struct bench *bench, struct batch *batch, enum row_kind kind,
                        uint64_t number, size_t size)
{
    batch_add(batch, &(struct row){ .kind = kind,
                                    .message = { .session = session_of(bench, number),
                                                 .generation = bench->generation,
                                                 .number = ++bench->numbers[number % SESSIONS],
                                                 .utc_ns = bench->now_ns,
                                                 .bytes = filler(bench, size) } });
}

static void add_event(struct bench *bench, struct batch *batch, uint64_t number, unsigned sequence,
                      enum instruction_state from, enum instruction_state to)
{
    batch_add(batch, &(struct row){ .kind = ROW_EVENT,
                                    .event = { .instruction = number,
                                               .sequence = sequence,
                                               .utc_ns = bench->now_ns,
                                               .from = from,
                                               .to = to,
                                               .cause = SLICE("status"),
                                               .who = session_of(bench, number),
                                               .rule = SLICE("to-icbc"),
                                               .map = SLICE("withdrawal-pacs008"),
                                               .text = SLICE_NONE } });
}

/* The book: from one side to the other, and the balance behind it. */
static void add_money(struct bench *bench, struct batch *batch, uint64_t number, unsigned sequence,
                      enum ledger_side from, enum ledger_side to)
{
    struct balance_key key = key_of(bench, number);

    batch_add(batch,
              &(struct row){ .kind = ROW_BALANCE,
                             .balance = { key, INT64_C(1000000000) - (int64_t)number, 100 } });
    batch_add(batch, &(struct row){ .kind = ROW_LEDGER,
                                    .ledger = { .instruction = number,
                                                .sequence = sequence,
                                                .utc_ns = bench->now_ns,
                                                .movement = { key, from, to, 100 } } });
}

static void add_document(struct bench *bench, struct batch *batch, uint64_t number,
                         enum document_state state)
{
    batch_add(batch, &(struct row){ .kind = ROW_DOCUMENT,
                                    .document = { .id = text(bench, "PSTK-BENCHX-", number, "-1"),
                                                  .channel = SLICE("icbc"),
                                                  .definition = SLICE("pacs.008.001.08"),
                                                  .instruction = number,
                                                  .utc_ns = bench->now_ns,
                                                  .state = state,
                                                  .bytes = filler(bench, 1800) } });
}

static void add_inbox(struct bench *bench, struct batch *batch, uint64_t number, unsigned answer)
{
    struct slice order = text(bench, "PSTK-BENCHX-", number, "-1");

    batch_add(batch, &(struct row){ .kind = ROW_INBOX,
                                    .inbox = { .channel = SLICE("icbc"),
                                               .id = arena_format(&bench->arena, "%.*s-A%u",
                                                                  SLICE_ARG(order), answer),
                                               .number = ++bench->last,
                                               .utc_ns = bench->now_ns,
                                               .definition = SLICE("pacs.002.001.10"),
                                               .verdict = SLICE("taken") } });
}

static struct slice request_id(struct bench *bench, uint64_t number)
{
    uint64_t scattered = (number * UINT64_C(2654435761)) & UINT32_MAX;

    return bench->random
               ? arena_format(&bench->arena, "%08" PRIx64 "-B-%" PRIu64, scattered, number)
               : text(bench, "B-", number, "");
}

static void set_texts(struct bench *bench, struct instruction *instruction)
{
    const struct {
        enum instruction_text which;
        struct slice value;
    } values[] = {
        { INSTRUCTION_TEXT_id, text(bench, "PSTK-BENCHX-", instruction->number, "") },
        { INSTRUCTION_TEXT_asker, session_of(bench, instruction->number) },
        { INSTRUCTION_TEXT_request_id, request_id(bench, instruction->number) },
        { INSTRUCTION_TEXT_session, session_of(bench, instruction->number) },
        { INSTRUCTION_TEXT_channel, SLICE("icbc") },
        { INSTRUCTION_TEXT_client, key_of(bench, instruction->number).client },
        { INSTRUCTION_TEXT_account, key_of(bench, instruction->number).account },
        { INSTRUCTION_TEXT_bank, SLICE("ICBXCNBJXXX") },
        { INSTRUCTION_TEXT_payee_bank, SLICE("RHBXDEFFXXX") },
        { INSTRUCTION_TEXT_payee_account, SLICE("DE51993040500071230463") },
        { INSTRUCTION_TEXT_amount_text, SLICE("1.00") },
        { INSTRUCTION_TEXT_currency, SLICE("EUR") },
        { INSTRUCTION_TEXT_value_date, SLICE("2026-03-02") },
        { INSTRUCTION_TEXT_uetr, SLICE("3f1c5a52-8c3e-4d0a-9a53-2a1b7a9d4c11") },
        { INSTRUCTION_TEXT_order_id, text(bench, "PSTK-BENCHX-", instruction->number, "-1") },
        { INSTRUCTION_TEXT_order_instruction, request_id(bench, instruction->number) },
        { INSTRUCTION_TEXT_report_id, text(bench, "PSTK-BENCHX-", instruction->number, "-R1") },
        { INSTRUCTION_TEXT_rule, SLICE("to-icbc") },
        { INSTRUCTION_TEXT_map, SLICE("withdrawal-pacs008") },
        { INSTRUCTION_TEXT_request, filler(bench, 560) },
        { INSTRUCTION_TEXT_report, filler(bench, 350) },
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        instruction->texts[values[i].which] = values[i].value;
}

static void add_instruction(struct bench *bench, struct batch *batch, uint64_t number,
                            enum instruction_state state, unsigned events)
{
    struct instruction instruction = { .number = number,
                                       .flow = FLOW_WITHDRAWAL,
                                       .state = state,
                                       .amount_minor = 100,
                                       .event_count = events,
                                       .document_count = 1 };

    set_texts(bench, &instruction);
    batch_add(batch, &(struct row){ .kind = ROW_INSTRUCTION, .instruction = &instruction });
}

/* What becomes durable when a withdrawal reaches a stage. */
static void add_stage(struct bench *bench, struct batch *batch, uint64_t number, unsigned stage)
{
    static const enum instruction_state states[STAGES + 1] = {
        INSTRUCTION_NONE,    INSTRUCTION_ACCEPTED, INSTRUCTION_SENT,
        INSTRUCTION_PENDING, INSTRUCTION_SETTLED,
    };

    add_instruction(bench, batch, number, states[stage + 1], stage + 1);
    add_event(bench, batch, number, stage + 1, states[stage], states[stage + 1]);
    if (stage == 0)
        add_message(bench, batch, ROW_MESSAGE_IN, number, 560);
    if (stage != 1)
        add_message(bench, batch, ROW_MESSAGE_OUT, number, stage == 0 ? 120 : 420);
    if (stage == 0)
        add_money(bench, batch, number, 1, LEDGER_FREE, LEDGER_RESERVED);
    if (stage < 2)
        add_document(bench, batch, number, stage == 0 ? DOCUMENT_WAITING : DOCUMENT_TAKEN);
    if (stage >= 2)
        add_inbox(bench, batch, number, stage - 1);
    if (stage == 3)
        add_money(bench, batch, number, 4, LEDGER_RESERVED, LEDGER_OUTSIDE);
}

static void add_sessions(struct bench *bench, struct batch *batch, uint64_t count)
{
    for (uint64_t i = 0; i < SESSIONS && i < count; i++)
        batch_add(batch, &(struct row){ .kind = ROW_SESSION,
                                        .session = { .name = session_of(bench, bench->last + i),
                                                     .next_in = 1 + bench->numbers[0],
                                                     .next_out = 64 + bench->numbers[0],
                                                     .generation = bench->generation } });
}

/* ------------------------------------------------------------ commits */

/* What is measured of a round is this alone. */
static void commit(struct bench *bench, struct batch *batch, struct round *round)
{
    struct error error = { 0 };
    int64_t instructions = instructions_read(&bench->counters), start_ns = now_ns();

    if (!bench->store->operations->commit(bench->store, batch, &error))
        fail("cannot commit", &error);
    round->ns += now_ns() - start_ns;
    round->instructions += instructions_read(&bench->counters) - instructions;
    round->commits++;
    batch_free(batch);
    arena_reset(&bench->arena);
}

static struct batch *begin(struct bench *bench)
{
    return batch_new(++bench->batch, bench->store->operations->epoch(bench->store));
}

/* As under load: so many withdrawals begin, as many are taken, go on and end. */
static void commit_step(struct bench *bench, uint64_t count, struct round *round)
{
    struct batch *batch = begin(bench);

    add_sessions(bench, batch, count);
    memmove(bench->under_way[1], bench->under_way[0], sizeof bench->under_way[0] * (STAGES - 1));
    for (uint64_t i = 0; i < count; i++)
        bench->under_way[0][i] = ++bench->last;
    for (unsigned stage = 0; stage < STAGES; stage++)
        for (uint64_t i = 0; i < count && bench->under_way[stage][i] != 0; i++)
            add_stage(bench, batch, bench->under_way[stage][i], stage);
    round->count += (int64_t)count;
    commit(bench, batch, round);
}

static void remove_store(const char *path)
{
    struct arena arena;

    arena_init(&arena, ARENA_UNLIMITED);
    unlink(path);
    unlink(arena_format(&arena, "%s.lock", path).at);
    arena_fini(&arena);
}

static void open_store(struct bench *bench)
{
    struct error error = { 0 };

    if (!bench->is_kept)
        remove_store(bench->path);
    bench->store = store_sqlite_open(bench->path, SLICE("BENCHX"), &error);
    if (bench->store == NULL)
        fail("cannot open", &error);
    bench->batch = bench->store->operations->last_batch(bench->store);
    bench->last = bench->store->operations->last_number(bench->store);
    bench->generation = bench->store->operations->epoch(bench->store);
    memset(bench->under_way, 0, sizeof bench->under_way);
    struct batch *batch = begin(bench);
    add_sessions(bench, batch, SESSIONS);
    commit(bench, batch, &(struct round){ 0 });
}

/* 4 KiB appended and synced: what one takes. */
static int64_t durable_write_ns(const struct bench *bench)
{
    static const char block[BLOCK_SIZE];
    int file = open(bench->scratch, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    int64_t start_ns = now_ns();

    for (int i = 0; i < BLOCK_COUNT; i++)
        if (write(file, block, sizeof block) != sizeof block || fsync(file) != 0)
            fail("cannot write", NULL);
    int64_t ns = now_ns() - start_ns;
    close(file);
    unlink(bench->scratch);
    return ns / BLOCK_COUNT;
}

static struct round run(struct bench *bench, uint64_t size, int64_t long_ns)
{
    struct round round = { .write_ns = durable_write_ns(bench) }, first = { 0 };

    open_store(bench);
    for (unsigned i = 0; i < STAGES; i++)
        commit_step(bench, size, &first);
    while (round.ns < long_ns)
        commit_step(bench, size, &round);
    bench->store->operations->close(bench->store);
    return round;
}

/* ------------------------------------------------------------ figures */

static int by_speed(const void *one, const void *other)
{
    const struct round *a = one, *b = other;
    int64_t left = a->count * b->ns / 1000, right = b->count * a->ns / 1000;
    return (left > right) - (left < right);
}

static int64_t per_second(const struct round *round)
{
    return round->count * 1000000000 / round->ns;
}

static void print(uint64_t size, struct round *rounds)
{
    const struct round *middle = &rounds[ROUNDS / 2];

    qsort(rounds, ROUNDS, sizeof *rounds, by_speed);
    int64_t commit_ns = middle->ns / middle->commits;
    printf("| %" PRIu64 " | %" PRId64 " (%" PRId64 "..%" PRId64 ") | %" PRId64 " | %" PRId64
           ".%" PRId64 " | %" PRId64 " |\n",
           size, per_second(middle), per_second(&rounds[0]), per_second(&rounds[ROUNDS - 1]),
           commit_ns / 1000, commit_ns / middle->write_ns, commit_ns * 10 / middle->write_ns % 10,
           middle->instructions / middle->count / 1000);
}

int main(int count, char **words)
{
    static const uint64_t sizes[] = { 1, 10, 100, 1000 };
    char path[4096], scratch[4096 + 8];
    uint64_t milliseconds = 500;
    struct round rounds[ROUNDS];
    struct bench bench = { .path = count > 4 ? words[3] : path,
                           .scratch = scratch,
                           .is_kept = count > 4,
                           .random = count > 4 && strcmp(words[4], "random") == 0 };

    snprintf(path, sizeof path, "%s/penstock-bench-store-%d", count > 1 ? words[1] : "/tmp",
             (int)getpid());
    snprintf(scratch, sizeof scratch, "%s-write", path);
    if (count > 2 && !slice_to_u64(slice_of(words[2]), 60000, &milliseconds))
        fail("not a number", NULL);
    arena_init(&bench.arena, ARENA_UNLIMITED);
    instructions_open(&bench.counters, 0, false); /* without it they are told as 0 */
    printf("| withdrawals in a batch | per second | one commit, µs | in durable writes | thousand "
           "instructions each |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < ROUNDS; j++)
            rounds[j] = run(&bench, sizes[i], MILLIS_NS((int64_t)milliseconds));
        print(sizes[i], rounds);
    }
    instructions_close(&bench.counters);
    arena_fini(&bench.arena);
    remove_store(path);
    return 0;
}
