#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/fail_stop.h"
#include "ledger/log/hash.h"
#include "ledger/log/lineage.h"
#include "ledger/log/memory_use.h"
#include "ledger/log/open_error.h"
#include "ledger/log/record.h"
#include "ledger/log/seams.h"
#include "ledger/log/signed_head.h"
#include "ledger/log/table_files.h"
#include "ledger/log/tree.h"
#include "ledger/log/types.h"
#include "ledger/log/views.h"

namespace daybook::log {

/// How a ledger is opened.
struct Options {
  std::string directory;             ///< DIR; made (0700) if it is not there
  Codec codec = Codec::Zstd;
  bool create = true;                ///< false: an absent ledger is an error (Format)
  bool host_permissions = true;      ///< check and set modes on the host; false on a simulated disk
  bool open_views = true;            ///< false: DIR/views is left alone, the tree is built from the log
  bool read_only = false;            ///< nothing is written, locked or appended: a copy that nobody serves; views are made in memory
  bool keep_others_out = false;      ///< with `read_only`: holds DIR/LOCK where it can, so that nobody serves it
  std::size_t write_buffer_bytes = 64u << 20;  ///< of rows that no file of DIR/log holds; two at most
  std::size_t block_cache_bytes = 64u << 20;   ///< of DIR/log
  Views::Options views;
  OnIoFailure on_io_failure = end_process;
  int file_opening_threads = 16;     ///< that look into the files of DIR/log while it opens
};

/// The ledger's log: one order, one tree, one chain. One thread appends; all else may be called from any.
class Log {
 public:
  using Opened = Opening<std::unique_ptr<Log>>;

  /// Opens or makes the ledger in `options.directory` and proves that nothing acknowledged is missing: lock
  /// (73), permissions (71), FORMAT (78), witness (77), the last groups' chain and root (76). Takes a new
  /// epoch. What lies deeper in the log is proven when it is read, or by `verify`.
  [[nodiscard]] static Opened open(const Options& options, const Seams& seams);

  /// Closes; what was appended is durable already. Views stay usable by those who hold them.
  ~Log();

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// Writes ONE commit group and returns when it is durable: frames, tree, chain, one synced batch, then
  /// the witness. Positions head+1 … head+n go to `records` in their order. `recorded_at` is
  /// max(now_micros, the last one). A failure of the disk ends the process with 74 (OnIoFailure); a higher
  /// epoch in the witness ends it with 73. No allocation per event after warm-up.
  /// 1 record at least, kGroupBytesMax at most (see `raw_bytes`).
  void append(std::span<const NewRecord> records, std::int64_t now_micros);

  /// What an event of `event_bytes` counts toward kGroupBytesMax.
  [[nodiscard]] static constexpr std::size_t raw_bytes(std::size_t event_bytes) {
    return 16 + (event_bytes + 7) / 8 * 8;
  }

  /// The newest durable state.
  [[nodiscard]] Head head() const;

  /// `head().position`, without a lock.
  [[nodiscard]] Position position() const;

  /// The epoch of this opening: one higher than any before.
  [[nodiscard]] std::uint64_t epoch() const;

  [[nodiscard]] const LedgerId& ledger_id() const;

  /// Where a branch comes from; for any other ledger its id alone.
  [[nodiscard]] const Lineage& lineage() const;

  /// One event. Errors: NOT_FOUND beyond the head; LOG_DAMAGED (Corruption).
  [[nodiscard]] Result<StoredRecord> read(Position position) const;

  /// The event at `from` and those after it, as long as `each` returns true: for a few that lie together. May be called
  /// while a scan shows its records. Errors: as `read`.
  [[nodiscard]] Result<void> read_while(Position from, const std::function<bool(const RecordView&)>& each) const;

  /// All events at `from` … `to` (inclusive) of frames that hold a type of `type_mask`, in order, a frame
  /// (some 64 KiB) at a time. Records of other types in such a frame come too: look at `type`. `each`
  /// returns false to stop early. Checks checksums and that no position is missing. `to` beyond the head
  /// means the head. Disjoint ranges may be scanned by several threads at once.
  /// Errors: LOG_DAMAGED (Corruption), naming positions.
  using EachFrame = std::function<bool(std::span<const RecordView>)>;
  [[nodiscard]] Result<void> scan_frames(Position from, Position to, const EachFrame& each,
                                         std::uint64_t type_mask = kAllTypes) const;

  /// `scan_frames`, a record at a time, those of `type_mask` only. `each(const RecordView&)` returns void.
  template <class Each>
  [[nodiscard]] Result<void> scan(Position from, Position to, Each&& each,
                                  std::uint64_t type_mask = kAllTypes) const {
    return scan_frames(
        from, to,
        [&](std::span<const RecordView> records) {
          for (const RecordView& record : records) {
            if ((type_bit(record.type) & type_mask) != 0) {
              each(record);
            }
          }
          return true;
        },
        type_mask);
  }

  /// The first LOG_DAMAGED that anybody has met since the opening: from then on nothing should be recorded behind it.
  [[nodiscard]] std::optional<Error> damage() const;

  /// The files of DIR/log that hold rows in order, as they are now; what is newer lies in the write-ahead log.
  [[nodiscard]] std::vector<TableFile> table_files() const;

  /// Reads one of them from the disk, whole (`check_table_file`). Any thread, beside everything else.
  /// Errors: LOG_DAMAGED (Corruption), naming the file and what positions it holds, kept as `damage`; LOG_UNREADABLE.
  [[nodiscard]] Result<void> check(const TableFile& file) const;

  /// When the event at `position` was recorded. Errors as `read`.
  [[nodiscard]] Result<std::int64_t> recorded_at(Position position) const;

  /// The last position recorded at or before `micros`; 0 where there is none.
  [[nodiscard]] Result<Position> position_at(std::int64_t micros) const;

  /// The head after the group that `position` belongs to ends (position is rounded up to it).
  [[nodiscard]] Result<Head> group_end(Position position) const;

  // The tree (RFC 9162): leaf n is position n + 1 ---------------------------------------------------

  /// Root of the first `size` events. Errors: NOT_FOUND where size is beyond the head; LOG_DAMAGED.
  [[nodiscard]] Result<Hash> root_at(std::uint64_t size) const;

  /// Audit path of the event at `position` in the tree of the first `size` events.
  [[nodiscard]] Result<std::vector<Hash>> inclusion_proof(Position position, std::uint64_t size) const;

  /// Proof that the tree of `old_size` is a prefix of the tree of `size`.
  [[nodiscard]] Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size,
                                                            std::uint64_t size) const;

  /// Events with their audit paths in the tree of the first `size` events; what neighbours share is computed once.
  /// `positions` ascend, each once, from 1 to `size`.
  using EachProven = std::function<Result<void>(const RecordView&, const std::vector<Hash>& path)>;
  [[nodiscard]] Result<void> prove_each(std::span<const Position> positions, std::uint64_t size,
                                        const EachProven& each) const;

  /// The events alone; `positions` as above, up to the head.
  using EachRecord = std::function<Result<void>(const RecordView&)>;
  [[nodiscard]] Result<void> read_each(std::span<const Position> positions, const EachRecord& each) const;

  /// What leads from these events to the root of the first `size`: `Tree::cover` (tree.h).
  [[nodiscard]] Result<std::vector<Hash>> cover(std::span<const Position> positions, std::uint64_t size) const;

  /// `head()` signed with DIR/keys/log_signing.
  [[nodiscard]] SignedHead signed_head() const;

  /// The signature of the same key over other bytes, which begin with the name of what they are.
  [[nodiscard]] std::array<std::byte, 64> sign(Bytes message) const;

  /// Writes the tree's subtree roots so far to views/, so that the next open need not hash again. Call now
  /// and then from a background thread, and before closing. Losing them costs time, nothing else.
  [[nodiscard]] Result<void> save_tree();

  /// Reads everything: checksums, density, leaves, tree, chain, order of time. `progress(position)` is
  /// called now and then, may be empty. Errors: LOG_DAMAGED (bytes), CHAIN_DIFFERS (hashes), each with the
  /// first bad position.
  [[nodiscard]] Result<Head> verify(const std::function<void(Position)>& progress = {}) const;

  /// DIR/views. Never null when `options.open_views`.
  [[nodiscard]] Views* views() const;

  /// The file system for what must never fail silently: keys/ of others (fail-stop).
  [[nodiscard]] const std::shared_ptr<rocksdb::FileSystem>& trusted_files() const;

  [[nodiscard]] const std::string& directory() const;

  /// Bytes of DIR/log on disk.
  [[nodiscard]] std::uint64_t disk_bytes() const;

  /// Memory that DIR/log takes, without what this program holds beside the database.
  [[nodiscard]] MemoryUse memory_use() const;

  /// The rows themselves (log_state.h): for `export_segment` and their like.
  [[nodiscard]] const class Rows& rows() const;

  struct State;  ///< log_state.h; for log*.cpp alone

 private:
  friend class LogCopy;
  friend class BranchMaker;
  explicit Log(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace daybook::log
