/* CheckSum (10): the sum of all bytes before it, modulo 256. */
#ifndef PENSTOCK_CODECS_FIX_CHECKSUM_H
#define PENSTOCK_CODECS_FIX_CHECKSUM_H

#include "codecs/base/slice.h"

unsigned fix_checksum(struct slice bytes);

#endif
