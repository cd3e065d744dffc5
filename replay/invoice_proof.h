#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/answers/explain_answer.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/log/log.h"
#include "replay/signed_text.h"

/// The proof of an invoice: that each event it was made of is in the log, and that it was made of these rows and no
/// others (docs/reference/manifest.md).
namespace daybook::replay {

/// Writes `{"invoiceId","head","manifest","items"}`: the InvoiceIssued, its rows, their corrections and prices, each
/// with its path in the tree of `size` events. Errors: those of reading the log.
[[nodiscard]] Result<void> write_invoice_proof(const log::Log& log, log::Position size, const InvoiceId& invoice,
                                               const BilledEvents& billed, codec::JsonWriter& json);

/// One event of a proof, as it stands there.
struct ProofItem {
  log::Position position = 0;
  std::string source;
  std::string id;
  std::string type;
  log::Hash leaf{};
  std::vector<std::byte> event;
  std::vector<log::Hash> path;
  log::Position corrected_by = 0;  ///< of a row
};

/// A proof that was handed over, with nothing but itself to go by.
struct InvoiceProof {
  std::string invoice_id;
  HeadText head;
  std::array<std::byte, 32> public_key{};
  std::array<std::byte, 64> signature{};
  log::Position position = 0;  ///< of the manifest
  std::int64_t row_count = 0;
  std::vector<std::byte> rows_root;  ///< empty: an invoice from before there was one
  std::vector<ProofItem> items;
};

/// The first thing in it that does not hold, as a sentence; nothing: all does. Needs no ledger.
[[nodiscard]] std::optional<std::string> first_fault(const InvoiceProof& proof);

}  // namespace daybook::replay
