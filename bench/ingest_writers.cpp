#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/ingest_runs.h"
#include "bench/machine.h"

namespace daybook::bench {
namespace {

/// A thread's share of the writers: each submits, and again as soon as the sequencer has completed what it sent.
class Share {
 public:
  Share(IngestRig& rig, unsigned writers, std::atomic<std::uint64_t>& next, std::uint64_t end)
      : rig_(rig), next_(next), end_(end), begun_(writers) {
    for (unsigned i = 0; i < writers; ++i) ready_.push_back(i);
    ready_.reserve(writers);
  }

  void run() {
    std::vector<unsigned> taken;
    std::size_t under_way = 0;
    for (bool more = true; more || under_way > 0;) {
      {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return !ready_.empty(); });
        taken.swap(ready_);
      }
      if (!is_first_) under_way -= taken.size();
      is_first_ = false;
      for (const unsigned writer : taken) {
        const std::uint64_t number = next_.fetch_add(1);
        more = number < end_;
        if (!more) continue;
        send(writer, number);
        ++under_way;
      }
      taken.clear();
    }
  }

  [[nodiscard]] const Latencies& latencies() const { return latencies_; }

 private:
  void send(unsigned writer, std::uint64_t number) {
    begun_[writer] = Steady::now();
    auto queued = rig_.ledger().submit(rig_.prepared(number, 1), [this, writer](std::unique_ptr<engine::FactBatch> done) {
      if (done->facts.front().status != engine::FactStatus::Accepted) throw std::runtime_error("an event was not new");
      const std::lock_guard lock(mutex_);
      latencies_.add(micros_since(begun_[writer]));
      ready_.push_back(writer);
      came_.notify_one();
    });
    if (!queued) throw std::runtime_error(queued.error().detail);
  }

  IngestRig& rig_;
  std::atomic<std::uint64_t>& next_;
  std::uint64_t end_;
  std::vector<Steady::time_point> begun_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<unsigned> ready_;  // guarded
  Latencies latencies_;          // guarded
  bool is_first_ = true;
};

}  // namespace

void run_writers(IngestRig& rig, const Writers& writers, const std::string& name) {
  const std::uint64_t first = rig.next_usage();
  std::atomic<std::uint64_t> next{first};
  std::vector<std::unique_ptr<Share>> shares;
  for (unsigned i = 0; i < writers.threads; ++i) {
    const unsigned own = writers.writers / writers.threads + (i < writers.writers % writers.threads ? 1 : 0);
    shares.push_back(std::make_unique<Share>(rig, own, next, first + writers.events));
  }
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  {
    std::vector<std::jthread> threads;
    for (const auto& share : shares) threads.emplace_back([own = share.get()] { own->run(); });
  }
  const double seconds = seconds_since(begun);
  const double nanos = (own_cpu_seconds() - cpu) / static_cast<double>(writers.events) * 1e9;
  if (rig.next_usage() != first + writers.events) throw std::runtime_error("not all that was acknowledged is recorded");
  Latencies latencies;
  for (const auto& share : shares) latencies.add(share->latencies());
  const Latencies::Percentiles micros = latencies.percentiles();
  std::printf("%u writers of one event each, %u thread%s: %9.0f events/s, %.0f ns of processor an event; to the "
              "acknowledgement %s\n",
              writers.writers, writers.threads, writers.threads == 1 ? "" : "s",
              static_cast<double>(writers.events) / seconds, nanos, shown(micros).c_str());
  std::fflush(stdout);
  figure(name + ".per_second", static_cast<double>(writers.events) / seconds);
  figure(name + ".cpu_ns", nanos);
  figure(name + ".p99_us", micros.p99);
}

}  // namespace daybook::bench
