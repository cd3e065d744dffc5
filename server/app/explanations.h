#pragma once

#include <optional>
#include <string>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "server/app/ledger_host.h"

/// How invoices came about, for the server and for commands that work on a directory.
namespace daybook::server {

/// Whom an explanation is for, and the state in which it is asked for.
struct Explanation {
  LedgerHost& host;
  const StateReader& now;
  const Viewer& viewer;

  /// Writes the explanation of `id`, or of one of its lines. Errors: those of `explain_answer`.
  [[nodiscard]] Result<void> explain(const InvoiceId& id, const std::optional<std::string>& line,
                                     codec::JsonWriter& json) const;
  /// Writes why `id` differs from `earlier`. Errors: those of `changes_answer`.
  [[nodiscard]] Result<void> compare(const InvoiceId& earlier, const InvoiceId& id, codec::JsonWriter& json) const;
  /// Writes the proof of `id` in the tree of the events that `now` shows. Errors: those of `billed_events`.
  [[nodiscard]] Result<void> prove(const InvoiceId& id, codec::JsonWriter& json) const;
};

}  // namespace daybook::server
