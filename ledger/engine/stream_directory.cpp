#include "ledger/engine/stream_directory.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ledger/domain/invariant.h"

namespace daybook::engine {
namespace {

std::uint64_t hash_of(StreamType type, std::string_view id) {
  return XXH3_64bits_withSeed(id.data(), id.size(), static_cast<std::uint64_t>(type));
}

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

StreamDirectory::StreamDirectory() : slots_(kFirstSlots) {}

std::size_t StreamDirectory::slot_of(std::uint64_t hash, StreamType type, std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (hash >> 32) & mask;
  const auto tag = static_cast<std::uint32_t>(hash);
  while (slots_[slot].number != 0) {
    if (slots_[slot].hash == tag) {
      const Stream& stream = at(slots_[slot].number);
      if (stream.type == type && stream.id == id) break;
    }
    slot = (slot + 1) & mask;
  }
  return slot;
}

StreamNumber StreamDirectory::find(StreamType type, std::string_view id) const {
  return slots_[slot_of(hash_of(type, id), type, id)].number;
}

StreamNumber StreamDirectory::find_or_add(StreamType type, std::string_view id) {
  const std::uint64_t hash = hash_of(type, id);
  std::size_t slot = slot_of(hash, type, id);
  if (slots_[slot].number != 0) return slots_[slot].number;
  if ((streams_.size() + 1) * 2 > slots_.size()) {
    grow();
    slot = slot_of(hash, type, id);
  }
  streams_.push_back(Stream{type, 0, std::string(id)});
  slots_[slot] = Slot{static_cast<std::uint32_t>(hash), size()};
  return size();
}

void StreamDirectory::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& entry : old) {
    if (entry.number == 0) continue;
    const Stream& stream = at(entry.number);
    std::size_t slot = (hash_of(stream.type, stream.id) >> 32) & mask;
    while (slots_[slot].number != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }
}

void StreamDirectory::remove_last() {
  LEDGER_INVARIANT(!streams_.empty());
  const Stream& last = streams_.back();
  std::size_t hole = slot_of(hash_of(last.type, last.id), last.type, last.id);
  // Linear probing without tombstones: what stands behind the hole and could have stood in it moves up.
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t next = (hole + 1) & mask; slots_[next].number != 0; next = (next + 1) & mask) {
    const Stream& stream = at(slots_[next].number);
    const std::size_t home = (hash_of(stream.type, stream.id) >> 32) & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      slots_[hole] = slots_[next];
      hole = next;
    }
  }
  slots_[hole] = Slot{};
  streams_.pop_back();
}

void StreamDirectory::restore(StreamType type, std::string id, std::uint32_t version) {
  const StreamNumber before = size();
  const StreamNumber number = find_or_add(type, id);
  LEDGER_INVARIANT(number == before + 1);
  set_version(number, version);
}

}  // namespace daybook::engine
