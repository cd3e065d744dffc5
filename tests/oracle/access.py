"""Who may do what: section 5 of the specification, and why somebody sees no invoice: section 7.

A question is put by an identity in one directory. The order is that of 5.4: directory, identity, role at the scope, policy,
age and kind of the document.
"""

from datetime import date, timedelta

from periods import month_of

READ_ROLES = {"Owner", "Contributor", "Reader"}
SUBSCRIPTION_ROLES = {"Owner", "Contributor", "Reader", "ServiceAdministrator", "CoAdministrator", "BillingReader"}
PARTNER_OWNERS = {"GlobalAdministrator", "AdminAgent"}   # CF-07
DELEGATED_FROM = date(2016, 12, 1)                       # ROL-3a
FOR_THE_OPERATOR = {"VoidInvoice", "IssueCreditNote", "LockInvoice", "RunInvoicing", "EvaluateDunning", "SetPolicy"}
EMAIL_COMMANDS = {"AcceptEmailTerms", "OptInEmailInvoice", "OptOutEmailInvoice", "AddEmailRecipient",
                  "RemoveEmailRecipient", "UpdatePreferredEmail"}
ENTERPRISE = ("Enrollment", "Department", "EnrollmentAccount")
DEPARTMENT_ROLES = {"DepartmentAdministrator", "DepartmentAdministratorReadOnly"}
USAGE_OF_ENROLLMENTS = {"EnterpriseAdministrator", "EnterpriseAdministratorReadOnly", "EnterprisePurchaser",
                        "PartnerAdministrator"}
EVERYTHING = {"ViewInvoices", "DownloadUsage", "ChangeEmailPreference", "Pay", "AssignRoles"}
LOOK = {"ViewInvoices", "DownloadUsage"}
NEW_DAYS, FINAL_DAYS = 30, 3


class Access:
    def __init__(self, oracle):
        self.oracle, self.book, self.persons = oracle, oracle.book, oracle.persons

    # Roles.

    def inside(self, identity, tenant, account):
        """Is this a member of that directory, and the directory one of the account's?"""
        known = self.persons.identities.get(identity)
        return known is not None and tenant in known["tenants"] and tenant in self.persons.directories(account)

    def account_roles(self, identity, account):
        roles = self.persons.roles_on(identity, "Account", account)
        if self.persons.administrator(account) == identity:
            roles |= {"Owner"}
        return {"Owner" if role in PARTNER_OWNERS else role for role in roles}

    def agreement(self, account):
        return self.book.accounts[account]["type"]

    # 5.1 and 5.2: what a person can do with a scope of the list of billing scopes (ACC-9).

    def can(self, identity, tenant, kind, name):
        """The actions of ACC-9, or None where these rules say nothing of this scope for him."""
        account = self.account_of(kind, name)
        if not self.inside(identity, tenant, account):
            return set()
        if self.agreement(account) == "MOSP":
            return self._mosp_can(identity, account, kind, name)
        if kind in ("Account", "Profile") and self.agreement(account) in ("MCA", "MPA"):
            return self._profile_can(identity, account, name if kind == "Profile" else None)
        return None

    # 5.3: enrollments, their departments and accounts.

    def views_charges(self, identity, tenant, kind, name):
        """May he see and download usage? The policies are for departments and Account Owners alone (ROL-9)."""
        if not self.inside(identity, tenant, self.account_of(kind, name)):
            return False
        enrollment, department = self._enrollment(kind, name)
        if self.persons.roles_on(identity, "Enrollment", enrollment) & USAGE_OF_ENROLLMENTS:
            return True
        owns = kind == "EnrollmentAccount" and self._owner(name) == identity
        heads = department is not None and self.persons.roles_on(identity, "Department", department) & DEPARTMENT_ROLES
        return bool(owns and self.persons.policies.get((enrollment, "accountOwnerViewCharges"))
                    or heads and self.persons.policies.get((enrollment, "departmentAdminViewCharges")))

    def _enrollment(self, kind, name):
        """(enrollment, department or None) that a scope of an enterprise agreement is of."""
        if kind == "Department":
            return self.persons.departments[name], name
        if kind == "EnrollmentAccount":
            data = self.book.enrollment_accounts[name]
            return data["enrollmentId"], data["departmentId"]
        return name, None

    def _owner(self, enrollment_account):
        return (self.persons.owners.get(enrollment_account)
                or self.book.enrollment_accounts[enrollment_account]["ownerIdentityId"])

    def _mosp_can(self, identity, account, kind, name):
        if self.persons.administrator(account) == identity:
            return EVERYTHING
        if kind != "Subscription" or self.book.subscriptions[name]["support"]:
            return set()
        roles = self.persons.roles_on(identity, "Subscription", name) & SUBSCRIPTION_ROLES
        actions = set(LOOK) if roles and name in self.persons.sharing else set()
        return actions | ({"AssignRoles"} if "Owner" in roles else set())

    def _profile_can(self, identity, account, profile):
        above = self.account_roles(identity, account)
        here = self.persons.roles_on(identity, "Profile", profile) if profile else set()
        actions = set()
        if (above | here) & READ_ROLES or "InvoiceManager" in here:
            actions |= LOOK
        if "Owner" in above or here & {"Owner", "Contributor", "InvoiceManager"}:
            actions |= {"Pay"}                       # an account's contributor does not: CF-13
        if (above | here) & {"Owner", "Contributor"}:
            actions |= {"ChangeEmailPreference"}
        if "Owner" in above | here:
            actions |= {"AssignRoles"}
        return actions

    def account_of(self, kind, name):
        if kind == "Account":
            return name
        if kind == "Profile":
            return self.book.profiles[name]["accountId"]
        if kind in ENTERPRISE:
            return self.book.enrollments[self._enrollment(kind, name)[0]]["accountId"]
        if kind == "SupportPlan":
            name = self.book.plans[name]["subscriptionId"]
        return self.book.subscriptions[name]["accountId"]

    # Documents.

    def sees(self, identity, tenant, document):
        """May this viewer see that document? By the agreement it was issued under (R-83)."""
        if not self.inside(identity, tenant, document.account):
            return False
        if document.type == "EnrollmentOverage":     # CF-02; of an upgraded account R-83
            return bool(self.agreement(document.account) != "EA"
                        and self.account_roles(identity, document.account) & READ_ROLES)
        if document.type == "Profile":
            return "ViewInvoices" in self._profile_can(identity, document.account, document.scope)
        if self.persons.administrator(document.account) == identity:
            return True
        if self.agreement(document.account) != "MOSP" and self.account_roles(identity, document.account) & READ_ROLES:
            return True                              # of an upgraded account
        if document.type == "AzureSupport" or document.issue_date < DELEGATED_FROM:
            return False
        if self.book.subscriptions[document.scope]["accountId"] != document.account:
            return False                             # of an earlier owner
        return "ViewInvoices" in self._mosp_can(identity, document.account, "Subscription", document.scope)

    # 5.5: commands, and questions about a scope.

    def seen(self, identity, tenant, kind, name):
        """The one relation that makes a scope seen: a role on it, above or below it."""
        account = self.account_of(kind, name)
        if not self.inside(identity, tenant, account):
            return False
        if self.account_roles(identity, account):
            return True
        return any(holder == identity and self._related((scope_type, scope), (kind, name), account)
                   for scope_type, scope, _, holder in self.persons.roles) or self._owns(identity, kind, name)

    def _owns(self, identity, kind, name):
        """An Account Owner sees his enrollment account and what lies above and below it."""
        return any(self._owner(own) == identity and (kind, name) in self._chain(("EnrollmentAccount", own))
                   for own in self.book.enrollment_accounts)

    def _related(self, one, other, account):
        return one in self._chain(other) or other in self._chain(one)

    def _chain(self, scope):
        """A scope and what lies above it."""
        kind, name = scope
        if kind == "Subscription":
            data = self.book.subscriptions.get(name)
            if data is None:
                return [scope]
            section = data["invoiceSectionId"]
            above = [("Section", section)] if section else []
            if self.book.profile_of(name):
                above.append(("Profile", self.book.profile_of(name)))
            if data["enrollmentAccountId"]:
                above += self._chain(("EnrollmentAccount", data["enrollmentAccountId"]))
            return [scope, *above, ("Account", data["accountId"])]
        if kind == "SupportPlan" and name in self.book.plans:
            return [scope, *self._chain(("Subscription", self.book.plans[name]["subscriptionId"]))]
        if kind == "Section" and name in self.book.sections:
            return [scope, *self._chain(("Profile", self.book.sections[name]["profileId"]))]
        if kind in ("EnrollmentAccount", "Department"):
            enrollment, department = self._enrollment(kind, name)
            between = [("Department", department)] if department and kind == "EnrollmentAccount" else []
            return [scope, *between, *self._chain(("Enrollment", enrollment))]
        if kind in ("Profile", "Enrollment"):
            there = self.book.profiles if kind == "Profile" else self.book.enrollments
            return [scope, ("Account", there[name]["accountId"])] if name in there else [scope]
        return [scope]

    def verdict(self, identity, tenant, name, fields):
        """The code with which the role of somebody is refused, None where it is enough (5.5)."""
        if tenant not in self.persons.identities[identity]["tenants"]:
            return "NOT_A_MEMBER"
        if name in FOR_THE_OPERATOR:
            return "FORBIDDEN"
        if name in ("PayNow", "AmendInvoice"):
            return self._about_invoice(identity, tenant, name, fields["invoiceId"])
        if name == "UpdateProfile":
            return None
        kind, scope = self._scope_of(fields)
        if not self._exists(kind, scope) or not self.seen(identity, tenant, kind, scope):
            return "NOT_FOUND"
        if name in ("SetInvoiceSharing", "ChangeAccountAdministrator", "SettleBalance"):
            account = self.account_of(kind, scope)   # MOSP alone has an administrator
            is_his = self.agreement(account) == "MOSP" and self.persons.administrator(account) == identity
            return None if is_his else "NOT_ACCOUNT_ADMIN"
        if name in EMAIL_COMMANDS:
            otherwise = "NOT_PROFILE_CONTRIBUTOR" if kind == "Profile" else "NOT_ACCOUNT_ADMIN"
            return None if "ChangeEmailPreference" in self.can(identity, tenant, kind, scope) else otherwise
        if name == "SetEnrollmentPolicy":
            return None if "EnterpriseAdministrator" in self.persons.roles_on(identity, kind, scope) else "NOT_EA_ADMIN"
        if kind == "Department":   # 5.3: own department administrators
            above = "EnterpriseAdministrator" in self.persons.roles_on(identity, "Enrollment", self.persons.departments[scope])
            own = "DepartmentAdministrator" in self.persons.roles_on(identity, kind, scope)
            return None if above or own else "NO_PERMISSION"
        wanted = {"RequestExport": "DownloadUsage", "AssignRole": "AssignRoles", "RevokeRole": "AssignRoles"}[name]
        can = self.can(identity, tenant, kind, scope)
        if can is None:
            can = self._of_subscription_elsewhere(identity, tenant, scope)
        return None if wanted in can else "NO_PERMISSION"

    def _of_subscription_elsewhere(self, identity, tenant, name):
        """Under MCA, MPA and EA: its own Owner and those above it hand on roles, whoever sees its usage has its file (5.2, 5.3)."""
        data, own = self.book.subscriptions[name], self.persons.roles_on(identity, "Subscription", name)
        actions = {"AssignRoles"} if "Owner" in own else set()
        if data["enrollmentAccountId"]:
            seen = self.views_charges(identity, tenant, "EnrollmentAccount", data["enrollmentAccountId"])
            return actions | ({"DownloadUsage"} if seen else set())
        return actions | self._profile_can(identity, data["accountId"], self.book.profile_of(name))

    def _about_invoice(self, identity, tenant, name, invoice):
        document = next((document for document in self.oracle.documents if document.name == invoice), None)
        if document is None or not self.sees(identity, tenant, document):
            return "NOT_FOUND"
        kind = "Profile" if document.type == "Profile" else "Account"
        scope = document.scope if kind == "Profile" else document.account
        wanted = "Pay" if name == "PayNow" else "ChangeEmailPreference"   # the same people as "profile properties"
        return None if wanted in self.can(identity, tenant, kind, scope) else "NO_PERMISSION"

    def _exists(self, kind, name):
        there = {"Account": self.book.accounts, "Profile": self.book.profiles, "Enrollment": self.book.enrollments,
                 "SupportPlan": self.book.plans, "Department": self.persons.departments}
        return name in there.get(kind, self.book.subscriptions)

    @staticmethod
    def _scope_of(fields):
        if "scopeType" in fields:
            return fields["scopeType"], fields["scopeId"]
        for kind, member in (("Subscription", "subscriptionId"), ("Enrollment", "enrollmentId"), ("Account", "accountId")):
            if member in fields:
                return kind, fields[member]
        raise KeyError(f"no scope among {fields}")

    def reads(self, identity, tenant, kind, name, what):
        """The status with which a question about a scope is answered: 200, 403 or 404. `what` names its path."""
        if not self.seen(identity, tenant, kind, name):
            return 404
        account = self.account_of(kind, name)
        if kind in ENTERPRISE:
            may = self.views_charges(identity, tenant, kind, name)
        elif kind == "Profile":
            may = LOOK & self.can(identity, tenant, kind, name)
        elif what == "usage":
            may = (self.persons.administrator(account) == identity
                   or self.persons.roles_on(identity, kind, name) & SUBSCRIPTION_ROLES)   # ROL-14
        else:
            may = self.persons.administrator(account) == identity
        return 200 if may else 403

    # Why there is none.

    def reasons(self, identity, tenant, kind, name, on):
        """What `/missing-invoice` answers a viewer about a scope and the period that holds `on`.

        ("NOT_FOUND", …) for somebody who may not even learn that there is such a scope; else (primary, {codes that hold},
        {codes that do not}).
        """
        account = self.account_of(kind, name)
        if not self._may_view(identity, tenant, account, kind, name):
            return self._refused(identity, tenant, account, kind, name)
        period = self._period(kind, name, on)
        since, now = self._subscribed(kind, name), self.oracle.clock
        there = self._document(kind, name, period)
        if there is not None:
            return "NONE", {"NONE"} | ({"USAGE_FILE_NOT_READY"} if now < period[1] + timedelta(days=FINAL_DAYS) else set())
        for beside in self._documents_beside(kind, name, period):
            if self.sees(identity, tenant, beside):
                soon = beside.monthly and now < beside.period[1] + timedelta(days=FINAL_DAYS)
                return "NONE", {"NONE"} | ({"USAGE_FILE_NOT_READY"} if soon else set())
        holds = []
        if now < since + timedelta(days=NEW_DAYS):
            holds.append("TOO_NEW")
        if not self._billed(kind, name, period):
            over = kind == "Subscription" and self.agreement(account) == "MOSP" and self.oracle.mosp.is_over(name, period)
            holds.append("NO_USAGE" if over else "NOT_GENERATED_YET")
        elif self.agreement(account) == "MOSP":
            holds.append(self._nothing(name, period))
        return holds[0], set(holds)

    def by_link(self, identity, tenant, document):
        """The only reason that a link in an e-mail gives (R-68): NONE, or W7, W8, else W6, whether there is one or not."""
        if self.sees(identity, tenant, document):
            return "NONE"
        homes, email = self.persons.directories(document.account), self.persons.identities[identity]["email"]
        if tenant not in homes and any(self.sees(identity, home, document) for home in homes):
            return "WRONG_TENANT"
        twin = any(other != identity and known["email"] == email and any(
            self.sees(other, home, document) for home in known["tenants"])
            for other, known in self.persons.identities.items())
        return "OTHER_IDENTITY" if twin else "OTHER_ACCOUNT"

    def _may_view(self, identity, tenant, account, kind, name):
        if not self.inside(identity, tenant, account) or self.agreement(account) == "EA":
            return False
        if kind == "SupportPlan":
            return self.persons.administrator(account) == identity
        return "ViewInvoices" in self.can(identity, tenant, kind, name)

    def _refused(self, identity, tenant, account, kind, name):
        """W4c, W4b, W7, W8, W3/W4 in this order; strangers in another directory learn nothing (R-03)."""
        if any(customer["accountId"] == account and customer["tenantId"] == tenant
               for customer in self.book.customers.values()):
            return "CSP_CUSTOMER", {"CSP_CUSTOMER", "NO_PERMISSION_MCA"}
        home = tenant in self.persons.directories(account)
        others = [directory for directory in self.persons.identities.get(identity, {"tenants": []})["tenants"]
                  if directory in self.persons.directories(account)]
        elsewhere = not home and any(self._may_view(identity, directory, account, kind, name) for directory in others)
        if not home and not elsewhere:
            return "NOT_FOUND", set()
        found = []
        if self.agreement(account) == "EA":
            found.append("EA_NOT_IN_PORTAL")
        if home and self._twin(identity, account, kind, name):
            found.append("OTHER_IDENTITY")
        if elsewhere:
            found.append("WRONG_TENANT")
        if self.agreement(account) != "EA":
            found.append("NO_PERMISSION_NOT_AA" if self.agreement(account) == "MOSP" else "NO_PERMISSION_MCA")
        return found[0], set(found)

    def _twin(self, identity, account, kind, name):
        """Has another identity of the same sign-in e-mail the permission?"""
        email = self.persons.identities.get(identity, {}).get("email")
        return email is not None and any(
            other != identity and known["email"] == email
            and any(self._may_view(other, directory, account, kind, name) for directory in known["tenants"])
            for other, known in self.persons.identities.items())

    def _period(self, kind, name, on):
        if kind == "Subscription":
            return self.book.period(name, on)
        month = month_of(on)
        return max(month[0], self.book.profiles[name].get("first", month[0])), month[1]

    def _subscribed(self, kind, name):
        if kind == "Subscription":
            return self.book.subscriptions[name]["created"]
        held = [data["created"] for sub, data in self.book.subscriptions.items() if self.book.profile_of(sub) == name]
        return min(held, default=self.book.profiles[name]["created"])

    def _document(self, kind, name, period):
        wanted = "AzureServices" if kind == "Subscription" else "Profile"
        return next((document for document in self.oracle.documents if document.status != "Void"
                     and (document.type, document.scope, document.period) == (wanted, name, period)), None)

    def _documents_beside(self, kind, name, period):
        """Those of Marketplace, then those of reservations that a card paid, which begin in the period."""
        there = [document for document in self.oracle.documents if kind == "Subscription" and document.status != "Void"
                 and (document.type, document.scope) == ("AzureMarketplace", name)
                 and period[0] <= document.period[0] < period[1]]
        return sorted(there, key=lambda document: (not document.monthly, document.period))

    def _billed(self, kind, name, period):
        if kind == "Profile":
            return self.oracle.profiles.run_date(self.book.profiles[name], period) <= self.oracle.performed
        return (name, period[0]) in self.oracle.mosp.without or any(
            document.scope == name and document.period == period for document in self.oracle.documents)

    def _nothing(self, name, period):
        return self.oracle.mosp.without.get((name, period[0]), "NOT_GENERATED_YET")
