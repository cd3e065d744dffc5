#include "ledger/engine/memory_share.h"

#include <gtest/gtest.h>

namespace daybook::engine {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

/// What all of it takes when it is full: two write buffers of the log, three tails of 36 bytes a key, one copy to sort.
std::size_t sum_of(const LedgerOptions& options) {
  const log::Options& log = options.log;
  return 2 * log.write_buffer_bytes + log.block_cache_bytes + log.views.block_cache_bytes + log.views.write_buffers_bytes +
         (3 * 36 + 16) * options.identity_tail_keys;
}

TEST(MemoryShare, IsWhatALedgerHasWhereNobodySaysOtherwise) {
  LedgerOptions shared;
  share_memory(kUsualMemory, shared);
  const LedgerOptions usual;
  EXPECT_EQ(shared.log.write_buffer_bytes, usual.log.write_buffer_bytes);
  EXPECT_EQ(shared.log.block_cache_bytes, usual.log.block_cache_bytes);
  EXPECT_EQ(shared.log.views.block_cache_bytes, usual.log.views.block_cache_bytes);
  EXPECT_EQ(shared.log.views.write_buffer_bytes, usual.log.views.write_buffer_bytes);
  EXPECT_EQ(shared.log.views.write_buffers_bytes, usual.log.views.write_buffers_bytes);
  EXPECT_EQ(shared.identity_tail_keys, usual.identity_tail_keys);
}

TEST(MemoryShare, LeavesMoreThanAQuarterToTheLedgerItself) {
  for (const std::size_t mebibytes : {256U, 300U, 512U, 1'000U, 1'024U, 4'096U, 100'000U}) {
    LedgerOptions options;
    share_memory(mebibytes * kMebibyte, options);
    EXPECT_LE(sum_of(options), mebibytes * kMebibyte * 11 / 16) << mebibytes;
    EXPECT_GE(options.identity_tail_keys, 500'000U) << mebibytes;
  }
}

}  // namespace
}  // namespace daybook::engine
