#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/try.h"

/// Wishes of a person about himself, and about who administers an account.
namespace daybook {

Result<Decision> handle_command(const StateReader& state, const UpdateProfile& command,
                                const DecisionContext& context) {
  if (context.viewer.is_operator()) {
    return rejected("NO_IDENTITY",
                    "only a person has a profile; send Daybook-Identity with a key that may act-as");
  }
  const IdentityId& id = *context.viewer.identity;
  const Identity* identity = state.identity(id);
  if (identity == nullptr) return not_found();
  Decision decision;
  if (command.communication_email) {
    std::optional<Personal<std::string>> address;
    if (!command.communication_email->empty()) {
      LEDGER_CHECK(check_mail_address(*command.communication_email, "/communicationEmail"));
      address = Personal<std::string>(*command.communication_email);
    }
    if (identity->communication_email != address)
      decision.events.emplace_back(CommunicationEmailChanged{id, address});
  }
  if (command.language && identity->language != command.language)
    decision.events.emplace_back(LanguageChanged{id, *command.language});
  return decision;
}

Result<Decision> handle_command(const StateReader& state,
                                const ChangeAccountAdministrator& command,
                                const DecisionContext& context) {
  const ScopeRef scope(command.account_id);
  LEDGER_CHECK(require_seen(state, context, AccessObject::of(scope)));
  const Account& account = *state.account(command.account_id);
  LEDGER_CHECK(require(state, context, Action::SetInvoiceSharing, AccessObject::of(scope),
                       ErrorKind::Invalid, "NOT_ACCOUNT_ADMIN",
                       "only the Account Administrator hands the account over"));
  if (account.type != AccountType::MOSP) {
    return rejected("NOT_MOSP", "only a MOSP account has an Account Administrator", "/accountId");
  }
  if (account.administrator == command.identity_id) return Decision();
  // An identity may be named before it is linked; once it is, it belongs to a directory.
  if (const Identity* identity = state.identity(command.identity_id)) {
    bool is_allowed = false;
    for (const TenantId& tenant : identity->tenants)
      is_allowed = is_allowed || account.allows(tenant);
    if (!is_allowed) {
      return rejected("TENANT_NOT_ASSOCIATED", "the identity is in no directory of the account",
                      "/identityId");
    }
  }
  return Decision{{AccountAdministratorChanged{command.account_id, command.identity_id,
                                               account.administrator, context.today()}},
                  {}};
}

}  // namespace daybook
