"""The independent verifier against the golden logs, and against whoever tampers with them."""

import json
import pathlib
import random
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import ed25519  # noqa: E402
import verify  # noqa: E402

LOGS = pathlib.Path(__file__).parent.parent / "data" / "logs"


def load(name):
    return (LOGS / f"{name}.segment").read_bytes(), json.loads((LOGS / f"{name}.json").read_text())


def rows_of(data):
    """[(offset of the row's key, length of its value)]"""
    rows, at = [], 24 if data[:8] == b"DBKSEGM1" else 72 + 24 * struct.unpack_from("<I", data, 64)[0]
    while True:
        key_len, value_len = struct.unpack_from("<II", data, at)
        if key_len == 0:
            return rows
        rows.append((at + 8, value_len))
        at += 8 + key_len + value_len


def reseal(data):
    """Makes every checksum right again, as a forger would."""
    data = bytearray(data)
    rows = rows_of(data)
    for key_at, value_len in rows:
        row = data[key_at:key_at + 10 + value_len]
        struct.pack_into("<I", data, key_at + 38, verify.crc32c(row[:38] + row[42:]))
    end = len(data) - 56
    data[end + 24:] = verify.sha256(bytes(data[:end]))
    return bytes(data)


class Vectors(unittest.TestCase):
    def test_crc32c_is_castagnolis(self):
        self.assertEqual(verify.crc32c(b"123456789"), 0xE3069283)

    def test_ed25519_agrees_with_rfc_8032(self):
        key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature = bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        self.assertTrue(ed25519.verify(key, b"\x72", signature))
        self.assertFalse(ed25519.verify(key, b"\x73", signature))
        self.assertFalse(ed25519.verify(key, b"\x72", signature[:-1] + b"\x10"))

    def test_the_tree_is_the_recursion_of_the_rfc(self):
        def naive(leaves):
            if not leaves:
                return verify.sha256(b"")
            if len(leaves) == 1:
                return leaves[0]
            k = 1 << (len(leaves) - 1).bit_length() - 1
            return verify.node_hash(naive(leaves[:k]), naive(leaves[k:]))

        leaves = [verify.leaf_hash(bytes([i])) for i in range(130)]
        for size in range(len(leaves) + 1):
            self.assertEqual(verify.root_of(leaves[:size]), naive(leaves[:size]))


class GoldenLogs(unittest.TestCase):
    def test_every_golden_log_leads_to_the_head_beside_it(self):
        names = sorted(path.stem for path in LOGS.glob("*.segment"))
        self.assertTrue(names)
        for name in names:
            data, expected = load(name)
            self.assertEqual(verify.compare(verify.read_segments([data]), expected), [])

    def test_a_wrong_expectation_is_noticed_in_every_field(self):
        data, expected = load("v1")
        history = verify.read_segment(data)
        for name, value in expected.items():
            changed = dict(expected)
            if isinstance(value, int):
                changed[name] = value + 1
            elif isinstance(value, str):
                changed[name] = value[:-1] + ("0" if value[-1] != "0" else "1")
            else:
                changed[name] = json.loads(json.dumps(value))
                changed[name][1]["root"] = "00" * 32
            self.assertNotEqual(verify.compare(history, changed), [], name)


class Branches(unittest.TestCase):
    """v2 is a branch of v1."""

    def setUp(self):
        self.origin, self.branch = load("v1")[0], load("v2")[0]
        self.history = verify.read_segments([self.branch])

    def test_a_branch_shares_the_events_and_nothing_that_names_a_ledger(self):
        origin = verify.read_segments([self.origin])
        ((ledger, position),) = self.history.origins
        self.assertEqual(ledger, origin.ledger)
        self.assertEqual(self.history.leaves[:position], origin.leaves[:position])
        self.assertNotEqual(self.history.ledger, origin.ledger)
        self.assertNotEqual(self.history.chain, origin.chain)

    def test_it_cannot_deny_where_it_comes_from(self):
        for at in (8, 24, 32, 64, 72, 88):   # ledger, first, chain before, number of origins, origin, where it left it
            changed = bytearray(self.branch)
            changed[at] ^= 1
            end = len(changed) - 224
            changed[end + 192:] = verify.sha256(bytes(changed[:end - 8]))
            with self.assertRaises((verify.Damaged, struct.error), msg=at):
                verify.read_segments([bytes(changed)])

    def test_every_byte_of_its_end_counts(self):
        for at in range(len(self.branch) - 232, len(self.branch)):
            changed = bytearray(self.branch)
            changed[at] ^= 1
            with self.assertRaises(verify.Damaged, msg=at):
                verify.read_segments([bytes(changed)])


class Tampering(unittest.TestCase):
    def setUp(self):
        self.data, self.expected = load("v1")
        self.random = random.Random(1)

    def refuse(self, data):
        """It is no segment any more, or leads elsewhere than the signed head says."""
        try:
            history = verify.read_segment(data)
        except verify.Damaged:
            return
        self.assertNotEqual(history.head()["root"], self.expected["root"])

    def test_changed_bytes_are_refused(self):
        for _ in range(60):
            at = self.random.randrange(len(self.data))
            changed = bytearray(self.data)
            changed[at] ^= 1 << self.random.randrange(8)
            with self.assertRaises(verify.Damaged):
                verify.read_segment(bytes(changed))

    def test_cut_files_are_refused(self):
        for _ in range(40):
            with self.assertRaises(verify.Damaged):
                verify.read_segment(self.data[:self.random.randrange(len(self.data))])

    def test_an_event_changed_under_right_checksums_breaks_the_chain(self):
        for key_at, value_len in rows_of(self.data):
            flags = self.data[key_at + 12]
            event_at = key_at + 10 + (80 if flags & 1 else 32) + 16
            changed = bytearray(self.data)
            changed[event_at] ^= 1
            with self.assertRaisesRegex(verify.Damaged, "the chain differs"):
                verify.read_segment(reseal(changed))

    def test_a_chain_or_an_epoch_changed_under_right_checksums_is_refused(self):
        for key_at, _ in rows_of(self.data):
            if self.data[key_at + 12] & 1:
                for offset in (32, 40, 48, 79, 12):
                    changed = bytearray(self.data)
                    changed[key_at + 10 + offset] ^= 1
                    with self.assertRaises(verify.Damaged):
                        verify.read_segment(reseal(changed))

    def test_a_history_of_another_ledger_is_refused(self):
        changed = bytearray(self.data)
        changed[8] ^= 1
        with self.assertRaises(verify.Damaged):
            verify.read_segment(reseal(changed))

    def test_a_shorter_history_leads_elsewhere_than_the_signed_head(self):
        rows = rows_of(self.data)
        for drop in range(1, 6):
            end = rows[-drop][0] - 8
            cut = bytearray(self.data[:end]) + struct.pack("<II", 0, 48) + bytes(48)
            position = struct.unpack_from(">Q", self.data, rows[-drop][0] + 2)[0] - 1
            struct.pack_into("<QQ", cut, len(cut) - 48, position, len(rows) - drop)
            self.refuse(reseal(cut))

    def test_forged_proofs_are_refused(self):
        for case in self.expected["inclusion"]:
            leaf, root = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
            proof = [bytes.fromhex(node) for node in case["proof"]]
            place = (case["position"] - 1, case["size"])
            self.assertTrue(verify.verify_inclusion(leaf, *place, proof, root))
            self.assertFalse(verify.verify_inclusion(root[::-1], *place, proof, root))
            for i in range(len(proof)):
                forged = proof[:i] + [bytes(32)] + proof[i + 1:]
                self.assertFalse(verify.verify_inclusion(leaf, *place, forged, root))


if __name__ == "__main__":
    unittest.main()
