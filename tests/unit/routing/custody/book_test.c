#include "kit/kit.h"

#include "routing/custody/book.h"

#include <stdio.h>

static const struct link alice = {
    .client = { "C-1", 3 },
    .account = { "ACC-1", 5 },
    .session = { "alpha", 5 },
    .bank = { "ICBKCNBJXXX", 11 },
    .payee_bank = { "CMBCCNBS", 8 },
    .payee_account = { "6225-1", 6 },
    .client_name = { "Alice", 5 },
    .currency = { "CNY", 3 },
};

static const struct balance_key key = { { "ACC-1", 5 }, { "C-1", 3 }, { "CNY", 3 } };

static int with_book(void **state)
{
    *state = book_new();
    return 0;
}

static int without_book(void **state)
{
    book_free(*state);
    return 0;
}

static void a_link_is_found_by_client_and_account_together(void **state)
{
    struct book *book = *state;
    book_put_link(book, &alice);

    const struct link *link = book_find_link(book, SLICE("C-1"), SLICE("ACC-1"));
    assert_non_null(link);
    assert_slice_equal(link->payee_account, "6225-1");
    assert_slice_equal(link->client_name, "Alice");
    assert_false(link->legal_person);
    assert_null(book_find_link(book, SLICE("C-1"), SLICE("ACC-2")));
    assert_null(book_find_link(book, SLICE("C-2"), SLICE("ACC-1")));
    assert_null(book_find_link(book, SLICE_NONE, SLICE_NONE));
}

static void a_link_with_the_same_client_and_account_replaces_the_old(void **state)
{
    struct book *book = *state;
    struct link changed = alice;
    changed.payee_account = SLICE("6225-9");
    book_put_link(book, &alice);
    book_put_link(book, &changed);

    assert_slice_equal(book_find_link(book, alice.client, alice.account)->payee_account, "6225-9");
    assert_null(book_find_link_by_payee(book, alice.account, alice.payee_account));
    assert_non_null(book_find_link_by_payee(book, alice.account, changed.payee_account));
}

static void a_link_can_be_replaced_by_itself(void **state)
{
    struct book *book = *state;
    book_put_link(book, &alice);
    struct link same = *book_find_link(book, alice.client, alice.account);
    book_put_link(book, &same);

    assert_slice_equal(book_find_link(book, alice.client, alice.account)->bank, "ICBKCNBJXXX");
}

static void two_clients_behind_one_payee_account_are_not_told_apart(void **state)
{
    struct book *book = *state;
    struct link other = alice;
    other.client = SLICE("C-2");
    book_put_link(book, &alice);
    assert_non_null(book_find_link_by_payee(book, alice.account, alice.payee_account));
    book_put_link(book, &other);

    assert_null(book_find_link_by_payee(book, alice.account, alice.payee_account));
}

static void clients_and_accounts_are_known_by_session(void **state)
{
    struct book *book = *state;
    book_put_link(book, &alice);

    assert_true(book_knows_client(book, SLICE("C-1"), SLICE("alpha")));
    assert_true(book_knows_client(book, SLICE("C-1"), SLICE_NONE));
    assert_false(book_knows_client(book, SLICE("C-1"), SLICE("beta")));
    assert_false(book_knows_client(book, SLICE("C-2"), SLICE_NONE));
    assert_true(book_knows_account(book, SLICE("ACC-1"), SLICE("alpha")));
    assert_false(book_knows_account(book, SLICE("ACC-1"), SLICE("beta")));
    assert_false(book_knows_account(book, SLICE("C-1"), SLICE_NONE));
}

static void a_balance_begins_at_zero(void **state)
{
    struct book *book = *state;
    const struct balance *balance = book_balance(book, key);

    assert_int_equal(balance->free_minor, 0);
    assert_int_equal(balance->reserved_minor, 0);
    assert_slice_equal(balance->key.currency, "CNY");
}

static void balances_differ_by_each_part_of_their_key(void **state)
{
    struct book *book = *state;
    book_put_balance(book, &(struct balance){ key, 100, 0 });
    struct balance_key other_client = key, other_account = key, other_currency = key;
    other_client.client = SLICE("C-2");
    other_account.account = SLICE("ACC-2");
    other_currency.currency = SLICE("USD");

    assert_int_equal(book_balance(book, other_client)->free_minor, 0);
    assert_int_equal(book_balance(book, other_account)->free_minor, 0);
    assert_int_equal(book_balance(book, other_currency)->free_minor, 0);
    assert_int_equal(book_balance(book, key)->free_minor, 100);
}

static void a_movement_takes_from_one_side_and_gives_to_the_other(void **state)
{
    struct book *book = *state;
    struct movement movement;
    struct error error;

    assert_true(book_move(book, key, LEDGER_OPENING, LEDGER_FREE, 500, &movement, &error));
    assert_true(book_move(book, key, LEDGER_FREE, LEDGER_RESERVED, 200, &movement, &error));
    assert_int_equal(movement.from, LEDGER_FREE);
    assert_int_equal(movement.to, LEDGER_RESERVED);
    assert_int_equal(movement.amount_minor, 200);
    assert_slice_equal(movement.key.client, "C-1");
    assert_true(book_move(book, key, LEDGER_RESERVED, LEDGER_OUTSIDE, 150, &movement, &error));

    assert_int_equal(book_balance(book, key)->free_minor, 300);
    assert_int_equal(book_balance(book, key)->reserved_minor, 50);
}

static void no_side_of_a_balance_falls_below_zero(void **state)
{
    struct book *book = *state;
    struct movement movement;
    struct error error;
    book_put_balance(book, &(struct balance){ key, 100, 10 });

    assert_false(book_move(book, key, LEDGER_FREE, LEDGER_RESERVED, 101, &movement, &error));
    assert_ptr_equal(error.kind, &book_short);
    assert_false(book_move(book, key, LEDGER_RESERVED, LEDGER_FREE, 11, &movement, &error));
    assert_ptr_equal(error.kind, &book_short);
    assert_int_equal(book_balance(book, key)->free_minor, 100);
    assert_int_equal(book_balance(book, key)->reserved_minor, 10);

    assert_true(book_move(book, key, LEDGER_FREE, LEDGER_RESERVED, 100, &movement, &error));
    assert_int_equal(book_balance(book, key)->free_minor, 0);
}

static void a_balance_that_would_not_fit_is_refused(void **state)
{
    struct book *book = *state;
    struct movement movement;
    struct error error;
    book_put_balance(book, &(struct balance){ key, INT64_MAX - 10, 8 });

    assert_false(book_move(book, key, LEDGER_OUTSIDE, LEDGER_FREE, 3, &movement, &error));
    assert_ptr_equal(error.kind, &book_overflow);
    assert_int_equal(book_balance(book, key)->free_minor, INT64_MAX - 10);
    assert_true(book_move(book, key, LEDGER_OUTSIDE, LEDGER_FREE, 2, &movement, &error));
    assert_true(book_move(book, key, LEDGER_RESERVED, LEDGER_FREE, 8, &movement, &error));
    assert_int_equal(book_balance(book, key)->free_minor, INT64_MAX);
}

/* Whatever moves, the sides of all balances together stay at zero. */
static void random_movements_keep_the_sum_of_all_sides_at_zero(void **state)
{
    enum { ACCOUNTS = 5, STEPS = 20000 };
    struct book *book = *state;
    struct kit_random random = { 20260105 };
    int64_t sides[LEDGER_SIDE_COUNT] = { 0 };
    char accounts[ACCOUNTS][8];
    for (int i = 0; i < ACCOUNTS; i++)
        snprintf(accounts[i], sizeof accounts[i], "ACC-%d", i);
    for (int step = 0; step < STEPS; step++) {
        struct balance_key any = key;
        struct movement movement;
        struct error error;
        any.account = slice_of(accounts[kit_random_below(&random, ACCOUNTS)]);
        enum ledger_side from = (enum ledger_side)kit_random_below(&random, LEDGER_SIDE_COUNT);
        enum ledger_side to = (enum ledger_side)kit_random_below(&random, LEDGER_SIDE_COUNT);
        if (from == to || !book_move(book, any, from, to,
                                     1 + (int64_t)kit_random_below(&random, 99), &movement, &error))
            continue;
        sides[from] -= movement.amount_minor;
        sides[to] += movement.amount_minor;
    }
    int64_t free_minor = 0, reserved_minor = 0;
    for (int i = 0; i < ACCOUNTS; i++) {
        struct balance_key one = key;
        one.account = slice_of(accounts[i]);
        const struct balance *balance = book_balance(book, one);
        assert_true(balance->free_minor >= 0 && balance->reserved_minor >= 0);
        free_minor += balance->free_minor;
        reserved_minor += balance->reserved_minor;
    }
    assert_int_equal(free_minor, sides[LEDGER_FREE]);
    assert_int_equal(reserved_minor, sides[LEDGER_RESERVED]);
    assert_int_equal(free_minor + reserved_minor, -(sides[LEDGER_OUTSIDE] + sides[LEDGER_OPENING]));
}

static void many_links_and_balances_are_all_found(void **state)
{
    enum { COUNT = 2000 };
    struct book *book = *state;
    char name[16];
    for (int i = 0; i < COUNT; i++) {
        struct link link = alice;
        snprintf(name, sizeof name, "C-%d", i);
        link.client = slice_of(name);
        book_put_link(book, &link);
        struct balance balance = { key, i, 0 };
        balance.key.client = slice_of(name);
        book_put_balance(book, &balance);
    }
    for (int i = 0; i < COUNT; i++) {
        struct balance_key one = key;
        snprintf(name, sizeof name, "C-%d", i);
        one.client = slice_of(name);
        assert_slice_equal(book_find_link(book, one.client, alice.account)->client, name);
        assert_int_equal(book_balance(book, one)->free_minor, i);
    }
}

#define book_test(test) cmocka_unit_test_setup_teardown(test, with_book, without_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        book_test(a_link_is_found_by_client_and_account_together),
        book_test(a_link_with_the_same_client_and_account_replaces_the_old),
        book_test(a_link_can_be_replaced_by_itself),
        book_test(two_clients_behind_one_payee_account_are_not_told_apart),
        book_test(clients_and_accounts_are_known_by_session),
        book_test(a_balance_begins_at_zero),
        book_test(balances_differ_by_each_part_of_their_key),
        book_test(a_movement_takes_from_one_side_and_gives_to_the_other),
        book_test(no_side_of_a_balance_falls_below_zero),
        book_test(a_balance_that_would_not_fit_is_refused),
        book_test(random_movements_keep_the_sum_of_all_sides_at_zero),
        book_test(many_links_and_balances_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
