#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/log/run_tail.h"

/// A page of a run, as it lies in its row.
///
///   entries:u16 ‖ key bytes:u8 ‖ position bytes:u8 ‖ first key:u64 ‖ least position:u64 ‖ entries × { key − first key ‖
///   position − least position }
///
/// Numbers with the lowest byte first, in as many bytes as the page's largest needs. Keys are hashes in ascending order:
/// in a run of a hundred million those of a page differ by less than 2^48, and positions by less than 2^32.
namespace daybook::log {

/// The entries of a page, at least one, in ascending order of their keys.
[[nodiscard]] std::string packed_page(std::span<const RunEntry> entries);

/// Appends the entries of `page` to `out`; `page` is made longer for it. False for bytes that are none, with `out` as it was.
[[nodiscard]] bool unpack_page(std::string& page, std::vector<RunEntry>& out);

}  // namespace daybook::log
