#include "ledger/domain/sha256.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace daybook {
namespace {

// FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;
constexpr std::size_t kBlock = 64;  // bytes

void take_block(State& state, std::string_view block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte)
      w[i] = (w[i] << 8) | static_cast<unsigned char>(block[i * 4 + byte]);
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t before = w[i - 15];
    const std::uint32_t last = w[i - 2];
    const std::uint32_t s0 = std::rotr(before, 7) ^ std::rotr(before, 18) ^ (before >> 3);
    const std::uint32_t s1 = std::rotr(last, 17) ^ std::rotr(last, 19) ^ (last >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  State v = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    const std::uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    const std::uint32_t first = v[7] + s1 + choice + kRound[i] + w[i];
    const std::uint32_t s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
    const std::uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    v = {first + s0 + majority, v[0], v[1], v[2], v[3] + first, v[4], v[5], v[6]};
  }
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += v[i];
}

void add_hex(std::uint8_t byte, std::string& hex) {
  constexpr std::string_view kHex = "0123456789abcdef";
  hex.push_back(kHex[byte >> 4]);
  hex.push_back(kHex[byte & 0xF]);
}

}  // namespace

std::array<std::uint8_t, 32> sha256_of(std::string_view text) {
  State state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (; text.size() >= kBlock; text.remove_prefix(kBlock))
    take_block(state, text.substr(0, kBlock));
  // What is left, a one bit, zeros, and the length: one block, or two.
  std::array<char, 2 * kBlock> last{};
  std::copy(text.begin(), text.end(), last.begin());
  last[text.size()] = '\x80';
  const std::size_t size = text.size() + 9 <= kBlock ? kBlock : 2 * kBlock;
  for (std::size_t i = 0; i < 8; ++i)
    last[size - 1 - i] = static_cast<char>((bits >> (8 * i)) & 0xFF);
  for (std::size_t at = 0; at < size; at += kBlock)
    take_block(state, std::string_view(last.data() + at, kBlock));
  std::array<std::uint8_t, 32> hash{};
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
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
