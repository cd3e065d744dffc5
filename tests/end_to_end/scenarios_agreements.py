"""Partners and their customers, enterprise agreements, moves between them, and who may do what there."""

from people import TENANT, account, begin, cost, flat, on, role, subscription, used
from steps import fact, money, period, recall, see, wish

FAY = {"by": "fay", "tenant": "t-fabrikam"}


def _partner(*more):
    """A partner, its customer Fabrikam, and Fay, who works there."""
    return flat(
        begin("2024-10-01", account("2024-10-01", "MPA", "acc-p"),
              fact("BillingProfileCreated", "2024-10-01", profileId="p-eur", accountId="acc-p", currency="EUR"),
              fact("CustomerRegistered", "2024-10-01", customerId="fabrikam", accountId="acc-p",
                   tenantId="t-fabrikam", name="Fabrikam"),
              _linked("jeroen", "2024-10-01", TENANT), _linked("fay", "2024-10-01", "t-fabrikam")),
        on("2024-10-15", _plan("sub-f", "p-eur"), *more))


def _linked(name, day, tenant, email=None):
    return fact("IdentityLinked", day, identityId=name, issuer="https://login.example", subject=f"subject-{name}",
                email=email or f"{name}@{tenant}.example", tenantId=tenant)


def _plan(name, profile_id, day="2024-10-15"):
    return subscription(name, day, "acc-p", offer="MS-AZR-0017G", profileId=profile_id, customerId="fabrikam")


SCENARIOS = {
    "SC-18": ("a partner is invoiced on the 8th for the month before", flat(
        _partner(cost("sub-f", "2024-10-15", "60.00")),
        on("2024-11-08", recall("/invoices?profileId=p-eur", "october")),
        see("/invoices/{october}", {"issueDate": "2024-11-08", "period": period("2024-10-01", "2024-11-01"),
                                    "dueDate": "2025-01-07", "amountDue": money("60.00"),
                                    "lines": [{"subscriptionId": "sub-f"}]}),
        see("/profiles/p-eur", {"invoiceDay": 8, "paymentTermDays": 60, "nextInvoiceDate": "2024-12-08"}))),

    "SC-19": ("every currency of a partner has its own profile and its own invoice", flat(
        _partner(cost("sub-f", "2024-10-15", "60.00"),
                 fact("BillingProfileCreated", "2024-10-15", profileId="p-usd", accountId="acc-p", currency="USD"),
                 _plan("sub-d", "p-usd"), cost("sub-d", "2024-10-15", "20.00", "USD")),
        on("2024-11-08",
           see("/invoices?profileId=p-eur", {"items": [{"amountDue": money("60.00")}], "total": 1}),
           see("/invoices?profileId=p-usd", {"items": [{"amountDue": money("20.00", "USD")}], "total": 1})))),

    "SC-56": ("a partner's invoice is due after sixty days", flat(
        _partner(),
        on("2024-11-08", see("/invoices", {"items": [{"issueDate": "2024-11-08", "dueDate": "2025-01-07",
                                                      "paymentTermDays": 60}]})))),

    "SC-70": ("a partner's customer has neither invoices nor usage", flat(
        _partner(role("fay", "2024-10-15", "sub-f", what="Owner"), cost("sub-f", "2024-10-15", "60.00")),
        on("2024-11-08", recall("/invoices", "one")),
        see("/invoices", {"items": [], "total": 0}, **FAY),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, status=404, **FAY),
        see("/subscriptions/sub-f/usage", {"code": "NO_PERMISSION", "reason": "CSP_CUSTOMER"}, status=403, **FAY),
        see("/missing-invoice?subscriptionId=sub-f", {"primary": "CSP_CUSTOMER"}, **FAY))),

    "SC-106": ("with cost visibility a customer sees his usage at the prices for everybody", flat(
        _partner(role("fay", "2024-10-15", "sub-f"),
                 fact("PriceChanged", "2024-10-15", meterId="vm-b1s", currency="EUR", effectiveOn="2024-01-01",
                      unitPrice="2"),
                 fact("PriceChanged", "2024-10-15", meterId="vm-b1s", currency="EUR", effectiveOn="2024-01-01",
                      unitPrice="1.5", scopeType="Profile", scopeId="p-eur"),
                 used("sub-f", "2024-10-15", "10")),
        see("/subscriptions/sub-f/usage", {"totals": [{"currency": "EUR", "cost": "15"}]}, by="jeroen"),
        see("/subscriptions/sub-f/usage", {"code": "NO_PERMISSION", "reason": "CSP_CUSTOMER"}, status=403, **FAY),
        wish("SetCustomerCostVisibility", by="jeroen", customerId="fabrikam", value=True),
        see("/subscriptions/sub-f/usage", {"totals": [{"currency": "EUR", "cost": "20"}]}, **FAY),
        on("2024-11-08", see("/invoices", {"items": [], "total": 0}, **FAY)),
        see("/missing-invoice?subscriptionId=sub-f", {"primary": "CSP_CUSTOMER"}, **FAY))),
}
