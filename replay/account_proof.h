#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/result.h"
#include "ledger/log/log.h"
#include "replay/signed_text.h"

/// The history of one account in one file, with what it takes to check it offline: docs/reference/account_history.md.
namespace daybook::replay {

/// One event of the account.
struct AccountEvent {
  log::Position position = 0;
  std::string source;
  std::string id;
  std::string type;
  std::vector<std::byte> event;
};

/// A signed head; the events, with the nodes that lead from all of them to the head's root; and the ledger's signature that
/// these are all of the account's up to there.
struct AccountProof {
  std::string account_id;
  HeadText head;
  std::array<std::byte, 32> public_key{};
  std::array<std::byte, 64> signature{};
  std::uint64_t event_count = 0;
  log::Hash positions_root{};  ///< over the positions, 8 bytes little-endian each, as a tree of RFC 9162
  std::array<std::byte, 64> statement_signature{};
  std::vector<AccountEvent> items;  ///< in the order of positions
  std::vector<log::Hash> nodes;     ///< of the subtrees that hold none of them, from left to right

  /// What `statement_signature` is over.
  [[nodiscard]] std::string statement() const;
};

/// Proves the events at `positions` (ascending, each once, at least one) in the tree of `size` events. Errors: those of reading
/// the log.
[[nodiscard]] Result<AccountProof> prove_account(const log::Log& log, log::Position size, const std::string& account_id,
                                                 std::span<const log::Position> positions);

/// `{"accountId","head","statement","items","nodes"}`: one text for one proof.
void write_account_proof(const AccountProof& proof, codec::JsonWriter& json);

/// The first thing in it that does not hold, as a sentence; nothing: all does. Needs no ledger.
[[nodiscard]] std::optional<std::string> first_fault(const AccountProof& proof);

}  // namespace daybook::replay
