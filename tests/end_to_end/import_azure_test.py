"""Azure's real cost exports come in as an enrollment and are billed to the last digit; and a log of events comes in again.

    python3 import_azure_test.py PROGRAM DATA_FOLDER
"""

import csv
import json
import sys
import tempfile
import unittest
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from daybook import Daybook

PROGRAM = DATA = None
ACTUAL, AMORTIZED = "azure_ea_actual_cost_small.csv", "azure_ea_amortized_cost_small.csv"
ENROLLMENT = "8611537"


def read_rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def write_rows(path, names, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([[row[name] for name in names] for row in rows])
    return path


def plain(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Importing(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybook-import-")))
        self.ledger = self.enterContext(Daybook(PROGRAM))
        key = self.ledger.create_key("importer", "admin,ingest,read,import")
        self.key_file = self.folder / "key"
        self.key_file.touch(mode=0o600)
        self.key_file.write_text(key + "\n")
        self.ledger.start()
        self.client = self.ledger.client(key)
        self.addCleanup(self.client.close)

    def advance(self, day, **more):
        answer = self.client.wish("AdvanceClock", {"to": f"{day}T00:00:00Z", **more})
        self.assertEqual(answer.status, 200, answer)

    def run_import(self, path, kind="azure-cost", *more, check=True):
        host, port = self.ledger.address
        return self.ledger.run("import", "--url", f"http://{host}:{port}", "--key-file", self.key_file,
                               "--format", kind, path, "--json", *more, check=check)

    def report(self, *arguments, **named):
        return json.loads(self.run_import(*arguments, **named).stdout)


class AzureCost(Importing):
    def setUp(self):
        super().setUp()
        self.advance("2023-10-01", run=False)

    def check_file(self, name, subscriptions):
        _, rows = read_rows(DATA / "azure" / name)
        exact = sum(Decimal(row["Cost"]) for row in rows)
        report = self.report(DATA / "azure" / name)
        self.assertEqual((report["format"], report["rows"], report["accepted"], report["duplicates"], report["rejects"]),
                         ("azure-cost", len(rows), len(rows), 0, []))
        self.assertEqual(report["created"], {"accounts": 1, "profiles": 0, "enrollments": 1, "subscriptions": subscriptions})
        self.assertEqual(report["totals"], [{"currency": "USD", "rows": len(rows), "cost": plain(exact)}])
        self.assertEqual(report["unmatched"], {})
        again = self.report(DATA / "azure" / name)
        self.assertEqual((again["accepted"], again["duplicates"]), (0, len(rows)))

        account = self.client.get(f"/accounts/{ENROLLMENT}").json
        self.assertEqual(account["type"], "EA")
        answer = self.client.get(f"/accounts/{ENROLLMENT}/usage", granularity="monthly",
                                 **{"from": "2023-09-01", "to": "2023-10-01"})
        self.assertEqual(answer.json["totals"], [{"currency": "USD", "cost": plain(exact)}])

        # What is billed, exactly: by subscription and in all. The document is rounded once.
        self.advance("2023-10-20")
        invoices = [self.client.get(f"/invoices/{item['invoiceId']}").json for item in self.client.pages("/invoices")]
        self.assertTrue(invoices)
        billed = defaultdict(Decimal)
        for invoice in invoices:
            for line in invoice["lines"]:
                billed[line["subscriptionId"]] += Decimal(line["value"])
        used = defaultdict(Decimal)
        for row in rows:
            used[row["SubscriptionId"]] += Decimal(row["Cost"])
        self.assertEqual({name: cost for name, cost in billed.items() if cost}, {name: cost for name, cost in used.items() if cost})
        cents = sum(Decimal(invoice["totals"]["billed"]["amount"]) for invoice in invoices)
        self.assertLess(abs(cents - exact), Decimal("0.01"))

    def test_the_actual_cost_of_an_enrollment(self):
        self.check_file(ACTUAL, 4)

    def test_the_amortized_cost_with_28_places(self):
        self.check_file(AMORTIZED, 5)

    def test_other_names_order_and_dates_make_the_same_row(self):
        names, rows = read_rows(DATA / "azure" / AMORTIZED)
        for row in rows:
            month, day, year = row["Date"].split("/")
            row["Date"] = f"{int(month)}/{int(day)}/{year}"
        other = {"Cost": "CostInBillingCurrency", "BillingCurrency": "BillingCurrencyCode", "InvoiceSection": "InvoiceSectionName"}
        renamed = [{other.get(name, name): value for name, value in row.items()} for row in rows]
        path = write_rows(self.folder / "other.csv", [other.get(name, name) for name in reversed(names)], renamed)
        report = self.report(path)
        self.assertEqual((report["accepted"], report["rejects"]), (28, []))
        self.assertEqual(report["totals"][0]["cost"], plain(sum(Decimal(row["Cost"]) for row in rows)))

    def test_a_profile_of_its_own_makes_a_customer_agreement(self):
        names, rows = read_rows(DATA / "azure" / ACTUAL)
        for row in rows:
            row["BillingProfileId"], row["OfferId"] = "prof-7", ""
        rows[0]["InvoiceSectionId"] = "sec-1"
        report = self.report(write_rows(self.folder / "mca.csv", names, rows))
        self.assertEqual((report["accepted"], report["created"]["profiles"], report["created"]["enrollments"]), (11, 1, 0))
        self.assertEqual(self.client.get(f"/accounts/{ENROLLMENT}").json["type"], "MCA")
        self.advance("2023-10-20")
        (item,) = self.client.pages("/invoices")
        self.assertEqual(item["profileId"], "prof-7")
        done = self.run_import(DATA / "azure" / ACTUAL, "azure-cost", "--account-type", "MCA", check=False)
        self.assertIn("--account-type MCA", done.stderr)

    def test_the_fields_that_the_ledger_has_hold_what_the_row_says(self):
        self.report(DATA / "azure" / AMORTIZED)
        facts = [item["data"] for item in self.client.pages("/events", limit=1000) if item["type"] == "daybook.UsageRecorded"]
        self.assertEqual(len(facts), 28)
        self.assertEqual({fact["pricingModel"] for fact in facts}, {"OnDemand", "Reservation", "SavingsPlan"})
        self.assertEqual({fact["publisherType"] for fact in facts}, {"Azure"})
        tagged = [fact for fact in facts if fact.get("tags")]
        _, rows = read_rows(DATA / "azure" / AMORTIZED)
        wanted = [json.loads("{" + row["Tags"] + "}") for row in rows if row["Tags"]]
        key = lambda tags: json.dumps(tags, sort_keys=True)  # noqa: E731
        self.assertEqual(sorted((fact["tags"] for fact in tagged), key=key), sorted(wanted, key=key))
        self.assertIn("0.000000007292255759239199", {fact["cost"] for fact in facts})

    def test_what_is_broken_is_named_and_what_is_no_such_export_is_refused(self):
        names, rows = read_rows(DATA / "azure" / ACTUAL)
        rows[3]["Cost"], rows[5]["Date"] = "1,5", "31/12/2023"
        path = write_rows(self.folder / "broken.csv", names, rows)
        done = self.run_import(path, "azure-cost", "--dry-run", check=False)
        report = json.loads(done.stdout)
        self.assertEqual((report["dryRun"], report["accepted"], [reject["row"] for reject in report["rejects"]]), (True, 0, [4, 6]))
        self.assertEqual(list(self.client.pages("/accounts")), [])
        self.assertEqual(self.run_import(path, "azure-cost", "--strict", check=False).returncode, 4)
        self.assertEqual(list(self.client.pages("/accounts")), [])
        report = json.loads(self.run_import(path, check=False).stdout)
        self.assertEqual((report["accepted"], report["rejected"]), (9, 2))


    def test_amazons_report_is_refused_by_the_columns_it_lacks(self):
        for kind, what, columns in (
                ("azure-cost", "This is no Azure cost export", "BillingAccountId, SubscriptionId, BillingCurrency, "
                 "BillingPeriodStartDate, Date, ChargeType, Cost."),
                ("focus", "This is no FOCUS export", "BillingAccountId, BillingCurrency, BillingPeriodStart, "
                 "ChargePeriodStart, ChargeCategory, BilledCost.")):
            done = self.run_import(DATA / "aws" / "aws_cur_anonymous_head.csv", kind, check=False)
            self.assertEqual((done.returncode, done.stdout), (4, ""))
            self.assertIn(f"{what}: its header has no column {columns}", done.stderr)
        self.assertEqual(list(self.client.pages("/accounts")), [])

    def test_a_restated_month_takes_the_place_of_the_first_telling(self):
        """One row gone, one at another cost, one new: then the ledger has the second file, before and after the invoice."""
        names, rows = read_rows(DATA / "azure" / ACTUAL)
        for row in rows:
            row["Date"] = "09/15/2023"
        used = [row for row in rows if row["ChargeType"] == "Usage"]
        first = self.report(write_rows(self.folder / "first.csv", names, rows))
        self.assertEqual(first["accepted"], len(rows))
        changed = [dict(row) for row in rows if row is not used[0]]
        for row in changed:
            if row["ResourceId"] == used[1]["ResourceId"] and row["Cost"] == used[1]["Cost"]:
                row["Cost"] = plain(Decimal(row["Cost"]) + 10)
        changed.append({**used[2], "Cost": "3.25"})
        path = write_rows(self.folder / "second.csv", names, changed)
        gone = len(rows) - sum(row in rows for row in changed)
        report = self.report(path, "azure-cost", "--replace", "2023-09")
        self.assertEqual(report["replaced"], {"month": "2023-09", "kept": len(rows) - gone, "added": len(changed) - len(rows) + gone,
                                              "voided": gone})
        self.assert_used(changed)
        self.advance("2023-10-20")
        self.assert_billed(changed)
        for again in (["--replace", "2023-09"], []):
            report = self.report(path, "azure-cost", *again)
            self.assertEqual((report["accepted"], report["duplicates"]), (0, len(changed)))
        self.assert_used(changed)

        # The first telling again, after the invoice: the next one corrects it.
        report = self.report(self.folder / "first.csv", "azure-cost", "--replace", "2023-09")
        self.assertEqual(report["replaced"]["voided"], len(changed) - len(rows) + gone)
        self.assert_used(rows)
        # It comes to less than nothing, so it waits for something that it lowers.
        october = {"subscriptionId": rows[0]["SubscriptionId"], "meterId": "m", "quantity": "1", "cost": "50", "currency": "USD"}
        answer = self.client.post_event({"specversion": "1.0", "type": "daybook.UsageRecorded", "source": "//meter", "id": "1",
                                         "time": "2023-10-20T10:00:00Z", "data": october})
        self.assertEqual(answer.status, 201, answer)
        self.advance("2023-11-20")
        self.assert_billed([*rows, {"Cost": "50"}])

        for words, sentence in ((["--replace", "2023-08"], "It has no row of 2023-08"), (["--replace", "September"], "is no month")):
            done = self.run_import(path, "azure-cost", *words, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(sentence, done.stderr)
        self.assert_used(rows)
        done = self.run_import(path, "cloudevents", "--replace", "2023-09", check=False)
        self.assertIn("events bring their own", done.stderr)

    def assert_used(self, rows):
        answer = self.client.get(f"/accounts/{ENROLLMENT}/usage", granularity="monthly", **{"from": "2023-09-01", "to": "2023-10-01"})
        exact = sum(Decimal(row["Cost"]) for row in rows)
        self.assertEqual(answer.json["totals"], [{"currency": "USD", "cost": plain(exact)}])

    def assert_billed(self, rows):
        """All invoices together bill what the rows cost, rounded once each."""
        invoices = list(self.client.pages("/invoices"))
        billed = sum(Decimal(invoice["totals"]["billed"]["amount"]) - Decimal(invoice["totals"]["credits"]["amount"])
                     for invoice in invoices)
        self.assertLess(abs(billed - sum(Decimal(row["Cost"]) for row in rows)), Decimal("0.01") * len(invoices))

    def test_the_rounding_is_shown_as_its_own_row(self):
        _, rows = read_rows(DATA / "azure" / AMORTIZED)
        self.report(DATA / "azure" / AMORTIZED)
        self.advance("2023-10-20")
        (item,) = self.client.pages("/invoices")
        answer = self.client.get(f"/invoices/{item['invoiceId']}/usage.csv", format="ea")
        self.assertEqual(answer.status, 200, answer)
        lines = list(csv.DictReader(answer.body.decode("utf-8-sig").splitlines()))
        cost = next(name for name in ("CostInBillingCurrency", "Cost", "costInBillingCurrency") if name in lines[0])
        kind = next(name for name in ("ChargeType", "chargeType") if name in lines[0])
        rounding = [Decimal(line[cost]) for line in lines if line[kind] == "RoundingAdjustment"]
        exact = sum(Decimal(row["Cost"]) for row in rows)
        billed = Decimal(item["totals"]["billed"]["amount"])
        self.assertNotEqual(billed, exact)
        self.assertEqual(rounding, [billed - exact])
        self.assertEqual(sum(Decimal(line[cost]) for line in lines), billed)


class CloudEvents(Importing):
    def events(self):
        return [json.dumps({"specversion": "1.0", "type": f"daybook.{kind}", "source": "//import", "id": str(number),
                            "time": "2024-03-05T10:00:00Z", "data": data}) for number, (kind, data) in enumerate((
            ("BillingAccountOpened", {"accountId": "acc-1", "type": "MOSP", "country": "NL", "tenantId": "t", "currency": "EUR",
                                      "signedUpBy": "jeroen", "createdOn": "2024-02-02"}),
            ("SubscriptionCreated", {"subscriptionId": "sub-01", "accountId": "acc-1", "offerId": "MS-AZR-0003P",
                                     "createdOn": "2024-03-05"}),
            ("UsageRecorded", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "3", "cost": "1.50", "currency": "EUR"}),
        ))]

    def setUp(self):
        super().setUp()
        self.advance("2024-03-06", run=False)

    def write(self, text):
        path = self.folder / "events.json"
        path.write_text(text)
        return path

    def test_an_array_or_lines_each_event_once(self):
        report = self.report(self.write("[" + ",\n".join(self.events()) + "]\n"), "cloudevents")
        self.assertEqual((report["format"], report["rows"], report["accepted"], report["rejected"]), ("cloudevents", 3, 3, 0))
        report = self.report(self.write("\r\n".join(self.events()) + "\n\n"), "cloudevents")
        self.assertEqual((report["accepted"], report["duplicates"]), (0, 3))

    def test_a_log_comes_in_again_elsewhere(self):
        self.report(self.write("\n".join(self.events())), "cloudevents")
        self.advance("2024-05-02")
        items = [json.dumps(item) for item in self.client.pages("/events", limit=1000)]
        invoices = [item["totals"] for item in self.client.pages("/invoices")]
        self.assertEqual(len(invoices), 1)
        path = self.write("\n".join(items))
        with Daybook(PROGRAM) as other:
            key = other.create_key("importer", "admin,ingest,read,import")
            self.key_file.write_text(key + "\n")
            other.start()
            host, port = other.address
            done = other.run("import", "--url", f"http://{host}:{port}", "--key-file", self.key_file, "--format",
                             "cloudevents", path, "--json", check=False)
            report = json.loads(done.stdout)
            client = other.client(key)
            self.assertEqual([item["totals"] for item in client.pages("/invoices")], invoices, report)
            client.close()

    def test_a_transfer_that_is_refused_now_is_named_and_the_others_go_in(self):
        """Exports from before transfers were refused that leave credit of another currency behind."""
        first, second, third = self.events()

        def event(name, kind, **data):
            return json.dumps({**json.loads(first), "id": name, "type": f"daybook.{kind}", "data": data})

        more = [event("lot", "CreditGranted", lotId="lot-1", scopeType="Subscription", scopeId="sub-01", source="Promotional",
                      amount={"amount": "50.00", "currency": "EUR"}, startOn="2024-03-05"),
                event("other", "BillingAccountOpened", accountId="acc-2", type="MOSP", country="JP", tenantId="t", currency="JPY",
                      signedUpBy="akira", createdOn="2024-02-02"),
                event("transfer", "SubscriptionBillingTransferred", subscriptionId="sub-01", fromAccount="acc-1",
                      toAccount="acc-2", acceptedOn="2024-03-06", moveTenant=False)]
        done = self.run_import(self.write("\n".join([first, second, *more, third])), "cloudevents", check=False)
        report = json.loads(done.stdout)
        self.assertEqual((report["rows"], report["accepted"]), (6, 5), report)
        self.assertEqual([(reject["row"], reject["line"], reject["code"]) for reject in report["rejects"]],
                         [(5, 5, "CURRENCY_MISMATCH")])
        self.assertNotEqual(done.returncode, 0)

    def test_broken_events_are_named_and_the_others_go_in(self):
        first, second, third = self.events()
        path = self.write("\n".join([first, "{\"specversion\":", "17", second.replace("sub-01", "two words"), third]))
        done = self.run_import(path, "cloudevents", check=False)
        report = json.loads(done.stdout)
        self.assertEqual((report["rows"], report["accepted"]), (5, 2))
        self.assertEqual([(reject["row"], reject["line"], reject["code"]) for reject in report["rejects"]],
                         [(2, 2, "MALFORMED_JSON"), (3, 3, "INVALID_FIELD"), (4, 4, "INVALID_IDENTIFIER")])
        self.assertEqual(report["unmatched"], {"UNKNOWN_SUBSCRIPTION": 1})
        for text in ("", "[]", "[" + first + " " + second + "]", "[" + first, "[" + first + "]x"):
            done = self.run_import(self.write(text), "cloudevents", check=False)
            self.assertNotEqual(done.returncode, 0, text)
            self.assertTrue(done.stderr.strip(), text)


if __name__ == "__main__":
    PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
