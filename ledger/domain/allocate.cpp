#include "ledger/domain/allocate.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

#include "ledger/domain/decimal_parts.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/wide.h"

namespace daybook {
namespace {

/// Parts rounded down, each with what is missing to its exact value, over a common denominator.
template <class Remainder>
class Parts {
 public:
  explicit Parts(std::size_t count) {
    units_.reserve(count);
    remainders_.reserve(count);
  }

  /// Adds the exact value (quotient + remainder ÷ denominator), or its negative, rounded down.
  void push(std::uint64_t quotient, Remainder remainder, const Remainder& denominator,
            bool negative) {
    Int128 units = negative ? -static_cast<Int128>(quotient) : static_cast<Int128>(quotient);
    if (negative && remainder != Remainder{}) {
      --units;
      remainder = difference(denominator, remainder);
    }
    units_.push_back(units);
    remainders_.push_back(remainder);
  }

  /// `total` less the sum of the parts.
  [[nodiscard]] Int128 missing(std::int64_t total) const {
    return std::accumulate(units_.begin(), units_.end(), Int128{total}, std::minus<>());
  }

  [[nodiscard]] const std::vector<Remainder>& remainders() const { return remainders_; }

  /// One unit more for the `count` parts with the largest remainders. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<std::vector<std::int64_t>> raised(Int128 count) && {
    LEDGER_INVARIANT(count >= 0 && count <= static_cast<Int128>(units_.size()));
    std::vector<std::size_t> order(units_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      return remainders_[left] > remainders_[right];
    });
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) ++units_[order[i]];
    std::vector<std::int64_t> parts;
    parts.reserve(units_.size());
    for (const Int128 units : units_) {
      parts.push_back(static_cast<std::int64_t>(units));
      if (parts.back() != units) return amount_out_of_range();
    }
    return parts;
  }

 private:
  static UInt128 difference(UInt128 left, UInt128 right) { return left - right; }
  template <std::size_t N>
  static Wide<N> difference(Wide<N> left, const Wide<N>& right) {
    subtract_from(left, right);
    return left;
  }

  std::vector<Int128> units_;
  std::vector<Remainder> remainders_;
};

Result<std::vector<std::int64_t>> zeros(std::int64_t total, std::size_t count) {
  if (total != 0) {
    return rejected("AMOUNT_OUT_OF_RANGE", "an amount cannot be split by weights that sum to zero");
  }
  return std::vector<std::int64_t>(count, 0);
}

}  // namespace

Result<std::vector<std::int64_t>> allocate(std::int64_t total, std::span<const Exact> weights) {
  Exact sum;
  for (const Exact& weight : weights) {
    const Result<Exact> next = add(sum, weight);
    if (!next) return tl::unexpected(next.error());
    sum = *next;
  }
  if (sum.is_zero()) return zeros(total, weights.size());
  const Wide<4> denominator = sum.magnitude();
  Parts<Wide<4>> parts(weights.size());
  for (const Exact& weight : weights) {
    const auto share =
        divide_wide(multiply_wide(Wide<1>(magnitude_of(total)), weight.magnitude()), denominator);
    const bool negative = ((total < 0) != weight.is_negative()) != sum.is_negative();
    if (share.quotient.size() > 1) return amount_out_of_range();
    parts.push(share.quotient.limbs[0], share.remainder, denominator, negative);
  }
  const Int128 missing = parts.missing(total);
  return std::move(parts).raised(missing);
}

Result<std::vector<std::int64_t>> allocate(std::int64_t total,
                                           std::span<const std::int64_t> weights) {
  const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
  if (sum == 0) return zeros(total, weights.size());
  const auto denominator = static_cast<UInt128>(sum < 0 ? -sum : sum);
  Parts<UInt128> parts(weights.size());
  for (const std::int64_t weight : weights) {
    const UInt128 product = static_cast<UInt128>(magnitude_of(total)) * magnitude_of(weight);
    const UInt128 quotient = product / denominator;
    const bool negative = ((total < 0) != (weight < 0)) != (sum < 0);
    if ((quotient >> 64) != 0) return amount_out_of_range();
    parts.push(static_cast<std::uint64_t>(quotient), product % denominator, denominator, negative);
  }
  const Int128 missing = parts.missing(total);
  return std::move(parts).raised(missing);
}

Result<std::vector<std::int64_t>> amounts_of_lines(std::int64_t total,
                                                   std::span<const Exact> values,
                                                   int minor_digits) {
  LEDGER_INVARIANT(minor_digits >= 0 && minor_digits < Exact::kScale);
  const Wide<4> unit(kWidePowersOfTen[static_cast<std::size_t>(Exact::kScale - minor_digits)]);
  Parts<Wide<4>> parts(values.size());
  for (const Exact& value : values) {
    const auto line = divide_wide(value.magnitude(), unit);
    if (line.quotient.size() > 1) return amount_out_of_range();
    parts.push(line.quotient.limbs[0], line.remainder, unit, value.is_negative());
  }
  // The remainders sum to what is missing, but for the rounding of the total up or down.
  Wide<4> sum;
  for (const Wide<4>& remainder : parts.remainders()) {
    const bool carry = add_to(sum, remainder);
    LEDGER_INVARIANT(!carry);
  }
  const auto whole = divide_wide(sum, unit);
  const Int128 down = static_cast<Int128>(whole.quotient.low128());
  const Int128 missing = parts.missing(total);
  if (missing != down && (whole.remainder.is_zero() || missing != down + 1)) {
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "the total is not the sum of the values rounded to the minor unit");
  }
  return std::move(parts).raised(missing);
}

}  // namespace daybook
