#include "ledger/log/run_tail.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "ledger/domain/invariant.h"

namespace daybook::log {
namespace {

std::uint64_t mix(std::uint64_t key) {
  key ^= key >> 32;
  key *= 0x9E3779B97F4A7C15ull;
  key ^= key >> 29;
  key *= 0xBF58476D1CE4E5B9ull;
  return key ^ (key >> 32);
}

constexpr std::uint64_t kNumber = 0xFFFF'FFFFull;

}  // namespace

RunTail::RunTail(std::size_t capacity)
    : capacity_(capacity),
      slots_(std::bit_ceil(capacity * 2)),
      table_(reserve_array<std::uint64_t>(slots_)),
      entries_(reserve_array<RunEntry>(capacity)),
      before_(reserve_array<std::uint32_t>(capacity)) {
  LEDGER_INVARIANT(capacity > 0 && capacity <= (std::size_t{1} << 31));
}

void RunTail::add(std::uint64_t key, Position position) {
  LEDGER_INVARIANT(!full());
  const std::uint64_t hash = mix(key);
  const std::uint64_t tag = hash & ~kNumber;
  entries_[size_] = {key, position};
  std::size_t slot = hash & (slots_ - 1);
  for (;; slot = (slot + 1) & (slots_ - 1)) {
    const std::uint64_t there = std::atomic_ref(table_[slot]).load(std::memory_order_relaxed);
    if (there == 0) {
      before_[size_] = 0;
      break;
    }
    if ((there & ~kNumber) == tag && entries_[(there & kNumber) - 1].key == key) {
      before_[size_] = static_cast<std::uint32_t>(there & kNumber);
      break;
    }
  }
  ++size_;
  // Whoever sees the slot sees the entry.
  std::atomic_ref(table_[slot]).store(tag | size_, std::memory_order_release);
}

void RunTail::expect(std::uint64_t key) const { __builtin_prefetch(&table_[mix(key) & (slots_ - 1)]); }

std::uint32_t RunTail::newest(std::uint64_t key) const {
  const std::uint64_t hash = mix(key);
  const std::uint64_t tag = hash & ~kNumber;
  for (std::size_t slot = hash & (slots_ - 1);; slot = (slot + 1) & (slots_ - 1)) {
    const std::uint64_t there = std::atomic_ref(table_[slot]).load(std::memory_order_acquire);
    if (there == 0) {
      return 0;
    }
    if ((there & ~kNumber) == tag && entries_[(there & kNumber) - 1].key == key) {
      return static_cast<std::uint32_t>(there & kNumber);
    }
  }
}

void RunTail::find(std::uint64_t key, Position from, Position to, std::size_t limit,
                   std::vector<Position>& out) const {
  const std::size_t begin = out.size();
  for (std::uint32_t number = newest(key); number != 0; number = before_[number - 1]) {
    const Position position = entries_[number - 1].position;
    if (position < from) {
      break;
    }
    if (position <= to) {
      out.push_back(position);
    }
  }
  std::reverse(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
  out.resize(std::min(out.size(), limit > out.max_size() - begin ? out.size() : begin + limit));
}

std::vector<RunEntry> RunTail::sorted() const {
  // By the highest byte first: the parts fit a cache. Keys that are small numbers are one part.
  std::size_t begins[257] = {};
  for (std::size_t i = 0; i < size_; ++i) {
    ++begins[(entries_[i].key >> 56) + 1];
  }
  for (std::size_t part = 1; part < 257; ++part) {
    begins[part] += begins[part - 1];
  }
  std::vector<RunEntry> out(size_);
  std::size_t at[256];
  std::copy(begins, begins + 256, at);
  for (std::size_t i = 0; i < size_; ++i) {
    out[at[entries_[i].key >> 56]++] = entries_[i];
  }
  for (std::size_t part = 0; part < 256; ++part) {
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begins[part]),
              out.begin() + static_cast<std::ptrdiff_t>(begins[part + 1]));
  }
  return out;
}

std::size_t RunTail::memory_bytes() const {
  return slots_ * sizeof(std::uint64_t) + capacity_ * (sizeof(RunEntry) + sizeof(std::uint32_t));
}

}  // namespace daybook::log
