"""What is owed, and how it is paid."""

from people import account, begin, cost, flat, member, on, paid, profile, subscription, used, vat
from steps import fact, money, period, recall, see

OF_SUB_01 = "/invoices?subscriptionId=sub-01"


def _price(**more):
    return fact("PriceChanged", "2024-02-02", meterId="vm-b1s", effectiveOn="2024-01-01", unit="1 Hour",
                **{"currency": "EUR", **more})


def _metered(quantity):
    """A subscription of 5 March with 100 hours included, 0.12 after them."""
    return flat(
        begin("2024-02-02", account("2024-02-02"), vat(), _price(unitPrice="0.12", includedQuantity="100")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-20", quantity)))


def _invoice_of_40():
    """A card, a subscription on it, and its invoice of 40.00 of 2 May, as {invoice}."""
    return flat(
        begin("2024-02-02", account("2024-02-02"),
              fact("PaymentMethodAdded", "2024-02-02", methodId="card-1", accountId="acc-1", family="CreditCard",
                   expiry="2027-04")),
        on("2024-03-05", subscription("sub-01", "2024-03-05", paymentMethodId="card-1")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "40.00")),
        on("2024-05-02", recall(OF_SUB_01, "invoice")))


def _terabytes(profile_id, sub, quantity):
    return [*profile(profile_id, "2024-03-01", currency="USD", invoiceDay=5),
            member(sub, "2024-03-01", profile_id), used(sub, "2024-03-01", quantity)]


def _profile_total(profile_id, amount):
    return see(f"/invoices?profileId={profile_id}", {"total": 1, "items": [{"totals": {"total": money(amount, "USD")}}]})


SCENARIOS = {
    "SC-39": ("130.5 consumed with 100 included at 0.12 is worth 3.66", flat(
        _metered("130.5"),
        on("2024-05-02", recall(OF_SUB_01, "invoice")),
        see("/invoices/{invoice}", {
            "period": period("2024-03-05", "2024-04-05"), "dueDate": "2024-05-02", "status": "Due",
            "lines": [{"chargeType": "Usage", "meterId": "vm-b1s", "consumed": "130.5", "included": "100",
                       "billable": "30.5", "rate": "0.12", "value": "3.66", "amount": money("3.66")}],
            "totals": {"billed": money("3.66"), "subTotal": money("3.66"), "tax": money("0.77"),
                       "total": money("4.43")},
            "amountDue": money("4.43")}))),

    "SC-40": ("90 consumed with 100 included is worth nothing, and no invoice comes", flat(
        _metered("90"),
        see("/subscriptions/sub-01/statement", {
            "total": money("0.00"),
            "lines": [{"meterId": "vm-b1s", "consumed": "90", "billable": "0", "value": "0"}]}),
        on("2024-05-02", see(OF_SUB_01, {"items": [], "total": 0})),
        see("/subscriptions/sub-01/billing-history", {
            "items": [{"period": period("2024-03-05", "2024-04-05"), "status": "Closed", "invoiceId": None,
                       "reason": "NothingOwed"}]}))),

    "SC-41": ("100 TB in one profile cost 180.50, and 50 in each of two 184.00: tiers are the profile's", flat(
        begin("2024-02-02", account("2024-02-02", "MCA", currency="USD"),
              _price(currency="USD", tiers=[{"from": "0", "unitPrice": "1.84"}, {"from": "50", "unitPrice": "1.77"}])),
        on("2024-03-01", *_terabytes("one", "sub-01", "100"), *_terabytes("half-a", "sub-02", "50"),
           *_terabytes("half-b", "sub-03", "50")),
        on("2024-04-05", _profile_total("one", "180.50"), _profile_total("half-a", "92.00"),
           _profile_total("half-b", "92.00")))),

    "SC-46": ("an invoice is Due until it is paid", flat(
        _invoice_of_40(),
        see("/invoices/{invoice}", {"status": "Due", "amountDue": money("40.00"), "payments": []}),
        see("/subscriptions/sub-01", {"status": "Active", "balance": money("40.00")}),
        paid("{invoice}", "2024-05-02", "40.00"),
        see("/invoices/{invoice}", {"status": "Paid", "amountDue": money("0.00"), "payments": [
            {"paymentId": "p-1", "amount": money("40.00"), "receivedOn": "2024-05-02"}]}),
        see("/invoices?accountId=acc-1&status=Paid", {"total": 1}),
        see("/invoices?accountId=acc-1&status=Due", {"total": 0}),
        see("/subscriptions/sub-01", {"balance": money("0.00")}),
        fact("InvoicePaymentSucceeded", "2024-05-02", refused="ALREADY_PAID", invoiceId="{invoice}",
             paymentId="p-2", amount=money("40.00")))),

    "SC-47": ("a declined card makes invoice and subscription past due, and the subscription stays usable", flat(
        _invoice_of_40(),
        fact("InvoicePaymentFailed", "2024-05-02", invoiceId="{invoice}", paymentId="p-0", reason="BankDeclined",
             methodId="card-1"),
        see("/invoices/{invoice}", {"status": "PastDue", "amountDue": money("40.00"), "failedPayments": [
            {"paymentId": "p-0", "reason": "BankDeclined", "failedOn": "2024-05-02", "methodId": "card-1"}]}),
        see("/subscriptions/sub-01", {"status": "PastDue"}),
        cost("sub-01", "2024-05-02", "1.00"),  # accepted, and matched
        paid("{invoice}", "2024-05-02", "40.00"),
        see("/invoices/{invoice}", {"status": "Paid"}),
        see("/subscriptions/sub-01", {"status": "Active"}))),

    "SC-55": ("a wire invoice is due after 30 days and past due on the day after", flat(
        begin("2024-02-02", account("2024-02-02", "MCA", channel="Representative")),
        on("2024-03-01", *profile("profile-01", "2024-03-01", invoiceDay=5),
           member("sub-01", "2024-03-01", "profile-01")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "10.00")),
        on("2024-04-05", recall("/invoices?profileId=profile-01", "invoice")),
        see("/invoices/{invoice}", {"issueDate": "2024-04-05", "dueDate": "2024-05-05", "paymentTermDays": 30,
                                    "status": "Due"}),
        on("2024-05-05", see("/invoices/{invoice}", {"status": "Due"})),
        on("2024-05-06", see("/invoices/{invoice}", {"status": "PastDue"})),
        see("/subscriptions/sub-01", {"status": "PastDue"}))),
}
