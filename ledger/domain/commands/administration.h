#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Wishes of the operator: policies, the provider and keys.
namespace daybook {

/// Value is checked against what the policy allows.
struct SetPolicy {
  static constexpr CommandType kType = CommandType::SetPolicy;

  std::string policy;
  JsonText value;
  std::optional<AccountId> account_id{};  ///< `corrections` alone

  friend bool operator==(const SetPolicy&, const SetPolicy&) = default;
};
BOOST_DESCRIBE_STRUCT(SetPolicy, (), (policy, value, account_id))

/// The answer shows the key once.
struct CreateKey {
  static constexpr CommandType kType = CommandType::CreateKey;

  std::string name;
  std::vector<Right> rights{};
  std::optional<TenantId> tenant_id{};
  std::optional<IdentityId> identity_id{};
  std::optional<Date> expires_on{};

  friend bool operator==(const CreateKey&, const CreateKey&) = default;
};
BOOST_DESCRIBE_STRUCT(CreateKey, (), (name, rights, tenant_id, identity_id, expires_on))

/// The key opens nothing from now on.
struct RevokeKey {
  static constexpr CommandType kType = CommandType::RevokeKey;

  KeyId key_id;

  friend bool operator==(const RevokeKey&, const RevokeKey&) = default;
};
BOOST_DESCRIBE_STRUCT(RevokeKey, (), (key_id))

/// A policy as the configuration has it.
struct ConfiguredPolicy {
  std::string policy;
  JsonText value;

  friend bool operator==(const ConfiguredPolicy&, const ConfiguredPolicy&) = default;
};
BOOST_DESCRIBE_STRUCT(ConfiguredPolicy, (), (policy, value))

/// The terms of invoices by e-mail as the configuration has them (EML-24).
struct ConfiguredTerms {
  std::string version;
  Texts text{};  ///< by language

  friend bool operator==(const ConfiguredTerms&, const ConfiguredTerms&) = default;
};
BOOST_DESCRIBE_STRUCT(ConfiguredTerms, (), (version, text))

/// What the configuration says, whole: what differs from what it last said is recorded. Done by the server at its start.
struct ApplyConfiguration {
  static constexpr CommandType kType = CommandType::ApplyConfiguration;

  std::vector<ConfiguredPolicy> policies{};
  std::optional<ProviderDetailsChanged> provider{};  ///< from today on or later; absent: stays as it is
  std::optional<ConfiguredTerms> email_terms{};

  friend bool operator==(const ApplyConfiguration&, const ApplyConfiguration&) = default;
};
BOOST_DESCRIBE_STRUCT(ApplyConfiguration, (), (policies, provider, email_terms))

namespace administration {
using Commands = TypeList<SetPolicy, CreateKey, RevokeKey, ApplyConfiguration>;
}  // namespace administration

}  // namespace daybook
