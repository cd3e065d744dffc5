#include "server/app/commit_signal.h"

#include <utility>

namespace daybook::server {

CommitSignal::Watch::Watch(CommitSignal& signal, std::function<void()> wake) : signal_(signal) {
  const std::lock_guard lock(signal_.mutex_);
  number_ = signal_.next_++;
  signal_.watchers_.emplace(number_, std::move(wake));
}

CommitSignal::Watch::~Watch() {
  const std::lock_guard lock(signal_.mutex_);
  signal_.watchers_.erase(number_);
}

void CommitSignal::notify() {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, wake] : watchers_) wake();
}

}  // namespace daybook::server
