#include "ledger/domain/answers/settings_answer.h"

#include <string>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
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
