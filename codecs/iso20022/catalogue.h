/* ISO 20022 schemas: XSDs in, tables out.  One schema per message version, found
   by its message id, which is also the tail of its namespace.

   Read at start; a construct outside the subset is an error with file, line
   and column.  Types that several messages share are kept once.  A catalogue
   does not change once it is made; all that it lends lives as long as it does. */
#ifndef PENSTOCK_CODECS_ISO20022_CATALOGUE_H
#define PENSTOCK_CODECS_ISO20022_CATALOGUE_H

#include "codecs/base/error.h"
#include "codecs/shape.h"

#define ISO_NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"

struct iso_catalogue;
struct iso_schema;

struct iso_catalogue *iso_catalogue_new(void);
void iso_catalogue_free(struct iso_catalogue *catalogue);

/* Compiles one XSD into the catalogue; false: errors say why. source outlives
   the catalogue. */
bool iso_catalogue_add(struct iso_catalogue *catalogue, struct slice xsd, const char *source,
                       struct error_list *errors);

size_t iso_catalogue_count(const struct iso_catalogue *catalogue);
const struct iso_schema *iso_catalogue_at(const struct iso_catalogue *catalogue, size_t index);

/* "pacs.008.001.08"; NULL: not loaded. */
const struct iso_schema *iso_catalogue_find(const struct iso_catalogue *catalogue,
                                            struct slice message_id);

/* Types and bytes of tables of all schemas together. */
size_t iso_catalogue_type_count(const struct iso_catalogue *catalogue);
size_t iso_catalogue_size(const struct iso_catalogue *catalogue);

struct slice iso_schema_id(const struct iso_schema *schema);
struct slice iso_schema_namespace(const struct iso_schema *schema);
/* The element below Document: "FIToFICstmrCdtTrf"; absent for a header. */
struct slice iso_schema_message_element(const struct iso_schema *schema);
/* What it was compiled from, as it was told to iso_catalogue_add(). */
const char *iso_schema_source(const struct iso_schema *schema);
size_t iso_schema_type_count(const struct iso_schema *schema);
/* Bytes of the tables that came with it: what schemas before it had already is
   counted with those. */
size_t iso_schema_size(const struct iso_schema *schema);

/* The message as the maps see it (codecs/shape.h).  A path may begin with the
   message element (or AppHdr), as the output of a map does.  Its compose operation
   writes the whole <Document> (or <AppHdr>) element, canonical: the same record
   gives the same bytes. */
const struct shape *iso_schema_shape(const struct iso_schema *schema);

/* The schema as XSD in the normal form: types by name, enumerations in order,
   defaults left out.  Compiled again it writes the same bytes again. */
void iso_schema_write(const struct iso_schema *schema, struct writer *writer);

#endif
