/* Base and extensions as one file. */
#include "shipped.h"

#include <stdio.h>

static struct fix_dictionary *load_text(struct slice xml)
{
    struct fix_dictionary_file file = { xml, "merged.xml" };
    struct writer text;
    writer_init(&text, 0);
    struct fix_dictionary *dictionary = load(&file, 1, &text);
    assert_slice_equal(writer_slice(&text), "");
    writer_fini(&text);
    return dictionary;
}

static void a_small_dictionary_prints_in_normal_form(void **state)
{
    struct writer writer;
    (void)state;
    struct fix_dictionary *dictionary = load_text(
        SLICE("<fix major='4' minor='4'><fields><field type='INT' name='Count' number='1'>"
              "<value enum='0' description='A &lt;B&gt; &quot;C&quot;'/></field></fields>"
              "<messages><message name='M' msgtype='M'><field name='Count' required='N'/></message>"
              "<message msgtype='N' name='Empty'/></messages><header/></fix>"));
    writer_init(&writer, 0);
    fix_dictionary_write(dictionary, &writer);
    assert_slice_equal(writer_slice(&writer),
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<fix type=\"FIX\" major=\"4\" minor=\"4\" servicepack=\"0\">\n"
                       "  <header/>\n"
                       "  <messages>\n"
                       "    <message name=\"M\" msgtype=\"M\" msgcat=\"app\">\n"
                       "      <field name=\"Count\" required=\"N\"/>\n"
                       "    </message>\n"
                       "    <message name=\"Empty\" msgtype=\"N\" msgcat=\"app\"/>\n"
                       "  </messages>\n"
                       "  <fields>\n"
                       "    <field name=\"Count\" number=\"1\" type=\"INT\">\n"
                       "      <value enum=\"0\" description=\"A &lt;B&gt; &quot;C&quot;\"/>\n"
                       "    </field>\n"
                       "  </fields>\n"
                       "</fix>\n");
    fix_dictionary_free(dictionary);
    writer_fini(&writer);
}

static void what_is_printed_reads_as_the_same_dictionary(void **state)
{
    const struct fix_dictionary *shipped = ((struct shipped *)*state)->dictionary;
    struct writer first, second;
    writer_init(&first, 0);
    writer_init(&second, 0);
    fix_dictionary_write(shipped, &first);
    struct fix_dictionary *again = load_text(writer_slice(&first));
    fix_dictionary_write(again, &second);
    assert_true(slice_equal(writer_slice(&first), writer_slice(&second)));
    assert_non_null(fix_dictionary_message(again, SLICE("DY")));
    assert_ptr_equal(fix_dictionary_field(again, 784)->values,
                     fix_dictionary_field(again, 452)->values);
    fix_dictionary_free(again);
    writer_fini(&first);
    writer_fini(&second);
}

/* The file without the comments in front. */
static struct slice behind_comments(struct slice file)
{
    const char *start = strstr(file.at, "<fix ");
    return slice_after(file, (size_t)(start - file.at));
}

static void check_normal_form(const char *name)
{
    char path[512];
    struct writer writer;
    snprintf(path, sizeof path, PENSTOCK_SOURCE_DIR "/schemas/fix/%s.xml", name);
    struct slice file = kit_read_file(path);
    struct fix_dictionary *base = load_text(file);
    writer_init(&writer, 0);
    fix_dictionary_write(base, &writer);
    if (!slice_equal(behind_comments(file), behind_comments(writer_slice(&writer))))
        fail_msg("%s is not in normal form", name);
    fix_dictionary_free(base);
    kit_free_file(file);
    writer_fini(&writer);
}

static void the_shipped_bases_are_in_normal_form(void **state)
{
    static const char *const names[] = { "FIX40", "FIX41",    "FIX42",    "FIX43", "FIX44",
                                         "FIX50", "FIX50SP1", "FIX50SP2", "FIXT11" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        check_normal_form(names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_dictionary_prints_in_normal_form),
        cmocka_unit_test(what_is_printed_reads_as_the_same_dictionary),
        cmocka_unit_test(the_shipped_bases_are_in_normal_form),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
