"""A withdrawal over FIX.4.2 and over FIXT.1.1 with FIX.5.0SP2: the maps are those of FIX.4.4."""

import re
import unittest

from harness import ROOT, STATUS, FixClient, GatewayTest, eventually, fix_time, withdrawal

SCHEMAS = ROOT / "schemas/fix"
FOR_44 = "  - name: FIX.4.4\n    files: [../../schemas/fix/FIX44.xml, ../../schemas/fix/FIX44-cash.xml]\n"
OTHERS = f"""  - name: FIX.4.2
    files: [{SCHEMAS}/FIX42.xml, {SCHEMAS}/FIX42-cash.xml]
  - name: FIXT.1.1
    files: [{SCHEMAS}/FIXT11.xml]
  - name: FIX.5.0SP2
    files: [{SCHEMAS}/FIX50SP2.xml, {SCHEMAS}/FIX50SP2-cash.xml]
    transport: FIXT.1.1
"""


class Client(FixClient):
    begin_string, logon_fields = "FIX.4.4", ()

    def send(self, msg_type, *fields, number=None, header=()):
        number = self.next_out if number is None else number
        self.next_out = number + 1
        fields = [*fields, *(self.logon_fields if msg_type == "A" else ())]
        body = "".join(f"{tag}={value}\x01" for tag, value in [
            (35, msg_type), (49, self.sender), (56, self.target), (34, number), *header, (52, fix_time()), *fields])
        whole = f"8={self.begin_string}\x019={len(body.encode())}\x01{body}".encode()
        self.send_raw(whole + f"10={sum(whole) % 256:03}\x01".encode())
        return number


class OneVersion:
    begin_string, logon_fields = None, ()

    def test_a_withdrawal_goes_to_the_bank(self):
        client = Client(self.gateway)
        self.addCleanup(client.close)
        client.begin_string, client.logon_fields = self.begin_string, self.logon_fields
        client.logon()
        client.send("DY", *withdrawal("W-1"))
        received = dict(client.receive_type("DZ", "j", "3"))
        self.assertEqual((received[8], received[35], received[2812]), (self.begin_string, "DZ", "W-1"))
        sent = eventually(lambda: list((self.place.bank / "out").glob("*.xml")), "a document for the bank")
        order = sent[0].read_text()
        message = re.search("<MsgId>(.*?)</MsgId>", order)[1]
        request = re.search("<InstrId>(.*?)</InstrId>", order)[1]
        answer = STATUS.format(id="S-1", order=message, request=request, status="ACSC")
        (self.place.bank / "in/status.xml").write_text(answer)
        report = dict(client.receive_type("EA", "j", "3"))
        self.assertEqual((report[8], report[35], report[2812]), (self.begin_string, "EA", "W-1"))


class Fix42(OneVersion, GatewayTest):
    config = {FOR_44: FOR_44 + OTHERS, "dictionary: FIX.4.4": "dictionary: FIX.4.2"}
    begin_string = "FIX.4.2"


class Fix50Sp2(OneVersion, GatewayTest):
    config = {FOR_44: FOR_44 + OTHERS, "dictionary: FIX.4.4": "dictionary: FIX.5.0SP2"}
    begin_string, logon_fields = "FIXT.1.1", [(1137, 9)]


if __name__ == "__main__":
    unittest.main()
