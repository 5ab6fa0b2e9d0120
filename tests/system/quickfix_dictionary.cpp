// Reads dictionary files with libquickfix: quickfix_dictionary FILE...
// A line for each: its version, and how many messages it knows.
#include <cstdio>
#include <exception>
#include <string>

#include <quickfix/DataDictionary.h>

static int count_messages(const FIX::DataDictionary &dictionary)
{
    std::string type;
    int count = 0;
    for (char first = '0'; first <= 'z'; first++) {
        type = first;
        count += dictionary.isMsgType(type);
        for (char second = '0'; second <= 'z'; second++)
            count += dictionary.isMsgType(type + second);
    }
    return count;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        try {
            FIX::DataDictionary dictionary(argv[i]);
            std::printf("%s %d\n", dictionary.getVersion().c_str(), count_messages(dictionary));
        } catch (const std::exception &exception) {
            std::printf("%s: %s\n", argv[i], exception.what());
            return 1;
        }
    }
    return 0;
}
