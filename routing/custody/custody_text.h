/* Texts of limited size made for people. */
#ifndef PENSTOCK_ROUTING_CUSTODY_CUSTODY_TEXT_H
#define PENSTOCK_ROUTING_CUSTODY_CUSTODY_TEXT_H

#include <stddef.h>

/* As snprintf; what does not fit is cut with "...", never inside a UTF-8
   character. */
void custody_text(char *text, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
