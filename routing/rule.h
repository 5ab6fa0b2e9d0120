/* First match decides.  Every rule has a name, and the name is in every log
   line, reject and explain. */
#ifndef PENSTOCK_ROUTING_RULE_H
#define PENSTOCK_ROUTING_RULE_H

#include "routing/expression/expression.h"

enum rule_action {
    RULE_ROUTE,  /* to a channel, by a map of use order (or announce, for what a bank began) */
    RULE_REFUSE, /* with an ISO reason code and words */
    RULE_HOLD,   /* until an operator approves; decided again behind this rule */
    RULE_ECHO,   /* the message goes back to its own session, body unchanged */
};

/* As the editor wrote it; made by config. */
struct rule_definition {
    struct slice name;
    struct place place;
    struct slice when; /* absent: always */
    struct place when_place;
    enum rule_action action;
    struct slice to, map;      /* ROUTE */
    struct slice reason, text; /* REFUSE: reason is an ISO code of 4 characters */
    struct slice hold_for;     /* HOLD: "approval", "review" */
};

struct rule {
    struct slice name;
    enum rule_action action;
    struct slice to, map;
    struct slice reason, text;
    struct slice hold_for;
    const struct expression *when; /* NULL: always */
};

struct rules {
    struct arena arena;
    struct rule *at;
    size_t count;
};

extern const struct error_kind rule_unreachable;

/* Names and what actions need have been checked by config.  false: errors say
   which conditions are wrong and which rules stand behind one that always
   matches; rules is then empty. */
bool rules_init(struct rules *rules, const struct rule_definition *definitions, size_t count,
                struct error_list *errors);
void rules_fini(struct rules *rules);

/* The first rule behind `after` (NULL: the first of all) whose condition holds;
   NULL: none.  A released hold goes on behind the rule that held it. */
const struct rule *rules_decide(const struct rules *rules, const struct rule *after,
                                const struct surroundings *surroundings);

#endif
