/* Links and balances in hash tables, and double-entry movements between the
   sides of a balance. */
#include "routing/custody/book.h"

#include "routing/custody/owned.h"
#include "routing/custody/table.h"

#include <assert.h>

const struct error_kind book_short = { "book.short", "not enough money" };
const struct error_kind book_overflow = { "book.overflow", "balance would not fit" };

/* The ways to find a link. */
enum link_way {
    BY_CLIENT_AND_ACCOUNT,
    BY_ACCOUNT_AND_PAYEE,
    BY_CLIENT,
    BY_ACCOUNT,
    LINK_WAY_COUNT
};

struct link_entry {
    struct table_entry ways[LINK_WAY_COUNT];
    struct link link;
};

struct balance_entry {
    struct table_entry by_key;
    struct balance balance;
};

struct book {
    struct table links[LINK_WAY_COUNT];
    struct table balances;
};

const char *ledger_side_name(enum ledger_side side)
{
    static const char *const names[] = {
        [LEDGER_FREE] = "free",
        [LEDGER_RESERVED] = "reserved",
        [LEDGER_OUTSIDE] = "outside",
        [LEDGER_OPENING] = "opening",
    };
    assert(side < LEDGER_SIDE_COUNT);
    return names[side];
}

struct book *book_new(void)
{
    struct book *book = memory_take(sizeof *book);
    for (size_t way = 0; way < LINK_WAY_COUNT; way++)
        table_init(&book->links[way]);
    table_init(&book->balances);
    return book;
}

static void link_entry_free(struct link_entry *entry)
{
    owned_free(entry->link.client);
    owned_free(entry->link.account);
    owned_free(entry->link.session);
    owned_free(entry->link.bank);
    owned_free(entry->link.payee_bank);
    owned_free(entry->link.payee_account);
    owned_free(entry->link.client_name);
    owned_free(entry->link.currency);
    free(entry);
}

static void balance_entry_free(struct balance_entry *entry)
{
    owned_free(entry->balance.key.account);
    owned_free(entry->balance.key.client);
    owned_free(entry->balance.key.currency);
    free(entry);
}

void book_free(struct book *book)
{
    if (book == NULL)
        return;
    const struct table *links = &book->links[BY_CLIENT_AND_ACCOUNT];
    for (size_t i = 0; i < links->bucket_count; i++) {
        for (struct table_entry *entry = links->buckets[i].first, *next; entry != NULL;
             entry = next) {
            next = entry->next;
            link_entry_free(entry->owner);
        }
    }
    for (size_t i = 0; i < book->balances.bucket_count; i++) {
        for (struct table_entry *entry = book->balances.buckets[i].first, *next; entry != NULL;
             entry = next) {
            next = entry->next;
            balance_entry_free(entry->owner);
        }
    }
    for (size_t way = 0; way < LINK_WAY_COUNT; way++)
        table_fini(&book->links[way]);
    table_fini(&book->balances);
    free(book);
}

static uint64_t hash_of_two(struct slice one, struct slice other)
{
    return table_hash((struct slice[]){ one, other }, 2);
}

static void enter_link(struct book *book, struct link_entry *entry)
{
    const struct link *link = &entry->link;
    const uint64_t hashes[LINK_WAY_COUNT] = {
        [BY_CLIENT_AND_ACCOUNT] = hash_of_two(link->client, link->account),
        [BY_ACCOUNT_AND_PAYEE] = hash_of_two(link->account, link->payee_account),
        [BY_CLIENT] = table_hash(&link->client, 1),
        [BY_ACCOUNT] = table_hash(&link->account, 1),
    };
    for (size_t way = 0; way < LINK_WAY_COUNT; way++)
        table_add(&book->links[way], &entry->ways[way], hashes[way], entry);
}

static struct link_entry *find_link(const struct book *book, struct slice client,
                                    struct slice account)
{
    struct table_entry *at =
        table_first(&book->links[BY_CLIENT_AND_ACCOUNT], hash_of_two(client, account));
    for (; at != NULL; at = table_next(at)) {
        struct link_entry *entry = at->owner;
        if (slice_equal(entry->link.client, client) && slice_equal(entry->link.account, account))
            return entry;
    }
    return NULL;
}

void book_put_link(struct book *book, const struct link *link)
{
    struct link_entry *old = find_link(book, link->client, link->account);
    struct link_entry *entry = memory_take(sizeof *entry);
    entry->link = (struct link){
        .client = owned_copy(link->client),
        .account = owned_copy(link->account),
        .session = owned_copy(link->session),
        .bank = owned_copy(link->bank),
        .payee_bank = owned_copy(link->payee_bank),
        .payee_account = owned_copy(link->payee_account),
        .client_name = owned_copy(link->client_name),
        .currency = owned_copy(link->currency),
        .legal_person = link->legal_person,
    };
    enter_link(book, entry);
    if (old != NULL) {
        for (size_t way = 0; way < LINK_WAY_COUNT; way++)
            table_remove(&book->links[way], &old->ways[way]);
        link_entry_free(old);
    }
}

const struct link *book_find_link(const struct book *book, struct slice client,
                                  struct slice account)
{
    const struct link_entry *entry = find_link(book, client, account);
    return entry == NULL ? NULL : &entry->link;
}

const struct link *book_find_link_by_payee(const struct book *book, struct slice account,
                                           struct slice payee_account)
{
    const struct link *found = NULL;
    const struct table_entry *at =
        table_first(&book->links[BY_ACCOUNT_AND_PAYEE], hash_of_two(account, payee_account));
    for (; at != NULL; at = table_next(at)) {
        const struct link *link = &((const struct link_entry *)at->owner)->link;
        if (!slice_equal(link->account, account) ||
            !slice_equal(link->payee_account, payee_account))
            continue;
        if (found != NULL)
            return NULL;
        found = link;
    }
    return found;
}

static bool of_session(const struct link *link, struct slice session)
{
    return session.at == NULL || slice_equal(link->session, session);
}

bool book_knows_client(const struct book *book, struct slice client, struct slice session)
{
    const struct table_entry *at = table_first(&book->links[BY_CLIENT], table_hash(&client, 1));
    for (; at != NULL; at = table_next(at)) {
        const struct link *link = &((const struct link_entry *)at->owner)->link;
        if (slice_equal(link->client, client) && of_session(link, session))
            return true;
    }
    return false;
}

bool book_knows_account(const struct book *book, struct slice account, struct slice session)
{
    const struct table_entry *at = table_first(&book->links[BY_ACCOUNT], table_hash(&account, 1));
    for (; at != NULL; at = table_next(at)) {
        const struct link *link = &((const struct link_entry *)at->owner)->link;
        if (slice_equal(link->account, account) && of_session(link, session))
            return true;
    }
    return false;
}

static bool same_key(const struct balance_key *one, const struct balance_key *other)
{
    return slice_equal(one->account, other->account) && slice_equal(one->client, other->client) &&
           slice_equal(one->currency, other->currency);
}

/* The balance with this key; made with zero when it is not there. */
static struct balance *balance_of(struct book *book, const struct balance_key *key)
{
    const struct slice parts[] = { key->account, key->client, key->currency };
    const uint64_t hash = table_hash(parts, 3);
    for (struct table_entry *at = table_first(&book->balances, hash); at != NULL;
         at = table_next(at)) {
        struct balance_entry *entry = at->owner;
        if (same_key(&entry->balance.key, key))
            return &entry->balance;
    }
    struct balance_entry *entry = memory_take(sizeof *entry);
    entry->balance = (struct balance){
        .key = { .account = owned_copy(key->account),
                 .client = owned_copy(key->client),
                 .currency = owned_copy(key->currency) },
    };
    table_add(&book->balances, &entry->by_key, hash, entry);
    return &entry->balance;
}

void book_put_balance(struct book *book, const struct balance *balance)
{
    assert(balance->free_minor >= 0 && balance->reserved_minor >= 0);
    struct balance *mine = balance_of(book, &balance->key);
    mine->free_minor = balance->free_minor;
    mine->reserved_minor = balance->reserved_minor;
}

const struct balance *book_balance(struct book *book, struct balance_key key)
{
    return balance_of(book, &key);
}

/* Outside and opening are not balances of ours. */
static bool is_kept(enum ledger_side side)
{
    return side == LEDGER_FREE || side == LEDGER_RESERVED;
}

static int64_t *side_of(struct balance *balance, enum ledger_side side)
{
    assert(is_kept(side));
    return side == LEDGER_FREE ? &balance->free_minor : &balance->reserved_minor;
}

/* Do free and reserved together still fit with the amount added?  Their sum is
   what counts: what is reserved must always be able to become free again. */
static bool would_fit(const struct balance *balance, int64_t amount_minor)
{
    int64_t sum;
    return !__builtin_add_overflow(balance->free_minor, balance->reserved_minor, &sum) &&
           !__builtin_add_overflow(sum, amount_minor, &sum);
}

bool book_may_move(struct book *book, struct balance_key key, enum ledger_side from,
                   enum ledger_side to, int64_t amount_minor, struct error *error)
{
    assert(amount_minor > 0 && from != to);
    struct balance *balance = balance_of(book, &key);
    if (is_kept(from) && *side_of(balance, from) < amount_minor)
        return error_at(error, &book_short, PLACE_NONE, "%s", ledger_side_name(from));
    if (!is_kept(from) && is_kept(to) && !would_fit(balance, amount_minor))
        return error_at(error, &book_overflow, PLACE_NONE, "%s", ledger_side_name(to));
    return true;
}

bool book_move(struct book *book, struct balance_key key, enum ledger_side from,
               enum ledger_side to, int64_t amount_minor, struct movement *movement,
               struct error *error)
{
    if (!book_may_move(book, key, from, to, amount_minor, error))
        return false;
    struct balance *balance = balance_of(book, &key);
    if (is_kept(from))
        *side_of(balance, from) -= amount_minor;
    if (is_kept(to))
        *side_of(balance, to) += amount_minor;
    *movement = (struct movement){ balance->key, from, to, amount_minor };
    return true;
}
