/* What the broker asked for, what it was told, and whether the two can be. */
#include <stdio.h>
#include <stdlib.h>

#include "codecs/base/digest.h"
#include "gateway/parties/broker_parts.h"

enum {
    TAG_CL_ORD_ID = 11,
    TAG_TEXT = 58,
    TAG_BUSINESS_REJECT_REF_ID = 379,
    TAG_REJECT_TEXT = 1328,
    TAG_PAY_REPORT_ID = 2799,
    TAG_PAY_REQUEST_ID = 2812,
    TAG_PAY_REQUEST_STATUS = 2813,
    TAG_PAYMENT_STATUS = 2823,
};

void tally_init(struct tally *tally)
{
    *tally = (struct tally){ .request_count = 0 };
    arena_init(&tally->arena, ARENA_UNLIMITED);
    names_init(&tally->request_ids);
    names_init(&tally->report_ids);
}

void tally_fini(struct tally *tally)
{
    names_fini(&tally->request_ids);
    names_fini(&tally->report_ids);
    free(tally->requests);
    free(tally->reports);
    arena_fini(&tally->arena);
}

const struct request *tally_find(const struct tally *tally, struct slice id)
{
    size_t row = names_find(&tally->request_ids, id);

    return row == NAMES_NONE ? NULL : &tally->requests[row];
}

struct request *tally_request(struct tally *tally, struct slice id)
{
    size_t row = names_find(&tally->request_ids, id);

    if (row != NAMES_NONE)
        return &tally->requests[row];
    tally->requests = memory_room(tally->requests, tally->request_count, &tally->request_room,
                                  sizeof *tally->requests);
    struct request *request = &tally->requests[tally->request_count];
    *request = (struct request){ .id = arena_copy(&tally->arena, id) };
    names_add(&tally->request_ids, request->id, tally->request_count++);
    return request;
}

static void problem(struct broker *broker, const char *what, struct slice id)
{
    broker->tally.problems++;
    printf("PROBLEM: %s: %.*s\n", what, SLICE_ARG(id));
    journal_write(&broker->journal, broker->now.utc_ns, "problem", "%s: %.*s", what, SLICE_ARG(id));
}

/* ------------------------------------------------------------ reports */

/* The body of an EA without its header, whose number and time differ in a repeat. */
static struct digest body_digest(const struct fix_message *message)
{
    if (message->body_first == message->body_end)
        return digest_of(SLICE_NONE);
    const char *start = message->fields[message->body_first].value.at;
    const struct fix_field *last = &message->fields[message->body_end - 1];
    return digest_of((struct slice){ start, (size_t)(last->value.at + last->value.size - start) });
}

/* false: the report is a repeat of one that was heard before. */
static bool note_report(struct broker *broker, const struct fix_message *message)
{
    struct tally *tally = &broker->tally;
    struct slice id = fix_message_get(message, TAG_PAY_REPORT_ID);
    size_t row = names_find(&tally->report_ids, id);
    struct report report = { .body = body_digest(message) };

    if (row != NAMES_NONE) {
        tally->repeats++;
        if (!digest_equal(&tally->reports[row].body, &report.body))
            problem(broker, "a report came again with another content", id);
        return false;
    }
    report.id = arena_copy(&tally->arena, id);
    tally->reports = memory_room(tally->reports, tally->report_count, &tally->report_room,
                                 sizeof *tally->reports);
    tally->reports[tally->report_count] = report;
    names_add(&tally->report_ids, report.id, tally->report_count++);
    return true;
}

static unsigned mark_of(const struct fix_message *message)
{
    static const unsigned marks[] = { 0, REQUEST_ACCEPTED, REQUEST_PENDING, REQUEST_SETTLED,
                                      REQUEST_REFUSED };
    uint64_t status;

    if (!fix_message_get_u64(message, TAG_PAYMENT_STATUS, &status) ||
        status >= sizeof marks / sizeof *marks)
        return 0;
    if (slice_starts(fix_message_get(message, TAG_TEXT), SLICE("no answer")))
        return REQUEST_IN_DOUBT;
    return marks[status];
}

static void finish_request(struct broker *broker, struct request *request)
{
    broker->tally.finals++;
    request->final_ns = broker->now.steady_ns;
}

/* A refusal of a second request under a used id is about that request only. */
static bool is_duplicate_refusal(const struct fix_message *message)
{
    return slice_starts(fix_message_get(message, TAG_REJECT_TEXT), SLICE("AM05"));
}

static void hear_report(struct broker *broker, const struct fix_message *message)
{
    struct slice id = fix_message_get(message, TAG_PAY_REQUEST_ID);
    struct slice reason = fix_message_get(message, TAG_REJECT_TEXT);
    unsigned mark = mark_of(message);

    if (tally_find(&broker->tally, id) == NULL) {
        problem(broker, "a report for a request that was never sent", id);
        return;
    }
    struct request *request = tally_request(&broker->tally, id);
    if (reason.at != NULL)
        request->reason = arena_copy(&broker->tally.arena, reason);
    if (is_duplicate_refusal(message) && (request->marks & REQUEST_RECEIPT) != 0 &&
        (request->marks & REQUEST_REFUSED) == 0)
        return;
    if ((request->marks & REQUEST_FINAL) != 0 && (mark & ~request->marks) != 0)
        problem(broker, "a report that contradicts the last one", id);
    if ((request->marks & REQUEST_FINAL) == 0 && (mark & REQUEST_FINAL) != 0)
        finish_request(broker, request);
    request->marks |= mark;
}

static void hear_announcement(struct broker *broker, const struct fix_message *message, bool live)
{
    static const unsigned statuses[] = {
        [DEPOSITS_ACCEPT] = 1, [DEPOSITS_REFUSE] = 2, [DEPOSITS_DISPUTE] = 3
    };
    struct slice id = fix_message_get(message, TAG_PAY_REPORT_ID);

    broker->tally.deposits++;
    if (!live || broker->deposits == DEPOSITS_IGNORE)
        return;
    if (broker->deposits == DEPOSITS_ACCEPT)
        broker_answer(broker, id, 0);
    broker_answer(broker, id, statuses[broker->deposits]);
}

/* ------------------------------------------------------------ everything else */

static void hear_receipt(struct broker *broker, const struct fix_message *message)
{
    struct slice id = fix_message_get(message, TAG_PAY_REQUEST_ID);

    if (tally_find(&broker->tally, id) == NULL) {
        problem(broker, "a receipt for a request that was never sent", id);
        return;
    }
    struct request *request = tally_request(&broker->tally, id);
    broker->tally.receipts += (request->marks & REQUEST_RECEIPT) == 0;
    if (request->receipt_ns == 0)
        request->receipt_ns = broker->now.steady_ns;
    request->marks |= REQUEST_RECEIPT;
}

static void hear_refusal(struct broker *broker, const struct fix_message *message)
{
    struct slice id = fix_message_get(message, TAG_BUSINESS_REJECT_REF_ID);

    if (tally_find(&broker->tally, id) == NULL)
        return;
    struct request *request = tally_request(&broker->tally, id);
    request->reason = arena_copy(&broker->tally.arena, fix_message_get(message, TAG_TEXT));
    if ((request->marks & REQUEST_FINAL) == 0)
        finish_request(broker, request);
    request->marks |= REQUEST_REFUSED;
}

static void note_seen(struct broker *broker, const struct fix_message *message)
{
    writer_bytes(&broker->seen, message->bytes);
    writer_char(&broker->seen, '\n');
}

/* Our own requests of an earlier life are known again. */
static bool hear_ourselves(struct broker *broker, const struct fix_message *message)
{
    if (!slice_is(message->msg_type, "DY"))
        return slice_is(message->msg_type, "EB");
    tally_request(&broker->tally, fix_message_get(message, TAG_PAY_REQUEST_ID));
    return true;
}

void broker_hear(struct broker *broker, const struct fix_message *message, bool live)
{
    struct slice type = message->msg_type;

    if (hear_ourselves(broker, message))
        return;
    note_seen(broker, message);
    if (slice_is(type, "DZ")) {
        hear_receipt(broker, message);
    } else if (slice_is(type, "j")) {
        hear_refusal(broker, message);
    } else if (slice_is(type, "EA")) {
        if (!note_report(broker, message))
            return;
        if (fix_message_get(message, TAG_PAY_REQUEST_ID).at != NULL)
            hear_report(broker, message);
        else
            hear_announcement(broker, message, live);
    } else if (fix_message_get(message, TAG_CL_ORD_ID).at != NULL) {
        broker->tally.echoes++;
    }
}

bool broker_all_final(const struct broker *broker)
{
    return broker->tally.finals == broker->tally.request_count;
}

/* ------------------------------------------------------------ the summary */

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return a < b ? -1 : a > b;
}

static void print_times(const struct broker *broker, const char *what, bool final)
{
    const struct tally *tally = &broker->tally;
    int64_t *times = memory_take((tally->request_count + 1) * sizeof *times);
    size_t count = 0;

    for (size_t i = 0; i < tally->request_count; i++) {
        const struct request *request = &tally->requests[i];
        int64_t end_ns = final ? request->final_ns : request->receipt_ns;

        if (request->sent_ns != 0 && end_ns != 0)
            times[count++] = (end_ns - request->sent_ns) / 1000;
    }
    if (count > 0) {
        qsort(times, count, sizeof *times, by_size);
        printf("  %-24s p50 %lld us, p99 %lld us\n", what, (long long)times[count / 2],
               (long long)times[count * 99 / 100]);
    }
    free(times);
}

static void print_load(const struct broker *broker)
{
    int64_t took_ns = broker->progress_ns - broker->load_start_ns;

    if (broker->options->count == 0 || broker->load_sent == 0 || took_ns <= 0)
        return;
    printf("  load                     %llu withdrawals in %lld ms: %lld per second\n",
           (unsigned long long)broker->load_sent, (long long)(took_ns / MILLIS_NS(1)),
           (long long)((int64_t)broker->load_sent * SECONDS_NS(1) / took_ns));
    print_times(broker, "to the receipt (DZ)", false);
    print_times(broker, "to the outcome (EA)", true);
}

static size_t count_marked(const struct tally *tally, unsigned mark)
{
    size_t count = 0;

    for (size_t i = 0; i < tally->request_count; i++)
        count += (tally->requests[i].marks & mark) != 0;
    return count;
}

void broker_print_summary(const struct broker *broker)
{
    const struct tally *tally = &broker->tally;

    printf("broker %.*s: summary\n", SLICE_ARG(broker->options->sender));
    printf("  withdrawals              %zu asked, %zu received, %zu settled, %zu refused, "
           "%zu open\n",
           tally->request_count, tally->receipts, count_marked(tally, REQUEST_SETTLED),
           count_marked(tally, REQUEST_REFUSED), tally->request_count - tally->finals);
    printf("  deposits                 %zu announced, %zu accepted, %zu refused\n", tally->deposits,
           tally->deposits_accepted, tally->deposits_refused);
    printf("  reports                  %zu, and %zu repeats of them\n", tally->report_count,
           tally->repeats);
    printf("  line                     %u logons, %u ends\n", broker->line.logons,
           broker->line.ends);
    print_load(broker);
    printf("  problems                 %zu, and %u expectations that did not come true\n",
           tally->problems, broker->runner.failures);
}
