/* What the broker's script may say, and how it is done. */
#include <stdio.h>

#include "gateway/parties/broker_parts.h"

#define EXPECT_MS 10000

const struct script_verb broker_verbs[] = {
    { "withdraw", 1,
      "!client !account !amount !currency !payee payee-bank payee-name bank date payment "
      "remittance "
      "resend" },
    { "expect", 2, "reason within" },
    { "deposits", 1, "reason text" },
    { "expect-deposits", 0, "!count within" },
    { "send", 1, "!fields resend" },
    { "expect-message", 1, "fields within" },
    { "wait", 0, "!for" },
    { "drop", 0, "" },
    { NULL, 0, NULL },
};

const char broker_script_help[] =
    "  withdraw ID client= account= amount= currency= payee= [payee-bank= payee-name=\n"
    "           bank= date= payment= remittance= resend=yes]\n"
    "  expect ID receipt|accepted|pending|in-doubt|settled|refused [reason=AM04] [within=10s]\n"
    "  deposits accept|refuse|dispute|ignore [reason=100 text=]    from now on\n"
    "  expect-deposits count=2 [within=10s]\n"
    "  send MSGTYPE fields=\"11=A1|55=X\"            a message as it is written\n"
    "  expect-message MSGTYPE [fields=\"11=A1\"] [within=10s]\n"
    "  wait for=2s      drop (the connection, without a Logout)\n";

static enum step fail(struct broker *broker, const struct script_line *line, const char *what)
{
    printf("FAILED: %s:%u: %.*s %.*s %.*s: %s\n", line->place.source, line->place.line,
           SLICE_ARG(line->verb), SLICE_ARG(line->names[0]), SLICE_ARG(line->names[1]), what);
    journal_write(&broker->journal, broker->now.utc_ns, "failed", "line %u: %s", line->place.line,
                  what);
    return STEP_FAILED;
}

static enum step wait_or_fail(struct broker *broker, const struct script_line *line,
                              uint64_t waited_ms, const char *what)
{
    return waited_ms < script_get_ms(line, "within", EXPECT_MS) ? STEP_WAIT
                                                                : fail(broker, line, what);
}

static enum step step_withdraw(struct broker *broker, const struct script_line *line,
                               uint64_t waited_ms)
{
    const struct broker_order order = {
        .id = line->names[0],
        .client = script_get(line, "client"),
        .account = script_get(line, "account"),
        .amount = script_get(line, "amount"),
        .currency = script_get(line, "currency"),
        .bank = script_get(line, "bank"),
        .payee = script_get(line, "payee"),
        .payee_bank = script_get(line, "payee-bank"),
        .payee_name = script_get(line, "payee-name"),
        .date = script_get(line, "date"),
        .payment = script_get(line, "payment"),
        .remittance = script_get(line, "remittance"),
        .resend = slice_is(script_get(line, "resend"), "yes"),
    };

    (void)waited_ms;
    broker_withdraw(broker, &order);
    return STEP_DONE;
}

static enum step step_expect(struct broker *broker, const struct script_line *line,
                             uint64_t waited_ms)
{
    static const struct {
        const char *name;
        enum request_mark mark;
    } marks[] = { { "receipt", REQUEST_RECEIPT }, { "accepted", REQUEST_ACCEPTED },
                  { "pending", REQUEST_PENDING }, { "in-doubt", REQUEST_IN_DOUBT },
                  { "settled", REQUEST_SETTLED }, { "refused", REQUEST_REFUSED } };
    const struct request *request = tally_find(&broker->tally, line->names[0]);
    struct slice reason = script_get_or(line, "reason", "");
    size_t row = 0;

    while (row < sizeof marks / sizeof *marks && !slice_is(line->names[1], marks[row].name))
        row++;
    if (row == sizeof marks / sizeof *marks)
        return fail(broker, line, "no such state");
    if (request == NULL)
        return fail(broker, line, "no such request");
    if ((request->marks & marks[row].mark) != 0)
        return slice_starts(request->reason, reason) ? STEP_DONE
                                                     : fail(broker, line, "another reason");
    if ((request->marks & REQUEST_FINAL) != 0)
        return fail(broker, line, "it ended otherwise");
    return wait_or_fail(broker, line, waited_ms, "not told in time");
}

static enum step step_deposits(struct broker *broker, const struct script_line *line,
                               uint64_t waited_ms)
{
    static const char *const names[] = {
        [DEPOSITS_ACCEPT] = "accept",
        [DEPOSITS_REFUSE] = "refuse",
        [DEPOSITS_DISPUTE] = "dispute",
        [DEPOSITS_IGNORE] = "ignore",
    };

    (void)waited_ms;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (slice_is(line->names[0], names[i])) {
            broker->deposits = (enum deposit_answer)i;
            broker->deposit_reason = script_get_or(line, "reason", "199");
            broker->deposit_text = script_get(line, "text");
            return STEP_DONE;
        }
    }
    return fail(broker, line, "deposits are accepted, refused, disputed or ignored");
}

static enum step step_expect_deposits(struct broker *broker, const struct script_line *line,
                                      uint64_t waited_ms)
{
    uint64_t count;

    if (!slice_to_u64(script_get(line, "count"), UINT32_MAX, &count))
        return fail(broker, line, "count is no number");
    if (broker->tally.deposits >= count)
        return STEP_DONE;
    return wait_or_fail(broker, line, waited_ms, "not announced in time");
}

/* "11=A|58=B" with SOH. */
static void restore_fields(struct slice fields, struct writer *body)
{
    for (size_t i = 0; i < fields.size; i++) {
        if (fields.at[i] == '|')
            writer_char(body, '\001');
        else
            writer_char(body, fields.at[i]);
    }
    if (fields.size > 0 && fields.at[fields.size - 1] != '|')
        writer_char(body, '\001');
}

static enum step step_send(struct broker *broker, const struct script_line *line,
                           uint64_t waited_ms)
{
    bool resend = slice_is(script_get(line, "resend"), "yes");
    struct writer body;

    (void)waited_ms;
    writer_init(&body, 0);
    restore_fields(script_get(line, "fields"), &body);
    broker_send(broker, line->names[0], resend ? SLICE("97=Y\001") : SLICE_NONE,
                writer_slice(&body));
    writer_fini(&body);
    return STEP_DONE;
}

/* Is there a message of this type with all these fields among those that came? */
static bool was_seen(const struct broker *broker, struct slice type, struct slice fields)
{
    struct slice seen = writer_slice(&broker->seen);
    struct writer wanted, message_type;
    bool found = false;

    writer_init(&wanted, 0);
    writer_init(&message_type, 0);
    writer_text(&wanted, "\001");
    restore_fields(fields, &wanted);
    writer_format(&message_type, "\00135=%.*s\001", SLICE_ARG(type));
    while (seen.size > 0 && !found) {
        const char *end = memchr(seen.at, '\n', seen.size);
        size_t size = (size_t)(end - seen.at);

        found = memmem(seen.at, size, message_type.at, message_type.used) != NULL &&
                memmem(seen.at, size, wanted.at, wanted.used) != NULL;
        seen = slice_after(seen, size + 1);
    }
    writer_fini(&wanted);
    writer_fini(&message_type);
    return found;
}

static enum step step_expect_message(struct broker *broker, const struct script_line *line,
                                     uint64_t waited_ms)
{
    if (was_seen(broker, line->names[0], script_get_or(line, "fields", "")))
        return STEP_DONE;
    return wait_or_fail(broker, line, waited_ms, "no such message came in time");
}

static enum step step_wait(struct broker *broker, const struct script_line *line,
                           uint64_t waited_ms)
{
    (void)broker;
    return runner_wait(line, waited_ms);
}

static enum step step_drop(struct broker *broker, const struct script_line *line,
                           uint64_t waited_ms)
{
    (void)line;
    (void)waited_ms;
    broker_drop(broker);
    return STEP_DONE;
}

enum step broker_step(void *owner, const struct script_line *line, uint64_t waited_ms)
{
    static const struct {
        const char *verb;
        enum step (*step)(struct broker *broker, const struct script_line *line,
                          uint64_t waited_ms);
    } steps[] = { { "withdraw", step_withdraw }, { "expect", step_expect },
                  { "deposits", step_deposits }, { "expect-deposits", step_expect_deposits },
                  { "send", step_send },         { "expect-message", step_expect_message },
                  { "wait", step_wait },         { "drop", step_drop } };
    size_t row = 0;

    while (!slice_is(line->verb, steps[row].verb))
        row++;
    return steps[row].step(owner, line, waited_ms);
}
