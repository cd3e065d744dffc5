"""The items of one log, posted into another ledger with the right `import`: the same invoices, then and later.

    taken_over_test.py PROGRAM
"""

import sys
import unittest

from daybook import Daybook
from people import account, begin, cost, fact, flat, on, subscription, used
from steps import World

STORY = flat(
    begin("2024-02-02", account("2024-02-02")),
    on("2024-03-05", subscription("sub-1", "2024-03-05"),
       fact("PriceChanged", "2024-03-05", meterId="vm", currency="EUR", effectiveOn="2024-03-01", unitPrice="2", unit="1 Hour")),
    on("2024-05-01", cost("sub-1", "2024-03-20", "40.00"), used("sub-1", "2024-03-21", "5", "vm")),
    on("2024-05-02", cost("sub-1", "2024-03-21", "7.00")))


def items_of(client):
    return client.get("/events", limit=1000).json["items"]


class TakenOver(unittest.TestCase):
    program = None

    def ledger(self, keys):
        """One with so many keys, of which the first may do everything; and a client of it."""
        ledger = self.enterContext(Daybook(self.program))
        made = [ledger.create_key(f"key-{number}", "admin,ingest,read,import") for number in range(keys)]
        ledger.start()
        client = ledger.client(made[0])
        self.addCleanup(client.close)
        return ledger, client, made

    def original(self, keys):
        _, client, made = self.ledger(keys)
        world = World(client, client)
        for step in STORY:
            step(world)
        # A key in the middle of it all, and a price that takes the place of another.
        self.assertEqual(client.wish("CreateKey", {"name": "later", "rights": ["read"]}).status, 200)
        first = next(item["position"] for item in client.pages("/events", type="PriceChanged"))
        for step in on("2024-05-03", fact("PriceChanged", "2024-05-03", meterId="vm", currency="EUR", effectiveOn="2024-03-01",
                                          unitPrice="3", unit="1 Hour", replaces=first), used("sub-1", "2024-05-03", "10", "vm")):
            step(world)
        return client, made

    @staticmethod
    def bills(client):
        """Time goes on for a quarter; every invoice, without what is made anew."""
        assert client.wish("AdvanceClock", {"to": "2024-08-10T00:00:00Z"}).status == 200
        bills = [client.get(f"/invoices/{item['invoiceId']}").json for item in client.pages("/invoices")]
        return sorted((bill["issueDate"], bill["totals"]["total"]["amount"], len(bill["lines"])) for bill in bills)

    def test_bills_are_the_same_whatever_keys_there_are(self):
        for here, there in ((1, 5), (5, 1), (2, 2)):
            client, _ = self.original(here)
            items = items_of(client)
            _, other, _ = self.ledger(there)
            taken = other.post_events(items, results="all")
            self.assertEqual((taken.status, taken.json["rejected"], taken.json["duplicates"]), (200, 0, 0), taken)
            skipped = [items[result["index"]]["type"] for result in taken.json["results"] if result["status"] == "skipped"]
            self.assertEqual(skipped, ["daybook.KeyCreated"] * (here + 1))
            self.assertEqual(taken.json["accepted"], len(items) - len(skipped))
            again = other.post_events(items)
            self.assertEqual((again.json["accepted"], again.json["rejected"]), (0, 0), again)
            own = client.post_events(items)  # and where they come from
            self.assertEqual((own.json["accepted"], own.json["rejected"]), (0, 0), own)
            expected = self.bills(client)
            self.assertEqual(expected[0][:2], ("2024-05-02", "50.00"))
            self.assertEqual(self.bills(other), expected, f"{here} keys, then {there}")
            for invoice in other.pages("/invoices"):
                told = other.get(f"/invoices/{invoice['invoiceId']}/explain")
                self.assertEqual(told.status, 200, told)
                self.assertEqual(told.json["totals"]["total"], invoice["totals"]["total"])

    def test_it_may_come_in_pieces_and_over_a_restart(self):
        client, _ = self.original(3)
        items = items_of(client)
        ledger, other, made = self.ledger(1)
        middle = len(items) // 2
        self.assertEqual(other.post_events(items[:middle]).json["rejected"], 0)
        other.close()
        self.assertEqual(ledger.stop(), 0)
        ledger.start()
        other = ledger.client(made[0])
        self.addCleanup(other.close)
        self.assertEqual(other.post_events(items[middle:]).json["rejected"], 0)
        self.assertEqual(self.bills(other), self.bills(client))

    def test_its_keys_open_nothing_here(self):
        client, made = self.original(1)
        items = items_of(client)
        ledger, other, own = self.ledger(1)
        key = next(item for item in items if item["type"] == "daybook.KeyCreated")
        alone = other.post_event(key)
        self.assertEqual((alone.status, alone.json["position"]), (200, None), alone)
        self.assertEqual(other.post_events(items).json["rejected"], 0)
        stranger = ledger.client(made[0])
        self.addCleanup(stranger.close)
        self.assertEqual(stranger.get("/clock").status, 401)
        revoked = {**key, "id": "revoked-1", "type": "daybook.KeyRevoked", "data": {"keyId": own[0].split("_")[1]}}
        other.post_event(revoked)
        self.assertEqual(other.get("/clock").status, 200)

    def test_what_names_others_comes_after_them(self):
        client, _ = self.original(1)
        items = items_of(client)
        _, other, _ = self.ledger(1)
        invoice = next(item for item in items if item["type"] == "daybook.InvoiceIssued")
        refused = other.post_event(invoice)
        self.assertEqual((refused.status, refused.code), (422, "UNKNOWN_REFERENCE"), refused)
        self.assertIn("in their order", refused.json["detail"])

    def test_nobody_else_says_where_an_item_comes_from(self):
        ledger, client, _ = self.ledger(1)
        plain = ledger.client(client.wish("CreateKey", {"name": "plain", "rights": ["ingest"]}).json["key"])
        self.addCleanup(plain.close)
        event = {"specversion": "1.0", "type": "daybook.UsageRecorded", "source": "//m", "id": "1", "originposition": "7",
                 "data": {"subscriptionId": "sub-1", "meterId": "vm", "quantity": "1"}}
        refused = plain.post_event(event)
        self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (400, "/originposition"), refused)


if __name__ == "__main__":
    TakenOver.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
