#pragma once

#include <optional>
#include <string>
#include <utility>

namespace daybook {

/// A personal value (an e-mail address, a name, an Address): sealed wherever it is stored.
///
/// `value` is the plain value, absent once its subject has been erased (or where the reader has no key);
/// `sealed` is its stored form: key reference, binding, nonce and ciphertext (docs/reference/log_format.md).
/// A fresh value has no `sealed` form yet; the codec makes it when the event is encoded, and keeps it when
/// an event is decoded, so that views can store the ciphertext and never the text.
template <class T>
struct Personal {
  std::optional<T> value;
  std::string sealed;

  Personal() = default;
  Personal(T plain) : value(std::move(plain)) {}  // NOLINT(google-explicit-constructor): reads as the value

  [[nodiscard]] bool erased() const { return !value && !sealed.empty(); }

  /// Two personal values are the same when their plain values are; ciphertexts differ by their nonces.
  friend bool operator==(const Personal& left, const Personal& right) {
    return left.value || right.value ? left.value == right.value : left.sealed == right.sealed;
  }
};

}  // namespace daybook
