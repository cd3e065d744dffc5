#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "ledger/domain/invariant.h"

namespace daybook {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

/// An unsigned integer of `N` 64-bit limbs, the least significant first: the magnitudes behind
/// `Decimal` and `Exact`. Nothing wraps: a function whose result may not fit says so in its type.
template <std::size_t N>
struct Wide {
  std::array<std::uint64_t, N> limbs{};

  constexpr Wide() = default;
  constexpr explicit Wide(std::uint64_t value) { limbs[0] = value; }
  constexpr explicit Wide(UInt128 value)
    requires(N >= 2)
  {
    limbs[0] = static_cast<std::uint64_t>(value);
    limbs[1] = static_cast<std::uint64_t>(value >> 64);
  }
  /// A wider copy.
  template <std::size_t M>
    requires(M < N)
  constexpr explicit Wide(const Wide<M>& narrow) {
    std::copy(narrow.limbs.begin(), narrow.limbs.end(), limbs.begin());
  }

  /// How many limbs are in use: 0 for zero.
  [[nodiscard]] constexpr std::size_t size() const {
    std::size_t used = N;
    while (used > 0 && limbs[used - 1] == 0) --used;
    return used;
  }
  [[nodiscard]] constexpr bool is_zero() const { return size() == 0; }
  [[nodiscard]] constexpr bool is_odd() const { return (limbs[0] & 1U) != 0; }
  [[nodiscard]] constexpr std::size_t bit_width() const {
    const std::size_t used = size();
    return used == 0 ? 0 : used * 64 - static_cast<std::size_t>(std::countl_zero(limbs[used - 1]));
  }
  [[nodiscard]] constexpr UInt128 low128() const {
    if constexpr (N == 1) return limbs[0];
    return (static_cast<UInt128>(limbs[1]) << 64) | limbs[0];
  }

  friend constexpr bool operator==(const Wide&, const Wide&) = default;
  friend constexpr std::strong_ordering operator<=>(const Wide& left, const Wide& right) {
    for (std::size_t i = N; i-- > 0;) {
      if (left.limbs[i] != right.limbs[i]) return left.limbs[i] <=> right.limbs[i];
    }
    return std::strong_ordering::equal;
  }
};

/// The lower `M` limbs of `value` in `out`; false when the others are not all zero.
template <std::size_t M, std::size_t N>
  requires(M < N)
[[nodiscard]] constexpr bool narrow(const Wide<N>& value, Wide<M>& out) {
  if (value.size() > M) return false;
  std::copy_n(value.limbs.begin(), M, out.limbs.begin());
  return true;
}

/// `left += right`; the carry out of the last limb.
template <std::size_t N>
constexpr bool add_to(Wide<N>& left, const Wide<N>& right) {
  UInt128 carry = 0;
  for (std::size_t i = 0; i < N; ++i) {
    carry += static_cast<UInt128>(left.limbs[i]) + right.limbs[i];
    left.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return carry != 0;
}

/// `left -= right`, which must not be greater.
template <std::size_t N>
constexpr void subtract_from(Wide<N>& left, const Wide<N>& right) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const UInt128 difference = static_cast<UInt128>(left.limbs[i]) - right.limbs[i] - borrow;
    left.limbs[i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1U;
  }
  LEDGER_INVARIANT(borrow == 0);
}

/// The whole product.
template <std::size_t A, std::size_t B>
[[nodiscard]] constexpr Wide<A + B> multiply_wide(const Wide<A>& left, const Wide<B>& right) {
  Wide<A + B> product;
  for (std::size_t i = 0; i < A; ++i) {
    if (left.limbs[i] == 0) continue;
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < B; ++j) {
      const UInt128 sum =
          static_cast<UInt128>(left.limbs[i]) * right.limbs[j] + product.limbs[i + j] + carry;
      product.limbs[i + j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    product.limbs[i + B] = carry;
  }
  return product;
}

/// `value <<= bits`, 0 ≤ bits < 64; what leaves the last limb is lost.
template <std::size_t N>
constexpr void shift_left(Wide<N>& value, int bits) {
  if (bits == 0) return;
  for (std::size_t i = N; i-- > 1;) {
    value.limbs[i] = (value.limbs[i] << bits) | (value.limbs[i - 1] >> (64 - bits));
  }
  value.limbs[0] <<= bits;
}

/// `value >>= bits`, 0 ≤ bits < 64.
template <std::size_t N>
constexpr void shift_right(Wide<N>& value, int bits) {
  if (bits == 0) return;
  for (std::size_t i = 0; i + 1 < N; ++i) {
    value.limbs[i] = (value.limbs[i] >> bits) | (value.limbs[i + 1] << (64 - bits));
  }
  value.limbs[N - 1] >>= bits;
}

template <std::size_t N, std::size_t M>
struct Division {
  Wide<N> quotient;
  Wide<M> remainder;
};

/// Quotient and remainder by one limb, which must not be zero.
template <std::size_t N>
constexpr std::uint64_t divide_by_limb(Wide<N>& value, std::uint64_t divisor) {
  LEDGER_INVARIANT(divisor != 0);
  std::uint64_t remainder = 0;
  for (std::size_t i = N; i-- > 0;) {
    const UInt128 part = (static_cast<UInt128>(remainder) << 64) | value.limbs[i];
    value.limbs[i] = static_cast<std::uint64_t>(part / divisor);
    remainder = static_cast<std::uint64_t>(part % divisor);
  }
  return remainder;
}

/// Quotient and remainder; `divisor` must not be zero. Knuth, The Art of Computer
/// Programming 4.3.1, algorithm D, with 64-bit digits.
template <std::size_t N, std::size_t M>
[[nodiscard]] constexpr Division<N, M> divide_wide(const Wide<N>& dividend,
                                                   const Wide<M>& divisor) {
  Division<N, M> result;
  const std::size_t n = divisor.size();
  LEDGER_INVARIANT(n > 0);
  if (n == 1) {
    result.quotient = dividend;
    result.remainder.limbs[0] = divide_by_limb(result.quotient, divisor.limbs[0]);
    return result;
  }
  const int shift = std::countl_zero(divisor.limbs[n - 1]);
  Wide<M> v = divisor;
  shift_left(v, shift);
  Wide<N + 1> u(dividend);
  shift_left(u, shift);
  const std::size_t digits = u.size();
  for (std::size_t j = digits >= n ? digits - n + 1 : 0; j-- > 0;) {
    // Estimate a digit from the two highest, correct it with the third: at most one too large then.
    const std::uint64_t top = j + n <= N ? u.limbs[j + n] : 0;
    const UInt128 head = (static_cast<UInt128>(top) << 64) | u.limbs[j + n - 1];
    UInt128 estimate = head / v.limbs[n - 1];
    UInt128 rest = head % v.limbs[n - 1];
    while ((estimate >> 64) != 0 ||
           static_cast<UInt128>(static_cast<std::uint64_t>(estimate)) * v.limbs[n - 2] >
               ((rest << 64) | u.limbs[j + n - 2])) {
      --estimate;
      rest += v.limbs[n - 1];
      if ((rest >> 64) != 0) break;
    }
    std::uint64_t digit = static_cast<std::uint64_t>(estimate);
    std::uint64_t borrow = 0;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i <= n; ++i) {
      const UInt128 part = static_cast<UInt128>(digit) * (i < n ? v.limbs[i] : 0) + carry;
      carry = static_cast<std::uint64_t>(part >> 64);
      if (j + i > N) break;
      const UInt128 difference =
          static_cast<UInt128>(u.limbs[j + i]) - static_cast<std::uint64_t>(part) - borrow;
      u.limbs[j + i] = static_cast<std::uint64_t>(difference);
      borrow = static_cast<std::uint64_t>(difference >> 64) & 1U;
    }
    if (borrow != 0) {
      --digit;
      std::uint64_t back = 0;
      for (std::size_t i = 0; i <= n && j + i <= N; ++i) {
        const UInt128 sum = static_cast<UInt128>(u.limbs[j + i]) + (i < n ? v.limbs[i] : 0) + back;
        u.limbs[j + i] = static_cast<std::uint64_t>(sum);
        back = static_cast<std::uint64_t>(sum >> 64);
      }
    }
    if (j < N) result.quotient.limbs[j] = digit;
  }
  shift_right(u, shift);
  for (std::size_t i = 0; i < n && i <= N; ++i) result.remainder.limbs[i] = u.limbs[i];
  return result;
}

/// |value|, also of the least int64.
[[nodiscard]] constexpr std::uint64_t magnitude_of(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? -bits : bits;
}

/// 10^0 … 10^38.
inline constexpr auto kPowersOfTen = [] {
  std::array<UInt128, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// 10^0 … 10^57.
inline constexpr auto kWidePowersOfTen = [] {
  std::array<Wide<3>, 58> powers{};
  powers[0] = Wide<3>(std::uint64_t{1});
  for (std::size_t i = 1; i < powers.size(); ++i) {
    const Wide<4> next = multiply_wide(powers[i - 1], Wide<1>(std::uint64_t{10}));
    std::copy_n(next.limbs.begin(), 3, powers[i].limbs.begin());
  }
  return powers;
}();

}  // namespace daybook
