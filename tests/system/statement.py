"""Writes a camt.053.001.08 of any size: one statement of made-up entries.

    statement.py BYTES [FILE]      at least so many bytes, to standard output without a FILE"""

import sys

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
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
TAIL = """<AddtlStmtInf>end of the statement</AddtlStmtInf></Stmt>
</BkToCstmrStmt>
</Document>
"""


def entry(number):
    """Entry `number`, from 1."""
    return ENTRY.format(number=number, units=number * 7919 % 100000, cents=number % 100,
                        sign="CRDT" if number % 3 else "DBIT", client=1000 + number * 31 % 9000)


def write(file, size):
    """Returns the number of entries; memory stays small."""
    written, count = 0, 0
    file.write(HEAD.encode())
    while written < size:
        text = "".join(map(entry, range(count + 1, count + 201))).encode()
        file.write(text)
        written, count = written + len(text), count + 200
    file.write(TAIL.encode())
    return count


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[2], "wb") if len(sys.argv) == 3 else sys.stdout.buffer as out:
        print(write(out, int(sys.argv[1])), "entries", file=sys.stderr)
