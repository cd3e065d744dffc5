#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "projections/usage/shape_table.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

/// The shapes of a lane, numbered from 0 as they first came, and what the fold asks of each. Kept from batch to batch:
/// usage brings the same shapes hour by hour.
class UsageShapes {
 public:
  struct Shape {
    std::string_view stored;      ///< valid as long as the shapes
    std::array<char, 16> digest;  ///< of SHA-256 of the stored form: stands for it in the state hash
    UsageShape shape;
    std::uint32_t part;  ///< number of its cell part
  };

  [[nodiscard]] std::uint32_t number(std::string_view stored);
  /// The number of what a thread calls `taken` in `table`, its table of this lane. Texts are looked up once.
  [[nodiscard]] std::uint32_t number(unsigned worker, const ShapeTable& table, std::uint32_t taken);

  [[nodiscard]] const Shape& operator[](std::uint32_t number) const { return shapes_[number]; }
  [[nodiscard]] std::size_t size() const { return shapes_.size(); }

  [[nodiscard]] std::string_view part(std::uint32_t number) const { return parts_.shape(number); }
  [[nodiscard]] std::size_t parts() const { return parts_.size(); }

 private:
  ShapeTable stored_;
  ShapeTable parts_;
  std::deque<Shape> shapes_;
  std::vector<std::vector<std::uint32_t>> taken_;  ///< by worker: number + 1 of what it took, 0: not asked for yet
};

}  // namespace daybook::projections
