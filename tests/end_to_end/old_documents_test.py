"""Documents that were made by rules of before, taken over as they were: they stay as they are, and what the log does not lead to
any more is refused and never guessed.

    old_documents_test.py PROGRAM
"""

import copy
import sys
import unittest

from daybook import Daybook
from people import account, begin, cost, flat, member, on, profile, used
from steps import World, fact

# 18 + 45 + 52 hours are billed: 80 at 2.00 and 35 at 1.00. The first 18 are void and the 45 become 18, and on the next invoice
# is room for the void alone, beside 30.00 of new usage.
STORY = flat(
    begin("2024-03-01", account("2024-03-01", "MCA"), profile("P1", "2024-03-01", invoiceDay=5)),
    on("2024-03-02", member("sub-1", "2024-03-02", "P1"), member("sub-2", "2024-03-02", "P1"),
       fact("PriceChanged", "2024-03-02", meterId="vm", currency="EUR", effectiveOn="2024-03-01",
            tiers=[{"from": "0", "unitPrice": "2.00"}, {"from": "80", "unitPrice": "1.00"}])),
    on("2024-03-10", used("sub-1", "2024-03-08", "18", "vm", usageId="a"), used("sub-2", "2024-03-09", "45", "vm", usageId="b"),
       used("sub-2", "2024-03-10", "52", "vm", usageId="c")),
    on("2024-04-10", cost("sub-1", "2024-04-10", "30.00"),
       fact("UsageVoided", "2024-04-10", subscriptionId="sub-1", usageId="a", reason="mistake"),
       fact("UsageAmended", "2024-04-10", subscriptionId="sub-2", usageId="b", quantity="18", reason="recount")),
    on("2024-05-05"))


def as_it_was_made(items):
    """By the rules of before decision 0081 the void was worth 28.00, with the amendment already done: 88 hours less 70. By those of
    now it is worth 18.00: 115 hours less 97."""
    items = copy.deepcopy(items)
    altered = 0

    def alter(value):
        nonlocal altered
        if isinstance(value, list):
            for each in value:
                alter(each)
        elif isinstance(value, dict):
            for name, each in value.items():
                for now, before in (("12.00", "2.00"), ("-18.00", "-28.00")):
                    if each == {"amount": now, "currency": "EUR"}:
                        value[name], altered = {"amount": before, "currency": "EUR"}, altered + 1
                if name == "value" and each == "-18":
                    value[name] = "-28"
                alter(each)

    for item in items:
        if item["type"] in ("daybook.InvoiceIssued", "daybook.InvoiceLinesAdded", "daybook.PeriodClosed"):
            alter(item["data"])
    return items, altered


class OldDocuments(unittest.TestCase):
    def ledger(self):
        ledger = self.enterContext(Daybook(sys.argv[1]))
        key = ledger.create_key("key", "admin,ingest,read,import")
        ledger.start()
        client = ledger.client(key)
        self.addCleanup(client.close)
        return ledger, client

    @staticmethod
    def invoices(client):
        """{issue date: (identifier, its total)}"""
        return {item["issueDate"]: (item["invoiceId"], item["totals"]["total"]["amount"]) for item in client.pages("/invoices")}

    def test_a_correction_that_had_room_beside_one_that_had_not(self):
        _, now = self.ledger()
        world = World(now, now)
        for step in STORY:
            step(world)
        made = self.invoices(now)
        self.assertEqual({day: total for day, (_, total) in made.items()}, {"2024-04-05": "195.00", "2024-05-05": "12.00"})
        for name, _ in made.values():
            self.assertEqual(now.get(f"/invoices/{name}/explain").status, 200)

        items, altered = as_it_was_made(now.get("/events", limit=1000).json["items"])
        self.assertGreater(altered, 3)
        ledger, then = self.ledger()
        self.assertEqual(then.post_events(items).json["rejected"], 0)
        taken = self.invoices(then)
        (first, _), (second, total) = taken["2024-04-05"], taken["2024-05-05"]
        self.assertEqual(total, "2.00")
        # What came before is explained as ever.
        self.assertEqual(then.get(f"/invoices/{first}/explain").json["totals"]["total"]["amount"], "195.00")
        for path in ("explain", "explain?line=1", "proof"):
            answer = then.request("GET", f"/v1/invoices/{second}/{path}")
            self.assertEqual((answer.status, answer.code), (500, "CORRUPTION"), f"{path}: {answer}")
            self.assertIn(f"of invoice {second}", answer.json["detail"])
            self.assertNotIn("lines", answer.json)
        # The document itself is as it was, and so are its file and what comes of it later.
        shown = then.get(f"/invoices/{second}").json
        self.assertEqual(sorted(line["amount"]["amount"] for line in shown["lines"]), ["-28.00", "30.00"])
        self.assertEqual(then.wish("AdvanceClock", {"to": "2024-06-06T00:00:00Z"}).status, 200)
        self.assertEqual(then.get(f"/invoices/{second}").json["totals"], shown["totals"])
        self.assertEqual(then.get(f"/invoices/{first}/explain").status, 200)

        # The same by the command, beside a server and without one.
        done = ledger.run("replay", "explain", "--data", ledger.directory, second, check=False) if ledger.stop() == 0 else None
        self.assertEqual((done.returncode, done.stdout), (76, ""), done)
        self.assertIn("does not lead to", done.stderr)
        self.assertEqual(ledger.run("replay", "verify", "--data", ledger.directory, check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
