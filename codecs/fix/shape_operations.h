/* The operations of shapes, by file.  Internal. */
#ifndef PENSTOCK_CODECS_FIX_SHAPE_OPERATIONS_H
#define PENSTOCK_CODECS_FIX_SHAPE_OPERATIONS_H

#include "codecs/fix/field_path.h"

/* fill.c */
struct shape_reader *fix_reader_new(const struct shape *shape, const struct slice *paths,
                                    size_t count, struct slice each, struct error_list *errors);
void fix_reader_free(struct shape_reader *reader);

/* composer.c, compose_body.c */
struct shape_composer *fix_composer_new(const struct shape *shape, const struct slice *paths,
                                        const struct place *places, const bool *optional,
                                        size_t count, struct place whole,
                                        struct error_list *errors);
void fix_composer_free(struct shape_composer *composer);
bool fix_compose_body(const struct shape_composer *composer, const struct record *record,
                      struct writer *writer, struct error *error);

#endif
