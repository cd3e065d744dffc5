#pragma once

#include <array>
#include <vector>

#include "ledger/log/record.h"
#include "ledger/log/types.h"

/// Signed heads: docs/reference/log_format.md, section 7.
namespace daybook::log {

/// A head with the ledger's Ed25519 signature over it.
struct SignedHead {
  Head head;
  std::array<std::byte, 32> public_key{};
  std::array<std::byte, 64> signature{};
};

/// The bytes that a signed head signs.
[[nodiscard]] std::vector<std::byte> signed_bytes(const Head& head);

/// Is `signature` that of `public_key` over `message`?
[[nodiscard]] bool verify_signature(Bytes message, const std::array<std::byte, 32>& public_key,
                                    const std::array<std::byte, 64>& signature);

/// Is the signature that of `signed_head.public_key` over `signed_head.head`?
[[nodiscard]] bool verify_signature(const SignedHead& signed_head);

}  // namespace daybook::log
