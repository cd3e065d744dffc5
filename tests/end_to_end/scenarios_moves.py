"""Moves, transfers of billing ownership and upgrades: who is billed for which day, and who sees what of it."""

from expect import AnyOrder
from people import TENANT, account, begin, cost, flat, member, on, profile, role, subscription
from scenarios_agreements import linked
from steps import fact, money, period, recall, see, wish


def _mosp(account_id, created_on, owner, day=None, tenant=TENANT):
    return fact("BillingAccountOpened", day or created_on, accountId=account_id, type="MOSP", country="NL",
                tenantId=tenant, currency="EUR", signedUpBy=owner, createdOn=created_on)


def _upgrade(account_id, day, effective, profiles, from_type="MOSP", **more):
    return fact("BillingAccountUpgraded", day, accountId=account_id, fromType=from_type, toType="MCA",
                effectiveDate=effective, createdProfiles=[
                    {"profileId": name, "sectionId": f"{name}-section", "subscriptionIds": ids}
                    for name, ids in profiles.items()], **more)


def _transfer(day, accepted, source="acc-k", target="acc-l", **more):
    more.setdefault("moveTenant", False)
    return fact("SubscriptionBillingTransferred", day, subscriptionId="sub-1", fromAccount=source, toAccount=target,
                acceptedOn=accepted, **more)


def _move(day, effective, to, source="p-1-section", **more):
    return fact("SubscriptionMoved", day, subscriptionId="sub-1", fromScope=source, toScope=to,
                effectiveDate=effective, **more)


KEES, LIES, ROSA = {"by": "kees"}, {"by": "lies", "tenant": "t-2"}, {"by": "rosa"}


def _two_owners(*more):
    """Kees's account of the 20th with a subscription of the 8th, and Lies's of the 3rd in another directory."""
    return flat(
        begin("2020-08-03", _mosp("acc-l", "2020-08-03", "lies", tenant="t-2")),
        on("2020-08-20", _mosp("acc-k", "2020-08-20", "kees"), linked("kees", "2020-08-20", TENANT),
           linked("lies", "2020-08-20", "t-2"), linked("rosa", "2020-08-20", TENANT)),
        on("2020-09-08", subscription("sub-1", "2020-09-08", "acc-k"), role("rosa", "2020-09-08", "sub-1")),
        *more)


def _invoice(account_id, issued, start, end, total, **more):
    return {"accountId": account_id, "issueDate": issued, "period": period(start, end),
            "totals": {"total": money(total)}, **more}


SCENARIOS = {
    "moved-instalments": ("instalments of a reservation are billed where its subscription is on their day", flat(
        begin("2024-03-02", account("2024-03-02"), linked("jeroen", "2024-03-02", TENANT)),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-10", fact("ReservationPurchased", "2024-03-10", reservationId="r-1", subscriptionId="sub-01",
                              amount=money("100.00"), termMonths=3, paymentMode="card", billingFrequency="Monthly"),
           see("/invoices?subscriptionId=sub-01", {"total": 1})),
        on("2024-04-15", _upgrade("acc-1", "2024-04-15", "2024-04-15", {"p-1": ["sub-01"]}),
           see("/invoices?type=AzureMarketplace", {"total": 2})),
        on("2024-06-09", see("/invoices?type=AzureMarketplace", {"total": 2}),
           see("/invoices?profileId=p-1&from=2024-06-01", {"total": 1, "items": [
               _invoice("acc-1", "2024-06-09", "2024-05-01", "2024-06-01", "100.00")]})))),

    "moved-currency": ("what was recorded in euros is worth yen on the documents of a payer in yen", flat(
        begin("2024-01-01", account("2024-01-01"), account("2024-01-01", account_id="acc-j", currency="JPY"),
              linked("jeroen", "2024-01-01", TENANT),
              fact("ExchangeRateChanged", "2024-01-01", fromCurrency="EUR", toCurrency="JPY", rate="160",
                   effectiveOn="2024-01-01"),
              subscription("sub-1", "2024-01-01"),
              fact("CreditGranted", "2024-01-01", lotId="vs", scopeType="Subscription", scopeId="sub-1",
                   source="MonthlyCredit", amount=money("50.00"), startOn="2024-01-01"),
              fact("ReservationPurchased", "2024-01-01", reservationId="r-1", subscriptionId="sub-1",
                   amount=money("10.00"), termMonths=12, paymentMode="card", billingFrequency="Monthly")),
        on("2024-01-10", _transfer("2024-01-10", "2024-01-09", "acc-1", "acc-j"), cost("sub-1", "2024-01-10", "60.00")),
        on("2024-03-01", see("/invoices?accountId=acc-j&type=AzureServices", {"total": 1, "items": [
            {"accountId": "acc-j", "period": period("2024-01-10", "2024-02-09"),
             "totals": {"billed": money("9600", "JPY"), "creditApplied": money("8000", "JPY"),
                        "total": money("1600", "JPY")}}]}),
           see("/invoices?accountId=acc-j&type=AzureMarketplace", {"total": 2, "items": [
               {"issueDate": "2024-03-01", "totals": {"total": money("1600", "JPY")}},
               {"issueDate": "2024-02-01", "totals": {"total": money("1600", "JPY")}}]}),
           see("/subscriptions/sub-1/credits", {"currentBalance": money("8000", "JPY")})))),

    "last-invoice-date": ("the next invoice date of an upgraded account is that of its last invoice by the old rules", flat(
        begin("2024-02-05", account("2024-02-05"), linked("jeroen", "2024-02-05", TENANT)),
        on("2024-03-10", subscription("sub-01", "2024-03-10")),
        on("2024-04-20", cost("sub-01", "2024-04-12", "40.00"),
           _upgrade("acc-1", "2024-04-20", "2024-04-20", {"p-1": ["sub-01"]})),
        see("/accounts/acc-1", {"type": "MCA", "nextInvoiceDate": "2024-05-05"}),
        see("/subscriptions/sub-01", {"nextInvoiceDate": "2024-05-05"}),
        on("2024-05-05", see("/accounts/acc-1", {"nextInvoiceDate": "2024-05-09"}),
           see("/subscriptions/sub-01", {"nextInvoiceDate": None})))),

    "moved-offer-credit": ("the monthly credit of an offer goes with its subscription, and ends with it", flat(
        begin("2024-03-01", account("2024-03-01", "MCA"),
              fact("OfferDefined", "2024-03-01", offerId="club", name="Club", kind="MonthlyCredit",
                   monthlyCredit=money("25.00"), emailInvoices=True),
              profile("p-1", "2024-03-01", invoiceDay=5), profile("p-2", "2024-03-01", invoiceDay=5)),
        on("2024-03-05", subscription("sub-1", "2024-03-05", offer="club", invoiceSectionId="p-1-section")),
        on("2024-04-10", _move("2024-04-10", "2024-04-11", "p-2-section")),
        on("2024-05-02", see("/profiles/p-1/credits", {"currentBalance": money("0.00")}),
           see("/profiles/p-2/credits", {"currentBalance": money("25.00")}),
           fact("SubscriptionCancelled", "2024-05-02", subscriptionId="sub-1", reason="gone"),
           fact("SubscriptionDeleted", "2024-05-02", subscriptionId="sub-1", reason="gone")),
        on("2024-06-02", see("/profiles/p-2/credits", {"currentBalance": money("0.00")})))),

    "SC-26": ("an upgrade from MOSP ends every open period, and the month begins the day after it", flat(
        begin("2024-02-05", account("2024-02-05"), linked("jeroen", "2024-02-05", TENANT)),
        on("2024-03-05", subscription("sub-01", "2024-03-05")),
        on("2024-03-10", subscription("sub-02", "2024-03-10")),
        on("2024-04-04", cost("sub-01", "2024-03-20", "40.00"), cost("sub-01", "2024-04-04", "2.00"),
           cost("sub-02", "2024-03-20", "25.00"),
           _upgrade("acc-1", "2024-04-04", "2024-04-04", {"p-1": ["sub-01"], "p-2": ["sub-02"]})),
        see("/accounts/acc-1", {"type": "MCA"}, by="jeroen"),
        on("2024-04-05", cost("sub-01", "2024-04-05", "7.00"),
           see("/invoices?accountId=acc-1", {"total": 2, "items": AnyOrder(
               _invoice("acc-1", "2024-04-05", "2024-03-05", "2024-04-05", "42.00", type="AzureServices"),
               _invoice("acc-1", "2024-04-05", "2024-03-10", "2024-04-05", "25.00", type="AzureServices"))},
               by="jeroen")),
        on("2024-05-09", see("/invoices?profileId=p-1", {"total": 1, "items": [
            _invoice("acc-1", "2024-05-09", "2024-04-05", "2024-05-01", "7.00", type="Profile")]}, by="jeroen"),
           see("/invoices?profileId=p-2", {"total": 1, "items": [
               _invoice("acc-1", "2024-05-09", "2024-04-05", "2024-05-01", "0.00", status="Paid")]}, by="jeroen")))),

    "SC-27": ("after a transfer one last invoice holds the previous and the open period", flat(
        _two_owners(fact("BillingAccountOpened", "2020-09-08", accountId="acc-m", type="MCA", country="NL",
                         tenantId=TENANT, currency="EUR", signedUpBy="mia", createdOn="2020-09-08"),
                    profile("p-1", "2020-09-08", "acc-m", invoiceDay=5)),
        on("2020-11-16", cost("sub-1", "2020-10-30", "10.00"), cost("sub-1", "2020-11-10", "5.00"),
           cost("sub-1", "2020-11-16", "2.00"),
           _transfer("2020-11-16", "2020-11-16", target="acc-m", invoiceSectionId="p-1-section")),
        on("2020-11-17", cost("sub-1", "2020-11-17", "1.00")),
        on("2020-11-20", see("/invoices?accountId=acc-k", {"total": 1, "items": [
            _invoice("acc-k", "2020-11-20", "2020-10-08", "2020-11-17", "17.00")]}, **KEES)),
        recall("/invoices?accountId=acc-k", "last"),
        see("/invoices/{last}", {"lines": AnyOrder(
            {"period": period("2020-10-08", "2020-11-08"), "amount": money("10.00")},
            {"period": period("2020-11-08", "2020-11-17"), "amount": money("7.00")})}, **KEES),
        on("2020-12-05", see("/invoices?profileId=p-1&from=2020-12-01", {"total": 1, "items": [
            _invoice("acc-m", "2020-12-05", "2020-11-01", "2020-12-01", "1.00")]})))),

    "SC-28": ("an upgrade from EA on 19 May leaves the 20th to the 31st to the first profile invoice", flat(
        begin("2024-03-01",
              fact("BillingAccountOpened", "2024-03-01", accountId="acc-e", type="EA", country="NL", tenantId=TENANT,
                   currency="EUR", signedUpBy="jeroen", createdOn="2024-03-01", channel="Representative"),
              fact("EnrollmentRegistered", "2024-03-01", enrollmentId="enr-1", accountId="acc-e",
                   startDate="2024-03-01", channel="Direct", billingCycle="Monthly"),
              fact("EnrollmentAccountAdded", "2024-03-01", enrollmentAccountId="ea-1", enrollmentId="enr-1",
                   name="Lab", ownerIdentityId="otto"),
              subscription("sub-e", "2024-03-01", "acc-e", offer="MS-AZR-0017P", enrollmentAccountId="ea-1")),
        on("2024-05-20", cost("sub-e", "2024-05-19", "11.00"), cost("sub-e", "2024-05-20", "13.00"),
           _upgrade("acc-e", "2024-05-20", "2024-05-19", {"p-1": ["sub-e"]}, "EA")),
        on("2024-06-05", see("/invoices?accountId=acc-e", {"total": 2, "items": [
            _invoice("acc-e", "2024-06-05", "2024-05-20", "2024-06-01", "13.00", type="Profile"),
            _invoice("acc-e", "2024-06-02", "2024-05-01", "2024-05-20", "11.00", type="EnrollmentOverage")]}),
           see("/accounts/acc-e", {"type": "MCA", "nextInvoiceDate": "2024-07-05"}),
           see("/enrollments/enr-1", {"nextInvoiceDate": None})))),

    "moves-transfer": ("periods after a transfer go by the day of acceptance, and each owner has the days of his time", flat(
        _two_owners(),
        on("2020-10-09", wish("SetInvoiceSharing", **KEES, subscriptionId="sub-1", on=True),
           cost("sub-1", "2020-10-09", "30.00"), _transfer("2020-10-09", "2020-10-09")),
        on("2020-10-10", cost("sub-1", "2020-10-10", "4.00")),
        see("/subscriptions/sub-1", {"accountId": "acc-l", "currentPeriod": period("2020-10-10", "2020-11-09"),
                                     "nextInvoiceDate": "2020-12-03"}, **LIES),
        see("/subscriptions/sub-1", {}, status=404, **KEES),
        see("/access/Subscription/sub-1", {"invoiceSharing": False}),
        on("2020-12-03", see("/invoices?accountId=acc-k", {"total": 1, "items": [
            _invoice("acc-k", "2020-10-20", "2020-09-08", "2020-10-10", "30.00")]}, **KEES),
           see("/invoices?accountId=acc-l", {"total": 1, "items": [
               _invoice("acc-l", "2020-12-03", "2020-10-10", "2020-11-09", "4.00")]}, **LIES),
           see("/invoices?subscriptionId=sub-1", {"total": 1, "items": [{"accountId": "acc-l"}]}, **LIES),
           see("/invoices?subscriptionId=sub-1", {"total": 2})),
        recall("/invoices?accountId=acc-k", "old"), recall("/invoices?accountId=acc-l", "new"),
        see("/invoices/{old}", {"accountId": "acc-k"}, **KEES), see("/invoices/{old}", {}, status=404, **LIES),
        see("/invoices/{new}", {"accountId": "acc-l"}, **LIES), see("/invoices/{new}", {}, status=404, **KEES),
        see("/invoices/{old}", {}, status=404, **ROSA),
        see("/missing-invoice?invoiceId={new}", {"primary": "OTHER_ACCOUNT"}, **KEES),
        see("/missing-invoice?invoiceId={old}", {"primary": "NONE"}, **KEES),
        see("/missing-invoice?subscriptionId=sub-1&period=2020-09-20", {"code": "BAD_QUERY"}, status=400, **LIES),
        see("/subscriptions/sub-1/usage", {"totals": [{"cost": "4"}]}, **LIES),
        see("/accounts/acc-k/usage", {"totals": [{"cost": "30"}]}, **KEES),
        see("/events?account=acc-k&type=UsageRecorded", {"items": [{"data": {"usageDate": "2020-10-09"}}]}),
        see("/events?account=acc-l&type=UsageRecorded", {"items": [{"data": {"usageDate": "2020-10-10"}}]}),
        see("/events?account=acc-k&type=SubscriptionCreated", {"items": [{"data": {"subscriptionId": "sub-1"}}]}),
        see("/events?account=acc-l&type=SubscriptionCreated", {"items": []}),
        *(see(f"/events?account={name}&type=SubscriptionBillingTransferred", {"items": [{}]})
          for name in ("acc-k", "acc-l")))),

    "moves-profiles": ("a move between profiles divides the month on its first day there", flat(
        begin("2024-03-01", account("2024-03-01", "MCA", "acc-m"), profile("p-1", "2024-03-01", "acc-m", invoiceDay=5),
              profile("p-2", "2024-03-01", "acc-m", invoiceDay=5), member("sub-1", "2024-03-01", "p-1", "acc-m"),
              linked("jeroen", "2024-03-01", TENANT)),
        on("2024-03-20", cost("sub-1", "2024-03-14", "10.00"), cost("sub-1", "2024-03-15", "3.00"),
           _move("2024-03-20", "2024-03-15", "p-9-section", refused="UNKNOWN_REFERENCE"),
           _move("2024-03-20", "2024-02-15", "p-2-section", refused="INVALID_TIME"),
           _move("2024-03-20", "2024-03-15", "p-2-section")),
        see("/subscriptions/sub-1", {"profileId": "p-2", "invoiceSectionId": "p-2-section"}, by="jeroen"),
        see("/profiles/p-1/pending-charges", {"total": money("10.00")}, by="jeroen"),
        see("/profiles/p-2/pending-charges", {"total": money("3.00")}, by="jeroen"),
        on("2024-04-05", see("/invoices?profileId=p-1", {"total": 1, "items": [{"totals": {"total": money("10.00")}}]}),
           see("/invoices?profileId=p-2", {"total": 1, "items": [{"totals": {"total": money("3.00")}}]}),
           fact("BillingAccountClosed", "2024-04-05", accountId="acc-m", reason="gone"),
           _move("2024-04-05", "2024-04-05", "p-1-section", source="p-2-section", refused="ACCOUNT_CLOSED"),
           member("sub-2", "2024-04-05", "p-1", "acc-m", refused="ACCOUNT_CLOSED")))),

    "moves-access": ("after an upgrade documents keep the access of their time, and roles of the account open them too", flat(
        begin("2024-02-05", account("2024-02-05"), linked("jeroen", "2024-02-05", TENANT),
              linked("rosa", "2024-02-05", TENANT), linked("ria", "2024-02-05", TENANT),
              subscription("sub-1", "2024-02-05"), role("rosa", "2024-02-05", "sub-1")),
        on("2024-03-04", wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-1", on=True),
           cost("sub-1", "2024-02-20", "40.00"),
           _upgrade("acc-1", "2024-03-04", "2024-03-04", {"p-1": ["sub-1"]}),
           role("ria", "2024-03-04", "acc-1", "Account")),
        on("2024-04-09", see("/access/Profile/p-1", {"roles": AnyOrder(
            {"identityId": "rosa", "role": "Reader", "inherited": False},
            {"identityId": "jeroen", "role": "Owner", "inherited": True},
            {"identityId": "ria", "role": "Reader", "inherited": True})}),
           recall("/invoices?subscriptionId=sub-1", "last"),
           *(see("/invoices/{last}", {"type": "AzureServices"}, by=who) for who in ("jeroen", "rosa", "ria")),
           see("/subscriptions/sub-1/billing-history", {}, status=404, by="jeroen")))),
}
