#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/environment.h"
#include "ledger/log/memory_use.h"
#include "ledger/log/table_files.h"
#include "ledger/log/types.h"

/// DIR/views: the second database. Indexes, books and projections live here; everything in it follows from
/// the log and may be deleted at any time. There is no write-ahead log: rows reach the disk when their
/// family is flushed, each family for itself, so **a checkpoint lives in the family of its rows** and a
/// batch belongs to one family (the types see to it).
///
/// Errors of all functions: VIEWS_UNAVAILABLE (an I/O error; what lives here stops, ingest goes on),
/// VIEWS_DAMAGED (Corruption; delete the directory and start again).
namespace daybook::log {

namespace detail {
struct ViewsState;
struct FamilyState;
struct BatchState;
struct CursorState;
struct SortedFileState;
}  // namespace detail

/// A column family of views/: an ordered map of bytes to bytes. A handle, cheap to copy; it keeps the
/// database open. All functions may be called from any thread.
class Family {
 public:
  [[nodiscard]] std::string_view name() const;

  /// The value of `key`, or none. Overwrites `out` and keeps its capacity.
  [[nodiscard]] Result<bool> get(std::string_view key, std::string& out) const;
  [[nodiscard]] Result<std::optional<std::string>> get(std::string_view key) const;

  /// One answer for each key, in their order.
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> multi_get(
      const std::vector<std::string_view>& keys) const;

  /// Everything written to this family so far is on disk when this returns.
  [[nodiscard]] Result<void> flush();

  /// Merges what is scattered and drops what was overwritten or erased, from `first` up to but not
  /// including `end` (empty: no bound): after an erasure the old bytes are gone when this returns.
  [[nodiscard]] Result<void> compact(std::string_view first = {}, std::string_view end = {});

  /// Bytes of its files on disk.
  [[nodiscard]] std::uint64_t disk_bytes() const;

 private:
  friend class Views;
  friend class ViewBatch;
  friend class ViewCursor;
  friend class ViewReader;
  friend class SortedFile;
  explicit Family(std::shared_ptr<detail::FamilyState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::FamilyState> state_;
};

/// Rows of one family, written together or not at all. Reusable: `clear` keeps its memory.
class ViewBatch {
 public:
  explicit ViewBatch(Family family);
  ViewBatch(ViewBatch&&) noexcept;
  ViewBatch& operator=(ViewBatch&&) noexcept;
  ~ViewBatch();

  void put(std::string_view key, std::string_view value);
  void erase(std::string_view key);
  void clear();
  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] std::size_t bytes() const;

  /// Writes and clears. Visible to readers at once, on disk after the family's next flush.
  [[nodiscard]] Result<void> write();

 private:
  Family family_;
  std::unique_ptr<detail::BatchState> state_;
};

/// Walks a family in key order as it was when the cursor was made. Not thread-safe. After a loop ends
/// check `status`: a damaged block ends a walk too.
class ViewCursor {
 public:
  /// Keys in [`first`, `end`) only; an empty `end` is no bound.
  explicit ViewCursor(const Family& family, std::string first = {}, std::string end = {});
  ViewCursor(ViewCursor&&) noexcept;
  ViewCursor& operator=(ViewCursor&&) noexcept;
  ~ViewCursor();

  void seek_to_first();
  void seek_to_last();
  void seek(std::string_view key);       ///< to the first key >= `key`
  void seek_back(std::string_view key);  ///< to the last key <= `key`
  void next();
  void prev();
  [[nodiscard]] bool valid() const;
  [[nodiscard]] std::string_view key() const;    ///< until the cursor moves
  [[nodiscard]] std::string_view value() const;  ///< until the cursor moves
  [[nodiscard]] Result<void> status() const;

 private:
  friend class ViewReader;
  explicit ViewCursor(std::unique_ptr<detail::CursorState> state);
  std::unique_ptr<detail::CursorState> state_;
};

/// Reads a family as it was when the reader was made, by walks and by single looks. Not thread-safe.
class ViewReader {
 public:
  explicit ViewReader(const Family& family);

  /// In key order, from any key.
  [[nodiscard]] ViewCursor& walk() { return walk_; }
  [[nodiscard]] const ViewCursor& walk() const { return walk_; }
  /// For one row, known but for the last eight bytes of its key at most: `seek` only, which may end where the others of
  /// those keys do. What is not there costs a look at the filters.
  [[nodiscard]] ViewCursor& point() { return point_ ? *point_ : walk_; }

 private:
  ViewCursor walk_;
  std::optional<ViewCursor> point_;  ///< nothing where it might see more than `walk_`
};

/// A file of rows in strictly ascending key order, built aside and then taken in whole: the fast way for
/// rebuilds and runs. Rows are on disk and visible when `ingest` returns. A row hides an older one of the
/// same key. Do not ingest into a range while others write to that range.
class SortedFile {
 public:
  [[nodiscard]] static Result<SortedFile> create(const Family& family);
  SortedFile(SortedFile&&) noexcept;
  SortedFile& operator=(SortedFile&&) noexcept;
  ~SortedFile();  ///< removes the file if it was not ingested

  [[nodiscard]] Result<void> add(std::string_view key, std::string_view value);
  [[nodiscard]] std::uint64_t bytes() const;

  /// Takes in several files at once (all of one family, no two overlapping). Empty ones are left out.
  [[nodiscard]] static Result<void> ingest(std::vector<SortedFile> files);

 private:
  SortedFile() = default;
  std::unique_ptr<detail::SortedFileState> state_;
};

/// The database itself.
class Views {
 public:
  struct Options {
    std::size_t block_cache_bytes = 128u << 20;
    std::size_t write_buffer_bytes = 64u << 20;    ///< rows of one family that no file holds
    std::size_t write_buffers_bytes = 128u << 20;  ///< of all families together
    int background_jobs = 2;
    int file_opening_threads = 16;   ///< that look into the files while the database opens
    MakeEnvironment environment = {};  ///< Log::open takes that of its seams
  };

  /// Opens or makes `directory`. A damaged database is removed and made anew (it can be built again), said on
  /// stderr and by `was_reset`. One that is locked, or on a disk that fails, is an error.
  [[nodiscard]] static Result<std::unique_ptr<Views>> open(const std::string& directory,
                                                           std::shared_ptr<rocksdb::FileSystem> files,
                                                           const Options& options);
  [[nodiscard]] static Result<std::unique_ptr<Views>> open(const std::string& directory,
                                                           std::shared_ptr<rocksdb::FileSystem> files);

  /// Removes the database in `directory`, which nobody has open, and everything in it.
  [[nodiscard]] static Result<void> remove(const std::string& directory,
                                           const std::shared_ptr<rocksdb::FileSystem>& files,
                                           const MakeEnvironment& make = {});

  ~Views();  ///< handles may outlive it; the database closes with the last of them

  /// Families whose name begins so hold pages of 4 KiB that do not compress (SortedRuns).
  static constexpr std::string_view kPagesPrefix = "runs.";

  /// The family of that name, made if it is not there. Names: 1–100 of a-z 0-9 . _ -
  [[nodiscard]] Result<Family> family(std::string_view name);

  /// Removes a family and its rows (a rebuilt view's predecessor). Handles to it must not be used after.
  [[nodiscard]] Result<void> drop(std::string_view name);

  [[nodiscard]] std::vector<std::string> families() const;
  [[nodiscard]] bool was_reset() const;

  /// Bytes of all files on disk.
  [[nodiscard]] std::uint64_t disk_bytes() const;

  /// Memory that all families together take.
  [[nodiscard]] MemoryUse memory_use() const;

  /// The files that hold rows in order, as they are now.
  [[nodiscard]] std::vector<TableFile> table_files() const;

  /// Reads one of them from the disk, whole (`check_table_file`). Any thread, beside everything else.
  /// Errors: VIEWS_DAMAGED (Corruption), saying what to do; VIEWS_UNAVAILABLE.
  [[nodiscard]] Result<void> check(const TableFile& file) const;

 private:
  explicit Views(std::shared_ptr<detail::ViewsState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::ViewsState> state_;
};

}  // namespace daybook::log
