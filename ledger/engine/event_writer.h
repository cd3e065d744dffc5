#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/own_source.h"
#include "ledger/engine/caller.h"
#include "ledger/engine/core.h"

namespace daybook::engine {

/// Adds events that the ledger itself decided to the group, and folds them into the books.
///
/// They are `daybook` / `UUIDv7 of the command-n`, so that the first of them is found again by its identity.
class EventWriter {
 public:
  EventWriter(Core& core, const Caller& caller, std::string correlation, Instant now)
      : core_(core), caller_(caller), correlation_(std::move(correlation)), now_(now) {}

  /// Continues a command whose first `count` events stand in earlier groups.
  void continue_after(std::uint64_t count) { count_ = count; }
  void set_causation(std::string causation) { causation_ = std::move(causation); }
  /// The last event gets it.
  void set_idempotency(IdempotencyRecord record) { idempotency_ = std::move(record); }

  /// Throws InvariantBroken where the books cannot fold an event: the caller rolls back.
  void write(std::vector<EventData> events);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] log::Position first() const { return first_; }
  [[nodiscard]] log::Position last() const { return last_; }
  [[nodiscard]] const std::string& correlation() const { return correlation_; }

 private:
  Core& core_;
  const Caller& caller_;
  std::string correlation_;
  Instant now_;
  std::optional<std::string> causation_;
  std::optional<IdempotencyRecord> idempotency_;
  std::uint64_t count_ = 0;
  log::Position first_ = 0;
  log::Position last_ = 0;
};

/// Adds an event to the group and folds it: what facts and decided events have in common.
log::Position append_and_fold(Core& core, const Event& event, log::Bytes bytes, const log::Hash& leaf, Instant now);

}  // namespace daybook::engine
