/* Hostile documents (attacks.def): each is refused as soon as its cap is reached, with
   little memory and in little time. */
#include "small.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif
#if SANITIZED
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#define GIGABYTE          ((size_t)1 << 30)
#define TOTAL_SIZE_MAX    (6u << 20)
#define ELEMENT_COUNT_MAX 100000u
#define TEXT_SIZE_MAX     (1u << 20)
#define MARKUP_SIZE_MAX   (64u << 10)
#define LATE_SIZE_MAX     (64u << 10) /* fed beyond the cap */
#define MEMORY_MAX        (4u << 20)  /* above what was there before */
#define TIME_NS_MIN       10000000
#define TIMES_AS_LONG     2 /* as ordinary markup of the same size */
#define VALID             NULL

#define OPEN              "<Document xmlns='" SMALL_NAMESPACE "'><Smal><Id>1</Id><Sts><Cd>DONE</Cd></Sts>"
#define CLOSE             "</Smal></Document>"
#define LONG                                                                                       \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

struct attack {
    const char *name;
    struct slice head, unit, tail;
    size_t count;
    const struct error_kind *kind;
    const char *detail;
    size_t within;
};

static const struct attack attacks[] = {
#define TEXT(literal)                                                                              \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }
#define ATTACK(name, head, unit, count, tail, kind, detail, within)                                \
    { #name, TEXT(head), TEXT(unit), TEXT(tail), count, kind, detail, within },
#include "attacks.def"
#undef ATTACK
};

/* --- a document that is made while it is fed --- */

struct source {
    const struct attack *attack;
    size_t next;        /* 0: head, then units, then tail */
    struct writer left; /* made and not yet fed */
};

static void make_unit(struct slice unit, size_t number, struct writer *writer)
{
    for (size_t i = 0; i < unit.size; i++) {
        if (unit.at[i] == '@')
            writer_u64(writer, number);
        else
            writer_char(writer, unit.at[i]);
    }
}

/* false: it is at its end. */
static bool make_more(struct source *source)
{
    const struct attack *attack = source->attack;
    if (source->next > attack->count + 1)
        return false;
    if (source->next == 0)
        writer_bytes(&source->left, attack->head);
    else if (source->next <= attack->count)
        make_unit(attack->unit, source->next, &source->left);
    else
        writer_bytes(&source->left, attack->tail);
    source->next++;
    return true;
}

static struct slice make_block(struct source *source)
{
    enum { BLOCK_SIZE = 4096 };
    writer_reset(&source->left);
    while (source->left.used < BLOCK_SIZE && make_more(source))
        continue;
    return writer_slice(&source->left);
}

/* --- measures --- */

static size_t allocated(void)
{
#if SANITIZED
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#endif
}

static int64_t processor_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct outcome {
    bool judged; /* as it is to be */
    size_t fed, memory;
    int64_t time_ns;
};

static struct iso_catalogue *catalogue;

static void feed(struct iso_parser *parser, const struct attack *attack, size_t before,
                 struct outcome *outcome)
{
    struct source source = { .attack = attack };
    bool more = true;
    writer_init(&source.left, 0);
    for (struct slice block; more && (block = make_block(&source)).size > 0;) {
        int64_t start_ns = processor_ns();
        more = iso_parser_feed(parser, block);
        outcome->time_ns += processor_ns() - start_ns;
        outcome->fed += block.size;
        size_t memory = allocated() - before;
        outcome->memory = memory > outcome->memory ? memory : outcome->memory;
    }
    writer_fini(&source.left);
}

static bool has_fault(const struct error_list *errors, const struct attack *attack)
{
    for (size_t i = 0; i < errors->count; i++) {
        if (errors->at[i].kind == attack->kind && strstr(errors->at[i].detail, attack->detail))
            return true;
    }
    return false;
}

static void complain(const struct attack *attack, const struct error_list *errors)
{
    print_error("%s: not %s %s\n", attack->name,
                attack->kind == VALID ? "valid" : attack->kind->name, attack->detail);
    for (size_t i = 0; i < errors->count; i++)
        print_error("  %u:%u %s: %s\n", errors->at[i].place.line, errors->at[i].place.column,
                    errors->at[i].kind->name, errors->at[i].detail);
}

static struct outcome judge(const struct attack *attack)
{
    struct xml_limits limits = xml_limits_default;
    limits.element_count_max = ELEMENT_COUNT_MAX;
    limits.total_size_max = TOTAL_SIZE_MAX;
    const struct iso_parse_options options = {
        .catalogue = catalogue, .xml_limits = &limits, .error_count_max = 20, .memory_max = 1u << 20
    };
    struct outcome outcome = { 0 };
    size_t before = allocated();
    struct iso_parser *parser = iso_parser_new(&options, "attack.xml");
    feed(parser, attack, before, &outcome);
    const struct error_list *errors = &iso_parser_end(parser)->errors;
    outcome.judged = attack->kind == VALID ? errors->count == 0 : has_fault(errors, attack);
    if (!outcome.judged)
        complain(attack, errors);
    iso_parser_free(parser);
    return outcome;
}

/* What ordinary markup takes here and now, for a byte. */
static double ordinary_ns(void)
{
    static const struct attack ordinary = { .name = "ordinary",
                                            .head = TEXT(OPEN "<Skip><b>"),
                                            .unit = TEXT("<a>x</a>"),
                                            .count = 90000,
                                            .tail = TEXT("</b></Skip>" CLOSE),
                                            .kind = VALID };
    judge(&ordinary);
    struct outcome outcome = judge(&ordinary);
    return (double)outcome.time_ns / (double)outcome.fed;
}

static int open_catalogue(void **state)
{
    (void)state;
    catalogue = small_catalogue();
    return 0;
}

static int close_catalogue(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

static bool ends_at_its_cap(const struct attack *attack)
{
    struct outcome outcome = judge(attack);
    bool soon = outcome.fed <= attack->within + LATE_SIZE_MAX;
    bool small = outcome.memory <= MEMORY_MAX;
    if (!soon || !small)
        print_error("%s: %zu bytes were fed, which took %zu bytes of memory\n", attack->name,
                    outcome.fed, outcome.memory);
    return outcome.judged && soon && small;
}

static void every_attack_ends_at_its_cap(void **state)
{
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        count += !ends_at_its_cap(&attacks[i]);
    assert_int_equal(count, 0);
}

static bool ends_soon(const struct attack *attack, double byte_ns)
{
    struct outcome outcome = judge(attack);
    int64_t most_ns = (int64_t)(TIMES_AS_LONG * byte_ns * (double)outcome.fed);
    if (most_ns < TIME_NS_MIN)
        most_ns = TIME_NS_MIN;
    if (outcome.time_ns > most_ns)
        print_message("%s: %zu bytes took %lld ns, not %lld\n", attack->name, outcome.fed,
                      (long long)outcome.time_ns, (long long)most_ns);
    return outcome.time_ns <= most_ns;
}

/* Not where the sanitizers are: they make some things slower than others.  Those that
   took too long have another try: the processor may be shared. */
static void every_attack_ends_soon(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    double byte_ns = ordinary_ns();
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        for (unsigned tries = 1; !ends_soon(&attacks[i], byte_ns); tries++) {
            assert_true(tries < 3);
            byte_ns = ordinary_ns();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attack_ends_at_its_cap),
        cmocka_unit_test(every_attack_ends_soon),
    };
    return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}
