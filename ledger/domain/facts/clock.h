#pragma once

#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/time.h"

/// The ledger's clock where it is moved by hand. One stream: `Clock:clock`.
namespace daybook {

/// The clock moved. Follows the work of the days it passes.
struct ClockAdvanced {
  static constexpr EventType kType = EventType::ClockAdvanced;
  static constexpr StreamType kStream = StreamType::Clock;

  Instant to;

  [[nodiscard]] std::string stream_id() const { return "clock"; }
  friend bool operator==(const ClockAdvanced&, const ClockAdvanced&) = default;
};
BOOST_DESCRIBE_STRUCT(ClockAdvanced, (), (to))

namespace clock {
using Events = TypeList<ClockAdvanced>;
}  // namespace clock

}  // namespace daybook
