/* Which texts are BICs, and which BICs name the same institution. */
#include "codecs/base/bic.h"

enum {
    HEAD_OFFICE_SIZE = 8,
    BRANCH_SIZE = 3,
    COUNTRY_FIRST = 4,
    COUNTRY_LAST = 5,
};

bool bic_valid(struct slice bic)
{
    for (size_t i = 0; i < bic.size; i++) {
        bool letter = bic.at[i] >= 'A' && bic.at[i] <= 'Z';
        bool digit = bic.at[i] >= '0' && bic.at[i] <= '9';
        bool country = i >= COUNTRY_FIRST && i <= COUNTRY_LAST;
        if (!letter && (country || !digit))
            return false;
    }
    return bic.size == HEAD_OFFICE_SIZE || bic.size == HEAD_OFFICE_SIZE + BRANCH_SIZE;
}

/* Without a branch that says no more than none does. */
static struct slice head_office(struct slice bic)
{
    bool redundant = bic.size == HEAD_OFFICE_SIZE + BRANCH_SIZE &&
                     memcmp(bic.at + HEAD_OFFICE_SIZE, "XXX", BRANCH_SIZE) == 0;
    return redundant ? (struct slice){ bic.at, HEAD_OFFICE_SIZE } : bic;
}

bool bic_same(struct slice one, struct slice other)
{
    return slice_equal(head_office(one), head_office(other));
}
