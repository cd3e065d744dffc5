#include "projections/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace daybook::projections {

void in_parallel(unsigned workers, std::size_t count,
                 const std::function<void(std::size_t)>& task) {
  in_parallel(workers, count, [&](std::size_t i, unsigned) { task(i); });
}

void in_parallel(unsigned workers, std::size_t count,
                 const std::function<void(std::size_t, unsigned)>& task) {
  std::atomic<std::size_t> next{0};
  const auto work = [&](unsigned worker) {
    for (std::size_t i = next++; i < count; i = next++) task(i, worker);
  };
  std::vector<std::jthread> helpers;
  const auto wanted = static_cast<unsigned>(std::min<std::size_t>(workers, count));
  for (unsigned worker = 1; worker < wanted; ++worker) helpers.emplace_back(work, worker);
  work(0);
}

}  // namespace daybook::projections
