#pragma once

#include <vector>

#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// What was asked of the rating when a document was made, read back from the document, so that the
/// same computation can be done again and tell how it came about.
///
/// `then` is the state as of the position in its manifest and outlives this, as `issued` does.
class DocumentRequest {
 public:
  DocumentRequest(const StateReader& then, const InvoiceIssued& issued);
  DocumentRequest(const DocumentRequest&) = delete;
  DocumentRequest& operator=(const DocumentRequest&) = delete;

  /// The lines of usage, with their derivation. `takes_older`: rows dated before the period stand
  /// on it where nothing of its scope was billed before; of a run that makes several documents of one
  /// scope that is the first one alone. Errors: as `bill_usage`.
  [[nodiscard]] Result<Bill> bill(const UsageSource& usage, bool takes_older) const;

  /// The same of a document that took what an earlier one of its run had left over.
  [[nodiscard]] Result<Bill> bill_after_another(const UsageSource& usage) const;

  /// Whether `takes_older` makes a difference.
  [[nodiscard]] bool may_take_older() const { return request_.mark(then_) == nullptr; }

 private:
  [[nodiscard]] Result<Bill> bill_of(const UsageSource& usage, const BillRequest& request) const;
  void describe_scope();
  /// Of a document in the place of a void one: what was free again.
  void describe_rebill();
  /// Of a document of corrections: the lines that correct its invoice.
  void keep_corrections(Bill& bill) const;

  const StateReader& then_;
  const InvoiceIssued& issued_;
  Subscription subscription_;  ///< as it stood at the place that the document is of
  PlacedSubscriptions placed_;
  BillRequest request_;
};

/// The document whose lines `issued` repeats: one that was replaced without rating it again. `state`
/// outlives the answer.
[[nodiscard]] const InvoiceIssued& first_told(const StateReader& state,
                                              const InvoiceIssued& issued);

}  // namespace daybook
