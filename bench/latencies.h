#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace daybook::bench {

/// What took how long: a time for each of many.
class Latencies {
 public:
  void add(double micros) { micros_.push_back(static_cast<float>(micros)); }
  void add(const Latencies& others) { micros_.insert(micros_.end(), others.micros_.begin(), others.micros_.end()); }
  [[nodiscard]] std::size_t count() const { return micros_.size(); }

  struct Percentiles {
    double p50 = 0;
    double p99 = 0;
    double p999 = 0;
    double max = 0;
  };
  /// In microseconds; zeros where nothing was added.
  [[nodiscard]] Percentiles percentiles() const;

 private:
  std::vector<float> micros_;
};

/// "p50 120 us, p99 300 us, p99.9 1.2 ms, max 4.0 ms".
[[nodiscard]] std::string shown(const Latencies::Percentiles& micros);

using Steady = std::chrono::steady_clock;
[[nodiscard]] inline double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}
[[nodiscard]] inline double micros_since(Steady::time_point start) { return seconds_since(start) * 1e6; }

/// Does `work` so often, the number of the turn given to it, and says how long each took.
[[nodiscard]] Latencies timed(std::size_t times, const std::function<void(std::size_t)>& work);

}  // namespace daybook::bench
