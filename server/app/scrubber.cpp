#include "server/app/scrubber.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

namespace daybook::server {
namespace {

/// Read soon after the start. A small ledger is read whole.
constexpr std::uint64_t kSample = std::uint64_t{256} << 20;
constexpr std::uint64_t kWhole = std::numeric_limits<std::uint64_t>::max();
/// Of the time one part in so many is spent reading.
constexpr int kShare = 10;

}  // namespace

Scrubber::Scrubber(const log::Log& log, log::Rng& rng, log::Clock& clock, std::chrono::hours every)
    : log_(log), rng_(rng), clock_(clock), thread_([this, every] { run(every); }) {}

Scrubber::~Scrubber() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

Scrubber::Standing Scrubber::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

bool Scrubber::wait(std::chrono::microseconds time) {
  const std::int64_t end = clock_.mono_micros() + time.count();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const std::int64_t left = end - clock_.mono_micros();
    if (left <= 0) return true;
    stop_.wait_for(lock, std::chrono::microseconds(left));
  }
  return false;
}

std::vector<Scrubber::Check> Scrubber::all_files() {
  std::vector<Check> files;
  const auto add = [&files](const auto& database) {
    for (log::TableFile& file : database.table_files()) {
      files.push_back({std::move(file), [&database](const log::TableFile& one) { return database.check(one); }});
    }
  };
  add(log_);
  if (log_.views() != nullptr) add(*log_.views());
  for (std::size_t left = files.size(); left > 1; --left) std::swap(files[left - 1], files[rng_.u64() % left]);
  return files;
}

bool Scrubber::read(const std::vector<Check>& files, std::uint64_t bytes) {
  std::set<std::string> damaged;
  bool is_whole = true;
  for (const Check& check : files) {
    if (check.file.bytes > bytes) {
      is_whole = false;
      continue;
    }
    bytes -= check.file.bytes;
    const std::int64_t begun = clock_.mono_micros();
    const Result<void> whole = check.read(check.file);
    if (!whole) spdlog::error("{}", whole.error().detail);
    if (!whole && whole.error().kind == ErrorKind::Corruption) damaged.insert(check.file.path);
    {
      const std::lock_guard lock(mutex_);
      standing_.bytes += check.file.bytes;
      standing_.damaged_files = std::max(standing_.damaged_files, damaged.size());
    }
    if (!wait(std::chrono::microseconds((clock_.mono_micros() - begun) * (kShare - 1)))) return false;
  }
  const std::lock_guard lock(mutex_);
  standing_.damaged_files = damaged.size();
  if (is_whole) standing_.whole = std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(clock_.wall_micros()));
  return true;
}

void Scrubber::run(std::chrono::hours every) {
  bool goes_on = read(all_files(), kSample);
  while (goes_on && wait(every)) goes_on = read(all_files(), kWhole);
}

}  // namespace daybook::server
