#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"

namespace daybook {

/// `total` in parts proportional to `weights`, by largest remainder: each part rounded down
/// (towards minus infinity), then one unit more for those with the largest remainder, ties in the
/// order given. The parts always sum to `total`.
///
/// Weights may be negative (a discount among charges) as long as their sum is not zero. With no
/// weights, or a sum of zero, only a `total` of zero can be split: into zeros. Errors:
/// AMOUNT_OUT_OF_RANGE (such a total; a part or the sum of the weights out of range).
[[nodiscard]] Result<std::vector<std::int64_t>> allocate(std::int64_t total,
                                                         std::span<const Exact> weights);
[[nodiscard]] Result<std::vector<std::int64_t>> allocate(std::int64_t total,
                                                         std::span<const std::int64_t> weights);

/// The amounts of lines whose exact `values` were summed and rounded once to `total` minor units:
/// each value rounded down to `minor_digits`, then one unit more for those with the largest
/// remainder, ties in the order given (domain.md 2.8, step 5). Values may be negative. The amounts
/// always sum to `total`. Errors: AMOUNT_OUT_OF_RANGE (an amount leaves int64; `total` is not the
/// sum of the values rounded up or down).
[[nodiscard]] Result<std::vector<std::int64_t>> amounts_of_lines(std::int64_t total,
                                                                 std::span<const Exact> values,
                                                                 int minor_digits);

}  // namespace daybook
