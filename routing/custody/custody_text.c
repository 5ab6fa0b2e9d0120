/* Texts of limited size made for people. */
#include "routing/custody/custody_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void custody_text(char *text, size_t room, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    if (size < (int)room)
        return;
    size_t end = room - sizeof "...";
    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--;
    memcpy(text + end, "...", sizeof "...");
}
