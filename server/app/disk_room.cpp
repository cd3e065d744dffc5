#include "server/app/disk_room.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace daybook::server {
namespace {

/// A ballast is made once less than so many floors are free.
constexpr std::uint64_t kNear = 4;
/// Of what is free beyond the floor, one part in so many is taken before somebody looks again; and never more than this.
constexpr std::int64_t kLookAgain = 16;
constexpr std::int64_t kUnaskedAtMost = std::int64_t{4} << 20;
/// Files that have to be possible still; a disk that can have few needs a twentieth of them.
constexpr std::uint64_t kFreeFiles = 256;

/// Room that opening a ledger may take, where no floor says more: its write-ahead log, and what it recovers from one.
constexpr std::uint64_t kOpening = std::uint64_t{128} << 20;

std::uint64_t size_of_file(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / (1 << 20)); }

}  // namespace

DiskSpace space_of(const std::string& directory) {
  std::filesystem::path path = std::filesystem::absolute(directory);
  struct statvfs found {};
  while (::statvfs(path.c_str(), &found) != 0) {
    if (errno != ENOENT || path == path.parent_path()) return {};
    path = path.parent_path();
  }
  const std::uint64_t block = found.f_frsize;
  return {found.f_blocks * block, found.f_bavail * block, found.f_files, found.f_favail};
}

std::uint64_t DiskFloor::of(const DiskSpace& space) const { return std::min(bytes, space.size / 100 * percent); }

std::uint64_t DiskFloor::ballast_of(const DiskSpace& space) const { return std::min(ballast, of(space) / 2); }

DiskRoom::DiskRoom(std::string directory, DiskFloor floor, bool reads_only, Measure measure)
    : directory_(std::move(directory)), floor_(floor), reads_only_(reads_only), measure_(std::move(measure)) {}

std::int64_t DiskRoom::beyond_floor(const DiskSpace& space) const {
  const std::uint64_t floor = floor_.of(space);
  if (floor == 0) return kUnaskedAtMost * kLookAgain;
  if (space.files != 0 && space.free_files < std::min(kFreeFiles, space.files / 20)) return -1;
  const std::uint64_t wanted = floor_.ballast_of(space);
  const std::uint64_t missing = wanted - std::min(wanted, size_of_file(ballast_path()));
  return static_cast<std::int64_t>(space.free) - static_cast<std::int64_t>(floor + missing);
}

log::Opening<void> DiskRoom::before_opening() {
  DiskSpace space = measure_();
  const std::uint64_t floor = floor_.of(space);
  writes_nothing_ = reads_only_ && (::access(directory_.c_str(), W_OK) != 0 || (floor == 0 && space.free < kOpening));
  if (floor == 0 || space.free >= floor) return {};
  const std::uint64_t ballast = floor_.ballast_of(space);
  const std::uint64_t needed = ballast > 0 ? ballast : floor;
  if (space.free < needed && size_of_file(ballast_path()) > 0 && ::unlink(ballast_path().c_str()) == 0) {
    space = measure_();  // before the next line, which may go to a file on that disk
    spdlog::warn("the disk is full: {} is given up so that the ledger opens", ballast_path());
  }
  writes_nothing_ = writes_nothing_ || (reads_only_ && space.free < needed);
  if (space.free >= needed || reads_only_) return {};
  return log::refuse(log::ExitCode::DiskFull,
                     fmt::format("The disk of {} has {} free, and a start needs {}. Make room and start again; or add --read-only to have "
                                 "what is there read and nothing written.",
                                 directory_, megabytes(space.free), megabytes(needed)));
}

std::int64_t DiskRoom::look() {
  const std::int64_t beyond = beyond_floor(measure_());
  unasked_.store(std::min(kUnaskedAtMost, std::max<std::int64_t>(beyond, 0) / kLookAgain));
  return beyond;
}

Result<void> DiskRoom::admit(std::size_t bytes) {
  if (reads_only_) {
    return failed(ErrorKind::Unavailable, "INSUFFICIENT_STORAGE",
                  "This ledger is served for reading alone. Nothing of this request was recorded; the operator can tell when it will be.");
  }
  const auto more = static_cast<std::int64_t>(bytes);
  if (unasked_.fetch_sub(more) >= more || look() >= 0) return {};
  return failed(ErrorKind::Unavailable, "INSUFFICIENT_STORAGE",
                "The disk is nearly full. Nothing of this request was recorded; send it again when the operator has made room.");
}

void DiskRoom::make_ballast(std::uint64_t bytes) {
  const int file = ::open(ballast_path().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  // Not posix_fallocate, which writes zeros where the file system cannot set space aside.
  const bool made = file >= 0 && ::fallocate(file, 0, 0, static_cast<off_t>(bytes)) == 0;
  if (!made) {
    spdlog::warn("{} cannot be made ({}): a start on a full disk will have to wait for room", ballast_path(), std::strerror(errno));
    ballast_impossible_ = true;
    if (file >= 0) ::unlink(ballast_path().c_str());
  }
  if (file >= 0) ::close(file);
}

void DiskRoom::tend() {
  const std::lock_guard lock(mutex_);
  const DiskSpace space = measure_();
  const std::uint64_t floor = floor_.of(space);
  if (floor == 0) return;
  const std::uint64_t wanted = floor_.ballast_of(space);
  // What would be missing is counted as taken already.
  const bool is_time = space.free < kNear * floor && size_of_file(ballast_path()) < wanted;
  if (is_time && !reads_only_ && !ballast_impossible_ && beyond_floor(space) >= 0) make_ballast(wanted);
  const bool below = look() < 0;
  if (below == below_) return;
  below_ = below;
  if (below) {
    spdlog::error("the disk of {} has {} free, less than its floor of {}: writes are answered 507, reads go on", directory_,
                  megabytes(space.free), megabytes(floor));
  } else {
    spdlog::info("the disk of {} has room again: writes go on", directory_);
  }
}

}  // namespace daybook::server
