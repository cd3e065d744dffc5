#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/codec/positions.h"
#include "ledger/domain/event.h"
#include "ledger/log/log.h"

namespace daybook::engine {

/// Of an item of another log: its position there; 0: it does not say.
[[nodiscard]] std::uint64_t origin_of(const Envelope& envelope);

/// Where the events stand here that were taken over from another log (right `import`), in runs: 24 bytes for as many as
/// stand one after another in both.
class Origins final : public codec::PositionMap {
 public:
  /// Those of a log, found by its events' extensions. Errors: those of reading.
  [[nodiscard]] static Result<Origins> of(const log::Log& log);

  void add(std::uint64_t origin, log::Position position);
  [[nodiscard]] std::optional<std::uint64_t> at(std::uint64_t origin) const override;
  [[nodiscard]] std::uint64_t up_to(std::uint64_t origin) const override;

 private:
  struct Run {
    std::uint64_t origin;
    log::Position position;
    std::uint64_t length;
  };
  /// The last run that begins at or before `origin`, or null.
  [[nodiscard]] const Run* run_before(std::uint64_t origin) const;

  std::vector<Run> runs_;  ///< by origin
};

}  // namespace daybook::engine
