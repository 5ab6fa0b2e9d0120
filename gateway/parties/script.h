/* What a simulated broker or bank is to do, line by line:

       # a comment
       withdraw W1 client=C-000123 amount=100.00 payee-name="Jane Meriwether"
       expect W1 settled within=10s

   A verb, at most one or two names, and key=value pairs; values with blanks
   stand in quotes ("), in which \" and \\ are a quote and a backslash. */
#ifndef PENSTOCK_GATEWAY_PARTIES_SCRIPT_H
#define PENSTOCK_GATEWAY_PARTIES_SCRIPT_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"

#define SCRIPT_NAMES_MAX 2
#define SCRIPT_PAIRS_MAX 16

struct script_pair {
    struct slice key, value;
};

struct script_line {
    struct place place;
    struct slice verb;
    struct slice names[SCRIPT_NAMES_MAX]; /* absent when there are fewer */
    struct script_pair pairs[SCRIPT_PAIRS_MAX];
    size_t pair_count;
};

struct script {
    struct arena arena;
    struct script_line *lines;
    size_t count, room;
};

extern const struct error_kind script_syntax, script_unknown_verb, script_unknown_key,
    script_bad_value;

/* A verb, how many names it takes, and the keys that it knows, separated by
   blanks; '!' before a key: it must be there. */
struct script_verb {
    const char *verb;
    unsigned name_count;
    const char *keys;
};

/* verbs ends with a row without a verb.  source outlives the script.  false:
   errors say why, all of them. */
bool script_init(struct script *script, struct slice text, const char *source,
                 const struct script_verb *verbs, struct error_list *errors);
void script_fini(struct script *script);

/* Absent when the line does not have the key. */
struct slice script_get(const struct script_line *line, const char *key);
/* The same with a value for when it is not there. */
struct slice script_get_or(const struct script_line *line, const char *key, const char *absent);
/* "250ms", "5s"; checked when the script was read for the keys within, for and delay. */
uint64_t script_get_ms(const struct script_line *line, const char *key, uint64_t absent_ms);

#endif
