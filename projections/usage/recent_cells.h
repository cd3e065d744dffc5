#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/domain/time.h"

namespace daybook::projections {

/// Cells that a lane wrote lately, as the view has them: a day that goes on is added to without reading it. Of a stream
/// and cell part the newest day is kept.
class RecentCells {
 public:
  explicit RecentCells(std::size_t most) : most_(most) {}

  /// The stored form; null where it is not known.
  [[nodiscard]] const std::string* find(std::uint32_t stream, Date day, std::uint32_t part) const;

  /// Call for every cell that is written.
  void keep(std::uint32_t stream, Date day, std::uint32_t part, std::string_view value);

  void clear();
  /// Another number after each time that everything was thrown away. As long as it is the same, every cell of a stream's
  /// newest day is known if all were kept.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  struct Kept {
    Date day;
    std::string value;
  };
  std::size_t most_;
  std::uint64_t generation_ = 1;
  std::unordered_map<std::uint64_t, Kept> cells_;  ///< by stream << 32 | part
};

}  // namespace daybook::projections
