#include "ledger/log/profile.h"

#include <rocksdb/cache.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "ledger/log/canary.h"
#include "ledger/log/text_log.h"
#include "ledger/log/types.h"

namespace daybook::log {
namespace {

/// What both databases have in common.
rocksdb::Options common(rocksdb::Env* env) {
  rocksdb::Options options;
  options.env = env;
  options.paranoid_checks = true;
  options.force_consistency_checks = true;
  options.flush_verify_memtable_count = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.skip_checking_sst_file_sizes_on_db_open = false;
  options.best_efforts_recovery = false;
  options.max_bgerror_resume_count = 0;  // never resumes by itself: what failed stays failed, visibly
  options.max_write_buffer_number = 2;   // and fewer than 8 jobs: the flush-retry fault before 7.9
  options.allow_mmap_reads = false;
  options.allow_mmap_writes = false;
  options.unordered_write = false;
  options.two_write_queues = false;
  options.allow_2pc = false;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 4;
  options.max_log_file_size = 1u << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

/// A key without the position that ends it: what all versions of a row have in common, and so what filters are asked for.
class BeforePosition final : public rocksdb::SliceTransform {
 public:
  [[nodiscard]] const char* Name() const override { return "daybook.before-position"; }
  [[nodiscard]] rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return InDomain(key) ? rocksdb::Slice(key.data(), key.size() - sizeof(Position)) : key;
  }
  [[nodiscard]] bool InDomain(const rocksdb::Slice& key) const override { return key.size() >= sizeof(Position); }
};

rocksdb::BlockBasedTableOptions table(std::size_t block_bytes) {
  rocksdb::BlockBasedTableOptions options;
  options.block_size = block_bytes;
  options.format_version = 5;
  options.checksum = rocksdb::kXXH3;  // Debian's build has no fast CRC-32C
  return options;
}

}  // namespace

std::unique_ptr<rocksdb::Env> environment(std::shared_ptr<rocksdb::FileSystem> files, const MakeEnvironment& make) {
  return make ? make(std::move(files)) : rocksdb::NewCompositeEnv(with_text_log(std::move(files)));
}

rocksdb::Options log_options(rocksdb::Env* env, const LogTables& own) {
  rocksdb::Options options = common(env);
  options.max_file_opening_threads = own.file_opening_threads;
  // A flipped byte inside the log is refused; only a torn end is accepted, and the witness says whether
  // anything acknowledged was in it. The default mode opens with half of the rows.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;  // and SyncWAL is never called
  options.recycle_log_file_num = 0;
  options.manual_wal_flush = false;
  options.wal_bytes_per_sync = 0;
  options.WAL_ttl_seconds = 0;
  options.wal_compression = rocksdb::kNoCompression;
  options.paranoid_file_checks = true;
  options.memtable_protection_bytes_per_key = 8;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.max_background_jobs = 2;
  options.write_buffer_size = own.write_buffer_bytes;
  options.target_file_size_base = 256u << 20;
  options.max_bytes_for_level_base = 1u << 30;
  options.compression = rocksdb::kZSTD;
  rocksdb::BlockBasedTableOptions blocks = table(32u << 10);
  blocks.block_cache = rocksdb::NewLRUCache(own.block_cache_bytes);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return options;
}

rocksdb::WriteOptions log_write_options() {
  rocksdb::WriteOptions options;
  options.sync = kCanary != Canary::SkipSync;
  options.protection_bytes_per_key = 8;
  return options;
}

rocksdb::ReadOptions log_read_options() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.ignore_range_deletions = true;  // else a damaged block of them hides rows with status OK
  return options;
}

rocksdb::ReadOptions log_scan_options() {
  rocksdb::ReadOptions options = log_read_options();
  options.fill_cache = false;
  options.readahead_size = 1u << 20;
  return options;
}

rocksdb::Options views_options(rocksdb::Env* env, const Views::Options& own) {
  rocksdb::Options options = common(env);
  options.max_background_jobs = own.background_jobs;
  options.max_file_opening_threads = own.file_opening_threads;
  options.write_buffer_size = own.write_buffer_bytes;
  options.db_write_buffer_size = own.write_buffers_bytes;  // each of some twenty families may have two
  options.target_file_size_base = 64u << 20;
  options.max_bytes_for_level_base = 512u << 20;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // A batch of a view that is far behind comes as sorted files over all of its keys, so that merging few
  // of them means writing the whole view again: a fifth of the time of a rebuild with RocksDB's 4.
  options.level0_file_num_compaction_trigger = 16;
  options.level0_slowdown_writes_trigger = 40;
  options.level0_stop_writes_trigger = 64;
  options.atomic_flush = false;  // families are flushed one by one; a checkpoint lives with its rows
  options.avoid_flush_during_shutdown = false;
  // Most of what a fold looks for is not there yet: filters say so without a look into sixteen files.
  options.prefix_extractor = std::make_shared<BeforePosition>();
  options.memtable_prefix_bloom_size_ratio = 0.01;
  rocksdb::BlockBasedTableOptions blocks = table(16u << 10);
  blocks.block_cache = rocksdb::NewLRUCache(own.block_cache_bytes);
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return options;
}

rocksdb::ColumnFamilyOptions pages_options(const rocksdb::Options& views) {
  rocksdb::ColumnFamilyOptions options(views);
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  options.write_buffer_size = 1u << 20;
  const auto* const blocks = views.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  rocksdb::BlockBasedTableOptions pages = table(4u << 10);
  pages.block_cache = blocks->block_cache;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(pages));
  return options;
}

rocksdb::WriteOptions views_write_options() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return options;
}

rocksdb::ReadOptions views_read_options() {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  options.verify_checksums = true;
  options.ignore_range_deletions = true;
  return options;
}

rocksdb::ReadOptions views_point_options() {
  rocksdb::ReadOptions options = views_read_options();
  options.total_order_seek = false;
  options.prefix_same_as_start = true;
  return options;
}

}  // namespace daybook::log
