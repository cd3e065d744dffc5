#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace daybook::log {

/// Where randomness comes from: identifiers, secrets, nonces, jitter. Not thread-safe.
class Rng {
 public:
  virtual ~Rng() = default;

  /// 64 random bits.
  [[nodiscard]] virtual std::uint64_t u64() = 0;

  /// Fills `out` with random bytes.
  virtual void fill(std::span<std::byte> out) = 0;
};

/// The kernel's generator, read in blocks; fit for keys and secrets.
class SystemRng final : public Rng {
 public:
  ~SystemRng() override;
  [[nodiscard]] std::uint64_t u64() override;
  void fill(std::span<std::byte> out) override;

 private:
  std::byte pool_[256];
  std::size_t left_ = 0;
};

/// The same numbers for the same seed, for ever (SplitMix64). For tests and the simulator, never for
/// secrets of a real ledger.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t u64() override;
  void fill(std::span<std::byte> out) override;

  /// A number in [0, bound); `bound` > 0. The bias is below 2^-32 for bounds under 2^32.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return u64() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace daybook::log
