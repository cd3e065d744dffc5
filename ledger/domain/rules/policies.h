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

namespace daybook {

/// A switch of the conflict register (api.md 5 and 8): its name, first value and what it may be set
/// to.
struct PolicyDefinition {
  std::string_view name;
  std::string_view default_value;  ///< JSON
  std::string_view allowed;  ///< JSON values apart by '|'; or `day`, `count`, `number`, `numbers`,
                             ///< `roles`, `date`, `countries`
};

/// All of them, by name.
[[nodiscard]] std::span<const PolicyDefinition> all_policies();

/// Whether `value` (JSON) may be set. Errors: INVALID_FIELD.
[[nodiscard]] Result<void> check_policy(std::string_view policy, std::string_view value);

struct PolicySetting {
  std::string policy;
  std::string value;  ///< JSON
  std::optional<AccountId> account_id;

  friend bool operator==(const PolicySetting&, const PolicySetting&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicySetting, (), (policy, value, account_id))

/// What was set; all else has its first value.
struct Policies {
  static constexpr StateKind kState = StateKind::Policies;
  static constexpr std::string_view kKey = "policies";

  std::vector<PolicySetting> settings;

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
