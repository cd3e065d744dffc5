"""Tampering: seeded edits of an exported log, with every checksum made right again, held against both verifiers."""

import copy
import functools
import json
import pathlib
import random
import re
import struct
import subprocess

import verify

NUMBER = 22
LOG = pathlib.Path(__file__).resolve().parent.parent / "data" / "logs" / "v1.segment"
PREFIX_BYTES = 40_000  # so much of the golden log is tampered with


class Row:
    """A row of a segment, taken apart."""

    def __init__(self, key, value):
        self.first = struct.unpack(">Q", key[2:])[0]
        self.flags, self.recorded_at = struct.unpack_from("<H", value, 2)[0], struct.unpack_from("<q", value, 12)[0]
        size = 80 if self.flags & 1 else 32
        self.end = list(struct.unpack_from("<QQ32s", value, 32)) if self.flags & 1 else None
        self.records, at = [], size
        while at < len(value):
            (length,) = struct.unpack_from("<I", value, at)
            self.records.append((bytearray(value[at:at + 16]), bytearray(value[at + 16:at + 16 + length])))
            at += 16 + (length + 7) // 8 * 8

    @property
    def last(self):
        return self.first + len(self.records) - 1

    def bytes(self):
        body, mask = b"", 0
        for head, event in self.records:
            struct.pack_into("<I", head, 0, len(event))
            mask |= 1 << (struct.unpack_from("<H", head, 12)[0] % 64)
            body += bytes(head) + bytes(event) + bytes(-len(event) % 8)
        key = struct.pack(">HQ", 0, self.first)
        value = bytearray(struct.pack("<BBHIIqQI", 1, 0, self.flags, len(self.records), len(body), self.recorded_at, mask, 0))
        if self.end:
            value += struct.pack("<QQ32s", *self.end)
        value += body
        struct.pack_into("<I", value, 28, verify.crc32c(key + bytes(value[:28]) + bytes(value[32:])))
        return struct.pack("<II", len(key), len(value)) + key + bytes(value)


def rows_of(data):
    rows, at = [], 24
    while True:
        key_len, value_len = struct.unpack_from("<II", data, at)
        if key_len == 0:
            return rows
        rows.append(Row(data[at + 8:at + 8 + key_len], data[at + 8 + key_len:at + 8 + key_len + value_len]))
        at += 8 + key_len + value_len


def segment(ledger, rows):
    """The file of these rows, with every checksum right."""
    data = b"DBKSEGM1" + ledger + b"".join(row.bytes() for row in rows)
    last = rows[-1].last if rows else 0
    return data + struct.pack("<IIQQ", 0, 48, last, len(rows)) + verify.sha256(data)


def prefix(data):
    """The rows of the first groups, up to PREFIX_BYTES."""
    rows = rows_of(data)
    ends = [i for i, row in enumerate(rows) if row.end]
    best = ends[0]
    for end in ends:
        if len(segment(data[8:24], rows[:end + 1])) <= PREFIX_BYTES:
            best = end
    return rows[:best + 1]


def renumber(rows, first):
    for row in rows:
        row.first, first = first, first + len(row.records)


def tampered(ledger, sound, chance):
    """(kind, segment bytes, first position that is no longer what was signed) of the rows `sound`, which stay as they are."""
    rows, ledger = copy.deepcopy(sound), bytearray(ledger)
    kind = chance.choice(("edit", "insert", "delete", "swap", "delete row", "swap rows", "cut", "epoch", "time", "extent", "chain", "ledger"))
    index = chance.randrange(len(rows))
    row = rows[index]
    place = chance.randrange(len(row.records))
    bad = row.first + place
    if kind == "edit":
        event = row.records[place][1]
        event[chance.randrange(len(event))] ^= 1 << chance.randrange(8)
    elif kind == "insert":
        row.records.insert(place, (bytearray(row.records[place][0]), bytearray(b"an event that nobody sent")))
        renumber(rows, 1)
    elif kind == "delete":
        del row.records[place]
        if not row.records:
            del rows[index]
        renumber(rows, 1)
    elif kind == "swap":
        other = chance.randrange(len(row.records))
        if row.records[place][1] == row.records[other][1]:
            return tampered(ledger, sound, chance)
        row.records[place], row.records[other] = row.records[other], row.records[place]
        bad = row.first + min(place, other)
    elif kind == "delete row":
        bad = row.first
        del rows[index]
        if chance.random() < 0.5:
            renumber(rows, 1)
    elif kind == "swap rows":
        other = chance.randrange(len(rows))
        if other == index:
            return tampered(ledger, sound, chance)
        bad = min(row.first, rows[other].first)
        rows[index], rows[other] = rows[other], rows[index]
        renumber(rows, 1)
    elif kind == "cut":
        ends = [i for i, each in enumerate(rows) if each.end][:-1]
        rows = rows[:chance.choice(ends) + 1]
        bad = rows[-1].last + 1
    elif kind == "time":
        row.recorded_at += chance.choice((-1, 1))
        bad = row.first
    elif kind == "ledger":
        ledger[chance.randrange(16)] ^= 1 << chance.randrange(8)
        bad = 1
    else:
        row = chance.choice([each for each in rows if each.end])
        bad = row.first
        if kind == "epoch":
            row.end[0] += 1
        elif kind == "extent":
            row.end[1] += chance.choice((-1, 1)) if row.end[1] > 1 else 1
        else:
            chain = bytearray(row.end[2])
            chain[chance.randrange(32)] ^= 1 << chance.randrange(8)
            row.end[2] = bytes(chain)
    return kind, segment(bytes(ledger), rows), bad


def groups_of(rows):
    """[(first, last)]"""
    groups, first = [], 1
    for row in rows:
        if row.end:
            groups.append((first, row.last))
            first = row.last + 1
    return groups


def judge(sentence, group):
    """Whether a verifier's sentence names a position of the group that was tampered with, or the one it follows."""
    named = [int(number) for number in re.findall(r"\d+", re.sub(r"codec \d+", "", sentence))]
    return any(group[0] - 1 <= number <= group[1] for number in named)


class Ours:
    """The program's verifier, kept running."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def check(self, data):
        self.process.stdin.write(struct.pack("<Q", len(data)) + data)
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


def theirs(data):
    try:
        head = verify.read_segment(data).head()
    except verify.Damaged as damage:
        return f"Damaged {damage}"
    return f"ok {head['position']} {head['root']}"


def find(verdict, signed, what, group):
    """Raises unless the verdict differs from the signed head and says where."""
    if verdict.startswith("ok "):
        _, position, root = verdict.split()
        assert (int(position), root) != signed, f"{what} was not found"
        assert group[0] - 1 <= int(position), f"{what}: {verdict}"
        return
    assert judge(verdict, group), f"{what}: positions {group} are not named: {verdict}"


def run(context):
    data = LOG.read_bytes()
    ours, rows = Ours(context.segment_check), prefix(data)
    sound, groups = segment(data[8:24], rows), groups_of(rows)
    assert data.startswith(sound[:-56]), "a row that was taken apart and put together again differs"
    # Rows that an edit leaves alone need not be summed again.
    verify.crc32c = functools.lru_cache(maxsize=1024)(verify.crc32c)
    verdicts = {ours.check(sound), theirs(sound)}
    assert len(verdicts) == 1, verdicts
    _, position, root = verdicts.pop().split()
    signed, kinds = (int(position), root), {}
    count = context.times(1_000, 20_000)
    for seed in range(count):
        kind, changed, bad = tampered(data[8:24], rows, random.Random(seed))
        group = next((each for each in groups if each[0] <= bad <= each[1]), groups[-1])
        for name, verdict in (("ours", ours.check(changed)), ("the independent one", theirs(changed))):
            find(verdict, signed, f"seed {seed}, {kind} at {bad}, {name}", group)
        kinds[kind] = kinds.get(kind, 0) + 1
    ours.close()
    forged = forged_proofs(json.loads(LOG.with_suffix(".json").read_text()))
    return (f"{count:,} of {count:,} edits with right checksums found by both verifiers, of {len(kinds)} kinds, each named by the group of "
            f"its first bad position; {forged:,} forged proofs, 0 accepted")


def forged_proofs(expected):
    """Each node and each number of every golden proof, changed."""
    tried = 0
    for case in expected["inclusion"]:
        leaf, root = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
        path, index, size = [bytes.fromhex(node) for node in case["proof"]], case["position"] - 1, case["size"]
        assert verify.verify_inclusion(leaf, index, size, path, root)
        forgeries = [(root[::-1], index, size, path, root), (leaf, index, size, path, leaf[::-1]), (leaf, index, size, path + [leaf], root)]
        forgeries += [(leaf, index, size, path[:i] + path[i + 1:], root) for i in range(len(path))]
        forgeries += [(leaf, index, size, path[:i] + [bytes(b ^ 1 for b in path[i])] + path[i + 1:], root) for i in range(len(path))]
        for forgery in forgeries:
            assert not verify.verify_inclusion(*forgery), (case, forgery)
        tried += len(forgeries)
    for case in expected["consistency"]:
        old, new = bytes.fromhex(case["oldRoot"]), bytes.fromhex(case["root"])
        path = [bytes.fromhex(node) for node in case["proof"]]
        sizes = case["oldSize"], case["size"]
        assert verify.verify_consistency(sizes[0], old, sizes[1], new, path)
        forgeries = [(old[::-1], new, path), (old, new[::-1], path), (old, new, path + [old])]
        forgeries += [(old, new, path[:i] + [bytes(b ^ 1 for b in path[i])] + path[i + 1:]) for i in range(len(path))]
        for old_root, root, nodes in forgeries:
            assert not verify.verify_consistency(sizes[0], old_root, sizes[1], root, nodes), case
        tried += len(forgeries)
    return tried
