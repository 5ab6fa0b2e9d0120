/* Compiles a pattern into steps (Thompson's construction). */
#include "codecs/iso20022/pattern_step.h"

enum {
    TEXT_SIZE_MAX = 1024,
    REPEAT_COUNT_MAX = 4096,
    EFFORT_MAX = 1 << 16,
};

#define UNBOUNDED UINT32_MAX

struct compiler {
    struct slice text;
    struct arena *arena, *scratch;
    const char *fault; /* the first one stays */
    struct iso_pattern_step steps[ISO_PATTERN_STEP_COUNT_MAX];
    size_t step_count;
    const struct iso_pattern_set *sets[TEXT_SIZE_MAX]; /* by where their text starts */
    unsigned effort;
};

static void fail(struct compiler *compiler, const char *fault)
{
    if (compiler->fault == NULL)
        compiler->fault = fault;
}

static size_t emit(struct compiler *compiler, struct iso_pattern_step step)
{
    if (compiler->step_count == ISO_PATTERN_STEP_COUNT_MAX) {
        fail(compiler, "the pattern is too large");
        return 0;
    }
    compiler->steps[compiler->step_count] = step;
    return compiler->step_count++;
}

/* chars is settled. */
static const struct iso_pattern_set *set_of(struct compiler *compiler,
                                            const struct iso_char_class *chars)
{
    struct iso_pattern_set *set = arena_take(compiler->arena, sizeof *set);
    iso_char_class_init(&set->others, compiler->arena);
    for (uint32_t c = 0; c < ISO_PATTERN_ASCII_COUNT; c++) {
        if (iso_char_class_has(chars, c))
            set->ascii[c / 64] |= UINT64_C(1) << c % 64;
    }
    for (size_t i = 0; i < chars->count; i++) {
        struct iso_char_range range = chars->ranges[i];
        if (range.last >= ISO_PATTERN_ASCII_COUNT)
            iso_char_class_add(&set->others,
                               range.first < ISO_PATTERN_ASCII_COUNT ? ISO_PATTERN_ASCII_COUNT
                                                                     : range.first,
                               range.last);
    }
    return set;
}

/* The character that an escape stands for; false: it stands for none, or several. */
static bool one_escaped(char escape, uint32_t *character)
{
    static const char plain[] = "\\|.-^?*+{}()[]";
    *character = escape == 'n'   ? '\n'
                 : escape == 'r' ? '\r'
                 : escape == 't' ? '\t'
                                 : (unsigned char)escape;
    return escape == 'n' || escape == 'r' || escape == 't' ||
           (escape != '\0' && strchr(plain, escape) != NULL);
}

/* \p{Lu}, \P{IsGreek}: *at stands behind the letter, and moves behind the brace. */
static void add_property(struct compiler *compiler, struct iso_char_class *chars, size_t *at)
{
    struct slice text = compiler->text, rest = slice_after(text, *at);
    const char *end = rest.size == 0 ? NULL : memchr(rest.at, '}', rest.size);
    struct iso_char_class named;
    iso_char_class_init(&named, compiler->scratch);
    if (end == NULL || rest.at[0] != '{') {
        fail(compiler, "a property is written \\p{L}");
        return;
    }
    struct slice name = { rest.at + 1, (size_t)(end - rest.at) - 1 };
    if (!iso_char_class_add_named(&named, name))
        fail(compiler, "there is no such property");
    if (text.at[*at - 1] == 'P')
        iso_char_class_invert(&named);
    iso_char_class_add_all(chars, &named);
    *at += name.size + 2;
}

/* *at stands at a letter behind a backslash, and moves behind the escape.  true: it
   is one character. */
static bool add_escape(struct compiler *compiler, struct iso_char_class *chars, size_t *at)
{
    uint32_t character;
    char letter = compiler->text.at[(*at)++];
    bool is_one = one_escaped(letter, &character);
    if (is_one)
        iso_char_class_add(chars, character, character);
    else if (letter == 'p' || letter == 'P')
        add_property(compiler, chars, at);
    else if (!iso_char_class_add_escape(chars, letter))
        fail(compiler, "there is no such escape");
    return is_one;
}

/* A member of a class that is no range.  true: it is one character, which *character
   tells, and a range may begin or end with it. */
static bool add_member(struct compiler *compiler, struct iso_char_class *chars, size_t *at,
                       uint32_t *character)
{
    if (compiler->text.at[*at] == '\\') {
        ++*at;
        bool is_one = add_escape(compiler, chars, at);
        *character = is_one ? chars->ranges[chars->count - 1].first : 0;
        return is_one;
    }
    if (compiler->text.at[*at] == '[')
        fail(compiler, "[ in a class is written \\[");
    *character = iso_pattern_character(compiler->text, at);
    iso_char_class_add(chars, *character, *character);
    return true;
}

/* A member, or a range of two of them, before the bracket at end. */
static void add_range(struct compiler *compiler, struct iso_char_class *chars, size_t *at,
                      size_t end)
{
    const char *text = compiler->text.at;
    uint32_t first, last;
    bool is_one = add_member(compiler, chars, at, &first);
    if (compiler->fault != NULL || text[*at] != '-' || *at + 1 >= end || text[*at + 1] == '[')
        return;
    ++*at;
    if (!is_one || !add_member(compiler, chars, at, &last))
        fail(compiler, "a range is between two characters");
    else if (first > last)
        fail(compiler, "a range runs backwards");
    else
        iso_char_class_add(chars, first, last);
}

/* Behind the bracket that closes a class, or over text.size when there is none. */
static size_t class_end(struct slice text, size_t at)
{
    size_t depth = 0;
    while (at < text.size) {
        depth += text.at[at] == '[';
        depth -= text.at[at] == ']';
        at += text.at[at] == '\\' ? 2 : 1;
        if (depth == 0)
            return at;
    }
    return text.size + 1;
}

/* [...] from at to end, brackets included; what stands behind a last - is taken away. */
static void add_class(struct compiler *compiler, struct iso_char_class *chars, size_t at,
                      size_t end)
{
    const char *text = compiler->text.at;
    bool negated = text[at + 1] == '^';
    size_t start = at + 1 + negated, subtracted = end;
    at = start;
    end--;
    while (at < end && subtracted > end && compiler->fault == NULL) {
        if (at > start && text[at] == '-' && text[at + 1] == '[')
            subtracted = at + 1;
        else if (at > start && text[at] == '-' && at + 1 < end)
            fail(compiler, "a - stands at the start or the end of a class, or behind a backslash");
        else
            add_range(compiler, chars, &at, end);
    }
    if (at == start)
        fail(compiler, "a class is empty");
    if (compiler->fault != NULL)
        return;
    if (negated)
        iso_char_class_invert(chars);
    if (subtracted > end)
        return;
    if (class_end(compiler->text, subtracted) != end) {
        fail(compiler, "what a class is without stands at its end");
        return;
    }
    struct iso_char_class without;
    iso_char_class_init(&without, compiler->scratch);
    add_class(compiler, &without, subtracted, end);
    iso_char_class_subtract(chars, &without);
}

static void add_plain(struct compiler *compiler, struct iso_char_class *chars, size_t at)
{
    uint32_t character = iso_pattern_character(compiler->text, &at);
    if (character == '.') {
        iso_char_class_add(chars, '\n', '\n');
        iso_char_class_add(chars, '\r', '\r');
        iso_char_class_invert(chars);
    } else if (character < ISO_PATTERN_ASCII_COUNT && strchr("?*+{}()[]", (int)character) != NULL) {
        fail(compiler, "a character with a meaning stands alone; write a backslash before it");
    } else {
        iso_char_class_add(chars, character, character);
    }
}

/* The characters that an atom other than a group takes; NULL: there is a fault. */
static const struct iso_pattern_set *atom_set(struct compiler *compiler, size_t at, size_t end)
{
    struct iso_char_class chars;
    iso_char_class_init(&chars, compiler->scratch);
    if (compiler->text.at[at] == '[') {
        add_class(compiler, &chars, at, end);
    } else if (compiler->text.at[at] == '\\') {
        at++;
        add_escape(compiler, &chars, &at);
    } else {
        add_plain(compiler, &chars, at);
    }
    iso_char_class_settle(&chars);
    return compiler->fault == NULL ? set_of(compiler, &chars) : NULL;
}

/* Behind an escape, or over text.size when it is not closed. */
static size_t escape_end(struct slice text, size_t at)
{
    bool is_property = at + 1 < text.size && (text.at[at + 1] | 0x20) == 'p';
    at += 2;
    while (is_property && at < text.size && text.at[at - 1] != '}')
        at++;
    return is_property && (at > text.size || text.at[at - 1] != '}') ? text.size + 1 : at;
}

/* Behind the atom at `at`; over text.size when it is not closed. */
static size_t atom_end(struct slice text, size_t at)
{
    if (text.at[at] == '\\')
        return escape_end(text, at);
    if (text.at[at] == '[')
        return class_end(text, at);
    if (text.at[at] != '(') {
        iso_pattern_character(text, &at);
        return at;
    }
    size_t depth = 0;
    do {
        depth += text.at[at] == '(';
        depth -= text.at[at] == ')';
        if (text.at[at] == '[')
            at = class_end(text, at);
        else
            at += text.at[at] == '\\' ? 2 : 1;
    } while (depth > 0 && at < text.size);
    return depth > 0 ? text.size + 1 : at;
}

static bool read_count(struct slice text, size_t *at, uint32_t *count)
{
    size_t size = 0;
    while (*at + size < text.size && text.at[*at + size] >= '0' && text.at[*at + size] <= '9')
        size++;
    uint64_t number = 0;
    if (!slice_to_u64((struct slice){ text.at + *at, size }, REPEAT_COUNT_MAX, &number))
        return false;
    *at += size;
    *count = (uint32_t)number;
    return true;
}

/* {n} {n,} {n,m} with *at at the brace; false: none of them. */
static bool read_braces(struct slice text, size_t *at, uint32_t *least, uint32_t *most)
{
    ++*at;
    if (!read_count(text, at, least) || *at == text.size)
        return false;
    *most = *least;
    if (text.at[*at] == ',') {
        ++*at;
        if (*at < text.size && text.at[*at] == '}')
            *most = UNBOUNDED;
        else if (!read_count(text, at, most))
            return false;
    }
    return *at < text.size && text.at[(*at)++] == '}' && *least <= *most;
}

/* How often the atom before *at occurs; *at moves behind the quantifier. */
static void read_quantifier(struct compiler *compiler, size_t *at, uint32_t *least, uint32_t *most)
{
    char mark = '\0';
    if (*at < compiler->text.size)
        mark = compiler->text.at[*at];
    *least = mark == '?' || mark == '*' ? 0 : 1;
    *most = mark == '*' || mark == '+' ? UNBOUNDED : 1;
    if (mark == '{') {
        if (!read_braces(compiler->text, at, least, most))
            fail(compiler, "a count is written {n}, {n,} or {n,m}, and at most 4096");
    } else if (mark == '?' || mark == '*' || mark == '+') {
        ++*at;
    }
}

static void compile_alternation(struct compiler *compiler, size_t at, size_t end);

static void compile_atom(struct compiler *compiler, size_t at, size_t end)
{
    if (++compiler->effort > EFFORT_MAX)
        fail(compiler, "the pattern is too large");
    if (compiler->fault != NULL)
        return;
    char first = compiler->text.at[at];
    if (first == '(') {
        compile_alternation(compiler, at + 1, end - 1);
        return;
    }
    if (compiler->sets[at] == NULL)
        compiler->sets[at] = atom_set(compiler, at, end);
    emit(compiler,
         (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_SET, .set = compiler->sets[at] });
}

static void compile_loop(struct compiler *compiler, size_t at, size_t end)
{
    size_t split = emit(compiler, (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_SPLIT });
    compiler->steps[split].one = (uint16_t)compiler->step_count;
    compile_atom(compiler, at, end);
    emit(compiler,
         (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_JUMP, .one = (uint16_t)split });
    compiler->steps[split].other = (uint16_t)compiler->step_count;
}

/* count atoms, each of which may be the end: the splits are chained through
   `other` until it is known where they all lead. */
static void compile_options(struct compiler *compiler, size_t at, size_t end, uint32_t count)
{
    size_t newest = ISO_PATTERN_STEP_COUNT_MAX;
    for (uint32_t i = 0; i < count && compiler->fault == NULL; i++) {
        struct iso_pattern_step split = { .kind = ISO_PATTERN_STEP_SPLIT,
                                          .other = (uint16_t)newest };
        newest = emit(compiler, split);
        compiler->steps[newest].one = (uint16_t)compiler->step_count;
        compile_atom(compiler, at, end);
    }
    while (compiler->fault == NULL && newest != ISO_PATTERN_STEP_COUNT_MAX) {
        size_t older = compiler->steps[newest].other;
        compiler->steps[newest].other = (uint16_t)compiler->step_count;
        newest = older;
    }
}

static void compile_branch(struct compiler *compiler, size_t at, size_t end)
{
    while (at < end && compiler->fault == NULL) {
        size_t start = at, stop = atom_end(compiler->text, at);
        uint32_t least, most;
        if (stop > end) {
            fail(compiler, "the pattern ends inside a bracket or an escape");
            return;
        }
        at = stop;
        read_quantifier(compiler, &at, &least, &most);
        for (uint32_t i = 0; i < least && compiler->fault == NULL; i++)
            compile_atom(compiler, start, stop);
        if (most == UNBOUNDED)
            compile_loop(compiler, start, stop);
        else
            compile_options(compiler, start, stop, most - least);
    }
}

static size_t branch_end(struct compiler *compiler, size_t at, size_t end)
{
    while (at < end && compiler->text.at[at] != '|') {
        at = atom_end(compiler->text, at);
    }
    return at < end ? at : end;
}

static void compile_alternation(struct compiler *compiler, size_t at, size_t end)
{
    size_t newest = ISO_PATTERN_STEP_COUNT_MAX; /* chained through `one`, as in compile_options() */
    size_t stop;
    while ((stop = branch_end(compiler, at, end)) < end && compiler->fault == NULL) {
        size_t split = emit(compiler, (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_SPLIT });
        compiler->steps[split].one = (uint16_t)compiler->step_count;
        compile_branch(compiler, at, stop);
        newest = emit(compiler, (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_JUMP,
                                                           .one = (uint16_t)newest });
        compiler->steps[split].other = (uint16_t)compiler->step_count;
        at = stop + 1;
    }
    compile_branch(compiler, at, end);
    while (compiler->fault == NULL && newest != ISO_PATTERN_STEP_COUNT_MAX) {
        size_t older = compiler->steps[newest].one;
        compiler->steps[newest].one = (uint16_t)compiler->step_count;
        newest = older;
    }
}

static const struct iso_pattern *pattern_of(struct compiler *compiler, struct slice text)
{
    compiler->text = text;
    if (text.size >= TEXT_SIZE_MAX)
        fail(compiler, "the pattern is too large");
    else
        compile_alternation(compiler, 0, text.size);
    emit(compiler, (struct iso_pattern_step){ .kind = ISO_PATTERN_STEP_END });
    if (compiler->fault != NULL)
        return NULL;
    size_t steps_size = compiler->step_count * sizeof *compiler->steps;
    struct iso_pattern *pattern = arena_take(compiler->arena, sizeof *pattern + steps_size);
    pattern->step_count = compiler->step_count;
    memcpy(pattern->steps, compiler->steps, steps_size);
    pattern->table = iso_pattern_table_make(pattern, compiler->arena);
    return pattern;
}

const struct iso_pattern *iso_pattern_compile(struct slice text, struct arena *arena,
                                              const char **fault)
{
    struct arena scratch;
    arena_init(&scratch, ARENA_UNLIMITED);
    struct compiler *compiler = arena_take(&scratch, sizeof *compiler);
    compiler->arena = arena;
    compiler->scratch = &scratch;
    const struct iso_pattern *pattern = pattern_of(compiler, text);
    *fault = compiler->fault;
    arena_fini(&scratch);
    return pattern;
}
