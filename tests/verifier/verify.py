#!/usr/bin/env python3
"""Reads a segment of a Daybook log and recomputes everything in it: checksums, leaves, tree, chain; and checks
proofs and signed heads. Made from docs/reference/log_format.md alone, with the standard library alone, so that
it shares nothing with the program it checks.

    verify.py SEGMENT [EXPECTED.json]
    verify.py --all SEGMENT...

Prints the head that the events lead to, as JSON; --all reads several segments as one history. Exit status: 0 all is well; 7
something differs; 2 usage.
"""

import hashlib
import json
import struct
import sys

import ed25519

FRAME_RAW_MAX = 65_536
EVENT_MAX = 1_048_576
GROUP_RAW_MAX = 16_777_216


class Damaged(Exception):
    """The bytes, or what they lead to, are not what the format demands."""


def _crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC32C = _crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC32C[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(event):
    return sha256(b"\x00" + event)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def first_chain(ledger):
    return sha256(b"\x03" + ledger)


def branch_chain(chain, ledger):
    return sha256(b"\x04" + chain + ledger)


def chain_hash(previous, epoch, first, count, recorded_at, root):
    return sha256(b"\x02" + previous + struct.pack("<QQQq", epoch, first, count, recorded_at) + root)


class Tree:
    """RFC 9162, 2.1: the complete subtrees of the right edge, largest first."""

    def __init__(self):
        self.size = 0
        self._edge = []

    def append(self, leaf):
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._edge.pop(), node)
            size >>= 1
        self._edge.append(node)
        self.size += 1

    def root(self):
        if not self._edge:
            return sha256(b"")
        root = self._edge[-1]
        for node in reversed(self._edge[:-1]):
            root = node_hash(node, root)
        return root


def read_records(body, count):
    """[(event bytes, type)] of a body that is not compressed."""
    records, at = [], 0
    for _ in range(count):
        if len(body) - at < 16:
            raise Damaged("a record is cut short")
        size, _stream, _version, kind, _code, reserved = struct.unpack_from("<IIIHBB", body, at)
        padded = (size + 7) // 8 * 8
        if not 1 <= size <= EVENT_MAX or reserved != 0 or at + 16 + padded > len(body):
            raise Damaged("a record's head cannot be")
        event = body[at + 16:at + 16 + size]
        if any(body[at + 16 + size:at + 16 + padded]):
            raise Damaged("the padding of a record is not zero")
        records.append((event, kind))
        at += 16 + padded
    if at != len(body):
        raise Damaged("bytes after the last record")
    return records


class History:
    """What the rows lead to, one after another from position 1."""

    def __init__(self, ledger, origins=()):
        """`origins`: [(ledger, position)] that a branch goes on from, the oldest first."""
        self.ledger = ledger
        self.origins = list(origins)
        self.position = 0
        self.groups = 0
        self.epoch = 0
        self.recorded_at = 0
        names = [origin for origin, _ in self.origins] + [ledger]
        self._begins = {position: name for (_, position), name in zip(self.origins, names[1:])}
        self.chain = first_chain(names[0])
        self.leaves = []
        self._tree = Tree()
        self._group_first = 1
        self._group_raw = 0
        self._group_time = 0

    def add(self, key, value):
        if len(key) != 10 or key[:2] != b"\0\0":
            raise Damaged("a foreign key")
        (first,) = struct.unpack(">Q", key[2:])
        if first != self.position + 1:
            raise Damaged(f"position {self.position + 1} is missing")
        if len(value) < 32:
            raise Damaged(f"the row at {first} is cut short")
        form, codec, flags, count, raw_len, recorded_at, mask, crc = struct.unpack_from("<BBHIIqQI", value)
        if crc != crc32c(key + value[:28] + value[32:]):
            raise Damaged(f"the checksum of the row at {first} differs")
        if form != 1 or flags & ~1 or count == 0:
            raise Damaged(f"the head of the row at {first} cannot be")
        if codec != 0:
            raise Damaged(f"the row at {first} is compressed (codec {codec}); export it as a segment")
        if recorded_at < self.recorded_at or (first != self._group_first and recorded_at != self._group_time):
            raise Damaged(f"time goes back, or changes inside a group, at {first}")
        body = value[80:] if flags else value[32:]
        if len(body) != raw_len or (count > 1 and raw_len > FRAME_RAW_MAX):
            raise Damaged(f"the length of the row at {first} is not what its head says")
        seen = 0
        for event, kind in read_records(body, count):
            leaf = leaf_hash(event)
            self.leaves.append(leaf)
            self._tree.append(leaf)
            seen |= 1 << (kind % 64)
        if seen != mask:
            raise Damaged(f"the type mask of the row at {first} differs")
        self.position += count
        self._group_raw += raw_len
        self._group_time = recorded_at
        if flags:
            self._end_group(recorded_at, *struct.unpack_from("<QQ32s", value, 32))

    def _end_group(self, recorded_at, epoch, group_first, chain):
        if group_first != self._group_first or self._group_raw > GROUP_RAW_MAX or epoch < self.epoch:
            raise Damaged(f"the group of positions {self._group_first} to {self.position} cannot be")
        count = self.position - group_first + 1
        wanted = chain_hash(self.chain, epoch, group_first, count, recorded_at, self._tree.root())
        if wanted != chain:
            raise Damaged(f"the chain differs at positions {group_first} to {self.position}")
        if any(group_first <= position < self.position for position in self._begins):
            raise Damaged(f"a branch begins inside the group of positions {group_first} to {self.position}")
        if self.position in self._begins:
            chain = branch_chain(chain, self._begins[self.position])
        self.chain, self.epoch, self.recorded_at = chain, epoch, recorded_at
        self.groups += 1
        self._group_first, self._group_raw = self.position + 1, 0

    def head(self):
        if self._group_first != self.position + 1:
            raise Damaged(f"the last group, from position {self._group_first} on, is not whole")
        return {
            "ledger": self.ledger.hex(),
            "position": self.position,
            "epoch": self.epoch,
            "recordedAt": self.recorded_at,
            "groups": self.groups,
            "chain": self.chain.hex(),
            "root": self._tree.root().hex(),
        }


def _begin(data):
    """(ledger, origins, first position, chain before it or None, where the rows begin)"""
    if data[:8] == b"DBKSEGM1" and len(data) >= 24:
        return data[8:24], [], 1, None, 24
    if data[:8] != b"DBKSEGM2" or len(data) < 72:
        raise Damaged("this is no segment file")
    first, chain, count, zero = struct.unpack_from("<Q32sII", data, 24)
    at = 72 + 24 * count
    if zero or first == 0 or len(data) < at:
        raise Damaged("the beginning of the segment cannot be")
    origins = [struct.unpack_from("<16sQ", data, 72 + 24 * i) for i in range(count)]
    positions = [0] + [position for _, position in origins]
    if sorted(set(positions)) != positions:
        raise Damaged("the branches of the segment are out of order")
    return data[8:24], origins, first, chain, at


def rows_at(data):
    """Where the rows of a segment begin."""
    return _begin(data)[4]


def _check_end(history, data, begin, value, rows):
    """What stands after the rows: section 8."""
    head = history.head()
    wanted = struct.pack("<QQ", history.position, rows)
    if data[:8] == b"DBKSEGM2":
        if len(value) != 224:
            raise Damaged("the end cannot be")
        wanted += struct.pack("<Qq", head["epoch"], head["recordedAt"]) + history.chain + bytes.fromhex(head["root"])
        wanted += value[96:192]
        if not ed25519.verify(value[96:128], signed_bytes(head), value[128:192]):
            raise Damaged(f"the signature of the head at position {history.position} is not that of its key")
    if value != wanted + sha256(data[:begin]):
        raise Damaged("the end does not fit what stands before")


def read_segment(data, history=None):
    """The history in a segment file's bytes; it goes on from `history`."""
    ledger, origins, first, chain, at = _begin(data)
    if history is None:
        history = History(ledger, origins)
    if (history.ledger, history.origins) != (ledger, origins):
        raise Damaged("a segment of another ledger")
    if first != history.position + 1:
        raise Damaged(f"the segment begins at position {first} instead of {history.position + 1}")
    if chain not in (None, history.chain):
        raise Damaged(f"the chain before position {first} differs")
    rows = 0
    while True:
        if len(data) - at < 8:
            raise Damaged(f"cut short after position {history.position}")
        key_len, value_len = struct.unpack_from("<II", data, at)
        begin, at = at, at + 8
        if len(data) - at < key_len + value_len:
            raise Damaged(f"cut short after position {history.position}")
        key, value = data[at:at + key_len], data[at + key_len:at + key_len + value_len]
        at += key_len + value_len
        if key_len == 0:
            if at != len(data):
                raise Damaged("bytes after the end")
            _check_end(history, data, begin, value, rows)
            return history
        history.add(key, value)
        rows += 1


def read_segments(segments):
    """The history in several, one going on from the other; of a branch, with all that it shares."""
    history = None
    for data in segments:
        history = read_segment(data, history)
    if history is None or history.position < max((position for _, position in history.origins), default=0):
        raise Damaged("events that a branch shares with its origin are missing")
    return history


def verify_inclusion(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    node, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while not node & 1 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(old_size, old_root, size, root, proof):
    """RFC 9162, 2.1.4.2."""
    if old_size == size:
        return not proof and old_root == root
    if not 0 < old_size < size:
        return False
    path = ([old_root] if old_size & (old_size - 1) == 0 else []) + list(proof)
    if not path:
        return False
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_value = value = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_value, value = node_hash(sibling, old_value), node_hash(sibling, value)
            while not node & 1 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_value == old_root and value == root


def signed_bytes(head):
    """What a signed head signs: section 7."""
    return (b"daybook signed head v1" + bytes.fromhex(head["ledger"])
            + struct.pack("<QQq", head["position"], head["epoch"], head["recordedAt"])
            + bytes.fromhex(head["chain"]) + bytes.fromhex(head["root"]))


def compare(history, expected):
    """Everything that differs from a golden log's expectation, as sentences."""
    head, wrong = history.head(), []
    wrong += [f"{name}: {head[name]} instead of {expected[name]}" for name in head if head[name] != expected[name]]
    if not ed25519.verify(bytes.fromhex(expected["publicKey"]), signed_bytes(expected),
                          bytes.fromhex(expected["signature"])):
        wrong.append("the signature does not fit the head")
    for case in expected["inclusion"]:
        leaf, root = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
        proof = [bytes.fromhex(node) for node in case["proof"]]
        if history.leaves[case["position"] - 1] != leaf:
            wrong.append(f"the leaf at position {case['position']} differs")
        if root_of(history.leaves[:case["size"]]) != root:
            wrong.append(f"the root of the first {case['size']} events differs")
        if not verify_inclusion(leaf, case["position"] - 1, case["size"], proof, root):
            wrong.append(f"the inclusion proof of position {case['position']} in {case['size']} fails")
    for case in expected["consistency"]:
        old_root, root = bytes.fromhex(case["oldRoot"]), bytes.fromhex(case["root"])
        proof = [bytes.fromhex(node) for node in case["proof"]]
        if root_of(history.leaves[:case["oldSize"]]) != old_root:
            wrong.append(f"the root of the first {case['oldSize']} events differs")
        if not verify_consistency(case["oldSize"], old_root, case["size"], root, proof):
            wrong.append(f"the consistency proof of {case['oldSize']} and {case['size']} fails")
    return wrong


def root_of(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def main(arguments):
    several = arguments[:1] == ["--all"]
    if several:
        arguments = arguments[1:]
    if not arguments or (len(arguments) > 2 and not several):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        segments = []
        for name in arguments if several else arguments[:1]:
            with open(name, "rb") as file:
                segments.append(file.read())
        history = read_segments(segments)
    except (Damaged, OSError) as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 7
    print(json.dumps(history.head(), indent=2))
    if len(arguments) == 2 and not several:
        with open(arguments[1], encoding="utf-8") as file:
            wrong = compare(history, json.load(file))
        for sentence in wrong:
            print(f"{arguments[0]}: {sentence}", file=sys.stderr)
        return 7 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
