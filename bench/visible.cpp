// From the acknowledgement of usage to its being visible in every view, while it comes in at a steady rate.
//
//   bench_visible [--directory DIR] [--rate 50000] [--batch 100] [--seconds 30] [--store 0]
//
// An open loop: a batch is submitted when its time has come, whatever the ledger is at, so that waiting is seen and not
// left out. Visible is what the slowest of all views has folded. `--store N`: N events are there before.

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/flags.h"
#include "bench/ingest_rig.h"
#include "bench/latencies.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"

namespace daybook::bench {
namespace {

struct Asked {
  std::uint64_t rate = 50'000;
  std::uint64_t batch = 100;
  std::uint64_t seconds = 30;
  std::uint64_t store = 0;
};

/// Waits for the views behind each acknowledgement, in their order.
class Watch {
 public:
  explicit Watch(const projections::Projections& views) : views_(views), thread_([this] { run(); }) {}

  ~Watch() { static_cast<void>(finished()); }

  void acknowledged(log::Position last) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({last, Steady::now()});
    came_.notify_one();
  }
  /// After the last of them.
  Latencies end() {
    if (!finished()) throw std::runtime_error("the views did not come along within a minute");
    return std::move(latencies_);
  }

 private:
  bool finished() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    came_.notify_one();
    if (thread_.joinable()) thread_.join();
    return !lost_;
  }

  struct Acknowledged {
    log::Position last;
    Steady::time_point at;
  };

  void run() {
    for (;;) {
      Acknowledged next{};
      {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        next = waiting_.front();
        waiting_.pop_front();
      }
      lost_ = lost_ || !views_.wait_for(next.last, std::chrono::minutes(1));
      latencies_.add(micros_since(next.at));
    }
  }

  const projections::Projections& views_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Acknowledged> waiting_;  // guarded
  bool ended_ = false;                // guarded
  bool lost_ = false;
  Latencies latencies_;
  std::thread thread_;
};

int run(Flags flags) {
  Asked asked;
  const std::string parent = flags.text("--directory", std::filesystem::temp_directory_path());
  asked.rate = flags.number("--rate", asked.rate);
  asked.batch = flags.number("--batch", asked.batch);
  asked.seconds = flags.number("--seconds", asked.seconds);
  asked.store = flags.number("--store", asked.store);
  flags.end();
  if (asked.rate == 0 || asked.batch == 0) throw std::runtime_error("--rate and --batch: 1 at least");
  print_machine(parent);
  const TemporaryDirectory temporary(parent);
  IngestRig::Options options;
  options.directory = temporary.path() + "/ledger";
  options.views = true;
  IngestRig rig(options);
  if (asked.store > 0) rig.ingest(0, 8'000, asked.store);
  if (!rig.views()->wait_for(rig.ledger().log().position(), std::chrono::hours(1))) {
    throw std::runtime_error("the views do not come along");
  }
  std::printf("durable: %s\n%llu events a second in batches of %llu, for %llu s; %llu events there before\n", durability(),
              static_cast<unsigned long long>(asked.rate), static_cast<unsigned long long>(asked.batch),
              static_cast<unsigned long long>(asked.seconds), static_cast<unsigned long long>(rig.next_usage()));
  const std::uint64_t first = rig.next_usage();
  const std::uint64_t batches = asked.rate * asked.seconds / asked.batch;
  Watch watch(*rig.views());
  Latencies acknowledged;  // of the sequencer's thread
  std::atomic<std::uint64_t> completed{0};
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  for (std::uint64_t i = 0; i < batches; ++i) {
    const auto due = begun + std::chrono::nanoseconds(i * asked.batch * 1'000'000'000 / asked.rate);
    std::this_thread::sleep_until(due);
    auto queued = rig.ledger().submit(rig.prepared(first + i * asked.batch, asked.batch),
                                      [&, due](std::unique_ptr<engine::FactBatch> done) {
                                        if (done->count(engine::FactStatus::Accepted) != done->facts.size()) std::terminate();
                                        acknowledged.add(micros_since(due));
                                        watch.acknowledged(done->last);
                                        completed.fetch_add(1);
                                      });
    if (!queued) throw std::runtime_error("this machine does not keep up with the rate: " + queued.error().detail);
  }
  const double sending = seconds_since(begun);
  while (completed.load() < batches) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const Latencies visible = watch.end();
  const double used = (own_cpu_seconds() - cpu) / seconds_since(begun);
  std::printf("sent at %.0f events/s, %.2f processors busy\n"
              "due to acknowledged        %s\n"
              "acknowledged to visible    %s (asked: p99 20 ms)\n",
              static_cast<double>(batches * asked.batch) / sending, used, shown(acknowledged.percentiles()).c_str(),
              shown(visible.percentiles()).c_str());
  figure("visible.p99_ms", visible.percentiles().p99 / 1e3);
  figure("visible.acknowledged_p99_ms", acknowledged.percentiles().p99 / 1e3);
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::bench::run); }
