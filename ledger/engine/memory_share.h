#pragma once

#include <cstddef>

#include "ledger/engine/ledger.h"

namespace daybook::engine {

/// What a ledger is meant to take of memory, all in all, where nobody says otherwise.
inline constexpr std::size_t kUsualMemory = std::size_t{1} << 30;

/// Shares `bytes`, 256 MiB at the least, out among what grows with use and can be kept small: rows that no file holds yet
/// (a quarter, log and views), blocks of files (three sixteenths), identities that no run holds yet (a quarter). The rest is
/// left to what a ledger of its size needs: the books, filters of the identities' runs, 2.3 bytes each, and requests.
void share_memory(std::size_t bytes, LedgerOptions& options);

}  // namespace daybook::engine
