#include "ledger/domain/answers/settings_answer.h"

#include <string>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The currency of the scope's documents.
Currency currency_of(const StateReader& state, const Account& account, const ScopeRef& scope) {
  std::optional<ProfileId> id;
  if (scope.type == ScopeType::Profile) id = ProfileId(scope.id);
  if (scope.type == ScopeType::Subscription) {
    id = state.subscription(SubscriptionId(scope.id))->profile_id;
  }
  const Profile* profile = id ? state.profile(*id) : nullptr;
  return profile != nullptr ? profile->currency : account.currency;
}

}  // namespace

PolicyListView policies_answer(const StateReader& state) {
  PolicyListView view;
  const Policies& policies = state.policies();
  for (const PolicyDefinition& definition : all_policies()) {
    view.items.push_back({std::string(definition.name),
                          {std::string(policies.value(definition.name))},
                          std::nullopt});
  }
  for (const PolicySetting& setting : policies.settings) {
    if (setting.account_id) {
      view.items.push_back({setting.policy, {setting.value}, setting.account_id});
    }
  }
  return view;
}

Result<PersonView> person_answer(const StateReader& state, const Viewer& viewer) {
  const Identity* identity = viewer.identity ? state.identity(*viewer.identity) : nullptr;
  if (identity == nullptr) return nothing_here();
  PersonView view;
  view.identity_id = identity->identity_id;
  view.email = identity->email;
  view.communication_email = identity->communication_email
                                 ? identity->communication_email
                                 : std::optional(identity->email);  // EML-20
  view.language = identity->language;
  view.tenants = identity->tenants;
  view.active_tenant = viewer.tenant;
  for (const std::string& id : state.members(Relation::AllKeys, {})) {
    const Key* key = state.find<Key>(id);
    if (key == nullptr || key->revoked || key->identity_id != identity->identity_id) continue;
    view.keys.push_back({key->key_id, key->name, key->expires_on, std::nullopt});
  }
  return view;
}

Result<CreditListView> credits_answer(const StateReader& state, const Viewer& viewer,
                                      const ScopeRef& scope) {
  const Account* account = account_of(state, scope);
  const bool has_credit = scope.type == ScopeType::Account || scope.type == ScopeType::Profile ||
                          scope.type == ScopeType::Subscription;
  if (account == nullptr || !has_credit) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::TrackCredit, scope));
  CreditListView view;
  const Money nothing{0, currency_of(state, *account, scope)};
  view.current_balance = nothing;
  view.estimated_balance = nothing;
  return view;
}

EmailTermsView email_terms_answer(const StateReader& state) {
  EmailTermsView view;
  const EmailTerms* terms = state.find<EmailTerms>(EmailTerms::kKey);
  const EmailTermsPublished* current = terms != nullptr ? terms->current() : nullptr;
  if (current == nullptr) return view;
  view.terms_version = current->terms_version;
  view.text = current->text;
  return view;
}

}  // namespace daybook
