/* Withdrawals: from the broker's request to the bank's last word. */
#include "kit/engine_harness.h"

static struct harness harness;

static int open(void **state)
{
    (void)state;
    harness_open(&harness);
    harness_logon(&harness, 1, "BRKALPHA", 1);
    harness_expect(&harness, 1, "35=A|34=1");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static void one_that_the_bank_settles_is_told_at_every_step(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "250.00"));
    harness_expect(&harness, 1, "35=DZ|34=2|2812=W-1|2813=0");
    harness_expect_silence(&harness, 1);
    assert_string_equal(harness_state(&harness, "W-1"), "sent");
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 25000);

    const struct harness_document *order = harness_sent(&harness);
    assert_slice_equal(order->channel, "north");
    assert_slice_equal(bank_read(order->bytes, "BizMsgIdr"), "PSTK-K7Q2MX-1-1");
    assert_slice_equal(bank_read(order->bytes, "InstrId"), "W-1");
    assert_slice_equal(bank_read(order->bytes, "Ustrd"), NULL);

    harness_status(&harness, "north", "B-1", order->name, "ACCP", NULL);
    harness_expect(&harness, 1, "35=EA|2812=W-1|2804=0|2813=1|2823=1|2799=PSTK-K7Q2MX-1-R1");
    assert_string_equal(harness_state(&harness, "W-1"), "pending");

    harness_status(&harness, "north", "B-2", order->name, "ACSC", NULL);
    harness_expect(&harness, 1, "35=EA|2804=2|2823=3|2799=PSTK-K7Q2MX-1-R2");
    assert_string_equal(harness_state(&harness, "W-1"), "settled");
    assert_int_equal(harness_free(&harness, "C-1"), 75000);
    assert_int_equal(harness_reserved(&harness, "C-1"), 0);
    assert_null(harness_filed(&harness)->text.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_that_the_bank_settles_is_told_at_every_step, open,
                                        close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
