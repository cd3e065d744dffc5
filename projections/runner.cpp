#include "projections/runner.h"

namespace daybook::projections {
namespace {

constexpr std::uint64_t kFarBehind = 200'000;

}  // namespace

Runner::Runner(Projections& projections) : projections_(projections) {
  for (const ProjectionStatus& view : projections.status()) {
    threads_.emplace_back([this, name = view.name] { run(name); });
  }
}

Runner::~Runner() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  threads_.clear();
}

void Runner::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  wake_.notify_all();
}

void Runner::run(const std::string& name) {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const std::uint64_t seen = wakes_;
    lock.unlock();
    // Far behind, all views go on together: the log is then read once for all of them.
    const bool further =
        projections_.lag(name) > kFarBehind ? projections_.step() : projections_.step(name);
    // Views that read this one can go on.
    if (further) wake();
    lock.lock();
    if (!further) wake_.wait(lock, [&] { return stop_ || wakes_ != seen; });
  }
}

}  // namespace daybook::projections
