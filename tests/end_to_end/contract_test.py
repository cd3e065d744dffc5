"""Small promises of the contract that a program relies on.

    contract_test.py PROGRAM
"""

import contextlib
import json
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from daybook import Daybook
from served import Server, usage
from steps import event


def text_of(events):
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


class Contract(Server):
    def test_filters_count_together(self):
        def total(**filters):
            answer = self.operator.get("/invoices", **filters)
            self.assertEqual((answer.status, len(answer.json["items"])), (200, answer.json["total"]), answer)
            return answer.json["total"]
        self.assertEqual(total(accountId="acc-1", subscriptionId="sub-01"), 1)
        self.assertEqual(total(accountId="acc-2", subscriptionId="sub-01"), 0)
        self.assertEqual(total(accountId="acc-1", profileId="prof-1"), 0)

    def test_a_body_refused_as_a_whole_names_each_part_that_was(self):
        good, broken, unknown = usage(901), usage(902), usage(903)
        broken["data"]["colour"] = "red"
        unknown["type"] = "daybook.UsageVoided"
        unknown["data"] = {"subscriptionId": "sub-01", "usageId": "nobody"}
        refused = self.operator.post_events([good, broken, unknown], atomic="true")
        self.assertEqual((refused.status, refused.json["status"]), (422, 422), refused)
        self.assertEqual([error["pointer"].split("/")[1] for error in refused.json["errors"]], ["1", "2"], refused)
        recorded = [item["id"] for item in self.operator.pages("/events", type="UsageRecorded")]
        self.assertNotIn(good["id"], recorded)

    def test_lines_are_all_or_nothing_where_that_is_asked(self):
        good, broken, more = usage(951), usage(952), usage(953)
        broken["data"]["colour"] = "red"
        refused = self.operator.post_lines([good, broken], atomic="true")
        self.assertEqual((refused.status, [error["pointer"] for error in refused.json["errors"]]), (422, ["/1/data/colour"]), refused)
        lines = text_of([good]) + b"{\n"
        refused = self.operator.request("POST", "/v1/events?atomic=true", lines, {"Content-Type": "application/x-ndjson"})
        self.assertEqual((refused.status, [error["pointer"].split("/")[1] for error in refused.json["errors"]]), (422, ["1"]), refused)
        head = self.operator.get("/log/head").json["position"]
        self.assertRefused(self.operator.post_lines([{**good, "datapad": "x" * 60_000}] * 150, atomic="true"), 413, "BODY_TOO_LARGE")
        self.assertRefused(self.operator.post_lines([good] * 10_001, atomic="true"), 413, "BODY_TOO_LARGE")
        self.assertEqual(self.operator.get("/log/head").json["position"], head)
        taken = self.operator.post_lines([good, more, good], atomic="true", results="all")
        self.assertEqual((taken.status, taken.json["first"], taken.json["accepted"], taken.json["duplicates"]), (200, head + 1, 2, 1), taken)

    def test_nothing_is_recorded_on_what_is_deleted(self):
        for number, (name, data) in enumerate((("SubscriptionCreated", {"accountId": "acc-1", "offerId": "MS-AZR-0003P", "createdOn": "2024-05-02"}),
                           ("SubscriptionCancelled", {"reason": "Cancelled"}), ("SubscriptionDeleted", {"reason": "ManualDelete"}))):
            posted = self.operator.post_event(event(920 + number, name, "2024-05-02", {"subscriptionId": "gone", **data}))
            self.assertEqual(posted.status, 201, posted)
        for number, day in enumerate(("2024-04-30", "2024-05-01", "2024-05-02")):
            self.assertRefused(self.operator.post_event(usage(930 + number, "gone", day)), 409, "SUBSCRIPTION_DELETED")

    def test_a_line_longer_than_an_event_can_be_is_refused(self):
        good, long = usage(941), usage(942)
        for lines in (text_of([good]) + json.dumps(long).encode() + b" " * (1 << 20) + b"\n" + text_of([usage(943)]),
                      text_of([good]) + b"x" * (3 << 20)):
            refused = self.operator.request("POST", "/v1/events", lines, {"Content-Type": "application/x-ndjson"})
            self.assertRefused(refused, 413, "BODY_TOO_LARGE")
            self.assertIn("after the first 1 events", refused.json["detail"])
        recorded = [item["id"] for item in self.operator.pages("/events", type="UsageRecorded")]
        self.assertEqual([event["id"] in recorded for event in (good, long, usage(943))], [True, False, False])

    def test_waiting_for_what_may_never_come_leaves_readers_to_others(self):
        beyond = self.operator.get("/log/head").json["position"] + 1

        def wait(_):
            with contextlib.closing(self.ledger.client(self.operator.key)) as client:
                return client.get("/clock", minPosition=beyond).code
        with ThreadPoolExecutor(40) as pool:
            waiting = pool.map(wait, range(40))
            self.assertEqual(self.reader.get("/invoices").status, 200)
            self.assertEqual(set(waiting), {"NOT_YET_VISIBLE"})

    def test_before_the_first_event_lists_are_empty_and_all_else_is_404(self):
        lists = {path for path in ("/accounts", "/profiles", "/subscriptions", "/invoices", "/events", "/unmatched-usage", "/policies", "/alarms")}
        for path in sorted(lists | {"/clock", "/terms/email", "/provider", "/accounts/acc-1", "/subscriptions/sub-01/usage", "/access/Subscription/sub-01",
                                    "/email-preferences/Subscription/sub-01", "/log/head"}):
            for as_of in ("0", "1969-12-31T23:59:59Z"):
                answer = self.operator.get(path, asOf=as_of)
                self.assertEqual(answer.position, 0, f"{path} {as_of}: {answer}")
                if path in lists:
                    self.assertEqual((answer.status, answer.json["items"]), (200, []), f"{path} {as_of}")
                else:
                    self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"), f"{path} {as_of}")
        for path in ("/clock", "/terms/email", "/provider", "/policies"):
            self.assertEqual(self.operator.get(path, asOf=1).status, 200, path)
            self.assertEqual(self.operator.get(path).status, 200, path)

    def test_whole_numbers_are_read_exactly_however_long(self):
        long, longest = "92233720368547758079", "12345678901234567890123456789012345678"
        def posted(number, text):
            sent = json.dumps({**usage(number), "data": {**usage(number)["data"], "quantity": "Q"}}).replace('"Q"', text)
            return self.operator.request("POST", "/v1/events", sent.encode(), {"Content-Type": "application/cloudevents+json"})
        for number, text in enumerate((long, "18446744073709551616", '"' + long + '"'), 960):
            answer = posted(number, text)
            self.assertEqual(answer.status, 201, answer)
            (item,) = self.operator.get("/events", **{"from": answer.json["position"], "limit": 1}).json["items"]
            self.assertEqual(item["data"]["quantity"], text.strip('"'))
        for text in (longest, '"' + longest + '"'):
            self.assertEqual(posted(970, text).code, "AMOUNT_OUT_OF_RANGE", "read, and no price makes money of so much")
        for text in (longest + "9", "1.5", "1e2", "12345678901234567890123.0"):
            refused = posted(970, text)
            self.assertEqual((refused.status, refused.code, refused.json["errors"][0]["pointer"]), (422, "INVALID_AMOUNT", "/data/quantity"), refused)
            self.assertRegex(refused.json["detail"], "38 significant digits|send it as a string")

    def test_policies_of_an_enrollment_are_told_as_everywhere(self):
        for number, (name, data) in enumerate((("BillingAccountOpened", {"accountId": "acc-ea", "type": "EA", "country": "NL", "tenantId": "t", "currency": "EUR", "signedUpBy": "u"}),
                                               ("EnrollmentRegistered", {"enrollmentId": "en-1", "accountId": "acc-ea", "startDate": "2024-05-01", "channel": "Direct", "billingCycle": "Annual"}))):
            answer = self.operator.post_event(event(980 + number, name, "2024-05-02", data))
            self.assertEqual(answer.status, 201, answer)
        policies = {"accountOwnerViewCharges": False, "departmentAdminViewCharges": False, "marketplaceEnabled": True, "reservedInstancesEnabled": True}
        self.assertEqual(self.operator.get("/access/Enrollment/en-1").json["policies"], policies)
        self.assertEqual(self.operator.get("/enrollments/en-1").json["policies"], policies)
        self.assertEqual(self.operator.get("/access/Subscription/sub-01").json["policies"], {})

    def test_extensions_are_kept_as_texts(self):
        """CloudEvents gives each type one text; a number is the same event as its text (decision 0132)."""
        sent = {**usage(990), "extnumber": 5, "extflag": True, "exttext": "5"}
        answer = self.operator.post_event(sent)
        self.assertEqual(answer.status, 201, answer)
        (item,) = self.operator.get("/events", **{"from": answer.json["position"], "limit": 1}).json["items"]
        self.assertEqual([item[name] for name in ("extnumber", "extflag", "exttext")], ["5", "true", "5"])
        self.assertEqual(self.operator.post_event({**sent, "extnumber": "5", "extflag": "true"}).status, 200, "the same body")

    def test_as_of_an_instant_has_the_clock_of_that_instant(self):
        with Daybook(self.program, clock="system") as ledger:
            key = ledger.create_key("operator", "admin,ingest,read")
            ledger.start()
            client = ledger.client(key)
            now = client.get("/clock").json["now"]  # nothing was recorded since the key
            self.assertEqual(client.get("/clock", asOf=now).json["now"], now)
            client.close()


if __name__ == "__main__":
    Contract.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
