#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"

namespace daybook::codec {

/// What a sealed value is bound to: a hash of the identity of its event and of the field it stood
/// in.
using Binding = std::span<const std::byte, 16>;

/// Encrypts personal values under a key of their subject (architecture.md 1a). Thread-safe.
class Sealer {
 public:
  Sealer() = default;
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  virtual ~Sealer() = default;

  /// The sealed form of `plain`: key reference, binding, nonce and ciphertext. Makes a key for a
  /// new subject.
  [[nodiscard]] virtual Result<std::string> seal(std::string_view subject, Binding binding,
                                                 std::string_view plain) = 0;

  /// The plain value; absent where the subject has been erased. Errors: CORRUPTION (damaged, or
  /// sealed with a key that the store has never known).
  [[nodiscard]] virtual Result<std::optional<std::string>> open(std::string_view sealed) const = 0;
};

/// The subjects that keys belong to.
[[nodiscard]] std::string subject_of_identity(std::string_view identity_id);
/// An address is one however it is spelt: ASCII letters in lower case, no white space around.
[[nodiscard]] std::string subject_of_address(std::string_view address);

}  // namespace daybook::codec
