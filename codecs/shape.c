/* What can be wrong when a path or a value meets a shape. */
#include "codecs/shape.h"

const struct error_kind shape_unknown_path = { "shape.unknown-path", "no such field" };
const struct error_kind shape_bad_path = { "shape.bad-path", "this is not a path" };
const struct error_kind shape_bad_constant = { "shape.bad-constant",
                                               "the field cannot have this value" };
const struct error_kind shape_missing = { "shape.missing", "a mandatory field is not written" };
const struct error_kind shape_choice = { "shape.choice", "only one of these may be written" };
const struct error_kind shape_unselective = { "shape.unselective",
                                              "a group needs a selector, as [PartyRole=3] or [0]" };
