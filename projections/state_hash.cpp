#include "projections/state_hash.h"

#include <cstring>
#include <span>

#include "ledger/domain/invariant.h"
#include "ledger/log/hash.h"

namespace daybook::projections {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::array<std::uint64_t, 4> limbs_of(const std::byte* big_endian) {
  std::array<std::uint64_t, 4> limbs;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t limb;
    std::memcpy(&limb, big_endian + 8 * (3 - i), 8);
    limbs[i] = __builtin_bswap64(limb);
  }
  return limbs;
}

/// Of the key's length:4, the key and the value. Rows that fit the stack, which nearly all do, are hashed in one call.
std::array<std::uint64_t, 4> row_digest(std::string_view key, std::string_view value) {
  const auto length = static_cast<std::uint32_t>(key.size());
  char small[1024];
  std::memcpy(small, &length, 4);
  if (4 + key.size() + value.size() <= sizeof small) {
    std::memcpy(small + 4, key.data(), key.size());
    if (!value.empty()) std::memcpy(small + 4 + key.size(), value.data(), value.size());
    return limbs_of(log::sha256(bytes_of({small, 4 + key.size() + value.size()})).data());
  }
  log::RunningHash hash;
  for (const std::string_view part : {std::string_view(small, 4), key, value})
    hash.add(bytes_of(part));
  return limbs_of(hash.end().data());
}

}  // namespace

void StateHash::add(std::string_view key, std::string_view value) {
  StateHash row;
  row.limbs_ = row_digest(key, value);
  add(row);
}

void StateHash::add(std::string_view row) {
  StateHash digest;
  digest.limbs_ = limbs_of(log::sha256(bytes_of(row)).data());
  add(digest);
}

void StateHash::subtract(std::string_view key, std::string_view value) {
  const auto limbs = row_digest(key, value);
  bool borrow = false;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t difference;
    const bool first = __builtin_sub_overflow(limbs_[i], limbs[i], &difference);
    const bool second =
        __builtin_sub_overflow(difference, static_cast<std::uint64_t>(borrow), &limbs_[i]);
    borrow = first || second;
  }
}

void StateHash::add(const StateHash& other) {
  bool carry = false;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t sum;
    const bool first = __builtin_add_overflow(limbs_[i], other.limbs_[i], &sum);
    const bool second = __builtin_add_overflow(sum, static_cast<std::uint64_t>(carry), &limbs_[i]);
    carry = first || second;
  }
}

std::string StateHash::bytes() const {
  std::string out(32, '\0');
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t limb = __builtin_bswap64(limbs_[3 - i]);
    std::memcpy(out.data() + 8 * i, &limb, 8);
  }
  return out;
}

StateHash StateHash::from_bytes(std::string_view bytes) {
  LEDGER_INVARIANT(bytes.size() == 32);
  StateHash hash;
  hash.limbs_ = limbs_of(bytes_of(bytes).data());
  return hash;
}

std::string StateHash::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (char c : bytes()) {
    out.push_back(kDigits[static_cast<std::uint8_t>(c) >> 4]);
    out.push_back(kDigits[static_cast<std::uint8_t>(c) & 15]);
  }
  return out;
}

}  // namespace daybook::projections
