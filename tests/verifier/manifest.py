#!/usr/bin/env python3
"""Recomputes what the manifests of a ledger's invoices commit to: docs/reference/manifest.md. Made from the reference pages
and schemas/*.fbs alone, with the standard library alone, so that it shares nothing with the program it checks.

    manifest.py SEGMENT EXPLANATIONS.json

SEGMENT is a log as `daybook replay export` writes it, EXPLANATIONS an array of what `daybook replay explain --json` prints.
Exit status: 0 every invoice was made of the rows its explanation names and of no others; 7 something differs; 2 usage.
"""

import json
import struct
import sys
from dataclasses import dataclass

import verify

USAGE_RECORDED, USAGE_AMENDED, USAGE_VOIDED, INVOICE_ISSUED = 64, 65, 66, 130   # schemas/event.fbs, EventData


class Table:
    """A FlatBuffers table: what stands at a field, by the field's id."""

    def __init__(self, data, at):
        self._data, self._at = data, at
        vtable = at - struct.unpack_from("<i", data, at)[0]
        size = struct.unpack_from("<H", data, vtable)[0]
        self._offsets = struct.unpack_from(f"<{(size - 4) // 2}H", data, vtable + 4)

    def _place(self, field):
        offset = self._offsets[field] if field < len(self._offsets) else 0
        return self._at + offset if offset else None

    def number(self, field, form):
        place = self._place(field)
        return 0 if place is None else struct.unpack_from("<" + form, self._data, place)[0]

    def _target(self, field):
        place = self._place(field)
        return None if place is None else place + struct.unpack_from("<I", self._data, place)[0]

    def table(self, field):
        target = self._target(field)
        return None if target is None else Table(self._data, target)

    def bytes(self, field):
        """A string, or a vector of bytes; empty where it is absent."""
        target = self._target(field)
        if target is None:
            return b""
        size = struct.unpack_from("<I", self._data, target)[0]
        return self._data[target + 4:target + 4 + size]

    def numbers(self, field):
        """A vector of u64."""
        target = self._target(field)
        if target is None:
            return []
        return list(struct.unpack_from(f"<{struct.unpack_from('<I', self._data, target)[0]}Q", self._data, target + 4))


@dataclass
class Fact:
    """One event, as far as this page needs it."""

    kind: int
    source: str
    id: str
    data: Table

    @staticmethod
    def of(event):
        table = Table(event, struct.unpack_from("<I", event)[0])
        return Fact(table.number(11, "B"), table.bytes(2).decode(), table.bytes(3).decode(), table.table(12))


@dataclass
class Manifest:
    invoice: str
    position: int
    rows: int
    root: bytes
    prices: list

    @staticmethod
    def of(fact):
        table = fact.data.table(28)
        return Manifest(fact.data.bytes(0).decode(), table.number(0, "Q"), table.number(2, "q"), table.bytes(3),
                        table.numbers(4))


def root_of(rows):
    """The root over [(position, position of the correction or 0)]."""
    return verify.root_of([verify.leaf_hash(struct.pack("<QQ", position, corrected_by))
                           for position, corrected_by in sorted(rows)])


def rows_of(explanation):
    """The rows that an explanation names. Lines of discounts name rows of other lines again."""
    return sorted((row["position"], row["amendedBy"] or 0) for line in explanation["lines"] if not line["discount"]
                  for row in line["usage"])


def events_of(segment):
    """The events of a segment, position by position, once all of it was verified."""
    verify.read_segments([segment])
    events, at = [], verify.rows_at(segment)
    while True:
        key_len, value_len = struct.unpack_from("<II", segment, at)
        if key_len == 0:
            return events
        value = segment[at + 8 + key_len:at + 8 + key_len + value_len]
        body = value[80:] if struct.unpack_from("<H", value, 2)[0] else value[32:]
        events += [event for event, _ in verify.read_records(body, struct.unpack_from("<I", value, 4)[0])]
        at += 8 + key_len + value_len


def differences(events, explanations):
    """What an explanation says that the log does not, as sentences."""
    facts = {position: Fact.of(event) for position, event in enumerate(events, 1)}
    issued = {manifest.invoice: manifest for manifest in
              (Manifest.of(fact) for fact in facts.values() if fact.kind == INVOICE_ISSUED)}
    wrong = []
    for explanation in explanations:
        name, rows = explanation["invoiceId"], rows_of(explanation)
        manifest = issued.get(name)
        if manifest is None:
            wrong.append(f"{name}: the log does not issue it")
            continue
        if len(rows) != manifest.rows:
            wrong.append(f"{name}: {len(rows)} rows are named, it was made of {manifest.rows}")
        if root_of(rows) != manifest.root:
            wrong.append(f"{name}: the rows do not lead to the root in its manifest")
        for line in explanation["lines"]:
            for row in line["usage"]:
                fact = facts.get(row["position"])
                if fact is None or fact.kind != USAGE_RECORDED or (fact.source, fact.id) != (row["source"], row["id"]):
                    wrong.append(f"{name}: position {row['position']} holds another event than the row says")
                corrected = facts.get(row["amendedBy"]) if row["amendedBy"] else None
                if row["amendedBy"] and (corrected is None or corrected.kind not in (USAGE_AMENDED, USAGE_VOIDED)):
                    wrong.append(f"{name}: position {row['amendedBy']} corrects no usage")
            if line["price"] and line["price"]["position"] not in manifest.prices:
                wrong.append(f"{name}: the price of line {line['lineId']} is none of its manifest")
    return wrong


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            events = events_of(file.read())
    except (verify.Damaged, OSError) as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 7
    with open(arguments[1], encoding="utf-8") as file:
        explanations = json.load(file)
    wrong = differences(events, explanations)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print(f"{len(explanations)} invoices, {len(events)} events, {len(wrong)} differences")
    return 7 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
