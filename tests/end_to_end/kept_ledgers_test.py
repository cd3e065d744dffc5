"""Every ledger that is kept opens, verifies, tells what it told, and rebuilds to the same hashes.

    python3 kept_ledgers_test.py PROGRAM FOLDER
"""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import kept_ledgers
from daybook import Daybook

PROGRAM, FOLDER = None, None


class KeptLedgers(unittest.TestCase):
    def assertTold(self, expected, actual, where):
        """Everything expected is there; answers may carry more members."""
        if isinstance(expected, dict):
            self.assertIsInstance(actual, dict, where)
            for name, value in expected.items():
                self.assertIn(name, actual, where)
                self.assertTold(value, actual[name], f"{where}/{name}")
        elif isinstance(expected, list):
            self.assertEqual(len(expected), len(actual), where)
            for index, value in enumerate(expected):
                self.assertTold(value, actual[index], f"{where}/{index}")
        else:
            self.assertEqual(expected, actual, where)

    def test_every_one_of_them(self):
        archives = sorted(FOLDER.glob("*.tar.gz"))
        self.assertTrue(archives)
        for archive in archives:
            with self.subTest(archive.name), tempfile.TemporaryDirectory(prefix="daybook-kept-") as folder:
                self.assertLessEqual(archive.stat().st_size, kept_ledgers.BYTES_MAX)
                self.check(archive, Path(folder))

    def check(self, archive, folder):
        expected = json.loads(archive.with_name(archive.name.removesuffix(".tar.gz") + ".json").read_text())
        directory, key = kept_ledgers.unpacked(archive, folder)
        with Daybook(PROGRAM, directory=directory) as ledger:
            verdict = json.loads(ledger.run("replay", "verify", "--data", directory).stdout)
            self.assertEqual(verdict, {"position": expected["position"], "ok": True})
            exported = json.loads(ledger.run("replay", "export", "--data", directory, folder / "all.segment").stdout)
            self.assertEqual(exported, {"position": expected["position"], "root": expected["root"]})
            ledger.start()
            client = ledger.client(key)
            self.assertTold(expected["told"], kept_ledgers.told(client), archive.name)
            client.close()
            self.assertEqual(ledger.stop(), 0)
            views = kept_ledgers.rebuilt(ledger)
            self.assertEqual(views["position"], expected["position"])
            for view in views["projections"]:
                self.assertTrue(view["equal"], view)
                known = expected["views"].get(view["name"])
                if known and known["version"] == view["version"]:
                    self.assertEqual(view["rebuiltHash"], known["hash"],
                                     f"{view['name']} folds otherwise than before under the same version")


if __name__ == "__main__":
    PROGRAM, FOLDER = sys.argv[1], Path(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
