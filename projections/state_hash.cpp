#include "projections/state_hash.h"

#include <cstring>
#include <memory>

#include <openssl/evp.h>

#include "ledger/domain/invariant.h"

namespace daybook::projections {
namespace {

/// SHA-256 with the algorithm fetched once: OpenSSL 3 otherwise looks it up at every call.
class Hasher {
 public:
  Hasher() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    LEDGER_INVARIANT(algorithm_ && context_);
  }
  std::array<std::uint8_t, 32> operator()(std::string_view a, std::string_view b,
                                          std::string_view c) {
    std::array<std::uint8_t, 32> digest;
    const bool ok = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1 &&
                    update(a) && update(b) && update(c) &&
                    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1;
    LEDGER_INVARIANT(ok);
    return digest;
  }

 private:
  bool update(std::string_view bytes) {
    return bytes.empty() || EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }
  struct Free {
    void operator()(EVP_MD* md) const { EVP_MD_free(md); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> algorithm_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::array<std::uint8_t, 32> digest_of(std::string_view a, std::string_view b,
                                       std::string_view c = {}) {
  thread_local Hasher hasher;
  return hasher(a, b, c);
}

std::array<std::uint64_t, 4> limbs_of(const std::uint8_t* big_endian) {
  std::array<std::uint64_t, 4> limbs;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t limb;
    std::memcpy(&limb, big_endian + 8 * (3 - i), 8);
    limbs[i] = __builtin_bswap64(limb);
  }
  return limbs;
}

/// Small rows, which most are, go into the hash in one call.
std::array<std::uint64_t, 4> row_digest(std::string_view key, std::string_view value) {
  const auto length = static_cast<std::uint32_t>(key.size());
  char small[128];
  std::memcpy(small, &length, 4);
  if (4 + key.size() + value.size() <= sizeof small) {
    std::memcpy(small + 4, key.data(), key.size());
    if (!value.empty()) std::memcpy(small + 4 + key.size(), value.data(), value.size());
    return limbs_of(digest_of({small, 4 + key.size() + value.size()}, {}).data());
  }
  return limbs_of(digest_of({small, 4}, key, value).data());
}

}  // namespace

void StateHash::add(std::string_view key, std::string_view value) {
  StateHash row;
  row.limbs_ = row_digest(key, value);
  add(row);
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
  hash.limbs_ = limbs_of(reinterpret_cast<const std::uint8_t*>(bytes.data()));
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

std::array<std::uint8_t, 32> sha256(std::string_view left, std::string_view right) {
  return digest_of(left, right);
}

}  // namespace daybook::projections
