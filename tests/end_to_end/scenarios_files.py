"""Usage files, exports and their states, estimates, prices: what a period was made of."""

from expect import anything
from people import account, begin, cost, flat, member, on, person, profile, role, subscription, used, vat
from steps import clock_at, download, fact, money, period, prepare, recall, see, wish

SUB_01 = {"scopeType": "Subscription", "scopeId": "sub-01"}


def _priced(*more):
    """Jeroen's subscription with a meter of 100 free hours, then 0.12: 130.5 hours in its first period."""
    return flat(
        begin("2024-02-02", account("2024-02-02"), vat("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"),
           fact("PriceChanged", "2024-03-05", meterId="vm-b1s", currency="EUR", effectiveOn="2024-03-05",
                unitPrice="0.12", includedQuantity="100", unit="1 Hour")),
        on("2024-03-20", used("sub-01", "2024-03-07", "100.25", meterName="B1s", unit="1 Hour"),
           used("sub-01", "2024-03-20", "30.25", meterName="B1s", unit="1 Hour", tags={"team": "=web"}), *more))


def _profile(*more):
    """A profile with two subscriptions, its invoices on the 5th."""
    return flat(
        begin("2024-03-01", account("2024-03-01", "MCA"), vat("2024-03-01"), person("jeroen", "2024-03-01"),
              profile("P1", "2024-03-01", invoiceDay=5)),
        on("2024-03-05", member("sub-01", "2024-03-05", "P1"), member("sub-02", "2024-03-05", "P1"), *more))


_JOB = {"scopeType": "Subscription", "scopeId": "sub-01", "kind": "UsageV2", "invoiceId": "{one}"}

SCENARIOS = {
    "SC-91": ("a usage file is refused until the data is final; then the same wish is the same job", flat(
        begin("2024-02-05", account("2024-02-05"), person("jeroen", "2024-02-05")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
        on("2024-04-05", recall("/invoices?subscriptionId=sub-01", "one")),
        wish("RequestExport", by="jeroen", refused="USAGE_FILE_NOT_READY", **_JOB),
        see("/invoices/{one}/usage.csv", {"code": "USAGE_FILE_NOT_READY"}, by="jeroen", status=409),
        see("/missing-invoice?invoiceId={one}", {"primary": "NONE", "reasons": [
            {"code": "NONE"}, {"code": "USAGE_FILE_NOT_READY"}]}, by="jeroen"),
        on("2024-04-07", wish("RequestExport", by="jeroen", refused="USAGE_FILE_NOT_READY", **_JOB)),
        on("2024-04-08", wish("RequestExport", by="jeroen", expect={"events": [
            {"type": "daybook.ExportRequested", "data": {"final": True}}, {"type": "daybook.ExportStarted"},
            {"type": "daybook.ExportReady"}]}, **_JOB)),
        prepare("job", by="jeroen", **_JOB),
        wish("RequestExport", by="jeroen", expect={"eventCount": 0}, **_JOB),
        see("/exports/{job}", {"state": "Ready", "kind": "UsageV2", "final": True, "rowCount": 2, "invoiceId": "{one}",
                               "byteCount": anything, "sha256": anything, "sum": money("40.00"),
                               "validTill": "2024-04-15T00:00:00Z"}, by="jeroen"),
        download("/exports/{job}/file", table="Statement", sums={"Value": "40.00"}, by="jeroen"),
        download("/exports/{job}/file", table="Daily Usage", cells={"Usage Date": ["2024-03-05"]}, by="jeroen"),
        see("/exports/{job}", {"code": "NOT_FOUND"}, by="sofie", status=404),
        on("2024-04-15", see("/exports/{job}", {"state": "Expired"}, by="jeroen"),
           see("/exports/{job}/file", {"code": "NOT_FOUND"}, by="jeroen", status=404)),
        prepare("job", by="jeroen", **_JOB),
        see("/exports/{job}", {"state": "Ready"}, by="jeroen"))),

    "SC-92": ("of the two versions of the usage file the second is offered first", flat(
        _priced(),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        download("/invoices/{one}/usage.csv", table="Statement", rows=1, sums={"Value": "3.66"}, cells={
            "Meter Name": ["B1s"], "Consumed Quantity": ["130.5"], "Included Quantity": ["100"],
            "Overage Quantity": ["30.5"], "Rate": ["0.12"]}, by="jeroen"),
        download("/invoices/{one}/usage.csv", table="Daily Usage", sums={"Consumed Quantity": "130.5"}, by="jeroen"),
        download("/invoices/{one}/usage.csv?format=v1", table="Statement", cells={"Billable": ["30.5"]}, by="jeroen"),
        see("/invoices/{one}/usage.csv?format=mca", {"code": "NOT_SUPPORTED"}, by="jeroen", status=422),
        see("/invoices/{one}/usage.csv?format=xlsx", {"code": "BAD_QUERY"}, by="jeroen", status=400))),

    "SC-93": ("the costs of a usage file sum to the invoice's usage charges, and no row is tax", flat(
        _priced(cost("sub-01", "2024-03-20", "0.333"), cost("sub-01", "2024-03-20", "0.333")),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        see("/invoices/{one}", {"totals": {"billed": money("4.33"), "tax": money("0.91")}}),
        download("/invoices/{one}/usage.csv?format=payg", columns=24, sums={"PreTaxCost": "4.33"}, without=["0.91"],
                 cells={"MeterCategory": ["", "", "", "", "RoundingAdjustment"],
                        "PreTaxCost": ["0.03", "3.63", "0.333", "0.333", "0.004"]}),
        download("/invoices/{one}/usage.csv?format=v2", table="Statement", sums={"Value": "4.33"}),
        download("/invoices/{one}/usage.csv?format=focus-1.2", columns=105, sums={"BilledCost": "4.33"}))),

    "SC-95": ("every statement carries its own moment, and the invoice may differ", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "42.10")),
        clock_at("2024-03-10T08:00:00Z"),
        see("/subscriptions/sub-01/statement", {"total": money("42.10"), "asOf": "2024-03-10T08:00:00Z",
                                                "isEstimate": True}, by="jeroen"),
        clock_at("2024-03-10T14:00:00Z"),
        cost("sub-01", "2024-03-10", "2.90"),
        see("/subscriptions/sub-01/statement", {"total": money("45.00"), "asOf": "2024-03-10T14:00:00Z",
                                                "isEstimate": True}, by="jeroen"),
        on("2024-03-20", cost("sub-01", "2024-03-20", "5.00")),
        on("2024-05-02", see("/subscriptions/sub-01/statement?period=2024-03-20",
                             {"total": money("50.00"), "isEstimate": False}, by="jeroen")))),

    "SC-96": ("until last month's invoice is out, it is pending beside this month, without tax", flat(
        _profile(cost("sub-01", "2024-03-05", "210.00")),
        on("2024-04-02", cost("sub-01", "2024-04-01", "12.00")),
        see("/profiles/P1/pending-charges", {"profileId": "P1", "asOf": "2024-04-02T00:00:00Z", "periods": [
            {"period": period("2024-03-01", "2024-04-01"), "invoice": "Pending", "charges": money("210.00")},
            {"period": period("2024-04-01", "2024-05-01"), "invoice": "Pending", "charges": money("12.00")}],
            "total": money("222.00")}, by="jeroen"),
        prepare("open", by="jeroen", scopeType="Profile", scopeId="P1", kind="Mca"),
        see("/exports/{open}", {"final": False, "sum": money("12.00"), "validTill": "2024-04-03T00:00:00Z"},
            by="jeroen"),
        download("/exports/{open}/file", columns=65, sums={"costInBillingCurrency": "12.00"},
                 cells={"invoiceId": [""]}, by="jeroen"),
        on("2024-04-05", see("/profiles/P1/pending-charges", {"total": money("12.00"), "periods": [
            {"period": period("2024-04-01", "2024-05-01")}]}, by="jeroen")))),

    "SC-97": ("FOCUS of an MCA invoice sums to what it bills, by the billing profile", flat(
        _profile(cost("sub-01", "2024-03-05", "120.005"), cost("sub-02", "2024-03-05", "80.00"),
                 fact("UsageRecorded", "2024-03-05", subscriptionId="sub-02", meterId="vm-b1s", quantity="1",
                      cost="-5.00", currency="EUR", chargeType="Refund")),
        on("2024-04-05", recall("/invoices?profileId=P1", "one")),
        see("/invoices/{one}", {"totals": {"billed": money("200.01"), "credits": money("5.00")}}),
        download("/invoices/{one}/usage.csv?format=focus-1.0", columns=96, rows=4, sums={"BilledCost": "195.01"}, cells={
            "BillingAccountId": ["P1"] * 4, "BillingPeriodStart": ["2024-03-01T00:00Z"] * 4,
            "ChargeCategory": ["Usage", "Usage", "Purchase", "Adjustment"], "x_InvoiceId": ["{one}"] * 4}, by="jeroen"),
        download("/invoices/{one}/usage.csv", columns=65, sums={"costInBillingCurrency": "195.01"}, by="jeroen"))),

    "EXP-3": ("what a reservation costs is spread over its days, used or not", flat(
        begin("2023-01-01", account("2023-01-01", "MCA"), person("jeroen", "2023-01-01"), profile("P1", "2023-01-01"),
              member("sub-01", "2023-01-01", "P1"),
              fact("PriceChanged", "2023-01-01", meterId="vm", currency="EUR", effectiveOn="2023-01-01", unitPrice="0"),
              fact("ReservationPurchased", "2023-01-01", reservationId="r-1", subscriptionId="sub-01",
                   amount=money("365.00"), termMonths=12, paymentMode="invoice", billingFrequency="Upfront")),
        on("2023-01-02", fact("UsageRecorded", "2023-01-02", subscriptionId="sub-01", meterId="vm", quantity="24",
                              pricingModel="Reservation")),
        on("2023-02-10", recall("/invoices?profileId=P1", "one")),
        see("/invoices/{one}", {"totals": {"billed": money("365.00")}}),
        prepare("spread", by="jeroen", scopeType="Profile", scopeId="P1", kind="Mca", period="2023-01-02",
                metric="AmortizedCost"),
        see("/exports/{spread}", {"state": "Ready", "metric": "AmortizedCost", "rowCount": 31, "sum": money("31.00")},
            by="jeroen"),
        download("/exports/{spread}/file", rows=31, sums={"costInBillingCurrency": "31"}, by="jeroen", cells={
            "chargeType": ["Usage"] + ["UnusedReservation"] * 30, "reservationId": ["r-1"] * 31}),
        prepare("paid", by="jeroen", scopeType="Profile", scopeId="P1", kind="Mca", period="2023-01-02"),
        download("/exports/{paid}/file", rows=2, sums={"costInBillingCurrency": "365"}, by="jeroen"),
        prepare("focus", by="jeroen", scopeType="Profile", scopeId="P1", kind="Focus1.2", invoiceId="{one}",
                metric="AmortizedCost"),
        download("/exports/{focus}/file", rows=32, sums={"BilledCost": "365", "EffectiveCost": "31"}, by="jeroen"))),

    "SC-107": ("a price page shows the prices in force on its day", flat(
        begin("2024-03-01", account("2024-03-01", "MCA"), person("jeroen", "2024-03-01"),
              profile("P1", "2024-03-01"), person("sofie", "2024-03-01"),
              fact("PriceChanged", "2024-03-01", meterId="vm-b1s", currency="EUR", effectiveOn="2024-03-01",
                   unitPrice="0.12", unit="1 Hour")),
        on("2024-04-10", fact("PriceChanged", "2024-04-10", meterId="vm-b1s", currency="EUR",
                              effectiveOn="2024-04-15", unitPrice="0.13", unit="1 Hour"),
           fact("PriceChanged", "2024-04-10", meterId="disk", currency="EUR", effectiveOn="2024-04-15",
                tiers=[{"from": "0", "unitPrice": "2"}, {"from": "50", "unitPrice": "1"}], scopeType="Profile",
                scopeId="P1")),
        see("/profiles/P1/prices?on=2024-04-14", {"on": "2024-04-14", "items": [
            {"meterId": "vm-b1s", "unitPrice": "0.12", "unit": "1 Hour", "currency": "EUR", "scopeType": None,
             "effectiveOn": "2024-03-01"}]}, by="jeroen"),
        prepare("sheet", by="jeroen", scopeType="Profile", scopeId="P1", kind="PriceSheet", period="2024-04-15"),
        see("/exports/{sheet}", {"state": "Ready", "kind": "PriceSheet", "rowCount": 3, "sum": None}, by="jeroen"),
        download("/exports/{sheet}/file", rows=3, by="jeroen", cells={
            "meterId": ["disk", "disk", "vm-b1s"], "tierFrom": ["0", "50", "0"], "unitPrice": ["2", "1", "0.13"],
            "priceScope": ["Profile", "Profile", ""], "effectiveStartDate": ["2024-04-15"] * 3}),
        see("/profiles/P1/prices?on=2024-04-15", {"items": [
            {"meterId": "disk", "unitPrice": None, "tiers": [{"from": "0", "unitPrice": "2"},
                                                            {"from": "50", "unitPrice": "1"}], "scopeType": "Profile"},
            {"meterId": "vm-b1s", "unitPrice": "0.13", "effectiveOn": "2024-04-15"}]}, by="jeroen"),
        see("/accounts/acc-1/prices?on=2024-04-15", {"items": [{"meterId": "vm-b1s"}]}, by="jeroen"),
        see("/profiles/P1/prices", {"code": "NOT_FOUND"}, by="sofie", status=404))),

    "SC-109": ("a subscription's owner has the usage view by his role alone, the files only where sharing is on", flat(
        _priced(person("olga", "2024-03-20"), role("olga", "2024-03-20", "sub-01", what="Owner")),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        see("/subscriptions/sub-01/usage", {"totals": [{"currency": "EUR", "cost": "3.66"}]}, by="olga"),
        see("/invoices/{one}/usage.csv", {"code": "NOT_FOUND"}, by="olga", status=404),
        wish("RequestExport", by="olga", refused="NO_PERMISSION", kind="UsageV2", period="2024-03-20", **SUB_01),
        wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-01", on=True),
        download("/invoices/{one}/usage.csv?format=payg", sums={"PreTaxCost": "3.66"}, cells={
            "Tags": ["", '{"team":"=web"}']}, by="olga"),
        prepare("job", by="olga", kind="Payg", period="2024-03-20", **SUB_01),
        download("/exports/{job}/file", sums={"PreTaxCost": "3.66"}, by="olga"))),
}
