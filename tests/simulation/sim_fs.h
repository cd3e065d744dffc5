#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <rocksdb/file_system.h>

#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_faults.h"

namespace daybook::simulation {

/// RocksDB's file system over a simulated disk: what it does not sync it may lose, what rules say goes wrong, and the
/// power fails where it is told to. Made of public headers alone. All functions may be called from any thread.
class SimFS final : public rocksdb::FileSystem {
 public:
  SimFS();

  // What the simulator does with it ---------------------------------------------------------------

  /// The power fails before the `changes`-th further change (from 1); every operation fails then.
  void cut_before(std::uint64_t changes);
  void cut_now();
  [[nodiscard]] bool is_off() const { return off_.load(); }
  /// Ends this life of the system: what `loss` takes is gone, locks and rules too, and the power is back.
  void crash(Loss loss, log::SeededRng& rng);

  void add(const Rule& rule);
  void clear_rules();
  /// Rules in force, with how often each matched.
  [[nodiscard]] std::vector<Rule> rules() const;
  /// Bytes that may still be written before the disk is full; none: as many as there are.
  void set_room(std::optional<std::uint64_t> bytes);
  /// Something did not fit.
  [[nodiscard]] bool is_full() const;

  /// Changes so far, over all lives.
  [[nodiscard]] std::uint64_t changes() const;
  /// Syncs of a file outside views/ whose sync had failed in the same life: it would succeed without having written.
  [[nodiscard]] std::uint64_t second_syncs() const;
  /// FNV-1a over (operation, name, length) of all changes, in their order; removals in any order. Two runs of a seed
  /// that differ here did not do the same.
  [[nodiscard]] std::uint64_t trace_hash() const;
  /// The newest changes as text, if `keep_trace` was asked for.
  void keep_trace(std::size_t lines);
  [[nodiscard]] std::deque<std::string> trace() const;
  /// Called before every change that is not made by background work: waits until that is idle.
  void set_before_change(std::function<void()> wait) { before_change_ = std::move(wait); }

  /// Called once, before the next write to a write-ahead log outside views/: what another thread does meanwhile.
  void before_next_log_write(std::function<void()> meanwhile);

  /// The disk itself, between lives.
  [[nodiscard]] Disk& disk() { return disk_; }

  // rocksdb::FileSystem ---------------------------------------------------------------------------

  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using FileOptions = rocksdb::FileOptions;
  using Context = rocksdb::IODebugContext;

  const char* Name() const override { return "SimFS"; }
  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result, Context* context) override;
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result, Context* context) override;
  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, Context* context) override;
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result, Context* context) override;
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* result, Context* context) override;
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result, Context* context) override;
  IOStatus FileExists(const std::string& path, const IOOptions& options, Context* context) override;
  IOStatus GetChildren(const std::string& path, const IOOptions& options, std::vector<std::string>* result,
                       Context* context) override;
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, Context* context) override;
  IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions& options, Context* context) override;
  IOStatus CreateDir(const std::string& path, const IOOptions& options, Context* context) override;
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options, Context* context) override;
  IOStatus DeleteDir(const std::string& path, const IOOptions& options, Context* context) override;
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, std::uint64_t* size,
                       Context* context) override;
  IOStatus GetFileModificationTime(const std::string& path, const IOOptions& options, std::uint64_t* time,
                                   Context* context) override;
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      Context* context) override;
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    Context* context) override;
  IOStatus LockFile(const std::string& path, const IOOptions& options, rocksdb::FileLock** lock,
                    Context* context) override;
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions& options, Context* context) override;
  IOStatus GetTestDirectory(const IOOptions& options, std::string* path, Context* context) override;
  IOStatus NewLogger(const std::string& path, const IOOptions& options, std::shared_ptr<rocksdb::Logger>* result,
                     Context* context) override;
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions& options, std::string* result,
                           Context* context) override;
  IOStatus IsDirectory(const std::string& path, const IOOptions& options, bool* is_directory,
                       Context* context) override;

 private:
  class OpenFile;
  class SequentialFile;
  class RandomAccessFile;
  class WritableFile;
  class RandomRwFile;
  class Directory;

  /// What becomes of one operation: an error, or an effect that its caller brings about.
  struct Verdict {
    IOStatus status;
    std::optional<Effect> effect;
  };
  [[nodiscard]] static IOStatus missing(const std::string& path) {
    return IOStatus::PathNotFound("No such file or directory", path);
  }
  [[nodiscard]] Verdict begin(Op op, const std::string& path, std::uint64_t length = 0);
  IOStatus open_for_writing(const std::string& path, bool truncate, std::unique_ptr<rocksdb::FSWritableFile>* result);
  IOStatus write(Node& node, const std::string& path, std::uint64_t offset, std::string_view bytes);
  IOStatus read(const Node& node, const std::string& path, std::uint64_t offset, std::size_t size,
                rocksdb::Slice* result, char* scratch);
  IOStatus sync(Node& node, const std::string& path);
  [[nodiscard]] std::string misdirected(const Node& node, const std::string& path) const;
  void note(Op op, const std::string& path, std::uint64_t length);

  mutable std::mutex mutex_;
  std::function<void()> before_change_;
  std::function<void()> meanwhile_;
  Disk disk_;
  Faults faults_;
  std::optional<std::uint64_t> room_;
  bool full_ = false;
  std::set<std::string> locks_;
  std::atomic<bool> off_{false};
  std::uint64_t changes_ = 0;
  std::uint64_t cut_at_ = ~std::uint64_t{0};
  std::uint64_t second_syncs_ = 0;
  std::uint64_t trace_ = 0xCBF29CE484222325ull;
  std::uint64_t removals_ = 0;
  std::size_t trace_lines_ = 0;
  std::deque<std::string> lines_;
};

}  // namespace daybook::simulation
