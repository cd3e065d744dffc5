#include "ledger/codec/text_rules.h"

#include <cstdint>
#include <cstring>

#include "ledger/codec/flatbuffers_layout.h"

namespace daybook::codec {
namespace {

/// The highest bit of some byte of the answer is set where a byte of `word` is below 0x20 or is 0x7f.
std::uint64_t controls_in(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const std::uint64_t deletes = word ^ 0x7f * kOnes;
  return (((word - 0x20 * kOnes) & ~word) | ((deletes - kOnes) & ~deletes)) & 0x80 * kOnes;
}

/// Eight bytes at a time: most texts have none, and every text is asked.
bool may_have_control_characters(std::string_view text) {
  std::uint64_t word = 0;
  if (text.empty()) return false;
  if (text.size() < sizeof word) {
    word = 0x2020202020202020;
    std::memcpy(&word, text.data(), text.size());
    return controls_in(word) != 0;
  }
  std::uint64_t found = 0;
  for (std::size_t at = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    found |= controls_in(word);
  }
  std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);  // the rest, some of it again
  return (found | controls_in(word)) != 0;
}

bool has_control_characters(std::string_view text) {
  if (!may_have_control_characters(text)) return false;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control && c != '\t' && c != '\n' && c != '\r') return true;
  }
  return false;
}

/// The bytes of the character that begins at `at`, 0 when it is none.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint8_t {
    return at + i < text.size() ? static_cast<std::uint8_t>(text[at + i]) : std::uint8_t{0};
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return continues(1) ? 2 : 0;
  if (first < 0xf0) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) >= 0xa0) return 0;
    return 3;
  }
  if (first >= 0xf5 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) >= 0x90) return 0;
  return 4;
}

}  // namespace

std::optional<Error> refuse_text(std::string_view text) {
  if (text.size() > kMaxStringBytes) {
    return rejected("INVALID_STRING", "is longer than 64 KiB: shorten it").value();
  }
  if (has_control_characters(text)) {
    return rejected("INVALID_STRING", "has control characters: remove them").value();
  }
  return std::nullopt;
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size()) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, sizeof word);
      if ((word & 0x8080808080808080U) == 0) {
        at += 8;
        continue;
      }
    }
    const std::size_t bytes = character_bytes(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

}  // namespace daybook::codec
