#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/clock.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"

namespace daybook::server {

/// Reads again what lies on the disk, so that bytes which go bad are found while a backup still has them and not when somebody
/// asks for them (reliability.md, 4): some of it soon after the start, and all of it once in a while, a tenth of the time at
/// the most.
///
/// Damage of the log is kept as `log::Log::damage`, after which nothing is recorded; damage of a view is said, and counted.
class Scrubber {
 public:
  /// What has been read since the start.
  struct Standing {
    std::uint64_t bytes = 0;
    std::uint64_t damaged_files = 0;                                ///< when last read
    std::chrono::sys_time<std::chrono::microseconds> whole{};  ///< when all of it had been read last; the epoch: not yet
  };

  /// `every`: from the end of one whole reading to the next. Log, random numbers and clock, which is read on another thread,
  /// outlive it.
  Scrubber(const log::Log& log, log::Rng& rng, log::Clock& clock, std::chrono::hours every);
  /// Waits for the file that is being read.
  ~Scrubber();
  Scrubber(const Scrubber&) = delete;
  Scrubber& operator=(const Scrubber&) = delete;

  [[nodiscard]] Standing standing() const;
  /// Looks at the clock, which goes by itself as a rule, once it was moved.
  void look() { stop_.notify_all(); }

 private:
  /// A file, and how it is read.
  struct Check {
    log::TableFile file;
    std::function<Result<void>(const log::TableFile&)> read;
  };
  void run(std::chrono::hours every);
  /// Every file of log and views, in an order of chance.
  [[nodiscard]] std::vector<Check> all_files();
  /// Reads files until `bytes` of them are read. False: it was stopped.
  bool read(const std::vector<Check>& files, std::uint64_t bytes);
  /// By the clock. False: it was stopped.
  bool wait(std::chrono::microseconds time);

  const log::Log& log_;
  log::Rng& rng_;
  log::Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  Standing standing_;
  std::thread thread_;
};

}  // namespace daybook::server
