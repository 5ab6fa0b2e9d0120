/* The paths of cases, as rules.def writes them: "A.B" is below the scope, "." the
   scope itself, "/A.B" below the message.  Behind it may stand which values count:
   "=X|Y", "!=X|Y", "<1", ">1". */
#include "codecs/iso20022/rule.h"

#include <assert.h>
#include <stdio.h>

enum { TEXT_SIZE_MAX = 200 };

/* What stands in front of the filter. */
static struct slice cut_filter(struct slice text, struct iso_rule_route *route)
{
    size_t size = 0;
    while (size < text.size && strchr("=!<>", text.at[size]) == NULL)
        size++;
    struct slice operand = slice_after(text, size);
    if (operand.size == 0)
        return text;
    route->filter = operand.at[0] == '='   ? ISO_RULE_AMONG
                    : operand.at[0] == '!' ? ISO_RULE_NOT_AMONG
                    : operand.at[0] == '<' ? ISO_RULE_BELOW
                                           : ISO_RULE_ABOVE;
    route->codes = slice_after(operand, route->filter == ISO_RULE_NOT_AMONG ? 2 : 1);
    decimal_parse(route->codes, DECIMAL_XML, &route->limit);
    return (struct slice){ text.at, size };
}

static bool resolve(const struct iso_schema *schema, const char *text, struct iso_path *path)
{
    struct error error;
    *path = (struct iso_path){ .count = 0 };
    return text[0] == '\0' || iso_path_resolve(schema, slice_of(text), PLACE_NONE, path, &error);
}

/* Behind the first steps, which lead to the scope. */
static void note_steps(struct iso_rule_path *path, size_t scope_depth)
{
    struct iso_rule_route *route = &path->route;
    size_t count = path->path.count;
    assert(count - scope_depth <= ISO_RULE_PATH_DEPTH_MAX);
    for (size_t i = scope_depth; i < count; i++)
        route->steps[route->depth++] = path->path.steps[i].element;
    if (path->path.end == ISO_PATH_ATTRIBUTE)
        route->attribute = path->path.steps[count - 1].element->type->attribute.name;
}

bool iso_rule_path_has_text(const struct iso_path *path)
{
    return path->end == ISO_PATH_VALUE ||
           (path->count > 0 && path->steps[path->count - 1].element->type->content == ISO_TEXT);
}

bool iso_rule_path_resolve(const struct iso_schema *schema, const struct iso_rule_case *of,
                           const char *text, struct iso_rule_path *path)
{
    char whole[TEXT_SIZE_MAX];
    struct iso_rule_route *route = &path->route;
    *path = (struct iso_rule_path){ .route.is_absolute = text[0] == '/' };
    const char *scope = route->is_absolute ? "" : of->scope;
    struct slice rest = cut_filter(slice_of(route->is_absolute ? text + 1 : text), route);
    if (!resolve(schema, scope, &path->path))
        return false;
    size_t scope_depth = path->path.count;
    if (!slice_is(rest, ".")) {
        snprintf(whole, sizeof whole, "%s%s%.*s", scope, scope[0] == '\0' ? "" : ".",
                 SLICE_ARG(rest));
        if (!resolve(schema, whole, &path->path))
            return false;
    }
    note_steps(path, scope_depth);
    return route->filter == ISO_RULE_ALL || path->path.end == ISO_PATH_ATTRIBUTE ||
           iso_rule_path_has_text(&path->path);
}

struct slice iso_rule_path_name(const struct iso_rule_case *of, size_t path)
{
    struct iso_rule_route unused = { .depth = 0 };
    struct slice text = cut_filter(slice_of(of->paths[path]), &unused);
    size_t from = text.size;
    while (from > 0 && text.at[from - 1] != '.' && text.at[from - 1] != '/')
        from--;
    return slice_after(text, from);
}

static bool is_among(struct slice value, struct slice codes)
{
    while (codes.size > 0) {
        const char *bar = memchr(codes.at, '|', codes.size);
        size_t size = bar == NULL ? codes.size : (size_t)(bar - codes.at);
        if (slice_equal(value, (struct slice){ codes.at, size }))
            return true;
        codes = slice_after(codes, bar == NULL ? size : size + 1);
    }
    return false;
}

bool iso_rule_route_shows(const struct iso_rule_route *route, struct slice value)
{
    struct decimal number;
    if (route->filter == ISO_RULE_ALL)
        return true;
    if (route->filter == ISO_RULE_AMONG || route->filter == ISO_RULE_NOT_AMONG)
        return is_among(value, route->codes) == (route->filter == ISO_RULE_AMONG);
    if (decimal_parse(value, DECIMAL_XML, &number) != DECIMAL_OK)
        return false;
    int order = decimal_compare(number, route->limit);
    return route->filter == ISO_RULE_BELOW ? order < 0 : order > 0;
}
