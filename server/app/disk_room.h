#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "ledger/log/open_error.h"
#include "ledger/log/room.h"

namespace daybook::server {

/// Space of the disk that a ledger lies on, as somebody without privileges may use it.
struct DiskSpace {
  std::uint64_t size = 0;        ///< bytes
  std::uint64_t free = 0;        ///< bytes
  std::uint64_t files = 0;       ///< how many it can have; 0: it does not count them
  std::uint64_t free_files = 0;
};

/// Space of the disk that `directory` lies on, or will. All zero where nobody can tell.
[[nodiscard]] DiskSpace space_of(const std::string& directory);

/// How much of a disk is kept free.
struct DiskFloor {
  std::uint64_t bytes = std::uint64_t{512} << 20;    ///< no more than that
  unsigned percent = 5;                              ///< nor more than that part of the disk
  std::uint64_t ballast = std::uint64_t{256} << 20;  ///< no more than that; nor more than half of what is kept free

  /// Of a disk of that size, bytes.
  [[nodiscard]] std::uint64_t of(const DiskSpace& space) const;
  [[nodiscard]] std::uint64_t ballast_of(const DiskSpace& space) const;
};

/// Takes submissions as long as the disk is above its floor, and none below: reads go on, and so do writes as soon as there is
/// room again (reliability: full disk).
///
/// DIR/ballast is a file of nothing, made when the disk comes near its floor. A start on a full disk gives it up, for
/// opening a ledger takes space. As long as it is missing its size counts as taken: what makes room gives it back first.
class DiskRoom final : public log::Room {
 public:
  using Measure = std::function<DiskSpace()>;
  /// `reads_only`: nothing is ever taken.
  DiskRoom(std::string directory, DiskFloor floor, bool reads_only, Measure measure);

  /// Before the ledger is opened: gives up the ballast where opening needs its space. Errors: DiskFull where there is not
  /// enough even so, unless it is opened for reading alone.
  [[nodiscard]] log::Opening<void> before_opening();
  /// After it: whether the ledger is opened for reading alone, and where opening it as its owner would write there is no room.
  [[nodiscard]] bool writes_nothing() const { return writes_nothing_; }
  /// Every second or so, one thread: looks again, says what has changed, makes the ballast where it is time to.
  void tend();

  /// Errors: INSUFFICIENT_STORAGE.
  [[nodiscard]] Result<void> admit(std::size_t bytes) override;

 private:
  /// Free space beyond the floor and the missing part of the ballast; below zero: there is no room. Sets `unasked_`.
  [[nodiscard]] std::int64_t look();
  [[nodiscard]] std::int64_t beyond_floor(const DiskSpace& space) const;
  [[nodiscard]] std::string ballast_path() const { return directory_ + "/ballast"; }
  void make_ballast(std::uint64_t bytes);

  const std::string directory_;
  const DiskFloor floor_;
  const bool reads_only_;
  const Measure measure_;
  std::atomic<std::int64_t> unasked_{0};  ///< bytes that may be taken before somebody looks again
  std::mutex mutex_;
  bool writes_nothing_ = false;
  bool below_ = false;             ///< as was last said
  bool ballast_impossible_ = false;
};

}  // namespace daybook::server
