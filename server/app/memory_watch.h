#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace daybook::server {

/// Bytes of memory of this process that are resident; 0 where the system does not say.
[[nodiscard]] std::uint64_t resident_bytes();

/// Bytes of memory that the system lets this process have: what the machine has, or the least limit of the control groups
/// (version 2) that it is in, below `root`. 0 where nobody says.
[[nodiscard]] std::uint64_t allowed_bytes(const std::string& root = "/sys/fs/cgroup");

/// Looks whether the process takes more memory than it may. Then it gives back to the system what is free within the
/// process, and where that is not enough memory is short until it is below again: less is held of requests' bodies at once
/// (reliability.md, T8 and class 20).
class MemoryWatch {
 public:
  struct Means {
    std::function<std::uint64_t()> measure = resident_bytes;
    std::function<void()> give_back;  ///< empty: what the allocator holds and nobody uses
  };

  /// `most`: bytes; 0: no limit. Looks `every` so often, on a thread of its own; zero: when somebody calls `look`.
  MemoryWatch(std::uint64_t most, std::chrono::milliseconds every) : MemoryWatch(most, every, Means()) {}
  MemoryWatch(std::uint64_t most, std::chrono::milliseconds every, Means means);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  /// Any thread.
  [[nodiscard]] bool is_short() const { return short_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t most() const { return most_; }

  /// Looks once. One thread.
  void look();

 private:
  void run(std::chrono::milliseconds every);

  const std::uint64_t most_;
  const Means means_;
  std::atomic<bool> short_{false};
  std::uint64_t gave_back_at_ = 0;  ///< what was resident after it last gave back; 0: was below since
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace daybook::server
