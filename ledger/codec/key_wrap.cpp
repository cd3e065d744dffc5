#include "ledger/codec/key_wrap.h"

#include <sodium.h>

#include "ledger/codec/buffer.h"

namespace daybook::codec {

Secret::~Secret() { sodium_memzero(bytes.data(), bytes.size()); }

std::string wrapping_data(std::uint64_t epoch, const KeyId16& id, const KeyId16& reference) {
  std::string data = "daybook/key/1";
  for (std::size_t i = 0; i < 8; ++i) data.push_back(static_cast<char>(epoch >> (8 * i)));
  data.append(as_text(id)).append(as_text(reference));
  return data;
}

void wrap(const Secret& master, const Key32& key, std::string_view data,
          std::span<const std::byte, kNonceBytes> nonce, std::array<std::byte, 48>& out) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out.data()), nullptr, raw(key.data()), key.size(),
                                             raw(data), data.size(), nullptr, raw(nonce.data()),
                                             raw(master.bytes.data()));
}

bool unwrap(const Secret& master, const std::array<std::byte, 48>& wrapped, std::string_view data,
            std::span<const std::byte, kNonceBytes> nonce, Key32& out) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(
             raw(out.data()), nullptr, nullptr, raw(wrapped.data()), wrapped.size(), raw(data),
             data.size(), raw(nonce.data()), raw(master.bytes.data())) == 0;
}

}  // namespace daybook::codec
