#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/plan.h"

namespace daybook {

/// What the kinds of work of one day share: the plan that they make together. Not for callers of
/// plan.h.
class Planner {
 public:
  Planner(const StateReader& state, Work work, Date today);

  [[nodiscard]] const StateReader& state() const { return state_; }
  [[nodiscard]] Date date() const { return plan_.work.date; }
  [[nodiscard]] Date today() const { return today_; }
  [[nodiscard]] Position position() const { return plan_.position; }

  /// The date of a document of the run `run_date`: that, while today is at most two days later
  ///
  [[nodiscard]] Date issue_date(Date run_date) const;
  void add(EventData event) { plan_.events.push_back(std::move(event)); }
  [[nodiscard]] const std::vector<EventData>& planned() const { return plan_.events; }
  /// The credit of a scope, less what this plan has taken of it.
  CreditPool& credit(const ScopeRef& scope);
  /// The document, the credit it took, its mail, and INVOICE_LATE where it is.
  void issue(const Document& document);
  void rely_on(StreamType type, const std::string& id) { relied_on_.insert({type, id}); }
  void rely_on(const std::set<StreamKey>& streams) {
    relied_on_.insert(streams.begin(), streams.end());
  }
  /// The mark of a scope as it stands, which the plan rests on.
  const BillingMark* mark(const ScopeRef& scope, InvoiceType type, std::int32_t place = 0);

  [[nodiscard]] Plan finish();

 private:
  const StateReader& state_;
  Date today_;
  Plan plan_;
  std::set<StreamKey> relied_on_;
  std::set<MarkSeen> marks_;
  std::map<ScopeRef, CreditPool> credit_;
};

/// The rows behind lines.
[[nodiscard]] std::vector<BilledRow> rows_of(const std::vector<DraftLine>& lines);

/// The manifest of a document made of `bill`.
[[nodiscard]] Manifest manifest_of(const Bill& bill, Position position);

}  // namespace daybook
