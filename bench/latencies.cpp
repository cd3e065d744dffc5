#include "bench/latencies.h"

#include <algorithm>

#include <fmt/format.h>

namespace daybook::bench {
namespace {

std::string shown_time(double micros) {
  if (micros < 1'000) return fmt::format("{:.{}f} us", micros, micros < 100 ? 1 : 0);
  if (micros < 1'000'000) return fmt::format("{:.{}f} ms", micros / 1e3, micros < 100'000 ? 1 : 0);
  return fmt::format("{:.1f} s", micros / 1e6);
}

}  // namespace

Latencies::Percentiles Latencies::percentiles() const {
  if (micros_.empty()) return {};
  std::vector<float> sorted = micros_;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](std::size_t thousandths) {
    return static_cast<double>(sorted[std::min(sorted.size() * thousandths / 1'000, sorted.size() - 1)]);
  };
  return {at(500), at(990), at(999), static_cast<double>(sorted.back())};
}

std::string shown(const Latencies::Percentiles& micros) {
  return fmt::format("p50 {}, p99 {}, p99.9 {}, max {}", shown_time(micros.p50), shown_time(micros.p99),
                     shown_time(micros.p999), shown_time(micros.max));
}

Latencies timed(std::size_t times, const std::function<void(std::size_t)>& work) {
  Latencies all;
  for (std::size_t i = 0; i < times; ++i) {
    const Steady::time_point begun = Steady::now();
    work(i);
    all.add(micros_since(begun));
  }
  return all;
}

}  // namespace daybook::bench
