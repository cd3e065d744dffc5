#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/facts/key.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The ledger's clock as part of the log (manual mode); 1970-01-01T00:00:00Z until it is first
/// moved.
struct Clock {
  static constexpr StateKind kState = StateKind::Clock;
  static constexpr std::string_view kKey = "clock";

  Instant now;

  friend bool operator==(const Clock&, const Clock&) = default;
};
BOOST_DESCRIBE_STRUCT(Clock, (), (now))

/// A key that may speak to the ledger.
struct Key {
  static constexpr StateKind kState = StateKind::Key;

  KeyId key_id;
  std::string name;
  std::vector<Right> rights;
  std::optional<TenantId> tenant_id;
  std::optional<IdentityId> identity_id;
  std::vector<std::byte> secret_hash;  ///< SHA-256 of the secret
  std::optional<Date> expires_on;
  bool revoked = false;

  friend bool operator==(const Key&, const Key&) = default;
};
BOOST_DESCRIBE_STRUCT(Key, (),
                      (key_id, name, rights, tenant_id, identity_id, secret_hash, expires_on,
                       revoked))

void apply(Clock& clock, const ClockAdvanced& event, const Occurrence& at);
void apply(Key& key, const KeyCreated& event, const Occurrence& at);
void apply(Key& key, const KeyRevoked& event, const Occurrence& at);

}  // namespace daybook
