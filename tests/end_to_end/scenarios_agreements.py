"""Partners and their customers, enterprise agreements, moves between them, and who may do what there."""

from expect import AnyOrder
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
              linked("jeroen", "2024-10-01", TENANT), linked("fay", "2024-10-01", "t-fabrikam")),
        on("2024-10-15", _plan("sub-f", "p-eur"), *more))


def linked(name, day, tenant, email=None):
    return fact("IdentityLinked", day, identityId=name, issuer="https://login.example", subject=f"subject-{name}",
                email=email or f"{name}@{tenant}.example", tenantId=tenant)


def _plan(name, profile_id, day="2024-10-15"):
    return subscription(name, day, "acc-p", offer="MS-AZR-0017G", profileId=profile_id, customerId="fabrikam")


ENROLLMENT = {"scopeType": "Enrollment", "scopeId": "enr-1"}
EMMA, OTTO = {"by": "emma"}, {"by": "otto"}


def _enterprise(*more, prepayment=None, country="NL"):
    """An enrollment from March with one account of Otto's, administered by Emma."""
    paid_ahead = {"prepayment": money(prepayment)} if prepayment else {}
    return flat(
        begin("2024-03-01",
              fact("BillingAccountOpened", "2024-03-01", accountId="acc-e", type="EA", country=country, tenantId=TENANT,
                   currency="EUR", signedUpBy="jeroen", createdOn="2024-03-01"),
              fact("TaxRateChanged", "2024-03-01", country="NL", name="VAT", ratePercent="21",
                   effectiveOn="2024-01-01"),
              fact("EnrollmentRegistered", "2024-03-01", enrollmentId="enr-1", accountId="acc-e",
                   startDate="2024-03-01", channel="Direct", billingCycle="Monthly", **paid_ahead),
              fact("DepartmentCreated", "2024-03-01", departmentId="dep-1", enrollmentId="enr-1", name="Research"),
              fact("EnrollmentAccountAdded", "2024-03-01", enrollmentAccountId="ea-1", enrollmentId="enr-1",
                   departmentId="dep-1", name="Lab", ownerIdentityId="otto"),
              fact("AccountOwnerActivated", "2024-03-01", enrollmentAccountId="ea-1"),
              *(linked(name, "2024-03-01", TENANT) for name in ("emma", "otto", "jeroen")),
              role("emma", "2024-03-01", "enr-1", "Enrollment", "EnterpriseAdministrator"),
              subscription("sub-e", "2024-03-01", "acc-e", offer="MS-AZR-0017P", enrollmentAccountId="ea-1")),
        on("2024-03-10", *more))


def _charge(amount, marketplace=False, eligible=True, name="sub-e", day="2024-03-10"):
    kind = {"publisherType": "Marketplace"} if marketplace else {"isCreditEligible": eligible}
    return fact("UsageRecorded", day, subscriptionId=name, meterId="rated", quantity="1", cost=amount,
                currency="EUR", **kind)


def _sc_20(*more):
    return _enterprise(_charge("1200.00"), _charge("50.00", marketplace=True), *more, prepayment="1000.00")


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

    "SC-20": ("what goes beyond the prepayment is invoiced with Marketplace", flat(
        _sc_20(),
        on("2024-04-14", recall("/invoices?enrollmentId=enr-1", "one")),
        see("/invoices/{one}", {
            "type": "EnrollmentOverage", "scopeId": "enr-1", "enrollmentId": "enr-1", "dueDate": "2024-05-14",
            "poNumber": "enr-1", "period": period("2024-03-01", "2024-04-01"),
            "totals": {"billed": money("1250.00"), "azurePrepaymentApplied": money("1000.00"),
                       "subTotal": money("250.00"), "tax": money("52.50"), "total": money("302.50")}}),
        see("/enrollments/enr-1", {"prepaymentBalance": money("0.00"), "balance": money("302.50"),
                                   "billingCycle": "Monthly", "nextInvoiceDate": "2024-05-14",
                                   "departments": [{"departmentId": "dep-1", "name": "Research"}],
                                   "accounts": [{"enrollmentAccountId": "ea-1", "ownerIdentityId": "otto",
                                                 "ownerState": "Active"}]}))),

    "SC-21": ("within the prepayment there is no invoice", flat(
        _enterprise(_charge("900.00"), prepayment="1000.00"),
        on("2024-04-14", see("/invoices", {"items": [], "total": 0})),
        see("/enrollments/enr-1", {"prepaymentBalance": money("100.00")}),
        see("/missing-invoice?enrollmentId=enr-1&period=2024-03-05", {"primary": "NOTHING_OWED"}))),

    "SC-22": ("what is billed separately is invoiced despite the balance", flat(
        _enterprise(_charge("500.00"), _charge("30.00", eligible=False), prepayment="1000.00"),
        on("2024-04-14", see("/invoices", {"items": [{"totals": {"subTotal": money("30.00")}}], "total": 1})))),

    "SC-23": ("notice on the 7th, purchase order through the 14th, invoice on the 14th", flat(
        _sc_20(),
        on("2024-04-07", see("/events?type=OverageNotificationSent", {"items": [
            {"data": {"enrollmentId": "enr-1", "sentOn": "2024-04-07", "overageAmount": money("200.00")}}]})),
        wish("UpdatePoNumber", enrollmentId="enr-1", period="2024-03-05", poNumber="PO-7", **EMMA),
        on("2024-04-14", see("/invoices", {"items": [{"issueDate": "2024-04-14", "poNumber": "PO-7"}]})))),

    "SC-24": ("once the invoice exists its purchase order is locked", flat(
        _sc_20(),
        on("2024-04-14", wish("UpdatePoNumber", refused="PO_LOCKED", enrollmentId="enr-1", period="2024-03-05",
                              poNumber="PO-7", **EMMA)))),

    "SC-25": ("in Australia Marketplace has an invoice of its own", flat(
        _enterprise(_charge("100.00"), _charge("40.00", marketplace=True), country="AU"),
        on("2024-04-14", see("/invoices", {"items": AnyOrder({"amountDue": money("100.00")},
                                                             {"amountDue": money("40.00")}), "total": 2})))),

    "SC-42": ("enterprise amounts round half to even", flat(
        _enterprise(_charge("2.315")),
        on("2024-04-14", _charge("2.325", day="2024-04-14")),
        on("2024-05-14", see("/invoices", {"items": [{"totals": {"billed": money("2.32")}},
                                                     {"totals": {"billed": money("2.32")}}]})))),

    "SC-68": ("an account owner sees charges by the policy alone, and of his account alone", flat(
        _enterprise(_charge("10.00"),
                    fact("EnrollmentAccountAdded", "2024-03-10", enrollmentAccountId="ea-2", enrollmentId="enr-1",
                         name="Shop", ownerIdentityId="olga"),
                    subscription("sub-2", "2024-03-10", "acc-e", offer="MS-AZR-0017P", enrollmentAccountId="ea-2"),
                    _charge("99.00", name="sub-2")),
        see("/enrollment-accounts/ea-1/months", {"code": "NO_PERMISSION", "reason": "VIEW_CHARGES_OFF"}, status=403,
            **OTTO),
        see("/enrollments/enr-1/months", {"items": [{"month": "2024-03", "total": money("109.00")}]}, **EMMA),
        wish("SetEnrollmentPolicy", refused="NOT_EA_ADMIN", enrollmentId="enr-1", policy="accountOwnerViewCharges",
             value=True, **OTTO),
        wish("SetEnrollmentPolicy", enrollmentId="enr-1", policy="accountOwnerViewCharges", value=True, **EMMA),
        see("/enrollment-accounts/ea-1/months", {"items": [{"month": "2024-03", "total": money("10.00"),
                                                            "serviceOverage": None}]}, **OTTO),
        see("/enrollment-accounts/ea-2/months", {"code": "NOT_FOUND"}, status=404, **OTTO),
        see("/enrollments/enr-1/usage?groupBy=subscriptionId",
            {"items": AnyOrder({"subscriptionId": "sub-e", "cost": "10"}, {"subscriptionId": "sub-2", "cost": "99"})},
            **EMMA))),

    "SC-69": ("an administrator sees invoices of the enrollment where the policy says so", flat(
        _sc_20(),
        on("2024-04-14", recall("/invoices", "one")),
        see("/invoices", {"items": [], "total": 0}, **EMMA),
        see("/missing-invoice?enrollmentId=enr-1", {"primary": "EA_NOT_IN_PORTAL"}, **EMMA),
        wish("SetPolicy", policy="ea.portalInvoices", value=True),
        see("/invoices", {"items": [{"invoiceId": "{one}"}], "total": 1}, **EMMA),
        see("/invoices/{one}", {"invoiceId": "{one}"}, **EMMA),
        see("/invoices", {"items": [], "total": 0}, **OTTO))),

    "SC-101": ("an enrollment's invoice goes to its recipients as they stand", flat(
        _sc_20(wish("AddEmailRecipient", address="ap@x.example", **ENROLLMENT)),
        on("2024-04-13", wish("AddEmailRecipient", address="ap2@x.example", **ENROLLMENT),
           wish("RemoveEmailRecipient", address="ap@x.example", **ENROLLMENT)),
        see("/email-preferences/Enrollment/enr-1", {"state": None, "recipients": [{"address": "ap2@x.example"}]}),
        on("2024-04-14", recall("/invoices", "one")),
        see("/invoices/{one}/emails", {"items": [{"address": "ap2@x.example", "because": "Enrollment"}]}))),

    "SC-104": ("a month of usage and charges adds up", flat(
        _sc_20(),
        on("2024-04-14", see("/enrollments/enr-1/months", {"items": [
            {"month": "2024-04", "closed": False},
            {"month": "2024-03", "closed": True, "chargesAgainstCredits": money("1000.00"),
             "serviceOverage": money("200.00"), "billedSeparately": money("0.00"), "marketplace": money("50.00"),
             "total": money("1250.00")}]}, **EMMA)))),

    "SC-116": ("without recipients nothing is sent until there is one", flat(
        _sc_20(),
        on("2024-04-13"),
        wish("AdvanceClock", to="2024-04-14T00:00:00Z", expect={"alarms": [{"code": "NO_INVOICE_RECIPIENT"}]}),
        recall("/invoices", "one"),
        see("/invoices/{one}/emails", {"items": []}),
        see("/alarms", {"items": [{"code": "NO_INVOICE_RECIPIENT", "invoiceId": "{one}", "since": "2024-04-14"}]}),
        wish("AddEmailRecipient", address="ap@x.example", **ENROLLMENT),
        see("/alarms", {"items": []}),
        see("/invoices/{one}/emails", {"items": [{"address": "ap@x.example", "because": "Enrollment"}]}))),

    "enterprise-void": ("a void invoice of an enrollment is billed again with the prepayment that it took", flat(
        _enterprise(_charge("1200.00"), _charge("50.00", marketplace=True), prepayment="1000.00"),
        on("2024-04-14", recall("/invoices?accountId=acc-e", "first"),
           wish("VoidInvoice", invoiceId="{first}", reason="wrong address", rebill=True)),
        see("/invoices/{first}", {"status": "Void", "amountDue": money("0.00")}),
        recall("/invoices?accountId=acc-e&status=Due", "second"),
        see("/invoices/{second}", {"period": period("2024-03-01", "2024-04-01"), "rebill": {"previousInvoiceId": "{first}"},
                                   "totals": {"azurePrepaymentApplied": money("1000.00"), "total": money("302.50")}}),
        on("2024-04-20", wish("VoidInvoice", invoiceId="{second}", reason="again")),
        on("2024-05-14", see("/invoices?accountId=acc-e&status=Due", {"total": 1, "items": [
            {"issueDate": "2024-05-14", "totals": {"total": money("302.50")}}]})))),
}
