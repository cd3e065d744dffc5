#pragma once

#include <cstddef>

#include "ledger/domain/result.h"

namespace daybook::log {

/// Whether there is room for more. Asked before anything of a submission is written; called from many threads at once.
class Room {
 public:
  virtual ~Room() = default;

  /// `bytes` of events are to be recorded. Errors: INSUFFICIENT_STORAGE, and none of them may be.
  [[nodiscard]] virtual Result<void> admit(std::size_t bytes) = 0;
};

}  // namespace daybook::log
