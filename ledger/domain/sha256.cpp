#include "ledger/domain/sha256.h"

// The plain functions, marked as old in OpenSSL 3 but with it for as long as it is 3: EVP allocates.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace daybook {
namespace {

void add_hex(std::uint8_t byte, std::string& hex) {
  constexpr std::string_view kHex = "0123456789abcdef";
  hex.push_back(kHex[byte >> 4]);
  hex.push_back(kHex[byte & 0xF]);
}

}  // namespace

std::array<std::uint8_t, 32> sha256_of(std::string_view text) {
  std::array<std::uint8_t, 32> hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

std::string sha256_hex(std::string_view text) {
  std::string hex;
  for (const std::uint8_t byte : sha256_of(text)) add_hex(byte, hex);
  return hex;
}

std::string hex_of(const std::vector<std::byte>& bytes) {
  std::string hex;
  for (const std::byte byte : bytes) add_hex(std::to_integer<std::uint8_t>(byte), hex);
  return hex;
}

}  // namespace daybook
