"""The accounts, subscriptions and persons that most scenarios begin with, and the one way they are told."""

from steps import clock, fact, money

TENANT = "t-1"


def flat(*parts):
    """Steps and lists of steps, as one list."""
    return [step for part in parts for step in (flat(*part) if isinstance(part, (list, tuple)) else [part])]


def on(day, *steps):
    """Time moves to `day`, then this happens."""
    return [clock(day), *steps]


def begin(day, *steps):
    """The ledger's first day: nothing can be due before it."""
    return [clock(day, run=False), *steps]


def account(day, kind="MOSP", account_id="acc-1", currency="EUR", **more):
    return fact("BillingAccountOpened", day, accountId=account_id, type=kind, country="NL", tenantId=TENANT,
                currency=currency, signedUpBy="jeroen", createdOn=day, **more)


def subscription(name, day, account_id="acc-1", offer="MS-AZR-0003P", **more):
    return fact("SubscriptionCreated", day, subscriptionId=name, accountId=account_id, offerId=offer,
                createdOn=day, **more)


def profile(name, day, account_id="acc-1", currency="EUR", **more):
    return [fact("BillingProfileCreated", day, profileId=name, accountId=account_id, currency=currency, **more),
            fact("InvoiceSectionCreated", day, sectionId=f"{name}-section", profileId=name, name="All")]


def member(name, day, profile_id, account_id="acc-1", **more):
    """A subscription on a profile."""
    return subscription(name, day, account_id, invoiceSectionId=f"{profile_id}-section", **more)


def cost(name, day, amount, currency="EUR"):
    """Usage that brings its own cost."""
    return fact("UsageRecorded", day, subscriptionId=name, meterId="vm-b1s", quantity="1", cost=amount,
                currency=currency)


def used(name, day, quantity, meter="vm-b1s", **more):
    """Usage that is priced by its meter."""
    return fact("UsageRecorded", day, subscriptionId=name, meterId=meter, quantity=quantity, **more)


def vat(day="2024-01-01"):
    return fact("TaxRateChanged", day, country="NL", name="VAT", ratePercent="21", effectiveOn=day)


def person(name, day, email=None):
    return fact("IdentityLinked", day, identityId=name, issuer="https://login.example", subject=f"subject-{name}",
                email=email or f"{name}@contoso.example", tenantId=TENANT)


def role(name, day, scope, scope_type="Subscription", what="Reader"):
    return fact("RoleAssigned", day, scopeType=scope_type, scopeId=scope, role=what, identityId=name)


def paid(invoice, day, amount, payment="p-1", currency="EUR"):
    return fact("InvoicePaymentSucceeded", day, invoiceId=invoice, paymentId=payment,
                amount=money(amount, currency), receivedOn=day)
