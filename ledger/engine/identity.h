#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/log/types.h"

/// What makes an event the same event for ever (architecture.md 2).
namespace daybook::engine {

/// The bytes whose keyed hash the identity index holds. Lengths stand before texts, so that no two
/// identities share bytes; the first byte tells events from Idempotency-Keys and usage ids.
class IdentityBytes {
 public:
  /// (tenant of the key or none, source, id).
  [[nodiscard]] log::Bytes event(std::string_view tenant, std::string_view source, std::string_view id);
  /// (owner, key) of an Idempotency-Key.
  [[nodiscard]] log::Bytes idempotency(std::string_view owner, std::string_view key);
  /// (subscription, source, usageId), for rows whose usageId is not their event's id.
  [[nodiscard]] log::Bytes usage(std::string_view subscription, std::string_view source, std::string_view usage_id);

 private:
  void begin(char kind) {
    bytes_.clear();
    bytes_.push_back(static_cast<std::byte>(kind));
  }
  void add(std::string_view text);

  std::vector<std::byte> bytes_;
};

}  // namespace daybook::engine
