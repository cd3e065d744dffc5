#include "tests/simulation/sim_env.h"

#include <chrono>
#include <utility>

namespace daybook::simulation {
namespace {

class SimEnv final : public rocksdb::EnvWrapper {
 public:
  SimEnv(const std::shared_ptr<rocksdb::FileSystem>& files, Worker& worker, std::shared_ptr<SimClock> clock)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)), worker_(worker), clock_(std::move(clock)) {
    file_system_ = files;
    system_clock_ = clock_;
  }

  const char* Name() const override { return "SimEnv"; }
  void Schedule(void (*run)(void*), void* argument, Priority, void* tag, void (*unrun)(void*)) override {
    worker_.schedule({run, argument, tag, unrun});
  }
  int UnSchedule(void* tag, Priority) override { return worker_.unschedule(tag); }
  unsigned GetThreadPoolQueueLen(Priority) const override { return worker_.waiting(); }
  int ReserveThreads(int, Priority) override { return 0; }
  int ReleaseThreads(int, Priority) override { return 0; }
  void SetBackgroundThreads(int, Priority) override {}
  void IncBackgroundThreadsIfNeeded(int, Priority) override {}
  int GetBackgroundThreads(Priority priority) override { return priority == BOTTOM ? 0 : 1; }

  std::uint64_t NowMicros() override { return clock_->NowMicros(); }
  std::uint64_t NowNanos() override { return clock_->NowNanos(); }
  std::uint64_t NowCPUNanos() override { return 0; }
  void SleepForMicroseconds(int micros) override { clock_->SleepForMicroseconds(micros); }
  rocksdb::Status GetCurrentTime(std::int64_t* seconds) override { return clock_->GetCurrentTime(seconds); }

 private:
  Worker& worker_;
  std::shared_ptr<SimClock> clock_;
};

/// Far longer than any piece of work takes, and short enough that giving up now and then costs nothing.
constexpr std::chrono::milliseconds kPatience{20};

thread_local bool is_worker = false;

}  // namespace

Worker::Worker() : thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_all();
  thread_.join();
}

void Worker::schedule(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(job);
  }
  came_.notify_one();
}

int Worker::unschedule(void* tag) {
  std::deque<Job> taken;
  {
    const std::lock_guard lock(mutex_);
    std::deque<Job> rest;
    for (const Job& job : jobs_) (job.tag == tag ? taken : rest).push_back(job);
    jobs_ = std::move(rest);
  }
  for (const Job& job : taken) {
    if (job.unrun != nullptr) job.unrun(job.argument);
  }
  idle_.notify_all();
  return static_cast<int>(taken.size());
}

unsigned Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<unsigned>(jobs_.size());
}

void Worker::wait_until_idle() {
  if (is_worker) return;
  std::unique_lock lock(mutex_);
  if (!idle_.wait_for(lock, kPatience, [this] { return jobs_.empty() && !busy_; })) gave_up_.store(true);
}

void Worker::work() {
  is_worker = true;
  std::unique_lock lock(mutex_);
  for (;;) {
    came_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = jobs_.front();
    jobs_.pop_front();
    busy_ = true;
    lock.unlock();
    job.run(job.argument);
    lock.lock();
    busy_ = false;
    if (jobs_.empty()) idle_.notify_all();
  }
}

log::MakeEnvironment simulated_environment(Worker& log, Worker& views, const rocksdb::FileSystem* bare,
                                           std::shared_ptr<SimClock> clock) {
  return [&log, &views, bare, clock = std::move(clock)](std::shared_ptr<rocksdb::FileSystem> files)
             -> std::unique_ptr<rocksdb::Env> {
    return std::make_unique<SimEnv>(files, files.get() == bare ? views : log, clock);
  };
}

}  // namespace daybook::simulation
