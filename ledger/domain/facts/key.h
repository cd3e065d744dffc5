#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// API keys. Stream `Key`.
namespace daybook {

/// A key exists. The secret itself is shown once and stored nowhere.
struct KeyCreated {
  static constexpr EventType kType = EventType::KeyCreated;
  static constexpr StreamType kStream = StreamType::Key;

  KeyId key_id;
  std::string name;
  std::vector<Right> rights{};
  std::optional<TenantId> tenant_id{};      ///< sees accounts of this tenant alone
  std::optional<IdentityId> identity_id{};  ///< has this identity's access and nothing else
  std::vector<std::byte> secret_hash{};     ///< SHA-256 of the secret, 32 bytes
  std::optional<Date> expires_on{};         ///< the first day on which it no longer works

  [[nodiscard]] std::string stream_id() const { return key_id.text(); }
  friend bool operator==(const KeyCreated&, const KeyCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(KeyCreated, (),
                      (key_id, name, rights, tenant_id, identity_id, secret_hash, expires_on))

/// The key opens nothing any more.
struct KeyRevoked {
  static constexpr EventType kType = EventType::KeyRevoked;
  static constexpr StreamType kStream = StreamType::Key;

  KeyId key_id;

  [[nodiscard]] std::string stream_id() const { return key_id.text(); }
  friend bool operator==(const KeyRevoked&, const KeyRevoked&) = default;
};
BOOST_DESCRIBE_STRUCT(KeyRevoked, (), (key_id))

namespace key {
using Events = TypeList<KeyCreated, KeyRevoked>;
}  // namespace key

}  // namespace daybook
