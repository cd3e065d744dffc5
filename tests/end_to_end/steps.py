"""The verbs of a scenario: each makes a step, a function of the world that a scenario runs in.

    clock("2024-05-02")                       time moves there, and all that fell due is performed
    fact("UsageRecorded", day, …)             one event in; must be accepted (or refused="CODE")
    wish("OptInEmailInvoice", …)              one command; must succeed (or refused="CODE")
    see("/invoices/…", {…}, by="jeroen")      one GET, compared with what is expected
    recall("/invoices?…", "name")             remembers the id of the only invoice of a list, used as {name}
    prepare("name", scopeType=…, kind=…)      RequestExport; remembers the id of its job, used as {name}
    download("/invoices/…/usage.csv", …)      one GET of a file, whose sums and cells are compared
    fetch("/documents/…", content)            one GET of a PDF, compared byte by byte
"""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from described import Described
from expect import anything, difference

SOURCE = "//scenario"


@dataclass
class World:
    """What a scenario acts on: a ledger's clients, and what it has remembered."""

    documents: ClassVar[list] = []

    operator: object                 # admin, ingest, read
    persons: object                  # act-as
    names: dict = field(default_factory=dict)
    events: int = 0

    def fill(self, value):
        """`value` with {name} replaced by what was remembered."""
        if isinstance(value, str):
            for name, known in self.names.items():
                value = value.replace("{" + name + "}", known)
            return value
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return value

    def described(self):
        """What the server says of its answers: the same for all servers of one program."""
        if not World.documents:
            World.documents.append(Described(self.operator.request("GET", "/openapi.json").json))
        return World.documents[0]

    def client(self, by=None, tenant=None):
        return self.operator if by is None else self.persons.as_identity(by, tenant)


def money(amount, currency="EUR"):
    return {"amount": amount, "currency": currency}


def period(start, end_exclusive):
    return {"start": start, "endExclusive": end_exclusive}


def event(number, kind, day, data, source=SOURCE):
    return {"specversion": "1.0", "type": f"daybook.{kind}", "source": source, "id": f"e-{number:05}",
            "time": f"{day}T10:00:00Z", "data": data}


def _refusal(answer, refused):
    found = difference({"code": refused, "detail": anything, "requestId": anything}, answer.json)
    return found or (None if answer.status in (400, 403, 404, 409, 413, 422, 429) else f"status {answer.status}")


def clock(day, run=True):
    def step(world):
        answer = world.operator.wish("AdvanceClock", {"to": f"{day}T00:00:00Z"} if run else
                                     {"to": f"{day}T00:00:00Z", "run": False})
        assert answer.status == 200, f"clock {day}: {answer!r}"
    return step


def fact(kind, day, /, refused=None, unmatched=None, sent_by=SOURCE, **data):
    def step(world):
        world.events += 1
        answer = world.operator.post_event(event(world.events, kind, day, world.fill(data), sent_by))
        if refused:
            found = _refusal(answer, refused)
            assert not found, f"fact {kind}: {found}: {answer!r}"
        else:
            assert answer.status == 201, f"fact {kind} {data}: {answer!r}"
            assert answer.json["unmatched"] == unmatched, f"fact {kind} {data}: {answer!r}"
    return step


def wish(name, /, by=None, refused=None, expect=None, **fields):
    def step(world):
        answer = world.client(by).wish(name, world.fill(fields))
        if refused:
            found = _refusal(answer, refused)
            assert not found, f"wish {name} by {by}: {found}: {answer!r}"
        else:
            assert answer.status == 200, f"wish {name} by {by}: {answer!r}"
            found = difference(world.fill(expect or {}), answer.json)
            assert not found, f"wish {name} by {by}: {found}\n{answer!r}"
    return step


def see(path, expected, by=None, status=200, tenant=None):
    def step(world):
        answer = world.client(by, tenant).get(world.fill(path))
        assert answer.status == status, f"GET {world.fill(path)} by {by}: expected {status}, got {answer!r}"
        undescribed = world.described().wrong("/v1" + world.fill(path), status, answer.headers["content-type"], answer.json)
        assert not undescribed, f"GET {world.fill(path)} is not as /openapi.json says: {undescribed}"
        found = difference(world.fill(expected), answer.json)
        assert not found, f"GET {world.fill(path)} by {by}: {found}\n{answer!r}"
    return step


def recall(path, name, member="invoiceId"):
    def step(world):
        answer = world.operator.get(world.fill(path))
        assert answer.status == 200, f"GET {path}: {answer!r}"
        assert len(answer.json["items"]) == 1, f"GET {path}: expected one item: {answer!r}"
        world.names[name] = answer.json["items"][0][member]
    return step


def clock_at(instant):
    """Time moves to a moment of a day."""
    def step(world):
        answer = world.operator.wish("AdvanceClock", {"to": instant})
        assert answer.status == 200, f"clock {instant}: {answer!r}"
    return step


def prepare(name, by=None, **fields):
    def step(world):
        answer = world.client(by).wish("RequestExport", world.fill(fields))
        assert answer.status == 200, f"RequestExport by {by}: {answer!r}"
        job = answer.json["jobId"]
        known = world.names.setdefault(name, job)
        assert known == job, f"RequestExport: expected the same job {known}, got {job}"
    return step


def _tables(text):
    """{title: [row]} of a CSV file; a file of one table has no titles."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    tables, title, head = {}, "", None
    for row in rows:
        if not row:
            title, head = "", None
        elif len(row) == 1 and head is None:
            title = row[0]
        elif head is None:
            head = row
            tables[title] = []
        else:
            tables[title].append(dict(zip(head, row, strict=True)))
    return tables


def download(path, rows=None, sums=None, cells=None, table="", columns=None, without=(), by=None):
    """`sums`: exact totals of columns; `cells`: whole columns; `without`: words that stand nowhere in the file."""
    def step(world):
        answer = world.client(by).get(world.fill(path))
        assert answer.status == 200, f"GET {world.fill(path)} by {by}: {answer!r}"
        assert answer.headers["content-type"].startswith("text/csv"), answer.headers
        text = answer.body.decode()
        found = _tables(text)
        assert table in found, f"GET {path}: no table {table!r} among {list(found)}"
        content = found[table]
        assert rows is None or len(content) == rows, f"GET {path}: expected {rows} rows, got {content}"
        assert columns is None or len(text.split("\r\n")[0].split(",")) == columns, f"GET {path}: {text[:2000]}"
        for column, total in (sums or {}).items():
            actual = sum((Decimal(row[column]) for row in content if row[column]), Decimal(0))
            assert actual == Decimal(total), f"GET {path}: Σ {column} is {actual}, expected {total}"
        for column, values in (cells or {}).items():
            actual = [row[column] for row in content]
            assert actual == world.fill(values), f"GET {path}: {column} is {actual}, expected {values}"
        for word in without:
            assert word not in text, f"GET {path} speaks of {word}: {text}"
    return step


def fetch(path, content, by=None, media_type="application/pdf"):
    def step(world):
        answer = world.client(by).get(world.fill(path))
        assert answer.status == 200, f"GET {world.fill(path)} by {by}: {answer!r}"
        assert answer.headers["content-type"] == media_type, answer.headers
        assert answer.headers["content-disposition"].startswith("attachment"), answer.headers
        assert answer.body == content, f"GET {world.fill(path)}: {len(answer.body)} bytes, expected {len(content)}"
    return step


def absent(path, word):
    """The whole answer says nothing of `word`."""
    def step(world):
        answer = world.operator.get(world.fill(path))
        assert answer.status == 200 and word not in str(answer.json), f"GET {path} speaks of {word}: {answer!r}"
    return step


