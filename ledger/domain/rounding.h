#pragma once

#include <compare>
#include <string_view>

#include <boost/describe/enum.hpp>

namespace daybook {

/// How a value between two representable neighbours is brought to one of them. Always an argument
/// and never a default: whoever rounds says how.
enum class Rounding {
  HalfAwayFromZero,  ///< to the nearest; 2.325 → 2.33, −2.325 → −2.33
  HalfEven,  ///< to the nearest, a tie to the even digit; 2.325 → 2.32 (banker's rounding)
  Down,      ///< towards zero
  Up,        ///< away from zero
  Floor,     ///< towards minus infinity
  Ceiling,   ///< towards plus infinity
};
BOOST_DESCRIBE_ENUM(Rounding, HalfAwayFromZero, HalfEven, Down, Up, Floor, Ceiling)

/// Whether the magnitude goes one up after digits were cut off it.
///
/// `odd`: the last digit kept is odd. `cut`: how what was cut off compares with half a unit;
/// `exact`: nothing but zeros was cut off.
[[nodiscard]] constexpr bool rounds_away(Rounding rounding, bool negative, bool odd,
                                         std::strong_ordering cut, bool exact) {
  if (exact) return false;
  switch (rounding) {
    case Rounding::HalfAwayFromZero:
      return cut >= 0;
    case Rounding::HalfEven:
      return cut > 0 || (cut == 0 && odd);
    case Rounding::Down:
      return false;
    case Rounding::Up:
      return true;
    case Rounding::Floor:
      return negative;
    case Rounding::Ceiling:
      return !negative;
  }
  return false;
}

/// A place where exact values become an amount of money. There are no others: everything before it
/// is exact, everything after it whole minor units.
///
/// Enterprise agreements round half to even, all others half away from zero (MONEY-2).
struct RoundingPoint {
  std::string_view name;
  Rounding usual;
  Rounding enterprise;

  [[nodiscard]] constexpr Rounding mode(bool is_enterprise) const {
    return is_enterprise ? enterprise : usual;
  }
};

/// `billed` of a document: the sum of the values of all lines but refunds (domain.md 2.8, step 5).
inline constexpr RoundingPoint kBilledOfDocument{"BilledOfDocument", Rounding::HalfAwayFromZero,
                                                 Rounding::HalfEven};
/// The usage total of a document, whose difference from the exact rows is the rounding row of a
/// usage file.
inline constexpr RoundingPoint kUsageTotalOfDocument{
    "UsageTotalOfDocument", Rounding::HalfAwayFromZero, Rounding::HalfEven};
/// `credits` of a document: the sum of the values of its refund lines, sign turned.
inline constexpr RoundingPoint kCreditsOfDocument{"CreditsOfDocument", Rounding::HalfAwayFromZero,
                                                  Rounding::HalfEven};
/// The tax on the `subTotal` of a document.
inline constexpr RoundingPoint kTaxOfDocument{"TaxOfDocument", Rounding::HalfAwayFromZero,
                                              Rounding::HalfEven};
/// What is given back for the rest of a term: price × days left ÷ days of the term.
inline constexpr RoundingPoint kRefundOfTerm{"RefundOfTerm", Rounding::HalfAwayFromZero,
                                             Rounding::HalfEven};
/// Month-to-date figures, estimates and cost views, which no document repeats: half up when
/// rendered.
inline constexpr RoundingPoint kCostView{"CostView", Rounding::HalfAwayFromZero,
                                         Rounding::HalfAwayFromZero};

}  // namespace daybook
