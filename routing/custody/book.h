/* The book: links, balances and the movements that change them.

   A balance belongs to (custody account, client, currency) and has two sides:
   free and reserved.  Every change is a movement from one side to another, so
   that sums prove themselves: opening to free, free to reserved (a withdrawal
   is accepted), reserved to outside (it settles), reserved to free (it is
   refused), outside to free (a deposit settles).  No side but opening and
   outside may fall below zero.  Amounts are in the currency's minor units. */
#ifndef PENSTOCK_ROUTING_CUSTODY_BOOK_H
#define PENSTOCK_ROUTING_CUSTODY_BOOK_H

#include "codecs/base/error.h"
#include "codecs/base/slice.h"

enum ledger_side {
    LEDGER_FREE,
    LEDGER_RESERVED,
    LEDGER_OUTSIDE, /* money that has left or come from the bank's other accounts */
    LEDGER_OPENING, /* where imported opening balances come from */
    LEDGER_SIDE_COUNT
};

const char *ledger_side_name(enum ledger_side side);

struct balance_key {
    struct slice account, client, currency;
};

struct balance {
    struct balance_key key; /* owned by the book */
    int64_t free_minor, reserved_minor;
};

/* One client's custody account and the same client's own bank account.  Account
   numbers are as iban_electronic() leaves them. */
struct link {
    struct slice client, account; /* the key */
    struct slice session;         /* whose broker it is */
    struct slice bank;            /* BIC of the bank that keeps the custody account */
    struct slice payee_bank;      /* BIC of the client's own bank */
    struct slice payee_account;   /* IBAN or number there */
    struct slice client_name;
    struct slice currency; /* of the custody account */
    bool legal_person;
};

struct movement {
    struct balance_key key; /* lent by the book, for as long as the book lives */
    enum ledger_side from, to;
    int64_t amount_minor; /* above 0 */
};

struct book;

struct book *book_new(void);
void book_free(struct book *book);

/* Copies what it is given; replaces a link with the same client and account. */
void book_put_link(struct book *book, const struct link *link);
const struct link *book_find_link(const struct book *book, struct slice client,
                                  struct slice account);
/* The link whose custody account this is, and whose own bank account that is;
   NULL: none, or more than one, for then it is not known whose money it is.
   For what a bank announces without naming the client. */
const struct link *book_find_link_by_payee(const struct book *book, struct slice account,
                                           struct slice payee_account);
/* Is there any link of this session for the client, or for the custody account?
   session absent: of any session. */
bool book_knows_client(const struct book *book, struct slice client, struct slice session);
bool book_knows_account(const struct book *book, struct slice account, struct slice session);

/* A balance as the store has it. */
void book_put_balance(struct book *book, const struct balance *balance);
/* Made with zero when it is not there. */
const struct balance *book_balance(struct book *book, struct balance_key key);

extern const struct error_kind book_short, book_overflow;

/* false: the amount (above 0) can't be moved, as a side would fall below zero
   (book_short), or free and reserved together would no longer fit
   (book_overflow). */
bool book_may_move(struct book *book, struct balance_key key, enum ledger_side from,
                   enum ledger_side to, int64_t amount_minor, struct error *error);
/* Moves it and fills in *movement; false: it may not, and nothing is changed. */
bool book_move(struct book *book, struct balance_key key, enum ledger_side from,
               enum ledger_side to, int64_t amount_minor, struct movement *movement,
               struct error *error);

#endif
