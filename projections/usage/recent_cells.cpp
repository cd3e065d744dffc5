#include "projections/usage/recent_cells.h"

namespace daybook::projections {
namespace {

std::uint64_t key_of(std::uint32_t stream, std::uint32_t part) { return static_cast<std::uint64_t>(stream) << 32 | part; }

}  // namespace

const std::string* RecentCells::find(std::uint32_t stream, Date day, std::uint32_t part) const {
  const auto found = cells_.find(key_of(stream, part));
  return found != cells_.end() && found->second.day == day ? &found->second.value : nullptr;
}

void RecentCells::keep(std::uint32_t stream, Date day, std::uint32_t part, std::string_view value) {
  const std::uint64_t key = key_of(stream, part);
  auto found = cells_.find(key);
  if (found == cells_.end()) {
    if (cells_.size() >= most_) clear();
    cells_.emplace(key, Kept{day, std::string(value)});
    return;
  }
  Kept& kept = found->second;
  if (day < kept.day) return;
  kept.day = day;
  kept.value.assign(value);
}

void RecentCells::clear() {
  cells_.clear();
  ++generation_;
}

}  // namespace daybook::projections
