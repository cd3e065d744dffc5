#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

struct PolicyView {
  std::string policy;
  JsonText value;
  std::optional<AccountId> account_id;  ///< where it holds for that account alone

  friend bool operator==(const PolicyView&, const PolicyView&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicyView, (), (policy, value, account_id))

/// `GET /v1/policies`.
struct PolicyListView {
  std::vector<PolicyView> items;

  friend bool operator==(const PolicyListView&, const PolicyListView&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicyListView, (), (items))

enum class ClockKind : std::uint8_t { system = 0, manual = 1 };
BOOST_DESCRIBE_ENUM(ClockKind, system, manual)

/// `GET /v1/clock`.
struct ClockView {
  ClockKind clock = ClockKind::system;
  Instant now;

  friend bool operator==(const ClockView&, const ClockView&) = default;
};
BOOST_DESCRIBE_STRUCT(ClockView, (), (clock, now))

/// One of a person's own keys.
struct OwnKeyView {
  KeyId key_id;
  std::string name;
  std::optional<Date> expires_on;
  std::optional<Date> last_used_on;

  friend bool operator==(const OwnKeyView&, const OwnKeyView&) = default;
};
BOOST_DESCRIBE_STRUCT(OwnKeyView, (), (key_id, name, expires_on, last_used_on))

/// `GET /v1/me`.
struct PersonView {
  IdentityId identity_id;
  std::optional<Personal<std::string>> email;
  std::optional<Personal<std::string>> communication_email;
  std::optional<Language> language;
  std::vector<TenantId> tenants;
  std::optional<TenantId> active_tenant;
  std::vector<OwnKeyView> keys;

  friend bool operator==(const PersonView&, const PersonView&) = default;
};
BOOST_DESCRIBE_STRUCT(PersonView, (),
                      (identity_id, email, communication_email, language, tenants, active_tenant,
                       keys))

}  // namespace daybook
