/* Messages that keep every rule of a profile, and what is changed in them so that
   one is broken.  For rule_cases_test.c. */
#ifndef PENSTOCK_TESTS_ISO20022_RULE_CASES_H
#define PENSTOCK_TESTS_ISO20022_RULE_CASES_H

#include "codecs/iso20022/catalogue.h"

#define DOCUMENT(id, message, content)                                                             \
    "<Document xmlns=\"" ISO_NAMESPACE id "\"><" message ">" content "</" message "></Document>"
#define GROUP(content)                                                                             \
    "<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2025-03-14T09:30:00Z</CreDtTm>" content "</GrpHdr>"
#define AMOUNT(element, currency, number)                                                          \
    "<" element " Ccy=\"" currency "\">" number "</" element ">"
#define AGENT(element)   "<" element "><FinInstnId><BICFI>PENSDEFF</BICFI></FinInstnId></" element ">"
#define ACCOUNT(element) "<" element "><Id><Othr><Id>1</Id></Othr></Id></" element ">"
#define IBAN(element)    "<" element "><Id><IBAN>DE02100000000000000001</IBAN></Id></" element ">"
#define CLEARING         "<SttlmInf><SttlmMtd>CLRG</SttlmMtd><ClrSys><Cd>TGT</Cd></ClrSys></SttlmInf>"
#define UETR_1           "<UETR>11111111-1111-4111-8111-111111111111</UETR>"
#define UETR_2           "<UETR>22222222-2222-4222-8222-222222222222</UETR>"

/* ------------------------------------------------------------ pacs.008, pacs.009 */

#define CREDIT_GROUP                                                                               \
    GROUP("<NbOfTxs>2</NbOfTxs><CtrlSum>30.75</CtrlSum>" AMOUNT(                                   \
        "TtlIntrBkSttlmAmt", "EUR",                                                                \
        "30.75") "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" CLEARING                              \
                 "<PmtTpInf><InstrPrty>NORM</InstrPrty></PmtTpInf>" AGENT("InstgAgt")              \
                     AGENT("InstdAgt"))

#define CUSTOMER_CREDIT                                                                            \
    DOCUMENT(                                                                                      \
        "pacs.008.001.08", "FIToFICstmrCdtTrf",                                                    \
        CREDIT_GROUP                                                                               \
        "<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId><TxId>T-1</"        \
        "TxId>" UETR_1 "</PmtId>" AMOUNT("IntrBkSttlmAmt", "EUR", "10.5") AMOUNT(                  \
            "InstdAmt", "GBP",                                                                     \
            "9") "<XchgRate>1.2</XchgRate><ChrgBr>SHAR</ChrgBr><ChrgsInf>" AMOUNT("Amt", "EUR",    \
                                                                                  "1")             \
            AGENT("Agt") "</ChrgsInf>" AGENT("PrvsInstgAgt1") ACCOUNT("PrvsInstgAgt1Acct")         \
                AGENT("IntrmyAgt1") ACCOUNT("IntrmyAgt1Acct") AGENT("IntrmyAgt2") AGENT(           \
                    "IntrmyAgt3") "<Dbtr><Nm>A</Nm></Dbtr>" AGENT("DbtrAgt")                       \
                    ACCOUNT("DbtrAgtAcct") AGENT(                                                  \
                        "CdtrAgt") "<Cdtr><Nm>B</Nm></Cdtr></CdtTrfTxInf>"                         \
                                   "<CdtTrfTxInf><PmtId><InstrId>I-2</InstrId><EndToEndId>E-1</"   \
                                   "EndToEndId><TxId>T-2</TxId>" UETR_2 "</PmtId>" AMOUNT(         \
                                       "IntrBkSttlmAmt", "EUR",                                    \
                                       "20.25") "<ChrgBr>SHAR</ChrgBr><Dbtr/>" AGENT("DbtrAgt")    \
                                       AGENT("CdtrAgt") "<Cdtr/></CdtTrfTxInf>")

/* Each transaction has its date, type and agents. */
#define SINGLE_CREDIT                                                                              \
    DOCUMENT(                                                                                      \
        "pacs.008.001.08", "FIToFICstmrCdtTrf",                                                    \
        GROUP("<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>INDA</SttlmMtd>" ACCOUNT(                   \
            "SttlmAcct") "</SttlmInf>") "<CdtTrfTxInf><PmtId><InstrId>I-1</"                       \
                                        "InstrId><EndToEndId>E-1</EndToEndId>" UETR_1              \
                                        "</PmtId><PmtTpInf><InstrPrty>NORM</InstrPrty></"          \
                                        "PmtTpInf>" AMOUNT(                                        \
                                            "IntrBkSttlmAmt", "EUR",                               \
                                            "10.5") "<IntrBkSttlmDt>2025-03-14</"                  \
                                                    "IntrBkSttlmDt><ChrgBr>SHAR</"                 \
                                                    "ChrgBr>" AGENT("InstgAgt") AGENT("Instd"      \
                                                                                      "Agt")       \
                                                        AGENT("IntrmyAgt1") "<Dbtr><Nm>A</"        \
                                                                            "Nm></"                \
                                                                            "Dbtr>" AGENT(         \
                                                                                "DbtrAgt")         \
                                                                                AGENT("CdtrAg"     \
                                                                                      "t") "<C"    \
                                                                                           "dt"    \
                                                                                           "r>"    \
                                                                                           "<N"    \
                                                                                           "m>"    \
                                                                                           "B<"    \
                                                                                           "/N"    \
                                                                                           "m>"    \
                                                                                           "</"    \
                                                                                           "Cd"    \
                                                                                           "tr"    \
                                                                                           "><"    \
                                                                                           "Rm"    \
                                                                                           "tI"    \
                                                                                           "nf"    \
                                                                                           "><"    \
                                                                                           "Us"    \
                                                                                           "tr"    \
                                                                                           "d>"    \
                                                                                           "R<"    \
                                                                                           "/U"    \
                                                                                           "st"    \
                                                                                           "rd"    \
                                                                                           "><"    \
                                                                                           "/R"    \
                                                                                           "mt"    \
                                                                                           "In"    \
                                                                                           "f>"    \
                                                                                           "</"    \
                                                                                           "Cd"    \
                                                                                           "tT"    \
                                                                                           "rf"    \
                                                                                           "Tx"    \
                                                                                           "In"    \
                                                                                           "f"     \
                                                                                           ">")

#define COVER_CREDIT                                                                               \
    DOCUMENT(                                                                                      \
        "pacs.008.001.08", "FIToFICstmrCdtTrf",                                                    \
        GROUP("<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>COVE</SttlmMtd>" AGENT("InstgRmbrsmntAgt")  \
                  ACCOUNT("InstgRmbrsmntAgtAcct") AGENT("InstdRmbrsmntAgt") AGENT(                 \
                      "ThrdRmbrsmntAgt") "</SttlmInf>") "<CdtTrfTxInf><PmtId><"                    \
                                                        "EndToEndId>E-1</EndToEndId></"            \
                                                        "PmtId>" AMOUNT(                           \
                                                            "IntrBkSttlmAmt", "EUR",               \
                                                            "10.5") "<IntrBk"                      \
                                                                    "SttlmDt"                      \
                                                                    ">2025-"                       \
                                                                    "03-14</"                      \
                                                                    "IntrBkS"                      \
                                                                    "ttlmDt>"                      \
                                                                    "<ChrgBr"                      \
                                                                    ">SHAR</"                      \
                                                                    "ChrgBr>"                      \
                                                                    "<Dbtr/"                       \
                                                                    ">" AGENT("DbtrAgt") AGENT(    \
                                                                        "CdtrAgt") "<Cdtr/></"     \
                                                                                   "CdtTrfTxInf>")

#define BANK_CREDIT                                                                                \
    DOCUMENT("pacs.009.001.08", "FICdtTrf",                                                        \
             CREDIT_GROUP                                                                          \
             "<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId>"              \
             "<TxId>T-1</TxId>" UETR_1 "</PmtId>" AMOUNT("IntrBkSttlmAmt", "EUR", "10.5")          \
                 AGENT("Dbtr") AGENT("Cdtr") "<UndrlygCstmrCdtTrf><Dbtr/>" AGENT("DbtrAgt")        \
                     AGENT("IntrmyAgt1")                                                           \
                         AGENT("CdtrAgt") "<Cdtr/></UndrlygCstmrCdtTrf></CdtTrfTxInf>"             \
                                          "<CdtTrfTxInf><PmtId><InstrId>I-2</"                     \
                                          "InstrId><EndToEndId>E-2</EndToEndId>"                   \
                                          "<TxId>T-2</TxId>" UETR_2                                \
                                          "</PmtId>" AMOUNT("IntrBkSttlmAmt", "EUR", "20.25")      \
                                              AGENT("Dbtr") AGENT("Cdtr") "</CdtTrfTxInf>")

/* ------------------------------------------------------------ pacs.003, pacs.010 */

#define CUSTOMER_DEBIT                                                                                                        \
    DOCUMENT(                                                                                                                 \
        "pacs.003.001.08", "FIToFICstmrDrctDbt",                                                                              \
        GROUP("<NbOfTxs>2</NbOfTxs><CtrlSum>30.75</CtrlSum>" AMOUNT(                                                          \
            "TtlIntrBkSttlmAmt", "EUR",                                                                                       \
            "30.75") "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" CLEARING                                                     \
                     "<PmtTpInf><InstrPrty>NORM</InstrPrty></PmtTpInf>" AGENT("InstgAgt") AGENT(                              \
                         "InstdAgt")) "<DrctDbtTxInf><PmtId><InstrId>I-1</"                                                   \
                                      "InstrId><EndToEndId>E-1</EndToEndId>"                                                  \
                                      "<TxId>T-1</TxId>" UETR_1                                                               \
                                      "</PmtId>" AMOUNT("IntrBkSttlmAmt", "EUR", "10.5") AMOUNT(                              \
                                          "InstdAmt", "GBP",                                                                  \
                                          "9") "<XchgRate>1.2</XchgRate><ChrgBr>SLEV</ChrgBr>"                                \
                                               "<ChrgsInf>" AMOUNT("Amt", "EUR", "1") AGENT(                                  \
                                                   "Agt") "</ChrgsInf>"                                                       \
                                                          "<ReqdColltnDt>2025-03-13</"                                        \
                                                          "ReqdColltnDt><DrctDbtTx><MndtRltdInf><"                            \
                                                          "MndtId>N</MndtId>"                                                 \
                                                          "<DtOfSgntr>2025-03-13</"                                           \
                                                          "DtOfSgntr><FrstColltnDt>2025-03-13</"                              \
                                                          "FrstColltnDt>"                                                     \
                                                          "<FnlColltnDt>2025-03-13</"                                         \
                                                          "FnlColltnDt></MndtRltdInf></"                                      \
                                                          "DrctDbtTx><Cdtr/>" IBAN(                                           \
                                                              "CdtrAcct") AGENT("CdtrAgt")                                    \
                                                              AGENT("IntrmyAgt1") "<Dbtr/>" IBAN("DbtrAcct") AGENT(           \
                                                                  "DbtrAgt") "</DrctDbtTxInf>"                                \
                                                                             "<DrctDbtTxInf><"                                \
                                                                             "PmtId><InstrId>I-2<"                            \
                                                                             "/InstrId><"                                     \
                                                                             "EndToEndId>E-1</"                               \
                                                                             "EndToEndId>"                                    \
                                                                             "<TxId>T-2</"                                    \
                                                                             "TxId>" UETR_2                                   \
                                                                             "</PmtId>" AMOUNT(                               \
                                                                                 "IntrBkSttlmAmt",                            \
                                                                                 "EUR",                                       \
                                                                                 "20.25") "<ChrgB"                            \
                                                                                          "r>"                                \
                                                                                          "SLEV</"                            \
                                                                                          "ChrgBr"                            \
                                                                                          "><"                                \
                                                                                          "Cdtr/"                             \
                                                                                          ">" AGENT(                          \
                                                                                              "Cd"                            \
                                                                                              "tr"                            \
                                                                                              "Ag"                            \
                                                                                              "t") "<Dbtr/>" IBAN("DbtrAcct") \
                                                                                              AGENT(                          \
                                                                                                  "DbtrAgt") "</DrctDbtTxInf>")

#define BANK_DEBIT                                                                                 \
    DOCUMENT(                                                                                      \
        "pacs.010.001.03", "FIDrctDbt",                                                            \
        GROUP("<NbOfTxs>2</NbOfTxs><CtrlSum>30.75</CtrlSum>" AGENT("InstgAgt") AGENT(              \
            "InstdAgt")) "<CdtInstr><CdtId>C-1</CdtId><PmtTpInf><InstrPrty>NORM</InstrPrty></"     \
                         "PmtTpInf>" AMOUNT(                                                       \
                             "TtlIntrBkSttlmAmt", "EUR",                                           \
                             "30.75") "<IntrBkSttlmDt>2025-03-14</"                                \
                                      "IntrBkSttlmDt>" AGENT("IntrmyAgt1") AGENT("CdtrAgt") AGENT( \
                                          "Cdtr") "<DrctDbtTxInf><PmtId><"                         \
                                                  "InstrId>I-1</"                                  \
                                                  "InstrId><EndToEndId>E-1</"                      \
                                                  "EndToEndId>"                                    \
                                                  "<TxId>T-1</TxId>" UETR_1 "</PmtId>" AMOUNT(     \
                                                      "IntrBkSttlmAmt", "EUR", "10.5")             \
                                                      AGENT(                                       \
                                                          "Dbtr") "</"                             \
                                                                  "DrctDbtTxIn"                    \
                                                                  "f>"                             \
                                                                  "<DrctDbtTxI"                    \
                                                                  "nf><PmtId><"                    \
                                                                  "InstrId>I-"                     \
                                                                  "2</"                            \
                                                                  "InstrId><"                      \
                                                                  "EndToEndId>"                    \
                                                                  "E-1</"                          \
                                                                  "EndToEndId>"                    \
                                                                  "<TxId>T-2</"                    \
                                                                  "TxId"                           \
                                                                  ">" UETR_2 "</"                  \
                                                                  "PmtId"                          \
                                                                  ">" AMOUNT("IntrBkS"             \
                                                                             "ttlmAm"              \
                                                                             "t",                  \
                                                                             "EUR", "20.25")       \
                                                                      AGENT(                       \
                                                                          "Dbt"                    \
                                                                          "r") "</DrctDbtTxInf></" \
                                                                               "CdtInstr>")

/* ------------------------------------------------------------ pacs.004, pacs.007 */

#define RETURN                                                                                                                                                                                 \
    DOCUMENT(                                                                                                                                                                                  \
        "pacs.004.001.10", "PmtRtr",                                                                                                                                                           \
        GROUP(                                                                                                                                                                                 \
            "<NbOfTxs>2</NbOfTxs><CtrlSum>30.75</CtrlSum>" AMOUNT(                                                                                                                             \
                "TtlRtrdIntrBkSttlmAmt", "EUR",                                                                                                                                                \
                "30.75") "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" CLEARING AGENT("InstgAgt")                                                                                                \
                AGENT(                                                                                                                                                                         \
                    "InstdAgt")) "<TxInf><RtrId>R-1</RtrId>" AMOUNT("OrgnlIntrBkSttlmAmt", "EUR",                                                                                              \
                                                                    "10.50") "<OrgnlIntrBkSttlmDt"                                                                                             \
                                                                             ">2025-03-14</"                                                                                                   \
                                                                             "OrgnlIntrBkSttlmDt"                                                                                              \
                                                                             ">" AMOUNT(                                                                                                       \
                                                                                 "RtrdIntr"                                                                                                    \
                                                                                 "BkSttlmA"                                                                                                    \
                                                                                 "mt",                                                                                                         \
                                                                                 "EUR",                                                                                                        \
                                                                                 "10.5") "<IntrBk"                                                                                             \
                                                                                         "SttlmDt"                                                                                             \
                                                                                         ">2025-"                                                                                              \
                                                                                         "03-14</"                                                                                             \
                                                                                         "IntrBkS"                                                                                             \
                                                                                         "ttlmDt"                                                                                              \
                                                                                         ">" AMOUNT("RtrdInstdAmt", "GBP", "9") "<XchgRate>1.2</XchgRate><RtrChain><Dbtr><Pty/></Dbtr>" AGENT( \
                                                                                             "Dbt"                                                                                             \
                                                                                             "rAg"                                                                                             \
                                                                                             "t") AGENT("PrvsInstg"                                                                            \
                                                                                                        "Agt1")                                                                                \
                                                                                             AGENT("IntrmyAgt1") AGENT(                                                                        \
                                                                                                 "CdtrAg"                                                                                      \
                                                                                                 "t") "<C"                                                                                     \
                                                                                                      "dt"                                                                                     \
                                                                                                      "r>"                                                                                     \
                                                                                                      "<P"                                                                                     \
                                                                                                      "ty"                                                                                     \
                                                                                                      "/>"                                                                                     \
                                                                                                      "</"                                                                                     \
                                                                                                      "Cd"                                                                                     \
                                                                                                      "tr"                                                                                     \
                                                                                                      "><"                                                                                     \
                                                                                                      "/R"                                                                                     \
                                                                                                      "tr"                                                                                     \
                                                                                                      "Ch"                                                                                     \
                                                                                                      "ai"                                                                                     \
                                                                                                      "n>"                                                                                     \
                                                                                                      "</"                                                                                     \
                                                                                                      "Tx"                                                                                     \
                                                                                                      "In"                                                                                     \
                                                                                                      "f>"                                                                                     \
                                                                                                      "<T"                                                                                     \
                                                                                                      "xI"                                                                                     \
                                                                                                      "nf"                                                                                     \
                                                                                                      "><"                                                                                     \
                                                                                                      "Rt"                                                                                     \
                                                                                                      "rI"                                                                                     \
                                                                                                      "d>"                                                                                     \
                                                                                                      "R-"                                                                                     \
                                                                                                      "2<"                                                                                     \
                                                                                                      "/R"                                                                                     \
                                                                                                      "tr"                                                                                     \
                                                                                                      "Id"                                                                                     \
                                                                                                      ">" AMOUNT(                                                                              \
                                                                                                          "RtrdIntrBkSttlmAmt",                                                                \
                                                                                                          "EUR",                                                                               \
                                                                                                          "20.25") "</TxInf>")

#define REVERSAL                                                                                   \
    DOCUMENT(                                                                                      \
        "pacs.007.001.09", "FIToFIPmtRvsl",                                                        \
        GROUP("<NbOfTxs>2</NbOfTxs><CtrlSum>30.75</CtrlSum>" AMOUNT(                               \
            "TtlRvsdIntrBkSttlmAmt", "EUR",                                                        \
            "30.75") "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" CLEARING AGENT("InstgAgt")        \
                  AGENT("InstdAgt")) "<TxInf><RvslId>R-1</RvslId>" AMOUNT("OrgnlIntrBkSttlmAmt",   \
                                                                          "EUR", "10.50")          \
            AMOUNT("RvsdIntrBkSttlmAmt", "EUR",                                                    \
                   "10.5") "<IntrBkSttlmDt>2025-03-14</"                                           \
                           "IntrBkSttlmDt>" AMOUNT("RvsdInstdAmt", "GBP",                          \
                                                   "9") "<XchgRate>1.2</XchgRate></"               \
                                                        "TxInf>"                                   \
                                                        "<TxInf><RvslId>R-2</"                     \
                                                        "RvslId>" AMOUNT("RvsdIntrBkSttlmAmt",     \
                                                                         "EUR",                    \
                                                                         "20.25") "</TxInf>")

/* ------------------------------------------------------------ answers */

#define REJECTED "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>"
#define REASON   "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>"
#define ORIGINAL "<OrgnlMsgId>M-0</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId>"

#define BANK_STATUS                                                                                \
    DOCUMENT("pacs.002.001.10", "FIToFIPmtStsRpt",                                                 \
             GROUP(AGENT("InstgAgt") AGENT(                                                        \
                 "InstdAgt")) "<OrgnlGrpInfAndSts>" ORIGINAL                                       \
                              "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"                          \
                              "<TxInfAndSts><StsId>S-1</StsId>" REJECTED "</TxInfAndSts>"          \
                              "<TxInfAndSts><StsId>S-2</StsId><TxSts>ACSC</TxSts></TxInfAndSts>")

#define STATUS_REQUEST                                                                             \
    DOCUMENT("pacs.028.001.03", "FIToFIPmtStsReq",                                                 \
             GROUP(AGENT("InstgAgt")                                                               \
                       AGENT("InstdAgt")) "<TxInf><StsReqId>S-1</StsReqId></"                      \
                                          "TxInf><TxInf><StsReqId>S-2</StsReqId></TxInf>")

#define CUSTOMER_STATUS                                                                            \
    DOCUMENT(                                                                                      \
        "pain.002.001.10", "CstmrPmtStsRpt",                                                       \
        GROUP(                                                                                     \
            "") "<OrgnlGrpInfAndSts>" ORIGINAL "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"         \
                "<OrgnlPmtInfAndSts><OrgnlPmtInfId>P-0</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>" \
                "<TxInfAndSts><StsId>S-1</StsId>" REJECTED "</TxInfAndSts>"                        \
                "<TxInfAndSts><StsId>S-2</StsId></TxInfAndSts></OrgnlPmtInfAndSts>")

/* ------------------------------------------------------------ pain */

#define ON(element, date) "<" element "><Dt>" date "</Dt></" element ">"

#define CUSTOMER_ORDER                                                                                                                                                                                 \
    DOCUMENT(                                                                                                                                                                                          \
        "pain.001.001.09", "CstmrCdtTrfInitn",                                                                                                                                                         \
        GROUP(                                                                                                                                                                                         \
            "<NbOfTxs>3</NbOfTxs><CtrlSum>6.5</CtrlSum><InitgPty/>") "<PmtInf><PmtInfId>P-1</"                                                                                                         \
                                                                     "PmtInfId><PmtMtd>TRF</"                                                                                                          \
                                                                     "PmtMtd><NbOfTxs>2</"                                                                                                             \
                                                                     "NbOfTxs>"                                                                                                                        \
                                                                     "<CtrlSum>3.5</"                                                                                                                  \
                                                                     "CtrlSum><PmtTpInf><"                                                                                                             \
                                                                     "InstrPrty>NORM</"                                                                                                                \
                                                                     "InstrPrty></PmtTpInf>" ON("ReqdExctnDt", "2025-03-14") "<Dbtr/>" IBAN("DbtrAcct") AGENT(                                         \
                                                                         "DbtrAgt") "<UltmtDbtr"                                                                                                       \
                                                                                    "/><ChrgBr>"                                                                                                       \
                                                                                    "SLEV</"                                                                                                           \
                                                                                    "ChrgBr>"                                                                                                          \
                                                                                    "<CdtTrfTxI"                                                                                                       \
                                                                                    "nf><PmtId>"                                                                                                       \
                                                                                    "<InstrId>"                                                                                                        \
                                                                                    "I-1</"                                                                                                            \
                                                                                    "InstrId><"                                                                                                        \
                                                                                    "EndToEndId"                                                                                                       \
                                                                                    ">E-1</"                                                                                                           \
                                                                                    "EndToEndId"                                                                                                       \
                                                                                    ">" UETR_1                                                                                                         \
                                                                                    "</"                                                                                                               \
                                                                                    "PmtId><"                                                                                                          \
                                                                                    "Amt"                                                                                                              \
                                                                                    ">" AMOUNT("I"                                                                                                     \
                                                                                               "n"                                                                                                     \
                                                                                               "s"                                                                                                     \
                                                                                               "t"                                                                                                     \
                                                                                               "d"                                                                                                     \
                                                                                               "A"                                                                                                     \
                                                                                               "m"                                                                                                     \
                                                                                               "t",                                                                                                    \
                                                                                               "E"                                                                                                     \
                                                                                               "U"                                                                                                     \
                                                                                               "R",                                                                                                    \
                                                                                               "1"                                                                                                     \
                                                                                               "."                                                                                                     \
                                                                                               "5") "</Amt>" AGENT("IntrmyAgt1")                                                                       \
                                                                                        AGENT(                                                                                                         \
                                                                                            "Cdtr"                                                                                                     \
                                                                                            "Ag"                                                                                                       \
                                                                                            "t") "<"                                                                                                   \
                                                                                                 "/"                                                                                                   \
                                                                                                 "C"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "r"                                                                                                   \
                                                                                                 "f"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "x"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "f"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "C"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "r"                                                                                                   \
                                                                                                 "f"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "x"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "f"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "P"                                                                                                   \
                                                                                                 "m"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "s"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "r"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "-"                                                                                                   \
                                                                                                 "2"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "/"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "s"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "r"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "o"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "-"                                                                                                   \
                                                                                                 "1"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "/"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "T"                                                                                                   \
                                                                                                 "o"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "n"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">" UETR_2                                                                                            \
                                                                                                 "<"                                                                                                   \
                                                                                                 "/"                                                                                                   \
                                                                                                 "P"                                                                                                   \
                                                                                                 "m"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "I"                                                                                                   \
                                                                                                 "d"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "A"                                                                                                   \
                                                                                                 "m"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 ">"                                                                                                   \
                                                                                                 "<"                                                                                                   \
                                                                                                 "E"                                                                                                   \
                                                                                                 "q"                                                                                                   \
                                                                                                 "v"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 "A"                                                                                                   \
                                                                                                 "m"                                                                                                   \
                                                                                                 "t"                                                                                                   \
                                                                                                 ">" AMOUNT(                                                                                           \
                                                                                                     "Amt",                                                                                            \
                                                                                                     "GBP",                                                                                            \
                                                                                                     "2") "<CcyOfTrf>EUR</CcyOfTrf>"                                                                   \
                                                                                                          "</EqvtAmt></Amt></CdtTrfTxInf></PmtInf>"                                                    \
                                                                                                          "<PmtInf><PmtInfId>P-2</PmtInfId><PmtMtd>TRF</PmtMtd>" ON(                                   \
                                                                                                              "ReqdExctnDt",                                                                           \
                                                                                                              "2025-03-14") "<Dbtr/>" IBAN("DbtrAcct")                                                 \
                                                                                                              AGENT("DbtrAgt") "<CdtTrfTxInf><PmtId><EndToEndId>E-3</EndToEndId></PmtId><Amt>" AMOUNT( \
                                                                                                                  "InstdAmt",                                                                          \
                                                                                                                  "EUR",                                                                               \
                                                                                                                  "3") "</Amt></CdtTrfTxInf></PmtInf>")

#define CUSTOMER_COLLECTION                                                                                                                                                                     \
    DOCUMENT(                                                                                                                                                                                   \
        "pain.008.001.08", "CstmrDrctDbtInitn",                                                                                                                                                 \
        GROUP(                                                                                                                                                                                  \
            "<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum><InitgPty/>") "<PmtInf><PmtInfId>P-1</"                                                                                                  \
                                                                     "PmtInfId><PmtMtd>DD</"                                                                                                    \
                                                                     "PmtMtd><NbOfTxs>2</NbOfTxs>"                                                                                              \
                                                                     "<CtrlSum>3.5</"                                                                                                           \
                                                                     "CtrlSum><PmtTpInf><"                                                                                                      \
                                                                     "InstrPrty>NORM</"                                                                                                         \
                                                                     "InstrPrty></PmtTpInf>"                                                                                                    \
                                                                     "<ReqdColltnDt>2025-03-14</"                                                                                               \
                                                                     "ReqdColltnDt><Cdtr/>" IBAN("CdtrAcct") AGENT(                                                                             \
                                                                         "CdtrAgt") "<UltmtCdtr/"                                                                                               \
                                                                                    "><ChrgBr>"                                                                                                 \
                                                                                    "SLEV</"                                                                                                    \
                                                                                    "ChrgBr>"                                                                                                   \
                                                                                    "<DrctDbtTxIn"                                                                                              \
                                                                                    "f><PmtId><"                                                                                                \
                                                                                    "InstrId>I-1<"                                                                                              \
                                                                                    "/InstrId><"                                                                                                \
                                                                                    "EndToEndId>"                                                                                               \
                                                                                    "E-1</"                                                                                                     \
                                                                                    "EndToEndId"                                                                                                \
                                                                                    ">" UETR_1                                                                                                  \
                                                                                    "</"                                                                                                        \
                                                                                    "PmtId"                                                                                                     \
                                                                                    ">" AMOUNT(                                                                                                 \
                                                                                        "InstdAm"                                                                                               \
                                                                                        "t",                                                                                                    \
                                                                                        "EUR",                                                                                                  \
                                                                                        "1.5") "<"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               "c"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "b"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "T"                                                                                              \
                                                                                               "x"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "M"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "R"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "I"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "f"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "M"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "I"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "N"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "M"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "I"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "O"                                                                                              \
                                                                                               "f"                                                                                              \
                                                                                               "S"                                                                                              \
                                                                                               "g"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "5"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "3"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "1"                                                                                              \
                                                                                               "4"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "O"                                                                                              \
                                                                                               "f"                                                                                              \
                                                                                               "S"                                                                                              \
                                                                                               "g"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "F"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               "s"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "C"                                                                                              \
                                                                                               "o"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "5"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "3"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "1"                                                                                              \
                                                                                               "4"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "F"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               "s"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "C"                                                                                              \
                                                                                               "o"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "F"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "C"                                                                                              \
                                                                                               "o"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "2"                                                                                              \
                                                                                               "5"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "0"                                                                                              \
                                                                                               "3"                                                                                              \
                                                                                               "-"                                                                                              \
                                                                                               "1"                                                                                              \
                                                                                               "4"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "F"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "C"                                                                                              \
                                                                                               "o"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "M"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "R"                                                                                              \
                                                                                               "l"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "d"                                                                                              \
                                                                                               "I"                                                                                              \
                                                                                               "n"                                                                                              \
                                                                                               "f"                                                                                              \
                                                                                               ">"                                                                                              \
                                                                                               "<"                                                                                              \
                                                                                               "/"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "r"                                                                                              \
                                                                                               "c"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "D"                                                                                              \
                                                                                               "b"                                                                                              \
                                                                                               "t"                                                                                              \
                                                                                               "T"                                                                                              \
                                                                                               "x"                                                                                              \
                                                                                               ">" AGENT("DbtrAgt") "<Dbtr/>" IBAN(                                                             \
                                                                                                   "DbtrAcct") "</DrctDbtTxInf>"                                                                \
                                                                                                               "<DrctDbtTxInf><PmtId><InstrId>I-2</InstrId><EndToEndId>E-1</EndToEndId>" UETR_2 \
                                                                                                               "</PmtId>" AMOUNT(                                                               \
                                                                                                                   "InstdAmt",                                                                  \
                                                                                                                   "EUR",                                                                       \
                                                                                                                   "2")                                                                         \
                                                                                                                   AGENT("DbtrAgt") "<Dbtr/>" IBAN(                                             \
                                                                                                                       "DbtrAcct") "</DrctDbtTxInf></PmtInf>")

#define REQUEST_TO_PAY                                                                                                                                                                     \
    DOCUMENT(                                                                                                                                                                              \
        "pain.013.001.07", "CdtrPmtActvtnReq",                                                                                                                                             \
        GROUP("<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum><InitgPty/>") "<PmtInf><PmtInfId>P-1</"                                                                                           \
                                                                       "PmtInfId><PmtMtd>TRF</"                                                                                            \
                                                                       "PmtMtd>"                                                                                                           \
                                                                       "<PmtTpInf><InstrPrty>"                                                                                             \
                                                                       "NORM</"                                                                                                            \
                                                                       "InstrPrty></PmtTpInf>" ON("ReqdExctnDt", "2025-03-14") "<Dbtr/>" AGENT(                                            \
                                                                           "DbtrAgt") "<UltmtDbtr"                                                                                         \
                                                                                      "/>"                                                                                                 \
                                                                                      "<CdtTrfTx>"                                                                                         \
                                                                                      "<"                                                                                                  \
                                                                                      "PmtId><"                                                                                            \
                                                                                      "InstrId>I-"                                                                                         \
                                                                                      "1<"                                                                                                 \
                                                                                      "/InstrId><"                                                                                         \
                                                                                      "EndToEndId"                                                                                         \
                                                                                      ">"                                                                                                  \
                                                                                      "E-1</"                                                                                              \
                                                                                      "EndToEndId"                                                                                         \
                                                                                      ">" UETR_1                                                                                           \
                                                                                      "</"                                                                                                 \
                                                                                      "PmtId><"                                                                                            \
                                                                                      "Amt"                                                                                                \
                                                                                      ">" AMOUNT("InstdAmt", "EUR", "1.5") "</Amt><ChrgBr>SLEV</ChrgBr>" AGENT(                            \
                                                                                          "CdtrAg"                                                                                         \
                                                                                          "t") "<"                                                                                         \
                                                                                               "C"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "r"                                                                                         \
                                                                                               "/"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "/"                                                                                         \
                                                                                               "C"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "T"                                                                                         \
                                                                                               "r"                                                                                         \
                                                                                               "f"                                                                                         \
                                                                                               "T"                                                                                         \
                                                                                               "x"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "/"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "n"                                                                                         \
                                                                                               "f"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "n"                                                                                         \
                                                                                               "f"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "n"                                                                                         \
                                                                                               "f"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "-"                                                                                         \
                                                                                               "2"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "/"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "n"                                                                                         \
                                                                                               "f"                                                                                         \
                                                                                               "I"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "M"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               ">"                                                                                         \
                                                                                               "T"                                                                                         \
                                                                                               "R"                                                                                         \
                                                                                               "F"                                                                                         \
                                                                                               "<"                                                                                         \
                                                                                               "/"                                                                                         \
                                                                                               "P"                                                                                         \
                                                                                               "m"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "M"                                                                                         \
                                                                                               "t"                                                                                         \
                                                                                               "d"                                                                                         \
                                                                                               ">" ON("ReqdExctnDt", "2025-03-14") "<Dbtr/>" AGENT(                                        \
                                                                                                   "DbtrAgt") "<CdtTrfTx><PmtId><InstrId>I-2</InstrId><EndToEndId>E-1</EndToEndId>" UETR_2 \
                                                                                                              "</PmtId><Amt>" AMOUNT(                                                      \
                                                                                                                  "InstdAmt",                                                              \
                                                                                                                  "EUR",                                                                   \
                                                                                                                  "2") "</Amt><ChrgBr>SLEV</ChrgBr>" AGENT("CdtrAgt") "<Cdtr/></CdtTrfTx></PmtInf>")

#define CUSTOMER_REVERSAL                                                                          \
    DOCUMENT(                                                                                      \
        "pain.007.001.09", "CstmrPmtRvsl",                                                         \
        GROUP(                                                                                     \
            "<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum>") "<OrgnlGrpInf>" ORIGINAL                 \
                                                          "</OrgnlGrpInf><OrgnlPmtInfAndRvsl>"     \
                                                          "<OrgnlPmtInfId>P-0</"                   \
                                                          "OrgnlPmtInfId><TxInf><RvslId>R-1</"     \
                                                          "RvslId>" AMOUNT(                        \
                                                              "RvsdInstdAmt", "EUR",               \
                                                              "1.5") "</"                          \
                                                                     "TxInf><TxInf><RvslId>R-2</"  \
                                                                     "RvslId>" AMOUNT("RvsdInstdA" \
                                                                                      "mt",        \
                                                                                      "EUR",       \
                                                                                      "2") "</"    \
                                                                                           "TxInf" \
                                                                                           "></"   \
                                                                                           "Orgnl" \
                                                                                           "PmtIn" \
                                                                                           "fAndR" \
                                                                                           "vsl>")

/* ------------------------------------------------------------ camt */

#define ASSIGNMENT                                                                                 \
    "<Assgnmt><Id>A-1</Id><Assgnr><Pty/></Assgnr><Assgne><Pty/></Assgne>"                          \
    "<CreDtTm>2025-03-14T09:30:00Z</CreDtTm></Assgnmt>"                                            \
    "<CtrlData><NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum></CtrlData>"

#define CUSTOMER_CANCELLATION                                                                      \
    DOCUMENT(                                                                                      \
        "camt.055.001.09", "CstmrPmtCxlReq",                                                       \
        ASSIGNMENT                                                                                 \
        "<Undrlyg><OrgnlPmtInfAndCxl><OrgnlPmtInfId>P-0</OrgnlPmtInfId>"                           \
        "<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum><TxInf><CxlId>X-1</CxlId>" AMOUNT(              \
            "OrgnlInstdAmt", "EUR",                                                                \
            "1.5") "</TxInf><TxInf><CxlId>X-2</CxlId>" AMOUNT("OrgnlInstdAmt", "EUR",              \
                                                              "2") "</TxInf></"                    \
                                                                   "OrgnlPmtInfAndCxl></Undrlyg>")

#define BANK_CANCELLATION                                                                          \
    DOCUMENT("camt.056.001.08", "FIToFIPmtCxlReq",                                                 \
             ASSIGNMENT "<Undrlyg><TxInf><CxlId>X-1</CxlId>" AMOUNT(                               \
                 "OrgnlIntrBkSttlmAmt", "EUR",                                                     \
                 "1.5") "</TxInf><TxInf><CxlId>X-2</CxlId>" AMOUNT("OrgnlIntrBkSttlmAmt", "EUR",   \
                                                                   "2") "</TxInf></Undrlyg>")

#define EXPECTED                                                                                   \
    DOCUMENT(                                                                                      \
        "camt.057.001.06", "NtfctnToRcv",                                                          \
        GROUP("") "<Ntfctn><Id>N-1</Id>" AMOUNT(                                                   \
            "TtlAmt", "EUR", "3.5") "<Itm><Id>T-1</Id>" AMOUNT("Amt", "EUR",                       \
                                                               "1.5") "</Itm>"                     \
                                                                      "<Itm><Id>T-2</Id>" AMOUNT(  \
                                                                          "Amt", "EUR",            \
                                                                          "2") "</Itm></Ntfctn>")

#define REPORT_REQUEST                                                                             \
    DOCUMENT(                                                                                      \
        "camt.060.001.05", "AcctRptgReq",                                                          \
        GROUP("") "<RptgReq><ReqdMsgNmId>camt.053.001.08</ReqdMsgNmId><AcctOwnr><Pty/></AcctOwnr>" \
                  "<RptgPrd><FrToDt><FrDt>2025-03-13</FrDt><ToDt>2025-03-13</ToDt></FrToDt>"       \
                  "<Tp>ALLL</Tp></RptgPrd></RptgReq>")

#define BALANCE(code, number, direction)                                                           \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp>" AMOUNT(                               \
        "Amt", "EUR", number) "<CdtDbtInd>" direction                                              \
                              "</CdtDbtInd>" ON("Dt", "2025-03-14") "</Bal>"
#define ENTRY(number, direction, status)                                                           \
    "<Ntry>" AMOUNT("Amt", "EUR", number) "<CdtDbtInd>" direction "</CdtDbtInd><Sts>" status       \
                                          "</Sts><BkTxCd/></Ntry>"
#define PERIOD                                                                                     \
    "<FrToDt><FrDtTm>2025-03-14T00:00:00Z</FrDtTm><ToDtTm>2025-03-14T23:59:59Z</ToDtTm></FrToDt>"
#define ENTRIES(booked, pending)                                                                   \
    ENTRY("12.5", "CRDT", booked) ENTRY("40", "DBIT", booked) ENTRY("1", "CRDT", pending)
#define SUMMARY(net)                                                                               \
    "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries><Sum>53.5</Sum>" net "</TtlNtries>"           \
    "<TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>13.5</Sum></TtlCdtNtries>"                       \
    "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>40</Sum></TtlDbtNtries></TxsSummry>"
#define NET     "<TtlNetNtry><Amt>26.5</Amt><CdtDbtInd>DBIT</CdtDbtInd></TtlNetNtry>"
#define OLD_NET "<TtlNetNtryAmt>26.5</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd>"
#define BALANCES                                                                                   \
    BALANCE("OPBD", "10", "CRDT") BALANCE("CLBD", "17.50", "DBIT") BALANCE("CLAV", "5", "CRDT")
#define BOOKED  "<Cd>BOOK</Cd>"
#define PENDING "<Cd>PDNG</Cd>"
#define CREATED "<CreDtTm>2025-03-14T09:30:00Z</CreDtTm>"

/* element: of an account with a summary, and of another without. */
#define REPORT(id, message, element, created, balances, net, booked, pending)                      \
    DOCUMENT(                                                                                      \
        id, message,                                                                               \
        GROUP("") "<" element "><Id>1</Id>" created PERIOD ACCOUNT("Acct") balances SUMMARY(net)   \
            ENTRIES(booked, pending) "</" element "><" element                                     \
                                     "><Id>2</Id>" created ACCOUNT("Acct")                         \
                                         balances ENTRIES(booked, pending) "</" element ">")

#define ACCOUNT_REPORT                                                                             \
    REPORT("camt.052.001.08", "BkToCstmrAcctRpt", "Rpt", CREATED, BALANCES, NET, BOOKED, PENDING)
#define OLD_ACCOUNT_REPORT                                                                         \
    REPORT("camt.052.001.02", "BkToCstmrAcctRpt", "Rpt", CREATED, BALANCES, OLD_NET, "BOOK", "PDNG")
#define STATEMENT                                                                                  \
    REPORT("camt.053.001.08", "BkToCstmrStmt", "Stmt", CREATED, BALANCES, NET, BOOKED, PENDING)
#define OLD_STATEMENT                                                                              \
    REPORT("camt.053.001.02", "BkToCstmrStmt", "Stmt", CREATED, BALANCES, OLD_NET, "BOOK", "PDNG")
#define NOTIFICATION                                                                               \
    REPORT("camt.054.001.08", "BkToCstmrDbtCdtNtfctn", "Ntfctn", CREATED, "", NET, BOOKED, PENDING)
#define OLD_NOTIFICATION                                                                           \
    REPORT("camt.054.001.02", "BkToCstmrDbtCdtNtfctn", "Ntfctn", CREATED, "", OLD_NET, "BOOK",     \
           "PDNG")

/* ------------------------------------------------------------ headers */

#define PARTY(element, id) "<" element ">" id "</" element ">"
#define BANK_ID(bic)       "<FIId><FinInstnId><BICFI>" bic "</BICFI></FinInstnId></FIId>"
#define FIRM_ID(bic)       "<OrgId><Id><OrgId><AnyBIC>" bic "</AnyBIC></OrgId></Id></OrgId>"
#define HEADER(from, to)   HEADER_OF(from, to, "B-1")
#define HEADER_OF(from, to, business_id)                                                           \
    "<AppHdr xmlns=\"" ISO_NAMESPACE "head.001.001.02\">" PARTY("Fr", from)                        \
        PARTY("To", to) "<BizMsgIdr>" business_id                                                  \
                        "</BizMsgIdr><MsgDefIdr>pacs.008.001.08</MsgDefIdr>"                       \
                        "<CreDt>2025-03-14T09:30:00Z</CreDt></AppHdr>"

#endif
