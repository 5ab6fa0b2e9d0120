/* penstock password: the hash of a broker's password, for the configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include "codecs/base/password.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"

static void show_typing(bool shown)
{
    struct termios terms;

    if (tcgetattr(STDIN_FILENO, &terms) != 0)
        return;
    if (shown)
        terms.c_lflag |= ECHO;
    else
        terms.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &terms);
}

/* The first line; size 0: there is none. */
static struct slice read_line(char **line)
{
    size_t room = 0;

    if (isatty(STDIN_FILENO))
        fputs("password: ", stderr);
    show_typing(false);
    ssize_t size = getline(line, &room, stdin);
    show_typing(true);
    if (size > 0 && (*line)[size - 1] == '\n')
        size--;
    return (struct slice){ *line, size > 0 ? (size_t)size : 0 };
}

static int print_hash(struct slice password)
{
    unsigned char salt[PASSWORD_SALT_SIZE];
    struct writer text;

    if (getrandom(salt, sizeof salt, 0) != sizeof salt) {
        fputs("penstock password: the system gives no random bytes\n", stderr);
        return EXIT_SYSTEM;
    }
    const struct password_hash hash = password_hash_of(password, salt);
    writer_init(&text, 0);
    password_hash_write(&hash, &text);
    printf("%.*s\n", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    return EXIT_FINE;
}

int command_password(int count, char **words)
{
    const struct syntax syntax = {
        .usage = "password < FILE",
        .about = "Reads a password, the first line of standard input, and prints its hash for the\n"
                 "key `password` of a session.  Each time with another salt.",
    };
    struct arguments arguments;
    char *line = NULL;
    int status = EXIT_INPUT;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    struct slice password = read_line(&line);
    if (password.size == 0)
        fputs("penstock password: there is no password on standard input\n", stderr);
    else
        status = print_hash(password);
    free(line);
    return status;
}
