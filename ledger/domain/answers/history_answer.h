#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/views/history_view.h"

/// What happened to invoices between two positions.
namespace daybook {

/// How `id` stands; nothing: it is not issued.
[[nodiscard]] std::optional<InvoiceStandingView> standing_of(const StateReader& state,
                                                             const InvoiceId& id);

/// `GET /v1/log/diff`: those of `invoices` that stand otherwise in `after` than in `before`, and what it makes for their
/// accounts.
[[nodiscard]] DiffView diff_answer(const StateReader& before, const StateReader& after,
                                   const std::set<std::string>& invoices);

/// A question about how an invoice stands: `total > 100`, `amountDue = 0`, `status = Paid`.
class InvoiceCondition {
 public:
  /// `total`, `credited`, `paid`, `amountDue` with = != < <= > >= and an amount; `status` with = != and a status.
  /// Errors: BAD_QUERY.
  [[nodiscard]] static Result<InvoiceCondition> parse(std::string_view text);

  [[nodiscard]] bool holds(const InvoiceStandingView& standing) const;

 private:
  enum class Relation { Equal, NotEqual, Less, AtMost, More, AtLeast };

  std::string field_;
  Relation relation_ = Relation::Equal;
  Exact amount_;
  InvoiceStatus status_ = InvoiceStatus::Due;
};

}  // namespace daybook
