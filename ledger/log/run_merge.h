#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ledger/domain/result.h"
#include "ledger/log/run.h"

namespace daybook::log {

/// One run of the next tier with the entries of all `sources`, which stay as they are. It is on disk, but
/// counts only once the manifest names it.
[[nodiscard]] Result<std::shared_ptr<Run>> merge_runs(const Family& family,
                                                      std::span<const std::shared_ptr<Run>> sources,
                                                      std::uint32_t id, bool filter);

}  // namespace daybook::log
