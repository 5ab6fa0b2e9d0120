/* Any bytes as an XSD: what compiles has a normal form, and that compiles to
   itself. */
#include "codecs/iso20022/catalogue.h"
#include "fuzz/fuzz.h"

/* false: it does not compile. */
static bool write_normal_form(struct slice xsd, struct writer *writer)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct error_list errors;
    error_list_init(&errors, 20);
    bool fine = iso_catalogue_add(catalogue, xsd, "x.xsd", &errors);
    CHECK(fine == (errors.count == 0));
    if (fine)
        iso_schema_write(iso_catalogue_at(catalogue, 0), writer);
    error_list_fini(&errors);
    iso_catalogue_free(catalogue);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct writer once, twice;
    writer_init(&once, 0);
    writer_init(&twice, 0);
    if (write_normal_form((struct slice){ (const char *)data, size }, &once)) {
        CHECK(write_normal_form(writer_slice(&once), &twice));
        CHECK(slice_equal(writer_slice(&once), writer_slice(&twice)));
    }
    writer_fini(&once);
    writer_fini(&twice);
    return 0;
}
