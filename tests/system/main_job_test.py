#!/usr/bin/env python3
"""The main job: withdrawals and deposits between the simulated broker and the
simulated bank, through the real binary."""

import unittest

from harness import (CLIENT, EXAMPLES, Gateway, GatewayTest, end_party, eventually, run_broker, start_party,
                     withdraw_line)


class MainJob(GatewayTest):
    def run_bank_script(self, text, *words):
        script = self.place.folder / "bank.txt"
        script.write_text(text)
        return self.start_bank("--script", script, *words)

    def deposit_line(self, name, amount="25.00", **more):
        pairs = {"client": CLIENT["client"], "account": CLIENT["account"], "amount": amount, "currency": "EUR",
                 "payer": CLIENT["payee"], "payer-bank": CLIENT["payee-bank"], "payer-name": "L", **more}
        return f"deposit {name} " + " ".join(f'{key}="{value}"' for key, value in pairs.items()) + "\n"

    def finish(self, bank):
        self.assertEqual(bank.wait(timeout=60) if bank.args[-1] != "--stay" else end_party(bank), 0,
                         (self.place.folder / "bank.out").read_text())
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()
        self.assert_documents_valid()

    def test_the_demo_goes_as_its_scripts_expect(self):
        bank = self.start_bank("--rules", "--script", EXAMPLES / "demo-bank.txt")
        code, output = run_broker(self.gateway, (EXAMPLES / "demo-broker.txt").read_text())
        self.assertEqual(code, 0, output)
        self.finish(bank)

    def test_a_withdrawal_settles_and_every_step_is_told(self):
        # An answer that comes at once may overtake our own note that the order is sent.
        bank = self.start_bank("--delay", "200ms", "--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.00") +
                                  "expect W1 receipt\nexpect W1 pending\nexpect W1 settled\n")
        self.assertEqual(code, 0, output)
        shown = self.gateway.tell("show", "W1")
        for word in ("accepted", "sent", "pending", "settled", "to-icbc", "withdrawal-pacs008"):
            self.assertIn(word, shown)
        self.finish(bank)
        self.assertEqual(self.place.query("SELECT free_minor, reserved_minor FROM balance WHERE client='C-1003'"),
                         [(180000000 - 1000, 0)])

    def test_a_refusal_of_the_bank_gives_the_money_back(self):
        bank = self.start_bank("--rules", "--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.12") + "expect W1 refused reason=AC04\n")
        self.assertEqual(code, 0, output)
        self.finish(bank)
        self.assertEqual(self.place.query("SELECT free_minor, reserved_minor FROM balance WHERE client='C-1003'"),
                         [(180000000, 0)])

    def test_a_technical_refusal_leaves_a_doubt_that_an_operator_ends(self):
        bank = self.start_bank("--rules", "--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.16") + "wait for=1s\n", "--patience", "2s")
        shown = eventually(lambda: "in_doubt" in self.gateway.ask("show", "W1")[1], "the doubt")
        self.assertTrue(shown, output)
        self.assertIn("in-doubt", self.gateway.log())
        number, = self.place.query("SELECT id FROM instruction")[0]
        code, text = self.gateway.ask("resolve", number, "--as", "settled", "--evidence", "call with the bank")
        self.assertEqual(code, 0, text)
        shown = self.gateway.tell("show", "W1")
        self.assertIn("settled", shown)
        self.assertIn("call with the bank", shown)
        self.finish(bank)

    def test_a_large_withdrawal_waits_for_a_second_person(self):
        bank = self.start_bank("--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "600000.00") + "expect W1 receipt\nwait for=500ms\n",
                                  "--patience", "1s")
        self.assertEqual(self.place.query("SELECT state FROM instruction"), [("held",)], output)
        number, = self.place.query("SELECT id FROM instruction")[0]
        self.assertNotEqual(self.gateway.ask("approve", number)[0], 0)
        self.gateway.tell("approve", number, "--evidence", "call back done")
        eventually(lambda: self.place.query("SELECT state FROM instruction") == [("settled",)], "settled")
        self.finish(bank)

    def test_a_held_withdrawal_can_be_refused(self):
        bank = self.start_bank("--stay")
        run_broker(self.gateway, withdraw_line("W1", "600000.00") + "expect W1 receipt\nwait for=500ms\n",
                   "--patience", "1s")
        number, = self.place.query("SELECT id FROM instruction")[0]
        self.gateway.tell("refuse", number, "--evidence", "not the client")
        self.assertEqual(self.place.query("SELECT state FROM instruction"), [("refused",)])
        self.finish(bank)
        self.assertEqual(list((self.place.bank / "taken").glob("*.xml")), [])

    def test_no_answer_by_the_deadline_is_a_doubt_and_a_late_answer_still_counts(self):
        self.gateway.stop()
        self.place.write_config({"deadline: 30s": "deadline: 2s"})
        self.gateway.start()
        bank = self.run_bank_script('answer any with="ACSC" delay=5s\nexpect-orders count=1 within=60s\n'
                                    'wait for=6s\n')
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.00") +
                                  "expect W1 in-doubt within=20s\nexpect W1 settled within=20s\n")
        self.assertEqual(code, 0, output)
        self.finish(bank)

    def test_the_same_request_again_gets_the_same_answer_and_moves_nothing(self):
        bank = self.start_bank("--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.00", date="20991231") + "expect W1 settled\n" +
                                  withdraw_line("W1", "10.00", date="20991231", resend="yes") + "wait for=1s\n")
        self.assertEqual(code, 0, output)
        self.assertRegex(output, r"reports +\d+, and 1 repeats")
        self.finish(bank)
        self.assertEqual(self.place.query("SELECT count(*) FROM instruction"), [(1,)])

    def test_the_same_id_with_another_content_is_refused_and_changes_nothing(self):
        bank = self.start_bank("--stay")
        code, output = run_broker(self.gateway, withdraw_line("W1", "10.00") + "expect W1 settled\n" +
                                  withdraw_line("W1", "11.00") + 'expect-message EA fields="2812=W1|2804=0|2813=2"\n')
        self.assertEqual(code, 0, output)
        self.finish(bank)
        self.assertEqual(self.place.query("SELECT state, amount_minor FROM instruction"), [("settled", 1000)])

    def test_deposits_are_announced_and_answered(self):
        bank = self.run_bank_script(
            "wait for=1s\n" +
            self.deposit_line("D1") + "expect D1 accepted within=20s\n" +
            self.deposit_line("D2") + "expect D2 refused reason=AC06 within=20s\n" +
            self.deposit_line("D3") + "expect D3 pending within=20s\n")
        code, output = run_broker(self.gateway, "deposits accept\nexpect-deposits count=1 within=20s\n"
                                                "deposits refuse reason=107\nexpect-deposits count=2 within=20s\n"
                                                "deposits dispute reason=199\nexpect-deposits count=3 within=20s\n"
                                                "wait for=1s\n")
        self.assertEqual(code, 0, output)
        self.finish(bank)
        self.assertEqual(dict(self.place.query("SELECT request_id, state FROM instruction")),
                         {"D1": "settled", "D2": "refused", "D3": "pending"})

    def test_a_deposit_that_no_broker_answers_is_a_doubt_and_the_bank_is_told(self):
        self.gateway.stop()
        self.place.write_config({"deadline: 30s": "deadline: 30s\n    answer-deadline: 2s"})
        self.gateway.start()
        bank = self.run_bank_script(self.deposit_line("D1") + "expect D1 pending within=20s\n")
        self.finish(bank)
        self.assertEqual(self.place.query("SELECT state FROM instruction"), [("in_doubt",)])

    def test_a_deposit_for_an_unknown_client_is_refused_without_a_broker(self):
        bank = self.run_bank_script(self.deposit_line("D1", client="C-9999", payer="NOBODYS-ACCOUNT") +
                                    "expect D1 refused within=20s\n")
        self.finish(bank)

    def test_a_restart_in_the_middle_goes_on(self):
        bank = self.run_bank_script('answer any with="ACSP ACSC" delay=2s\nwait for=60s\n', "--stay")
        port = self.gateway.host_and_port()[1]
        self.gateway.stop()
        self.gateway = Gateway(self.place, PENSTOCK_LISTEN=f"127.0.0.1:{port}").start()
        lines = "".join(withdraw_line(f"W{i}", "1.00") for i in range(20))
        with open(self.place.folder / "broker.txt", "w") as script:
            script.write(lines + "".join(f"expect W{i} settled within=40s\n" for i in range(20)))
        broker = start_party(self.place, "broker", "--connect", self.gateway.address, "--quiet", "--script",
                             self.place.folder / "broker.txt", output="broker.out")
        self.parties.append(broker)
        eventually(lambda: self.place.query("SELECT count(*) FROM instruction") == [(20,)], "all requests")
        self.assertEqual(self.gateway.stop(), 0)
        self.gateway.start()
        self.assertEqual(broker.wait(timeout=60), 0, (self.place.folder / "broker.out").read_text())
        self.assertEqual(end_party(bank), 0)
        self.assertEqual(self.gateway.stop(), 0)
        self.assert_books_balance()


if __name__ == "__main__":
    unittest.main()
