#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

struct PolicyView {
  std::string policy;
  JsonText value;
  std::optional<AccountId> account_id;  ///< where it holds for that account alone
  std::string takes;                    ///< what it may be set to, in prose
  JsonText default_value;
  std::string source;                    ///< the rule it comes from: `CF-09`
  std::string meaning;
  std::optional<std::uint64_t> position; ///< of the event that set it; absent: none has
  bool by_configuration = false;         ///< the configuration set it, and no command since

  friend bool operator==(const PolicyView&, const PolicyView&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicyView, (),
                      (policy, value, account_id, takes, default_value, source, meaning, position,
                       by_configuration))

/// `GET /v1/policies`.
struct PolicyListView {
  std::vector<PolicyView> items;

  friend bool operator==(const PolicyListView&, const PolicyListView&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicyListView, (), (items))

/// `GET /v1/provider`: what of the provider's block is for everybody; nothing where it is not configured.
struct ProviderView {
  std::optional<std::string> name;
  std::optional<std::string> product;
  std::optional<std::string> legal_name;
  std::optional<Address> address;
  std::optional<std::string> vat_id;
  std::optional<std::string> registration;
  std::optional<std::string> logo;
  std::optional<std::string> statement_text;
  std::optional<std::string> support_url;
  std::optional<std::string> support_email;
  std::optional<std::string> legal_url;
  std::optional<std::string> trust_url;
  Texts account_type_names;
  std::optional<Date> effective_on;

  friend bool operator==(const ProviderView&, const ProviderView&) = default;
};
BOOST_DESCRIBE_STRUCT(ProviderView, (),
                      (name, product, legal_name, address, vat_id, registration, logo, statement_text,
                       support_url, support_email, legal_url, trust_url, account_type_names,
                       effective_on))

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
