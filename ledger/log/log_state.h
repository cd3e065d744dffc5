#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "ledger/log/directory.h"
#include "ledger/log/frame.h"
#include "ledger/log/log.h"
#include "ledger/log/signing_key.h"
#include "ledger/log/tree.h"
#include "ledger/log/witness.h"

/// What log*.cpp share; nobody else includes it.
namespace daybook::log {

/// The rows of DIR/log, read with every check RocksDB offers and our own.
class Rows {
 public:
  Rows(std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db)
      : env_(std::move(env)), db_(std::move(db)) {}

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }

  /// The row that holds `position`, handed to `each(head, value)`. Errors: LOG_DAMAGED.
  using EachRow = std::function<Result<void>(const FrameHead&, Bytes value)>;
  [[nodiscard]] Result<void> at(Position position, const EachRow& each) const;

  /// Its head alone.
  [[nodiscard]] Result<FrameHead> head_at(Position position) const;

  /// Head of the last row; none in an empty log.
  [[nodiscard]] Result<std::optional<FrameHead>> last() const;

  /// The rows that hold `from` … `to`, in order and without gaps, until `each` says false.
  using EachRowInOrder = std::function<Result<bool>(const FrameHead&, Bytes key, Bytes value)>;
  [[nodiscard]] Result<void> walk(Position from, Position to, const EachRowInOrder& each) const;

  /// Reads a file of the database whole. Errors: LOG_DAMAGED, LOG_UNREADABLE.
  [[nodiscard]] Result<void> check(const TableFile& file) const;

  /// The first LOG_DAMAGED that any of these met.
  [[nodiscard]] std::optional<Error> damage() const;

 private:
  [[nodiscard]] Result<void> check_undisturbed(const TableFile& file) const;
  [[nodiscard]] Result<void> at_undisturbed(Position position, const EachRow& each) const;
  [[nodiscard]] Result<void> walk_undisturbed(Position from, Position to, const EachRowInOrder& each) const;
  Result<void> noted(Result<void> read) const;

  mutable std::atomic<bool> is_damaged_{false};
  mutable std::mutex damage_mutex_;
  mutable std::optional<Error> damage_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
};

struct Log::State {
  Options options;
  /// Set by the first failure of the disk, from whatever thread; shared with the files, which may outlive us.
  std::shared_ptr<std::atomic<bool>> stopped = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<rocksdb::FileSystem> files;    // as they came: for what may fail without harm to the log
  std::shared_ptr<rocksdb::FileSystem> trusted;
  MakeEnvironment environment;
  std::unique_ptr<DirectoryLock> lock;  // released last
  Lineage lineage;
  std::uint64_t epoch = 0;
  std::optional<SigningKey> signing_key;
  std::unique_ptr<Witness> witness;
  std::optional<Rows> rows;
  std::unique_ptr<Views> views;
  std::optional<Tree> tree;
  std::uint64_t saved_blocks = 0;  // of the tree, in views
  std::mutex save_mutex;

  // The appending thread's own.
  std::unique_ptr<FrameWriter> writer;
  rocksdb::WriteBatch batch{0, 0, 8, 0};
  std::vector<Hash> leaves;

  mutable std::mutex head_mutex;
  Head head;
  std::atomic<Position> position{0};

  /// The end of the process, or of the test.
  [[noreturn]] void stop(const IoFailure& failure);
  /// The same where somebody else has begun with it: waits for it, so that no other exit code comes first.
  [[noreturn]] void stop_after_another(const std::string& what) const;

  void publish(const Head& next);

  [[nodiscard]] ReadLeaves leaf_reader() const;

  /// Does the chain of the group that `end` ends follow from the group before and the tree?
  [[nodiscard]] Result<bool> group_verifies(const FrameHead& end) const;
};

}  // namespace daybook::log
