/* Finds the front of a FIX message in a stream of bytes: BeginString (8),
   BodyLength (9) and CheckSum (10), and nothing else.

   Source: FIX session layer, "message delimiting"; cases 2d, 2m, 2t, 3b. */
#ifndef PENSTOCK_CODECS_FIX_FRAME_H
#define PENSTOCK_CODECS_FIX_FRAME_H

#include "codecs/base/slice.h"
#include "codecs/fix/fault.h"

enum fix_frame_verdict {
    FIX_FRAME_PARTIAL, /* feed more */
    FIX_FRAME_WHOLE,   /* frame is set, its checksum holds */
    FIX_FRAME_GARBLED, /* drop frame->bytes.size bytes and look again; *fault says why */
};

struct fix_frame {
    struct slice bytes;        /* from "8=" to the SOH behind CheckSum; or what to drop */
    struct slice begin_string; /* value of 8 */
    struct slice body;         /* from "35=" to the SOH before "10=" */
    uint64_t announced;        /* with frame_too_long: the size of the whole message */
};

/* size_max bounds a message; one that announces more is garbled.  bytes may be
   empty.  What the frame lends points into bytes. */
enum fix_frame_verdict fix_frame_find(struct slice bytes, size_t size_max, struct fix_frame *frame,
                                      const struct fix_fault **fault);

/* For who does not check BodyLength and CheckSum: bytes that are garbled by one of
   these, up to the first CheckSum field.  GARBLED: there is none before the next
   message, and *frame is as it was. */
enum fix_frame_verdict fix_frame_find_unchecked(struct slice bytes, size_t size_max,
                                                struct fix_frame *frame);

#endif
