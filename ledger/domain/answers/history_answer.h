#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/answers/condition.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/views/history_view.h"
#include "ledger/domain/views/statement_view.h"

/// What happened to invoices between two positions.
namespace daybook {

/// How `id` stands; nothing: it is not issued.
[[nodiscard]] std::optional<InvoiceStandingView> standing_of(const StateReader& state,
                                                             const InvoiceId& id);

/// `GET /v1/log/diff`: those of `invoices` that stand otherwise in `after` than in `before`, and what it makes for their
/// accounts.
[[nodiscard]] DiffView diff_answer(const StateReader& before, const StateReader& after,
                                   const std::set<std::string>& invoices);

/// What a statement says of its period, and what a profile has pending of one.
[[nodiscard]] EstimateStandingView standing_of(const StatementView& statement);
[[nodiscard]] EstimateStandingView standing_of_pending(Money charges);

/// A question about how an invoice stands: `total > 100`, `amountDue = 0`, `status = Paid and creditNotes > 0`.
class InvoiceCondition {
 public:
  /// Of total, subTotal, tax, credited, paid, amountDue, lines, creditNotes and status. Errors: BAD_QUERY.
  [[nodiscard]] static Result<InvoiceCondition> parse(std::string_view text);

  [[nodiscard]] bool holds(const InvoiceStandingView& standing) const;

 private:
  explicit InvoiceCondition(Condition condition) : condition_(std::move(condition)) {}
  Condition condition_;
};

/// The same about what is not invoiced yet.
class EstimateCondition {
 public:
  /// Of total, charges, credit, tax and lines. Errors: BAD_QUERY.
  [[nodiscard]] static Result<EstimateCondition> parse(std::string_view text);

  [[nodiscard]] bool holds(const EstimateStandingView& standing) const;
  /// Whether it may hold on the way from `least` to `most`, where no figure ever falls.
  [[nodiscard]] bool may_hold_between(const EstimateStandingView& least, const EstimateStandingView& most) const;

 private:
  explicit EstimateCondition(Condition condition) : condition_(std::move(condition)) {}
  Condition condition_;
};

}  // namespace daybook
