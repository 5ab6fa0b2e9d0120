/* The shape of one message type: which fields there are, of what type and how
   often.  Maps and rules are proved against shapes when they are loaded, so
   that routing never sees a format; each codec offers the shapes of its
   messages, and routing has some of its own (routing/facts.h).

   A path names a field from the message downwards:

       FIX        PayRequestID
                  NoPartyIDs[PartyRole=28].PartyID        the instance whose PartyRole is 28
                  NoPartyIDs[0].PartyID                   the first instance (writing)
       ISO 20022  CdtTrfTxInf.PmtId.InstrId               below the message element
                  CdtTrfTxInf.IntrBkSttlmAmt.Ccy          the attribute
                  CdtTrfTxInf.IntrBkSttlmAmt.value        the text of an element with an attribute
                  CdtTrfTxInf.RmtInf.Ustrd                reading: all; writing: the first
                  CdtTrfTxInf.RmtInf.Ustrd[1]             writing: the second */
#ifndef PENSTOCK_CODECS_SHAPE_H
#define PENSTOCK_CODECS_SHAPE_H

#include "codecs/base/error.h"
#include "codecs/record.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_CODE, /* text out of a closed list */
    SHAPE_INTEGER,
    SHAPE_DECIMAL,
    SHAPE_BOOLEAN, /* FIX Y/N, XML true/false */
    SHAPE_DATE,
    SHAPE_TIMESTAMP,
    SHAPE_DATA, /* bytes by length: FIX data, base64 */
};

struct shape_field {
    enum shape_kind kind;
    size_t length_max;     /* characters; 0: no limit */
    unsigned digits_max;   /* DECIMAL; 0: no limit */
    unsigned fraction_max; /* DECIMAL with digits_max */
    bool repeats;          /* may occur more than once at this path */
    bool required;         /* is in every valid message */
    bool iso_form;         /* dates, times, booleans in XML form, not FIX form */
    const void *handle;    /* the codec's own */
};

struct shape;
struct shape_reader;   /* fills slots from a message: the codec's own */
struct shape_composer; /* writes a message from slots: the codec's own */

extern const struct error_kind shape_unknown_path, shape_bad_path, shape_bad_constant,
    shape_missing, shape_choice, shape_unselective;

struct shape_operations {
    /* The field at path; false: *error names the nearest that exists.  `each`
       names a repeating element that is read one by one (or is absent): below
       it `repeats` and `required` hold within one occurrence. */
    bool (*find)(const struct shape *shape, struct slice path, struct slice each,
                 struct place place, struct shape_field *field, struct error *error);

    /* Is the constant a value that the field may have (type, facets, list)? */
    bool (*accepts)(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error);

    /* Slot i is paths[i].  `each` names a repeating element (or is absent): one
       record per occurrence, paths outside it repeat in every record.
       NULL: errors say why. */
    struct shape_reader *(*reader)(const struct shape *shape, const struct slice *paths,
                                   size_t count, struct slice each, struct error_list *errors);

    /* Proves that paths together make a whole message: every mandatory field
       of what is written is written, choices are exclusive.  places are those
       of the paths, whole is the map's own.  A path that may turn out absent
       (optional[i]) does not count as written.  NULL: errors say why. */
    struct shape_composer *(*composer)(const struct shape *shape, const struct slice *paths,
                                       const struct place *places, const bool *optional,
                                       size_t count, struct place whole, struct error_list *errors);

    void (*reader_free)(struct shape_reader *reader);
    void (*composer_free)(struct shape_composer *composer);

    /* Writes the record as a message body: for FIX the fields behind the
       header, for ISO 20022 the whole document element.  Everything is checked
       against the dictionary or schema while it is written; false: *error
       names the field. */
    bool (*compose)(const struct shape_composer *composer, const struct record *record,
                    struct writer *writer, struct error *error);
};

struct shape {
    const struct shape_operations *operations;
    const char *name;    /* "PayManagementRequest", "pacs.008.001.08", "instruction" */
    const void *message; /* the codec's own */
};

#endif
