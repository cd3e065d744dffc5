#include "server/auth/api_key.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "ledger/domain/invariant.h"

namespace daybook::server {
namespace {

constexpr std::string_view kPrefix = "dbk_";
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kIdSize = 12;
constexpr std::size_t kSecretSize = 43;  // 62^43 > 2^256
constexpr std::size_t kCheckSize = 8;
constexpr std::size_t kKeySize = kPrefix.size() + kIdSize + 1 + kSecretSize + 1 + kCheckSize;

/// Letters drawn without bias: bytes of 248 and more are drawn again.
std::string random_letters(log::Rng& rng, std::size_t size) {
  constexpr unsigned kUnbiased = 256 / 62 * 62;
  std::string text;
  text.reserve(size);
  while (text.size() < size) {
    std::array<std::byte, 64> bytes{};
    rng.fill(bytes);
    for (const std::byte byte : bytes) {
      const auto value = std::to_integer<unsigned>(byte);
      if (value < kUnbiased && text.size() < size) text.push_back(kAlphabet[value % 62]);
    }
  }
  return text;
}

std::string check_of(std::string_view text) {
  const unsigned long sum =
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  std::array<char, kCheckSize + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%08lx", sum);
  return digits.data();
}

std::vector<std::byte> sha256(std::string_view text) {
  std::vector<std::byte> hash(32);
  unsigned size = 0;
  const int ok = EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(hash.data()), &size,
                            EVP_sha256(), nullptr);
  LEDGER_INVARIANT(ok == 1 && size == hash.size());
  return hash;
}

}  // namespace

NewApiKey make_api_key(log::Rng& rng) {
  NewApiKey made;
  made.key.key_id = random_letters(rng, kIdSize);
  const std::string secret = random_letters(rng, kSecretSize);
  made.key.secret_hash = sha256(secret);
  made.text = std::string(kPrefix) + made.key.key_id + "_" + secret;
  made.text += "_" + check_of(made.text);
  return made;
}

std::optional<ApiKey> parse_api_key(std::string_view text) {
  if (text.size() != kKeySize || !text.starts_with(kPrefix)) return std::nullopt;
  const std::size_t secret_at = kPrefix.size() + kIdSize + 1;
  const std::size_t check_at = secret_at + kSecretSize + 1;
  if (text[secret_at - 1] != '_' || text[check_at - 1] != '_') return std::nullopt;
  if (check_of(text.substr(0, check_at - 1)) != text.substr(check_at)) return std::nullopt;
  return ApiKey{std::string(text.substr(kPrefix.size(), kIdSize)), sha256(text.substr(secret_at, kSecretSize))};
}

bool same_secret(std::span<const std::byte> left_hash, std::span<const std::byte> right_hash) {
  return left_hash.size() == right_hash.size() &&
         CRYPTO_memcmp(left_hash.data(), right_hash.data(), left_hash.size()) == 0;
}

}  // namespace daybook::server
