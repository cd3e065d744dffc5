"""Credit, purchases, support plans and reservations: what is owed besides usage."""

from people import account, begin, cost, flat, member, on, paid, person, profile, role, subscription, vat
from steps import fact, money, period, recall, see, wish

OF_SUB = "/invoices?subscriptionId=sub-01"


def _credit(lot, scope, source, amount, start, scope_type="Subscription", **more):
    return fact("CreditGranted", start, lotId=lot, scopeType=scope_type, scopeId=scope, source=source,
                amount=money(amount), startOn=start, **more)


def _monthly(used, limit="Off"):
    """A Visual Studio subscription of 5 March with 150.00 a month, and usage of 19 March."""
    return flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05", offer="MS-AZR-0063P", spendingLimit=limit),
           _credit("vs", "sub-01", "MonthlyCredit", "150.00", "2024-03-05")),
        on("2024-03-19", cost("sub-01", "2024-03-19", used)))


def _no_services_invoice():
    return [see("/invoices?subscriptionId=sub-01&type=AzureServices", {"total": 0}),
            see("/subscriptions/sub-01/statement?period=2024-03-05", {"invoiceId": None, "reason": "WithinCredit"})]


def _profile(*sections):
    return begin("2024-02-02", account("2024-02-02", "MCA"), vat(), *sections)


CREDITS = {
    "SC-31": ("below the monthly credit there is no invoice", flat(
        _monthly("149.99"), on("2024-05-02", *_no_services_invoice()))),

    "SC-32": ("exactly the monthly credit is within it", flat(
        _monthly("150.00"), on("2024-05-02", *_no_services_invoice()))),

    "SC-33": ("a cent beyond the monthly credit is invoiced", flat(
        _monthly("150.01"), on("2024-05-02", recall(OF_SUB, "invoice")),
        see("/invoices/{invoice}", {"totals": {
            "billed": money("150.01"), "creditApplied": money("150.00"), "freeAzureCreditApplied": money("150.00"),
            "subTotal": money("0.01")}}))),

    "SC-34": ("credit does not cover Marketplace", flat(
        _monthly("20.00"),
        fact("UsageRecorded", "2024-03-19", subscriptionId="sub-01", meterId="market", quantity="1", cost="5.00",
             currency="EUR", publisherType="Marketplace"),
        on("2024-04-09", recall(OF_SUB, "invoice")),
        see("/invoices/{invoice}", {"type": "AzureMarketplace", "issueDate": "2024-04-09",
                                    "amountDue": money("5.00")}),
        on("2024-05-02", *_no_services_invoice()))),

    "SC-35": ("a free account within its credit ends with it", flat(
        begin("2024-03-01", account("2024-03-01"),
              subscription("sub-01", "2024-03-01", offer="MS-AZR-0044P", spendingLimit="On"),
              _credit("trial", "sub-01", "FreeTrial", "200.00", "2024-03-01", expiresOn="2024-03-31")),
        on("2024-03-10", cost("sub-01", "2024-03-09", "60.00"),
           see("/subscriptions/sub-01/credits", {"currentBalance": money("200.00"),
                                                 "estimatedBalance": money("140.00")})),
        on("2024-03-31", see("/subscriptions/sub-01", {"status": "Disabled", "statusReason": "Expired"})),
        on("2024-04-01", see(OF_SUB, {"total": 0})),
        see("/subscriptions/sub-01/credits", {"items": [{"lotId": "trial", "status": "expired",
                                                         "current": money("0.00")}],
                                              "currentBalance": money("0.00")}))),

    "SC-36": ("reaching the spending limit disables until the next period", flat(
        _monthly("149.99", "On"),
        on("2024-03-20", cost("sub-01", "2024-03-20", "0.01")),
        see("/subscriptions/sub-01", {"status": "Active"}),
        on("2024-03-21", see("/subscriptions/sub-01", {"status": "Disabled",
                                                       "statusReason": "SpendingLimitReached"})),
        on("2024-04-05", see("/subscriptions/sub-01", {"status": "Active", "statusReason": None})))),

    "SC-37": ("credit comes after returns and before tax", flat(
        _profile(*profile("profile-01", "2024-02-02", invoiceDay=5)),
        on("2024-03-01", member("sub-01", "2024-03-01", "profile-01"),
           _credit("promo", "profile-01", "Promotional", "200.00", "2024-03-01", "Profile"),
           cost("sub-01", "2024-03-01", "1000.00"),
           fact("UsageRecorded", "2024-03-01", subscriptionId="sub-01", meterId="vm-b1s", quantity="1",
                cost="-50.00", currency="EUR", chargeType="Refund")),
        see("/profiles/profile-01/credits", {"currentBalance": money("200.00"),
                                             "estimatedBalance": money("0.00")}),
        on("2024-04-05", recall("/invoices?profileId=profile-01&from=2024-04-01", "invoice")),
        see("/invoices/{invoice}", {"totals": {
            "billed": money("1000.00"), "credits": money("50.00"), "creditApplied": money("200.00"),
            "subTotal": money("750.00"), "tax": money("157.50"), "total": money("907.50")}}),
        see("/accounts/acc-1/credits", {"items": [{"lotId": "promo", "status": "used"}],
                                        "currentBalance": money("0.00")}))),

    "SC-38": ("credit is split over sections in proportion", flat(
        begin("2024-02-02", account("2024-02-02", "MCA"),
              fact("BillingProfileCreated", "2024-02-02", profileId="p", accountId="acc-1", currency="EUR",
                   invoiceDay=5),
              *[fact("InvoiceSectionCreated", "2024-02-02", sectionId=name, profileId="p", name=name)
                for name in "AB"]),
        on("2024-03-01",
           *[step for name, amount in (("A", "400.00"), ("B", "600.00")) for step in (
               subscription(f"sub-{name}", "2024-03-01", invoiceSectionId=name),
               cost(f"sub-{name}", "2024-03-01", amount))],
           _credit("promo", "p", "Promotional", "200.00", "2024-03-01", "Profile")),
        on("2024-04-05", recall("/invoices?profileId=p&from=2024-04-01", "invoice")),
        see("/invoices/{invoice}", {
            "sections": [{"sectionId": "A", "credit": money("80.00"), "total": money("320.00")},
                         {"sectionId": "B", "credit": money("120.00"), "total": money("480.00")}],
            "totals": {"subTotal": money("800.00")}}))),

    "SC-108": ("the statement of a period within credit shows what it was and why there is no invoice", flat(
        _monthly("40.00"), on("2024-05-02", see("/subscriptions/sub-01/statement?period=2024-03-05", {
            "period": period("2024-03-05", "2024-04-05"), "isEstimate": False, "charges": money("40.00"),
            "credit": money("40.00"), "total": money("0.00"), "invoiceId": None, "reason": "WithinCredit",
            "lines": [{"amount": money("40.00")}]})))),
}


def _paying_by(family):
    """A subscription of the account's day, and how it pays."""
    return begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02"),
                 subscription("sub-01", "2024-02-02"),
                 fact("PaymentMethodAdded", "2024-02-02", methodId="method-1", accountId="acc-1", family=family,
                      sharedBySubscriptions=["sub-01"]))


def _reserved(name, day, amount, mode):
    return on(day, fact("ReservationPurchased", day, reservationId=name, subscriptionId="sub-01",
                        amount=money(amount), termMonths=12, paymentMode=mode, billingFrequency="Upfront"))


def _two_reservations(family, mode):
    return flat(_paying_by(family), _reserved("r-1", "2024-03-01", "400.00", mode),
                _reserved("r-2", "2024-03-30", "250.00", mode))


def _support_plan():
    """A plan of 28 March in the account of 2 February."""
    return flat(_paying_by("CreditCard"), on(
        "2024-03-28", subscription("sub-s", "2024-03-28", offer="MS-AZR-0041P"),
        fact("SupportPlanPurchased", "2024-03-28", planId="plan-1", subscriptionId="sub-s",
             price=money("100.00"))))


def _with_marketplace():
    scope = {"scopeType": "Subscription", "scopeId": "sub-01"}
    return flat(
        _paying_by("CreditCard"),
        wish("AcceptEmailTerms", by="jeroen", termsVersion="2024-01", **scope),
        wish("OptInEmailInvoice", by="jeroen", **scope),
        on("2024-03-10", fact("PurchaseCharged", "2024-03-10", chargeId="c-1", kind="Marketplace",
                              amount=money("5.00"), subscriptionId="sub-01")),
        on("2024-04-09", recall(OF_SUB, "invoice")),
        see("/invoices/{invoice}", {"type": "AzureMarketplace", "amountDue": money("5.00"), "lines": [
            {"chargeType": "Purchase", "chargeId": "c-1", "amount": money("5.00")}]}))


PURCHASES = {
    "SC-09": ("reservations paid by invoice stand on one invoice of the 9th", flat(
        _two_reservations("CheckWire", "invoice"), see(OF_SUB, {"total": 0}),
        on("2024-04-09", recall(OF_SUB, "invoice")),
        see("/invoices/{invoice}", {"type": "AzureMarketplace", "issueDate": "2024-04-09",
                                    "amountDue": money("650.00")}))),

    "SC-10": ("reservations paid by card are invoiced at once", flat(
        _two_reservations("CreditCard", "card"),
        on("2024-04-10", see(OF_SUB, {"total": 2, "items": [
            {"issueDate": "2024-03-30", "isMonthly": False, "totals": {"total": money("250.00")}},
            {"issueDate": "2024-03-01", "isMonthly": False, "totals": {"total": money("400.00")}}]})))),

    "SC-11": ("spot usage stands on the invoice of the 9th", flat(
        _paying_by("CreditCard"),
        on("2024-03-10", cost("sub-01", "2024-03-10", "90.00"),
           fact("UsageRecorded", "2024-03-10", subscriptionId="sub-01", meterId="vm-spot", quantity="1",
                cost="12.34", currency="EUR", pricingModel="Spot")),
        on("2024-04-09", see(OF_SUB, {"total": 2, "items": [
            {"type": "AzureMarketplace", "issueDate": "2024-04-09", "totals": {"total": money("12.34")}},
            {"type": "AzureServices", "totals": {"total": money("90.00")}}]})))),

    "SC-12": ("without such charges there is no invoice on the 9th", flat(
        _paying_by("CreditCard"), on("2024-03-10", cost("sub-01", "2024-03-10", "90.00")),
        on("2024-04-11", see("/invoices?accountId=acc-1&type=AzureMarketplace", {"total": 0})))),

    "SC-13": ("a support plan is invoiced when bought, and then on the account's day", flat(
        _support_plan(),
        on("2024-05-02", see("/invoices?accountId=acc-1&type=AzureSupport", {"total": 2, "items": [
            {"issueDate": "2024-05-02", "period": period("2024-04-28", "2024-05-28")},
            {"issueDate": "2024-03-28", "totals": {"total": money("100.00")}}]})))),

    "SC-14": ("a cancelled support plan is neither given back nor billed further", flat(
        _support_plan(),
        on("2024-04-15", wish("CancelSupportPlan", by="jeroen", planId="plan-1")),
        on("2024-07-02", see("/invoices?accountId=acc-1", {"total": 1, "items": [
            {"status": "Due", "totals": {"total": money("100.00")}}]})))),

    "SC-64": ("the invoice of a support plan is the administrator's alone", flat(
        _support_plan(), person("sara", "2024-03-28"), role("sara", "2024-03-28", "sub-s", what="Owner"),
        wish("SetInvoiceSharing", by="jeroen", refused="SUPPORT_PLAN_NOT_SHAREABLE", subscriptionId="sub-s", on=True),
        recall("/invoices?accountId=acc-1", "invoice"),
        see("/invoices/{invoice}", {"code": "NOT_FOUND"}, by="sara", status=404),
        see("/invoices/{invoice}", {"type": "AzureSupport"}, by="jeroen"))),

    "SC-77": ("a Marketplace invoice is not mailed", flat(
        _with_marketplace(), see("/invoices/{invoice}/emails", {"items": []}))),

    "SC-78": ("the invoice of an opted-in support plan is mailed", flat(
        _support_plan(),
        wish("AcceptEmailTerms", by="jeroen", termsVersion="2024-01", scopeType="SupportPlan", scopeId="plan-1"),
        wish("OptInEmailInvoice", by="jeroen", scopeType="SupportPlan", scopeId="plan-1"),
        on("2024-05-02", recall("/invoices?accountId=acc-1&from=2024-05-01", "invoice")),
        see("/invoices/{invoice}/emails", {"items": [{"identityId": "jeroen",
                                                      "because": "AccountAdministrator"}]}))),
}


def _in_dollars(*steps):
    """A profile in dollars with one subscription."""
    return flat(begin("2024-01-01", account("2024-01-01", "MCA", currency="USD"),
                      *profile("p-1", "2024-01-01", currency="USD", invoiceDay=5),
                      member("sub-01", "2024-01-01", "p-1")), *steps)


def _bought(name, day, amount, months, frequency, mode="invoice", currency="USD"):
    return fact("ReservationPurchased", day, reservationId=name, subscriptionId="sub-01",
                amount=money(amount, currency), termMonths=months, paymentMode=mode, billingFrequency=frequency)


def _refunds(used, available):
    return see("/profiles/p-1", {"reservationRefunds": {
        "limit": money("50000.00", "USD"), "used": money(used, "USD"), "available": money(available, "USD")}})


RESERVATIONS = {
    "SC-43": ("what is given back counts against the limit for a year", flat(_in_dollars(
        on("2024-01-15", _bought("r-1", "2024-01-15", "100.00", 36, "Monthly")),
        on("2024-12-20", wish("RefundReservation", reservationId="r-1"), _refunds("2400.00", "47600.00")),
        on("2025-12-19", _refunds("2400.00", "47600.00")),
        on("2025-12-20", _refunds("0.00", "50000.00"))))),

    "SC-44": ("an exchange commits to what remains at least", flat(_in_dollars(
        on("2024-01-15", _bought("r-1", "2024-01-15", "100.00", 36, "Monthly")),
        on("2025-06-20", *[
            wish("ExchangeReservation", refused=refused, reservationId="r-1", newReservationId="r-2",
                 subscriptionId="sub-01", amount=money(amount, "USD"), termMonths=12, billingFrequency="Upfront")
            for amount, refused in (("1799.99", "EXCHANGE_BELOW_REMAINING"), ("1800.00", None))]),
        see("/events?stream=Reservation:r-1&type=ReservationExchanged", {"items": [{"data": {
            "newReservationId": "r-2", "residual": money("1800.00", "USD")}}]})))),

    "SC-45": ("no more than the limit is given back within a year", flat(_in_dollars(
        on("2024-01-15", *[_bought(name, "2024-01-15", "30000.00", 12, "Upfront") for name in ("r-1", "r-2")],
           wish("RefundReservation", reservationId="r-1"),
           wish("RefundReservation", refused="REFUND_LIMIT_EXCEEDED", reservationId="r-2"),
           wish("RefundReservation", refused="REFUND_LIMIT_EXCEEDED", reservationId="r-2",
                amount=money("20000.01", "USD")),
           _refunds("30000.00", "20000.00"))))),

    "SC-60": ("a card-paid reservation given back in part", flat(
        _paying_by("CreditCard"),
        on("2024-03-01", _bought("r-1", "2024-03-01", "400.00", 12, "Upfront", "card", "EUR"),
           recall(OF_SUB, "original"), paid("{original}", "2024-03-01", "400.00")),
        on("2024-03-02", wish("RefundReservation", by="jeroen", reservationId="r-1", amount=money("300.00"))),
        see("/invoices/{original}", {"status": "Void"}),
        recall(OF_SUB + "&status=Paid", "new"),
        see("/invoices/{new}", {
            "status": "Paid", "isMonthly": False, "amountDue": money("0.00"),
            "totals": {"billed": money("400.00"), "credits": money("300.00"), "total": money("100.00")},
            "payments": [{"paymentId": "p-1", "amount": money("400.00"), "reversed": money("300.00")}],
            "rebill": {"previousInvoiceId": "{original}"}}))),
}

SCENARIOS = {**CREDITS, **PURCHASES, **RESERVATIONS}
