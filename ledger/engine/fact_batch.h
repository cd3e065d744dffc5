#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ledger/codec/buffer.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/engine/caller.h"
#include "ledger/log/sorted_runs.h"
#include "ledger/log/types.h"

namespace daybook::engine {

/// What became of one fact of a body.
/// `Skipped`: an item of another log that says nothing here: its keys open that ledger, not this one.
enum class FactStatus : std::uint8_t { Accepted, Duplicate, Rejected, Skipped };

/// A fact made ready by an I/O thread: its event bytes, what is hashed of it, and later its outcome. The
/// sequencer allocates nothing for it.
struct PreparedFact {
  std::uint32_t offset = 0;  ///< of its event bytes in the batch
  std::uint32_t size = 0;
  EventType type{};
  std::uint32_t event = 0;  ///< index + 1 into the batch's decoded events; 0: usage, read from its bytes
  std::uint32_t error = 0;  ///< index + 1 into the batch's errors
  bool has_usage_identity = false;
  log::Hash leaf{};
  std::uint64_t identity = 0;
  std::uint64_t usage_identity = 0;  ///< of (subscription, source, usageId) where that is not the event's id

  FactStatus status = FactStatus::Rejected;
  std::uint8_t code = 0;  ///< Unmatched + 1; 0: it matches
  log::Position position = 0;
  std::uint64_t origin = 0;  ///< position in the log that it is taken over from; 0: not told
};

/// One body of facts on its way through the sequencer.
struct FactBatch {
  Caller caller;
  bool atomic = false;  ///< all or nothing
  std::vector<PreparedFact> facts;
  codec::Buffer bytes;        ///< event bytes, one after another, each 8-byte aligned
  std::deque<Event> events;   ///< of all but usage
  std::deque<Error> errors;
  std::vector<std::uint64_t> keys;             ///< identities, in the order of facts
  std::vector<log::SortedRuns::Hit> run_hits;  ///< what the runs said while it was prepared
  log::SortedRuns::Mark mark;

  std::size_t content_bytes = 0;  ///< of documents: they are with their events, not in `bytes`

  std::uint64_t key_epoch = 0;  ///< of the keys when its first event was opened
  log::Position first = 0;       ///< of the first accepted fact; 0: none
  log::Position last = 0;        ///< of the last accepted fact
  log::Position head = 0;        ///< newest position when the body was through: consequences included
  std::int64_t recorded_at = 0;  ///< of the group

  void clear();
  [[nodiscard]] log::Bytes event_bytes(const PreparedFact& fact) const {
    return bytes.bytes().subspan(fact.offset, fact.size);
  }
  [[nodiscard]] const Error* error_of(const PreparedFact& fact) const {
    return fact.error == 0 ? nullptr : &errors[fact.error - 1];
  }
  void reject(PreparedFact& fact, Error error) {
    errors.push_back(std::move(error));
    fact.error = static_cast<std::uint32_t>(errors.size());
    fact.status = FactStatus::Rejected;
  }
  [[nodiscard]] std::size_t count(FactStatus status) const;
};

}  // namespace daybook::engine
