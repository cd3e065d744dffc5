#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace daybook::projections {

/// Numbers texts from 0 in the order in which they first come, and keeps them. What comes in the
/// same order again, as usage does hour by hour, is found without a search.
class ShapeTable {
 public:
  /// The number of `text`, a new one if it was never seen.
  [[nodiscard]] std::uint32_t number(std::string_view text);
  /// Valid as long as the table.
  [[nodiscard]] std::string_view shape(std::uint32_t number) const { return entries_[number].text; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::size_t hash;
    std::string_view text;
  };
  std::uint32_t found(std::uint32_t number);
  std::string_view keep(std::string_view text);
  void grow(std::size_t slots);

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  ///< number + 1, 0: empty; a power of two of them
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::uint32_t expected_ = 0;  ///< the number of the next text, if order repeats itself
  std::size_t room_ = 0;
  char* next_ = nullptr;
};

}  // namespace daybook::projections
