/* Plays everything around an engine, one effect after the other. */
#include "kit/engine_harness.h"

#include "codecs/fix/compose.h"
#include "codecs/fix/frame.h"
#include "kit/fix_text.h"

#include <stdio.h>
#include <stdlib.h>

#define CONFIG_FOLDER PENSTOCK_SOURCE_DIR "/tests/kit/engine/"
#define START_UTC_NS  (INT64_C(1772442000) * 1000000000) /* 2026-03-02T09:00:00Z */

/* --- the store --- */

struct config *harness_config(const char *name)
{
    struct error_list errors;
    struct writer writer;
    char path[400];

    snprintf(path, sizeof path, CONFIG_FOLDER "%s", name);
    error_list_init(&errors, 20);
    struct config *config = config_load(path, &errors);
    if (config == NULL) {
        writer_init(&writer, 0);
        error_list_write(&errors, &writer);
        fail_msg("%.*s", SLICE_ARG(writer_slice(&writer)));
    }
    error_list_fini(&errors);
    return config;
}

void harness_load(struct harness *harness)
{
    const struct store_operations *operations = harness->store->operations;
    struct loaded loaded;
    struct error error = { 0 };

    operations->load(harness->store);
    while (operations->load_next(harness->store, &loaded, &error))
        engine_load(harness->engine, &loaded);
    assert_null(error.kind);
    engine_begin(harness->engine, harness->now);
}

static void start(struct harness *harness)
{
    const struct store_operations *operations = harness->store->operations;
    struct engine_start begin = {
        .configuration = harness_config(harness->config),
        .identity = operations->identity(harness->store),
        .epoch = operations->epoch(harness->store),
        .last_batch = operations->last_batch(harness->store),
        .last_number = operations->last_number(harness->store),
        .seal_count = harness->seal_count,
        .seed = "a seed for tests, as good as any",
        .now = harness->now,
    };

    harness->engine = engine_new(&begin);
    harness_load(harness);
    harness_run(harness);
}

static void give(struct harness *harness, const struct input *input)
{
    engine_take(harness->engine, input, harness->now);
}

static void commit(struct harness *harness, struct batch *batch)
{
    struct error error = { 0 };
    uint64_t number = batch_number(batch);
    bool committed = harness->store->operations->commit(harness->store, batch, &error);

    batch_free(batch);
    if (committed) {
        give(harness, &(struct input){ .kind = INPUT_COMMITTED, .batch = number });
        return;
    }
    if (error.kind == &store_refused)
        fail_msg("the store refuses a batch: %s", error.detail);
    give(harness, &(struct input){ .kind = INPUT_COMMIT_FAILED,
                                   .batch = number,
                                   .text = slice_of(error.kind->text) });
    engine_rebuild(harness->engine, harness->now);
    harness_load(harness);
}

static void answer(struct harness *harness, const struct query *query)
{
    struct arena arena;
    struct answer rows;
    struct error error = { 0 };

    arena_init(&arena, ARENA_UNLIMITED);
    assert_true(harness->store->operations->read(harness->store, query, &arena, &rows, &error));
    give(harness,
         &(struct input){ .kind = INPUT_ANSWER, .ticket = query->ticket, .answer = &rows });
    arena_fini(&arena);
}

/* --- effects --- */

static void keep_document(struct harness *harness, struct harness_documents *documents,
                          const struct effect *effect)
{
    assert_true(documents->count < sizeof documents->at / sizeof documents->at[0]);
    documents->at[documents->count++] = (struct harness_document){
        .channel = arena_copy(&harness->arena, effect->channel),
        .name = arena_copy(&harness->arena, effect->name),
        .bytes = arena_copy(&harness->arena, effect->bytes),
        .text = arena_copy(&harness->arena, effect->text),
    };
}

static void perform_send(struct harness *harness, const struct effect *effect)
{
    keep_document(harness, &harness->sent, effect);
    const struct harness_document *document = &harness->sent.at[harness->sent.count - 1];

    if (!harness->bank_asleep)
        give(harness, &(struct input){ .kind = INPUT_TOOK,
                                       .channel = document->channel,
                                       .name = document->name });
}

static void perform_log(struct harness *harness, const struct log_event *event)
{
    writer_text(&harness->log, event->kind->name);
    for (unsigned i = 0; i < event->count; i++)
        writer_format(&harness->log, " %s=%.*s", event->pairs[i].key,
                      SLICE_ARG(event->pairs[i].value));
    writer_char(&harness->log, '\n');
}

static void perform_read(struct harness *harness, const struct query *query)
{
    struct query copy = *query;

    copy.session = arena_copy(&harness->arena, query->session);
    copy.id = arena_copy(&harness->arena, query->id);
    if (!harness->hold_answers) {
        answer(harness, &copy);
        return;
    }
    assert_true(harness->read_count < sizeof harness->reads / sizeof harness->reads[0]);
    harness->reads[harness->read_count++] = copy;
}

static void perform_archive(struct harness *harness, const struct effect *effect)
{
    struct input input = { .kind = INPUT_ARCHIVED, .ticket = effect->archive.ticket };
    struct error error;

    if (!harness->store->operations->archive(harness->store, "", &effect->archive, &input.archived,
                                             &error))
        input.text = slice_of(error.detail);
    give(harness, &input);
}

static void perform(struct harness *harness, const struct effect *effect)
{
    struct harness_link *link =
        effect->link < HARNESS_LINKS_MAX ? &harness->links[effect->link] : NULL;

    switch (effect->kind) {
    case EFFECT_WRITE:
        writer_bytes(&link->heard, effect->bytes);
        break;
    case EFFECT_CLOSE:
        link->open = false;
        break;
    case EFFECT_DIAL:
        harness->dial_count++;
        harness->dial_attempt = effect->attempt;
        break;
    case EFFECT_PAUSE:
    case EFFECT_RESUME:
        link->paused = effect->kind == EFFECT_PAUSE;
        break;
    case EFFECT_COMMIT:
        if (harness->hold_commits)
            harness->held = effect->batch;
        else
            commit(harness, effect->batch);
        break;
    case EFFECT_READ:
        perform_read(harness, effect->query);
        break;
    case EFFECT_ARCHIVE:
        perform_archive(harness, effect);
        break;
    case EFFECT_SEND:
        perform_send(harness, effect);
        break;
    case EFFECT_FILED:
        keep_document(harness, &harness->filed, effect);
        break;
    case EFFECT_LOG:
        perform_log(harness, effect->log_event);
        break;
    case EFFECT_REPLY:
        writer_reset(&harness->reply);
        writer_bytes(&harness->reply, effect->bytes);
        harness->status = effect->status;
        break;
    case EFFECT_STOPPED:
        harness->stopped = true;
        break;
    }
}

void harness_run(struct harness *harness)
{
    struct effect effect;
    bool more = true;

    while (more) {
        more = false;
        engine_flush(harness->engine, harness->now);
        while (engine_next(harness->engine, &effect)) {
            perform(harness, &effect);
            more = true;
        }
    }
}

void harness_pass(struct harness *harness, unsigned seconds)
{
    int64_t end_ns = harness->now.steady_ns + SECONDS_NS(seconds);

    while (harness->now.steady_ns < end_ns) {
        int64_t next_ns = engine_deadline_ns(harness->engine);
        int64_t step_ns =
            next_ns < end_ns ? next_ns - harness->now.steady_ns : end_ns - harness->now.steady_ns;
        step_ns = step_ns < 0 ? 0 : step_ns;
        harness->now.steady_ns += step_ns;
        harness->now.utc_ns += step_ns;
        give(harness, &(struct input){ .kind = INPUT_TICK });
        harness_run(harness);
        if (step_ns == 0 && engine_deadline_ns(harness->engine) <= harness->now.steady_ns)
            fail_msg("a deadline that is over is not taken out");
    }
}

void harness_commit(struct harness *harness)
{
    struct batch *batch = harness->held;

    assert_non_null(batch);
    harness->held = NULL;
    commit(harness, batch);
    harness_run(harness);
}

void harness_answer(struct harness *harness)
{
    size_t count = harness->read_count;

    harness->read_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct query query = harness->reads[i];
        answer(harness, &query);
    }
    harness_run(harness);
}

/* --- life --- */

static void open_with(struct harness *harness, const char *config, size_t seal_count)
{
    *harness = (struct harness){ .status = -1,
                                 .config = config,
                                 .seal_count = seal_count,
                                 .now = { .steady_ns = SECONDS_NS(1000), .utc_ns = START_UTC_NS } };
    arena_init(&harness->arena, ARENA_UNLIMITED);
    writer_init(&harness->log, 0);
    writer_init(&harness->reply, 0);
    for (size_t i = 0; i < HARNESS_LINKS_MAX; i++)
        writer_init(&harness->links[i].heard, 0);
    harness->store = store_memory_open(SLICE("K7Q2MX"));
    start(harness);
}

void harness_open_with(struct harness *harness, const char *config)
{
    open_with(harness, config, 0);
}

void harness_open(struct harness *harness)
{
    harness_open_sealing(harness, 0);
}

void harness_open_logged_on(struct harness *harness)
{
    harness_open(harness);
    harness_logon(harness, 1, "BRKALPHA", 1);
    harness_expect(harness, 1, "35=A|34=1");
}

void harness_open_sealing(struct harness *harness, size_t seal_count)
{
    open_with(harness, "engine.yaml", seal_count);
    harness_import(harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ann One,EUR,"
                   "false\n"
                   "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE51993040500071230463,Two GmbH,EUR,"
                   "true\n"
                   "C-3,ACC-9001,beta,STHXFRPPXXX,PAYXDEFFXXX,883300471,陈三,EUR,false\n");
    assert_int_equal(harness->status, 0);
    harness_import(harness, "balances",
                   "client,account,currency,amount\n"
                   "C-1,ACC-7001,EUR,1000.00\n"
                   "C-2,ACC-7001,EUR,500000.00\n"
                   "C-3,ACC-9001,EUR,70.00\n");
    assert_int_equal(harness->status, 0);
    writer_reset(&harness->log);
}

void harness_close(struct harness *harness)
{
    batch_free(harness->held);
    engine_free(harness->engine);
    harness->store->operations->close(harness->store);
    for (size_t i = 0; i < HARNESS_LINKS_MAX; i++)
        writer_fini(&harness->links[i].heard);
    writer_fini(&harness->log);
    writer_fini(&harness->reply);
    arena_fini(&harness->arena);
}

void harness_restart(struct harness *harness)
{
    batch_free(harness->held);
    harness->held = NULL;
    harness->read_count = 0;
    harness->hold_commits = harness->hold_answers = false;
    engine_free(harness->engine);
    for (size_t i = 0; i < HARNESS_LINKS_MAX; i++) {
        writer_reset(&harness->links[i].heard);
        harness->links[i].open = harness->links[i].paused = false;
    }
    harness->sent.count = harness->sent.seen = 0;
    store_memory_reopen(harness->store);
    start(harness);
}

/* --- brokers --- */

static void open_link(struct harness *harness, unsigned link, struct slice session)
{
    struct harness_link *opened = &harness->links[link];

    opened->open = true;
    opened->paused = false;
    writer_reset(&opened->heard);
    give(harness,
         &(struct input){ .kind = INPUT_LINK_OPENED,
                          .link = link,
                          .name = session,
                          .text = SLICE("127.0.0.1"),
                          .port = 40000 + link,
                          .secure = opened->names != NULL,
                          .names = opened->names == NULL ? SLICE_NONE : slice_of(opened->names) });
    harness_run(harness);
}

void harness_connect(struct harness *harness, unsigned link)
{
    open_link(harness, link, SLICE_NONE);
}

void harness_dialled(struct harness *harness, unsigned link, const char *session)
{
    open_link(harness, link, slice_of(session));
}

void harness_not_dialled(struct harness *harness, const char *session, const char *why)
{
    give(harness, &(struct input){ .kind = INPUT_NOT_DIALLED,
                                   .name = slice_of(session),
                                   .text = slice_of(why) });
    harness_run(harness);
}

void harness_hang_up(struct harness *harness, unsigned link)
{
    harness->links[link].open = false;
    give(harness, &(struct input){ .kind = INPUT_LINK_CLOSED, .link = link });
    harness_run(harness);
}

void harness_say_bytes(struct harness *harness, unsigned link, struct slice bytes)
{
    give(harness, &(struct input){ .kind = INPUT_LINK_BYTES, .link = link, .bytes = bytes });
    harness_run(harness);
}

static void say(struct harness *harness, unsigned link, uint64_t number, const char *fields,
                bool again)
{
    const struct harness_link *from = &harness->links[link];
    const char *rest = strchr(fields, '|');
    struct slice type = { fields + 3, (size_t)(rest - fields) - 3 };
    struct writer writer;
    struct fix_compose compose;

    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, SLICE("FIX.4.4"), type);
    fix_compose_text(&compose, 49, slice_of(from->comp_id));
    fix_compose_text(&compose, 56, SLICE("PENSTOCK"));
    fix_compose_u64(&compose, 34, number);
    if (again)
        fix_compose_text(&compose, 43, SLICE("Y"));
    fix_compose_time(&compose, 52, harness->now.utc_ns);
    if (again)
        fix_compose_time(&compose, 122, harness->now.utc_ns);
    fix_compose_fields(&compose, fix_text_plain(rest + 1));
    harness_say_bytes(harness, link, fix_compose_end(&compose));
    writer_fini(&writer);
}

void harness_say(struct harness *harness, unsigned link, const char *fields)
{
    say(harness, link, harness->links[link].next_out++, fields, false);
}

void harness_say_again(struct harness *harness, unsigned link, uint64_t number, const char *fields)
{
    say(harness, link, number, fields, true);
}

void harness_logon(struct harness *harness, unsigned link, const char *comp_id, uint64_t next_out)
{
    harness->links[link].comp_id = comp_id;
    harness->links[link].next_out = next_out;
    harness_connect(harness, link);
    harness_say(harness, link, "35=A|98=0|108=30|");
}

static const char *next_message(struct harness_link *link)
{
    struct fix_frame frame;
    const struct fix_fault *fault;
    struct slice heard = writer_slice(&link->heard);

    if (heard.size == 0 || fix_frame_find(heard, 65536, &frame, &fault) != FIX_FRAME_WHOLE)
        return "";
    const char *text = fix_text_show(frame.bytes).at;
    writer_drop(&link->heard, frame.bytes.size);
    return text;
}

const char *harness_hear(struct harness *harness, unsigned link)
{
    const char *text;

    do
        text = next_message(&harness->links[link]);
    while (strstr(text, "|35=0|") != NULL || strstr(text, "|35=1|") != NULL);
    return text;
}

void harness_answer_test(struct harness *harness, unsigned link)
{
    const char *text;
    char fields[128];

    do
        text = next_message(&harness->links[link]);
    while (strstr(text, "|35=0|") != NULL);
    assert_non_null(strstr(text, "|35=1|"));
    snprintf(fields, sizeof fields, "35=0|112=%s|", harness_field(text, 112));
    harness_say(harness, link, fields);
}

static bool has_field(const char *message, const char *field, size_t size)
{
    for (const char *at = message; (at = strchr(at, '|')) != NULL; at++)
        if (strncmp(at + 1, field, size) == 0 && at[1 + size] == '|')
            return true;
    return false;
}

void harness_expect(struct harness *harness, unsigned link, const char *fields)
{
    const char *message = harness_hear(harness, link);

    while (*fields != '\0') {
        size_t size = strcspn(fields, "|");
        if (!has_field(message, fields, size))
            fail_msg("no field %.*s in \"%s\"", (int)size, fields, message);
        fields += size + (fields[size] == '|');
    }
}

void harness_expect_silence(struct harness *harness, unsigned link)
{
    const char *message = harness_hear(harness, link);

    if (*message != '\0')
        fail_msg("unexpected \"%s\"", message);
}

const char *harness_field(const char *message, unsigned tag)
{
    static char value[200];
    char start[16];

    snprintf(start, sizeof start, "|%u=", tag);
    const char *found = strstr(message, start);
    value[0] = '\0';
    if (found != NULL) {
        found += strlen(start);
        snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "|"), found);
    }
    return value;
}

const char *harness_withdrawal_of(const char *client, const char *id, const char *amount)
{
    static char text[600];

    snprintf(text, sizeof text,
             "35=DY|2812=%s|2811=0|60=20260302-09:00:00|453=1|448=%s|447=D|452=3|2824=CASH|"
             "2817=%s|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-7001|2821=P-%s|",
             id, client, amount, id);
    return text;
}

const char *harness_withdrawal(const char *id, const char *amount)
{
    return harness_withdrawal_of("C-1", id, amount);
}

/* --- banks --- */

const struct bank_party *harness_bank(const char *channel)
{
    static const struct bank_party north = { "NRTXDEFFXXX", "ALBRGB2LXXX", "2026-03-02T09:00:00Z" };
    static const struct bank_party south = { "STHXFRPPXXX", "BTBRGB2LXXX", "2026-03-02T09:00:00Z" };

    return strcmp(channel, "north") == 0 ? &north : &south;
}

const struct bank_deposit harness_deposit_c1 = {
    .transaction_id = "T-1",
    .end_to_end_id = "E-1",
    .amount = "25.50",
    .currency = "EUR",
    .client = "C-1",
    .account = "ACC-7001",
    .payer_account = "DE73993040500071230455",
    .payer_bank = "PAYXDEFFXXX",
};

void harness_bank_says(struct harness *harness, const char *channel, const struct writer *bytes)
{
    char name[32];

    snprintf(name, sizeof name, "file-%llu.xml", (unsigned long long)++harness->documents);
    give(harness, &(struct input){ .kind = INPUT_DOCUMENT,
                                   .channel = slice_of(channel),
                                   .name = slice_of(name),
                                   .bytes = writer_slice(bytes) });
    harness_run(harness);
}

void harness_status(struct harness *harness, const char *channel, const char *message_id,
                    struct slice order_id, const char *status, const char *reason)
{
    struct writer writer;
    char order[64];

    snprintf(order, sizeof order, "%.*s", SLICE_ARG(order_id));
    struct bank_status about = { .message_id = message_id,
                                 .order_id = order,
                                 .status = status,
                                 .reason = reason,
                                 .text = reason == NULL ? NULL : "says the bank" };
    writer_init(&writer, 0);
    bank_write_status(&writer, harness_bank(channel), &about);
    harness_bank_says(harness, channel, &writer);
    writer_fini(&writer);
}

void harness_deposit(struct harness *harness, const char *channel, const char *message_id,
                     const struct bank_deposit *deposit)
{
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_deposits(&writer, harness_bank(channel), message_id, deposit, 1);
    harness_bank_says(harness, channel, &writer);
    writer_fini(&writer);
}

static const struct harness_document *next_document(struct harness_documents *documents,
                                                    const char *what)
{
    if (documents->seen == documents->count)
        fail_msg("no document was %s", what);
    return &documents->at[documents->seen++];
}

const struct harness_document *harness_sent(struct harness *harness)
{
    return next_document(&harness->sent, "sent");
}

const struct harness_document *harness_filed(struct harness *harness)
{
    return next_document(&harness->filed, "filed");
}

/* --- operators --- */

static void command(struct harness *harness, const char *who, const struct slice *words,
                    size_t count)
{
    harness->status = -1;
    writer_reset(&harness->reply);
    give(harness, &(struct input){ .kind = INPUT_COMMAND,
                                   .command = ++harness->commands,
                                   .words = words,
                                   .word_count = count,
                                   .who = slice_of(who) });
    harness_run(harness);
}

void harness_command(struct harness *harness, const char *who, const char *text)
{
    struct slice words[16];
    size_t count = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        words[count++] = (struct slice){ text, size };
        text += size + (text[size] == ' ');
    }
    command(harness, who, words, count);
}

void harness_import(struct harness *harness, const char *what, const char *csv)
{
    const struct slice words[] = { slice_of(what), SLICE("import"), slice_of(csv) };

    command(harness, "olga", words, 3);
}

/* --- what there is --- */

const struct instruction *harness_instruction(struct harness *harness, const char *request_id)
{
    for (size_t i = 0; i < store_memory_count(harness->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(harness->store, ROW_INSTRUCTION, i)->instruction;
        if (slice_is(instruction_get(instruction, INSTRUCTION_TEXT_request_id), request_id))
            return instruction;
    }
    return NULL;
}

const char *harness_state(struct harness *harness, const char *request_id)
{
    const struct instruction *instruction = harness_instruction(harness, request_id);

    return instruction == NULL ? "none" : instruction_state_name(instruction->state);
}

static struct balance balance_of(struct harness *harness, const char *client)
{
    for (size_t i = 0; i < store_memory_count(harness->store, ROW_BALANCE); i++) {
        struct balance balance = store_memory_at(harness->store, ROW_BALANCE, i)->balance;
        if (slice_is(balance.key.client, client))
            return balance;
    }
    return (struct balance){ 0 };
}

int64_t harness_free(struct harness *harness, const char *client)
{
    return balance_of(harness, client).free_minor;
}

int64_t harness_reserved(struct harness *harness, const char *client)
{
    return balance_of(harness, client).reserved_minor;
}

bool harness_replied(const struct harness *harness, const char *text)
{
    return strstr(writer_slice(&harness->reply).at, text) != NULL;
}

bool harness_logged(const struct harness *harness, const char *text)
{
    return strstr(writer_slice(&harness->log).at, text) != NULL;
}
