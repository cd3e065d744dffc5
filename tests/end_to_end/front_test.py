"""The front beyond questions and facts: reasons of refusals, long commands as jobs, the log by account, and
the person who asks.

    front_test.py PROGRAM
"""

import json
import sys
import time
import unittest

from daybook import ANSWER_SECONDS, Daybook
from people import account, begin, cost, flat, on, subscription
from served import Server, usage
from steps import World, event


class Reasons(Server):
    def test_questions_say_why_not(self):
        piet, mia = self.portal.as_identity("piet"), self.portal.as_identity("mia")
        answer = piet.get("/subscriptions/sub-01/billing-history")
        self.assertRefused(answer, 403, "NO_PERMISSION")
        self.assertEqual(answer.json["reason"], "NO_PERMISSION_NOT_AA")
        answer = mia.get("/profiles/prof-1/pending-charges")
        self.assertRefused(answer, 403, "NO_PERMISSION")
        self.assertEqual(answer.json["reason"], "NO_PERMISSION_MCA")

    def test_commands_say_why_not(self):
        answer = self.portal.as_identity("piet").wish("AssignRole", {"scopeType": "Subscription", "scopeId": "sub-01",
                                                                     "role": "Reader", "identityId": "piet"})
        self.assertRefused(answer, 403, "NO_PERMISSION")
        self.assertEqual(answer.json["reason"], "NO_PERMISSION_NOT_AA")
        answer = self.portal.as_identity("mia").wish("AssignRole", {"scopeType": "Profile", "scopeId": "prof-1",
                                                                    "role": "Reader", "identityId": "mia"})
        self.assertRefused(answer, 403, "NO_PERMISSION")
        self.assertEqual(answer.json["reason"], "NO_PERMISSION_MCA")

    def test_other_refusals_have_none(self):
        self.assertNotIn("reason", self.operator.get("/accounts/no-such").json)


class Jobs(Server):
    def ended(self, client, location):
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            answer = client.request("GET", location)
            self.assertEqual(answer.status, 200, answer)
            if answer.json["state"] not in ("Queued", "Running"):
                return answer.json
        self.fail(f"{location} does not end: {answer}")

    def test_a_long_command_runs_on(self):
        for preference in ("respond-async", "wait=1, Respond-Async; x=1"):
            answer = self.operator.wish("EvaluateDunning", {"asOf": "2024-05-02"}, Prefer=preference)
            self.assertEqual(answer.status, 202, answer)
            self.assertEqual(answer.headers["preference-applied"], "respond-async")
            self.assertEqual(answer.headers["location"], f"/v1/jobs/{answer.json['jobId']}")
            job = self.ended(self.operator, answer.headers["location"])
            self.assertEqual(job["state"], "Done", job)
            self.assertEqual(set(job), {"jobId", "state", "done", "total", "result"})
            self.assertEqual(set(job["result"]), {"position", "events", "eventCount", "eventCounts", "alarms"})

    def test_its_result_is_the_answer(self):
        to = {"to": "2024-06-06T00:00:00Z"}
        self.operator.post_event(usage(1, day="2024-04-06"))
        answer = self.operator.wish("AdvanceClock", to, "advance-1", Prefer="respond-async")
        self.assertEqual(answer.status, 202, answer)
        job = self.ended(self.operator, answer.headers["location"])
        self.assertEqual(job["state"], "Done", job)
        self.assertEqual(job["result"]["events"][-1]["type"], "daybook.ClockAdvanced")
        self.assertEqual(self.operator.get("/clock").json["now"], to["to"])
        again = self.operator.wish("AdvanceClock", to, "advance-1", Prefer="respond-async")
        self.assertEqual((again.status, again.json), (202, job), "the same request, the same job")
        self.assertEqual((answer.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")), (None, "true"))
        waited = self.operator.wish("AdvanceClock", to, "advance-1")
        self.assertEqual((waited.status, waited.headers["idempotency-replayed"]), (200, "true"))
        self.assertEqual(waited.json["events"], job["result"]["events"])
        other = self.operator.wish("AdvanceClock", {"to": "2024-06-07T00:00:00Z"}, "advance-1", Prefer="respond-async")
        self.assertRefused(other, 422, "IDEMPOTENCY_KEY_REUSED")

    def test_a_refused_one_has_failed(self):
        answer = self.operator.wish("RunInvoicing", {"through": "2030-01-01"}, Prefer="respond-async")
        self.assertEqual(answer.status, 202, answer)
        job = self.ended(self.operator, answer.headers["location"])
        self.assertEqual((job["state"], job["result"]["code"]), ("Failed", "CLOCK_BEHIND"), job)
        self.assertTrue(job["result"]["detail"] and job["result"]["requestId"])

    def test_what_is_wrong_with_the_request_is_said_at_once(self):
        self.assertRefused(self.operator.wish("RunInvoicing", {"through": "soon"}, Prefer="respond-async"), 422, "INVALID_TIME")
        self.assertRefused(self.operator.wish("RunInvoicing", {}, Prefer="respond-async"), 400, "INVALID_FIELD")
        self.assertRefused(self.reader.wish("RunInvoicing", {"through": "2024-05-02"}, Prefer="respond-async"), 403, "FORBIDDEN")

    def test_short_commands_do_not_become_jobs(self):
        answer = self.operator.wish("SetInvoiceSharing", {"subscriptionId": "sub-01", "on": False}, Prefer="respond-async")
        self.assertEqual(answer.status, 200, answer)
        answer = self.operator.wish("EvaluateDunning", {"asOf": "2024-05-02"}, Prefer="handling=lenient, respond-asynchronously")
        self.assertEqual(answer.status, 200, answer)

    def test_a_foreign_job_is_not_there(self):
        location = self.operator.wish("EvaluateDunning", {"asOf": "2024-05-02"}, Prefer="respond-async").headers["location"]
        for client in (self.second, self.reader, self.portal.as_identity("jeroen")):
            self.assertRefused(client.request("GET", location), 404, "NOT_FOUND")
        self.assertRefused(self.operator.get("/jobs/no-such"), 404, "NOT_FOUND")


class Totals(Server):
    def test_pages_and_total_agree_whatever_comes_meanwhile(self):
        self.operator.post_event(usage(70, day="2024-05-06"))
        self.assertEqual(self.operator.wish("AdvanceClock", {"to": "2024-07-06T00:00:00Z"}).status, 200)
        first = self.operator.get("/invoices", limit=1).json
        self.assertGreaterEqual(first["total"], 2)
        self.assertEqual(self.operator.post_event(usage(71)).status, 201)
        pages, cursor = [first], first["nextCursor"]
        while cursor:
            pages.append(self.operator.get("/invoices", limit=1, cursor=cursor).json)
            cursor = pages[-1]["nextCursor"]
        self.assertEqual({page["total"] for page in pages}, {len(pages)})


class ByAccount(Server):
    def test_each_event_stands_with_its_account(self):
        items = list(self.operator.pages("/events"))
        streams = {name: {f"{item['streamType']}:{item['streamId']}" for item in self.operator.pages("/events", account=name)}
                   for name in ("acc-1", "acc-2")}
        self.assertEqual(streams["acc-1"], {"BillingAccount:acc-1", "Subscription:sub-01", "UsageLedger:sub-01",
                                            "AccessPolicy:Subscription:sub-01", f"Invoice:{self.invoice}"})
        self.assertLessEqual({"BillingAccount:acc-2", "Subscription:sub-02", "BillingProfile:prof-1",
                              "InvoiceSection:prof-1-section", "AccessPolicy:Section:prof-1-section"}, streams["acc-2"])
        self.assertTrue(streams["acc-1"].isdisjoint(streams["acc-2"]))
        for name, wanted in streams.items():
            self.assertEqual([item["position"] for item in items if f"{item['streamType']}:{item['streamId']}" in wanted],
                             [item["position"] for item in self.operator.pages("/events", account=name)])

    def test_what_its_data_names_is_its_too(self):
        answer = self.operator.post_event(event(7, "TaxRateChanged", "2024-05-01", {
            "country": "NL", "name": "VAT", "ratePercent": "0", "effectiveOn": "2024-06-01", "accountId": "acc-2",
            "treatment": "Exempt"}, "//front"))
        self.assertEqual(answer.status, 201, answer)
        position = answer.json["position"]
        self.assertIn(position, [item["position"] for item in self.operator.pages("/events", account="acc-2")])
        self.assertNotIn(position, [item["position"] for item in self.operator.pages("/events", account="acc-1")])

    def test_pages_are_the_list(self):
        whole = self.operator.get("/events", account="acc-1", limit=1000).json
        self.assertIsNone(whole["nextCursor"])
        self.assertGreater(len(whole["items"]), 5)
        for limit in (1, 2, 3, len(whole["items"]) - 1, len(whole["items"])):
            self.assertEqual(list(self.operator.pages("/events", account="acc-1", limit=limit)), whole["items"])
        typed = list(self.operator.pages("/events", account="acc-1", type="UsageRecorded", limit=1))
        self.assertEqual(typed, [item for item in whole["items"] if item["type"] == "daybook.UsageRecorded"])

    def test_pages_end_where_they_began(self):
        first = self.operator.get("/events", limit=2).json
        self.assertEqual(self.operator.post_event(usage(50)).status, 201)
        items, cursor = first["items"], first["nextCursor"]
        position = self.operator.get("/events", limit=2, cursor=cursor).position
        while cursor:
            page = self.operator.get("/events", limit=100, cursor=cursor)
            self.assertEqual(page.status, 200, page)
            items, cursor = items + page.json["items"], page.json["nextCursor"]
        self.assertEqual(items[-1]["position"], position)
        self.assertLess(position, self.operator.get("/log/head").json["position"])

    def test_lists_that_are_short_by_nature_have_pages_too(self):
        for number in range(3):
            granted = event(60 + number, "CreditGranted", "2024-05-01", {
                "scopeType": "Profile", "scopeId": "prof-1", "lotId": f"lot-{number}", "source": "Promotional",
                "amount": {"amount": "5.00", "currency": "EUR"}, "startOn": "2024-05-01"}, "//front")
            self.assertEqual(self.operator.post_event(granted).status, 201, granted)
        whole = self.operator.get("/profiles/prof-1/credits").json
        self.assertEqual((len(whole["items"]), whole["nextCursor"]), (3, None))
        for limit in (1, 2, 3):
            first = self.operator.get("/profiles/prof-1/credits", limit=limit).json
            self.assertEqual({**first, "items": [], "nextCursor": None}, {**whole, "items": []})
            self.assertEqual(list(self.operator.pages("/profiles/prof-1/credits", limit=limit)), whole["items"])
        for path in ("/alarms", f"/invoices/{self.invoice}/emails", f"/invoices/{self.invoice}/notices"):
            self.assertEqual(list(self.operator.pages(path, limit=1)), self.operator.get(path).json["items"])
            self.assertRefused(self.operator.get(path, limit=0), 400, "BAD_QUERY")

    def test_a_cursor_is_of_one_question(self):
        cursor = self.operator.get("/events", account="acc-1", limit=1).json["nextCursor"]
        for query in ({"account": "acc-2"}, {}, {"account": "acc-1", "type": "UsageRecorded"}):
            self.assertRefused(self.operator.get("/events", cursor=cursor, limit=1, **query), 400, "BAD_CURSOR")
        self.assertRefused(self.reader.get("/events", cursor=cursor, limit=1, account="acc-1"), 400, "BAD_CURSOR")
        self.assertRefused(self.operator.get("/events", cursor="7"), 400, "BAD_CURSOR")

    def test_bad_filters(self):
        self.assertRefused(self.operator.get("/events", account="acc-9"), 404, "NOT_FOUND")
        self.assertRefused(self.operator.get("/events", account="an account"), 400, "BAD_QUERY")
        self.assertRefused(self.operator.get("/events?account="), 400, "BAD_QUERY")

    def test_the_log_is_not_for_keys_of_one_tenant(self):
        for path in ("/events", "/log/head", "/log/proof?position=1&size=1", "/projections", "/unmatched-usage", "/policies"):
            self.assertRefused(self.foreign.get(path), 403, "FORBIDDEN")


class Person(Server):
    def make_key(self, client, **fields):
        answer = client.wish("CreateKey", {"name": "laptop", "rights": [], **fields})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_me(self):
        me = self.portal.as_identity("jeroen").get("/me")
        self.assertEqual(me.json, {"identityId": "jeroen", "email": "jeroen@contoso.example",
                                   "communicationEmail": "jeroen@contoso.example", "language": None, "tenants": ["t-1"],
                                   "activeTenant": "t-1", "keys": me.json["keys"]})
        self.assertRefused(self.operator.get("/me"), 404, "NOT_FOUND")
        never = self.portal.as_identity("nobody-yet").get("/me").json
        self.assertEqual((never["email"], never["tenants"], never["activeTenant"]), (None, [], None))

    def test_a_login_is_one_persons(self):
        def link(number, identity, tenant, subject="login-1"):
            return event(number, "IdentityLinked", "2024-05-02", {"identityId": identity, "issuer": "https://login.example", "subject": subject,
                                                                  "email": f"{identity}@contoso.example", "tenantId": tenant}, "//logins")
        answer = self.operator.post_events([link(1, "ida", "t-1"), link(2, "ivo", "t-1"), link(3, "ida", "t-2"), link(4, "ivo", "t-1", "login-2")], results="all")
        self.assertEqual([item["status"] for item in answer.json["results"]], ["accepted", "rejected", "accepted", "accepted"], answer)
        self.assertEqual([(item["code"], item["pointer"]) for item in answer.json["results"] if item["status"] == "rejected"],
                         [("ALREADY_EXISTS", "/data/subject")])
        self.assertEqual(self.portal.as_identity("ida").get("/me").json["tenants"], ["t-1", "t-2"])
        self.assertRefused(self.operator.post_event(link(5, "ine", "t-3")), 409, "ALREADY_EXISTS")
        # Who was erased has no login any more.
        self.assertEqual(self.operator.wish("EraseSubject", {"identityId": "ida"}).status, 200)
        self.assertEqual(self.operator.post_event(link(6, "ine", "t-3")).status, 201)

    def test_a_key_of_a_person_has_his_access_and_nothing_else(self):
        made = self.make_key(self.operator, identityId="jeroen", expiresOn="2024-12-31")
        jeroen = self.ledger.client(made["key"])
        shown = {"keyId": made["keyId"], "name": "laptop", "expiresOn": "2024-12-31"}
        self.assertIn({**shown, "lastUsedOn": None}, self.portal.as_identity("jeroen").get("/me").json["keys"])
        self.assertEqual(jeroen.get(f"/invoices/{self.invoice}").status, 200)
        today = self.operator.get("/clock").json["now"][:10]
        self.assertIn({**shown, "lastUsedOn": today}, self.portal.as_identity("jeroen").get("/me").json["keys"])
        self.assertEqual(jeroen.get("/me").json["identityId"], "jeroen")
        self.assertRefused(jeroen.post_event(usage(60)), 403, "FORBIDDEN")
        self.assertRefused(jeroen.get("/log/head"), 403, "FORBIDDEN")
        self.assertRefused(jeroen.wish("EvaluateDunning", {"asOf": "2024-05-02"}), 403, "FORBIDDEN")
        self.assertRefused(jeroen.as_identity("piet").get("/me"), 403, "FORBIDDEN")

    def test_a_person_makes_and_revokes_his_own(self):
        piet = self.portal.as_identity("piet")
        made = self.make_key(piet)
        own = self.ledger.client(made["key"])
        self.assertEqual(own.get("/me").json["identityId"], "piet")
        self.assertRefused(piet.wish("CreateKey", {"name": "x", "rights": [], "identityId": "jeroen"}), 403, "FORBIDDEN")
        self.assertRefused(piet.wish("CreateKey", {"name": "x", "rights": ["admin"]}), 403, "FORBIDDEN")
        self.assertRefused(self.portal.as_identity("jeroen").wish("RevokeKey", {"keyId": made["keyId"]}), 404, "NOT_FOUND")
        self.assertEqual(piet.wish("RevokeKey", {"keyId": made["keyId"]}).status, 200)
        self.assertRefused(own.get("/me"), 401, "UNAUTHENTICATED")
        self.assertEqual(piet.get("/me").json["keys"], [])

    def test_an_expired_key_opens_nothing(self):
        today = self.operator.get("/clock").json["now"][:10]
        key = self.make_key(self.operator, rights=["read"], expiresOn=today)["key"]
        self.assertRefused(self.ledger.client(key).get("/accounts"), 401, "UNAUTHENTICATED")
        key = self.make_key(self.operator, rights=["read"], expiresOn="2999-01-01")["key"]
        self.assertEqual(self.ledger.client(key).get("/accounts").status, 200)


class JobsEnd(unittest.TestCase):
    def test_a_long_command_gives_up_when_the_server_stops_and_goes_on_later(self):
        with Daybook(Server.program) as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            ledger.start()
            operator = ledger.client(key)
            world = World(operator, operator)
            for step in flat(begin("2024-02-02", account("2024-02-02")),
                             on("2024-03-05", *[subscription(f"sub-{n:02}", "2024-03-05") for n in range(10)],
                                cost("sub-01", "2024-03-05", "40.00"))):
                step(world)
            location = operator.wish("AdvanceClock", {"to": "2090-01-01T00:00:00Z"}, "far", Prefer="respond-async").headers["location"]
            waiting = operator.wish("EvaluateDunning", {"asOf": "2024-03-05"}, Prefer="respond-async").json
            deadline, job = time.monotonic() + ANSWER_SECONDS, {"done": 0}
            while job["done"] < 3 and time.monotonic() < deadline:
                job = operator.request("GET", location).json
            self.assertEqual((job["state"], waiting["state"]), ("Running", "Queued"), job)
            begun = time.monotonic()
            operator.close()
            self.assertEqual(ledger.stop(), 0)
            self.assertLess(time.monotonic() - begun, 8, "it did not wait for the end of the command")

            ledger.start()
            operator = ledger.client(key)
            self.assertEqual(operator.request("GET", location).status, 404)
            now = operator.get("/clock").json["now"]
            self.assertTrue("2024-03-05" < now < "2090-01-01", now)
            day = f"{int(now[:4]) + 1}-01-01T00:00:00Z"
            answer = operator.wish("AdvanceClock", {"to": day}, "far")  # cut off, it has bound nothing
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(operator.get("/clock").json["now"], day)
            closed = [(item["streamId"], json.dumps(item["data"]["period"])) for item in operator.pages("/events", limit=1000)
                      if item["type"].startswith("daybook.PeriodClosed")]
            self.assertTrue(closed)
            self.assertEqual(len(closed), len(set(closed)), "no period twice")
            operator.close()


if __name__ == "__main__":
    Server.program = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
