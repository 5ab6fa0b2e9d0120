"""Writes a document of any size: one statement (camt.053.001.08) of made-up entries, or one
pacs.008.001.08 of made-up credit transfers.

    large_document.py MESSAGE BYTES [FILE]      about so many bytes, to standard output without a FILE"""

import sys

STATEMENT_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt>
<GrpHdr><MsgId>STATEMENT-2026-11</MsgId><CreDtTm>2026-11-21T05:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>2026-11-20/1</Id><ElctrncSeqNb>324</ElctrncSeqNb><CreDtTm>2026-11-21T05:00:00Z</CreDtTm>
<Acct><Id><IBAN>DE58990010020000470011</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">125000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-20</Dt></Dt></Bal>
"""
ENTRY = """<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{units}.{cents:02}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>
<AcctSvcrRef>SRV-{number:012}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><MsgId>ORDER-{number}</MsgId><EndToEndId>E2E-{number:010}</EndToEndId>
<UETR>{number:08x}-5d1c-4b7e-9f20-{number:012x}</UETR></Refs>
<Amt Ccy="EUR">{units}.{cents:02}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>Client {client} &amp; S\u00f6hne</Nm><PstlAdr><TwnNm>Kiel</TwnNm><Ctry>DE</Ctry></PstlAdr></Pty></Dbtr>
<DbtrAcct><Id><Othr><Id>ACCOUNT-{client}</Id></Othr></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>Deposit {number} of client {client}</Ustrd><Ustrd>value of the same day</Ustrd></RmtInf>
</TxDtls></NtryDtls></Ntry>
"""
STATEMENT_TAIL = """<AddtlStmtInf>end of the statement</AddtlStmtInf></Stmt>
</BkToCstmrStmt>
</Document>
"""


TRANSFERS_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">
<FIToFICstmrCdtTrf>
<GrpHdr><MsgId>TRANSFERS-2026-11</MsgId><CreDtTm>2026-11-21T05:00:00Z</CreDtTm><NbOfTxs>{count}</NbOfTxs>
<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>
"""
TRANSFER = """<CdtTrfTxInf><PmtId><InstrId>I-{number:010}</InstrId><EndToEndId>E2E-{number:010}</EndToEndId>
<UETR>{number:08x}-5d1c-4b7e-9f20-{number:012x}</UETR></PmtId>
<IntrBkSttlmAmt Ccy="EUR">{units}.{cents:02}</IntrBkSttlmAmt><IntrBkSttlmDt>2026-11-23</IntrBkSttlmDt>
<ChrgBr>SHAR</ChrgBr>
<Dbtr><Nm>Client {client} &amp; S\u00f6hne</Nm><PstlAdr><TwnNm>Kiel</TwnNm><Ctry>DE</Ctry></PstlAdr></Dbtr>
<DbtrAcct><Id><Othr><Id>ACCOUNT-{client}</Id></Othr></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>RHBXDEFFXXX</BICFI></FinInstnId></DbtrAgt>
<CdtrAgt><FinInstnId><BICFI>ALBRGB2LXXX</BICFI></FinInstnId></CdtrAgt>
<Cdtr><Nm>Payee {client}</Nm></Cdtr>
<CdtrAcct><Id><IBAN>DE58990010020000470011</IBAN></Id></CdtrAcct>
<RmtInf><Ustrd>Withdrawal {number} of client {client}</Ustrd></RmtInf></CdtTrfTxInf>
"""
TRANSFERS_TAIL = """</FIToFICstmrCdtTrf>
</Document>
"""
MESSAGES = {"camt.053.001.08": (STATEMENT_HEAD, ENTRY, STATEMENT_TAIL),
            "pacs.008.001.08": (TRANSFERS_HEAD, TRANSFER, TRANSFERS_TAIL)}


def entry(number, template=ENTRY):
    """Number `number`, from 1."""
    return template.format(number=number, units=number * 7919 % 100000, cents=number % 100,
                           sign="CRDT" if number % 3 else "DBIT", client=1000 + number * 31 % 9000)


def write(file, size, message="camt.053.001.08"):
    """Returns the number of entries; memory stays small."""
    head, template, tail = MESSAGES[message]
    count = size // len(entry(5 * 10**5, template).encode()) + 1
    file.write(head.format(count=count).encode())
    for first in range(1, count + 1, 200):
        file.write("".join(entry(number, template)
                           for number in range(first, min(first + 200, count + 1))).encode())
    file.write(tail.encode())
    return count


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in MESSAGES:
        sys.exit(__doc__)
    with open(sys.argv[3], "wb") if len(sys.argv) == 4 else sys.stdout.buffer as out:
        print(write(out, int(sys.argv[2]), sys.argv[1]), "entries", file=sys.stderr)
