#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/facts/policy.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/setting.h"

namespace daybook {

/// All switches of the conflict register (domain.md 0.3) and defaults that are ours, by name: one row each, from which the
/// check of SetPolicy, `GET /v1/policies`, the configuration file and its reference are made.
[[nodiscard]] std::span<const SettingDefinition> all_policies();
/// Nothing where there is no policy of this name.
[[nodiscard]] const SettingDefinition* find_policy(std::string_view name);

/// Whether `value` (JSON) may be set. Errors: INVALID_FIELD.
[[nodiscard]] Result<void> check_policy(std::string_view policy, std::string_view value);

struct PolicySetting {
  std::string policy;
  std::string value;  ///< JSON
  std::optional<AccountId> account_id;
  Position set_at = 0;                   ///< of the event that set it
  std::optional<std::string> configured; ///< what the configuration said when it was last applied, JSON
  Position configured_at = 0;

  friend bool operator==(const PolicySetting&, const PolicySetting&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicySetting, (),
                      (policy, value, account_id, set_at, configured, configured_at))

/// What was set; all else has its first value.
struct Policies {
  static constexpr StateKind kState = StateKind::Policies;
  static constexpr std::string_view kKey = "policies";

  std::vector<PolicySetting> settings;

  /// What was set for all accounts; null: nothing yet.
  [[nodiscard]] const PolicySetting* setting(std::string_view policy) const;
  /// The value in JSON. The policy must be one of `all_policies()`.
  [[nodiscard]] std::string_view value(std::string_view policy) const;
  [[nodiscard]] bool is_on(std::string_view policy) const { return value(policy) == "true"; }
  /// The value of a policy whose values are words: without its quotes.
  [[nodiscard]] std::string_view word(std::string_view policy) const;
  /// The same of one account: its own setting, else everybody's.
  [[nodiscard]] std::string_view word(std::string_view policy, const AccountId& account) const;
  [[nodiscard]] std::int32_t number(std::string_view policy) const;
  [[nodiscard]] std::vector<std::int32_t> numbers(std::string_view policy) const;
  [[nodiscard]] std::vector<std::string> words(std::string_view policy) const;

  friend bool operator==(const Policies&, const Policies&) = default;
};
BOOST_DESCRIBE_STRUCT(Policies, (), (settings))

void apply(Policies& policies, const PolicyChanged& event, const Occurrence& at);

}  // namespace daybook
