#pragma once

#include <array>
#include <string>

#include <rocksdb/file_system.h>

#include "ledger/log/open_error.h"
#include "ledger/log/rng.h"
#include "ledger/log/signed_head.h"

namespace daybook::log {

/// DIR/keys/log_signing.
class SigningKey {
 public:
  /// Draws a key and writes it durably.
  [[nodiscard]] static rocksdb::IOStatus create(rocksdb::FileSystem& files, const std::string& path,
                                                Rng& rng);

  /// Errors: Corruption (missing or damaged), IoError.
  [[nodiscard]] static Opening<SigningKey> read(rocksdb::FileSystem& files, const std::string& path);

  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  [[nodiscard]] SignedHead sign(const Head& head) const;
  /// Ed25519 over any bytes; they begin with the name of what they are, unlike that of any other kind.
  [[nodiscard]] std::array<std::byte, 64> sign(Bytes message) const;

 private:
  SigningKey() = default;

  std::array<std::byte, 32> public_key_{};
  std::array<std::byte, 64> secret_key_{};
};

}  // namespace daybook::log
