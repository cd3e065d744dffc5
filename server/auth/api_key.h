#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/rng.h"

namespace daybook::server {

/// An API key: `dbk_ID_SECRET_CHECK`.
///
/// ID is 12 letters and digits and stands in the log as `keyId`; SECRET is 256 random bits in base 62 and
/// stands nowhere: the log holds its SHA-256. CHECK, eight hex digits, is the CRC-32 of all before it, so
/// that a mistyped key is told from an unknown one without a look-up, and secret scanners find keys.
struct ApiKey {
  std::string key_id;
  std::vector<std::byte> secret_hash;  ///< SHA-256 of the secret's text, 32 bytes
};

/// A new key. `text` is shown once and kept nowhere.
struct NewApiKey {
  ApiKey key;
  std::string text;
};

[[nodiscard]] NewApiKey make_api_key(log::Rng& rng);

/// The parts of `text`; nothing where it is no key at all.
[[nodiscard]] std::optional<ApiKey> parse_api_key(std::string_view text);

/// Compares in constant time.
[[nodiscard]] bool same_secret(std::span<const std::byte> left_hash, std::span<const std::byte> right_hash);

}  // namespace daybook::server
