#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/domain/time.h"
#include "ledger/log/types.h"

namespace daybook::engine {

struct Core;

/// Something queued for the sequencer: decided there, written in one group, completed after the witness.
class Submission {
 public:
  virtual ~Submission() = default;

  /// Bytes it may add to a group, at most.
  [[nodiscard]] virtual std::size_t raw_bytes() const = 0;
  /// The ledger's time at which it happens; a group has one time.
  [[nodiscard]] virtual Instant at(const Core& core) const = 0;
  /// Decides and adds its events to the group. Runs under the books' exclusive lock.
  virtual void decide(Core& core, Instant now) = 0;
  /// Called after the group is durable. `head`: its last position, `recorded_at`: its time.
  virtual void complete(log::Position head, std::int64_t recorded_at) = 0;
};

}  // namespace daybook::engine
