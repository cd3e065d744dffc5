#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace daybook::log {

/// Is a 64-bit key in a set that never changes? "No" is certain; "yes" is wrong once in 65,536 times.
/// A binary fuse filter (Graf and Lemire, "Binary Fuse Filters", 2022) of arity three with 16-bit
/// fingerprints: about 18 bits a key, three reads of memory a question.
class FuseFilter {
 public:
  /// A filter of no keys.
  FuseFilter() = default;

  /// Builds over `keys`, which are distinct; no more than 2^31 of them.
  explicit FuseFilter(std::span<const std::uint64_t> keys);

  /// Takes up again what `keys`, `seed` and `fingerprints` said; none where they do not belong together.
  [[nodiscard]] static std::optional<FuseFilter> restore(std::uint32_t keys, std::uint64_t seed,
                                                         std::vector<std::uint16_t> fingerprints);

  [[nodiscard]] bool may_contain(std::uint64_t key) const;
  /// Begins to load what that will read.
  void expect(std::uint64_t key) const;

  [[nodiscard]] std::uint32_t keys() const { return keys_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] std::span<const std::uint16_t> fingerprints() const { return fingerprints_; }

 private:
  struct Places {
    std::uint32_t at[3];
  };

  void size_for(std::uint32_t keys);
  void set_segments(std::uint32_t segments);
  [[nodiscard]] Places places(std::uint64_t hash) const;
  [[nodiscard]] bool build(std::span<const std::uint64_t> keys);

  std::uint32_t keys_ = 0;
  std::uint64_t seed_ = 0;
  std::uint32_t segment_length_ = 0;  // a power of two
  std::uint32_t first_places_ = 0;    // where the first of the three may lie
  std::uint32_t slots_ = 0;
  std::vector<std::uint16_t> fingerprints_;
};

}  // namespace daybook::log
