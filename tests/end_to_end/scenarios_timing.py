"""When periods begin and end, and when invoices come."""

from expect import AnyOrder, Mentions
from people import account, begin, cost, flat, member, on, profile, subscription, vat
from steps import clock, fact, money, period, recall, see, wish

INVOICES = "/invoices?accountId=acc-1"


def _two_subscriptions():
    return flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-10", subscription("sub-02", "2024-03-10")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "40.00"), cost("sub-02", "2024-03-20", "25.00")),
    )


def _issued(day):
    return AnyOrder(
        {"subscriptionId": "sub-01", "type": "AzureServices", "status": "Due", "issueDate": day,
         "period": period("2024-03-05", "2024-04-05"), "totals": {"total": money("40.00")}},
        {"subscriptionId": "sub-02", "type": "AzureServices", "status": "Due", "issueDate": day,
         "period": period("2024-03-10", "2024-04-10"), "totals": {"total": money("25.00")}})


def _current(name, start, end_exclusive):
    return see(f"/subscriptions/{name}", {"currentPeriod": period(start, end_exclusive)})


SCENARIOS = {
    "invoice-day": ("another invoice day holds from the next calendar month on", flat(
        begin("2024-03-01", account("2024-03-01", "MCA"), profile("p-1", "2024-03-01", invoiceDay=5)),
        on("2024-04-03", fact("InvoiceDayChanged", "2024-04-03", profileId="p-1", newValue=20),
           fact("InvoiceDayChanged", "2024-04-03", refused="INVALID_FIELD", profileId="p-1", newValue=32),
           see("/profiles/p-1", {"invoiceDay": 5, "nextInvoiceDate": "2024-04-05"})),
        on("2024-05-19", see(INVOICES, {"total": 1, "items": [{"issueDate": "2024-04-05"}]}),
           see("/profiles/p-1", {"invoiceDay": 20, "nextInvoiceDate": "2024-05-20"})),
        on("2024-05-20", see(INVOICES, {"total": 2})))),

    "account-limits": ("an account has room for so many subscriptions, and is opened where the provider serves", flat(
        begin("2024-03-01", account("2024-03-01", "MCA"), profile("p-1", "2024-03-01", invoiceDay=5),
              wish("SetPolicy", policy="mca.maxSubscriptions", value=1),
              wish("SetPolicy", policy="accounts.countries", value=["DE"]),
              member("sub-01", "2024-03-01", "p-1"),
              fact("SubscriptionCreated", "2024-03-01", refused="LIMIT_EXCEEDED", subscriptionId="sub-02",
                   accountId="acc-1", offerId="MS-AZR-0017G", invoiceSectionId="p-1-section"),
              fact("BillingAccountOpened", "2024-03-01", refused="UNSUPPORTED_REGION", accountId="acc-2", type="MOSP",
                   country="NL", tenantId="t-1", currency="EUR", signedUpBy="jeroen")))),

    "SC-01": ("a subscription of the 5th has periods from the 5th through the 4th", flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), _current("sub-01", "2024-03-05", "2024-04-05")),
        on("2024-04-04", _current("sub-01", "2024-03-05", "2024-04-05")),
        on("2024-04-05", _current("sub-01", "2024-04-05", "2024-05-05")),
        _current("sub-01?asOf=2024-03-05T00:00:00Z", "2024-03-05", "2024-04-05"))),

    "SC-02": ("a subscription of the 10th has its 9 April inside the first period", flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-10", subscription("sub-02", "2024-03-10")),
        on("2024-04-09", _current("sub-02", "2024-03-10", "2024-04-10")),
        on("2024-04-10", _current("sub-02", "2024-04-10", "2024-05-10")))),

    "SC-03": ("closed periods are invoiced on the account's day, and not before they are closed", flat(
        _two_subscriptions(),
        see("/subscriptions/sub-01", {"nextInvoiceDate": "2024-05-02"}),
        on("2024-04-02", see(INVOICES, {"items": [], "total": 0})),
        on("2024-05-02", see(INVOICES, {"items": _issued("2024-05-02"), "total": 2})))),

    "SC-04": ("a run three days late raises an alarm and issues the same invoices once", flat(
        _two_subscriptions(),
        on("2024-04-02"),
        clock("2024-05-05", run=False),
        wish("RunInvoicing", through="2024-05-02", expect={"alarms": Mentions("INVOICE_LATE")}),
        see(INVOICES, {"items": _issued("2024-05-05"), "total": 2}),
        see("/alarms", {"items": [{"code": "INVOICE_LATE", "since": "2024-05-05", "accountId": "acc-1"}] * 2}),
        wish("RunInvoicing", through="2024-05-02", expect={"events": [], "eventCount": 0}),
        on("2024-05-06", see(INVOICES, {"total": 2})))),

    "SC-05": ("a subscription of 31 January clamps to short months from the original day", flat(
        begin("2024-01-31", account("2024-01-31"), subscription("sub-01", "2024-01-31")),
        on("2024-02-29", _current("sub-01", "2024-02-29", "2024-03-31")),
        on("2024-03-31", _current("sub-01", "2024-03-31", "2024-04-30")),
        on("2025-01-31", _current("sub-01", "2025-01-31", "2025-02-28")))),

    "SC-06": ("in a common year 31 January is followed by 28 February", flat(
        begin("2023-01-31", account("2023-01-31"), subscription("sub-01", "2023-01-31"),
              _current("sub-01", "2023-01-31", "2023-02-28")),
        on("2023-02-28", _current("sub-01", "2023-02-28", "2023-03-31")))),

    "SC-07": ("a subscription of 29 February starts on the 28th of a common year and on the 29th after it", flat(
        begin("2024-02-29", account("2024-02-29"), subscription("sub-01", "2024-02-29")),
        on("2025-02-28", _current("sub-01", "2025-02-28", "2025-03-29")),
        on("2025-03-29", _current("sub-01", "2025-03-29", "2025-04-29")))),

    "SC-08": ("clamped runs issue one, none and two invoices", flat(
        begin("2023-01-30", account("2023-01-30")),
        on("2023-01-31", subscription("sub-01", "2023-01-31")),
        on("2023-02-10", cost("sub-01", "2023-02-10", "10.00")),
        on("2023-02-28", see(INVOICES, {"total": 1})),
        on("2023-03-10", cost("sub-01", "2023-03-10", "11.00")),
        on("2023-03-30", see(INVOICES, {"total": 1})),
        on("2023-04-10", cost("sub-01", "2023-04-10", "12.00")),
        on("2023-04-30", see(INVOICES, {"total": 3, "items": AnyOrder(
            {"issueDate": "2023-02-28", "period": period("2023-01-31", "2023-02-28")},
            {"issueDate": "2023-04-30", "period": period("2023-02-28", "2023-03-31")},
            {"issueDate": "2023-04-30", "period": period("2023-03-31", "2023-04-30")})})))),

    "SC-15": ("a profile's invoice holds the month of all its subscriptions and purchases, with VAT", flat(
        begin("2024-02-02", account("2024-02-02", "MCA"), vat()),
        on("2024-03-01", *profile("profile-01", "2024-03-01", invoiceDay=5)),
        on("2024-03-05", member("sub-01", "2024-03-05", "profile-01")),
        on("2024-03-10", member("sub-02", "2024-03-10", "profile-01")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "120.00"), cost("sub-02", "2024-03-20", "80.00")),
        on("2024-03-28", member("support", "2024-03-28", "profile-01", offer="MS-AZR-0041P"),
           fact("SupportPlanPurchased", "2024-03-28", planId="plan-1", subscriptionId="support",
                price=money("100.00"), purchasedOn="2024-03-28")),
        on("2024-04-04", see(INVOICES, {"total": 0})),
        on("2024-04-05", see(INVOICES, {"total": 1, "items": [
            {"profileId": "profile-01", "type": "Profile", "issueDate": "2024-04-05",
             "period": period("2024-03-01", "2024-04-01"),
             "totals": {"billed": money("300.00"), "subTotal": money("300.00"), "tax": money("63.00"),
                        "total": money("363.00")}, "amountDue": money("363.00")}]})),
        recall(INVOICES, "invoice"),
        see("/invoices/{invoice}", {
            "lines": AnyOrder({"subscriptionId": "sub-01", "amount": money("120.00")},
                              {"subscriptionId": "sub-02", "amount": money("80.00")},
                              {"chargeType": "Purchase", "amount": money("100.00")}),
            "taxes": [{"name": "VAT", "ratePercent": "21", "base": money("300.00"), "amount": money("63.00")}]}))),

    "SC-16": ("a profile without charges gets an invoice of 0.00, paid", flat(
        begin("2024-02-02", account("2024-02-02", "MCA")),
        on("2024-03-01", *profile("profile-01", "2024-03-01", invoiceDay=5)),
        on("2024-04-05", see(INVOICES, {"total": 1, "items": [
            {"status": "Paid", "period": period("2024-03-01", "2024-04-01"), "amountDue": money("0.00"),
             "totals": {"billed": money("0.00"), "tax": money("0.00"), "total": money("0.00")}}]})))),

    "SC-17": ("usage between the month's end and the invoice day is on the next invoice", flat(
        begin("2024-02-02", account("2024-02-02", "MCA")),
        on("2024-03-01", *profile("profile-01", "2024-03-01", invoiceDay=5),
           member("sub-01", "2024-03-01", "profile-01")),
        on("2024-04-03", cost("sub-01", "2024-04-03", "10.00")),
        on("2024-04-05", see(INVOICES, {"total": 1, "items": [{"totals": {"total": money("0.00")}}]})),
        on("2024-05-05", see(INVOICES, {"total": 2, "items": [
            {"issueDate": "2024-05-05", "period": period("2024-04-01", "2024-05-01"),
             "totals": {"total": money("10.00")}},
            {"issueDate": "2024-04-05", "totals": {"total": money("0.00")}}]})))),
}
