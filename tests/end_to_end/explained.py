"""What is asked of explanations, proofs and comparisons of bills: used by explain_test.py, past_test.py and what_if_test.py. What is expected is worked
out here or by tests/verifier, which share no code with the program.
"""

import base64
import json
import sys
import tempfile
import unittest
from decimal import Context, Decimal
from pathlib import Path

from daybook import Daybook
from people import flat
from steps import World

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "verifier"))
sys.path.insert(0, str(HERE.parent / "oracle"))   # random ledgers, for who imports this
import ed25519  # noqa: E402
import manifest  # noqa: E402
import verify  # noqa: E402

EXACT = Context(prec=80)


def total(parts):
    whole = Decimal(0)
    for part in parts:
        whole = EXACT.add(whole, Decimal(part["value"]))
    return whole


def holds_together(explained, invoice, recorded):
    """Raises AssertionError unless the explanation makes the invoice, to the last place, of rows that the log has."""
    name = invoice["invoiceId"]
    assert [line["lineId"] for line in explained["lines"]] == [line["lineId"] for line in invoice["lines"]], name
    for line, told in zip(explained["lines"], invoice["lines"]):
        where = f"{name} line {told['lineId']}"
        for member in ("value", "amount", "credit", "period", "chargeType", "description"):
            assert line[member] == told[member], f"{where}: {member} {line[member]} instead of {told[member]}"
        assert total(line["steps"]) == Decimal(told["value"]), f"{where}: the steps make {total(line['steps'])}: {line}"
        if told["meterId"]:
            assert line["usage"] or not told["rowCount"], f"{where}: of no rows"
            assert total(line["usage"]) == Decimal(told["value"]), f"{where}: the rows make {total(line['usage'])}: {line}"
        else:
            assert not line["usage"], f"{where}: {line}"
        if line["price"] and line["price"]["tierMode"] == "Graduated" and not line["exchange"]:
            for step in (step for step in line["steps"] if step["kind"] in ("Included", "Tier")):
                exact = EXACT.multiply(Decimal(step["quantity"]), Decimal(step["unitPrice"] or 0))
                assert abs(EXACT.subtract(exact, Decimal(step["value"]))) <= Decimal("1E-28"), f"{where}: {step}"
        for row in line["usage"]:
            event = recorded[row["position"]]
            assert (event["source"], event["id"]) == (row["source"], row["id"]), f"{where}: {row} is {event}"
            assert event["data"]["usageDate"] == row["usageDate"], f"{where}: {row} is {event}"
            if not row["amendedBy"] and not line["discount"]:
                assert Decimal(event["data"]["quantity"]) == Decimal(row["quantity"]), f"{where}: {row} is {event}"
    assert explained["totals"] == invoice["totals"], name
    rows = manifest.rows_of(explained)
    assert len({position for position, _ in rows}) == len(rows), f"{name}: a row is on it twice: {rows}"
    assert len(rows) == explained["manifest"]["rowCount"], f"{name}: {len(rows)} of {explained['manifest']}"
    assert manifest.root_of(rows).hex() == explained["manifest"]["rowsRoot"], f"{name}: {rows}"


def adds_up(changes, earlier, later):
    """Raises AssertionError unless the parts of a change make the difference, and the lines the parts."""
    where = f"{earlier['invoiceId']} to {later['invoiceId']}: {changes}"
    difference = Decimal(later["totals"]["total"]["amount"]) - Decimal(earlier["totals"]["total"]["amount"])
    parts = {part["kind"]: Decimal(part["amount"]["amount"]) for part in changes["parts"]}
    assert len(parts) == len(changes["parts"]) and all(parts.values()), where
    assert sum(parts.values()) == difference == Decimal(changes["difference"]["amount"]), where
    for kind in {line["kind"] for line in changes["lines"]} | parts.keys() - {"Credits", "Tax"}:
        lines = sum(Decimal(line["amount"]["amount"]) for line in changes["lines"] if line["kind"] == kind)
        assert lines == parts.get(kind, 0), f"{kind}: {where}"


def is_proven(proof, head_key=None):
    """Raises AssertionError unless the proof holds, by the verifier that was written from the format's description."""
    head = proof["head"]
    signed = "daybook/head/1\n" + "".join(f"{part}\n" for part in (
        head["ledgerId"], head["position"], head["root"], head["chain"] or "", head["recordedAt"]))
    assert ed25519.verify(bytes.fromhex(head["publicKey"]), signed.encode(), bytes.fromhex(head["signature"]))
    assert head_key in (None, head["publicKey"])
    rows, issued = [], None
    for item in proof["items"]:
        event = base64.b64decode(item["event"], validate=True)
        leaf = verify.leaf_hash(event)
        assert leaf.hex() == item["leafHash"]
        assert verify.verify_inclusion(leaf, item["position"] - 1, head["position"],
                                       [bytes.fromhex(node) for node in item["path"]], bytes.fromhex(head["root"])), item
        known = manifest.Fact.of(event)
        assert (known.source, known.id) == (item["source"], item["id"])
        if known.kind == manifest.INVOICE_ISSUED:
            issued = manifest.Manifest.of(known)
        if known.kind == manifest.USAGE_RECORDED:
            rows.append((item["position"], item["correctedBy"] or 0))
    assert issued.invoice == proof["invoiceId"]
    assert {"position": issued.position, "rowCount": issued.rows, "rowsRoot": issued.root.hex()} == proof["manifest"]
    assert len(rows) == issued.rows and manifest.root_of(rows) == issued.root, proof["manifest"]
    return rows


class Told(unittest.TestCase):
    """A ledger with two keys, and what is asked of it."""

    program = None   # set by the test

    def open(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-explain-")))
        ledger = self.enterContext(Daybook(Told.program))
        key = ledger.create_key("operator", "admin,ingest,read,import")
        portal = ledger.create_key("portal", "act-as,read")
        self.key_file = self.folder / "key"
        self.key_file.write_text(key)
        ledger.start()
        operator, persons = ledger.client(key), ledger.client(portal)
        self.addCleanup(operator.close)
        self.addCleanup(persons.close)
        return ledger, operator, persons

    def recorded(self, operator):
        return {item["position"]: item for item in operator.pages("/events", limit=1000, type="UsageRecorded")}

    def explained(self, operator, name, **query):
        answer = operator.get(f"/invoices/{name}/explain", **query)
        self.assertEqual(answer.status, 200, f"{name}: {answer!r}")
        return answer.json

    def check_all(self, operator):
        """Every invoice; their explanations."""
        recorded, explanations = self.recorded(operator), []
        for item in operator.pages("/invoices", limit=1000):
            invoice = operator.get(f"/invoices/{item['invoiceId']}").json
            explained = self.explained(operator, item["invoiceId"])
            holds_together(explained, invoice, recorded)
            explanations.append(explained)
        return explanations

    def check_log(self, ledger, explanations):
        """The same by the verifier, from the log alone. Stops the ledger."""
        self.assertEqual(ledger.stop(), 0)
        segment, told = self.folder / "log.segment", self.folder / "explanations.json"
        ledger.run("replay", "export", "--data", ledger.directory, segment)
        told.write_text(json.dumps(explanations))
        self.assertEqual(manifest.main([str(segment), str(told)]), 0)
        return manifest.events_of(segment.read_bytes())


class Asked(Told):
    """One that is open from the start, in which steps are done, and the commands of `replay`."""

    def setUp(self):
        self.ledger, self.operator, self.persons = self.open()
        self.world = World(self.operator, self.operator)

    def do(self, *steps):
        for step in flat(*steps):
            step(self.world)

    def cli(self, *words, check=True):
        return self.ledger.run("replay", *words[:1], "--url", "http://%s:%s" % self.ledger.address, "--key-file", self.key_file,
                               *words[1:], check=check)

    def beside(self, *words, check=True):
        """The same on the directory, once nothing serves it."""
        return self.ledger.run("replay", *words[:1], "--data", self.ledger.directory, *words[1:], check=check)
