"""What other roundings and included quantities make of the past: rounded here, or written out as prices.

    what_if_rules_test.py PROGRAM
"""

import json
import sys
import unittest
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from explained import Told
from what_if import Rated, lines, price, random_usage


class Rules(Rated):
    def test_other_rounding_and_free_units(self):
        """A flat and a tiered meter; what other roundings and included quantities make of each document is worked out here."""
        rows = random_usage(2)
        invoiced = self.lived(rows)
        documents = [self.operator.get(f"/invoices/{item['invoiceId']}").json for item in self.operator.pages("/invoices", limit=1000)
                     if "2024-01-01" <= item["period"]["start"] < "2024-04-01"]
        head = self.operator.get("/log/head").json["position"]
        modes = {"HalfAwayFromZero": ROUND_HALF_UP, "HalfEven": ROUND_HALF_EVEN, "Down": ROUND_DOWN, "Up": ROUND_UP, "Floor": ROUND_FLOOR, "Ceiling": ROUND_CEILING}
        for mode, decimal_mode in modes.items():
            cent = lambda value: value.quantize(Decimal("0.01"), decimal_mode)
            expected = {}
            for document in documents:
                charges = cent(sum(Decimal(line["value"]) for line in document["lines"]))
                tax = cent(charges * 21 / 100)
                expected[document["accountId"]] = expected.get(document["accountId"], 0) + charges + tax
            view = self.ask(json.dumps({"rule": "rounding", "value": mode}).encode()).json
            self.assertEqual((view["facts"], view["policies"], view["rules"]), (0, 0, 1))
            self.assertEqual(self.totals(view, "before"), invoiced)
            self.assertEqual(self.totals(view, "after"), expected, mode)
        # Included quantities: as a ledger bills whose prices had them from the first day on.
        tiers = [{"from": "0", "unitPrice": "0.5"}, {"from": "50", "unitPrice": "0.3"}]
        free = self.ask(b'{"rule":"includedQuantity","meterId":"gb","value":"17.5"}').json
        priced = self.ask(lines(price(1, "gb", "2024-01-01", tiers=tiers, includedQuantity="17.5"))).json
        self.assertEqual(free["accounts"], priced["accounts"])
        self.assertLess(self.totals(free, "after")["acc-1"], invoiced["acc-1"])
        every = self.ask(b'{"rule":"includedQuantity","value":8}\n{"rule":"includedQuantity","meterId":"gb","value":"5"}').json
        priced = self.ask(lines(price(1, "vm", "2024-01-01", unitPrice="0.1234", includedQuantity="8"))).json
        self.assertEqual(every["accounts"], priced["accounts"])
        # A price of the file is held to it too, and none of it is recorded.
        both = self.ask(lines(price(1, "vm", "2024-01-20", unitPrice="0.2")) + b'{"rule":"includedQuantity","meterId":"vm","value":"8"}').json
        priced = self.ask(lines(price(1, "vm", "2024-01-01", unitPrice="0.1234", includedQuantity="8"), price(2, "vm", "2024-01-20", unitPrice="0.2", includedQuantity="8"))).json
        self.assertEqual(both["accounts"], priced["accounts"])
        self.assertEqual(self.operator.get("/log/head").json["position"], head)
        words = ["what-if", "--from", "2024-01-01", "--to", "2024-04-01"]
        self.assertEqual(json.loads(self.cli(*words, "--free-units", "gb=17.5", "--json").stdout), free)
        self.assertEqual(json.loads(self.cli(*words, "--free-units", "8", "--free-units", "gb=5", "--json").stdout), every)
        self.assertIn("0 facts, 0 policies and 2 rules tried", self.cli(*words, "--rounding", "Up", "--free-units", "gb=17.5").stdout)
        for row, told in (('{"rule":"rounding","value":"Sometimes"}', "HalfEven"), ('{"rule":"colour","value":"red"}', "includedQuantity"), ('{"rule":"rounding"}', "/value"),
                          ('{"rule":"includedQuantity","meterId":"none","value":"1"}', "no price of this meter"),
                          ('{"rule":"includedQuantity","meterId":"gb","value":"-1"}', "less than nothing"),
                          ('{"rule":"includedQuantity","meterId":"gb","value":"many"}', "line 1, column 51: /value"),
                          ('{"rule":"rounding","value":"Up","meterId":"gb"}', "leave it out"), ('{"rule":"rounding","value":"Up","unit":"h"}', "/unit"),
                          ('{"rule":"rounding","value":"Up"}\n{"rule":"rounding","value":"Down"}', "line 2, column "), ('{"rule":"rounding","value":["Up"]}', "is no text")):
            answer = self.ask(row.encode())
            self.assertEqual(answer.status // 100, 4, f"{row}: {answer}")
            self.assertIn(told, json.dumps(answer.json), row)
        for flags in (["--rounding", "sometimes"], ["--free-units", "many"], ["--free-units", "=3"], ["--free-units", "gb="]):
            self.assertEqual(self.cli(*words, *flags, check=False).returncode, 2, flags)
        done = self.cli(*words, "--free-units", "none=3", check=False)
        self.assertEqual((done.returncode, done.stdout), (4, ""), done)
        self.assertIn("no price of this meter", done.stderr)


if __name__ == "__main__":
    Told.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
