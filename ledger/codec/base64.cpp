#include "ledger/codec/base64.h"

#include <array>
#include <cstdint>

namespace daybook::codec {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> kBase64Values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  std::int8_t next = 0;
  for (const char c : kAlphabet) {
    values[static_cast<unsigned char>(c)] = next++;
  }
  return values;
}();

}  // namespace

void append_base64(std::string_view bytes, std::string& out) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    out.push_back(kAlphabet[group >> 18]);
    out.push_back(kAlphabet[group >> 12 & 63]);
    out.push_back(i + 1 < bytes.size() ? kAlphabet[group >> 6 & 63] : '=');
    out.push_back(i + 2 < bytes.size() ? kAlphabet[group & 63] : '=');
  }
}

bool decode_base64(std::string_view text, ByteVector& out) {
  if (text.size() % 4 != 0) return false;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const bool pad = last && j >= 4 - padding;
      const std::int8_t bits =
          pad ? std::int8_t{0} : kBase64Values[static_cast<unsigned char>(text[i + j])];
      if (bits < 0) return false;
      group = group << 6 | static_cast<std::uint32_t>(bits);
    }
    const std::size_t bytes = last ? 3 - padding : 3;
    // One text for one value: the bits that padding leaves over are zero.
    if ((group & ((1U << (8 * (3 - bytes))) - 1)) != 0) return false;
    for (std::size_t j = 0; j < bytes; ++j)
      out.push_back(static_cast<std::byte>(group >> (16 - 8 * j)));
  }
  return true;
}

}  // namespace daybook::codec
