#include "ledger/domain/answers/settings_answer.h"

#include <string>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

PolicyView view_of(const SettingDefinition& definition, std::string_view value, const PolicySetting* set) {
  PolicyView view;
  view.policy = std::string(definition.name);
  view.value = {std::string(value)};
  view.takes = what_it_takes(definition);
  view.default_value = {std::string(definition.default_value)};
  view.source = std::string(definition.source);
  view.meaning = std::string(definition.meaning);
  if (set == nullptr) return view;
  view.account_id = set->account_id;
  view.position = set->set_at;
  view.by_configuration = set->configured_at == set->set_at;
  return view;
}

}  // namespace

PolicyListView policies_answer(const StateReader& state) {
  PolicyListView view;
  const Policies& policies = state.policies();
  for (const SettingDefinition& definition : all_policies()) {
    view.items.push_back(view_of(definition, policies.value(definition.name), policies.setting(definition.name)));
  }
  for (const PolicySetting& setting : policies.settings) {
    const SettingDefinition* definition = find_policy(setting.policy);
    if (setting.account_id && definition != nullptr) {
      view.items.push_back(view_of(*definition, setting.value, &setting));
    }
  }
  return view;
}

ProviderView provider_answer(const StateReader& state, Date today) {
  ProviderView view;
  const ProviderDetailsChanged* block = state.provider().on(today);
  if (block == nullptr) return view;
  view.name = block->name;
  view.product = block->product;
  view.legal_name = block->legal_name;
  view.address = block->address;
  view.vat_id = block->vat_id;
  view.registration = block->registration;
  view.logo = block->logo;
  view.statement_text = block->statement_text;
  view.support_url = block->support_url;
  view.support_email = block->support_email;
  view.legal_url = block->legal_url;
  view.trust_url = block->trust_url;
  view.account_type_names = block->account_type_names;
  view.effective_on = block->effective_on;
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
