"""What is mailed and what is not, terms, documents of their own, and reasons that only some agreements have."""

from expect import Not
from people import account, begin, cost, flat, member, on, person, profile, role, subscription, vat
from steps import fact, money, period, recall, see, wish

SUB_01 = {"scopeType": "Subscription", "scopeId": "sub-01"}
PLAN = {"scopeType": "SupportPlan", "scopeId": "plan-1"}
WHY = "/missing-invoice?subscriptionId=sub-01"
PREFERENCE = "/email-preferences/Subscription/sub-01"
MARKETPLACE = "/invoices?subscriptionId=sub-01&type=AzureMarketplace"


def _subscribed(*more, opted_in=True, **of_account):
    """Jeroen's subscription of 5 March; his account's day is the second."""
    return flat(
        begin("2024-02-02", account("2024-02-02", **of_account), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"),
           [wish("AcceptEmailTerms", by="jeroen", termsVersion="1", **SUB_01),
            wish("OptInEmailInvoice", by="jeroen", **SUB_01)] if opted_in else [], *more))


def _spot(amount, day="2024-03-05"):
    return fact("UsageRecorded", day, subscriptionId="sub-01", meterId="spot", quantity="1", cost=amount,
                currency="EUR", pricingModel="Spot")


def _plan(day="2024-03-28"):
    return [subscription("sub-sup", day, offer="MS-AZR-0041P"),
            fact("SupportPlanPurchased", day, planId="plan-1", subscriptionId="sub-sup", price=money("100.00"),
                 purchasedOn=day)]


_TO_JEROEN = {"because": "AccountAdministrator", "identityId": "jeroen"}

SCENARIOS = {
    "SC-11": ("spot usage has a document of its own on the ninth, apart from the services' invoice", flat(
        _subscribed(_spot("12.34"), cost("sub-01", "2024-03-05", "90.00"), opted_in=False),
        on("2024-04-09", see(MARKETPLACE, {"items": [{"issueDate": "2024-04-09", "totals": {"billed": money("12.34")},
                                                      "period": period("2024-03-01", "2024-04-01")}]})),
        on("2024-05-02", see("/invoices?subscriptionId=sub-01&type=AzureServices", {"items": [
            {"totals": {"billed": money("90.00")}}]})))),

    "SC-12": ("a month without Marketplace, reservation or spot charges has no document on the ninth", flat(
        _subscribed(cost("sub-01", "2024-03-05", "90.00"), opted_in=False),
        on("2024-04-20", see(MARKETPLACE, {"items": [], "total": 0})))),

    "SC-14": ("a cancelled support plan is billed for its month, and never again", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-28", _plan()),
        on("2024-04-15", fact("SupportPlanCancelled", "2024-04-15", planId="plan-1")),
        on("2024-07-02", see("/invoices?accountId=acc-1&documentType=all", {"items": [
            {"type": "AzureSupport", "issueDate": "2024-03-28", "totals": {"billed": money("100.00")}}], "total": 1})))),

    "SC-64": ("a support plan's invoices are for the account administrator alone", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02"), person("olga", "2024-02-02")),
        on("2024-03-28", _plan(), role("olga", "2024-03-28", "sub-sup", what="Owner")),
        recall("/invoices?accountId=acc-1", "support"),
        wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-sup", on=True, refused="SUPPORT_PLAN_NOT_SHAREABLE"),
        see("/invoices/{support}", {"code": "NOT_FOUND"}, by="olga", status=404),
        see("/invoices/{support}", {"invoiceId": "{support}", "type": "AzureSupport"}, by="jeroen"))),

    "SC-74": ("additional recipients get the mail and no right to the invoice", flat(
        _subscribed(cost("sub-01", "2024-03-05", "40.00"),
                    wish("AddEmailRecipient", by="jeroen", address="fin@x.nl", **SUB_01),
                    wish("AddEmailRecipient", by="jeroen", address="cfo@x.nl", **SUB_01),
                    person("cfo", "2024-03-05", "cfo@x.nl")),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        see("/invoices/{one}/emails", {"items": [_TO_JEROEN, {"address": "fin@x.nl", "because": "Recipient"},
                                                 {"address": "cfo@x.nl", "because": "Recipient"}]}),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="cfo", status=404))),

    "SC-77": ("Marketplace documents are e-mailed only under the alternative policy", flat(
        _subscribed(_spot("12.34")),
        wish("OptInEmailInvoice", by="jeroen", includeMarketplace=True, refused="PRODUCT_EXCLUDED", **SUB_01),
        on("2024-04-09", recall(MARKETPLACE, "march")),
        see("/invoices/{march}/emails", {"items": []}),
        wish("SetPolicy", policy="mosp.emailMarketplace", value="optional"),
        wish("OptInEmailInvoice", by="jeroen", includeMarketplace=True, **SUB_01),
        _spot("5.00", "2024-04-09"),
        on("2024-05-09", recall(MARKETPLACE + "&from=2024-05-01", "april")),
        see("/invoices/{april}/emails", {"items": [_TO_JEROEN]}))),

    "SC-78": ("an opted-in support plan's invoice is e-mailed", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-28", _plan(),
           wish("AcceptEmailTerms", by="jeroen", termsVersion="1", **PLAN),
           wish("OptInEmailInvoice", by="jeroen", **PLAN)),
        on("2024-05-02", recall("/invoices?accountId=acc-1&from=2024-05-01", "second")),
        see("/invoices/{second}/emails", {"items": [_TO_JEROEN]}))),

    "SC-79": ("opting in is the administrator's, and not offered everywhere", flat(
        _subscribed(person("carl", "2024-03-05"), role("carl", "2024-03-05", "sub-01", what="Contributor"),
                    subscription("sub-open", "2024-03-05", offer="MS-AZR-0111P"), opted_in=False),
        wish("OptInEmailInvoice", by="carl", refused="NOT_ACCOUNT_ADMIN", **SUB_01),
        wish("OptInEmailInvoice", by="jeroen", scopeType="Subscription", scopeId="sub-open", refused="NOT_SUPPORTED"),
        account("2024-03-05", "EA", "acc-ea"), account("2024-03-05", "MOSP", "acc-gov", cloud="Government"),
        fact("EnrollmentRegistered", "2024-03-05", enrollmentId="enr-1", accountId="acc-ea", startDate="2024-03-01",
             channel="Direct", billingCycle="Monthly"),
        subscription("sub-gov", "2024-03-05", "acc-gov"),
        wish("OptInEmailInvoice", scopeType="Enrollment", scopeId="enr-1", refused="NOT_SUPPORTED"),
        wish("OptInEmailInvoice", by="jeroen", scopeType="Subscription", scopeId="sub-gov", refused="NOT_SUPPORTED"))),

    "SC-90": ("a profile is always invoiced: credit and usage are never the reason", flat(
        begin("2024-03-01", account("2024-03-01", "MCA"), person("jeroen", "2024-03-01"),
              profile("P1", "2024-03-01", invoiceDay=5)),
        on("2024-03-05", member("sub-01", "2024-03-05", "P1")),
        on("2024-04-20", see("/missing-invoice?profileId=P1&period=2024-03-20", {"primary": "NONE"}, by="jeroen")),
        see("/missing-invoice?profileId=P1&period=2024-04-10", {"primary": "NOT_GENERATED_YET", "reasons": [
            {"code": "NOT_GENERATED_YET"}]}, by="jeroen"),
        see(WHY + "&period=2024-03-20", {"primary": Not("NO_USAGE"), "reasons": [{"code": "NONE"}]}, by="jeroen"))),

    "SC-102": ("an offer prepaid through a reseller says so, with the page of the offer", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02"),
              subscription("sub-01", "2024-02-02", offer="MS-AZR-0111P")),
        on("2024-03-10", see(WHY, {"primary": "PREPAID_OFFER", "reasons": [
            {"code": "PREPAID_OFFER", "link": "https://azure.microsoft.com/pricing/offers/ms-azr-0111p"},
            {"code": "NO_USAGE", "link": None}]}, by="jeroen")),
        wish("UpdateProfile", by="jeroen", language="nl"),
        see(WHY, {"message": "Dit abonnement is betaald met een vooruitbetaalde sleutel van uw wederverkoper; "
                             "facturering en gebruik staan beschreven op de pagina van de aanbieding."}, by="jeroen"),
        wish("OptInEmailInvoice", by="jeroen", refused="NOT_SUPPORTED", **SUB_01))),

    "SC-105": ("an opted-in subscription's spot document is not e-mailed", flat(
        _subscribed(_spot("12.34")),
        on("2024-04-09", recall(MARKETPLACE, "spot")),
        see("/invoices/{spot}", {"issueDate": "2024-04-09", "totals": {"billed": money("12.34")}}),
        see("/invoices/{spot}/emails", {"items": []}))),

    "SC-113": ("newer terms stop no running mail, and must be accepted before the next opt-in", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), subscription("sub-02", "2024-03-05"),
           wish("PublishEmailTerms", termsVersion="1", text={"en": "One.", "nl": "Een."}),
           wish("AcceptEmailTerms", by="jeroen", termsVersion="1", **SUB_01),
           wish("OptInEmailInvoice", by="jeroen", **SUB_01), cost("sub-01", "2024-03-05", "40.00"),
           wish("PublishEmailTerms", by="jeroen", termsVersion="2", text={"en": "Two."}, refused="FORBIDDEN"),
           wish("PublishEmailTerms", termsVersion="1", text={"en": "Two."}, refused="DUPLICATE"),
           wish("PublishEmailTerms", termsVersion="2", text={"fr": "Deux."}, refused="INVALID_FIELD"),
           wish("PublishEmailTerms", termsVersion="2", text={"en": "Two.", "nl": "Twee."})),
        see("/terms/email", {"termsVersion": "2", "text": {"en": "Two.", "nl": "Twee."}}, by="jeroen"),
        see(PREFERENCE, {"state": "OptedIn", "termsVersion": "1"}, by="jeroen"),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        see("/invoices/{one}/emails", {"items": [_TO_JEROEN]}),
        wish("AcceptEmailTerms", by="jeroen", termsVersion="1", scopeType="Subscription", scopeId="sub-02",
             refused="TERMS_VERSION_UNKNOWN"),
        wish("OptInEmailInvoice", by="jeroen", scopeType="Subscription", scopeId="sub-02", refused="TERMS_NOT_ACCEPTED"),
        wish("AcceptEmailTerms", by="jeroen", termsVersion="2", scopeType="Subscription", scopeId="sub-02"),
        wish("OptInEmailInvoice", by="jeroen", scopeType="Subscription", scopeId="sub-02"))),
}
