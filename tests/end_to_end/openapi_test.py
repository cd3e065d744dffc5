"""/openapi.json describes what the server answers, and the repository holds it as it is.

    openapi_test.py DAYBOOK COPY

COPY is schemas/openapi.json. That answers are as the document says is tested with every question of the scenarios (steps.see).
"""

import json
import sys
import tempfile
import unittest
from pathlib import Path

from daybook import Daybook

# Answers of which the document says no more than that they are objects: what each is stands in the pages of docs/reference.
FREE = {"/openapi.json", "/v1/events", "/v1/log/head", "/v1/accounts/{id}/proof", "/v1/invoices/{id}/proof", "/v1/jobs/{jobId}",
        "/v1/log/keys", "/v1/log/proof", "/v1/projections"}


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        ledger = Daybook(sys.argv[1], directory=Path(cls.folder) / "ledger")
        ledger.start()
        cls.addClassCleanup(ledger.kill)
        cls.body = ledger.client(None).request("GET", "/openapi.json").body
        cls.document = json.loads(cls.body)

    def test_the_copy_is_the_document(self):
        copy = Path(sys.argv[2])
        self.assertEqual(copy.read_bytes(), self.body,
                         f"{copy} is of another program: daybook serve, then curl /openapi.json > schemas/openapi.json")

    def test_every_reference_leads_somewhere(self):
        schemas = self.document["components"]["schemas"]
        for name in references(self.document):
            self.assertIn(name.removeprefix("#/components/schemas/"), schemas)

    def test_every_question_says_what_its_answer_is(self):
        bare = [path for path, operations in self.document["paths"].items()
                for answer in [operations.get("get", {}).get("responses", {}).get("200")] if answer
                for media, told in answer["content"].items()
                if media == "application/json" and told["schema"] == {"type": "object"}]
        self.assertEqual(set(bare), FREE)


def references(part):
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for member in part.values():
            yield from references(member)
    elif isinstance(part, list):
        for item in part:
            yield from references(item)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
