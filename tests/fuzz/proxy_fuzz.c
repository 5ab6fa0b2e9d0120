/* Any bytes as the header of a load balancer: the verdict on a beginning is never
   taken back, and what comes behind the header does not count. */
#include "gateway/net/proxy.h"

#include "fuzz/fuzz.h"

static void check_header(const struct proxy_header *header, struct slice bytes)
{
    CHECK(header->size <= bytes.size && header->size <= PROXY_SIZE_MAX);
    CHECK(memchr(header->host, '\0', sizeof header->host) != NULL);
    CHECK(header->port <= 65535 && (header->host[0] != '\0' || header->port == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum proxy_verdict verdict = PROXY_PARTIAL;
    struct proxy_header header;

    for (size_t part = 1; part <= size && part <= PROXY_SIZE_MAX + 1; part++) {
        struct slice bytes = { (const char *)data, part };
        enum proxy_verdict before = verdict;

        verdict = proxy_header_take(bytes, &header);
        CHECK(before == PROXY_PARTIAL || verdict == before);
        if (verdict == PROXY_WHOLE)
            check_header(&header, bytes);
        if (verdict == PROXY_WHOLE && before == PROXY_PARTIAL)
            CHECK(header.size == part);
    }
    CHECK(size <= PROXY_SIZE_MAX || verdict != PROXY_PARTIAL);
    return 0;
}
