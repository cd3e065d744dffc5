"""What persons do in a random ledger: roles, the toggle, mail, invitations, wishes that they may or may not have."""

PERSONS = ("jeroen", "ann", "bob", "cas")
# Who else there is: a second identity of Jeroen's address, one of two directories, a partner's customer, a stranger.
OTHERS = (("twin", "jeroen@jeroen.Example", ("t-1",)), ("roamer", "roamer@roamer.example", ("t-1", "t-9")),
          ("kunde", "kunde@kunde.example", ("t-2",)), ("stranger", "x@stranger.example", ("t-9",)),
          ("otto", "otto@otto.example", ("t-1",)))
ROLES = {"Subscription": ("Owner", "Contributor", "Reader", "ServiceAdministrator", "BillingReader"),
         "Profile": ("Owner", "Contributor", "Reader", "InvoiceManager"), "Account": ("Owner", "Contributor", "Reader"),
         "Section": ("Owner", "Reader"),
         "Enrollment": ("EnterpriseAdministrator", "EnterpriseAdministratorReadOnly", "EnterprisePurchaser"),
         "Department": ("DepartmentAdministrator", "DepartmentAdministratorReadOnly")}
VIEW_CHARGES = ("accountOwnerViewCharges", "departmentAdminViewCharges")


class People:
    """Part of Generator."""

    def mail(self):
        """Somebody changes who gets invoices by e-mail, or holds a role."""
        scopes = [("Subscription", entry["name"]) for entry in self.living() if entry["kind"] == "MOSP"]
        scopes += [("SupportPlan", name) for name in self.plans]
        scopes += [("Profile", name) for name, _, _ in self.profiles] * 2
        if not scopes:
            return
        kind, name = self.chance.choice(scopes)
        scope, address = {"scopeType": kind, "scopeId": name}, f"{self.chance.choice('abc')}@Contoso.example"
        wishes = [("AcceptEmailTerms", {**scope, "termsVersion": "1"})] if kind != "Profile" else []
        wishes += self.chance.choice((
            [("OptInEmailInvoice", scope)], [("OptInEmailInvoice", {**scope, "preferredEmail": "me@home.example"})],
            [("AddEmailRecipient", {**scope, "address": address})], [("AddEmailRecipient", {**scope, "address": address})],
            [("RemoveEmailRecipient", {**scope, "address": address})], [("OptOutEmailInvoice", scope)]))
        if kind == "Profile" and self.maybe(0.4):
            self.tell("RoleAssigned", **scope, role=self.chance.choice(("Reader", "InvoiceManager", "Owner")),
                      identityId=self.chance.choice(PERSONS))
        if kind == "Subscription" and self.maybe(0.15):
            account = next(entry["account"] for entry in self.subscriptions if entry["name"] == name)
            self.tell("AccountAdministratorChanged", accountId=account, identityId=self.chance.choice(PERSONS))
        self.flush()
        self.script += [{"do": "wish", "name": wish, "fields": fields} for wish, fields in wishes]

    def scopes_of_roles(self):
        """(scopeType, scopeId) of all on which somebody may hold a role."""
        there = [("Subscription", entry["name"]) for entry in self.subscriptions if entry["kind"] == "MOSP"] * 2
        there += [("Account", name) for name, kind in self.accounts if kind in ("MCA", "MPA")]
        for profile, _, sections in self.profiles:
            there += [("Profile", profile)] * 2 + [("Section", section) for section in sections[:1]]
        for name, _ in self.enrollments:
            there += [("Enrollment", name), ("Department", f"{name}-dep")]
        return there

    def people(self):
        """Roles come and go, the toggle turns, somebody wishes something that he may or may not wish."""
        scopes = self.scopes_of_roles()
        if not scopes:
            return
        kind, name = self.chance.choice(scopes)
        scope = {"scopeType": kind, "scopeId": name}
        person, role = self.chance.choice(("ann", "bob", "cas", "roamer", "kunde")), self.chance.choice(ROLES[kind])
        what = self.chance.randrange(9)
        if what == 8 and kind == "Subscription":
            self.flush()
            self.script.append({"do": "act", "by": "jeroen", "tenant": "t-1", "name": "SetInvoiceSharing",
                                "fields": {"subscriptionId": name, "on": self.maybe(0.8)}})
        elif what == 7 and kind == "Enrollment":
            self.flush()
            self.script.append({"do": "wish", "name": "SetEnrollmentPolicy", "fields": {
                "enrollmentId": name, "policy": self.chance.choice(VIEW_CHARGES), "value": self.maybe(0.8)}})
        elif what < 3:
            self.tell("RoleAssigned", **scope, role=role, identityId=person)
        elif what == 3:
            self.tell("RoleRevoked", **scope, role=role, identityId=person)
        else:
            by = self.chance.choice(("jeroen", "jeroen", "ann", "ann", "bob", "bob", "cas", "roamer", "twin", "kunde"))
            self.act(by, {"roamer": self.chance.choice(("t-1", "t-9")), "kunde": "t-2"}.get(by, "t-1"), kind, name)

    def act(self, by, tenant, kind, name):
        scope = {"scopeType": kind, "scopeId": name}
        if kind == "Enrollment":
            wishes = [("SetEnrollmentPolicy", {"enrollmentId": name, "policy": self.chance.choice(VIEW_CHARGES),
                                               "value": self.maybe(0.5)})]
        else:
            person = self.chance.choice(("ann", "bob", "cas"))
            wishes = [("AssignRole", {**scope, "role": self.chance.choice(ROLES[kind]), "identityId": person}),
                      ("RevokeRole", {**scope, "role": self.chance.choice(ROLES[kind]), "identityId": person})]
            if kind in ("Subscription", "Profile"):
                wishes += [("OptInEmailInvoice", scope), ("AddEmailRecipient", {**scope, "address": "d@contoso.example"}),
                           ("OptOutEmailInvoice", scope),
                           ("RequestExport", {**scope, "kind": "UsageV2" if kind == "Subscription" else "Mca"})]
            if kind == "Subscription":
                wishes += [("SetInvoiceSharing", {"subscriptionId": name, "on": self.maybe(0.8)})] * 4
                wishes += [("AcceptEmailTerms", {**scope, "termsVersion": "1"})]
                account = next(entry["account"] for entry in self.subscriptions if entry["name"] == name)
                wishes += [("SettleBalance", {"accountId": account, "methodId": "nothing"})]
        if kind == "Section" or kind == "Department" and by == "jeroen":
            return   # whether the owner of the account is one of 5.3's administrators is not said
        self.flush()
        step = {"do": "act", "by": by, "tenant": tenant}
        wish, fields = self.chance.choice(wishes)
        self.script.append({**step, "name": wish, "fields": fields})
        if self.maybe(0.3):
            self.script.append({**step, "name": "PayNow", "fields": {"methodId": "nothing"},
                                "pick": self.chance.randrange(99)})
        if self.maybe(0.1):
            self.script.append({**step, "name": self.chance.choice(("VoidInvoice", "LockInvoice")),
                                "fields": {"reason": "x"}, "pick": self.chance.randrange(99)})

    def invite(self):
        """Somebody is invited by his address, comes later or never; addresses change."""
        profiles = [name for name, _, _ in self.profiles]
        what = self.chance.randrange(5)
        if what == 0 and profiles or what == 4 and profiles and not self.invited:
            number = len(self.invited)
            self.invited.append(f"new-{number}@home.example")
            self.flush()
            self.script.append({"do": "act", "by": "jeroen", "tenant": "t-1", "name": "AssignRole", "fields": {
                "scopeType": "Profile", "scopeId": self.chance.choice(profiles), "email": self.invited[-1],
                "role": self.chance.choice(ROLES["Profile"])}})
        elif what in (1, 4) and self.invited:
            address = self.chance.choice(self.invited[-2:])
            name = address.split("@")[0]
            self.tell("IdentityLinked", identityId=name, issuer="https://login.example", subject=name, email=address,
                      tenantId=self.chance.choice(("t-1", "t-1", "t-9")))
        elif what == 2:
            person = self.chance.choice(PERSONS)
            self.flush()
            self.script.append({"do": "act", "by": person, "tenant": "t-1", "name": "UpdateProfile",
                                "fields": {"communicationEmail": f"{person}-{self.count}@private.example"}})
        else:
            person = self.chance.choice(PERSONS)
            self.tell("EmailChanged", identityId=person, email=f"{person}-{self.count}@{person}.example")
