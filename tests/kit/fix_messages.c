/* Messages from files, or those that are written here. */
#include "kit/fix_messages.h"

#include "kit/fix_text.h"
#include "kit/kit.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER "|49=BRK|56=US|34=5|52=20250314-09:30:15.105|"

static const struct {
    const char *version, *text;
} own[] = {
    { "FIX.4.2", "8=FIX.4.2|35=0" HEADER "112=TEST|" },
    { "FIX.4.2", "8=FIX.4.2|35=B" HEADER "148=one|33=2|58=first line|58=second line|" },
    { "FIX.4.4", "8=FIX.4.4|35=0" HEADER "112=TEST|" },
    { "FIX.4.4",
      "8=FIX.4.4|35=DY" HEADER
      "2812=WD-0001|2811=0|60=20250314-09:30:00|453=2|448=BRKRGB2LXXX|447=B|452=7|448=C-000123|"
      "447=D|452=3|2824=CASH|2817=12500.00|2818=EUR|2825=20250314|2826=20250317|2819=0|"
      "2816=CM77001|2821=P-0001|1158=1|1164=3|781=2|782=NAME|783=D|784=32|801=1|"
      "785=DE44500105175407324931|786=15|782=BANKDEFFXXX|783=B|784=109|" },
    { "FIXT.1.1", "8=FIXT.1.1|35=0" HEADER "112=TEST|" },
    { "FIXT.1.1", "8=FIXT.1.1|35=B" HEADER "148=one|33=2|58=first line|58=second line|" },
};

static void add(struct fix_messages *messages, struct slice bytes)
{
    char *copy = memory_take(bytes.size);
    memcpy(copy, bytes.at, bytes.size);
    messages->at =
        memory_room(messages->at, messages->count, &messages->room, sizeof *messages->at);
    messages->at[messages->count++] = (struct slice){ copy, bytes.size };
}

static void add_files(struct fix_messages *messages, const char *version, const char *folder)
{
    char pattern[1024];
    glob_t files;
    snprintf(pattern, sizeof pattern, "%s/*.fix", folder);
    if (glob(pattern, 0, NULL, &files) != 0)
        return;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct slice bytes = kit_read_file(files.gl_pathv[i]);
        if (slice_is(fix_text_get(bytes, 8), version))
            add(messages, bytes);
        kit_free_file(bytes);
    }
    globfree(&files);
}

void fix_messages_open(struct fix_messages *messages, const char *version, const char *folder)
{
    *messages = (struct fix_messages){ .count = 0 };
    add_files(messages, version,
              folder != NULL ? folder : PENSTOCK_SHARED_DIR "/fix/samples/valid");
    if (messages->count > 0)
        return;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].version, version) == 0)
            add(messages, fix_text(own[i].text));
}

void fix_messages_close(struct fix_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++)
        free((char *)messages->at[i].at);
    free(messages->at);
}
