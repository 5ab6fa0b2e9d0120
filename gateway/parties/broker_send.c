/* The messages that the broker writes: requests and answers. */
#include "gateway/parties/broker_parts.h"

#define DAY_NS SECONDS_NS(86400)

static void add_field(struct writer *body, unsigned tag, struct slice value)
{
    if (value.at == NULL)
        return;
    writer_format(body, "%u=", tag);
    writer_bytes(body, value);
    writer_char(body, '\001');
}

/* One instance of Parties: id, source, role. */
static void add_party(struct writer *body, struct slice id, const char *source, const char *role)
{
    add_field(body, 448, id);
    add_field(body, 447, slice_of(source));
    add_field(body, 452, slice_of(role));
}

static void add_parties(struct writer *body, const struct broker *broker,
                        const struct broker_order *order)
{
    add_field(body, 453, order->bank.at == NULL ? SLICE("2") : SLICE("3"));
    add_party(body, broker->options->bic, "B", "7");
    add_party(body, order->client, "D", "3");
    if (order->bank.at != NULL)
        add_party(body, order->bank, "B", "28");
}

/* The client as the one who is paid (role 32), at the client's bank (109). */
static void add_payee(struct writer *body, const struct broker_order *order)
{
    struct slice name = order->payee_name.at != NULL ? order->payee_name : order->client;

    add_field(body, 1158, SLICE("1"));
    add_field(body, 1164, SLICE("3"));
    add_field(body, 781, order->payee_bank.at == NULL ? SLICE("1") : SLICE("2"));
    add_field(body, 782, name);
    add_field(body, 783, SLICE("D"));
    add_field(body, 784, SLICE("32"));
    add_field(body, 801, SLICE("2"));
    add_field(body, 785, order->payee);
    add_field(body, 786, SLICE("15"));
    add_field(body, 785, name);
    add_field(body, 786, SLICE("23"));
    if (order->payee_bank.at == NULL)
        return;
    add_field(body, 782, order->payee_bank);
    add_field(body, 783, SLICE("B"));
    add_field(body, 784, SLICE("109"));
}

static void add_date(struct writer *body, unsigned tag, int64_t utc_ns)
{
    writer_format(body, "%u=", tag);
    fix_date_write(date_from_days(utc_ns / DAY_NS), body);
    writer_char(body, '\001');
}

static void add_payment(struct writer *body, const struct broker *broker,
                        const struct broker_order *order)
{
    add_field(body, 2824, SLICE("CASH"));
    add_field(body, 2817, order->amount);
    add_field(body, 2818, order->currency);
    add_date(body, 2825, broker->now.utc_ns);
    if (order->date.at != NULL)
        add_field(body, 2826, order->date);
    else
        add_date(body, 2826, broker->now.utc_ns + DAY_NS);
    add_field(body, 2819, SLICE("0"));
    add_field(body, 2816, order->account);
    add_field(body, 2821, order->payment);
    add_field(body, 2820, order->remittance);
}

void broker_withdraw(struct broker *broker, const struct broker_order *order)
{
    struct request *request = tally_request(&broker->tally, order->id);
    struct writer body;

    if (request->sent_ns == 0)
        request->sent_ns = broker->now.steady_ns;
    writer_init(&body, 0);
    add_field(&body, 2812, order->id);
    add_field(&body, 2811, SLICE("0"));
    writer_text(&body, "60=");
    fix_timestamp_write(broker->now.utc_ns, &body);
    writer_char(&body, '\001');
    add_parties(&body, broker, order);
    add_payment(&body, broker, order);
    add_payee(&body, order);
    broker_send(broker, SLICE("DY"), order->resend ? SLICE("97=Y\001") : SLICE_NONE,
                writer_slice(&body));
    writer_fini(&body);
}

void broker_answer(struct broker *broker, struct slice report_id, unsigned status)
{
    struct writer body;

    writer_init(&body, 0);
    add_field(&body, 2799, report_id);
    writer_format(&body, "2806=%u\001", status);
    if (status > 1) {
        add_field(&body, 2800, broker->deposit_reason);
        add_field(&body, 1328, broker->deposit_text);
    }
    broker_send(broker, SLICE("EB"), SLICE_NONE, writer_slice(&body));
    broker->tally.deposits_accepted += status == 1;
    broker->tally.deposits_refused += status > 1;
    writer_fini(&body);
}
