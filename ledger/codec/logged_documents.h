#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "ledger/codec/seal.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/invoice.h"
#include "ledger/domain/rules/state_kind.h"

/// What an invoice's document and its lines say never changes, and the log has it: no store keeps it a second time. It is
/// read there, by the position that the invoice's row knows.
namespace daybook::codec {

/// States that no store keeps beside the log.
[[nodiscard]] constexpr bool is_logged(StateKind kind) {
  return kind == StateKind::InvoiceDocument || kind == StateKind::InvoiceLines;
}

/// Shows the events from a position on, in their order, as long as `look` says true. Errors: those of the log.
using LookAtEvent = std::function<bool(EventType type, std::span<const std::byte> event)>;
using EventsFrom = std::function<Result<void>(Position from, const LookAtEvent& look)>;

/// The documents that one question, or one transaction, has read. One thread at a time.
class LoggedDocuments {
 public:
  /// `sealer` opens personal values; null, they stay sealed. It outlives this.
  LoggedDocuments(EventsFrom events, const Sealer* sealer) : events_(std::move(events)), sealer_(sealer) {}

  /// The state of this kind, one that `is_logged`, as of `upto`; null where there is no invoice, or no line had been added
  /// by then. Stays where it is until `forget`; ask for one `upto` between. Errors: those of the log; CORRUPTION where it
  /// has no such document.
  [[nodiscard]] Result<const void*> find(StateKind kind, const Invoice* invoice, Position upto) const;
  void forget() { read_.clear(); }

 private:
  struct Document {
    InvoiceDocument document;
    std::optional<InvoiceLines> lines;
  };
  [[nodiscard]] Result<Document> read(const Invoice& invoice, Position upto) const;

  EventsFrom events_;
  const Sealer* sealer_;
  mutable std::unordered_map<std::string, Document> read_;
};

}  // namespace daybook::codec
