#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace daybook::codec {

/// Bytes that simdjson may read beyond the end of a text.
inline constexpr std::size_t kJsonPadding = 64;

/// A copy of a text with padding behind it; keeps its room.
class PaddedText {
 public:
  [[nodiscard]] std::string_view assign(std::string_view text) {
    if (text.size() + kJsonPadding > capacity_) {
      capacity_ = text.size() + text.size() / 2 + kJsonPadding;
      data_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    if (!text.empty()) std::memcpy(data_.get(), text.data(), text.size());
    std::memset(data_.get() + text.size(), 0, kJsonPadding);
    return {data_.get(), text.size()};
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
};

}  // namespace daybook::codec
