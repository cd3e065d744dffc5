#pragma once

#include <optional>
#include <vector>

#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/rules/state_reader.h"

/// How documents that are void, or take the place of others, move the marks of what was billed. Not
/// for callers of fold.h.
namespace daybook {

/// What was voided is billed again (by the successor of `invoice_id`), or was found to be worth
/// nothing (the period that starts on `start`): no run waits for it any more.
void close_again(StateStore& store, const ScopeRef& scope, InvoiceType type, Date start,
                 const std::optional<InvoiceId>& invoice_id);

/// The rows left for the next document. One that takes the place of another adds only what that one
/// did not leave, unless it looked at later rows itself.
[[nodiscard]] std::vector<Position> deferred_by(const StateReader& state,
                                                const InvoiceIssued& event,
                                                const BilledThrough& billed);

/// A void document that no other bills: its charges are free, and the next run bills them.
void reopen(StateStore& store, const InvoiceVoided& event);

}  // namespace daybook
