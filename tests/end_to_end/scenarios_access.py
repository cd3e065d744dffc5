"""Roles on accounts and profiles, invitations, directories, and the scopes that a person reaches."""

from expect import AnyOrder, Mentions, anything
from people import TENANT, account, begin, cost, flat, member, on, person, profile, role, subscription
from scenarios_agreements import linked
from steps import fact, money, recall, see, wish

P1 = {"scopeType": "Profile", "scopeId": "p-1"}
SUB_01 = {"scopeType": "Subscription", "scopeId": "sub-01"}


def _card(account_id, day):
    return fact("PaymentMethodAdded", day, methodId="card-1", accountId=account_id, family="CreditCard")


def _two_profiles(*more):
    """An MCA account with two profiles, one subscription each, and a person for every role on the first."""
    people = {"olga": "Owner", "cas": "Contributor", "ria": "Reader", "mia": "InvoiceManager"}
    return flat(
        begin("2024-03-01", account("2024-03-01", "MCA", "acc-2"), profile("p-1", "2024-03-01", "acc-2"),
              profile("p-2", "2024-03-01", "acc-2"), person("jeroen", "2024-03-01"),
              *(person(name, "2024-03-01") for name in (*people, "rex")),
              *(role(name, "2024-03-01", "p-1", "Profile", what) for name, what in people.items()),
              role("rex", "2024-03-01", "acc-2", "Account", "Reader"), _card("acc-2", "2024-03-01"),
              member("a", "2024-03-01", "p-1", "acc-2"), member("b", "2024-03-01", "p-2", "acc-2")),
        on("2024-03-02", cost("a", "2024-03-02", "10.00"), cost("b", "2024-03-02", "20.00"), *more))


def _invoiced():
    return flat(on("2024-04-09", recall("/invoices?profileId=p-1", "one"), recall("/invoices?profileId=p-2", "two")))


def _jeroens(*more):
    return flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00"), *more))


def _mailed(*names):
    return {"items": AnyOrder(*({"address": f"{name}@contoso.example", "because": "Role"} for name in names))}


SCENARIOS = {
    "SC-63": ("documents from before December 2016 are for the administrator alone", flat(
        begin("2016-08-30", account("2016-08-30"), person("jeroen", "2016-08-30"), person("ona", "2016-08-30")),
        on("2016-09-01", subscription("sub-01", "2016-09-01"), role("ona", "2016-09-01", "sub-01", what="Owner"),
           wish("SetInvoiceSharing", by="jeroen", subscriptionId="sub-01", on=True)),
        on("2016-10-05", cost("sub-01", "2016-10-05", "1.00")),
        on("2016-11-05", cost("sub-01", "2016-11-05", "2.00")),
        on("2016-12-30", recall("/invoices?to=2016-12-01", "old"), recall("/invoices?from=2016-12-01", "new")),
        see("/invoices/{old}", {"code": "NOT_FOUND"}, by="ona", status=404),
        see("/invoices/{old}", {"invoiceId": "{old}"}, by="jeroen"),
        see("/invoices/{new}", {"invoiceId": "{new}"}, by="ona"))),

    "SC-65": ("an invoice manager pays, a reader does not", flat(
        _two_profiles(), _invoiced(),
        see("/invoices/{one}", {"invoiceId": "{one}"}, by="ria"),
        see("/invoices", {"items": [{"invoiceId": "{one}"}], "total": 1}, by="mia"),
        wish("PayNow", by="ria", invoiceId="{one}", methodId="card-1", refused="NO_PERMISSION"),
        wish("PayNow", by="mia", invoiceId="{one}", methodId="card-1"),
        see("/invoices/{one}", {"status": "Paid"}, by="mia"))),

    "SC-66": ("a reader of the account sees invoices of all its profiles", flat(
        _two_profiles(), _invoiced(),
        see("/invoices/{one}", {"invoiceId": "{one}"}, by="rex"),
        see("/invoices/{two}", {"invoiceId": "{two}"}, by="rex"))),

    "SC-67": ("an owner of one profile sees nothing of the other", flat(
        _two_profiles(), _invoiced(),
        see("/invoices/{two}", {"code": "NOT_FOUND"}, by="olga", status=404),
        see("/invoices", {"items": [{"invoiceId": "{one}"}], "total": 1}, by="olga"))),

    "SC-71": ("the last owner of a scope stays", flat(
        _two_profiles(),
        wish("RevokeRole", role="Owner", identityId="olga", refused="LAST_SCOPE_OWNER", **P1),
        fact("RoleRevoked", "2024-03-02", refused="LAST_SCOPE_OWNER", role="Owner", identityId="olga", **P1),
        wish("AssignRole", role="Owner", identityId="cas", **P1),
        wish("RevokeRole", role="Owner", identityId="olga", **P1))),

    "SC-80": ("of an opted-in profile everybody with a role is mailed, without readers by policy", flat(
        _two_profiles(wish("OptInEmailInvoice", by="cas", **P1)), _invoiced(),
        see("/invoices/{one}/emails", _mailed("olga", "cas", "ria", "mia")),
        wish("SetPolicy", policy="mca.emailRoles", value=["Owner", "Contributor", "InvoiceManager"]),
        on("2024-05-09", recall("/invoices?profileId=p-1&from=2024-05-01", "next")),
        see("/invoices/{next}/emails", _mailed("olga", "cas", "mia")))),

    "SC-81": ("a reader does not change the e-mail preference", flat(
        _two_profiles(wish("OptInEmailInvoice", by="ria", refused="NOT_PROFILE_CONTRIBUTOR", **P1)))),

    "SC-82": ("a recipient of one profile gets its invoice alone", flat(
        _two_profiles(wish("OptInEmailInvoice", by="jeroen", **P1),
                      wish("OptInEmailInvoice", by="jeroen", scopeType="Profile", scopeId="p-2"),
                      wish("AddEmailRecipient", by="jeroen", address="fin@x.nl", **P1)),
        _invoiced(),
        see("/invoices/{one}/emails", {"items": Mentions("fin@x.nl")}),
        see("/invoices/{two}/emails", {"items": []}))),

    "SC-83": ("who lost the role before it is sent gets nothing", flat(
        _two_profiles(wish("OptInEmailInvoice", by="olga", **P1),
                      wish("RevokeRole", by="olga", role="InvoiceManager", identityId="mia", **P1)),
        _invoiced(),
        see("/invoices/{one}/emails", _mailed("olga", "cas", "ria")))),

    "SC-86": ("an invoice of others is as one that does not exist", flat(
        _jeroens(person("sofie", "2024-03-05")),
        on("2024-05-02", recall("/invoices", "one")),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="sofie", status=404),
        see("/missing-invoice?subscriptionId=sub-01", {"primary": "NO_PERMISSION_NOT_AA", "invoiceId": None},
            by="sofie"))),

    "SC-87": ("a link opened with another address shows nothing", flat(
        _jeroens(person("sofie", "2024-03-05")),
        on("2024-05-02", recall("/invoices", "one")),
        see("/missing-invoice?invoiceId={one}", {
            "primary": "OTHER_ACCOUNT", "invoiceId": None,
            "message": Mentions("We can't display your invoices. Please try again")}, by="sofie"),
        see("/missing-invoice?invoiceId=E000000000", {"primary": "OTHER_ACCOUNT", "invoiceId": None}, by="sofie"))),

    "SC-88": ("his other identity with the same address may see it", flat(
        _jeroens(person("jeroen-home", "2024-03-05", "jeroen@contoso.example")),
        on("2024-05-02", recall("/invoices", "one")),
        see("/missing-invoice?invoiceId={one}", {"primary": "OTHER_IDENTITY", "invoiceId": None}, by="jeroen-home"),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="jeroen-home", status=404))),

    "SC-89": ("in the wrong directory he is told to switch", flat(
        _jeroens(linked("jeroen", "2024-03-05", "t-b", "jeroen@contoso.example")),
        on("2024-05-02", recall("/invoices", "one")),
        see("/missing-invoice?invoiceId={one}", {"primary": "WRONG_TENANT", "message": Mentions("Switch directory"),
                                                 "invoiceId": None}, by="jeroen", tenant="t-b"),
        see("/invoices/{one}", {"code": "NOT_FOUND"}, by="jeroen", tenant="t-b", status=404),
        see("/invoices/{one}", {"invoiceId": "{one}"}, by="jeroen", tenant=TENANT))),

    "SC-98": ("mail goes to the communication e-mail, access to the sign-in e-mail", flat(
        _jeroens(wish("AcceptEmailTerms", by="jeroen", termsVersion="1", **SUB_01),
                 wish("OptInEmailInvoice", by="jeroen", **SUB_01),
                 wish("UpdateProfile", communicationEmail="jj@home.example", refused="NO_IDENTITY"),
                 wish("UpdateProfile", by="jeroen", communicationEmail="jj@home.example", language="nl"),
                 person("other", "2024-03-05", "jj@home.example"),
                 person("twin", "2024-03-05", "jeroen@contoso.example")),
        see("/me", {"email": "jeroen@contoso.example", "communicationEmail": "jj@home.example", "language": "nl",
                    "tenants": [TENANT]}, by="jeroen"),
        on("2024-05-02", recall("/invoices", "one")),
        see("/invoices/{one}/emails", {"items": [{"address": "jj@home.example", "because": "AccountAdministrator"}]}),
        see("/missing-invoice?invoiceId={one}", {"primary": "OTHER_ACCOUNT"}, by="other"),
        see("/missing-invoice?invoiceId={one}", {"primary": "OTHER_IDENTITY"}, by="twin"))),

    "SC-99": ("a role by e-mail goes to the one identity of the directory", flat(
        _two_profiles(person("ivo", "2024-03-02"), linked("ivo-b", "2024-03-02", "t-b", "ivo@contoso.example"),
                      wish("AssignRole", by="olga", role="InvoiceManager", email="ivo@contoso.example",
                           expect={"events": [{"type": "daybook.RoleAssigned"}], "invitationId": None}, **P1),
                      person("ivo-2", "2024-03-02", "ivo@contoso.example"),
                      wish("AssignRole", by="olga", role="Reader", email="ivo@contoso.example",
                           refused="AMBIGUOUS_IDENTITY", **P1)),
        see("/access/Profile/p-1", {"roles": Mentions("'ivo'")}, by="olga"))),

    "SC-100": ("an invitation becomes the role when the person comes, and expires", flat(
        _two_profiles(wish("OptInEmailInvoice", by="olga", **P1),
                      wish("AssignRole", by="olga", role="InvoiceManager", email="new@contoso.example",
                           expect={"invitationId": anything}, **P1),
                      wish("AssignRole", by="olga", role="InvoiceManager", email="late@contoso.example", **P1),
                      wish("AssignRole", by="olga", role="InvoiceManager", email="late@contoso.example",
                           refused="DUPLICATE", **P1)),
        see("/access/Profile/p-1", {"invitations": [{"email": "new@contoso.example", "role": "InvoiceManager",
                                                     "expiresOn": "2024-04-01"},
                                                    {"email": "late@contoso.example"}]}, by="olga"),
        on("2024-03-05", person("nora", "2024-03-05", "new@contoso.example")),
        see("/access/Profile/p-1", {"invitations": [{"email": "late@contoso.example"}],
                                    "roles": Mentions("'nora'")}, by="olga"),
        on("2024-04-01", person("lars", "2024-04-01", "late@contoso.example")),
        see("/access/Profile/p-1", {"invitations": []}, by="olga"),
        see("/invoices", {"items": [], "total": 0}, by="lars"),
        _invoiced(),
        see("/invoices/{one}/emails", {"items": AnyOrder(
            *({"address": f"{name}@contoso.example"} for name in ("olga", "cas", "ria", "mia", "new")))}))),

    "SC-103": ("a partner's pages open with the first plan of a customer", flat(
        begin("2024-10-01", account("2024-10-01", "MPA", "acc-p"), person("jeroen", "2024-10-01"),
              fact("BillingProfileCreated", "2024-10-01", profileId="p-p", accountId="acc-p", currency="EUR"),
              fact("CustomerRegistered", "2024-10-01", customerId="c-1", accountId="acc-p", tenantId="t-c", name="C")),
        see("/billing-scopes", {"items": [{"scopeId": "acc-p", "accountType": "MPA", "available": False,
                                           "hint": Mentions("Not available yet")},
                                          {"scopeId": "p-p", "available": False}]}, by="jeroen"),
        see("/accounts/acc-p", {"type": "MPA"}, by="jeroen"),
        subscription("sub-p", "2024-10-01", "acc-p", offer="MS-AZR-0017G", profileId="p-p", customerId="c-1"),
        see("/billing-scopes", {"items": [{"scopeId": "acc-p", "available": True, "hint": None},
                                          {"scopeId": "p-p", "available": True}]}, by="jeroen"))),

    "SC-110": ("a new administrator sees everything, the old one nothing, and mail follows", flat(
        _jeroens(person("anna", "2024-03-05"),
                 wish("AcceptEmailTerms", by="jeroen", termsVersion="1", **SUB_01),
                 wish("OptInEmailInvoice", by="jeroen", **SUB_01)),
        on("2024-05-02", recall("/invoices", "one"), cost("sub-01", "2024-05-02", "7.00")),
        wish("ChangeAccountAdministrator", by="anna", accountId="acc-1", identityId="anna", refused="NOT_FOUND"),
        wish("ChangeAccountAdministrator", by="jeroen", accountId="acc-1", identityId="anna"),
        see("/invoices", {"items": [], "total": 0}, by="jeroen"),
        see("/invoices", {"items": [{"invoiceId": "{one}"}], "total": 1}, by="anna"),
        see("/email-preferences/Subscription/sub-01", {"state": "OptedIn"}, by="anna"),
        on("2024-06-02", recall("/invoices?from=2024-06-01", "next")),
        see("/invoices/{next}/emails", {"items": [{"address": "anna@contoso.example"}]}))),

    "SC-115": ("a person reaches the scopes on which he has a role", flat(
        _two_profiles(
            fact("BillingAccountOpened", "2024-03-02", accountId="acc-1", type="MOSP", country="NL", tenantId=TENANT,
                 currency="EUR", signedUpBy="ria", createdOn="2024-03-02"),
            subscription("sub-01", "2024-03-02"), subscription("sub-s", "2024-03-02", offer="MS-AZR-0041P"),
            fact("SupportPlanPurchased", "2024-03-02", planId="plan-1", subscriptionId="sub-s",
                 price=money("100.00"))),
        see("/billing-scopes", {"items": [
            {"scopeType": "Account", "scopeId": "acc-1", "accountType": "MOSP",
             "roles": [{"role": "AccountAdministrator", "inherited": False}],
             "mayAskFor": ["CreateSubscription", "ManagePaymentMethods"]},
            {"scopeType": "Profile", "scopeId": "p-1", "accountType": "MCA", "accountId": "acc-2",
             "roles": [{"role": "Reader", "inherited": False}], "can": ["ViewInvoices", "DownloadUsage"], "mayAskFor": []},
            {"scopeType": "Subscription", "scopeId": "sub-01",
             "roles": [{"role": "AccountAdministrator", "inherited": True}]},
            {"scopeType": "Subscription", "scopeId": "sub-s"},
            {"scopeType": "SupportPlan", "scopeId": "plan-1"}]}, by="ria"),
        see("/accounts/acc-2", {"code": "NO_PERMISSION", "reason": "NO_PERMISSION_MCA"}, by="ria", status=403),
        see("/accounts", {"items": [{"accountId": "acc-1"}]}, by="ria"),
        # CF-14, of what only the program that posts facts can do.
        see("/billing-scopes", {"items": [{"scopeId": "p-1", "mayAskFor": ["CreateSubscription"]}]}, by="mia"),
        wish("SetPolicy", policy="mca.invoiceManagerCreates", value="never"),
        see("/billing-scopes", {"items": [{"scopeId": "p-1", "mayAskFor": []}]}, by="mia"),
        see("/invoices?accountId=acc-2", {"items": [], "total": 0}, by="ria"),
        see("/billing-scopes", {"code": "NOT_FOUND"}, status=404))),
}
