"""Bad input on every route: a problem document with a sentence, the right status, and nothing written.

    python3 bad_input_test.py PROGRAM
"""

import re
import sys
import unittest

from daybook import Client, Daybook
from expect import difference
from people import account, begin, cost, flat, on, person, subscription
from steps import World, event

PROGRAM = None
EVENTS = "application/cloudevents+json"
GOOD = event(1, "UsageRecorded", "2024-03-07", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"}, "//bad")


def usage(**data):
    return {**GOOD, "id": "u-1", "data": {**GOOD["data"], **data}}


def without(value, *names):
    return {name: item for name, item in value.items() if name not in names}


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ledger = cls.enterClassContext(Daybook(PROGRAM))
        keys = {name: cls.ledger.create_key(name, rights) for name, rights in
                (("operator", "admin,ingest,read"), ("meter", "ingest"), ("reader", "read"), ("portal", "act-as"))}
        foreign = cls.ledger.create_key("foreign", "ingest,read", tenant="t-2")
        cls.ledger.start()
        cls.operator, cls.meter, cls.reader, cls.portal = (cls.ledger.client(keys[name]) for name in
                                                           ("operator", "meter", "reader", "portal"))
        cls.foreign = cls.ledger.client(foreign)
        world = World(cls.operator, cls.portal)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02")):
            step(world)
        cls.invoice = cls.operator.get("/invoices").json["items"][0]["invoiceId"]
        cls.routes = cls.operator.request("GET", "/openapi.json").json["paths"]
        cls.position = cls.head()

    @classmethod
    def head(cls):
        return cls.operator.get("/log/head").json["position"]

    def assertProblem(self, answer, status, code, what, pointer=None):
        """A problem document that says, in a sentence and without our insides, what to do."""
        with self.subTest(what):
            self.assertEqual(answer.status, status, answer)
            self.assertEqual(answer.headers["content-type"].split(";")[0], "application/problem+json", answer)
            problem = answer.json
            self.assertEqual(problem["code"], code, answer)
            self.assertEqual(problem["status"], status)
            self.assertEqual(problem["type"], "/problems/" + code.lower().replace("_", "-"))
            self.assertTrue(problem["title"] and problem["requestId"], answer)
            self.assertGreaterEqual(len(problem["detail"].split()), 4, f"no sentence: {answer!r}")
            self.assertIsNone(re.search(r"std::|0x[0-9a-f]{6}|\.cpp|\.h:\d|exception|terminate", answer.body.decode()),
                              f"speaks of our insides: {answer!r}")
            if pointer is not None:
                self.assertIn(pointer, [error["pointer"] for error in problem.get("errors") or []], answer)

    def operations(self):
        """(path with ids filled in, template, method, its description) of all routes under /v1 that need a key."""
        for template, methods in self.routes.items():
            if template.startswith("/v1/") and template != "/v1/provider":
                for method, operation in methods.items():
                    if method in ("get", "post", "put", "patch", "delete"):
                        yield self.concrete(template), template, method.upper(), operation

    def concrete(self, template):
        path = template.replace("{scopeType}", "Subscription").replace("{scopeId}", "sub-01")
        kind = {"accounts": "acc-1", "subscriptions": "sub-01", "invoices": self.invoice}
        path = re.sub(r"/(accounts|subscriptions|invoices)/\{\w+\}", lambda m: f"/{m.group(1)}/{kind[m.group(1)]}", path)
        return re.sub(r"\{\w+\}", "no-such", path)

    def tearDown(self):
        self.assertEqual(self.head(), self.position, "something was written")

    def test_the_description_names_the_routes(self):
        named = {template for _, template, _, _ in self.operations()}
        for path in ("/v1/events", "/v1/events/lookup", "/v1/accounts", "/v1/invoices", "/v1/clock", "/v1/projections",
                     "/v1/log/head", "/v1/missing-invoice"):
            self.assertIn(path, named)

    def test_no_key_a_wrong_key_and_a_mangled_key_look_the_same(self):
        bodies = set()
        for path, template, method, _ in self.operations():
            for name, key in (("none", None), ("wrong", "dbk_" + "a" * 12 + "_" + "b" * 43 + "_00000000"),
                              ("mangled", "x"), ("cut", self.reader.key[:-1])):
                client = Client(self.ledger.address, key)
                bodiless = method in ("GET", "DELETE")
                answer = client.request(method, path, None if bodiless else b"{}", {} if bodiless else {"Content-Type": "application/json"})
                client.close()
                self.assertProblem(answer, 401, "UNAUTHENTICATED", f"{method} {template}, key {name}")
                self.assertIn("www-authenticate", answer.headers)
                bodies.add(re.sub(rb'"requestId":"[^"]*"', b"", answer.body))
        self.assertEqual(len(bodies), 1, bodies)

    def test_a_key_without_the_right_is_refused(self):
        for path, template, method, _ in self.operations():
            if method == "GET":
                self.assertProblem(self.meter.request("GET", path), 403, "FORBIDDEN", f"GET {template} with ingest")
        self.assertProblem(self.reader.post_event(GOOD), 403, "FORBIDDEN", "an event with read")
        self.assertProblem(self.meter.wish("RunInvoicing", {"through": "2024-05-02"}), 403, "FORBIDDEN", "a wish with ingest")
        self.assertProblem(self.portal.get("/accounts"), 403, "FORBIDDEN", "act-as alone is nobody")
        self.assertProblem(self.operator.as_identity("jeroen").get("/accounts"), 403, "FORBIDDEN", "acting without the right")
        self.assertProblem(self.portal.as_identity("jeroen", "t-9").get("/accounts"), 403, "NOT_A_MEMBER", "another tenant")
        # A login is one person's.
        login = event(70, "IdentityLinked", "2024-05-02", {"identityId": "twin", "issuer": "https://login.example", "subject": "subject-jeroen",
                                                           "email": "twin@contoso.example", "tenantId": "t-2"}, "//twins")
        self.assertProblem(self.operator.post_event(login), 409, "ALREADY_EXISTS", "another's login", pointer="/data/subject")
        # Who was never linked is no member of any; without a directory named he is let in and sees nothing.
        self.assertProblem(self.portal.as_identity("never-linked", "t-1").get("/accounts"), 403, "NOT_A_MEMBER", "never linked")
        self.assertEqual(self.portal.as_identity("never-linked").get("/accounts").json["items"], [])
        self.assertProblem(self.portal.as_identity("jeroen").get("/log/head"), 403, "FORBIDDEN", "the log, to a person")

    def test_a_foreign_thing_is_as_one_that_does_not_exist(self):
        for kind, there, absent in (("accounts", "acc-1", "acc-9"), ("subscriptions", "sub-01", "sub-99"),
                                    ("invoices", self.invoice, "E" + "Z" * 9)):
            answers = [self.foreign.get(f"/{kind}/{name}") for name in (there, absent)]
            for answer in answers:
                self.assertProblem(answer, 404, "NOT_FOUND", f"a foreign one of {kind}")
            blank = [re.sub(rb'"requestId":"[^"]*"', b"", answer.body) for answer in answers]
            self.assertEqual(*blank)
        self.assertEqual(self.foreign.get("/invoices").json["items"], [])

    def test_unknown_paths_ids_and_commands_are_not_found(self):
        for path in ("/v1/nothing", "/v1", "/v2/accounts", "/nothing", "/v1/accounts/acc-1/nothing"):
            self.assertProblem(self.operator.request("GET", path), 404, "NOT_FOUND", path)
        for path in ("/v1/accounts/no-such", "/v1/profiles/no-such", "/v1/subscriptions/no-such", "/v1/invoices/no-such",
                     "/v1/subscriptions/no-such/billing-history", "/v1/subscriptions/no-such/usage",
                     "/v1/invoices/no-such/emails", "/v1/missing-invoice?subscriptionId=no-such"):
            self.assertProblem(self.operator.request("GET", path), 404, "NOT_FOUND", path)
        self.assertProblem(self.operator.wish("MakeCoffee", {}), 404, "NOT_FOUND", "an unknown command")

    def test_a_wrong_method_is_told_the_right_ones(self):
        for path, template, method, _ in self.operations():
            if method == "GET" and "post" not in self.routes[template]:
                answer = self.operator.request("PUT", path, b"{}", {"Content-Type": "application/json"})
                self.assertProblem(answer, 405, "METHOD_NOT_SUPPORTED", f"PUT {template}")
                self.assertIn("GET", answer.headers["allow"])

    def test_bad_questions_are_said_to_be_bad(self):
        for path, template, method, operation in self.operations():
            if method != "GET" or template.endswith("/stream"):
                continue
            joint = "&" if "?" in path else "?"
            if "missing-invoice" in path:
                joint, path = "&", path + "?subscriptionId=sub-01"
            for query in ("asOf=yesterday", "asOf=1&asOf=1", "asOf=999999999", "asOf=2999-01-01T00:00:00Z", "asOf=-1",
                          "minPosition=x"):
                self.assertProblem(self.operator.request("GET", f"{path}{joint}{query}"), 400, "BAD_QUERY",
                                   f"GET {template} {query}")
            if any(parameter.get("name") == "limit" for parameter in operation.get("parameters", [])):
                for limit in ("0", "-1", "ten", "1.5", ""):
                    self.assertProblem(self.operator.request("GET", f"{path}{joint}limit={limit}"), 400, "BAD_QUERY",
                                       f"GET {template} limit={limit}")
            if any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", [])):
                self.assertProblem(self.operator.request("GET", f"{path}{joint}cursor=AAAA"), 400, "BAD_CURSOR",
                                   f"GET {template} with a made-up cursor")
        for query in ("status=Late", "from=2024-13-01", "type=Nothing", "documentType=Bill"):
            self.assertProblem(self.operator.request("GET", f"/v1/invoices?{query}"), 400, "BAD_QUERY", query)
        for query in ("granularity=hourly&from=2024-03-01&to=2024-04-01", "groupBy=colour&from=2024-03-01&to=2024-04-01",
                      "from=2024-03-01&to=x"):
            self.assertProblem(self.operator.request("GET", f"/v1/subscriptions/sub-01/usage?{query}"), 400, "BAD_QUERY", query)

    def test_a_question_has_no_body(self):
        answer = self.operator.request("GET", "/v1/accounts", b"{}", {"Content-Type": "application/json"})
        self.assertProblem(answer, 400, "UNEXPECTED_BODY", "GET with a body")

    def test_a_flatbuffers_body_that_cannot_be_read_is_refused_whole(self):
        for what, body in (("no event", b"\4\0\0\0\1\0\0\0"), ("a cut size", b"\4\0"), ("a cut event", b"\4\0\0\0\1"), ("text", b"no FlatBuffers at all")):
            answer = self.operator.request("POST", "/v1/events", body, {"Content-Type": "application/vnd.daybook.events+flatbuffers"})
            self.assertProblem(answer, 400, "MALFORMED_FLATBUFFER", what)

    def test_bad_events_are_refused_with_a_pointer(self):
        for what, body, status, code, pointer in (
            ("no JSON", b"{", 400, "MALFORMED_JSON", None),
            ("nothing", b"", 400, "MALFORMED_JSON", None),
            ("two documents", b"{} {}", 400, "MALFORMED_JSON", None),
            ("no UTF-8", b'{"id":"\xff"}', 400, "MALFORMED_JSON", None),
            ("a member twice", b'{"specversion":"1.0","specversion":"1.0"}', 400, "DUPLICATE_MEMBER", None),
            ("too deep", b'{"data":' * 40 + b"1" + b"}" * 40, 400, "JSON_TOO_DEEP", None),
            ("a list", [], 400, "INVALID_FIELD", None),
            ("no source", without(GOOD, "source"), 400, "INVALID_FIELD", "/source"),
            ("no id", without(GOOD, "id"), 400, "INVALID_FIELD", "/id"),
            ("an empty id", {**GOOD, "id": ""}, 422, "INVALID_STRING", "/id"),
            ("another specversion", {**GOOD, "specversion": "0.3"}, 400, "INVALID_FIELD", "/specversion"),
            ("no data", without(GOOD, "data"), 400, "INVALID_FIELD", "/data"),
            ("an unknown type", {**GOOD, "type": "daybook.UsageImagined"}, 422, "UNKNOWN_EVENT_TYPE", "/type"),
            ("what the ledger decides", {**GOOD, "type": "daybook.InvoicePaid"}, 422, "LEDGER_DECIDES", "/type"),
            ("an unknown member", usage(colour="red"), 400, "INVALID_FIELD", "/data/colour"),
            ("a missing member", {**usage(), "data": without(GOOD["data"], "meterId")}, 400, "INVALID_FIELD", "/data/meterId"),
            ("null for a needed member", usage(meterId=None), 400, "INVALID_FIELD", "/data/meterId"),
            ("a number for a text", usage(meterId=5), 400, "INVALID_FIELD", "/data/meterId"),
            ("an object for a text", usage(meterId={}), 400, "INVALID_FIELD", "/data/meterId"),
            ("a fraction as number", usage(quantity=1.5), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("an exponent as number", b'%s' % str(usage()).replace("'", '"').replace('"1"', "1e2").encode(), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("words for an amount", usage(quantity="ten"), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("a comma", usage(quantity="1,00"), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("digits of another script", usage(quantity="\u0663"), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("no finite number", usage(quantity="Infinity"), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("39 digits", usage(quantity="1" * 39), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("29 places", usage(quantity="0." + "1" * 29), 422, "INVALID_AMOUNT", "/data/quantity"),
            ("a small currency", usage(cost="1", currency="usd"), 422, "INVALID_CURRENCY", "/data/currency"),
            ("no currency", usage(cost="1", currency="XXX"), 422, "INVALID_CURRENCY", "/data/currency"),
            ("30 February", usage(usageDate="2024-02-30"), 422, "INVALID_TIME", "/data/usageDate"),
            ("no time", {**GOOD, "time": "noon"}, 422, "INVALID_TIME", "/time"),
            ("no zone", {**GOOD, "time": "2024-03-07T10:00:00"}, 422, "INVALID_TIME", "/time"),
            ("tomorrow's tomorrow", {**GOOD, "time": "2024-05-04T00:00:01Z"}, 422, "INVALID_TIME", "/time"),
            ("a blank in an identifier", usage(subscriptionId="sub 01"), 422, "INVALID_IDENTIFIER", "/data/subscriptionId"),
            ("a long identifier", usage(subscriptionId="s" * 129), 422, "INVALID_IDENTIFIER", "/data/subscriptionId"),
            ("an unknown charge type", usage(chargeType="Gift"), 400, "INVALID_FIELD", "/data/chargeType"),
        ):
            answer = self.operator.request("POST", "/v1/events", body, {"Content-Type": EVENTS})
            self.assertProblem(answer, status, code, what, pointer)

    def test_events_that_refer_to_nothing_are_refused(self):
        for what, kind, data in (
            ("an account", "SubscriptionCreated", {"subscriptionId": "sub-07", "accountId": "acc-9", "offerId": "MS-AZR-0003P"}),
            ("an invoice", "InvoicePaymentSucceeded", {"invoiceId": "EZZZZZZZZZ", "paymentId": "p-1",
                                                       "amount": {"amount": "1.00", "currency": "EUR"}}),
        ):
            answer = self.operator.post_event(event(2, kind, "2024-03-07", data, "//bad"))
            self.assertProblem(answer, 422, "UNKNOWN_REFERENCE", f"{kind} of no such {what}")
        again = event(3, "SubscriptionCreated", "2024-03-05", {"subscriptionId": "sub-01", "accountId": "acc-1",
                                                               "offerId": "MS-AZR-0003P"}, "//bad")
        self.assertProblem(self.operator.post_event(again), 409, "ALREADY_EXISTS", "a subscription again")

    def test_other_media_are_refused(self):
        for kind in ("text/plain", "application/xml", "application/octet-stream", "multipart/form-data"):
            self.assertProblem(self.operator.request("POST", "/v1/events", GOOD, {"Content-Type": kind}), 415,
                               "UNSUPPORTED_MEDIA_TYPE", kind)
        answer = self.operator.request("POST", "/v1/events", GOOD, {"Content-Type": EVENTS, "Content-Encoding": "gzip"})
        self.assertProblem(answer, 415, "UNSUPPORTED_MEDIA_TYPE", "a compressed body")

    def test_a_bad_event_of_a_batch_is_named_and_an_atomic_batch_is_all_or_nothing(self):
        batch = [usage(quantity="x"), {**GOOD, "id": "u-2"}]
        answer = self.operator.post_events(batch, atomic="true")
        with self.subTest("atomic"):
            self.assertEqual(answer.status, 422, answer)
            self.assertEqual(answer.json["errors"][0]["pointer"], "/0/data/quantity", answer)
        answer = self.operator.post_events([usage(quantity="x")])
        with self.subTest("partial"):
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json["accepted"], 0)
            self.assertIsNone(difference([{"index": 0, "status": "rejected", "code": "INVALID_AMOUNT",
                                           "pointer": "/data/quantity"}], answer.json["results"]))
        for what, body in (("a lone object", b"{}"), ("text", b'"x"')):
            answer = self.operator.request("POST", "/v1/events", body, {"Content-Type": "application/cloudevents-batch+json"})
            self.assertProblem(answer, 400, "INVALID_FIELD", f"{what} for a batch")
        small = '{"specversion":"1.0"}'
        self.assertProblem(self.operator.request("POST", "/v1/events", f"[{','.join([small] * 10_001)}]",
                                                 {"Content-Type": "application/cloudevents-batch+json"}),
                           413, "BODY_TOO_LARGE", "10,001 events")
        self.assertProblem(self.operator.request("POST", "/v1/events", b" " * (8 * 2**20 + 1),
                                                 {"Content-Type": "application/cloudevents-batch+json"}),
                           413, "BODY_TOO_LARGE", "more than 8 MiB")

    def test_bad_look_ups_are_refused(self):
        for what, body in (("an object", {}), ("no source", [{"id": "1"}]), ("another member", [{"source": "a", "id": "1", "x": 1}])):
            answer = self.operator.request("POST", "/v1/events/lookup", body, {"Content-Type": "application/json"})
            self.assertProblem(answer, 400, "INVALID_FIELD", f"lookup of {what}")

    def test_bad_wishes_are_refused(self):
        json_type = {"Content-Type": "application/json"}
        keyed = {**json_type, "Idempotency-Key": "k"}
        commands = [template.rsplit("/", 1)[-1] for _, template, method, _ in self.operations()
                    if method == "POST" and template.startswith("/v1/commands/") and "{" not in template]
        self.assertIn("AdvanceClock", commands)
        for name in commands:
            path = f"/v1/commands/{name}"
            ask = lambda body, headers=keyed: self.operator.request("POST", path, body, headers)
            self.assertProblem(ask({}, json_type), 400, "IDEMPOTENCY_KEY_REQUIRED", f"{name} without a key")
            self.assertProblem(ask({}, {**json_type, "Idempotency-Key": "k" * 256}), 400, "INVALID_IDEMPOTENCY_KEY",
                               f"{name} with a long key")
            self.assertProblem(ask(b"{", keyed), 400, "MALFORMED_JSON", f"{name} with no JSON")
            self.assertProblem(ask([], keyed), 400, "INVALID_FIELD", f"{name} with a list")
            self.assertProblem(ask(b'{"a":1,"a":1}', keyed), 400, "DUPLICATE_MEMBER", f"{name} with a member twice")
            self.assertProblem(ask({"colour": "red"}, keyed), 400, "INVALID_FIELD", f"{name} with an unknown member", "/colour")
            self.assertProblem(ask({}, {**keyed, "Content-Type": "text/plain"}), 415, "UNSUPPORTED_MEDIA_TYPE", f"{name} as text")
        self.assertProblem(self.operator.wish("AdvanceClock", {"to": "2024-05-01T00:00:00Z"}), 422, "CLOCK_NOT_FORWARD", "back in time")
        self.assertProblem(self.operator.wish("AdvanceClock", {"to": "soon"}), 422, "INVALID_TIME", "no time", "/to")
        self.assertProblem(self.operator.wish("AdvanceClock", {}), 400, "INVALID_FIELD", "no goal", "/to")
        self.assertProblem(self.operator.wish("RunInvoicing", {"through": "2024-06-02"}), 422, "CLOCK_BEHIND", "a run of the future")
        self.assertProblem(self.operator.wish("SetInvoiceSharing", {"subscriptionId": "no-such", "on": True}), 404,
                           "NOT_FOUND", "sharing of nothing")
        self.assertProblem(self.operator.wish("SetInvoiceSharing", {"subscriptionId": "sub-01", "on": "yes"}), 400,
                           "INVALID_FIELD", "a word for yes", "/on")
        self.assertProblem(self.operator.wish("RunInvoicing", {"through": "2024-05-02"}, If_Match="x"), 400, "INVALID_FIELD", "If-Match: x")

    def test_every_command_says_what_is_wrong_with_its_fields(self):
        """Each is whole but for one field, and refused for that one."""
        eur = {"amount": "1.00", "currency": "EUR"}
        scope = {"scopeType": "Subscription", "scopeId": "sub-01"}
        exchange = {"reservationId": "r-1", "newReservationId": "r-2", "subscriptionId": "sub-01", "amount": eur,
                    "termMonths": 12, "billingFrequency": "Upfront"}
        whole = {
            "AdvanceClock": {"to": "2024-06-01T00:00:00Z"}, "RunInvoicing": {"through": "2024-05-02"},
            "RunMospInvoicing": {"runDate": "2024-05-02"}, "RunMarketplaceInvoicing": {"runDate": "2024-05-02"},
            "RunProfileInvoicing": {"runDate": "2024-05-02"}, "RunEaInvoicing": {"runDate": "2024-05-02"},
            "EvaluateDunning": {"asOf": "2024-05-02"}, "SetInvoiceSharing": {"subscriptionId": "sub-01", "on": True},
            "AssignRole": {**scope, "role": "Reader", "identityId": "x"},
            "RevokeRole": {**scope, "role": "Reader", "identityId": "x"}, "WithdrawInvitation": {"invitationId": "i-1"},
            "ChangeAccountAdministrator": {"accountId": "acc-1", "identityId": "x"},
            "AcceptEmailTerms": {**scope, "termsVersion": "1"}, "OptInEmailInvoice": scope, "OptOutEmailInvoice": scope,
            "UpdatePreferredEmail": {**scope, "address": "a@b.example"}, "AddEmailRecipient": {**scope, "address": "a@b.example"},
            "RemoveEmailRecipient": {**scope, "address": "a@b.example"}, "DeliverInvoiceEmails": {"invoiceId": self.invoice},
            "PublishEmailTerms": {"termsVersion": "1", "text": {"en": "x"}},
            "PayNow": {"invoiceId": self.invoice, "methodId": "card-9"},
            "SettleBalance": {"accountId": "acc-1", "methodId": "card-9", "amount": eur},
            "AmendInvoice": {"invoiceId": self.invoice, "poNumber": "PO"},
            "VoidInvoice": {"invoiceId": self.invoice, "reason": "x"},
            "IssueCreditNote": {"invoiceId": self.invoice, "amount": eur, "reason": "x"},
            "LockInvoice": {"invoiceId": self.invoice}, "UnlockInvoice": {"invoiceId": self.invoice},
            "ReactivateSubscription": {"subscriptionId": "sub-01"}, "RefundReservation": {"reservationId": "r-1", "amount": eur},
            "ExchangeReservation": exchange, "CancelSupportPlan": {"planId": "plan-1"},
            "SetEnrollmentPolicy": {"enrollmentId": "e-1", "policy": "marketplaceEnabled", "value": True},
            "UpdatePoNumber": {"enrollmentId": "e-1", "period": "2024-03-01", "poNumber": "PO"},
            "SetCustomerCostVisibility": {"customerId": "c-1", "value": True},
            "RequestExport": {**scope, "kind": "UsageV2"}, "UpdateProfile": {"communicationEmail": "a@b.example"},
            "CreateSupportRequest": {"subject": "x", "text": "x"}, "EraseSubject": {"identityId": "x"},
            "SetPolicy": {"policy": "corrections", "value": "note"}, "CreateKey": {"name": "k", "rights": ["read"]},
            "RevokeKey": {"keyId": "k"}, "ApplyConfiguration": {},
        }
        named = {template.rsplit("/", 1)[-1] for _, template, method, _ in self.operations()
                 if method == "POST" and template.startswith("/v1/commands/") and "{" not in template}
        self.assertEqual(named, set(whole), "a command without a row, or a row without a command")
        self.assertProblem(self.operator.wish("ApplyConfiguration", {"policies": [{"policy": "none", "value": True}]}), 400,
                           "INVALID_FIELD", "a configuration with a policy that is none")
        for name, fields in whole.items():
            for field, value in fields.items():
                bad = []
                if isinstance(value, dict) and "currency" in value:
                    bad += [({"amount": "1" * 39, "currency": "EUR"}, 422, "INVALID_AMOUNT"),
                            ({"amount": "1.005", "currency": "EUR"}, 422, "INVALID_AMOUNT"),
                            ({"amount": "1.00", "currency": "XXX"}, 422, "INVALID_CURRENCY"),
                            ("1.00", 400, "INVALID_FIELD")]
                elif field in ("to", "through", "runDate", "asOf", "period"):
                    bad += [("2024-02-30", 422, "INVALID_TIME"), ("soon", 422, "INVALID_TIME")]
                elif field.endswith("Id") and field not in ("scopeId",):
                    bad += [("a b", 422, "INVALID_IDENTIFIER"), ("s" * 129, 422, "INVALID_IDENTIFIER"), (5, 400, "INVALID_FIELD")]
                elif field in ("scopeType", "role", "policy", "kind", "billingFrequency") and name != "SetPolicy":
                    bad += [("Nothing", 400, "INVALID_FIELD")]
                elif isinstance(value, bool):
                    bad += [("yes", 400, "INVALID_FIELD"), (1, 400, "INVALID_FIELD")]
                for wrong, status, code in bad:
                    answer = self.operator.wish(name, {**fields, field: wrong})
                    self.assertProblem(answer, status, code, f"{name} with {field} {wrong!r}")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
