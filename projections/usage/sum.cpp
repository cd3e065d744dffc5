#include "projections/usage/sum.h"

#include <algorithm>
#include <cstring>

#include "ledger/domain/invariant.h"

namespace daybook::projections {
namespace {

constexpr std::array<std::uint64_t, 20> kTens = [] {
  std::array<std::uint64_t, 20> tens{1};
  for (std::size_t i = 1; i < tens.size(); ++i) tens[i] = 10 * tens[i - 1];
  return tens;
}();

template <std::size_t N>
void negate(std::array<std::uint64_t, N>& limbs) {
  bool carry = true;
  for (std::uint64_t& limb : limbs) {
    limb = ~limb + static_cast<std::uint64_t>(carry);
    carry = carry && limb == 0;
  }
}

}  // namespace

Sum::Limbs Sum::widened(Int128 value) {
  Limbs limbs;
  limbs.fill(value < 0 ? ~std::uint64_t{0} : 0);
  limbs[0] = static_cast<std::uint64_t>(value);
  limbs[1] = static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64);
  return limbs;
}

/// Multiplication modulo 2^576 is that of two's complement, whatever the sign.
void Sum::multiply(Limbs& value, std::uint64_t factor) {
  UInt128 carry = 0;
  for (std::uint64_t& limb : value) {
    carry += static_cast<UInt128>(limb) * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void Sum::scale_up(Limbs& value, int places) {
  for (; places > 19; places -= 19) multiply(value, kTens[19]);
  if (places > 0) multiply(value, kTens[static_cast<std::size_t>(places)]);
}

void Sum::add_scaled(Limbs value, int scale) {
  if (scale < scale_) scale_up(value, scale_ - scale);
  if (scale > scale_) {
    scale_up(limbs_, scale - scale_);
    scale_ = scale;
  }
  UInt128 carry = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    carry += static_cast<UInt128>(limbs_[i]) + value[i];
    limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void Sum::add(Decimal value, bool negated) {
  if (value.scale() == scale_ && value.is_negative() == negated) {
    // What is added is not negative, so its high limbs are zero: mostly nothing is carried that far.
    const UInt128 magnitude = value.magnitude();
    UInt128 carry = static_cast<UInt128>(limbs_[0]) + static_cast<std::uint64_t>(magnitude);
    limbs_[0] = static_cast<std::uint64_t>(carry);
    carry = (carry >> 64) + limbs_[1] + static_cast<std::uint64_t>(magnitude >> 64);
    limbs_[1] = static_cast<std::uint64_t>(carry);
    bool carried = (carry >> 64) != 0;
    for (std::size_t i = 2; carried && i < kLimbs; ++i) carried = ++limbs_[i] == 0;
    return;
  }
  add_scaled(widened(negated ? -value.coefficient() : value.coefficient()), value.scale());
}

void Sum::add_product(Decimal left, Decimal right, bool negated) {
  const auto magnitude = multiply_wide(Wide<2>(left.magnitude()), Wide<2>(right.magnitude()));
  Limbs limbs{};
  std::copy(magnitude.limbs.begin(), magnitude.limbs.end(), limbs.begin());
  if ((left.is_negative() != right.is_negative()) != negated) negate(limbs);
  add_scaled(limbs, left.scale() + right.scale());
}

void Sum::add(const Sum& other) { add_scaled(other.limbs_, other.scale_); }

bool Sum::is_zero() const { return limbs_ == Limbs{}; }

Result<Exact> Sum::exact() const {
  Limbs limbs = limbs_;
  scale_up(limbs, Exact::kScale - scale_);
  const std::uint64_t sign = limbs[kLimbs - 1] >> 63 ? ~std::uint64_t{0} : 0;
  const bool fits =
      (limbs[3] >> 63 != 0) == (sign != 0) &&
      std::all_of(limbs.begin() + 4, limbs.end(), [&](std::uint64_t limb) { return limb == sign; });
  if (!fits)
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "a sum of usage is beyond 5.7e20; ask for fewer days or rows");
  std::array<std::uint64_t, 4> low;
  std::copy_n(limbs.begin(), 4, low.begin());
  return Exact::from_limbs(low);
}

void Sum::put(std::string& out) const {
  std::array<char, 8 * kLimbs> bytes;
  std::memcpy(bytes.data(), limbs_.data(), bytes.size());
  const char sign = limbs_[kLimbs - 1] >> 63 ? '\xff' : '\0';
  std::size_t length = bytes.size();
  // The highest byte kept carries the sign.
  while (length > 0 && bytes[length - 1] == sign &&
         (length == 1 ? sign == '\0' : ((bytes[length - 2] ^ sign) & '\x80') == 0)) {
    --length;
  }
  out.push_back(static_cast<char>(scale_));
  out.push_back(static_cast<char>(length));
  out.append(bytes.data(), length);
}

Sum Sum::take(ByteReader& bytes) {
  Sum sum;
  sum.scale_ = bytes.u8();
  const std::string_view stored = bytes.bytes(bytes.u8());
  LEDGER_INVARIANT(stored.size() <= 8 * kLimbs && sum.scale_ <= Exact::kScale);
  std::array<char, 8 * kLimbs> all;
  all.fill(!stored.empty() && (stored.back() & '\x80') != 0 ? '\xff' : '\0');
  std::copy(stored.begin(), stored.end(), all.begin());
  std::memcpy(sum.limbs_.data(), all.data(), all.size());
  return sum;
}

}  // namespace daybook::projections
