"""Who there is, in which directories, under which addresses, and which roles he holds. ROL-13, EML-20, 8.1.1."""


class Persons:
    """Identities, roles and invitations as the log tells them. `apply` is True when a fact is about them."""

    def __init__(self, book):
        self.book = book
        self.identities = {}      # identity -> {"email", "tenants"}
        self.communication = {}   # identity -> the address that he set himself
        self.roles = set()        # (scopeType, scopeId, role, identity)
        self.sharing = set()      # subscriptions whose toggle is On
        self.invitations = {}     # open ones: invitationId -> data
        self.associated = {}      # account -> directories beside its own
        self.administrators = {}  # account -> identity, once it changed
        self.policies = {}        # (enrollment, policy) -> value
        self.departments, self.owners = {}, {}   # department -> enrollment; enrollment account -> identity
        self.visible_costs = set()   # customers

    def apply(self, kind, data):
        handler = getattr(self, f"_{kind}", None)
        if handler:
            handler(data)
        return handler is not None

    def _IdentityLinked(self, data):
        known = self.identities.setdefault(data["identityId"], {"tenants": []})
        known["email"] = data["email"]
        if data["tenantId"] not in known["tenants"]:
            known["tenants"].append(data["tenantId"])

    def _EmailChanged(self, data):
        self.identities[data["identityId"]]["email"] = data["email"]

    def _CommunicationEmailChanged(self, data):
        self.communication[data["identityId"]] = data["address"]

    def _LanguageChanged(self, data):
        pass

    def _RoleAssigned(self, data):
        self.roles.add((data["scopeType"], data["scopeId"], data["role"], data["identityId"]))

    def _RoleRevoked(self, data):
        self.roles.discard((data["scopeType"], data["scopeId"], data["role"], data["identityId"]))

    def _RoleInvited(self, data):
        self.invitations[data["invitationId"]] = data

    def _RoleInvitationAccepted(self, data):
        self.invitations.pop(data["invitationId"])

    def _RoleInvitationWithdrawn(self, data):
        self.invitations.pop(data["invitationId"])

    def _RoleInvitationExpired(self, data):
        self.invitations.pop(data["invitationId"])

    def _InvoiceSharingEnabled(self, data):
        self.sharing.add(data["subscriptionId"])

    def _InvoiceSharingDisabled(self, data):
        self.sharing.discard(data["subscriptionId"])

    def _AssociatedTenantAdded(self, data):
        self.associated.setdefault(data["accountId"], set()).add(data["tenantId"])

    def _AssociatedTenantRemoved(self, data):
        self.associated.get(data["accountId"], set()).discard(data["tenantId"])

    def _AccountAdministratorChanged(self, data):
        self.administrators[data["accountId"]] = data["identityId"]

    def _EnrollmentPolicyChanged(self, data):
        self.policies[data["enrollmentId"], data["policy"]] = data["value"]

    def _DepartmentCreated(self, data):
        self.departments[data["departmentId"]] = data["enrollmentId"]

    def _AccountOwnerActivated(self, data):
        pass

    def _AccountOwnerChanged(self, data):
        self.owners[data["enrollmentAccountId"]] = data["ownerIdentityId"]

    def _CustomerCostVisibilityChanged(self, data):
        (self.visible_costs.add if data["value"] else self.visible_costs.discard)(data["customerId"])

    # Asked.

    def administrator(self, account):
        """The Account Administrator of a MOSP account, the first Owner of another."""
        return self.administrators.get(account, self.book.accounts[account]["signedUpBy"])

    def directories(self, account):
        return {self.book.accounts[account]["tenantId"]} | self.associated.get(account, set())

    def roles_on(self, identity, kind, name):
        return {role for scope_type, scope, role, holder in self.roles
                if (scope_type, scope, holder) == (kind, name, identity)}

    def mail_address(self, identity):
        """Where mail for a person goes: his own setting, else his sign-in e-mail (EML-20)."""
        known = self.identities.get(identity)
        return self.communication.get(identity) or (known["email"] if known else None)
