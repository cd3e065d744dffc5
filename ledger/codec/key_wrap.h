#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ledger/codec/key_file.h"

/// How keys lie on disk: each encrypted under a master key, with what it belongs to as associated data.
namespace daybook::codec {

/// Bytes as libsodium takes them.
inline unsigned char* raw(std::byte* bytes) {
  return static_cast<unsigned char*>(static_cast<void*>(bytes));
}
inline const unsigned char* raw(const std::byte* bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes));
}
inline unsigned char* raw(std::string& text) {
  return static_cast<unsigned char*>(static_cast<void*>(text.data()));
}
inline const unsigned char* raw(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

/// A key in memory; zeroed when it goes.
struct Secret {
  Key32 bytes{};
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();
};

/// What a wrapped key is bound to.
[[nodiscard]] std::string wrapping_data(std::uint64_t epoch, const KeyId16& id, const KeyId16& reference);

void wrap(const Secret& master, const Key32& key, std::string_view data,
          std::span<const std::byte, kNonceBytes> nonce, std::array<std::byte, 48>& out);

/// False where it was wrapped by another master key, or as something else, or is damaged.
[[nodiscard]] bool unwrap(const Secret& master, const std::array<std::byte, 48>& wrapped, std::string_view data,
                          std::span<const std::byte, kNonceBytes> nonce, Key32& out);

}  // namespace daybook::codec
