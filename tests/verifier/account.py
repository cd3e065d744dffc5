#!/usr/bin/env python3
"""Checks the history of an account offline: docs/reference/account_history.md. Made from the reference pages and schemas/*.fbs alone,
with the standard library alone, so that it shares nothing with the program it checks.

    account.py HISTORY.json [PUBLIC_KEY]

Exit status: 0 all of it holds; 7 something does not, with a sentence; 2 usage.
"""

import base64
import binascii
import json
import re
import struct
import sys
from pathlib import Path

import ed25519
import verify
from manifest import Fact

SCHEMA = Path(__file__).resolve().parent.parent.parent / "schemas" / "event.fbs"


class Wrong(Exception):
    """Something does not hold."""


def type_names():
    """{number: name} of the types of events, from the schema."""
    union = re.search(r"union EventData\s*\{(.*?)\}", SCHEMA.read_text(encoding="utf-8"), re.DOTALL).group(1)
    return {int(number): name for name, number in re.findall(r"(\w+)\s*=\s*(\d+)", union)}


def hexadecimal(text, size):
    if not re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), text):
        raise Wrong(f"{text!r} is no {size} bytes in lower-case hexadecimal")
    return bytes.fromhex(text)


def root_of_cover(indexes, leaves, size, nodes):
    """The root that the leaves lead to, with the nodes of the subtrees that hold none of them, from left to right."""
    leaves, nodes = list(leaves), list(nodes)

    def take(hashes):
        if not hashes:
            raise Wrong("a node is missing")
        return hashes.pop(0)

    def root(inside, begin, count):
        if not inside:
            return take(nodes)
        if count == 1:
            return take(leaves)
        left = 1 << (count - 1).bit_length() - 1
        here = [index for index in inside if index < begin + left]
        return verify.node_hash(root(here, begin, left), root(inside[len(here):], begin + left, count - left))

    found = root(list(indexes), 0, size)
    if nodes or leaves:
        raise Wrong("there are nodes too many")
    return found


def written(history):
    """The one text of a history."""
    return json.dumps(history, separators=(",", ":"), ensure_ascii=False)


def check(text, public_key=None):
    """The positions of the account's events; raises Wrong."""
    try:
        history = json.loads(text)
        return _check(history, text, public_key)
    except (KeyError, TypeError, ValueError, binascii.Error, struct.error, IndexError) as error:
        raise Wrong(f"a member is missing or has another form: {error}") from error


def _check(history, text, public_key):
    head, statement = history["head"], history["statement"]
    key = hexadecimal(head["publicKey"], 32)
    if public_key not in (None, head["publicKey"]):
        raise Wrong("another key signed it")
    signed = "daybook/head/1\n" + "".join(
        f"{part}\n" for part in (head["ledgerId"], head["position"], head["root"], head["chain"] or "", head["recordedAt"]))
    if not ed25519.verify(key, signed.encode(), hexadecimal(head["signature"], 64)):
        raise Wrong("the head's signature is not that of its key")
    stated = "daybook/account/1\n" + "".join(
        f"{part}\n" for part in (head["ledgerId"], head["position"], history["accountId"], statement["eventCount"],
                                 statement["positionsRoot"]))
    if not ed25519.verify(key, stated.encode(), hexadecimal(statement["signature"], 64)):
        raise Wrong("the statement is not signed by the head's key")
    names, positions, leaves = type_names(), [], []
    for item in history["items"]:
        event = base64.b64decode(item["event"], validate=True)
        fact = Fact.of(event)
        if (fact.source, fact.id, "daybook." + names[fact.kind]) != (item["source"], item["id"], item["type"]):
            raise Wrong(f"the event at position {item['position']} is another one than it says")
        positions.append(item["position"])
        leaves.append(verify.leaf_hash(event))
    if len(positions) != statement["eventCount"] or sorted(set(positions)) != positions:
        raise Wrong("the events are not as many as is stated, or out of order")
    if not positions or not 1 <= positions[0] <= positions[-1] <= head["position"]:
        raise Wrong("there is no event, or one that is not in the log")
    if verify.root_of([verify.leaf_hash(struct.pack("<Q", each)) for each in positions]).hex() != statement["positionsRoot"]:
        raise Wrong("the positions are not those that are stated")
    nodes = [hexadecimal(node, 32) for node in history["nodes"]]
    if root_of_cover([each - 1 for each in positions], leaves, head["position"], nodes) != hexadecimal(head["root"], 32):
        raise Wrong("the events do not lead to the head's root")
    if written(history) != text.removesuffix("\n"):
        raise Wrong("it is not the text that the ledger wrote")
    return positions


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        positions = check(Path(arguments[0]).read_bytes().decode(), *arguments[1:])
    except (Wrong, OSError) as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 7
    print(f"{len(positions)} events, positions {positions[0]} to {positions[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
