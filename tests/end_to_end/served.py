"""The ledger that the tests of the front ask: two accounts, an invoice, keys of every kind."""

import unittest

from daybook import Daybook
from people import account, begin, cost, flat, member, on, person, profile, role, subscription
from steps import World, event


def usage(number, name="sub-01", day="2024-03-06"):
    return event(number, "UsageRecorded", day, {"subscriptionId": name, "meterId": "vm", "quantity": "1"}, "//front")


class Server(unittest.TestCase):
    """A ledger with two accounts: acc-1 (MOSP) with an invoice, acc-2 (MCA) with a profile."""

    program = None

    @classmethod
    def setUpClass(cls):
        cls.ledger = cls.enterClassContext(Daybook(cls.program))
        keys = {name: cls.ledger.create_key(name, rights) for name, rights in
                (("operator", "admin,ingest,read"), ("second", "admin"), ("reader", "read"), ("portal", "act-as"))}
        foreign = cls.ledger.create_key("foreign", "ingest,read", tenant="t-2")
        cls.ledger.start()
        cls.operator, cls.second, cls.reader, cls.portal = (cls.ledger.client(keys[name]) for name in
                                                            ("operator", "second", "reader", "portal"))
        cls.foreign = cls.ledger.client(foreign)
        world = World(cls.operator, cls.portal)
        for step in flat(begin("2024-02-02", account("2024-02-02"), account("2024-02-02", "MCA", "acc-2"),
                               person("jeroen", "2024-02-02"), person("piet", "2024-02-02"), person("mia", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00"),
                            profile("prof-1", "2024-03-05", "acc-2"), member("sub-02", "2024-03-05", "prof-1", "acc-2"),
                            role("piet", "2024-03-05", "sub-01"),
                            role("mia", "2024-03-05", "prof-1-section", "Section", "Reader")),
                         on("2024-05-02")):
            step(world)
        cls.invoice = cls.operator.get("/invoices", accountId="acc-1").json["items"][0]["invoiceId"]

    def assertRefused(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertGreaterEqual(len(answer.json["detail"].split()), 4, answer)
