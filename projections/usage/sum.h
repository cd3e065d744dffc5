#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ledger/domain/decimal.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "projections/usage/bytes.h"

namespace daybook::projections {

/// An exact sum of Decimals and of products of two of them that cannot overflow.
///
/// A fold may not refuse what the log holds, and what it makes of it may not depend on the order or
/// the batches in which it came. So: 576 bits, at a scale that grows with the places of what is
/// added. A product of two Decimals has at most 76 digits and 56 places, thus |coefficient| <
/// 10^132 < 2^439 at scale 56; 2^136 of them fit. Only who asks for the sum in another form is told
/// that it does not fit there.
class Sum {
 public:
  void add(Decimal value) { add(value, false); }
  void subtract(Decimal value) { add(value, true); }
  void add_product(Decimal left, Decimal right) { add_product(left, right, false); }
  void subtract_product(Decimal left, Decimal right) { add_product(left, right, true); }
  void add(const Sum& other);

  [[nodiscard]] bool is_zero() const;

  /// Errors: AMOUNT_OUT_OF_RANGE beyond 5.7 × 10^20.
  [[nodiscard]] Result<Exact> exact() const;

  /// Stored form: scale ‖ length ‖ that many bytes of two's complement, the lowest first. The scale
  /// is the largest that was ever added, so equal histories give equal bytes.
  void put(std::string& out) const;
  [[nodiscard]] static Sum take(ByteReader& bytes);

  friend bool operator==(const Sum&, const Sum&) = default;

 private:
  static constexpr std::size_t kLimbs = 9;
  using Limbs = std::array<std::uint64_t, kLimbs>;

  void add(Decimal value, bool negated);
  void add_product(Decimal left, Decimal right, bool negated);
  void add_scaled(Limbs value, int scale);
  static void multiply(Limbs& value, std::uint64_t factor);
  static void scale_up(Limbs& value, int places);
  static Limbs widened(Int128 value);

  Limbs limbs_{};  // two's complement, least significant first
  int scale_ = 0;
};

}  // namespace daybook::projections
