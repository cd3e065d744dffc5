#include "ledger/domain/rules/fold_table.h"

#include <string>

#include "ledger/domain/rules/access_rules.h"

namespace daybook {
namespace {

void fold_event(StateStore& store, const RoleAssigned& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  apply(store.edit<Access>(scope.text()), event, at);
  store.link(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
}

void fold_event(StateStore& store, const RoleRevoked& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  Access& access = store.edit<Access>(scope.text());
  apply(access, event, at);
  const Account* account =
      scope.type == ScopeType::Account ? store.account(AccountId(scope.id)) : nullptr;
  const bool administers = account != nullptr && account->type == AccountType::MOSP &&
                           account->administrator == event.identity_id;
  if (!administers && !access.holds_any(event.identity_id)) {
    store.unlink(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
  }
}

template <class Event>
void fold_invitation(StateStore& store, const Event& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  Access& access = store.edit<Access>(scope.text());
  apply(access, event, at);
  const Account* account = account_of(store, scope);
  const std::string of_account = account != nullptr ? account->account_id.text() : std::string();
  for (const std::string& parent : {std::string(), of_account}) {
    if (access.has_open_invitation()) {
      store.link(Relation::ScopesWithInvitations, parent, scope.text());
    } else {
      store.unlink(Relation::ScopesWithInvitations, parent, scope.text());
    }
  }
}

void fold_event(StateStore& store, const RoleInvited& event, const Occurrence& at) {
  fold_invitation(store, event, at);
  store.link(Relation::ScopeOfInvitation, event.invitation_id.text(),
             ScopeRef(event.scope_type, event.scope_id.text()).text());
}

void fold_event(StateStore& store, const IdentityLinked& event, const Occurrence& at) {
  apply(store.edit<Identity>(event.identity_id.text()), event, at);
  store.link(Relation::IdentitiesOfTenant, event.tenant_id.text(), event.identity_id.text());
}

constexpr auto kFoldAccess = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_access(FoldTable& table) {
  table.add<RoleAssigned, RoleRevoked, RoleInvited, IdentityLinked>(kFoldAccess);
  table.add<InvoiceSharingEnabled, InvoiceSharingDisabled>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        apply(store.edit<Access>(ScopeRef(event.subscription_id).text()), event, at);
      });
  table.add<RoleInvitationAccepted, RoleInvitationWithdrawn, RoleInvitationExpired>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        fold_invitation(store, event, at);
      });
  table.add_rows<Identity, EmailChanged, CommunicationEmailChanged, LanguageChanged>();
}

}  // namespace daybook
