#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/log.h"
#include "ledger/log/open_error.h"
#include "ledger/log/seams.h"
#include "ledger/log/types.h"

/// One signing key after another: docs/reference/log_format.md, section 7.
namespace daybook::log {

/// Where one key stopped signing and the next began, said by both.
struct KeyRotation {
  LedgerId ledger_id{};
  Position position = 0;  ///< of the head when it happened
  Hash root{};
  Hash chain{};
  std::array<std::byte, 32> previous_key{};
  std::array<std::byte, 32> public_key{};
  std::array<std::byte, 64> signature{};      ///< by the previous key
  std::array<std::byte, 64> new_signature{};  ///< by the new one

  /// What both sign.
  [[nodiscard]] std::string signed_text() const;
};

/// The rotations of a ledger, oldest first: each key's successor, down to the one that signs now.
/// Errors: LOG_DAMAGED (Corruption) where keys/log_signing_history is damaged or does not lead to the present key.
[[nodiscard]] Result<std::vector<KeyRotation>> key_rotations(const Log& log);

/// Draws a new signing key for the ledger in `directory`, which nothing serves, and lets the old one say so. The old one is
/// gone then; what it signed stays verifiable with its public key. Errors: those of opening; IoError.
[[nodiscard]] Opening<KeyRotation> rotate_signing_key(const std::string& directory, const Seams& seams);

/// A secret of the ledger's own for `name`, the same whatever key signs: what the first signing key signs under it.
[[nodiscard]] std::array<std::byte, 64> lasting_secret(const Log& log, std::string_view name);

}  // namespace daybook::log
