"""How what is owed is paid, taken back or billed again, and what happens to subscriptions meanwhile."""

from expect import AnyOrder, anything
from people import account, begin, cost, flat, member, on, paid, person, profile, role, subscription, used
from steps import clock, fact, money, period, recall, see, wish

OF_SUB_01 = "/invoices?subscriptionId=sub-01"
OF_SUB_02 = "/invoices?subscriptionId=sub-02"


def _card(name, day, account_id="acc-1", **more):
    return fact("PaymentMethodAdded", day, methodId=name, accountId=account_id, family="CreditCard", **more)


def _declined(invoice, day, payment="p-0", method="card-1"):
    return fact("InvoicePaymentFailed", day, invoiceId=invoice, paymentId=payment, reason="BankDeclined",
                methodId=method)


def _american_account():
    return fact("BillingAccountOpened", "2024-02-02", accountId="acc-1", type="MOSP", country="US", tenantId="t-1",
                currency="EUR", signedUpBy="jeroen", createdOn="2024-02-02")


def _two_on_a_card(opened=None):
    """sub-01 owes 30.00 as {first}, sub-02 70.00 as {second}, both on card-1, since 2 May."""
    return flat(
        begin("2024-02-02", opened or _american_account(), person("jeroen", "2024-02-02"),
              person("olga", "2024-02-02"), _card("card-1", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05", paymentMethodId="card-1"),
           role("olga", "2024-03-05", "sub-01", what="Owner")),
        on("2024-03-10", subscription("sub-02", "2024-03-10", paymentMethodId="card-1")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "30.00"), cost("sub-02", "2024-03-20", "70.00")),
        on("2024-05-02", recall(OF_SUB_01, "first"), recall(OF_SUB_02, "second")))


def _states(state):
    return [see("/subscriptions/sub-01", {"status": state}), see("/subscriptions/sub-02", {"status": state})]


def _profile_invoice(amount="100.00", currency="EUR", **more):
    """A profile's invoice of 5 April as {invoice}, and a card of the account."""
    return flat(
        begin("2024-02-02", account("2024-02-02", "MCA", currency=currency, channel="Representative"),
              person("jeroen", "2024-02-02"), _card("card-9", "2024-02-02")),
        on("2024-03-01", *profile("profile-01", "2024-03-01", currency=currency, invoiceDay=5, **more),
           member("sub-01", "2024-03-01", "profile-01")),
        on("2024-03-20", cost("sub-01", "2024-03-20", amount, currency)),
        on("2024-04-05", recall("/invoices?profileId=profile-01", "invoice")))


def _address(name):
    return {"companyName": name, "addressLine1": "Kade 1", "city": "Utrecht", "postalCode": "3511", "country": "NL"}


SCENARIOS = {
    "SC-29": ("a cancelled subscription gets its last invoice on the usual run", flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "40.00"),
           fact("SubscriptionCancelled", "2024-03-20", subscriptionId="sub-01", reason="not needed")),
        on("2024-03-22", fact("UsageRecorded", "2024-03-22", unmatched="SUBSCRIPTION_INACTIVE", subscriptionId="sub-01",
                              meterId="vm-b1s", quantity="1", cost="9.00", currency="EUR"),
           # A cancellation that is told later than usage of days after it (R-64, decision 0087).
           subscription("sub-02", "2024-03-22"), cost("sub-02", "2024-03-22", "3.00"),
           subscription("sub-03", "2024-03-22")),
        on("2024-03-25", cost("sub-02", "2024-03-24", "5.00"), cost("sub-03", "2024-03-24", "7.00"),
           see("/unmatched-usage", {"items": [{"subscriptionId": "sub-01", "reason": "SUBSCRIPTION_INACTIVE"}]}),
           fact("SubscriptionCancelled", "2024-03-25", subscriptionId="sub-02", reason="not needed", effectiveOn="2024-03-22"),
           see("/unmatched-usage", {"items": [
               {"subscriptionId": "sub-01", "data": {"cost": "9"}, "reason": "SUBSCRIPTION_INACTIVE"},
               {"subscriptionId": "sub-02", "data": {"cost": "5"}, "reason": "SUBSCRIPTION_INACTIVE"}]}),
           see("/unmatched-usage?limit=1", {"items": [{"subscriptionId": "sub-01"}]})),
        on("2024-05-01", see(OF_SUB_01, {"total": 0})),
        on("2024-05-02", see(OF_SUB_01, {"total": 1, "items": [
            {"period": period("2024-03-05", "2024-04-05"), "amountDue": money("40.00")}]})),
        # One that is told later still, of usage that stands on an invoice: it stays there (decision 0097).
        on("2024-05-03", see("/invoices?subscriptionId=sub-03", {"total": 1, "items": [{"amountDue": money("7.00")}]}),
           fact("SubscriptionCancelled", "2024-05-03", subscriptionId="sub-03", reason="not needed", effectiveOn="2024-03-23"),
           see("/unmatched-usage", {"items": [{"subscriptionId": "sub-01"}, {"subscriptionId": "sub-02"}]})),
        on("2024-07-02", see(OF_SUB_01, {"total": 1})))),

    "SC-30": ("usage that comes late stands on the following invoice, with its own period", flat(
        begin("2024-02-02", account("2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", cost("sub-01", "2024-03-20", "40.00")),
        on("2024-05-02", cost("sub-01", "2024-04-04", "2.00"), cost("sub-01", "2024-04-20", "5.00")),
        on("2024-06-02", see(OF_SUB_01 + "&from=2024-06-01", {"total": 1}),
           recall(OF_SUB_01 + "&from=2024-06-01", "next")),
        see("/invoices/{next}", {"totals": {"total": money("7.00")}, "lines": AnyOrder(
            {"chargeType": "Usage", "amount": money("5.00"), "period": period("2024-04-05", "2024-05-05")},
            {"chargeType": "Usage", "amount": money("2.00"), "period": period("2024-03-05", "2024-04-05")})}))),

    "SC-48": ("a retry that succeeds three days later pays the invoice and frees the subscription", flat(
        _two_on_a_card(),
        _declined("{first}", "2024-05-02"), *_states("PastDue"),
        on("2024-05-05", paid("{first}", "2024-05-05", "30.00"),
           see("/invoices/{first}", {"status": "Paid"})), *_states("Active"))),

    "SC-49": ("unpaid for thirty days the subscriptions are disabled, and their usage is not charged", flat(
        _two_on_a_card(),
        _declined("{first}", "2024-05-02"),
        on("2024-05-23", *_states("Warned")),
        on("2024-06-01", *_states("Disabled")),
        see("/subscriptions/sub-01", {"statusReason": "PastDue"}),
        see("/invoices/{first}/notices", {"items": [
            {"kind": kind, "identityId": "jeroen", "address": "jeroen@contoso.example", "state": "Queued"}
            for kind in ("PastDue", "Warned", "Disabled")]}, by="jeroen"),
        see("/invoices/{first}/notices", {"code": "NOT_FOUND"}, by="olga", status=404),
        on("2024-06-03", fact("UsageRecorded", "2024-06-02", unmatched="SUBSCRIPTION_INACTIVE", subscriptionId="sub-01",
                              meterId="vm-b1s", quantity="1", cost="1.00", currency="EUR")))),

    "SC-50": ("settling the balance makes disabled subscriptions active", flat(
        _two_on_a_card(),
        _declined("{first}", "2024-05-02"),
        on("2024-06-01", *_states("Disabled"), _card("card-2", "2024-06-01"),
           wish("SettleBalance", by="jeroen", accountId="acc-1", methodId="card-2")),
        *_states("Active"))),

    "SC-51": ("ninety days after it was disabled a subscription is deleted, and stays so", flat(
        _two_on_a_card(),
        _declined("{first}", "2024-05-02"),
        on("2024-08-29", *_states("Disabled")),
        on("2024-08-30", *_states("Deleted")),
        wish("ReactivateSubscription", refused="DELETED", subscriptionId="sub-01"))),

    "SC-52": ("the whole balance of a declined card is settled at once, and the new card is the default of both", flat(
        _two_on_a_card(),
        _declined("{first}", "2024-05-02"), _declined("{second}", "2024-05-02", payment="p-1"), *_states("PastDue"),
        _card("card-2", "2024-05-02"),
        wish("SettleBalance", by="jeroen", refused="PARTIAL_NOT_ALLOWED", accountId="acc-1", methodId="card-2",
             amount=money("30.00")),
        wish("SettleBalance", by="jeroen", refused="EXCEEDS_AMOUNT_DUE", accountId="acc-1", methodId="card-2",
             amount=money("100.01")),
        wish("SettleBalance", by="jeroen", accountId="acc-1", methodId="card-2", amount=money("100.00"),
             expect={"eventCount": 7}),
        *_states("Active"),
        see("/subscriptions/sub-01", {"paymentMethodId": "card-2", "balance": money("0.00")}),
        see("/subscriptions/sub-02", {"paymentMethodId": "card-2", "balance": money("0.00")}),
        see("/invoices/{second}", {"status": "Paid", "payments": [
            {"amount": money("70.00"), "methodId": "card-2", "methodFamily": "CreditCard"}]}),
        fact("PaymentMethodRemoved", "2024-05-02", methodId="card-1"),
        fact("PaymentMethodRemoved", "2024-05-02", refused="METHOD_IN_USE", methodId="card-2"))),

    "SC-53": ("an owner of a subscription does not settle the balance, whatever the country", flat(
        _two_on_a_card(account("2024-02-02")),
        wish("SettleBalance", by="olga", refused="NOT_ACCOUNT_ADMIN", accountId="acc-1", methodId="card-1"),
        wish("SettleBalance", by="jeroen", refused="REGION_USES_PAY_NOW", accountId="acc-1", methodId="card-1"),
        wish("PayNow", by="jeroen", invoiceId="{first}", methodId="card-1"),
        see("/invoices/{first}", {"status": "Paid"}))),

    "SC-54": ("a card pays invoices up to 50,000 USD of an account signed by a representative", flat(
        _profile_invoice("60000.00", "USD"),
        wish("PayNow", by="jeroen", refused="AMOUNT_OVER_CARD_LIMIT", invoiceId="{invoice}", methodId="card-9"),
        on("2024-04-20", cost("sub-01", "2024-04-20", "49999.00", "USD")),
        on("2024-05-05", recall("/invoices?profileId=profile-01&from=2024-05-01", "next")),
        wish("PayNow", by="jeroen", invoiceId="{next}", methodId="card-9"),
        see("/invoices/{next}", {"status": "Paid", "amountDue": money("0.00", "USD")}))),

    "SC-57": ("a part of a wire payment leaves the rest due", flat(
        _profile_invoice(),
        paid("{invoice}", "2024-04-05", "60.00", "w-1"),
        see("/invoices/{invoice}", {"status": "Due", "amountDue": money("40.00")}),
        fact("InvoicePaymentSucceeded", "2024-04-05", refused="EXCEEDS_AMOUNT_DUE", invoiceId="{invoice}",
             paymentId="w-2", amount=money("40.01")),
        paid("{invoice}", "2024-04-05", "40.00", "w-2"),
        see("/invoices/{invoice}", {"status": "Paid", "amountDue": money("0.00")}))),

    "SC-58": ("a payment that is claimed back is owed again", flat(
        _profile_invoice(),
        paid("{invoice}", "2024-04-05", "100.00", "w-1"),
        fact("InvoicePaymentReversed", "2024-04-05", invoiceId="{invoice}", paymentId="w-1", amount=money("100.00"),
             reason="Chargeback"),
        see("/invoices/{invoice}", {"status": "PastDue", "amountDue": money("100.00"),
                                    "payments": [{"paymentId": "w-1", "reversed": money("100.00")}]}),
        see("/subscriptions/sub-01", {"status": "PastDue"}),
        fact("InvoicePaymentReversed", "2024-04-05", refused="ALREADY_REVERSED", invoiceId="{invoice}",
             paymentId="w-1", amount=money("1.00")))),

    "SC-59": ("an amended invoice takes the place of the paid one, and the payment moves", flat(
        _profile_invoice(billTo=_address("Contoso BV")),
        paid("{invoice}", "2024-04-05", "100.00", "w-1"),
        fact("BillToChanged", "2024-04-05", profileId="profile-01", newValue=_address("Contoso Holding")),
        wish("AmendInvoice", by="jeroen", invoiceId="{invoice}"),
        recall("/invoices?profileId=profile-01&status=Paid", "amended"),
        recall("/invoices?profileId=profile-01&documentType=CreditNote", "note"),
        see("/invoices?profileId=profile-01&documentType=all", {"total": 3}),
        see("/invoices/{invoice}", {"status": "Void", "amountDue": money("0.00"), "payments": [], "rebill": {
            "billedDocumentId": "{amended}", "creditNoteIds": ["{note}"], "previousInvoiceId": None}}),
        see("/invoices/{amended}", {"status": "Paid", "billTo": {"companyName": "Contoso Holding"},
                                    "totals": {"total": money("100.00")}, "payments": [{"paymentId": "w-1"}],
                                    "rebill": {"previousInvoiceId": "{invoice}"}}),
        see("/invoices/{note}", {"invoiceId": "{note}", "documentType": "CreditNote", "status": "Paid",
                                 "creditForDocumentId": "{invoice}", "amountDue": money("0.00"),
                                 "totals": {"total": money("100.00")}}),
        see("/invoices/{note}", {"code": "NOT_FOUND"}, by="nobody", status=404),
        wish("AmendInvoice", refused="ALREADY_VOID", invoiceId="{invoice}", poNumber="PO-2"),
        on("2024-05-05", see("/invoices?profileId=profile-01&from=2024-05-01", {
            "total": 1, "items": [{"totals": {"total": money("0.00")}}]})))),

    "SC-111": ("a card invoice that nobody reports on stays Due, with an alarm after its charge window", flat(
        _two_on_a_card(),
        paid("{second}", "2024-05-02", "70.00"),
        on("2024-05-12", see("/alarms", {"items": []})),
        on("2024-05-13", see("/alarms", {"items": [
            {"code": "PAYMENT_NOT_REPORTED", "since": "2024-05-13", "accountId": "acc-1", "scopeType": "Subscription",
             "scopeId": "sub-01", "invoiceId": "{first}"}], "nextCursor": None})),
        see("/alarms?invoiceId={second}", {"items": []}),
        see("/alarms", {"code": "FORBIDDEN"}, by="jeroen", status=403),
        see("/invoices/{first}", {"status": "Due"}),
        wish("SetPolicy", policy="card.unreported", value="pastDueAfterWindow"),
        on("2024-05-14", see("/invoices/{first}", {"status": "PastDue"}), see("/alarms", {"items": []})),
        *_states("PastDue"))),

    "SC-117": ("a cancelled subscription is disabled, then expired, and reactivated from both", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        fact("SubscriptionDeleted", "2024-03-05", refused="NOT_CANCELLED", subscriptionId="sub-01", reason="x"),
        on("2024-03-20", fact("SubscriptionCancelled", "2024-03-20", subscriptionId="sub-01", reason="not needed"),
           see("/subscriptions/sub-01", {"status": "Disabled", "statusReason": "Cancelled"}),
           wish("ReactivateSubscription", by="jeroen", subscriptionId="sub-01"),
           see("/subscriptions/sub-01", {"status": "Active", "statusReason": None}),
           fact("SubscriptionCancelled", "2024-03-20", subscriptionId="sub-01", reason="not needed")),
        on("2024-04-05", see("/subscriptions/sub-01", {"status": "Expired"}),
           wish("ReactivateSubscription", by="jeroen", subscriptionId="sub-01"),
           see("/subscriptions/sub-01", {"status": "Active"}), cost("sub-01", "2024-04-05", "1.00")))),

    "corrections-usage": ("what its source amends or voids is mended on the next invoice", flat(
        begin("2024-02-02", account("2024-02-02"), fact(
            "PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", unitPrice="2.00", effectiveOn="2024-01-01")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-20", "10", usageId="u-1"), used("sub-01", "2024-03-20", "4", usageId="u-2"),
           used("sub-01", "2024-03-20", "1", usageId="u-3"),
           fact("UsageVoided", "2024-03-20", subscriptionId="sub-01", usageId="u-3", reason="never happened")),
        on("2024-05-02", recall(OF_SUB_01, "invoice"), see("/invoices/{invoice}", {"totals": {"total": money("28.00")}}),
           fact("UsageAmended", "2024-05-02", subscriptionId="sub-01", usageId="u-1", quantity="7", reason="misread"),
           fact("UsageVoided", "2024-05-02", subscriptionId="sub-01", usageId="u-2", reason="never happened"),
           fact("UsageAmended", "2024-05-02", refused="UNKNOWN_REFERENCE", subscriptionId="sub-01", usageId="u-9",
                quantity="7", reason="misread"),
           fact("UsageAmended", "2024-05-02", refused="INVALID_FIELD", subscriptionId="sub-01", usageId="u-1",
                reason="misread"),
           used("sub-01", "2024-04-20", "20")),
        on("2024-06-02", recall(OF_SUB_01 + "&from=2024-06-01", "next")),
        see("/invoices/{invoice}", {"totals": {"total": money("28.00")}}),
        see("/invoices/{next}", {"totals": {"total": money("26.00")}, "lines": [
            {"chargeType": "Usage", "amount": money("40.00"), "period": period("2024-04-05", "2024-05-05")},
            {"chargeType": "Adjustment", "amount": money("-14.00"), "period": period("2024-03-05", "2024-04-05")}]}))),

    "corrections-note": ("by policy, corrections have a credit note or an invoice of their own", flat(
        begin("2024-02-02", account("2024-02-02"), fact(
            "PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", unitPrice="2.00", effectiveOn="2024-01-01"),
            wish("SetPolicy", policy="corrections", value="note", accountId="acc-1")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-20", "10", usageId="u-1"), used("sub-01", "2024-03-20", "4", usageId="u-2")),
        on("2024-05-02", recall(OF_SUB_01, "invoice"), see("/invoices/{invoice}", {"totals": {"total": money("28.00")}}),
           fact("UsageVoided", "2024-05-02", subscriptionId="sub-01", usageId="u-2", reason="never happened"),
           used("sub-01", "2024-04-20", "20")),
        on("2024-06-02", recall(OF_SUB_01 + "&documentType=CreditNote", "note")),
        see("/invoices/{note}", {"documentType": "CreditNote", "creditForDocumentId": "{invoice}", "issueDate": "2024-06-02",
                                 "totals": {"total": money("8.00")}}),
        see("/invoices/{invoice}", {"amountDue": money("20.00"), "totals": {"total": money("28.00")},
                                    "rebill": {"creditNoteIds": ["{note}"]}}),
        recall(OF_SUB_01 + "&from=2024-06-01", "next"),
        see("/invoices/{next}", {"totals": {"total": money("40.00")}, "lines": [{"chargeType": "Usage"}]}),
        used("sub-01", "2024-03-30", "3"),
        on("2024-07-02", recall(OF_SUB_01 + "&from=2024-07-01", "debit")),
        see("/invoices/{debit}", {"isMonthly": False, "period": period("2024-03-05", "2024-04-05"),
                                  "totals": {"total": money("6.00")},
                                  "lines": [{"chargeType": "Usage", "correctedInvoiceId": "{invoice}"}]}))),

    "corrections-source": ("a correction means the row of its own source, else the only one of that name", flat(
        begin("2024-02-02", account("2024-02-02"), fact(
            "PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", unitPrice="2.00", effectiveOn="2024-01-01")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-20", "10", usageId="u-1", sent_by="//meter/a"),
           used("sub-01", "2024-03-20", "4", usageId="u-2", sent_by="//meter/a"),
           used("sub-01", "2024-03-20", "3", usageId="u-2", sent_by="//meter/b"),
           fact("UsageVoided", "2024-03-20", sent_by="//office", subscriptionId="sub-01", usageId="u-1", reason="misread"),
           fact("UsageVoided", "2024-03-20", sent_by="//office", refused="UNKNOWN_REFERENCE", subscriptionId="sub-01",
                usageId="u-2", reason="misread"),
           fact("UsageVoided", "2024-03-20", sent_by="//meter/b", subscriptionId="sub-01", usageId="u-2", reason="misread")),
        on("2024-05-02", recall(OF_SUB_01, "invoice"), see("/invoices/{invoice}", {"totals": {"total": money("8.00")}})))),

    "discounts": ("a discount lowers usage from its first day on, by a line of its own", flat(
        begin("2024-02-02", account("2024-02-02"), fact(
            "PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", unitPrice="2.00", effectiveOn="2024-01-01"),
            fact("DiscountGranted", "2024-02-02", discountId="d-1", scopeType="Account", scopeId="acc-1", percent="10",
                 startOn="2024-03-15")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-10", "10"), used("sub-01", "2024-03-20", "10")),
        fact("DiscountEnded", "2024-03-20", refused="UNKNOWN_REFERENCE", discountId="d-9", endOn="2024-04-01"),
        on("2024-05-02", recall(OF_SUB_01, "invoice")),
        see("/invoices/{invoice}", {"totals": {"billed": money("38.00"), "total": money("38.00")}, "lines": AnyOrder(
            {"chargeType": "Usage", "amount": money("40.00")}, {"chargeType": "Discount", "amount": money("-2.00")})}))),

    "corrections-credit-note": ("a credit note lowers what is owed, and the rest of it pays the invoice", flat(
        _profile_invoice(),
        wish("IssueCreditNote", invoiceId="{invoice}", amount=money("30.00"), reason="outage"),
        see("/invoices/{invoice}", {"status": "Due", "amountDue": money("70.00"), "rebill": {"creditNoteIds": [anything]}}),
        see("/invoices?profileId=profile-01&documentType=CreditNote", {"total": 1, "items": [
            {"totals": {"total": money("30.00")}, "creditForDocumentId": "{invoice}"}]}),
        wish("IssueCreditNote", refused="EXCEEDS_INVOICE", invoiceId="{invoice}", amount=money("70.01"), reason="x"),
        wish("LockInvoice", invoiceId="{invoice}", reason="dispute"),
        see("/invoices/{invoice}", {"status": "Locked"}),
        wish("IssueCreditNote", refused="LOCKED", invoiceId="{invoice}", amount=money("1.00"), reason="x"),
        wish("UnlockInvoice", invoiceId="{invoice}"),
        wish("IssueCreditNote", invoiceId="{invoice}", amount=money("70.00"), reason="outage"),
        see("/invoices/{invoice}", {"status": "Paid", "amountDue": money("0.00")}))),

    "corrections-void": ("a void invoice is billed again by the next run, or at once by what is known now", flat(
        begin("2024-02-02", account("2024-02-02"), fact(
            "PriceChanged", "2024-02-02", meterId="vm-b1s", currency="EUR", unitPrice="2.00", effectiveOn="2024-01-01")),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-20", used("sub-01", "2024-03-20", "10")),
        on("2024-05-02", recall(OF_SUB_01, "invoice"), paid("{invoice}", "2024-05-02", "20.00")),
        wish("VoidInvoice", invoiceId="{invoice}", reason="wrong", rebill=False),
        wish("VoidInvoice", refused="ALREADY_VOID", invoiceId="{invoice}", reason="wrong"),
        see("/invoices/{invoice}", {"status": "Void", "payments": [{"reversed": money("20.00")}]}),
        see("/subscriptions/sub-01/billing-history", {"items": [
            {"period": period("2024-03-05", "2024-04-05"), "invoiceId": None, "reason": "NotYetInvoiced"}]}),
        clock("2024-06-01"), see(OF_SUB_01 + "&status=Due", {"total": 0}),
        on("2024-06-02", recall(OF_SUB_01 + "&status=Due", "again")),
        see("/invoices/{again}", {"amountDue": money("20.00"), "rebill": {"previousInvoiceId": "{invoice}"}}),
        see("/invoices/{invoice}", {"rebill": {"billedDocumentId": "{again}"},
                                    "payments": [{"amount": money("20.00"), "reversed": money("20.00")}]}),
        fact("PriceChanged", "2024-06-02", meterId="vm-b1s", currency="EUR", unitPrice="1.50", effectiveOn="2024-03-01"),
        wish("VoidInvoice", invoiceId="{again}", reason="price agreed", rebill=True),
        see(OF_SUB_01 + "&status=Due", {"total": 1, "items": [{"amountDue": money("15.00")}]}))),
}
