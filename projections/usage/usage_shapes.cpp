#include "projections/usage/usage_shapes.h"

#include <algorithm>
#include <span>

#include "ledger/log/hash.h"

namespace daybook::projections {

std::uint32_t UsageShapes::number(std::string_view stored) {
  const std::uint32_t number = stored_.number(stored);
  if (number < shapes_.size()) return number;
  const std::string_view kept = stored_.shape(number);
  Shape& shape = shapes_.emplace_back(
      Shape{kept, {}, UsageShape::take(kept), parts_.number(kept.substr(0, UsageShape::cell_part(kept)))});
  const log::Hash digest = log::sha256(std::as_bytes(std::span(kept)));
  std::transform(digest.begin(), digest.begin() + shape.digest.size(), shape.digest.begin(),
                 [](std::byte byte) { return static_cast<char>(byte); });
  return number;
}

std::uint32_t UsageShapes::number(unsigned worker, const ShapeTable& table, std::uint32_t taken) {
  if (worker >= taken_.size()) taken_.resize(worker + 1);
  std::vector<std::uint32_t>& known = taken_[worker];
  if (taken >= known.size()) known.resize(table.size());
  if (known[taken] == 0) known[taken] = number(table.shape(taken)) + 1;
  return known[taken] - 1;
}

}  // namespace daybook::projections
