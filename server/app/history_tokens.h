#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"

namespace daybook::server {

/// `Daybook-Token` (api.md 1): what a caller has seen of the log, for him to send back.
///
/// base64url(opening:8 ‖ position:u64 LE ‖ chain:16 ‖ MAC:16). `opening` is drawn anew whenever a ledger is opened,
/// `chain` is the beginning of the chain at that position. The MAC (HMAC-SHA-256, cut) is keyed by a signature of
/// the ledger's first signing key, so that tokens outlive the process and the key.
///
/// A token of this opening needs no look at the log, which only grows. Of an earlier one a position is looked up
/// once; what lies before it is then known to be the same history.
class HistoryTokens {
 public:
  HistoryTokens(const log::Log& log, log::Rng& rng);

  /// That of the newest group. Any thread; made once a group.
  [[nodiscard]] std::string newest();
  /// Errors: BAD_TOKEN; HISTORY_ROLLED_BACK.
  [[nodiscard]] Result<void> check(std::string_view token);

 private:
  using Opening = std::array<std::uint8_t, 8>;
  static constexpr std::size_t kChain = 16;
  static constexpr std::size_t kMac = 16;
  static constexpr std::size_t kSigned = 8 + 8 + kChain;
  static constexpr std::size_t kOpeningsKept = 64;

  [[nodiscard]] std::array<std::uint8_t, kMac> mac(std::string_view content) const;
  [[nodiscard]] Result<void> compare(log::Position position, std::string_view chain) const;

  const log::Log& log_;
  Opening opening_{};
  std::array<std::uint8_t, 32> key_{};

  std::mutex mutex_;
  log::Position position_ = 0;
  std::string text_;
  std::map<std::string, log::Position> seen_;  ///< earlier openings: how far their history is known to be ours
};

}  // namespace daybook::server
