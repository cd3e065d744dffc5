#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Usage that stands on one series of documents: of a MOSP subscription at one of its places, a
/// profile, or an enrollment; of one type.
struct BillingScope {
  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  const Account* biller = nullptr;  ///< as it was when its documents came by these rules
  std::vector<const Subscription*> subscriptions;
  Currency currency;
  const Subscription* subscription = nullptr;  ///< MOSP
  const Profile* profile = nullptr;            ///< MCA, MPA
  const Enrollment* enrollment = nullptr;      ///< EA
  bool marketplace_apart = false;              ///< EA: Marketplace charges have their own document
  std::int32_t place = 0;                      ///< MOSP: whose marks count

  /// What is asked of the rating; without period and rate date.
  [[nodiscard]] BillRequest request(Position position) const;
  /// Whom a document is for; without dates and lines.
  [[nodiscard]] DraftDocument draft() const;
  /// Whether credit may cover what stands on it, as far as the document's type says.
  [[nodiscard]] bool may_have_credit() const {
    return enrollment == nullptr || type == InvoiceType::EnrollmentOverage;
  }
};

/// The scopes of `account` whose documents come by runs, one after another; what is handed out lives
/// as long as the call. Support plans and card-paid reservations have documents of no usage: they are
/// not among them. Errors: those of `visit`.
[[nodiscard]] Result<void> each_billing_scope(const StateReader& state, const Account& account,
                                              const std::function<Result<void>(const BillingScope&)>& visit);

/// A document of a scope, made or to be made.
struct ScopeDocument {
  Period period;              ///< as the document says it
  std::vector<Period> parts;  ///< rated one after another, each by itself
  Date run_date;
  bool is_first = false;      ///< also what is dated before its period stands on it
};

/// The documents of a scope whose periods begin in [from, to), as runs on their days make them: in
/// order.
[[nodiscard]] std::vector<ScopeDocument> documents_of(const StateReader& state,
                                                      const BillingScope& scope, Date from, Date to);

}  // namespace daybook
