"""Documents attached to invoices, what invoices need of the provider, contacts of profiles, and requests for help."""

import base64
import hashlib

from expect import AnyOrder, Mentions, anything
from people import account, begin, cost, flat, member, on, person, profile, role, subscription, vat
from steps import absent, clock_at, fact, fetch, money, recall, see, wish

P1 = {"scopeType": "Profile", "scopeId": "p-1"}
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8
LARGE = b"%PDF-1.4\n" + b"0123456789abcdef" * 131_000  # 2,096,009 bytes: as much as there may be, nearly


def _encoded(content):
    return base64.b64encode(content).decode()


def _document(invoice, name, day, content=PDF, refused=None, **changed):
    return fact("TaxDocumentAdded", day, refused=refused, **{
        "invoiceId": invoice, "documentId": name, "number": f"TX-{name}", "country": "NL",
        "content": _encoded(content), **changed})


def _shown(name, day, content=PDF):
    return {"documentId": name, "kind": "TaxReceipt", "number": f"TX-{name}", "country": "NL", "date": day,
            "byteCount": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _of_a_profile(*more):
    """An MCA profile that pays by wire, a person for each role on it and on its section, an invoice on the 9th."""
    people = {"olga": "Owner", "ria": "Reader", "mia": "InvoiceManager"}
    return flat(
        begin("2024-03-01", account("2024-03-01", "MCA", "acc-2"), vat("2024-03-01"), profile("p-1", "2024-03-01", "acc-2"),
              *(person(name, "2024-03-01") for name in (*people, "sam", "jeroen")),
              *(role(name, "2024-03-01", "p-1", "Profile", what) for name, what in people.items()),
              role("sam", "2024-03-01", "p-1-section", "Section", "Owner"), member("a", "2024-03-01", "p-1", "acc-2")),
        on("2024-03-02", cost("a", "2024-03-02", "10.00"), *more),
        on("2024-04-09", recall("/invoices?profileId=p-1", "one")))


def _provider(day, **more):
    return wish("ApplyConfiguration", provider={"effectiveOn": day, "name": "Daybook Cloud", "product": "", **more})


def _contact(address, day, kind="Added", **more):
    return fact(f"AccountsPayableContact{kind}", day, profileId="p-1", newValue=address, **more)


def _ask(by="jeroen", **more):
    return wish("CreateSupportRequest", by=by, **{"subject": "A charge", "text": "What is this?", **more})


def _too_often(until):
    """The answer says in how many seconds the next day begins."""
    def step(world):
        answer = world.client("jeroen").wish("CreateSupportRequest", {"subject": "A charge", "text": "What is this?"})
        assert (answer.status, answer.code) == (429, "RATE_LIMITED"), repr(answer)
        assert answer.headers["retry-after"] == str(until), answer.headers
    return step


SCENARIOS = {
    "SC-112": ("without the provider's legal name invoices are issued, and are no e-invoices", flat(
        _of_a_profile(_provider("2024-03-02")),
        see("/invoices/{one}", {"status": "Due", "totals": {"total": money("12.10")}}, by="ria"),
        see("/invoices/{one}/ubl.xml", {"code": "PROVIDER_INCOMPLETE", "detail": Mentions("legalName, address, vatId")},
            by="ria", status=422),
        see("/invoices/{one}/factur-x.pdf", {"code": "PROVIDER_INCOMPLETE"}, by="ria", status=422),
        see("/invoices/{one}/ubl.xml", {"code": "NOT_FOUND"}, by="sam", status=404),
        _provider("2024-05-01", legalName="Daybook Cloud BV", vatId="NL001234567B01",
                  address={"companyName": "Daybook Cloud BV", "country": "NL"}),
        see("/invoices/{one}/ubl.xml", {"code": "PROVIDER_INCOMPLETE"}, by="ria", status=422),
        on("2024-05-09", recall("/invoices?profileId=p-1&from=2024-05-09", "two")),
        see("/invoices/{two}/ubl.xml", {"code": "NOT_SUPPORTED"}, by="ria", status=422))),

    "SC-114": ("whoever may download an invoice may download its tax documents", flat(
        _of_a_profile(),
        see("/invoices/{one}/documents", {"items": []}, by="ria"),
        _document("{one}", "doc-1", "2024-04-09"), _document("{one}", "doc-2", "2024-04-09", LARGE),
        see("/invoices/{one}/documents", {"items": [_shown("doc-1", "2024-04-09"), _shown("doc-2", "2024-04-09", LARGE)]},
            by="ria"),
        fetch("/documents/doc-1", PDF, by="ria"), fetch("/documents/doc-1", PDF, by="mia"),
        fetch("/documents/doc-2", LARGE, by="mia"), fetch("/documents/doc-2", LARGE),
        see("/invoices/{one}/documents", {"code": "NOT_FOUND"}, by="sam", status=404),
        see("/documents/doc-1", {"code": "NOT_FOUND"}, by="sam", status=404),
        see("/documents/none", {"code": "NOT_FOUND"}, by="ria", status=404),
        see("/events?type=TaxDocumentAdded", {"items": [
            {"data": {"documentId": "doc-1", "content": "", "byteCount": len(PDF)}}, {"data": {"documentId": "doc-2"}}]}),
        _document("none", "doc-3", "2024-04-09", refused="UNKNOWN_REFERENCE"),
        _document("{one}", "doc-1", "2024-04-09", refused="ALREADY_EXISTS"),
        _document("{one}", "doc-3", "2024-04-09", refused="INVALID_STRING", country="NLD"),
        _document("{one}", "doc-3", "2024-04-09", b"<html>", refused="INVALID_FIELD"),
        _document("{one}", "doc-3", "2024-04-09", refused="INVALID_FIELD", contentHash="AAAA"),
        _document("{one}", "doc-3", "2024-04-09", LARGE + b" " * 1_200, refused="BODY_TOO_LARGE"),
        # So long may only be what carries a document.
        fact("UsageRecorded", "2024-04-09", refused="BODY_TOO_LARGE", subscriptionId="a", meterId="m", quantity="1",
             additionalInfo={"text": ["x" * 60_000] * 20}))),

    "tax-receipt": ("where the policy names the country a payment makes a tax receipt, which is a record without a file", flat(
        _of_a_profile(wish("SetPolicy", policy="tax.receiptCountries", value=["NL"])),
        see("/invoices/{one}/documents", {"items": []}, by="ria"),
        fact("InvoicePaymentSucceeded", "2024-04-09", invoiceId="{one}", paymentId="p-1", amount=money("2.10")),
        fact("InvoicePaymentSucceeded", "2024-04-09", invoiceId="{one}", paymentId="p-2", amount=money("10.00")),
        see("/invoices/{one}/documents", {"items": [
            {"documentId": "{one}-R1", "kind": "TaxReceipt", "number": "{one}-R1", "country": "NL", "date": "2024-04-09",
             "byteCount": None, "sha256": None}, {"kind": "TaxReceipt", "country": "NL"}]}, by="ria"),
        see("/documents/{one}-R1", {"code": "NOT_SUPPORTED", "detail": Mentions("record without a file")}, by="ria",
            status=422),
        see("/documents/{one}-R1", {"code": "NOT_FOUND"}, by="sam", status=404))),

    "payables-contact": ("contacts of a profile get its mail while it is opted in, and alone the notices of a wire profile", flat(
        _of_a_profile(_contact("ap@x.example", "2024-03-02"), _contact("cfo@x.example", "2024-03-02"),
                      _contact("ap@X.example", "2024-03-02", refused="ALREADY_EXISTS"),
                      _contact("nobody", "2024-03-02", refused="INVALID_EMAIL"),
                      _contact("no@x.example", "2024-03-02", "Removed", refused="UNKNOWN_REFERENCE")),
        see("/invoices/{one}/emails", {"items": []}),
        see("/profiles/p-1", {"accountsPayableContacts": [
            {"recipientId": anything, "address": "ap@x.example"}, {"address": "cfo@x.example"}]}, by="ria"),
        see("/profiles/p-1", {"code": "NO_PERMISSION"}, by="sam", status=403),
        wish("OptInEmailInvoice", by="olga", **P1),
        _contact("cfo@X.example", "2024-04-09", "Removed"),
        absent("/events?limit=1000", "cfo@x.example"),
        absent("/events?limit=1000", "cfo@X.example"),
        on("2024-05-09", recall("/invoices?profileId=p-1&from=2024-05-09", "two")),
        see("/invoices/{two}/emails", {"items": AnyOrder(
            {"because": "Recipient", "address": "ap@x.example", "recipientId": anything},
            *({"because": "Role", "identityId": name} for name in ("olga", "ria", "mia")))}),
        on("2024-05-10", see("/invoices/{one}/notices", {"items": [
            {"kind": "PastDue", "address": "ap@x.example", "identityId": None}]})),
        wish("EraseSubject", address="ap@x.example"),
        see("/profiles/p-1", {"accountsPayableContacts": [{"address": None}]}, by="ria"),
        absent("/events?limit=1000", "ap@x.example"))),

    "reseller": ("a reseller stands on a subscription of a partner's customer, and on no other", flat(
        begin("2024-03-01", account("2024-03-01", "MPA", "acc-3"), account("2024-03-01"), person("jeroen", "2024-03-01"),
              profile("p-3", "2024-03-01", "acc-3"),
              fact("CustomerRegistered", "2024-03-01", customerId="c-1", accountId="acc-3", tenantId="t-9", name="Fabrikam"),
              subscription("sub-3", "2024-03-01", "acc-3", "MS-AZR-0017G", profileId="p-3", customerId="c-1",
                           resellerId="mpn-77"),
              subscription("sub-01", "2024-03-01", resellerId="mpn-77", refused="INVALID_FIELD")),
        see("/subscriptions/sub-3", {"resellerId": "mpn-77", "customerId": "c-1"}, by="jeroen"))),

    "support-request": ("help is asked for ten times a day, of a provider who has an address for it", flat(
        begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02"), person("sofie", "2024-02-02")),
        on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
        on("2024-05-02", recall("/invoices?subscriptionId=sub-01", "one")),
        wish("CreateSupportRequest", by="jeroen", subject="x", text="x", refused="SUPPORT_NOT_CONFIGURED"),
        _provider("2024-05-02", supportUrl="https://help.example/new"),
        wish("CreateSupportRequest", by="jeroen", subject="x", text="x", refused="SUPPORT_NOT_CONFIGURED"),
        _provider("2024-05-02", supportEmail="help@daybook.example"),
        _ask(invoiceId="{one}", scopeType="Subscription", scopeId="sub-01", expect={"events": [
            {"type": "daybook.SupportRequestCreated", "data": {
                "identityId": "jeroen", "invoiceId": "{one}", "scopeId": "sub-01", "subject": "A charge"}}]}),
        _ask("sofie", invoiceId="{one}", refused="NOT_FOUND"),
        wish("CreateSupportRequest", subject="x", text="x", refused="NO_IDENTITY"),
        *[_ask()] * 9,
        clock_at("2024-05-02T23:59:00.5Z"), _too_often(60),
        _ask("sofie", text="Who may ask?"),
        on("2024-05-03", _ask()),
        wish("SetPolicy", policy="support.requestsPerDay", value=1),
        _too_often(86_400),
        wish("EraseSubject", identityId="jeroen"),
        absent("/events?limit=1000", "What is this?"))),
}
