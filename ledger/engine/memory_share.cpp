#include "ledger/engine/memory_share.h"

#include <algorithm>
#include <bit>

namespace daybook::engine {
namespace {

constexpr std::size_t kLargestWriteBuffer = 64u << 20;  // beyond it a flush only takes longer
constexpr std::size_t kMostTailKeys = 1u << 22;

/// An identity in a tail, as RunTail keeps it, and in the copy that is sorted when the tail is frozen.
constexpr std::size_t kBytesAKey = 40;
/// Tails in memory at the same time: one that fills, one that is frozen, one that waits.
constexpr std::size_t kTails = 3;

}  // namespace

void share_memory(std::size_t bytes, LedgerOptions& options) {
  log::Options& log = options.log;
  log.write_buffer_bytes = std::min(bytes / 16, kLargestWriteBuffer);  // two of them
  log.block_cache_bytes = bytes / 16;
  log.views.block_cache_bytes = bytes / 8;
  log.views.write_buffers_bytes = bytes / 8;
  log.views.write_buffer_bytes = std::min(bytes / 16, kLargestWriteBuffer);
  // A tail's table is twice the next power of two: one key more would double it.
  options.identity_tail_keys = std::min(std::bit_floor(bytes / 4 / kTails / kBytesAKey), kMostTailKeys);
}

}  // namespace daybook::engine
