"""Who gets an invoice by e-mail, at the moment it is issued. EML-1 … EML-23, CF-03, CF-06, R-84."""

PROFILE_ROLES = {"Owner", "Contributor", "Reader", "InvoiceManager"}


def normal(address):
    """EML-18: the part before @ as given, the domain in lower case."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


class Mail:
    """The preferences of every scope."""

    def __init__(self, book, persons, status):
        self.book, self.persons, self.status = book, persons, status
        self.opted, self.recipients = {}, {}

    def apply(self, kind, data):
        """True when the fact is about mail and has been taken."""
        handler = getattr(self, f"_{kind}", None)
        if handler:
            handler(data)
        return handler is not None

    def _EmailInvoiceTermsAccepted(self, data):
        pass    # that they were is why the opt-in was accepted

    def _EmailInvoiceOptedIn(self, data):
        self.opted[data["scopeType"], data["scopeId"]] = data

    def _EmailInvoiceOptedOut(self, data):
        self.opted.pop((data["scopeType"], data["scopeId"]), None)
        self.recipients.pop((data["scopeType"], data["scopeId"]), None)

    def _PreferredEmailChanged(self, data):
        scope = data["scopeType"], data["scopeId"]
        self.opted[scope] = {**self.opted[scope], "preferredEmail": data["address"]}

    def _EmailRecipientAdded(self, data):
        self.recipients.setdefault((data["scopeType"], data["scopeId"]), {})[data["recipientId"]] = data["address"]

    def _EmailRecipientRemoved(self, data):
        self.recipients.get((data["scopeType"], data["scopeId"]), {}).pop(data["recipientId"], None)

    def administrator_changes(self, account, identity):
        """SC-110: the next mail goes to the new one, and to no address that the one before preferred."""
        if identity == self.persons.administrator(account):
            return
        for (kind, name), wish in self.opted.items():
            subscription = self.book.plans[name]["subscriptionId"] if kind == "SupportPlan" else name
            if kind != "Profile" and self.book.subscriptions[subscription]["accountId"] == account:
                self.opted[kind, name] = {**wish, "preferredEmail": None}

    def addresses(self, document):
        """The addresses that a document goes to, each once."""
        if document.type == "EnrollmentOverage":
            return {normal(address) for address in self.book.enrollments[document.scope]["recipients"]}
        if document.type == "AzureMarketplace":
            return set()
        scope = {"AzureSupport": ("SupportPlan", document.plan), "Profile": ("Profile", document.scope)}.get(
            document.type, ("Subscription", document.scope))
        if scope not in self.opted:
            return set()
        own = self.book.plans[document.plan]["subscriptionId"] if scope[0] == "SupportPlan" else scope[1]
        if scope[0] != "Profile" and self.status(own) == "Deleted":
            return set()    # 6.4: opted out, also where its last document comes after that
        if document.type == "Profile":
            own = {identity for kind, name, role, identity in self.persons.roles
                   if (kind, name) == scope and role in PROFILE_ROLES}
        else:
            own = {self.persons.administrator(document.account)}
        preferred = self.opted[scope]["preferredEmail"]
        to = {preferred or self.persons.mail_address(identity) for identity in own} - {None}
        # An address that was removed since is gone from the log too (EML-6), and from the mails it once got.
        return {normal(address) for address in (to | set(self.recipients.get(scope, {}).values())) - {None}}
