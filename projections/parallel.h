#pragma once

#include <cstddef>
#include <functional>

namespace daybook::projections {

/// Calls `task(0)` … `task(count - 1)` on up to `workers` threads, this one included; returns when
/// all are done. `task` throws nothing.
void in_parallel(unsigned workers, std::size_t count, const std::function<void(std::size_t)>& task);

/// The same for a task that asks which thread it is on: `task(index, worker)`, `worker < workers`.
void in_parallel(unsigned workers, std::size_t count,
                 const std::function<void(std::size_t, unsigned)>& task);

}  // namespace daybook::projections
