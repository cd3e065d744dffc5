"""What looks nearly right is not taken for right: parameters that would mean nothing, filters that name nothing, texts
that are none, days of another century. Each refusal says, in whole sentences, what to do.

    refusals_test.py PROGRAM
"""

import itertools
import json
import sys
import unittest

from served import Server, usage
from steps import event

NUMBERS = itertools.count(1)
JSON = {"Content-Type": "application/json"}
EUR = {"amount": "1.00", "currency": "EUR"}
ADDRESS = {"companyName": "Contoso BV", "country": "NL"}


def fact(kind, **data):
    return event(next(NUMBERS), kind, "2024-03-06", data, "//refusals")


class Refusals(Server):
    def setUp(self):
        self.position = self.head()

    def head(self):
        return self.operator.get("/log/head").json["position"]

    def refused(self, answer, status, code, pointer=None):
        """A refusal that wrote nothing; its sentence."""
        with self.subTest(f"{status} {code} {pointer or ''}"):
            self.assertEqual((answer.status, answer.code), (status, code), answer)
            detail = answer.json["detail"]
            self.assertRegex(detail, r"^([A-Z/`]|[a-z]+[A-Z]|[a-z]+ (is|has|comes|names|lacks|lies) )", "no sentence")
            self.assertTrue(detail.endswith("."), detail)
            if pointer is not None:
                self.assertEqual([error["pointer"] for error in answer.json["errors"]], [pointer], answer)
            self.assertEqual(self.head(), self.position, "something was written")
            return detail

    # Questions

    def test_views_are_told_as_they_stand(self):
        detail = self.refused(self.operator.get("/projections", asOf=1), 400, "BAD_QUERY")
        self.assertIn("'asOf'", detail)
        self.assertEqual(self.operator.get("/projections", minPosition=1).status, 200)

    def test_a_filter_that_names_nothing_is_not_found(self):
        for path in ("/subscriptions?accountId=%s", "/subscriptions?profileId=%s", "/profiles?accountId=%s",
                     "/alarms?invoiceId=%s", "/events?account=%s", "/events?stream=Subscription:%s",
                     "/invoices?accountId=%s", "/invoices?subscriptionId=%s", "/invoices?profileId=%s",
                     "/invoices?accountId=%s&subscriptionId=sub-01", "/subscriptions?accountId=%s&profileId=prof-1"):
            with self.subTest(path):
                self.refused(self.operator.get(path % "no-such"), 404, "NOT_FOUND")
        for path in ("/subscriptions?accountId=", "/subscriptions?profileId=", "/profiles?accountId=", "/alarms?invoiceId=",
                     "/events?account=", "/events?stream=Subscription:", "/events?stream=", "/events?type=",
                     "/invoices?accountId=", "/invoices?subscriptionId=", "/invoices?status=", "/missing-invoice?subscriptionId=",
                     "/missing-invoice?subscriptionId=&profileId=prof-1", "/missing-invoice?invoiceId=a%20b"):
            with self.subTest(path):
                self.refused(self.operator.get(path), 400, "BAD_QUERY")

    def test_a_foreign_filter_is_as_one_that_names_nothing(self):
        for path, there in (("/subscriptions?accountId=", "acc-1"), ("/subscriptions?profileId=", "prof-1"),
                            ("/profiles?accountId=", "acc-2"), ("/invoices?subscriptionId=", "sub-01")):
            answers = [self.foreign.get(path + name) for name in (there, "no-such")]
            for answer in answers:
                self.refused(answer, 404, "NOT_FOUND")
            self.assertEqual(*({**answer.json, "requestId": None} for answer in answers))
            self.assertEqual(self.operator.get(path + there).status, 200)
        self.refused(self.portal.as_identity("mia").get("/profiles", accountId="acc-1"), 404, "NOT_FOUND")
        self.assertEqual(self.portal.as_identity("mia").get("/subscriptions", accountId="acc-2").status, 200)

    def test_a_limit_says_its_range(self):
        for limit in ("0", "00", "-1", "1e9", ""):
            self.assertIn("from 1 to 1000", self.refused(self.operator.get(f"/events?limit={limit}"), 400, "BAD_QUERY"))
        for limit in ("1001", "1000000000", "9" * 30):
            self.assertEqual(self.operator.get(f"/events?limit={limit}").status, 200, limit)

    def test_nothing_is_grouped_by_nothing(self):
        for names in ("", "meterId,", ",meterId", "meterId,,region"):
            self.refused(self.operator.get("/subscriptions/sub-01/usage", groupBy=names), 400, "BAD_QUERY")

    def test_a_period_lies_in_the_years_that_are_kept(self):
        for path in ("/subscriptions/sub-01/statement", "/missing-invoice?subscriptionId=sub-01"):
            for day in ("9999-12-31", "2200-01-01", "1969-12-31", "0001-01-01"):
                self.assertIn("1970-01-01 to 2199-12-31",
                              self.refused(self.operator.get(path, period=day), 400, "BAD_QUERY"))

    # Facts

    def post(self, **event_members):
        return self.operator.post_event({**usage(next(NUMBERS)), "source": "//refusals", **event_members})

    def test_days_that_no_ledger_keeps(self):
        data = usage(1)["data"]
        for day in ("9999-12-31", "2200-01-01", "1969-12-31", "0001-01-01"):
            self.refused(self.post(data={**data, "usageDate": day}), 422, "INVALID_TIME", "/data/usageDate")
        self.refused(self.post(time="0001-01-01T00:00:00Z"), 422, "INVALID_TIME", "/time")
        self.refused(self.post(time="1969-12-31T23:59:59Z"), 422, "INVALID_TIME", "/time")
        opened = {"accountId": "acc-9", "type": "MOSP", "country": "NL", "tenantId": "t-1", "currency": "EUR",
                  "signedUpBy": "jeroen", "createdOn": "2299-01-01"}
        self.refused(self.operator.post_event(fact("BillingAccountOpened", **opened)), 422, "INVALID_TIME", "/data/createdOn")
        price = {"meterId": "vm", "currency": "EUR", "unitPrice": "1", "effectiveOn": "2024-13-01"}
        self.refused(self.operator.post_event(fact("PriceChanged", **price)), 422, "INVALID_TIME", "/data/effectiveOn")
        many = self.operator.post_events([{**usage(next(NUMBERS)), "data": {**data, "usageDate": "9999-12-31"}}])
        self.assertEqual((many.json["results"][0]["code"], many.json["results"][0]["pointer"]), ("INVALID_TIME", "/data/usageDate"))

    def test_texts_that_are_none(self):
        data = usage(1)["data"]
        self.refused(self.post(data={**data, "usageId": ""}), 422, "INVALID_STRING", "/data/usageId")
        self.refused(self.post(subject=""), 422, "INVALID_STRING", "/subject")
        self.refused(self.post(dataschema=""), 422, "INVALID_STRING", "/dataschema")
        opened = {"accountId": "acc-9", "type": "MOSP", "country": "NL", "tenantId": "t-1", "currency": "EUR",
                  "signedUpBy": "jeroen", "soldTo": {**ADDRESS, "email": "x"}}
        self.refused(self.operator.post_event(fact("BillingAccountOpened", **opened)), 422, "INVALID_EMAIL", "/data/soldTo/email")
        self.refused(self.operator.post_event(fact("SoldToChanged", accountId="acc-1", newValue={**ADDRESS, "email": "x"})),
                     422, "INVALID_EMAIL", "/data/newValue/email")
        self.refused(self.operator.post_event(fact("BillToChanged", profileId="prof-1", newValue={**ADDRESS, "email": "x"})),
                     422, "INVALID_EMAIL", "/data/newValue/email")

    def test_a_name_that_is_none_of_a_list_is_told_the_list(self):
        data = usage(1)["data"]
        for wrong in ("Gift", "", 5, []):
            answer = self.post(data={**data, "chargeType": wrong})
            self.assertIn("Usage, ", self.refused(answer, 400, "INVALID_FIELD", "/data/chargeType"))

    def binary(self, headers, body=b'{"subscriptionId":"sub-01","meterId":"vm","quantity":"1"}'):
        context = {"ce-specversion": "1.0", "ce-type": "daybook.UsageRecorded", "ce-source": "//binary",
                   "ce-id": f"b-{next(NUMBERS)}", "ce-time": "2024-03-06T10:00:00Z"}
        return self.operator.request("POST", "/v1/events", body, {**context, **headers})

    def test_the_data_of_a_binary_event_is_json_in_utf_8(self):
        for kind in ("text/plain", "application/xml", "application/octet-stream", "image/png", "json", "+json"):
            self.refused(self.binary({"Content-Type": kind}), 415, "UNSUPPORTED_MEDIA_TYPE")
        self.refused(self.binary({}), 415, "UNSUPPORTED_MEDIA_TYPE")
        for kind in ("application/json; charset=latin1", 'application/json;charset="utf-16"', "application/json; charset="):
            self.assertIn("UTF-8", self.refused(self.binary({"Content-Type": kind}), 415, "UNSUPPORTED_MEDIA_TYPE"))
        for kind in ("application/json", "Application/JSON; charset=UTF-8", 'application/json; a=b; charset="utf-8"',
                     "application/vnd.meter+json"):
            self.assertEqual(self.binary({"Content-Type": kind}).status, 201, kind)

    def test_other_bodies_are_read_as_utf_8_too(self):
        for path, kind in (("/v1/events", "application/cloudevents+json"), ("/v1/events", "application/x-ndjson"),
                           ("/v1/commands/EvaluateDunning", "application/json")):
            self.refused(self.operator.request("POST", path, b"{}", {"Content-Type": f"{kind}; charset=utf-16", "Idempotency-Key": "c-1"}),
                         415, "UNSUPPORTED_MEDIA_TYPE")

    def test_a_body_of_an_own_kind_is_no_binary_event(self):
        whole = {**usage(next(NUMBERS)), "source": "//structured"}
        answer = self.operator.request("POST", "/v1/events", whole, {"ce-specversion": "1.0", "Content-Type": "application/cloudevents+json"})
        self.assertEqual((answer.status, answer.json["source"]), (201, "//structured"), answer)

    # Commands

    def test_half_a_pair_of_quotes(self):
        for key in ('"abc', 'abc"', '"'):
            answer = self.operator.request("POST", "/v1/commands/EvaluateDunning", {"asOf": "2024-05-02"},
                                           {**JSON, "Idempotency-Key": key})
            self.assertIn("double quotes", self.refused(answer, 400, "INVALID_IDEMPOTENCY_KEY"))

    def test_runs_of_days_to_come_name_the_member(self):
        for name, member in (("RunInvoicing", "through"), ("EvaluateDunning", "asOf"), ("RunMospInvoicing", "runDate"),
                             ("RunMarketplaceInvoicing", "runDate"), ("RunProfileInvoicing", "runDate"), ("RunEaInvoicing", "runDate")):
            detail = self.refused(self.operator.wish(name, {member: "2024-06-02"}), 422, "CLOCK_BEHIND", f"/{member}")
            self.assertTrue(detail.startswith("The ledger's clock stands at 2024-05-02"), detail)

    def test_the_clock_stays_within_the_years_that_are_kept(self):
        for to in ("2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
            self.refused(self.operator.wish("AdvanceClock", {"to": to}), 422, "INVALID_TIME", "/to")

    def test_nobody_is_erased_by_a_slip(self):
        for address in ("x", "", "jeroen", "a@b@c"):
            self.refused(self.operator.wish("EraseSubject", {"address": address}), 422, "INVALID_EMAIL", "/address")
        self.assertEqual(self.operator.wish("EraseSubject", {"address": "nobody@contoso.example"}).json["events"], [])

    def test_a_broken_row_of_a_price_file_is_pointed_at(self):
        row = {"specversion": "1.0", "type": "daybook.PriceChanged", "source": "s", "id": "1", "time": "2024-01-01T00:00:00Z",
               "data": {"meterId": "vm", "currency": "EUR", "effectiveOn": "2024-01-01", "unitPrice": "x"}}
        ask = lambda rows: self.operator.request("POST", "/v1/what-if?from=2024-03-01&to=2024-05-01",
                                                 b"\n".join(rows), {"Content-Type": "application/x-ndjson"})
        text = json.dumps(row).encode()
        self.refused(ask([text]), 422, "INVALID_AMOUNT", "/data/unitPrice")
        pointers = [error["pointer"] for error in ask([text, text.replace(b'"EUR"', b'"eur"').replace(b'"x"', b'"1"')]).json["errors"]]
        self.assertEqual(pointers, ["/data/unitPrice", "/data/currency"])

    def test_what_was_asked_of_a_version_that_has_gone_by_is_refused(self):
        answer = self.operator.wish("SetInvoiceSharing", {"subscriptionId": "sub-01", "on": True}, If_Match="7")
        self.refused(answer, 409, "VERSION_CONFLICT")
        # What stands as wished already writes nothing, so no version can be lost (RFC 9110, 13.1.1).
        answer = self.operator.wish("SetInvoiceSharing", {"subscriptionId": "sub-01", "on": False}, If_Match="7")
        self.assertEqual((answer.status, answer.json["events"]), (200, []))


if __name__ == "__main__":
    Server.program = sys.argv[1]
    del sys.argv[1:2]
    unittest.main(verbosity=2)
