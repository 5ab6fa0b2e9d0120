// A broker on libquickfix, an engine that nobody here wrote: does what it is
// told on standard input and prints what it hears, a line each.  The settings say
// whether it connects or is connected to, and, by Tls=Y, whether over TLS.
//
//   withdraw ID AMOUNT CLIENT ACCOUNT CURRENCY BANK PAYEE PAYEEBANK DATE
//   echo ID          (in every session)
//   quit
//
// Prints: "logon us", "logout us", "DZ id status", "EA id transtype requeststatus
// paymentstatus text", "D id us", "reject text", "other type"; us: our CompID.
#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/Message.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>
// The library has TLS in it, but its headers show that to those only who ask.
#define HAVE_SSL 1
#include <quickfix/SSLSocketAcceptor.h>
#include <quickfix/SSLSocketInitiator.h>

#include <iostream>
#include <mutex>
#include <set>
#include <sstream>

namespace
{
std::mutex output;

void print(const std::string &line)
{
    std::lock_guard<std::mutex> guard(output);
    std::cout << line << std::endl;
}

std::string field(const FIX::FieldMap &fields, int tag)
{
    return fields.isSetField(tag) ? fields.getField(tag) : "-";
}

std::string us(const FIX::SessionID &session)
{
    return session.getSenderCompID().getValue();
}

class Broker : public FIX::Application
{
public:
    void onCreate(const FIX::SessionID &) override {}
    void onLogon(const FIX::SessionID &session) override { print("logon " + us(session)); }
    void onLogout(const FIX::SessionID &session) override { print("logout " + us(session)); }
    void toAdmin(FIX::Message &, const FIX::SessionID &) override {}
    void toApp(FIX::Message &, const FIX::SessionID &) throw(FIX::DoNotSend) override {}

    void fromAdmin(const FIX::Message &message, const FIX::SessionID &) throw(
        FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override
    {
        if (field(message.getHeader(), 35) == "3")
            print("reject " + field(message, 58));
    }

    void fromApp(const FIX::Message &message, const FIX::SessionID &session) throw(
        FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue,
        FIX::UnsupportedMessageType) override
    {
        std::string type = field(message.getHeader(), 35);

        if (type == "DZ")
            print("DZ " + field(message, 2812) + " " + field(message, 2813));
        else if (type == "EA")
            print("EA " + field(message, 2812) + " " + field(message, 2804) + " " +
                  field(message, 2813) + " " + field(message, 2823) + " " + field(message, 2799));
        else if (type == "D")
            print("D " + field(message, 11) + " " + us(session));
        else
            print("other " + type);
    }
};

void add_party(FIX::Message &message, const std::string &id, const std::string &source,
               const std::string &role)
{
    FIX::Group party(453, 448, FIX::message_order(448, 447, 452, 0));

    party.setField(448, id);
    party.setField(447, source);
    party.setField(452, role);
    message.addGroup(party);
}

void add_sub_id(FIX::Group &party, const std::string &id, const std::string &type)
{
    FIX::Group sub_id(801, 785, FIX::message_order(785, 786, 0));

    sub_id.setField(785, id);
    sub_id.setField(786, type);
    party.addGroup(sub_id);
}

FIX::Message withdrawal(std::istringstream &words)
{
    std::string id, amount, client, account, currency, bank, payee, payee_bank, date;
    FIX::Message message;

    words >> id >> amount >> client >> account >> currency >> bank >> payee >> payee_bank >> date;
    message.getHeader().setField(FIX::MsgType("DY"));
    message.setField(2812, id);
    message.setField(2811, "0");
    message.setField(FIX::TransactTime(FIX::UtcTimeStamp()));
    add_party(message, "ALBRGB2LXXX", "B", "7");
    add_party(message, client, "D", "3");
    add_party(message, bank, "B", "28");
    message.setField(2824, "CASH");
    message.setField(2817, amount);
    message.setField(2818, currency);
    message.setField(2825, date);
    message.setField(2826, date);
    message.setField(2819, "0");
    message.setField(2816, account);

    FIX::Group beneficiary(781, 782, FIX::message_order(782, 783, 784, 801, 0));
    beneficiary.setField(782, client);
    beneficiary.setField(783, "D");
    beneficiary.setField(784, "32");
    add_sub_id(beneficiary, payee, "15");
    add_sub_id(beneficiary, client, "23");
    FIX::Group beneficiary_bank(781, 782, FIX::message_order(782, 783, 784, 801, 0));
    beneficiary_bank.setField(782, payee_bank);
    beneficiary_bank.setField(783, "B");
    beneficiary_bank.setField(784, "109");
    FIX::Group settlement(1158, 1164, FIX::message_order(1164, 781, 0));
    settlement.setField(1164, "3");
    settlement.addGroup(beneficiary);
    settlement.addGroup(beneficiary_bank);
    message.addGroup(settlement);
    return message;
}

FIX::Message order(const std::string &id)
{
    FIX::Message message;

    message.getHeader().setField(FIX::MsgType("D"));
    message.setField(11, id);
    message.setField(21, "1");
    message.setField(55, "TEST");
    message.setField(54, "1");
    message.setField(FIX::TransactTime(FIX::UtcTimeStamp()));
    message.setField(40, "1");
    return message;
}

void obey(const std::set<FIX::SessionID> &sessions)
{
    std::string line, verb, id;

    while (std::getline(std::cin, line)) {
        std::istringstream words(line);

        words >> verb;
        if (verb == "quit")
            return;
        if (verb == "withdraw") {
            FIX::Message message = withdrawal(words);
            FIX::Session::sendToTarget(message, *sessions.begin());
        } else if (verb == "echo") {
            words >> id;
            for (const FIX::SessionID &session : sessions) {
                FIX::Message message = order(id);
                FIX::Session::sendToTarget(message, session);
            }
        }
    }
}

template <class Connector>
void serve(Broker &broker, FIX::MessageStoreFactory &store, const FIX::SessionSettings &settings)
{
    Connector connector(broker, store, settings);

    connector.start();
    obey(settings.getSessions());
    connector.stop();
}
} // namespace

int main(int count, char **words)
{
    if (count != 2) {
        std::cerr << "usage: quickfix_broker SETTINGS" << std::endl;
        return 2;
    }
    try {
        FIX::SessionSettings settings(words[1]);
        Broker broker;
        FIX::FileStoreFactory store(settings);
        bool tls = settings.get().has("Tls");

        if (settings.get().getString("ConnectionType") == "acceptor")
            (tls ? serve<FIX::SSLSocketAcceptor> : serve<FIX::SocketAcceptor>)(broker, store, settings);
        else
            (tls ? serve<FIX::SSLSocketInitiator> : serve<FIX::SocketInitiator>)(broker, store, settings);
    } catch (const std::exception &fault) {
        std::cerr << fault.what() << std::endl;
        return 1;
    }
    return 0;
}
