/* libxml2's own XSD engine as a second opinion, corrected where it is known not to
   keep the standard.

   differences.def lists where.  A row is taken only when the place at which libxml2
   objects has what the row is about, and when libxml2 no longer objects once that,
   and nothing else, is written as libxml2 takes it. */
#ifndef PENSTOCK_TESTS_DIFFERENTIAL_ORACLE_H
#define PENSTOCK_TESTS_DIFFERENTIAL_ORACLE_H

#include "codecs/base/error.h"

struct oracle;

/* One schema; NULL: libxml2 does not take it. */
struct oracle *oracle_new(struct slice xsd);
void oracle_free(struct oracle *oracle);

struct difference {
    const char *name;
    const char *clause; /* of the standard that decides it */
    const char *right; /* "penstock", "libxml2", or "policy": both are, and penstock refuses more */
};

extern const struct difference differences[];
extern const size_t difference_count;

struct oracle_verdict {
    bool well_formed;
    bool namespace_well_formed;
    bool valid;
    char fault[200]; /* what libxml2 said first; "" when it is valid */
};

struct oracle_verdict oracle_judge(struct oracle *oracle, struct slice xml);

/* Why penstock takes what libxml2 does not, or the other way round, as bits of rows of
   differences; 0: there is no reason.  errors: penstock's findings. */
uint64_t oracle_explain(struct oracle *oracle, struct slice xml, const struct error_list *errors);

#endif
