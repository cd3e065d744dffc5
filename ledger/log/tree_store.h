#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/tree.h"
#include "ledger/log/views.h"

/// The roots of the tree's complete blocks of 1,024 events in views/, family `tree`: key u64 BE number of a
/// row, value the roots of 128 blocks (fewer in the last row). Only a help: what is loaded is proven against
/// the chain at open.
namespace daybook::log {

/// All roots that are there, up to the first gap.
[[nodiscard]] Result<std::vector<Hash>> load_blocks(Views& views);

/// Writes what `tree` has beyond `saved` blocks, flushes, and moves `saved`.
[[nodiscard]] Result<void> save_blocks(Views& views, const Tree& tree, std::uint64_t& saved);

/// Forgets them.
[[nodiscard]] Result<void> drop_blocks(Views& views);

}  // namespace daybook::log
