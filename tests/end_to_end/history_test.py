"""What a caller can hold against the ledger: tokens of what he has seen, signed heads, proofs. Proofs and signatures
are checked by the verifier that was written from the format's description alone.

    history_test.py PROGRAM
"""

import base64
import json
import shutil
import sys
import unittest
from pathlib import Path

from daybook import Daybook
from people import account, begin, cost, flat, on, subscription
from steps import World, event

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "verifier"))
import ed25519  # noqa: E402
import verify  # noqa: E402

PROGRAM = None


def usage(number, day="2024-03-05"):
    return event(number, "UsageRecorded", day, {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"}, "//history")


def fill(operator):
    world = World(operator, operator)
    for step in flat(begin("2024-02-02", account("2024-02-02")),
                     on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00"))):
        step(world)


class Tokens(unittest.TestCase):
    def open(self):
        ledger = self.enterContext(Daybook(PROGRAM))
        key = ledger.create_key("operator", "admin,ingest,read")
        ledger.start()
        operator = ledger.client(key)
        fill(operator)
        return ledger, operator

    def restarted(self, ledger, operator):
        self.assertEqual(ledger.stop(), 0)
        operator.close()
        ledger.start()
        return ledger.client(operator.key)

    def asked_with(self, client, token, path="/v1/clock"):
        return client.request("GET", path, headers={"Daybook-Token": token})

    def test_every_answer_carries_one(self):
        ledger, operator = self.open()
        json_type = {"Content-Type": "application/json"}
        for method, path, body, headers in (
                ("GET", "/v1/clock", None, {}), ("GET", "/v1/nothing", None, {}), ("GET", "/v1/accounts/no-such", None, {}),
                ("GET", "/v1/accounts?colour=red", None, {}), ("PUT", "/v1/accounts", b"{}", json_type),
                ("POST", "/v1/events", b"{", {"Content-Type": "application/cloudevents+json"}),
                ("POST", "/v1/events", b"x", {"Content-Type": "text/html"}),
                ("POST", "/v1/events/lookup", b"[]", json_type), ("POST", "/v1/commands/MakeCoffee", b"{}", json_type)):
            with self.subTest(f"{method} {path}"):
                answer = operator.request(method, path, body, headers)
                self.assertRegex(answer.headers["daybook-token"], r"^[A-Za-z0-9_-]{64}$")
                self.assertGreater(answer.position, 0)
        stranger = ledger.client(None).get("/clock")
        self.assertEqual(stranger.status, 401)
        self.assertNotIn("daybook-token", stranger.headers)

    def test_it_changes_with_the_log_alone(self):
        _, operator = self.open()
        first = operator.get("/clock").headers["daybook-token"]
        self.assertEqual(operator.get("/accounts").headers["daybook-token"], first)
        answer = operator.post_event(usage(1))
        self.assertEqual(answer.status, 201)
        self.assertNotEqual(answer.headers["daybook-token"], first)

    def test_an_old_one_stays_good_and_an_altered_one_is_refused(self):
        ledger, operator = self.open()
        old = operator.get("/clock").headers["daybook-token"]
        self.assertEqual(operator.post_event(usage(1)).status, 201)
        operator = self.restarted(ledger, operator)
        for _ in range(2):
            self.assertEqual(self.asked_with(operator, old).status, 200)
        own = operator.get("/clock").headers["daybook-token"]
        self.assertEqual(self.asked_with(operator, own).status, 200)
        for token in (old, own):
            for place in (0, 11, 30, 63):
                other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1:]
                answer = self.asked_with(operator, other)
                self.assertEqual((answer.status, answer.code), (400, "BAD_TOKEN"), f"altered at {place}")
        for token in ("", "x", own[:-1], own + "A", own + "AAAA", own[:-1] + "=", "\u00e9" * 32):
            answer = operator.request("GET", "/v1/clock", headers={"Daybook-Token": token.encode()})
            self.assertEqual((answer.status, answer.code), (400, "BAD_TOKEN"), token)
        foreign, other = self.open()
        answer = self.asked_with(other, own)
        self.assertEqual((answer.status, answer.code), (400, "BAD_TOKEN"), "of another ledger")
        self.assertEqual(self.asked_with(foreign.client(None), "x").status, 401, "a stranger learns nothing of tokens")

    def test_a_directory_copied_back_is_noticed(self):
        ledger, operator = self.open()
        before = operator.get("/clock").headers["daybook-token"]
        self.assertEqual(ledger.stop(), 0)
        operator.close()
        copy = ledger.directory.parent / "copy"
        shutil.copytree(ledger.directory, copy)
        ledger.start()
        operator = ledger.client(operator.key)
        self.assertEqual(operator.post_events([usage(1), usage(2)]).status, 200)
        seen = operator.get("/clock").headers["daybook-token"]
        self.assertEqual(ledger.stop(), 0)
        operator.close()
        shutil.rmtree(ledger.directory)
        shutil.move(copy, ledger.directory)
        ledger.start()
        operator = ledger.client(operator.key)
        for method, path, body in (("GET", "/v1/clock", None), ("POST", "/v1/events", b"{}")):
            answer = operator.request(method, path, body, {"Daybook-Token": seen, "Content-Type": "application/cloudevents+json"})
            self.assertEqual((answer.status, answer.code), (409, "HISTORY_ROLLED_BACK"), "the log ends before it")
        self.assertEqual(self.asked_with(operator, before).status, 200, "what is older than the copy is still there")
        # As long as before, but another history.
        self.assertEqual(operator.post_events([usage(3), usage(4)]).status, 200)
        answer = self.asked_with(operator, seen)
        self.assertEqual((answer.status, answer.code), (409, "HISTORY_ROLLED_BACK"), "another history there")
        self.assertEqual(self.asked_with(operator, before).status, 200)


class SigningKeys(unittest.TestCase):
    """One key after another: each is vouched for by the one before, and what it signed stays good."""

    def followed(self, known, keys):
        """The present key, found from one that is known, and from nothing else that is trusted."""
        for rotation in keys["rotations"]:
            text = "daybook/signing-key/1\n" + "".join(f"{part}\n" for part in (
                keys["ledgerId"], rotation["position"], rotation["root"], rotation["chain"], rotation["previousKey"],
                rotation["publicKey"]))
            for key, signature in ((rotation["previousKey"], rotation["signature"]), (rotation["publicKey"], rotation["newSignature"])):
                self.assertTrue(ed25519.verify(bytes.fromhex(key), text.encode(), bytes.fromhex(signature)), rotation)
            if rotation["previousKey"] == known:
                known = rotation["publicKey"]
        return known

    def signs(self, head):
        signed = "daybook/head/1\n" + "".join(f"{part}\n" for part in (
            head["ledgerId"], head["position"], head["root"], head["chain"] or "", head["recordedAt"]))
        return ed25519.verify(bytes.fromhex(head["publicKey"]), signed.encode(), bytes.fromhex(head["signature"]))

    def test_a_new_key_follows_the_old_one(self):
        ledger = self.enterContext(Daybook(PROGRAM))
        key = ledger.create_key("operator", "admin,ingest,read")
        ledger.start()
        operator = ledger.client(key)
        fill(operator)
        self.assertEqual(operator.get("/log/keys").json["rotations"], [])
        first = operator.get("/log/head").json
        token = operator.get("/clock").headers["daybook-token"]
        done = ledger.run("key", "rotate-signing", "--data", ledger.directory, check=False)
        self.assertEqual(done.returncode, 73, done.stderr)
        heads = [first]
        for number in (1, 2):
            self.assertEqual(ledger.stop(), 0)
            operator.close()
            rotation = json.loads(ledger.run("key", "rotate-signing", "--data", ledger.directory).stdout)
            self.assertEqual(rotation["previousKey"], heads[-1]["publicKey"])
            self.assertEqual(rotation["position"], heads[-1]["position"])
            ledger.start()
            operator = ledger.client(key)
            self.assertEqual(operator.request("GET", "/v1/clock", headers={"Daybook-Token": token}).status, 200, "tokens outlive the key")
            token = operator.post_event(usage(100 + number)).headers["daybook-token"]
            head = operator.get("/log/head").json
            self.assertEqual(head["publicKey"], rotation["publicKey"])
            heads.append(head)
        self.assertEqual(len({head["publicKey"] for head in heads}), 3)
        for head in heads:
            self.assertTrue(self.signs(head), "a head stays verifiable with its key")
            self.assertFalse(self.signs({**head, "publicKey": heads[(heads.index(head) + 1) % 3]["publicKey"]}))
        keys = operator.get("/log/keys").json
        self.assertEqual(keys["publicKey"], heads[-1]["publicKey"])
        for head in heads:
            self.assertEqual(self.followed(head["publicKey"], keys), keys["publicKey"])
        proof = operator.get("/log/proof", **{"from": first["position"], "to": heads[-1]["position"]}).json
        self.assertTrue(verify.verify_consistency(first["position"], bytes.fromhex(first["root"]), heads[-1]["position"],
                                                  bytes.fromhex(heads[-1]["root"]), [bytes.fromhex(node) for node in proof["path"]]))
        # A history that was edited is not believed.
        history = ledger.directory / "keys" / "log_signing_history"
        history.write_text(history.read_text().replace(heads[1]["publicKey"], heads[0]["publicKey"]))
        answer = operator.get("/log/keys")
        self.assertEqual((answer.status, answer.code), (500, "CORRUPTION"))
        self.assertEqual(ledger.stop(), 0)
        done = ledger.run("key", "rotate-signing", "--data", ledger.directory, check=False)
        self.assertEqual(done.returncode, 76, done.stderr)
        self.assertIn("log_signing_history", done.stderr)


class Proofs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger = cls.enterClassContext(Daybook(PROGRAM))
        key = cls.ledger.create_key("operator", "admin,ingest,read")
        cls.ledger.start()
        cls.operator = cls.ledger.client(key)
        fill(cls.operator)
        cls.group = cls.operator.post_events([usage(n) for n in range(10, 21)]).json  # one body, one group
        assert cls.group["accepted"] == 11, cls.group
        cls.size = cls.operator.get("/log/head").json["position"]

    def head(self, size=None):
        answer = self.operator.get("/log/head", asOf=size)
        self.assertEqual(answer.status, 200, answer)
        head = answer.json
        signed = "daybook/head/1\n" + "".join(f"{part}\n" for part in (
            head["ledgerId"], head["position"], head["root"], head["chain"] or "", head["recordedAt"]))
        self.assertTrue(ed25519.verify(bytes.fromhex(head["publicKey"]), signed.encode(), bytes.fromhex(head["signature"])),
                        f"the signature does not fit {head}")
        altered = signed.replace(f"\n{head['position']}\n", f"\n{head['position'] + 1}\n")
        self.assertFalse(ed25519.verify(bytes.fromhex(head["publicKey"]), altered.encode(), bytes.fromhex(head["signature"])))
        return head

    def leaves(self):
        found = []
        for position in range(1, self.size + 1):
            proof = self.operator.get("/log/proof", position=position, size=self.size).json
            found.append(verify.leaf_hash(base64.b64decode(proof["event"], validate=True)))
        return found

    def test_the_head_at_every_size(self):
        leaves = self.leaves()
        for size in range(1, self.size + 1):
            head = self.head(size)
            self.assertEqual(head["position"], size)
            self.assertEqual(bytes.fromhex(head["root"]), verify.root_of(leaves[:size]))
            inside = self.group["first"] <= size < self.group["position"]
            self.assertEqual(head["chain"] is None, inside, head)
            if inside:
                self.assertEqual(head["recordedAt"], self.head(self.group["position"])["recordedAt"])
        self.assertEqual(self.head(), self.head(self.size))

    def test_inclusion_of_every_event(self):
        for size in (self.size, self.size - 3, self.group["first"]):
            root = bytes.fromhex(self.head(size)["root"])
            for position in range(1, size + 1):
                proof = self.operator.get("/log/proof", position=position, size=size).json
                self.assertEqual((proof["kind"], proof["position"], proof["size"]), ("inclusion", position, size))
                leaf = verify.leaf_hash(base64.b64decode(proof["event"], validate=True))
                self.assertEqual(proof["leafHash"], leaf.hex())
                self.assertEqual(proof["root"], root.hex())
                path = [bytes.fromhex(node) for node in proof["path"]]
                self.assertTrue(verify.verify_inclusion(leaf, position - 1, size, path, root), proof)
                self.assertFalse(verify.verify_inclusion(verify.leaf_hash(b"another"), position - 1, size, path, root))

    def test_consistency_of_every_pair(self):
        roots = {size: bytes.fromhex(self.head(size)["root"]) for size in range(1, self.size + 1)}
        for old in range(1, self.size + 1):
            for new in range(old, self.size + 1):
                proof = self.operator.get("/log/proof", **{"from": old, "to": new}).json
                self.assertEqual((proof["kind"], proof["from"], proof["to"]), ("consistency", old, new))
                self.assertEqual((proof["fromRoot"], proof["toRoot"]), (roots[old].hex(), roots[new].hex()))
                path = [bytes.fromhex(node) for node in proof["path"]]
                self.assertTrue(verify.verify_consistency(old, roots[old], new, roots[new], path), proof)

    def test_what_cannot_be_proven_is_a_bad_question(self):
        for query in ("", "position=1", "size=1", "from=1", "to=2", "position=0&size=1", "position=2&size=1",
                      "position=1&size=999", "from=0&to=1", "from=2&to=1", "from=1&to=999", "position=1&size=2&from=1&to=2",
                      "position=x&size=2", "position=1&size=-2", "position=1.0&size=2", "from=1&to=18446744073709551617",
                      "position=1&position=1&size=2", "colour=red"):
            answer = self.operator.request("GET", f"/v1/log/proof?{query}")
            self.assertEqual((answer.status, answer.code), (400, "BAD_QUERY"), f"{query}: {answer}")
        answer = self.operator.get("/log/head", asOf=0)
        self.assertEqual((answer.status, answer.code, answer.position), (404, "NOT_FOUND", 0))


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
