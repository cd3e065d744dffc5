#include "ledger/log/fuse_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ledger/domain/invariant.h"

namespace daybook::log {
namespace {

constexpr std::uint32_t kSegmentLengthMax = 1u << 18;
constexpr std::uint64_t kSeedsASize = 2;
constexpr std::uint64_t kSeedsTried = 100;

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdull;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ull;
  value ^= value >> 33;
  return value;
}

std::uint16_t fingerprint(std::uint64_t hash) {
  return static_cast<std::uint16_t>(hash ^ (hash >> 32));
}

std::uint32_t high_product(std::uint64_t a, std::uint32_t b) {
  __extension__ typedef unsigned __int128 Wide;
  return static_cast<std::uint32_t>((static_cast<Wide>(a) * b) >> 64);
}

/// One peeling of the hypergraph whose edges are keys and whose nodes are slots.
struct Peeling {
  explicit Peeling(std::uint32_t keys, std::uint32_t slots)
      : order(keys), which(keys), count(slots), joined(slots), alone(slots) {}

  std::vector<std::uint64_t> order;   // hashes: first by segment, then in the order they were peeled
  std::vector<std::uint8_t> which;    // of its three places the one that was alone
  std::vector<std::uint8_t> count;    // [slot]: 4 × keys there, plus the exclusive or of `which`
  std::vector<std::uint64_t> joined;  // [slot]: exclusive or of the hashes there
  std::vector<std::uint32_t> alone;   // stack of slots with one key left
};

}  // namespace

/// The sizes of the paper: segments grow with the logarithm of the set. They are a first guess, for just
/// after a doubling of the segments, where few and long ones are nearly full, hardly any seed works.
void FuseFilter::size_for(std::uint32_t keys) {
  keys_ = keys;
  const double size = std::max(2.0, static_cast<double>(keys));
  const auto exponent = static_cast<unsigned>(std::floor(std::log(size) / std::log(3.33) + 2.25));
  segment_length_ = std::min(kSegmentLengthMax, 1u << exponent);
  const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1'000'000.0) / std::log(size));
  const auto capacity = static_cast<std::uint32_t>(std::lround(size * factor));
  const std::uint32_t segments_all = (capacity + segment_length_ - 1) / segment_length_;
  set_segments(std::max(segments_all, 3u));
}

void FuseFilter::set_segments(std::uint32_t segments) {
  slots_ = segments * segment_length_;
  first_places_ = slots_ - 2 * segment_length_;
}

FuseFilter::Places FuseFilter::places(std::uint64_t hash) const {
  const std::uint32_t mask = segment_length_ - 1;
  const std::uint32_t first = high_product(hash, first_places_);
  const std::uint32_t second = (first + segment_length_) ^ (static_cast<std::uint32_t>(hash >> 18) & mask);
  const std::uint32_t third = (first + 2 * segment_length_) ^ (static_cast<std::uint32_t>(hash) & mask);
  return {{first, second, third}};
}

FuseFilter::FuseFilter(std::span<const std::uint64_t> keys) {
  LEDGER_INVARIANT(keys.size() < (1u << 31));
  if (keys.empty()) {
    return;
  }
  size_for(static_cast<std::uint32_t>(keys.size()));
  bool built = false;
  for (std::uint64_t attempt = 0; attempt < kSeedsTried && !built; ++attempt) {
    if (attempt > 0 && attempt % kSeedsASize == 0) {
      const std::uint32_t segments = slots_ / segment_length_;
      set_segments(segments + std::max(1u, segments / 16));
    }
    seed_ = mix(attempt + 0x9E3779B97F4A7C15ull);
    built = build(keys);
  }
  LEDGER_INVARIANT(built);  // with room enough, only keys that are there twice fail
}

bool FuseFilter::build(std::span<const std::uint64_t> keys) {
  const auto size = static_cast<std::uint32_t>(keys.size());
  Peeling peel(size, slots_);

  // Roughly by segment, so that what follows walks through memory instead of jumping about in it.
  const std::uint32_t segments = first_places_ / segment_length_;
  const int bits = std::max(1, static_cast<int>(std::bit_width(segments - 1)));
  const std::uint64_t blocks = 1ull << bits;
  std::vector<std::uint32_t> block_at(blocks);
  for (std::uint64_t block = 0; block < blocks; ++block) {
    block_at[block] = static_cast<std::uint32_t>((block * size) >> bits);
  }
  std::vector<std::uint8_t> taken(size);
  for (const std::uint64_t key : keys) {
    const std::uint64_t hash = mix(key + seed_);
    std::uint64_t block = hash >> (64 - bits);
    while (block_at[block] >= size || taken[block_at[block]] != 0) {
      block = (block + 1) & (blocks - 1);
    }
    taken[block_at[block]] = 1;
    peel.order[block_at[block]++] = hash;
  }

  for (const std::uint64_t hash : peel.order) {
    const Places three = places(hash);
    for (std::uint8_t i = 0; i < 3; ++i) {
      std::uint8_t& count = peel.count[three.at[i]];
      if (count >= 252) {
        return false;  // one more would wrap
      }
      count = static_cast<std::uint8_t>((count + 4) ^ i);
      peel.joined[three.at[i]] ^= hash;
    }
  }

  std::size_t waiting = 0;
  for (std::uint32_t slot = 0; slot < slots_; ++slot) {
    if (peel.count[slot] >> 2 == 1) {
      peel.alone[waiting++] = slot;
    }
  }
  std::uint32_t peeled = 0;
  while (waiting > 0) {
    const std::uint32_t slot = peel.alone[--waiting];
    if (peel.count[slot] >> 2 != 1) {
      continue;
    }
    const std::uint64_t hash = peel.joined[slot];
    const std::uint8_t found = peel.count[slot] & 3;
    peel.order[peeled] = hash;
    peel.which[peeled] = found;
    ++peeled;
    const Places three = places(hash);
    for (std::uint8_t step = 1; step < 3; ++step) {
      const auto i = static_cast<std::uint8_t>((found + step) % 3);
      const std::uint32_t other = three.at[i];
      if (peel.count[other] >> 2 == 2) {
        peel.alone[waiting++] = other;
      }
      peel.count[other] = static_cast<std::uint8_t>((peel.count[other] - 4) ^ i);
      peel.joined[other] ^= hash;
    }
  }
  if (peeled != size) {
    return false;
  }

  fingerprints_.assign(slots_, 0);
  for (std::uint32_t i = size; i-- > 0;) {
    const std::uint64_t hash = peel.order[i];
    const Places three = places(hash);
    const std::uint8_t found = peel.which[i];
    fingerprints_[three.at[found]] = static_cast<std::uint16_t>(
        fingerprint(hash) ^ fingerprints_[three.at[(found + 1) % 3]] ^
        fingerprints_[three.at[(found + 2) % 3]]);
  }
  return true;
}

std::optional<FuseFilter> FuseFilter::restore(std::uint32_t keys, std::uint64_t seed,
                                              std::vector<std::uint16_t> fingerprints) {
  FuseFilter filter;
  if (keys == 0 || keys >= (1u << 31)) {
    return keys == 0 && fingerprints.empty() ? std::optional(filter) : std::nullopt;
  }
  filter.size_for(keys);
  // No fewer than the first guess, which may have grown, and far from four times as many.
  const std::size_t length = filter.segment_length_;
  if (fingerprints.size() % length != 0 || fingerprints.size() < filter.slots_ ||
      fingerprints.size() / 8 > filter.slots_) {
    return std::nullopt;
  }
  filter.set_segments(static_cast<std::uint32_t>(fingerprints.size() / length));
  filter.seed_ = seed;
  filter.fingerprints_ = std::move(fingerprints);
  return filter;
}

void FuseFilter::expect(std::uint64_t key) const {
  if (keys_ == 0) {
    return;
  }
  const Places where = places(mix(key + seed_));
  for (const std::uint32_t place : where.at) {
    __builtin_prefetch(&fingerprints_[place]);
  }
}

bool FuseFilter::may_contain(std::uint64_t key) const {
  if (keys_ == 0) {
    return false;
  }
  const std::uint64_t hash = mix(key + seed_);
  const Places three = places(hash);
  return fingerprint(hash) == static_cast<std::uint16_t>(fingerprints_[three.at[0]] ^
                                                         fingerprints_[three.at[1]] ^
                                                         fingerprints_[three.at[2]]);
}

}  // namespace daybook::log
