#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace daybook::http {

/// Threads for work that reads storage or computes for long, with a bounded queue.
class ReaderPool {
 public:
  ReaderPool(std::size_t threads, std::size_t queue_limit);
  /// Finishes what is queued.
  ~ReaderPool();
  /// Finishes what is queued and ends the threads. Called by the pool's owner before others may let go of it last:
  /// a worker cannot wait for itself. Repeatable, one thread at a time.
  void stop();

  /// False when the queue is full (answer OVERLOADED) or the pool stops. Any thread.
  [[nodiscard]] bool submit(std::function<void()> work);
  [[nodiscard]] std::size_t queued() const;

 private:
  void run();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  std::size_t queue_limit_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace daybook::http
