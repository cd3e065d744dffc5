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
