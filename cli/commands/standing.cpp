#include "cli/commands/standing.h"

#include <string_view>

#include <fmt/format.h>

#include "ledger/domain/answers/lacking_details.h"

namespace daybook::cli {

std::string provider_gap(const StateReader& state, Date today) {
  const std::vector<std::string_view> names = lacking_details(state, today);
  if (names.empty()) return {};
  return fmt::format("the provider's details lack {} ([provider] in the configuration): invoices are issued, and are no tax invoices",
                     fmt::join(names, ", "));
}

std::vector<std::string> policy_differences(const Configuration& configuration, const StateReader& state) {
  std::vector<std::string> differences;
  for (const PolicySetting& setting : state.policies().settings) {
    const ConfigEntry* entry = configuration.find("policies." + setting.policy);
    if (entry == nullptr || setting.account_id || setting.value == entry->value) continue;
    differences.push_back(fmt::format("policy {} is {} since position {}; {} says {} and has not changed since", setting.policy,
                                      setting.value, setting.set_at, entry->place, entry->value));
  }
  return differences;
}

}  // namespace daybook::cli
