#include "ledger/domain/rules/policies.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/invariant.h"

namespace daybook {

const SettingDefinition* find_policy(std::string_view name) {
  const auto policies = all_policies();
  const auto found = std::lower_bound(policies.begin(), policies.end(), name,
                                      [](const SettingDefinition& each, std::string_view wanted) {
                                        return each.name < wanted;
                                      });
  return found != policies.end() && found->name == name ? &*found : nullptr;
}

Result<void> check_policy(std::string_view policy, std::string_view value) {
  const SettingDefinition* definition = find_policy(policy);
  if (definition == nullptr) {
    return rejected("INVALID_FIELD", "there is no policy of this name; GET /v1/policies lists them",
                    "/policy");
  }
  if (auto reason = why_not(*definition, value)) {
    return rejected("INVALID_FIELD", std::move(*reason), "/value");
  }
  return {};
}

const PolicySetting* Policies::setting(std::string_view policy) const {
  for (const PolicySetting& each : settings) {
    if (each.policy == policy && !each.account_id) return &each;
  }
  return nullptr;
}

std::string_view Policies::value(std::string_view policy) const {
  if (const PolicySetting* set = setting(policy)) return set->value;
  const SettingDefinition* definition = find_policy(policy);
  LEDGER_INVARIANT(definition != nullptr);
  return definition->default_value;
}

std::string_view Policies::word(std::string_view policy) const {
  return unquoted(value(policy)).value_or(std::string_view());
}

std::string_view Policies::word(std::string_view policy, const AccountId& account) const {
  for (const PolicySetting& setting : settings) {
    if (setting.policy == policy && setting.account_id == account)
      return unquoted(setting.value).value_or(std::string_view());
  }
  return word(policy);
}

std::int32_t Policies::number(std::string_view policy) const {
  return whole_of(value(policy)).value_or(0);
}

std::vector<std::int32_t> Policies::numbers(std::string_view policy) const {
  std::vector<std::int32_t> result;
  for (std::string_view part : elements_of(value(policy)).value_or(std::vector<std::string_view>())) {
    result.push_back(whole_of(part).value_or(0));
  }
  return result;
}

std::vector<std::string> Policies::words(std::string_view policy) const {
  std::vector<std::string> result;
  for (std::string_view part : elements_of(value(policy)).value_or(std::vector<std::string_view>())) {
    result.emplace_back(unquoted(part).value_or(std::string_view()));
  }
  return result;
}

void apply(Policies& policies, const PolicyChanged& event, const Occurrence& at) {
  auto found = std::find_if(policies.settings.begin(), policies.settings.end(), [&](const PolicySetting& each) {
    return each.policy == event.policy && each.account_id == event.account_id;
  });
  if (found == policies.settings.end()) {
    PolicySetting fresh;
    fresh.policy = event.policy;
    fresh.account_id = event.account_id;
    found = policies.settings.insert(policies.settings.end(), std::move(fresh));
  }
  found->value = event.value.text;
  found->set_at = at.position;
  if (!event.by_configuration.value_or(false)) return;
  found->configured = event.value.text;
  found->configured_at = at.position;
}

}  // namespace daybook
