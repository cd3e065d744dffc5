#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/roles.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<Decision> handle_command(const StateReader& state, const SetInvoiceSharing& command,
                                const DecisionContext& context) {
  const ScopeRef scope(command.subscription_id);
  LEDGER_CHECK(require_seen(state, context, AccessObject::of(scope)));
  const Subscription& subscription = *state.subscription(command.subscription_id);
  LEDGER_CHECK(require(state, context, Action::SetInvoiceSharing, AccessObject::of(scope),
                       ErrorKind::Invalid, "NOT_ACCOUNT_ADMIN",
                       "only the Account Administrator lets others download invoices"));
  if (!account_of(state, scope) || account_of(state, scope)->type != AccountType::MOSP) {
    return rejected("NOT_MOSP", "invoices are shared by subscription under MOSP alone",
                    "/subscriptionId");
  }
  if (subscription.support_plan_id) {
    return rejected("SUPPORT_PLAN_NOT_SHAREABLE",
                    "invoices of support plans are for the Account Administrator alone",
                    "/subscriptionId");
  }
  const Access* access = state.access(scope);
  const bool is_on = access != nullptr && access->invoice_sharing;
  if (is_on == command.on) return Decision();
  if (command.on) return Decision{{InvoiceSharingEnabled{command.subscription_id}}, {}};
  return Decision{{InvoiceSharingDisabled{command.subscription_id}}, {}};
}

namespace {

template <class Command>
Result<void> check_role(const StateReader& state, const Command& command,
                        const DecisionContext& context) {
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  LEDGER_CHECK(require(state, context, assigning(command.role), AccessObject::of(scope),
                       ErrorKind::Forbidden, "NO_PERMISSION",
                       "only an owner of the scope, or of one above it, assigns its roles; within an "
                       "enrollment, account owners and administrators of departments hand on "
                       "BillingReader alone"));
  if (is_role_of(scope.type, command.role, account_of(state, scope)->type)) return {};
  return rejected("INVALID_FIELD",
                  std::string(wire_name(command.role)) + " is no role of a " +
                      std::string(wire_name(scope.type)),
                  "/role");
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const AssignRole& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(check_role(state, command, context));
  if (command.email.has_value() == command.identity_id.has_value()) {
    return rejected("INVALID_FIELD", "name either the identityId or the email that gets the role",
                    "/identityId");
  }
  if (command.email) return assign_role_by_email(state, command, context);
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  // An identity may be named before it is linked; once it is, it belongs to a directory.
  const Identity* identity = state.identity(*command.identity_id);
  if (identity != nullptr) {
    bool is_allowed = false;
    for (const TenantId& tenant : identity->tenants)
      is_allowed = is_allowed || allows_tenant(state, scope, tenant);
    if (!is_allowed) {
      return rejected("TENANT_NOT_ASSOCIATED", "the identity is in no directory of the account",
                      "/identityId");
    }
  }
  const Access* access = state.access(scope);
  if (access != nullptr && access->holds(*command.identity_id, command.role)) return Decision();
  return Decision{
      {RoleAssigned{command.scope_type, command.scope_id, command.role, *command.identity_id}}, {}};
}

Result<Decision> handle_command(const StateReader& state, const RevokeRole& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(check_role(state, command, context));
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  const Access* access = state.access(scope);
  if (access == nullptr || !access->holds(command.identity_id, command.role)) return Decision();
  if (is_last_owner(state, scope, command.role, command.identity_id)) {
    return conflict("LAST_SCOPE_OWNER",
                    "assign the role to somebody else before the last owner loses it",
                    "/identityId");
  }
  return Decision{
      {RoleRevoked{command.scope_type, command.scope_id, command.role, command.identity_id}}, {}};
}

}  // namespace daybook
