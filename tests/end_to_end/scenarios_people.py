"""Who sees what, who gets mail, and why an invoice is missing."""

from expect import AnyOrder, Not
from people import account, begin, cost, flat, on, person, role, subscription
from steps import absent, period, recall, see, wish

SUB_01 = {"scopeType": "Subscription", "scopeId": "sub-01"}
PREFERENCE = "/email-preferences/Subscription/sub-01"
WHY = "/missing-invoice?subscriptionId=sub-01"


def _two_with_usage(*more):
    """Jeroen's subscriptions of 5 March; both are invoiced on 2 May."""
    return flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), subscription("sub-02", "2024-03-05"),
           cost("sub-01", "2024-03-05", "40.00"), cost("sub-02", "2024-03-05", "25.00"), *more))


def _invoiced():
    return flat(on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one"),
                   recall("/invoices?subscriptionId=sub-02", "two")))


def _opted_in():
    return [wish("AcceptEmailTerms", by="jeroen", termsVersion="2024-01", **SUB_01),
            wish("OptInEmailInvoice", by="jeroen", preferredEmail="billing@contoso.example", **SUB_01)]


def _with_recipients():
    return [*_opted_in(), wish("AddEmailRecipient", by="jeroen", address="fin@x.nl", **SUB_01),
            wish("AddEmailRecipient", by="jeroen", address="cfo@x.nl", **SUB_01)]


_TO_ADMINISTRATOR = {"because": "AccountAdministrator", "identityId": "jeroen", "state": "Queued",
                     "address": "billing@contoso.example"}


def _to(address):
    return {"because": "Recipient", "state": "Queued", "address": address}


def _next_month():
    """Usage in the second period, invoiced on 2 June, as {next}."""
    return flat(cost("sub-01", "2024-05-02", "30.00"),
                on("2024-06-02", recall("/invoices?subscriptionId=sub-01&from=2024-06-02", "next")))


SCENARIOS = {
    "SC-61": ("a reader sees an invoice only where sharing is on for that subscription", flat(
        _two_with_usage(person("ria", "2024-03-05"), role("ria", "2024-03-05", "sub-01"),
                        role("ria", "2024-03-05", "sub-02")),
        _invoiced(),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="ria", status=404),
        see("/invoices", {"items": [], "total": 0}, by="ria"),
        see(WHY, {"primary": "NO_PERMISSION_NOT_AA"}, by="ria"),
        wish("SetInvoiceSharing", by="ria", subscriptionId="sub-01", on=True, refused="NOT_ACCOUNT_ADMIN"),
        wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-01", on=True),
        see("/invoices/{one}", {"invoiceId": "{one}"}, by="ria"),
        see("/invoices/{two}", {"code": "NOT_FOUND"}, by="ria", status=404),
        see("/invoices", {"items": [{"invoiceId": "{one}"}], "total": 1}, by="ria"),
        see(WHY, {"primary": "NONE", "invoiceId": "{one}"}, by="ria"),
        wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-01", on=False),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="ria", status=404))),

    "SC-62": ("sharing gives nothing to a person without a role", flat(
        _two_with_usage(person("sofie", "2024-03-05")),
        wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-01", on=True),
        _invoiced(),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="sofie", status=404),
        see("/invoices/no-such-invoice", {"code": "NOT_FOUND"}, by="sofie", status=404),
        see("/invoices", {"items": [], "total": 0}, by="sofie"),
        see(WHY, {"primary": "NO_PERMISSION_NOT_AA", "invoiceId": None}, by="sofie"),
        see("/invoices/{one}", {"invoiceId": "{one}"}, by="jeroen"))),

    "SC-72": ("opting in without accepted terms is refused, and nothing is sent", flat(
        _two_with_usage(
            wish("OptInEmailInvoice", by="jeroen", refused="TERMS_NOT_ACCEPTED", **SUB_01),
            see(PREFERENCE, {"state": "OptedOut", "recipients": []}, by="jeroen")),
        _invoiced(),
        see("/invoices/{one}/emails", {"items": []}))),

    "SC-73": ("of two subscriptions only the one that opted in is e-mailed, to the preferred address", flat(
        _two_with_usage(*_opted_in(), see(PREFERENCE, {
            "state": "OptedIn", "termsVersion": "2024-01", "preferredEmail": "billing@contoso.example"})),
        _invoiced(),
        see("/invoices/{one}/emails", {"items": [_TO_ADMINISTRATOR]}),
        see("/invoices/{two}/emails", {"items": []}))),

    "SC-75": ("a removed recipient is not e-mailed again, and the address is gone", flat(
        _two_with_usage(*_with_recipients()),
        _invoiced(),
        see("/invoices/{one}/emails", {"items": AnyOrder(_TO_ADMINISTRATOR, _to("fin@x.nl"), _to("cfo@x.nl"))}),
        wish("RemoveEmailRecipient", by="jeroen", address="cfo@x.nl", **SUB_01),
        see(PREFERENCE, {"recipients": [{"address": "fin@x.nl"}]}, by="jeroen"),
        absent("/events?limit=1000", "cfo@x.nl"),
        _next_month(),
        see("/invoices/{next}/emails", {"items": AnyOrder(_TO_ADMINISTRATOR, _to("fin@x.nl"))}))),

    "SC-76": ("opting out ends all mail and forgets the recipients; opting in again starts empty", flat(
        _two_with_usage(*_with_recipients()),
        on("2024-05-02", wish("OptOutEmailInvoice", by="jeroen", **SUB_01)),
        see(PREFERENCE, {"state": "OptedOut", "recipients": []}, by="jeroen"),
        absent("/events?limit=1000", "fin@x.nl"),
        _next_month(),
        see("/invoices/{next}/emails", {"items": []}),
        wish("OptInEmailInvoice", by="jeroen", **SUB_01),
        see(PREFERENCE, {"state": "OptedIn", "recipients": []}, by="jeroen"))),

    "SC-84": ("for thirty days a subscription is too new for an invoice", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-10", subscription("sub-01", "2024-03-10")),
        on("2024-04-05", see(WHY, {"primary": "TOO_NEW", "invoiceId": None}, by="jeroen")),
        on("2024-04-08", see(WHY, {"primary": "TOO_NEW"}, by="jeroen")),
        on("2024-04-09", see(WHY, {"primary": Not("TOO_NEW")}, by="jeroen")))),

    "SC-85": ("an open period has no invoice yet", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-02-05", subscription("sub-01", "2024-02-05")),
        on("2024-04-20", cost("sub-01", "2024-04-20", "5.00")),
        see(WHY + "&period=2024-04-10", {"primary": "NOT_GENERATED_YET", "period": period("2024-04-05", "2024-05-05"),
                                         "invoiceId": None}, by="jeroen"))),

    "SC-94": ("billing history shows the last six closed periods and the current one", flat(
        begin("2024-01-02", account("2024-01-02"), person("jeroen", "2024-01-02")),
        on("2024-01-05", subscription("sub-01", "2024-01-05")),
        on("2024-07-10", cost("sub-01", "2024-07-10", "12.50")),
        on("2024-09-20", cost("sub-01", "2024-09-20", "5.00")),
        see("/subscriptions/sub-01/billing-history", {
            "subscriptionId": "sub-01",
            "items": [
                {"period": period("2024-08-05", "2024-09-05"), "status": "Closed", "reason": "NotYetInvoiced"},
                {"period": period("2024-07-05", "2024-08-05"), "status": "Closed", "invoiceStatus": "Due",
                 "total": {"amount": "12.50", "currency": "EUR"}},
                *({"period": period(start, end), "status": "Closed", "invoiceId": None, "reason": "NoUsage"}
                  for start, end in (("2024-06-05", "2024-07-05"), ("2024-05-05", "2024-06-05"),
                                     ("2024-04-05", "2024-05-05"), ("2024-03-05", "2024-04-05")))],
            "current": {"period": period("2024-09-05", "2024-10-05"), "status": "Unbilled",
                        "total": {"amount": "5.00", "currency": "EUR"}}}, by="jeroen"))),
}
