"""How invoices came about: explanations whose parts make the invoice, manifests that name its rows and no others, and proofs
that are checked without the ledger.

    explain_test.py PROGRAM DATA_FOLDER [SEEDS FROM:TO]
"""

import copy
import json
import random
import sys
import unittest
from decimal import Decimal
from pathlib import Path

from explained import Told, adds_up, is_proven, manifest
from people import account, begin, flat, on, person, subscription, vat
from steps import World, clock, fact, money

from drive import Player   # tests/oracle, where explained.py looks
from generator import Generator

DATA = None
SEEDS = range(1, 13)


class Story(Told):
    """One subscription; each row is known by its name, so that what is billed can be told here."""

    def setUp(self):
        self.ledger, self.operator, self.persons = self.open()
        self.world = World(self.operator, self.operator)
        self.at = {}

    def do(self, *steps):
        for step in flat(*steps):
            step(self.world)

    def post(self, name, kind, day, **data):
        self.do(fact(kind, day, **data))
        self.at[name] = self.operator.get("/log/head").json["position"]

    def row(self, name, day, meter, quantity, **more):
        self.post(name, "UsageRecorded", day, subscriptionId="sub-01", meterId=meter, quantity=quantity, usageId=name,
                  usageDate=day, **more)

    def begin(self):
        self.do(begin("2024-02-02", vat("2024-02-02"), account("2024-02-02"), person("jeroen", "2024-02-02"),
                      person("mallory", "2024-02-02")),
                on("2024-03-05", subscription("sub-01", "2024-03-05")))
        self.post("vm price", "PriceChanged", "2024-03-05", meterId="vm", currency="EUR", effectiveOn="2024-01-01",
                  unitPrice="0.12", includedQuantity="100")
        self.post("storage price", "PriceChanged", "2024-03-05", meterId="storage", currency="EUR",
                  effectiveOn="2024-01-01", tiers=[{"from": "0", "unitPrice": "1.84"}, {"from": "50", "unitPrice": "1.77"}])
        self.do(clock("2024-03-20"))
        for number in range(5):
            self.row(f"vm-{number}", f"2024-03-{6 + number:02}", "vm", "24")
        self.row("vm-5", "2024-03-19", "vm", "10.5")
        self.row("gb-1", "2024-03-08", "storage", "30")
        self.row("gb-2", "2024-03-09", "storage", "25")
        self.row("own", "2024-03-10", "rated", "1", cost="12.345678901234567890123456", currency="EUR")
        self.row("unit", "2024-03-10", "rated", "3", unitPrice="0.333", currency="EUR")
        self.row("wrong", "2024-03-11", "vm", "1000")
        self.row("unpriced", "2024-03-12", "later", "2", unmatched="NO_PRICE")
        self.post("gb-2 amended", "UsageAmended", "2024-03-12", subscriptionId="sub-01", usageId="gb-2", quantity="30",
                  reason="meter read again")
        self.post("wrong void", "UsageVoided", "2024-03-12", subscriptionId="sub-01", usageId="wrong", reason="a test")
        self.do(clock("2024-05-02"))
        (self.first,) = (item["invoiceId"] for item in self.operator.pages("/invoices"))
        return self.first

    def rows(self, *names):
        """[(position, position of the correction or 0)]; a pair names a row and what corrected it."""
        return sorted((self.at[name[0]], self.at[name[1]]) if isinstance(name, tuple) else (self.at[name], 0) for name in names)

    def cli(self, *words, check=True):
        return self.ledger.run(*words, "--url", "http://%s:%s" % self.ledger.address, "--key-file", self.key_file, check=check)

    def test_an_invoice_down_to_its_rows(self):
        name = self.begin()
        (explained,) = self.check_all(self.operator)
        expected = self.rows(*(f"vm-{number}" for number in range(6)), "gb-1", ("gb-2", "gb-2 amended"), "own", "unit")
        self.assertEqual(manifest.rows_of(explained), expected)
        vm = next(line for line in explained["lines"] if line["price"] and line["price"]["meterId"] == "vm")
        self.assertEqual([(step["kind"], step["from"], step["quantity"], step["unitPrice"], step["value"]) for step in vm["steps"]],
                         [("Included", None, "100", None, "0"), ("Tier", "0", "30.5", "0.12", "3.66")])
        self.assertEqual(vm["price"], {"position": self.at["vm price"], "meterId": "vm", "effectiveOn": "2024-01-01",
                                       "currency": "EUR", "tierMode": "Graduated", "includedQuantity": "100", "scope": None})
        self.assertEqual([row["value"] for row in vm["usage"]], ["0", "0", "0", "0", "2.4", "1.26"])
        storage = next(line for line in explained["lines"] if line["price"] and line["price"]["meterId"] == "storage")
        self.assertEqual([(step["from"], step["quantity"], step["value"]) for step in storage["steps"]],
                         [("0", "50", "92"), ("50", "10", "17.7")])
        self.assertEqual([(row["quantity"], row["value"], row["amendedBy"]) for row in storage["usage"]],
                         [("30", "55.2", None), ("30", "54.5", self.at["gb-2 amended"])])
        own = next(line for line in explained["lines"] if not line["price"])
        self.assertEqual([(step["kind"], step["quantity"], step["unitPrice"], step["value"]) for step in own["steps"]],
                         [("Cost", "1", None, "12.345678901234567890123456"), ("UnitPrice", "3", "0.333", "0.999")])
        exact = Decimal("3.66") + Decimal("109.7") + Decimal("13.344678901234567890123456")
        self.assertEqual(explained["rounding"][0], {"point": "BilledOfDocument", "mode": "HalfAwayFromZero",
                                                    "exact": str(exact), "rounded": money("126.70")})
        self.assertEqual(explained["rounding"][1]["point"], "TaxOfDocument")
        self.assertEqual(explained["rounding"][1]["rounded"], money("26.61"))

        # One line alone, in text, by a directory and by a server.
        line = self.explained(self.operator, name, line=vm["lineId"])
        self.assertEqual(line["lines"], [vm])
        text = self.cli("replay", "explain", name, vm["lineId"]).stdout
        self.assertIn(f"price of position {self.at['vm price']}: vm, from 2024-01-01", text)
        self.assertIn("Tier from 0: 30.5 x 0.12 = 3.66 EUR", text)
        self.assertIn(f"position {self.at['vm-5']}  2024-03-19  10.5  1.26 EUR", text)
        self.assertNotIn("1.84", text)
        of_server = json.loads(self.cli("replay", "explain", name, "--json").stdout)
        self.assertEqual(of_server, explained)
        self.check_log(self.ledger, [explained])
        beside = self.ledger.run("replay", "explain", "--data", self.ledger.directory, name, "--json").stdout
        self.assertEqual(json.loads(beside), explained)

    def later(self):
        """A second invoice with what came late and was corrected, and a third that bills it again."""
        self.row("gb-late", "2024-03-10", "storage", "10")
        self.row("vm-next", "2024-04-20", "vm", "150")
        self.do(fact("PriceChanged", "2024-05-02", meterId="later", currency="EUR", effectiveOn="2024-01-01", unitPrice="5"))
        self.post("vm-5 amended", "UsageAmended", "2024-05-02", subscriptionId="sub-01", usageId="vm-5", quantity="20.5",
                  reason="meter read again")
        self.post("unit void", "UsageVoided", "2024-05-02", subscriptionId="sub-01", usageId="unit", reason="not his")
        self.do(clock("2024-06-02"))
        return next(item["invoiceId"] for item in self.operator.pages("/invoices") if item["invoiceId"] != self.first)

    def test_what_came_late_and_what_was_corrected(self):
        first = self.begin()
        before = self.explained(self.operator, first)
        second = self.later()
        explained = {each["invoiceId"]: each for each in self.check_all(self.operator)}
        self.assertEqual(explained[first], before, "whatever came later, it shows what was billed")
        expected = self.rows("gb-late", "vm-next", "unpriced", ("vm-5", "vm-5 amended"), ("unit", "unit void"))
        self.assertEqual(manifest.rows_of(explained[second]), expected)
        lines = {tuple(row["id"] for row in line["usage"]): line for line in explained[second]["lines"]}
        by_row = {self.recorded(self.operator)[position]["id"]: name for name, position in self.at.items()
                  if position in self.recorded(self.operator)}
        named = {tuple(by_row[each] for each in ids): line for ids, line in lines.items()}
        self.assertEqual(named["gb-late",]["value"], "17.7")   # 60 were billed: ten more are at 1.77
        self.assertEqual(named["unpriced",]["value"], "10")
        self.assertEqual(named["vm-5",]["value"], "1.2")
        self.assertEqual(named["vm-5",]["steps"], [{"kind": "Correction", "from": None, "quantity": "10", "unitPrice": None,
                                                    "value": "1.2"}])
        self.assertEqual((named["unit",]["value"], named["unit",]["usage"][0]["quantity"]), ("-0.999", "-3"))

        answer = self.operator.wish("VoidInvoice", {"invoiceId": second, "reason": "mistake", "rebill": True})
        self.assertEqual(answer.status, 200, answer)
        explanations = self.check_all(self.operator)
        self.assertEqual(len(explanations), 3)
        third = next(each for each in explanations if each["invoiceId"] not in (first, second))
        self.assertEqual(manifest.rows_of(third), expected)
        self.check_log(self.ledger, explanations)

    def test_the_proof_needs_no_ledger(self):
        first = self.begin()
        second = self.later()
        key = self.operator.get("/log/head").json["publicKey"]
        for name in (first, second):
            proof = self.operator.get(f"/invoices/{name}/proof").json
            self.assertEqual(sorted(is_proven(proof, key)), manifest.rows_of(self.explained(self.operator, name)))
        file = self.folder / "proof.json"
        file.write_text(self.cli("replay", "explain", second, "--proof").stdout)
        self.assertEqual(self.ledger.stop(), 0)
        done = self.ledger.run("proof", "check", file, "--public-key", key)
        self.assertIn(f"invoice {second} was made of these 5 rows and no others", done.stdout)
        proof = json.loads(file.read_text())
        usage = [place for place, item in enumerate(proof["items"]) if item["type"] == "daybook.UsageRecorded"]
        corrected = next(place for place in usage if proof["items"][place]["correctedBy"])
        plain = next(place for place in usage if not proof["items"][place]["correctedBy"])

        def altered(change):
            other = copy.deepcopy(proof)
            change(other)
            file.write_text(json.dumps(other))
            return self.ledger.run("proof", "check", file, check=False)

        def swap(item, member, value):
            item[member] = value

        for what, change, sentence in (
                ("a row left out", lambda p: p["items"].pop(plain), "5 rows, 4 are here"),
                ("a row twice", lambda p: p["items"].append(p["items"][usage[0]]), "it is there twice"),
                ("a correction denied", lambda p: swap(p["items"][corrected], "correctedBy", None), "corrections of rows that are not"),
                ("another count", lambda p: swap(p["manifest"], "rowCount", 4), "not the one in the InvoiceIssued"),
                ("another root", lambda p: swap(p["manifest"], "rowsRoot", "00" * 32), "not the one in the InvoiceIssued"),
                ("another invoice", lambda p: swap(p, "invoiceId", first), "it issues another invoice"),
                ("another event", lambda p: swap(p["items"][usage[0]], "event", p["items"][usage[1]]["event"]), "another hash"),
                ("another place", lambda p: swap(p["items"][usage[0]], "position", 1), "its path does not lead"),
                ("another head", lambda p: swap(p["head"], "position", p["head"]["position"] + 1), "signature"),
                ("another path", lambda p: swap(p["items"][usage[0]], "path", p["items"][usage[0]]["path"][:-1]), "its path does not"),
                ("no items", lambda p: swap(p, "items", []), "There is no InvoiceIssued"),
                ("items the other way round", lambda p: p["items"].reverse(), "in the order of their positions"),
                ("a hash in capitals", lambda p: swap(p["items"][0], "leafHash", p["items"][0]["leafHash"].upper()), "leafHash"),
                ("a path in capitals", lambda p: swap(p["items"][0], "path", [node.upper() for node in p["items"][0]["path"]]), "items.path"),
                ("a key in capitals", lambda p: swap(p["head"], "publicKey", key.upper()), "publicKey"),
                ("a member more", lambda p: swap(p, "note", "x"), "note is none of its members"),
                ("a member more of the head", lambda p: swap(p["head"], "note", "x"), "head.note is none of its members"),
                ("a member more of an item", lambda p: swap(p["items"][0], "note", "x"), "items.note is none of its members"),
                ("no path", lambda p: p["items"][0].pop("path"), "items.path is missing"),
                ("no hash", lambda p: swap(p["items"][0], "leafHash", "zz"), "leafHash")):
            done = altered(change)
            self.assertEqual((done.returncode, done.stdout), (7, ""), f"{what}: {done}")
            self.assertIn(sentence, done.stderr, what)
        file.write_text(json.dumps(proof))
        done = self.ledger.run("proof", "check", file, "--public-key", "ab" * 32, check=False)
        self.assertEqual(done.returncode, 7)
        self.assertIn("signed with another key", done.stderr)
        self.assertEqual(self.ledger.run("proof", "check", file, "--public-key", "ab", check=False).returncode, 2)
        self.assertEqual(self.ledger.run("proof", "check", self.folder / "nothing", check=False).returncode, 3)
        file.write_text("{")
        self.assertEqual(self.ledger.run("proof", "check", file, check=False).returncode, 7)

    def test_what_cannot_be_asked(self):
        name = self.begin()
        head = self.operator.get("/log/head").json["position"]
        for path in ("explain", "proof"):
            for query, status, code in ((f"asOf={head + 1}", 400, "BAD_QUERY"), ("asOf=0", 404, "NOT_FOUND"),
                                        ("asOf=1999-01-01T00:00:00Z", 404, "NOT_FOUND"), ("asOf=yesterday", 400, "BAD_QUERY"),
                                        ("asOf=2999-01-01T00:00:00Z", 400, "BAD_QUERY"), ("colour=red", 400, "BAD_QUERY")):
                answer = self.operator.request("GET", f"/v1/invoices/{name}/{path}?{query}")
                self.assertEqual((answer.status, answer.code), (status, code), f"{path}?{query}: {answer}")
            self.assertEqual(self.operator.get(f"/invoices/E0000NONE0/{path}").code, "NOT_FOUND")
            own = self.persons.as_identity("jeroen", "t-1").get(f"/invoices/{name}/{path}")
            self.assertEqual(own.status, 200, own)
            foreign = self.persons.as_identity("mallory", "t-1").get(f"/invoices/{name}/{path}")
            self.assertEqual((foreign.status, foreign.code), (404, "NOT_FOUND"))
        answer = self.operator.get(f"/invoices/{name}/explain", line="99")
        self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"))
        self.assertIn("no line 99", answer.json["detail"])
        answer = self.operator.wish("IssueCreditNote", {"invoiceId": name, "amount": money("1.00"), "reason": "outage"})
        self.assertEqual(answer.status, 200, answer)
        (note,) = (item["invoiceId"] for item in self.operator.pages("/invoices", documentType="CreditNote"))
        self.assertEqual(self.operator.get(f"/invoices/{note}/explain").json["note"]["amount"], money("1.00"))
        answer = self.operator.get(f"/invoices/{note}/proof")
        self.assertEqual((answer.status, answer.code), (422, "NOT_SUPPORTED"))
        for words, status in (((name, "99"), 3), (("E0000NONE0",), 3), ((note, "--proof"), 4), ((name, "--as-of", str(head + 99)), 4),
                              ((name, "--as-of", "0"), 3), (("no/such",), 2), ((name, "a/b"), 2), ((name, "--as-of", "&x"), 2),
                              ((name, "--json", "--proof"), 2), ((name, "1", "--proof"), 2)):
            done = self.cli("replay", "explain", *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), f"{words}: {done}")
        self.assertEqual(self.ledger.stop(), 0)
        for words, status in (((name, "99"), 3), (("E0000NONE0",), 3), ((name, "--as-of", str(head + 99)), 4), ((name, "--as-of", "0"), 3)):
            done = self.ledger.run("replay", "explain", "--data", self.ledger.directory, *words, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), f"{words}: {done}")


class RealRows(Told):
    def test_azure_cost_exports(self):
        for name in ("azure_ea_actual_cost_small.csv", "azure_ea_amortized_cost_small.csv"):
            with self.subTest(name):
                ledger, operator, _ = self.open()
                self.assertEqual(operator.wish("AdvanceClock", {"to": "2023-10-01T00:00:00Z", "run": False}).status, 200)
                ledger.run("import", "--url", "http://%s:%s" % ledger.address, "--key-file", self.key_file, "--format",
                           "azure-cost", DATA / "azure" / name)
                self.assertEqual(operator.wish("AdvanceClock", {"to": "2023-10-20T00:00:00Z"}).status, 200)
                explanations = self.check_all(operator)
                self.assertTrue(explanations)
                steps = {step["kind"] for each in explanations for line in each["lines"] for step in line["steps"]}
                self.assertEqual(steps, {"Cost"})
                for each in explanations:
                    is_proven(operator.get(f"/invoices/{each['invoiceId']}/proof").json)
                self.check_log(ledger, explanations)


class RandomLedgers(Told):
    def test_every_invoice_of_random_ledgers(self):
        kinds, documents = set(), 0
        for seed in SEEDS:
            generator = Generator(seed, ("MOSP", "MCA", "MPA", "EA"), 365)
            script = generator.make()
            with self.subTest(seed=seed, features=" ".join(sorted(generator.features))):
                ledger, operator, persons = self.open()
                Player(operator, persons=persons).play(script)
                explanations = self.check_all(operator)
                documents += len(explanations)
                invoices = [operator.get(f"/invoices/{each['invoiceId']}").json for each in explanations]
                for later, earlier in zip(invoices, invoices[1:]):
                    changes = operator.get(f"/invoices/{later['invoiceId']}/changes", **{"from": earlier["invoiceId"]})
                    if later["currency"] != earlier["currency"]:
                        self.assertEqual(changes.code, "CURRENCY_MISMATCH")
                    else:
                        self.assertEqual(changes.status, 200, changes)
                        adds_up(changes.json, earlier, later)
                kinds |= {step["kind"] for each in explanations for line in each["lines"] for step in line["steps"]}
                for each in random.Random(seed).sample(explanations, min(3, len(explanations))):
                    is_proven(operator.get(f"/invoices/{each['invoiceId']}/proof").json)
                self.check_log(ledger, explanations)
        wanted = {"Included", "Tier", "UnitPrice", "Cost", "Correction", "Discount", "Charge"}
        self.assertTrue(len(SEEDS) < 20 or wanted <= kinds, f"{documents} documents never reach {wanted - kinds}")
        print(f"{len(SEEDS)} random ledgers, {documents} documents, steps of {' '.join(sorted(kinds))}")


if __name__ == "__main__":
    Told.program, DATA = sys.argv[1], Path(sys.argv[2])
    if len(sys.argv) > 3 and ":" in sys.argv[3]:
        SEEDS = range(*map(int, sys.argv.pop(3).split(":")))
    del sys.argv[1:3]
    unittest.main(verbosity=2)
