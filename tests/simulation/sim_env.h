#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <rocksdb/env.h>
#include <rocksdb/system_clock.h>

#include "ledger/log/environment.h"

namespace daybook::simulation {

/// A clock that stands still, and jumps where somebody would sleep.
class SimClock final : public rocksdb::SystemClock {
 public:
  const char* Name() const override { return "SimClock"; }
  std::uint64_t NowMicros() override { return micros_.load(); }
  void SleepForMicroseconds(int micros) override { micros_.fetch_add(static_cast<std::uint64_t>(micros)); }
  rocksdb::Status GetCurrentTime(std::int64_t* seconds) override {
    *seconds = static_cast<std::int64_t>(micros_.load() / 1'000'000);
    return rocksdb::Status::OK();
  }
  std::string TimeToString(std::uint64_t time) override { return std::to_string(time); }

 private:
  std::atomic<std::uint64_t> micros_{1'700'000'000'000'000};
};

/// A thread that does all background work of one database, one piece after another in the order in which it was asked for.
class Worker {
 public:
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  struct Job {
    void (*run)(void*);
    void* argument;
    void* tag;
    void (*unrun)(void*);
  };
  void schedule(const Job& job);
  int unschedule(void* tag);
  [[nodiscard]] unsigned waiting() const;
  /// Waits until there is nothing to do, unless the caller is a worker. Gives up after some milliseconds: what is being
  /// done may itself be waiting for the caller. `gave_up` says so: the run may then differ from the next one.
  void wait_until_idle();
  [[nodiscard]] bool gave_up() const { return gave_up_.load(); }

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::condition_variable idle_;
  std::deque<Job> jobs_;
  bool busy_ = false;
  bool stop_ = false;
  std::atomic<bool> gave_up_{false};
  std::thread thread_;
};

/// Environments by that clock, for Seams::environment. What is over `bare` files works on `views`, all else on `log`: the
/// log's files are guarded. Workers outlive the environments.
[[nodiscard]] log::MakeEnvironment simulated_environment(Worker& log, Worker& views, const rocksdb::FileSystem* bare,
                                                         std::shared_ptr<SimClock> clock);

}  // namespace daybook::simulation
