#include "ledger/log/rng.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/random.h>

#include "ledger/domain/invariant.h"

namespace daybook::log {
namespace {

void from_kernel(std::byte* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = getrandom(out, size, 0);
    LEDGER_INVARIANT(got > 0 || errno == EINTR);
    if (got > 0) {
      out += got;
      size -= static_cast<std::size_t>(got);
    }
  }
}

}  // namespace

SystemRng::~SystemRng() { explicit_bzero(pool_, sizeof pool_); }

std::uint64_t SystemRng::u64() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

void SystemRng::fill(std::span<std::byte> out) {
  if (out.size() > sizeof pool_) {
    from_kernel(out.data(), out.size());
    return;
  }
  if (out.size() > left_) {
    from_kernel(pool_, sizeof pool_);
    left_ = sizeof pool_;
  }
  // What was handed out does not stay behind in the pool.
  std::byte* from = pool_ + (sizeof pool_ - left_);
  std::memcpy(out.data(), from, out.size());
  explicit_bzero(from, out.size());
  left_ -= out.size();
}

std::uint64_t SeededRng::u64() {
  state_ += 0x9E3779B97F4A7C15ull;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

void SeededRng::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const std::uint64_t value = u64();
    const std::size_t size = std::min(out.size(), sizeof value);
    std::memcpy(out.data(), &value, size);
    out = out.subspan(size);
  }
}

}  // namespace daybook::log
