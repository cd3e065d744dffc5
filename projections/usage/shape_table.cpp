#include "projections/usage/shape_table.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace daybook::projections {

std::uint32_t ShapeTable::number(std::string_view text) {
  if (expected_ == entries_.size()) expected_ = 0;
  if (expected_ < entries_.size() && entries_[expected_].text == text) return found(expected_);
  const std::size_t hash = std::hash<std::string_view>()(text);
  if (slots_.empty()) grow(64);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    if (slots_[at] == 0) {
      entries_.push_back({hash, keep(text)});
      slots_[at] = static_cast<std::uint32_t>(entries_.size());
      if (entries_.size() * 2 > slots_.size()) grow(4 * slots_.size());
      return found(static_cast<std::uint32_t>(entries_.size() - 1));
    }
    const Entry& entry = entries_[slots_[at] - 1];
    if (entry.hash == hash && entry.text == text) return found(slots_[at] - 1);
  }
}

std::uint32_t ShapeTable::found(std::uint32_t number) {
  expected_ = number + 1;
  if (expected_ < entries_.size()) {
    const std::string_view text = entries_[expected_].text;
    for (std::size_t at = 0; at < text.size(); at += 64) __builtin_prefetch(text.data() + at);
  }
  return number;
}

std::string_view ShapeTable::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > room_) {
    room_ = std::max<std::size_t>(text.size(), chunks_.empty() ? 1024 : 64 * 1024);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    next_ = chunks_.back().get();
  }
  std::memcpy(next_, text.data(), text.size());
  const std::string_view kept(next_, text.size());
  next_ += text.size();
  room_ -= text.size();
  return kept;
}

void ShapeTable::grow(std::size_t slots) {
  slots_.assign(slots, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t at = entries_[i].hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace daybook::projections
