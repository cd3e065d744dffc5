"""Personal values never lie on disk in clear, and after an erasure nothing shows them again.

    python3 erasure_test.py PROGRAM ROW_DUMP

Every personal field that can come in gets a text of its own, found nowhere else. Then every byte of every file is
searched, as it lies there and with the tables of the databases unpacked (ROW_DUMP), for the texts and for the keys that
were destroyed. What is planted as an ordinary field is searched for too and must be found, so that the search is known
to work.
"""

import base64
import json
import secrets
import shutil
import subprocess
import sys
import unittest

from daybook import Daybook
from people import account, begin, cost, flat, member, on, person, profile, subscription
from steps import World, event, fact, wish

PROGRAM = ROW_DUMP = None
SUB_01 = {"scopeType": "Subscription", "scopeId": "sub-01"}
MARK = secrets.token_hex(4)
ORDINARY = f"ordinary-{MARK}"


def planted(name):
    return f"planted-{name}-{MARK}"


def mail(name):
    return f"{planted(name)}@contoso.example"


def address(name):
    """Sealed as a whole, under the key of the account or profile it stands on."""
    return {"companyName": planted(f"{name}-company"), "addressLine1": planted(f"{name}-line1"),
            "addressLine2": planted(f"{name}-line2"), "city": planted(f"{name}-city"), "region": planted(f"{name}-region"),
            "postalCode": planted(f"{name}-postcode"), "country": "NL", "email": mail(f"{name}-email")}


PERSONS = ["jeroen", "jeroen-2", "ria"]  # the e-mails of those who are erased by identity
ADDRESSES = ["preferred", "preferred-2", "kept-recipient", "sofie"]  # erased by address
REMOVED = ["removed-recipient", "opted-out-recipient"]  # erased because they were removed
COMPANIES = ["sold-to", "sold-to-2", "bill-to", "bill-to-2"]  # no command erases these; the disk has no word of them
REFUSED = ["refused-mail", "refused-body", "refused-wish"]

# Facts whose rules may not be written yet (decisions/0007): with them (fields, is it erased by its address). Those that
# the ledger decides itself come in as a copied history.
LATER = {
    "payable": ("AccountsPayableContactAdded", {"profileId": "prof-2", "newValue": mail("payable")}, True),
    "enrollment": ("EnrollmentRegistered", {
        "enrollmentId": "enr-1", "accountId": "acc-3", "startDate": "2024-03-01", "channel": "Direct",
        "billingCycle": "Annual", "recipients": [mail("enrollment")]}, True),
    "enrollment-2": ("EnrollmentRecipientAdded", {
        "enrollmentId": "enr-1", "recipientId": "rec-9", "address": mail("enrollment-2")}, True),
    "invited": ("RoleInvited", {
        "invitationId": "inv-1", "scopeType": "Subscription", "scopeId": "sub-01", "role": "Reader",
        "address": mail("invited"), "expiresOn": "2024-09-01"}, True),
    "communication": ("CommunicationEmailChanged", {"identityId": "ria", "address": mail("communication")}, False),
    "support": ("SupportRequestCreated", {
        "requestId": "req-1", "identityId": "ria", "subject": "help", "text": mail("support")}, False),
}

DOCUMENT = f"%PDF-1.7 {planted('document')}".encode()

EVERY_TEXT = ([planted(name) for name in (*PERSONS, *ADDRESSES, *REMOVED, *REFUSED, *LATER, "document")] +
              [text.split("@")[0] for name in COMPANIES for text in address(name).values() if text != "NL"])


def story():
    return flat(
        begin("2024-02-02", account("2024-02-02", soldTo=address("sold-to")),
              person("jeroen", "2024-02-02", mail("jeroen")), person("ria", "2024-02-02", mail("ria")),
              person("sofie", "2024-02-02", mail("sofie"))),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00"),
           fact("SoldToChanged", "2024-03-05", accountId="acc-1", newValue=address("sold-to-2")),
           fact("EmailChanged", "2024-03-05", identityId="jeroen", email=mail("jeroen-2")),
           wish("AcceptEmailTerms", by="jeroen", termsVersion="2024-01", **SUB_01),
           wish("OptInEmailInvoice", by="jeroen", preferredEmail=mail("preferred"), **SUB_01),
           wish("UpdatePreferredEmail", by="jeroen", address=mail("preferred-2"), **SUB_01),
           wish("AddEmailRecipient", by="jeroen", address=mail("removed-recipient"), **SUB_01),
           account("2024-03-05", "MCA", "acc-2"), profile("prof-2", "2024-03-05", "acc-2", billTo=address("bill-to"), displayName=ORDINARY),
           fact("BillToChanged", "2024-03-05", profileId="prof-2", newValue=address("bill-to-2")),
           member("sub-02", "2024-03-05", "prof-2", "acc-2"), cost("sub-02", "2024-03-05", "7.00")),
        on("2024-05-02",  # invoices and their mails
           wish("RemoveEmailRecipient", by="jeroen", address=mail("removed-recipient"), **SUB_01),
           wish("AddEmailRecipient", by="jeroen", address=mail("opted-out-recipient"), **SUB_01),
           wish("OptOutEmailInvoice", by="jeroen", **SUB_01),
           wish("OptInEmailInvoice", by="jeroen", **SUB_01),
           wish("UpdatePreferredEmail", by="jeroen", address=mail("preferred-2"), **SUB_01),
           wish("AddEmailRecipient", by="jeroen", address=mail("kept-recipient"), **SUB_01)),
        on("2024-06-10", cost("sub-01", "2024-06-10", "1.00")))


class Erasure(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.keys = {name: self.ledger.create_key(name, rights)
                     for name, rights in (("operator", "admin,ingest,read"), ("portal", "act-as"), ("copier", "import,ingest"))}
        self.destroyed = []
        self.by_address, self.shown_before = list(ADDRESSES), [*PERSONS, *ADDRESSES]
        self.start()

    def start(self):
        self.ledger.start()
        self.operator, self.portal = (self.ledger.client(self.keys[name]) for name in ("operator", "portal"))

    def stop(self):
        self.assertEqual(self.ledger.stop(), 0)

    def note_master_key(self):
        """The key that opens all others; it is replaced and destroyed by every erasure."""
        (file,) = (self.ledger.directory / "keys").glob("master-*")
        key = file.read_bytes()[16:48]
        self.assertEqual(len(key), 32)
        if key not in self.destroyed:
            self.destroyed.append(key)

    def files(self):
        """{name: bytes} of the whole directory, and of what the server said."""
        found = {str(path.relative_to(self.ledger.directory)): path.read_bytes()
                 for path in self.ledger.directory.rglob("*") if path.is_file()}
        return found | {"the server's messages": self.ledger.log.read_bytes()}

    def search_disk(self, texts, where):
        files = self.files()
        (key,) = (self.ledger.directory / "keys").glob("master-*")
        present = key.read_bytes()[16:48]
        self.assertEqual([name for name, content in files.items() if present in content], [f"keys/{key.name}"],
                         "the search finds what is there: the key in force")
        for folder in ("log/", "views/", "keys/"):
            self.assertTrue(any(name.startswith(folder) for name in files), f"{where}: nothing of {folder} was searched")
        for name, content in files.items():
            for text in texts:
                self.assertNotIn(text if isinstance(text, bytes) else text.encode(), content, f"{where}: {name}")

    def search_tables(self, texts, where):
        """The server is stopped."""
        dump = subprocess.run([ROW_DUMP, self.ledger.directory], capture_output=True, check=True, timeout=300).stdout
        self.assertGreater(dump.count(ORDINARY.encode()), 1, "the search finds what is there: the event, and its row")
        for text in texts:
            self.assertNotIn(text.encode(), dump, f"{where}: a row of a database")

    def shown(self):
        """All that the operator can read of it."""
        texts = [json.dumps(list(self.operator.pages("/events", limit=1000)))]
        for path in ("/email-preferences/Subscription/sub-01", "/accounts/acc-1", "/accounts/acc-2",
                     "/profiles/prof-2"):
            answer = self.operator.get(path)
            self.assertEqual(answer.status, 200, f"{path}: {answer!r}")
            texts.append(answer.body.decode())
        for item in self.operator.pages("/invoices"):
            for path in (f"/invoices/{item['invoiceId']}", f"/invoices/{item['invoiceId']}/emails"):
                answer = self.operator.get(path)
                self.assertEqual(answer.status, 200, f"{path}: {answer!r}")
                texts.append(answer.body.decode())
        return "\n".join(texts)

    def attach_document(self):
        """A PDF may name people: its bytes are sealed too."""
        invoice = self.operator.get("/invoices").json["items"][0]["invoiceId"]
        answer = self.operator.post_event(event(9100, "TaxDocumentAdded", "2024-06-10", {
            "invoiceId": invoice, "documentId": "doc-1", "number": "TX-1", "country": "NL",
            "content": base64.b64encode(DOCUMENT).decode()}))
        self.assertEqual(answer.status, 201, repr(answer))
        self.assertEqual(self.operator.get("/documents/doc-1").body, DOCUMENT)

    def refuse_some(self):
        """Texts that came in and were not taken."""
        answer = self.operator.post_event(event(9001, "IdentityLinked", "2024-06-10", {
            "identityId": "bad", "issuer": "", "subject": "", "email": mail("refused-mail"), "tenantId": "t-1"}))
        self.assertIn(answer.status, (400, 422), repr(answer))
        body = '{"specversion":"1.0","type":"daybook.EmailChanged","email":"' + mail("refused-body")
        self.assertEqual(self.operator.post_event(body).status, 400)
        answer = self.operator.wish("AddEmailRecipient", {**SUB_01, "scopeId": "no-such", "address": mail("refused-wish")})
        self.assertIn(answer.status, (403, 404, 409, 422), repr(answer))

    def take_what_is_known(self):
        """LATER: what is refused because nothing is known of it must not lie on disk either."""
        copier = self.ledger.client(self.keys["copier"])
        copier.post_event(event(7999, "BillingAccountOpened", "2024-06-10", {
            "accountId": "acc-3", "type": "EA", "country": "NL", "tenantId": "t-1", "currency": "EUR",
            "signedUpBy": "sofie", "createdOn": "2024-03-01"}))
        for number, (name, (kind, data, by_address)) in enumerate(LATER.items()):
            answer = copier.post_event(event(8000 + number, kind, "2024-06-10", data))
            if answer.status == 201:
                self.shown_before.append(name)
                self.by_address += [name] * by_address
            else:
                self.assertEqual(answer.code, "UNKNOWN_EVENT_TYPE", f"{kind}: {answer!r}")

    def assert_erased(self, where):
        shown = self.shown()
        for name in (*self.shown_before, *REMOVED):
            self.assertNotIn(mail(name), shown, where)
        for name in COMPANIES:  # in force or in the past, these can be read by who may
            self.assertIn(planted(f"{name}-company"), shown, where)

    def erase_all(self):
        for name in ("jeroen", "ria"):
            self.note_master_key()
            answer = self.operator.wish("EraseSubject", {"identityId": name}, idempotency_key=f"erase-{name}")
            self.assertEqual((answer.status, answer.json["eventCount"]), (200, 1), repr(answer))
        for name in self.by_address:
            self.note_master_key()
            answer = self.operator.wish("EraseSubject", {"address": mail(name).upper()}, idempotency_key=f"erase-{name}")
            self.assertEqual(answer.status, 200, repr(answer))
            self.assertGreaterEqual(answer.json["eventCount"], 1, f"{name}: {answer!r}")

    def test_planted_texts(self):
        first = event(7001, "IdentityLinked", "2024-02-02", {
            "identityId": "ria", "issuer": "https://login.example", "subject": "subject-ria", "email": mail("ria"),
            "tenantId": "t-2"})
        world = World(self.operator, self.portal)
        for step in story():
            self.note_master_key()
            step(world)
        first_receipt = self.operator.post_event(first)
        self.assertEqual(first_receipt.status, 201, repr(first_receipt))
        self.take_what_is_known()
        self.attach_document()
        self.refuse_some()
        shown = self.shown()
        for name in self.shown_before:
            self.assertIn(mail(name), shown, "before the erasure it can be read")
        for name in REMOVED:
            self.assertNotIn(mail(name), shown)
        self.search_disk(EVERY_TEXT, "before the erasure")
        positions = self.operator.get("/invoices").json["total"]
        self.assertGreater(positions, 0)

        self.erase_all()
        self.assertGreater(len(self.destroyed), len(ADDRESSES) + len(REMOVED))
        self.assert_erased("after the erasure")
        self.search_disk([*EVERY_TEXT, *self.destroyed], "after the erasure")

        again = self.operator.post_event(first)
        self.assertEqual(again.status, 200, repr(again))
        self.assertEqual(again.json["position"], first_receipt.json["position"])
        answer = self.operator.wish("EraseSubject", {"identityId": "ria"}, idempotency_key="erase-ria")
        self.assertEqual((answer.status, answer.json["eventCount"]), (200, 1), "the first answer again")
        self.stop()
        self.assert_sound("after the erasure")

        self.start()
        self.assert_erased("after a restart")
        self.stop()
        shutil.rmtree(self.ledger.directory / "views")
        self.start()
        self.assert_erased("with views made again")
        self.assertEqual(self.operator.get("/invoices").json["total"], positions)
        self.stop()
        self.assert_sound("with views made again")

    def assert_sound(self, where):
        verified = json.loads(self.ledger.run("replay", "verify", "--data", self.ledger.directory).stdout)
        self.assertIs(verified["ok"], True, where)
        rebuilt = json.loads(self.ledger.run("replay", "rebuild", "--data", self.ledger.directory).stdout)
        self.assertTrue(rebuilt["projections"])
        for view in rebuilt["projections"]:
            self.assertIs(view["equal"], True, f"{where}: {view}")
        self.search_tables(EVERY_TEXT, where)
        self.search_disk([*EVERY_TEXT, *self.destroyed], where)


if __name__ == "__main__":
    PROGRAM, ROW_DUMP = sys.argv[1], sys.argv[2]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
