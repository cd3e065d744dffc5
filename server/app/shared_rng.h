#pragma once

#include <mutex>

#include "ledger/log/rng.h"

namespace daybook::server {

/// The kernel's generator for several threads: requests draw keys and names while the log draws its own.
class SharedRng final : public log::Rng {
 public:
  [[nodiscard]] std::uint64_t u64() override {
    const std::lock_guard lock(mutex_);
    return source_.u64();
  }
  void fill(std::span<std::byte> out) override {
    const std::lock_guard lock(mutex_);
    source_.fill(out);
  }

 private:
  std::mutex mutex_;
  log::SystemRng source_;
};

}  // namespace daybook::server
