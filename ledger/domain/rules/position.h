#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "ledger/domain/event_types.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A place in the log: dense from 1; 0 is the empty ledger.
using Position = std::uint64_t;

/// One stream of the log: one aggregate's events.
struct StreamKey {
  StreamType type = StreamType::BillingAccount;
  std::string id;

  friend auto operator<=>(const StreamKey&, const StreamKey&) = default;
};

/// Where and when an event stands: what `apply` may know besides the event itself.
struct Occurrence {
  Position position = 0;
  Instant time;         ///< when it happened (the envelope's `time`)
  Instant recorded_at;  ///< the ledger's clock when it was recorded

  [[nodiscard]] Date day() const { return time.date(); }
};

}  // namespace daybook
