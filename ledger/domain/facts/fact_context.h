#pragma once

#include <string_view>

#include "ledger/domain/time.h"

namespace daybook {

/// What a fact may take from its envelope before it is encoded.
///
/// `fill_defaults(fact, context)` overloads stand beside the facts that have something to fill:
/// constant defaults, dates that are the UTC day of `time`, a `usageId` that is the event's id, and
/// nothing else. Members filled from `time` are named in `kDatesFromTime` of their type: where
/// `time` itself was left out, they are not compared. Members in `kFilledByLedger` are refused from
/// callers (but those with the right `import`).
struct FactContext {
  Instant time;
  Date day;  ///< of `time`, in UTC
  std::string_view event_id;
  std::string_view source{};  ///< of the event: with its id a name that no other fact has
};

}  // namespace daybook
