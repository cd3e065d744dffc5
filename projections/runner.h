#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "projections/engine.h"

namespace daybook::projections {

/// Follows the head of the log with a thread for each view, so that a slow or halted one keeps no
/// other waiting.
class Runner {
 public:
  explicit Runner(Projections& projections);
  /// Ends the batches at hand and stops.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// The log has grown: call it after every commit. Cheap, any thread.
  void wake();

 private:
  void run(const std::string& name);

  Projections& projections_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t wakes_ = 0;
  bool stop_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace daybook::projections
