// libquickfix behind functions that C can call.
#include "quickfix_baseline.h"

#include <exception>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <quickfix/DataDictionary.h>
#include <quickfix/Message.h>

struct quickfix {
    std::unique_ptr<FIX::DataDictionary> dictionary, transport;
    std::string text, why; // kept, so that what they hold is not taken anew for each message
};

// What is set in a message or an instance of a group, in the order of the dictionary.
struct part {
    int count_tag;
    std::vector<int> order; // ends with 0
    std::vector<std::pair<int, std::string>> fields;
    std::vector<part> instances;
};

struct quickfix_message {
    part header, body;
};

static std::unique_ptr<FIX::DataDictionary> read_dictionary(const char *xml)
{
    std::istringstream stream(xml);
    return std::unique_ptr<FIX::DataDictionary>(new FIX::DataDictionary(stream));
}

quickfix *quickfix_new(const char *dictionary, const char *transport)
{
    std::unique_ptr<quickfix> made(new quickfix());
    try {
        made->dictionary = read_dictionary(dictionary);
        if (transport != nullptr)
            made->transport = read_dictionary(transport);
    } catch (const std::exception &) {
        return nullptr;
    }
    return made.release();
}

void quickfix_free(quickfix *quickfix)
{
    delete quickfix;
}

static const FIX::DataDictionary &session_dictionary(const quickfix *quickfix)
{
    return quickfix->transport ? *quickfix->transport : *quickfix->dictionary;
}

// Session messages ride on no application version.
static const FIX::DataDictionary &application_dictionary(const quickfix *quickfix,
                                                         const FIX::Message &message)
{
    return message.isAdmin() ? session_dictionary(quickfix) : *quickfix->dictionary;
}

bool quickfix_decode(quickfix *quickfix, const char *bytes, size_t size, bool validated,
                     const char **why)
{
    const FIX::DataDictionary &session = session_dictionary(quickfix);
    try {
        quickfix->text.assign(bytes, size);
        FIX::Message message(quickfix->text, session, *quickfix->dictionary, true);
        if (validated)
            FIX::DataDictionary::validate(message, &session,
                                          &application_dictionary(quickfix, message));
    } catch (const std::exception &exception) {
        quickfix->why = exception.what();
        *why = quickfix->why.c_str();
        return false;
    }
    return true;
}

static part part_of(const FIX::FieldMap &map, int count_tag)
{
    part made{ count_tag, {}, {}, {} };
    for (const FIX::FieldBase &field : map) {
        made.order.push_back(field.getTag());
        if (!map.hasGroup(field.getTag())) // addGroup() sets counts itself
            made.fields.emplace_back(field.getTag(), field.getString());
    }
    made.order.push_back(0);
    for (FIX::FieldMap::g_const_iterator group = map.g_begin(); group != map.g_end(); ++group)
        for (const FIX::FieldMap *instance : group->second)
            made.instances.push_back(part_of(*instance, group->first));
    return made;
}

quickfix_message *quickfix_message_new(quickfix *quickfix, const char *bytes, size_t size)
{
    try {
        FIX::Message message(std::string(bytes, size), session_dictionary(quickfix),
                             *quickfix->dictionary, true);
        return new quickfix_message{ part_of(message.getHeader(), 0), part_of(message, 0) };
    } catch (const std::exception &) {
        return nullptr;
    }
}

void quickfix_message_free(quickfix_message *message)
{
    delete message;
}

static void fill(FIX::FieldMap &map, const part &with)
{
    for (const std::pair<int, std::string> &field : with.fields)
        map.setField(field.first, field.second);
    for (const part &instance : with.instances) {
        FIX::Group group(instance.count_tag, instance.order[0], instance.order.data());
        fill(group, instance);
        map.addGroup(instance.count_tag, group);
    }
}

size_t quickfix_encode(const quickfix_message *message)
{
    FIX::Message made;
    std::string text;
    fill(made.getHeader(), message->header);
    fill(made, message->body);
    return made.toString(text).size();
}
