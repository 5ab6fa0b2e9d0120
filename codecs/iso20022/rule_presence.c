/* Rules about what is there and what is not.  Each check says what it makes of the
   paths of a case, in their order. */
#include "codecs/iso20022/rule.h"
#include "codecs/iso20022/value.h"

/* Which of the paths have been seen. */
struct seen {
    uint32_t rows;
    struct iso_rule_mark first; /* of path 0 */
};

static bool has(const struct seen *seen, size_t path)
{
    return (seen->rows >> path & 1) != 0;
}

/* What was seen above the scope stays. */
static void begin_seen(const struct iso_rule_sight *sight)
{
    struct seen *seen = sight->memory;
    for (size_t i = 0; i < ISO_RULE_PATH_COUNT_MAX && sight->of->paths[i] != NULL; i++) {
        if (sight->of->paths[i][0] != '/')
            seen->rows &= ~(UINT32_C(1) << i);
    }
}

/* What breaks the rule wherever it is. */
static void look_never(const struct iso_rule_sight *sight)
{
    if (sight->value.at == NULL)
        iso_rule_broken(sight, "%s", "");
    else
        iso_rule_broken(sight, "\"%.*s\"", SLICE_ARG(iso_value_excerpt(sight->value)));
}

/* What is in its scope once or not at all. */
static void look_at_most_one(const struct iso_rule_sight *sight)
{
    struct seen *seen = sight->memory;
    if (has(seen, sight->path))
        iso_rule_broken(sight, "%s", "there is another");
    seen->rows |= UINT32_C(1) << sight->path;
}

/* Pairs of paths: the second of a pair is there only behind the first. */
static void look_needs(const struct iso_rule_sight *sight)
{
    struct seen *seen = sight->memory;
    seen->rows |= UINT32_C(1) << sight->path;
    if (sight->path % 2 == 1 && !has(seen, sight->path - 1))
        iso_rule_broken(sight, "there is no %.*s",
                        SLICE_ARG(iso_rule_path_name(sight->of, sight->path - 1)));
}

/* When the first path is there, one of the others is, too. */
static void look_needs_any(const struct iso_rule_sight *sight)
{
    struct seen *seen = sight->memory;
    if (sight->path == 0 && !has(seen, 0))
        iso_rule_mark(sight, &seen->first);
    seen->rows |= UINT32_C(1) << sight->path;
}

static void end_needs_any(const struct iso_rule_sight *sight)
{
    const struct seen *seen = sight->memory;
    if (seen->rows == 1)
        iso_rule_broken_at(sight, &seen->first, "there is no %.*s",
                           SLICE_ARG(iso_rule_path_name(sight->of, 1)));
}

/* When the first path is there, none of the others is. */
static void look_excludes(const struct iso_rule_sight *sight)
{
    struct seen *seen = sight->memory;
    size_t other = sight->path > 0 ? 0 : 1;
    while (sight->path == 0 && other < ISO_RULE_PATH_COUNT_MAX && !has(seen, other))
        other++;
    if (other < ISO_RULE_PATH_COUNT_MAX && has(seen, other))
        iso_rule_broken(sight, "%s is there as well",
                        sight->of->paths[other] + (sight->of->paths[other][0] == '/'));
    seen->rows |= UINT32_C(1) << sight->path;
}

const struct iso_rule_check iso_rule_never = { .look = look_never };
const struct iso_rule_check iso_rule_at_most_one = { .begin = begin_seen,
                                                     .look = look_at_most_one,
                                                     .memory_size = sizeof(struct seen) };
const struct iso_rule_check iso_rule_needs = { .begin = begin_seen,
                                               .look = look_needs,
                                               .memory_size = sizeof(struct seen) };
const struct iso_rule_check iso_rule_needs_any = { .begin = begin_seen,
                                                   .look = look_needs_any,
                                                   .end = end_needs_any,
                                                   .memory_size = sizeof(struct seen) };
const struct iso_rule_check iso_rule_excludes = { .begin = begin_seen,
                                                  .look = look_excludes,
                                                  .memory_size = sizeof(struct seen) };
